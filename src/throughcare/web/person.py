"""The pages about one person: the overview with its line, every entry, and what an agency did not know.

Each page looks at one moment with one pair of eyes (`web.looking`), both in its address. What may be seen is decided
by `access` before the page is made and inside the ledger's query; nothing here opens anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import looked_at, open_to
from throughcare.access.reach import Permission, matrix
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, london_day, start_of_day
from throughcare.people import queries as people
from throughcare.web import page, rows, words
from throughcare.web.case import Case, Finding, gather
from throughcare.web.drawing import (
    BOOKKEEPING,
    Drawing,
    drawings,
    happened_at,
    lane_order,
    other_marks,
    others,
    room_pages,
)
from throughcare.web.frame import frame
from throughcare.web.life import life_figure
from throughcare.web.looking import Looking, looking, read_day
from throughcare.web.parts import AtAGlance, Empty, Field, Form, Pages, Table
from throughcare.web.pictures.line import Drawn, drawn
from throughcare.web.pictures.moments import moments
from throughcare.web.pictures.silence import silences
from throughcare.web.pictures.values import Bar, Lane, Line, Mark
from throughcare.web.shell import Alert, Choice, Link, PersonBar, TimeStrip

MOST_ENTRIES = 10  # newest entries on the overview
MOST_FINDINGS = 12
A_PAGE = 50
SILENT = timedelta(weeks=6)
"""A gap this long in the line is named."""
REGULAR = 6  # entries; an agency that recorded less often has no silence to name

OPEN = ("open", "overdue")
ZOOMS = ("life", "year", "month", "week")
SPANS = {"year": timedelta(days=365), "month": timedelta(days=31), "week": timedelta(days=7)}


def case_of(request: HttpRequest, person: UUID, *, with_answers: bool = True) -> Case:
    """The case that a page about a person starts from, as its address asks."""
    desks = access.desks()
    look = looking(request.GET, now=request.at, agencies=desks)  # type: ignore[attr-defined]
    case = gather(
        person,
        viewer=request.viewer,  # type: ignore[attr-defined]
        reach=request.reach,  # type: ignore[attr-defined]
        look=look,
        now=request.at,  # type: ignore[attr-defined]
        desks=desks,
        with_answers=with_answers,
    )
    if case.carried:  # what was told of somebody else is seen here: it is written down that it was theirs
        whose = {case.names[one].person for entry in case.carried for one in entry.who() if one in case.names}
        looked_at(request, dict.fromkeys(whose, case.reach.why))
    return case


def case_now(request: HttpRequest, person: UUID) -> Case:
    """The case, always of this moment: nothing is recorded in the past."""
    now = request.at  # type: ignore[attr-defined]
    return gather(
        person,
        viewer=request.viewer,  # type: ignore[attr-defined]
        reach=request.reach,  # type: ignore[attr-defined]
        look=Looking(until=now),
        now=now,
        with_answers=False,
    )


@open_to(Permission.PERSON_POINTER, person="person")
def overview(request: HttpRequest, person: UUID) -> HttpResponse:
    """Everything about a person at a glance, as known on the moment and to the agency of the address.

    Who may learn no more than which agencies are involved is shown that, and whom to ring.
    """
    if not request.reach.may(Permission.PERSON_READ):  # type: ignore[attr-defined]
        return _pointer(request, person)
    case = case_of(request, person)
    made = drawings(case)
    whose = next((one.whose for one in made if one.whose), "")
    shown = sorted(case.findings, key=lambda one: (one.raised, one.rule), reverse=True)
    answered = rows.answers(case.entries, shown)
    current = [one for one in case.duties if one.state in OPEN] + [
        one for one in case.duties if one.state == "met_late"
    ]
    told = [one for one in case.entries if one.kind not in BOOKKEEPING]
    newest = sorted(told, key=lambda one: one.noted, reverse=True)[:MOST_ENTRIES]
    span = _span(request, case)
    value = page.PersonPage(
        shell=frame(request, title=_title(case), case=case),
        person=person_bar(case, "Overview", made),
        sentence=next(
            (one.sentence for one in made if one.sentence),
            f"{case.name}: {words.many(len(case.entries), 'entry', 'entries')}.",
        ),
        lead=next((one.lead for one in made if one.lead), ""),
        life=life_figure(case, made, request.GET),
        line=_line(case, made, whose, span) if case.entries else None,
        line_title=f"The line, {words.span(*span.days)}",
        zooms=span.zooms,
        earlier_href=span.earlier,
        later_href=span.later,
        matrices=tuple(one for drawing in made for one in drawing.matrices)[:2],
        blind_spots=_blind_spot_links(case),
        firsts=_firsts(case, shown, [entry for one in made for entry in one.contacts]),
        findings=rows.finding_rows(case, shown[:MOST_FINDINGS], answered),
        more_findings=_more(case, shown),
        duties=rows.duty_rows(case, current),
        more_duties=Link("Duties met or no longer required", f"/people/{person}/duties{case.look.query()}"),
        entries=rows.entry_rows(case, newest),
        all_entries=Link(
            f"All {words.many(len(case.entries), 'entry', 'entries')}", f"/people/{person}/entries{case.look.query()}"
        ),
        restricted=restricted_words(case),
        glance=_glance(case, made),
        actions=(*(link for one in made for link in one.actions), *_telling(case)),
    )
    return render(request, "person.html", {"page": value})


def _telling(case: Case) -> tuple[Link, ...]:
    """To tell another agency, and to ask one."""
    if case.look.past or not case.reach.may(Permission.SHARE):
        return ()
    base = f"/people/{case.person}"
    return Link("Share with another agency", f"{base}/share"), Link("Ask another agency", f"{base}/ask")


def _ring(telephone: str) -> str | Link:
    """A number that a phone can ring at a press."""
    return Link(telephone, f"tel:{telephone.replace(' ', '')}") if telephone else ""


def _pointer(request: HttpRequest, person: UUID) -> HttpResponse:
    reach, now = request.reach, request.at  # type: ignore[attr-defined]
    records = people.records_of([person])[person]
    if not records:
        raise Http404
    codes = ledger.involved([one.record for one in records], labels=matrix().said, until=now)
    desks = access.desks(codes)
    born = next((one.date_of_birth for one in records if one.date_of_birth), None)
    name = next((one.name for one in records if one.names), records[0].name)
    value = page.PersonPointer(
        shell=frame(request, title="Who is involved"),
        name=name,
        born=f"Born {words.day(born)}" if born else "",
        sentence=f"{words.many(len(desks), 'agency is', 'agencies are')} involved. "
        "You may know that, and whom to ring.",
        desks=Table(
            caption="Whom to ring",
            heads=("Agency", "Telephone", "When"),
            rows=tuple(
                (one.name, _ring(one.telephone), one.contact)
                for one in sorted(desks.values(), key=lambda one: ("24 hours" not in one.contact, one.name))
            ),
        )
        if desks
        else None,
        break_glass=Link("Open it in an emergency", f"/people/{person}/break-glass")
        if reach.may(Permission.BREAK_GLASS)
        else None,
        empty=None if desks else Empty(title="Nobody is known to be involved"),
    )
    return render(request, "person_pointer.html", {"page": value})


# --- the frame of a person -----------------------------------------------------------------------------------------


def _title(case: Case) -> str:
    return f"{case.name}, as known on {words.day(case.look.until)}" if case.look.past else case.name


def person_bar(case: Case, current: str, made: Sequence[Drawing] = (), *, path: str = "") -> PersonBar:
    """Whose case it is, which moment is shown, and where one can go from here.

    `path`: the page that another moment is shown of; the overview unless it is given.
    """
    records = case.shown_records or case.records
    others = dict.fromkeys(name for one in records for name in one.names if name != case.name)
    expected = next((one.expected_date_of_birth for one in case.records if one.expected_date_of_birth), None)
    born = f"Born {words.day(case.born)}" if case.born else f"Expected {words.day(expected)}" if expected else ""
    return PersonBar(
        name=case.name,
        born=born,
        age=f"{words.age(case.born, london_day(case.look.until))}{' on this day' if case.look.known_on else ''}"
        if case.born
        else "",
        number=records[0].record.ref,
        other_names=words.listed(list(others)),
        alerts=tuple(alert for one in made for alert in one.alerts) + _unidentified(case),
        time=time_strip(case, path),
        menu=person_menu(case, current),
    )


def _unidentified(case: Case) -> tuple[Alert, ...]:
    if all(one.identified for one in case.records):
        return ()
    return (Alert("warning", "Nobody knows yet who this is", "Ask every agency involved."),)


def person_menu(case: Case, current: str) -> tuple[Link, ...]:
    """The menu of a person's pages."""
    base, query = f"/people/{case.person}", case.look.query()
    pages = [
        ("Overview", base), *room_pages(case), ("Entries", f"{base}/entries"), ("Duties", f"{base}/duties"),
        ("Blind spots", f"{base}/blind-spot"), ("Who has looked", f"{base}/access"),
    ]  # fmt: skip
    if not case.reach.may(Permission.ACCESS_LOG_READ):
        pages.pop()
    if case.reach.may(Permission.RELATE):
        pages.append(("Who works with them", f"{base}/staff"))
    return tuple(Link(name, href + query, current=name == current) for name, href in pages)


