"""The papers of a recall, as values: what each says, made from entries alone. Pure: no database, no clock, no Django.

Which entries a paper rests on is its *basis*. While the basis stands unchanged the paper is the one that was made
first (`actions.make`); when an entry of it was corrected, the next version says so. Which template is used depends on
the day of the event that the paper is about (`law/papers.toml`), never on the day of printing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from throughcare.duties.rules import Law, Row
from throughcare.ledger.entry import Entry, london_day
from throughcare.licence import state as licence
from throughcare.recall import kinds_of_recall, state
from throughcare.recall.kinds_of_recall import WORDS as TYPE
from throughcare.recall.kinds_of_recall import Proposal
from throughcare.recall.words import AGAINST, ALTERNATIVE, GROUND, VIEW
from throughcare.sentence import state as sentence

LAW = Law.read("recall", "papers.toml")
Code = Literal["part_a", "part_b", "part_c", "not_recalled", "revoked"]
Pair = tuple[str, str]

EVENTS = (state.REQUESTED, state.REVOKED, state.AGAINST, state.PAPERS)
"""Kinds that a paper can be about."""

NAMES: Mapping[str, str] = {
    "part_a": "Part A: the report that asks for recall",
    "part_b": "Part B: risk after the recall",
    "part_c": "Part C: later report",
    "not_recalled": "Letter: decision not to recall",
    "revoked": "Letter: the licence has been revoked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section of a paper: facts by name, then words."""

    title: str
    facts: tuple[Pair, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What one paper says. `letter`: it speaks to the person; else it is a report about them."""

    code: Code
    title: str
    template: str
    source: str
    letter: bool
    person: tuple[Pair, ...]
    parts: tuple[Part, ...]
    basis: tuple[Entry, ...]

    @property
    def event(self) -> Entry:
        """The entry that the paper is about: the first of its basis."""
        return self.basis[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The person and the case, as far as the papers need them."""

    name: str
    born: str  # in words; empty: not known
    numbers: tuple[str, ...]  # each agency's own, "Fellbeck probation: PR-1"
    entries: Sequence[Entry]  # what stands about the person, oldest first
    find: state.Find
    agency: Callable[[str], str]  # the name of an agency
    when: Callable[[Entry], str]  # when it happened, in words
    moment: Callable[[datetime], str]


def papers(about: About, standing: state.Standing, *, proposal: Callable[[Entry], Proposal]) -> list[Paper]:
    """Every paper that can be made of what stands, in the order of the practice.

    `proposal` says what the law of the day of an entry leaves open.
    """
    made: list[Paper] = []
    for recall in standing.recalls:
        if recall.requested is not None:
            made.append(_part_a(about, recall, recall.requested, proposal))
        if recall.revoked is not None:
            made.append(_revocation(about, recall, recall.revoked))
        for sent in recall.papers:
            if sent.body.get("paper") in ("part_b", "part_c"):
                made.append(_later(about, recall, sent))
        if recall.against is not None and recall.revoked is None:
            made.append(_not_recalled(about, recall.against))
    return [*made, *(_not_recalled(about, one) for one in standing.not_recalled)]


def _paper(about: About, code: Code, basis: Iterable[Entry | None], parts: Iterable[Part], *, letter: bool) -> Paper:
    held = tuple({one.key: one for one in basis if one is not None}.values())
    row = template_of(code, held[0])
    numbers = () if letter else tuple(("Record", one) for one in about.numbers)
    return Paper(
        code=code,
        title=str(row.figures["title"]),
        template=str(row.figures["template"]),
        source=row.source,
        letter=letter,
        person=(("Name", about.name), *((("Date of birth", about.born),) if about.born else ()), *numbers),
        parts=tuple(one for one in parts if one.facts or one.words),
        basis=held,
    )


def template_of(code: Code, event: Entry) -> Row:
    """The row of the template that was in use on the day of an event."""
    on = event.happened.day or event.happened.earliest or london_day(event.noted)
    return next(row for row in LAW.of(code) if row.holds(on))


def _pairs(*pairs: tuple[str, object]) -> tuple[Pair, ...]:
    """The facts that say something."""
    return tuple((name, str(said)) for name, said in pairs if said not in (None, "", ()))


def _said(entry: Entry | None, field: str, words: Mapping[str, str] | None = None) -> str:
    given = entry.body.get(field) if entry is not None else None
    if isinstance(given, list):
        named = [(words or {}).get(str(one), str(one)) for one in given]
        return "; ".join(named)
    return (words or {}).get(str(given), str(given)) if given is not None else ""


_YES_NO = {"yes": "Yes", "no": "No", "unknown": "Not known"}


# --- what a recall rests on -----------------------------------------------------------------------------------------


def _breaches(about: About, recall: state.Recall) -> list[Entry]:
    """The alleged breaches that the agreement names."""
    if recall.agreed is None:
        return []
    agency = recall.agreed.agency
    found = (about.find(ref, agency) for ref in recall.agreed.body.get("breaches", ()))
    return [one for one in found if one is not None]


def _breach_words(about: About, breach: Entry) -> str:
    condition = str(breach.body.get("condition", "")).replace("_", " ")
    said = f": {breach.summary}" if breach.summary else ""
    return f"{about.when(breach)}, condition “{condition}”{said}"


def _sentences(about: About, at: Entry) -> list[Entry]:
    """The sentences that ran when something happened."""
    before = [one for one in about.entries if _by(one, at)]
    made = sentence.sentences(before, find=about.find)
    return [one.imposed for one in made if one.imposed is not None and one.status != "ended"]


_SENTENCES: Mapping[str, str] = {
    "life": "Life imprisonment",
    "ipp": "Imprisonment for public protection",
    "dpp": "Detention for public protection",
    "hmp_detention": "Detention at His Majesty’s pleasure",
    "extended": "Extended sentence",
    "sopc": "Special custodial sentence",
    "determinate_old": "Determinate sentence, discretionary release",
    "standard": "Standard determinate sentence",
    "youth_standard": "Determinate sentence of a youth",
    "terrorist": "Terrorist sentence",
}


def _sentence_words(about: About, imposed: Entry) -> str:
    body = imposed.body
    length = " ".join(
        f"{body[unit]} {unit if body[unit] != 1 else unit[:-1]}"
        for unit in ("years", "months", "weeks", "days")
        if body.get(unit)
    )
    kind = _SENTENCES.get(str(body.get("type", "")), str(body.get("type", "")).replace("_", " "))
    minimum = f", minimum {body['minimum_years']} years" if body.get("minimum_years") else ""
    return f"{kind}{f', {length}' if length else ''}{minimum}; {body.get('offence', '')}; {about.when(imposed)}"


def _by(entry: Entry, at: Entry) -> bool:
    """Had it happened when something else did?"""
    return not entry.happened.follows(at.happened)


def _conditions(about: About, at: Entry) -> tuple[list[str], list[Entry]]:
    """The licence conditions that bound when something happened, and the licence that they stand in."""
    before = [one for one in about.entries if _by(one, at)]
    standing = licence.fold(before, find=about.find)
    bound = [one for one in (standing.bound if standing else ()) if one.at(at.happened)]
    names = [f"{one.condition.name.replace('_', ' ')} (version {one.condition.version})" for one in bound]
    return names, [one.licence.approved for one in bound]


# --- the reports ----------------------------------------------------------------------------------------------------


def _part_a(about: About, recall: state.Recall, requested: Entry, proposal: Callable[[Entry], Proposal]) -> Paper:
    agreed = recall.agreed
    breaches, sentences = _breaches(about, recall), _sentences(about, requested)
    conditions, licences = _conditions(about, requested)
    row = template_of("part_a", requested)
    parts = [
        Part(
            title="Sentence and licence",
            facts=tuple(("Sentence", _sentence_words(about, one)) for one in sentences)
            + tuple(("Condition", one) for one in conditions),
        ),
        Part(
            title="What happened",
            facts=tuple(("Alleged breach", _breach_words(about, one)) for one in breaches),
            words=tuple(filter(None, [_said(agreed, "facts")])),
        ),
        Part(
            title="Why recall is asked for",
            facts=_pairs(("Ground", _said(agreed, "ground", GROUND)), ("Reason", _said(agreed, "reason"))),
            words=tuple(filter(None, [_said(agreed, "risk")])),
        ),
        Part(
            title="Alternatives",
            facts=_pairs(("Tried or weighed", _said(agreed, "alternatives", ALTERNATIVE))),
            words=tuple(filter(None, [_said(agreed, "alternatives_words")])),
        ),
        *([_type_part(requested, proposal(requested))] if row.figures.get("shows_type") else []),
        Part(
            title="Custody and arrest",
            facts=_pairs(
                ("Emergency", _said(requested, "emergency", _YES_NO)),
                ("In custody already", _said(requested, "in_custody", _YES_NO)),
                ("Police force", _said(requested, "police_force")),
                ("Where to look", _said(requested, "whereabouts")),
                ("Risks at arrest", _said(requested, "arrest_risks")),
                ("Vulnerabilities", _said(requested, "vulnerabilities")),
                ("Victim liaison told", _said(requested, "victim_liaison_told", _YES_NO)),
                ("Must not all be shown to the person", _said(agreed, "sensitive", _YES_NO)),
            ),
        ),
        Part(title="Agreed and endorsed", facts=_signatures(about, agreed, requested)),
    ]
    levels = [one for one in about.entries if one.kind == kinds_of_recall.MAPPA and _by(one, requested)]
    basis = (
        requested,
        agreed,
        *breaches,
        *sentences,
        *licences,
        *(levels[-1:] if row.figures.get("shows_type") else ()),
    )
    return _paper(about, "part_a", basis, parts, letter=False)


def _type_part(requested: Entry, said: Proposal) -> Part:
    asked = _said(requested, "type", TYPE)
    return Part(
        title="Type of recall",
        facts=_pairs(
            ("Law of the day", said.because),
            ("For a new charge", _said(requested, "charge_not_convicted", _YES_NO)),
            ("Type asked for", asked),
            ("Why another", _said(requested, "type_reason")),
            *(
                ("Asked", f"{one.says} {one.answer.capitalize()} [{one.mark}: {_MARKS.get(one.mark, one.mark)}]")
                for one in said.steps
            ),
        ),
        words=said.questions,
    )


def _asked_words(one: kinds_of_recall.Step) -> str:
    return f"{one.says} {one.answer.capitalize()} [{one.mark}: {_MARKS.get(one.mark, one.mark)}]"


_MARKS: Mapping[str, str] = {
    "L": "read in a text of law",
    "X": "as staff tools apply it",
    "X/L": "as staff tools apply it, and in law",
    "X/G": "as staff tools and guidance have it",
    "L/X": "in law, as staff tools apply it",
}


def _signatures(about: About, agreed: Entry | None, requested: Entry) -> tuple[Pair, ...]:
    by = [("Agreed by", agreed)] if agreed is not None else []
    return (
        *((name, f"{one.author_role}, {about.agency(one.agency)}, {about.when(one)}") for name, one in by),
        ("Endorsed and sent by", f"{requested.author_role}, {about.agency(requested.agency)}, {about.when(requested)}"),
        *_pairs(("Endorsement", _said(requested, "endorsement"))),
    )


def _later(about: About, recall: state.Recall, sent: Entry) -> Paper:
    """Part B or Part C: the risk after the recall, and how a next release would be managed."""
    code: Code = "part_b" if sent.body.get("paper") == "part_b" else "part_c"
    revoked, returned = recall.revoked, recall.returned
    barred = kinds_of_recall.view_not_permitted(sent.happened.day or london_day(sent.noted))
    view = f"Not given: {barred.source} [{barred.mark}]" if barred is not None else _said(sent, "view", VIEW)
    parts = [
        Part(
            title="The recall",
            facts=_pairs(
                ("Licence revoked", about.when(revoked) if revoked else ""),
                ("Type", _said(revoked, "type", TYPE)),
                ("Back in custody", about.when(returned) if returned else ""),
            ),
        ),
        Part(title="Since the recall", words=tuple(filter(None, [_said(sent, "since_recall")]))),
        Part(title="Risk now", words=tuple(filter(None, [_said(sent, "risk")]))),
        Part(title="How a next release would be managed", words=tuple(filter(None, [_said(sent, "plan")]))),
        Part(title="View on release", facts=_pairs(("View", view))),
        Part(
            title="Written by",
            facts=(("Author", f"{sent.author_role}, {about.agency(sent.agency)}, {about.when(sent)}"),),
        ),
    ]
    return _paper(about, code, (sent, revoked, returned), parts, letter=False)


# --- the letters ----------------------------------------------------------------------------------------------------


def _not_recalled(about: About, against: Entry) -> Paper:
    named = about.find(against.body.get("of"), against.agency)
    breaches = _breaches_behind(about, named)
    nxt = against.body.get("next_appointment")
    parts = [
        Part(
            title="What was alleged",
            facts=tuple(("Alleged breach", _breach_words(about, one)) for one in breaches),
        ),
        Part(
            title="What was decided",
            facts=_pairs(("Decision", "You are not recalled to prison"), ("Reason", _said(against, "reason", AGAINST))),
            words=tuple(filter(None, [_said(against, "words")])),
        ),
        Part(
            title="What is expected of you now",
            facts=_pairs(
                ("Next appointment", about.moment(datetime.fromisoformat(str(nxt))) if nxt else ""),
                ("Measures", _said(against, "alternatives", ALTERNATIVE)),
            ),
            words=tuple(filter(None, [_said(against, "expectations")]))
            or ("Your licence and all its conditions remain in force.",),
        ),
        Part(
            title="Decided by",
            facts=(("By", f"{against.author_role}, {about.agency(against.agency)}, {about.when(against)}"),),
        ),
    ]
    return _paper(about, "not_recalled", (against, named, *breaches), parts, letter=True)


def _breaches_behind(about: About, named: Entry | None) -> list[Entry]:
    """The breaches that a decision against recall goes back to, by way of the request and the agreement."""
    seen: set[object] = set()
    while named is not None and named.key not in seen:
        seen.add(named.key)
        if named.kind == state.BREACH:
            return [named]
        if named.kind == state.AGREED:
            found = (about.find(ref, named.agency) for ref in named.body.get("breaches", ()))
            return [one for one in found if one is not None]
        field = "agreed" if named.kind == state.REQUESTED else "breach"
        named = about.find(named.body.get(field), named.agency)
    return []


_RIGHTS = (
    "You have the right to be told why you were recalled, and the right to make representations in writing about it. "
    "You may ask for the help of a solicitor.",
)
_FIXED = "This is a recall for a fixed term of {} days, beginning with the day on which you are back in custody."
_BOARD = "Your case is referred to the Parole Board, which decides whether you can be released again."
_APART = "The reasons are given to you apart from this letter."


def _what_follows(kind: str) -> tuple[str, ...]:
    if kind.startswith("fixed_"):
        return (_FIXED.format(kind.removeprefix("fixed_")),)
    return (_BOARD,) if kind == "standard" else ()


def _reasons(recall: state.Recall, revoked: Entry) -> str:
    """Why, as the person may be told: what the agreement marks as sensitive is not."""
    if said := _said(revoked, "reasons"):
        return said
    return _APART if _said(recall.agreed, "sensitive") == "yes" else _said(recall.agreed, "reason")


def _revocation(about: About, recall: state.Recall, revoked: Entry) -> Paper:
    kind = str(revoked.body.get("type"))
    at_large = "Until you are back in custody you are unlawfully at large, and that time does not count as served."
    parts = [
        Part(
            title="What was decided",
            facts=_pairs(("Licence revoked", about.when(revoked)), ("Type of recall", TYPE.get(kind, kind))),
            words=(*_what_follows(kind), at_large),
        ),
        Part(title="Why", words=tuple(filter(None, [_reasons(recall, revoked)]))),
        Part(title="Your rights", words=_RIGHTS),
        Part(
            title="Decided by",
            facts=(("By", f"{revoked.author_role}, {about.agency(revoked.agency)}, {about.when(revoked)}"),),
        ),
    ]
    reasons_from = recall.agreed if not revoked.body.get("reasons") else None
    return _paper(about, "revoked", (revoked, reasons_from), parts, letter=True)
