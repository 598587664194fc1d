"""What is asked about a licence, and the one entry that each form makes. Values in, an entry out; nothing is kept here.

A form's fields and its reader stand side by side. What is wrong is said by the field, with what would be right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from throughcare.ledger.entry import Entry, Record, When
from throughcare.licence import catalogue, disclosures, state
from throughcare.licence import words as said
from throughcare.licence.seen import Seen, person_of
from throughcare.web.asking import Answers, choices, now_fields
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.looking import read_day
from throughcare.web.parts import Field
from throughcare.web.writing import Writer, entry

MOST_CHOICES = 60
YES_OR_NO: Mapping[str, str] = {"yes": "Yes", "no": "No"}
_DAY_HINT = "For example, 24 November 2026. Leave this empty if you do not know"


@dataclass(frozen=True, kw_only=True)
class Making:
    """What a form is made from: who writes, about whom, what is known, and the reference of what will be recorded."""

    ref: str
    writer: Writer
    subject: Record
    seen: Seen
    agencies: Mapping[str, str]  # whom it may be shared with: code -> name
    about: Entry | None = None  # the entry that the form answers, such as an allegation
    corrects: Entry | None = None

    @property
    def case(self) -> Case:
        """The case."""
        return self.seen.case

    @property
    def now(self) -> datetime:
        """This moment."""
        return self.case.now

    def entry(self, kind: str, happened: When, body: Mapping[str, Any], *, summary: str, **more: Any) -> Entry:
        """The entry that a form makes."""
        concerns = [("subject", self.subject), *more.pop("concerns", ())]
        return entry(
            self.ref, kind, writer=self.writer, at=self.now, happened=happened, concerns=concerns,
            summary=summary[:1_900], body=body, **more,
        )  # fmt: skip

    @cached_property
    def partners(self) -> dict[str, str]:
        """The people named beside this one as partner, parent or other: `AGENCY record` -> name."""
        case, found = self.case, dict[str, str]()
        for one in case.standing:
            parts = ("other", "partner", "subject") if one.kind == disclosures.RELATIONSHIP else ("partner",)
            for part in parts:
                for record in one.who(part):
                    if record not in case.own and record in case.names:
                        found.setdefault(f"{record.agency} {record.ref}", case.name_of(record))
        by_person: dict[str, tuple[str, str]] = {}
        for key, name in found.items():
            agency, _, ref = key.partition(" ")
            by_person.setdefault(person_of(case, Record(agency, ref)), (key, name))
        return dict(sorted(by_person.values(), key=lambda one: one[1])[:MOST_CHOICES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One form: what is asked, and what is made of the answers."""

    title: str
    lead: str
    button: str
    done: str  # the word of the address that says what was done
    fields: Callable[[Making], tuple[Field, ...]]
    read: Callable[[Answers, Making], Entry | None]


# --- pieces ----------------------------------------------------------------------------------------------------------


def radios(name: str, label: str, named: Mapping[str, str], chosen: str = "", **more: Any) -> Field:
    """One of several, each in view."""
    return Field(name=name, label=label, kind="radios", choices=choices(named, chosen), **more)


def select(name: str, label: str, named: Mapping[str, str], chosen: str = "", *, first: str, hint: str = "") -> Field:
    """One of many."""
    return Field(name=name, label=label, kind="select", choices=choices(named, chosen, first=first), hint=hint)


def area(name: str, label: str, hint: str = "", *, rows: int = 3, value: str = "") -> Field:
    """Words of several lines."""
    return Field(name=name, label=label, kind="textarea", rows=rows, hint=hint, value=value)


def a_day(name: str, label: str, hint: str = _DAY_HINT) -> Field:
    """A day as people write it."""
    return Field(name=name, label=label, hint=hint, width=20)


def share(making: Making) -> Field:
    """Who is told at once."""
    return Field(
        name="share",
        label="Tell other agencies now?",
        kind="checkboxes",
        choices=choices(making.agencies),
        hint="They see this from now on",
    )


def any_day(answers: Answers, name: str, *, ask: str = "") -> date | None:
    """A day that may be still to come. With `ask` it must be there."""
    text = answers.text(name, most=40)
    on = read_day(text) if text else None
    if on is None and (text or ask):
        answers.wrong[name] = ask or "Enter a day, such as 24 November 2026, or leave it empty"
    return answers.not_too_early(name, on)


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _partner(answers: Answers, making: Making) -> list[tuple[str, Record]]:
    agency, _, ref = answers.choice("partner", making.partners).partition(" ")
    return [("partner", Record(agency, ref))] if ref else []


