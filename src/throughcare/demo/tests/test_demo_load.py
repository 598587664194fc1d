"""The demonstration comes into the database whole, once, and shows what is due now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection, transaction

from throughcare.access.models import Relationship, User
from throughcare.demo import load, staff, stories
from throughcare.duties.models import DutyRow, FindingRow
from throughcare.ledger import kinds
from throughcare.people.models import Doubt, Holding

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_the_demonstration_is_loaded_once_and_whole_with_everybody_joined_and_everything_worked_out() -> None:
    said: list[str] = []
    load.load(kinds.load(settings.ROOMS), at=NOW, say=said.append)
    assert len(said) == 2 + len(stories.names())
    each_is_there_once()
    persons_are_who_they_should_be()
    answers_are_worked_out()


def each_is_there_once() -> None:
    people = staff.read()
    assert User.objects.filter(demonstration=True).count() == len(people.workers)
    assert Relationship.objects.count() >= len(people.ties)
    again: list[str] = []
    load.load(kinds.load(settings.ROOMS), at=NOW, say=again.append)
    assert again == []


def persons_are_who_they_should_be() -> None:
    wren = ["LA-20417", "GP-5583", "HV-3310", "HOSP-88214", "POL-7702", "NUR-041", "HOUS-T12"]
    assert persons(wren) == 1
    assert persons(["LA-18802", "LB-9954"]) == 2
    assert Doubt.objects.filter(first__ref="POL-6119", second__ref="HOUS-P77", decided_at=None).exists()


def persons(refs: list[str]) -> int:
    return Holding.objects.filter(ref__in=refs).values("person").distinct().count()


def answers_are_worked_out() -> None:
    wren = Holding.objects.get(ref="LA-20417").person_id
    assert DutyRow.objects.filter(person=wren, state="open").exists()
    rules = set(FindingRow.objects.filter(person=wren).values_list("rule", flat=True))
    assert rules >= {"T01", "T03", "T04", "T05", "T08", "T09", "T10"}


@pytest.mark.timeout(150)  # it took hours, and now takes some ten seconds
def test_it_loads_in_time_where_the_planner_last_counted_empty_tables(as_owner) -> None:
    with transaction.atomic():
        load.load(kinds.load(settings.ROOMS), at=NOW, say=lambda _: None)
        transaction.set_rollback(True)  # leaves dead rows, and nothing that is there
    with as_owner(), connection.cursor() as cursor:
        for table in ("ledger_concern", "ledger_entry", "ledger_payload", "people_record"):
            cursor.execute(f"ANALYZE {table}")
    load.load(kinds.load(settings.ROOMS), at=NOW, say=lambda _: None)
    assert load.is_loaded()
