"""What is asked when an injury or an observation is recorded, and the entries that the answers make.

The list of places is the real record of where a mark is; the picture follows it. Nothing asks for the age of a
bruise, or for its cause.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from throughcare.ledger.entry import Entry, Precision, Record, When
from throughcare.ledger.times import written
from throughcare.safeguarding.words import MECHANISM, MOBILITY, PATTERN, SAID_BY, TYPE, WEIGHT
from throughcare.web import words
from throughcare.web.asking import Answers, choices, now_fields
from throughcare.web.parts import Fact, Field
from throughcare.web.pictures.places import Place, place, places
from throughcare.web.shell import Choice
from throughcare.web.writing import Writer, entry

INJURY, EXPLANATION = "safeguarding.injury_found", "safeguarding.explanation_given"
OBSERVATION = "safeguarding.observation"

NOT_MOVING = frozenset({"not_rolling", "rolling", "sitting", "not_mobile_disability"})
"""Stages at which a child does not move independently: any mark opens the urgent path. As threshold T01 has it."""

TYPES: Mapping[str, str] = {
    "bruise": "Bruise",
    "possible_bruise": "A mark that might be a bruise",
    "abrasion": "Scratch or graze",
    "laceration": "Cut",
    "burn": "Burn",
    "scald": "Scald",
    "bite": "Bite",
    "petechiae": "Tiny red or purple spots",
    "oral": "Injury in the mouth",
    "eye": "Injury of the eye",
    "head_injury": "Injury of the head, such as a swelling",
    "fracture": "Broken bone",
    "other": "Something else",
    "unknown": "I cannot say",
}
STAGES: Mapping[str, str] = {
    "not_rolling": "Not yet roll over",
    "rolling": "Roll over",
    "sitting": "Sit, not yet move along",
    "crawling": "Crawl",
    "bottom_shuffling": "Shuffle along",
    "cruising": "Walk along furniture",
    "walking": "Walk",
    "not_mobile_disability": "Not move alone, through disability",
    "unknown": "I do not know",
}
BASES: Mapping[str, str] = {
    "seen": "I saw it myself",
    "told": "I was told of it",
    "words_of_child": "The child told me",
    "document": "It stands in a document",
}
WITNESSED: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "I do not know"}


# --- one mark --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One injury, or several marks of one kind at one place, as kept in a draft."""

    place: str  # a code of `places`
    type: str
    count: int
    pattern: str
    size_mm: int | None = None
    looks: str = ""
    photographed: str = ""

    @property
    def at(self) -> Place:
        """Where it is."""
        return place(self.place)

    @property
    def said(self) -> str:
        """ "2 bruises, 12 mm, oval"."""
        said = [words.many(self.count, *TYPE.get(self.type, ("mark", "marks")))]
        if self.size_mm:
            said.append(f"{self.size_mm} mm")
        if self.pattern not in ("none", "unknown"):
            said.append(PATTERN[self.pattern].lower())
        return ", ".join([*said, self.looks] if self.looks else said)

    def kept(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}


def place_field(chosen: str = "") -> Field:
    """The list of places."""
    options = [Choice(value="", label="Choose a place", chosen=not chosen)]
    for group, ones in places():
        options += [Choice(value=one.code, label=f"{group}: {one.words}", chosen=one.code == chosen) for one in ones]
    return Field(name="place", label="Or choose a place from the list", kind="select", choices=tuple(options))


def mark_fields(mark: Mark | None, *, mobility: str, changing: bool) -> tuple[Field, ...]:
    """The questions about one mark; with the first one also how far the child moves alone."""
    made = [
        Field(
            name="type",
            label="What does it look like?",
            kind="radios",
            choices=choices(TYPES, mark.type if mark else ""),
        ),
        Field(
            name="count",
            label="How many, here?",
            kind="number",
            width=3,
            value=str(mark.count if mark else 1),
            hint="Enter 0 to take this mark away" if changing else "",
        ),
        Field(
            name="size_mm",
            label="How long is the longest, in millimetres?",
            kind="number",
            width=4,
            suffix="mm",
            value=str(mark.size_mm or "") if mark else "",
            hint="Leave this empty if you did not measure",
        ),
        Field(
            name="pattern",
            label="Does it have a pattern?",
            kind="select",
            choices=choices(PATTERN, mark.pattern if mark else "none"),
        ),
        Field(
            name="looks",
            label="Shape and colour, as you see them",
            value=mark.looks if mark else "",
            hint="Colour does not tell how old a bruise is",
        ),
    ]
    stages = Field(
        name="mobility",
        label="How far does the child move alone?",
        kind="radios",
        hint="The furthest that you have seen or been told today",
        choices=choices(STAGES, mobility),
    )
    return (*made, stages)


