"""Telling another agency, asking one, and answering: on purpose, entry by entry, with the reason kept.

What a person shares is chosen from what their own agency wrote, read once more with its labels, and kept as an entry
of its own that names them (`information.shared`), with a plain sentence where that is enough. It may be for the record
of somebody else too, such as a child with whom the person lives: what is known of that other one here is a pointer,
and stays one. The other side reads what was shared, and nothing beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission, matrix
from throughcare.alerts import actions as alerts
from throughcare.duties import queries as duties
from throughcare.duties.calendar import BeyondCalendar, england_and_wales
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import LONDON, SHARED, WITHDRAWN, Entry, Key, Record, london_day
from throughcare.ledger.errors import VersionMoved
from throughcare.ledger.times import written
from throughcare.people import queries as people
from throughcare.web import page, rows, words, writing
from throughcare.web.asking import Answers, choices, ref_of
from throughcare.web.case import Case, Finding
from throughcare.web.drawing import BOOKKEEPING, when_said
from throughcare.web.frame import frame
from throughcare.web.looking import read_day
from throughcare.web.parts import Fact, Field, Form, Mistake, Table
from throughcare.web.person import case_of
from throughcare.web.shell import Choice, Link

ASKED, REPLIED = "information.requested", "information.replied"
PLAIN = "standard"
OF_TWO = "third_party"
"""The label of what is told about one person for the record of another."""

MOST_OFFERED = 12
ANSWER_IN = 2
"""Working days that a request gives to answer, where the asker does not change it."""

BASES: Mapping[str, str] = {
    "public_task": "A public task: safeguarding or supervision (UK GDPR, article 6(1)(e))",
    "legal_obligation": "The law requires it (UK GDPR, article 6(1)(c))",
    "vital_interests": "To protect somebody’s life (UK GDPR, article 6(1)(d))",
    "law_enforcement": "Law enforcement (Data Protection Act 2018, Part 3)",
    "consent": "Consent, freely given (UK GDPR, article 6(1)(a))",
}
FAMILY: Mapping[str, str] = {
    "yes": "Yes",
    "no": "No, because that would put somebody at risk",
    "unknown": "Not yet",
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
                _ring(case.desks.get(code)),
            )
            for code, count in sorted(number.items())
        ),
    )


def _ring(desk: access.Desk | None) -> str:
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
class _Desk:
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


def _desk(request: HttpRequest, person: UUID) -> _Desk:
    case = case_of(request, person)
    if case.look.past:
        raise Http404
    return _Desk(case=case, writer=writing.writer_of(case.viewer, case.records))


def _label_words(entry: Entry) -> str:
    return (
        "" if entry.sensitivity == PLAIN else f"Restricted: {matrix().labels.get(entry.sensitivity, entry.sensitivity)}"
    )


def _entry_words(entry: Entry, most: int = 140) -> str:
    said = f"{when_said(entry)}: {entry.summary or rows.kind_words(entry.kind)}"
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"


_BASIS = Field(name="lawful_basis", label="On what does it rest?", kind="radios", choices=choices(BASES))


# --- sharing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Share:
    """What somebody wants to share, read from the form."""

    entries: tuple[Entry, ...]
    said: str
    to: tuple[str, ...]
    about: Other | None
    purpose: str
    basis: str
    family: str
    holds: str = ""

    @property
    def restricted(self) -> tuple[Entry, ...]:
        """Entries under a label."""
        return tuple(one for one in self.entries if one.sensitivity != PLAIN)


@open_to(Permission.SHARE, person="person", methods=("GET", "POST"))
def share(request: HttpRequest, person: UUID) -> HttpResponse:
    """Share entries or a sentence with other agencies: chosen, read once more, recorded. `answer`: to a request."""
    desk = _desk(request, person)
    alerts.seen(desk.case.viewer.id, f"{desk.path}/share", at=desk.case.now)
    given = request.POST if request.method == "POST" else request.GET
    asked = _asked(desk, given.get("answer", ""))
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    step = request.POST.get("step", "")
    if request.method == "POST" and step in ("check", "record"):
        wanted = _read_share(desk, answers, asked)
        if wanted is not None and (step == "check" or not _means_it(answers, wanted)):
            return _check_page(request, desk, wanted, asked, answers)
        mistakes = answers.mistakes
        if wanted is not None:
            try:
                return _record(request, desk, wanted, asked)
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(desk.case, moved), f"{desk.path}/entries"),)
    return _form_page(request, desk, asked, answers, mistakes)


def _means_it(answers: Answers, wanted: _Share) -> bool:
    """Was it said that the restricted entries are meant to go along?"""
    if wanted.restricted:
        answers.choice("restricted", ("yes",), ask="Tick that you mean to share what is restricted, or take it out")
    return not answers.wrong


def _asked(desk: _Desk, id: str) -> Entry | None:
    """The request that is answered: put to the viewer's agency, by another. None: nothing is answered."""
    if not id:
        return None
    one = next((found for found in desk.case.standing if str(found.id) == id and may_answer(desk.case, found)), None)
    if one is None:
        raise Http404
    return one


