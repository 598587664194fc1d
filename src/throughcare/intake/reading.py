"""What an agency sent, read strictly: JSON into people and entries, with every fault of every entry. Pure.

Nothing is guessed and nothing is mended. A text that is not plain JSON is refused whole (`NotJson`); a request whose
parts are wrong is refused with the list of everything that is wrong (`Faulty`). What was written is never repeated
in a message, save short codes.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, NamedTuple, NoReturn

from throughcare.intake import limits
from throughcare.ledger import canonical, checking, times
from throughcare.ledger.entry import SHARED, Entry, Key, Record
from throughcare.ledger.errors import EntryRefused, Fault
from throughcare.ledger.kinds import Kind
from throughcare.ledger.life import Identifier, PersonRecord
from throughcare.ledger.raw import to_raw

NOT_SENT: Final = frozenset({"people.linked", "people.kept_apart", "alerts.finding_answered"})
"""Kinds that somebody decides on a page of this system: an agency's own system or file may not decide them."""

MOST_NAMES: Final = 20
NAME_LENGTH: Final = 200  # characters
SEX_LENGTH: Final = 40
ADDRESS_LENGTH: Final = 500
MOST_IDENTIFIERS: Final = 20
SYSTEM_LENGTH: Final = 60
VALUE_LENGTH: Final = 100


class Wrong(NamedTuple):
    """A fault, and in which entry of the request it is, from 0; None: in the request itself, or its people."""

    entry: int | None
    fault: Fault


class NotJson(ValueError):
    """The text is not the plain JSON that is asked for. Says what is wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        self.wrong, self.right = wrong, right
        super().__init__(f"{wrong}. {right}.")


class Faulty(ValueError):
    """A request was read, and holds things that are wrong: all of them are in `faults`."""

    def __init__(self, faults: list[Wrong]) -> None:
        self.faults = faults[: limits.MOST_FAULTS]
        super().__init__(f"{len(faults):,} things are wrong in the request.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a request is checked against."""

    kinds: Mapping[str, Kind]
    agencies: Collection[str]  # the codes of those that take part
    agency: str | None  # whose records may be sent; None: those of any agency that takes part (an operator's command)
    at: datetime  # now


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request that was read and found right."""

    entries: list[Entry] = field(default_factory=list)
    people: list[PersonRecord] = field(default_factory=list)
    expected: dict[uuid.UUID, int] = field(default_factory=dict)


# --- JSON ----------------------------------------------------------------------------------------------------------

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parse(data: bytes) -> Any:
    """Read JSON in UTF-8: each field once, no NaN or Infinity, no number beyond what can be kept, no half character.

    Raises `NotJson`.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"is not UTF-8 (byte {error.start:,})", "Send JSON in UTF-8") from None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except NotJson:
        raise
    except RecursionError:
        raise NotJson("is nested too deeply", "Send objects no deeper than an entry is") from None
    except UnicodeEncodeError:
        raise NotJson("holds half a character (a lone surrogate)", "Send whole characters") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"cannot be read as JSON (line {error.lineno:,})", "Send one JSON value") from None
    except ValueError:
        raise NotJson("holds a number that is too long", "Send plain numbers") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise NotJson("names a field twice in one object", "Name each field once")
    return made


def _no_constant(name: str) -> NoReturn:
    raise NotJson(f"holds {name}, which is not JSON", "Send plain numbers")


def _finite(written: str) -> float:
    number = float(written)
    if number in (float("inf"), float("-inf")):
        raise NotJson("holds a number that is too large", "Send plain numbers")
    return number


# --- a request -----------------------------------------------------------------------------------------------------

_FIELDS = ("people", "entries", "expected_versions")


