"""The life line of a person's page: what the rooms give, joined, with the changes of law that touch such a life.

Rooms fold the entries of the page's moment and eyes, so `known_on` and `known_to` change the line by themselves; of
the law only what was in force on that day is flagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from throughcare.ledger.entry import london_day
from throughcare.web import law_changes, words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_ref
from throughcare.web.page import LifeFigure
from throughcare.web.pictures.life import Life, joined
from throughcare.web.pictures.life_line import drawn_life
from throughcare.web.pictures.life_pieces import LifeLine, span_of
from throughcare.web.shell import Link

ZOOMS = {"": "whole", "10": "10 years", "3": "3 years"}
"""What the parameter `life` asks for: the last so many years; without it the whole life."""


def life_figure(case: Case, made: Sequence[Drawing], given: Mapping[str, str]) -> LifeFigure | None:
    """The life line of a person; None where no room has anything to draw on it."""
    life = joined(one.life for one in made if one.life)
    if not life:
        return None
    until = london_day(case.look.until)
    whole = span_of(life, until)
    zoom = given.get("life", "") if given.get("life", "") in ZOOMS else ""
    first, last = (max(whole[0], _years_before(until, int(zoom))), whole[1]) if zoom else whole
    kinds = sentences(case)
    life = replace(life, flags=(*life.flags, *law_changes.flags(kinds, until=until)))
    line = LifeLine(
        uid="life",
        title=f"Life line of {case.name}",
        life=life,
        first=first,
        last=last,
        now=until,
        hrefs=_hrefs(case, life),
    )
    return LifeFigure(
        drawn=drawn_life(line, without_day=law_changes.without_day(kinds, until=until)),
        title=f"Life line, {words.span(first, last)}",
        zooms=_zooms(case, zoom, whole, until),
    )


def sentences(case: Case) -> frozenset[str]:
    """The types of sentence that were passed on this person, as far as the page shows them."""
    return frozenset(str(one.body["type"]) for one in case.about if one.kind == "sentence.imposed")


def _hrefs(case: Case, life: Life) -> dict[str, str]:
    """Where the entries are from which the parts were made; a part begins or ends on the day of its entry."""
    wanted = {one.ref for one in life.spells} | {one.ref for one in life.brackets} | {one.ref for one in life.strands}
    days = {one.since for one in life.spells} | {one.until for one in life.spells}
    days |= {one.since for one in life.brackets} | {one.since for one in life.strands}
    near = (entry for entry in case.entries if entry.happened.day in days)  # of thousands: an id costs a hash
    named = ((mark_ref(entry), entry) for entry in near)
    return {ref: f"/people/{case.person}/entries/{entry.id}" for ref, entry in named if ref in wanted}


def _zooms(case: Case, zoom: str, whole: tuple[date, date], until: date) -> tuple[Link, ...]:
    """The other spans, where the life is longer than they are."""
    offered = [name for name in ZOOMS if not name or _years_before(until, int(name)) > whole[0]]
    base = f"/people/{case.person}"
    if len(offered) < 2:
        return ()
    return tuple(
        Link(ZOOMS[name], f"{base}{case.look.query(life=name)}#life-h", current=name == zoom) for name in offered
    )


def _years_before(day: date, years: int) -> date:
    """The same day so many years before; the last day of February stands for the 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
