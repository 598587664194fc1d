"""What sharing with another agency and asking one have in common: whom else it may be about, what there is to choose
from, and who is told.

What is known here of somebody else, such as a child with whom the person lives, is a pointer, and stays one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import Http404, HttpRequest

from throughcare.access import queries as access
from throughcare.access.reach import Permission, matrix
from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import SHARED, WITHDRAWN, Entry, Key, Record
from throughcare.people import queries as people
from throughcare.web import rows, words, writing
from throughcare.web.asking import choices
from throughcare.web.case import Case, Finding
from throughcare.web.drawing import BOOKKEEPING, when_said
from throughcare.web.parts import Field, Table
from throughcare.web.person import case_of
from throughcare.web.shell import Choice, Link

ASKED, REPLIED = "information.requested", "information.replied"
PLAIN = "standard"
OF_TWO = "third_party"
"""The label of what is told about one person for the record of another."""

BASES: Mapping[str, str] = {
    "public_task": "A public task: safeguarding or supervision (UK GDPR, article 6(1)(e))",
    "legal_obligation": "The law requires it (UK GDPR, article 6(1)(c))",
    "vital_interests": "To protect somebody’s life (UK GDPR, article 6(1)(d))",
    "law_enforcement": "Law enforcement (Data Protection Act 2018, Part 3)",
    "consent": "Consent, freely given (UK GDPR, article 6(1)(a))",
}
HOLDS: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "It is not known yet"}

WORDS: Mapping[str, Mapping[str, str]] = {
    "lawful_basis": BASES,
    "family_told": {"yes": "Yes", "no": "No", "unknown": "Not yet"},
    "holds_information": HOLDS,
}
"""What the codes of these entries mean, by field."""

# --- whom else it may be about ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Somebody to whose record it can be told too. `name` is empty where the viewer is not told who it is."""

    person: UUID
    records: tuple[people.Held, ...]
    agencies: tuple[str, ...]  # that have recorded something, so far as that may be said
    name: str = ""
    why: str = ""

    def record(self, to: Sequence[str]) -> Record:
        """The record to name: one that an agency which is told holds, else the oldest."""
        return next((one.record for one in self.records if one.record.agency in to), self.records[0].record)


def others(case: Case) -> dict[str, Other]:
    """By id: those whom a readable entry links to the person, and those about whom a question crosses between them.

    The second are pointers: neither name nor link is shown, but that a question waits and which agencies to ring.
    """
    why: dict[UUID, str] = dict.fromkeys(_linked(case), "")
    for one, since in _waiting_for(case):
        why[one] = why.get(one) or since
    for one in _behind(case, case.findings):
        why.setdefault(one, "A question here rests on what is recorded of them")
    held = people.records_of(why)
    return {
        str(one): Other(
            person=one,
            records=tuple(held[one]),
            agencies=tuple(ledger.involved([r.record for r in held[one]], labels=matrix().said, until=case.now)),
            name=_name_here(case, held[one]),
            why=said,
        )
        for one, said in why.items()
        if held[one]
    }


def _name_here(case: Case, held: Sequence[people.Held]) -> str:
    """The name by which a readable entry already names them; empty: the viewer is not told."""
    return next((one.name for one in held if one.record in case.names), "")


def _linked(case: Case) -> Iterable[UUID]:
    for entry in case.standing:
        if entry.kind in people.LINKING:
            for concern in entry.concerns:
                held = case.names.get(concern.record)
                if held is not None and held.person != case.person:
                    yield held.person


def _waiting_for(case: Case) -> Iterable[tuple[UUID, str]]:
    """Those about whom a question rests on this record, where all that it rests on may be said to exist."""
    found = duties.findings_resting_on([one.key for one in case.about], not_of=case.person)
    pointers = ledger.pointers({duties.key_of(name) for one in found for name in one.evidence})
    for one in found:
        labels = {pointers[key].label for name in one.evidence if (key := duties.key_of(name)) in pointers}
        if labels <= matrix().said:
            yield one.person, f"A question waits for those who work with them, since {words.day(one.raised)}"


