"""Questions are answered with a reason, once; duties show the steps to their day; both can be given to a colleague."""

from __future__ import annotations

from datetime import timedelta

import pytest

from throughcare.access import queries as access
from throughcare.alerts import queries as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.web.tests import scene


@pytest.fixture
def asked(here):
    """A bruise on a child who does not move, found by the health visitor and told to the council."""
    at = here.now - timedelta(hours=2)
    told = [{"agency": "LA", "at": at.isoformat()}]
    scene.keep(scene.injury("h1", agency="HV", record="H1", at=at, shared=told), at=here.now)
    return here


def _question(here, rule="T01"):
    found = next(one for one in duties.findings_of([here.child]) if one.rule == rule)
    return here.path(f"/findings/{rule}/{found.key}")


def _version(here):
    return ledger.versions([here.child])[here.child]


def _answer(here, **given):
    ref = "W0000000000000001"
    return {"ref": ref, "version": _version(here), "response": "act", "reason": "Examined today", **given}


def test_a_question_shows_its_evidence_and_who_is_asked(asked):
    page = asked.client("ines").get(_question(asked)).content.decode()
    assert "a bruise, h1" in page
    assert "Why this is asked" in page


def test_an_answer_is_an_entry_that_the_agency_of_the_evidence_knows(asked):
    client = asked.client("ines")
    response = client.post(_question(asked), _answer(asked))
    assert response.status_code == 302
    page = asked.client("joy").get(_question(asked)).content.decode()
    assert "Examined today" in page
    assert "We act on it" in page


def test_sent_twice_it_is_recorded_once(asked):
    client, sent = asked.client("ines"), _answer(asked)
    client.post(_question(asked), sent)
    before = _version(asked)
    assert client.post(_question(asked), sent).status_code == 302
    assert _version(asked) == before


def test_without_a_reason_nothing_is_recorded_and_the_choice_is_kept(asked):
    before = _version(asked)
    response = asked.client("ines").post(_question(asked), _answer(asked, reason="", response="no_action"))
    page = response.content.decode()
    assert response.status_code == 400
    assert 'href="#id_reason"' in page
    assert 'value="no_action" checked' in page
    assert _version(asked) == before


def test_whoever_writes_past_what_they_have_not_read_is_told_to_read_it(asked):
    sent = _answer(asked)
    scene.keep(scene.action_agreed("a9", record="L1", due=asked.now.date(), at=asked.now), at=asked.now)
    response = asked.client("ines").post(_question(asked), sent)
    assert "Somebody wrote about Wilf" in response.content.decode()
    again = asked.client("ines").post(_question(asked), _answer(asked))
    assert again.status_code == 302


def test_opening_a_question_marks_the_message_as_seen(asked):
    me = asked.users["ines"]
    told = [one.path for one in alerts.told(me, unseen=True)]
    assert any("/findings/T01/" in one for one in told)
    asked.client("ines").get(_question(asked))
    assert not any("/findings/T01/" in one.path for one in alerts.told(me, unseen=True))


def test_a_question_of_somebody_else_looks_like_no_page(asked):
    assert asked.client("sam").get(_question(asked)).status_code == 404
    assert asked.client("ines").get(asked.path("/findings/T01/nothing")).status_code == 404


def test_a_colleague_who_works_with_the_child_can_be_given_it_and_is_told(asked):
    client, path = asked.client("ines"), _question(asked)
    key = path.split("/T01/")[1]
    client.post(asked.path("/assign"), {"rule": "T01", "key": key, "to": str(asked.users["mara"])})
    page = client.get(path).content.decode()
    assert "Ines Calder gave it to Mara Oakes" in page
    assert "assigned" in [one.about for one in alerts.told(asked.users["mara"])]


def test_nobody_outside_the_case_can_be_given_it(asked):
    path = _question(asked)
    asked.client("ines").post(
        asked.path("/assign"), {"rule": "T01", "key": path.split("/T01/")[1], "to": str(asked.users["sam"])}
    )
    assert duties.assignments(asked.child, "T01", path.split("/T01/")[1]) == []


def test_a_duty_shows_the_steps_to_its_day(here):
    due = (here.now + timedelta(days=3)).date()
    scene.keep(scene.action_agreed("a1", record="L1", due=due, at=here.now - timedelta(days=1)), at=here.now)
    page = here.client("ines").get(here.path("/duties/A01/LA:a1")).content.decode()
    assert "Step 1" in page
    assert "Started by action agreed" in page


def test_a_duty_of_an_entry_that_may_not_be_read_is_not_there(here):
    due = (here.now + timedelta(days=3)).date()
    scene.keep(scene.action_agreed("a1", record="L1", due=due, at=here.now - timedelta(days=1)), at=here.now)
    assert here.client("joy").get(here.path("/duties/A01/LA:a1")).status_code == 404
    assert "agreed" not in here.client("joy").get(here.path("/duties")).content.decode()


def test_lists_of_questions_and_duties_say_so_when_they_are_empty(here):
    assert "No question waits" in here.client("ines").get(here.path("/findings")).content.decode()
    assert "No duties" in here.client("ines").get(here.path("/duties")).content.decode()


def test_looking_at_a_question_is_noted(asked):
    asked.client("ines").get(_question(asked))
    line = access.lines(person=asked.child, who=asked.users["ines"])[0]
    assert (line.object_id, line.relation) == ("finding", "allocated")
