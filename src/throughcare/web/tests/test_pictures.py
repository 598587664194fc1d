"""The pictures: the same facts as their tables, everything escaped, ids their own, fast."""

from __future__ import annotations

import itertools
import re
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from throughcare.web.pictures import fold, moments, names, silence, table, tall, wide
from throughcare.web.pictures.line import drawn
from throughcare.web.pictures.scale import Scale, apart, ticks
from throughcare.web.pictures.values import KIND_WORDS, Bar, Fill, Lane, Line, Mark, Standing
from throughcare.web.tests import samples, sixty

NOON = datetime(2024, 6, 1, 12)  # noqa: DTZ001 - London time, as words.local says


def names_in(picture: str) -> list[str]:
    """Return the names of all marks and bars of a picture, the ladder's left out."""
    root = ET.fromstring(picture)  # noqa: S314 - our own drawing
    return [
        part.attrib["aria-label"]
        for part in root.iter()
        if "aria-label" in part.attrib and "rung" not in part.attrib.get("class", "")
    ]


def ids_in(markup: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', markup)


lanes = st.integers(1, 14)
kinds = st.sampled_from(list(KIND_WORDS))
standings: st.SearchStrategy[Standing] = st.sampled_from(["stands", "corrected", "withdrawn", "planned", "restricted"])


@st.composite
def lines(draw: st.DrawFn) -> Line:
    many = draw(lanes)
    first = draw(st.dates(date(1985, 1, 1), date(2030, 1, 1)))
    days = draw(st.sampled_from([0, 1, 6, 30, 250, 365 * 5, 365 * 40]))
    last = first + timedelta(days=days)
    marks = tuple(
        Mark(
            ref=f"m{i}",
            kind=draw(kinds),
            at=datetime.combine(first, datetime.min.time()) + timedelta(days=draw(st.floats(0, days + 0.99))),
            lane=draw(st.sampled_from(["", *(f"a{n}" for n in range(many))])),
            agency="A & B",
            what=draw(st.sampled_from(["<script>alert(1)</script>", 'x" onload="y', "plain", "2 < 3 & 4"])),
            knew=draw(st.sampled_from([None, NOON])),
            level=draw(st.sampled_from(["low", "high"])),
            standing=draw(standings),
            count=draw(st.integers(1, 9)),
        )
        for i in range(draw(st.integers(0, 40)))
    )
    fills: st.SearchStrategy[Fill] = st.sampled_from(["plan", "enquiry", "silence"])
    bars = tuple(
        Bar(ref=f"b{i}", fill=fill, start=first, end=None, name=f"{fill} <b>", label="words")
        for i, fill in enumerate(draw(st.lists(fills, max_size=4)))
    )
    now = datetime.combine(draw(st.dates(first, last)), datetime.min.time())
    return Line(
        uid="x",
        title="A <line>",
        first=first,
        last=last,
        now=now,
        lanes=tuple(Lane(code=f"a{n}", name=f"Lane {n} <i>") for n in range(many)),
        marks=marks,
        bars=bars,
        whose=draw(st.sampled_from(["", "police"])),
        born=draw(st.sampled_from([None, first - timedelta(days=400)])),
        ticks=tuple(m.at for m in marks),
        zoom_href="/p?zoom=week",
    )


@settings(max_examples=60, deadline=None)
@given(lines())
def test_the_picture_and_the_table_hold_the_same_names(line: Line) -> None:
    folded = fold.folded(line)
    rows = sorted(row.name for row in table.line_table(folded))
    assert sorted(names_in(wide.wide_line(folded))) == rows
    assert sorted(name for part in tall.tall_lines(folded) for name in names_in(part)) == rows


def test_a_crowded_line_and_its_table_hold_the_same_names() -> None:
    line = fold.folded(samples.crowded())
    rows = table.line_table(line)
    assert any(row.inside for row in rows)
    assert sorted(names_in(wide.wide_line(line))) == sorted(row.name for row in rows)
    assert sum(len(row.inside) or 1 for row in rows) == 2000


def test_folding_keeps_every_mark_once() -> None:
    line = samples.crowded(600)
    kept = [m.ref for mark in fold.folded(line).marks for m in (mark.inside or (mark,))]
    assert sorted(kept) == sorted(m.ref for m in line.marks)


def test_a_fold_leads_to_its_days() -> None:
    crowd = next(m for m in fold.folded(samples.crowded()).marks if m.crowd)
    assert re.fullmatch(r"\?zoom=month&from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d", crowd.href)
    assert "entries: " in names.name(crowd, samples.crowded(10))


@settings(max_examples=40, deadline=None)
@given(lines())
def test_everything_is_escaped_and_well_formed_and_ids_are_used_once(line: Line) -> None:
    every = drawn(line)
    parts = [every.wide, *every.tall, *([every.ladder] if every.ladder else [])]
    for part in parts:
        ET.fromstring(part)  # noqa: S314 - our own drawing
        assert "<script" not in part
        assert "style=" not in part
    found = ids_in("".join(parts))
    assert len(found) == len(set(found))


def test_an_address_that_runs_a_script_is_not_drawn() -> None:
    mark = Mark(ref="m", kind="seen", at=NOON, lane="a", agency="", what="", href="javascript:alert(1)")
    line = Line(
        uid="x",
        title="",
        first=NOON.date(),
        last=NOON.date(),
        now=NOON,
        lanes=(Lane(code="a", name="A"),),
        marks=(mark,),
    )
    assert "javascript" not in wide.wide_line(line)


def test_a_restricted_mark_is_drawn_without_words_or_link() -> None:
    mark = Mark(ref="m", kind="injury", at=NOON, lane="a", agency="Police", what="secret", standing="restricted")
    line = Line(
        uid="x",
        title="",
        first=NOON.date(),
        last=NOON.date(),
        now=NOON,
        lanes=(Lane(code="a", name="A"),),
        marks=(mark,),
    )
    every = drawn(line)
    for part in (every.wide, *every.tall):
        assert "secret" not in part
        assert 'href="#x-m"' not in part
        assert "Restricted entry, Police. Ask the case owner." in part
    assert every.ladder is None
    assert [row.what for row in every.rows] == ["Ask the case owner"]


def test_two_thousand_marks_are_drawn_fast() -> None:
    line = samples.crowded()
    drawn(line)
    best = min(_seconds(line) for _ in range(5))
    assert best < 0.25, f"{best:.3f} s of processor time (0.06 on a quiet machine)"


def _seconds(line: Line) -> float:
    begin = time.process_time()
    folded = fold.folded(line)
    wide.wide_line(folded)
    tall.tall_lines(folded)
    return time.process_time() - begin


def test_an_empty_line_says_so() -> None:
    every = drawn(replace(samples.crowded(0), sentence=""))
    assert every.empty
    assert "Nothing is recorded from 1 January to 30 December 2024." in every.wide


@given(st.lists(st.floats(0, 1000), max_size=60), st.floats(1, 30))
def test_marks_kept_apart_keep_their_order_and_room(wanted: list[float], gap: float) -> None:
    wanted.sort()
    places = apart(wanted, gap, 0, 1000)
    room = min(gap, 1000 / (len(wanted) - 1)) if len(wanted) > 1 else 0
    assert all(b - a >= room - 1e-6 for a, b in itertools.pairwise(places))
    assert all(-1e-6 <= place <= 1000 + 1e-6 for place in places)


def test_marks_with_room_stay_on_their_day() -> None:
    assert apart([0, 20, 40], 13, 0, 100) == [0, 20, 40]


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 365 * 45))
def test_every_span_has_an_axis_that_can_be_read(first: date, days: int) -> None:
    scale = Scale(first, first + timedelta(days=days), 146, 1078)
    found = ticks(scale, room=58)
    places = [scale(tick.at) for tick in found]
    assert len(found) < 20
    assert all(b - a >= 57 for a, b in itertools.pairwise(places)) or len(found) < 8


