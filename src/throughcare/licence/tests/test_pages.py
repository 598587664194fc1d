"""The licence and the disclosure ledger on their pages, as known then and by whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from throughcare.duties import actions as duties
from throughcare.ledger.entry import Record
from throughcare.licence.tests import scene
from throughcare.web.tests import scene as web

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> scene.Scene:
    return scene.set_up()


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


def test_the_licence_of_today_says_that_it_was_revoked(here):
    page = text(here.client("lise").get(here.path()))
    assert "The licence was revoked on 4 September 2024" in page


def test_on_a_past_day_the_conditions_are_those_of_that_day_in_their_own_versions(here):
    page = text(here.client("lise").get(here.path("?known_on=2024-08-31")))
    assert "On licence since 4 August 2022" in page
    assert "5 conditions; version 2.1; varied on 9 May 2023" in page
    assert "Four stay as the Parole Board directed" in page
    assert "conditions set outside the policy tables" in page
    assert "10 years that begin on 6 October 2014" in page
    assert "What if: under the law from 1 November 2024" in page


def test_after_the_change_of_law_the_same_page_counts_three_years_and_says_the_run_is_broken(here):
    page = text(here.client("lise").get(here.path("?known_on=2024-11-15")))
    assert "3 years that begin on 6 October 2014" in page
    assert "Broken by the recall" in page
    assert "open transitional question" in page


def test_the_fact_that_was_not_told_stands_on_its_clocks(here):
    page = text(here.client("lise").get(here.path("/disclosures")))
    assert "It was true for 292 days before Aldmere probation knew" in page
    assert "195 days not shared" in page
    assert "nobody, I keep to myself" in page
    assert "Other records say it was not so" in page


def test_before_it_was_found_the_ledger_shows_only_what_was_known(here):
    page = text(here.client("lise").get(here.path("/disclosures?known_on=2024-08-31&known_to=PROB")))
    assert "195 days" not in page
    assert "Other records say it was not so" not in page


def test_the_persons_page_draws_the_licence_on_the_life_line(here):
    page = text(here.client("lise").get(f"/people/{here.person}"))
    assert "On licence, first release" in page
    assert "Told and not told" in page


def test_who_stands_in_no_relation_sees_no_licence(here):
    assert here.client("hal").get(here.path()).status_code in (403, 404)
    assert here.client("hal").get(here.path("/disclosures")).status_code in (403, 404)


def test_a_condition_that_a_person_decided_was_broken_is_marked_from_the_day_it_was_so(here):
    page = text(here.client("lise").get(f"/people/{here.person}"))
    assert "Broken 15 November 2023" in page
    assert "Broken 1 February 2016" not in page  # alleged in 2016, and nobody recorded a decision


def test_a_release_date_set_again_after_the_approval_asks_for_another_look(db):
    here = scene.set_up("to-licence-end", until="2024-06-01")
    entry = web.an_entry("k9", "sentence.key_date_set", {"date_kind": "CRD", "value": "2024-06-20"}, agency="PRIS",
                         about=Record("PRIS", "PR-1"), at=datetime.now(UTC))  # fmt: skip
    web.keep(entry, at=datetime.now(UTC))
    page = text(here.client("lise").get(here.path()))
    assert "The release date was set again after this licence was approved" in page


def test_the_end_is_that_of_the_date_that_was_worked_out_last_as_the_clocks_have_it(db):
    here = scene.set_up("to-licence-end", until="2024-06-01")
    given = {"agency": "PRIS", "about": Record("PRIS", "PR-1"), "at": datetime.now(UTC)}
    body = {"date_kind": "SLED", "value": "2026-02-03"}
    web.keep(
        web.an_entry("k8", "sentence.key_date_set", body, **given, happened="2024-05", precision="month",
                     noted="2024-06-01T09:00"),
        web.an_entry("k9", "sentence.key_date_set", body | {"value": "2026-02-04"}, **given, happened="2024-05-15",
                     precision="day", noted="2024-05-16T09:00"),
        at=datetime.now(UTC),
    )  # fmt: skip
    page = text(here.client("lise").get(here.path()))
    assert "3 February 2026 (SLED" in page
    assert "4 February 2026 (SLED" not in page


def test_what_a_victim_asked_for_is_shown_to_victim_liaison_and_not_to_the_officer(db):
    here = scene.set_up("to-licence-end")
    assert "Conditions that a victim asked for" in text(here.client("eve").get(here.path("?known_on=2024-12-01")))
    assert "Conditions that a victim asked for" not in text(here.client("lise").get(here.path("?known_on=2024-12-01")))


def test_a_long_ledger_is_shown_by_pages_the_newest_first(db):
    here = scene.set_up("to-licence-end")
    at = datetime.now(UTC)
    said = {"topic": "work", "nothing_to_tell": "no", "asked": "no"}
    web.keep(
        *(web.an_entry(f"w{n}", "licence.disclosure_made", said, agency="PROB", about=Record("PROB", "PB-1"), at=at,
                       summary=f"work number {n}") for n in range(60)),
        at=at,
    )  # fmt: skip
    page = text(here.client("lise").get(here.path("/disclosures")))
    assert "Showing 51 to 62 of 62" in page
    assert "Showing 1 to 50 of 62" in text(here.client("lise").get(here.path("/disclosures?page=1")))


def test_a_right_that_has_opened_is_on_the_page_of_the_licence_and_is_nobodys_late_work(db):
    duties.set_parameter("D61", {"in_force_from": "2015-01-01"}, at=datetime.now(UTC), by="system:test")
    here = scene.set_up(until="2016-01-01")
    page = text(here.client("tom").get(here.path()))
    assert 'May ask for a reference from</dt><dd class="govuk-summary-list__value">6 October 2018' in page
    assert "Ask for a reference after one continuous year" not in text(here.client("tom").get("/"))
