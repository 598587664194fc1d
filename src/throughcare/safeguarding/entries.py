"""What is recorded about a child: what was seen, what was decided, and what was done about it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from throughcare.ledger.codes import Sector, StatedBy, YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Many, Moment, Positive, Ref, Refs, Text, Whole, Words, recorded

ReferralSource = Literal[
    "1A",  # family member or carer
    "1B",  # acquaintance
    "1C",  # self
    "1D",  # another individual
    "2A",  # school
    "2B",  # education services
    "3A",  # general practitioner
    "3B",  # health visitor
    "3C",  # school nurse
    "3D",  # other primary health services
    "3E",  # emergency department
    "3F",  # other health services
    "4",  # housing
    "5A",  # social care of the authority
    "5B",  # another service of the authority
    "5C",  # another authority
    "5D",  # early help
    "6",  # police
    "7",  # other legal agency: courts, probation, prison, Cafcass
    "8",  # other
    "9",  # anonymous
    "10",  # unknown
]
"""Who referred. Source: children in need census, item ReferralSource."""

PrimaryNeed = Literal[
    "N1",  # abuse or neglect
    "N2",  # the child's disability or illness
    "N3",  # a parent's disability or illness
    "N4",  # family in acute stress
    "N5",  # family dysfunction
    "N6",  # socially unacceptable behaviour
    "N7",  # low income
    "N8",  # absent parenting
    "N9",  # not a child in need
    "N0",  # not stated
]
"""Why the child needs a service. Source: children in need census, item PrimaryNeedCode."""

AbuseCategory = Literal[
    "NEG",  # neglect
    "PHY",  # physical
    "SAB",  # sexual
    "EMO",  # emotional
    "MUL",  # more than one
]
"""What the plan protects against. Source: children in need census, item CategoryOfAbuse."""

ClosureReason = Literal[
    "RC1",  # adopted
    "RC2",  # died
    "RC3",  # child arrangements order
    "RC4",  # special guardianship order
    "RC5",  # moved to another authority
    "RC6",  # moved to adult services
    "RC7",  # another end of services
    "RC8",  # assessed, no further action
    "RC9",  # assessed, to early help
    "unknown",
]
"""Why the case was closed. Source: children in need census, item ReasonForClosure."""

Weight = Literal["concern", "strength", "neutral", "unknown"]
"""What the practitioner took it for."""

SeenOrTold = Literal["seen", "told", "document", "unknown"]

ContactOutcome = Literal["no_further_action", "advice", "early_help", "referral", "pending", "unknown"]

ReferralDecision = Literal["no_further_action", "early_help", "assessment", "strategy_discussion", "unknown"]
"""What the manager decided on a referral."""

AssessmentOutcome = Literal["close", "early_help", "child_in_need_plan", "strategy_discussion", "unknown"]

StrategyDecision = Literal[
    "no_further_action", "assessment_continues", "section47_single", "section47_joint", "emergency_power", "undecided"
]

Section47Form = Literal["single", "joint", "unknown"]

Section47Outcome = Literal[
    "not_substantiated", "substantiated_no_continuing_risk", "substantiated_continuing_risk", "unknown"
]

VisitPurpose = Literal[
    "section47",
    "protection_plan",
    "child_in_need_plan",
    "looked_after",
    "private_fostering",
    "welfare",
    "universal",
    "other",
]

Awake = Literal["awake", "asleep", "unknown"]

InjuryType = Literal[
    "bruise",
    "possible_bruise",
    "petechiae",
    "abrasion",
    "laceration",
    "bite",
    "burn",
    "scald",
    "fracture",
    "head_injury",
    "eye",
    "oral",
    "internal",
    "other",
    "none_confirmed_mimic",
    "unknown",
]

BodySite = Literal[
    "torso",
    "chest",
    "back",
    "abdomen",
    "buttock",
    "genital_anal",
    "ear",
    "neck",
    "frenulum",
    "angle_of_jaw",
    "cheek",
    "eyelid",
    "eye_white",
    "mouth",
    "forehead",
    "scalp",
    "nose",
    "chin",
    "upper_arm",
    "forearm",
    "wrist",
    "hand",
    "finger",
    "thigh",
    "knee",
    "shin",
    "calf",
    "ankle",
    "foot",
    "toe",
    "other",
    "unknown",
]
"""Where on the body. Those of the TEN-4-FACESp screen stand apart from the rest."""

InjuryPattern = Literal["none", "hand", "loop", "linear", "ligature", "implement", "bite", "clustered", "unknown"]
"""What the mark looks like the print of."""

Mobility = Literal[
    "not_rolling",
    "rolling",
    "sitting",
    "crawling",
    "bottom_shuffling",
    "cruising",
    "walking",
    "not_mobile_disability",
    "unknown",
]
"""How far the child moved alone on the day found."""

Mechanism = Literal[
    "none_offered",
    "fall_own_height",
    "fall_from_furniture",
    "fall_from_arms",
    "fall_stairs",
    "knock_on_object",
    "by_other_child",
    "by_animal",
    "self_inflicted",
    "skin_condition",
    "medical_cause",
    "hot_liquid_or_object",
    "rough_play",
    "inflicted_by_adult",
    "other",
    "unknown",
]
"""How it is said to have come about."""

Fit = Literal["consistent", "inconsistent", "cannot_say"]

InjuryOpinion = Literal["accidental", "inflicted", "medical_cause", "undetermined", "awaiting_tests"]

HealthSetting = Literal[
    "emergency_department", "walk_in_centre", "gp", "clinic", "ward", "ambulance", "home", "other", "unknown"
]

AttendanceReason = Literal["injury", "illness", "routine", "behaviour", "other", "unknown"]

AppointmentResult = Literal["attended", "was_not_brought", "cancelled_by_family", "cancelled_by_service", "unknown"]

MissingStep = Literal["reported", "returned", "interview_offered", "interview_held"]

ConferenceKind = Literal["initial", "review", "transfer"]

ReviewDecision = Literal["continue", "end", "end_to_child_in_need", "adjourned"]

PlanStep = Literal["started", "reviewed", "ended"]

ProtectionPower = Literal[
    "police_protection",
    "emergency_protection_order",
    "emergency_protection_extension",
    "child_assessment_order",
    "interim_care_order",
    "interim_supervision_order",
    "care_order",
    "supervision_order",
    "placement_order",
    "other",
]

PreProceedingsStep = Literal["letter", "meeting", "stepped_down", "application"]

LookedAfterChange = Literal["started", "ended"]

CareStep = Literal["care_plan", "review", "health_assessment"]

PlacementKind = Literal["foster", "kinship", "residential", "with_parent", "adoptive", "other", "unknown"]

ReportableKind = Literal["position_of_trust", "fgm", "child_sexual_abuse", "looked_after_death", "other"]

ReportedTo = Literal["designated_officer", "police", "local_authority", "ofsted", "secretary_of_state", "other"]

EscalationStatus = Literal["raised", "moved", "resolved"]

Schooling = Literal["enrolled", "excluded", "left", "elective_home_education", "unknown"]

TransferStep = Literal["notified", "receipted", "declined"]

ActionStatus = Literal["done", "partly", "missed", "not_due"]
"""What became of an action of a plan. No kind has it yet."""


@recorded(
    "safeguarding.observation",
    by="any practitioner",
    concerns="subject* mother? father? household* alleged? informant?",
)
class Observation(Body):
    """One fact that a practitioner saw or was told."""

    weight: Weight
    seen_or_told: SeenOrTold
    child_words: Words | None = None
    who_present: Words | None = None
    contradicts: Refs | None = None


@recorded("safeguarding.contact", by="front door", concerns="subject* informant? alleged? mother?")
class Contact(Body):
    """Information about a child reached the front door."""

    source: ReferralSource
    concern: YesNo
    outcome: ContactOutcome
    closed_as_malicious: YesNo


@recorded("safeguarding.referral", by="front door", concerns="subject")
class Referral(Body):
    """A contact was accepted for a statutory response."""

    source: ReferralSource
    primary_need: PrimaryNeed
    previous_referral_on: Day | None = None


@recorded("safeguarding.referral_decided", by="local authority manager", concerns="subject")
class ReferralDecided(Body):
    """The manager decided the type of response."""

    referral: Ref
    decision: ReferralDecision
    reason: Words | None = None


@recorded("safeguarding.assessment_started", by="lead practitioner", concerns="subject")
class AssessmentStarted(Body):
    """A child and family assessment began."""

    internal_review_on: Day | None = None


@recorded("safeguarding.assessment_completed", by="local authority manager", concerns="subject")
class AssessmentCompleted(Body):
    """The assessment was authorised."""

    started: Ref | None = None
    child_seen: YesNo
    seen_alone: YesNo
    factors: Lines | None = None
    outcome: AssessmentOutcome


@recorded("safeguarding.harm_suspected", by="local authority manager, police", concerns="subject alleged?")
class HarmSuspected(Body):
    """A practitioner with authority recorded reasonable cause to suspect significant harm."""

    about: Refs | None = None


@recorded("safeguarding.strategy_discussion", by="local authority chair", concerns="subject* alleged? practitioner*")
class StrategyDiscussion(Body):
    """The agencies discussed suspected significant harm and decided."""

    attended: Many[Sector]
    information_from: Many[Sector]
    asked_and_silent: Many[Sector] | None = None
    decision: StrategyDecision
    see_child_by: Moment | None = None
    medical: YesNo
    parents_told: YesNo | None = None
    reason: Words | None = None


@recorded("safeguarding.section47_started", by="local authority", concerns="subject")
class Section47Started(Body):
    """An enquiry under section 47 began."""

    form: Section47Form
    discussion: Ref | None = None
    see_child_by: Moment | None = None


@recorded("safeguarding.section47_completed", by="local authority manager", concerns="subject")
class Section47Completed(Body):
    """The enquiry ended with an outcome."""

    enquiry: Ref
    outcome: Section47Outcome
    conference_required: YesNo
    reason: Words | None = None


@recorded(
    "safeguarding.visit", by="social worker, health visitor, police", concerns="subject* mother? father? household*"
)
class Visit(Body):
    """A practitioner went to see the child."""

    purpose: VisitPurpose
    seen: YesNo
    alone: YesNo
    awake: Awake
    home_seen: YesNo
    bedroom_seen: YesNo
    announced: YesNo
    in_home: Words | None = None


@recorded(
    "safeguarding.injury_found", by="any practitioner", concerns="subject mother? household* informant?", label="health"
)
class InjuryFound(Body):
    """An injury (or several marks of one kind at one place) was found on a child."""

    occasion: Text
    type: InjuryType
    site: BodySite
    count: Whole
    pattern: InjuryPattern
    mobility: Mobility
    size_mm: Whole | None = None
    photographed: YesNo | None = None
    seen_before: Ref | None = None


@recorded("safeguarding.explanation_given", by="who heard it", concerns="subject informant?")
class ExplanationGiven(Body):
    """One account of how an injury came about."""

    injuries: Refs
    account_by: StatedBy
    mechanism: Mechanism
    words: Words | None = None
    said_happened: Day | None = None
    independently_witnessed: YesNo


@recorded(
    "safeguarding.opinion_given",
    by="clinician, or other and so marked",
    concerns="subject practitioner?",
    label="health",
)
class OpinionGiven(Body):
    """A judgement of an injury against its explanations; never overwritten."""

    injuries: Refs
    clinician: YesNo
    opinion: InjuryOpinion
    fits_injury: Fit
    fits_development: Fit
    fits_timing: Fit
    tests: Lines | None = None
    siblings_examined: YesNo | None = None


@recorded("safeguarding.attendance", by="health", concerns="subject mother? father? household?", label="health")
class Attendance(Body):
    """A child was brought to a health service."""

    site: Text
    setting: HealthSetting
    scheduled: YesNo
    reason: AttendanceReason
    event_said_at: Moment | None = None
    seen_out: YesNo | None = None


@recorded("safeguarding.appointment_outcome", by="service", concerns="subject mother?", label="health")
class AppointmentOutcome(Body):
    """What became of a planned appointment."""

    service: Text
    outcome: AppointmentResult


@recorded("safeguarding.domestic_abuse_notice", by="police", concerns="subject* victim alleged", label="police")
class DomesticAbuseNotice(Body):
    """Police notice of a domestic abuse incident in a child's home."""

    child_present: YesNo
    victim_pregnant: YesNo


