"""The injury itself (T01, T02) and repeated occasions of injury (T04)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from throughcare.duties.rules import Match, roots
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, When
from throughcare.safeguarding.state import EXPLANATION, INJURY
from throughcare.safeguarding.thresholds.answers import MOST_EVIDENCE, Figures, both, either, match_if
from throughcare.safeguarding.thresholds.declaring import BORN, HUB, threshold
from throughcare.safeguarding.thresholds.explanations import injuries_named
from throughcare.safeguarding.thresholds.spans import months_on, within

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
        yield from match_if(
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
        holds = either(
            both(told, view.under(child, figures["under_months"], entry.happened)),
            view.under(child, figures["any_bruise_under_months"], entry.happened),
        )
        why = f"bruise, {body.get('site')}, pattern {body.get('pattern')}"
        yield from match_if(holds, child, roots(view, [entry]), [entry], "the child's age on the day", why)


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
        for injury in {named.key: named for _, named in injuries_named(view, entry)}.values():
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
    needed, months = int(figures["n"]) - 1, months_on(int(figures["months"]))
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
    yield from match_if(holds, child, ("occasion", latest.name), evidence, "the day of an occasion", why)


THRESHOLDS = (
    threshold(
        "T01",
        "injury in a child who does not move independently",
        (INJURY,),
        "Has a suitably qualified clinician examined the child today, and has what agencies hold been discussed?",
        HUB,
        finds=_t01,
        settled_by=frozenset({BORN}),
    ),
    threshold(
        "T02",
        "TEN-4-FACESp screen",
        (INJURY,),
        "A clinician's screening aid only: has a paediatrician seen this?",
        HUB,
        finds=_t02,
        settled_by=frozenset({BORN}),
    ),
    threshold(
        "T04",
        "repeated injury occasions",
        (INJURY, EXPLANATION),
        "Has anyone looked at all of them together? Is a strategy discussion needed?",
        HUB,
        finds=_t04,
    ),
)
