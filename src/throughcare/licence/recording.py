"""Recording on licence: one form, one entry; a licence and a variation in steps, kept until they are recorded.

A licence that is being written is kept in the session of the one who writes it; nothing is recorded before the last
step. Everything works without script. What may be decided (approve, vary, decide a breach, end) asks for the right to
decide; the rest for the right to record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.ledger.entry import Entry
from throughcare.ledger.errors import EntryRefused, VersionMoved
from throughcare.licence import catalogue, choosing, forms, sections, state
from throughcare.licence import seen as looks
from throughcare.licence import words as said
from throughcare.licence.forms import Ask, Making
from throughcare.sentence import state as sentence
from throughcare.web import words, writing
from throughcare.web.asking import Answers, bounded, choices, fresh_ref, now_fields, ref_of
from throughcare.web.case import Case
from throughcare.web.frame import frame
from throughcare.web.parts import Fact, Field, Form, Mistake
from throughcare.web.person import case_now
from throughcare.web.sheet import Section, Sheet
from throughcare.web.shell import Link


def _making(request: HttpRequest, person: UUID, about: UUID | None = None) -> Making | None:
    """What a form starts from, always of this moment. None: the writer's agency has no record of the person yet."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    if writer.record is None:
        return None
    return Making(
        ref=ref_of(request.POST),
        writer=writer,
        subject=writer.record,
        seen=looks.of(case),
        agencies={code: case.agency_name(code) for code in writing.involved(case)},
        about=_about(case, about),
    )


def _about(case: Case, id: UUID | None) -> Entry | None:
    return next((one for one in case.about if one.id == id), None) if id else None


def _base(case: Case) -> str:
    return f"/people/{case.person}/licence"


def _own_first(person: UUID, onward: str) -> HttpResponse:
    """To the form that makes the agency's own record of the person, and then on."""
    return HttpResponseRedirect(f"/people/{person}/record/own?to=licence/{onward}")


def _back(case: Case) -> Link:
    if case.reach.may(Permission.PERSON_READ):
        return Link("The licence", _base(case))
    return Link("Find a person", "/people")


def _keep(request: HttpRequest, making: Making, made: Entry) -> tuple[Mistake, ...]:
    """Record it; or what to say where somebody wrote in between."""
    case = making.case
    try:
        writing.keep([made], writer=making.writer, at=case.now, seen=writing.seen(request, case.person))
    except VersionMoved as moved:
        return (Mistake(writing.moved_words(case, moved), f"/people/{case.person}/entries"),)
    return ()


def _hidden(making: Making) -> tuple[tuple[str, str], ...]:
    return ("ref", making.ref), ("version", str(writing.version(making.case.person)))


# --- one form, one entry ---------------------------------------------------------------------------------------------


def _asked(ask: Ask, onward: str, *, to: str = "") -> Callable[[HttpRequest, UUID, UUID | None], HttpResponse]:
    """The page of one form: shown, read, recorded. `onward` is its place under the licence, `to` where it leads."""

    def answer(request: HttpRequest, person: UUID, about: UUID | None = None) -> HttpResponse:
        making = _making(request, person, about)
        if making is None:
            return _own_first(person, onward)
        if about is not None and making.about is None:
            raise Http404
        answers, fields = _answers(request, making.case, of_any_time=ask in _OF_ANY_TIME), ask.fields(making)
        mistakes: tuple[Mistake, ...] = ()
        if request.method == "POST":
            made = _read(ask, answers, making)
            mistakes = answers.mistakes
            if made is not None:
                mistakes = _keep(request, making, made)
                if not mistakes:
                    return HttpResponseRedirect(f"{_base(making.case)}{to}?done={ask.done}")
            fields = answers.shown(fields)
        return _sheet(request, making, ask.title, ask.lead, _form(request, making, ask.button, fields, mistakes))

    return answer


_OF_ANY_TIME = (forms.DISCLOSURE, forms.FACT)
"""What they tell may be older than the sentence: a home, a relationship."""


