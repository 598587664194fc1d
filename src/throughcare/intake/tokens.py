"""The token of the API: OAuth 2.0, client credentials (RFC 6749), whose words its refusals keep."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse

from throughcare.access import doors, systems
from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.errors import TokenRefused
from throughcare.intake import reading, schemas
from throughcare.intake.api import (
    JSON,
    OPEN,
    answers,
    api,
    body,
    requests_a_minute,
)

_FORM = "application/x-www-form-urlencoded"
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
    | answers(405, 413, 415, 429, 503),
    summary="Fetch a token",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {_FORM: {"schema": _TOKEN_FIELDS}, JSON: {"schema": _TOKEN_FIELDS}},
        },
        "security": OPEN,
    },
)
@open_to(EVERYONE, methods=("POST",), machine=True)
def token(request: HttpRequest) -> HttpResponse:
    """Hand out a bearer token for 15 minutes to an agency's system (OAuth 2.0, client credentials, RFC 6749).

    The client's id and secret come as basic authentication or in the body. Guessing is slow: after five wrong
    secrets a client waits.
    """
    doors.spend(request, "api.token", most=requests_a_minute(), per=timedelta(minutes=1))
    given = _token_fields(*body(request, _FORM, JSON))
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
        if kind == JSON:
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
