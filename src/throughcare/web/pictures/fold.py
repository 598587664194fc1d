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
# How many places the number of a fold takes.
WIDE = 2.3


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
        marks.sort(key=lambda m: (words.local(m.at), m.ref))
        kept += _fold_row(marks, line, Scale(line.first, line.last, 0, ROOM[level] if marks[0].lane else ROOM["low"]))
    return replace(line, marks=tuple(replace(mark, named=names.name(mark, line)) for mark in kept))


def _fold_row(marks: list[Mark], line: Line, scale: Scale) -> list[Mark]:
    """Return one row, its crowds folded by ever coarser cells until each mark stands near its day."""
    groups = [[mark] for mark in marks]
    wanted = [scale.within(mark.at) for mark in marks]
    cell = 1.0
    while len(groups) > 1 and cell <= 2 * scale.end:
        widths = [WIDE if len(group) > 1 else 1.0 for group in groups]
        full = sum(widths) > scale.end + 1
        moved = apart(wanted, 1, 0, scale.end, widths=widths)
        troubled = {int(w // cell) for w, m in zip(wanted, moved, strict=True) if full or abs(w - m) > ASTRAY}
        if not troubled:
            break
        cell *= 2
        groups, wanted = _merged(groups, wanted, cell, {t // 2 for t in troubled})
    return [_crowd(group, line) if len(group) > 1 else group[0] for group in groups]


def _merged(
    groups: list[list[Mark]], wanted: list[float], cell: float, troubled: set[int]
) -> tuple[list[list[Mark]], list[float]]:
    """Return the groups with those of one cell, in and beside troubled cells, made one where they are three or more."""
    near = {c + step for c in troubled for step in (-1, 0, 1)}
    cells: dict[int, list[int]] = defaultdict(list)
    for i, place in enumerate(wanted):
        cells[int(place // cell)].append(i)
    merged, places = [], []
    for c, members in cells.items():
        if c in near and sum(len(groups[i]) for i in members) > 2:
            merged.append([mark for i in members for mark in groups[i]])
            places.append(wanted[members[len(members) // 2]])
        else:
            merged += [groups[i] for i in members]
            places += [wanted[i] for i in members]
    return merged, places


def _crowd(inside: Sequence[Mark], line: Line) -> Mark:
    """Return one mark that stands for several of one row, oldest first."""
    first, last = words.local_day(inside[0].at), words.local_day(inside[-1].at)
    agencies = {m.agency for m in inside}
    middle = inside[len(inside) // 2]
    return Mark(
        ref=f"crowd-{inside[0].ref}",
        kind="injury" if any(m.kind == "injury" and m.standing != "restricted" for m in inside) else middle.kind,
        at=middle.at,
        timed=False,
        lane=middle.lane,
        level=middle.level,
        agency=middle.agency if len(agencies) == 1 else "",
        what=f"{len(inside):,} entries: {names.kinds(inside)}",
        when=words.span(first, last),
        own=all(m.held for m in inside),
        count=len(inside),
        href=_zoom(line, first.isoformat(), last.isoformat()),
        inside=tuple(inside),
    )


def _zoom(line: Line, first: str, last: str) -> str:
    if not line.zoom_href:
        return ""
    return f"{line.zoom_href}{'&' if '?' in line.zoom_href else '?'}{urlencode({'from': first, 'to': last})}"
