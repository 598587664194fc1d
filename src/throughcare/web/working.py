"""Who works with a person: who stands in which relation, and the giving and ending of relations by those who may."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import actions, queries
from throughcare.access.doors import open_to
from throughcare.access.errors import AccessRefused
from throughcare.access.reach import GIVEN, Permission, Viewer
from throughcare.ledger.entry import LONDON, london_day
from throughcare.web import sheet, words, writing
from throughcare.web.asking import Answers, choices
from throughcare.web.frame import frame
from throughcare.web.looking import read_day
from throughcare.web.parts import Field, Form, Table
from throughcare.web.person import case_of
from throughcare.web.shell import Link

KINDS = {str(one): str(one).replace("_", " ").capitalize() for one in GIVEN}


@open_to(Permission.RELATE, person="person", methods=("GET", "POST"))
def working(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who works with this person; let a colleague of one's own agency work with them, or end that."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    colleagues = {
        str(one.id): f"{one.name}, {', '.join(one.titles)}" for one in queries.colleagues(agency=viewer.agency)
    }
    answers = Answers(request.POST)
    if request.method == "POST" and _done(answers, viewer, person, colleagues, now):
        return HttpResponseRedirect(f"/people/{person}/staff?done=yes")
    case = case_of(request, person, with_answers=False)
    holders = queries.holders(person, at=now)
    value = sheet.Sheet(
        shell=frame(
            request, title="Who works with them", case=case, success="It is kept" if request.GET.get("done") else ""
        ),
        title=f"Who works with {case.name}",
        person=writing.small_bar(case),
        sections=(
            sheet.Section(
                table=Table(
                    caption="Who works with them",
                    heads=("Who", "Agency", "As", "Since", "Until"),
                    rows=tuple(
                        (
                            one.name,
                            case.agency_name(one.agency),
                            KINDS[str(one.relation)],
                            words.day(one.since),
                            words.moment(one.until) if one.until else "",
                        )
                        for one in holders
                    ),
                )
                if holders
                else None,
            ),
            sheet.Section(title="Let a colleague work with them", forms=(_giving(person, colleagues, answers),)),
            sheet.Section(
                title="End a relation",
                forms=tuple(
                    Form(
                        action=f"/people/{person}/staff",
                        button=f"End: {one.name}, {KINDS[str(one.relation)].lower()}",
                        hidden=(("end", str(one.id)),),
                        warning=True,
                    )
                    for one in holders
                    if one.agency == viewer.agency
                ),
            ),
        ),
        back=Link(case.name, f"/people/{person}"),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if answers.wrong else 200)


def _giving(person: UUID, colleagues: dict[str, str], answers: Answers) -> Form:
    fields = (
        Field(name="user", label="Who?", kind="select", choices=choices(colleagues, first="Choose a colleague")),
        Field(name="kind", label="As what?", kind="select", choices=choices(KINDS, first="Choose")),
        Field(
            name="until", label="Until which day?", hint="Leave this empty if it has no end. A triage window must end"
        ),
        Field(name="reason", label="Why?", kind="textarea", rows=2),
    )
    return Form(
        action=f"/people/{person}/staff",
        button="Let them work with this person",
        fields=answers.shown(fields),
        mistakes=answers.mistakes,
    )


def _done(answers: Answers, viewer: Viewer, person: UUID, colleagues: dict[str, str], now: datetime) -> bool:
    """Give or end a relation. False: something in the form is wrong."""
    ended = answers.given.get("end", "")
    if ended:
        mine = {str(one.id): one.id for one in queries.holders(person, at=now) if one.agency == viewer.agency}
        if ended in mine:
            actions.end_relationship(mine[ended], at=now, by=viewer, reason="ended on the page")
        return True
    user = answers.choice("user", colleagues, ask="Choose a colleague")
    kind = answers.choice("kind", KINDS, ask="Choose as what they work with this person")
    reason = answers.text("reason", ask="Say why they need to see this person", least=5, most=500)
    said = answers.text("until", most=40)
    last = read_day(said) if said else None
    if said and (last is None or last < london_day(now)):
        answers.wrong["until"] = "Enter a day from today on, such as 9 March 2027"
    if answers.wrong:
        return False
    until = datetime.combine(last + timedelta(days=1), time(), LONDON).astimezone(UTC) if last else None
    try:
        actions.relate(person, kind, user=UUID(user), until=until, reason=reason, at=now, by=viewer)
    except AccessRefused as refused:
        answers.wrong["until" if refused.field == "until" else "user"] = f"{refused.right}"
        return False
    return True
