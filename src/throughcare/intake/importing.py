"""Files of records, taken row by row: a good row is kept, a bad one is reported with its line and what is wrong.

The same file again changes nothing: each of its rows is "held already". Rows are kept in the order in which they
were written down, in batches; each batch is one transaction, so an interruption leaves a true report of what is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import transaction

from throughcare.alerts import actions as alerts
from throughcare.duties import actions as duties
from throughcare.intake import reading
from throughcare.intake.reading import Rules
from throughcare.ledger import canonical, errors, life
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.errors import EntryRefused, Fault
from throughcare.ledger.life import PersonRecord
from throughcare.people import actions as people
from throughcare.people import links
from throughcare.people import queries as people_queries

BATCH: Final = 200  # rows that are kept in one transaction
ENTRIES, PEOPLE = "entries.csv", "people.csv"


class Outcome(StrEnum):
    """What became of a row."""

    KEPT = "kept"
    HELD = "held already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one row. Holds nothing that a row says about anybody."""

    file: str
    line: int  # where the row begins; the header is line 1
    outcome: Outcome
    agency: str = ""
    ref: str = ""  # the agency's own reference, where it could be read
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What was sent."""

    entries: bytes
    people: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    """An entry and where it stands."""

    number: int
    entry: Entry


class _Owners(dict[str, str]):
    """Whose each record is: as people.csv says, and else the row's own agency's ("")."""

    def __contains__(self, ref: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


@dataclass(slots=True)
class Reading:
    """A file that was read and checked: what is to be kept, and the rows that are decided already."""

    decided: list[Row] = field(default_factory=list)
    entries: list[_Line] = field(default_factory=list)  # in the order in which they will be kept
    people: dict[Record, tuple[int, PersonRecord]] = field(default_factory=dict)  # new, or telling something new

    @property
    def waiting(self) -> int:
        """How many rows are still to be kept."""
        return len(self.entries) + len(self.people)


def read(files: Files, rules: Rules) -> Reading:
    """Read and check files, and keep nothing. Raises `life.FileRefused` where a file cannot be read at all."""
    made = Reading()
    told = _read_people(files.people, rules, made) if files.people is not None else {}
    owners = _Owners({ref: agency for agency, ref in told})
    lines: dict[Key, _Line] = {}
    for number, entry in life.rows(files.entries, rules.kinds, owners=owners, file=ENTRIES):
        if isinstance(entry, EntryRefused):
            made.decided.append(_refused(ENTRIES, number, entry.faults))
        elif faults := _faults(entry, lines.get(entry.key), rules):
            made.decided.append(_refused(ENTRIES, number, faults, entry=entry))
        elif entry.key in lines:
            made.decided.append(_row(_Line(number, entry), Outcome.HELD))
        else:
            lines[entry.key] = _Line(number, entry)
    for key in reading.circling([line.entry for line in lines.values()]):
        fault = Fault("corrects", "leads back to the entry itself", "Correct an earlier entry")
        made.decided.append(_row(lines.pop(key), Outcome.REFUSED, [fault]))
    made.entries = _known_only(_in_order(lines), told, made)
    return made


def _faults(entry: Entry, before: _Line | None, rules: Rules) -> list[Fault]:
    faults = list(reading.further(entry, rules))
    if rules.agency is not None and entry.agency != rules.agency:
        faults.insert(0, Fault("agency", "is not the agency that sends", f"Give {rules.agency} in each row"))
    if before is not None and before.entry != entry:
        wrong = f"is used twice for different entries (see line {before.number})"
        faults.append(Fault("ref", wrong, "Give each entry a ref of its own"))
    return faults


def _read_people(data: bytes, rules: Rules, made: Reading) -> set[Record]:
    """Read people.csv; return the records that are right. What is held already, word for word, is decided."""
    right: dict[Record, tuple[int, PersonRecord]] = {}
    for number, one in life.people(data, file=PEOPLE):
        if isinstance(one, EntryRefused):
            made.decided.append(_refused(PEOPLE, number, one.faults))
        elif faults := list(reading.person_further(one, rules)):
            made.decided.append(_refused(PEOPLE, number, faults))
        else:
            right[one.record] = number, one
    held = people_queries.named(right)
    for record, (number, one) in right.items():
        if record in held and _same(held[record], one):
            made.decided.append(_person_row(number, one, Outcome.HELD))
        else:
            made.people[record] = number, one
    return set(right)


def _same(held: people_queries.Held, one: PersonRecord) -> bool:
    identifiers = tuple(f"{system}={value}" for system, value in one.identifiers)
    return (held.names, held.date_of_birth, held.expected_date_of_birth, held.sex, held.address, held.identified) == (
        one.names, one.date_of_birth, one.expected_date_of_birth, one.sex, one.address, one.identified,
    ) and held.identifiers == identifiers  # fmt: skip


def _in_order(lines: Mapping[Key, _Line]) -> list[_Line]:
    """In order of `noted`, and a correction never before what it corrects."""
    places: dict[Key, tuple[datetime, int]] = {}

    def place(key: Key) -> tuple[datetime, int]:
        """When a row is kept: a correction at its own time or that of the corrected, whichever is later."""
        chain: list[Key] = []
        while key in lines and key not in places:
            chain.append(key)
            key = Key(key.agency, lines[key].entry.corrects or "")
        at, depth = places.get(key, (None, -1))
        for one in reversed(chain):
            noted = lines[one].entry.noted
            at, depth = (noted if at is None else max(at, noted)), depth + 1
            places[one] = at, depth
        return places[chain[0]] if chain else (at, depth)  # type: ignore[return-value]

    for key in lines:
        place(key)
    return sorted(lines.values(), key=lambda line: (*places[line.entry.key], line.number))


def _known_only(lines: list[_Line], told: Collection[Record], made: Reading) -> list[_Line]:
    """The lines whose records are told here or held already; the others are refused."""
    concerned = {concern.record for line in lines for concern in line.entry.concerns}
    known = set(people_queries.persons_of(concerned - set(told))) | set(told)
    good = []
    for line in lines:
        strange = [
            Fault(f"concerns.{number}", "names a record that is not here", "Give its row in people.csv")
            for number, concern in enumerate(line.entry.concerns)
            if concern.record not in known
        ]
        if strange:
            made.decided.append(_row(line, Outcome.REFUSED, strange))
        else:
            good.append(line)
    return good


# --- keeping -------------------------------------------------------------------------------------------------------


def keep(
    made: Reading, rules: Rules, *, by: str, now: Callable[[], datetime], quiet: bool = False
) -> Iterator[list[Row]]:
    """Keep what was read, batch by batch, and say of each row what became of it, once it is so.

    `quiet`: what is long past is worked out and nobody is told. Stopping between two batches loses nothing.
    """
    writer = _Writer(rules=rules, by=by, now=now, quiet=quiet)
    waiting = dict(made.people)
    for start in range(0, len(made.entries), BATCH):
        batch = made.entries[start : start + BATCH]
        concerned = {concern.record for line in batch for concern in line.entry.concerns}
        yield writer.keep(batch, [waiting.pop(record) for record in sorted(concerned & waiting.keys())])
    left = list(waiting.values())
    for start in range(0, len(left), BATCH):
        yield writer.keep([], left[start : start + BATCH])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    rules: Rules
    by: str
    now: Callable[[], datetime]
    quiet: bool

    def keep(self, batch: list[_Line], told: Sequence[tuple[int, PersonRecord]]) -> list[Row]:
        """Keep a batch; a row that the ledger refuses is put aside, and the others are tried again."""
        rows: list[Row] = []
        while True:
            try:
                kept = self._record([line.entry for line in batch], [one for _, one in told])
                break
            except (errors.ReferenceUsed, errors.NothingToCorrect, people.RecordUnknown) as refusal:
                aside = [line for line in batch if _is_of(line.entry, refusal)]
                if not aside:
                    raise
                rows += [_row(line, Outcome.REFUSED, [_fault(refusal)]) for line in aside]
                batch = [line for line in batch if line not in aside]
            except canonical.SealRefused as refusal:
                if len(batch) < 2:
                    rows += [_row(line, Outcome.REFUSED, [_sealing(refusal)]) for line in batch]
                    batch = []
                    continue
                half = len(batch) // 2
                return rows + self.keep(batch[:half], told) + self.keep(batch[half:], ())
        rows += [_row(line, Outcome.HELD if held else Outcome.KEPT) for line, held in zip(batch, kept, strict=True)]
        return rows + [_person_row(number, one, Outcome.KEPT) for number, one in told]

    def _record(self, entries: list[Entry], told: list[PersonRecord]) -> list[bool]:
        """Record a batch in one transaction; for each entry, whether it was held before."""
        at = self.now()
        with transaction.atomic():
            receipts = alerts.record(entries, by=self.by, at=at, people=told, quiet=self.quiet)
            decided = {
                record
                for entry, receipt in zip(entries, receipts, strict=True)
                if entry.kind in (links.LINKED, links.KEPT_APART) and not receipt.repeated
                for record in (*entry.who("subject"), *entry.who("other"))
            }
            if decided:
                self._regroup(decided, at)
        return [one.repeated for one in receipts]

    def _regroup(self, records: set[Record], at: datetime) -> None:
        """Let persons follow links that came in a life as entries."""
        persons: set[uuid.UUID] = set(people.hold_records(records).values())
        changes = duties.assess(persons | people.regroup(records, at=at), at=at)
        if not self.quiet:
            alerts.tell(changes, at=at)


def _is_of(entry: Entry, refusal: Exception) -> bool:
    """Is this the entry that was refused?"""
    if isinstance(refusal, errors.ReferenceUsed):
        return entry.key == Key(refusal.agency, refusal.ref)
    if isinstance(refusal, errors.NothingToCorrect):
        return entry.ref == refusal.ref and entry.corrects == refusal.corrects
    return isinstance(refusal, people.RecordUnknown) and any(one.record == refusal.record for one in entry.concerns)


def _fault(refusal: Exception) -> Fault:
    if isinstance(refusal, errors.ReferenceUsed):
        right = "Give a new reference; to correct the entry, give its reference in corrects"
        return Fault("ref", "was used before, for other content", right)
    if isinstance(refusal, errors.NothingToCorrect) and refusal.newer:
        return Fault("corrects", f"was corrected before, by {refusal.newer}", f"Correct {refusal.newer} instead")
    if isinstance(refusal, errors.NothingToCorrect):
        return Fault("corrects", "names no entry of this agency", "Give the ref of an entry that this agency made")
    return Fault("concerns", "names a record that is not here", "Give its row in people.csv")


def _sealing(refusal: canonical.SealRefused) -> Fault:
    return Fault(refusal.field, refusal.wrong, refusal.right)


def _row(line: _Line, outcome: Outcome, faults: Sequence[Fault] = ()) -> Row:
    key = line.entry.key
    return Row(file=ENTRIES, line=line.number, outcome=outcome, agency=key.agency, ref=key.ref, faults=tuple(faults))


def _refused(file: str, number: int, faults: Sequence[Fault], *, entry: Entry | None = None) -> Row:
    known = {"agency": entry.agency, "ref": entry.ref} if entry else {}
    return Row(file=file, line=number, outcome=Outcome.REFUSED, faults=tuple(faults), **known)


def _person_row(number: int, one: PersonRecord, outcome: Outcome) -> Row:
    return Row(file=PEOPLE, line=number, outcome=outcome, agency=one.agency, ref=one.ref)
