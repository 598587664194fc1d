"""Appointments to which a child was not brought (T08)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import PLAN_KINDS
from throughcare.safeguarding.thresholds.answers import Figures
from throughcare.safeguarding.thresholds.declaring import LEAD, threshold
from throughcare.safeguarding.thresholds.spans import months_on, window, within
from throughcare.safeguarding.timescales import plans_of

APPOINTMENT = "safeguarding.appointment_outcome"


def _t08(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    children = view.subjects(entry)
    if entry.kind != APPOINTMENT:
        since = entry.happened.earliest or date.min
        for child in children:
            yield from _on_neglect_plan(view, child, view.on_or_after(child, APPOINTMENT, since))
        return
    for child in children:
        if entry.body.get("outcome") != "was_not_brought":
            continue
        yield from _on_neglect_plan(view, child, [entry])
        yield from _runs(view, child, entry, figures)
        yield from _misses(view, child, entry, figures)


def _on_neglect_plan(view: View, child: str, appointments: Iterable[Entry]) -> Iterator[Match]:
    made = plans_of(view, child)
    for missed in appointments:
        category = _neglect(made, missed) if missed.body.get("outcome") == "was_not_brought" else None
        if category is not None:
            key = ("neglect", view.root(missed))
            why = "not brought while on a plan for neglect"
            yield Match(person=child, key=key, evidence=(missed, category), because=why)


def _neglect(made: Sequence[state.Plan], missed: Entry) -> Entry | None:
    """The entry that set the category to neglect, where it held on the day of the appointment."""
    plan = state.plan_at(made, missed.happened)
    setting = plan.category_at(missed.happened) if plan else None
    return setting.entry if setting and setting.value == "NEG" else None


def _runs(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    """Every run of so many that this appointment is in, with no `attended` between."""
    length = int(figures["running"])
    run = [*reversed(list(_missed(view, child, entry, length, earlier=True))), entry]
    run += list(_missed(view, child, entry, length, earlier=False))
    for first in range(len(run) - length + 1):
        some = run[first : first + length]
        if _neglect(plans_of(view, child), some[-1]) is None:
            yield Match(
                person=child, key=("running", roots(view, some)), evidence=tuple(some), because=f"{length} running"
            )


def _missed(view: View, child: str, entry: Entry, length: int, *, earlier: bool) -> Iterator[Entry]:
    """Up to `length - 1` misses next to an appointment, the nearest first, until an `attended`."""
    listed = view.of(child, APPOINTMENT)
    at = view.place(child, entry)
    found = 0
    for place in range(at - 1, -1, -1) if earlier else range(at + 1, len(listed)):
        outcome = listed[place].body.get("outcome")
        if outcome == "attended" or found == length - 1:
            return
        if outcome == "was_not_brought":
            found += 1
            yield listed[place]


def _misses(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    """So many in the months, whatever lies between."""
    needed, months = int(figures["in_period"]), months_on(int(figures["months"]))
    near = window(view, child, APPOINTMENT, entry, int(figures["months"]))
    missed = [one for one in near if one.body.get("outcome") == "was_not_brought"]
    at = missed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = missed[first : first + needed]
        if len(some) < needed or _neglect(plans_of(view, child), some[-1]) is not None:
            continue
        if within(some[0].happened, some[-1].happened, months):
            why = f"{needed} within {figures['months']} months"
            yield Match(person=child, key=("period", roots(view, some)), evidence=tuple(some), because=why)


THRESHOLDS = (
    threshold(
        "T08",
        "was not brought",
        (APPOINTMENT, *PLAN_KINDS),
        "Why; what need went unmet; who will see the child?",
        LEAD,
        finds=_t08,
    ),
)
