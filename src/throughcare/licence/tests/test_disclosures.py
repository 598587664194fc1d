"""The disclosure ledger: what was told and when, what was found another way, and who knew before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger import kinds, life
from throughcare.ledger.entry import Entry, knowledge, standing
from throughcare.licence import disclosures as d
from throughcare.licence import state
from throughcare.licence.tests.story import approved, e, moment, released, told, varied
from throughcare.project.replay import case_of
from throughcare.project.rooms import ROOMS
from throughcare.project.tests.test_lives import CHECKOUT

BASE = (
    approved("l", "2022-08-01", "disclose_relationships", "contact_details", "keep_in_touch", version="2.1"),
    released("r", "2022-08-04"),
)


def disclosed(ref: str, happened: str, topic: str = "relationship", *, nothing: str = "no", **body: Any) -> Entry:
    said = {"topic": topic, "nothing_to_tell": nothing, "asked": "yes", **body}
    return e(ref, "licence.disclosure_made", happened, said)


def found(
    ref: str, happened: str, topic: str = "relationship", *, who: Sequence[tuple[str, str]] = (), **more: Any
) -> Entry:
    agency, shared = more.pop("agency", "PROB"), more.pop("shared", ())
    body = {"topic": topic, "source": "police record", **more}
    return e(ref, "licence.fact_found", happened, body, who=who, agency=agency, shared=shared)


def stated(ref: str, happened: str, other: str, *, since: str = "", agency: str = "POL", **more: Any) -> Entry:
    body = {"relationship": "partner_of", "exists": "yes", "stated_by": "self", **({"from": since} if since else {})}
    return e(ref, "people.relationship_stated", happened, body, who=[("other", other)], agency=agency, **more)


def who_knew(story: Sequence[Entry]) -> dict[str, Any]:
    knows = knowledge(story)
    return {"agencies": knows, "knew": lambda agency, entry: knows[agency].get(entry.key)}


def made(*entries: Entry, on: str = "2026-01-01") -> d.Ledger:
    story = [*BASE, *entries]
    view = told(story, on).view
    stood = sorted(standing(story), key=view.order)
    here = state.fold(stood, find=lambda ref, agency: view.find(ref, agency=agency))
    assert here is not None
    return d.ledger(
        stood, here, person="P", same=view.case.person, **who_knew(story),
        find=lambda ref, agency: view.find(ref, agency=agency),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arose", "days"), [("2024-11-20", 0), ("2024-11-19", 1), ("2024-10-20", 31), ("2024-11-21", -1)]
)
def test_how_late_it_was_told_is_counted_in_days(arose: str, days: int) -> None:
    (row,) = made(disclosed("d", "2024-11-20T10:00", fact_from=arose)).told
    assert row.days == days


def test_a_telling_of_which_no_day_is_known_has_no_lateness() -> None:
    (row,) = made(disclosed("d", "2024-11-20T10:00")).told
    assert row.days is None


def test_nothing_to_tell_is_a_row_of_its_own() -> None:
    (row,) = made(disclosed("d", "2024-03-06T14:00", nothing="yes")).told
    assert (row.nothing, row.days, row.contradicted_by) == (True, None, ())


def test_a_telling_answers_the_condition_of_that_day_in_its_own_version() -> None:
    later = varied("v", "2025-01-08", add=["disclose_relationships"], version="3.0")
    first, second = made(disclosed("d1", "2024-12-01T10:00"), later, disclosed("d2", "2025-02-01T10:00")).told
    assert first.answers is not None
    assert second.answers is not None
    assert "status changes" not in first.answers.meant.meaning
    assert "status changes" in second.answers.meant.meaning


def test_a_telling_that_no_condition_asked_for_is_kept_and_says_so() -> None:
    (row,) = made(disclosed("d", "2024-03-06T14:00", "vehicle")).told
    assert row.answers is None


def test_a_telling_before_release_answers_nothing() -> None:
    (row,) = made(disclosed("d", "2022-08-03T14:00")).told
    assert row.answers is None


def test_a_fact_that_police_knew_first_shows_how_long_probation_did_not() -> None:
    (fact,) = made(
        stated(
            "s",
            "2024-02-20T21:00",
            "Q",
            since="2023-11-15",
            noted="2024-02-20T22:30",
            shared=[("PROB", "2024-09-02T09:30")],
        ),
        disclosed("d", "2024-03-06T14:00", nothing="yes"),
        found("f", "2024-09-02T10:00", who=[("partner", "Q")]),
    ).not_told
    assert fact.began == date(2023, 11, 15)
    assert fact.before is not None
    assert (fact.before.agency, fact.before.since) == ("POL", moment("2024-02-20T22:30"))
    assert fact.learned == moment("2024-09-02T09:30")
    assert (fact.days_true, fact.days_unshared) == (292, 195)
    assert [one.entry.ref for one in fact.asked] == ["d"]


def test_a_nothing_that_was_not_so_names_what_shows_it() -> None:
    book = made(
        stated("s", "2024-02-20T21:00", "Q", since="2023-11-15"),
        disclosed("d", "2024-03-06T14:00", nothing="yes"),
        found("f", "2024-09-02T10:00", who=[("partner", "Q")]),
    )
    assert {one.ref for one in book.told[0].contradicted_by} == {"s", "f"}


def test_a_nothing_before_the_fact_began_was_true() -> None:
    book = made(
        disclosed("d", "2023-11-14T14:00", nothing="yes"),
        found("f", "2024-09-02T10:00", who=[("partner", "Q")], fact_from="2023-11-15"),
    )
    assert book.told[0].contradicted_by == ()
    assert book.not_told[0].asked == ()


def test_a_fact_that_the_supervising_agency_found_itself_was_known_to_nobody_before() -> None:
    (fact,) = made(
        disclosed("d", "2024-01-02T10:00", nothing="yes"), found("f", "2024-05-01", "vehicle", fact_from="2024-04-01")
    ).not_told
    assert fact.before is None
    assert fact.days_unshared is None
    assert fact.days_true == 30


def test_a_fact_that_police_found_and_did_not_share_is_known_to_probation_only_when_it_is_told() -> None:
    meeting = disclosed("d", "2024-01-02T10:00", "work", nothing="yes")
    (fact,) = made(meeting, found("f", "2024-05-01", agency="POL", shared=[("PROB", "2024-05-08T09:00")])).not_told
    assert (fact.supervisor, fact.learned, fact.days_unshared) == ("PROB", moment("2024-05-08T09:00"), 7)


def test_two_findings_of_one_fact_are_one_row() -> None:
    book = made(
        found("f1", "2024-05-01", agency="POL", who=[("partner", "Q")]),
        found("f2", "2024-06-01", who=[("partner", "Q")], fact_from="2024-01-05"),
    )
    assert [fact.began for fact in book.not_told] == [date(2024, 1, 5)]


def test_what_was_told_after_all_is_named_beside_what_was_found() -> None:
    (fact,) = made(
        found("f", "2024-05-01", "vehicle", fact_from="2024-04-01"),
        disclosed("d", "2024-05-09T10:00", "vehicle", fact_from="2024-04-01"),
    ).not_told
    assert fact.told is not None
    assert fact.told.days == 38


def test_a_relationship_that_somebody_recorded_and_nobody_answered_waits() -> None:
    book = made(stated("s", "2024-02-20T21:00", "Q", since="2023-11-15"))
    assert [one.ref for one in book.shown] == ["s"]


def test_a_relationship_that_was_told_does_not_wait() -> None:
    book = made(disclosed("d", "2024-02-01T10:00", fact_from="2024-01-30"), stated("s", "2024-02-20T21:00", "Q"))
    assert book.shown == ()


def test_a_relationship_from_before_the_licence_that_ended_does_not_wait() -> None:
    old = e(
        "s", "people.relationship_stated", "2020-01-01",
        {"relationship": "partner_of", "exists": "yes", "from": "2018-01-01", "to": "2019-01-01", "stated_by": "self"},
        who=[("other", "Q")], agency="POL",
    )  # fmt: skip
    assert made(old).shown == ()


days = st.dates(date(2022, 9, 1), date(2025, 12, 1))


@given(began=days, known=days, learned=days)
def test_nobody_is_said_to_have_known_before_who_learned_later(began: date, known: date, learned: date) -> None:
    (fact,) = made(
        stated("s", f"{known}", "Q", since=f"{began}"),
        found("f", f"{learned}", who=[("partner", "Q")]),
        e("a", "licence.appointment", "2022-08-05", {"purpose": "first", "kept": "yes"}),
    ).not_told
    assert (fact.before is not None) == (known < learned)
    if fact.days_unshared is not None:
        assert fact.days_unshared == (learned - known).days > 0
    assert list(fact.knew) == sorted(fact.knew, key=lambda one: one.since)


# --- breaches ---------------------------------------------------------------------------------------------------------


def alleged(ref: str, happened: str, condition: str = "disclose_relationships", version: str = "2.1") -> Entry:
    return e(ref, "licence.breach_alleged", happened,
             {"condition": condition, "policy_version": version, "licence": "l", "about": ["f"]})  # fmt: skip


def all_breaches(*entries: Entry) -> list[d.Breach]:
    story = [*BASE, *entries]
    view = told(story, "2026-01-01").view
    stood = sorted(standing(story), key=view.order)

    def find(ref: object, agency: str) -> Entry | None:
        return view.find(ref, agency=agency)

    here = state.fold(stood, find=find)
    assert here is not None
    return d.breaches(stood, here, find)


def test_a_breach_goes_from_alleged_to_explained_to_decided_by_people_alone() -> None:
    steps = [
        found("f", "2024-09-02T10:00"),
        alleged("b", "2024-09-03T09:00"),
        e("x", "licence.breach_explained", "2024-09-03T10:00", {"breach": "b", "words": "it was private"}),
        e("y", "licence.breach_decided", "2024-09-03T11:00", {"breach": "b", "decision": "recall", "reason": "risk"}),
    ]
    assert all_breaches(steps[0]) == []  # a fact that was found is no breach
    assert [all_breaches(*steps[:n])[0].stage for n in (2, 3, 4)] == ["alleged", "explained", "decided"]


def test_an_allegation_points_at_the_very_condition_of_the_very_licence() -> None:
    (breach,) = all_breaches(found("f", "2024-09-02"), alleged("b", "2024-09-03"))
    assert breach.condition is not None
    assert (breach.condition.name, breach.condition.version, breach.doubt) == ("disclose_relationships", "2.1", "")
    assert [one.ref for one in breach.about] == ["f"]


def test_trap_an_allegation_of_another_version_than_the_licence_says_so() -> None:
    (breach,) = all_breaches(found("f", "2024-09-02"), alleged("b", "2024-09-03", version="3.0"))
    assert breach.doubt == "On the licence the condition is of version 2.1"


def test_an_allegation_of_a_condition_that_the_licence_does_not_carry_says_so() -> None:
    (breach,) = all_breaches(found("f", "2024-09-02"), alleged("b", "2024-09-03", "no_gambling"))
    assert breach.doubt == "That licence does not carry this condition"


# --- a whole life -----------------------------------------------------------------------------------------------------


def test_the_life_of_an_open_hearing_shows_the_fact_that_was_not_told_on_its_clocks() -> None:
    lived = life.read(CHECKOUT / "tests" / "lives" / "open-hearing", kinds.load(ROOMS))
    case = case_of(lived, [frozenset((one.record, next(two.record for two in lived.records if two.ref == one.same_as)))
                           for one in lived.records if one.same_as])  # fmt: skip
    stood = sorted(standing(lived.entries), key=lambda one: (one.happened.sorting, one.noted))
    by_ref = {one.ref: one for one in stood}
    about = [one for one in stood if any(case.person(record) == "PR-1" for record in one.who())]
    here = state.fold(about, find=lambda ref, agency: by_ref.get(str(ref)))
    assert here is not None
    book = d.ledger(
        stood, here, person="PR-1", same=case.person, **who_knew(lived.entries),
        find=lambda ref, agency: by_ref.get(str(ref)),
    )  # fmt: skip
    first, second = book.not_told
    assert (first.topic, first.days_true, first.before) == ("online_contact", 98, None)
    assert (second.days_true, second.days_unshared) == (292, 195)
    assert second.answers is not None
    assert second.answers.bound.condition.version == "board_directed"
    assert [one.entry.ref for one in book.told if one.contradicted_by] == ["d1"]
