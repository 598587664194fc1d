"""Papers of a recall are made once and kept. A correction makes the next version, which says so."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from throughcare.ledger.entry import Entry, Key, london_day
from throughcare.recall import queries, typesetting
from throughcare.recall.models import PaperContent, PaperRow
from throughcare.recall.papers import Paper
from throughcare.web import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A paper that is asked for: what it would say today, and what names it for ever."""

    paper: Paper
    event: Key  # the first entry of the line of corrections of what it is about
    before: Mapping[uuid.UUID, Entry]  # by id: what took the place of an entry that was corrected or withdrawn


def make(asked: Asked, *, by: str, at: datetime, banner: str = "") -> queries.Made:
    """Make a paper, or give the version that there is where nothing that it rests on has changed since.

    `by` names who asks (`user:<uuid>`), `at` is now. Where two ask at once, one version is made.
    """
    newest = _newest(asked)
    basis = frozenset(one.id for one in asked.paper.basis)
    if newest is not None and newest.basis == basis:
        return newest
    version = newest.version + 1 if newest else 1
    replaces = _replaces(asked, newest) if newest else ""
    content = typesetting.pdf(
        asked.paper,
        made=london_day(at),
        made_day=words.day(at),
        made_words=words.moment(at),
        version=f"Version {version}. {replaces}" if replaces else "",
        banner=banner,
    )
    try:
        return _keep(asked, version, basis, replaces, content, by=by, at=at)
    except IntegrityError:  # somebody else made it in this moment
        newest = _newest(asked)
        if newest is None:
            raise
        return newest


def _newest(asked: Asked) -> queries.Made | None:
    found = [one for one in queries.made([asked.event]) if one.paper == asked.paper.code]
    return max(found, key=lambda one: one.version) if found else None


@transaction.atomic
def _keep(
    asked: Asked,
    version: int,
    basis: frozenset[uuid.UUID],
    replaces: str,
    content: bytes,
    *,
    by: str,
    at: datetime,
) -> queries.Made:
    row = PaperRow.objects.create(
        id=uuid.uuid4(),
        event_agency=asked.event.agency,
        event_ref=asked.event.ref,
        paper=asked.paper.code,
        version=version,
        template=asked.paper.template,
        basis=sorted(basis),
        replaces=replaces,
        digest=hashlib.sha256(content).hexdigest(),
        made_at=at,
        made_by=by,
    )
    PaperContent.objects.create(paper=row, content=content)
    return queries.paper(row.id)


def _replaces(asked: Asked, newest: queries.Made) -> str:
    """Why a version is made again: which of the entries that the last one rests on do not stand any more."""
    gone = [asked.before[id] for id in newest.basis if id in asked.before]
    said = f"It replaces version {newest.version} of {words.moment(newest.made_at)}."
    if not gone:
        return f"{said} What it rests on has changed since."
    days = words.listed(sorted({words.day(one.noted) for one in gone}))
    many = "An entry that it rests on was" if len(gone) == 1 else f"{len(gone)} entries that it rests on were"
    return f"{said} {many} corrected or withdrawn on {days}."
