"""One entry: everything that it says in words, who knows it since when, its proof; and what its own agency can do.

Nothing is edited: correcting, withdrawing and sharing each append an entry of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission, matrix
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import SHARED, WITHDRAWN, Entry, Key, Record
from throughcare.ledger.errors import EntryRefused, NothingToCorrect, VersionMoved
from throughcare.web import page, rows, sheet, telling, words, writing
from throughcare.web.asking import Answers, choices, ref_of
from throughcare.web.case import Case
from throughcare.web.drawing import stands, when_said
from throughcare.web.frame import frame
from throughcare.web.parts import Fact, Field, Form, Mistake, Table
from throughcare.web.person import case_of, person_bar
from throughcare.web.shell import Link


def _entry(case: Case, id: UUID) -> Entry:
    """The entry of this id, if the viewer may read it and it existed at the moment of the page."""
    found = next((one for one in case.entries if one.id == id), None)
    if found is None:
        raise Http404
    return found


def _path(case: Case, one: Entry) -> str:
    return f"/people/{case.person}/entries/{one.id}"


# --- the page --------------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def entry(request: HttpRequest, person: UUID, entry: UUID) -> HttpResponse:
    """Everything of one entry."""
    case = case_of(request, person, with_answers=False)
    one = _entry(case, entry)
    new, old = (
        case.replaced.get(one.key),
        case.index.by_key.get(Key(one.agency, one.corrects)) if one.corrects else None,
    )
    said = {
        "corrected": "This entry was corrected. The correction counts.",
        "withdrawn": "This entry was withdrawn. It does not count.",
    }
    done = {
        "corrected": "The correction is recorded",
        "withdrawn": "The entry is withdrawn",
        "shared": "It is shared",
        "asked": "They are asked",
        "replied": "They have your answer",
    }.get(request.GET.get("done", ""), "")
    value = sheet.Sheet(
        shell=frame(request, title=rows.kind_words(one.kind), case=case, success=done),
        person=person_bar(case, "Entries"),
        small=f"{rows.kind_words(one.kind)}, {when_said(one)}",
        title=_heading(one),
        lead=said.get(stands(case, one), ""),
        sections=(
            sheet.Section(
                title="What it says", facts=(*_about(case, one), *_body(case, one), Fact("Their reference", one.ref))
            ),
            *_changes(case, one, old, new),
            sheet.Section(title="Who knows it", table=_known(case, one)),
            sheet.Section(title="Proof", facts=_proof(one)),
            *_can_do(case, one, new),
        ),
        back=Link("All entries", f"/people/{person}/entries{case.look.query()}"),
    )
    return render(request, "sheet.html", {"page": value})


def _heading(one: Entry) -> str:
    text = words.sentence(one.summary or rows.kind_words(one.kind))
    return text if len(text) <= 160 else f"{text[:157].rstrip()}…"


def _about(case: Case, one: Entry) -> tuple[Fact, ...]:
    people: dict[str, list[str]] = {}
    for concern in one.concerns:
        people.setdefault(concern.part, []).append(case.name_of(concern.record))
    label = matrix().labels.get(one.sensitivity, one.sensitivity)
    return (
        *((Fact("In full", one.summary),) if len(one.summary) > 160 else ()),
        Fact("When it happened", when_said(one) + (f", to {_end(one)}" if one.happened_to else "")),
        Fact("Recorded", f"{words.moment(one.noted)}{f', {rows.lag(one)}' if rows.lag(one) else ''}"),
        Fact("By", f"{one.author_role}, {case.agency_name(one.agency)}"),
        *((Fact("How they know", rows.BASIS.get(one.basis, one.basis)),) if one.basis else ()),
        *(Fact(_name(part), words.listed(names)) for part, names in people.items()),
        *((Fact("Sensitivity", label),) if one.sensitivity != "standard" else ()),
    )


def _end(one: Entry) -> str:
    end = one.happened_to
    if end is None:
        return ""
    return words.moment(end.at) if end.at else words.day(end.on) if end.on else ""


def _name(field: str) -> str:
    return field.replace("_", " ").strip().capitalize()


def _body(case: Case, one: Entry) -> tuple[Fact, ...]:
    """The typed body in plain words, in the order in which its kind declares it."""
    kind = writing.known_kinds().get(one.kind)
    order = list(kind.wanted) if kind else list(one.body)
    said = _words_of(one.kind.partition(".")[0])
    return tuple(
        Fact(_name(name), said.get(name, {}).get(str(one.body[name])) or _value(case, one, one.body[name]))
        for name in order
        if name in one.body
    )


@cache
def _words_of(room: str) -> Mapping[str, Mapping[str, str]]:
    """What a room's codes mean, by field: the `WORDS` of its `words.py`, where it offers them."""
    if room == "information":
        return telling.WORDS
    name = f"throughcare.{room}.words"
    found: Mapping[str, Mapping[str, str]] = {}
    if room in settings.ROOMS and find_spec(name):
        found = getattr(import_module(name), "WORDS", found)
    return found


