"""Every life says what it is expected to say, for all rules that the rooms declare so far."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from throughcare.ledger import kinds, life
from throughcare.project.replay import declared, replay
from throughcare.project.rooms import ROOMS

CHECKOUT = Path(__file__).resolve().parents[4]
KINDS = kinds.load(ROOMS)


def lives() -> list[Path]:
    """The lives of this checkout, and those of the folder that THROUGHCARE_LIVES names."""
    folders = [CHECKOUT / "tests" / "lives"]
    if more := os.environ.get("THROUGHCARE_LIVES"):
        folders.append(Path(more))
    return [path.parent for folder in folders for path in sorted(folder.glob("*/expected.json"))]


def holds(row: dict[str, Any], said: dict[str, Any]) -> bool:
    """Is a row what was said? All keys equal, but evidence, which is contained."""
    return all(
        set(want) <= set(said["evidence"]) if name == "evidence" else said.get(name) == want
        for name, want in row.items()
    )


def forbidden(pattern: dict[str, Any], said: dict[str, Any]) -> bool:
    """Is a row what must not be said?"""
    before = pattern.get("raised_before")
    if before is not None and not said["raised"] < before:
        return False
    return holds({name: want for name, want in pattern.items() if name != "raised_before"}, said)


def differences(answer: dict[str, Any], expected: dict[str, Any], counted: Counter[str]) -> Iterator[str]:
    rules, rooms = declared()
    for name in ("entries", "known", "blind_spot"):
        want, got = expected.get(name), answer[name]
        counted["compared"] += 1
        if isinstance(want, dict):
            got = {agency: got.get(agency) for agency in want}
        if want is not None and got != want:
            yield f"{name}: {got}, not {want}"
    for name in ("duties", "findings"):
        for row in expected.get(name, ()):
            if row["rule"] not in rules.ids:
                counted[f"left out {row['rule']}"] += 1
                continue
            counted["compared"] += 1
            if not any(holds(row, said) for said in answer[name]):
                near = [said for said in answer[name] if said["rule"] == row["rule"]]
                shown = [{key: said[key] for key in row} for said in near]
                yield f"{name}: not said: {row}; said: {shown}"
        for pattern in expected.get(f"{name}_must_not", ()):
            counted["compared"] += 1
            for said in answer[name]:
                if forbidden(pattern, said):
                    yield f"{name}: must not be said ({pattern}): { {key: said[key] for key in list(said)[:6]} }"
    for person, by_room in (expected.get("state") or {}).items():
        for room, facts in by_room.items():
            if room not in rooms:
                counted[f"left out {room} state"] += 1
                continue
            for fact, want in facts.items():
                counted["compared"] += 1
                got = answer["state"].get(person, {}).get(room, {}).get(fact, "nothing")
                if got != want:
                    yield f"state of {person}: {room}.{fact} is {got!r}, not {want!r}"


@pytest.mark.parametrize("folder", lives(), ids=lambda path: path.name)
def test_a_life_says_what_is_expected(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = life.read(folder, KINDS)
    wrong, counted = [], Counter[str]()
    for expected in json.loads((folder / "expected.json").read_text("utf-8"))["on"]:
        answer = replay(told, date.fromisoformat(expected["on"]), expected.get("known_to"))
        label = f"{expected['on']} {expected.get('known_to') or ''}"
        wrong += [f"{label} {line}" for line in differences(answer, expected, counted)]
    left_out = ", ".join(f"{name[9:]} x{n}" for name, n in sorted(counted.items()) if name.startswith("left out"))
    with capsys.disabled():
        print(f"\n{folder.name}: {counted['compared']} compared, {len(wrong)} wrong; left out: {left_out or 'nothing'}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", lives(), ids=lambda path: path.name)
def test_matching_joins_and_keeps_apart_as_expected(folder: Path) -> None:
    told = life.read(folder, KINDS)
    links = json.loads((folder / "expected.json").read_text("utf-8"))["links"]
    said = replay(told, date(2026, 1, 1), links="matched")["links"]
    joined = {frozenset(pair) for pair in said["joined"]}
    review = {frozenset(pair) for pair in said["for_review"]}
    numbers = {one.ref: set(one.identifiers) for one in told.records}
    for pair in map(frozenset, links["must_link"]):
        first, second = pair
        assert pair in joined or (not numbers[first] & numbers[second] and pair in review), f"{set(pair)} left apart"
    for pair in map(frozenset, links["must_not_link"]):
        assert pair not in joined, f"{set(pair)} joined without a human"
    for pair in map(frozenset, links["for_review"]):
        assert pair in review, f"{set(pair)} does not wait for a human"
