"""Passwords and one-time codes: slow to guess, the same words whatever was wrong, and a line of each failure."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.access import accounts, actions, errors, signing_in, systems, throttle
from throughcare.access.models import Attempts, AuditLine, User
from throughcare.access.tests import cast
from throughcare.access.tests.cast import AT, DAY, HOUR, MINUTE, PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(email, password=PASSWORD, *, at=AT, network="203.0.113.7"):
    return signing_in.check_password(email, password, network=network, at=at)


def test_the_right_password_is_accepted_in_any_case_of_the_address():
    user = cast.user(password=PASSWORD)
    assert sign_in(user.email.upper()) == user.id


def test_every_refusal_has_the_same_words_and_leaves_a_line():
    user, closed = cast.user(password=PASSWORD), cast.user(password=PASSWORD)
    accounts.set_active(closed.id, False, at=AT)
    words = set()
    for email, password in [(user.email, "wrong"), ("nobody@example.test", PASSWORD), (closed.email, PASSWORD)]:
        with pytest.raises(errors.SignInRefused) as refused:
            sign_in(email, password)
        words.add(str(refused.value))
    for _ in range(10):
        with pytest.raises(errors.SignInRefused) as refused:
            sign_in(user.email, "wrong")
        words.add(str(refused.value))
    assert len(words) == 1
    assert AuditLine.objects.filter(act="sign_in_failed").count() == 13


def test_an_account_that_is_guessed_at_is_locked_even_for_the_right_password_and_opens_by_itself():
    user = cast.user(password=PASSWORD)
    for _ in range(5):
        with pytest.raises(errors.SignInRefused):
            sign_in(user.email, "wrong")
    with pytest.raises(errors.SignInRefused):
        sign_in(user.email)
    assert sign_in(user.email, at=AT + timedelta(seconds=31)) == user.id
    assert Attempts.objects.get(what="account").tries == 0


def test_unknown_accounts_are_locked_like_known_ones():
    for _ in range(5):
        with pytest.raises(errors.SignInRefused):
            sign_in("nobody@example.test")
    assert Attempts.objects.get(what="account").locked_until is not None


def test_a_network_that_tries_many_accounts_is_locked_and_others_are_not(monkeypatch):
    monkeypatch.setitem(throttle.FREE, "network", 3)
    user = cast.user(password=PASSWORD)
    for number in range(3):
        with pytest.raises(errors.SignInRefused):
            sign_in(f"nobody{number}@example.test")
    with pytest.raises(errors.SignInRefused):
        sign_in(user.email)
    assert sign_in(user.email, network="203.0.113.8") == user.id


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "a" * 10_000, "' OR 1=1 --", "é\u202e"])
def test_odd_text_is_refused_or_kept_and_never_breaks(odd):
    with pytest.raises(errors.SignInRefused):
        sign_in(odd, odd)
    with pytest.raises(errors.TokenRefused):
        systems.issue_token(odd, odd, network="n", at=AT)
    assert actions.note("write", viewer=None, at=AT, reason=odd, purpose=odd, object_id=odd, query=odd)
    viewer, person = cast.viewer(), cast.person()
    actions.break_glass(
        viewer, person, reason="The child is in the ambulance now" + odd, at=AT, review_due=(AT + DAY).date()
    )
    actions.relate(person, "allocated", user=viewer.id, at=AT, reason=odd)


@given(tries=st.integers(0, 10_000), free=st.integers(1, 100))
def test_waiting_never_gets_shorter_and_never_passes_a_quarter_of_an_hour(tries, free):
    wait = throttle.wait_after(tries, free=free)
    assert wait <= throttle.wait_after(tries + 1, free=free) <= timedelta(minutes=15)
    assert (wait == timedelta()) is (tries < free)


def test_searches_are_rationed_and_come_back():
    for _ in range(3):
        throttle.spend("search", "me", most=3, per=MINUTE, at=AT)
    with pytest.raises(throttle.TooManyTries) as refused:
        throttle.spend("search", "me", most=3, per=MINUTE, at=AT + timedelta(seconds=20))
    assert refused.value.retry_after == 40
    throttle.spend("search", "somebody else", most=3, per=MINUTE, at=AT)
    throttle.spend("search", "me", most=3, per=MINUTE, at=AT + MINUTE)


def enrolled(at=AT):
    user = cast.user()
    secret = signing_in.begin_enrolment(user.id).secret
    signing_in.finish_enrolment(user.id, secret, pyotp.TOTP(secret).at(at), at=at)
    return user, pyotp.TOTP(secret)


def test_one_time_codes_are_enrolled_only_with_a_right_code_and_only_once():
    user = cast.user()
    secret = signing_in.begin_enrolment(user.id).secret
    with pytest.raises(errors.SignInRefused):
        signing_in.finish_enrolment(user.id, secret, "000000", at=AT)
    assert not signing_in.is_enrolled(user.id)
    signing_in.finish_enrolment(user.id, secret, pyotp.TOTP(secret).at(AT), at=AT)
    assert signing_in.is_enrolled(user.id)
    assert secret not in User.objects.get(id=user.id).code_secret
    with pytest.raises(errors.SignInRefused):
        signing_in.finish_enrolment(user.id, secret, pyotp.TOTP(secret).at(AT + HOUR), at=AT + HOUR)


def test_a_code_works_once():
    user, totp = enrolled()
    later = AT + 5 * MINUTE
    with pytest.raises(errors.SignInRefused):
        signing_in.check_code(user.id, totp.at(AT), network="n", at=AT)  # used to enrol
    signing_in.check_code(user.id, totp.at(later), network="n", at=later)
    with pytest.raises(errors.SignInRefused):
        signing_in.check_code(user.id, totp.at(later), network="n", at=later)


@pytest.mark.parametrize(("seconds", "works"), [(-90, False), (-30, True), (0, True), (30, True), (90, False)])
def test_a_clock_may_differ_by_one_step(seconds, works):
    user, totp = enrolled()
    later = AT + HOUR
    code = totp.at(later + timedelta(seconds=seconds))
    if works:
        signing_in.check_code(user.id, code, network="n", at=later)
    else:
        with pytest.raises(errors.SignInRefused):
            signing_in.check_code(user.id, code, network="n", at=later)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "0" * 5000])
def test_what_is_no_code_is_refused(code):
    user, _ = enrolled()
    with pytest.raises(errors.SignInRefused):
        signing_in.check_code(user.id, code, network="n", at=AT + HOUR)


def test_guessing_codes_is_slow():
    user, totp = enrolled()
    later = AT + HOUR
    for _ in range(5):
        with pytest.raises(errors.SignInRefused):
            signing_in.check_code(user.id, "000000", network="n", at=later)
    with pytest.raises(errors.SignInRefused):
        signing_in.check_code(user.id, totp.at(later), network="n", at=later)


def test_a_weak_password_or_a_taken_address_is_refused():
    user = cast.user()
    with pytest.raises(errors.AccessRefused, match="password"):
        cast.user(password="password")
    with pytest.raises(errors.AccessRefused, match="email"):
        accounts.make_user(user.email.upper(), name="X", agency="LA-NORTH", at=AT)
