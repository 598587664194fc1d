"""The check that every entry passes: `check` reads one as an agency sent it, and tells all that is wrong. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, get_args

from pydantic import ValidationError

from throughcare.ledger import times
from throughcare.ledger.codes import Basis, Label
from throughcare.ledger.entry import WITHDRAWN, Concern, Entry, Precision, Record, Share, When
from throughcare.ledger.errors import EntryRefused, Fault
from throughcare.ledger.kinds import A_REF, MOST_IN_LIST, REF, TEXT_LENGTH, UNPRINTABLE, Kind
from throughcare.ledger.raw import precision_of

MOST_FAULTS: Final = 50  # of one entry; more are not listed
SUMMARY_LENGTH: Final = 2_000  # characters, inclusive
ROLE_LENGTH: Final = 200

_COLUMNS = (
    *("ref", "kind", "agency", "author_role", "happened", "happened_to", "precision", "noted", "shared"),
    *("concerns", "basis", "summary", "body", "corrects", "sensitivity"),
)
_FIELDS = frozenset(_COLUMNS)
_SHARE_FIELDS = frozenset({"agency", "at"})
_CONCERN_FIELDS = frozenset({"part", "record", "agency"})
_LIST_OF = {
    fields: f"Give a list of objects with {' and '.join(sorted(fields))}, up to {MOST_IN_LIST}"
    for fields in (_SHARE_FIELDS, _CONCERN_FIELDS)
}
_BASES = frozenset({"", *get_args(Basis)})
_LABELS = frozenset(get_args(Label))
_PRECISIONS = {one.value: one for one in Precision}

_is_ref = re.compile(REF).fullmatch
_is_agency = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}").fullmatch
_is_name = re.compile(r"[a-z][a-z0-9_]{0,39}").fullmatch  # what may be repeated of a field's name
_is_code = re.compile(r"[a-z][a-z0-9_.]{0,39}|[A-Z0-9.]{1,5}").fullmatch  # what may be repeated of a code
_unprintable = re.compile(f"[{UNPRINTABLE}\ud800-\udfff]").search

_AN_AGENCY = "Give the code of an agency: letters, digits and _ . -, up to 64 characters"


def check(raw: object, kinds: Mapping[str, Kind]) -> Entry:
    """Read one entry as an agency sent it (JSON, the columns of the life format). Raises `EntryRefused`.

    `shared` is a list of `{"agency", "at"}`, `concerns` a list of `{"part", "record", "agency"}` where the agency
    may be left out for the entry's own, `body` an object. A column that may be empty may also be left out or null.
    """
    if not isinstance(raw, dict):
        raise EntryRefused("entry", f"is {shape(raw)}", "Give an object with the fields of an entry")
    faults: list[Fault] = []
    if not raw.keys() <= _FIELDS:
        faults += [Fault(_named(name), "is not a field of an entry", f"The fields are {', '.join(_COLUMNS)}")
                   for name in raw if name not in _FIELDS]  # fmt: skip
    kind = _kind(raw.get("kind"), kinds, faults)
    ref = read_ref("ref", raw.get("ref"), faults)
    agency = read_agency("agency", raw.get("agency"), faults)
    happened = _happened(raw, faults)
    happened_to = _happened_to(raw.get("happened_to"), happened, faults)
    noted = _moment("noted", raw.get("noted"), faults)
    if noted is not None and happened is not None and noted < _earliest_note(happened):
        faults.append(Fault("noted", "is before it happened", "Give the moment when it was written down"))
    rest: dict[str, Any] = {
        "author_role": read_words("author_role", raw.get("author_role"), faults, most=ROLE_LENGTH, blank=False),
        "summary": read_words("summary", raw.get("summary"), faults, most=SUMMARY_LENGTH),
        "shared": _shared(raw.get("shared"), noted, faults),
        "concerns": _concerns(raw.get("concerns"), agency, kind, faults),
        "basis": _basis(raw.get("basis"), faults),
        "body": _body(raw.get("body"), kind, faults),
        "corrects": _corrects(raw.get("corrects"), ref, kind, faults),
        "sensitivity": _sensitivity(raw.get("sensitivity"), kind, faults),
    }
    if faults or kind is None or happened is None or noted is None:
        first, *more = faults[:MOST_FAULTS]
        raise EntryRefused(*first, more=more)
    return Entry(
        ref=ref, kind=kind.name, agency=agency, happened=happened, happened_to=happened_to, noted=noted, **rest
    )


def shape(value: object) -> str:
    """Say what sort of value this is, without repeating it."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"a text of {len(value):,} characters"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, list):
        return f"a list of {len(value):,}"
    return "an object" if isinstance(value, dict) else "not a value of JSON"


