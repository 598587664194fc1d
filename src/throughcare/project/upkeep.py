"""The commands that keep an installation: let time pass, seal, work out anew, export, erase, show the key.

Each takes its arguments and returns an exit code: 0 done, 1 it could not be done (one sentence says why), 2 the
command was not understood. What they do can be done while the site and the worker run.
"""

from __future__ import annotations

import argparse
import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import export, queries, sealing
from throughcare.ledger.canonical import SealRefused
from throughcare.ledger.errors import NoSuchEntry
from throughcare.project import worker

OK, NO = 0, 1


def tick(arguments: Sequence[str]) -> int:
    """Let time pass once by hand: answers that changed by themselves, what became overdue, lost deliveries."""
    _parser("tick", tick).parse_args(arguments)
    persons = 0
    while (done := alerts.tick(at=datetime.now(UTC))) >= 200:
        persons += done
    print(f"The answers of {persons + done} persons are those of this moment.")
    return OK


def seal(arguments: Sequence[str]) -> int:
    """Seal what waits, once by hand; the worker does it all the time."""
    _parser("seal", seal).parse_args(arguments)
    sealed = {log: 0 for log in sealing.LOGS}
    for one in worker.seal_all():
        sealed[one.log] += one.leaves
    for log, leaves in sealed.items():
        print(f"{log}: {leaves} sealed, {queries.seal_state(log).size} in all.")
    return OK


def rebuild(arguments: Sequence[str]) -> int:
    """Work out all duties and findings anew, and say how many rows differed. What is new is told."""
    parser = _parser("rebuild", rebuild)
    parser.add_argument("--person", type=uuid.UUID, metavar="UUID", help="this person alone (and who is linked)")
    parser.add_argument("--quiet", action="store_true", help="tell nobody of what is found to be new")
    given = parser.parse_args(arguments)
    persons = [given.person] if given.person else duties.everybody()
    line = sys.stderr.isatty()
    begin, end = ("\r", "") if line else ("", "\n")
    done = rows = 0
    for done, rows in alerts.rebuild(persons, at=datetime.now(UTC), quiet=given.quiet):
        print(f"{begin}{done} of {len(persons)} persons, {rows} rows differed", end=end, file=sys.stderr, flush=True)
    print("\n" * line, end="", file=sys.stderr)
    print(f"{done} persons were worked out anew; {rows} rows differed and are right now.")
    return OK


def export_ledger(arguments: Sequence[str]) -> int:
    """Write the sealed ledger as a file that anyone can check with the public key."""
    parser = _parser("export-ledger", export_ledger)
    parser.add_argument("file", metavar="FILE", help="where to write it; - for standard output")
    parser.add_argument("--log", choices=sealing.LOGS, default=queries.ENTRIES, help="which of the two logs")
    given = parser.parse_args(arguments)
    with queries.one_moment():
        rows = queries.rows() if given.log == queries.ENTRIES else queries.audit_rows()
        lines = export.write(sealing.origin(given.log), rows, queries.checkpoints(given.log))
        try:
            with _written(given.file) as file:
                count = sum(bool(file.write(line)) for line in lines)
        except OSError as wrong:
            return _no(f"{given.file}: cannot be written ({wrong.strerror}). Give a file in a folder that you may use.")
    print(f"{count} lines written. Check them with: throughcare verify {given.file} --key KEY.txt", file=sys.stderr)
    return OK


def public_key(arguments: Sequence[str]) -> int:
    """Print the line with which anyone can check what this installation signed."""
    _parser("public-key", public_key).parse_args(arguments)
    print(sealing.signing_key().public)
    return OK


def erase(arguments: Sequence[str]) -> int:
    """Destroy the content of one entry under an authority of law; that it was done stays for ever."""
    parser = _parser("erase", erase)
    parser.add_argument("entry", type=uuid.UUID, metavar="ENTRY", help="the entry's id")
    parser.add_argument("--authority", required=True, help="under what: the order or article; names no person")
    parser.add_argument("--reason", required=True, help="why; stays in the ledger for ever and names no person")
    parser.add_argument("--yes", action="store_true", help="do not ask: there is no way back")
    given = parser.parse_args(arguments)
    try:
        found = queries.find(given.entry)
        sure = given.yes or _asked(f"Destroy the content of entry {found.id} of {found.agency} for good?")
        if not sure:
            return _no("Nothing was erased. Answer yes, or give --yes.")
        alerts.erase(given.entry, authority=given.authority, reason=given.reason, by=_by(), at=datetime.now(UTC))
    except (NoSuchEntry, SealRefused) as wrong:
        return _no(str(wrong))
    print(f"The content of entry {given.entry} is gone. The ledger says so, when, and under what authority.")
    return OK


COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "tick": tick,
    "seal": seal,
    "rebuild": rebuild,
    "export-ledger": export_ledger,
    "public-key": public_key,
    "erase": erase,
}


def _parser(name: str, command: Callable[..., Any]) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"throughcare {name}", description=command.__doc__)


@contextmanager
def _written(name: str) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all; only its owner may read it, for it holds every record."""
    if name == "-":
        yield sys.stdout.buffer
        return
    part = Path(f"{name}.part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    part.replace(name)


def _by() -> str:
    return f"operator:{os.environ.get('USER') or os.geteuid()}"


def _asked(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [yes/no] ").strip().lower() == "yes"


def _no(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return NO
