"""A man on licence, and those who supervise, recall and receive him: for tests of pages. Nobody here exists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.times import written
from throughcare.people import queries as people
from throughcare.web.tests.scene import an_entry, keep, make_child

AGENCIES = (
    ("PROB", "Fellbeck probation", "probation"),
    ("PRIS", "HMP Overwater", "prison"),
    ("PPCS", "Public protection casework", "casework"),
    ("POL", "Fellbeck Police", "police"),
)
STAFF = (
    ("cora", "Cora Penn", "PROB", "practitioner", "probation officer", "allocated"),
    ("lena", "Lena Hurst", "PROB", "manager", "senior probation officer", "manager"),
    ("abel", "Abel Crane", "PROB", "manager", "head of the probation unit", "manager"),
    ("pia", "Pia Moss", "PPCS", "caseworker", "caseworker", "casework"),
    ("owen", "Owen Frost", "PRIS", "practitioner", "prison offender manager", "allocated"),
    ("sam", "Sam Reed", "POL", "practitioner", "police officer", "involved"),
)
RECORD = Record("PROB", "PB-7")
NAME = "Tobias Quillfeather"


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
        """An address about the man's recall."""
        return f"/people/{self.person}/recall{rest}"

    def send(self, name: str, step: str, **given: Any) -> Any:
        """Open the form of a step, and send it with these answers."""
        client = self.client(name)
        page = client.get(self.path(f"/{step}"))
        hidden = dict(re.findall(r'<input type="hidden" name="(ref|version)" value="([^"]*)"', page.content.decode()))
        day = given.pop("day", f"{self.now:%Y-%m-%d}")
        return client.post(self.path(f"/{step}"), {**hidden, "day": day, "time": "", **given})

    def held(self, kind: str) -> list[Entry]:
        """What is recorded of a kind."""
        from throughcare.ledger import queries as ledger

        records = [one.record for one in people.records_of([self.person])[self.person]]
        return [one for one in ledger.everything(records) if one.kind == kind]


def set_up(*, sentence: str = "standard", level: int | None = None) -> Scene:
    """Make the scene: released on licence 40 days ago, a breach alleged yesterday."""
    now = datetime.now(UTC)
    early = now - timedelta(days=400)
    for code, name, sector in AGENCIES:
        accounts.keep_agency(code, name=name, sector=sector, telephone="01632 960100", contact="desk", at=early)
    users = {}
    person = make_child(NAME, {"PROB": "PB-7", "PRIS": "A1"}, at=early, born=date(1988, 5, 4))
    for key, name, agency, role, title, relation in STAFF:
        users[key] = accounts.make_user(f"{key}@example.test", name=name, agency=agency, at=early, demonstration=True)
        accounts.give_role(users[key], role, at=early, title=title)
        access.relate(person, relation, user=users[key], at=early)
    told = {"shared": [{"agency": one, "at": ""} for one in ("PPCS", "PRIS", "POL")]}

    def fact(ref: str, kind: str, body: dict[str, Any], at: datetime, agency: str = "PROB", **more: Any) -> None:
        shared = [{"agency": one["agency"], "at": written(at)} for one in told["shared"] if one["agency"] != agency]
        keep(an_entry(ref, kind, body, agency=agency, about=RECORD, at=at, shared=shared, **more), at=at)

    imposed = {"type": sentence, "offence": "wounding", "years": 4, "months": 0, "days": 0}
    fact("s1", "sentence.imposed", imposed | {"victim_scheme": "no", "listed_grave": "no"}, early)
    conditions = {"form": "standard", "policy_version": "3.0", "conditions": ["keep_in_touch"]}
    fact("l1", "licence.approved", conditions, now - timedelta(days=45))
    fact("r1", "licence.released", {"release": "first", "licence": "l1"}, now - timedelta(days=40), agency="PROB")
    if level is not None:
        fact("m1", "risk.mappa_set", {"category": 2, "level": level}, now - timedelta(days=30))
    breach = {"condition": "keep_in_touch", "policy_version": "3.0", "licence": "l1", "about": []}
    fact("b1", "licence.breach_alleged", breach, now - timedelta(days=1), summary="missed three appointments")
    return Scene(users=users, person=person, now=now)


AGREE = {
    "breaches": "b1", "ground": "contact_broken_down", "facts": "Three appointments missed in ten days",
    "reason": "Contact has broken down", "risk": "His former partner", "alternatives": ["warning", "more_reporting"],
    "alternatives_words": "He kept neither", "sensitive": "no",
}  # fmt: skip
ENDORSE = {
    "charge_not_convicted": "no", "type": "fixed_56", "emergency": "no", "in_custody": "no",
    "police_force": "Fellbeck Police", "whereabouts": "His sister's", "arrest_risks": "None known",
    "vulnerabilities": "Asthma", "victim_liaison_told": "yes", "endorsement": "Nothing else is left",
    "share": ["PPCS"],
}  # fmt: skip
REVOKE = {
    "charge_not_convicted": "no", "type": "fixed_56", "reasons": "You did not keep in touch with your officer",
    "police_force": "Fellbeck Police", "share": ["PROB", "PRIS", "POL"],
}  # fmt: skip


def recalled(here: Scene) -> None:
    """Take the man's recall as far as the revocation."""
    for name, step, given in (("lena", "agree", AGREE), ("abel", "endorse", ENDORSE), ("pia", "revoke", REVOKE)):
        response = here.send(name, step, **given)
        assert response.status_code == 302, response.content.decode()
