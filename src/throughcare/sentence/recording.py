"""Recording in a sentence: one form a page, a correction by the same form; a booking form is read whole or not at all.

A booking form that was read waits in the session of the one who sent it until they record it; nothing of it is kept
before. Everything works without script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, Record, london_day
from throughcare.ledger.errors import Fault, NoSuchEntry, NothingToCorrect, VersionMoved
from throughcare.people import queries as people
from throughcare.sentence import booking, forms, state
from throughcare.sentence import words as said
from throughcare.web import page, rows, sheet, words, writing
from throughcare.web.asking import Answers, bounded, ref_of
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Form, Mistake
from throughcare.web.person import case_now, case_of
from throughcare.web.shell import Link


def base(case: Case) -> str:
    """The address of the sentence of a person."""
    return f"/people/{case.person}/sentence"


def _own_first(case: Case, onward: str) -> HttpResponse:
    """To the form that makes the agency's own record of the person, and then on."""
    return HttpResponseRedirect(f"/people/{case.person}/record/own?to={onward}")


def _back(case: Case) -> Link:
    if case.reach.may(Permission.PERSON_READ):
        return Link("The sentence", base(case))
    return Link("Find a person", "/people")


def _around(case: Case, writer: writing.Writer, subject: Record, corrects: Entry | None = None) -> forms.Around:
    decisions = [one for one in case.about if one.kind == state.DECIDED]
    return forms.Around(
        writer=writer,
        subject=subject,
        now=case.now,
        agencies={code: case.agency_name(code) for code in writing.involved(case)},
        standing=state.fold(case.about, find=case.find),
        decisions=sorted(decisions, key=lambda one: one.noted, reverse=True),
        known=lambda record: record in people.named([record]),
        corrects=corrects,
    )


# --- one form ---------------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def record(request: HttpRequest, person: UUID, what: str) -> HttpResponse:
    """Record one thing of a sentence: `what` is the address of the form."""
    asked = forms.SHEETS.get(what)
    if asked is None:
        raise Http404
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    if writer.record is None:
        return _own_first(case, f"sentence/record/{what}")
    around = _around(case, writer, writer.record)
    return _form(request, case, asked, around, action=f"{base(case)}/record/{what}", title=asked.title, lead=asked.lead)


@open_to(Permission.CORRECT, person="person", methods=("GET", "POST"))
def correct(request: HttpRequest, person: UUID, entry: UUID) -> HttpResponse:
    """Correct something that one's own agency recorded of a sentence, by the form that asks for it."""
    case = case_now(request, person)
    old = next((one for one in case.about if one.id == entry), None)
    asked = next((one for one in forms.SHEETS.values() if old is not None and one.kind == old.kind), None)
    if old is None or asked is None or old.agency != case.viewer.agency:
        raise Http404
    writer = writing.writer_of(case.viewer, case.records)
    subject = next(iter(set(old.who()) & case.own))
    return _form(
        request,
        case,
        asked,
        _around(case, writer, subject, old),
        action=f"{base(case)}/correct/{entry}",
        title=asked.title.replace("Record", "Correct", 1),
        lead="What was recorded stays, marked as corrected. Agencies that were told of it are told of this.",
    )


def _form(
    request: HttpRequest,
    case: Case,
    asked: forms.Sheet,
    around: forms.Around,
    *,
    action: str,
    title: str,
    lead: str,
) -> HttpResponse:
    fields, answers = asked.fields(around), _answers(request, case, asked, around)
    ref, mistakes = ref_of(request.POST), tuple[Mistake, ...]()
    if request.method == "POST":
        made = forms.entry_of(asked, answers, ref, around)
        fields, mistakes = answers.shown(fields), answers.mistakes
        if made is not None:
            mistakes = _keep(request, case, around.writer, [made])
            if not mistakes:
                return HttpResponseRedirect(f"{base(case)}/recorded/{made.ref}")
    value = page.RecordObservation(
        shell=frame(request, title=title, case=case),
        person=writing.small_bar(case),
        title=title,
        lead=lead,
        back=_back(case),
        form=Form(
            action=action,
            button="Record the correction" if around.corrects else "Record",
            fields=fields,
            mistakes=mistakes,
            hidden=(("ref", ref), ("version", str(writing.version(case.person)))),
            second=Link("Cancel", _back(case).href),
        ),
    )
    return render(request, "record_observation.html", {"page": value}, status=400 if mistakes else 200)


