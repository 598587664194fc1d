"""Each threshold: a clear match, a near miss, a missing fact, a late entry, and a correction that takes it away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from throughcare.ledger.entry import Entry
from throughcare.safeguarding.tests.story import e, found, moment, withdrawn

PLAN = {"plan": "yes", "previous_plans": 0, "quorate": "yes"}
NO_BIRTHS: dict[str, Any] = {}


def injury(ref: str, on: str, *, occasion: str = "", mobility: str = "walking", **more: Any) -> Entry:
    body = {"occasion": occasion or ref, "type": "bruise", "site": "shin", "pattern": "none", "mobility": mobility}
    return e(ref, "injury_found", on, body, **more)


def account(ref: str, on: str, mechanism: str, *injuries: str, **more: Any) -> Entry:
    body = {"injuries": list(injuries), "mechanism": mechanism, "independently_witnessed": "no"}
    return e(ref, "explanation_given", on, body, **more)


def related(ref: str, on: str, who: str, how: str, exists: str = "yes", **body: Any) -> Entry:
    given = {"relationship": how, "exists": exists, "stated_by": "self", **body}
    return e(ref, "people.relationship_stated", on, given, who=who)


def released(ref: str, on: str, who: str = "subject=A") -> Entry:
    return e(ref, "licence.released", on, {"release": "first", "licence": "l"}, who=who)


def visit(ref: str, on: str, **says: str) -> Entry:
    usual = {"seen": "yes", "alone": "yes", "awake": "awake", "home_seen": "yes", "bedroom_seen": "yes"}
    return e(ref, "visit", on, {"purpose": "protection_plan", **usual, **says})


# --- what a correction takes away, for every rule that is found in one or two entries -------------------------------

HOME = {"lives_here": "yes", "only_these": "no"}
TOLD_OF = {"topic": "relationship", "nothing_to_tell": "no", "asked": "yes"}


def nothing_told(ref: str, on: str, topic: str) -> Entry:
    body = {"topic": topic, "nothing_to_tell": "yes", "asked": "yes"}
    return e(ref, "licence.disclosure_made", on, body, who="subject=A")


MATCHES: dict[str, list[Entry]] = {
    "T01": [injury("x", "2023-06-07", mobility="rolling")],
    "T02": [injury("x", "2023-03-07")],
    "T03": [injury("i", "2024-05-06"), account("x", "2024-05-07", "none_offered", "i")],
    "T04": [injury("i", "2024-05-01"), injury("x", "2024-05-07")],
    "T05": [injury("i", "2024-05-01", agency="GP"), injury("x", "2024-05-07")],
    "T06": [e("x", "attendance", "2024-05-07", {"reason": "injury", "event_said_at": "2024-05-01T10:00"})],
    "T07": [
        e("a", "attendance", "2024-05-01", {"scheduled": "no", "site": "N"}),
        e("x", "attendance", "2024-05-07", {"scheduled": "no", "site": "M"}),
    ],
    "T08": [
        e("a", "appointment_outcome", "2024-05-01", {"outcome": "was_not_brought"}),
        e("x", "appointment_outcome", "2024-05-07", {"outcome": "was_not_brought"}),
    ],
    "T09": [visit("a", "2024-05-01", alone="no"), visit("x", "2024-05-07", alone="no")],
    "T10": [e("x", "people.household_stated", "2024-05-07", HOME, who="subject=C;household=N")],
    "T11": [
        related("a", "2024-05-01", "subject=A;other=B", "partner_of"),
        related("x", "2024-05-07", "subject=B;other=A", "partner_of", "no"),
    ],
    "T12": [
        e("a", "core_group", "2024-05-01", {"actions_missed": ["test"]}),
        e("x", "core_group", "2024-05-07", {"actions_missed": ["test"]}),
    ],
    "T13": [e("x", "contact", "2024-05-07", {"concern": "no", "source": "1A", "closed_as_malicious": "yes"})],
    "T14": [e("x", "initial_conference", "2024-05-07", {**PLAN, "previous_plans": 1})],
    "T15": [e("x", "domestic_abuse_notice", "2024-05-07", {"victim_pregnant": "yes"})],
    "T16": [e("x", "transfer", "2024-05-07", {"step": "notified", "on_plan": "yes"})],
    "T17": [
        related("p", "2024-05-01", "subject=A;other=U", "parent_of"),
        e("x", "risk.assessed", "2024-05-07", {"children": "high"}, who="subject=A"),
    ],
    "T18": [e("x", "review_conference", "2024-05-07", {"decision": "continue", "quorate": "no"})],
    "T19": [related("p", "2024-05-01", "subject=A;other=C", "parent_of"), released("x", "2024-05-07")],
    "T20": [
        e("p", "looked_after", "2024-05-01", {"change": "started"}),
        e("x", "attendance", "2024-05-07", {"scheduled": "no", "site": "N"}),
    ],
    "T21": [
        e(ref, "missing", on, {"step": "reported", "overnight": "no"})
        for ref, on in (("a", "2024-03-01"), ("b", "2024-04-01"), ("x", "2024-05-07"))
    ],
    "T23": [e("x", "reportable_concern", "2024-05-03", {"concern": "position_of_trust"})],
    "T24": [e("x", "escalation", "2024-05-07", {"status": "raised", "step": 1})],
    "T25": [e("x", "information.requested", "2024-05-07", {"to": "GP", "reply_by": "2024-05-09T17:00"})],
    "B01": [
        e("a", "people.household_stated", "2024-05-01", HOME, who="subject=C;household=A"),
        nothing_told("x", "2024-05-07", "relationship_with_child_household"),
    ],
    "B02": [
        e("a", "people.household_stated", "2024-05-01", HOME, agency="SCH", who="subject=B;household=A"),
        nothing_told("x", "2024-05-07", "address"),
    ],
    "B03": [
        related("a", "2024-05-01", "subject=M;other=A", "partner_of"),
        e("x", "licence.disclosure_made", "2024-05-07", TOLD_OF, who="subject=A;partner=B"),
    ],
}


@pytest.mark.parametrize("rule", MATCHES)
def test_a_withdrawn_fact_withdraws_the_finding_which_keeps_its_day(rule: str) -> None:
    before = [row for row in found(MATCHES[rule], "2024-06-09", rule) if "x" in row[3]]
    assert before
    assert all(row[2] == "matched" for row in before)
    gone = [*MATCHES[rule], withdrawn("w", "x", "2024-06-10T10:00")]
    assert found(gone, "2024-06-09", rule) == found(MATCHES[rule], "2024-06-09", rule)
    after = [row for row in found(gone, "2024-06-10", rule) if "x" in row[3]]
    assert [(row[0], row[1], row[2]) for row in after] == [(row[0], row[1], "withdrawn") for row in before]
    assert all("w" in row[3] for row in after)


@pytest.mark.parametrize("rule", MATCHES)
def test_an_entry_that_comes_late_raises_on_the_day_of_its_note_and_not_before(rule: str) -> None:
    late = [
        replace(one, noted=moment("2024-07-20T10:00")) if one.ref == MATCHES[rule][0].ref else one
        for one in MATCHES[rule]
    ]
    assert not [row for row in found(late, "2024-07-19", rule) if row[2] == "matched" and late[0].ref in row[3]]
    assert {row[1] for row in found(late, "2024-07-20", rule) if late[0].ref in row[3]} == {"2024-07-20"}


# --- cannot tell ----------------------------------------------------------------------------------------------------


def test_unknown_mobility_cannot_be_told_until_the_second_birthday() -> None:
    assert found([injury("x", "2024-12-31", mobility="unknown")], "2025-01-02", "T01")[0][2] == "cannot_tell"
    assert found([injury("x", "2025-01-01", mobility="unknown")], "2025-01-02", "T01") == []


def test_without_a_birth_date_the_screen_cannot_be_told_and_a_birth_date_settles_it() -> None:
    made = [injury("x", "2024-05-07")]
    assert [row[2] for row in found(made, "2024-05-08", "T02", born=NO_BIRTHS)] == ["cannot_tell"]
    old = [*made, e("b", "people.born", "2020-01-01", {"date_of_birth": "2020-01-01"}, noted="2024-05-20T10:00")]
    assert [row[2] for row in found(old, "2024-05-20", "T02", born=NO_BIRTHS)] == ["withdrawn"]
    young = [*made, e("b", "people.born", "2024-01-01", {"date_of_birth": "2024-01-01"}, noted="2024-05-20T10:00")]
    assert [row[1:3] for row in found(young, "2024-05-20", "T02", born=NO_BIRTHS)] == [("2024-05-20", "matched")]


def test_an_unknown_quorum_an_unsaid_time_and_an_unknown_pregnancy_cannot_be_told() -> None:
    quorum = [e("x", "review_conference", "2024-05-07", {"decision": "continue", "quorate": "unknown"})]
    assert [row[2] for row in found(quorum, "2024-05-08", "T18")] == ["cannot_tell"]
    unsaid = [e("x", "attendance", "2024-05-07", {"reason": "injury"})]
    assert [row[2] for row in found(unsaid, "2024-05-08", "T06")] == ["cannot_tell"]
    pregnant = [e("x", "domestic_abuse_notice", "2024-05-07", {"victim_pregnant": "unknown"})]
    assert [row[2] for row in found(pregnant, "2024-05-08", "T15")] == ["cannot_tell"]


def test_a_month_that_is_wholly_within_counts_one_that_is_not_cannot_be_told() -> None:
    first = e("a", "referral", "2024-05", noted="2024-06-03T10:00")
    assert found([first, e("x", "referral", "2025-04-30")], "2025-06-01", "T14")[0][2] == "matched"
    assert found([first, e("x", "referral", "2025-05-15")], "2025-06-01", "T14")[0][2] == "cannot_tell"
    assert found([first, e("x", "referral", "2025-06-01")], "2025-06-01", "T14") == []


def test_an_approximate_day_counts_as_the_day_given() -> None:
    made = [injury("a", "~2024-05-07"), injury("x", "2025-05-07")]
    assert [row[2] for row in found(made, "2025-06-01", "T04")] == ["matched"]
    assert found([injury("a", "~2024-05-06"), made[1]], "2025-06-01", "T04") == []


# --- T03, T05, T08, T09, T10 ----------------------------------------------------------------------------------------


def test_explanations_that_differ_are_told_when_the_later_is_noted_and_unknown_ones_never_differ() -> None:
    made = [injury("i", "2024-05-06"), account("a", "2024-05-07", "fall_stairs", "i")]
    assert found([*made, account("b", "2024-05-08", "unknown", "i")], "2024-05-09", "T03") == []
    differ = [*made, account("b", "2024-05-08", "rough_play", "i")]
    assert found(differ, "2024-05-09", "T03") == [("C", "2024-05-08", "matched", ["i", "a", "b"])]


def test_an_injury_seen_again_is_the_same_injury() -> None:
    again = e("j", "injury_found", "2024-05-08", {"occasion": "j", "type": "bruise", "seen_before": "i"}, agency="LA")
    made = [injury("i", "2024-05-06"), again]
    assert found(made, "2024-05-09", "T04") == []
    accounts = [account("a", "2024-05-07", "fall_stairs", "i"), account("b", "2024-05-09", "rough_play", "j")]
    assert [row[1] for row in found([*made, *accounts], "2024-05-09", "T03")] == ["2024-05-09"]


def test_a_concern_that_was_shared_both_ways_on_the_day_is_no_blind_spot() -> None:
    first = injury("i", "2024-05-01", agency="GP", shared=[("LA", "2024-05-02T10:00")])
    second = injury("x", "2024-05-07", shared=[("GP", "2024-05-07T23:30")])
    assert found([first, second], "2024-06-01", "T05") == []
    day_later = injury("x", "2024-05-07", shared=[("GP", "2024-05-08T00:10")])
    assert found([first, day_later], "2024-06-01", "T05") == [("C", "2024-05-07", "matched", ["i", "x"])]


def test_only_attended_breaks_a_run_of_misses() -> None:
    def outcome(ref: str, on: str, said: str) -> Entry:
        return e(ref, "appointment_outcome", on, {"outcome": said})

    first, third = outcome("a", "2024-05-01", "was_not_brought"), outcome("x", "2024-05-09", "was_not_brought")
    assert found([first, outcome("m", "2024-05-05", "cancelled_by_family"), third], "2024-06-01", "T08")
    assert found([first, outcome("m", "2024-05-05", "attended"), third], "2024-06-01", "T08") == []
    taken_back = [first, outcome("m", "2024-05-05", "attended"), third, withdrawn("w", "m", "2024-05-20T10:00")]
    assert [row[1:3] for row in found(taken_back, "2024-06-01", "T08")] == [("2024-05-20", "matched")]


def test_a_plan_for_neglect_that_is_noted_after_the_miss_raises_it_then() -> None:
    made = [
        e("x", "appointment_outcome", "2024-05-09", {"outcome": "was_not_brought"}),
        e("p", "initial_conference", "2024-05-07", {**PLAN, "category": "NEG"}, noted="2024-05-14T10:00"),
    ]
    assert found(made, "2024-05-20", "T08") == [("C", "2024-05-14", "matched", ["x", "p"])]


def test_an_adult_who_is_identified_was_unidentified_all_the_same() -> None:
    home = e("x", "people.household_stated", "2024-05-07", HOME, who="subject=C;household=N")
    known = e("k", "people.identified", "2024-05-10", who="subject=A;household=N")
    assert [row[2] for row in found([home, known], "2024-06-01", "T10")] == ["matched"]
    after = e("y", "people.household_stated", "2024-05-12", HOME, who="subject=C;household=N")
    assert [row[3] for row in found([home, known, after], "2024-06-01", "T10")] == [["x"]]


# --- T11 ------------------------------------------------------------------------------------------------------------


def disclosed(ref: str, on: str, topic: str = "relationship", nothing: str = "yes", **more: Any) -> Entry:
    body = {"topic": topic, "nothing_to_tell": nothing, "asked": "yes"}
    return e(ref, "licence.disclosure_made", on, body, who="subject=A", **more)


@pytest.mark.parametrize(
    ("began", "result"), [("2024-05-06", ["matched"]), ("2024-05-07", ["matched"]), ("2024-05-08", [])]
)
def test_nothing_to_tell_against_a_relationship_that_had_begun(began: str, result: list[str]) -> None:
    shown = related("r", "2024-06-01", "subject=B;other=A", "partner_of", **{"from": began})
    said = found([disclosed("d", "2024-05-07"), shown], "2024-06-02", "T11")
    assert [row[2] for row in said] == result
    assert all(row == ("A", "2024-06-01", "matched", ["r", "d"]) for row in said)


def test_when_it_began_must_be_known() -> None:
    later = related("r", "2024-06-01", "subject=A;other=B", "partner_of")
    assert [row[2] for row in found([disclosed("d", "2024-05-07"), later], "2024-06-02", "T11")] == ["cannot_tell"]
    earlier = related("r", "2024-05-01", "subject=A;other=B", "partner_of")
    assert [row[2] for row in found([disclosed("d", "2024-05-07"), earlier], "2024-06-02", "T11")] == ["matched"]


def test_to_tell_of_money_or_of_a_child_denies_no_relationship() -> None:
    shown = related("r", "2024-05-01", "subject=A;other=B", "partner_of")
    assert found([disclosed("d", "2024-05-07", "money"), shown], "2024-06-01", "T11") == []
    parent = related("r", "2024-05-01", "subject=A;other=C", "parent_of")
    assert found([disclosed("d", "2024-05-07"), parent], "2024-06-01", "T11") == []


def test_an_observation_that_contradicts_is_withdrawn_with_what_it_contradicts() -> None:
    made = [
        e("v", "visit", "2024-05-01", {"purpose": "universal", "seen": "yes"}),
        e("o", "observation", "2024-05-03", {"weight": "concern", "contradicts": ["v"]}),
    ]
    assert found(made, "2024-05-10", "T11") == [("C", "2024-05-03", "matched", ["v", "o"])]
    gone = [*made, withdrawn("w", "v", "2024-05-09T10:00")]
    assert found(gone, "2024-05-10", "T11") == [("C", "2024-05-03", "withdrawn", ["v", "o", "w"])]


def test_other_relationships_of_the_same_two_contradict_nothing() -> None:
    made = [
        related("a", "2024-05-01", "subject=A;other=B", "partner_of"),
        related("b", "2024-05-07", "subject=A;other=B", "sibling_of", "no"),
        related("c", "2024-05-08", "subject=A;other=C", "parent_of"),
        related("d", "2024-05-09", "subject=C;other=A", "parent_of", "no"),
    ]
    assert found(made, "2024-06-01", "T11") == []


# --- T17, T19 -------------------------------------------------------------------------------------------------------

EXPECTING = related("u", "2024-05-01", "subject=A;other=U", "parent_of")


def test_a_pregnancy_of_a_parent_whose_child_was_looked_after() -> None:
    made = [
        EXPECTING,
        related("s", "2024-05-02", "subject=A;other=S", "parent_of"),
        e("l", "looked_after", "2021-05-02", {"change": "started"}, who="subject=S", noted="2024-05-10T09:00"),
    ]
    assert found(made, "2024-05-20", "T17") == [("U", "2024-05-10", "matched", ["u", "s", "l"])]
    other = [made[0], related("s", "2024-05-02", "subject=B;other=S", "parent_of"), made[2]]
    assert found(other, "2024-05-20", "T17") == []


def test_a_care_order_that_ended_or_an_interim_one_is_none() -> None:
    parent = related("s", "2024-05-02", "subject=A;other=S", "parent_of")
    order = e("o", "protection_started", "2024-05-03", {"power": "care_order", "final": "yes"}, who="subject=S")
    assert [row[3] for row in found([EXPECTING, parent, order], "2024-05-20", "T17")] == [["u", "s", "o"]]
    ended = e("e", "protection_ended", "2024-05-03", {"started": "o"}, who="subject=S", noted="2024-05-03T09:00")
    assert found([EXPECTING, parent, ended, order], "2024-05-20", "T17") == []
    interim = e("o", "protection_started", "2024-05-03", {"power": "interim_care_order"}, who="subject=S")
    assert found([EXPECTING, parent, interim], "2024-05-20", "T17") == []


def test_only_the_last_reading_of_risk_counts_and_an_unknown_one_cannot_be_told() -> None:
    def risk(ref: str, on: str, level: str) -> Entry:
        return e(ref, "risk.assessed", on, {"children": level}, who="subject=A")

    assert (
        found([risk("r1", "2024-01-01", "high"), risk("r2", "2024-04-01", "low"), EXPECTING], "2024-06-01", "T17") == []
    )
    assert [row[2] for row in found([risk("r", "2024-04-01", "unknown"), EXPECTING], "2024-06-01", "T17")] == [
        "cannot_tell"
    ]
    settled = [risk("r", "2024-04-01", "unknown"), EXPECTING, risk("r2", "2024-05-20", "very_high")]
    assert [row[1:3] for row in found(settled, "2024-06-01", "T17") if row[2] == "matched"] == [
        ("2024-05-20", "matched")
    ]
    assert "cannot_tell" not in [row[2] for row in found(settled, "2024-06-01", "T17")]


def test_after_the_birth_there_is_no_pregnancy() -> None:
    born = e("b", "people.born", "2024-04-20", {"date_of_birth": "2024-04-20"}, who="subject=U")
    reading = e("r", "risk.assessed", "2024-05-07", {"children": "high"}, who="subject=A")
    assert found([born, EXPECTING, reading], "2024-06-01", "T17") == []


@pytest.mark.parametrize(
    "links",
    [
        [related("p", "2024-05-01", "subject=A;other=C", "step_parent_of")],
        [
            related("p", "2024-05-01", "subject=B;other=C", "carer_of"),
            related("q", "2024-05-02", "subject=A;other=B", "partner_of"),
        ],
        [
            related("p", "2024-05-01", "subject=B;other=C", "parent_of"),
            related("q", "2024-05-02", "subject=B;other=A", "partner_of"),
        ],
        [
            e(
                "h",
                "people.household_stated",
                "2024-05-01",
                {**HOME, "lives_here": "sometimes"},
                who="subject=C;household=A",
            )
        ],
    ],
    ids=["step-parent", "partner of a carer", "the other way round", "sometimes in the household"],
)
def test_the_bridge_is_told_for_the_child_also_when_the_link_comes_later(links: list[Entry]) -> None:
    refs = {one.ref for one in links}
    (row,) = found([*links, released("r", "2024-05-07")], "2024-06-01", "T19")
    assert row[:3] == ("C", "2024-05-07", "matched")
    assert set(row[3]) == {"r"} | refs
    (row,) = found([released("r", "2024-04-07"), *links], "2024-06-01", "T19")
    assert row[:2] == ("C", max(one.noted for one in links).date().isoformat())


def test_no_bridge_to_former_partners_grown_children_and_those_who_do_not_live_there() -> None:
    def told(*links: Entry) -> list[Any]:
        return found([*links, released("r", "2024-05-07")], "2024-06-01", "T19")

    parent = related("p", "2024-05-01", "subject=B;other=C", "parent_of")
    assert told(parent, related("q", "2024-05-01", "subject=A;other=B", "former_partner_of")) == []
    assert told(parent, related("q", "2024-05-01", "subject=A;other=B", "partner_of", "no")) == []
    assert told(related("p", "2024-05-01", "subject=A;other=B", "parent_of")) == []
    assert (
        told(e("h", "people.household_stated", "2024-05-01", {**HOME, "lives_here": "no"}, who="subject=C;household=A"))
        == []
    )
    assert told(related("p", "2024-05-01", "subject=A;other=C", "grandparent_of")) == []


def test_the_first_public_protection_level_changes_nothing_and_the_next_one_does() -> None:
    def level(ref: str, on: str, noted: str = "") -> Entry:
        return e(ref, "risk.mappa_set", on, {"category": 1, "level": 2}, who="subject=A", noted=noted)

    parent = related("p", "2024-05-01", "subject=A;other=C", "parent_of")
    assert found([parent, level("m1", "2024-05-02")], "2024-06-01", "T19") == []
    two = [parent, level("m1", "2024-05-02"), level("m2", "2024-05-09")]
    assert [row[3] for row in found(two, "2024-06-01", "T19")] == [["m2", "p"]]
    late = [parent, level("m2", "2024-05-09"), level("m1", "2024-05-02", noted="2024-05-20T10:00")]
    assert [(row[1], row[3]) for row in found(late, "2024-06-01", "T19")] == [("2024-05-20", ["m2", "p"])]


def test_of_a_child_whose_age_nobody_knows_we_cannot_tell() -> None:
    parent = related("p", "2024-05-01", "subject=A;other=K", "parent_of")
    assert found([parent, released("r", "2024-05-07")], "2024-06-01", "T19") == []
    known = e("o", "observation", "2024-05-02", {"weight": "concern"}, who="subject=K")
    assert [row[2] for row in found([parent, known, released("r", "2024-05-07")], "2024-06-01", "T19")] == [
        "cannot_tell"
    ]


# --- B01, B02, B03: what another agency recorded and the person did not tell ------------------------------------------


def test_a_home_of_a_later_day_may_have_begun_after_the_telling() -> None:
    told = nothing_told("d", "2024-05-07", "relationship_with_child_household")
    later = e("h", "people.household_stated", "2024-05-08", HOME, who="subject=C;household=A")
    assert [row[2] for row in found([told, later], "2024-06-01", "B01")] == ["cannot_tell"]
    as_at = e(
        "h", "people.household_stated", "2024-05-08", {**HOME, "as_at": "2024-05-07"}, who="subject=C;household=A"
    )
    assert found([told, as_at], "2024-06-01", "B01") == [("A", "2024-05-08", "matched", ["h", "d"])]


def test_of_a_later_home_only_the_last_telling_before_it_is_asked_about() -> None:
    topic = "relationship_with_child_household"
    told = [nothing_told("d1", "2024-05-03", topic), nothing_told("d2", "2024-05-07", topic)]
    later = e("h", "people.household_stated", "2024-05-08", HOME, who="subject=C;household=A")
    assert [row[3] for row in found([*told, later], "2024-06-01", "B01")] == [["h", "d2"]]
    childless = e(
        "d", "licence.disclosure_made", "2023-05-07", {**TOLD_OF, "children": "no"}, who="subject=A;partner=B"
    )
    assert found([childless, later], "2024-06-01", "B01") == []


def test_a_home_without_a_child_is_none_with_one_and_an_unknown_age_cannot_be_told() -> None:
    told = nothing_told("d", "2024-05-07", "relationship_with_child_household")
    adults = e("h", "people.household_stated", "2024-05-01", HOME, who="subject=B;household=A")
    assert found([adults, told], "2024-06-01", "B01") == []
    unknown = e("h", "people.household_stated", "2024-05-01", HOME, who="subject=K;household=A")
    assert [row[2] for row in found([unknown, told], "2024-06-01", "B01")] == ["cannot_tell"]
    born = e(
        "b", "people.born", "2020-01-01", {"date_of_birth": "2020-01-01"}, noted="2024-05-20T10:00", who="subject=K"
    )
    assert [row[1:3] for row in found([unknown, told, born], "2024-06-01", "B01")] == [("2024-05-20", "matched")]


def test_who_tells_of_a_partner_without_children_and_lives_with_a_child_is_asked_about_it() -> None:
    home = e("h", "people.household_stated", "2024-05-01", HOME, who="subject=C;household=A")
    told = e("d", "licence.disclosure_made", "2024-05-07", {**TOLD_OF, "children": "no"}, who="subject=A;partner=B")
    assert found([home, told], "2024-06-01", "B01") == [("A", "2024-05-07", "matched", ["h", "d"])]
    with_children = e("d", "licence.disclosure_made", "2024-05-07", {**TOLD_OF, "children": "yes"}, who="subject=A")
    assert found([home, with_children], "2024-06-01", "B01") == []


def test_who_said_that_nobody_lives_there_is_not_contradicted() -> None:
    away = e("h", "people.household_stated", "2024-05-01", {**HOME, "lives_here": "no"}, who="subject=C;household=A")
    told = [nothing_told(topic, "2024-05-07", topic) for topic in ("relationship_with_child_household", "address")]
    assert found([away, *told], "2024-06-01", "B01") == found([away, *told], "2024-06-01", "B02") == []


def test_the_partner_who_was_told_of_is_no_other_partner_and_two_of_unknown_age_may_be_one() -> None:
    stated = related("a", "2024-05-01", "subject=B;other=A", "partner_of")
    told = e("d", "licence.disclosure_made", "2024-05-07", TOLD_OF, agency="PROB", who="subject=A;partner=B")
    assert found([stated, told], "2024-06-01", "B03") == []
    unknown = e("d", "licence.disclosure_made", "2024-05-07", TOLD_OF, agency="PROB", who="subject=A;partner=K")
    assert [row[2] for row in found([stated, unknown], "2024-06-01", "B03")] == ["cannot_tell"]


# --- T20, T22, T23, T24 ---------------------------------------------------------------------------------------------


def test_a_plan_that_is_noted_after_the_visit_raises_t20_then() -> None:
    made = [
        e("x", "attendance", "2024-05-09", {"scheduled": "no", "site": "N"}),
        e("p", "initial_conference", "2024-05-07", PLAN, noted="2024-05-14T10:00"),
    ]
    assert found(made, "2024-05-13", "T20") == []
    assert found(made, "2024-05-14", "T20") == [("C", "2024-05-14", "matched", ["x", "p"])]


@pytest.mark.parametrize(("since", "raised"), [("2024-05-09", 1), ("2024-05-10", 0), (None, 0)])
def test_home_education_is_asked_about_only_once_it_is_law(since: str | None, raised: int) -> None:
    made = [
        e("q", "section47_started", "2024-05-01"),
        e("x", "schooling_changed", "2024-05-09", {"status": "elective_home_education"}),
    ]
    said = found(made, "2024-06-01", "T22", parameters={"T22": {"in_force_from": since}})
    assert said == [("C", "2024-05-09", "matched", ["x", "q"])] * raised
    done = e("z", "section47_completed", "2024-05-08", {"enquiry": "q", "conference_required": "no"})
    assert found([*made, done], "2024-06-01", "T22", parameters={"T22": {"in_force_from": since}}) == []


START = e("s", "section47_started", "2024-03-19")  # S06 is due on 2024-04-11


def test_a_clock_is_told_two_days_before_and_the_day_after_and_stays_told() -> None:
    assert [row[1] for row in found([START], "2024-05-30", "T23")] == ["2024-04-09", "2024-04-12"]
    held = e("c", "initial_conference", "2024-04-11", {"plan": "no", "quorate": "yes"})
    assert [row[1] for row in found([START, held], "2024-05-30", "T23")] == ["2024-04-09"]
    noted_late = e("c", "initial_conference", "2024-04-11", {"plan": "no", "quorate": "yes"}, noted="2024-04-20T10:00")
    assert [row[1:3] for row in found([START, noted_late], "2024-05-30", "T23")] == [
        ("2024-04-09", "matched"),
        ("2024-04-12", "matched"),
    ]


def test_a_clock_that_comes_to_be_known_late_is_told_then() -> None:
    soon = e("s", "section47_started", "2024-03-19", noted="2024-04-10T10:00")
    assert [row[1] for row in found([soon], "2024-05-30", "T23")] == ["2024-04-10", "2024-04-12"]
    late = e("s", "section47_started", "2024-03-19", noted="2024-04-15T10:00")
    assert [row[1] for row in found([late], "2024-05-30", "T23")] == ["2024-04-15"]


def test_a_clock_of_hours_is_late_on_the_day_after_its_day() -> None:
    made = [e("h", "harm_suspected", "2024-03-18T12:00")]
    assert [row[1] for row in found(made, "2024-03-30", "T23")] == ["2024-03-19", "2024-03-22"]


def test_a_conference_that_was_recorded_in_error_leaves_the_clock_late_from_that_day() -> None:
    held = e("c", "initial_conference", "2024-04-08", {"plan": "no", "quorate": "yes"})
    made = [START, held, withdrawn("w", "c", "2024-04-25T10:00")]
    assert found(made, "2024-04-24", "T23") == []
    assert found(made, "2024-04-25", "T23") == [("C", "2024-04-25", "matched", ["s"])]


def test_a_clock_that_is_moved_by_a_later_note_is_told_by_its_new_day() -> None:
    start = e("s", "section47_started", "2024-03-25", {"discussion": "d"})
    talk = e(
        "d", "strategy_discussion", "2024-03-19", {"attended": ["la", "police", "health"]}, noted="2024-03-27T09:00"
    )
    assert [row[1] for row in found([start, talk], "2024-05-30", "T23")] == ["2024-04-09", "2024-04-12"]


def test_figures_of_the_partnership_are_used() -> None:
    said = found([START], "2024-05-30", "T23", parameters={"T23": {"days": 5}})
    assert [row[1] for row in said] == ["2024-04-06", "2024-04-12"]


def test_each_step_of_an_escalation_has_its_own_five_days() -> None:
    made = [
        e("r", "escalation", "2024-03-18", {"status": "raised", "step": 1}),
        e("m", "escalation", "2024-03-22", {"status": "moved", "step": 2, "raised": "r"}),
    ]
    assert [(row[1], row[3]) for row in found(made, "2024-06-01", "T24")] == [("2024-04-03", ["m"])]
