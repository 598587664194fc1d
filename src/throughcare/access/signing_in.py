"""What can be done to sign in and out: passwords, one-time codes, and the links of the demonstration.

Whatever was wrong, the words and about the time are the same. Every try that fails leaves an audit line.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pyotp
from django.db import transaction

from throughcare.access import queries, throttle
from throughcare.access.actions import keepable, note, note_change
from throughcare.access.errors import SignInRefused
from throughcare.access.keyed import seal, unseal
from throughcare.access.models import UsedLink, User
from throughcare.access.reach import Viewer


def check_password(email: str, password: str, *, network: str, at: datetime) -> UUID:
    """The account of this address and password. The second factor is still to come.

    Raises `SignInRefused`, in the same words and about the same time whatever was wrong. Slow by account and by
    network. Every try that fails leaves an audit line.
    """
    email, password = keepable(email, 254), keepable(password, 1000)
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


def password_mark(user: UUID) -> str:
    """What stands for the password that this account has now, and tells nothing of it; empty: no such account.

    Who gave a password that was changed since, and still waits to give a code, is told from others by this.
    """
    row = User.objects.filter(id=user, is_active=True).first()
    return row.get_session_auth_hash() if row is not None else ""


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
    note_change(queries.viewer(user, at=at), "user", user, at=at, purpose="one-time codes enrolled")


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


def note_sign_in(viewer: Viewer, *, network: str, at: datetime, request: UUID | None = None, purpose: str = "") -> None:
    """Somebody signed in."""
    note("sign_in", viewer=viewer, at=at, network=network, request=request, purpose=purpose)


def note_sign_out(viewer: Viewer, *, at: datetime, request: UUID | None = None, purpose: str = "") -> None:
    """Somebody signed out, or was signed out: `purpose` says by what."""
    note("sign_out", viewer=viewer, at=at, request=request, purpose=purpose)


def use_link(nonce: str, *, at: datetime) -> bool:
    """Use a demonstration link. False: it was used before."""
    return UsedLink.objects.get_or_create(nonce=nonce, defaults={"at": at})[1]
