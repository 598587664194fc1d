"""The addresses of intake: the API under /api, and files from a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja.operation import PathView

from throughcare.access.doors import EVERYONE, Door, lock_all
from throughcare.intake import pages, proving, sending, tokens, vocabulary
from throughcare.intake.api import api, lost

OPERATIONS = (tokens, sending, proving, vocabulary)
"""The files whose operations `api` has: it has them once they are imported."""


def _locked(patterns: list[Any]) -> list[URLPattern | URLResolver]:
    """The API's addresses, each with the lock of its operation; the library makes the views, so they have none."""
    operations = {one.view_func.__name__: one.view_func for view in _views() for one in view.operations}
    for pattern in patterns:
        operation = operations.get(pattern.name or "")
        if operation is None:
            lock_all([pattern], Door(permission=EVERYONE, machine=True))
        else:
            pattern.callback = _head_too(pattern.callback)
            pattern.callback.open_to = operation.open_to  # type: ignore[attr-defined]
    return patterns


def _views() -> list[PathView]:
    return [view for _, router in api._routers for view in router.path_operations.values()]


def _head_too(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """HEAD is answered as GET is; the server leaves the body out."""

    @csrf_exempt
    def with_head(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        try:
            return view(request, *args, **given)
        finally:
            request.method = method

    return with_head


urlpatterns: list[URLPattern | URLResolver] = [
    path("api", pages.developers, name="developers"),
    path("api/", pages.developers),
    path("api/", (_locked(api.urls[0]), *api.urls[1:])),
    re_path(r"^api/(?P<rest>(?s:.*))$", lost),
    path("import", pages.send_file, name="import"),
    path("import/<int:number>", pages.report, name="import_report"),
    path("import/<int:number>/report.csv", pages.download, name="import_download"),
]
