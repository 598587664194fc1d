"""The page of law of this room holds, case by case: docs/reference/law/sentence.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from throughcare.ledger.entry import Entry
from throughcare.sentence.tests.story import duties, e, stands

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law" / "sentence.md"


def cases(heading: str) -> list[dict[str, str]]:
    """The rows of the table under a heading, by the names in its first line."""
    part = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


def named(case: dict[str, str]) -> str:
    return f"{case.get('rule', '')} {case['case']}".strip()


@pytest.mark.parametrize("case", cases("One clock, one meeting"), ids=named)
def test_a_duty_stands_where_the_page_says(case: dict[str, str]) -> None:
    entries = [e("start", case["start"], case["happened"], who=case["who"])]
    if case["met by"]:
        entries.append(e("met", case["met by"], case["met happened"], who=case["met who"]))
    victims = case["rule"] == "D51" or case["who"]
    said = [(due or "", state) for _, person, due, state in duties(entries, case["on"], case["rule"]) if person]
    whose = {person for _, person, _, _ in duties(entries, case["on"], case["rule"])}
    assert said[:1] == [(case["due"], case["state"])]
    assert whose == {"V" if victims else "P"}


def key_date(ref: str, what: str, happened: str, noted: str) -> Entry:
    kind, value = what.split()
    return e(ref, f'sentence.key_date_set {{"date_kind": "{kind}", "value": "{value}"}}', happened, noted=noted)


@pytest.mark.parametrize("case", cases("Which key date counts"), ids=named)
def test_the_key_date_counts_that_was_worked_out_last(case: dict[str, str]) -> None:
    entries = [
        key_date("first", case["first"], case["worked out"], case["noted"]),
        key_date("second", case["second"], case["worked out then"], case["noted then"]),
    ]
    said = [f"{ref} {due or 'no day'} {state}" for ref, _, due, state in duties(entries, case["on"], case["rule"])]
    assert sorted(said) == case["said"].split(", ")


STEPS = {
    "imposed": 'sentence.imposed {"type": "standard", "victim_scheme": "no"}',
    "revoked": 'recall.revoked {"type": "standard"}',
    "returned": 'recall.returned {"revocation": "%s"}',
    "rescinded": 'recall.rescinded {"revocation": "%s", "reason": "in error"}',
    "ended": 'sentence.ended {"reason": "expired"}',
    "ended=1": 'sentence.ended {"reason": "quashed", "sentence": "e0"}',
    "licence_ended": 'licence.ended {"reason": "terminated"}',
    "died": "people.died {}",
}


def step(place: int, written: str, revocation: str) -> Entry:
    what, happened = written.rsplit(" ", 1)
    if what.startswith("CRD="):
        said = f'sentence.key_date_set {{"date_kind": "CRD", "value": "{what[4:]}"}}'
    else:
        said = STEPS.get(what, f'licence.released {{"release": "{what}", "licence": "l"}}')
    return e(f"e{place}", said.replace("%s", revocation), happened)


@pytest.mark.parametrize("case", cases("Where a person stands"), ids=named)
def test_a_person_stands_where_the_page_says(case: dict[str, str]) -> None:
    written = re.split(r", (?=[a-zA-Z])", case["entries, in order"])
    revoked = next((f"e{place}" for place, one in enumerate(written) if one.startswith("revoked")), "")
    found = stands([step(place, one, revoked) for place, one in enumerate(written)], case["on"])
    assert found is not None
    assert found.status == case["status"]