def _named(name: object, within: str = "") -> str:
    """The path of a field that an agency named: repeated only where it looks like a name."""
    return f"{within}{name if isinstance(name, str) and _is_name(name) else '(field)'}"


def _quoted(code: object) -> str:
    """A code that an agency gave, repeated only where it looks like one."""
    return f'"{code}"' if isinstance(code, str) and _is_code(code) else shape(code)


def _kind(given: object, kinds: Mapping[str, Kind], faults: list[Fault]) -> Kind | None:
    kind = kinds.get(given) if isinstance(given, str) else None
    if kind is None:
        faults.append(
            Fault("kind", f"is {_quoted(given)}", "Give a kind of the vocabulary, such as safeguarding.visit")
        )
    return kind


def read_ref(path: str, given: object, faults: list[Fault]) -> str:
    """Return an agency's own reference, of an entry or of a record. Adds what is wrong."""
    if isinstance(given, str) and _is_ref(given):
        return given
    faults.append(Fault(path, f"is {shape(given)} and not a reference", f"Give {A_REF}"))
    return ""


def read_agency(path: str, given: object, faults: list[Fault]) -> str:
    """Return the code of an agency. Adds what is wrong."""
    if isinstance(given, str) and _is_agency(given):
        return given
    faults.append(Fault(path, f"is {shape(given)} and not a code of an agency", _AN_AGENCY))
    return ""


def read_words(path: str, given: object, faults: list[Fault], *, most: int = TEXT_LENGTH, blank: bool = True) -> str:
    """Return words as they are, up to `most` characters; with `blank` they may be left out. Adds what is wrong."""
    text = "" if given is None else given
    if wrong := _wrong_words(text, most, blank=blank):
        faults += [Fault(path, one, f"Give words, up to {most:,} characters") for one in wrong]
    return text if isinstance(text, str) and len(text) <= most else ""


def _wrong_words(text: object, most: int, *, blank: bool) -> list[str]:
    if not isinstance(text, str) or len(text) > most:
        return [f"is {shape(text)}"]
    wrong = [] if blank or text.strip() else ["is blank"]
    return [*wrong, "holds a control character or half a character"] if _unprintable(text) else wrong


def _moment(path: str, given: object, faults: list[Fault]) -> datetime | None:
    if not isinstance(given, str):
        faults.append(Fault(path, f"is {shape(given)}", f"Give {times.A_MOMENT}"))
        return None
    try:
        return times.moment(given)
    except times.NotATime as error:
        faults.append(Fault(path, error.wrong, f"Give {error.right}"))
        return None


def _happened(raw: Mapping[str, Any], faults: list[Fault]) -> When | None:
    """Read `happened` as exactly as `precision` says that it is known."""
    written = raw.get("precision")
    precision = _PRECISIONS.get(written) if isinstance(written, str) else None
    if precision is None:
        faults.append(Fault("precision", f"is {_quoted(written)}", f"Give one of: {', '.join(_PRECISIONS)}"))
        return None
    return _when("happened", raw.get("happened"), precision, faults)


