# ruff: noqa: E501, DTZ001 - London times; sample words read better unbroken
"""Page values built from the life `sixty-contacts`, for previews and tests. Invented people and places.

The life is read from `tests/lives` of the checkout, or from the shared material beside it.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from throughcare.web import page as pages
from throughcare.web import words
from throughcare.web.parts import AtAGlance, DutyRow, EntryRow, FindingRow, Why
from throughcare.web.pictures import knew
from throughcare.web.pictures.line import drawn
from throughcare.web.pictures.moments import moments
from throughcare.web.pictures.silence import silences
from throughcare.web.pictures.values import Bar, Kind, Lane, Line, Mark, Stage
from throughcare.web.shell import Alert, Choice, Link, PersonBar, Shell, TimeStrip

KNOWN_ON = datetime(2024, 8, 9, 17, 0)
NAMES = {
    "LA": "Fellbeck Council children’s services",
    "HV": "Fellbeck health visiting",
    "GP": "Mill Lane Surgery",
    "HOSP": "Fellbeck General Hospital",
    "POL": "Fellbeck Police",
}
LANES = {"LA": "Children’s services", "HV": "Health visitor", "GP": "GP surgery", "HOSP": "Hospital", "POL": "Police"}
SHORT = {"LA": "Council", "HV": "Visitor", "GP": "GP", "HOSP": "Hospital", "POL": "Police"}
MENU = tuple(
    Link(said, f"#{said}", current=said == "Overview")
    for said in ("Overview", "Timeline", "People", "Plans and duties", "Documents", "Decisions", "Access")
)
_KINDS: dict[str, Kind] = {
    "contact": "told",
    "injury_found": "injury",
    "household_stated": "home",
    "relationship_stated": "home",
    "opinion_given": "opinion",
    "attendance": "seen",
    "strategy_discussion": "decision",
    "core_group": "decision",
    "initial_conference": "decision",
    "review_conference": "decision",
    "action_agreed": "decision",
    "action_done": "decision",
}


def life() -> Path | None:
    """Return the folder of the life, or None where neither place has it."""
    root = Path(__file__).parents[4]
    for folder in (root / "tests" / "lives" / "sixty-contacts", root.parent / "shared" / "lives" / "sixty-contacts"):
        if folder.exists():
            return folder
    return None


class Row:
    """One row of the life, read."""

    def __init__(self, row: dict[str, str]) -> None:
        self.ref, self.agency, self.role = row["ref"], row["agency"], row["author_role"]
        self.kind = row["kind"].split(".")[1]
        self.timed = "T" in row["happened"]
        self.at = datetime.fromisoformat(row["happened"] if self.timed else f"{row['happened']}T12:00")
        self.noted = datetime.fromisoformat(row["noted"])
        told = (part.split("@") for part in row["shared"].split(";") if part)
        self.shared = {agency: datetime.fromisoformat(at) for agency, at in told}
        self.body: dict[str, Any] = json.loads(row["body"])
        self.basis = row["basis"].replace("_", " ")
        summary = row["summary"]
        self.contact = summary.startswith("contact ")
        plain = (summary.split(": ", 1)[1] if self.contact else summary).replace(" x ", " ")
        self.plain = plain[:1].upper() + plain[1:]

    def known_to(self, agency: str) -> datetime | None:
        if agency == self.agency:
            return self.noted
        told = self.shared.get(agency)
        return told if told and told <= KNOWN_ON else None

    @property
    def mark_kind(self) -> Kind | None:
        if self.kind == "visit":
            return "seen" if self.body["seen"] == "yes" else "missed"
        if self.kind == "appointment_outcome":
            return "seen" if self.body["outcome"] == "attended" else "missed"
        if self.kind == "observation":
            return "contact"
        return _KINDS.get(self.kind)


@cache
def rows() -> tuple[Row, ...]:
    folder = life()
    if folder is None:
        return ()
    with (folder / "entries.csv").open(encoding="utf-8") as file:
        return tuple(Row(row) for row in csv.DictReader(file))


def known() -> list[Row]:
    return sorted((r for r in rows() if r.noted <= KNOWN_ON), key=lambda r: (r.at, r.ref))


def occasions() -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in known():
        if row.kind == "injury_found":
            found.setdefault(row.body["occasion"], []).append(row)
    return sorted(found.values(), key=lambda rs: rs[0].at)


def _mark(row: Row, kind: Kind, **more: Any) -> Mark:
    given: dict[str, Any] = {
        "ref": row.ref,
        "kind": kind,
        "at": row.at,
        "timed": row.timed,
        "lane": row.agency,
        "agency": NAMES[row.agency],
        "what": row.plain,
        "role": row.role,
        "noted": row.noted,
        "knew": row.known_to("LA"),
        "own": row.agency == "LA",
        "level": "high" if kind in ("home", "opinion", "injury") else "low",
    }
    return Mark(**{**given, **more})


def line(*, first: date = date(2023, 12, 1), last: date = date(2024, 8, 11)) -> Line:
    """Return the line of the child, as known on 9 August 2024."""
    marks = []
    for i, group in enumerate(occasions(), 1):
        fresh = [r for r in group if "seen_before" not in r.body]
        marks.append(
            _mark(
                group[0],
                "injury",
                where=", ".join(r.body["site"].replace("_", " ") for r in fresh),
                count=sum(r.body["count"] for r in fresh),
                knew=min((t for r in group if (t := r.known_to("LA"))), default=None),
                what=f"injury occasion {i}: " + "; ".join(r.plain[:1].lower() + r.plain[1:] for r in group),
            )
        )
    for row in known():
        kind = row.mark_kind
        if kind and kind != "injury":
            marks.append(_mark(row, kind, lane="" if kind == "decision" else row.agency))
    marks.append(
        Mark(
            ref="next-visit",
            kind="decision",
            at=datetime(2024, 8, 10, 12),
            timed=False,
            lane="",
            agency="",
            standing="planned",
            what="see him at home",
        )
    )
    contacts = {a: sum(r.contact and r.agency == a for r in known()) for a in NAMES}
    n = len(occasions())
    knew_of = {a: sum(any(r.known_to(a) for r in group) for group in occasions()) for a in NAMES}
    health = silences(
        marks,
        lanes=("HV", "GP", "HOSP"),
        who="any health agency",
        first=date(2023, 12, 11),
        last=KNOWN_ON.date(),
        at_least=timedelta(days=21),
    )
    d = date
    bars = (
        Bar(
            ref="plan",
            fill="plan",
            start=d(2023, 12, 22),
            end=None,
            label="Child protection plan, physical harm: visits every 10 working days",
            name="Child protection plan from 22 December 2023, still open on 9 August 2024",
        ),
        Bar(
            ref="s47-1",
            fill="enquiry",
            start=d(2023, 12, 13),
            end=d(2023, 12, 22),
            label="Section 47 enquiry with police",
            name="Section 47 enquiry with police, 13 to 22 December 2023",
        ),
        Bar(
            ref="s47-2",
            fill="enquiry",
            start=d(2024, 4, 12),
            end=d(2024, 4, 26),
            label="Second enquiry, decided without health",
            name="Second section 47 enquiry, 12 to 26 April 2024; strategy discussion held without health",
        ),
        Bar(
            ref="cg-1",
            fill="silence",
            start=d(2024, 1, 10),
            end=d(2024, 1, 16),
            name="First core group: due 10 January, held 16 January 2024",
        ),
        Bar(
            ref="cg-2",
            fill="silence",
            start=d(2024, 5, 27),
            end=d(2024, 6, 11),
            name="Core group: due 27 May, held 11 June 2024",
        ),
        Bar(
            ref="cg-3",
            fill="silence",
            start=d(2024, 7, 23),
            end=None,
            name="Core group: due 23 July, not held by 9 August 2024",
        ),
        Bar(
            ref="lp",
            fill="silence",
            start=d(2024, 4, 26),
            end=d(2024, 6, 14),
            label="Legal planning meeting: due 26 April, held 14 June",
            name="Legal planning meeting: due 26 April, held 14 June 2024, 7 weeks late",
        ),
        Bar(
            ref="un-1",
            fill="silence",
            start=d(2024, 4, 1),
            end=d(2024, 4, 8),
            lanes=("LA",),
            name="Not seen by children’s services from 14 March to 8 April 2024, 25 days. Due by 1 April",
        ),
        *health,
    )
    return Line(
        uid="line",
        title="Line of all agencies",
        first=first,
        last=last,
        now=KNOWN_ON,
        whose="children’s services",
        lanes=tuple(
            Lane(
                code=a,
                name=LANES[a],
                short=SHORT[a],
                side=str(knew_of[a]),
                note=f"{'holds the plan · ' if a == 'LA' else ''}{contacts[a]}{'' if a == 'LA' else ' contacts'}",
            )
            for a in NAMES
        ),
        marks=tuple(marks),
        bars=bars,
        born=date(2023, 3, 9),
        stages_label="Can",
        stages=(
            Stage(d(2023, 12, 11), "sit"),
            Stage(d(2024, 1, 8), "crawl"),
            Stage(d(2024, 4, 11), "cruise"),
            Stage(d(2024, 5, 2), "walk"),
        ),
        ticks=tuple(r.at for r in known()),
        lanes_title=f"{words.many(sum(contacts.values()), 'contact')}, by agency",
        side_label=f"Knew, of {n}",
        zoom_href="?zoom=month",
    )


def _knew(group: list[Row], agency: str) -> knew.Knew:
    if any(r.agency == agency for r in group):
        return "own"
    return "told" if any(r.known_to(agency) for r in group) else "no"


def matrices() -> tuple[knew.Matrix, ...]:
    columns = tuple(knew.Column(a, NAMES[a], SHORT[a]) for a in NAMES)
    injuries = tuple(
        knew.Fact(
            when=words.short_day(g[0].at),
            iso=g[0].at.date().isoformat(),
            href=f"#line-{g[0].ref}",
            what="; ".join(r.plain[:1].lower() + r.plain[1:] for r in g),
            knew=tuple(_knew(g, a) for a in NAMES),
        )
        for g in occasions()
    )
    home = tuple(
        knew.Fact(
            when=words.short_day(r.at),
            iso=r.at.date().isoformat(),
            what=r.plain,
            href=f"#line-{r.ref}",
            knew=tuple(_knew([r], a) for a in NAMES),
        )
        for r in known()
        if r.mark_kind == "home"
    )
    return (
        knew.Matrix(
            uid="knew-injuries",
            title=words.many(len(injuries), "injury occasion"),
            first="Found",
            columns=columns,
            facts=injuries,
        ),
        knew.Matrix(
            uid="who-lives-here",
            title=f"{words.number(len(home)).capitalize()} statements about who lives here",
            first="Said",
            columns=columns,
            facts=home,
            note="The man’s name stood on a form at the surgery from 5 February and in a police record from 12 March. "
            "Children’s services asked on 30 April, and were told there was nobody.",
        ),
    )


def shell(title: str, current: str = "People", **more: Any) -> Shell:
    menu = tuple(
        Link(said, f"#{said}", current=said == current)
        for said in ("My work", "People", "Duties", "Records in", "Messages")
    )
    given: dict[str, Any] = {
        "title": title,
        "user": "Ruth Ellery",
        "agency": "Review team, Fellbeck partnership",
        "sign_out_href": "#out",
        "menu": menu,
        "invented": True,
        "phase": "Alpha",
        "purpose": "learning review LR-07",
        "looked_href": "#looked",
        "printed": "Printed by R. Ellery, 3 March 2026. As known on 9 August 2024 at 5pm. Checkpoint 4117.",
    }
    return Shell(**{**given, **more})


def bar(*, past: bool = True) -> PersonBar:
    later = len(rows()) - len(known())
    agencies = (
        Choice(value="", label="all agencies", chosen=True),
        *(Choice(value=a, label=n) for a, n in NAMES.items()),
    )
    time = TimeStrip(
        action="",
        past=past,
        said="9 August 2024 at 5pm" if past else "3 March 2026, 9:10am",
        day="9 August 2024" if past else "",
        time="5pm" if past else "",
        agencies=agencies,
        earlier_href="#earlier",
        later_href="#later" if past else "",
        now_href="#now" if past else "",
        moments=moments([r.noted for r in rows()], KNOWN_ON) if past else moments((), KNOWN_ON),
        not_shown=f"{later} later entries are not shown.",
        proof="Checkpoint 4117.",
    )
    return PersonBar(
        name="Rowan Tarn",
        born="Born 9 March 2023",
        age="17 months old on this day" if past else "2 years old",
        number="FC-204-118",
        alerts=(
            Alert("plan", "Child protection plan", "physical harm, since 22 December 2023"),
            Alert("warning", "Named adult not checked.", "Ask police before anyone visits alone"),
        ),
        time=time,
        menu=MENU,
    )


def findings() -> tuple[FindingRow, ...]:
    return (
        FindingRow(
            uid="t05",
            raised="9 August",
            what="The hospital found bruises to the back and a cheek. No other agency knows.",
            ask="Share now? Who rings whom, and what do you think together?",
            owner="Fellbeck General, named doctor",
            why=Why(
                facts=(
                    Link(
                        "9 August 2024, hospital: 3 bruises, back; 1 bruise, cheek. Shared with nobody.", "#line-plan"
                    ),
                    "30 July 2024, children’s services: 1 abrasion, scalp. Shared with nobody.",
                ),
                rule="T05, version 3",
                authority="Partnership threshold; reviews of 2007 and 2022",
                mark="Practice threshold",
            ),
        ),
        FindingRow(
            uid="t09",
            raised="5 June",
            what="On two visits running he was not seen alone.",
            ask="Visit today, unannounced? Who else can see him?",
            owner="Lead social worker",
            do=Link("Answer", "#answer", "not seen alone"),
            why=Why(
                facts=("21 May 2024, visit: seen, not alone.", "5 June 2024, visit: seen, not alone."),
                rule="T09, version 2",
            ),
        ),
        FindingRow(
            uid="t11",
            raised="30 April",
            what="Two statements cannot both be true: “partners”, said to police; “there is nobody”, said to children’s services.",
            ask="Put to her? Which is relied on, and why?",
            owner="Lead social worker",
            state="answered",
            answer="Answered 6 May 2024 by I. Calder: put to her on 3 May.",
            why=Why(facts=("12 March 2024, police: Dale Voss, at the address, says they are partners.",)),
        ),
        FindingRow(
            uid="t01",
            raised="2 April",
            what="A mark on a baby; nobody recorded how he moved.",
            ask="How does he move?",
            state="cannot_tell",
            why=Why(
                facts=("27 March 2024: 1 bruise, cheek",), missing=("How he moved on 27 March",), rule="T01, version 4"
            ),
        ),
    )


def duties() -> tuple[DutyRow, ...]:
    return (
        DutyRow(
            uid="cg",
            what="Hold the core group",
            due="23 July",
            due_iso="2024-07-23",
            state="overdue",
            said="overdue, 13 working days",
            owner="Lead social worker, Ines Calder",
            source="6 weeks from 11 June. Partnership standard",
            do=Link("Arrange it", "#arrange", "core group"),
            why=Why(
                facts=("11 June 2024: core group held",),
                figures=(("Length", "6 weeks, after the day"),),
                authority="Partnership standard, S09",
                mark="Practice",
            ),
        ),
        DutyRow(
            uid="visit",
            what="See him at home",
            due="13 August",
            due_iso="2024-08-13",
            source="10 working days from 30 July. The plan",
        ),
        DutyRow(
            uid="rcpc",
            what="Review conference",
            due="18 September",
            due_iso="2024-09-18",
            source="6 months from 18 March. Working Together 2023",
        ),
        DutyRow(
            uid="lp",
            what="Legal planning meeting",
            due="26 April",
            due_iso="2024-04-26",
            state="met_late",
            said="met late, 14 June",
            source="Agreed on 15 April",
        ),
        DutyRow(
            uid="nr",
            what="First visit after birth",
            due="20 March 2023",
            state="not_required",
            source="No longer on the list",
        ),
    )


def entry_rows(many: int = 5) -> tuple[EntryRow, ...]:
    found: list[EntryRow] = []
    for row in reversed(known()[-many:]):
        told = [
            f"{LANES[a]} since {words.day_and_month(t)}" for a in NAMES if a != row.agency and (t := row.known_to(a))
        ]
        late = (row.noted.date() - row.at.date()).days
        found.append(
            EntryRow(
                uid=row.ref,
                when=words.moment(row.at) if row.timed else words.day(row.at),
                iso=row.at.date().isoformat(),
                agency=NAMES[row.agency],
                role=row.role,
                kind=row.kind.replace("_", " "),
                what=row.plain,
                basis=row.basis,
                noted="the same day" if not late else f"on {words.day(row.noted)}",
                lag=f"{words.many(late, 'day')} after" if late else "",
                knows=". ".join(told) or "nobody",
                position=f"Entry {4000 + len(found)}",
                href="#entry",
            )
        )
    return tuple(found)


def person() -> pages.PersonPage:
    drawing = drawn(line())
    two = matrices()
    unheld = len(two[0].facts) - two[0].totals[0]
    return pages.PersonPage(
        shell=shell("Overview: case FC-204-118"),
        person=bar(),
        sentence=f"Sixty contacts in eight months. No agency knew of more than {two[0].most} of {len(two[0].facts)} injury occasions.",
        lead=f"Children’s services, which holds the plan, was not told of {unheld} of the {len(two[0].facts)} occasions.",
        line=drawing,
        line_title="The line, 11 December 2023 to 9 August 2024",
        zooms=(
            Link("life", "#life"),
            Link("8 months", "#8", current=True),
            Link("month", "#month"),
            Link("week", "#week"),
        ),
        earlier_href="#earlier-span",
        matrices=two,
        blind_spots=tuple(Link(LANES[a], f"#blind-{a}") for a in NAMES),
        findings=findings(),
        more_findings=Link("Earlier questions", "#more"),
        duties=duties(),
        more_duties=Link("Duties met or no longer needed", "#met"),
        entries=(
            *entry_rows(),
            EntryRow(uid="locked", when="Restricted", standing="restricted"),
            replace(
                entry_rows(1)[0], uid="old", standing="corrected", replaced_by=Link("See what replaced it", "#new")
            ),
        ),
        all_entries=Link("All 120 entries", "#all"),
        restricted="2 entries are restricted. Ask the case owner.",
        glance=(
            AtAGlance("Next duty", "See him at home by 13 August", big=True),
            AtAGlance("Lead social worker", "Ines Calder, 01632 960 114"),
            AtAGlance("Chair of conferences", "Owen Marsh"),
            AtAGlance(
                "Not asked",
                "Fellbeck Homes. Holds a record of a D Voss at another address.",
                link=Link("Same person? Waits for review", "#review"),
            ),
            AtAGlance("Not answered", "Mill Lane Surgery, asked 12 April"),
        ),
    )
