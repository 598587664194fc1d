"""One value for each page template: what the view fills and the template shows, in the order of the page.

`templates/NAME.html` takes one of these as `page`. Every page has `shell`; pages about a person have `person`.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from throughcare.web.parts import (
    AtAGlance,
    DutyRow,
    Empty,
    EntryRow,
    Fact,
    FindingRow,
    Form,
    Pages,
    Table,
    Why,
)
from throughcare.web.pictures.bodymap import BodyMap
from throughcare.web.pictures.knew import Matrix
from throughcare.web.pictures.life_line import DrawnLife
from throughcare.web.pictures.line import Drawn
from throughcare.web.shell import NOTHING, Link, PersonBar, Shell

# --- the day ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyGroup:
    """Duties under one heading: Late, Today, This week, Next week."""

    name: str
    duties: tuple[DutyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody who has not answered you."""

    who: str  # "Mill Lane Surgery"
    what: str
    about: str  # "Rowan Tarn. Asked 12 April, by today, 5pm."
    late: bool = False
    do: Link | None = None  # "Chase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that changed in your cases."""

    at: str  # "Yesterday, 4:30pm"
    person: Link | None
    what: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MyWork:
    """my_work.html: what needs you today, then what changed, then everything else."""

    shell: Shell
    title: str  # "Tuesday 16 April 2024"
    sentence: str  # "2 are late and 2 are due today."
    groups: tuple[DutyGroup, ...] = ()
    ruler_head: Markup = NOTHING
    questions: tuple[FindingRow, ...] = ()  # questions put to you
    later: Link | None = None  # "34 later duties in 11 open cases"
    waiting: tuple[Waiting, ...] = ()
    changed_title: str = "Changed since you were last here"
    changed: tuple[Change, ...] = ()
    empty: Empty | None = None  # shown in place of the groups


# --- my people --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadDue:
    """A duty in a line of the caseload."""

    what: Link
    due: str
    due_iso: str
    far: str = ""  # "in 3 days", "late, 2 working days"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRow:
    """One person of the caseload: where they stand, what is late, what is due next."""

    person: Link
    about: str = ""  # "4 years old"
    number: str = ""  # of my agency's record
    ways: str = ""  # "Allocated: you"
    stands: tuple[str, ...] = ()  # one line for each practice
    next: CaseloadDue | None = None
    late: tuple[CaseloadDue, ...] = ()
    more_late: int = 0
    asked: Link | None = None  # open questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Caseload:
    """caseload.html: everybody who is allocated to me or my team, page by page."""

    shell: Shell
    title: str
    sentence: str
    shows: tuple[Link, ...] = ()
    sorts: tuple[Link, ...] = ()
    people: tuple[CaseloadRow, ...] = ()
    pages: Pages | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarItem:
    """One duty or window in the agenda."""

    day: str  # "Thu 11 April"
    iso: str
    person: Link
    what: Link
    time: str = ""
    owner: str = ""
    source: str = ""
    said: str = ""  # "late, 3 working days"
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarGroup:
    """Items under one heading: Late, Today, This week."""

    name: str
    items: tuple[CalendarItem, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """One day of the month. `rest`: no working day. `day` empty: it belongs to another month."""

    day: str
    iso: str
    today: bool = False
    rest: bool = False
    holiday: bool = False
    late: bool = False
    link: Link | None = None  # "2 duties"
    items: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarMonth:
    """One month, week by week."""

    title: str
    heads: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[CalendarDay, ...], ...]
    earlier: Link
    later: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """calendar.html: what is due about my people, agenda first, windows apart, the month last."""

    shell: Shell
    title: str
    sentence: str
    whose: tuple[Link, ...]
    feed: Link
    groups: tuple[CalendarGroup, ...] = ()
    windows: tuple[CalendarGroup, ...] = ()
    month: CalendarMonth | None = None
    whole: Link | None = None  # back from one day
    empty: Empty | None = None


