"""The page of a recall tells the lives of tests/lives as they were: two recalls of one man, and one of 56 days."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.alerts import actions as alerts
from throughcare.ledger.tests.facts import read_life
from throughcare.people import queries as people

pytestmark = pytest.mark.django_db


def reader(life: str, record: str = "PR-1") -> tuple[Client, UUID]:
    """A life in the database, and a client of somebody in the casework section who reads one person of it."""
    told, now = read_life(life), datetime.now(UTC)
    for code, agency in told.agencies.items():
        accounts.keep_agency(code, name=agency.name, sector=agency.sector, telephone="", contact="", at=now)
    alerts.record(told.entries, people=told.records, by="system:test", at=now, quiet=True)
    user = accounts.make_user("pia@example.test", name="Pia Moss", agency="PPCS", at=now, demonstration=True)
    accounts.give_role(user, "caseworker", at=now, title="caseworker")
    held = next(one.record for one in told.records if one.ref == record)
    person = people.persons_of([held])[held]
    access.relate(person, "casework", user=user, at=now)
    return signed_in(Client(), User.objects.get(id=user), at=now), person


def test_two_recalls_of_one_man_stand_one_after_the_other_with_what_the_board_did():
    client, person = reader("open-hearing")
    page = client.get(f"/people/{person}/recall?known_on=2024-09-06").content.decode()
    assert "Back in custody on recall since 5 September 2024 at 7:50am: standard recall." in page
    assert "Before: released again after recall 4 August 2022" in page
    assert page.count("Referred to the Board") == 4
    assert "It is an indeterminate sentence: only a standard recall is open" in page
    assert "Which type: the law of 11 May 2016" in page
    assert "Refer to the Board" in page
    assert "3 October 2024" in page


def test_the_page_of_a_past_day_knows_nothing_of_what_came_after():
    client, person = reader("fifty-six-days")
    at_large = client.get(f"/people/{person}/recall?known_on=2026-04-27").content.decode()
    assert "Licence revoked 16 April 2026 at 10am, not back in custody." in at_large
    assert "11 days from the revocation to this day" in at_large
    assert "Next: check a person at large, by 8 May 2026" in at_large
    assert "5 May 2026 at 7:10pm" not in at_large
    returned = client.get(f"/people/{person}/recall?known_on=2026-05-08").content.decode()
    assert "19 days from the revocation to the return" in returned
    assert "29 June 2026" in returned
    assert "none of the exclusions is recorded: a fixed term of 56 days" in returned
    overview = client.get(f"/people/{person}?known_on=2026-05-08").content.decode()
    assert "Release from recall due" in overview
    assert "Recalled to custody" in overview
    now = client.get(f"/people/{person}/recall").content.decode()
    assert "Released again after recall 29 June 2026." in now
