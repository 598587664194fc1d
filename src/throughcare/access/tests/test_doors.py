"""The doors: who gets in, what a refusal shows, and that every look leaves a line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from throughcare.access import accounts, actions, keyed, queries, systems
from throughcare.access.models import AuditLine
from throughcare.access.reach import Role
from throughcare.access.tests import cast, house, walk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("throughcare.access.tests.house")]
NOBODY = UUID(int=0)


@pytest.fixture(autouse=True)
def _nothing_done():
    house.DONE.clear()


def now():
    return datetime.now(UTC)


def enter(user=None, role="practitioner", **more):
    """A client with somebody signed in, and who that is."""
    user = user or cast.user(role)
    client = walk.signed_in(Client(**more), user, at=now())
    client.who = user
    return client


def related(client, kind="allocated"):
    person = cast.person()
    actions.relate(person, kind, user=client.who.id, at=now() - timedelta(hours=1))
    return person


def lines(**wanted):
    return list(AuditLine.objects.filter(**wanted).exclude(act="permission").order_by("id"))


# --- who gets in -----------------------------------------------------------------------------------------------------


def test_an_open_door_is_open_and_leaves_no_line():
    assert Client().get("/").content == b"front"
    assert Client().get("/up").content == b"up"
    assert enter().get("/").status_code == 200
    assert lines() == []


def test_a_stranger_is_led_to_the_sign_in_and_back():
    person = cast.person()
    assert Client().get(f"/person/{person}?a=1").headers["Location"] == f"/sign-in?next=%2Fperson%2F{person}%3Fa%3D1"
    assert Client().post(f"/person/{person}/correct").status_code == 401
    assert house.DONE == []


def test_a_view_without_a_lock_stays_closed():
    for client in (Client(), enter(), enter(role="guardian")):
        assert client.get("/unlocked").status_code == 404
    assert house.DONE == []


def test_a_method_the_door_does_not_know_is_refused():
    client = enter()
    person = related(client)
    answer = client.post(f"/person/{person}")
    assert (answer.status_code, answer.headers["Allow"], house.DONE) == (405, "GET", [])
    assert client.head(f"/person/{person}").status_code == 200


def test_a_relation_opens_a_person_s_page_and_its_end_closes_it_with_the_next_click():
    client = enter()
    person = cast.person()
    number = actions.relate(person, "involved", user=client.who.id, at=now() - timedelta(hours=1))
    assert client.get(f"/person/{person}").content == b"record, shared"
    actions.end_relationship(number, at=now())
    assert client.get(f"/person/{person}").status_code == 404
    assert client.get(f"/person/{person}/pointer").content == b"pointer"


def test_an_account_that_is_closed_is_out_with_the_next_click():
    client = enter()
    assert client.get("/work").content == b"work of Robin Field"
    accounts.set_active(client.who.id, False, at=now())
    assert client.get("/work").status_code == 302


def test_a_change_needs_its_own_permission():
    client = enter(role="legal")
    person = related(client, "legal")
    assert client.get(f"/person/{person}/correct").status_code == 200
    assert client.post(f"/person/{person}/correct").status_code == 200
    panel = enter(role="caseworker")
    other = related(panel, "involved")
    assert panel.post(f"/person/{other}/correct").status_code == 404
    assert house.DONE == ["correct"]


def test_cross_site_posts_are_refused():
    client = enter(enforce_csrf_checks=True)
    assert client.post(f"/person/{related(client)}/correct").status_code == 403
    assert house.DONE == []


# --- a refusal tells nothing -----------------------------------------------------------------------------------------


def seen(answer):
    """What a reader can tell from an answer: all but the number of the request."""
    body = re.sub(rb'nonce="[^"]*"|nonce-[\w-]+|csrf\w*"? value="[^"]*"', b"", answer.content)
    headers = {name: value for name, value in answer.headers.items() if name not in ("X-Request-Id",)}
    headers.pop("Content-Security-Policy", None)
    return answer.status_code, body, headers


def test_no_such_person_no_such_page_and_not_allowed_are_the_same_answer():
    client = enter()
    theirs, blocked = cast.person(), related(client)
    actions.block(client.who.id, blocked, "relative", reason="is their uncle", at=now())
    mine = NOBODY
    actions.relate(mine, "allocated", user=client.who.id, at=now() - timedelta(hours=1))
    paths = [f"/person/{theirs}", f"/person/{blocked}", f"/person/{mine}", f"/person/{uuid4()}", "/nowhere", "/denied",
             "/unlocked", "/person/nonsense", f"/person/{blocked}/pointer"]  # fmt: skip
    answers = [seen(client.get(path)) for path in paths]
    assert answers[0][0] == 404
    assert all(answer == answers[0] for answer in answers), [a[0] for a in answers]


def test_a_refusal_is_noted_with_whom_it_was_about():
    client, person = enter(), cast.person()
    client.get(f"/person/{person}")
    (line,) = lines()
    assert (line.act, line.outcome, line.permission) == ("refusal", "refused", "person.read")
    assert (line.who, line.persons, line.agency) == (client.who.id, [person], "LA-NORTH")


# --- seen is logged --------------------------------------------------------------------------------------------------


def test_every_look_leaves_exactly_one_line_with_its_request_and_relation():
    client = enter()
    person = related(client)
    answers = [client.get(f"/person/{person}") for _ in range(3)] + [client.get("/work"), client.get("/broken")]
    assert [str(line.request) for line in lines()] == [answer.headers["X-Request-Id"] for answer in answers]
    assert [line.act for line in lines()] == ["read"] * 5
    assert [line.outcome for line in lines()] == ["done"] * 4 + ["failed"]
    assert {line.relation for line in lines(persons=[person])} == {"allocated"}


def test_a_change_leaves_one_line_and_a_second_if_it_failed():
    client = enter()
    person = related(client)
    client.post(f"/person/{person}/correct")
    assert [(line.act, line.outcome) for line in lines()] == [("write", "done")]
    client.post(f"/person/{person}/correct", {"wrong": "1"})
    assert [(line.act, line.outcome) for line in lines()][1:] == [("write", "done"), ("write", "failed")]


def test_a_search_that_finds_nothing_is_noted_without_its_words():
    client = enter()
    client.get("/search?q=Ada+Byron")
    (line,) = lines()
    assert (line.act, line.results, line.query) == ("search", 0, keyed.keyed_hash("query", "ada byron"))


def test_searching_is_rationed():
    client = enter()
    codes = [client.get("/search?q=x").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert 1 <= int(client.get("/search?q=x").headers["Retry-After"]) <= 60


@pytest.fixture
def _log_is_full(monkeypatch):
    def fails(**fields):
        raise DatabaseError("no space")

    monkeypatch.setattr(AuditLine.objects, "create", fails)


@pytest.mark.parametrize("path", ["/work", "/person/{person}", "/search?q=x", "/denied"])
def test_what_cannot_be_noted_is_not_shown(path, request):
    client = enter()
    person = related(client)
    request.getfixturevalue("_log_is_full")
    answer = client.get(path.format(person=person))
    assert answer.status_code == 503
    assert b"written down before it is shown" in answer.content
    assert b"record" not in answer.content.replace(b"a record", b"")


def test_a_change_that_cannot_be_noted_is_not_done(request):
    client = enter()
    person = related(client)
    request.getfixturevalue("_log_is_full")
    assert client.post(f"/person/{person}/correct").status_code == 503
    assert house.DONE == []


# --- the end of a session --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signed_in", "seen_at", "words"),
    [
        (timedelta(hours=1), timedelta(minutes=15, seconds=5), b"15 minutes"),
        (timedelta(hours=12, seconds=5), timedelta(minutes=1), b"12 hours"),
        (timedelta(hours=11, minutes=59), timedelta(minutes=14), None),
    ],
)
def test_a_session_ends_when_idle_or_too_old_with_a_page_that_says_so(signed_in, seen_at, words):
    client = enter()
    session = client.session
    session[walk.SIGNED_IN_AT] = int((now() - signed_in).timestamp())
    session[walk.SEEN_AT] = int((now() - seen_at).timestamp())
    session.save()
    answer = client.get("/work")
    if words is None:
        assert answer.status_code == 200
        return
    assert answer.status_code == 401 or words == b"12 hours"
    assert client.get("/work").status_code == 302


# --- machines --------------------------------------------------------------------------------------------------------


def token(scopes=("api.write",)):
    credentials = systems.make_system(cast.agency(), name="S", scopes=scopes, at=timezone.now())
    return systems.issue_token(credentials.client_id, credentials.secret, network="n", at=timezone.now()).token


def test_a_system_comes_in_with_its_token_and_is_noted():
    answer = Client().post("/api/send", headers={"Authorization": f"Bearer {token()}"})
    assert answer.json() == {"agency": "LA-NORTH"}
    (line,) = lines(act="machine")
    assert (line.who_kind, line.agency, line.permission) == ("system", "LA-NORTH", "api.write")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer \xff"])
def test_without_a_good_token_a_machine_s_door_says_so(header):
    answer = Client().post("/api/send", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "token_needed"
    assert house.DONE == []


def test_a_session_does_not_open_a_machine_s_door_and_a_token_no_other():
    assert enter().post("/api/send").status_code == 401
    assert Client().get("/work", headers={"Authorization": f"Bearer {token()}"}).status_code == 302
    assert house.DONE == []


def test_a_token_without_the_scope_is_refused():
    answer = Client().post("/api/send", headers={"Authorization": f"Bearer {token(['api.events'])}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Client().get("/lib/made", headers={"Authorization": f"Bearer {token(['api.events'])}"}).status_code == 200
    assert house.DONE == []


# --- the walk --------------------------------------------------------------------------------------------------------


def test_the_walk_finds_every_view_and_the_one_without_a_lock():
    ways = list(walk.every_view(get_resolver().url_patterns))
    assert {way.route for way in ways} >= {"work", "person/<uuid:person>", "lib/made", "sign-in"}
    assert [way.route for way in ways if way.door is None] == ["unlocked"]


def test_every_door_does_what_the_table_says_for_every_role_relation_and_method():
    at = now()
    roles = (Role.PRACTITIONER, Role.MANAGER, Role.GUARDIAN, Role.RECORDS)  # all of them: project/tests/test_doors.py
    users = {role: cast.user(role) for role in roles}
    persons = {standing: cast.person() for standing in walk.STANDINGS}
    for user in users.values():
        for standing, person in persons.items():
            walk.stand(user.id, person, standing, at=at)
    routes = ("person/<uuid:person>", "person/<uuid:person>/pointer", "person/<uuid:person>/correct", "work")
    ways = [way for way in walk.every_view(get_resolver().url_patterns) if way.route in routes]
    knocks = list(walk.walk(ways, users, persons, at=at))
    assert [knock for knock in knocks if not knock.is_right] == []
    assert len(knocks) == (3 * len(walk.STANDINGS) + 1) * len(roles) * 2
    assert queries.audit_backlog() > 0
