"""The API for agencies' own systems: what all of its operations share. Described at /api/openapi.json.

The operations are in `tokens`, `sending` (entries in), `proving` (receipts and proofs out) and `vocabulary`.

Every request is all or nothing, and sending the same again is always safe: what is held already gets its old receipt.
Every refusal is a problem of one shape (`problems`). Who calls, and the audit line, are the doors' (`access.doors`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import ValidationError
from pydantic import BaseModel

from throughcare.access import doors, throttle
from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.intake import limits, problems, reading, schemas
from throughcare.intake.problems import Refusal
from throughcare.intake.reading import Wrong
from throughcare.ledger import kinds
from throughcare.ledger.errors import Fault
from throughcare.ledger.kinds import Kind
from throughcare.ledger.queries import Receipt

JSON = "application/json"
OPEN: list[dict[str, list[str]]] = []
"""The security of an operation that needs no token, for the description."""
BEARER: list[dict[str, list[str]]] = [{"client": [Permission.API_WRITE.value]}]
"""The security of one that needs it."""


class Described(NinjaAPI):
    """The API, whose description says which content types problems have, and how a client signs in."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """The description, from the operations and what they said of themselves."""
        schema = super().get_openapi_schema(**given)
        for methods in schema["paths"].values():
            for operation in methods.values():
                _name_problems(operation)
        described = schema["components"].setdefault("schemas", {})
        for model in (schemas.BatchIn, schemas.EntryIn, schemas.ProblemOut):
            described |= _components(model)
        schema["components"]["securitySchemes"] = {
            "client": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": "/api/v1/token",
                        "scopes": {
                            Permission.API_WRITE.value: "Send records in, and ask for their receipts and proofs"
                        },
                    }
                },
            }
        }
        return schema


def _name_problems(operation: dict[str, Any]) -> None:
    """Refusals are problems; the token's own are RFC 6749's."""
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if int(status) >= 400 and "TokenRefusedOut" not in str(content):
            response["content"] = dict.fromkeys([problems.CONTENT_TYPE], *content.values())


def _components(model: type[BaseModel]) -> dict[str, Any]:
    made = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**made.pop("$defs", {}), model.__name__: made}


api = Described(
    title="Throughcare",
    version="1",
    description=(
        "Send records of people and entries in, and keep the receipts. Fetch a token with your client's id and secret, "
        "send it as a bearer token, and send the same again whenever you are not sure: nothing is kept twice."
    ),
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)
"""The API. Its addresses are in `urls`."""


def answers(*statuses: int, **good: type[BaseModel]) -> dict[int, type[BaseModel]]:
    """What an operation may answer: `s200=Shape`, and the statuses of problems."""
    return {int(name[1:]): shape for name, shape in good.items()} | dict.fromkeys(statuses, schemas.ProblemOut)


# --- answering -----------------------------------------------------------------------------------------------------


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return problems.answer(refusal)


@api.exception_handler(ValidationError)
def _wrong_question(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A part of the address is not what it must be."""
    faults = [
        Wrong(None, Fault(str(one["loc"][-1]), "is not what it must be", "See the description at /api/openapi.json"))
        for one in error.errors
    ]
    return problems.answer(Refusal(422, "wrong_question", faults=faults))


@api.exception_handler(throttle.TooManyTries)
def _too_often(request: HttpRequest, error: throttle.TooManyTries) -> HttpResponse:
    return problems.answer(Refusal(429, "too_often", headers={"Retry-After": str(error.retry_after)}))


@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database could not just now: nothing was kept, and the same may be sent again."""
    return problems.answer(Refusal(503, "busy", headers={"Retry-After": "5"}))


def requests_a_minute() -> int:
    """How many requests one client may make in a minute; a network ten times as many."""
    return int(getattr(settings, "API_REQUESTS_A_MINUTE", 600))


def spend(request: HttpRequest, what: str) -> None:
    """Count one request of this kind. Raises `throttle.TooManyTries`, which becomes 429."""
    doors.spend(request, what, most=requests_a_minute(), per=timedelta(minutes=1))


def viewer_of(request: HttpRequest) -> Viewer:
    """The system that asks, behind a door that only one with a token passes."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


# --- requests and receipts ---------------------------------------------------------------------------------------


def body(request: HttpRequest, *types: str) -> tuple[str, bytes]:
    """The content type and the bytes of a request. Raises `Refusal`: 415, 413, 400."""
    kind = (request.content_type or "").lower()
    if kind not in types or (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Refusal(415, "wrong_type", f"Send {' or '.join(types)} in UTF-8.", headers={"Accept": ", ".join(types)})
    right = f"Send at most {limits.MOST_BYTES:,} bytes and {limits.MOST_ENTRIES:,} entries in one request."
    if _length(request) > limits.MOST_BYTES:
        raise Refusal(413, "too_large", right)
    try:
        data = request.read(limits.MOST_BYTES + 1)
    except (RequestDataTooBig, UnreadablePostError) as error:
        too_big = isinstance(error, RequestDataTooBig)
        raise Refusal(413 if too_big else 400, "too_large" if too_big else "cut_short", right) from None
    if len(data) > limits.MOST_BYTES:
        raise Refusal(413, "too_large", right)
    return kind, data


def _length(request: HttpRequest) -> int:
    written = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 20 else 0


def parsed(data: bytes) -> Any:
    """The JSON of a body. Raises `Refusal`: 400."""
    try:
        return reading.parse(data)
    except reading.NotJson as error:
        raise Refusal(
            400, "not_json", str(error), faults=[Wrong(None, Fault("request", error.wrong, error.right))]
        ) from None


@cache
def known_kinds() -> Mapping[str, Kind]:
    """Everything that can be recorded, by name."""
    return kinds.load(settings.ROOMS)


def receipt_out(one: Receipt) -> dict[str, Any]:
    """A receipt as it is sent (`schemas.ReceiptOut`)."""
    return {
        "id": str(one.id),
        "agency": one.agency,
        "ref": one.ref,
        "received": one.received.isoformat(),
        "digest": one.digest,
        "repeated": one.repeated,
        "versions": {str(person): version for person, version in one.versions.items()},
    }


# --- what is not there ---------------------------------------------------------------------------------------------


@open_to(EVERYONE, methods=("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"), machine=True)
def lost(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Any other address under /api: a problem, not a page."""
    return problems.answer(Refusal(404, "not_found"))


lost.csrf_exempt = True  # type: ignore[attr-defined]
