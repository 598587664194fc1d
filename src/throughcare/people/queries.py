"""What can be read of people: values, never querysets.

Nothing here asks who looks: pages and the API ask `access` first, and show no more than its answer allows.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Record
from throughcare.people.matching import exact
from throughcare.people.models import Doubt, Holding, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one agency's record says about a person, in its newest version."""

    record: Record
    person: uuid.UUID
    names: tuple[str, ...]
    date_of_birth: date | None
    expected_date_of_birth: date | None
    sex: str
    address: str
    identifiers: tuple[str, ...]  # system=value
    identified: bool

    @property
    def name(self) -> str:
        """The main name, or the words for somebody of whom nobody knows who they are."""
        return self.names[0] if self.names else "Unidentified person"


def held(row: Holding) -> Held:
    """The value of a row."""
    return Held(
        record=Record(row.agency, row.ref),
        person=row.person_id,
        names=tuple(row.names),
        date_of_birth=row.date_of_birth,
        expected_date_of_birth=row.expected_date_of_birth,
        sex=row.sex,
        address=row.address,
        identifiers=tuple(row.identifiers),
        identified=row.identified,
    )


def records_of(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Held]]:
    """The agencies' records of each person, oldest first; none for a person who is not there. One query."""
    found: dict[uuid.UUID, list[Held]] = {person: [] for person in persons}
    for row in Holding.objects.filter(person__in=persons).order_by("id"):
        found[row.person_id].append(held(row))
    return found


def persons_of(records: Collection[Record]) -> dict[Record, uuid.UUID]:
    """The person of each record that is known. One query."""
    wanted = set(records)
    rows = Holding.objects.filter(
        agency__in={one.agency for one in wanted}, ref__in={one.ref for one in wanted}
    ).values_list("agency", "ref", "person_id")
    return {Record(agency, ref): person for agency, ref, person in rows if Record(agency, ref) in wanted}


def named(records: Collection[Record]) -> dict[Record, Held]:
    """What these records say. One query."""
    wanted = set(records)
    rows = Holding.objects.filter(agency__in={one.agency for one in wanted}, ref__in={one.ref for one in wanted})
    return {value.record: value for value in map(held, rows) if value.record in wanted}


def everybody() -> set[uuid.UUID]:
    """Every person of whom an agency has a record. One query."""
    return set(Holding.objects.values_list("person", flat=True))


def heir(person: uuid.UUID) -> uuid.UUID | None:
    """Who holds the records of a person now that was joined with others; None where nobody does."""
    seen = {person}
    while (target := Person.objects.filter(id=person).values_list("merged_into", flat=True).first()) is not None:
        if target in seen:
            return None
        seen.add(target)
        if Holding.objects.filter(person=target).exists():
            return target
        person = target
    return None


LINKING = ("people.relationship_stated", "people.household_stated")
"""Kinds of entry that say that people have to do with each other."""


def circles(persons: Collection[uuid.UUID], *, steps: int = 2) -> dict[uuid.UUID, set[uuid.UUID]]:
    """For each person, they and all linked to them by a stated relationship or household, so many steps away.

    Three queries a step, however many persons; one step where nobody is linked to anybody.
    """
    near: dict[uuid.UUID, set[uuid.UUID]] = {}
    found = {person: {person} for person in persons}
    for _ in range(steps):
        if unknown := {one for circle in found.values() for one in circle} - near.keys():
            near |= _neighbours(unknown)
        grown = {person: set().union(*(near[one] for one in circle)) for person, circle in found.items()}
        if grown == found:
            break
        found = grown
    return found


def _neighbours(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Each person with all who are linked to them, and themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, ref, person_id FROM people_record WHERE person_id = ANY(%s)", [list(persons)])
        owned = {Record(agency, ref): person for agency, ref, person in cursor.fetchall()}
    pairs = ledger.together(owned.keys(), kinds=LINKING)
    others = persons_of({other for _, other in pairs} - owned.keys()) | owned if pairs else owned
    near = {person: {person} for person in persons}
    for one, other in pairs:
        if other in others:
            near[owned[one]].add(others[other])
    return near


def linked(persons: Collection[uuid.UUID], *, steps: int = 2) -> set[uuid.UUID]:
    """All of these persons' circles together."""
    return set(persons).union(*circles(persons, steps=steps).values())


def search(words: str, *, born: date | None = None, most: int = 50) -> list[Held]:
    """The records whose names hold every word (in any order, accents and case aside), at most `most`. One query.

    `born` narrows to one birth date. A number that is an identifier finds the records that hold it. Nothing is found
    by fewer than two letters, unless a birth date is given.
    """
    folded = exact.folded(words)
    if len(folded) < 2 and born is None:
        return []
    rows = Holding.objects.all()
    if any(letter.isdigit() for letter in folded):
        rows = rows.filter(search__contains=f"#{folded.replace(' ', '')}")
    else:
        for word in folded.split():
            rows = rows.filter(search__contains=f" {word}")
    if born is not None:
        rows = rows.filter(date_of_birth=born)
    return [held(row) for row in rows.order_by("names", "date_of_birth", "id")[:most]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """Two records that look like one person, and that a human must decide about."""

    id: int
    first: Held
    second: Held
    why: str


def doubtful(most: int = 200) -> list[Doubtful]:
    """The pairs of records that wait for a human, oldest first. One query."""
    rows = Doubt.objects.filter(decided_at=None).select_related("first", "second").order_by("id")[:most]
    return [Doubtful(id=row.pk, first=held(row.first), second=held(row.second), why=row.why) for row in rows]
