"""What can be done about access to persons: relate, block, break the glass, and note what was looked at.

Each action holds, reads, decides and writes in one transaction, and leaves an audit line in that transaction: what
could not be noted did not happen. Agencies and accounts are `accounts`', signing in is `signing_in`'s, and agencies'
systems are `systems`'.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from throughcare.access import queries
from throughcare.access.errors import AccessRefused, AlreadyDone, NotAllowed
from throughcare.access.keyed import keyed_hash
from throughcare.access.models import (
    ACTS,
    AuditLine,
    AuditPlace,
    AuditWaiting,
    Block,
    BreakGlass,
    Relationship,
    Team,
    User,
)
from throughcare.access.reach import GIVEN, Permission, Relation, Role, Viewer

GLASS_OPEN = timedelta(minutes=60)
TRIAGE_MOST = timedelta(days=14)
SHORTEST_REASON = 10  # characters
OUTCOMES = ("justified", "not_justified", "cannot_say")
BLOCKS = ("alleged", "relative", "other")


def keepable(text: str, most: int) -> str:
    """Text as the database can keep it: at most so many characters, what no text may hold (NUL, half pairs) marked."""
    return text[:most].replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def stated(reason: str, right: str) -> str:
    """A reason as it is kept, in words. Raises `AccessRefused`, which says `right`, when it is missing or too short."""
    words = keepable(" ".join(reason.split()), 500)
    if len(words) < SHORTEST_REASON:
        raise AccessRefused("reason", f"is missing or shorter than {SHORTEST_REASON} characters", right)
    return words


# --- noting what was looked at ---------------------------------------------------------------------------------------


def note(
    act: str,
    *,
    viewer: Viewer | None,
    at: datetime,
    permission: str = "",
    object_kind: str = "",
    object_id: str = "",
    persons: Iterable[UUID] = (),
    relation: str = "",
    purpose: str = "",
    reason: str = "",
    request: UUID | None = None,
    outcome: str = "done",
    network: str = "",
    query: str | None = None,
    results: int | None = None,
) -> int:
    """Write one audit line and return its number. In the caller's transaction if there is one, else at once.

    `network` is an address and `query` what was searched for: both are kept as keyed hashes only. Nothing else may
    hold the content of a record. Raises `AccessRefused` for an unknown `act`; a database error means: not noted.
    """
    if act not in ACTS:
        raise AccessRefused("act", f"{act!r} is not known", f"Use one of {', '.join(ACTS)}")
    line = AuditLine.objects.create(
        at=at,
        who_kind=viewer.kind if viewer else "nobody",
        who=viewer.id if viewer else None,
        agency=viewer.agency if viewer else "",
        roles=sorted(viewer.roles) if viewer else [],
        act=act,
        permission=permission,
        object_kind=object_kind,
        object_id=keepable(object_id, 100),
        persons=list(dict.fromkeys(persons)),
        relation=relation,
        purpose=keepable(purpose, 200),
        reason=keepable(reason, 1000),
        request=request,
        outcome=outcome,
        network=keyed_hash("network", network) if network else "",
        query=keyed_hash("query", query) if query is not None else "",
        results=results,
    )
    return line.pk


_PLACING = 7_274_512_019  # the advisory lock of those who give places


@transaction.atomic
def place_audit_lines(limit: int = 1000) -> int:
    """Give the next places in the sealed order to lines that wait, oldest first. Returns how many.

    One at a time: a second caller waits. A line that is committed later gets a later place, whatever its number.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PLACING])
    waiting = list(AuditWaiting.objects.order_by("line_id").values_list("line_id", flat=True)[:limit])
    last = AuditPlace.objects.order_by("-position").values_list("position", flat=True).first() or 0
    AuditPlace.objects.bulk_create(
        AuditPlace(position=position, line_id=line) for position, line in enumerate(waiting, start=last + 1)
    )
    AuditWaiting.objects.filter(line_id__in=waiting).delete()
    return len(waiting)


def note_change(viewer: Viewer | None, what: str, thing: object, *, at: datetime, **more: Any) -> int:
    """Write the audit line of a change to access: of an account, a role, a system. Returns its number."""
    return note("permission", viewer=viewer, at=at, object_kind=what, object_id=str(thing), **more)


# --- relationships and blocks ----------------------------------------------------------------------------------------


