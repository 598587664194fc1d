"""What can be read about access: who looks, how far they see, who looked at whom. Values, never querysets.

Reach is read anew for each request and kept nowhere, so that an ended relationship, a block or a lost role takes
effect with the next page. Leaves out: entries. The ledger reads those, through a `Reach`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q

from throughcare.access.models import (
    Agency,
    AuditLine,
    AuditPlace,
    AuditWaiting,
    Block,
    BreakGlass,
    Relationship,
    User,
)
from throughcare.access.reach import Held, Reach, Relation, Role, Viewer, reach_of

# --- who looks -----------------------------------------------------------------------------------------------------


def viewer(user: UUID, *, at: datetime) -> Viewer | None:
    """Who this account is at a moment, with the roles that stand then. None: no such account, or not active.

    One query. An account whose agency is no longer active sees nothing: None.
    """
    standing = Q(memberships__since__lte=at) & (Q(memberships__ended__isnull=True) | Q(memberships__ended__gt=at))
    row = (
        User.objects.filter(id=user, is_active=True, agency__active=True)
        .annotate(roles=ArrayAgg("memberships__role", filter=standing, default=[]))
        .first()
    )
    if row is None:
        return None
    return Viewer(
        id=row.id,
        agency=row.agency_id,
        roles=frozenset(map(Role, row.roles)),
        name=row.name,
        demonstration=row.demonstration,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody who has an account, as shown to others."""

    id: UUID
    name: str
    email: str
    agency: str
    titles: tuple[str, ...]
    roles: tuple[str, ...]


def colleagues(
    *, agency: str | None = None, ids: Collection[UUID] | None = None, demonstration: bool | None = None
) -> list[Colleague]:
    """Active accounts in order of agency, then name; narrowed by what is given. Two queries."""
    wanted = Q(is_active=True)
    if agency is not None:
        wanted &= Q(agency=agency)
    if ids is not None:
        wanted &= Q(id__in=ids)
    if demonstration is not None:
        wanted &= Q(demonstration=demonstration)
    rows = User.objects.filter(wanted).order_by("agency_id", "name").prefetch_related("memberships")
    return [_colleague(row) for row in rows]


