"""Which records are one person, by what people decided. Pure.

`people.linked` joins two records, `people.kept_apart` holds two apart: it takes back a joining of the same two that
was noted before it, and one noted after it joins them again. Joinings chain: a with b and b with c make one person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from throughcare.ledger.entry import Entry, Record, standing

LINKED = "people.linked"
KEPT_APART = "people.kept_apart"


def joined_pairs(entries: Sequence[Entry]) -> set[frozenset[Record]]:
    """The pairs of records that stand joined, each by the newest decision on those two."""
    return {pair for pair, joined in _decided(entries).items() if joined}


def apart_pairs(entries: Sequence[Entry]) -> set[frozenset[Record]]:
    """The pairs of records that stand held apart, each by the newest decision on those two."""
    return {pair for pair, joined in _decided(entries).items() if not joined}


def _decided(entries: Sequence[Entry]) -> dict[frozenset[Record], bool]:
    decided: dict[frozenset[Record], bool] = {}
    decisions = [entry for entry in standing(entries) if entry.kind in (LINKED, KEPT_APART)]
    for entry in sorted(decisions, key=lambda one: (one.noted, one.ref)):
        pair = frozenset((*entry.who("subject"), *entry.who("other")))
        decided[pair] = entry.kind == LINKED
    return decided


def groups(records: Iterable[Record], pairs: Iterable[frozenset[Record]]) -> list[list[Record]]:
    """The records of each person, in the order given. A record that nothing joins stands alone."""
    order = list(dict.fromkeys(records))
    leader = {record: record for record in order}

    def find(record: Record) -> Record:
        while leader[record] != record:
            leader[record] = leader[leader[record]]
            record = leader[record]
        return record

    for pair in pairs:
        first, *others = [record for record in pair if record in leader]
        for other in others:
            leader[find(other)] = find(first)
    found: dict[Record, list[Record]] = {}
    for record in order:
        found.setdefault(find(record), []).append(record)
    return list(found.values())
