"""Journeys are told as a user would tell them: somebody opens, presses, writes, reads. Used by tests of this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.test import Client

from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

AXE = Path(__file__).parents[2] / "src" / "throughcare" / "web" / "static" / "vendor" / "axe.min.js"
PHONE, DESK = 360, 1280


class Person:
    """Somebody with a browser. `script=False`: a browser that runs none of ours; `width` in pixels."""

    def __init__(self, browser: Browser, url: str, user: Any, *, script: bool = True, width: int = DESK) -> None:
        self.context = browser.new_context(
            base_url=url, java_script_enabled=script, viewport={"width": width, "height": 800}, bypass_csp=True,
            locale="en-GB", timezone_id="Europe/London",
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.script, self.width = script, width
        if user is not None:
            self._sign_in(url, user)

    def _sign_in(self, url: str, user: Any) -> None:
        client = signed_in(Client(), User.objects.get(id=user), at=datetime.now(UTC))
        cookie = client.cookies["session"]
        self.context.add_cookies([{"name": "session", "value": cookie.value, "url": url}])

    def opens(self, path: str) -> Person:
        """Go to an address."""
        self.page.goto(path)
        return self

    def presses(self, words: str) -> Person:
        """Press a link or a button by its words."""
        self._named(words).click()
        self.page.wait_for_load_state()
        return self

    def _named(self, words: str) -> Locator:
        button = self.page.get_by_role("button", name=words)
        return button.first if button.count() else self.page.get_by_role("link", name=words).first

    def writes(self, field: str, words: str) -> Person:
        """Write into a field by its label."""
        self.page.get_by_label(field, exact=False).first.fill(words)
        return self

    def chooses(self, words: str, of: str = "") -> Person:
        """Choose a radio, a check box, or with `of` an option of a list."""
        if of:
            self.page.get_by_label(of, exact=False).first.select_option(label=words)
        else:
            self.page.get_by_label(words, exact=True).first.check()
        return self

    def answers(self, question: str, words: str) -> Person:
        """Choose an answer of a question with several: radios or check boxes under their heading."""
        asked = self.page.get_by_role("group", name=question).first
        asked.get_by_label(words, exact=True).first.check()
        return self

    def sees(self, words: str) -> Person:
        """The page says this."""
        assert words in self.page.locator("body").inner_text(), f"{self.page.url} does not say {words!r}"
        return self

    def does_not_see(self, words: str) -> Person:
        """The page does not say this."""
        assert words not in self.page.locator("body").inner_text(), f"{self.page.url} says {words!r}"
        return self

    def page_is_accessible(self) -> Person:
        """axe finds nothing, and nothing is wider than the screen."""
        wide = self.page.evaluate("document.documentElement.scrollWidth") if self.script else self.width
        assert wide <= self.width, f"{self.page.url} is {wide} pixels wide"
        if self.script:
            self.page.evaluate(AXE.read_text())
            found = self.page.evaluate(
                "axe.run().then(r => r.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`))"
            )
            assert found == [], f"{self.page.url}: {found}"
        return self

    def leaves(self) -> None:
        """Close the browser."""
        self.context.close()
