"""Who lives with a child: adults who are new, not identified or in dispute (T10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice

from throughcare.duties.rules import Match
from throughcare.duties.view import Register, View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import HOUSEHOLD
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures, disagreeing
from throughcare.safeguarding.thresholds.declaring import LEAD, threshold

IDENTIFIED = "people.identified"


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
        yield from disagreeing(view, child, "disputed", person, statement, against)


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
            yield from disagreeing(view, child, "left out", person, statement, against)
    if statement.body.get("only_these") == "yes":
        for person in _ever_here(view, child):
            if person not in named:
                placing = [one for one in homes.of((child, "here", person)) if _adult(view, person, one, months)]
                yield from disagreeing(view, child, "left out", person, statement, placing)


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


THRESHOLDS = (
    threshold(
        "T10",
        "new, unidentified or disputed adult in the household",
        (HOUSEHOLD,),
        "Who is it; checked with police and probation; seen with the child?",
        LEAD,
        finds=_t10,
        reach="linked",  # that an adult was identified may be said without naming the child
        reads=frozenset({IDENTIFIED}),
    ),
)
