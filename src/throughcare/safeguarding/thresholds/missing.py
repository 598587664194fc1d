"""Episodes of being missing (T21)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from throughcare.duties.rules import Match
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding.thresholds.answers import Figures, both, match_if
from throughcare.safeguarding.thresholds.declaring import BORN, HUB, threshold
from throughcare.safeguarding.thresholds.spans import window, within

MISSING = "safeguarding.missing"


def _reported(entry: Entry) -> bool:
    return entry.body.get("step") == "reported"


def _t21(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        if _reported(entry):
            yield from _episodes(view, child, entry, figures)
        overnight = entry.body.get("overnight")
        young = view.under(child, 12 * int(figures["overnight_under_years"]), entry.happened)
        night = None if overnight == "unknown" else overnight == "yes"
        holds = both(_reported(entry), night, young)
        key = ("overnight", view.root(entry))
        yield from match_if(holds, child, key, (entry,), "whether overnight, and the age", "missing overnight")


def _episodes(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    needed, days = int(figures["episodes"]), timedelta(int(figures["days"]))
    near = window(view, child, MISSING, entry, int(figures["days"]) // 28 + 1)
    listed = [one for one in near if _reported(one)]
    at = listed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = listed[first : first + needed]
        if len(some) == needed and within(some[0].happened, some[-1].happened, lambda day: day + days):
            key = ("episodes", view.root(some[-1]))
            yield Match(person=child, key=key, evidence=tuple(some), because=f"{needed} within {figures['days']} days")


THRESHOLDS = (
    threshold(
        "T21",
        "missing episodes",
        (MISSING,),
        "Is a strategy discussion or an exploitation screening needed?",
        HUB,
        finds=_t21,
        settled_by=frozenset({BORN}),
    ),
)
