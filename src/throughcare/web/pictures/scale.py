"""Time to pixels, marks kept apart, and the words on an axis. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import accumulate, pairwise

from throughcare.web import words

_A_DAY = timedelta(days=1)


def noon(when: date | datetime) -> datetime:
    """Return a moment in London time; a day stands at its middle."""
    return words.local(when) if isinstance(when, datetime) else datetime.combine(when, time(12))


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels. `first` and `last` are both shown whole; `last` may not be before `first`."""

    first: date
    last: date
    start: float
    end: float
    days: int = field(init=False)  # how many days are shown
    a_day: float = field(init=False)  # how many pixels one day takes
    _midnight: datetime = field(init=False)  # where the scale begins

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"last: {self.last} is before first, {self.first}. Give the same day or a later one.")
        object.__setattr__(self, "days", (self.last - self.first).days + 1)
        object.__setattr__(self, "a_day", (self.end - self.start) / self.days)
        object.__setattr__(self, "_midnight", datetime.combine(self.first, time()))

    def __call__(self, when: date | datetime) -> float:
        """Return the place of a moment; of a day, the place of its midday. May lie outside `start` and `end`."""
        return self.start + (noon(when) - self._midnight).total_seconds() / 86400 * self.a_day

    def edge(self, day: date) -> float:
        """Return the place where a day begins."""
        return self(datetime.combine(day, time()))

    def within(self, when: date | datetime) -> float:
        """Return the place of a moment, or the nearer end of the scale when it lies outside."""
        place = self(when)
        return self.start if place < self.start else self.end if place > self.end else place

    def shows(self, when: date | datetime) -> bool:
        """Return whether a moment lies on the scale."""
        return self.first <= words.local_day(when) <= self.last


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid and its words."""

    at: datetime
    words: str


def ticks(scale: Scale, *, room: float) -> list[Tick]:
    """Return the lines of the grid, each at least `room` pixels from the next where the calendar allows.

    Steps go from six hours to ten years. Years are said at the first tick and wherever one begins.
    """
    for starts, told in _steps(scale):
        found = [at for at in starts if words.local_day(at) <= scale.last]
        nearest = min((b - a for a, b in pairwise(found)), default=None)
        if nearest is None or nearest / _A_DAY * scale.a_day >= room or told == "decade":
            return [Tick(at, _tick_words(at, told, first=i == 0)) for i, at in enumerate(found)]
    raise AssertionError("a decade always fits")


def _steps(scale: Scale) -> Iterator[tuple[list[datetime], str]]:
    start = datetime.combine(scale.first, time())
    if scale.days <= 4:
        yield [start + timedelta(hours=6 * i) for i in range(scale.days * 4)], "hour"
    if scale.days <= 62:
        yield [start + timedelta(days=i) for i in range(scale.days)], "day"
    if scale.days <= 400:
        monday = start + timedelta(days=-start.weekday() % 7)
        yield [monday + timedelta(weeks=i) for i in range(scale.days // 7 + 1)], "day"
    for months, told in ((1, "month"), (3, "month"), (6, "month"), (12, "year"), (60, "year"), (120, "decade")):
        yield list(_month_starts(scale, months)), told


def _month_starts(scale: Scale, step: int) -> Iterator[datetime]:
    """Yield first days of months on the scale whose count since year 0 divides by `step`."""
    first = scale.first.year * 12 + scale.first.month - 1 + (scale.first.day > 1)
    at = -(-first // step) * step
    while (day := date(at // 12, at % 12 + 1, 1)) <= scale.last:
        yield datetime.combine(day, time())
        at += step


def _tick_words(at: datetime, told: str, *, first: bool) -> str:
    if told == "hour":
        return words.day_and_month(at) if at.hour == 0 else words.clock(at)
    month = words.MONTHS[at.month - 1][:3]
    if told == "day":
        return f"{at.day} {month}" + (f" {at.year}" if first else "")
    if told == "month":
        return f"{month} {at.year}" if first or at.month == 1 else month
    return str(at.year)


def apart(wanted: Sequence[float], gap: float, low: float, high: float, *, widths: Sequence[float] = ()) -> list[float]:
    """Return sorted places moved until each is `gap` from the next, with the least movement in sum of squares.

    `widths`: how many times as wide as others each one is; all alike when not given. Places stay within `low` and
    `high` where they fit there; when they do not, they overlap evenly. Linear in their number (neighbours that touch
    are merged into one block, which moves to its mean).
    """
    if not wanted:
        return []
    sizes = widths or [1.0] * len(wanted)
    offsets = [0.0, *accumulate((a + b) / 2 * gap for a, b in pairwise(sizes))]
    room = high - low
    if offsets[-1] > room:
        offsets = [offset * room / offsets[-1] for offset in offsets]
    blocks: list[tuple[float, int]] = []  # mean of (wanted - offset), how many
    for place, offset in zip(wanted, offsets, strict=True):
        mean, size = place - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        blocks.append((mean, size))
    top = high - offsets[-1]
    shifted = [min(max(mean, low), top) for mean, size in blocks for _ in range(size)]
    return [base + offset for base, offset in zip(shifted, offsets, strict=True)]
