"""The addresses of the staff pages that are about no single practice. No name of a person stands in any address."""

from __future__ import annotations

from django.urls import path

from throughcare.web import person

urlpatterns = [
    path("people/<uuid:person>", person.overview, name="person"),
    path("people/<uuid:person>/entries", person.entries, name="person_entries"),
    path("people/<uuid:person>/blind-spot", person.blind_spot, name="blind_spot"),
]
