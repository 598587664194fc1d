"""The duties calendar shows what is due about my people; its feed tells other programs the days, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import AuditLine, User
from throughcare.duties.models import Feed
from throughcare.ledger.entry import Record
from throughcare.web import ical
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db


def _text(response) -> str:
    return " ".join(response.content.decode().split())


def _due(here, days: int, ref: str = "a1", what: str = "a check at home") -> date:
    """Something that Ines's agency owes about the child, so many days from today."""
    on = here.now.date() + timedelta(days=days)
    scene.keep(scene.action_agreed(ref, record="L1", due=on, at=here.now - timedelta(days=20), what=what), at=here.now)
    return on


def _window(here) -> None:
    """A window of an adult who is allocated to Ines: to ask for reconsideration of a provisional decision."""
    at, about = here.now - timedelta(days=5), Record("LA", "L1")
    scene.keep(
        scene.an_entry("rv", "parole.review_opened", {"review": "recall"}, agency="LA", about=about, at=at),
        scene.an_entry(
            "de", "parole.decision_issued",
            {"stage": "oral", "outcome": "release_directed", "status": "provisional", "review": "rv"},
            agency="LA", about=about, at=at,
        ),
        scene.an_entry("pr", "parole.decision_provided", {"decision": "de"}, agency="LA", about=about, at=at),
        at=here.now,
    )  # fmt: skip


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "group"), [(-3, "Late"), (0, "Today"), (25, "Later")])
def test_a_duty_stands_under_its_day(here, days, group):
    on = _due(here, days)
    page = _text(here.client("ines").get("/calendar"))
    agenda = page.partition('id="agenda"')[2].partition("</section>")[0]
    assert f'rowgroup">{group}</th>' in agenda
    assert f'datetime="{on.isoformat()}"' in agenda
    assert "A check at home" in agenda


def test_what_is_due_later_than_four_weeks_is_in_its_month_and_not_in_the_agenda(here):
    on = _due(here, 60)
    client = here.client("ines")
    assert "A check at home" not in _text(client.get("/calendar"))
    month = _text(client.get(f"/calendar?month={on:%Y-%m}")).partition('id="month"')[2]
    assert "1 duty" in month
    assert "Wilf Harrop: A check at home" in month
    assert "A check at home" in _text(client.get(f"/calendar?day={on}")).partition('id="agenda"')[2]


def test_a_window_stands_apart_from_what_is_owed_and_is_never_late(here):
    _window(here)
    page = _text(here.client("ines").get("/calendar"))
    owed, _, windows = page.partition('id="windows"')
    assert "sk for reconsideration" in windows.partition('id="month"')[0]
    assert "sk for reconsideration" not in owed
    assert "window is open" in page or "windows are open" in page


def test_bank_holidays_are_shown(here):
    page = _text(here.client("ines").get("/calendar?month=2026-12"))
    day = page.partition('datetime="2026-12-25"')[2].partition("</td>")[0]
    assert "bank holiday" in day


def test_people_who_are_not_mine_are_not_in_my_calendar(here):
    _due(here, 2)
    assert "A check at home" not in _text(here.client("joy").get("/calendar?whose=all"))
    assert "A check at home" not in _text(here.client("sam").get("/calendar?whose=all"))


def test_what_another_agency_owes_shows_when_it_is_asked_for(here):
    access.relate(here.child, "allocated", user=here.users["joy"], at=here.now - timedelta(days=1))
    _due(here, 2)
    client = here.client("joy")
    mine = _text(client.get("/calendar"))
    assert "A check at home" not in mine
    assert "Nothing is due from you or your agency" in mine
    assert "A check at home" in _text(client.get("/calendar?whose=all"))


def test_who_was_shown_is_noted(here):
    _due(here, 2)
    here.client("ines").get("/calendar")
    line = AuditLine.objects.filter(object_id="calendar").latest("id")
    assert line.persons == [here.child]


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(here):
    _due(here, 2)
    client = here.client("ines")
    client.get("/calendar")
    with CaptureQueriesContext(connection) as one:
        client.get("/calendar")
    for number in range(4):
        child = scene.make_child(f"Child Number{number}", {"LA": f"LX{number}"}, at=here.now - timedelta(days=30))
        access.relate(child, "allocated", user=here.users["ines"], at=here.now - timedelta(days=30))
        scene.keep(
            scene.action_agreed(
                f"x{number}", record=f"LX{number}", due=here.now.date(), at=here.now - timedelta(days=9)
            ),
            at=here.now,
        )
    with CaptureQueriesContext(connection) as many:
        page = client.get("/calendar")
    assert "Child Number3" in _text(page)
    assert len(many) == len(one) <= 16


