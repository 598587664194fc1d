"""A small scene for tests of the pages of a sentence: a prison, a court, probation, and one man in custody."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Record
from throughcare.people import queries as people
from throughcare.web.tests import scene as web_scene

BORN = date(1988, 4, 12)
AGENCIES = (
    ("PRIS", "HMP Ouseby", "prison"),
    ("PROB", "Varley probation", "probation"),
    ("COURT", "Varley Crown Court", "court"),
    ("VLO", "victim liaison", "probation"),
    ("LA", "Varley Council", "la"),
)
STAFF = (
    ("pom", "Petra Oman", "PRIS", "practitioner", "prison offender manager"),
    ("com", "Cole Marsh", "PROB", "practitioner", "probation practitioner"),
    ("vlo", "Vera Lund", "VLO", "victim_liaison", "victim liaison officer"),
    ("sam", "Sam Dale", "LA", "practitioner", "social worker"),
    ("gil", "Gil Ashe", "LA", "guardian", "Caldicott guardian"),
)


@dataclass(frozen=True)
class Scene:
    """Who is there, and the man."""

    users: Mapping[str, UUID]
    person: UUID
    now: datetime

    def client(self, name: str) -> Client:
        """A client as which somebody is signed in."""
        return signed_in(Client(), User.objects.get(id=self.users[name]), at=datetime.now(UTC))

    def path(self, rest: str = "") -> str:
        """An address about the man's sentence."""
        return f"/people/{self.person}/sentence{rest}"

    def entries(self, kind: str) -> list[Entry]:
        """What the ledger holds of a kind about him."""
        held = ledger.everything([one.record for one in people.records_of([self.person])[self.person]])
        return [one for one in held if one.kind == kind]


def set_up() -> Scene:
    """Petra has the case in prison, Cole is involved, Vera keeps contact with the victim, Sam has no part in it."""
    now = datetime.now(UTC)
    early = now - timedelta(days=60)
    for code, name, sector in AGENCIES:
        accounts.keep_agency(code, name=name, sector=sector, telephone="01632 960100", contact="front door", at=early)
    users = {}
    for key, name, agency, role, title in STAFF:
        users[key] = accounts.make_user(f"{key}@example.test", name=name, agency=agency, at=early, demonstration=True)
        accounts.give_role(users[key], role, at=early, title=title)
    person = web_scene.make_child("Lewis Harker", {"PRIS": "PR-1", "PROB": "PB-1"}, at=early, born=BORN)
    web_scene.make_child("Vida Marsh", {"PRIS": "VC-1"}, at=early, born=date(1990, 1, 2))
    access.relate(person, "allocated", user=users["pom"], at=early)
    access.relate(person, "involved", user=users["com"], at=early)
    access.relate(person, "victim_contact", user=users["vlo"], at=early)
    return Scene(users=users, person=person, now=now)


def entry(
    ref: str, what: str, on: str, *, agency: str = "PRIS", shared: Sequence[str] = (), now: datetime, **more: Any
) -> Entry:
    """An entry about him: a kind, and its body as JSON after a blank."""
    kind, _, body = what.partition(" ")
    day = datetime.fromisoformat(on).replace(tzinfo=UTC)
    told = [{"agency": one, "at": f"{on}T16:30"} for one in shared]
    about = Record("PROB", "PB-1") if agency == "PROB" else Record("PRIS", "PR-1")
    given = {"happened": on, "precision": "day", "noted": f"{on}T16:30", "shared": told, **more}
    return web_scene.an_entry(ref, kind, json.loads(body or "{}"), agency=agency, about=about, at=day, **given)


def keep(*entries: Entry, at: datetime) -> None:
    """Record entries as an agency's system would."""
    web_scene.keep(*entries, at=at)
