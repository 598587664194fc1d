"""The page of law on parole holds, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.duties.standing import due_text
from throughcare.parole import rules
from throughcare.parole.tests.story import assessed, facts, told

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law" / "parole.md"
UNCERTAIN = {"D05", "D06", "D13", "D15", "D21"}


def tables() -> list[list[dict[str, str]]]:
    """The tables of the page, each a list of rows by the names in its first line."""
    found: list[list[list[str]]] = [[]]
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")])
        elif found[-1]:
            found.append([])
    return [[dict(zip(one[0], row, strict=True)) for row in one[2:]] for one in found if one]


CLOCKS, STANDINGS = tables()


@pytest.mark.parametrize("case", CLOCKS, ids=lambda case: f"{case['rule']} {case['case']}")
def test_a_clock_stands_where_the_page_says(case: dict[str, str]) -> None:
    rows = [one for one in assessed(told(case["what was recorded"]), case["on"]).duties if one.rule == case["rule"]]
    if case["due"] == "none":
        assert rows == []
    else:
        assert (due_text(rows[-1].due) or "", str(rows[-1].state)) == (case["due"], case["state"])


@pytest.mark.parametrize("case", STANDINGS, ids=lambda case: case["case"])
def test_a_review_stands_where_the_page_says(case: dict[str, str]) -> None:
    found = facts(told(case["what was recorded"]), case["on"])
    if case["status"] == "none at all":
        assert found is None
    else:
        assert found is not None
        days = tuple(found[name] or "" for name in ("direction_on", "final_on", "left_on"))
        assert (found["status"], *days) == (case["status"], case["directed"], case["final"], case["left"])


def test_every_rule_of_this_room_has_its_cases_and_what_is_uncertain_has_no_rule() -> None:
    declared = {one.id for one in rules.TIMESCALES}
    assert declared == {case["rule"] for case in CLOCKS} - UNCERTAIN
    assert not declared & UNCERTAIN


def test_the_public_sees_what_was_published_in_its_order_and_nothing_else() -> None:
    line = "opened 2025-01-13; listed(2025-10-14) 2025-05-12; published(public_hearing_granted) 2025-08-26; "
    found = facts(told(line + "published(hearing_listed_public) 2025-09-02; refused 2025-10-29"), "2025-11-01")
    assert found is not None
    assert found["public_visible"] == [
        {"fact": "public_hearing_granted", "from": "2025-08-26"},
        {"fact": "hearing_listed_public", "from": "2025-09-02"},
    ]


STEPS = st.sampled_from(
    [
        "opened", "disclosed", "listed(2025-10-14)", "vacated", "held", "closed", "refused", "refused(provisional)",
        "directed(provisional)", "hearing(paper)", "final", "challenge(reconsideration)", "settled(refused)",
        "settled(granted)", "court(directed)", "court(release_upheld)", "released", "revoked",
    ]
)  # fmt: skip


@given(st.lists(STEPS, min_size=1, max_size=12))
def test_only_what_was_written_makes_a_decision_final_and_only_a_direction_has_a_day(steps: list[str]) -> None:
    line = "; ".join(f"{step} 2025-{1 + n:02}-05" for n, step in enumerate(steps))
    found = facts(told(line), "2026-06-01")
    if found is None:
        assert set(steps) <= {"released", "revoked"}
        return
    assert found["direction_on"] is None or "directed(provisional)" in steps
    assert found["final_on"] is None or {"final", "refused"} & set(steps)
    assert found["left_on"] is None or "released" in steps