def read_mark(answers: Answers, at: str) -> Mark | None:
    """The mark that was described. None where something is wrong, or where it was taken away (count 0)."""
    kind = answers.choice("type", TYPES, ask="Choose what the mark looks like")
    count = answers.whole("count", ask="Enter how many marks there are here, such as 1", least=0, most=200)
    size = answers.whole(
        "size_mm", ask="Enter the length in whole millimetres, such as 12", least=1, most=2_000, needed=False
    )
    pattern = answers.choice("pattern", PATTERN, ask="Choose a pattern, or “No pattern”")
    looks = answers.text("looks", most=200)
    if answers.wrong or not count:
        return None
    return Mark(place=at, type=kind, count=count, pattern=pattern, size_mm=size, looks=looks)


# --- about all of them -----------------------------------------------------------------------------------------------


def injury_fields(now: datetime, agencies: Mapping[str, str]) -> tuple[Field, ...]:
    """When it was found, who said what about it, and who is told."""
    return (
        *now_fields("On which day did you see it, or hear of it?", now),
        Field(name="basis", label="How do you know?", kind="radios", choices=choices(BASES, "seen")),
        Field(
            name="account_by",
            label="Who said how it happened?",
            kind="select",
            choices=choices(_ACCOUNT_BY, "", first="Choose who"),
        ),
        Field(
            name="mechanism",
            label="What do they say happened?",
            kind="select",
            choices=choices(_sentences(MECHANISM), "", first="Choose the nearest"),
        ),
        Field(
            name="words",
            label="In their words",
            kind="textarea",
            hint="As they said it. One account; others can follow",
        ),
        Field(
            name="witnessed",
            label="Did somebody else see it happen, who is not in the family?",
            kind="radios",
            inline=True,
            choices=choices(WITNESSED, ""),
        ),
        share_field(agencies),
    )


def share_field(agencies: Mapping[str, str]) -> Field:
    """With whom it is shared at once."""
    return Field(
        name="share",
        label="Tell other agencies now?",
        kind="checkboxes",
        choices=choices(agencies),
        hint="They see this from now on. You need no consent where a child is at risk; tell the family if that is safe",
    )


_NOBODY = "nobody"
_ACCOUNT_BY: Mapping[str, str] = {_NOBODY: "Nobody gave an account", **SAID_BY}


