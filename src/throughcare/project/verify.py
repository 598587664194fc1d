"""`throughcare verify [FILE]`: is the ledger whole, and if not, which entry is the first that is not?

With FILE it checks an export against public keys, and touches neither settings nor database. Without, it checks this
installation's database: both trees, and that the columns which questions are asked by say what was sealed.
Exit codes: 0 whole, 1 not whole, 2 it could not be checked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from throughcare.ledger import checkpoint, verification

WHOLE, NOT_WHOLE, NOT_CHECKED = 0, 1, 2
MOST = 100  # sentences of one kind


class CannotCheck(Exception):
    """The check could not be made. The message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Check, and print what was found in plain sentences."""
    parser = argparse.ArgumentParser(prog="throughcare verify", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("file", nargs="?", metavar="FILE", help="an export; left out: this installation's database")
    parser.add_argument("--key", metavar="KEYS", help="a file of public keys, one a line (`throughcare public-key`)")
    parser.add_argument("--seen", metavar="NOTE", action="append", default=[], help="a checkpoint that a witness kept")
    parser.add_argument("--deep", action="store_true", help="also require canonical form of every byte (slower)")
    given = parser.parse_args(arguments)
    try:
        seen = [read_text(name) for name in given.seen]
        if given.file:
            sentences, ok = _file(given.file, given.key, seen, deep=given.deep)
        else:
            sentences, ok = _database(given.key, seen, deep=given.deep)
    except CannotCheck as wrong:
        print(wrong, file=sys.stderr)
        return NOT_CHECKED
    for sentence in sentences:
        print(sentence)
    return WHOLE if ok else NOT_WHOLE


def _file(name: str, key: str | None, seen: list[str], *, deep: bool) -> tuple[list[str], bool]:
    if key is None:
        raise CannotCheck("--key: is missing. Give the file with the public key that you got from the ledger's keeper.")
    keys = read_keys(key)
    try:
        with Path(name).open("rb") as lines:
            report = verification.verify_export(lines, keys, seen=seen, deep=deep, most=MOST)
    except OSError as wrong:
        raise CannotCheck(f"{name}: cannot be read ({wrong.strerror}). Give an export (`throughcare export-ledger`).") \
            from None  # fmt: skip
    return report.sentences(), report.ok


def _database(key: str | None, seen: list[str], *, deep: bool) -> tuple[list[str], bool]:
    import django
    from django.conf import settings

    from throughcare.project import database

    database.attach(settings.HOME, settings.DATABASE_URL or None)
    django.setup()
    try:
        return check_database(read_keys(key) if key else None, seen, deep=deep)
    except django.db.DatabaseError as wrong:
        raise CannotCheck(
            f"The database holds no ledger, or does not answer ({' '.join(str(wrong).split())}). "
            f"Is THROUGHCARE_HOME, or DATABASE_URL, that of the site? A new one needs `throughcare migrate` first."
        ) from wrong


def check_database(
    keys: list[checkpoint.PublicKey] | None = None, seen: Iterable[str] = (), *, deep: bool = False
) -> tuple[list[str], bool]:
    """Check the database of this installation as it is at one moment; sentences, and whether all is whole.

    Without `keys` the key of this installation is believed: give the published one to be sure that it is the same.
    """
    from throughcare.ledger import agreement, queries, sealing

    keys = keys or [sealing.signing_key().public]
    told: list[str] = []
    wrong: list[str] = []
    with queries.one_moment():
        for log, name, rows in (
            (queries.ENTRIES, "Entries", queries.rows()),
            (queries.AUDIT, "Audit", queries.audit_rows()),
        ):
            own = [text for text in seen if text.startswith(f"{sealing.origin(log)}\n")]
            report = verification.verify(
                rows, queries.checkpoints(log), keys, origin=sealing.origin(log), seen=own, deep=deep, most=MOST
            )
            (told if report.ok else wrong).extend(f"{name}: {one}" for one in report.sentences())
        wrong += list(islice(_beside(agreement.disagreements()), MOST))
    if not wrong:
        told.append("What questions are asked of agrees with what was sealed.")
    return wrong + told, not wrong


def _beside(sentences: Iterable[str]) -> Iterator[str]:
    for one in sentences:
        yield f"Beside the tree: {one}"


def read_keys(name: str) -> list[checkpoint.PublicKey]:
    """The public keys in a file, one a line; at least one. Raises `CannotCheck`."""
    lines = [line for line in read_text(name).splitlines() if line.strip() and not line.startswith("#")]
    try:
        keys = [checkpoint.PublicKey.parse(line) for line in lines]
    except checkpoint.KeyUnusable as wrong:
        raise CannotCheck(f"{name}: {wrong}.") from None
    if not keys:
        raise CannotCheck(f"{name}: holds no key. Give the line that `throughcare public-key` prints.")
    return keys


def read_text(name: str) -> str:
    """What a file of text holds. Raises `CannotCheck`."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise CannotCheck(f"{name}: cannot be read. Give a file of text.") from None
