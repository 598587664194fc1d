"""The alerts room as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "throughcare.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"
