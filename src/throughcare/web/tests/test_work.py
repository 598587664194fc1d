"""My work shows what is mine to do, and nothing that I may not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from throughcare.access import actions as access
from throughcare.access import queries
from throughcare.web import work
from throughcare.web.tests import scene


def _text(response) -> str:
    return response.content.decode()


def test_a_late_duty_of_my_agency_shows_with_its_person_and_what_began_it(here):
    at = here.now - timedelta(days=20)
    scene.keep(scene.action_agreed("a1", record="L1", due=(here.now - timedelta(days=10)).date(), at=at), at=here.now)
    page = _text(here.client("ines").get("/"))
    assert "Wilf Harrop" in page
    assert "agreed: a check" in page.lower()
    assert "working days late" in page


def test_a_duty_of_another_agency_is_not_mine_until_it_is_given_to_me(here):
    at = here.now - timedelta(days=20)
    scene.keep(scene.action_agreed("a1", record="L1", due=(here.now + timedelta(days=2)).date(), at=at), at=at)
    assert "agreed: a check" not in _text(here.client("joy").get("/")).lower()


def test_a_question_on_my_case_shows_and_goes_when_it_is_answered(here):
    scene.keep(scene.injury("h1", agency="HV", record="H1", at=here.now - timedelta(hours=2)), at=here.now)
    client = here.client("ines")
    assert "does not move independently" in _text(client.get("/"))


def test_what_was_shared_with_my_agency_shows_and_what_was_not_does_not(here):
    at = here.now - timedelta(hours=3)
    told = [{"agency": "HV", "at": (at + timedelta(minutes=5)).isoformat()}]
    scene.keep(
        scene.action_agreed("a1", record="L1", due=here.now.date(), at=at, what="not for others"),
        scene.injury("l1", agency="LA", record="L1", at=at, shared=told), at=here.now,
    )  # fmt: skip
    page = _text(here.client("joy").get("/"))
    assert "a bruise, l1" in page
    assert "not for others" not in page


def test_somebody_without_a_case_is_told_so(here):
    assert "no relation to any case" in _text(here.client("sam").get("/"))


def test_the_number_of_queries_does_not_grow_with_the_number_of_cases(here):
    early = here.now - timedelta(days=30)
    client = here.client("ines")
    client.get("/")  # the session has its place
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    for number in range(4):
        child = scene.make_child(f"Child Number{number}", {"LA": f"LX{number}"}, at=early)
        access.relate(child, "allocated", user=here.users["ines"], at=early)
        scene.keep(scene.action_agreed(f"x{number}", record=f"LX{number}", due=here.now.date(), at=early), at=early)
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(one)


def test_all_my_cases_are_read_in_nine_queries(here):
    viewer = queries.viewer(here.users["ines"], at=datetime.now(UTC))
    with CaptureQueriesContext(connection) as asked:
        cases = work.my_cases(viewer, now=datetime.now(UTC))
    assert list(cases) == [here.child]
    assert len(asked) <= 9
