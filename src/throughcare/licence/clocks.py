"""One fact on its clocks: when it was so, when each agency knew, when the person was asked. One value, drawn and told.

The picture and its table are made of the same rows, so they cannot differ. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap
from typing import Literal

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.parts import Table
from throughcare.web.pictures import svg
from throughcare.web.pictures.scale import Scale, ticks
from throughcare.web.shell import Link

WIDE, LEFT, RIGHT = 1180, 240, 1172
TALL = 328
_LETTER = 7.4  # pixels of a letter of the words in a bar, on average

Kind = Literal["true", "other", "officer"]
_FILL: dict[Kind, str] = {"true": "spell-true", "other": "spell-police", "officer": "spell-officer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One clock: since when it was so, or an agency knew. `gap_from`: since when others knew and this one did not."""

    label: str  # "It was true", "Aldmere Police knew"
    kind: Kind
    since: date
    said: str  # "from 15 November 2023", "20 February: he told an officer"
    how: str = ""  # for the table: which record shows it
    href: str = ""
    gap_from: date | None = None
    gap: str = ""  # "195 days not shared"


@dataclass(frozen=True, slots=True)
class Asked:
    """The person was asked, and what was answered."""

    on: date
    said: str  # "Asked, 6 March: “nobody, I keep to myself”"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The clocks of one fact, the day it began first."""

    uid: str
    title: str
    rows: tuple[Row, ...]
    asked: tuple[Asked, ...] = ()
    until: date  # the last day drawn: when the supervising agency knew

    @property
    def sentence(self) -> str:
        """Everything that the picture shows, in words."""
        said = [f"{row.label}: {row.said}{f', {row.gap}' if row.gap else ''}" for row in self.rows]
        return ". ".join([*said, *(one.said for one in self.asked)]) + "."

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day drawn, with some room at both ends."""
        marked = [row.since for row in self.rows] + [one.on for one in self.asked]
        marked += [row.gap_from for row in self.rows if row.gap_from]
        return min(marked) - timedelta(days=7), max(self.until, *marked) + timedelta(days=3)

    @property
    def table(self) -> Table:
        """The same facts as a table, in the order of their days."""
        made: list[tuple[date, tuple[str | Link, ...]]] = [
            (row.since, (_linked(row.label, row.href), words.day(row.since), _what(row))) for row in self.rows
        ]
        made += [(one.on, (_linked("Asked", one.href), words.day(one.on), one.said)) for one in self.asked]
        return Table(
            caption=self.title,
            heads=("Clock", "Since", "What"),
            rows=tuple(row for _, row in sorted(made, key=lambda one: one[0])),
        )


def _linked(said: str, href: str) -> str | Link:
    return Link(said, href) if href else said


def _what(row: Row) -> str:
    return ". ".join(part[0].upper() + part[1:] for part in (row.how or row.said, row.gap) if part)


# --- the picture ------------------------------------------------------------------------------------------------------


def drawn(clocks: Clocks) -> Markup:
    """The picture in both shapes; the style sheet shows the one that fits."""
    return _wide(clocks) + _tall(clocks)


def _wide(clocks: Clocks) -> Markup:
    scale = Scale(*clocks.days, LEFT, RIGHT)
    bottom = 30 + 40 * len(clocks.rows)
    uid = f"{clocks.uid}-w"
    body = [_grid(scale, bottom, room=52)]
    for number, row in enumerate(clocks.rows):
        top = 30 + 40 * number
        body.append(_label(row, top))
        body.append(_bar(row, scale, top, 24, uid, inside=True))
    body += [svg.line(scale(one.on), 18, scale(one.on), bottom + 4, "asked") for one in clocks.asked]
    for number, one in enumerate(clocks.asked):
        body.append(_note(one.said, scale(one.on), bottom + 18 + 18 * number, 0, WIDE))
    height = bottom + 10 + 18 * max(1, len(clocks.asked))
    return svg.frame(WIDE, height, "".join(body), title=clocks.title, sentence=clocks.sentence, uid=uid, cls="wide")


def _tall(clocks: Clocks) -> Markup:
    scale = Scale(*clocks.days, 2, TALL - 2)
    uid = f"{clocks.uid}-t"
    parts: list[str] = []
    top = 22
    for row in clocks.rows:
        for text in wrap(f"{row.label}: {row.said}", 46)[:3]:
            top += 16
            parts.append(_on_paper(top, text, "t-small"))
        parts.append(_bar(row, scale, top + 5, 18, uid, inside=False))
        top += 32
        if row.gap:
            parts.append(_on_paper(top + 8, row.gap, "t-strong"))
            top += 16
    lines = [svg.line(scale(one.on), 18, scale(one.on), top, "asked") for one in clocks.asked]
    for one in clocks.asked:
        for text in wrap(one.said, 44)[:4]:
            top += 16
            parts.append(svg.text(0, top, text, "t-strong"))
        top += 6
    body = _grid(scale, top - 16 if not clocks.asked else top, room=56) + "".join(lines) + "".join(parts)
    return svg.frame(TALL, top + 8, body, title=clocks.title, sentence=clocks.sentence, uid=uid, cls="tall")


def _on_paper(y: float, said: str, cls: str) -> str:
    """Words that no line crosses."""
    return svg.rect(0, y - 12, len(said) * 6.6, 15, "paper") + svg.text(0, y, said, cls)


def _grid(scale: Scale, bottom: float, *, room: float) -> str:
    made = []
    marks = ticks(scale, room=room)
    nexts = [scale(one.at) for one in marks[1:]] + [scale.end]
    for one, after in zip(marks, nexts, strict=True):
        x = scale(one.at)
        made.append(svg.line(x, 18, x, bottom, "grid"))
        if after - x >= len(one.words) * 6.4:
            made.append(svg.text(x + 3, 12, one.words, "t-axis", hidden=True))
    return "".join(made)


def _label(row: Row, top: float) -> str:
    lines = wrap(row.label, 30)[:2]
    made = [svg.text(LEFT - 12, top + 11 + 14 * n, one, "t-lane", "end") for n, one in enumerate(lines)]
    if len(lines) == 1:
        made.append(svg.text(LEFT - 12, top + 26, words.day(row.since), "t-quiet", "end"))
    return "".join(made)


def _bar(row: Row, scale: Scale, top: float, height: float, uid: str, *, inside: bool) -> str:
    start, end = scale.edge(row.since), scale.end
    made = [svg.rect(start, top, max(end - start, 3), height, f"clock {_FILL[row.kind]}")]
    if row.gap_from is not None and row.gap_from < row.since:
        gap = scale.edge(row.gap_from)
        made.append(svg.rect(gap, top, start - gap, height, "bar bar-silence", fill=f"{uid}-silence"))
        width = len(row.gap) * _LETTER + 8
        if inside and width < start - gap:
            middle = (gap + start) / 2
            made.append(svg.rect(middle - width / 2, top + 3, width, height - 6, "paper"))
            made.append(svg.text(middle, top + height / 2 + 4.5, row.gap, "t-strong", "middle"))
        elif inside and row.gap and gap - scale.start > width:
            made.append(svg.text(gap - 6, top + height / 2 + 4.5, row.gap, "t-strong", "end"))
    fits = [one for one in (row.said, row.said.partition(":")[0]) if len(one) * _LETTER + 14 < end - start]
    if inside and fits and row.kind != "officer":
        made.append(svg.text(start + 8, top + height / 2 + 4.5, fits[0], "t-bar"))
    return svg.titled("".join(made), f"{row.label}: {row.said}")


def _note(said: str, x: float, y: float, low: float, high: float) -> str:
    """Words that begin at a place, or end there where they would not fit after it."""
    wide = len(said) * _LETTER
    if x + wide <= high:
        return svg.text(x - 2, y, said, "t-strong")
    return (
        svg.text(min(x + 2, high), y, said, "t-strong", "end")
        if x - wide >= low
        else svg.text(low, y, said, "t-strong")
    )
