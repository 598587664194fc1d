"""A scratch installation for the trials: a folder, a durable server, a mail catcher, a worker, all of its own.

One folder and one server for a run; each trial gets a database of its own, copied from one that was migrated once.
Everything listens on Unix sockets or on the loopback address, and is stopped at the end.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from pathlib import Path

import psycopg

from throughcare.project import database

PACKAGE_ROOT = Path(__file__).resolve().parents[3]
_SET_BY_US = ("DATABASE_URL", "THROUGHCARE_DB_POOL", "THROUGHCARE_DEMO", "THROUGHCARE_URL", "PORT", "THROUGHCARE_HOSTS")


class Scratch:
    """The installation. Make it before Django is set up: it decides the environment that the settings read."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="throughcare-trust-"))
        for name in _SET_BY_US:
            os.environ.pop(name, None)
        os.environ |= {
            "THROUGHCARE_HOME": str(self.home),
            "THROUGHCARE_DB_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "throughcare.project.settings",
            "PYTHONPATH": str(PACKAGE_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self.mail = self.home / "mail"

    def start(self) -> None:
        """Start the server and the mail catcher, make the tables, and set Django up in this process."""
        database.attach(self.home)
        self._command("migrate", "--verbosity", "0")
        os.environ["THROUGHCARE_SMTP"] = self._catcher()
        os.environ["THROUGHCARE_DB_ROLE"] = "app"  # as in service
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        logging.disable(logging.CRITICAL)  # refusals by the thousand, on purpose

    def stop(self) -> None:
        """Stop all that was started, and remove the folder."""
        for one in self._running:
            stop(one)
        database.detach(self.home)
        shutil.rmtree(self.home, ignore_errors=True)

    def _command(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "throughcare.project.cli", *arguments], check=True, timeout=180)

    def _catcher(self) -> str:
        process = self.run("mail-catcher", str(self.mail), "--port", "0", stdout=subprocess.PIPE)
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        return process.stdout.readline().decode().strip()

    def run(self, *arguments: str, stdout: int = subprocess.DEVNULL, **environment: str) -> subprocess.Popen[bytes]:
        """Start a `throughcare` command that is stopped at the end at the latest."""
        log = (self.home / f"{arguments[0]}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "throughcare.project.cli", *arguments],
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=log, env={**os.environ, **environment},
        )  # fmt: skip
        log.close()
        self._running.append(process)
        return process

    @contextlib.contextmanager
    def worker(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """A worker with its sealer on a trial's database, as in service."""
        process = self.run("worker", DATABASE_URL=self.address(name))
        try:
            yield process
        finally:
            stop(process)
            self._running.remove(process)

    def address(self, name: str) -> str:
        """The address of a database of ours."""
        folder = str(database.socket_dir(self.home)).replace("/", "%2F")
        return f"postgresql://{database.OWNER}@{folder}/{name}"

    def owner(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the owner of the tables: to look, and to break things on purpose."""
        return psycopg.connect(
            host=str(database.socket_dir(self.home)), user=database.OWNER, dbname=name, autocommit=True
        )

    def fresh(self, name: str) -> str:
        """Make a database with all tables and nothing in them, and let this process work on it. Returns its name."""
        from django.db import connections

        connections.close_all()
        with self.owner("postgres") as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {database.NAME}".encode())
        for kept in (connections.settings["default"], connections["default"].settings_dict):
            kept["NAME"] = name
        return name

    def clear(self) -> None:
        """Take away the databases of the trials so far: a server that recovers looks at every file of them."""
        from django.db import connections

        connections.close_all()
        with self.owner("postgres") as connection:
            found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'trial\\_%'").fetchall()
            for (name,) in found:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    def copies(self) -> Counter[str]:
        """How many times each message arrived at the mail catcher, by Message-ID (without its brackets and host)."""
        found: Counter[str] = Counter()
        for path in (self.mail / "new").glob("*"):
            with path.open("rb") as file:
                found[str(BytesHeaderParser().parse(file)["Message-ID"]).strip("<> \n").partition("@")[0]] += 1
        return found

    def server(self) -> list[int]:
        """The process ids of the database server: the first is its head."""
        head = int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        return [head, *_children(head)]

    def restart_server(self) -> float:
        """Start the server again after it was killed, as the next command of an installation would. Seconds."""
        began = time.monotonic()
        database.detach(self.home)
        database.attach(self.home)
        return time.monotonic() - began


def _children(head: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{head}/task/{head}/children").read_text().split()]
    except OSError:
        found = subprocess.run(["pgrep", "-P", str(head)], capture_output=True, check=False, text=True)  # noqa: S607
        return [int(one) for one in found.stdout.split()]


def stop(process: subprocess.Popen[bytes], *, patience: float = 10) -> None:
    """End a process that we started: ask, then kill."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
