"""Forms: what was asked and what was answered. Values are kept when something is wrong, and each mistake is linked.

`Answers` reads one form and gathers what is wrong, in words that say what to do. Pure but for `fresh_ref`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from throughcare.ledger.entry import LONDON, Precision, When, london_day
from throughcare.web import words
from throughcare.web.looking import read_clock, read_day
from throughcare.web.parts import Field, Mistake
from throughcare.web.shell import Choice

_REF = re.compile(r"W[0-9a-f]{16}")


def fresh_ref() -> str:
    """A reference for what a form will record: sent along with it, so that sending it twice records it once."""
    return f"W{secrets.token_hex(8)}"


def ref_of(given: Mapping[str, str]) -> str:
    """The reference that a form brought back, or a fresh one where it brought none of ours."""
    ref = given.get("ref", "")
    return ref if _REF.fullmatch(ref) else fresh_ref()


@dataclass
class Answers:
    """What somebody answered. `wrong`: by field, what to do about it, in the order in which it was read.

    `first` bounds every day that is asked for: that of the birth, or of the sentence. It is itself allowed.
    """

    given: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    first: date | None = None  # no day before this one is taken; None: any day
    too_early: str = ""  # what to say of one that lies before it

    def text(self, name: str, *, ask: str = "", least: int = 1, most: int = 2_000) -> str:
        """Words. With `ask` they must be there; a text that is too long is refused with its length."""
        said = self.given.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
        if ask and len(said) < least:
            self.wrong[name] = ask
        elif len(said) > most:
            self.wrong[name] = f"Shorten this to {most:,} characters; it has {len(said):,}"
        return said

    def choice(self, name: str, known: Collection[str], *, ask: str = "") -> str:
        """One of several. With `ask` one must be chosen."""
        said = self.given.get(name, "")
        if said in known:
            return said
        if ask:
            self.wrong[name] = ask
        return ""

    def chosen(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Any of several, in the order of the list."""
        getlist = getattr(self.given, "getlist", None)
        said = getlist(name) if getlist else [self.given.get(name, "")]
        return tuple(one for one in known if one in said)

    def whole(self, name: str, *, ask: str, least: int, most: int, needed: bool = True) -> int | None:
        """A whole number within limits, both inclusive."""
        said = self.given.get(name, "").strip()
        if not said and not needed:
            return None
        if not (said.isascii() and said.isdigit() and least <= int(said[:9]) <= most):
            self.wrong[name] = ask
            return None
        return int(said)

    def day(self, name: str, *, ask: str, now: datetime, needed: bool = True) -> date | None:
        """A day as people write it, not in the future."""
        said = self.given.get(name, "").strip()
        if not said and not needed:
            return None
        on = read_day(said)
        if on is None:
            self.wrong[name] = ask
        elif on > london_day(now):
            self.wrong[name] = "This day has not come yet. Enter a day up to today"
            return None
        return self.not_too_early(name, on)

    def not_too_early(self, name: str, on: date | None) -> date | None:
        """The day, or None where it lies before the first one that is taken."""
        if on is not None and self.first is not None and on < self.first:
            self.wrong[name] = self.too_early
            return None
        return on

    def when(self, day: str, clock: str, *, ask: str, now: datetime) -> When | None:
        """When it happened: a day, and a time where one was said. Never after `now`."""
        on = self.day(day, ask=ask, now=now)
        said = self.given.get(clock, "").strip()
        at = read_clock(said) if said else None
        if said and at is None:
            self.wrong[clock] = "Enter a time, such as 2:30pm or 14:30, or leave it empty"
        if on is None or clock in self.wrong:
            return None
        if at is None:
            return When(Precision.DAY, on=on)
        moment = datetime.combine(on, at, LONDON).astimezone(UTC)
        if moment > now:
            self.wrong[clock] = "This time has not come yet. Enter a time up to now"
            return None
        return When(Precision.MINUTE, at=moment)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The errors for the summary, each linked to its field."""
        return tuple(Mistake(said, f"#id_{name}") for name, said in self.wrong.items())

    def shown(self, fields: Sequence[Field]) -> tuple[Field, ...]:
        """The fields with what was answered and what is wrong with it."""
        return tuple(self._shown(one) for one in fields)

    def _shown(self, one: Field) -> Field:
        error = self.wrong.get(one.name, "")
        if one.kind in ("radios", "select", "checkboxes"):
            said = self.chosen(one.name, [choice.value for choice in one.choices])
            choices = tuple(replace(choice, chosen=choice.value in said) for choice in one.choices)
            return replace(one, choices=choices, error=error)
        return replace(one, value="" if one.kind == "password" else self.given.get(one.name, ""), error=error)


def bounded(given: Mapping[str, str], *, born: date | None, passed: date | None = None) -> Answers:
    """Answers about somebody: no day before their sentence was passed, or, where none is given, before their birth."""
    if passed is not None:
        early = (
            f"This is before the sentence of {words.day(passed)}. Check the day, or record an earlier sentence first"
        )
        return Answers(given, first=passed, too_early=early)
    if born is not None:
        return Answers(given, first=born, too_early=f"This is before the birth, on {words.day(born)}. Check the day")
    return Answers(given)


def choices(named: Mapping[str, str], chosen: str | Collection[str] = "", *, first: str = "") -> tuple[Choice, ...]:
    """The options of a field, from codes to words. `first`: the words of an empty one before them."""
    held = {chosen} if isinstance(chosen, str) else set(chosen)
    made = tuple(Choice(value=code, label=said, chosen=code in held) for code, said in named.items())
    return (Choice(value="", label=first, chosen="" in held), *made) if first else made


def now_fields(label: str, now: datetime) -> tuple[Field, ...]:
    """The two fields for a day and a time, filled with this moment."""
    return (
        Field(name="day", label=label, value=words.day(now), hint="For example, 24 November 2026", width=20),
        Field(
            name="time",
            label="At what time?",
            value=words.clock(_minute(now)),
            hint="Leave this empty if you do not know",
            width=10,
        ),
    )


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
