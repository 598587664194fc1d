"""Do the columns that questions are asked by say what was sealed? For `throughcare verify` of a database.

The tree proves the heads and payloads. Lists and chronologies are asked of columns that were copied from them when
they were written: the day noted, the label, who is concerned, with whom it was shared. Somebody who can write in the
database could change those alone, and the tree would still be whole; here each is made again from the content and
held against what is kept. An entry that stands in the tables and was never handed to the sealer is named too.

Sentences hold ids, agency codes and names of columns; never content, never a reference.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from throughcare.ledger import canonical, queries
from throughcare.ledger.entry import SHARED, Entry
from throughcare.ledger.raw import from_raw
from throughcare.ledger.statements import statement

_FROM_HEAD = ("agency", "ref", "kind")  # what an erased entry can still be held against


def disagreements() -> Iterator[str]:
    """What is wrong with the copies, a sentence each; nothing where all agree. Reads every entry once, in pieces."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement("kept"))
        while piece := cursor.fetchmany(1_000):
            for row in piece:
                yield from _entry(*row)
    yield from _chains()
    for log in (queries.ENTRIES, queries.AUDIT):
        yield from _nodes(log)


def _entry(
    id: uuid.UUID, agency: str, ref: str, kind: str, label: str, noted: Any, received: Any, told_at: Any, sorting: Any,
    corrects: Any, head: Any, content: Any, concerns: Any, shares: Any, told: Any, placed: bool, same: bool | None,
) -> Iterator[str]:  # fmt: skip
    kept = {
        "id": str(id), "agency": agency, "ref": ref, "kind": kind, "label": label, "noted": noted,
        "received": canonical.moment(received), "told_at": told_at, "sorting": sorting, "corrects": corrects,
        "concerns": _rows(concerns), "shares": _rows(shares), "told": _rows(told),
    }  # fmt: skip
    name = f"Entry {id} ({agency})"
    if not placed:
        yield f"{name} was inserted: it stands in the tables and was never handed to the sealer."
    elif not same:
        yield f"{name} was altered: the leaf that stands for it in the tree is not its own."
    try:
        sealed = json.loads(bytes(head))
        made = {"id": sealed["id"], "received": sealed["received"], **{one: sealed[one] for one in _FROM_HEAD}}
        if content is not None:
            made |= _made(from_raw(json.loads(bytes(content))))
    except (ValueError, KeyError, TypeError):
        return  # the head or the content cannot be read: the verifier of the tree has named it
    wrong = [column for column, value in made.items() if kept[column] != value]
    if wrong:
        yield f"{name} was altered: {', '.join(wrong)} as kept for questions is not what was sealed."


def _rows(found: str | None) -> set[tuple[str | None, ...]]:
    """Rows of another table that belong to an entry: each counts once, and in no order."""
    return {tuple(row) for row in json.loads(found or "[]")}


def _made(entry: Entry) -> dict[str, Any]:
    """The columns of an entry, made again from its content."""
    told: set[tuple[str, str | None]] = set()
    if entry.kind == SHARED:
        told = {(agency, ref) for agency in entry.body["to"] for ref in (None, *entry.body["entries"])}
    return {
        "agency": entry.agency,
        "ref": entry.ref,
        "kind": entry.kind,
        "label": entry.sensitivity,
        "noted": entry.noted,
        "told_at": entry.happened.sorting if entry.kind == SHARED else None,
        "sorting": entry.happened.sorting,
        "corrects": entry.corrects,
        "concerns": {(one.part, one.record.agency, one.record.ref) for one in entry.concerns},
        "shares": {(one.agency, canonical.moment(one.at)) for one in entry.shared},
        "told": told,
    }


def _chains() -> Iterator[str]:
    """Persons whose newest version is kept otherwise than their chain ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT h.person FROM ledger_head h LEFT JOIN LATERAL (SELECT version, hash FROM ledger_link l "
            "WHERE l.person = h.person ORDER BY version DESC LIMIT 1) l ON true "
            "WHERE h.version <> coalesce(l.version, 0) OR (h.version > 0 AND h.hash <> l.hash) "
            "ORDER BY h.person LIMIT 100"
        )
        for (person,) in cursor.fetchall():
            yield f"The newest version of person {person} was altered: it is not where their chain ends."


def _nodes(log: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement("nodes"), {"log": log})
        for level, index in cursor.fetchall():
            yield (
                f"Subtree {index} of level {level} in the log of {log} was altered: it is not the hash of its halves. "
                "Proofs made from it are refused by whoever checks them."
            )
