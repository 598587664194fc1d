"""Changes of law that touch a life: the flags on its axis, and the list of them on `/law`. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from throughcare.web.pictures.life import Flag


@dataclass(frozen=True, slots=True, kw_only=True)
class LawChange:
    """One change: from which day, what, where it stands, and how sure that is."""

    on: date | None  # None: the day is not certain enough to be drawn
    what: str
    source: str
    mark: str
    touches: frozenset[str] = frozenset()  # types of sentence; none: every life

    def concerns(self, sentences: Collection[str]) -> bool:
        """Does it touch a life with these types of sentence?"""
        return not self.touches or not self.touches.isdisjoint(sentences)


@cache
def changes() -> tuple[LawChange, ...]:
    """Every change of `law/lives.toml`, by day; those without a day last."""
    table = tomllib.loads(files("throughcare.web").joinpath("law", "lives.toml").read_text("utf-8"))
    made = [
        LawChange(
            on=one.get("on"), what=one["what"], source=one["source"], mark=one["mark"],
            touches=frozenset(one.get("touches", ())),
        )
        for one in table["change"]
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda one: (one.on or date.max, one.what)))


def flags(sentences: Collection[str], *, until: date) -> tuple[Flag, ...]:
    """The flags of a life up to a day (inclusive). What came later was not law on that day."""
    return tuple(
        Flag(on=one.on, what=one.what, source=one.source, mark=one.mark)
        for one in changes()
        if one.on is not None and one.on <= until and one.concerns(sentences)
    )


def without_day(sentences: Collection[str], *, until: date, known_from: date = date(2026, 1, 22)) -> Sequence[str]:
    """Changes whose day is not certain, in words: said beneath the picture, since no flag can stand. Pages of a past
    day before the newest Act say none of them."""
    if until < known_from:
        return ()
    return tuple(f"{one.what}. {one.source}." for one in changes() if one.on is None and one.concerns(sentences))
