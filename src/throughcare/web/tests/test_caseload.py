"""The caseload: everybody who is allocated to me or my team, with what is late and what is due next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import AuditLine
from throughcare.ledger.entry import Record
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db


def _text(response) -> str:
    return " ".join(response.content.decode().split())


def _another(here, number: int, *, due: int | None = None, team: bool = False) -> None:
    early = here.now - timedelta(days=30)
    child = scene.make_child(f"Child Number{number:02}", {"LA": f"LX{number}"}, at=early)
    if team:
        access.relate(child, "allocated", team=("LA", "north"), at=early)
    else:
        access.relate(child, "allocated", user=here.users["ines"], at=early)
    if due is not None:
        on = (here.now + timedelta(days=due)).date()
        scene.keep(scene.action_agreed(f"x{number}", record=f"LX{number}", due=on, at=early), at=here.now)


def test_my_people_show_with_where_they_stand_and_what_is_due_next(here):
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=3)), at=here.now)
    on = (here.now + timedelta(days=3)).date()
    scene.keep(scene.action_agreed("a1", record="L1", due=on, at=here.now - timedelta(days=2)), at=here.now)
    page = _text(here.client("ines").get("/caseload"))
    assert "Wilf Harrop" in page
    assert "injury occasion" in page
    assert "Allocated: you" in page
    assert "A check" in page
    assert "in 3 days" in page


def test_each_practice_says_in_one_line_where_the_person_stands(here):
    at, about = here.now - timedelta(days=5), Record("LA", "L1")
    scene.keep(
        scene.an_entry("rv", "parole.review_opened", {"review": "recall"}, agency="LA", about=about, at=at), at=here.now
    )
    assert "Review after recall: opened" in _text(here.client("ines").get("/caseload"))


def test_late_things_are_told_and_come_first(here):
    _another(here, 1, due=-4)
    _another(here, 2, due=2)
    page = _text(here.client("ines").get("/caseload"))
    assert "Something is late for 1" in page
    assert page.index("Child Number01") < page.index("Child Number02") < page.index("Wilf Harrop")
    late = _text(here.client("ines").get("/caseload?show=late"))
    assert "Child Number01" in late
    assert "Child Number02" not in late


def test_people_of_my_team_are_told_apart_from_mine(here):
    accounts.keep_team("LA", "north", name="North team", at=here.now)
    accounts.give_role(here.users["ines"], "practitioner", team="north", at=here.now - timedelta(days=40))
    _another(here, 1, team=True)
    page = _text(here.client("ines").get("/caseload"))
    assert "Allocated: North team" in page
    assert "Child Number01" not in _text(here.client("ines").get("/caseload?show=mine"))
    assert "Wilf Harrop" not in _text(here.client("ines").get("/caseload?show=team"))


def test_people_with_whom_i_am_only_involved_are_not_my_caseload(here):
    assert "Wilf Harrop" not in _text(here.client("joy").get("/caseload"))


def test_somebody_without_people_is_told_what_to_do(here):
    assert "Nobody is allocated to you or your team" in _text(here.client("sam").get("/caseload"))


def test_a_long_caseload_is_shown_page_by_page_and_each_page_notes_whom_it_showed(here):
    for number in range(22):
        _another(here, number)
    client = here.client("ines")
    first, second = _text(client.get("/caseload?sort=name")), _text(client.get("/caseload?sort=name&page=2"))
    assert "Showing 1 to 20 of 23 people" in first
    assert "Child Number00" in first
    assert "Child Number21" in second or "Wilf Harrop" in second
    assert len(AuditLine.objects.filter(object_id="caseload").latest("id").persons) == 3


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(here):
    client = here.client("ines")
    client.get("/caseload")
    with CaptureQueriesContext(connection) as one:
        client.get("/caseload")
    for number in range(5):
        _another(here, number, due=number)
    with CaptureQueriesContext(connection) as many:
        client.get("/caseload")
    assert len(many) == len(one) <= 20


def test_what_another_agency_keeps_to_itself_does_not_show_in_a_line(here):
    access.relate(here.child, "allocated", user=here.users["joy"], at=here.now - timedelta(days=1))
    scene.keep(
        scene.an_entry(
            "s1", "safeguarding.action_agreed", {"what": "secret", "owner": "social worker", "due": "2026-12-01"},
            agency="LA", about=Record("LA", "L1"), at=here.now - timedelta(days=2), sensitivity="legal",
        ),
        at=here.now,
    )  # fmt: skip
    assert "ecret" not in _text(here.client("joy").get("/caseload"))


def test_what_may_not_be_read_neither_orders_nor_counts(here):
    """A late duty that began with an entry under a label that Ines does not read."""
    scene.keep(
        scene.an_entry(
            "s2", "safeguarding.action_agreed", {"what": "secret", "owner": "social worker", "due": "2026-01-05"},
            agency="LA", about=Record("LA", "L1"), at=here.now - timedelta(days=2), sensitivity="lado",
        ),
        at=here.now,
    )  # fmt: skip
    page = _text(here.client("ines").get("/caseload"))
    assert "Nothing is late" in page
    assert "With something late (0)" in page