_AFTER_SENTENCE = frozenset({"key-date", "hand-over", "end"})


def _answers(request: HttpRequest, case: Case, asked: forms.Sheet, around: forms.Around) -> Answers:
    """What was sent; no day before the sentence where it comes after one, and none before the birth."""
    passed = state.first_passed(around.standing) if asked.slug in _AFTER_SENTENCE else None
    return bounded(request.POST, born=case.born, passed=passed)


def _keep(request: HttpRequest, case: Case, writer: writing.Writer, made: Sequence[Entry]) -> tuple[Mistake, ...]:
    """Record it; or the mistakes to show."""
    try:
        writing.keep(made, writer=writer, at=case.now, seen=writing.seen(request, case.person))
    except VersionMoved as moved:
        return (Mistake(writing.moved_words(case, moved), f"/people/{case.person}/entries"),)
    except NothingToCorrect:
        return (Mistake("Somebody corrected this before you. Open it again", base(case)),)
    return ()


# --- it is kept -------------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person")
def recorded(request: HttpRequest, person: UUID, ref: str) -> HttpResponse:
    """What was kept under this reference of the writer's agency, who knows of it, and what must happen next."""
    case = case_of(request, person)
    key = Key(case.viewer.agency, ref)
    _must_be_about(case, key)
    made = next((one for one in case.readable if one.key == key), None)
    started = [one for one in case.duties if one.started_by == f"{key.agency}:{key.ref}"]
    told = sorted({one.agency for one in made.shared}) if made else []
    value = sheet.Sheet(
        shell=frame(request, title="Recorded", case=case),
        person=writing.small_bar(case),
        title="Recorded",
        lead=f"Reference {ref}",
        panel=True,
        sections=(
            *((sheet.Section(title="What was recorded", entries=rows.entry_rows(case, [made])),) if made else ()),
            sheet.Section(
                title="What must happen next",
                duties=rows.duty_rows(case, started),
                empty=None if started else Empty(title="Nothing follows from this by itself."),
            ),
            sheet.Section(
                title="Who is told",
                points=tuple(f"{case.agency_name(one)}: sees it from now on" for one in told) or ("Nobody yet.",),
            ),
            sheet.Section(links=(_back(case),)),
            sheet.Section(title="Record something else", points=record_links(case)),
        ),
    )
    return render(request, "sheet.html", {"page": value})


def _must_be_about(case: Case, key: Key) -> None:
    """Raises `Http404` where there is no such entry, or where it is about somebody else."""
    try:
        found = ledger.find(writing.id_of(key))
    except NoSuchEntry:
        raise Http404 from None
    if not case.own & set(found.records):
        raise Http404


def may_record(case: Case) -> bool:
    """May the viewer record here? Never while looking at the past."""
    return not case.look.past and case.reach.may(Permission.RECORD)


def record_links(case: Case) -> tuple[Link, ...]:
    """What can be recorded here: nothing where the viewer may not, or looks at the past."""
    if not may_record(case):
        return ()
    return (*form_links(case, forms.SHEETS), Link("Take sentences in from a booking form", f"{base(case)}/booking"))


def form_links(case: Case, slugs: Iterable[str]) -> tuple[Link, ...]:
    """The ways to these forms; none where the viewer may not record."""
    chosen = [forms.SHEETS[slug] for slug in slugs] if may_record(case) else []
    return tuple(Link(one.title, f"{base(case)}/record/{one.slug}") for one in chosen)


