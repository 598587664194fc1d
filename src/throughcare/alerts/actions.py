"""The one way in for everything that is recorded, and the telling that follows from it.

`record` is the way of a record from end to end, in one transaction: whose it is (people), kept (ledger), what must
happen now (duties), who is told (here, into the outbox). Delivery comes after the commit, at least once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from throughcare.access import queries as access
from throughcare.access.reach import Relation, matrix
from throughcare.alerts import delivery
from throughcare.alerts.models import Delivery
from throughcare.duties import actions as duties
from throughcare.duties import queries as duty_queries
from throughcare.ledger import actions as ledger
from throughcare.ledger import queries as ledger_queries
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.life import PersonRecord
from throughcare.people import actions as people
from throughcare.people import queries as people_queries

T = TypeVar("T")

NOT_TOLD = frozenset({Relation.REVIEWER, Relation.PANEL, Relation.LEGAL})
"""Relations that read a case and have no part in its daily work."""

TRIES = 4
"""How often `record` begins anew where another writer was in the way."""

MOST_AT_A_TICK = 200
"""Persons that one call of `tick` works out."""

_AT_A_TIME = 50  # persons worked out in one transaction of `rebuild`


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    """A notice, and to whom."""

    about: str
    key: str
    path: str
    person: uuid.UUID | None
    users: frozenset[uuid.UUID]


def record(
    entries: Sequence[Entry],
    *,
    by: str,
    at: datetime,
    people: Sequence[PersonRecord] = (),
    expected: Mapping[uuid.UUID, int] | None = None,
    quiet: bool = False,
) -> list[ledger_queries.Receipt]:
    """Record entries and the people they are about, all or none; work out what follows, and tell who must know.

    Returns a receipt for each entry, in order; the same entry again gets its old receipt. `quiet` is for history
    that is taken in later: answers are worked out, nobody is told of what is long past.
    Raises the refusals of `ledger.errors`, `people.actions.RecordUnknown`; nothing of the call is kept then.
    """
    return _trying(partial(_record, entries, by=by, at=at, given=people, expected=expected, quiet=quiet))


def _trying(work: Callable[[], T]) -> T:
    """Do it; begin anew, some times, where another writer was in the way."""
    for _ in range(TRIES - 1):
        try:
            return work()
        except IntegrityError:
            pass  # another writer kept the same reference in between: now it is there to be compared with
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise  # else two writers waited for each other, and the database let the other go on
    return work()


@transaction.atomic
def _record(
    entries: Sequence[Entry],
    *,
    by: str,
    at: datetime,
    given: Sequence[PersonRecord],
    expected: Mapping[uuid.UUID, int] | None,
    quiet: bool,
) -> list[ledger_queries.Receipt]:
    concerned = {concern.record for entry in entries for concern in entry.concerns}
    taken = people.take_in(given, concerned=concerned, at=at, noted=_first_noted(entries))
    # All at once and in order, so that writers seldom wait for each other.
    held = duties.hold(set(taken.persons.values()))
    receipts = ledger.append([*taken.links, *entries], by=by, at=at, persons=taken.persons, expected=expected)
    changed = {person for one in receipts if not one.repeated for person in one.versions}
    changed |= {taken.persons[Record(one.agency, one.ref)] for one in given}
    changed |= taken.moved
    changes = duties.assess(changed, at=at, held=held)
    if not quiet:
        tell(changes, at=at)
    return receipts[len(taken.links) :]


def _first_noted(entries: Iterable[Entry]) -> dict[Record, datetime]:
    first: dict[Record, datetime] = {}
    for entry in entries:
        for concern in entry.concerns:
            first[concern.record] = min(entry.noted, first.get(concern.record, entry.noted))
    return first


def decide_link(
    first: Record, second: Record, *, same: bool, how: str, note: str, role: str, agency: str, by: str, at: datetime
) -> None:
    """Join two records of one person, or hold apart what was joined or doubted, as a human decided. One transaction.

    `how` is what it rests on (`people.entries.LinkBasis`), `note` the reason in words, which is kept with it.
    """
    decided = people.decision(first, second, same=same, how=how, note=note, role=role, agency=agency, at=at)
    _trying(partial(_decide_link, first, second, decided, by=by, at=at))


@transaction.atomic
def _decide_link(first: Record, second: Record, decided: Entry, *, by: str, at: datetime) -> None:
    persons = people.hold_records([first, second])
    ledger.append([decided], by=by, at=at, persons=persons)
    changed = people.regroup([first, second], at=at)
    tell(duties.assess({*persons.values(), *changed}, at=at), at=at)


@transaction.atomic
def erase(entry: uuid.UUID, *, authority: str, reason: str, by: str, at: datetime) -> None:
    """Destroy the content of one entry under an authority; work out anew what followed from it, and tell that.

    What the entry had met may be due again, and overdue at once: whoever owes it must know. As `ledger.actions.erase`:
    raises `NoSuchEntry`, and `canonical.SealRefused` for a missing authority or reason.
    """
    found = ledger_queries.find(entry)
    ledger.erase(entry, authority=authority, by=by, reason=reason, at=at)
    tell(duties.reassess(set(people_queries.persons_of(found.records).values()), at=at), at=at)


def rebuild(persons: Sequence[uuid.UUID], *, at: datetime, quiet: bool = False) -> Iterator[tuple[int, int]]:
    """Work out the answers of these persons anew, some in a transaction, and tell what follows unless `quiet`.

    Gives, after each transaction, how many persons are done and how many rows were not as they should be.
    """
    rows = 0
    for start in range(0, len(persons), _AT_A_TIME):
        some = persons[start : start + _AT_A_TIME]
        with transaction.atomic():
            changes = duties.reassess(some, at=at)
            if not quiet:
                tell(changes, at=at)
        rows += changes.rows
        yield start + len(some), rows


# --- telling -------------------------------------------------------------------------------------------------------


def tell(changes: duties.Changes, *, at: datetime) -> None:
    """Put into the outbox what follows from changed answers: new findings, withdrawn ones, duties that became overdue.

    A finding is told to everybody who works with the person, in whichever agency; a duty to those of the agency that
    owes it. Each thing is told once, however often it is worked out.
    """
    findings = [*changes.raised, *changes.withdrawn]
    persons = {person for person, *_ in findings} | {person for person, *_ in changes.overdue}
    if not persons:
        return
    holders = _Holders(persons, at)
    notices = [
        *(holders.finding("finding", one) for one in changes.raised),
        *(holders.finding("withdrawn", one) for one in changes.withdrawn),
        *(holders.duty(one) for one in changes.overdue),
        *_across(changes.raised, at),
    ]
    send(notices, at=at)


def _across(raised: Sequence[tuple[uuid.UUID, str, str]], at: datetime) -> list[To]:
    """Of findings that ask both sides: notices to those who work with the other people whom the evidence is about.

    They are told that a question waits, and where to say what may be told; not about whom. Nobody is told of what
    rests on an entry whose label hides that it exists. Five queries where there is such a finding, else none.
    """
    both = {one.id for one in duty_queries.rules().thresholds if one.both_sides}
    wanted = {name for name in raised if name[1] in both}
    if not wanted:
        return []
    kept = duty_queries.findings_of({person for person, *_ in wanted})
    found = [one for one in kept if (one.person, one.rule, one.key) in wanted]
    pointers = ledger_queries.pointers({duty_queries.key_of(name) for one in found for name in one.evidence})
    whose = people_queries.persons_of({record for one in pointers.values() for record in one.subjects})
    holders = access.holders_of(set(whose.values()) | {one.person for one in found}, at=at)
    return [notice for one in found for notice in _to_the_other_side(one, pointers, whose, holders)]


def _to_the_other_side(
    one: duty_queries.KeptFinding,
    pointers: Mapping[Key, ledger_queries.Pointer],
    whose: Mapping[Record, uuid.UUID],
    holders: Mapping[uuid.UUID, Sequence[access.Holder]],
) -> Iterator[To]:
    evidence = [pointers[key] for name in one.evidence if (key := duty_queries.key_of(name)) in pointers]
    if not all(pointer.label in matrix().said for pointer in evidence):
        return
    near = {user for holder in holders[one.person] for user in holder.members}
    others = {whose[record] for pointer in evidence for record in pointer.subjects if record in whose} - {one.person}
    for other in sorted(others):
        told = {user for holder in holders[other] if holder.relation not in NOT_TOLD for user in holder.members}
        yield To(
            about="linked",
            key=f"linked|{one.person}|{one.rule}|{one.key}|{other}",
            path=f"/people/{other}/share",
            person=other,
            users=frozenset(told - near),
        )


class _Holders:
    """Who works with each person, and so is told."""

    def __init__(self, persons: set[uuid.UUID], at: datetime) -> None:
        self._known = access.holders_of(persons, at=at)

    def _of(self, person: uuid.UUID) -> list[access.Holder]:
        return [one for one in self._known[person] if one.relation not in NOT_TOLD]

    def finding(self, about: str, name: tuple[uuid.UUID, str, str]) -> To:
        person, rule, key = name
        users = frozenset(user for one in self._of(person) for user in one.members)
        path = f"/people/{person}/findings/{rule}/{quote(key, safe='')}"
        return To(about=about, key=f"{about}|{person}|{rule}|{key}", path=path, person=person, users=users)

    def duty(self, name: tuple[uuid.UUID, str, str, str]) -> To:
        person, rule, started_by, agency = name
        holders = self._of(person)
        owing = [one for one in holders if one.agency == agency] or holders
        users = frozenset(user for one in owing for user in one.members)
        path = f"/people/{person}/duties/{rule}/{quote(started_by, safe='')}"
        return To(about="duty", key=f"overdue|{person}|{rule}|{started_by}", path=path, person=person, users=users)


_SEND = """
    WITH notice AS (
        INSERT INTO alerts_notice (id, person, about, key, path, at)
        SELECT gen_random_uuid(), person, about, key, path, %(at)s
        FROM unnest(%(persons)s::uuid[], %(abouts)s::text[], %(keys)s::text[], %(paths)s::text[])
            AS n(person, about, key, path)
        ON CONFLICT (key) DO NOTHING RETURNING id, key
    )
    INSERT INTO alerts_delivery (id, notice_id, user_id, state, attempts, fault)
    SELECT gen_random_uuid(), notice.id, t.told, 'waiting', 0, ''
    FROM notice JOIN unnest(%(to_keys)s::text[], %(told)s::uuid[]) AS t(key, told) USING (key)
    RETURNING id
