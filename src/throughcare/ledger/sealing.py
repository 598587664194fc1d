"""The sealer: takes what is committed into the tree, a moment later, so that writers never wait for each other.

One call of `seal` is one transaction: the leaves that wait are given their places, the subtrees that they complete
are kept, and a checkpoint is signed. A crash at any point leaves either all of it or nothing, and the leaves wait on.

There are two logs, each a tree of its own: what was recorded (entries and erasures), and who looked (the audit lines
of `access`, each with a salted commitment to its canonical values).
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from throughcare.access import actions as access_actions
from throughcare.access import queries as access
from throughcare.ledger import canonical, checkpoint, tree
from throughcare.ledger.queries import AUDIT, ENTRIES

MOST_AT_ONCE = 5_000  # leaves of one checkpoint; the rest wait for the next call
LOGS = (ENTRIES, AUDIT)
_LOCK = 0x5EA1  # one sealer at a time, of all processes
_LINES = uuid.UUID("2b0f6a52-9d0e-5d5b-8d8a-4d8f0c6b7e21")  # the name space of audit lines


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


def waits(log: str) -> bool:
    """Is there anything to seal in this log? One small query, so that looking often costs little."""
    if log == AUDIT:
        return access.audit_backlog() > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ledger_unsealed WHERE log = %s)", [log])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def seal(log: str, *, key: checkpoint.SigningKey, at: datetime) -> Sealed | None:
    """Seal what waits in one log, at most `MOST_AT_ONCE` leaves; None where nothing waits.

    `at` is the time that the checkpoint says. A clock that went back seals under the time of the last checkpoint.
    Raises `checkpoint.SigningRefused` if the tree that is kept does not extend the one that was signed last.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        waiting = _take_audit(cursor) if log == AUDIT else _take(cursor, log)
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
        "DELETE FROM ledger_unsealed WHERE (log, serial) IN (SELECT log, serial FROM ledger_unsealed WHERE log = %s "
        "ORDER BY serial LIMIT %s) RETURNING serial, subject, leaf",
        [log, MOST_AT_ONCE],
    )
    return [(subject, bytes(leaf)) for _, subject, leaf in sorted(cursor.fetchall(), key=lambda row: row[0])]


def audit_subject(position: int) -> uuid.UUID:
    """The name of an audit line's leaf, by its place (1, 2, 3, ...)."""
    return uuid.uuid5(_LINES, str(position))


def _take_audit(cursor: Any) -> list[tuple[uuid.UUID, bytes]]:
    """Give places to the audit lines that wait, and make and keep the head of each that has none yet."""
    access_actions.place_audit_lines(MOST_AT_ONCE)
    cursor.execute("SELECT coalesce(max(position), 0) FROM ledger_audit")
    lines = access.audit_lines_after(cursor.fetchone()[0], MOST_AT_ONCE)
    salts = [canonical.new_salt() for _ in lines]
    heads = [_audit_head(line, salt) for line, salt in zip(lines, salts, strict=True)]
    cursor.execute(
        "INSERT INTO ledger_audit (position, head, salt) SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[])",
        [[line["position"] for line in lines], heads, salts],
    )
    return [(audit_subject(line["position"]), tree.leaf_hash(head)) for line, head in zip(lines, heads, strict=True)]


def _audit_head(line: Mapping[str, Any], salt: bytes) -> bytes:
    who = f"{line['who_kind']}:{line['who']}" if line["who"] else str(line["who_kind"])
    return canonical.audit_head(
        id=audit_subject(line["position"]),
        at=datetime.fromisoformat(line["at"]),
        by=who,
        commitment=canonical.commitment(salt, canonical.canonical(line, field="audit line")),
    )


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
        "INSERT INTO ledger_node (log, level, index, hash) "
        "SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bytea[])",
        [log, [node.level for node in above], [node.index for node in above], [node.hash for node in above]],
    )
