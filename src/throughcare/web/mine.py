"""Whose cases are mine: the people who are allocated to me or my team, and what is owed about them. Values.

A duty shows only where the entry that started it may be read. Persons are read together: the number of queries does
not grow with their number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from throughcare.access import queries as access
from throughcare.access.reach import Relation, Viewer
from throughcare.duties import queries as duties
from throughcare.web import rows
from throughcare.web.case import Case, Duty
from throughcare.web.work import cases_of

CARRIED = frozenset({Relation.ALLOCATED, Relation.MANAGER, Relation.CASEWORK, Relation.VICTIM_CONTACT, Relation.CHAIR})
"""The relations by which somebody's people are theirs to work with, not only to see."""
OPEN = ("open", "overdue")


def my_people(viewer: Viewer, *, now: datetime) -> dict[UUID, tuple[Relation, ...]]:
    """The people whom the viewer or their team carries, each with the relations. One query."""
    standing = access.persons_of(viewer, at=now)
    return {person: ways for person, ways in standing.items() if CARRIED & set(ways)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One duty or window about one of my people, on its day."""

    case: Case
    duty: Duty
    on: date
    at: datetime | None  # the moment, in London, where the law names one
    owed: bool  # False: a window, which may be used; nobody owes it

    @property
    def late(self) -> bool:
        """Is it owed, and late?"""
        return self.owed and self.duty.state == "overdue"


def my_items(viewer: Viewer, persons: Collection[UUID], *, until: date, now: datetime) -> list[Item]:
    """What is open about these persons and due by a day (inclusive), the soonest first; late things are always there.

    Only the persons about whom something is due are read.
    """
    wanted = {
        one.person
        for one in duties.duties_of(persons, states=OPEN)
        if one.due and date.fromisoformat(one.due[:10]) <= until
    }
    cases = cases_of(viewer, [person for person in persons if person in wanted], now=now)
    found = [item for case in cases.values() for item in _items(case) if item.on <= until]
    return sorted(found, key=lambda one: (one.on, str(one.at or "~"), one.case.name, one.duty.rule))


def _items(case: Case) -> Iterator[Item]:
    scales = rows.timescales()
    for one in case.duties:
        if one.due and one.state in OPEN:
            scale = scales.get(one.rule)
            at = datetime.fromisoformat(one.due) if "T" in one.due else None
            yield Item(
                case=case, duty=one, on=date.fromisoformat(one.due[:10]), at=at,
                owed=scale is None or scale.nature == "duty",
            )  # fmt: skip


def is_mine(item: Item) -> bool:
    """Is it owed by the viewer, or by their agency and given to nobody?"""
    viewer, duty = item.case.viewer, item.duty
    return duty.assigned == viewer.id or (duty.assigned is None and duty.agency == viewer.agency)
