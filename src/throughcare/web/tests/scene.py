"""A small scene for tests of pages: three agencies, their staff, and one child of whom they know different things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.alerts import actions as alerts
from throughcare.ledger import checking, kinds
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.life import PersonRecord
from throughcare.ledger.queries import Receipt
from throughcare.ledger.times import written
from throughcare.people import queries as people

KINDS = kinds.load(settings.ROOMS)
BORN = date(2025, 5, 15)
AGENCIES = (
    ("LA", "Fellbeck Council children’s services", "la"),
    ("HV", "Fellbeck health visiting", "health"),
    ("HOSP", "Fellbeck Infirmary", "health"),
    ("POL", "Fellbeck Police", "police"),
)
STAFF = (
    ("ines", "Ines Calder", "LA", "practitioner", "social worker"),
    ("mara", "Mara Oakes", "LA", "manager", "team manager"),
    ("joy", "Joy Amadi", "HV", "practitioner", "health visitor"),
    ("sam", "Sam Reed", "POL", "practitioner", "police officer"),
    ("gil", "Gil Ashe", "POL", "guardian", "Caldicott guardian"),
    ("rosa", "Rosa Lind", "HOSP", "records", "records officer"),
    ("otto", "Otto Vane", "LA", "operator", "operator"),
)


@dataclass(frozen=True)
class Scene:
    """Who is there, and the child."""

    users: Mapping[str, UUID]
    child: UUID
    now: datetime

    def client(self, name: str) -> Client:
        """A client as which somebody is signed in."""
        return signed_in(Client(), User.objects.get(id=self.users[name]), at=datetime.now(UTC))

    def path(self, rest: str = "") -> str:
        """An address about the child."""
        return f"/people/{self.child}{rest}"


def set_up() -> Scene:
    """Make the scene: Ines has the case, Joy works with it, Sam and the others stand in no relation to it."""
    now = datetime.now(UTC)
    early = now - timedelta(days=60)
    for code, name, sector in AGENCIES:
        accounts.keep_agency(code, name=name, sector=sector, telephone="01632 960100", contact="front door", at=early)
    users = {}
    for key, name, agency, role, title in STAFF:
        users[key] = accounts.make_user(f"{key}@example.test", name=name, agency=agency, at=early, demonstration=True)
        accounts.give_role(users[key], role, at=early, title=title)
    child = make_child("Wilf Harrop", {"LA": "L1", "HV": "H1"}, at=early)
    access.relate(child, "allocated", user=users["ines"], at=early)
    access.relate(child, "manager", user=users["mara"], at=early)
    access.relate(child, "involved", user=users["joy"], at=early)
    return Scene(users=users, child=child, now=now)


def make_child(name: str, records: Mapping[str, str], *, at: datetime, born: date = BORN) -> UUID:
    """A child whom these agencies hold a record of, joined by their workers."""
    given = [PersonRecord(agency=agency, ref=ref, names=(name,), date_of_birth=born) for agency, ref in records.items()]
    alerts.record([], people=given, by="system:test", at=at)
    first, *others = [one.record for one in given]
    for other in others:
        alerts.decide_link(
            first,
            other,
            same=True,
            how="document",
            note="Seen together, with the birth certificate",
            role="records officer",
            agency=other.agency,
            by="system:test",
            at=at,
        )
    return people.persons_of([first])[first]


def an_entry(
    ref: str, kind: str, body: Mapping[str, Any], *, agency: str, about: Record, at: datetime, **more: Any
) -> Entry:
    """An entry of an agency about one record, checked as those from outside are."""
    raw = {
        "ref": ref, "kind": kind, "agency": agency, "author_role": "worker",
        "happened": written(at.replace(second=0, microsecond=0)),
        "precision": "minute", "noted": written(at), "body": dict(body),
        "concerns": [{"part": "subject", "record": about.ref, "agency": about.agency}], **more,
    }  # fmt: skip
    return checking.check(raw, KINDS)


def keep(*entries: Entry, at: datetime) -> Sequence[Receipt]:
    """Record entries as an agency's system would."""
    return alerts.record(list(entries), by="system:test", at=at)


def injury(ref: str, *, agency: str, record: str, at: datetime, mobility: str = "not_rolling", **more: Any) -> Entry:
    """A bruise on the cheek, found by an agency."""
    body = {"occasion": ref, "type": "bruise", "site": "cheek", "count": 1, "pattern": "none", "mobility": mobility}
    return an_entry(ref, "safeguarding.injury_found", body, agency=agency, about=Record(agency, record), at=at,
                    summary=f"a bruise, {ref}", **more)  # fmt: skip


def action_agreed(ref: str, *, record: str, due: date, at: datetime, what: str = "a check") -> Entry:
    """A step that somebody owes by a day."""
    return an_entry(ref, "safeguarding.action_agreed", {"what": what, "owner": "social worker", "due": due.isoformat()},
                    agency="LA", about=Record("LA", record), at=at, summary=f"agreed: {what}")  # fmt: skip
