"""Writers at the same moment: no gap, no double, no deadlock; the loser is told what has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from throughcare.ledger import actions, queries, sealing, verification
from throughcare.ledger.errors import NothingToCorrect, VersionMoved
from throughcare.ledger.tests.facts import BY, at, fact, person_of, persons, records

pytestmark = pytest.mark.django_db(transaction=True)
A, B, C = records("a", "b", "c")


def append(*entries, **more):
    return actions.append(entries, by=BY, at=at(600), persons=persons(entries), **more)


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Do all of this at the same moment, each on its own connection; what each gave, or its error."""
    ready = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        try:
            ready.wait(10)
            return one()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


def whole() -> verification.Report:
    while sealing.seal("entries", key=sealing.signing_key(), at=at(700)):
        pass
    keys = [sealing.signing_key().public]
    return verification.verify(queries.rows(), queries.checkpoints(), keys, origin=sealing.origin("entries"))


def test_many_writers_of_one_person_make_one_chain_without_a_gap():
    def write(writer: int) -> Callable[[], Any]:
        return lambda: [append(fact(f"w{writer}-{n}", about=A)) for n in range(6)]

    results = at_once(*(write(writer) for writer in range(4)))
    versions = sorted(receipt.versions[person_of(A)] for batches in results for [receipt] in batches)
    assert versions == list(range(1, 25))
    report = whole()
    assert (report.ok, report.leaves) == (True, 24)


def test_batches_that_hold_the_same_persons_in_another_order_never_wait_for_each_other():
    def write(writer: int, order) -> Callable[[], Any]:
        return lambda: [append(*(fact(f"w{writer}-{n}-{one.ref}", about=one) for one in order)) for n in range(6)]

    results = at_once(write(1, [A, B, C]), write(2, [C, B, A]), write(3, [B, A, C]), write(4, [C, A, B]))
    assert [type(one) for one in results] == [list] * 4, results
    assert queries.versions([person_of(one) for one in (A, B, C)]) == {person_of(one): 24 for one in (A, B, C)}
    assert whole().ok


def test_the_same_reference_at_once_is_kept_once():
    """About one person the second waits for the receipt; about nobody it is refused, and gets it when sent again."""
    census = fact("census", "access.census_returned", about=None, body={"year_ending": "2025-03-31"})
    for entry in (fact("same", about=A), census):
        results = at_once(*([lambda entry=entry: append(entry)] * 4))
        kept = [one[0] for one in results if isinstance(one, list)]
        refused = [one for one in results if not isinstance(one, list)]
        assert [type(one) for one in refused] == [IntegrityError] * len(refused)
        assert sum(not one.repeated for one in kept) == 1
        for _ in refused:
            [again] = append(entry)
            assert again.repeated
    assert whole().leaves == 2


def test_two_who_saw_the_same_version_cannot_both_write():
    append(fact("first", about=A))
    work = [lambda n=n: append(fact(f"second-{n}", about=A), expected={person_of(A): 1}) for n in range(4)]
    results = at_once(*work)
    refused = [one for one in results if isinstance(one, VersionMoved)]
    assert len(refused) == 3
    assert {(one.expected, one.found) for one in refused} == {(1, 2)}


def test_two_corrections_of_one_entry_cannot_both_stand():
    append(fact("wrong", about=A))
    results = at_once(
        lambda: append(fact("right-1", about=B, corrects="wrong")),
        lambda: append(fact("right-2", about=C, corrects="wrong")),
    )
    refused = [one for one in results if isinstance(one, IntegrityError | NothingToCorrect)]
    assert len(refused) == 1, results
    with pytest.raises(NothingToCorrect):
        append(fact("right-3", about=A, corrects="wrong"))


def test_what_commits_late_is_sealed_late_and_nothing_is_passed_over():
    """The first writer takes the lower serial and commits after the sealer has passed: it is not lost."""
    began, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            append(fact("slow", about=A))
            began.set()
            go_on.wait(10)

    def quick() -> None:
        began.wait(10)
        append(fact("quick", about=B))
        sealing.seal("entries", key=sealing.signing_key(), at=at(650))
        go_on.set()

    assert at_once(slow, quick) == [None, None]
    positions = [queries.inclusion(fact(ref, about=A).id) for ref in ("quick", "slow")]
    assert positions[0] is not None
    assert positions[1] is None
    report = whole()
    assert (report.ok, report.leaves, report.waiting) == (True, 2, 0)


def test_two_sealers_at_once_seal_everything_once():
    for n in range(30):
        append(fact(f"e{n}", about=A))

    def work() -> list[sealing.Sealed]:
        return list(iter(lambda: sealing.seal("entries", key=sealing.signing_key(), at=at(650)), None))

    results = at_once(work, work, work, lambda: [append(fact(f"late{n}", about=B)) for n in range(10)])
    assert all(isinstance(one, list) for one in results), results
    report = whole()
    assert (report.ok, report.leaves) == (True, 40)
