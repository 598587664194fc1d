"""An injury or an observation is recorded once, in the agency's own name, and what follows is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from throughcare.ledger import queries as ledger
from throughcare.people import queries as people
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db

MARK = {"place": "cheek:left", "mark": "", "type": "bruise", "count": "1", "size_mm": "12", "pattern": "none",
        "looks": "oval", "mobility": "not_rolling"}  # fmt: skip
SAID = {"day": "1 November 2026", "time": "", "basis": "seen", "account_by": "mother", "mechanism": "rough_play",
        "words": "He caught it on his dummy", "witnessed": "no", "share": "LA"}  # fmt: skip
SEEN = {"summary": "Sat alone in a wet cot", "day": "1 November 2026", "time": "", "basis": "seen", "weight": "concern",
        "child_words": "", "who_present": "", "ref": "W00000000000000bb"}  # fmt: skip
HOW = "His mother gave the same name and birth date"


@pytest.fixture
def here(db):
    return scene.set_up()


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def _to_the_check(here, client, **changed):
    day = {"day": f"{here.now:%Y-%m-%d}"}
    client.post(here.path("/record/injury"), MARK)
    assert client.post(here.path("/record/injury/said"), {**SAID, **day, **changed}).status_code == 302
    return client.get(here.path("/record/injury/check")).content.decode()


def test_a_mark_on_a_child_who_does_not_move_opens_the_urgent_path_at_once(here):
    client = here.client("joy")
    client.post(here.path("/record/injury"), MARK)
    page = client.get(here.path("/record/injury")).content.decode()
    assert "Act on this now" in page
    assert "01632 960100" in page


def test_an_injury_with_its_account_is_recorded_shared_and_raises_its_question(here):
    client = here.client("joy")
    page = _to_the_check(here, client)
    assert "1 bruise, 12 mm, oval" in page
    response = client.post(here.path("/record/injury/check"), {"ref": _hidden(page, "ref")})
    assert response.status_code == 302
    after = client.get(response["Location"]).content.decode()
    assert "Has a suitably qualified clinician examined the child today" in after
    assert "Act on this now" in after
    assert "sees it from now on" in after
    theirs = here.client("ines").get(here.path("/entries")).content.decode()
    assert "left cheek" in theirs
    assert "He caught it on his dummy" in theirs


def test_sent_twice_an_injury_is_recorded_once(here):
    client = here.client("joy")
    sent = {"ref": _hidden(_to_the_check(here, client), "ref")}
    first = client.post(here.path("/record/injury/check"), sent)
    before = ledger.versions([here.child])
    again = client.post(here.path("/record/injury/check"), sent)
    assert again["Location"] == first["Location"]
    assert ledger.versions([here.child]) == before


def test_several_marks_make_one_occasion(here):
    client = here.client("joy")
    client.post(here.path("/record/injury"), {**MARK, "place": "chest", "count": "3"})
    page = _to_the_check(here, client)
    response = client.post(here.path("/record/injury/check"), {"ref": _hidden(page, "ref")})
    held = ledger.everything([one.record for one in people.records_of([here.child])[here.child]])
    found = [one for one in held if one.kind == "safeguarding.injury_found"]
    assert len(found) == 2
    assert len({one.body["occasion"] for one in found}) == 1
    assert response.status_code == 302


def test_a_mark_is_changed_and_taken_away(here):
    client = here.client("joy")
    client.post(here.path("/record/injury"), MARK)
    client.post(here.path("/record/injury"), {**MARK, "mark": "1", "type": "burn"})
    assert "1 burn" in client.get(here.path("/record/injury")).content.decode()
    client.post(here.path("/record/injury"), {**MARK, "mark": "1", "count": "0"})
    assert "No mark yet" in client.get(here.path("/record/injury")).content.decode()


def test_that_nobody_gave_an_account_is_recorded_too(here):
    client = here.client("joy")
    page = _to_the_check(here, client, account_by="nobody", mechanism="", words="", witnessed="")
    client.post(here.path("/record/injury/check"), {"ref": _hidden(page, "ref")})
    held = ledger.everything([one.record for one in people.records_of([here.child])[here.child]])
    account = next(one for one in held if one.kind == "safeguarding.explanation_given")
    assert account.body["mechanism"] == "none_offered"


def test_what_is_missing_is_asked_for_and_what_was_typed_is_kept(here):
    client = here.client("joy")
    page = client.post(here.path("/record/injury"), {**MARK, "type": "", "size_mm": "big"})
    assert page.status_code == 400
    assert 'href="#id_type"' in page.content.decode()
    assert 'value="big"' in page.content.decode()


def test_somebody_who_wrote_in_between_is_read_first(here):
    client = here.client("joy")
    page = _to_the_check(here, client)
    scene.keep(scene.action_agreed("a9", record="L1", due=here.now.date(), at=here.now), at=here.now)
    sent = {"ref": _hidden(page, "ref")}
    first = client.post(here.path("/record/injury/check"), sent)
    assert "Somebody wrote about Wilf" in first.content.decode()
    assert client.post(here.path("/record/injury/check"), sent).status_code == 302


def test_an_observation_is_recorded_on_one_page(here):
    client = here.client("ines")
    sent = {**SEEN, "day": f"{here.now:%Y-%m-%d}", "version": ledger.versions([here.child])[here.child], "share": "HV"}
    response = client.post(here.path("/record/observation"), sent)
    assert response.status_code == 302
    assert client.get(response["Location"]).status_code == 200
    assert "Sat alone in a wet cot" in here.client("joy").get(here.path("/entries")).content.decode()
    assert client.post(here.path("/record/observation"), sent).status_code == 302


def test_a_day_to_come_is_refused(here):
    day = here.now + timedelta(days=3)
    response = here.client("ines").post(here.path("/record/observation"), {**SEEN, "day": f"{day:%Y-%m-%d}"})
    assert response.status_code == 400
    assert "not come yet" in response.content.decode()


def test_an_agency_without_a_record_makes_its_own_first_and_is_linked(here):
    client = here.client("sam")
    response = client.get(here.path("/record/observation"))
    assert response["Location"] == here.path("/record/own?to=observation")
    sent = {"name": "Wilf Harrop", "born": "15 May 2025", "note": HOW, "ref": "W00000000000000cc"}
    assert client.post(response["Location"], {**sent, "note": ""}).status_code == 400
    assert client.post(response["Location"], sent).status_code == 302
    held = people.records_of([here.child])[here.child]
    assert "POL" in [one.record.agency for one in held]
    day = {"day": f"{here.now:%Y-%m-%d}", "version": ledger.versions([here.child])[here.child]}
    done = client.post(here.path("/record/observation"), {**SEEN, **day})
    assert client.get(done["Location"]).status_code == 200


def test_whoever_cannot_read_the_case_can_record_and_sees_nothing_of_it(here):
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=3)), at=here.now)
    client = here.client("sam")
    sent = {"name": "Wilf Harrop", "born": "15 May 2025", "note": HOW, "ref": "W00000000000000dd"}
    client.post(here.path("/record/own?to=injury"), sent)
    page = client.get(here.path("/record/injury")).content.decode()
    assert "a bruise, l1" not in page
    assert "Where are the marks?" in page


def test_a_role_that_records_nothing_finds_no_form(here):
    for path in ("/record/injury", "/record/observation", "/record/own", "/recorded/W1"):
        assert here.client("gil").get(here.path(path)).status_code == 404


def test_what_another_agency_recorded_has_no_receipt_for_me(here):
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=3)), at=here.now)
    assert here.client("joy").get(here.path("/recorded/l1")).status_code == 404
