"""How a time is written: days, months and moments as text, read strictly. Pure: never asks what time it is.

A moment without an offset is local time in London, as the life format has it. The hour that comes twice in autumn
is the first of the two; the hour that does not exist in spring is refused. A moment with an offset is taken as given.
Source: docs/reference/life-format.md, section 1.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from throughcare.ledger.entry import LONDON, london_day

FIRST_YEAR = 1900
LAST_YEAR = 2200  # inclusive

A_DAY = "a day as YYYY-MM-DD, from 1900 to 2200"
A_MONTH = "a month as YYYY-MM, from 1900 to 2200"
A_MOMENT = "a local time as YYYY-MM-DDTHH:MM, from 1900 to 2200"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{3}([0-9]{3})?)?)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)


class NotATime(ValueError):
    """A text is not the day, month or moment that it should be. Says what is wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(f"{wrong}. Give {right}.")


def day(text: str) -> date:
    """Read `YYYY-MM-DD`. Raises `NotATime`."""
    if not _DAY.fullmatch(text):
        raise NotATime("is not written as a day", A_DAY)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NotATime("is not a day of the calendar", A_DAY) from None
    return _in_range(on, A_DAY)


def month(text: str) -> date:
    """Read `YYYY-MM`, as the first day of that month. Raises `NotATime`."""
    if not _MONTH.fullmatch(text):
        raise NotATime("is not written as a month", A_MONTH)
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotATime("is not a month of the calendar", A_MONTH) from None
    return _in_range(first, A_MONTH)


def moment(text: str) -> datetime:
    """Read `YYYY-MM-DDTHH:MM` (seconds and an offset may follow) as an instant in UTC. Raises `NotATime`."""
    shape = _MOMENT.fullmatch(text)
    if not shape:
        raise NotATime("is not written as a local time", A_MOMENT)
    try:
        read = datetime.fromisoformat(text)
        at = read.astimezone(UTC) if read.tzinfo else _in_london(read)
    except NotATime:
        raise
    except (ValueError, OverflowError):
        raise NotATime("is not a time of the calendar", A_MOMENT) from None
    _in_range(london_day(at) if read.tzinfo else read, A_MOMENT)
    return at


def _in_london(local: datetime) -> datetime:
    """The instant of a local time; of two, the first."""
    first, second = LONDON.utcoffset(local), LONDON.utcoffset(local.replace(fold=1))
    if first is None or second is None or first < second:  # the offset grows over an hour that is left out
        raise NotATime("does not exist in London: the clocks went forward over it", "a time before or after the change")
    return (local - first).replace(tzinfo=UTC)


def written(at: datetime) -> str:
    """Write an instant as London time with its offset, so that `moment` reads the same instant again."""
    local = at.astimezone(LONDON)
    if local.microsecond:
        return local.isoformat(timespec="microseconds")
    return local.isoformat(timespec="seconds" if local.second else "minutes")


def _in_range(on: date, right: str) -> date:
    if not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise NotATime("lies outside the years that are kept", right)
    return on
