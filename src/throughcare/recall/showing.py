"""The page of a person's recalls, and their papers.

The page shows what the viewer may read, at the moment of its address. Which step is next, and what a paper says, is
worked out from the whole record; a paper is handed only to those who may read everything that it rests on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access.doors import exported, open_to
from throughcare.access.reach import Permission
from throughcare.duties.queries import key_of
from throughcare.ledger.entry import Entry, Key, london_day
from throughcare.recall import keeping, kinds_of_recall, papers, queries, recording, rules, state, whole
from throughcare.recall.forms import STEPS
from throughcare.recall.kinds_of_recall import WORDS as TYPE
from throughcare.recall.pages import ended_words, first_day, roll_words, sentence
from throughcare.recall.words import AGAINST, ALTERNATIVE, PAPER, RETURNED
from throughcare.web import rows, sheet, words, writing
from throughcare.web.case import Case
from throughcare.web.drawing import when_said
from throughcare.web.frame import frame
from throughcare.web.parts import DutyRow, Empty, Form, Table
from throughcare.web.person import case_now, case_of, person_bar
from throughcare.web.shell import Link

log = logging.getLogger(__name__)
RULES = frozenset(rules.RULES.ids)


# --- the page of the recall -----------------------------------------------------------------------------------------

_DONE = {
    "agree": ("Recall is agreed", "A second person endorses and sends the request within 24 hours."),
    "endorse": ("The request is endorsed and sent", "Part A is made and kept below."),
    "decide_against": ("It is decided: no recall", "The letter is made and kept below."),
    "revoke": ("The licence is revoked", "The letter is made and kept below."),
    "check": ("The check is recorded", ""),
    "return": ("The return is recorded", "Now the casework section is told of it."),
    "notify": ("They were told of the return", "The dossier is due on the next working day."),
    "inform": ("It is recorded that the person was told", ""),
    "papers": ("It is recorded what was sent", ""),
    "review": ("The decision is recorded", ""),
    "rescind": ("The revocation is rescinded", ""),
    "made": ("The paper is made and kept", "Asked for again, it is the very same file."),
}


@open_to(Permission.PERSON_READ, person="person")
def recall(request: HttpRequest, person: UUID) -> HttpResponse:
    """A person's recalls, the newest first: steps, clocks, the type and why, the time at large, the papers."""
    case = case_of(request, person)
    held = whole.whole(one.record for one in case.records)
    standing = state.fold(case.about, find=case.find)
    current = standing.current if standing is not None else None
    done, more = _DONE.get(request.GET.get("done", ""), ("", ""))
    value = sheet.Sheet(
        shell=frame(request, title="Recall", case=case, success=done, more=more),
        person=person_bar(case, "Recall", path=recording.path(person)),
        title=sentence(current) if current is not None else "Not recalled.",
        lead=_next(case),
        sections=(
            *_to_do(case, held),
            *_considered(case, standing),
            *(section for one in _newest_first(standing) for section in _recall(case, one, one is current)),
            *_not_recalled(case, standing),
            *_papers(case, held),
        ),
        back=Link(case.name, f"/people/{person}{case.look.query()}"),
    )
    return render(request, "sheet.html", {"page": value})


def _newest_first(standing: state.Standing | None) -> Sequence[state.Recall]:
    """The recall in progress first, then the others from the newest."""
    if standing is None:
        return ()
    current = standing.current
    others = [one for one in reversed(standing.recalls) if one is not current]
    return [current, *others] if current is not None else others


def _next(case: Case) -> str:
    """The clock that is open and ends first."""
    running = [one for one in case.duties if one.rule in RULES and one.state in ("open", "overdue") and one.due]
    if not running:
        return ""
    first = min(running, key=lambda one: one.due or "")
    row = rows.duty_row(case, first, 0)
    return f"Next: {words.small(row.what)}, by {row.due} ({row.state_words})."


def _to_do(case: Case, held: whole.Whole) -> tuple[sheet.Section, ...]:
    """The steps that the viewer may take now."""
    mine = [step for step in STEPS.values() if recording.may_take(case, step)]
    if not mine:
        return ()
    links = []
    for step in mine:
        try:
            state.check(step.code, held.recall)
        except state.StepNotAllowed:
            continue
        links.append(Link(step.title, recording.path(case.person, f"/{step.code.replace('_', '-')}")))
    return (sheet.Section(title="What you can do now", links=tuple(links)),) if links else ()


