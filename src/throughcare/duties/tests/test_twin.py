"""The engine gives what a slow and obvious reading of section 7 gives: look at everything, at every moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from throughcare.duties.clocks import ready
from throughcare.duties.engine import evaluate
from throughcare.duties.rules import Match, Result
from throughcare.duties.view import Case, Facts, View
from throughcare.ledger.entry import Concern, Entry, Key, Precision, Record, Share, When, knowledge, london_day
from throughcare.project.replay import declared

RULES, _ = declared()
FIRST = datetime(2024, 3, 4, 9, tzinfo=UTC)
LAST = date(2024, 6, 1)
AGENCIES = ("LA", "HV", "GP")
ANY = st.sampled_from(["yes", "no", "unknown"])
BODIES: Mapping[str, Mapping[str, Any]] = {
    "safeguarding.injury_found": {
        "occasion": st.sampled_from(["o1", "o2", "o3"]),
        "type": st.sampled_from(["bruise", "none_confirmed_mimic"]),
        "site": st.sampled_from(["ear", "shin"]),
        "pattern": st.just("none"),
        "count": st.just(1),
        "mobility": st.sampled_from(["walking", "sitting", "unknown"]),
    },
    "safeguarding.explanation_given": {
        "injuries": st.lists(st.integers(0, 6).map("e{}".format), min_size=1, max_size=2),
        "mechanism": st.sampled_from(["none_offered", "fall_stairs", "unknown", "other"]),
        "independently_witnessed": ANY,
    },
    "safeguarding.observation": {"weight": st.sampled_from(["concern", "neutral"])},
    "safeguarding.visit": {
        "purpose": st.sampled_from(["protection_plan", "protection_plan", "universal"]),
        "seen": ANY,
        "alone": ANY,
        "awake": st.sampled_from(["awake", "asleep", "unknown"]),
        "home_seen": ANY,
        "bedroom_seen": ANY,
    },
    "safeguarding.initial_conference": {
        "plan": st.sampled_from(["yes", "yes", "no"]),
        "category": st.sampled_from(["NEG", "PHY"]),
        "quorate": ANY,
        "previous_plans": st.integers(0, 1),
        "visit_every_working_days": st.sampled_from([5, 10]),
    },
    "safeguarding.plan_changed": {"visit_every_working_days": st.sampled_from([3, 15])},
    "safeguarding.review_conference": {"decision": st.sampled_from(["continue", "end"]), "quorate": st.just("yes")},
    "safeguarding.appointment_outcome": {
        "outcome": st.sampled_from(["attended", "was_not_brought", "was_not_brought"])
    },
    "safeguarding.attendance": {
        "site": st.sampled_from(["A", "B"]),
        "scheduled": ANY,
        "reason": st.just("injury"),
    },
    "people.household_stated": {"lives_here": st.sampled_from(["yes", "no", "sometimes"]), "only_these": ANY},
    "safeguarding.contact": {"concern": st.just("yes"), "source": st.sampled_from(["1A", "1B"])},
    "people.relationship_stated": {
        "relationship": st.sampled_from(["parent_of", "partner_of"]),
        "exists": st.sampled_from(["yes", "yes", "no"]),
    },
    "licence.released": {"release": st.just("first")},
    "licence.disclosure_made": {"topic": st.just("relationship"), "nothing_to_tell": st.just("yes")},
    "risk.mappa_set": {"level": st.just(2)},
    "risk.assessed": {"children": st.sampled_from(["high", "low", "unknown"])},
    "safeguarding.looked_after": {"change": st.sampled_from(["started", "ended"])},
    "safeguarding.looked_after_step": {"step": st.just("review")},
    "safeguarding.section47_started": {},
    "safeguarding.referral": {},
    "safeguarding.transfer": {"step": st.sampled_from(["notified", "receipted"]), "on_plan": st.just("yes")},
    "safeguarding.core_group": {"actions_missed": st.lists(st.sampled_from(["a", "b"]), max_size=2)},
}


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    made: list[Entry] = []
    for number in range(draw(st.integers(1, 12))):
        at = FIRST + timedelta(hours=draw(st.integers(0, 60 * 24)))
        kind = draw(st.sampled_from(sorted(BODIES)))
        agency, corrects = draw(st.sampled_from(AGENCIES)), None
        if made and draw(st.integers(0, 6)) == 0:
            before = draw(st.sampled_from(made))
            kind, agency, corrects = before.kind, before.agency, before.ref
            if draw(st.booleans()) or kind == "record.withdrawn":
                kind = "record.withdrawn"
            at = max(at, before.noted + timedelta(minutes=1))
        body = {name: draw(values) for name, values in BODIES.get(kind, {}).items()}
        adult = kind.startswith(("licence.", "risk."))
        concerns = [Concern("subject", Record(agency, draw(st.sampled_from("MN")) if adult else "C"))]
        if kind == "people.relationship_stated":
            concerns = [
                Concern("subject", Record(agency, draw(st.sampled_from("MN")))),
                Concern("other", Record(agency, draw(st.sampled_from("CMNU")))),
            ]
        if kind == "people.household_stated":
            concerns.append(Concern("household", Record(agency, draw(st.sampled_from("MN")))))
        told = draw(st.sampled_from([(), (Share("LA", at + timedelta(hours=1)),)]))
        noted = at + timedelta(minutes=draw(st.sampled_from([0, 40, 60 * 24 * 9])))
        made.append(
            Entry(
                ref=f"e{number}",
                kind=kind,
                agency=agency,
                author_role="",
                happened=When(Precision.MINUTE, at=at),
                noted=noted,
                shared=tuple(replace_share(told, noted)),
                concerns=tuple(concerns),
                body=body,
                corrects=corrects,
            )
        )
    return made


def replace_share(told: tuple[Share, ...], noted: datetime) -> list[Share]:
    return [Share(one.agency, max(one.at, noted)) for one in told]


def case_of(made: list[Entry]) -> Case:
    people = {Record(a, "C"): Facts(person="C", born=date(2022, 9, 1)) for a in AGENCIES}
    people |= {Record(a, who): Facts(person=who, identified=who != "N") for a in AGENCIES for who in "MN"}
    people |= {Record(a, "U"): Facts(person="U", expected=date(2024, 9, 1)) for a in AGENCIES}
    return Case(entries=made, people=people)


Place = tuple[str, str, tuple[object, ...]]


def slowly(case: Case) -> dict[Place, tuple[date, Result]]:
    """First day at whose end each place holds, where no correction was made. A new view at every moment."""
    raised: dict[Place, tuple[date, Result]] = {}
    knows = knowledge(case.entries)
    arrivals = sorted(case.entries, key=lambda one: (one.noted, one.agency, one.ref))
    day = london_day(FIRST)
    while day <= LAST:
        view = View(replace(case, entries=arrivals), knows=knows)
        for entry in arrivals:
            if london_day(entry.noted) <= day:
                view.learn(entry, entry.noted)
        for place, match in everything(view, case, day).items():
            before = raised.get(place)
            settled = before and before[1] is Result.CANNOT_TELL and match.result is Result.MATCHED
            if before is None or settled:
                raised[place] = (day, match.result)
        day += timedelta(1)
    return raised


def everything(view: View, case: Case, day: date) -> dict[Place, Match]:
    held: dict[Place, Match] = {}
    for threshold in ready(RULES):
        figures = threshold.figures({})
        for kind in threshold.kinds:
            for entry in view.kind(kind):
                found = [*threshold.finds(view, entry, figures)] if threshold.finds else []
                found += [*threshold.finds_at(view, entry, figures, day)] if threshold.finds_at else []
                for match in found:
                    held.setdefault((threshold.id, match.person, match.key), match)
    return held


def named(part: object) -> str:
    if isinstance(part, Key):
        return f"{part.agency}:{part.ref}"
    return "+".join(map(named, part)) if isinstance(part, tuple | list) else str(part)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=entries())
def test_what_is_raised_along_the_way_is_what_a_look_at_the_end_of_every_day_finds(made: list[Entry]) -> None:
    made = [replace(one, corrects=None) for one in made if one.kind != "record.withdrawn"]
    case = case_of(made)
    want = {(rule, person, "/".join(map(named, key))): answer for (rule, person, key), answer in slowly(case).items()}
    got = {
        (one.rule, one.person, one.key): (one.raised, one.result)
        for one in evaluate(case, rules=RULES, on=LAST).findings
    }
    assert got == want


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=entries(), days=st.integers(0, 80))
def test_what_was_raised_is_never_lost_but_only_withdrawn(made: list[Entry], days: int) -> None:
    case, on = case_of(made), london_day(FIRST) + timedelta(days)
    before = evaluate(case, rules=RULES, on=on).findings
    after = {(one.rule, one.person, one.key): one for one in evaluate(case, rules=RULES, on=LAST).findings}
    for one in before:
        later = after[one.rule, one.person, one.key]
        if one.result is not Result.CANNOT_TELL:
            assert later.raised == one.raised


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=entries())
def test_the_order_in_which_entries_are_handed_in_changes_nothing(made: list[Entry]) -> None:
    one = evaluate(case_of(made), rules=RULES, on=LAST)
    other = evaluate(case_of(made[::-1]), rules=RULES, on=LAST)
    assert sorted(map(repr, one.duties)) == sorted(map(repr, other.duties))
    assert sorted(map(repr, one.findings)) == sorted(map(repr, other.findings))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=entries())
def test_a_corrected_history_matches_now_what_its_newest_entries_say(made: list[Entry]) -> None:
    """Whatever holds at the end, by what stands, is matched; whatever is withdrawn does not hold."""
    case = case_of(made)
    found = {(one.rule, one.person, one.key): one for one in evaluate(case, rules=RULES, on=LAST).findings}
    view = evaluate(case, rules=RULES, on=LAST).view
    for (rule, person, key), match in everything(view, case, LAST).items():
        name = "/".join(map(named, key))
        rows = [row for (r, p, k), row in found.items() if (r, p) == (rule, person) and k.split("#")[0] == name]
        assert {match.result, Result.MATCHED} & {row.result for row in rows}
