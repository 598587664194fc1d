"""Figures and marks of law in words that anybody can read. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from throughcare.duties.law import Provision, marks_of
from throughcare.duties.rules import Row
from throughcare.web import words

_MARKS: Mapping[str, str] = {
    "V": "Checked against the source",
    "K": "Believed right; to be checked before it is relied on",
    "G": "Seen in official guidance",
    "X": "What the tools of a service do; not law",
    "U": "Uncertain: it is asked, and never worked out",
    "local": "Agreed in the case itself",
}
EXPLAINED = (
    ("V", "Checked against the source that is named."),
    ("L", "Read in a text of law; in safeguarding, local practice that the partnership may set."),
    ("K", "Believed right, and not read again: to be checked before it is relied on."),
    ("G", "Seen in official guidance."),
    ("X", "Seen in the tools of a government service: what staff do, which is not law."),
    ("U", "Uncertain or in conflict: it is put as a question, and nothing is worked out from it."),
)
"""What each mark means, for the foot of a page."""

_UNITS = {"working_day": "working day", "day": "day", "hour": "hour", "week": "week", "month": "month", "year": "year"}
_PART = re.compile(r"(\d+)\s*([a-z_]+)")


def mark_words(row: Row) -> str:
    """How sure the law of a row is, in words: each of its marks."""
    letter = row.mark.split()[0].split("/")
    found = [_mark(one, row) for one in letter if one in marks_of(row)]
    return "; ".join(dict.fromkeys(one for one in found if one))


def _mark(letter: str, row: Row) -> str:
    if letter == "L":
        return "Read in a text of law" if row.statutory else "Local practice: the partnership may set it"
    return _MARKS.get(letter, "")


def figures(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The figures of a row, each in words: "10 working days", "Under months: 24"."""
    said = []
    if given.get("length") is not None:
        said += _lengths(given["length"], str(given.get("unit", "")))
    for name, value in given.items():
        if name not in ("length", "unit", "question", "what", "title"):
            said.append(f"{_title(name)}: {_value(value, str(given.get('unit', '')))}")
    return tuple(said)


def _lengths(length: Any, unit: str) -> list[str]:
    if isinstance(length, Mapping):
        return [f"{_title(str(case))}: {_length(one, unit)}" for case, one in length.items()]
    return [_length(length, unit)]


def _length(given: Any, unit: str) -> str:
    """A length of time: a number with its unit, or text such as "8 months 14 days"."""
    if isinstance(given, int):
        return words.many(given, _UNITS.get(unit, unit or "time"))
    parts = _PART.findall(str(given))
    if not parts:
        return str(given)
    return " and ".join(
        words.many(int(n), _UNITS.get(one.rstrip("s"), one.rstrip("s").replace("_", " "))) for n, one in parts
    )


def _value(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(str(name))} {_value(one, unit)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return words.listed([_value(one, unit) for one in value])
    return _plain(str(value)) if value is not None else "none"


_SHORT = {"ipp": "IPP", "dpp": "DPP", "sopc": "SOPC", "la": "local authority"}


def _plain(name: str) -> str:
    return _SHORT.get(name, name.replace("_", " "))


def _title(name: str) -> str:
    return _SHORT.get(name) or _plain(name).capitalize()


def own_figures(one: Provision) -> tuple[str, ...]:
    """The partnership's own figures in the place of the law's, in words."""
    own = {name: value for name, value in one.own.items() if name != "in_force_from"}
    if "length" in own:
        own.setdefault("unit", one.row.figures.get("unit", ""))
    said = list(figures(own))
    if one.own.get("in_force_from"):
        said.append(f"In force from {words.day(date.fromisoformat(str(one.own['in_force_from'])))}")
    return tuple(said)


def since_words(row: Row) -> str:
    """From when to when a row holds."""
    if row.since is None and row.until is None:
        return "All days that we look back to"
    if row.until is None and row.since is not None:
        return f"From {words.day(row.since)}"
    until = f"until {words.day(row.until)}" if row.until else ""
    return f"From {words.day(row.since)} {until}".strip() if row.since else until.capitalize()
