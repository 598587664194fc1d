"""What the API answers when it does not do what was asked: one shape, RFC 9457, for every refusal.

`code` never changes its meaning; the words may. `faults` name each thing that is wrong: in which entry of the
request (from 0; null: in the request itself), in which field, what is wrong, what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import JsonResponse

from throughcare.intake.reading import Wrong

CONTENT_TYPE = "application/problem+json"

TITLES = {
    "not_json": "The request is not plain JSON.",
    "wrong_type": "The request has a content type that is not taken here.",
    "too_large": "The request is too large.",
    "cut_short": "The request came in part only.",
    "entries_refused": "Something in the request is wrong; nothing of it was kept.",
    "reference_used": "This reference was used before, for other content; nothing of the request was kept.",
    "version_moved": "Somebody wrote about this person since; nothing of the request was kept.",
    "not_found": "There is no such thing, or you may not see it.",
    "not_sealed": "The entry is kept, and not sealed yet. Ask again in a moment.",
    "wrong_question": "The address asks for something that cannot be.",
    "too_often": "Too many in a short time.",
    "busy": "This could not be done just now; nothing was kept. Send the same again.",
}


class Refusal(Exception):
    """A request was refused. The API answers with it as a problem."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        faults: Iterable[Wrong] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status, self.code, self.detail, self.faults, self.more = status, code, detail, list(faults), more
        self.headers = headers or {}
        super().__init__(detail or TITLES[code])


def answer(refusal: Refusal) -> JsonResponse:
    """The answer to a machine whose request was refused."""
    problem: dict[str, Any] = {
        "type": f"urn:throughcare:{refusal.code}",
        "title": TITLES[refusal.code],
        "status": refusal.status,
        "code": refusal.code,
    }
    if refusal.detail:
        problem["detail"] = refusal.detail
    if refusal.faults:
        problem["faults"] = [
            {"entry": entry, "field": fault.field, "wrong": fault.wrong, "right": fault.right}
            for entry, fault in refusal.faults
        ]
    response = JsonResponse(problem | refusal.more, status=refusal.status, content_type=CONTENT_TYPE)
    for name, value in refusal.headers.items():
        response.headers[name] = value
    return response
