"""A life: one folder that tells a whole story, as spreadsheets. How it is read, row by row. Pure.

Every row stands or falls alone: a bad one comes out as a refusal with its line, and the good ones are kept. A file
that cannot be read at all (no such column, not UTF-8) is refused as a whole. Cells are text and stay text.
Source: docs/reference/life-format.md, sections 1 to 3.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, get_args

from throughcare.ledger import checking, times
from throughcare.ledger.codes import Sector
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.errors import EntryRefused, Fault, LedgerError
from throughcare.ledger.kinds import Kind

MOST_BYTES: Final = 200_000_000  # of a file
MOST_IN_ROW: Final = 1_000_000  # characters; one cell takes at most 131,072

ENTRY_COLUMNS: Final = (
    *("ref", "kind", "agency", "author_role", "happened", "happened_to", "precision", "noted", "shared"),
    *("concerns", "basis", "summary", "body", "corrects"),
)
PEOPLE_COLUMNS: Final = (
    *("record_ref", "agency", "names", "date_of_birth", "expected_date_of_birth", "sex", "address"),
    *("identifiers", "identified", "same_as"),
)


class FileRefused(LedgerError):
    """A file was not read at all. Says which one, where, what is wrong and what would be right."""

    code = "file_refused"

    def __init__(self, file: str, wrong: str, right: str, *, line: int | None = None) -> None:
        self.file, self.line, self.wrong, self.right = file, line, wrong, right
        super().__init__(f"{file}{f', line {line}' if line else ''}: {wrong}. {right}.")


class LifeRefused(LedgerError):
    """A life has rows that are wrong. `rows` holds each: file, line and refusal."""

    code = "life_refused"

    def __init__(self, rows: Iterable[tuple[str, int, EntryRefused]]) -> None:
        self.rows = tuple(rows)
        super().__init__("\n".join(f"{file}, line {line}: {refusal}" for file, line, refusal in self.rows))


class Identifier(NamedTuple):
    """A number that some system gave a person. Kept as given: whether it can be right is for matching to say."""

    system: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """One agency's record of a person. At most one of the two dates is given."""

    agency: str
    ref: str
    names: tuple[str, ...]  # the first is the main one
    date_of_birth: date | None = None
    expected_date_of_birth: date | None = None  # of a person who is not born yet
    sex: str = ""
    address: str = ""
    identifiers: tuple[Identifier, ...] = ()
    identified: bool = True  # False: an adult of whom nobody knows who they are
    same_as: str | None = None  # the truth: the ref of the first record of the same person; None: this is the first

    @property
    def record(self) -> Record:
        """What entries name it by."""
        return Record(self.agency, self.ref)


class Agency(NamedTuple):
    """An agency of a life."""

    code: str
    sector: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that a life folder says, but for what is expected of it."""

    entries: tuple[Entry, ...]  # in the order of the file; `received` is the time of `noted`
    records: tuple[PersonRecord, ...]
    agencies: Mapping[str, Agency]
    parameters: Mapping[str, Mapping[str, Any]]  # rule -> figure -> value that replaces the default


def read(folder: Path, known: Mapping[str, Kind]) -> Life:
    """Read a life folder. Raises `FileRefused` for a file and `LifeRefused` for rows that are wrong."""
    agencies, parameters = _parameters(folder / "parameters.json")
    wrong: list[tuple[str, int, EntryRefused]] = []
    records: list[PersonRecord] = []
    for line, record in people(_bytes(folder / "people.csv")):
        if isinstance(record, EntryRefused):
            wrong.append(("people.csv", line, record))
        else:
            records.append(record)
    owners = {record.ref: record.agency for record in records}
    entries: dict[Key, Entry] = {}
    for line, entry in rows(_bytes(folder / "entries.csv"), known, owners=owners, agencies=agencies):
        if isinstance(entry, EntryRefused):
            wrong.append(("entries.csv", line, entry))
        elif entries.setdefault(entry.key, entry) != entry:
            twice = EntryRefused("ref", "is used twice for different entries", "Give each entry a ref of its own")
            wrong.append(("entries.csv", line, twice))
    if wrong:
        raise LifeRefused(wrong)
    received = tuple(replace(entry, received=entry.noted) for entry in entries.values())
    return Life(entries=received, records=tuple(records), agencies=agencies, parameters=parameters)


# --- entries.csv and people.csv, row by row ------------------------------------------------------------------------


def rows(
    data: bytes,
    known: Mapping[str, Kind],
    *,
    owners: Mapping[str, str] | None = None,
    agencies: Collection[str] | None = None,
    file: str = "entries.csv",
) -> Iterator[tuple[int, Entry | EntryRefused]]:
    """Read entries row by row: the line on which each begins, and the entry or its refusal.

    `owners` names the agency of every record (from people.csv); without it a record is the row's own agency's.
    `agencies` are the codes that may be used; without it any. Raises `FileRefused` at once for an unreadable file.
    """
    table = _table(data, ENTRY_COLUMNS, optional={"sensitivity"}, file=file)
    return ((line, _entry(row, known, owners, agencies)) for line, row in table)


def people(data: bytes, *, file: str = "people.csv") -> Iterator[tuple[int, PersonRecord | EntryRefused]]:
    """Read agencies' records of people row by row, as `rows` does."""
    return _people(_table(data, PEOPLE_COLUMNS, optional=frozenset(), file=file))


