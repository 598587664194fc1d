"""What is recorded about a recall, from the decision to the next release.

Fields that may be left out and that the vocabulary of lives does not name (grounds, alternatives, what the papers
say) are this product's own: a record without them is as good as before.
"""

from __future__ import annotations

from typing import Literal

from throughcare.ledger.codes import YesNo
from throughcare.ledger.kinds import Body, Day, Many, Moment, Ref, Refs, Text, Words, recorded

RecallType = Literal["standard", "fixed_14", "fixed_28", "fixed_56", "unknown"]
"""Until the next review, or for a fixed number of days."""

AgainstReason = Literal[
    "alternative", "wrong_licence", "error", "legal_reason", "deceased", "withdrawn", "warning_letter", "other"
]

RecallPaper = Literal["first_dossier", "second_dossier", "part_b", "part_c"]

Ground = Literal[
    "risk_cannot_be_managed",  # determinate: the risk has grown and cannot be managed in the community
    "contact_broken_down",  # determinate
    "like_index_offence",  # indeterminate or extended, this and the next three
    "sexual_or_violent_offence",
    "leads_to_such_an_offence",
    "out_of_touch",
]
"""Which of the patterns of behaviour the request rests on. Source: recall practice [X/K]."""

Alternative = Literal[
    "warning", "more_reporting", "extra_conditions", "referral", "approved_premises", "drug_test", "other", "none"
]
"""What was tried or weighed before recall was asked for. Source: staff tools [X]."""

HowReturned = Literal["arrested", "gave_themselves_up", "already_in_custody", "unknown"]

View = Literal["release", "no_release", "no_view", "not_permitted"]
"""What a report says on release. `not_permitted`: written when report writers were not to give a view."""


@recorded("recall.agreed", by="senior probation officer", concerns="subject")
class Agreed(Body):
    """The senior officer agreed to ask for recall."""

    breaches: Refs
    reason: Text
    ground: Ground | None = None
    facts: Words | None = None  # what happened, with its dates
    risk: Words | None = None  # whom it puts at risk, and why it cannot be managed
    alternatives: Many[Alternative] | None = None
    alternatives_words: Words | None = None  # what came of them, or why none was tried
    sensitive: YesNo | None = None  # some of it must not be shown to the person


@recorded("recall.requested", by="probation", concerns="subject")
class Requested(Body):
    """The request with its supporting report went to the casework section."""

    agreed: Ref
    emergency: YesNo
    in_custody: YesNo
    charge_not_convicted: YesNo | None = None  # is it for a new charge that is not yet a conviction?
    endorsement: Words | None = None  # why the second officer endorses it
    type: RecallType | None = None  # the type asked for
    type_reason: Words | None = None  # why another than the law of that day gives
    arrest_risks: Words | None = None
    vulnerabilities: Words | None = None
    whereabouts: Words | None = None  # where the police may look
    police_force: Words | None = None
    victim_liaison_told: YesNo | None = None


@recorded("recall.decided_against", by="senior officer, casework", concerns="subject")
class DecidedAgainst(Body):
    """No recall, or the request was stopped."""

    of: Ref
    reason: AgainstReason
    words: Words | None = None  # why, as the letter says it
    alternatives: Many[Alternative] | None = None
    expectations: Words | None = None  # what is expected from now on
    next_appointment: Moment | None = None


@recorded("recall.revoked", by="casework", concerns="subject")
class Revoked(Body):
    """The licence was revoked."""

    request: Ref
    type: RecallType
    charge_not_convicted: YesNo
    type_reason: Words | None = None  # why another than the law of that day gives
    reasons: Words | None = None  # what the person is told
    police_force: Words | None = None  # to whom the warrant went


@recorded("recall.checked_at_large", by="casework, police", concerns="subject")
class CheckedAtLarge(Body):
    """A check on a person unlawfully at large."""

    next_check_on: Day | None = None
    found: Words | None = None  # what was done, and what it showed


@recorded("recall.returned", by="prison, police", concerns="subject")
class Returned(Body):
    """The person was back in custody."""

    revocation: Ref
    how: HowReturned | None = None


@recorded("recall.return_notified", by="prison", concerns="subject")
class ReturnNotified(Body):
    """The casework section was told of the return."""

    returned: Ref


@recorded("recall.informed", by="prison", concerns="subject")
class Informed(Body):
    """The person was told the reasons and the right to make representations."""

    revocation: Ref
    will_make_representations: YesNo | None = None


@recorded("recall.papers_sent", by="casework, probation", concerns="subject")
class PapersSent(Body):
    """Recall papers were sent: first or second dossier, later reports."""

    paper: RecallPaper
    revocation: Ref
    since_recall: Words | None = None  # what has happened since
    risk: Words | None = None  # the risk as it is read now
    plan: Words | None = None  # how a next release would be managed
    view: View | None = None


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
    complied: YesNo | None = None  # were all conditions complied with? A determinate recall asks for it
