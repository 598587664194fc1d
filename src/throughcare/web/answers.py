"""Questions and duties: the lists of a person, and the page of each. Answering a question appends an entry.

A question decides nothing. Its page shows the evidence as far as the viewer may read it, asks for a response with a
reason, and keeps who did what. A duty's page shows every step by which the engine came to its day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.alerts import actions as alerts
from throughcare.duties import actions as duty_actions
from throughcare.duties import queries as duties
from throughcare.duties.engine import evaluate
from throughcare.ledger.entry import Entry, london_day
from throughcare.ledger.errors import VersionMoved
from throughcare.web import law_page, page, rows, sheet, telling, words, writing
from throughcare.web.asking import Answers, choices, ref_of
from throughcare.web.case import Case, Duty, Finding
from throughcare.web.drawing import when_said
from throughcare.web.frame import frame
from throughcare.web.parts import DutyRow, Empty, Fact, Field, Form, Mistake
from throughcare.web.person import OPEN, case_of, person_bar
from throughcare.web.shell import Choice, Link

ANSWERED = "alerts.finding_answered"

RESPONSE_HINTS = {
    "act": "You do what is asked, or have done it. Say what, by whom, by when",
    "act_differently": "You do something else about it. Say what, and why that",
    "no_action": "You do nothing about it. Say why that is safe",
}

# --- the lists -------------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def findings(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every question about a person: those that wait for an answer, then those answered or withdrawn."""
    case = case_of(request, person)
    found = sorted(case.findings, key=lambda one: (one.raised, one.rule), reverse=True)
    made = rows.finding_rows(case, found, rows.answers(case.entries, found))
    waiting = tuple(one for one in made if one.state in ("asked", "cannot_tell"))
    closed = tuple(one for one in made if one.state in ("answered", "withdrawn"))
    nothing = Empty(title="No question waits", words="Nothing that you may read has crossed a threshold.")
    value = sheet.Sheet(
        shell=frame(request, title=f"Questions: {case.name}", case=case),
        person=person_bar(case, "Overview"),
        title="Questions",
        lead=f"{words.many(len(waiting), 'question waits', 'questions wait')} for an answer. "
        "A question is not a score, and decides nothing.",
        sections=(
            sheet.Section(title="Waiting", findings=waiting, empty=None if waiting else nothing),
            *((sheet.Section(title="Answered or withdrawn", findings=closed),) if closed else ()),
        ),
    )
    return render(request, "sheet.html", {"page": value})


