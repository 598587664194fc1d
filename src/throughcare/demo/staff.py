"""The invented staff of the demonstration: agencies, people and why each of them may see whom. Pure.

Read from `staff.toml`. Making accounts and relations of it is the work of `demo.load`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from throughcare.ledger.entry import Record

FILE = Path(__file__).parent / "staff.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An agency, and whom to ring there."""

    code: str
    name: str
    sector: str
    telephone: str  # from the range kept for drama
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Somebody who can be signed in as. `role` is one of access/matrix.toml."""

    email: str
    name: str
    agency: str
    role: str
    title: str
    about: str  # why it is worth signing in as them: one line for the page that offers it
    first: bool = False  # one of those to begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Why a worker may see the persons of these records. `kind` is a relation of access/matrix.toml."""

    kind: str
    user: str  # e-mail
    records: tuple[Record, ...]
    reason: str
    days: int | None = None  # it ends by itself so many days after loading; None: it does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Everybody who works in the demonstration."""

    desks: tuple[Desk, ...]
    workers: tuple[Worker, ...]
    ties: tuple[Tie, ...]


def read(file: Path = FILE) -> Staff:
    """Read the staff. Raises TypeError for a field that is missing or not known, ValueError for a record."""
    told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Staff(
        desks=tuple(Desk(**one) for one in told["agency"]),
        workers=tuple(Worker(**one) for one in told["user"]),
        ties=tuple(Tie(**{**one, "records": tuple(map(_record, one["records"]))}) for one in told["relation"]),
    )


def _record(written: str) -> Record:
    agency, sign, ref = written.partition(":")
    if not (agency and sign and ref):
        raise ValueError(f"{written!r} is not a record. Give AGENCY:RECORD_REF.")
    return Record(agency, ref)
