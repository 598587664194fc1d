"""Working days of England and Wales, and how lengths of law are counted. Pure: no database, no clock.

Day 0 is the day of the start. Working days are Monday to Friday less the bank holidays of
`law/bank_holidays.toml`, which covers whole years and says which. A count that would leave the covered years is
refused (`BeyondCalendar`), never guessed. No deadline rolls when it falls on a weekend or a holiday.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from throughcare.ledger.entry import When, start_of_day


class CalendarError(ValueError):
    """A length could not be counted."""


class BeyondCalendar(CalendarError):
    """The count leaves the years for which bank holidays are known. Add the next year's to the law file."""

    code = "beyond_calendar"

    def __init__(self, day: date, first: date, last: date) -> None:
        self.day, self.first, self.last = day, first, last
        super().__init__(
            f"day: {day} cannot be counted in working days. Bank holidays are known from {first} to {last}; "
            "add the missing years to duties/law/bank_holidays.toml."
        )


class Unit(StrEnum):
    """What a length is counted in."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Convention(StrEnum):
    """Which day is day 1: the one after the start, the start itself, or the one before the named day."""

    AFTER = "after"
    BEGIN_WITH = "begin_with"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Length:
    """So many of one unit. `amount` is not negative."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise CalendarError(f"amount: {self.amount} is negative. Give a whole number from 0 up.")

    def __str__(self) -> str:
        words = self.unit.value.replace("_", " ")
        return f"{self.amount} {words}" if self.amount == 1 else f"{self.amount} {words}s"


Period = tuple[Length, ...]  # applied one after the other, the largest unit first: 8 months, then 14 days


@lru_cache(65536)
def add_months(day: date, months: int) -> date:
    """Return the same day number `months` later (or earlier), or the last day of that month when it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_period(text: str, unit: str = "") -> Period:
    """Read `"8 months 14 days"`, `"2 hour"` or, with a unit beside it, `"10"`. Raises `CalendarError`."""
    words = text.split()
    if len(words) == 1:
        words.append(unit)
    if not words or len(words) % 2:
        raise CalendarError(f"length: {text!r} is not a length. Give numbers with units, such as '8 months 14 days'.")
    try:
        pairs = zip(words[::2], words[1::2], strict=True)
        return tuple(Length(int(amount), Unit(word.removesuffix("s"))) for amount, word in pairs)
    except ValueError as error:
        units = ", ".join(one.value for one in Unit)
        raise CalendarError(f"length: {text!r} is not a length ({error}). Units are {units}.") from error


class WorkingDays:
    """The working days of a span of whole years, to count in."""

    def __init__(self, holidays: Set[date], *, first: date, last: date) -> None:
        """`first` and `last` (inclusive) bound the days that can be counted."""
        self.holidays, self.first, self.last = frozenset(holidays), first, last
        span = (first + timedelta(n) for n in range((last - first).days + 1))
        self._days = [day for day in span if day.weekday() < 5 and day not in self.holidays]

    def is_working(self, day: date) -> bool:
        """Is this a working day? Raises `BeyondCalendar` outside the covered years."""
        self._check(day)
        return day.weekday() < 5 and day not in self.holidays

    def after(self, start: date, days: int) -> date:
        """The working day `days` after `start`; after a weekend or holiday, the next working day is day 1."""
        self._check(start)
        return start if days == 0 else self._at(bisect_right(self._days, start) + days - 1, start)

    def beginning_with(self, start: date, days: int) -> date:
        """The last of `days` working days of which the first is `start`, or the next working day after it."""
        self._check(start)
        return self._at(bisect_left(self._days, start) + days - 1, start)

    def before(self, day: date, days: int) -> date:
        """The working day `days` before `day`, which is not counted."""
        self._check(day)
        return day if days == 0 else self._at(bisect_left(self._days, day) - days, day)

    def _at(self, place: int, asked: date) -> date:
        if not 0 <= place < len(self._days):
            raise BeyondCalendar(asked, self.first, self.last)
        return self._days[place]

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise BeyondCalendar(day, self.first, self.last)


@cache
def england_and_wales() -> WorkingDays:
    """The working days of England and Wales, from `law/bank_holidays.toml`."""
    table = tomllib.loads(files("throughcare.duties").joinpath("law/bank_holidays.toml").read_text("utf-8"))
    holidays = frozenset(row["date"] for row in table["holiday"])
    return WorkingDays(holidays, first=table["covered_from"], last=table["covered_to"])


# --- due days ------------------------------------------------------------------------------------------------------


def due_day(start: date, period: Period, convention: Convention, *, days: WorkingDays) -> date:
    """The last day in time, counted from (or, for `before`, back from) a day. No hours; they need a moment.

    Raises `BeyondCalendar` where working days leave the covered years.
    """
    if convention is Convention.BEFORE:
        for length in period:
            start = _step(start, length, -1, days)
        return start
    if convention is Convention.BEGIN_WITH:
        return _beginning_with(start, period, days)
    for length in period:
        start = _step(start, length, 1, days)
    return start


def _beginning_with(start: date, period: Period, days: WorkingDays) -> date:
    if len(period) == 1 and period[0].unit is Unit.WORKING_DAY:
        return days.beginning_with(start, period[0].amount)
    return due_day(start, period, Convention.AFTER, days=days) - timedelta(1)


def _step(start: date, length: Length, sign: int, days: WorkingDays) -> date:
    match length.unit:
        case Unit.WORKING_DAY:
            return days.after(start, length.amount) if sign > 0 else days.before(start, length.amount)
        case Unit.DAY:
            return start + timedelta(sign * length.amount)
        case Unit.WEEK:
            return start + timedelta(weeks=sign * length.amount)
        case Unit.MONTH:
            return add_months(start, sign * length.amount)
        case Unit.YEAR:
            return add_months(start, sign * 12 * length.amount)
        case Unit.HOUR:
            raise CalendarError("unit: hours cannot be counted from a day. Give a moment to `due_moment`.")


def due_moment(start: When, hours: int) -> datetime:
    """The last minute in time: `hours` after the moment, or after 00:00 of the following day where only a day is known.

    Raises `CalendarError` where not even the day is known.
    """
    if start.at is not None:
        return start.at.astimezone(UTC) + timedelta(hours=hours)
    if start.day is None:
        raise CalendarError("start: has no day. Hours are counted from a moment or from the end of a known day.")
    return start_of_day(start.day + timedelta(1)) + timedelta(hours=hours)


def is_hours(period: Iterable[Length]) -> bool:
    """Is this a length in hours? Hours are never mixed with days."""
    return any(length.unit is Unit.HOUR for length in period)
