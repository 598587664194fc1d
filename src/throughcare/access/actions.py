"""What can be done about access: sign in, relate, break the glass, note what was looked at, hand out tokens.

Each action holds, reads, decides and writes in one transaction, and leaves an audit line in that transaction: what
could not be noted did not happen. Bearer tokens are random and kept as hashes, not signed: one indexed look-up tells
whether a token is good, and revoking it, or its system, or the agency, is at once (a signed token would be good
until it runs out). They live 15 minutes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pyotp
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from throughcare.access import queries, throttle
from throughcare.access.keyed import keyed_hash, seal, token_hash, unseal
from throughcare.access.models import (
    ACTS,
    SECTORS,
    Agency,
    AgencySystem,
    AuditLine,
    AuditPlace,
    AuditWaiting,
    Block,
    BreakGlass,
    Membership,
    Relationship,
    Team,
    Token,
    UsedLink,
    User,
)
from throughcare.access.reach import GIVEN, Permission, Relation, Role, Viewer, matrix

GLASS_OPEN = timedelta(minutes=60)
TOKEN_LIFE = timedelta(minutes=15)
TRIAGE_MOST = timedelta(days=14)
SHORTEST_REASON = 10  # characters
OUTCOMES = ("justified", "not_justified", "cannot_say")
BLOCKS = ("alleged", "relative", "other")


class AccessError(Exception):
    """Something about access was refused."""

    code = "access_error"


class AccessRefused(AccessError):
    """What was given cannot be kept. Says which field, what is wrong and what would be right."""

    code = "access_refused"

    def __init__(self, field: str, wrong: str, right: str) -> None:
        self.field, self.wrong, self.right = field, wrong, right
        super().__init__(f"{field}: {wrong}. {right}.")


class NotAllowed(AccessError):
    """The viewer may not do this. The words tell nothing about whether the person exists."""

    code = "not_allowed"

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        super().__init__("There is no such page, or you may not do this here.")


class AlreadyDone(AccessError):
    """Somebody else was quicker: this was done before."""

    code = "already_done"


class SignInRefused(AccessError):
    """Not signed in. The same words whether the account is unknown, the password wrong, or it was tried too often."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        super().__init__("That did not work. Check what you entered. If you have tried several times, wait 15 minutes.")


class TokenRefused(AccessError):
    """No token. The same words whether the client is unknown, the secret wrong, or it was tried too often."""

    code = "token_refused"

    def __init__(self) -> None:
        super().__init__(
            "The client id and secret were not accepted. If you have tried several times, wait 15 minutes."
        )


def _keepable(text: str, most: int) -> str:
    """Text as the database can keep it: at most so many characters, what no text may hold (NUL, half pairs) marked."""
    return text[:most].replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


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
        object_id=_keepable(object_id, 100),
        persons=list(dict.fromkeys(persons)),
        relation=relation,
        purpose=_keepable(purpose, 200),
        reason=_keepable(reason, 1000),
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


def _permission_line(viewer: Viewer | None, what: str, thing: object, *, at: datetime, **more: str) -> int:
    return note("permission", viewer=viewer, at=at, object_kind=what, object_id=str(thing), **more)  # type: ignore[arg-type]


# --- agencies, teams, accounts ---------------------------------------------------------------------------------------


@transaction.atomic
def keep_agency(
    code: str, *, name: str, sector: str, at: datetime, telephone: str = "", contact: str = "", by: Viewer | None = None
) -> str:
    """Make an agency, or bring it up to date. Returns its code. Raises `AccessRefused` for an unknown sector."""
    if sector not in SECTORS:
        raise AccessRefused("sector", f"{sector!r} is not known", f"Use one of {', '.join(SECTORS)}")
    if not code.strip():
        raise AccessRefused("code", "is empty", "Give a short code, such as LA-NORTH")
    fields = {"name": name, "sector": sector, "telephone": telephone, "contact": contact, "active": True}
    Agency.objects.update_or_create(code=code, defaults=fields)
    _permission_line(by, "agency", code, at=at)
    return code


