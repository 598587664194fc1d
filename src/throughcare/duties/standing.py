"""Where each duty stands on a day: what started it, when it is due, what met it. Pure.

Worked out from what stands at the end of the day: nothing is remembered from one day to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from throughcare.duties.calendar import BeyondCalendar, Convention, Period, due_day, due_moment, is_hours
from throughcare.duties.rules import Clause, Row, Timescale, length_of, named
from throughcare.duties.view import View, as_date
from throughcare.ledger.entry import LONDON, Entry, Key, Precision, When, end_of_day, london_day


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
    agency: str  # whose it is, so far as the case tells
    authority: str
    mark: str
    statutory: bool
    why: tuple[str, ...]


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
        return _row_of(view, scale, row, start, person, None, State.OPEN, None, why)
    try:
        due = _due(view, scale, row, start, person, case, why)
    except BeyondCalendar as error:
        why.append(f"uncertain, so no day is due: {error}")
        return _row_of(view, scale, row, start, person, None, State.OPEN, None, why)
    if scale.self_meets and due is not None and _in_time(start.happened, due):
        met: Entry | None = start
    else:
        met = _first(view, scale, scale.met_by, start, person, opens=due if scale.nature == "opening" else None)
    freed = _first(view, scale, scale.not_required, start, person, released=True)
    state = _state(scale, due, met, freed, on)
    counted = met if state in (State.MET, State.MET_LATE) else None
    why.extend(_ended(state, due, counted, freed))
    return _row_of(view, scale, row, start, person, due, state, counted, why)


def _row_of(
    view: View,
    scale: Timescale,
    row: Row,
    start: Entry,
    person: str,
    due: Due,
    state: State,
    met: Entry | None,
    why: list[str],
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
        agency=_owed_by(view, scale, start, person),
        authority=row.source,
        mark=row.mark,
        statutory=row.statutory,
        why=tuple(why),
    )


def _owed_by(view: View, scale: Timescale, start: Entry, person: str) -> str:
    """The agency that owes it, of the sector that the rule names: whose entry started the clock, else whom that was
    told, else who wrote about the case last. Where none of that sector is known here, the one that started it.
    """
    if scale.owing is None:
        return start.agency
    near = (start.agency, *(share.agency for share in start.shared), *view.writers(person))
    return next((one for one in near if view.case.sectors.get(one) == scale.owing), start.agency)


def _began(view: View, scale: Timescale, start: Entry, person: str) -> When | date | None:
    """What the clock counts from: the starting event, an entry that it names, a day that it gives or is worked out.

    None where it counts back from a day that is not given, or where the day cannot be worked out.
    """
    if scale.counts_from is not None:
        return scale.counts_from(view, start, person)
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
    began = _began(view, scale, start, person)
    if why is not None:
        why.append(_reckoned(scale, row, period, began, own=own is not None))
    return None if began is None else _counted(view, scale, began, period)


def _reckoned(scale: Timescale, row: Row, period: Period, began: When | date | None, *, own: bool) -> str:
    if began is None:
        return f"{scale.clock_from or 'the day that it counts from'} is not given, so no day is due"
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
    view: View,
    scale: Timescale,
    clauses: Sequence[Clause],
    start: Entry,
    person: str,
    *,
    released: bool = False,
    opens: Due = None,
) -> Entry | None:
    """The first entry that one of the clauses means, of those that can count for this start.

    Before the day on which it `opens`, what may be done from then on does not count.
    """
    found: list[Entry] = []
    since = When(Precision.DAY, on=opens) if type(opens) is date else start.happened
    if scale.convention is Convention.BEFORE and not released:
        since = (
            When(Precision.DAY, on=london_day(start.noted))
            if since.at is None
            else When(Precision.MINUTE, at=start.noted)
        )
    part = scale.part if person in view.subjects(start, scale.part) else scale.part_else
    for clause in clauses:
        for entry in _candidates(view, clause, start, person, part, since.day or date.min):
            if (
                entry.key != start.key
                and _counts(scale, entry, start, since, released)
                and clause.holds(view, entry, start)
            ):
                found.append(entry)
                break
    return min(found, key=view.order) if found else None


def _candidates(view: View, clause: Clause, start: Entry, person: str, part: str, day: date) -> Iterable[Entry]:
    """The entries that can be what a clause means, from a day on, in the order in which they happened.

    They are about the same person in the same part: of a duty that is a victim's, those about that victim.
    """
    if clause.names_start:
        naming = view.naming(clause.kind, clause.names_start, start)
        return [one for one in naming if not person or person in view.subjects(one, part)]
    settled = clause.settled

    def filed_under(entry: Entry) -> Sequence[str]:
        return view.subjects(entry, part) if settled.holds(view, entry) else ()

    return view.register((settled, part), clause.kind, filed_under).shelf(person).on_or_after(day)


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
        in_time = scale.nature == "opening" or _in_time(met.happened, due)
        return State.MET if in_time else State.MET_LATE
    if freed is not None:
        return State.NOT_REQUIRED
    if _passed(due, on) and scale.nature != "opening":
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
