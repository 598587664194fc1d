"""What safeguarding adds to a person's page: contacts, the ladder of injuries, plans and enquiries, who knew what.

Drawn from entries and rules alone; nothing is typed by hand and nothing is counted but what the page shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from throughcare.access.reach import Permission
from throughcare.duties import queries as duties
from throughcare.ledger.entry import Entry, Key, london_day
from throughcare.safeguarding import state
from throughcare.safeguarding.words import CATEGORY, MECHANISM, MOBILITY, TYPE
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, happened_at, lane_order, mark_of, mark_ref, when_said
from throughcare.web.parts import AtAGlance
from throughcare.web.pictures import knew
from throughcare.web.pictures.places import in_short
from throughcare.web.pictures.values import Bar, Kind, Mark, Stage
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
    holder = standing.responsible or _first_of_sector(case, "la") or case.viewer.agency
    whose = case.look.known_to or holder
    occasions = _occasions(case, standing.register)
    contacts = [entry for entry in case.about if entry.kind in CONTACTS]
    marks = [*_occasion_marks(case, occasions, whose), *_other_marks(case, whose)]
    agencies = {entry.agency for entry in case.entries}
    heard = {code: sum(any(case.knew(code, one) for one in group) for group in occasions) for code in agencies}
    return Drawing(
        sentence=_sentence(contacts, occasions, heard),
        lead=_lead(case, standing, occasions, holder, heard),
        marks=tuple(marks),
        drawn=_drawn(case),
        bars=_bars(case, standing),
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
        matrices=_matrices(case, occasions, standing, holder),
        alerts=_alerts(standing),
        glance=_glance(case, standing),
        actions=_actions(case),
    )


def _first_of_sector(case: Case, sector: str) -> str:
    codes = sorted({entry.agency for entry in case.entries})
    return next((code for code in codes if code in case.desks and case.desks[code].sector == sector), "")


# --- injuries ------------------------------------------------------------------------------------------------------


def _occasions(case: Case, register: Sequence[state.Injury]) -> list[list[Entry]]:
    """The injuries found together, each group in order, groups in the order in which they were found."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for injury in register:
        if not injury.found.body.get("seen_before"):
            groups[injury.occasion].append(injury.found)
    return sorted(groups.values(), key=lambda group: happened_at(group[0]))


def _occasion_marks(case: Case, occasions: Iterable[list[Entry]], whose: str) -> list[Mark]:
    """One diamond for an occasion, with the account that was given beside it."""
    accounts = _accounts(case)
    made = []
    for group in occasions:
        said = [words for entry in group for words in accounts.get(entry.key, ())]
        account = f". {'; '.join(dict.fromkeys(said))}" if said else ". No account of it is recorded"
        made.append(
            mark_of(
                case, group[0], "injury", whose=whose, what=f"{injuries_in_words(group)}{account}",
                count=sum(_count(entry) for entry in group), where=_places(group),
            )
        )  # fmt: skip
    return made


def _count(entry: Entry) -> int:
    return int(entry.body["count"])


def injuries_in_words(group: Iterable[Entry]) -> str:
    """ "3 bruises, chest; 1 scald, hand"."""
    return "; ".join(
        f"{words.many(_count(one), *TYPE.get(one.body['type'], ('mark', 'marks')))}, {_place(one)}" for one in group
    )


def _place(entry: Entry) -> str:
    return in_short(entry.body["site"])


def _places(group: Iterable[Entry]) -> str:
    return ", ".join(dict.fromkeys(_place(one) for one in group))


def _accounts(case: Case) -> dict[Key, list[str]]:
    """For each injury, the accounts of it: who said what, in their words where those were kept."""
    found: dict[Key, list[str]] = defaultdict(list)
    for entry in case.about:
        if entry.kind == state.EXPLANATION:
            said = entry.body.get("words")
            what = f"“{said}”" if said else MECHANISM.get(entry.body["mechanism"], entry.body["mechanism"])
            by = entry.body["account_by"].replace("_", " ").capitalize()
            for ref in entry.body["injuries"]:
                if injury := case.find(ref, entry.agency):
                    found[injury.key].append(f"{by}: {what}")
    return found


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


# --- plans, enquiries, silence -------------------------------------------------------------------------------------


def _bars(case: Case, standing: state.Standing) -> tuple[Bar, ...]:
    today = london_day(case.look.until)
    bars = []
    for plan in state.plans([one for one in case.about if one.kind in state.PLAN_KINDS]):
        start, end = plan.made.happened.day, plan.ended.happened.day if plan.ended else None
        if start is not None:
            category = CATEGORY.get(plan.categories[-1].value, "") if plan.categories else ""
            label = f"Child protection plan{', ' + category if category else ''}"
            until = f" to {words.day(end)}" if end else ", still open"
            bars.append(
                Bar(ref=f"plan-{mark_ref(plan.made)}", fill="plan", start=start, end=end, label=label,
                    name=f"{label}, from {words.day(start)}{until}")
            )  # fmt: skip
    bars += [bar for entry in case.about if entry.kind == state.ENQUIRY and (bar := _enquiry(case, entry))]
    return (*bars, *_late(case, today))


