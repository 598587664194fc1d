"""What is known of an adult who is linked to a child: a parent of one not yet born (T17), changes of status (T19)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from throughcare.duties.rules import Match
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import HOUSEHOLD
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures, match_if
from throughcare.safeguarding.thresholds.declaring import BORN, HUB, RELATED, threshold

PROTECTED = "safeguarding.protection_started"
PROTECTED_NO_MORE = "safeguarding.protection_ended"
RISK = "risk.assessed"
MAPPA = "risk.mappa_set"
_CHANGES = ("licence.released", "licence.varied", "recall.revoked", "recall.returned", MAPPA)
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
        yield from match_if(holds, unborn, key, (expects, readings[-1]), "the risk to children", why)


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
            yield from match_if(young, child, key, evidence, "whether the person is still a child", why)


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


THRESHOLDS = (
    threshold(
        "T17",
        "pregnancy where a parent had a child removed or poses a risk",
        (RELATED, state.LOOKED_AFTER, PROTECTED, RISK),
        "By which week will there be a pre-birth assessment?",
        HUB,
        finds=_t17,
        reach="linked",
        reads=frozenset({PROTECTED_NO_MORE, BORN}),
        settled_by=frozenset({RISK}),
    ),
    threshold(
        "T19",
        "status change of an adult linked to a child",
        (*_CHANGES, RELATED, HOUSEHOLD),
        "Who tells the lead practitioner, and what may be said?",
        "offender manager",
        finds=_t19,
        reach="linked",
        both_sides=True,
        reads=frozenset({BORN}),
        settled_by=frozenset({BORN}),
    ),
)
