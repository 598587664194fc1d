"""From entries, duties and findings to the rows that pages show. Pure, but for the rules of the rooms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import quote

from throughcare.duties import queries as duties
from throughcare.duties.rules import Threshold, Timescale
from throughcare.ledger.entry import WITHDRAWN, Entry, london_day
from throughcare.web import law_words, words
from throughcare.web.case import Case, Duty, Finding
from throughcare.web.drawing import happened_at, mark_ref, stands, when_said
from throughcare.web.parts import DutyRow, DutyState, EntryRow, FindingRow, Why
from throughcare.web.shell import Link

BASIS: Mapping[str, str] = {
    "seen": "seen",
    "words_of_child": "the child’s own words",
    "told": "told",
    "opinion": "opinion",
    "document": "from a document",
    "third_party": "told by a third party",
    "anonymous": "told by somebody unnamed",
}
DAYS_SHOWN_AS_LAG = 1
LONG_LATE = timedelta(days=365)
"""What is late for longer is told in years: nobody counts working days then, and old years have no calendar."""


@cache
def timescales() -> dict[str, Timescale]:
    """The timescales that are declared, by id."""
    return {one.id: one for one in duties.rules().timescales}


@cache
def thresholds() -> dict[str, Threshold]:
    """The thresholds that are declared, by id."""
    return {one.id: one for one in duties.rules().thresholds}


# --- entries -------------------------------------------------------------------------------------------------------


def entry_rows(case: Case, entries: Iterable[Entry], *, prefix: str = "row-") -> tuple[EntryRow, ...]:
    """The rows of entries, in the order given. `prefix` keeps their names apart from the marks of a picture."""
    return tuple(entry_row(case, entry, prefix=prefix) for entry in entries)


def entry_row(case: Case, entry: Entry, *, prefix: str = "row-") -> EntryRow:
    """One entry: who said it, when it was true, when it was learned, who else knows."""
    by = case.replaced.get(entry.key)
    return EntryRow(
        uid=f"{prefix}{mark_ref(entry)}",
        when=when_said(entry),
        iso=happened_at(entry).date().isoformat() if entry.happened.precision != "unknown" else "",
        agency=case.agency_name(entry.agency),
        role=entry.author_role,
        kind=kind_words(entry.kind),
        what=entry.summary or kind_words(entry.kind),
        basis=BASIS.get(entry.basis, ""),
        noted=f"{words.short_day(entry.noted)}, {words.clock(entry.noted)}",
        lag=lag(entry),
        knows=_knows(case, entry),
        standing=stands(case, entry),
        replaced_by=_replaced_by(case, by),
        href=f"/people/{case.person}/entries/{entry.id}",
    )


def _replaced_by(case: Case, by: Entry | None) -> Link | None:
    if by is None:
        return None
    did = "Withdrawn" if by.kind == WITHDRAWN else "Corrected"
    return Link(f"{did} {words.day(by.noted)}", f"/people/{case.person}/entries/{by.id}")


def kind_words(kind: str) -> str:
    """A kind of entry in words: "safeguarding.injury_found" is "Injury found"."""
    said = kind.partition(".")[2].replace("section47", "section 47").replace("_", " ").capitalize()
    return said.replace("Mappa ", "MAPPA ")


def lag(entry: Entry) -> str:
    """How long after it happened it was written down, where that was a day or more."""
    on = entry.happened.day
    late = (london_day(entry.noted) - on).days if on else 0
    return f"{words.length(timedelta(days=late))} after" if late > DAYS_SHOWN_AS_LAG else ""


def _knows(case: Case, entry: Entry) -> str:
    told = sorted(
        (at, agency) for agency in case.since if agency != entry.agency and (at := case.knew(agency, entry)) is not None
    )
    if not told:
        return "Nobody else was told."
    return words.sentence(
        words.listed([f"{case.agency_name(agency)} since {words.short_day(at)}" for at, agency in told])
    )


# --- duties --------------------------------------------------------------------------------------------------------


def duty_rows(case: Case, kept: Iterable[Duty]) -> tuple[DutyRow, ...]:
    """The rows of duties, in the order given."""
    return tuple(duty_row(case, one, number) for number, one in enumerate(kept))


def duty_row(case: Case, one: Duty, number: int) -> DutyRow:
    """One duty: what, by when, whose, and where the date comes from."""
    rule = timescales().get(one.rule)
    start = case.index.by_key.get(duties.key_of(one.started_by))
    state = duty_state(one.state, one.due, case.look.until)
    return DutyRow(
        uid=f"duty-{number}",
        what=owed_words(rule, one, start),
        due=due_words(one.due),
        due_iso=(one.due or "")[:10],
        state=state,
        said=state_said(state, one, case),
        owner=owner_words(case, one),
        source=source_words(rule, start),
        do=Link("Open", duty_path(case, one), more=rule.what if rule else one.rule),
        why=Why(
            facts=tuple(
                [f"{when_said(start)}: {kind_words(start.kind)}. {words.sentence(start.summary)}"] if start else ()
            ),
            rule=f"{one.rule}: {rule.what}" if rule else one.rule,
            authority=authority(rule, start),
            mark=_mark(rule, start),
        ),
    )


def owed_words(rule: Timescale | None, one: Duty, start: Entry | None) -> str:
    """What is owed: in the words of the entry that started it where it says (an agreed step), else in the rule's."""
    said = start.body.get("what") if start else None
    return words.sentence(said or (rule.what if rule else one.rule)).rstrip(".")


