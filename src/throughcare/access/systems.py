"""What can be done about agencies' own systems: make one, hand it a token, shut it out.

Bearer tokens are random and kept as hashes, not signed: one indexed look-up tells whether a token is good, and
revoking it, or its system, or the agency, is at once (a signed token would be good until it runs out). They live 15
minutes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import transaction
from django.db.models import Q

from throughcare.access import throttle
from throughcare.access.actions import keepable, note, note_change
from throughcare.access.errors import AccessRefused, TokenRefused
from throughcare.access.keyed import token_hash
from throughcare.access.models import AgencySystem, Token
from throughcare.access.reach import Permission, Relation, Role, Viewer, matrix

TOKEN_LIFE = timedelta(minutes=15)


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
    note_change(by, "system", row.id, at=at, purpose=" ".join(wanted)[:200])
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
    client_id, secret = keepable(client_id, 60), keepable(secret, 200)
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
    note("sign_in", viewer=_as_viewer(system, given), at=at, network=network, purpose="token")
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
    note_change(by, "system", client_id, at=at, purpose="revoked")


@transaction.atomic
def forget_expired(*, at: datetime) -> int:
    """Remove tokens and counts that ran out more than a day ago. Returns how many."""
    gone = Token.objects.filter(until__lt=at - timedelta(days=1)).delete()[0]
    return gone + throttle.forget_old(at=at)
