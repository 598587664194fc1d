"""The demonstration's lives keep what their stories promise, on every day on which they may be shown."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.conf import settings

from throughcare.demo import stories
from throughcare.demo.stories import LAST_DAY, Told
from throughcare.ledger import kinds
from throughcare.ledger.entry import LONDON, Precision, london_day

KNOWN = kinds.load(settings.ROOMS)
UNMOVED = timedelta()
TODAYS = [LAST_DAY + timedelta(days=days) for days in (1, 2, 3, 4, 5, 6, 7, 100, 400, 1000)]


@pytest.fixture(scope="module")
def told() -> dict[str, Told]:
    return {name: stories.tell(name, UNMOVED, KNOWN) for name in stories.names()}


@pytest.fixture(scope="module")
def wren(told: dict[str, Told]) -> Told:
    return told[stories.FIRST]


def test_the_demonstration_child_has_exactly_sixty_contacts_in_eight_months(wren: Told) -> None:
    contacts = stories.contacts(wren)
    days = [day for entry in contacts if (day := entry.happened.day)]
    assert len(contacts) == 60
    assert (min(days), max(days)) == (date(2025, 10, 14), date(2026, 6, 13))


def test_marks_are_found_on_twenty_one_occasions(wren: Told) -> None:
    gone = {entry.corrects for entry in wren.life.entries}
    found = [one for one in wren.life.entries if one.kind == "safeguarding.injury_found" and one.ref not in gone]
    assert len({one.body["occasion"] for one in found}) == 21


def test_the_life_holds_a_correction_a_withdrawal_a_late_note_and_a_month(wren: Told) -> None:
    entries = wren.life.entries
    assert any(one.corrects and one.kind != "record.withdrawn" for one in entries)
    assert any(one.kind == "record.withdrawn" for one in entries)
    assert any(one.happened.precision is Precision.MONTH for one in entries)
    assert any(one.happened.day and one.noted.date() - one.happened.day > timedelta(days=90) for one in entries)


def test_no_entry_and_no_record_is_used_twice_across_the_lives(told: dict[str, Told]) -> None:
    keys = Counter(entry.key for one in told.values() for entry in one.life.entries)
    records = Counter(record.record for one in told.values() for record in one.life.records)
    assert max(keys.values()) == max(records.values()) == 1


def test_every_named_entry_is_in_the_same_life(told: dict[str, Told]) -> None:
    for one in told.values():
        refs = {entry.ref for entry in one.life.entries}
        for entry in one.life.entries:
            named = [entry.corrects] if entry.corrects else []
            for field, takes in KNOWN[entry.kind].wanted.items():
                if "ref of an entry" in takes or "refs of entries" in takes:
                    value = entry.body.get(field) or []
                    named += value if isinstance(value, list) else [value]
            assert refs.issuperset(named), (one.name, entry.ref, named)


def test_all_lives_agree_on_local_figures(told: dict[str, Told]) -> None:
    assert stories.parameters(told.values())["S13"] == {"length": 10, "unit": "working_day"}


@pytest.mark.parametrize("today", TODAYS)
def test_the_last_day_lies_one_to_seven_days_back_on_the_same_weekday(today: date) -> None:
    last = LAST_DAY + stories.shift(today)
    assert 1 <= (today - last).days <= 7
    assert last.weekday() == LAST_DAY.weekday()


@pytest.mark.parametrize("today", [TODAYS[0], TODAYS[-2], TODAYS[-1]])
def test_moved_lives_are_the_same_lives_on_other_days(today: date, told: dict[str, Told]) -> None:
    by = stories.shift(today)
    for moved in stories.lives(today, KNOWN):
        pairs = zip(told[moved.name].life.entries, moved.life.entries, strict=True)
        for before, after in pairs:
            assert before.key == after.key
            assert london_day(after.noted) - london_day(before.noted) == by
            assert after.noted.astimezone(LONDON).time() == before.noted.astimezone(LONDON).time()
            assert london_day(after.noted) < today


def test_an_infant_is_as_old_as_in_the_story_and_lookalike_birth_dates_go_on_to_look_alike() -> None:
    by = timedelta(weeks=60)
    ages = {record.ref: record.date_of_birth for record in stories.tell("wren", by, KNOWN).life.records}
    assert ages["LA-20417"] == date(2024, 12, 12) + by
    named = {record.ref: record.date_of_birth for record in stories.tell("two-of-a-name", by, KNOWN).life.records}
    assert (named["LA-18802"], named["LB-9954"]) == (date(2020, 4, 2), date(2020, 2, 4))


def test_lives_are_moved_by_whole_weeks_only() -> None:
    with pytest.raises(ValueError, match="whole number of weeks"):
        stories.tell("wren", timedelta(days=3), KNOWN)


def test_no_summary_names_a_month_or_a_feast_that_a_move_would_make_untrue(told: dict[str, Told]) -> None:
    names = re.compile(r"\b(January|February|March|April|June|July|August|September|October|November|December)\b")
    for one in told.values():
        assert not [entry.ref for entry in one.life.entries if names.search(entry.summary)], one.name
