"""Recording about a child: an observation on one page; injuries mark by mark, then what was said, then read once more.

A record of injuries that is not finished is kept in the session of the one who writes it, until it is recorded or
they sign out; the address holds its places and never a name. Everything works without script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.alerts import actions as alerts
from throughcare.alerts.actions import NOT_TOLD
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, london_day
from throughcare.ledger.errors import NoSuchEntry, VersionMoved
from throughcare.ledger.life import PersonRecord
from throughcare.safeguarding import forms, state
from throughcare.web import law_words, page, rows, sheet, words, writing
from throughcare.web.asking import Answers, fresh_ref, ref_of
from throughcare.web.case import Case, Finding
from throughcare.web.drawing import mark_ref
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Field, FindingRow, Form, Mistake, Why
from throughcare.web.person import case_now, case_of
from throughcare.web.pictures.bodymap import Pin, body_map
from throughcare.web.pictures.places import Place, place
from throughcare.web.shell import Link

MOST_MARKS = 40
BABY_MONTHS = 12
URGENT_RULE = "T01"
"""The threshold that asks about any mark on a child who does not move independently."""


def _base(person: UUID) -> str:
    return f"/people/{person}/record"


def _agencies(case: Case) -> dict[str, str]:
    return {code: case.agency_name(code) for code in writing.involved(case)}


# --- the agency's own record of the child ----------------------------------------------------------------------------


_ONWARD = re.compile(r"[a-z]{1,20}(?:/[a-z-]{1,30}){0,3}")


def _onto(onward: str) -> str:
    """The form of another room that sent the writer here; nothing where it is no address within the person's."""
    return f"/{onward}" if _ONWARD.fullmatch(onward) else ""


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def own_record(request: HttpRequest, person: UUID) -> HttpResponse:
    """Make a record of this person at the writer's own agency, linked by the writer's decision."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    onward = request.GET.get("to", "")
    to = f"{_base(person)}/{onward}" if onward in ("injury", "observation") else f"/people/{person}{_onto(onward)}"
    if writer.record is not None:
        return HttpResponseRedirect(to)
    answers = Answers(request.POST)
    if request.method == "POST":
        name = answers.text("name", ask="Enter the name as you know it", most=200)
        born = answers.day("born", ask="Enter the date of birth, such as 9 March 2023", now=case.now, needed=False)
        note = answers.text("note", ask="Say how you know that it is the same person", least=10, most=1_000)
        if not answers.wrong:
            given = PersonRecord(agency=case.viewer.agency, ref=ref_of(request.POST), names=(name,), date_of_birth=born)
            _join(case, given, writer, note=note)
            return HttpResponseRedirect(to)
    fields = (
        Field(name="name", label="Name, as you know it", value=case.name, autocomplete="off"),
        Field(
            name="born",
            label="Date of birth",
            value=words.day(case.born) if case.born else "",
            width=20,
            hint="For example, 9 March 2023. Leave this empty if you do not know",
        ),
        Field(
            name="note",
            label="How do you know that it is the same person?",
            kind="textarea",
            rows=3,
            hint="For example: the parents gave the same name, birth date and address",
        ),
    )
    value = page.RecordObservation(
        shell=frame(request, title="A record of your own", case=case),
        person=writing.small_bar(case),
        title=f"{case.agency_name(case.viewer.agency)} has no record of {case.name.split()[0]} yet",
        lead="What you record belongs to your agency, under its own record. It is made now, and linked to this person "
        "because you say that it is the same one.",
        form=Form(
            action=request.get_full_path(),
            button="It is the same person. Go on",
            mistakes=answers.mistakes,
            fields=answers.shown(fields) if request.method == "POST" else fields,
            hidden=(("ref", ref_of(request.POST)),),
            second=Link("Not the same person: search again", "/people"),
        ),
        step="Before you record",
    )
    return render(request, "record_observation.html", {"page": value}, status=400 if answers.wrong else 200)


def _join(case: Case, given: PersonRecord, writer: writing.Writer, *, note: str) -> None:
    alerts.record([], people=[given], by=writer.by, at=case.now)
    alerts.decide_link(
        case.records[0].record,
        given.record,
        same=True,
        how="worker_knowledge",
        note=note,
        role=writer.role,
        agency=case.viewer.agency,
        by=writer.by,
        at=case.now,
    )


# --- an observation --------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def observation(request: HttpRequest, person: UUID) -> HttpResponse:
    """Record what was seen or told: one page, then what follows from it."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    if writer.record is None:
        return HttpResponseRedirect(f"{_base(person)}/own?to=observation")
    agencies = _agencies(case)
    fields = forms.observation_fields(case.now, agencies)
    answers, ref, again = Answers(request.POST), ref_of(request.POST), writing.version(person)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = forms.read_observation(answers, ref, now=case.now, agencies=agencies, writer=writer, child=writer.record)
        fields, mistakes = answers.shown(fields), answers.mistakes
        if made is not None:
            try:
                writing.keep([made], writer=writer, at=case.now, seen=writing.seen(request, person))
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(case, moved), f"/people/{person}/entries"),)
            else:
                return HttpResponseRedirect(_recorded_path(person, made.key))
    value = page.RecordObservation(
        shell=frame(request, title="Record what was seen", case=case),
        person=writing.small_bar(case),
        title="Record what was seen",
        back=_back(case),
        form=Form(
            action=f"{_base(person)}/observation",
            button="Record",
            fields=fields,
            mistakes=mistakes,
            hidden=(("ref", ref), ("version", str(again))),
        ),
        lead="What you record cannot be changed afterwards, only corrected. Both are kept.",
    )
    return render(request, "record_observation.html", {"page": value}, status=400 if mistakes else 200)


