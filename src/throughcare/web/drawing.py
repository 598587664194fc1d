"""What a practice room adds to a person's page: its part of the line and of the words. Values only.

A room that has something to show offers `drawing(case) -> Drawing | None` in its `pages.py`. Entries that no room
draws are drawn here, so that every entry has its mark, whatever rooms there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from importlib import import_module
from importlib.util import find_spec
from typing import Literal

from django.conf import settings

from throughcare.ledger.entry import LONDON, WITHDRAWN, Entry, Key, Precision
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.parts import AtAGlance
from throughcare.web.pictures.knew import Matrix
from throughcare.web.pictures.life import Life
from throughcare.web.pictures.values import Bar, Kind, Mark, Stage
from throughcare.web.shell import Alert, Link


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One room's part of a person's page."""

    sentence: str = ""  # the heading, made from the facts that the page shows
    lead: str = ""
    stands: str = ""  # where the person stands in this practice, in one line, for lists: "On licence since 4 May 2022"
    marks: tuple[Mark, ...] = ()
    drawn: frozenset[Key] = frozenset()  # the entries that these marks show, those read with others included
    bars: tuple[Bar, ...] = ()
    stages: tuple[Stage, ...] = ()
    stages_label: str = ""
    whose: str = ""  # the code of the agency in question: marks are filled where it knew
    sides: Mapping[str, str] = field(default_factory=dict)  # by agency: the number at the right of its lane
    notes: Mapping[str, str] = field(default_factory=dict)  # by agency: what stands under its name
    side_label: str = ""
    lanes_title: str = ""
    contacts: tuple[Entry, ...] = ()  # the entries that count as a contact with or about the person
    matrices: tuple[Matrix, ...] = ()
    life: Life | None = None  # its part of the life line: where the person was, reviews, licence conditions
    alerts: tuple[Alert, ...] = ()
    glance: tuple[AtAGlance, ...] = ()
    actions: tuple[Link, ...] = ()  # what can be recorded here, where the viewer may record


def drawings(case: Case) -> list[Drawing]:
    """What each room adds, in the order of the list of rooms."""
    found = []
    for room in settings.ROOMS:
        name = f"throughcare.{room}.pages"
        if find_spec(name):
            draw: Callable[[Case], Drawing | None] | None = getattr(import_module(name), "drawing", None)
            if draw is not None and (made := draw(case)) is not None:
                found.append(made)
    return found


def room_pages(case: Case) -> list[tuple[str, str]]:
    """The pages that rooms have about this person, for the menu: name and address. A room offers `menu(case)`."""
    found: list[tuple[str, str]] = []
    for room in settings.ROOMS:
        name = f"throughcare.{room}.pages"
        if find_spec(name) and (offered := getattr(import_module(name), "menu", None)) is not None:
            found += offered(case)
    return found


_HOME = frozenset({"people.household_stated", "people.relationship_stated", "people.moved", "people.identified"})
BOOKKEEPING = frozenset({"people.linked", "people.kept_apart", WITHDRAWN})
"""Entries about records, not about the person: not drawn, and no news. A withdrawal shows on what it withdrew."""


def others(case: Case, drawn: Collection[Key]) -> list[Entry]:
    """The entries that no room has drawn, but for bookkeeping."""
    return [one for one in case.entries if one.key not in drawn and one.kind not in BOOKKEEPING]


def other_marks(case: Case, entries: Iterable[Entry], whose: str) -> list[Mark]:
    """The marks of entries that no room has drawn: of those shown only, since a long record has thousands."""
    return [mark_of(case, entry, _kind(entry), whose=whose) for entry in entries]


def _kind(entry: Entry) -> Kind:
    return "home" if entry.kind in _HOME else "decision"


def mark_of(
    case: Case,
    entry: Entry,
    kind: Kind,
    *,
    whose: str,
    what: str = "",
    count: int = 1,
    where: str = "",
    level: str = "",
    lane: str | None = None,
) -> Mark:
    """The mark of one entry. `whose` is the code of the agency in question; empty: all are filled."""
    at = happened_at(entry)
    return Mark(
        ref=mark_ref(entry),
        kind=kind,
        at=at,
        lane=entry.agency if lane is None else lane,
        agency=case.agency_name(entry.agency),
        what=(what or entry.summary or entry.kind.partition(".")[2].replace("_", " ")).rstrip("."),
        when="" if entry.happened.precision in (Precision.MINUTE, Precision.DAY) else when_said(entry),
        timed=entry.happened.at is not None,
        role=entry.author_role,
        noted=entry.noted,
        knew=case.knew(whose, entry) if whose else entry.noted,
        own=entry.agency == whose,
        where=where,
        level="high" if level == "high" or kind in ("injury", "home", "opinion", "told") else "low",
        count=count,
        standing=stands(case, entry),
    )


def mark_ref(entry: Entry) -> str:
    """The name of an entry inside a page."""
    return f"e{entry.id.hex[:16]}"


def stands(case: Case, entry: Entry) -> Literal["stands", "corrected", "withdrawn"]:
    """Whether an entry stands at the moment of the page, was corrected or withdrawn."""
    by = case.replaced.get(entry.key)
    if by is None:
        return "stands"
    return "withdrawn" if by.kind == WITHDRAWN else "corrected"


def happened_at(entry: Entry) -> datetime:
    """Where an entry stands in a picture: its moment, midday of its day, or for want of both when it was noted."""
    if entry.happened.at is not None:
        return entry.happened.at
    return datetime.combine(entry.happened.on, time(12), LONDON) if entry.happened.on else entry.noted


def when_said(entry: Entry) -> str:
    """When it happened, exactly as far as it is known, in words."""
    when = entry.happened
    if when.at is not None:
        return words.moment(when.at)
    if when.on is None:
        return "date not known"
    if when.precision is Precision.MONTH:
        return f"{words.MONTHS[when.on.month - 1]} {when.on.year}"
    return f"about {words.day(when.on)}" if when.precision is Precision.APPROXIMATE else words.day(when.on)


_SECTORS = ("la", "health", "police", "education", "housing", "probation", "prison")


def lane_order(case: Case, holder: str, agencies: Iterable[str]) -> list[str]:
    """The lanes in their fixed order: who holds the plan, then by sector, then by name."""

    def place(code: str) -> tuple[bool, int, str]:
        desk = case.desks.get(code)
        sector = desk.sector if desk else ""
        rank = _SECTORS.index(sector) if sector in _SECTORS else len(_SECTORS)
        return code != holder, rank, case.agency_name(code)

    return sorted(set(agencies), key=place)
