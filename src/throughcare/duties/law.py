"""What the law files of the rooms say on a day, and what changed since another: the whole of it as values. Pure.

Read from the declarations of every room (`rules.py`) and from every row of `law/*.toml` that no declaration names, so
that a new room appears by itself. Nothing here computes a day; it only says which figure would be used, and why.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Any, Literal

from throughcare.duties.calendar import Convention
from throughcare.duties.rules import Law, Row, RuleError, Rules, Threshold, Timescale

Nature = Literal["duty", "window", "opening", "question to a person", "figure", "open question"]

TO_CONFIRM = frozenset("KGX")
"""The marks of figures that a named approver can confirm."""
UNCERTAIN = "U"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One rule as it stands on a day: the row of law that holds, and what the partnership has set in its place.

    `commenced` False: on the book, not in force. An `open question` never computes.
    """

    room: str
    rule: str
    what: str
    nature: Nature
    owner: str
    row: Row
    own: Mapping[str, Any] = field(default_factory=dict)
    commenced: bool = True
    counted: str = ""  # how its length is counted, in words

    @property
    def marks(self) -> frozenset[str]:
        """The marks of the row, one by one: "X/G" is X and G."""
        return marks_of(self.row)

    @property
    def needs_confirming(self) -> bool:
        """Is there a figure or a source here that a named approver should confirm before it is relied on?"""
        return self.nature != "open question" and bool(self.marks & TO_CONFIRM)

    @property
    def text(self) -> str:
        """What a confirmation confirms, as one name: any change of the row or of the own figures gives another."""
        row = self.row
        said = [self.rule, row.source, row.mark, row.since, row.until, row.commenced, dict(row.figures), dict(self.own)]
        return sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def marks_of(row: Row) -> frozenset[str]:
    """The marks of a row, one by one."""
    return frozenset(row.mark.split()[0].split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one room declares, and the rows of its law files that no declaration names."""

    room: str
    rules: Rules
    loose: tuple[Row, ...] = ()


def shelves(rooms: Iterable[str]) -> tuple[Shelf, ...]:
    """The law of these rooms, in their order; those without any left out."""
    found = [_shelf(room) for room in rooms]
    return tuple(one for one in found if one.rules.ids or one.loose)


def _shelf(room: str) -> Shelf:
    name = f"throughcare.{room}.rules"
    rules: Rules = import_module(name).RULES if find_spec(name) else Rules()
    return Shelf(room=room, rules=rules, loose=tuple(one for one in _rows(room) if one.rule not in rules.ids))


def _rows(room: str) -> Iterator[Row]:
    """Every row of every law file of a room that names its source and its mark."""
    try:
        folder = files(f"throughcare.{room}").joinpath("law")
    except ModuleNotFoundError:
        return
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            yield from _rows_of(tomllib.loads(file.read_text("utf-8")))


def _rows_of(table: Mapping[str, Any]) -> Iterator[Row]:
    known = {name: ones for name, ones in table.items() if name == "statutory_marks" or _are_rows(ones)}
    try:
        law = Law(known)
    except RuleError:
        return  # a file of another shape, such as the bank holidays
    for ones in law.rows.values():
        yield from ones


def _are_rows(ones: object) -> bool:
    return isinstance(ones, list) and all(
        isinstance(one, dict) and one.get("source") and one.get("mark") for one in ones
    )


# --- on a day -------------------------------------------------------------------------------------------------------


def provisions(
    shelves: Sequence[Shelf], on: date, parameters: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Provision]:
    """What holds on a day, room by room in their order, within a room by rule."""
    given = parameters or {}
    made: list[Provision] = []
    for shelf in shelves:
        found = [one for scale in shelf.rules.timescales for one in _timescale(shelf.room, scale, on, given)]
        found += [one for threshold in shelf.rules.thresholds for one in _threshold(shelf.room, threshold, on, given)]
        found += [_loose(shelf.room, row) for row in shelf.loose if row.holds(on)]
        made += sorted(found, key=lambda one: (one.nature == "open question", one.rule))
    return made


def _timescale(room: str, scale: Timescale, on: date, given: Mapping[str, Mapping[str, Any]]) -> Iterator[Provision]:
    own = given.get(scale.id, {})
    row = next((one for one in scale.rows if one.holds(on)), None)
    if row is not None:
        uncertain = UNCERTAIN in marks_of(row)
        yield Provision(
            room=room, rule=scale.id, what=scale.what, nature="open question" if uncertain else scale.nature,
            owner=scale.owner, row=row, own=own, commenced=scale.row(on, own) is not None,
            counted=_counted(scale, row),
        )  # fmt: skip


_COUNTED = {
    Convention.AFTER: "the day after is day 1",
    Convention.BEGIN_WITH: "that day is day 1",
    Convention.BEFORE: "counted back from that day",
}


def _counted(scale: Timescale, row: Row) -> str:
    """How the length is counted, in words; nothing where it is in hours, or where there is none."""
    return "" if "length" not in row.figures or row.figures.get("unit") == "hour" else _COUNTED[scale.convention]


def _threshold(
    room: str, threshold: Threshold, on: date, given: Mapping[str, Mapping[str, Any]]
) -> Iterator[Provision]:
    row = threshold.row(on)
    if row is not None:
        uncertain = UNCERTAIN in marks_of(row)
        yield Provision(
            room=room, rule=threshold.id, what=threshold.what,
            nature="open question" if uncertain else "question to a person", owner=threshold.to, row=row,
            own=given.get(threshold.id, {}),
        )  # fmt: skip


def _loose(room: str, row: Row) -> Provision:
    uncertain = UNCERTAIN in marks_of(row)
    what = str(row.figures.get("question") or row.figures.get("what") or row.figures.get("title") or "")
    return Provision(
        room=room, rule=row.rule, what=what, nature="open question" if uncertain else "figure", owner="", row=row,
        commenced=row.commenced,
    )  # fmt: skip


def history(shelves: Sequence[Shelf], rule: str) -> list[Row]:
    """Every row of a rule, whatever its days, the oldest first."""
    rows: list[Row] = []
    for shelf in shelves:
        rows += [row for one in shelf.rules.timescales if one.id == rule for row in one.rows]
        rows += [row for one in shelf.rules.thresholds if one.id == rule for row in one.rows]
        rows += [one for one in shelf.loose if one.rule == rule]
    return sorted(rows, key=lambda one: one.since or date.min)


# --- between two days -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule that another day's law gave differently. `before` None: it is new; `after` None: it is gone."""

    rule: str
    before: Provision | None
    after: Provision | None

    @property
    def on(self) -> date | None:
        """The first day of what holds now, or the day after what held before."""
        return self.after.row.since if self.after else None


def changed(before: Sequence[Provision], after: Sequence[Provision]) -> list[Change]:
    """What differs between two days, in the order of the later one; what is gone comes last.

    A rule may have several rows at once (one for each group of sentences): they are compared one with another.
    """
    then, now = _by_rule(before), _by_rule(after)
    found: list[Change] = []
    for rule in dict.fromkeys([*now, *then]):
        old = [one for one in then.get(rule, []) if not _is_in(one, now.get(rule, []))]
        new = [one for one in now.get(rule, []) if not _is_in(one, then.get(rule, []))]
        for i in range(max(len(old), len(new))):
            found.append(
                Change(rule=rule, before=old[i] if i < len(old) else None, after=new[i] if i < len(new) else None)
            )
    return sorted(found, key=lambda one: one.after is None)


def _by_rule(ones: Sequence[Provision]) -> dict[str, list[Provision]]:
    made: dict[str, list[Provision]] = {}
    for one in ones:
        made.setdefault(one.rule, []).append(one)
    return made


def _is_in(one: Provision, others: Sequence[Provision]) -> bool:
    return any(one.row == other.row and one.commenced == other.commenced for other in others)
