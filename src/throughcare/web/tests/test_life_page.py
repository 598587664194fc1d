"""The life line on a person's page: with the safeguarding line where both apply, as known on a day and to an agency."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from throughcare.ledger.entry import Record
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db


def _page(here, query: str = "", *, who: str = "ines") -> str:
    answer = here.client(who).get(here.path(query))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def _table(page: str) -> str:
    return page.partition('id="life-table"')[2].partition("</figure>")[0]


@pytest.fixture
def reviewed(here):
    """A review of a person who is allocated to Ines: opened 40 days ago, decided 10 days ago, both her agency's."""
    about = Record("LA", "L1")

    def entry(ref: str, kind: str, body: dict[str, object], days: int):
        return scene.an_entry(ref, kind, body, agency="LA", about=about, at=here.now - timedelta(days=days))

    scene.keep(
        entry("rv", "parole.review_opened", {"review": "recall"}, 40),
        entry("do", "parole.dossier_disclosed", {"review": "rv", "version": 1}, 30),
        entry(
            "de", "parole.decision_issued",
            {"stage": "oral", "outcome": "release_refused", "status": "final", "review": "rv"}, 10,
        ),
        at=here.now,
    )  # fmt: skip
    return here


def test_a_person_without_sentence_or_review_has_no_life_line(here):
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=3)), at=here.now)
    assert 'id="life-h"' not in _page(here)


def test_the_life_line_and_the_safeguarding_line_stand_on_one_page(reviewed):
    scene.keep(scene.injury("l1", agency="LA", record="L1", at=reviewed.now - timedelta(hours=3)), at=reviewed.now)
    page = _page(reviewed)
    assert page.index('id="life-h"') < page.index('id="line-h"')
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_review_is_a_bracket_with_its_result_and_leads_to_its_entry(reviewed):
    table = _table(_page(reviewed))
    assert "Review after recall" in table
    assert "Not released. Papers sent" in table
    assert re.search(r'href="/people/[0-9a-f-]+/entries/[0-9a-f-]+">Review after recall', table)


def test_known_on_a_day_before_the_decision_the_review_has_no_result(reviewed):
    day = (reviewed.now - timedelta(days=20)).date()
    table = _table(_page(reviewed, f"?known_on={day}"))
    assert "No result yet" in table
    assert "Not released" not in table


def test_known_on_a_day_before_the_review_there_is_no_life_line(reviewed):
    day = (reviewed.now - timedelta(days=50)).date()
    assert 'id="life-h"' not in _page(reviewed, f"?known_on={day}")


def test_an_agency_that_was_not_told_has_no_life_line_of_it(reviewed):
    assert "Review after recall" not in _page(reviewed, "?known_to=HV")


def test_a_span_that_is_not_offered_shows_the_whole_life(reviewed):
    assert "Review after recall" in _table(_page(reviewed, "?life=never"))
