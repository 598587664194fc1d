"""Small stories on licence: entries in one line each, and what is said of them on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.standing import due_text
from throughcare.duties.view import Case, Facts
from throughcare.ledger.entry import LONDON, Concern, Entry, Precision, Record, Share, When
from throughcare.licence import rules
from throughcare.project.replay import declared

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law" / "licence.md"
RULES, _ = declared()
PERSON = Record("PRIS", "P")


def cases(heading: str) -> list[dict[str, str]]:
    """The rows of the table under a heading of the page, by the names in its first line."""
    part = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


def moment(text: str) -> datetime:
    """A local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def when(text: str) -> When:
    """A minute, a day, a month, or nothing."""
    if "T" in text:
        return When(Precision.MINUTE, at=moment(text))
    if text.count("-") == 1:
        return When(Precision.MONTH, on=date.fromisoformat(f"{text}-01"))
    return When(Precision.DAY, on=date.fromisoformat(text)) if text else When(Precision.UNKNOWN)


def e(
    ref: str,
    what: str,
    happened: str,
    body: Mapping[str, Any] | None = None,
    *,
    noted: str = "",
    agency: str = "PROB",
    who: Sequence[tuple[str, str]] = (),
    shared: Sequence[tuple[str, str]] = (),
    corrects: str | None = None,
) -> Entry:
    """One entry about P, noted at 23:00 of its day where nothing else is said. `what` may carry the body as JSON."""
    kind, _, written = what.partition(" ")
    day = (f"{happened}-01" if happened.count("-") == 1 else happened)[:10]
    parts = [Concern("subject", PERSON), *(Concern(part, Record("X", name)) for part, name in who)]
    return Entry(
        ref=ref,
        kind=kind,
        agency=agency,
        author_role="",
        happened=when(happened),
        noted=moment(noted or f"{day}T23:00"),
        shared=tuple(Share(to, moment(at)) for to, at in shared),
        concerns=tuple(parts),
        body=dict(body) if body is not None else json.loads(written or "{}"),
        corrects=corrects,
    )


def told(entries: Sequence[Entry], on: str, *, parameters: Mapping[str, Mapping[str, Any]] | None = None) -> Assessment:
    """What is said of these entries at the end of a day."""
    people = {one.record: Facts(person=one.record.ref) for entry in entries for one in entry.concerns}
    case = Case(entries=entries, people=people, parameters=parameters or {})
    return evaluate(case, rules=RULES, on=date.fromisoformat(on))


def duties(entries: Sequence[Entry], on: str, rule: str, **more: Any) -> list[tuple[str, str | None, str]]:
    """The duties of one rule: the starting entry, the due day or moment, the state."""
    rows = [one for one in told(entries, on, **more).duties if one.rule == rule]
    return [(one.started_by.ref, due_text(one.due), one.state.value) for one in rows]


def facts(entries: Sequence[Entry], on: str, **more: Any) -> dict[str, Any]:
    """The facts of the licence room about P at the end of a day; empty where it says nothing."""
    return dict(rules.facts(told(entries, on, **more).view, "P", date.fromisoformat(on)) or {})


def approved(
    ref: str, happened: str, *conditions: str, version: str = "3.0", form: str = "standard", **more: Any
) -> Entry:
    """A licence with these conditions."""
    body = {"form": form, "policy_version": version, "conditions": list(conditions)}
    return e(ref, "licence.approved", happened, body, **more)


def released(ref: str, happened: str, licence: str = "l", release: str = "first", **body: Any) -> Entry:
    """A release on a licence."""
    return e(ref, "licence.released", happened, {"release": release, "licence": licence, **body})


def varied(ref: str, happened: str, *, add: Sequence[str] = (), take: Sequence[str] = (), version: str) -> Entry:
    """A variation."""
    return e(ref, "licence.varied", happened, {"policy_version": version, "added": [*add], "removed": [*take]})


def sentence(kind: str, happened: str = "2010-03-12") -> Entry:
    """A sentence of a kind."""
    body = {
        "type": kind,
        "offence": "x",
        "years": 0,
        "months": 0,
        "days": 0,
        "victim_scheme": "no",
        "listed_grave": "no",
    }
    return e("s", "sentence.imposed", happened, body)


def course(text: str) -> list[Entry]:
    """ "first 2014-10-06, revoked 2024-09-04": what followed a sentence, each on its day."""
    made: list[Entry] = []
    for number, one in enumerate(part.strip() for part in text.split(",")):
        step, _, rest = one.partition(" ")
        day, _, place = rest.partition(" to ")
        ref = f"{step[:3]}{number}"
        if step == "revoked":
            made.append(
                e(ref, "recall.revoked", day, {"request": "q", "type": "standard", "charge_not_convicted": "no"})
            )
        elif step == "rescinded":
            made.append(e(ref, "recall.rescinded", day, {"revocation": made[-1].ref, "reason": "in error"}))
        elif step == "reviewed":
            made.append(e(ref, "parole.review_opened", day, {"review": "licence_end"}))
        elif step == "approved":
            made.append(approved(ref, day, "good_behaviour", version="board_directed"))
        elif step == "asked":
            made.append(e(ref, "licence.end_requested", day, {}))
        elif step == "ended":
            made.append(e(ref, "licence.ended", day, {"reason": "terminated", "order": "yes"}))
        else:
            made.append(released(ref, day, release=step, **({"address_kind": place} if place else {})))
    return made


def day_after(day: str) -> str:
    """The next day."""
    return (date.fromisoformat(day) + timedelta(1)).isoformat()
