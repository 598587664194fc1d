"""One person's case as one viewer may see it, at one moment, with one agency's eyes or all: what every page about a
person starts from.

Entries come through `ledger.queries.line` and nowhere else. Duties and findings are those kept for today, or worked
out anew for a past moment or one agency's knowledge; what rests on entries that the viewer may not read is shown as
much as its existence may be said, and no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from throughcare.access import queries as access
from throughcare.access.reach import Reach, Viewer
from throughcare.duties import queries as duties
from throughcare.duties.engine import evaluate
from throughcare.duties.standing import due_text
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import (
    SHARED,
    WITHDRAWN,
    Concern,
    Entry,
    Index,
    Key,
    Record,
    knowledge,
    london_day,
    on_or_before,
    replacements,
    standing,
)
from throughcare.people import queries as people
from throughcare.web.looking import Looking


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty as it stood at the moment of the page."""

    rule: str
    started_by: str
    due: str | None
    state: str
    met_by: str | None
    owner: str
    agency: str
    assigned: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding as it stood at the moment of the page, with the part of its evidence that the viewer may read."""

    rule: str
    key: str
    raised: date
    result: str
    evidence: tuple[Entry, ...]
    unread: tuple[str, ...] = ()  # entries of its evidence that the viewer may not read and may be told of: AGENCY:ref
    assigned: uuid.UUID | None = None

    @property
    def unseen(self) -> int:
        """How many entries of its evidence the viewer may not read, so far as their existence may be said."""
        return len(self.unread)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What one viewer sees of one person."""

    person: uuid.UUID
    viewer: Viewer
    reach: Reach
    look: Looking
    now: datetime
    records: tuple[people.Held, ...]
    names: Mapping[Record, people.Held]
    desks: Mapping[str, access.Desk]
    readable: Sequence[Entry]  # everything that the viewer may read, noted up to now
    entries: Sequence[Entry]  # of these, what existed at the moment and was known to the agency asked for
    restricted: Mapping[str, int] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    findings: tuple[Finding, ...] = ()
    carried: tuple[
        Entry, ...
    ] = ()  # of what is readable: about somebody else, and told to the viewer's agency for this

    @property
    def name(self) -> str:
        """The name to show: the oldest record's main name."""
        return next((one.name for one in self.records if one.names), self.records[0].name)

    @cached_property
    def shown_records(self) -> tuple[people.Held, ...]:
        """The records that an entry shown names: on a past day, those of which something had been written."""
        named = {concern.record for entry in self.entries for concern in entry.concerns}
        return tuple(one for one in self.records if one.record in named)

    @property
    def born(self) -> date | None:
        """The date of birth, where an agency holds one."""
        return next((one.date_of_birth for one in self.records if one.date_of_birth), None)

    @cached_property
    def own(self) -> frozenset[Record]:
        """The agencies' records of this person."""
        return frozenset(one.record for one in self.records)

    @cached_property
    def standing(self) -> list[Entry]:
        """The entries that count at the moment, in the order in which they happened."""
        return sorted(standing(self.entries), key=lambda one: (one.happened.sorting, one.noted, one.ref))

    @cached_property
    def about(self) -> list[Entry]:
        """Of these, those whose subject is this person."""
        subject = {Concern("subject", record) for record in self.own}
        return [one for one in self.standing if not subject.isdisjoint(one.concerns)]

    @cached_property
    def replaced(self) -> dict[Key, Entry]:
        """For each entry that was corrected or withdrawn by the moment, the entry that did it."""
        return replacements(self.entries)

    @cached_property
    def index(self) -> Index:
        """Entries by reference."""
        return Index(self.entries)

    @cached_property
    def since(self) -> dict[str, dict[Key, datetime]]:
        """Since when each agency knows each entry, as far as entries that the viewer may read say."""
        return knowledge(on_or_before(self.readable, self.look.until))

    def knew(self, agency: str, entry: Entry) -> datetime | None:
        """Since when an agency knows an entry; None: not at the moment of the page."""
        at = self.since.get(agency, {}).get(entry.key)
        return at if at is not None and at <= self.look.until else None

    def find(self, ref: object, agency: str) -> Entry | None:
        """The entry that stands for a reference at this moment."""
        found = self.index.find(ref, agency=agency) if isinstance(ref, str) else None
        seen: set[Key] = set()
        while found is not None and found.key in self.replaced and found.key not in seen:
            seen.add(found.key)
            found = self.replaced[found.key]
        return None if found is None or found.kind == WITHDRAWN else found

    def agency_name(self, code: str) -> str:
        """An agency's name in full."""
        return self.desks[code].name if code in self.desks else code

    def name_of(self, record: Record) -> str:
        """The name of somebody whom an entry concerns."""
        held = self.names.get(record)
        return held.name if held else "Somebody not named here"

    @property
    def later(self) -> int:
        """How many readable entries came after the moment."""
        return len(self.readable) - len(on_or_before(self.readable, self.look.until))

    @cached_property
    def stops(self) -> list[datetime]:
        """The moments at which something became known to somebody, or to the agency asked for; each once, in order."""
        since = knowledge(self.readable) if self.look.known_on else self.since
        asked = [since.get(self.look.known_to, {})] if self.look.known_to else list(since.values())
        return sorted({at for known in asked for at in known.values() if at <= self.now})