def time_strip(case: Case, path: str = "") -> TimeStrip:
    """Which moment and whose eyes; with the way to the moments beside it and back to now."""
    look, base = case.look, path or f"/people/{case.person}"
    stops = case.stops
    until = look.until
    earlier = next((at for at in reversed(stops) if _minute(at) < _minute(until)), None)
    later = next((at for at in stops if _minute(at) > _minute(until)), None) if look.known_on else None
    involved = sorted({entry.agency for entry in case.readable} | {code for code in case.since})
    return TimeStrip(
        action=base,
        past=look.past,
        said=words.moment(until)
        if look.known_at
        else words.day(until)
        if look.known_on
        else "everything recorded so far",
        by=case.agency_name(look.known_to) if look.known_to else "",
        day=words.day(until) if look.known_on else "",
        time=words.clock(until) if look.known_at else "",
        agencies=(
            Choice(value="", label="all agencies", chosen=not look.known_to),
            *(Choice(value=code, label=case.agency_name(code), chosen=code == look.known_to) for code in involved),
        ),
        earlier_href=base + look.at_moment(earlier).query() if earlier else "",
        later_href=base + look.at_moment(later).query() if later else "",
        now_href=base if look.past else "",
        moments=moments(stops, until),
        not_shown=f"{words.many(case.later, 'later entry is', 'later entries are')} not shown." if case.later else "",
        proof=_proof(look),
        error=look.error,
    )


