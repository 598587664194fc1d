"""Whose records are whose: taken in once, matched, doubted, decided by humans, and taken apart again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access import queries as reach
from throughcare.alerts import actions as alerts
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Record
from throughcare.ledger.life import Identifier, PersonRecord
from throughcare.ledger.tests.facts import BY, at, fact
from throughcare.people import actions, queries
from throughcare.people.models import Doubt, Person, Version

BORN = date(2021, 4, 9)
WEIR = "1 Weir Street, Aldbrook AB1 2CD"


def someone(agency: str, ref: str, name: str = "Nell Garrow", born: date | None = BORN, **more: Any) -> PersonRecord:
    """An agency's record of a person."""
    numbers = tuple(Identifier(*one.split("=")) for one in more.pop("numbers", ()))
    return PersonRecord(
        agency=agency, ref=ref, names=(name,), date_of_birth=born, expected_date_of_birth=None, sex="F",
        address=more.pop("address", WEIR), identifiers=numbers, identified=more.pop("identified", True), **more,
    )  # fmt: skip


def take(*given: PersonRecord, minute: float = 0) -> dict[Record, Any]:
    """Take records in, as a sender does who has no entry yet; whose each is."""
    alerts.record([], people=given, by=BY, at=at(minute))
    return queries.persons_of([one.record for one in given])


def persons(*given: PersonRecord) -> int:
    """How many persons these records are."""
    return len(set(queries.persons_of([one.record for one in given]).values()))


def decide(first: PersonRecord, second: PersonRecord, *, same: bool, minute: float = 50) -> None:
    alerts.decide_link(
        first.record, second.record, same=same, how="document", note="Birth certificate seen", role="records officer",
        agency=first.agency, by=BY, at=at(minute),
    )  # fmt: skip


LA, GP, HV = someone("LA", "L1"), someone("GP", "G1"), someone("HV", "H1")
OTHER = someone("LA", "L9", name="Omar Quill", born=date(2019, 1, 2), address="")
pytestmark = pytest.mark.django_db


def test_a_record_that_says_the_same_again_is_kept_once_and_another_telling_is_a_version():
    take(LA)
    take(LA, minute=5)
    assert Version.objects.count() == 1
    moved = someone("LA", "L1", address="4 Mill Lane, Aldbrook AB1 9ZZ")
    take(moved, minute=9)
    assert [one.content["address"] for one in Version.objects.order_by("id")] == [WEIR, moved.address]
    [held] = queries.named([LA.record]).values()
    assert held.address == moved.address


def test_an_entry_about_a_record_that_nobody_sent_is_refused_and_leaves_nothing():
    with pytest.raises(actions.RecordUnknown) as refused:
        alerts.record([fact("a", about=GP.record)], people=[LA], by=BY, at=at(1))
    assert refused.value.record == GP.record
    assert "GP has no record G1" in str(refused.value)
    assert queries.persons_of([LA.record]) == {}
    assert Person.objects.count() == 0


def test_the_same_name_birth_date_and_postcode_join_and_the_link_is_an_entry_that_both_agencies_know():
    take(LA)
    take(GP, minute=5)
    assert persons(LA, GP) == 1
    [link] = ledger.everything([LA.record])
    assert (link.kind, link.agency, link.author_role) == ("people.linked", "GP", actions.AUTOMATIC)
    assert [one.agency for one in link.shared] == ["LA"]
    assert {one.record for one in link.concerns} == {LA.record, GP.record}
    assert Person.objects.filter(merged_into=None).count() == 1


def test_what_matches_without_certainty_is_doubted_and_stays_apart():
    take(LA)
    unsure = someone("GP", "G1", address="")
    take(unsure)
    assert persons(LA, unsure) == 2
    [doubt] = queries.doubtful()
    assert {doubt.first.record, doubt.second.record} == {LA.record, unsure.record}
    assert "no postcode" in doubt.why


def test_a_number_joins_over_different_addresses_and_a_contradicting_number_does_not():
    take(someone("LA", "L1", numbers=["upn=A1"]), someone("SCH", "S1", numbers=["upn=A1"], address=""))
    assert queries.doubtful() == []
    assert persons(LA, someone("SCH", "S1")) == 1
    take(someone("SCH", "S2", numbers=["upn=B2"]))
    assert persons(LA, someone("SCH", "S2")) == 2


def test_people_who_have_nothing_in_common_are_nobodys_doubt():
    take(LA, OTHER)
    assert persons(LA, OTHER) == 2
    assert queries.doubtful() == []


def test_a_new_telling_can_bring_a_match_and_never_parts_what_is_joined():
    take(LA, someone("GP", "G1", born=None))
    assert persons(LA, GP) == 2
    take(GP, minute=5)
    assert persons(LA, GP) == 1
    take(someone("GP", "G1", name="Another Name", born=None), minute=9)
    assert persons(LA, GP) == 1


