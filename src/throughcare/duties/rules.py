"""How a room declares what must happen (`Timescale`) and what must be asked (`Threshold`). Pure.

A room's `rules.py` holds declarations only: which entry starts a clock, which one meets it, who owes it. Every
figure stands in a dated row of the room's `law/*.toml` with its source and mark, and the law is that of the day of
the starting event. A partnership's own parameters replace the defaults.

Marks: V verified, L law or local (as the source says), K to be checked, G guidance, X operational, U uncertain.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from throughcare.duties.calendar import CalendarError, Convention, Period, parse_period
from throughcare.duties.view import SUBJECT, View, as_date
from throughcare.ledger.entry import Entry, Key, When


class RuleError(ValueError):
    """A declaration or a law file is not right. Names the rule and the field."""

    def __init__(self, rule: str, field_name: str, wrong: str, right: str) -> None:
        self.rule, self.field = rule, field_name
        super().__init__(f"{rule}.{field_name}: {wrong}. {right}.")


# --- law: dated figures with their source ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of law: what holds from a day (inclusive) to a day (inclusive), and where that stands."""

    rule: str
    source: str
    mark: str
    since: date | None = None  # None: always, so far as this product looks back
    until: date | None = None
    commenced: bool = True  # False: on the book, not in force until a partnership says from when
    statutory: bool = False  # its mark says that it is law: verified, read in a text of law, or still to be checked
    figures: Mapping[str, Any] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        """Is this row in force on a day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


_ABOUT = ("source", "mark", "from", "to", "commenced")
_STATUTORY = ("V", "L", "K")  # in most rooms L is a text of law; a file whose L is local says `statutory_marks`


class Law:
    """The rows of one law file, by rule. `statutory_marks` at its head says which marks are law in that file."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        marks = table.get("statutory_marks", _STATUTORY)
        self.rows: dict[str, list[Row]] = {
            rule: [_row(rule, one, marks) for one in ones] for rule, ones in table.items() if rule != "statutory_marks"
        }

    @classmethod
    def read(cls, room: str, name: str) -> Law:
        """The file `law/<name>` of a room."""
        return cls(tomllib.loads(files(f"throughcare.{room}").joinpath("law", name).read_text("utf-8")))

    def of(self, rule: str) -> list[Row]:
        """All rows of a rule, in the order of the file. Raises `RuleError` where there is none."""
        if rule not in self.rows:
            raise RuleError(rule, "law", "has no row in the law file", "Add one with its source and mark")
        return self.rows[rule]


def _row(rule: str, one: Mapping[str, Any], marks: Sequence[str]) -> Row:
    for name in ("source", "mark"):
        if not one.get(name):
            raise RuleError(rule, name, "is missing", "Every row of law names its source and its mark")
    return Row(
        rule=rule,
        source=one["source"],
        mark=one["mark"],
        since=one.get("from"),
        until=one.get("to"),
        commenced=one.get("commenced", True),
        statutory=any(mark in marks for mark in one["mark"].split()[0].split("/")),
        figures={name: value for name, value in one.items() if name not in _ABOUT},
    )


# --- conditions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)  # known by identity: clauses name registers, and that is asked very often
class Clause:
    """An entry of a kind whose body says what `where` says: `on("safeguarding.visit", purpose="section47")`.

    A value is the text of the field; `"*"` is any value; `"fixed_*"` any that begins so; a tuple any of them;
    `"@start"` names the entry that started the clock; `"@start.decision"` the entry that the starting one names;
    `"@same"` the same value as in the starting entry. A field `decision.stage` looks into the entry that `decision`
    names.
    """

    kind: str
    where: tuple[tuple[str, str | tuple[str, ...]], ...] = ()

    @cached_property
    def settled(self) -> Clause:
        """The part of it that depends on an entry alone: not on another entry, and not on the start."""
        alone = tuple((path, want) for path, want in self.where if _alone(path, want))
        return self if alone == self.where else Clause(self.kind, alone)

    @cached_property
    def names_start(self) -> str | None:
        """The field that names the starting entry, where there is one."""
        return next((path for path, want in self.where if want == "@start" and "." not in path), None)

    def holds(self, view: View, entry: Entry, start: Entry | None = None) -> bool:
        """Is this entry one of these? `start` is the entry that started the clock."""
        if entry.kind != self.kind:
            return False
        return not self.where or all(_says(view, entry, path, want, start) for path, want in self.where)


@cache
def on(kind: str, /, **where: str | tuple[str, ...]) -> Clause:
    """A condition; `__` in a field stands for the point of a path: `decision__stage="paper"`."""
    return Clause(kind, tuple((path.replace("__", "."), want) for path, want in where.items()))


def named(view: View, entry: Entry, path: str) -> Entry | None:
    """The entry that a field of a body names, or None."""
    ref = entry.body.get(path)
    return view.find(ref, agency=entry.agency) if isinstance(ref, str) and ref else None


