"""What a life says on a day: the output contract of the life format, section 8. Pure: no Django, no database.

Rooms are found by the list of rooms: what a room declares in `rules.RULES` is evaluated, and `rules.facts` gives its
part of the state. A room that does not exist yet, or that holds nothing about a person, is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from throughcare.duties.engine import evaluate
from throughcare.duties.rules import RuleError, Rules, check_parameters
from throughcare.duties.standing import Duty, due_text
from throughcare.duties.view import Case, Facts, View
from throughcare.duties.watch import Finding
from throughcare.ledger import kinds, life, times
from throughcare.ledger.entry import Entry, Key, Record, end_of_day, knowledge, on_or_before
from throughcare.ledger.errors import LedgerError
from throughcare.ledger.life import Life, PersonRecord
from throughcare.people import links as decided_links
from throughcare.people.matching import exact
from throughcare.project.rooms import PRACTICE, ROOMS

Links = Literal["truth", "matched"]
RoomFacts = Callable[[View, str, date], dict[str, Any] | None]


class ReplayRefused(ValueError):
    """A replay was asked for something that the life does not have."""

    code = "replay_refused"


def replay(told: Life, on: date, known_to: str | None = None, links: Links = "truth") -> dict[str, Any]:
    """Everything that the life says at the end of a day, as the plain values of the contract.

    With `known_to`, from what that agency knew. `links` says whose word joins records: the life's own (`truth`) or
    this product's matching (`matched`). Raises `ReplayRefused` for an agency or record that the life does not name,
    `RuleError` for a figure that cannot be read.
    """
    if known_to is not None and known_to not in told.agencies:
        raise ReplayRefused(
            f"known_to: {known_to!r} is no agency of this life. Give one of {', '.join(told.agencies)}."
        )
    matched = exact.match(told.records) if links == "matched" else None
    pairs = _pairs(told.records, matched)
    case = case_of(told, pairs)
    rules, rooms = declared()
    check_parameters(rules, told.parameters)
    assessment = evaluate(case, rules=rules, on=on, known_to=known_to)
    answer = _counts(told, on, known_to)
    answer["duties"] = [_duty(row) for row in assessment.duties]
    answer["findings"] = [_finding(row) for row in assessment.findings]
    answer["state"] = _state(assessment.view, case, rooms, on)
    if matched is not None:
        answer["links"] = {
            "joined": [[pair.first.ref, pair.second.ref] for pair in matched.joined],
            "for_review": [[pair.first.ref, pair.second.ref] for pair in matched.for_review],
        }
    return answer


@cache
def declared() -> tuple[Rules, dict[str, RoomFacts]]:
    """What all practice rooms declare, and how each gives its facts."""
    rules, facts = Rules(), {}
    for room in PRACTICE:
        name = f"throughcare.{room}.rules"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        rules = rules + module.RULES
        if hasattr(module, "facts"):
            facts[room] = module.facts
    return rules, facts


# --- people ---------------------------------------------------------------------------------------------------------


def _pairs(records: Sequence[PersonRecord], matched: exact.Decided | None) -> list[frozenset[Record]]:
    if matched is not None:
        return [frozenset((pair.first, pair.second)) for pair in matched.joined]
    by_ref = {one.ref: one.record for one in records}
    if unknown := [one for one in records if one.same_as and one.same_as not in by_ref]:
        raise ReplayRefused(
            f"people.csv, {unknown[0].ref}: same_as names a record that is not there. Give a record_ref of people.csv."
        )
    return [frozenset((one.record, by_ref[one.same_as])) for one in records if one.same_as]


def case_of(told: Life, pairs: Iterable[frozenset[Record]]) -> Case:
    """The case of a whole life. A person is named by the first record that is theirs, in the order of the file."""
    records = {one.record: one for one in told.records}
    people: dict[Record, Facts] = {}
    for group in decided_links.groups(records, pairs):
        for record in group:
            one = records[record]
            people[record] = Facts(
                person=group[0].ref,
                born=one.date_of_birth,
                expected=one.expected_date_of_birth,
                identified=one.identified,
            )
    return Case(
        entries=told.entries,
        people=people,
        parameters=told.parameters,
        sectors={code: agency.sector for code, agency in told.agencies.items()},
    )


# --- who knew what --------------------------------------------------------------------------------------------------


def _counts(told: Life, on: date, known_to: str | None) -> dict[str, Any]:
    end = end_of_day(on)
    existing = sorted(on_or_before(told.entries, end), key=lambda entry: (entry.noted, entry.ref))
    since = knowledge(existing)
    agencies = [known_to] if known_to is not None else list(told.agencies)
    known = {agency: _known(existing, since.get(agency, {}), end) for agency in agencies}
    return {
        "on": on.isoformat(),
        "entries": len(known[known_to]) if known_to is not None else len(existing),
        "known": {agency: len(keys) for agency, keys in known.items()},
        "blind_spot": {
            agency: [entry.ref for entry in existing if entry.key not in keys] for agency, keys in known.items()
        },
    }


def _known(existing: Iterable[Entry], since: dict[Key, datetime], end: datetime) -> set[Key]:
    return {entry.key for entry in existing if entry.key in since and since[entry.key] <= end}


# --- as plain values ------------------------------------------------------------------------------------------------


def _duty(row: Duty) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "person": row.person,
        "started_by": row.started_by.ref,
        "due": due_text(row.due),
        "state": row.state.value,
        "met_by": row.met_by.ref if row.met_by else None,
        "what": row.what,
        "owner": row.owner,
        "authority": row.authority,
        "mark": row.mark,
        "why": list(row.why),
    }


def _finding(row: Finding) -> dict[str, Any]:
    return {
        "rule": row.rule,
        "person": row.person or None,  # nobody, such as of a breach of data
        "raised": row.raised.isoformat(),
        "result": row.result.value,
        "evidence": [key.ref for key in row.evidence],
        "missing": list(row.missing),
        "question": row.question,
        "to": row.to,
        "authority": row.authority,
        "mark": row.mark,
        "why": row.why,
    }


def _state(view: View, case: Case, rooms: dict[str, RoomFacts], on: date) -> dict[str, dict[str, Any]]:
    state: dict[str, dict[str, Any]] = {}
    for person in dict.fromkeys(facts.person for facts in case.people.values()):
        facts = {room: given for room, of in rooms.items() if (given := of(view, person, on)) is not None}
        if facts:
            state[person] = facts
    return state


# --- the command ----------------------------------------------------------------------------------------------------


def main(argv: Sequence[str]) -> int:
    """`throughcare replay LIFE_DIR --on DATE [--known-to AGENCY] [--links truth|matched] --json`.

    Returns 0 when it has answered, 1 when the life cannot be read, 2 when the command was not understood.
    """
    parser = argparse.ArgumentParser(prog="throughcare replay", description=replay.__doc__)
    parser.add_argument("life", type=Path, metavar="LIFE_DIR", help="a folder in the format of a life")
    parser.add_argument("--on", type=times.day, required=True, metavar="DATE", help="the end of this day")
    parser.add_argument("--known-to", metavar="AGENCY", help="work everything out from what this agency knew")
    parser.add_argument("--links", choices=("truth", "matched"), default="truth", help="whose word joins records")
    parser.add_argument("--json", action="store_true", help="print as JSON (the only form there is)")
    try:
        given = parser.parse_args(list(argv))
    except SystemExit as left:
        return int(left.code or 0)
    try:
        told = life.read(given.life, kinds.load(ROOMS))
        answer = replay(told, given.on, given.known_to, given.links)
    except (LedgerError, ReplayRefused, RuleError, OSError) as wrong:
        print(wrong, file=sys.stderr)
        return 1
    json.dump(answer, sys.stdout, indent=1, ensure_ascii=False)
    print()
    return 0
