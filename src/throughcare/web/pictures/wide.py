"""The line of a case for wide pages: time to the right, one lane beneath another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures import marks as draw
from throughcare.web.pictures import names, svg
from throughcare.web.pictures.fold import WIDE
from throughcare.web.pictures.scale import Scale, apart, ticks
from throughcare.web.pictures.table import row_id, shown
from throughcare.web.pictures.tracks import Laid, laid
from throughcare.web.pictures.values import Bar, Line, Mark

WIDTH, LEFT, RIGHT = 1180.0, 146.0, 1078.0
LANE = 58.0
PITCH = 12.4
LADDER_ROWS = 60  # more injuries than this and the ladder shows the newest, and says so
BAR_WORDS = {"inside": (8.0, "start", "t-bar"), "after": (6.0, "start", "t-small"), "before": (-6.0, "end", "t-small")}


def wide_line(line: Line) -> Markup:
    """Return the picture. Give a folded line: see `fold.folded`."""
    x = Scale(line.first, line.last, LEFT, RIGHT)
    uid = f"{line.uid}-w"
    edge = x.within(line.now)
    top, above = _above(line, x, edge, uid)
    top, ladder = _ladder(line, x, edge, top)
    bottom, lanes = _lanes(line, x, edge, uid, top)
    body = [
        *_axis(line, x, bottom),
        *above,
        *ladder,
        *lanes,
        svg.line(edge, 34, edge, bottom, "now"),
    ]
    height, strip = _strip(line, bottom)
    return svg.frame(
        WIDTH, height, "".join(body + strip), title=line.title, sentence=line.sentence, uid=uid, cls="wide"
    )


def _axis(line: Line, x: Scale, bottom: float) -> Iterable[str]:
    """Yield the grid, the words of time, and ages where a birth date is given."""
    found = ticks(x, room=58)
    for i, tick in enumerate(found):
        yield svg.line(x(tick.at), 30, x(tick.at), bottom, "grid")
        if x(tick.at) + len(tick.words) * 6.4 < WIDTH:
            yield svg.text(x(tick.at) + 5, 14, tick.words, "t-axis")
        if line.born and tick.at.date() >= line.born:
            said = words.age(line.born, tick.at.date()).removesuffix(" old")
            if i == 0 or said != words.age(line.born, found[i - 1].at.date()).removesuffix(" old"):
                yield svg.text(x(tick.at) + 5, 28, said if len(found) < 13 else said.split()[0], "t-quiet")
    yield svg.line(LEFT, 34, RIGHT, 34, "axis")


def _above(line: Line, x: Scale, edge: float, uid: str) -> tuple[float, list[str]]:
    """Return what stands above the lanes: stages, plans, enquiries, waits and meetings; and where it ends."""
    out: list[str] = []
    y = 40.0
    if line.stages:
        out += _stages(line, x, edge, y)
        y += 28
    bars = [bar for bar in line.bars if not bar.lanes and shown(bar, line)]
    for fill, named in (
        ("plan", "Plan"),
        ("enquiry", "Enquiries"),
        ("custody", "Custody"),
        ("community", "On licence"),
    ):
        rows = laid([b for b in bars if b.fill == fill], x, until=edge)
        for one in rows:
            out += _bar(one, line, y + one.row * 22, uid)
        if rows:
            out.append(svg.text(LEFT - 10, y + 13, named, "t-lane" if fill == "plan" else "t-quiet", "end"))
            y += 22.0 * (max(one.row for one in rows) + 1)
    meetings = [m for m in line.marks if m.lane == ""]
    waits = [b for b in bars if b.fill == "silence"]
    if meetings or waits:
        out.append(svg.text(LEFT - 10, y + 16, "Meetings", "t-quiet", "end"))
        for one in laid([b for b in waits if not b.label], x, until=edge):
            out += _bar(one, line, y + 4, uid, height=16)
        out += _marks(meetings, line, x, y + 12, 13.5, RIGHT)
        y += 24.0
    told = laid([b for b in waits if b.label], x, until=edge)
    for one in told:
        out += _bar(one, line, y + 2 + one.row * 22, uid, height=16)
    return y + 6 + 22 * (max((one.row for one in told), default=-1) + 1), out


def _stages(line: Line, x: Scale, edge: float, y: float) -> Iterable[str]:
    yield svg.text(LEFT - 10, y + 15, line.stages_label, "t-quiet", "end")
    ends: list[date | None] = [*(stage.on for stage in line.stages[1:]), None]
    for stage, end in zip(line.stages, ends, strict=True):
        a, b = x.within(stage.on), x.within(end) if end else edge
        if b - a < 4:
            continue
        yield svg.line(a + 3, y + 19, b - 3, y + 19, "stage")
        if len(stage.words) * 6.4 < b - a:
            yield svg.text(a + 5, y + 14, stage.words, "t-small")


def _bar(one: Laid, line: Line, y: float, uid: str, *, height: float = 18) -> Iterable[str]:
    bar = one.bar
    box = svg.rect(one.start, y, one.end - one.start, height, f"bar bar-{bar.fill}", fill=f"{uid}-{bar.fill}")
    yield svg.link(box, name=bar.name, href=bar.href or f"#{row_id(line, bar.ref)}")
    if one.words:
        dx, anchor, cls = BAR_WORDS[one.words]
        place = one.end if one.words == "after" else one.start
        yield svg.text(place + dx, y + 13, bar.label, cls, anchor, hidden=True)


def _marks(marks: Sequence[Mark], line: Line, x: Scale, y: float, gap: float, high: float) -> Iterable[str]:
    """Yield the marks of one row in order of time, none on top of another."""
    row = sorted(marks, key=lambda m: (words.local(m.at), m.kind != "injury", m.ref))
    widths = [WIDE * 13 / gap if m.crowd else 1.0 for m in row]
    places = apart([x.within(m.at) for m in row], gap, LEFT + 6, max(high, LEFT + 6), widths=widths)
    for mark, place in zip(row, places, strict=True):
        yield draw.placed(
            mark,
            place,
            y,
            name=names.name(mark, line),
            href=mark.href or f"#{row_id(line, mark.ref)}",
            asked=bool(line.whose),
        )


def injuries(line: Line) -> list[Mark]:
    """Return the injury occasions of a line, oldest first: the rows of the ladder. Folded ones are opened."""
    every = [m for mark in line.marks for m in (mark.inside or (mark,))]
    found = [m for m in every if m.kind == "injury" and m.standing == "stands"]  # a correction has its own mark
    return sorted(found, key=lambda m: (words.local(m.at), m.ref))


def ladder_title(line: Line) -> str:
    """Return the heading of the ladder."""
    found = injuries(line)
    until = f". A line runs until {line.whose} knew" if line.whose else ""
    return f"Injuries found on {words.many(len(found), 'occasion')}{until}"


def _ladder(line: Line, x: Scale, edge: float, top: float) -> tuple[float, list[str]]:
    """Return the injuries alone, one row each: short rows are shared facts, long rows are secrets."""
    found = injuries(line)
    if not found:
        return top, []
    rows = found[-LADDER_ROWS:]
    more = f" (the newest {LADDER_ROWS} are drawn)" if len(rows) < len(found) else ""
    out = [
        svg.line(0, top + 6, WIDTH, top + 6, "rule"),
        svg.text(0, top + 25, ladder_title(line) + more, "t-head"),
    ]
    top += 34
    for i, mark in enumerate(rows):
        out += _rung(mark, line, x, edge, top + 8 + i * PITCH)
    bottom = top + 12 + PITCH * len(rows)
    unheld = sum(not m.held for m in found)
    if line.whose and unheld:
        out += _bracket(
            edge, top + 4, max(bottom - 2, top + 16), f"{unheld} of {len(found)}", f"did not reach {line.whose}"
        )
        bottom = max(bottom, top + 76)
    return bottom + 4, out


def _rung(mark: Mark, line: Line, x: Scale, edge: float, y: float) -> Iterable[str]:
    place = x.within(mark.at)
    held = mark.held or not line.whose
    if line.whose and not mark.own:
        end = x.within(mark.knew) if mark.knew else edge
        if end - place > 8:
            yield svg.line(place + 6, y, end, y, "tail")
            if mark.knew:
                yield svg.line(end, y - 4, end, y + 4, "tail-end tail-injury")
    room = place - LEFT - 12
    label = mark.where if len(mark.where) * 5.9 < place - 10 else mark.where[: max(int(room / 5.9) - 1, 0)] + "…"
    yield svg.text(place - 9, y + 4, label, "t-site", "end", hidden=True)
    drawn = draw.shape("injury", place, y, state="held" if held else "unheld", size=0.78)
    href = mark.href or f"#{row_id(line, mark.ref)}"
    yield svg.link(draw.press(place, y) + drawn, name=names.name(mark, line), href=href, cls="m rung")


def _bracket(edge: float, y1: float, y2: float, number: str, said: str) -> Iterable[str]:
    yield svg.path(f"M{edge + 4:.1f},{y1:.1f}h5V{y2:.1f}h-5", "bracket")
    middle = max((y1 + y2) / 2, y1 + 22)
    if edge + 16 > WIDTH - 60:
        return
    yield svg.text(edge + 16, middle - 14, number, "t-num" if len(number) < 9 else "t-num-s")
    for i, part in enumerate(_wrapped(said, 15)):
        yield svg.text(edge + 16, middle + 4 + 15 * i, part, "t-small")


def _wrapped(said: str, letters: int) -> list[str]:
    """Return words in rows of at most so many letters; a longer word has a row of its own."""
    rows: list[str] = []
    for word in said.split():
        if rows and len(rows[-1]) + 1 + len(word) <= letters:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    return rows


def _lanes(line: Line, x: Scale, edge: float, uid: str, top: float) -> tuple[float, list[str]]:
    """Return the lanes, and where they end."""
    out = [svg.line(0, top + 6, WIDTH, top + 6, "rule")]
    if line.lanes_title or line.side_label:
        out.append(svg.text(0, top + 24, line.lanes_title, "t-head"))
        out.append(svg.text(edge + 16, top + 24, line.side_label, "t-small"))
    top += 30
    rows: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in line.marks:
        rows[mark.lane, mark.level].append(mark)
    for i, lane in enumerate(line.lanes):
        y = top + i * LANE
        if i % 2 == 0:
            out.append(svg.rect(0, y, max(edge, LEFT), LANE, "lane"))
        out += _lane_words(lane.name, lane.note, y)
        if lane.side:
            out.append(svg.text(edge + 16, y + 36, lane.side, "t-num"))
        for bar in line.bars:
            if lane.code in bar.lanes and shown(bar, line):
                out += _band(bar, line, x, edge, y, uid, first=lane.code == bar.lanes[0])
        out.append(svg.line(LEFT, y + 40, edge, y + 40, "thread"))
        high, low = rows[lane.code, "high"], rows[lane.code, "low"]
        if line.whose:
            out += _tails(high, x, y + 17)
        out += _marks(low, line, x, y + 40, 13.0, edge + 2)
        out += _marks(high, line, x, y + 17, 19.0, edge + 2)
    bottom = top + LANE * len(line.lanes)
    if not line.marks:
        out.append(
            svg.text((LEFT + RIGHT) / 2, bottom - LANE * len(line.lanes) / 2 + 5, empty(line), "t-small", "middle")
        )
    return bottom, out


def empty(line: Line) -> str:
    """Return what is said where nothing is drawn."""
    return f"Nothing is recorded from {words.span(line.first, line.last)}."


def _lane_words(name: str, note: str, y: float) -> Iterable[str]:
    rows = _wrapped(name, 19)[:2]
    high = y + (26 if len(rows) == 1 else 18)
    for i, part in enumerate(rows):
        yield svg.text(LEFT - 12, high + 15 * i, part, "t-lane", "end")
    if note:
        yield svg.text(LEFT - 12, high + 15 * (len(rows) - 1) + 16, note, "t-quiet", "end")


def _band(bar: Bar, line: Line, x: Scale, edge: float, y: float, uid: str, *, first: bool) -> Iterable[str]:
    """Yield a hatched band across one lane; the first of its lanes carries the link and the words."""
    a, b = x.edge(max(bar.start, line.first)), min(x.within(bar.end) if bar.end else edge, edge)
    box = svg.rect(a, y + 3, b - a, LANE - 6, f"bar bar-{bar.fill}", fill=f"{uid}-{bar.fill}")
    if not first:
        yield svg.titled(box, bar.name)
        return
    yield svg.link(box, name=bar.name, href=bar.href or f"#{row_id(line, bar.ref)}", cls="m band")
    if bar.label and b - a > len(bar.label) * 6.4:
        yield svg.text((a + b) / 2, y + 16, bar.label, "t-small t-band", "middle", hidden=True)


def _tails(marks: Sequence[Mark], x: Scale, y: float) -> Iterable[str]:
    """Yield the thin lines from true to known, of what was learned late: statements and opinions."""
    late = [m for m in marks if not m.own and m.knew and m.kind != "injury" and m.standing == "stands"]
    for mark in late:
        if mark.knew is None:
            continue
        days = (words.local_day(mark.knew) - words.local_day(mark.at)).days
        a, b = x.within(mark.at), x.within(mark.knew)
        if days < 1 or b - a < 12:
            continue
        yield svg.line(a + 7, y, b, y, "tail tail-home")
        yield svg.line(b, y - 5, b, y + 5, "tail-end")
        if b - a > 84 and not any(b - 90 < x.within(m.at) < b + 12 for m in marks if m is not mark):
            yield svg.text(b - 2, y - 5, f"{words.many(days, 'day')} later", "t-small", "end", hidden=True)


def _strip(line: Line, bottom: float) -> tuple[float, list[str]]:
    """Return the whole life, small: where the days shown lie in it."""
    begin = line.life_first or line.born or line.first
    if begin >= line.first or not line.ticks:
        return bottom + 8, []
    y = bottom + 26
    s = Scale(begin, max(line.last, words.local_day(line.now)), LEFT, RIGHT)
    end = s.within(line.now)
    days = {words.local_day(t).toordinal() for t in line.ticks}  # a long life has thousands: placed by whole days
    drawn = sorted({round(s.start + (day - begin.toordinal() + 0.5) * s.a_day) for day in days})
    drawn = [t for t in drawn if LEFT <= t <= RIGHT]
    view = s.edge(line.first)
    out = [
        svg.text(LEFT - 12, y + 12, "Whole life" if line.born else "Whole case", "t-quiet", "end"),
        svg.rect(LEFT, y, end - LEFT, 16, "strip"),
        svg.path("".join(f"M{t},{y + 3:.0f}v10" for t in drawn), "strip-tick"),
        svg.rect(view, y - 2, min(s.within(line.last), end) - view, 20, "strip-view"),
        svg.text(LEFT, y + 31, f"{'Born ' if line.born == begin else ''}{words.day(begin)}", "t-quiet"),
        svg.text(end, y + 31, words.day(line.now), "t-quiet", "end"),
    ]
    return y + 36, out
