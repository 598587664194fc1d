"""Asking another agency for what it holds, or what one may be told: for what, on what ground, by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.alerts import actions as alerts
from throughcare.duties.calendar import BeyondCalendar, england_and_wales
from throughcare.ledger.entry import LONDON, Entry, london_day
from throughcare.ledger.errors import VersionMoved
from throughcare.ledger.times import written
from throughcare.web import page, words, writing
from throughcare.web.asking import Answers, choices, ref_of
from throughcare.web.frame import frame
from throughcare.web.looking import read_day
from throughcare.web.parts import Field, Form, Mistake
from throughcare.web.shell import Link
from throughcare.web.telling import ASKED, BASES, BASIS, OF_TWO, Desk, Other, desk_of, notices

ANSWER_IN = 2
"""Working days that a request gives to answer, where the asker does not change it."""


@open_to(Permission.SHARE, person="person", methods=("GET", "POST"))
def ask(request: HttpRequest, person: UUID) -> HttpResponse:
    """Ask another agency for what it holds, or what one may be told: for what, on what ground, by when."""
    desk = desk_of(request, person)
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


def _ask_fields(desk: Desk, first: Mapping[str, str]) -> tuple[Field, ...]:
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
        BASIS,
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


def _read_request(desk: Desk, answers: Answers, ref: str) -> tuple[Entry, Other | None] | None:
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


def _send_request(request: HttpRequest, desk: Desk, made: Entry, about: Other | None) -> HttpResponse:
    case = desk.case
    told = notices(desk, made, to=[str(made.body["to"])], other=about, about="asked")
    with transaction.atomic():
        writing.keep([made], writer=desk.writer, at=case.now, seen=writing.seen(request, case.person))
        alerts.send(told, at=case.now)
    return HttpResponseRedirect(f"{desk.path}/entries/{made.id}?done=asked")
