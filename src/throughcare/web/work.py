"""My work: what is due or late, the questions on my cases, what was shared with me since I was last here.

Only of persons to whom I stand in a relation, and of them only what my reach allows. Persons are read together, one
query for each way of standing to them, so the number of queries does not grow with the number of cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from throughcare.access import queries as access
from throughcare.access.doors import SIGNED_IN_AT, looked_at, open_to
from throughcare.access.reach import Permission, Reach, Viewer
from throughcare.alerts import queries as alerts
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Entry, Key, london_day
from throughcare.people import queries as people
from throughcare.web import page, rows, words
from throughcare.web.case import Case, Finding, find_evidence, kept_duty
from throughcare.web.drawing import BOOKKEEPING, when_said
from throughcare.web.frame import frame
from throughcare.web.looking import Looking
from throughcare.web.parts import DutyRow, Empty, FindingRow
from throughcare.web.person import OPEN
from throughcare.web.pictures import ruler
from throughcare.web.shell import Link

MOST_DUTIES = 60
MOST_QUESTIONS = 12
MOST_CHANGES = 12
FIRST_LOOK = timedelta(days=7)
"""How far back "changed" looks for somebody who was never here before."""
SOON = timedelta(days=14)


@open_to(Permission.MY_WORK)
def my_work(request: HttpRequest) -> HttpResponse:
    """The first page of the day. At most fifteen queries, however many cases."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    today = london_day(now)
    cases = my_cases(viewer, now=now)
    mine = _duties(viewer, cases)
    questions = _questions(cases)
    since, first = _since(request, viewer, now)
    changed = _changed(viewer, cases, since, now)
    everything = bool(request.GET.get("all"))
    shown = mine if everything else [one for one in mine if one.soon(today)][:MOST_DUTIES]
    late = sum(one.late(today) for one in shown)
    window = ruler.Window(first=today - timedelta(days=14), last=today + SOON, today=today)
    value = page.MyWork(
        shell=frame(request, title="My work"),
        title=words.weekday(today),
        sentence=_sentence(late, sum(one.due == today for one in shown), len(questions)),
        groups=_groups(shown, window, today),
        ruler_head=ruler.header(window) if shown else Markup(""),
        questions=tuple(questions[:MOST_QUESTIONS]),
        later=_later(len(mine) - len(shown), cases),
        waiting=_waiting(viewer, cases, today),
        changed_title="New for you, and changed in 7 days"
        if first
        else f"New for you, and changed since {_when(since, now)}",
        changed=changed,
        empty=None if shown else _nothing(viewer, cases),
    )
    looked_at(request, {person: case.reach.why for person, case in cases.items()})
    return render(request, "my_work.html", {"page": value})


# --- my cases, read together -----------------------------------------------------------------------------------------


def my_cases(viewer: Viewer, *, now: datetime) -> dict[UUID, Case]:
    """The case of every person to whom the viewer stands in a relation. Seven queries and one a way of standing."""
    return cases_of(viewer, access.persons_of(viewer, at=now), now=now)


def cases_of(viewer: Viewer, persons: Iterable[UUID], *, now: datetime) -> dict[UUID, Case]:
    """The cases of these persons, in their order, as far as the viewer may open them: read together."""
    reaches = {
        person: reach
        for person, reach in access.reaches(viewer, persons, at=now).items()
        if reach.may(Permission.PERSON_READ)
    }
    if not reaches:
        return {}
    held = people.records_of(reaches)
    lines, hidden = _lines(reaches, held, now=now)
    names = {one.record: one for ones in held.values() for one in ones}
    desks, look = access.desks(), Looking(until=now)
    kept = duties.duties_of(reaches)
    found = duties.findings_of(reaches)
    made = {}
    for person, reach in reaches.items():
        if not held[person]:
            continue
        entries = lines[person]
        by_name = {duties.written(entry.key): entry for entry in entries}
        made[person] = Case(
            person=person,
            viewer=viewer,
            reach=reach,
            look=look,
            now=now,
            records=tuple(held[person]),
            names=names,
            desks=desks,
            readable=entries,
            entries=entries,
            duties=tuple(kept_duty(one) for one in kept if one.person == person and one.started_by in by_name),
            findings=_findings((one for one in found if one.person == person), by_name, hidden),
        )
    return made


