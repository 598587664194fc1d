"""Every page renders from its sample: ids used once, links that lead somewhere, nothing that the policy forbids."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from throughcare.web import assets, jinja
from throughcare.web import page as pages
from throughcare.web.shell import Link, Shell
from throughcare.web.tests import samples, sixty

EVERY = samples.every()
ENGINE = jinja.plain(static=lambda path: f"/static/{path}")
NEEDS_LIFE = {"blind_spot.html"}


def rendered(name: str, page: Any | None = None) -> str:
    template = ENGINE.get_template(name.partition("#")[0])
    return template.render(page=EVERY[name]() if page is None else page)


class Seen(HTMLParser):
    """What a page holds, as a browser would see it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.forbidden: list[str] = []
        self.posts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "style" or name.startswith("on"):
                self.forbidden.append(f"<{tag} {name}>")
            if name == "href" and value and value.startswith("#line-"):
                self.targets.append(value[1:])
        if tag == "script" and "src" not in dict(attrs):
            self.forbidden.append("<script> inline")


@pytest.mark.parametrize("name", EVERY)
def test_a_page_renders_whole(name: str) -> None:
    if not sixty.rows() and name in NEEDS_LIFE:
        pytest.skip("The life sixty-contacts is not there: neither in tests/lives nor beside the checkout.")
    html = rendered(name)
    seen = Seen()
    seen.feed(html)
    assert not [i for i, n in Counter(seen.ids).items() if n > 1]
    assert not seen.forbidden
    if "line-table" in seen.ids:
        assert set(seen.targets) <= set(seen.ids)
    assert html.count("<h1") == 1
    assert "Undefined" not in html
    assert not re.search(r">\s*None\s*<", html.replace("<dd>None</dd>", ""))


FRAMES = {"base.html", "person_base.html", "words_base.html"}
TRIED_AS_PAGES = {"plain.html", "share.html", "share_check.html", "sheet.html"}
"""Of one page or of many, which are asked for by tests of those pages and by tests/system/test_journeys.py."""


def test_every_template_has_a_sample() -> None:
    there = {path.name for path in (Path(jinja.__file__).parent / "templates").glob("*.html")}
    assert there == {name.partition("#")[0] for name in EVERY} | FRAMES | TRIED_AS_PAGES


def test_words_of_a_page_are_escaped() -> None:
    page = pages.Trouble(shell=Shell(title="<b>", user="<i>"), links=(Link("<script>", "/"),))
    html = rendered("404.html", page)
    assert "<script>" not in html.replace("<script src", "")
    assert "<i>" not in html


def test_no_crown_no_transport_font_no_other_host() -> None:
    for name in EVERY:
        html = rendered(name)
        assert "crown" not in html.lower()
        found = set(re.findall(r'(?:src|href)="(https?://[^"/]+)', html))
        assert found <= {"https://mcmw.abilitynet.org.uk"}, name


def test_an_error_page_renders_without_a_page() -> None:
    assert "Something went wrong" in ENGINE.get_template("500.html").render()


def test_style_sheets_are_stripped_of_fonts_and_images() -> None:
    css = (
        '@font-face{font-family:"GDS Transport";src:url(/assets/fonts/bold.woff2)}'
        'a{font-family:"GDS Transport",arial;background:url(/assets/images/govuk-crest.svg)}'
        'b{mask:url("/assets/images/icon.svg")}/*# sourceMappingURL=x.map */'
    )
    assert assets.stripped(css) == "a{font-family:arial;background:none}b{mask:none}"


def test_a_missing_package_is_said(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetMissing, match="npm ci --prefix frontend"):
        assets.collect(tmp_path, tmp_path / "vendor")
