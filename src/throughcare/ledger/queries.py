"""What can be read of the ledger: values, never querysets.

`line` is the one entrance for everybody who looks: what a viewer may not see is left out inside the query.
`everything` is for the engine alone, which must know a case whole to work out what is due (duties.queries).
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson
from django.db import connection, transaction

from throughcare.access import queries as access
from throughcare.access.reach import Reach, matrix
from throughcare.ledger import canonical, export, tree
from throughcare.ledger.chain import Link
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.errors import NoSuchEntry
from throughcare.ledger.raw import from_raw
from throughcare.ledger.statements import statement

ENTRIES, AUDIT = "entries", "audit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one viewer may read about some records, as it existed at a moment."""

    entries: list[Entry] = field(default_factory=list)  # in order of `noted`, then `ref`
    since: Mapping[Key, datetime] = field(default_factory=dict)  # since when the viewer's agency knows each
    restricted: Mapping[str, int] = field(default_factory=dict)  # by agency: entries that exist and are not shown
    hidden: frozenset[uuid.UUID] = frozenset()  # not shown, under labels of which nobody says that there are any
    erased: frozenset[uuid.UUID] = frozenset()  # entries that would be shown, were their content not erased


def line(records: Collection[Record], *, reach: Reach, until: datetime, sealed: int | None = None) -> Line:
    """Everything about these records that existed at a moment (inclusive) and that the viewer may read. One query.

    With `sealed`, only what stands in the tree of that size: the same answer for ever, whatever comes later.
    """
    readable, parameters = reach.sql(
        agency="line.agency", label="line.label", known="known.at IS NOT NULL", beside="line.beside"
    )
    given: dict[str, Any] = {**parameters, "until": until, "sealed": sealed, **_sides(records)}
    entries, since, restricted, hidden, erased = [], {}, Counter[str](), set(), set()
    with connection.cursor() as cursor:
        cursor.execute(statement("line").replace("{readable}", readable), given)
        for id, agency, label, received, known, may_read, content in cursor.fetchall():
            if not may_read:
                restricted[agency] += label in reach.countable
                if label not in matrix().said:
                    hidden.add(id)
            elif content is None:
                erased.add(id)
            else:
                entry = _entry(content, _moment(received))
                entries.append(entry)
                if known is not None:
                    since[entry.key] = _moment(known)
    return Line(
        entries=entries, since=since, restricted=+restricted, hidden=frozenset(hidden), erased=frozenset(erased)
    )


_1970 = datetime(1970, 1, 1, tzinfo=UTC)


def _moment(microseconds: int) -> datetime:
    return _1970 + timedelta(microseconds=microseconds)


def about_keys(keys: Collection[Key], *, agency: str, until: datetime) -> dict[Key, tuple[str, bool]]:
    """Of each of these entries its label, and whether this agency was told of it by a moment; no content. One query.

    For lists that order many people by what began with these entries, and may count only what the viewer may read.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, e.label, EXISTS (SELECT FROM ledger_share s WHERE s.entry_id = e.id"
            " AND s.agency = %(reader)s AND s.at <= %(until)s)"
            " FROM unnest(%(agencies)s::text[], %(refs)s::text[]) AS k(agency, ref)"
            " JOIN ledger_entry e USING (agency, ref) WHERE e.noted <= %(until)s",
            {
                "agencies": [one.agency for one in keys],
                "refs": [one.ref for one in keys],
                "reader": agency,
                "until": until,
            },
        )
        return {Key(*row[:2]): (row[2], row[3]) for row in cursor.fetchall()}


_CARRIED = """
    WITH telling AS (
        SELECT t.id, t.agency, t.ref, w.id AS gone
        FROM unnest(%(agencies)s::text[], %(refs)s::text[]) AS g(agency, ref)
        JOIN ledger_entry t USING (agency, ref)
        LEFT JOIN ledger_entry w ON w.agency = t.agency AND w.corrects = t.ref AND w.noted <= %(until)s
    ),
    named AS (
        SELECT e.id, e.agency, e.ref
        FROM telling t
        JOIN ledger_told k ON k.entry_id = t.id AND k.agency = %(agency)s
        JOIN ledger_entry e ON e.agency = t.agency AND e.ref = k.ref
        WHERE t.gone IS NULL
    )
    SELECT p.content, e.received
    FROM (
        SELECT id FROM named
        UNION
        SELECT gone FROM telling WHERE gone IS NOT NULL
        UNION
        SELECT later.id
        FROM named
        JOIN ledger_entry later ON later.agency = named.agency AND later.corrects = named.ref
        JOIN ledger_share s ON s.entry_id = later.id AND s.agency = %(agency)s AND s.at <= %(until)s
    ) AS found
    JOIN ledger_entry e ON e.id = found.id AND e.noted <= %(until)s AND e.label = ANY(%(labels)s)
    JOIN ledger_payload p ON p.entry_id = e.id
    ORDER BY e.noted, e.ref
