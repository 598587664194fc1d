"""What the writers of the trials write: invented entries by a seed, and the journal that each writer keeps.

A journal is the client's memory: a line before a batch is sent, and a line once its receipts are there, each flushed
to the disk before the writer goes on. What the journal says can be compared with what the ledger holds.
"""

from __future__ import annotations

import json
import os
import random
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from procrastinate.exceptions import ConnectorException

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import checking, kinds, times
from throughcare.ledger.entry import Entry
from throughcare.ledger.kinds import Kind
from throughcare.ledger.life import PersonRecord
from throughcare.ledger.queries import Receipt
from throughcare.people import queries as people_queries
from throughcare.project.rooms import ROOMS

BY = "system:trial"
AGENCIES = (("LA", "la"), ("HOSP", "health"), ("POL", "police"), ("SCH", "education"))
_START = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
_KINDS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("safeguarding.contact", {"source": "2A", "concern": "yes", "outcome": "pending", "closed_as_malicious": "no"}),
    ("safeguarding.observation", {"weight": "concern", "seen_or_told": "seen"}),
    ("safeguarding.observation", {"weight": "neutral", "seen_or_told": "told"}),
    (
        "safeguarding.injury_found",
        {"occasion": "o", "type": "bruise", "site": "shin", "count": 1, "pattern": "none", "mobility": "not_rolling"},
    ),
    ("safeguarding.core_group", {"attended": ["la", "health"]}),
)


@cache
def vocabulary() -> Mapping[str, Kind]:
    """Every kind that any room declares."""
    return kinds.load(ROOMS)


def warm() -> None:
    """Read the law and the kinds once, before children are begun, so that none of them does it again."""
    vocabulary()
    duties.rules()


def now() -> datetime:
    """The moment at which the trial writes."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is sent at once: entries as they come in, and the records of people that come with them."""

    name: str
    raws: Sequence[dict[str, Any]]
    people: Sequence[str] = ()  # references of new records

    def entries(self) -> list[Entry]:
        """The entries, checked as the API checks them."""
        return [checking.check(raw, vocabulary()) for raw in self.raws]

    def send(self, *, expected: Mapping[uuid.UUID, int] | None = None) -> list[Receipt]:
        """The way of a record, from end to end."""
        given = [record(ref) for ref in self.people]
        return alerts.record(self.entries(), by=BY, at=now(), people=given, expected=expected)


def record(ref: str) -> PersonRecord:
    """An agency's record of a person whom it alone knows."""
    return PersonRecord(agency="LA", ref=ref, names=(f"Person {ref}",))


def batch(name: str, chance: random.Random, persons: Sequence[str], *, most: int = 4, stranger: float = 0.15) -> Batch:
    """One to `most` entries about these persons' records; now and then about somebody new who comes with the batch."""
    new = [f"new-{name}"] if chance.random() < stranger else []
    raws = [raw(f"{name}-{n}", chance, [*persons, *new]) for n in range(chance.randrange(1, most + 1))]
    return Batch(name=name, raws=raws, people=new)


def raw(ref: str, chance: random.Random, persons: Sequence[str]) -> dict[str, Any]:
    """One entry as an agency sends it."""
    kind, body = chance.choice(_KINDS)
    agency = "HOSP" if kind.endswith("injury_found") else chance.choice(("LA", "LA", "POL", "SCH"))
    at = _START + timedelta(minutes=chance.randrange(600_000))
    two = kind == "safeguarding.contact" and len(persons) > 1 and chance.random() < 0.3
    about = chance.sample(persons, 2 if two else 1)
    return {
        "ref": ref,
        "kind": kind,
        "agency": agency,
        "author_role": "practitioner",
        "happened": times.written(at),
        "precision": "minute",
        "noted": times.written(at + timedelta(minutes=20)),
        "shared": [{"agency": "LA", "at": times.written(at + timedelta(hours=1))}] if agency != "LA" else [],
        "concerns": [{"part": "subject", "record": one, "agency": "LA"} for one in about],
        "basis": "seen",
        "summary": f"Invented for a trial, {ref}",
        "body": {**body, **({"occasion": ref} if "occasion" in body else {})},
        "corrects": "",
        "sensitivity": "",
    }


def set_scene(persons: Sequence[str], *, workers: int = 2) -> None:
    """Agencies, records of these persons, and staff who work with each of them and so are told."""
    at = now()
    for code, sector in AGENCIES:
        accounts.keep_agency(code, name=f"Agency {code}", sector=sector, telephone="01632 960000", at=at)
    alerts.record([], by=BY, at=at, people=[record(one) for one in persons])
    found = people_queries.persons_of([record(one).record for one in persons])
    for number in range(workers):
        user = accounts.make_user(f"worker{number}@example.test", name=f"Worker {number}", agency="LA", at=at)
        accounts.give_role(user, "practitioner", title="social worker", at=at)
        for person in found.values():
            access.relate(person, "allocated", user=user, reason="trial", at=at)


# --- the journal ---------------------------------------------------------------------------------------------------


class Journal:
    """What one writer remembers on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)  # the writer's, until it ends

    def sent(self, one: Batch) -> None:
        """Before a batch is sent."""
        self._line({"sent": one.name, "raws": list(one.raws), "people": list(one.people)})

    def kept(self, one: Batch, receipts: Sequence[Receipt]) -> None:
        """Once its receipts are there."""
        self._line({"kept": one.name, "receipts": [[got.agency, got.ref, got.digest] for got in receipts]})

    def _line(self, value: Mapping[str, Any]) -> None:
        os.write(self._file, json.dumps(value).encode() + b"\n")
        os.fsync(self._file)


@dataclass(slots=True)
class Remembered:
    """What all journals say together."""

    sent: dict[str, Batch] = field(default_factory=dict)
    kept: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)  # receipts: agency, ref, digest

    @property
    def open(self) -> list[Batch]:
        """The batches that were sent, and whose receipts never came."""
        return [one for name, one in self.sent.items() if name not in self.kept]


def read_journals(folder: Path) -> Remembered:
    """Read every journal; a last line that a kill cut off counts as not written."""
    made = Remembered()
    for path in sorted(folder.glob("*.journal")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            said = json.loads(line)
            if "sent" in said:
                made.sent[said["sent"]] = Batch(name=said["sent"], raws=said["raws"], people=said["people"])
            else:
                made.kept[said["kept"]] = [(a, r, d) for a, r, d in said["receipts"]]
    return made


def write_on(folder: Path, name: str, seed: int, persons: Sequence[str], *, pause: float = 0) -> None:
    """Send batch after batch until killed, remembering each; wait for a database that went away, and send again."""
    journal = Journal(folder / f"{name}.journal")
    chance = random.Random(seed)  # noqa: S311 - invented data must come out the same again
    for one in _batches(name, chance, persons):
        journal.sent(one)
        journal.kept(one, insist(one))
        time.sleep(pause)


def _batches(name: str, chance: random.Random, persons: Sequence[str]) -> Iterator[Batch]:
    number = 0
    while True:
        number += 1
        yield batch(f"{name}-{number}", chance, persons)


def insist(one: Batch, *, patience: float = 60) -> list[Receipt]:
    """Send until there is an answer, as a client does whose connection broke."""
    until = time.monotonic() + patience
    while True:
        try:
            return one.send()
        except (OperationalError, InterfaceError, ConnectorException):
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.1)
