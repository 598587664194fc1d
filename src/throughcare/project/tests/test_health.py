"""What /healthz says, when all is well and when it is not."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

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


def test_it_can_only_be_read():
    assert Client().post("/healthz").status_code in {403, 405}
