"""Injuries on a person's page: the occasions on which they were found, in words and as marks with their accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from throughcare.ledger.entry import Entry, Key
from throughcare.safeguarding import state
from throughcare.safeguarding.words import MECHANISM, TYPE
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import happened_at, mark_of
from throughcare.web.pictures.places import in_short
from throughcare.web.pictures.values import Mark


def occasions(case: Case, register: Sequence[state.Injury]) -> list[list[Entry]]:
    """The injuries found together, each group in order, groups in the order in which they were found."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for injury in register:
        if not injury.found.body.get("seen_before"):
            groups[injury.occasion].append(injury.found)
    return sorted(groups.values(), key=lambda group: happened_at(group[0]))


def marks(case: Case, groups: Iterable[list[Entry]], whose: str) -> list[Mark]:
    """One diamond for an occasion, with the account that was given beside it."""
    accounts = _accounts(case)
    made = []
    for group in groups:
        said = [words for entry in group for words in accounts.get(entry.key, ())]
        account = f". {'; '.join(dict.fromkeys(said))}" if said else ". No account of it is recorded"
        made.append(
            mark_of(
                case, group[0], "injury", whose=whose, what=f"{in_words(group)}{account}",
                count=sum(_count(entry) for entry in group), where=_places(group),
            )
        )  # fmt: skip
    return made


def _count(entry: Entry) -> int:
    return int(entry.body["count"])


def in_words(group: Iterable[Entry]) -> str:
    """ "3 bruises, chest; 1 scald, hand"."""
    return "; ".join(
        f"{words.many(_count(one), *TYPE.get(one.body['type'], ('mark', 'marks')))}, {_place(one)}" for one in group
    )


def _place(entry: Entry) -> str:
    return in_short(entry.body["site"])


def _places(group: Iterable[Entry]) -> str:
    return ", ".join(dict.fromkeys(_place(one) for one in group))


def _accounts(case: Case) -> dict[Key, list[str]]:
    """For each injury, the accounts of it: who said what, in their words where those were kept."""
    found: dict[Key, list[str]] = defaultdict(list)
    for entry in case.about:
        if entry.kind == state.EXPLANATION:
            said = entry.body.get("words")
            what = f"“{said}”" if said else MECHANISM.get(entry.body["mechanism"], entry.body["mechanism"])
            by = entry.body["account_by"].replace("_", " ").capitalize()
            for ref in entry.body["injuries"]:
                if injury := case.find(ref, entry.agency):
                    found[injury.key].append(f"{by}: {what}")
    return found