def _partner_field(making: Making) -> tuple[Field, ...]:
    if not making.partners:
        return ()
    return (
        select(
            "partner", "Who is the other person, where they are known here?", making.partners, first="Nobody known here"
        ),
    )


def _when(answers: Answers, making: Making) -> When | None:
    return answers.when("day", "time", ask="Enter the day, such as 24 November 2026", now=making.now)


def _shared(answers: Answers, making: Making) -> tuple[str, ...]:
    return answers.chosen("share", making.agencies)


# --- a disclosure ----------------------------------------------------------------------------------------------------

_TELLING = {"no": "The person told me something", "yes": "The person said that there was nothing to tell"}


def _disclosure_fields(making: Making) -> tuple[Field, ...]:
    return (
        radios("topic", "What is it about?", said.TOPIC),
        radios("nothing", "What did the person say?", _TELLING),
        radios("asked", "Did you ask?", said.YES_NO, "yes", inline=True),
        area("words", "In the person’s own words", "What was said. Needed where something was told"),
        a_day("fact_from", "Since when is it so?"),
        radios("change", "What is it?", said.CHANGE),
        *_partner_field(making),
        radios("children", "Are there children in that home, or in contact?", said.YES_NO, inline=True),
        select("channel", "How were you told?", said.CHANNEL, "in_person", first="Choose how"),
        Field(name="told_to", label="Whom did the person tell, if not you?", hint="Leave this empty if it was you"),
        area("follow_up", "What will you do with it?", "Checks to make, whom to tell", rows=2),
        *now_fields("On which day were you told?", making.now),
        share(making),
    )


def _read_disclosure(answers: Answers, making: Making) -> Entry | None:
    topic = answers.choice("topic", said.TOPIC, ask="Choose what it is about")
    nothing = answers.choice("nothing", _TELLING, ask="Choose what the person said")
    text = answers.text("words", ask="Write what was told" if nothing == "no" else "")
    fact_from = answers.day("fact_from", ask="Enter the day since when it is so", now=making.now, needed=False)
    if nothing == "yes" and fact_from is not None:
        answers.wrong["fact_from"] = "Leave this empty: there was nothing to tell"
    happened = _when(answers, making)
    asked = answers.choice("asked", said.YES_NO, ask="Choose whether you asked")
    body = {
        "topic": topic,
        "nothing_to_tell": nothing,
        "asked": asked,
        "fact_from": _iso(fact_from),
        "words": text,
        "change": answers.choice("change", said.CHANGE) if nothing == "no" else "",
        "children": answers.choice("children", said.YES_NO),
        "channel": answers.choice("channel", said.CHANNEL),
        "told_to": answers.text("told_to", most=200),
        "follow_up": answers.text("follow_up"),
        "condition": _condition_name(making, topic, happened),
    }
    partner, shared = _partner(answers, making), _shared(answers, making)
    if answers.wrong or happened is None:
        return None
    what = "nothing to tell" if nothing == "yes" else text
    return making.entry(
        state.DISCLOSED, happened, body, summary=f"{said.TOPIC[topic]}: {what}", concerns=partner, shared=shared,
        basis="told",
    )  # fmt: skip


def _condition_name(making: Making, topic: str, happened: When | None) -> str:
    """The condition that bound the person then and that the topic answers."""
    if happened is None or not topic:
        return ""
    found = disclosures.answering(making.seen.whole, topic, happened)
    return found.bound.condition.name if found else ""


DISCLOSURE = Ask(
    title="Record what the person told",
    lead="A disclosure, or the answer that there is nothing to tell. Both stand with their day. "
    "What you record cannot be changed afterwards, only corrected.",
    button="Record",
    done="told",
    fields=_disclosure_fields,
    read=_read_disclosure,
)


# --- a fact that was found another way -------------------------------------------------------------------------------


def _found_fields(making: Making) -> tuple[Field, ...]:
    shown = _evidence(making)
    return (
        radios("topic", "What is it about?", said.TOPIC),
        area("what", "What was found?", "The fact only: who, what, since when"),
        Field(
            name="source", label="Where does it come from?", hint="For example: police record, staff of the premises"
        ),
        a_day("fact_from", "Since when was it so?"),
        *_partner_field(making),
        radios("children", "Are there children in that home, or in contact?", said.YES_NO, inline=True),
        select("condition", "Which condition asked for it?", _conditions(making), first="None, or I cannot say"),
        *(
            (Field(name="shown", label="Which entries show it?", kind="checkboxes", choices=choices(shown)),)
            if shown
            else ()
        ),
        area("follow_up", "What will you do with it?", rows=2),
        *now_fields("On which day did you find it, or were you told of it?", making.now),
        share(making),
    )