@pytest.mark.parametrize("query", ["month=2026-13", "month=soon", "day=never", "month=9999-12", "day=2026-02-30"])
def test_an_address_that_makes_no_sense_shows_this_month(here, query):
    assert here.client("ines").get(f"/calendar?{query}").status_code == 200


# --- the feed -------------------------------------------------------------------------------------------------------


def _address(here, who: str = "ines") -> str:
    page = _text(here.client(who).post("/calendar/feed", {"do": "renew"}))
    return re.search(r"http://[^/]+(/calendar/[\w-]+\.ics)", page)[1]


def _events(response) -> list[icalendar.Event]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def test_the_feed_tells_the_day_and_nothing_of_the_case(here):
    on = _due(here, 3, what="a check at home")
    _window(here)
    answer = Client().get(_address(here))
    events = _events(answer)
    assert {str(one["SUMMARY"]) for one in events} == {ical.DUTY, ical.WINDOW}
    assert on in {one.decoded("DTSTART") for one in events}
    said = answer.content.decode().replace("\r\n ", "").lower()
    for secret in (
        "wilf",
        "harrop",
        "check",
        "home",
        str(here.child),
        "l1",
        "a01",
        "d17",
        "parole",
        "reconsider",
        "ines",
    ):
        assert secret not in re.sub(r"uid:\w+@throughcare", "", said), secret


def test_the_link_of_an_event_leads_to_its_day(here):
    on = _due(here, 3)
    (event,) = _events(Client().get(_address(here)))
    assert str(event["URL"]).endswith(f"/calendar?day={on}")
    assert "A check at home" in _text(here.client("ines").get(f"/calendar?day={on}"))


def test_an_event_keeps_its_name_from_one_day_to_the_next(here):
    _due(here, 3)
    address = _address(here)
    assert _events(Client().get(address))[0]["UID"] == _events(Client().get(address))[0]["UID"]


def test_a_duty_that_ends_at_an_hour_stands_in_london_time():
    dues = [ical.Due(uid="x", on=date(2026, 7, 1), at=datetime(2026, 7, 1, 14, 0))]  # noqa: DTZ001 - London time
    made = ical.calendar(dues, site="https://cases.example", now=datetime(2026, 6, 1, tzinfo=UTC))
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert event.decoded("DTEND").astimezone(UTC) == datetime(2026, 7, 1, 13, 0, tzinfo=UTC)
    assert b"TZID:Europe/London" in made


def test_a_new_address_ends_the_old_one(here):
    first = _address(here)
    second = _address(here)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_an_ended_address_is_gone_and_can_be_made_anew(here):
    address = _address(here)
    here.client("ines").post("/calendar/feed", {"do": "end"})
    assert Client().get(address).status_code == 410
    assert "You have no address" in _text(here.client("ines").get("/calendar/feed"))


def test_an_unknown_address_is_not_found(here):
    assert Client().get("/calendar/nothing.ics").status_code == 404


def test_an_account_that_was_shut_gets_nothing_more(here):
    _due(here, 3)
    address = _address(here)
    User.objects.filter(id=here.users["ines"]).update(is_active=False)
    assert Client().get(address).status_code == 410


def test_a_person_who_is_no_longer_mine_is_no_longer_in_the_feed(here):
    _due(here, 3)
    address = _address(here)
    assert len(_events(Client().get(address))) == 1
    accounts.make_user("other@example.test", name="Other", agency="LA", at=here.now)
    from throughcare.access.models import Relationship

    Relationship.objects.filter(user=here.users["ines"]).update(ended=here.now)
    assert _events(Client().get(address)) == []


def test_the_token_is_kept_as_a_hash_only(here):
    address = _address(here)
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    kept = Feed.objects.get()
    assert token not in str(vars(kept))
    assert "?" not in address


def test_making_ending_and_reading_the_feed_are_noted(here):
    _due(here, 3)
    address = _address(here)
    Client().get(address)
    here.client("ines").post("/calendar/feed", {"do": "end"})
    lines = AuditLine.objects.filter(object_kind="calendar_feed").order_by("id")
    assert [(one.act, one.purpose, one.results) for one in lines] == [
        ("permission", "renewed", None),
        ("export", "calendar", 1),
        ("permission", "ended", None),
    ]


def test_whoever_guesses_is_slowed(here):
    client = Client()
    for _ in range(60):
        client.get("/calendar/guess.ics")
    assert client.get("/calendar/guess.ics").status_code == 429
