"""What the licence adds to a person's page, and its own two pages: the licence, and what was told and what was not.

Everything is folded from the entries of the page's moment and eyes: an address with `known_on` shows a past day as it
was known then. Nothing is decided here; what people may record stands in `recording.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from markupsafe import Markup

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.ledger.entry import london_day
from throughcare.licence import catalogue, clocks, disclosures, sections, state
from throughcare.licence import seen as looks
from throughcare.licence import words as said
from throughcare.licence.seen import Seen
from throughcare.web import rows, words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_ref, when_said
from throughcare.web.frame import frame
from throughcare.web.parts import AtAGlance, EntryRow, Pages, Table
from throughcare.web.person import case_of, person_bar
from throughcare.web.pictures.life import Life, Spell, Strand
from throughcare.web.sheet import Section, Sheet
from throughcare.web.shell import Alert, Link, PersonBar, Shell

# --- on the person's page --------------------------------------------------------------------------------------------


def drawing(case: Case) -> Drawing | None:
    """What the licence adds to this person's page; None where nothing is recorded here about them."""
    seen = looks.of(case)
    if seen.standing is None:
        return None
    line = sections.status_line(seen)
    return Drawing(
        sentence=f"{line}.",
        stands=line,
        lead=_lead(seen) or sections.conditions_line(seen),
        life=life(seen.standing, broken(seen)),
        alerts=_alerts(seen),
        glance=_glance(seen, line),
        actions=_actions(case),
    )


def menu(case: Case) -> tuple[tuple[str, str], ...]:
    """The pages of the licence, in the person's menu, where there is one or a sentence that leads to one."""
    kinds = {one.kind.partition(".")[0] for one in case.about}
    if "licence" in kinds:
        return ("Licence", _base(case)), ("Told and not told", f"{_base(case)}/disclosures")
    return (("Licence", _base(case)),) if "sentence" in kinds else ()


def broken(seen: Seen) -> dict[int, date]:
    """The conditions that a person decided were broken, by identity, each with the first day on which that was so."""
    found: dict[int, date] = {}
    for one in seen.breaches:
        if one.condition is not None and one.decided and one.decided[-1].body["decision"] != "no_action":
            days = [disclosures.first_day(each) or each.happened.day for each in one.about] or [
                one.alleged.happened.day
            ]
            known = [day for day in days if day is not None]
            if known:
                found[id(one.condition)] = min(known)
    return found


def life(standing: state.Standing, broken_on: Mapping[int, date]) -> Life:
    """The part of the life line: time on licence, and each condition for as long as it bound."""
    spells = []
    for one in standing.spells:
        since, until = one.released.happened.day, one.ended.happened.day if one.ended else None
        if since is not None and (one.ended is None or until is not None):
            what = said.RELEASE[one.released.body["release"]].lower()
            spells.append(
                Spell(kind="licence", since=since, until=_not_before(since, until), what=f"On licence, {what}",
                      ref=mark_ref(one.released))
            )  # fmt: skip
    return Life(spells=tuple(spells), strands=tuple(_strands(standing, broken_on)))


def _strands(standing: state.Standing, broken_on: Mapping[int, date]) -> list[Strand]:
    made = []
    for one in standing.bound:
        since, until = one.since.day, one.until.day if one.until else None
        if since is None or (one.until is not None and until is None):
            continue
        meant = catalogue.look_up(one.condition.version, one.condition.name)
        made.append(
            Strand(since=since, until=_not_before(since, until), what=meant.title, kind=meant.category,
                   ref=mark_ref(one.condition.entry), broken_on=broken_on.get(id(one.condition)))
        )  # fmt: skip
    return made


def _not_before(since: date, until: date | None) -> date | None:
    return None if until is None else max(since, until)


