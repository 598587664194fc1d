"""Every address. A room lists its own in `<room>/urls.py` (whole paths, from the root); this only gathers them."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from throughcare.project import health, rooms


def _rooms_with_pages() -> list[str]:
    """Rooms that have addresses, the uppermost first: it may offer a page of a lower room in a fuller form.

    The demonstration's are there only in the demonstration.
    """
    there = [room for room in reversed(rooms.ALL) if rooms.has(room, "urls.py")]
    return [room for room in there if room != "demo" or settings.DEMO]


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    *[path("", include(f"throughcare.{room}.urls")) for room in _rooms_with_pages()],
]

handler403 = "throughcare.web.plain_pages.refused"
handler404 = "throughcare.access.doors.not_found"
handler500 = "throughcare.web.plain_pages.server_error"
