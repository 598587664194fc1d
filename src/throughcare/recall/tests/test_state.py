"""Where a person stands in a recall, step by step, late, out of order and more than once."""

from __future__ import annotations

import contextlib
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger.entry import Entry
from throughcare.recall import pages, rules, state
from throughcare.recall.tests.story import assessed, entry, facts, told

WHOLE = (
    "released(first) 2025-11-03; agreed 2026-04-14T15:00; requested 2026-04-15T14:20; "
    "revoked(fixed_56) 2026-04-16T10:00; checked(2026-04-24) 2026-04-17; returned 2026-05-05T19:10; "
    "notified 2026-05-06T09:00; informed 2026-05-06T11:00; papers(first_dossier) 2026-05-08; "
    "released(re_release) 2026-06-29"
)


@pytest.mark.parametrize(
    ("on", "status", "type", "due"),
    [
        ("2025-11-02", None, None, None),
        ("2025-11-03", "none", None, None),
        ("2026-04-13", "none", None, None),
        ("2026-04-14", "agreed", None, None),
        ("2026-04-15", "requested", None, None),
        ("2026-04-16", "at_large", "fixed_56", None),
        ("2026-05-04", "at_large", "fixed_56", None),
        ("2026-05-05", "returned", "fixed_56", "2026-06-29"),
        ("2026-06-28", "returned", "fixed_56", "2026-06-29"),
        ("2026-06-29", "ended", "fixed_56", None),
    ],
)
def test_a_recall_goes_from_agreed_to_released_again(
    on: str, status: str | None, type: str | None, due: str | None
) -> None:
    said = facts(told(WHOLE), on)
    if status is None:
        assert said == {}
    else:
        assert (said["status"], said["type"], said["release_due"]) == (status, type, due)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("not_recalled 2026-04-14", "none"),
        ("agreed 2026-04-14; against 2026-04-15", "ended"),
        ("agreed 2026-04-14; requested 2026-04-15; stopped 2026-04-16", "ended"),
        ("agreed 2026-04-14; requested 2026-04-15; against 2026-04-16", "ended"),
        ("revoked(standard) 2026-04-16; rescinded 2026-04-17", "ended"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; rescinded 2026-04-20", "ended"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; decided(no) 2026-04-20", "returned"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; released(temporary) 2026-04-20", "returned"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; released(first) 2026-04-20", "ended"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; sentence_ended 2026-04-20", "ended"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; licence_ended(terminated) 2026-04-20", "returned"),
        ("revoked(standard) 2026-04-16; returned 2026-04-17; licence_ended(expired) 2026-04-20", "ended"),
        ("revoked(standard) 2026-04-16; died 2026-04-20", "ended"),
        ("agreed 2026-04-14; licence_ended(terminated) 2026-04-20", "ended"),
        ("released(first) 2020-01-01; licence_ended(expired) 2022-01-01; agreed 2026-04-14", "agreed"),
        ("revoked(standard) 2026-04-16; checked 2026-04-20; notified 2026-04-21", "at_large"),
    ],
)
def test_what_ends_a_recall_and_what_does_not(line: str, status: str) -> None:
    assert facts(told(line), "2026-05-01")["status"] == status


def test_each_recall_of_a_life_has_its_own_type_and_end() -> None:
    line = WHOLE + "; agreed 2026-08-01; requested 2026-08-01; revoked(standard) 2026-08-02; returned 2026-08-11"
    said = facts(told(line), "2026-08-20")
    assert (said["status"], said["type"], said["release_due"]) == ("returned", "standard", None)
    view = assessed(told(line), "2026-08-20").view
    standing = rules.standing(view, "P")
    assert standing is not None
    assert [one.status for one in standing.recalls] == ["ended", "returned"]


def test_a_release_ends_one_recall_even_where_the_next_one_comes_the_same_day() -> None:
    line = (
        WHOLE + "; agreed 2026-06-29T15:00; requested(emergency) 2026-06-29T15:30; revoked(standard) 2026-06-29T17:00"
    )
    assert facts(told(line), "2026-06-29")["status"] == "at_large"


def test_a_duplicate_request_that_was_stopped_does_not_hide_the_recall_that_runs() -> None:
    line = (
        "agreed 2026-04-14; requested 2026-04-14; revoked(standard) 2026-04-15; agreed 2026-04-15; against 2026-04-16"
    )
    assert facts(told(line), "2026-04-20")["status"] == "at_large"


