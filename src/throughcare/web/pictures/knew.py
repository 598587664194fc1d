"""Who knew: a matrix of agencies by facts. Pure values; the page draws it as a table, which is its own twin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Knew = Literal["own", "told", "no", "restricted"]
KNEW_WORDS: dict[Knew, str] = {
    "own": "recorded it",
    "told": "knew",
    "no": "did not know",
    "restricted": "may not be said",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One agency. `short`: at most nine letters, for the head of the column."""

    code: str
    name: str
    short: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One row: an injury occasion, a statement about a household. `knew` has one answer for each column, in order."""

    when: str  # "11 Dec 2023"
    iso: str
    what: str
    href: str = ""
    knew: tuple[Knew, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Facts by agencies."""

    uid: str
    title: str  # "21 injury occasions"
    first: str  # the head of the first column: "Found", "Said"
    columns: tuple[Column, ...]
    facts: tuple[Fact, ...]
    note: str = ""  # a sentence under it

    def __post_init__(self) -> None:
        for fact in self.facts:
            if len(fact.knew) != len(self.columns):
                raise ValueError(
                    f"facts: {fact.what!r} has {len(fact.knew)} answers. "
                    f"Give one for each of {len(self.columns)} columns."
                )

    @property
    def totals(self) -> tuple[int, ...]:
        """For each column, of how many facts that agency knew."""
        return tuple(sum(f.knew[i] in ("own", "told") for f in self.facts) for i in range(len(self.columns)))

    @property
    def most(self) -> int:
        """Of how many facts the best-informed agency knew; 0 when there is none."""
        return max(self.totals, default=0)

    def said(self, knew: Knew) -> str:
        """Return an answer in words."""
        return KNEW_WORDS[knew]
