"""Small stories to ask rules about: entries in one line each, and what is said of them on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from throughcare.duties.engine import Assessment, evaluate
from throughcare.duties.standing import Duty, due_text
from throughcare.duties.view import Case, Facts
from throughcare.ledger.entry import LONDON, Concern, Entry, Precision, Record, Share, When
from throughcare.project.replay import declared

RULES, _ = declared()
BORN: Mapping[str, date] = {
    **{"C": date(2023, 1, 1), "S": date(2020, 6, 1)},
    **{"A": date(1990, 1, 1), "B": date(1992, 1, 1), "M": date(1993, 1, 1)},
}
EXPECTED: Mapping[str, date] = {"U": date(2024, 12, 1)}


def moment(text: str) -> datetime:
    """A local time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def when(text: str) -> When:
    """A minute, a day, `~` and a day (approximate), a month, or nothing."""
    if "T" in text:
        return When(Precision.MINUTE, at=moment(text))
    if text.startswith("~"):
        return When(Precision.APPROXIMATE, on=date.fromisoformat(text[1:]))
    if text.count("-") == 1:
        return When(Precision.MONTH, on=date.fromisoformat(f"{text}-01"))
    return When(Precision.DAY, on=date.fromisoformat(text)) if text else When(Precision.UNKNOWN)


def e(
    ref: str,
    kind: str,
    happened: str,
    body: Mapping[str, Any] | None = None,
    *,
    noted: str = "",
    agency: str = "LA",
    who: str = "subject=C",
    shared: Sequence[tuple[str, str]] = (),
    corrects: str | None = None,
) -> Entry:
    """One entry, noted at 23:00 of its day where nothing else is said. `who` is as in the life format."""
    parts = [one.partition("=") for one in who.split(";") if one]
    return Entry(
        ref=ref,
        kind=kind if "." in kind else f"safeguarding.{kind}",
        agency=agency,
        author_role="",
        happened=when(happened),
        noted=moment(noted or f"{happened.lstrip('~')[:10]}T23:00"),
        shared=tuple(Share(to, moment(at)) for to, at in shared),
        concerns=tuple(Concern(part, Record("X", person)) for part, _, person in parts),
        body=dict(body or {}),
        corrects=corrects,
    )


def withdrawn(ref: str, corrects: str, noted: str) -> Entry:
    """The entry that takes another away."""
    return e(ref, "record.withdrawn", noted, {"reason": "in error"}, noted=noted, corrects=corrects)


def told(
    entries: Sequence[Entry],
    on: str,
    *,
    known_to: str | None = None,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    born: Mapping[str, date] = BORN,
) -> Assessment:
    """What is said of these entries at the end of a day. People are C, S (children), U (unborn), A, B and others."""
    names = {concern.record.ref for entry in entries for concern in entry.concerns}
    people = {
        Record("X", name): Facts(person=name, born=born.get(name), expected=EXPECTED.get(name), identified=name != "N")
        for name in names
    }
    case = Case(entries=entries, people=people, parameters=parameters or {})
    return evaluate(case, rules=RULES, on=date.fromisoformat(on), known_to=known_to)


def found(entries: Sequence[Entry], on: str, rule: str, **more: Any) -> list[tuple[str, str, str, list[str]]]:
    """The findings of one rule: person, day raised, result, evidence."""
    return [
        (one.person, one.raised.isoformat(), one.result.value, [key.ref for key in one.evidence])
        for one in told(entries, on, **more).findings
        if one.rule == rule
    ]


def duties(entries: Sequence[Entry], on: str, rule: str, **more: Any) -> list[tuple[str, str | None, str]]:
    """The duties of one rule: the starting entry, the due day or moment, the state."""
    rows: list[Duty] = [one for one in told(entries, on, **more).duties if one.rule == rule]
    return [(one.started_by.ref, due_text(one.due), one.state.value) for one in rows]
