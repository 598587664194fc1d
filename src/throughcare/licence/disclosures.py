"""The disclosure ledger: what the person told, what was found another way, and who knew before. Pure.

Each row has up to four days: when the fact arose, when the person told it, when some agency first recorded it, and when
the supervising agency came to know. "Nothing to tell" is an answer and stands like any other. A row names the condition
that it answers as it stood on the licence then, with its policy version. Nothing here says that a condition was
broken: a breach is alleged, explained and decided by people, and is folded here as they recorded it.

When agencies knew is their own word (`noted`, `shared`), as everywhere: see `ledger.entry.knowledge`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from throughcare.ledger.entry import Entry, Key, Record, When, london_day
from throughcare.licence import catalogue
from throughcare.licence.state import (
    ALLEGED,
    APPOINTMENT,
    DECIDED,
    DISCLOSED,
    EXPLAINED,
    FOUND,
    Bound,
    Condition,
    Find,
    Licence,
    Standing,
)

RELATIONSHIP = "people.relationship_stated"
PARTNERS = frozenset({"partner_of", "expecting_child_with"})
_RELATIONSHIPS = frozenset({"relationship", "relationship_with_child_household"})

TOPICS: Mapping[str, tuple[str, ...]] = {
    "relationship": ("disclose_relationships",),
    "relationship_with_child_household": ("disclose_relationships_with_child_household", "disclose_relationships"),
    "online_contact": ("no_internet_device", "online_posting", "keep_device_history", "no_site_type"),
    "contact_details": ("contact_details", "one_phone_only"),
    "name": ("name_use",),
    "address": ("approved_address", "region_of_residence_nfa", "pss_approved_address"),
    "work": ("work_approval", "no_work_with_children", "pss_work_approval"),
    "vehicle": ("disclose_vehicle",),
    "money": (
        "disclose_financial_accounts",
        "evidence_of_income",
        "disclose_assets",
        "disclose_money_transfers",
        "cash_limit",
    ),
    "travel": ("travel_abroad", "notify_travel_out_of_county", "report_on_return_to_uk", "pss_travel_abroad"),
    "passport": ("passport", "disclose_passport", "surrender_passport"),
    "other": ("disclose_premises",),
}
"""The conditions that a topic of disclosure answers, the nearest first. Our own reading of the catalogue."""


# --- what the person told --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The condition that a disclosure answers, as it stood on the licence then."""

    bound: Bound

    @property
    def meant(self) -> catalogue.Meant:
        """What the condition means in its own policy version."""
        return catalogue.look_up(self.bound.condition.version, self.bound.condition.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that the person told, or the answer that there was nothing to tell."""

    entry: Entry
    topic: str
    nothing: bool
    asked: bool | None  # None: not known
    fact_from: date | None
    told_on: date | None
    answers: Answers | None  # None: no condition on the licence then asked for it, or none was in force
    contradicted_by: tuple[Entry, ...] = ()  # for "nothing to tell": entries that show it was not so by then

    @property
    def days(self) -> int | None:
        """How many days after the fact arose it was told; negative: before. None: one of the days is not known."""
        if self.nothing or self.fact_from is None or self.told_on is None:
            return None
        return (self.told_on - self.fact_from).days


# --- what was found another way ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Knew:
    """Since when an agency knew a fact, from its own entry or from one that was shared with it."""

    agency: str
    since: datetime
    entry: Entry
    own: bool  # it recorded it itself


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTold:
    """A fact that should have been told and was found another way, on its clocks."""

    found: Entry
    topic: str
    began: date | None  # the earliest day that any entry gives
    source: str
    supervisor: str  # the agency that supervises the person
    shown_by: tuple[Entry, ...]  # the entries that show it, oldest noted first
    knew: tuple[Knew, ...]  # each agency that knew, the first to know first
    asked: tuple[Told, ...]  # "nothing to tell" answers while it was so
    told: Told | None  # told after all, before it was found or later
    answers: Answers | None

    @property
    def learned(self) -> datetime:
        """When the supervising agency came to know it."""
        return next((one.since for one in self.knew if one.agency == self.supervisor), self.found.noted)

    @property
    def before(self) -> Knew | None:
        """The first other agency that knew it before the supervising one did."""
        return next((one for one in self.knew if one.agency != self.supervisor and one.since < self.learned), None)

    @property
    def days_true(self) -> int | None:
        """For how many days it was so before the supervising agency knew. None: its first day is not known."""
        return (london_day(self.learned) - self.began).days if self.began else None

    @property
    def days_unshared(self) -> int | None:
        """For how many days another agency knew it and the supervising one did not. None: none knew before."""
        return (london_day(self.learned) - london_day(self.before.since)).days if self.before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything told, and everything found, of one person."""

    told: tuple[Told, ...]  # in the order in which it was told
    not_told: tuple[NotTold, ...]  # in the order in which it was found
    shown: tuple[Entry, ...]  # relationships that an agency recorded and that nobody here told, found or denied yet


def ledger(
    entries: Sequence[Entry],
    standing: Standing,
    *,
    person: str,
    same: Callable[[Record], str],
    knows: Mapping[str, Mapping[Key, datetime]],
    find: Find,
) -> Ledger:
    """Make the ledger from what stands, oldest first: entries that concern the person in any part.

    `same` gives the key of the person whom a record is of; `knows` is `entry.knowledge` of all entries that exist.
    """
    about = [one for one in entries if any(same(record) == person for record in one.who())]
    shown = [one for one in entries if _partners(one, person, same) is not None]
    denied = [_told(one, standing) for one in about if one.kind == DISCLOSED]
    found = [
        _not_told(group, shown, denied, standing, supervisor=_supervisor(about, group[0]), person=person, same=same,
                  knows=knows, find=find)
        for group in _same_facts([one for one in about if one.kind == FOUND], same)
    ]  # fmt: skip
    used = {one.key for fact in found for one in fact.shown_by}
    told = tuple(_contradicted(one, found, shown) for one in denied)
    return Ledger(
        told=told,
        not_told=tuple(found),
        shown=tuple(one for one in shown if one.key not in used and _waits(one, told, standing)),
    )


def _told(entry: Entry, standing: Standing) -> Told:
    body = entry.body
    asked = {"yes": True, "no": False}.get(str(body.get("asked")))
    return Told(
        entry=entry,
        topic=str(body["topic"]),
        nothing=body["nothing_to_tell"] == "yes",
        asked=asked,
        fact_from=_day(body.get("fact_from")),
        told_on=entry.happened.day,
        answers=answering(standing, str(body["topic"]), entry.happened, named=str(body.get("condition") or "")),
    )


def answering(standing: Standing, topic: str, when: When, *, named: str = "") -> Answers | None:
    """The condition that bound the person then and that a topic answers; `named` is the one that the entry names."""
    bound = standing.binding(when)
    for wanted in (named, *TOPICS.get(topic, ())):
        for one in bound:
            meant = catalogue.look_up(one.condition.version, one.condition.name)
            if wanted and (one.condition.name == wanted or any(each.key == wanted for each in meant.conditions)):
                return Answers(bound=one)
    return None


def _day(given: object) -> date | None:
    return given if isinstance(given, date) else date.fromisoformat(str(given)) if given else None


def _partners(entry: Entry, person: str, same: Callable[[Record], str]) -> str | None:
    """With whom an entry says that the person has a relationship; None where it says nothing of the kind."""
    if (
        entry.kind != RELATIONSHIP
        or entry.body.get("exists") != "yes"
        or entry.body.get("relationship") not in PARTNERS
    ):
        return None
    two = [same(record) for part in ("subject", "other") for record in entry.who(part)]
    return next((one for one in two if one != person), None) if person in two else None


def _group(topic: str) -> str:
    return "relationship" if topic in _RELATIONSHIPS else topic


def _same_facts(found: Iterable[Entry], same: Callable[[Record], str]) -> list[list[Entry]]:
    """Findings of one fact together: the same topic, and the same other person or the same first day."""
    groups: dict[object, list[Entry]] = {}
    for one in found:
        partner = next((same(record) for record in one.who("partner")), "")
        mark = partner or str(one.body.get("fact_from") or one.key)
        groups.setdefault((_group(str(one.body["topic"])), mark), []).append(one)
    return list(groups.values())


def _supervisor(about: Sequence[Entry], found: Entry) -> str:
    """The agency that supervises: whose officer saw, heard or alleged, last before the finding; else first after it."""
    wrote = [one for one in about if one.kind in (APPOINTMENT, DISCLOSED, ALLEGED)]
    before = [one for one in wrote if one.noted <= found.noted]
    chosen = before[-1:] or wrote[:1]
    return chosen[0].agency if chosen else found.agency


def _not_told(
    group: Sequence[Entry],
    shown: Sequence[Entry],
    told: Sequence[Told],
    standing: Standing,
    *,
    supervisor: str,
    person: str,
    same: Callable[[Record], str],
    knows: Mapping[str, Mapping[Key, datetime]],
    find: Find,
) -> NotTold:
    first = group[0]
    topic = str(first.body["topic"])
    partners = {same(record) for one in group for record in one.who("partner")}
    named = [entry for one in group for ref in one.body.get("shown_by") or () if (entry := find(ref, one.agency))]
    alike = [one for one in shown if _partners(one, person, same) in partners] if topic in _RELATIONSHIPS else []
    evidence = sorted({one.key: one for one in (*group, *named, *alike)}.values(), key=lambda one: (one.noted, one.ref))
    days = [day for one in evidence if (day := first_day(one)) is not None]
    began = min(days) if days else None
    when = first.happened
    asked, after_all = [], None
    for one in told:
        if _group(one.topic) != _group(topic) or (began and one.told_on and one.told_on < began):
            continue
        if one.nothing:
            if not one.entry.happened.follows(when):
                asked.append(one)
        elif after_all is None and _tells(one, partners, same, began):
            after_all = one
    return NotTold(
        found=first,
        topic=topic,
        began=began,
        source=str(first.body["source"]),
        supervisor=supervisor,
        shown_by=tuple(evidence),
        knew=_knew(evidence, knows),
        asked=tuple(asked),
        told=after_all,
        answers=answering(standing, topic, when, named=str(first.body.get("condition") or "")),
    )


def _tells(told: Told, partners: set[str], same: Callable[[Record], str], began: date | None) -> bool:
    """Does a disclosure tell this very fact? By the person whom it names; by the day, where it names nobody."""
    named = {same(record) for record in told.entry.who("partner")}
    return bool(named & partners) if named and partners else told.fact_from is not None and told.fact_from == began


def first_day(entry: Entry) -> date | None:
    """The day that an entry gives as the first on which a fact was so. None: it gives none, or is of another kind."""
    return (
        _day(entry.body.get("fact_from") or entry.body.get("from"))
        if entry.kind in (DISCLOSED, FOUND, RELATIONSHIP)
        else None
    )


def _knew(evidence: Sequence[Entry], knows: Mapping[str, Mapping[Key, datetime]]) -> tuple[Knew, ...]:
    first: dict[str, Knew] = {}
    for agency, since in knows.items():
        for one in evidence:
            at = since.get(one.key)
            if at is not None and (agency not in first or at < first[agency].since):
                first[agency] = Knew(agency=agency, since=at, entry=one, own=one.agency == agency)
    return tuple(sorted(first.values(), key=lambda one: (one.since, one.agency)))


def _contradicted(told: Told, found: Sequence[NotTold], shown: Sequence[Entry]) -> Told:
    if not told.nothing or told.told_on is None:
        return told
    against = [one.found for one in found if told in one.asked and one.began is not None]
    if told.topic in _RELATIONSHIPS:
        against += [one for one in shown if (first_day(one) or one.happened.day or date.max) <= told.told_on]
    return Told(
        entry=told.entry, topic=told.topic, nothing=True, asked=told.asked, fact_from=told.fact_from,
        told_on=told.told_on, answers=told.answers,
        contradicted_by=tuple({one.key: one for one in against}.values()),
    )  # fmt: skip


def _waits(shown: Entry, told: Sequence[Told], standing: Standing) -> bool:
    """Was a relationship that an agency recorded never told, although it fell in a time on licence?"""
    began = first_day(shown)
    for one in told:
        if not one.nothing and one.topic in _RELATIONSHIPS and (began is None or (one.told_on or date.min) >= began):
            return False
    first, last = began or shown.happened.day or date.min, _day(shown.body.get("to")) or date.max
    return any(
        last >= (spell.released.happened.day or date.min)
        and (spell.ended is None or first <= (spell.ended.happened.day or date.max))
        for spell in standing.spells
    )


# --- breaches ---------------------------------------------------------------------------------------------------------

Stage = Literal["alleged", "explained", "decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """An allegation against one condition of one licence, and what people made of it."""

    alleged: Entry
    licence: Licence | None  # None: the licence that it names is not known here
    condition: Condition | None  # the very condition on that licence; None: that licence does not carry it
    about: tuple[Entry, ...]
    explained: tuple[Entry, ...]
    decided: tuple[Entry, ...]  # the last one stands

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return "decided" if self.decided else "explained" if self.explained else "alleged"

    @property
    def meant(self) -> catalogue.Meant:
        """What the condition means in the version that the allegation names."""
        return catalogue.look_up(str(self.alleged.body["policy_version"]), str(self.alleged.body["condition"]))

    @property
    def doubt(self) -> str:
        """What does not fit between the allegation and the licence; empty where it fits."""
        if self.licence is None:
            return "The licence that it names is not known here"
        if self.condition is None:
            return "That licence does not carry this condition"
        if self.condition.version != self.alleged.body["policy_version"]:
            return f"On the licence the condition is of version {self.condition.version}"
        return ""


def breaches(entries: Sequence[Entry], standing: Standing, find: Find) -> list[Breach]:
    """The breaches that were alleged, oldest first. Give what stands about the person, oldest first."""
    answers: dict[Key, tuple[list[Entry], list[Entry]]] = {one.key: ([], []) for one in entries if one.kind == ALLEGED}
    for one in entries:
        if one.kind in (EXPLAINED, DECIDED):
            meant = find(one.body.get("breach"), one.agency)
            if meant is not None and meant.key in answers:
                answers[meant.key][one.kind == DECIDED].append(one)
    return [_breach(one, standing, find, answers[one.key]) for one in entries if one.kind == ALLEGED]


def _breach(alleged: Entry, standing: Standing, find: Find, answers: tuple[list[Entry], list[Entry]]) -> Breach:
    named = find(alleged.body.get("licence"), alleged.agency)
    licence = next((one for one in standing.licences if named is not None and one.approved.key == named.key), None)
    carried = [one for one in licence.conditions if one.name == alleged.body["condition"]] if licence else []
    exact = [one for one in carried if one.version == alleged.body["policy_version"]]
    return Breach(
        alleged=alleged,
        licence=licence,
        condition=next(iter(exact or carried), None),
        about=tuple(entry for ref in alleged.body["about"] if (entry := find(ref, alleged.agency))),
        explained=tuple(answers[0]),
        decided=tuple(answers[1]),
    )
