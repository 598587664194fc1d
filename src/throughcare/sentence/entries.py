"""What is recorded about a sentence, the time in custody, the risk and the victim."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import EndReason, YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Ref, Text, Whole, Words, recorded

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

SentenceForm = Literal[
    "default_term",  # for a fine that was not paid
    "detention_and_training",
    "supervision_breach",  # of supervision after a short sentence
]
"""A custodial order that is none of the types of sentence; its `type` then says adult or youth, and no more."""

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

IncidentPart = Literal["victim", "assailant", "suspected", "present", "unknown"]
"""Which part the person had in an incident."""

ContentLevel = Literal["ordinary", "restricted"]
"""May what was said or done be read with the record, or only by those who need it?"""

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
    court: Words | None = None
    case_reference: Words | None = None
    offence_code: Words | None = None
    offence_on: Day | None = None  # the day on which it was committed
    offences: Lines | None = None  # the others of this sentence
    remarks: Words | None = None  # of the judge
    weeks: Whole | None = None  # beside years, months and days
    minimum_months: Whole | None = None
    minimum_days: Whole | None = None
    whole_life: YesNo | None = None
    extension_months: Whole | None = None
    extension_weeks: Whole | None = None
    extension_days: Whole | None = None
    remand_days: Whole | None = None
    tagged_bail_days: Whole | None = None
    adjustments: Lines | None = None  # of the booking: one line each, kind first
    consecutive_to: Ref | None = None
    form: SentenceForm | None = None
    longer_release_point: YesNo | None = None  # known as SDS+
    release_exclusions: Lines | None = None  # codes of the booking
    automatic_release: YesNo | None = None  # of an extended sentence
    fine: Words | None = None  # the sum that was not paid


@recorded("sentence.key_date_set", by="prison, casework", concerns="subject")
class KeyDateSet(Body):
    """A date was calculated; only the newest of each kind counts and starts clocks, older ones stay."""

    date_kind: KeyDate
    value: Day
    basis: Words | None = None
    sentence: Ref | None = None
    worked_out_by: Words | None = None


@recorded("sentence.responsibility_moved", by="probation", concerns="subject practitioner?")
class ResponsibilityMoved(Body):
    """The community offender manager took over."""

    manager: Words | None = None  # who, in words
    note: Words | None = None


@recorded("sentence.ended", by="prison, probation", concerns="subject")
class SentenceEnded(Body):
    """The sentence came to its end."""

    reason: EndReason
    sentence: Ref | None = None  # which; left out: all that run


@recorded("custody.incident", by="prison", concerns="subject alleged? victim?")
class Incident(Body):
    """Something happened in custody; the part says whether done by or to the person."""

    family: IncidentFamily
    linked_to_publicity: YesNo | None = None
    told_panel: YesNo | None = None
    told_panel_on: Day | None = None
    told_in_private: YesNo | None = None  # in a part of the hearing that was closed to others
    part: IncidentPart | None = None
    source: Words | None = None  # of abuse or a threat: where it came from
    content_level: ContentLevel | None = None
    kept_safe_by: Words | None = None  # what was done to keep the person safe
    separated: YesNo | None = None  # from others, for it
    outcome: Words | None = None
    effect_on_progress: Words | None = None


@recorded("custody.programme", by="prison, probation", concerns="subject")
class Programme(Body):
    """A programme record changed status."""

    programme: Text
    status: ProgrammeStatus
    reason: Words | None = None  # why suitable or not, on hold, taken off
    learning_claimed: Words | None = None  # what it is said to have taught; finishing is no less risk
    claimed_by: Words | None = None
    sessions: Whole | None = None
    panel_finding: Words | None = None  # what a panel found of it, apart from what is claimed
    panel_decision: Ref | None = None


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
