"""A calendar of duties for other programs (RFC 5545): on which days something is due, and nothing else. Pure.

No name, no rule, no fact of a case: each event says that a duty is due and where to sign in and read which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from throughcare.ledger.entry import LONDON

DUTY = "A duty is due"
WINDOW = "A window ends"
AGAIN = timedelta(hours=1)
"""After how long a program should ask again."""
LASTS = timedelta(minutes=15)
"""How long an event with a time of day is drawn: it ends when the duty is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One event: a name that means nothing to others, and when. `at` is London time, without a time zone."""

    uid: str
    on: date
    at: datetime | None = None
    owed: bool = True


def calendar(dues: Iterable[Due], *, site: str, now: datetime) -> bytes:
    """The calendar, folded and escaped as the standard asks. `site` is our address, `now` the moment of asking."""
    made = Calendar()
    made.add("prodid", "-//Throughcare//Duties//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Throughcare")
    made.add("x-wr-timezone", "Europe/London")
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for due in dues:
        made.add_component(_event(due, site, now))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(due: Due, site: str, now: datetime) -> Event:
    event = Event()
    link = f"{site}/calendar?day={due.on.isoformat()}"
    event.add("uid", f"{due.uid}@throughcare")
    event.add("dtstamp", now)
    if due.at is None:
        event.add("dtstart", due.on)
        event.add("dtend", due.on + timedelta(days=1))
    else:
        end = due.at.replace(tzinfo=LONDON)
        event.add("dtstart", end - LASTS)
        event.add("dtend", end)
    event.add("summary", DUTY if due.owed else WINDOW)
    event.add("description", f"Sign in to read which: {link}")
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event
