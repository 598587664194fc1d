"""Meetings: an action missed again at core groups (T12), a meeting without its people or papers (T18)."""

from __future__ import annotations

from collections.abc import Iterator

from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import INITIAL
from throughcare.safeguarding.thresholds.answers import Figures, match_if
from throughcare.safeguarding.thresholds.declaring import LEAD, threshold

CORE_GROUP = "safeguarding.core_group"
STRATEGY = "safeguarding.strategy_discussion"


def _t12(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    running = int(figures["running"])
    for child in view.subjects(entry):
        listed, at = view.of(child, CORE_GROUP), view.place(child, entry)
        for first in range(max(0, at - running + 1), at + 1):
            some = listed[first : first + running]
            if len(some) < running:
                continue
            missed = set.intersection(*(set(one.body.get("actions_missed") or ()) for one in some))
            for text in sorted(missed):
                key = ("missed", text, roots(view, some))
                yield Match(
                    person=child, key=key, evidence=tuple(some), because=f"missed {running} times running: {text}"
                )


def _t18(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    quorate = entry.body.get("quorate")
    if entry.kind == STRATEGY:
        lacks = sorted({"la", "police", "health"} - set(entry.body.get("attended") or ()))
        silent = list(entry.body.get("asked_and_silent") or ())
        holds: bool | None = bool(lacks or silent)
        because = f"without {', '.join(lacks)}" if lacks else f"asked and silent: {', '.join(silent)}"
    else:
        holds, because = (None if quorate == "unknown" else quorate == "no"), "not quorate"
    for child in view.subjects(entry):
        yield from match_if(holds, child, roots(view, [entry]), [entry], "whether the meeting was quorate", because)


THRESHOLDS = (
    threshold(
        "T12",
        "agreed action missed in two running core groups",
        (CORE_GROUP,),
        "What would show real change? What is the contingency plan?",
        LEAD,
        finds=_t12,
    ),
    threshold(
        "T18",
        "meeting not quorate or information missing",
        (STRATEGY, INITIAL, state.TRANSFER, state.REVIEW),
        "Reconvene, or record why it was decided without them?",
        "conference chair",
        finds=_t18,
    ),
)