def _lines(
    reaches: Mapping[UUID, Reach], held: Mapping[UUID, Sequence[people.Held]], *, now: datetime
) -> tuple[dict[UUID, list[Entry]], set[UUID]]:
    """What may be read of each person, and the ids of what nobody may know of: a query for each way of standing."""
    ways: dict[tuple[object, ...], list[UUID]] = defaultdict(list)
    for person, reach in reaches.items():
        ways[reach.agency, reach.own, reach.shared, reach.full, reach.beside].append(person)
    whose = {one.record: person for person, ones in held.items() for one in ones}
    found: dict[UUID, list[Entry]] = {person: [] for person in reaches}
    hidden: set[UUID] = set()
    for together in ways.values():
        records = [one.record for person in together for one in held[person]]
        line = ledger.line(records, reach=reaches[together[0]], until=now)
        hidden |= line.hidden
        for entry in line.entries:
            about = {whose.get(concern.record) for concern in entry.concerns}
            for person in together:
                if person in about:
                    found[person].append(entry)
    return found, hidden


def _findings(
    kept: Iterable[duties.KeptFinding], by_name: Mapping[str, Entry], hidden: Collection[UUID]
) -> tuple[Finding, ...]:
    """The findings of a case; none that rests on nothing but what nobody may know of."""
    found = [find_evidence(one, by_name, hidden=hidden) for one in kept]
    return tuple(one for one in found if one.evidence or one.unread)


# --- duties ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mine:
    """A duty that is mine or my agency's, with its case."""

    case: Case
    due: date | None
    start: Entry | None
    row: DutyRow = field(repr=False)

    def late(self, today: date) -> bool:
        """Is it late?"""
        return self.row.state == "overdue"

    def soon(self, today: date) -> bool:
        """Is it late, or due within two weeks, or without a day?"""
        return self.due is None or self.due <= today + SOON


def _duties(viewer: Viewer, cases: Mapping[UUID, Case]) -> list[_Mine]:
    """What my agency owes, or I was given; mine alone where it was given to somebody. The soonest first."""
    found: list[_Mine] = []
    for case in cases.values():
        for one in case.duties:
            if one.state not in OPEN or not (
                one.assigned == viewer.id or (one.assigned is None and one.agency == viewer.agency)
            ):
                continue
            scale = rows.timescales().get(one.rule)
            if scale is not None and scale.nature == "opening":
                continue  # a right that somebody may use: owed by nobody, and never late
            row = rows.duty_row(case, one, len(found))
            start = case.index.by_key.get(duties.key_of(one.started_by))
            due = date.fromisoformat(one.due[:10]) if one.due else None
            found.append(_Mine(case=case, due=due, start=start, row=row))
    return sorted(found, key=lambda one: (one.due or date.max, str(one.case.person), one.row.what))


def _groups(shown: Iterable[_Mine], window: ruler.Window, today: date) -> tuple[page.DutyGroup, ...]:
    names: dict[str, list[DutyRow]] = defaultdict(list)
    end_of_week = today + timedelta(days=6 - today.weekday())
    for one in shown:
        names[_group(one, today, end_of_week)].append(_agenda_row(one, window))
    order = ("Late", "Today", "This week", "Next", "Without a day")
    return tuple(page.DutyGroup(name=name, duties=tuple(names[name])) for name in order if names[name])


def _group(one: _Mine, today: date, end_of_week: date) -> str:
    if one.row.state == "overdue" or (one.due is not None and one.due < today):
        return "Late"
    if one.due is None:
        return "Without a day"
    return "Today" if one.due <= today else "This week" if one.due <= end_of_week else "Next"


