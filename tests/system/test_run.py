"""bin/run as a user has it: starts, answers, ends without leaving anything, and keeps the data."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

COMMAND = [sys.executable, "-m", "throughcare.project.run"]


@pytest.fixture
def port() -> int:
    return _free_port()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder of data of its own; whatever still runs on it afterwards is ended, so that one test harms no other.

    Not pytest's `tmp_path`: each start of pytest closes its folders again, and root's server runs as another account.
    """
    with tempfile.TemporaryDirectory(prefix="throughcare-run-", ignore_cleanup_errors=True) as parent:
        folder = Path(parent) / "a home with spaces"
        yield folder
        for left in _running_on(folder):
            left.kill()


def _running_on(home: Path) -> list[psutil.Process]:
    """Processes that were started with, or by a process with, this home."""
    found = []
    for process in psutil.process_iter():
        try:
            if str(home) in " ".join(process.cmdline()) or process.environ().get("THROUGHCARE_HOME") == str(home):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _environment(home: Path, port: int) -> dict[str, str]:
    unset = {"DATABASE_URL", "THROUGHCARE_DB_ROLE", "THROUGHCARE_DB_POOL"}
    return {k: v for k, v in os.environ.items() if k not in unset} | {"THROUGHCARE_HOME": str(home), "PORT": str(port)}


def _start(home: Path, port: int) -> tuple[subprocess.Popen[str], float]:
    """Start it and wait until it says where it is; return it and the seconds that took."""
    began = time.monotonic()
    running = subprocess.Popen(
        COMMAND, env=_environment(home, port), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert running.stdout
    said = []
    for line in running.stdout:
        said.append(line)
        if f"http://127.0.0.1:{port}/" in line:
            return running, time.monotonic() - began
    running.communicate()
    pytest.fail("It did not start: " + "".join(said))


def _stop(running: subprocess.Popen[str], how: int = signal.SIGTERM) -> int:
    running.send_signal(how)
    running.communicate(timeout=30)
    return running.returncode


def _health(port: int) -> dict[str, dict[str, object]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        found: dict[str, dict[str, object]] = json.load(answer)
    return found


def _no_process_is_left(home: Path) -> bool:
    until = time.monotonic() + 15
    while _running_on(home):
        if time.monotonic() > until:
            return False
        time.sleep(0.2)
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_answers_and_leaves_nothing_behind(home, port, how):
    running, _ = _start(home, port)
    assert _health(port)["database"]["role"] == "throughcare_app"
    assert _stop(running, how) == 0
    assert _no_process_is_left(home)
    running, seconds = _start(home, port)
    assert _stop(running) == 0
    print(f"second start: {seconds:.1f} s")
    assert _no_process_is_left(home)


def test_a_used_port_is_one_sentence(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(COMMAND, env=_environment(home, port), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == f"PORT: port {port} is in use. Choose another: PORT={port + 1} bin/run\n"


def test_when_it_is_killed_its_children_end_and_the_next_start_works(home, port):
    running, _ = _start(home, port)
    running.kill()
    running.communicate()
    until = time.monotonic() + 15
    while any("--child" in " ".join(process.cmdline()) for process in _running_on(home)):
        assert time.monotonic() < until, "a child outlived it"
        time.sleep(0.2)
    running, _ = _start(home, port)
    assert _stop(running) == 0
    assert _no_process_is_left(home)


def test_two_on_the_same_data_is_refused(home, port):
    running, _ = _start(home, port)
    done = subprocess.run(COMMAND, env=_environment(home, _free_port()), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Throughcare already runs on the data in ")
    assert _stop(running) == 0
