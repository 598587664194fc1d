"""Sign-in and refusals in the shell; statements and status for everybody."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory

from throughcare.web import plain_pages

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/status", "/accessibility", "/cookies", "/privacy", "/sign-in"])
def test_everybody_can_read_it(path):
    response = Client().get(path)
    assert response.status_code == 200
    assert "Throughcare" in response.content.decode()


def test_a_sign_in_that_failed_says_so_in_the_summary_and_keeps_the_address():
    response = Client().post("/sign-in", {"email": "nobody@example.test", "password": "wrong"})
    page = response.content.decode()
    assert response.status_code == 400
    assert 'href="#id_email"' in page
    assert "nobody@example.test" in page
    assert "wrong" not in page.replace("went wrong", "")


def test_what_is_refused_and_what_is_not_there_are_the_same_bytes(here):
    client = here.client("sam")
    nobody = "/people/00000000-0000-4000-8000-000000000000/entries"
    assert client.get(here.path("/entries")).content == client.get(nobody).content


def test_the_cookies_page_names_the_cookies_that_are_set(here):
    response = here.client("ines").get("/")
    page = Client().get("/cookies").content.decode()
    for name in response.cookies:
        assert name in page


def test_the_page_of_an_error_needs_no_database():
    response = plain_pages.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "was not recorded" in response.content.decode()


def test_a_form_without_its_secret_is_not_taken(here):
    client = Client(enforce_csrf_checks=True)
    client.cookies = here.client("ines").cookies
    response = client.post("/people", {"words": "wilf"})
    assert response.status_code == 403
    assert "Send this form again" in response.content.decode()


def test_status_tells_numbers_and_names_nobody(here):
    page = Client().get("/status").content.decode()
    assert "Seal" in page
    assert "Wilf" not in page
