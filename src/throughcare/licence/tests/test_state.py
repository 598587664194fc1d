"""Where a person stands on licence, and what always holds of it. The traps of the parole brief, each by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger.entry import Entry
from throughcare.licence import ending, rules, state
from throughcare.licence.tests.story import approved, course, duties, e, facts, released, sentence, told, varied, when

RECALL = {"request": "q", "type": "standard", "charge_not_convicted": "no"}


def test_of_somebody_sentenced_and_not_yet_released_the_status_is_none() -> None:
    said = facts([sentence("ipp")], "2024-01-01")
    assert (said["status"], said["policy_version"], said["conditions"]) == ("none", None, [])


def test_of_somebody_never_sentenced_there_are_no_facts() -> None:
    assert facts([e("v", "safeguarding.visit", "2024-01-01", {})], "2024-01-01") == {}


def test_a_step_before_any_licence_is_no_licence() -> None:
    asked = e("p", "licence.premises", "2024-01-02", {"step": "requested"})
    said = facts([asked], "2024-01-02")
    assert (said["status"], said["policy_version"], said["conditions"]) == ("none", None, [])


def test_what_is_only_approved_binds_nobody() -> None:
    said = facts([approved("l", "2024-05-01", "keep_in_touch")], "2024-05-02")
    assert (said["status"], said["policy_version"], said["conditions"]) == ("approved", None, [])


def test_a_release_is_on_the_licence_that_it_names() -> None:
    story = [approved("l", "2024-05-01", "a"), approved("m", "2024-05-02", "b"), released("r", "2024-05-03", "l")]
    assert facts(story, "2024-05-03")["conditions"] == ["a"]


def test_a_corrected_licence_is_the_one_that_is_in_force() -> None:
    story = [
        approved("l", "2024-05-01", "a", version="2.1"),
        released("r", "2024-05-03"),
        approved("l2", "2024-05-01", "a", "b", version="3.0", noted="2024-05-10T10:00", corrects="l"),
    ]
    assert facts(story, "2024-05-09")["conditions"] == ["a"]
    said = facts(story, "2024-05-10")
    assert (said["conditions"], said["policy_version"]) == (["a", "b"], "3.0")


def test_a_variation_moves_the_version_and_leaves_older_conditions_with_theirs() -> None:
    story = [
        approved("l", "2024-05-01", "disclose_relationships", "keep_in_touch", version="2.1"),
        released("r", "2024-05-03"),
        varied("v", "2025-01-08", add=["no_privacy_software"], take=["keep_in_touch"], version="3.0"),
    ]
    said = facts(story, "2025-01-08")
    assert said["policy_version"] == "3.0"
    assert said["conditions"] == ["disclose_relationships", "no_privacy_software"]
    bound = _bound(story, "2025-01-08")
    assert [(name, version) for name, version, _, until in bound if until is None] == [
        ("disclose_relationships", "2.1"),
        ("no_privacy_software", "3.0"),
    ]
    assert bound[1] == ("keep_in_touch", "2.1", "2024-05-03", "2025-01-08")


def test_a_standard_licence_takes_the_place_of_an_emergency_one_while_it_is_in_force() -> None:
    story = [
        approved("l", "2026-03-02", "no_contact_any_victim", form="emergency"),
        released("r", "2026-03-03"),
        approved("m", "2026-03-05", "keep_in_touch"),
    ]
    said = facts(story, "2026-03-05")
    assert (said["status"], said["conditions"]) == ("active", ["keep_in_touch"])


def test_a_recall_takes_the_licence_and_its_conditions_away() -> None:
    story = [
        approved("l", "2024-05-01", "a"),
        released("r", "2024-05-03"),
        e("x", "recall.revoked", "2024-06-01", RECALL),
    ]
    said = facts(story, "2024-06-01")
    assert (said["status"], said["policy_version"], said["conditions"]) == ("revoked", None, [])
    assert _bound(story, "2024-06-01") == [("a", "3.0", "2024-05-03", "2024-06-01")]


def test_a_rescinded_recall_gives_the_licence_back_as_if_never_taken() -> None:
    story = [
        approved("l", "2024-05-01", "a"),
        released("r", "2024-05-03"),
        e("x", "recall.revoked", "2024-06-01", RECALL),
        e("y", "recall.rescinded", "2024-06-09", {"revocation": "x", "reason": "in error"}),
    ]
    said = facts(story, "2024-06-09")
    assert (said["status"], said["conditions"]) == ("active", ["a"])
    assert _bound(story, "2024-06-09") == [("a", "3.0", "2024-05-03", None)]


def test_a_name_that_no_catalogue_holds_is_kept() -> None:
    story = [approved("l", "2024-05-01", "report to the harbour office"), released("r", "2024-05-03")]
    assert facts(story, "2024-05-03")["conditions"] == ["report to the harbour office"]


def test_bespoke_conditions_stand_beside_the_listed_ones() -> None:
    made = e(
        "l", "licence.approved", "2024-05-01",
        {"form": "standard", "policy_version": "3.0", "conditions": ["b", "a", "a"], "bespoke": ["Stay off the quay"]},
    )  # fmt: skip
    said = facts([made, released("r", "2024-05-03")], "2024-05-03")
    assert (said["conditions"], said["bespoke"]) == (["a", "b"], ["Stay off the quay"])


def test_an_end_is_what_ends_a_licence_and_no_day_that_was_worked_out() -> None:
    story = [sentence("ipp"), approved("l", "2014-10-01", "a"), *course("first 2014-10-06")]
    said = facts(story, "2025-03-01")
    assert (said["automatic_end"], said["status"]) == ("2019-10-05", "active")
    assert facts([*story, *course("ended 2025-03-02")], "2025-03-02")["status"] == "ended"


# --- the traps of the parole brief ------------------------------------------------------------------------------------


def test_trap_the_period_runs_from_the_first_release_and_not_from_the_last() -> None:
    story = [sentence("ipp"), *course("first 2014-10-06, revoked 2016-05-11, re_release 2022-08-04")]
    assert facts(story, "2024-08-31")["qualifying_end"] == "2024-10-05"


def test_trap_a_date_is_read_with_the_law_of_the_day_asked_and_not_of_the_release() -> None:
    story = [sentence("ipp"), *course("first 2014-10-06")]
    said = [facts(story, on)["qualifying_end"] for on in ("2024-10-31", "2024-11-01")]
    assert said == ["2024-10-05", "2017-10-05"]


def test_trap_ending_and_reference_changed_on_different_days() -> None:
    story = [sentence("ipp"), *course("first 2016-03-01")]
    assert facts(story, "2024-12-01")["qualifying_end"] == "2019-02-28"
    assert duties(story, "2024-12-01", "D60") == [("fir0", "2026-02-28", "open")]


def test_trap_later_law_is_a_labelled_what_if_and_frees_nobody() -> None:
    story = [sentence("ipp"), *course("first 2014-10-06, revoked 2024-09-04")]
    found = ending.course(story)
    assert found is not None
    assert [(one.law.since, one.qualifying_end) for one in ending.under_later_law(found, date(2024, 8, 31))] == [
        (date(2024, 11, 1), date(2017, 10, 5))
    ]
    assert ending.under_later_law(found, date(2024, 11, 1)) == []
    assert facts(story, "2024-11-15")["automatic_end"] is None


def test_trap_uncertain_law_never_computes() -> None:
    assert all(row.mark.startswith("U") is False for scale in _scales() for row in scale.rows)
    story = [sentence("ipp"), *course("first 2024-01-15")]
    assert facts(story, "2026-03-31")["qualifying_end"] == "2027-01-14"  # three years, not the two of SI 2026/402


def test_trap_a_request_before_it_is_allowed_is_no_request_and_one_after_is_never_late() -> None:
    story = [sentence("ipp"), *course("first 2021-04-20")]
    parameters = {"D61": {"in_force_from": "2025-01-01"}}
    early, later = (
        e("e1", "licence.end_requested", "2025-04-19", {}),
        e("e2", "licence.end_requested", "2025-09-01", {}),
    )
    assert duties([*story, early], "2025-09-02", "D61", parameters=parameters) == [("fir0", "2025-04-20", "open")]
    assert duties([*story, early, later], "2025-09-02", "D61", parameters=parameters) == [("fir0", "2025-04-20", "met")]


def test_trap_only_the_newest_release_date_closes_editing() -> None:
    first = e("k1", "sentence.key_date_set", "2025-01-06", {"date_kind": "CRD", "value": "2026-06-03"})
    second = e("k2", "sentence.key_date_set", "2025-06-02", {"date_kind": "CRD", "value": "2026-06-02"})
    other = e("k3", "sentence.key_date_set", "2025-07-02", {"date_kind": "SLED", "value": "2027-06-02"})
    assert duties([first, second, other], "2025-08-01", "D35") == [("k2", "2026-05-29", "open")]


def test_trap_no_figure_of_a_public_service_is_law() -> None:
    assert {scale.id for scale in _scales() if any(row.statutory for row in scale.rows)} == {"D60", "D61"}


# --- what always holds ------------------------------------------------------------------------------------------------

days = st.dates(date(2012, 1, 1), date(2026, 3, 31))


@given(first=days, on=days, kind=st.sampled_from(["ipp", "dpp"]))
def test_a_licence_never_ends_by_itself_within_the_qualifying_period(first: date, on: date, kind: str) -> None:
    found = ending.course([sentence(kind), *course(f"first {first}")])
    assert found is not None
    said = ending.ending(found, on, {})
    assert said.qualifying_end is not None
    assert said.qualifying_end >= first
    if said.automatic_end is not None:
        assert said.automatic_end > said.qualifying_end
        assert on >= date(2024, 11, 1)


@given(first=days, gap=st.integers(1, 900), away=st.integers(0, 900), on=days)
def test_a_recall_never_brings_an_end_forward(first: date, gap: int, away: int, on: date) -> None:
    out, back = first + timedelta(gap), first + timedelta(gap + away + 1)
    whole = ending.course([sentence("ipp"), *course(f"first {first}")])
    broken = ending.course([sentence("ipp"), *course(f"first {first}, revoked {out}, re_release {back}")])
    assert whole is not None
    assert broken is not None
    unbroken_end, end = ending.ending(whole, on, {}).automatic_end, ending.ending(broken, on, {}).automatic_end
    assert (end is None) == (unbroken_end is None)
    if end is not None and unbroken_end is not None:
        assert end >= unbroken_end


@given(names=st.lists(st.sampled_from("abcdef"), max_size=6), taken=st.lists(st.sampled_from("abcdef"), max_size=6))
def test_what_is_in_force_is_what_was_set_less_what_was_taken(names: list[str], taken: list[str]) -> None:
    story = [
        approved("l", "2024-05-01", *names),
        released("r", "2024-05-03"),
        varied("v", "2024-06-03", take=taken, version="3.0"),
    ]
    assert facts(story, "2024-06-03")["conditions"] == sorted(set(names) - set(taken))


@pytest.mark.parametrize("on", ["2024-05-02", "2024-05-03", "2024-06-02", "2024-06-03"])
def test_the_conditions_of_a_past_day_are_those_that_the_facts_of_that_day_give(on: str) -> None:
    story = [
        approved("l", "2024-05-01", "a", "b"),
        released("r", "2024-05-03"),
        varied("v", "2024-06-03", add=["c"], take=["a"], version="3.0"),
    ]
    view = told(story, "2024-12-01").view
    standing = rules.standing(view, "P")
    assert standing is not None
    later = {one.condition.name for one in standing.binding(when(on)) if one.until is None or one.until != when(on)}
    assert sorted(later) == facts(story, on)["conditions"]


BODIES = {
    "licence.approved": {"form": "standard", "policy_version": "3.0", "conditions": ["a", "a", "b"], "bespoke": ["B"]},
    "licence.released": {"release": "re_release", "licence": "licence.approved0"},
    "licence.varied": {"policy_version": "4.0", "added": ["c", "a"], "removed": ["b", "nowhere"]},
    "licence.ended": {"reason": "other"},
    "recall.revoked": RECALL,
    "recall.rescinded": {"revocation": "recall.revoked1", "reason": "in error"},
    "sentence.imposed": {"type": "ipp"},
    "licence.disclosure_made": {"topic": "work", "nothing_to_tell": "unknown", "asked": "unknown"},
    "licence.premises": {"step": "requested", "urgency": "emergency", "after_parole": "no"},
    "licence.end_requested": {},
    "people.died": {},
}
happening = st.sampled_from(
    ["2016-05-11T10:00", "2016-05-11", "2019-02", "", "2022-08-04", "2023-12-31T23:59", "2024-02-29"]
)


@given(steps=st.lists(st.tuples(st.sampled_from(sorted(BODIES)), happening), max_size=14), on=days)
def test_whatever_is_recorded_in_whatever_order_the_facts_hold_together(steps: list[tuple[str, str]], on: date) -> None:
    story = [
        e(
            f"{kind}{number}",
            kind,
            happened,
            BODIES[kind],
            noted=f"2011-01-{number + 1:02}T10:00" if not happened else "",
        )
        for number, (kind, happened) in enumerate(steps)
    ]
    said = facts(story, on.isoformat(), parameters={"D61": {"in_force_from": "2015-01-01"}})
    if not said:
        return
    assert said["status"] in ("none", "approved", "active", "revoked", "ended")
    assert said["conditions"] == sorted(set(said["conditions"]))
    assert (said["policy_version"] is None) == (said["status"] != "active" or not _has_licence(story, on))
    if said["status"] != "active":
        assert said["conditions"] == []
    view = told(story, on.isoformat()).view
    standing = rules.standing(view, "P") or state.NOWHERE
    for one in standing.bound:
        assert one.until is None or one.until.sorting >= one.since.sorting
    running = {id(one) for spell in standing.spells for one in spell.bound}
    assert running == {id(one) for one in standing.bound}


def _has_licence(story: list[Entry], on: date) -> bool:
    standing = rules.standing(told(story, on.isoformat()).view, "P")
    return standing is not None and standing.in_force is not None


def _bound(story: list[Entry], on: str) -> list[tuple[str, str, str, str | None]]:
    standing = rules.standing(told(story, on).view, "P")
    assert standing is not None
    return [
        (one.condition.name, one.condition.version, str(one.since.day), str(one.until.day) if one.until else None)
        for one in standing.bound
    ]


def _scales():
    return rules.TIMESCALES