def test_a_later_recall_that_was_stopped_is_the_last_word_after_one_that_ended() -> None:
    line = WHOLE + "; agreed 2026-08-01; against 2026-08-02"
    said = facts(told(line), "2026-08-03")
    assert (said["status"], said["type"]) == ("ended", None)


def test_a_return_that_is_noted_late_was_a_return_all_the_time() -> None:
    entries = told("revoked(fixed_56) 2026-04-16; checked(2026-04-24) 2026-04-17")
    entries.append(
        entry("late", "returned", "2026-04-20T08:00", last={"revoked": entries[0].ref}, noted="2026-05-02T09:00")
    )
    assert facts(entries, "2026-05-01")["status"] == "at_large"
    assert facts(entries, "2026-05-02") == {
        "status": "returned",
        "type": "fixed_56",
        "release_due": "2026-06-14",
        "release_roll": "2026-06-12",
    }
    check = {one.rule: str(one.state) for one in assessed(entries, "2026-05-01").duties}
    assert check["D46"] == "overdue"
    assert {one.rule: str(one.state) for one in assessed(entries, "2026-05-02").duties}["D46"] == "met"


def test_who_was_in_custody_before_the_revocation_is_not_at_large() -> None:
    entries = told("returned 2026-05-10; revoked(standard) 2026-05-12")
    assert facts(entries, "2026-05-12")["status"] == "returned"
    assert facts(entries, "2026-05-12")["type"] == "standard"
    standing = rules.standing(assessed(entries, "2026-05-12").view, "P")
    assert standing is not None
    assert standing.current is not None
    assert standing.current.returned_before_revoked


def test_a_return_of_which_only_the_month_is_known_gives_no_release_day() -> None:
    said = facts(told("revoked(fixed_56) 2026-04-16; returned 2026-05"), "2026-06-01")
    assert (said["status"], said["release_due"]) == ("returned", None)


def test_a_return_that_was_withdrawn_never_was() -> None:
    entries = told("revoked(fixed_56) 2026-04-16; returned 2026-05-05")
    away = entry("w", "record.withdrawn", "2026-05-06T09:00", corrects=entries[1].ref, body={"reason": "somebody else"})
    assert facts([*entries, away], "2026-05-05")["status"] == "returned"
    assert facts([*entries, away], "2026-05-06")["status"] == "at_large"


def test_an_agency_that_was_told_only_of_the_return_sees_a_return_and_no_type() -> None:
    entries = told("agreed 2026-04-14; revoked(standard) 2026-04-16; returned 2026-05-05")
    said = facts(entries[2:], "2026-05-06")
    assert (said["status"], said["type"]) == ("returned", None)


def test_a_check_alone_is_no_recall() -> None:
    assert facts(told("checked 2026-04-17"), "2026-04-17")["status"] == "none"


@given(order=st.permutations(range(6)))
def test_the_order_in_which_entries_are_given_changes_nothing(order: list[int]) -> None:
    entries = told(
        "agreed 2026-04-14; requested 2026-04-15; revoked(fixed_28) 2026-04-16; "
        "returned 2026-05-05; informed 2026-05-06; released(re_release) 2026-06-01"
    )
    assert facts([entries[n] for n in order], "2026-06-01")["status"] == "ended"


