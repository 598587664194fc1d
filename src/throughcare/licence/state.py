"""Where a person stands on licence: a pure fold of what stands about them. No database, no clock.

Give only entries that stand (of each line of corrections the newest, none withdrawn), about one person, in the order
in which they happened. A licence is *in force* from a release until it is revoked or ended; what is only approved
binds nobody yet. A condition is known by the name that its entry gives it; a name that no catalogue holds is kept.

What other rooms record is read here by its kind alone: a recall ends the time on licence, and a recall that was
rescinded gives it back, with a doubt that the law leaves open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from throughcare.ledger.entry import Entry, Key, When

ROOM = "licence"
PREFIX = "licence."
APPROVED = "licence.approved"
RELEASED = "licence.released"
VARIED = "licence.varied"
ENDED = "licence.ended"
APPOINTMENT = "licence.appointment"
DISCLOSED = "licence.disclosure_made"
FOUND = "licence.fact_found"
TRAVEL = "licence.travel_returned"
ALLEGED = "licence.breach_alleged"
EXPLAINED = "licence.breach_explained"
DECIDED = "licence.breach_decided"
PREMISES = "licence.premises"
END_REQUESTED = "licence.end_requested"
REVOKED = "recall.revoked"
RETURNED = "recall.returned"
RESCINDED = "recall.rescinded"

KINDS = (APPROVED, RELEASED, VARIED, ENDED, REVOKED, RESCINDED)
"""The kinds that move a licence, those of other rooms included."""

Status = Literal["none", "approved", "active", "revoked", "ended"]
Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means


@dataclass(slots=True, kw_only=True)
class Condition:
    """One condition of one licence, with the policy version that it came with."""

    name: str  # as its entry says it: a key of the catalogue, or words of its own
    version: str
    entry: Entry  # the approval or variation that set it
    bespoke: bool = False  # written for this person alone, outside the lists of conditions
    removed_by: Entry | None = None


@dataclass(slots=True, kw_only=True)
class Licence:
    """One approved licence and what variations have made of it."""

    approved: Entry
    version: str  # of the newest approval or variation
    conditions: list[Condition]
    variations: list[Entry] = field(default_factory=list)

    @property
    def form(self) -> str:
        """`standard`, `emergency` or `variation`."""
        return str(self.approved.body["form"])

    @property
    def standing(self) -> list[Condition]:
        """The conditions that no variation has taken away."""
        return [one for one in self.conditions if one.removed_by is None]


@dataclass(slots=True, kw_only=True)
class Bound:
    """One condition for as long as it bound the person."""

    condition: Condition
    licence: Licence
    since: When
    until: When | None = None  # None: it binds still
    ended_by: Entry | None = None

    def at(self, when: When) -> bool:
        """Did it bind then? On its first and last day it did, where no time tells."""
        return when.not_before(self.since) and (self.until is None or not when.follows(self.until))


@dataclass(slots=True, kw_only=True)
class Spell:
    """A time on licence, from a release to what ended it."""

    released: Entry
    licences: list[Licence]  # those in force one after the other; the last one still, while it lasts
    bound: list[Bound] = field(default_factory=list)  # the conditions that bound in it
    ended: Entry | None = None  # the revocation, the end, or a later release
    rescinded: list[tuple[Entry, Entry]] = field(default_factory=list)  # revocations that were rescinded: (which, by)

    def open_at(self, when: When) -> bool:
        """Was the person on licence then?"""
        return when.not_before(self.released.happened) and (self.ended is None or not when.follows(self.ended.happened))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands on licence."""

    status: Status
    in_force: Licence | None  # None: the person is not on licence
    prepared: Licence | None  # approved, and no release on it yet
    licences: tuple[Licence, ...]
    spells: tuple[Spell, ...]
    bound: tuple[Bound, ...]  # every condition that ever bound, in the order in which it began to

    @property
    def policy_version(self) -> str | None:
        """The version of the newest approval or variation of the licence in force; None: there is none."""
        return self.in_force.version if self.in_force else None

    @property
    def conditions(self) -> list[str]:
        """The names of the conditions in force, each once, sorted; without what is bespoke."""
        return sorted({one.condition.name for one in self.bound if one.until is None and not one.condition.bespoke})

    @property
    def bespoke(self) -> list[str]:
        """The conditions in force that were written for this person alone, in their own words."""
        return [one.condition.name for one in self.bound if one.until is None and one.condition.bespoke]

    def binding(self, when: When) -> list[Bound]:
        """The conditions that bound the person then, each once."""
        found = {id(one): one for spell in self._near(when) for one in spell.bound if one.at(when)}
        return list(found.values())

    def _near(self, when: When) -> Sequence[Spell]:
        """The spells that may have been running then: on one day one can end and the next begin."""
        last = bisect_right(self.spells, when.sorting + timedelta(days=1), key=_began)
        return [one for one in self.spells[max(0, last - 3) : last] if one.open_at(when)]


def _began(spell: Spell) -> datetime:
    return spell.released.happened.sorting


