"""The sealer takes what is committed, once, in order; every place can be proved; a crash leaves all or nothing."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, transaction

from throughcare.access import actions as access
from throughcare.access.reach import Role, Viewer
from throughcare.ledger import actions, checkpoint, queries, sealing, tree, verification
from throughcare.ledger.queries import AUDIT, ENTRIES
from throughcare.ledger.tests.facts import BY, at, fact, persons, records

pytestmark = pytest.mark.django_db


def append(*entries):
    return actions.append(entries, by=BY, at=at(600), persons=persons(entries))


def several(count: int, start: int = 0):
    return append(*(fact(f"e{n}", about=records(str(n % 3))[0]) for n in range(start, start + count)))


def seal(log: str = ENTRIES, minute: float = 601):
    return sealing.seal(log, key=sealing.signing_key(), at=at(minute))


def opened(log: str = ENTRIES) -> list[checkpoint.Checkpoint]:
    keys = [sealing.signing_key().public]
    return [checkpoint.open_signed(one, keys, origin=sealing.origin(log)) for one in queries.checkpoints(log)]


def report(log: str = ENTRIES) -> verification.Report:
    rows = queries.rows() if log == ENTRIES else queries.audit_rows()
    keys = [sealing.signing_key().public]
    return verification.verify(rows, queries.checkpoints(log), keys, origin=sealing.origin(log))


def look(reason: str = "") -> None:
    viewer = Viewer(id=uuid.uuid4(), agency="LA", roles=frozenset([Role.PRACTITIONER]))
    access.note("read", viewer=viewer, at=at(5), persons=[uuid.uuid4()], reason=reason)


def test_nothing_waiting_seals_nothing():
    assert seal() is None
    assert queries.newest_checkpoint() is None
    assert queries.seal_state() == queries.SealState(waiting=0, size=0, at=None)


def test_each_entry_is_sealed_once_in_the_order_of_writing():
    first = several(5)
    assert seal() == sealing.Sealed(log=ENTRIES, leaves=5, size=5)
    second = several(3, start=5)
    assert queries.seal_state() == queries.SealState(waiting=3, size=5, at=at(601))
    assert seal(minute=602) == sealing.Sealed(log=ENTRIES, leaves=3, size=8)
    assert seal(minute=603) is None
    places = [queries.inclusion(one.id) for one in (*first, *second)]
    assert [one.position for one in places if one] == list(range(8))
    assert report().ok
    assert (report().leaves, report().checkpoints) == (8, 2)


def test_every_entry_can_be_proved_against_the_newest_checkpoint_and_each_checkpoint_extends_the_last():
    receipts = []
    for start, count in ((0, 1), (1, 2), (3, 4), (7, 6), (13, 1)):
        receipts += several(count, start)
        seal(minute=601 + start)
    signed = opened()
    assert [one.size for one in signed] == [1, 3, 7, 13, 14]
    root = signed[-1].root
    for receipt in receipts:
        proof = queries.inclusion(receipt.id)
        assert proof is not None
        assert tree.includes(leaf=proof.leaf, position=proof.position, size=proof.size, root=root, proof=proof.proof)
    for old in signed:
        for new in signed[signed.index(old) :]:
            hashes = queries.consistency(old.size, new.size)
            assert tree.extends(old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=hashes)


def test_what_waits_has_no_proof_yet():
    [receipt] = several(1)
    assert queries.inclusion(receipt.id) is None
    seal()
    assert queries.inclusion(receipt.id) is not None
    assert queries.inclusion(uuid.uuid4()) is None


def test_a_clock_that_goes_back_seals_under_the_time_of_the_last_checkpoint():
    several(1)
    seal(minute=700)
    several(1, start=1)
    seal(minute=100)
    assert [one.at for one in opened()] == [at(700), at(700)]
    assert report().ok


@pytest.mark.parametrize("place", ["_take", "_keep", "INSERT INTO ledger_checkpoint"])
def test_a_crash_while_sealing_leaves_all_waiting_and_the_next_call_seals_it(place, monkeypatch):
    several(4)

    class Crashed(Exception):
        pass

    def crash(*given):
        raise Crashed

    def refuse(execute, sql, params, many, context):
        return crash() if sql.startswith(place) else execute(sql, params, many, context)

    with monkeypatch.context() as patched, connection.execute_wrapper(refuse):
        if not place.startswith("INSERT"):
            patched.setattr(sealing, place, crash)
        with pytest.raises(Crashed):
            seal()
    assert queries.seal_state() == queries.SealState(waiting=4, size=0, at=None)
    assert seal() == sealing.Sealed(log=ENTRIES, leaves=4, size=4)
    assert report().ok


def test_more_than_one_call_takes_is_left_for_the_next(monkeypatch):
    monkeypatch.setattr(sealing, "MOST_AT_ONCE", 3)
    several(7)
    assert [sealed.leaves for sealed in iter(seal, None)] == [3, 3, 1]
    assert report().ok


def test_a_kept_tree_that_does_not_extend_the_signed_one_is_not_signed(as_owner):
    several(3)
    seal()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_checkpoint DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_checkpoint SET frontier[1] = sha256('x')")
    several(1, start=3)
    with pytest.raises(checkpoint.SigningRefused):
        seal()
    assert queries.seal_state().waiting == 1


def test_what_rolls_back_is_never_sealed():
    with transaction.atomic():
        several(2)
        transaction.set_rollback(True)
    assert seal() is None


def test_audit_lines_are_sealed_in_a_log_of_their_own():
    for reason in ("visit today", "strategy discussion", ""):
        look(reason)
    access.note("sign_in_failed", viewer=None, at=at(6), outcome="refused")
    assert queries.seal_state(AUDIT).waiting == 4
    several(1)
    assert seal(AUDIT) == sealing.Sealed(log=AUDIT, leaves=4, size=4)
    assert seal(AUDIT) is None
    look()
    seal(AUDIT, minute=602)
    assert queries.seal_state(AUDIT) == queries.SealState(waiting=0, size=5, at=at(602))
    assert (report(AUDIT).ok, report(AUDIT).leaves, report(AUDIT).checkpoints) == (True, 5, 2)
    assert [one.origin for one in opened(AUDIT)] == [sealing.origin(AUDIT)] * 2
    assert queries.seal_state().waiting == 1  # the other log is another tree
    root = opened(AUDIT)[-1].root
    for position in range(1, 6):
        proof = queries.inclusion(sealing.audit_subject(position), log=AUDIT)
        assert proof is not None
        assert proof.position == position - 1
        assert tree.includes(leaf=proof.leaf, position=proof.position, size=5, root=root, proof=proof.proof)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE access_auditline SET reason = 'x' WHERE id = (SELECT min(id) FROM access_auditline)",
        "UPDATE access_auditline SET at = at - interval '1 day' WHERE id = (SELECT max(id) FROM access_auditline)",
        "UPDATE access_auditline SET persons = '{}'",
        "DELETE FROM access_auditplace WHERE position = 2",
        "UPDATE ledger_audit SET salt = sha256('x') WHERE position = 1",
        "DELETE FROM ledger_audit WHERE position = 2",
    ],
)
def test_an_audit_line_that_was_altered_or_removed_is_found(change, as_owner):
    for reason in ("visit today", "strategy discussion", "review"):
        look(reason)
    seal(AUDIT)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("access_auditline", "access_auditplace", "ledger_audit"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(change)
    assert not report(AUDIT).ok


def test_the_key_is_made_once_and_is_its_owners_alone(settings, tmp_path):
    settings.HOME = tmp_path
    key = sealing.signing_key()
    assert sealing.signing_key().public == key.public
    path = tmp_path / "keys" / "seal.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
