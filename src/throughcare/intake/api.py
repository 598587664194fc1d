"""The API for agencies' own systems: a token, entries in, receipts and proofs out. Described at /api/openapi.json.

Every request is all or nothing, and sending the same again is always safe: what is held already gets its old receipt.
Every refusal is a problem of one shape (`problems`). Who calls, and the audit line, are the doors' (`access.doors`).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import ValidationError
from pydantic import BaseModel

from throughcare.access import doors, systems, throttle
from throughcare.access import queries as agencies
from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.errors import TokenRefused
from throughcare.access.reach import Permission, Viewer
from throughcare.alerts import actions as alerts
from throughcare.intake import limits, problems, reading, schemas
from throughcare.intake.problems import Refusal
from throughcare.intake.reading import Wrong
from throughcare.ledger import canonical, checking, checkpoint, errors, kinds, sealing, tree
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Key
from throughcare.ledger.errors import Fault
from throughcare.ledger.kinds import Kind
from throughcare.ledger.queries import Receipt
from throughcare.people import queries as people
from throughcare.people.actions import RecordUnknown

Operation = TypeVar("Operation", bound=Callable[..., HttpResponse])
_Answers = Mapping[int, type[BaseModel]]
_OPEN: list[dict[str, list[str]]] = []
_BEARER: list[dict[str, list[str]]] = [{"client": [Permission.API_WRITE.value]}]


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


def _answers(*statuses: int, **good: type[BaseModel]) -> dict[int, type[BaseModel]]:
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


def _spend(request: HttpRequest, what: str) -> None:
    doors.spend(request, what, most=requests_a_minute(), per=timedelta(minutes=1))


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


# --- reading a request ---------------------------------------------------------------------------------------------


def _body(request: HttpRequest, *types: str) -> tuple[str, bytes]:
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


def _json(data: bytes) -> Any:
    try:
        return reading.parse(data)
    except reading.NotJson as error:
        raise Refusal(
            400, "not_json", str(error), faults=[Wrong(None, Fault("request", error.wrong, error.right))]
        ) from None


# --- a token -------------------------------------------------------------------------------------------------------

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_TOKEN_FIELDS = {
    "type": "object",
    "required": ["grant_type"],
    "properties": {
        "grant_type": {"const": "client_credentials"},
        "client_id": {"type": "string", "description": "Or send id and secret as basic authentication"},
        "client_secret": {"type": "string"},
        "scope": {"type": "string", "description": "Words with a space between; left out: all that the client has"},
    },
}


class _NoToken(Exception):
    """No token is given, for a reason that RFC 6749 has a word for."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error, self.description, self.status = error, description, status
        super().__init__(description)


@api.exception_handler(_NoToken)
def _no_token(request: HttpRequest, refused: _NoToken) -> HttpResponse:
    response = JsonResponse({"error": refused.error, "error_description": refused.description}, status=refused.status)
    if refused.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="throughcare", charset="UTF-8"'
    return response


@api.post(
    "/v1/token",
    response={200: schemas.TokenOut, 400: schemas.TokenRefusedOut, 401: schemas.TokenRefusedOut}
    | _answers(405, 413, 415, 429, 503),
    summary="Fetch a token",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {_FORM: {"schema": _TOKEN_FIELDS}, _JSON: {"schema": _TOKEN_FIELDS}},
        },
        "security": _OPEN,
    },
)
@open_to(EVERYONE, methods=("POST",), machine=True)
def token(request: HttpRequest) -> HttpResponse:
    """Hand out a bearer token for 15 minutes to an agency's system (OAuth 2.0, client credentials, RFC 6749).

    The client's id and secret come as basic authentication or in the body. Guessing is slow: after five wrong
    secrets a client waits.
    """
    doors.spend(request, "api.token", most=requests_a_minute(), per=timedelta(minutes=1))
    given = _token_fields(*_body(request, _FORM, _JSON))
    client, secret = _client(request, given)
    if given.get("grant_type") != "client_credentials":
        raise _NoToken("unsupported_grant_type", "Send grant_type=client_credentials.")
    wanted = given["scope"].split() if given.get("scope") else None
    try:
        issued = systems.issue_token(
            _plain(client), _plain(secret), network=doors.network(request), at=request.at, scopes=wanted  # type: ignore[attr-defined]
        )  # fmt: skip
    except TokenRefused as refused:
        raise _NoToken("invalid_client", str(refused), 401) from None
    if wanted is not None and not set(wanted) <= set(issued.scopes):
        systems.revoke_token(issued.token, at=request.at)  # type: ignore[attr-defined]
        raise _NoToken("invalid_scope", "The client has not all of these scopes. Leave `scope` out for those it has.")
    seconds = int((issued.until - request.at).total_seconds())  # type: ignore[attr-defined]
    return JsonResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": seconds,
            "scope": " ".join(issued.scopes),
        },
        headers={"Cache-Control": "no-store", "Pragma": "no-cache"},
    )


