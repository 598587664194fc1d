"""Things that last, laid in as few rows as keep them and their words apart. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from throughcare.web.pictures.scale import Scale
from throughcare.web.pictures.values import Bar

LETTER = 6.5  # pixels that a letter of 12.5 px takes, with some air


@dataclass(frozen=True, slots=True)
class Laid:
    """A bar with its row, its ends, and where its words go: "inside", "after", "before" or "" (no room at all)."""

    bar: Bar
    row: int
    start: float
    end: float
    words: str


def laid(bars: Sequence[Bar], scale: Scale, *, until: float) -> list[Laid]:
    """Return bars in rows, longest-lasting order of start. A bar without an end runs to `until`."""
    free: list[float] = []  # for each row, the place from which it is free
    found = []
    for bar in sorted(bars, key=lambda b: (b.start, b.ref)):
        a = scale.within(bar.start)
        b = max(min(scale.within(bar.end) if bar.end else until, until), a + 3)
        room = len(bar.label) * LETTER + 12
        where, left, right = _words(bar, a, b, room, scale)
        row = next((i for i, place in enumerate(free) if place <= left), len(free))
        free[row : row + 1] = [right + 8]
        found.append(Laid(bar, row, a, b, where))
    return found


def _words(bar: Bar, a: float, b: float, room: float, scale: Scale) -> tuple[str, float, float]:
    """Return where the words of a bar go, and from where to where bar and words reach."""
    if not bar.label:
        return "", a, b
    if bar.fill == "plan" and b - a > room:
        return "inside", a, b
    if b + room < scale.end:
        return "after", a, b + room
    if a - room > scale.start:
        return "before", a - room, b
    return "", a, b
