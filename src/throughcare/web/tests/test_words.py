"""Days, times and numbers as our pages say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from throughcare.web import rows, words


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "midnight"), (0, 5, "12:05am"), (9, 0, "9am"), (12, 0, "midday"), (12, 1, "12:01pm"), (14, 30, "2:30pm")],
)
def test_the_clock(hour: int, minute: int, said: str) -> None:
    assert words.clock(datetime(2026, 1, 3, hour, minute, tzinfo=UTC)) == said


def test_moments_are_told_in_london_time() -> None:
    assert words.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 2026 at 12:30am"


def test_days_and_deadlines() -> None:
    on = date(2026, 3, 3)
    assert words.day(on) == "3 March 2026"
    assert words.weekday(on) == "Tuesday 3 March 2026"
    assert words.short_day(on) == "3 Mar 2026"
    assert words.deadline(on) == "by 11:59pm on 3 March 2026"
    assert words.deadline(datetime(2026, 3, 3, 14, 30, tzinfo=UTC)) == "by 2:30pm on 3 March 2026"


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-03", "2026-03-03", "3 March 2026"),
        ("2026-03-03", "2026-03-09", "3 to 9 March 2026"),
        ("2026-03-03", "2026-04-09", "3 March to 9 April 2026"),
        ("2025-12-03", "2026-01-09", "3 December 2025 to 9 January 2026"),
    ],
)
def test_spans(first: str, last: str, said: str) -> None:
    assert words.span(date.fromisoformat(first), date.fromisoformat(last)) == said


@pytest.mark.parametrize(
    ("days", "said"), [(0, "less than an hour"), (1, "1 day"), (20, "20 days"), (63, "9 weeks"), (200, "7 months")]
)
def test_lengths(days: int, said: str) -> None:
    assert words.length(timedelta(days=days)) == said


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2023-03-08", "not yet born"),
        ("2023-03-10", "1 day old"),
        ("2023-05-09", "8 weeks old"),
        ("2024-08-09", "17 months old"),
        ("2028-03-08", "4 years old"),
    ],
)
def test_ages(on: str, said: str) -> None:
    assert words.age(date(2023, 3, 9), date.fromisoformat(on)) == said


def test_numbers_and_lists() -> None:
    assert words.number(7) == "seven"
    assert words.number(1200) == "1,200"
    assert words.many(1, "entry", "entries") == "1 entry"
    assert words.listed(("a", "b", "c")) == "a, b and c"
    assert words.sentence("once more") == "Once more."


def test_a_kind_is_said_in_words_and_a_name_of_letters_in_capitals() -> None:
    assert rows.kind_words("sentence.mappa_set") == "MAPPA set"
    assert rows.kind_words("safeguarding.section47_opened") == "Section 47 opened"
