"""The life line for wide pages: time to the right, licence high, custody low, reviews and conditions beneath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures import marks as draw
from throughcare.web.pictures import svg
from throughcare.web.pictures.life_pieces import LifeLine, Piece, Sort
from throughcare.web.pictures.scale import Scale, ticks

WIDTH, LEFT, RIGHT = 1180.0, 118.0, 1010.0
TALL = 26.0  # of a spell
ROWS = 4  # of words above the axis
ROW = 24.0
LETTER = 6.6  # pixels of a letter of 12.5 px, with some air
FILL: dict[Sort, str] = {
    "custody": "custody", "hospital": "enquiry", "at_large": "silence", "licence": "community", "supervision": "public",
}  # fmt: skip


def wide_life(line: LifeLine, made: Sequence[Piece], sentence: str) -> Markup:
    """The picture of these pieces."""
    x = Scale(line.first, line.last, LEFT, RIGHT)
    uid = f"{line.uid}-w"
    by_lane = {lane: [one for one in made if one.lane == lane] for lane in _LANES}
    axis, flags = _flags(by_lane["law"], line, x)
    places = _Places(axis, middle=bool(by_lane["middle"]))
    body = [*flags, *_spells(by_lane, line, x, uid, places), *_turns(line, x, places)]
    y = places.low + TALL + 34
    y, reviews = _reviews(by_lane["review"], line, x, y)
    y, threads = _threads(by_lane["condition"], line, x, y)
    ground = [*_axis(line, x, axis, y)]
    return svg.frame(
        WIDTH, y + 18, "".join([*ground, *body, *reviews, *threads]), title=line.title, sentence=sentence, uid=uid,
        cls="wide",
    )  # fmt: skip


_LANES = ("law", "high", "middle", "low", "review", "condition")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lanes of the spells stand, below the axis."""

    axis: float
    middle: bool

    @property
    def high(self) -> float:
        return self.axis + 58

    @property
    def between(self) -> float:
        return self.high + TALL + 14

    @property
    def low(self) -> float:
        return self.high + TALL + (14 + TALL + 14 if self.middle else 38)

    def of(self, lane: str) -> float:
        return {"high": self.high, "middle": self.between, "low": self.low}[lane]


def _axis(line: LifeLine, x: Scale, axis: float, bottom: float) -> Iterator[str]:
    for tick in ticks(x, room=58):
        yield svg.line(x(tick.at), axis, x(tick.at), bottom, "grid")
        yield svg.text(x(tick.at) + 5, axis + 15, tick.words, "t-axis")
    yield svg.line(LEFT, axis, RIGHT, axis, "axis")
    now = x.within(line.now)
    yield svg.line(now, axis - 2, now, bottom, "now")
    yield svg.text(now + 5, bottom + 12, words.day(line.now), "t-small")


# --- changes of law -------------------------------------------------------------------------------------------------


def _flags(made: Sequence[Piece], line: LifeLine, x: Scale) -> tuple[float, list[str]]:
    """The flags above the axis, each with as many words as there is room for; and where the axis stands."""
    free: list[list[tuple[float, float]]] = [[] for _ in range(ROWS)]
    placed = []
    for one in reversed(made):  # the newest first: their words have the edge
        placed.append((one, *_row_for(one, x(one.since), free)))
    used = max((row for _, row, _ in placed), default=-1) + 1
    axis = 12 + used * ROW + (8 if used else 0)
    out = [svg.text(0, axis - 8, "Law changed", "t-lane")] if made else []
    words_of = []
    for one, row, side in reversed(placed):
        y = 16 + (used - 1 - row) * ROW
        out.append(_flag(one, line, x(one.since), axis, y))
        if side:
            place, anchor = (x(one.since) + 14, "start") if side == "right" else (x(one.since) - 5, "end")
            words_of.append(
                svg.text(place, y - 1, clipped(_flag_words(one), MOST_LETTERS), "t-small", anchor, hidden=True)
            )
    return axis, out + words_of


MOST_LETTERS = 44


