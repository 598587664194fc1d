"""Which agencies' records are about one person: exact matching for now, by what is the same to the letter. Pure.

Joined: two records that share an identifier of a person, or the whole name, birth date and postcode. Put before a
human: what looks like one person and is not certain, and what would be joined but contradicts itself. A telephone
number never joins: households share one. Matching by weight comes later, behind the same door, `match`.

Cleaning follows the field's rules: accents folded, hyphens to spaces, apostrophes dropped; a birth date that stands
for "not known" and a number that fails its check are taken as missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from throughcare.ledger.entry import Record
from throughcare.ledger.life import Identifier, PersonRecord

IDENTIFYING = frozenset({"nhs", "upn", "pnc", "cro", "prison", "probation", "court", "la_child_id"})
"""Systems whose numbers belong to one person. Others (telephone, address, e-mail) do not."""

MOST_OF_A_KEY = 2_000
"""Records that may share a key and still be compared; more is no evidence of anything."""

_NOT_KNOWN = {date(1900, 1, 1), date(1970, 1, 1)}
_NO_ADDRESS = {"ZZ99 3VZ", "NF1 1NF", "NF1 1FA"}
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, and why they are joined or put before a human."""

    first: Record
    second: Record
    why: str
    how: str  # a code of `link_basis`


@dataclass(frozen=True, slots=True)
class Decided:
    """The pairs to join, and those that wait for a human."""

    joined: tuple[Pair, ...]
    for_review: tuple[Pair, ...]


def match(records: Sequence[PersonRecord]) -> Decided:
    """Compare records that share a key, each pair once. The order of the answer is that of the records."""
    clean = {Record(one.agency, one.ref): Clean.of(one) for one in records}
    order = {record: place for place, record in enumerate(clean)}
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record, one in clean.items():
        for key in one.keys():  # noqa: SIM118
            by_key[key].append(record)
    pairs = {
        (first, second)
        for sharing in by_key.values()
        if len(sharing) <= MOST_OF_A_KEY
        for first, second in combinations(sharing, 2)
    }
    joined: list[Pair] = []
    review: list[Pair] = []
    for first, second in sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]])):
        verdict = _compare(clean[first], clean[second], same_agency=first.agency == second.agency)
        if verdict:
            how, why, certain = verdict
            (joined if certain else review).append(Pair(first, second, why, how))
    return Decided(tuple(joined), tuple(review))


def keys(record: PersonRecord) -> list[str]:
    """What another record must share with this one to be compared with it at all. Sorted."""
    return sorted(Clean.of(record).keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """A record made comparable. What is missing or not credible is left out."""

    names: frozenset[str]
    born: date | None
    postcode: str | None
    identifiers: frozenset[tuple[str, str]]
    identified: bool

    @classmethod
    def of(cls, record: PersonRecord) -> Clean:
        """Clean one record."""
        born = record.date_of_birth
        return cls(
            names=frozenset(name for name in map(folded, record.names) if name),
            born=None if born in _NOT_KNOWN else born,
            postcode=postcode(record.address),
            identifiers=frozenset(_identifiers(record.identifiers)),
            identified=record.identified,
        )

    def keys(self) -> Iterator[str]:
        """Its keys; see `keys`."""
        for system, value in sorted(self.identifiers):
            yield f"id:{system}:{value}"
        if self.born is None:
            return
        for name in self.names:
            first, last = _ends(name)
            yield f"last:{first[:1]} {last}|{self.born}"
            yield f"first:{first}|{self.born}"


_Verdict = tuple[str, str, bool]  # how, why, certain


def _compare(one: Clean, other: Clean, *, same_agency: bool) -> _Verdict | None:
    shared = sorted(system for system, _ in one.identifiers & other.identifiers)
    if _different_numbers(one, other):
        return ("identifier", "one number is the same and another is not", False) if shared else None
    born_apart = one.born is not None and other.born is not None and one.born != other.born
    name_shared = bool(one.names & other.names)
    if shared:
        if born_apart or not (name_shared or _alike(one, other) or not (one.names and other.names)):
            return "identifier", f"the same {shared[0]} number, but name or birth date differ", False
        return "identifier", f"the same {shared[0]} number", True
    if born_apart or one.born is None or other.born is None or not (one.identified and other.identified):
        return None
    if name_shared and one.postcode is not None and one.postcode == other.postcode:
        return "demographics", "the same name, birth date and postcode", True
    if name_shared:
        return "demographics", "the same name and birth date; no postcode to settle it", False
    if _alike(one, other) and not same_agency:
        return "demographics", "the same birth date and nearly the same name", False
    return None


def _different_numbers(one: Clean, other: Clean) -> bool:
    """Does one system know the two under different numbers?"""
    mine, theirs = dict(one.identifiers), dict(other.identifiers)
    return any(theirs.get(system, value) != value for system, value in mine.items())


def _alike(one: Clean, other: Clean) -> bool:
    """The same surname with the same first letter, or the same forename with another surname."""
    return any(
        (mine[1] == theirs[1] and mine[0][:1] == theirs[0][:1]) or (mine[0] == theirs[0] and len(mine[0]) > 1)
        for mine in map(_ends, one.names)
        for theirs in map(_ends, other.names)
    )


def _ends(name: str) -> tuple[str, str]:
    words = name.split()
    return words[0], words[-1]


def folded(name: str) -> str:
    """A name as it is compared: upper case without accents, hyphens as spaces, apostrophes and other marks dropped."""
    plain = unicodedata.normalize("NFKD", name).upper().replace("-", " ")
    kept = "".join(letter for letter in plain if letter.isalnum() or letter.isspace())
    return " ".join(kept.split())


def postcode(address: str) -> str | None:
    """The postcode in an address, as `AB1 2CD`; None where there is none, or one that stands for no fixed abode."""
    found = _POSTCODE.search(address.upper())
    code = f"{found[1]} {found[2]}" if found else None
    return None if code in _NO_ADDRESS else code


def _identifiers(given: Iterable[Identifier]) -> Iterator[tuple[str, str]]:
    for one in given:
        system, value = one.system.strip().lower(), re.sub(r"[\s-]", "", one.value).upper()
        if system in IDENTIFYING and value and (system != "nhs" or _nhs_number(value)):
            yield system, value


def _nhs_number(value: str) -> bool:
    """Ten digits, the last of which is the modulus-11 check digit (NHS Data Dictionary)."""
    if len(value) != 10 or not value.isascii() or not value.isdigit():
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(value, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(value[9]) and check != 10
