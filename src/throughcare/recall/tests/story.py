"""A recall told in a line: `revoked(standard) 2026-05-12; returned 2026-05-22`. Each step names the one before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any

from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.view import Case, Facts
from throughcare.ledger import checking, kinds
from throughcare.ledger.entry import LONDON, Entry, Record
from throughcare.ledger.times import written
from throughcare.project.replay import declared
from throughcare.project.rooms import ROOMS

KINDS = kinds.load(ROOMS)
RULES, ROOM_FACTS = declared()
PERSON = Record("PROB", "P")

_KIND = {
    "agreed": "recall.agreed",
    "requested": "recall.requested",
    "against": "recall.decided_against",
    "stopped": "recall.decided_against",
    "not_recalled": "recall.decided_against",
    "revoked": "recall.revoked",
    "checked": "recall.checked_at_large",
    "returned": "recall.returned",
    "notified": "recall.return_notified",
    "informed": "recall.informed",
    "papers": "recall.papers_sent",
    "decided": "recall.re_release_decided",
    "rescinded": "recall.rescinded",
    "released": "licence.released",
    "licence_ended": "licence.ended",
    "sentence_ended": "sentence.ended",
    "died": "people.died",
    "disclosed": "parole.dossier_disclosed",
}


def _body(step: str, said: str, last: dict[str, str]) -> dict[str, Any]:
    revocation = {"revocation": last.get("revoked", "r-later")}
    return {
        "agreed": {"breaches": ["b1"], "reason": "risk"},
        "requested": {"agreed": last.get("agreed", "a0"), "emergency": "yes" if said == "emergency" else "no"}
        | {"in_custody": "yes" if said == "in_custody" else "no"},
        "against": {"of": last.get("agreed", "a0"), "reason": said or "alternative"},
        "stopped": {"of": last.get("requested", "q0"), "reason": said or "withdrawn"},
        "not_recalled": {"of": "b1", "reason": said or "warning_letter"},
        "revoked": {"request": last.get("requested", "q0"), "type": said, "charge_not_convicted": "no"},
        "checked": {"next_check_on": said} if said else {},
        "returned": revocation,
        "notified": {"returned": last.get("returned", "t0")},
        "informed": revocation,
        "papers": revocation | {"paper": said},
        "decided": revocation | {"release": said, "reason": "weighed"},
        "rescinded": revocation | {"reason": "in error"},
        "released": {"release": said or "re_release", "licence": "l1"},
        "licence_ended": {"reason": said or "expired"},
        "sentence_ended": {"reason": said or "expired"},
        "died": {},
        "disclosed": {"review": "ro", "version": 1},
    }[step]


def told(line: str) -> list[Entry]:
    """The entries of a line. `returned` before `revoked` names the revocation that follows it."""
    made: list[Entry] = []
    last: dict[str, str] = {}
    numbers = count(1)
    steps = [one.strip() for one in line.split(";") if one.strip()]
    for step in steps:
        name, happened = step.split()
        kind, _, said = name.removesuffix(")").partition("(")
        ref = "r-later" if kind == "revoked" and "r-later" in str(made) else f"{kind}{next(numbers)}"
        made.append(entry(ref, kind, happened, said=said, last=last))
        last[kind] = ref
    return made


def entry(
    ref: str, step: str, happened: str, *, said: str = "", last: dict[str, str] | None = None, **given: Any
) -> Entry:
    """One entry, checked by its kind; noted at once, or at the end of the day of which no time is known."""
    precision = "minute" if "T" in happened else "month" if len(happened) == 7 else "day" if happened else "unknown"
    end = datetime.combine(date.fromisoformat(f"{happened}-28"[:10]), time(23, 0), LONDON) if happened else None
    noted = happened if precision == "minute" else written(end.astimezone(UTC)) if end else "2026-01-01T12:00"
    raw = {
        "ref": ref,
        "kind": _KIND.get(step, step),
        "agency": "PROB",
        "author_role": "officer",
        "happened": happened,
        "precision": precision,
        "noted": noted,
        "concerns": [{"part": "subject", "record": PERSON.ref}],
        "body": _body(step, said, last or {}) if step in _KIND else {},
        **given,
    }
    return checking.check(raw, KINDS)


def case(entries: list[Entry]) -> Case:
    """The case of one adult."""
    return Case(entries=entries, people={PERSON: Facts(person="P", born=date(1980, 1, 1))})


def assessed(entries: list[Entry], on: str) -> Assessment:
    """Duties and findings at the end of a day."""
    return evaluate(case(entries), rules=RULES, on=date.fromisoformat(on))


def facts(entries: list[Entry], on: str) -> dict[str, Any]:
    """What this room says of the person at the end of a day."""
    return ROOM_FACTS["recall"](assessed(entries, on).view, "P", date.fromisoformat(on)) or {}
