"""What an entry is, and who knew it when. Pure: no database, no clock.

An entry is one thing that an agency recorded. It is never changed and never removed: a correction is a new
entry that names the old one. Times are instants (UTC); days are days in London. The meaning of every function
here is that of the life format (docs/reference/life-format.md, section 4).
"""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_IDS = uuid.UUID("5d1b7f5e-6a5e-5c0c-9f8e-7c1c2b0f4a11")

WITHDRAWN = "record.withdrawn"
SHARED = "information.shared"


@lru_cache(4096)
def end_of_day(on: date) -> datetime:
    """Return 23:59:59 in London on a day: the moment that "on a day" means."""
    return datetime.combine(on, time(23, 59, 59), LONDON).astimezone(UTC)


@lru_cache(4096)
def start_of_day(on: date) -> datetime:
    """Return 00:00 in London on a day."""
    return datetime.combine(on, time(), LONDON).astimezone(UTC)


@lru_cache(4096)
def london_day(at: datetime) -> date:
    """Return the day in London of an instant."""
    return at.astimezone(LONDON).date()


class Precision(StrEnum):
    """How exactly it is known when something happened."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    APPROXIMATE = "approximate"  # a day, give or take; counts as the day given
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class When:
    """When something happened, as exactly as it is known.

    `at` is given for a minute, `on` for a day or an approximate day, and the first of the month for a month.
    """

    precision: Precision
    at: datetime | None = None
    on: date | None = None

    @property
    def day(self) -> date | None:
        """The day in London, or None where only a month or nothing is known."""
        if self.at is not None:
            return london_day(self.at)
        return self.on if self.precision in (Precision.DAY, Precision.APPROXIMATE) else None

    @property
    def earliest(self) -> date | None:
        """The first day on which it can have happened. None: any day."""
        return self.on if self.precision is Precision.MONTH else self.day

    @property
    def latest(self) -> date | None:
        """The last day on which it can have happened (inclusive). None: any day."""
        if self.precision is Precision.MONTH and self.on is not None:
            return self.on.replace(day=monthrange(self.on.year, self.on.month)[1])
        return self.day

    def follows(self, other: When) -> bool:
        """Is this a later moment than `other`, or a later day where one of the two has no time?"""
        if self.at is not None and other.at is not None:
            return self.at > other.at
        return self.day is not None and other.day is not None and self.day > other.day

    def not_before(self, other: When) -> bool:
        """Is this the same moment as `other` or later, or the same or a later day where one has no time?"""
        if self.at is not None and other.at is not None:
            return self.at >= other.at
        return self.day is not None and other.day is not None and self.day >= other.day

    @property
    def sorting(self) -> datetime:
        """An instant to order by; what has no date sorts first."""
        if self.at is not None:
            return self.at
        return start_of_day(self.on) if self.on is not None else datetime.min.replace(tzinfo=UTC)


class Record(NamedTuple):
    """One agency's record of a person, by the agency's own reference."""

    agency: str
    ref: str


class Concern(NamedTuple):
    """A part that somebody plays in an entry: subject, household, alleged, mother, ..."""

    part: str
    record: Record


class Share(NamedTuple):
    """An agency was told of the entry, from this moment."""

    agency: str
    at: datetime


class Key(NamedTuple):
    """What makes an entry one entry: the agency and its own reference."""

    agency: str
    ref: str

    @property
    def id(self) -> uuid.UUID:
        """The id of the entry of this name: the same everywhere."""
        return uuid.uuid5(_IDS, f"{self.agency}\n{self.ref}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that an agency recorded. Never changed, never removed."""

    ref: str
    kind: str
    agency: str
    author_role: str
    happened: When
    noted: datetime  # when the agency wrote it down
    happened_to: When | None = None
    shared: tuple[Share, ...] = ()
    concerns: tuple[Concern, ...] = ()
    basis: str = ""
    summary: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)  # checked by the model of its kind
    corrects: str | None = None  # the ref of the entry that this one replaces or withdraws; same agency
    sensitivity: str = "standard"
    received: datetime | None = None  # when this ledger took it; in a replay the same as noted

    @cached_property
    def key(self) -> Key:
        return Key(self.agency, self.ref)

    @cached_property
    def id(self) -> uuid.UUID:
        """The same for the same (agency, ref), everywhere."""
        return self.key.id

    def who(self, part: str = "subject") -> list[Record]:
        """The records of the people who play this part, in the order given."""
        return [concern.record for concern in self.concerns if concern.part == part]


