"""Is the ledger whole, and if not, where is the first place that is not? Pure: a stream in, a report out.

Memory does not grow with the entries: O(log n) hashes of the tree, the newest link of each person, erasures whose
leaf has not come yet, and at most `REGION` hashes since the last good checkpoint.

What each piece of evidence can prove:

1. *Content* (head, payload, salt) hashes to the stored leaf hash, or that very entry is named.
2. *Places*: positions run 0, 1, 2, ..., and each person's versions 1, 2, 3, ...; a gap names what is missing.
3. *Links*: a link hashes the leaf and the link before it, and the head says which persons' chains it is in.
4. *Signed roots*: whatever was changed together with all hashes in the database shows here, but only as "something
   between two checkpoints". For small regions each single insertion and each swap is tried, and named if with it
   undone the signed root comes out.

Findings hold ids, positions and agency codes; never content, never a reference.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from throughcare.ledger import checkpoint as signed
from throughcare.ledger import export
from throughcare.ledger.canonical import AUDIT, ENTRY, ERASURE, FORMAT, is_canonical
from throughcare.ledger.chain import link_hash
from throughcare.ledger.checkpoint import Checkpoint, PublicKey
from throughcare.ledger.export import Row
from throughcare.ledger.tree import Frontier

REGION = 1024  # leaf hashes kept since the last good checkpoint, to try insertions
SWAPS = 96  # the largest region in which every swap is tried
_BATCH = 4096
_KNOWN = frozenset({ENTRY, ERASURE, AUDIT})
_DECODE = json.JSONDecoder().raw_decode  # without the search for encodings and spaces: a head has neither
_HEAD = "its head does not hash to the leaf hash that is stored with it"
_UNKNOWN = "its head is of a format that this verifier does not know"
_NOT_A_HEAD = "its head is not the head of an entry"


class Fault(StrEnum):
    """What is wrong."""

    ALTERED = "altered"  # an entry, or one of its stored hashes, is not what was written
    REMOVED = "removed"  # an entry, its content or the tail of the log is missing
    INSERTED = "inserted"  # an entry stands where it was never sealed
    REORDERED = "reordered"
    COPIED = "copied"  # linked to a person with whom it was not written
    REBUILT = "rebuilt"  # everything fits together, but not to what was signed
    FORKED = "forked"  # two different trees of one size were signed
    SIGNATURE = "signature"  # a checkpoint is not signed by a known key, or wrongly
    UNREADABLE = "unreadable"  # a checkpoint, or the whole export, cannot be read
    UNSIGNED = "unsigned"  # there are leaves, and no good checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, as exactly as it can be proved."""

    fault: Fault
    says: str
    position: int | None = None  # exact, where it can be
    within: tuple[int, int] | None = None  # else: it lies from here to there (both included)
    entry: str | None = None  # id
    agency: str | None = None  # code
    checkpoint: int | None = None  # which, from 0, in the order given
    order: int = 0  # where in the log it is noticed; the first finding is that with the least

    def __str__(self) -> str:
        return self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found."""

    findings: tuple[Finding, ...]
    more: int  # findings beyond the most that are kept
    leaves: int  # sealed
    waiting: int  # written, and not sealed yet
    erased: int  # entries whose content was destroyed, under an authority that the tree names
    checkpoints: int  # good ones: signed by a known key, and their root comes out
    signed: int  # leaves under the newest good checkpoint
    root: bytes  # of all sealed leaves, as they are stored

    @property
    def ok(self) -> bool:
        return not self.findings

    @property
    def first(self) -> Finding | None:
        """The finding that lies first in the log; among those of one place, the first noticed."""
        return min(self.findings, key=lambda one: one.order, default=None)

    def sentences(self) -> list[str]:
        """The report in plain sentences, the most important first."""
        if self.first is not None:
            rest = [one.says for one in self.findings if one is not self.first]
            return [f"The ledger is NOT whole. First: {self.first.says}", *rest]
        told = [
            f"The ledger is whole: {self.leaves} leaves, {self.checkpoints} signed checkpoints, root {self.root.hex()}."
        ]
        if self.erased:
            told.append(f"The content of {self.erased} entries was destroyed under an authority that the ledger names.")
        if loose := self.leaves - self.signed + self.waiting:
            told.append(f"{loose} entries are newer than the last checkpoint and are not signed for yet.")
        return told


_Tip = tuple[int, bytes, int]  # the newest of one person's chain: its version, its link, and the position it is at


def verify(
    rows: Iterable[Row],
    checkpoints: Iterable[str],
    keys: Iterable[PublicKey],
    *,
    origin: str,
    seen: Iterable[str] = (),
    deep: bool = False,
    most: int = 100,
) -> Report:
    """Check a whole log.

    `rows` come in order of position, the waiting ones last; `checkpoints` (signed texts) in order of size; `seen`
    are checkpoints that a witness kept, in any order: only they show that a tail was cut together with its
    checkpoints. `deep` also requires that every head and payload is in canonical form (slower). `most` findings are
    kept. Raises nothing for bad data: it is what we are looking for.
    """
    check = Verifier(keys, origin=origin, deep=deep, most=most)
    for text in seen:
        check.checkpoint(text)
    texts = iter(checkpoints)
    more = True
    for row in rows:
        while more and not check.ahead:
            if (following := next(texts, None)) is None:
                more = False
            else:
                check.checkpoint(following)
        check.row(row)
    for text in texts:
        check.checkpoint(text)
    return check.finish()


def verify_export(
    lines: Iterable[bytes],
    keys: Iterable[PublicKey],
    *,
    origin: str | None = None,
    seen: Iterable[str] = (),
    deep: bool = False,
    most: int = 100,
) -> Report:
    """Check an export. `origin` None takes that of its header; the keys decide what is signed. As `verify`."""
    parts = export.read(lines)
    check: Verifier | None = None
    keys = tuple(keys)
    try:
        for part in parts:
            if isinstance(part, export.Header):
                check = Verifier(keys, origin=origin or part.origin, deep=deep, most=most)
                if part.origin != check.origin:
                    check.fault(Fault.UNREADABLE, f"The export says that it is of another log, {part.origin!r}.")
                for text in seen:
                    check.checkpoint(text)
            elif check is not None and isinstance(part, Row):
                check.row(part)
            elif check is not None and isinstance(part, str):
                check.checkpoint(part)
    except export.ExportUnreadable as error:
        check = check or Verifier(keys, origin=origin or "", deep=deep, most=most)
        check.fault(Fault.UNREADABLE, str(error), position=check.size)
        check.cut = True
    return (check or Verifier(keys, origin=origin or "")).finish()


class Verifier:
    """A verification under way: give it rows and checkpoints in their order, then `finish`."""

    def __init__(self, keys: Iterable[PublicKey], *, origin: str, deep: bool = False, most: int = 100) -> None:
        self.origin = origin
        self.cut = False  # the stream ended too early, and that has been said
        self._keys, self._deep, self._most = tuple(keys), deep, most
        self._findings: list[Finding] = []
        self._more = 0
        self._size = self._waiting = self._erased = 0
        self._stored = Frontier()  # the tree of the stored hashes
        self._made: Frontier | None = None  # that of the recomputed ones, from where they differ
        self._batch: list[bytes] = []
        self._good, self._good_size, self._good_count = Frontier(), 0, 0
        self._region: list[bytes] | None = []
        self._hidden = False  # a leaf is missing or its head altered: it may have been an erasure
        self._lost = False  # the tree cannot be followed any more
        self._undecided: tuple[Checkpoint, int] | None = None  # a root that failed; the next leaf may tell why
        self._tips: dict[str, _Tip] = {}
        self._gaps: dict[tuple[str, int], int] = {}  # missing versions, and the finding that says so
        self._holes: list[tuple[int, int, int]] = []  # missing positions: from, to, finding
        self._pending: dict[str, tuple[int, str]] = {}  # erased entries whose erasure has not come yet
        self._ahead: list[tuple[int, int, Checkpoint]] = []
        self._count = 0
        self._last: Checkpoint | None = None

    @property
    def size(self) -> int:
        """Leaves taken so far."""
        return self._size

    @property
    def ahead(self) -> bool:
        """Is a checkpoint waiting for leaves to come?"""
        return bool(self._ahead)

    # --- rows ------------------------------------------------------------------------------------------------------

    def row(self, row: Row) -> None:
        """Take the next row."""
        given = row.position
        if given is None:
            self._waiting += 1
            self._content(row, self._size + self._waiting - 1)
        elif given == self._size or self._goes_on(row, given):
            leaf = self._content(row, given)
            self._grow(row.leaf, leaf)
        else:
            self._content(row, given)

    def _goes_on(self, row: Row, given: int) -> bool:
        """Say that a row is not where it should be. True when the log goes on from it."""
        due = self._size
        if given > due:
            many = f"Positions {due} to {given - 1} are" if given - due > 1 else f"Position {due} is"
            says = f"{many} missing: the next entry says that it is at position {given}."
            index = self.fault(Fault.REMOVED, says, position=due, within=(due, given - 1))
            if index < len(self._findings):
                self._holes.append((due, given - 1, index))
            self._lost = self._hidden = True
            self._size = given
            return True
        for low, high, index in self._holes:
            if low <= given <= high:
                says = f"The entry at position {given} stands after that at position {due - 1}: they were reordered."
                self._findings[index] = replace(self._findings[index], fault=Fault.REORDERED, says=says)
                return False
        self._named(Fault.INSERTED, row, due, f"it says that it is at position {given}, where an entry is already")
        return False

    def _content(self, row: Row, position: int) -> bytes:
        """Check one row by itself and in its chains. Return its leaf hash, recomputed."""
        leaf = sha256(b"\x00" + row.head).digest()
        wrong = self._wrong(row, leaf, position)
        if wrong is not None:
            self._named(Fault.ALTERED, row, position, wrong)
        if wrong in (_HEAD, _UNKNOWN, _NOT_A_HEAD):  # its places cannot be believed: go on from the stored links
            self._hidden = True
            for link in row.links:
                self._tips[str(link.person)] = (link.version, link.link, position)
        return leaf

    def _wrong(self, row: Row, leaf: bytes, position: int) -> str | None:
        """What is wrong with the content of a row, or None; follows its chains when nothing is."""
        if leaf != row.leaf:
            return _HEAD
        try:
            text = row.head.decode()
            head, end = _DECODE(text)
            if end != len(text):
                return _NOT_A_HEAD
            if head["v"] != FORMAT or head["type"] not in _KNOWN:
                return _UNKNOWN
            chains = head["chains"]
            wrong = self._payload(row, head, position)
            if chains or row.links:
                wrong = self._chains(row, head, chains, leaf.hex(), position) or wrong
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return _NOT_A_HEAD
        if (
            wrong is None
            and self._deep
            and not (is_canonical(row.head) and (row.payload is None or is_canonical(row.payload)))
        ):
            return "its head or payload is not in canonical form"
        return wrong

    def _payload(self, row: Row, head: dict[str, Any], position: int) -> str | None:
        payload, salt = row.payload, row.salt
        if payload is not None and salt is not None:
            if head["type"] == ERASURE:
                return "it is an erasure, and has a payload that was never sealed"
            if len(salt) != 32 or sha256(salt + payload).hexdigest() != head["commitment"]:
                return "its payload or salt does not hash to what was sealed"
            if row.digest is not None and sha256(payload).digest() != row.digest:
                return "its digest is not that of its payload"
            return None
        if payload is not None or salt is not None or row.digest is not None:
            return "only a part of its payload, salt and digest is left"
        if head["type"] == ERASURE:
            self._erasure(row, head, position)
        else:
            self._pending[head["id"]] = (position, head.get("agency", ""))
        return None

    def _erasure(self, row: Row, head: dict[str, Any], position: int) -> None:
        if self._pending.pop(head["entry"], None) is None:
            says = f"it says that entry {_id(head['entry'])} was erased, and no such entry before it is"
            self._named(Fault.INSERTED, row, position, says)
        else:
            self._erased += 1

    def _chains(
        self, row: Row, head: dict[str, Any], chains: list[dict[str, Any]], leaf: str, position: int
    ) -> str | None:
        kept = {"%032x" % link.person.int: link for link in row.links}  # noqa: UP031 half the time of an f-string
        wrong, entry, tips = None, head["id"], self._tips
        for place in chains:
            person, version, previous = place["person"], place["version"], place["previous"]
            link = kept.pop(person.replace("-", ""), None)
            made = link_hash(person=person, version=version, entry=entry, leaf=leaf, previous=previous)
            if link is None:
                wrong = f"its link in the chain of person {_id(person)} is missing"
            elif link.link != made or link.version != version:
                wrong = f"its link in the chain of person {_id(person)} does not hash to what is stored"
            tip = tips.get(person)
            seen, before = (tip[0], tip[1].hex()) if tip is not None else (0, None)
            if version != seen + 1 or previous != before:
                self._break(row, person, version, tip, position)
            if version > seen:
                tips[person] = (version, made, position)
        for link in kept.values():
            says = f"it is linked to person {link.person}, with whom it was not sealed"
            self._named(Fault.COPIED, row, position, says)
        if wrong is None and not kept and len(row.links) > len(chains):
            return "it has one link twice"
        return wrong

    def _break(self, row: Row, person: str, version: int, tip: _Tip | None, position: int) -> None:
        """An entry that does not follow on the one before it in a person's chain."""
        seen, at = (tip[0], tip[2]) if tip is not None else (0, -1)
        person = _id(person)
        if version == seen + 1 == 1:
            says = f"it is the first of person {person}, and was written after another"
            self._named(Fault.ALTERED, row, position, says)
        elif version == seen + 1:
            says = (
                f"The entry at position {at} was altered or replaced: the next about person {person}, version "
                f"{version} at position {position}, was written after another version {seen}."
            )
            self.fault(Fault.ALTERED, says, position=at)
        elif version > seen:
            before = f"after version {seen} (position {at}) comes" if tip is not None else "the first there is, is"
            says = (
                f"Version {seen + 1} of person {person} is missing: {before} version {version} at position {position}."
            )
            index = self.fault(Fault.REMOVED, says, within=(at + 1, position))
            if index < len(self._findings):
                self._gaps.update(((person, missing), index) for missing in range(seen + 1, min(version, seen + 100)))
        elif (person, version) in self._gaps:
            index = self._gaps.pop((person, version))
            says = f"Version {version} of person {person} (position {position}) stands after a later one: reordered."
            self._findings[index] = replace(self._findings[index], fault=Fault.REORDERED, says=says)
        else:
            says = f"version {version} of person {person} is there already, no later than position {at}"
            self._named(Fault.INSERTED, row, position, says)

    # --- the tree --------------------------------------------------------------------------------------------------

    def _grow(self, stored: bytes, made: bytes) -> None:
        self._size += 1
        if self._undecided is not None:
            self._decide(stored)
        if self._lost:
            return
        if stored != made and self._made is None:
            self._flush()
            self._made = self._stored.copy()
        if self._made is not None:
            self._made.append(made)
        self._batch.append(stored)
        if len(self._batch) >= _BATCH or (self._ahead and self._ahead[0][0] == self._size):
            self._flush()
        while self._ahead and self._ahead[0][0] <= self._size:
            _, number, checkpoint = heapq.heappop(self._ahead)
            self._compare(checkpoint, number)

    def _flush(self) -> None:
        self._stored.extend(self._batch)
        if self._region is not None:
            self._region = self._region + self._batch if len(self._region) + len(self._batch) <= REGION else None
        self._batch = []

    def checkpoint(self, text: str) -> None:
        """Take the next checkpoint."""
        number, self._count = self._count, self._count + 1
        try:
            checkpoint = signed.open_signed(text, self._keys, origin=self.origin)
        except signed.CheckpointError as error:
            bad = isinstance(error, signed.SignatureRefused)
            says = f"Checkpoint {number} {'is not to be trusted' if bad else 'cannot be read'}: {error}."
            self.fault(Fault.SIGNATURE if bad else Fault.UNREADABLE, says, checkpoint=number)
            return
        if checkpoint.size > self._size:
            heapq.heappush(self._ahead, (checkpoint.size, number, checkpoint))
        elif not self._lost:
            self._flush()
            self._compare(checkpoint, number)

    def _compare(self, checkpoint: Checkpoint, number: int) -> None:
        """Hold a signed root against the tree."""
        last = self._last
        if last is not None and last.size == checkpoint.size and last.root != checkpoint.root:
            says = f"Two different trees of size {checkpoint.size} were signed: checkpoint {number} is the second."
            self.fault(Fault.FORKED, says, checkpoint=number)
            return
        self._last = checkpoint
        if self._lost:
            return
        if checkpoint.size < self._size:
            says = f"Checkpoint {number} (size {checkpoint.size}) comes after a later one and cannot be checked."
            self.fault(Fault.REORDERED, says, checkpoint=number)
        elif self._stored.root() == checkpoint.root:
            self._prove()
        elif self._made is not None and self._made.root() == checkpoint.root:
            self._stored = self._made.copy()  # the content is as it was signed: only stored hashes were changed
            self._prove()
        else:
            self._lost, self._undecided = True, (checkpoint, number)

    def _prove(self) -> None:
        self._good, self._good_size = self._stored.copy(), self._size
        self._good_count += 1
        self._made, self._region = None, []

    def _decide(self, following: bytes | None) -> None:
        """Say what is wrong between the last good checkpoint and one whose root did not come out."""
        if self._undecided is None:
            return
        (checkpoint, number), self._undecided = self._undecided, None
        low, high = self._good_size, checkpoint.size - 1
        region = self._region
        if region is not None and len(region) == checkpoint.size - low:
            if following is not None and (at := _inserted(self._good, region, following, checkpoint.root)) is not None:
                says = f"The entry at position {low + at} was inserted: without it the signed root comes out."
                self.fault(Fault.INSERTED, says, position=low + at)
                return
            if pair := _swapped(self._good, region, checkpoint.root):
                says = "The entries at positions {} and {} were swapped: in the other order the signed root comes out."
                first, second = low + pair[0], low + pair[1]
                self.fault(Fault.REORDERED, says.format(first, second), position=first)
                return
        says = (
            f"The {high - low + 1} entries at positions {low} to {high} are not those that were signed: the root at "
            f"size {checkpoint.size} differs from that of checkpoint {number}. All before position {low} is as signed; "
            f"what comes after cannot be proved."
        )
        self.fault(Fault.REBUILT, says, within=(low, high), checkpoint=number)

    # --- the end ---------------------------------------------------------------------------------------------------

    def finish(self) -> Report:
        """Say what only the end shows, and give the report."""
        self._decide(None)
        self._flush()
        size, number = max(((size, number) for size, number, _ in self._ahead), default=(0, 0))
        if size > self._size and not self.cut:
            self._tail_is_cut(size, number)
        for entry, (position, agency) in self._pending.items():
            says = f"{_entry(position, entry, agency)} has lost its content, and no erasure says under which authority"
            says += ", unless it was one of those that are missing or altered." if self._hidden else "."
            place = self._size if self._hidden else position
            self.fault(Fault.REMOVED, says, position=position, entry=_id(entry), agency=_code(agency), order=place)
        if self._size and not self._good_count and not self._findings:
            self.fault(Fault.UNSIGNED, f"No checkpoint signs for the {self._size} entries of this log.")
        return Report(
            findings=tuple(self._findings),
            more=self._more,
            leaves=self._size,
            waiting=self._waiting,
            erased=self._erased,
            checkpoints=self._good_count,
            signed=self._good_size,
            root=self._stored.root(),
        )

    def _tail_is_cut(self, size: int, number: int) -> None:
        self._hidden = True
        low, high, many = self._good_size, self._size, size - self._size
        says = f"The tail is cut: checkpoint {number} signs {size} entries, and the log holds {high}. "
        if low == high:
            says += f"The first that is missing is that at position {high}."
            self.fault(Fault.REMOVED, says, position=high, within=(high, size - 1), checkpoint=number)
        else:
            says += f"{many} are missing; the first of them lies at positions {low} to {high}; all before is as signed."
            self.fault(Fault.REMOVED, says, within=(low, high), checkpoint=number)

    def _named(self, fault: Fault, row: Row, position: int, why: str) -> None:
        """A fault of one entry, named by what its head says (if it can be read)."""
        try:
            head = json.loads(row.head)
            entry, agency = _id(head["id"]), _code(head.get("agency", ""))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            entry, agency = "", ""
        words = {Fault.ALTERED: "was altered", Fault.INSERTED: "was inserted", Fault.COPIED: "was copied"}
        says = f"{_entry(position, entry, agency)} {words.get(fault, fault)}: {why}."
        self.fault(fault, says, position=position, entry=entry or None, agency=agency or None)

    def fault(
        self,
        fault: Fault,
        says: str,
        *,
        position: int | None = None,
        within: tuple[int, int] | None = None,
        entry: str | None = None,
        agency: str | None = None,
        checkpoint: int | None = None,
        order: int | None = None,
    ) -> int:
        """Keep a finding, or count it once there are too many. Return its number among those kept."""
        if len(self._findings) >= self._most:
            self._more += 1
            return len(self._findings)
        if order is None:
            order = position if position is not None else within[1] if within is not None else self._size
        made = Finding(
            fault=fault,
            says=says,
            position=position,
            within=within,
            entry=entry,
            agency=agency,
            checkpoint=checkpoint,
            order=order,
        )
        self._findings.append(made)
        return len(self._findings) - 1