def _token_fields(kind: str, data: bytes) -> dict[str, str]:
    """The fields of a form or of a JSON object, each once. Raises `_NoToken`."""
    wrong = _NoToken("invalid_request", "Send each of grant_type, client_id, client_secret, scope at most once.")
    try:
        if kind == _JSON:
            fields = reading.parse(data)
            if not isinstance(fields, dict):
                raise wrong
            pairs = list(fields.items())
        else:
            pairs = parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:  # no JSON, no UTF-8, too many fields
        raise wrong from None
    if len(dict(pairs)) < len(pairs) or not all(isinstance(value, str) for _, value in pairs):
        raise wrong
    return dict(pairs)


def _client(request: HttpRequest, given: Mapping[str, str]) -> tuple[str, str]:
    """Id and secret, from basic authentication or else the body; one of the two. Raises `_NoToken`."""
    kind, _, coded = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        if "client_id" not in given or "client_secret" not in given:
            raise _NoToken("invalid_request", "Send client_id and client_secret, or basic authentication.")
        return given["client_id"], given["client_secret"]
    if kind.lower() != "basic" or "client_secret" in given:
        raise _NoToken("invalid_request", "Send id and secret once: in the body or as basic authentication.")
    try:
        client, colon, secret = base64.b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        colon = ""
    if not colon:
        raise _NoToken("invalid_client", "The basic authentication cannot be read.", 401)
    return unquote_plus(client), unquote_plus(secret)


_is_plain = re.compile(r"[\x21-\x7e]{1,200}").fullmatch


def _plain(given: str) -> str:
    """An id or secret as it can be; what cannot be one is looked for as one that nobody has."""
    return given if _is_plain(given) else "?"


# --- entries in ----------------------------------------------------------------------------------------------------

_ENTRY_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/EntryIn"},
                        {"$ref": "#/components/schemas/BatchIn"},
                        {
                            "type": "array",
                            "maxItems": limits.MOST_ENTRIES,
                            "items": {"$ref": "#/components/schemas/EntryIn"},
                        },
                    ]
                }
            }
        },
    },
    "security": _BEARER,
}


@api.post(
    "/v1/entries",
    response=_answers(
        400, 401, 404, 405, 409, 413, 415, 422, 429, 503, s200=schemas.ReceiptsOut, s201=schemas.ReceiptsOut
    ),
    summary="Send entries in",
    openapi_extra=_ENTRY_BODY,
)
@open_to(Permission.API_WRITE, methods=("POST",), machine=True)
def send_entries(request: HttpRequest) -> HttpResponse:
    """Keep records of people and entries, all of the request or nothing, and answer with a receipt for each entry.

    Once it has answered, what it took is kept. 201: something was new; 200: everything was held already (same
    content, same reference). A client writes as its own agency only. A refusal names every fault of every entry.
    """
    _spend(request, "api.write")
    viewer = _viewer(request)
    given = _json(_body(request, _JSON)[1])
    try:
        sent = reading.read(given, _rules(request, viewer))
    except reading.Faulty as faulty:
        raise Refusal(422, "entries_refused", str(faulty), faults=faulty.faults) from None
    _check_expected(sent)
    receipts = _record(sent, by=f"system:{viewer.id}", at=request.at)  # type: ignore[attr-defined]
    request.looking.object_kind, request.looking.results = "entries", len(receipts)  # type: ignore[attr-defined]
    doors.looked_at(request, {person: "none" for one in receipts for person in one.versions})
    repeated = bool(receipts) and all(one.repeated for one in receipts)
    return JsonResponse({"receipts": [_receipt(one) for one in receipts]}, status=200 if repeated else 201)


