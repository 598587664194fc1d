"""The tables of duties and findings hold what the pure engine answers, in whatever order facts came, and later too.

Two implementations: entries through the whole way of a record into tables, person by person; and the engine over all
entries of a life at once. One day more, or a rebuild, must keep them equal.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from throughcare.access import accounts
from throughcare.alerts import actions as alerts
from throughcare.duties import actions as duties_actions
from throughcare.duties import queries as duties
from throughcare.duties.engine import evaluate
from throughcare.duties.standing import due_text
from throughcare.ledger.entry import Entry, Key, Record, end_of_day, london_day
from throughcare.ledger.life import Life
from throughcare.ledger.tests.facts import BY, names_of_lives, read_life
from throughcare.people import queries as people
from throughcare.project.replay import case_of

pytestmark = pytest.mark.django_db
Rows = set[tuple[object, ...]]


def prepare(told: Life, at: datetime) -> None:
    for agency in told.agencies.values():
        accounts.keep_agency(agency.code, name=agency.name, sector=agency.sector, at=at)
    for rule, figures in told.parameters.items():
        duties_actions.set_parameter(rule, figures, at=at, by=BY)


def send(told: Life, entries: Sequence[Entry], *, at: datetime) -> None:
    wanted = {concern.record for entry in entries for concern in entry.concerns}
    alerts.record(entries, people=[one for one in told.records if one.record in wanted], by=BY, at=at, quiet=True)


def link(told: Life, *, at: datetime) -> None:
    """Let a human join what is one person in the life, and matching left in doubt or did not see."""
    by_ref = {one.ref: one.record for one in told.records}
    for one in told.records:
        both = [by_ref[one.same_as], one.record] if one.same_as else []
        if len(set(people.persons_of(both).values())) == 2:
            alerts.decide_link(
                both[0], both[1], same=True, how="worker_knowledge", note="Told as one in the life",
                role="records officer", agency=one.agency, by=BY, at=at,
            )  # fmt: skip


def shuffled(entries: Sequence[Entry], chance: random.Random) -> list[list[Entry]]:
    """Some batches in another order; what is corrected comes before its correction."""
    order = list(entries)
    chance.shuffle(order)
    by_key = {one.key: one for one in order}
    placed: dict[Key, Entry] = {}

    def place(one: Entry) -> None:
        if one.corrects is not None and Key(one.agency, one.corrects) not in placed:
            place(by_key[Key(one.agency, one.corrects)])
        placed.setdefault(one.key, one)

    for one in order:
        place(one)
    rows, size = list(placed.values()), chance.randint(5, 20)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def names(told: Life) -> dict[str, str]:
    """For each person of the database, the first record of the file that is theirs."""
    persons = people.persons_of([one.record for one in told.records])
    found: dict[str, str] = {}
    for one in told.records:
        if one.record in persons:
            found.setdefault(str(persons[one.record]), one.ref)
    return found


def kept(told: Life) -> tuple[Rows, Rows]:
    """What the tables hold, with persons by their first record."""
    name = names(told)
    everybody = duties.everybody()

    def plain(key: str) -> str:
        for person, ref in name.items():
            key = key.replace(person, ref)
        return key

    return (
        {(name[str(one.person)], one.rule, one.started_by, one.due, one.state, one.met_by, one.owner, one.agency)
         for one in duties.duties_of(everybody)},
        {(name[str(one.person)], one.rule, plain(one.key), one.raised, one.result, frozenset(one.evidence))
         for one in duties.findings_of(everybody)},
    )  # fmt: skip


def pure(told: Life, on: date) -> tuple[Rows, Rows]:
    """What the engine answers, from all entries of the life and the links that the database made."""
    persons = people.persons_of([one.record for one in told.records])
    groups: dict[object, list[Record]] = {}
    for one in told.records:
        groups.setdefault(persons.get(one.record, one.record), []).append(one.record)
    pairs = [frozenset((group[0], other)) for group in groups.values() for other in group[1:]]
    answers = evaluate(case_of(told, pairs), rules=duties.rules(), on=on)
    present = set(names(told).values())
    return (
        {(one.person, one.rule, duties.written(one.started_by), due_text(one.due), str(one.state),
          duties.written(one.met_by) if one.met_by else None, one.owner, one.agency)
         for one in answers.duties if one.person in present},
        {(one.person, one.rule, one.key, one.raised, str(one.result), frozenset(map(duties.written, one.evidence)))
         for one in answers.findings if one.person in present},
    )  # fmt: skip


def differences(told: Life, on: date) -> dict[str, Rows]:
    (duty, finding), (duty_twin, finding_twin) = kept(told), pure(told, on)
    found = {
        "duties only in the tables": duty - duty_twin,
        "duties only of the engine": duty_twin - duty,
        "findings only in the tables": finding - finding_twin,
        "findings only of the engine": finding_twin - finding,
    }
    return {what: rows for what, rows in found.items() if rows}


def last_day(told: Life) -> date:
    return london_day(max(entry.noted for entry in told.entries))


@pytest.mark.parametrize("name", names_of_lives())
def test_tables_hold_what_the_engine_answers_now_and_when_days_pass(name):
    told = read_life(name)
    on = last_day(told) + timedelta(days=2)
    prepare(told, end_of_day(on))
    send(told, told.entries, at=end_of_day(on))
    link(told, at=end_of_day(on))
    assert differences(told, on) == {}
    for days in (1, 30):
        later = on + timedelta(days=days)
        while alerts.tick(at=end_of_day(later)) >= 200:
            pass
        assert differences(told, later) == {}


@pytest.mark.parametrize("name", ["fifty-six-days", "to-licence-end", "two-authorities"])
@pytest.mark.parametrize("seed", range(3))
def test_the_same_facts_in_another_order_give_the_same_answers(name, seed):
    told, chance = read_life(name), random.Random(seed)
    on = last_day(told) + timedelta(days=2)
    prepare(told, end_of_day(on))
    for batch in shuffled(told.entries, chance):
        send(told, batch, at=end_of_day(on))
        if chance.random() < 0.3:
            link(told, at=end_of_day(on))
    link(told, at=end_of_day(on))
    assert differences(told, on) == {}


def test_entries_one_by_one_as_they_were_noted_end_in_the_same_answers():
    told = read_life("fifty-six-days")
    prepare(told, told.entries[0].noted)
    for entry in sorted(told.entries, key=lambda one: (one.noted, one.ref)):
        send(told, [entry], at=entry.noted)
    on = last_day(told)
    link(told, at=end_of_day(on))
    alerts.tick(at=end_of_day(on))
    assert differences(told, on) == {}


def test_a_rebuild_changes_nothing_where_nothing_is_wrong_and_mends_what_was_tampered_with(as_owner):
    told = read_life("two-authorities")
    at = end_of_day(last_day(told))
    prepare(told, at)
    send(told, told.entries, at=at)
    link(told, at=at)
    everybody = duties.everybody()
    assert list(alerts.rebuild(everybody, at=at)) == [(len(everybody), 0)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE duties_duty SET state = 'nonsense' WHERE id = (SELECT min(id) FROM duties_duty)")
        cursor.execute("DELETE FROM duties_duty WHERE id = (SELECT max(id) FROM duties_duty)")
        cursor.execute(
            "INSERT INTO duties_finding (person, rule, key, raised, result, evidence) "
            "VALUES (%s, 'T01', 'made up', %s, 'matched', '{}')",
            [everybody[0], at.date()],
        )
    assert list(alerts.rebuild(everybody, at=at, quiet=True)) == [(len(everybody), 3)]
    assert differences(told, last_day(told)) == {}
