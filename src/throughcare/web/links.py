"""Doubtful links: pairs of records that look like one person, and a human's decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import looked_at, open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.alerts import actions as alerts
from throughcare.people import queries as people
from throughcare.people.actions import RecordUnknown
from throughcare.web import sheet, words, writing
from throughcare.web.asking import Answers, choices
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Field, Form, Table
from throughcare.web.shell import Link

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
        note = answers.text("note", ask="Say in words why you decide so", least=10, most=1_000)
        if not answers.wrong:
            _decide(viewer, found, same=decision == "same", how=how, note=note, at=request.at)  # type: ignore[attr-defined]
            return HttpResponseRedirect("/links?done=yes")
    desks = access.desks()
    fields = (
        Field(name="decision", label="What do you decide?", kind="radios", choices=choices(DECISIONS)),
        Field(name="how", label="What does it rest on?", kind="select", choices=choices(RESTS_ON, first="Choose")),
        Field(
            name="note",
            label="Why do you decide so?",
            kind="textarea",
            rows=4,
            hint="Both agencies read this. For example: I saw the birth certificate, which both addresses fit",
        ),
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


def _decide(viewer: Viewer, pair: people.Doubtful, *, same: bool, how: str, note: str, at: datetime) -> None:
    try:
        alerts.decide_link(
            pair.first.record,
            pair.second.record,
            same=same,
            how=how,
            note=note,
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
