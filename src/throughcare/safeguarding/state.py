"""Where a child stands in safeguarding: a pure fold of what stands about the child. No database, no clock.

Give only entries that stand (of each line of corrections the newest, none withdrawn), about one child. Nothing is
counted or ranked beyond what is said here: marks and occasions are counted because people ask for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from throughcare.ledger.entry import Entry, Record, When

ROOM = "safeguarding"
PREFIX = "safeguarding."
INITIAL = "safeguarding.initial_conference"
TRANSFER = "safeguarding.transfer_conference"
REVIEW = "safeguarding.review_conference"
CHANGED = "safeguarding.plan_changed"
CLOSED = "safeguarding.case_closed"
LOOKED_AFTER = "safeguarding.looked_after"
ENQUIRY = "safeguarding.section47_started"
ENQUIRY_DONE = "safeguarding.section47_completed"
INJURY = "safeguarding.injury_found"
EXPLANATION = "safeguarding.explanation_given"
OPINION = "safeguarding.opinion_given"
HOUSEHOLD = "people.household_stated"
VISIT = "safeguarding.visit"

PLAN_KINDS = (INITIAL, TRANSFER, REVIEW, CHANGED, CLOSED)
_ENDS = ("end", "end_to_child_in_need")

Status = Literal[
    "closed",
    "protection_plan",
    "looked_after",
    "child_in_need",
    "enquiry",
    "assessment",
    "referral",
    "contact",
    "none",
]
Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means


# --- plans ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that holds from a moment on: a category, a visiting interval, a stage of mobility."""

    since: When
    value: Any
    entry: Entry


@dataclass(slots=True)
class Plan:
    """A child protection plan, from the conference that made it to what ended it."""

    made: Entry
    categories: list[Setting]
    intervals: list[Setting]  # working days between visits, as the plan says
    ended: Entry | None = None

    def open_at(self, when: When) -> bool:
        """Was it open then? On the days of its making and of its ending it was, where no time tells."""
        return when.not_before(self.made.happened) and (self.ended is None or not when.follows(self.ended.happened))

    def category_at(self, when: When) -> Setting | None:
        """The category that held then, with the entry that set it."""
        return _at(self.categories, when)

    def interval_at(self, when: When) -> Setting | None:
        """The visiting interval that held then, or None where the plan said none."""
        return _at(self.intervals, when)


def _at(settings: Sequence[Setting], when: When) -> Setting | None:
    return next((one for one in reversed(settings) if when.not_before(one.since)), None)


def plans(entries: Iterable[Entry]) -> list[Plan]:
    """The plans that conferences made, in order. `entries` in the order in which they happened."""
    made: list[Plan] = []
    for entry in entries:
        running = made[-1] if made and made[-1].ended is None else None
        if entry.kind in (INITIAL, TRANSFER) and entry.body.get("plan") == "yes":
            if running is None:
                running = Plan(entry, [], [])
                made.append(running)
            _set(running, entry)
        elif running is not None:
            if _ends_plan(entry):
                running.ended = entry
            else:
                _set(running, entry)
    return made


def _ends_plan(entry: Entry) -> bool:
    if entry.kind == REVIEW:
        return entry.body.get("decision") in _ENDS
    return entry.kind == CLOSED or (entry.kind == TRANSFER and entry.body.get("plan") == "no")


def _set(plan: Plan, entry: Entry) -> None:
    if category := entry.body.get("category"):
        plan.categories.append(Setting(entry.happened, category, entry))
    if interval := entry.body.get("visit_every_working_days"):
        plan.intervals.append(Setting(entry.happened, interval, entry))


def plan_at(made: Sequence[Plan], when: When) -> Plan | None:
    """The plan that was open at a moment, the newest where two meet."""
    return next((plan for plan in reversed(made) if plan.open_at(when)), None)


# --- other spells ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Spell:
    """A time between two entries; `ended` is None while it lasts."""

    began: Entry
    ended: Entry | None = None

    def open_at(self, when: When) -> bool:
        """Was it going on then? On its first and last day it was, where no time tells."""
        return when.not_before(self.began.happened) and (self.ended is None or not when.follows(self.ended.happened))


def looked_after_spells(entries: Iterable[Entry]) -> list[Spell]:
    """The times in which the child was looked after. `entries` in the order in which they happened."""
    spells: list[Spell] = []
    for entry in entries:
        if entry.kind != LOOKED_AFTER:
            continue
        running = bool(spells) and spells[-1].ended is None
        if entry.body.get("change") == "started" and not running:
            spells.append(Spell(entry))
        elif entry.body.get("change") == "ended" and running:
            spells[-1].ended = entry
    return spells


def open_enquiries(entries: Sequence[Entry], find: Find) -> list[Entry]:
    """The section 47 enquiries that were started and not completed."""
    done = {
        meant.key
        for entry in entries
        if entry.kind == ENQUIRY_DONE and (meant := find(entry.body.get("enquiry"), entry.agency))
    }
    return [entry for entry in entries if entry.kind == ENQUIRY and entry.key not in done]


# --- injuries -------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Injury:
    """One injury (or several marks of one kind at one place), with every account and opinion of it."""

    found: Entry
    seen_again: list[Entry]
    explanations: list[Entry]
    opinions: list[Entry]

    @property
    def occasion(self) -> str:
        return str(self.found.body["occasion"])


def first_seen(entry: Entry, find: Find) -> Entry:
    """The entry that first recorded this injury: the same injury seen again leads back to it."""
    seen = {entry.key}
    while ref := entry.body.get("seen_before"):
        before = find(ref, entry.agency)
        if before is None or before.key in seen:
            break
        seen.add(before.key)
        entry = before
    return entry