def _agenda_row(one: _Mine, window: ruler.Window) -> DutyRow:
    row, case = one.row, one.case
    due = f"{words.DAYS[one.due.weekday()][:3]} {words.day_and_month(one.due)}" if one.due else "no day"
    return DutyRow(
        uid=row.uid,
        what=row.what,
        due=due,
        due_iso=row.due_iso,
        state=row.state,
        said=row.said.removeprefix("late, ")
        + (" late" if row.said.startswith("late, ") and "today" not in row.said else ""),
        source=_source(one),
        person=Link(case.name, f"/people/{case.person}"),
        about=age(case),
        do=row.do,
        ruler=ruler.ruler(window, start=one.start.happened.day if one.start else None, due=one.due, uid=f"r-{row.uid}"),
    )


def _source(one: _Mine) -> str:
    """What it goes back to, in the words of the entry that started it."""
    if one.start is None:
        return one.row.source
    return f"From {when_said(one.start)}: {words.sentence(one.start.summary or rows.kind_words(one.start.kind))}"


def age(case: Case) -> str:
    """How old the person is today."""
    return words.age(case.born, london_day(case.now)) if case.born else ""


def _later(number: int, cases: Mapping[UUID, Case]) -> Link | None:
    if number <= 0:
        return None
    more = words.many(number, "later duty", "later duties")
    return Link(f"{more} in {words.many(len(cases), 'open case')}", "/?all=yes")


# --- questions -------------------------------------------------------------------------------------------------------


def _questions(cases: Mapping[UUID, Case]) -> list[FindingRow]:
    """Questions on my cases that nobody has answered, the newest first; of one threshold and person only the newest."""
    asked: list[tuple[date, Case, Finding]] = []
    for case in cases.values():
        current = [one for one in case.findings if one.result in ("matched", "cannot_tell") and one.evidence]
        answered = rows.answers(case.entries, current)
        asked += [(one.raised, case, one) for one in current if rows.finding_name(one) not in answered]
    asked.sort(key=lambda one: (one[0], str(one[1].person), one[2].rule), reverse=True)
    newest: dict[tuple[UUID, str], list[tuple[Case, Finding]]] = defaultdict(list)
    for _, case, one in asked:
        newest[case.person, one.rule].append((case, one))
    return [_question(*ones[0], number, len(ones) - 1) for number, ones in enumerate(newest.values())]


def _question(case: Case, one: Finding, number: int, earlier: int) -> FindingRow:
    row = rows.finding_row(case, one, number, None)
    who = f"{case.name}, {age(case)}" if age(case) else case.name
    before = f" {words.number(earlier).capitalize()} earlier." if earlier else ""
    return FindingRow(
        uid=row.uid,
        raised=row.raised,
        what=f"{who}. {row.what}{before}",
        ask=row.ask,
        owner=row.owner,
        state=row.state,
        do=Link("Answer", rows.finding_path(case, one), more=f"{row.what} {case.name}"),
    )


# --- what changed ----------------------------------------------------------------------------------------------------


def _since(request: HttpRequest, viewer: Viewer, now: datetime) -> tuple[datetime, bool]:
    """When the viewer was last here before this session, and whether they were never here.

    Read once a session from the audit log, which is the one honest record of it, and kept in the session.
    """
    kept = request.session.get("last_here")
    if kept is None:
        began = datetime.fromtimestamp(request.session.get(SIGNED_IN_AT, now.timestamp()), UTC)
        lines = access.lines(who=viewer.id, limit=50)
        before = next((one.at for one in lines if one.at < began - timedelta(seconds=5) and one.act != "sign_in"), None)
        kept = request.session["last_here"] = before.isoformat() if before else ""
    return (datetime.fromisoformat(kept), False) if kept else (now - FIRST_LOOK, True)


def _changed(viewer: Viewer, cases: Mapping[UUID, Case], since: datetime, now: datetime) -> tuple[page.Change, ...]:
    """What the viewer was told, and entries of others that became known to the viewer's agency, the newest first."""
    made: list[tuple[datetime, page.Change]] = []
    together: dict[tuple[UUID, str], list[alerts.Told]] = defaultdict(list)
    for told in alerts.told(viewer.id, most=200, unseen=True):
        if told.person is not None and told.person in cases:
            together[told.person, told.about].append(told)
    for (person, _), ones in together.items():
        made.append((ones[0].at, _message(cases[person], ones, now)))
    for case in cases.values():
        known = case.since.get(viewer.agency, {})
        fresh = [
            one
            for one in case.entries
            if one.agency != viewer.agency and one.kind not in BOOKKEEPING and since < known.get(one.key, since) <= now
        ]
        made += [(known[one.key], _shared(case, one, known, now)) for one in fresh]
    made.sort(key=lambda one: one[0], reverse=True)
    return tuple(change for _, change in made[:MOST_CHANGES])


