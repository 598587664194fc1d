"""The life line, whole: wide, tall, and the table with the same facts. Start here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from throughcare.web import words
from throughcare.web.pictures.life_pieces import LifeLine, LifeRow, Piece, pieces, rows
from throughcare.web.pictures.life_tall import tall_life
from throughcare.web.pictures.life_wide import turns, wide_life


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLife:
    """A life line, drawn. Its parts show the same pieces under the same names."""

    uid: str
    title: str
    sentence: str
    wide: Markup
    tall: tuple[Markup, ...]
    rows: tuple[LifeRow, ...]
    kinds: frozenset[str]  # what the legend must explain
    without_day: tuple[str, ...] = ()  # changes of law whose day is not known, so that no flag can stand


def drawn_life(line: LifeLine, *, without_day: Sequence[str] = ()) -> DrawnLife:
    """Draw a life line."""
    made = pieces(line)
    said = sentence(line)
    every = [part for one in made for part in (one.inside or (one,))]
    kinds = {one.sort for one in every} | ({"several"} if any(one.inside for one in made) else set())
    kinds |= {"uncertain"} if any(one.uncertain for one in every) else set()
    kinds |= {"planned"} if any(one.planned for one in every) else set()
    kinds |= {"decided"} if any(one.decided for one in every) else set()
    kinds |= {"broken"} if any(one.broken for one in every) else set()
    return DrawnLife(
        uid=line.uid,
        title=line.title,
        sentence=said,
        wide=wide_life(line, made, said),
        tall=tall_life(line, made, said),
        rows=rows(line, made),
        kinds=frozenset(kinds),
        without_day=tuple(without_day),
    )


def sentence(line: LifeLine) -> str:
    """What the picture shows, in one sentence."""
    done = [one.what for one in turns(line) if one.on <= line.now]
    parts = [
        words.many(done.count("Released"), "release"),
        words.many(done.count("Recalled"), "recall"),
        words.many(sum(line.shows(one.since, one.until) for one in line.life.brackets), "review"),
    ]
    return f"{words.span(line.first, line.last)}: {words.listed(parts)}. The same facts are in the table."


__all__ = ["DrawnLife", "LifeLine", "LifeRow", "Piece", "drawn_life"]
