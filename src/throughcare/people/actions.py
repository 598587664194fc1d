"""What can be done about people: take in agencies' records, and decide which records are one person.

A decision is a ledger entry (`people.linked`, `people.kept_apart`), made here and appended by the caller in the same
transaction; `regroup` then lets `Holding.person` follow the entries. Records are never edited: each telling that
differs is kept as a version.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Literal

from django.db import connection, transaction

from throughcare.access import actions as access
from throughcare.ledger import actions as ledger
from throughcare.ledger import queries as ledger_queries
from throughcare.ledger.entry import WITHDRAWN, Concern, Entry, Precision, Record, Share, When
from throughcare.ledger.errors import LedgerError
from throughcare.ledger.life import Identifier, PersonRecord
from throughcare.people import links
from throughcare.people.matching import exact
from throughcare.people.models import Doubt, Holding, Person, Version

AUTOMATIC = "exact matching"
"""The role in whose name the rule of `people.matching` joins records; a human's link names the human's."""


_QUEUE, _QUEUES = 0x9E09, 2048  # advisory locks by key: so many at the most, however large a batch is


class RecordUnknown(LedgerError):
    """An entry concerns an agency's record of a person that nobody has sent."""

    code = "record_unknown"

    def __init__(self, record: Record) -> None:
        self.record = record
        super().__init__(
            f"concerns: {record.agency} has no record {record.ref} of a person here. "
            "Send the record in `people`, before the entry or with it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What taking in records came to: whose each record is, and the links that matching decided on."""

    persons: dict[Record, uuid.UUID]
    links: list[Entry] = field(default_factory=list)
    moved: set[uuid.UUID] = field(default_factory=set)  # persons that lost their records to another


@transaction.atomic(savepoint=False)
def take_in(
    given: Sequence[PersonRecord], *, concerned: Collection[Record], at: datetime, noted: Mapping[Record, datetime]
) -> TakenIn:
    """Keep agencies' records of people, match what is new, and name the person of every record concerned.

    `noted` says, for a record, when its agency first wrote about it here: from then on a link made now stands.
    Raises `RecordUnknown` for a concerned record that is neither here nor given. One query where nothing is new.
    """
    changed = _keep(given, at=at) if given else []
    made, moved = _match(changed, at=at, noted=noted) if changed else ([], set())
    wanted = {*concerned, *(one.record for one in given), *(one.record for link in made for one in link.concerns)}
    persons = _persons(wanted)
    for record in sorted(wanted):
        if record not in persons:
            raise RecordUnknown(record)
    return TakenIn(persons=persons, links=made, moved=moved)


_Lock = Literal["SHARE", "NO KEY UPDATE"]


def _persons(records: Collection[Record], *, lock: _Lock = "SHARE") -> dict[Record, uuid.UUID]:
    """The person of each record that is known. Until the transaction ends no record goes to another person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT agency, ref, person_id FROM people_record "  # noqa: S608 - the lock is one of two words of ours
            "JOIN unnest(%s::text[], %s::text[]) AS w(agency, ref) USING (agency, ref) "
            f"ORDER BY people_record.id FOR {lock} OF people_record",
            [[one.agency for one in records], [one.ref for one in records]],
        )
        return {Record(agency, ref): person for agency, ref, person in cursor.fetchall()}


def _keep(given: Sequence[PersonRecord], *, at: datetime) -> list[Holding]:
    """Insert new records and new versions; return the rows that are new or say something new."""
    _queue_for({key for one in given for key in exact.keys(one)})
    held = {
        (row.agency, row.ref): row
        for row in Holding.objects.select_for_update()
        .filter(agency__in={one.agency for one in given}, ref__in={one.ref for one in given})
        .order_by("id")
    }
    changed = []
    for one in given:
        row = held.get((one.agency, one.ref))
        content = _content(one)
        if row is None:
            person = Person.objects.create(since=at)
            row = Holding.objects.create(agency=one.agency, ref=one.ref, person=person, **_columns(one))
            held[one.agency, one.ref] = row
        elif _content(_record(row)) == content:
            continue
        else:
            for name, value in _columns(one).items():
                setattr(row, name, value)
            row.save()
        Version.objects.create(holding=row, received=at, content=content)
        changed.append(row)
    return changed


def _queue_for(keys: Collection[str]) -> None:
    """Let no other transaction take in a record that could match one of ours until we are done."""
    queues = sorted({int.from_bytes(sha256(key.encode()).digest()[:4], "big") % _QUEUES for key in keys})
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, n) FROM unnest(%s::int[]) AS n", [_QUEUE, queues])


def _columns(one: PersonRecord) -> dict[str, Any]:
    identifiers = [f"{system}={value}" for system, value in one.identifiers]
    names = " ".join(f" {exact.folded(name)}" for name in one.names)
    numbers = " ".join(f"#{exact.folded(text.partition('=')[2]).replace(' ', '')}" for text in identifiers)
    return {
        "names": list(one.names),
        "date_of_birth": one.date_of_birth,
        "expected_date_of_birth": one.expected_date_of_birth,
        "sex": one.sex,
        "address": one.address,
        "postcode": exact.postcode(one.address) or "",
        "identifiers": identifiers,
        "identified": one.identified,
        "keys": exact.keys(one),
        "search": f"{names} {numbers} #{exact.folded(one.ref).replace(' ', '')}",
    }


def _content(one: PersonRecord) -> dict[str, Any]:
    def said(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "names": list(one.names),
        "date_of_birth": said(one.date_of_birth),
        "expected_date_of_birth": said(one.expected_date_of_birth),
        "sex": one.sex,
        "address": one.address,
        "identifiers": [f"{system}={value}" for system, value in one.identifiers],
        "identified": one.identified,
    }


def _record(row: Holding) -> PersonRecord:
    return PersonRecord(
        agency=row.agency,
        ref=row.ref,
        names=tuple(row.names),
        date_of_birth=row.date_of_birth,
        expected_date_of_birth=row.expected_date_of_birth,
        sex=row.sex,
        address=row.address,
        identifiers=tuple(Identifier(*one.split("=", 1)) for one in row.identifiers),
        identified=row.identified,
    )


# --- matching ------------------------------------------------------------------------------------------------------


def _match(
    changed: Sequence[Holding], *, at: datetime, noted: Mapping[Record, datetime]
) -> tuple[list[Entry], set[uuid.UUID]]:
    """Match new rows against all that share a key; write doubts, and return the links to append and who moved."""
    rows = {Record(row.agency, row.ref): row for row in changed}
    new = set(rows)
    keys = sorted({key for row in changed for key in row.keys})
    for row in Holding.objects.filter(keys__overlap=keys).order_by("id"):
        rows.setdefault(Record(row.agency, row.ref), row)
    ordered = sorted(rows.values(), key=lambda row: row.pk)
    decided = exact.match([_record(row) for row in ordered])
    members = _members({row.person_id for row in ordered})
    apart = links.apart_pairs(_decisions({one for ones in members.values() for one in ones}))
    made: list[Entry] = []
    moved: set[uuid.UUID] = set()

    def settled(first: Holding, second: Holding) -> bool:
        """Are these of one person, or held apart by a human?"""
        pair = frozenset((Record(first.agency, first.ref), Record(second.agency, second.ref)))
        return first.person_id == second.person_id or pair in apart

    def doubt(pair: exact.Pair, why: str) -> None:
        first, second = rows[pair.first], rows[pair.second]
        if new & {pair.first, pair.second} and not settled(first, second):
            Doubt.objects.get_or_create(first=first, second=second, defaults={"why": why, "since": at})

    for pair in decided.joined:
        first, second = rows[pair.first], rows[pair.second]
        if not new & {pair.first, pair.second} or settled(first, second):
            continue
        if _held_apart(members[first.person_id], members[second.person_id], apart):
            doubt(pair, f"{pair.why}; but joining them would join records that were held apart")
            continue
        made.append(_link(pair.first, pair.second, how=pair.how, role=AUTOMATIC, noted=noted.get(pair.second, at)))
        gone = second.person_id
        moved.add(gone)
        _move(gone, first.person_id, rows.values(), at=at)
        members[first.person_id] |= members.pop(gone)
    for pair in decided.for_review:
        doubt(pair, pair.why)
    return made, moved


def _members(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, set[Record]]:
    found: dict[uuid.UUID, set[Record]] = {person: set() for person in persons}
    rows = Holding.objects.filter(person__in=persons).values_list("person_id", "agency", "ref")
    for person, agency, ref in rows:
        found[person].add(Record(agency, ref))
    return found


def _decisions(records: Collection[Record]) -> list[Entry]:
    """What was decided about these records being one person, and what took such a decision back."""
    return ledger_queries.everything(records, kinds=(links.LINKED, links.KEPT_APART, WITHDRAWN))


def _held_apart(some: Collection[Record], others: Collection[Record], apart: Collection[frozenset[Record]]) -> bool:
    return any(len(pair & set(some)) == 1 and len(pair & set(others)) == 1 for pair in apart)


def _link(first: Record, second: Record, *, how: str, role: str, noted: datetime, kind: str = links.LINKED) -> Entry:
    """The entry that joins two records (or holds them apart); both agencies know it."""
    name = sha256(f"{kind}\n{first}\n{second}\n{noted.isoformat()}".encode()).hexdigest()[:20]
    return Entry(
        ref=f"{kind.partition('.')[2]}-{name}",
        kind=kind,
        agency=second.agency,
        author_role=role,
        happened=When(Precision.MINUTE, at=noted.replace(second=0, microsecond=0)),
        noted=noted,
        shared=() if first.agency == second.agency else (Share(first.agency, noted),),
        concerns=(Concern("subject", first), Concern("other", second)),
        body={"how": how},
    )


def _move(source: uuid.UUID, target: uuid.UUID, rows: Iterable[Holding], *, at: datetime) -> None:
    """Let all records of one person be another's. A writer who took the old person in waits, or is waited for."""
    Holding.objects.filter(person_id=source).update(person_id=target)
    ledger.hold({source, target})
    Person.objects.filter(id=source).update(merged_into=target)
    access.carry_over(source, target, at=at)
    for row in rows:
        if row.person_id == source:
            row.person_id = target


# --- decisions of people -------------------------------------------------------------------------------------------


def hold_records(records: Collection[Record]) -> dict[Record, uuid.UUID]:
    """Hold these records and their persons, and return whose each is. Raises `RecordUnknown`."""
    found = _persons(records, lock="NO KEY UPDATE")
    for record in records:
        if record not in found:
            raise RecordUnknown(record)
    ledger.hold(set(found.values()))
    return found


def decision(
    first: Record, second: Record, *, same: bool, how: str, note: str, role: str, agency: str, at: datetime
) -> Entry:
    """The entry by which a human joins two records or holds them apart. Append it, then call `regroup`.

    `how`: what the decision rests on, a code; `note`: the reason in the human's own words.
    """
    kind = links.LINKED if same else links.KEPT_APART
    made = _link(first, second, how=how, role=role, noted=at, kind=kind)
    told = {first.agency, second.agency} - {agency}
    shared = tuple(Share(one, at) for one in sorted(told))
    return Entry(
        ref=made.ref, kind=kind, agency=agency, author_role=role, happened=made.happened, noted=at, shared=shared,
        concerns=made.concerns, body={**made.body, "note": note},
    )  # fmt: skip


@transaction.atomic
def regroup(records: Collection[Record], *, at: datetime) -> set[uuid.UUID]:
    """Let persons follow the links that stand between these records and all that are grouped with them.

    The oldest record of a group keeps its person; a group that came loose gets a new one. Returns every person that
    gained or lost a record. Doubts about records that are now decided are closed.
    """
    persons = set(_persons(records).values())
    rows = list(Holding.objects.filter(person__in=persons).order_by("id"))
    by_record = {Record(row.agency, row.ref): row for row in rows}
    pairs = links.joined_pairs(_decisions(by_record))
    changed: set[uuid.UUID] = set()
    taken: set[uuid.UUID] = set()
    for group in links.groups(by_record, pairs):
        target = by_record[group[0]].person_id
        if target in taken:
            target = Person.objects.create(since=at).id
        taken.add(target)
        for record in group:
            row = by_record[record]
            if row.person_id != target:
                access.carry_over(row.person_id, target, at=at)
                changed |= {row.person_id, target}
                row.person_id = target
                row.save(update_fields=["person"])
    for gone in persons - taken:
        heir = next(row.person_id for row in rows)
        Person.objects.filter(id=gone).update(merged_into=heir)
    Doubt.objects.filter(first__in=rows, second__in=rows, decided_at=None).update(decided_at=at)
    return changed
