"""What can be read of what came in: receipts, and the reports of files. Values, never querysets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from throughcare.intake import reports
from throughcare.intake.importing import Row
from throughcare.intake.models import Import
from throughcare.ledger.actions import Receipt
from throughcare.ledger.entry import Key

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A file that somebody sent from a page."""

    number: int
    at: datetime
    state: str  # waiting, done, unreadable
    total: int
    kept: int
    held: int
    refused: int
    wrong: str
    rows: tuple[Row, ...] = ()  # where asked for


def recent(agency: str, *, most: int = 20) -> list[Sent]:
    """The files that an agency sent last, newest first, without their rows. One query."""
    return [_sent(row, ()) for row in Import.objects.filter(agency=agency).defer("rows").order_by("-pk")[:most]]


def sent(number: int, *, agency: str) -> Sent | None:
    """One file of an agency with its rows; None where there is none. One query."""
    row = Import.objects.filter(pk=number, agency=agency).first()
    return _sent(row, tuple(map(reports.row_from_json, row.rows))) if row is not None else None


def _sent(row: Import, rows: tuple[Row, ...]) -> Sent:
    return Sent(
        number=row.pk,
        at=row.at,
        state=row.state,
        total=row.total,
        kept=row.kept,
        held=row.held,
        refused=row.refused,
        wrong=row.wrong,
        rows=rows,
    )
