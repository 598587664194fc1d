"""What parole adds to a person's page: each review as a bracket on the life line."""

from __future__ import annotations

from throughcare.parole import state
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_ref
from throughcare.web.pictures.life import Bracket, Life, Step

KINDS = {
    "first": "First review",
    "on_tariff": "Review at the end of the minimum term",
    "post_tariff": "Review after the minimum term",
    "recall": "Review after recall",
    "advice": "Review for advice",
    "licence_end": "Review of whether the licence ends",
}
OUTCOMES = {
    "release_directed": "Release directed",
    "release_refused": "Not released",
    "open_recommended": "Open conditions recommended",
    "open_not_recommended": "Open conditions not recommended",
    "licence_terminated": "Licence ended",
    "licence_not_terminated": "Licence goes on",
    "conditions_varied": "Conditions varied",
}
STEPS = {
    "papers": "Papers sent", "hearing": "Hearing", "decision": "Decision", "challenge": "Decision challenged",
    "final": "Final",
}  # fmt: skip


def drawing(case: Case) -> Drawing | None:
    """The reviews of this person; None where none is recorded."""
    found = state.reviews(case.about, find=case.find)
    if not found:
        return None
    return Drawing(life=Life(brackets=tuple(_bracket(one) for one in found)), stands=_stands(found[-1]))


def _bracket(one: state.Review) -> Bracket:
    return Bracket(
        since=one.since,
        until=one.until,
        what=KINDS.get(one.kind, "Review"),
        result=_result(one),
        steps=tuple(Step(step.on, STEPS[step.what]) for step in one.steps),
        ref=mark_ref(one.opened),
    )


def _result(one: state.Review) -> str:
    said = OUTCOMES.get(one.outcome, "")
    if not said:
        return ""
    return f"{said}, challenged" if one.challenged else f"{said}, not final" if one.provisional else said


def _stands(one: state.Review) -> str:
    """Where the newest review stands, in one line."""
    what, result = KINDS.get(one.kind, "Review"), _result(one)
    if result and one.until is not None:
        return f"{what}: {words.small(result)}, {words.day(one.until)}"
    if result:
        return f"{what}: {words.small(result)}"
    last = one.steps[-1] if one.steps else None
    step = f"{STEPS[last.what].lower()} {words.day(last.on)}" if last else f"opened {words.day(one.since)}"
    return f"{what}: {step}, no decision yet"
