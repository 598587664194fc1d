"""Where a case stands in learning after a serious incident: a pure fold. No database, no clock.

Give only entries that stand, about one person, in the order in which they happened. Recommendations are counted by
their newest word, so that "done" without evidence is seen for what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from throughcare.ledger.entry import Entry, Key

PREFIX = "learning."
STEPS = {
    "learning.incident_known": "incident_known",
    "learning.incident_notified": "notified",
    "learning.rapid_review_submitted": "rapid_review_done",
    "learning.practice_review": "practice_review",
}
MADE = "learning.recommendation_made"
UPDATED = "learning.recommendation_updated"
_COUNTED_AS = {
    "open": "open",
    "done_no_evidence": "done_no_evidence",
    "done_with_evidence": "done",
    "effect_shown": "done",
    "rejected": "rejected",
}
Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where learning stands for one person."""

    status: str | None  # None: only recommendations are recorded
    recommendations: dict[str, int]  # open, done_no_evidence, done, rejected


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Fold what stands, oldest first. None where nothing of this room is recorded."""
    if not any(entry.kind.startswith(PREFIX) for entry in entries):
        return None
    return Standing(status=_status(entries), recommendations=_recommendations(entries, find))


def _status(entries: Sequence[Entry]) -> str | None:
    """The latest step, in order of `happened`."""
    status = None
    for entry in entries:
        if entry.kind in STEPS:
            published = entry.body.get("step") == "published"
            status = "published" if published else STEPS[entry.kind]
    return status


def _recommendations(entries: Sequence[Entry], find: Find) -> dict[str, int]:
    newest: dict[Key, str] = {entry.key: "open" for entry in entries if entry.kind == MADE}
    for entry in entries:
        meant = find(entry.body.get("recommendation"), entry.agency) if entry.kind == UPDATED else None
        if meant is not None and meant.key in newest:
            newest[meant.key] = _COUNTED_AS[str(entry.body["status"])]
    said = list(newest.values())
    return {name: said.count(name) for name in ("open", "done_no_evidence", "done", "rejected")}
