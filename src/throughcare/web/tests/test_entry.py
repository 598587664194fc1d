"""One entry: what it says, who knows it, its proof; corrected, withdrawn and shared by its own agency alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from throughcare.ledger import queries as ledger
from throughcare.ledger import sealing
from throughcare.ledger.checkpoint import SigningKey
from throughcare.ledger.entry import Key, Record
from throughcare.ledger.queries import ENTRIES
from throughcare.web import writing
from throughcare.web.tests import scene


@pytest.fixture
def noted(here):
    """An injury that the council found, and told nobody of."""
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=2)), at=here.now)
    return here


def _path(here, ref="l1", agency="LA", rest=""):
    return here.path(f"/entries/{writing.id_of(Key(agency, ref))}{rest}")


def _sent(here, **given):
    return {"ref": "W00000000000000aa", "version": ledger.versions([here.child])[here.child], **given}


def _body(**changed):
    body = {
        "occasion": "l1",
        "type": "bruise",
        "site": "cheek",
        "count": "1",
        "pattern": "none",
        "mobility": "not_rolling",
    }
    return {f"body-{name}": said for name, said in (body | changed).items()}


def test_everything_of_an_entry_is_said_in_words(noted):
    page = noted.client("ines").get(_path(noted)).content.decode()
    for words in (
        "A bruise, l1",
        "not rolling",
        "No pattern",
        "Wilf Harrop",
        "Fellbeck Council",
        "wrote it",
        "Not yet: the sealer",
    ):
        assert words in page


def test_a_sealed_entry_shows_its_place(noted):
    sealing.seal(ENTRIES, key=SigningKey.generate("throughcare.example"), at=noted.now)
    page = noted.client("ines").get(_path(noted)).content.decode()
    assert "Position in the ledger" in page


def test_an_entry_that_may_not_be_read_looks_like_no_page(noted):
    assert noted.client("joy").get(_path(noted)).status_code == 404
    assert noted.client("sam").get(_path(noted)).status_code == 404


def test_a_correction_stands_beside_what_it_corrects(noted):
    client = noted.client("ines")
    sent = _sent(noted, summary="two bruises, left cheek", **_body(count="2"))
    assert client.post(_path(noted, rest="/correct"), sent).status_code == 302
    page = client.get(_path(noted)).content.decode()
    assert "This entry was corrected" in page
    assert "two bruises, left cheek" in page
    new = client.get(_path(noted, ref="W00000000000000aa")).content.decode()
    assert "What this corrects" in new


def test_a_field_that_is_wrong_is_explained_by_its_name(noted):
    response = noted.client("ines").post(
        _path(noted, rest="/correct"), _sent(noted, summary="a bruise", **_body(count="many"))
    )
    page = response.content.decode()
    assert response.status_code == 400
    assert 'href="#id_body-count"' in page
    assert "whole number" in page


def test_a_withdrawn_entry_says_why_and_can_be_changed_no_more(noted):
    client = noted.client("ines")
    client.post(_path(noted, rest="/withdraw"), _sent(noted, reason="It was another child"))
    page = client.get(_path(noted)).content.decode()
    assert "It was another child" in page
    assert client.get(_path(noted, rest="/correct")).status_code == 404


def test_to_share_an_entry_leads_to_the_page_for_sharing_with_it_chosen(noted):
    to = noted.client("ines").get(_path(noted, rest="/share"))
    assert to.status_code == 302
    assert f'value="{writing.id_of(Key("LA", "l1"))}" checked' in noted.client("ines").get(to.url).content.decode()


def test_nobody_changes_the_entry_of_another_agency(noted):
    told = [{"agency": "LA", "at": noted.now.isoformat()}]
    scene.keep(
        scene.injury("h1", agency="HV", record="H1", at=noted.now - timedelta(minutes=5), shared=told), at=noted.now
    )
    client = noted.client("ines")
    assert client.get(_path(noted, "h1", "HV")).status_code == 200
    for rest in ("/correct", "/withdraw", "/share"):
        assert client.get(_path(noted, "h1", "HV", rest)).status_code == 404


def test_a_plain_kind_with_lists_can_be_corrected(here):
    body = {"attended": ["la", "health"], "quorate": "yes", "plan": "no", "previous_plans": 0}
    made = scene.an_entry("c1", "safeguarding.initial_conference", body, agency="LA", about=Record("LA", "L1"),
                          at=here.now - timedelta(hours=1), summary="the conference met")  # fmt: skip
    scene.keep(made, at=here.now)
    sent = {"body-attended": "la\nhealth\npolice", "body-quorate": "yes", "body-plan": "no", "body-previous_plans": "0"}
    response = here.client("ines").post(
        _path(here, "c1", rest="/correct"), _sent(here, summary="the conference met", **sent)
    )
    assert response.status_code == 302
