"""Who may see a person, and who has looked: breaking the glass and its review, the log, doubtful links."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import actions as access_actions
from throughcare.access import queries as access
from throughcare.access.doors import is_proved, looked_at, open_to, prove_again, spend
from throughcare.access.reach import Permission, Relation, Role, Viewer
from throughcare.alerts import actions as alerts
from throughcare.duties.calendar import BeyondCalendar, england_and_wales
from throughcare.ledger.entry import london_day
from throughcare.people import queries as people
from throughcare.people.actions import RecordUnknown
from throughcare.web import page, sheet, words, writing
from throughcare.web.asking import Answers, choices
from throughcare.web.case import Case
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Field, Form, Pages, Table
from throughcare.web.person import case_of, person_bar
from throughcare.web.shell import Choice, Link

REVIEW_IN = 2
"""Working days within which a breaking of the glass is reviewed."""
A_PAGE = 50
_OWNERS = (Relation.ALLOCATED, Relation.MANAGER, Relation.CHAIR, Relation.CASEWORK)

# --- breaking the glass ----------------------------------------------------------------------------------------------


@open_to(Permission.BREAK_GLASS, person="person", methods=("GET", "POST"))
def break_glass(request: HttpRequest, person: UUID) -> HttpResponse:
    """The interruption before a case that is not the viewer's own; then an hour, and all who must know are told."""
    case = case_of(request, person, with_answers=False)
    answers = Answers(request.POST)
    if request.method == "POST":
        spend(request, "break_glass", most=10, per=timedelta(hours=1))
        reason = answers.text("reason", ask="Say in words why you must see this record now", least=10, most=1_000)
        if not is_proved(request) and not answers.wrong:
            _prove(request, answers)
        if not answers.wrong:
            _open(request, case, reason)
            return HttpResponseRedirect(f"/people/{person}")
    fields: tuple[Field, ...] = (
        Field(
            name="reason",
            label="Why must you see it now?",
            kind="textarea",
            rows=4,
            hint="For example: a child of this name is in front of me, and the parents cannot be asked",
        ),
    )
    if not is_proved(request):
        fields += (
            Field(
                name="code",
                label="Code from your app",
                hint="6 digits, to be sure that it is you",
                width=10,
                autocomplete="one-time-code",
                inputmode="numeric",
            ),
        )
    value = page.BreakGlass(
        shell=frame(request, title="Break the glass"),
        title="This case is not yours",
        words=(
            f"You are about to open the record of {case.name} "
            + (
                "further than your work with them lets you."
                if case.reach.may(Permission.PERSON_READ)
                else "without standing in any relation to the case."
            ),
            f"It opens for 60 minutes. {_told_words(case)} You are asked about it within {REVIEW_IN} working days.",
            "If somebody is in danger now, ring 999 first. If it can wait, ring an agency that is involved.",
        ),
        form=Form(
            action=f"/people/{person}/break-glass",
            button="Open the record",
            warning=True,
            mistakes=answers.mistakes,
            fields=answers.shown(fields),
            second=Link("Do not open it. Whom to ring", f"/people/{person}"),
        ),
    )
    return render(request, "break_glass.html", {"page": value}, status=400 if answers.wrong else 200)


def _prove(request: HttpRequest, answers: Answers) -> None:
    try:
        prove_again(request, answers.text("code", most=20))
    except access_actions.SignInRefused as refused:
        answers.wrong["code"] = str(refused)


def _owners(case: Case) -> set[UUID]:
    return {
        user for one in access.holders(case.person, at=case.now) if one.relation in _OWNERS for user in one.members
    } - {case.viewer.id}


def _guardians(case: Case) -> set[UUID]:
    """The guardians of the viewer's agency; where it has none, those of every agency."""
    everybody = [one for one in access.colleagues() if Role.GUARDIAN in one.roles]
    near = {one.id for one in everybody if one.agency == case.viewer.agency}
    return (near or {one.id for one in everybody}) - {case.viewer.id}


def _told_words(case: Case) -> str:
    owners = len(_owners(case))
    if not owners:
        return "Nobody owns this case yet; the guardian is told at once."
    return f"{'The owner' if owners == 1 else f'The {owners} owners'} of the case and the guardian are told at once."


