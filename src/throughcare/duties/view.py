"""What is known at a moment, laid out so that rules can read it quickly. Pure: no database, no clock.

A `Case` is everything that an answer is worked out from. A `View` is the case at one moment: entries come in one
after the other, in the order in which they became known, and of each line of corrections only the newest stands.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from throughcare.duties.calendar import WorkingDays, add_months, england_and_wales
from throughcare.ledger.entry import WITHDRAWN, Entry, Index, Key, Record, When, knowledge, start_of_day
from throughcare.people.links import KEPT_APART, LINKED

Order = tuple[datetime, datetime, str, str]  # happened, noted, agency, ref

SUBJECT = "subject"
T = TypeVar("T")
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
BORN = "people.born"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one agency's record says of a person, so far as rules need it."""

    person: str  # the key of the person whose record this is
    born: date | None = None
    expected: date | None = None
    identified: bool = True  # False: an adult of whom nobody knows who they are


@dataclass(frozen=True, kw_only=True)
class Case:
    """Entries, the people they are about, and the figures that a partnership has set for itself."""

    entries: Sequence[Entry]
    people: Mapping[Record, Facts] = field(default_factory=dict)
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by rule id; they replace defaults
    sectors: Mapping[str, str] = field(default_factory=dict)  # agency code -> sector
    days: WorkingDays = field(default_factory=england_and_wales)

    def person(self, record: Record) -> str:
        """The key of a record's person; a record that nobody described is a person of its own."""
        facts = self.people.get(record)
        return facts.person if facts else record.ref


class Lines:
    """Which entry belongs to which line of corrections. The root of a line is its first entry."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._corrects = {e.key: Key(e.agency, e.corrects) for e in entries if e.corrects is not None}

    def root(self, key: Key) -> Key:
        """The first entry of the line that this one belongs to."""
        seen = {key}
        while (before := self._corrects.get(key)) is not None and before not in seen:
            seen.add(before)
            key = before
        return key


class Shelf:
    """Entries in the order in which they happened; what has no date stands first."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._orders: list[Order] = []

    def add(self, entry: Entry, order: Order) -> None:
        if not self._orders or order > self._orders[-1]:  # as most come
            self._orders.append(order)
            self.entries.append(entry)
            return
        place = bisect_left(self._orders, order)
        self._orders.insert(place, order)
        self.entries.insert(place, entry)

    def remove(self, order: Order) -> None:
        place = bisect_left(self._orders, order)
        del self._orders[place], self.entries[place]

    def at(self, order: Order) -> int:
        """Where the entry of this order is."""
        return bisect_left(self._orders, order)

    def place(self, day: date) -> int:
        """Where the entries of a day, or of the first day after it that has any, begin."""
        return bisect_left(self._orders, (start_of_day(day), _LONG_AGO, "", ""))

    def on_or_after(self, day: date) -> Iterator[Entry]:
        """What happened on a day or later, one at a time."""
        return islice(self.entries, self.place(day), None)

    def before(self, day: date) -> Iterator[Entry]:
        """What happened before a day (what has no date too), the latest first, one at a time."""
        return (self.entries[place] for place in range(self.place(day) - 1, -1, -1))


_EMPTY = Shelf()


class Register:
    """Entries of one kind, filed under keys."""

    def __init__(self, keys: Callable[[Entry], Iterable[object]]) -> None:
        self._keys = keys
        self.shelves: dict[object, Shelf] = {}

    def add(self, entry: Entry, order: Order) -> None:
        for key in dict.fromkeys(self._keys(entry)):
            self.shelves.setdefault(key, Shelf()).add(entry, order)

    def remove(self, entry: Entry, order: Order) -> None:
        for key in dict.fromkeys(self._keys(entry)):
            self.shelves[key].remove(order)
            if not self.shelves[key].entries:
                del self.shelves[key]

    def of(self, key: object) -> Sequence[Entry]:
        """What is filed under a key, in the order in which it happened."""
        return self.shelf(key).entries

    def shelf(self, key: object) -> Shelf:
        return self.shelves.get(key, _EMPTY)


