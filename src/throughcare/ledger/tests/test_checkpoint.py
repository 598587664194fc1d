"""Checkpoints: signed as published formats say, read strictly, and never signed back in time."""

from __future__ import annotations

import base64
import json
import math
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from throughcare.ledger import canonical, chain, tree, trust
from throughcare.ledger import checkpoint as checkpoints
from throughcare.ledger.checkpoint import Checkpoint, Growth, Proof, PublicKey, SigningKey

VECTORS = Path(__file__).parent / "vectors"
JCS = json.loads((VECTORS / "rfc8785.json").read_text())
ED25519 = json.loads((VECTORS / "rfc8032.json").read_text())["vectors"]
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORIGIN = "throughcare.example/ledger"
KEY = SigningKey.generate("throughcare.example/ledger-1")
LEAVES = trust.leaves(1, 30)
MEMORY = tree.Memory(LEAVES)


def at_size(size: int, **changes: object) -> Checkpoint:
    new = Checkpoint(origin=ORIGIN, size=size, root=tree.root(MEMORY, size), at=AT + timedelta(seconds=size))
    return replace(new, **changes)


def signed(size: int) -> str:
    growth = Growth(tree.Frontier(), LEAVES[:size])
    return checkpoints.sign(KEY, at_size(size), last=None, by=growth)


# --- canonical bytes ---


def test_canonical_bytes_are_those_of_the_rfc() -> None:
    sample = JCS["object"]
    assert canonical.canonical(json.loads(sample["in"])).hex() == sample["out_hex"]
    names = list(json.loads(canonical.canonical(json.loads(JCS["sorting"]["in"]))).values())
    assert names == JCS["sorting"]["out"]


@pytest.mark.parametrize(("bits", "text"), JCS["numbers"])
def test_canonical_numbers_are_those_of_the_rfc(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical.canonical(number).decode() == text


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, {1: 2}, "\ud800", {"a": object()}, b"x"])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(canonical.SealRefused):
        canonical.canonical(value)


def test_deep_and_long_values_are_refused() -> None:
    deep: list[object] = []
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(canonical.SealRefused):
        canonical.canonical(deep)
    with pytest.raises(canonical.SealRefused, match="at most"):
        canonical.canonical("a" * canonical.MAX_PAYLOAD)


def test_only_canonical_bytes_are_called_canonical() -> None:
    assert canonical.is_canonical(b'{"a":1,"b":2}')
    for other in (b'{"b":2,"a":1}', b'{"a": 1}', b'{"a":1.0}', b'{"a":1,"a":1}', b"{", b"\xff"):
        assert not canonical.is_canonical(other)


def test_a_link_is_the_hash_of_its_canonical_object() -> None:
    for previous in (None, bytes(range(32))):
        person, entry = (trust.uuid.UUID(int=number, version=4) for number in (5, 6))
        place, leaf = chain.Place(person, 7, previous), bytes(32)
        value = {
            "v": 1,
            "person": str(person),
            "version": 7,
            "entry": str(entry),
            "leaf": leaf.hex(),
            "previous": previous.hex() if previous else None,
        }
        assert chain.make_link(place, entry=entry, leaf=leaf).link == canonical.digest(canonical.canonical(value))


def test_a_person_cannot_stand_twice_in_one_head() -> None:
    place = chain.Head(trust.uuid.UUID(int=9, version=4)).next_place()
    with pytest.raises(canonical.SealRefused, match="twice"):
        canonical.erasure_head(
            id=place.person, entry=place.person, at=AT, authority="a", by="b", reason="c", chains=[place, place]
        )


# --- checkpoints ---


def test_a_checkpoint_comes_back_as_it_was_signed() -> None:
    text = signed(8)
    assert checkpoints.open_signed(text, [KEY.public], origin=ORIGIN) == at_size(8)
    assert text.split("\n")[:3] == [ORIGIN, "8", base64.b64encode(tree.root(MEMORY, 8)).decode()]


def test_every_changed_byte_of_a_checkpoint_is_refused() -> None:
    data = signed(8).encode()
    for index in range(len(data)):
        for bit in range(8):
            changed = data[:index] + bytes([data[index] ^ 1 << bit]) + data[index + 1 :]
            with pytest.raises(checkpoints.CheckpointError):
                checkpoints.open_signed(changed.decode(errors="replace"), [KEY.public], origin=ORIGIN)


