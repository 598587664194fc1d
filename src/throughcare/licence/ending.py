"""When a licence of an indeterminate sentence ends: CSA 1997 s.31A, under the law of the day asked. Pure.

Imprisonment (IPP) and detention (DPP) for public protection only. A life licence has no end; other licences end by
their own dates. What the law leaves open is put as a question and gives no date: a recall that was rescinded, time in
a secure hospital, a release whose day is not known. Nothing here ends a licence: only `licence.ended` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from throughcare.duties.calendar import Convention, due_day, england_and_wales, parse_period
from throughcare.duties.rules import Law, Row, length_of
from throughcare.duties.view import as_date
from throughcare.ledger.entry import Entry
from throughcare.licence.state import RELEASED, RESCINDED, REVOKED

LAW = Law.read("licence", "timescales.toml")
SENTENCE = "sentence.imposed"
KINDS = (SENTENCE, RELEASED, REVOKED, RESCINDED)
"""The kinds that the ending of a licence is worked out from."""

PUBLIC_PROTECTION = ("ipp", "dpp")


def said(day: date) -> str:
    """A day in words: 3 March 2026."""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A time on licence without a break: from a release to the revocation that broke it."""

    released: Entry
    broken: Entry | None = None
    rescinded: tuple[Entry, ...] = ()  # revocations in it that were taken back


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The sentence for public protection, and the times on licence under it, oldest first."""

    kind: str  # `ipp` or `dpp`
    sentence: Entry
    first: Entry | None  # the first release under it
    runs: tuple[Run, ...]
    several: bool = False  # sentences of both kinds are recorded

    @property
    def recalled(self) -> bool:
        """Was the last time on licence broken by a recall, with no release since?"""
        return bool(self.runs) and self.runs[-1].broken is not None

    def run_of(self, released: Entry) -> Run | None:
        """The time on licence that began with a release."""
        return next((one for one in self.runs if one.released.key == released.key), None)


def course(entries: Sequence[Entry]) -> Course | None:
    """The course of a sentence for public protection; None where the person has none.

    Give what stands about one person, oldest first. Of several such sentences the last one imposed counts. A release
    for a time (`temporary`) is no release on licence.
    """
    sentences = [one for one in entries if one.kind == SENTENCE and one.body.get("type") in PUBLIC_PROTECTION]
    if not sentences:
        return None
    sentence = sentences[-1]
    runs = _runs(one for one in entries if one.happened.sorting >= sentence.happened.sorting)
    first = next((one.released for one in runs if one.released.body.get("release") == "first"), None)
    return Course(
        kind=str(sentence.body["type"]),
        sentence=sentence,
        first=first,
        runs=tuple(runs),
        several=len({one.body["type"] for one in sentences}) > 1,
    )


def _runs(entries: Iterable[Entry]) -> list[Run]:
    runs: list[Run] = []
    for entry in entries:
        last = runs[-1] if runs else None
        if entry.kind == RELEASED and entry.body.get("release") != "temporary":
            runs.append(Run(released=entry))
        elif last is None:
            continue
        elif entry.kind == REVOKED and last.broken is None:
            runs[-1] = replace(last, broken=entry)
        elif entry.kind == RESCINDED and last.broken is not None:
            runs[-1] = replace(last, broken=None, rescinded=(*last.rescinded, last.broken))
    return runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """When the licence can end, under the law of one day. A day that is None is not known or not so."""

    kind: str
    qualifying_end: date | None  # the last day of the qualifying period
    reference_due: date | None  # the last day of the period after which the Board is asked (D60)
    run_since: date | None  # the first day of the run that counts: a release, or the day after the qualifying period
    automatic_end: date | None  # the last day of the run that ends it (D62)
    earliest_request: date | None  # the first day on which the person may ask for a reference (D61)
    laws: tuple[Row, ...]  # the rows that the dates rest on: D60, D62, D61 where it is in force
    steps: tuple[str, ...]  # how each date was reckoned
    questions: tuple[str, ...]  # what the law or the record leaves open


def ending(course: Course, on: date, parameters: Mapping[str, Mapping[str, Any]]) -> Ending:
    """Work the dates out under the law of a day. `parameters` are the partnership's own figures, by rule."""
    qualifying, reference = row("D62", on, parameters), row("D60", on, parameters)
    request = row("D61", on, parameters)
    steps: list[str] = []
    years = int(qualifying.figures["qualifying"][course.kind]) if qualifying else None
    last = _from_first(course, years, "qualifying period", qualifying, steps)
    due = _from_first(course, reference_years(reference, course.kind, parameters), "reference", reference, steps)
    since = _run_since(course, last, steps)
    certain = since if not _doubts(course, since) else None
    ends = _end(certain, qualifying, parameters, steps) if not course.recalled else None
    asks = _asks(certain, request, parameters, steps) if not course.recalled else None
    return Ending(
        kind=course.kind,
        qualifying_end=last,
        reference_due=due,
        run_since=since,
        automatic_end=ends,
        earliest_request=asks,
        laws=tuple(one for one in (reference, qualifying, request) if one is not None),
        steps=tuple(steps),
        questions=tuple(_questions(course, since, on, request)),
    )


def row(rule: str, on: date, parameters: Mapping[str, Mapping[str, Any]]) -> Row | None:
    """The row of law in force on a day, or None where none is."""
    since = parameters.get(rule, {}).get("in_force_from")
    for one in LAW.of(rule):
        if one.holds(on):
            return one if one.commenced or (since and as_date(since) <= on) else None
    return None