"""


def carried(telling: Collection[Key], *, reach: Reach, until: datetime) -> list[Entry]:
    """What these `information.shared` entries of a line tell the viewer's agency, wherever it stands. One query.

    An officer tells a child's agency of an adult: the entry about the adult is read with the child's record, by those
    who may read its label. With it comes what corrected it and was told too, and what withdrew the sharing: a sharing
    that was made in error carries nothing any more. The caller has read the sharing entries.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CARRIED,
            {
                "agencies": [one.agency for one in telling],
                "refs": [one.ref for one in telling],
                "agency": reach.agency,
                "labels": sorted(reach.shared),
                "until": until,
            },
        )
        return [_entry(content, received) for content, received in cursor.fetchall()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """That an agency holds an entry: no content."""

    agency: str
    label: str
    subjects: tuple[Record, ...]


def pointers(keys: Collection[Key]) -> dict[Key, Pointer]:
    """Who holds these entries, under which label, about whom. One query. What may be said of it is asked above."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, e.label, array_agg(c.agency), array_agg(c.record)"
            " FROM unnest(%s::text[], %s::text[]) AS w(agency, ref) JOIN ledger_entry e USING (agency, ref)"
            " LEFT JOIN ledger_concern c ON c.entry_id = e.id AND c.part = 'subject' GROUP BY e.id",
            [[one.agency for one in keys], [one.ref for one in keys]],
        )
        return {
            Key(agency, ref): Pointer(
                agency=agency,
                label=label,
                subjects=tuple(Record(*one) for one in zip(agencies, records, strict=True) if one[1] is not None),
            )
            for agency, ref, label, agencies, records in cursor.fetchall()
        }


def everything(records: Collection[Record], *, kinds: Collection[str] | None = None) -> list[Entry]:
    """Every entry about these records (of these kinds), in order of `noted`, then `ref`; for the engine. One query."""
    with connection.cursor() as cursor:
        wanted = {"kinds": list(kinds) if kinds is not None else None}
        cursor.execute(statement("everything"), _sides(records) | wanted)
        return [_entry(content, received) for content, received in cursor.fetchall()]


_TOGETHER = """
    WITH mine AS MATERIALIZED (
        SELECT DISTINCT c.entry_id, agency, record
        FROM unnest(%(agencies)s::text[], %(records)s::text[]) AS r(agency, record)
        JOIN ledger_concern c USING (agency, record)
    ),
    linking AS MATERIALIZED (
        SELECT mine.* FROM mine JOIN ledger_entry e ON e.id = mine.entry_id WHERE e.kind = ANY(%(kinds)s)
    )
    SELECT DISTINCT l.agency, l.record, o.agency, o.record FROM linking l JOIN ledger_concern o USING (entry_id)
"""
# Step by step, because the planner may believe that the tables are empty: they were, when it last counted. Then it
# nests three loops over all of them, and what takes 5 seconds takes an hour.


def together(records: Collection[Record], *, kinds: Collection[str]) -> set[tuple[Record, Record]]:
    """Each of these records with each that stands beside it in an entry of these kinds. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TOGETHER,
            _sides(records) | {"kinds": list(kinds)},
        )
        return {(Record(*row[:2]), Record(*row[2:])) for row in cursor.fetchall()}


def _sides(records: Collection[Record]) -> dict[str, Any]:
    return {"agencies": [one.agency for one in records], "records": [one.ref for one in records]}


def _entry(content: Any, received: datetime) -> Entry:
    return from_raw(orjson.loads(content), received=received)


def involved(records: Collection[Record], *, labels: Collection[str], until: datetime) -> list[str]:
    """The agencies that had recorded something about these records by a moment, under these labels. One query.

    A pointer: that an agency is involved, and no more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.agency FROM unnest(%(agencies)s::text[], %(records)s::text[]) AS r(agency, record)"
            " JOIN ledger_concern c USING (agency, record)"
            " JOIN ledger_entry e ON e.id = c.entry_id AND e.label = ANY(%(labels)s) AND e.noted <= %(until)s"
            " ORDER BY 1",
            _sides(records) | {"labels": list(labels), "until": until},
        )
        return [agency for (agency,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One entry by its id, with what is needed to ask whether somebody may read it."""

    id: uuid.UUID
    agency: str
    ref: str
    records: tuple[Record, ...]


