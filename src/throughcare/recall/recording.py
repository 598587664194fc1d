"""The steps of a recall, one form each: who may take it, from where the person stands, and what follows.

A form's only effect is to append an entry. Whoever agreed to a recall may not endorse it: the account that wrote the
agreement, or a correction of it, is refused, and the audit log says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to, purpose
from throughcare.access.reach import Permission
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, Record, london_day
from throughcare.ledger.errors import VersionMoved
from throughcare.recall import forms, keeping, kinds_of_recall, state, whole
from throughcare.recall.forms import STEPS, Now, Step
from throughcare.recall.kinds_of_recall import Proposal
from throughcare.sentence import state as sentence
from throughcare.web import sheet, words, writing
from throughcare.web.asking import Answers, bounded, choices, ref_of
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.frame import frame
from throughcare.web.parts import Field, Form, Mistake, Table
from throughcare.web.person import case_now
from throughcare.web.shell import Link

NO_DECISION = "This page decides nothing: a person chooses, and says why where they choose another type."
AGREED_IT = (
    "You agreed to this recall, so somebody else must endorse it. Ask another manager of the probation service to open "
    "this page."
)


def path(person: UUID, rest: str = "") -> str:
    """An address of this room."""
    return f"/people/{person}/recall{rest}"


# --- who may --------------------------------------------------------------------------------------------------------


def is_theirs(case: Case, step: Step) -> bool:
    """Is this step one that the viewer's agency and role take?"""
    desk = case.desks.get(case.viewer.agency)
    fits = desk is not None and desk.sector in step.sectors
    return fits and (not step.roles or bool(set(step.roles) & set(case.viewer.roles)))


def may_take(case: Case, step: Step) -> bool:
    """May the viewer take this step here: their office, and what they are allowed?"""
    needed = Permission.DECIDE if step.roles else Permission.RECORD
    return not case.look.past and case.reach.may(needed) and is_theirs(case, step)


def agreed_by(held: whole.Whole, recall: state.Recall | None) -> frozenset[str]:
    """The accounts that wrote the agreement, or a correction of it. One query."""
    if recall is None or recall.agreed is None:
        return frozenset()
    return frozenset(ledger.writers(held.line_of(recall.agreed)).values())


# --- what a form starts from ----------------------------------------------------------------------------------------


def breach_words(entry: Entry) -> str:
    """An alleged breach in a line."""
    condition = str(entry.body.get("condition", "")).replace("_", " ")
    said = f": {entry.summary}" if entry.summary else ""
    return f"{when_said(entry)}, {condition}{said}"


def _now(case: Case, held: whole.Whole, breach: Entry | None) -> Now:
    on = london_day(case.now)
    running = sentence.sentences(held.about, find=held.find)
    types = [str(one.imposed.body["type"]) for one in running if one.imposed is not None and one.status != "ended"]
    births = keeping.births_of(case)
    standing = held.recall
    going_on = standing.current if standing is not None and standing.status not in ("none", "ended") else None
    return Now(
        at=case.now,
        recall=going_on,
        breaches=_readable(case, state.undecided(held.about, standing, find=held.find)),
        breach=breach,
        proposals={
            "no": whole.proposal(case, "no", on, births),
            "yes": whole.proposal(case, "yes", on, births),
            "unknown": whole.proposal(case, "not known", on, births),
        },
        sentence_types=types,
        say=breach_words,
    )


def _readable(case: Case, entries: Sequence[Entry]) -> list[Entry]:
    """Those of the entries that the viewer may read."""
    known = {one.key for one in case.readable}
    return [one for one in entries if one.key in known]


def _agencies(case: Case) -> dict[str, str]:
    """Whom it can be told: those involved, and every casework section."""
    codes = set(writing.involved(case)) | {
        code for code, desk in case.desks.items() if desk.sector == "casework" and code != case.viewer.agency
    }
    return {code: case.agency_name(code) for code in sorted(codes, key=case.agency_name)}


