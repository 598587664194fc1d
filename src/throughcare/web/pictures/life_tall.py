"""The life line for phones: time runs down, the words stand at the side; conditions have a picture of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures import marks as draw
from throughcare.web.pictures import svg
from throughcare.web.pictures.life_pieces import LifeLine, Piece
from throughcare.web.pictures.life_wide import FILL, clipped, review_words, turns
from throughcare.web.pictures.scale import Scale, apart, ticks

WIDTH = 328.0
LOW, MIDDLE, HIGH, SPELL = 36.0, 62.0, 88.0, 24.0  # the columns: custody, at large, licence; and how wide they are
BRACKET, FLAG, WORDS = 118.0, 142.0, 164.0
GAP = 33.0
LETTERS = 25
ASTRAY = 40.0  # pixels that words may stand from their place
LEAST, MOST = 420.0, 1100.0


def tall_life(line: LifeLine, made: Sequence[Piece], sentence: str) -> tuple[Markup, ...]:
    """The pictures: where the person was with reviews and law; then, where there are any, the conditions."""
    threads = [one for one in made if one.lane == "condition"]
    others = [one for one in made if one.lane != "condition"]
    first = _where(line, others, sentence)
    return (first, _conditions(line, threads, sentence)) if threads else (first,)


@dataclass(frozen=True, slots=True)
class _Word:
    """Words at the side of a place in time. `rank`: the highest are kept where there is no room for all."""

    at: float
    start: float  # where its leader begins
    first: str
    second: str
    rank: float


def _where(line: LifeLine, made: Sequence[Piece], sentence: str) -> Markup:
    years = (line.last - line.first).days / 365.25
    marked = sum(1 for one in made if one.lane in ("law", "review")) + len(turns(line))
    height = min(MOST, max(LEAST, years * 26, marked * GAP))
    y = Scale(line.first, line.last, 26, 26 + height)
    uid = f"{line.uid}-t1"
    out = [*_axis(line, y), *_heads(made)]
    for one in made:
        match one.lane:
            case "law":
                out.append(_flag(one, line, y))
            case "review":
                out.append(_bracket(one, line, y))
            case _:
                out.append(_spell(one, line, y, uid))
    out += _sides(line, made, y)
    return svg.frame(WIDTH, y.end + 24, "".join(out), title=line.title, sentence=sentence, uid=uid, cls="tall")


def _axis(line: LifeLine, y: Scale) -> Iterator[str]:
    for tick in ticks(y, room=30):
        yield svg.line(0, y(tick.at), WORDS - 20, y(tick.at), "grid")
        yield svg.text(0, y(tick.at) + 12, tick.words.split()[-1], "t-axis")
    yield svg.line(0, y.within(line.now), WORDS - 8, y.within(line.now), "now")
    yield svg.text(0, y.within(line.now) + 14, words.short_day(line.now), "t-small")


def _heads(made: Sequence[Piece]) -> Iterator[str]:
    lanes = {one.lane for one in made}
    if "low" in lanes:
        yield svg.text(LOW - 8, 12, "Custody", "t-lane-s")
    if "high" in lanes:
        yield svg.text(HIGH, 12, "Licence", "t-lane-s")


def _spell(one: Piece, line: LifeLine, y: Scale, uid: str) -> str:
    x = {"low": LOW, "middle": MIDDLE, "high": HIGH}[one.lane]
    boxes = ""
    for part in one.inside or (one,):
        a, b = _ends(part, line, y)
        fill = FILL[part.sort]
        planned = " planned" if part.planned else ""
        boxes += svg.rect(x, a, SPELL, max(b - a, 2), f"spell spell-{fill}{planned}", fill=f"{uid}-{fill}")
    a, b = _ends(one, line, y)
    tall = max(b - a, 24.0)
    hit = f'<rect class="hit" x="{x:g}" y="{(a + b - tall) / 2:.1f}" width="{SPELL:g}" height="{tall:.1f}"/>'
    return svg.link(hit + boxes, name=one.name, href=f"#{line.uid}-{one.ref}")


def _ends(one: Piece, line: LifeLine, y: Scale) -> tuple[float, float]:
    return y.edge(max(one.since, line.first)), min(max(y.edge(one.end(line)), y.start), y.end)


def _bracket(one: Piece, line: LifeLine, y: Scale) -> str:
    a, b = _ends(one, line, y)
    tall = max(b - a, 24.0)
    drawn = f'<rect class="hit" x="{BRACKET - 6:g}" y="{a - 2:.1f}" width="24" height="{tall:.1f}"/>'
    for part in one.inside or (one,):
        top, end = _ends(part, line, y)
        end = max(end, top + 3)
        foot = "" if part.spans[-1][1] is None else "h-6"
        drawn += svg.path(f"M{BRACKET:g},{top:.1f}h6V{end:.1f}{foot}", "bracket")
        if part.decided and line.first <= part.decided <= line.last:
            drawn += draw.shape("decision", BRACKET + 6, y(part.decided), size=0.8)
    return svg.link(drawn, name=one.name, href=f"#{line.uid}-{one.ref}")


def _flag(one: Piece, line: LifeLine, y: Scale) -> str:
    sort = " uncertain" if one.uncertain else ""
    at = y(one.since)
    pole = svg.line(LOW, at, FLAG, at, f"flagpole{sort}")
    flag = svg.path(f"M{FLAG:.1f},{at - 4:.1f}h9l-2.5,4 2.5,4h-9Z", f"flag{sort}")
    hit = f'<rect class="hit" x="{FLAG - 5:.1f}" y="{at - 12:.1f}" width="24" height="24"/>'
    return pole + svg.link(hit + flag, name=one.name, href=f"#{line.uid}-{one.ref}")


def _sides(line: LifeLine, made: Sequence[Piece], y: Scale) -> Iterator[str]:
    """The words at the side, as many as stand near their place: long spells first, then reviews, then law."""
    kept: list[_Word] = []
    most = int((y.end - y.start) / GAP) * 2  # more than twice as many as there is room for are not tried
    for word in sorted(_words(line, made, y), key=lambda one: (one.rank, one.at))[:most]:
        tried = sorted([*kept, word], key=lambda one: (one.at, one.rank))
        places = _places(tried, y)
        if all(abs(one.at - at) <= ASTRAY for one, at in zip(tried, places, strict=True)):
            kept = tried
    for word, at in zip(kept, _places(kept, y), strict=True):
        strong = word.rank < LAW
        bend = f"C{WORDS - 4:g},{word.at:.1f} {WORDS - 12:g},{at:.1f}"
        yield svg.path(f"M{word.start:.1f},{word.at:.1f}{bend} {WORDS - 3:g},{at:.1f}", "leader")
        yield svg.text(WORDS, at + 1, clipped(word.first, LETTERS), "t-strong" if strong else "t-small", hidden=True)
        if word.second:
            yield svg.text(WORDS, at + 15, word.second, "t-small" if strong else "t-quiet", hidden=True)


LAW = 2.0  # the rank of a change of law: after turns (by the length of what they began) and reviews


def _words(line: LifeLine, made: Sequence[Piece], y: Scale) -> Iterator[_Word]:
    lasted = {one.since: ((one.until or line.now) - one.since).days for one in line.life.spells}
    longest = max(lasted.values(), default=1) or 1
    for turn in turns(line):
        start = HIGH + SPELL + 2 if turn.up else MIDDLE
        rank = 1 - lasted.get(turn.on, 0) / longest
        yield _Word(y.edge(turn.on), start, turn.what or "From", words.short_day(turn.on), rank)
    for one in made:
        if one.lane == "review":
            a, b = _ends(one, line, y)
            yield _Word((a + b) / 2, BRACKET + 8, *review_words(one), 1.5)
        elif one.lane == "law" and one.inside:
            years = " to ".join(dict.fromkeys(str(day.year) for day in (one.since, one.spans[-1][0])))
            yield _Word(y(one.since), FLAG + 10, f"{len(one.inside)} changes of law", years, LAW)
        elif one.lane == "law":
            yield _Word(y(one.since), FLAG + 10, one.what, words.short_day(one.since), LAW)


def _places(found: Sequence[_Word], y: Scale) -> list[float]:
    return apart([one.at for one in found], GAP, y.start + 4, y.end - 8)


# --- conditions -----------------------------------------------------------------------------------------------------

COLUMN = 24.0
_TALL = 300.0


def _conditions(line: LifeLine, made: Sequence[Piece], sentence: str) -> Markup:
    """One column for each condition, numbered; what each number means stands beneath."""
    uid = f"{line.uid}-t2"
    y = Scale(line.first, line.last, 22, 22 + _TALL)
    out = [svg.text(0, 12, "No.", "t-lane-s")]
    for tick in ticks(y, room=30):
        if y(tick.at) > y.end - 14:
            break
        out.append(svg.line(0, y(tick.at), 40 + COLUMN * len(made), y(tick.at), "grid"))
        out.append(svg.text(0, y(tick.at) + 12, tick.words.split()[-1], "t-axis"))
    for i, one in enumerate(made):
        out += _column(one, line, y, 40 + i * COLUMN, i + 1)
    out.append(svg.line(0, y.within(line.now), 40 + COLUMN * len(made), y.within(line.now), "now"))
    below = y.end + 22
    for i, one in enumerate(made):
        out.append(svg.text(0, below + i * 18, f"{i + 1}", "t-strong", hidden=True))
        out.append(svg.text(24, below + i * 18, clipped(one.what, 44), "t-small", hidden=True))
    return svg.frame(
        WIDTH, below + 18 * len(made), "".join(out), title=f"{line.title}: licence conditions", sentence=sentence,
        uid=uid, cls="tall",
    )  # fmt: skip


def _column(one: Piece, line: LifeLine, y: Scale, x: float, number: int) -> Iterator[str]:
    shown = [span for span in one.spans if line.shows(*span)]
    ends = [(y.edge(max(a, line.first)), min(y.edge(b or max(line.now, a)), y.end)) for a, b in shown]
    strong = " broken" if one.broken else ""
    strands = "".join(svg.rect(x + 8, a, 8, max(b - a, 2), f"strand{strong}") for a, b in ends)
    strands += "".join(
        draw.shape("missed", x + 12, y(day), size=0.9) for day in one.broken if line.first <= day <= line.last
    )
    first, last = ends[0][0], max(ends[-1][1], ends[0][0] + 24)
    hit = f'<rect class="hit" x="{x:g}" y="{first:.1f}" width="24" height="{last - first:.1f}"/>'
    yield svg.text(x + 12, 12, str(number), "t-lane-s", "middle", hidden=True)
    yield svg.link(hit + strands, name=one.name, href=f"#{line.uid}-{one.ref}")
