"""Where each review of a person stands: a pure fold over `parole.*`. No database, no clock.

Give only entries that stand, about one person, in the order in which they happened. A decision is final only by an
entry that says so, or where it was issued as final; never by the passing of time. A listing belongs to the review that
was open when it was made, since no entry says to which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from throughcare.ledger.entry import Entry, Key

PREFIX = "parole."
OPENED = "parole.review_opened"
DECIDED = "parole.decision_issued"
_ON_THE_WAY = frozenset({"hearing_directed", "adjourned", "deferred"})
"""Outcomes of a decision after which the review goes on."""

Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means


@dataclass(frozen=True, slots=True)
class Step:
    """A day of a review: `papers`, `hearing`, `decision`, `challenge` or `final`."""

    on: date
    what: str


@dataclass(slots=True)
class Review:
    """One review, from its opening to its end. `until` None: it still runs."""

    opened: Entry
    since: date
    kind: str
    steps: list[Step] = field(default_factory=list)
    outcome: str = ""  # of the newest decision that ends it; empty: none yet
    stage: str = ""  # of that decision: paper or oral
    provisional: bool = False
    challenged: bool = False
    until: date | None = None


def reviews(entries: Sequence[Entry], *, find: Find) -> list[Review]:
    """Every review of a person, oldest first. Entries of no known day, or that name no review, are passed over."""
    made: dict[Key, Review] = {}
    for entry in entries:
        day = entry.happened.day
        if not entry.kind.startswith(PREFIX) or day is None:
            continue
        if entry.kind == OPENED:
            made[entry.key] = Review(opened=entry, since=day, kind=str(entry.body["review"]))
        elif (review := _meant(entry, made, find)) is not None:
            _go_on(review, entry, max(day, review.since))
    return list(made.values())


_NAMES = {
    "parole.dossier_disclosed": "review",
    "parole.decision_issued": "review",
    "parole.decision_final": "decision",
    "parole.challenge_made": "decision",
    "parole.challenge_decided": "challenge",
    "parole.high_court_step": "decision",
    "parole.hearing_held": "",
    "parole.hearing_closed": "",
}
"""Which field of an entry leads to its review, by way of others; none: the review that is open."""


def _meant(entry: Entry, made: dict[Key, Review], find: Find) -> Review | None:
    """The review that an entry is about."""
    name = _NAMES.get(entry.kind)
    if name is None:
        return None
    if not name:
        return _open(made.values())
    other = find(entry.body.get(name), entry.agency)
    if other is None or other.key == entry.key:
        return None
    return made.get(other.key) or (_meant(other, made, find) if other.kind != OPENED else None)


def _open(every: Iterable[Review]) -> Review | None:
    return next((one for one in reversed(list(every)) if one.until is None), None)


def _go_on(review: Review, entry: Entry, day: date) -> None:
    """What one entry does to its review."""
    body = entry.body
    match entry.kind:
        case "parole.dossier_disclosed":
            review.steps.append(Step(day, "papers"))
        case "parole.hearing_held":
            review.steps.append(Step(day, "hearing"))
        case "parole.decision_issued":
            _decide(review, body, day)
        case "parole.decision_final":
            review.steps.append(Step(day, "final"))
            review.provisional, review.until = False, day
        case "parole.challenge_made":
            review.steps.append(Step(day, "challenge"))
            review.challenged, review.until = True, None
        case "parole.challenge_decided" | "parole.high_court_step":
            _challenged(review, body, day)


def _decide(review: Review, body: dict[str, object], day: date) -> None:
    if body["outcome"] in _ON_THE_WAY:
        return
    review.steps.append(Step(day, "decision"))
    review.outcome, review.stage = str(body["outcome"]), str(body["stage"])
    review.provisional = body["status"] == "provisional"
    review.challenged = False
    review.until = None if review.provisional else day


def _challenged(review: Review, body: dict[str, object], day: date) -> None:
    """A challenge that fails leaves the decision as it was; one that succeeds takes it away, and the review goes on."""
    if body.get("result") == "granted" or body.get("step") == "release_quashed":
        review.outcome, review.provisional, review.challenged, review.until = "", False, False, None
    elif body.get("result") in ("refused", "withdrawn"):
        review.challenged = False
        review.until = None if review.provisional else review.until or day