@recorded("safeguarding.missing", by="police, local authority", concerns="subject", label="police")
class Missing(Body):
    """A child missing: reported, returned, interview offered or held."""

    step: MissingStep
    overnight: YesNo
    episode: Text


@recorded("safeguarding.conference_booked", by="local authority", concerns="subject")
class ConferenceBooked(Body):
    """A conference was booked for a day."""

    conference: ConferenceKind
    held_on: Day


@recorded("safeguarding.report_ready", by="lead social worker", concerns="subject")
class ReportReady(Body):
    """The social work report for a conference was ready."""

    conference: ConferenceKind


@recorded("safeguarding.initial_conference", by="chair", concerns="subject")
class InitialConference(Body):
    """The initial child protection conference met."""

    attended: Many[Sector]
    quorate: YesNo
    plan: YesNo
    category: AbuseCategory | None = None
    previous_plans: Whole
    visit_every_working_days: Positive | None = None
    next_core_group_on: Day | None = None
    dissent: Lines | None = None


@recorded("safeguarding.transfer_conference", by="receiving chair", concerns="subject")
class TransferConference(Body):
    """A transfer-in conference met in the receiving authority."""

    attended: Many[Sector]
    quorate: YesNo
    plan: YesNo
    category: AbuseCategory | None = None
    visit_every_working_days: Positive | None = None