# --- the booking form -------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def take_booking(request: HttpRequest, person: UUID) -> HttpResponse:
    """Read a booking form: say all that is wrong with it, or show what it would record."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    if writer.record is None:
        return _own_first(case, "sentence/booking")
    wrong: tuple[Mistake, ...] = ()
    if request.method == "POST":
        text = _sent(request)
        try:
            if not text:
                raise booking.BookingRefused([Fault("form", "is not there", "Choose a file, or paste the form")])
            form = booking.read(text, today=london_day(case.now))
            _check_person(case, form)
        except booking.BookingRefused as refused:
            wrong = tuple(Mistake(_fault(one), "#id_file") for one in refused.faults)
        else:
            request.session[_draft(person)] = text.decode("utf-8-sig")
            return HttpResponseRedirect(f"{base(case)}/booking/check")
    fields = Answers(request.POST).shown(forms.booking_fields()) if wrong else forms.booking_fields()
    value = page.RecordObservation(
        shell=frame(request, title="Take sentences in from a booking form", case=case),
        person=writing.small_bar(case),
        title="Take sentences in from a booking form",
        lead="The form is read whole or not at all. You see what it would record before anything is kept.",
        back=_back(case),
        form=Form(
            action=f"{base(case)}/booking",
            button="Read the form",
            fields=(
                replace(fields[0], error="This form was not taken. See above") if wrong else fields[0],
                *fields[1:],
            ),
            mistakes=wrong,
            with_files=True,
            second=Link("Cancel", _back(case).href),
        ),
    )
    return render(request, "record_observation.html", {"page": value}, status=422 if wrong else 200)


def _draft(person: UUID) -> str:
    return f"booking:{person}"


def _sent(request: HttpRequest) -> bytes:
    """What was sent: the file, else what was pasted. One byte more than is taken tells that it is too long."""
    file = request.FILES.get("file")
    if file is not None and file.size:
        return bytes(file.read(booking.MOST_BYTES + 1))
    return request.POST.get("pasted", "").strip().encode("utf-8", "replace")


def _fault(one: Fault) -> str:
    return f"{one.field} {one.wrong}. {one.right}"


def _check_person(case: Case, form: booking.Booking) -> None:
    """Is the form about this person? Raises `BookingRefused` where another date of birth stands in it."""
    if case.born is not None and form.born != case.born:
        wrong = f"is {words.day(form.born)}, and {case.name.split()[0]} was born on {words.day(case.born)}"
        raise booking.BookingRefused(
            [Fault("offender.dateOfBirth", wrong, "Check whose form it is, or correct the record first")]
        )


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def check_booking(request: HttpRequest, person: UUID) -> HttpResponse:
    """What a booking form would record, read once more; then it is recorded, all of it."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    text = request.session.get(_draft(person))
    if writer.record is None or not text:
        return HttpResponseRedirect(f"{base(case)}/booking")
    form = booking.read(text, today=london_day(case.now))
    made = _entries(form, case, writer, writer.record)
    fresh = [one for one in made if not writing.was_recorded(one.key)]
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST" and fresh:
        mistakes = _keep(request, case, writer, fresh)
    if request.method == "POST" and not mistakes:
        request.session.pop(_draft(person), None)
        if case.reach.may(Permission.PERSON_READ):
            return HttpResponseRedirect(f"{base(case)}?taken={len(fresh)}")
        return HttpResponseRedirect(f"{base(case)}/recorded/{made[0].ref}")
    value = page.CheckAnswers(
        shell=frame(request, title="Check what the form records", case=case),
        person=writing.small_bar(case),
        title="Check what the form records",
        back=Link("Send another form", f"{base(case)}/booking"),
        groups=_groups(form, made, fresh),
        told=("Nobody else now. You can share it later.",),
        form=Form(
            action=f"{base(case)}/booking/check",
            button=f"Record {words.many(len(fresh), 'sentence')}" if fresh else "Go to the sentence",
            hidden=(("version", str(writing.version(person))),),
            mistakes=mistakes,
        ),
    )
    return render(request, "check_answers.html", {"page": value}, status=409 if mistakes else 200)


