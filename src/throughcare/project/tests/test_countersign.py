"""A witness signs what only grew, and of two histories one."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from throughcare.ledger import checkpoint, export, tree, trust
from throughcare.ledger.checkpoint import Checkpoint, SigningKey
from throughcare.ledger.verification import verify_export
from throughcare.project import countersign

SEALED = trust.ledger(7, entries=100, every=40)
TREE = tree.Memory([row.leaf for row in SEALED.rows])
SIZES = [checkpoint.parse(text).size for text in SEALED.checkpoints]
OUTSIDER = Path(__file__).parents[4] / "verifier" / "verify.py"
NAME = "inspectorate.example/witness-1"


class Witness:
    """A folder of a witness, with what the ledger gave out in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = SigningKey.generate(NAME)
        self.key.save(folder / "witness.pem")
        (folder / "keys.txt").write_text("\n".join(map(str, SEALED.keys)))
        self.kept = folder / "kept.note"

    def gets(self, text: str, proof: list[bytes] | None = None) -> list[str]:
        """The words of the command for a checkpoint, and a proof, as the API answers them."""
        (self.folder / "now.json").write_text(json.dumps({"note": text}))
        words = [str(self.folder / "now.json"), "--key", str(self.folder / "keys.txt"), "--name", NAME,
                 "--with", str(self.folder / "witness.pem"), "--kept", str(self.kept)]  # fmt: skip
        if proof is not None:
            (self.folder / "proof.json").write_text(json.dumps({"proof": [one.hex() for one in proof]}))
            words += ["--proof", str(self.folder / "proof.json")]
        return words


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    made = Witness(tmp_path)
    assert countersign.main([*made.gets(SEALED.checkpoints[0]), "--first"]) == 0
    return made


def grown(old: int = 0, new: int = 1) -> list[bytes]:
    return tree.consistency_proof(TREE, SIZES[old], SIZES[new])


def test_a_checkpoint_that_extends_the_last_is_signed_kept_and_printed(witness, capsys):
    capsys.readouterr()
    assert countersign.main(witness.gets(SEALED.checkpoints[1], grown())) == 0
    said = capsys.readouterr()
    assert said.out == witness.kept.read_text()
    assert str(witness.key.public) in said.err
    assert checkpoint.open_signed(said.out, [witness.key.public]) == checkpoint.open_signed(said.out, SEALED.keys)
    assert stat.S_ISREG(witness.kept.stat().st_mode)
    assert [one.name for one in witness.folder.iterdir() if one.name.startswith(".")] == []


def test_the_same_checkpoint_again_is_the_same_note(witness):
    before = witness.kept.read_text()
    assert countersign.main(witness.gets(SEALED.checkpoints[0])) == 0
    assert witness.kept.read_text() == before


def second_history(size: int) -> str:
    """Another tree of this size, signed with the ledger's own key, which somebody has."""
    root = tree.root(tree.Memory([bytes(32), *(row.leaf for row in SEALED.rows[1:size])]), size)
    at = checkpoint.parse(SEALED.checkpoints[-1]).at
    new = Checkpoint(origin=trust.ORIGIN, size=size, root=root, at=at)
    return checkpoint.sign(SEALED.key, new, last=None, by=checkpoint.Proof([]))


@pytest.mark.parametrize("size", [SIZES[0], SIZES[1]])
def test_a_second_history_is_not_signed_whatever_proof_comes_with_it(witness, capsys, size):
    before = witness.kept.read_text()
    assert countersign.main(witness.gets(second_history(size), grown())) == 1
    assert "does not extend that of size" in capsys.readouterr().err
    assert witness.kept.read_text() == before


def test_an_older_checkpoint_is_not_signed(witness, capsys):
    assert countersign.main(witness.gets(SEALED.checkpoints[1], grown())) == 0
    assert countersign.main(witness.gets(SEALED.checkpoints[0])) == 1
    assert f"size: is {SIZES[0]}, and {SIZES[1]} was signed" in capsys.readouterr().err


def test_a_checkpoint_that_the_ledger_did_not_sign_is_not_signed(witness, capsys):
    stranger = SigningKey.generate(SEALED.key.name)
    new = checkpoint.parse(SEALED.checkpoints[1])
    text = checkpoint.sign(stranger, new, last=None, by=checkpoint.Proof([]))
    assert countersign.main(witness.gets(text, grown())) == 1
    assert "no known key signed it" in capsys.readouterr().err


