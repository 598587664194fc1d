"""How far a viewer sees into one person's record, and what they may do. Pure: no database, no clock.

The permission table is `matrix.toml`, and nothing else: this file only reads it. A viewer's roles, the relations
they stand in and the labels of the entries meet here, and the answer is one value, a `Reach`. Pages, exports,
searches, counts and the API all ask the same value, and the ledger filters with it inside the query, so that no
door can show what another would not.

Reach is a union. For each label it is known how far the viewer reads: what their own agency wrote, also what was
shared with their agency, or what every agency wrote. More roles or more relations can only add, and a block
takes everything away.

Two sides keep records here: those who supervise somebody (prison, probation, casework, the Board), and those who
work with families. What one side wrote about somebody else, in which a person is only named beside, is not theirs to
read on the other side until it is shared, however far they read of the person's own record (`SUPERVISING`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

W = TypeVar("W", bound=StrEnum)
MATRIX_FILE = Path(__file__).with_name("matrix.toml")


class Permission(StrEnum):
    """What a door can ask for. The meaning of each stands in `matrix.toml`."""

    MY_WORK = "my_work"
    PERSON_FIND = "person.find"
    PERSON_POINTER = "person.pointer"
    PERSON_READ = "person.read"
    ENTRY_READ = "entry.read"
    RECORD = "record"
    CORRECT = "correct"
    SHARE = "share"
    FINDING_ANSWER = "finding.answer"
    DUTY_ASSIGN = "duty.assign"
    DECIDE = "decide"
    EXPORT = "export"
    RELATE = "relate"
    BREAK_GLASS = "break_glass"
    ACCESS_LOG_READ = "access_log.read"
    VICTIM_CONTACT = "victim.contact"
    BREAK_GLASS_REVIEW = "break_glass.review"
    AUDIT_READ = "audit.read"
    LINK_REVIEW = "link.review"
    UNDELIVERED_READ = "undelivered.read"
    IMPORT = "import"
    PUBLISH = "publish"
    POPULATION_RUN = "population.run"
    API_WRITE = "api.write"
    API_EVENTS = "api.events"
    LAW_CONFIRM = "law.confirm"
    USER_MANAGE = "user.manage"
    STATUS = "status"


class Role(StrEnum):
    """What somebody is, in the permission table."""

    PRACTITIONER = "practitioner"
    TRIAGE = "triage"
    CHAIR = "chair"
    MANAGER = "manager"
    DESIGNATED = "designated"
    LEGAL = "legal"
    CASEWORKER = "caseworker"
    PANEL = "panel"
    VICTIM_LIAISON = "victim_liaison"
    RECORDS = "records"
    REVIEWER = "reviewer"
    GUARDIAN = "guardian"
    ANALYST = "analyst"
    POLICY_OWNER = "policy_owner"
    OPERATOR = "operator"
    SYSTEM = "system"


class Relation(StrEnum):
    """How a viewer stands to a person. `NONE` is everybody's; `BREAK_GLASS` is worked out, never given."""

    NONE = "none"
    INVOLVED = "involved"
    ALLOCATED = "allocated"
    CORE_GROUP = "core_group"
    LIVE_ENQUIRY = "live_enquiry"
    TRIAGE = "triage"
    CHAIR = "chair"
    MANAGER = "manager"
    DESIGNATED = "designated"
    LEGAL = "legal"
    CASEWORK = "casework"
    PANEL = "panel"
    VICTIM_CONTACT = "victim_contact"
    REVIEWER = "reviewer"
    BREAK_GLASS = "break_glass"


GIVEN = tuple(one for one in Relation if one not in (Relation.NONE, Relation.BREAK_GLASS))


SUPERVISING = ("prison", "probation", "casework", "parole_board")
"""The sectors on one side of the bridge between the records of the supervised and those of families."""

LOOKS_BACK = frozenset({Relation.REVIEWER})
"""Relations that read across the bridge: a review or an inquiry is appointed to see what each side held."""


class Level(IntEnum):
    """How far one reads. Each level holds the ones before it."""

    NONE = 0
    POINTER = 1  # that an agency is involved, and whom to ring
    OWN = 2  # what one's own agency wrote
    SHARED = 3  # and what was shared with one's agency
    FULL = 4  # and what every other agency wrote

    @property
    def word(self) -> str:
        """The word of the permission table."""
        return self.name.lower()


