"""What waits for somebody: a clock (T23), a step of an escalation (T24), a request without a reply (T25)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View, as_date
from throughcare.ledger.entry import Entry, Key
from throughcare.safeguarding.thresholds.answers import Figures
from throughcare.safeguarding.thresholds.declaring import threshold
from throughcare.safeguarding.thresholds.spans import working_days_after

ESCALATION = "safeguarding.escalation"
ASKED = "information.requested"
ANSWERED = "information.replied"


def _open_step(entry: Entry) -> bool:
    return entry.body.get("status") in ("raised", "moved")


def _t24_last(view: View, entry: Entry, figures: Figures) -> date | None:
    day = entry.happened.day
    days = int(figures["working_days"])
    return working_days_after(view, day, days) if day is not None and _open_step(entry) else None


def _t24_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    last = _t24_last(view, entry, figures)
    if last is not None:
        yield last + timedelta(1), entry


def _t24_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    last = _t24_last(view, entry, figures)
    if last is None or day <= last:
        return
    root = _escalation(view, entry)
    for child in view.subjects(entry):
        after = [
            one
            for one in view.of(child, ESCALATION)
            if one is not entry
            and _escalation(view, one) == root
            and view.order(one) > view.order(entry)
            and one.body.get("status") in ("moved", "resolved")
        ]
        if not after:
            why = f"open at step {entry.body.get('step')}"
            yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because=why)


def _escalation(view: View, entry: Entry) -> Key:
    """The escalation that a step belongs to: the entry that raised it."""
    raised = view.find(entry.body.get("raised"), agency=entry.agency) if entry.body.get("raised") else None
    return view.root(raised or entry)


def _t25_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    if entry.kind == ASKED:
        yield as_date(entry.body["reply_by"]) + timedelta(1), entry


def _t25_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    if entry.kind != ASKED or day <= as_date(entry.body["reply_by"]):
        return
    if view.naming(ANSWERED, "request", entry):
        return
    for child in view.subjects(entry):
        why = f"no reply by {entry.body['reply_by']}"
        yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because=why)


THRESHOLDS = (
    threshold(
        "T23",
        "clock due soon or late",
        (),
        "Who owns it, and on what day will it be done?",
        "the owner of the duty",
        clocks=True,
    ),
    threshold(
        "T24",
        "escalation open too long at one step",
        (ESCALATION,),
        "What is the next step of the escalation ladder?",
        "designated professional",
        ends=_t24_ends,
        finds_at=_t24_at,
    ),
    threshold(
        "T25",
        "no reply to a request for information",
        (ASKED,),
        "Chase, escalate, or decide without?",
        "whoever asked",
        ends=_t25_ends,
        finds_at=_t25_at,
        reads=frozenset({ANSWERED}),
    ),
)
