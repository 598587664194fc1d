"""A chain for each person, made while writing: versions 1, 2, 3, ... each naming the link before it. Pure.

The *place* (person, version, previous link) stands in the head of the entry, and so in its leaf. The *link* is the
hash of that place together with the leaf. So a link commits to all entries of the person up to it, a gap in the
versions is a missing entry, and the tree vouches for the chain.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple


class Place(NamedTuple):
    """Where an entry stands in one person's chain."""

    person: uuid.UUID
    version: int  # 1 for the first
    previous: bytes | None  # the link of version - 1; None for the first


class Link(NamedTuple):
    """What is kept of one place in a chain."""

    person: uuid.UUID
    version: int
    link: bytes  # 32 bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The newest version and link of one person's chain; version 0 before the first."""

    person: uuid.UUID
    version: int = 0
    link: bytes | None = None

    def next_place(self) -> Place:
        """The place that the next entry about this person takes. Hold the person's row until it is written."""
        return Place(self.person, self.version + 1, self.link)


def link_hash(*, person: str, version: int, entry: str, leaf: str, previous: str | None) -> bytes:
    """Return SHA-256 of canonical {entry, leaf, person, previous, v, version}; hashes in hex, ids as in heads.

    Written out by hand, since it is done for every entry of a verification: with these values (hex, UUIDs, a small
    integer) it is what RFC 8785 gives, and a test holds the two together.
    """
    before = f'"{previous}"' if previous is not None else "null"
    return sha256(
        f'{{"entry":"{entry}","leaf":"{leaf}","person":"{person}","previous":{before},"v":1,"version":{version}}}'.encode()
    ).digest()


def make_link(place: Place, *, entry: uuid.UUID, leaf: bytes) -> Link:
    """Return the link of an entry at its place; `leaf` is the leaf hash of its head."""
    made = link_hash(
        person=str(place.person),
        version=place.version,
        entry=str(entry),
        leaf=leaf.hex(),
        previous=place.previous.hex() if place.previous is not None else None,
    )
    return Link(place.person, place.version, made)
