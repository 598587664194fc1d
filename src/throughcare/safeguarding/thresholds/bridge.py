"""What another agency recorded of a supervised adult, and they did not tell: a home with a child, a home, a partner.

T11 asks about statements of relationships word for word (`statements.py`). These are thresholds of this product, marked
local: they ask the supervising officer about what T11 does not read. The officer is told that a question waits and who
holds what it rests on; the content is read once it is shared (`web.sharing`).

A move (`people.moved`) is not read here: its label lets nobody who may not read it learn that it exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from throughcare.duties.rules import Match
from throughcare.duties.view import View, as_date
from throughcare.ledger.entry import Entry
from throughcare.safeguarding import state
from throughcare.safeguarding.state import HOUSEHOLD
from throughcare.safeguarding.thresholds.answers import Figures, both, either, match_if
from throughcare.safeguarding.thresholds.declaring import BORN, RELATED, threshold
from throughcare.safeguarding.thresholds.statements import DISCLOSED, began_by

OFFICER = "supervising officer"
_WITH_CHILD = "relationship_with_child_household"
_ADDRESS = "address"
_ON_PARTNERS = ("relationship", _WITH_CHILD)

Compares = Callable[[View, str, Entry, Entry], Iterator[Match]]


def _each_home(view: View, entry: Entry, compare: Compares) -> Iterator[Match]:
    """Each statement of a household in which somebody stands, with each thing that they disclosed."""
    if entry.kind == DISCLOSED:
        for person in view.subjects(entry):
            homes = [one for part in ("household", "subject") for one in view.of(person, HOUSEHOLD, part)]
            for home in homes:
                yield from compare(view, person, home, entry)
    elif entry.kind == HOUSEHOLD:
        for person in _all_in(view, entry):
            for disclosed in view.of(person, DISCLOSED):
                yield from compare(view, person, entry, disclosed)
    else:  # a birth date that comes late
        for person in view.subjects(entry):
            for part in ("household", "subject"):
                for home in view.of(person, HOUSEHOLD, part):
                    yield from _each_home(view, home, compare)


def _all_in(view: View, home: Entry) -> list[str]:
    return list(dict.fromkeys([*view.subjects(home), *view.subjects(home, "household")]))


def _home_denied(view: View, person: str, home: Entry, disclosed: Entry, topic: str) -> bool | None:
    """Was this home denied: was it there when they said that there was nothing to tell?

    Of a home that is stated as of a later day nobody can tell, and only the last telling before it is asked about.
    """
    shown = _shown_by(home, disclosed)
    if shown or not _denies(disclosed, topic):
        return shown or False
    until = home.happened.latest
    told = [one for one in view.of(person, DISCLOSED) if _denies(one, topic)]
    before = [one for one in told if until is None or one.happened.earliest is None or one.happened.earliest <= until]
    return None if before and before[-1].key == disclosed.key else False


def _shown_by(home: Entry, disclosed: Entry) -> bool | None:
    """Is it stated of the day of the telling, or of a day before? Of a later day it may have begun in between."""
    day = as_date(home.body["as_at"]) if home.body.get("as_at") else home.happened.latest
    told = disclosed.happened.earliest
    return True if day is not None and told is not None and day <= told else None


def _denies(disclosed: Entry, topic: str) -> bool:
    return disclosed.body.get("nothing_to_tell") == "yes" and disclosed.body.get("topic") == topic


def _told_childless(disclosed: Entry) -> bool:
    """Did they tell of somebody, and that there are no children?"""
    return disclosed.body.get("topic") in _ON_PARTNERS and disclosed.body.get("children") == "no"


def _b01(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    months = int(figures["under_months"])

    def child_here(view: View, person: str, home: Entry, disclosed: Entry) -> Iterator[Match]:
        if not state.says_here(home) or not (_denies(disclosed, _WITH_CHILD) or _told_childless(disclosed)):
            return
        young = either(*(view.under(one, months, home.happened) for one in _all_in(view, home) if one != person))
        holds = both(young, _home_denied(view, person, home, disclosed, _WITH_CHILD))
        key = ("child at home", view.root(disclosed), view.root(home))
        why = "no household with a child was told of, while one is stated"
        yield from match_if(holds, person, key, (home, disclosed), "whether a child lives there, and since when", why)

    yield from _each_home(view, entry, child_here)


def _b02(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    yield from _each_home(view, entry, _other_home)


def _other_home(view: View, person: str, home: Entry, disclosed: Entry) -> Iterator[Match]:
    """Nothing to tell of an address, while a statement puts them in somebody's home on or before that day."""
    if state.says_here(home) and home.agency != disclosed.agency and _denies(disclosed, _ADDRESS):
        key = ("home", view.root(disclosed), view.root(home))
        holds = _home_denied(view, person, home, disclosed, _ADDRESS)
        why = "nothing to tell of an address, while another agency states a home"
        yield from match_if(holds, person, key, (home, disclosed), "since when they live there", why)


def _b03(view: View, entry: Entry, figures: Figures) -> Iterator[Match]:
    if entry.kind == RELATED:
        for person in dict.fromkeys([*view.subjects(entry), *view.subjects(entry, "other")]):
            yield from _other_partner(view, person, entry)
        return
    for person in view.subjects(entry):
        for part in ("subject", "other"):
            for stated in view.of(person, RELATED, part):
                yield from _other_partner(view, person, stated)


def _other_partner(view: View, person: str, stated: Entry) -> Iterator[Match]:
    """A partner is stated, and by then the person had told of somebody else and never of this one."""
    if stated.body.get("relationship") != "partner_of" or stated.body.get("exists") != "yes":
        return
    told = [one for one in view.of(person, DISCLOSED) if one.body.get("topic") in _ON_PARTNERS]
    naming = [(one, view.subjects(one, "partner")) for one in told if one.body.get("nothing_to_tell") != "yes"]
    for partner in dict.fromkeys([*view.subjects(stated), *view.subjects(stated, "other")]):
        if partner == person or any(partner in named for _, named in naming):
            continue
        for disclosed, named in naming:
            other = both(*(_differ(view, partner, one) for one in named)) if named else False
            holds = both(other, began_by(stated, "from", disclosed.happened))
            key = ("another partner", view.root(disclosed), view.root(stated))
            why = "a partner is stated who is not the one that was told of"
            yield from match_if(holds, person, key, (stated, disclosed), "whether they are one person", why)


def _differ(view: View, one: str, other: str) -> bool | None:
    """Are these two people? Surely where every day of birth recorded differs; else nobody can tell."""
    first, second = view.births(one), view.births(other)
    return True if first and second and (first[1] < second[0] or second[1] < first[0]) else None


THRESHOLDS = (
    threshold(
        "B01",
        "a child at home of whom the person did not tell",
        (HOUSEHOLD, DISCLOSED),
        "Was it put to the person? Ask those who recorded it what you may be told.",
        OFFICER,
        finds=_b01,
        reads=frozenset({BORN}),
        settled_by=frozenset({BORN}),
    ),
    threshold(
        "B02",
        "a home of which the person did not tell",
        (HOUSEHOLD, DISCLOSED),
        "Where does the person live? Ask those who recorded it what you may be told.",
        OFFICER,
        finds=_b02,
    ),
    threshold(
        "B03",
        "a partner who is not the one that the person told of",
        (RELATED, DISCLOSED),
        "Are they one person, or two? Ask those who recorded it what you may be told.",
        OFFICER,
        finds=_b03,
        reads=frozenset({BORN}),
        settled_by=frozenset({BORN}),
    ),
)
