"""What /healthz says, when all is well and when it is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from throughcare.alerts import actions
from throughcare.ledger.entry import Entry, Precision, When

pytestmark = pytest.mark.django_db


def test_a_new_installation_is_well():
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    facts = answer.json()
    assert facts["database"]["ok"]
    assert facts["queue"] == facts["queue"] | {"ok": True, "waiting": 0, "failed": 0, "oldest_waiting_seconds": 0}
    assert facts["seal"]["unsealed"] == 0


def test_a_job_that_nobody_takes_is_shown():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at, status)"
            " VALUES ('default', 'x', '{}', now() - interval '10 minutes', 'todo')"
        )
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["queue"]["waiting"] == 1
    assert answer.json()["queue"]["oldest_waiting_seconds"] >= 600


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (6, 503)])
def test_an_entry_may_wait_five_minutes_for_the_sealer_and_not_longer(minutes: int, status: int):
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    when = When(Precision.MINUTE, at=at)
    census = {"year_ending": "2026-03-31"}
    entry = Entry(ref="c1", kind="access.census_returned", agency="LA", author_role="clerk", happened=when, noted=at,
                  body=census)  # fmt: skip
    actions.record([entry], by="system:test", at=at)
    answer = Client().get("/healthz")
    assert answer.status_code == status
    assert answer.json()["seal"]["unsealed"] == 1


def test_it_can_only_be_read():
    assert Client().post("/healthz").status_code in {403, 405}