"""


@transaction.atomic(savepoint=False)
def send(notices: Sequence[To], *, at: datetime) -> None:
    """Put notices into the outbox, each once, with a delivery and a job for everybody it is to. Two statements."""
    if not notices:
        return
    told = {(one.key, user) for one in notices for user in one.users}
    with connection.cursor() as cursor:
        cursor.execute(
            _SEND,
            {
                "at": at,
                "persons": [one.person for one in notices],
                "abouts": [one.about for one in notices],
                "keys": [one.key for one in notices],
                "paths": [one.path for one in notices],
                "to_keys": [key for key, _ in told],
                "told": [user for _, user in told],
            },
        )
        delivery.queue([id for (id,) in cursor.fetchall()])


def seen(user: uuid.UUID, path: str, *, at: datetime) -> None:
    """This member of staff opened what they were told of. One query."""
    Delivery.objects.filter(user=user, notice__path=path, seen_at=None).update(seen_at=at)


def try_again(one: uuid.UUID, *, at: datetime) -> None:
    """Let the worker try once more to deliver what was given up."""
    with transaction.atomic():
        changed = Delivery.objects.filter(id=one, state=Delivery.State.UNDELIVERABLE).update(
            state=Delivery.State.WAITING, attempts=0, next_try=at
        )
        if changed:
            delivery.queue([one])


def tick(*, at: datetime, most: int = MOST_AT_A_TICK) -> int:
    """Let time pass: bring answers to this moment, tell what became overdue, pick up deliveries that lost their job.

    One transaction a person, so that a crash loses nothing and holds nobody up. Returns how many persons were
    worked out; call it again while that is `most`.
    """
    persons = duties.waiting(at=at, most=most)
    for person in persons:
        with transaction.atomic():
            tell(duties.reassess([person], at=at), at=at)
    lost = Delivery.objects.filter(state=Delivery.State.WAITING, notice__at__lt=at - timedelta(minutes=5))
    lost = lost.exclude(next_try__gt=at - timedelta(minutes=5))
    delivery.queue(list(lost.values_list("id", flat=True)[:most]))
    return len(persons)