def _value(case: Case, one: Entry, value: Any) -> str:
    if isinstance(value, list):
        return words.listed([_value(case, one, each) for each in value]) or "none"
    if not isinstance(value, str):
        return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    named = case.index.find(value, agency=one.agency)
    if named is not None:
        return f"{rows.kind_words(named.kind)}, {when_said(named)} ({value})"
    if value in case.desks:
        return case.agency_name(value)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value.replace("_", " ") if value.isascii() and value.islower() and " " not in value else value
    return words.moment(at) if "T" in value else words.day(at.date())


def _changes(case: Case, one: Entry, old: Entry | None, new: Entry | None) -> tuple[sheet.Section, ...]:
    """What was corrected, old and new side by side."""
    made = []
    if old is not None and one.kind != WITHDRAWN:
        made.append(
            sheet.Section(
                title="What this corrects",
                beside=_beside(case, old, one),
                links=(Link("The entry that it corrects", _path(case, old)),),
            )
        )
    if new is not None and new.kind == WITHDRAWN:
        made.append(
            sheet.Section(
                title="Why it was withdrawn",
                inset=words.sentence(str(new.body["reason"])),
                links=(Link("The entry that withdraws it", _path(case, new)),),
            )
        )
    elif new is not None:
        made.append(
            sheet.Section(
                title="How it was corrected",
                beside=_beside(case, one, new),
                links=(Link("The correction", _path(case, new)),),
            )
        )
    return tuple(made)


def _beside(case: Case, old: Entry, new: Entry) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    before, after = _said(case, old), _said(case, new)
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]

    def side(said: Mapping[str, str]) -> tuple[Fact, ...]:
        return tuple(Fact(name, said.get(name, "nothing")) for name in names) or (Fact("No field", "differs"),)

    return (
        (f"Before: recorded {words.moment(old.noted)}", side(before)),
        (f"After: recorded {words.moment(new.noted)}", side(after)),
    )


def _said(case: Case, one: Entry) -> dict[str, str]:
    return {"Summary": one.summary, "When it happened": when_said(one)} | {
        fact.name: fact.value for fact in _body(case, one)
    }


def _known(case: Case, one: Entry) -> Table:
    told = sorted((at, agency) for agency in case.since if (at := case.knew(agency, one)) is not None)
    return Table(
        caption="Who knows it",
        heads=("Agency", "Since", "How"),
        rows=tuple(
            (case.agency_name(agency), words.moment(at), "wrote it" if agency == one.agency else "was told")
            for at, agency in told
        ),
    )


def _proof(one: Entry) -> tuple[Fact, ...]:
    found = ledger.inclusion(one.id)
    taken = (Fact("Taken into this ledger", words.moment(one.received)),) if one.received else ()
    if found is None:
        return (*taken, Fact("Sealed", "Not yet: the sealer takes it in a moment"))
    return (
        *taken,
        Fact("Position in the ledger", f"{found.position + 1:,}"),
        Fact("Sealed by", f"checkpoint {found.size:,}, which anyone with the public key can check"),
        Fact("Hash of its leaf", found.leaf.hex()),
    )


def _can_do(case: Case, one: Entry, new: Entry | None) -> tuple[sheet.Section, ...]:
    made = []
    if case.reach.may(Permission.SHARE) and telling.may_answer(case, one):
        made.append(Link("Answer this request", f"/people/{case.person}/share?answer={one.id}"))
    if not _may_change(case, one, new):
        return (sheet.Section(title="What you can do", links=tuple(made)),) if made else ()
    if case.reach.may(Permission.SHARE) and one.kind not in (SHARED, telling.ASKED, telling.REPLIED):
        made.append(Link("Share it with another agency", f"{_path(case, one)}/share"))
    if case.reach.may(Permission.CORRECT):
        made += [Link("Correct it", f"{_path(case, one)}/correct"), Link("Withdraw it", f"{_path(case, one)}/withdraw")]
    return (sheet.Section(title="What you can do", links=tuple(made)),) if made else ()