@recorded("safeguarding.core_group", by="lead social worker", concerns="subject")
class CoreGroup(Body):
    """The core group met."""

    attended: Many[Sector]
    actions_done: Lines | None = None
    actions_missed: Lines | None = None
    household_change: YesNo | None = None


@recorded("safeguarding.review_conference", by="chair", concerns="subject")
class ReviewConference(Body):
    """A review conference met."""

    attended: Many[Sector]
    quorate: YesNo
    decision: ReviewDecision
    category: AbuseCategory | None = None


@recorded("safeguarding.plan_changed", by="lead social worker, chair", concerns="subject")
class PlanChanged(Body):
    """The plan's category or visiting interval changed between conferences."""

    category: AbuseCategory | None = None
    visit_every_working_days: Positive | None = None
    why: Text


@recorded("safeguarding.child_in_need_plan", by="lead practitioner", concerns="subject")
class ChildInNeedPlan(Body):
    """A child in need plan started, was reviewed or ended."""

    step: PlanStep
    visit_every_working_days: Positive | None = None


@recorded("safeguarding.pre_birth_assessment", by="local authority", concerns="subject mother father?")
class PreBirthAssessment(Body):
    """A pre-birth assessment started, was reviewed or ended with a plan or none."""

    step: PlanStep
    plan: YesNo | None = None


