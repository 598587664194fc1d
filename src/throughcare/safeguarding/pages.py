"""What safeguarding adds to a person's page: contacts, the ladder of injuries, plans and enquiries, who knew what.

Drawn from entries and rules alone; nothing is typed by hand and nothing is counted but what the page shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.access.reach import Permission
from throughcare.ledger.entry import Entry, Key
from throughcare.safeguarding import bars, injuries, state, who_knew
from throughcare.safeguarding.words import CATEGORY, MOBILITY
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_of, when_said
from throughcare.web.parts import AtAGlance
from throughcare.web.pictures.values import Kind, Mark, Stage
from throughcare.web.shell import Alert, Link

CONTACTS = frozenset(
    f"safeguarding.{kind}" for kind in ("attendance", "visit", "observation", "contact", "appointment_outcome")
)
"""Kinds that are a contact with or about the child."""

MEETINGS = frozenset(
    f"safeguarding.{kind}"
    for kind in (
        "strategy_discussion", "initial_conference", "transfer_conference", "review_conference", "core_group",
        "referral_decided", "section47_completed", "case_closed",
    )
)  # fmt: skip
"""Kinds that are drawn above the lanes: where agencies met and what was decided."""

_FAMILY = frozenset({"1A", "1B", "1C", "1D", "9"})


def drawing(case: Case) -> Drawing | None:
    """What safeguarding adds to this person's page; None where nothing is recorded here about them."""
    standing = state.fold(case.about, find=case.find)
    if standing is None:
        return None
    council = standing.responsible or _first_of_sector(case, "la")  # empty: none is known here yet
    holder = council or case.viewer.agency
    whose = case.look.known_to or holder
    occasions = injuries.occasions(case, standing.register)
    contacts = [entry for entry in case.about if entry.kind in CONTACTS]
    marks = [*injuries.marks(case, occasions, whose), *_other_marks(case, whose)]
    agencies = {entry.agency for entry in case.entries}
    heard = {code: sum(any(case.knew(code, one) for one in group) for group in occasions) for code in agencies}
    return Drawing(
        sentence=_sentence(contacts, occasions, heard),
        lead=_lead(case, standing, occasions, council, heard),
        marks=tuple(marks),
        drawn=_drawn(case),
        bars=bars.bars(case, standing),
        stages=tuple(
            Stage(one.since.day, MOBILITY.get(one.value, one.value)) for one in standing.mobility if one.since.day
        ),
        stages_label="Can" if standing.mobility else "",
        whose=whose,
        sides={code: str(number) for code, number in heard.items()} if occasions else {},
        notes={code: _note(code, contacts, standing) for code in agencies},
        side_label=f"Knew, of {len(occasions)}" if occasions else "",
        lanes_title=f"{words.many(len(contacts), 'contact')}, by agency",
        contacts=tuple(contacts),
        matrices=who_knew.matrices(case, occasions, standing, holder),
        alerts=_alerts(standing),
        glance=_glance(case, standing),
        actions=_actions(case),
    )


def _first_of_sector(case: Case, sector: str) -> str:
    codes = sorted({entry.agency for entry in case.entries})
    return next((code for code in codes if code in case.desks and case.desks[code].sector == sector), "")


# --- other marks ---------------------------------------------------------------------------------------------------


def _other_marks(case: Case, whose: str) -> list[Mark]:
    made = []
    for entry in case.entries:
        if entry.kind.startswith("safeguarding.") and entry.kind not in (state.INJURY, state.EXPLANATION):
            lane = "" if entry.kind in MEETINGS else None
            made.append(mark_of(case, entry, _kind(entry), whose=whose, lane=lane))
        elif entry.kind in (state.INJURY, state.EXPLANATION) and entry.key in case.replaced:
            made.append(
                mark_of(case, entry, "injury" if entry.kind == state.INJURY else "contact", whose=whose, level="high")
            )
    return made


