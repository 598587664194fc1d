"""The demonstration as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A synthetic population, and the demonstration lives. Has no tables of its own."""

    name = "throughcare.demo"
    label = "demo"
