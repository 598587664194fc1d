"""What must hold after anything was killed: what was acknowledged is there, once; all is sealed, linked and told.

Each check reads the database past the product's own queries where it can, and takes the journals for the truth.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app

from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import queries
from throughcare.project import verify, worker
from throughcare.project.trials.outcome import Wrongs
from throughcare.project.trials.writing import Batch, Remembered, now

LATER = timedelta(minutes=6)
"""So much later a tick looks for deliveries whose job died with its worker."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The digest of each entry that is in the database, by agency and reference."""

    digests: Mapping[tuple[str, str], str]
    rows: int


def stored() -> Stored:
    """Every entry there is, but for the links that matching made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.agency, e.ref, encode(p.digest, 'hex') FROM ledger_entry e "
            "LEFT JOIN ledger_payload p ON p.entry_id = e.id WHERE e.kind NOT LIKE 'people.%%'"
        )
        rows = cursor.fetchall()
    return Stored({(agency, ref): digest or "" for agency, ref, digest in rows}, len(rows))


def acknowledged(remembered: Remembered, there: Stored, wrongs: Wrongs) -> str:
    """Each receipt that was given is in the ledger once, with its digest. Returns the figures in words."""
    receipts = [one for ones in remembered.kept.values() for one in ones]
    lost, double = 0, there.rows - len(there.digests)
    for agency, ref, digest in receipts:
        found = there.digests.get((agency, ref)) == digest
        lost += not wrongs.check(found, f"{agency} {ref} was acknowledged and is not there")
    wrongs.check(not double, f"{double} references of an agency are in the ledger twice")
    sent = {(raw["agency"], raw["ref"]) for one in remembered.sent.values() for raw in one.raws}
    wrongs.check(there.digests.keys() <= sent, f"{len(there.digests.keys() - sent)} entries are there that nobody sent")
    return f"{len(receipts)} receipts given, {there.rows} entries stored, {lost} lost, {double} double"


def answered_again(batches: Collection[Batch], there: Stored, wrongs: Wrongs) -> int:
    """Each batch whose answer was lost is stored whole or not at all, and says which when sent again. How many were."""
    held = 0
    for one in batches:
        found = [(raw["agency"], raw["ref"]) in there.digests for raw in one.raws]
        wrongs.check(len(set(found)) == 1, f"batch {one.name} is there in part: {sum(found)} of {len(found)}")
        receipts = one.send()
        wrongs.check(
            [got.repeated for got in receipts] == found,
            f"batch {one.name}, sent again: repeated {[got.repeated for got in receipts]}, stored before {found}",
        )
        held += all(found)
    return held


def sealed_and_whole(wrongs: Wrongs) -> int:
    """Everything that is stored is sealed, and the verifier finds nothing. Returns the number of leaves."""
    worker.seal_all()
    state = queries.seal_state()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM ledger_erasure), "
            "(SELECT count(*) FROM ledger_leaf WHERE log = 'entries'), "
            "(SELECT count(*) FROM (SELECT l.person FROM ledger_link l JOIN ledger_head h USING (person) "
            "GROUP BY l.person, h.version HAVING count(*) <> max(l.version) OR max(l.version) <> h.version) AS broken)"
        )
        written, leaves, broken = cursor.fetchone()
    wrongs.check(state.waiting == 0, f"{state.waiting} leaves wait though nothing is written")
    wrongs.check(written == leaves == state.size, f"{written} written, {leaves} leaves, {state.size} under checkpoints")
    wrongs.check(not broken, f"{broken} persons' versions have a gap, a double, or end before their head")
    sentences, whole = verify.check_database()
    wrongs.check(whole, " ".join(sentences[:3]))
    return state.size


def worked_out(wrongs: Wrongs) -> int:
    """The tables of duties and findings are what the engine answers. Returns the number of persons."""
    persons = duties.everybody()
    rows = 0
    for _, differed in alerts.rebuild(persons, at=now(), quiet=True):
        rows = differed
    wrongs.check(rows == 0, f"{rows} rows of duties and findings are not what the engine answers")
    return len(persons)


_DUE = """
    SELECT 'overdue|' || person || '|' || rule || '|' || started_by, person FROM duties_duty WHERE state = 'overdue'
    UNION ALL
    SELECT 'finding|' || person || '|' || rule || '|' || key, person FROM duties_finding WHERE result <> 'withdrawn'
"""


def told(copies: Mapping[str, int], wrongs: Wrongs, *, most_extra: int) -> tuple[int, int]:
    """Each thing that is due to be told has a delivery to each who works with the person, sent, and arrived.

    `copies` counts arrivals by delivery. Returns deliveries and extra copies; at most `most_extra` may be extra.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w.name, r.user_id, d.id, d.state FROM ({_DUE}) AS w(name, person) "  # noqa: S608 - ours
            "JOIN access_relationship r ON r.person = w.person AND r.ended IS NULL AND r.user_id IS NOT NULL "
            "LEFT JOIN alerts_notice n ON n.key = w.name "
            "LEFT JOIN alerts_delivery d ON d.notice_id = n.id AND d.user_id = r.user_id"
        )
        rows = cursor.fetchall()
        cursor.execute("SELECT id::text, state FROM alerts_delivery")
        deliveries = dict(cursor.fetchall())
    for name, _, delivery, state in rows:
        wrongs.check(delivery is not None, f"nobody was to be told of {name}")
        wrongs.check(delivery is None or state == "sent", f"the delivery of {name} is {state}")
    for delivery in deliveries:
        wrongs.check(copies.get(delivery, 0) > 0, f"message {delivery} never arrived")
    extra = sum(copies[one] - 1 for one in deliveries if copies.get(one, 0) > 1)
    wrongs.check(extra <= most_extra, f"{extra} extra copies arrived, at most {most_extra} can be explained")
    return len(deliveries), extra


def waiting() -> int:
    """Deliveries that wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_delivery WHERE state = 'waiting'")
        return int(cursor.fetchone()[0])


def empties(wrongs: Wrongs, *, patience: float) -> None:
    """With a worker running the outbox empties by itself: at least one message goes within so many seconds."""
    least, until = waiting(), time.monotonic() + patience
    while (left := waiting()) and time.monotonic() < until:
        if left < least:
            least, until = left, time.monotonic() + patience
        connection.close()
        time.sleep(0.2)
    wrongs.check(not left, f"{left} messages still wait, and none has gone for {patience} seconds")


def let_time_pass() -> None:
    """The tick of some minutes later: gives deliveries whose job died with its worker a new one."""
    while alerts.tick(at=now() + LATER) >= 200:
        pass


def work_off() -> None:
    """Work off every job that waits, in this process, as a worker does."""

    async def jobs() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
            async with working.open_async():
                await working.run_worker_async(
                    wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1, queues=["alerts"]
                )

    asyncio.run(jobs())