def find(id: uuid.UUID) -> Found:
    """Where an entry stands, without its content. Raises `NoSuchEntry`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, array_agg(c.agency), array_agg(c.record) FROM ledger_entry e "
            "LEFT JOIN ledger_concern c ON c.entry_id = e.id WHERE e.id = %s GROUP BY e.id",
            [id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NoSuchEntry(f"There is no entry {id}.")
    agency, ref, agencies, records = row
    about = tuple(Record(*one) for one in zip(agencies, records, strict=True) if one[1] is not None)
    return Found(id=id, agency=agency, ref=ref, records=about)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the sender keeps: this entry is held, under this id, with this digest."""

    id: uuid.UUID
    agency: str
    ref: str
    received: datetime
    digest: str  # SHA-256 of the canonical content, in hex
    repeated: bool  # it was held before: the same receipt is given again
    versions: Mapping[uuid.UUID, int]  # for each person, the version of their line that this entry made


_RECEIPTS = """
    SELECT e.id, e.agency, e.ref, e.received, p.digest,
           (SELECT jsonb_object_agg(l.person, l.version) FROM ledger_link l WHERE l.entry_id = e.id)
    FROM unnest(%s::text[], %s::text[]) AS w(agency, ref)
    JOIN ledger_entry e USING (agency, ref) LEFT JOIN ledger_payload p ON p.entry_id = e.id
"""


def receipts(keys: Collection[Key]) -> dict[Key, Receipt]:
    """The receipts of entries that are held, as they were given (`repeated`: it is held). One query.

    The digest is empty where the content was lawfully erased.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, [[key.agency for key in keys], [key.ref for key in keys]])
        return {
            Key(agency, ref): Receipt(
                id=id,
                agency=agency,
                ref=ref,
                received=received,
                digest=bytes(digest).hex() if digest else "",
                repeated=True,
                versions={uuid.UUID(person): version for person, version in json.loads(versions or "{}").items()},
            )
            for id, agency, ref, received, digest, versions in cursor.fetchall()
        }


def writers(keys: Collection[Key]) -> dict[Key, str]:
    """Who sent each of these entries, as its sealed head says: `user:<uuid>` or `system:<id>`. One query.

    Where two people must decide one after the other, the second is held against this.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, convert_from(e.head, 'UTF8')::jsonb ->> 'by'"
            " FROM unnest(%s::text[], %s::text[]) AS w(agency, ref) JOIN ledger_entry e USING (agency, ref)",
            [[key.agency for key in keys], [key.ref for key in keys]],
        )
        return {Key(agency, ref): by for agency, ref, by in cursor.fetchall()}


def versions(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The newest version of each person's line; 0 where nothing was written yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person, version FROM ledger_head WHERE person = ANY(%s)", [list(persons)])
        return dict.fromkeys(persons, 0) | dict(cursor.fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """That a content was lawfully erased."""

    entry: uuid.UUID
    at: datetime
    by: str
    authority: str
    reason: str


def erasures(entries: Collection[uuid.UUID]) -> list[Erased]:
    """The erasures of these entries. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, at, by, authority, reason FROM ledger_erasure WHERE entry_id = ANY(%s)", [list(entries)]
        )
        return [Erased(entry=e, at=at, by=by, authority=a, reason=r) for e, at, by, a, r in cursor.fetchall()]


# --- the seal ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SealState:
    """How far the sealer has come with one log."""

    waiting: int  # committed and not yet in the tree
    size: int  # leaves under the newest checkpoint; 0 before the first
    at: datetime | None  # when that was signed


def seal_state(log: str = ENTRIES) -> SealState:
    """How far the sealer has come. One query, two for the audit log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_unsealed WHERE log = %s), c.size, c.at FROM (SELECT) AS one "
            "LEFT JOIN LATERAL (SELECT size, at FROM ledger_checkpoint WHERE log = %s ORDER BY size DESC LIMIT 1) c "
            "ON true",
            [log, log],
        )
        waiting, size, at = cursor.fetchone()
    if log == AUDIT:
        waiting = access.audit_backlog()
    return SealState(waiting=waiting, size=size or 0, at=at)


