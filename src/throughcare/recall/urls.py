"""The addresses of a recall: the page, its steps and its papers."""

from __future__ import annotations

from django.urls import path

from throughcare.recall import recording, showing
from throughcare.recall.forms import STEPS

urlpatterns = [
    path("people/<uuid:person>/recall", showing.recall, name="recall"),
    *(
        path(
            f"people/<uuid:person>/recall/{step.code.replace('_', '-')}",
            recording.decide if step.roles else recording.record,
            {"step": step.code},
            name=f"recall_{step.code}",
        )
        for step in STEPS.values()
    ),
    path(
        "people/<uuid:person>/recall/breach/<uuid:breach>/decide-against",
        recording.decide,
        {"step": "decide_against"},
        name="recall_decide_against_breach",
    ),
    path("people/<uuid:person>/recall/make-paper", showing.make_paper, name="recall_make_paper"),
    path("people/<uuid:person>/recall/paper/<uuid:paper>", showing.paper, name="recall_paper"),
]
