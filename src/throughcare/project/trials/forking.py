"""Work in processes of our own, begun by forking: quick to begin, and a kill takes exactly one of them.

The process that forks has no threads and no open connection to the database; each child opens its own.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connections

from throughcare.project import database

T = TypeVar("T")
_running: set[int] = set()


def start(work: Callable[[], object]) -> int:
    """Begin `work` in a child and return its process id. The child ends with 0, or with 1 after a traceback."""
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    if child := os.fork():
        _running.add(child)
        return child
    _running.clear()  # they are the parent's
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _let_go_of_the_server()
        work()
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(code)  # no exit handlers: they belong to the parent


def _let_go_of_the_server() -> None:
    """The hold on the server is the parent's: a child that kept it open would keep it held."""
    for held in database._held.values():
        held.close()
    database._held.clear()


def end(child: int) -> int:
    """Wait for a child; return its exit code, or minus the signal that ended it."""
    _, status = os.waitpid(child, 0)
    _running.discard(child)
    return os.waitstatus_to_exitcode(status)


def kill(child: int) -> int:
    """Kill a child (SIGKILL) and wait for it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    return end(child)


def stop_all() -> None:
    """Kill every child that still runs: the run was broken off."""
    for child in list(_running):
        kill(child)


def together(work: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Do all of this at the same moment, each in a child of its own: what each gave, or its error."""
    go_read, go_write = os.pipe()
    running: list[tuple[int, int]] = []
    for one in work:
        read, write = os.pipe()
        running.append((start(lambda one=one, write=write: _answer(one, go_read, go_write, write)), read))  # type: ignore[misc]
        os.close(write)
    os.close(go_read)
    os.close(go_write)  # the last end that is closed lets everybody go
    results: list[T | Exception] = []
    for child, read in running:
        with os.fdopen(read, "rb") as pipe:
            data = pipe.read()
        code = end(child)
        results.append(pickle.loads(data) if data else RuntimeError(f"a child ended with {code}"))  # noqa: S301 our own
    return results


def alone(work: Callable[[], T]) -> T:
    """Do this in a child, so that nothing it opens or changes stays here. Raises what it raised."""
    [result] = together([work])
    if isinstance(result, Exception):
        raise result
    return result


def _answer(work: Callable[[], Any], go_read: int, go_write: int, write: int) -> None:
    os.close(go_write)
    os.read(go_read, 1)  # returns once every writing end is closed: when all have begun
    try:
        result = work()
    except Exception as error:
        error.add_note("In the child: " + "".join(traceback.format_tb(error.__traceback__)))
        result = _plain(error)
    with os.fdopen(write, "wb") as pipe:
        pipe.write(pickle.dumps(result))


def _plain(error: Exception) -> Exception:
    """The error itself where it can be sent to another process, else one with its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 our own
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error