def _minute(at: Any) -> Any:
    return at.replace(second=0, microsecond=0)


def _proof(look: Looking) -> str:
    state = ledger.seal_state()
    return f"Checkpoint {state.size:,}." if state.size else ""


def restricted_words(case: Case) -> str:
    """What may not be read here, as far as its existence may be said."""
    number = sum(case.restricted.values())
    if not number:
        return ""
    by = words.listed([case.agency_name(code) for code in sorted(case.restricted)])
    return f"{words.many(number, 'entry is', 'entries are')} restricted: held by {by}. Ask the case owner."


def _glance(case: Case, made: Sequence[Drawing]) -> tuple[AtAGlance, ...]:
    due = sorted((one for one in case.duties if one.state in OPEN and one.due), key=lambda one: one.due or "")
    first: list[AtAGlance] = []
    if due:
        row = rows.duty_row(case, due[0], 0)
        first.append(AtAGlance("Next duty", f"{row.what} by {row.due}", row.owner, big=True))
    involved = [case.agency_name(code) for code in sorted({entry.agency for entry in case.entries})]
    about = [AtAGlance("Agencies", words.listed(involved))] if involved else []
    return (*first, *(one for drawing in made for one in drawing.glance), *about)


# --- the line ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """The days that the line shows, and the addresses of other spans."""

    days: tuple[date, date]
    zooms: tuple[Link, ...]
    earlier: str
    later: str


