"""Whose a duty is: of the sector that the rule names, whoever wrote down what started its clock."""

from __future__ import annotations

import pytest

from throughcare.duties.engine import evaluate
from throughcare.duties.rules import Row, Rules, Timescale, on
from throughcare.duties.view import Case
from throughcare.ledger.entry import Entry, london_day
from throughcare.ledger.tests.facts import at, fact

SECTORS = {"PRIS": "prison", "NORTH": "probation", "SOUTH": "probation", "LA": "la"}


def owed_by(*entries: Entry, owing: str | None = "probation") -> str:
    """The agency of the one duty that a death starts, in a rule of our own."""
    scale = Timescale(
        id="TOY", what="tell the family", owner="an officer", owing=owing, starts=(on("people.died"),), met_by=(),
        rows=(Row("TOY", "a rule of this test", "local", figures={"length": 1, "unit": "day"}),),
    )  # fmt: skip
    case = Case(entries=sorted(entries, key=lambda one: one.noted), sectors=SECTORS)
    (duty,) = evaluate(case, rules=Rules((scale,)), on=london_day(at(0))).duties
    return duty.agency


def wrote(agency: str, minute: float) -> Entry:
    return fact(
        f"n{minute}", "people.moved", agency=agency, minute=minute, body={"to_area": "North", "permanent": "yes"}
    )


def died(agency: str, *told: str) -> Entry:
    return fact("d", agency=agency, minute=10, shared=[(one, 10) for one in told])


def test_who_started_the_clock_owes_it_where_they_are_of_the_sector() -> None:
    assert owed_by(wrote("SOUTH", 5), died("NORTH", "SOUTH")) == "NORTH"


def test_else_whom_that_was_told() -> None:
    assert owed_by(wrote("SOUTH", 5), died("PRIS", "LA", "NORTH")) == "NORTH"


def test_else_who_of_the_sector_wrote_about_the_person_last() -> None:
    assert owed_by(wrote("NORTH", 1), wrote("SOUTH", 5), died("PRIS", "LA")) == "SOUTH"


def test_where_nobody_of_the_sector_is_known_here_it_stays_with_who_started_it() -> None:
    assert owed_by(died("PRIS", "LA")) == "PRIS"


@pytest.mark.parametrize("agency", ["PRIS", "LA"])
def test_a_rule_that_names_no_sector_is_owed_by_who_started_it(agency: str) -> None:
    assert owed_by(wrote("NORTH", 1), died(agency), owing=None) == agency
