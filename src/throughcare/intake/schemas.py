"""The shapes of the API, for its description (OpenAPI). What is taken is checked by `reading`, more strictly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from throughcare.intake import limits, reading
from throughcare.ledger.codes import Basis, Label

_CLOSED = ConfigDict(extra="forbid")
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="The code of an agency")]
OwnRef = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9 _./:#()+-]{0,198}[A-Za-z0-9_)])?$",
        description="The agency's own reference",
        examples=["visit-2041"],
    ),
]
Time = Annotated[str, Field(examples=["2026-03-02T10:15"], description="Local time in London, or with an offset")]
Empty = Literal[""] | None


class ShareIn(BaseModel):
    """An agency that was told, and from when."""

    model_config = _CLOSED
    agency: Code
    at: Time


class ConcernIn(BaseModel):
    """The part that somebody plays in an entry, by an agency's record of them (the sender's own by default)."""

    model_config = _CLOSED
    part: str = Field(examples=["subject"])
    record: OwnRef
    agency: Code | Empty = None


class EntryIn(BaseModel):
    """One entry as an agency sends it. `GET /api/v1/kinds` lists the kinds with the parts and fields of each."""

    model_config = _CLOSED
    ref: OwnRef
    kind: str = Field(examples=["safeguarding.visit"])
    agency: Code | None = Field(None, description="The sender's own; may be left out")
    author_role: str = Field(min_length=1, max_length=200, examples=["social worker"])
    happened: str | None = Field(None, description="YYYY-MM-DD, YYYY-MM-DDTHH:MM or YYYY-MM, as `precision` says")
    happened_to: str | None = None
    precision: Literal["minute", "day", "month", "approximate", "unknown"]
    noted: Time
    shared: list[ShareIn] | None = Field(None, max_length=500)
    concerns: list[ConcernIn] | None = Field(None, max_length=500)
    basis: Basis | Empty = None
    summary: str | None = Field(None, max_length=2_000)
    body: dict[str, Any] | None = Field(None, description="The fields of the kind")
    corrects: OwnRef | Empty = None
    sensitivity: Label | Empty = None


class IdentifierIn(BaseModel):
    """A number that some system gave a person."""

    model_config = _CLOSED
    system: str = Field(min_length=1, max_length=reading.SYSTEM_LENGTH, examples=["nhs"])
    value: str = Field(min_length=1, max_length=reading.VALUE_LENGTH)


class PersonIn(BaseModel):
    """One record of a person, as the sending agency holds it."""

    model_config = _CLOSED
    record_ref: OwnRef
    agency: Code | None = Field(None, description="The sender's own; may be left out")
    names: (
        list[Annotated[str, Field(min_length=1, max_length=reading.NAME_LENGTH)]] | None
    ) = Field(None, max_length=reading.MOST_NAMES)  # fmt: skip
    date_of_birth: str | None = Field(None, description="YYYY-MM-DD")
    expected_date_of_birth: str | None = Field(None, description="YYYY-MM-DD, of a person not born yet")
    sex: str | None = Field(None, max_length=reading.SEX_LENGTH)
    address: str | None = Field(None, max_length=reading.ADDRESS_LENGTH)
    identifiers: list[IdentifierIn] | None = Field(None, max_length=reading.MOST_IDENTIFIERS)
    identified: bool = Field(True, description="false: an adult of whom nobody knows who they are")


class BatchIn(BaseModel):
    """Records of people and entries, kept together or not at all."""

    model_config = _CLOSED
    people: list[PersonIn] | None = Field(None, max_length=limits.MOST_ENTRIES)
    entries: list[EntryIn] | None = Field(None, max_length=limits.MOST_ENTRIES)
    expected_versions: dict[str, int] | None = Field(
        None, description="For persons of earlier receipts, the version that the sender has seen last"
    )


class ReceiptOut(BaseModel):
    """What the sender keeps: this entry is held, under this id, with this digest."""

    id: UUID
    agency: str
    ref: str
    received: datetime
    digest: str = Field(description="SHA-256 of the canonical content, in hex; empty once lawfully erased")
    repeated: bool = Field(description="It was held before; the same receipt is given again")
    versions: dict[str, int] = Field(description="For each person, the version of their line that this entry made")


class ReceiptsOut(BaseModel):
    """A receipt for each entry of the request, in its order."""

    receipts: list[ReceiptOut]


class FaultOut(BaseModel):
    """One thing that is wrong."""

    entry: int | None = Field(description="Which entry of the request, from 0; null: the request itself, or its people")
    field: str
    wrong: str
    right: str


class ProblemOut(BaseModel):
    """Why a request was refused (RFC 9457). Nothing of it was kept."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str = Field(description="Never changes its meaning")
    detail: str | None = None
    faults: list[FaultOut] | None = None


class TokenOut(BaseModel):
    """A bearer token (RFC 6749, section 5.1)."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Seconds")
    scope: str


class TokenRefusedOut(BaseModel):
    """Why no token was given (RFC 6749, section 5.2)."""

    error: Literal["invalid_request", "invalid_client", "invalid_scope", "unsupported_grant_type"]
    error_description: str


class PartOut(BaseModel):
    """A part that people may play in a kind of entry."""

    name: str
    at_least: int
    at_most: int | None = Field(description="null: any number")


class FieldOut(BaseModel):
    """A field of the body of a kind."""

    name: str
    required: bool
    takes: str = Field(description="In words: one of these codes, a day as YYYY-MM-DD, ...")
    codes: list[str] | None = None


class KindOut(BaseModel):
    """One kind of entry."""

    name: str
    meaning: str
    recorded_by: str
    sensitivity: str
    parts: list[PartOut]
    fields: list[FieldOut]
    body: dict[str, Any] = Field(description="The JSON Schema of the body")


class KindsOut(BaseModel):
    """Everything that can be recorded."""

    kinds: list[KindOut]


class AgencyOut(BaseModel):
    """An agency that takes part."""

    code: str
    name: str
    sector: str


class AgenciesOut(BaseModel):
    """Everybody with whom an entry can be shared."""

    agencies: list[AgencyOut]


class CheckpointOut(BaseModel):
    """The newest signed head of the ledger."""

    origin: str
    size: int = Field(description="Entries under it")
    root: str = Field(description="In hex")
    at: datetime
    note: str = Field(description="The signed note itself, as it is checked")


class KeyOut(BaseModel):
    """The key that checkpoints are checked with."""

    key: str = Field(description="name+hash+base64: a signed-note verifier key")


class InclusionOut(BaseModel):
    """That an entry stands in the tree (RFC 6962)."""

    position: int
    size: int
    leaf: str = Field(description="In hex")
    proof: list[str] = Field(description="In hex, from the leaf up")


class ConsistencyOut(BaseModel):
    """That the tree of one size begins with that of a smaller (RFC 6962)."""

    old: int
    new: int
    proof: list[str] = Field(description="In hex")
