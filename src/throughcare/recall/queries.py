"""Papers that were made: values, never querysets. Whether somebody may have one is asked above (`pages.paper`)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from throughcare.ledger.entry import Key
from throughcare.recall.models import PaperContent, PaperRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One version of a paper, without its bytes."""

    id: uuid.UUID
    event: Key  # the first entry of the line of corrections that the paper is about
    paper: str
    version: int
    template: str
    basis: frozenset[uuid.UUID]
    replaces: str
    digest: str
    made_at: datetime
    made_by: str


class NoSuchPaper(LookupError):
    """There is no paper of this id, or its bytes went with an entry that was lawfully erased."""

    code = "no_such_paper"


class PaperAltered(ValueError):
    """The bytes that are kept are not those that were made: their digest is another."""

    code = "paper_altered"


def _made(row: PaperRow) -> Made:
    return Made(
        id=row.id,
        event=Key(row.event_agency, row.event_ref),
        paper=row.paper,
        version=row.version,
        template=row.template,
        basis=frozenset(row.basis),
        replaces=row.replaces,
        digest=row.digest,
        made_at=row.made_at,
        made_by=row.made_by,
    )


def made(events: Collection[Key]) -> list[Made]:
    """Every version of every paper about these entries, in the order in which they were made. One query."""
    if not events:
        return []
    wanted = Q()
    for key in events:
        wanted |= Q(event_agency=key.agency, event_ref=key.ref)
    return [_made(row) for row in PaperRow.objects.filter(wanted).order_by("made_at", "version")]


def paper(id: uuid.UUID) -> Made:
    """One version by its id. Raises `NoSuchPaper`. One query."""
    row = PaperRow.objects.filter(id=id).first()
    if row is None:
        raise NoSuchPaper(f"There is no paper {id}.")
    return _made(row)


def content(one: Made) -> bytes:
    """The very bytes that were made. Raises `NoSuchPaper` where they were erased, `PaperAltered` where they changed.

    One query.
    """
    row = PaperContent.objects.filter(paper_id=one.id).first()
    if row is None:
        raise NoSuchPaper(f"The content of paper {one.id} was lawfully erased with an entry that it rests on.")
    found = bytes(row.content)
    if hashlib.sha256(found).hexdigest() != one.digest:
        raise PaperAltered(f"The bytes of paper {one.id} are not those that were made.")
    return found
