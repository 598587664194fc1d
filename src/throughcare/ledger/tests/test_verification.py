"""Two verifiers find whatever was changed, name the first wrong entry, and agree; an untouched ledger is whole."""

from __future__ import annotations

import importlib.util
import io
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from throughcare.ledger import canonical, export, tree, trust
from throughcare.ledger.checkpoint import Checkpoint, Growth, SigningKey, sign
from throughcare.ledger.export import Row
from throughcare.ledger.verification import Fault, Report, verify, verify_export

VERIFIER = Path(__file__).parents[4] / "verifier" / "verify.py"
ED25519 = json.loads((Path(__file__).parent / "vectors" / "rfc8032.json").read_text())["vectors"]
SEALED = trust.ledger(11)


def load_outsider() -> ModuleType:
    spec = importlib.util.spec_from_file_location("outsider", VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OUTSIDER = load_outsider()


def exported(rows: Sequence[Row] = SEALED.rows, checkpoints: Sequence[str] = SEALED.checkpoints) -> list[bytes]:
    return list(export.write(trust.ORIGIN, rows, checkpoints))


def outsider(lines: Sequence[bytes], sealed: trust.Sealed = SEALED, seen: Sequence[str] = ()) -> list[int]:
    """The places, in order, of what the outsider's verifier finds wrong."""
    keys = OUTSIDER.read_keys("\n".join(str(key) for key in sealed.keys))
    return sorted(place for place, _ in OUTSIDER.check_export(lines, keys, seen).problems)


def places(report: Report, at: int) -> bool:
    return trust.bounds(report, at)


# --- whole ---


def test_an_untouched_ledger_is_whole_to_both() -> None:
    report = SEALED.check()
    assert report.ok
    assert (report.leaves, report.erased, report.checkpoints, report.signed) == (100, 2, 3, 100)
    assert report.root == tree.root(tree.Memory([row.leaf for row in SEALED.rows]), 100)
    assert verify_export(exported(), SEALED.keys) == report
    assert outsider(exported()) == []
    assert verify(SEALED.rows, SEALED.checkpoints, SEALED.keys, origin=trust.ORIGIN, deep=True).ok


def test_there_is_no_false_alarm() -> None:
    assert trust.no_false_alarm(100, runs=150).ok


def test_an_export_comes_back_as_it_was_stored() -> None:
    read = [part for part in export.read(exported()) if isinstance(part, Row)]
    assert read == [replace(row, digest=None) for row in SEALED.rows]


def test_entries_that_wait_for_the_sealer_are_checked_too() -> None:
    waiting = [*SEALED.rows[:80], *(replace(row, position=None) for row in SEALED.rows[80:])]
    report = SEALED.check(waiting, SEALED.checkpoints[:2])
    assert report.ok
    assert (report.leaves, report.waiting) == (80, 20)
    assert "20 entries are newer" in report.sentences()[-1]
    assert outsider(exported(waiting, SEALED.checkpoints[:2])) == []
    waiting[90] = replace(waiting[90], payload=b"{}")
    assert SEALED.check(waiting, SEALED.checkpoints[:2]).first.position == 90
    assert outsider(exported(waiting, SEALED.checkpoints[:2])) == [90]


# --- T8 ---


def test_any_changed_byte_is_found_and_the_entry_named() -> None:
    trial = trust.any_byte(21, step=61)
    assert trial.missed == ()
    assert trial.tried > 1_000


def test_a_verification_that_is_gone_on_with_says_what_a_whole_one_says() -> None:
    resumed = trust.Resumed(SEALED)
    for _, at, changed in trust.flips(SEALED, 7, step=701):
        assert resumed.report(at, changed[at]) == SEALED.check(changed)


def test_both_verifiers_name_the_same_entry() -> None:
    for field, at, changed in trust.flips(SEALED, 5, step=401):
        if field == "digest":
            continue  # not exported
        try:
            lines = exported(changed)
        except UnicodeDecodeError:
            continue  # cannot be written into an export at all
        assert verify_export(lines, SEALED.keys).first.order == at
        assert outsider(lines)[0] == at


def test_every_changed_byte_of_an_export_is_found_by_both() -> None:
    chance = random.Random(3)
    small = trust.ledger(12, entries=6, persons=2, every=3, erased=1)
    data = b"".join(exported(small.rows, small.checkpoints))
    for index in range(chance.randrange(5), len(data), 5):
        changed = data[:index] + bytes([data[index] ^ 1 << chance.randrange(8)]) + data[index + 1 :]
        lines = io.BytesIO(changed).readlines()
        assert not verify_export(lines, small.keys).ok, (index, data[index - 20 : index + 20])
        assert outsider(lines, small), (index, data[index - 20 : index + 20])


def test_every_cut_of_an_export_is_found_by_both() -> None:
    small = trust.ledger(12, entries=6, persons=2, every=3, erased=1)
    data = b"".join(exported(small.rows, small.checkpoints))
    for end in range(0, len(data), 13):
        lines = io.BytesIO(data[:end]).readlines()
        assert not verify_export(lines, small.keys).ok
        assert outsider(lines, small)


# --- T9 ---


@pytest.mark.parametrize("name", trust.ATTACKS)
@pytest.mark.parametrize("every", [10, 50])
def test_tampering_is_found_and_placed_by_both(name: str, every: int) -> None:
    chance = random.Random(f"{name} {every}")
    sealed = trust.ledger(31, entries=100, persons=5, every=every)
    for _ in range(12):
        at, rows, texts = trust.ATTACKS[name](sealed, chance)
        report = sealed.check(rows, texts)
        assert places(report, at), (at, report.first)
        assert outsider(exported(rows, texts), sealed)


def test_each_attack_is_called_by_its_name() -> None:
    sealed = trust.ledger(32, entries=60, persons=3, every=10)
    chance = random.Random(4)
    faults = {
        "insert": {Fault.INSERTED},
        "cut": {Fault.REMOVED},
        "drop": {Fault.REMOVED},
        "copy": {Fault.COPIED},
        "swap": {Fault.REORDERED, Fault.REMOVED, Fault.REBUILT},
        "rebuild": {Fault.REBUILT},
    }
    for name, expected in faults.items():
        _, rows, texts = trust.ATTACKS[name](sealed, chance)
        assert {one.fault for one in sealed.check(rows, texts).findings} & expected, name


def test_a_swap_inside_a_small_region_is_named_exactly() -> None:
    sealed = trust.ledger(33, entries=40, persons=40, every=20)
    rows = list(sealed.rows)
    rows[25], rows[31] = rows[31], rows[25]
    first = sealed.check(trust.renumbered(rows)).first
    assert (first.fault, first.position) == (Fault.REORDERED, 25)


def test_a_missing_entry_whose_gap_shows_is_named_exactly() -> None:
    rows = [*SEALED.rows[:33], *SEALED.rows[34:]]
    first = SEALED.check(rows).first
    assert (first.fault, first.position) == (Fault.REMOVED, 33)
    assert outsider(exported(rows))[0] == 33


def test_a_chain_rebuilt_after_the_last_checkpoint_is_not_proved_and_said_so() -> None:
    rows = trust.rebuilt(SEALED.rows, 90, payload=b"{}", salt=bytes(32))
    report = SEALED.check(rows, SEALED.checkpoints[:2])
    assert report.ok
    assert "20 entries are newer than the last checkpoint" in report.sentences()[-1]


def test_a_tail_cut_with_its_checkpoints_is_found_by_whoever_kept_one() -> None:
    rows, texts = SEALED.rows[:80], SEALED.checkpoints[:2]
    seen = [SEALED.checkpoints[2]]
    report = verify(rows, texts, SEALED.keys, origin=trust.ORIGIN, seen=seen)
    assert any("tail is cut" in one.says for one in report.findings)
    assert 80 in outsider(exported(rows, texts), seen=seen)


def test_content_that_goes_without_an_erasure_is_named() -> None:
    rows = list(SEALED.rows)
    rows[20] = replace(rows[20], payload=None, salt=None, digest=None)
    first = SEALED.check(rows).first
    assert (first.fault, first.position) == (Fault.REMOVED, 20)
    assert "no erasure says" in first.says
    assert outsider(exported(rows)) == [20]


def test_an_erasure_of_what_is_still_there_is_named() -> None:
    rows = list(SEALED.rows)
    whole = list(trust.rows(11, entries=100, persons=10, erased=0))
    rows[0] = replace(rows[0], payload=whole[0].payload, salt=whole[0].salt)
    assert SEALED.check(rows).first.position in (0, 98)


def test_two_signed_trees_of_one_size_are_a_fork() -> None:
    key = SEALED.key
    other = trust.leaves(3, 100)
    frontier = tree.Frontier()
    frontier.extend(other)
    when = Checkpoint(origin=trust.ORIGIN, size=100, root=frontier.root(), at=trust.datetime.now(trust.UTC))
    fork = sign(key, when, last=None, by=Growth(tree.Frontier(), other))
    report = SEALED.check(checkpoints=[*SEALED.checkpoints, fork])
    assert [one.fault for one in report.findings] == [Fault.FORKED]
    assert outsider(exported(checkpoints=[*SEALED.checkpoints, fork]))


def test_a_checkpoint_of_another_key_does_not_count() -> None:
    stranger = SigningKey.generate(SEALED.key.name)
    texts = trust.signed([row.leaf for row in SEALED.rows], stranger, every=50)
    report = SEALED.check(checkpoints=texts)
    assert {one.fault for one in report.findings} == {Fault.SIGNATURE}
    assert outsider(exported(checkpoints=texts))


def test_a_ledger_that_nobody_signed_is_not_called_whole() -> None:
    assert SEALED.check(checkpoints=[]).first.fault is Fault.UNSIGNED
    assert outsider(exported(checkpoints=[]))


def test_deep_finds_what_was_sealed_in_another_form() -> None:
    row = SEALED.rows[5]
    payload = b'{ "b": 1 }'
    head = json.loads(row.head) | {"commitment": canonical.commitment(bytes(32), payload).hex(), "chains": []}
    data = canonical.canonical(head)
    odd = Row(position=0, leaf=tree.leaf_hash(data), head=data, payload=payload, salt=bytes(32))
    texts = trust.signed([odd.leaf], SEALED.key, every=1)
    assert verify([odd], texts, SEALED.keys, origin=trust.ORIGIN).ok
    assert verify([odd], texts, SEALED.keys, origin=trust.ORIGIN, deep=True).first.position == 0


def test_findings_say_nothing_of_what_was_written() -> None:
    rows = [replace(row, payload=b'{"secret":"words"}') if row.payload else row for row in SEALED.rows]
    rows[3] = replace(rows[3], head=b'{"v":1,"type":"entry","id":"secret words","agency":"secret words"}')
    said = " ".join(SEALED.check(rows).sentences())
    assert "secret" not in said
    assert "Observation" not in said
    assert "r3" not in said


def test_findings_are_kept_up_to_a_limit_and_counted_beyond() -> None:
    rows = [replace(row, leaf=bytes(32)) for row in SEALED.rows]
    report = verify(rows, SEALED.checkpoints, SEALED.keys, origin=trust.ORIGIN, most=10)
    assert (len(report.findings), report.more > 50) == (10, True)
    assert report.first.position == 0


# --- the outsider's verifier ---


@pytest.mark.parametrize("vector", ED25519)
def test_the_outsider_checks_signatures_as_the_rfc_does(vector: dict[str, str]) -> None:
    key, message, signature = (bytes.fromhex(vector[name]) for name in ("key", "message", "signature"))
    assert OUTSIDER.ed25519_verify(key, signature, message)
    assert not OUTSIDER.ed25519_verify(key, signature, message + b"x")
    for index in range(0, 64, 5):
        wrong = signature[:index] + bytes([signature[index] ^ 1]) + signature[index + 1 :]
        assert not OUTSIDER.ed25519_verify(key, wrong, message)
    too_large = (int.from_bytes(signature[32:], "little") + OUTSIDER.L).to_bytes(32, "little")
    assert not OUTSIDER.ed25519_verify(key, signature[:32] + too_large, message)


def test_the_outsider_needs_nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    assert outsider(exported()) == []
    assert outsider(exported(checkpoints=[SEALED.checkpoints[0].replace("40", "41", 1)]))


def test_the_outsider_ends_with_0_1_or_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, keys, seen = tmp_path / "export.jsonl", tmp_path / "keys.txt", tmp_path / "seen.txt"
    file.write_bytes(b"".join(exported()))
    keys.write_text("\n".join(str(key) for key in SEALED.keys) + "\n")
    seen.write_text("".join(SEALED.checkpoints))
    assert OUTSIDER.main([str(file), str(keys), "--seen", str(seen)]) == 0
    assert "The ledger is whole: 100 leaves" in capsys.readouterr().out
    rows = [*SEALED.rows[:33], *SEALED.rows[34:]]
    file.write_bytes(b"".join(exported(rows)))
    assert OUTSIDER.main([str(file), str(keys)]) == 1
    assert "NOT whole. First: Position 33 is missing" in capsys.readouterr().out
    assert OUTSIDER.main([str(tmp_path / "none"), str(keys)]) == 2
    assert OUTSIDER.main([]) == 2
