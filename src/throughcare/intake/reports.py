"""The report of a file: what became of each row, as JSON, as CSV and in words. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from throughcare.intake.importing import Outcome, Row
from throughcare.ledger.errors import Fault

COLUMNS = ("file", "line", "outcome", "agency", "ref", "field", "wrong", "right")
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the rows of a file, in its order."""

    rows: tuple[Row, ...]
    not_reached: int = 0  # rows that were right and are not kept, since the work was stopped

    @classmethod
    def of(cls, rows: Iterable[Row], *, not_reached: int = 0) -> Report:
        """Put rows into the order of the files."""
        return cls(tuple(sorted(rows, key=lambda row: (row.file, row.line))), not_reached)

    def count(self, outcome: Outcome) -> int:
        """How many rows came to this."""
        return Counter(row.outcome for row in self.rows)[outcome]

    @property
    def refused(self) -> Sequence[Row]:
        """The rows that were refused."""
        return [row for row in self.rows if row.outcome is Outcome.REFUSED]

    @property
    def sentence(self) -> str:
        """In one line."""
        kept, held, refused = (self.count(one) for one in Outcome)
        said = f"{kept:,} kept, {held:,} held already, {refused:,} refused"
        return f"{said}, {self.not_reached:,} not reached" if self.not_reached else said


def as_json(report: Report) -> str:
    """The report as JSON: counts and rows."""
    counts = {outcome.name.lower(): report.count(outcome) for outcome in Outcome}
    made = {**counts, "not_reached": report.not_reached, "rows": [row_to_json(row) for row in report.rows]}
    return json.dumps(made, indent=1)


def row_to_json(row: Row) -> dict[str, Any]:
    """One row as plain values."""
    return {
        "file": row.file,
        "line": row.line,
        "outcome": row.outcome.value,
        "agency": row.agency,
        "ref": row.ref,
        "faults": [{"field": one.field, "wrong": one.wrong, "right": one.right} for one in row.faults],
    }


def row_from_json(given: dict[str, Any]) -> Row:
    """Read again what `row_to_json` wrote."""
    return Row(
        file=given["file"],
        line=given["line"],
        outcome=Outcome(given["outcome"]),
        agency=given["agency"],
        ref=given["ref"],
        faults=tuple(Fault(**one) for one in given["faults"]),
    )


def as_csv(report: Report) -> str:
    """The report as CSV: one line for each row, or for each fault of a row that has several.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row in report.rows:
        for fault in row.faults or (Fault("", "", ""),):
            writer.writerow(map(_safe, (row.file, row.line, row.outcome, row.agency, row.ref, *fault)))
    return written.getvalue()


def _safe(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