def duty_path(case: Case, one: Duty) -> str:
    """Where a duty's own page is."""
    return f"/people/{case.person}/duties/{one.rule}/{quote(one.started_by, safe='')}"


def finding_path(case: Case, one: Finding) -> str:
    """Where a finding's own page is."""
    return f"/people/{case.person}/findings/{one.rule}/{quote(one.key, safe='')}"


def duty_state(state: str, due: str | None, at: datetime) -> DutyState:
    """The state as pages say it: an open duty whose day is the day of the page is due today."""
    if state == "open" and due and due[:10] == london_day(at).isoformat():
        return "due_today"
    return state  # type: ignore[return-value]


def due_words(due: str | None) -> str:
    """When it is due, in words."""
    if not due:
        return "no day: a date is not known"
    if "T" in due:
        return words.moment(datetime.fromisoformat(due))
    return words.day(date.fromisoformat(due))


def state_said(state: DutyState, one: Duty, case: Case) -> str:
    """The state in words, with how late where it is late."""
    if state == "overdue" and one.due:
        due, until = date.fromisoformat(one.due[:10]), london_day(case.look.until)
        if until - due > LONG_LATE:
            return f"late, {words.length(until - due)}"
        late = duties.days_late(due, until)
        return f"late, {words.many(late, 'working day')}" if late else "late, today"
    if state in ("met", "met_late") and one.met_by:
        met = case.index.by_key.get(duties.key_of(one.met_by))
        on = met.happened.day if met else None
        return f"{'met late' if state == 'met_late' else 'met'}{', ' + words.day(on) if on else ''}"
    return ""


def owner_words(case: Case, one: Duty) -> str:
    """Who owes it: the role, and the agency."""
    return f"{words.sentence(one.owner).rstrip('.')}, {case.agency_name(one.agency)}"


def authority(rule: Timescale | None, start: Entry | None) -> str:
    """The source of the law under which the clock runs."""
    if rule is None:
        return ""
    row = rule.row(start.happened.day, {}) if start and start.happened.day else None
    return (row or rule.rows[-1]).source


def _mark(rule: Timescale | None, start: Entry | None) -> str:
    """How sure the law is under which the clock runs, in words."""
    if rule is None:
        return ""
    row = rule.row(start.happened.day, {}) if start and start.happened.day else None
    return law_words.mark_words(row or rule.rows[-1])