def _when(path: str, given: object, precision: Precision, faults: list[Fault]) -> When | None:
    if precision is Precision.UNKNOWN:
        if given not in (None, ""):
            faults.append(
                Fault(path, "is given, with precision unknown", "Leave it empty, or say how exactly it is known")
            )
        return When(precision)
    if not isinstance(given, str):
        faults.append(Fault(path, f"is {shape(given)}", f"Give {_WHEN_WANTED[precision]}"))
        return None
    try:
        if precision is Precision.MINUTE:
            return When(precision, at=times.moment(given))
        return When(precision, on=times.month(given) if precision is Precision.MONTH else times.day(given))
    except times.NotATime as error:
        faults.append(Fault(path, f"{error.wrong}, with precision {precision}", f"Give {error.right}"))
        return None


_WHEN_WANTED = {
    Precision.MINUTE: times.A_MOMENT,
    Precision.DAY: times.A_DAY,
    Precision.APPROXIMATE: times.A_DAY,
    Precision.MONTH: times.A_MONTH,
}


def _happened_to(given: object, happened: When | None, faults: list[Fault]) -> When | None:
    """The end, as exactly as its own form says: a moment, a day or a month."""
    if given in (None, ""):
        return None
    end = _when("happened_to", given, precision_of(given), faults)
    if end is not None and happened is not None and _ends_before(end, happened):
        faults.append(Fault("happened_to", "is before happened", "Give the end, which is never before the beginning"))
    return end


def _ends_before(end: When, start: When) -> bool:
    if end.at is not None and start.at is not None:
        return end.at < start.at
    return end.latest is not None and start.earliest is not None and end.latest < start.earliest


def _earliest_note(happened: When) -> datetime:
    """The first moment at which it can have been written down: the minute given, or the start of the day or month."""
    return happened.at if happened.at is not None else happened.sorting


