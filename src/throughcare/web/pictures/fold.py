"""Crowded places fold into a number. Done on the value, so that every picture and the table show the same marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from throughcare.web import words
from throughcare.web.pictures import names
from throughcare.web.pictures.scale import Scale, apart
from throughcare.web.pictures.values import Line, Mark

# How many marks one row holds side by side; the wide picture and the tall one hold about as many.
ROOM = {"low": 66, "high": 46}
# How many places a mark may stand from its own day before the crowd around it is folded.
ASTRAY = 3.0


def folded(line: Line) -> Line:
    """Return the line with the marks of its days only, and each crowd among them folded into one.

    A fold keeps its marks in `inside`, says in its name how many there are of each kind, and leads to the same line
    zoomed to its days. Near-linear in the number of marks.
    """
    rows: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in line.marks:
        if line.inside(mark.at):
            rows[mark.lane, mark.level].append(mark)
    kept: list[Mark] = []
    for (_, level), marks in rows.items():
        marks.sort(key=lambda m: (m.at.replace(tzinfo=None), m.ref))
        kept += _fold_row(marks, line, Scale(line.first, line.last, 0, ROOM[level] if marks[0].lane else ROOM["low"]))
    return replace(line, marks=tuple(kept))


def _fold_row(marks: list[Mark], line: Line, scale: Scale) -> list[Mark]:
    """Return one row, its crowds folded by ever coarser cells until each mark stands near its day."""
    cell = 1.0
    while True:
        wanted = [scale.within(m.at) for m in marks]
        astray = [abs(a - b) > ASTRAY for a, b in zip(wanted, apart(wanted, 1, 0, scale.end), strict=True)]
        if not any(astray) or len(marks) < 2:
            return marks
        cell *= 2
        crowds: dict[int, list[Mark]] = defaultdict(list)
        troubled = {int(w // cell) for w, lost in zip(wanted, astray, strict=True) if lost}
        near = {c + step for c in troubled for step in (-1, 0, 1)}
        for mark, place in zip(marks, wanted, strict=True):
            crowds[int(place // cell)].append(mark)
        marks = [
            m
            for c, crowd in crowds.items()
            for m in ([_crowd(crowd, line)] if c in near and len(crowd) > 2 else crowd)
        ]
        if cell > scale.end:
            return marks


def _crowd(marks: Sequence[Mark], line: Line) -> Mark:
    """Return one mark that stands for several of one row. Folds of folds are opened first."""
    inside = tuple(m for mark in marks for m in (mark.inside or (mark,)))
    first, last = words.local_day(inside[0].at), words.local_day(inside[-1].at)
    agencies = {m.agency for m in inside}
    middle = inside[len(inside) // 2]
    return Mark(
        ref=f"crowd-{inside[0].ref}",
        kind="injury" if any(m.kind == "injury" for m in inside) else middle.kind,
        at=middle.at,
        timed=False,
        lane=middle.lane,
        level=middle.level,
        agency=middle.agency if len(agencies) == 1 else "",
        what=f"{len(inside)} entries: {names.kinds(inside)}",
        when=words.span(first, last),
        own=all(m.held for m in inside),
        count=len(inside),
        href=_zoom(line, first.isoformat(), last.isoformat()),
        inside=inside,
    )


def _zoom(line: Line, first: str, last: str) -> str:
    if not line.zoom_href:
        return ""
    return f"{line.zoom_href}{'&' if '?' in line.zoom_href else '?'}{urlencode({'from': first, 'to': last})}"
