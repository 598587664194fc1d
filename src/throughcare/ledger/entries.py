"""What is recorded about records themselves: what was withdrawn, disputed, shared, asked for, and about data itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from throughcare.ledger.codes import StatedBy, YesNo
from throughcare.ledger.kinds import Body, Day, Lines, Moment, Ref, Refs, Text, Words, recorded

BreachStep = Literal["found", "reported"]

LawfulBasis = Literal["public_task", "legal_obligation", "vital_interests", "law_enforcement", "consent"]
"""On what a disclosure rests: UK GDPR article 6(1)(e), (c), (d) or (a); Data Protection Act 2018, Part 3."""

SubjectRequestStep = Literal["received", "extended", "answered"]


@recorded("record.withdrawn", by="the agency that made it", concerns="subject")
class Withdrawn(Body):
    """An earlier entry was made in error and has no replacement (column `corrects` names it)."""

    reason: Text


@recorded("record.disputed", by="any agency", concerns="subject")
class Disputed(Body):
    """Someone disputes an earlier entry; both stand."""

    about: Ref
    by: StatedBy
    says: Text


@recorded("information.shared", by="discloser", concerns="subject*")
class InformationShared(Body):
    """Earlier entries were disclosed to other agencies."""

    entries: Refs
    to: Lines
    purpose: Words | None = None
    family_told: YesNo | None = None
    said: Words | None = None
    lawful_basis: LawfulBasis | None = None


@recorded("information.requested", by="asker", concerns="subject*")
class InformationRequested(Body):
    """An agency was asked for what it holds, with a time to answer."""

    to: Text
    reply_by: Moment
    purpose: Words | None = None
    lawful_basis: LawfulBasis | None = None


@recorded("information.replied", by="asked agency", concerns="subject*")
class InformationReplied(Body):
    """The asked agency answered."""

    request: Ref
    holds_information: YesNo


@recorded("information.withheld", by="holder", concerns="subject*")
class InformationWithheld(Body):
    """A decision not to share, with its reason."""

    from_: Text = Field(alias="from")
    reason: Text
    entries: Refs | None = None


@recorded("access.subject_request", by="controller", concerns="subject")
class SubjectRequest(Body):
    """A person's request for their own data: received, extended, answered."""

    step: SubjectRequestStep
    request: Ref | None = None


@recorded("access.data_breach", by="controller", concerns="subject?")
class DataBreach(Body):
    """A personal data breach: found, or reported to the regulator."""

    step: BreachStep
    breach: Ref | None = None


@recorded("access.census_returned", by="local authority", concerns="")
class CensusReturned(Body):
    """The yearly census of children in need was returned."""

    year_ending: Day
