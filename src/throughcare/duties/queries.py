"""What can be read of duties and findings: values, never querysets.

`case` and `cases` gather all that the engine needs to know of a person, whoever asks; what a viewer is shown of the
answers is for the page to ask `access` about, entry by entry.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery

from throughcare.access import queries as access
from throughcare.access.keyed import token_hash
from throughcare.duties.calendar import england_and_wales
from throughcare.duties.law import Shelf, shelves
from throughcare.duties.models import Assessed, Assignment, Confirmation, DutyRow, Feed, FindingRow, Parameter
from throughcare.duties.rules import Rules
from throughcare.duties.view import Case, Facts
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, Record
from throughcare.people import queries as people


@cache
def rules() -> Rules:
    """Everything that the rooms of this installation declare in their `rules.py`."""
    found = Rules()
    for room in settings.ROOMS:
        name = f"throughcare.{room}.rules"
        if room != "duties" and find_spec(name):
            found += import_module(name).RULES
    return found


@cache
def law() -> tuple[Shelf, ...]:
    """The law of every room of this installation, in the order of the list of rooms."""
    return shelves(room for room in settings.ROOMS if room != "duties")


def parameters() -> dict[str, dict[str, Any]]:
    """The partnership's own figures, by rule. One query."""
    return dict(Parameter.objects.values_list("rule", "figures"))