def _evidence(making: Making) -> dict[str, str]:
    """Entries of others that may show a fact: relationships, homes, observations; the newest first."""
    kinds = (disclosures.RELATIONSHIP, "people.household_stated", "safeguarding.observation", "custody.incident")
    found = [one for one in reversed(making.case.standing) if one.kind in kinds and _nameable(making, one)]
    return {
        one.ref: f"{when_said(one)}, {making.case.agency_name(one.agency)}: {one.summary or one.kind}"
        for one in found[:20]
    }


def _nameable(making: Making, one: Entry) -> bool:
    """Is this the entry that the writer's agency means by its reference?"""
    found = making.case.find(one.ref, making.writer.viewer.agency)
    return found is not None and found.key == one.key


def _conditions(making: Making) -> dict[str, str]:
    """The conditions that ever bound the person, by name, the newest licence first."""
    bound = [one.condition for one in reversed(making.seen.whole.bound)]
    return {one.name: catalogue.look_up(one.version, one.name).title for one in bound}


def _read_found(answers: Answers, making: Making) -> Entry | None:
    topic = answers.choice("topic", said.TOPIC, ask="Choose what it is about")
    what = answers.text("what", ask="Write what was found")
    source = answers.text("source", ask="Write where it comes from", most=200)
    fact_from = answers.day("fact_from", ask="Enter the day since when it was so", now=making.now, needed=False)
    happened = _when(answers, making)
    body = {
        "topic": topic,
        "source": source,
        "fact_from": _iso(fact_from),
        "children": answers.choice("children", said.YES_NO),
        "condition": answers.choice("condition", _conditions(making)),
        "shown_by": list(answers.chosen("shown", _evidence(making))),
        "follow_up": answers.text("follow_up"),
    }
    partner, shared = _partner(answers, making), _shared(answers, making)
    if answers.wrong or happened is None:
        return None
    return making.entry(
        state.FOUND, happened, body, summary=what, concerns=partner, shared=shared, basis="document"
    )  # fmt: skip


FACT = Ask(
    title="Record a fact that was found another way",
    lead="Something that the person should have told, and that came to light from somewhere else. This alleges no "
    "breach: that is a step of its own.",
    button="Record",
    done="found",
    fields=_found_fields,
    read=_read_found,
)


# --- appointments, premises, travel ----------------------------------------------------------------------------------


def _appointment_fields(making: Making) -> tuple[Field, ...]:
    return (
        radios("purpose", "What was it for?", said.PURPOSE),
        radios("kept", "Did the person come?", YES_OR_NO, inline=True),
        radios("excused", "If not, was there a reason that you accept?", said.YES_NO, inline=True),
        area("outcome", "What came of it?", "What was spoken of; if it was missed, what you did"),
        Field(name="place", label="Where was it?", hint="The office, a home visit, by telephone"),
        *now_fields("On which day was it?", making.now),
        share(making),
    )


def _read_appointment(answers: Answers, making: Making) -> Entry | None:
    purpose = answers.choice("purpose", said.PURPOSE, ask="Choose what it was for")
    kept = answers.choice("kept", ("yes", "no"), ask="Choose whether the person came")
    outcome = answers.text("outcome")
    happened, shared = _when(answers, making), _shared(answers, making)
    place = answers.text("place", most=200)
    excused = answers.choice("excused", said.YES_NO)
    if answers.wrong or happened is None:
        return None
    body = {
        "purpose": purpose, "kept": kept, "outcome": outcome, "place": place,
        "excused": excused if kept == "no" else "",
    }  # fmt: skip
    came = "kept" if kept == "yes" else "missed"
    summary = f"{said.PURPOSE[purpose].lower()}: {came}{f'. {outcome}' if outcome else ''}"
    return making.entry(state.APPOINTMENT, happened, body, summary=summary, shared=shared)


APPOINTMENT = Ask(
    title="Record an appointment",
    lead="Kept or missed. The time counts for the first appointment after a release: write it.",
    button="Record",
    done="kept",
    fields=_appointment_fields,
    read=_read_appointment,
)


