# ruff: noqa: E501, DTZ001 - London times; sample words read better unbroken
"""One filled value for every page, for previews and tests. Invented people and places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from throughcare.web import page as pages
from throughcare.web import words
from throughcare.web.parts import (
    DutyRow,
    Empty,
    EntryRow,
    Fact,
    Field,
    Form,
    Mistake,
    Pages,
    Table,
    Why,
)
from throughcare.web.pictures import ruler
from throughcare.web.pictures.bodymap import Pin, body_map
from throughcare.web.pictures.life_line import drawn_life
from throughcare.web.pictures.line import drawn
from throughcare.web.pictures.places import Place, places
from throughcare.web.pictures.values import KIND_WORDS, Kind, Lane, Line, Mark
from throughcare.web.shell import Choice, Link, PersonBar
from throughcare.web.tests import lives, sixty

TODAY = date(2024, 4, 16)
BABY = PersonBar(
    name="Wilf Harrop",
    age="18 weeks old",
    born="Born 11 May 2026",
    number="HV-118-204",
)
PAGES = Pages(
    said="Showing 1 to 50 of 120 entries",
    next_href="?page=2",
    numbers=(Link("1", "?page=1", current=True), Link("2", "?page=2"), Link("…", ""), Link("12", "?page=12")),
)
YES_NO = (Choice(value="yes", label="Yes"), Choice(value="no", label="No", chosen=True))


def my_work() -> pages.MyWork:
    window = ruler.Window(first=date(2024, 4, 6), last=date(2024, 5, 1), today=TODAY, rest=())

    def duty(uid: str, who: str, about: str, what: str, source: str, start: date, due: date, do: str) -> DutyRow:
        late = (TODAY - due).days
        return DutyRow(
            uid=uid,
            person=Link(who, "#person"),
            about=about,
            what=what,
            source=source,
            due=f"{due:%a} {due.day} {due:%B}",
            due_iso=due.isoformat(),
            state="overdue" if late > 0 else "open",
            said=f"{words.many(late, 'day')} late" if late > 0 else "",
            do=Link(do, "#do", f"{what}, {who}"),
            ruler=ruler.ruler(window, start=start, due=due, uid=f"r-{uid}"),
            why=Why(
                facts=("29 February 2024: core group held",),
                rule="S09",
                authority="Partnership standard",
                mark="Practice",
            ),
        )

    d = date
    return pages.MyWork(
        shell=sixty.shell(
            "My work",
            "My work",
            user="Ines Calder",
            agency="Fellbeck Council children’s services",
            purpose="your own cases",
            success="Visit recorded",
            success_more="The next visit is due by 1 May. The core group has been told.",
        ),
        title="Tuesday 16 April 2024",
        sentence="2 are late and 1 is due today. Two agencies have not answered you.",
        ruler_head=ruler.header(window),
        groups=(
            pages.DutyGroup(
                name="Late",
                duties=(
                    duty(
                        "1",
                        "Idris Vale",
                        "4 years old",
                        "Hold the core group",
                        "Six weeks from the last, 29 February. Partnership standard.",
                        d(2024, 2, 29),
                        d(2024, 4, 11),
                        "Arrange it",
                    ),
                    duty(
                        "2",
                        "Rowan Tarn",
                        "13 months old",
                        "Answer: the strategy discussion was held without health",
                        "Question raised on 12 April.",
                        d(2024, 4, 12),
                        d(2024, 4, 15),
                        "Answer",
                    ),
                ),
            ),
            pages.DutyGroup(
                name="Today",
                duties=(
                    duty(
                        "3",
                        "Rowan Tarn",
                        "13 months old",
                        "Share the injuries of 11 April with health visiting and the surgery",
                        "Neither knows.",
                        d(2024, 4, 11),
                        TODAY,
                        "Share",
                    ),
                ),
            ),
            pages.DutyGroup(
                name="Next week",
                duties=(
                    duty(
                        "4",
                        "Rowan Tarn",
                        "13 months old",
                        "See him at home",
                        "Ten working days from 8 April. Plan.",
                        d(2024, 4, 8),
                        d(2024, 4, 22),
                        "Record a visit",
                    ),
                    duty(
                        "5",
                        "Anya and Teodor Brack",
                        "7 and 9 years old",
                        "Finish the assessment",
                        "45 working days from referral.",
                        d(2024, 2, 13),
                        d(2024, 6, 18),
                        "Open",
                    ),
                ),
            ),
        ),
        questions=sixty.findings()[1:2],
        later=Link("34 later duties in 11 open cases", "#later"),
        waiting=(
            pages.Waiting(
                who="Mill Lane Surgery",
                what="What they hold about him",
                about="Rowan Tarn. Asked 12 April, by today, 5pm.",
                do=Link("Chase", "#chase", "Mill Lane Surgery"),
            ),
            pages.Waiting(
                who="Hobfield Primary School",
                what="Attendance since January",
                about="Anya Brack. Asked 5 April.",
                late=True,
                do=Link("Chase", "#chase", "Hobfield Primary School"),
            ),
        ),
        changed_title="Changed since yesterday, 5:10pm",
        changed=(
            pages.Change(
                at="8:05am",
                person=Link("Idris Vale", "#p"),
                what="School corrected a date: absent on 10 April, not 9 April",
                by="Hobfield Primary School",
            ),
        ),
    )


def place_form(chosen: str = "") -> Form:
    options = tuple(
        Choice(value=p.code, label=f"{group}: {p.words}", chosen=p.code == chosen)
        for group, listed in places()
        for p in listed
    )
    return Form(
        action="#this-mark",
        method="get",
        button="Add a mark here",
        fields=(
            Field(
                name="place",
                label="Choose from the list",
                kind="select",
                choices=(Choice(value="", label="Choose a place"), *options),
            ),
        ),
    )


def injury_form(*, wrong: bool = False) -> Form:
    return Form(
        action="#save",
        button="Save and go on",
        second=Link("Add an account by someone else", "#another"),
        mistakes=(Mistake("Enter how long the mark is, in millimetres, such as 12", "#id_size_mm"),) if wrong else (),
        fields=(
            Field(
                name="type",
                label="What does it look like?",
                kind="radios",
                choices=tuple(
                    Choice(value=v, label=w, hint=h, chosen=v == "bruise")
                    for v, w, h in (
                        ("bruise", "Bruise", ""),
                        ("abrasion", "Scratch or graze", ""),
                        ("burn", "Burn", ""),
                        ("scald", "Scald", ""),
                        ("other", "Swelling or something else", ""),
                        ("possible_bruise", "Cannot say", "A mark that might be a bruise goes here"),
                    )
                ),
            ),
            Field(name="count", label="How many here?", kind="number", value="1", width=2),
            Field(
                name="size_mm",
                label="How long, in millimetres?",
                kind="number",
                suffix="mm",
                width=3,
                value="12 cm" if wrong else "12",
                error="Enter how long the mark is, in millimetres, such as 12" if wrong else "",
            ),
            Field(
                name="shape",
                label="Shape and colour, as you see them",
                hint="Colour does not tell how old a bruise is",
                value="oval, blue-brown",
            ),
            Field(name="broken", label="Is the skin broken?", kind="radios", choices=YES_NO, inline=True),
            Field(
                name="words",
                label="What was said about it, in their words",
                kind="textarea",
                hint="One account for each person. Nothing offered? Say so",
                value="“He must have caught it on his dummy.”",
            ),
            Field(
                name="account_by",
                label="Who said it?",
                kind="select",
                choices=tuple(
                    Choice(value=v, label=v.capitalize())
                    for v in ("mother", "father", "someone else", "nobody offered one")
                ),
            ),
        ),
    )


def record_injury(*, wrong: bool = False) -> pages.RecordInjury:
    pins = (
        Pin(number=1, place=Place("cheek", "left"), href="#mark-1", label="details below"),
        Pin(number=2, place=Place("ear", "left"), href="#mark-2", label="bruise, 8 mm"),
        Pin(number=3, place=Place("upper_arm", "left"), href="#mark-3", label="cannot say what it is, 5 mm"),
        Pin(number=4, place=Place("chin"), href="#entry-e1", label="3 September 2026", earlier=True),
        Pin(number=5, place=Place("unknown"), href="#entry-e2", label="20 August 2026", earlier=True),
    )
    return pages.RecordInjury(
        shell=sixty.shell(
            "Record an injury",
            user="Joy Amadi",
            agency="Health visitor",
            purpose="health visiting, your caseload",
            printed="",
        ),
        person=BABY,
        title="Where are the marks?",
        step="Record a visit, step 3 of 5",
        saved="Saved 10:42am",
        back=Link("Who was there", "#back"),
        body=body_map(
            pins, baby=True, choose=lambda p: f"?place={p.code}#this-mark", uid="map", chosen=Place("cheek", "left")
        ),
        place=place_form("cheek:left"),
        marks=(
            pages.MarkRow(
                number=1,
                where="Left cheek",
                what="Details below",
                change=Link("Change", "#this-mark", "mark 1"),
            ),
            pages.MarkRow(
                number=2,
                where="Left ear, and behind it",
                what="Bruise, 8 mm, skin not broken",
                change=Link("Change", "#c2", "mark 2"),
            ),
            pages.MarkRow(
                number=3,
                where="Left shoulder and upper arm",
                what="Cannot say what it is, 5 mm",
                change=Link("Change", "#c3", "mark 3"),
            ),
        ),
        form=injury_form(wrong=wrong),
        form_title="Left cheek",
        number=1,
        urgent=pages.Urgent(
            title="Wilf does not move by himself yet. Act on this now.",
            words="A mark on a baby who does not yet crawl should be seen by a doctor today, and talked through with children’s services. "
            "It may have an innocent cause. You do not have to decide that.",
            steps=(
                ("Ring the paediatrician on call", "01632 960 210"),
                ("Ring children’s services with what you saw", "01632 960 118"),
                ("Tell his parents why, unless that puts him at risk", ""),
            ),
            button=Link("I have rung. Record who and when", "#rung"),
            why=Why(
                facts=("Mark recorded today.", "You recorded “rolling: not yet” today."),
                rule="T01, version 4",
                authority="NICE CG89, 1.1.2",
                mark="Practice threshold",
            ),
        ),
        earlier=(
            EntryRow(
                uid="e1",
                when="3 September 2026",
                agency="Mill Lane Surgery",
                what="4. Bruise, chin, 6 mm. Explanation then: “his car seat buckle”",
                noted="the same day",
                knows="You were told today at 10:42am",
            ),
            EntryRow(
                uid="e2",
                when="20 August 2026",
                agency="Fellbeck Police",
                what="5. A mark was mentioned; nobody wrote where",
                noted="on 22 August 2026",
            ),
        ),
        go_on=Link("Check your answers", "#check"),
    )


def crowded(many: int = 2000, lanes: int = 8, days: int = 365, seed: int = 1) -> Line:
    """Return a line with very many marks, the same each time."""
    random = Random(seed)
    kinds: list[Kind] = list(KIND_WORDS)
    marks = []
    for i in range(many):
        kind = random.choice(kinds)
        at = datetime(2024, 1, 1) + timedelta(days=random.random() * days)
        told = random.choice((None, at + timedelta(days=random.random() * 40)))
        marks.append(
            Mark(
                ref=f"m{i}",
                kind=kind,
                at=at,
                lane="" if kind == "decision" else f"a{random.randrange(lanes)}",
                agency="Agency <b>&amp;",
                what=f'entry {i} "quoted" <i>',
                noted=at + timedelta(days=random.random() * 5),
                knew=told,
                own=random.random() < 0.1,
                level="high" if kind in ("injury", "home", "opinion") else "low",
                where="back",
                count=random.randrange(1, 4),
                standing=random.choice(
                    ("stands", "stands", "stands", "stands", "corrected", "withdrawn", "restricted")
                ),
            )
        )
    last = date(2024, 1, 1) + timedelta(days=max(days - 1, 0))
    return Line(
        uid="crowd",
        title="A crowded line",
        first=date(2024, 1, 1),
        last=last,
        now=datetime(last.year, last.month, last.day, 17),
        lanes=tuple(
            Lane(code=f"a{i}", name=f"Agency number {i + 1}", short=f"A{i + 1}", side=str(i)) for i in range(lanes)
        ),
        marks=tuple(marks),
        whose="children’s services",
        born=date(2023, 6, 1),
        ticks=tuple(m.at for m in marks),
        zoom_href="?zoom=month",
        side_label="Knew, of 9",
        lanes_title="Contacts",
    )


def person_crowded() -> pages.PersonPage:
    return pages.PersonPage(
        shell=sixty.shell("Overview: a crowded case", success=""),
        person=sixty.bar(past=False),
        sentence="Seven hundred entries in a year.",
        line=drawn(crowded(700, lanes=14)),
        actions=(Link("Record a visit", "#v"), Link("Record an injury", "#i")),
    )


def person_adult(*, forty: bool = False) -> pages.PersonPage:
    life = lives.forty_years() if forty else lives.fifteen_years()
    line = lives.line_of(life, life.spells[0].since)
    zooms = (Link("whole", "?", current=True), Link("10 years", "?life=10#life-h"))
    return pages.PersonPage(
        shell=sixty.shell("Overview"),
        person=PersonBar(name="Corin Ashdale", born="Born 17 April 1986", age="39 years old", number="AP-031-552"),
        sentence="Released twice, recalled twice.",
        life=pages.LifeFigure(
            drawn=drawn_life(line, without_day=("Duties to inform victims. To be confirmed.",)),
            title=f"Life line, {words.span(line.first, line.last)}",
            zooms=zooms,
        ),
        line=drawn(crowded(40, lanes=3)),
    )


def law_page() -> pages.LawPage:
    rule = pages.LawRule(
        uid="law-1", rule=Link("D45", "#d45"), what="Release from a fixed-term recall", owner="Owed by: Secretary of State",
        figures=("56 days",), counted="that day is day 1", own=("28 days",), source="CJA 2003, s.255BA", mark="L/X",
        mark_words="Read in a text of law", since="From 31 March 2026", waits=True,
    )  # fmt: skip
    other = replace(
        rule, uid="law-2", figures=(), own=(), counted="", in_force=False, waits=False, confirmed="Confirmed"
    )
    change = pages.LawChanged(
        rule=Link("D45", "#d45"),
        what="Release",
        on="31 March 2026",
        before="28 days",
        after="56 days",
        source="SI 2026/86",
    )
    field = Field(name="on", label="In force on", value="25 November 2026", width=20)
    return pages.LawPage(
        shell=sixty.shell("The law"),
        title="The law",
        sentence="2 rules in force.",
        form=Form(action="", method="get", button="Show", fields=(field,)),
        rooms=(
            pages.LawRoom(name="Recall", uid="room-recall", rules=(rule, other), said="2 rules", href="#r", open=True),
            pages.LawRoom(name="Parole", uid="room-parole", rules=(), said="no rule", href="#p"),
        ),
        all_rooms=Link("Open all", "?room=all"),
        changes_title="What changed from 1 January 2025 to 25 November 2026",
        changes=(change,),
        touched=Table(caption="Changes of law", heads=("From", "What"), rows=(("3 March 2026", "A change"),)),
        questions=(pages.LawQuestion(rule="D43", what="By when?", source="Recall policy", room="Recall"),),
        marks=(("V", "Checked"), ("U", "Uncertain")),
    )


def caseload() -> pages.Caseload:
    due = pages.CaseloadDue(what=Link("See the child", "#d"), due="3 March 2026", due_iso="2026-03-03", far="in 3 days")
    one = pages.CaseloadRow(
        person=Link("Wilf Harrop", "#p"), about="4 years old", number="L1", ways="Allocated: you",
        stands=("Sixty contacts in eight months", "On licence"), next=due, late=(due, due), more_late=2,
        asked=Link("2 open questions", "#q"),
    )  # fmt: skip
    bare = pages.CaseloadRow(person=Link("Rowan Tarn", "#r"))
    return pages.Caseload(
        shell=sixty.shell("Caseload"), title="My caseload", sentence="2 people.", people=(one, bare), pages=PAGES,
        shows=(Link("Everybody (2)", "?", current=True), Link("Mine (1)", "?show=mine")),
        sorts=(Link("soonest due", "?", current=True), Link("name", "?sort=name")),
    )  # fmt: skip


def calendar() -> pages.Calendar:
    item = pages.CalendarItem(
        day="Thu 11 April", iso="2024-04-11", person=Link("Wilf Harrop", "#p"), what=Link("See the child", "#w"),
        time="2pm", owner="Social worker", source="From 3 April", said="late, 3 working days", state="overdue",
    )  # fmt: skip
    days = tuple(
        pages.CalendarDay(
            day=str(n), iso=f"2024-04-{n:02}", today=n == 3, rest=n > 5, holiday=n == 1, late=n == 2,
            link=Link("1 duty", f"?day={n}") if n == 2 else None, items=("Wilf: See the child",) if n == 2 else (),
        )
        for n in range(1, 8)
    )  # fmt: skip
    return pages.Calendar(
        shell=sixty.shell("Calendar"), title="Duties calendar", sentence="1 duty.", feed=Link("Take it", "#f"),
        whose=(Link("Mine", "?", current=True), Link("Every agency’s", "?whose=all")),
        groups=(pages.CalendarGroup(name="Late", items=(item,), more=3),),
        windows=(pages.CalendarGroup(name="This week", items=(item,)),),
        month=pages.CalendarMonth(
            title="April 2024", heads=tuple((day[:3], day) for day in words.DAYS), weeks=(days,),
            earlier=Link("March 2024", "?m=3"), later=Link("May 2024", "?m=5"),
        ),
    )  # fmt: skip


def person_empty() -> pages.PersonPage:
    nothing = Line(
        uid="line",
        title="Line of all agencies",
        first=date(2024, 3, 3),
        last=date(2024, 3, 3),
        now=datetime(2024, 3, 3, 17),
        lanes=(Lane(code="a", name="Police"),),
    )
    return pages.PersonPage(
        shell=sixty.shell("Overview"),
        person=sixty.bar(past=False),
        sentence="Nothing is recorded yet.",
        line=drawn(nothing),
    )


def entries_page() -> pages.PersonEntries:
    filter_form = Form(
        action="",
        method="get",
        button="Show",
        fields=(
            Field(
                name="agency",
                label="Agency",
                kind="select",
                choices=(Choice(value="", label="All"), Choice(value="POL", label="Fellbeck Police")),
            ),
            Field(
                name="kind",
                label="Kind",
                kind="checkboxes",
                choices=(Choice(value="injury", label="Injury", chosen=True), Choice(value="visit", label="Visit")),
            ),
            Field(name="from", label="From"),
        ),
    )
    return pages.PersonEntries(
        shell=sixty.shell("Timeline"),
        person=sixty.bar(),
        said="120 entries by five agencies",
        filter=filter_form,
        filtered=(Link("Injury", "?"),),
        entries=sixty.entry_rows(12),
        pages=PAGES,
        restricted="2 entries are restricted. Ask the case owner.",
        download=Link("Download as CSV", "#csv"),
    )


def simple() -> Mapping[str, Callable[[], Any]]:
    s, bar = sixty.shell, sixty.bar
    confirm = Form(action="#ok", button="Record it", hidden=(("token", "1"),))
    facts = (Fact("Rows read", "120"), Fact("Taken", "118"), Fact("Refused", "2"))
    reason = (
        Field(
            name="reason",
            label="Why do you need to see it?",
            kind="radios",
            choices=(
                Choice(value="danger", label="Somebody may be in danger now"),
                Choice(value="duty", label="I am on duty and was asked"),
            ),
        ),
        Field(name="words", label="Say more", kind="textarea"),
    )
    contact = "access@example.test, 01632 960 001"
    return {
        "find_person.html": lambda: pages.FindPerson(
            shell=s("Find a person"),
            searched=True,
            said="2 people",
            form=Form(
                action="#find",
                button="Find",
                fields=(
                    Field(name="name", label="Name"),
                    Field(name="born", label="Date of birth", hint="For example, 9 3 2023"),
                    Field(name="number", label="Or any number", width=10),
                ),
            ),
            found=(
                pages.PersonFound(
                    person=Link("Rowan Tarn", "#p"),
                    born="Born 9 March 2023",
                    number="FC-204-118",
                    agencies="Known to children’s services, police, 3 health agencies",
                    why="Name and date of birth are the same",
                ),
                pages.PersonFound(
                    person=Link("Rowen Tarn", "#q"),
                    born="Born 9 March 2022",
                    why="Name sounds the same; the year differs",
                    restricted=True,
                ),
            ),
            pages=PAGES,
        ),
        "find_person.html#none": lambda: pages.FindPerson(
            shell=s("Find a person"),
            searched=True,
            said="Nobody found",
            form=Form(
                action="#find",
                button="Find",
                fields=(Field(name="name", label="Name", error="Enter a name or a number"),),
                mistakes=(Mistake("Enter a name or a number", "#id_name"),),
            ),
            empty=Empty(
                title="Nobody by that name is recorded here.",
                words="Try another spelling, or the date of birth.",
                link=Link("Record a new person", "#new"),
            ),
        ),
        "blind_spot.html": lambda: pages.BlindSpot(
            shell=s("Blind spot"),
            person=bar(),
            title="What Fellbeck Police did not know on 9 August 2024",
            sentence="105 of 120 entries. Eighteen injury occasions were among them.",
            agencies=tuple(Link(v, f"#{k}", current=k == "POL") for k, v in sixty.LANES.items()),
            entries=sixty.entry_rows(4),
            pages=PAGES,
        ),
        "record_observation.html": lambda: pages.RecordObservation(
            shell=s("Record a visit"),
            person=BABY,
            title="Was he seen?",
            step="Record a visit, step 1 of 5",
            back=Link("Back", "#b"),
            form=Form(
                action="#n",
                button="Go on",
                mistakes=(Mistake("Enter the date you saw the child", "#id_on"),),
                fields=(
                    Field(name="seen", label="Did you see him?", kind="radios", choices=YES_NO, inline=True),
                    Field(
                        name="on",
                        label="When did you see him?",
                        hint="For example, 3 3 2026",
                        error="Enter the date you saw the child",
                        value="31 2 2026",
                    ),
                    Field(name="photo", label="Photograph", kind="file"),
                ),
            ),
        ),
        "check_answers.html": lambda: pages.CheckAnswers(
            shell=s("Check your answers"),
            person=BABY,
            title="Check your answers",
            form=confirm,
            told=("Fellbeck children’s services, at once", "Mill Lane Surgery"),
            back=Link("Back", "#b"),
            groups=(
                pages.AnswerGroup(
                    title="Mark 1",
                    facts=(
                        Fact("Where", "Left cheek", Link("Change", "#c", "where")),
                        Fact("What", "Bruise, 12 mm", Link("Change", "#c", "what")),
                    ),
                ),
            ),
        ),
        "finding.html": lambda: pages.FindingPage(
            shell=s("A question"),
            person=bar(past=False),
            finding=sixty.findings()[1],
            evidence=sixty.entry_rows(2),
            back=Link("Overview", "#o"),
            history=(Fact("6 June 2024", "I. Calder: visited, nobody in"),),
            form=Form(
                action="#a",
                button="Answer",
                fields=(
                    Field(
                        name="response",
                        label="What do you decide?",
                        kind="radios",
                        choices=(
                            Choice(value="act", label="Act on it"),
                            Choice(value="known", label="Known already, and acted on"),
                        ),
                    ),
                    Field(name="words", label="Why", kind="textarea", hint="Facts and reasons. It is kept."),
                ),
            ),
        ),
        "duty.html": lambda: pages.DutyPage(
            shell=s("A duty"),
            person=bar(past=False),
            duty=sixty.duties()[0],
            evidence=sixty.entry_rows(1),
            actions=(Link("Arrange it", "#a"), Link("Ask", "#b")),
            facts=(Fact("Started by", "Core group, 11 June 2024"), Fact("Length", "6 weeks")),
            history=(Fact("1 July", "Handed on by S. Amadi"),),
            back=Link("Overview", "#o"),
        ),
        "break_glass.html": lambda: pages.BreakGlass(
            shell=s("This case is not yours", purpose=""),
            title="This case is not yours",
            words=(
                "You may open it if somebody may come to harm otherwise.",
                "The case owner is told at once. Your reason is read by a person within a working day.",
            ),
            form=Form(
                action="#g",
                button="Open the case for 4 hours",
                warning=True,
                second=Link("Go back", "#back"),
                fields=reason,
            ),
        ),
        "access_log.html": lambda: pages.AccessLog(
            shell=s("Who has looked"),
            person=bar(past=False),
            title="Who has looked",
            said="14 people in the last 30 days. 1 look waits for review.",
            pages=PAGES,
            looks=(
                pages.Looked(
                    at="3 Mar 2026, 9:10am",
                    who="Ruth Ellery",
                    agency="Review team",
                    why="Learning review LR-07",
                    what="Overview, 120 entries",
                ),
                pages.Looked(
                    at="2 Mar 2026, 11:40pm",
                    who="S. Amadi",
                    agency="Fellbeck Police",
                    why="Broke the glass: danger now",
                    what="Overview",
                    unusual="outside working hours",
                ),
            ),
        ),
        "import.html": lambda: pages.ImportPage(
            shell=s("Send records in", "Records in", purpose=""),
            form=Form(
                action="#f",
                button="Send",
                with_files=True,
                fields=(Field(name="file", label="File", kind="file", hint="CSV or XML, at most 20 MB"),),
            ),
            guide=Link("What a file looks like", "#g"),
            recent=Table(
                caption="Files before",
                heads=("Sent", "File", "Taken", "Refused"),
                rows=(("3 Mar 2026", Link("visits.csv", "#v"), "118", "2"),),
                numbers=(2, 3),
            ),
        ),
        "import_report.html": lambda: pages.ImportReport(
            shell=s("Report", "Records in", purpose=""),
            title="118 of 120 rows were taken",
            facts=facts,
            download=Link("Download this report as CSV", "#c"),
            links=(Link("Send another file", "#a"),),
            refused=(
                pages.RefusedRow(
                    row="Row 14",
                    ref="i7",
                    field="body.site",
                    wrong="“ellbow” is not a place",
                    right="One of torso, chest, back, ... forearm",
                ),
                pages.RefusedRow(
                    row="Row 90",
                    ref="",
                    field="ref",
                    wrong="is empty",
                    right="The agency’s own reference, so that the same row is kept once",
                ),
            ),
        ),
        "undelivered.html": lambda: pages.Undelivered(
            shell=s("Messages", "Messages", purpose=""),
            said="1 message is late. You own it.",
            rows=(
                pages.UndeliveredRow(
                    uid="1",
                    to="named.doctor@example.test",
                    about="Duty due: case FC-204-118",
                    since="3 Mar 2026, 9am",
                    tries="Tried 6 times, last at 9:40am",
                    wrong="The mail server did not answer",
                    try_again="#t",
                    owner="Records team",
                ),
            ),
        ),
        "undelivered.html#none": lambda: pages.Undelivered(
            shell=s("Messages", "Messages", purpose=""),
            said="Every message that was due has arrived.",
            empty=Empty(title="Nothing waits here."),
        ),
        "demo_mail.html": lambda: pages.DemoMail(
            shell=s("Mail", purpose=""),
            messages=(
                pages.MailRow(
                    subject=Link("A hearing has moved", "#m"),
                    to="press@example.test",
                    at="3 Mar 2026, 9:10am",
                    iso="2026-03-03",
                ),
            ),
            pages=PAGES,
        ),
        "demo_mail_message.html": lambda: pages.DemoMailMessage(
            shell=s("Mail", purpose=""),
            subject="A hearing has moved",
            to="press@example.test",
            sender="Throughcare <no-reply@example.test>",
            at="3 March 2026 at 9:10am",
            paragraphs=("Hello,", "The hearing of 14 October has moved to 16 October."),
            links=(Link("https://public.example.test/hearings/7", "#h"),),
            headers=(Fact("Message-ID", "<7@example.test>"),),
            back=Link("All mail", "#a"),
        ),
        "sign_in.html": lambda: pages.SignIn(
            shell=s("Sign in", user="", menu=(), purpose=""),
            title="Sign in",
            links=(Link("I cannot sign in", "#l"),),
            form=Form(
                action="#s",
                button="Sign in",
                mistakes=(Mistake("The name or the password is wrong", ""),),
                fields=(
                    Field(name="username", label="Name", autocomplete="username"),
                    Field(name="password", label="Password", kind="password", autocomplete="current-password"),
                    Field(
                        name="code",
                        label="Code from your device",
                        hint="6 figures",
                        width=5,
                        inputmode="numeric",
                        autocomplete="one-time-code",
                    ),
                ),
            ),
        ),
        "demo_sign_in.html": lambda: pages.DemoSignIn(
            shell=s("Sign in", user="", menu=(), purpose=""),
            action="#d",
            other=Link("Sign in with a name and password", "#s"),
            roles=tuple(
                pages.DemoRole(value=v, name=n, person=p, sees=w)
                for v, n, p, w in (
                    (
                        "dsw",
                        "Duty social worker",
                        "Ines Calder, Fellbeck Council",
                        "What is due today, and a baby known to five agencies",
                    ),
                    ("hv", "Health visitor", "Joy Amadi, Fellbeck health visiting", "Record an injury on a phone"),
                    ("pol", "Police officer", "Sam Reed, Fellbeck Police", "What police were not told"),
                    (
                        "com",
                        "Probation practitioner",
                        "Lise Harrow, Aldmere probation",
                        "A licence and a disclosure that came late",
                    ),
                    ("rev", "Review team", "Ruth Ellery, Fellbeck partnership", "Who knew what, on any day"),
                    ("aud", "Guardian of access", "Noor Lund", "Who looked at what"),
                )
            ),
        ),
        "status.html": lambda: pages.Status(
            shell=s("Status", purpose=""),
            title="All parts work",
            parts=(
                pages.StatusPart(name="Pages", state="well", words="Answer in 0.2 seconds"),
                pages.StatusPart(name="Messages", state="slow", words="12 wait", since="Since 9:10am"),
                pages.StatusPart(name="Mail", state="down", words="The mail server does not answer"),
            ),
            facts=(Fact("Last verified head", "Checkpoint 4117, 3 March 2026"),),
        ),
        "accessibility_statement.html": lambda: pages.Words(
            shell=s("Accessibility statement", purpose=""),
            body="Fellbeck partnership",
            contact=contact,
            updated="3 March 2026",
            sections=(
                pages.Section(
                    title="What does not work yet",
                    points=("The body map cannot be pressed exactly with speech recognition; the list beside it can.",),
                ),
            ),
        ),
        "cookies.html": lambda: pages.Words(
            shell=s("Cookies", purpose=""),
            body="Fellbeck partnership",
            contact=contact,
            updated="3 March 2026",
            table=Table(
                caption="Cookies",
                heads=("Name", "Purpose", "Ends"),
                rows=(
                    ("sessionid", "Keeps you signed in", "When you sign out"),
                    ("csrftoken", "Keeps forms safe", "After a year"),
                ),
                hide_caption=False,
            ),
        ),
        "privacy.html": lambda: pages.Words(
            shell=s("Privacy", purpose=""), body="Fellbeck partnership", contact=contact, updated="3 March 2026"
        ),
        "403.html": lambda: pages.Trouble(
            shell=s("403", purpose=""), reference="a1b2", restricted="Ask the case owner, Ines Calder."
        ),
        "404.html": lambda: pages.Trouble(shell=s("404", purpose=""), links=(Link("My work", "/"),)),
        "429.html": lambda: pages.Trouble(shell=s("429", purpose=""), wait="5 minutes"),
        "500.html": lambda: pages.Trouble(shell=s("500", purpose=""), reference="a1b2"),
    }


def person_pointer() -> pages.PersonPointer:
    return pages.PersonPointer(
        shell=sixty.shell("Who is involved"),
        name=BABY.name,
        born=BABY.born,
        sentence="2 agencies are involved. You may know that, and whom to ring.",
        desks=Table(
            caption="Whom to ring",
            heads=("Agency", "Telephone", "When"),
            rows=(("Hob Lane health visitors", "01632 960100", "Weekdays, 9am to 5pm"), ("Police", "01632 960101", "")),
        ),
        break_glass=Link("Open it in an emergency", "#break-glass"),
    )


def every() -> Mapping[str, Callable[[], Any]]:
    """Return every page to look at: template name, with "#case" added for a second case of one template."""
    return {
        "my_work.html": my_work,
        "person.html": sixty.person,
        "person.html#crowded": person_crowded,
        "person.html#adult": person_adult,
        "person.html#forty": lambda: person_adult(forty=True),
        "person.html#empty": person_empty,
        "law.html": law_page,
        "caseload.html": caseload,
        "calendar.html": calendar,
        "person_entries.html": entries_page,
        "person_pointer.html": person_pointer,
        "record_injury.html": record_injury,
        "record_injury.html#wrong": lambda: record_injury(wrong=True),
        **simple(),
    }