@transaction.atomic
def relate(
    person: UUID,
    kind: str,
    *,
    at: datetime,
    user: UUID | None = None,
    team: tuple[str, str] | None = None,
    until: datetime | None = None,
    reason: str = "",
    by: Viewer | None = None,
) -> int:
    """Let a user, or a team given as (agency, code), stand in a relation to a person. Returns its number.

    With `by` the viewer must be allowed to relate on this person (`NotAllowed`); without, another room's rule does
    it (an enquiry was opened, a panel named). The same open relation again returns the one there is. A triage window
    must end, within 14 days. Raises `AccessRefused` with the field.
    """
    _check_relation(kind, at=at, until=until, user=user, team=team)
    if by is not None:
        _must(by, Permission.RELATE, person, at=at)
    holder = _team(team) if team is not None else None
    same = Relationship.objects.filter(person=person, kind=str(kind), user=user, team=holder, until=until)
    if row := same.filter(ended__isnull=True).first():
        return row.pk
    fields = {"since": at, "until": until, "reason": keepable(reason, 500), "made_by_id": _account(by)}
    try:
        with transaction.atomic():
            row = Relationship(person=person, kind=str(kind), user_id=user, team=holder, **fields)
            row.save(force_insert=True)
    except IntegrityError:
        if row := same.filter(ended__isnull=True).first():
            return row.pk  # somebody else was quicker
        raise
    note("permission", viewer=by, at=at, object_kind="relationship", object_id=str(row.pk), persons=[person],
         relation=str(kind), reason=reason)  # fmt: skip
    return row.pk


def _account(by: Viewer | None) -> UUID | None:
    return by.id if by is not None and by.kind == "user" else None


def _check_relation(
    kind: str, *, at: datetime, until: datetime | None, user: UUID | None, team: tuple[str, str] | None
) -> None:
    if kind not in GIVEN:
        raise AccessRefused("kind", f"{kind!r} cannot be given", f"Use one of {', '.join(GIVEN)}")
    if (user is None) == (team is None):
        raise AccessRefused("user", "and team: give one of the two", "Name a user or a team")
    if until is not None and until <= at:
        raise AccessRefused("until", "is not after the beginning", "Give a later moment")
    if kind == Relation.TRIAGE and (until is None or until > at + TRIAGE_MOST):
        raise AccessRefused("until", "a triage window must end", "Give a moment within 14 days")


def _team(team: tuple[str, str]) -> Team:
    found = Team.objects.filter(agency=team[0], code=team[1]).first()
    if found is None:
        raise AccessRefused("team", f"{team[0]} has no team {team[1]!r}", "Make the team first")
    return found


@transaction.atomic
def end_relationship(relationship: int, *, at: datetime, by: Viewer | None = None, reason: str = "") -> None:
    """End a relation from this moment; the next page no longer opens by it. Ending it twice changes nothing."""
    row = Relationship.objects.select_for_update().get(id=relationship)
    if by is not None:
        _must(by, Permission.RELATE, row.person, at=at)
    if row.ended is not None:
        return
    row.ended = max(at, row.since)
    row.ended_by_id = _account(by)
    row.save(update_fields=["ended", "ended_by"])
    note("permission", viewer=by, at=at, object_kind="relationship", object_id=str(row.pk), persons=[row.person],
         relation=row.kind, purpose="ended", reason=reason)  # fmt: skip


@transaction.atomic
def block(user: UUID, person: UUID, kind: str, *, reason: str, at: datetime) -> int:
    """Keep somebody away from a person, whatever else holds: alleged, relative, other. Returns its number.

    Takes effect with the next page. A block of this kind that stands is returned and stays as it is. Raises
    `AccessRefused` for an unknown kind and without a reason. Done on the server alone, and so in nobody's name.
    """
    if kind not in BLOCKS:
        raise AccessRefused("kind", f"{kind!r} is not known", f"Use one of {', '.join(BLOCKS)}")
    words = stated(reason, "Say in words why they must not see this person")
    User.objects.select_for_update().get(id=user)  # one at a time: the second finds the block of the first
    if found := Block.objects.filter(user_id=user, person=person, kind=kind, ended__isnull=True).first():
        return found.pk
    row = Block.objects.create(user_id=user, person=person, kind=kind, reason=words, since=at)
    note_change(None, "block", row.pk, at=at, persons=[person], relation=kind, reason=words)
    return row.pk


_CARRIED = {
    "relationship": """
        INSERT INTO access_relationship (person, kind, user_id, team_id, since, until, reason, made_by_id)
        SELECT %(target)s, r.kind, r.user_id, r.team_id, %(at)s, r.until, r.reason, r.made_by_id
        FROM access_relationship r
        WHERE r.person = %(source)s AND r.ended IS NULL AND (r.until IS NULL OR r.until > %(at)s)
          AND NOT EXISTS (
              SELECT FROM access_relationship h
              WHERE h.person = %(target)s AND h.ended IS NULL AND h.kind = r.kind
                AND h.user_id IS NOT DISTINCT FROM r.user_id AND h.team_id IS NOT DISTINCT FROM r.team_id
                AND h.until IS NOT DISTINCT FROM r.until)
        ON CONFLICT DO NOTHING RETURNING id
    """,
    "block": """
        INSERT INTO access_block (user_id, person, kind, reason, since)
        SELECT b.user_id, %(target)s, b.kind, b.reason, %(at)s
        FROM access_block b WHERE b.person = %(source)s AND b.ended IS NULL
        ON CONFLICT DO NOTHING RETURNING id
    """,
}


