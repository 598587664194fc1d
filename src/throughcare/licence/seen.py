"""What this room sees of one case: where the person stands on licence, the ledger of disclosures, when it can end.

Folded from the entries of the page's moment and eyes alone, so a past day and one agency's knowledge need no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from throughcare.duties import queries as duties
from throughcare.ledger.entry import Entry, Precision, Record, When, london_day
from throughcare.licence import disclosures, ending, state
from throughcare.sentence import state as sentence
from throughcare.web.case import Case

RISK = "risk.assessed"
LEVEL = "risk.mappa_set"
IMPOSED = ending.SENTENCE


@dataclass(frozen=True)
class Seen:
    """One case as this room sees it."""

    case: Case
    standing: state.Standing | None  # None: nothing of this room is recorded about the person

    @cached_property
    def on(self) -> date:
        """The day that the page looks at."""
        return london_day(self.case.look.until)

    @cached_property
    def whole(self) -> state.Standing:
        """Where the person stands; with nothing recorded: nowhere."""
        return self.standing or state.NOWHERE

    @cached_property
    def ledger(self) -> disclosures.Ledger:
        """What was told, and what was found another way."""
        case = self.case
        return disclosures.ledger(
            [one for one in case.standing if _touches(case, one)],
            self.whole,
            person=str(case.person),
            same=cache(lambda record: person_of(case, record)),
            agencies=case.since,
            knew=case.knew,
            find=case.find,
        )

    @cached_property
    def breaches(self) -> list[disclosures.Breach]:
        """The breaches that were alleged."""
        return disclosures.breaches(self.case.about, self.whole, self.case.find)

    @cached_property
    def course(self) -> ending.Course | None:
        """The course of a sentence for public protection."""
        return ending.course([one for one in self.case.about if one.kind in ending.KINDS])

    @cached_property
    def ending(self) -> ending.Ending | None:
        """When the licence can end, under the law of the page's day."""
        return ending.ending(self.course, self.on, parameters()) if self.course else None

    def of(self, *kinds: str) -> list[Entry]:
        """What stands about the person, of these kinds, oldest first."""
        return [one for one in self.case.about if one.kind in kinds]

    @cached_property
    def sentences(self) -> list[str]:
        """The types of sentence passed on the person."""
        return [str(one.body["type"]) for one in self.of(IMPOSED)]

    def key_date(self, *kinds: str) -> Entry | None:
        """The date of one of these kinds that was worked out last."""
        counting = sentence.newest(self.case.about)
        return max((counting[kind] for kind in kinds if kind in counting), key=sentence.worked_out, default=None)

    @property
    def now(self) -> When:
        """The day of the page, to ask what held then."""
        return When(Precision.DAY, on=self.on)


def of(case: Case) -> Seen:
    """What this room sees of a case."""
    return Seen(case, state.fold(case.about, find=case.find))


def person_of(case: Case, record: Record) -> str:
    """The key of the person whom a record is of, as far as the viewer may know; a record unknown is its own."""
    held = case.names.get(record)
    return str(held.person) if held else f"{record.agency} {record.ref}"


def _touches(case: Case, entry: Entry) -> bool:
    return any(concern.record in case.own for concern in entry.concerns)


def parameters() -> Mapping[str, Mapping[str, Any]]:
    """The partnership's own figures. One query, where any were set."""
    return duties.parameters()
