"""The demonstration's adult says on each day what the law and practice of that day say of him."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.conf import settings

from throughcare.demo import stories
from throughcare.ledger import kinds, life
from throughcare.project.replay import replay
from throughcare.project.tests.test_lives import differences

FOLDER = stories.FOLDER / "six-coble-row"
EXPECTED = json.loads((FOLDER / "expected.json").read_text("utf-8"))
TOLD = life.read(FOLDER, kinds.load(settings.ROOMS))


@pytest.mark.parametrize("asked", EXPECTED["on"], ids=lambda one: f"{one['on']} {one['known_to'] or 'everybody'}")
def test_the_adult_says_on_each_day_what_is_expected(asked: dict[str, Any]) -> None:
    answer = replay(TOLD, date.fromisoformat(asked["on"]), asked["known_to"])
    assert [*differences(answer, asked, Counter())] == []


def test_the_records_of_one_person_are_joined_by_what_they_share_and_two_women_are_not() -> None:
    links = replay(TOLD, stories.LAST_DAY, links="matched")["links"]
    joined = {frozenset(pair) for pair in links["joined"]}
    assert {frozenset(pair) for pair in EXPECTED["links"]["must_link"]} <= joined
    assert not {frozenset(pair) for pair in EXPECTED["links"]["must_not_link"]} & joined
