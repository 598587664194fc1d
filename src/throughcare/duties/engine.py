"""What must happen now, and what has crossed a line: `evaluate`. Pure: no database, and the day is an argument.

Duties are worked out from what stands at the end of the day (`standing.py`), findings along the way, as entries become
known (`watch.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from throughcare.duties.clocks import ready
from throughcare.duties.rules import Rules
from throughcare.duties.standing import Duty, duties
from throughcare.duties.view import Case, View
from throughcare.duties.watch import Finding, Watch
from throughcare.ledger.entry import Entry, Key, end_of_day, knowledge, on_or_before


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
    watch = Watch(View(seen, knows=knows), thresholds)
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
