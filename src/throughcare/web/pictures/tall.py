"""The line of a case for phones: time runs down, lanes become columns, tails hang. Same marks, same names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures import marks as draw
from throughcare.web.pictures import names, svg
from throughcare.web.pictures.scale import Scale, apart, ticks
from throughcare.web.pictures.table import row_id, shown
from throughcare.web.pictures.tracks import laid
from throughcare.web.pictures.values import Bar, Lane, Line, Mark
from throughcare.web.pictures.wide import empty, injuries

WIDTH, LEFT = 328.0, 62.0
COLUMNS = 5  # lanes side by side on a phone; more lanes make more pictures, one under another
TOP = 40.0


def tall_lines(line: Line) -> tuple[Markup, ...]:
    """Return the pictures of a line for a phone: one for each five lanes. Give a folded line."""
    lanes = line.lanes or (Lane(code="", name="Entries"),)
    groups = [lanes[i : i + COLUMNS] for i in range(0, len(lanes), COLUMNS)]
    return tuple(_panel(line, group, i, len(groups)) for i, group in enumerate(groups))


def _height(line: Line) -> float:
    """Return how tall the time should run: enough for the fullest column, never less than a thumb can part."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for mark in line.marks:
        counts[mark.lane, mark.level] += 1
    return min(960.0, max(260.0, 30.0 * max(counts.values(), default=0)))


def _panel(line: Line, lanes: Sequence[Lane], index: int, of: int) -> Markup:
    uid = f"{line.uid}-t{index + 1}"
    y = Scale(line.first, line.last, TOP, TOP + _height(line))
    edge = y.within(line.now)
    column = (WIDTH - LEFT) / max(len(lanes), 3)
    out = [*_axis(y, edge)]
    if index == 0:
        out += _bars([b for b in line.bars if not b.lanes and shown(b, line)], line, y, edge, uid)
    for i, lane in enumerate(lanes):
        out += _column(line, lane, LEFT + i * column, column, y, edge, uid, shaded=i % 2 == 0)
    if index == 0 and any(m.lane == "" for m in line.marks):
        out += _marks([m for m in line.marks if m.lane == ""], line, y, 29, 13, edge, 0.8)
    if any(lane.side for lane in lanes):
        out.append(svg.text(0, edge + 18, line.side_label.split(",")[0], "t-small"))
    if not line.marks:
        out.append(svg.text(LEFT + 4, y.start + 40, "Nothing is recorded", "t-small"))
    out.append(svg.line(LEFT, edge, WIDTH, edge, "now"))
    title = line.title if of == 1 else f"{line.title}, part {index + 1} of {of}"
    sentence = line.sentence if line.marks else empty(line)
    return svg.frame(WIDTH, edge + 26, "".join(out), title=title, sentence=sentence, uid=uid, cls="tall")


def _axis(y: Scale, edge: float) -> Iterable[str]:
    for tick in ticks(y, room=34):
        if y(tick.at) > edge:
            return
        yield svg.line(0, y(tick.at), WIDTH, y(tick.at), "grid")
        for i, part in enumerate(_axis_words(tick.words)):
            yield svg.text(0, y(tick.at) + 13 + 13 * i, part, "t-axis")


def _axis_words(said: str) -> list[str]:
    """Return the words of a tick in at most two short rows: the column is narrow."""
    parts = said.split()
    if len(parts) == 3:
        return [f"{parts[0]} {parts[1][:3]}", parts[2]]
    if len(parts) == 2 and parts[1].isdigit():
        return parts
    return [said if len(said) < 8 else f"{parts[0]} {parts[-1][:3]}"]


def _bars(bars: Sequence[Bar], line: Line, y: Scale, edge: float, uid: str) -> Iterable[str]:
    """Yield plans and enquiries as narrow bars beside the time."""
    plans = laid([b for b in bars if b.fill in ("plan", "custody", "community")], y, until=edge)
    others = laid([b for b in bars if b.fill in ("enquiry", "silence")], y, until=edge)
    for one, x, wide in [*((p, 40.0, 8.0) for p in plans), *((o, 51.0, 7.0) for o in others)]:
        box = svg.rect(x, one.start, wide, one.end - one.start, f"bar bar-{one.bar.fill}", fill=f"{uid}-{one.bar.fill}")
        yield svg.link(box, name=one.bar.name, href=one.bar.href or f"#{row_id(line, one.bar.ref)}", cls="m band")