def _share(case: Case, step: Step, agencies: Mapping[str, str]) -> Field:
    told = [code for code in agencies if (desk := case.desks.get(code)) and desk.sector in step.tell]
    return Field(
        name="share",
        label="Tell other agencies now?",
        kind="checkboxes",
        choices=choices(agencies, told),
        hint="They see this from now on",
    )


def _subject(case: Case, now: Now, writer: writing.Writer) -> Record:
    """The record that the entry is about: the agency's own, else the one that the recall is about already."""
    if writer.record is not None:
        return writer.record
    named = [record for step in (now.recall.steps if now.recall else ()) for record in step.who()]
    return next((one for one in reversed(named) if one in case.own), case.records[0].record)


# --- the views ------------------------------------------------------------------------------------------------------


@open_to(Permission.DECIDE, person="person", methods=("GET", "POST"))
def decide(request: HttpRequest, person: UUID, step: str, breach: UUID | None = None) -> HttpResponse:
    """A step that is a decision."""
    return _step(request, person, STEPS[step], breach)


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def record(request: HttpRequest, person: UUID, step: str) -> HttpResponse:
    """A step that is recorded, not decided."""
    return _step(request, person, STEPS[step], None)


def _step(request: HttpRequest, person: UUID, step: Step, breach_id: UUID | None) -> HttpResponse:
    if not request.reach.may(Permission.PERSON_READ):  # type: ignore[attr-defined]
        raise Http404  # who may record of anybody does not learn by it that somebody is recalled
    version = writing.version(person)  # before anything is read: what comes in between is then refused
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    ref = ref_of(request.POST)
    if request.method == "POST" and writing.was_recorded(_key(case, ref)):
        return HttpResponseRedirect(path(person, f"?done={step.code}"))  # the same form, sent twice
    if not is_theirs(case, step):
        return _refused(request, case, step, f"This step is taken by {step.who}.", status=403)
    held = whole.whole(one.record for one in case.records)
    breach = _breach(case, held, breach_id)
    now = _now(case, held, breach)
    try:
        state.check(step.code, held.recall, breach=breach)
    except state.StepNotAllowed as wrong:
        return _refused(request, case, step, f"{wrong.wrong}. {wrong.right}.", status=409)
    if step.code == "endorse" and writer.by in agreed_by(held, now.recall):
        return _refused(request, case, step, AGREED_IT, status=403)
    return _form(request, case, step, now, writer, ref, held, version)


def _key(case: Case, ref: str) -> Key:
    return Key(case.viewer.agency, ref)


def _breach(case: Case, held: whole.Whole, id: UUID | None) -> Entry | None:
    if id is None:
        return None
    undecided = _readable(case, state.undecided(held.about, held.recall, find=held.find))
    found = next((one for one in undecided if one.id == id), None)
    if found is None:
        raise Http404
    return found


def _refused(request: HttpRequest, case: Case, step: Step, why: str, *, status: int) -> HttpResponse:
    """A step that may not be taken: said plainly, and written down."""
    request.looking.act = "refusal"  # type: ignore[attr-defined]
    purpose(request, f"recall: {step.code} refused")
    value = sheet.Sheet(
        shell=frame(request, title=step.title, case=case),
        person=writing.small_bar(case),
        title=step.title,
        lead=why,
        sections=(sheet.Section(links=(Link("Back to the recall", path(case.person)),)),),
    )
    return render(request, "sheet.html", {"page": value}, status=status)