@transaction.atomic
def keep_team(
    agency: str, code: str, *, name: str, at: datetime, everyone: bool = False, by: Viewer | None = None
) -> str:
    """Make a team of an agency, or bring it up to date. `everyone`: the agency's desk, to which all belong."""
    Team.objects.update_or_create(agency_id=agency, code=code, defaults={"name": name, "everyone": everyone})
    _permission_line(by, "team", f"{agency}/{code}", at=at)
    return code


@transaction.atomic
def make_user(
    email: str,
    *,
    name: str,
    agency: str,
    at: datetime,
    password: str | None = None,
    demonstration: bool = False,
    by: Viewer | None = None,
) -> UUID:
    """Make an account. Raises `AccessRefused` if the address is taken or the password too weak."""
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise AccessRefused("email", "has an account already", "Use that account, or another address")
    if password is not None:
        _check_strength(password)
    user = User.objects.create_user(email, password=password, name=name, agency_id=agency, demonstration=demonstration)
    _permission_line(by, "user", user.id, at=at)
    return user.id


@transaction.atomic
def set_password(user: UUID, password: str, *, at: datetime, by: Viewer | None = None) -> None:
    """Change a password; every session of the account ends. Raises `AccessRefused` if it is too weak."""
    row = User.objects.select_for_update().get(id=user)
    _check_strength(password, row)
    row.set_password(password)
    row.save(update_fields=["password"])
    _permission_line(by, "user", user, at=at, purpose="password set")


