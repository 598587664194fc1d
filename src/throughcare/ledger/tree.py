"""The Merkle tree of RFC 6962 and RFC 9162: roots, inclusion and consistency proofs, and a frontier. Pure.

A leaf is SHA-256(0x00 || data), a node SHA-256(0x01 || left || right); the tree of n leaves splits at the largest
power of two below n. Positions count from 0, so a tree of size n holds positions 0 to n - 1.

`Frontier` grows a tree in O(log n) from at most 64 hashes that can be stored and resumed. Proofs read hashes of
complete subtrees through `Nodes` (a table, a dictionary, `Memory`): what `Frontier.append` returns is what to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class TreeError(ValueError):
    """A tree was asked for something it cannot give, or was resumed from a frontier that cannot be one."""


@dataclass(frozen=True, slots=True)
class Node:
    """The hash of a complete subtree: of the 2**level leaves from position index * 2**level."""

    level: int
    index: int
    hash: bytes


Nodes = Callable[[int, int], bytes]  # (level, index) -> the hash of that complete subtree


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a tree: one hash for each complete subtree, the largest first.

    `size` and `hashes` are all that is needed to go on later: `Frontier(size, hashes)`.
    """

    __slots__ = ("_hashes", "_size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """Raises `TreeError` unless there is one hash of 32 bytes for each bit that is set in `size`."""
        self._size, self._hashes = size, list(hashes)
        if size < 0 or len(self._hashes) != size.bit_count():
            raise TreeError(f"a frontier of size {size} has {size.bit_count()} hashes, not {len(self._hashes)}")
        if any(len(one) != HASH_BYTES for one in self._hashes):
            raise TreeError(f"a hash of a frontier has {HASH_BYTES} bytes")

    @property
    def size(self) -> int:
        """How many leaves the tree has."""
        return self._size

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The hashes of the complete subtrees, the largest (and leftmost) first."""
        return tuple(self._hashes)

    def copy(self) -> Frontier:
        """Return another frontier of the same tree, that grows on its own."""
        return Frontier(self._size, self._hashes)

    def append(self, leaf: bytes) -> list[Node]:
        """Add a leaf hash; return the subtrees that it made complete, the leaf itself first."""
        index, level = self._size, 0
        made = [Node(0, index, leaf)]
        while index & 1:
            leaf = node_hash(self._hashes.pop(), leaf)
            index >>= 1
            level += 1
            made.append(Node(level, index, leaf))
        self._hashes.append(leaf)
        self._size += 1
        return made

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaf hashes in order. The same as `append` for each, without telling the nodes; the fast way."""
        hashes, size = self._hashes, self._size
        for leaf in leaves:
            index = size
            while index & 1:
                leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
                index >>= 1
            hashes.append(leaf)
            size += 1
        self._size = size

    def root(self) -> bytes:
        """Return the root of the tree as it is now; of the empty tree SHA-256 of nothing."""
        if not self._hashes:
            return EMPTY_ROOT
        made = self._hashes[-1]
        for left in reversed(self._hashes[:-1]):
            made = node_hash(left, made)
        return made


class Memory:
    """All complete subtrees of a tree in memory: 64 bytes for each leaf. For tests, small logs and proofs."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        level = list(leaves)
        self._levels: list[list[bytes]] = []
        size = len(level)
        while level:
            self._levels.append(level)
            pairs = iter(level)  # an odd one at the end has no partner yet, and is left
            level = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=False)]
        self._frontier = frontier(self, size)

    @property
    def size(self) -> int:
        return self._frontier.size

    def append(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        for node in self._frontier.append(leaf):
            if node.level == len(self._levels):
                self._levels.append([])
            self._levels[node.level].append(node.hash)

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree. Raises `TreeError` when it is not complete."""
        try:
            return self._levels[level][index]
        except IndexError:
            raise TreeError(f"subtree {index} of level {level} is not complete at size {self.size}") from None


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the first `size` leaves, 0 for the empty tree."""
    return _range(nodes, 0, size) if size else EMPTY_ROOT


def frontier(nodes: Nodes, size: int) -> Frontier:
    """Return the frontier of the first `size` leaves."""
    hashes, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            hashes.append(nodes(level, start >> level))
            start += 1 << level
    return Frontier(size, hashes)


def inclusion_proof(nodes: Nodes, position: int, size: int) -> list[bytes]:
    """Return the proof that a leaf is at `position` in the tree of `size`, from the leaf up (RFC 9162, 2.1.3.1)."""
    if not 0 <= position < size:
        raise TreeError(f"position {position} is not in a tree of size {size}")
    low, high = 0, size
    proof = []
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            proof.append(_range(nodes, middle, high))
            high = middle
        else:
            proof.append(_range(nodes, low, middle))
            low = middle
    return proof[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of size `new` begins with the tree of size `old` (RFC 9162, 2.1.4.1).

    Empty when the sizes are equal, or `old` is 0: everything extends the empty tree.
    """
    if not 0 <= old <= new:
        raise TreeError(f"a tree of size {new} cannot extend one of size {old}")
    if old in (0, new):
        return []
    low, high, whole = 0, new, True  # whole: the old tree is this subtree's beginning from position 0
    proof: list[bytes] = []
    while high != old:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range(nodes, middle, high))
            high = middle
        else:
            proof.append(_range(nodes, low, middle))
            low, whole = middle, False
    if not whole:
        proof.append(_range(nodes, low, high))
    return proof[::-1]


def includes(*, leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does the proof show this leaf hash at `position` under `root` of a tree of `size`? (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size or not _hashes(leaf, root, *proof):
        return False
    index, last, made = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            made = node_hash(sibling, made)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            made = node_hash(made, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and made == root


def extends(*, old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does the proof show that the tree of size `new` begins with that of size `old`? (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new or not _hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old_made = new_made = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old_made, new_made = node_hash(sibling, old_made), node_hash(sibling, new_made)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            new_made = node_hash(new_made, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and old_made == old_root and new_made == new_root


def _split(count: int) -> int:
    """The largest power of two that is less than `count` (2 or more)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range(nodes: Nodes, low: int, high: int) -> bytes:
    """The hash of positions `low` to `high` (not included); `low` is where a subtree begins."""
    count = high - low
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _split(count)
    return node_hash(_range(nodes, low, middle), _range(nodes, middle, high))


def _hashes(*values: bytes) -> bool:
    return all(len(one) == HASH_BYTES for one in values)