class View:
    """The case as it is known at a moment. Grows by `learn`; only what stands can be read."""

    def __init__(self, case: Case, *, knows: Mapping[str, Mapping[Key, datetime]] | None = None) -> None:
        """`knows` may be handed in where the same case is looked at many times; it is `entry.knowledge`."""
        self.case = case
        self.lines = Lines(case.entries)
        self.index = Index(case.entries)
        self.knows = knowledge(case.entries) if knows is None else knows
        self.since: dict[Key, datetime] = {}
        self._standing: dict[Key, Entry] = {}  # by root
        self._newest: dict[Key, Entry] = {}  # by root, withdrawals too
        self._shelves: dict[tuple[str, str, str], Shelf] = defaultdict(Shelf)
        self._orders: dict[Key, Order] = {}
        self._players: dict[tuple[Key, str], list[str]] = {}
        self._kinds: dict[str, dict[Key, Entry]] = defaultdict(dict)
        self._registers: dict[object, Register] = {}
        self._by_kind: dict[str, list[Register]] = defaultdict(list)
        self._versions: dict[str, int] = {}
        self._memory: dict[tuple[str, str], tuple[tuple[int, ...], Any]] = {}
        self._births: dict[str, set[date]] = defaultdict(set)
        self._ages: dict[str, tuple[date, date] | None] = {}  # births, as now known
        self._expected: set[str] = set()
        for facts in case.people.values():
            if facts.born:
                self._births[facts.person].add(facts.born)
            if facts.expected:
                self._expected.add(facts.person)

    # --- growing

    def learn(self, entry: Entry, since: datetime) -> Entry | None:
        """Take an entry in. Returns the standing entry that it took the place of, if it took any."""
        root = self.root(entry)
        self.since[entry.key] = since
        self._versions[entry.kind] = self._versions.get(entry.kind, 0) + 1
        newest = self._newest.get(root)
        if newest is not None and (newest.noted, newest.ref) > (entry.noted, entry.ref):
            return None  # the newer one is known already
        self._newest[root] = entry
        taken = self._standing.pop(root, None)
        if taken is not None:
            self._unfile(taken, root)
            self._versions[taken.kind] = self._versions.get(taken.kind, 0) + 1
        if entry.kind != WITHDRAWN:
            self._standing[root] = entry
            self._file(entry, root)
        return taken

    def _places(self, entry: Entry) -> Iterable[tuple[str, str, str]]:
        places = [(self.case.person(record), part, entry.kind) for part, record in entry.concerns]
        return places if len(places) == 1 else dict.fromkeys(places)

    def _file(self, entry: Entry, root: Key) -> None:
        order = self.order(entry)
        self._kinds[entry.kind][root] = entry
        for register in self._by_kind.get(entry.kind, ()):
            register.add(entry, order)
        for place in self._places(entry):
            self._shelves[place].add(entry, order)
        if entry.kind == BORN:
            self._ages.clear()

    def _unfile(self, entry: Entry, root: Key) -> None:
        order = self.order(entry)
        del self._kinds[entry.kind][root]
        for register in self._by_kind.get(entry.kind, ()):
            register.remove(entry, order)
        for place in self._places(entry):
            self._shelves[place].remove(order)
        if entry.kind == BORN:
            self._ages.clear()

    def order(self, entry: Entry) -> Order:
        """What entries are ordered by: when they happened, then when they were noted."""
        order = self._orders.get(entry.key)
        if order is None:
            order = (entry.happened.sorting, entry.noted, entry.agency, entry.ref)
            self._orders[entry.key] = order
        return order

    # --- reading

    def root(self, entry: Entry) -> Key:
        """The key of the first entry of this one's line of corrections: the same before and after a correction."""
        return entry.key if entry.corrects is None else self.lines.root(entry.key)

    def standing(self, root: Key) -> Entry | None:
        """The entry that now stands for a line of corrections, or None where it was withdrawn or is not known."""
        return self._standing.get(root)

    def find(self, ref: object, *, agency: str) -> Entry | None:
        """The standing entry that `agency` means by a reference; a corrected one is found as its replacement."""
        named = self.index.find(str(ref), agency=agency)
        return self._standing.get(self.root(named)) if named else None

    def of(self, person: str, kind: str, part: str = SUBJECT) -> Sequence[Entry]:
        """What stands about a person, of one kind, in the order in which it happened."""
        return self._shelves.get((person, part, kind), _EMPTY).entries

    def on_or_after(self, person: str, kind: str, day: date, part: str = SUBJECT) -> Iterator[Entry]:
        """As `of`, leaving out what happened before a day (and what has no day). One at a time."""
        return self._shelves.get((person, part, kind), _EMPTY).on_or_after(day)

    def before(self, person: str, kind: str, day: date, part: str = SUBJECT) -> Iterator[Entry]:
        """As `of`, only what happened before a day, the latest first. One at a time."""
        return self._shelves.get((person, part, kind), _EMPTY).before(day)

    @cached_property
    def _writers(self) -> Mapping[str, dict[str, None]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in sorted(self.case.entries, key=lambda one: (one.noted, one.agency), reverse=True):
            for concern in entry.concerns if entry.kind not in (LINKED, KEPT_APART) else ():
                found[self.case.person(concern.record)].setdefault(entry.agency)
        return found

    def writers(self, person: str) -> Iterable[str]:
        """The agencies that wrote about a person, who wrote last first."""
        return self._writers.get(person, {})

    def kind(self, kind: str) -> list[Entry]:
        """Everything that stands of one kind, of all people, in the order in which it became known."""
        return list(self._kinds[kind].values())

    def register(self, name: object, kind: str, keys: Callable[[Entry], Iterable[object]]) -> Register:
        """What stands of one kind, filed under keys that depend on the entry alone; made once, then kept up.

        `name` is the register's own; the same name is the same register.
        """
        register = self._registers.get(name)
        if register is None:
            register = Register(keys)
            for entry in self._kinds[kind].values():
                register.add(entry, self.order(entry))
            self._registers[name] = register
            self._by_kind[kind].append(register)
        return register

    def naming(self, kind: str, path: str, entry: Entry) -> Sequence[Entry]:
        """What stands of one kind and names this entry in one field (a reference or a list of them), in order."""
        register = self._registers.get((kind, path))
        if register is None:
            register = self.register((kind, path), kind, lambda one: self._roots_named(one, path))
        return register.of(self.root(entry))

    def _roots_named(self, entry: Entry, path: str) -> Iterator[Key]:
        given = entry.body.get(path) or ()
        for ref in (given,) if isinstance(given, str) else given:
            if (meant := self.index.find(str(ref), agency=entry.agency)) is not None:
                yield self.root(meant)

    def all_about(self, person: str) -> list[Entry]:
        """Everything that stands with this person as its subject, by kind."""
        return [
            one
            for (who, part, _), shelf in self._shelves.items()
            if who == person and part == SUBJECT
            for one in shelf.entries
        ]

    def about(self, person: str, kinds: Sequence[str]) -> list[Entry]:
        """What stands about a person, of several kinds, in the order in which it happened."""
        found = [entry for kind in kinds for entry in self.of(person, kind)]
        return sorted(found, key=self.order) if len(kinds) > 1 else found

    def folded(self, person: str, kinds: Sequence[str], fold: Callable[[list[Entry]], T]) -> T:
        """`fold` of what stands about a person of these kinds; kept until one of these kinds changes."""
        name = (person, f"{fold.__module__}.{fold.__qualname__}")
        versions = tuple(self._versions.get(kind, 0) for kind in kinds)
        kept = self._memory.get(name)
        if kept is None or kept[0] != versions:
            kept = (versions, fold(self.about(person, kinds)))
            self._memory[name] = kept
        value: T = kept[1]
        return value

    def place(self, person: str, entry: Entry) -> int:
        """Where a standing entry is in `of(person, entry.kind)`."""
        return self._shelves[person, SUBJECT, entry.kind].at(self.order(entry))

    def subjects(self, entry: Entry, part: str = SUBJECT) -> list[str]:
        """The people who play a part in an entry, each once, in the order given."""
        name = (entry.key, part)
        known = self._players.get(name)
        if known is None:
            known = list(dict.fromkeys(self.case.person(record) for record in entry.who(part)))
            self._players[name] = known
        return known

    def births(self, person: str) -> tuple[date, date] | None:
        """The earliest and latest date of birth that anybody has recorded, or None where nobody has."""
        if person not in self._ages:
            known = set(self._births.get(person, ()))
            known.update(as_date(entry.body["date_of_birth"]) for entry in self.of(person, BORN))
            self._ages[person] = (min(known), max(known)) if known else None
        return self._ages[person]

    def unborn(self, person: str) -> bool:
        """Is a birth expected, and none known?"""
        return person in self._expected and self.births(person) is None

    def under(self, person: str, months: int, when: When) -> bool | None:
        """Was this person under an age, in calendar months, when it happened? None: cannot tell."""
        births = self.births(person)
        first, last = when.earliest, when.latest
        if births is None or first is None or last is None:
            return None
        youngest, oldest = first < add_months(births[1], months), last < add_months(births[0], months)
        return youngest if youngest == oldest else None

    def knew(self, agency: str, entry: Entry, at: datetime) -> bool:
        """Did an agency know an entry at a moment (inclusive)?"""
        since = self.knows.get(agency, {}).get(entry.key)
        return since is not None and since <= at


def as_date(value: object) -> date:
    """A day of a body, which may be kept as a day, as text or as the text of a moment."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
