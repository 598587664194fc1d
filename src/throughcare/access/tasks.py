"""The worker's part: what ran out is not kept."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from throughcare.access import systems


@app.periodic(cron="17 * * * *")
@app.task(name="access.forget", queue="access", queueing_lock="access.forget", retry=3, pass_context=False)
def forget(timestamp: int) -> None:
    """Each hour: remove tokens and counts of tries that ran out more than a day ago."""
    systems.forget_expired(at=datetime.now(UTC))
