"""Silence, found and named: "no entry from any health agency for 9 weeks". Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from throughcare.web import words
from throughcare.web.pictures.values import Bar, Mark


def silences(
    marks: Sequence[Mark], *, lanes: Collection[str], who: str, first: date, last: date, at_least: timedelta
) -> tuple[Bar, ...]:
    """Return the stretches of `at_least` without a mark in any of these lanes, between two days, oldest first.

    `who` completes "no entry from ...": "any health agency". The days between `first` and the first mark, and between
    the last mark and `last`, count too. Planned marks are not entries; restricted ones are.
    """
    days = sorted(
        {
            words.local_day(m.at)
            for m in marks
            if m.lane in lanes and m.standing != "planned" and first <= words.local_day(m.at) <= last
        }
    )
    found = []
    for a, b in zip([first, *days], [*days, last], strict=True):
        if b - a >= at_least:
            lasted = words.length(b - a)
            found.append(
                Bar(
                    ref=f"silence-{'-'.join(sorted(lanes))}-{a.isoformat()}",
                    fill="silence",
                    start=a + timedelta(days=1) if a in days else a,
                    end=b,
                    label=lasted,
                    name=f"No entry from {who} for {lasted}, {words.span(a, b)}",
                    lanes=tuple(lanes),
                )
            )
    return tuple(found)