# --- who knew what -------------------------------------------------------------------------------------------------


def on_or_before(entries: Iterable[Entry], at: datetime) -> list[Entry]:
    """The entries that exist at a moment: noted up to then, inclusive."""
    return [entry for entry in entries if entry.noted <= at]


class Index:
    """Entries by key and by reference, so that a body that names a `ref` finds its entry.

    A reference is looked for in the same agency first; in another agency only where one alone has used it.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_key: dict[Key, Entry] = {}
        self._agencies: dict[str, list[str]] = defaultdict(list)
        for entry in entries:
            if entry.key not in self.by_key:
                self._agencies[entry.ref].append(entry.agency)
            self.by_key[entry.key] = entry

    def find(self, ref: str, *, agency: str) -> Entry | None:
        """The entry that `agency` means by `ref`, or None."""
        if own := self.by_key.get(Key(agency, ref)):
            return own
        others = self._agencies.get(ref, [])
        return self.by_key[Key(others[0], ref)] if len(others) == 1 else None


def knowledge(entries: Sequence[Entry]) -> dict[str, dict[Key, datetime]]:
    """For each agency, since when it knows each entry.

    An agency knows what it wrote, from `noted`; what was shared with it, from the time of sharing; and what an
    `information.shared` entry named to it, from that entry's time (not before the named entry was noted, and not
    before the sharing entry itself was). A moment may lie after the last entry's: compare it with your own.
    """
    index: Index | None = None  # made when a sharing is met: most lines have none
    since: dict[str, dict[Key, datetime]] = defaultdict(dict)

    def learn(agency: str, key: Key, at: datetime) -> None:
        known = since[agency]
        known[key] = min(at, known[key]) if key in known else at

    for entry in entries:
        learn(entry.agency, entry.key, entry.noted)
        for share in entry.shared:
            learn(share.agency, entry.key, share.at)
        if entry.kind == SHARED:
            for agency in entry.body.get("to", ()):
                learn(agency, entry.key, entry.noted)
                for ref in entry.body.get("entries", ()):
                    index = index or Index(entries)
                    if named := index.find(ref, agency=entry.agency):
                        learn(agency, named.key, max(_told_at(entry), named.noted, entry.noted))
    return since


def _told_at(entry: Entry) -> datetime:
    """When an `information.shared` entry told; a day alone tells at its start, and the note bounds it."""
    return entry.happened.sorting


class Known(NamedTuple):
    """An entry, and since when it is known."""

    entry: Entry
    since: datetime


def known_to(entries: Sequence[Entry], agency: str, at: datetime) -> list[Known]:
    """The entries that an agency knows at a moment (inclusive), in the order in which it came to know them."""
    existing = on_or_before(entries, at)
    since = knowledge(existing).get(agency, {})
    known = [Known(entry, since[entry.key]) for entry in existing if since.get(entry.key, at + timedelta(1)) <= at]
    return sorted(known, key=lambda one: (one.since, one.entry.noted, one.entry.ref))


def blind_spot(entries: Sequence[Entry], agency: str, at: datetime) -> list[Entry]:
    """The entries that exist at a moment and that an agency does not know, in order of `noted`, then `ref`."""
    known = {one.entry.key for one in known_to(entries, agency, at)}
    unknown = [entry for entry in on_or_before(entries, at) if entry.key not in known]
    return sorted(unknown, key=lambda entry: (entry.noted, entry.ref))


# --- what stands ---------------------------------------------------------------------------------------------------


def replacements(entries: Iterable[Entry]) -> dict[Key, Entry]:
    """For each corrected or withdrawn entry, the entry that took its place (of several the newest one noted)."""
    correcting = [entry for entry in entries if entry.corrects is not None]
    correcting.sort(key=lambda one: (one.noted, one.ref))
    return {Key(entry.agency, str(entry.corrects)): entry for entry in correcting}


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that count: of each line of corrections only the newest, and none that was withdrawn."""
    taken = replacements(entries)

    def counts(entry: Entry) -> bool:
        if entry.kind == WITHDRAWN or entry.key in taken:
            return False
        return entry.corrects is None or taken[Key(entry.agency, entry.corrects)] is entry

    return [entry for entry in entries if counts(entry)]
