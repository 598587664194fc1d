"""The long trials of sealing: any byte, tampering, proofs (T8, T9, T10 of the trust plan). Pure; seeds are arguments.

Each trial builds its own invented ledger, does what an attacker would, and counts what was found. The quick forms run
in the tests; `bin/trust` runs the full ones and prints the figures.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice

from throughcare.ledger import canonical, chain, tree
from throughcare.ledger.checkpoint import Checkpoint, Growth, PublicKey, SigningKey, sign
from throughcare.ledger.export import Row
from throughcare.ledger.verification import Report, Verifier, verify

ORIGIN = "throughcare.example/ledger"
_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_AGENCIES = ("LA", "POL", "GP", "HOSP", "SCH")


@dataclass(frozen=True, slots=True)
class Sealed:
    """An invented ledger, as it is stored and as it was signed."""

    rows: tuple[Row, ...]
    checkpoints: tuple[str, ...]
    key: SigningKey

    @property
    def keys(self) -> list[PublicKey]:
        return [self.key.public]

    def check(self, rows: Sequence[Row] | None = None, checkpoints: Sequence[str] | None = None) -> Report:
        """Verify it, or what became of it."""
        rows = self.rows if rows is None else rows
        return verify(rows, self.checkpoints if checkpoints is None else checkpoints, self.keys, origin=ORIGIN)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial counted. `missed` names (up to ten of) the cases that came out wrong."""

    name: str
    seed: int
    tried: int
    right: int
    missed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.tried == self.right


