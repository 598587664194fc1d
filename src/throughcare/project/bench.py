"""`bin/bench`: how fast, beside something real in the same run. Never part of the tests.

    bin/bench ledger    entries a second through the whole way, beside plain hash-chained inserts of the same bytes
    bin/bench pages     server time and queries of a person's page: a child with 60 and 2,000 entries; a life of a
                        sentence with 80, and one of forty years with 5,000, its life line included

Works in a database of its own that is made and dropped, on whichever server this installation uses.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any

USAGE = "usage: bin/bench ledger | pages"
ROUNDS = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one benchmark and print its figures."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments not in (["ledger"], ["pages"]):
        print(USAGE, file=sys.stderr)
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = "throughcare.project.settings"
    os.environ.setdefault("THROUGHCARE_DEMO", "1")
    with _database():
        ledger_bench() if arguments == ["ledger"] else pages_bench()
    return 0


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """A database for this run alone, durable as in service."""
    import django
    from django.conf import settings

    from throughcare.project import database

    database.attach(settings.HOME, settings.DATABASE_URL or None)
    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    settings.DATABASES["default"].setdefault("TEST", {})
    connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
    made = setup_databases(verbosity=0, interactive=False)
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    print(f"PostgreSQL {version}, {os.cpu_count()} processors, synchronous_commit on")
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)


# --- the ledger ----------------------------------------------------------------------------------------------------


def ledger_bench() -> None:
    """Entries a second: the whole way, and plain chained inserts, by turns, in batches of 1 and of 100."""
    import_module("throughcare.project.asgi")  # as the server starts: with its settings of the garbage collector
    _agencies()
    print("\nentries a second: whole way / plain chained inserts = ratio", end=" ")
    print(f"(medians of {ROUNDS} rounds, turn and turn about)")
    for batch, count, spread in ((1, 120, 1), (100, 1800, 1), (100, 1800, 30)):
        ratios, whole, plain = [], [], []
        for number in range(ROUNDS):
            entries, people = _population(f"b{batch}s{spread}r{number}", persons=max(1, count // 60), spread=spread)
            whole.append(_whole_way(entries, people, batch))
            plain.append(_plain(entries, batch))
            ratios.append(whole[-1] / plain[-1])
        kind = f"batches of {batch}" + (f", {_persons_in(batch, spread)}" if batch > 1 else "")
        print(
            f"  {kind:44} {statistics.median(whole):8.0f} / {statistics.median(plain):8.0f} = "
            f"{statistics.median(ratios):.2f}  (from {min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("\none person, batches of 100: entries a second as the line grows", end=" ")
    print("(no worse than linear: time a batch / entries)")
    entries, people = _population("grow", persons=1, each=2000, spread=1)
    for start, seconds in _growth(entries, people):
        each = seconds / (start + 100) * 1e6
        print(f"  {start:5} entries there: {seconds * 1000:7.1f} ms a batch, {each:6.1f} us an entry there")


def _persons_in(batch: int, spread: int) -> str:
    if spread == 1:
        return "people one after the other, 60 entries each"
    return f"{spread} people in a batch, up to 60 entries each"


def _agencies() -> None:
    from throughcare.access import accounts

    now = datetime.now(UTC)
    for code, sector in (("LA", "la"), ("HOSP", "health"), ("POL", "police"), ("SCH", "education")):
        accounts.keep_agency(code, name=code, sector=sector, telephone="01632 960000", contact="", at=now)


def _population(name: str, *, persons: int, spread: int, each: int = 60) -> tuple[list[Any], list[Any]]:
    """People with `each` entries of the kinds that rules read most; entries of `spread` people lie among each other."""
    from throughcare.ledger.life import PersonRecord

    people = [PersonRecord(agency="LA", ref=f"{name}-{n}", names=(f"Child {name} {n}",)) for n in range(persons)]
    lines = [[_entry(person, number) for number in range(each)] for person in people]
    entries = []
    for start in range(0, persons, spread):
        group = lines[start : start + spread]
        entries += [line[number] for number in range(each) for line in group]
    return entries, people


def _entry(person: Any, number: int) -> Any:
    from throughcare.ledger.entry import Concern, Entry, Precision, Share, When

    at = datetime(2025, 1, 6, 9, 0, tzinfo=UTC) + timedelta(days=number * 2 % 700, minutes=number)
    kind, body = _KINDS[number % len(_KINDS)]
    agency = ("LA", "HOSP", "POL", "SCH")[number % 4]
    return Entry(
        ref=f"{person.ref}-{number}",
        kind=kind,
        agency=agency,
        author_role="practitioner",
        happened=When(Precision.MINUTE, at=at),
        noted=at + timedelta(minutes=30),
        shared=(Share("LA", at + timedelta(hours=1)),) if agency != "LA" and number % 3 else (),
        concerns=(Concern("subject", person.record),),
        basis="seen",
        summary="What was seen, in so many plain words that the content has the length of a practitioner's usual note.",
        body={**body, "occasion": f"o{number}"} if kind.endswith("injury_found") else body,
        sensitivity="health" if kind in _HEALTH else "standard",
    )


_VISIT = {"purpose": "protection_plan", "seen": "yes", "alone": "yes", "awake": "awake", "home_seen": "yes",
          "bedroom_seen": "yes", "announced": "no"}  # fmt: skip
_KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("safeguarding.visit", _VISIT),
    ("safeguarding.observation", {"weight": "concern", "seen_or_told": "seen"}),
    ("safeguarding.attendance", {"site": "Ward", "setting": "clinic", "scheduled": "yes", "reason": "routine"}),
    ("safeguarding.observation", {"weight": "neutral", "seen_or_told": "told"}),
    ("safeguarding.appointment_outcome", {"service": "clinic", "outcome": "attended"}),
    ("safeguarding.core_group", {"attended": ["la", "health"]}),
    (
        "safeguarding.injury_found",
        {"type": "bruise", "site": "shin", "count": 1, "pattern": "none", "mobility": "walking"},
    ),
    ("safeguarding.observation", {"weight": "neutral", "seen_or_told": "seen"}),
    ("safeguarding.contact", {"source": "2A", "concern": "no", "outcome": "advice", "closed_as_malicious": "no"}),
    ("safeguarding.observation", {"weight": "strength", "seen_or_told": "seen"}),
)
_HEALTH = {"safeguarding.attendance", "safeguarding.appointment_outcome", "safeguarding.injury_found"}


def _whole_way(entries: Sequence[Any], people: Sequence[Any], batch: int) -> float:
    """Entries a second from raw JSON to a receipt: validated, linked, appended, duties worked out, alerts queued."""
    from django.conf import settings

    from throughcare.alerts import actions as alerts
    from throughcare.ledger import checking, kinds
    from throughcare.ledger.raw import to_raw

    known = kinds.load(settings.ROOMS)
    raws = [to_raw(entry) for entry in entries]
    now = datetime.now(UTC)
    alerts.record([], by="bench", at=now, people=people)
    _holders(people)
    began = time.perf_counter()
    for start in range(0, len(raws), batch):
        checked = [checking.check(raw, known) for raw in raws[start : start + batch]]
        alerts.record(checked, by="bench", at=datetime.now(UTC))
    return len(raws) / (time.perf_counter() - began)


def _holders(people: Sequence[Any]) -> None:
    """Somebody to tell for every person, so that alerts are queued as in service."""
    from throughcare.access import accounts
    from throughcare.access import actions as access
    from throughcare.people import queries

    now = datetime.now(UTC)
    user = accounts.make_user(f"{uuid.uuid4().hex}@example.test", name="Nobody", agency="LA", at=now)
    for person in set(queries.persons_of([one.record for one in people]).values()):
        access.relate(person, "allocated", user=user, reason="benchmark", at=now)


def _plain(entries: Sequence[Any], batch: int) -> float:
    """Entries a second: the same bytes, each hashed with the hash before it, inserted row by row into one table."""
    from django.db import connection, transaction

    from throughcare.ledger import canonical
    from throughcare.ledger.raw import to_raw

    contents = [canonical.canonical(to_raw(entry)) for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_plain (id uuid PRIMARY KEY, person text, content bytea, before bytea, "
            "hash bytea UNIQUE)"
        )
        cursor.execute("CREATE INDEX IF NOT EXISTS bench_plain_person ON bench_plain (person)")
    before = b""
    began = time.perf_counter()
    for start in range(0, len(contents), batch):
        rows = []
        for entry, content in zip(entries[start : start + batch], contents[start : start + batch], strict=True):
            after = sha256(before + content).digest()
            rows.append((uuid.uuid4(), entry.concerns[0].record.ref, content, before, after))
            before = after
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bench_plain (id, person, content, before, hash) VALUES (%s, %s, %s, %s, %s)", rows
            )
    return len(contents) / (time.perf_counter() - began)


def _growth(entries: Sequence[Any], people: Sequence[Any]) -> Iterator[tuple[int, float]]:
    """Seconds a batch of 100 for one person, at growing lengths of their line."""
    from throughcare.alerts import actions as alerts

    now = datetime.now(UTC)
    alerts.record([], by="bench", at=now, people=people)
    for start in range(0, len(entries), 100):
        began = time.perf_counter()
        alerts.record(entries[start : start + 100], by="bench", at=now)
        if start % 500 == 0 or start == len(entries) - 100:
            yield start, time.perf_counter() - began


# --- pages ---------------------------------------------------------------------------------------------------------


def pages_bench() -> None:
    """Server time and queries of the person page, by length of line; then the lists of one officer's people."""
    from django.conf import settings
    from django.test import Client

    from throughcare.access import accounts
    from throughcare.access import actions as access
    from throughcare.alerts import actions as alerts
    from throughcare.people import queries
    from throughcare.project import long_life

    import_module("throughcare.project.asgi")  # as the server starts: with its settings of the garbage collector
    _agencies()
    settings.ALLOWED_HOSTS = ["*"]
    now = datetime.now(UTC)
    for code, sector in long_life.AGENCIES:
        accounts.keep_agency(code, name=code, sector=sector, telephone="01632 960000", contact="", at=now)
    clients = {}
    for agency in ("LA", "PROB"):
        user = accounts.make_user(f"{agency}@example.test", name="Reader", agency=agency, at=now)
        accounts.give_role(user, "practitioner", title="officer", at=now)
        clients[agency] = (user, Client())
        _sign_in(clients[agency][1], user)
    print("\npages: server time (median of 7, first left out), of that the processor's, and how many times that of a")
    print("million additions in Python beside it, in turn; queries, size")
    for said, agency, entries, person in _lines_of_pages(long_life):
        for start in range(0, len(entries), 500):
            alerts.record(entries[start : start + 500], by="bench", at=now, people=[person] if not start else [])
        found = queries.persons_of([person.record])[person.record]
        user, client = clients[agency]
        access.relate(found, "allocated", user=user, reason="benchmark", at=now)
        _measure(client, f"/people/{found}", said)
    for path in ("/caseload", "/calendar", "/"):
        _measure(clients["PROB"][1], path, f"{path} of an officer with 2 people, 5,080 entries")


