"""What the check takes and what it refuses, field by field."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger import checking, kinds, times
from throughcare.ledger.entry import Entry, Precision, Record
from throughcare.ledger.errors import EntryRefused
from throughcare.ledger.raw import from_raw, to_raw

KINDS = kinds.load(path.parent.name for path in Path(kinds.__file__).parents[1].glob("*/entries.py"))

INJURY: dict[str, Any] = {
    "ref": "i1",
    "kind": "safeguarding.injury_found",
    "agency": "GP",
    "author_role": "doctor",
    "happened": "2024-05-07T09:30",
    "precision": "minute",
    "noted": "2024-05-07T10:10",
    "shared": [{"agency": "LA", "at": "2024-05-07T10:10"}],
    "concerns": [{"part": "subject", "record": "GP-C1"}, {"part": "mother", "record": "LA-M1", "agency": "LA"}],
    "basis": "seen",
    "summary": "bruise, shin",
    "body": {"occasion": "o1", "type": "bruise", "site": "shin", "count": 1, "pattern": "none", "mobility": "unknown"},
}
MADE_UP = "Tobin Leck, 4 Hob Close"  # stands for what must never come back in a message


def changed(path: str, value: Any) -> dict[str, Any]:
    """The injury with one field changed, or taken away where `value` is `...`."""
    raw = copy.deepcopy(INJURY)
    *before, last = path.split(".")
    place: Any = raw
    for step in before:
        place = place[int(step) if isinstance(place, list) else step]
    if value is ...:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return raw


def faults(raw: Any) -> dict[str, str]:
    """The faults of an entry that must be refused: field -> what is wrong."""
    with pytest.raises(EntryRefused) as refused:
        checking.check(raw, KINDS)
    return {fault.field: fault.wrong for fault in refused.value.faults}


def test_a_right_entry_is_taken() -> None:
    entry = checking.check(INJURY, KINDS)
    assert entry.happened.at == datetime(2024, 5, 7, 8, 30, tzinfo=UTC)
    assert entry.who("subject") == [Record("GP", "GP-C1")]
    assert entry.who("mother") == [Record("LA", "LA-M1")]
    assert entry.sensitivity == "health"
    assert entry.body == INJURY["body"]
    assert entry.received is None


REFUSED = [
    ("ref", ...),
    ("ref", ""),
    ("ref", "=1+1"),
    ("ref", "a;b"),
    ("ref", "a\n"),
    ("ref", "r" * 201),
    ("ref", 7),
    ("kind", ...),
    ("kind", "safeguarding.guess"),
    ("kind", ["safeguarding.injury_found"]),
    ("agency", ...),
    ("agency", "G P"),
    ("agency", "A" * 65),
    ("author_role", ...),
    ("author_role", "  "),
    ("author_role", "r" * 201),
    ("precision", ...),
    ("precision", "second"),
    ("precision", {}),
    ("happened", ...),
    ("happened", "2024-05-07"),
    ("happened", "2024-05-07 09:30"),
    ("happened", "2024-02-30T09:30"),
    ("happened", "1899-12-31T09:30"),
    ("happened", "2201-01-01T00:00"),
    ("happened", "2024-03-31T01:30"),
    ("happened", 20240507),
    ("happened_to", "2024-05-07T09:29"),
    ("happened_to", "2024-05-06"),
    ("happened_to", "later"),
    ("happened_to", 1),
    ("noted", ...),
    ("noted", "2024-05-07"),
    ("noted", "2024-05-07T09:29"),
    ("shared", "LA"),
    ("shared", [{"agency": "LA", "at": "2024-05-07T10:10"}] * 501),
    ("shared.0", "LA@2024-05-07T10:10"),
    ("shared.0", {"agency": "LA", "at": "2024-05-07T10:10", "why": ""}),
    ("shared.0.agency", None),
    ("shared.0.at", "2024-05-07T10:09"),
    ("shared.0.at", ...),
    ("concerns", ...),
    ("concerns", [{"part": "mother", "record": "LA-M1"}]),
    ("concerns.0", ["subject"]),
    ("concerns.0.part", "victim"),
    ("concerns.0.part", 1),
    ("concerns.0.record", ""),
    ("concerns.1.agency", "?"),
    ("basis", "rumour"),
    ("basis", ["seen"]),
    ("summary", "s" * 2_001),
    ("summary", "a\x00b"),
    ("summary", "a\x1bb"),
    ("summary", "a\ud800b"),
    ("summary", 1),
    ("corrects", "i1"),
    ("corrects", "="),
    ("sensitivity", "standard"),
    ("sensitivity", "secret"),
    ("sensitivity", 1),
    ("body", "{}"),
    ("body", []),
    ("body.site", ...),
    ("body.site", "leg"),
    ("body.site", None),
    ("body.site", ["shin"]),
    ("body.count", "1"),
    ("body.count", 1.0),
    ("body.count", True),
    ("body.count", -1),
    ("body.count", 10**30),
    ("body.occasion", " "),
    ("body.occasion", "a\x07"),
    ("body.occasion", "a\udfff"),
    ("body.occasion", "o" * 10_001),
    ("body.seen_before", "@x"),
    ("body.risk_score", 9),
]


@pytest.mark.parametrize(("path", "value"), REFUSED, ids=lambda value: ascii(value)[:40])
def test_a_wrong_field_is_refused_by_its_name(path: str, value: Any) -> None:
    wrong = faults(changed(path, value))
    assert any(path.startswith(field) or field.startswith(path) for field in wrong)


def test_all_faults_are_told_at_once() -> None:
    raw = changed("body.site", "leg") | {"ref": "", "noted": "soon", "basis": "rumour"}
    assert list(faults(raw)) == ["ref", "noted", "basis", "body.site"]


def test_no_more_than_fifty_faults_are_told() -> None:
    assert len(faults(changed("concerns", [{"part": "x", "record": ""}] * 400))) <= checking.MOST_FAULTS


def test_a_field_that_no_entry_has_is_refused() -> None:
    assert "colour" in faults(INJURY | {"colour": "red"})


def test_two_subjects_are_refused_where_one_is_meant() -> None:
    raw = changed("concerns", [{"part": "subject", "record": one} for one in ("A", "B")])
    assert faults(raw) == {"concerns": "names 2 as subject"}


def test_one_person_twice_in_one_part_is_refused() -> None:
    raw = INJURY | {
        "concerns": [INJURY["concerns"][0], {"part": "household", "record": "B"}, {"part": "household", "record": "B"}]
    }
    assert faults(raw) == {"concerns.2": "is there twice"}


def test_a_withdrawal_names_what_it_withdraws() -> None:
    raw = INJURY | {"kind": "record.withdrawn", "body": {"reason": "wrong child"}, "concerns": INJURY["concerns"][:1]}
    assert faults(raw) == {"corrects": "is empty"}
    assert checking.check(raw | {"corrects": "i0"}, KINDS).corrects == "i0"


@pytest.mark.parametrize("raw", [None, 1, "x", [], [INJURY], True])
def test_what_is_no_object_is_no_entry(raw: Any) -> None:
    assert list(faults(raw)) == ["entry"]


@pytest.mark.parametrize(
    ("precision", "happened", "on"),
    [
        ("day", "2024-05-07", date(2024, 5, 7)),
        ("approximate", "2024-05-07", date(2024, 5, 7)),
        ("month", "2024-05", date(2024, 5, 1)),
        ("unknown", "", None),
    ],
)
def test_a_day_is_as_exact_as_its_precision(precision: str, happened: str, on: date | None) -> None:
    when = checking.check(INJURY | {"precision": precision, "happened": happened}, KINDS).happened
    assert (when.precision, when.on, when.at) == (Precision(precision), on, None)


@pytest.mark.parametrize(
    ("precision", "happened"),
    [("day", "2024-05"), ("month", "2024-05-07"), ("minute", "2024-05-07"), ("unknown", "2024-05-07"), ("day", None)],
)
def test_a_day_that_is_not_of_its_precision_is_refused(precision: str, happened: Any) -> None:
    assert list(faults(INJURY | {"precision": precision, "happened": happened})) == ["happened"]


def test_a_day_can_be_noted_from_its_start_in_london() -> None:
    raw = INJURY | {"precision": "day", "happened": "2024-05-08", "shared": []}
    assert checking.check(raw | {"noted": "2024-05-08T00:00"}, KINDS)
    assert list(faults(raw | {"noted": "2024-05-07T23:59"})) == ["noted"]


def test_a_label_is_raised_and_never_lowered() -> None:
    assert checking.check(INJURY | {"sensitivity": "police"}, KINDS).sensitivity == "police"
    assert list(faults(INJURY | {"sensitivity": "standard"})) == ["sensitivity"]


def test_the_hour_that_comes_twice_is_the_first() -> None:
    assert times.moment("2024-10-27T01:30") == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)


def test_a_time_with_an_offset_is_taken_as_given() -> None:
    assert times.moment("2024-10-27T01:30Z") == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert times.moment("2024-05-07T09:30+02:00") == datetime(2024, 5, 7, 7, 30, tzinfo=UTC)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_written_instant_is_read_again_as_the_same(at: datetime) -> None:
    assert times.moment(times.written(at)) == at


@pytest.mark.parametrize(
    "raw",
    [
        changed("summary", MADE_UP * 200),
        changed("ref", MADE_UP),
        changed("agency", MADE_UP),
        changed("basis", MADE_UP),
        changed("kind", MADE_UP),
        changed("body.site", MADE_UP),
        changed("body.count", MADE_UP),
        changed("body.occasion", MADE_UP + "\x00"),
        changed("concerns.0.part", MADE_UP),
        changed("noted", MADE_UP),
        changed("happened", MADE_UP),
        INJURY | {MADE_UP: 1},
        INJURY | {"body": INJURY["body"] | {MADE_UP: 1}},
    ],
)
def test_a_refusal_repeats_nothing_that_was_written(raw: dict[str, Any]) -> None:
    with pytest.raises(EntryRefused) as refused:
        checking.check(raw, KINDS)
    assert not any(word in str(refused.value) for word in ("Tobin", "Leck", "Hob"))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()), max_size=12)
    | st.sampled_from(["2024-05-07", "2024-05-07T10:10", "yes", "\ud800", "\x00", "subject", "LA"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
columns = st.sampled_from([*INJURY, "happened_to", "corrects", "sensitivity", "other"])
body_fields = st.sampled_from([*INJURY["body"], "seen_before", "size_mm", "other", "\ud800"])


def taken_or_refused(raw: Any) -> None:
    try:
        found: Entry | tuple[Any, ...] = checking.check(raw, KINDS)
    except EntryRefused as refusal:
        str(refusal).encode()  # can be sent and written down
        found = refusal.faults
    assert found


@given(json_values)
def test_any_value_is_taken_or_refused(raw: Any) -> None:
    taken_or_refused(raw)


@given(st.dictionaries(columns, json_values, max_size=3))
def test_an_entry_with_any_fields_changed_is_taken_or_refused(changes: dict[str, Any]) -> None:
    taken_or_refused(INJURY | changes)


@given(st.sampled_from(sorted(KINDS)), st.dictionaries(body_fields, json_values, max_size=4), json_values)
def test_any_body_of_any_kind_is_taken_or_refused(kind: str, body: dict[str, Any], other: Any) -> None:
    fields = {name: other for name in KINDS[kind].wanted}
    taken_or_refused(INJURY | {"kind": kind, "body": fields | body})


@pytest.mark.parametrize(
    ("precision", "happened"),
    [("minute", "2024-05-07T09:30"), ("day", "2024-05-07"), ("month", "2024-05"), ("unknown", "")],
)
@pytest.mark.parametrize("end", ["", "2024-05", "2024-05-08", "2024-10-27T01:30:30Z"])
def test_what_is_written_again_is_read_as_the_same_entry(precision: str, happened: str, end: str) -> None:
    raw = {"precision": precision, "happened": happened, "happened_to": end, "corrects": "i0"}
    entry = checking.check(INJURY | raw, KINDS)
    again = json.loads(json.dumps(to_raw(entry)))
    assert checking.check(again, KINDS) == from_raw(again) == entry