def _open(request: HttpRequest, case: Case, reason: str) -> None:
    opened = access_actions.break_glass(
        case.viewer,
        case.person,
        reason=reason,
        at=case.now,
        review_due=review_day(london_day(case.now)),
        request=request.request_id,  # type: ignore[attr-defined]
    )
    name = f"break_glass|{opened.glass}"
    notices = [
        alerts.To(
            about="break_glass",
            key=name,
            path=f"/people/{case.person}/access",
            person=case.person,
            users=frozenset(_owners(case)),
        ),
        alerts.To(
            about="break_glass",
            key=f"{name}|review",
            path=f"/break-glass/{opened.glass}",
            person=case.person,
            users=frozenset(_guardians(case)),
        ),
    ]
    alerts.send([one for one in notices if one.users], at=case.now)
    access_actions.glass_told(opened.glass, at=case.now)


def review_day(on: date) -> date:
    """The second working day after a day, by which a breaking of the glass is to be reviewed.

    Past the years of the calendar it is the second day: an emergency does not wait for a table of bank holidays.
    """
    try:
        return england_and_wales().after(on, REVIEW_IN)
    except BeyondCalendar:
        return on + timedelta(days=REVIEW_IN)


@open_to(Permission.BREAK_GLASS_REVIEW)
def to_review(request: HttpRequest) -> HttpResponse:
    """Breakings of the glass that wait for review, the most urgent first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    today = london_day(request.at)  # type: ignore[attr-defined]
    waiting = access.glass_to_review(viewer)
    desks = access.desks()
    done = "The review is kept" if request.GET.get("done") else ""
    value = sheet.Sheet(
        shell=frame(request, title="Broken glass", success=done),
        title="Broken glass to review",
        lead=f"{words.many(len(waiting), 'opening waits', 'openings wait')} for review.",
        sections=(
            sheet.Section(
                table=Table(
                    caption="Openings to review",
                    heads=("Opened", "By", "Their reason", "Review by", "Do"),
                    rows=tuple(
                        (
                            words.moment(one.at),
                            f"{one.user_name}, {desks[one.agency].name if one.agency in desks else one.agency}",
                            one.reason,
                            words.day(one.review_due) + (" (late)" if one.review_due < today else ""),
                            Link("Review", f"/break-glass/{one.id}", more=f"{one.user_name}, {words.moment(one.at)}"),
                        )
                        for one in waiting
                    ),
                )
                if waiting
                else None,
                empty=None
                if waiting
                else Empty(title="Nothing to review", words="No glass was broken that nobody has looked at."),
            ),
        ),
    )
    return render(request, "sheet.html", {"page": value})


OUTCOMES = {
    "justified": "It was justified",
    "not_justified": "It was not justified",
    "cannot_say": "I cannot say",
}


@open_to(Permission.BREAK_GLASS_REVIEW, methods=("GET", "POST"))
def review(request: HttpRequest, glass: UUID) -> HttpResponse:
    """Review one breaking of the glass: what was said, what was looked at, and what the reviewer makes of it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    one = next((found for found in access.glass_to_review(viewer) if found.id == glass), None)
    path = f"/break-glass/{glass}"
    alerts.seen(viewer.id, path, at=at)
    if one is None:
        raise Http404
    looked_at(request, {one.person: "review"})
    answers = Answers(request.POST)
    if request.method == "POST":
        outcome = answers.choice("outcome", OUTCOMES, ask="Choose what you make of it")
        said = answers.text("note", ask="Say what you looked at, and why you think so", least=10, most=1_000)
        if not answers.wrong:
            with suppress(access_actions.AlreadyDone):  # somebody was quicker, or the form came twice
                access_actions.review_break_glass(glass, outcome=outcome, note_of_review=said, at=at, by=viewer)
            return HttpResponseRedirect("/break-glass?done=yes")
    seen = [line for line in access.lines(person=one.person, who=one.user, limit=200) if one.at <= line.at <= one.until]
    fields = (
        Field(name="outcome", label="What do you make of it?", kind="radios", choices=choices(OUTCOMES)),
        Field(name="note", label="Your reason", kind="textarea", rows=4),
    )
    desks = access.desks()
    value = sheet.Sheet(
        shell=frame(request, title="Review a breaking of the glass"),
        title="Review a breaking of the glass",
        sections=(
            sheet.Section(
                facts=(
                    Fact("Who", f"{one.user_name}, {desks[one.agency].name if one.agency in desks else one.agency}"),
                    Fact("Opened", f"{words.moment(one.at)}, until {words.clock(one.until)}"),
                    Fact("Their reason", f"“{one.reason}”"),
                    Fact("The owner was told", words.moment(one.told) if one.told else "not yet"),
                    Fact("Review by", words.day(one.review_due)),
                )
            ),
            sheet.Section(
                title="What they opened",
                table=Table(
                    caption="Pages opened",
                    heads=("When", "What"),
                    rows=tuple((words.moment(line.at), what_words(line)) for line in seen),
                )
                if seen
                else None,
                empty=None if seen else Empty(title="Nothing", words="No page of this person was opened after it."),
            ),
            sheet.Section(
                title="Your review",
                forms=(
                    Form(
                        action=path, button="Keep this review", mistakes=answers.mistakes, fields=answers.shown(fields)
                    ),
                ),
            ),
        ),
        back=Link("Broken glass to review", "/break-glass"),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if answers.wrong else 200)