def circles(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Each person with all whose entries their answers are worked out from: linked people, where a rule reads them."""
    if any(one.reach == "linked" for one in rules().thresholds):
        return people.circles(persons)
    return {person: {person} for person in persons}


def links(case: Case) -> bool:
    """Does any entry of this case say that people have to do with each other?"""
    return any(entry.kind in people.LINKING for entry in case.entries)


def cases(circles: Mapping[uuid.UUID, Collection[uuid.UUID]]) -> dict[uuid.UUID, Case]:
    """The whole case of each person, for the engine: entries, people, figures. Five queries, however many persons.

    `circles` names for each person whose entries are in their case.
    """
    held = people.records_of({one for circle in circles.values() for one in circle})
    entries = ledger.everything([one.record for ones in held.values() for one in ones])
    facts = _facts(entries, held)
    about: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for person in dict.fromkeys(facts[one.record].person for one in entry.concerns):
            about[person].append(entry)
    given, sectors = parameters(), {code: desk.sector for code, desk in access.desks().items()}
    return {
        person: Case(entries=_merged(about, circle), people=facts, parameters=given, sectors=sectors)
        for person, circle in circles.items()
    }


def _facts(entries: Iterable[Entry], held: Mapping[uuid.UUID, Sequence[people.Held]]) -> dict[Record, Facts]:
    known = {one.record: one for ones in held.values() for one in ones}
    others = {concern.record for entry in entries for concern in entry.concerns} - known.keys()
    known |= people.named(others) if others else {}
    return {
        record: Facts(
            person=str(one.person),
            born=one.date_of_birth,
            expected=one.expected_date_of_birth,
            identified=one.identified,
        )
        for record, one in known.items()
    }


def _merged(about: Mapping[str, list[Entry]], circle: Collection[uuid.UUID]) -> list[Entry]:
    if len(circle) == 1:
        return about.get(str(next(iter(circle))), [])
    merged = {entry.key: entry for person in circle for entry in about.get(str(person), ())}
    return sorted(merged.values(), key=lambda entry: (entry.noted, entry.ref))


def case(person: uuid.UUID) -> Case:
    """The whole case of one person."""
    return cases(circles([person]))[person]


def everybody() -> list[uuid.UUID]:
    """Every person who has records, or rows in the tables of duties, in the order of their ids. Two queries."""
    return sorted(people.everybody() | set(Assessed.objects.values_list("person", flat=True)))


# --- the tables ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDuty:
    """A duty as it stands today."""

    person: uuid.UUID
    rule: str
    started_by: str  # AGENCY:ref
    due: str | None
    due_at: datetime | None
    state: str
    met_by: str | None
    owner: str
    agency: str
    assigned: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFinding:
    """A finding as it stands today."""

    person: uuid.UUID
    rule: str
    key: str
    raised: date
    result: str
    evidence: tuple[str, ...]
    assigned: uuid.UUID | None = None


def answers_of(person: uuid.UUID) -> tuple[list[KeptDuty], list[KeptFinding]]:
    """Every duty and finding of one person as it stands today. Two queries."""
    return duties_of([person]), findings_of([person])


def duties_of(persons: Collection[uuid.UUID], *, states: Collection[str] = ()) -> list[KeptDuty]:
    """The duties of these persons, the soonest due first; those in the given states, or all. One query."""
    rows = DutyRow.objects.filter(person__in=persons).annotate(assigned=_newest_holder("started_by"))
    if states:
        rows = rows.filter(state__in=states)
    return [
        KeptDuty(
            person=row.person, rule=row.rule, started_by=row.started_by, due=row.due, due_at=row.due_at,
            state=row.state, met_by=row.met_by, owner=row.owner, agency=row.agency, assigned=row.assigned,
        )
        for row in rows.order_by("due_at", "person", "rule", "started_by")
    ]  # fmt: skip


def findings_of(persons: Collection[uuid.UUID], *, since: date | None = None) -> list[KeptFinding]:
    """The findings about these persons, the newest first; raised on a day or later, or all. One query."""
    rows = FindingRow.objects.filter(person__in=persons).annotate(assigned=_newest_holder("key"))
    if since is not None:
        rows = rows.filter(raised__gte=since)
    return [
        KeptFinding(
            person=row.person, rule=row.rule, key=row.key, raised=row.raised, result=row.result,
            evidence=tuple(row.evidence), assigned=row.assigned,
        )
        for row in rows.order_by("-raised", "person", "rule", "key")
    ]  # fmt: skip


def findings_resting_on(keys: Collection[Key], *, not_of: uuid.UUID) -> list[KeptFinding]:
    """The findings about other persons that rest on any of these entries, the newest first. One query."""
    names = [written(key) for key in keys]
    rows = FindingRow.objects.filter(evidence__overlap=names, result="matched").exclude(person=not_of)
    return [
        KeptFinding(
            person=row.person, rule=row.rule, key=row.key, raised=row.raised, result=row.result,
            evidence=tuple(row.evidence),
        )
        for row in rows.order_by("-raised", "person", "rule", "key")
    ]  # fmt: skip


def _newest_holder(key: str) -> Subquery:
    """Who was given a row last."""
    given = Assignment.objects.filter(person=OuterRef("person"), rule=OuterRef("rule"), key=OuterRef(key))
    return Subquery(given.order_by("-id").values("user")[:1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One time that somebody was given a duty or a finding."""

    user: uuid.UUID
    by: uuid.UUID
    at: datetime


def assignments(person: uuid.UUID, rule: str, key: str) -> list[Given]:
    """Who was given this duty or finding, oldest first. One query."""
    rows = Assignment.objects.filter(person=person, rule=rule, key=key).order_by("id")
    return [Given(user=row.user, by=row.by, at=row.at) for row in rows]


def written(key: Key) -> str:
    """How these tables name an entry: `AGENCY:ref`."""
    return f"{key.agency}:{key.ref}"


def key_of(name: str) -> Key:
    """The entry that `written` named."""
    agency, _, ref = name.partition(":")
    return Key(agency, ref)


def days_late(due: date, on: date) -> int:
    """Working days of England and Wales from the day after `due` to `on`, inclusive; 0 where none has passed."""
    days = england_and_wales()
    return sum(days.is_working(due + timedelta(days=n)) for n in range(1, (on - due).days + 1))


# --- law that was confirmed ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """One time that an approver confirmed the text of a rule, or took that back."""

    rule: str
    text: str
    confirmed: bool
    name: str
    at: datetime
    note: str


def confirmations(rule: str | None = None) -> list[Confirmed]:
    """What approvers said, of one rule or of all, oldest first. One query."""
    rows = Confirmation.objects.order_by("id")
    return [
        Confirmed(rule=row.rule, text=row.text, confirmed=row.confirmed, name=row.name, at=row.at, note=row.note)
        for row in (rows if rule is None else rows.filter(rule=rule))
    ]


def confirmed_texts() -> dict[str, Confirmed]:
    """The texts that stand confirmed, each with its newest confirmation. One query."""
    newest = {one.text: one for one in confirmations()}
    return {text: one for text, one in newest.items() if one.confirmed}


# --- feeds for calendars -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeed:
    """A calendar's address as it is kept: whose, since when, and whether it was ended."""

    user: uuid.UUID
    made: datetime
    ended: datetime | None


def feed_of(user: uuid.UUID) -> KeptFeed | None:
    """The address that stands for somebody, or None. One query."""
    row = Feed.objects.filter(user=user, ended__isnull=True).first()
    return KeptFeed(user=row.user, made=row.made, ended=row.ended) if row else None


def feed(token: str) -> KeptFeed | None:
    """Whose address this token is, ended or not; None: it was never given out. One query."""
    row = Feed.objects.filter(token_hash=token_hash(token)).first()
    return KeptFeed(user=row.user, made=row.made, ended=row.ended) if row else None