def _check_strength(password: str, user: User | None = None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise AccessRefused("password", " ".join(weak.messages).rstrip("."), "Choose a longer and rarer one") from None


@transaction.atomic
def set_active(user: UUID, active: bool, *, at: datetime, by: Viewer | None = None) -> None:
    """Close an account, or open it again. Takes effect with the next page."""
    User.objects.filter(id=user).update(is_active=active)
    _permission_line(by, "user", user, at=at, purpose="opened" if active else "closed")


@transaction.atomic
def give_role(
    user: UUID, role: str, *, at: datetime, title: str = "", team: str | None = None, by: Viewer | None = None
) -> int:
    """Give a role of the permission table, in a team of the user's agency or in none. Returns its number."""
    if role not in matrix().roles or role == Role.SYSTEM:
        raise AccessRefused("role", f"{role!r} is not a role for people", "Use one of the permission table")
    account = User.objects.get(id=user)
    found = Team.objects.filter(agency=account.agency_id, code=team).first() if team is not None else None
    if team is not None and found is None:
        raise AccessRefused("team", f"{team!r} is not a team of {account.agency_id}", "Make the team first")
    row = Membership.objects.create(user=account, role=str(role), title=title, team=found, since=at)
    _permission_line(by, "role", row.pk, at=at, purpose=str(role))
    return row.pk


@transaction.atomic
def end_role(membership: int, *, at: datetime, by: Viewer | None = None) -> None:
    """End a role from this moment. Ending it twice changes nothing."""
    Membership.objects.filter(id=membership, ended__isnull=True).update(ended=at)
    _permission_line(by, "role", membership, at=at, purpose="ended")


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
    fields = {"since": at, "until": until, "reason": _keepable(reason, 500), "made_by_id": _account(by)}
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
def block(user: UUID, person: UUID, kind: str, *, reason: str, at: datetime, by: Viewer) -> int:
    """Keep somebody away from a person, whatever else holds: alleged, relative, other. Returns its number."""
    if kind not in BLOCKS:
        raise AccessRefused("kind", f"{kind!r} is not known", f"Use one of {', '.join(BLOCKS)}")
    row = Block.objects.create(
        user_id=user, person=person, kind=kind, reason=_keepable(reason, 500), since=at, made_by_id=by.id
    )
    note("permission", viewer=by, at=at, object_kind="block", object_id=str(row.pk), persons=[person], reason=reason)
    return row.pk


@transaction.atomic
def end_block(number: int, *, reason: str, at: datetime, by: Viewer) -> None:
    """End a block from this moment. Never one's own (`NotAllowed`)."""
    row = Block.objects.select_for_update().get(id=number)
    if row.user_id == by.id:
        raise NotAllowed(Permission.RELATE)
    if row.ended is None:
        row.ended = max(at, row.since)
        row.save(update_fields=["ended"])
    note("permission", viewer=by, at=at, object_kind="block", object_id=str(number), persons=[row.person],
         purpose="ended", reason=reason)  # fmt: skip


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
    words = _keepable(" ".join(reason.split()), 1000)
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
    row.reviewed_by_id, row.reviewed_at, row.outcome, row.note = by.id, at, outcome, _keepable(note_of_review, 1000)
    row.save(update_fields=["reviewed_by", "reviewed_at", "outcome", "note"])
    note("permission", viewer=by, at=at, permission=Permission.BREAK_GLASS_REVIEW, object_kind="break_glass",
         object_id=str(glass), persons=[row.person], purpose=outcome)  # fmt: skip


def _may_review(by: Viewer, row: BreakGlass) -> bool:
    near = Role.GUARDIAN in by.roles or row.user.agency_id == by.agency
    return by.may(Permission.BREAK_GLASS_REVIEW) and near and row.user_id != by.id


# --- signing in ------------------------------------------------------------------------------------------------------


def check_password(email: str, password: str, *, network: str, at: datetime) -> UUID:
    """The account of this address and password. The second factor is still to come.

    Raises `SignInRefused`, in the same words and about the same time whatever was wrong. Slow by account and by
    network. Every try that fails leaves an audit line.
    """
    email, password = _keepable(email, 254), _keepable(password, 1000)
    try:
        throttle.count_try("network", network, at=at)
        throttle.count_try("account", email, at=at)
    except throttle.TooManyTries:
        note("sign_in_failed", viewer=None, at=at, network=network, purpose="locked", outcome="refused", query=email)
        raise SignInRefused from None
    user = User.objects.filter(email__iexact=email.strip(), is_active=True, agency__active=True).first()
    right = user.check_password(password) if user else _take_as_long(password)
    if user is None or not right:
        note("sign_in_failed", viewer=None, at=at, network=network, purpose="password", outcome="refused", query=email)
        raise SignInRefused
    throttle.forgive("account", email, at=at)
    throttle.forgive("network", network, at=at)
    return user.id


def _take_as_long(password: str) -> bool:
    """Spend the time that checking a password takes, so that unknown accounts are not told by the clock."""
    User().set_password(password)
    return False


def is_enrolled(user: UUID) -> bool:
    """Has this account one-time codes?"""
    return User.objects.filter(id=user).exclude(code_secret="").exists()


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the user puts into their app of one-time codes. Shown once."""

    secret: str
    address: str  # otpauth://...


def begin_enrolment(user: UUID) -> Enrolment:
    """A fresh secret for one-time codes. Nothing is kept until `finish_enrolment` has seen a code made with it."""
    row = User.objects.get(id=user)
    secret = pyotp.random_base32(32)
    address = pyotp.TOTP(secret).provisioning_uri(name=row.email, issuer_name="Throughcare")
    return Enrolment(secret=secret, address=address)


@transaction.atomic
def finish_enrolment(user: UUID, secret: str, code: str, *, at: datetime) -> None:
    """Keep the secret once a code made with it was right. Raises `SignInRefused` if not, or if there is one already."""
    row = User.objects.select_for_update().get(id=user)
    step = _step_of(secret, code, at=at)
    if row.code_secret or step is None:
        raise SignInRefused
    row.code_secret, row.code_step = seal(secret), step
    row.save(update_fields=["code_secret", "code_step"])
    _permission_line(queries.viewer(user, at=at), "user", user, at=at, purpose="one-time codes enrolled")


def check_code(user: UUID, code: str, *, network: str, at: datetime) -> None:
    """Check a one-time code. Raises `SignInRefused` if it is wrong, was used before, or too many were tried."""
    try:
        throttle.count_try("network", network, at=at)
        throttle.count_try("code", str(user), at=at)
    except throttle.TooManyTries:
        _code_failed(user, "locked", network=network, at=at)
        raise SignInRefused from None
    if not _use_code(user, code, at=at):
        _code_failed(user, "code", network=network, at=at)
        raise SignInRefused
    throttle.forgive("code", str(user), at=at)
    throttle.forgive("network", network, at=at)


def _code_failed(user: UUID, why: str, *, network: str, at: datetime) -> None:
    who = queries.viewer(user, at=at)
    note("sign_in_failed", viewer=who, at=at, network=network, purpose=why, outcome="refused")


@transaction.atomic
def _use_code(user: UUID, code: str, *, at: datetime) -> bool:
    row = User.objects.select_for_update().filter(id=user, is_active=True).first()
    secret = unseal(row.code_secret) if row is not None and row.code_secret else None
    step = _step_of(secret, code, at=at) if secret else None
    if row is None or step is None or step <= row.code_step:
        return False
    row.code_step = step
    row.save(update_fields=["code_step"])
    return True


def _step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """The time step whose code this is: now, or one before or after for clocks that differ."""
    plain = "".join(code.split())
    if not (plain.isascii() and plain.isdigit()):
        return None
    totp, now = pyotp.TOTP(secret), int(at.timestamp()) // 30
    return next(
        (step for step in (now, now - 1, now + 1) if secrets.compare_digest(totp.generate_otp(step), plain)), None
    )


@transaction.atomic
def reset_codes(user: UUID, *, at: datetime, by: Viewer) -> None:
    """Take the one-time codes away, so that the user enrols anew at the next sign-in. Never one's own."""
    if not by.may(Permission.USER_MANAGE) or by.id == user:
        raise NotAllowed(Permission.USER_MANAGE)
    User.objects.filter(id=user).update(code_secret="", code_step=0)
    _permission_line(by, "user", user, at=at, purpose="one-time codes reset")


def note_sign_in(viewer: Viewer, *, network: str, at: datetime, request: UUID | None = None, purpose: str = "") -> None:
    """Somebody signed in."""
    note("sign_in", viewer=viewer, at=at, network=network, request=request, purpose=purpose)


def note_sign_out(viewer: Viewer, *, at: datetime, request: UUID | None = None, purpose: str = "") -> None:
    """Somebody signed out, or was signed out: `purpose` says by what."""
    note("sign_out", viewer=viewer, at=at, request=request, purpose=purpose)


def use_link(nonce: str, *, at: datetime) -> bool:
    """Use a demonstration link. False: it was used before."""
    return UsedLink.objects.get_or_create(nonce=nonce, defaults={"at": at})[1]


# --- agencies' systems -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an agency's system signs in with. The secret is shown once and kept nowhere."""

    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A bearer token, until when it is good and for what."""

    token: str
    until: datetime
    scopes: tuple[str, ...]


@transaction.atomic
def make_system(
    agency: str,
    *,
    name: str,
    scopes: Iterable[str],
    at: datetime,
    client_id: str | None = None,
    by: Viewer | None = None,
) -> Credentials:
    """Make a client of the API for an agency's system. Raises `AccessRefused` for a scope no system may have."""
    wanted = sorted(set(scopes))
    for scope in wanted:
        if scope not in list(Permission) or not matrix().may([Role.SYSTEM], Permission(scope), [Relation.NONE]):
            raise AccessRefused(
                "scopes", f"{scope!r} is not for systems", "Use api.write or api.events, and what they need"
            )
    secret = secrets.token_urlsafe(32)
    row = AgencySystem.objects.create(
        client_id=client_id or f"{agency.lower()}-{secrets.token_hex(4)}",
        secret_hash=_argon2(secret),
        agency_id=agency,
        name=name,
        scopes=wanted,
        made=at,
    )
    _permission_line(by, "system", row.id, at=at, purpose=" ".join(wanted)[:200])
    return Credentials(row.client_id, secret)


def _argon2(secret: str) -> str:
    hasher = Argon2PasswordHasher()
    return str(hasher.encode(secret, hasher.salt()))


def issue_token(
    client_id: str, secret: str, *, network: str, at: datetime, scopes: Iterable[str] | None = None
) -> Issued:
    """Hand out a bearer token for 15 minutes, for all scopes of the system or those asked for.

    Raises `TokenRefused` in the same words whatever was wrong. Slow by client and by network.
    """
    client_id, secret = _keepable(client_id, 60), _keepable(secret, 200)
    try:
        throttle.count_try("network", network, at=at)
        throttle.count_try("client", client_id, at=at)
    except throttle.TooManyTries:
        note(
            "sign_in_failed", viewer=None, at=at, network=network, purpose="locked", outcome="refused", query=client_id
        )
        raise TokenRefused from None
    system = AgencySystem.objects.filter(client_id=client_id, revoked__isnull=True, agency__active=True).first()
    right = Argon2PasswordHasher().verify(secret, system.secret_hash) if system else not _argon2(secret)
    if system is None or not right:
        note(
            "sign_in_failed", viewer=None, at=at, network=network, purpose="secret", outcome="refused", query=client_id
        )
        raise TokenRefused
    throttle.forgive("client", client_id, at=at)
    throttle.forgive("network", network, at=at)
    return _hand_out(system, scopes, network=network, at=at)


@transaction.atomic
def _hand_out(system: AgencySystem, scopes: Iterable[str] | None, *, network: str, at: datetime) -> Issued:
    given = sorted(set(system.scopes) if scopes is None else set(system.scopes) & set(scopes))
    token, until = secrets.token_urlsafe(32), at + TOKEN_LIFE
    Token.objects.create(token_hash=token_hash(token), system=system, scopes=given, made=at, until=until)
    note_sign_in(_as_viewer(system, given), network=network, at=at, purpose="token")
    return Issued(token, until, tuple(given))


def check_token(token: str, *, at: datetime) -> Viewer | None:
    """Whose token this is, or None: unknown, run out, revoked, or its system or agency is. One query."""
    row = (
        Token.objects.filter(token_hash=token_hash(token), until__gt=at, made__lte=at, revoked__isnull=True)
        .filter(Q(system__revoked__isnull=True), system__agency__active=True)
        .select_related("system")
        .first()
    )
    return _as_viewer(row.system, row.scopes) if row is not None else None


def _as_viewer(system: AgencySystem, scopes: Iterable[str]) -> Viewer:
    return Viewer(
        id=system.id,
        agency=system.agency_id,
        roles=frozenset([Role.SYSTEM]),
        name=system.name,
        kind="system",
        scopes=frozenset(Permission(scope) for scope in scopes),
    )


def revoke_token(token: str, *, at: datetime) -> None:
    """Make a token worthless at once. An unknown one is left alone."""
    Token.objects.filter(token_hash=token_hash(token), revoked__isnull=True).update(revoked=at)


@transaction.atomic
def revoke_system(client_id: str, *, at: datetime, by: Viewer | None = None) -> None:
    """Shut a system out at once, with all its tokens."""
    AgencySystem.objects.filter(client_id=client_id, revoked__isnull=True).update(revoked=at)
    _permission_line(by, "system", client_id, at=at, purpose="revoked")


@transaction.atomic
def forget_expired(*, at: datetime) -> int:
    """Remove tokens and counts that ran out more than a day ago. Returns how many."""
    gone = Token.objects.filter(until__lt=at - timedelta(days=1)).delete()[0]
    return gone + throttle.forget_old(at=at)