def _additions() -> float:
    """Seconds of processor time for a million additions: how fast this machine is while this runs."""
    began, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return time.process_time() - began


def _lines_of_pages(long_life: Any) -> Iterator[tuple[str, str, list[Any], Any]]:
    """The records to show: what they are, who looks, entries and person."""
    for each in (60, 2000):
        entries, people = _population(f"page{each}", persons=1, each=each, spread=1)
        yield f"a child, {each:,} entries", "LA", entries, people[0]
    for said, each, cycles in (("a sentence, 4 years", 80, 2), ("a sentence, 40 years", 5000, 20)):
        entries, person = long_life.long_life(f"life{each}", entries=each, cycles=cycles)
        yield f"{said}, {each:,} entries", "PROB", entries, person


def _measure(client: Any, path: str, said: str) -> None:
    """Ask for a page eight times, and once more to count its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times, busy, beside = [], [], []
    for _ in range(8):
        began, worked = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times.append(time.perf_counter() - began)
        busy.append(time.process_time() - worked)
        beside.append(_additions())
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    print(
        f"  {said:52}: {statistics.median(times[1:]) * 1000:5.0f} ms ({statistics.median(busy[1:]) * 1000:4.0f} ms of "
        f"the processor = {statistics.median(busy[1:]) / statistics.median(beside[1:]):.1f}), {len(asked)} queries, "
        f"{len(answer.content) // 1024} KiB, status {answer.status_code}"
        f"{', with a life line' if b'life-h' in answer.content else ''}",
        flush=True,
    )


def _sign_in(client: Any, user: uuid.UUID) -> None:
    from throughcare.access.doors import SEEN_AT, SIGNED_IN_AT
    from throughcare.access.models import User

    client.force_login(User.objects.get(id=user), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(time.time())
    session.save()


if __name__ == "__main__":
    sys.exit(main())
