"""Statements that cannot both be true: of relationships, disclosures and observations (T11)."""

from __future__ import annotations

from collections.abc import Iterator

from throughcare.duties.rules import Match
from throughcare.duties.view import View, as_date
from throughcare.ledger.entry import Entry, When
from throughcare.safeguarding.thresholds.answers import Figures, disagreeing, match_if
from throughcare.safeguarding.thresholds.declaring import OBSERVATION, RELATED, threshold

DISCLOSED = "licence.disclosure_made"
FOUND_OUT = "licence.fact_found"
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
            yield from disagreeing(view, person, "denied", str(pair[-1]), statement, register.of((*pair, opposite)))


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
            holds = began_by(shown, since, disclosed.happened)
            why = "nothing to tell on relationships, while one is shown"
            yield from match_if(holds, person, key, (shown, disclosed), "the day on which it began", why)


def _relationships_shown(view: View, person: str) -> Iterator[tuple[Entry, str]]:
    for part in ("subject", "other"):
        for one in view.of(person, RELATED, part):
            if one.body.get("exists") == "yes" and one.body.get("relationship") in _TO_BE_TOLD:
                yield one, "from"
    for one in view.of(person, FOUND_OUT):
        if one.body.get("topic") in _ON_RELATIONSHIPS:
            yield one, "fact_from"


def began_by(shown: Entry, since: str, told: When) -> bool | None:
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


THRESHOLDS = (
    threshold(
        "T11",
        "statements that cannot both be true",
        (RELATED, DISCLOSED, FOUND_OUT, OBSERVATION),
        "Was it put to the person? Which is relied on, and why?",
        "whoever holds the case",
        finds=_t11,
    ),
)
