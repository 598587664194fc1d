"""Signing in and out, as a browser does it."""

from __future__ import annotations

from datetime import UTC, datetime

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from throughcare.access import pages, signing_in
from throughcare.access.models import AuditLine, User
from throughcare.access.tests import cast
from throughcare.access.tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("throughcare.access.tests.house")]


def now():
    return datetime.now(UTC)


@pytest.fixture
def _demo(settings, _service):
    settings.DEMO = True


@pytest.fixture(autouse=True)
def _service(settings):
    settings.DEMO = False
    settings.ACCESS_PRESENTER = ""


def enrolled():
    user = cast.user(password=PASSWORD)
    secret = signing_in.begin_enrolment(user.id).secret
    early = datetime(2026, 1, 5, tzinfo=UTC)
    signing_in.finish_enrolment(user.id, secret, pyotp.TOTP(secret).at(early), at=early)
    return user, pyotp.TOTP(secret)


def give_password(client, user, password=PASSWORD, **more):
    return client.post("/sign-in", {"email": user.email, "password": password, **more})


def test_password_then_code_signs_in_and_leads_back():
    user, totp = enrolled()
    client = Client()
    assert client.get("/sign-in").status_code == 200
    answer = give_password(client, user, next="/work?a=1")
    assert answer.headers["Location"] == "/sign-in/code"
    assert client.get("/work").status_code == 302  # the password alone opens nothing
    answer = client.post("/sign-in/code", {"code": totp.at(now())})
    assert answer.headers["Location"] == "/work?a=1"
    assert client.get("/work").status_code == 200
    assert AuditLine.objects.get(act="sign_in").who == user.id


def test_the_session_s_key_changes_with_each_step():
    user, totp = enrolled()
    client = Client()
    client.get("/sign-in")
    keys = [client.session.session_key]
    give_password(client, user)
    keys.append(client.session.session_key)
    client.post("/sign-in/code", {"code": totp.at(now())})
    keys.append(client.session.session_key)
    assert len(set(keys)) == 3


def test_somebody_without_codes_sets_them_up_first():
    user = cast.user(password=PASSWORD)
    client = Client()
    assert give_password(client, user).headers["Location"] == "/sign-in/set-up"
    page = client.get("/sign-in/set-up").content.decode()
    from throughcare.access.keyed import unseal

    secret = unseal(client.session[pages.WAITING]["secret"])
    assert secret[:4] in page
    assert client.post("/sign-in/set-up", {"code": "000000"}).status_code == 400
    assert client.post("/sign-in/set-up", {"code": pyotp.TOTP(secret).at(now())}).status_code == 302
    assert client.get("/work").status_code == 200
    assert signing_in.is_enrolled(user.id)


def test_wrong_passwords_unknown_accounts_and_locks_look_the_same():
    user = cast.user(password=PASSWORD)
    client = Client()
    tries = [(user.email, "wrong")] * 6 + [(user.email, PASSWORD), ("nobody@example.test", PASSWORD)]
    bodies = set()
    for email, password in tries:
        answer = client.post("/sign-in", {"email": email, "password": password})
        assert answer.status_code == 400
        text = answer.content.decode().replace(email, "")
        bodies.add("".join(part for part in text.split("\n") if "csrf" not in part and "nonce" not in part))
    assert len(bodies) == 1


def test_a_wrong_code_does_not_sign_in():
    user, _ = enrolled()
    client = Client()
    give_password(client, user)
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 400
    assert client.get("/work").status_code == 302


def test_the_code_page_alone_leads_to_the_beginning():
    for path in ("/sign-in/code", "/sign-in/set-up"):
        assert Client().get(path).headers["Location"] == "/sign-in"
        assert Client().post(path, {"code": "1"}).headers["Location"] == "/sign-in"


def test_who_waits_too_long_with_the_code_begins_again():
    user, _ = enrolled()
    client = Client()
    give_password(client, user)
    session = client.session
    session[pages.WAITING] = {**session[pages.WAITING], "at": session[pages.WAITING]["at"] - pages.WAITING_SECONDS - 5}
    session.save()
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_sign_in_never_leads_to_another_site(onward):
    user, totp = enrolled()
    client = Client()
    give_password(client, user, next=onward)
    assert client.post("/sign-in/code", {"code": totp.at(now())}).headers["Location"] == "/"


def test_signing_out_ends_the_session_and_is_a_post():
    user, totp = enrolled()
    client = Client()
    give_password(client, user)
    client.post("/sign-in/code", {"code": totp.at(now())})
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-in/stay").status_code == 204
    assert client.post("/sign-out").status_code == 302
    assert client.get("/work").status_code == 302
    assert client.post("/sign-in/stay").status_code == 401
    assert AuditLine.objects.filter(act="sign_out").count() == 1


def test_forms_are_safe_from_other_sites():
    assert Client(enforce_csrf_checks=True).post("/sign-in", {"email": "a", "password": "b"}).status_code == 403


# --- the demonstration -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_demo")
def test_one_click_signs_in_as_somebody_invented_and_works_once():
    user = cast.user(demonstration=True)
    shown = Client().get("/demo/sign-in").content.decode()
    assert "/demo/sign-in/" in shown
    assert user.name in shown
    link, client = pages.demo_link(user.id), Client()
    assert client.head(link).status_code == 404  # a mere look ahead does not use it up
    assert client.get(link).headers["Location"] == "/"
    assert client.get("/work").status_code == 200
    again = Client()
    assert again.get(link).headers["Location"] == reverse("demo_people")
    assert again.get("/work").status_code == 302


@pytest.mark.usefixtures("_demo")
def test_one_press_signs_in_as_somebody_invented():
    link = pages.demo_link(cast.user(demonstration=True).id)
    client = Client()
    assert client.post("/demo/sign-in", {"role": link.rpartition("/")[2]}).headers["Location"] == "/"
    assert client.get("/work").status_code == 200
    assert client.post("/demo/sign-in", {"role": "\x00"}).status_code == 404


@pytest.mark.usefixtures("_demo")
def test_a_link_never_opens_a_real_account_nor_works_when_changed():
    real, invented = cast.user(), cast.user(demonstration=True)
    client = Client()
    client.get(pages.demo_link(real.id))
    client.get(pages.demo_link(invented.id)[:-3] + "abc")
    assert client.get("/work").status_code == 302
    User.objects.filter(id=invented.id).update(is_active=False)
    client.get(pages.demo_link(invented.id))
    assert client.get("/work").status_code == 302


def test_outside_the_demonstration_there_are_no_links():
    user = cast.user(demonstration=True)
    client = Client()
    assert client.get("/demo/sign-in").status_code == 404
    assert client.get(pages.demo_link(user.id)).status_code == 404
    assert b"demo" not in client.get("/sign-in").content
