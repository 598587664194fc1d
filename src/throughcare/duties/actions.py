"""What can be done about duties: work them out anew and keep the answers, give one to somebody, set local figures.

`assess` runs in the transaction that changed the entries, after `ledger.actions.append`, with the persons held.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from throughcare.access import actions as access
from throughcare.access.errors import NotAllowed
from throughcare.access.keyed import token_hash
from throughcare.access.reach import Permission, Viewer
from throughcare.duties import queries
from throughcare.duties.engine import evaluate
from throughcare.duties.law import Provision
from throughcare.duties.models import Assessed, Assignment, Confirmation, DutyRow, Feed, FindingRow, Parameter
from throughcare.duties.standing import Duty, State, due_text
from throughcare.duties.view import Case
from throughcare.duties.watch import Finding
from throughcare.ledger import actions as ledger
from throughcare.ledger.entry import end_of_day, london_day


class _Duty(NamedTuple):
    """A row of `duties_duty`, in the order of its columns."""

    person: uuid.UUID
    rule: str
    started_by: str
    due: str | None
    due_at: datetime | None
    state: str
    met_by: str | None
    owner: str
    agency: str


class _Finding(NamedTuple):
    """A row of `duties_finding`, in the order of its columns."""

    person: uuid.UUID
    rule: str
    key: str
    raised: Any
    result: str
    evidence: tuple[str, ...]


@dataclass(slots=True)
class Changes:
    """What working out anew has changed: what people are told of."""

    raised: list[tuple[uuid.UUID, str, str]] = field(default_factory=list)  # findings: person, rule, key
    withdrawn: list[tuple[uuid.UUID, str, str]] = field(default_factory=list)
    overdue: list[tuple[uuid.UUID, str, str, str]] = field(default_factory=list)  # person, rule, started_by, agency
    rows: int = 0  # rows of the tables that were written, over or anew, or taken away


Circles = Mapping[uuid.UUID, set[uuid.UUID]]


def hold(persons: Collection[uuid.UUID]) -> Circles:
    """Hold these persons and all whose answers follow from theirs, and return each of these with their circle.

    Two writers about two linked people would each work out both, blind to the other's entry, and the later would
    overwrite the earlier; so both hold all of the circle first.
    """
    circles = _whole(queries.circles(persons))
    ledger.hold(circles.keys())
    return circles


def _whole(circles: Circles) -> Circles:
    """Everybody in these circles, each with their own."""
    everybody = set(circles).union(*circles.values())
    return circles if everybody == set(circles) else queries.circles(everybody)


@transaction.atomic(savepoint=False)
def assess(persons: Collection[uuid.UUID], *, at: datetime, held: Circles | None = None) -> Changes:
    """Work out the duties and findings of these persons at a moment, keep the answers, and say what changed.

    Persons whose linked people changed are worked out too, where a rule reads them. `held` is what `hold` gave the
    caller. A person who has no records any more loses all rows. Some twenty statements, however many persons.
    """
    if not persons:
        return Changes()
    circles, cases = _held_cases(persons, held or {})
    duties: list[_Duty] = []
    findings: list[_Finding] = []
    for person, case in cases.items():
        name = str(person)
        answers = evaluate(case, rules=queries.rules(), on=london_day(at))
        duties += [_duty(person, one, at) for one in answers.duties if one.person == name]
        findings += [_finding(person, one) for one in answers.findings if one.person == name]
    changes = Changes()
    _keep_duties(circles.keys(), duties, changes)
    _keep_findings(circles.keys(), findings, changes)
    _note(circles.keys(), at)
    return changes


def _held_cases(persons: Collection[uuid.UUID], held: Circles) -> tuple[Circles, Mapping[uuid.UUID, Case]]:
    """Everybody whose answers follow from these persons', each with their circle and case; all of them held.

    While we waited for a person, a link may have been recorded: what is held is looked at once more, unless no entry
    of anybody links them at all.
    """
    if held.keys() >= set(persons):
        circles: Circles = {one: held[one] for one in set(persons).union(*(held[person] for person in persons))}
        cases = queries.cases(circles)
        if not any(queries.links(case) for case in cases.values()):
            return circles, cases
    while True:
        circles = _whole(queries.circles(persons))
        if circles.keys() <= held.keys():
            return circles, queries.cases(circles)
        ledger.hold(circles.keys())
        held = circles


def _duty(person: uuid.UUID, one: Duty, at: datetime) -> _Duty:
    return _Duty(
        person=person,
        rule=one.rule,
        started_by=queries.written(one.started_by),
        due=due_text(one.due),
        due_at=one.due if isinstance(one.due, datetime) else end_of_day(one.due) if one.due else None,
        state=str(_state_now(one, at)),
        met_by=queries.written(one.met_by) if one.met_by else None,
        owner=one.owner,
        agency=one.agency,
    )


def _state_now(one: Duty, at: datetime) -> State:
    """The engine answers for the end of a day; a moment that is still ahead today has not passed yet."""
    ahead = isinstance(one.due, datetime) and one.due > at
    return State.OPEN if one.state is State.OVERDUE and ahead else one.state


def _finding(person: uuid.UUID, one: Finding) -> _Finding:
    evidence = tuple(queries.written(key) for key in one.evidence)
    return _Finding(person, one.rule, one.key, one.raised, str(one.result), evidence)


def _keep_duties(persons: Collection[uuid.UUID], rows: Iterable[_Duty], changes: Changes) -> None:
    before = {row[:3]: _Duty._make(row) for row in _kept(DutyRow, persons)}
    now = {(row.person, row.rule, row.started_by): row for row in rows}
    changed = [row for name, row in now.items() if before.get(name) != row]
    for row in changed:
        was = before.get((row.person, row.rule, row.started_by))
        if row.state == State.OVERDUE and (was is None or was.state != State.OVERDUE):
            changes.overdue.append((row.person, row.rule, row.started_by, row.agency))
    changes.rows += len(before.keys() - now.keys()) + len(changed)
    _replace(DutyRow, before.keys() - now.keys(), changed)


def _keep_findings(persons: Collection[uuid.UUID], rows: Iterable[_Finding], changes: Changes) -> None:
    before = {row[:3]: _Finding._make((*row[:5], tuple(row[5]))) for row in _kept(FindingRow, persons)}
    now = {(row.person, row.rule, row.key): row for row in rows}
    changed = [row for name, row in now.items() if before.get(name) != row]
    for row in changed:
        was = before.get((row.person, row.rule, row.key))
        if row.result == "withdrawn":
            if was is not None and was.result != "withdrawn":
                changes.withdrawn.append((row.person, row.rule, row.key))
        elif was is None or was.result != row.result:
            changes.raised.append((row.person, row.rule, row.key))
    changes.rows += len(before.keys() - now.keys()) + len(changed)
    _replace(FindingRow, before.keys() - now.keys(), changed)


_COLUMNS: Mapping[Any, tuple[tuple[str, ...], tuple[str, ...]]] = {
    DutyRow: (_Duty._fields, ("uuid", "text", "text", "text", "timestamptz", "text", "text", "text", "text")),
    FindingRow: (_Finding._fields, ("uuid", "text", "text", "date", "text", "text")),
}


def _kept(model: Any, persons: Collection[uuid.UUID]) -> list[Any]:
    """The rows of these persons, each with its columns in their order."""
    fields, _ = _COLUMNS[model]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(fields)} FROM {model._meta.db_table} WHERE person = ANY(%s)",  # noqa: S608
            [list(persons)],
        )
        rows: list[Any] = cursor.fetchall()
        return rows


def _replace(model: Any, gone: Collection[tuple[Any, ...]], changed: Collection[tuple[Any, ...]]) -> None:
    """Take away rows by their names (person, rule, key), and write the changed ones, new or over the old."""
    fields, types = _COLUMNS[model]
    table, name = model._meta.db_table, fields[:3]
    with connection.cursor() as cursor:
        if gone:
            columns = ", ".join(name)
            cursor.execute(
                f"DELETE FROM {table} USING unnest(%s::uuid[], %s::text[], %s::text[]) AS n({columns}) "  # noqa: S608
                f"WHERE ({', '.join(f'{table}.{one}' for one in name)}) = ({', '.join(f'n.{one}' for one in name)})",
                _sides(gone, 3),
            )
        if changed:
            values = ", ".join(f"%s::{one}[]" for one in types)
            chosen = ", ".join(f"{one}::text[]" if one == "evidence" else one for one in fields)
            others = ", ".join(f"{one} = EXCLUDED.{one}" for one in fields[3:])
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(fields)}) SELECT {chosen} "  # noqa: S608
                f"FROM unnest({values}) AS n({', '.join(fields)}) "
                f"ON CONFLICT ({', '.join(name)}) DO UPDATE SET {others}",
                [_as_arrays(side) for side in _sides(changed, len(fields))],
            )


def _sides(rows: Collection[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [[row[place] for row in rows] for place in range(width)]


def _as_arrays(side: list[Any]) -> list[Any]:
    """Lists within the side of a column, each written as PostgreSQL writes an array: unnest takes one level only."""
    if side and isinstance(side[0], tuple):
        return [
            "{" + ",".join('"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in row) + "}"
            for row in side
        ]
    return side


def _note(persons: Collection[uuid.UUID], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO duties_assessed (person, "on") SELECT p, %s FROM unnest(%s::uuid[]) AS p ORDER BY p '
            'ON CONFLICT (person) DO UPDATE SET "on" = EXCLUDED."on" '
            'WHERE duties_assessed."on" <> EXCLUDED."on"',
            [london_day(at), list(persons)],
        )


def waiting(*, at: datetime, most: int = 200) -> list[uuid.UUID]:
    """The persons whose answers time has changed: a moment that passed, or a day that began. At most `most`."""
    passed = DutyRow.objects.filter(state=State.OPEN, due_at__lt=at).values_list("person", flat=True)[:most]
    older = Assessed.objects.filter(on__lt=london_day(at)).order_by("on").values_list("person", flat=True)[:most]
    return list(dict.fromkeys([*passed, *older]))[:most]


@transaction.atomic(savepoint=False)
def reassess(persons: Collection[uuid.UUID], *, at: datetime) -> Changes:
    """Hold these persons and work out their answers anew, though no entry has come."""
    return assess(persons, at=at)


@transaction.atomic
def assign(person: uuid.UUID, rule: str, key: str, *, to: uuid.UUID, by: uuid.UUID, at: datetime) -> None:
    """Give a duty (by its `started_by`) or a finding (by its key) to somebody. The newest giving counts."""
    Assignment.objects.create(person=person, rule=rule, key=key, user=to, by=by, at=at)


@transaction.atomic
def set_parameter(rule: str, figures: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Set a partnership's own figures of one rule. Answers follow when they are next worked out (`rebuild`)."""
    Parameter.objects.update_or_create(rule=rule, defaults={"figures": dict(figures), "since": at, "by": by})