def _sentences(said: Mapping[str, str]) -> dict[str, str]:
    return {code: f"{text[0].upper()}{text[1:]}" for code, text in said.items() if code != "none_offered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What was answered about an occasion of injuries."""

    happened: When
    basis: str
    account_by: str  # "nobody": no account was offered
    mechanism: str
    words: str
    witnessed: str
    share: tuple[str, ...]


def read_about(answers: Answers, *, now: datetime, agencies: Collection[str]) -> About | None:
    """What was answered about the occasion. None where something is wrong."""
    happened = answers.when("day", "time", ask="Enter the day you saw it, such as 24 November 2026", now=now)
    basis = answers.choice("basis", BASES, ask="Choose how you know")
    account_by = answers.choice("account_by", _ACCOUNT_BY, ask="Choose who gave an account, or that nobody did")
    given = account_by not in ("", _NOBODY)
    mechanism = answers.choice("mechanism", MECHANISM, ask="Choose what they say happened" if given else "")
    said = answers.text("words")
    witnessed = answers.choice(
        "witnessed", WITNESSED, ask="Choose whether somebody outside the family saw it" if given else ""
    )
    share = answers.chosen("share", agencies)
    if answers.wrong or happened is None:
        return None
    return About(
        happened=happened,
        basis=basis,
        account_by=account_by,
        mechanism=mechanism,
        words=said,
        witnessed=witnessed,
        share=share,
    )


def injury_entries(
    ref: str, marks: Sequence[Mark], about: About, *, mobility: str, writer: Writer, child: Record, at: datetime
) -> list[Entry]:
    """The entries of one occasion: an injury for each mark, and the account that was given, or that none was."""
    made = [
        entry(
            f"{ref}-{number}",
            INJURY,
            writer=writer,
            at=at,
            happened=about.happened,
            basis=about.basis,
            concerns=[("subject", child)],
            shared=about.share,
            summary=f"{mark.said}, {mark.at.words.lower()}",
            body={
                "occasion": ref,
                "type": mark.type,
                "site": mark.at.site,
                "count": mark.count,
                "pattern": mark.pattern,
                "mobility": mobility,
                "size_mm": mark.size_mm,
            },
        )
        for number, mark in enumerate(marks, 1)
    ]
    return [*made, _account(ref, made, about, writer=writer, child=child, at=at)]


def _account(
    ref: str, injuries: Sequence[Entry], about: About, *, writer: Writer, child: Record, at: datetime
) -> Entry:
    none = about.account_by == _NOBODY
    mechanism = "none_offered" if none else about.mechanism
    who = "" if none else SAID_BY[about.account_by].removeprefix("The ").lower() + ": "
    quoted = f": “{about.words[:200]}”" if about.words else ""
    return entry(
        f"{ref}-account",
        EXPLANATION,
        writer=writer,
        at=at,
        happened=about.happened,
        basis="told" if not none else "",
        concerns=[("subject", child)],
        shared=about.share,
        summary=f"{who}{MECHANISM[mechanism]}{quoted}",
        body={
            "injuries": [one.ref for one in injuries],
            "account_by": "unknown" if none else about.account_by,
            "mechanism": mechanism,
            "words": about.words,
            "independently_witnessed": "no" if none else about.witnessed,
        },
    )


def about_facts(about: About) -> tuple[Fact, ...]:
    """The answers, to be read once more."""
    when = (
        words.moment(about.happened.at)
        if about.happened.at
        else words.day(about.happened.on)
        if about.happened.on
        else ""
    )
    none = about.account_by == _NOBODY
    return (
        Fact("Seen or heard", when),
        Fact("How you know", BASES[about.basis]),
        Fact("Account given by", _ACCOUNT_BY[about.account_by]),
        *(
            ()
            if none
            else (
                Fact("They say", MECHANISM[about.mechanism]),
                Fact("In their words", f"“{about.words}”" if about.words else "Not written down"),
                Fact("Seen by somebody outside the family", WITNESSED[about.witnessed]),
            )
        ),
    )


def kept_about(about: About) -> dict[str, Any]:
    """As a draft keeps it."""
    when = about.happened
    return {
        "precision": when.precision.value,
        "at": written(when.at) if when.at else "",
        "on": when.on.isoformat() if when.on else "",
        **{name: getattr(about, name) for name in ("basis", "account_by", "mechanism", "words", "witnessed")},
        "share": list(about.share),
    }


def about_of(kept: Mapping[str, Any]) -> About:
    """From a draft again."""
    at = datetime.fromisoformat(kept["at"]) if kept["at"] else None
    on = datetime.fromisoformat(kept["on"]).date() if kept["on"] else None
    rest = {name: kept[name] for name in ("basis", "account_by", "mechanism", "words", "witnessed")}
    return About(happened=When(Precision(kept["precision"]), at=at, on=on), share=tuple(kept["share"]), **rest)


# --- an observation --------------------------------------------------------------------------------------------------


def observation_fields(now: datetime, agencies: Mapping[str, str]) -> tuple[Field, ...]:
    """What was seen or said, in a minute."""
    return (
        Field(
            name="summary",
            label="What did you see, or what were you told?",
            kind="textarea",
            rows=4,
            hint="Facts first: who, where, what. Say what you saw, not what it means",
        ),
        *now_fields("On which day?", now),
        Field(name="basis", label="How do you know?", kind="radios", choices=choices(BASES, "seen")),
        Field(
            name="child_words",
            label="The child’s own words, if there were any",
            kind="textarea",
            rows=2,
            hint="As they were said",
        ),
        Field(name="who_present", label="Who else was there?", hint="Leave this empty if nobody was"),
        Field(name="weight", label="What do you take it for?", kind="radios", choices=choices(WEIGHT, "")),
        share_field(agencies),
    )


def read_observation(
    answers: Answers, ref: str, *, now: datetime, agencies: Collection[str], writer: Writer, child: Record
) -> Entry | None:
    """The entry of an observation. None where something is wrong."""
    summary = answers.text("summary", ask="Write what you saw or were told")
    happened = answers.when("day", "time", ask="Enter the day, such as 24 November 2026", now=now)
    basis = answers.choice("basis", BASES, ask="Choose how you know")
    spoken = answers.text("child_words")
    present = answers.text("who_present", most=500)
    weight = answers.choice("weight", WEIGHT, ask="Choose what you take it for")
    share = answers.chosen("share", agencies)
    if answers.wrong or happened is None:
        return None
    seen = {"seen": "seen", "document": "document"}.get(basis, "told")
    return entry(
        ref,
        OBSERVATION,
        writer=writer,
        at=now,
        happened=happened,
        basis=basis,
        concerns=[("subject", child)],
        shared=share,
        summary=summary,
        body={"weight": weight, "seen_or_told": seen, "child_words": spoken, "who_present": present},
    )


def mobility_words(code: str) -> str:
    """How far the child moves alone, in words."""
    return STAGES.get(code) or MOBILITY.get(code, "not known")
