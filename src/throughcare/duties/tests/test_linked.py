"""A rule that reads linked people: whoever of them is written about, the answers of all follow, also two at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from throughcare.alerts import actions as alerts
from throughcare.duties import queries
from throughcare.duties.rules import Match, Row, Rules, Threshold
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.life import PersonRecord
from throughcare.ledger.tests.facts import BY, at, fact
from throughcare.people import queries as people

RECORDS = {ref: Record("LA", ref) for ref in ("ann", "ben", "cat", "dan", "eve")}


def _finds(view: View, entry: Entry, figures: Any) -> Iterator[Match]:
    """Somebody who moved, and anybody linked to them: a finding about each who ever moved, with all moves known."""
    moves = view.kind("people.moved")
    for one in moves:
        for record in one.who():
            yield Match(person=view.case.person(record), key=(len(moves),), evidence=tuple(moves))


TOY = Threshold(
    id="TOY", what="moves of linked people", question="Who else?", to="somebody", kinds=frozenset({"people.moved"}),
    rows=(Row("TOY", "made up", "X"),), finds=_finds, reach="linked",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _only_the_toy(monkeypatch):
    monkeypatch.setattr(queries, "rules", lambda: Rules(thresholds=(TOY,)))


def somebody(ref: str) -> PersonRecord:
    return PersonRecord(
        agency="LA", ref=ref, names=(ref.title(),), date_of_birth=date(1990, 1, 1 + len(ref)),
        expected_date_of_birth=None, sex="", address="", identifiers=(), identified=True,
    )  # fmt: skip


def record(*entries: Entry) -> None:
    alerts.record(entries, by=BY, at=at(600))


def family(*pairs: tuple[str, str]) -> None:
    """Record the people, and that these are related."""
    alerts.record([], people=[somebody(ref) for ref in RECORDS], by=BY, at=at(0))
    body = {"relationship": "partner_of", "exists": "yes", "stated_by": "self"}
    record(
        *(
            fact(f"{one}-{other}", "people.relationship_stated", body=body,
                 about={"subject": [RECORDS[one]], "other": [RECORDS[other]]})
            for one, other in pairs
        )
    )  # fmt: skip


def moves(ref: str, number: int = 1) -> Entry:
    return fact(f"{ref}-moved-{number}", "people.moved", minute=number, about=RECORDS[ref],
                body={"to_area": "Aldbrook", "permanent": "yes"})  # fmt: skip


def seen(ref: str) -> set[str]:
    """The moves that the newest finding about somebody holds."""
    person = people.persons_of([RECORDS[ref]])[RECORDS[ref]]
    found = queries.findings_of([person])
    return max((set(one.evidence) for one in found), key=len, default=set())


@pytest.mark.django_db
def test_an_entry_about_one_is_in_the_answers_of_all_who_are_linked_and_of_nobody_else():
    family(("ann", "ben"), ("ben", "cat"))
    record(moves("ann"))
    record(moves("cat"))
    record(moves("dan"))
    assert seen("ann") == seen("cat") == {"LA:ann-moved-1", "LA:cat-moved-1"}
    assert seen("dan") == {"LA:dan-moved-1"}
    assert seen("eve") == set()


@pytest.mark.django_db
def test_a_link_that_is_recorded_later_brings_the_answers_together():
    family()
    record(moves("ann"))
    record(moves("ben"))
    assert seen("ann") == {"LA:ann-moved-1"}
    family(("ann", "ben"))
    assert seen("ann") == seen("ben") == {"LA:ann-moved-1", "LA:ben-moved-1"}


@pytest.mark.django_db(transaction=True)
def test_writers_about_linked_people_at_once_never_overwrite_each_others_answers():
    family(("ann", "ben"), ("ben", "cat"), ("cat", "dan"))
    ready = threading.Barrier(4)

    def work(ref: str) -> None:
        try:
            ready.wait(10)
            for number in range(1, 4):
                record(moves(ref, number))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, ("ann", "ben", "cat", "dan")))
    everyone = {f"LA:{ref}-moved-{number}" for ref in ("ann", "ben", "cat", "dan") for number in (1, 2, 3)}
    assert seen("ben") == seen("cat") == everyone
    assert list(alerts.rebuild(queries.everybody(), at=at(600), quiet=True))[-1][1] == 0