def waiting_since() -> datetime | None:
    """When the ledger took the oldest entry that still waits for the sealer; None where none waits. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.received) FROM ledger_unsealed u JOIN ledger_entry e ON e.id = u.subject WHERE u.log = %s",
            [ENTRIES],
        )
        (since,) = cursor.fetchone()
    return since  # type: ignore[no-any-return]


def checkpoints(log: str = ENTRIES) -> list[str]:
    """Every signed checkpoint of a log, in order of size. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM ledger_checkpoint WHERE log = %s ORDER BY size", [log])
        return [note for (note,) in cursor.fetchall()]


def newest_checkpoint(log: str = ENTRIES) -> str | None:
    """The newest signed checkpoint of a log; None before the first. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM ledger_checkpoint WHERE log = %s ORDER BY size DESC LIMIT 1", [log])
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """That an entry stands in the tree: what `tree.includes` asks for."""

    position: int
    size: int
    leaf: bytes
    proof: list[bytes]


def inclusion(subject: uuid.UUID, *, log: str = ENTRIES) -> Inclusion | None:
    """The proof that something stands in the newest sealed tree; None while it waits for the sealer."""
    size = seal_state(log).size
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT position, leaf FROM ledger_leaf WHERE log = %s AND subject = %s AND position < %s",
            [log, subject, size],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    position, leaf = row
    proof = tree.inclusion_proof(partial(_node, log), position, size)
    return Inclusion(position=position, size=size, leaf=bytes(leaf), proof=proof)


def consistency(old: int, new: int, *, log: str = ENTRIES) -> list[bytes]:
    """The proof that the tree of one size begins with that of a smaller. Raises `tree.TreeError`."""
    return tree.consistency_proof(partial(_node, log), old, new)


def _node(log: str, level: int, index: int) -> bytes:
    with connection.cursor() as cursor:
        if level:
            cursor.execute(
                "SELECT hash FROM ledger_node WHERE log = %s AND level = %s AND index = %s", [log, level, index]
            )
        else:
            cursor.execute("SELECT leaf FROM ledger_leaf WHERE log = %s AND position = %s", [log, index])
        row = cursor.fetchone()
    if row is None:
        raise tree.TreeError(f"subtree {index} of level {level} is not in the tree")
    return bytes(row[0])


@contextmanager
def one_moment() -> Iterator[None]:
    """Read the database as it is at one moment, whatever is written meanwhile; in a transaction, as that sees it."""
    begins = not connection.in_atomic_block
    with transaction.atomic():
        if begins:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def rows() -> Iterator[export.Row]:
    """Everything that is kept of the tree of entries, in its order; read in pieces, from one moment of the database."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement("rows"))
        for row in _pieces(cursor):
            yield _row(row)


def audit_rows() -> Iterator[export.Row]:
    """Every sealed audit line in its order, as `rows` gives entries; the line as it is kept now is the payload.

    Read in pieces, two queries each: within `one_moment`, to verify.
    """
    position = 0
    while sealed := _audit_heads(position):
        lines = {line["position"]: line for line in access.audit_lines_after(position, len(sealed))}
        for position, leaf, head, salt in sealed:
            line = lines.get(position)
            yield export.Row(
                position=position - 1,
                leaf=bytes(leaf),
                head=bytes(head) if head is not None else b"",
                payload=canonical.canonical(line) if line is not None else None,
                salt=bytes(salt) if salt is not None else None,
            )


def _audit_heads(after: int) -> list[tuple[int, Any, Any, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.position + 1, f.leaf, a.head, a.salt FROM ledger_leaf f "
            "LEFT JOIN ledger_audit a ON a.position = f.position + 1 "
            "WHERE f.log = 'audit' AND f.position >= %s ORDER BY f.position LIMIT 1000",
            [after],
        )
        found: list[tuple[int, Any, Any, Any]] = cursor.fetchall()
        return found


def _pieces(cursor: Any) -> Iterable[tuple[Any, ...]]:
    while piece := cursor.fetchmany(2_000):
        yield from piece


def _row(row: tuple[Any, ...]) -> export.Row:
    position, _subject, leaf, head, content, salt, digest, persons, versions, hashes = row
    links = zip(persons or (), versions or (), hashes or (), strict=True)
    return export.Row(
        position=position,
        leaf=bytes(leaf),
        head=bytes(head) if head is not None else b"",
        payload=bytes(content) if content is not None else None,
        salt=bytes(salt) if salt is not None else None,
        links=[Link(person, version, bytes(hash)) for person, version, hash in links],
        digest=bytes(digest) if digest is not None else None,
    )
