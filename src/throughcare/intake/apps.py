"""The intake room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """How records come in."""

    name = "throughcare.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
