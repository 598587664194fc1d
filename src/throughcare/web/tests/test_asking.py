"""Answers are read strictly, kept when wrong, and say what to do."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from throughcare.ledger.entry import Precision
from throughcare.web.asking import Answers, fresh_ref, ref_of
from throughcare.web.parts import Field
from throughcare.web.shell import Choice

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def test_a_time_that_is_still_to_come_is_refused():
    answers = Answers({"day": "24 November 2026", "time": "4pm"})
    assert answers.when("day", "time", ask="Enter the day", now=NOW) is None
    assert "not come yet" in answers.wrong["time"]


def test_without_a_time_only_the_day_is_known():
    when = Answers({"day": "23/11/2026", "time": ""}).when("day", "time", ask="Enter the day", now=NOW)
    assert when is not None
    assert when.precision is Precision.DAY


def test_each_mistake_leads_to_its_field():
    answers = Answers({})
    answers.text("reason", ask="Give your reason")
    assert [(one.words, one.href) for one in answers.mistakes] == [("Give your reason", "#id_reason")]


def test_what_was_typed_is_shown_again_with_what_is_wrong():
    answers = Answers(QueryDict("count=three&share=HV&share=POL"))
    answers.whole("count", ask="Enter a number", least=1, most=9)
    options = (Choice(value="HV", label="HV"), Choice(value="LA", label="LA"), Choice(value="POL", label="POL"))
    count, share = answers.shown(
        [Field(name="count", label="How many"), Field(name="share", label="Share", kind="checkboxes", choices=options)]
    )
    assert (count.value, count.error) == ("three", "Enter a number")
    assert [one.chosen for one in share.choices] == [True, False, True]


def test_a_password_is_never_shown_again():
    shown = Answers({"password": "secret"}).shown([Field(name="password", label="Password", kind="password")])
    assert shown[0].value == ""


@given(st.text())
def test_no_words_are_read_as_a_reference_of_ours_unless_they_are_one(text):
    ref = ref_of({"ref": text})
    assert ref.startswith("W")
    assert len(ref) == 17


def test_a_reference_comes_back_as_it_went():
    ref = fresh_ref()
    assert ref_of({"ref": ref}) == ref


@given(st.text(max_size=30))
def test_any_text_as_a_number_is_a_number_within_limits_or_a_mistake(text):
    answers = Answers({"n": text})
    number = answers.whole("n", ask="Enter a number", least=1, most=5)
    assert (number is None) == bool(answers.wrong)
    assert number is None or 1 <= number <= 5
