"""The browser that journeys are made with works, against a server that works as in service."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_browser_reads_a_page_of_this_site(page):
    page.goto("/healthz")
    assert '"ok": true' in page.content()