def rows(seed: int, *, entries: int, persons: int, erased: int = 0, size: int = 400) -> Iterator[Row]:
    """Give the rows of an invented ledger: each entry about one or two persons, payloads of about `size` bytes.

    The last `erased` rows are erasures of the first entries, whose content is already gone.
    """
    chance = random.Random(seed)  # noqa: S311 an invented ledger must come out the same again
    heads = [chain.Head(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(persons)]
    ids = [uuid.UUID(int=chance.getrandbits(128), version=4) for _ in range(entries)]
    for position in range(entries):
        at = _START + timedelta(seconds=position)
        about = chance.sample(range(persons), 1 + (position % 7 == 0 and persons > 1))
        places = [heads[one].next_place() for one in about]
        salt, payload = chance.randbytes(canonical.SALT_BYTES), _payload(position, size)
        which = position - (entries - erased)  # the entry that this one erases; below 0: none
        if which >= 0:
            head = canonical.erasure_head(
                id=ids[position],
                entry=ids[which],
                at=at,
                authority="Data Protection Act 2018, s.47",
                by="guardian",
                reason="order of the court",
                chains=places,
            )
        else:
            head = canonical.entry_head(
                id=ids[position],
                agency=_AGENCIES[position % len(_AGENCIES)],
                ref=f"r{position}",
                kind="safeguarding.observation",
                received=at,
                by=f"user-{position % 11}",
                commitment=canonical.commitment(salt, payload),
                chains=places,
            )
        leaf = tree.leaf_hash(head)
        links = tuple(chain.make_link(place, entry=ids[position], leaf=leaf) for place in places)
        for one, link in zip(about, links, strict=True):
            heads[one] = chain.Head(link.person, link.version, link.link)
        kept = position >= erased and which < 0
        yield Row(
            position=position,
            leaf=leaf,
            head=head,
            payload=payload if kept else None,
            salt=salt if kept else None,
            links=links,
            digest=canonical.digest(payload) if kept else None,
        )


def _payload(position: int, size: int) -> bytes:
    words = f"Observation {position}. " * 40
    return canonical.canonical({"body": {"weight": "concern"}, "summary": words[: max(0, size - 60)], "v": 1})


def signed(leaves: Sequence[bytes], key: SigningKey, *, every: int) -> list[str]:
    """Sign a checkpoint after each `every` leaves, and at the end."""
    made, last, frontier = [], None, tree.Frontier()
    for start in range(0, len(leaves), every):
        part = leaves[start : start + every]
        before = frontier.copy()
        frontier.extend(part)
        at = _START + timedelta(seconds=frontier.size)
        new = Checkpoint(origin=ORIGIN, size=frontier.size, root=frontier.root(), at=at)
        made.append(sign(key, new, last=last, by=Growth(before, part)))
        last = new
    return made


def ledger(seed: int, *, entries: int = 100, persons: int = 10, every: int = 40, erased: int = 2) -> Sealed:
    """Build an invented ledger in memory."""
    made = tuple(rows(seed, entries=entries, persons=persons, erased=erased))
    key = SigningKey.generate("throughcare.example/ledger-1")
    return Sealed(made, tuple(signed([row.leaf for row in made], key, every=every)), key)


# --- T8: any byte ----------------------------------------------------------------------------------------------------


def flips(sealed: Sealed, seed: int, *, step: int = 1) -> Iterator[tuple[str, int, Sequence[Row]]]:
    """Give the ledger with one bit changed, for every `step`-th byte of every stored field: what, where, the rows."""
    chance = random.Random(seed)  # noqa: S311
    number = 0
    for at, row in enumerate(sealed.rows):
        for field, broken in _broken_rows(row, chance):
            number += 1
            if number % step == 0:
                yield field, at, (*sealed.rows[:at], broken(), *sealed.rows[at + 1 :])


def _broken_rows(row: Row, chance: random.Random) -> Iterator[tuple[str, Callable[[], Row]]]:
    for field in ("leaf", "head", "payload", "salt", "digest"):
        data: bytes | None = getattr(row, field)
        for index in range(len(data or b"")):
            yield field, _change(row, field, _flip(data or b"", index, chance))
    position = row.position or 0
    for bit in range(0, 64, 8):
        yield "position", _change(row, "position", position ^ 1 << bit + chance.randrange(8 if bit < 56 else 7))
    for at, link in enumerate(row.links):
        for changed in _broken_links(link, chance):
            yield "link", _change(row, "links", (*row.links[:at], changed, *row.links[at + 1 :]))


def _broken_links(link: chain.Link, chance: random.Random) -> Iterator[chain.Link]:
    for index in range(32):
        yield link._replace(link=_flip(link.link, index, chance))
    for index in range(16):
        yield link._replace(person=uuid.UUID(bytes=_flip(link.person.bytes, index, chance)))
    for bit in range(0, 32, 8):
        yield link._replace(version=link.version ^ 1 << bit + chance.randrange(8))


def _change(row: Row, field: str, value: object) -> Callable[[], Row]:
    return lambda: replace(row, **{field: value})  # type: ignore[arg-type]


def _flip(data: bytes, index: int, chance: random.Random) -> bytes:
    return data[:index] + bytes([data[index] ^ 1 << chance.randrange(8)]) + data[index + 1 :]


class Resumed:
    """A verification of a ledger whose first entries nobody touched: done once for them, then gone on with."""

    def __init__(self, sealed: Sealed) -> None:
        self._sealed = sealed
        self._check = Verifier(sealed.keys, origin=ORIGIN)
        self._rows = self._texts = 0  # taken so far

    def report(self, at: int, changed: Row) -> Report:
        """What `Sealed.check` says of the ledger with another row at `at`. Ask in order of `at`."""
        self._texts = self._take(self._check, self._sealed.rows[self._rows : at], self._texts)
        self._rows = at
        check = deepcopy(self._check, {id(self._check._keys): self._check._keys})
        texts = self._take(check, (changed, *self._sealed.rows[at + 1 :]), self._texts)
        for text in self._sealed.checkpoints[texts:]:
            check.checkpoint(text)
        return check.finish()

    def _take(self, check: Verifier, rows: Sequence[Row], texts: int) -> int:
        """As `verify` takes rows and checkpoints in turn."""
        for row in rows:
            while texts < len(self._sealed.checkpoints) and not check.ahead:
                check.checkpoint(self._sealed.checkpoints[texts])
                texts += 1
            check.row(row)
        return texts


def any_byte(seed: int, *, step: int = 1, lane: int = 0, lanes: int = 1) -> Trial:
    """T8: change each byte of each stored field of 100 entries and of the checkpoints: found, and named first?

    With `lanes` only each so-many-th change is tried, beginning at `lane` (from 0): several processes do all.
    """
    sealed = ledger(seed)
    resumed = Resumed(sealed)
    tried, missed = 0, []
    for field, at, changed in islice(flips(sealed, seed, step=step), lane, None, lanes):
        tried += 1
        first = resumed.report(at, changed[at]).first
        if first is None or first.position != at:
            missed.append(f"{field} of position {at}: {first}")
    for number, texts in islice(broken_checkpoints(sealed, seed, step=step), lane, None, lanes):
        tried += 1
        first = sealed.check(checkpoints=texts).first
        if first is None or first.checkpoint != number:
            missed.append(f"checkpoint {number}: {first}")
    return Trial("any byte", seed, tried, tried - len(missed), tuple(missed[:10]))


def broken_checkpoints(sealed: Sealed, seed: int, *, step: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Give the checkpoints with one bit of one byte changed: which, and the texts."""
    chance = random.Random(seed)  # noqa: S311
    for number, text in enumerate(sealed.checkpoints):
        data = text.encode()
        for index in range(0, len(data), step):
            texts = list(sealed.checkpoints)
            texts[number] = _flip(data, index, chance).decode(errors="replace")
            yield number, texts


def no_false_alarm(seed: int, *, runs: int = 10_000) -> Trial:
    """T8: ledgers that nobody touched are found whole."""
    chance = random.Random(seed)  # noqa: S311
    missed = []
    for run in range(runs):
        entries = chance.randrange(1, 40)
        erased = chance.randrange(0, entries // 4 + 1)
        every = chance.randrange(1, 20)
        sealed = ledger(seed + run, entries=entries, persons=chance.randrange(1, 6), every=every, erased=erased)
        if first := sealed.check().first:
            missed.append(f"seed {seed + run}: {first}")
    return Trial("no false alarm", seed, runs, runs - len(missed), tuple(missed[:10]))


# --- T9: tampering ---------------------------------------------------------------------------------------------------

Attack = Callable[[Sealed, random.Random], tuple[int, Sequence[Row], Sequence[str]]]
"""Gives the first position that is wrong, and what the attacker leaves: rows and checkpoints."""


def renumbered(changed: Sequence[Row]) -> list[Row]:
    """Number rows again from 0, as an attacker would to hide a gap."""
    return [replace(row, position=position) for position, row in enumerate(changed)]


def swap(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """Two entries change places."""
    first, second = sorted(chance.sample(range(len(sealed.rows)), 2))
    changed = list(sealed.rows)
    changed[first], changed[second] = changed[second], changed[first]
    return first, renumbered(changed), sealed.checkpoints


def drop(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """An entry goes, and the others move up."""
    at = chance.randrange(len(sealed.rows))
    return at, renumbered([*sealed.rows[:at], *sealed.rows[at + 1 :]]), sealed.checkpoints


def insert(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """An entry of nobody's chain, in itself without fault, is put between two others."""
    at = chance.randrange(len(sealed.rows))
    salt, payload = chance.randbytes(32), _payload(at, 200)
    head = canonical.entry_head(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        agency="LA",
        ref="forged",
        kind="safeguarding.observation",
        received=_START,
        by="somebody",
        commitment=canonical.commitment(salt, payload),
    )
    forged = Row(position=at, leaf=tree.leaf_hash(head), head=head, payload=payload, salt=salt)
    return at, renumbered([*sealed.rows[:at], forged, *sealed.rows[at:]]), sealed.checkpoints


def cut(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """The tail goes."""
    at = chance.randrange(len(sealed.rows))
    return at, sealed.rows[:at], sealed.checkpoints


def copy(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """An entry is linked to one more person."""
    at = chance.randrange(len(sealed.rows))
    row = sealed.rows[at]
    link = chain.Link(uuid.UUID(int=chance.getrandbits(128), version=4), 1, row.links[0].link)
    changed = replace(row, links=(*row.links, link))
    return at, (*sealed.rows[:at], changed, *sealed.rows[at + 1 :]), sealed.checkpoints


def rebuild(sealed: Sealed, chance: random.Random) -> tuple[int, Sequence[Row], Sequence[str]]:
    """An entry gets other content, and every hash from there on is made anew: only signatures cannot be."""
    at = chance.randrange(2, len(sealed.rows) - 2)  # the first two and their erasures have no content to change
    payload, salt = _payload(at + 1_000_000, 300), chance.randbytes(32)
    return at, rebuilt(sealed.rows, at, payload=payload, salt=salt), sealed.checkpoints


def rebuilt(rows: Sequence[Row], at: int, *, payload: bytes, salt: bytes) -> list[Row]:
    """Give the rows with another payload at `at`, and all heads, leaves and links made to fit."""
    tips: dict[str, str] = {}
    made = []
    for row in rows:
        head = json.loads(row.head)
        changed = row
        if row.position == at:
            changed = replace(row, payload=payload, salt=salt, digest=canonical.digest(payload))
            head["commitment"] = canonical.commitment(salt, payload).hex()
        for place in head["chains"]:
            place["previous"] = tips.get(place["person"])
        data = canonical.canonical(head)
        leaf = tree.leaf_hash(data)
        links = []
        for place in head["chains"]:
            link = chain.link_hash(**place, entry=head["id"], leaf=leaf.hex())
            tips[place["person"]] = link.hex()
            links.append(chain.Link(uuid.UUID(place["person"]), place["version"], link))
        made.append(replace(changed, head=data, leaf=leaf, links=tuple(links)))
    return made


ATTACKS: dict[str, Attack] = {
    "swap": swap,
    "drop": drop,
    "insert": insert,
    "cut": cut,
    "copy": copy,
    "rebuild": rebuild,
}


def bounds(report: Report, at: int) -> bool:
    """Is the first wrong position named exactly, or within what the first finding bounds?"""
    first = report.first
    if first is None:
        return False
    if first.within is not None:
        return first.within[0] <= at <= first.within[1]
    return first.position == at


def tampering(seed: int, *, rounds: int = 200, entries: int = 100, every: int = 10) -> list[Trial]:
    """T9: each attack `rounds` times: found, and the first wrong position named or bounded?"""
    chance = random.Random(seed)  # noqa: S311
    sealed = ledger(seed, entries=entries, persons=max(2, entries // 20), every=every)
    trials = []
    for name, attack in ATTACKS.items():
        missed = []
        for _ in range(rounds):
            at, changed, texts = attack(sealed, chance)
            report = sealed.check(changed, texts)
            if not bounds(report, at):
                missed.append(f"{name} at {at}: {report.first}")
        trials.append(Trial(name, seed, rounds, rounds - len(missed), tuple(missed[:10])))
    return trials


# --- T10: proofs -----------------------------------------------------------------------------------------------------


def leaves(seed: int, count: int) -> list[bytes]:
    """Give `count` leaf hashes, all different."""
    start = seed.to_bytes(8, "big")
    return [sha256(start + number.to_bytes(8, "big")).digest() for number in range(count)]


def proofs_of_pairs(seed: int, *, most: int = 256) -> Trial:
    """T10: inclusion and consistency of every pair of sizes from 1 to `most` (inclusive)."""
    memory = tree.Memory(hashes := leaves(seed, most))
    roots = [tree.root(memory, size) for size in range(most + 1)]
    tried = right = 0
    for size in range(1, most + 1):
        for old in range(1, size + 1):
            tried += 2
            proof = tree.inclusion_proof(memory, old - 1, size)
            right += tree.includes(leaf=hashes[old - 1], position=old - 1, size=size, proof=proof, root=roots[size])
            proof = tree.consistency_proof(memory, old, size)
            right += tree.extends(old=old, old_root=roots[old], new=size, new_root=roots[size], proof=proof)
    return Trial("proofs of all pairs", seed, tried, right)


def random_proofs(seed: int, *, count: int = 10_000, most: int = 1_000_000) -> Trial:
    """T10: random inclusion and consistency proofs up to `most` leaves, and none longer than its bound."""
    chance = random.Random(seed)  # noqa: S311
    memory = tree.Memory(hashes := leaves(seed, most))
    right = 0
    for _ in range(count):
        size = chance.randrange(2, most + 1)
        old = chance.randrange(1, size + 1)
        root = tree.root(memory, size)
        proof = tree.inclusion_proof(memory, old - 1, size)
        good = tree.includes(leaf=hashes[old - 1], position=old - 1, size=size, proof=proof, root=root)
        good = good and len(proof) <= (size - 1).bit_length()
        proof = tree.consistency_proof(memory, old, size)
        old_root = tree.root(memory, old)
        right += good and tree.extends(old=old, old_root=old_root, new=size, new_root=root, proof=proof)
    return Trial("random proofs", seed, count, right)


def broken_proofs(seed: int, *, most: int = 256) -> Trial:
    """T10: every proof of every pair of sizes up to `most`, with each byte changed, cut and lengthened: refused?"""
    chance = random.Random(seed)  # noqa: S311
    memory = tree.Memory(hashes := leaves(seed, most))
    tried = refused = 0
    for size in range(1, most + 1):
        root = tree.root(memory, size)
        for old in range(1, size + 1):
            old_root = tree.root(memory, old)
            for proof in _broken(tree.inclusion_proof(memory, old - 1, size), chance):
                tried += 1
                refused += not tree.includes(leaf=hashes[old - 1], position=old - 1, size=size, proof=proof, root=root)
            for proof in _broken(tree.consistency_proof(memory, old, size), chance):
                tried += 1
                refused += not tree.extends(old=old, old_root=old_root, new=size, new_root=root, proof=proof)
    return Trial("broken proofs", seed, tried, refused)


def _broken(proof: list[bytes], chance: random.Random) -> Iterator[list[bytes]]:
    for at, one in enumerate(proof):
        for index in range(len(one)):
            yield [*proof[:at], _flip(one, index, chance), *proof[at + 1 :]]
        yield proof[:at] + proof[at + 1 :]
        yield [*proof[:at], one[:-1], *proof[at + 1 :]]
    yield [*proof, bytes(32)]
    yield [bytes(32), *proof]
