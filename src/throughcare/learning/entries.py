"""What is recorded after a serious incident, until its recommendations are done."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import YesNo
from throughcare.ledger.kinds import Body, Day, Ref, Text, Words, recorded

PracticeReviewStep = Literal["decided", "publication_planned", "sent", "published"]

RecommendationStatus = Literal["open", "done_no_evidence", "done_with_evidence", "rejected", "effect_shown"]


@recorded("learning.incident_known", by="local authority", concerns="subject")
class IncidentKnown(Body):
    """The authority became aware that a child died or was seriously harmed, abuse or neglect known or suspected."""

    death: YesNo
    looked_after: YesNo


@recorded("learning.incident_notified", by="local authority", concerns="subject")
class IncidentNotified(Body):
    """The authority notified the national panel and partners."""

    incident: Ref
    partners_agreed: YesNo | None = None


@recorded("learning.rapid_review_submitted", by="safeguarding partners", concerns="subject")
class RapidReviewSubmitted(Body):
    """The rapid review went to the panel."""

    notification: Ref
    criteria_met: YesNo
    practice_review: YesNo


@recorded("learning.practice_review", by="safeguarding partners", concerns="subject")
class PracticeReview(Body):
    """A local practice review: decided, publication planned, sent, published."""

    step: PracticeReviewStep
    decided: Ref | None = None
    publish_on: Day | None = None


@recorded("learning.recommendation_made", by="review author", concerns="subject")
class RecommendationMade(Body):
    """A recommendation with owner and due date."""

    number: Text
    owner: Text
    due: Day
    text: Text


@recorded("learning.recommendation_updated", by="owner", concerns="subject")
class RecommendationUpdated(Body):
    """What became of it."""

    recommendation: Ref
    status: RecommendationStatus
    evidence: Words | None = None
