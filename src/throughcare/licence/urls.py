"""The addresses of a licence."""

from __future__ import annotations

from django.urls import path

from throughcare.licence import pages

_BASE = "people/<uuid:person>/licence"

urlpatterns = [
    path(_BASE, pages.licence, name="licence"),
    path(f"{_BASE}/disclosures", pages.told, name="licence_disclosures"),
]
