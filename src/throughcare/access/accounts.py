"""What can be done about who takes part: agencies, their teams, accounts and the roles they hold.

Each action leaves an audit line in its own transaction, as those of `actions` do. Who signs in is `signing_in`'s.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from throughcare.access.actions import note_change
from throughcare.access.errors import AccessRefused
from throughcare.access.models import SECTORS, Agency, Membership, Team, User
from throughcare.access.reach import Role, Viewer, matrix


@transaction.atomic
def keep_agency(
    code: str, *, name: str, sector: str, at: datetime, telephone: str = "", contact: str = "", by: Viewer | None = None
) -> str:
    """Make an agency, or bring it up to date. Returns its code. Raises `AccessRefused` for an unknown sector."""
    if sector not in SECTORS:
        raise AccessRefused("sector", f"{sector!r} is not known", f"Use one of {', '.join(SECTORS)}")
    if not code.strip():
        raise AccessRefused("code", "is empty", "Give a short code, such as LA-NORTH")
    fields = {"name": name, "sector": sector, "telephone": telephone, "contact": contact, "active": True}
    Agency.objects.update_or_create(code=code, defaults=fields)
    note_change(by, "agency", code, at=at)
    return code


@transaction.atomic
def keep_team(
    agency: str, code: str, *, name: str, at: datetime, everyone: bool = False, by: Viewer | None = None
) -> str:
    """Make a team of an agency, or bring it up to date. `everyone`: the agency's desk, to which all belong."""
    Team.objects.update_or_create(agency_id=agency, code=code, defaults={"name": name, "everyone": everyone})
    note_change(by, "team", f"{agency}/{code}", at=at)
    return code


@transaction.atomic
def make_user(
    email: str,
    *,
    name: str,
    agency: str,
    at: datetime,
    password: str | None = None,
    demonstration: bool = False,
    by: Viewer | None = None,
) -> UUID:
    """Make an account. Raises `AccessRefused` if the address is taken or the password too weak."""
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AccessRefused("email", "has an account already", "Use that account, or another address")
    if password is not None:
        _check_strength(password)
    user = User.objects.create_user(email, password=password, name=name, agency_id=agency, demonstration=demonstration)
    note_change(by, "user", user.id, at=at)
    return user.id


@transaction.atomic
def set_password(user: UUID, password: str, *, at: datetime, by: Viewer | None = None) -> None:
    """Change a password; every session of the account ends. Raises `AccessRefused` if it is too weak."""
    row = User.objects.select_for_update().get(id=user)
    _check_strength(password, row)
    row.set_password(password)
    row.save(update_fields=["password"])
    note_change(by, "user", user, at=at, purpose="password set")


def _check_strength(password: str, user: User | None = None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise AccessRefused("password", " ".join(weak.messages).rstrip("."), "Choose a longer and rarer one") from None


@transaction.atomic
def set_active(user: UUID, active: bool, *, at: datetime, by: Viewer | None = None) -> None:
    """Close an account, or open it again. Takes effect with the next page."""
    User.objects.filter(id=user).update(is_active=active)
    note_change(by, "user", user, at=at, purpose="opened" if active else "closed")


@transaction.atomic
def give_role(
    user: UUID, role: str, *, at: datetime, title: str = "", team: str | None = None, by: Viewer | None = None
) -> int:
    """Give a role of the permission table, in a team of the user's agency or in none. Returns its number."""
    if role not in matrix().roles or role == Role.SYSTEM:
        raise AccessRefused("role", f"{role!r} is not a role for people", "Use one of the permission table")
    account = User.objects.get(id=user)
    found = Team.objects.filter(agency=account.agency_id, code=team).first() if team is not None else None
    if team is not None and found is None:
        raise AccessRefused("team", f"{team!r} is not a team of {account.agency_id}", "Make the team first")
    row = Membership.objects.create(user=account, role=str(role), title=title, team=found, since=at)
    note_change(by, "role", row.pk, at=at, purpose=str(role))
    return row.pk


@transaction.atomic
def end_role(membership: int, *, at: datetime, by: Viewer | None = None) -> None:
    """End a role from this moment. Ending it twice changes nothing."""
    Membership.objects.filter(id=membership, ended__isnull=True).update(ended=at)
    note_change(by, "role", membership, at=at, purpose="ended")
