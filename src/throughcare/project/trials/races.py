"""T25: many writers on one case, and two people who decide at the same moment."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.db import IntegrityError

from throughcare.access import accounts, errors
from throughcare.access import actions as access
from throughcare.access import queries as access_queries
from throughcare.alerts import actions as alerts
from throughcare.ledger import actions as ledger
from throughcare.ledger import queries
from throughcare.ledger.errors import NothingToCorrect, VersionMoved
from throughcare.people import queries as people
from throughcare.project.trials import forking, holding, writing
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

WRITERS = 32
TRIES = 8  # of each writer on a case the whole way: no case grows beyond what cases are


def races(scratch: Scratch, seed: int, *, operations: int, whole: int, decisions: int) -> Outcome:
    """T25: so many tries of 32 writers to write on one case, `whole` of them the whole way; so many pairs at once."""
    scratch.fresh("trial_races")
    wrongs, began = Wrongs(), time.monotonic()
    writing.warm()
    forking.alone(partial(writing.set_scene, ["C"]))
    counted = _one_case(wrongs, seed, "append", (operations - whole) // WRITERS)
    for case in range(max(1, whole // (WRITERS * TRIES))):
        forking.alone(partial(_case, f"C{case}"))
        counted += _one_case(wrongs, seed, f"C{case}", TRIES)
    outcomes = [_decide(wrongs, kind, number) for number in range(decisions) for kind in DECISIONS]
    left = forking.alone(_settle)
    wrongs.count += left.count
    wrongs.said += left.said
    done, lost = counted["written"], counted["told"]
    return wrongs.outcome(
        f"{WRITERS} writers on one case at a time, {done + lost:,} tries in {time.monotonic() - began:.0f} s "
        f"({whole:,} of them the whole way of a record): {done:,} written, each version once and without a gap; "
        f"{lost:,} losers, each told the version that it had not seen; "
        f"{len(outcomes)} times two people decided at once, and one was told so"
    )


def _case(ref: str) -> None:
    alerts.record([], by=writing.BY, at=writing.now(), people=[writing.record(ref)])


def _person(ref: str) -> uuid.UUID:
    one = writing.record(ref).record
    return people.persons_of([one])[one]


def _one_case(wrongs: Wrongs, seed: int, case: str, each: int) -> Counter[str]:
    """All writers write about one person, each only onto what it has seen; count what was written and who was told."""
    ref = "C" if case == "append" else case
    before = forking.alone(lambda: queries.versions([_person(ref)])[_person(ref)])
    results = forking.together([partial(_writer, seed, case, ref, number, each) for number in range(WRITERS)])
    total, versions = Counter[str](), list[int]()
    for one in results:
        if isinstance(one, Exception):
            wrongs.check(False, f"a writer ended with {type(one).__name__}: {str(one)[:200]}")
            continue
        total += one[0]
        versions += one[1]
    wrongs.check(
        sorted(versions) == list(range(before + 1, before + len(versions) + 1)),
        f"the versions that writers were given on case {case} are not each number once",
    )
    after = forking.alone(lambda: queries.versions([_person(ref)])[_person(ref)])
    wrongs.check(after == before + len(versions), f"case {case} stands at {after}, not at {before + len(versions)}")
    return total


def _writer(seed: int, case: str, ref: str, number: int, each: int) -> tuple[Counter[str], list[int]]:
    chance = random.Random(f"{seed} {case} {number}")  # noqa: S311
    person, counted, versions = _person(ref), Counter[str](), list[int]()
    seen = queries.versions([person])[person]
    for one in range(each):
        raw = writing.raw(f"{case}-{number}-{one}", chance, [ref])
        try:
            [receipt] = _send(case, raw, person, seen)
        except VersionMoved as moved:
            if moved.found <= seen or moved.expected != seen:
                raise AssertionError(f"told {moved.expected} -> {moved.found}, having seen {seen}") from moved
            counted["told"] += 1
            seen = moved.found
            continue
        counted["written"] += 1
        seen = receipt.versions[person]
        versions.append(seen)
    return counted, versions


def _send(case: str, raw: dict[str, Any], person: uuid.UUID, seen: int) -> list[queries.Receipt]:
    one = writing.Batch(name=raw["ref"], raws=[raw])
    if case != "append":
        return one.send(expected={person: seen})
    entries = one.entries()
    persons = {concern.record: person for entry in entries for concern in entry.concerns}
    return ledger.append(entries, by=writing.BY, at=writing.now(), persons=persons, expected={person: seen})


def _settle() -> Wrongs:
    wrongs = Wrongs()
    holding.sealed_and_whole(wrongs)
    return wrongs


# --- two people at once ----------------------------------------------------------------------------------------------


def _decide(wrongs: Wrongs, kind: str, number: int) -> str:
    """Two people decide the same thing at the same moment: one does, the other is told why not."""
    name = f"D{number}-{kind.split()[0]}"
    prepared = forking.alone(partial(DECISIONS[kind][0], name))
    results = forking.together([partial(DECISIONS[kind][1], name, prepared, who) for who in (0, 1)])
    words = sorted(str(one) if isinstance(one, str) else repr(one)[:200] for one in results)
    wrongs.check(words == ["done", "told"], f"{name}: {words}")
    return kind


def _on_one_version(name: str) -> tuple[uuid.UUID, int]:
    _case(name)
    return _person(name), 0


def _write_on(name: str, prepared: tuple[uuid.UUID, int], who: int) -> str:
    person, seen = prepared
    one = writing.Batch(name=name, raws=[writing.raw(f"{name}-{who}", random.Random(name), [name])])  # noqa: S311
    try:
        one.send(expected={person: seen})
    except VersionMoved as moved:
        return "told" if (moved.expected, moved.found) == (seen, seen + 1) else str(moved)
    return "done"


def _to_correct(name: str) -> str:
    writing.Batch(name=name, raws=[_observation(f"{name}-wrong", name)], people=[name]).send()
    return f"{name}-wrong"


def _observation(ref: str, about: str, **more: Any) -> dict[str, Any]:
    chance = random.Random(3)  # noqa: S311
    raw = writing.raw(ref, chance, [about])
    body = {"weight": "concern", "seen_or_told": "seen"}
    return {**raw, "kind": "safeguarding.observation", "agency": "LA", "shared": [], "body": body, **more}


def _correct(name: str, wrong: str, who: int) -> str:
    try:
        writing.Batch(name=name, raws=[_observation(f"{name}-right-{who}", name, corrects=wrong)]).send()
    except NothingToCorrect as told:
        return "told" if told.newer == f"{name}-right-{1 - who}" else str(told)
    except IntegrityError as error:
        return f"an error of the database, not a sentence: {type(error).__name__}"
    return "done"


def _glass(name: str) -> tuple[uuid.UUID, list[uuid.UUID]]:
    at = writing.now()
    _case(name)
    users = []
    for number, role in enumerate(("practitioner", "guardian", "guardian")):
        user = accounts.make_user(f"{name}-{number}@example.test", name="Robin Field", agency="LA", at=at)
        accounts.give_role(user, role, title=role, at=at)
        users.append(user)
    viewer = access_queries.viewer(users[0], at=at)
    assert viewer is not None  # noqa: S101 - made just now
    opened = access.break_glass(viewer, _person(name), reason="An emergency, tried", at=at, review_due=date(2030, 1, 1))
    return opened.glass, users[1:]


def _review(name: str, prepared: tuple[uuid.UUID, list[uuid.UUID]], who: int) -> str:
    glass, reviewers = prepared
    at = writing.now()
    viewer = access_queries.viewer(reviewers[who], at=at)
    assert viewer is not None  # noqa: S101
    try:
        outcome = ("justified", "not_justified")[who]
        access.review_break_glass(glass, outcome=outcome, note_of_review="", at=at, by=viewer)
    except errors.AlreadyDone:
        return "told"
    return "done"


DECISIONS: dict[str, tuple[Callable[[str], Any], Callable[[str, Any, int], str]]] = {
    "write on what both had seen": (_on_one_version, _write_on),
    "correct one entry": (_to_correct, _correct),
    "review one breaking of the glass": (_glass, _review),
}
