"""The addresses of the staff pages that are about no single practice. No name of a person stands in any address."""

from __future__ import annotations

from django.urls import path

from throughcare.web import person, plain_pages

urlpatterns = [
    path("people/<uuid:person>", person.overview, name="person"),
    path("people/<uuid:person>/entries", person.entries, name="person_entries"),
    path("people/<uuid:person>/blind-spot", person.blind_spot, name="blind_spot"),
    path("status", plain_pages.status, name="status"),
    path("accessibility", plain_pages.accessibility, name="accessibility"),
    path("cookies", plain_pages.cookies, name="cookies"),
    path("privacy", plain_pages.privacy, name="privacy"),
]
