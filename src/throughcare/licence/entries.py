"""What is recorded about a licence: its conditions, what was disclosed, and what was found.

Fields that may be left out and that the vocabulary of lives does not name (inputs of conditions, the management plan,
how a disclosure was made) are this product's own: a record without them is as good as before.
"""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import EndReason, YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Moment, Ref, Refs, Text, Words, recorded

LicenceVersion = Literal["1.0", "2.0", "2.1", "3.0", "4.0", "board_directed", "unknown"]
"""The version of the licence conditions policy; a licence by direction of the Board has none."""

LicenceForm = Literal["standard", "emergency", "variation"]

ReleaseKind = Literal["first", "re_release", "home_detention_curfew", "temporary"]

AppointmentPurpose = Literal["first", "supervision", "after_travel", "premises", "other"]

DisclosureTopic = Literal[
    "relationship",
    "relationship_with_child_household",
    "online_contact",
    "contact_details",
    "name",
    "address",
    "work",
    "vehicle",
    "money",
    "travel",
    "passport",
    "other",
]

BreachDecision = Literal["no_action", "warning", "variation", "recall"]

PremisesStep = Literal["requested", "assessed", "offered", "refused"]

PremisesUrgency = Literal["standard", "short_notice", "emergency"]

Channel = Literal["in_person", "telephone", "message", "letter", "home_visit", "through_somebody", "other", "unknown"]
"""How something reached the supervising officer."""

Change = Literal["began", "changed", "ended", "unknown"]
"""What became of the thing that is told: a relationship that began, a telephone that was given up."""


@recorded("licence.approved", by="prison, casework", concerns="subject")
class Approved(Body):
    """A licence was approved with its conditions."""

    form: LicenceForm
    policy_version: LicenceVersion
    conditions: Lines
    bespoke: Lines | None = None
    details: Lines | None = None  # what the inputs of conditions say, each `condition.input=value`
    reason: Words | None = None  # why in this form, such as why in an emergency
    starts_on: Day | None = None  # the day of release that it was made for
    victim_liaison_asked: YesNo | None = None
    victim_liaison_said: Words | None = None
    report_to: Words | None = None  # where and to whom the person reports first
    plan_key_information: Words | None = None  # the management plan, by its headings (brief, section 13)
    plan_considerations: Words | None = None
    plan_supervision: Words | None = None
    plan_monitoring: Words | None = None
    plan_interventions: Words | None = None
    plan_victim_safety: Words | None = None
    plan_contingency: Words | None = None


@recorded("licence.released", by="prison", concerns="subject")
class Released(Body):
    """The person left prison on licence."""

    release: ReleaseKind
    licence: Ref
    address_kind: Words | None = None
    planned_on: Day | None = None  # where it was another day
    report_at: Moment | None = None  # the first appointment, as the person was told it


@recorded("licence.varied", by="probation, casework", concerns="subject")
class Varied(Body):
    """Conditions changed on a live licence."""

    policy_version: LicenceVersion
    added: Lines
    removed: Lines
    victim_liaison_asked: YesNo | None = None
    victim_liaison_said: Words | None = None
    details: Lines | None = None  # what the inputs of conditions say, each `condition.input=value`
    reason: Words | None = None
    decided_by: Words | None = None  # who approved it: a manager, the Board
    plan_key_information: Words | None = None  # the management plan, where it changed with the conditions
    plan_considerations: Words | None = None
    plan_supervision: Words | None = None
    plan_monitoring: Words | None = None
    plan_interventions: Words | None = None
    plan_victim_safety: Words | None = None
    plan_contingency: Words | None = None


@recorded("licence.appointment", by="probation", concerns="subject practitioner?")
class Appointment(Body):
    """An appointment kept or missed."""

    purpose: AppointmentPurpose
    kept: YesNo
    planned_at: Moment | None = None
    place: Words | None = None
    outcome: Words | None = None  # what was spoken of, or what was done about its being missed
    excused: YesNo | None = None  # missed with a reason that was accepted


@recorded("licence.disclosure_made", by="probation", concerns="subject partner?")
class DisclosureMade(Body):
    """The person told the officer something, or answered that there is nothing to tell."""

    topic: DisclosureTopic
    nothing_to_tell: YesNo
    asked: YesNo
    fact_from: Day | None = None
    words: Words | None = None
    channel: Channel | None = None
    told_to: Words | None = None  # whom the person told, where it was not the one who records it
    change: Change | None = None
    children: YesNo | None = None  # are there children in the home, or in contact?
    condition: Words | None = None  # the condition that it answers, as the licence names it
    follow_up: Words | None = None


@recorded("licence.fact_found", by="probation, police, approved premises", concerns="subject partner?", label="police")
class FactFound(Body):
    """A fact that should have been told was found another way."""

    topic: DisclosureTopic
    fact_from: Day | None = None
    source: Text
    condition: Words | None = None
    children: YesNo | None = None
    shown_by: Refs | None = None  # entries that show it: a police record, a visit
    follow_up: Words | None = None


@recorded("licence.travel_returned", by="probation", concerns="subject")
class TravelReturned(Body):
    """The person came back to the United Kingdom during the licence."""

    left_on: Day | None = None
    to: Words | None = None
    permitted: YesNo | None = None


@recorded("licence.breach_alleged", by="probation", concerns="subject partner?")
class BreachAlleged(Body):
    """A breach was alleged against one condition instance."""

    condition: Text
    policy_version: LicenceVersion
    licence: Ref
    about: Refs
    facts: Words | None = None  # what is said to have happened, with its days


@recorded("licence.breach_explained", by="probation", concerns="subject")
class BreachExplained(Body):
    """The person's explanation."""

    breach: Ref
    words: Words | None = None
    channel: Channel | None = None


@recorded("licence.breach_decided", by="probation manager", concerns="subject")
class BreachDecided(Body):
    """What was decided on it, by whom and why."""

    breach: Ref
    decision: BreachDecision
    reason: Text
    decided_by: Words | None = None  # name and office, where it was not the one who records it
    expectations: Words | None = None  # what the person is told to do from now on


@recorded("licence.premises", by="probation", concerns="subject")
class Premises(Body):
    """Approved premises: requested, assessed, offered, refused."""

    step: PremisesStep
    urgency: PremisesUrgency | None = None
    request: Ref | None = None
    after_parole: YesNo | None = None
    premises: Words | None = None  # which, without its address
    place_from: Day | None = None
    place_until: Day | None = None
    reason: Words | None = None


@recorded("licence.end_requested", by="person, probation", concerns="subject")
class EndRequested(Body):
    """The person asked that the licence be brought to an end."""

    words: Words | None = None


@recorded("licence.ended", by="casework, probation", concerns="subject")
class Ended(Body):
    """The licence ended."""

    reason: EndReason
    order: YesNo | None = None
    words: Words | None = None
