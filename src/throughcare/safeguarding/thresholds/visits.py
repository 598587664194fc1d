"""A child who is not seen as the plan needs (T09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from throughcare.duties import standing
from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import INITIAL, PLAN_KINDS, VISIT
from throughcare.safeguarding.thresholds.answers import Figures, both, either, match_if
from throughcare.safeguarding.thresholds.declaring import BORN, LEAD, threshold
from throughcare.safeguarding.timescales import SEE_THE_CHILD


def _plan_visit(entry: Entry) -> bool:
    return entry.kind == VISIT and entry.body.get("purpose") == "protection_plan"


def _t09(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != VISIT or not _plan_visit(entry):
        return
    running = int(figures["visits_running"])
    for child in view.subjects(entry):
        near = _plan_visits_near(view, child, entry, running)
        for first in range(len(near) - running + 1):
            yield from _run_of_visits(view, child, near[first : first + running], figures)


def _plan_visits_near(view: View, child: str, entry: Entry, running: int) -> list[Entry]:
    """The plan visits next to this one, so many to each side, in order."""
    listed, at = view.of(child, VISIT), view.place(child, entry)
    earlier = islice((listed[n] for n in range(at - 1, -1, -1) if _plan_visit(listed[n])), running - 1)
    later = islice((listed[n] for n in range(at + 1, len(listed)) if _plan_visit(listed[n])), running - 1)
    return [*reversed(list(earlier)), entry, *later]


def _run_of_visits(view: View, child: str, visits: Sequence[Entry], figures: Figures) -> Iterator[Match]:
    found = (
        ("alone", _all_say(visits, "alone", "no"), "not seen alone"),
        ("home", both(*(_rooms_unseen(visit) for visit in visits)), "home or bedroom not seen"),
        ("asleep", _asleep(view, child, visits, int(figures["asleep_under_months"])), "seen only asleep"),
    )
    for limb, holds, why in found:
        key = (limb, roots(view, visits))
        yield from match_if(holds, child, key, visits, f"{limb} at one of the visits", f"{why}, {len(visits)} running")


def _all_say(visits: Iterable[Entry], name: str, want: str) -> bool | None:
    """Do all visits say so? Unknown leaves it open only where the child was seen at that visit."""
    answer: bool | None = True
    for visit in visits:
        said = _says(visit, name, want)
        if said is False:
            return False
        answer = answer and said
    return answer


def _rooms_unseen(visit: Entry) -> bool | None:
    return either(_says(visit, "home_seen", "no"), _says(visit, "bedroom_seen", "no"))


def _says(visit: Entry, name: str, want: str) -> bool | None:
    said = visit.body.get(name)
    if said == "unknown" and visit.body.get("seen") == "yes":
        return None
    return bool(said == want)


def _asleep(view: View, child: str, visits: Sequence[Entry], months: int) -> bool | None:
    asleep = _all_say(visits, "awake", "asleep")
    if asleep is False:
        return False
    return both(asleep, *(view.under(child, months, visit.happened) for visit in visits))


def _t09_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    """The day after each visit to the child falls due. A new plan or interval moves the days of later visits."""
    starts = [entry]
    if entry.kind in (INITIAL, state.TRANSFER, state.CHANGED):
        since = entry.happened.earliest or date.min
        kinds = (VISIT, INITIAL, state.TRANSFER)
        starts += [
            one for child in view.subjects(entry) for kind in kinds for one in view.on_or_after(child, kind, since)
        ]
    for start in starts:
        for due in standing.dues(view, SEE_THE_CHILD, start):
            if due is not None:
                yield standing.day_after(due), start


def _t09_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    for duty in standing.started(view, SEE_THE_CHILD, entry, day):
        if duty.state is standing.State.OVERDUE:
            why = f"not seen by {standing.due_text(duty.due)}"
            yield Match(person=duty.person or "", key=("overdue", view.root(entry)), evidence=(entry,), because=why)


THRESHOLDS = (
    threshold(
        "T09",
        "child not seen as the plan needs",
        (VISIT, *PLAN_KINDS),
        "Visit today, unannounced? Is a police welfare check needed?",
        LEAD,
        finds=_t09,
        ends=_t09_ends,
        finds_at=_t09_at,
        settled_by=frozenset({BORN}),
        reads=frozenset({"people.died"}),
    ),
)
