"""The access room as Django knows it, and the checks that it is switched on."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

MIDDLEWARE = "throughcare.access.doors.AccessMiddleware"


class AccessConfig(AppConfig):
    """Who may see."""

    name = "throughcare.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let `manage.py check` refuse a project whose doors are not locked."""
        checks.register(check_doors_are_locked, checks.Tags.security)


def check_doors_are_locked(app_configs: Any, **given: Any) -> list[checks.CheckMessage]:
    """Every request must pass `AccessMiddleware`, after the session, CSRF and sign-in are known."""
    needed = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        MIDDLEWARE,
    ]
    present = [one for one in settings.MIDDLEWARE if one in needed]
    if present == needed:
        return []
    return [
        checks.Error(
            "The doors are not locked: settings.MIDDLEWARE does not lead every request through access.",
            hint="Put these into MIDDLEWARE in this order: " + ", ".join(needed),
            id="access.E001",
        )
    ]
