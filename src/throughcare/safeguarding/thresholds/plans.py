"""Plans: referred or planned again, or for long (T14); a child on one who moves (T16) or leaves school (T22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from throughcare.duties.calendar import add_months
from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View, as_date
from throughcare.ledger.entry import Entry, When
from throughcare.safeguarding import state
from throughcare.safeguarding.state import INITIAL, PLAN_KINDS
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures, match_if
from throughcare.safeguarding.thresholds.declaring import threshold
from throughcare.safeguarding.thresholds.spans import months_on, within, working_days_after
from throughcare.safeguarding.timescales import plans_of

REFERRAL = "safeguarding.referral"
MOVE = "safeguarding.transfer"
SCHOOLING = "safeguarding.schooling_changed"


def _t14(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        if entry.kind == REFERRAL:
            yield from _again(view, child, entry, figures)
        if entry.kind in (INITIAL, state.TRANSFER):
            yield from _second_plan(view, child, entry)


def _again(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    listed, at = view.of(child, REFERRAL), view.place(child, entry)
    for place in (at, at + 1):
        if not 0 < place < len(listed):
            continue
        before, this = listed[place - 1], listed[place]
        holds = within(before.happened, this.happened, months_on(int(figures["rereferral_months"])))
        key = ("referral", view.root(this))
        yield from match_if(holds, child, key, (before, this), "the day of a referral", "referred again")


def _second_plan(view: View, child: str, entry: Entry) -> Iterator[Match]:
    made = plans_of(view, child)
    later = view.on_or_after(child, INITIAL, entry.happened.earliest or date.min)
    conferences = [one for one in later if one.body.get("plan") == "yes"]
    for one in conferences:
        earlier = [plan.made for plan in made if one.happened.follows(plan.made.happened)]
        if earlier or int(one.body.get("previous_plans") or 0) > 0:
            evidence = (*earlier[-MOST_EVIDENCE:], one)
            yield Match(person=child, key=("plan", view.root(one)), evidence=evidence, because="a second or later plan")


def _t14_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    for child in view.subjects(entry) if entry.kind in PLAN_KINDS else ():
        for plan in plans_of(view, child):
            if plan.made.happened.day is not None:
                yield add_months(plan.made.happened.day, 12 * int(figures["plan_years"])), plan.made


def _t14_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    for child in view.subjects(entry) if entry.kind in PLAN_KINDS else ():
        for plan in plans_of(view, child):
            made = plan.made.happened.day
            ended = plan.ended.happened.day if plan.ended else None
            long = made is not None and add_months(made, 12 * int(figures["plan_years"])) <= day
            if long and (plan.ended is None or (ended is not None and ended > day)):
                key = ("long", view.root(plan.made))
                yield Match(
                    person=child, key=key, evidence=(plan.made,), because=f"open for {figures['plan_years']} years"
                )


def _moved(entry: Entry) -> bool:
    return entry.kind == MOVE and entry.body.get("step") == "notified" and entry.body.get("on_plan") == "yes"


def _t16_last(view: View, entry: Entry, figures: Figures) -> date | None:
    day = entry.happened.day
    return working_days_after(view, day, int(figures["working_days"])) if day is not None and _moved(entry) else None


def _t16_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    last = _t16_last(view, entry, figures)
    if last is not None:
        yield last, entry


def _t16_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    last = _t16_last(view, entry, figures)
    if last is None or day < last:
        return
    answers = view.naming(MOVE, "notified", entry)
    for child in view.subjects(entry):
        if not any(one.body.get("step") == "receipted" and child in view.subjects(one) for one in answers):
            yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because="no receipt")


def _t22(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    """Asked only from the day on which a partnership says that the Act of 2026 is in force for it."""
    since = figures.get("in_force_from")
    for child in view.subjects(entry) if since else ():
        changes: Iterable[Entry] = [entry]
        if entry.kind != SCHOOLING:
            changes = view.on_or_after(child, SCHOOLING, entry.happened.earliest or date.min)
        for change in changes:
            day = change.happened.day
            if change.body.get("status") == "elective_home_education" and day is not None and day >= as_date(since):
                shows = _protected(view, child, change.happened)
                if shows:
                    because = "an enquiry is open" if shows.kind == state.ENQUIRY else "on a protection plan"
                    yield Match(person=child, key=roots(view, [change]), evidence=(change, shows), because=because)


def _protected(view: View, child: str, when: When) -> Entry | None:
    """What began the plan or the enquiry that was open then."""
    if plan := state.plan_at(plans_of(view, child), when):
        return plan.made
    for enquiry in view.of(child, state.ENQUIRY):
        done = view.naming(state.ENQUIRY_DONE, "enquiry", enquiry)
        if when.not_before(enquiry.happened) and not any(when.follows(one.happened) for one in done):
            return enquiry
    return None


THRESHOLDS = (
    threshold(
        "T14",
        "re-referral, repeat plan or long plan",
        (REFERRAL, *PLAN_KINDS),
        "What is different this time?",
        "conference chair",
        finds=_t14,
        ends=_t14_ends,
        finds_at=_t14_at,
    ),
    threshold(
        "T16",
        "child on a plan moved, not receipted",
        (MOVE,),
        "Who holds responsibility tonight?",
        "both authorities",
        ends=_t16_ends,
        finds_at=_t16_at,
    ),
    threshold(
        "T22",
        "withdrawn to home education while protected",
        (SCHOOLING, state.ENQUIRY, *PLAN_KINDS),
        "Has the local authority consented?",
        "local authority, education",
        finds=_t22,
        reads=frozenset({state.ENQUIRY_DONE}),
    ),
)
