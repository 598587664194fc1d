"""What comes in from outside: concerns of family and neighbours (T13), notices of domestic abuse (T15)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from throughcare.duties.rules import Match
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.safeguarding.thresholds.answers import Figures, either, match_if
from throughcare.safeguarding.thresholds.declaring import ABUSE_NOTICE, BORN, HUB, threshold
from throughcare.safeguarding.thresholds.spans import months_on, window, within

CONTACT = "safeguarding.contact"
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
            listed = [one for one in window(view, child, CONTACT, entry, months) if _outside_concern(one)]
            at = listed.index(entry)
            for place in range(at, min(len(listed), at + int(figures["sources"]))):
                yield from _sources(view, child, listed[: place + 1], figures)


def _sources(view: View, child: str, listed: Sequence[Entry], figures: Figures) -> Iterator[Match]:
    latest, months = listed[-1], months_on(int(figures["months"]))
    near: dict[tuple[object, ...], Entry] = {}
    for one in listed:
        if within(one.happened, latest.happened, months):
            near[(one.body.get("source"), *view.subjects(one, "informant"))] = one
    if len(near) >= int(figures["sources"]):
        key = ("sources", view.root(latest))
        why = f"{len(near)} separate sources within {figures['months']} months"
        yield Match(person=child, key=key, evidence=tuple(near.values()), because=why)


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
        yield from match_if(alone, child, key, (entry,), "whether the victim is pregnant", because)


def _vulnerable(view: View, entry: Entry, months: int) -> bool | None:
    pregnant = entry.body.get("victim_pregnant")
    infants = [view.under(child, months, entry.happened) for child in view.subjects(entry)]
    return either(None if pregnant == "unknown" else pregnant == "yes", *infants)


def _in_period(view: View, child: str, entry: Entry, figures: Figures) -> bool:
    return any(True for _ in _notices(view, child, entry, figures))


def _notices(view: View, child: str, entry: Entry, figures: Figures) -> Iterator[Match]:
    needed, months = int(figures["notices"]), months_on(int(figures["months"]))
    listed = window(view, child, ABUSE_NOTICE, entry, int(figures["months"]))
    at = listed.index(entry)
    for first in range(max(0, at - needed + 1), at + 1):
        some = listed[first : first + needed]
        if len(some) == needed and within(some[0].happened, some[-1].happened, months):
            key = ("notices", view.root(some[-1]))
            yield Match(
                person=child, key=key, evidence=tuple(some), because=f"{needed} within {figures['months']} months"
            )


THRESHOLDS = (
    threshold(
        "T13",
        "concerns from separate family, neighbour or anonymous sources",
        (CONTACT,),
        "Was each one checked with a second source? Was the child seen?",
        HUB,
        finds=_t13,
    ),
    threshold(
        "T15",
        "domestic abuse notices",
        (ABUSE_NOTICE,),
        "Is a strategy discussion needed? What support has the parent who is not the abuser?",
        HUB,
        finds=_t15,
        settled_by=frozenset({BORN}),
    ),
)
