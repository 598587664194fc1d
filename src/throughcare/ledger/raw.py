"""An entry as plain JSON, the columns of the life format: written from an entry, and read again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from throughcare.ledger import times
from throughcare.ledger.entry import Concern, Entry, Key, Precision, Record, Share, When

_PRECISIONS = {one.value: one for one in Precision}
_PRECISION_OF_LENGTH = {7: Precision.MONTH, 10: Precision.DAY}


def to_raw(entry: Entry) -> dict[str, Any]:
    """Write an entry as `check` reads it: `check(to_raw(entry), kinds)` is the same entry (`received` is not in it)."""
    return {
        "ref": entry.ref,
        "kind": entry.kind,
        "agency": entry.agency,
        "author_role": entry.author_role,
        "happened": _write_when(entry.happened),
        "happened_to": _write_when(entry.happened_to) if entry.happened_to else "",
        "precision": entry.happened.precision.value,
        "noted": times.written(entry.noted),
        "shared": [{"agency": share.agency, "at": times.written(share.at)} for share in entry.shared],
        "concerns": [
            {"part": concern.part, "record": concern.record.ref, "agency": concern.record.agency}
            for concern in entry.concerns
        ],
        "basis": entry.basis,
        "summary": entry.summary,
        "body": dict(entry.body),
        "corrects": entry.corrects or "",
        "sensitivity": entry.sensitivity,
    }


def from_raw(raw: Mapping[str, Any], *, received: datetime | None = None) -> Entry:
    """Read again what `to_raw` wrote, as it stands: for what passed `check` once and was kept. Checks nothing.

    A long record has thousands of entries on every page, so each is laid down at once: the making of a frozen
    dataclass field by field, and of its key on first use, took a third of the time.
    """
    entry = object.__new__(Entry)
    vars(entry).update(
        key=Key(raw["agency"], raw["ref"]),
        ref=raw["ref"],
        kind=raw["kind"],
        agency=raw["agency"],
        author_role=raw["author_role"],
        happened=_read_when(raw["happened"], _PRECISIONS[raw["precision"]]),
        happened_to=_read_when(end, precision_of(end)) if (end := raw["happened_to"]) else None,
        noted=_instant(raw["noted"]),
        shared=tuple([Share(one["agency"], _instant(one["at"])) for one in raw["shared"]]),
        concerns=tuple([_concern(one["part"], one["agency"], one["record"]) for one in raw["concerns"]]),
        basis=raw["basis"],
        summary=raw["summary"],
        body=raw["body"],
        corrects=raw["corrects"] or None,
        sensitivity=raw["sensitivity"],
        received=received,
    )
    return entry


@lru_cache(4096)  # a line names the same few people again and again
def _concern(part: str, agency: str, record: str) -> Concern:
    return Concern(part, Record(agency, record))


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _read_when(written: str, precision: Precision) -> When:
    if precision is Precision.UNKNOWN:
        return When(precision)
    if precision is Precision.MINUTE:
        return When(precision, at=_instant(written))
    return When(precision, on=date.fromisoformat(f"{written}-01" if precision is Precision.MONTH else written))


def _write_when(when: When) -> str:
    if when.at is not None:
        return times.written(when.at)
    if when.on is None:
        return ""
    return when.on.isoformat()[:7] if when.precision is Precision.MONTH else when.on.isoformat()


def precision_of(written: object) -> Precision:
    """How exact a time is by its form: a month, a day, or else a moment."""
    length = len(written) if isinstance(written, str) else 0
    return _PRECISION_OF_LENGTH.get(length, Precision.MINUTE)
