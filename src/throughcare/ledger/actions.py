"""What can be done to the ledger: append entries, hold a person, erase a payload lawfully, seal what is committed.

`append` keeps all entries of a batch or none. It is called inside the transaction of `alerts.actions.record`, the
one way in for everything that is recorded; nothing else calls it.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from throughcare.ledger import canonical, chain, tree
from throughcare.ledger.entry import SHARED, Entry, Key, Record
from throughcare.ledger.errors import NoSuchEntry, NothingToCorrect, ReferenceUsed, VersionMoved
from throughcare.ledger.queries import Receipt
from throughcare.ledger.raw import to_raw
from throughcare.ledger.statements import statement


@dataclass(frozen=True, slots=True)
class _Written:
    """One entry made ready: its bytes and hashes."""

    entry: Entry
    content: bytes
    digest: bytes


def hold(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, chain.Head]:
    """Hold these persons until the transaction ends, and return where each one's chain stands.

    A second writer waits here. Persons are held in order of their ids, so two writers never wait for each other.
    Raises `TransactionManagementError` outside a transaction.
    """
    if not persons:
        return {}
    ordered = sorted(persons)
    with connection.cursor() as cursor:
        if len(heads := _held_heads(cursor, ordered)) < len(ordered):
            cursor.execute(
                "INSERT INTO ledger_head (person, version, hash) SELECT p, 0, '' FROM unnest(%s::uuid[]) AS p "
                "ORDER BY p ON CONFLICT DO NOTHING",
                [ordered],
            )
            heads = _held_heads(cursor, ordered)
    return heads


def _held_heads(cursor: Any, persons: list[uuid.UUID]) -> dict[uuid.UUID, chain.Head]:
    cursor.execute(
        "SELECT person, version, hash FROM ledger_head WHERE person = ANY(%s) ORDER BY person FOR UPDATE", [persons]
    )
    return {
        person: chain.Head(person, version, bytes(hash) if version else None)
        for person, version, hash in cursor.fetchall()
    }


@transaction.atomic(savepoint=False)
def append(
    entries: Sequence[Entry],
    *,
    by: str,
    at: datetime,
    persons: Mapping[Record, uuid.UUID],
    expected: Mapping[uuid.UUID, int] | None = None,
) -> list[Receipt]:
    """Keep entries, all or none, and return a receipt for each, in their order.

    `by` is who sends them (a user or an agency's system), `at` when the ledger takes them. `persons` names the
    person of every record that the entries concern. `expected` names, for some persons, the version of their line
    that the writer has seen. An entry that is held already, with the same content, gets its old receipt again.
    Raises `ReferenceUsed`, `VersionMoved`, `NothingToCorrect`. Six statements, however many entries.
    """
    written = [_ready(entry) for entry in entries]
    about = {persons[concern.record] for entry in entries for concern in entry.concerns}
    heads = hold(about | set(expected or ()))
    held = _held(written)
    fresh = _fresh(written, held)
    if fresh:  # sent again as a whole, a batch has moved the version itself and gets its old receipts
        _check_versions(heads, expected or {})
    _check_corrections(fresh)
    made = _write(fresh, by=by, at=at, persons=persons, heads=heads)
    return [_receipt(one, held, made, at) for one in written]


def _ready(entry: Entry) -> _Written:
    content = canonical.canonical(to_raw(entry), field="entry")
    return _Written(entry, content, canonical.digest(content))


def _check_versions(heads: Mapping[uuid.UUID, chain.Head], expected: Mapping[uuid.UUID, int]) -> None:
    for person, version in expected.items():
        if heads[person].version != version:
            raise VersionMoved(person=person, expected=version, found=heads[person].version)


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held under a reference already. The digest is None where the content was erased."""

    id: uuid.UUID
    received: datetime
    digest: bytes | None
    versions: Mapping[uuid.UUID, int]


def _held(written: Sequence[_Written]) -> dict[Key, _Held]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, e.id, e.received, p.digest FROM ledger_entry e "
            "LEFT JOIN ledger_payload p ON p.entry_id = e.id WHERE e.id = ANY(%s)",
            [[one.entry.id for one in written]],
        )
        rows = cursor.fetchall()
        versions = _versions(cursor, [row[2] for row in rows])
    return {
        Key(agency, ref): _Held(id, received, bytes(digest) if digest else None, versions.get(id, {}))
        for agency, ref, id, received, digest in rows
    }