def _form(
    request: HttpRequest,
    case: Case,
    step: Step,
    now: Now,
    writer: writing.Writer,
    ref: str,
    held: whole.Whole,
    version: int,
) -> HttpResponse:
    agencies = _agencies(case)
    fields: Sequence[Field] = (*forms.when_fields(step, case.now), *step.fields(now), _share(case, step, agencies))
    passed = sentence.first_passed(sentence.fold(case.about, find=case.find))
    answers = bounded(request.POST, born=case.born, passed=passed)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = _read(step, answers, now, case, writer, ref, agencies)
        fields, mistakes = answers.shown(fields), answers.mistakes
        if made is not None:
            seen = writing.seen(request, case.person) or {case.person: version}
            try:
                writing.keep([made], writer=writer, at=case.now, seen=seen)
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(case, moved), path(case.person)),)
            else:
                return _kept(request, case, step, made, writer)
    value = sheet.Sheet(
        shell=frame(request, title=step.title, case=case),
        person=writing.small_bar(case),
        title=step.title,
        lead=step.lead,
        sections=(
            *(_law(now) if step.asks_type else ()),
            *_about_what(case, now),
            sheet.Section(
                forms=(
                    Form(
                        action=request.path,
                        button=step.button,
                        fields=tuple(fields),
                        mistakes=mistakes,
                        hidden=(("ref", ref), ("version", str(version))),
                        second=Link("Cancel", path(case.person)),
                        warning=step.code in ("revoke", "rescind"),
                    ),
                )
            ),
        ),
        back=Link("The recall", path(case.person)),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if mistakes else 200)


def _kept(request: HttpRequest, case: Case, step: Step, made: Entry, writer: writing.Writer) -> HttpResponse:
    """Make the paper that this step writes, and go back to the recall."""
    if step.code in ("endorse", "revoke", "decide_against", "papers"):
        keeping.make_for(case, made, by=writer.by)
    return HttpResponseRedirect(path(case.person, f"?done={step.code}"))


def _read(
    step: Step,
    answers: Answers,
    now: Now,
    case: Case,
    writer: writing.Writer,
    ref: str,
    agencies: Mapping[str, str],
) -> Entry | None:
    happened = answers.when("day", "time", ask=f"Enter the day, such as {words.day(case.now)}", now=case.now)
    said = step.read(answers, now)
    share = answers.chosen("share", agencies)
    if happened is None or said is None or answers.wrong:
        return None
    return writing.entry(
        ref,
        step.kind,
        writer=writer,
        at=case.now,
        happened=happened,
        concerns=[("subject", _subject(case, now, writer))],
        shared=share,
        summary=said.summary,
        body=dict(said.body),
    )


# --- what stands beside a form --------------------------------------------------------------------------------------


def _about_what(case: Case, now: Now) -> tuple[sheet.Section, ...]:
    if now.breach is not None:
        return (sheet.Section(inset=breach_words(now.breach)),)
    agreed = now.recall.agreed if now.recall is not None and now.recall.requested is None else None
    if agreed is None or not _readable(case, [agreed]):
        return ()
    said = f"Agreed {when_said(agreed)} by {agreed.author_role}: {agreed.body.get('reason', '')}"
    return (sheet.Section(inset=said),)


def _law(now: Now) -> tuple[sheet.Section, ...]:
    """What the law of this day leaves open, with the reason; both answers where a charge makes a difference."""
    no, yes = now.proposals["no"], now.proposals["yes"]
    title = "What the law of this day leaves open"
    if no.types == yes.types and no.because == yes.because:
        return law_sections(no, title)
    first = law_sections(no, f"{title}, where it is for no new charge")
    title = "And where it is for a new charge that is not yet a conviction"
    return (first[0], sheet.Section(title=title, paragraphs=(_open_words(yes),)), *first[1:])


def _open_words(one: Proposal) -> str:
    names = [kinds_of_recall.WORDS[code] for code in one.types]
    if not names:
        return f"{one.because}."
    open_to = names[0] if len(names) == 1 else f"{names[0]}, or {words.small(names[1])}"
    return f"{open_to}. {one.because}."


def law_sections(one: Proposal, title: str, *, inset: str = "") -> tuple[sheet.Section, ...]:
    """A proposal in words: what is open and why, what was asked; then what must be asked of somebody.

    `inset`: what was chosen.
    """
    asked = tuple((step.says, step.answer.capitalize(), f"{step.source} [{step.mark}]") for step in one.steps)
    return (
        sheet.Section(
            title=title,
            paragraphs=(_open_words(one), NO_DECISION),
            inset=inset,
            table=Table(caption="What the law asks", heads=("The law asks", "The record answers", "Source"), rows=asked)
            if asked
            else None,
        ),
        *((sheet.Section(title="Ask before you choose", points=one.questions),) if one.questions else ()),
    )