def _span(request: HttpRequest, case: Case) -> _Span:
    """What `zoom`, or `from` and `to`, ask for; else from the first entry to the moment, at most a year."""
    until = london_day(case.look.until)
    days = [happened_at(one).date() for one in case.entries]
    life = (min(days, default=until), max(until, *days) if days else until)
    zoom = request.GET.get("zoom", "")
    first, last = read_day(request.GET.get("from", "")), read_day(request.GET.get("to", ""))
    if zoom in SPANS:
        last = last or until
        first = last - SPANS[zoom]
    if first is None or last is None or first > last:
        first, last = (
            life if zoom == "life" or life[1] - life[0] <= timedelta(days=400) else (until - SPANS["year"], until)
        )
        zoom = zoom if zoom == "life" else ""
    base, step = f"/people/{case.person}", last - first + timedelta(days=1)

    def moved(by: timedelta) -> str:
        return base + case.look.query(**{"from": (first + by).isoformat(), "to": (last + by).isoformat()})

    zooms = tuple(
        Link(
            name, base + case.look.query(zoom=name, to=last.isoformat() if name in SPANS else ""), current=name == zoom
        )
        for name in ZOOMS
    )
    return _Span(
        days=(first, last),
        zooms=zooms,
        earlier=moved(-step) if first > life[0] else "",
        later=moved(step) if last < life[1] else "",
    )


def _line(case: Case, made: Sequence[Drawing], whose: str, span: _Span) -> Drawn:
    first, last = span.days
    drawn_keys = frozenset().union(*(one.drawn for one in made)) if made else frozenset()
    drawn_marks = [mark for one in made for mark in one.marks]
    rest = [(happened_at(one), one) for one in others(case, drawn_keys)]
    begins, ends = start_of_day(first), start_of_day(last + timedelta(1))
    shown = [one for at, one in rest if begins <= at < ends]
    sides = {code: said for one in made for code, said in one.sides.items()}
    notes = {code: said for one in made for code, said in one.notes.items()}
    involved = {entry.agency for entry in case.entries}
    lanes = tuple(
        Lane(
            code=code,
            name=case.agency_name(code),
            short=code[:9],
            note=notes.get(code, ""),
            side=sides.get(code, ""),
        )
        for code in lane_order(case, whose, involved)
    )
    inside = tuple(mark for mark in drawn_marks if first <= words.local_day(mark.at) <= last)
    inside += tuple(other_marks(case, shown, whose))
    ticks = (*(mark.at for mark in drawn_marks), *(at for at, _ in rest))
    return drawn(
        Line(
            uid="line",
            title=f"Line of {case.name}",
            first=first,
            last=last,
            now=case.look.until,
            lanes=lanes,
            marks=inside,
            bars=tuple(bar for one in made for bar in one.bars if bar.start <= last and (bar.end or last) >= first)
            + _silences(case, inside, first, min(last, london_day(case.look.until))),
            stages=tuple(stage for one in made for stage in one.stages),
            stages_label=next((one.stages_label for one in made if one.stages_label), ""),
            whose=_whose_words(case, whose),
            born=case.born,
            life_first=case.born or min((at.date() for at in ticks), default=first),
            ticks=ticks,
            lanes_title=next(
                (one.lanes_title for one in made if one.lanes_title), words.many(len(inside), "entry", "entries")
            ),
            side_label=next((one.side_label for one in made if one.side_label), ""),
            zoom_href=f"/people/{case.person}{case.look.query() or '?'}",
        )
    )


def _whose_words(case: Case, whose: str) -> str:
    desk = case.desks.get(whose)
    if desk is None:
        return ""
    return "children’s services" if desk.sector == "la" else desk.name