def may_answer(case: Case, one: Entry) -> bool:
    """Is it a request to the viewer's agency that waits for an answer?"""
    if one.kind != ASKED or one.body.get("to") != case.viewer.agency or one.agency == case.viewer.agency:
        return False
    replies = (each for each in case.standing if each.kind == REPLIED)
    return not case.look.past and all(each.body.get("request") != one.ref for each in replies)


def _read_share(desk: _Desk, answers: Answers, asked: Entry | None) -> _Share | None:
    holds = answers.choice("holds", HOLDS, ask="Choose whether your agency holds information") if asked else ""
    by_id = {str(one.id): one for one in desk.offered}
    entries = tuple(by_id[id] for id in answers.chosen("entries", by_id))
    said = answers.text("said", most=1_500)
    if not entries and not said and holds in ("", "yes"):
        answers.wrong["entries" if by_id else "said"] = "Choose what to share, or write a sentence"
    to: list[str] = [asked.agency] if asked else list(answers.chosen("to", desk.near))
    if not asked and (other := answers.choice("other", desk.far)):
        to.append(other)
    if not to:
        answers.wrong["to" if desk.near else "other"] = "Choose with whom you share it"
    about = desk.others.get(answers.choice("about", desk.others))
    nothing = holds in ("no", "unknown") and not entries and not said
    purpose = answers.text("purpose", ask="" if nothing else "Say for what you share it", least=5, most=1_000)
    basis = answers.choice("lawful_basis", BASES, ask="" if nothing else "Choose on what it rests")
    family = answers.choice(
        "family_told", FAMILY, ask="" if nothing else "Choose whether those whom it is about were told"
    )
    if answers.wrong:
        return None
    return _Share(
        entries=entries, said=said, to=tuple(to), about=about, purpose=purpose, basis=basis, family=family, holds=holds
    )


def _form_page(
    request: HttpRequest, desk: _Desk, asked: Entry | None, answers: Answers, mistakes: Sequence[Mistake]
) -> HttpResponse:
    first = request.GET if request.method == "GET" else {}
    fields = _share_fields(desk, asked, first, wide="all" in request.GET or request.method == "POST")
    back = Link("The request", f"{desk.path}/entries/{asked.id}") if asked else Link(desk.case.name, desk.path)
    value = page.Share(
        shell=frame(request, title="Share with another agency", case=desk.case),
        person=writing.small_bar(desk.case),
        title=f"Answer {desk.case.agency_name(asked.agency)}" if asked else "Share with another agency",
        step="Step 1 of 2",
        lead=_asked_words(asked) if asked else "They see what you choose from now on, and nothing beside it.",
        form=Form(
            action=f"{desk.path}/share",
            button="Go on: read it once more",
            fields=answers.shown(fields) if request.method == "POST" else fields,
            mistakes=tuple(mistakes),
            hidden=_hidden(request, desk, asked, "check"),
            second=Link("Cancel", back.href),
        ),
        back=back,
        older=Link(f"Offer all {len(desk.offered):,} entries", f"{desk.path}/share?all=yes")
        if len(desk.offered) > MOST_OFFERED and request.method == "GET" and "all" not in request.GET
        else None,
    )
    return render(request, "share.html", {"page": value}, status=400 if mistakes else 200)


def _asked_words(asked: Entry) -> str:
    purpose = asked.body.get("purpose")
    by = datetime.fromisoformat(str(asked.body["reply_by"]))
    said = f"Asked {when_said(asked)}, by {words.day(by)}."
    return f"{said} For: {words.sentence(str(purpose))}" if purpose else said


def _hidden(request: HttpRequest, desk: _Desk, asked: Entry | None, step: str) -> tuple[tuple[str, str], ...]:
    version = request.POST.get("version", "") or str(writing.version(desk.case.person))
    made = (("step", step), ("ref", ref_of(request.POST)), ("version", version))
    return (*made, ("answer", str(asked.id))) if asked else made