@recorded("safeguarding.protection_started", by="police, court, local authority", concerns="subject", label="court")
class ProtectionStarted(Body):
    """An emergency power or court order began."""

    power: ProtectionPower
    ends_at: Moment | None = None
    final: YesNo
    living_with_parent: YesNo | None = None


@recorded("safeguarding.protection_ended", by="police, court, local authority", concerns="subject", label="court")
class ProtectionEnded(Body):
    """An emergency power or court order ended."""

    started: Ref


@recorded("safeguarding.care_application_issued", by="local authority legal", concerns="subject", label="court")
class CareApplicationIssued(Body):
    """Care proceedings were issued."""

    court_reference: Words | None = None


@recorded("safeguarding.pre_proceedings", by="local authority legal", concerns="subject mother? father?", label="legal")
class PreProceedings(Body):
    """A step before proceedings: letter, meeting, step down, application."""

    step: PreProceedingsStep
    letter: Ref | None = None


@recorded("safeguarding.family_meeting_offered", by="local authority", concerns="subject mother? father?")
class FamilyMeetingOffered(Body):
    """A family group decision-making meeting was offered."""

    accepted: YesNo


@recorded("safeguarding.looked_after", by="local authority", concerns="subject")
class LookedAfter(Body):
    """The child began or ceased to be looked after."""

    change: LookedAfterChange
    legal_status: Words | None = None


@recorded("safeguarding.placement_started", by="local authority", concerns="subject", label="protected_address")
class PlacementStarted(Body):
    """A placement began."""

    placement: PlacementKind
    first: YesNo
    long_term: YesNo | None = None


@recorded("safeguarding.looked_after_step", by="local authority, health", concerns="subject")
class LookedAfterStep(Body):
    """A care plan made, a review held, a health assessment done."""

    step: CareStep


@recorded("safeguarding.reportable_concern", by="any practitioner", concerns="subject alleged?", label="lado")
class ReportableConcern(Body):
    """A concern that a rule says must be told to a named body."""

    concern: ReportableKind


@recorded("safeguarding.reported", by="any practitioner", concerns="subject", label="lado")
class Reported(Body):
    """It was told to that body."""

    concern: Ref
    to: ReportedTo


@recorded("safeguarding.private_fostering_notified", by="local authority", concerns="subject carer?")
class PrivateFosteringNotified(Body):
    """A private fostering arrangement was notified."""


@recorded("safeguarding.register_uploaded", by="local authority", concerns="subject")
class RegisterUploaded(Body):
    """Plan or looked-after status was uploaded to the national information service."""

    status_of: Ref


@recorded("safeguarding.escalation", by="any agency", concerns="subject")
class Escalation(Body):
    """A professional disagreement: raised, moved to the next step, resolved."""

    status: EscalationStatus
    step: Whole
    raised: Ref | None = None
    with_: Words | None = Field(None, alias="with")


@recorded("safeguarding.schooling_changed", by="education", concerns="subject")
class SchoolingChanged(Body):
    """School status changed."""

    status: Schooling
    local_authority_consent: YesNo | None = None


@recorded("safeguarding.transfer", by="sending or receiving authority", concerns="subject")
class Transfer(Body):
    """A move of a child on a plan to another area: notified, receipted, declined."""

    step: TransferStep
    to_area: Words | None = None
    notified: Ref | None = None
    on_plan: YesNo


@recorded("safeguarding.action_agreed", by="chair or lead", concerns="subject")
class ActionAgreed(Body):
    """A step was agreed with an owner and a day (a legal meeting, a check, a test)."""

    what: Text
    owner: Text
    due: Day
    meeting: YesNo | None = None


@recorded("safeguarding.action_done", by="owner", concerns="subject")
class ActionDone(Body):
    """An agreed step was done."""

    action: Ref
    outcome: Words | None = None


@recorded("safeguarding.case_closed", by="local authority manager", concerns="subject")
class CaseClosed(Body):
    """Involvement of the authority ended."""

    reason: ClosureReason
    told: Many[Sector] | None = None
