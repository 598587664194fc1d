"""Attendances: help sought late (T06), a pattern of unscheduled ones (T07), any of a protected child (T20)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from throughcare.duties import standing
from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, When, end_of_day, start_of_day
from throughcare.safeguarding import state
from throughcare.safeguarding.state import PLAN_KINDS
from throughcare.safeguarding.thresholds.answers import Figures, match_if
from throughcare.safeguarding.thresholds.declaring import LEAD, threshold
from throughcare.safeguarding.thresholds.spans import months_on, window, within
from throughcare.safeguarding.timescales import plans_of

ATTENDANCE = "safeguarding.attendance"


def _t06(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.body.get("reason") != "injury":
        return
    said = entry.body.get("event_said_at")
    holds = _later_than(entry.happened, standing.moment(said), timedelta(hours=int(figures["hours"]))) if said else None
    for child in view.subjects(entry):
        why = f"event said at {said}, help sought {standing.when_text(entry.happened)}"
        yield from match_if(holds, child, roots(view, [entry]), [entry], "when it is said to have happened", why)


def _later_than(when: When, said: Any, allowed: timedelta) -> bool | None:
    if when.at is not None:
        return bool(when.at - said > allowed)
    if when.earliest is None or when.latest is None:
        return None
    first, last = start_of_day(when.earliest), end_of_day(when.latest)
    surely, perhaps = first - said > allowed, last - said > allowed
    return bool(surely) if surely == perhaps else None


def _unscheduled(entry: Entry) -> bool:
    return entry.body.get("scheduled") == "no"


def _t07(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry) if _unscheduled(entry) else ():
        listed = [
            one for one in window(view, child, ATTENDANCE, entry, int(figures["months"]), most=64) if _unscheduled(one)
        ]
        at = listed.index(entry)
        for place in range(at, min(len(listed), at + int(figures["attendances"]))):
            yield from _attended(view, child, listed, place, figures)


def _attended(view: View, child: str, listed: Sequence[Entry], at: int, figures: Figures) -> Iterator[Match]:
    latest, months = listed[at], months_on(int(figures["months"]))
    earlier = [one for one in listed[:at] if within(one.happened, latest.happened, months)]
    needed = int(figures["attendances"])
    if len(earlier) + 1 >= needed:
        evidence = [*earlier[len(earlier) - needed + 1 :], latest]
        why = f"{len(earlier) + 1} unscheduled attendances within {figures['months']} months"
        yield Match(person=child, key=("attendances", view.root(latest)), evidence=tuple(evidence), because=why)
    first_at: dict[str, Entry] = {}
    for one in earlier:
        first_at.setdefault(str(one.body.get("site")), one)
    if str(latest.body.get("site")) not in first_at and len(first_at) + 1 >= int(figures["sites"]):
        why = f"unscheduled at {len(first_at) + 1} sites within {figures['months']} months"
        key = ("sites", view.root(latest))
        yield Match(person=child, key=key, evidence=(*first_at.values(), latest), because=why)


def _t20(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        visits: Iterable[Entry] = [entry]
        if entry.kind != ATTENDANCE:  # a plan or a spell of care that comes to be known after the visit
            visits = view.on_or_after(child, ATTENDANCE, entry.happened.earliest or date.min)
        for visit in visits:
            if _unscheduled(visit):
                plan = state.plan_at(plans_of(view, child), visit.happened)
                care = _in_care(view, child, visit.happened)
                if plan or care:
                    because = "on a protection plan" if plan else "looked after"
                    evidence = (visit, *([plan.made] if plan else []), *([care.began] if care else []))
                    yield Match(person=child, key=roots(view, [visit]), evidence=evidence, because=because)


def _in_care(view: View, person: str, when: When) -> state.Spell | None:
    spells = view.folded(person, (state.LOOKED_AFTER,), state.looked_after_spells)
    return next((one for one in reversed(spells) if one.open_at(when)), None)


THRESHOLDS = (
    threshold(
        "T06",
        "delay before help was sought",
        (ATTENDANCE,),
        "Is the reason recorded, and who accepted it?",
        "the clinician who saw the child",
        finds=_t06,
    ),
    threshold(
        "T07",
        "unscheduled attendances",
        (ATTENDANCE,),
        "Have they been reviewed as a pattern?",
        "named doctor or nurse",
        finds=_t07,
    ),
    threshold(
        "T20",
        "unscheduled care of a child on a plan or looked after",
        (ATTENDANCE, *PLAN_KINDS, state.LOOKED_AFTER),
        "Contact the site today.",
        LEAD,
        finds=_t20,
    ),
)