def _share_fields(desk: _Desk, asked: Entry | None, first: Mapping[str, str], *, wide: bool) -> tuple[Field, ...]:
    chosen = first.get("entry", "")
    shown = [one for n, one in enumerate(desk.offered) if wide or n < MOST_OFFERED or str(one.id) == chosen]
    made: list[Field] = []
    if asked:
        made.append(
            Field(name="holds", label="Does your agency hold information?", kind="radios", choices=choices(HOLDS))
        )
    if shown:
        made.append(
            Field(
                name="entries",
                label="Which entries?",
                kind="checkboxes",
                hint="What your own agency wrote, the newest first. What another agency wrote is for them to share",
                choices=tuple(
                    Choice(
                        value=str(one.id), label=_entry_words(one), hint=_label_words(one), chosen=str(one.id) == chosen
                    )
                    for one in shown
                ),
            )
        )
    made.append(
        Field(
            name="said",
            label="Or a plain sentence, in place of entries or beside them",
            kind="textarea",
            hint="For example: he was released on Monday. Say no more than they need",
        )
    )
    made += desk.about_field(first.get("about", ""))
    if not asked:
        made += _to_fields(desk, first.get("to", ""))
    return (
        *made,
        Field(
            name="purpose",
            label="For what?",
            kind="textarea",
            rows=2,
            hint="Why they need it, and why no less would do. For example: to plan the next visit",
        ),
        _BASIS,
        Field(
            name="family_told",
            label="Were those whom it is about told that it is shared?",
            kind="radios",
            choices=choices(FAMILY),
        ),
    )


def _to_fields(desk: _Desk, chosen: str) -> tuple[Field, ...]:
    far = Field(name="other", label="Another agency", kind="select", choices=choices(desk.far, chosen, first="None"))
    if not desk.near:
        return (far,)
    near = Field(name="to", label="With whom?", kind="checkboxes", choices=choices(desk.near, chosen))
    return near, far


# --- read once more, and record --------------------------------------------------------------------------------------


def _check_page(
    request: HttpRequest, desk: _Desk, wanted: _Share, asked: Entry | None, answers: Answers
) -> HttpResponse:
    case = desk.case
    kept = _kept(wanted)
    value = page.ShareCheck(
        shell=frame(request, title="Read it once more", case=case),
        person=writing.small_bar(case),
        title="Read it once more",
        step="Step 2 of 2",
        groups=_groups(desk, wanted, asked),
        told=tuple(_told_words(desk, wanted, code) for code in wanted.to),
        form=Form(
            action=f"{desk.path}/share",
            button="Send the answer" if asked else "Share it",
            mistakes=answers.mistakes,
            fields=answers.shown(_restricted_field(wanted)),
            hidden=(*_hidden(request, desk, asked, "record"), *kept),
        ),
        change=Form(
            action=f"{desk.path}/share",
            button="Change something",
            hidden=(*_hidden(request, desk, asked, "change"), *kept),
        ),
    )
    return render(request, "share_check.html", {"page": value}, status=400 if answers.wrong else 200)


def _kept(wanted: _Share) -> tuple[tuple[str, str], ...]:
    one = [
        ("said", wanted.said), ("purpose", wanted.purpose), ("lawful_basis", wanted.basis),
        ("family_told", wanted.family), ("about", str(wanted.about.person) if wanted.about else ""),
        ("holds", wanted.holds),
    ]  # fmt: skip
    return (*one, *(("entries", str(each.id)) for each in wanted.entries), *(("to", code) for code in wanted.to),
            *(("other", code) for code in wanted.to))  # fmt: skip


def _restricted_field(wanted: _Share) -> tuple[Field, ...]:
    if not wanted.restricted:
        return ()
    number = words.many(len(wanted.restricted), "restricted entry goes", "restricted entries go")
    yes = Choice(value="yes", label=f"I mean to share {'it' if len(wanted.restricted) == 1 else 'them'}")
    return (Field(name="restricted", label=f"{number.capitalize()} along", kind="checkboxes", choices=(yes,)),)


