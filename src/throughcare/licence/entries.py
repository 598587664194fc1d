"""What is recorded about a licence: its conditions, what was disclosed, and what was found."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import EndReason, YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Ref, Refs, Text, Words, recorded

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


@recorded("licence.approved", by="prison, casework", concerns="subject")
class Approved(Body):
    """A licence was approved with its conditions."""

    form: LicenceForm
    policy_version: LicenceVersion
    conditions: Lines
    bespoke: Lines | None = None


@recorded("licence.released", by="prison", concerns="subject")
class Released(Body):
    """The person left prison on licence."""

    release: ReleaseKind
    licence: Ref
    address_kind: Words | None = None


@recorded("licence.varied", by="probation, casework", concerns="subject")
class Varied(Body):
    """Conditions changed on a live licence."""

    policy_version: LicenceVersion
    added: Lines
    removed: Lines
    victim_liaison_asked: YesNo | None = None


@recorded("licence.appointment", by="probation", concerns="subject practitioner?")
class Appointment(Body):
    """An appointment kept or missed."""

    purpose: AppointmentPurpose
    kept: YesNo


@recorded("licence.disclosure_made", by="probation", concerns="subject partner?")
class DisclosureMade(Body):
    """The person told the officer something, or answered that there is nothing to tell."""

    topic: DisclosureTopic
    nothing_to_tell: YesNo
    asked: YesNo
    fact_from: Day | None = None
    words: Words | None = None


@recorded("licence.fact_found", by="probation, police, approved premises", concerns="subject partner?", label="police")
class FactFound(Body):
    """A fact that should have been told was found another way."""

    topic: DisclosureTopic
    fact_from: Day | None = None
    source: Text
    condition: Words | None = None


@recorded("licence.travel_returned", by="probation", concerns="subject")
class TravelReturned(Body):
    """The person came back to the United Kingdom during the licence."""


@recorded("licence.breach_alleged", by="probation", concerns="subject partner?")
class BreachAlleged(Body):
    """A breach was alleged against one condition instance."""

    condition: Text
    policy_version: LicenceVersion
    licence: Ref
    about: Refs


@recorded("licence.breach_explained", by="probation", concerns="subject")
class BreachExplained(Body):
    """The person's explanation."""

    breach: Ref
    words: Words | None = None


@recorded("licence.breach_decided", by="probation manager", concerns="subject")
class BreachDecided(Body):
    """What was decided on it, by whom and why."""

    breach: Ref
    decision: BreachDecision
    reason: Text


@recorded("licence.premises", by="probation", concerns="subject")
class Premises(Body):
    """Approved premises: requested, assessed, offered, refused."""

    step: PremisesStep
    urgency: PremisesUrgency | None = None
    request: Ref | None = None
    after_parole: YesNo | None = None


@recorded("licence.end_requested", by="person, probation", concerns="subject")
class EndRequested(Body):
    """The person asked that the licence be brought to an end."""


@recorded("licence.ended", by="casework, probation", concerns="subject")
class Ended(Body):
    """The licence ended."""

    reason: EndReason
    order: YesNo | None = None
