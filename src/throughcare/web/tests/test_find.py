"""Finding a person: the least that tells two apart, nothing in an address, every search noted."""

from __future__ import annotations

from datetime import date, timedelta

from throughcare.access import queries as access
from throughcare.web import find
from throughcare.web.tests import scene


def _search(client, **given):
    return client.post("/people", {"words": "", "born": "", **given})


def test_a_person_is_found_by_part_of_a_name_in_any_case(here):
    page = _search(here.client("ines"), words="HARR wilf").content.decode()
    assert "1 person" in page
    assert f'href="{here.path()}"' in page


def test_two_of_a_name_are_told_apart_by_their_birth_dates(here):
    scene.make_child("Wilf Harrop", {"POL": "P9"}, at=here.now - timedelta(days=3), born=date(2019, 2, 4))
    page = _search(here.client("sam"), words="wilf harrop").content.decode()
    assert "2 people" in page
    assert "4 February 2019" in page
    assert "15 May 2025" in page


def test_whoever_may_not_open_a_case_gets_the_agencies_and_the_way_to_ask(here):
    page = _search(here.client("sam"), words="wilf harrop").content.decode()
    assert "Known to Fellbeck Council" in page
    assert f'href="{here.path()}"' in page
    assert here.path("/break-glass") in page
    assert "Not your case" in page


def test_a_search_is_noted_with_how_much_it_found_and_one_that_finds_nothing_too(here):
    client = here.client("sam")
    _search(client, words="zzzz")
    line = access.lines(who=here.users["sam"], act="search")[0]
    assert line.results == 0
    _search(client, words="wilf")
    line = access.lines(who=here.users["sam"], act="search")[0]
    assert line.results == 1
    assert line.persons == (here.child,)


def test_a_search_without_words_is_refused_with_a_link_to_the_field(here):
    response = _search(here.client("sam"))
    assert response.status_code == 400
    assert 'href="#id_words"' in response.content.decode()


def test_a_wrong_date_is_kept_and_explained(here):
    page = _search(here.client("sam"), words="wilf", born="31 June 2020").content.decode()
    assert 'value="31 June 2020"' in page
    assert "Enter a date of birth" in page


def test_too_many_searches_are_told_to_wait(here, monkeypatch):
    monkeypatch.setattr(find, "MOST_SEARCHES", 2)
    client = here.client("sam")
    assert [_search(client, words="wilf").status_code for _ in range(3)] == [200, 200, 429]


def test_more_than_a_page_goes_on_by_a_form_and_not_by_an_address(here, monkeypatch):
    monkeypatch.setattr(find, "A_PAGE", 1)
    scene.make_child("Wilfred Sand", {"POL": "P9"}, at=here.now - timedelta(days=3))
    client = here.client("sam")
    page = _search(client, words="wilf").content.decode()
    assert "Show the next 1" in page
    assert "wilf" not in page.split("<form", 1)[0].lower().replace("wilf harrop", "").replace("wilfred sand", "")
    again = client.post("/people", {"words": "wilf", "born": "", "from": "1", "more": "yes"}).content.decode()
    assert "Wilfred Sand" in again


def test_an_operator_cannot_search(here):
    assert here.client("otto").get("/people").status_code == 404