def _answers(request: HttpRequest, case: Case, *, of_any_time: bool) -> Answers:
    """What was sent; no day before the sentence that the licence comes from, and none before the birth."""
    passed = None if of_any_time else sentence.first_passed(sentence.fold(case.about, find=case.find))
    return bounded(request.POST, born=case.born, passed=passed)


def _read(ask: Ask, answers: Answers, making: Making) -> Entry | None:
    try:
        return ask.read(answers, making)
    except EntryRefused as refused:  # a form that lets through what the kind refuses: said, never a fault of the server
        for fault in refused.faults:
            answers.wrong[fault.field.removeprefix("body.")] = f"{fault.wrong}. {fault.right}"
        return None


def _form(
    request: HttpRequest, making: Making, button: str, fields: Sequence[Field], mistakes: tuple[Mistake, ...]
) -> Form:
    return Form(
        action=request.get_full_path(),
        button=button,
        fields=tuple(fields),
        mistakes=mistakes,
        hidden=_hidden(making),
        second=Link("Cancel", _base(making.case)),
    )


def _sheet(
    request: HttpRequest, making: Making, title: str, lead: str, form: Form, *before: Section, small: str = ""
) -> HttpResponse:
    value = Sheet(
        shell=frame(request, title=title, case=making.case),
        person=writing.small_bar(making.case),
        title=title,
        lead=lead,
        small=small,
        back=_back(making.case),
        sections=(*before, Section(forms=(form,))),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if form.mistakes else 200)


