"""T3: the process ends at one numbered point after another along each way through the product.

The points are found, not written into the product: before and after each statement to the database (Django's and the
worker's), each commit, each hand-over to the mail server, each signing. In a child of its own a way is walked up to
point n, and there the process is gone (`os._exit`): no clean-up, no roll-back of ours.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest import mock

from django.core.mail.backends.smtp import EmailBackend
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from procrastinate.psycopg_connector import PsycopgConnector

from throughcare.access import actions as access
from throughcare.alerts import actions as alerts
from throughcare.ledger import checkpoint
from throughcare.ledger.life import PersonRecord
from throughcare.people import queries as people
from throughcare.project import worker
from throughcare.project.trials import forking, holding, writing
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

CRASHED = 77
LANES = 2
PERSONS = [f"P{n}" for n in range(12)]


class Points:
    """Counts the points that are passed, and ends the process at the chosen one."""

    def __init__(self, crash_at: int | None = None) -> None:
        self.crash_at, self.passed = crash_at, list[str]()

    def pass_by(self, name: str) -> None:
        """Come to a point; do not come back if it is the chosen one."""
        self.passed.append(name)
        if len(self.passed) == self.crash_at:
            os._exit(CRASHED)

    @contextmanager
    def around(self, what: str) -> Iterator[None]:
        """A point before and a point after."""
        self.pass_by(f"before {what}")
        yield
        self.pass_by(f"after {what}")


@contextmanager
def crash_at(point: int | None) -> Iterator[Points]:
    """Within this, the process ends at that point; None only counts and names them."""
    points = Points(point)

    def statement(plain: Callable[..., Any], cursor: Any, sql: Any, *given: Any, **more: Any) -> Any:
        with points.around(f"statement {' '.join(str(sql).split())[:50]}"):
            return plain(cursor, sql, *given, **more)

    def step(what: str) -> Callable[..., Any]:
        def stepped(plain: Callable[..., Any], *given: Any, **more: Any) -> Any:
            with points.around(what):
                return plain(*given, **more)

        return stepped

    with (
        _instead(CursorWrapper, "_execute_with_wrappers", statement),
        _instead(BaseDatabaseWrapper, "_commit", step("commit")),
        _instead(EmailBackend, "_send", step("the mail server takes the message")),
        _instead(checkpoint, "sign", step("signing")),
        _worker_statements(points),
    ):
        yield points


@contextmanager
def _instead(owner: Any, name: str, around: Callable[..., Any]) -> Iterator[None]:
    """Within this, calls go through `around`, which is given the plain function first. In every thread."""
    plain = getattr(owner, name)

    def called(*given: Any, **more: Any) -> Any:
        return around(plain, *given, **more)

    with mock.patch.object(owner, name, called):
        yield


@contextmanager
def _worker_statements(points: Points) -> Iterator[None]:
    """The worker's own statements: it takes a job, and says that it is done."""
    kinds = ("execute_query_async", "execute_query_one_async", "execute_query_all_async")
    plain = {name: getattr(PsycopgConnector, name) for name in kinds}

    def around(name: str) -> Callable[..., Any]:
        async def asked(*given: Any, **more: Any) -> Any:
            with points.around("a statement of the worker"):
                return await plain[name](*given, **more)

        return asked

    with ExitStack() as patches:
        for name in kinds:
            patches.enter_context(mock.patch.object(PsycopgConnector, name, around(name)))
        yield


# --- the ways ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """One way through the product: what goes before it, the way itself, and what is done again after a crash."""

    name: str
    before: Callable[[str], object]
    walk: Callable[[str], object]
    again: Callable[[str, bool, Wrongs], object]  # the name, whether it was acknowledged, where to note what is wrong


def _chance(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 - the same batch each time it is asked for


def _batch(name: str) -> writing.Batch:
    return writing.batch(name, _chance(name), PERSONS, most=3, stranger=0.3)


def _sent_again(name: str, acknowledged: bool, wrongs: Wrongs) -> None:
    there = holding.stored()
    one = _batch(name)
    if acknowledged:
        found = all((raw["agency"], raw["ref"]) in there.digests for raw in one.raws)
        wrongs.check(found, f"{name} was acknowledged and is not there")
    holding.answered_again([one], there, wrongs)


def _pair(name: str) -> tuple[PersonRecord, PersonRecord]:
    return writing.record(f"{name}-a"), writing.record(f"{name}-b")


def _two(name: str) -> None:
    alerts.record([], by=writing.BY, at=writing.now(), people=_pair(name))


def _decide(name: str) -> None:
    first, second = _pair(name)
    at = datetime(2026, 2, 1, 9, 30, tzinfo=UTC)  # the same decision, should it be sent again
    alerts.decide_link(
        first.record, second.record, same=True, how="document", note="Seen together, one birth certificate",
        role="records officer", agency="LA", by=writing.BY, at=at,
    )  # fmt: skip


def _decided(name: str, acknowledged: bool, wrongs: Wrongs) -> None:
    records = [one.record for one in _pair(name)]
    if acknowledged:
        wrongs.check(len(set(people.persons_of(records).values())) == 1, f"{name}: decided, and still two persons")
    _decide(name)
    wrongs.check(len(set(people.persons_of(records).values())) == 1, f"{name}: decided again, and still two persons")


def _erase(name: str) -> None:
    entry = _batch(name).entries()[0].id
    alerts.erase(entry, authority="order of the court", reason="tried", by=writing.BY, at=writing.now())


def _erased(name: str, acknowledged: bool, wrongs: Wrongs) -> None:
    _erase(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_payload WHERE entry_id = %(id)s), "
            "(SELECT count(*) FROM ledger_erasure WHERE entry_id = %(id)s)",
            {"id": _batch(name).entries()[0].id},
        )
        wrongs.check(cursor.fetchone() == (0, 1), f"{name}: the content is not gone once")


