"""The sealer: takes what is committed into the tree, a moment later, so that writers never wait for each other.

One call of `seal` is one transaction: the leaves that wait are given their places, the subtrees that they complete
are kept, and a checkpoint is signed. A crash at any point leaves either all of it or nothing, and the leaves wait on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from throughcare.ledger import checkpoint, tree
from throughcare.ledger.queries import AUDIT, ENTRIES

MOST_AT_ONCE = 5_000  # leaves of one checkpoint; the rest wait for the next call
LOGS = (ENTRIES, AUDIT)
_LOCK = 0x5EA1  # one sealer at a time, of all processes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What one call sealed."""

    log: str
    leaves: int
    size: int


def origin(log: str) -> str:
    """The name of a log in its checkpoints: one for ever."""
    return f"{settings.LEDGER_ORIGIN}/{log}"


def signing_key() -> checkpoint.SigningKey:
    """The key that signs checkpoints; made at first use, readable by its owner alone."""
    path = Path(settings.HOME) / "keys" / "seal.pem"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(checkpoint.KeyUnusable):  # another process made it just now
            checkpoint.SigningKey.generate(settings.LEDGER_ORIGIN).save(path)
    return checkpoint.SigningKey.load(path, name=settings.LEDGER_ORIGIN)


@transaction.atomic
def seal(log: str, *, key: checkpoint.SigningKey, at: datetime) -> Sealed | None:
    """Seal what waits in one log, at most `MOST_AT_ONCE` leaves; None where nothing waits.

    `at` is the time that the checkpoint says. A clock that went back seals under the time of the last checkpoint.
    Raises `checkpoint.SigningRefused` if the tree that is kept does not extend the one that was signed last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        waiting = _take(cursor, log)
        if not waiting:
            return None
        last, frontier = _last(cursor, log)
        grown = frontier.copy()
        nodes = [node for _, leaf in waiting for node in grown.append(leaf)]
        new = checkpoint.Checkpoint(
            origin=origin(log), size=grown.size, root=grown.root(), at=max(at, last.at) if last else at
        )
        leaves = [leaf for _, leaf in waiting]
        note = checkpoint.sign(key, new, last=last, by=checkpoint.Growth(frontier, leaves))
        _keep(cursor, log, frontier.size, waiting, nodes)
        cursor.execute(
            "INSERT INTO ledger_checkpoint (log, size, at, root, frontier, note) VALUES (%s, %s, %s, %s, %s, %s)",
            [log, new.size, new.at, new.root, list(grown.hashes), note],
        )
    return Sealed(log=log, leaves=len(waiting), size=new.size)


def _take(cursor: Any, log: str) -> list[tuple[Any, bytes]]:
    cursor.execute(
        "DELETE FROM ledger_unsealed WHERE id IN (SELECT id FROM ledger_unsealed WHERE log = %s ORDER BY serial "
        "LIMIT %s) RETURNING serial, subject, leaf",
        [log, MOST_AT_ONCE],
    )
    return [(subject, bytes(leaf)) for _, subject, leaf in sorted(cursor.fetchall(), key=lambda row: row[0])]


def _last(cursor: Any, log: str) -> tuple[checkpoint.Checkpoint | None, tree.Frontier]:
    cursor.execute(
        "SELECT note, size, frontier FROM ledger_checkpoint WHERE log = %s ORDER BY size DESC LIMIT 1", [log]
    )
    row = cursor.fetchone()
    if row is None:
        return None, tree.Frontier()
    note, size, hashes = row
    return checkpoint.parse(note), tree.Frontier(size, [bytes(one) for one in hashes])


def _keep(cursor: Any, log: str, start: int, waiting: Sequence[tuple[Any, bytes]], nodes: Sequence[tree.Node]) -> None:
    cursor.execute(
        "INSERT INTO ledger_leaf (log, position, subject, leaf) "
        "SELECT %s, * FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[])",
        [
            log,
            list(range(start, start + len(waiting))),
            [subject for subject, _ in waiting],
            [leaf for _, leaf in waiting],
        ],
    )
    above = [node for node in nodes if node.level]
    cursor.execute(
        "INSERT INTO ledger_node (log, level, index, hash) SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bytea[])",
        [log, [node.level for node in above], [node.index for node in above], [node.hash for node in above]],
    )