def test_every_cut_checkpoint_is_refused() -> None:
    text = signed(8)
    for end in range(len(text)):
        with pytest.raises(checkpoints.CheckpointError):
            checkpoints.open_signed(text[:end], [KEY.public])


def test_a_checkpoint_of_an_unknown_key_or_another_log_is_refused() -> None:
    other = SigningKey.generate(KEY.name)
    with pytest.raises(checkpoints.SignatureRefused, match="no known key"):
        checkpoints.open_signed(signed(8), [other.public])
    with pytest.raises(checkpoints.SignatureRefused, match="another log"):
        checkpoints.open_signed(signed(8), [KEY.public], origin="other.example/log")


def test_a_new_key_signs_on_and_the_old_checkpoints_stay_good() -> None:
    new = SigningKey.generate("throughcare.example/ledger-2")
    last = at_size(8)
    proof = Proof(tree.consistency_proof(MEMORY, 8, 20))
    text = checkpoints.sign(new, at_size(20), last=last, by=proof)
    keys = [KEY.public, new.public]
    assert checkpoints.open_signed(signed(8), keys).size == 8
    assert checkpoints.open_signed(text, keys).size == 20
    both = checkpoints.countersign(text, KEY, keys=[new.public], last=last, by=proof)
    assert checkpoints.open_signed(both, [KEY.public]) == checkpoints.open_signed(both, [new.public])
    assert checkpoints.countersign(both, KEY, keys=[new.public], last=last, by=proof) == both


def test_signing_a_tree_that_takes_something_back_is_refused() -> None:
    last = at_size(20)
    proof = Proof(tree.consistency_proof(MEMORY, 8, 20))
    refused = [
        (at_size(8), Proof([])),
        (at_size(21), proof),
        (at_size(20, root=bytes(32)), Proof([])),
        (at_size(21, at=AT), Proof(tree.consistency_proof(MEMORY, 20, 21))),
        (at_size(21, origin="other.example/log"), Proof(tree.consistency_proof(MEMORY, 20, 21))),
        (at_size(21), Growth(tree.frontier(MEMORY, 19), LEAVES[19:21])),
        (at_size(21), Growth(tree.frontier(MEMORY, 20), [LEAVES[0]])),
        (at_size(21), Growth(tree.frontier(MEMORY, 20), LEAVES[20:22])),
    ]
    for new, by in refused:
        with pytest.raises(checkpoints.SigningRefused):
            checkpoints.sign(KEY, new, last=last, by=by)
    good = Proof(tree.consistency_proof(MEMORY, 20, 21))
    assert checkpoints.sign(KEY, at_size(21), last=last, by=good) == checkpoints.sign(
        KEY, at_size(21), last=last, by=Growth(tree.frontier(MEMORY, 20), LEAVES[20:21])
    )


# --- keys ---


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "seal.pem"
    KEY.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert SigningKey.load(path, name=KEY.name).public == KEY.public
    with pytest.raises(checkpoints.KeyUnusable, match="already"):
        KEY.save(path)
    path.chmod(0o640)
    with pytest.raises(checkpoints.KeyUnusable, match="0600"):
        SigningKey.load(path, name=KEY.name)
    assert "private" not in repr(KEY)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "seal.pem"
    path.write_text("nothing")
    path.chmod(0o600)
    with pytest.raises(checkpoints.KeyUnusable, match="PEM"):
        SigningKey.load(path, name="a")
    with pytest.raises(checkpoints.KeyUnusable, match="cannot be read"):
        SigningKey.load(tmp_path / "none.pem", name="a")


def test_a_public_key_line_comes_back_and_a_changed_one_is_refused() -> None:
    line = str(KEY.public)
    assert PublicKey.parse(line) == KEY.public
    for index in range(len(line)):
        with pytest.raises(checkpoints.KeyUnusable):
            PublicKey.parse(line[:index] + ("A" if line[index] != "A" else "B") + line[index + 1 :])


@pytest.mark.parametrize("vector", ED25519)
def test_signatures_are_those_of_the_rfc(vector: dict[str, str]) -> None:
    key, message, signature = (bytes.fromhex(vector[name]) for name in ("key", "message", "signature"))
    assert PublicKey("a", key).verifies(signature, message)
    assert not PublicKey("a", key).verifies(signature, message + b"x")