# --- who has looked --------------------------------------------------------------------------------------------------

_WHAT = {
    "person": "Overview",
    "person_entries": "Entries",
    "blind_spot": "Blind spots",
    "findings": "Questions",
    "finding": "A question",
    "duties": "Duties",
    "duty": "A duty",
    "entry": "An entry",
    "correct": "Correcting an entry",
    "withdraw": "Withdrawing an entry",
    "share": "Sharing an entry",
    "record_injury": "Recording an injury",
    "record_injury_said": "Recording an injury",
    "record_injury_check": "Recording an injury",
    "record_observation": "Recording what was seen",
    "recorded": "What was recorded",
    "own_record": "A record of their own",
    "find": "A search",
    "my_work": "Their work",
    "break_glass": "The glass",
    "looked": "Who has looked",
    "access_log": "The log",
    "links": "Doubtful links",
    "assign": "Giving a duty",
}
_WHY = {
    "none": "no relation to the case",
    "involved": "works with the person",
    "allocated": "it is their case",
    "core_group": "in the core group",
    "live_enquiry": "named in the enquiry",
    "triage": "in the hub, for a time",
    "chair": "chairs the conference",
    "manager": "manages the case",
    "designated": "the designated officer",
    "legal": "advises on the case",
    "casework": "does the casework",
    "panel": "sits on the panel",
    "victim_contact": "in contact with the victim",
    "reviewer": "a learning review",
    "break_glass": "broke the glass",
    "review": "reviewed a breaking of the glass",
    "link": "decided about records",
}
_ACTS = {
    "read": "",
    "write": "wrote",
    "search": "searched",
    "export": "took a copy",
    "refusal": "was refused",
    "break_glass": "broke the glass",
    "sign_in": "signed in",
    "sign_out": "signed out",
    "permission": "changed access",
    "machine": "by a system",
    "sign_in_failed": "could not sign in",
}


def what_words(line: access.Line) -> str:
    """What an audit line is about, in words."""
    act = _ACTS.get(line.act, line.act)
    what = _WHAT.get(line.object_id, "") if line.object_kind == "page" else line.object_kind.replace("_", " ")
    found = f", {words.many(line.results, 'result')}" if line.results is not None else ""
    return words.sentence(f"{what}{': ' if what and act else ''}{act}{found}").rstrip(".") or "A page"