def _versions(cursor: Any, entries: list[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, int]]:
    found: dict[uuid.UUID, dict[uuid.UUID, int]] = {}
    if entries:
        cursor.execute("SELECT entry_id, person, version FROM ledger_link WHERE entry_id = ANY(%s)", [entries])
        for entry, person, version in cursor.fetchall():
            found.setdefault(entry, {})[person] = version
    return found


def _fresh(written: Sequence[_Written], held: Mapping[Key, _Held]) -> list[_Written]:
    """The entries that are not held yet, each once. Raises `ReferenceUsed` for other content under a used reference."""
    first: dict[Key, _Written] = {}
    for one in written:
        key = one.entry.key
        before = held[key].digest if key in held else first[key].digest if key in first else one.digest
        if before != one.digest:
            raise ReferenceUsed(
                agency=key.agency, ref=key.ref, kept=before.hex() if before else None, given=one.digest.hex()
            )
        if key not in held:
            first.setdefault(key, one)
    return list(first.values())


def _check_corrections(fresh: Sequence[_Written]) -> None:
    """A correction names an entry of the same agency that no other entry has corrected yet."""
    wanted = [one.entry for one in fresh if one.entry.corrects is not None]
    if not wanted:
        return
    agencies, refs = [entry.agency for entry in wanted], [entry.corrects for entry in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.agency, w.ref, e.id IS NOT NULL, n.ref FROM unnest(%s::text[], %s::text[]) AS w(agency, ref) "
            "LEFT JOIN ledger_entry e USING (agency, ref) "
            "LEFT JOIN ledger_entry n ON n.agency = w.agency AND n.corrects = w.ref",
            [agencies, refs],
        )
        found = {Key(agency, ref): (there, newer) for agency, ref, there, newer in cursor.fetchall()}
    batch = {one.entry.key for one in fresh}
    corrected: dict[Key, str] = {}
    for entry in wanted:
        old = Key(entry.agency, str(entry.corrects))
        there, newer = found[old]
        newer = newer or corrected.get(old)
        if newer or not (there or old in batch) or old == entry.key:
            raise NothingToCorrect(ref=entry.ref, corrects=old.ref, newer=newer)
        corrected[old] = entry.ref


def _write(
    fresh: Sequence[_Written],
    *,
    by: str,
    at: datetime,
    persons: Mapping[Record, uuid.UUID],
    heads: dict[uuid.UUID, chain.Head],
) -> dict[Key, dict[uuid.UUID, int]]:
    """Write the rows of new entries; return the versions that each one made."""
    if not fresh:
        return {}
    rows = _Rows()
    made = {}
    for one in fresh:
        about = sorted({persons[concern.record] for concern in one.entry.concerns})
        places = [heads[person].next_place() for person in about]
        salt = canonical.new_salt()
        head = canonical.entry_head(
            id=one.entry.id,
            agency=one.entry.agency,
            ref=one.entry.ref,
            kind=one.entry.kind,
            received=at,
            by=by,
            commitment=canonical.commitment(salt, one.content),
            chains=places,
        )
        leaf = tree.leaf_hash(head)
        links = [chain.make_link(place, entry=one.entry.id, leaf=leaf) for place in places]
        for link in links:
            heads[link.person] = chain.Head(link.person, link.version, link.link)
        rows.add(one, head=head, leaf=leaf, salt=salt, at=at, links=links)
        made[one.entry.key] = {link.person: link.version for link in links}
    rows.heads([heads[person] for person in {person for versions in made.values() for person in versions}])
    with connection.cursor() as cursor:
        cursor.execute(statement("append"), rows.texts())
    return made


