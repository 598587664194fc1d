"""Days, times and numbers in the words of our pages. Pure.

Style: 3 March 2026; 2:30pm; midday and midnight. A moment with a time zone is told in London time; one without is
taken as London time already. Nothing here reads the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@lru_cache(maxsize=16_384)  # a long line asks for each of its moments many times
def local(at: datetime) -> datetime:
    """Return a moment as London clocks show it, without a time zone."""
    return at.astimezone(LONDON).replace(tzinfo=None) if at.tzinfo else at


def local_day(when: date | datetime) -> date:
    """Return the London day of a day or a moment."""
    return local(when).date() if isinstance(when, datetime) else when


def day(when: date | datetime) -> str:
    """Return "3 March 2026"."""
    on = local_day(when)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def day_and_month(when: date | datetime) -> str:
    """Return "3 March"."""
    on = local_day(when)
    return f"{on.day} {MONTHS[on.month - 1]}"


def short_day(when: date | datetime) -> str:
    """Return "3 Mar 2026", for tables only."""
    on = local_day(when)
    return f"{on.day} {MONTHS[on.month - 1][:3]} {on.year}"


def weekday(when: date | datetime) -> str:
    """Return "Tuesday 3 March 2026"."""
    return f"{DAYS[local_day(when).weekday()]} {day(when)}"


def clock(at: datetime) -> str:
    """Return "2:30pm", "2pm", "midday" or "midnight"."""
    at = local(at)
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def moment(at: datetime) -> str:
    """Return "3 March 2026 at 2:30pm"."""
    return f"{day(at)} at {clock(at)}"


def deadline(due: date | datetime) -> str:
    """Return "by 2:30pm on 3 March 2026", or "by 11:59pm on ..." where the whole day counts."""
    return f"by {clock(due) if isinstance(due, datetime) else '11:59pm'} on {day(due)}"


def span(first: date, last: date) -> str:
    """Return "3 to 9 March 2026", with no more months and years than are needed. Both days are meant."""
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    if first.month != last.month:
        return f"{day_and_month(first)} to {day(last)}"
    return f"{first.day} to {day(last)}"


def number(count: int) -> str:
    """Return "no", "one" to "nine", then figures with commas: "1,200"."""
    return SMALL[count] if 0 <= count < len(SMALL) else f"{count:,}"


def many(count: int, one: str, several: str | None = None) -> str:
    """Return "1 entry" or "3 entries". `several` is `one` with an s, unless given."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Return "a, b and c"; nothing for no parts."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def length(gap: timedelta) -> str:
    """Return a length of time as people say it: "9 weeks", "5 days", "3 hours". Months to the nearest; else down."""
    days = gap.days
    if days >= 730:
        return many(days // 365, "year")
    if days >= 120:
        return many(round(days * 12 / 365.25), "month")
    if days >= 21:
        return many(days // 7, "week")
    if days >= 1:
        return many(days, "day")
    hours = int(gap.total_seconds()) // 3600
    return many(hours, "hour") if hours else "less than an hour"


def age(born: date, on: date) -> str:
    """Return an age as practice says it: days to 2 weeks, weeks to 6 months, months to 3 years, then years."""
    if on < born:
        return "not yet born"
    days = (on - born).days
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    if days < 14:
        return f"{many(days, 'day')} old"
    if months < 6:
        return f"{many(days // 7, 'week')} old"
    if months < 36:
        return f"{many(months, 'month')} old"
    return f"{many(months // 12, 'year')} old"


def small(text: str) -> str:
    """Return words with a small first letter, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """Return words with a capital first letter and one full stop at the end."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!”" else ".")
