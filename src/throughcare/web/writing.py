"""From a form to an entry: who writes, in the name of which agency, and the one way in.

A form's only effect is to append entries. It brings a reference back, so that sending it twice records it once; and
the version of the person's line that the writer had seen, so that nobody writes past what they have not read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_origin
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from throughcare.access import queries as access
from throughcare.access.reach import Viewer
from throughcare.alerts import actions as alerts
from throughcare.ledger import checking, kinds
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, Precision, Record, When
from throughcare.ledger.errors import NoSuchEntry, ReferenceUsed, VersionMoved
from throughcare.ledger.times import written
from throughcare.people import queries as people
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.person import person_bar
from throughcare.web.rows import kind_words
from throughcare.web.shell import PersonBar

MOVED = (
    "Somebody wrote about {name} since you opened this form. Nothing of yours is recorded yet. "
    "Read what is new, then send the form again."
)


@cache
def known_kinds() -> Mapping[str, kinds.Kind]:
    """Every kind that the rooms of this installation declare."""
    return kinds.load(settings.ROOMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Who writes: the role in words, and the agency's own record of the person, where there is one."""

    viewer: Viewer
    role: str
    record: Record | None

    @property
    def by(self) -> str:
        """The name for the ledger."""
        return f"user:{self.viewer.id}"


def writer_of(viewer: Viewer, held: Sequence[people.Held]) -> Writer:
    """Who writes about the person of these records. Two queries."""
    own = next((one.record for one in held if one.record.agency == viewer.agency), None)
    return Writer(viewer=viewer, role=role_of(viewer), record=own)


def role_of(viewer: Viewer) -> str:
    """What somebody is, in words: the title of their role. Two queries."""
    found = access.colleagues(ids=[viewer.id])
    titles = found[0].titles if found else ()
    return titles[0] if titles else "member of staff"


def entry(
    ref: str,
    kind: str,
    *,
    writer: Writer,
    at: datetime,
    happened: When | None = None,
    concerns: Sequence[tuple[str, Record]] = (),
    shared: Collection[str] = (),
    basis: str = "",
    summary: str = "",
    body: Mapping[str, Any],
    corrects: str = "",
    sensitivity: str = "",
) -> Entry:
    """An entry of the writer's agency, checked by its kind; shared with other agencies from this moment.

    Raises `EntryRefused`. `happened` is this minute unless it is given.
    """
    when = happened or When(Precision.MINUTE, at=at.replace(second=0, microsecond=0))
    raw = {
        "ref": ref,
        "kind": kind,
        "agency": writer.viewer.agency,
        "author_role": writer.role,
        "happened": _when(when),
        "precision": when.precision.value,
        "noted": written(at),
        "shared": [{"agency": one, "at": written(at)} for one in shared if one != writer.viewer.agency],
        "concerns": [{"part": part, "record": one.ref, "agency": one.agency} for part, one in concerns],
        "basis": basis,
        "summary": summary,
        "body": {
            name: value for name, value in body.items() if value not in (None, "", [], ()) or name in _lists(kind)
        },
        "corrects": corrects,
        "sensitivity": sensitivity,
    }
    return checking.check(raw, known_kinds())


@cache
def _lists(kind: str) -> frozenset[str]:
    """The lists that a kind must have, though there be nothing in them."""
    fields = known_kinds()[kind].body.model_fields
    return frozenset(
        info.alias or name
        for name, info in fields.items()
        if info.is_required() and get_origin(info.annotation) is list
    )


def _when(when: When) -> str:
    if when.at is not None:
        return written(when.at)
    if when.on is None:
        return ""
    return when.on.isoformat()[:7] if when.precision is Precision.MONTH else when.on.isoformat()


def keep(entries: Sequence[Entry], *, writer: Writer, at: datetime, seen: Mapping[UUID, int] | None = None) -> None:
    """Record entries that a form made. What was recorded before under the same references is left as it is.

    Raises `VersionMoved` if somebody wrote since the versions of `seen`.
    """
    if was_recorded(entries[0].key):
        return
    try:
        alerts.record(entries, by=writer.by, at=at, expected=seen)
    except ReferenceUsed:
        return  # the same form, sent twice at once: the other one was kept


def was_recorded(key: Key) -> bool:
    """Is there an entry of this name already? One query."""
    try:
        ledger.find(id_of(key))
    except NoSuchEntry:
        return False
    return True


def id_of(key: Key) -> UUID:
    """The id of the entry of this name, whether it is there or not."""
    unknown = When(Precision.UNKNOWN)
    return Entry(ref=key.ref, kind="", agency=key.agency, author_role="", happened=unknown, noted=_NEVER).id


_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def version(person: UUID) -> int:
    """The newest version of the person's line, for the form to bring back."""
    return ledger.versions([person])[person]


def seen(request: HttpRequest, person: UUID) -> dict[UUID, int] | None:
    """The version that the form brought back. None: it brought none."""
    given = request.POST.get("version", "")
    return {person: int(given)} if given.isascii() and given.isdigit() and len(given) < 10 else None


def moved_words(case: Case, moved: VersionMoved) -> str:
    """What to say when somebody wrote in between."""
    return f"{MOVED.format(name=case.name.split()[0])}{_added(case, moved)}"


MOST_ADDED = 3


def _added(case: Case, moved: VersionMoved) -> str:
    """What came in between, the newest first, so far as the viewer may read it. One query, only where it did."""
    held = {one.key: one for one in case.readable}
    made = {key: one.versions.get(moved.person, 0) for key, one in ledger.receipts(held).items()}
    new = sorted((key for key, version in made.items() if version > moved.expected), key=made.__getitem__, reverse=True)
    said = [_line(case, held[key]) for key in new[:MOST_ADDED]]
    more = [f"and {len(new) - MOST_ADDED} more"] if len(new) > MOST_ADDED else []
    return f" New: {'; '.join([*said, *more])}." if said else ""


def _line(case: Case, one: Entry) -> str:
    return f"{when_said(one)}, {case.agency_name(one.agency)}: {one.summary[:200] or kind_words(one.kind)}"


def small_bar(case: Case) -> PersonBar:
    """Whose case it is, without the strip of time and the menu: for forms, which are closed in the past."""
    whole = person_bar(case, "")
    return PersonBar(
        name=whole.name,
        born=whole.born,
        age=whole.age,
        number=_own_number(case),
        other_names=whole.other_names if case.reach.level > 1 else "",
    )


def _own_number(case: Case) -> str:
    return next((one.record.ref for one in case.records if one.record.agency == case.viewer.agency), "")


def involved(case: Case) -> tuple[str, ...]:
    """The other agencies that have to do with the person, by name: those that hold a record or an entry."""
    codes = {one.record.agency for one in case.records} | {one.agency for one in case.readable} | set(case.since)
    return tuple(sorted(codes - {case.viewer.agency}, key=case.agency_name))
