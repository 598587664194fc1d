"""Breaking the glass is loud and reviewed; who looked is there to be read; doubtful links wait for a human."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from throughcare.access import actions as access_actions
from throughcare.access import queries as access
from throughcare.access.models import User
from throughcare.alerts import actions as alert_actions
from throughcare.alerts import queries as alerts
from throughcare.ledger.life import PersonRecord
from throughcare.people import queries as people
from throughcare.web import access_pages

REASON = "A child of this name is in front of me"


@pytest.fixture(autouse=True)
def in_the_demonstration(settings):
    """The demonstration’s people show no second factor."""
    settings.DEMO = True


def test_the_glass_opens_the_case_and_tells_the_owner_and_the_guardian(here):
    client = here.client("sam")
    assert client.get(here.path("/entries")).status_code == 404
    assert client.post(here.path("/break-glass"), {"reason": REASON}).status_code == 302
    assert client.get(here.path("/entries")).status_code == 200
    for who in ("ines", "gil"):
        assert "break_glass" in [one.about for one in alerts.told(here.users[who])]


def test_without_a_reason_in_words_it_stays_shut(here):
    response = here.client("sam").post(here.path("/break-glass"), {"reason": "why not"})
    assert response.status_code == 400
    assert here.client("sam").get(here.path("/entries")).status_code == 404


def test_outside_the_demonstration_the_second_factor_is_asked_for_again(here):
    User.objects.filter(id=here.users["sam"]).update(demonstration=False)
    client = here.client("sam")
    assert "Code from your app" in client.get(here.path("/break-glass")).content.decode()
    assert client.post(here.path("/break-glass"), {"reason": REASON, "code": "000000"}).status_code == 400
    assert client.get(here.path("/entries")).status_code == 404


def test_somebody_who_is_blocked_sees_no_glass_to_break(here):
    viewer = access.viewer(here.users["mara"], at=here.now)
    access_actions.block(here.users["sam"], here.child, "relative", reason="an uncle", at=here.now, by=viewer)
    assert here.client("sam").get(here.path("/break-glass")).status_code == 404


def test_a_guardian_reviews_it_and_the_one_who_broke_it_does_not(here):
    here.client("sam").post(here.path("/break-glass"), {"reason": REASON})
    client = here.client("gil")
    glass = access.glass_of(here.child)[0]
    assert REASON in client.get("/break-glass").content.decode()
    sent = {"outcome": "justified", "note": "The child was before him"}
    assert client.post(f"/break-glass/{glass.id}", sent).status_code == 302
    assert access.glass_of(here.child)[0].outcome == "justified"
    assert client.get(f"/break-glass/{glass.id}").status_code == 404
    assert here.client("sam").get("/break-glass").status_code == 404


def test_the_review_is_due_on_the_second_working_day():
    assert access_pages.review_day(date(2026, 12, 24)) == date(
        2026, 12, 30
    )  # Christmas, a Saturday's Boxing Day, a Monday off
    assert access_pages.review_day(date(2999, 1, 1)) == date(2999, 1, 3)


def test_the_owner_reads_who_looked_and_why(here):
    here.client("sam").post(here.path("/break-glass"), {"reason": REASON})
    page = here.client("ines").get(here.path("/access")).content.decode()
    assert "Sam Reed" in page
    assert REASON in page
    assert "the glass was broken" in page


def test_whoever_does_not_own_the_case_does_not_read_the_log(here):
    assert here.client("joy").get(here.path("/access")).status_code == 404
    assert here.client("joy").get("/access-log").status_code == 404


def test_the_guardian_reads_the_log_of_all_and_no_name_of_a_child(here):
    here.client("ines").get(here.path())
    page = here.client("gil").get("/access-log").content.decode()
    assert "Ines Calder" in page
    assert "Wilf" not in page
    assert "Ines Calder" not in here.client("gil").get("/access-log?act=export").content.decode()


@pytest.fixture
def doubt(here):
    """Two records of nearly one name and one birth date."""
    given = [PersonRecord(agency=agency, ref=ref, names=(name,), date_of_birth=date(2019, 11, 7))
             for agency, ref, name in (("LA", "D1", "Finlay Merrin"), ("HOSP", "D2", "Finley Merrin"))]  # fmt: skip
    alert_actions.record([], people=given, by="system:test", at=here.now - timedelta(days=1))
    (pair,) = people.doubtful()
    return pair


def test_a_doubtful_pair_is_joined_by_a_decision_with_what_it_rests_on(here, doubt):
    client = here.client("rosa")
    assert "Finley Merrin" in client.get("/links").content.decode()
    assert client.post(f"/links/{doubt.id}", {"decision": "same"}).status_code == 400
    assert client.post(f"/links/{doubt.id}", {"decision": "same", "how": "document"}).status_code == 302
    joined = people.persons_of([doubt.first.record, doubt.second.record])
    assert len(set(joined.values())) == 1
    assert people.doubtful() == []


def test_a_decision_that_was_made_before_is_left_as_it_is(here, doubt):
    client, sent = here.client("rosa"), {"decision": "different", "how": "document"}
    assert client.post(f"/links/{doubt.id}", sent).status_code == 302
    assert client.post(f"/links/{doubt.id}", {**sent, "decision": "same"}).status_code == 302
    assert len(set(people.persons_of([doubt.first.record, doubt.second.record]).values())) == 2


def test_an_address_of_another_agency_is_not_shown(here, doubt):
    assert "Ask the agency that holds it" in here.client("rosa").get(f"/links/{doubt.id}").content.decode()
