"""The pages of law hold, case by case, and counting keeps its promises."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.duties.calendar import (
    BeyondCalendar,
    CalendarError,
    Convention,
    WorkingDays,
    due_day,
    england_and_wales,
    parse_period,
)
from throughcare.duties.engine import evaluate
from throughcare.duties.rules import Result
from throughcare.duties.standing import Duty, due_text
from throughcare.duties.view import Case, Facts
from throughcare.ledger.entry import LONDON, Concern, Entry, Precision, Record, Share, When
from throughcare.project.replay import declared

PAGES = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law"
SHARED = Path(__file__).resolve().parents[5] / "shared" / "lives" / "bank-holidays.json"
RULES, _ = declared()
CHILD = Record("LA", "C")
days_of_law = st.dates(date(2005, 1, 1), date(2028, 6, 1))


def cases(page: str) -> list[dict[str, str]]:
    """The rows of a page's only table, by the names in its first line."""
    lines = [line for line in (PAGES / page).read_text("utf-8").splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


@pytest.mark.parametrize("case", cases("working-days.md"), ids=lambda case: case["case"])
def test_a_length_ends_on_the_day_of_the_page(case: dict[str, str]) -> None:
    period = parse_period(case["length"])
    due = due_day(date.fromisoformat(case["start"]), period, Convention(case["convention"]), days=england_and_wales())
    assert due.isoformat() == case["due"]


def when(text: str) -> When:
    if "T" in text:
        return When(Precision.MINUTE, at=datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC))
    if text.count("-") == 1:
        return When(Precision.MONTH, on=date.fromisoformat(f"{text}-01"))
    return When(Precision.DAY, on=date.fromisoformat(text)) if text else When(Precision.UNKNOWN)


def entry(ref: str, what: str, happened: str, *, noted: str = "", corrects: str | None = None) -> Entry:
    kind, _, body = what.partition(" ")
    at = noted or f"{happened[:10]}T23:00"
    return Entry(
        ref=ref,
        kind=kind,
        agency="LA",
        author_role="",
        happened=when(happened),
        noted=datetime.fromisoformat(at).replace(tzinfo=LONDON).astimezone(UTC),
        concerns=(Concern("subject", CHILD),),
        body=json.loads(body or "{}"),
        corrects=corrects,
    )


def of(entries: list[Entry]) -> Case:
    return Case(entries=entries, people={CHILD: Facts(person="C", born=date(2023, 1, 1))})


@pytest.mark.parametrize("case", cases("timescales.md"), ids=lambda case: f"{case['rule']} {case['case']}")
def test_a_duty_stands_where_the_page_says(case: dict[str, str]) -> None:
    entries = [entry("start", case["start"], case["happened"])]
    if case["met by"]:
        entries.append(entry("met", case["met by"], case["met happened"]))
    said = evaluate(of(entries), rules=RULES, on=date.fromisoformat(case["on"])).duties
    duty = next(one for one in said if one.rule == case["rule"] and one.started_by.ref == "start")
    assert (due_text(duty.due) or "", str(duty.state)) == (case["due"], case["state"])


def test_bank_holidays_are_those_that_all_lives_use() -> None:
    if not SHARED.exists():
        pytest.skip("../shared is not there")
    listed = json.loads(SHARED.read_text("utf-8"))["england-and-wales"]
    assert england_and_wales().holidays == {date.fromisoformat(row["date"]) for row in listed}


def test_counting_beyond_the_known_years_is_refused() -> None:
    with pytest.raises(BeyondCalendar, match=r"bank_holidays\.toml"):
        england_and_wales().after(date(2028, 12, 20), 10)
    with pytest.raises(BeyondCalendar):
        england_and_wales().before(date(2005, 1, 5), 10)


@pytest.mark.parametrize("text", ["", "many days", "3 fortnights", "3 days 4"])
def test_a_length_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        parse_period(text)


@given(start=days_of_law, days=st.integers(1, 60))
def test_the_day_found_is_a_working_day_with_so_many_between(start: date, days: int) -> None:
    calendar = england_and_wales()
    found = calendar.after(start, days)
    passed = [start + timedelta(n) for n in range(1, (found - start).days + 1)]
    assert calendar.is_working(found)
    assert sum(map(calendar.is_working, passed)) == days


@given(start=days_of_law, days=st.integers(1, 60), holiday=days_of_law)
def test_one_more_holiday_never_brings_a_deadline_forward(start: date, days: int, holiday: date) -> None:
    first, last = date(2005, 1, 1), date(2028, 12, 31)
    with_it = WorkingDays({holiday}, first=first, last=last)
    assert with_it.after(start, days) >= WorkingDays(set(), first=first, last=last).after(start, days)


@given(day=days_of_law.filter(lambda one: one.year > 2005), days=st.integers(1, 60))
def test_counting_back_and_on_again_comes_home(day: date, days: int) -> None:
    calendar = england_and_wales()
    if calendar.is_working(day):
        assert calendar.after(calendar.before(day, days), days) == day


# --- what section 6 and 7 say beyond the tables -----------------------------------------------------------------------

INJURY = (
    'safeguarding.injury_found {"occasion": "%s", "type": "bruise", "site": "shin", "count": 1, '
    '"pattern": "none", "mobility": "%s"}'
)


def findings(entries: list[Entry], on: str, rule: str) -> list[tuple[str, str, list[str]]]:
    said = evaluate(of(entries), rules=RULES, on=date.fromisoformat(on)).findings
    return [(str(one.raised), one.result, [key.ref for key in one.evidence]) for one in said if one.rule == rule]