def _row_for(one: Piece, place: float, free: list[list[tuple[float, float]]]) -> tuple[int, str]:
    """The lowest row in which a flag and its words have room: to the left, to the right, or without words."""
    wide = min(len(_flag_words(one)), MOST_LETTERS) * LETTER
    left, right = (place - wide - 10, place + 14), (place - 4, place + wide + 16)
    alone = (place - 5, place + 15)
    for row, taken in enumerate(free):
        if right[1] < WIDTH and _is_free(right, taken):
            taken.append(right)
            return row, "right"
        if left[0] > LEFT and _is_free(left, taken):
            taken.append(left)
            return row, "left"
    row = next((i for i, taken in enumerate(free) if _is_free(alone, taken)), 0)
    free[row].append(alone)
    return row, ""


def _is_free(wanted: tuple[float, float], taken: Iterable[tuple[float, float]]) -> bool:
    return all(wanted[1] <= a or wanted[0] >= b for a, b in taken)


def _flag_words(one: Piece) -> str:
    if one.inside:
        return f"{len(one.inside)} changes of law"
    return f"{one.what}?" if one.uncertain else one.what


def _flag(one: Piece, line: LifeLine, x: float, axis: float, y: float) -> str:
    sort = " uncertain" if one.uncertain else ""
    pole = svg.line(x, y - 9, x, axis, f"flagpole{sort}")
    flag = svg.path(f"M{x:.1f},{y - 10:.1f}h9l-2.5,4 2.5,4h-9Z", f"flag{sort}")
    hit = f'<rect class="hit" x="{x - 9:.1f}" y="{y - 18:.1f}" width="24" height="24"/>'
    return pole + svg.link(hit + flag, name=one.name, href=f"#{line.uid}-{one.ref}")


def clipped(said: str, letters: int) -> str:
    """Words with no more than so many letters."""
    return said if len(said) <= letters else said[: max(letters - 1, 1)].rstrip(" ,") + "…"


# --- where the person was -------------------------------------------------------------------------------------------


def _spells(by_lane: dict[str, list[Piece]], line: LifeLine, x: Scale, uid: str, places: _Places) -> Iterator[str]:
    named = {"high": "On licence", "middle": "At large", "low": "In custody"}
    for lane, said in named.items():
        if by_lane[lane] or lane != "middle":
            yield svg.text(0, places.of(lane) + 18, said, "t-lane")
        for one in by_lane[lane]:
            yield from _spell(one, line, x, uid, places.of(lane))


def _spell(one: Piece, line: LifeLine, x: Scale, uid: str, y: float) -> Iterator[str]:
    boxes = "".join(_box(part, line, x, uid, y) for part in (one.inside or (one,)))
    a, b = _ends(one, line, x)
    middle = (a + b) / 2
    wide = max(b - a, 24.0)
    hit = f'<rect class="hit" x="{middle - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{TALL:g}"/>'
    yield svg.link(hit + boxes, name=one.name, href=f"#{line.uid}-{one.ref}")
    said = _said(one, line)
    if not one.inside and b - a > len(said) * LETTER + 8:
        dark = one.sort == "custody"
        yield svg.text(middle, y + 17, said, f"t-spell-{'custody' if dark else 'community'}", "middle", hidden=True)


def _said(one: Piece, line: LifeLine) -> str:
    since, until = one.spans[0]
    return words.length((until or max(line.now, since)) - since)


def _box(one: Piece, line: LifeLine, x: Scale, uid: str, y: float) -> str:
    a, b = _ends(one, line, x)
    planned = " planned" if one.planned else ""
    return svg.rect(
        a, y, max(b - a, 2.0), TALL, f"spell spell-{FILL[one.sort]}{planned}", fill=f"{uid}-{FILL[one.sort]}"
    )