def run_that_counts(course: Course, released: Entry) -> date | None:
    """The first day that counts of the run which a release began, by the newest law; None where that is uncertain."""
    first = course.first.happened.day if course.first else None
    day = released.happened.day
    if first is None or day is None:
        return None
    years = int(LAW.of("D62")[-1].figures["qualifying"][course.kind])
    since = max(_last_of(first, years) + timedelta(1), day)
    last = course.runs[-1].released.key == released.key
    return None if last and _doubts(course, since) else since


def reference_years(law: Row | None, kind: str, parameters: Mapping[str, Mapping[str, Any]]) -> int | None:
    """After how many years from the first release the Board is asked (D60)."""
    period = length_of(law, kind, parameters.get("D60", {})) if law else None
    return period[0].amount if period else None


def _from_first(course: Course, years: int | None, what: str, law: Row | None, steps: list[str]) -> date | None:
    first = course.first.happened.day if course.first else None
    if first is None or years is None or law is None:
        return None
    last = _last_of(first, years)
    steps.append(
        f"{what}: {years} years that begin on {said(first)}, the first release, end on {said(last)} ({law.source})"
    )
    return last


def _last_of(first: date, years: int) -> date:
    """The last day of so many years that begin on a day, which counts."""
    return due_day(first, parse_period(f"{years} year"), Convention.BEGIN_WITH, days=england_and_wales())


def _run_since(course: Course, last: date | None, steps: list[str]) -> date | None:
    """The first day of the run that counts: the day after the qualifying period, or a later release."""
    released = course.runs[-1].released.happened.day if course.runs else None
    if released is None or last is None:
        return None
    since = max(last + timedelta(1), released)
    broken = course.runs[-1].broken
    if broken is not None:
        steps.append(f"the run was broken by the recall {broken.ref}; there is no licence to end until a later release")
        return None
    steps.append(
        f"the run that counts began on {said(since)}: the later of the release on {said(released)} and the day after "
        f"{said(last)}"
    )
    return since


def _end(
    since: date | None, law: Row | None, parameters: Mapping[str, Mapping[str, Any]], steps: list[str]
) -> date | None:
    period = length_of(law, None, parameters.get("D62", {})) if law and "length" in law.figures else None
    if since is None or period is None or law is None:
        return None
    last = _last_of(since, period[0].amount)
    steps.append(f"ends by itself: {period[0]} that begin on {said(since)} end on {said(last)} ({law.source})")
    return last


def _asks(
    since: date | None, law: Row | None, parameters: Mapping[str, Mapping[str, Any]], steps: list[str]
) -> date | None:
    period = length_of(law, None, parameters.get("D61", {})) if law else None
    if since is None or period is None or law is None:
        return None
    first = _last_of(since, period[0].amount) + timedelta(1)
    steps.append(f"may ask: {period[0]} that begin on {said(since)} are over on {said(first)} ({law.source})")
    return first


# --- what is left open ----------------------------------------------------------------------------------------------


def _rescinded(course: Course, since: date | None) -> list[Entry]:
    """The rescinded recalls of the last run that fall in what counts of it."""
    if not course.runs or since is None:
        return []
    days = [(one, one.happened.day) for one in course.runs[-1].rescinded]
    return [one for one, day in days if day is None or day >= since]


def _hospital(course: Course) -> bool:
    """Did the last release lead to a hospital?"""
    last = course.runs[-1].released if course.runs else None
    return last is not None and "hospital" in str(last.body.get("address_kind") or "").lower()


def _doubts(course: Course, since: date | None) -> bool:
    return bool(_rescinded(course, since)) or _hospital(course) or course.several


AUTOMATIC_FROM = next(one.since for one in LAW.of("D62") if "length" in one.figures)


def _questions(course: Course, since: date | None, on: date, request: Row | None) -> Iterable[str]:
    if course.several:
        yield "Sentences of both kinds for public protection are recorded: which qualifying period counts?"
    if course.runs and course.first is None:
        yield "A release is recorded, but no first release under this sentence: when did the qualifying period begin?"
    if course.first is not None and course.first.happened.day is None:
        yield "The day of the first release is not known, so the qualifying period cannot be counted."
    for one in _rescinded(course, since):
        yield f"The recall {one.ref} was rescinded. Whether the run counts as unbroken is uncertain: no date is given."
    if _hospital(course):
        yield "The release led to a hospital. Whether that time counts towards the run is uncertain: no date is given."
    broken = course.runs[-1].broken if course.runs else None
    recalled_on = broken.happened.day if broken else None
    if AUTOMATIC_FROM and recalled_on and recalled_on < AUTOMATIC_FROM <= on:
        yield (
            f"Recalled on {said(recalled_on)}, before the law changed on {said(AUTOMATIC_FROM)}: the change did not "
            "free people who were recalled then; how the run counts after a later release is an open transitional "
            "question."
        )
    if AUTOMATIC_FROM and on >= AUTOMATIC_FROM:
        yield "Whether a refused reference is made again each year since 1 November 2024 is uncertain."
    for law in LAW.of("D60 later"):
        if law.since is not None and on < law.since:
            continue
        yield law.source
        if request is None:
            yield "Nobody has confirmed from when a reference may be asked for after one continuous year (D61)."


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a later law would say of the same course. No date of this person's."""

    law: Row
    qualifying_end: date


def under_later_law(course: Course, on: date) -> list[WhatIf]:
    """For each row of law that came after a day, when the qualifying period would have ended. Only for a what-if."""
    first = course.first.happened.day if course.first else None
    later = [one for one in LAW.of("D62") if one.since is not None and one.since > on]
    if first is None:
        return []
    return [
        WhatIf(law=one, qualifying_end=_last_of(first, int(one.figures["qualifying"][course.kind]))) for one in later
    ]
