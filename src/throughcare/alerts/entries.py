"""What is recorded about findings: the answer that a person gave."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.kinds import Body, Refs, Text, recorded

FindingResponse = Literal["act", "act_differently", "no_action"]
"""What the person who answered will do."""


@recorded("alerts.finding_answered", by="owner of the question", concerns="subject")
class FindingAnswered(Body):
    """A person answered a finding, with a response and a reason."""

    rule: Text
    evidence: Refs
    response: FindingResponse
    reason: Text
