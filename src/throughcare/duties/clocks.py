"""The threshold that watches clocks: it asks about duties that are due soon or late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from throughcare.duties.rules import Match, Rules, Threshold, Timescale
from throughcare.duties.standing import State, due_text, dues, started
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, london_day


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
