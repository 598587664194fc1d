"""The page of thresholds holds, case by case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from throughcare.ledger.entry import Entry
from throughcare.safeguarding.tests.story import e, found

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law" / "thresholds.md"


def cases() -> list[dict[str, str]]:
    """The rows of the page's only table, by the names in its first line."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


def said(ref: str, what: str, happened: str) -> Entry:
    kind, _, body = what.partition(" ")
    return e(ref, kind, happened, json.loads(body))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['rule']} {case['case']}")
def test_a_threshold_is_crossed_on_the_day_of_the_page(case: dict[str, str]) -> None:
    entries = [said("first", case["first"], case["happened"])]
    if case["second"]:
        entries.append(said("second", case["second"], case["happened then"]))
    raised = {day for _, day, _, _ in found(entries, case["on"], case["rule"])}
    assert raised == ({case["raised"]} if case["raised"] else set())
