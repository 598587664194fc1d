"""The life format, sections 4 to 8, point by point: a small hostile story for each."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from throughcare.ledger.entry import Entry
from throughcare.project.replay import main
from throughcare.safeguarding.tests.story import duties, e, found, moment, told, withdrawn
from throughcare.safeguarding.tests.test_thresholds import MATCHES, PLAN, injury, visit

VOCABULARY = Path(__file__).resolve().parents[5] / "shared" / "lives" / "vocabulary.json"

# --- section 4: moments, corrections, knowledge ---------------------------------------------------------------------


def test_a_day_ends_at_midnight_in_london_also_in_summer() -> None:
    made = [injury("x", "2023-06-07", mobility="rolling", noted="2023-06-08T00:10")]
    assert found(made, "2023-06-07", "T01") == []
    assert [row[1] for row in found(made, "2023-06-08", "T01")] == ["2023-06-08"]


def test_a_correction_that_an_agency_does_not_know_has_no_effect_for_it() -> None:
    first = injury("i", "2023-06-07", mobility="rolling", shared=[("GP", "2023-06-09T10:00")])
    better = injury("j", "2023-06-07", mobility="walking", noted="2023-06-10T10:00", corrects="i")
    assert found([first, better], "2023-06-20", "T01", known_to="GP") == [("C", "2023-06-09", "matched", ["i"])]
    assert [row[2] for row in found([first, better], "2023-06-20", "T01")] == ["withdrawn"]
    told_too = replace(better, shared=first.shared[:0])
    assert [row[2] for row in found([first, told_too], "2023-06-20", "T01", known_to="LA")] == ["withdrawn"]


def test_a_correction_that_is_known_without_what_it_corrects_stands_alone() -> None:
    first = injury("i", "2023-06-07", mobility="walking")
    better = injury(
        "j",
        "2023-06-07",
        mobility="rolling",
        noted="2023-06-10T10:00",
        corrects="i",
        shared=[("GP", "2023-06-11T10:00")],
    )
    assert found([first, better], "2023-06-20", "T01", known_to="GP") == [("C", "2023-06-11", "matched", ["j"])]


def test_a_correction_that_is_known_before_what_it_corrects_is_not_undone_by_it() -> None:
    first = injury("i", "2023-06-07", mobility="rolling", shared=[("GP", "2023-06-15T10:00")])
    better = injury(
        "j",
        "2023-06-07",
        mobility="walking",
        noted="2023-06-10T10:00",
        corrects="i",
        shared=[("GP", "2023-06-11T10:00")],
    )
    assert found([first, better], "2023-06-20", "T01", known_to="GP") == []


def test_what_an_entry_shares_is_known_from_its_time_but_not_before_it_exists() -> None:
    first = injury("i", "2023-06-07", mobility="rolling")
    tells = e("t", "information.shared", "2023-06-09T09:00", {"entries": ["i"], "to": ["GP"]}, noted="2023-06-12T09:00")
    assert found([first, tells], "2023-06-11", "T01", known_to="GP") == []
    assert [row[1] for row in found([first, tells], "2023-06-12", "T01", known_to="GP")] == ["2023-06-12"]


def test_references_to_a_corrected_entry_mean_its_replacement() -> None:
    made = [
        e("r", "referral", "2024-03-18"),
        e("r2", "referral", "2024-03-20", noted="2024-03-21T10:00", corrects="r"),
        e("d", "referral_decided", "2024-03-21", {"referral": "r", "decision": "assessment"}),
    ]
    assert duties(made, "2024-03-30", "S01") == [("r2", "2024-03-21", "met")]


def test_a_withdrawn_start_has_no_duty_and_a_withdrawn_meeting_leaves_it_overdue() -> None:
    made = [e("r", "referral", "2024-03-18"), e("d", "referral_decided", "2024-03-18", {"referral": "r"})]
    assert duties([*made, withdrawn("w", "r", "2024-03-25T10:00")], "2024-03-30", "S01") == []
    gone = [*made, withdrawn("w", "d", "2024-03-25T10:00")]
    assert duties(gone, "2024-03-24", "S01") == [("r", "2024-03-19", "met")]
    assert duties(gone, "2024-03-25", "S01") == [("r", "2024-03-19", "overdue")]


def test_a_correction_of_a_correction_and_a_second_correction_of_one_entry_leave_the_newest() -> None:
    made = [
        e("a", "referral", "2024-03-18"),
        e("b", "referral", "2024-03-19", noted="2024-03-21T10:00", corrects="a"),
        e("c", "referral", "2024-03-20", noted="2024-03-22T10:00", corrects="b"),
    ]
    assert [row[0] for row in duties(made, "2024-03-30", "S01")] == ["c"]
    again = [*made[:2], replace(made[2], corrects="a")]
    assert [row[0] for row in duties(again, "2024-03-30", "S01")] == ["c"]


def test_corrections_that_name_each_other_or_nothing_end_without_an_error() -> None:
    made = [
        replace(injury("a", "2023-06-07", mobility="rolling"), corrects="b"),
        replace(injury("b", "2023-06-08", mobility="rolling"), corrects="a"),
        replace(injury("c", "2023-06-09", mobility="rolling"), corrects="nothing"),
    ]
    assert any(row[3] == ["c"] for row in found(made, "2023-07-01", "T01"))


@pytest.mark.parametrize("happened", ["2024-05", ""])
def test_a_month_or_an_unknown_day_starts_no_clock_and_meets_none(happened: str) -> None:
    start = e("r", "referral", happened, noted="2024-06-03T10:00")
    assert duties([start], "2024-12-01", "S02") == [("r", None, "open")]
    dated = e("r", "referral", "2024-05-07")
    done = e("d", "assessment_completed", happened, noted="2024-06-03T10:00")
    assert duties([dated, done], "2024-12-01", "S02") == [("r", "2024-07-10", "overdue")]
    assert found([start], "2024-12-01", "T23") == []


def test_an_approximate_start_counts_as_the_day_given() -> None:
    assert duties([e("r", "referral", "~2024-03-18")], "2024-03-18", "S01") == [("r", "2024-03-19", "open")]


def test_a_visit_without_sight_of_the_home_and_one_without_the_bedroom_are_two_running() -> None:
    made = [visit("a", "2024-05-01", home_seen="no"), visit("b", "2024-05-07", bedroom_seen="no")]
    assert [row[2] for row in found(made, "2024-06-01", "T09")] == ["matched"]
    assert found([made[0], visit("b", "2024-05-07")], "2024-06-01", "T09") == []


# --- sections 5 and 6: clocks and duties ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "due"),
    [
        ("2024-03-30T12:00", "2024-04-02T13:00"),  # the clocks go forward: 72 hours, not three days
        ("2024-10-26T12:00", "2024-10-29T11:00"),  # and back
        ("2024-03-30", "2024-04-03T01:00"),  # from 00:00 of the following day, which is before the change
        ("2024-10-26", "2024-10-29T23:00"),
    ],
)
def test_hours_are_hours_whatever_the_clocks_do(happened: str, due: str) -> None:
    assert duties([e("h", "harm_suspected", happened)], happened[:10], "S04") == [("h", due, "open")]


def test_a_moment_that_is_given_wins_and_is_met_to_the_minute() -> None:
    start = e("q", "section47_started", "2024-03-18T09:00", {"see_child_by": "2024-03-18T17:00"})
    at = {"purpose": "section47", "seen": "yes"}
    assert duties([start, e("v", "visit", "2024-03-18T17:00", at)], "2024-03-19", "S05") == [
        ("q", "2024-03-18T17:00", "met")
    ]
    late = e("v", "visit", "2024-03-18T17:01", at)
    assert duties([start, late], "2024-03-19", "S05") == [("q", "2024-03-18T17:00", "met_late")]
    assert duties([start], "2024-03-18", "S05") == [("q", "2024-03-18T17:00", "overdue")]
    before = e("v", "visit", "2024-03-18T08:59", at)
    assert duties([start, before], "2024-03-19", "S05") == [("q", "2024-03-18T17:00", "overdue")]


def test_one_entry_about_two_children_starts_a_clock_for_each() -> None:
    made = [
        e("v", "visit", "2024-03-18", {"purpose": "child_in_need_plan", "seen": "yes"}, who="subject=C;subject=S"),
        e("w", "visit", "2024-04-10", {"purpose": "child_in_need_plan", "seen": "yes"}, who="subject=S"),
    ]
    said = {
        (one.person, one.started_by.ref): one.state.value
        for one in told(made, "2024-05-01").duties
        if one.rule == "S15"
    }
    assert said == {("C", "v"): "overdue", ("S", "v"): "met", ("S", "w"): "open"}


def test_in_a_chain_the_first_following_entry_meets_each_link() -> None:
    made = [
        e("p", "initial_conference", "2024-03-18", PLAN),
        visit("a", "2024-03-19"),
        visit("b", "2024-03-19"),
        visit("c", "2024-04-30"),
    ]
    said = {
        one.started_by.ref: (one.met_by and one.met_by.ref)
        for one in told(made, "2024-05-01").duties
        if one.rule == "S13"
    }
    assert said == {"p": "a", "a": "c", "b": "c", "c": None}


def test_two_visits_on_one_day_with_times_follow_each_other() -> None:
    made = [
        e("p", "initial_conference", "2024-03-18", PLAN),
        visit("a", "2024-03-19T09:00"),
        visit("b", "2024-03-19T15:00"),
    ]
    said = {
        one.started_by.ref: (one.met_by and one.met_by.ref)
        for one in told(made, "2024-05-01").duties
        if one.rule == "S13"
    }
    assert said == {"p": "a", "a": "b", "b": None}


def test_a_duty_met_before_it_is_released_is_met() -> None:
    made = [
        e("r", "referral", "2024-03-18"),
        e("c", "case_closed", "2024-03-25", {"reason": "RC1"}),
        e("d", "assessment_completed", "2024-03-20"),
    ]
    assert duties(made, "2024-04-01", "S02")[0][2] == "met"
    after = [made[0], made[1], e("d", "assessment_completed", "2024-03-28")]
    assert duties(after, "2024-04-01", "S02")[0][2] == "not_required"


def test_a_report_is_due_back_from_the_conference_and_counts_only_after_the_booking() -> None:
    booked = e("b", "conference_booked", "2024-03-20", {"conference": "review", "held_on": "2024-04-10"})
    early = e("r", "report_ready", "2024-03-19", {"conference": "review"})
    assert duties([early, booked], "2024-04-04", "S12") == [("b", "2024-04-03", "overdue")]
    other = e("r", "report_ready", "2024-04-03", {"conference": "initial"})
    assert duties([other, booked], "2024-04-04", "S12") == [("b", "2024-04-03", "overdue")]
    ready = e("r", "report_ready", "2024-04-03", {"conference": "review"})
    assert duties([ready, booked], "2024-04-04", "S12") == [("b", "2024-04-03", "met")]


def test_a_breach_of_data_that_is_about_nobody_is_owed_all_the_same() -> None:
    made = [e("b", "access.data_breach", "2024-03-18T09:00", {"step": "found"}, who="")]
    (one,) = [row for row in told(made, "2024-03-18").duties if row.rule == "S37"]
    assert (one.person, one.state.value) == (None, "open")
    assert {row[0] for row in found(made, "2024-03-30", "T23")} == {""}
    reported = e("x", "access.data_breach", "2024-03-20T09:00", {"step": "reported", "breach": "b"}, who="")
    assert [row[2] for row in duties([*made, reported], "2024-03-30", "S37")] == ["met"]


# --- visits in placement --------------------------------------------------------------------------------------------

SEEN = {"purpose": "looked_after", "seen": "yes"}
CARE = e("l", "looked_after", "2024-03-18", {"change": "started"})
ORDER = {"power": "interim_care_order", "living_with_parent": "yes", "final": "no"}


def test_a_placement_is_visited_in_a_week_and_then_every_six() -> None:
    made = [CARE, e("p", "placement_started", "2024-03-18", {"placement": "foster", "first": "yes"})]
    assert duties(made, "2024-03-26", "S23") == [("p", "2024-03-25", "overdue")]
    seen = [*made, e("v", "visit", "2024-03-25", SEEN)]
    assert duties(seen, "2024-04-01", "S23") == [("p", "2024-03-25", "met"), ("v", "2024-05-06", "open")]
    ended = [*seen, e("x", "looked_after", "2024-04-20", {"change": "ended"})]
    assert duties(ended, "2024-06-01", "S23")[1] == ("v", "2024-05-06", "not_required")


def test_at_home_under_an_interim_order_the_visits_are_weekly_until_the_first_review() -> None:
    made = [
        CARE,
        e("o", "protection_started", "2024-03-18", ORDER),
        e("p", "placement_started", "2024-03-18", {"placement": "with_parent", "first": "yes"}),
        e("v", "visit", "2024-03-25", SEEN),
        e("r", "looked_after_step", "2024-03-28", {"step": "review"}),
        e("w", "visit", "2024-04-02", SEEN),
    ]
    assert duties(made, "2024-04-03", "S23") == []
    assert duties(made, "2024-04-03", "S24") == [
        ("o", "2024-03-25", "met"),
        ("v", "2024-04-01", "met_late"),
        ("w", "2024-04-30", "open"),
    ]


# --- learning -------------------------------------------------------------------------------------------------------


def test_a_review_is_sent_seven_working_days_before_its_day_and_without_a_day_none_is_due() -> None:
    planned = e(
        "p", "learning.practice_review", "2025-04-01", {"step": "publication_planned", "publish_on": "2025-05-20"}
    )
    sent = e("s", "learning.practice_review", "2025-05-09", {"step": "sent"})
    assert duties([planned, sent], "2025-06-01", "S34") == [("p", "2025-05-09", "met")]
    unplanned = e("p", "learning.practice_review", "2025-04-01", {"step": "publication_planned"})
    assert duties([unplanned], "2025-06-01", "S34") == [("p", None, "open")]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("done_no_evidence", "overdue"),
        ("done_with_evidence", "met"),
        ("effect_shown", "met"),
        ("rejected", "not_required"),
    ],
)
def test_done_without_evidence_is_not_done(status: str, state: str) -> None:
    made = [
        e("m", "learning.recommendation_made", "2024-05-01", {"due": "2024-06-30"}),
        e("u", "learning.recommendation_updated", "2024-06-30", {"recommendation": "m", "status": status}),
    ]
    assert duties(made, "2024-07-01", "A02") == [("m", "2024-06-30", state)]


# --- what holds for every story -------------------------------------------------------------------------------------

ALL = [one for story in MATCHES.values() for one in story]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule=st.sampled_from(sorted(MATCHES)), data=st.data())
def test_an_unrelated_entry_never_removes_a_finding(rule: str, data: st.DataObject) -> None:
    before = found(MATCHES[rule], "2024-08-01", rule)
    kind = data.draw(
        st.sampled_from(["observation", "contact", "information.withheld", "record.disputed", "custody.programme"])
    )
    on = data.draw(st.dates(moment("2024-01-01").date(), moment("2024-07-01").date())).isoformat()
    other = e(
        "zz",
        kind,
        on,
        {"weight": "neutral", "concern": "no"},
        who=data.draw(st.sampled_from(["subject=C", "subject=Z"])),
    )
    assert set(map(str, before)) <= set(map(str, found([*MATCHES[rule], other], "2024-08-01", rule)))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule=st.sampled_from(sorted(MATCHES)), data=st.data())
def test_the_order_of_arrival_of_what_is_noted_together_does_not_matter(rule: str, data: st.DataObject) -> None:
    story = [replace(one, noted=moment("2024-07-01T10:00")) for one in MATCHES[rule]]
    renamed = data.draw(st.permutations(story))
    assert sorted(found(story, "2024-08-01", rule)) == sorted(found(renamed, "2024-08-01", rule))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_fact_noted_later_never_raises_earlier(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(sorted(MATCHES)))
    days = data.draw(st.integers(1, 60))
    late = [replace(one, noted=one.noted + timedelta(days)) for one in MATCHES[rule]]
    first = min(row[1] for row in found(MATCHES[rule], "2024-12-01", rule))
    assert all(row[1] >= first for row in found(late, "2024-12-01", rule))


# --- a life that cannot be read -------------------------------------------------------------------------------------

ENTRIES = (
    "ref,kind,agency,author_role,happened,happened_to,precision,noted,shared,concerns,basis,summary,body,corrects\n"
)
PEOPLE = "record_ref,agency,names,date_of_birth,expected_date_of_birth,sex,address,identifiers,identified,same_as\n"
AGENCIES: dict[str, Any] = {"LA": {"sector": "la", "name": "Authority"}}


def write(folder: Path, *, entries: str = "", people: str = "", parameters: object = None) -> Path:
    (folder / "entries.csv").write_text(ENTRIES + entries, "utf-8")
    (folder / "people.csv").write_text(PEOPLE + people, "utf-8")
    given = {"agencies": AGENCIES, "parameters": parameters if parameters is not None else {}}
    (folder / "parameters.json").write_text(json.dumps(given), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"people": "LA-C,LA,Child,,,,,,,NOBODY\n"}, "same_as"),
        ({"people": "LA-C,LA,Child,,,,,,,\nLA-C,LA,Child,,,,,,,\n"}, "record_ref"),
        ({"entries": "a,no.such,LA,,2024-01-01,,day,2024-01-01T10:00,,,,,{},\n"}, "kind"),
        ({"entries": "a,safeguarding.referral,LA,,2024-01-01,,day,2023-01-01T10:00,,,,,{},\n"}, "noted"),
        ({"parameters": {"S13": {"length": "soon"}}}, "S13.length"),
        ({"parameters": {"S13": {"length": -1}}}, "S13.length"),
        ({"parameters": {"S13": {"length": 10**12}}}, "S13.length"),
        ({"parameters": {"S13": {"unit": "fortnight", "length": 1}}}, "S13.length"),
        ({"parameters": {"T04": {"n": "two"}}}, "T04.n"),
        ({"parameters": {"T04": {"n": 0}}}, "T04.n"),
        ({"parameters": {"T22": {"in_force_from": "soon"}}}, "T22.in_force_from"),
        ({"parameters": {"S30": {"in_force_from": 7}}}, "S30.in_force_from"),
        ({"parameters": [1]}, "parameters"),
    ],
    ids=str,
)
def test_a_life_that_cannot_be_read_says_why(
    wrong: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write(tmp_path, **wrong)), "--on", "2024-06-01", "--json"]) == 1
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("on", ["2024-02-30", "tomorrow", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_not_understood(on: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path)), "--on", on, "--json"]) == 2
    assert "--on" in capsys.readouterr().err


def test_an_empty_life_has_nothing_to_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path)), "--on", "2024-06-01", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["entries"], said["duties"], said["findings"], said["state"]) == (0, [], [], {})


def test_years_whose_holidays_nobody_knows_have_no_due_day_and_no_error() -> None:
    made: list[Entry] = [
        e("t", "transfer", "2028-12-29", {"step": "notified", "on_plan": "yes"}),
        e("x", "escalation", "2031-03-18", {"status": "raised", "step": 1}),
        e("r", "referral", "2031-03-18"),
    ]
    assert duties(made, "2031-06-01", "S01") == [("r", None, "open")]
    assert found(made, "2031-06-01", "T16") == [] == found(made, "2031-06-01", "T24")
