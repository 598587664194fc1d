"""The duties room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "throughcare.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"
