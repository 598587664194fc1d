"""What was not delivered shows on a page that somebody owns, and can be tried again."""

from __future__ import annotations

from uuid import UUID

from throughcare.alerts import actions as alerts
from throughcare.alerts import queries
from throughcare.alerts.models import Delivery


def _given_up(here) -> UUID:
    notice = alerts.To(about="duty", key="k1", path="/", person=here.child, users=frozenset({here.users["ines"]}))
    alerts.send([notice], at=here.now)
    row = Delivery.objects.get()
    Delivery.objects.update(state="undeliverable", attempts=7, fault="The mail server refused the address")
    return row.id


def test_a_message_that_was_given_up_shows_to_whom_and_why_and_nothing_of_the_case(here):
    _given_up(here)
    page = here.client("otto").get("/undelivered").content.decode()
    assert "Ines Calder" in page
    assert "The mail server refused the address" in page
    assert "Wilf" not in page


def test_it_can_be_tried_again(here):
    delivery = _given_up(here)
    assert here.client("otto").post(f"/undelivered/{delivery}/again").status_code == 302
    assert queries.undelivered() == []


def test_trying_again_twice_changes_nothing(here):
    delivery = _given_up(here)
    client = here.client("otto")
    for _ in range(2):
        assert client.post(f"/undelivered/{delivery}/again").status_code == 302


def test_a_practitioner_does_not_see_the_list(here):
    assert here.client("ines").get("/undelivered").status_code == 404


def test_nothing_undelivered_is_said(here):
    assert "Every message arrived" in here.client("otto").get("/undelivered").content.decode()
