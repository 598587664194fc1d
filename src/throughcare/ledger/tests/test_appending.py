"""What the ledger takes, it takes once and whole; what it refuses leaves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from throughcare.ledger import actions, queries
from throughcare.ledger.entry import Entry, Record
from throughcare.ledger.errors import NothingToCorrect, ReferenceUsed, VersionMoved
from throughcare.ledger.queries import Receipt
from throughcare.ledger.tests.facts import BY, at, fact, person_of, persons, records

pytestmark = pytest.mark.django_db
ONE, TWO = records("1", "2")


@transaction.atomic
def append(*entries: Entry, **more: object) -> list[Receipt]:
    return actions.append(entries, by=BY, at=at(600), persons=persons(entries), **more)  # type: ignore[arg-type]


def held(*about: Record) -> list[Entry]:
    return queries.everything(about or [ONE])


def test_what_was_appended_is_read_again_as_it_was():
    first, second = fact("a", minute=1, summary="Seen"), fact("b", minute=2, shared=[("GP", 5)])
    receipts = append(first, second)
    assert held() == [replace(one, received=at(600)) for one in (first, second)]
    assert [one.versions for one in receipts] == [{person_of(ONE): 1}, {person_of(ONE): 2}]
    assert [one.id for one in receipts] == [first.id, second.id]
    assert queries.versions([person_of(ONE), person_of(TWO)]) == {person_of(ONE): 2, person_of(TWO): 0}


def test_one_bad_entry_keeps_out_the_whole_batch():
    append(fact("a"))
    with pytest.raises(ReferenceUsed):
        append(fact("b"), fact("a", summary="Something else"))
    with pytest.raises(NothingToCorrect):
        append(fact("c"), fact("d", corrects="nowhere"))
    assert [one.ref for one in held()] == ["a"]
    assert queries.versions([person_of(ONE)]) == {person_of(ONE): 1}
    assert queries.seal_state().waiting == 1


def test_the_same_again_gets_the_same_receipt_and_is_kept_once():
    [first] = append(fact("a"))
    [again] = actions.append([fact("a")], by="user:another", at=at(900), persons=persons([fact("a")]))
    assert not first.repeated
    assert again == replace(first, repeated=True)
    assert len(held()) == 1
    assert queries.seal_state().waiting == 1


def test_the_same_again_is_no_clash_though_the_version_has_moved_on():
    [first] = append(fact("a"), expected={person_of(ONE): 0})
    append(fact("b"))
    [again] = append(fact("a"), expected={person_of(ONE): 0})
    assert again == replace(first, repeated=True)


def test_a_used_reference_is_refused_with_both_digests():
    [kept] = append(fact("a"))
    with pytest.raises(ReferenceUsed) as refused:
        append(fact("a", summary="Something else"))
    assert refused.value.kept == kept.digest
    assert refused.value.given not in (None, kept.digest)
    assert str(refused.value.kept) in str(refused.value)
    assert refused.value.given in str(refused.value)


def test_another_agency_may_use_the_same_reference():
    append(fact("a"), fact("a", agency="GP"))
    assert sorted(one.agency for one in held()) == ["GP", "LA"]


def test_a_repeat_within_a_batch_is_kept_once_and_a_contradiction_within_it_refused():
    receipts = append(fact("a"), fact("b"), fact("a"))
    assert receipts[0] == receipts[2]
    assert [one.ref for one in held()] == ["a", "b"]
    assert queries.versions([person_of(ONE)]) == {person_of(ONE): 2}
    with pytest.raises(ReferenceUsed):
        append(fact("c"), fact("c", summary="Something else"))
    assert len(held()) == 2


def test_a_batch_may_mix_what_is_held_with_what_is_new():
    [first] = append(fact("a"))
    again, new = append(fact("a"), fact("b"))
    assert (again.repeated, new.repeated) == (True, False)
    assert again.versions == first.versions
    assert new.versions == {person_of(ONE): 2}


def test_the_version_that_the_writer_saw_must_be_the_newest():
    append(fact("a"), expected={person_of(ONE): 0})
    append(fact("b"), expected={person_of(ONE): 1})
    with pytest.raises(VersionMoved) as refused:
        append(fact("c"), expected={person_of(ONE): 1})
    assert (refused.value.expected, refused.value.found) == (1, 2)
    assert len(held()) == 2


def test_the_version_of_a_person_whom_the_batch_is_not_about_is_looked_at_too():
    append(fact("a", about=TWO))
    append(fact("b"), expected={person_of(TWO): 1})
    with pytest.raises(VersionMoved) as refused:
        append(fact("c"), expected={person_of(TWO): 0})
    assert refused.value.found == 1


@pytest.mark.parametrize("agency", ["LA", "GP"])
def test_a_correction_names_an_entry_of_the_same_agency(agency: str):
    append(fact("a", agency=agency))
    if agency == "LA":
        append(fact("b", corrects="a"))
    else:
        with pytest.raises(NothingToCorrect) as refused:
            append(fact("b", corrects="a"))
        assert refused.value.newer is None


def test_a_second_correction_is_told_which_one_came_first():
    append(fact("a"), fact("b", corrects="a"))
    with pytest.raises(NothingToCorrect) as refused:
        append(fact("c", corrects="a"))
    assert refused.value.newer == "b"
    with pytest.raises(NothingToCorrect):
        append(fact("d", corrects="b"), fact("e", corrects="b"))
    append(fact("c", corrects="b"), fact("d", corrects="c"))
    assert [one.ref for one in held()] == ["a", "b", "c", "d"]


def test_an_entry_about_several_people_stands_in_each_ones_chain():
    family = {"subject": [ONE, TWO], "household": records("3")}
    entry = fact("a", "people.household_stated", about=family,
                 body={"lives_here": "yes", "only_these": "no", "stated_by": "mother"})  # fmt: skip
    append(fact("before", about=TWO, minute=-9))
    [receipt] = append(entry)
    assert receipt.versions == {person_of(ONE): 1, person_of(TWO): 2, person_of(Record("LA", "3")): 1}
    assert [one.ref for one in held(TWO)] == ["before", "a"]


def test_two_records_of_one_person_make_one_place_in_one_chain():
    entry = fact("a", "people.linked", about={"subject": [ONE], "other": [TWO]}, body={"how": "identifier"})
    one = person_of(ONE)
    [receipt] = actions.append([entry], by=BY, at=at(600), persons={ONE: one, TWO: one})
    assert receipt.versions == {one: 1}


def test_an_entry_about_nobody_is_kept_and_stands_in_no_chain():
    entry = fact("a", "access.census_returned", about=None, body={"year_ending": "2025-03-31"})
    [receipt] = append(entry)
    assert receipt.versions == {}
    assert queries.find(entry.id).records == ()
    assert queries.seal_state().waiting == 1
    assert append(entry)[0].repeated


def test_nothing_at_all_is_nothing():
    assert append() == []


def test_ten_statements_however_many_entries(django_assert_max_num_queries):
    entries = [fact(f"r{n}", about=Record("LA", str(n % 7)), shared=[("GP", 1)]) for n in range(50)]
    entries.append(fact("fix", corrects="r1"))
    with django_assert_max_num_queries(10):
        append(*entries)