def source_words(rule: Timescale | None, start: Entry | None) -> str:
    """Where the date comes from, in a line."""
    if start is None:
        return words.sentence(authority(rule, start))
    return f"From {when_said(start)}: {kind_words(start.kind).lower()}. {words.sentence(authority(rule, start))}"


# --- findings ------------------------------------------------------------------------------------------------------


def finding_rows(case: Case, found: Iterable[Finding], answers: Mapping[str, Entry]) -> tuple[FindingRow, ...]:
    """The rows of findings, in the order given. `answers`: by `finding_name`, the newest answer to each."""
    return tuple(finding_row(case, one, number, answers.get(finding_name(one))) for number, one in enumerate(found))


def finding_name(one: Finding) -> str:
    """What names a finding within a person."""
    return f"{one.rule}|{one.key}"


def finding_row(case: Case, one: Finding, number: int, answer: Entry | None) -> FindingRow:
    """One question: what was found, what is asked and of whom, and the answer if there is one."""
    rule = thresholds()[one.rule]
    hidden = one.unseen and not one.evidence
    return FindingRow(
        uid=f"finding-{number}",
        raised=words.day(one.raised),
        what=_found(case, one, rule) if not hidden else "Something that you may not read led to a question.",
        ask=rule.question if not hidden else "Ring the agencies that hold it; their numbers are under Access.",
        owner=rule.to,
        state="withdrawn"
        if one.result == "withdrawn"
        else "answered"
        if answer
        else "cannot_tell"
        if one.result == "cannot_tell"
        else "asked",
        answer=answer_words(case, answer) if answer else "",
        do=None if case.look.past else Link("Open", finding_path(case, one), more=rule.what),
        why=Why(
            facts=tuple(fact_words(case, entry) for entry in one.evidence),
            missing=missing_words(one),
            rule=f"{one.rule}: {rule.what}",
            authority=rule.rows[-1].source,
            mark=law_words.mark_words(rule.rows[-1]),
            figures=tuple(
                (name.replace("_", " ").capitalize(), str(value)) for name, value in rule.rows[-1].figures.items()
            ),
        ),
    )


def _found(case: Case, one: Finding, rule: Threshold) -> str:
    said = words.sentence(rule.what)
    if one.result == "withdrawn":
        return f"{said} Withdrawn: what it rested on was corrected."
    if one.result == "cannot_tell":
        return f"{said} It cannot be told: a fact is missing."
    return said


def fact_words(case: Case, entry: Entry) -> Link:
    """A fact of the evidence: when, who, what."""
    said = f"{when_said(entry)}, {case.agency_name(entry.agency)}: {entry.summary or kind_words(entry.kind)}"
    return Link(said, f"/people/{case.person}/entries/{entry.id}")


def missing_words(one: Finding) -> tuple[str, ...]:
    """What is not known, or may not be read here."""
    return (f"{words.many(one.unseen, 'entry', 'entries')} that you may not read",) if one.unseen else ()


RESPONSES: Mapping[str, str] = {
    "act": "We act on it",
    "act_differently": "We act, in another way",
    "no_action": "No action",
}


def answer_words(case: Case, answer: Entry) -> str:
    """The answer in a line: when, who, what and why."""
    response = RESPONSES.get(answer.body["response"], answer.body["response"])
    by = f"{answer.author_role}, {case.agency_name(answer.agency)}"
    return f"{words.day(answer.noted)}, {by}: {response}. {words.sentence(answer.body['reason'])}"


def answers(entries: Sequence[Entry], found: Iterable[Finding]) -> dict[str, Entry]:
    """The newest answer to each finding: same rule, and evidence in common."""
    given = [one for one in entries if one.kind == "alerts.finding_answered"]
    made: dict[str, Entry] = {}
    for one in found:
        refs = {entry.ref for entry in one.evidence}
        for answer in sorted(given, key=lambda entry: entry.noted):
            if answer.body["rule"] == one.rule and (refs & set(answer.body["evidence"]) or not refs):
                made[finding_name(one)] = answer
    return made