@open_to(Permission.ACCESS_LOG_READ, person="person")
def looked(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who has looked at this person's record, when and why."""
    case = case_of(request, person, with_answers=False)
    path = f"/people/{person}/access"
    alerts.seen(case.viewer.id, path, at=case.now)
    lines, pages = _page(request, path, person=person)
    reads = case.reach.may(Permission.PERSON_READ)
    value = page.AccessLog(
        shell=frame(request, title="Who has looked", case=case),
        person=person_bar(case, "Who has looked") if reads else writing.small_bar(case),
        title="Who has looked",
        said="Every look is written down before the page is shown, and cannot be taken out again.",
        looks=tuple(_look(line, case.desks) for line in lines),
        pages=pages,
        empty=None if lines else Empty(title="Nobody", words="Nobody has looked at this record yet."),
    )
    return render(request, "access_log.html", {"page": value})


def _page(
    request: HttpRequest, path: str, *, person: UUID | None = None, act: str = ""
) -> tuple[list[access.Line], Pages | None]:
    """One page of the log, the newest first, and the way to older lines."""
    before = request.GET.get("before", "")
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = access.lines(person=person, before=last, limit=A_PAGE + 1, act=act or None)
    more, lines = len(found) > A_PAGE, found[:A_PAGE]
    if not more and last is None:
        return lines, None
    query = f"&act={act}" if act else ""
    return lines, Pages(
        said=f"{words.many(len(lines), 'line')} on this page",
        next_href=f"{path}?before={lines[-1].id}{query}" if more else "",
        previous_href=f"{path}?{query.lstrip('&')}" if last is not None else "",
    )


def _look(line: access.Line, desks: Mapping[str, access.Desk]) -> page.Looked:
    unusual = ""
    if line.act == "break_glass" or line.relation == Relation.BREAK_GLASS:
        unusual = "the glass was broken"
    elif line.outcome == "refused":
        unusual = "was refused"
    elif line.relation == Relation.NONE and line.act == "read" and line.object_id not in ("person", "find"):
        unusual = "no relation to the case"
    system = "A system of the agency" if line.who_kind == "system" else "Nobody signed in"
    reason = f" Reason given: “{line.reason}”" if line.reason else ""
    return page.Looked(
        at=words.moment(line.at),
        who=line.name or system,
        agency=desks[line.agency].name if line.agency in desks else line.agency,
        why=words.sentence(line.purpose or _WHY.get(line.relation, "their work")) + reason,
        what=what_words(line),
        unusual=unusual,
    )


_LOG_ACTS = {
    "": "Everything",
    "break_glass": "Broken glass",
    "refusal": "Refused",
    "export": "Copies taken",
    "search": "Searches",
    "write": "Changes",
    "permission": "Access changed",
    "sign_in_failed": "Failed sign-ins",
}


@open_to(Permission.AUDIT_READ)
def access_log(request: HttpRequest) -> HttpResponse:
    """The log of every case, for guardians: what was done, by whom, never what was read."""
    act = request.GET.get("act", "")
    act = act if act in _LOG_ACTS else ""
    lines, pages = _page(request, "/access-log", act=act)
    desks = access.desks()
    value = page.AccessLog(
        shell=frame(request, title="Who looked"),
        person=None,
        title="Who looked, in every case",
        said="The newest first. Open a person’s own log from a search.",
        filter=Form(
            action="/access-log",
            method="get",
            button="Show",
            fields=(
                Field(
                    name="act",
                    label="What",
                    kind="select",
                    choices=tuple(
                        Choice(value=code, label=said, chosen=code == act) for code, said in _LOG_ACTS.items()
                    ),
                ),
            ),
        ),
        looks=tuple(_look(line, desks) for line in lines),
        pages=pages,
        empty=None if lines else Empty(title="Nothing", words="No line of the log is like this."),
    )
    return render(request, "access_log.html", {"page": value})


# --- doubtful links --------------------------------------------------------------------------------------------------

DECISIONS = {"same": "They are the same person", "different": "They are two persons"}
RESTS_ON = {
    "identifier": "A number that both records hold",
    "demographics": "Names, birth dates and addresses",
    "worker_knowledge": "Somebody who knows them told me",
    "document": "A document that I have seen",
    "other": "Something else",
}


@open_to(Permission.LINK_REVIEW)
def links(request: HttpRequest) -> HttpResponse:
    """Pairs of records that look like one person and wait for a human, the oldest first."""
    waiting = people.doubtful()
    looked_at(request, {one.person: "link" for pair in waiting for one in (pair.first, pair.second)})
    desks = access.desks()
    value = sheet.Sheet(
        shell=frame(
            request, title="Links to decide", success="The decision is kept" if request.GET.get("done") else ""
        ),
        title="Links to decide",
        lead=f"{words.many(len(waiting), 'pair of records waits', 'pairs of records wait')} for somebody to decide.",
        sections=(
            sheet.Section(
                table=Table(
                    caption="Pairs of records",
                    heads=("One record", "The other", "Why it is in doubt", "Do"),
                    rows=tuple(
                        (
                            _told_apart(one.first, desks),
                            _told_apart(one.second, desks),
                            words.sentence(one.why),
                            Link("Decide", f"/links/{one.id}", more=f"{one.first.name}, {one.second.name}"),
                        )
                        for one in waiting
                    ),
                )
                if waiting
                else None,
                empty=None if waiting else Empty(title="Nothing to decide", words="No two records are in doubt."),
            ),
        ),
    )
    return render(request, "sheet.html", {"page": value})


def _told_apart(one: people.Held, desks: Mapping[str, access.Desk]) -> str:
    born = f", born {words.day(one.date_of_birth)}" if one.date_of_birth else ""
    return f"{one.name}{born}. {desks[one.record.agency].name if one.record.agency in desks else one.record.agency}"


@open_to(Permission.LINK_REVIEW, methods=("GET", "POST"))
def link(request: HttpRequest, pair: int) -> HttpResponse:
    """Decide one pair, and say what the decision rests on."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = next((one for one in people.doubtful() if one.id == pair), None)
    if found is None:
        if request.method == "POST":
            return HttpResponseRedirect("/links?done=yes")  # decided already, by this form or by a colleague
        raise Http404
    looked_at(request, {one.person: "link" for one in (found.first, found.second)})
    answers = Answers(request.POST)
    if request.method == "POST":
        decision = answers.choice("decision", DECISIONS, ask="Choose whether they are the same person")
        how = answers.choice("how", RESTS_ON, ask="Choose what your decision rests on")
        if not answers.wrong:
            _decide(viewer, found, same=decision == "same", how=how, at=request.at)  # type: ignore[attr-defined]
            return HttpResponseRedirect("/links?done=yes")
    desks = access.desks()
    fields = (
        Field(name="decision", label="What do you decide?", kind="radios", choices=choices(DECISIONS)),
        Field(name="how", label="What does it rest on?", kind="select", choices=choices(RESTS_ON, first="Choose")),
    )
    value = sheet.Sheet(
        shell=frame(request, title="Are these the same person?"),
        title="Are these the same person?",
        lead=words.sentence(found.why),
        sections=(
            sheet.Section(
                beside=tuple(
                    (
                        desks[one.record.agency].name if one.record.agency in desks else one.record.agency,
                        _sides(one, viewer),
                    )
                    for one in (found.first, found.second)
                ),
            ),
            sheet.Section(
                title="Decide",
                paragraphs=(
                    "If they are the same, whoever may read the one then reads the other too. A decision can be "
                    "taken back by the opposite one; both are kept.",
                ),
                forms=(
                    Form(
                        action=f"/links/{pair}",
                        button="Keep this decision",
                        fields=answers.shown(fields),
                        mistakes=answers.mistakes,
                        second=Link("Decide later", "/links"),
                    ),
                ),
            ),
        ),
        back=Link("Links to decide", "/links"),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if answers.wrong else 200)


def _decide(viewer: Viewer, pair: people.Doubtful, *, same: bool, how: str, at: datetime) -> None:
    try:
        alerts.decide_link(
            pair.first.record,
            pair.second.record,
            same=same,
            how=how,
            role=writing.role_of(viewer),
            agency=viewer.agency,
            by=f"user:{viewer.id}",
            at=at,
        )
    except RecordUnknown:
        raise Http404 from None


def _sides(one: people.Held, viewer: Viewer) -> tuple[Fact, ...]:
    return (
        Fact("Number", one.record.ref),
        Fact("Names", words.listed(list(one.names)) or "none"),
        Fact("Born", words.day(one.date_of_birth) if one.date_of_birth else "not known"),
        Fact("Sex", one.sex or "not said"),
        Fact("Numbers", words.listed(list(one.identifiers)) or "none"),
        Fact("Address", one.address or "not said")
        if one.record.agency == viewer.agency
        else Fact("Address", "Ask the agency that holds it"),
    )
