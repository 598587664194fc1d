"""A recall in a real Chromium: on a phone, at a desk, without script. Slow: marked `browser`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client
from playwright.sync_api import Page

from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.recall.tests import scene
from throughcare.web import assets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Comes = Callable[..., Page]


@pytest.fixture
def here(transactional_db: None) -> scene.Scene:
    return scene.set_up(level=1)


@pytest.fixture
def comes(browser, live_server, here) -> Iterator[Comes]:
    """Somebody of the scene opens a browser: `comes("lena", width=360)`."""
    contexts = []

    def one(name: str, *, width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            bypass_csp=True,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        contexts.append(context)
        client = signed_in(Client(), User.objects.get(id=here.users[name]), at=datetime.now(UTC))
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
        return context.new_page()

    yield one
    for context in contexts:
        context.close()


def is_accessible(page: Page, width: int) -> None:
    """Axe finds nothing, and nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.evaluate((assets.VENDOR / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`))"
    )
    assert found == [], f"{page.url}: {found}"


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_of_a_recall_is_accessible_and_fits(here, comes, width):
    for name, step in (("lena", "agree"), ("abel", "endorse"), ("pia", "revoke")):
        page = comes(name, width=width)
        page.goto(here.path(f"/{step}"))
        is_accessible(page, width)
        page.get_by_role(
            "button", name="Agree" if step == "agree" else "send" if step == "endorse" else "Revoke"
        ).click()
        assert page.get_by_text("There is a problem").is_visible()
        is_accessible(page, width)
        given = {"agree": scene.AGREE, "endorse": scene.ENDORSE, "revoke": scene.REVOKE}[step]
        assert here.send(name, step, **given).status_code == 302
    page = comes("lena", width=width)
    page.goto(here.path("/endorse"))
    is_accessible(page, width)
    assert here.send("sam", "check", found="Not at his sister's", next_check_on="").status_code == 302
    assert here.send("owen", "return", how="arrested", share=["PROB", "PPCS"]).status_code == 302
    for address in (here.path(), f"/people/{here.person}"):
        page.goto(address)
        is_accessible(page, width)
    for name, step in (
        ("owen", "notify"),
        ("owen", "inform"),
        ("cora", "papers"),
        ("pia", "review"),
        ("pia", "rescind"),
    ):
        page = comes(name, width=width)
        page.goto(here.path(f"/{step}"))
        is_accessible(page, width)


def test_a_recall_needs_no_script(here, comes):
    page = comes("lena", script=False, width=360)
    page.goto(here.path())
    page.get_by_role("link", name="Agree to ask for recall").click()
    page.get_by_label("missed three appointments").check()
    page.get_by_label("Contact has broken down").check()
    page.get_by_label("What happened?").fill("Three appointments missed in ten days")
    page.get_by_label("Why is recall needed?").fill("Contact has broken down")
    page.get_by_label("Whom does it put at risk").fill("His former partner")
    page.get_by_label("A warning").check()
    page.get_by_role("button", name="Agree").click()
    page.wait_for_url("**/recall?done=agree")
    assert "Recall is agreed" in page.locator("body").inner_text()
    page.goto(here.path("/endorse"))
    assert "You agreed to this recall" in page.locator("body").inner_text()
    other = comes("abel", script=False, width=360)
    other.goto(here.path())
    other.get_by_role("link", name="Endorse and send the request").click()
    other.get_by_role("group", name="Is it for a new charge").get_by_label("No", exact=True).check()
    other.get_by_label("Fixed term of 56 days").check()
    other.get_by_role("group", name="Is it an emergency?").get_by_label("No", exact=True).check()
    other.get_by_role("group", name="Is the person in custody already?").get_by_label("No", exact=True).check()
    other.get_by_label("Why do you endorse it?").fill("Nothing else is left")
    other.get_by_role("button", name="Endorse and send").click()
    other.wait_for_url("**/recall?done=endorse")
    assert "Part A: the report that asks for recall" in other.locator("body").inner_text()