def _inserted(good: Frontier, region: Sequence[bytes], following: bytes, root: bytes) -> int | None:
    """Which leaf of the region must be left out so that, with the following leaf at its end, the root comes out?"""
    prefix = good.copy()
    for at in range(len(region)):
        tried = prefix.copy()
        tried.extend(region[at + 1 :])
        tried.append(following)
        if tried.root() == root:
            return at
        prefix.append(region[at])
    return None


def _swapped(good: Frontier, region: Sequence[bytes], root: bytes) -> tuple[int, int] | None:
    """Which two leaves of the region must change places so that the root comes out?"""
    if len(region) > SWAPS:
        return None
    for first, second in _pairs(len(region)):
        tried, order = good.copy(), list(region)
        order[first], order[second] = order[second], order[first]
        tried.extend(order)
        if tried.root() == root:
            return first, second
    return None


def _pairs(count: int) -> Iterator[tuple[int, int]]:
    return ((first, second) for first in range(count) for second in range(first + 1, count))


def _entry(position: int, entry: str, agency: str) -> str:
    named = ", ".join([*([f"id {_id(entry)}"] if entry else []), *([f"agency {_code(agency)}"] if agency else [])])
    return f"The entry at position {position}" + (f" ({named})" if named else "")


def _id(value: object) -> str:
    """An id as it may be printed: an altered head may hold anything in its place."""
    text = str(value)
    return text if len(text) <= 40 and all(one in "0123456789abcdef-" for one in text) else "that cannot be read"


def _code(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 and text.isascii() and text.replace("-", "").replace("_", "").isalnum() else "?"
