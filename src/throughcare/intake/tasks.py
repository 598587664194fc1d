"""The worker's part: files that are too long to take in while somebody waits."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from throughcare.intake import actions
from throughcare.ledger import kinds


@app.task(name="intake.work_off", queue="intake", retry=5, pass_context=False)
def work_off(number: int) -> None:
    """Take in the rows of a file."""
    actions.work_off(number, kinds.load(settings.ROOMS), now=lambda: datetime.now(UTC))
