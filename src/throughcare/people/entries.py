"""What is recorded about who people are: birth, death, relations, homes, and which records are one person."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from throughcare.ledger.codes import StatedBy, YesNo
from throughcare.ledger.kinds import Body, Day, Text, Words, recorded

RelationshipKind = Literal[
    "parent_of",
    "step_parent_of",
    "sibling_of",
    "partner_of",
    "former_partner_of",
    "expecting_child_with",
    "carer_of",
    "grandparent_of",
    "other",
    "unknown",
]
"""How the subject is related to the other."""

LivesHere = Literal["yes", "no", "sometimes", "unknown"]

LinkBasis = Literal["identifier", "demographics", "worker_knowledge", "document", "other"]
"""What the decision rests on."""


@recorded("people.linked", by="records officer of any agency", concerns="subject other")
class Linked(Body):
    """Two agencies' records were decided to be one person."""

    how: LinkBasis
    note: Words | None = None


@recorded("people.kept_apart", by="records officer of any agency", concerns="subject other")
class KeptApart(Body):
    """Two similar records were decided to be different persons."""

    how: LinkBasis
    note: Words | None = None


@recorded("people.born", by="midwifery, any agency", concerns="subject mother? father?")
class Born(Body):
    """A birth: the unborn person's record goes on with a date of birth."""

    date_of_birth: Day
    sex: Words | None = None
    mother_not_fit: YesNo | None = None


@recorded("people.died", by="any agency", concerns="subject")
class Died(Body):
    """A death."""

    expected: YesNo | None = None


@recorded("people.identified", by="any agency", concerns="subject household")
class Identified(Body):
    """An adult so far unidentified is now known to be this record."""

    note: Words | None = None


@recorded("people.relationship_stated", by="any agency", concerns="subject other")
class RelationshipStated(Body):
    """Someone stated, or a record shows, that two people are (or are not) related in this way."""

    relationship: RelationshipKind
    exists: YesNo
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    stated_by: StatedBy


@recorded("people.household_stated", by="any agency", concerns="subject* household*")
class HouseholdStated(Body):
    """Someone stated who lives with this person."""

    lives_here: LivesHere
    only_these: YesNo
    stated_by: StatedBy
    as_at: Day | None = None


@recorded("people.moved", by="any agency", concerns="subject", label="protected_address")
class Moved(Body):
    """A person moved; permanent or not."""

    from_area: Words | None = None
    to_area: Text
    permanent: YesNo
