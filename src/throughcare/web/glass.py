"""Breaking the glass: the interruption before a case that is not the viewer's own, and its review."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import actions as access_actions
from throughcare.access import errors
from throughcare.access import queries as access
from throughcare.access.doors import is_proved, looked_at, open_to, prove_again, spend
from throughcare.access.reach import Permission, Relation, Role, Viewer
from throughcare.alerts import actions as alerts
from throughcare.duties.calendar import BeyondCalendar, england_and_wales
from throughcare.ledger.entry import london_day
from throughcare.web import looks, page, sheet, words
from throughcare.web.asking import Answers, choices
from throughcare.web.case import Case
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Field, Form, Table
from throughcare.web.person import case_of
from throughcare.web.shell import Link

REVIEW_IN = 2
"""Working days within which a breaking of the glass is reviewed."""
_OWNERS = (Relation.ALLOCATED, Relation.MANAGER, Relation.CHAIR, Relation.CASEWORK)


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
    except errors.SignInRefused as refused:
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


def _before(this: access.Glass, viewer: Viewer) -> sheet.Section:
    """How often the glass was broken on this person besides, and what came of it."""
    others = [one for one in access.glass_of(this.person, viewer) if one.id != this.id]
    return sheet.Section(
        title="Other openings of this person",
        table=Table(
            caption="Other openings",
            heads=("Opened", "By", "Their reason", "Review"),
            rows=tuple(
                (words.moment(one.at), one.user_name, one.reason, f"{OUTCOMES[one.outcome]}: {one.note}"
                 if one.outcome else "not yet")
                for one in others
            ),
        )
        if others
        else None,
        empty=None if others else Empty(title="None", words="None of yours to review, or that were."),
    )  # fmt: skip


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
            with suppress(errors.AlreadyDone):  # somebody was quicker, or the form came twice
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
                    rows=tuple((words.moment(line.at), looks.what_words(line)) for line in seen),
                )
                if seen
                else None,
                empty=None if seen else Empty(title="Nothing", words="No page of this person was opened after it."),
            ),
            _before(one, viewer),
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
