"""What a threshold answers, put together from what is known: yes, no, or None where nobody can tell. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from throughcare.duties.rules import Match, Result
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry

Figures = Mapping[str, Any]
MOST_EVIDENCE = 12  # of one kind in one finding: the nearest; the chronology shows the rest


def both(*answers: bool | None) -> bool | None:
    """Do all hold? One "no" settles it."""
    if False in answers:
        return False
    return None if None in answers else True


def either(*answers: bool | None) -> bool | None:
    """Does any hold? One "yes" settles it."""
    if True in answers:
        return True
    return None if None in answers else False


def match_if(
    holds: bool | None, person: str, key: tuple[object, ...], evidence: Iterable[Entry], missing: str, because: str
) -> Iterator[Match]:
    """One match where it holds, one that cannot tell (for want of `missing`) where nobody knows, else none."""
    if holds is False:
        return
    result = Result.MATCHED if holds else Result.CANNOT_TELL
    lacks = () if holds else (missing,)
    yield Match(person=person, key=key, evidence=tuple(evidence), result=result, missing=lacks, because=because)


def became_known(view: View, entry: Entry) -> tuple[object, ...]:
    """Where an entry comes in the order in which entries became known."""
    return (view.since[entry.key], entry.noted, entry.agency, entry.ref)


def disagreeing(
    view: View, child: str, limb: str, person: str, statement: Entry, others: Sequence[Entry]
) -> Iterator[Match]:
    """One finding for each statement that came to be known after those that it does not agree with."""
    mine = became_known(view, statement)
    earlier = [*islice((one for one in reversed(others) if became_known(view, one) < mine), MOST_EVIDENCE)]
    if earlier:
        key = (limb, person, view.root(statement))
        why = f"statements about {person} do not agree"
        yield Match(person=child, key=key, evidence=(*reversed(earlier), statement), because=why)
