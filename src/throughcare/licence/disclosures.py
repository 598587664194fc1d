"""The disclosure ledger: what the person told, what was found another way, and who knew before. Pure.

Each row has up to four days: when the fact arose, when the person told it, when some agency first recorded it, and when
the supervising agency came to know. "Nothing to tell" is an answer and stands like any other. A row names the condition
that it answers as it stood on the licence then, with its policy version. Nothing here says that a condition was
broken: a breach is alleged, explained and decided by people, and is folded here as they recorded it.

When agencies knew is their own word (`noted`, `shared`), as everywhere: see `ledger.entry.knowledge`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
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
    standing: Standing = field(repr=False, compare=False)
    contradicted_by: tuple[Entry, ...] = ()  # for "nothing to tell": entries that show it was not so by then

    @property
    def answers(self) -> Answers | None:
        """The condition that it answers. None: no condition on the licence then asked for it, or none was in force."""
        named = str(self.entry.body.get("condition") or "")
        return answering(self.standing, self.topic, self.entry.happened, named=named)

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
    standing: Standing = field(repr=False, compare=False)

    @property
    def answers(self) -> Answers | None:
        """The condition that asked for it, on the licence of the day on which it was found."""
        named = str(self.found.body.get("condition") or "")
        return answering(self.standing, self.topic, self.found.happened, named=named)

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


Knows = Callable[[str, Entry], datetime | None]  # (agency, entry) -> since when it knows it


def ledger(
    entries: Sequence[Entry],
    standing: Standing,
    *,
    person: str,
    same: Callable[[Record], str],
    agencies: Iterable[str],
    knew: Knows,
    find: Find,
) -> Ledger:
    """Make the ledger from what stands, oldest first: entries that concern the person in any part.

    `same` gives the key of the person whom a record is of; `knew` since when one of the `agencies` knows an entry.
    """
    return _Book(entries, standing, person, same, agencies, knew, find).ledger()


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


def first_day(entry: Entry) -> date | None:
    """The day that an entry gives as the first on which a fact was so. None: it gives none, or is of another kind."""
    kinds = (DISCLOSED, FOUND, RELATIONSHIP)
    return _day(entry.body.get("fact_from") or entry.body.get("from")) if entry.kind in kinds else None


def _group(topic: str) -> str:
    return "relationship" if topic in _RELATIONSHIPS else topic


class _Book:
    """The ledger under way: what was told and what was shown, laid out so that each fact finds its own quickly."""

    def __init__(
        self,
        entries: Sequence[Entry],
        standing: Standing,
        person: str,
        same: Callable[[Record], str],
        agencies: Iterable[str],
        knew: Knows,
        find: Find,
    ) -> None:
        self.standing, self.person, self.same, self.find = standing, person, same, find
        self.agencies, self.knew = tuple(agencies), knew
        kinds = (DISCLOSED, FOUND, APPOINTMENT, ALLEGED)
        about = [one for one in entries if one.kind in kinds and any(same(who) == person for who in one.who())]
        self.told = [self._told(one) for one in about if one.kind == DISCLOSED]
        self.found = [one for one in about if one.kind == FOUND]
        wrote = sorted((one for one in about if one.kind in (APPOINTMENT, DISCLOSED, ALLEGED)), key=_noted)
        self.wrote_at, self.wrote_by = [one.noted for one in wrote], [one.agency for one in wrote]
        self.shown: dict[str, list[Entry]] = {}  # by the other person
        for one in entries:
            if (other := self._partner(one)) is not None:
                self.shown.setdefault(other, []).append(one)
        self.denied: dict[str, list[Told]] = {}  # "nothing to tell", by group of topics, in the order of days
        self.given: dict[tuple[str, object], list[Told]] = {}  # by group, and by the other person or the first day
        for row in self.told:
            self._file(row)
        for rows in self.denied.values():
            rows.sort(key=_told_day)

    def _told(self, entry: Entry) -> Told:
        body = entry.body
        return Told(
            entry=entry,
            topic=str(body["topic"]),
            nothing=body["nothing_to_tell"] == "yes",
            asked={"yes": True, "no": False}.get(str(body.get("asked"))),
            fact_from=_day(body.get("fact_from")),
            told_on=entry.happened.day,
            standing=self.standing,
        )

    def _file(self, row: Told) -> None:
        group = _group(row.topic)
        if row.nothing:
            if row.told_on is not None:
                self.denied.setdefault(group, []).append(row)
            return
        partners = [self.same(record) for record in row.entry.who("partner")]
        marks: Sequence[object] = partners or [row.fact_from]
        for mark in marks:
            self.given.setdefault((group, mark), []).append(row)

    def _partner(self, entry: Entry) -> str | None:
        """With whom an entry says that the person has a relationship; None where it says nothing of the kind."""
        body = entry.body
        if entry.kind != RELATIONSHIP or body.get("exists") != "yes" or body.get("relationship") not in PARTNERS:
            return None
        two = [self.same(record) for part in ("subject", "other") for record in entry.who(part)]
        return next((one for one in two if one != self.person), None) if self.person in two else None

    def ledger(self) -> Ledger:
        facts = [self._not_told(group) for group in self._same_facts()]
        used = {one.key for fact in facts for one in fact.shown_by}
        shown = [one for ones in self.shown.values() for one in ones if one.key not in used and self._waits(one)]
        shown.sort(key=_noted)
        against: dict[Key, list[Entry]] = {}
        for fact in facts:
            for row in fact.asked:
                against.setdefault(row.entry.key, []).extend(
                    one for one in fact.shown_by if _was_so(one, row, fact.began)
                )
        told = tuple(self._contradicted(row, against.get(row.entry.key, []), shown) for row in self.told)
        return Ledger(told=told, not_told=tuple(facts), shown=tuple(shown))

    def _same_facts(self) -> list[list[Entry]]:
        """Findings of one fact together: the same topic, and the same other person or the same first day."""
        groups: dict[object, list[Entry]] = {}
        for one in self.found:
            partner = next((self.same(record) for record in one.who("partner")), "")
            mark = partner or str(one.body.get("fact_from") or one.key)
            groups.setdefault((_group(str(one.body["topic"])), mark), []).append(one)
        return list(groups.values())

    def _not_told(self, group: Sequence[Entry]) -> NotTold:
        first = group[0]
        topic = str(first.body["topic"])
        partners = [self.same(record) for one in group for record in one.who("partner")]
        evidence = {one.key: one for one in group}
        for one in group:
            named = [self.find(ref, one.agency) for ref in one.body.get("shown_by") or ()]
            evidence |= {each.key: each for each in named if each is not None}
        if topic in _RELATIONSHIPS:
            evidence |= {each.key: each for other in partners for each in self.shown.get(other, ())}
        shown_by = sorted(evidence.values(), key=lambda one: (one.noted, one.ref))
        days = [day for one in shown_by if (day := first_day(one)) is not None]
        began = min(days) if days else None
        return NotTold(
            found=first,
            topic=topic,
            began=began,
            source=str(first.body["source"]),
            supervisor=self._supervisor(first),
            shown_by=tuple(shown_by),
            knew=self._knew(shown_by),
            asked=self._asked(_group(topic), began, first),
            told=self._after_all(_group(topic), partners, began),
            standing=self.standing,
        )

    def _asked(self, group: str, began: date | None, found: Entry) -> tuple[Told, ...]:
        """The answers "nothing to tell" from the day on which it began to the finding; none where no day is known."""
        if began is None:
            return ()
        rows = self.denied.get(group, [])
        since = bisect_left(rows, began, key=_told_day)
        until = bisect_right(rows, found.happened.day or date.max, key=_told_day)
        return tuple(one for one in rows[since:until] if not one.entry.happened.follows(found.happened))

    def _after_all(self, group: str, partners: Sequence[str], began: date | None) -> Told | None:
        """The first disclosure that tells this very fact: by the person whom it names; else by its first day."""
        marks: list[object] = [*partners, *([began] if began is not None else [])]
        rows = [row for mark in marks for row in self.given.get((group, mark), ())]
        rows = [one for one in rows if began is None or one.told_on is None or one.told_on >= began]
        return min(rows, key=lambda one: one.entry.happened.sorting) if rows else None

    def _supervisor(self, found: Entry) -> str:
        """The agency that supervises: whose officer saw, heard or alleged last before the finding; else first after."""
        if not self.wrote_by:
            return found.agency
        return self.wrote_by[max(0, bisect_right(self.wrote_at, found.noted) - 1)]

    def _knew(self, evidence: Sequence[Entry]) -> tuple[Knew, ...]:
        first: dict[str, Knew] = {}
        for agency in self.agencies:
            for one in evidence:
                at = self.knew(agency, one)
                if at is not None and (agency not in first or at < first[agency].since):
                    first[agency] = Knew(agency=agency, since=at, entry=one, own=one.agency == agency)
        return tuple(sorted(first.values(), key=lambda one: (one.since, one.agency)))

    def _contradicted(self, row: Told, against: Sequence[Entry], shown: Sequence[Entry]) -> Told:
        if not row.nothing:
            return row
        also = [one for one in shown if _was_so(one, row)] if row.topic in _RELATIONSHIPS else []
        found = {one.key: one for one in (*against, *also)}
        return replace(row, contradicted_by=tuple(found.values())) if found else row

    def _waits(self, shown: Entry) -> bool:
        """Was a relationship that an agency recorded never told, although it fell in a time on licence?"""
        began = first_day(shown)
        if self._last_told is not None and (began is None or self._last_told >= began):
            return False
        first, last = began or shown.happened.day or date.min, _day(shown.body.get("to")) or date.max
        return any(
            last >= (spell.released.happened.day or date.min)
            and (spell.ended is None or first <= (spell.ended.happened.day or date.max))
            for spell in self.standing.spells
        )

    @cached_property
    def _last_told(self) -> date | None:
        """The last day on which a relationship was told."""
        days = [row.told_on for row in self.told if not row.nothing and row.topic in _RELATIONSHIPS and row.told_on]
        return max(days) if days else None


def _noted(entry: Entry) -> datetime:
    return entry.noted


def _told_day(row: Told) -> date:
    return row.told_on or date.min


def _was_so(shown: Entry, row: Told, since: date | None = None) -> bool:
    """Does an entry show a fact that was so on the day on which there was said to be nothing to tell?

    `since`: the day on which the fact began, where another entry says so.
    """
    began, ended = first_day(shown) or since or shown.happened.day, _day(shown.body.get("to"))
    if row.told_on is None or began is None:
        return False
    return began <= row.told_on and (ended is None or ended >= row.told_on)


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
