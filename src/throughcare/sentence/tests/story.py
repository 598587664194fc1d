"""Small stories of a sentence: entries in one line each, and what is said of them on a day."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.standing import due_text
from throughcare.duties.view import Case, Facts
from throughcare.ledger.entry import LONDON, Concern, Entry, Precision, Record, Share, When
from throughcare.project.replay import declared
from throughcare.sentence import rules, state

RULES, _ = declared()
WHO = "P"


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
    *,
    noted: str = "",
    who: str = "",
    agency: str = "PRIS",
    shared: Sequence[tuple[str, str]] = (),
    corrects: str | None = None,
) -> Entry:
    """One entry about P: its kind, and its body as JSON after a blank. Noted at 23:00 of its day where not said."""
    kind, _, body = what.partition(" ")
    parts = [one.partition("=") for one in f"subject={WHO};{who}".split(";") if one]
    day = f"{happened}-28" if happened.count("-") == 1 else happened[:10]
    return Entry(
        ref=ref,
        kind=kind,
        agency=agency,
        author_role="",
        happened=when(happened),
        noted=moment(noted or f"{day}T23:00"),
        shared=tuple(Share(to, moment(at)) for to, at in shared),
        concerns=tuple(Concern(part, Record("X", person)) for part, _, person in parts),
        body=json.loads(body or "{}"),
        corrects=corrects,
    )


def told(entries: Sequence[Entry], on: str, **more: Any) -> Assessment:
    """What is said of these entries at the end of a day."""
    names = {concern.record.ref for entry in entries for concern in entry.concerns}
    people = {Record("X", name): Facts(person=name) for name in names}
    parameters: Mapping[str, Mapping[str, Any]] = more.pop("parameters", {})
    case = Case(entries=entries, people=people, parameters=parameters)
    return evaluate(case, rules=RULES, on=date.fromisoformat(on), **more)


def duties(entries: Sequence[Entry], on: str, rule: str, **more: Any) -> list[tuple[str, str | None, str | None, str]]:
    """The duties of one rule: the starting entry, whose it is, the due day, the state."""
    rows = [one for one in told(entries, on, **more).duties if one.rule == rule]
    return [(one.started_by.ref, one.person, due_text(one.due), one.state.value) for one in rows]


def stands(entries: Sequence[Entry], on: str, **more: Any) -> state.Standing | None:
    """Where P stands at the end of a day."""
    return rules.standing(told(entries, on, **more).view, WHO)