def _elsewhere(case: Case, found: Finding) -> list[Key]:
    """The part of a question's evidence that may not be read and that other agencies hold."""
    return [key for name in found.unread if (key := duties.key_of(name)).agency != case.viewer.agency]


def _behind(case: Case, findings: Sequence[Finding]) -> list[UUID]:
    """Whose records the questions of this page rest on, beyond what may be read."""
    pointers = ledger.pointers({key for one in findings for key in _elsewhere(case, one)})
    records = {r for one in pointers.values() if one.label in matrix().said for r in one.subjects} - case.own
    return sorted(set(people.persons_of(records).values()) - {case.person}) if records else []


# --- what a question's page points to --------------------------------------------------------------------------------


def held_elsewhere(case: Case, found: Finding) -> Table | None:
    """The agencies that hold what the viewer may not read of a question, and whom to ring. No content."""
    pointers = ledger.pointers(_elsewhere(case, found)) if found.unread else {}
    number: dict[str, int] = {}
    for one in pointers.values():
        if one.label in matrix().said:
            number[one.agency] = number.get(one.agency, 0) + 1
    if not number:
        return None
    return Table(
        caption="Held by others",
        heads=("Agency", "Holds", "Whom to ring"),
        rows=tuple(
            (
                case.agency_name(code),
                f"{words.many(count, 'entry', 'entries')} that you may not read",
                whom_to_ring(case.desks.get(code)),
            )
            for code, count in sorted(number.items())
        ),
    )


def whom_to_ring(desk: access.Desk | None) -> str:
    """The number of an agency and whom to ask for; empty where it gave none."""
    return f"{desk.telephone}, {desk.contact}" if desk and desk.telephone else ""


def links_of(case: Case, found: Finding) -> tuple[Link, ...]:
    """What can be done about a question that crosses from one agency to another: ask, or tell."""
    if case.look.past or not case.reach.may(Permission.SHARE):
        return ()
    holders = sorted({key.agency for key in _elsewhere(case, found)})
    base = f"/people/{case.person}"
    behind = _behind(case, [found])
    about = f"&about={behind[0]}" if len(behind) == 1 else ""
    asks = [
        Link(f"Ask {case.agency_name(code)} what you may be told", f"{base}/ask?to={code}{about}") for code in holders
    ]
    return (*asks, Link("Share with another agency", f"{base}/share"))


