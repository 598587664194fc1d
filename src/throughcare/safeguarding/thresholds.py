"""Practice thresholds about children: plain conditions over recorded facts, each with the question that it puts.

Each `_tNN` is asked about one entry and returns every place that the entry takes part in, under a key that stays
the same. It reads `docs/reference/life-format.md`, section 7, word for word. Three answers: matched, not matched
(nothing is returned) and cannot tell. What depends on time passing is asked at the end of a day (`_tNN_at`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from throughcare.duties import engine
from throughcare.duties.calendar import BeyondCalendar, add_months
from throughcare.duties.rules import Law, Match, Result, Threshold, roots
from throughcare.duties.view import Register, View, as_date
from throughcare.ledger.entry import Entry, Key, When, end_of_day, london_day, start_of_day
from throughcare.safeguarding import state
from throughcare.safeguarding.state import EXPLANATION, HOUSEHOLD, INITIAL, INJURY, OPINION, PLAN_KINDS, VISIT
from throughcare.safeguarding.timescales import SEE_THE_CHILD, plans_of

LAW = Law.read("safeguarding", "thresholds.toml")
Figures = Mapping[str, Any]

OBSERVATION = "safeguarding.observation"
ABUSE_NOTICE = "safeguarding.domestic_abuse_notice"
ATTENDANCE = "safeguarding.attendance"
APPOINTMENT = "safeguarding.appointment_outcome"
CONTACT = "safeguarding.contact"
REFERRAL = "safeguarding.referral"
CORE_GROUP = "safeguarding.core_group"
STRATEGY = "safeguarding.strategy_discussion"
MOVE = "safeguarding.transfer"
MISSING = "safeguarding.missing"
SCHOOLING = "safeguarding.schooling_changed"
ESCALATION = "safeguarding.escalation"
ASKED = "information.requested"
ANSWERED = "information.replied"
IDENTIFIED = "people.identified"
BORN = "people.born"
RELATED = "people.relationship_stated"
DISCLOSED = "licence.disclosure_made"
FOUND_OUT = "licence.fact_found"
PROTECTED = "safeguarding.protection_started"
PROTECTED_NO_MORE = "safeguarding.protection_ended"
RISK = "risk.assessed"
MAPPA = "risk.mappa_set"
_CHANGES = ("licence.released", "licence.varied", "recall.revoked", "recall.returned", MAPPA)

MOST_EVIDENCE = 12  # of one kind in one finding: the nearest; the chronology shows the rest


def _in_care(view: View, person: str, when: When) -> state.Spell | None:
    spells = view.folded(person, (state.LOOKED_AFTER,), state.looked_after_spells)
    return next((one for one in reversed(spells) if one.open_at(when)), None)


def _find(view: View) -> state.Find:
    return lambda ref, agency: view.find(ref, agency=agency)


def within(first: When, second: When, last_day: Callable[[date], date]) -> bool | None:
    """Did the second happen on or before the last day counted from the first (inclusive)? None: cannot tell.

    `second` is not before `first`. A month stands for each of its days.
    """
    early, late, soon, last = first.earliest, first.latest, second.earliest, second.latest
    if early is None or late is None or soon is None or last is None:
        return None
    surely = last <= last_day(early)
    if early is late and soon is last:
        return surely
    perhaps = soon <= last_day(late)
    return surely if surely == perhaps else None


def _working_days_after(view: View, day: date, days: int) -> date | None:
    """The working day so many after a day. None where bank holidays are not known that far: nothing is guessed."""
    try:
        return view.case.days.after(day, days)
    except BeyondCalendar:
        return None


def _months(count: int) -> Callable[[date], date]:
    return lambda day: add_months(day, count)


def _both(*answers: bool | None) -> bool | None:
    if False in answers:
        return False
    return None if None in answers else True


def _either(*answers: bool | None) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False


def _answer(
    holds: bool | None, person: str, key: tuple[object, ...], evidence: Iterable[Entry], missing: str, because: str
) -> Iterator[Match]:
    if holds is False:
        return
    result = Result.MATCHED if holds else Result.CANNOT_TELL
    lacks = () if holds else (missing,)
    yield Match(person=person, key=key, evidence=tuple(evidence), result=result, missing=lacks, because=because)


# --- T01, T02: the injury itself ------------------------------------------------------------------------------------

_NOT_MOBILE = ("not_rolling", "rolling", "sitting", "not_mobile_disability")


def _t01(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != INJURY or entry.body.get("type") == "none_confirmed_mimic":
        return
    mobility = entry.body.get("mobility")
    for child in view.subjects(entry):
        holds: bool | None = mobility in _NOT_MOBILE
        if mobility == "unknown":
            young = view.under(child, figures["under_months"], entry.happened)
            holds = False if young is False else None
        yield from _answer(
            holds, child, roots(view, [entry]), [entry], "whether the child moves independently", f"mobility {mobility}"
        )


_TEN_SITES = frozenset(
    (
        *("chest", "back", "abdomen", "torso", "buttock", "genital_anal", "ear", "neck", "frenulum"),
        *("angle_of_jaw", "cheek", "eyelid", "eye_white"),
    )
)


def _t02(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != INJURY or entry.body.get("type") != "bruise":
        return
    body = entry.body
    told = body.get("site") in _TEN_SITES or body.get("pattern") not in ("none", "clustered", "unknown")
    for child in view.subjects(entry):
        holds = _either(
            _both(told, view.under(child, figures["under_months"], entry.happened)),
            view.under(child, figures["any_bruise_under_months"], entry.happened),
        )
        why = f"bruise, {body.get('site')}, pattern {body.get('pattern')}"
        yield from _answer(holds, child, roots(view, [entry]), [entry], "the child's age on the day", why)


# --- T03: explanations ----------------------------------------------------------------------------------------------


def _injuries_named(view: View, entry: Entry) -> Iterator[tuple[Key, Entry]]:
    """Each injury that an account or opinion names: the first of its line, and the entry that was named."""
    for ref in entry.body.get("injuries", ()):
        named = view.find(ref, agency=entry.agency)
        if named is not None and named.kind == INJURY:
            yield view.root(state.first_seen(named, _find(view))), named


def _accounts_of(view: View, injury: Key) -> list[Entry]:
    """Every account of an injury, also of those seen again, in the order in which they happened."""
    members, waiting = {}, [view.standing(injury)]
    while waiting:
        one = waiting.pop()
        if one is not None and one.key not in members:
            members[one.key] = one
            waiting.extend(view.naming(INJURY, "seen_before", one))
    found = {account.key: account for one in members.values() for account in view.naming(EXPLANATION, "injuries", one)}
    return sorted(found.values(), key=view.order) if len(members) > 1 else list(found.values())


def _t03(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind == INJURY:
        for ref_kind in (EXPLANATION, OPINION):
            for one in view.naming(ref_kind, "injuries", entry):
                yield from _t03(view, one, figures)
    elif entry.kind == OPINION:
        yield from _judged(view, entry)
    elif entry.kind == EXPLANATION:
        yield from _explained(view, entry)


def _judged(view: View, opinion: Entry) -> Iterator[Match]:
    unfit = [
        name for name in ("fits_injury", "fits_development", "fits_timing") if opinion.body.get(name) == "inconsistent"
    ]
    for injury, named in _injuries_named(view, opinion) if unfit else ():
        for child in view.subjects(named):
            yield Match(
                person=child,
                key=("opinion", injury, view.root(opinion)),
                evidence=(named, opinion),
                because=f"judged inconsistent: {', '.join(unfit)}",
            )


def _explained(view: View, account: Entry) -> Iterator[Match]:
    says = account.body.get("mechanism")
    for injury, named in _injuries_named(view, account):
        for child in view.subjects(named):
            if says == "none_offered":
                key = ("none_offered", injury, view.root(account))
                yield Match(person=child, key=key, evidence=(named, account), because="no explanation was offered")
            for later, earlier in _differing(view, injury, account):
                key = ("differing", injury, view.root(later))
                why = "explanations differ: " + ", ".join(str(one.body.get("mechanism")) for one in (*earlier, later))
                yield Match(person=child, key=key, evidence=(named, *earlier, later), because=why)


def _differing(view: View, injury: Key, account: Entry) -> Iterator[tuple[Entry, list[Entry]]]:
    """The account that came later (in what is known), with those before it that it differs from."""
    says = account.body.get("mechanism")
    if says == "unknown":
        return
    others = [
        one
        for one in _accounts_of(view, injury)
        if one is not account and one.body.get("mechanism") not in ("unknown", says)
    ]
    mine = _became_known(view, account)
    earlier = [one for one in others if _became_known(view, one) < mine]
    if earlier:
        yield account, earlier[-MOST_EVIDENCE:]
    for later in [one for one in others if _became_known(view, one) > mine]:
        before = [
            one
            for one in _accounts_of(view, injury)
            if _became_known(view, one) < _became_known(view, later)
            and one.body.get("mechanism") not in ("unknown", later.body.get("mechanism"))
        ]
        yield later, before[-MOST_EVIDENCE:]


def _became_known(view: View, entry: Entry) -> tuple[object, ...]:
    return (view.since[entry.key], entry.noted, entry.agency, entry.ref)


# --- T04: occasions -------------------------------------------------------------------------------------------------


class _Occasion:
    """One occasion of injury of a child: all its injuries, and when it was."""

    def __init__(self, name: str, entries: Sequence[Entry]) -> None:
        self.name, self.entries = name, entries

    @property
    def when(self) -> When:
        return self.entries[0].happened


def _occasion(view: View, child: str, name: str) -> _Occasion | None:
    """An occasion of a child, or None where it does not count: witnessed, or nothing new was found."""
    register = view.register("occasions", INJURY, lambda one: _occasion_keys(view, one))
    entries = register.of((child, name))
    return _Occasion(name, entries) if entries and not any(_witnessed(view, one) for one in entries) else None


def _occasion_keys(view: View, injury: Entry) -> list[object]:
    if injury.body.get("seen_before"):
        return []
    return [(child, str(injury.body.get("occasion"))) for child in view.subjects(injury)]


def _witnessed(view: View, injury: Entry) -> bool:
    accounts = view.naming(EXPLANATION, "injuries", injury)
    return any(one.body.get("independently_witnessed") == "yes" for one in accounts)


def _occasions_near(view: View, child: str, entry: Entry, *, earlier: bool) -> Iterator[_Occasion]:
    """The occasions that began before (or after) an injury, the nearest first. Each once, only those that count."""
    listed, at = view.of(child, INJURY), view.place(child, entry)
    seen = {str(entry.body.get("occasion"))}
    for place in range(at - 1, -1, -1) if earlier else range(at + 1, len(listed)):
        name = str(listed[place].body.get("occasion"))
        if name not in seen and not listed[place].body.get("seen_before"):
            seen.add(name)
            occasion = _occasion(view, child, name)
            if occasion is not None:
                yield occasion


def _t04(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind == EXPLANATION:
        for injury in {named.key: named for _, named in _injuries_named(view, entry)}.values():
            yield from _t04(view, injury, figures)
        return
    for child in view.subjects(entry):
        here = _occasion(view, child, str(entry.body.get("occasion")))
        if here is not None:
            yield from _nth(view, child, here, figures)
            for later in islice(_occasions_near(view, child, here.entries[0], earlier=False), int(figures["n"]) - 1):
                yield from _nth(view, child, later, figures)


def _nth(view: View, child: str, latest: _Occasion, figures: Figures) -> Iterator[Match]:
    """Is this the n-th or later occasion within the months?"""
    needed, months = int(figures["n"]) - 1, _months(int(figures["months"]))
    near: list[_Occasion] = []
    answers: list[bool | None] = []
    for earlier in _occasions_near(view, child, latest.entries[0], earlier=True):
        answer = within(earlier.when, latest.when, months)
        if answer is False or len(near) >= max(needed, MOST_EVIDENCE):
            break
        near.append(earlier)
        answers.append(answer)
    surely = answers.count(True)
    holds = True if surely >= needed else (None if len(near) >= needed else False)
    counted = [one for one, answer in zip(near, answers, strict=True) if answer or not holds]
    evidence = [entry for one in (*reversed(counted), latest) for entry in one.entries]
    why = f"{len(counted) + 1} occasions within {figures['months']} months, none independently witnessed"
    yield from _answer(holds, child, ("occasion", latest.name), evidence, "the day of an occasion", why)


# --- T05: what another agency does not know ---------------------------------------------------------------------------

_CONCERNS = (INJURY, OBSERVATION, ABUSE_NOTICE)


def _is_concern(entry: Entry) -> bool:
    return entry.kind != OBSERVATION or entry.body.get("weight") == "concern"


def _t05_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    if _is_concern(entry):
        yield london_day(entry.noted), entry


def _t05_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    if not _is_concern(entry):
        return
    at = end_of_day(day)
    for child in view.subjects(entry):
        unknown = list(islice(_unknown_pairs(view, entry, child, int(figures["months"]), at), MOST_EVIDENCE))
        agencies = {entry.agency, *(one.agency for one in unknown)}
        if unknown and len(agencies) >= int(figures["agencies"]):
            yield Match(
                person=child,
                key=("concern", view.root(entry)),
                evidence=(*reversed(unknown), entry),
                because=f"held by {', '.join(sorted(agencies))}, and not known to all of them",
            )


def _unknown_pairs(view: View, entry: Entry, child: str, months: int, at: datetime) -> Iterator[Entry]:
    """Earlier noted concerns of other agencies, nearest first, where one of the two does not know the other's."""
    mine, last = (entry.noted, entry.agency, entry.ref), _months(months)

    def counts(other: Entry) -> bool:
        if other.agency == entry.agency or (other.noted, other.agency, other.ref) >= mine:
            return False
        return not view.knew(entry.agency, other, at) or not view.knew(other.agency, entry, at)

    day, last_day = entry.happened.earliest, entry.happened.latest
    if day is None or last_day is None:
        return
    shelves = [
        view.register(("concerns", kind), kind, lambda one: view.subjects(one) if _is_concern(one) else ()).shelf(child)
        for kind in _CONCERNS
    ]
    after, first = last_day + timedelta(1), start_of_day(add_months(day, -months))
    later = [one for shelf in shelves for one in shelf.on_or_after(after) if counts(one)]
    for one in sorted(later, key=view.order, reverse=True):
        if within(entry.happened, one.happened, last):
            yield one
    for one in merge(*(shelf.before(after) for shelf in shelves), key=view.order, reverse=True):
        if one.happened.sorting < first:
            return
        if counts(one) and (one.happened.day is not None or within(one.happened, entry.happened, last)):
            yield one


