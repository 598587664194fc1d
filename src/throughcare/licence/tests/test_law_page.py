"""The page of licence law holds, case by case."""

from __future__ import annotations

import pytest

from throughcare.licence.tests.story import cases, course, duties, e, facts, sentence


@pytest.mark.parametrize("case", cases("Clocks"), ids=lambda case: f"{case['rule']} {case['case']}")
def test_a_clock_stands_where_the_page_says(case: dict[str, str]) -> None:
    entries = [e("start", case["start"], case["happened"])]
    if case["met by"]:
        entries.append(e("met", case["met by"], case["met happened"]))
    said = {start: (due, state) for start, due, state in duties(entries, case["on"], case["rule"])}
    assert said["start"] == (case["due"], case["state"])


@pytest.mark.parametrize("case", cases("Endings"), ids=lambda case: case["case"])
def test_a_licence_can_end_on_the_days_of_the_page(case: dict[str, str]) -> None:
    entries = [sentence(case["sentence"]), *course(case["course"])]
    parameters = {"D61": {"in_force_from": case["asks from"] or None}}
    said = facts(entries, case["on"], parameters=parameters)
    days = [said[name] or "" for name in ("qualifying_end", "automatic_end", "earliest_request")]
    assert days == [case["qualifying end"], case["ends by itself"], case["may ask from"]]
    reference = [(due or "", state) for _, due, state in duties(entries, case["on"], "D60", parameters=parameters)]
    assert reference == ([(case["D60 due"], case["D60 state"])] if case["D60 state"] else [])
    assert case["question"] in " ".join(said["questions"])