def _rules(request: HttpRequest, viewer: Viewer) -> reading.Rules:
    return reading.Rules(
        kinds=known_kinds(),
        agencies=agencies.desks().keys(),
        agency=viewer.agency,
        at=request.at,  # type: ignore[attr-defined]
    )


@cache
def known_kinds() -> Mapping[str, Kind]:
    """Everything that can be recorded, by name."""
    return kinds.load(settings.ROOMS)


def _check_expected(sent: reading.Sent) -> None:
    """A version may be expected of persons whom the entries are about, and of nobody else. One query."""
    if not sent.expected:
        return
    records = {concern.record for one in sent.entries for concern in one.concerns}
    if not sent.expected.keys() <= set(people.persons_of(records).values()):
        right = "Name persons of earlier receipts, whom the entries of this request are about"
        fault = Fault("expected_versions", "names somebody whom no entry is about", right)
        raise Refusal(422, "entries_refused", faults=[Wrong(None, fault)])


def _record(sent: reading.Sent, *, by: str, at: datetime) -> list[Receipt]:
    """Record what was read; the ledger's own refusals become problems that name the entry."""
    try:
        return alerts.record(sent.entries, by=by, at=at, people=sent.people, expected=sent.expected)
    except errors.ReferenceUsed as used:
        wrong = "was used before, for other content"
        right = "Give a new reference; to correct the entry, give its reference in corrects"
        raise Refusal(
            409, "reference_used", faults=[_of(sent, used.ref, "ref", wrong, right)],
            ref=used.ref, kept=used.kept, given=used.given,
        ) from None  # fmt: skip
    except errors.VersionMoved as moved:
        raise Refusal(
            409, "version_moved", "Read what was added since, and send again with the new version.",
            person=str(moved.person), expected=moved.expected, found=moved.found,
        ) from None  # fmt: skip
    except errors.NothingToCorrect as nothing:
        wrong_correction = _of(sent, nothing.ref, "corrects", _wrong_correction(nothing), _right_correction(nothing))
        raise Refusal(422, "entries_refused", faults=[wrong_correction]) from None
    except RecordUnknown as unknown:
        raise Refusal(422, "entries_refused", faults=_concerning(sent, unknown)) from None
    except canonical.SealRefused as refused:
        fault = Fault(refused.field, refused.wrong, refused.right)
        raise Refusal(422, "entries_refused", faults=[Wrong(None, fault)]) from None


def _of(sent: reading.Sent, ref: str, field: str, wrong: str, right: str) -> Wrong:
    """A fault of the last entry of the request with this reference."""
    number = max((number for number, one in enumerate(sent.entries) if one.ref == ref), default=None)
    return Wrong(number, Fault(field, wrong, right))


def _wrong_correction(nothing: errors.NothingToCorrect) -> str:
    return f"was corrected before, by {nothing.newer}" if nothing.newer else "names no entry of this agency"


def _right_correction(nothing: errors.NothingToCorrect) -> str:
    return (
        f"Correct {nothing.newer} instead" if nothing.newer else "Give the reference of an entry that this agency made"
    )


def _concerning(sent: reading.Sent, unknown: RecordUnknown) -> list[Wrong]:
    """A fault for each entry that concerns a record which is not here."""
    right = "Send the record in people, with the entry or before it"
    return [
        Wrong(number, Fault(f"concerns.{place}.record", "is not a record of a person here", right))
        for number, one in enumerate(sent.entries)
        for place, concern in enumerate(one.concerns)
        if concern.record == unknown.record
    ]


def _receipt(one: Receipt) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "agency": one.agency,
        "ref": one.ref,
        "received": one.received.isoformat(),
        "digest": one.digest,
        "repeated": one.repeated,
        "versions": {str(person): version for person, version in one.versions.items()},
    }


