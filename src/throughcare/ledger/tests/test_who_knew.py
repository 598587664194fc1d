"""What SQL answers about who knew what, and when, is what a list and a filter answer; and past answers stay."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from throughcare.access import accounts
from throughcare.access.reach import SUPERVISING, Reach, matrix
from throughcare.ledger import actions, canonical, queries, sealing
from throughcare.ledger.entry import Entry, Key, Record, blind_spot, known_to, on_or_before
from throughcare.ledger.raw import to_raw
from throughcare.ledger.tests.facts import BY, at, fact, persons, told

SECTORS = {"LA": "la", "GP": "health", "POLICE": "police", "PROB": "probation"}
AGENCIES = list(SECTORS)
LABELS = ["standard", "health", "victim", "protected_address"]
RECORDS = [Record(agency, ref) for agency in AGENCIES for ref in ("1", "2")]
REFS = ["a", "b", "c", "d", "e", "f", "g"]
EVERYTHING = frozenset(matrix().labels)


@st.composite
def histories(draw) -> list[Entry]:
    """Up to a dozen entries of three agencies about some of six records; in any order of noting."""
    made: dict[Key, Entry] = {}
    corrected: set[Key] = set()
    for _ in range(draw(st.integers(1, 12))):
        agency, ref, minute = draw(st.sampled_from(AGENCIES)), draw(st.sampled_from(REFS)), draw(st.integers(0, 20))
        if Key(agency, ref) in made:
            continue
        older = [key.ref for key in made if key.agency == agency and key not in corrected]
        corrects = draw(st.sampled_from([None, None, *older]))
        subjects = draw(st.lists(st.sampled_from(RECORDS), min_size=1, max_size=3, unique=True))
        entry = _entry(draw, agency, ref, minute, corrects, subjects)
        made[entry.key] = entry
        if corrects:
            corrected.add(Key(agency, corrects))
    return list(made.values())


def _entry(draw, agency: str, ref: str, minute: int, corrects: str | None, subjects: list[Record]) -> Entry:
    shared = [
        (draw(st.sampled_from(AGENCIES)), minute + draw(st.integers(0, 15))) for _ in range(draw(st.integers(0, 2)))
    ]
    happened, precision = draw(
        st.sampled_from(
            [(None, None), ("2025-03-03", "day"), ("2025-02", "month"), ("", "unknown"), ("2025-03-01", "approximate")]
        )
    )
    more = {
        "agency": agency, "minute": minute, "corrects": corrects, "shared": shared, "happened": happened,
        "precision": precision, "sensitivity": draw(st.sampled_from(["", *LABELS])),
    }  # fmt: skip
    if draw(st.integers(0, 2)) == 0:
        names = draw(st.lists(st.sampled_from(REFS), min_size=1, max_size=3))
        to = draw(st.lists(st.sampled_from(AGENCIES), min_size=1, max_size=2))
        return told(ref, names, to, about={"subject": subjects}, **more)
    if corrects and draw(st.booleans()):
        return fact(ref, "record.withdrawn", about=subjects[0], body={"reason": "Made in error"}, **more)
    if len(subjects) > 1 and draw(st.booleans()):
        stated = {"exists": "yes", "relationship": "partner_of", "stated_by": "self"}
        parts = {"subject": subjects[:1], "other": subjects[1:2]}
        return fact(ref, "people.relationship_stated", about=parts, body=stated, **more)
    return fact(ref, about=subjects[0], **more)


def labels() -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(LABELS))


def keep(entries: Sequence[Entry]) -> list[Entry]:
    """Append in an order in which what is corrected comes first; as they are read again."""
    waiting, done = list(entries), set[Key]()
    while waiting:
        now = [one for one in waiting if one.corrects is None or Key(one.agency, one.corrects) in done]
        actions.append(now, by=BY, at=at(600), persons=persons(now))
        done |= {one.key for one in now}
        waiting = [one for one in waiting if one.key not in done]
    return [replace(one, received=at(600)) for one in entries]


def about(entries: Sequence[Entry], wanted: Sequence[Record]) -> list[Entry]:
    return [one for one in entries if {concern.record for concern in one.concerns} & set(wanted)]


def keep_agencies() -> None:
    """Let the agencies stand on their sides of the bridge."""
    for code, sector in SECTORS.items():
        accounts.keep_agency(code, name=code, sector=sector, at=at(0))


def across(one: str, other: str) -> bool:
    """Do these two agencies keep records on two sides of the bridge?"""
    return (SECTORS[one] in SUPERVISING) != (SECTORS[other] in SUPERVISING)


def slow(entries: Sequence[Entry], wanted: Sequence[Record], reach: Reach, until: datetime) -> queries.Line:
    """The obvious twin of `queries.line`: a list and a filter."""
    existing = sorted(on_or_before(entries, until), key=lambda one: (one.noted, one.ref, one.agency))
    since = {one.entry.key: one.since for one in known_to(entries, reach.agency, until)}
    seen, restricted, hidden = [], Counter[str](), set()
    for entry in existing:
        beside = across(reach.agency, entry.agency) and not {*entry.who()} & set(wanted)
        if reach.reads(agency=entry.agency, label=entry.sensitivity, known=entry.key in since, beside=beside):
            seen.append(entry)
        elif entry.sensitivity in reach.countable:
            restricted[entry.agency] += 1
        elif entry.sensitivity not in matrix().said:
            hidden.add(entry.id)
    return queries.Line(
        entries=seen,
        since={one.key: since[one.key] for one in seen if one.key in since},
        restricted=restricted,
        hidden=frozenset(hidden),
    )


def answer(line: queries.Line) -> bytes:
    """A line as bytes."""
    rows = [[to_raw(one), str(line.since.get(one.key)), str(one.received)] for one in line.entries]
    return canonical.canonical([rows, sorted(line.restricted.items()), sorted(map(str, line.erased))])


class TestTwins(TestCase):
    @settings(max_examples=120, suppress_health_check=list(HealthCheck))
    @given(
        entries=histories(),
        wanted=st.lists(st.sampled_from(RECORDS), min_size=1, max_size=6, unique=True),
        minute=st.integers(-5, 40),
        agency=st.sampled_from(AGENCIES),
        own=labels(),
        shared=labels(),
        full=labels(),
        beside=labels(),
    )
    def test_a_line_is_what_a_list_and_a_filter_give(self, entries, wanted, minute, agency, own, shared, full, beside):
        keep_agencies()
        reach = Reach(agency=agency, own=own, shared=shared, full=full, beside=beside)
        ours = about(keep(entries), wanted)
        for until in (at(minute), at(minute) + timedelta(microseconds=1)):
            assert queries.line(wanted, reach=reach, until=until) == slow(ours, wanted, reach, until)

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(entries=histories(), minute=st.integers(-5, 40), agency=st.sampled_from(AGENCIES))
    def test_the_blind_spot_is_the_line_of_everybody_less_what_is_known(self, entries, minute, agency):
        kept, until = keep(entries), at(minute)
        reach = Reach(agency=agency, full=EVERYTHING, beside=EVERYTHING)
        everybody = queries.line(RECORDS, reach=reach, until=until)
        unknown = [one for one in everybody.entries if one.key not in everybody.since]
        assert sorted(map(str, unknown)) == sorted(map(str, blind_spot(kept, agency, until)))
        known = queries.line(RECORDS, reach=Reach(agency=agency, shared=EVERYTHING), until=until)
        assert {one.key for one in known.entries} == {one.entry.key for one in known_to(kept, agency, until)}

    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(first=histories(), later=histories(), agency=st.sampled_from(AGENCIES), minute=st.integers(0, 40))
    def test_the_answer_for_a_sealed_size_stays_the_same_bytes(self, first, later, agency, minute):
        reach = Reach(agency=agency, own=EVERYTHING, shared=EVERYTHING, full=frozenset(["standard"]))
        keep(first)
        key = sealing.signing_key()
        sealing.seal("entries", key=key, at=at(601))
        size = queries.seal_state().size
        before = answer(queries.line(RECORDS, reach=reach, until=at(minute), sealed=size))
        assert before == answer(queries.line(RECORDS, reach=reach, until=at(minute)))
        keep([replace(one, ref=f"later-{one.ref}", corrects=None) for one in later if one.kind != "record.withdrawn"])
        sealing.seal("entries", key=key, at=at(602))
        assert answer(queries.line(RECORDS, reach=reach, until=at(minute), sealed=size)) == before


@pytest.mark.django_db
def test_past_answers_never_change_after_a_thousand_more_entries():
    chance = random.Random(20251124)
    keep([fact(f"old{n}", minute=n % 20, about=chance.choice(RECORDS), shared=[("GP", 25)]) for n in range(60)])
    sealing.seal("entries", key=sealing.signing_key(), at=at(601))
    size = queries.seal_state().size
    reaches = [Reach(agency=agency, full=EVERYTHING) for agency in AGENCIES]

    def answers() -> list[bytes]:
        return [
            answer(queries.line([one], reach=reach, until=at(minute), sealed=size))
            for one in RECORDS
            for reach in reaches
            for minute in (5, 15, 30)
        ]

    before = answers()
    batch = [
        told(f"new{n}", [f"old{n % 60}"], ["POLICE"], minute=n % 30, about=chance.choice(RECORDS)) for n in range(1000)
    ]
    keep(batch)
    while sealing.seal("entries", key=sealing.signing_key(), at=at(602)):
        pass
    assert answers() == before


@pytest.mark.django_db
def test_a_correction_never_hides_the_earlier_view():
    keep([fact("a", minute=1, summary="Bruise"), fact("b", minute=9, corrects="a", summary="Birthmark")])
    reach = Reach(agency="LA", full=EVERYTHING)
    assert [one.ref for one in queries.line([Record("LA", "1")], reach=reach, until=at(8)).entries] == ["a"]
    assert [one.ref for one in queries.line([Record("LA", "1")], reach=reach, until=at(9)).entries] == ["a", "b"]


@pytest.mark.django_db
def test_a_line_is_one_query(django_assert_num_queries):
    keep([fact(f"e{n}", about=RECORDS[n % 6], shared=[("GP", 5)]) for n in range(40)])
    with django_assert_num_queries(1):
        assert len(queries.line(RECORDS, reach=Reach(agency="GP", full=EVERYTHING), until=at(99)).entries) == 40