def _considered(case: Case, standing: state.Standing | None) -> tuple[sheet.Section, ...]:
    """Alleged breaches that nobody has decided: what recall is considered upon."""
    found = state.undecided(case.about, standing, find=case.find)
    if not found:
        return ()
    may = recording.may_take(case, STEPS["decide_against"])
    free = standing is None or standing.status in ("none", "ended")
    return (
        sheet.Section(
            title="Considered: alleged breaches not decided",
            table=Table(
                caption="Alleged breaches not decided",
                heads=("When", "Condition", "What", *(("Decide",) if may and free else ())),
                rows=tuple(
                    (
                        when_said(one),
                        str(one.body.get("condition", "")).replace("_", " "),
                        Link(one.summary or "alleged breach", _entry(case, one)),
                        *(
                            (
                                Link(
                                    "Not to recall",
                                    recording.path(case.person, f"/breach/{one.id}/decide-against"),
                                    more=f"upon the breach of {when_said(one)}",
                                ),
                            )
                            if may and free
                            else ()
                        ),
                    )
                    for one in found
                ),
            ),
        ),
    )


def _entry(case: Case, one: Entry) -> str:
    return f"/people/{case.person}/entries/{one.id}{case.look.query()}"


# --- one recall -----------------------------------------------------------------------------------------------------


def _recall(case: Case, one: state.Recall, current: bool) -> Iterator[sheet.Section]:
    title = "The recall, step by step" if current else f"Before: {words.small(ended_words(one))}"
    yield sheet.Section(title=title, table=_steps(case, one))
    if one.revoked is not None or (current and one.status in ("agreed", "requested")):
        yield from _type(case, one)
    clocks = _clocks(case, one)
    if clocks:
        yield sheet.Section(title="Clocks", duties=clocks, points=tuple(_questions(one)))
    elif points := tuple(_questions(one)):
        yield sheet.Section(title="Asked, and never worked out", points=points)
    if one.checks or one.status == "at_large":
        yield _at_large(case, one)


def _steps(case: Case, one: state.Recall) -> Table:
    """Each step: when, by whom, and what it says. What has not come yet is named too."""
    lines = [
        ("Agreed", one.agreed, _agreed_words(one.agreed)),
        ("Endorsed and sent", one.requested, _requested_words(one.requested)),
        *((("Stopped", one.against, _against_words(one.against)),) if one.against is not None else ()),
        ("Licence revoked", one.revoked, TYPE.get(one.type or "", "")),
        ("Back in custody", one.returned, RETURNED.get(str(one.returned.body.get("how")), "") if one.returned else ""),
        ("Told of the return", one.notified, ""),
        ("Person informed", one.informed, _informed_words(one.informed)),
        *(("Papers sent", paper, PAPER.get(str(paper.body.get("paper")), "")) for paper in one.papers),
        *(("Review without the Board", entry, _review_words(entry)) for entry in one.decided),
        *((_BOARD[entry.kind], entry, _board_words(entry)) for entry in one.board),
        *((("Rescinded", one.rescinded, str(one.rescinded.body.get("reason", ""))),) if one.rescinded else ()),
        *((("Released again", one.released, ""),) if one.released else ()),
        *((("Over", one.over, rows.kind_words(one.over.kind)),) if one.over else ()),
    ]
    taken = max((n for n, (_, entry, _) in enumerate(lines) if entry is not None), default=-1)
    made: list[tuple[str | Link, ...]] = []
    for n, (name, entry, said) in enumerate(lines):
        if entry is not None:
            by = f"{entry.author_role}, {case.agency_name(entry.agency)}"
            made.append((Link(name, _entry(case, entry)), when_said(entry), by, said or entry.summary))
        elif one.status != "ended":
            made.append((name, "Nothing recorded that you may read" if n < taken else "Not yet", "", ""))
    return Table(caption="The steps of the recall", heads=("Step", "When", "By", "What it says"), rows=tuple(made))


_BOARD = {state.REFERRED: "Referred to the Board", state.BOARD_DECIDED: "The Board decided"}


def _board_words(entry: Entry) -> str:
    return str(entry.body.get("outcome", "")).replace("_", " ").capitalize()


def _agreed_words(entry: Entry | None) -> str:
    if entry is None:
        return ""
    tried = [ALTERNATIVE.get(str(one), str(one)).lower() for one in entry.body.get("alternatives", ())]
    said = f". Tried or weighed: {words.listed(tried)}" if tried else ""
    return f"{str(entry.body.get('reason', '')).rstrip('.')}{said}"


def _requested_words(entry: Entry | None) -> str:
    if entry is None:
        return ""
    said = [
        "an emergency" if entry.body.get("emergency") == "yes" else "",
        "in custody already" if entry.body.get("in_custody") == "yes" else "",
        f"asks for: {TYPE[str(entry.body['type'])].partition(':')[0].lower()}" if entry.body.get("type") else "",
    ]
    return words.sentence("; ".join(one for one in said if one))