# --- receipts and proofs -------------------------------------------------------------------------------------------


@api.get(
    "/v1/entries/{agency}/{path:ref}/receipt",
    response=_answers(401, 404, 405, 429, 503, s200=schemas.ReceiptOut),
    summary="The receipt of an entry",
    openapi_extra={"security": _BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def receipt(request: HttpRequest, agency: str, ref: str) -> HttpResponse:
    """The receipt of an entry that this client's agency sent, by its reference. Not there, or another's: 404."""
    _spend(request, "api.read")
    held = None
    if agency == _viewer(request).agency and not _faults_of(ref):
        held = ledger.receipts([Key(agency, ref)]).get(Key(agency, ref))
    if held is None:
        raise Refusal(404, "not_found")
    return JsonResponse(_receipt(held))


def _faults_of(ref: str) -> list[Fault]:
    """What is wrong with a reference."""
    faults: list[Fault] = []
    checking.read_ref("ref", ref, faults)
    return faults


@api.get(
    "/v1/entries/{uuid:id}/proof",
    response=_answers(401, 404, 405, 409, 429, 503, s200=schemas.InclusionOut),
    summary="The proof that an entry is sealed",
    openapi_extra={"security": _BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def proof(request: HttpRequest, id: UUID) -> HttpResponse:
    """The proof that an entry of this client's agency stands under the newest checkpoint. 409: not sealed yet."""
    _spend(request, "api.read")
    try:
        found = ledger.find(id)
    except errors.NoSuchEntry:
        raise Refusal(404, "not_found") from None
    if found.agency != _viewer(request).agency:
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
    response=_answers(404, 405, 429, 503, s200=schemas.CheckpointOut),
    summary="The newest checkpoint",
    openapi_extra={"security": _OPEN},
)
@open_to(EVERYONE, machine=True)
def latest_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head of the ledger. Public: keep it, and see later that nothing before it was changed."""
    _spend(request, "api.public")
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
    response=_answers(405, 429, 503, s200=schemas.KeyOut),
    summary="The key of the checkpoints",
    openapi_extra={"security": _OPEN},
)
@open_to(EVERYONE, machine=True)
def key(request: HttpRequest) -> HttpResponse:
    """The public key that checkpoints are checked with. Compare it with what the operator has published elsewhere."""
    _spend(request, "api.public")
    return JsonResponse({"key": str(sealing.signing_key().public)})


@api.get(
    "/v1/consistency",
    response=_answers(404, 405, 422, 429, 503, s200=schemas.ConsistencyOut),
    summary="The proof that the ledger only grew",
    openapi_extra={"security": _OPEN},
)
@open_to(EVERYONE, machine=True)
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """The proof that the tree of size `new` begins with the tree of size `old`. Public."""
    _spend(request, "api.public")
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


# --- the vocabulary ------------------------------------------------------------------------------------------------


@api.get(
    "/v1/kinds",
    response=_answers(405, 429, 503, s200=schemas.KindsOut),
    summary="Everything that can be recorded",
    openapi_extra={"security": _OPEN},
)
@open_to(EVERYONE, machine=True)
def all_kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of entry: what it means, whom it concerns, which fields its body has and what each takes."""
    _spend(request, "api.public")
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
    response=_answers(401, 404, 405, 429, 503, s200=schemas.AgenciesOut),
    summary="Everybody who takes part",
    openapi_extra={"security": _BEARER},
)
@open_to(Permission.API_WRITE, machine=True)
def all_agencies(request: HttpRequest) -> HttpResponse:
    """The agencies with which an entry can be shared, by their codes."""
    _spend(request, "api.read")
    return JsonResponse(
        {"agencies": [{"code": one.code, "name": one.name, "sector": one.sector} for one in agencies.desks().values()]}
    )


# --- what is not there ---------------------------------------------------------------------------------------------


@open_to(EVERYONE, methods=("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"), machine=True)
def lost(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Any other address under /api: a problem, not a page."""
    return problems.answer(Refusal(404, "not_found"))


lost.csrf_exempt = True  # type: ignore[attr-defined]
