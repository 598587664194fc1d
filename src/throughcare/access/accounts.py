"""What can be done about who takes part: agencies, their teams, accounts and the roles they hold.

Each action leaves an audit line in its own transaction, as those of `actions` do. Who signs in is `signing_in`'s.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from throughcare.access import throttle
from throughcare.access.actions import keepable, note_change, stated
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
    """Make a team of an agency, or bring it up to date. `everyone`: the agency's desk, to which all belong.

    Raises `AccessRefused` for an unknown agency, for a code that `AGENCY/CODE` could not tell, and for a second desk.
    """
    _check_team(code, name)
    if not Agency.objects.select_for_update().filter(code=agency).exists():  # one at a time: one desk
        raise AccessRefused("agency", f"{agency} is not known", "Make the agency first")
    desk = Team.objects.filter(agency=agency, everyone=True).exclude(code=code).first() if everyone else None
    if desk is not None:
        raise AccessRefused("everyone", f"{desk.code} is the desk of {agency}", "Keep that one without it first")
    Team.objects.update_or_create(agency_id=agency, code=code, defaults={"name": name, "everyone": everyone})
    note_change(by, "team", f"{agency}/{code}", at=at)
    return code


def _check_team(code: str, name: str) -> None:
    if not 0 < len(code) <= 60 or any(one.isspace() or one in "/@" for one in code):
        raise AccessRefused("code", "is empty, too long, or holds a space, / or @", "Give a short code, such as east")
    if not 0 < len(name.strip()) <= 200:
        raise AccessRefused("name", "is empty or longer than 200 characters", "Give the name that staff know it by")


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


@transaction.atomic
def reset_codes(user: UUID, password: str, *, reason: str, at: datetime) -> None:
    """Let somebody in again who lost their one-time codes: a new first password, and codes set up anew.

    Both at once, since without codes the password alone lets one set them up. Every session ends, and tries that
    failed are forgiven. Raises `AccessRefused` without a reason, for a weak password, and where there are no codes.
    """
    words = stated(reason, "Say how you know that it is they, such as: came to the desk with their pass")
    row = User.objects.select_for_update().get(id=user)
    if not row.code_secret:
        raise AccessRefused("email", "this account has no one-time codes", "They are set up at the next sign-in")
    set_password(user, password, at=at)
    User.objects.filter(id=user).update(code_secret="", code_step=0)
    throttle.forgive("code", str(user), at=at)
    throttle.forgive("account", row.email, at=at)
    note_change(None, "user", user, at=at, purpose="one-time codes reset", reason=words)


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
    """Give a role of the permission table, in a team of the user's agency or in none. Returns its number.

    The same role that stands, in the same team and under the same title, is returned.
    """
    if role not in matrix().roles or role == Role.SYSTEM:
        raise AccessRefused("role", f"{role!r} is not a role for people", "Use one of the permission table")
    account = User.objects.select_for_update().get(id=user)  # one at a time: the second finds the first's
    found = Team.objects.filter(agency=account.agency_id, code=team).first() if team is not None else None
    if team is not None and found is None:
        raise AccessRefused("team", f"{team!r} is not a team of {account.agency_id}", "Make the team first")
    title = keepable(title, 100)
    same = Membership.objects.filter(user=account, role=str(role), title=title, team=found, ended__isnull=True)
    if standing := same.first():
        return standing.pk
    row = Membership.objects.create(user=account, role=str(role), title=title, team=found, since=at)
    note_change(by, "role", row.pk, at=at, purpose=str(role))
    return row.pk


@transaction.atomic
def end_role(
    user: UUID, role: str, *, at: datetime, team: str | None = None, by: Viewer | None = None
) -> tuple[str, ...]:
    """End a role from this moment, in one team or wherever it is held. Returns the roles that still stand.

    Raises `AccessRefused` if the account does not hold it.
    """
    User.objects.select_for_update().get(id=user)
    standing = list(Membership.objects.filter(user=user, ended__isnull=True).select_related("team").order_by("id"))
    ending = [
        one
        for one in standing
        if one.role == role and (team is None or (one.team is not None and one.team.code == team))
    ]
    if not ending:
        held = ", ".join(sorted({str(one.role) for one in standing})) or "none"
        where = f" in team {team}" if team is not None else ""
        raise AccessRefused("role", f"this account does not hold {role}{where}", f"It holds: {held}")
    for one in ending:
        one.ended = max(at, one.since)
        one.save(update_fields=["ended"])
        note_change(by, "role", one.pk, at=at, purpose="ended")
    return tuple(sorted({str(one.role) for one in standing if one not in ending}))