def test_what_cannot_be_checked_is_said_in_a_sentence_that_names_the_field(witness, capsys, tmp_path):
    (tmp_path / "odd.json").write_text('{"proof": [1]}')
    right = witness.gets(SEALED.checkpoints[1])
    elsewhere = [*right[:-1], str(tmp_path / "elsewhere.note")]
    for words, says in [
        (right, f"--proof: is missing. Give what the ledger answers to /api/v1/consistency?old={SIZES[0]}&new="),
        ([*right, "--proof", str(tmp_path / "odd.json")], "proof holds something else than hashes"),
        ([*right, "--proof", str(tmp_path / "now.json")], "has no proof"),
        ([*right, "--first"], "--first: "),
        (elsewhere, "--kept: "),
        ([*right, "--name", "two words"], "name: is not a name"),
        ([str(tmp_path / "keys.txt"), *right[1:]], "is not a checkpoint"),
        ([*elsewhere[:-1], str(tmp_path / "none" / "kept.note"), "--first"], "cannot be written"),
    ]:
        assert countersign.main(words) == 2, says
        assert says in capsys.readouterr().err
    (tmp_path / "keys.txt").write_text(str(witness.key.public))
    assert countersign.main(witness.gets(SEALED.checkpoints[1], grown())) == 2
    assert "holds your own key alone" in capsys.readouterr().err
    witness.kept.write_text(SEALED.checkpoints[0])
    (tmp_path / "keys.txt").write_text("\n".join(map(str, SEALED.keys)))
    assert countersign.main(witness.gets(SEALED.checkpoints[1], grown())) == 2
    assert "is not signed by" in capsys.readouterr().err


def test_two_signings_at_once_sign_one_of_two_histories(witness):
    """Both extend what was kept; whoever comes second is shown what the first signed."""
    words = witness.gets(SEALED.checkpoints[1], grown())
    other = witness.folder / "other.json"
    leaves = [*(row.leaf for row in SEALED.rows[: SIZES[0]]), *(bytes(32) for _ in range(SIZES[1] - SIZES[0]))]
    root, new = tree.root(tree.Memory(leaves), SIZES[1]), checkpoint.parse(SEALED.checkpoints[1])
    fork = Checkpoint(origin=new.origin, size=new.size, root=root, at=new.at)
    other.write_text(checkpoint.sign(SEALED.key, fork, last=None, by=checkpoint.Proof([])))
    forked = witness.folder / "forked.json"
    proof = tree.consistency_proof(tree.Memory(leaves), SIZES[0], SIZES[1])
    forked.write_text(json.dumps({"proof": [one.hex() for one in proof]}))
    command = [sys.executable, "-m", "throughcare.project.cli", "countersign"]
    running = [
        subprocess.Popen([*command, *given], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for given in (words, [str(other), *words[1:-1], str(forked)])
    ]
    assert sorted(one.wait(60) for one in running) == [0, 1]


def test_what_a_witness_signed_shows_a_second_history_to_both_verifiers(witness):
    keys = [*SEALED.keys, witness.key.public]
    (witness.folder / "keys.txt").write_text("\n".join(map(str, keys)))
    rows = trust.rebuilt(SEALED.rows, 5, payload=b'{"v":1}', salt=bytes(32))
    second = trust.signed([row.leaf for row in rows], SEALED.key, every=40)  # as only the keeper of the key can
    for made, texts, is_whole in ((SEALED.rows, SEALED.checkpoints, True), (rows, second, False)):
        lines = b"".join(export.write(trust.ORIGIN, made, texts))
        assert verify_export(io.BytesIO(lines), keys).ok
        assert verify_export(io.BytesIO(lines), keys, seen=[witness.kept.read_text()]).ok is is_whole
        (witness.folder / "ledger.jsonl").write_bytes(lines)
        files = [str(witness.folder / name) for name in ("ledger.jsonl", "keys.txt")]
        done = subprocess.run(
            [sys.executable, str(OUTSIDER), *files, "--seen", str(witness.kept)], capture_output=True, check=False
        )
        assert done.returncode == (0 if is_whole else 1)
