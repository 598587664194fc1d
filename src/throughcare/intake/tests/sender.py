"""An agency's system as the tests play it, and what it sends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client


@dataclass(frozen=True)
class System:
    """An agency's system, signed in."""

    agency: str
    client_id: str
    secret: str
    token: str
    client: Client

    def post(self, body: Any, path: str = "/api/v1/entries", *, kind: str = "application/json", **more: Any) -> Any:
        """Send a body: bytes as they are, else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            path, data=data, content_type=kind, headers={"Authorization": f"Bearer {self.token}"}, **more
        )

    def get(self, path: str) -> Any:
        """Ask."""
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token}"})


CHILD = {"record_ref": "C1", "names": ["Rowan Invented"], "date_of_birth": "2024-03-09"}


def visit(ref: str = "v1", **more: Any) -> dict[str, Any]:
    """An entry that is right."""
    return {
        "ref": ref,
        "kind": "safeguarding.observation",
        "agency": "LA",
        "author_role": "social worker",
        "happened": "2026-03-02",
        "precision": "day",
        "noted": "2026-03-02T10:15",
        "concerns": [{"part": "subject", "record": "C1"}],
        "basis": "seen",
        "summary": "Seen at home.",
        "body": {"weight": "concern", "seen_or_told": "seen"},
    } | more
