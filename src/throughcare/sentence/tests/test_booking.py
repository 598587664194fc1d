"""A booking form is read whole or not at all, and every fault is named with its field and what would be right."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger import kinds
from throughcare.project.rooms import ROOMS
from throughcare.sentence import booking

CASES = Path(__file__).resolve().parents[5] / "shared" / "release-dates" / "cases"
TODAY = date(2060, 1, 1)
IMPOSED = kinds.load(ROOMS)["sentence.imposed"].body
FAULTY = {
    "custom-examples/crs-344-standard-recall-ac5.json": "adjustments.RECALL_REMAND.0.toDate",
    "hdc4/crs-2159-prisoner-1.json": "sentences.2.consecutiveSentenceUUIDs.0",
    "tranches/crs-2105-ac-3-4.json": "adjustments.UNLAWFULLY_AT_LARGE.0.toDate",
}
"""Forms of the cases that contradict themselves, and where."""


def a_form(**changed: Any) -> dict[str, Any]:
    return {
        "offender": {"reference": "A1", "dateOfBirth": "1988-04-12"},
        "sentences": [a_sentence()],
        "adjustments": {},
        **changed,
    }


def a_sentence(**changed: Any) -> dict[str, Any]:
    return {
        "type": "StandardSentence",
        "offence": {"committedAt": "2019-05-01", "offenceCode": "TH68010"},
        "duration": {"durationElements": {"YEARS": 3, "MONTHS": 6}},
        "sentencedAt": "2020-01-10",
        "identifier": "one",
        "consecutiveSentenceUUIDs": [],
        "releaseArrangements": {"isSDSPlus": False, "isSection250": False, "sdsEarlyReleaseExclusions": []},
        **changed,
    }


def read(form: object) -> booking.Booking:
    return booking.read(json.dumps(form), today=TODAY)


def faults(form: object) -> dict[str, str]:
    with pytest.raises(booking.BookingRefused) as refused:
        booking.read(form if isinstance(form, str | bytes) else json.dumps(form), today=TODAY)
    assert all(one.wrong and one.right for one in refused.value.faults)
    return {one.field: f"{one.wrong}. {one.right}" for one in refused.value.faults}


def test_every_form_of_the_cases_is_taken_but_those_that_contradict_themselves() -> None:
    if not CASES.exists():
        pytest.skip("../shared/release-dates is not there")
    paths = sorted(CASES.glob("*/*.json"))
    assert len(paths) > 600
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        if name in FAULTY:
            assert list(faults(path.read_bytes())) == [FAULTY[name]]
            continue
        form = booking.read(path.read_bytes(), today=TODAY)
        told = json.loads(path.read_bytes())["input"]["booking"]
        assert len(form.sentences) == len(told["sentences"])
        assert sum(len(one.adjustments) for one in form.sentences) == sum(map(len, told["adjustments"].values()))
        for one in form.sentences:
            IMPOSED.model_validate(booking.body(one, consecutive_to=""))


def test_a_sentence_is_what_the_form_says_and_what_it_does_not_say_is_unknown() -> None:
    body = booking.body(read(a_form()).sentences[0], consecutive_to="")
    assert (body["type"], body["years"], body["months"], body["days"]) == ("standard", 3, 6, 0)
    assert (body["victim_scheme"], body["listed_grave"]) == ("unknown", "unknown")
    assert (body["offence"], body["offence_on"]) == ("offence TH68010", "2019-05-01")


@pytest.mark.parametrize(
    ("changed", "type_", "form"),
    [
        ({"type": "AFineSentence", "fineAmount": 1250.5}, "standard", "default_term"),
        ({"type": "DetentionAndTrainingOrderSentence"}, "youth_standard", "detention_and_training"),
        ({"type": "BotusSentence"}, "standard", "supervision_breach"),
        ({"releaseArrangements": {"isSection250": True}}, "youth_standard", ""),
    ],
)
def test_each_type_of_the_form_has_its_own_here(changed: dict[str, Any], type_: str, form: str) -> None:
    one = read(a_form(sentences=[a_sentence(**changed)])).sentences[0]
    assert (one.type, one.form) == (type_, form)


def test_an_extended_sentence_has_its_two_parts() -> None:
    given = {
        "type": "ExtendedDeterminateSentence",
        "custodialDuration": {"durationElements": {"YEARS": 6}},
        "extensionDuration": {"durationElements": {"YEARS": 3, "DAYS": 5}},
        "automaticRelease": True,
    }
    body = booking.body(read(a_form(sentences=[a_sentence(**given)])).sentences[0], consecutive_to="x")
    assert (body["years"], body["extension_years"], body["extension_days"]) == (6, 3, 5)
    assert (body["automatic_release"], body["consecutive_to"]) == ("yes", "x")


def test_days_on_remand_go_with_the_sentence_from_which_they_apply() -> None:
    form = read(
        a_form(
            sentences=[a_sentence(), a_sentence(identifier="two", sentencedAt="2021-03-01")],
            adjustments={
                "REMAND": [{"appliesToSentencesFrom": "2021-03-01", "numberOfDays": 20, "fromDate": "2021-02-01"}],
                "TAGGED_BAIL": [{"appliesToSentencesFrom": "2020-01-10", "numberOfDays": 1}],
            },
        )
    )
    first, second = (booking.body(one, consecutive_to="") for one in form.sentences)
    assert (first.get("remand_days"), first["tagged_bail_days"], first["adjustments"]) == (
        None,
        1,
        ["tagged bail: 1 day"],
    )
    assert (second["remand_days"], second["adjustments"]) == (20, ["remand: 20 days"])


def test_a_form_stands_alone_or_in_a_case() -> None:
    alone = read(a_form())
    assert read({"booking": a_form()}) == alone
    assert read({"input": {"booking": a_form()}, "expected": {}}) == alone


def test_what_it_does_not_know_is_passed_over_and_named() -> None:
    form = read(a_form(externalMovements=[], sentences=[a_sentence(recall={"recallType": "STANDARD_RECALL"})]))
    assert form.passed == ("externalMovements", "sentences.0.recall")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("", "form"),
        ("{", "form"),
        (b"\xff\xfe", "form"),
        ('{"offender": 1, "offender": 2}', "form"),
        ('{"offender": NaN}', "form"),
        ("[" * 5_000, "form"),
        ("x" * (booking.MOST_BYTES + 1), "form"),
        ([], "booking"),
        ({}, "sentences"),
        (a_form(offender=None), "offender"),
        (a_form(offender={"reference": "A1", "dateOfBirth": "12 April 1988"}), "offender.dateOfBirth"),
        (a_form(offender={"dateOfBirth": "1988-04-12"}), "offender.reference"),
        (a_form(sentences=[]), "sentences"),
        (a_form(sentences=[1]), "sentences.0"),
        (a_form(sentences=[a_sentence(type="LifeSentence")]), "sentences.0.type"),
        (a_form(sentences=[a_sentence(sentencedAt="2020-02-30")]), "sentences.0.sentencedAt"),
        (a_form(sentences=[a_sentence(sentencedAt="2061-01-01")]), "sentences.0.sentencedAt"),
        (a_form(sentences=[a_sentence(duration=None)]), "sentences.0.duration"),
        (a_form(sentences=[a_sentence(duration={"durationElements": {}})]), "sentences.0.duration"),
        (
            a_form(sentences=[a_sentence(duration={"durationElements": {"YEARS": 1.5}})]),
            "sentences.0.duration.durationElements.YEARS",
        ),
        (
            a_form(sentences=[a_sentence(duration={"durationElements": {"YEARS": -1, "DAYS": 4}})]),
            "sentences.0.duration.durationElements.YEARS",
        ),
        (
            a_form(sentences=[a_sentence(duration={"durationElements": {"FORTNIGHTS": 1, "DAYS": 4}})]),
            "sentences.0.duration.durationElements",
        ),
        (a_form(sentences=[a_sentence(consecutiveSentenceUUIDs=["two"])]), "sentences.0.consecutiveSentenceUUIDs.0"),
        (a_form(sentences=[a_sentence(consecutiveSentenceUUIDs=["one"])]), "sentences.0.consecutiveSentenceUUIDs.0"),
        (a_form(sentences=[a_sentence(consecutiveSentenceUUIDs="one")]), "sentences.0.consecutiveSentenceUUIDs"),
        (
            a_form(sentences=[a_sentence(releaseArrangements={"isSDSPlus": "no"})]),
            "sentences.0.releaseArrangements.isSDSPlus",
        ),
        (
            a_form(sentences=[a_sentence(releaseArrangements={"sdsEarlyReleaseExclusions": ["OTHER"]})]),
            "sentences.0.releaseArrangements.sdsEarlyReleaseExclusions",
        ),
        (a_form(sentences=[a_sentence(type="AFineSentence", fineAmount="much")]), "sentences.0.fineAmount"),
        (a_form(adjustments={"HOLIDAY": []}), "adjustments"),
        (a_form(adjustments={"REMAND": {}}), "adjustments.REMAND"),
        (a_form(adjustments={"REMAND": [{"numberOfDays": 1}]}), "adjustments.REMAND.0.appliesToSentencesFrom"),
        (
            a_form(adjustments={"REMAND": [{"appliesToSentencesFrom": "2020-01-10", "numberOfDays": True}]}),
            "adjustments.REMAND.0.numberOfDays",
        ),
    ],
)
def test_what_is_wrong_is_named(form: object, field: str) -> None:
    assert field in faults(form)


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = faults(a_form(offender={}, sentences=[a_sentence(sentencedAt="", duration=None)]))
    assert {"offender.reference", "offender.dateOfBirth", "sentences.0.sentencedAt", "sentences.0.duration"} <= set(
        wrong
    )


def test_a_form_makes_the_same_references_each_time_and_different_ones_for_different_sentences() -> None:
    twins = [a_sentence(identifier=None), a_sentence(identifier=None), a_sentence()]
    for one in twins[:2]:
        del one["identifier"]
    form = read(a_form(sentences=twins))
    made = booking.refs(form, str)
    assert made == booking.refs(read(a_form(sentences=twins)), str)
    assert len(set(made)) == 3


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


@given(place=st.sampled_from(["offender", "sentences", "adjustments"]), value=values)
def test_nothing_that_is_sent_breaks_the_reader(place: str, value: object) -> None:
    try:
        form = read(a_form(**{place: value}))
    except booking.BookingRefused:
        return
    else:
        assert form.sentences


@given(field=st.sampled_from(sorted(a_sentence())), value=values)
def test_no_sentence_that_is_sent_breaks_the_reader(field: str, value: object) -> None:
    try:
        form = read(a_form(sentences=[a_sentence(**{field: value})]))
    except booking.BookingRefused:
        return
    else:
        IMPOSED.model_validate(booking.body(form.sentences[0], consecutive_to=""))