def _ends(one: Piece, line: LifeLine, x: Scale) -> tuple[float, float]:
    return x.edge(max(one.since, line.first)), min(max(x.edge(one.end(line)), x.start), x.end)


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which a person went from one place to another."""

    on: date
    what: str  # "Released", "Recalled", "Returned", or "" for the first day
    up: bool


def turns(line: LifeLine) -> list[Turn]:
    """Releases, recalls and returns among the days shown, by what lies before and after each of them."""
    lanes = {"custody": 0, "hospital": 0, "at_large": 1, "licence": 2, "supervision": 2}
    found: list[Turn] = []
    spells = sorted(line.life.spells, key=lambda one: (one.since, lanes[one.kind]))
    for i, one in enumerate(spells):
        if not line.first <= one.since <= line.last:
            continue
        before = [lanes[other.kind] for other in spells[:i] if other.until is not None and other.until <= one.since
                  and (one.since - other.until).days <= 1]  # fmt: skip
        here = lanes[one.kind]
        if not before:
            if i == 0:
                found.append(Turn(one.since, "", up=False))
        elif here == 2 and 2 not in before:
            found.append(Turn(one.since, "Released", up=True))
        elif 2 in before and here < 2:
            found.append(Turn(one.since, "Recalled" if one.kind != "hospital" else "To hospital", up=False))
        elif 1 in before and here == 0:
            found.append(Turn(one.since, "Returned", up=False))
    return found


def _turns(line: LifeLine, x: Scale, places: _Places) -> Iterator[str]:
    """Risers and drops, then as many of their words as there is room for."""
    found = turns(line)
    at = [x.edge(turn.on) for turn in found]
    for turn, place in zip(found, at, strict=True):
        if turn.what:
            yield _riser(turn, place, places)
    risers = [place for turn, place in zip(found, at, strict=True) if turn.what != "Returned"]
    free: dict[float, list[tuple[float, float]]] = {}
    for turn, place in zip(found, at, strict=True):
        said = f"{turn.what or 'From'} {words.short_day(turn.on)}"
        wanted = (place - 2, place + len(said) * LETTER + 12)
        crossed = not turn.up and any(place + 1 < other < wanted[1] for other in risers)
        for y in _heights(turn, places):
            if not crossed and wanted[1] < WIDTH and _is_free(wanted, free.setdefault(y, [])):
                free[y].append(wanted)
                yield svg.text(place + (8 if y < places.low and not turn.up else 2), y, said, "t-strong", hidden=True)
                break


def _heights(turn: Turn, places: _Places) -> tuple[float, ...]:
    """Where the words of a turn may stand."""
    if turn.up:
        return places.high - 9, places.high - 24
    return (places.high + TALL + 16,) if turn.what == "Recalled" else (places.low + TALL + 15,)


def _riser(turn: Turn, at: float, places: _Places) -> str:
    if turn.what == "Returned":
        return svg.line(at, places.between, at, places.low + TALL, "turn")
    riser = svg.line(at, places.high, at, places.low + TALL, "turn")
    if turn.up:
        return riser + svg.path(f"M{at - 4.5:.1f},{places.high + TALL + 12:.1f}l4.5,-7 4.5,7Z", "turn-head")
    return riser + svg.path(f"M{at - 4.5:.1f},{places.low - 11:.1f}l4.5,7 4.5,-7Z", "turn-head")


# --- reviews --------------------------------------------------------------------------------------------------------

_REVIEW = 62.0  # how tall a row of reviews is, with its words


def _reviews(made: Sequence[Piece], line: LifeLine, x: Scale, top: float) -> tuple[float, list[str]]:
    if not made:
        return top, []
    out = [svg.line(0, top, WIDTH, top, "rule"), svg.text(0, top + 30, "Reviews", "t-lane")]
    ends: list[float] = []
    for one in sorted(made, key=lambda piece: piece.since):
        a, b = _bracket_ends(one, line, x)
        row = next((i for i, end in enumerate(ends) if end <= a), len(ends))
        ends[row : row + 1] = [b + 4]
        out += _bracket(one, line, x, a, b, top + 24 + row * _REVIEW)
    return top + 12 + _REVIEW * len(ends) + 8, [*out, *_bracket_words(made, line, x, top)]


def _bracket_ends(one: Piece, line: LifeLine, x: Scale) -> tuple[float, float]:
    a, b = _ends(one, line, x)
    return a - 2, max(b, a + 20) + 2


def _bracket(one: Piece, line: LifeLine, x: Scale, a: float, b: float, y: float) -> Iterator[str]:
    wide = max(b - a, 24)
    drawn = f'<rect class="hit" x="{a:.1f}" y="{y - 10:.1f}" width="{wide:.1f}" height="28"/>'
    for part in one.inside or (one,):
        drawn += _one_bracket(part, line, x, y)
    yield svg.link(drawn, name=one.name, href=f"#{line.uid}-{one.ref}")


def _one_bracket(one: Piece, line: LifeLine, x: Scale, y: float) -> str:
    a, b = _ends(one, line, x)
    b = max(b, a + 3)
    still = one.spans[-1][1] is None
    drawn = svg.path(f"M{a:.1f},{y + 14:.1f}V{y:.1f}H{b:.1f}" + ("" if still else f"V{y + 14:.1f}"), "bracket")
    drawn += "".join(
        svg.line(x(day), y - 4, x(day), y + 4, "tick") for day in one.ticks if line.first <= day <= line.last
    )
    if one.decided and line.first <= one.decided <= line.last:
        drawn += draw.shape("decision", x(one.decided), y, size=0.9)
    elif still:
        drawn += svg.line(b - 4, y, b + 6, y, "bracket planned")
    return drawn


def _bracket_words(made: Sequence[Piece], line: LifeLine, x: Scale, top: float) -> Iterator[str]:
    """The result and its day under each bracket, where there is room beside its neighbours."""
    ends: list[float] = []
    taken: list[list[tuple[float, float]]] = []
    for one in sorted(made, key=lambda piece: piece.since):
        a, b = _bracket_ends(one, line, x)
        row = next((i for i, end in enumerate(ends) if end <= a), len(ends))
        ends[row : row + 1] = [b + 4]
        if row == len(taken):
            taken.append([])
        first, second = review_words(one)
        half = max(len(first) * 6.4, len(second) * 6.0) / 2
        middle = min(max((a + b) / 2, half + 4), WIDTH - half - 4)
        wanted = (middle - half - 2, middle + half + 2)
        if _is_free(wanted, taken[row]) and wanted[0] > LEFT - 60:
            taken[row].append(wanted)
            y = top + 24 + row * _REVIEW + 29
            yield svg.text(middle, y, first, "t-strong", "middle", hidden=True)
            yield svg.text(middle, y + 14, second, "t-small", "middle", hidden=True)


def review_words(one: Piece) -> tuple[str, str]:
    """What is said beside a review: its result, and the day."""
    if one.inside:
        last = one.spans[-1][1]
        years = {one.since.year, last.year if last else one.since.year}
        return words.many(len(one.inside), "review"), " to ".join(str(year) for year in sorted(years))
    until = one.spans[-1][1]
    result = one.more.partition(".")[0]
    if one.decided and until:
        return clipped(result, 34), words.short_day(until)
    if until is None:
        return clipped(result, 34), f"opened {words.short_day(one.since)}"
    return "Ended", words.short_day(until)


# --- conditions -----------------------------------------------------------------------------------------------------


def _threads(made: Sequence[Piece], line: LifeLine, x: Scale, top: float) -> tuple[float, list[str]]:
    if not made:
        return top + 8, []
    out = [
        svg.line(0, top, WIDTH, top, "rule"),
        svg.text(0, top + 24, "Conditions", "t-lane"),
        svg.text(0, top + 40, "one strand each", "t-quiet"),
    ]
    for i, one in enumerate(made):
        out += _thread(one, line, x, top + 20 + i * ROW)
    return top + 20 + ROW * len(made), out


def _thread(one: Piece, line: LifeLine, x: Scale, y: float) -> Iterator[str]:
    shown = [span for span in one.spans if line.shows(*span)]
    ends = [(x.edge(max(a, line.first)), min(x.edge(b or max(line.now, a)), x.end)) for a, b in shown]
    strong = " broken" if one.broken else ""
    strands = "".join(svg.rect(a, y - 4, max(b - a, 2), 8, f"strand{strong}") for a, b in ends)
    strands += "".join(
        draw.shape("missed", x(day), y, size=0.9) for day in one.broken if line.first <= day <= line.last
    )
    first, last = ends[0][0], max(ends[-1][1], ends[0][0] + 24)
    hit = f'<rect class="hit" x="{first:.1f}" y="{y - 12:.1f}" width="{last - first:.1f}" height="24"/>'
    yield svg.link(hit + strands, name=one.name, href=f"#{line.uid}-{one.ref}")
    said = f"{one.group} ({len(one.inside)})" if one.inside else one.what
    style = "t-strong" if one.broken else "t-small"
    after, before = int((WIDTH - last - 12) / LETTER), int((first - LEFT - 14) / LETTER)
    if len(said) <= after or after >= before:
        yield svg.text(last + 8, y + 4, clipped(said, after), style, hidden=True)
    else:
        yield svg.text(first - 8, y + 4, clipped(said, before), style, "end", hidden=True)
