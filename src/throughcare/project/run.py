"""Everything on one machine (`bin/run`): front end, database, demonstration, site, worker, mail; and its orderly end.

What is prepared is prepared here, in this process; the site and the worker are children, each told to stop when this
process ends and ending by themselves when it is killed (they hold the reading end of a pipe that only we can close).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from throughcare.project import database, environment, frontend

CHECKOUT = Path(__file__).resolve().parents[3]

PATIENCE = 60
"""Seconds for the site to answer."""

GRACE = 8
"""Seconds for a child to end by itself before it is killed."""


class CannotStart(Exception):
    """The start was given up. The message is one sentence that says why and what to do."""


def main(argv: list[str]) -> int:
    """Prepare, run until told to stop (Ctrl-C or TERM), and leave nothing behind. Returns 0, or 1 with a sentence."""
    parser = argparse.ArgumentParser(
        prog="bin/run", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.parse_args(argv)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    try:
        return _run(stop)
    except (CannotStart, environment.SettingWrong, database.DatabaseError, frontend.FrontEndNotReady) as wrong:
        print(wrong, file=sys.stderr)
        return 1


_ABOUT = """Start Throughcare with its demonstration on this machine.

environment:
  PORT              the site's port on 127.0.0.1 (default 8000)
  THROUGHCARE_HOME  where data are kept (default .throughcare in the checkout)
  DATABASE_URL      a PostgreSQL 15 or newer to use instead of the one that comes along
"""


def _run(stop: threading.Event) -> int:
    began = time.monotonic()
    port = environment.number("PORT", 8000, least=1, most=65535)
    _refuse_used(port)
    home = environment.home(CHECKOUT)
    os.environ |= {"THROUGHCARE_HOME": str(home), "THROUGHCARE_DEMO": "1", "PYTHONPATH": str(CHECKOUT / "src")}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "throughcare.project.settings")
    database.make_home(home)
    frontend.make_ready(CHECKOUT)
    with _alone(home), _mail(home):
        database.attach(home, environment.text("DATABASE_URL") or None)
        _prepare()
        if stop.is_set():
            return 0
        with _children() as children:
            _wait_until_it_answers(port, children, stop)
            if not stop.is_set():
                _greet(port, time.monotonic() - began)
            return _watch(children, stop)


def _refuse_used(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(
                f"PORT: this user may not use port {port}. Choose one above 1023: PORT=8000 bin/run"
            ) from None
        except OSError:
            raise CannotStart(f"PORT: port {port} is in use. Choose another: PORT={port % 65535 + 1} bin/run") from None


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Two of us on one folder of data would answer for each other; the second is told so."""
    import fcntl

    with (home / "run.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"Throughcare already runs on the data in {home}. "
                "Stop it, or choose another folder: THROUGHCARE_HOME=... bin/run"
            ) from None
        yield


@contextlib.contextmanager
def _mail(home: Path) -> Iterator[None]:
    """Catch mail here unless a mail server is named."""
    if environment.text("THROUGHCARE_SMTP"):
        yield
        return
    from throughcare.project.mail import MailServer

    server = MailServer(home / "mail")
    os.environ["THROUGHCARE_SMTP"] = server.start()
    try:
        yield
    finally:
        server.stop()


def _prepare() -> None:
    """Bring the tables up to date and load the demonstration (`demo load` does nothing when it is loaded)."""
    import django
    from django.core.management import CommandError, call_command, get_commands
    from django.db import connections

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    if "demo" in get_commands():
        try:
            call_command("demo", "load")
        except CommandError as wrong:
            raise CannotStart(f"The demonstration could not be loaded. {wrong}") from wrong
    else:
        print("The demonstration is not part of this release yet: nothing is loaded.")
    connections.close_all()


@contextlib.contextmanager
def _children() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run the site and the worker; end them at the end, in that order, whatever happens."""
    reading, writing = os.pipe()  # closed in us only; when we are killed it closes too, and the children see that
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for command in ("serve", "worker"):
            running[command] = subprocess.Popen(
                [sys.executable, "-m", "throughcare.project.run", "--child", str(reading), command],
                pass_fds=[reading],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C reaches us alone, and we tell them
            )
        os.close(reading)
        yield running
    finally:
        _end(running)
        os.close(writing)


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in running.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE
    for child in running.values():
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_it_answers(port: int, children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> None:
    """Wait for /healthz to answer at all: 200, or 503 with what is not well. Raises `CannotStart`."""
    until = time.monotonic() + PATIENCE
    while not stop.wait(0.05):
        _refuse_dead(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            if answer.code == 503:
                return
        except OSError:
            pass
        if time.monotonic() > until:
            raise CannotStart(f"The site did not answer within {PATIENCE} seconds. What it said is above.")


def _refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CannotStart(f"`throughcare {name}` ended by itself (code {child.returncode}). What it said is above.")


def _greet(port: int, seconds: float) -> None:
    from django.core.management import call_command, get_commands

    print(
        f"\nThroughcare is at http://127.0.0.1:{port}/   (ready after {seconds:.1f} s; Ctrl-C stops it)\n", flush=True
    )
    if "demo" in get_commands():
        with contextlib.suppress(BrokenPipeError):
            call_command("demo", "links")
    else:
        print("One-click sign-in is not part of this release yet.")
    sys.stdout.flush()


def _watch(children: dict[str, subprocess.Popen[bytes]], stop: threading.Event) -> int:
    while not stop.wait(0.5):
        _refuse_dead(children)
    print("\nStopping ...", flush=True)
    return 0


def _child(alive: int, command: str) -> int:
    """Be the site or the worker, and end when whoever started us is gone."""

    def end_with_parent() -> None:
        os.read(alive, 1)  # returns when the other end is closed: nothing is ever written
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=end_with_parent, daemon=True).start()
    from throughcare.project import cli

    return cli.main([command])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        sys.exit(_child(int(sys.argv[2]), sys.argv[3]))
    sys.exit(main(sys.argv[1:]))
