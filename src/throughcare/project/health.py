"""GET /healthz: whether the database answers, jobs are worked off and the ledger is sealed. Facts, no persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from throughcare.alerts import queries as alerts_queries
from throughcare.ledger import queries as ledger_queries

Facts = dict[str, Any]

OLDEST_JOB_SECONDS = 300
"""A job that could start and has waited longer than this means that no worker works."""

OLDEST_UNSEALED_SECONDS = 300
"""Entries that wait while nothing was signed for longer than this mean that the sealer stands still."""


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part works, else 503; always with the facts of each part."""
    parts = {name: _asked(ask) for name, ask in (("database", database), ("queue", queue), ("seal", seal))}
    works = all(part["ok"] for part in parts.values())
    return JsonResponse({"ok": works, **parts}, status=200 if works else 503)


healthz.open_to = "everyone"  # type: ignore[attr-defined]


def _asked(ask: Callable[[], Facts]) -> Facts:
    try:
        return ask()
    except Error as wrong:
        return {"ok": False, "wrong": type(wrong).__name__}


def database() -> Facts:
    """Return the server's version and the role we work as."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_user")
        version, role = cursor.fetchone()
    return {"ok": True, "version": version, "role": role}


def queue() -> Facts:
    """Return how many jobs and messages wait, how many jobs failed, and how long the oldest has waited.

    A job counts from when it could start. Messages that cannot be delivered have a page of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE status = 'todo'),
                   count(*) FILTER (WHERE status = 'failed'),
                   coalesce(extract(epoch FROM now() - min(coalesce(
                       job.scheduled_at,
                       (SELECT min(event.at) FROM procrastinate_events event WHERE event.job_id = job.id)
                   )) FILTER (WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()))), 0)
            FROM procrastinate_jobs job WHERE status IN ('todo', 'failed')
            """
        )
        waiting, failed, oldest = cursor.fetchone()
    seconds = max(0, int(oldest))
    messages = alerts_queries.queue_state()
    since = int((timezone.now() - messages.oldest).total_seconds()) if messages.oldest else 0
    return {
        "ok": seconds <= OLDEST_JOB_SECONDS,
        "waiting": waiting,
        "failed": failed,
        "oldest_waiting_seconds": seconds,
        "messages_waiting": messages.waiting,
        "oldest_message_seconds": since,
    }


def seal() -> Facts:
    """Return how many entries wait for the sealer, and the size and age of the last signed checkpoint.

    The sealer stands still when an entry has waited, and nothing was signed, for `OLDEST_UNSEALED_SECONDS`.
    """
    state = ledger_queries.seal_state()
    since = ledger_queries.waiting_since()
    age = int((timezone.now() - state.at).total_seconds()) if state.at else None
    waited = int((timezone.now() - since).total_seconds()) if since else 0
    still = waited > OLDEST_UNSEALED_SECONDS and (age is None or age > OLDEST_UNSEALED_SECONDS)
    return {"ok": not still, "unsealed": state.waiting, "checkpoint_size": state.size, "checkpoint_age_seconds": age}