def duty(entries: list[Entry], on: str, rule: str) -> Duty:
    return next(one for one in evaluate(of(entries), rules=RULES, on=date.fromisoformat(on)).duties if one.rule == rule)


def test_the_example_of_the_format_cannot_tell_and_then_matches() -> None:
    i1 = entry("i1", INJURY % ("o1", "unknown"), "2024-05-07T09:30", noted="2024-05-07T10:10")
    i2 = entry("i2", INJURY % ("o1", "sitting"), "2024-05-07T09:30", noted="2024-05-09T12:00", corrects="i1")
    assert findings([i1, i2], "2024-05-08", "T01") == [("2024-05-07", Result.CANNOT_TELL, ["i1"])]
    assert findings([i1, i2], "2024-05-09", "T01") == [("2024-05-09", Result.MATCHED, ["i2"])]


def test_a_withdrawn_fact_withdraws_the_finding_and_names_the_correction() -> None:
    i1 = entry("i1", INJURY % ("o1", "sitting"), "2024-05-07")
    gone = entry("w", 'record.withdrawn {"reason": "wrong child"}', "2024-05-09", corrects="i1")
    assert findings([i1, gone], "2024-05-08", "T01") == [("2024-05-07", Result.MATCHED, ["i1"])]
    assert findings([i1, gone], "2024-05-09", "T01") == [("2024-05-07", Result.WITHDRAWN, ["i1", "w"])]


def test_a_correction_that_changes_nothing_of_the_fact_keeps_the_day() -> None:
    i1 = entry("i1", INJURY % ("o1", "sitting"), "2024-05-07")
    i2 = entry("i2", INJURY % ("o1", "rolling"), "2024-05-07", noted="2024-05-09T12:00", corrects="i1")
    assert findings([i1, i2], "2024-05-10", "T01") == [("2024-05-07", Result.MATCHED, ["i2"])]


def test_an_occasion_that_is_explained_by_a_witness_on_the_same_day_was_never_raised() -> None:
    account = (
        'safeguarding.explanation_given {"injuries": ["i2"], "mechanism": "other", "independently_witnessed": "yes"}'
    )
    made = [
        entry("i1", INJURY % ("o1", "walking"), "2024-05-01"),
        entry("i2", INJURY % ("o2", "walking"), "2024-05-07", noted="2024-05-07T23:00"),
        entry("x2", account, "2024-05-07", noted="2024-05-07T23:30"),
    ]
    assert findings(made, "2024-05-08", "T04") == []
    assert findings(made[:2], "2024-05-08", "T04") == [("2024-05-07", Result.MATCHED, ["i1", "i2"])]


def test_an_earlier_occasion_noted_later_raises_on_the_day_of_its_note() -> None:
    made = [
        entry("i2", INJURY % ("o2", "walking"), "2024-05-07"),
        entry("i1", INJURY % ("o1", "walking"), "2024-05-01", noted="2024-05-20T10:00"),
    ]
    assert findings(made, "2024-05-19", "T04") == []
    assert findings(made, "2024-05-20", "T04") == [("2024-05-20", Result.MATCHED, ["i1", "i2"])]


def test_occasions_a_year_apart_count_and_a_day_more_do_not() -> None:
    first = entry("i1", INJURY % ("o1", "walking"), "2023-05-07")
    assert findings([first, entry("i2", INJURY % ("o2", "walking"), "2024-05-07")], "2024-06-01", "T04")
    assert not findings([first, entry("i2", INJURY % ("o2", "walking"), "2024-05-08")], "2024-06-01", "T04")


def test_a_duty_is_not_started_by_a_month() -> None:
    start = entry("r", "safeguarding.referral {}", "2024-05", noted="2024-06-03T10:00")
    found = duty([start], "2024-09-01", "S02")
    assert (found.due, str(found.state)) == (None, "open")


def test_a_meeting_noted_late_turns_overdue_into_met() -> None:
    start = entry("r", "safeguarding.referral {}", "2024-03-18")
    late = entry("d", 'safeguarding.referral_decided {"referral": "r"}', "2024-03-19", noted="2024-03-25T10:00")
    assert str(duty([start, late], "2024-03-24", "S01").state) == "overdue"
    assert str(duty([start, late], "2024-03-25", "S01").state) == "met"


def test_a_release_after_the_due_day_is_not_required_all_the_same() -> None:
    start = entry("r", "safeguarding.referral {}", "2024-03-18")
    closed = entry("c", 'safeguarding.case_closed {"reason": "RC1"}', "2024-07-01")
    found = duty([start, closed], "2024-07-02", "S02")
    assert str(found.state) == "not_required"
    assert any("had passed" in step for step in found.why)


def test_a_correction_known_past_the_one_between_takes_the_place_of_the_first() -> None:
    told = (Share("POL", datetime(2024, 5, 10, tzinfo=UTC)),)
    i1 = replace(entry("i1", INJURY % ("o1", "sitting"), "2024-05-07"), shared=told)
    i2 = entry("i2", INJURY % ("o1", "unknown"), "2024-05-07", noted="2024-05-08T12:00", corrects="i1")
    i3 = replace(
        entry("i3", INJURY % ("o1", "walking"), "2024-05-07", noted="2024-05-09T12:00", corrects="i2"),
        shared=(Share("POL", datetime(2024, 5, 11, tzinfo=UTC)),),
    )
    said = evaluate(of([i1, i2, i3]), rules=RULES, on=date(2024, 5, 12), known_to="POL").findings
    assert [(one.rule, one.result) for one in said if one.rule == "T01"] == [("T01", Result.WITHDRAWN)]
