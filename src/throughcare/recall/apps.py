"""The recall room as a Django application: it keeps the papers that were made."""

from __future__ import annotations

from django.apps import AppConfig


class RecallConfig(AppConfig):
    name = "throughcare.recall"
    label = "recall"
    default_auto_field = "django.db.models.BigAutoField"