def value(view: View, entry: Entry, path: str) -> Any:
    """A field of a body, or of the entry that a field names (`decision.stage`). None where there is none."""
    first, _, rest = path.partition(".")
    if not rest:
        return entry.body.get(first)
    other = named(view, entry, first)
    return value(view, other, rest) if other else None


def _alone(path: str, want: str | tuple[str, ...]) -> bool:
    return "." not in path and not any(one.startswith("@") for one in ((want,) if isinstance(want, str) else want))


def _says(view: View, entry: Entry, path: str, want: str | tuple[str, ...], start: Entry | None) -> bool:
    if isinstance(want, tuple):
        return any(_says(view, entry, path, one, start) for one in want)
    if want[0] == "@":
        return start is not None and _points(view, entry, path, want, start)
    has = value(view, entry, path)
    if has is None or has == "":
        return False
    return str(has).startswith(want[:-1]) if want.endswith("*") else str(has) == want


def _points(view: View, entry: Entry, path: str, want: str, start: Entry) -> bool:
    if want == "@same":
        return bool(value(view, entry, path) == value(view, start, path))
    there = named(view, entry, path)
    meant = named(view, start, want.removeprefix("@start.")) if want.startswith("@start.") else start
    return there is not None and meant is not None and there.key == meant.key


# --- timescales -----------------------------------------------------------------------------------------------------

Nature = Literal["duty", "window", "opening"]
"""Something owed; something that may be done until a day; something that may be done from a day on."""

Chooses = Callable[[View, Entry, str], str | None]
Allows = Callable[[View, Entry, str], bool]
Replaces = Callable[[View, Entry, str], Period | None]
Counts = Callable[[View, Entry, str], When | date | None]


@dataclass(frozen=True, kw_only=True)
class Timescale:
    """Something that is owed (or, a window, may be done) within a length of law from a starting entry."""

    id: str
    what: str
    starts: tuple[Clause, ...]
    met_by: tuple[Clause, ...]
    not_required: tuple[Clause, ...] = ()
    rows: tuple[Row, ...]  # figures: `length`, `unit`, or a table of lengths by case
    owner: str  # the role that owes it, in words
    owing: str | None = "la"  # the sector whose agency owes it; None: the agency whose entry started the clock
    nature: Nature = "duty"
    convention: Convention = Convention.AFTER
    part: str = SUBJECT  # whose duty row it is: the people who play this part in the starting entry
    part_else: str = SUBJECT  # where nobody plays it
    due_from: str | None = None  # a field of the starting body that is the due day or moment itself, where given
    clock_from: str | None = None  # a field that the clock counts from: a day, or an entry whose `happened` counts
    counts_from: Counts | None = (
        None  # the day or moment that the clock counts from, worked out; None from it: none is due
    )
    case: Chooses | None = None  # which length of a table of lengths; None from it: no clock is started
    only_if: Allows | None = None  # started only where this holds
    own_length: Replaces | None = None  # a length that the case itself sets, such as a plan's; wins over the law's
    at_hour: str | None = None  # the due day's last moment, `HH:MM`, where the law names one
    links: bool = True  # False: start and meeting share a kind and are still no chain
    self_meets: bool = False  # the starting entry meets it itself when it came in time
    law_of: Literal["start", "asked"] = "start"  # whose day's law: the starting event's, or the day asked about
    moved_by: frozenset[str] = frozenset()  # kinds that, coming later, can move the due day of a running clock
    about_nobody: bool = False  # a start that is about nobody starts one duty all the same

    @cached_property
    def chain(self) -> bool:
        """Does what meets it start the next link? Then only a following entry meets a link."""
        return self.links and bool({one.kind for one in self.met_by} & {one.kind for one in self.starts})

    def row(self, day: date, parameters: Mapping[str, Any]) -> Row | None:
        """The row of law for a day, under a partnership's parameters. None: not in force."""
        in_force = parameters.get("in_force_from")
        for row in self.rows:
            if not row.holds(day):
                continue
            if not row.commenced and (not in_force or as_date(in_force) > day):
                return None
            return row
        return None


_LENGTHS = ("hours", "days", "months", "years")  # figures that may be nought; those that count things may not
MOST = 36_500  # of any figure that a partnership sets: a hundred years of days


def length_of(row: Row, case: str | None, parameters: Mapping[str, Any]) -> Period | None:
    """The length that a row (or the parameter in its place) gives for a case. None where it gives none.

    A bare number is counted in the parameter's unit, else in that of the law. Raises `RuleError` where the parameter
    cannot be read.
    """
    default = row.figures.get("length")
    if isinstance(default, Mapping):
        default = default.get(case)
    given = parameters.get("length", default)
    if isinstance(given, Mapping):
        given = given.get(case, default)
    if given is None:
        return None
    right = "Give a whole number, or text such as '8 months 14 days'"
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise RuleError(row.rule, "length", f"is {given!r}", right)
    of_law = default.split()[-1] if isinstance(default, str) else ""
    try:
        period = parse_period(str(given), str(parameters.get("unit") or row.figures.get("unit") or of_law))
    except CalendarError as error:
        raise RuleError(row.rule, "length", f"is {given!r} and cannot be read", right) from error
    if any(one.amount > MOST for one in period):
        raise RuleError(row.rule, "length", f"is {given!r}", f"Give at most {MOST:,}")
    return period