def _entry(
    row: dict[str, str] | EntryRefused,
    known: Mapping[str, Kind],
    owners: Mapping[str, str] | None,
    agencies: Collection[str] | None,
) -> Entry | EntryRefused:
    if isinstance(row, EntryRefused):
        return row
    faults: list[Fault] = []
    raw = {
        **row,
        "shared": _shared(row["shared"], faults),
        "concerns": _concerns(row["concerns"], owners, faults),
        "body": _body(row["body"], faults),
    }
    if faults:
        return _refused(faults)
    try:
        entry = checking.check(raw, known)
    except EntryRefused as refusal:
        return refusal
    used = {"agency": entry.agency, **{f"shared.{n}.agency": share.agency for n, share in enumerate(entry.shared)}}
    right = "Give an agency of parameters.json"
    strange = [Fault(path, "is not an agency of this life", right) for path, code in used.items()
               if agencies is not None and code not in agencies]  # fmt: skip
    return _refused(strange) if strange else entry


def _refused(faults: list[Fault]) -> EntryRefused:
    first, *more = faults[: checking.MOST_FAULTS]
    return EntryRefused(*first, more=more)


def _shared(cell: str, faults: list[Fault]) -> list[dict[str, str]]:
    """`AGENCY@TIME` joined by `;`."""
    shares = []
    for number, one in enumerate(_parts(cell)):
        agency, sign, at = one.partition("@")
        if not sign:
            faults.append(Fault(f"shared.{number}", "has no @", "Give AGENCY@YYYY-MM-DDTHH:MM, joined by ;"))
        shares.append({"agency": agency, "at": at})
    return shares


def _concerns(cell: str, owners: Mapping[str, str] | None, faults: list[Fault]) -> list[dict[str, str]]:
    """`part=RECORD_REF` joined by `;`."""
    concerns = []
    for number, one in enumerate(_parts(cell)):
        part, sign, ref = one.partition("=")
        if not sign:
            faults.append(Fault(f"concerns.{number}", "has no =", "Give part=RECORD_REF, joined by ;"))
        elif owners is not None and ref not in owners:
            wrong = "names a record that is not there"
            faults.append(Fault(f"concerns.{number}", wrong, "Give a record_ref of people.csv"))
        concerns.append({"part": part, "record": ref, "agency": owners.get(ref, "") if owners else ""})
    return concerns


def _parts(cell: str) -> list[str]:
    return [one.strip() for one in cell.split(";") if one.strip()]


def _body(cell: str, faults: list[Fault]) -> object:
    if not cell.strip():
        return {}
    try:
        return plain_json(cell)
    except (ValueError, RecursionError):
        faults.append(Fault("body", "cannot be read as JSON", "Give a JSON object, each field once, without NaN"))
        return {}


