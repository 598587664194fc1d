"""Signed tree heads: a checkpoint says "at this size the tree had this root", signed with Ed25519.

The text is a C2SP signed note (https://c2sp.org/signed-note) holding a checkpoint (https://c2sp.org/tlog-checkpoint):

    throughcare.example/ledger
    812
    <root, base64>
    time 2026-11-24T10:00:00.000000Z
    <further extension lines>

    — throughcare.example/ledger-1 <base64 of the key's four-byte hash and the signature>

Reading is strict: what is not exactly what a writer makes is refused, so that no byte of it can be changed unseen.
The key is told by its name and hash, so that keys can be changed: give every key that ever signed to the verifier.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from throughcare.ledger import tree
from throughcare.ledger.canonical import moment

ED25519 = b"\x01"
MAX_TEXT = 16 * 1024  # bytes
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_TIME = re.compile(r"time [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_NAME = re.compile(r"[!-*,-~]{1,200}")  # printable ASCII without spaces and without +


class CheckpointError(Exception):
    """Something is wrong with a checkpoint or its key."""

    code = "checkpoint_error"


class CheckpointUnreadable(CheckpointError):
    """The text is not a checkpoint."""

    code = "checkpoint_unreadable"


class SignatureRefused(CheckpointError):
    """The text is a checkpoint, but no known key signed it, or a known key's signature is wrong."""

    code = "signature_refused"


class SigningRefused(CheckpointError):
    """We do not sign this: it would take back what was signed before."""

    code = "signing_refused"


