"""Put the demonstration into the database: agencies, staff, lives, and why each member of staff may see whom.

Everything goes the way of a record: people and entries through `alerts.actions.record`, accounts and relations
through `access.actions`. What lies back is taken in quietly, life by life; what was noted in the last days comes
in after the relations are there, so that the staff are told of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.alerts import actions as alerts
from throughcare.demo import staff, stories
from throughcare.demo.stories import Told
from throughcare.duties import actions as duties
from throughcare.ledger.entry import Record, london_day
from throughcare.ledger.kinds import Kind
from throughcare.people.models import Holding

BY: Final = "demonstration"
"""In whose name the ledger takes the entries."""

TOLD_DAYS: Final = 3
"""So many days before the last of the story, entries come in after the relations: the staff are told of them."""


def is_loaded() -> bool:
    """Is the demonstration child there already? One query."""
    first = staff.read().ties[0].records[0]
    return Holding.objects.filter(agency=first.agency, ref=first.ref).exists()


def load(known: Mapping[str, Kind], *, at: datetime, say: Callable[[str], None]) -> None:
    """Load everything, all or nothing; nothing is done where it is loaded already. `say` is told of each step.

    `at` is now: it is when the ledger takes the entries, and the lives end one to seven days before it.
    """
    if is_loaded():
        return
    told = stories.lives(london_day(at), known)
    people = staff.read()
    with transaction.atomic():
        say(f"{len(people.desks)} agencies and {len(people.workers)} members of staff")
        users = _staff(people, at=at)
        for rule, figures in stories.parameters(told).items():
            _figures(rule, figures, at=at)
        for one in told:
            say(f"{one.name}: {len(one.life.entries)} entries, {len(one.life.records)} records of people")
            _history(one, at=at)
        _ties(people, users, at=at)
        say("the last days, of which the staff are told")
        for one in told:
            _last_days(one, at=at)


def _staff(people: staff.Staff, *, at: datetime) -> dict[str, uuid.UUID]:
    """Make agencies, accounts and roles. Returns the accounts by e-mail."""
    for desk in people.desks:
        accounts.keep_agency(
            desk.code, name=desk.name, sector=desk.sector, telephone=desk.telephone, contact=desk.contact, at=at
        )
    users = {}
    for one in people.workers:
        user = accounts.make_user(one.email, name=one.name, agency=one.agency, demonstration=True, at=at)
        accounts.give_role(user, one.role, title=one.title, at=at)
        users[one.email] = user
    return users


def _figures(rule: str, figures: Mapping[str, object], *, at: datetime) -> None:
    duties.set_parameter(rule, figures, at=at, by=BY)


def _break(one: Told) -> datetime:
    return max(entry.noted for entry in one.life.entries) - timedelta(days=TOLD_DAYS)


def _history(one: Told, *, at: datetime) -> None:
    """Take in a life up to its last days; nobody is told of what is long past."""
    entries = [entry for entry in stories.in_order([one]) if entry.noted <= _break(one)]
    alerts.record(entries, people=one.life.records, by=BY, at=at, quiet=True)


def _last_days(one: Told, *, at: datetime) -> None:
    """Take in the rest of a life, in one go: working a person out anew is the slow part."""
    alerts.record([entry for entry in stories.in_order([one]) if entry.noted > _break(one)], by=BY, at=at)


def _ties(people: staff.Staff, users: Mapping[str, uuid.UUID], *, at: datetime) -> None:
    """Let staff stand in their relations to the persons of the records, as matching has joined them."""
    persons = {Record(one.agency, one.ref): one.person_id for one in Holding.objects.all()}
    for tie in people.ties:
        until = at + timedelta(days=tie.days) if tie.days else None
        for person in sorted({persons[record] for record in tie.records}):
            access.relate(person, tie.kind, user=users[tie.user], until=until, reason=tie.reason, at=at)
