"""Which moment a page looks at, and with whose eyes: read from its address, so that it can be sent to a colleague.

`known_on` is a day, `at` a time of that day (without it the end of the day), `known_to` the code of an agency. What
cannot be read is said on the page, and the page shows now. Pure: the present moment is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from urllib.parse import urlencode

from throughcare.ledger.entry import LONDON, end_of_day
from throughcare.web import words

_MONTHS = {name[:3].lower(): number for number, name in enumerate(words.MONTHS, 1)}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/. ](\d{1,2})[/. ](\d{4})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """A moment, and an agency whose knowledge is asked for (empty: all that the viewer may see)."""

    until: datetime
    known_on: date | None = None  # None: now
    known_at: time | None = None
    known_to: str = ""
    error: str = ""

    @property
    def past(self) -> bool:
        """Is this anything but now and everybody? Then nothing can be recorded from the page."""
        return self.known_on is not None or bool(self.known_to)

    def query(self, **changed: str) -> str:
        """The part of an address that keeps this moment, with parameters added, changed or (empty) taken away."""
        given = {
            "known_on": self.known_on.isoformat() if self.known_on else "",
            "at": self.known_at.strftime("%H:%M") if self.known_on and self.known_at else "",
            "known_to": self.known_to,
        } | changed
        kept = {name: value for name, value in given.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def at_moment(self, at: datetime) -> Looking:
        """The same eyes at another moment, to the minute."""
        local = words.local(at)
        return replace(self, until=at, known_on=local.date(), known_at=local.time().replace(second=0, microsecond=0))


def looking(given: Mapping[str, str], *, now: datetime, agencies: Collection[str]) -> Looking:
    """Read the moment and the agency of an address. A moment that is still to come is now."""
    here = Looking(until=now)
    agency, day, clock = (given.get(name, "").strip() for name in ("known_to", "known_on", "at"))
    if agency and agency not in agencies:
        return replace(here, error="Choose an agency from the list")
    here = replace(here, known_to=agency)
    if not day:
        return here
    on = read_day(day)
    if on is None:
        return replace(here, error="Enter a day, such as 9 August 2024")
    at = read_clock(clock) if clock else None
    if clock and at is None:
        return replace(here, error="Enter a time, such as 5pm or 17:00")
    until = datetime.combine(on, at.replace(second=59), LONDON).astimezone(UTC) if at else end_of_day(on)
    if until >= now:
        return here
    return replace(here, until=until, known_on=on, known_at=at)


def read_day(text: str) -> date | None:
    """Read a day as people write it: 9 August 2024, 9 Aug 2024, 9/8/2024, 2024-08-09. None where it is none."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = (int(one) for one in found.groups())
    elif found := _SLASHED.fullmatch(text):
        day, month, year = (int(one) for one in found.groups())
    elif found := _WORDED.fullmatch(text):
        day, month, year = int(found[1]), _MONTHS.get(found[2][:3].lower(), 0), int(found[3])
    else:
        return None
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def read_clock(text: str) -> time | None:
    """Read a time of day as people write it: 5pm, 5:30pm, 17:00, midday, midnight. None where it is none."""
    text = text.strip().lower()
    if text in ("midday", "noon"):
        return time(12)
    if text == "midnight":
        return time(0)
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
