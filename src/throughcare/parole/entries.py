"""What is recorded about a parole review, from its opening to the decision and what follows it."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Many, Ref, Text, Whole, Words, recorded

ReviewKind = Literal["first", "on_tariff", "post_tariff", "recall", "advice", "licence_end"]

ApplicationKind = Literal[
    "oral_hearing", "witness", "withholding", "observe", "direction_review", "summary", "representations", "adjournment"
]

ApplicationResult = Literal["granted", "refused", "out_of_time", "withdrawn"]

MadeBy = Literal[
    "prisoner",
    "representative",
    "secretary_of_state",
    "victim",
    "press",
    "public",
    "board",
    "staff",
    "member",
    "panel_chair",
    "board_chair",
    "judicial_vice_chair",
    "assessment_panel",
    "other",
]
"""Who did it."""

ListingStatus = Literal["listed", "vacated", "adjourned", "deferred"]

HearingMode = Literal["video", "face_to_face", "hybrid", "unknown"]

EvidenceStage = Literal["report", "oral"]

EvidenceRole = Literal[
    "prisoner",
    "prison_offender_manager",
    "community_offender_manager",
    "prison_psychologist",
    "prisoner_psychologist",
    "approved_premises",
    "keyworker",
    "police",
    "healthcare",
    "secretary_of_state",
    "other",
]

PanelRole = Literal[
    "chair",
    "judicial_member",
    "psychologist_member",
    "psychiatrist_member",
    "independent_member",
    "representative",
    "none",
]

EvidenceTopic = Literal[
    "index_offence_account",
    "insight_responsibility",
    "victim_awareness",
    "recall_facts",
    "disclosure_and_openness",
    "relationships_intimate",
    "relationships_online",
    "internet_use",
    "children_contact",
    "contact_with_staff",
    "compliance_history",
    "custody_conduct",
    "abuse_or_threats_received",
    "coping_and_mental_health",
    "substance",
    "programmes_and_therapy",
    "risk_tools",
    "imminence",
    "warning_signs",
    "internal_controls",
    "external_controls",
    "accommodation_ap",
    "conditions_needed",
    "manageability",
    "publicity_and_anonymity",
    "family_support",
    "work_finance",
    "views_on_release",
    "other",
]
"""What the evidence was about."""

ReleaseView = Literal["release", "no_release", "open", "progressive_move", "no_view", "not_permitted"]
"""What a witness recommends."""

MatterConsidered = Literal[
    "index_offence",
    "other_convictions",
    "conduct_while_serving",
    "risk_of_further_offence",
    "risk_of_breach",
    "treatment_evidence",
    "submissions",
    "protection_of_victims",
    "non_disclosure",
]
"""What a panel must say that it considered."""

DecisionStage = Literal["paper", "oral"]

DecisionOutcome = Literal[
    "release_directed",
    "release_refused",
    "open_recommended",
    "open_not_recommended",
    "hearing_directed",
    "adjourned",
    "deferred",
    "licence_terminated",
    "licence_not_terminated",
    "conditions_varied",
]

DecisionStatus = Literal["provisional", "final"]

ChallengeKind = Literal["reconsideration", "set_aside"]

ChallengeResult = Literal["refused", "granted", "withdrawn"]

ChallengeGround = Literal[
    "error_of_law", "irrational", "procedurally_unfair", "error_of_fact", "later_information", "other"
]
"""Why the decision is challenged."""

ReferenceStep = Literal["directed", "claim_filed", "papers_served", "certificate", "release_upheld", "release_quashed"]

PublicFact = Literal[
    "public_hearing_granted",
    "public_hearing_refused",
    "hearing_listed_public",
    "hearing_changed",
    "hearing_vacated",
    "hearing_day",
    "decision_published",
    "summary_published",
    "reconsideration_published",
    "set_aside_published",
    "review_announced",
    "report_published",
]
"""What the public was told."""


@recorded("parole.review_opened", by="casework", concerns="subject victim*")
class ReviewOpened(Body):
    """A review began."""

    review: ReviewKind
    target_month: Words | None = None


@recorded("parole.dossier_disclosed", by="casework", concerns="subject")
class DossierDisclosed(Body):
    """The case was referred: letter and papers served on Board and prisoner."""

    review: Ref
    version: Whole
    pages: Whole | None = None
    withheld_material: YesNo | None = None


@recorded("parole.application_made", by="party, victim", concerns="subject")
class ApplicationMade(Body):
    """Someone asked the Board for something (other than a public hearing or a challenge)."""

    application: ApplicationKind
    by: MadeBy
    hearing: Ref | None = None
    about: Ref | None = None


@recorded("parole.application_decided", by="Board", concerns="subject")
class ApplicationDecided(Body):
    """It was decided."""

    application: Ref
    result: ApplicationResult
    by: MadeBy
    reason: Words | None = None


@recorded("parole.direction_made", by="Board", concerns="subject")
class DirectionMade(Body):
    """A direction: who must do what by when."""

    by: MadeBy
    owner: Text
    what: Text
    due: Day | None = None


@recorded("parole.direction_met", by="owner", concerns="subject")
class DirectionMet(Body):
    """A direction was met."""

    direction: Ref


@recorded("parole.hearing_listed", by="Board secretariat", concerns="subject")
class HearingListed(Body):
    """A hearing was listed, vacated, adjourned or deferred."""

    status: ListingStatus
    held_on: Day | None = None
    mode: HearingMode
    public: YesNo
    panel: Lines | None = None
    listing: Ref | None = None
    reason: Words | None = None


@recorded("parole.public_hearing_applied", by="Board secretariat", concerns="subject")
class PublicHearingApplied(Body):
    """Someone asked that the hearing be in public."""

    by: MadeBy
    hearing: Ref
    reason: Text


@recorded("parole.public_hearing_decided", by="Board chair or delegate", concerns="subject")
class PublicHearingDecided(Body):
    """The application was decided with reasons."""

    application: Ref
    result: ApplicationResult
    by: MadeBy
    reason: Text


@recorded("parole.hearing_held", by="Board", concerns="subject")
class HearingHeld(Body):
    """A day of hearing took place."""

    hearing: Ref
    mode: HearingMode
    public: YesNo
    private_parts: Lines | None = None


@recorded("parole.evidence_given", by="Board, witness", concerns="subject practitioner?")
class EvidenceGiven(Body):
    """Evidence on one topic, in a report or in answer to a question."""

    stage: EvidenceStage
    role: EvidenceRole
    asked_by: PanelRole | None = None
    topic: EvidenceTopic
    answer: Words | None = None
    pages: Words | None = None
    recommendation: ReleaseView | None = None
    changed_from: ReleaseView | None = None
    private: YesNo


@recorded("parole.hearing_closed", by="panel chair", concerns="subject")
class HearingClosed(Body):
    """The hearing record was closed."""

    hearing: Ref


@recorded("parole.decision_issued", by="Board", concerns="subject")
class DecisionIssued(Body):
    """A written decision."""

    stage: DecisionStage
    outcome: DecisionOutcome
    status: DecisionStatus
    review: Ref
    matters_addressed: Many[MatterConsidered] | None = None
    hearing: Ref | None = None


@recorded("parole.decision_provided", by="Board", concerns="subject")
class DecisionProvided(Body):
    """The decision was provided to the parties."""

    decision: Ref


@recorded("parole.decision_final", by="Board", concerns="subject")
class DecisionFinal(Body):
    """A decision became final."""

    decision: Ref


@recorded("parole.challenge_made", by="party, Board chair", concerns="subject")
class ChallengeMade(Body):
    """Reconsideration or setting aside was asked for."""

    challenge: ChallengeKind
    decision: Ref
    by: MadeBy
    grounds: Many[ChallengeGround]


@recorded("parole.challenge_answered", by="party", concerns="subject")
class ChallengeAnswered(Body):
    """The other party replied."""

    challenge: Ref
    by: MadeBy


@recorded("parole.challenge_decided", by="assessment panel, Board", concerns="subject")
class ChallengeDecided(Body):
    """The challenge was decided."""

    challenge: Ref
    result: ChallengeResult
    by: MadeBy


@recorded("parole.high_court_step", by="casework, court", concerns="subject", label="court")
class HighCourtStep(Body):
    """A step of a reference of a release direction to the High Court."""

    step: ReferenceStep
    decision: Ref
    claim: Ref | None = None
    conditions: Lines | None = None


@recorded("parole.next_review_set", by="casework", concerns="subject")
class NextReviewSet(Body):
    """The Secretary of State set the next review."""

    decision: Ref
    review_on: Day


@recorded("parole.published", by="Board", concerns="subject")
class Published(Body):
    """A fact about the case was made public."""

    fact: PublicFact
    about: Ref
    name: Words | None = None
