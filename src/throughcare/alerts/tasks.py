"""The worker's jobs by the clock; those of one message are in `delivery`."""

from __future__ import annotations

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from throughcare.alerts import actions
from throughcare.alerts.delivery import forget_broken_connection


@app.periodic(cron="* * * * *")
@app.task(name="alerts.tick", queue="alerts", queueing_lock="alerts.tick", pass_context=False)
def tick(timestamp: int) -> None:
    """Each minute: bring answers to now, and tell what became overdue."""
    forget_broken_connection()
    while actions.tick(at=datetime.now(UTC)) >= actions.MOST_AT_A_TICK:
        pass
