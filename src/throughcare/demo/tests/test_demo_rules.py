"""What the demonstration shows: each threshold first met on the day that the story says, and something due each day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import pytest
from django.conf import settings

from throughcare.demo import stories
from throughcare.demo.stories import LAST_DAY, Told
from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.rules import Result, Rules
from throughcare.duties.standing import State
from throughcare.duties.view import Case, Facts
from throughcare.ledger import kinds
from throughcare.ledger.entry import london_day

KNOWN = kinds.load(settings.ROOMS)
DESIGNED = {"T01", "T03", "T04", "T05", "T08", "T09", "T10"}
_ROW = re.compile(r"^\| (T\d\d) \| (\d{4}-\d\d-\d\d) \| (w\d{3}) \|", re.MULTILINE)


@cache
def rules() -> Rules:
    rooms = [room for room in settings.ROOMS if find_spec(f"throughcare.{room}.rules")]
    declared = [getattr(import_module(f"throughcare.{room}.rules"), "RULES", Rules()) for room in rooms]
    return sum(declared, Rules())


@cache
def told(name: str) -> Told:
    return stories.tell(name, timedelta(), KNOWN)


def case_of(one: Told) -> Case:
    life = one.life
    people = {
        record.record: Facts(
            person=record.same_as or record.ref,
            born=record.date_of_birth,
            expected=record.expected_date_of_birth,
            identified=record.identified,
        )
        for record in life.records
    }
    return Case(
        entries=life.entries,
        people=people,
        parameters=life.parameters,
        sectors={one.code: one.sector for one in life.agencies.values()},
    )


@cache
def assessed(name: str, on: date) -> Assessment:
    return evaluate(case_of(told(name)), rules=rules(), on=on)


def promised() -> list[tuple[str, str, str]]:
    return _ROW.findall(told(stories.FIRST).story)


@pytest.mark.parametrize(("rule", "day", "ref"), promised())
def test_each_threshold_is_first_met_on_the_day_and_by_the_entry_of_the_story(rule: str, day: str, ref: str) -> None:
    first = min(
        (
            one
            for one in assessed(stories.FIRST, LAST_DAY).findings
            if one.rule == rule and one.result is Result.MATCHED
        ),
        key=lambda one: one.raised,
    )
    assert first.raised == date.fromisoformat(day)
    assert ref in {key.ref for key in first.evidence}


def test_the_seven_thresholds_of_the_story_fall_on_seven_days_in_turn() -> None:
    days = [day for rule, day, _ in promised() if rule in DESIGNED]
    assert len(days) == 7
    assert days == sorted(set(days))


def test_no_threshold_is_met_and_nothing_is_late_where_all_was_kept_in_time() -> None:
    answers = assessed("nothing-was-late", LAST_DAY)
    assert [one.rule for one in answers.findings if one.rule != "T23"] == []  # T23 only says what is due soon
    assert {one.state for one in answers.duties} <= {State.MET, State.OPEN, State.NOT_REQUIRED}


def due_days() -> Iterator[date]:
    for name in stories.names():
        for duty in assessed(name, LAST_DAY).duties:
            if duty.state is State.OPEN and duty.due is not None:
                yield london_day(duty.due) if isinstance(duty.due, datetime) else duty.due


@pytest.mark.parametrize("days", range(1, 8))
def test_something_is_due_on_each_of_the_days_on_which_the_demonstration_may_be_shown(days: int) -> None:
    assert LAST_DAY + timedelta(days=days) in set(due_days())


@pytest.mark.parametrize("weeks", [-20, 23, 31, 87])
def test_a_moved_story_still_meets_its_designed_thresholds(weeks: int) -> None:
    moved = evaluate(
        case_of(stories.tell(stories.FIRST, timedelta(weeks=weeks), KNOWN)),
        rules=rules(),
        on=LAST_DAY + timedelta(weeks=weeks),
    )
    assert {one.rule for one in moved.findings if one.result is Result.MATCHED} >= DESIGNED
