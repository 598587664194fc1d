"""The pages and forms of a licence in a real Chromium: axe finds nothing, a phone is wide enough, without script."""

from __future__ import annotations

import pytest
from tests.system.users import DESK, PHONE, Person

from throughcare.licence.tests import scene
from throughcare.web import assets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OLD = "Version 2.1: a wider duty to tell of relationships"
NEW = "Version 3.0: online conditions; changes of a relationship are to be told too"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "?known_on=2024-08-31", "?known_on=2024-11-15", "/disclosures", "/disclosures?known_on=2024-08-31", "/approve",
    "/disclosure", "/fact", "/appointment", "/premises", "/breach", "/release", "/end", "/travel", "/end-request",
)  # fmt: skip


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_each_page_is_accessible_and_fits(browser, live_server, transactional_db, width):
    here = scene.set_up()
    lise = Person(browser, live_server.url, here.users["lise"], width=width)
    wrong = []
    for path in PAGES:
        lise.opens(here.path(path))
        lise.page.evaluate((assets.VENDOR / "axe.min.js").read_text(encoding="utf-8"))
        found = lise.page.evaluate("options => axe.run(options)", {"runOnly": RULES})
        wrong += [f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in found["violations"]]
        if lise.page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than {width}")
    lise.leaves()
    assert wrong == []


def test_a_licence_is_approved_released_and_varied_without_script(browser, live_server, transactional_db):
    here = scene.set_up("to-licence-end", until="2024-05-28")
    lise = Person(browser, live_server.url, here.users["lise"], script=False, width=PHONE)
    lise.opens(here.path()).presses("Approve a licence").chooses(OLD).presses("Go on: conditions")
    lise.sees("Which conditions?").chooses("Tell officer of a developing relationship")
    lise.presses("Go on: what they say").sees("Read it once more").chooses("Yes, they were asked")
    lise.writes("Supervision", "weekly at the office").presses("Record the licence as approved")
    lise.sees("A licence is approved and waits for the release")
    lise.presses("Record a release").chooses("First release").presses("Record the release").sees("On licence since")
    lise.presses("Vary the licence").chooses(NEW).presses("Go on: conditions")
    lise.sees("What policy version 3.0 would mean").chooses("No gambling unless cleared").presses(
        "Go on: what they say"
    )
    lise.writes("Why is it varied?", "Betting slips").chooses("Yes, they were asked").presses("Record the variation")
    lise.sees("stay version 2.1").sees("No gambling unless cleared")
    lise.leaves()
