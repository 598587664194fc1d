"""My caseload: everybody who is allocated to me or my team, where each stands, what is due next and what is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import looked_at, open_to
from throughcare.access.reach import Permission, Relation, Viewer
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import london_day
from throughcare.people import queries as people
from throughcare.web import page, rows, words
from throughcare.web.case import Case, Duty
from throughcare.web.drawing import drawings
from throughcare.web.frame import frame
from throughcare.web.mine import CARRIED, OPEN, my_people
from throughcare.web.parts import Empty
from throughcare.web.person import pages
from throughcare.web.shell import Link
from throughcare.web.work import age, cases_of

A_PAGE = 20
AS_WHAT = {
    Relation.ALLOCATED: "Allocated",
    Relation.MANAGER: "Managed",
    Relation.CASEWORK: "Casework",
    Relation.VICTIM_CONTACT: "Victim contact",
    Relation.CHAIR: "Chaired",
}
SHOWS = {"": "Everybody", "mine": "Mine", "team": "My team’s", "late": "With something late"}
SORTS = {"": "soonest due", "name": "name"}


@dataclass(frozen=True, slots=True)
class _Person:
    """One person of the list, as far as it takes to order it: nothing of their entries."""

    person: UUID
    name: str
    mine: bool  # theirs alone, not through a team
    ways: str  # "Allocated to you"
    due: date | None  # the soonest that my agency owes
    late: int


@open_to(Permission.MY_WORK)
def caseload(request: HttpRequest) -> HttpResponse:
    """Page by page. At most twenty queries, however many people."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    everybody = _everybody(viewer, now)
    chosen = sorted(_chosen(everybody, show), key=_by_name if sort == "name" else _by_due)
    at = Paginator(chosen, A_PAGE).get_page(request.GET.get("page"))
    cases = cases_of(viewer, [one.person for one in at.object_list], now=now)
    value = page.Caseload(
        shell=frame(request, title="Caseload"),
        title="My caseload",
        sentence=_sentence(everybody),
        shows=_links(SHOWS, "show", show, {"sort": sort}, everybody),
        sorts=_links(SORTS, "sort", sort, {"show": show}, None),
        people=tuple(_row(cases[one.person], one, now) for one in at.object_list if one.person in cases),
        pages=pages(at, "/caseload", _query(show=show, sort=sort), "person", "people"),
        empty=None if chosen else _empty(viewer, everybody),
    )
    looked_at(request, {person: case.reach.why for person, case in cases.items()})
    return render(request, "caseload.html", {"page": value})


def _everybody(viewer: Viewer, now: datetime) -> list[_Person]:
    """Everybody on the list, ordered and counted by what my agency owes where the entry that began it may be read."""
    standing = my_people(viewer, now=now)
    reaches = access.reaches(viewer, standing, at=now)
    opened = [person for person in standing if reaches[person].may(Permission.PERSON_READ)]
    held = people.records_of(opened) if opened else {}
    holders = access.holders_of(opened, at=now) if opened else {}
    owed: dict[UUID, list[duties.KeptDuty]] = defaultdict(list)
    kept = [
        one
        for one in (duties.duties_of(opened, states=OPEN) if opened else ())
        if (one.assigned == viewer.id or one.agency == viewer.agency) and _is_duty(one.rule)
    ]
    began = {duties.key_of(one.started_by) for one in kept}
    known = ledger.about_keys(began, agency=viewer.agency, until=now) if opened else {}
    for one in kept:
        key = duties.key_of(one.started_by)
        label, told = known.get(key, ("", False))
        if reaches[one.person].reads(agency=key.agency, label=label, known=told or key.agency == viewer.agency):
            owed[one.person].append(one)
    return [
        _person(viewer, person, held[person], standing[person], holders[person], owed[person])
        for person in opened
        if held[person]
    ]


def _is_duty(rule: str) -> bool:
    scale = rows.timescales().get(rule)
    return scale is None or scale.nature == "duty"


def _person(
    viewer: Viewer,
    person: UUID,
    held: Sequence[people.Held],
    ways: Sequence[Relation],
    holders: Sequence[access.Holder],
    owed: Sequence[duties.KeptDuty],
) -> _Person:
    here = [one for one in holders if viewer.id in one.members and one.relation in CARRIED]
    mine = any(one.user == viewer.id for one in here)
    teams = [one.name for one in here if one.user is None]
    as_what = words.listed([AS_WHAT[one].lower() for one in ways if one in AS_WHAT]).capitalize()
    dues = [date.fromisoformat(one.due[:10]) for one in owed if one.due]
    return _Person(
        person=person,
        name=next((one.name for one in held if one.names), held[0].name),
        mine=mine,
        ways=f"{as_what}: {'you' if mine else words.listed(teams) or 'your team'}",
        due=min(dues, default=None),
        late=sum(one.state == "overdue" for one in owed),
    )


