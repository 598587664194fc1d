"""What can be read of what came in: the reports of files. Values, never querysets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from throughcare.intake import reports
from throughcare.intake.importing import Row
from throughcare.intake.models import Import


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