class KeyUnusable(CheckpointError):
    """A key cannot be used. Says the file or name, what is wrong and what would be right."""

    code = "key_unusable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The tree had this root at this size, at this time."""

    origin: str  # the name of the log: one tree, one origin, for ever
    size: int
    root: bytes
    at: datetime
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.origin):
            raise CheckpointUnreadable("origin: is not a name. Give printable ASCII without spaces and +")
        if not 0 <= self.size < 10**18 or len(self.root) != tree.HASH_BYTES or self.at.tzinfo is None:
            raise CheckpointUnreadable("size, root or time: is out of range. Give a size from 0, 32 bytes, an instant")
        if any(not line or not line.isprintable() or line.startswith("—") for line in self.extensions):
            raise CheckpointUnreadable("extensions: a line is empty or not printable. Give one line of words each")

    def text(self) -> str:
        """The lines that are signed, with the last newline."""
        root = base64.b64encode(self.root).decode()
        return "\n".join([self.origin, str(self.size), root, f"time {moment(self.at)}", *self.extensions, ""])


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that outsiders check with; written `name+hash+base64` (a signed-note verifier key)."""

    name: str
    raw: bytes  # 32 bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.raw) != 32:
            raise KeyUnusable("public key: has no proper name or length. Give printable ASCII and 32 bytes")

    @property
    def hash(self) -> bytes:
        """Four bytes that tell this key from others of the same name."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def parse(cls, line: str) -> PublicKey:
        """Read `name+hash+base64`. Raises `KeyUnusable`."""
        name, _, rest = line.strip().partition("+")
        _, _, coded = rest.partition("+")
        try:
            data = _from_base64(coded)
        except CheckpointUnreadable:
            data = b""
        if data[:1] != ED25519 or str(key := cls(name, data[1:])) != line.strip():
            raise KeyUnusable("public key: is not name+hash+base64 of an Ed25519 key. Give the published line")
        return key

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Did this key sign this message?"""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of a sealer. A new key gets a new name; the old public keys stay published."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise KeyUnusable("name: is not a name. Give 1 to 200 characters of printable ASCII without spaces and +")

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str) -> SigningKey:
        """Return a fresh key."""
        return cls(name, Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, path: Path, *, name: str) -> SigningKey:
        """Read a PEM file (PKCS 8). Raises `KeyUnusable` unless only its owner can read it and it is Ed25519."""
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
            data = path.read_bytes()
        except OSError as error:
            raise KeyUnusable(f"{path}: cannot be read ({error.strerror}). Give the sealer's key file") from None
        if mode & 0o077:
            raise KeyUnusable(f"{path}: can be read by others (mode {mode:04o}). Make it 0600")
        try:
            private = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError):
            raise KeyUnusable(f"{path}: is not a private key in PEM. Give an Ed25519 key file") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyUnusable(f"{path}: is another kind of key. Give an Ed25519 key file")
        return cls(name, private)

    def save(self, path: Path) -> None:
        """Write a new PEM file that only its owner can read. Never writes over a file: raises `KeyUnusable`."""
        data = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyUnusable(f"{path}: is there already. Give a new name: keys are kept, never replaced") from None
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class Proof:
    """A consistency proof from the last signed tree to the new one."""

    hashes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Growth:
    """The frontier at the last signed size, and the leaf hashes added since: shows the same as a proof."""

    frontier: tree.Frontier
    leaves: Sequence[bytes]


def sign(key: SigningKey, new: Checkpoint, *, last: Checkpoint | None, by: Proof | Growth) -> str:
    """Return the signed text of a checkpoint.

    `last` is the newest that was signed before (None only for the very first). Raises `SigningRefused` for another
    origin, a smaller tree, an earlier time, or a tree that `by` does not show to extend the last.
    """
    _only_grew(new, last=last, by=by)
    return _signed(new.text(), [key])


def countersign(
    text: str, key: SigningKey, *, keys: Iterable[PublicKey], last: Checkpoint | None, by: Proof | Growth
) -> str:
    """Return a signed checkpoint with a witness's signature beside the others; as it was if the witness signed it.

    Who witnesses says: this log never took back what I saw. So the same is asked as of `sign`, with `last` the newest
    that this witness signed, and `SigningRefused` raised. `keys` are the log's own; raises as `open_signed`.
    """
    _only_grew(open_signed(text, keys), last=last, by=by)
    body, _, signatures = text.rpartition("\n\n")
    line = _signed(body + "\n", [key]).rpartition("\n\n")[2]
    return text if line in signatures.splitlines(keepends=True) else text + line


def _only_grew(new: Checkpoint, *, last: Checkpoint | None, by: Proof | Growth) -> None:
    before = last or Checkpoint(origin=new.origin, size=0, root=tree.EMPTY_ROOT, at=new.at)
    if new.origin != before.origin:
        raise SigningRefused(f"origin: is {new.origin}, and was {before.origin}. Give the origin of this log")
    if new.size < before.size:
        raise SigningRefused(f"size: is {new.size}, and {before.size} was signed. Give a tree that extends it")
    if new.at < before.at:
        raise SigningRefused("time: is before that of the last checkpoint. Wait, or set the clock right")
    if not _grew(before, new, by):
        raise SigningRefused(f"root: the tree of size {new.size} does not extend that of size {before.size}. Verify it")


def parse(text: str) -> Checkpoint:
    """Read a checkpoint without looking at who signed it. Raises `CheckpointUnreadable`."""
    return _parts(text)[0]


def open_signed(text: str, keys: Iterable[PublicKey], *, origin: str | None = None) -> Checkpoint:
    """Read a checkpoint and require the signature of a known key.

    Signatures of unknown keys are passed over, as the note format says. Raises `CheckpointUnreadable`, or
    `SignatureRefused` when no known key signed it, one did wrongly, or `origin` (where given) is another.
    """
    checkpoint, signatures = _parts(text)
    known = {(key.name, key.hash): key for key in keys}
    good = 0
    for name, data in signatures:
        key = known.get((name, data[:4]))
        if key is None:
            continue
        if not key.verifies(data[4:], checkpoint.text().encode()):
            raise SignatureRefused(f"the signature of {name} is wrong")
        good += 1
    if not good:
        raise SignatureRefused("no known key signed it")
    if origin is not None and checkpoint.origin != origin:
        raise SignatureRefused(f"it is of another log, {checkpoint.origin}")
    return checkpoint


def _grew(old: Checkpoint, new: Checkpoint, by: Proof | Growth) -> bool:
    if isinstance(by, Proof):
        return tree.extends(old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=by.hashes)
    grown = by.frontier.copy()
    if grown.size != old.size or grown.root() != old.root:
        return False
    grown.extend(by.leaves)
    return grown.size == new.size and grown.root() == new.root


def _signed(body: str, keys: Iterable[SigningKey]) -> str:
    lines = []
    for key in keys:
        data = key.public.hash + key.private.sign(body.encode())
        lines.append(f"— {key.name} {base64.b64encode(data).decode()}\n")
    return body + "\n" + "".join(lines)


def _parts(text: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    if len(text) > MAX_TEXT:
        raise CheckpointUnreadable(f"it is longer than {MAX_TEXT} characters")
    body, gap, tail = text.rpartition("\n\n")
    lines = body.split("\n")
    if not gap or not tail.endswith("\n") or len(lines) < 4:
        raise CheckpointUnreadable("it has not the lines of a checkpoint")
    if not _SIZE.fullmatch(lines[1]) or not _TIME.fullmatch(lines[3]):
        raise CheckpointUnreadable("its size or time is not written as it should be")
    try:
        at = datetime.strptime(lines[3], "time %Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise CheckpointUnreadable("its time is not a time") from None
    checkpoint = Checkpoint(
        origin=lines[0], size=int(lines[1]), root=_from_base64(lines[2]), at=at, extensions=tuple(lines[4:])
    )
    return checkpoint, [_signature(line) for line in tail[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    words = line.split(" ")
    if len(words) != 3 or words[0] != "—" or not _NAME.fullmatch(words[1]):
        raise CheckpointUnreadable("a signature line is not written as it should be")
    data = _from_base64(words[2])
    if len(data) < 5:
        raise CheckpointUnreadable("a signature is too short")
    return words[1], data


def _from_base64(text: str) -> bytes:
    """Read base64 that is exactly as a writer makes it."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointUnreadable("base64 is not written as it should be") from None
    if base64.b64encode(data).decode() != text:
        raise CheckpointUnreadable("base64 is not written as it should be")
    return data