def _silences(case: Case, marks: Sequence[Mark], first: date, last: date) -> tuple[Bar, ...]:
    """Gaps of each sector: long stretches without an entry of any of its agencies, between its own first and last."""
    if last <= first:
        return ()
    by_sector: dict[str, set[str]] = {}
    for code in {mark.lane for mark in marks if mark.lane}:
        desk = case.desks.get(code)
        by_sector.setdefault(desk.sector if desk else code, set()).add(code)
    found: list[Bar] = []
    for sector, codes in sorted(by_sector.items()):
        days = [words.local_day(mark.at) for mark in marks if mark.lane in codes]
        if len(days) < REGULAR:
            continue
        who = case.agency_name(next(iter(codes))) if len(codes) == 1 else f"any {sector} agency"
        found += silences(marks, lanes=sorted(codes), who=who, first=min(days), last=last, at_least=SILENT)
    return tuple(found)


# --- blind spots ---------------------------------------------------------------------------------------------------


def _unknown_to(case: Case, agency: str) -> list[Entry]:
    """Entries of the page's moment that an agency does not know, the newest first."""
    unknown = [one for one in case.entries if one.kind not in BOOKKEEPING and case.knew(agency, one) is None]
    return sorted(unknown, key=lambda one: (one.noted, one.ref), reverse=True)


def _blind_spot_links(case: Case) -> tuple[Link, ...]:
    involved = lane_order(case, "", {entry.agency for entry in case.entries})
    told = {one.key for one in case.entries if one.kind not in BOOKKEEPING}
    made = []
    for code in involved:
        number = len(told) - sum(at <= case.look.until and key in told for key, at in case.since.get(code, {}).items())
        query = case.look.query(agency=code)
        made.append(Link(f"{case.agency_name(code)} ({number})", f"/people/{case.person}/blind-spot{query}"))
    return tuple(made)


@open_to(Permission.PERSON_READ, person="person")
def blind_spot(request: HttpRequest, person: UUID) -> HttpResponse:
    """What one agency did not know of what had been recorded by the moment of the page."""
    case = case_of(request, person, with_answers=False)
    involved = lane_order(case, "", {entry.agency for entry in case.entries})
    agency = request.GET.get("agency", "")
    if agency not in case.desks:
        agency = case.viewer.agency if case.viewer.agency in involved or not involved else involved[0]
    unknown = _unknown_to(case, agency)
    paginator = Paginator(unknown, A_PAGE)
    at = paginator.get_page(request.GET.get("page"))
    said = "" if case.look.past else "now, "
    number = sum(one.kind not in BOOKKEEPING for one in case.entries)
    value = page.BlindSpot(
        shell=frame(request, title=f"Blind spot: {case.name}", case=case),
        person=person_bar(case, "Blind spots"),
        title=f"What {case.agency_name(agency)} {'did' if case.look.past else 'does'} not know",
        sentence=f"Of {words.many(number, 'entry', 'entries')} that you may read, {said}"
        f"{case.agency_name(agency)} knows {number - len(unknown):,} and does not know {len(unknown):,}.",
        agencies=tuple(
            Link(
                case.agency_name(code),
                f"/people/{person}/blind-spot{case.look.query(agency=code)}",
                current=code == agency,
            )
            for code in involved
        ),
        entries=rows.entry_rows(case, at.object_list),
        pages=pages(at, f"/people/{person}/blind-spot", case.look.query(agency=agency), "entry", "entries"),
        empty=None
        if unknown
        else Empty(title="Nothing", words="Everything that you may read was known to this agency."),
    )
    return render(request, "blind_spot.html", {"page": value})


# --- every entry ---------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def entries(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every entry, the newest first, filtered by agency, kind and words; page by page."""
    case = case_of(request, person, with_answers=False)
    agency, kind = request.GET.get("agency", ""), request.GET.get("kind", "")
    found = [one for one in case.entries if agency in ("", one.agency) and kind in ("", one.kind)]
    found.sort(key=lambda one: (happened_at(one), one.noted), reverse=True)
    at = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    base = f"/people/{person}/entries"
    value = page.PersonEntries(
        shell=frame(request, title=f"Entries: {case.name}", case=case),
        person=person_bar(case, "Entries"),
        said=f"{words.many(len(found), 'entry', 'entries')} by "
        f"{words.many(len({one.agency for one in found}), 'agency', 'agencies')}",
        filter=_filter(case, base, agency, kind),
        filtered=tuple(
            Link(said, base + case.look.query(**kept))
            for said, kept in ((case.agency_name(agency), {"kind": kind}), (rows.kind_words(kind), {"agency": agency}))
            if (said == case.agency_name(agency) and agency) or (kind and said == rows.kind_words(kind))
        ),
        entries=rows.entry_rows(case, at.object_list),
        pages=pages(at, base, case.look.query(agency=agency, kind=kind), "entry", "entries"),
        restricted=restricted_words(case),
        empty=None
        if found
        else Empty(title="No entries", words="Nothing that you may read was recorded by this moment."),
    )
    return render(request, "person_entries.html", {"page": value})


