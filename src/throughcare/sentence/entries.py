"""What is recorded about a sentence, the time in custody, the risk and the victim."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import EndReason, YesNo
from throughcare.ledger.kinds import Body, Day, Ref, Text, Whole, Words, recorded

SentenceType = Literal[
    "life",
    "ipp",  # imprisonment for public protection
    "dpp",  # detention for public protection
    "hmp_detention",  # at His Majesty's pleasure
    "extended",
    "sopc",  # special custodial sentence for offenders of particular concern
    "determinate_old",  # before the Criminal Justice Act 2003
    "standard",
    "youth_standard",
    "terrorist",
]

KeyDate = Literal[
    "tariff_expiry",
    "PED",  # parole eligibility
    "CRD",  # conditional release
    "ARD",  # automatic release
    "NPD",  # non-parole
    "HDCED",  # home detention curfew eligibility
    "LED",  # licence expiry
    "SED",  # sentence expiry
    "SLED",  # sentence and licence expiry
    "PRRD",  # post-recall release
    "APD",  # approved parole
    "TUSED",  # top-up supervision expiry
    "target_hearing",
]
"""Which date of a sentence."""

IncidentFamily = Literal[
    "threat_received",
    "abuse_received",
    "assault_on",
    "assault_by",
    "threat_by",
    "self_harm",
    "disorder",
    "find",
    "contact_breach",
    "other",
]

ProgrammeStatus = Literal[
    "referred", "suitable", "not_suitable", "on_hold", "on_programme", "completed", "deselected", "withdrawn"
]

RiskLevel = Literal["low", "medium", "high", "very_high", "unknown"]

VictimContact = Literal[
    "first_contact",
    "review_opened",
    "listing",
    "decision",
    "release",
    "recall",
    "return",
    "condition",
    "public_hearing",
    "other",
]


@recorded("sentence.imposed", by="court, prison", concerns="subject victim*", label="court")
class SentenceImposed(Body):
    """A court passed a sentence."""

    type: SentenceType
    offence: Text
    years: Whole
    months: Whole
    days: Whole
    minimum_years: Whole | None = None
    minimum_days_served: Whole | None = None
    extension_years: Whole | None = None
    victim_scheme: YesNo
    listed_grave: YesNo


@recorded("sentence.key_date_set", by="prison, casework", concerns="subject")
class KeyDateSet(Body):
    """A date was calculated; only the newest of each kind counts and starts clocks, older ones stay."""

    date_kind: KeyDate
    value: Day
    basis: Words | None = None


@recorded("sentence.responsibility_moved", by="probation", concerns="subject practitioner?")
class ResponsibilityMoved(Body):
    """The community offender manager took over."""


@recorded("sentence.ended", by="prison, probation", concerns="subject")
class SentenceEnded(Body):
    """The sentence came to its end."""

    reason: EndReason


@recorded("custody.incident", by="prison", concerns="subject alleged? victim?")
class Incident(Body):
    """Something happened in custody; the part says whether done by or to the person."""

    family: IncidentFamily
    linked_to_publicity: YesNo | None = None
    told_panel: YesNo | None = None


@recorded("custody.programme", by="prison, probation", concerns="subject")
class Programme(Body):
    """A programme record changed status."""

    programme: Text
    status: ProgrammeStatus


@recorded("risk.assessed", by="prison, probation", concerns="subject")
class Assessed(Body):
    """A dated reading of risk of serious harm."""

    children: RiskLevel
    public: RiskLevel
    known_adult: RiskLevel
    staff: RiskLevel
    tool: Words | None = None


@recorded("risk.mappa_set", by="responsible authority", concerns="subject", label="police")
class MappaSet(Body):
    """Public-protection category and level from a day."""

    category: Whole
    level: Whole


@recorded("victim.referred", by="police witness care", concerns="subject victim", label="victim")
class Referred(Body):
    """A victim was referred to the contact scheme."""

    sentence: Ref


@recorded("victim.contacted", by="victim liaison", concerns="subject victim", label="victim")
class Contacted(Body):
    """The liaison officer told or reached the victim."""

    purpose: VictimContact
    about: Ref | None = None
    reached: YesNo


@recorded("victim.statement_received", by="victim liaison", concerns="subject victim", label="victim")
class StatementReceived(Body):
    """A personal statement came in."""

    read_by: Words | None = None
    prisoner_present: YesNo | None = None


@recorded("victim.condition_requested", by="victim liaison", concerns="subject victim", label="victim")
class ConditionRequested(Body):
    """A victim asked for a licence condition."""

    condition: Text
