"""Invented agencies and people for the tests of access."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from throughcare.access import accounts, queries
from throughcare.access.models import Agency, User
from throughcare.access.reach import Viewer

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PASSWORD = "a long walk by the river"


def agency(code: str = "LA-NORTH", sector: str = "la") -> str:
    """An agency, made unless it is there."""
    if not Agency.objects.filter(code=code).exists():
        accounts.keep_agency(code, name=f"Agency {code}", sector=sector, telephone="01632 960001", at=AT)
    return code


def user(role: str | None = "practitioner", *, of: str = "LA-NORTH", team: str | None = None, **more: object) -> User:
    """An account with a role."""
    agency(of)
    number = accounts.make_user(f"{uuid4().hex}@example.test", name="Robin Field", agency=of, at=AT - DAY, **more)  # type: ignore[arg-type]
    if role is not None:
        accounts.give_role(number, role, at=AT - DAY, title=role.replace("_", " "), team=team)
    return User.objects.get(id=number)


def viewer(role: str = "practitioner", *, of: str = "LA-NORTH", at: datetime = AT, **more: object) -> Viewer:
    """An account with a role, as a viewer."""
    found = queries.viewer(user(role, of=of, **more).id, at=at)  # type: ignore[arg-type]
    assert found is not None
    return found


def person() -> UUID:
    """Somebody whom a record may be about."""
    return uuid4()