def _lead(seen: Seen) -> str:
    """The last fact that was not told, where another agency knew it before."""
    late = [one for one in seen.ledger.not_told if one.before is not None]
    if not late:
        return ""
    one = late[-1]
    before = seen.case.agency_name(one.before.agency) if one.before else ""
    return (
        f"{said.TOPIC[one.topic]} was not told: {before} knew "
        f"{words.many(one.days_unshared or 0, 'day')} before {seen.case.agency_name(one.supervisor)} did."
    )


def _base(case: Case) -> str:
    return f"/people/{case.person}/licence"


def _alerts(seen: Seen) -> tuple[Alert, ...]:
    licence, case = seen.whole.in_force, seen.case
    if licence is None:
        return ()
    to = Link("See the licence", f"{_base(case)}{case.look.query()}")
    line = sections.conditions_line(seen)
    if licence.form == "emergency":
        return (Alert("warning", "Emergency licence", line, to),)
    return (Alert("plan", "On licence", line, to),)


def _glance(seen: Seen, line: str) -> tuple[AtAGlance, ...]:
    case = seen.case
    query = case.look.query()
    made = [AtAGlance("Licence", f"{line}.", link=Link("The licence", f"{_base(case)}{query}"))]
    book = seen.ledger
    if book.told or book.not_told:
        number = words.many(len(book.told), "telling")
        found = f"{words.many(len(book.not_told), 'fact')} found another way" if book.not_told else ""
        made.append(
            AtAGlance("Told and not told", ", ".join(part for part in (number, found) if part),
                      link=Link("What was told", f"{_base(case)}/disclosures{query}"))
        )  # fmt: skip
    return tuple(made)


def _actions(case: Case) -> tuple[Link, ...]:
    return (Link("Record a disclosure", f"{_base(case)}/disclosure"),) if _may_record(case) else ()


def _may_record(case: Case) -> bool:
    return not case.look.past and case.reach.may(Permission.RECORD)


def _may_decide(case: Case) -> bool:
    return not case.look.past and case.reach.may(Permission.DECIDE)


# --- the licence -----------------------------------------------------------------------------------------------------


@open_to(Permission.PERSON_READ, person="person")
def licence(request: HttpRequest, person: UUID) -> HttpResponse:
    """The licence: where it stands, what it asks, what a newer version would mean, and everything around it."""
    case = case_of(request, person)
    seen = looks.of(case)
    made = (
        sections.emergency(seen),
        sections.preparation(seen),
        sections.duties(seen),
        sections.conditions(seen),
        sections.versions(seen, request.GET.get("version", "")),
        sections.breaches(seen, may_record=_may_record(case)),
        sections.victims(seen),
        sections.plan(seen),
        sections.appointments(seen),
        sections.premises(seen),
        sections.risk(seen),
        sections.levels(seen),
        sections.endings(seen),
        sections.history(seen),
        _what_can_be_recorded(seen),
    )
    value = Sheet(
        shell=frame(request, title="Licence", case=case, success=_DONE.get(request.GET.get("done", ""), "")),
        person=person_bar(case, "Licence", path=_base(case)),
        title=f"{sections.status_line(seen)}.",
        lead=sections.conditions_line(seen),
        sections=tuple(one for one in made if one is not None),
    )
    return render(request, "sheet.html", {"page": value})


_DONE = {
    "approved": "The licence is recorded as approved",
    "released": "The release is recorded",
    "varied": "The variation is recorded",
    "told": "The disclosure is recorded",
    "found": "The fact is recorded",
    "alleged": "The allegation is recorded",
    "explained": "The explanation is recorded",
    "decided": "The decision is recorded",
    "kept": "The appointment is recorded",
    "premises": "The step is recorded",
    "travel": "The return is recorded",
    "asked": "The request is recorded",
    "ended": "The end of the licence is recorded",
}