@transaction.atomic(savepoint=False)
def carry_over(source: UUID, target: UUID, *, at: datetime) -> None:
    """Let what stands about one person stand about another too: records went from the one to the other.

    Nobody who is kept away gets in by a join, nobody who works with the person is shut out by it. After a split both
    persons keep all: which of the two was meant, a human says, by ending what is too much.
    """
    for what, sql in _CARRIED.items():
        with connection.cursor() as cursor:
            cursor.execute(sql, {"source": source, "target": target, "at": at})
            made = [number for (number,) in cursor.fetchall()]
        for number in made:
            note("permission", viewer=None, at=at, object_kind=what, object_id=str(number), persons=[source, target],
                 reason="carried over: records of the one person are now the other's")  # fmt: skip


@transaction.atomic
def end_block(number: int, *, reason: str, at: datetime) -> None:
    """End a block from this moment. Raises `AccessRefused` without a reason, and for a block that does not stand."""
    words = stated(reason, "Say in words why they may see this person again")
    row = Block.objects.select_for_update().filter(id=number).first()
    if row is None or row.ended is not None:
        raise AccessRefused(
            "number", f"no block {number} stands", "Give a number that `throughcare staff blocks` shows"
        )
    row.ended = max(at, row.since)
    row.save(update_fields=["ended"])
    note_change(None, "block", number, at=at, persons=[row.person], purpose="ended", reason=words)


def _must(viewer: Viewer, permission: Permission, person: UUID, *, at: datetime) -> str:
    """Raise `NotAllowed` unless the viewer may do this to this person now. Returns by which relation."""
    reach = queries.reach(viewer, person, at=at)
    if not reach.may(permission):
        raise NotAllowed(permission)
    return reach.why


# --- breaking the glass ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """The glass is broken: which breaking, and until when the record is open."""

    glass: UUID
    until: datetime


@transaction.atomic
def break_glass(
    viewer: Viewer,
    person: UUID,
    *,
    reason: str,
    at: datetime,
    review_due: date,
    request: UUID | None = None,
    network: str = "",
) -> Opened:
    """Open a record in an emergency for 60 minutes. While it is open, a second call returns the same opening.

    `review_due` is two working days on: the caller knows the calendar. The caller also asks for the second factor
    again before, and tells the owner of the case and the guardian after (then `glass_told`). Raises `NotAllowed` for
    a role that may not, and for somebody who is blocked; `AccessRefused` without a reason in words.
    """
    words = keepable(" ".join(reason.split()), 1000)
    if len(words) < SHORTEST_REASON:
        raise AccessRefused("reason", "is missing or too short", "Say in words why you must see this record now")
    User.objects.select_for_update().filter(id=viewer.id).first()  # one at a time
    if found := BreakGlass.objects.filter(user_id=viewer.id, person=person, until__gt=at, at__lte=at).first():
        return Opened(found.id, found.until)
    _must(viewer, Permission.BREAK_GLASS, person, at=at)
    row = BreakGlass.objects.create(
        user_id=viewer.id, person=person, reason=words, at=at, until=at + GLASS_OPEN, review_due=review_due
    )
    note("break_glass", viewer=viewer, at=at, permission=Permission.BREAK_GLASS, object_kind="break_glass",
         object_id=str(row.id), persons=[person], relation=Relation.BREAK_GLASS, reason=row.reason, request=request,
         network=network)  # fmt: skip
    return Opened(row.id, row.until)


def glass_told(glass: UUID, *, at: datetime) -> None:
    """The owner of the case and the guardian were told of this breaking."""
    BreakGlass.objects.filter(id=glass, told__isnull=True).update(told=at)


@transaction.atomic
def review_break_glass(glass: UUID, *, outcome: str, note_of_review: str, at: datetime, by: Viewer) -> None:
    """Review a breaking of the glass: justified, not_justified or cannot_say. Never one's own.

    Raises `NotAllowed`, `AccessRefused`, or `AlreadyDone` if somebody reviewed it before.
    """
    if outcome not in OUTCOMES:
        raise AccessRefused("outcome", f"{outcome!r} is not known", f"Use one of {', '.join(OUTCOMES)}")
    row = BreakGlass.objects.select_for_update().select_related("user").filter(id=glass).first()
    if row is None or not _may_review(by, row):
        raise NotAllowed(Permission.BREAK_GLASS_REVIEW)
    if row.reviewed_at is not None:
        raise AlreadyDone("This was reviewed before.")
    row.reviewed_by_id, row.reviewed_at, row.outcome, row.note = by.id, at, outcome, keepable(note_of_review, 1000)
    row.save(update_fields=["reviewed_by", "reviewed_at", "outcome", "note"])
    note("permission", viewer=by, at=at, permission=Permission.BREAK_GLASS_REVIEW, object_kind="break_glass",
         object_id=str(glass), persons=[row.person], purpose=outcome)  # fmt: skip


def _may_review(by: Viewer, row: BreakGlass) -> bool:
    near = Role.GUARDIAN in by.roles or row.user.agency_id == by.agency
    return by.may(Permission.BREAK_GLASS_REVIEW) and near and row.user_id != by.id
