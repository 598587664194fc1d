"""`throughcare worker`: the jobs, and the sealer beside them.

The sealer looks every `PACE` seconds for what is committed and not yet sealed, on a connection of its own; an advisory
lock lets one sealer work at a time, however many workers there are. Where the database goes away, both wait for it,
longer each time, up to `LONGEST` seconds.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from datetime import UTC, datetime

import psycopg
from django.db import Error, connection
from procrastinate import exceptions
from procrastinate.contrib.django import app

from throughcare.ledger import sealing

PACE = 0.25
"""Seconds between two looks of the sealer: what is committed is sealed within half a second."""

LONGEST = 10.0
"""Seconds: the longest wait between two tries to reach the database."""

_STOPPING = (signal.SIGTERM, signal.SIGINT)

_log = logging.getLogger(__name__)


def main() -> int:
    """Work until told to stop (SIGTERM, SIGINT). Returns 0."""
    sealer = Sealer()
    sealer.start()
    try:
        _work(sealer)
    finally:
        sealer.stop()
    return 0


def _work(sealer: Sealer) -> None:
    wait = PACE
    while True:
        began = time.monotonic()
        try:
            if asyncio.run(_jobs()):
                return
            why = "it ended by itself"  # procrastinate's way, where its listener loses the database: no error comes
        except (exceptions.ConnectorException, Error, psycopg.Error) as fault:
            why = type(fault).__name__
        _log.warning("The database does not answer the worker (%s); trying again.", why)
        if time.monotonic() - began > LONGEST:
            wait = PACE
        sealer.stopping.wait(wait)
        wait = min(wait * 2, LONGEST)


async def _jobs() -> bool:
    """Work off jobs until a signal tells to stop (True), or until the work ends by itself (False)."""
    told = False
    work = asyncio.ensure_future(_work_off())

    def stop() -> None:
        nonlocal told
        told = True
        work.cancel()  # finishes the job under way first

    loop = asyncio.get_running_loop()
    for number in _STOPPING:
        loop.add_signal_handler(number, stop)
    try:
        await work
    except asyncio.CancelledError:
        if not told:
            raise
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)
    return told


async def _work_off() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        async with working.open_async():
            await working.run_worker_async(install_signal_handlers=False)


def seal_all() -> list[sealing.Sealed]:
    """Seal all that waits now, in every log."""
    key = sealing.signing_key()
    made = []
    for log in sealing.LOGS:
        while sealing.waits(log) and (sealed := sealing.seal(log, key=key, at=datetime.now(UTC))):
            made.append(sealed)
    return made


class Sealer(threading.Thread):
    """Seals what is committed until it is stopped."""

    def __init__(self) -> None:
        super().__init__(name="sealer", daemon=True)
        self.stopping = threading.Event()

    def stop(self) -> None:
        """Finish the seal under way, and end."""
        self.stopping.set()
        self.join(LONGEST)

    def run(self) -> None:
        """Look, seal, wait; never end by a fault."""
        wait = PACE
        while not self.stopping.wait(wait):
            try:
                seal_all()
                wait = PACE
            except Error as fault:
                _log.warning("The database does not answer the sealer (%s); trying again.", type(fault).__name__)
                wait = min(max(wait, PACE) * 2, LONGEST)
                connection.close()
            except Exception:
                _log.exception("The sealer refuses to go on from what is kept. Run `throughcare verify`.")
                wait = LONGEST
                connection.close()
        connection.close()
