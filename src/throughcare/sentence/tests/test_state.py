"""What the fold of a sentence promises, whatever was recorded and in whatever order it came."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger.entry import Entry
from throughcare.sentence import state
from throughcare.sentence.rules import NEWS_ROW, RULES
from throughcare.sentence.tests.story import duties, e, stands, told

IMPOSED = 'sentence.imposed {"type": "%s", "victim_scheme": "no", "years": 5}'
FIRST = 'licence.released {"release": "first", "licence": "l"}'
REVOKED = 'recall.revoked {"type": "standard"}'
MOVED = "sentence.responsibility_moved {}"
VOCABULARY = Path(__file__).resolve().parents[5] / "shared" / "lives" / "vocabulary.json"


def crd(ref: str, value: str, happened: str, **more: str) -> Entry:
    return e(ref, f'sentence.key_date_set {{"date_kind": "CRD", "value": "{value}"}}', happened, **more)


def found(entries: list[Entry], on: str) -> state.Standing:
    standing = stands(entries, on)
    assert standing is not None
    return standing


def test_the_clocks_are_those_of_the_vocabulary() -> None:
    if not VOCABULARY.exists():
        pytest.skip("../shared/lives/vocabulary.json is not there")
    wanted = {one["id"]: one for one in json.loads(VOCABULARY.read_text("utf-8"))["rules"]}
    for scale in RULES.timescales:
        rule = wanted[scale.id]
        assert scale.what == rule["what"]
        assert scale.rows[0].mark == rule["mark"]
        assert scale.rows[0].figures["length"] == rule["length"]
        assert scale.convention.value == rule.get("convention", "after")
        assert [(one.kind, dict(one.where)) for one in scale.starts] == _clauses(rule["start"])
        assert [(one.kind, dict(one.where)) for one in scale.met_by] == _clauses(rule["met"])


def _clauses(written: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(one["kind"], one.get("where", {})) for one in written]


def test_news_to_a_victim_has_no_day_and_no_clock() -> None:
    assert "D52" not in RULES.ids
    assert "length" not in NEWS_ROW.figures


# --- key dates ------------------------------------------------------------------------------------------------------


def test_a_key_date_that_is_withdrawn_gives_the_older_one_its_clock_back() -> None:
    made = [crd("k1", "2024-06-13", "2021-06-18"), crd("k2", "2024-06-12", "2022-02-01")]
    gone = e("w", 'record.withdrawn {"reason": "wrong"}', "2022-03-01", corrects="k2")
    assert duties([*made, gone], "2022-02-28", "D31") == [("k2", "P", "2023-09-28", "open")]
    assert duties([*made, gone], "2022-03-01", "D31") == [("k1", "P", "2023-09-29", "open")]


def test_a_key_date_that_is_corrected_starts_its_clock_by_the_correction_alone() -> None:
    made = [crd("k1", "2024-06-13", "2021-06-18"), crd("k2", "2024-07-13", "2021-06-18", noted="2021-07-01T10:00")]
    made[1] = crd("k2", "2024-07-13", "2021-06-18", noted="2021-07-01T10:00", corrects="k1")
    assert duties(made, "2021-07-02", "D31") == [("k2", "P", "2023-10-30", "open")]
    assert [(one.entry.ref, one.counts) for one in found(made, "2021-07-02").key_dates] == [("k2", True)]


def test_who_was_not_told_of_the_newer_date_keeps_the_older_clock() -> None:
    first = e(
        "k1", 'sentence.key_date_set {"date_kind": "CRD", "value": "2024-06-13"}', "2021-06-18",
        shared=[("PROB", "2021-06-19T10:00")],
    )  # fmt: skip
    both = [first, crd("k2", "2024-06-12", "2022-02-01")]
    assert duties(both, "2022-03-01", "D31", known_to="PROB") == [("k1", "P", "2023-09-29", "open")]
    assert duties(both, "2022-03-01", "D31") == [("k2", "P", "2023-09-28", "open")]


def test_a_level_that_is_due_soon_and_late_is_asked_about_and_an_older_date_is_not() -> None:
    made = [crd("k1", "2024-06-13", "2021-06-18"), crd("k2", "2024-09-13", "2022-02-01")]
    asked = [one for one in told(made, "2024-06-01").findings if one.rule == "T23"]
    assert [(str(one.raised), one.evidence[0].ref) for one in asked] == [("2024-03-11", "k2"), ("2024-03-14", "k2")]


def test_a_release_before_the_date_leaves_the_clock_as_it_was() -> None:
    made = [crd("k1", "2024-06-12", "2022-02-01"), e("r", FIRST, "2023-01-10")]
    assert duties(made, "2023-01-11", "D31") == [("k1", "P", "2023-09-28", "open")]


days = st.dates(date(2020, 1, 1), date(2022, 12, 31))
dated = st.lists(
    st.tuples(st.sampled_from(["CRD", "SLED", "PED", "tariff_expiry"]), days, days, st.integers(0, 200)),
    min_size=1,
    max_size=12,
)


def entries_of(dates: list[tuple[str, date, date, int]]) -> list[Entry]:
    return [
        e(
            f"k{place}",
            f'sentence.key_date_set {{"date_kind": "{kind}", "value": "{value}"}}',
            happened.isoformat(),
            noted=f"{happened + timedelta(late)}T10:00",
        )
        for place, (kind, value, happened, late) in enumerate(dates)
    ]


@given(dates=dated)
def test_every_date_stays_and_of_each_kind_exactly_one_counts(dates: list[tuple[str, date, date, int]]) -> None:
    shown = state.key_dates(entries_of(dates))
    assert len(shown) == len(dates)
    assert Counter(one.kind for one in shown if one.counts) == Counter({kind: 1 for kind, _, _, _ in dates})
    for one in shown:
        newer = [other for other in shown if other.kind == one.kind and other.worked_out.follows(one.worked_out)]
        assert not (one.counts and newer)


@given(dates=dated, data=st.data())
def test_in_which_order_they_came_in_does_not_matter(
    dates: list[tuple[str, date, date, int]], data: st.DataObject
) -> None:
    made = entries_of(dates)
    shuffled = data.draw(st.permutations(made))
    assert state.newest(made) == state.newest(shuffled)


@given(dates=dated)
def test_no_kind_of_date_starts_two_clocks(dates: list[tuple[str, date, date, int]]) -> None:
    said = [duty for rule in ("D30", "D31", "D32") for duty in duties(entries_of(dates), "2024-01-01", rule)]
    kinds = {kind for kind, _, _, _ in dates}
    assert len(said) == 2 * ("CRD" in kinds) + ("tariff_expiry" in kinds)


# --- the standing ---------------------------------------------------------------------------------------------------

steps = st.lists(
    st.sampled_from(
        [
            IMPOSED % "standard",
            IMPOSED % "life",
            FIRST,
            'licence.released {"release": "temporary", "licence": "l"}',
            'licence.released {"release": "re_release", "licence": "l"}',
            REVOKED,
            'recall.returned {"revocation": "unknown"}',
            'recall.rescinded {"revocation": "unknown", "reason": "r"}',
            'sentence.ended {"reason": "expired"}',
            'licence.ended {"reason": "terminated"}',
            "people.died {}",
        ]
    ),
    max_size=10,
)


def sequence(kinds: list[str]) -> list[Entry]:
    return [e(f"e{n}", kind, f"{date(2020, 1, 1) + timedelta(n)}") for n, kind in enumerate(kinds)]


@given(kinds=steps)
def test_an_end_is_for_ever_until_a_new_sentence(kinds: list[str]) -> None:
    made = sequence([*kinds, "people.died {}"]) if kinds else []
    more = [e("after", kind, "2021-01-01") for kind in (FIRST, REVOKED)]
    if any("imposed" in kind for kind in kinds):
        assert found([*made, *more], "2022-01-01").status == "ended"
        assert found([*made, e("new", IMPOSED % "standard", "2021-02-01")], "2022-01-01").status == "serving"


@given(kinds=steps)
def test_a_standing_is_one_of_the_four_and_time_in_custody_never_overlaps(kinds: list[str]) -> None:
    standing = stands(sequence(kinds), "2022-01-01")
    if standing is not None:
        assert standing.status in ("serving", "on_licence", "recalled", "ended")
        spells = state.custody(standing.sentences)
        assert all(one.until is None or one.since <= one.until for one in spells)
        assert all(a.until is not None and a.until < b.since for a, b in pairwise(spells))


def test_a_recall_rescinded_by_name_leaves_a_later_recall_alone() -> None:
    made = [
        e("s", IMPOSED % "standard", "2020-01-10"),
        e("r", FIRST, "2021-01-10"),
        e("v1", REVOKED, "2021-02-10"),
        e("b", 'licence.released {"release": "re_release", "licence": "l"}', "2021-03-10"),
        e("v2", REVOKED, "2021-04-10"),
        e("x", 'recall.rescinded {"revocation": "v1", "reason": "in error"}', "2021-05-10"),
    ]
    assert found(made, "2021-05-11").status == "recalled"


def test_a_return_whose_revocation_is_not_known_is_a_recall_all_the_same() -> None:
    made = [
        e("s", IMPOSED % "standard", "2020-01-10"),
        e("r", FIRST, "2021-01-10"),
        e("b", 'recall.returned {"revocation": "v"}', "2021-03-10"),
    ]
    assert found(made, "2021-03-10").status == "recalled"


def test_a_recall_after_the_end_is_a_doubt_and_moves_nothing() -> None:
    made = [
        e("s", IMPOSED % "standard", "2020-01-10"),
        e("x", 'sentence.ended {"reason": "expired"}', "2021-01-10"),
        e("v", REVOKED, "2021-02-10"),
    ]
    standing = found(made, "2021-02-10")
    assert (standing.status, len(standing.doubts)) == ("ended", 1)
    assert "after the sentence ended" in standing.doubts[0]


def test_a_sentence_that_two_agencies_recorded_alike_is_a_doubt_and_stays_two() -> None:
    made = [e("a", IMPOSED % "standard", "2020-01-10"), e("b", IMPOSED % "standard", "2020-01-10", agency="COURT")]
    standing = found(made, "2020-01-10")
    assert (len(standing.sentences), len(standing.doubts)) == (2, 1)
    assert not found([made[0], e("c", IMPOSED % "life", "2020-01-10", agency="COURT")], "2020-01-10").doubts


def test_custody_ends_with_the_first_release_and_not_with_leave_or_recall() -> None:
    made = [
        e("s", IMPOSED % "life", "2000-01-10"),
        e("t", 'licence.released {"release": "temporary", "licence": "l"}', "2010-01-10"),
        e("r", FIRST, "2012-01-10"),
        e("v", REVOKED, "2013-01-10"),
    ]
    spells = state.custody(found(made, "2014-01-10").sentences)
    assert [(one.since, one.until) for one in spells] == [(date(2000, 1, 10), date(2012, 1, 10))]


def test_only_time_in_custody_is_no_sentence() -> None:
    standing = found([e("i", 'custody.incident {"family": "assault_on"}', "2020-01-10")], "2020-01-10")
    assert (standing.status, standing.responsible) == (None, None)


def test_nothing_of_this_room_is_nothing() -> None:
    assert stands([e("m", 'risk.mappa_set {"category": 2, "level": 1}', "2020-01-10")], "2020-01-10") is None


# --- responsibility, programmes, incidents ----------------------------------------------------------------------------


def test_the_prison_is_responsible_until_the_community_takes_over() -> None:
    made = [e("s", IMPOSED % "standard", "2020-01-10"), e("m", MOVED, "2021-05-10"), e("r", FIRST, "2022-01-10")]
    assert found(made, "2021-05-09").responsible == "prison"
    assert found(made, "2021-05-10").responsible == "community"
    assert found([made[0], made[2]], "2022-01-10").responsible == "community"
    assert found([made[0], made[2]], "2022-01-10").handed_over is None
    assert found([made[0], made[2], e("v", REVOKED, "2022-03-10")], "2022-03-10").responsible == "community"


def test_a_sentence_after_the_end_begins_with_the_prison_again() -> None:
    made = [
        e("s", IMPOSED % "standard", "2020-01-10"),
        e("m", MOVED, "2021-05-10"),
        e("x", 'sentence.ended {"reason": "expired"}', "2022-01-10"),
        e("s2", IMPOSED % "standard", "2023-01-10"),
    ]
    assert found(made, "2022-02-10").responsible is None
    assert found(made, "2023-01-10").responsible == "prison"


def test_what_is_claimed_of_a_programme_and_what_a_panel_found_stay_apart() -> None:
    made = [
        e("p1", 'custody.programme {"programme": "Thinking skills", "status": "referred"}', "2020-01-10"),
        e(
            "p2",
            'custody.programme {"programme": "thinking  SKILLS", "status": "completed", "learning_claimed": "Stops"}',
            "2021-01-10",
        ),
        e(
            "p3",
            'custody.programme {"programme": "Thinking skills", "status": "completed", "panel_finding": "Not shown"}',
            "2022-01-10",
        ),
    ]
    (programme,) = found(made, "2022-01-10").programmes
    assert (programme.name, programme.status) == ("Thinking skills", "completed")
    assert [one.ref for one in programme.claims] == ["p2"]
    assert [one.ref for one in programme.findings] == ["p3"]


@pytest.mark.parametrize(
    ("family", "told_panel", "shown"),
    [
        ("threat_received", "no", True),
        ("abuse_received", "unknown", True),
        ("threat_received", "yes", False),
        ("threat_by", "no", False),
        ("assault_on", "no", False),
    ],
)
def test_abuse_or_threat_received_that_no_panel_was_told_of_is_shown(family: str, told_panel: str, shown: bool) -> None:
    made = [e("i", f'custody.incident {{"family": "{family}", "told_panel": "{told_panel}"}}', "2020-01-10")]
    assert bool(state.panel_not_told(made)) is shown


def test_news_is_told_when_a_contact_about_it_reached_a_victim() -> None:
    made = [
        e("r", FIRST, "2022-01-10"),
        e("c1", 'victim.contacted {"purpose": "release", "about": "r", "reached": "no"}', "2022-01-09", who="victim=V"),
        e(
            "c2",
            'victim.contacted {"purpose": "release", "about": "r", "reached": "yes"}',
            "2022-01-11",
            who="victim=V",
        ),
        e("v", REVOKED, "2022-02-10"),
    ]
    by_ref = {one.ref: one for one in made}
    listed = state.news(made, find=lambda ref, agency: by_ref.get(str(ref)))
    assert [(one.of.ref, one.told, len(one.contacts)) for one in listed] == [("r", True, 2), ("v", False, 0)]
