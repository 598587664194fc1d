"""What a client must know before it sends: every kind of entry, and every agency."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from throughcare.access import queries as agencies
from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.reach import Permission
from throughcare.intake import schemas
from throughcare.intake.api import (
    BEARER,
    OPEN,
    answers,
    api,
    known_kinds,
    spend,
)
from throughcare.ledger.kinds import Kind


@api.get(
    "/v1/kinds",
    response=answers(405, 429, 503, s200=schemas.KindsOut),
    summary="Everything that can be recorded",
    openapi_extra={"security": OPEN},
)
@open_to(EVERYONE, machine=True)
def all_kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of entry: what it means, whom it concerns, which fields its body has and what each takes."""
    spend(request, "api.public")
    return JsonResponse({"kinds": [_kind(one) for one in known_kinds().values()]})


def _kind(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "meaning": kind.meaning,
        "recorded_by": kind.recorded_by,
        "sensitivity": kind.label,
        "parts": [{"name": one.name, "at_least": one.at_least, "at_most": one.at_most} for one in kind.parts],
        "fields": [
            {"name": info.alias or name, "required": info.is_required(), "takes": kind.wanted[info.alias or name],
             "codes": _codes(kind.wanted[info.alias or name])}
            for name, info in kind.body.model_fields.items()
        ],
        "body": kind.body.model_json_schema(),
    }  # fmt: skip


def _codes(wanted: str) -> list[str] | None:
    """The codes that a field takes, or None where it takes something else."""
    _, sign, codes = wanted.partition("one of: ")
    return codes.split(", ") if sign else None


@api.get(
    "/v1/agencies",
    response=answers(401, 404, 405, 429, 503, s200=schemas.AgenciesOut),
    summary="Everybody who takes part",
    openapi_extra={"security": BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def all_agencies(request: HttpRequest) -> HttpResponse:
    """The agencies with which an entry can be shared, by their codes."""
    spend(request, "api.read")
    return JsonResponse(
        {"agencies": [{"code": one.code, "name": one.name, "sector": one.sector} for one in agencies.desks().values()]}
    )