def _against_words(entry: Entry) -> str:
    return AGAINST.get(str(entry.body.get("reason")), "")


def _informed_words(entry: Entry | None) -> str:
    said = {"yes": "Will make representations", "no": "Will make no representations"}
    return said.get(str(entry.body.get("will_make_representations")), "") if entry is not None else ""


def _review_words(entry: Entry) -> str:
    return f"{'Release' if entry.body.get('release') == 'yes' else 'Kept'}: {entry.body.get('reason', '')}"


def _type(case: Case, one: state.Recall) -> tuple[sheet.Section, ...]:
    """What the law of the day left open, from what the viewer may read, and what was chosen."""
    event = one.revoked or one.requested or one.agreed
    on = (event.happened.day or event.happened.earliest) if event is not None else None
    on = on or london_day(case.look.until)
    given = one.revoked or one.requested
    charge = str(given.body.get("charge_not_convicted")) if given is not None else ""
    answer: kinds_of_recall.Answer = "yes" if charge == "yes" else "no" if charge == "no" else "not known"
    said = whole.proposal(case, answer, on, keeping.births_of(case))
    title = f"Which type: the law of {words.day(on)}"
    return recording.law_sections(said, title, inset=_chosen(one, said, given))


def _chosen(one: state.Recall, said: kinds_of_recall.Proposal, given: Entry | None) -> str:
    if one.type is None:
        return ""
    chosen = f"Chosen: {words.small(TYPE[one.type])}."
    if not said.departs(one.type):
        return chosen
    reason = str(given.body.get("type_reason", "")) if given is not None else ""
    why = f"The reason given: {reason}" if reason else "No reason is recorded."
    return f"{chosen} The law of that day leaves open another. {why}"


def _clocks(case: Case, one: state.Recall) -> tuple[DutyRow, ...]:
    keys = {step.key for step in one.steps} | {Key(step.agency, step.corrects) for step in one.steps if step.corrects}
    kept = [duty for duty in case.duties if duty.rule in RULES and key_of(duty.started_by) in keys]
    return rows.duty_rows(case, sorted(kept, key=lambda duty: (duty.due or "9", duty.rule)))


def _questions(one: state.Recall) -> Iterator[str]:
    """What the law leaves uncertain here: said, and never worked out."""
    if one.returned is not None and one.status == "returned":
        yield (
            "When is the later risk report, Part B, due? One service of 2022 named 14 weeks, and policy may differ "
            "[uncertain, D43]. No day is worked out."
        )
    if one.returned_before_revoked:
        yield (
            "The return is recorded before the revocation. From which of the two does the recall run? The days here "
            "are counted from the return as recorded."
        )
    due = rules.release_due(one)
    if due is not None and (said := roll_words(due)):
        yield f"Release is due on {words.weekday(due)}. {said}."
    if one.type == "fixed_56" and one.status == "returned" and due is None and not one.kept:
        yield "No release day can be worked out: the day of the return is not known, or is before 31 March 2026."


def _at_large(case: Case, one: state.Recall) -> sheet.Section:
    revoked, returned = first_day(one.revoked), first_day(one.returned)
    until = returned or london_day(case.look.until)
    days = (until - revoked).days if revoked is not None else None
    said = (
        f"{words.many(days, 'day')} from the revocation to {'the return' if returned else 'this day'}. " if days else ""
    )
    return sheet.Section(
        title="At large",
        paragraphs=(f"{said}Time unlawfully at large does not count as served.",),
        table=Table(
            caption="Checks while at large",
            heads=("Checked", "By", "What it showed", "Next check"),
            rows=tuple(
                (
                    Link(when_said(check), _entry(case, check)),
                    case.agency_name(check.agency),
                    str(check.body.get("found", "")) or check.summary,
                    _next_check(check),
                )
                for check in one.checks
            ),
        )
        if one.checks
        else None,
        empty=None if one.checks else Empty(title="No check is recorded yet"),
    )


def _next_check(check: Entry) -> str:
    given = check.body.get("next_check_on")
    return words.day(date.fromisoformat(str(given))) if given else "No day was written down"


def _not_recalled(case: Case, standing: state.Standing | None) -> tuple[sheet.Section, ...]:
    found = standing.not_recalled if standing is not None else ()
    if not found:
        return ()
    return (
        sheet.Section(
            title="Considered, and not recalled",
            table=Table(
                caption="Decisions not to recall",
                heads=("Decided", "By", "Why"),
                rows=tuple(
                    (
                        Link(when_said(one), _entry(case, one)),
                        f"{one.author_role}, {case.agency_name(one.agency)}",
                        _against_words(one),
                    )
                    for one in reversed(found)
                ),
            ),
        ),
    )


