"""The addresses of a licence."""

from __future__ import annotations

from django.urls import path

from throughcare.licence import pages, recording

_BASE = "people/<uuid:person>/licence"

urlpatterns = [
    path(_BASE, pages.licence, name="licence"),
    path(f"{_BASE}/disclosures", pages.told, name="licence_disclosures"),
    path(f"{_BASE}/approve", recording.approve, name="licence_approve"),
    path(f"{_BASE}/approve/conditions", recording.approve_conditions, name="licence_approve_conditions"),
    path(f"{_BASE}/approve/details", recording.approve_details, name="licence_approve_details"),
    path(f"{_BASE}/approve/check", recording.approve_check, name="licence_approve_check"),
    path(f"{_BASE}/vary", recording.vary, name="licence_vary"),
    path(f"{_BASE}/vary/conditions", recording.vary_conditions, name="licence_vary_conditions"),
    path(f"{_BASE}/vary/details", recording.vary_details, name="licence_vary_details"),
    path(f"{_BASE}/vary/check", recording.vary_check, name="licence_vary_check"),
    path(f"{_BASE}/release", recording.release, name="licence_release"),
    path(f"{_BASE}/disclosure", recording.disclosure, name="licence_disclosure"),
    path(f"{_BASE}/fact", recording.fact, name="licence_fact"),
    path(f"{_BASE}/appointment", recording.appointment, name="licence_appointment"),
    path(f"{_BASE}/premises", recording.premises, name="licence_premises"),
    path(f"{_BASE}/travel", recording.travel, name="licence_travel"),
    path(f"{_BASE}/breach", recording.breach, name="licence_breach"),
    path(f"{_BASE}/breach/<uuid:alleged>/explained", recording.explained, name="licence_breach_explained"),
    path(f"{_BASE}/breach/<uuid:alleged>/decided", recording.decided, name="licence_breach_decided"),
    path(f"{_BASE}/end-request", recording.end_request, name="licence_end_request"),
    path(f"{_BASE}/end", recording.end, name="licence_end"),
]
