"""What can be recorded: kinds of entry, and how a room declares them. Pure.

A room declares each kind as a small closed model of its body:

    @recorded("people.born", by="midwifery, any agency", concerns="subject mother? father?")
    class Born(Body):
        \"\"\"A birth: the unborn person's record goes on with a date of birth.\"\"\"

        date_of_birth: Day
        sex: Words | None = None

`concerns` names the parts that people play: alone exactly one, with `?` at most one, with `*` any number. A kind's
fields say themselves what they take: `Day`, `Moment`, `Whole`, `Text`, `Ref`, ..., or a set of codes as a `Literal`.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple, Self, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from throughcare.ledger import times
from throughcare.ledger.codes import Label
from throughcare.ledger.entry import Entry

MOST_IN_LIST: Final = 500
TEXT_LENGTH: Final = 10_000  # characters, inclusive, like all lengths here
LINE_LENGTH: Final = 500
REF_LENGTH: Final = 200


# --- the types of a body's fields ----------------------------------------------------------------------------------


class Wanted(NamedTuple):
    """In words, what a field takes: the end of a sentence that begins with "Give"."""

    words: str


UNPRINTABLE = r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # inside a class of a pattern: control characters, less tab and new line
REF = r"[A-Za-z0-9](?:[A-Za-z0-9 _./:#()+-]{0,198}[A-Za-z0-9_)])?"
A_REF = f"a reference of letters, digits and _ . / : # ( ) + -, up to {REF_LENGTH} characters"


def _time(read: Callable[[str], date], given: object) -> object:
    return read(given) if isinstance(given, str) else given


Words = Annotated[
    str,
    Field(max_length=TEXT_LENGTH, pattern=f"^[^{UNPRINTABLE}]*$"),
    Wanted(f"words, up to {TEXT_LENGTH:,} characters"),
]
"""Words that may be left empty."""

Text = Annotated[
    str,
    Field(max_length=TEXT_LENGTH, pattern=rf"^[^{UNPRINTABLE}]*[^{UNPRINTABLE}\s][^{UNPRINTABLE}]*$"),
    Wanted(f"words, up to {TEXT_LENGTH:,} characters"),
]
"""Words that say something: never blank."""

Line = Annotated[
    str,
    Field(max_length=LINE_LENGTH, pattern=f"^[^{UNPRINTABLE}]*$"),
    Wanted(f"words, up to {LINE_LENGTH:,} characters"),
]
Lines = Annotated[list[Line], Field(max_length=MOST_IN_LIST), Wanted(f"a list of texts, up to {MOST_IN_LIST}")]

Ref = Annotated[str, Field(pattern=f"^{REF}$"), Wanted(f"the ref of an entry: {A_REF}")]
"""The agency's own reference of another entry."""
Refs = Annotated[list[Ref], Field(max_length=MOST_IN_LIST), Wanted(f"a list of refs of entries, up to {MOST_IN_LIST}")]

Day = Annotated[date, BeforeValidator(partial(_time, times.day)), Wanted(times.A_DAY)]
Moment = Annotated[datetime, BeforeValidator(partial(_time, times.moment)), Wanted(times.A_MOMENT)]
"""A local time in London, held as an instant in UTC."""

_Item = TypeVar("_Item")
Many = Annotated[list[_Item], Field(max_length=MOST_IN_LIST)]
"""A list of codes: `Many[Sector]`."""

Whole = Annotated[int, Field(ge=0, le=100_000), Wanted("a whole number, from 0 to 100,000")]
Positive = Annotated[int, Field(ge=1, le=100_000), Wanted("a whole number, from 1 to 100,000")]


class Body(BaseModel):
    """The fields of one kind of entry. Closed: a field that is not declared is refused; nothing is converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @classmethod
    def read(cls, entry: Entry) -> Self:
        """Read the body of an entry of this kind, with days and moments as such."""
        return cls.model_validate(entry.body)


# --- kinds ---------------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """A part that people may play in a kind of entry, and how many may play it."""

    name: str
    at_least: int
    at_most: int | None  # None: any number

    @classmethod
    def read(cls, written: str) -> Part:
        """Read `mother` (exactly one), `mother?` (at most one) or `mother*` (any number)."""
        name = written.rstrip("?*")
        return cls(name, int(written == name), None if written.endswith("*") else 1)

    def __str__(self) -> str:
        """As it is written in a declaration."""
        return self.name + ("*" if self.at_most is None else "" if self.at_least else "?")


@dataclass(frozen=True)
class Kind:
    """One kind of entry: what it means, who records it, whom it concerns and what its body holds."""

    name: str
    meaning: str
    recorded_by: str
    body: type[Body]
    parts: tuple[Part, ...]
    label: str  # the sensitivity of an entry that does not raise it
    wanted: Mapping[str, str] = field(repr=False, compare=False)  # field of the body -> what it takes, in words

    @property
    def room(self) -> str:
        """The room that declares it."""
        return self.body.__module__.split(".")[-2]


_declared: dict[type[Body], Kind] = {}
_Model = TypeVar("_Model", bound=type[Body])


def recorded(name: str, *, by: str, concerns: str, label: Label = "standard") -> Callable[[_Model], _Model]:
    """Declare a model as the body of a kind of entry; its docstring is the meaning of the kind.

    `concerns` are the parts, with a space between: "subject mother? household*".
    """

    def declare(model: _Model) -> _Model:
        fields = model.__pydantic_fields__
        wanted = {info.alias or name: _wanted(info.annotation, info.metadata) for name, info in fields.items()}
        _declared[model] = Kind(
            name=name,
            meaning=" ".join((model.__doc__ or "").split()).rstrip("."),
            recorded_by=by,
            body=model,
            parts=tuple(map(Part.read, concerns.split())),
            label=label,
            wanted=MappingProxyType(wanted),
        )
        return model

    return declare


def load(rooms: Iterable[str]) -> Mapping[str, Kind]:
    """All kinds that these rooms declare in their `entries.py`, by name. A room may have none.

    Raises ValueError where two kinds share a name.
    """
    kinds: dict[str, Kind] = {}
    for room in rooms:
        if importlib.util.find_spec(f"throughcare.{room}.entries") is None:
            continue
        module = importlib.import_module(f"throughcare.{room}.entries")
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__ and (kind := _declared.get(value)):
                if kind.name in kinds:
                    raise ValueError(f"{kind.name} is declared twice: in {kinds[kind.name].room} and in {room}")
                kinds[kind.name] = kind
    return MappingProxyType(kinds)


def _wanted(annotation: Any, metadata: Iterable[object] = ()) -> str:
    """In words, what a field of this type takes."""
    for one in metadata:
        if isinstance(one, Wanted):
            return one.words
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return f"one of: {', '.join(args)}"
    if origin is Annotated:
        return _wanted(args[0], args[1:])
    if origin is list:
        return f"a list, each {_wanted(args[0])}"
    return _wanted(args[0])  # a union with None
