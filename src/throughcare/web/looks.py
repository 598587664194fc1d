"""Who has looked: a person's own log, and the log of every case for guardians."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission, Relation
from throughcare.alerts import actions as alerts
from throughcare.web import page, words, writing
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Field, Form, Pages
from throughcare.web.person import case_of, person_bar
from throughcare.web.shell import Choice

A_PAGE = 50

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
    "share_with": "Sharing with another agency",
    "ask_agency": "Asking another agency",
    "record_injury": "Recording an injury",
    "record_injury_said": "Recording an injury",
    "record_injury_check": "Recording an injury",
    "record_observation": "Recording what was seen",
    "recorded": "What was recorded",
    "own_record": "A record of their own",
    "sentence": "The sentence",
    "record_sentence": "Recording in the sentence",
    "correct_sentence": "Correcting the sentence",
    "recorded_sentence": "What was recorded",
    "take_booking": "A booking form",
    "check_booking": "A booking form",
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