@given(
    steps=st.lists(
        st.sampled_from(
            [
                "agreed", "requested", "against", "not_recalled", "revoked(standard)", "revoked(fixed_56)", "checked",
                "returned", "notified", "informed", "papers(part_b)", "decided(no)", "decided(yes)", "rescinded",
                "released(re_release)", "released(temporary)", "licence_ended", "sentence_ended", "died",
            ]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_whatever_agencies_write_there_is_an_answer(steps: list[str]) -> None:
    line = "; ".join(f"{step} 2026-{n // 2 + 3:02}-{n + 3:02}" for n, step in enumerate(steps))
    said = facts(told(line), "2026-12-01")
    assert said == {} or said["status"] in state.Status.__args__  # type: ignore[attr-defined]
    assert said.get("release_due") is None or said["status"] == "returned"


def test_no_step_belongs_to_two_recalls() -> None:
    line = WHOLE + "; agreed 2026-08-01; requested 2026-08-01; revoked(standard) 2026-08-02; returned 2026-08-11"
    standing = rules.standing(assessed(told(line), "2026-12-01").view, "P")
    assert standing is not None
    held: list[Entry] = [step for one in standing.recalls for step in one.steps]
    assert len(held) == len({one.key for one in held})


# --- what may be done now -------------------------------------------------------------------------------------------

_OPEN_STEPS = {
    "": {"agree"},
    "agreed 2026-04-14": {"endorse", "decide_against"},
    "agreed 2026-04-14; requested 2026-04-15": {"decide_against", "revoke"},
    "requested 2026-04-15; revoked(standard) 2026-04-16": {"check", "return", "inform", "papers", "rescind"},
    "requested 2026-04-15; revoked(standard) 2026-04-16; informed 2026-04-17; returned 2026-04-18": {
        "notify",
        "papers",
        "review",
        "rescind",
    },
    "revoked(standard) 2026-04-16; returned 2026-04-18; notified 2026-04-19": {"inform", "papers", "review", "rescind"},
    "revoked(standard) 2026-04-16; returned 2026-04-18; released(re_release) 2026-05-19": {"agree"},
    "revoked(standard) 2026-04-16; rescinded 2026-04-18": {"agree"},
    "agreed 2026-04-14; against 2026-04-15": {"agree"},
}


@pytest.mark.parametrize("line", _OPEN_STEPS)
def test_from_each_place_only_these_steps_can_be_taken(line: str) -> None:
    standing = rules.standing(assessed(told(line), "2026-06-01").view, "P") if line else None
    taken = set()
    for step in get_args(state.Step):
        with contextlib.suppress(state.StepNotAllowed):
            state.check(step, standing)
            taken.add(step)
    assert taken == _OPEN_STEPS[line]


def test_a_breach_waits_until_it_is_decided_or_a_recall_rests_on_it() -> None:
    def waiting(*entries: Entry) -> list[str]:
        view = assessed(list(entries), "2026-06-01").view
        about = sorted(view.all_about("P"), key=view.order)
        found = state.undecided(
            about, rules.standing(view, "P"), find=lambda ref, agency: view.find(ref, agency=agency)
        )
        return [one.ref for one in found]

    breach = {"condition": "keep_in_touch", "policy_version": "3.0", "licence": "l1", "about": []}
    alleged = entry("b1", "licence.breach_alleged", "2026-04-10", body=breach)
    decided = {"breach": "b1", "reason": "first time"}
    warned = entry("d1", "licence.breach_decided", "2026-04-11", body=decided | {"decision": "warning"})
    to_recall = entry("d2", "licence.breach_decided", "2026-04-11", body=decided | {"decision": "recall"})
    assert waiting(alleged) == ["b1"]
    assert waiting(alleged, warned) == []
    assert waiting(alleged, to_recall) == ["b1"]
    assert waiting(alleged, to_recall, *told("agreed 2026-04-14")) == []
    assert waiting(alleged, *told("not_recalled 2026-04-14")) == []


def test_what_the_board_did_belongs_to_the_recall_of_its_time() -> None:
    line = "revoked(standard) 2016-05-11; returned 2016-05-11; disclosed 2016-06-08; released(re_release) 2022-08-04"
    line += "; revoked(standard) 2024-09-04; returned 2024-09-05; disclosed 2025-02-10"
    standing = rules.standing(assessed(told(line), "2025-03-01").view, "P")
    assert standing is not None
    assert [[str(entry.happened.day) for entry in one.board] for one in standing.recalls] == [
        ["2016-06-08"],
        ["2025-02-10"],
    ]


# --- on the life line -----------------------------------------------------------------------------------------------


def spells(line: str, on: str = "2026-12-01") -> list[tuple[str, str, str | None]]:
    standing = rules.standing(assessed(told(line), on).view, "P")
    assert standing is not None
    return [(one.kind, str(one.since), str(one.until) if one.until else None) for one in pages.spells(standing)]


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        (
            "revoked(fixed_56) 2026-04-16; returned 2026-05-05; released(re_release) 2026-06-29",
            [("at_large", "2026-04-16", "2026-05-05"), ("custody", "2026-05-05", "2026-06-29")],
        ),
        ("revoked(fixed_56) 2026-04-16", [("at_large", "2026-04-16", None)]),
        ("requested(in_custody) 2026-04-15; revoked(standard) 2026-04-16", []),
        ("returned 2026-05-10; revoked(standard) 2026-05-12", [("custody", "2026-05-12", None)]),
        ("revoked(standard) 2026-04-16; rescinded 2026-04-18", [("at_large", "2026-04-16", "2026-04-18")]),
        ("revoked(standard) 2026-04-16; returned 2026-04", [("custody", "2026-04-16", None)]),
        ("agreed 2026-04-14", []),
    ],
)
def test_the_life_line_shows_the_time_at_large_and_in_custody(line: str, drawn: list[tuple[str, str, str]]) -> None:
    assert spells(line) == drawn