def _requests(making: Making) -> dict[str, str]:
    """Requests for approved premises, the newest first."""
    asked = [one for one in reversed(making.seen.of(state.PREMISES)) if one.body["step"] == "requested"]
    return {one.ref: f"Requested {when_said(one)}" for one in asked if _nameable(making, one)}


def _premises_fields(making: Making) -> tuple[Field, ...]:
    requests = _requests(making)
    return (
        radios("step", "Which step is it?", said.STEP, "" if requests else "requested"),
        radios("urgency", "For a request: how soon is it needed?", said.URGENCY),
        radios("after_parole", "For a request: does it follow a parole decision?", YES_OR_NO, inline=True),
        *(
            (select("request", "For later steps: which request?", requests, first="Choose the request"),)
            if requests else ()
        ),
        Field(name="premises", label="Which premises?", hint="The name only, no address"),
        a_day("place_from", "From which day is the place wanted, or offered?"),
        a_day("place_until", "Until which day?"),
        area("reason", "Why?", rows=2),
        *now_fields("On which day, and at what time?", making.now),
        share(making),
    )  # fmt: skip


def _read_premises(answers: Answers, making: Making) -> Entry | None:
    step = answers.choice("step", said.STEP, ask="Choose which step it is")
    asked = step == "requested"
    after = answers.choice(
        "after_parole", ("yes", "no"), ask="Choose whether it follows a parole decision" if asked else ""
    )
    urgency = answers.choice(
        "urgency", said.URGENCY, ask="Choose how soon it is needed" if asked and after == "no" else ""
    )
    request = answers.choice(
        "request", _requests(making), ask="Choose which request this answers" if step and not asked else ""
    )
    happened, shared = _when(answers, making), _shared(answers, making)
    body = {
        "step": step,
        "urgency": urgency if asked else "",
        "after_parole": after if asked else "",
        "request": request if not asked else "",
        "premises": answers.text("premises", most=200),
        "place_from": _iso(any_day(answers, "place_from")),
        "place_until": _iso(any_day(answers, "place_until")),
        "reason": answers.text("reason"),
    }
    if answers.wrong or happened is None:
        return None
    return making.entry(
        state.PREMISES, happened, body, summary=f"approved premises: {said.STEP[step].lower()}", shared=shared
    )  # fmt: skip


PREMISES = Ask(
    title="Record a step about approved premises",
    lead="Requested, assessed, offered or refused. The time counts: late in a day it counts from the next working day.",
    button="Record",
    done="premises",
    fields=_premises_fields,
    read=_read_premises,
)


def _travel_fields(making: Making) -> tuple[Field, ...]:
    return (
        Field(name="to", label="Where had the person been?"),
        a_day("left_on", "On which day did they leave?"),
        radios("permitted", "Had it been permitted?", said.YES_NO, inline=True),
        *now_fields("On which day did they come back?", making.now),
        share(making),
    )


def _read_travel(answers: Answers, making: Making) -> Entry | None:
    happened, shared = _when(answers, making), _shared(answers, making)
    body = {
        "to": answers.text("to", most=200),
        "left_on": _iso(any_day(answers, "left_on")),
        "permitted": answers.choice("permitted", said.YES_NO),
    }
    if answers.wrong or happened is None:
        return None
    where = f" from {body['to']}" if body["to"] else ""
    return making.entry(state.TRAVEL, happened, body, summary=f"back in the United Kingdom{where}", shared=shared)


TRAVEL = Ask(
    title="Record a return from abroad",
    lead="From this day the person has to report.",
    button="Record",
    done="travel",
    fields=_travel_fields,
    read=_read_travel,
)


# --- release, end ----------------------------------------------------------------------------------------------------


def _licences(making: Making) -> dict[str, str]:
    """The licences approved, the newest first, by the reference that the writer's agency can name."""
    held = [one.approved for one in reversed(making.seen.whole.licences) if _nameable(making, one.approved)]
    return {one.ref: f"{said.FORM[one.body['form']]}, approved {when_said(one)}" for one in held}


def _release_fields(making: Making) -> tuple[Field, ...]:
    held = _licences(making)
    return (
        radios("release", "Which release is it?", said.RELEASE),
        select("licence", "On which licence?", held, next(iter(held), ""), first="Choose the licence"),
        Field(name="address_kind", label="To what kind of place?", hint="Such as approved premises. No address"),
        a_day("planned_on", "Had another day been planned?", "Leave this empty if it was this day"),
        *now_fields("On which day did the person leave prison?", making.now),
        share(making),
    )  # fmt: skip


