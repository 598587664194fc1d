"""A person's whole record, for what must not depend on who looks: which step may be taken, and what a paper says.

What somebody is *shown* comes from `web.case` alone. Here nothing is shown: a paper is handed only to those who may
read every entry that it rests on.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from throughcare.duties.view import Lines
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import WITHDRAWN, Entry, Index, Key, Record, replacements, standing
from throughcare.recall import kinds_of_recall, state


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Everything that was ever recorded about a person."""

    records: frozenset[Record]
    entries: tuple[Entry, ...]

    @cached_property
    def about(self) -> list[Entry]:
        """What stands with this person as its subject, in the order in which it happened."""
        found = [one for one in standing(self.entries) if self.records & set(one.who())]
        return sorted(found, key=lambda one: (one.happened.sorting, one.noted, one.agency, one.ref))

    @cached_property
    def _index(self) -> Index:
        return Index(self.entries)

    @cached_property
    def replaced(self) -> dict[Key, Entry]:
        """For each entry that was corrected or withdrawn, what took its place."""
        return replacements(self.entries)

    @cached_property
    def lines(self) -> Lines:
        """Which entry belongs to which line of corrections."""
        return Lines(self.entries)

    def find(self, ref: object, agency: str) -> Entry | None:
        """The entry that stands for a reference."""
        found = self._index.find(ref, agency=agency) if isinstance(ref, str) else None
        seen: set[Key] = set()
        while found is not None and found.key in self.replaced and found.key not in seen:
            seen.add(found.key)
            found = self.replaced[found.key]
        return None if found is None or found.kind == WITHDRAWN else found

    @cached_property
    def recall(self) -> state.Standing | None:
        """Where the person stands in a recall."""
        return state.fold(self.about, find=self.find)

    def line_of(self, entry: Entry) -> list[Key]:
        """The keys of every entry of one line of corrections."""
        root = self.lines.root(entry.key)
        return [one.key for one in self.entries if self.lines.root(one.key) == root]

    def replaced_by_id(self) -> dict[uuid.UUID, Entry]:
        """By id of an entry that was corrected or withdrawn, what took its place."""
        by_key = self._index.by_key
        return {by_key[key].id: one for key, one in self.replaced.items() if key in by_key}


def whole(records: Iterable[Record]) -> Whole:
    """Read everything about these records of one person. One query."""
    held = frozenset(records)
    return Whole(records=held, entries=tuple(ledger.everything(held)))


class Known(Protocol):
    """A record of somebody: whole, or as far as somebody may read it (`web.case.Case`)."""

    @property
    def about(self) -> list[Entry]:
        """What stands with the person as its subject, in the order in which it happened."""

    def find(self, ref: object, agency: str) -> Entry | None:
        """The entry that stands for a reference."""


def proposal(
    held: Known, charge: kinds_of_recall.Answer, on: date, births: tuple[date, date] | None
) -> kinds_of_recall.Proposal:
    """What the law of a day leaves open for a person, by what is known here.

    `births` are the earliest and the latest date of birth on record.
    """
    known = kinds_of_recall.facts_of(held.about, find=held.find, charge=charge, on=on, births=births)
    return kinds_of_recall.proposal(known, on=on)
