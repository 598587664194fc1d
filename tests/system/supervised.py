"""A scene for journeys on licence: somebody in prison or on licence, those who work with them, a child's worker.

Entries that another system would send come in through `happened`; everything else people do on pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.system.users import DESK, Person

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.times import written
from throughcare.web.tests import scene

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AGENCIES = (
    ("PRIS", "HMP Fellbeck", "prison"),
    ("PROB", "Fellbeck probation", "probation"),
    ("CASE", "Public protection casework", "casework"),
    ("VLO", "Fellbeck victim liaison", "probation"),
    ("POL", "Fellbeck Police", "police"),
    ("LA", "Fellbeck Council children’s services", "la"),
)
STAFF = (
    ("tomas", "Tomas Gill", "PRIS", "practitioner", "prison offender manager"),
    ("hugh", "Hugh Dallow", "PROB", "practitioner", "probation officer"),
    ("winifred", "Winifred Ash", "PROB", "manager", "senior probation officer"),
    ("percy", "Percy Lunt", "PROB", "manager", "head of the delivery unit"),
    ("moira", "Moira Stell", "CASE", "caseworker", "public protection caseworker"),
    ("esther", "Esther Nye", "VLO", "victim_liaison", "victim liaison officer"),
    ("ruth", "Ruth Kell", "POL", "practitioner", "public protection officer"),
    ("ines", "Ines Calder", "LA", "practitioner", "social worker"),
)
TIES = (
    ("tomas", "allocated"),
    ("hugh", "allocated"),
    ("winifred", "manager"),
    ("percy", "manager"),
    ("moira", "casework"),
    ("esther", "victim_contact"),
    ("ruth", "involved"),
)
ADULT = {"PRIS": "A1", "PROB": "P1", "POL": "Q1"}


@dataclass(frozen=True)
class Supervised:
    """Who is there: the adult, the child with her mother, the staff; and now."""

    users: Mapping[str, UUID]
    adult: UUID
    child: UUID
    now: datetime

    def path(self, rest: str = "") -> str:
        """An address about the adult."""
        return f"/people/{self.adult}{rest}"

    def day(self, days: int) -> date:
        """The day so many days ago."""
        return (self.now - timedelta(days=days)).date()

    def happened(
        self, ref: str, kind: str, body: Mapping[str, Any], *, agency: str, days: float, to: Sequence[str] = (),
        concerns: Sequence[tuple[str, str, str]] = (), summary: str = "",
    ) -> Entry:  # fmt: skip
        """Something that an agency's own system sends: so many days ago, told to others at once."""
        at = self.now - timedelta(days=days)
        who = concerns or [("subject", agency if agency in ADULT else "PROB", ADULT.get(agency, "P1"))]
        made = scene.an_entry(
            ref, kind, body, agency=agency, about=Record(*who[0][1:]), at=at, summary=summary,
            shared=[{"agency": one, "at": written(at)} for one in to],
            concerns=[{"part": part, "agency": whose, "record": record} for part, whose, record in who],
        )  # fmt: skip
        scene.keep(made, at=self.now)
        return made

    def serves(self, kind: str = "ipp") -> None:
        """The court has sentenced him, some years ago."""
        body = {"type": kind, "offence": "wounding", "years": 0 if kind == "ipp" else 6, "months": 0, "days": 0,
                "victim_scheme": "yes", "listed_grave": "no"}  # fmt: skip
        self.happened("s1", "sentence.imposed", body, agency="PRIS", days=2500, to=("PROB", "CASE", "VLO"),
                      summary="sentenced")  # fmt: skip

    def is_on_licence(self, *, days: int = 400) -> None:
        """A licence as the Board directed, and the release."""
        conditions = ["good_behaviour", "keep_in_touch", "approved_address", "disclose_relationships"]
        told = ("PROB", "CASE", "POL", "VLO")
        body = {"form": "standard", "policy_version": "board_directed", "conditions": conditions}
        self.happened(
            "l1", "licence.approved", body, agency="PRIS", days=days + 10, to=told, summary="licence approved"
        )
        out = {"release": "first", "licence": "l1"}
        self.happened("r1", "licence.released", out, agency="PRIS", days=days, to=told, summary="released")

    def lives_with_the_child(self) -> None:
        """The council knows that the woman is the child's mother."""
        body = {"relationship": "parent_of", "exists": "yes", "stated_by": "mother"}
        both = (("subject", "LA", "L2"), ("other", "LA", "L1"))
        self.happened("m1", "people.relationship_stated", body, agency="LA", days=300, concerns=both, summary="mother")


def set_up() -> Supervised:
    """Make the agencies, the people, the accounts and why each of them may see whom."""
    now = datetime.now(UTC)
    early = now - timedelta(days=3000)
    for code, name, sector in AGENCIES:
        accounts.keep_agency(code, name=name, sector=sector, telephone="01632 960100", contact="duty desk", at=early)
    users = {}
    for key, name, agency, role, title in STAFF:
        users[key] = accounts.make_user(f"{key}@example.test", name=name, agency=agency, at=early, demonstration=True)
        accounts.give_role(users[key], role, at=early, title=title)
    adult = scene.make_child("Corin Stallard", ADULT, at=early, born=date(1979, 4, 11))
    child = scene.make_child("Ottilie Marsh", {"LA": "L1"}, at=early, born=date(2019, 10, 2))
    scene.make_child("Dana Marsh", {"LA": "L2", "POL": "Q2"}, at=early, born=date(1991, 1, 23))
    for key, kind in TIES:
        access.relate(adult, kind, user=users[key], at=early)
    access.relate(child, "allocated", user=users["ines"], at=early)
    return Supervised(users=users, adult=adult, child=child, now=now)


Comes = Callable[..., Person]


def browsers(browser: Browser, url: str, users: Mapping[str, UUID]) -> Iterator[Comes]:
    """Give somebody of the scene a browser, and close it afterwards."""
    opened: list[Person] = []

    def comes(name: str, *, script: bool = True, width: int = DESK) -> Person:
        opened.append(Person(browser, url, users[name], script=script, width=width))
        return opened[-1]

    yield comes
    for one in opened:
        one.leaves()