# --- finding a person -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound:
    """A person who may be the one looked for. `why` says which of the words given matched."""

    person: Link
    born: str = ""
    number: str = ""
    agencies: str = ""  # "Known to children’s services, police"
    why: str = ""
    restricted: bool = False  # may be said to exist, may not be opened without a reason
    links: tuple[Link, ...] = ()  # what else may be done about them


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPerson:
    """find_person.html: search, and what it found. Addresses hold no names: the search is a POST."""

    shell: Shell
    form: Form
    searched: bool = False
    said: str = ""  # "3 people"
    found: tuple[PersonFound, ...] = ()
    pages: Pages | None = None
    more: Form | None = None  # the next page: a POST, as the search is
    empty: Empty | None = None


# --- a person ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFigure:
    """The life line as a page shows it: drawn, with its heading and the other spans."""

    drawn: DrawnLife
    title: str
    zooms: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """person.html: the overview of one person. `sentence` is made from the facts the page shows.

    `zooms` are the other ways to draw the line; the current one is `current`.
    """

    shell: Shell
    person: PersonBar
    sentence: str  # the heading: "Sixty contacts in eight months. ..."
    lead: str = ""
    life: LifeFigure | None = None  # where the person was, reviews, conditions, law
    line: Drawn | None = None
    line_title: str = ""  # "The line, 11 December 2023 to 9 August 2024"
    zooms: tuple[Link, ...] = ()
    earlier_href: str = ""  # move the line one span back
    later_href: str = ""
    matrices: tuple[Matrix, ...] = ()  # at most two stand side by side
    blind_spots: tuple[Link, ...] = ()  # "What police do not know (14 entries)"
    firsts: Table | None = None  # when each threshold was first met, at which contact, and who did not know
    findings: tuple[FindingRow, ...] = ()
    findings_note: str = (
        "Worked out from the entries known on this day, under the thresholds of this day. "
        "A question is not a score, and decides nothing."
    )
    more_findings: Link | None = None
    duties: tuple[DutyRow, ...] = ()
    more_duties: Link | None = None
    entries: tuple[EntryRow, ...] = ()  # the newest few
    all_entries: Link | None = None
    restricted: str = ""  # "2 entries are restricted. Ask the case owner."
    glance: tuple[AtAGlance, ...] = ()
    actions: tuple[Link, ...] = ()  # what can be recorded: "Record an injury". None in the past


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPointer:
    """person_pointer.html: that agencies are involved, and whom to ring; nothing of what they hold."""

    shell: Shell
    name: str
    born: str
    sentence: str
    desks: Table | None = None
    break_glass: Link | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntries:
    """person_entries.html: every entry, filtered and page by page. The filter is a GET form with its own address."""

    shell: Shell
    person: PersonBar
    said: str  # "120 entries by five agencies"
    filter: Form
    filtered: tuple[Link, ...] = ()  # filters in force; the link takes one away
    entries: tuple[EntryRow, ...] = ()
    pages: Pages | None = None
    restricted: str = ""
    download: Link | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindSpot:
    """blind_spot.html: what one agency did not know on a day, and who did."""

    shell: Shell
    person: PersonBar
    title: str  # "What Fellbeck Police did not know on 9 August 2024"
    sentence: str
    agencies: tuple[Link, ...] = ()  # the same page for each agency
    entries: tuple[EntryRow, ...] = ()
    pages: Pages | None = None
    empty: Empty | None = None


