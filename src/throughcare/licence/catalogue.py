"""The conditions that licences are made of, by policy version. Pure; the facts stand in `law/conditions.json`.

A code means something only together with its policy version: version 4.0 gives codes of standard conditions to other
duties. So nothing here compares bare codes, and a code without a version is not read. A condition on a licence stays
as it was when it was set: a newer version changes nothing on a licence in force, it says what a variation would bring.
A name that the catalogue does not hold is a condition of its own, and is shown as it was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from functools import cache
from importlib.resources import files
from typing import Any, Literal

VERSIONS = ("1.0", "2.0", "2.1", "3.0", "4.0")
"""Policy versions, oldest first. `board_directed` and `unknown` are no policy: their conditions come from elsewhere."""

STANDARD = "standard"
LONGEST_VALUE = 400  # characters of one value of an input


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Something that a condition leaves to be filled in for one person."""

    name: str
    kind: Literal["text", "time", "date", "address", "map_file", "choice_one", "choice_many"]
    choices: tuple[str, ...] = ()
    many: bool = False  # may hold several values
    optional: bool = False
    asked_if: tuple[str, tuple[str, ...]] | None = None  # asked only where another input has one of these values

    @property
    def words(self) -> str:
        """What is asked, in words."""
        return _words(self.name)

    def asked(self, values: Mapping[str, Sequence[str]]) -> bool:
        """Is it asked, given what the other inputs say?"""
        return self.asked_if is None or any(one in self.asked_if[1] for one in values.get(self.asked_if[0], ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One condition of the catalogue, across its policy versions."""

    key: str
    title: str  # a short description of our own, never the legal wording
    category: str
    duty: str
    regime: str  # `licence` or `post_sentence_supervision`
    standard: bool
    codes: Mapping[str, str]  # policy version -> code
    also: tuple[str, ...] = ()  # further kinds of duty in it
    reworded_in: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)  # where the meaning differs by version
    successors: tuple[str, ...] = ()
    note: str = ""
    approval: str = ""
    exception: str = ""
    flags: frozenset[str] = frozenset()
    officer_may_permit: bool = False

    @property
    def versions(self) -> tuple[str, ...]:
        """The policy versions that have it, oldest first."""
        return tuple(one for one in VERSIONS if one in self.codes)

    def meaning(self, version: str) -> str:
        """What it asks in one version, where versions differ; else empty."""
        said = self.meanings.get(version, "")
        same = re.fullmatch(r"as ([0-9.]+)", said)
        return self.meaning(same[1]) if same else said


@dataclass(frozen=True, slots=True)
class Version:
    """One policy version, and how sure it is from when it was used."""

    name: str
    short: str  # what it brought, in a few words
    in_use_from: date | None  # None: not settled
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the file holds."""

    conditions: Mapping[str, Listed]  # by key
    categories: Mapping[str, str]  # in the order in which they are shown
    duties: Mapping[str, str]
    versions: tuple[Version, ...]
    source: str

    def of_version(self, version: str) -> list[Listed]:
        """The conditions of a policy version. All of the newest-known meaning where the version is no policy."""
        return [one for one in self.conditions.values() if version not in VERSIONS or version in one.codes]


@cache
def catalogue() -> Catalogue:
    """The catalogue of this product."""
    held = json.loads(files("throughcare.licence").joinpath("law", "conditions.json").read_text("utf-8"))
    return Catalogue(
        conditions={one["key"]: _listed(one) for one in held["conditions"]},
        categories=held["categories"],
        duties=held["duties"],
        versions=tuple(
            Version(one["version"], one["short"], _day(one["in_use_from"]), one["confidence"], one["note"])
            for one in held["versions"]
        ),
        source=held["source"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _listed(one: Mapping[str, Any]) -> Listed:
    return Listed(
        key=one["key"],
        title=one["title"],
        category=one["category"],
        duty=one["duty"],
        regime=one["regime"],
        standard=one["standard"],
        codes=one["codes"],
        also=tuple(one.get("also", ())),
        reworded_in=tuple(one["reworded_in"]),
        inputs=tuple(_input(each) for each in one["inputs"]),
        meanings=one.get("meaning_by_version", {}),
        successors=tuple(each.removeprefix("standard:") for each in one.get("successor", ())),
        note=one.get("note", ""),
        approval=one.get("approval", ""),
        exception=one.get("exception", ""),
        flags=frozenset(one.get("flags", ())),
        officer_may_permit=one.get("officer_may_permit", False),
    )


def _input(one: Mapping[str, Any]) -> Input:
    asked = one.get("asked_if")
    return Input(
        name=one["name"],
        kind=one["kind"],
        choices=tuple(one.get("choices", ())),
        many=one.get("many", False),
        optional=one.get("optional", False),
        asked_if=(asked["field"], tuple(asked["is"])) if asked else None,
    )


def _words(code: str) -> str:
    said = re.sub(r"(?<=[a-z])(?=[0-9])", " ", code.replace("_", " "))
    return f"{said[:1].upper()}{said[1:]}"


def choice_words(code: str) -> str:
    """A choice of an input, in words."""
    return _words(code)


# --- one name on one licence -----------------------------------------------------------------------------------------

How = Literal["listed", "other_version", "not_a_policy", "own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What a name on a licence means, with the policy version that it came with."""

    name: str
    version: str
    how: How
    conditions: tuple[
        Listed, ...
    ] = ()  # two where one code carries two duties; none where it is a condition of its own

    @property
    def title(self) -> str:
        """What to call it."""
        return "; ".join(one.title for one in self.conditions) or self.name

    @property
    def category(self) -> str:
        """The category in words."""
        if not self.conditions:
            return "Written for this person"
        return catalogue().categories[self.conditions[0].category]

    @property
    def meaning(self) -> str:
        """What the version of it asks, where versions differ."""
        return "; ".join(said for one in self.conditions if (said := one.meaning(self.version)))

    @property
    def code(self) -> str:
        """Its code in its version; empty where it has none."""
        return self.conditions[0].codes.get(self.version, "") if self.conditions else ""

    @property
    def sure(self) -> str:
        """What is to be said of how sure this reading is; empty where it is."""
        match self.how:
            case "listed":
                return ""
            case "other_version":
                return f"Version {self.version} has no such condition; the title is that of another version"
            case "not_a_policy":
                return (
                    "Set outside the policy tables; the title is that of the catalogue, the wording is the Board’s own"
                )
            case _:
                return "In the words of the licence; not in the catalogue"


_CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def look_up(version: str, name: str) -> Meant:
    """What a name means in a policy version: a key of the catalogue, or a code, which needs its version.

    Never refuses: a name that is not known is a condition of its own.
    """
    held = catalogue().conditions
    if _CODE.fullmatch(name):
        found = tuple(one for one in held.values() if one.codes.get(version) == name)
        return Meant(name=name, version=version, how="listed" if found else "own", conditions=found)
    one = held.get(name)
    if one is None:
        return Meant(name=name, version=version, how="own")
    if version not in VERSIONS:
        return Meant(name=name, version=version, how="not_a_policy", conditions=(one,))
    return Meant(
        name=name, version=version, how="listed" if version in one.codes else "other_version", conditions=(one,)
    )


# --- what a newer version would bring --------------------------------------------------------------------------------

Sort = Literal["same", "reworded", "other_meaning", "gone", "new", "own"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What lies between two policy versions for one condition of one licence."""

    name: str
    title: str
    sort: Sort
    words: str  # what it means for this licence
    old_code: str = ""
    new_code: str = ""
    code_trap: str = ""  # what the old code means in the new version, where that is another duty


def differences(names: Iterable[str], old: str, new: str) -> list[Difference]:
    """What a change from one policy version to another would mean for a licence that has these conditions.

    First the licence's own conditions in their order, then the standard conditions that the other version would bring.
    Empty where one of the two is no policy version: nothing can be compared.
    """
    if old not in VERSIONS or new not in VERSIONS or old == new:
        return []
    has = list(dict.fromkeys(names))
    made = [_difference(look_up(old, name), old, new) for name in has]
    held = {one.key for name in has for one in look_up(old, name).conditions}
    brought = [
        one for one in catalogue().of_version(new)
        if one.standard and one.regime == "licence" and old not in one.codes and one.key not in held
    ]  # fmt: skip
    return made + [
        Difference(
            name=one.key, title=one.title, sort="new", new_code=one.codes[new],
            words=f"Standard from version {new}; not on this licence until a variation adds it",
        )
        for one in brought
    ]  # fmt: skip


def _difference(meant: Meant, old: str, new: str) -> Difference:
    if not meant.conditions:
        return Difference(
            name=meant.name, title=meant.title, sort="own", words="A condition of its own: no version changes it"
        )
    one = meant.conditions[0]
    sort, said = _compared(one, old, new)
    codes = (one.codes.get(old, ""), one.codes.get(new, ""))
    return Difference(
        name=meant.name, title=meant.title, sort=sort, words=said, old_code=codes[0], new_code=codes[1],
        code_trap=_trap(one, codes[0], new),
    )  # fmt: skip


def _compared(one: Listed, old: str, new: str) -> tuple[Sort, str]:
    if new not in one.codes:
        after = ", ".join(catalogue().conditions[key].title for key in one.successors if key in catalogue().conditions)
        instead = f"; in its place: {after}" if after else ""
        return "gone", f"Not in version {new}{instead}. It stays on this licence until a variation removes it"
    if old not in one.codes:
        return "same", f"Version {old} has no such condition, version {new} has"
    if one.meaning(old) != one.meaning(new):
        return "other_meaning", f"Here: {one.meaning(old)}. In version {new}: {one.meaning(new)}"
    between = [version for version in VERSIONS if _order(old, new, version)]
    if any(version in one.reworded_in for version in between) or one.codes[old] != one.codes[new]:
        how = "Other words" if one.codes[old] == one.codes[new] else "Other words and another code"
        return "reworded", f"{how} in version {new}, for the same duty"
    return "same", f"The same in version {new}"


def _order(old: str, new: str, version: str) -> bool:
    """Does a version lie after the older of two, up to the newer one?"""
    low, high = sorted((VERSIONS.index(old), VERSIONS.index(new)))
    return low < VERSIONS.index(version) <= high


def _trap(one: Listed, code: str, new: str) -> str:
    if not code:
        return ""
    now = [other for other in catalogue().conditions.values() if other.codes.get(new) == code]
    if not now or any(other.key == one.key for other in now):
        return ""
    return f"In version {new} the code {code} means something else: {'; '.join(other.title for other in now)}"


# --- what its inputs say ----------------------------------------------------------------------------------------------

Values = Mapping[str, Sequence[str]]  # input -> its values


class ValueRefused(ValueError):
    """A value of an input is not of its kind. Says which input, what is wrong and what would be right."""

    code = "value_refused"

    def __init__(self, field: str, wrong: str, right: str) -> None:
        self.field, self.wrong, self.right = field, wrong, right
        super().__init__(f"{field}: {wrong}. {right}.")


def mistakes(condition: Listed, values: Values) -> list[ValueRefused]:
    """What is wrong with the values given for a condition's inputs, in the order of its inputs. Empty: all is well."""
    found = []
    for one in condition.inputs:
        given = [text.strip() for text in values.get(one.name, ()) if text.strip()]
        field = f"{condition.key}.{one.name}"
        if not given:
            if one.asked(values) and not one.optional:
                found.append(ValueRefused(field, "is not filled in", _right(one)))
        elif not one.asked(values):
            found.append(ValueRefused(field, "is filled in although it is not asked", "Leave it empty"))
        elif len(given) > 1 and not (one.many or one.kind == "choice_many"):
            found.append(ValueRefused(field, "has several values", "Give one"))
        elif any(not _fits(one, text) for text in given):
            found.append(ValueRefused(field, "cannot be read", _right(one)))
    known = {one.name for one in condition.inputs}
    return found + [
        ValueRefused(f"{condition.key}.{name}", "is no input of this condition", "Leave it out")
        for name in values
        if name not in known
    ]


def _fits(one: Input, text: str) -> bool:
    try:
        if one.kind == "time":
            return time.fromisoformat(text).second == 0 and len(text) == 5
        if one.kind == "date":
            return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
    if one.kind in ("choice_one", "choice_many"):
        return text in one.choices
    return len(text) <= LONGEST_VALUE


def _right(one: Input) -> str:
    match one.kind:
        case "time":
            return "Give a time such as 19:00"
        case "date":
            return "Give a day such as 2027-03-31"
        case "choice_one":
            return f"Choose one of: {', '.join(map(_words, one.choices))}"
        case "choice_many":
            return f"Choose from: {', '.join(map(_words, one.choices))}"
        case "map_file":
            return "Give the name of the map"
        case _:
            return f"Give words, up to {LONGEST_VALUE} characters"


def written(name: str, values: Values) -> list[str]:
    """The lines in which an entry keeps what the inputs of a condition say: `condition.input=value`, one value each."""
    return [
        f"{name}.{field}={' '.join(text.split())}" for field, texts in values.items() for text in texts if text.strip()
    ]


def read(lines: Iterable[str] | None) -> dict[str, dict[str, list[str]]]:
    """From such lines: condition -> input -> values. A line that is not so written is kept under empty names."""
    said: dict[str, dict[str, list[str]]] = {}
    for line in lines or ():
        place, sign, value = line.partition("=")
        name, _, field = place.rpartition(".")
        if sign and name and field:
            said.setdefault(name, {}).setdefault(field, []).append(value)
        else:
            said.setdefault("", {}).setdefault("", []).append(line)
    return said


def spoken(condition: Listed | None, values: Values) -> list[tuple[str, str]]:
    """What the inputs say, in words: (what, value). Known inputs first, in their order; others as they were written."""
    inputs = {one.name: one for one in condition.inputs} if condition else {}
    order = [name for name in inputs if name in values] + [name for name in values if name not in inputs]
    return [
        (_words(name), ", ".join(_words(text) if _coded(inputs.get(name), text) else text for text in values[name]))
        for name in order
    ]


def _coded(one: Input | None, text: str) -> bool:
    return one is not None and text in one.choices
