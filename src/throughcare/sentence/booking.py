"""The booking form of the release-date cases: read strictly, all that is wrong told at once. Pure.

The form is JSON: an object with `offender`, `sentences` and `adjustments`, by itself, under `booking`, or as a whole
case under `input`. Fields that it does not know are passed over and named (`passed`); known ones are never guessed. A
form with one fault gives nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from throughcare.ledger import times
from throughcare.ledger.checking import shape
from throughcare.ledger.errors import Fault

MOST_BYTES: Final = 256 * 1024
MOST_SENTENCES: Final = 200
MOST_FAULTS: Final = 50
MOST_NUMBER: Final = 100_000
_MOST_POUNDS: Final = 10**12

UNITS = {"YEARS": "years", "MONTHS": "months", "WEEKS": "weeks", "DAYS": "days"}
TYPES: Mapping[str, tuple[str, str]] = {
    "StandardSentence": ("standard", ""),
    "ExtendedDeterminateSentence": ("extended", ""),
    "SopcSentence": ("sopc", ""),
    "AFineSentence": ("standard", "default_term"),
    "DetentionAndTrainingOrderSentence": ("youth_standard", "detention_and_training"),
    "BotusSentence": ("standard", "supervision_breach"),
}
"""The types of the form: the type of sentence, and the form of a custodial order that is none."""
TWO_PARTS = frozenset({"ExtendedDeterminateSentence", "SopcSentence"})
ADJUSTMENTS = {
    "REMAND": "remand",
    "TAGGED_BAIL": "tagged bail",
    "RECALL_REMAND": "remand on recall",
    "RECALL_TAGGED_BAIL": "tagged bail on recall",
    "ADDITIONAL_DAYS_AWARDED": "additional days awarded",
    "RESTORATION_OF_ADDITIONAL_DAYS_AWARDED": "additional days restored",
    "UNLAWFULLY_AT_LARGE": "unlawfully at large",
}
EXCLUSIONS = frozenset(
    {
        "SEXUAL", "VIOLENT", "DOMESTIC_ABUSE", "NATIONAL_SECURITY", "TERRORISM", "SEXUAL_T3", "DOMESTIC_ABUSE_T3",
        "MURDER_T3", "PROGRESSION_MODEL_SCHEDULE_13_PART_3", "SA2026_PROGRESSION_MODEL_SCHEDULE", "NO",
    }
)  # fmt: skip

_FORM = {"offender", "sentences", "adjustments"}
_OFFENDER = {"reference", "dateOfBirth"}
_SENTENCE = {
    "type", "offence", "sentencedAt", "identifier", "consecutiveSentenceUUIDs", "caseReference", "duration",
    "custodialDuration", "extensionDuration", "automaticRelease", "fineAmount", "releaseArrangements",
}  # fmt: skip
_OFFENCE = {"committedAt", "offenceCode"}
_RELEASE = {"isSDSPlus", "isSection250", "sdsEarlyReleaseExclusions"}
_ADJUSTMENT = {"appliesToSentencesFrom", "numberOfDays", "fromDate", "toDate"}


class BookingRefused(ValueError):
    """A booking form was not taken. `faults` are all that is wrong, each with its field and what would be right."""

    code = "booking_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        super().__init__(" ".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Days that were added or taken off, for sentences from a day on."""

    kind: str  # a key of ADJUSTMENTS
    days: int
    applies_from: date
    since: date | None = None
    until: date | None = None

    @property
    def said(self) -> str:
        """In one line: "remand: 32 days, 2015-10-03 to 2015-11-03"."""
        between = f", {self.since} to {self.until}" if self.since and self.until else ""
        return f"{ADJUSTMENTS[self.kind]}: {self.days} {'day' if self.days == 1 else 'days'}{between}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of the form."""

    identifier: str  # as the form has it; empty: it has none
    kind: str  # a key of TYPES
    on: date
    offence_code: str
    offence_on: date | None
    length: Mapping[str, int]  # years, months, weeks, days: of the custodial part
    extension: Mapping[str, int]
    case_reference: str
    follows: str  # the identifier of the sentence that it is consecutive to
    section_250: bool
    longer_release_point: bool
    exclusions: tuple[str, ...]
    automatic_release: bool | None
    fine: str
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def type(self) -> str:
        """The type of sentence, by our codes."""
        return "youth_standard" if self.section_250 else TYPES[self.kind][0]

    @property
    def form(self) -> str:
        """The form of a custodial order that is none of the types of sentence; empty where it is one."""
        return TYPES[self.kind][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A form that was read: nothing is wrong with it."""

    reference: str
    born: date
    sentences: tuple[Sentence, ...]
    passed: tuple[str, ...]  # the paths of what it holds and is not taken in


def read(text: str | bytes, *, today: date) -> Booking:
    """Read a form. Raises `BookingRefused` with everything that is wrong. `today`: no sentence is of a later day."""
    form = _form(_json(text))
    reader = _Reader(today)
    booking = reader.booking(form)
    if reader.faults or booking is None:
        raise BookingRefused(reader.faults)
    return booking


# --- JSON -----------------------------------------------------------------------------------------------------------


def _json(text: str | bytes) -> object:
    if len(text) > MOST_BYTES:
        raise BookingRefused([Fault("form", "is too long", f"Give a form of at most {MOST_BYTES // 1024:,} KB")])
    try:
        words = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        return json.loads(words, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BookingRefused([Fault("form", "is not in UTF-8", "Save it as UTF-8 and send it again")]) from None
    except json.JSONDecodeError as error:
        wrong = f"is not JSON: line {error.lineno}, column {error.colno}"
        raise BookingRefused([Fault("form", wrong, "Give the booking form as JSON")]) from None
    except RecursionError:
        raise BookingRefused([Fault("form", "is nested too deeply", "Give the booking form as JSON")]) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose names are each there once: of two values neither would be the right one."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BookingRefused([Fault("form", "holds the same field twice in one object", "Give each field once")])
    return found


def _no_constant(name: str) -> object:
    raise BookingRefused([Fault("form", f"holds {name}, which is not JSON", "Give a number")])


def _form(given: object) -> Mapping[str, Any]:
    """The form itself, wherever in the file it stands."""
    for name in ("input", "booking"):
        if isinstance(given, dict) and name in given:
            given = given[name]
    if not isinstance(given, dict):
        raise BookingRefused([Fault("booking", f"is {shape(given)}", "Give an object with offender and sentences")])
    return given


# --- the form -------------------------------------------------------------------------------------------------------


@dataclass
class _Reader:
    """Reads one form, and gathers what is wrong and what is passed over."""

    today: date
    faults: list[Fault] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def booking(self, form: Mapping[str, Any]) -> Booking | None:
        self._others("", form, _FORM)
        offender = self._object("offender", form.get("offender"))
        self._others("offender.", offender, _OFFENDER)
        reference = self._text("offender.reference", offender.get("reference"))
        born = self._day("offender.dateOfBirth", offender.get("dateOfBirth"))
        sentences = self._sentences(form.get("sentences"))
        adjustments = list(self._adjustments(form.get("adjustments")))
        if born is None or self.faults:
            return None
        return Booking(
            reference=reference,
            born=born,
            sentences=_with_adjustments(sentences, adjustments),
            passed=tuple(dict.fromkeys(self.passed)),
        )

    def _sentences(self, given: object) -> list[Sentence]:
        if not isinstance(given, list) or not 1 <= len(given) <= MOST_SENTENCES:
            right = f"Give a list of 1 to {MOST_SENTENCES} sentences"
            self._wrong("sentences", f"is {shape(given)}", right)
            return []
        made = [one for place, each in enumerate(given) if (one := self._sentence(f"sentences.{place}", each))]
        self._chains(given, made)
        return made

    def _chains(self, given: Sequence[object], made: Sequence[Sentence]) -> None:
        names = [one["identifier"] for one in given if isinstance(one, dict) and isinstance(one.get("identifier"), str)]
        for place, one in enumerate(given):
            follows = one.get("consecutiveSentenceUUIDs") if isinstance(one, dict) else None
            for number, name in enumerate(follows if isinstance(follows, list) else ()):
                path = f"sentences.{place}.consecutiveSentenceUUIDs.{number}"
                if name not in names:
                    self._wrong(path, "names no sentence of this form", "Give the identifier of one")
                elif names.count(name) > 1:
                    self._wrong(path, "names more than one sentence of this form", "Give each identifier once")
                elif isinstance(one, dict) and name == one.get("identifier"):
                    self._wrong(path, "names the sentence itself", "Give the identifier of another")

    def _sentence(self, path: str, given: object) -> Sentence | None:
        one = self._object(path, given)
        kind = one.get("type", "StandardSentence")
        if not isinstance(kind, str) or kind not in TYPES:
            self._wrong(f"{path}.type", f"is {shape(kind)}", f"Give one of: {', '.join(TYPES)}")
            return None
        self._others(f"{path}.", one, _SENTENCE)
        on = self._day(f"{path}.sentencedAt", one.get("sentencedAt"))
        if on is not None and on > self.today:
            self._wrong(f"{path}.sentencedAt", "has not come yet", f"Give a day up to {self.today}")
        offence = self._object(f"{path}.offence", one.get("offence"))
        self._others(f"{path}.offence.", offence, _OFFENCE)
        parts = ("custodialDuration", "extensionDuration") if kind in TWO_PARTS else ("duration",)
        lengths = [self._length(f"{path}.{name}", one.get(name), needed=name != "extensionDuration") for name in parts]
        release = self._object(f"{path}.releaseArrangements", one.get("releaseArrangements", {}))
        self._others(f"{path}.releaseArrangements.", release, _RELEASE)
        follows = one.get("consecutiveSentenceUUIDs", [])
        if not isinstance(follows, list) or not all(isinstance(name, str) for name in follows):
            self._wrong(f"{path}.consecutiveSentenceUUIDs", f"is {shape(follows)}", "Give a list of identifiers")
            follows = []
        made = Sentence(
            identifier=self._text(f"{path}.identifier", one.get("identifier"), needed=False),
            kind=kind,
            on=on or self.today,
            offence_code=self._text(f"{path}.offence.offenceCode", offence.get("offenceCode"), needed=False),
            offence_on=self._day(f"{path}.offence.committedAt", offence.get("committedAt"), needed=False),
            length=lengths[0],
            extension=lengths[1] if len(lengths) > 1 else {},
            case_reference=self._text(f"{path}.caseReference", one.get("caseReference"), needed=False),
            follows=str(follows[0]) if follows else "",
            section_250=self._yes_no(f"{path}.releaseArrangements.isSection250", release.get("isSection250", False)),
            longer_release_point=self._yes_no(f"{path}.releaseArrangements.isSDSPlus", release.get("isSDSPlus", False)),
            exclusions=self._exclusions(f"{path}.releaseArrangements.sdsEarlyReleaseExclusions", release),
            automatic_release=self._yes_no(f"{path}.automaticRelease", one.get("automaticRelease", False))
            if kind == "ExtendedDeterminateSentence"
            else None,
            fine=self._fine(f"{path}.fineAmount", one.get("fineAmount")),
        )
        return made if on is not None else None

    def _length(self, path: str, given: object, *, needed: bool) -> dict[str, int]:
        elements = self._object(f"{path}.durationElements", self._object(path, given).get("durationElements"))
        length = {}
        for unit, amount in elements.items():
            if unit not in UNITS:
                self._wrong(f"{path}.durationElements", "has a unit that is not known", f"Use {', '.join(UNITS)}")
                continue
            length[UNITS[unit]] = self._whole(f"{path}.durationElements.{unit}", amount)
        if needed and not any(length.values()) and isinstance(given, dict):
            self._wrong(path, "is no time at all", "Give at least one of YEARS, MONTHS, WEEKS, DAYS, above 0")
        return length

    def _exclusions(self, path: str, release: Mapping[str, Any]) -> tuple[str, ...]:
        given = release.get("sdsEarlyReleaseExclusions", [])
        if not isinstance(given, list) or not all(isinstance(one, str) and one in EXCLUSIONS for one in given):
            self._wrong(path, f"is {shape(given)}", f"Give a list of: {', '.join(sorted(EXCLUSIONS))}")
            return ()
        return tuple(one for one in given if one != "NO")

    def _fine(self, path: str, given: object) -> str:
        if given is None:
            return ""
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given <= _MOST_POUNDS:
            self._wrong(path, f"is {shape(given)}", f"Give the sum in pounds, from 0 to {_MOST_POUNDS:,}")
            return ""
        return f"£{given:,.2f}".removesuffix(".00")

    def _adjustments(self, given: object) -> Iterator[Adjustment]:
        for kind, ones in self._object("adjustments", {} if given is None else given).items():
            if kind not in ADJUSTMENTS:
                self._wrong("adjustments", "has a kind that is not known", f"Use {', '.join(ADJUSTMENTS)}")
            elif not isinstance(ones, list):
                self._wrong(f"adjustments.{kind}", f"is {shape(ones)}", "Give a list of adjustments")
            else:
                for place, one in enumerate(ones):
                    if made := self._adjustment(f"adjustments.{kind}.{place}", kind, one):
                        yield made

    def _adjustment(self, path: str, kind: str, given: object) -> Adjustment | None:
        one = self._object(path, given)
        self._others(f"{path}.", one, _ADJUSTMENT)
        applies = self._day(f"{path}.appliesToSentencesFrom", one.get("appliesToSentencesFrom"))
        days = self._whole(f"{path}.numberOfDays", one.get("numberOfDays", 0))
        since = self._day(f"{path}.fromDate", one.get("fromDate"), needed=False)
        until = self._day(f"{path}.toDate", one.get("toDate"), needed=False)
        if since and until and until < since:
            self._wrong(f"{path}.toDate", "is before fromDate", f"Give a day from {since} on")
        if applies is None:
            return None
        return Adjustment(kind=kind, days=days, applies_from=applies, since=since, until=until)

    # --- values

    def _wrong(self, path: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(path, wrong, right))

    def _others(self, path: str, given: Mapping[str, Any], known: set[str]) -> None:
        self.passed += [f"{path}{name}"[:120] for name in given if name not in known]

    def _object(self, path: str, given: object) -> Mapping[str, Any]:
        if isinstance(given, dict):
            return given
        self._wrong(path, f"is {shape(given)}", "Give an object")
        return {}

    def _text(self, path: str, given: object, *, needed: bool = True) -> str:
        if given is None and not needed:
            return ""
        if not isinstance(given, str) or len(given) > 200 or not given.isprintable() or (needed and not given.strip()):
            self._wrong(path, f"is {shape(given)}", "Give a text of 1 to 200 letters")
            return ""
        return given.strip()

    def _day(self, path: str, given: object, *, needed: bool = True) -> date | None:
        if given is None and not needed:
            return None
        try:
            if isinstance(given, str):
                return times.day(given)
            wrong = f"is {shape(given)}"
        except times.NotATime as error:
            wrong = error.wrong
        self._wrong(path, wrong, "Give a day, such as 2024-03-31")
        return None

    def _whole(self, path: str, given: object) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_NUMBER:
            self._wrong(path, f"is {shape(given)}", f"Give a whole number from 0 to {MOST_NUMBER:,}")
            return 0
        return given

    def _yes_no(self, path: str, given: object) -> bool:
        if not isinstance(given, bool):
            self._wrong(path, f"is {shape(given)}", "Give true or false")
        return given is True


def _with_adjustments(sentences: Sequence[Sentence], adjustments: Sequence[Adjustment]) -> tuple[Sentence, ...]:
    """Each adjustment with the first sentence of the day from which it applies, else of the next, else the last one."""
    held: dict[int, list[Adjustment]] = {}
    by_day = sorted(range(len(sentences)), key=lambda place: (sentences[place].on, place))
    for one in adjustments:
        place = next((n for n in by_day if sentences[n].on >= one.applies_from), by_day[-1])
        held.setdefault(place, []).append(one)
    return tuple(replace(one, adjustments=tuple(held.get(place, ()))) for place, one in enumerate(sentences))


# --- from the form to bodies ----------------------------------------------------------------------------------------


def body(one: Sentence, *, consecutive_to: str) -> dict[str, Any]:
    """The body of `sentence.imposed` for a sentence of the form; what the form does not say is `unknown`.

    `consecutive_to` is the reference of the entry of the sentence that it follows, or empty.
    """
    days = {kind: sum(each.days for each in one.adjustments if each.kind == kind) for kind in ("REMAND", "TAGGED_BAIL")}
    code = one.offence_code
    given: dict[str, Any] = {
        "type": one.type,
        "offence": f"offence {code}" if code else "not named in the booking form",
        "years": one.length.get("years", 0),
        "months": one.length.get("months", 0),
        "days": one.length.get("days", 0),
        "weeks": one.length.get("weeks"),
        "victim_scheme": "unknown",
        "listed_grave": "unknown",
        "case_reference": one.case_reference,
        "offence_code": code,
        "offence_on": one.offence_on.isoformat() if one.offence_on else None,
        **{f"extension_{unit}": amount for unit, amount in one.extension.items()},
        "remand_days": days["REMAND"] or None,
        "tagged_bail_days": days["TAGGED_BAIL"] or None,
        "adjustments": [each.said for each in one.adjustments],
        "consecutive_to": consecutive_to,
        "form": one.form,
        "longer_release_point": "yes" if one.longer_release_point else None,
        "release_exclusions": list(one.exclusions),
        "automatic_release": None if one.automatic_release is None else "yes" if one.automatic_release else "no",
        "fine": one.fine,
    }
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def refs(booking: Booking, name: Callable[[str], str]) -> list[str]:
    """A reference for each sentence, the same whenever the form is sent: by its identifier, else by what it says.

    `name` makes a reference of a text. Of sentences that say the same each has one of its own.
    """
    said = [one.identifier or repr(one) for one in booking.sentences]
    return [name(f"{text}#{said[:place].count(text)}") for place, text in enumerate(said)]
