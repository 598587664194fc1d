"""Receipts and proofs out, by the API: that an entry is held, is sealed, and that the ledger only grew."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.reach import Permission
from throughcare.intake import schemas
from throughcare.intake.api import (
    BEARER,
    OPEN,
    answers,
    api,
    receipt_out,
    spend,
    viewer_of,
)
from throughcare.intake.problems import Refusal
from throughcare.intake.reading import Wrong
from throughcare.ledger import checking, checkpoint, errors, sealing, tree
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Key
from throughcare.ledger.errors import Fault


@api.get(
    "/v1/entries/{agency}/{path:ref}/receipt",
    response=answers(401, 404, 405, 429, 503, s200=schemas.ReceiptOut),
    summary="The receipt of an entry",
    openapi_extra={"security": BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def receipt(request: HttpRequest, agency: str, ref: str) -> HttpResponse:
    """The receipt of an entry that this client's agency sent, by its reference. Not there, or another's: 404."""
    spend(request, "api.read")
    held = None
    if agency == viewer_of(request).agency and not _faults_of(ref):
        held = ledger.receipts([Key(agency, ref)]).get(Key(agency, ref))
    if held is None:
        raise Refusal(404, "not_found")
    return JsonResponse(receipt_out(held))


def _faults_of(ref: str) -> list[Fault]:
    """What is wrong with a reference."""
    faults: list[Fault] = []
    checking.read_ref("ref", ref, faults)
    return faults


@api.get(
    "/v1/entries/{uuid:id}/proof",
    response=answers(401, 404, 405, 409, 429, 503, s200=schemas.InclusionOut),
    summary="The proof that an entry is sealed",
    openapi_extra={"security": BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def proof(request: HttpRequest, id: UUID) -> HttpResponse:
    """The proof that an entry of this client's agency stands under the newest checkpoint. 409: not sealed yet."""
    spend(request, "api.read")
    try:
        found = ledger.find(id)
    except errors.NoSuchEntry:
        raise Refusal(404, "not_found") from None
    if found.agency != viewer_of(request).agency:
        raise Refusal(404, "not_found")
    proved = ledger.inclusion(id)
    if proved is None:
        raise Refusal(409, "not_sealed")
    return JsonResponse(
        {
            "position": proved.position,
            "size": proved.size,
            "leaf": proved.leaf.hex(),
            "proof": [one.hex() for one in proved.proof],
        }
    )


@api.get(
    "/v1/checkpoints/latest",
    response=answers(404, 405, 429, 503, s200=schemas.CheckpointOut),
    summary="The newest checkpoint",
    openapi_extra={"security": OPEN},
)
@open_to(EVERYONE, machine=True)
def latest_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head of the ledger. Public: keep it, and see later that nothing before it was changed."""
    spend(request, "api.public")
    note = ledger.newest_checkpoint()
    if note is None:
        raise Refusal(404, "not_found", "Nothing is sealed yet.")
    head = checkpoint.parse(note)
    return JsonResponse(
        {
            "origin": head.origin,
            "size": head.size,
            "root": head.root.hex(),
            "at": head.at.isoformat(),
            "note": note,
        }
    )


@api.get(
    "/v1/key",
    response=answers(405, 429, 503, s200=schemas.KeyOut),
    summary="The key of the checkpoints",
    openapi_extra={"security": OPEN},
)
@open_to(EVERYONE, machine=True)
def key(request: HttpRequest) -> HttpResponse:
    """The public key that checkpoints are checked with. Compare it with what the operator has published elsewhere."""
    spend(request, "api.public")
    return JsonResponse({"key": str(sealing.signing_key().public)})


@api.get(
    "/v1/consistency",
    response=answers(404, 405, 422, 429, 503, s200=schemas.ConsistencyOut),
    summary="The proof that the ledger only grew",
    openapi_extra={"security": OPEN},
)
@open_to(EVERYONE, machine=True)
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """The proof that the tree of size `new` begins with the tree of size `old`. Public."""
    spend(request, "api.public")
    if not 1 <= old <= new:
        fault = Fault("old", "is not between 1 and new", "Give the sizes of two checkpoints, the older first")
        raise Refusal(422, "wrong_question", faults=[Wrong(None, fault)])
    if new > ledger.seal_state().size:
        raise Refusal(404, "not_found", "The tree has not grown so far.")
    try:
        proved = ledger.consistency(old, new)
    except tree.TreeError:
        raise Refusal(404, "not_found", "The tree has not grown so far.") from None
    return JsonResponse({"old": old, "new": new, "proof": [one.hex() for one in proved]})
