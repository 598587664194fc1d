"""Records in doubt wait for a human, who says what the decision rests on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from throughcare.access import actions as access_actions
from throughcare.alerts import actions as alert_actions
from throughcare.ledger import queries as ledger
from throughcare.ledger.life import PersonRecord
from throughcare.people import queries as people

WHY = "I saw the birth certificate"
SENT = {"decision": "same", "how": "document", "note": WHY}


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
    assert client.post(f"/links/{doubt.id}", SENT).status_code == 302
    joined = people.persons_of([doubt.first.record, doubt.second.record])
    assert len(set(joined.values())) == 1
    assert people.doubtful() == []


def test_a_decision_needs_a_reason_in_words_and_both_agencies_read_it(here, doubt):
    client = here.client("rosa")
    refused = client.post(f"/links/{doubt.id}", {**SENT, "note": "yes"})
    assert refused.status_code == 400
    assert "Say in words why you decide so" in refused.content.decode()
    client.post(f"/links/{doubt.id}", SENT)
    joined = people.persons_of([doubt.first.record])[doubt.first.record]
    access_actions.relate(joined, "allocated", user=here.users["ines"], at=here.now)
    (kept,) = (one for one in ledger.everything([doubt.first.record]) if one.kind == "people.linked")
    assert WHY in here.client("ines").get(f"/people/{joined}/entries/{kept.id}").content.decode()


def test_a_decision_that_was_made_before_is_left_as_it_is(here, doubt):
    client, sent = here.client("rosa"), {**SENT, "decision": "different"}
    assert client.post(f"/links/{doubt.id}", sent).status_code == 302
    assert client.post(f"/links/{doubt.id}", {**sent, "decision": "same"}).status_code == 302
    assert len(set(people.persons_of([doubt.first.record, doubt.second.record]).values())) == 2


def test_an_address_of_another_agency_is_not_shown(here, doubt):
    assert "Ask the agency that holds it" in here.client("rosa").get(f"/links/{doubt.id}").content.decode()


def test_the_address_of_a_joined_person_leads_to_who_holds_the_records_now(here, doubt):
    before = people.persons_of([doubt.first.record, doubt.second.record])
    for person in before.values():
        access_actions.relate(person, "allocated", user=here.users["ines"], at=here.now)
    here.client("rosa").post(f"/links/{doubt.id}", SENT)
    (heir,) = set(people.persons_of([doubt.first.record, doubt.second.record]).values())
    (gone,) = set(before.values()) - {heir}
    ines = here.client("ines")
    assert ines.get(f"/people/{gone}/entries?known-on=2026-01-05").headers["Location"] == (
        f"/people/{heir}/entries?known-on=2026-01-05"
    )
    assert ines.get(f"/people/{heir}/entries").status_code == 200
