"""The life line: the picture for wide pages, the one for phones and the table say the same, whatever a life holds."""

from __future__ import annotations

import itertools
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.web import law_changes
from throughcare.web.pictures.life import Bracket, Flag, Life, LifeRefused, Spell, Step, Strand, joined
from throughcare.web.pictures.life_line import DrawnLife, LifeLine, drawn_life
from throughcare.web.pictures.life_pieces import span_of
from throughcare.web.pictures.life_wide import turns
from throughcare.web.tests import lives

FIRST = date(1985, 1, 1)
words = st.sampled_from(["plain", "<script>alert(1)</script>", 'x" onload="y', "2 < 3 & 4", ""])


def names_in(picture: str) -> list[str]:
    """The names of all parts of a picture that can be pressed."""
    root = ET.fromstring(picture)  # noqa: S314 - our own drawing
    return [part.attrib["aria-label"] for part in root.iter() if "aria-label" in part.attrib]


@st.composite
def spans(draw: st.DrawFn, days: int) -> tuple[date, date | None]:
    since = FIRST + timedelta(days=draw(st.integers(0, days)))
    long = draw(st.sampled_from([None, 0, 1, 30, 800, 9000]))
    return since, None if long is None else since + timedelta(days=long)


@st.composite
def lines(draw: st.DrawFn) -> LifeLine:
    days = draw(st.sampled_from([0, 20, 900, 365 * 15, 365 * 45]))

    def some(most: int) -> list[tuple[date, date | None]]:
        return draw(st.lists(spans(days), max_size=most))

    kinds = st.sampled_from(["custody", "hospital", "licence", "supervision", "at_large"])
    life = Life(
        spells=tuple(Spell(kind=draw(kinds), since=a, until=b, what=draw(words)) for a, b in some(30)),
        brackets=tuple(
            Bracket(since=a, until=b, what=draw(words), result=draw(words), steps=(Step(a, "Papers"),))
            for a, b in some(30)
        ),
        strands=tuple(
            Strand(
                since=a, until=b, what=f"{draw(words)} {i % 17}", kind=draw(words),
                broken_on=draw(st.sampled_from([None, a])),
            )
            for i, (a, b) in enumerate(some(30))
        ),
        flags=tuple(
            Flag(on=a, what=draw(words), source=draw(words), mark=draw(st.sampled_from("VLKGXU")))
            for a, _ in some(25)
        ),
    )  # fmt: skip
    last = FIRST + timedelta(days=days)
    now = draw(st.dates(FIRST, last))
    return LifeLine(uid="life", title="A <life>", life=life, first=draw(st.dates(FIRST, now)), last=last, now=now)


@settings(max_examples=80, deadline=None)
@given(lines())
def test_both_pictures_and_the_table_hold_the_same_names(line: LifeLine) -> None:
    every = drawn_life(line)
    rows = sorted(row.name for row in every.rows)
    assert sorted(names_in(every.wide)) == rows
    assert sorted(name for part in every.tall for name in names_in(part)) == rows


@settings(max_examples=60, deadline=None)
@given(lines())
def test_a_name_says_all_that_its_row_says(line: LifeLine) -> None:
    for row in drawn_life(line).rows:
        assert row.when in row.name
        assert row.what.lower() in row.name.lower()
        assert row.more.rstrip(".").lower() in row.name.lower()


@settings(max_examples=60, deadline=None)
@given(lines())
def test_folding_loses_nothing_of_the_days_shown(line: LifeLine) -> None:
    shown = drawn_life(line).rows
    life = line.life
    parts = sum(line.shows(one.since, one.until) for one in (*life.spells, *life.brackets))
    parts += sum(line.first <= one.on <= line.last for one in life.flags)
    parts += len({(one.kind, one.what) for one in life.strands if line.shows(one.since, one.until)})
    assert sum(len(row.inside) or 1 for row in shown) == parts
    refs = [ref for row in shown for ref in (row.ref, *(inner for inner, *_ in row.inside))]
    assert len(refs) == len(set(refs))


@settings(max_examples=40, deadline=None)
@given(lines())
def test_everything_is_escaped_and_every_link_leads_to_its_row(line: LifeLine) -> None:
    every = drawn_life(line)
    rows = {row.ref for row in every.rows}
    for part in (every.wide, *every.tall):
        ET.fromstring(part)  # noqa: S314 - our own drawing
        assert "<script" not in part
        assert "style=" not in part
        assert set(re.findall(r'<a class="m" href="#([^"]+)"', part)) <= rows
    ids = re.findall(r'\sid="([^"]+)"', "".join([every.wide, *every.tall]))
    assert len(ids) == len(set(ids))


def _press_boxes(picture: str) -> list[tuple[float, float, float, float]]:
    found = re.findall(r'class="hit" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"', picture)
    return [(float(x), float(y), float(w), float(h)) for x, y, w, h in found]


