"""What is recorded about a recall, from the decision to the next release."""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import YesNo
from throughcare.ledger.kinds import Body, Day, Ref, Refs, Text, recorded

RecallType = Literal["standard", "fixed_14", "fixed_28", "fixed_56", "unknown"]
"""Until the next review, or for a fixed number of days."""

AgainstReason = Literal[
    "alternative", "wrong_licence", "error", "legal_reason", "deceased", "withdrawn", "warning_letter", "other"
]

RecallPaper = Literal["first_dossier", "second_dossier", "part_b", "part_c"]


@recorded("recall.agreed", by="senior probation officer", concerns="subject")
class Agreed(Body):
    """The senior officer agreed to ask for recall."""

    breaches: Refs
    reason: Text


@recorded("recall.requested", by="probation", concerns="subject")
class Requested(Body):
    """The request with its supporting report went to the casework section."""

    agreed: Ref
    emergency: YesNo
    in_custody: YesNo


@recorded("recall.decided_against", by="senior officer, casework", concerns="subject")
class DecidedAgainst(Body):
    """No recall, or the request was stopped."""

    of: Ref
    reason: AgainstReason


@recorded("recall.revoked", by="casework", concerns="subject")
class Revoked(Body):
    """The licence was revoked."""

    request: Ref
    type: RecallType
    charge_not_convicted: YesNo


@recorded("recall.checked_at_large", by="casework, police", concerns="subject")
class CheckedAtLarge(Body):
    """A check on a person unlawfully at large."""

    next_check_on: Day | None = None


@recorded("recall.returned", by="prison, police", concerns="subject")
class Returned(Body):
    """The person was back in custody."""

    revocation: Ref


@recorded("recall.return_notified", by="prison", concerns="subject")
class ReturnNotified(Body):
    """The casework section was told of the return."""

    returned: Ref


@recorded("recall.informed", by="prison", concerns="subject")
class Informed(Body):
    """The person was told the reasons and the right to make representations."""

    revocation: Ref


@recorded("recall.papers_sent", by="casework, probation", concerns="subject")
class PapersSent(Body):
    """Recall papers were sent: first or second dossier, later reports."""

    paper: RecallPaper
    revocation: Ref


@recorded("recall.re_release_decided", by="casework", concerns="subject")
class ReReleaseDecided(Body):
    """The Secretary of State decided on re-release without the Board."""

    revocation: Ref
    release: YesNo
    reason: Text


@recorded("recall.rescinded", by="casework", concerns="subject")
class Rescinded(Body):
    """The revocation was rescinded."""

    revocation: Ref
    reason: Text