def _groups(desk: _Desk, wanted: _Share, asked: Entry | None) -> tuple[page.AnswerGroup, ...]:
    what = [
        Fact(f"Entry {n}", _entry_words(one, most=2_000) + (f". {_label_words(one)}" if _label_words(one) else ""))
        for n, one in enumerate(wanted.entries, 1)
    ]
    if wanted.said:
        what.append(Fact("A sentence", wanted.said))
    why = [
        *((Fact("Your agency holds information", HOLDS[wanted.holds]),) if asked else ()),
        *((Fact("For whose record too", desk.who(wanted.about)),) if wanted.about else ()),
        *((Fact("For what", wanted.purpose),) if wanted.purpose else ()),
        *((Fact("It rests on", BASES[wanted.basis]),) if wanted.basis else ()),
        *((Fact("Were they told", FAMILY[wanted.family]),) if wanted.family else ()),
    ]
    return (
        page.AnswerGroup(title="What goes", facts=tuple(what) or (Fact("Nothing", "only the answer goes"),)),
        *((page.AnswerGroup(title="Why", facts=tuple(why)),) if why else ()),
    )


def _told_words(desk: _Desk, wanted: _Share, code: str) -> str:
    """An agency that is told; whether anybody there works with the person here, and whom to ring where not."""
    case, name = desk.case, desk.case.agency_name(code)
    told = _receivers(case, wanted.about, code)
    if any(told.values()):
        return (
            f"{name}: {words.many(len(set().union(*told.values())), 'member of staff is', 'members of staff are')} told"
        )
    ring = _ring(case.desks.get(code))
    return f"{name}: nobody there works with them in this system, so ring as well{f': {ring}' if ring else ''}"


def _receivers(case: Case, about: Other | None, code: str) -> dict[UUID, frozenset[UUID]]:
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


def _record(request: HttpRequest, desk: _Desk, wanted: _Share, asked: Entry | None) -> HttpResponse:
    case, ref = desk.case, ref_of(request.POST)
    made = _entries(desk, wanted, asked, ref)
    with transaction.atomic():
        writing.keep(made, writer=desk.writer, at=case.now, seen=writing.seen(request, case.person))
        alerts.send(_notices(desk, wanted, made, "replied" if asked else "shared"), at=case.now)
    return HttpResponseRedirect(f"{desk.path}/entries/{made[-1].id}?done={'replied' if asked else 'shared'}")


def _entries(desk: _Desk, wanted: _Share, asked: Entry | None, ref: str) -> list[Entry]:
    """One entry for each label, so that each is read by who may read what it names; and the reply, where asked."""
    made: list[Entry] = []
    if asked:
        made.append(_reply(desk, wanted, asked, ref))
    if not wanted.entries and not wanted.said:
        return made
    by_label: dict[str, list[Entry]] = {} if wanted.entries else {PLAIN: []}
    for one in wanted.entries:
        by_label.setdefault(one.sensitivity, []).append(one)
    plainest = PLAIN if PLAIN in by_label else next(iter(by_label))
    for n, (label, entries) in enumerate(by_label.items(), len(made)):
        said = wanted.said if label == plainest else ""
        made.append(_sharing(desk, wanted, entries, said, label, f"{ref}-{n}" if n else ref))
    return made


def _sharing(desk: _Desk, wanted: _Share, entries: Sequence[Entry], said: str, label: str, ref: str) -> Entry:
    names = words.listed([desk.case.agency_name(code) for code in wanted.to])
    kinds = list(dict.fromkeys(rows.kind_words(one.kind).lower() for one in entries))
    what = [*([said.rstrip(".")] if said else []), *([words.listed(kinds)] if kinds else [])]
    body: dict[str, Any] = {
        "entries": [one.ref for one in entries],
        "to": list(wanted.to),
        "purpose": wanted.purpose,
        "family_told": wanted.family,
        "said": said,
        "lawful_basis": wanted.basis,
    }
    return writing.entry(
        ref,
        SHARED,
        writer=desk.writer,
        at=desk.case.now,
        concerns=desk.concerns(wanted.about, wanted.to),
        summary=f"shared with {names}: {'; '.join(what)}",
        body=body,
        sensitivity=OF_TWO if wanted.about and label == PLAIN else label,
    )


def _reply(desk: _Desk, wanted: _Share, asked: Entry, ref: str) -> Entry:
    holds = {"yes": "information is held", "no": "nothing is held", "unknown": "it is not known yet"}[wanted.holds]
    return writing.entry(
        ref,
        REPLIED,
        writer=desk.writer,
        at=desk.case.now,
        shared=[asked.agency],
        concerns=[(one.part, one.record) for one in asked.concerns],
        summary=f"answered {desk.case.agency_name(asked.agency)}: {holds}",
        body={"request": asked.ref, "holds_information": wanted.holds},
        sensitivity=asked.sensitivity,
    )