# --- papers ---------------------------------------------------------------------------------------------------------


def _papers(case: Case, held: whole.Whole) -> tuple[sheet.Section, ...]:
    """The papers that were made, as the viewer may read them; and which can be made."""
    if case.look.past or not case.reach.may(Permission.EXPORT):
        return ()
    kept = keeping.drawer(case, held)
    found = [one for one in kept.sheaves if _may_have(case, one)]
    lines = [(one, version) for one in found for version in one.made]
    gone = [one for one in kept.gone if keeping.may_read(case, one.basis)]
    if not (found or gone):
        return ()
    return (
        sheet.Section(
            title="Papers",
            paragraphs=("Each is made once and kept: asked for again, it is the very same file.",),
            table=_made_table(case, lines, gone) if lines or gone else None,
            forms=tuple(
                Form(
                    action=recording.path(case.person, "/make-paper"),
                    button=_make_words(one),
                    hidden=(("event", str(one.asked.paper.event.id)), ("paper", one.asked.paper.code)),
                )
                for one in found
                if not one.current
            ),
        ),
    )


def _may_have(case: Case, one: keeping.Sheaf) -> bool:
    return keeping.may_read(case, frozenset(entry.id for entry in one.asked.paper.basis))


def _make_words(one: keeping.Sheaf) -> str:
    name = papers.NAMES[one.asked.paper.code]
    about = f"{words.small(name) if one.asked.paper.letter else name}, {when_said(one.asked.paper.event)}"
    return f"Make version {one.made[-1].version + 1}, as corrected: {about}" if one.made else f"Make {about}"


def _made_table(case: Case, lines: Sequence[tuple[keeping.Sheaf, queries.Made]], gone: Sequence[queries.Made]) -> Table:
    rows_made = [
        _made_row(
            case,
            made,
            when_said(one.asked.paper.event),
            f"{made.version}{'' if made is one.made[-1] else ', replaced'}",
        )
        for one, made in lines
    ]
    rows_made += [_made_row(case, one, "An entry that was withdrawn", str(one.version)) for one in gone]
    return Table(
        caption="Papers that were made",
        heads=("Paper", "About", "Version", "Made", "Digest"),
        rows=tuple(rows_made),
    )


def _made_row(case: Case, made: queries.Made, about: str, version: str) -> tuple[str | Link, ...]:
    name = papers.NAMES[made.paper]
    link = Link(name, recording.path(case.person, f"/paper/{made.id}"), more=f"version {made.version}")
    return link, about, version, words.moment(made.made_at), f"{made.digest[:16]}…"


@open_to(Permission.EXPORT, person="person", methods=("POST",))
def make_paper(request: HttpRequest, person: UUID) -> HttpResponse:
    """Make a paper of what is recorded, once."""
    case = case_now(request, person)
    held = whole.whole(one.record for one in case.records)
    wanted = request.POST.get("event", ""), request.POST.get("paper", "")
    for one in keeping.drawer(case, held).sheaves:
        if (str(one.asked.paper.event.id), one.asked.paper.code) == wanted and _may_have(case, one):
            keeping.make(one, case=case, by=writing.writer_of(case.viewer, case.records).by)
            return HttpResponseRedirect(recording.path(case.person, "?done=made"))
    raise Http404


def _altered(request: HttpRequest, case: Case) -> HttpResponse:
    value = sheet.Sheet(
        shell=frame(request, title="Not the paper that was made", case=case),
        person=writing.small_bar(case),
        title="This is not the paper that was made",
        lead="Its bytes have changed since, so it is not handed out. Tell those who run this system.",
        back=Link("The recall", recording.path(case.person)),
    )
    return render(request, "sheet.html", {"page": value}, status=500)


@open_to(Permission.EXPORT, person="person", act="export")
def paper(request: HttpRequest, person: UUID, paper: UUID) -> HttpResponse:
    """The very bytes of one version of a paper. Its name and address hold nothing personal."""
    case = case_now(request, person)
    try:
        one = queries.paper(paper)
        known = {entry.key for entry in whole.whole(held.record for held in case.records).entries}
        if one.event not in known or not keeping.may_read(case, one.basis):
            raise Http404
        content = queries.content(one)
    except queries.NoSuchPaper as gone:
        raise Http404 from gone
    except queries.PaperAltered as altered:
        log.critical("%s", altered)
        return _altered(request, case)
    exported(request, "recall_paper", str(one.id), count=len(one.basis))
    name = f"{one.paper.replace('_', '-')}-version-{one.version}.pdf"
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