def _colleague(row: User) -> Colleague:
    standing = [one for one in row.memberships.all() if one.ended is None]
    return Colleague(
        id=row.id,
        name=row.name,
        email=row.email,
        agency=row.agency_id,
        titles=tuple(one.title or one.role for one in standing),
        roles=tuple(one.role for one in standing),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An agency, and whom to ring there: all that a pointer shows."""

    code: str
    name: str
    sector: str
    telephone: str
    contact: str


def desks(codes: Collection[str] | None = None) -> dict[str, Desk]:
    """Agencies by code: those named, or all that are active. One query."""
    rows = Agency.objects.filter(active=True) if codes is None else Agency.objects.filter(code__in=codes)
    return {
        row.code: Desk(code=row.code, name=row.name, sector=row.sector, telephone=row.telephone, contact=row.contact)
        for row in rows.order_by("name")
    }


# --- how far -------------------------------------------------------------------------------------------------------

_MINE = """
    (held.user_id = %(user)s
     OR held.team_id IN (SELECT team_id FROM access_membership
                         WHERE user_id = %(user)s AND since <= %(at)s AND (ended IS NULL OR ended > %(at)s))
     OR held.team_id IN (SELECT id FROM access_team WHERE agency_id = %(agency)s AND everyone))
"""

# One statement, so that relations, blocks and broken glass are seen as of one moment.
_STANDING = f"""
    SELECT held.person, held.kind, held.since, held.until, held.ended, FALSE AS blocked
    FROM access_relationship held WHERE held.person = ANY(%(persons)s) AND {_MINE}
    UNION ALL
    SELECT person, 'break_glass', at, until, NULL, FALSE
    FROM access_breakglass WHERE person = ANY(%(persons)s) AND user_id = %(user)s AND until > %(at)s
    UNION ALL
    SELECT person, 'none', since, NULL, ended, TRUE
    FROM access_block WHERE person = ANY(%(persons)s) AND user_id = %(user)s
"""  # noqa: S608 - put together from constants above


def reach(viewer: Viewer, person: UUID, *, at: datetime) -> Reach:
    """How far the viewer sees into this person's record at a moment. One query."""
    return reaches(viewer, [person], at=at)[person]


def reaches(viewer: Viewer, persons: Iterable[UUID], *, at: datetime) -> dict[UUID, Reach]:
    """The same for many persons; each is in the answer. One query."""
    wanted = list(dict.fromkeys(persons))
    held: dict[UUID, list[Held]] = defaultdict(list)
    blocked: set[UUID] = set()
    given: dict[str, Any] = {"persons": wanted, "user": viewer.id, "agency": viewer.agency, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, given)
        for person, kind, since, until, ended, is_block in cursor.fetchall():
            one = Held(relation=Relation(kind), since=since, until=until, ended=ended)
            if not is_block:
                held[person].append(one)
            elif one.stands(at):
                blocked.add(person)
    return {person: reach_of(viewer, held[person], at=at, blocked=person in blocked) for person in wanted}


def readable(reach: Reach, *, known: Q, agency: str = "agency", label: str = "sensitivity") -> Q:
    """The entries that this reach reads, as a condition for the ledger's own query: `Reach.reads` in SQL.

    `known` is true where the viewer's agency knows the entry; `agency` and `label` are the names of the fields.
    """
    return (
        Q(**{agency: reach.agency, f"{label}__in": sorted(reach.own)})
        | (Q(**{f"{label}__in": sorted(reach.shared)}) & known)
        | Q(**{f"{label}__in": sorted(reach.full)})
    )


_PERSONS = f"""
    SELECT held.person, array_agg(DISTINCT held.kind)
    FROM access_relationship held
    WHERE {_MINE} AND held.since <= %(at)s AND (held.until IS NULL OR held.until > %(at)s)
      AND (held.ended IS NULL OR held.ended > %(at)s)
      AND NOT EXISTS (SELECT FROM access_block block
                      WHERE block.user_id = %(user)s AND block.person = held.person AND block.since <= %(at)s
                        AND (block.ended IS NULL OR block.ended > %(at)s))
    GROUP BY held.person
"""  # noqa: S608 - put together from constants above


def persons_of(viewer: Viewer, *, at: datetime) -> dict[UUID, tuple[Relation, ...]]:
    """The persons to whom the viewer stands in a relation at a moment, and in which. None that is blocked. One query.

    Only relations in which one of the viewer's roles reads anything count.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, {"user": viewer.id, "agency": viewer.agency, "at": at})
        rows = cursor.fetchall()
    always = Held(relation=Relation.NONE, since=at)
    found: dict[UUID, tuple[Relation, ...]] = {}
    for person, kinds in rows:
        held = [always, *(Held(relation=Relation(kind), since=at) for kind in kinds)]
        useful = tuple(one for one in reach_of(viewer, held, at=at).relations if one is not Relation.NONE)
        if useful:
            found[person] = useful
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody, or a team, who stands in a relation to a person. `members` are the accounts behind it now."""

    id: int
    relation: Relation
    agency: str
    user: UUID | None
    team: str | None
    name: str
    since: datetime
    until: datetime | None
    members: tuple[UUID, ...]


def holders(person: UUID, *, at: datetime) -> list[Holder]:
    """Who stands in a relation to this person at a moment, oldest first: the case's owner, the team. Two queries."""
    return holders_of([person], at=at)[person]


def holders_of(persons: Collection[UUID], *, at: datetime) -> dict[UUID, list[Holder]]:
    """The same for many persons; each is in the answer. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, {"persons": list(persons), "at": at})
        rows = cursor.fetchall()
    members = _members({team for *_, team, _ in rows if team is not None}, at=at)
    found: dict[UUID, list[Holder]] = {person: [] for person in persons}
    for person, id, kind, since, until, user, agency, name, team, code in rows:
        found[person].append(
            Holder(
                id=id,
                relation=Relation(kind),
                agency=agency,
                user=user,
                team=code,
                name=name,
                since=since,
                until=until,
                members=(user,) if user is not None else members.get(team, ()),
            )
        )
    return found


_HOLDERS = """
    SELECT r.person, r.id, r.kind, r.since, r.until, r.user_id, coalesce(u.agency_id, t.agency_id, ''),
           coalesce(u.name, t.name), r.team_id, t.code
    FROM access_relationship r
    LEFT JOIN access_user u ON u.id = r.user_id
    LEFT JOIN access_team t ON t.id = r.team_id
    WHERE r.person = ANY(%(persons)s) AND r.since <= %(at)s
      AND (r.until IS NULL OR r.until > %(at)s) AND (r.ended IS NULL OR r.ended > %(at)s)
    ORDER BY r.since, r.id
"""


def _members(teams: Collection[int], *, at: datetime) -> dict[int, tuple[UUID, ...]]:
    if not teams:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT team.id, array_agg(DISTINCT person.id ORDER BY person.id)
            FROM access_team team JOIN access_user person ON person.is_active
            LEFT JOIN access_membership m ON m.user_id = person.id AND m.team_id = team.id
                 AND m.since <= %(at)s AND (m.ended IS NULL OR m.ended > %(at)s)
            WHERE team.id = ANY(%(teams)s)
              AND (m.id IS NOT NULL OR (team.everyone AND person.agency_id = team.agency_id))
            GROUP BY team.id
            """,
            {"teams": list(teams), "at": at},
        )
        return {team: tuple(ids) for team, ids in cursor.fetchall()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Barrier:
    """A block that stands: who must not see whom."""

    number: int
    email: str
    person: UUID
    kind: str
    since: datetime


def blocks(user: UUID | None = None) -> list[Barrier]:
    """The blocks that stand, of one account or of all, oldest first. One query."""
    rows = Block.objects.filter(ended__isnull=True).select_related("user").order_by("id")
    return [
        Barrier(number=row.pk, email=row.user.email, person=row.person, kind=row.kind, since=row.since)
        for row in (rows if user is None else rows.filter(user=user))
    ]


def was_ever_seen(person: UUID) -> bool:
    """Has anybody ever stood in a relation to a person of this id, or looked at one? At most two queries.

    That somebody was kept away from a person of this id does not count.
    """
    known = Relationship.objects.filter(person=person).exists()
    return known or AuditLine.objects.filter(persons__contains=[person]).exclude(act="permission").exists()


# --- broken glass ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """One breaking of the glass, and its review."""

    id: UUID
    user: UUID
    user_name: str
    agency: str
    person: UUID
    reason: str
    at: datetime
    until: datetime
    review_due: date
    told: datetime | None
    reviewed_by: UUID | None
    reviewed_at: datetime | None
    outcome: str
    note: str


def glass_to_review(viewer: Viewer) -> list[Glass]:
    """Breakings of the glass that wait for review, the most urgent first; not the viewer's own. One query.

    A guardian sees all of them; anybody else those by people of their own agency.
    """
    rows = BreakGlass.objects.filter(_reviews(viewer), reviewed_at__isnull=True)
    return [_glass(row) for row in rows.select_related("user").order_by("review_due", "at")]


def glass_of(person: UUID, viewer: Viewer) -> list[Glass]:
    """Breakings of the glass on this person that are the viewer's to review, or were, newest first. One query."""
    rows = BreakGlass.objects.filter(_reviews(viewer), person=person)
    return [_glass(row) for row in rows.select_related("user").order_by("-at")]


def _reviews(viewer: Viewer) -> Q:
    everybody = ~Q(user=viewer.id)
    return everybody if Role.GUARDIAN in viewer.roles else everybody & Q(user__agency=viewer.agency)


def _glass(row: BreakGlass) -> Glass:
    return Glass(
        id=row.id,
        user=row.user_id,
        user_name=row.user.name,
        agency=row.user.agency_id,
        person=row.person,
        reason=row.reason,
        at=row.at,
        until=row.until,
        review_due=row.review_due,
        told=row.told,
        reviewed_by=row.reviewed_by_id,
        reviewed_at=row.reviewed_at,
        outcome=row.outcome,
        note=row.note,
    )


# --- who looked ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One audit line as a page shows it. `position` is its place in the sealed order, or None: not placed yet."""

    id: int
    position: int | None
    at: datetime
    who_kind: str
    who: UUID | None
    name: str
    agency: str
    roles: tuple[str, ...]
    act: str
    permission: str
    object_kind: str
    object_id: str
    persons: tuple[UUID, ...]
    relation: str
    purpose: str
    reason: str
    outcome: str
    results: int | None


def lines(
    *,
    person: UUID | None = None,
    who: UUID | None = None,
    act: str | None = None,
    outcome: str | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[Line]:
    """Audit lines, newest first: who looked at this person, or what this viewer did, or all. Two queries.

    `before` is the `id` of the last line of the page before; `limit` is at most 1000.
    """
    given = {"persons__contains": [person] if person else None, "who": who, "act": act, "outcome": outcome}
    rows = AuditLine.objects.filter(**{name: value for name, value in given.items() if value is not None})
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.select_related("place").order_by("-id")[: min(limit, 1000)])
    names = dict(User.objects.filter(id__in={row.who for row in found if row.who}).values_list("id", "name"))
    return [_line(row, names) for row in found]


def _line(row: AuditLine, names: dict[UUID, str]) -> Line:
    return Line(
        id=row.id,
        position=row.place.position if hasattr(row, "place") else None,
        at=row.at,
        who_kind=row.who_kind,
        who=row.who,
        name=names.get(row.who, "") if row.who else "",
        agency=row.agency,
        roles=tuple(row.roles),
        act=row.act,
        permission=row.permission,
        object_kind=row.object_kind,
        object_id=row.object_id,
        persons=tuple(row.persons),
        relation=row.relation,
        purpose=row.purpose,
        reason=row.reason,
        outcome=row.outcome,
        results=row.results,
    )


# --- for the sealer --------------------------------------------------------------------------------------------------


def audit_lines_after(position: int, limit: int = 1000) -> list[dict[str, Any]]:
    """Placed audit lines with a position greater than this one, in order, as canonical values for sealing. One query.

    Positions are 1, 2, 3 without a gap and never change (`actions.place_audit_lines` gives them). The values are
    strings, whole numbers, lists and null, so that RFC 8785 gives the same bytes for ever; times are UTC with six
    digits of a second. `format` changes if anything here does.
    """
    places = AuditPlace.objects.filter(position__gt=position).select_related("line").order_by("position")[:limit]
    return [canonical(place.position, place.line) for place in places]


def canonical(position: int, line: AuditLine) -> dict[str, Any]:
    """One audit line at its place, as values that are sealed."""
    return {
        "format": "throughcare-audit/1",
        "position": position,
        "line": line.id,
        "at": line.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "who_kind": line.who_kind,
        "who": str(line.who) if line.who else None,
        "agency": line.agency,
        "roles": list(line.roles),
        "act": line.act,
        "permission": line.permission,
        "object_kind": line.object_kind,
        "object_id": line.object_id,
        "persons": [str(one) for one in line.persons],
        "relation": line.relation,
        "purpose": line.purpose,
        "reason": line.reason,
        "request": str(line.request) if line.request else None,
        "outcome": line.outcome,
        "network": line.network,
        "query": line.query,
        "results": line.results,
    }


def audit_backlog() -> int:
    """How many audit lines have no place yet. One query."""
    return AuditWaiting.objects.count()