def _kind(entry: Entry) -> Kind:
    body = entry.body
    match entry.kind:
        case "safeguarding.visit":
            return "seen" if body["seen"] == "yes" else "missed"
        case "safeguarding.attendance":
            return "seen"
        case "safeguarding.appointment_outcome":
            return "seen" if body["outcome"] == "attended" else "missed"
        case "safeguarding.contact":
            return "told" if body["source"] in _FAMILY else "contact"
        case "safeguarding.observation":
            return "told" if entry.who("informant") or entry.basis in ("third_party", "anonymous") else "contact"
        case "safeguarding.opinion_given":
            return "opinion"
        case "safeguarding.domestic_abuse_notice" | "safeguarding.missing":
            return "missed" if entry.kind.endswith("missing") else "contact"
        case _:
            return "decision"


def _drawn(case: Case) -> frozenset[Key]:
    return frozenset(entry.key for entry in case.entries if entry.kind.startswith("safeguarding."))


# --- words ---------------------------------------------------------------------------------------------------------


def _sentence(contacts: Sequence[Entry], occasions: Sequence[list[Entry]], heard: dict[str, int]) -> str:
    days = [one.happened.day for one in contacts if one.happened.day]
    said = ""
    if days:
        number = words.number(len(contacts)).capitalize()
        lasted = words.length(max(days) - min(days))
        contact = "contact" if len(contacts) == 1 else "contacts"
        said = f"{number} {contact} in {lasted}." if max(days) > min(days) else f"{number} {contact} on one day."
    if occasions:
        most = max(heard.values(), default=0)
        if most < len(occasions):
            said += f" No agency knew of more than {most} of {words.many(len(occasions), 'injury occasion')}."
        else:
            said += f" {words.many(len(occasions), 'injury occasion')}."
    return said.strip() or "Nothing has been seen of this child yet."


def _lead(
    case: Case, standing: state.Standing, occasions: Sequence[list[Entry]], council: str, heard: dict[str, int]
) -> str:
    if not occasions:
        return ""
    missed = len(occasions) - heard.get(council, 0)
    injuries = words.many(standing.injuries, "injury", "injuries")
    said = f"Agencies found {injuries} on {words.many(len(occasions), 'occasion')}."
    if missed and council and not case.look.known_to:  # one agency's knowledge says nothing about another's
        holds = "which holds the plan" if standing.plan else "the local authority"
        said += f" {case.agency_name(council)}, {holds}, was not told of {missed} of them."
    return said


def _note(code: str, contacts: Sequence[Entry], standing: state.Standing) -> str:
    number = sum(one.agency == code for one in contacts)
    if standing.plan and code == standing.responsible:
        return f"holds the plan · {number}"
    return words.many(number, "contact")


def _alerts(standing: state.Standing) -> tuple[Alert, ...]:
    if standing.plan is None:
        return ()
    since = standing.plan.made.happened.day
    category = CATEGORY.get(standing.category or "", "")
    said = ", ".join(one for one in (category, f"since {words.day(since)}" if since else "") if one)
    return (Alert("plan", "Child protection plan", said),)


def _glance(case: Case, standing: state.Standing) -> tuple[AtAGlance, ...]:
    made = []
    if standing.last_seen is not None:
        made.append(
            AtAGlance(
                "Last seen at a visit", when_said(standing.last_seen), case.agency_name(standing.last_seen.agency)
            )
        )
    unknown = {record for entry in standing.household for record in entry.who("household")
               if (held := case.names.get(record)) and not held.identified}  # fmt: skip
    if unknown:
        made.append(AtAGlance("Not identified", f"{words.many(len(unknown), 'adult')} said to live here"))
    return tuple(made)


def _actions(case: Case) -> tuple[Link, ...]:
    if case.look.past or not case.reach.may(Permission.RECORD):
        return ()
    base = f"/people/{case.person}/record"
    return (Link("Record an injury", f"{base}/injury"), Link("Record what was seen", f"{base}/observation"))