def read(given: Any, rules: Rules) -> Sent:
    """Read one entry, a list of entries, or `{"people", "entries", "expected_versions"}`. Raises `Faulty`."""
    faults: list[Wrong] = []
    whole = _whole(given, faults)
    entries = _entries(_listed("entries", whole.get("entries"), faults), rules, faults)
    people = _people(_listed("people", whole.get("people"), faults), rules, faults)
    expected = _expected(whole.get("expected_versions"), faults)
    if not faults and not entries and not people:
        faults.append(Wrong(None, Fault("entries", "is empty", "Send at least one entry, or one record in people")))
    if faults:
        raise Faulty(faults)
    return Sent(entries=entries, people=people, expected=expected)


def _whole(given: Any, faults: list[Wrong]) -> dict[str, Any]:
    """The request in its long form."""
    if isinstance(given, list):
        return {"entries": given}
    if isinstance(given, dict):
        if not given.keys() & set(_FIELDS):
            return {"entries": [given]}
        if not given.keys() <= set(_FIELDS):
            right = f"Send an entry alone, or an object with {', '.join(_FIELDS)}"
            faults.append(Wrong(None, Fault("request", "has a field that is not known", right)))
        return given
    right = 'Send an entry, a list of entries, or {"people": [...], "entries": [...]}'
    faults.append(Wrong(None, Fault("request", f"is {checking.shape(given)}", right)))
    return {}


def _listed(name: str, given: Any, faults: list[Wrong]) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > limits.MOST_ENTRIES:
        right = f"Send a list, up to {limits.MOST_ENTRIES:,} at once"
        faults.append(Wrong(None, Fault(name, f"is {checking.shape(given)}", right)))
        return []
    return given


def _entries(given: list[Any], rules: Rules, faults: list[Wrong]) -> list[Entry]:
    entries = []
    for number, raw in enumerate(given):
        try:
            entries.append(entry(raw, rules))
        except EntryRefused as refused:
            faults += [Wrong(number, fault) for fault in refused.faults]
    if turning := circling(entries):
        fault = Fault("corrects", "leads back to the entry itself", "Correct an earlier entry")
        faults += [Wrong(number, fault) for number, one in enumerate(entries) if one.key in turning]
    return entries


def circling(entries: Iterable[Entry]) -> set[Key]:
    """The entries whose corrections lead round in a circle: each takes the place of the next, so none would stand."""
    after = {one.key: Key(one.agency, one.corrects) for one in entries if one.corrects is not None}
    turning: set[Key] = set()
    seen: set[Key] = set()
    for start in after:
        way: dict[Key, None] = {}
        key = start
        while key in after and key not in seen and key not in way:
            way[key] = None
            key = after[key]
        if key in way:
            walked = list(way)
            turning |= set(walked[walked.index(key) :])
        seen |= way.keys()
    return turning


def _expected(given: Any, faults: list[Wrong]) -> dict[uuid.UUID, int]:
    if given is None:
        return {}
    right = "Send an object of the persons and versions of earlier receipts, each version from 0"
    if not isinstance(given, dict) or len(given) > limits.MOST_ENTRIES:
        faults.append(Wrong(None, Fault("expected_versions", f"is {checking.shape(given)}", right)))
        return {}
    expected = {}
    for person, version in given.items():
        id = _uuid(person)
        if id is None or type(version) is not int or not 0 <= version < 2**31:
            faults.append(Wrong(None, Fault("expected_versions", "holds what is no person or no version", right)))
        else:
            expected[id] = version
    return expected


_is_uuid = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}").fullmatch


def _uuid(written: str) -> uuid.UUID | None:
    return uuid.UUID(written) if _is_uuid(written) else None


# --- one entry -----------------------------------------------------------------------------------------------------


