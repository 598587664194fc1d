"""Which papers a person's record can make, which were made, and the making of one. For the pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from throughcare.ledger.entry import Entry, london_day
from throughcare.recall import actions, papers, queries, whole
from throughcare.recall.kinds_of_recall import Answer, Proposal
from throughcare.recall.typesetting import PaperNotSet
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import when_said

log = logging.getLogger(__name__)
BANNER = "Invented data: nobody in this paper exists."


@dataclass(frozen=True, kw_only=True)
class Sheaf:
    """One paper with its versions, the oldest first."""

    asked: actions.Asked
    made: tuple[queries.Made, ...]

    @property
    def current(self) -> bool:
        """Is the newest version made of what stands now?"""
        basis = {one.id for one in self.asked.paper.basis}
        return bool(self.made) and self.made[-1].basis == basis


@dataclass(frozen=True, kw_only=True)
class Drawer:
    """Every paper of a person: those of what stands, and those about entries that were withdrawn."""

    sheaves: tuple[Sheaf, ...]
    gone: tuple[queries.Made, ...]


def drawer(case: Case, held: whole.Whole) -> Drawer:
    """Every paper that can be made of what stands, with the versions that were made, and the others. One query."""
    if held.recall is None:
        return Drawer(sheaves=(), gone=())
    before = held.replaced_by_id()
    asked = [
        actions.Asked(paper=one, event=held.lines.root(one.event.key), before=before)
        for one in papers.papers(_about(case, held), held.recall, proposal=_proposal(case, held))
    ]
    kept = queries.made({held.lines.root(one.key) for one in held.entries if one.kind in papers.EVENTS})
    found = tuple(
        Sheaf(
            asked=one,
            made=tuple(made for made in kept if made.event == one.event and made.paper == one.paper.code),
        )
        for one in asked
    )
    placed = {made.id for one in found for made in one.made}
    return Drawer(sheaves=found, gone=tuple(one for one in kept if one.id not in placed))


def make_for(case: Case, event: Entry, *, by: str) -> queries.Made | None:
    """Make the paper about an entry that was just recorded. None where it writes none."""
    held = whole.whole(one.record for one in case.records)
    found = [one for one in drawer(case, held).sheaves if one.asked.paper.event.key == event.key]
    try:
        return make(found[0], case=case, by=by) if found else None
    except PaperNotSet:
        log.exception("A paper could not be made; the entry that it is about is recorded, and it can be made again.")
        return None


def make(one: Sheaf, *, case: Case, by: str) -> queries.Made:
    """Make a paper, or give the version that stands."""
    return actions.make(one.asked, by=by, at=case.now, banner=BANNER if settings.DEMO else "")


def may_read(case: Case, basis: frozenset[object]) -> bool:
    """May the viewer read every entry that a paper rests on?"""
    return basis <= {one.id for one in case.readable}


def _about(case: Case, held: whole.Whole) -> papers.About:
    numbers = tuple(f"{case.agency_name(one.record.agency)}: {one.record.ref}" for one in case.records)
    return papers.About(
        name=case.name,
        born=words.day(case.born) if case.born else "",
        numbers=numbers,
        entries=held.about,
        find=held.find,
        agency=case.agency_name,
        when=when_said,
        moment=words.moment,
    )


def _proposal(case: Case, held: whole.Whole) -> Callable[[Entry], Proposal]:
    births = births_of(case)

    def said(event: Entry) -> Proposal:
        on = event.happened.day or event.happened.earliest or london_day(event.noted)
        return whole.proposal(held, _charge(event), on, births)

    return said


def _charge(event: Entry) -> Answer:
    """Whether the recall is for a charge, by what the request says."""
    given = event.body.get("charge_not_convicted")
    return "yes" if given == "yes" else "no" if given == "no" else "not known"


def births_of(case: Case) -> tuple[date, date] | None:
    """The earliest and the latest date of birth on record."""
    days = [one.date_of_birth for one in case.records if one.date_of_birth]
    return (min(days), max(days)) if days else None
