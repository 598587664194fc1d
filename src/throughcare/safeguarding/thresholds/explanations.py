"""Explanations of an injury: absent, changed, differing, or judged not to fit (T03)."""

from __future__ import annotations

from collections.abc import Iterator

from throughcare.duties.rules import Match
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, Key
from throughcare.safeguarding import state
from throughcare.safeguarding.state import EXPLANATION, INJURY, OPINION
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures, became_known
from throughcare.safeguarding.thresholds.declaring import HUB, threshold


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
    for injury, named in injuries_named(view, opinion) if unfit else ():
        for child in view.subjects(named):
            yield Match(
                person=child,
                key=("opinion", injury, view.root(opinion)),
                evidence=(named, opinion),
                because=f"judged inconsistent: {', '.join(unfit)}",
            )


def _explained(view: View, account: Entry) -> Iterator[Match]:
    says = account.body.get("mechanism")
    for injury, named in injuries_named(view, account):
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
    mine = became_known(view, account)
    earlier = [one for one in others if became_known(view, one) < mine]
    if earlier:
        yield account, earlier[-MOST_EVIDENCE:]
    for later in [one for one in others if became_known(view, one) > mine]:
        before = [
            one
            for one in _accounts_of(view, injury)
            if became_known(view, one) < became_known(view, later)
            and one.body.get("mechanism") not in ("unknown", later.body.get("mechanism"))
        ]
        yield later, before[-MOST_EVIDENCE:]


def injuries_named(view: View, entry: Entry) -> Iterator[tuple[Key, Entry]]:
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


def _find(view: View) -> state.Find:
    return lambda ref, agency: view.find(ref, agency=agency)


THRESHOLDS = (
    threshold(
        "T03",
        "explanation absent, changed, differing or judged not to fit",
        (INJURY, EXPLANATION, OPINION),
        "Suspect maltreatment: refer?",
        HUB,
        finds=_t03,
    ),
)