def _back(case: Case) -> Link:
    if case.reach.may(Permission.PERSON_READ):
        return Link(case.name, f"/people/{case.person}")
    return Link("Find a person", "/people")


def _recorded_path(person: UUID, key: Key) -> str:
    return f"/people/{person}/recorded/{key.ref}"


# --- a draft of injuries ---------------------------------------------------------------------------------------------


def _draft_name(person: UUID) -> str:
    return f"injury:{person}"


def _draft(request: HttpRequest, person: UUID) -> dict[str, Any]:
    """The record that is being written; a fresh one where there is none."""
    kept = request.session.get(_draft_name(person))
    if kept is None:
        kept = {"ref": fresh_ref(), "version": writing.version(person), "mobility": "", "marks": [], "about": None}
    return dict(kept)


def _save(request: HttpRequest, person: UUID, draft: Mapping[str, Any]) -> None:
    request.session[_draft_name(person)] = dict(draft)


def _marks(draft: Mapping[str, Any]) -> list[forms.Mark]:
    return [forms.Mark(**one) for one in draft["marks"]]


# --- mark by mark ----------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def injury(request: HttpRequest, person: UUID) -> HttpResponse:
    """Where the marks are, and what each looks like. Without script the map is links and the list is a form."""
    case = case_now(request, person)
    writer = writing.writer_of(case.viewer, case.records)
    if writer.record is None:
        return HttpResponseRedirect(f"{_base(person)}/own?to=injury")
    draft = _draft(request, person)
    number = _number(request, draft)
    at = _place(request, draft, number)
    answers = Answers(request.POST)
    if request.method == "POST" and at is not None:
        mark = forms.read_mark(answers, at.code)
        stage = answers.choice("mobility", forms.STAGES, ask="Choose how far the child moves alone")
        if not answers.wrong:
            _put(draft, number, mark, stage)
            _save(request, person, draft)
            return HttpResponseRedirect(
                f"{_base(person)}/injury#{'urgent-h' if stage in forms.NOT_MOVING else 'marks'}"
            )
    return _show_marks(request, case, draft, number, at, answers)