_TOLD = {
    "finding": ("a question was raised", "questions were raised", "/findings"),
    "withdrawn": ("a question was withdrawn", "questions were withdrawn", "/findings"),
    "duty": ("a duty is late", "duties are late", "/duties"),
    "assigned": ("you were given something to do", "things were given to you", ""),
    "linked": (
        "a question about somebody linked waits: what may be told?",
        "questions about those linked wait",
        "/share",
    ),
    "shared": ("something was shared with you", "things were shared with you", "/entries"),
    "asked": ("your agency was asked for what it holds", "questions to your agency", "/entries"),
    "replied": ("a request was answered", "requests were answered", "/entries"),
    "break_glass": ("the glass was broken", "times the glass was broken", "/access"),
}


def _message(case: Case, told: Sequence[alerts.Told], now: datetime) -> page.Change:
    """Messages of one sort about one person that the viewer has not opened, the newest first."""
    one, several, where = _TOLD.get(told[0].about, ("you were told something", "messages", ""))
    alone = len(told) == 1
    href = told[0].path if alone else f"/people/{case.person}{where}"
    what = one if alone else f"{len(told):,} {several}"
    return page.Change(at=_when(told[0].at, now), person=Link(case.name, href), what=what, by="Message to you")


def _shared(case: Case, entry: Entry, known: Mapping[Key, datetime], now: datetime) -> page.Change:
    return page.Change(
        at=_when(known[entry.key], now),
        person=Link(case.name, f"/people/{case.person}/entries/{entry.id}"),
        what=(entry.summary or rows.kind_words(entry.kind)).rstrip("."),
        by=case.agency_name(entry.agency),
    )


def _when(at: datetime, now: datetime) -> str:
    days = (london_day(now) - london_day(at)).days
    if days == 0:
        return f"today, {words.clock(at)}"
    return f"yesterday, {words.clock(at)}" if days == 1 else f"{words.day(at)}, {words.clock(at)}"


def _waiting(viewer: Viewer, cases: Mapping[UUID, Case], today: date) -> tuple[page.Waiting, ...]:
    """Requests of my agency that were not answered."""
    made = []
    for case in cases.values():
        replied = {ref for one in case.standing if one.kind == "information.replied" for ref in [one.body["request"]]}
        for one in case.standing:
            if one.kind == "information.requested" and one.agency == viewer.agency and one.ref not in replied:
                by = datetime.fromisoformat(one.body["reply_by"])
                made.append(
                    page.Waiting(
                        who=case.agency_name(one.body["to"]),
                        what="What they hold",
                        late=words.local_day(by) < today,
                        about=f"{case.name}. Asked {when_said(one)}, by {words.day(by)}.",
                        do=Link("Open", f"/people/{case.person}/entries/{one.id}", more=case.name),
                    )
                )
    return tuple(made[:10])


# --- words -----------------------------------------------------------------------------------------------------------


def _sentence(late: int, today: int, questions: int) -> str:
    said = f"{late:,} {'is' if late == 1 else 'are'} late and {today:,} {'is' if today == 1 else 'are'} due today."
    if questions:
        said += f" {words.many(questions, 'question waits', 'questions wait')} for an answer."
    return said


def _nothing(viewer: Viewer, cases: Collection[UUID]) -> Empty:
    if not cases:
        return Empty(
            title="You stand in no relation to any case",
            link=Link("Find a person", "/people") if viewer.may(Permission.PERSON_FIND) else None,
            words="Cases that are allocated to you or your team show here.",
        )
    return Empty(
        title="Nothing is due", words=f"In {words.many(len(cases), 'case')} nothing is late or due within two weeks."
    )