@pytest.mark.parametrize("life", [lives.fifteen_years(), lives.forty_years()], ids=["fifteen", "forty"])
def test_every_part_can_be_pressed_with_a_thumb(life: Life) -> None:
    every = drawn_life(lives.line_of(life, life.spells[0].since))
    for part in (every.wide, *every.tall):
        boxes = _press_boxes(part)
        assert len(boxes) == len(names_in(part))
        assert all(w >= 24 and h >= 24 for _, _, w, h in boxes)


def _drawn(life: Life, **more: object) -> DrawnLife:
    line = lives.line_of(life, life.spells[0].since)
    return drawn_life(replace(line, **more))  # type: ignore[arg-type]


def test_forty_years_stay_within_what_an_eye_can_take_in() -> None:
    every = _drawn(lives.forty_years())
    assert len(every.rows) < 70
    drawn_words = re.findall(r'<text x="([-\d.]+)" y="([-\d.]+)" class="t-strong"[^>]*>([^<]+)<', every.wide)
    by_row: dict[str, list[tuple[float, str]]] = {}
    for x, y, said in drawn_words:
        by_row.setdefault(y, []).append((float(x), said))
    for row in by_row.values():
        row.sort()
        assert all(b[0] - a[0] > 40 for a, b in itertools.pairwise(row)), row


def test_release_rises_recall_drops_and_the_return_comes_after_the_days_at_large() -> None:
    said = [(one.what, one.on) for one in turns(lives.line_of(lives.fifteen_years(), date(2010, 3, 12)))]
    assert said == [
        ("", date(2010, 3, 12)),
        ("Released", date(2014, 10, 6)),
        ("Recalled", date(2016, 5, 11)),
        ("Released", date(2022, 8, 4)),
        ("Recalled", date(2024, 9, 4)),
        ("Returned", date(2024, 9, 13)),
    ]


def test_the_day_of_the_page_ends_what_goes_on_and_later_things_are_planned() -> None:
    life = Life(
        spells=(Spell(kind="custody", since=date(2020, 1, 1), until=None, what="Custody"),),
        brackets=(Bracket(since=date(2024, 1, 1), until=None, what="Review"),),
    )
    row = _drawn(life, now=date(2023, 1, 1)).rows
    assert row[0].more == "3 years so far"
    assert row[1].kind == "planned, review"


def test_an_uncertain_law_is_hollow_and_says_so() -> None:
    every = _drawn(lives.fifteen_years(), first=date(2025, 2, 20))
    (row,) = [one for one in every.rows if one.kind.endswith("change of law")]
    assert "Uncertain" in row.more
    assert 'class="flag uncertain"' in every.wide


def test_the_whole_span_reaches_a_planned_day_but_no_further_than_is_useful() -> None:
    spell = Spell(kind="custody", since=date(2020, 1, 1), until=date(2050, 1, 1), what="Custody")
    assert span_of(Life(spells=(spell,)), date(2024, 1, 1)) == (date(2020, 1, 1), date(2024, 12, 31))


def test_a_part_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(LifeRefused, match="Give a later day, or None"):
        Spell(kind="custody", since=date(2020, 1, 2), until=date(2020, 1, 1), what="Custody")


def test_the_parts_of_several_rooms_are_one_life_in_order_of_time() -> None:
    later = Life(spells=(Spell(kind="licence", since=date(2021, 1, 1), until=None, what="b"),))
    early = Life(spells=(Spell(kind="custody", since=date(2020, 1, 1), until=date(2021, 1, 1), what="a"),))
    assert [one.what for one in joined([later, early]).spells] == ["a", "b"]


# --- law ------------------------------------------------------------------------------------------------------------


def test_a_flag_stands_only_where_it_touches_the_sentence() -> None:
    said = {one.what for one in law_changes.flags({"standard"}, until=date(2026, 11, 25))}
    assert "Recall for 56 days" in said
    assert "The licence can end by itself" not in said
    assert "Staying at large after recall is an offence" in said


@pytest.mark.parametrize(("on", "there"), [("2024-10-31", False), ("2024-11-01", True)])
def test_a_flag_of_a_later_day_is_not_shown(on: str, there: bool) -> None:
    found = {one.what for one in law_changes.flags({"ipp"}, until=date.fromisoformat(on))}
    assert ("The licence can end by itself" in found) is there


def test_every_change_of_law_has_a_source_and_a_mark_and_what_has_no_day_is_uncertain() -> None:
    for one in law_changes.changes():
        assert one.source
        assert set(one.mark.split("/")) <= set("VLKGXU")
        assert one.on is not None or one.mark == "U"


def test_a_life_of_forty_years_is_drawn_fast() -> None:
    life = lives.forty_years()
    _drawn(life)
    began = time.process_time()
    _drawn(life)
    assert time.process_time() - began < 0.1
