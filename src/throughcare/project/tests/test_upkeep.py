"""Commands that keep an installation: what they do, what they say, and that each is documented."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands
from django.db import OperationalError, connection

from throughcare.access import actions as access
from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import actions as ledger
from throughcare.ledger import queries, sealing
from throughcare.ledger.entry import end_of_day, london_day
from throughcare.ledger.tests.facts import BY, at, fact, persons, read_life
from throughcare.project import cli, upkeep, verify, worker

DOCS = Path(__file__).parents[4] / "docs"
LIFE = read_life("kept-in-time")


def append(*entries):
    return ledger.append(entries, by=BY, at=at(600), persons=persons(entries))


def load() -> None:
    end = end_of_day(london_day(max(one.noted for one in LIFE.entries)))
    alerts.record(LIFE.entries, people=LIFE.records, by=BY, at=end, quiet=True)


def test_every_command_is_documented():
    words = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `throughcare ([a-z-]+)", words, re.MULTILINE))
    ours = {name for name, room in get_commands().items() if str(room).startswith("throughcare.")}
    assert documented == {*cli.PURE, *cli.OURS, *cli.UPKEEP, *ours}
    assert set(upkeep.COMMANDS) == set(cli.UPKEEP)


def test_links_of_the_pages_lead_somewhere():
    for page in ("reference/commands.md", "how-to/verify-the-ledger.md", "how-to/erase-a-payload.md"):
        words = (DOCS / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+\.md)", words):
            assert (DOCS / page).parent.joinpath(target).is_file(), f"{page}: {target}"


@pytest.mark.django_db
def test_seal_and_verify_by_hand(capsys):
    append(fact("a"), fact("b"))
    access.note("sign_in_failed", viewer=None, at=at(6), outcome="refused")
    assert upkeep.seal([]) == 0
    assert capsys.readouterr().out.splitlines() == ["entries: 2 sealed, 2 in all.", "audit: 1 sealed, 1 in all."]
    sentences, ok = verify.check_database()
    assert ok, sentences
    assert sentences[0].startswith("Entries: The ledger is whole: 2 leaves, 1 signed checkpoints")
    assert sentences[1].startswith("Audit: The ledger is whole: 1 leaves")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE ledger_payload SET content = content || ' '::bytea WHERE entry_id = %s", "altered: its payload"),
        ("UPDATE ledger_entry SET head = head || ' '::bytea WHERE id = %s", "altered: its head"),
        ("UPDATE ledger_entry SET noted = noted - interval '1 day' WHERE id = %s", "altered: noted as kept"),
        ("DELETE FROM ledger_link WHERE entry_id = %s", "altered: its link"),
        ("DELETE FROM ledger_leaf WHERE subject = %s", "missing"),
    ],
)
def test_verify_names_the_entry_that_is_not_as_it_was(change, says, as_owner):
    receipts = append(*(fact(f"e{n}", minute=n) for n in range(5)))
    upkeep.seal([])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("payload", "entry", "link", "leaf"):
            cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        cursor.execute(change, [receipts[2].id])
    sentences, ok = verify.check_database()
    assert not ok
    found = [one for one in sentences if says in one]
    assert any(str(receipts[2].id) in one or "osition 2" in one for one in found), sentences


@pytest.mark.django_db
def test_swapped_entries_are_named(as_owner):
    census = {"kind": "access.census_returned", "about": None, "minute": 9**6}
    append(*(fact(f"e{n}", body={"year_ending": f"202{n}-03-31"}, **census) for n in range(5)))
    upkeep.seal([])
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_leaf DISABLE TRIGGER USER")
        for old, new in ((1, 99), (3, 1), (99, 3)):
            cursor.execute("UPDATE ledger_leaf SET position = %s WHERE position = %s", [new, old])
    sentences, ok = verify.check_database()
    assert not ok
    assert "positions 1 and 3 were swapped" in sentences[0]


@pytest.mark.django_db
@pytest.mark.parametrize("log", sealing.LOGS)
def test_an_export_is_checked_with_the_public_key_alone(log, tmp_path, capsys):
    append(fact("a"), fact("b"))
    access.note("sign_in_failed", viewer=None, at=at(6), outcome="refused")
    upkeep.seal([])
    file, key = tmp_path / "ledger.jsonl", tmp_path / "key.txt"
    assert upkeep.export_ledger([str(file), "--log", log]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert upkeep.public_key([]) == 0
    key.write_text(capsys.readouterr().out)
    assert verify.main([str(file), "--key", str(key)]) == 0
    assert "is whole" in capsys.readouterr().out
    file.write_bytes(file.read_bytes().replace(b"2025", b"2026", 1))
    assert verify.main([str(file), "--key", str(key)]) == 1
    assert "NOT whole" in capsys.readouterr().out


def test_what_cannot_be_checked_says_why(tmp_path, capsys):
    assert verify.main(["x.jsonl"]) == 2
    assert "--key: is missing" in capsys.readouterr().err
    (tmp_path / "key").write_text("no key\n")
    assert verify.main(["x.jsonl", "--key", str(tmp_path / "key")]) == 2
    assert "public key" in capsys.readouterr().err


@pytest.mark.django_db
def test_an_erasure_asks_names_its_authority_and_needs_an_entry_that_is_there(capsys):
    load()
    entry = LIFE.entries[3]
    words = ["--authority", "Order 2025/17", "--reason", "Wrong child"]
    assert upkeep.erase([str(entry.id), *words]) == 1  # nobody is there to say yes
    assert queries.erasures([entry.id]) == []
    assert upkeep.erase([str(entry.id), *words, "--yes"]) == 0
    [erasure] = queries.erasures([entry.id])
    assert (erasure.authority, erasure.reason) == ("Order 2025/17", "Wrong child")
    assert erasure.by.startswith("operator:")
    capsys.readouterr()
    assert upkeep.erase(["00000000-0000-0000-0000-000000000000", *words, "--yes"]) == 1
    assert "There is no entry" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_rebuild_says_how_many_rows_differed(capsys):
    load()
    upkeep.rebuild(["--quiet"])  # brings the answers of the life to this day
    capsys.readouterr()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE duties_duty SET state = 'nonsense' WHERE id = (SELECT min(id) FROM duties_duty)")
    assert upkeep.rebuild([]) == 0
    said = capsys.readouterr()
    assert "1 rows differed" in said.out
    assert f"{len(duties.everybody())} of {len(duties.everybody())} persons" in said.err
    assert upkeep.rebuild(["--person", str(duties.everybody()[0])]) == 0
    assert "0 rows differed" in capsys.readouterr().out
    assert upkeep.tick([]) == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_sealed_within_half_a_second_by_one_of_two_sealers():
    sealers = [worker.Sealer(), worker.Sealer()]
    for one in sealers:
        one.start()
    waits = []
    try:
        for n in range(4):
            append(fact(f"e{n}"))
            began = time.monotonic()
            while queries.seal_state().size < n + 1 and time.monotonic() - began < 5:
                time.sleep(0.01)
            waits.append(time.monotonic() - began)
    finally:
        for one in sealers:
            one.stop()
    assert sorted(waits)[len(waits) // 2] < 0.5, waits
    assert verify.check_database()[1]


@pytest.mark.django_db(transaction=True)
def test_the_sealer_goes_on_after_the_database_went_away(monkeypatch):
    failed = threading.Event()
    real = worker.seal_all

    def breaks() -> list[sealing.Sealed]:
        if not failed.is_set():
            failed.set()
            raise OperationalError("terminating connection due to administrator command")
        return real()

    monkeypatch.setattr(worker, "seal_all", breaks)
    sealer = worker.Sealer()
    sealer.start()
    try:
        append(fact("a"))
        began = time.monotonic()
        while queries.seal_state().size < 1 and time.monotonic() - began < 10:
            time.sleep(0.05)
    finally:
        sealer.stop()
    assert failed.is_set()
    assert queries.seal_state().size == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_seals_and_stops_when_told():
    name = connection.settings_dict["NAME"]
    program = (
        "import django; from django.conf import settings; "
        f"settings.DATABASES['default']['NAME'] = {name!r}; django.setup(); "
        "from throughcare.project import worker; raise SystemExit(worker.main())"
    )
    append(fact("a"))
    running = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    try:
        began = time.monotonic()
        while queries.seal_state().size < 1 and time.monotonic() - began < 30 and running.poll() is None:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=20)
    finally:
        running.kill()
    assert queries.seal_state().size == 1, said
    assert running.returncode == 0, said


@pytest.mark.parametrize("ends", [None, OperationalError("gone"), psycopg.OperationalError("gone")])
def test_the_worker_goes_on_when_its_jobs_end_by_themselves(monkeypatch, ends):
    """Where the listener loses the database, procrastinate stops as if it had been told to."""
    runs = []

    async def jobs() -> bool:
        runs.append(1)
        if len(runs) == 1 and ends is not None:
            raise ends
        return len(runs) == 3

    monkeypatch.setattr(worker, "_jobs", jobs)
    monkeypatch.setattr(worker, "PACE", 0.01)
    with ThreadPoolExecutor(1) as own:  # a browser test before this one leaves its loop running in this thread
        own.submit(worker._work, worker.Sealer()).result(timeout=30)
    assert len(runs) == 3
