"""How a threshold of this room is declared, and the words that several of them share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from throughcare.duties.rules import Law, Threshold

LAW = Law.read("safeguarding", "thresholds.toml")

OBSERVATION = "safeguarding.observation"
ABUSE_NOTICE = "safeguarding.domestic_abuse_notice"
BORN = "people.born"
RELATED = "people.relationship_stated"

HUB = "multi-agency safeguarding hub"
LEAD = "lead social worker"


def threshold(rule: str, what: str, kinds: Iterable[str], question: str, to: str, **parts: Any) -> Threshold:
    """A threshold with its rows of law: asked of these kinds, its question goes `to` a role."""
    return Threshold(
        id=rule, what=what, question=question, to=to, kinds=frozenset(kinds), rows=tuple(LAW.of(rule)), **parts
    )