def plain_json(text: str) -> Any:
    """Read JSON strictly: a field that comes twice, NaN and Infinity are refused. Raises ValueError, RecursionError."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a field comes twice")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _people(
    table: Iterator[tuple[int, dict[str, str] | EntryRefused]],
) -> Iterator[tuple[int, PersonRecord | EntryRefused]]:
    seen: set[str] = set()
    for line, row in table:
        if isinstance(row, EntryRefused):
            yield line, row
            continue
        faults: list[Fault] = []
        record = _person(row, faults)
        if record.ref in seen:
            faults.append(Fault("record_ref", "is there twice", "Give each record a record_ref of its own"))
        seen.add(record.ref)
        yield line, _refused(faults) if faults else record


def _person(row: dict[str, str], faults: list[Fault]) -> PersonRecord:
    born, expected = (_day(column, row[column], faults) for column in ("date_of_birth", "expected_date_of_birth"))
    if born and expected:
        wrong = "is given beside a date of birth"
        faults.append(Fault("expected_date_of_birth", wrong, "Give the one or the other, or neither"))
    if row["identified"] not in ("yes", "no", ""):
        faults.append(Fault("identified", f"is {checking.shape(row['identified'])}", "Give yes or no"))
    words = {
        column: checking.read_words(column, row[column], faults)
        for column in ("names", "sex", "address", "identifiers")
    }
    return PersonRecord(
        agency=checking.read_agency("agency", row["agency"], faults),
        ref=checking.read_ref("record_ref", row["record_ref"], faults),
        names=tuple(_parts(words["names"])),
        date_of_birth=born,
        expected_date_of_birth=expected,
        sex=words["sex"],
        address=words["address"],
        identifiers=_identifiers(words["identifiers"], faults),
        identified=row["identified"] != "no",
        same_as=checking.read_ref("same_as", row["same_as"], faults) if row["same_as"] else None,
    )


def _day(column: str, cell: str, faults: list[Fault]) -> date | None:
    try:
        return times.day(cell) if cell else None
    except times.NotATime as error:
        faults.append(Fault(column, error.wrong, f"Give {error.right}"))
        return None


def _identifiers(cell: str, faults: list[Fault]) -> tuple[Identifier, ...]:
    """`system=value` joined by `;`."""
    identifiers = []
    for number, one in enumerate(_parts(cell)):
        system, sign, value = (part.strip() for part in one.partition("="))
        if not (system and sign and value):
            faults.append(Fault(f"identifiers.{number}", "is not system=value", "Give system=value, joined by ;"))
        identifiers.append(Identifier(system, value))
    return tuple(identifiers)


# --- a table of text -----------------------------------------------------------------------------------------------


def _table(
    data: bytes, columns: Collection[str], *, optional: Collection[str], file: str
) -> Iterator[tuple[int, dict[str, str] | EntryRefused]]:
    """The rows of a CSV file under its header, each by column or refused. The header may be in any order."""
    lines = _lines(_text(data, file))
    names = _header(next(lines, (1, "")), columns, optional, file)
    return ((line, _row(written, names)) for line, written in lines)


def _text(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        raise FileRefused(file, f"is {len(data):,} bytes long", f"Give at most {MOST_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(file, "is not UTF-8", "Save it as CSV UTF-8", line=line) from None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Rows as they are written, with the line on which each begins.

    A row goes on over the line's end while a quote is open, that is, while the number of quotes so far is odd.
    """
    begun, parts, quotes = 1, list[str](), 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not parts:
            begun = number
        parts.append(line)
        quotes += line.count('"')
        if quotes % 2 == 0:
            if written := "\n".join(parts).strip("\r"):
                yield begun, written
            parts, quotes = [], 0
    if parts:
        yield begun, "\n".join(parts)


def _header(first: tuple[int, str], columns: Collection[str], optional: Collection[str], file: str) -> list[str]:
    line, written = first
    try:
        names = [name.strip() for name in _cells(written)]
    except csv.Error:
        raise FileRefused(file, "has no header that can be read", "Give the columns' names", line=line) from None
    right = f"The columns are {', '.join(columns)}"
    if missing := [name for name in columns if name not in names]:
        raise FileRefused(file, f"has no column {', '.join(missing)}", right, line=line)
    if len(set(names)) < len(names) or not set(names) <= {*columns, *optional}:
        raise FileRefused(file, "has a column twice, or one that is not known", right, line=line)
    return names


def _row(written: str, names: list[str]) -> dict[str, str] | EntryRefused:
    right = "Give one cell for each column, quoted where it holds a comma, a quote or a new line"
    if len(written) > MOST_IN_ROW:
        return EntryRefused("row", f"is {len(written):,} characters long", f"Give at most {MOST_IN_ROW:,} characters")
    try:
        cells = _cells(written)
    except csv.Error:
        return EntryRefused("row", "has quotes that do not match, a stray line end, or a cell that is too long", right)
    if len(cells) != len(names):
        return EntryRefused("row", f"has {len(cells):,} cells and not {len(names)}", right)
    return dict(zip(names, cells, strict=True))


def _cells(written: str) -> list[str]:
    """The cells of one row; line ends within a cell are single, whatever the spreadsheet wrote. Raises csv.Error."""
    return next(csv.reader([written.replace("\r\n", "\n")], strict=True), [])


# --- parameters.json -----------------------------------------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(path.name, f"cannot be opened ({error.strerror})", "Give a folder with this file") from None


def _parameters(path: Path) -> tuple[dict[str, Agency], dict[str, dict[str, Any]]]:
    right = 'Give {"agencies": {"CODE": {"sector": "la", "name": "..."}}, "parameters": {"S13": {"length": 10}}}'
    try:
        given = plain_json(_text(_bytes(path), path.name))
        agencies = {code: Agency(code, one["sector"], one["name"]) for code, one in given["agencies"].items()}
        parameters = {rule: dict(one) for rule, one in given.get("parameters", {}).items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise FileRefused(path.name, "has not the form of parameters", right) from None
    for agency in agencies.values():
        if agency.sector not in get_args(Sector) or not isinstance(agency.name, str):
            sectors = ", ".join(get_args(Sector))
            raise FileRefused(path.name, "has an agency without a name or a known sector", f"The sectors are {sectors}")
    return agencies, parameters