def _may_change(case: Case, one: Entry, new: Entry | None) -> bool:
    """Is it an entry of the viewer's own agency, that stands, looked at now?"""
    return one.agency == case.viewer.agency and new is None and not case.look.past and one.kind != WITHDRAWN


@dataclass(frozen=True, slots=True)
class _Mine:
    """An entry of the viewer's own agency that still stands, and who changes it."""

    case: Case
    entry: Entry
    writer: writing.Writer

    @property
    def path(self) -> str:
        return _path(self.case, self.entry)

    def subject(self) -> Record:
        """The record by which the entry names this person."""
        own = self.case.own
        return next((one.record for one in self.entry.concerns if one.record in own), self.case.records[0].record)

    def knowing(self) -> tuple[str, ...]:
        """The other agencies that know the entry now: they are told of what becomes of it."""
        case = self.case
        return tuple(sorted(code for code in case.since if code != self.entry.agency and case.knew(code, self.entry)))


def _mine(request: HttpRequest, person: UUID, id: UUID) -> _Mine:
    case = case_of(request, person, with_answers=False)
    one = _entry(case, id)
    if not _may_change(case, one, case.replaced.get(one.key)):
        raise Http404
    return _Mine(case, one, writing.writer_of(case.viewer, case.records))


def _keep(request: HttpRequest, mine: _Mine, made: Entry, done: str) -> tuple[HttpResponse | None, tuple[Mistake, ...]]:
    """Record it; or the mistakes to show."""
    case = mine.case
    try:
        writing.keep([made], writer=mine.writer, at=case.now, seen=writing.seen(request, case.person))
    except VersionMoved as moved:
        return None, (Mistake(writing.moved_words(case, moved), f"/people/{case.person}/entries"),)
    except NothingToCorrect:
        return None, (Mistake("Somebody corrected this entry before you. Open it again", mine.path),)
    return HttpResponseRedirect(f"{mine.path}?done={done}"), ()


def _hidden(request: HttpRequest, mine: _Mine) -> tuple[tuple[str, str], ...]:
    return ("ref", ref_of(request.POST)), ("version", str(writing.version(mine.case.person)))


def _form_page(request: HttpRequest, mine: _Mine, *, title: str, lead: str, form: Form, step: str = "") -> HttpResponse:
    value = page.RecordObservation(
        shell=frame(request, title=title, case=mine.case),
        person=writing.small_bar(mine.case),
        title=title,
        lead=lead,
        form=form,
        step=step,
        back=Link("The entry", mine.path),
    )
    return render(request, "record_observation.html", {"page": value}, status=400 if form.mistakes else 200)


# --- correct ---------------------------------------------------------------------------------------------------------


@open_to(Permission.CORRECT, person="person", methods=("GET", "POST"))
def correct(request: HttpRequest, person: UUID, entry: UUID) -> HttpResponse:
    """Replace an entry of one's own agency by a new one; the old one is kept."""
    mine = _mine(request, person, entry)
    fields = _body_fields(mine.entry)
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = _read_correction(mine, answers, ref_of(request.POST))
        mistakes = answers.mistakes
        if made is not None:
            answer, mistakes = _keep(request, mine, made, "corrected")
            if answer is not None:
                return answer
    form = Form(
        action=f"{mine.path}/correct",
        button="Record the correction",
        mistakes=mistakes,
        second=Link("Cancel", mine.path),
        fields=answers.shown(fields) if request.method == "POST" else fields,
        hidden=_hidden(request, mine),
    )
    return _form_page(
        request,
        mine,
        title="Correct this entry",
        form=form,
        lead="The entry as it was stays in the record, marked as corrected. Agencies that know it are told.",
    )


def _body_fields(one: Entry) -> tuple[Field, ...]:
    """A field for the summary, and one for each field of the kind."""
    kind = writing.known_kinds()[one.kind]
    made = [Field(name="summary", label="What happened, in a sentence or two", kind="textarea", value=one.summary)]
    for name, info in kind.body.__pydantic_fields__.items():
        given = one.body.get(info.alias or name)
        made.append(_body_field(info.alias or name, info.annotation, given, kind.wanted[info.alias or name]))
    return tuple(made)


def _codes(annotation: Any) -> tuple[str, ...]:
    """The codes of a field that takes one of several; none for other fields."""
    if get_origin(annotation) is Literal:
        return tuple(get_args(annotation))
    return (
        next((found for one in get_args(annotation) if (found := _codes(one))), ()) if not _is_list(annotation) else ()
    )


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(_is_list(one) for one in get_args(annotation))