def _column(
    line: Line, lane: Lane, x: float, column: float, y: Scale, edge: float, uid: str, *, shaded: bool
) -> Iterable[str]:
    if shaded:
        yield svg.rect(x, 0, column, edge + 26, "lane")
    short = lane.short or lane.name
    letters = max(int(column / 6.2), 6)
    yield svg.text(
        x + column / 2, 13, short if len(short) <= letters else short[: letters - 1] + "…", "t-lane-s", "middle"
    )
    if lane.side:
        yield svg.text(x + column / 2, edge + 18, lane.side, "t-num-s", "middle")
    for bar in line.bars:
        if lane.code in bar.lanes and shown(bar, line):
            a, b = y.within(bar.start), min(y.within(bar.end) if bar.end else edge, edge)
            box = svg.rect(x + 3, a, column - 6, b - a, f"bar bar-{bar.fill}", fill=f"{uid}-{bar.fill}")
            yield svg.link(box, name=bar.name, href=bar.href or f"#{row_id(line, bar.ref)}", cls="m band")
    low, high = x + column * 0.3, x + column * 0.72
    yield svg.line(low, 22, low, edge, "thread")
    own = [m for m in line.marks if m.lane == lane.code and lane.code]
    if line.whose:
        yield from _tails([m for m in own if m.level == "high"], y, high)
    yield from _marks([m for m in own if m.level == "low"], line, y, low, 12.5, edge, 0.92)
    yield from _marks([m for m in own if m.level == "high"], line, y, high, 18.0, edge, 0.92)


def _marks(
    marks: Sequence[Mark], line: Line, y: Scale, x: float, gap: float, edge: float, size: float
) -> Iterable[str]:
    row = sorted(marks, key=lambda m: (words.local(m.at), m.kind != "injury", m.ref))
    for mark, place in zip(row, apart([y.within(m.at) for m in row], gap, 26, max(edge, 27)), strict=True):
        yield draw.placed(
            mark,
            x,
            place,
            name=names.name(mark, line),
            href=mark.href or f"#{row_id(line, mark.ref)}",
            asked=bool(line.whose),
            size=size,
        )


def _tails(marks: Sequence[Mark], y: Scale, x: float) -> Iterable[str]:
    for mark in marks:
        if mark.own or mark.knew is None or mark.kind == "injury":
            continue
        a, b = y.within(mark.at), y.within(mark.knew)
        if b - a > 12:
            yield svg.line(x, a + 7, x, b, "tail tail-home")
            yield svg.line(x - 5, b, x + 5, b, "tail-end")


def tall_ladder(line: Line) -> Markup:
    """Return the injuries for a phone: each hangs from the day it was found, down to the day it became known."""
    found = injuries(line)[-22:]
    left, pitch = 40.0, 13.4
    y = Scale(line.first, line.last, 14, 300)
    edge = y.within(line.now)
    out = []
    for tick in ticks(y, room=26):
        if y(tick.at) <= edge:
            out.append(svg.line(left - 4, y(tick.at), WIDTH, y(tick.at), "grid"))
            out.append(svg.text(0, y(tick.at) + 11, _axis_words(tick.words)[0], "t-axis"))
    for i, mark in enumerate(found):
        x, place = left + 10 + i * pitch, y.within(mark.at)
        if line.whose and not mark.own:
            end = y.within(mark.knew) if mark.knew else edge
            if end - place > 8:
                out.append(svg.line(x, place + 6, x, end, "tail"))
        state = "held" if mark.held or not line.whose else "unheld"
        drawn = draw.press(x, place) + draw.shape("injury", x, place, state=state, size=0.82)
        href = mark.href or f"#{row_id(line, mark.ref)}"
        out.append(svg.link(drawn, name=names.name(mark, line), href=href, cls="m rung"))
    out.append(svg.line(left, edge, WIDTH, edge, "now"))
    unheld = sum(not m.held for m in injuries(line))
    if line.whose:
        out.append(
            svg.text(left + 8, edge + 15, f"{words.day_and_month(line.now)}: {unheld} still not known", "t-small")
        )
    title = f"Injuries found, and how long {line.whose} did not know" if line.whose else "Injuries found"
    return svg.frame(
        WIDTH, edge + 20, "".join(out), title=title, sentence=line.sentence, uid=f"{line.uid}-l", cls="tall"
    )