def _look(name: str) -> None:
    _batch(name).send()
    access.note("search", viewer=None, at=writing.now(), results=0)


def _nothing(name: str, acknowledged: bool = True, wrongs: Wrongs | None = None) -> None:
    pass


WAYS = (
    Way("record", _nothing, lambda name: _batch(name).send(), _sent_again),
    Way("decide a link", _two, _decide, _decided),
    Way("deliver", lambda name: _batch(name).send(), lambda name: holding.work_off(), _nothing),
    Way("seal", _look, lambda name: worker.seal_all(), _nothing),
    Way("erase", lambda name: _batch(name).send(), _erase, _erased),
)


@dataclass(slots=True)
class Counted:
    """What one lane came to."""

    points: dict[str, int] = field(default_factory=dict)  # the most that a walk of this way passed
    walks: int = 0
    crashes: int = 0
    handing: int = 0  # crashes while messages were delivered: each explains one extra copy
    messages: int = 0
    wrongs: Wrongs = field(default_factory=Wrongs)


PLANNED_ROUNDS = 20


def crash_points(scratch: Scratch, seed: int, *, rounds: int, every: int = 1) -> Outcome:
    """T3: each way, ended at every `every`-th of its points, `rounds` times over, in two lanes side by side."""
    writing.warm()
    wrongs, all_of = Wrongs(), Counted()
    lanes = [range(1 + lane, rounds + 1, LANES) for lane in range(min(LANES, rounds))]
    for one in forking.together([partial(_lane, scratch, seed, n, some, every) for n, some in enumerate(lanes)]):
        if isinstance(one, Exception):
            wrongs.check(False, f"{type(one).__name__}: {str(one)[:300]} {getattr(one, '__notes__', [''])[0][-900:]}")
            continue
        _merge(wrongs, one.wrongs)
        all_of.walks, all_of.crashes = all_of.walks + one.walks, all_of.crashes + one.crashes
        all_of.messages += one.messages
        all_of.points = {way: max(most, all_of.points.get(way, 0)) for way, most in one.points.items()}
    points = ", ".join(f"{way} {many}" for way, many in all_of.points.items())
    step = "" if every == 1 else f" (every {every}th tried)"
    return wrongs.outcome(
        f"points{step}: {points}; {rounds} rounds, {all_of.crashes} crashes in {all_of.walks} walks; nothing "
        f"acknowledged lost, nothing double, chains whole after each round; {all_of.messages} messages, all "
        "arrived, the outbox emptied by itself each time",
        less=""
        if every == 1 and rounds >= PLANNED_ROUNDS
        else f"{'every point' if every == 1 else f'every {every}th point'}, {rounds} rounds of {PLANNED_ROUNDS}",
    )


def _lane(scratch: Scratch, seed: int, lane: int, rounds: Sequence[int], every: int) -> Counted:
    scratch.fresh(f"trial_crashes_{lane}")
    forking.alone(partial(writing.set_scene, PERSONS, workers=1))
    counted = Counted()
    for number in rounds:
        again: list[tuple[Way, str, bool]] = []
        for way in WAYS:
            again += _round(counted, way, f"s{seed}-r{number}", 1 + (seed + number) % every, every)
        _merge(counted.wrongs, forking.alone(partial(_after, again)))
        _merge(counted.wrongs, forking.alone(partial(_settle, scratch, counted.handing)))
    counted.messages = forking.alone(_messages)
    return counted


def _round(counted: Counted, way: Way, name: str, point: int, every: int) -> list[tuple[Way, str, bool]]:
    """Walk a way to one point after another, until a walk comes to its end."""
    walked = []
    while True:
        one = f"{name}-{way.name.replace(' ', '')}-{point}"
        code = forking.end(forking.start(partial(_walk, way, one, point)))
        counted.walks += 1
        counted.wrongs.check(code in (0, CRASHED), f"{one} ended with {code}")
        walked.append((way, one, code == 0))
        if code != CRASHED:
            counted.points[way.name] = max(counted.points.get(way.name, 0), point - 1)
            return walked
        counted.crashes += 1
        counted.handing += way.name == "deliver"
        point += every


def _walk(way: Way, name: str, point: int) -> None:
    way.before(name)
    with crash_at(point):
        way.walk(name)


def _after(walked: Sequence[tuple[Way, str, bool]]) -> Wrongs:
    wrongs = Wrongs()
    for way, name, acknowledged in walked:
        way.again(name, acknowledged, wrongs)
    return wrongs


def _settle(scratch: Scratch, mail_crashes: int) -> Wrongs:
    wrongs = Wrongs()
    holding.work_off()
    holding.let_time_pass()
    holding.work_off()
    wrongs.check(holding.waiting() == 0, f"{holding.waiting()} messages still wait")
    holding.sealed_and_whole(wrongs)
    holding.worked_out(wrongs)
    holding.told(scratch.copies(), wrongs, most_extra=mail_crashes)
    return wrongs


def _messages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_delivery")
        return int(cursor.fetchone()[0])


def _merge(into: Wrongs, found: Wrongs) -> None:
    for one in found.said:
        into.check(False, one)
    into.count += found.count - len(found.said)