@pytest.mark.parametrize(("first", "last"), [("2024-03-02", "2024-03-01")])
def test_a_span_that_ends_before_it_begins_is_refused(first: str, last: str) -> None:
    with pytest.raises(ValueError, match="Give the same day or a later one"):
        Scale(date.fromisoformat(first), date.fromisoformat(last), 0, 1)


def test_silence_is_found_and_named() -> None:
    at = (date(2024, 1, 1), date(2024, 1, 10), date(2024, 3, 20))
    marks = [
        Mark(ref=str(i), kind="seen", at=datetime.combine(d, datetime.min.time()), lane="HV", agency="", what="")
        for i, d in enumerate(at)
    ]
    (bar,) = silence.silences(
        marks,
        lanes=("HV", "GP"),
        who="any health agency",
        first=at[0],
        last=date(2024, 4, 1),
        at_least=timedelta(weeks=6),
    )
    assert bar.name == "No entry from any health agency for 10 weeks, 10 January to 20 March 2024"
    assert bar.label == "10 weeks"


def test_the_strip_of_moments_is_for_the_eye_only() -> None:
    assert 'aria-hidden="true"' in moments.moments([NOON], NOON)
    assert moments.moments([], NOON) == ""


def test_sixty_contacts_are_all_there() -> None:
    if not sixty.rows():
        pytest.skip("The life sixty-contacts is not there: neither in tests/lives nor beside the checkout.")
    every = drawn(sixty.line())
    assert "21 occasions" in every.ladder_title
    assert "of which children’s services knew of 7" in every.sentence
    assert sixty.matrices()[0].totals == (7, 5, 4, 6, 3)


def test_moments_with_a_time_zone_stand_on_their_london_day() -> None:
    at = datetime(2024, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight on 2 July in London
    mark = Mark(ref="m", kind="seen", at=at, lane="a", agency="Police", what="seen", noted=at)
    line = Line(
        uid="x", title="", first=date(2024, 7, 2), last=date(2024, 7, 2), now=at, lanes=(Lane(code="a", name="A"),),
        marks=(mark,),
    )  # fmt: skip
    (row,) = drawn(line).rows
    assert (row.iso, row.when) == ("2024-07-02", "2 July 2024 at 12:30am")
    assert row.name == "2 July 2024 at 12:30am, Police: seen. Recorded the same day."