# --- recording --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordObservation:
    """record_observation.html: one question a page. `step` is "Record a visit, step 2 of 4"."""

    shell: Shell
    person: PersonBar | None
    title: str
    form: Form
    step: str = ""
    saved: str = ""  # "Saved 10:42am"
    back: Link | None = None
    lead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """A mark already added in this record."""

    number: int
    where: str  # "Left cheek"
    what: str = ""  # "Bruise, 12 mm, skin not broken"
    change: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """The urgent path: what must be done now, before the record is finished. `steps`: (what, telephone or "")."""

    title: str
    words: str
    steps: tuple[tuple[str, str], ...]
    button: Link | None = None
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInjury:
    """record_injury.html: where the marks are, what each looks like, what was said. Under a minute on a phone.

    First without `form`: the body map and the list to choose a place (`place`, `place_form` posts or gets "place").
    With a place chosen: `form` has the questions about that mark, numbered `number`.
    """

    shell: Shell
    person: PersonBar | None
    title: str  # "Where are the marks?"
    body: BodyMap
    place: Form  # one select "place" and a button: the list, which is the real record
    step: str = ""
    saved: str = ""
    back: Link | None = None
    marks: tuple[MarkRow, ...] = ()
    form: Form | None = None
    form_title: str = ""  # "Left cheek"
    number: int = 0
    urgent: Urgent | None = None
    earlier: tuple[EntryRow, ...] = ()  # marks recorded before, by anyone; pins tied to these rows by uid
    go_on: Link | None = None  # to check the answers


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGroup:
    """Answers under one heading."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswers:
    """check_answers.html: read it once more, then record. What is recorded cannot be changed, only corrected."""

    shell: Shell
    person: PersonBar | None
    title: str
    groups: tuple[AnswerGroup, ...]
    form: Form  # only hidden fields and the button
    told: tuple[str, ...] = ()  # who will be told
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """share.html: what to share or to ask, with whom, why. `older` offers more entries to choose from."""

    shell: Shell
    person: PersonBar | None
    title: str
    form: Form
    step: str = ""
    lead: str = ""
    older: Link | None = None
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCheck:
    """share_check.html: what goes, to whom and why, before it goes. `change` leads back with all that was answered."""

    shell: Shell
    person: PersonBar | None
    title: str
    step: str
    groups: tuple[AnswerGroup, ...]
    told: tuple[str, ...]
    form: Form
    change: Form
    back: Link | None = None


# --- one question, one duty -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPage:
    """finding.html: one question, its evidence, and the form to answer it."""

    shell: Shell
    person: PersonBar
    finding: FindingRow
    evidence: tuple[EntryRow, ...] = ()
    elsewhere: Table | None = None  # who holds what may not be read here, and whom to ring
    links: tuple[Link, ...] = ()  # to ask them, or to tell another agency
    form: Form | None = None  # None: closed, answered or not yours; `closed` says why
    closed: str = ""
    history: tuple[Fact, ...] = ()  # earlier answers
    assign: Form | None = None  # to give it to a colleague
    back: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPage:
    """duty.html: one duty, where its date comes from, and the way to hand it on or ask."""

    shell: Shell
    person: PersonBar
    duty: DutyRow
    facts: tuple[Fact, ...] = ()
    evidence: tuple[EntryRow, ...] = ()
    actions: tuple[Link, ...] = ()
    form: Form | None = None
    history: tuple[Fact, ...] = ()
    back: Link | None = None


# --- the law ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """One rule in force: its figure, where that stands, and how sure it is."""

    uid: str
    rule: Link  # its number leads to its own page
    what: str
    owner: str
    figures: tuple[str, ...] = ()
    counted: str = ""  # "after that day"
    own: tuple[str, ...] = ()  # the partnership's own figures
    source: str = ""
    mark: str = ""
    mark_words: str = ""
    since: str = ""
    in_force: bool = True
    confirmed: str = ""  # "Confirmed by Ada Quill, 3 March 2026"
    waits: bool = False  # should be confirmed, and is not


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRoom:
    """The rules of one practice."""

    name: str
    uid: str
    rules: tuple[LawRule, ...]
    said: str = ""  # "19 rules, 7 not confirmed yet"
    href: str = ""  # the same page with this room opened
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LawChanged:
    """One rule that another day's law gave differently."""

    rule: Link
    what: str
    on: str
    before: str
    after: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawQuestion:
    """Law that is uncertain: asked, never worked out."""

    rule: str
    what: str
    source: str
    room: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawPage:
    """law.html: every rule in force on a day, what changed since another, and what is uncertain."""

    shell: Shell
    title: str
    sentence: str
    form: Form
    rooms: tuple[LawRoom, ...] = ()
    all_rooms: Link | None = None  # the same page with every room opened
    changes_title: str = ""  # empty: no other day was asked for
    changes: tuple[LawChanged, ...] = ()
    touched: Table | None = None  # changes that touch a sentence, a licence or a review
    questions: tuple[LawQuestion, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()


# --- access -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """break_glass.html: the interruption before a case that is not yours. Says who will be told."""

    shell: Shell
    title: str  # "This case is not yours"
    words: tuple[str, ...]
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One look at a case."""

    at: str
    who: str
    agency: str
    why: str  # relation or purpose, in words
    what: str  # "Overview", "12 entries"
    unusual: str = ""  # why this is marked for review; empty when it is not


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLog:
    """access_log.html: who looked, when, why."""

    shell: Shell
    person: PersonBar | None
    title: str
    said: str
    filter: Form | None = None
    looks: tuple[Looked, ...] = ()
    pages: Pages | None = None
    empty: Empty | None = None


# --- records in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """import.html: send a file in. `recent` are earlier files."""

    shell: Shell
    form: Form
    recent: Table | None = None
    guide: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not taken: which field, what is wrong, what would be right."""

    row: str  # "Row 14"
    ref: str
    field: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """import_report.html: what was taken and what was refused, row by row."""

    shell: Shell
    title: str  # "118 of 120 rows were taken"
    facts: tuple[Fact, ...]
    refused: tuple[RefusedRow, ...] = ()
    pages: Pages | None = None
    download: Link | None = None
    links: tuple[Link, ...] = ()


# --- messages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredRow:
    """A message that was due and has not arrived."""

    uid: str
    to: str
    about: str
    since: str
    tries: str
    wrong: str
    try_again: str = ""  # POST address
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """undelivered.html: messages that did not arrive, and who owns them."""

    shell: Shell
    said: str
    rows: tuple[UndeliveredRow, ...] = ()
    pages: Pages | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A message in the catcher of the demonstration."""

    subject: Link
    to: str
    at: str
    iso: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMail:
    """demo_mail.html: what would have been sent."""

    shell: Shell
    messages: tuple[MailRow, ...] = ()
    filter: Form | None = None
    pages: Pages | None = None
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMailMessage:
    """demo_mail_message.html: one message as its reader gets it. `links`: the addresses in it, to press."""

    shell: Shell
    subject: str
    to: str
    sender: str
    at: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...] = ()
    headers: tuple[Fact, ...] = ()
    back: Link | None = None


# --- signing in -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """sign_in.html: name and password, then the second factor, each a page of its own."""

    shell: Shell
    title: str
    form: Form
    lead: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRole:
    """A role of the demonstration: one press signs in."""

    value: str  # posted as "role"
    name: str  # "Duty social worker"
    person: str  # "Ines Calder, Fellbeck Council children’s services"
    sees: str  # what they will find


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSignIn:
    """demo_sign_in.html: six roles, one press each. Only where the demonstration is on."""

    shell: Shell
    action: str
    roles: tuple[DemoRole, ...]
    other: Link | None = None


# --- the house --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPart:
    """One part of the system and how it is. `state`: well, slow or down."""

    name: str
    state: str
    words: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """status.html: whether it works."""

    shell: Shell
    title: str
    parts: tuple[StatusPart, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Words under a heading. `points` are listed after the paragraphs."""

    title: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """accessibility_statement.html, cookies.html, privacy.html: pages of words. `contact`: how to reach the body.

    `table` follows the words: the cookies, the legal bases.
    """

    shell: Shell
    body: str  # who runs this: "Fellbeck partnership"
    contact: str
    updated: str
    sections: tuple[Section, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """403.html, 404.html, 429.html, 500.html: what happened, what to do. `reference`: to tell whoever helps."""

    shell: Shell
    reference: str = ""
    wait: str = ""  # for 429: "5 minutes"
    restricted: str = ""  # for 403: "Ask the case owner, Ines Calder."
    links: tuple[Link, ...] = ()