def _entries(form: booking.Booking, case: Case, writer: writing.Writer, subject: Record) -> list[Entry]:
    """The entries of a form, shared with nobody yet. Sent again, a form makes the same references."""

    def name(text: str) -> str:
        return f"B{hashlib.sha256(f'{subject.agency} {subject.ref} {text}'.encode()).hexdigest()[:20]}"

    refs = booking.refs(form, name)
    return forms.booking_entries(form, writer=writer, subject=subject, at=case.now, refs=refs)


def _groups(form: booking.Booking, made: Sequence[Entry], fresh: Sequence[Entry]) -> tuple[page.AnswerGroup, ...]:
    groups = [
        page.AnswerGroup(
            title="The form",
            facts=(
                Fact("Reference in the form", form.reference),
                Fact("Date of birth in the form", words.day(form.born)),
                Fact("Sentences", _how_many(len(made), len(made) - len(fresh))),
                *((Fact("Not taken in", _passed(form.passed)),) if form.passed else ()),
            ),
        )
    ]
    for number, entry in enumerate(made, 1):
        before = "" if entry in fresh else ", recorded before: stays as it is"
        groups.append(page.AnswerGroup(title=f"Sentence {number}{before}", facts=sentence_facts(entry)))
    return tuple(groups)


def _how_many(sentences: int, before: int) -> str:
    if not before:
        return f"{sentences}, none of them recorded before"
    return f"{sentences}, of which {words.number(before)} recorded before and left as they are"


def _passed(paths: Sequence[str]) -> str:
    """What the form holds and this room does not take in, each name once."""
    names = dict.fromkeys(path.rpartition(".")[2] for path in paths)
    return f"{', '.join(names)}. Recalls, movements and releases are recorded where they happen"


def sentence_facts(entry: Entry) -> tuple[Fact, ...]:
    """What a court passed, as facts; nothing that is not recorded."""
    body = entry.body
    lines = [
        ("Passed", when_said(entry)),
        ("Sentence", words.sentence(said.passed(body)).rstrip(".")),
        ("Court", body.get("court")),
        ("Case reference", body.get("case_reference")),
        ("Offence", body.get("offence")),
        ("Committed", words.day(state.day_of(body["offence_on"])) if body.get("offence_on") else ""),
        ("Other offences", "; ".join(body.get("offences") or ())),
        ("Days served before", _days(body)),
        ("Adjustments of the booking", "; ".join(body.get("adjustments") or ())),
        ("Consecutive", "to another sentence of this person" if body.get("consecutive_to") else ""),
        ("Later release point (SDS+)", said.SAID.get(str(body.get("longer_release_point")), "")),
        ("Left out of early release as", ", ".join(body.get("release_exclusions") or ())),
        ("Released without the Board", said.SAID.get(str(body.get("automatic_release")), "")),
        ("Fine", body.get("fine")),
        ("On the list of grave offences", said.SAID.get(str(body.get("listed_grave")), "")),
        ("Victim contact scheme", said.SAID.get(str(body.get("victim_scheme")), "")),
        ("The judge’s remarks", body.get("remarks")),
    ]
    return tuple(Fact(name, str(value)) for name, value in lines if value)


def _days(body: Mapping[str, Any]) -> str:
    parts = [
        (body.get("remand_days"), "on remand"),
        (body.get("tagged_bail_days"), "on tagged bail"),
        (body.get("minimum_days_served"), "taken off the minimum term"),
    ]
    return ", ".join(f"{words.many(int(days), 'day')} {where}" for days, where in parts if days)
