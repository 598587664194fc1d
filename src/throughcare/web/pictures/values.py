"""What the line of a case shows, as values. Pure: whoever fills these decides what may be seen.

A restricted entry is given only where its existence may be said, and then without its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from throughcare.web import words

Kind = Literal["contact", "seen", "missed", "injury", "told", "home", "opinion", "decision"]
Standing = Literal["stands", "corrected", "withdrawn", "planned", "restricted"]
Fill = Literal["plan", "enquiry", "silence", "custody", "community"]

KIND_WORDS: dict[Kind, tuple[str, str]] = {
    "injury": ("injury", "injuries"),
    "seen": ("child seen", "times child seen"),
    "contact": ("contact, not seen", "contacts, not seen"),
    "missed": ("not seen or not brought", "times not seen or not brought"),
    "told": ("told by someone", "times told by someone"),
    "home": ("statement about the home", "statements about the home"),
    "opinion": ("medical opinion", "medical opinions"),
    "decision": ("meeting or decision", "meetings or decisions"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the picture: an agency, a person or a theme. A lane with nothing in it is drawn empty."""

    code: str
    name: str  # "Health visitor"
    short: str = ""  # at most nine letters, for phones; `name` when empty
    note: str = ""  # under the name: "10 contacts"
    side: str = ""  # the number at the right; all lanes answer the same question (`Line.side_label`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One entry, where it is drawn: its place is when it was true. Its name is worked out, see `name`.

    `ref` is the entry's own address inside the page: letters, figures, "-" and "_"; used once in a line.
    `knew` is the moment when the agency in question (`Line.whose`) came to know; None: it did not know on that day.
    `own`: that agency recorded it itself.
    """

    ref: str
    kind: Kind
    at: datetime  # when it was true
    lane: str  # code of a lane; "" for the row of meetings above the lanes
    agency: str  # name in full
    what: str  # without full stop: "3 bruises, back"
    when: str = ""  # when it was true, as said ("spring 2019"); else worked out from `at`
    timed: bool = True  # whether the time of day in `at` is known
    role: str = ""  # who wrote it: "health visitor"
    noted: datetime | None = None
    knew: datetime | None = None
    own: bool = False
    where: str = ""  # for an injury: its sites, for the ladder
    level: Literal["low", "high"] = "low"  # high: what was found or said; low: that there was contact
    count: int = 1  # injuries of one occasion
    standing: Standing = "stands"
    href: str = ""  # where it leads; its row in the table when empty
    inside: tuple[Mark, ...] = ()  # for a place so crowded that its marks were folded into one number
    named: str = ""  # its full name, once worked out (`fold.folded` does): leave empty

    @property
    def held(self) -> bool:
        """Whether the agency in question knew."""
        return self.own or self.knew is not None

    @property
    def crowd(self) -> bool:
        """Whether this stands for several marks."""
        return bool(self.inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that lasts: a plan, an enquiry, a wait. `end` None: it still lasts.

    `lanes` names the lanes that a silence lies across; none: it belongs above the lanes.
    """

    ref: str
    fill: Fill
    start: date
    end: date | None
    name: str  # in full: "Child protection plan from 22 December 2023, still open"
    label: str = ""  # in the picture, where there is room
    lanes: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """From when something holds until the next stage: how a child moves, where a person lives."""

    on: date
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line through a case, for one span of days, as known at one moment.

    `first` and `last` are both shown. `now` is "this moment" or the moment of "as known on". `whose` is the agency in
    question: its marks are filled where it knew; "" when the question is not asked, and then all marks are filled.
    """

    uid: str
    title: str
    first: date
    last: date
    now: datetime
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()
    stages: tuple[Stage, ...] = ()
    stages_label: str = ""  # "Can"
    whose: str = ""  # "children’s services"
    born: date | None = None
    life_first: date | None = None  # where the strip of the whole life begins; `born` or `first` when not given
    ticks: tuple[datetime, ...] = ()  # every entry of the whole life, for the strip
    lanes_title: str = ""  # "60 contacts, by agency"
    side_label: str = ""  # "Knew, of 21"
    sentence: str = ""  # what the picture shows, in one sentence; worked out when empty
    zoom_href: str = ""  # a crowded place leads to this address with "from=DAY&to=DAY" added

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"last: {self.last} is before first, {self.first}. Give the same day or a later one.")
        known = {lane.code for lane in self.lanes} | {""}
        for mark in self.marks:
            if mark.lane not in known:
                raise ValueError(f"marks: {mark.ref} names lane {mark.lane!r}. Give one of {sorted(known)}.")
        refs = [mark.ref for mark in self.marks] + [bar.ref for bar in self.bars]
        if len(refs) != len(set(refs)):
            raise ValueError("marks, bars: a ref is used twice. Give each its own.")

    def inside(self, at: datetime) -> bool:
        """Return whether a moment lies within the days shown."""
        return self.first <= words.local_day(at) <= self.last


@dataclass(frozen=True, slots=True)
class Row:
    """The twin of one mark or bar in the table of a line. `name` is the same words as in the picture."""

    ref: str
    iso: str  # for <time datetime>
    when: str
    agency: str
    kind: str
    what: str
    noted: str
    knew: str
    name: str
    href: str = ""
    standing: str = ""  # in words, when it does not simply stand
    inside: tuple[tuple[str, str], ...] = ()  # ref and name of each mark of a crowded place
