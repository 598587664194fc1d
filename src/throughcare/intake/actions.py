"""What can be done with a file that was sent from a page: take it in, at once or by the worker."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app

from throughcare.access import queries as access
from throughcare.intake import importing, reading, reports
from throughcare.intake.importing import Files, Outcome, Row
from throughcare.intake.models import Import
from throughcare.ledger import life
from throughcare.ledger.kinds import Kind

MOST_AT_ONCE: Final = 300  # lines; a longer file is worked off by the worker


@transaction.atomic
def send(files: Files, *, agency: str, by: uuid.UUID, at: datetime, quiet: bool) -> tuple[int, bool]:
    """Keep a file until it is worked off. Returns its number, and whether it is short enough to do so at once.

    A longer one is given to the worker, in the same transaction.
    """
    row = Import.objects.create(agency=agency, by=by, at=at, quiet=quiet, entries=files.entries, people=files.people)
    short = files.entries.count(b"\n") + (files.people or b"").count(b"\n") <= MOST_AT_ONCE
    if not short:
        app.configure_task("intake.work_off", queue="intake").defer(number=row.pk)
    return row.pk, short


def work_off(number: int, kinds: Mapping[str, Kind], *, now: Callable[[], datetime]) -> None:
    """Take in the rows of a file and write its report. One that is worked off already is left alone.

    After a crash it may be called again: rows that were kept are then held already, and are counted so.
    """
    row = Import.objects.filter(pk=number, state=Import.State.WAITING).first()
    if row is None or row.entries is None:
        return
    rules = reading.Rules(kinds=kinds, agencies=access.desks().keys(), agency=row.agency, at=now())
    people = bytes(row.people) if row.people is not None else None
    try:
        made = importing.read(Files(entries=bytes(row.entries), people=people), rules)
    except life.FileRefused as refused:
        Import.objects.filter(pk=number).update(
            state=Import.State.UNREADABLE, wrong=str(refused), entries=None, people=None
        )
        return
    rows = list(made.decided)
    _note(number, rows, total=len(rows) + made.waiting)
    for batch in importing.keep(made, rules, by=f"user:{row.by}", now=now, quiet=row.quiet):
        rows += batch
        _note(number, rows, total=len(made.decided) + made.waiting)
    report = reports.Report.of(rows)
    Import.objects.filter(pk=number).update(
        state=Import.State.DONE, entries=None, people=None, rows=[reports.row_to_json(one) for one in report.rows]
    )


def _note(number: int, rows: list[Row], *, total: int) -> None:
    """Write down how far it is."""
    counts = {outcome: sum(row.outcome is outcome for row in rows) for outcome in Outcome}
    Import.objects.filter(pk=number).update(
        total=total, kept=counts[Outcome.KEPT], held=counts[Outcome.HELD], refused=counts[Outcome.REFUSED]
    )
