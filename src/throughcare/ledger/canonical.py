"""What is hashed: canonical bytes, commitments and the heads that become leaves. Pure but for the fresh salt.

Every sealed thing is a *head*: a small canonical JSON object (RFC 8785) with a format version `v` and a `type`.
The bytes of the head are the bytes of the leaf. What is private stands apart in the *payload*, and the head holds
only a salted commitment to it, so that a payload can lawfully be destroyed and the tree stays whole.

Left out: what a payload means (the room of its kind says), and where any of this is kept.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
import rfc8785

from throughcare.ledger.chain import Place

FORMAT = 1  # the version of heads; a reader refuses a version it does not know

SALT_BYTES = 32
MAX_HEAD = 64 * 1024  # bytes; an entry about some 350 people
MAX_PAYLOAD = 1024 * 1024  # bytes
MAX_NAME = 200  # characters of an id, agency, reference, kind or actor
MAX_REASON = 2_000  # characters
_EXACT = 2**53  # what every reader of JSON holds exactly

ENTRY, ERASURE, AUDIT = "entry", "erasure", "audit"


class SealRefused(ValueError):
    """Something cannot be sealed as it is. Says which field, what is wrong and what would be right."""

    code = "seal_refused"

    def __init__(self, field: str, wrong: str, right: str) -> None:
        self.field, self.wrong, self.right = field, wrong, right
        super().__init__(f"{field}: {wrong}. {right}.")


def canonical(value: Any, *, field: str = "value", most: int = MAX_PAYLOAD) -> bytes:
    """Return the one canonical form of a JSON value (RFC 8785), at most `most` bytes (inclusive).

    Raises `SealRefused` for what JSON cannot say exactly: NaN, infinities, integers beyond 2**53 - 1, keys that are
    not strings, lone surrogates, too deep or too long. Numbers that must be exact beyond that are kept as strings.
    """
    try:
        made = _plain(value) if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, TypeError, ValueError, RecursionError) as error:
        raise SealRefused(field, f"has no canonical form ({type(error).__name__})", "Give plain JSON values") from None
    if len(made) > most:
        raise SealRefused(field, f"is {len(made)} bytes long", f"Give at most {most} bytes")
    return made


def _plain(value: Any) -> bytes:
    """RFC 8785 by a quick library: the same bytes where `_is_plain`, as a test holds."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


_LEAVES = frozenset({str, bool, type(None)})


def _is_plain(value: Any) -> bool:
    """Only what both ways write alike: no fractions, small numbers, keys in ASCII. What entries are made of."""
    kind = type(value)
    if kind is dict:
        if any(type(key) is not str for key in value) or not "".join(value).isascii():
            return False
        return _LEAVES.issuperset(map(type, value.values())) or all(map(_is_plain, value.values()))
    if kind is list:
        return all(map(_is_plain, value))
    return kind in _LEAVES or (kind is int and -_EXACT < value < _EXACT)


def is_canonical(data: bytes) -> bool:
    """Is this the canonical form of the JSON that it holds? Slow: parses and writes it again."""
    try:
        return rfc8785.dumps(json.loads(data)) == data
    except (ValueError, TypeError, RecursionError):
        return False


def digest(payload: bytes) -> bytes:
    """Return SHA-256 of a payload: two sendings of one entry are the same when their digests are.

    A digest without a salt can be guessed from outside: lawful erasure deletes it with the payload.
    """
    return sha256(payload).digest()


def new_salt() -> bytes:
    """Return 32 fresh random bytes, for one payload only."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Return SHA-256(salt || payload). The salt is always 32 bytes, so the two cannot be cut otherwise."""
    if len(salt) != SALT_BYTES:
        raise SealRefused("salt", f"is {len(salt)} bytes long", f"Give {SALT_BYTES} random bytes")
    return sha256(salt + payload).digest()


def moment(at: datetime) -> str:
    """Return an instant as heads and checkpoints write it: UTC, six decimals, `Z`."""
    if at.tzinfo is None:
        raise SealRefused("at", "has no time zone", "Give an instant with a time zone")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def entry_head(
    *,
    id: uuid.UUID,
    agency: str,
    ref: str,
    kind: str,
    received: datetime,
    by: str,
    commitment: bytes,
    chains: Iterable[Place] = (),
) -> bytes:
    """Return the head of an entry: everything but its content.

    `chains` are the places it takes in the chains of the persons it was about when it was written, one for each
    person. They stand in the head so that a chain cannot be rebuilt, nor an entry put into another person's chain,
    without changing a leaf.
    """
    return _head(
        ENTRY,
        chains,
        id=str(id),
        agency=_name("agency", agency),
        ref=_name("ref", ref),
        kind=_name("kind", kind),
        received=moment(received),
        by=_name("by", by),
        commitment=_hash("commitment", commitment),
    )


def erasure_head(
    *,
    id: uuid.UUID,
    entry: uuid.UUID,
    at: datetime,
    authority: str,
    by: str,
    reason: str,
    chains: Iterable[Place] = (),
) -> bytes:
    """Return the head that says that the content of `entry` was lawfully destroyed: when, under what, by whom, why.

    `authority` and `reason` stay in the tree for ever and are shown to outsiders: they hold no person's details.
    """
    return _head(
        ERASURE,
        chains,
        id=str(id),
        entry=str(entry),
        at=moment(at),
        authority=_name("authority", authority, most=MAX_REASON),
        by=_name("by", by),
        reason=_name("reason", reason, most=MAX_REASON),
    )


def audit_head(*, id: uuid.UUID, at: datetime, by: str, commitment: bytes) -> bytes:
    """Return the head of one audit line (who looked, when); what was looked at, and why, is its payload."""
    return _head(AUDIT, (), id=str(id), at=moment(at), by=_name("by", by), commitment=_hash("commitment", commitment))


def _head(type_: str, chains: Iterable[Place], **fields: str) -> bytes:
    places = sorted(chains, key=lambda place: place.person)
    if len({place.person for place in places}) != len(places):
        raise SealRefused("chains", "name one person twice", "Give one place for each person")
    written: list[Mapping[str, Any]] = [
        {
            "person": str(place.person),
            "previous": place.previous.hex() if place.previous is not None else None,
            "version": place.version,
        }
        for place in places
    ]
    return canonical({"v": FORMAT, "type": type_, "chains": written, **fields}, field="head", most=MAX_HEAD)


def _name(field: str, value: str, *, most: int = MAX_NAME) -> str:
    if not value or len(value) > most:
        raise SealRefused(field, f"is {len(value)} characters long", f"Give 1 to {most} characters")
    return value


def _hash(field: str, value: bytes) -> str:
    if len(value) != 32:
        raise SealRefused(field, f"is {len(value)} bytes long", "Give a SHA-256 of 32 bytes")
    return value.hex()
