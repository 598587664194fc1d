"""`throughcare countersign CHECKPOINT`: sign a ledger's newest checkpoint as a witness, who saw it grow.

For somebody else than the ledger's keeper: a partner, an inspectorate. It reads no record: the checkpoint and the
proof that the ledger only grew are what the ledger gives to everyone. What this witness signed last is kept in one
file, and nothing is signed that takes it back. So of two histories that a keeper signs, a witness signs one.
Exit codes: 0 signed, 1 refused: the ledger does not show that it only grew, 2 it could not be checked.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from throughcare.ledger import checkpoint
from throughcare.project.verify import CannotCheck, read_keys, read_text

SIGNED, REFUSED, NOT_CHECKED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """Sign, keep and print the checkpoint, or say in a sentence why not."""
    given = _parser().parse_args(arguments)
    try:
        key = _key(given.pem, given.name)
        with _alone(Path(given.pem)):
            text = _countersigned(given, key)
            _keep(Path(given.kept), text)
    except CannotCheck as wrong:
        print(wrong, file=sys.stderr)
        return NOT_CHECKED
    except checkpoint.CheckpointError as wrong:
        print(f"{given.checkpoint}: is not signed. {wrong}.", file=sys.stderr)
        return REFUSED
    print(text, end="")
    print(f"Signed, and kept in {given.kept}. Your public key: {key.public}", file=sys.stderr)
    return SIGNED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="throughcare countersign", description="Sign a ledger's newest checkpoint as a witness, who saw it grow."
    )
    parser.add_argument(
        "checkpoint",
        metavar="CHECKPOINT",
        help="what the ledger's /api/v1/checkpoints/latest answered, or a signed note; - for standard input",
    )
    parser.add_argument("--key", metavar="KEYS", required=True, help="a file of the ledger's public keys, one a line")
    parser.add_argument("--with", dest="pem", metavar="PEM", required=True, help="your own private key, Ed25519")
    parser.add_argument("--name", required=True, help="the name of your key: inspectorate.example/witness-1")
    parser.add_argument(
        "--kept", metavar="NOTE", required=True, help="the last that you signed; the new one replaces it"
    )
    parser.add_argument("--proof", metavar="PROOF", help="what the ledger's /api/v1/consistency answered")
    parser.add_argument("--first", action="store_true", help="you have signed none of this ledger before")
    return parser


def _countersigned(given: argparse.Namespace, key: checkpoint.SigningKey) -> str:
    text = _note(given.checkpoint)
    last = _last(Path(given.kept), key, first=given.first)
    new = _read(given.checkpoint, text)
    keys = [one for one in read_keys(given.key) if one != key.public]
    if not keys:
        raise CannotCheck(f"{given.key}: holds your own key alone. Give the public keys of the ledger.")
    grew = last is not None and new.size > last.size > 0
    if last is not None and grew and given.proof is None:
        raise CannotCheck(
            f"--proof: is missing. Give what the ledger answers to /api/v1/consistency?old={last.size}&new={new.size}"
        )
    proof = _proof(given.proof) if grew else []
    return checkpoint.countersign(text, key, keys=keys, last=last, by=checkpoint.Proof(proof))


def _last(kept: Path, key: checkpoint.SigningKey, *, first: bool) -> checkpoint.Checkpoint | None:
    """What this witness signed last. None: nothing, and it was said that nothing is to be expected."""
    if first:
        if kept.exists():
            raise CannotCheck(f"--first: {kept} holds what you signed before. Leave --first out.")
        return None
    if not kept.exists():
        raise CannotCheck(f"--kept: {kept} is not there. Give the last that you signed, or --first if there is none.")
    text = read_text(str(kept))
    _read(str(kept), text)
    try:
        return checkpoint.open_signed(text, [key.public])
    except checkpoint.SignatureRefused:
        raise CannotCheck(f"--kept: {kept} is not signed by {key.name} with this key. Give what you signed.") from None


def _note(name: str) -> str:
    """The signed note in a file: the file itself, or the `note` of what the API answered."""
    text = sys.stdin.read(checkpoint.MAX_TEXT * 4) if name == "-" else read_text(name)
    if not text.lstrip().startswith("{"):
        return text
    return str(_object(name, text, "note", str))


def _proof(name: str) -> list[bytes]:
    hashes = _object(name, read_text(name), "proof", list)
    try:
        return [bytes.fromhex(one) for one in hashes]
    except (TypeError, ValueError):
        raise CannotCheck(f"{name}: proof holds something else than hashes. Give the answer as it came.") from None


def _object(name: str, text: str, member: str, kind: type) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    found = value.get(member) if isinstance(value, dict) else None
    if not isinstance(found, kind):
        raise CannotCheck(f"{name}: has no {member}. Give the answer of the ledger as it came.")
    return found


def _read(name: str, text: str) -> checkpoint.Checkpoint:
    try:
        return checkpoint.parse(text)
    except checkpoint.CheckpointUnreadable as wrong:
        raise CannotCheck(f"{name}: is not a checkpoint: {wrong}. Give a signed note as it was given out.") from None


def _key(pem: str, name: str) -> checkpoint.SigningKey:
    try:
        return checkpoint.SigningKey.load(Path(pem), name=name)
    except checkpoint.KeyUnusable as wrong:
        raise CannotCheck(f"{wrong}.") from None


@contextmanager
def _alone(pem: Path) -> Iterator[None]:
    """One signing at a time with one key: two at once could sign two histories that both extend the last."""
    with pem.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _keep(kept: Path, text: str) -> None:
    """Put what was signed in the place of what was signed before, whole or not at all, before anybody sees it."""
    new = kept.with_name(f".{kept.name}.new")  # nobody else writes it: see _alone
    try:
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(kept)
        folder = os.open(kept.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as wrong:
        raise CannotCheck(
            f"--kept: {kept} cannot be written ({wrong.strerror}). Give a file in a folder that you may use."
        ) from None
