"""T1 and T2: writers, or the database itself, are killed in the middle of their work, without a warning."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
from functools import partial
from pathlib import Path

from django.db import connections

from throughcare.project.trials import forking, holding, writing
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

WRITERS = 4
PERSONS = [f"P{n}" for n in range(24)]
BACK_WITHIN = 10.0
"""Seconds after which the database must have taken a record again."""


def writers(scratch: Scratch, seed: int, *, kills: int) -> Outcome:
    """T1: kill -9 of writers in the middle of it, again and again."""
    name, folder = _begin(scratch, "trial_writers")
    chance, wrongs = random.Random(seed), Wrongs()  # noqa: S311 - moments that can be tried again
    began = time.monotonic()
    with scratch.worker(name):
        running = {n: _writer(folder, seed, n, 0) for n in range(WRITERS)}
        for kill in range(1, kills + 1):
            _some_receipts(folder)
            time.sleep(chance.uniform(0.0, 0.3))
            which = chance.randrange(WRITERS)
            code = forking.kill(running[which])
            wrongs.check(code == -signal.SIGKILL, f"writer {which} had ended by itself with {code}")
            running[which] = _writer(folder, seed, which, kill)
        for child in running.values():
            forking.kill(child)
        figures = _judge(scratch, folder, wrongs, most_extra=0)
    return wrongs.outcome(f"{kills + WRITERS} kills in {time.monotonic() - began:.0f} s; {figures}")


def server(scratch: Scratch, seed: int, *, kills: int) -> Outcome:
    """T2: kill -9 of the database server in the middle of it."""
    name, folder = _begin(scratch, "trial_server")
    chance, wrongs, started, back = random.Random(seed), Wrongs(), list[float](), list[float]()  # noqa: S311
    with scratch.worker(name) as worker:
        running = [_writer(folder, seed, n, 0) for n in range(WRITERS)]
        for _ in range(kills):
            _some_receipts(folder)
            time.sleep(chance.uniform(0.5, 2.0))
            for process in scratch.server():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            began = time.monotonic()
            started.append(scratch.restart_server())
            forking.alone(partial(writing.insist, writing.batch(f"back-{len(back)}", chance, PERSONS)))
            back.append(time.monotonic() - began)
        time.sleep(1)
        for child in running:
            code = forking.kill(child)
            wrongs.check(code == -signal.SIGKILL, f"a writer had given up, with {code}")
        wrongs.check(worker.poll() is None, f"the worker had ended, with {worker.poll()}")
        wrongs.check(max(back) <= BACK_WITHIN, f"back only after {max(back):.1f} s")
        forking.alone(holding.let_time_pass)
        # A message that was handed over while the database died may go again, once for each kill and job under way.
        figures = _judge(scratch, folder, wrongs, most_extra=kills)
    return wrongs.outcome(
        f"{kills} kills; listening again after {_most(started)} s and the next record taken after "
        f"{_most(back)} s at the most; "
        f"{figures}"
    )


def _some_receipts(folder: Path, *, many: int = 5, patience: float = 20) -> None:
    """Wait until the writers have received some more, so that a slow machine is killed in its work as well."""
    began, until = _lines(folder), time.monotonic() + patience
    while _lines(folder) < began + many * 2 and time.monotonic() < until:
        time.sleep(0.02)


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.journal"))


def _most(values: list[float]) -> str:
    return f"{max(values):.1f}"


def _begin(scratch: Scratch, name: str) -> tuple[str, Path]:
    scratch.fresh(name)
    folder = scratch.home / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    writing.warm()
    forking.alone(partial(writing.set_scene, PERSONS))
    return name, folder


def _writer(folder: Path, seed: int, number: int, life: int) -> int:
    """Begin a writer; each life of it has its own journal and its own references."""
    name = f"w{number}-{life}"
    return forking.start(partial(writing.write_on, folder, name, seed * 1_000_003 + number * 1_009 + life, PERSONS))


def _judge(scratch: Scratch, folder: Path, wrongs: Wrongs, *, most_extra: int) -> str:
    said, found = forking.alone(partial(_judged, scratch, folder, most_extra))
    for one in found.said:
        wrongs.check(False, one)
    wrongs.count += found.count - len(found.said)
    return said


def _judged(scratch: Scratch, folder: Path, most_extra: int) -> tuple[str, Wrongs]:
    wrongs = Wrongs()
    remembered = writing.read_journals(folder)
    there = holding.stored()
    back = {key for key in there.digests if key[1].startswith("back-")}
    ours = holding.Stored({k: v for k, v in there.digests.items() if k not in back}, there.rows - len(back))
    receipts = holding.acknowledged(remembered, ours, wrongs)
    lost = remembered.open
    held = holding.answered_again(lost, ours, wrongs)
    holding.empties(wrongs, patience=90)
    leaves = holding.sealed_and_whole(wrongs)
    persons = holding.worked_out(wrongs)
    messages, extra = holding.told(scratch.copies(), wrongs, most_extra=most_extra)
    connections.close_all()
    return (
        f"{receipts}; {len(lost)} batches without an "
        f"answer, of which {held} were stored and all answered so when sent again; {leaves} leaves sealed and whole; "
        f"{persons} persons' duties as worked out anew; {messages} messages arrived, {extra} extra copies",
        wrongs,
    )