class MovedOn(Exception):
    """This person has no records any more: they were joined with another's, who holds them now."""

    def __init__(self, person: uuid.UUID, heir: uuid.UUID) -> None:
        self.person, self.heir = person, heir
        super().__init__("The records of this person are another's now.")


def gather(
    person: uuid.UUID,
    *,
    viewer: Viewer,
    reach: Reach,
    look: Looking,
    now: datetime,
    desks: Mapping[str, access.Desk] | None = None,
    with_answers: bool = True,
) -> Case:
    """Read a case for one viewer. Five queries for now, nine for a past moment; fewer without answers or with `desks`.

    Raises `MovedOn` where the person's records were joined with another's.
    The reach is the viewer's of this moment: looking back does not open what is closed today.
    """
    records = tuple(people.records_of([person])[person])
    if not records and (heir := people.heir(person)) is not None:
        raise MovedOn(person, heir)
    own = [one.record for one in records]
    line = ledger.line(own, reach=reach, until=now)
    carried = _carried(line.entries, reach, now)
    if carried:
        line.entries.extend(carried)
        line.entries.sort(key=lambda one: (one.noted, one.ref))
    others = _named(line.entries, viewer.agency) - set(own)
    names = {one.record: one for one in records} | (people.named(others) if others else {})
    shown = _known(line.entries, look)
    found = _answers(person, look, line) if with_answers else ((), ())
    return Case(
        person=person,
        viewer=viewer,
        reach=reach,
        look=look,
        now=now,
        records=records,
        names=names,
        desks=desks if desks is not None else access.desks(),
        readable=line.entries,
        entries=shown,
        restricted=line.restricted,
        duties=found[0],
        findings=found[1],
        carried=tuple(carried),
    )


_TELLING = (SHARED, "information.requested", "information.replied")


def _named(entries: Sequence[Entry], agency: str) -> set[Record]:
    """Whom entries name. Telling or asking another agency of somebody does not tell one's own who that is."""
    return {
        concern.record
        for entry in entries
        if entry.agency != agency or entry.kind not in _TELLING
        for concern in entry.concerns
    }


def _carried(entries: Sequence[Entry], reach: Reach, until: datetime) -> list[Entry]:
    """What sharings of this line tell the viewer's agency that stands elsewhere. A query where there is any."""
    telling = [
        one.key
        for one in entries
        if one.kind == SHARED and one.agency != reach.agency and reach.agency in one.body.get("to", ())
    ]
    if not telling:
        return []
    there = {one.key for one in entries}
    return [one for one in ledger.carried(telling, reach=reach, until=until) if one.key not in there]


def _known(readable: Sequence[Entry], look: Looking) -> list[Entry]:
    existing = on_or_before(readable, look.until)
    if not look.known_to:
        return existing
    since = knowledge(existing).get(look.known_to, {})
    return [entry for entry in existing if entry.key in since and since[entry.key] <= look.until]


def _answers(person: uuid.UUID, look: Looking, line: ledger.Line) -> tuple[tuple[Duty, ...], tuple[Finding, ...]]:
    by_name = {duties.written(entry.key): entry for entry in line.entries}
    kept_duties, kept_findings = _past(person, look) if look.past else _today(person)
    shown = tuple(one for one in kept_duties if one.started_by in by_name)
    found = [find_evidence(one, by_name, hidden=line.hidden) for one in kept_findings]
    return shown, tuple(one for one in found if one.evidence or one.unread)


def kept_duty(one: duties.KeptDuty) -> Duty:
    """A duty of today as pages take it."""
    return Duty(
        rule=one.rule, started_by=one.started_by, due=one.due, state=one.state, met_by=one.met_by,
        owner=one.owner, agency=one.agency, assigned=one.assigned,
    )  # fmt: skip


def _today(person: uuid.UUID) -> tuple[list[Duty], list[duties.KeptFinding]]:
    kept = duties.answers_of(person)
    return [kept_duty(one) for one in kept[0]], kept[1]


def _past(person: uuid.UUID, look: Looking) -> tuple[list[Duty], list[duties.KeptFinding]]:
    """The answers of a past moment, or with one agency's eyes: worked out anew, for the end of that day."""
    answers = evaluate(
        duties.case(person), rules=duties.rules(), on=london_day(look.until), known_to=look.known_to or None
    )
    return [
        Duty(
            rule=one.rule, started_by=duties.written(one.started_by), due=due_text(one.due), state=str(one.state),
            met_by=duties.written(one.met_by) if one.met_by else None, owner=one.owner, agency=one.agency,
        )
        for one in answers.duties if one.person == str(person)
    ], [
        duties.KeptFinding(
            person=person, rule=one.rule, key=one.key, raised=one.raised, result=str(one.result),
            evidence=tuple(duties.written(key) for key in one.evidence),
        )
        for one in answers.findings if one.person == str(person)
    ]  # fmt: skip


def find_evidence(
    one: duties.KeptFinding, by_name: Mapping[str, Entry], *, hidden: Collection[uuid.UUID] = frozenset()
) -> Finding:
    """A finding with the part of its evidence that is among the entries given, by their names.

    Of the rest, what is `hidden` is not even counted: its label does not let anybody say that it exists.
    """
    return Finding(
        rule=one.rule, key=one.key, raised=one.raised, result=one.result,
        evidence=tuple(by_name[name] for name in one.evidence if name in by_name),
        unread=tuple(name for name in one.evidence if name not in by_name and duties.key_of(name).id not in hidden),
        assigned=one.assigned,
    )  # fmt: skip
