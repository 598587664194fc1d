"""The tree is that of RFC 6962: published vectors, a slow obvious twin, and every wrong proof refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from throughcare.ledger import tree, trust

CT = json.loads((Path(__file__).parent / "vectors" / "certificate-transparency.json").read_text())
LEAVES = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in CT["leaves"]]
ROOTS = [bytes.fromhex(root) for root in CT["roots"]]


# --- the slow twin: the recursive definitions of RFC 6962, section 2.1, over lists of leaf hashes ---


def slow_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = largest_power_below(len(leaves))
    return sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def slow_path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*slow_path(m, leaves[:k]), slow_root(leaves[k:])]
    return [*slow_path(m - k, leaves[k:]), slow_root(leaves[:k])]


def slow_proof(m: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [slow_root(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*slow_proof(m, leaves[:k], whole), slow_root(leaves[k:])]
    return [*slow_proof(m - k, leaves[k:], False), slow_root(leaves[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


# --- vectors ---


def test_roots_are_the_published_ones() -> None:
    frontier = tree.Frontier()
    assert frontier.root().hex() == CT["empty_root"]
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        frontier.append(leaf)
        assert frontier.root() == root


@pytest.mark.parametrize("case", CT["inclusion"], ids=lambda case: f"{case['position']}-of-{case['size']}")
def test_inclusion_proofs_are_the_published_ones(case: dict[str, object]) -> None:
    position, size, proof = case["position"], case["size"], [bytes.fromhex(one) for one in case["proof"]]
    assert tree.inclusion_proof(tree.Memory(LEAVES), position, size) == proof
    assert tree.includes(leaf=LEAVES[position], position=position, size=size, proof=proof, root=ROOTS[size - 1])


@pytest.mark.parametrize("case", CT["consistency"], ids=lambda case: f"{case['old']}-to-{case['new']}")
def test_consistency_proofs_are_the_published_ones(case: dict[str, object]) -> None:
    old, new, proof = case["old"], case["new"], [bytes.fromhex(one) for one in case["proof"]]
    assert tree.consistency_proof(tree.Memory(LEAVES), old, new) == proof
    assert tree.extends(old=old, old_root=ROOTS[old - 1], new=new, new_root=ROOTS[new - 1], proof=proof)


# --- the twin ---


def test_the_tree_agrees_with_its_slow_twin() -> None:
    leaves = trust.leaves(7, 70)
    memory, frontier = tree.Memory(), tree.Frontier()
    for size in range(1, 71):
        memory.append(leaves[size - 1])
        frontier.extend(leaves[size - 1 : size])
        part = leaves[:size]
        assert frontier.root() == tree.root(memory, size) == tree.root(tree.Memory(part), size) == slow_root(part)
        for old in range(1, size + 1):
            assert tree.inclusion_proof(memory, old - 1, size) == slow_path(old - 1, part)
            assert tree.consistency_proof(memory, old, size) == slow_proof(old, part)


def test_a_stored_frontier_goes_on_as_if_it_had_never_stopped() -> None:
    leaves = trust.leaves(8, 200)
    memory = tree.Memory(leaves)
    for size in range(200):
        frontier = tree.frontier(memory, size)
        resumed = tree.Frontier(frontier.size, frontier.hashes)
        resumed.extend(leaves[size:])
        assert resumed.root() == slow_root(leaves)


def test_a_frontier_that_cannot_be_one_is_refused() -> None:
    for size, hashes in ((3, [bytes(32)]), (1, []), (2, [bytes(31)]), (-1, [bytes(32)])):
        with pytest.raises(tree.TreeError):
            tree.Frontier(size, hashes)


def test_append_gives_every_subtree_that_proofs_need() -> None:
    kept, frontier = {}, tree.Frontier()
    for leaf in (leaves := trust.leaves(9, 100)):
        kept.update({(node.level, node.index): node.hash for node in frontier.append(leaf)})
    memory = tree.Memory(leaves)
    for old in range(1, 101):
        proof = tree.consistency_proof(lambda level, index: kept[level, index], old, 100)
        assert proof == tree.consistency_proof(memory, old, 100)


# --- T10 ---


def test_proofs_of_every_pair_of_sizes_are_accepted() -> None:
    assert trust.proofs_of_pairs(1, most=256).ok


def test_random_proofs_of_large_trees_are_accepted() -> None:
    assert trust.random_proofs(2, count=1_000, most=60_000).ok


def test_every_broken_proof_is_refused() -> None:
    trial = trust.broken_proofs(3, most=24)
    assert trial.ok
    assert trial.tried > 50_000


def test_a_proof_at_a_million_has_at_most_20_hashes() -> None:
    def nodes(level: int, index: int) -> bytes:
        return bytes(32)

    for position in (0, 1, 524_287, 524_288, 777_777, 999_998, 999_999):
        assert len(tree.inclusion_proof(nodes, position, 1_000_000)) <= 20
        assert len(tree.consistency_proof(nodes, position + 1, 1_000_000)) <= 21  # one more: the old tree's own edge


def test_a_proof_for_another_place_is_refused() -> None:
    memory, root = tree.Memory(LEAVES), ROOTS[-1]
    proof = tree.inclusion_proof(memory, 3, 8)
    for position in (0, 1, 2, 4, 5, 6, 7, 8, -1):
        assert not tree.includes(leaf=LEAVES[3], position=position, size=8, proof=proof, root=root)
    for size in (0, 3, 4, 9, 16, 17):
        assert not tree.includes(leaf=LEAVES[3], position=3, size=size, proof=proof, root=root)


def test_everything_extends_the_empty_tree_and_nothing_else_does() -> None:
    assert tree.extends(old=0, old_root=tree.EMPTY_ROOT, new=8, new_root=ROOTS[-1], proof=[])
    assert not tree.extends(old=0, old_root=ROOTS[0], new=8, new_root=ROOTS[-1], proof=[])
    assert not tree.extends(old=8, old_root=ROOTS[-1], new=7, new_root=ROOTS[-2], proof=[])
    assert not tree.extends(old=8, old_root=ROOTS[-1], new=8, new_root=ROOTS[-2], proof=[])


def test_what_is_not_in_the_tree_is_refused() -> None:
    memory = tree.Memory(LEAVES)
    for ask in (
        lambda: tree.inclusion_proof(memory, 8, 8),
        lambda: tree.inclusion_proof(memory, 0, 9),
        lambda: tree.consistency_proof(memory, 9, 8),
    ):
        with pytest.raises(tree.TreeError):
            ask()