def _read_release(answers: Answers, making: Making) -> Entry | None:
    release = answers.choice("release", said.RELEASE, ask="Choose which release it is")
    licence = answers.choice("licence", _licences(making), ask="Choose the licence. One must be approved first")
    happened, shared = _when(answers, making), _shared(answers, making)
    body = {
        "release": release,
        "licence": licence,
        "address_kind": answers.text("address_kind", most=200),
        "planned_on": _iso(any_day(answers, "planned_on")),
    }
    if not answers.wrong and happened is not None and making.seen.whole.status == "active" and release != "temporary":
        answers.wrong["release"] = "The person is on licence already. Record what ended it first"
    if answers.wrong or happened is None:
        return None
    return making.entry(
        state.RELEASED, happened, body, summary=f"released: {said.RELEASE[release].lower()}", shared=shared
    )  # fmt: skip


RELEASE = Ask(
    title="Record a release on licence",
    lead="The day on which the person left prison. Conditions bind from then on.",
    button="Record the release",
    done="released",
    fields=_release_fields,
    read=_read_release,
)


def _request_fields(making: Making) -> tuple[Field, ...]:
    return (
        area("words", "What does the person say?", rows=2),
        *now_fields("On which day did they ask?", making.now),
        share(making),
    )


def _read_request(answers: Answers, making: Making) -> Entry | None:
    happened, shared, text = _when(answers, making), _shared(answers, making), answers.text("words")
    if answers.wrong or happened is None:
        return None
    return making.entry(
        state.END_REQUESTED, happened, {"words": text}, summary="asks for the licence to end", shared=shared
    )  # fmt: skip


END_REQUEST = Ask(
    title="Record that the person asks for the licence to end",
    lead="Whether a reference may be asked for already stands on the page of the licence, with its law. The request is "
    "recorded either way.",
    button="Record",
    done="asked",
    fields=_request_fields,
    read=_read_request,
)


def _end_fields(making: Making) -> tuple[Field, ...]:
    return (
        radios("reason", "Why does it end?", said.END_REASON),
        radios("order", "Is there an order that ends it?", said.YES_NO, inline=True,
               hint="A licence for public protection ends by an order of the Secretary of State"),
        area("words", "What should be known about it?", rows=2),
        *now_fields("On which day does it end?", making.now),
        share(making),
    )  # fmt: skip


def _read_end(answers: Answers, making: Making) -> Entry | None:
    reason = answers.choice("reason", said.END_REASON, ask="Choose why it ends")
    order = answers.choice("order", said.YES_NO, ask="Choose whether there is an order")
    happened, shared, text = _when(answers, making), _shared(answers, making), answers.text("words")
    if answers.wrong or happened is None:
        return None
    return making.entry(
        state.ENDED, happened, {"reason": reason, "order": order, "words": text},
        summary=f"the licence ends: {said.END_REASON[reason].lower()}", shared=shared,
    )  # fmt: skip


END = Ask(
    title="Record the end of the licence",
    lead="Only a recorded end ends a licence; a day that was worked out does not.",
    button="Record the end",
    done="ended",
    fields=_end_fields,
    read=_read_end,
)


# --- breaches --------------------------------------------------------------------------------------------------------


def instances(making: Making) -> dict[str, tuple[state.Licence, state.Condition]]:
    """The conditions of all licences that were ever in force, one by one: the newest licence first."""
    licences = {id(one): one for spell in reversed(making.seen.whole.spells) for one in reversed(spell.licences)}
    made = {}
    for licence in licences.values():
        if _nameable(making, licence.approved):
            for number, one in enumerate(licence.conditions):
                made[f"{licence.approved.id.hex}-{number}"] = (licence, one)
    return made


def _instance_words(licence: state.Licence, one: state.Condition) -> str:
    title = one.name if one.bespoke else catalogue.look_up(one.version, one.name).title
    gone = f", taken away {when_said(one.removed_by)}" if one.removed_by else ""
    version = "for this person" if one.bespoke else said.VERSION.get(one.version, one.version).replace("V", "v", 1)
    return f"{title} ({version}; licence of {when_said(licence.approved)}{gone})"


