"""`throughcare import`: take in a file of records, or a life, row by row, with a report of each row."""

from __future__ import annotations

import contextlib
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from throughcare.access import accounts, errors
from throughcare.access import actions as access
from throughcare.access import queries as agencies
from throughcare.duties import actions as duties
from throughcare.intake import importing, reading, reports
from throughcare.intake.importing import Files, Reading, Row
from throughcare.intake.reports import Report
from throughcare.ledger import kinds, life
from throughcare.ledger.life import Agency

BY: Final = "system:import"
MOST_SAID: Final = 50  # refused rows that are printed; the report file has all


class Command(BaseCommand):
    """Ends with 0 when every row is kept, 1 when some were refused or nothing was read, 130 when it was stopped."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The words of the command line."""
        parser.add_argument("source", type=Path, help="a life folder, or a CSV file of entries")
        parser.add_argument("--people", type=Path, help="the CSV file of people (default: people.csv beside)")
        parser.add_argument("--as", dest="agency", help="take only rows of this agency, as its own client would")
        parser.add_argument("--quiet-history", action="store_true", help="tell nobody of what is long past")
        parser.add_argument("--with-parameters", action="store_true", help="also set the figures of parameters.json")
        parser.add_argument("--report", type=Path, help="write what became of each row here: .json, else CSV")

    def handle(self, *args: Any, **given: Any) -> None:
        """Take in, say what became of it, and end as it came out."""
        at = datetime.now(UTC)
        source: Path = given["source"]
        try:
            files, told = _files(source, given["people"])
            if told:
                _keep_agencies(told, at)
            made, rules = self._read(files, given["agency"], at)
            if given["with_parameters"]:
                _set_parameters(source, at)
        except (life.FileRefused, errors.AccessRefused) as refused:
            raise CommandError(str(refused)) from None
        report, stopped = self._keep(made, rules, quiet=given["quiet_history"])
        access.note("write", viewer=None, at=at, object_kind="import", purpose="command line", results=len(report.rows))
        self._say(report, given["report"])
        if stopped or report.refused:
            sys.exit(130 if stopped else 1)

    def _read(self, files: Files, agency: str | None, at: datetime) -> tuple[Reading, reading.Rules]:
        desks = agencies.desks()
        if agency is not None and agency not in desks:
            raise CommandError(f"--as: {agency} is not an agency that takes part. Give one of {', '.join(desks)}.")
        rules = reading.Rules(kinds=kinds.load(settings.ROOMS), agencies=desks.keys(), agency=agency, at=at)
        return importing.read(files, rules), rules

    def _keep(self, made: Reading, rules: reading.Rules, *, quiet: bool) -> tuple[Report, bool]:
        """Keep what was read; Ctrl-C stops between two transactions, and the report is true so far."""
        rows: list[Row] = list(made.decided)
        stopped = False
        with _progress(self.stderr, total=made.waiting) as advance:
            try:
                for batch in importing.keep(made, rules, by=BY, now=lambda: datetime.now(UTC), quiet=quiet):
                    rows += batch
                    advance(len(batch))
            except KeyboardInterrupt:
                stopped = True
        left = len(made.decided) + made.waiting - len(rows)
        return Report.of(rows, not_reached=left), stopped

    def _say(self, report: Report, file: Path | None) -> None:
        for row in report.refused[:MOST_SAID]:
            for fault in row.faults:
                self.stdout.write(f"{row.file}, line {row.line}: {fault}")
        if len(report.refused) > MOST_SAID:
            self.stdout.write(f"and {len(report.refused) - MOST_SAID:,} more; --report FILE has all")
        self.stdout.write(f"{report.sentence}.")
        if file is not None:
            written = reports.as_json(report) if file.suffix == ".json" else reports.as_csv(report)
            try:
                file.write_text(written, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"--report: {file} cannot be written ({error.strerror}).") from None


def _files(source: Path, people: Path | None) -> tuple[Files, dict[str, Agency]]:
    """The bytes of the files, and the agencies of a life. Raises `life.FileRefused`."""
    told: dict[str, Agency] = {}
    entries = source
    if source.is_dir():
        entries = source / "entries.csv"
        told = _parameters(source)[0]
    beside = entries.with_name("people.csv")
    if people is None and beside.exists() and beside != entries:
        people = beside
    return Files(entries=_bytes(entries), people=_bytes(people) if people else None), told


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > life.MOST_BYTES:
            raise life.FileRefused(path.name, "is too large", f"Give at most {life.MOST_BYTES:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise life.FileRefused(path.name, f"cannot be opened ({error.strerror})", "Give a life or a CSV file") from None


def _keep_agencies(told: dict[str, Agency], at: datetime) -> None:
    """Make the agencies of a life that are not here yet; those that are stay as they are."""
    here = agencies.desks(told)
    for agency in told.values():
        if agency.code not in here:
            accounts.keep_agency(agency.code, name=agency.name, sector=agency.sector, at=at)


def _set_parameters(source: Path, at: datetime) -> None:
    for rule, figures in _parameters(source)[1].items():
        duties.set_parameter(rule, figures, at=at, by=BY)


def _parameters(folder: Path) -> tuple[dict[str, Agency], dict[str, dict[str, Any]]]:
    """The agencies and the figures of a life; none where it has no parameters.json. Raises `life.FileRefused`."""
    path = folder / "parameters.json"
    if not path.exists():
        return {}, {}
    try:
        given = life.plain_json(_bytes(path).decode("utf-8-sig"))
        told = {code: Agency(code, str(one["sector"]), str(one["name"])) for code, one in given["agencies"].items()}
        figures = {str(rule): dict(one) for rule, one in given.get("parameters", {}).items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        right = 'Give {"agencies": {"CODE": {"sector": "la", "name": "..."}}, "parameters": {}}'
        raise life.FileRefused(path.name, "has not the form of parameters", right) from None
    return told, figures


@contextlib.contextmanager
def _progress(stream: Any, *, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, and else a line for each tenth."""
    if stream.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(file=sys.stderr)) as bar:
            task = bar.add_task("Rows", total=total)
            yield lambda rows: bar.advance(task, rows)
        return
    done, said = 0, 0

    def advance(rows: int) -> None:
        nonlocal done, said
        done += rows
        tenth = done * 10 // total if total else 10
        if tenth > said:
            said = tenth
            stream.write(f"{done:,} of {total:,} rows")

    yield advance