def check_parameters(rules: Rules, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Can every figure that a partnership has set be read? Raises `RuleError` for the first that cannot.

    Rules that nobody declares are passed over: a life may set figures for another product.
    """
    for scale in rules.timescales:
        figures = given.get(scale.id, {})
        _check_day(scale.id, figures)
        for row in scale.rows if "length" in figures else ():
            lengths = row.figures.get("length")
            for case in lengths if isinstance(lengths, Mapping) else (None,):
                length_of(row, case, figures)
    for threshold in rules.thresholds:
        figures = given.get(threshold.id, {})
        _check_day(threshold.id, figures)
        for name, default in threshold.rows[-1].figures.items():
            value, least = figures.get(name, default), 0 if name.endswith(_LENGTHS) else 1
            whole = isinstance(value, int) and not isinstance(value, bool)
            if isinstance(default, int) and not (whole and least <= value <= MOST):
                raise RuleError(threshold.id, name, f"is {value!r}", f"Give a whole number from {least} to {MOST:,}")


def _check_day(rule: str, figures: Mapping[str, Any]) -> None:
    if since := figures.get("in_force_from"):
        try:
            as_date(since)
        except ValueError as error:
            raise RuleError(rule, "in_force_from", f"is {since!r}", "Give a day as YYYY-MM-DD, or null") from error


# --- thresholds -----------------------------------------------------------------------------------------------------


class Result(StrEnum):
    """What a threshold answers. Not matched is not listed."""

    MATCHED = "matched"
    CANNOT_TELL = "cannot_tell"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One place where a threshold holds, or where a missing fact leaves it open.

    `key` names the place, the same whenever it is found again and after a correction: a finding is raised once.
    """

    person: str
    key: tuple[object, ...]
    evidence: tuple[Entry, ...]
    result: Result = Result.MATCHED
    missing: tuple[str, ...] = ()  # the facts that would settle it
    because: str = ""


Finds = Callable[[View, Entry, Mapping[str, Any]], Iterable[Match]]
Ends = Callable[[View, Entry, Mapping[str, Any]], Iterable[tuple[date, Entry]]]
FindsAt = Callable[[View, Entry, Mapping[str, Any], date], Iterable[Match]]


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A plain condition over recorded facts, and the question that it puts to a person. Never a score.

    `finds` is asked about each entry of `kinds` when it becomes known (and again when a correction comes): it returns
    every place that this entry takes part in. What depends on time passing has `ends` (the days at whose end to look,
    each with the entry to look at, after this one came) and `finds_at` (what holds of one entry at the end of a day).
    """

    id: str
    what: str
    question: str
    to: str  # whom the question is put to, in words
    kinds: frozenset[str]
    rows: tuple[Row, ...]
    finds: Finds | None = None
    ends: Ends | None = None
    finds_at: FindsAt | None = None
    reads: frozenset[str] = frozenset()  # kinds that it reads besides: a correction of one is looked into
    settled_by: frozenset[str] = frozenset()  # kinds that can settle what could not be told, but for corrections
    reach: Literal["self", "linked"] = "self"  # linked: reads the people who are linked to the person too
    with_known_to: bool = True  # False: has no meaning where only one agency's knowledge is looked at
    both_sides: bool = False  # those who work with the people whom its evidence is about are told that it waits
    clocks: bool = False  # it watches the clocks of every room: the engine itself looks at the duties for it

    def depends_on(self, kinds: frozenset[str]) -> bool:
        """Can a correction of an entry of these kinds change its answers?"""
        return not kinds.isdisjoint(self.kinds | self.reads | self.settled_by)

    def row(self, day: date) -> Row | None:
        """The row of law for a day, or None where none is in force."""
        return next((row for row in self.rows if row.holds(day)), None)

    def figures(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """The figures: those of the newest row of law, replaced by a partnership's own."""
        return {**self.rows[-1].figures, **given}


@dataclass(frozen=True, eq=False)  # known by identity: what the engine makes ready of them is made once
class Rules:
    """Everything that rooms have declared."""

    timescales: tuple[Timescale, ...] = ()
    thresholds: tuple[Threshold, ...] = ()

    def __add__(self, other: Rules) -> Rules:
        return Rules(self.timescales + other.timescales, self.thresholds + other.thresholds)

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all rules declared."""
        return frozenset([one.id for one in self.timescales] + [one.id for one in self.thresholds])


def roots(view: View, entries: Iterable[Entry]) -> tuple[Key, ...]:
    """What names a set of entries in a finding's key: the first of each line of corrections."""
    return tuple(view.root(entry) for entry in entries)