def _notices(desk: _Desk, wanted: _Share, made: Sequence[Entry], about: str) -> list[alerts.To]:
    notices = []
    for entry in made[-1:]:
        for code in wanted.to:
            for person, users in _receivers(desk.case, wanted.about, code).items():
                if users:
                    path = f"/people/{person}/entries/{entry.id}"
                    key = f"{about}|{entry.id}|{person}|{code}"
                    notices.append(alerts.To(about=about, key=key, path=path, person=person, users=users))
    return notices


# --- asking ----------------------------------------------------------------------------------------------------------


@open_to(Permission.SHARE, person="person", methods=("GET", "POST"))
def ask(request: HttpRequest, person: UUID) -> HttpResponse:
    """Ask another agency for what it holds, or what one may be told: for what, on what ground, by when."""
    desk = _desk(request, person)
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = _read_request(desk, answers, ref_of(request.POST))
        mistakes = answers.mistakes
        if made is not None:
            try:
                return _send_request(request, desk, *made)
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(desk.case, moved), f"{desk.path}/entries"),)
    fields = _ask_fields(desk, request.GET if request.method == "GET" else {})
    value = page.Share(
        shell=frame(request, title="Ask another agency", case=desk.case),
        person=writing.small_bar(desk.case),
        title="Ask another agency",
        lead="They answer here or by telephone. What they hold stays theirs: they choose what you may be told.",
        form=Form(
            action=f"{desk.path}/ask",
            button="Ask",
            fields=answers.shown(fields) if request.method == "POST" else fields,
            mistakes=tuple(mistakes),
            hidden=(("ref", ref_of(request.POST)), ("version", str(writing.version(person)))),
            second=Link("Cancel", desk.path),
        ),
        back=Link(desk.case.name, desk.path),
    )
    return render(request, "share.html", {"page": value}, status=400 if mistakes else 200)


def _ask_fields(desk: _Desk, first: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        Field(
            name="to",
            label="Whom do you ask?",
            kind="select",
            choices=choices(desk.near | desk.far, first.get("to", ""), first="Choose an agency"),
        ),
        *desk.about_field(first.get("about", ""), telling=False),
        Field(
            name="purpose",
            label="What do you want to know, and for what?",
            kind="textarea",
            hint="They read this. Say what you need to know, and no more of the case than they must know to answer",
        ),
        _BASIS,
        Field(
            name="reply_by",
            label="By when do you need the answer?",
            value=words.day(_soon(desk.case.now)),
            width=20,
            hint="For example, 24 November 2026. If somebody is in danger, ring now",
        ),
    )


def _soon(now: datetime) -> datetime:
    today = london_day(now)
    try:
        day = england_and_wales().after(today, ANSWER_IN)
    except BeyondCalendar:
        day = today + timedelta(days=ANSWER_IN)
    return datetime.combine(day, time(17), LONDON)


def _read_request(desk: _Desk, answers: Answers, ref: str) -> tuple[Entry, Other | None] | None:
    case = desk.case
    to = answers.choice("to", desk.near | desk.far, ask="Choose whom you ask")
    about = desk.others.get(answers.choice("about", desk.others))
    purpose = answers.text("purpose", ask="Say what you want to know, and for what", least=5, most=1_000)
    basis = answers.choice("lawful_basis", BASES, ask="Choose on what it rests")
    by = read_day(answers.text("reply_by", most=40))
    if by is None or by < london_day(case.now):
        answers.wrong["reply_by"] = "Enter a day from today on, such as 30 November 2026"
    if answers.wrong or by is None:
        return None
    made = writing.entry(
        ref,
        ASKED,
        writer=desk.writer,
        at=case.now,
        shared=[to],
        concerns=desk.concerns(about, [to]),
        summary=f"asked {case.agency_name(to)}: {purpose.rstrip('.')}",
        body={
            "to": to,
            "reply_by": written(datetime.combine(by, time(17), LONDON)),
            "purpose": purpose,
            "lawful_basis": basis,
        },
        sensitivity=OF_TWO if about else "",
    )
    return made, about


def _send_request(request: HttpRequest, desk: _Desk, made: Entry, about: Other | None) -> HttpResponse:
    case, to = desk.case, str(made.body["to"])
    wanted = _Share(entries=(), said="", to=(to,), about=about, purpose="", basis="", family="")
    with transaction.atomic():
        writing.keep([made], writer=desk.writer, at=case.now, seen=writing.seen(request, case.person))
        alerts.send(_notices(desk, wanted, [made], "asked"), at=case.now)
    return HttpResponseRedirect(f"{desk.path}/entries/{made.id}?done=asked")
