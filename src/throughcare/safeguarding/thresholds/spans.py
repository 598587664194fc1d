"""Spans of time between entries: within so many months, working days after, and what lies near. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import islice

from throughcare.duties.calendar import BeyondCalendar, add_months
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, When


def within(first: When, second: When, last_day: Callable[[date], date]) -> bool | None:
    """Did the second happen on or before the last day counted from the first (inclusive)? None: cannot tell.

    `second` is not before `first`. A month stands for each of its days.
    """
    early, late, soon, last = first.earliest, first.latest, second.earliest, second.latest
    if early is None or late is None or soon is None or last is None:
        return None
    surely = last <= last_day(early)
    if early is late and soon is last:
        return surely
    perhaps = soon <= last_day(late)
    return surely if surely == perhaps else None


def months_on(count: int) -> Callable[[date], date]:
    """For `within`: the day so many months after a day."""
    return lambda day: add_months(day, count)


def working_days_after(view: View, day: date, days: int) -> date | None:
    """The working day so many after a day. None where bank holidays are not known that far: nothing is guessed."""
    try:
        return view.case.days.after(day, days)
    except BeyondCalendar:
        return None


def window(view: View, child: str, kind: str, entry: Entry, months: int, *, most: int = 16) -> list[Entry]:
    """What of one kind is about a child and may be within the months of an entry, in order; `most` each way."""
    day = entry.happened.day
    if day is None:
        return [entry]
    first, last = add_months(day, -months), add_months(day, months)
    earlier: list[Entry] = []
    for one in islice(view.before(child, kind, day), most):
        if (one.happened.day or date.min) < first:
            break
        earlier.append(one)
    later: list[Entry] = []
    for one in islice(view.on_or_after(child, kind, day), most):
        if (one.happened.day or date.max) > last:
            break
        later.append(one)
    found = [*reversed(earlier), *later]
    return found if entry in found else [*found, entry]