def _list(
    path: str, given: object, fields: frozenset[str], faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its path; what is not such an object becomes a fault."""
    if not given and isinstance(given, list | None):
        return
    right = _LIST_OF[fields]
    if not isinstance(given, list) or len(given) > MOST_IN_LIST:
        faults.append(Fault(path, f"is {shape(given)}", right))
        return
    for number, one in enumerate(given):
        if isinstance(one, dict) and one.keys() <= fields:
            yield f"{path}.{number}", one
        else:
            wrong = "has a field too many" if isinstance(one, dict) else f"is {shape(one)}"
            faults.append(Fault(f"{path}.{number}", wrong, right))


def _shared(given: object, noted: datetime | None, faults: list[Fault]) -> tuple[Share, ...]:
    shares: list[Share] = []
    for path, one in _list("shared", given, _SHARE_FIELDS, faults):
        agency = read_agency(f"{path}.agency", one.get("agency"), faults)
        at = _moment(f"{path}.at", one.get("at"), faults)
        if at is None:
            continue
        if noted is not None and at < noted:
            faults.append(
                Fault(f"{path}.at", "is before it was noted", "Give the moment of the sharing, not before noted")
            )
        shares.append(Share(agency, at))
    return tuple(shares)


def _concerns(given: object, own: str, kind: Kind | None, faults: list[Fault]) -> tuple[Concern, ...]:
    concerns: list[Concern] = []
    for path, one in _list("concerns", given, _CONCERN_FIELDS, faults):
        record = read_ref(f"{path}.record", one.get("record"), faults)
        agency = own if one.get("agency") in (None, "") else read_agency(f"{path}.agency", one["agency"], faults)
        concern = Concern(_part(f"{path}.part", one.get("part"), kind, faults), Record(agency, record))
        if concern in concerns:
            faults.append(Fault(path, "is there twice", "Name each person once in each part"))
        concerns.append(concern)
    if kind is not None:
        _count_parts(concerns, kind, faults)
    return tuple(concerns)


def _part(path: str, given: object, kind: Kind | None, faults: list[Fault]) -> str:
    if isinstance(given, str) and (kind is None or any(given == part.name for part in kind.parts)):
        return given
    names = ", ".join(part.name for part in kind.parts) if kind else "those of the kind"
    faults.append(Fault(path, f"is {_quoted(given)}", f"The parts of people in this kind are: {names or 'none'}"))
    return ""


def _count_parts(concerns: list[Concern], kind: Kind, faults: list[Fault]) -> None:
    played = [concern.part for concern in concerns]
    for part in kind.parts:
        if (number := played.count(part.name)) < part.at_least:
            faults.append(Fault("concerns", f"names no {part.name}", f"Name one record as {part.name}"))
        elif part.at_most is not None and number > part.at_most:
            faults.append(Fault("concerns", f"names {number} as {part.name}", f"Name one record as {part.name}"))


def _basis(given: object, faults: list[Fault]) -> str:
    basis = "" if given is None else given
    if isinstance(basis, str) and basis in _BASES:
        return basis
    faults.append(
        Fault("basis", f"is {_quoted(basis)}", f"Give one of: {', '.join(get_args(Basis))}; or leave it empty")
    )
    return ""


def _sensitivity(given: object, kind: Kind | None, faults: list[Fault]) -> str:
    """The label of the entry: its kind's, or another that an agency raised it to."""
    default = kind.label if kind else "standard"
    if given in (None, ""):
        return default
    if not isinstance(given, str) or given not in _LABELS:
        faults.append(Fault("sensitivity", f"is {_quoted(given)}", f"Give one of: {', '.join(get_args(Label))}"))
        return default
    if given == "standard" != default:
        faults.append(
            Fault("sensitivity", f"is lower than {default}, the label of this kind", "Leave it empty, or raise it")
        )
    return given


def _corrects(given: object, ref: str, kind: Kind | None, faults: list[Fault]) -> str | None:
    if given in (None, ""):
        if kind is not None and kind.name == WITHDRAWN:
            faults.append(Fault("corrects", "is empty", "Give the ref of the entry that is withdrawn"))
        return None
    corrects = read_ref("corrects", given, faults)
    if corrects and corrects == ref:
        faults.append(Fault("corrects", "names this entry itself", "Give the ref of the earlier entry"))
    return corrects


def _body(given: object, kind: Kind | None, faults: list[Fault]) -> dict[str, Any]:
    """The body as it was given, once the model of its kind has found nothing wrong with it."""
    body = {} if given is None else given
    if not isinstance(body, dict):
        faults.append(Fault("body", f"is {shape(body)}", "Give an object with the fields of the kind"))
        return {}
    if kind is None:
        return {}
    if None in body.values():
        faults += [Fault(_named(name, "body."), "is null", "Leave the field out where there is nothing to say")
                   for name, value in body.items() if value is None]  # fmt: skip
        return {}
    try:
        kind.body.model_validate(body)
    except ValidationError as error:
        faults += _body_faults(error, kind)
        return {}
    return body


def _body_faults(error: ValidationError, kind: Kind) -> Iterator[Fault]:
    for one in error.errors(include_url=False):
        name = one["loc"][0] if one["loc"] else ""
        wanted = kind.wanted.get(name) if isinstance(name, str) else None
        if wanted is None:
            fields = ", ".join(kind.wanted) or "none"
            yield Fault(_named(name, "body."), "is not a field of this kind", f"The fields are: {fields}")
            continue
        path = ".".join(map(str, ("body", *one["loc"])))
        yield Fault(path, _wrong(one["type"], one.get("input"), one.get("ctx", {})), f"Give {wanted}")


def _wrong(error: str, given: object, context: Mapping[str, Any]) -> str:
    """What is wrong with a field of a body, in our own words."""
    if error == "missing":
        return "is missing"
    if error == "literal_error":
        return f"is {_quoted(given)}"
    if isinstance(reason := context.get("error"), times.NotATime):
        return reason.wrong
    if error in ("greater_than_equal", "less_than_equal"):
        return "is a number out of range"
    if isinstance(given, str) and _unprintable(given):
        return "holds a control character or half a character"
    return "is blank" if isinstance(given, str) and not given.strip() else f"is {shape(given)}"