def _body_field(name: str, annotation: Any, given: Any, wanted: str) -> Field:
    label, field = _name(name), f"body-{name}"
    codes = _codes(annotation)
    if codes:
        said = {code: code.replace("_", " ") for code in codes}
        return Field(name=field, label=label, kind="select", choices=choices(said, given or "", first="Nothing"))
    if _is_list(annotation):
        value = "\n".join(given or [])
        return Field(name=field, label=label, kind="textarea", value=value, hint="One on each line")
    long = isinstance(given, str) and len(given) > 60
    return Field(
        name=field,
        label=label,
        kind="textarea" if long else "text",
        value="" if given is None else str(given),
        hint=f"{wanted[0].upper()}{wanted[1:]}",
    )


def _read_correction(mine: _Mine, answers: Answers, ref: str) -> Entry | None:
    one = mine.entry
    summary = answers.text("summary")
    body = _read_body(one, answers)
    if answers.wrong:
        return None
    if body == dict(one.body) and summary == one.summary:
        answers.wrong["summary"] = "Nothing is changed. Change what was wrong, or cancel"
        return None
    try:
        return writing.entry(
            ref,
            one.kind,
            writer=mine.writer,
            at=mine.case.now,
            happened=one.happened,
            basis=one.basis,
            concerns=[(concern.part, concern.record) for concern in one.concerns],
            shared=mine.knowing(),
            summary=summary,
            body=body,
            corrects=one.ref,
            sensitivity=one.sensitivity,
        )
    except EntryRefused as refused:
        for fault in refused.faults:
            name = fault.field.replace("body.", "body-").partition(".")[0]
            answers.wrong[name if name.startswith("body-") else "summary"] = (
                f"{_name(name.removeprefix('body-'))} {fault.wrong}. {fault.right}"
            )
        return None


def _read_body(one: Entry, answers: Answers) -> dict[str, Any]:
    kind = writing.known_kinds()[one.kind]
    body: dict[str, Any] = {}
    for name, info in kind.body.__pydantic_fields__.items():
        alias = info.alias or name
        said = answers.text(f"body-{alias}", most=10_000)
        if not said:
            continue
        if _is_list(info.annotation):
            body[alias] = [line.strip() for line in said.split("\n") if line.strip()]
        elif _is_number(info.annotation) and said.isascii() and said.isdigit():
            body[alias] = int(said[:9])
        else:
            body[alias] = said
    return body


def _is_number(annotation: Any) -> bool:
    return annotation is int or any(_is_number(one) for one in get_args(annotation))


# --- withdraw --------------------------------------------------------------------------------------------------------


@open_to(Permission.CORRECT, person="person", methods=("GET", "POST"))
def withdraw(request: HttpRequest, person: UUID, entry: UUID) -> HttpResponse:
    """Withdraw an entry of one's own agency that was made in error; it is kept, and does not count."""
    mine = _mine(request, person, entry)
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        reason = answers.text("reason", ask="Say why it was recorded in error", least=5)
        mistakes = answers.mistakes
        if not mistakes:
            made = writing.entry(
                ref_of(request.POST),
                WITHDRAWN,
                writer=mine.writer,
                at=mine.case.now,
                shared=mine.knowing(),
                concerns=[("subject", mine.subject())],
                summary=f"withdrawn: {reason}",
                body={"reason": reason},
                corrects=mine.entry.ref,
                sensitivity=mine.entry.sensitivity,
            )
            answer, mistakes = _keep(request, mine, made, "withdrawn")
            if answer is not None:
                return answer
    fields = answers.shown((Field(name="reason", label="Why was it recorded in error?", kind="textarea"),))
    form = Form(
        action=f"{mine.path}/withdraw",
        button="Withdraw it",
        warning=True,
        mistakes=mistakes,
        fields=fields,
        hidden=_hidden(request, mine),
        second=Link("Cancel", mine.path),
    )
    return _form_page(
        request,
        mine,
        title="Withdraw this entry",
        form=form,
        lead="It stays in the record, marked as withdrawn, and counts no more. Questions that rest on it say so.",
    )


# --- share -----------------------------------------------------------------------------------------------------------


@open_to(Permission.SHARE, person="person")
def share(request: HttpRequest, person: UUID, entry: UUID) -> HttpResponse:
    """Share this entry of one's own agency: chosen already on the page for sharing (`web.sharing`)."""
    mine = _mine(request, person, entry)
    return HttpResponseRedirect(f"/people/{person}/share?entry={mine.entry.id}")
