"""Every page in a real Chromium, under the policy that forbids inline script and style: axe finds nothing, nothing is
wider than a phone, nothing is asked of another host. Slow: marked `browser`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from throughcare.web import assets, preview
from throughcare.web.tests import samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STEMS = [name.replace(".html#", "-").removesuffix(".html") for name in samples.every()]


class Handler(SimpleHTTPRequestHandler):
    """Files of a folder, under our policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (assets.VENDOR / "axe.min.js").exists():
        pytest.fail("The style sheets or axe are not there. Run: bin/test, or python -m throughcare.project.frontend.")
    folder = tmp_path_factory.mktemp("site")
    preview.write(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def opened(browser: Browser, site: str, stem: str, **options: Any) -> tuple[Page, list[str]]:
    """Open a page in a window of its own and return it with what the browser complained of."""
    page = browser.new_context(**options).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(site) else complaints.append(request.url))
    page.goto(f"{site}/{stem}.html")
    return page, complaints


def faults(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe finds, in short."""
    page.evaluate((assets.VENDOR / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("options => axe.run(options)", options)
    return [f"{v['id']}: {v['help']} {v['nodes'][0]['html'][:120]}" for v in found["violations"]]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("stem", STEMS)
def test_a_page_is_accessible_and_fits(browser: Browser, site: str, stem: str, width: int) -> None:
    page, complaints = opened(browser, site, stem, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page, {"runOnly": RULES}) == []
    assert complaints == []
    page.context.close()


def test_no_word_of_a_menu_is_cut_off_on_a_phone(browser: Browser, site: str) -> None:
    page, _ = opened(browser, site, "person", viewport={"width": 360, "height": 800})
    links = page.locator(".govuk-service-navigation__link, .moj-sub-navigation__link")
    ends = [link.bounding_box() for link in links.all()]
    assert len(ends) > 5
    assert [box for box in ends if box is None or box["x"] < 0 or box["x"] + box["width"] > 360] == []
    page.context.close()


@pytest.mark.parametrize("stem", STEMS)
def test_a_page_can_be_read_in_the_dark(browser: Browser, site: str, stem: str) -> None:
    page, _ = opened(browser, site, stem, viewport={"width": 1280, "height": 800}, color_scheme="dark")
    assert faults(page, {"runOnly": {"type": "rule", "values": ["color-contrast"]}}) == []
    page.context.close()


def test_a_place_can_be_chosen_without_script(browser: Browser, site: str) -> None:
    page, _ = opened(browser, site, "record_injury", java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page.locator('.body-face a[data-place="cheek:right"]').click()
    assert "place=cheek:right" in page.url
    page.go_back()
    page.select_option("#id_place", "knee:left")
    page.get_by_role("button", name="Add a mark here").click()
    assert "place=knee%3Aleft" in page.url
    page.context.close()


def test_a_place_pressed_is_chosen_in_the_list(browser: Browser, site: str) -> None:
    page, complaints = opened(browser, site, "record_injury", viewport={"width": 360, "height": 800})
    page.locator('.body-front a[data-place="knee:left"]').click()
    page.wait_for_url("**place=knee%3Aleft**")
    assert complaints == []
    page.context.close()


def test_the_table_opens_without_script(browser: Browser, site: str) -> None:
    page, _ = opened(browser, site, "person", java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page.locator(".tc-switch a", has_text="Table").click()
    assert page.url.endswith("#line-table")
    page.locator("#line-table > summary").click()
    assert page.locator("#line-table table").is_visible()
    page.context.close()


def test_arrow_keys_move_between_marks(browser: Browser, site: str) -> None:
    page, _ = opened(browser, site, "person", viewport={"width": 1280, "height": 800})
    picture = page.locator("svg.picture.wide")
    assert picture.locator('a.m[tabindex="0"]').count() == 1
    picture.locator('a.m[tabindex="0"]').focus()
    before = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert after
    assert after != before
    assert page.locator(".reading").inner_text() == after
    page.context.close()


def test_arrow_keys_move_along_the_life_line_and_say_each_part(browser: Browser, site: str) -> None:
    page, complaints = opened(browser, site, "person-adult", viewport={"width": 1280, "height": 800})
    figure = page.locator("figure[aria-labelledby=life-h]")
    picture = figure.locator("svg.picture.wide")
    assert picture.locator('a.m[tabindex="0"]').count() == 1
    picture.locator('a.m[tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    said = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert figure.locator(".reading").inner_text() == said
    page.keyboard.press("Enter")
    assert "#life-" in page.url
    assert complaints == []
    page.context.close()


def test_the_table_of_the_life_line_opens_without_script(browser: Browser, site: str) -> None:
    page, _ = opened(browser, site, "person-adult", java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.locator("#life-table > summary").click()
    assert page.locator("#life-table table").get_by_text("Review after recall").first.is_visible()
    page.context.close()