def entry(raw: Any, rules: Rules) -> Entry:
    """Check one entry as it was sent; without `agency` it is the sender's. Raises `EntryRefused` with every fault."""
    if isinstance(raw, dict) and "agency" not in raw and rules.agency is not None:
        raw = {**raw, "agency": rules.agency}
    found: list[Fault] = []
    if isinstance(raw, dict) and rules.agency is not None and raw.get("agency") != rules.agency:
        right = f"Give {rules.agency}, or send as the other agency's own client"
        found.append(Fault("agency", "is not the agency that sends", right))
    if isinstance(raw, dict) and raw.get("kind") in list(NOT_SENT) and rules.agency is not None:
        raise EntryRefused("kind", "is decided on a page of this system", "Decide it there; it cannot be sent in")
    try:
        made = checking.check(raw, rules.kinds)
    except EntryRefused as refused:
        _refuse([*found, *refused.faults])
    _refuse([*found, *further(made, rules)])
    return made


def _refuse(faults: list[Fault]) -> None:
    if faults:
        first, *more = faults[: checking.MOST_FAULTS]
        raise EntryRefused(*first, more=more)


def further(made: Entry, rules: Rules) -> Iterator[Fault]:
    """What can be wrong with an entry that is right in itself: its agencies, the time, its kind, its size."""
    if rules.agency is not None and made.kind in NOT_SENT:
        yield Fault("kind", "is decided on a page of this system", "Decide it there; it cannot be sent in")
    if made.agency not in rules.agencies:
        yield Fault("agency", "is not an agency that takes part", "Give the code of one that does")
    for number, share in enumerate(made.shared):
        if share.agency not in rules.agencies:
            yield Fault(f"shared.{number}.agency", "is not an agency that takes part", "Give the code of one that does")
    if made.kind == SHARED and not set(made.body["to"]) <= set(rules.agencies):
        yield Fault("body.to", "names an agency that does not take part", "Give the codes of those that do")
    if made.noted > rules.at + limits.MOST_AHEAD:
        yield Fault("noted", "lies in the future", "Give the moment when it was written down")
    yield from _size(made)


def _size(made: Entry) -> Iterator[Fault]:
    if len({concern.record for concern in made.concerns}) > limits.MOST_PERSONS:
        yield Fault("concerns", "names too many records", f"Name at most {limits.MOST_PERSONS} in one entry")
    try:
        canonical.canonical(to_raw(made), field="entry")
    except canonical.SealRefused as refused:
        yield Fault(refused.field, refused.wrong, refused.right)


# --- records of people ---------------------------------------------------------------------------------------------

_PERSON_FIELDS = (
    *("record_ref", "agency", "names", "date_of_birth", "expected_date_of_birth", "sex", "address"),
    *("identifiers", "identified"),
)


def _people(given: list[Any], rules: Rules, faults: list[Wrong]) -> list[PersonRecord]:
    people: dict[Record, PersonRecord] = {}
    for number, raw in enumerate(given):
        found: list[Fault] = []
        made = person(raw, rules, found)
        if made.record in people:
            found.append(Fault("record_ref", "is there twice", "Send each record once"))
        people[made.record] = made
        faults += [Wrong(None, fault._replace(field=f"people.{number}.{fault.field}")) for fault in found]
    return list(people.values())


def person(raw: Any, rules: Rules, faults: list[Fault]) -> PersonRecord:
    """Check one record of a person as it was sent. Adds what is wrong."""
    if not isinstance(raw, dict):
        faults.append(Fault("record", f"is {checking.shape(raw)}", "Give an object with the fields of a record"))
        return PersonRecord(agency="", ref="", names=())
    if not raw.keys() <= set(_PERSON_FIELDS):
        right = f"The fields are {', '.join(_PERSON_FIELDS)}"
        faults.append(Fault("record", "has a field that is not known", right))
    identified = raw.get("identified", True)
    if not isinstance(identified, bool):
        faults.append(Fault("identified", f"is {checking.shape(identified)}", "Give true or false"))
    own = raw.get("agency")
    made = PersonRecord(
        agency=checking.read_agency("agency", rules.agency if own is None else own, faults),
        ref=checking.read_ref("record_ref", raw.get("record_ref"), faults),
        names=tuple(_names(raw.get("names"), faults)),
        date_of_birth=_day("date_of_birth", raw.get("date_of_birth"), faults),
        expected_date_of_birth=_day("expected_date_of_birth", raw.get("expected_date_of_birth"), faults),
        sex=checking.read_words("sex", raw.get("sex"), faults, most=SEX_LENGTH),
        address=checking.read_words("address", raw.get("address"), faults, most=ADDRESS_LENGTH),
        identifiers=tuple(_identifiers(raw.get("identifiers"), faults)),
        identified=identified is not False,
    )
    if made.date_of_birth and made.expected_date_of_birth:
        faults.append(Fault("expected_date_of_birth", "is given beside a date of birth", "Give the one or the other"))
    faults += person_further(made, rules)
    return made


