"""The addresses of a person's sentence."""

from __future__ import annotations

from django.urls import path

from throughcare.sentence import pages, recording

_BASE = "people/<uuid:person>/sentence"

urlpatterns = [
    path(_BASE, pages.sentence, name="sentence"),
    path(f"{_BASE}/record/<slug:what>", recording.record, name="record_sentence"),
    path(f"{_BASE}/correct/<uuid:entry>", recording.correct, name="correct_sentence"),
    path(f"{_BASE}/recorded/<str:ref>", recording.recorded, name="recorded_sentence"),
    path(f"{_BASE}/booking", recording.take_booking, name="take_booking"),
    path(f"{_BASE}/booking/check", recording.check_booking, name="check_booking"),
]
