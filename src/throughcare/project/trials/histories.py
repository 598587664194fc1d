"""T11 and T12: who knew what when, against a list and a filter; and the same facts in any order of arrival.

The histories, and the slow and obvious twin, are those of `ledger/tests/test_who_knew.py`. Each history lives in a
transaction that is taken back, so that each begins with an empty ledger.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, Phase, given
from hypothesis import seed as seeded
from hypothesis import settings as examples
from hypothesis import strategies as st

from throughcare.access.reach import Reach
from throughcare.ledger import actions, queries, sealing
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.tests import test_who_knew as who_knew
from throughcare.ledger.tests.facts import BY, at, fact, persons, told
from throughcare.project.trials import forking
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

LANES = 2
SOME = 9  # questions asked of each history


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written within this is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def two_times(scratch: Scratch, seed: int, *, histories: int) -> Outcome:
    """T11: every answer is the slow model's; past answers stay; a correction never hides the earlier view."""
    share = -(-histories // LANES)
    wrongs = Wrongs()
    work: list[Any] = [partial(_compared, scratch, seed, lane, share) for lane in range(LANES)]
    results = forking.together([*work, partial(_past, scratch, seed)])
    asked = 0
    for one in results:
        if isinstance(one, Exception):
            wrongs.check(False, f"{type(one).__name__}: {str(one)[:300]} {getattr(one, '__notes__', [''])[0][:700]}")
        else:
            asked += one
    return wrongs.outcome(
        f"{share * LANES} histories, {asked} questions (who, about whom, at which moment, at which sealed size), each "
        "answered as a list and a filter answer; answers for a sealed size stayed the same bytes, also after 1,000 "
        "more entries; what a correction replaced is still there at the moments before it"
    )


def _compared(scratch: Scratch, seed: int, lane: int, count: int) -> int:
    scratch.fresh(f"trial_times_{lane}")
    asked = 0

    @seeded(f"{seed} {lane}")
    @examples(
        max_examples=count, deadline=None, database=None, derandomize=False, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )  # fmt: skip
    @given(entries=who_knew.histories(), later=who_knew.histories(), data=st.data())
    def compare(entries: list[Entry], later: list[Entry], data: st.DataObject) -> None:
        nonlocal asked
        with taken_back():
            asked += _one_history(entries, later, data)

    compare()
    return asked


def _one_history(entries: list[Entry], later: list[Entry], data: st.DataObject) -> int:
    who_knew.keep_agencies()
    kept = who_knew.keep(entries)
    size = _sealed(601)
    questions = [_question(data) for _ in range(SOME)]
    before = []
    for reach, wanted, minute in questions:
        line = queries.line(wanted, reach=reach, until=at(minute))
        assert line == who_knew.slow(  # noqa: S101 - the trial itself
            who_knew.about(kept, wanted), wanted, reach, at(minute)
        )
        before.append(who_knew.answer(line))
    who_knew.keep(
        [replace(one, ref=f"later-{one.ref}", corrects=None) for one in later if one.kind != "record.withdrawn"]
    )
    _sealed(602)
    for (reach, wanted, minute), was in zip(questions, before, strict=True):
        line = queries.line(wanted, reach=reach, until=at(minute), sealed=size)
        assert who_knew.answer(line) == was  # noqa: S101
    return SOME * 2


def _question(data: st.DataObject) -> tuple[Reach, list[Record], int]:
    agency = data.draw(st.sampled_from(who_knew.AGENCIES))
    own, shared, full, beside = (data.draw(who_knew.labels()) for _ in range(4))
    reach = Reach(agency=agency, own=own, shared=shared, full=full, beside=beside)
    wanted = data.draw(st.lists(st.sampled_from(who_knew.RECORDS), min_size=1, max_size=6, unique=True))
    return reach, wanted, data.draw(st.integers(-5, 40))


def _sealed(minute: int) -> int:
    while sealing.seal("entries", key=sealing.signing_key(), at=at(minute)):
        pass
    return queries.seal_state().size


def _past(scratch: Scratch, seed: int) -> int:
    """A thousand more entries change no past answer; a correction is seen from its own moment on."""
    scratch.fresh("trial_past")
    chance = random.Random(seed)  # noqa: S311
    asked = 0
    with taken_back():
        old = [
            fact(f"o{n}", minute=n % 20, about=chance.choice(who_knew.RECORDS), shared=[("GP", 25)]) for n in range(60)
        ]
        fixed = [
            fact(f"c{n}", minute=30 + n, about=one.concerns[0].record, corrects=one.ref)
            for n, one in enumerate(old[:10])
        ]
        who_knew.keep([*old, *fixed])
        size = _sealed(601)
        before = {question: _asked(question, size) for question in _all_questions()}
        for n, one in enumerate(old[:10]):
            seen = queries.line([one.concerns[0].record], reach=_everything("LA"), until=at(29 + n)).entries
            assert one.key in {entry.key for entry in seen}  # noqa: S101
            assert f"c{n}" not in {entry.ref for entry in seen}  # noqa: S101
        new = [
            told(f"n{n}", [f"o{n % 60}"], ["POLICE"], minute=n % 30, about=chance.choice(who_knew.RECORDS))
            for n in range(1000)
        ]
        who_knew.keep(new)
        _sealed(602)
        for question, was in before.items():
            assert _asked(question, size) == was  # noqa: S101
            asked += 2
    return asked


def _everything(agency: str) -> Reach:
    return Reach(agency=agency, full=who_knew.EVERYTHING)


def _all_questions() -> list[tuple[Record, str, int]]:
    return [(one, agency, m) for one in who_knew.RECORDS for agency in who_knew.AGENCIES for m in (5, 15, 30, 45)]


def _asked(question: tuple[Record, str, int], size: int) -> bytes:
    record, agency, minute = question
    return who_knew.answer(queries.line([record], reach=_everything(agency), until=at(minute), sealed=size))


# --- order of arrival ------------------------------------------------------------------------------------------------


def orders(scratch: Scratch, seed: int, *, shuffles: int) -> Outcome:
    """T12: the same facts in any order come to the same answer now; what was known in between differs, and stays."""
    wrongs = Wrongs()
    share = -(-shuffles // LANES)
    results = forking.together([partial(_shuffled, scratch, seed, lane, share) for lane in range(LANES)])
    ends, betweens, asked = set[bytes](), set[bytes](), 0
    for one in results:
        if isinstance(one, Exception):
            wrongs.check(False, f"{type(one).__name__}: {str(one)[:300]} {getattr(one, '__notes__', [''])[0][:700]}")
            continue
        ends |= one[0]
        betweens |= one[1]
        asked += one[2]
    wrongs.check(len(ends) == 1, f"{len(ends)} different answers at the end")
    wrongs.check(len(betweens) > 1, "every order gave the same answer in between: nothing was tried")
    return wrongs.outcome(
        f"{share * LANES} orders of arrival of the same 24 entries with corrections: {len(ends)} answer at the end, "
        f"{len(betweens)} different ones in between (as sealed at that moment), each asked again after the rest had "
        f"come: {asked} times the same bytes"
    )


def _facts() -> list[Entry]:
    chance = random.Random(12)  # noqa: S311 - always the same facts
    made = [
        fact(f"f{n}", minute=n, about=who_knew.RECORDS[n % 6], agency=who_knew.AGENCIES[n % 3], shared=[("GP", n + 5)])
        for n in range(12)
    ]
    made += [
        fact(f"x{n}", minute=20 + n, about=one.concerns[0].record, agency=one.agency, corrects=one.ref)
        for n, one in enumerate(made[:6])
    ]
    made += [
        told(f"t{n}", [f"f{chance.randrange(12)}"], ["POLICE"], minute=30 + n, about=who_knew.RECORDS[n])
        for n in range(6)
    ]
    return made


def _shuffled(scratch: Scratch, seed: int, lane: int, count: int) -> tuple[set[bytes], set[bytes], int]:
    scratch.fresh(f"trial_orders_{lane}")
    chance = random.Random(f"{seed} {lane}")  # noqa: S311
    facts, ends, betweens, asked = _facts(), set[bytes](), set[bytes](), 0
    for _ in range(count):
        order = _order(facts, chance)
        cuts = sorted(chance.sample(range(1, len(order)), 2))
        with taken_back():
            answers = []
            for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True):
                some = order[start:end]
                actions.append(some, by=BY, at=at(600), persons=persons(some))
                size = _sealed(601 + start)
                answers.append((size, _all(size)))
            for size, was in answers:
                assert _all(size) == was  # noqa: S101 - the trial itself
                asked += 1
            ends.add(_all(None))
            betweens |= {was for _, was in answers[:-1]}
    return ends, betweens, asked


def _order(facts: Sequence[Entry], chance: random.Random) -> list[Entry]:
    """Any order in which what is corrected comes before its correction."""
    waiting, order, done = list(facts), list[Entry](), set[Key]()
    while waiting:
        free = [one for one in waiting if one.corrects is None or Key(one.agency, one.corrects) in done]
        one = chance.choice(free)
        waiting.remove(one)
        order.append(one)
        done.add(one.key)
    return order


def _all(size: int | None) -> bytes:
    """What each agency knows of everybody, now or as sealed."""
    lines = [
        who_knew.answer(
            queries.line(who_knew.RECORDS, reach=_everything(agency), until=at(99) + timedelta(1), sealed=size)
        )
        for agency in who_knew.AGENCIES
    ]
    return b"\n".join(lines)
