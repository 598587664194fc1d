"""The page of law on recall holds, case by case, and what always holds does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.duties.calendar import england_and_wales
from throughcare.duties.engine import evaluate
from throughcare.duties.standing import due_text
from throughcare.duties.view import Case
from throughcare.recall import kinds_of_recall, rules
from throughcare.recall.kinds_of_recall import Facts, Term, proposal
from throughcare.recall.tests.story import RULES, assessed, case, entry, facts, told

PAGE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "law" / "recall.md"


def tables() -> list[list[dict[str, str]]]:
    """The tables of the page, each a list of rows by the names in its first line."""
    found: list[list[list[str]]] = [[]]
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")])
        elif found[-1]:
            found.append([])
    return [[dict(zip(one[0], row, strict=True)) for row in one[2:]] for one in found if one]


CLOCKS, KINDS = tables()


@pytest.mark.parametrize("case", CLOCKS, ids=lambda case: f"{case['rule']} {case['case']}")
def test_a_clock_stands_where_the_page_says(case: dict[str, str]) -> None:
    entries = told(case["what was recorded"])
    rows = [one for one in assessed(entries, case["on"]).duties if one.rule == case["rule"]]
    if case["due"] == "none":
        assert rows == []
        return
    row = rows[0]
    assert (due_text(row.due) or "", str(row.state)) == (case["due"], case["state"])
    if (row.rule == "D45" and row.state == "open") or case["roll"]:
        assert (facts(entries, case["on"])["release_due"] or "") == case["due"]
        assert (facts(entries, case["on"])["release_roll"] or "") == case["roll"]


def read_facts(case: dict[str, str]) -> Facts:
    terms = [one.split() for one in case["sentences"].split("+") if one.strip()]
    return Facts(
        terms=tuple(Term(group=group, months=None if months == "?" else int(months)) for group, months in terms),
        level=None if case["level"] == "-" else int(case["level"]),
        category=None if case["category"] == "-" else int(case["category"]),
        charge=case["charge"],  # type: ignore[arg-type]
        home_curfew=case["curfew"] == "yes",
        under_18=False,
    )


@pytest.mark.parametrize("case", KINDS, ids=lambda case: case["case"])
def test_the_law_of_the_day_leaves_open_what_the_page_says(case: dict[str, str]) -> None:
    said = proposal(read_facts(case), on=date.fromisoformat(case["on"]))
    assert (" or ".join(said.types) or "cannot tell") == case["type"]
    assert case["asks"] in " ".join(said.questions)
    assert said.because
    assert all(step.source and step.mark for step in said.steps)


FACTS = st.builds(
    Facts,
    terms=st.lists(
        st.builds(
            Term,
            group=st.sampled_from(
                ["indeterminate", "extended", "sopc", "dcr", "terrorist", "sds", "youth_sds", "term", "not known"]
            ),
            months=st.none() | st.integers(1, 400),
        ),
        max_size=3,
    ).map(tuple),
    level=st.none() | st.integers(1, 3),
    category=st.none() | st.integers(1, 4),
    charge=st.sampled_from(["yes", "no", "not known"]),
    home_curfew=st.booleans(),
    under_18=st.none() | st.booleans(),
)
days = st.dates(date(2010, 1, 1), date(2027, 12, 31))


@given(known=FACTS, on=days)
def test_whatever_is_recorded_there_is_a_type_or_a_question(known: Facts, on: date) -> None:
    said = proposal(known, on=on)
    assert said.types or said.questions
    assert set(said.types) <= {"standard", "fixed_14", "fixed_28", "fixed_56"}


@given(known=FACTS, on=days)
def test_56_days_are_never_proposed_before_their_law(known: Facts, on: date) -> None:
    if on < date(2026, 3, 31):
        assert "fixed_56" not in proposal(known, on=on).types


@given(known=FACTS, on=days)
def test_a_sentence_without_end_is_never_recalled_for_a_fixed_term(known: Facts, on: date) -> None:
    if any(one.group == "indeterminate" for one in known.terms):
        assert not [one for one in proposal(known, on=on).types if one.startswith("fixed")]


@given(days=st.integers(0, 1000))
def test_the_last_of_56_days_is_always_55_days_after_the_return(days: int) -> None:
    back = date(2026, 3, 31) + timedelta(days)
    said = facts(told(f"revoked(fixed_56) {back}; returned {back}"), str(back))
    assert said["release_due"] == str(back + timedelta(55))
    roll = said["release_roll"]
    due, calendar = date.fromisoformat(said["release_due"]), england_and_wales()
    assert (roll is None) == (not calendar.first <= due <= calendar.last or calendar.is_working(due))
    assert roll is None or (roll < said["release_due"] and calendar.is_working(date.fromisoformat(roll)))


# --- traps of the brief -----------------------------------------------------------------------------------------------


def test_no_rule_computes_the_later_risk_report() -> None:
    assert "D43" not in rules.RULES.ids
    assert "D43" not in rules.LAW.rows


def test_a_secretary_of_state_review_never_holds_up_the_reference_to_the_board() -> None:
    line = "revoked(standard) 2026-05-12; returned 2026-05-22; decided(no) 2026-05-25; decided(yes) 2026-06-10"
    row = next(one for one in assessed(told(line), "2026-06-20").duties if one.rule == "D44")
    assert row.state == "overdue"


def test_the_return_and_being_told_of_it_start_different_clocks() -> None:
    line = "revoked(standard) 2026-05-12; returned 2026-05-20T19:10; notified 2026-05-22T09:00"
    due = {one.rule: due_text(one.due) for one in assessed(told(line), "2026-05-22").duties}
    assert due["D44"] == "2026-06-17"
    assert due["D42"] == "2026-05-26"


def test_time_at_large_does_not_run_against_a_fixed_term() -> None:
    early = facts(told("revoked(fixed_56) 2026-04-16; returned 2026-04-17"), "2026-04-17")
    late = facts(told("revoked(fixed_56) 2026-04-16; returned 2026-06-17"), "2026-06-17")
    assert early["release_due"] == "2026-06-11"
    assert late["release_due"] == "2026-08-11"


def test_a_type_that_is_corrected_moves_every_clock_with_it() -> None:
    entries = told("revoked(fixed_56) 2026-05-12; returned 2026-05-22")
    entries.append(
        entry(
            "right",
            "revoked",
            "2026-05-12",
            said="standard",
            noted="2026-05-26T10:00",
            corrects=entries[0].ref,
        )
    )
    before, after = (
        {one.rule: due_text(one.due) for one in assessed(entries, on).duties} for on in ("2026-05-25", "2026-05-26")
    )
    assert before == {"D45": "2026-07-16"}
    assert after == {"D44": "2026-06-19"}
    assert facts(entries, "2026-05-25")["type"] == "fixed_56"
    assert facts(entries, "2026-05-26") == {
        "status": "returned",
        "type": "standard",
        "release_due": None,
        "release_roll": None,
    }


@pytest.mark.parametrize(("set_to", "due"), [(1, "11:30"), ("soon", "12:30"), (-1, "12:30"), (True, "12:30")])
def test_an_emergency_figure_of_a_partnership_replaces_the_default(set_to: object, due: str) -> None:
    entries = told("requested(emergency) 2026-05-12T10:30; requested 2026-05-13T10:30")
    alone = case(entries)
    ours = Case(entries=entries, people=alone.people, parameters={"D41": {"length": 12, "emergency": set_to}})
    said = evaluate(ours, rules=RULES, on=date(2026, 5, 14)).duties
    assert [due_text(one.due) for one in said if one.rule == "D41"] == [f"2026-05-12T{due}", "2026-05-13T22:30"]


@pytest.mark.parametrize(
    ("types", "on", "may"),
    [
        (["ipp"], date(2024, 10, 31), False),
        (["ipp"], date(2024, 11, 1), True),
        (["dpp"], date(2024, 11, 2), True),
        (["life"], date(2026, 1, 1), False),
        (["hmp_detention"], date(2026, 1, 1), False),
        (["standard"], date(2015, 1, 1), True),
        (["standard", "life"], date(2026, 1, 1), False),
        ([], date(2026, 1, 1), False),
    ],
)
def test_release_without_the_board_is_open_where_the_law_of_the_day_has_it(
    types: list[str], on: date, may: bool
) -> None:
    assert (kinds_of_recall.may_release_without_board(types, on=on) is not None) == may


@pytest.mark.parametrize(
    ("on", "held"),
    [
        (date(2022, 7, 20), False),
        (date(2022, 7, 21), True),
        (date(2023, 4, 3), True),
        (date(2023, 4, 4), False),
    ],
)
def test_report_writers_were_not_to_give_a_view_between_these_days(on: date, held: bool) -> None:
    assert (kinds_of_recall.view_not_permitted(on) is not None) == held
