"""The watch over what becomes known: raises findings, and withdraws them where a correction says so. Pure.

Entries become known one after the other, each threshold is asked about each entry as it comes, and at the ends of the
days that matter where time passing is enough. A finding is raised on the day at whose end it first holds, once, and
stays; only a correction withdraws it. What lapses again on the very day, without a correction, was never raised.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from throughcare.duties.rules import Match, Result, Threshold
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, Key, london_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One threshold that was crossed, or that cannot be told, with what made it so."""

    rule: str
    what: str
    person: str
    key: str  # names this finding for ever, within its rule and person
    raised: date
    result: Result
    evidence: tuple[Key, ...]
    missing: tuple[str, ...]
    question: str
    to: str
    authority: str
    mark: str
    why: str


_At = tuple[str, str, tuple[object, ...]]  # rule, person, key: the place of a finding


@dataclass(slots=True)
class _Raised:
    """A finding as it is being worked out."""

    threshold: Threshold
    match: Match
    focal: Key  # the root of the entry that it was found by
    on: date
    result: Result
    refs: tuple[Key, ...]
    support: frozenset[Key]  # roots of the evidence
    timed: bool
    at_moment: int  # the number of the moment at which it was raised


class Watch:
    """Asks thresholds about entries as they become known, and keeps what was raised."""

    def __init__(self, view: View, thresholds: Sequence[Threshold]) -> None:
        self.view = view
        self._thresholds = {one.id: one for one in thresholds}
        parameters = view.case.parameters
        self._given = {one.id: one.figures(parameters.get(one.id, {})) for one in thresholds}
        self._by_kind: dict[str, list[Threshold]] = {}
        for one in thresholds:
            for kind in one.kinds:
                self._by_kind.setdefault(kind, []).append(one)
        self._settlers = {kind for one in thresholds for kind in one.settled_by}
        self._raised: dict[_At, _Raised] = {}
        self._closed: list[tuple[_At, _Raised]] = []  # withdrawn, and then raised anew at the same place
        self._today: date | None = None
        self._fresh: list[_At] = []  # raised or settled today
        self._alarms: list[tuple[date, int, str, Key]] = []
        self._set: set[tuple[date, str, Key]] = set()
        self._numbers = count()
        self._moments = 0

    # --- the way of an entry

    def learn(self, entries: Sequence[Entry], at: datetime) -> None:
        """Take in what becomes known at one moment."""
        today = london_day(at)
        if today != self._today:
            self._pass_to(today)
        self._moments += 1
        if any(self._replaces(entry) for entry in entries):
            self._correct(entries, at, today)
            return
        for entry in entries:
            self.view.learn(entry, at)
        for entry in entries:
            if self._stands(entry):
                self._ask(entry, today)
        if self._settlers.intersection(entry.kind for entry in entries):
            self._settle(entries, today)

    def finish(self, on: date) -> None:
        """Let the days pass, up to the end of this one."""
        self._pass_to(on + timedelta(1))

    def findings(self) -> list[Finding]:
        """What was raised, by rule, then in the order of the days."""
        numbered: dict[_At, int] = {}
        rows = []
        for at, one in [*self._closed, *self._raised.items()]:
            numbered[at] = numbered.get(at, 0) + 1
            rows.append(_finding(at, one, numbered[at]))
        order = {rule: place for place, rule in enumerate(self._thresholds)}
        return sorted(rows, key=lambda row: (order[row.rule], row.raised))

    def _stands(self, entry: Entry) -> bool:
        return self.view.standing(self.view.root(entry)) is entry

    def _replaces(self, entry: Entry) -> bool:
        return entry.corrects is not None and self.view.standing(self.view.root(entry)) is not None

    def _figures(self, threshold: Threshold) -> Mapping[str, Any]:
        return self._given[threshold.id]

    def _ask(self, entry: Entry, today: date) -> None:
        for threshold in self._by_kind.get(entry.kind, ()):
            if threshold.finds:
                for match in threshold.finds(self.view, entry, self._figures(threshold)):
                    self._raise(threshold, match, entry, today, timed=False)
            self._set_alarms(threshold, entry, today)

    def _set_alarms(self, threshold: Threshold, entry: Entry, today: date) -> None:
        if threshold.ends is None:
            return
        for day, looked_at in threshold.ends(self.view, entry, self._figures(threshold)):
            root = self.view.root(looked_at)
            alarm = (max(day, today), threshold.id, root)
            if alarm not in self._set:
                self._set.add(alarm)
                heapq.heappush(self._alarms, (alarm[0], next(self._numbers), threshold.id, root))

    # --- the way of a day

    def _pass_to(self, today: date) -> None:
        """End every day before `today`."""
        while self._alarms and self._alarms[0][0] < today:
            day, _, rule, root = heapq.heappop(self._alarms)
            if day != self._today:
                self._end_today()
                self._today = day
            self._look(self._thresholds[rule], root, day)
        self._end_today()
        self._today = today

    def _look(self, threshold: Threshold, root: Key, day: date) -> None:
        entry = self.view.standing(root)
        if entry is None or threshold.finds_at is None:
            return
        for match in threshold.finds_at(self.view, entry, self._figures(threshold), day):
            self._raise(threshold, match, entry, day, timed=True)

    def _end_today(self) -> None:
        """Drop what was raised today and no longer holds, where no correction took it away."""
        for at in self._fresh:
            one = self._raised.get(at)
            if one is None or one.timed or one.at_moment == self._moments or one.result is Result.WITHDRAWN:
                continue  # nothing has come since, that could have taken it away
            if one.on == self._today and not self._holds(one, at):
                del self._raised[at]
        self._fresh.clear()

    def _holds(self, one: _Raised, at: _At) -> bool:
        entry = self.view.standing(one.focal)
        if entry is None or one.threshold.finds is None:
            return False
        found = one.threshold.finds(self.view, entry, self._figures(one.threshold))
        return any((match.person, match.key) == at[1:] for match in found)

    # --- raising

    def _raise(self, threshold: Threshold, match: Match, focal: Entry, day: date, *, timed: bool) -> None:
        at = (threshold.id, match.person, match.key)
        before = self._raised.get(at)
        if before is not None and before.result is match.result:
            return
        if before is not None and before.result is Result.MATCHED:
            return  # what was told once stays, until a correction takes it away
        if before is not None and before.result is Result.WITHDRAWN:
            self._closed.append((at, before))
        self._raised[at] = self._fresh_one(threshold, match, focal, day, timed)
        self._fresh.append(at)

    def _fresh_one(self, threshold: Threshold, match: Match, focal: Entry, day: date, timed: bool) -> _Raised:
        evidence = {entry.key: entry for entry in match.evidence}.values()
        support = frozenset(self.view.root(entry) for entry in evidence)
        refs = tuple(entry.key for entry in evidence)
        return _Raised(threshold, match, self.view.root(focal), day, match.result, refs, support, timed, self._moments)

    def _settle(self, entries: Sequence[Entry], today: date) -> None:
        """A fact came that can settle what could not be told."""
        kinds = {entry.kind for entry in entries}
        for at, one in list(self._raised.items()):
            if one.result is not Result.CANNOT_TELL or not kinds & one.threshold.settled_by:
                continue
            focal = self.view.standing(one.focal)
            if focal is not None and one.threshold.finds:
                for match in one.threshold.finds(self.view, focal, self._figures(one.threshold)):
                    self._raise(one.threshold, match, focal, today, timed=False)
            if self._raised.get(at) is one and not self._holds(one, at):
                self._withdraw(one, entries)

    # --- corrections

    def _correct(self, entries: Sequence[Entry], at: datetime, today: date) -> None:
        """A correction came: what held because of what it took away is withdrawn; what holds now is raised."""
        roots = {self.view.root(entry) for entry in entries}
        asked = self._concerned(entries, roots)
        raised = {
            place: one
            for place, one in self._raised.items()
            if one.threshold in asked and one.result is not Result.WITHDRAWN
        }
        before = self._still(raised, today)
        taken: dict[Key, Entry] = {}
        for entry in entries:
            if self.view.learn(entry, at) is not None or entry.corrects is not None:
                taken[self.view.root(entry)] = entry
        after = self._still(raised, today)
        for place, found in self._all(asked).items():
            after.setdefault(place, found)
        for place, one in raised.items():
            if place not in after:
                by = [taken[root] for root in one.support if root in taken]
                gone = any(self.view.standing(root) is None for root in one.support if root in taken)
                if place in before or gone:
                    self._withdraw(one, by or list(taken.values()))
        for place, (match, focal) in after.items():
            self._renew(place, match, focal, today)
        for threshold in asked:
            for kind in threshold.kinds if threshold.ends else ():
                for entry in self.view.kind(kind):
                    self._set_alarms(threshold, entry, today)

    def _concerned(self, entries: Iterable[Entry], roots: Set[Key]) -> list[Threshold]:
        """The thresholds that read what is corrected, or that have told something because of it."""
        before_it = [self.view.standing(self.view.root(entry)) for entry in entries]
        kinds = frozenset(one.kind for one in (*entries, *before_it) if one is not None)
        told = {one.threshold.id for one in self._raised.values() if not roots.isdisjoint(one.support)}
        return [one for one in self._thresholds.values() if one.id in told or one.depends_on(kinds)]

    def _still(self, raised: Mapping[_At, _Raised], today: date) -> dict[_At, tuple[Match, Entry]]:
        """What of this holds at this moment, by what the entry says by which it was found."""
        held: dict[_At, tuple[Match, Entry]] = {}
        asked: set[tuple[str, Key]] = set()
        for one in raised.values():
            threshold, focal = one.threshold, self.view.standing(one.focal)
            if focal is None or (threshold.id, one.focal) in asked:
                continue
            asked.add((threshold.id, one.focal))
            figures = self._figures(threshold)
            found = [*threshold.finds(self.view, focal, figures)] if threshold.finds else []
            found += threshold.finds_at(self.view, focal, figures, today) if threshold.finds_at else ()
            for match in found:
                place = (threshold.id, match.person, match.key)
                if place in raised:
                    held.setdefault(place, (match, focal))
        return held

    def _all(self, asked: Iterable[Threshold]) -> dict[_At, tuple[Match, Entry]]:
        """Everything that holds at this moment without a day's end, by place."""
        held: dict[_At, tuple[Match, Entry]] = {}
        for threshold in asked:
            if threshold.finds:
                figures = self._figures(threshold)
                for entry in (one for kind in sorted(threshold.kinds) for one in self.view.kind(kind)):
                    for match in threshold.finds(self.view, entry, figures):
                        held.setdefault((threshold.id, match.person, match.key), (match, entry))
        return held

    def _renew(self, place: _At, match: Match, focal: Entry, today: date) -> None:
        one, threshold = self._raised.get(place), self._thresholds[place[0]]
        if one is None or (one.result is not Result.MATCHED and one.result is not match.result):
            self._raise(threshold, match, focal, today, timed=False)
        elif one.result is match.result:
            fresh = self._fresh_one(threshold, match, focal, one.on, one.timed)
            one.refs, one.support, one.match, one.focal = fresh.refs, fresh.support, match, fresh.focal
        else:  # matched, and now it cannot be told
            self._closed.append((place, replace(one, result=Result.WITHDRAWN, refs=(*one.refs, focal.key))))
            self._raised[place] = self._fresh_one(threshold, match, focal, today, one.timed)

    def _withdraw(self, one: _Raised, by: Iterable[Entry]) -> None:
        one.result = Result.WITHDRAWN
        one.refs = tuple(dict.fromkeys((*one.refs, *(entry.key for entry in by))))


def _finding(at: _At, one: _Raised, number: int) -> Finding:
    threshold, row = one.threshold, one.threshold.row(one.on) or one.threshold.rows[-1]
    name = "/".join(_named(part) for part in at[2]) + (f"#{number}" if number > 1 else "")
    return Finding(
        rule=threshold.id,
        what=threshold.what,
        person=at[1],
        key=name,
        raised=one.on,
        result=one.result,
        evidence=one.refs,
        missing=one.match.missing if one.result is Result.CANNOT_TELL else (),
        question=threshold.question,
        to=threshold.to,
        authority=row.source,
        mark=row.mark,
        why=one.match.because,
    )


def _named(part: object) -> str:
    if isinstance(part, Key):
        return f"{part.agency}:{part.ref}"
    if isinstance(part, tuple | list):
        return "+".join(_named(one) for one in part)
    return str(part)
