"""Agencies' systems and their tokens: good for what was given, until they run out or are shut out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django import app

from throughcare.access import errors, systems, tasks
from throughcare.access.models import Attempts, Token
from throughcare.access.reach import Permission
from throughcare.access.tests import cast
from throughcare.access.tests.cast import AT, DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db


def make_system(scopes=("api.write", "api.events")):
    return systems.make_system(cast.agency(), name="Case system", scopes=scopes, at=AT)


def issue(credentials, *, at=AT, secret=None, **more):
    return systems.issue_token(credentials.client_id, secret or credentials.secret, network="n", at=at, **more)


def test_a_token_is_good_for_a_quarter_of_an_hour(django_assert_num_queries):
    issued = issue(make_system())
    with django_assert_num_queries(1):
        viewer = systems.check_token(issued.token, at=AT)
    assert (viewer.kind, viewer.agency) == ("system", "LA-NORTH")
    assert viewer.may(Permission.API_WRITE)
    assert systems.check_token(issued.token, at=AT + timedelta(minutes=14, seconds=59)) is not None
    assert systems.check_token(issued.token, at=AT + timedelta(minutes=15)) is None


def test_neither_secret_nor_token_is_kept():
    credentials = make_system()
    issued = issue(credentials)
    assert issued.token not in str(list(Token.objects.values()))
    from throughcare.access.models import AgencySystem

    assert credentials.secret not in str(list(AgencySystem.objects.values()))
    assert AgencySystem.objects.get().secret_hash.startswith("argon2")


@pytest.mark.parametrize("how", ["token", "system", "agency"])
def test_a_token_that_is_revoked_is_worthless_at_once(how):
    credentials = make_system()
    issued = issue(credentials)
    if how == "token":
        systems.revoke_token(issued.token, at=AT)
    elif how == "system":
        systems.revoke_system(credentials.client_id, at=AT)
    else:
        from throughcare.access.models import Agency

        Agency.objects.update(active=False)
    assert systems.check_token(issued.token, at=AT) is None


def test_every_refusal_of_a_token_has_the_same_words_and_guessing_is_slow():
    credentials = make_system()
    unknown = systems.Credentials("nobody", "x")
    words = set()
    for who, secret in [(unknown, None), *[(credentials, "wrong")] * 5, (credentials, None)]:
        with pytest.raises(errors.TokenRefused) as refused:
            issue(who, secret=secret)
        words.add(str(refused.value))
    assert len(words) == 1
    assert issue(credentials, at=AT + MINUTE).scopes == ("api.events", "api.write")


def test_a_token_can_be_asked_for_less_and_never_for_more():
    credentials = make_system(scopes=["api.events"])
    assert issue(credentials, scopes=["api.events", "api.write"]).scopes == ("api.events",)
    viewer = systems.check_token(issue(credentials).token, at=AT)
    assert not viewer.may(Permission.API_WRITE)
    with pytest.raises(errors.AccessRefused, match="scopes"):
        make_system(scopes=["break_glass"])


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "é" * 10_000])
def test_what_is_no_token_is_refused(token):
    assert systems.check_token(token, at=AT) is None


def test_what_ran_out_is_forgotten_after_a_day():
    issue(make_system())
    assert systems.forget_expired(at=AT + HOUR) == 0
    systems.forget_expired(at=AT + 2 * DAY)
    assert not Token.objects.exists()
    assert not Attempts.objects.exists()


def test_the_worker_forgets_each_hour_and_keeps_what_is_fresh():
    now = datetime.now(UTC)
    issue(make_system(), at=now)
    tasks.forget(timestamp=int(now.timestamp()))
    assert Token.objects.count() == 1
    assert "access.forget" in {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