def test_a_human_joins_and_the_doubt_is_closed():
    unsure = someone("GP", "G1", address="")
    take(LA, unsure)
    alerts.record([fact("a", about=LA.record)], by=BY, at=at(1))
    alerts.record([fact("b", agency="GP", about=unsure.record)], by=BY, at=at(2))
    decide(LA, unsure, same=True)
    assert persons(LA, unsure) == 1
    assert queries.doubtful() == []
    assert Doubt.objects.exclude(decided_at=None).count() == 1
    [person] = set(queries.persons_of([LA.record]).values())
    assert {one.record for one in queries.records_of([person])[person]} == {LA.record, unsure.record}


def test_a_human_holds_apart_what_matching_joined_and_it_is_not_joined_again():
    before = take(LA, GP)
    decide(LA, GP, same=False)
    after = queries.persons_of([LA.record, GP.record])
    assert persons(LA, GP) == 2
    assert after[LA.record] == before[LA.record]  # the oldest record keeps the person
    take(someone("GP", "G1", name="Nell Garrow-Hobbs"), minute=60)
    take(GP, minute=61)
    assert persons(LA, GP) == 2
    assert queries.doubtful() == []
    decide(LA, GP, same=True, minute=70)
    assert persons(LA, GP) == 1


def test_a_third_record_joins_neither_through_the_other_what_a_human_held_apart():
    take(LA, GP)
    decide(LA, GP, same=False)
    take(HV, minute=60)
    assert persons(LA, GP) == 2
    assert persons(LA, HV) == 1
    [doubt] = queries.doubtful()
    assert {doubt.first.record, doubt.second.record} == {GP.record, HV.record}
    assert "held apart" in doubt.why


def test_a_link_that_is_withdrawn_is_no_link():
    take(LA, GP)
    [link] = ledger.everything([LA.record])
    withdrawal = fact("w", "record.withdrawn", agency=link.agency, about=GP.record, corrects=link.ref, minute=30,
                      body={"reason": "Another child"})  # fmt: skip
    alerts.record([withdrawal], by=BY, at=at(30))
    actions.regroup([LA.record, GP.record], at=at(31))
    assert persons(LA, GP) == 2


def test_entries_of_both_agencies_are_one_line_once_joined_and_two_again_when_taken_apart():
    take(LA)
    alerts.record([fact("a", about=LA.record)], by=BY, at=at(1))
    alerts.record([fact("b", agency="GP", about=GP.record)], people=[GP], by=BY, at=at(2))
    person = queries.persons_of([LA.record])[LA.record]
    assert {one.record for one in queries.records_of([person])[person]} == {LA.record, GP.record}
    decide(LA, GP, same=False)
    assert [one.record for one in queries.records_of([person])[person]] == [LA.record]


def test_who_works_with_a_person_and_who_is_kept_away_stays_so_when_records_are_joined_and_taken_apart():
    stranger = someone("GP", "G7", name="Nel Garow", address="")
    one, other = take(LA)[LA.record], take(stranger, minute=1)[stranger.record]
    accounts.keep_agency("LA", name="Council", sector="la", at=at(0))
    worker, aunt = (accounts.make_user(f"{name}@example.test", name=name, agency="LA", at=at(0)) for name in "wa")
    access.relate(other, "allocated", user=worker, at=at(2))
    access.block(aunt, other, "relative", reason="Their aunt", at=at(2))

    def stand(person: Any) -> tuple[int, int]:
        return len(reach.holders(person, at=at(90))), len([b for b in reach.blocks() if b.person == person])

    assert stand(one) == (0, 0)
    decide(LA, stranger, same=True)
    assert persons(LA, stranger) == 1
    assert stand(queries.persons_of([LA.record])[LA.record]) == (1, 1)
    decide(LA, stranger, same=False, minute=70)
    assert [stand(person) for person in queries.persons_of([LA.record, stranger.record]).values()] == [(1, 1), (1, 1)]


def test_regrouping_what_is_grouped_changes_nothing():
    take(LA, GP, OTHER)
    assert actions.regroup([LA.record, GP.record, OTHER.record], at=at(9)) == set()


def test_one_query_where_nothing_is_new(django_assert_max_num_queries):
    take(LA, GP)
    with django_assert_max_num_queries(3):  # with a savepoint and its end, within the test's transaction
        actions.take_in([], concerned=[LA.record, GP.record], at=at(5), noted={})


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(3))
def test_two_who_take_in_matching_records_at_once_end_with_one_person(round):
    records = [someone(agency, f"{agency}-{round}") for agency in ("LA", "GP", "HV", "POL")]
    ready = threading.Barrier(len(records))

    def work(one: PersonRecord) -> None:
        try:
            ready.wait(10)
            entry = fact(f"e-{one.ref}", agency=one.agency, about=one.record)
            alerts.record([entry], people=[one], by=BY, at=at(5))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(records)) as pool:
        list(pool.map(work, records))
    assert persons(*records) == 1
    [person] = set(queries.persons_of([records[0].record]).values())
    lines = ledger.everything([one.record for one in records])
    assert sum(one.kind == "people.linked" for one in lines) == 3
    assert sum(one.kind != "people.linked" for one in lines) == 4
    assert len(queries.records_of([person])[person]) == 4
