"""The demonstration lives, told so that their last day is just before today. Pure: the day is an argument.

The files keep fixed days, so that a test can say what is first met when. A running demonstration must have something
due today, whatever the real date is: all lives are moved by the same whole number of weeks. Whole weeks keep
weekdays, office hours and the night on which the clocks change. See docs/decisions/0006-demonstration-dates-shift.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from throughcare.ledger import life
from throughcare.ledger.entry import Entry
from throughcare.ledger.errors import EntryRefused
from throughcare.ledger.kinds import Kind
from throughcare.ledger.life import Life, LifeRefused, PersonRecord

LAST_DAY: Final = date(2026, 6, 16)
"""The day in the files, a Tuesday, on which every story stands open: nothing is noted after it."""

INFANT_YEARS: Final = 5
"""Under this age on the last day a birth date moves with the story, because months of age bear on what is asked."""

CONTACTS: Final = frozenset(
    f"safeguarding.{one}" for one in ("attendance", "visit", "observation", "contact", "appointment_outcome")
)
"""The kinds of entry that are a contact of a practitioner with a child or about one."""

FOLDER: Final = Path(__file__).parent / "lives"
FIRST: Final = "wren"
"""The demonstration child's life, shown first."""

_DATE = re.compile(rb"\b(20[0-9]{2})-([0-9]{2})-([0-9]{2})(?=T|\b)")
_MONTH = re.compile(rb"(?<=,)(20[0-9]{2})-([0-9]{2})(?=,)")  # a cell of its own, with precision month


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One life of the demonstration, by the name of its folder, with its days moved."""

    name: str
    life: Life
    story: str  # Markdown, for readers; its days are those of the files


def shift(today: date) -> timedelta:
    """How far the lives are moved: whole weeks, so that their last day lies one to seven days before today."""
    return timedelta(weeks=((today - LAST_DAY).days - 1) // 7)


def names() -> list[str]:
    """The names of the lives, the demonstration child's first."""
    found = sorted(one.name for one in FOLDER.iterdir() if (one / "entries.csv").is_file())
    return sorted(found, key=lambda name: name != FIRST)


def lives(today: date, known: Mapping[str, Kind]) -> list[Told]:
    """All lives as they stand at the end of the day before today. Raises `LifeRefused` where a file is wrong."""
    return [tell(name, shift(today), known) for name in names()]


def tell(name: str, by: timedelta, known: Mapping[str, Kind]) -> Told:
    """Read one life and move it. `by` is a whole number of weeks; raises ValueError where it is not."""
    if by % timedelta(weeks=1):
        raise ValueError(f"by is {by}, which is not whole weeks. Give a whole number of weeks.")
    folder = FOLDER / name
    written = life.read(folder, known)
    moved = Life(
        entries=tuple(_entries(folder / "entries.csv", by, written, known)),
        records=tuple(_record(record, by) for record in written.records),
        agencies=written.agencies,
        parameters=written.parameters,
    )
    return Told(name=name, life=moved, story=(folder / "STORY.md").read_text(encoding="utf-8"))


def in_order(told: Iterable[Told]) -> Iterator[Entry]:
    """Every entry of these lives in the order in which it was written down, as one ledger would have received them."""
    entries = (entry for one in told for entry in one.life.entries)
    return iter(sorted(entries, key=lambda entry: (entry.noted, entry.agency, entry.ref)))


def parameters(told: Iterable[Told]) -> dict[str, dict[str, Any]]:
    """The local figures of all lives together. Raises ValueError where two lives disagree on one."""
    joined: dict[str, dict[str, Any]] = {}
    for one in told:
        for rule, figures in one.life.parameters.items():
            if joined.setdefault(rule, dict(figures)) != figures:
                raise ValueError(f"{one.name}: {rule} differs from another life. Give one figure for all.")
    return joined


def contacts(told: Told) -> list[Entry]:
    """The entries that are contacts; a correction is no contact of its own."""
    return [entry for entry in told.life.entries if entry.kind in CONTACTS and entry.corrects is None]


# --- moving ---------------------------------------------------------------------------------------------------------


def _entries(file: Path, by: timedelta, written: Life, known: Mapping[str, Kind]) -> Iterator[Entry]:
    """The rows of the file with every date in them moved, in columns and bodies alike."""
    data = _MONTH.sub(partial(_month, by=by), _DATE.sub(partial(_day, by=by), file.read_bytes()))
    owners = {record.ref: record.agency for record in written.records}
    for line, entry in life.rows(data, known, owners=owners, agencies=written.agencies):
        if isinstance(entry, EntryRefused):
            raise LifeRefused([(file.name, line, entry)])
        yield replace(entry, received=entry.noted)


def _day(found: re.Match[bytes], by: timedelta) -> bytes:
    return (date(*map(int, found.groups())) + by).isoformat().encode()


def _month(found: re.Match[bytes], by: timedelta) -> bytes:
    """The month in which the middle of the month comes to lie."""
    year, month = map(int, found.groups())
    return f"{date(year, month, 15) + by:%Y-%m}".encode()


def _record(record: PersonRecord, by: timedelta) -> PersonRecord:
    born, expected = record.date_of_birth, record.expected_date_of_birth
    if born is not None:
        infant = born > LAST_DAY.replace(year=LAST_DAY.year - INFANT_YEARS)
        born = born + by if infant else _years_on(born, round(by.days / 365.25))
    return replace(record, date_of_birth=born, expected_date_of_birth=expected + by if expected else None)


def _years_on(day: date, years: int) -> date:
    """The same day and month, so that two dates that look alike go on to look alike."""
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)