@transaction.atomic
def confirm(provision: Provision, *, confirmed: bool, note: str, by: Viewer, at: datetime) -> None:
    """Confirm the text of a rule as it stands, or take that back. Kept with name, day and note, and audited.

    Raises `NotAllowed` for who may not, and `ValueError` for a rule that needs no confirming or a missing note.
    """
    if not by.may(Permission.LAW_CONFIRM):
        raise NotAllowed(Permission.LAW_CONFIRM)
    if not provision.needs_confirming:
        raise ValueError(f"{provision.rule}: is marked {provision.row.mark}. Only K, G and X are confirmed.")
    said = access.keepable(" ".join(note.split()), 1000)
    if not said:
        raise ValueError("note: is missing. Say what was read, and where.")
    Confirmation.objects.create(
        rule=provision.rule, text=provision.text, confirmed=confirmed, by=by.id, name=by.name, at=at, note=said
    )
    access.note_change(
        by, "law", provision.rule, at=at, purpose="confirmed" if confirmed else "confirmation taken back", reason=said
    )


@transaction.atomic
def renew_feed(user: Viewer, *, at: datetime) -> str:
    """Give somebody a new secret address for their calendar; the one they had ends. Returns the token, kept nowhere."""
    token = secrets.token_urlsafe(32)
    _end_feed(user, at=at)
    Feed.objects.create(user=user.id, token_hash=token_hash(token), made=at)
    access.note_change(user, "calendar_feed", user.id, at=at, purpose="renewed")
    return token


@transaction.atomic
def end_feed(user: Viewer, *, at: datetime) -> None:
    """End the address of somebody's calendar at once. Nothing happens where there is none."""
    if _end_feed(user, at=at):
        access.note_change(user, "calendar_feed", user.id, at=at, purpose="ended")


def _end_feed(user: Viewer, *, at: datetime) -> int:
    return Feed.objects.filter(user=user.id, ended__isnull=True).update(ended=at)