def injury_register(entries: Sequence[Entry], find: Find) -> list[Injury]:
    """Every injury, in the order in which it was found, with its explanations and opinions."""
    register: dict[object, Injury] = {}
    for entry in entries:
        if entry.kind == INJURY:
            first = first_seen(entry, find)
            injury = register.setdefault(first.key, Injury(first, [], [], []))
            if first.key != entry.key:
                injury.seen_again.append(entry)
    for entry in entries:
        if entry.kind in (EXPLANATION, OPINION):
            for ref in entry.body.get("injuries", ()):
                named = find(ref, entry.agency)
                known = register.get(first_seen(named, find).key) if named else None
                if known is not None:
                    (known.explanations if entry.kind == EXPLANATION else known.opinions).append(entry)
    return list(register.values())


def _counted(injury: Entry) -> bool:
    return injury.kind == INJURY and not injury.body.get("seen_before")


# --- the whole ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one child stands."""

    status: Status
    plan: Plan | None
    category: str | None
    injuries: int
    injury_occasions: int
    responsible: str | None
    status_ended_on: date | None  # the last day on which a plan or being looked after ended
    register: tuple[Injury, ...]
    household: tuple[Entry, ...]
    last_seen: Entry | None  # the newest visit in which the child was seen
    mobility: tuple[Setting, ...]  # each stage from when it was first seen


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Fold what stands about one child, in the order in which it happened. None where nothing is recorded here.

    `find` resolves a reference of an agency to the entry that stands for it.
    """
    if not any(entry.kind.startswith(PREFIX) for entry in entries):
        return None
    made = plans([entry for entry in entries if entry.kind in PLAN_KINDS])
    plan = made[-1] if made and made[-1].ended is None else None
    injuries = [entry for entry in entries if _counted(entry)]
    return Standing(
        status=_status(entries, plan, find),
        plan=plan,
        category=plan.categories[-1].value if plan and plan.categories else None,
        injuries=sum(int(entry.body["count"]) for entry in injuries),
        injury_occasions=len({entry.body["occasion"] for entry in injuries}),
        responsible=_responsible(entries),
        status_ended_on=_ended_on(entries),
        register=tuple(injury_register(entries, find)),
        household=tuple(entry for entry in entries if entry.kind == HOUSEHOLD),
        last_seen=next((one for one in reversed(entries) if one.kind == VISIT and one.body.get("seen") == "yes"), None),
        mobility=tuple(_mobility(entries)),
    )


def _status(entries: Sequence[Entry], plan: Plan | None, find: Find) -> Status:
    if _is_closed(entries):
        return "closed"
    if plan is not None:
        return "protection_plan"
    spells = looked_after_spells(entries)
    if spells and spells[-1].ended is None:
        return "looked_after"
    if _child_in_need(entries):
        return "child_in_need"
    if open_enquiries(entries, find):
        return "enquiry"
    if _being_assessed(entries):
        return "assessment"
    if _undecided(entries, find):
        return "referral"
    return "contact" if any(entry.kind == "safeguarding.contact" for entry in entries) else "none"


def _is_closed(entries: Sequence[Entry]) -> bool:
    last = next((one for one in reversed(entries) if one.kind in (CLOSED, "safeguarding.referral")), None)
    return last is not None and last.kind == CLOSED


def _child_in_need(entries: Sequence[Entry]) -> bool:
    steps = [one.body.get("step") for one in entries if one.kind == "safeguarding.child_in_need_plan"]
    return bool(steps) and steps[-1] != "ended"


def _being_assessed(entries: Sequence[Entry]) -> bool:
    begun = False
    for entry in entries:
        if entry.kind == "safeguarding.assessment_started" or (
            entry.kind == "safeguarding.referral_decided" and entry.body.get("decision") == "assessment"
        ):
            begun = True
        elif entry.kind == "safeguarding.assessment_completed":
            begun = False
    return begun


def _undecided(entries: Sequence[Entry], find: Find) -> bool:
    decided = {
        meant.key
        for entry in entries
        if entry.kind == "safeguarding.referral_decided" and (meant := find(entry.body.get("referral"), entry.agency))
    }
    return any(one.kind == "safeguarding.referral" and one.key not in decided for one in entries)


def _responsible(entries: Sequence[Entry]) -> str | None:
    made = [one for one in entries if one.kind in (INITIAL, TRANSFER) and one.body.get("plan") == "yes"]
    return made[-1].agency if made else None


def _ended_on(entries: Sequence[Entry]) -> date | None:
    ends = [
        one.happened.day
        for one in entries
        if (one.kind == REVIEW and one.body.get("decision") in _ENDS)
        or (one.kind == LOOKED_AFTER and one.body.get("change") == "ended")
    ]
    days = [day for day in ends if day is not None]
    return max(days) if days else None


def _mobility(entries: Sequence[Entry]) -> Iterable[Setting]:
    before = None
    for entry in entries:
        stage = entry.body.get("mobility") if entry.kind == INJURY else None
        if stage not in (None, "unknown", before):
            before = stage
            yield Setting(entry.happened, stage, entry)


def says_here(statement: Entry) -> bool:
    """Does a household statement say that these people live there, always or sometimes?"""
    return statement.body.get("lives_here") in ("yes", "sometimes")


def stated(statement: Entry) -> list[Record]:
    """The records of the people whom a household statement names."""
    return statement.who("household")
