"""Which type of recall the law of a day forces, and why, in words. Pure: no database, no clock. It never decides.

Each fact that the law asks about becomes a step with its answer and its source. Where one type alone is open it is
`forced`; where several are, a person chooses; where the law or a fact is uncertain the answer is "cannot tell", with
the question. Rules and figures stand in `law/kinds.toml`, dated; cases in `docs/reference/law/recall.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from throughcare.duties.calendar import add_months
from throughcare.duties.rules import Law, Row
from throughcare.ledger.entry import Entry
from throughcare.sentence import state as sentence

LAW = Law.read("recall", "kinds.toml")
Answer = Literal["yes", "no", "not known"]
MAPPA = "risk.mappa_set"

WORDS = {
    "standard": "Standard recall: until the Board or the Secretary of State releases",
    "fixed_56": "Fixed term of 56 days",
    "fixed_28": "Fixed term of 28 days",
    "fixed_14": "Fixed term of 14 days",
    "unknown": "Not known",
}
"""Each type of recall in plain words."""

_GROUPS = {
    "indeterminate": "an indeterminate sentence",
    "extended": "an extended sentence",
    "sopc": "a special custodial sentence",
    "dcr": "a sentence with discretionary release",
    "terrorist": "a terrorist sentence",
    "sds": "a standard determinate sentence of an adult",
    "youth_sds": "a determinate sentence of a youth",
    "term": "a term that is no sentence of this list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One sentence that the licence can be under. `months` is None where its length is not known, or has no end."""

    group: str
    months: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the law asks about, as recorded on the day."""

    terms: tuple[Term, ...]
    level: int | None = None  # of multi-agency management; None: nobody recorded one
    category: int | None = None
    charge: Answer = "not known"  # recalled for a charge that is not a conviction yet
    home_curfew: bool = False  # last released on home detention curfew
    under_18: bool | None = None  # None: the date of birth is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that the law asks, with what the record answers."""

    says: str
    answer: Answer
    source: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the law of a day leaves open. `types` empty: cannot tell; one: forced; more: a choice."""

    on: date
    types: tuple[str, ...]
    because: str
    steps: tuple[Step, ...]
    questions: tuple[str, ...] = ()

    @property
    def forced(self) -> str | None:
        """The one type that is open, or None."""
        return self.types[0] if len(self.types) == 1 else None

    def departs(self, chosen: str) -> bool:
        """Is another type chosen than the law of that day leaves open? Where it cannot tell, nothing departs."""
        return bool(self.types) and chosen not in self.types


# --- from the record --------------------------------------------------------------------------------------------------


def facts_of(
    entries: Sequence[Entry], *, find: sentence.Find, charge: Answer, on: date, births: tuple[date, date] | None
) -> Facts:
    """What a person's entries (those that stand, in order) say of what the law asks about, at the end of a day.

    `births` are the earliest and the latest date of birth on record.
    """
    before = [one for one in entries if one.happened.earliest is not None and one.happened.earliest <= on]
    running = [one for one in sentence.sentences(before, find=find) if one.status != "ended"]
    settings = [one for one in before if one.kind == MAPPA]
    releases = [one for one in before if one.kind == sentence.RELEASED and one.body.get("release") != "temporary"]
    return Facts(
        terms=tuple(_term(one) for one in running),
        level=int(settings[-1].body["level"]) if settings else None,
        category=int(settings[-1].body["category"]) if settings else None,
        charge=charge,
        home_curfew=bool(releases) and releases[-1].body.get("release") == "home_detention_curfew",
        under_18=_under(births, on),
    )


def _under(births: tuple[date, date] | None, on: date) -> bool | None:
    if births is None:
        return None
    youngest, oldest = on < add_months(births[1], 216), on < add_months(births[0], 216)
    return youngest if youngest == oldest else None


def _term(one: sentence.Sentence) -> Term:
    """The group and the length of a sentence, in whole months; 365 days are 12."""
    body = one.imposed.body if one.imposed is not None else {}
    years, months, weeks, days = (int(body.get(unit) or 0) for unit in ("years", "months", "weeks", "days"))
    return Term(group=one.group or "not known", months=years * 12 + months + (weeks * 7 + days) * 12 // 365 or None)


# --- the law --------------------------------------------------------------------------------------------------------


def _row(rule: str, on: date) -> Row:
    return next(row for row in LAW.of(rule) if row.holds(on))


def _questions(rule: str, on: date) -> Iterator[str]:
    return (str(row.figures["question"]) for row in LAW.of(rule) if row.holds(on))


def proposal(facts: Facts, *, on: date) -> Proposal:
    """What the law of a day leaves open for these facts."""
    groups = {one.group for one in facts.terms if one.group != "term"}  # a term for a fine is no sentence of this law
    if not groups or "not known" in groups:
        question = "Which sentence was the licence under? None that this law knows is recorded as running on that day."
        return Proposal(
            on=on, types=(), because="Cannot tell: the sentence is not known", steps=(), questions=(question,)
        )
    if found := _standard_only(groups):
        step, because = found
        return Proposal(on=on, types=("standard",), because=because, steps=(step,))
    if groups == {"sds"}:
        return _adult(facts, on)
    if groups == {"youth_sds"}:
        return _youth(facts, on)
    question = "One sentence is an adult’s and one a youth’s: which of them governs the recall?"
    return Proposal(on=on, types=(), because="Cannot tell: two groups of rules", steps=(), questions=(question,))


def _standard_only(groups: set[str]) -> tuple[Step, str] | None:
    for row in LAW.of("standard_only"):
        for group in row.figures["groups"]:
            if group in groups:
                step = Step(says=f"Is it {_GROUPS[group]}?", answer="yes", source=row.source, mark=row.mark)
                return step, f"It is {_GROUPS[group]}: only a standard recall is open"
    return None


def _length(facts: Facts) -> int | None:
    """The longest of the sentences, in months. None where one is not known."""
    lengths = [one.months for one in facts.terms if one.group != "term"]
    return None if None in lengths else max(one for one in lengths if one is not None)


_SEVERAL = "There are several sentences: are they to be counted together? Here the longest alone is."
_WHICH_LENGTH = "How long is the sentence?"


def _by_length(months: int | None, on: date) -> tuple[str | None, Step]:
    """The fixed term that goes with a length."""
    row = _row("by_length", on)
    limit = row.figures["months"]
    answer: Answer = "not known" if months is None else "yes" if months < limit else "no"
    step = Step(says=f"Is the sentence under {limit} months?", answer=answer, source=row.source, mark=row.mark)
    return None if months is None else str(row.figures["under" if months < limit else "else"]), step


# --- adults ---------------------------------------------------------------------------------------------------------


def _adult(facts: Facts, on: date) -> Proposal:
    row = _row("adult", on)
    asked = (*_questions("asked", on), *_questions("adult_uncertain", on)) if row.figures["rule"] != "choice" else ()
    if facts.under_18:
        question = "The person is under 18 on that day, and the sentence is recorded as an adult’s: which rules apply?"
        return Proposal(
            on=on, types=(), because="Cannot tell: the person is under 18", steps=(), questions=(question, *asked)
        )
    if row.figures["rule"] == "fixed_56":
        return _fixed_56(facts, on, row, asked)
    return _older(facts, on, row, asked)


def _excluded(facts: Facts, row: Row) -> Iterator[Step]:
    levels, categories = row.figures.get("levels", ()), row.figures.get("categories", ())

    source = LAW.of("exclusions")[0]

    def step(says: str, answer: Answer) -> Step:
        return Step(says=says, answer=answer, source=source.source, mark=source.mark)

    if levels:
        said = " or ".join(map(str, levels))
        known: Answer = "not known" if facts.level is None else "yes" if facts.level in levels else "no"
        yield step(f"Is the person managed at multi-agency level {said}?", known)
    if categories:
        said = " or ".join(map(str, categories))
        known = "not known" if facts.category is None else "yes" if facts.category in categories else "no"
        yield step(f"Is the person in multi-agency category {said}?", known)
    yield step("Is the recall for a new charge that is not yet a conviction?", facts.charge)


_NO_LEVEL = "No multi-agency level or category is on record here: confirm that there is none."
_CHARGE = "Is the recall for a new charge that is not yet a conviction?"
_CURFEW = (
    "The person was last released on home detention curfew: the release is due on the later of the 56th day and the "
    "end of the custodial period. The day shown is the 56th."
)


def _fixed_56(facts: Facts, on: date, row: Row, asked: Sequence[str]) -> Proposal:
    steps = tuple(_excluded(facts, row))
    says = Step(
        says="Is it a standard determinate sentence of an adult?", answer="yes", source=row.source, mark=row.mark
    )
    held = [one for one in steps if one.answer == "yes"]
    if held:
        because = f"Excluded from the fixed term: {_as_statement(held[0].says)}; only a standard recall is open"
        return Proposal(on=on, types=("standard",), because=because, steps=(says, *steps), questions=tuple(asked))
    questions = [_NO_LEVEL] if facts.level is None else []
    if facts.charge == "not known":
        because = "Cannot tell: whether the recall is for a charge that is not yet a conviction"
        return Proposal(on=on, types=(), because=because, steps=(says, *steps), questions=(_CHARGE, *questions, *asked))
    if facts.home_curfew:
        questions.append(_CURFEW)
    because = (
        "A standard determinate sentence of an adult, and none of the exclusions is recorded: a fixed term of 56 days"
    )
    return Proposal(on=on, types=("fixed_56",), because=because, steps=(says, *steps), questions=(*questions, *asked))


_STATEMENTS = {
    "Is the person managed at": "the person is managed at",
    "Is the person in": "the person is in",
    "Is the recall for": "the recall is for",
}


def _as_statement(says: str) -> str:
    """ "Is the person in category 4?" as "the person is in category 4"."""
    for asked, said in _STATEMENTS.items():
        if says.startswith(asked):
            return said + says.removeprefix(asked).rstrip("?")
    return says.rstrip("?")


def _older(facts: Facts, on: date, row: Row, asked: Sequence[str]) -> Proposal:
    """Before 56 days: 14 or 28 by length; from 2025-09-02 mandatory for sentences under 48 months."""
    months = _length(facts)
    fixed, by_length = _by_length(months, on)
    questions = [_SEVERAL] if len(facts.terms) > 1 else []
    if fixed is None or months is None:
        return Proposal(
            on=on,
            types=(),
            because="Cannot tell: the length of the sentence is not known",
            steps=(by_length,),
            questions=(_WHICH_LENGTH, *asked),
        )
    if row.figures["rule"] == "choice":
        return Proposal(
            on=on,
            types=(fixed, "standard"),
            because=f"A person chooses between a fixed term of {fixed[6:]} days and a standard recall",
            steps=(by_length, Step(says="Is either type open?", answer="yes", source=row.source, mark=row.mark)),
            questions=tuple(questions),
        )
    return _under_48(facts, on, row, months, (fixed, by_length), (*questions, *asked))


def _under_48(
    facts: Facts, on: date, row: Row, months: int, by_length: tuple[str, Step], asked: Sequence[str]
) -> Proposal:
    fixed, length_step = by_length
    limit = row.figures["months"]
    under = Step(
        says=f"Is the sentence under {limit} months?",
        answer="yes" if months < limit else "no",
        source=row.source,
        mark=row.mark,
    )
    if months >= limit:
        because = (
            f"The sentence is not under {limit} months: a person chooses a fixed term of {fixed[6:]} days or standard"
        )
        return Proposal(
            on=on, types=(fixed, "standard"), because=because, steps=(under, length_step), questions=tuple(asked)
        )
    doubt = [one for one in _excluded(facts, _row("adult", date.max)) if one.answer == "yes"]
    if facts.charge == "not known" and not doubt:
        doubt = [one for one in _excluded(facts, _row("adult", date.max)) if one.says.startswith("Is the recall")]
    if doubt:
        question = (
            f"Is this an exclusion from the mandatory fixed term of 2025? {doubt[0].says} "
            "The exclusions of that law are not listed in our source."
        )
        return Proposal(
            on=on,
            types=(),
            because="Cannot tell: the exclusions from the mandatory fixed term of 2025 are not confirmed [U]",
            steps=(under, length_step, *doubt),
            questions=(question, *asked),
        )
    because = f"The sentence is under {limit} months: a fixed term of {fixed[6:]} days is mandatory"
    questions = (_NO_LEVEL, *asked) if facts.level is None else tuple(asked)
    return Proposal(on=on, types=(fixed,), because=because, steps=(under, length_step), questions=questions)


# --- youths ---------------------------------------------------------------------------------------------------------


def _youth(facts: Facts, on: date) -> Proposal:
    row = _row("youth", on)
    fixed, by_length = _by_length(_length(facts), on)
    asked = (*([_SEVERAL] if len(facts.terms) > 1 else []), *_questions("youth_uncertain", on))
    if fixed is None:
        return Proposal(
            on=on,
            types=(),
            because="Cannot tell: the length of the sentence is not known",
            steps=(by_length,),
            questions=(_WHICH_LENGTH, *asked),
        )
    if row.figures["rule"] == "choice":
        because = f"A person chooses between a fixed term of {fixed[6:]} days and a standard recall"
        return Proposal(on=on, types=(fixed, "standard"), because=because, steps=(by_length,), questions=asked)
    over = Step(
        says=f"Is the sentence {row.figures['months']} months or over?",
        answer="no" if (_length(facts) or 0) < row.figures["months"] else "yes",
        source=row.source,
        mark=row.mark,
    )
    return _youth_fixed(facts, on, fixed, (over, *_excluded(facts, row)), asked)


def _youth_fixed(facts: Facts, on: date, fixed: str, steps: tuple[Step, ...], asked: Sequence[str]) -> Proposal:
    held = [one for one in steps if one.answer == "yes"]
    if held:
        because = (
            f"A person chooses between a fixed term of {fixed[6:]} days and a standard recall, because the answer to "
            f"“{held[0].says}” is yes"
        )
        return Proposal(on=on, types=(fixed, "standard"), because=because, steps=steps, questions=tuple(asked))
    if facts.charge == "not known":
        return Proposal(
            on=on,
            types=(),
            because="Cannot tell: whether the recall is for a serious charge that is not yet a conviction",
            steps=steps,
            questions=(_CHARGE, *asked),
        )
    questions = (_NO_LEVEL, *asked) if facts.level is None else tuple(asked)
    because = f"A determinate sentence of a youth, under 12 months: a fixed term of {fixed[6:]} days"
    return Proposal(on=on, types=(fixed,), because=because, steps=steps, questions=questions)


# --- two more rules of the day ----------------------------------------------------------------------------------------


def may_release_without_board(sentence_types: Sequence[str], *, on: date) -> Row | None:
    """The row of law under which the Secretary of State may re-release without the Board. None: no such law for one of
    these types of sentence on that day. All types must be covered by a row; the last row that covers one is given.
    """
    found = None
    for one in sentence_types:
        found = next((row for row in LAW.of("without_board") if row.holds(on) and one in row.figures["groups"]), None)
        if found is None:
            return None
    return found


def view_not_permitted(on: date) -> Row | None:
    """The row under which report writers were not to give a view on release, where one held on that day."""
    return next((row for row in LAW.of("no_view") if row.holds(on)), None)
