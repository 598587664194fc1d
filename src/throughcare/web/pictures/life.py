"""What a life line shows: where a person was, what was reviewed, what bound them and when the law changed. Values only.

Each practice room gives its own part in its `pages.drawing(case)` as `Drawing.life`; the person's page joins the parts
and draws them. Days are London days. Every `until` is exclusive: the day on which it was no longer so; None: still.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

SpellKind = Literal["custody", "hospital", "licence", "supervision", "at_large"]


class LifeRefused(ValueError):
    """A part of a life line ends before it begins. Says which, and what would be right."""


def _in_order(what: str, since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise LifeRefused(f"until: {what!r} ends on {until}, before it begins on {since}. Give a later day, or None.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Where a person was: in custody or hospital (drawn low), on licence or supervised (high), or at large."""

    kind: SpellKind
    since: date
    until: date | None  # the day it ended; None: it goes on
    what: str  # in plain words, "Custody, life sentence"; no full stop
    ref: str = ""  # the name of its entry inside the page: `drawing.mark_ref(entry)`

    def __post_init__(self) -> None:
        _in_order(self.what, self.since, self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """A day inside a review: papers sent, a hearing, the decision."""

    on: date
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """A review, from the day it was begun to the day of its result."""

    since: date
    until: date | None
    what: str
    result: str = ""  # in plain words, "Not released"; empty: none yet
    steps: tuple[Step, ...] = ()  # ticks inside it, in order
    ref: str = ""

    def __post_init__(self) -> None:
        _in_order(self.what, self.since, self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """One licence condition for as long as it bound."""

    since: date
    until: date | None
    what: str  # in plain words, "Curfew, 20:00 to 07:00"
    kind: str = ""  # the group it is drawn with, in plain words: "Where to live", "Whom to tell"
    broken_on: date | None = None  # the day on which it was broken, as decided by a person; marked in the picture
    ref: str = ""

    def __post_init__(self) -> None:
        _in_order(self.what, self.since, self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A change of law, on the axis."""

    on: date
    what: str
    source: str
    mark: str = ""  # V, L, K, G, X or U: how sure the law is


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """The parts of a life line, from one room or from all."""

    spells: tuple[Spell, ...] = field(default=())
    brackets: tuple[Bracket, ...] = field(default=())
    strands: tuple[Strand, ...] = field(default=())
    flags: tuple[Flag, ...] = field(default=())

    def __bool__(self) -> bool:
        """Is there anything to draw but the law?"""
        return bool(self.spells or self.brackets or self.strands)


def joined(parts: Iterable[Life]) -> Life:
    """One life of the parts of several rooms, each sort by its first day."""
    whole = list(parts)
    return Life(
        spells=tuple(sorted((one for part in whole for one in part.spells), key=lambda one: (one.since, one.kind))),
        brackets=tuple(sorted((one for part in whole for one in part.brackets), key=lambda one: (one.since, one.what))),
        strands=tuple(sorted((one for part in whole for one in part.strands), key=lambda one: (one.since, one.what))),
        flags=tuple(sorted((one for part in whole for one in part.flags), key=lambda one: (one.on, one.what))),
    )