class _Rows:
    """The rows of `append.sql`, filled entry by entry, as a JSON text for each table."""

    def __init__(self) -> None:
        tables = ("entry", "payload", "concern", "share", "told", "link", "head")
        self._tables: dict[str, list[dict[str, Any]]] = {name: [] for name in tables}

    def _put(self, table: str, **values: Any) -> None:
        self._tables[table].append(values)

    def add(
        self, one: _Written, *, head: bytes, leaf: bytes, salt: bytes, at: datetime, links: Iterable[chain.Link]
    ) -> None:
        entry, id = one.entry, one.entry.id
        self._put(
            "entry",
            id=id,
            agency=entry.agency,
            ref=entry.ref,
            kind=entry.kind,
            label=entry.sensitivity,
            noted=entry.noted,
            received=at,
            told_at=entry.happened.sorting if entry.kind == SHARED else None,
            sorting=entry.happened.sorting,
            corrects=entry.corrects,
            head=head,
            leaf=leaf,
        )
        self._put("payload", entry=id, content=one.content, salt=salt, digest=one.digest)
        for concern in entry.concerns:
            self._put("concern", entry=id, part=concern.part, agency=concern.record.agency, record=concern.record.ref)
        for share in entry.shared:
            self._put("share", entry=id, agency=share.agency, at=share.at)
        if entry.kind == SHARED:
            for agency in entry.body["to"]:
                for ref in (None, *entry.body["entries"]):
                    self._put("told", entry=id, agency=agency, ref=ref)
        for link in links:
            self._put("link", person=link.person, version=link.version, entry=id, hash=link.link)

    def heads(self, heads: Iterable[chain.Head]) -> None:
        for head in heads:
            self._put("head", person=head.person, version=head.version, hash=head.link)

    def texts(self) -> dict[str, str]:
        return {table: orjson.dumps(rows, default=_as_postgres).decode() for table, rows in self._tables.items()}


def _as_postgres(value: Any) -> str:
    """Bytes, for which JSON has no form, as PostgreSQL reads them."""
    if isinstance(value, bytes):
        return rf"\x{value.hex()}"
    raise TypeError


def _receipt(
    one: _Written, held: Mapping[Key, _Held], made: Mapping[Key, Mapping[uuid.UUID, int]], at: datetime
) -> Receipt:
    key = one.entry.key
    old = held.get(key)
    return Receipt(
        id=one.entry.id,
        agency=key.agency,
        ref=key.ref,
        received=old.received if old else at,
        digest=one.digest.hex(),
        repeated=old is not None,
        versions=old.versions if old else made[key],
    )


@transaction.atomic
def erase(entry: uuid.UUID, *, authority: str, by: str, reason: str, at: datetime) -> None:
    """Destroy the content of one entry, and put into the tree that it was done, when, by whom and under what.

    What the law asks for now and then (a court's order, article 17 of the UK GDPR). The entry keeps its place in
    the tree and in each chain; every later answer says that it was erased. Erasing twice changes nothing. The
    authority and the reason stay for ever and are shown to outsiders: they must not name a person.
    Raises `NoSuchEntry`, and `canonical.SealRefused` for an empty or overlong authority or reason.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(person) FROM ledger_link WHERE entry_id = %s", [entry])
        persons = cursor.fetchone()[0]
        if not persons:
            cursor.execute("SELECT count(*) FROM ledger_entry WHERE id = %s", [entry])
            if not cursor.fetchone()[0]:
                raise NoSuchEntry(f"There is no entry {entry}.")
        hold(persons or [])
        id = uuid.uuid4()
        head = canonical.erasure_head(id=id, entry=entry, at=at, authority=authority, by=by, reason=reason)
        leaf = tree.leaf_hash(head)
        cursor.execute(
            "SELECT ledger_erase(%s, %s, %s, %s, %s, %s, %s, %s)", [id, entry, at, by, authority, reason, head, leaf]
        )