def _number(request: HttpRequest, draft: Mapping[str, Any]) -> int:
    """The number of the mark that is changed, from 1; 0: a new one."""
    given = (request.POST if request.method == "POST" else request.GET).get("mark", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
    return number if 1 <= number <= len(draft["marks"]) else 0


def _place(request: HttpRequest, draft: Mapping[str, Any], number: int) -> Place | None:
    given = (request.POST if request.method == "POST" else request.GET).get("place", "")
    if number and not given:
        given = draft["marks"][number - 1]["place"]
    try:
        return place(given) if given else None
    except ValueError:
        return None


def _put(draft: dict[str, Any], number: int, mark: forms.Mark | None, stage: str) -> None:
    marks = [dict(one) for one in draft["marks"]]
    if number and mark is None:
        del marks[number - 1]
    elif number and mark is not None:
        marks[number - 1] = mark.kept()
    elif mark is not None and len(marks) < MOST_MARKS:
        marks.append(mark.kept())
    draft["marks"], draft["mobility"] = marks, stage


def _show_marks(
    request: HttpRequest, case: Case, draft: Mapping[str, Any], number: int, at: Place | None, answers: Answers
) -> HttpResponse:
    base, marks = f"{_base(case.person)}/injury", _marks(draft)
    earlier = _earlier(case)
    stage = draft["mobility"] or _last_stage(case)
    pins = [Pin(number=n, place=one.at, href=f"#mark-{n}", label=one.said) for n, one in enumerate(marks, 1)] + [
        Pin(
            number=n,
            place=Place(one.body["site"]),
            href=f"#entry-row-{_uid(one)}",
            label=words.day(one.noted),
            earlier=True,
        )
        for n, one in enumerate(earlier, len(marks) + 1)
    ]
    value = page.RecordInjury(
        shell=frame(request, title="Record an injury", case=case),
        person=writing.small_bar(case),
        title="Where are the marks?",
        step="Record an injury, step 1 of 3",
        saved="What you added is kept until you sign out" if marks else "",
        back=_back(case),
        body=body_map(
            pins, baby=_is_baby(case), choose=lambda one: f"{base}?place={one.code}#this-mark", uid="map", chosen=at
        ),
        place=Form(
            action=f"{base}#this-mark",
            method="get",
            button="Add a mark here",
            fields=(forms.place_field(at.code if at else ""),),
        ),
        marks=tuple(
            page.MarkRow(
                number=n,
                where=one.at.words,
                what=one.said,
                change=Link("Change", f"{base}?mark={n}#this-mark", more=f"mark {n}"),
            )
            for n, one in enumerate(marks, 1)
        ),
        form=_mark_form(base, draft, number, at, answers, stage) if at is not None else None,
        form_title=at.words if at else "",
        number=number or (len(marks) + 1 if at else 0),
        urgent=urgent(case) if marks and draft["mobility"] in forms.NOT_MOVING else None,
        earlier=rows.entry_rows(case, earlier),
        go_on=Link("Go on: what was said about it", f"{base}/said") if marks and at is None else None,
    )
    return render(request, "record_injury.html", {"page": value}, status=400 if answers.wrong else 200)


def _mark_form(base: str, draft: Mapping[str, Any], number: int, at: Place, answers: Answers, stage: str) -> Form:
    mark = _marks(draft)[number - 1] if number else None
    fields = forms.mark_fields(mark, mobility=stage, changing=bool(number))
    return Form(
        action=f"{base}#this-mark",
        button="Save this mark",
        fields=answers.shown(fields) if answers.wrong else fields,
        mistakes=answers.mistakes,
        hidden=(("place", at.code), ("mark", str(number) if number else "")),
        second=Link("Cancel", base),
    )


def _earlier(case: Case) -> list[Entry]:
    """Marks recorded before, by anyone, as far as the writer may read; the newest first."""
    found = [one for one in case.about if one.kind == state.INJURY]
    return sorted(found, key=lambda one: one.noted, reverse=True)[:20]


def _uid(entry: Entry) -> str:
    return mark_ref(entry)


def _last_stage(case: Case) -> str:
    """How far the child was last said to move alone, as far as the writer may read."""
    standing = state.fold(case.about, find=case.find)
    return standing.mobility[-1].value if standing and standing.mobility else ""


def _is_baby(case: Case) -> bool:
    if case.born is None:
        return False
    return (london_day(case.now) - case.born).days < BABY_MONTHS * 31


# --- what was said, read once more -----------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def injury_said(request: HttpRequest, person: UUID) -> HttpResponse:
    """When the marks were found, who said what about them, and who is told."""
    case = case_now(request, person)
    draft, base = _draft(request, person), f"{_base(person)}/injury"
    if not draft["marks"]:
        return HttpResponseRedirect(base)
    agencies = _agencies(case)
    fields: Sequence[Field] = forms.injury_fields(case.now, agencies)
    answers = Answers(request.POST)
    if request.method == "POST":
        about = forms.read_about(answers, now=case.now, agencies=agencies)
        fields = answers.shown(fields)
        if about is not None:
            _save(request, person, {**draft, "about": forms.kept_about(about), "typed": _typed(request)})
            return HttpResponseRedirect(f"{base}/check")
    elif draft.get("typed"):
        fields = Answers(_Typed(draft["typed"])).shown(fields)
    value = page.RecordObservation(
        shell=frame(request, title="What was said about it", case=case),
        person=writing.small_bar(case),
        title="What was said about it",
        step="Record an injury, step 2 of 3",
        back=Link("Where the marks are", base),
        form=Form(
            action=f"{base}/said", button="Go on: read it once more", fields=tuple(fields), mistakes=answers.mistakes
        ),
    )
    return render(request, "record_observation.html", {"page": value}, status=400 if answers.wrong else 200)


class _Typed(dict[str, Any]):
    """What was typed before, from a draft."""

    def get(self, name: str, default: Any = "") -> Any:
        held = super().get(name, default)
        return held[0] if isinstance(held, list) else held

    def getlist(self, name: str) -> list[str]:
        """All that was chosen."""
        return list(super().get(name, []))


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    return {name: said for name, said in request.POST.lists() if name != "csrfmiddlewaretoken"}


@open_to(Permission.RECORD, person="person", methods=("GET", "POST"))
def injury_check(request: HttpRequest, person: UUID) -> HttpResponse:
    """Read it once more, then record it."""
    case = case_now(request, person)
    draft, base = _draft(request, person), f"{_base(person)}/injury"
    writer = writing.writer_of(case.viewer, case.records)
    if request.method == "POST" and (sent := ref_of(request.POST)) != draft["ref"]:
        name = Key(case.viewer.agency, f"{sent}-1")  # sent twice: the draft of the first time is gone
        return HttpResponseRedirect(_recorded_path(person, name) if writing.was_recorded(name) else base)
    if not draft["marks"] or not draft["about"] or writer.record is None:
        return HttpResponseRedirect(base)
    about = forms.about_of(draft["about"])
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST":
        made = forms.injury_entries(
            draft["ref"],
            _marks(draft),
            about,
            mobility=draft["mobility"],
            writer=writer,
            child=writer.record,
            at=case.now,
        )
        try:
            writing.keep(made, writer=writer, at=case.now, seen={person: draft["version"]})
        except VersionMoved as moved:
            mistakes = (Mistake(writing.moved_words(case, moved), f"/people/{person}/entries"),)
            _save(request, person, {**draft, "version": writing.version(person)})
        else:
            request.session.pop(_draft_name(person), None)
            return HttpResponseRedirect(_recorded_path(person, made[0].key))
    value = page.CheckAnswers(
        shell=frame(request, title="Check what you record", case=case),
        person=writing.small_bar(case),
        title="Check what you record",
        back=Link("What was said about it", f"{base}/said"),
        groups=(
            page.AnswerGroup(
                title="The marks",
                facts=(
                    *(
                        Fact(one.at.words, one.said, Link("Change", f"{base}?mark={n}#this-mark", more=one.at.words))
                        for n, one in enumerate(_marks(draft), 1)
                    ),
                    Fact("The child can", forms.mobility_words(draft["mobility"])),
                ),
            ),
            page.AnswerGroup(
                title="What was said",
                facts=(
                    *forms.about_facts(about),
                    Fact("", "", Link("Change", f"{base}/said", more="what was said")),
                ),
            ),
        ),
        told=tuple(case.agency_name(code) for code in about.share) or ("Nobody else now. You can share it later.",),
        form=Form(action=f"{base}/check", button="Record", hidden=(("ref", draft["ref"]),), mistakes=mistakes),
    )
    return render(request, "check_answers.html", {"page": value}, status=409 if mistakes else 200)


# --- it is kept ------------------------------------------------------------------------------------------------------


@open_to(Permission.RECORD, person="person")
def recorded(request: HttpRequest, person: UUID, ref: str) -> HttpResponse:
    """What was kept under this reference of the writer's agency, and what happens next, by when, by whom."""
    case = case_of(request, person)
    found = _found(case, ref)
    occasion = ref.removesuffix("-1")
    mine = f"{case.viewer.agency}:{occasion}"
    raised = [one for one in _raised(case, mine) if one.result != "withdrawn"]
    new = [one for one in case.duties if one.started_by.startswith(mine)]
    press = any(one.rule == URGENT_RULE for one in raised)
    number = next((one.position for one in [ledger.inclusion(found.id)] if one is not None), None)
    sealed = f", number {number + 1:,} in the ledger" if number is not None else ", waiting to be sealed"
    value = sheet.Sheet(
        shell=frame(request, title="Recorded", case=case),
        person=writing.small_bar(case),
        title="Recorded",
        lead=f"Reference {occasion}{sealed}",
        panel=True,
        sections=(
            *((sheet.Section(urgent=urgent(case)),) if press else ()),
            sheet.Section(
                title="Questions that this raises",
                findings=_questions(case, raised),
                empty=None
                if raised
                else Empty(
                    title="No question follows from this by itself.",
                    words="If you are worried, say so: ring the front door.",
                ),
            ),
            *((sheet.Section(title="What must happen next", duties=rows.duty_rows(case, new)),) if new else ()),
            sheet.Section(title="Who is told", points=_told(case, bool(raised), occasion)),
            sheet.Section(links=_onward(case)),
        ),
    )
    return render(request, "sheet.html", {"page": value})


def _found(case: Case, ref: str) -> ledger.Found:
    probe = next((one for one in case.readable if one.key == Key(case.viewer.agency, ref)), None)
    try:
        found = ledger.find(probe.id if probe else writing.id_of(Key(case.viewer.agency, ref)))
    except NoSuchEntry:
        raise Http404 from None
    if not {one.record for one in case.records} & set(found.records):
        raise Http404
    return found


def _raised(case: Case, mine: str) -> list[Finding]:
    """Findings whose evidence takes in what was just recorded. Of others' evidence no more than may be read."""
    names = {
        (one.rule, one.key)
        for one in duties.findings_of([case.person])
        if any(name.startswith(mine) for name in one.evidence)
    }
    return [one for one in case.findings if (one.rule, one.key) in names]


def _questions(case: Case, raised: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """The questions that were raised; without a way in for who may not open the case."""
    made = rows.finding_rows(case, raised, {})
    if case.reach.may(Permission.PERSON_READ):
        return made
    return tuple(replace(one, do=None) for one in made)


def _told(case: Case, raised: bool, occasion: str) -> tuple[str, ...]:
    shared = {share.agency for one in case.readable if one.ref.startswith(occasion) for share in one.shared}
    made = [f"{case.agency_name(code)}: sees it from now on" for code in sorted(shared)]
    if raised:
        counts: dict[str, set[UUID]] = {}
        for one in access.holders(case.person, at=case.now):
            if one.relation not in NOT_TOLD:
                counts.setdefault(one.agency, set()).update(one.members)
        made += [
            f"{case.agency_name(code)}: {words.many(len(users), 'person', 'people')} with this child, by message"
            for code, users in sorted(counts.items())
        ]
    return tuple(made) or ("Nobody yet.",)


def _onward(case: Case) -> tuple[Link, ...]:
    base = _base(case.person)
    made = [
        Link("Record something else that was seen", f"{base}/observation"),
        Link("Record an injury", f"{base}/injury"),
    ]
    return tuple([_back(case), *made])


# --- the urgent path -------------------------------------------------------------------------------------------------


def urgent(case: Case) -> page.Urgent:
    """What to do at once when there is a mark on a child who does not move independently, and whom to ring."""
    rule = rows.thresholds().get(URGENT_RULE)
    near = {one.record.agency for one in case.records} | {one.agency for one in case.readable}
    return page.Urgent(
        title="This child does not move independently yet. Act on this now.",
        words="A mark on a baby who does not crawl should be seen by a doctor today, and talked through with "
        "children’s services. It may have an innocent cause. You do not have to decide that.",
        steps=(
            ("If the child is in danger now, ring the police", "999"),
            ("Ring the children’s doctor on call", _ring(case, near, "health", ("infirmary", "hospital"))),
            ("Ring children’s services with what you saw", _ring(case, near, "la", ())),
            ("Tell the parents why, unless that puts the child at risk", ""),
        ),
        why=Why(
            rule=f"{rule.id}: {rule.what}", authority=rule.rows[-1].source, mark=law_words.mark_words(rule.rows[-1])
        )
        if rule
        else None,
    )


def _ring(case: Case, near: set[str], sector: str, named: Sequence[str]) -> str:
    """A telephone number of that sector: of an agency that is involved, if one is; else of any that has that name."""
    desks = [one for one in case.desks.values() if one.sector == sector and one.telephone]
    fit = [one for one in desks if any(word in one.name.lower() for word in named)] if named else desks
    found = next((one for one in fit if one.code in near), None) or (fit[0] if fit else None)
    return found.telephone if found else ""