# --- T06, T07, T20: attendances -------------------------------------------------------------------------------------


def _t06(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.body.get("reason") != "injury":
        return
    said = entry.body.get("event_said_at")
    holds = _later_than(entry.happened, engine.moment(said), timedelta(hours=int(figures["hours"]))) if said else None
    for child in view.subjects(entry):
        why = f"event said at {said}, help sought {engine.when_text(entry.happened)}"
        yield from _answer(holds, child, roots(view, [entry]), [entry], "when it is said to have happened", why)


def _later_than(when: When, said: Any, allowed: timedelta) -> bool | None:
    if when.at is not None:
        return bool(when.at - said > allowed)
    if when.earliest is None or when.latest is None:
        return None
    first, last = start_of_day(when.earliest), end_of_day(when.latest)
    surely, perhaps = first - said > allowed, last - said > allowed
    return bool(surely) if surely == perhaps else None


def _unscheduled(entry: Entry) -> bool:
    return entry.body.get("scheduled") == "no"


def _t07(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry) if _unscheduled(entry) else ():
        listed = [
            one for one in _window(view, child, ATTENDANCE, entry, int(figures["months"]), most=64) if _unscheduled(one)
        ]
        at = listed.index(entry)
        for place in range(at, min(len(listed), at + int(figures["attendances"]))):
            yield from _attended(view, child, listed, place, figures)


def _attended(view: View, child: str, listed: Sequence[Entry], at: int, figures: Figures) -> Iterator[Match]:
    latest, months = listed[at], _months(int(figures["months"]))
    earlier = [one for one in listed[:at] if within(one.happened, latest.happened, months)]
    needed = int(figures["attendances"])
    if len(earlier) + 1 >= needed:
        evidence = [*earlier[len(earlier) - needed + 1 :], latest]
        why = f"{len(earlier) + 1} unscheduled attendances within {figures['months']} months"
        yield Match(person=child, key=("attendances", view.root(latest)), evidence=tuple(evidence), because=why)
    first_at: dict[str, Entry] = {}
    for one in earlier:
        first_at.setdefault(str(one.body.get("site")), one)
    if str(latest.body.get("site")) not in first_at and len(first_at) + 1 >= int(figures["sites"]):
        why = f"unscheduled at {len(first_at) + 1} sites within {figures['months']} months"
        key = ("sites", view.root(latest))
        yield Match(person=child, key=key, evidence=(*first_at.values(), latest), because=why)


def _window(view: View, child: str, kind: str, entry: Entry, months: int, *, most: int = 16) -> list[Entry]:
    """What of one kind is about a child and may be within the months of an entry, in order; `most` each way."""
    day = entry.happened.day
    if day is None:
        return [entry]
    first, last = add_months(day, -months), add_months(day, months)
    earlier: list[Entry] = []
    for one in islice(view.before(child, kind, day), most):
        if (one.happened.day or date.min) < first:
            break
        earlier.append(one)
    later: list[Entry] = []
    for one in islice(view.on_or_after(child, kind, day), most):
        if (one.happened.day or date.max) > last:
            break
        later.append(one)
    found = [*reversed(earlier), *later]
    return found if entry in found else [*found, entry]


def _t20(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        visits: Iterable[Entry] = [entry]
        if entry.kind != ATTENDANCE:  # a plan or a spell of care that comes to be known after the visit
            visits = view.on_or_after(child, ATTENDANCE, entry.happened.earliest or date.min)
        for visit in visits:
            if _unscheduled(visit):
                plan = state.plan_at(plans_of(view, child), visit.happened)
                care = _in_care(view, child, visit.happened)
                if plan or care:
                    because = "on a protection plan" if plan else "looked after"
                    evidence = (visit, *([plan.made] if plan else []), *([care.began] if care else []))
                    yield Match(person=child, key=roots(view, [visit]), evidence=evidence, because=because)


# --- T08: was not brought -------------------------------------------------------------------------------------------


def _t08(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    children = view.subjects(entry)
    if entry.kind != APPOINTMENT:
        since = entry.happened.earliest or date.min
        for child in children:
            yield from _on_neglect_plan(view, child, view.on_or_after(child, APPOINTMENT, since))
        return
    for child in children:
        if entry.body.get("outcome") != "was_not_brought":
            continue
        yield from _on_neglect_plan(view, child, [entry])
        yield from _runs(view, child, entry, figures)
        yield from _misses(view, child, entry, figures)


def _on_neglect_plan(view: View, child: str, appointments: Iterable[Entry]) -> Iterator[Match]:
    made = plans_of(view, child)
    for missed in appointments:
        category = _neglect(made, missed) if missed.body.get("outcome") == "was_not_brought" else None
        if category is not None:
            key = ("neglect", view.root(missed))
            why = "not brought while on a plan for neglect"
            yield Match(person=child, key=key, evidence=(missed, category), because=why)


def _neglect(made: Sequence[state.Plan], missed: Entry) -> Entry | None:
    """The entry that set the category to neglect, where it held on the day of the appointment."""
    plan = state.plan_at(made, missed.happened)
    setting = plan.category_at(missed.happened) if plan else None
    return setting.entry if setting and setting.value == "NEG" else None


def _runs(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    """Every run of so many that this appointment is in, with no `attended` between."""
    length = int(figures["running"])
    run = [*reversed(list(_missed(view, child, entry, length, earlier=True))), entry]
    run += list(_missed(view, child, entry, length, earlier=False))
    for first in range(len(run) - length + 1):
        some = run[first : first + length]
        if _neglect(plans_of(view, child), some[-1]) is None:
            yield Match(
                person=child, key=("running", roots(view, some)), evidence=tuple(some), because=f"{length} running"
            )


def _missed(view: View, child: str, entry: Entry, length: int, *, earlier: bool) -> Iterator[Entry]:
    """Up to `length - 1` misses next to an appointment, the nearest first, until an `attended`."""
    listed = view.of(child, APPOINTMENT)
    at = view.place(child, entry)
    found = 0
    for place in range(at - 1, -1, -1) if earlier else range(at + 1, len(listed)):
        outcome = listed[place].body.get("outcome")
        if outcome == "attended" or found == length - 1:
            return
        if outcome == "was_not_brought":
            found += 1
            yield listed[place]


def _misses(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    """So many in the months, whatever lies between."""
    needed, months = int(figures["in_period"]), _months(int(figures["months"]))
    near = _window(view, child, APPOINTMENT, entry, int(figures["months"]))
    missed = [one for one in near if one.body.get("outcome") == "was_not_brought"]
    at = missed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = missed[first : first + needed]
        if len(some) < needed or _neglect(plans_of(view, child), some[-1]) is not None:
            continue
        if within(some[0].happened, some[-1].happened, months):
            why = f"{needed} within {figures['months']} months"
            yield Match(person=child, key=("period", roots(view, some)), evidence=tuple(some), because=why)


# --- T09: not seen as the plan needs --------------------------------------------------------------------------------


def _plan_visit(entry: Entry) -> bool:
    return entry.kind == VISIT and entry.body.get("purpose") == "protection_plan"


def _t09(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != VISIT or not _plan_visit(entry):
        return
    running = int(figures["visits_running"])
    for child in view.subjects(entry):
        near = _plan_visits_near(view, child, entry, running)
        for first in range(len(near) - running + 1):
            yield from _run_of_visits(view, child, near[first : first + running], figures)


def _plan_visits_near(view: View, child: str, entry: Entry, running: int) -> list[Entry]:
    """The plan visits next to this one, so many to each side, in order."""
    listed, at = view.of(child, VISIT), view.place(child, entry)
    earlier = islice((listed[n] for n in range(at - 1, -1, -1) if _plan_visit(listed[n])), running - 1)
    later = islice((listed[n] for n in range(at + 1, len(listed)) if _plan_visit(listed[n])), running - 1)
    return [*reversed(list(earlier)), entry, *later]


def _run_of_visits(view: View, child: str, visits: Sequence[Entry], figures: Figures) -> Iterator[Match]:
    found = (
        ("alone", _all_say(visits, "alone", "no"), "not seen alone"),
        ("home", _both(*(_rooms_unseen(visit) for visit in visits)), "home or bedroom not seen"),
        ("asleep", _asleep(view, child, visits, int(figures["asleep_under_months"])), "seen only asleep"),
    )
    for limb, holds, why in found:
        key = (limb, roots(view, visits))
        yield from _answer(holds, child, key, visits, f"{limb} at one of the visits", f"{why}, {len(visits)} running")


def _all_say(visits: Iterable[Entry], name: str, want: str) -> bool | None:
    """Do all visits say so? Unknown leaves it open only where the child was seen at that visit."""
    answer: bool | None = True
    for visit in visits:
        said = _says(visit, name, want)
        if said is False:
            return False
        answer = answer and said
    return answer


def _rooms_unseen(visit: Entry) -> bool | None:
    return _either(_says(visit, "home_seen", "no"), _says(visit, "bedroom_seen", "no"))


def _says(visit: Entry, name: str, want: str) -> bool | None:
    said = visit.body.get(name)
    if said == "unknown" and visit.body.get("seen") == "yes":
        return None
    return bool(said == want)


def _asleep(view: View, child: str, visits: Sequence[Entry], months: int) -> bool | None:
    asleep = _all_say(visits, "awake", "asleep")
    if asleep is False:
        return False
    return _both(asleep, *(view.under(child, months, visit.happened) for visit in visits))


def _t09_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    """The day after each visit to the child falls due. A new plan or interval moves the days of later visits."""
    starts = [entry]
    if entry.kind in (INITIAL, state.TRANSFER, state.CHANGED):
        since = entry.happened.earliest or date.min
        kinds = (VISIT, INITIAL, state.TRANSFER)
        starts += [
            one for child in view.subjects(entry) for kind in kinds for one in view.on_or_after(child, kind, since)
        ]
    for start in starts:
        for due in engine.dues(view, SEE_THE_CHILD, start):
            if due is not None:
                yield engine.day_after(due), start


def _t09_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    for duty in engine.started(view, SEE_THE_CHILD, entry, day):
        if duty.state is engine.State.OVERDUE:
            why = f"not seen by {engine.due_text(duty.due)}"
            yield Match(person=duty.person or "", key=("overdue", view.root(entry)), evidence=(entry,), because=why)


# --- T10: who lives here --------------------------------------------------------------------------------------------


def _t10(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != HOUSEHOLD:
        return
    for child in view.subjects(entry):
        yield from _unidentified(view, child, entry)
        yield from _disputed(view, child, entry)
        yield from _left_out(view, child, entry, int(figures["adult_from_months"]))
        yield from _newcomers(view, child, entry, int(figures["adult_from_months"]))


def _named(view: View, statement: Entry) -> list[str]:
    return view.subjects(statement, "household")


def _unidentified(view: View, child: str, statement: Entry) -> Iterator[Match]:
    known = {concern.record for one in view.kind(IDENTIFIED) for concern in one.concerns}
    for record in state.stated(statement) if state.says_here(statement) else ():
        facts = view.case.people.get(record)
        if facts is not None and not facts.identified and record not in known:
            key = ("unidentified", record, view.root(statement))
            yield Match(person=child, key=key, evidence=(statement,), because=f"{record.ref} is not identified")


def _homes(view: View) -> Register:
    """Household statements by child, what they say, and whom they name."""
    return view.register("homes", HOUSEHOLD, lambda one: _home_keys(view, one))


def _home_keys(view: View, statement: Entry) -> list[object]:
    says = "here" if state.says_here(statement) else statement.body.get("lives_here")
    named = _named(view, statement)
    keys: list[object] = [(child, says, person) for child in view.subjects(statement) for person in named]
    if says == "here" and statement.body.get("only_these") == "yes":
        keys += [(child, "only") for child in view.subjects(statement)]
    return keys


def _disputed(view: View, child: str, statement: Entry) -> Iterator[Match]:
    """One statement says that a person lives here, another that the person does not."""
    says = state.says_here(statement)
    if not says and statement.body.get("lives_here") != "no":
        return
    for person in _named(view, statement):
        against = _homes(view).of((child, "no" if says else "here", person))
        yield from _pairs(view, child, "disputed", person, statement, against)


def _pairs(
    view: View, child: str, limb: str, person: str, statement: Entry, others: Sequence[Entry]
) -> Iterator[Match]:
    """One finding for each statement that came to be known after those that it does not agree with."""
    mine = _became_known(view, statement)
    earlier = [*islice((one for one in reversed(others) if _became_known(view, one) < mine), MOST_EVIDENCE)]
    if earlier:
        key = (limb, person, view.root(statement))
        why = f"statements about {person} do not agree"
        yield Match(person=child, key=key, evidence=(*reversed(earlier), statement), because=why)


def _adult(view: View, person: str, statement: Entry, months: int) -> bool:
    """Was this person an adult when it was stated? An unknown birth date counts as adult."""
    return view.under(person, months, statement.happened) is not True and not view.unborn(person)


def _left_out(view: View, child: str, statement: Entry, months: int) -> Iterator[Match]:
    """A statement that only these live here leaves out an adult whom another puts there."""
    if not state.says_here(statement):
        return
    homes, named = _homes(view), _named(view, statement)
    only = homes.of((child, "only"))
    for person in named:
        if _adult(view, person, statement, months):
            against = [one for one in only if person not in _named(view, one)]
            yield from _pairs(view, child, "left out", person, statement, against)
    if statement.body.get("only_these") == "yes":
        for person in _ever_here(view, child):
            if person not in named:
                placing = [one for one in homes.of((child, "here", person)) if _adult(view, person, one, months)]
                yield from _pairs(view, child, "left out", person, statement, placing)


def _ever_here(view: View, child: str) -> list[str]:
    """Everyone whom a statement puts in this child's home."""
    register = view.register("put here", HOUSEHOLD, lambda one: _put_here(view, one))
    return [str(key[1]) for key in list(register.shelves) if isinstance(key, tuple) and key[0] == child]


def _put_here(view: View, statement: Entry) -> list[object]:
    named = _named(view, statement) if state.says_here(statement) else []
    return [(child, person) for child in view.subjects(statement) for person in named]


def _newcomers(view: View, child: str, statement: Entry, months: int) -> Iterator[Match]:
    """An adult who was not in the first statements and is later said to be there."""
    dated = view.on_or_after(child, HOUSEHOLD, date(1, 1, 2))
    opening = next((one.happened.day for one in dated if one.happened.day is not None), None)
    if opening is None:
        return
    first = [one for one in islice(view.on_or_after(child, HOUSEHOLD, opening), 64) if one.happened.day == opening]
    there = {person for one in first if state.says_here(one) for person in _named(view, one)}
    later: Iterable[Entry] = [statement]
    if statement.happened.day == opening:
        later = view.on_or_after(child, HOUSEHOLD, opening + timedelta(1))
    for one in later:
        if one.happened.day is None or not state.says_here(one):
            continue
        for person in _named(view, one):
            if person not in there and _adult(view, person, one, months):
                key = ("new", person, view.root(one))
                evidence = (*first[:MOST_EVIDENCE], one)
                yield Match(
                    person=child, key=key, evidence=evidence, because=f"{person} was not in the first statements"
                )


# --- T11: statements that cannot both be true ------------------------------------------------------------------------

_BOTH_WAYS = ("sibling_of", "partner_of", "former_partner_of", "expecting_child_with")
_TO_BE_TOLD = ("partner_of", "expecting_child_with")  # what "nothing to tell on relationships" denies
_ON_RELATIONSHIPS = ("relationship", "relationship_with_child_household")


def _t11(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind == OBSERVATION:
        yield from _contradicts(view, entry)
    elif entry.kind == DISCLOSED:
        yield from _untold(view, entry)
    else:
        if entry.kind == RELATED:
            yield from _denied(view, entry)
        people = [*view.subjects(entry), *(view.subjects(entry, "other") if entry.kind == RELATED else ())]
        for person in dict.fromkeys(people):
            for disclosed in view.of(person, DISCLOSED):
                yield from _untold(view, disclosed)


def _denied(view: View, statement: Entry) -> Iterator[Match]:
    """One statement says that two people are related in one way, another that they are not."""
    register = view.register("related", RELATED, lambda one: _related_keys(view, one))
    opposite = {"yes": "no", "no": "yes"}.get(str(statement.body.get("exists")))
    for person in view.subjects(statement) if opposite else ():
        for *pair, _ in _related_keys(view, statement):
            yield from _pairs(view, person, "denied", str(pair[-1]), statement, register.of((*pair, opposite)))


def _related_keys(view: View, statement: Entry) -> list[tuple[object, ...]]:
    how, exists = str(statement.body.get("relationship")), statement.body.get("exists")
    pairs = [(one, other) for one in view.subjects(statement) for other in view.subjects(statement, "other")]
    if how in _BOTH_WAYS:
        pairs = [(min(pair), max(pair)) for pair in pairs]
    return [(one, other, how, exists) for one, other in pairs]


def _untold(view: View, disclosed: Entry) -> Iterator[Match]:
    """Nothing to tell on relationships, while another entry shows one that began on or before that day."""
    if disclosed.body.get("nothing_to_tell") != "yes" or disclosed.body.get("topic") not in _ON_RELATIONSHIPS:
        return
    for person in view.subjects(disclosed):
        for shown, since in _relationships_shown(view, person):
            key = ("untold", view.root(disclosed), view.root(shown))
            holds = _began_by(shown, since, disclosed.happened)
            why = "nothing to tell on relationships, while one is shown"
            yield from _answer(holds, person, key, (shown, disclosed), "the day on which it began", why)


def _relationships_shown(view: View, person: str) -> Iterator[tuple[Entry, str]]:
    for part in ("subject", "other"):
        for one in view.of(person, RELATED, part):
            if one.body.get("exists") == "yes" and one.body.get("relationship") in _TO_BE_TOLD:
                yield one, "from"
    for one in view.of(person, FOUND_OUT):
        if one.body.get("topic") in _ON_RELATIONSHIPS:
            yield one, "fact_from"


def _began_by(shown: Entry, since: str, told: When) -> bool | None:
    """Had it begun by the day of the telling (inclusive)? Without a day of its own, it had by the day it was shown."""
    if told.earliest is None or told.latest is None:
        return None
    if given := shown.body.get(since):
        began = as_date(given)
        surely, perhaps = began <= told.earliest, began <= told.latest
        return surely if surely == perhaps else None
    by = shown.happened.latest
    return True if by is not None and by <= told.earliest else None


def _contradicts(view: View, observation: Entry) -> Iterator[Match]:
    """An observation that names what it contradicts. What was withdrawn is contradicted no more."""
    refs = observation.body.get("contradicts") or ()
    meant = [view.index.find(str(ref), agency=observation.agency) for ref in refs]
    named = [view.standing(view.root(one)) if one else None for one in meant]
    gone = [one is not None and one.key in view.since and now is None for one, now in zip(meant, named, strict=True)]
    if refs and not all(gone):
        evidence = (*(one for one in named if one is not None), observation)
        for person in view.subjects(observation):
            key = ("contradicts", view.root(observation))
            yield Match(person=person, key=key, evidence=evidence, because="the observation contradicts what it names")


# --- T12 to T16, T18 -------------------------------------------------------------------------------------------------


def _t12(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    running = int(figures["running"])
    for child in view.subjects(entry):
        listed, at = view.of(child, CORE_GROUP), view.place(child, entry)
        for first in range(max(0, at - running + 1), at + 1):
            some = listed[first : first + running]
            if len(some) < running:
                continue
            missed = set.intersection(*(set(one.body.get("actions_missed") or ()) for one in some))
            for text in sorted(missed):
                key = ("missed", text, roots(view, some))
                yield Match(
                    person=child, key=key, evidence=tuple(some), because=f"missed {running} times running: {text}"
                )


_FAMILY_AND_OTHERS = ("1A", "1B", "1D", "9")


def _outside_concern(entry: Entry) -> bool:
    return entry.body.get("concern") == "yes" and entry.body.get("source") in _FAMILY_AND_OTHERS


def _t13(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        if entry.body.get("closed_as_malicious") == "yes":
            key = ("malicious", view.root(entry))
            yield Match(person=child, key=key, evidence=(entry,), because="closed as malicious")
        if _outside_concern(entry):
            months = int(figures["months"])
            listed = [one for one in _window(view, child, CONTACT, entry, months) if _outside_concern(one)]
            at = listed.index(entry)
            for place in range(at, min(len(listed), at + int(figures["sources"]))):
                yield from _sources(view, child, listed[: place + 1], figures)


def _sources(view: View, child: str, listed: Sequence[Entry], figures: Figures) -> Iterator[Match]:
    latest, months = listed[-1], _months(int(figures["months"]))
    near: dict[tuple[object, ...], Entry] = {}
    for one in listed:
        if within(one.happened, latest.happened, months):
            near[(one.body.get("source"), *view.subjects(one, "informant"))] = one
    if len(near) >= int(figures["sources"]):
        key = ("sources", view.root(latest))
        why = f"{len(near)} separate sources within {figures['months']} months"
        yield Match(person=child, key=key, evidence=tuple(near.values()), because=why)


def _t14(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        if entry.kind == REFERRAL:
            yield from _again(view, child, entry, figures)
        if entry.kind in (INITIAL, state.TRANSFER):
            yield from _second_plan(view, child, entry)


def _again(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    listed, at = view.of(child, REFERRAL), view.place(child, entry)
    for place in (at, at + 1):
        if not 0 < place < len(listed):
            continue
        before, this = listed[place - 1], listed[place]
        holds = within(before.happened, this.happened, _months(int(figures["rereferral_months"])))
        key = ("referral", view.root(this))
        yield from _answer(holds, child, key, (before, this), "the day of a referral", "referred again")


def _second_plan(view: View, child: str, entry: Entry) -> Iterator[Match]:
    made = plans_of(view, child)
    later = view.on_or_after(child, INITIAL, entry.happened.earliest or date.min)
    conferences = [one for one in later if one.body.get("plan") == "yes"]
    for one in conferences:
        earlier = [plan.made for plan in made if one.happened.follows(plan.made.happened)]
        if earlier or int(one.body.get("previous_plans") or 0) > 0:
            evidence = (*earlier[-MOST_EVIDENCE:], one)
            yield Match(person=child, key=("plan", view.root(one)), evidence=evidence, because="a second or later plan")


def _t14_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    for child in view.subjects(entry) if entry.kind in PLAN_KINDS else ():
        for plan in plans_of(view, child):
            if plan.made.happened.day is not None:
                yield add_months(plan.made.happened.day, 12 * int(figures["plan_years"])), plan.made


def _t14_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    for child in view.subjects(entry) if entry.kind in PLAN_KINDS else ():
        for plan in plans_of(view, child):
            made = plan.made.happened.day
            ended = plan.ended.happened.day if plan.ended else None
            long = made is not None and add_months(made, 12 * int(figures["plan_years"])) <= day
            if long and (plan.ended is None or (ended is not None and ended > day)):
                key = ("long", view.root(plan.made))
                yield Match(
                    person=child, key=key, evidence=(plan.made,), because=f"open for {figures['plan_years']} years"
                )


def _t15(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind != ABUSE_NOTICE:
        return
    for child in view.subjects(entry):
        yield from _notices(view, child, entry, figures)
        alone = _vulnerable(view, entry, int(figures["child_under_months"]))
        because = "the victim is pregnant or a child is under the age"
        key = ("vulnerable", view.root(entry))
        if alone is None and _in_period(view, child, entry, figures):
            continue  # not a single one: the number has told
        yield from _answer(alone, child, key, (entry,), "whether the victim is pregnant", because)


def _vulnerable(view: View, entry: Entry, months: int) -> bool | None:
    pregnant = entry.body.get("victim_pregnant")
    infants = [view.under(child, months, entry.happened) for child in view.subjects(entry)]
    return _either(None if pregnant == "unknown" else pregnant == "yes", *infants)


def _in_period(view: View, child: str, entry: Entry, figures: Figures) -> bool:
    return any(True for _ in _notices(view, child, entry, figures))


def _notices(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    needed, months = int(figures["notices"]), _months(int(figures["months"]))
    listed = _window(view, child, ABUSE_NOTICE, entry, int(figures["months"]))
    at = listed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = listed[first : first + needed]
        if len(some) == needed and within(some[0].happened, some[-1].happened, months):
            key = ("notices", view.root(some[-1]))
            yield Match(
                person=child, key=key, evidence=tuple(some), because=f"{needed} within {figures['months']} months"
            )


def _moved(entry: Entry) -> bool:
    return entry.kind == MOVE and entry.body.get("step") == "notified" and entry.body.get("on_plan") == "yes"


def _t16_last(view: View, entry: Entry, figures: Figures) -> date | None:
    day = entry.happened.day
    return _working_days_after(view, day, int(figures["working_days"])) if day is not None and _moved(entry) else None


def _t16_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    last = _t16_last(view, entry, figures)
    if last is not None:
        yield last, entry


def _t16_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    last = _t16_last(view, entry, figures)
    if last is None or day < last:
        return
    answers = view.naming(MOVE, "notified", entry)
    for child in view.subjects(entry):
        if not any(one.body.get("step") == "receipted" and child in view.subjects(one) for one in answers):
            yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because="no receipt")


def _t18(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    quorate = entry.body.get("quorate")
    if entry.kind == STRATEGY:
        lacks = sorted({"la", "police", "health"} - set(entry.body.get("attended") or ()))
        silent = list(entry.body.get("asked_and_silent") or ())
        holds: bool | None = bool(lacks or silent)
        because = f"without {', '.join(lacks)}" if lacks else f"asked and silent: {', '.join(silent)}"
    else:
        holds, because = (None if quorate == "unknown" else quorate == "no"), "not quorate"
    for child in view.subjects(entry):
        yield from _answer(holds, child, roots(view, [entry]), [entry], "whether the meeting was quorate", because)


# --- T17, T19: what is known of an adult who is linked to a child -----------------------------------------------------

_POSES_RISK = ("high", "very_high")
_CARES = ("parent_of", "step_parent_of", "carer_of")
_CHILDHOOD = 216  # months


def _t17(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    people = [person for part in ("subject", "other") for person in view.subjects(entry, part)]
    parents = [*people, *(parent for person in people for parent, _ in _parents(view, person))]
    for parent in dict.fromkeys(parents):
        for unborn, expects in _children(view, parent):
            if view.unborn(unborn):
                yield from _removed(view, parent, unborn, expects)
                yield from _poses_risk(view, parent, unborn, expects)


def _parents(view: View, child: str) -> Iterator[tuple[str, Entry]]:
    for stated in view.of(child, RELATED, "other"):
        if stated.body.get("relationship") == "parent_of" and stated.body.get("exists") == "yes":
            for parent in view.subjects(stated):
                yield parent, stated


def _children(view: View, parent: str) -> Iterator[tuple[str, Entry]]:
    for stated in view.of(parent, RELATED):
        if stated.body.get("relationship") == "parent_of" and stated.body.get("exists") == "yes":
            for child in view.subjects(stated, "other"):
                yield child, stated


def _removed(view: View, parent: str, unborn: str, expects: Entry) -> Iterator[Match]:
    for child, stated in _children(view, parent):
        for shows in _taken_into_care(view, child) if child != unborn else ():
            key = ("removed", parent, child, view.root(shows))
            why = "a parent of the unborn child had a child who was looked after or has a care order"
            yield Match(person=unborn, key=key, evidence=(expects, stated, shows), because=why)


def _taken_into_care(view: View, child: str) -> Iterator[Entry]:
    yield from (one for one in view.of(child, state.LOOKED_AFTER) if one.body.get("change") == "started")
    for order in view.of(child, PROTECTED):
        if order.body.get("power") == "care_order" and not view.naming(PROTECTED_NO_MORE, "started", order):
            yield order


def _poses_risk(view: View, parent: str, unborn: str, expects: Entry) -> Iterator[Match]:
    readings = view.of(parent, RISK)
    if readings:
        level = readings[-1].body.get("children")
        holds = None if level == "unknown" else level in _POSES_RISK
        key = ("risk", parent, view.root(readings[-1]))
        why = f"risk to children read as {level} for a parent of the unborn child"
        yield from _answer(holds, unborn, key, (expects, readings[-1]), "the risk to children", why)


def _t19(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind not in (RELATED, HOUSEHOLD):
        for adult in view.subjects(entry):
            yield from _bridged(view, adult, [entry])
        if entry.kind == MAPPA:  # a setting that comes late makes the one after it a later one
            for adult in view.subjects(entry):
                yield from _bridged(view, adult, view.of(adult, MAPPA))
        return
    near = [person for part in ("subject", "other", "household") for person in view.subjects(entry, part)]
    near += [partner for person in dict.fromkeys(near) for partner, _ in _partners(view, person)]
    for adult in dict.fromkeys(near):
        for kind in _CHANGES:
            yield from _bridged(view, adult, view.of(adult, kind))


def _bridged(view: View, adult: str, changes: Sequence[Entry]) -> Iterator[Match]:
    """Each change of status of an adult, for each child to whom the adult is linked."""
    linked = _linked_children(view, adult) if changes else {}
    for change in changes:
        if change.kind == MAPPA and view.of(adult, MAPPA)[0] is change:
            continue  # the first setting changes nothing
        if view.under(adult, _CHILDHOOD, change.happened):
            continue
        for child, links in linked.items():
            young = view.unborn(child) or view.under(child, _CHILDHOOD, change.happened)
            if young is None and not _known_here(view, child):
                continue
            evidence = (change, *links[:MOST_EVIDENCE])
            why = f"{change.kind} of an adult who is linked to the child"
            key = ("change", view.root(change))
            yield from _answer(young, child, key, evidence, "whether the person is still a child", why)


def _known_here(view: View, person: str) -> bool:
    """Is anything of safeguarding recorded about this person? One whose age nobody knows counts as adult without it."""
    return any(one.kind.startswith(state.PREFIX) for one in view.all_about(person))


def _linked_children(view: View, adult: str) -> dict[str, list[Entry]]:
    """The people whose parent, step-parent or carer this adult is (or is a partner of), or with whom they live."""
    found: dict[str, list[Entry]] = {}
    for carer, via in [(adult, None), *_partners(view, adult)]:
        for stated in view.of(carer, RELATED):
            if stated.body.get("relationship") in _CARES and stated.body.get("exists") == "yes":
                for child in view.subjects(stated, "other"):
                    found.setdefault(child, []).extend([via, stated] if via else [stated])
    for part, others in (("household", "subject"), ("subject", "household")):
        for stated in view.of(adult, HOUSEHOLD, part):
            if state.says_here(stated):
                for child in view.subjects(stated, others):
                    found.setdefault(child, []).append(stated)
    found.pop(adult, None)
    return found


def _partners(view: View, person: str) -> list[tuple[str, Entry]]:
    return [
        (partner, stated)
        for part, other in (("subject", "other"), ("other", "subject"))
        for stated in view.of(person, RELATED, part)
        if stated.body.get("relationship") == "partner_of" and stated.body.get("exists") == "yes"
        for partner in view.subjects(stated, other)
    ]


# --- T21 to T25 (T23, about clocks, is the engine's own) --------------------------------------------------------------


def _reported(entry: Entry) -> bool:
    return entry.body.get("step") == "reported"


def _t21(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    for child in view.subjects(entry):
        if _reported(entry):
            yield from _episodes(view, child, entry, figures)
        overnight = entry.body.get("overnight")
        young = view.under(child, 12 * int(figures["overnight_under_years"]), entry.happened)
        night = None if overnight == "unknown" else overnight == "yes"
        holds = _both(_reported(entry), night, young)
        key = ("overnight", view.root(entry))
        yield from _answer(holds, child, key, (entry,), "whether overnight, and the age", "missing overnight")


def _episodes(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    needed, days = int(figures["episodes"]), timedelta(int(figures["days"]))
    near = _window(view, child, MISSING, entry, int(figures["days"]) // 28 + 1)
    listed = [one for one in near if _reported(one)]
    at = listed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = listed[first : first + needed]
        if len(some) == needed and within(some[0].happened, some[-1].happened, lambda day: day + days):
            key = ("episodes", view.root(some[-1]))
            yield Match(person=child, key=key, evidence=tuple(some), because=f"{needed} within {figures['days']} days")


def _t22(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    """Asked only from the day on which a partnership says that the Act of 2026 is in force for it."""
    since = figures.get("in_force_from")
    for child in view.subjects(entry) if since else ():
        changes: Iterable[Entry] = [entry]
        if entry.kind != SCHOOLING:
            changes = view.on_or_after(child, SCHOOLING, entry.happened.earliest or date.min)
        for change in changes:
            day = change.happened.day
            if change.body.get("status") == "elective_home_education" and day is not None and day >= as_date(since):
                shows = _protected(view, child, change.happened)
                if shows:
                    because = "an enquiry is open" if shows.kind == state.ENQUIRY else "on a protection plan"
                    yield Match(person=child, key=roots(view, [change]), evidence=(change, shows), because=because)


def _protected(view: View, child: str, when: When) -> Entry | None:
    """What began the plan or the enquiry that was open then."""
    if plan := state.plan_at(plans_of(view, child), when):
        return plan.made
    for enquiry in view.of(child, state.ENQUIRY):
        done = view.naming(state.ENQUIRY_DONE, "enquiry", enquiry)
        if when.not_before(enquiry.happened) and not any(when.follows(one.happened) for one in done):
            return enquiry
    return None


def _open_step(entry: Entry) -> bool:
    return entry.body.get("status") in ("raised", "moved")


def _t24_last(view: View, entry: Entry, figures: Figures) -> date | None:
    day = entry.happened.day
    days = int(figures["working_days"])
    return _working_days_after(view, day, days) if day is not None and _open_step(entry) else None


def _t24_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    last = _t24_last(view, entry, figures)
    if last is not None:
        yield last + timedelta(1), entry


def _t24_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    last = _t24_last(view, entry, figures)
    if last is None or day <= last:
        return
    root = _escalation(view, entry)
    for child in view.subjects(entry):
        after = [
            one
            for one in view.of(child, ESCALATION)
            if one is not entry
            and _escalation(view, one) == root
            and view.order(one) > view.order(entry)
            and one.body.get("status") in ("moved", "resolved")
        ]
        if not after:
            why = f"open at step {entry.body.get('step')}"
            yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because=why)


def _escalation(view: View, entry: Entry) -> Key:
    """The escalation that a step belongs to: the entry that raised it."""
    raised = view.find(entry.body.get("raised"), agency=entry.agency) if entry.body.get("raised") else None
    return view.root(raised or entry)


def _t25_ends(view: View, entry: Entry, figures: Figures) -> Iterator[tuple[date, Entry]]:
    if entry.kind == ASKED:
        yield as_date(entry.body["reply_by"]) + timedelta(1), entry


def _t25_at(view: View, entry: Entry, figures: Figures, day: date) -> Iterator[Match]:
    if entry.kind != ASKED or day <= as_date(entry.body["reply_by"]):
        return
    if view.naming(ANSWERED, "request", entry):
        return
    for child in view.subjects(entry):
        why = f"no reply by {entry.body['reply_by']}"
        yield Match(person=child, key=roots(view, [entry]), evidence=(entry,), because=why)


# --- the declarations -----------------------------------------------------------------------------------------------


def _threshold(rule: str, what: str, kinds: Iterable[str], question: str, to: str, **parts: Any) -> Threshold:
    return Threshold(
        id=rule, what=what, question=question, to=to, kinds=frozenset(kinds), rows=tuple(LAW.of(rule)), **parts
    )


_HUB = "multi-agency safeguarding hub"
_LEAD = "lead social worker"

THRESHOLDS = (
    _threshold(
        "T01",
        "injury in a child who does not move independently",
        (INJURY,),
        "Has a suitably qualified clinician examined the child today, and has what agencies hold been discussed?",
        _HUB,
        finds=_t01,
        settled_by=frozenset({BORN}),
    ),
    _threshold(
        "T02",
        "TEN-4-FACESp screen",
        (INJURY,),
        "A clinician's screening aid only: has a paediatrician seen this?",
        _HUB,
        finds=_t02,
        settled_by=frozenset({BORN}),
    ),
    _threshold(
        "T03",
        "explanation absent, changed, differing or judged not to fit",
        (INJURY, EXPLANATION, OPINION),
        "Suspect maltreatment: refer?",
        _HUB,
        finds=_t03,
    ),
    _threshold(
        "T04",
        "repeated injury occasions",
        (INJURY, EXPLANATION),
        "Has anyone looked at all of them together? Is a strategy discussion needed?",
        _HUB,
        finds=_t04,
    ),
    _threshold(
        "T05",
        "agencies hold concerns that another does not know of",
        _CONCERNS,
        "Share now, call the other agency: is a joint view recorded?",
        _HUB,
        ends=_t05_ends,
        finds_at=_t05_at,
        with_known_to=False,
    ),
    _threshold(
        "T06",
        "delay before help was sought",
        (ATTENDANCE,),
        "Is the reason recorded, and who accepted it?",
        "the clinician who saw the child",
        finds=_t06,
    ),
    _threshold(
        "T07",
        "unscheduled attendances",
        (ATTENDANCE,),
        "Have they been reviewed as a pattern?",
        "named doctor or nurse",
        finds=_t07,
    ),
    _threshold(
        "T08",
        "was not brought",
        (APPOINTMENT, *PLAN_KINDS),
        "Why; what need went unmet; who will see the child?",
        _LEAD,
        finds=_t08,
    ),
    _threshold(
        "T09",
        "child not seen as the plan needs",
        (VISIT, *PLAN_KINDS),
        "Visit today, unannounced? Is a police welfare check needed?",
        _LEAD,
        finds=_t09,
        ends=_t09_ends,
        finds_at=_t09_at,
        settled_by=frozenset({BORN}),
        reads=frozenset({"people.died"}),
    ),
    _threshold(
        "T10",
        "new, unidentified or disputed adult in the household",
        (HOUSEHOLD,),
        "Who is it; checked with police and probation; seen with the child?",
        _LEAD,
        finds=_t10,
        reach="linked",  # that an adult was identified may be said without naming the child
        reads=frozenset({IDENTIFIED}),
    ),
    _threshold(
        "T11",
        "statements that cannot both be true",
        (RELATED, DISCLOSED, FOUND_OUT, OBSERVATION),
        "Was it put to the person? Which is relied on, and why?",
        "whoever holds the case",
        finds=_t11,
    ),
    _threshold(
        "T12",
        "agreed action missed in two running core groups",
        (CORE_GROUP,),
        "What would show real change? What is the contingency plan?",
        _LEAD,
        finds=_t12,
    ),
    _threshold(
        "T13",
        "concerns from separate family, neighbour or anonymous sources",
        (CONTACT,),
        "Was each one checked with a second source? Was the child seen?",
        _HUB,
        finds=_t13,
    ),
    _threshold(
        "T14",
        "re-referral, repeat plan or long plan",
        (REFERRAL, *PLAN_KINDS),
        "What is different this time?",
        "conference chair",
        finds=_t14,
        ends=_t14_ends,
        finds_at=_t14_at,
    ),
    _threshold(
        "T15",
        "domestic abuse notices",
        (ABUSE_NOTICE,),
        "Is a strategy discussion needed? What support has the parent who is not the abuser?",
        _HUB,
        finds=_t15,
        settled_by=frozenset({BORN}),
    ),
    _threshold(
        "T16",
        "child on a plan moved, not receipted",
        (MOVE,),
        "Who holds responsibility tonight?",
        "both authorities",
        ends=_t16_ends,
        finds_at=_t16_at,
    ),
    _threshold(
        "T17",
        "pregnancy where a parent had a child removed or poses a risk",
        (RELATED, state.LOOKED_AFTER, PROTECTED, RISK),
        "By which week will there be a pre-birth assessment?",
        _HUB,
        finds=_t17,
        reach="linked",
        reads=frozenset({PROTECTED_NO_MORE, BORN}),
        settled_by=frozenset({RISK}),
    ),
    _threshold(
        "T18",
        "meeting not quorate or information missing",
        (STRATEGY, INITIAL, state.TRANSFER, state.REVIEW),
        "Reconvene, or record why it was decided without them?",
        "conference chair",
        finds=_t18,
    ),
    _threshold(
        "T19",
        "status change of an adult linked to a child",
        (*_CHANGES, RELATED, HOUSEHOLD),
        "Who tells the lead practitioner, and what may be said?",
        "offender manager",
        finds=_t19,
        reach="linked",
        reads=frozenset({BORN}),
        settled_by=frozenset({BORN}),
    ),
    _threshold(
        "T20",
        "unscheduled care of a child on a plan or looked after",
        (ATTENDANCE, *PLAN_KINDS, state.LOOKED_AFTER),
        "Contact the site today.",
        _LEAD,
        finds=_t20,
    ),
    _threshold(
        "T21",
        "missing episodes",
        (MISSING,),
        "Is a strategy discussion or an exploitation screening needed?",
        _HUB,
        finds=_t21,
        settled_by=frozenset({BORN}),
    ),
    _threshold(
        "T22",
        "withdrawn to home education while protected",
        (SCHOOLING, state.ENQUIRY, *PLAN_KINDS),
        "Has the local authority consented?",
        "local authority, education",
        finds=_t22,
        reads=frozenset({state.ENQUIRY_DONE}),
    ),
    _threshold(
        "T23",
        "clock due soon or late",
        (),
        "Who owns it, and on what day will it be done?",
        "the owner of the duty",
        clocks=True,
    ),
    _threshold(
        "T24",
        "escalation open too long at one step",
        (ESCALATION,),
        "What is the next step of the escalation ladder?",
        "designated professional",
        ends=_t24_ends,
        finds_at=_t24_at,
    ),
    _threshold(
        "T25",
        "no reply to a request for information",
        (ASKED,),
        "Chase, escalate, or decide without?",
        "whoever asked",
        ends=_t25_ends,
        finds_at=_t25_at,
        reads=frozenset({ANSWERED}),
    ),
)