_FOLLOWS = {
    Permission.PERSON_POINTER: Level.POINTER,
    Permission.PERSON_READ: Level.OWN,
    Permission.ENTRY_READ: Level.OWN,
}
_ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRules:
    """One role's part of the permission table."""

    meaning: str
    jobs: tuple[str, ...]
    desk: frozenset[Permission]
    reads: Mapping[Relation, Level]
    labels: Mapping[str, Mapping[str, Level]]  # label -> relation or "*" -> how far at most
    does: Mapping[Permission, frozenset[Relation]]

    def level(self, relation: Relation) -> Level:
        """How far this role reads in a relation, whatever the label."""
        return self.reads.get(relation, Level.NONE)

    def level_of(self, label: str, relation: Relation) -> Level:
        """How far this role reads entries with this label in a relation. A pointer shows no entry: `NONE`."""
        caps = self.labels.get(label, {})
        level = min(self.level(relation), caps.get(relation, caps.get(_ANY, Level.NONE)))
        return level if level >= Level.OWN else Level.NONE

    def may(self, permission: Permission, relation: Relation) -> bool:
        """May this role do this, to a person to whom they stand in this relation, or at the desk?"""
        if permission in _FOLLOWS:
            return self.level(relation) >= _FOLLOWS[permission]
        return permission in self.desk or relation in self.does.get(permission, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The permission table, read and checked."""

    permissions: Mapping[Permission, str]
    relations: Mapping[Relation, str]
    labels: Mapping[str, str]
    said: frozenset[str]  # labels of which one may be told that restricted entries exist
    roles: Mapping[Role, RoleRules]

    def may(self, roles: Iterable[Role], permission: Permission, relations: Iterable[Relation]) -> bool:
        """May somebody with these roles, standing in one of these relations, do this?"""
        held = {Relation.NONE, *relations}
        return any(self.roles[role].may(permission, relation) for role in roles for relation in held)


@cache
def matrix() -> Matrix:
    """The permission table that is in force. Raises `ValueError` with the place if the file contradicts itself."""
    return read_matrix(tomllib.loads(MATRIX_FILE.read_text(encoding="utf-8")))


def read_matrix(given: Mapping[str, Any]) -> Matrix:
    """Read a permission table. Unknown words are refused: `ValueError` names the word and where it stands."""
    labels = {name: one["meaning"] for name, one in given["labels"].items()}
    return Matrix(
        permissions={_word(Permission, name, "permissions"): text for name, text in given["permissions"].items()},
        relations={_word(Relation, name, "relations"): text for name, text in given["relations"].items()},
        labels=labels,
        said=frozenset(name for name, one in given["labels"].items() if one["existence"] == "said"),
        roles={
            _word(Role, name, "roles"): _read_role(f"roles.{name}", one, labels) for name, one in given["roles"].items()
        },
    )


def _read_role(place: str, given: Mapping[str, Any], labels: Collection[str]) -> RoleRules:
    for label in given["labels"]:
        if label not in labels:
            raise ValueError(f"{place}.labels: {label!r} is not a label. Use one of {', '.join(labels)}.")
    return RoleRules(
        meaning=given["meaning"],
        jobs=tuple(given["jobs"]),
        desk=frozenset(_word(Permission, name, f"{place}.desk") for name in given["desk"]),
        reads={
            _word(Relation, name, f"{place}.reads"): _level(word, f"{place}.reads.{name}")
            for name, word in given["reads"].items()
        },
        labels={
            label: {
                name if name == _ANY else _word(Relation, name, f"{place}.labels.{label}"): _level(
                    word, f"{place}.labels.{label}.{name}"
                )
                for name, word in caps.items()
            }
            for label, caps in given["labels"].items()
        },
        does={
            _word(Permission, name, f"{place}.does"): frozenset(
                _word(Relation, one, f"{place}.does.{name}") for one in relations
            )
            for name, relations in given["does"].items()
        },
    )


def _word(kind: type[W], name: str, place: str) -> W:
    try:
        return kind(name)
    except ValueError:
        raise ValueError(f"{place}: {name!r} is not known. Use one of {', '.join(kind)}.") from None


def _level(word: str, place: str) -> Level:
    try:
        return Level[word.upper()]
    except KeyError:
        raise ValueError(f"{place}: {word!r} is not a level. Use pointer, own, shared or full.") from None


# --- who looks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who asks: somebody signed in, or an agency's system. `name` is for the page, never for a log."""

    id: UUID
    agency: str  # the code of the agency they work for
    roles: frozenset[Role]
    name: str = ""
    kind: str = "user"  # or "system"
    scopes: frozenset[Permission] | None = None  # a system does at most this; None: no narrower than its roles
    demonstration: bool = False

    def may(self, permission: Permission, relations: Iterable[Relation] = ()) -> bool:
        """May they do this, at the desk or to a person to whom they stand in one of these relations?"""
        if self.scopes is not None and permission not in self.scopes:
            return False
        return matrix().may(self.roles, permission, relations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A relation that a viewer stands in to a person, from a moment (inclusive) until a moment (exclusive)."""

    relation: Relation
    since: datetime
    until: datetime | None = None  # planned end
    ended: datetime | None = None  # ended by somebody, from this moment

    def stands(self, at: datetime) -> bool:
        """Does it stand at this moment?"""
        ends = [end for end in (self.until, self.ended) if end is not None]
        return self.since <= at and all(at < end for end in ends)


# --- how far -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What one viewer sees of one person's record, and may do, at one moment.

    `own`, `shared` and `full` are labels: an entry is read if its label is in `own` and the viewer's agency wrote
    it, in `shared` and it is known to the viewer's agency, or in `full`. Each set holds the next. An entry of the other
    side of the bridge that only names the person beside somebody else is read in full by the labels of `beside` alone.
    """

    agency: str
    pointer: bool = False
    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    relations: tuple[Relation, ...] = ()  # why: the relations that stand, strongest reading first
    permissions: frozenset[Permission] = frozenset()
    until: datetime | None = None  # the answer can change by itself at this moment; None: not by itself
    blocked: bool = field(default=False, repr=False)

    @property
    def level(self) -> Level:
        """The furthest level that any label reaches."""
        if self.full:
            return Level.FULL
        if self.shared:
            return Level.SHARED
        if self.own:
            return Level.OWN
        return Level.POINTER if self.pointer else Level.NONE

    @property
    def why(self) -> str:
        """The relation to name on the page and in the log: the one that reads furthest."""
        return str(self.relations[0]) if self.relations else str(Relation.NONE)

    @property
    def countable(self) -> frozenset[str]:
        """The labels of which the viewer may be told how many entries they may not read.

        Only somebody who reads across agencies is told a number, and never of labels whose existence is hidden.
        """
        return matrix().said if self.full else frozenset()

    def may(self, permission: Permission) -> bool:
        """May the viewer do this to this person?"""
        return permission in self.permissions

    def reads(self, *, agency: str, label: str, known: bool, beside: bool = False) -> bool:
        """Is an entry read, that this agency wrote, with this label, `known` or not to the viewer's agency?

        `beside`: it was written across the bridge, and the person is not its subject.
        The slow, plain form of `sql` and of `queries.readable`, for entries that are already in hand.
        """
        return (
            (agency == self.agency and label in self.own)
            or (known and label in self.shared)
            or (label in self.full and (not beside or label in self.beside))
        )

    def sql(self, *, agency: str, label: str, known: str, beside: str = "FALSE") -> tuple[str, dict[str, object]]:
        """The same as `reads`, as a condition for a WHERE clause and its parameters.

        `agency` and `label` are column expressions of the query, and `known` is a condition that is true where
        `%(reach_agency)s` knows the entry, `beside` one that is true as in `reads`. They are written by us and never
        come from outside.
        """
        condition = (
            f"(({agency} = %(reach_agency)s AND {label} = ANY(%(reach_own)s))"
            f" OR ({label} = ANY(%(reach_shared)s) AND ({known}))"
            f" OR ({label} = ANY(%(reach_full)s) AND ({label} = ANY(%(reach_beside)s) OR NOT ({beside}))))"
        )
        return condition, {
            "reach_agency": self.agency,
            "reach_own": sorted(self.own),
            "reach_shared": sorted(self.shared),
            "reach_full": sorted(self.full),
            "reach_beside": sorted(self.beside),
            "supervising": list(SUPERVISING),
        }


def may(viewer: Viewer, permission: Permission, relation: Relation = Relation.NONE) -> bool:
    """May the viewer do this to a person to whom they stand in this relation (and in "none", as everybody)?"""
    return viewer.may(permission, [relation])


def reach_of(viewer: Viewer, held: Iterable[Held], *, at: datetime, blocked: bool = False) -> Reach:
    """How far the viewer sees at a moment, standing in these relations. A block leaves nothing.

    Relations that have ended or not begun count for nothing.
    """
    if blocked:
        return Reach(agency=viewer.agency, blocked=True)
    standing = [one for one in held if one.stands(at)]
    relations = {Relation.NONE, *(one.relation for one in standing)}
    rules = [matrix().roles[role] for role in viewer.roles]
    return Reach(
        agency=viewer.agency,
        pointer=_points(rules, relations),
        own=_labels(rules, relations, Level.OWN),
        shared=_labels(rules, relations, Level.SHARED),
        full=_labels(rules, relations, Level.FULL),
        beside=_labels(rules, relations & LOOKS_BACK, Level.FULL),
        relations=_strongest_first(rules, relations),
        permissions=frozenset(one for one in Permission if viewer.may(one, relations)),
        until=min((one.until for one in standing if one.until is not None), default=None),
    )


def _points(rules: Iterable[RoleRules], relations: Collection[Relation]) -> bool:
    return any(one.level(relation) >= Level.POINTER for one in rules for relation in relations)


def _labels(rules: Collection[RoleRules], relations: Collection[Relation], level: Level) -> frozenset[str]:
    return frozenset(
        label
        for one in rules
        for label in one.labels
        if any(one.level_of(label, relation) >= level for relation in relations)
    )


def _strongest_first(rules: Collection[RoleRules], relations: Iterable[Relation]) -> tuple[Relation, ...]:
    order = list(Relation)

    def strength(relation: Relation) -> tuple[int, int]:
        return -max((one.level(relation) for one in rules), default=Level.NONE), order.index(relation)

    useful = (one for one in relations if any(rule.level(one) > Level.NONE for rule in rules))
    return tuple(sorted(useful, key=strength))
