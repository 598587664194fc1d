"""Entries in, by the API: all of a request or nothing, and a receipt for each entry."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse

from throughcare.access import doors
from throughcare.access import queries as agencies
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.alerts import actions as alerts
from throughcare.intake import limits, reading, schemas
from throughcare.intake.api import (
    BEARER,
    JSON,
    answers,
    api,
    body,
    known_kinds,
    parsed,
    receipt_out,
    spend,
    viewer_of,
)
from throughcare.intake.problems import Refusal
from throughcare.intake.reading import Wrong
from throughcare.ledger import canonical, errors
from throughcare.ledger.errors import Fault
from throughcare.ledger.queries import Receipt
from throughcare.people import queries as people
from throughcare.people.actions import RecordUnknown

_ENTRY_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
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
    "security": BEARER,
}


@api.post(
    "/v1/entries",
    response=answers(
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
    spend(request, "api.write")
    viewer = viewer_of(request)
    given = parsed(body(request, JSON)[1])
    try:
        sent = reading.read(given, _rules(request, viewer))
    except reading.Faulty as faulty:
        raise Refusal(422, "entries_refused", str(faulty), faults=faulty.faults) from None
    _check_expected(sent)
    receipts = _record(sent, by=f"system:{viewer.id}", at=request.at)  # type: ignore[attr-defined]
    request.looking.object_kind, request.looking.results = "entries", len(receipts)  # type: ignore[attr-defined]
    doors.looked_at(request, {person: "none" for one in receipts for person in one.versions})
    repeated = bool(receipts) and all(one.repeated for one in receipts)
    return JsonResponse({"receipts": [receipt_out(one) for one in receipts]}, status=200 if repeated else 201)


def _rules(request: HttpRequest, viewer: Viewer) -> reading.Rules:
    return reading.Rules(
        kinds=known_kinds(),
        agencies=agencies.desks().keys(),
        agency=viewer.agency,
        at=request.at,  # type: ignore[attr-defined]
    )


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