def _about(making: Making) -> dict[str, str]:
    """What an allegation can rest on: facts found, disclosures, missed appointments; the newest first."""
    found = []
    for one in reversed(making.case.about):
        missed = one.kind == state.APPOINTMENT and one.body["kept"] == "no"
        if (one.kind in (state.FOUND, state.DISCLOSED) or missed) and _nameable(making, one):
            found.append(one)
    return {one.ref: f"{when_said(one)}: {one.summary or one.kind}" for one in found[:MOST_CHOICES]}


def _breach_fields(making: Making) -> tuple[Field, ...]:
    named = {key: _instance_words(*one) for key, one in instances(making).items()}
    about = _about(making)
    chosen = making.about.ref if making.about is not None else ""
    return (
        Field(name="condition", label="Which condition, on which licence?", kind="radios", choices=choices(named)),
        area("facts", "What is said to have happened?", "The facts, with their days"),
        *(
            (Field(name="about", label="What does it rest on?", kind="checkboxes", choices=choices(about, chosen)),)
            if about
            else ()
        ),
        *now_fields("On which day do you allege it?", making.now),
        share(making),
    )


def _read_breach(answers: Answers, making: Making) -> Entry | None:
    held = instances(making)
    chosen = answers.choice("condition", held, ask="Choose the condition. A licence must have been in force")
    facts = answers.text("facts", ask="Write what is said to have happened")
    happened, shared = _when(answers, making), _shared(answers, making)
    about = list(answers.chosen("about", _about(making)))
    if answers.wrong or happened is None:
        return None
    licence, one = held[chosen]
    body = {
        "condition": one.name, "policy_version": one.version, "licence": licence.approved.ref, "about": about,
        "facts": facts,
    }  # fmt: skip
    return making.entry(state.ALLEGED, happened, body, summary=facts, shared=shared)


BREACH = Ask(
    title="Allege a breach of a condition",
    lead="Against one condition of one licence. It is explained and decided by people, in steps of their own.",
    button="Record the allegation",
    done="alleged",
    fields=_breach_fields,
    read=_read_breach,
)


def _explained_fields(making: Making) -> tuple[Field, ...]:
    return (
        area("words", "What does the person say?", "In their own words; “nothing” is an answer too"),
        select("channel", "How?", said.CHANNEL, "in_person", first="Choose how"),
        *now_fields("On which day?", making.now),
        share(making),
    )


def _read_explained(answers: Answers, making: Making) -> Entry | None:
    text = answers.text("words", ask="Write what the person says, or that they say nothing")
    channel = answers.choice("channel", said.CHANNEL)
    happened, shared = _when(answers, making), _shared(answers, making)
    if answers.wrong or happened is None or making.about is None:
        return None
    body = {"breach": making.about.ref, "words": text, "channel": channel}
    return making.entry(state.EXPLAINED, happened, body, summary=text, shared=shared, basis="told")


EXPLAINED = Ask(
    title="Record the person’s explanation",
    lead="What the person says about the alleged breach.",
    button="Record",
    done="explained",
    fields=_explained_fields,
    read=_read_explained,
)


def _decided_fields(making: Making) -> tuple[Field, ...]:
    return (
        radios("decision", "What is decided?", said.DECISION),
        area("reason", "Why?", "The reason stands beside the decision for ever"),
        Field(name="decided_by", label="Who decided, if not you?", hint="Name and office"),
        area("expectations", "What is the person told to do from now on?", rows=2),
        *now_fields("On which day?", making.now),
        share(making),
    )


def _read_decided(answers: Answers, making: Making) -> Entry | None:
    decision = answers.choice("decision", said.DECISION, ask="Choose what is decided")
    reason = answers.text("reason", ask="Write why")
    by, expectations = answers.text("decided_by", most=200), answers.text("expectations")
    happened, shared = _when(answers, making), _shared(answers, making)
    if answers.wrong or happened is None or making.about is None:
        return None
    body = {
        "breach": making.about.ref, "decision": decision, "reason": reason, "decided_by": by,
        "expectations": expectations,
    }  # fmt: skip
    return making.entry(
        state.DECIDED, happened, body, summary=f"{said.DECISION[decision].lower()}: {reason}", shared=shared
    )  # fmt: skip


DECIDED = Ask(
    title="Record what was decided",
    lead="A person decides, with a reason. Asking for recall is recorded with the recall.",
    button="Record the decision",
    done="decided",
    fields=_decided_fields,
    read=_read_decided,
)