def _what_can_be_recorded(seen: Seen) -> Section | None:
    case, base = seen.case, _base(seen.case)
    links: list[Link] = []
    if _may_decide(case):
        links.append(Link("Approve a licence", f"{base}/approve"))
        if seen.whole.in_force:
            links.append(Link("Vary the licence", f"{base}/vary"))
    if _may_record(case):
        if seen.whole.licences:
            links.append(Link("Record a release", f"{base}/release"))
        links += [
            Link("Record a disclosure, or that there is nothing to tell", f"{base}/disclosure"),
            Link("Record a fact that was found another way", f"{base}/fact"),
            Link("Record an appointment", f"{base}/appointment"),
            Link("Record a step about approved premises", f"{base}/premises"),
            Link("Record a return from abroad", f"{base}/travel"),
        ]
        if seen.whole.licences:
            links.append(Link("Allege a breach of a condition", f"{base}/breach"))
        links.append(Link("Record that the person asks for the licence to end", f"{base}/end-request"))
    if _may_decide(case) and seen.whole.licences:
        links.append(Link("Record the end of the licence", f"{base}/end"))
    return Section(title="What you can record", links=tuple(links)) if links else None


# --- what was told, and what was not ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of what was told and what was found."""

    uid: str
    told: str  # "12 Sep 2022"; "Not told"
    iso: str
    topic: str
    what: str
    since: str  # the day on which it was so
    after: str  # "2 days"
    how: str
    condition: str
    href: str
    not_told: bool = False
    doubt: str = ""  # what shows that "nothing" was not so


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One fact that was not told, drawn and told from one value."""

    uid: str
    title: str
    lead: str
    picture: Markup
    table: Table
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosuresPage:
    """licence_disclosures.html: what was told and what was found, then each fact that was not told on its clocks."""

    shell: Shell
    person: PersonBar
    title: str
    lead: str
    rows: tuple[Row, ...]
    figures: tuple[Figure, ...]
    pages: Pages | None
    shown: tuple[EntryRow, ...]
    links: tuple[Link, ...]
    back: Link | None = None


A_PAGE = 50  # rows of what was told and found
MOST_FIGURES = 6  # of the facts on a page, the newest; the others stand in the table


@open_to(Permission.PERSON_READ, person="person")
def told(request: HttpRequest, person: UUID) -> HttpResponse:
    """The disclosure ledger: told, not told, and who knew before. Of a long one the newest page first."""
    case = case_of(request, person)
    seen = looks.of(case)
    book = seen.ledger
    lines: list[disclosures.Told | disclosures.NotTold] = sorted((*book.told, *book.not_told), key=_sorting)
    pages = Paginator(lines, A_PAGE)
    here = pages.get_page(request.GET.get("page") or pages.num_pages)
    facts = [one for one in here.object_list if isinstance(one, disclosures.NotTold)][-MOST_FIGURES:]
    value = DisclosuresPage(
        shell=frame(
            request,
            title="What was told, and what was found",
            case=case,
            success=_DONE.get(request.GET.get("done", ""), ""),
        ),
        person=person_bar(case, "Told and not told", path=f"{_base(case)}/disclosures"),
        title=_title(book),
        lead="Each row: the day we were told, the day it was true, how many days lay between, and the condition that "
        "asked for it, as it stood on the licence then.",
        rows=tuple(_row(seen, one) for one in here.object_list),
        figures=tuple(_figure(seen, one, number) for number, one in enumerate(facts, 1)),
        pages=_pages(case, here) if pages.num_pages > 1 else None,
        shown=rows.entry_rows(case, book.shown[-A_PAGE:]),
        links=(
            Link("Record a disclosure, or that there is nothing to tell", f"{_base(case)}/disclosure"),
            Link("Record a fact that was found another way", f"{_base(case)}/fact"),
        )
        if _may_record(case)
        else (),
    )
    return render(request, "licence_disclosures.html", {"page": value})


def _sorting(one: disclosures.Told | disclosures.NotTold) -> tuple[datetime, datetime]:
    entry = one.entry if isinstance(one, disclosures.Told) else one.found
    return entry.happened.sorting, entry.noted


def _row(seen: Seen, one: disclosures.Told | disclosures.NotTold) -> Row:
    return _told_row(seen, one) if isinstance(one, disclosures.Told) else _found_row(seen, one)


def _pages(case: Case, here: Page[disclosures.Told | disclosures.NotTold]) -> Pages:
    def to(number: int) -> str:
        return f"{_base(case)}/disclosures{case.look.query(page=str(number))}"

    return Pages(
        said=f"Showing {here.start_index():,} to {here.end_index():,} of {here.paginator.count:,}, the oldest first",
        previous_href=to(here.previous_page_number()) if here.has_previous() else "",
        next_href=to(here.next_page_number()) if here.has_next() else "",
    )


def _title(book: disclosures.Ledger) -> str:
    if not book.told and not book.not_told:
        return "Nothing is recorded as told or found yet."
    count, found = sum(not one.nothing for one in book.told), len(book.not_told)
    given = f"{words.number(count).capitalize()} {'fact' if count == 1 else 'facts'} told" if count else "Nothing told"
    return f"{given}, {words.number(found)} found another way." if found else f"{given}, none found another way."


def _told_row(seen: Seen, one: disclosures.Told) -> Row:
    case, body = seen.case, one.entry.body
    text = f"“{body['words']}”" if body.get("words") else one.entry.summary
    answer = ("Asked. " if one.asked else "") + ("Nothing to tell" if one.nothing else "")
    doubt = "; ".join(f"{rows.kind_words(each.kind).lower()}, {when_said(each)}" for each in one.contradicted_by)
    follow = str(body.get("follow_up") or "")
    return Row(
        uid=mark_ref(one.entry),
        told=words.short_day(one.told_on) if one.told_on else when_said(one.entry),
        iso=one.told_on.isoformat() if one.told_on else "",
        topic=said.TOPIC[one.topic],
        what=". ".join(part.rstrip(". ") for part in (answer, text, f"Follow-up: {follow}" if follow else "") if part),
        since=words.short_day(one.fact_from) if one.fact_from else "",
        after=_after(one.days),
        how=_how(case, one),
        condition=_condition(one.answers),
        href=f"/people/{case.person}/entries/{one.entry.id}{case.look.query()}",
        doubt=f"Other records say it was not so: {doubt}" if doubt else "",
    )


def _after(days: int | None) -> str:
    if days is None:
        return ""
    return (
        "the same day" if days == 0 else f"{words.many(-days, 'day')} before" if days < 0 else words.many(days, "day")
    )


def _how(case: Case, one: disclosures.Told) -> str:
    channel = said.CHANNEL.get(str(one.entry.body.get("channel")), "")
    to = str(one.entry.body.get("told_to") or one.entry.author_role)
    way = f", {words.small(channel)}" if channel and channel != "Not known" else ""
    return f"Told {to}, {case.agency_name(one.entry.agency)}{way}"


def _condition(answers: disclosures.Answers | None) -> str:
    if answers is None:
        return "No condition then in force asked for it"
    version = said.VERSION.get(answers.bound.condition.version, answers.bound.condition.version)
    return f"{answers.meant.title} ({words.small(version)})"


def _found_row(seen: Seen, one: disclosures.NotTold) -> Row:
    case, found = seen.case, one.found
    names = [case.name_of(record) for record in found.who("partner")]
    before = (
        f"{case.agency_name(one.before.agency)} knew on {words.short_day(one.before.since)}. "
        f"{case.agency_name(one.supervisor)} knew on {words.short_day(one.learned)}"
        if one.before else f"{case.agency_name(one.supervisor)} found it on {words.short_day(one.learned)}"
    )  # fmt: skip
    who = f"With {words.listed(names)}" if names else ""
    after_all = f"Told after all on {words.short_day(one.told.told_on)}" if one.told and one.told.told_on else ""
    return Row(
        uid=mark_ref(found),
        told="Not told",
        iso=one.began.isoformat() if one.began else "",
        topic=said.TOPIC[one.topic],
        what=". ".join(part.rstrip(". ") for part in (who, found.summary, after_all) if part),
        since=words.short_day(one.began) if one.began else "",
        after=_after(one.days_true),
        how=f"From: {one.source}. {before}",
        condition=_condition(one.answers),
        href=f"/people/{case.person}/entries/{found.id}{case.look.query()}",
        not_told=True,
    )


def _figure(seen: Seen, one: disclosures.NotTold, number: int) -> Figure:
    case = seen.case
    value = clocks_of(seen, one, f"ck{number}")
    base = f"{_base(case)}/breach?about={one.found.id}"
    alleged = any(one.found.key == each.key for breach in seen.breaches for each in breach.about)
    return Figure(
        uid=value.uid,
        title=f"{said.TOPIC[one.topic]} that was not told, on {words.number(len(value.rows))} clocks",
        lead=_gap_said(seen, one),
        picture=clocks.drawn(value),
        table=value.table,
        links=(Link("Allege a breach of this", base),) if _may_record(case) and not alleged else (),
    )


def _gap_said(seen: Seen, one: disclosures.NotTold) -> str:
    case = seen.case
    parts = []
    if one.days_true is not None:
        parts.append(
            f"It was true for {words.many(one.days_true, 'day')} before {case.agency_name(one.supervisor)} knew."
        )
    if one.before is not None:
        how = "recorded it" if one.before.own else "was told of it"
        parts.append(
            f"{case.agency_name(one.before.agency)} {how} {words.many(one.days_unshared or 0, 'day')} before that."
        )
    parts += [f"Asked on {when_said(each.entry)}: nothing to tell." for each in one.asked]
    return " ".join(parts) or "On which day it began is not known."


def clocks_of(seen: Seen, one: disclosures.NotTold, uid: str) -> clocks.Clocks:
    """The clocks of one fact that was not told: when it was so, who knew before, when the supervising agency knew."""
    case, query = seen.case, seen.case.look.query()
    learned = london_day(one.learned)
    made = []
    if one.began is not None:
        made.append(clocks.Row(label="It was true", kind="true", since=one.began, said=f"from {words.day(one.began)}"))
    others = [each for each in one.knew if each.agency != one.supervisor and each.since < one.learned]
    for each in others:
        on = london_day(each.since)
        made.append(
            clocks.Row(
                label=f"{case.agency_name(each.agency)} knew", kind="other", since=on,
                said=f"{words.day_and_month(on)}: {each.entry.summary or rows.kind_words(each.entry.kind).lower()}",
                href=f"/people/{case.person}/entries/{each.entry.id}{query}",
            )
        )  # fmt: skip
    gap = london_day(others[0].since) if others else None
    made.append(
        clocks.Row(
            label=f"{case.agency_name(one.supervisor)} knew", kind="officer", since=learned, said=words.day(learned),
            how=f"{words.day(learned)}: {one.found.summary or one.source}",
            gap_from=gap, gap=f"{words.many(one.days_unshared, 'day')} not shared" if one.days_unshared else "",
            href=f"/people/{case.person}/entries/{one.found.id}{query}",
        )
    )  # fmt: skip
    asked = [
        clocks.Asked(each.told_on, _asked(each), f"/people/{case.person}/entries/{each.entry.id}{query}")
        for each in one.asked
        if each.told_on is not None
    ]
    return clocks.Clocks(
        uid=uid, title="One fact on its clocks", rows=tuple(made), asked=tuple(asked), until=learned
    )  # fmt: skip


def _asked(one: disclosures.Told) -> str:
    text = str(one.entry.body.get("words") or "")
    day = words.day_and_month(one.told_on) if one.told_on else ""
    return f"Asked, {day}: “{text}”" if text else f"Asked, {day}: nothing to tell"