NOWHERE = Standing(status="none", in_force=None, prepared=None, licences=(), spells=(), bound=())
"""Where somebody stands of whom nothing of this room is recorded."""


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Fold what stands about one person, oldest first. None where nothing of this room is recorded.

    `find` resolves a reference of an agency to the entry that stands for it.
    """
    if not any(entry.kind.startswith(PREFIX) for entry in entries):
        return None
    folding = _Folding(entries, find)
    for entry in entries:
        folding.take(entry)
    return folding.standing()


class _Folding:
    """The fold under way."""

    def __init__(self, entries: Sequence[Entry], find: Find) -> None:
        self.find = find
        self.licences = {entry.key: _licence(entry) for entry in entries if entry.kind == APPROVED}
        self.status: Status = "none"
        self.current: Licence | None = None  # in force, or next to be
        self.spells: list[Spell] = []
        self.bound: list[Bound] = []
        self.open: list[Bound] = []  # of these, those that bind still

    @property
    def running(self) -> Spell | None:
        return self.spells[-1] if self.spells and self.spells[-1].ended is None else None

    def take(self, entry: Entry) -> None:
        match entry.kind:
            case "licence.approved":
                self._approved(entry)
            case "licence.released":
                self._released(entry)
            case "licence.varied":
                self._varied(entry)
            case "recall.revoked" | "licence.ended":
                self._over(entry, "revoked" if entry.kind == REVOKED else "ended")
            case "recall.rescinded":
                self._rescinded(entry)

    def _approved(self, entry: Entry) -> None:
        licence = self.licences[entry.key]
        if self.running is None:
            self.status, self.current = "approved", licence
        elif licence not in self.running.licences:  # a licence that takes the place of the one in force
            self.running.licences.append(licence)
            self.current = licence
            self._bind(licence, entry)

    def _released(self, entry: Entry) -> None:
        named = self.find(entry.body.get("licence"), entry.agency)
        licence = (self.licences.get(named.key) if named else None) or self.current
        if self.running is not None:
            self.running.ended = entry
        self.spells.append(Spell(released=entry, licences=[licence] if licence else [], bound=list(self.open)))
        self.status, self.current = "active", licence
        if licence:
            self._bind(licence, entry)

    def _varied(self, entry: Entry) -> None:
        licence = self.current
        if licence is None:
            return
        version, removed = str(entry.body["policy_version"]), set(entry.body["removed"])
        added = list(dict.fromkeys(entry.body["added"]))
        for one in licence.standing:
            if not one.bespoke and (one.name in removed or one.name in added):
                one.removed_by = entry
        licence.conditions += [Condition(name=name, version=version, entry=entry) for name in added]
        licence.version = version
        licence.variations.append(entry)
        if self.running is not None:
            self._bind(licence, entry)

    def _over(self, entry: Entry, status: Literal["revoked", "ended"]) -> None:
        self.status = status
        if self.running is not None:
            self._bind(None, entry)
            self.running.ended = entry

    def _rescinded(self, entry: Entry) -> None:
        revoked = self.find(entry.body.get("revocation"), entry.agency)
        spell = self.spells[-1] if self.spells else None
        if spell is None or revoked is None or spell.ended is None or spell.ended.key != revoked.key:
            return
        spell.ended = None
        spell.rescinded.append((revoked, entry))
        for one in spell.bound:
            if one.ended_by is not None and one.ended_by.key == revoked.key:
                one.until = one.ended_by = None
                self.open.append(one)
        self.status, self.current = "active", spell.licences[-1] if spell.licences else None

    def _bind(self, licence: Licence | None, by: Entry) -> None:
        """From `by` on, the person is bound by what stands on a licence, and by nothing else."""
        wanted = {(one.name, one.version, one.bespoke): one for one in licence.standing} if licence else {}
        kept = []
        for one in self.open:
            name = (one.condition.name, one.condition.version, one.condition.bespoke)
            if licence is not None and wanted.pop(name, None) is not None:
                kept.append(one)
            else:
                one.until, one.ended_by = by.happened, by
        begun = [Bound(condition=one, licence=licence, since=by.happened) for one in wanted.values()] if licence else []
        self.open = kept + begun
        self.bound += begun
        if self.running is not None:
            self.running.bound += begun

    def standing(self) -> Standing:
        active = self.status == "active"
        return Standing(
            status=self.status,
            in_force=self.current if active else None,
            prepared=self.current if self.status == "approved" else None,
            licences=tuple(self.licences.values()),
            spells=tuple(self.spells),
            bound=tuple(self.bound),
        )


def _licence(entry: Entry) -> Licence:
    version = str(entry.body["policy_version"])
    names = dict.fromkeys(entry.body["conditions"])
    bespoke = dict.fromkeys(entry.body.get("bespoke") or ())
    conditions = [Condition(name=name, version=version, entry=entry) for name in names]
    conditions += [Condition(name=name, version=version, entry=entry, bespoke=True) for name in bespoke]
    return Licence(approved=entry, version=version, conditions=conditions)


def keys(entries: Iterable[Entry]) -> frozenset[Key]:
    """The keys of the entries of this room."""
    return frozenset(entry.key for entry in entries if entry.kind.startswith(PREFIX))
