"""The addresses of recording about a child."""

from __future__ import annotations

from django.urls import path

from throughcare.safeguarding import recording

urlpatterns = [
    path("people/<uuid:person>/record/own", recording.own_record, name="own_record"),
    path("people/<uuid:person>/record/observation", recording.observation, name="record_observation"),
    path("people/<uuid:person>/record/injury", recording.injury, name="record_injury"),
    path("people/<uuid:person>/record/injury/said", recording.injury_said, name="record_injury_said"),
    path("people/<uuid:person>/record/injury/check", recording.injury_check, name="record_injury_check"),
    path("people/<uuid:person>/recorded/<str:ref>", recording.recorded, name="recorded"),
]
