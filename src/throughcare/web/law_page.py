"""/law: every rule in force on a day, how sure it is, and what changed since another; one rule with its history.

Read from the rooms' own law files, so a new room appears by itself. Nothing of any case stands here: whoever signs in
may read it. A named approver may confirm what is marked to be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.duties import actions, law, queries
from throughcare.duties.rules import Row
from throughcare.ledger.entry import london_day
from throughcare.web import law_changes, law_words, page, sheet, words
from throughcare.web.asking import Answers
from throughcare.web.frame import frame
from throughcare.web.looking import read_day
from throughcare.web.parts import Fact, Field, Form, Table
from throughcare.web.shell import Link

ROOM_WORDS = {
    "safeguarding": "Safeguarding of children",
    "sentence": "Sentence and custody",
    "licence": "Licence",
    "recall": "Recall",
    "parole": "Parole",
    "learning": "Learning from what went wrong",
    "web": "Other questions",
}


@cache
def book() -> tuple[law.Shelf, ...]:
    """The law of every room, and the questions that belong to none."""
    (own,) = law.shelves(["web"])
    questions = tuple(one for one in own.loose if law.UNCERTAIN in law.marks_of(one) and "question" in one.figures)
    return (*queries.law(), law.Shelf(room="web", rules=own.rules, loose=questions))


def _provisions(on: date, parameters: Mapping[str, Mapping[str, object]]) -> list[law.Provision]:
    return law.provisions(book(), on, parameters)


# --- every rule of a day --------------------------------------------------------------------------------------------


@open_to(Permission.MY_WORK)
def the_law(request: HttpRequest) -> HttpResponse:
    """Every rule in force on a day, with what changed since another. Two queries."""
    today = london_day(request.at)  # type: ignore[attr-defined]
    answers = Answers(request.GET)
    on = _day(answers, "on") or today
    since = _day(answers, "since")
    parameters, confirmed = queries.parameters(), queries.confirmed_texts()
    there = _provisions(on, parameters)
    rules = [one for one in there if one.nature != "open question"]
    asked = [one for one in there if one.nature == "open question"]
    value = page.LawPage(
        shell=frame(request, title="The law"),
        title="The law" if on == today else f"The law on {words.day(on)}",
        sentence=_sentence(rules, asked, confirmed),
        form=_days_form(answers, on, since, today),
        rooms=tuple(
            _room(room, rules, confirmed, opened=request.GET.get("room", ""), href=_here(on, since, today, room))
            for room in dict.fromkeys(one.room for one in rules)
        ),
        all_rooms=Link("Open all", _here(on, since, today, "all")),
        changes_title=_changes_title(on, since),
        changes=_changes(_provisions(since, parameters), there) if since else (),
        touched=_touched(since, on),
        questions=tuple(
            page.LawQuestion(
                rule=_named(one.rule),
                what=one.what or one.row.source,
                source=one.row.source if one.what else "",
                room=ROOM_WORDS.get(one.room, "") if one.room != "web" else "",
            )
            for one in asked
        ),
        marks=law_words.EXPLAINED,
    )
    return render(request, "law.html", {"page": value}, status=400 if answers.wrong else 200)


def _here(on: date, since: date | None, today: date, room: str) -> str:
    """This page with one room opened, or all."""
    given = {"on": "" if on == today else on.isoformat(), "since": since.isoformat() if since else "", "room": room}
    return f"/law?{urlencode({name: said for name, said in given.items() if said})}"


def _room(
    room: str, rules: Sequence[law.Provision], confirmed: Mapping[str, queries.Confirmed], *, opened: str, href: str
) -> page.LawRoom:
    found = [(number, one) for number, one in enumerate(rules) if one.room == room]
    waits = sum(one.needs_confirming and one.text not in confirmed for _, one in found)
    return page.LawRoom(
        name=ROOM_WORDS.get(room, room.capitalize()),
        uid=f"room-{room}",
        said=f"{words.many(len(found), 'rule')}, {waits} not confirmed yet"
        if waits
        else words.many(len(found), "rule"),
        href=f"{href}#room-{room}",
        open=opened in (room, "all"),
        rules=tuple(_row(one, number, confirmed) for number, one in found),
    )


def _named(rule: str) -> str:
    """The number of a rule; for what has none, its name in words."""
    return rule if rule[:1].isupper() else words.sentence(rule.replace("_", " ")).rstrip(".")


def _day(answers: Answers, name: str) -> date | None:
    said = answers.given.get(name, "").strip()
    found = read_day(said) if said else None
    if said and found is None:
        answers.wrong[name] = "Enter a day, such as 1 November 2024"
    return found


def _days_form(answers: Answers, on: date, since: date | None, today: date) -> Form:
    fields = (
        Field(name="on", label="In force on", value=words.day(on), hint=f"For example, {words.day(today)}", width=20),
        Field(
            name="since", label="What changed since", value=words.day(since) if since else "", width=20,
            hint="For example, 1 November 2024, or leave it empty",
        ),
    )  # fmt: skip
    shown = answers.shown(fields) if answers.wrong else fields
    return Form(action="/law", method="get", button="Show", fields=shown, mistakes=answers.mistakes)


def _sentence(
    rules: Sequence[law.Provision], asked: Sequence[law.Provision], confirmed: Mapping[str, queries.Confirmed]
) -> str:
    wanting = [one for one in rules if one.needs_confirming]
    done = sum(one.text in confirmed for one in wanting)
    own = sum(bool(one.own) for one in rules)
    said = f"{words.many(len(rules), 'rule')} in force. {len(wanting)} need a named approver; {done or 'none'} "
    said += f"{'is' if done <= 1 else 'are'} confirmed. "
    said += f"{words.many(len(asked), 'question')} that nothing is worked out from."
    return f"{said} {words.many(own, 'figure')} set by this partnership." if own else said


def _row(one: law.Provision, number: int, confirmed: Mapping[str, queries.Confirmed]) -> page.LawRule:
    by = confirmed.get(one.text)
    return page.LawRule(
        uid=f"law-{number}",
        rule=Link(_named(one.rule), _path(one.rule)),
        what=words.sentence(one.what).rstrip("."),
        owner=_owner(one),
        figures=law_words.figures(one.row.figures),
        counted=one.counted,
        own=law_words.own_figures(one),
        source=one.row.source,
        mark=one.row.mark,
        mark_words=law_words.mark_words(one.row),
        since=law_words.since_words(one.row) if one.row.since or one.row.until else "",
        in_force=one.commenced,
        confirmed=_confirmed_words(by),
        waits=one.needs_confirming and by is None,
    )


def _owner(one: law.Provision) -> str:
    said = words.sentence(one.owner).rstrip(".")
    match one.nature:
        case "window":
            return f"May be done: {said}" if said else "May be done"
        case "opening":
            return f"May be done from that day on: {said}"
        case "question to a person":
            return f"A question to: {said}" if said else "A question to a person"
        case "figure":
            return "Used or shown; owed by nobody"
        case _:
            return f"Owed by: {said}"


def _confirmed_words(by: queries.Confirmed | None) -> str:
    return f"Confirmed by {by.name}, {words.day(by.at)}" if by else ""


def _path(rule: str) -> str:
    return f"/law/{quote(rule, safe='')}"


# --- what changed ---------------------------------------------------------------------------------------------------


def _changes_title(on: date, since: date | None) -> str:
    if since is None:
        return ""
    first, last = min(since, on), max(since, on)
    return f"What changed from {words.day(first)} to {words.day(last)}"


def _changes(before: Sequence[law.Provision], after: Sequence[law.Provision]) -> tuple[page.LawChanged, ...]:
    made = []
    for one in law.changed(before, after):
        there = one.after or one.before
        if there is None:
            continue
        made.append(
            page.LawChanged(
                rule=Link(_named(one.rule), _path(one.rule)),
                what=words.sentence(there.what).rstrip("."),
                on=words.day(one.on) if one.on else "",
                before=_said(one.before) or "Not there",
                after=_said(one.after) or "No longer in force",
                source=there.row.source,
            )
        )
    return tuple(made)


def _said(one: law.Provision | None) -> str:
    if one is None:
        return ""
    if one.nature == "open question":
        return "An open question: asked, not worked out"
    if not one.commenced:
        return "On the book, not in force"
    return "; ".join(law_words.figures(one.row.figures)) or "In force, without a figure"


def _touched(since: date | None, on: date) -> Table | None:
    """Changes of law that touch a sentence, a licence or a review, between the days; without a day: all up to `on`."""
    first = since or date.min
    found = [one for one in law_changes.changes() if one.on is not None and min(first, on) < one.on <= max(first, on)]
    if not found:
        return None
    return Table(
        caption="Changes that touch a sentence, a licence or a review",
        heads=("From", "What", "Source", "How sure"),
        rows=tuple((words.day(one.on), one.what, one.source, _mark_of(one.mark)) for one in reversed(found) if one.on),
    )


def _mark_of(mark: str) -> str:
    explained = dict(law_words.EXPLAINED)
    return " ".join(explained[one] if one != "L" else "Read in a text of law." for one in mark.split("/"))


def whether_confirmed(rule: str, on: date) -> str:
    """Whether the figure of a rule, as the law had it on a day, was confirmed, in words; nothing where none need be.

    Two queries.
    """
    there = [one for one in _provisions(on, queries.parameters()) if one.rule == rule and one.needs_confirming]
    if not there:
        return ""
    by = queries.confirmed_texts().get(there[0].text)
    return _confirmed_words(by) or "Not confirmed yet: check it before you rely on it"


# --- one rule -------------------------------------------------------------------------------------------------------


@open_to(Permission.MY_WORK, post=Permission.LAW_CONFIRM, methods=("GET", "POST"))
def one_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule: as it stands today, every row it ever had, who confirmed it, and the form to confirm. Two queries."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    there = [one for one in _provisions(london_day(now), queries.parameters()) if one.rule == rule]
    rows = law.history(book(), rule)
    if not rows:
        raise Http404
    answers = Answers(request.POST)
    if request.method == "POST" and _confirm(answers, there, viewer, now):
        return HttpResponseRedirect(f"{_path(rule)}?{urlencode({'done': 'yes'})}")
    said = queries.confirmations(rule)
    standing = {one.text: one for one in said}
    value = sheet.Sheet(
        shell=frame(request, title=rule, success="It is kept, with your name" if request.GET.get("done") else ""),
        title=f"{_named(rule)}: {there[0].what}" if there and there[0].what else _named(rule),
        lead="" if there else "Not in force today.",
        sections=(
            *(_standing(one, standing.get(one.text), viewer, answers) for one in there),
            sheet.Section(title="Every row of law", table=_history(rows)),
            *([sheet.Section(title="Who confirmed it", table=_who(said, there))] if said else []),
        ),
        back=Link("The law", "/law"),
    )
    return render(request, "sheet.html", {"page": value}, status=400 if answers.wrong else 200)


def _standing(one: law.Provision, by: queries.Confirmed | None, viewer: Viewer, answers: Answers) -> sheet.Section:
    confirmed = by if by is not None and by.confirmed else None
    facts = [
        Fact("Figure", "; ".join(law_words.figures(one.row.figures)) or "None: the case itself says it"),
        *([Fact("Counted", one.counted)] if one.counted else []),
        *([Fact("This partnership", "; ".join(law_words.own_figures(one)))] if one.own else []),
        Fact("Source", one.row.source),
        Fact("How sure", f"{one.row.mark}: {law_words.mark_words(one.row)}"),
        Fact("In force", law_words.since_words(one.row) if one.commenced else "Not yet: on the book only"),
        Fact("Confirmed", _confirmed_or_not(one, confirmed)),
    ]
    may = viewer.may(Permission.LAW_CONFIRM) and one.needs_confirming
    form = _confirm_form(one, confirmed, answers) if may else None
    return sheet.Section(title="As it stands today", facts=tuple(facts), forms=(form,) if form else ())


def _confirmed_or_not(one: law.Provision, by: queries.Confirmed | None) -> str:
    if by is not None:
        return f"By {by.name}, {words.moment(by.at)}: {by.note}"
    if one.nature == "open question":
        return "Cannot be: it is a question"
    return "Not yet" if one.needs_confirming else "Not needed: the law itself was read"


def _confirm_form(one: law.Provision, by: queries.Confirmed | None, answers: Answers) -> Form:
    fields = (
        Field(
            name="note", label="What did you read, and where?" if by is None else "Why do you take it back?",
            kind="textarea", rows=2,
        ),
    )  # fmt: skip
    return Form(
        action=_path(one.rule),
        button="Confirm this figure" if by is None else "Take the confirmation back",
        fields=answers.shown(fields) if answers.given.get("text") == one.text else fields,
        mistakes=answers.mistakes if answers.given.get("text") == one.text else (),
        hidden=(("text", one.text), ("confirmed", "yes" if by is None else "no")),
        warning=by is not None,
    )


def _confirm(answers: Answers, there: Iterable[law.Provision], viewer: Viewer, now: datetime) -> bool:
    """Keep what an approver says. False: something in the form is wrong, or the law was changed in between."""
    note = answers.text("note", ask="Say what you read and where, or why you take it back", least=3, most=1_000)
    meant = next((one for one in there if one.text == answers.given.get("text")), None)
    if meant is None or not meant.needs_confirming:
        answers.wrong["note"] = "This row of law was changed meanwhile. Read it again, then confirm"
    if answers.wrong or meant is None:
        return False
    actions.confirm(meant, confirmed=answers.given.get("confirmed") != "no", note=note, by=viewer, at=now)
    return True


def _history(rows: Sequence[Row]) -> Table:
    return Table(
        caption="Every row of law",
        heads=("In force", "Figure", "Source", "How sure"),
        rows=tuple(
            (
                law_words.since_words(one) if one.commenced else "On the book only",
                "; ".join(law_words.figures(one.figures)) or "None",
                one.source,
                f"{one.mark}: {law_words.mark_words(one)}",
            )
            for one in rows
        ),
    )


def _who(said: Sequence[queries.Confirmed], there: Sequence[law.Provision]) -> Table:
    now = {one.text for one in there}
    return Table(
        caption="Who confirmed it",
        heads=("When", "Who", "What", "Note", "Of the row as it is now"),
        rows=tuple(
            (
                words.moment(one.at),
                one.name,
                "Confirmed" if one.confirmed else "Taken back",
                one.note,
                "Yes" if one.text in now else "No: the row or the partnership’s figure changed since",
            )
            for one in reversed(said)
        ),
    )
