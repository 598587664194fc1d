"""Where each review of a person stands: a pure fold over `parole.*`. No database, no clock.

Give only entries that stand, about one person, in the order in which they happened. A decision is final only by an
entry that says so, or where it was issued as final; never by the passing of time. A listing belongs to the review that
was open when it was made, since no entry says to which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from throughcare.ledger.entry import Entry, Key

PREFIX = "parole."
OPENED = "parole.review_opened"
DISCLOSED = "parole.dossier_disclosed"
APPLIED = "parole.application_made"
DIRECTED = "parole.direction_made"
LISTED = "parole.hearing_listed"
HELD = "parole.hearing_held"
CLOSED = "parole.hearing_closed"
DECIDED = "parole.decision_issued"
PROVIDED = "parole.decision_provided"
FINAL = "parole.decision_final"
CHALLENGED = "parole.challenge_made"
CHALLENGE_DECIDED = "parole.challenge_decided"
COURT = "parole.high_court_step"
PUBLISHED = "parole.published"
RELEASED = "licence.released"
KINDS = (
    *(OPENED, DISCLOSED, APPLIED, DIRECTED, LISTED, HELD, CLOSED, DECIDED, PROVIDED, FINAL, CHALLENGED),
    *(CHALLENGE_DECIDED, COURT, PUBLISHED, RELEASED),
)
"""What the standing of a person before the Board is read from."""
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
        day = entry.happened.day if entry.kind.startswith(PREFIX) else None
        if day is None:
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


def _decide(review: Review, body: Mapping[str, object], day: date) -> None:
    if body["outcome"] in _ON_THE_WAY:
        return
    review.steps.append(Step(day, "decision"))
    review.outcome, review.stage = str(body["outcome"]), str(body["stage"])
    review.provisional = body["status"] == "provisional"
    review.challenged = False
    review.until = None if review.provisional else day


def _challenged(review: Review, body: Mapping[str, object], day: date) -> None:
    """A challenge that fails leaves the decision as it was; one that succeeds takes it away, and the review goes on."""
    if body.get("result") == "granted" or body.get("step") == "release_quashed":
        review.outcome, review.provisional, review.challenged, review.until = "", False, False, None
    elif body.get("result") in ("refused", "withdrawn"):
        review.challenged = False
        review.until = None if review.provisional else review.until or day


# --- where the person stands -----------------------------------------------------------------------------------------

Status = Literal[
    "none", "opened", "disclosed", "listed", "heard", "provisional", "under_challenge", "final", "with_high_court",
    "set_aside", "released",
]  # fmt: skip


@dataclass(slots=True)
class Standing:
    """Where a person stands before the Board, by the latest step. The days are those of the newest decision."""

    status: Status = "none"
    decided: Entry | None = None  # the newest decision that ends a review
    direction_on: date | None = None  # when release was directed
    final_on: date | None = None  # when that decision became final
    left_on: date | None = None  # when the person left prison after it
    public: list[tuple[str, date | None]] = field(default_factory=list)  # what was published, and from when
    before: Status = "none"  # where the review stood before a hearing was listed, or a decision challenged


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Where a person stands. Give what stands about them, oldest first. None where the Board has nothing of them."""
    if not any(entry.kind.startswith(PREFIX) for entry in entries):
        return None
    stands = Standing()
    for entry in entries:
        if step := _STEPS.get(entry.kind):
            step(stands, entry)
    return stands


def _open_review(stands: Standing, entry: Entry) -> None:
    stands.status, stands.before, stands.decided = "opened", "opened", None
    stands.direction_on = stands.final_on = stands.left_on = None


def _disclose(stands: Standing, entry: Entry) -> None:
    stands.status = stands.before = "disclosed"


def _list(stands: Standing, entry: Entry) -> None:
    """A hearing that is vacated, adjourned or deferred leaves the review where it was before it was listed."""
    stands.status = "listed" if entry.body["status"] == "listed" else stands.before


def _hear(stands: Standing, entry: Entry) -> None:
    stands.status = "heard"


def _issue(stands: Standing, entry: Entry) -> None:
    if entry.body["outcome"] in _ON_THE_WAY:
        stands.status = stands.before
        return
    final, directed = entry.body["status"] == "final", entry.body["outcome"] == "release_directed"
    stands.decided, stands.status = entry, "final" if final else "provisional"
    stands.direction_on = entry.happened.day if directed else None
    stands.final_on = entry.happened.day if final else None
    stands.left_on = None


def _finish(stands: Standing, entry: Entry) -> None:
    stands.status, stands.final_on = "final", entry.happened.day


def _challenge(stands: Standing, entry: Entry) -> None:
    stands.status = "under_challenge"


def _answer_challenge(stands: Standing, entry: Entry) -> None:
    """What succeeds takes the decision away; what fails leaves it as it was, final only where that was written."""
    if entry.body["result"] == "granted":
        stands.status = "set_aside"
    else:
        stands.status = "final" if stands.final_on else "provisional"


def _go_to_court(stands: Standing, entry: Entry) -> None:
    """Until the court has decided the duty to release is suspended; its own decision is final either way."""
    ended = entry.body["step"] in ("release_upheld", "release_quashed")
    stands.status = "final" if ended else "with_high_court"


def _publish(stands: Standing, entry: Entry) -> None:
    stands.public.append((str(entry.body["fact"]), entry.happened.day))


def _leave(stands: Standing, entry: Entry) -> None:
    """Only a release that follows a decision is one of the Board's; a few days' leave is none."""
    if stands.decided is not None and entry.body["release"] != "temporary":
        stands.status, stands.left_on = "released", entry.happened.day


_STEPS: Mapping[str, Callable[[Standing, Entry], None]] = {
    OPENED: _open_review,
    DISCLOSED: _disclose,
    LISTED: _list,
    HELD: _hear,
    CLOSED: _hear,
    DECIDED: _issue,
    FINAL: _finish,
    CHALLENGED: _challenge,
    CHALLENGE_DECIDED: _answer_challenge,
    COURT: _go_to_court,
    PUBLISHED: _publish,
    RELEASED: _leave,
}