def _filter(case: Case, base: str, agency: str, kind: str) -> Form:
    agencies = lane_order(case, "", {one.agency for one in case.entries})
    kinds = sorted({one.kind for one in case.entries}, key=rows.kind_words)
    hidden = tuple(
        (name, value)
        for name, value in (
            ("known_on", case.look.known_on.isoformat() if case.look.known_on else ""),
            ("at", case.look.known_at.strftime("%H:%M") if case.look.known_at else ""),
            ("known_to", case.look.known_to),
        )
        if value
    )
    return Form(
        action=base, method="get", button="Show", hidden=hidden,
        fields=(
            Field(name="agency", label="Agency", kind="select", choices=(
                Choice(value="", label="All agencies", chosen=not agency),
                *(Choice(value=code, label=case.agency_name(code), chosen=code == agency) for code in agencies))),
            Field(name="kind", label="Kind", kind="select", choices=(
                Choice(value="", label="All kinds", chosen=not kind),
                *(Choice(value=one, label=rows.kind_words(one), chosen=one == kind) for one in kinds))),
        ),
    )  # fmt: skip


def pages(at: Any, base: str, query: str, one: str, several: str) -> Pages | None:
    """Where one is in a long list; None where it has one page only."""
    if at.paginator.num_pages < 2:
        return None

    def href(number: int) -> str:
        return f"{base}{query}{'&' if query else '?'}page={number}"

    return Pages(
        said=f"Showing {at.start_index():,} to {at.end_index():,} of {words.many(at.paginator.count, one, several)}",
        previous_href=href(at.previous_page_number()) if at.has_previous() else "",
        next_href=href(at.next_page_number()) if at.has_next() else "",
    )


# --- when each threshold was first met -----------------------------------------------------------------------------


def _firsts(case: Case, found: Sequence[Finding], contacts: Sequence[Entry]) -> Table | None:
    """For each threshold: the day on which it was first met, at which contact, and who did not know of it then."""
    first: dict[str, Finding] = {}
    for one in sorted(found, key=lambda finding: finding.raised):
        if one.result == "matched" and one.evidence:
            first.setdefault(one.rule, one)
    if not first:
        return None
    made = []
    for rule, one in sorted(first.items(), key=lambda item: (item[1].raised, item[0])):
        newest = max(one.evidence, key=lambda entry: entry.noted)
        before = sum(entry.noted <= newest.noted for entry in contacts)
        unaware = [
            case.agency_name(code)
            for code in lane_order(case, "", {entry.agency for entry in case.entries})
            if any(case.knew(code, entry) is None for entry in one.evidence)
        ]
        made.append(
            (
                words.day(one.raised),
                Link(f"{rule}: {rows.thresholds()[rule].what}", rows.finding_path(case, one)),
                f"contact {before} of {len(contacts)}" if contacts else "",
                words.listed(unaware) or "All agencies here knew",
            )
        )
    return Table(
        caption="When each threshold was first met",
        heads=("First met", "Threshold", "At", "Agencies that do not know all of it"),
        rows=tuple(made),
        hide_caption=True,
    )


def _more(case: Case, found: Sequence[Finding]) -> Link | None:
    hidden = len(found) - MOST_FINDINGS
    if hidden <= 0:
        return None
    return Link(f"{words.many(hidden, 'earlier question')}", f"/people/{case.person}/findings{case.look.query()}")
