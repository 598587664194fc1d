"""What must happen now, and what has crossed a line: `evaluate`. Pure: no database, and the day is an argument.

Duties are worked out from what stands at the end of the day. Findings are worked out along the way: entries become
known one after the other, each threshold is asked about each entry as it comes, and at the ends of the days that
matter where time passing is enough. A finding is raised on the day at whose end it first holds, once, and stays;
only a correction withdraws it. What lapses again on the very day, without a correction, was never raised.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import count, groupby
from typing import Any

from throughcare.duties.calendar import (
    BeyondCalendar,
    Convention,
    Period,
    due_day,
    due_moment,
    is_hours,
)
from throughcare.duties.rules import Clause, Match, Result, Row, Rules, Threshold, Timescale, length_of, named
from throughcare.duties.view import Case, View, as_date
from throughcare.ledger.entry import (
    LONDON,
    Entry,
    Key,
    Precision,
    When,
    end_of_day,
    knowledge,
    london_day,
    on_or_before,
)


class State(StrEnum):
    """Where a duty stands on a day."""

    OPEN = "open"
    MET = "met"
    MET_LATE = "met_late"
    OVERDUE = "overdue"
    NOT_REQUIRED = "not_required"


Due = date | datetime | None  # a day (inclusive), a moment (UTC, inclusive), or not known


def due_text(due: Due) -> str | None:
    """`YYYY-MM-DD`, or for a moment `YYYY-MM-DDTHH:MM` in London."""
    if isinstance(due, datetime):
        return due.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M")
    return due.isoformat() if due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty: one rule, one person, one starting entry."""

    rule: str
    what: str
    nature: str
    person: str | None  # None: about nobody, such as a breach of data
    started_by: Key
    due: Due
    state: State
    met_by: Key | None
    owner: str  # the role
    agency: str  # whose it is, so far as the starting entry tells
    authority: str
    mark: str
    statutory: bool
    why: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers for one case on one day."""

    duties: tuple[Duty, ...]
    findings: tuple[Finding, ...]
    view: View  # what the answers were worked out from, for states and pages


def evaluate(case: Case, *, rules: Rules, on: date, known_to: str | None = None) -> Assessment:
    """Work out every duty and finding of a case at the end of a day (London).

    With `known_to`, from what that agency knew then, each entry taken as received when it came to know it. Pass
    everything that may bear on the people asked about; entries noted later than the day are left out here.
    """
    arrivals, existing, knows = _arrivals(case, on, known_to)
    seen = replace(case, entries=existing)  # a line of corrections is one line, whoever knows which part of it
    thresholds = [one for one in ready(rules) if known_to is None or one.with_known_to]
    watch = _Watch(View(seen, knows=knows), thresholds)
    for at, group in groupby(arrivals, key=lambda one: one[0]):
        watch.learn([entry for _, entry in group], at)
    watch.finish(on)
    return Assessment(tuple(duties(watch.view, rules.timescales, on)), tuple(watch.findings()), watch.view)


def _arrivals(
    case: Case, on: date, known_to: str | None
) -> tuple[list[tuple[datetime, Entry]], list[Entry], Mapping[str, Mapping[Key, datetime]]]:
    """The entries that are looked at, each with the moment from which it counts, in that order; and all that exist."""
    end = end_of_day(on)
    existing = on_or_before(case.entries, end)
    knows = knowledge(existing)
    if known_to is None:
        known = [(entry.noted, entry) for entry in existing]
    else:
        since = knows.get(known_to, {})
        known = [(since[entry.key], entry) for entry in existing if entry.key in since and since[entry.key] <= end]
    known.sort(key=lambda one: (one[0], one[1].noted, one[1].agency, one[1].ref))
    return known, existing, knows


# --- duties ---------------------------------------------------------------------------------------------------------


def duties(view: View, timescales: Iterable[Timescale], on: date) -> Iterator[Duty]:
    """Every duty that a view has started, by rule, then in the order in which they started."""
    for scale in timescales:
        for kind in dict.fromkeys(clause.kind for clause in scale.starts):
            for entry in view.kind(kind):
                yield from started(view, scale, entry, on)


def started(view: View, scale: Timescale, start: Entry, on: date) -> Iterator[Duty]:
    """The duties of one rule that an entry starts: one for each person it is about, none where it starts none."""
    if any(clause.holds(view, start) for clause in scale.starts):
        for person in _owed_for(view, scale, start):
            duty = _duty(view, scale, start, person, on)
            if duty is not None:
                yield duty


def _owed_for(view: View, scale: Timescale, start: Entry) -> Iterator[str]:
    """Each person for whom the clock is started; an empty text stands for nobody, where the rule allows that."""
    persons = view.subjects(start, scale.part) or view.subjects(start, scale.part_else)
    for person in persons or ([""] if scale.about_nobody else []):
        if scale.only_if is None or scale.only_if(view, start, person):
            yield person


def dues(view: View, scale: Timescale, start: Entry) -> Iterator[Due]:
    """When each duty that an entry starts falls due, without asking what became of it.

    Where the law is that of the day asked about: when it falls due under each row of law.
    """
    day = start.happened.day
    if day is None or not any(clause.holds(view, start) for clause in scale.starts):
        return
    days = {day} if scale.law_of == "start" else {day, *(row.since for row in scale.rows if row.since)}
    for person in _owed_for(view, scale, start):
        for asked in days:
            row, case = _law(view, scale, start, person, asked)
            if row is not None:
                try:
                    yield _due(view, scale, row, start, person, case, None)
                except BeyondCalendar:
                    yield None


def _law(view: View, scale: Timescale, start: Entry, person: str, day: date) -> tuple[Row | None, str | None]:
    """The row of law of a day, and which of its lengths; no row where the clock is not started."""
    row = scale.row(day, view.case.parameters.get(scale.id, {}))
    case = scale.case(view, start, person) if scale.case and row else None
    return (None if scale.case and case is None else row), case


def _duty(view: View, scale: Timescale, start: Entry, person: str, on: date) -> Duty | None:
    day = start.happened.day
    row, case = _law(view, scale, start, person, on if scale.law_of == "asked" else day or london_day(start.noted))
    if row is None:
        return None
    why = [f"started by {start.ref}: {start.kind}"]
    if day is None:
        why.append("the day on which it happened is not known, so no day is due")
        return _row_of(scale, row, start, person, None, State.OPEN, None, why)
    try:
        due = _due(view, scale, row, start, person, case, why)
    except BeyondCalendar as error:
        why.append(f"uncertain, so no day is due: {error}")
        return _row_of(scale, row, start, person, None, State.OPEN, None, why)
    met = _first(view, scale, scale.met_by, start, person)
    if met is None and scale.self_meets and due is not None and _in_time(start.happened, due):
        met = start
    freed = _first(view, scale, scale.not_required, start, person, released=True)
    state = _state(scale, due, met, freed, on)
    counted = met if state in (State.MET, State.MET_LATE) else None
    why.extend(_ended(state, due, counted, freed))
    return _row_of(scale, row, start, person, due, state, counted, why)


def _row_of(
    scale: Timescale, row: Row, start: Entry, person: str, due: Due, state: State, met: Entry | None, why: list[str]
) -> Duty:
    return Duty(
        rule=scale.id,
        what=scale.what,
        nature=scale.nature,
        person=person or None,
        started_by=start.key,
        due=due,
        state=state,
        met_by=met.key if met else None,
        owner=scale.owner,
        agency=start.agency,
        authority=row.source,
        mark=row.mark,
        statutory=row.statutory,
        why=tuple(why),
    )


def _began(view: View, scale: Timescale, start: Entry) -> When | date | None:
    """What the clock counts from: the starting event, an entry that it names, or a day that it gives.

    None where it counts back from a day that is not given.
    """
    if scale.clock_from is None:
        return start.happened
    if not (given := start.body.get(scale.clock_from)):
        return None if scale.convention is Convention.BEFORE else start.happened
    other = named(view, start, scale.clock_from)
    if other is not None:
        return other.happened if other.happened.day is not None else start.happened
    try:
        return as_date(given)
    except ValueError:
        return start.happened  # a reference to an entry that is not known


def _due(
    view: View,
    scale: Timescale,
    row: Row,
    start: Entry,
    person: str,
    case: str | None,
    why: list[str] | None,
) -> Due:
    """When it falls due. Each step is written down in `why`, where one is given."""
    if scale.due_from and (given := start.body.get(scale.due_from)):
        if why is not None:
            why.append(f"due as written in {scale.due_from}: {given}")
        return _given(given)
    own = scale.own_length(view, start, person) if scale.own_length else None
    period = own or length_of(row, case, view.case.parameters.get(scale.id, {}))
    if period is None:
        return None
    began = _began(view, scale, start)
    if why is not None:
        why.append(_reckoned(scale, row, period, began, own=own is not None))
    return None if began is None else _counted(view, scale, began, period)


def _reckoned(scale: Timescale, row: Row, period: Period, began: When | date | None, *, own: bool) -> str:
    if began is None:
        return f"{scale.clock_from} is not given, so no day is due"
    words = " ".join(str(one) for one in period)
    whose = "as the case itself sets" if own else f"under {row.source} [{row.mark}]"
    return f"{words} {scale.convention.value.replace('_', ' ')} {when_text(began)}, {whose}"


def _counted(view: View, scale: Timescale, began: When | date, period: Period) -> Due:
    if is_hours(period):
        when = began if isinstance(began, When) else When(Precision.DAY, on=began)
        return due_moment(when, period[0].amount)
    day = began.day if isinstance(began, When) else began
    if day is None:
        return None
    due = due_day(day, period, scale.convention, days=view.case.days)
    if scale.at_hour:
        return datetime.combine(due, time.fromisoformat(scale.at_hour), LONDON).astimezone(UTC)
    return due


def moment(given: object) -> datetime:
    """A moment of a body (local time in London without offset, or an instant) as an instant. UTC."""
    at = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    return (at if at.tzinfo else at.replace(tzinfo=LONDON)).astimezone(UTC)


def day_after(due: date | datetime) -> date:
    """The first day at whose end a due day or moment has passed."""
    if not isinstance(due, datetime):
        return due + timedelta(1)
    return london_day(due) if end_of_day(london_day(due)) > due else london_day(due) + timedelta(1)


def _given(given: object) -> Due:
    if isinstance(given, datetime) or "T" in str(given):
        return moment(given)
    return as_date(given)


def _first(
    view: View, scale: Timescale, clauses: Sequence[Clause], start: Entry, person: str, *, released: bool = False
) -> Entry | None:
    """The first entry that one of the clauses means, of those that can count for this start."""
    found: list[Entry] = []
    since = start.happened
    if scale.convention is Convention.BEFORE and not released:
        since = (
            When(Precision.DAY, on=london_day(start.noted))
            if since.at is None
            else When(Precision.MINUTE, at=start.noted)
        )
    for clause in clauses:
        for entry in _candidates(view, clause, start, person, since.day or date.min):
            if (
                entry.key != start.key
                and _counts(scale, entry, start, since, released)
                and clause.holds(view, entry, start)
            ):
                found.append(entry)
                break
    return min(found, key=view.order) if found else None


def _candidates(view: View, clause: Clause, start: Entry, person: str, day: date) -> Iterable[Entry]:
    """The entries that can be what a clause means, from a day on, in the order in which they happened."""
    if clause.names_start:
        naming = view.naming(clause.kind, clause.names_start, start)
        return [one for one in naming if not person or person in view.subjects(one)]
    settled = clause.settled
    register = view.register(settled, clause.kind, lambda one: view.subjects(one) if settled.holds(view, one) else ())
    return register.shelf(person).on_or_after(day)


def _counts(scale: Timescale, entry: Entry, start: Entry, since: When, released: bool) -> bool:
    if entry.happened.day is None:
        return False  # not known to have happened after the start
    if scale.chain and not released:
        return entry.happened.follows(start.happened)
    return entry.happened.not_before(since)


def _in_time(happened: When, due: Due) -> bool:
    if isinstance(due, datetime):
        if happened.at is not None:
            return happened.at <= due
        return happened.day is not None and happened.day <= london_day(due)
    return due is None or (happened.day is not None and happened.day <= due)


def _passed(due: Due, on: date) -> bool:
    if isinstance(due, datetime):
        return end_of_day(on) > due
    return due is not None and on > due


def _state(scale: Timescale, due: Due, met: Entry | None, freed: Entry | None, on: date) -> State:
    if met is not None and (freed is None or not met.happened.follows(freed.happened)):
        return State.MET if _in_time(met.happened, due) else State.MET_LATE
    if freed is not None:
        return State.NOT_REQUIRED
    if _passed(due, on):
        return State.NOT_REQUIRED if scale.nature == "window" else State.OVERDUE
    return State.OPEN


def _ended(state: State, due: Due, met: Entry | None, freed: Entry | None) -> Iterator[str]:
    if met is not None:
        yield f"met by {met.ref}: {when_text(met.happened)}" + (", late" if state is State.MET_LATE else "")
    elif state is State.NOT_REQUIRED and freed is not None:
        late = "" if _in_time(freed.happened, due) else f", after {due_text(due)} had passed"
        yield f"no longer required: {freed.ref} {freed.kind}{late}"
    elif state is State.NOT_REQUIRED:
        yield "the window passed unused"


def when_text(when: When | date) -> str:
    if isinstance(when, date):
        return when.isoformat()
    if when.at is not None:
        return when.at.astimezone(LONDON).isoformat(timespec="minutes")[:16]
    return when.on.isoformat() if when.on else "an unknown day"


# --- the threshold about clocks ---------------------------------------------------------------------------------------


@cache
def ready(rules: Rules) -> tuple[Threshold, ...]:
    """The thresholds of these rules; one that watches clocks is given all timescales of law to watch."""
    return tuple(_watching(one, rules.timescales) if one.clocks else one for one in rules.thresholds)


def _watching(threshold: Threshold, timescales: Iterable[Timescale]) -> Threshold:
    """A clock that is due in so many days, and again one that is late, from what the duties of each day say.

    Only duties whose row of law is statutory: a window is owed by nobody, and local figures have thresholds of their
    own. "The day after `due`" is read to the letter: of a due moment, the day after its day.
    """
    starts: dict[str, list[Timescale]] = {}
    moves: dict[str, list[Timescale]] = {}
    reads: set[str] = set()
    for scale in timescales:
        if scale.nature != "duty" or not any(row.statutory for row in scale.rows):
            continue
        for kind in {clause.kind for clause in scale.starts}:
            starts.setdefault(kind, []).append(scale)
        for kind in scale.moved_by:
            moves.setdefault(kind, []).append(scale)
        reads |= {clause.kind for clause in (*scale.met_by, *scale.not_required)}

    def ends(view: View, entry: Entry, figures: Mapping[str, Any]) -> Iterator[tuple[date, Entry]]:
        days = timedelta(int(figures["days"]))
        clocks = [(scale, entry) for scale in starts.get(entry.kind, ())]
        for scale in moves.get(entry.kind, ()):
            kinds = dict.fromkeys(clause.kind for clause in scale.starts)
            running = [one for person in view.subjects(entry) for kind in kinds for one in view.of(person, kind)]
            clocks += [(scale, one) for one in running]
        for scale, start in clocks:
            for due in dues(view, scale, start):
                if due is not None:
                    last = london_day(due) if isinstance(due, datetime) else due
                    yield last - days, start
                    yield last + timedelta(1), start

    def finds_at(view: View, entry: Entry, figures: Mapping[str, Any], day: date) -> Iterator[Match]:
        for scale in starts.get(entry.kind, ()):
            for duty in started(view, scale, entry, day):
                if duty.statutory and duty.due is not None:
                    last = london_day(duty.due) if isinstance(duty.due, datetime) else duty.due
                    soon = last - timedelta(int(figures["days"])) <= day <= last
                    if (soon and duty.state is State.OPEN) or (day > last and duty.state is State.OVERDUE):
                        key = ("soon" if soon else "late", scale.id, view.root(entry))
                        because = f"{scale.id} {scale.what}, due {due_text(duty.due)}, {'open' if soon else 'late'}"
                        yield Match(person=duty.person or "", key=key, evidence=(entry,), because=because)

    return replace(
        threshold,
        kinds=frozenset({*starts, *moves}),
        reads=frozenset(reads),
        ends=ends,
        finds_at=finds_at,
    )


# --- findings -------------------------------------------------------------------------------------------------------

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


class _Watch:
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
