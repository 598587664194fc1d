"""What browsers are told, and when a session ends."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from throughcare.project import security


@pytest.mark.django_db
def test_every_answer_carries_the_headers():
    for address in ("/healthz", "/no-such-page"):
        answer = Client().get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]


def test_each_page_has_a_nonce_of_its_own():
    seen = set()

    def page(request):
        seen.add(request.csp_nonce)
        return HttpResponse()

    answers = [security.headers(page)(RequestFactory().get("/")) for _ in range(2)]
    assert len(seen) == 2
    assert all(any(f"'nonce-{nonce}'" in answer["Content-Security-Policy"] for nonce in seen) for answer in answers)


def test_an_exception_in_the_log_keeps_its_place_and_loses_its_words():
    try:
        raise ValueError("Jane Example, born 2011-02-03")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "it broke", (), sys.exc_info())
    text = security.WithoutDetails().format(record)
    assert "Jane" not in text.replace('raise ValueError("Jane Example, born 2011-02-03")', "")
    assert "ValueError" in text
    assert "test_security.py" in text


def test_in_service_django_finds_nothing_to_warn_of(tmp_path):
    program = (
        "import django, json; django.setup(); from django.core import checks; from django.conf import settings;"
        "found = checks.run_checks(include_deployment_checks=True);"
        "warned = [f.id for f in found if f.level >= checks.WARNING and not f.is_silenced()];"
        "print(json.dumps([warned, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME,"
        "settings.SESSION_COOKIE_AGE, settings.SESSION_COOKIE_SAMESITE]))"
    )
    unset = {"DJANGO_ALLOW_ASYNC_UNSAFE"}  # the browser's fixture sets it for this process
    environment = {name: value for name, value in os.environ.items() if name not in unset} | {
        "DJANGO_SETTINGS_MODULE": "throughcare.project.settings",
        "THROUGHCARE_URL": "https://cases.example",
        "THROUGHCARE_HOME": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    found, session, csrf, age, same_site = json.loads(done.stdout)
    assert found == []
    assert (session, csrf, age, same_site) == ("__Host-session", "__Host-csrf", 12 * 3600, "Lax")
