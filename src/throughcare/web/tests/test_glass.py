"""Breaking the glass is loud, and is reviewed by another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest

from throughcare.access import actions as access_actions
from throughcare.access import queries as access
from throughcare.access import signing_in
from throughcare.access.models import User
from throughcare.alerts import queries as alerts
from throughcare.web import glass

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


def test_outside_the_demonstration_the_right_code_opens_the_case_and_is_good_once(here):
    User.objects.filter(id=here.users["sam"]).update(demonstration=False)
    secret = signing_in.begin_enrolment(here.users["sam"]).secret
    codes = pyotp.TOTP(secret)
    earlier = here.now - timedelta(minutes=5)
    signing_in.finish_enrolment(here.users["sam"], secret, codes.at(earlier), at=earlier)
    client, code = here.client("sam"), codes.at(datetime.now(UTC))
    assert client.post(here.path("/break-glass"), {"reason": REASON, "code": code}).status_code == 302
    assert client.get(here.path("/entries")).status_code == 200
    again = here.client("sam").post(here.path("/break-glass"), {"reason": REASON, "code": code})
    assert again.status_code == 400


def test_somebody_who_is_blocked_sees_no_glass_to_break(here):
    access_actions.block(here.users["sam"], here.child, "relative", reason="is their uncle", at=here.now)
    assert here.client("sam").get(here.path("/break-glass")).status_code == 404


def test_a_guardian_reviews_it_and_the_one_who_broke_it_does_not(here):
    here.client("sam").post(here.path("/break-glass"), {"reason": REASON})
    client = here.client("gil")
    gil = access.viewer(here.users["gil"], at=here.now)
    broken = access.glass_of(here.child, gil)[0]
    assert REASON in client.get("/break-glass").content.decode()
    sent = {"outcome": "justified", "note": "The child was before him"}
    assert client.post(f"/break-glass/{broken.id}", sent).status_code == 302
    assert access.glass_of(here.child, gil)[0].outcome == "justified"
    assert client.get(f"/break-glass/{broken.id}").status_code == 404
    assert here.client("sam").get("/break-glass").status_code == 404


def test_the_reviewer_sees_how_often_the_glass_was_broken_on_this_person_before_and_what_came_of_it(here):
    first = access_actions.break_glass(
        access.viewer(here.users["sam"], at=here.now), here.child, reason="The first of the two",
        at=here.now - timedelta(hours=3), review_due=date(2026, 1, 2),
    )  # fmt: skip
    gil = here.client("gil")
    assert "None of yours to review" in gil.get(f"/break-glass/{first.glass}").content.decode()
    gil.post(f"/break-glass/{first.glass}", {"outcome": "not_justified", "note": "It could have waited"})
    here.client("sam").post(here.path("/break-glass"), {"reason": REASON})
    second = access.glass_to_review(access.viewer(here.users["gil"], at=here.now))[0]
    page = gil.get(f"/break-glass/{second.id}").content.decode()
    assert "The first of the two" in page
    assert "It was not justified" in page
    assert "It could have waited" in page


def test_the_review_is_due_on_the_second_working_day():
    assert glass.review_day(date(2026, 12, 24)) == date(
        2026, 12, 30
    )  # Christmas, a Saturday's Boxing Day, a Monday off
    assert glass.review_day(date(2999, 1, 1)) == date(2999, 1, 3)