_POSTED = ("GET", "POST")
_TOLD = "/disclosures"


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def disclosure(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record what the person told, or that there was nothing to tell."""
    return _asked(forms.DISCLOSURE, "disclosure", to=_TOLD)(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def fact(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record a fact that was found another way."""
    return _asked(forms.FACT, "fact", to=_TOLD)(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def appointment(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record an appointment kept or missed."""
    return _asked(forms.APPOINTMENT, "appointment")(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def premises(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record a step about approved premises."""
    return _asked(forms.PREMISES, "premises")(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def travel(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record a return from abroad."""
    return _asked(forms.TRAVEL, "travel")(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def release(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record a release on licence."""
    return _asked(forms.RELEASE, "release")(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def end_request(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record that the person asks for the licence to end."""
    return _asked(forms.END_REQUEST, "end-request")(request, person, None)


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def end(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record the end of the licence."""
    return _asked(forms.END, "end")(request, person, None)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def breach(request: HttpRequest, person: UUID) -> HttpResponse:
    """Allege a breach of one condition of one licence; `about` in the address names the fact that it rests on."""
    given = request.GET.get("about", "")
    try:
        about = UUID(given) if given else None
    except ValueError:
        about = None
    return _asked(forms.BREACH, "breach")(request, person, about)


@open_to(Permission.RECORD, person="person", methods=_POSTED)
def explained(request: HttpRequest, person: UUID, alleged: UUID) -> HttpResponse:
    """Record what the person says about an alleged breach."""
    return _asked(forms.EXPLAINED, "")(request, person, alleged)


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def decided(request: HttpRequest, person: UUID, alleged: UUID) -> HttpResponse:
    """Record what a person decided about an alleged breach."""
    return _asked(forms.DECIDED, "")(request, person, alleged)


# --- a licence in steps ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A licence, or a variation, as far as it is written."""

    ref: str
    version: str = ""
    form: str = ""  # of a licence
    starts_on: str = ""
    conditions: tuple[str, ...] = ()  # chosen; of a variation those added
    removed: tuple[str, ...] = ()  # of a variation
    bespoke: tuple[str, ...] = ()
    inputs: Mapping[str, Mapping[str, Sequence[str]]] | None = None

    def kept(self) -> dict[str, Any]:
        """As the session keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def details(self) -> list[str]:
        """The lines in which an entry keeps what inputs say."""
        return [line for key, values in (self.inputs or {}).items() for line in catalogue.written(key, values)]


def _draft(request: HttpRequest, person: UUID, what: str) -> Draft:
    held = request.session.get(f"{what}:{person}")
    if held is None:
        return Draft(ref=fresh_ref())
    lists = {name: tuple(held[name]) for name in ("conditions", "removed", "bespoke")}
    return Draft(**{**held, **lists})


def _save(request: HttpRequest, person: UUID, what: str, draft: Draft) -> None:
    request.session[f"{what}:{person}"] = draft.kept()


def _forget(request: HttpRequest, person: UUID, what: str) -> None:
    request.session.pop(f"{what}:{person}", None)


def _changed(draft: Draft, **given: Any) -> Draft:
    return Draft(**{**draft.kept(), **given})


_VERSIONS = {code: text for code, text in said.VERSION.items() if code != "unknown"}


def _versions_field(chosen: str) -> Field:
    notes = {one.name: one for one in catalogue.catalogue().versions}
    named = {code: f"{text}: {notes[code].short}" if code in notes else text for code, text in _VERSIONS.items()}
    return forms.radios(
        "version", "By which policy version are its conditions?", named, chosen,
        hint="From which day a version is used is for the service to say",
    )  # fmt: skip


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def approve(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 1 of a licence: its form, its policy version, the day that it is for."""
    making = _making(request, person)
    if making is None:
        return _own_first(person, "approve")
    draft, answers = _draft(request, person, "licence"), _answers(request, making.case, of_any_time=False)
    fields: tuple[Field, ...] = (
        forms.radios("form", "What is it?", said.FORM, draft.form or "standard"),
        _versions_field(draft.version),
        Field(name="starts_on", label="For which day of release is it made?", value=_as_day(draft.starts_on), width=20,
              hint="For example, 24 November 2026. Leave this empty if it is not known"),
    )  # fmt: skip
    if request.method == "POST":
        form = answers.choice("form", said.FORM, ask="Choose what it is")
        version = answers.choice("version", _VERSIONS, ask="Choose the policy version")
        starts = forms.any_day(answers, "starts_on")
        if not answers.wrong:
            chosen = draft.conditions if draft.version == version else _usual(version, form)
            starts_on = starts.isoformat() if starts else ""
            _save(request, person, "licence",
                  _changed(draft, form=form, version=version, starts_on=starts_on, conditions=chosen))  # fmt: skip
            return HttpResponseRedirect(f"{_base(making.case)}/approve/conditions")
        fields = answers.shown(fields)
    form_ = _form(request, making, "Go on: conditions", fields, answers.mistakes)
    return _sheet(request, making, "Approve a licence", "Nothing is recorded before the last step.", form_,
                  small="Step 1 of 4")  # fmt: skip


def _as_day(iso: str) -> str:
    return words.day(date.fromisoformat(iso)) if iso else ""


def _usual(version: str, form: str) -> tuple[str, ...]:
    """What a licence starts from: the standard conditions; in an emergency also no contact with victims."""
    held = catalogue.catalogue()
    chosen = [one.key for one in held.of_version(version) if one.standard and one.regime == "licence"]
    victims = held.conditions["no_contact_any_victim"]
    if form == "emergency" and (version in victims.codes or version not in catalogue.VERSIONS):
        chosen.append(victims.key)
    return tuple(chosen)


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def approve_conditions(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 2 of a licence: which conditions."""
    making, draft = _making(request, person), _draft(request, person, "licence")
    if making is None or not draft.version:
        return HttpResponseRedirect(f"/people/{person}/licence/approve")
    fields = choosing.condition_fields(draft.version, draft.conditions)
    bespoke = forms.area("bespoke", "Conditions written for this person alone", "One on each line; each needs approval",
                         value="\n".join(draft.bespoke))  # fmt: skip
    answers = Answers(request.POST)
    if request.method == "POST":
        chosen = tuple(choosing.read_conditions(answers, fields))
        own = _lines(answers, "bespoke")
        if not chosen and not own:
            answers.wrong["bespoke"] = "Choose at least one condition, or write one"
        if not answers.wrong:
            _save(request, person, "licence", _changed(draft, conditions=chosen, bespoke=own))
            return HttpResponseRedirect(f"{_base(making.case)}/approve/details")
    shown = answers.shown((*fields, bespoke)) if request.method == "POST" else (*fields, bespoke)
    form = _form(request, making, "Go on: what they say", shown, answers.mistakes)
    return _sheet(request, making, "Which conditions?", f"{said.VERSION[draft.version]}. {_TITLES}", form,
                  small="Step 2 of 4")  # fmt: skip


_TITLES = "Titles are short descriptions of our own, never the wording of the licence."


def _lines(answers: Answers, name: str) -> tuple[str, ...]:
    lines = tuple(line.strip() for line in answers.text(name, most=10_000).split("\n") if line.strip())
    if any(len(line) > 500 for line in lines):
        answers.wrong[name] = "Shorten each line to 500 characters"
    return lines


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def approve_details(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 3 of a licence: what the chosen conditions say for this person."""
    return _details(request, person, "licence", "approve", small="Step 3 of 4")


def _details(request: HttpRequest, person: UUID, what: str, path: str, *, small: str) -> HttpResponse:
    making, draft = _making(request, person), _draft(request, person, what)
    if making is None or not draft.version:
        return HttpResponseRedirect(f"/people/{person}/licence/{path}")
    onward = f"{_base(making.case)}/{path}/check"
    fields = choosing.input_fields(draft.conditions, draft.inputs or {})
    answers = Answers(request.POST)
    if request.method == "POST" or not fields:
        read = choosing.read_inputs(answers, draft.conditions) if fields else {}
        if not answers.wrong:
            _save(request, person, what, _changed(draft, inputs=read))
            return HttpResponseRedirect(onward)
        fields = answers.shown(fields)
    form = _form(request, making, "Go on: read it once more", fields, answers.mistakes)
    return _sheet(request, making, "What do these conditions say here?", "Names of places and people are read by those "
                  "who may read the licence.", form, small=small)  # fmt: skip


def _chosen_section(title: str, draft: Draft, names: Sequence[str]) -> Section:
    held = catalogue.catalogue().conditions
    facts = [
        Fact(
            catalogue.look_up(draft.version, name).title,
            "; ".join(
                f"{what.lower()}: {value}"
                for what, value in catalogue.spoken(held.get(name), (draft.inputs or {}).get(name, {}))
            ) or "as it stands",
        )
        for name in names
    ]  # fmt: skip
    return Section(title=title, facts=(*facts, *(Fact(text, "written for this person") for text in draft.bespoke)))


_LIAISON: Mapping[str, str] = {
    "yes": "Yes, they were asked",
    "no": "No, not yet",
    "unknown": "There is nobody to ask, or it is not known",
}


def _consulted() -> tuple[Field, ...]:
    return (
        forms.radios("liaison", "Was victim liaison asked?", _LIAISON,
                     hint="A victim may have asked for a condition"),
        forms.area("liaison_said", "What did they say?", rows=2),
    )  # fmt: skip


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def approve_check(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 4 of a licence: read once more, the plan, then recorded."""
    making, draft = _making(request, person), _draft(request, person, "licence")
    if making is None or not draft.version:
        return HttpResponseRedirect(f"/people/{person}/licence/approve")
    fields: tuple[Field, ...] = (
        forms.area("reason", "Why is it in this form?", "An emergency licence needs a reason", rows=2),
        *_consulted(),
        Field(name="report_to", label="Where and to whom does the person report first?"),
        *choosing.plan_fields(),
        *now_fields("On which day is it approved?", making.now),
        forms.share(making),
    )
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = _read(_approving(draft), answers, making)
        mistakes = answers.mistakes
        if made is not None and not (mistakes := _keep(request, making, made)):
            _forget(request, person, "licence")
            return HttpResponseRedirect(f"{_base(making.case)}?done=approved")
        fields = answers.shown(fields)
    summary = Section(
        title=said.FORM[draft.form],
        facts=(
            Fact("Policy version", said.VERSION[draft.version]),
            *((Fact("For a release on", _as_day(draft.starts_on)),) if draft.starts_on else ()),
        ),
    )
    return _sheet(
        request, making, "Read it once more", "Recorded, it cannot be changed, only corrected.",
        _form(request, making, "Record the licence as approved", fields, mistakes), summary,
        _chosen_section("Its conditions", draft, draft.conditions), small="Step 4 of 4",
    )  # fmt: skip


def _approving(draft: Draft) -> Ask:
    def read(answers: Answers, making: Making) -> Entry | None:
        emergency = draft.form == "emergency"
        reason = answers.text("reason", ask="Write why it is made in an emergency" if emergency else "")
        liaison = answers.choice("liaison", _LIAISON, ask="Choose whether victim liaison was asked")
        happened = answers.when("day", "time", ask="Enter the day, such as 24 November 2026", now=making.now)
        body = {
            "form": draft.form,
            "policy_version": draft.version,
            "conditions": list(draft.conditions),
            "bespoke": list(draft.bespoke),
            "details": draft.details,
            "reason": reason,
            "starts_on": draft.starts_on,
            "victim_liaison_asked": liaison,
            "victim_liaison_said": answers.text("liaison_said"),
            "report_to": answers.text("report_to", most=500),
            **choosing.read_plan(answers),
        }
        shared = answers.chosen("share", making.agencies)
        if answers.wrong or happened is None:
            return None
        number = words.many(len(draft.conditions) + len(draft.bespoke), "condition")
        summary = f"{said.FORM[draft.form].lower()} approved: {number}, {words.small(said.VERSION[draft.version])}"
        return making.entry(state.APPROVED, happened, body, summary=summary, shared=shared)

    return Ask(title="", lead="", button="", done="approved", fields=lambda making: (), read=read)


# --- a variation in steps --------------------------------------------------------------------------------------------


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def vary(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 1 of a variation: the policy version of what is added."""
    making = _making(request, person)
    if making is None:
        return _own_first(person, "vary")
    if making.seen.whole.in_force is None:
        raise Http404
    draft, answers = _draft(request, person, "variation"), Answers(request.POST)
    version = draft.version or making.seen.whole.in_force.version
    fields: tuple[Field, ...] = (_versions_field(version),)
    if request.method == "POST":
        chosen = answers.choice("version", _VERSIONS, ask="Choose the policy version")
        if not answers.wrong:
            added = draft.conditions if draft.version == chosen else ()
            _save(request, person, "variation", _changed(draft, version=chosen, conditions=added))
            return HttpResponseRedirect(f"{_base(making.case)}/vary/conditions")
        fields = answers.shown(fields)
    return _sheet(
        request, making, "Vary the licence", "Conditions that stay keep their own version. "
        "Nothing is recorded before the last step.",
        _form(request, making, "Go on: conditions", fields, answers.mistakes), small="Step 1 of 4",
    )  # fmt: skip


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def vary_conditions(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 2 of a variation: what is taken away and what is added."""
    making, draft = _making(request, person), _draft(request, person, "variation")
    if making is None or not draft.version or making.seen.whole.in_force is None:
        return HttpResponseRedirect(f"/people/{person}/licence/vary")
    held = {
        one.name: f"{catalogue.look_up(one.version, one.name).title} ({said.VERSION.get(one.version, one.version)})"
        for one in making.seen.whole.in_force.standing if not one.bespoke
    }  # fmt: skip
    taken = Field(name="removed", label="Take away", kind="checkboxes",
                  choices=choices(held, draft.removed))  # fmt: skip
    same = [one.name for one in making.seen.whole.in_force.standing if one.version == draft.version]
    added = choosing.condition_fields(draft.version, draft.conditions, leave_out=same)
    answers = Answers(request.POST)
    if request.method == "POST":
        removed = answers.chosen("removed", held)
        chosen = tuple(choosing.read_conditions(answers, added))
        if not removed and not chosen:
            answers.wrong["removed"] = "Choose what to take away or what to add"
        if not answers.wrong:
            _save(request, person, "variation", _changed(draft, removed=removed, conditions=chosen))
            return HttpResponseRedirect(f"{_base(making.case)}/vary/details")
    fields = answers.shown((taken, *added)) if request.method == "POST" else (taken, *added)
    return _sheet(
        request, making, "What changes?", f"To add: {words.small(said.VERSION[draft.version])}. A condition that is "
        f"on the licence in another version and is added takes the place of the older one. {_TITLES}",
        _form(request, making, "Go on: what they say", fields, answers.mistakes),
        *_compared(making, draft), small="Step 2 of 4",
    )  # fmt: skip


def _compared(making: Making, draft: Draft) -> tuple[Section, ...]:
    """What the version of the variation would mean for the licence, without the ways to other versions."""
    found = sections.versions(making.seen, draft.version)
    return (replace(found, links=()),) if found is not None else ()


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def vary_details(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 3 of a variation: what the added conditions say for this person."""
    return _details(request, person, "variation", "vary", small="Step 3 of 4")


@open_to(Permission.DECIDE, person="person", methods=_POSTED)
def vary_check(request: HttpRequest, person: UUID) -> HttpResponse:
    """Step 4 of a variation: read once more, the reason, victim liaison, then recorded."""
    making, draft = _making(request, person), _draft(request, person, "variation")
    if making is None or not draft.version or making.seen.whole.in_force is None:
        return HttpResponseRedirect(f"/people/{person}/licence/vary")
    fields: tuple[Field, ...] = (
        forms.area("reason", "Why is it varied?"),
        *_consulted(),
        Field(name="decided_by", label="Who approved it, if not you?", hint="Name and office, or the Board"),
        *choosing.plan_fields(),
        *now_fields("From which day does it hold?", making.now),
        forms.share(making),
    )
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = _read(_varying(draft), answers, making)
        mistakes = answers.mistakes
        if made is not None and not (mistakes := _keep(request, making, made)):
            _forget(request, person, "variation")
            return HttpResponseRedirect(f"{_base(making.case)}?done=varied")
        fields = answers.shown(fields)
    taken = [one for one in making.seen.whole.in_force.standing if one.name in draft.removed]
    parts = []
    if draft.conditions:
        parts.append(_chosen_section(f"Added, {words.small(said.VERSION[draft.version])}", draft, draft.conditions))
    if taken:
        names = tuple(Fact(catalogue.look_up(one.version, one.name).title, "taken away") for one in taken)
        parts.append(Section(title="Taken away", facts=names))
    return _sheet(
        request, making, "Read it once more", "Recorded, it cannot be changed, only corrected.",
        _form(request, making, "Record the variation", fields, mistakes), *parts, small="Step 4 of 4",
    )  # fmt: skip


def _varying(draft: Draft) -> Ask:
    def read(answers: Answers, making: Making) -> Entry | None:
        reason = answers.text("reason", ask="Write why it is varied")
        liaison = answers.choice("liaison", _LIAISON, ask="Choose whether victim liaison was asked")
        happened = answers.when("day", "time", ask="Enter the day, such as 24 November 2026", now=making.now)
        body = {
            "policy_version": draft.version,
            "added": list(draft.conditions),
            "removed": list(draft.removed),
            "details": draft.details,
            "reason": reason,
            "victim_liaison_asked": liaison,
            "victim_liaison_said": answers.text("liaison_said"),
            "decided_by": answers.text("decided_by", most=200),
            **choosing.read_plan(answers),
        }
        shared = answers.chosen("share", making.agencies)
        if answers.wrong or happened is None:
            return None
        return making.entry(state.VARIED, happened, body, summary=f"licence varied: {reason}", shared=shared)

    return Ask(title="", lead="", button="", done="varied", fields=lambda making: (), read=read)