@open_to(Permission.PERSON_READ, person="person")
def duties_of(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every duty about a person: what is open, what was met, what is no longer required."""
    case = case_of(request, person)
    every = rows.duty_rows(case, case.duties)
    groups = (
        ("Late", tuple(one for one in every if one.state == "overdue")),
        ("Open", tuple(one for one in every if one.state in ("open", "due_today"))),
        ("Met", tuple(one for one in every if one.state in ("met", "met_late"))),
        ("No longer required", tuple(one for one in every if one.state == "not_required")),
    )
    late, current = len(groups[0][1]), len(groups[1][1])
    value = sheet.Sheet(
        shell=frame(request, title=f"Duties: {case.name}", case=case),
        person=person_bar(case, "Duties"),
        title="Duties",
        lead=f"{late:,} late, {current:,} open, {len(groups[2][1]):,} met.",
        sections=tuple(sheet.Section(title=name, duties=shown) for name, shown in groups if shown)
        or (sheet.Section(empty=Empty(title="No duties", words="Nothing that you may read has started a clock.")),),
    )
    return render(request, "sheet.html", {"page": value})


# --- one question ----------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, post=Permission.FINDING_ANSWER, person="person", methods=("GET", "POST"))
def finding(request: HttpRequest, person: UUID, rule: str, key: str) -> HttpResponse:
    """One question: its evidence, its answer, and who did what about it."""
    case = case_of(request, person)
    found = next((one for one in case.findings if (one.rule, one.key) == (rule, key)), None)
    if found is None:
        raise Http404
    path = rows.finding_path(case, found)
    answers = Answers(request.POST)
    mistakes: tuple[Mistake, ...] = ()
    if request.method == "POST" and not case.look.past:
        made = _read_answer(case, found, answers, ref_of(request.POST))
        mistakes = answers.mistakes
        if made is not None:
            try:
                writing.keep([made[0]], writer=made[1], at=case.now, seen=writing.seen(request, person))
            except VersionMoved as moved:
                mistakes = (Mistake(writing.moved_words(case, moved), f"/people/{person}/entries"),)
            else:
                return HttpResponseRedirect(f"{path}?done=answered")
    alerts.seen(case.viewer.id, path, at=case.now)
    given = _given(case, found)
    row = rows.finding_row(case, found, 0, given[-1] if given else None)
    form, closed = _answer_form(case, found, path, bool(given), answers, mistakes, request.method == "POST")
    done = {"answered": "Your answer is recorded", "given": "It is given"}.get(request.GET.get("done", ""), "")
    value = page.FindingPage(
        shell=frame(
            request,
            title=row.what,
            case=case,
            success=done,
            more="The other agencies that the evidence comes from can see it."
            if request.GET.get("done") == "answered"
            else "",
        ),
        person=person_bar(case, "Overview"),
        finding=row,
        evidence=rows.entry_rows(case, found.evidence),
        elsewhere=telling.held_elsewhere(case, found),
        links=telling.links_of(case, found),
        form=form,
        closed=closed,
        history=_history(case, rule, key, given),
        assign=_assign_form(case, rule, key, path, found.assigned),
        back=Link("All questions", f"/people/{person}/findings{case.look.query()}"),
    )
    return render(request, "finding.html", {"page": value}, status=400 if mistakes else 200)


def _given(case: Case, found: Finding) -> list[Entry]:
    """Every answer to a question, oldest first."""
    refs = {one.ref for one in found.evidence}
    made = [
        one
        for one in case.standing
        if one.kind == ANSWERED and one.body["rule"] == found.rule and (refs & set(one.body["evidence"]) or not refs)
    ]
    return sorted(made, key=lambda one: one.noted)


def _read_answer(case: Case, found: Finding, answers: Answers, ref: str) -> tuple[Entry, writing.Writer] | None:
    response = answers.choice("response", rows.RESPONSES, ask="Choose what you do about it")
    reason = answers.text("reason", ask="Give your reason in a sentence or more", least=5)
    if answers.wrong:
        return None
    writer = writing.writer_of(case.viewer, case.records)
    told = {one.agency for one in found.evidence}
    made = writing.entry(
        ref,
        ANSWERED,
        writer=writer,
        at=case.now,
        shared=sorted(told),
        concerns=[("subject", writer.record or case.records[0].record)],
        summary=f"{rows.RESPONSES[response]}: {rows.thresholds()[found.rule].what.rstrip('.')}",
        body={
            "rule": found.rule,
            "evidence": [one.ref for one in found.evidence],
            "response": response,
            "reason": reason,
        },
    )
    return made, writer


def _answer_form(
    case: Case, found: Finding, path: str, again: bool, answers: Answers, mistakes: Sequence[Mistake], sent: bool
) -> tuple[Form | None, str]:
    """The form to answer; or None, and why there is none."""
    if case.look.past:
        return None, "You look at the past. Go back to now to answer."
    if found.result == "withdrawn":
        return None, "What this rested on was corrected. There is nothing to answer any more."
    if not case.reach.may(Permission.FINDING_ANSWER):
        return None, "You may read this question, and not answer it. It is put to: " + rows.thresholds()[found.rule].to
    if not found.evidence:
        return None, "You may not read what this rests on, so you cannot answer it. Ring the agencies that hold it."
    fields = (
        Field(
            name="response",
            label="What do you do about it?",
            kind="radios",
            choices=tuple(
                Choice(value=code, label=said, hint=RESPONSE_HINTS[code]) for code, said in rows.RESPONSES.items()
            ),
        ),
        Field(
            name="reason",
            label="Your reason",
            kind="textarea",
            rows=4,
            hint="It is kept, and the agencies that the evidence comes from can read it",
        ),
    )
    return Form(
        action=path,
        button="Answer again" if again else "Answer",
        mistakes=tuple(mistakes),
        fields=answers.shown(fields) if sent else fields,
        hidden=(("ref", ref_of(answers.given)), ("version", str(writing.version(case.person)))),
    ), ""


def _history(case: Case, rule: str, key: str, given: Sequence[Entry]) -> tuple[Fact, ...]:
    """Who was given it and what was answered, oldest first."""
    handed = duties.assignments(case.person, rule, key)
    names = {one.id: one.name for one in access.colleagues(ids={user for one in handed for user in (one.user, one.by)})}
    made = [(one.noted, Fact(words.moment(one.noted), rows.answer_words(case, one))) for one in given]
    made += [
        (
            one.at,
            Fact(words.moment(one.at), f"{names.get(one.by, 'Somebody')} gave it to {names.get(one.user, 'somebody')}"),
        )
        for one in handed
    ]
    return tuple(fact for _, fact in sorted(made, key=lambda pair: pair[0]))


# --- giving it to somebody -------------------------------------------------------------------------------------------


def _team(case: Case) -> dict[str, str]:
    """Colleagues of the viewer's agency who already work with the person, by id."""
    here = {
        user
        for one in access.holders(case.person, at=case.now)
        if one.agency == case.viewer.agency
        for user in one.members
    }
    return {str(one.id): f"{one.name}, {', '.join(one.titles)}" for one in access.colleagues(ids=here)}


def _assign_form(case: Case, rule: str, key: str, path: str, to: UUID | None) -> Form | None:
    if case.look.past or not case.reach.may(Permission.DUTY_ASSIGN):
        return None
    team = _team(case)
    if not team:
        return None
    return Form(
        action=f"/people/{case.person}/assign",
        button="Give it to them",
        fields=(
            Field(
                name="to",
                label="Who does this?",
                kind="select",
                hint="Colleagues of your agency who work with this person",
                choices=choices(team, str(to or ""), first="Choose a colleague"),
            ),
        ),
        hidden=(("rule", rule), ("key", key), ("path", path)),
    )


@open_to(Permission.DUTY_ASSIGN, person="person", methods=("POST",))
def assign(request: HttpRequest, person: UUID) -> HttpResponse:
    """Give a duty or a question to a colleague, and tell them."""
    case = case_of(request, person)
    rule, key = request.POST.get("rule", ""), request.POST.get("key", "")
    names = {(one.rule, one.key): rows.finding_path(case, one) for one in case.findings}
    names |= {(one.rule, one.started_by): rows.duty_path(case, one) for one in case.duties}
    path = names.get((rule, key))
    if path is None:
        raise Http404
    to = request.POST.get("to", "")
    if to not in _team(case):
        return HttpResponseRedirect(f"{path}#id_to")
    held = duties.assignments(person, rule, key)
    if not held or str(held[-1].user) != to:
        duty_actions.assign(person, rule, key, to=UUID(to), by=case.viewer.id, at=case.now)
        notice = alerts.To(
            about="assigned",
            key=f"assigned|{person}|{rule}|{key}|{to}|{len(held)}",
            path=path,
            person=person,
            users=frozenset({UUID(to)}),
        )
        alerts.send([notice], at=case.now)
    return HttpResponseRedirect(f"{path}?done=given")


# --- one duty --------------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def duty(request: HttpRequest, person: UUID, rule: str, started_by: str) -> HttpResponse:
    """One duty: what, whose, by when, and each step by which that day was worked out."""
    case = case_of(request, person)
    found = next((one for one in case.duties if (one.rule, one.started_by) == (rule, started_by)), None)
    if found is None:
        raise Http404
    path = rows.duty_path(case, found)
    alerts.seen(case.viewer.id, path, at=case.now)
    row = rows.duty_row(case, found, 0)
    names = [name for name in (found.started_by, found.met_by) if name]
    rests = [one for name in names if (one := case.index.by_key.get(duties.key_of(name))) is not None]
    holder = next((one.name for one in access.colleagues(ids={found.assigned})), "") if found.assigned else ""
    done = "It is given" if request.GET.get("done") == "given" else ""
    value = page.DutyPage(
        shell=frame(request, title=row.what, case=case, success=done),
        person=person_bar(case, "Duties"),
        duty=row,
        facts=(
            *((Fact("Given to", holder),) if holder else ()),
            *_law(case, found),
            *(Fact(f"Step {number}", said) for number, said in enumerate(_steps(case, found), 1)),
        ),
        evidence=rows.entry_rows(case, rests),
        actions=_do(case, found, row),
        form=_assign_form(case, rule, started_by, path, found.assigned) if found.state in OPEN else None,
        history=_history(case, rule, started_by, ()),
        back=Link("All duties", f"/people/{person}/duties{case.look.query()}"),
    )
    return render(request, "duty.html", {"page": value})


def _law(case: Case, found: Duty) -> tuple[Fact, ...]:
    """Whether a named approver has confirmed the figure, and where the rule stands."""
    start = case.index.by_key.get(duties.key_of(found.started_by))
    day = start.happened.day if start and start.happened.day else london_day(case.look.until)
    said = law_page.whether_confirmed(found.rule, day)
    return (Fact("Confirmed", said, Link("The rule", f"/law/{quote(found.rule, safe='')}")),) if said else ()


_REF = re.compile(r"^(started by|met by|no longer required:) (\S.*?)(: | )(\S.*)$")


def _steps(case: Case, found: Duty) -> list[str]:
    """The engine's own steps in words; one that names an entry the viewer may not read says only that there is one."""
    answers = evaluate(
        duties.case(case.person),
        rules=duties.rules(),
        on=london_day(case.look.until),
        known_to=case.look.known_to or None,
    )
    exact = next(
        (
            one
            for one in answers.duties
            if (one.person, one.rule, duties.written(one.started_by))
            == (str(case.person), found.rule, found.started_by)
        ),
        None,
    )
    agency = duties.key_of(found.started_by).agency
    return [_step(case, said, agency) for said in exact.why] if exact else []


def _step(case: Case, said: str, agency: str) -> str:
    parts = _REF.match(said)
    if parts is None:
        return words.sentence(_dated(said))
    entry = case.index.find(parts[2], agency=agency)
    if entry is None:
        return words.sentence(f"{parts[1].rstrip(':')} an entry that you may not read")
    when = when_said(entry)
    late = ", late" if said.endswith(", late") else ""
    return words.sentence(f"{parts[1].rstrip(':')} {rows.kind_words(entry.kind).lower()}, {when}{late}")


_DAY = re.compile(r"\b(\d{4}-\d{2}-\d{2})\b(?!T)")


def _dated(said: str) -> str:
    return _DAY.sub(lambda day: words.day(date.fromisoformat(day[1])), said)


def _do(case: Case, found: Duty, row: DutyRow) -> tuple[Link, ...]:
    """What can be recorded to meet it, where a page for that is here."""
    if case.look.past or found.state not in OPEN or not case.reach.may(Permission.RECORD):
        return ()
    return (Link("Record what was done", f"/people/{case.person}/record/observation", more=row.what),)
