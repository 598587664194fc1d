"""The catalogue of conditions: codes only with their version, and what a newer version means for one licence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.licence import catalogue as c

SHARED = Path(__file__).resolve().parents[5] / "shared" / "domain" / "licence-conditions.json"
HELD = c.catalogue()
TRAPS = {
    "3361683a-504a-4357-ae22-6aa01b370b4a": (["keep_in_touch"], ["approved_address"]),
    "9fc04065-df29-4bda-9b1d-bced8335c356": (["receive_visits"], ["keep_in_touch", "receive_visits"]),
    "e670ac69-eda2-4b04-a0a1-a3c8492fe1e6": (["approved_address"], ["name_use"]),
    "88069445-08cb-4f16-915f-5a162d085c26": (["work_approval"], ["travel_abroad"]),
    "7d416906-0e94-4fde-ae86-8339d339ccb7": (["travel_abroad"], ["passport"]),
    "78a5f860-4791-48f2-b707-d6d4413850ee": (["name_use"], ["contact_details"]),
    "6fa6e492-f0ab-4e76-b868-63813db44696": (["contact_details"], ["work_approval"]),
    "9ce9d594-e346-4785-9642-c87e764bee37": (["good_behaviour"], ["good_behaviour", "no_offence"]),
}


def keys(meant: c.Meant) -> list[str]:
    return [one.key for one in meant.conditions]


def test_the_catalogue_holds_every_fact_of_the_brief() -> None:
    if not SHARED.exists():
        pytest.skip("../shared/domain/licence-conditions.json is not there")
    brief = json.loads(SHARED.read_text("utf-8"))
    for one in brief["standard_conditions"]["licence"]:
        assert dict(HELD.conditions[one["key"]].codes) == one["versions"]
    for one in brief["standard_conditions"]["post_sentence_supervision"]:
        assert dict(HELD.conditions[one["key"]].codes) == dict.fromkeys(one["in_versions"], one["code"])
    for one in brief["additional_conditions"]:
        ours = HELD.conditions[one["key"]]
        title = one["title"].partition("; wording widened over versions")[0]  # a hint to readers of the brief's file
        assert (ours.title, ours.category, ours.duty) == (title, one["category"], one["duty"])
        assert dict(ours.codes) == dict.fromkeys(one["in_versions"], one["code"])
        assert list(ours.reworded_in) == one["reworded_in"]
        assert [(i.name, i.kind, list(i.choices)) for i in ours.inputs] == [
            (i["name"], i["kind"], i.get("choices", [])) for i in one["inputs"]
        ]
        assert [i.asked_if is not None for i in ours.inputs] == [bool(i.get("only_if_chosen")) for i in one["inputs"]]
    for trap in brief["code_meaning_traps"]:
        assert trap["code"] in TRAPS
    counts = brief["counts"]["additional_by_version"]
    ours = {v: [one for one in HELD.of_version(v) if not one.standard and one.regime == "licence"] for v in c.VERSIONS}
    assert {version: len(found) for version, found in ours.items()} == counts


@pytest.mark.parametrize("code", TRAPS)
def test_trap_a_code_means_another_duty_in_version_4(code: str) -> None:
    before, after = TRAPS[code]
    assert keys(c.look_up("3.0", code)) == before
    assert keys(c.look_up("4.0", code)) == after


@pytest.mark.parametrize("code", TRAPS)
def test_trap_a_code_without_its_version_is_not_read(code: str) -> None:
    for version in ("unknown", "board_directed"):
        assert keys(c.look_up(version, code)) == []


def test_a_name_that_the_catalogue_does_not_hold_is_a_condition_of_its_own() -> None:
    meant = c.look_up("3.0", "report to the harbour office")
    assert (meant.how, meant.title) == ("own", "report to the harbour office")


def test_a_key_of_another_version_is_known_and_said_to_be_of_another_version() -> None:
    meant = c.look_up("2.1", "no_privacy_software")
    assert meant.how == "other_version"
    assert "2.1" in meant.sure


def test_what_the_board_directs_has_a_title_and_no_policy_meaning() -> None:
    meant = c.look_up("board_directed", "disclose_relationships")
    assert (meant.how, meant.code, meant.meaning) == ("not_a_policy", "", "")


def test_the_relationship_duty_asks_more_with_each_version() -> None:
    said = [c.look_up(version, "disclose_relationships").meaning for version in c.VERSIONS]
    assert said[0] == said[1] != said[2] != said[3] == said[4]
    assert "the end of one" in said[2]


def test_a_newer_version_says_what_a_variation_would_bring_and_takes_nothing_away() -> None:
    found = {
        one.name: one for one in c.differences(["disclose_relationships", "no_camera", "travel_abroad"], "2.1", "4.0")
    }
    assert found["disclose_relationships"].sort == "other_meaning"
    assert found["no_camera"].sort == "gone"
    assert "stays on this licence" in found["no_camera"].words
    assert found["passport"].sort == "new"
    assert "passport" in found["travel_abroad"].code_trap.lower()


def test_a_condition_that_stayed_the_same_is_said_to_be_the_same() -> None:
    (found,) = [one for one in c.differences(["disclose_vehicle"], "2.1", "3.0") if one.name == "disclose_vehicle"]
    assert (found.sort, found.code_trap) == ("same", "")


def test_a_reworded_condition_is_said_to_be_reworded() -> None:
    (found,) = [one for one in c.differences(["exclusion_zone"], "2.1", "3.0") if one.name == "exclusion_zone"]
    assert found.sort == "reworded"


def test_nothing_is_compared_with_what_is_no_policy() -> None:
    assert c.differences(["keep_in_touch"], "board_directed", "4.0") == []


CURFEW = HELD.conditions["curfew_hours"]


def test_inputs_are_asked_by_what_was_chosen() -> None:
    base = {
        "number_of_curfews": ["one_curfew"],
        "curfew_start": ["19:00"],
        "curfew_end": ["07:00"],
        "review_period": ["weekly"],
    }
    assert c.mistakes(CURFEW, base) == []
    wrong = [one.field for one in c.mistakes(CURFEW, {**base, "number_of_curfews": ["two_curfews"]})]
    assert wrong == ["curfew_hours.curfew_start2", "curfew_hours.curfew_end2"]
    assert [one.field for one in c.mistakes(CURFEW, {**base, "review_period": ["other"]})] == [
        "curfew_hours.alternative_review_period"
    ]


SEVEN = {"number_of_curfews": ["one_curfew"], "curfew_end": ["07:00"], "review_period": ["weekly"]}


@pytest.mark.parametrize(
    ("condition", "values", "field"),
    [
        ("curfew_hours", {**SEVEN, "curfew_start": ["7pm"]}, "curfew_start"),
        ("gps_trail", {"end_date": ["31 March"]}, "end_date"),
        ("gps_trail", {"end_date": ["2027-02-30"]}, "end_date"),
        ("region_of_residence_nfa", {"probation_region": ["atlantis"]}, "probation_region"),
        ("no_contact_named_victim", {}, "name"),
        ("cash_limit", {"value": ["x" * 401]}, "value"),
        ("cash_limit", {"value": ["1", "2"]}, "value"),
        ("no_gambling", {"stakes": ["high"]}, "stakes"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused_by_name(
    condition: str, values: dict[str, list[str]], field: str
) -> None:
    (wrong,) = c.mistakes(HELD.conditions[condition], values)
    assert wrong.field == f"{condition}.{field}"
    assert wrong.right


def test_several_names_may_be_given_where_the_condition_says_so() -> None:
    assert c.mistakes(HELD.conditions["no_contact_named_victim"], {"name": ["A", "B"]}) == []


plain = st.text(
    st.characters(codec="ascii", exclude_characters="\n\r=", categories=("L", "N", "P", "Zs")), min_size=1, max_size=30
)


@given(values=st.dictionaries(st.sampled_from(["name", "value", "end_date"]), st.lists(plain, min_size=1, max_size=3)))
def test_what_is_written_is_read_again(values: dict[str, list[str]]) -> None:
    clean = {name: [" ".join(one.split()) for one in texts if one.strip()] for name, texts in values.items()}
    clean = {name: texts for name, texts in clean.items() if texts}
    assert c.read(c.written("cash_limit", values)).get("cash_limit", {}) == clean


def test_a_line_that_is_not_so_written_is_kept() -> None:
    assert c.read(["as agreed with the hostel"]) == {"": {"": ["as agreed with the hostel"]}}


@pytest.mark.parametrize("one", HELD.conditions.values(), ids=lambda one: one.key)
def test_each_condition_is_whole(one: c.Listed) -> None:
    assert one.title
    assert one.category in HELD.categories
    assert one.duty in HELD.duties
    assert one.versions
    assert all(key in HELD.conditions for key in one.successors)
    names = {each.name: each for each in one.inputs}
    for each in one.inputs:
        if each.asked_if:
            field, choices = each.asked_if
            assert set(choices) <= set(names[field].choices)
