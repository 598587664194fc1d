"""What is asked at each step of a recall, and the entry that the answers make.

A step says who may take it: the sectors and, for a decision, the roles. Where the law of the day leaves one type of
recall open it stands beside the form; a person chooses, and gives the reason for choosing another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from throughcare.access.reach import Role
from throughcare.ledger.entry import LONDON, Entry
from throughcare.ledger.times import written
from throughcare.recall import kinds_of_recall, rules, state
from throughcare.recall.kinds_of_recall import WORDS as TYPE
from throughcare.recall.kinds_of_recall import Proposal
from throughcare.recall.words import AGAINST, ALTERNATIVE, GROUND, PAPER, RETURNED, VIEW, YES_NO
from throughcare.web import words
from throughcare.web.asking import Answers, choices, now_fields
from throughcare.web.looking import read_clock, read_day
from throughcare.web.parts import Field

CHOSEN_TYPES = {code: said for code, said in TYPE.items() if code != "unknown"}


@dataclass(frozen=True, kw_only=True)
class Now:
    """What a form starts from."""

    at: datetime
    recall: state.Recall | None
    breaches: Sequence[Entry]  # alleged and not decided
    breach: Entry | None  # the one that is decided upon, where one is
    proposals: Mapping[str, Proposal]  # by the answer to "a charge that is not a conviction?"
    sentence_types: Sequence[str]  # of the sentences that run
    say: Callable[[Entry], str]  # a breach in a line


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a form was answered: the body and the summary of the entry."""

    body: Mapping[str, Any]
    summary: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: who takes it, what it asks, what it makes."""

    code: state.Step
    kind: str
    title: str
    lead: str
    button: str
    sectors: tuple[str, ...]
    roles: tuple[Role, ...] = ()  # empty: whoever may record
    who: str  # in words
    when: str  # the question for the day
    tell: tuple[str, ...]  # sectors that are told at once, unless somebody says otherwise
    fields: Callable[[Now], tuple[Field, ...]]
    read: Callable[[Answers, Now], Said | None]
    asks_type: bool = False


def _area(name: str, label: str, hint: str = "", value: str = "") -> Field:
    return Field(name=name, label=label, kind="textarea", hint=hint, value=value)


def _radios(name: str, label: str, options: Mapping[str, str], *, hint: str = "", inline: bool = False) -> Field:
    return Field(name=name, label=label, kind="radios", choices=choices(options), hint=hint, inline=inline)


def _yes_no(name: str, label: str, hint: str = "") -> Field:
    return _radios(name, label, YES_NO, hint=hint, inline=True)


_YES = {"yes": "Yes", "no": "No"}


# --- agree, and decide against --------------------------------------------------------------------------------------

_INDETERMINATE = ("like_index_offence", "sexual_or_violent_offence", "leads_to_such_an_offence", "out_of_touch")


def _grounds(now: Now) -> Mapping[str, str]:
    """The grounds that the kind of sentence knows; all where the sentence is not known."""
    groups = set(now.sentence_types)
    if not groups:
        return GROUND
    long = bool(groups & {"life", "ipp", "dpp", "hmp_detention", "extended"})
    return {code: said for code, said in GROUND.items() if (code in _INDETERMINATE) == long}


def _agree_fields(now: Now) -> tuple[Field, ...]:
    said = {one.ref: now.say(one) for one in now.breaches}
    return (
        *(
            (
                Field(
                    name="breaches",
                    label="Which alleged breaches does it rest on?",
                    kind="checkboxes",
                    choices=choices(said),
                ),
            )
            if said
            else ()
        ),
        _radios("ground", "On which ground?", _grounds(now)),
        _area("facts", "What happened?", "Facts with their dates"),
        _area("reason", "Why is recall needed?", "In a sentence or two: it stands in the report"),
        _area("risk", "Whom does it put at risk, and why can it not be managed in the community?"),
        Field(
            name="alternatives",
            label="What was tried or weighed before?",
            kind="checkboxes",
            choices=choices(ALTERNATIVE),
        ),
        _area("alternatives_words", "What came of it, or why was nothing tried?"),
        _yes_no("sensitive", "Must some of this not be shown to the person?"),
    )


def _alternatives(answers: Answers, *, needed: bool) -> list[str]:
    said = list(answers.chosen("alternatives", ALTERNATIVE))
    if needed and not said:
        answers.wrong["alternatives"] = "Choose what was tried or weighed, or “None”"
    if "none" in said and len(said) > 1:
        answers.wrong["alternatives"] = "Choose “None” alone, or what was tried"
    return said


def _agree(answers: Answers, now: Now) -> Said | None:
    breaches = list(answers.chosen("breaches", [one.ref for one in now.breaches]))
    if now.breaches and not breaches:
        answers.wrong["breaches"] = "Choose at least one alleged breach"
    body = {
        "breaches": breaches,
        "ground": answers.choice("ground", _grounds(now), ask="Choose the ground"),
        "facts": answers.text("facts", ask="Write what happened, with its dates"),
        "reason": answers.text("reason", ask="Write why recall is needed"),
        "risk": answers.text("risk", ask="Write whom it puts at risk"),
        "alternatives": _alternatives(answers, needed=True),
        "alternatives_words": answers.text("alternatives_words"),
        "sensitive": answers.choice("sensitive", YES_NO),
    }
    if body["alternatives"] == ["none"] and not body["alternatives_words"]:
        answers.wrong["alternatives_words"] = "Write why nothing was tried"
    return None if answers.wrong else Said(body=body, summary=f"recall agreed: {body['reason']}"[:400])


def _against_fields(now: Now) -> tuple[Field, ...]:
    return (
        _radios("reason", "Why is the person not recalled?", AGAINST),
        _area("words", "In words, for the letter", "The person reads this"),
        Field(
            name="alternatives",
            label="What is done instead?",
            kind="checkboxes",
            choices=choices({code: said for code, said in ALTERNATIVE.items() if code != "none"}),
        ),
        _area("expectations", "What is expected of the person from now on?", "The person reads this"),
        Field(name="next_day", label="Next appointment, on which day?", hint="For example, 2 December 2026", width=20),
        Field(name="next_time", label="At what time?", hint="For example, 2:30pm", width=10),
    )


def _against(answers: Answers, now: Now) -> Said | None:
    of = now.breach or (now.recall and (now.recall.requested or now.recall.agreed))
    body = {
        "of": of.ref if of else "",
        "reason": answers.choice("reason", AGAINST, ask="Choose why the person is not recalled"),
        "words": answers.text("words", ask="Write why, as the letter is to say it"),
        "alternatives": [one for one in answers.chosen("alternatives", ALTERNATIVE) if one != "none"],
        "expectations": answers.text("expectations"),
        "next_appointment": _appointment(answers, now.at),
    }
    return None if answers.wrong else Said(body=body, summary=f"not recalled: {AGAINST[str(body['reason'])].lower()}")


def _appointment(answers: Answers, at: datetime) -> str:
    on = _coming_day(answers, "next_day", at, needed=False)
    said = answers.given.get("next_time", "").strip()
    clock = read_clock(said) if said else None
    if said and clock is None:
        answers.wrong["next_time"] = "Enter a time, such as 2:30pm"
    if on is None or "next_time" in answers.wrong:
        return ""
    if clock is None:
        answers.wrong["next_time"] = "Enter the time of the appointment, such as 2:30pm"
        return ""
    return written(datetime.combine(on, clock, LONDON).astimezone(UTC))


def _coming_day(answers: Answers, name: str, at: datetime, *, needed: bool) -> date | None:
    """A day from today on."""
    said = answers.given.get(name, "").strip()
    if not said and not needed:
        return None
    on = read_day(said)
    if on is None:
        answers.wrong[name] = f"Enter the day, such as {words.day(at)}"
    elif on < words.local_day(at):
        answers.wrong[name] = "This day has passed. Enter today or a later day"
        return None
    return on


# --- endorse, and revoke --------------------------------------------------------------------------------------------


def _type_fields(now: Now, *, label: str) -> tuple[Field, ...]:
    open_to = {one.types for one in now.proposals.values()}
    only = next(iter(open_to))[0] if len(open_to) == 1 and all(len(one) == 1 for one in open_to) else ""
    return (
        Field(
            name="type",
            label=label,
            kind="radios",
            choices=choices(CHOSEN_TYPES, only),
            hint="The law of this day stands above. You choose",
        ),
        _area("type_reason", "Why another type than the law of this day leaves open?", "Only where you choose another"),
    )


def _type(answers: Answers, now: Now, charge: str) -> dict[str, str]:
    """The type that was chosen, and why another than the law of this day leaves open."""
    chosen = answers.choice("type", CHOSEN_TYPES, ask="Choose the type of recall")
    said = answers.text("type_reason")
    law = now.proposals.get(charge)
    departs = law is not None and law.departs(chosen)
    if law is not None and chosen and departs and len(said) < _REASON:
        answers.wrong["type_reason"] = f"Give the reason, in {_REASON} letters or more. {law.because}"
    return {"type": chosen, "type_reason": said if departs else ""}


_REASON = 10


_ENDLESS = frozenset({"life", "ipp", "dpp", "hmp_detention"})


def _emergency_hint(now: Now) -> str:
    hours = rules.LAW.of("D41")[0].figures
    said = f"Then it is assessed within {hours['emergency']} hours, else within {hours['length']}"
    if set(now.sentence_types) & _ENDLESS:
        return f"A recall from an indeterminate sentence is always handled as one [guidance]. {said}"
    return said


def _endorse_fields(now: Now) -> tuple[Field, ...]:
    return (
        _yes_no("charge_not_convicted", "Is it for a new charge that is not yet a conviction?"),
        *_type_fields(now, label="Which type of recall is asked for?"),
        _yes_no("emergency", "Is it an emergency?", _emergency_hint(now)),
        _yes_no("in_custody", "Is the person in custody already?"),
        Field(name="police_force", label="Which police force?", hint="Leave this empty if the person is in custody"),
        _area("whereabouts", "Where may the police look?"),
        _area("arrest_risks", "What are the risks at arrest?", "Weapons, dogs, children in the home"),
        _area("vulnerabilities", "What must those who arrest know of the person?", "Health, self-harm, disability"),
        _yes_no("victim_liaison_told", "Was victim liaison told?"),
        _area("endorsement", "Why do you endorse it?"),
    )


def _endorse(answers: Answers, now: Now) -> Said | None:
    agreed = now.recall.agreed if now.recall else None
    charge = answers.choice("charge_not_convicted", YES_NO, ask="Choose whether it is for a new charge")
    body = {
        "agreed": agreed.ref if agreed else "",
        "charge_not_convicted": charge,
        **_type(answers, now, charge),
        "emergency": answers.choice("emergency", YES_NO, ask="Choose whether it is an emergency"),
        "in_custody": answers.choice("in_custody", YES_NO, ask="Choose whether the person is in custody already"),
        "police_force": answers.text("police_force", most=200),
        "whereabouts": answers.text("whereabouts"),
        "arrest_risks": answers.text("arrest_risks"),
        "vulnerabilities": answers.text("vulnerabilities"),
        "victim_liaison_told": answers.choice("victim_liaison_told", YES_NO),
        "endorsement": answers.text("endorsement", ask="Write why you endorse it"),
    }
    quick = " as an emergency" if body["emergency"] == "yes" else ""
    return None if answers.wrong else Said(body=body, summary=f"recall endorsed and asked for{quick}")


def _revoke_fields(now: Now) -> tuple[Field, ...]:
    asked = now.recall.requested.body.get("type") if now.recall and now.recall.requested else None
    hint = f"Asked for: {TYPE[str(asked)].lower()}" if asked else ""
    return (
        _yes_no("charge_not_convicted", "Is it for a new charge that is not yet a conviction?", hint),
        *_type_fields(now, label="Which type of recall?"),
        _area("reasons", "Reasons, as the person is told them", "They stand in the letter"),
        Field(name="police_force", label="To which police force does the warrant go?"),
    )


def _revoke(answers: Answers, now: Now) -> Said | None:
    requested = now.recall.requested if now.recall else None
    charge = answers.choice("charge_not_convicted", YES_NO, ask="Choose whether it is for a new charge")
    body = {
        "request": requested.ref if requested else "",
        "charge_not_convicted": charge,
        **_type(answers, now, charge),
        "reasons": answers.text("reasons", ask="Write the reasons that the person is told"),
        "police_force": answers.text("police_force", most=200),
    }
    return None if answers.wrong else Said(body=body, summary=f"licence revoked: {TYPE[str(body['type'])].lower()}")


# --- at large, and back ---------------------------------------------------------------------------------------------


def _check_fields(now: Now) -> tuple[Field, ...]:
    return (
        _area("found", "What was done, and what did it show?"),
        Field(
            name="next_check_on",
            label="When is the next check?",
            hint="The interval is not laid down in public: write down the day, and it becomes a duty",
            width=20,
        ),
    )


def _check(answers: Answers, now: Now) -> Said | None:
    found = answers.text("found", ask="Write what was done and what it showed")
    nxt = _coming_day(answers, "next_check_on", now.at, needed=False)
    body = {"found": found, "next_check_on": nxt.isoformat() if nxt else ""}
    said = f"; next check {words.day(nxt)}" if nxt else ""
    return None if answers.wrong else Said(body=body, summary=f"checked, still at large{said}")


def _revocation(now: Now) -> dict[str, str]:
    revoked = now.recall.revoked if now.recall else None
    return {"revocation": revoked.ref if revoked else ""}


def _return_fields(now: Now) -> tuple[Field, ...]:
    return (_radios("how", "How did the person come back?", RETURNED),)


def _return(answers: Answers, now: Now) -> Said | None:
    how = answers.choice("how", RETURNED, ask="Choose how the person came back")
    return None if answers.wrong else Said(body=_revocation(now) | {"how": how}, summary="back in custody")


def _notify(answers: Answers, now: Now) -> Said | None:
    returned = now.recall.returned if now.recall else None
    return Said(body={"returned": returned.ref if returned else ""}, summary="casework section told of the return")


def _inform_fields(now: Now) -> tuple[Field, ...]:
    return (_yes_no("will_make_representations", "Do they want to make representations?"),)


def _inform(answers: Answers, now: Now) -> Said | None:
    will = answers.choice("will_make_representations", YES_NO, ask="Choose whether they want to make representations")
    body = _revocation(now) | {"will_make_representations": will}
    return None if answers.wrong else Said(body=body, summary="told the reasons and the right to make representations")


# --- papers, review, rescission -------------------------------------------------------------------------------------


def _papers_fields(now: Now) -> tuple[Field, ...]:
    hint = "Between 21 July 2022 and 3 April 2023 report writers were not to give a view [to be checked]"
    return (
        _radios("paper", "Which paper?", PAPER),
        _area("since_recall", "What has happened since the recall?", "For Part B and Part C"),
        _area("risk", "How is the risk read now?", "For Part B and Part C"),
        _area("plan", "How would a next release be managed?", "For Part B and Part C"),
        _radios("view", "Your view on release", VIEW, hint=hint),
    )


def _papers(answers: Answers, now: Now) -> Said | None:
    paper = answers.choice("paper", PAPER, ask="Choose which paper was sent")
    report = paper in ("part_b", "part_c")
    body = _revocation(now) | {
        "paper": paper,
        "since_recall": answers.text("since_recall"),
        "risk": answers.text("risk", ask="Write how the risk is read now" if report else ""),
        "plan": answers.text("plan", ask="Write how a next release would be managed" if paper == "part_c" else ""),
        "view": answers.choice("view", VIEW, ask="Choose your view, or “No view”" if report else ""),
    }
    return None if answers.wrong else Said(body=body, summary=f"sent: {PAPER[paper].lower()}")


def _review_fields(now: Now) -> tuple[Field, ...]:
    return (
        _radios("release", "Is the person released without the Board?", _YES, inline=True),
        _area("reason", "Why?"),
    )


def _review(answers: Answers, now: Now) -> Said | None:
    release = answers.choice("release", _YES, ask="Choose whether the person is released")
    body = _revocation(now) | {"release": release, "reason": answers.text("reason", ask="Write the reason")}
    on = words.local_day(now.at)
    if (
        release == "yes"
        and now.sentence_types
        and kinds_of_recall.may_release_without_board(now.sentence_types, on=on) is None
    ):
        answers.wrong["release"] = (
            "The law of this day knows no release of this sentence without the Board. Record the Board’s decision"
        )
    said = "re-release decided" if release == "yes" else "kept in custody"
    return None if answers.wrong else Said(body=body, summary=f"{said}, without the Board")


_DETERMINATE = frozenset({"standard", "youth_standard", "extended", "sopc", "determinate_old", "terrorist"})


def _rescind_fields(now: Now) -> tuple[Field, ...]:
    return (
        _yes_no(
            "complied", "Were all licence conditions complied with?", "A determinate recall can be rescinded only so"
        ),
        _area("reason", "Why is the revocation rescinded?"),
    )


def _rescind(answers: Answers, now: Now) -> Said | None:
    complied = answers.choice("complied", YES_NO, ask="Choose whether all conditions were complied with")
    if complied != "yes" and set(now.sentence_types) & _DETERMINATE and "complied" not in answers.wrong:
        answers.wrong["complied"] = (
            "A determinate recall is rescinded only where all conditions were complied with. Else decide on re-release"
        )
    body = _revocation(now) | {"complied": complied, "reason": answers.text("reason", ask="Write the reason")}
    return None if answers.wrong else Said(body=body, summary="revocation rescinded")


# --- the steps ------------------------------------------------------------------------------------------------------

_SENIOR = "a manager of the probation service"
_CASEWORK = "the casework section"

STEPS: Mapping[str, Step] = {
    one.code: one
    for one in (
        Step(
            code="agree",
            kind=state.AGREED,
            title="Agree to ask for recall",
            lead="You agree, as senior officer. A second person endorses and sends it within 24 hours of this.",
            button="Agree",
            sectors=("probation",),
            roles=(Role.MANAGER,),
            who=f"the senior officer, {_SENIOR}",
            when="On which day was it agreed?",
            tell=(),
            fields=_agree_fields,
            read=_agree,
        ),
        Step(
            code="endorse",
            kind=state.REQUESTED,
            title="Endorse and send the request",
            lead="You endorse what another person agreed. Part A is made from both, once, and kept.",
            button="Endorse and send",
            sectors=("probation",),
            roles=(Role.MANAGER,),
            who=f"a second person, {_SENIOR}",
            when="On which day was it sent?",
            tell=("casework",),
            fields=_endorse_fields,
            read=_endorse,
            asks_type=True,
        ),
        Step(
            code="decide_against",
            kind=state.AGAINST,
            title="Decide not to recall",
            lead="The letter is made from what you write here, once, and kept.",
            button="Decide not to recall",
            sectors=("probation", "casework"),
            roles=(Role.MANAGER, Role.CASEWORKER),
            who=f"{_SENIOR}, or {_CASEWORK}",
            when="On which day was it decided?",
            tell=("probation", "casework"),
            fields=_against_fields,
            read=_against,
        ),
        Step(
            code="revoke",
            kind=state.REVOKED,
            title="Revoke the licence",
            lead="From this moment the person is unlawfully at large until they are back in custody.",
            button="Revoke the licence",
            sectors=("casework",),
            roles=(Role.CASEWORKER,),
            who=_CASEWORK,
            when="On which day was it revoked?",
            tell=("probation", "prison", "police"),
            fields=_revoke_fields,
            read=_revoke,
            asks_type=True,
        ),
        Step(
            code="check",
            kind=state.CHECKED,
            title="Record a check",
            lead="",
            button="Record the check",
            sectors=("casework", "police"),
            who=f"{_CASEWORK} or the police",
            when="On which day was the check?",
            tell=("casework", "police"),
            fields=_check_fields,
            read=_check,
        ),
        Step(
            code="return",
            kind=state.RETURNED,
            title="Record the return to custody",
            lead="The moment of the return, not of being told of it: the clocks of the recall run from here.",
            button="Record the return",
            sectors=("prison", "police"),
            who="the prison or the police",
            when="On which day did they come back?",
            tell=("probation", "police", "prison"),
            fields=_return_fields,
            read=_return,
        ),
        Step(
            code="notify",
            kind=state.NOTIFIED,
            title="Tell the casework section of the return",
            lead="The dossier is due on the next working day from this.",
            button="Record that they were told",
            sectors=("prison",),
            who="the prison",
            when="On which day were they told?",
            tell=("casework",),
            fields=lambda now: (),
            read=_notify,
        ),
        Step(
            code="inform",
            kind=state.INFORMED,
            title="Tell the person the reasons and their rights",
            lead="",
            button="Record that the person was told",
            sectors=("prison",),
            who="the prison",
            when="On which day were they told?",
            tell=("casework", "probation"),
            fields=_inform_fields,
            read=_inform,
        ),
        Step(
            code="papers",
            kind=state.PAPERS,
            title="Record papers that were sent",
            lead="Part B and Part C are made from what you write here, once, and kept.",
            button="Record what was sent",
            sectors=("casework", "probation"),
            who=f"{_CASEWORK} or the probation service",
            when="On which day were they sent?",
            tell=("prison", "casework", "probation", "parole_board"),
            fields=_papers_fields,
            read=_papers,
        ),
        Step(
            code="review",
            kind=state.DECIDED,
            title="Decide on re-release without the Board",
            lead="This never holds up the reference to the Board.",
            button="Record the decision",
            sectors=("casework",),
            roles=(Role.CASEWORKER,),
            who=_CASEWORK,
            when="On which day was it decided?",
            tell=("probation", "prison"),
            fields=_review_fields,
            read=_review,
        ),
        Step(
            code="rescind",
            kind=state.RESCINDED,
            title="Rescind the revocation",
            lead="",
            button="Rescind the revocation",
            sectors=("casework",),
            roles=(Role.CASEWORKER,),
            who=_CASEWORK,
            when="On which day was it rescinded?",
            tell=("probation", "prison", "police"),
            fields=_rescind_fields,
            read=_rescind,
        ),
    )
}
"""The steps by their name in the address."""


def when_fields(step: Step, now: datetime) -> tuple[Field, ...]:
    """The day and the time of a step."""
    return now_fields(step.when, now)
