"""Guessing is slow, and nobody drains the search. Counted in the database, so that every process counts together.

A try is counted before it is looked at, and forgiven when it was right: many tries at the same moment gain nothing.
While somebody is locked out further tries are refused and not counted, so a lock ends by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from throughcare.access.keyed import keyed_hash
from throughcare.access.models import Attempts

FREE = {"account": 5, "code": 5, "client": 5, "network": 50}
"""Tries without waiting, by what is tried. A network may hold a whole office."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


class TooManyTries(Exception):
    """Tried too often. `retry_after` is the number of seconds to wait."""

    code = "too_many_tries"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("You have tried too often. Wait a little, then try again.")


def wait_after(tries: int, *, free: int) -> timedelta:
    """How long to wait after so many wrong tries: nothing, then 30 seconds, doubling up to 15 minutes."""
    if tries < free:
        return timedelta()
    doublings: int = min(tries - free, 10)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << doublings))


def count_try(what: str, who: str, *, at: datetime) -> None:
    """Count a try before it is looked at. Raises `TooManyTries` while locked out."""

    def counted(row: Attempts) -> None:
        if row.locked_until is not None and row.locked_until > at:
            raise TooManyTries(_seconds(row.locked_until - at))
        tries = 0 if row.last < at - FORGOTTEN_AFTER else row.tries
        wait = wait_after(tries + 1, free=FREE[what])
        row.tries, row.last, row.locked_until = tries + 1, at, at + wait if wait else None

    _change(what, who, counted, at=at)


def forgive(what: str, who: str, *, at: datetime) -> None:
    """The try was right. All tries on an account are forgiven; on a network only this one."""

    def forgiven(row: Attempts) -> None:
        row.tries = max(0, row.tries - 1) if what == "network" else 0
        if row.tries < FREE[what]:
            row.locked_until = None

    _change(what, who, forgiven, at=at)


def spend(what: str, who: str, *, most: int, per: timedelta, at: datetime) -> None:
    """Use one of `most` within a time, for searches and exports. Raises `TooManyTries` when none is left."""

    def spent(row: Attempts) -> None:
        if row.tries == 0 or row.last <= at - per:
            row.tries, row.last = 0, at
        if row.tries >= most:
            raise TooManyTries(_seconds(row.last + per - at))
        row.tries += 1

    _change(what, who, spent, at=at)


def forget_old(*, at: datetime) -> int:
    """Remove counts that matter no longer. Returns how many."""
    return Attempts.objects.filter(last__lt=at - timedelta(days=1)).delete()[0]


def _change(what: str, who: str, change: Callable[[Attempts], None], *, at: datetime) -> None:
    """Change one count while nobody else can."""
    hashed = keyed_hash(f"tries.{what}", who)
    with transaction.atomic():
        Attempts.objects.bulk_create([Attempts(what=what, who=hashed, last=at)], ignore_conflicts=True)
        row = Attempts.objects.select_for_update().get(what=what, who=hashed)
        change(row)
        row.save()


def _seconds(wait: timedelta) -> int:
    return max(1, int(wait.total_seconds() + 0.999))