def person_further(made: PersonRecord, rules: Rules) -> Iterator[Fault]:
    """What can be wrong with a record that is right in itself, however it was sent."""
    if rules.agency is not None and made.agency != rules.agency:
        yield Fault("agency", "is not the agency that sends", f"Give {rules.agency}, or leave it out")
    elif made.agency not in rules.agencies:
        yield Fault("agency", "is not an agency that takes part", "Give the code of one that does")
    if len(made.names) > MOST_NAMES or any(len(name) > NAME_LENGTH for name in made.names):
        right = f"Give up to {MOST_NAMES} names of up to {NAME_LENGTH} characters"
        yield Fault("names", "are too many, or one is too long", right)
    if len(made.sex) > SEX_LENGTH or len(made.address) > ADDRESS_LENGTH:
        right = f"Give a sex of up to {SEX_LENGTH} and an address of up to {ADDRESS_LENGTH} characters"
        yield Fault("address" if len(made.address) > ADDRESS_LENGTH else "sex", "is too long", right)
    if len(made.identifiers) > MOST_IDENTIFIERS or any(
        len(one.system) > SYSTEM_LENGTH or len(one.value) > VALUE_LENGTH for one in made.identifiers
    ):
        right = f"Give up to {MOST_IDENTIFIERS}, a value of up to {VALUE_LENGTH} characters each"
        yield Fault("identifiers", "are too many, or one is too long", right)


def _names(given: Any, faults: list[Fault]) -> Iterator[str]:
    if given is None:
        return
    if not isinstance(given, list) or len(given) > MOST_NAMES:
        faults.append(Fault("names", f"is {checking.shape(given)}", f"Give a list of up to {MOST_NAMES} names"))
        return
    for number, name in enumerate(given):
        yield checking.read_words(
            f"names.{number}", name if name is not None else 0, faults, most=NAME_LENGTH, blank=False
        )


def _identifiers(given: Any, faults: list[Fault]) -> Iterator[Identifier]:
    if given is None:
        return
    right = f'Give a list of up to {MOST_IDENTIFIERS} objects such as {{"system": "nhs", "value": "..."}}'
    if not isinstance(given, list) or len(given) > MOST_IDENTIFIERS:
        faults.append(Fault("identifiers", f"is {checking.shape(given)}", right))
        return
    for number, one in enumerate(given):
        path = f"identifiers.{number}"
        if not isinstance(one, dict) or one.keys() != {"system", "value"}:
            faults.append(Fault(path, "is not an object of system and value", right))
            continue
        system = checking.read_words(f"{path}.system", one["system"], faults, most=SYSTEM_LENGTH, blank=False)
        if "=" in system:
            faults.append(Fault(f"{path}.system", "holds an equals sign", "Give the name of the system"))
        yield Identifier(
            system, checking.read_words(f"{path}.value", one["value"], faults, most=VALUE_LENGTH, blank=False)
        )


def _day(path: str, given: Any, faults: list[Fault]) -> date | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        faults.append(Fault(path, f"is {checking.shape(given)}", f"Give {times.A_DAY}"))
        return None
    try:
        return times.day(given)
    except times.NotATime as error:
        faults.append(Fault(path, error.wrong, f"Give {error.right}"))
        return None