def _enquiry(case: Case, entry: Entry) -> Bar | None:
    start = entry.happened.day
    if start is None:
        return None
    done = next(
        (one for one in case.about if one.kind == state.ENQUIRY_DONE and _names(case, one, "enquiry", entry)), None
    )
    conference = next(
        (one for one in case.about if one.kind == state.INITIAL and one.happened.not_before(entry.happened)), None
    )
    end = next((one.happened.day for one in (done, conference) if one is not None), None)
    said = f"to {words.day(end)}" if end else "not completed"
    return Bar(ref=f"enquiry-{mark_ref(entry)}", fill="enquiry", start=start, end=end, label="Section 47 enquiry",
               name=f"Section 47 enquiry from {words.day(start)}, {said}")  # fmt: skip


def _names(case: Case, entry: Entry, field: str, other: Entry) -> bool:
    found = case.find(entry.body.get(field), entry.agency)
    return found is not None and found.key == other.key


def _late(case: Case, today: date) -> list[Bar]:
    """Duties that ran late: hatched from the day that was due to the day when it was done, or to this moment."""
    made = []
    by_name = {f"{one.agency}:{one.ref}": one for one in case.entries}
    for number, duty in enumerate(case.duties):
        if duty.state not in ("overdue", "met_late") or not duty.due or not duty.rule.startswith("S"):
            continue
        due = date.fromisoformat(duty.due[:10])
        met = by_name.get(duty.met_by or "")
        end = met.happened.day if met is not None else None
        if due < today and (end is None or end > due):
            label = f"{_what(duty.rule)} due {words.day_and_month(due)}"
            done = f"done {words.day(end)}" if end else "not done yet"
            lanes = (duty.agency,) if duty.rule == "S13" else ()
            made.append(
                Bar(ref=f"late-{duty.rule}-{number}", fill="silence", start=due, end=end, label=label,
                    name=f"{_what(duty.rule)}: due {words.day(due)}, {done}", lanes=lanes)
            )  # fmt: skip
    return made


def _what(rule: str) -> str:
    found = next((one for one in duties.rules().timescales if one.id == rule), None)
    return words.sentence(found.what).rstrip(".") if found else rule


# --- who knew ------------------------------------------------------------------------------------------------------


def _matrices(
    case: Case, occasions: Sequence[list[Entry]], standing: state.Standing, holder: str
) -> tuple[knew.Matrix, ...]:
    columns = _columns(case, occasions, standing.household, holder)
    if not columns:
        return ()
    made = []
    if occasions:
        facts = tuple(_fact(case, columns, group, injuries_in_words(group)) for group in occasions)
        made.append(knew.Matrix(uid="occasions", title=words.many(len(occasions), "injury occasion"), first="Found",
                                columns=columns, facts=facts))  # fmt: skip
    said = [one for one in standing.household if one.happened.day]
    if said:
        facts = tuple(_fact(case, columns, [one], one.summary or "A statement") for one in said)
        title = words.many(len(said), "statement") + " about who lives here"
        made.append(knew.Matrix(uid="household", title=title[0].upper() + title[1:], first="Said", columns=columns,
                                facts=facts))  # fmt: skip
    return tuple(made)


def _columns(
    case: Case, occasions: Sequence[list[Entry]], household: Sequence[Entry], holder: str
) -> tuple[knew.Column, ...]:
    involved = {entry.agency for entry in case.about if entry.kind.startswith("safeguarding.")}
    return tuple(
        knew.Column(code=code, name=case.agency_name(code), short=short_name(case, code))
        for code in lane_order(case, holder, involved)
    )


_SHORT = {"la": "Council", "police": "Police", "education": "School", "housing": "Housing", "probation": "Probation"}


def short_name(case: Case, code: str) -> str:
    """At most nine letters for the head of a column: the sector's word, or the agency's code."""
    desk = case.desks.get(code)
    same = [one for one in case.desks.values() if desk and one.sector == desk.sector and one.code in _involved(case)]
    if desk and len(same) == 1 and desk.sector in _SHORT:
        return _SHORT[desk.sector]
    for word, short in (("hospital", "Hospital"), ("surgery", "GP"), ("visit", "Visitor"), ("school", "School"),
                        ("nursery", "Nursery"), ("ambulance", "Ambulance"), ("midwi", "Midwife")):  # fmt: skip
        if desk and word in desk.name.lower():
            return short
    return code[:9]


def _involved(case: Case) -> set[str]:
    return {entry.agency for entry in case.entries}


def _fact(case: Case, columns: Sequence[knew.Column], group: Sequence[Entry], what: str) -> knew.Fact:
    on = group[0].happened.day
    answers: list[knew.Knew] = []
    for column in columns:
        if any(entry.agency == column.code for entry in group):
            answers.append("own")
        else:
            answers.append("told" if any(case.knew(column.code, entry) for entry in group) else "no")
    return knew.Fact(
        when=words.short_day(on) if on else when_said(group[0]), iso=on.isoformat() if on else "", what=what,
        href=f"#{mark_ref(group[0])}", knew=tuple(answers),
    )  # fmt: skip


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
    case: Case, standing: state.Standing, occasions: Sequence[list[Entry]], holder: str, heard: dict[str, int]
) -> str:
    if not occasions:
        return ""
    missed = len(occasions) - heard.get(holder, 0)
    injuries = words.many(standing.injuries, "injury", "injuries")
    said = f"Agencies found {injuries} on {words.many(len(occasions), 'occasion')}."
    if missed and not case.look.known_to:  # one agency's knowledge says nothing about another's
        holds = "which holds the plan" if standing.plan else "the local authority"
        said += f" {case.agency_name(holder)}, {holds}, was not told of {missed} of them."
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