def _chosen(everybody: Sequence[_Person], show: str) -> list[_Person]:
    match show:
        case "mine":
            return [one for one in everybody if one.mine]
        case "team":
            return [one for one in everybody if not one.mine]
        case "late":
            return [one for one in everybody if one.late]
        case _:
            return list(everybody)


def _by_due(one: _Person) -> tuple[bool, date, str, str]:
    return not one.late, one.due or date.max, one.name, str(one.person)


def _by_name(one: _Person) -> tuple[str, str, str]:
    return one.name.rpartition(" ")[2], one.name, str(one.person)


def _sentence(everybody: Sequence[_Person]) -> str:
    late = sum(one.late > 0 for one in everybody)
    if not everybody:
        return "Nobody is allocated to you or your team."
    said = (
        f"{words.many(len(everybody), 'person', 'people')}, {sum(one.mine for one in everybody)} of them yours alone."
    )
    return f"{said} Something is late for {late}." if late else f"{said} Nothing is late."


def _links(
    named: Mapping[str, str], name: str, chosen: str, kept: Mapping[str, str], everybody: Sequence[_Person] | None
) -> tuple[Link, ...]:
    def said(value: str, text: str) -> str:
        return text if everybody is None else f"{text} ({len(_chosen(everybody, value))})"

    return tuple(
        Link(said(value, text), f"/caseload{_query(**{**kept, name: value})}", current=value == chosen)
        for value, text in named.items()
    )


def _query(**given: str) -> str:
    kept = "&".join(f"{name}={value}" for name, value in given.items() if value and value.isalnum())
    return f"?{kept}" if kept else ""


def _row(case: Case, one: _Person, now: datetime) -> page.CaseloadRow:
    due = sorted(
        (duty for duty in case.duties if duty.state in OPEN and duty.due and _is_duty(duty.rule)), key=_soonest
    )
    late = [duty for duty in due if duty.state == "overdue"]
    ahead = [duty for duty in due if duty.state != "overdue"]
    asked = sum(one.result in ("matched", "cannot_tell") for one in case.findings) - len(
        rows.answers(case.entries, [one for one in case.findings if one.result in ("matched", "cannot_tell")])
    )
    return page.CaseloadRow(
        person=Link(case.name, f"/people/{case.person}"),
        about=age(case),
        number=next((held.record.ref for held in case.records if held.record.agency == case.viewer.agency), ""),
        ways=one.ways,
        stands=tuple(said.rstrip(".") for made in drawings(case) if (said := made.stands or made.sentence)),
        next=_said(case, ahead[0], now) if ahead else None,
        late=tuple(_said(case, duty, now) for duty in late[:MOST_LATE]),
        more_late=max(0, len(late) - MOST_LATE),
        asked=Link(words.many(asked, "open question"), f"/people/{case.person}#questions", more=f"about {case.name}")
        if asked > 0
        else None,
    )


MOST_LATE = 3


def _soonest(duty: Duty) -> str:
    return duty.due or ""


def _said(case: Case, duty: Duty, now: datetime) -> page.CaseloadDue:
    row = rows.duty_row(case, duty, 0)
    on = date.fromisoformat(row.due_iso)
    days = (on - london_day(now)).days
    far = (
        "today" if days == 0 else "tomorrow" if days == 1 else f"in {words.many(days, 'day')}" if days > 0 else row.said
    )
    return page.CaseloadDue(
        what=Link(row.what, rows.duty_path(case, duty), more=f"for {case.name}"),
        due=row.due,
        due_iso=row.due_iso,
        far=far,
    )


def _empty(viewer: Viewer, everybody: Sequence[_Person]) -> Empty:
    if everybody:
        return Empty(title="Nobody here", words="Choose another part of the list.", link=Link("Everybody", "/caseload"))
    return Empty(
        title="Nobody is allocated to you or your team",
        words="A manager can allocate people to you on their page, under “Who works with them”.",
        link=Link("Find a person", "/people") if viewer.may(Permission.PERSON_FIND) else None,
    )
