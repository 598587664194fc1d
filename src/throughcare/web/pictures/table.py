"""The table twin of a line: one row for each mark and each bar of the picture, with the same name."""

from __future__ import annotations

from datetime import datetime, time

from throughcare.web import words
from throughcare.web.pictures import names
from throughcare.web.pictures.values import KIND_WORDS, Bar, Line, Mark, Row

FILL_WORDS = {
    "plan": "plan",
    "enquiry": "enquiry",
    "silence": "due, nothing recorded",
    "custody": "custody",
    "community": "on licence",
}


def row_id(line: Line, ref: str) -> str:
    """Return the id of the row of a mark or bar: where it leads when it leads nowhere else."""
    return f"{line.uid}-{ref}"


def line_table(line: Line) -> tuple[Row, ...]:
    """Return the rows of a line, oldest first. Give the same (folded) line that was drawn."""
    rows = [(words.local(m.at), 1, _mark_row(m, line)) for m in line.marks if line.inside(m.at)]
    rows += [(datetime.combine(b.start, time()), 0, _bar_row(b, line)) for b in line.bars if shown(b, line)]
    return tuple(row for *_, row in sorted(rows, key=lambda r: (r[0], r[1], r[2].ref)))


def shown(bar: Bar, line: Line) -> bool:
    """Return whether any day of a bar is shown."""
    begun = bar.start <= min(line.last, words.local_day(line.now))
    return begun and (bar.end is None or bar.end >= line.first)


def _mark_row(mark: Mark, line: Line) -> Row:
    restricted = mark.standing == "restricted"
    return Row(
        ref=row_id(line, mark.ref),
        iso="" if restricted else words.local_day(mark.at).isoformat(),
        when="Restricted" if restricted else names.when(mark),
        agency=mark.agency + (f", {mark.role}" if mark.role else ""),
        kind="several" if mark.crowd else "" if restricted else KIND_WORDS[mark.kind][0],
        what="Ask the case owner" if restricted else words.sentence(mark.what).rstrip("."),
        noted="" if mark.noted is None or restricted else f"{words.short_day(mark.noted)}, {words.clock(mark.noted)}",
        knew="" if mark.crowd else names.knew_short(mark, line),
        name=names.name(mark, line),
        href=mark.href,
        standing="" if restricted else names.STANDING[mark.standing],
        inside=tuple((row_id(line, m.ref), names.name(m, line)) for m in mark.inside),
    )


def _bar_row(bar: Bar, line: Line) -> Row:
    end = f"to {words.day(bar.end)}" if bar.end else "onwards"
    lanes = [lane.name for lane in line.lanes if lane.code in bar.lanes]
    return Row(
        ref=row_id(line, bar.ref),
        iso=bar.start.isoformat(),
        when=f"{words.day(bar.start)} {end}",
        agency=words.listed(lanes),
        kind=FILL_WORDS[bar.fill],
        what=bar.name,
        noted="",
        knew="",
        name=bar.name,
        href=bar.href,
    )