# --- the parts of the forms ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """One person's page of telling: the case, who writes, and what there is to choose from."""

    case: Case
    writer: writing.Writer

    @cached_property
    def others(self) -> dict[str, Other]:
        """Whom else it may be about."""
        return others(self.case)

    @property
    def path(self) -> str:
        """The person's pages."""
        return f"/people/{self.case.person}"

    @property
    def own(self) -> Record:
        """The record by which the entry names this person."""
        return self.writer.record or self.case.records[0].record

    @cached_property
    def offered(self) -> list[Entry]:
        """What the viewer's agency wrote about the person and still stands, the newest first."""
        mine = [one for one in self.case.standing if one.agency == self.case.viewer.agency]
        told = [one for one in mine if one.kind not in (SHARED, ASKED, REPLIED, WITHDRAWN, *BOOKKEEPING)]
        return sorted(told, key=lambda one: (one.noted, one.ref), reverse=True)

    @cached_property
    def near(self) -> dict[str, str]:
        """Agencies that have to do with the person, or with somebody whom it may be about too."""
        codes = {*writing.involved(self.case), *(code for one in self.others.values() for code in one.agencies)}
        codes -= {self.case.viewer.agency}
        return {code: self.case.agency_name(code) for code in sorted(codes, key=self.case.agency_name)}

    @cached_property
    def far(self) -> dict[str, str]:
        """Every other agency."""
        here = {*self.near, self.case.viewer.agency}
        return {code: desk.name for code, desk in self.case.desks.items() if code not in here}

    def about_field(self, chosen: str, *, telling: bool = True) -> tuple[Field, ...]:
        """Whom else it is about; none where nobody is linked."""
        if not self.others:
            return ()
        made = tuple(
            Choice(value=id, label=self.who(one), hint=self._known(one), chosen=id == chosen)
            for id, one in self.others.items()
        )
        nobody = Choice(value="", label="Nobody else", chosen=not chosen)
        return (
            Field(
                name="about",
                label="Is it for somebody else’s record too?",
                kind="radios",
                hint=f"What you {'tell' if telling else 'ask'} then stands in their record as well, "
                f"for those whom you {'tell' if telling else 'ask'}",
                choices=(*made, nobody),
            ),
        )

    def who(self, one: Other) -> str:
        """An other in words: the name, where the viewer is told it."""
        return one.name or "Somebody who is not named to you"

    def _known(self, one: Other) -> str:
        known = words.listed([self.case.agency_name(code) for code in one.agencies])
        return " ".join(words.sentence(said) for said in (one.why, f"Known to {known}" if known else "") if said)

    def concerns(self, about: Other | None, to: Sequence[str]) -> list[tuple[str, Record]]:
        """Whom the entry is about."""
        return [("subject", self.own), *([("subject", about.record(to))] if about else [])]


def desk_of(request: HttpRequest, person: UUID) -> Desk:
    """The desk of a request about a person. A past day has none: 404."""
    case = case_of(request, person)
    if case.look.past:
        raise Http404
    return Desk(case=case, writer=writing.writer_of(case.viewer, case.records))


def label_words(entry: Entry) -> str:
    """How an entry is restricted, in words; empty where it is not."""
    return (
        "" if entry.sensitivity == PLAIN else f"Restricted: {matrix().labels.get(entry.sensitivity, entry.sensitivity)}"
    )


def entry_words(entry: Entry, most: int = 140) -> str:
    """An entry in one line of `most` letters."""
    said = f"{when_said(entry)}: {entry.summary or rows.kind_words(entry.kind)}"
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"


BASIS = Field(name="lawful_basis", label="On what does it rest?", kind="radios", choices=choices(BASES))


def may_answer(case: Case, one: Entry) -> bool:
    """Is it a request to the viewer's agency that waits for an answer?"""
    if one.kind != ASKED or one.body.get("to") != case.viewer.agency or one.agency == case.viewer.agency:
        return False
    replies = (each for each in case.standing if each.kind == REPLIED)
    return not case.look.past and all(each.body.get("request") != one.ref for each in replies)


# --- who is told ------------------------------------------------------------------------------------------------------


def receivers(case: Case, about: Other | None, code: str) -> dict[UUID, frozenset[UUID]]:
    """Staff of an agency who work with the person, or with the other whom it is about; each is told once."""
    persons = [*([about.person] if about else []), case.person]
    holders = access.holders_of(persons, at=case.now)
    found: dict[UUID, frozenset[UUID]] = {}
    for person in persons:
        users = {
            user
            for one in holders[person]
            if one.agency == code and one.relation not in alerts.NOT_TOLD
            for user in one.members
        }
        found[person] = frozenset(users.difference(*found.values()))
    return found


def notices(desk: Desk, made: Entry, *, to: Sequence[str], other: Other | None, about: str) -> list[alerts.To]:
    """What tells the staff of each agency of this entry; `about` is the word for what happened."""
    found = []
    for code in to:
        for person, users in receivers(desk.case, other, code).items():
            if users:
                path = f"/people/{person}/entries/{made.id}"
                key = f"{about}|{made.id}|{person}|{code}"
                found.append(alerts.To(about=about, key=key, path=path, person=person, users=users))
    return found
