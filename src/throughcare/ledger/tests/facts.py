"""Made-up facts for tests of the kernel: entries of real kinds, checked as an agency's are, and the lives of tests/.

Nothing here is special to a test: a fact says only what the test is about, and the rest is the same each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from throughcare.ledger import checking, kinds, life, times
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.ledger.kinds import Kind
from throughcare.ledger.life import Life

LIVES = Path(__file__).parents[4] / "tests" / "lives"
START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
"""The moment 0 of a made-up case: a Monday."""

BY = "system:la-north"
ONE = Record("LA", "1")


@cache
def vocabulary() -> Mapping[str, Kind]:
    """Every kind that any room declares."""
    return kinds.load(sorted(path.parent.name for path in Path(kinds.__file__).parents[1].glob("*/entries.py")))


@cache
def read_life(name: str) -> Life:
    """One of the six lives of `tests/lives`."""
    return life.read(LIVES / name, vocabulary())


def names_of_lives() -> list[str]:
    """The names of the lives of `tests/lives`."""
    return sorted(path.name for path in LIVES.iterdir() if (path / "entries.csv").is_file())


def at(minutes: float) -> datetime:
    """A moment of the case."""
    return START + timedelta(minutes=minutes)


def records(*refs: str, agency: str = "LA") -> list[Record]:
    """Records of one agency."""
    return [Record(agency, ref) for ref in refs]


def fact(
    ref: str,
    kind: str = "people.died",
    *,
    agency: str = "LA",
    minute: float = 0,
    happened: str | None = None,
    precision: str | None = None,
    about: Mapping[str, Sequence[Record]] | Record | None = ONE,
    shared: Iterable[tuple[str, float]] = (),
    body: Mapping[str, Any] | None = None,
    corrects: str | None = None,
    sensitivity: str = "",
    summary: str = "",
) -> Entry:
    """One entry, noted `minute` minutes into the case; about one subject, or the given parts, or (None) nobody."""
    noted = at(minute)
    parts = {} if about is None else {"subject": [about]} if isinstance(about, Record) else about
    raw = {
        "ref": ref,
        "kind": kind,
        "agency": agency,
        "author_role": "duty worker",
        "happened": times.written(noted) if happened is None else happened,
        "precision": precision or "minute",
        "noted": times.written(noted),
        "shared": [{"agency": code, "at": times.written(at(minute))} for code, minute in shared],
        "concerns": [
            {"part": part, "record": one.ref, "agency": one.agency} for part, ones in parts.items() for one in ones
        ],
        "summary": summary,
        "body": dict(body or {}),
        "corrects": corrects or "",
        "sensitivity": sensitivity,
    }
    return checking.check(raw, vocabulary())


def told(ref: str, names: Sequence[str], to: Sequence[str], **more: Any) -> Entry:
    """An `information.shared` entry: these references, to these agencies."""
    return fact(ref, "information.shared", body={"entries": list(names), "to": list(to)}, **more)


def person_of(record: Record) -> uuid.UUID:
    """The person of a record where a test needs no people: the same each time."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{record.agency}/{record.ref}")


def persons(entries: Iterable[Entry]) -> dict[Record, uuid.UUID]:
    """A person of its own for every record that the entries concern."""
    return {concern.record: person_of(concern.record) for entry in entries for concern in entry.concerns}


def keys(entries: Iterable[Entry]) -> list[Key]:
    """What names each entry."""
    return [entry.key for entry in entries]
