"""To tell another agency, to ask one, to answer: chosen, read once more, kept with its reason, undone in the open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from throughcare.alerts.models import Delivery
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Key, Record
from throughcare.web import writing
from throughcare.web.tests import scene

PURPOSE = "to plan the next visit together"


@pytest.fixture
def noted(here):
    """An observation and an injury that the council wrote down, and told nobody of."""
    at = here.now - timedelta(hours=2)
    seen = {"weight": "concern", "seen_or_told": "seen"}
    about = Record("LA", "L1")
    scene.keep(
        scene.an_entry("o1", "safeguarding.observation", seen, agency="LA", about=about, at=at, summary="wet cot"),
        scene.injury("l1", agency="LA", record="L1", at=at),
        at=here.now,
    )
    return here


def _id(ref, agency="LA"):
    return str(writing.id_of(Key(agency, ref)))


def _sent(here, step="record", **given):
    base = {"ref": "W00000000000000aa", "version": ledger.versions([here.child])[here.child], "step": step}
    why = {"purpose": PURPOSE, "lawful_basis": "public_task", "family_told": "yes"}
    return {**base, **why, "to": "HV", "other": "", **given}


def test_what_is_shared_is_read_once_more_before_it_goes(noted):
    response = noted.client("ines").post(noted.path("/share"), _sent(noted, "check", entries=_id("o1"), said="Ring me"))
    page = response.content.decode()
    assert response.status_code == 200
    for words in ("wet cot", "Ring me", PURPOSE, "Fellbeck health visiting: 1 member of staff is told", "public task"):
        assert words in page
    assert noted.client("joy").get(noted.path(f"/entries/{_id('o1')}")).status_code == 404


def test_change_something_leads_back_with_everything_that_was_answered(noted):
    page = noted.client("ines").post(noted.path("/share"), _sent(noted, "change", entries=_id("o1"))).content.decode()
    assert f'value="{_id("o1")}" checked' in page
    assert PURPOSE in page


def test_shared_it_is_known_to_the_other_agency_from_now_on_and_their_staff_are_told(noted):
    response = noted.client("ines").post(noted.path("/share"), _sent(noted, entries=_id("o1"), said="Ring me first"))
    assert response.status_code == 302
    shared = noted.client("ines").get(response.url).content.decode()
    assert "It is shared" in shared
    joy = noted.client("joy")
    assert joy.get(noted.path(f"/entries/{_id('o1')}")).status_code == 200
    assert "Ring me first" in joy.get(noted.path(f"/entries/{_id('W00000000000000aa')}")).content.decode()
    assert Delivery.objects.filter(user=noted.users["joy"], notice__about="shared").count() == 1


def test_a_sentence_alone_is_enough(noted):
    noted.client("ines").post(noted.path("/share"), _sent(noted, said="The father may not visit"))
    page = noted.client("joy").get(noted.path("/entries")).content.decode()
    assert "The father may not visit" in page
    assert "wet cot" not in page


def test_sending_it_twice_shares_once(noted):
    client, sent = noted.client("ines"), _sent(noted, said="The father may not visit")
    assert [client.post(noted.path("/share"), sent).status_code for _ in range(2)] == [302, 302]
    assert noted.client("ines").get(noted.path("/entries")).content.decode().count("The father may not visit") == 1


def test_what_is_restricted_goes_along_only_where_it_was_said_to_be_meant(noted):
    both = [_id("o1"), _id("l1")]
    client = noted.client("ines")
    page = client.post(noted.path("/share"), _sent(noted, "check", entries=both)).content.decode()
    assert "1 restricted entry goes along" in page
    assert "Restricted: sensitive facts of health" in page
    refused = client.post(noted.path("/share"), _sent(noted, entries=both))
    assert refused.status_code == 400
    assert "Tick that you mean to share what is restricted" in refused.content.decode()
    assert noted.client("joy").get(noted.path(f"/entries/{_id('l1')}")).status_code == 404
    assert client.post(noted.path("/share"), _sent(noted, entries=both, restricted="yes")).status_code == 302
    assert noted.client("joy").get(noted.path(f"/entries/{_id('l1')}")).status_code == 200


def test_each_label_is_shared_in_an_entry_of_its_own_so_that_none_tells_of_another(noted):
    noted.client("ines").post(noted.path("/share"), _sent(noted, entries=[_id("o1"), _id("l1")], restricted="yes"))
    found = ledger.everything([Record("LA", "L1")], kinds=["information.shared"])
    assert {(one.sensitivity, tuple(one.body["entries"])) for one in found} == {
        ("standard", ("o1",)),
        ("health", ("l1",)),
    }


def test_it_needs_something_to_share_somebody_a_ground_a_purpose_and_what_they_were_told(noted):
    nothing = {"to": "", "purpose": "", "lawful_basis": "", "family_told": ""}
    response = noted.client("ines").post(noted.path("/share"), _sent(noted, "check", **nothing))
    assert response.status_code == 400
    for name in ("entries", "to", "purpose", "lawful_basis", "family_told"):
        assert f'href="#id_{name}"' in response.content.decode()


def test_the_entry_of_another_agency_is_for_them_to_share(noted):
    told = [{"agency": "LA", "at": noted.now.isoformat()}]
    at = noted.now - timedelta(minutes=5)
    scene.keep(scene.injury("h1", agency="HV", record="H1", at=at, shared=told), at=noted.now)
    client = noted.client("ines")
    assert _id("h1", "HV") not in client.get(noted.path("/share")).content.decode()
    assert client.post(noted.path("/share"), _sent(noted, "check", entries=_id("h1", "HV"))).status_code == 400


def test_a_sharing_made_in_error_is_withdrawn_in_the_open(noted):
    client = noted.client("ines")
    url = client.post(noted.path("/share"), _sent(noted, entries=_id("o1"))).url.partition("?")[0]
    assert f'href="{url}/withdraw"' in client.get(url).content.decode()
    sent = {
        "ref": "W00000000000000ab",
        "version": ledger.versions([noted.child])[noted.child],
        "reason": "wrong agency",
    }
    assert client.post(f"{url}/withdraw", sent).status_code == 302
    assert "This entry was withdrawn" in client.get(url).content.decode()


def test_nobody_shares_in_the_past_or_without_the_right_to(noted):
    day = (noted.now - timedelta(days=1)).date()
    assert noted.client("ines").get(noted.path(f"/share?known_on={day}")).status_code == 404
    assert noted.client("sam").get(noted.path("/share")).status_code in (403, 404)


# --- asking and answering --------------------------------------------------------------------------------------------


def _asks(here, **given):
    sent = {
        "ref": "W00000000000000ba", "version": ledger.versions([here.child])[here.child], "to": "HV",
        "purpose": "What do you see at home?", "lawful_basis": "public_task", "reply_by": "1 January 2100", **given,
    }  # fmt: skip
    return here.client("ines").post(here.path("/ask"), sent)


def test_the_agency_that_is_asked_is_told_and_its_answer_settles_the_request(noted):
    assert _asks(noted).status_code == 302
    assert Delivery.objects.filter(user=noted.users["joy"], notice__about="asked").count() == 1
    joy, path = noted.client("joy"), noted.path(f"/entries/{_id('W00000000000000ba')}")
    page = joy.get(path).content.decode()
    assert "What do you see at home?" in page
    assert "Answer this request" in page
    answer = {"answer": _id("W00000000000000ba"), "holds": "yes", "said": "Seen on Monday, all well", "to": ""}
    sent = _sent(noted, ref="W00000000000000bb", **answer)
    url = joy.post(noted.path("/share"), sent).url
    assert "They have your answer" in joy.get(url).content.decode()
    assert "Answer this request" not in joy.get(path).content.decode()
    ines = noted.client("ines").get(noted.path("/entries")).content.decode()
    assert "Seen on Monday, all well" in ines
    assert "information is held" in ines


def test_that_nothing_is_held_is_an_answer_too(noted):
    _asks(noted)
    nothing = {"purpose": "", "lawful_basis": "", "family_told": "", "to": ""}
    sent = _sent(noted, ref="W00000000000000bb", answer=_id("W00000000000000ba"), holds="no", **nothing)
    assert noted.client("joy").post(noted.path("/share"), sent).status_code == 302
    assert "nothing is held" in noted.client("ines").get(noted.path("/entries")).content.decode()


def test_only_the_agency_that_was_asked_answers(noted):
    _asks(noted)
    assert noted.client("ines").get(noted.path(f"/share?answer={_id('W00000000000000ba')}")).status_code == 404


def test_a_day_that_is_past_is_no_day_to_answer_by(noted):
    response = _asks(noted, reply_by="1 January 2020")
    assert response.status_code == 400
    assert 'href="#id_reply_by"' in response.content.decode()
