"""What can be read of alerts: values, never querysets."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from throughcare.alerts.models import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice to one member of staff."""

    id: uuid.UUID
    person: uuid.UUID | None
    about: str  # finding, duty, break_glass
    path: str
    at: datetime
    seen: bool


def told(user: uuid.UUID, *, most: int = 50, unseen: bool = False) -> list[Told]:
    """What this member of staff was told, the newest first; only what they have not opened, or all. One query."""
    rows = Delivery.objects.filter(user=user).select_related("notice").order_by("-notice__at", "id")
    if unseen:
        rows = rows.filter(seen_at=None)
    return [
        Told(
            id=row.id,
            person=row.notice.person,
            about=row.notice.about,
            path=row.notice.path,
            at=row.notice.at,
            seen=row.seen_at is not None,
        )
        for row in rows[:most]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that has not reached its reader."""

    id: uuid.UUID
    name: str
    agency: str
    about: str
    since: datetime
    attempts: int
    fault: str
    next_try: datetime | None  # None: given up; somebody must act


def undelivered(*, most: int = 200) -> list[Undelivered]:
    """What was given up or has failed at least once, the oldest first. One query."""
    rows = (
        Delivery.objects.filter(Q(state=Delivery.State.UNDELIVERABLE) | Q(state=Delivery.State.WAITING, attempts__gt=0))
        .select_related("notice", "user")
        .order_by("notice__at", "id")
    )
    return [
        Undelivered(
            id=row.id,
            name=row.user.name,
            agency=row.user.agency_id,
            about=row.notice.about,
            since=row.notice.at,
            attempts=row.attempts,
            fault=row.fault,
            next_try=row.next_try if row.state == Delivery.State.WAITING else None,
        )
        for row in rows[:most]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How the queue stands."""

    waiting: int
    failed: int
    oldest: datetime | None  # since when the oldest message waits


def queue_state() -> QueueState:
    """Messages that wait, those that were given up, and jobs of the worker that failed. Two queries."""
    counts = Delivery.objects.aggregate(
        waiting=Count("id", filter=Q(state=Delivery.State.WAITING)),
        failed=Count("id", filter=Q(state=Delivery.State.UNDELIVERABLE)),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(n.at) FROM alerts_delivery d JOIN alerts_notice n ON n.id = d.notice_id "
            "WHERE d.state = 'waiting'), (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed')"
        )
        oldest, jobs = cursor.fetchone()
    return QueueState(waiting=counts["waiting"], failed=counts["failed"] + jobs, oldest=oldest)
