"""A scene for tests of pages: a life of tests/lives in the database, with its agencies and some of their staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.alerts import actions as alerts
from throughcare.duties import actions as duties
from throughcare.ledger import kinds, life
from throughcare.ledger.entry import Record
from throughcare.people import queries as people

LIVES = Path(__file__).resolve().parents[4] / "tests" / "lives"
KINDS = kinds.load(settings.ROOMS)
STAFF = (
    ("lise", "Lise Harrow", "PROB", "practitioner", "probation practitioner", "allocated"),
    ("tom", "Tom Vale", "PRIS", "practitioner", "prison offender manager", "allocated"),
    ("una", "Una Brack", "POL", "practitioner", "police officer", "involved"),
    ("eve", "Eve Stone", "VLO", "victim_liaison", "victim liaison officer", "victim_contact"),
    ("hal", "Hal Moor", "PROB", "practitioner", "probation practitioner", ""),
)
PEOPLE = {"open-hearing": "PR-1", "to-licence-end": "PR-1", "fifty-six-days": "PR-1"}


@dataclass(frozen=True)
class Scene:
    """Who is there, and the person on licence."""

    users: dict[str, UUID]
    person: UUID

    def client(self, name: str) -> Client:
        """A client as which somebody is signed in."""
        return signed_in(Client(), User.objects.get(id=self.users[name]), at=datetime.now(UTC))

    def path(self, rest: str = "") -> str:
        """An address about the licence."""
        return f"/people/{self.person}/licence{rest}"


def set_up(name: str = "open-hearing", *, until: str = "2100-01-01") -> Scene:
    """Tell a life up to a day (noted before it), with its staff."""
    told = life.read(LIVES / name, KINDS)
    now = datetime.now(UTC)
    early = now - timedelta(days=9_000)
    for code, agency in told.agencies.items():
        accounts.keep_agency(
            code, name=agency.name, sector=agency.sector, telephone="01632 960100", contact="duty desk", at=early
        )
    for rule, figures in told.parameters.items():
        duties.set_parameter(rule, figures, at=early, by="system:test")
    before = datetime.fromisoformat(until).replace(tzinfo=UTC)
    alerts.record([], people=told.records, by="system:test", at=early, quiet=True)
    records = {one.ref: one.record for one in told.records}
    for one in told.records:
        if one.same_as and _apart(one.record, records[one.same_as]):
            alerts.decide_link(
                one.record, records[one.same_as], same=True, how="document", note="The life says that they are one",
                role="records officer", agency=one.record.agency, by="system:test", at=early,
            )  # fmt: skip
    entries = sorted((one for one in told.entries if one.noted < before), key=lambda one: (one.noted, one.ref))
    alerts.record(entries, by="system:test", at=now, quiet=True)
    person = people.persons_of([records[PEOPLE[name]]])[records[PEOPLE[name]]]
    return Scene(users=_staff(told, person, early), person=person)


def _apart(first: Record, second: Record) -> bool:
    found = people.persons_of([first, second])
    return found[first] != found[second]


def _staff(told: life.Life, person: UUID, at: datetime) -> dict[str, UUID]:
    users = {}
    for key, name, agency, role, title, relation in STAFF:
        if agency not in told.agencies:
            continue
        users[key] = accounts.make_user(f"{key}@example.test", name=name, agency=agency, at=at, demonstration=True)
        accounts.give_role(users[key], role, at=at, title=title)
        if relation:
            access.relate(person, relation, user=users[key], at=at)
    return users
