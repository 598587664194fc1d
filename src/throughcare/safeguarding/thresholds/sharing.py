"""Concerns that one agency holds and another does not know of (T05)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice

from throughcare.duties.calendar import add_months
from throughcare.duties.rules import Match
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, end_of_day, london_day, start_of_day
from throughcare.safeguarding.state import INJURY
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures
from throughcare.safeguarding.thresholds.declaring import ABUSE_NOTICE, HUB, OBSERVATION, threshold
from throughcare.safeguarding.thresholds.spans import months_on, within

_CONCERNS = (INJURY, OBSERVATION, ABUSE_NOTICE)


def _is_concern(entry: Entry) -> bool:
    return entry.kind != OBSERVATION or entry.body.get("weight") == "concern"


def _t05_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    if _is_concern(entry):
        yield london_day(entry.noted), entry


def _t05_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    if not _is_concern(entry):
        return
    at = end_of_day(day)
    for child in view.subjects(entry):
        unknown = list(islice(_unknown_pairs(view, entry, child, int(figures["months"]), at), MOST_EVIDENCE))
        agencies = {entry.agency, *(one.agency for one in unknown)}
        if unknown and len(agencies) >= int(figures["agencies"]):
            yield Match(
                person=child,
                key=("concern", view.root(entry)),
                evidence=(*reversed(unknown), entry),
                because=f"held by {', '.join(sorted(agencies))}, and not known to all of them",
            )


def _unknown_pairs(view: View, entry: Entry, child: str, months: int, at: datetime) -> Iterator[Entry]:
    """Earlier noted concerns of other agencies, nearest first, where one of the two does not know the other's."""
    mine, last = (entry.noted, entry.agency, entry.ref), months_on(months)

    def counts(other: Entry) -> bool:
        if other.agency == entry.agency or (other.noted, other.agency, other.ref) >= mine:
            return False
        return not view.knew(entry.agency, other, at) or not view.knew(other.agency, entry, at)

    day, last_day = entry.happened.earliest, entry.happened.latest
    if day is None or last_day is None:
        return
    shelves = [
        view.register(("concerns", kind), kind, lambda one: view.subjects(one) if _is_concern(one) else ()).shelf(child)
        for kind in _CONCERNS
    ]
    after, first = last_day + timedelta(1), start_of_day(add_months(day, -months))
    later = [one for shelf in shelves for one in shelf.on_or_after(after) if counts(one)]
    for one in sorted(later, key=view.order, reverse=True):
        if within(entry.happened, one.happened, last):
            yield one
    for one in merge(*(shelf.before(after) for shelf in shelves), key=view.order, reverse=True):
        if one.happened.sorting < first:
            return
        if counts(one) and (one.happened.day is not None or within(one.happened, entry.happened, last)):
            yield one


THRESHOLDS = (
    threshold(
        "T05",
        "agencies hold concerns that another does not know of",
        _CONCERNS,
        "Share now, call the other agency: is a joint view recorded?",
        HUB,
        ends=_t05_ends,
        finds_at=_t05_at,
        with_known_to=False,
    ),
)
