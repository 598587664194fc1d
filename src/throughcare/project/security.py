"""What every answer tells browsers, and what a log line may hold."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Callable
from types import TracebackType

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

GetResponse = Callable[[HttpRequest], HttpResponse]


def content_policy(nonce: str) -> str:
    """Return the Content-Security-Policy: our own files only; a script in the page only with this page's nonce."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}'",
        "style-src": "'self'",
        "img-src": "'self' data:",  # data: for pictures that the style sheets of GOV.UK Frontend carry
        "font-src": "'self'",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def headers(get_response: GetResponse) -> GetResponse:
    """Middleware: a content policy with a nonce for each page (`request.csp_nonce`), and nothing personal in caches."""

    def with_headers(request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy(nonce))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response

    return with_headers


class WithoutDetails(logging.Formatter):
    """Writes where an exception happened and its type, never its words: those may quote what a person said or is."""

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        kind, wrong, trace = ei
        if kind is None:
            return ""
        lines = traceback.format_list(traceback.extract_tb(trace))
        chain = wrong.__cause__ or wrong.__context__ if wrong else None
        because = f" (from {type(chain).__qualname__})" if chain else ""
        return "".join([*lines, f"{kind.__module__}.{kind.__qualname__}{because}; its words are left out"])
