"""One fact on its clocks: the picture and the table are one value, in both shapes, whatever the days and the names."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from throughcare.licence import clocks as c
from throughcare.web import words

days = st.dates(date(1990, 1, 1), date(2026, 11, 25))
names = st.text(st.characters(categories=("L", "N", "Zs"), include_characters="&<>'\""), min_size=1, max_size=60)


def value(began: date, knew: date, learned: date, asked: list[date], name: str) -> c.Clocks:
    gap = (learned - knew).days
    return c.Clocks(
        uid="ck1",
        title="One fact on its clocks",
        rows=(
            c.Row(label="It was true", kind="true", since=began, said=f"from {words.day(began)}"),
            c.Row(label=f"{name} knew", kind="other", since=knew, said=words.day_and_month(knew), href="/entries/1"),
            c.Row(
                label="Probation knew", kind="officer", since=learned, said=words.day(learned),
                gap_from=knew, gap=f"{gap} days not shared" if gap else "",
            ),
        ),
        asked=tuple(c.Asked(on, f"Asked, {words.day_and_month(on)}: “nobody”") for on in asked),
        until=learned,
    )  # fmt: skip


@given(days=st.lists(days, min_size=3, max_size=3), asked=st.lists(days, max_size=3), name=names)
def test_whatever_the_days_the_picture_says_in_words_what_the_table_says(days, asked, name):
    began, knew, learned = sorted(days)
    made = value(began, knew, learned, asked, name)
    table = [cell if isinstance(cell, str) else cell.words for row in made.table.rows for cell in row]
    for day in (began, knew, learned, *asked):
        assert words.day(day) in table
    drawn = str(c.drawn(made))
    assert drawn.count("<svg") == 2
    assert drawn.count("<desc") == 2
    assert "<script" not in drawn
    assert "style=" not in drawn
    assert words.day(began) in drawn


@given(days=st.lists(days, min_size=3, max_size=3), name=names)
def test_nothing_is_drawn_outside_the_picture(days, name):
    began, knew, learned = sorted(days)
    drawn = str(c.drawn(value(began, knew, learned, [learned], name)))
    wide = drawn.split("</svg>")[0]
    for start, width in re.findall(r'<rect x="([-0-9.]+)" y="[-0-9.]+" width="([0-9.]+)"', wide):
        assert float(start) >= -0.1
        assert float(start) + float(width) <= c.WIDE + 4


def test_the_gap_is_as_long_as_the_days_between_who_knew_and_who_did_not():
    made = value(date(2023, 11, 15), date(2024, 2, 20), date(2024, 9, 2), [date(2024, 3, 6)], "Police")
    assert made.rows[2].gap == "195 days not shared"
    assert "Probation knew: 2 September 2024, 195 days not shared" in made.sentence


@given(began=days, later=st.integers(0, 4000))
def test_a_fact_that_nobody_knew_before_has_two_clocks(began, later):
    learned = began + timedelta(later)
    made = c.Clocks(
        uid="a", title="t", until=learned,
        rows=(c.Row(label="It was true", kind="true", since=began, said="from then"),
              c.Row(label="Probation knew", kind="officer", since=learned, said="then")),
    )  # fmt: skip
    assert "not shared" not in str(c.drawn(made))
