"""Kept tables refuse every change, whoever asks; a payload goes by `ledger_erase` alone, and the tree stays whole."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import uuid
from importlib import import_module
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from throughcare.access.reach import Reach
from throughcare.ledger import actions, agreement, canonical, export, queries, sealing, verification
from throughcare.ledger.entry import Record
from throughcare.ledger.errors import NoSuchEntry, ReferenceUsed
from throughcare.ledger.tests.facts import BY, at, fact, persons, told

pytestmark = pytest.mark.django_db

KEPT = [*import_module("throughcare.ledger.migrations.0002_only_add").KEPT, "ledger_audit"]
VERIFIER = Path(__file__).parents[4] / "verifier" / "verify.py"
ALL = Reach(agency="LA", own=frozenset({"standard"}), shared=frozenset({"standard"}), full=frozenset({"standard"}))


def append(*entries):
    return actions.append(entries, by=BY, at=at(600), persons=persons(entries))


def seal():
    return sealing.seal("entries", key=sealing.signing_key(), at=at(601))


def report() -> verification.Report:
    return verification.verify(
        queries.rows(), queries.checkpoints(), [sealing.signing_key().public], origin=sealing.origin("entries")
    )


def refused(sql: str) -> str:
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return str(raised.value)


@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_kept_tables_refuse_change_to_their_owner_by_trigger_and_to_the_application_by_right(change, as_owner):
    append(fact("a", shared=[("GP", 1)]), told("b", ["a"], ["Police"]))
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute WHERE attnum = 1 AND attrelid::regclass::text "
            "= ANY(%s)",
            [KEPT],
        )
        columns = dict(cursor.fetchall())
    assert set(columns) == set(KEPT)
    for table, column in columns.items():
        sql = change.format(table=table, column=column)
        assert "permission denied" in refused(sql), table
        with as_owner():
            assert "only added to" in refused(sql), table


def test_every_table_of_the_ledger_is_kept_but_for_the_two_that_are_worked_on():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'ledger\\_%'")
        tables = {name for (name,) in cursor.fetchall()}
    assert tables - set(KEPT) == {"ledger_head", "ledger_unsealed"}


def test_an_erased_entry_is_shown_as_erased_and_the_tree_stays_whole(tmp_path):
    entry, other = fact("a", summary="Said in error"), fact("b", minute=1)
    append(entry, other)
    seal()
    actions.erase(entry.id, authority="Order 2025/17", by="user:dpo", reason="Erasure ordered", at=at(700))
    seen = queries.line([Record("LA", "1")], reach=ALL, until=at(800))
    assert [one.ref for one in seen.entries] == ["b"]
    assert seen.erased == {entry.id}
    assert [one.ref for one in queries.everything([Record("LA", "1")])] == ["b"]
    [erasure] = queries.erasures([entry.id, other.id])
    assert (erasure.entry, erasure.at, erasure.by) == (entry.id, at(700), "user:dpo")
    assert (erasure.authority, erasure.reason) == ("Order 2025/17", "Erasure ordered")
    assert report().ok  # while the erasure waits for the sealer
    seal()
    whole = report()
    assert (whole.ok, whole.erased, whole.leaves, whole.waiting) == (True, 1, 3, 0)
    assert list(agreement.disagreements()) == []
    both_verifiers_say_when_and_under_what(tmp_path)


def both_verifiers_say_when_and_under_what(folder: Path) -> None:
    file, key = folder / "ledger.jsonl", folder / "key.txt"
    rows, texts = list(queries.rows()), queries.checkpoints()
    file.write_bytes(b"".join(export.write(sealing.origin("entries"), rows, texts)))
    key.write_text(f"{sealing.signing_key().public}\n")
    ours = verification.verify_export(io.BytesIO(file.read_bytes()), [sealing.signing_key().public])
    assert ours.ok
    assert ours.erased == 1
    theirs = subprocess.run(
        [sys.executable, str(VERIFIER), str(file), str(key)], capture_output=True, text=True, check=False
    )
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr
    head = json.loads(next(row.head for row in rows if b'"erasure"' in row.head))
    assert (head["at"], head["authority"]) == (canonical.moment(at(700)), "Order 2025/17")


def test_erasing_twice_changes_nothing():
    [receipt] = append(fact("a"))
    for authority in ("Order 2025/17", "Another order"):
        actions.erase(receipt.id, authority=authority, by="user:dpo", reason="Ordered", at=at(700))
    seal()
    assert report().leaves == 2
    assert [one.authority for one in queries.erasures([receipt.id])] == ["Order 2025/17"]


def test_an_erased_reference_cannot_be_used_again_even_with_the_same_content():
    [receipt] = append(fact("a"))
    actions.erase(receipt.id, authority="Order 2025/17", by="user:dpo", reason="Ordered", at=at(700))
    with pytest.raises(ReferenceUsed) as refusal:
        append(fact("a"))
    assert refusal.value.kept is None
    assert "erased" in str(refusal.value)


def test_what_is_not_there_and_what_names_no_authority_is_not_erased():
    [receipt] = append(fact("a"))
    with pytest.raises(NoSuchEntry):
        actions.erase(uuid.uuid4(), authority="Order", by="user:dpo", reason="Ordered", at=at(700))
    with pytest.raises(canonical.SealRefused):
        actions.erase(receipt.id, authority="", by="user:dpo", reason="Ordered", at=at(700))
    assert queries.erasures([receipt.id]) == []


def test_a_payload_deleted_behind_a_false_erasure_is_found(as_owner):
    [receipt] = append(fact("a"))
    seal()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_erasure (id, entry_id, at, by, authority, reason, head, leaf) "
            "VALUES (gen_random_uuid(), %s, now(), 'x', 'x', 'x', '', '')",
            [receipt.id],
        )
        cursor.execute("DELETE FROM ledger_payload WHERE entry_id = %s", [receipt.id])
    found = report()
    assert not found.ok
    assert str(receipt.id) in found.sentences()[0]


def test_what_an_agency_says_twice_is_no_tampering():
    append(
        fact("a", shared=[("GP", 1), ("Zed-1", 2), ("GP", 1), ("Zed1", 2)]),
        told("b", ["a", "a"], ["Police", "Police", "Zed-1"], shared=[("police", 5), ("Police", 5)]),
    )
    seal()
    assert list(agreement.disagreements()) == []


TAMPERING = {
    "noted": "UPDATE ledger_entry SET noted = noted - interval '1 day' WHERE ref = 'a'",
    "label": "UPDATE ledger_entry SET label = 'victim' WHERE ref = 'a'",
    "corrects": "UPDATE ledger_entry SET corrects = 'b' WHERE ref = 'a'",
    "received": "UPDATE ledger_entry SET received = now() WHERE ref = 'a'",
    "agency": "UPDATE ledger_entry SET agency = 'GP' WHERE ref = 'a'",
    "concerns": "DELETE FROM ledger_concern WHERE entry_id = (SELECT id FROM ledger_entry WHERE ref = 'a')",
    "shares": "UPDATE ledger_share SET at = at - interval '1 day'",
    "told": "INSERT INTO ledger_told (entry_id, agency, ref) SELECT id, 'Press', 'a' FROM ledger_entry WHERE ref = 'b'",
    "the leaf that stands for it": "UPDATE ledger_leaf SET leaf = sha256('x') WHERE subject = (SELECT id FROM "
    "ledger_entry WHERE ref = 'a')",
    "never handed to": "DELETE FROM ledger_leaf WHERE subject IN (SELECT id FROM ledger_entry WHERE ref = 'a')",
    "newest version": "UPDATE ledger_head SET version = 9",
    "halves": "UPDATE ledger_node SET hash = sha256('x') WHERE level = 1 AND index = 0",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_a_column_that_was_changed_beside_the_tree_is_named(what, as_owner):
    append(fact("a", shared=[("GP", 1)]), told("b", ["a"], ["Police"]))
    seal()
    assert list(agreement.disagreements()) == []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER; ALTER TABLE ledger_concern DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_share DISABLE TRIGGER USER; ALTER TABLE ledger_leaf DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE ledger_node DISABLE TRIGGER USER")
        cursor.execute(TAMPERING[what])
    sentences = list(agreement.disagreements())
    assert any(what in one for one in sentences), sentences
