"""The walk over all doors: every address, as every role, in every relation, by every method, against the table.

For project/tests/test_doors.py, which knows the addresses and can make a person:

    for knock in walk(get_resolver(), values={"person": person}): ...

`every_view` finds the views (through every include), `expected` says what the table allows, and `knock` asks as a
real request. A view without a lock shows up as a `Way` whose `door` is None.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter

from throughcare.access.doors import SEEN_AT, SIGNED_IN_AT, Door, Everyone, door_of
from throughcare.access.models import User
from throughcare.access.reach import Permission, Relation, Role, Viewer, matrix

METHODS = ("GET", "POST")
STANDINGS = (*Relation, "ended", "blocked")
"""How somebody may stand to a person: each relation, one that has ended, and a block on top of one."""


@dataclass(frozen=True, slots=True)
class Way:
    """One address: its route, the names and kinds of its parts, its view and that view's lock."""

    route: str
    parts: Mapping[str, Any]
    view: Callable[..., Any]
    door: Door | None

    def path(self, values: Mapping[str, object]) -> str:
        """The address with its parts filled in: from `values` by name, else with something that is not there."""
        filled = self.route
        for name, converter in self.parts.items():
            value = values.get(name, _nothing(converter))
            for spelling in (f"<{_kind(converter)}:{name}>", f"<{name}>"):
                filled = filled.replace(spelling, str(value))
        return f"/{filled}"


_KINDS: tuple[tuple[type, str], ...] = ((UUIDConverter, "uuid"), (IntConverter, "int"), (SlugConverter, "slug"))


def _kind(converter: object) -> str:
    from django.urls.converters import get_converters

    return next(name for name, known in get_converters().items() if type(known) is type(converter))


def _nothing(converter: object) -> str:
    kind = next((kind for known, kind in _KINDS if isinstance(converter, known)), "str")
    return {"uuid": "00000000-0000-4000-8000-000000000000", "int": "0", "slug": "none", "str": "none"}[kind]


def every_view(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[Way]:
    """Every address below these patterns, through every include."""
    for one in patterns:
        route = prefix + str(getattr(one.pattern, "_route", one.pattern.regex.pattern))
        if isinstance(one, URLResolver):
            yield from every_view(one.url_patterns, route)
        else:
            parts = dict(getattr(one.pattern, "converters", {}))
            yield Way(route=route, parts=parts, view=one.callback, door=door_of(one.callback))


def expected(door: Door, *, roles: Iterable[Role], standing: str, method: str) -> bool:
    """Does the table let somebody through this door by this method? `standing` is one of `STANDINGS`."""
    needed = door.needs(method)
    if isinstance(needed, Everyone):
        return True
    if door.machine:
        return False  # whoever is signed in with a session is no machine
    if standing == "blocked" and door.person is not None:
        return False
    relation = Relation(standing) if standing in list(Relation) and door.person is not None else Relation.NONE
    return matrix().may(roles, needed, [relation])


def stand(user: UUID, person: UUID, standing: str, *, at: datetime) -> None:
    """Let an account stand like this to a person: written past `actions`, to set the scene."""
    from datetime import timedelta

    from throughcare.access.models import Block, BreakGlass, Relationship

    early, late = at - timedelta(hours=1), at + timedelta(days=1)
    if standing == Relation.NONE:
        return
    if standing == Relation.BREAK_GLASS:
        BreakGlass.objects.create(
            user_id=user,
            person=person,
            reason="to walk",
            at=at - timedelta(minutes=1),
            until=late,
            review_due=late.date(),
        )
        return
    kind = standing if standing in list(Relation) else str(Relation.ALLOCATED)
    Relationship.objects.create(
        user_id=user, person=person, kind=str(kind), since=early,
        until=late if standing == Relation.TRIAGE else None, ended=at if standing == "ended" else None,
    )  # fmt: skip
    if standing == "blocked":
        Block.objects.create(user_id=user, person=person, kind="relative", reason="to walk", since=early)


@dataclass(frozen=True, slots=True)
class Knock:
    """One cell of the walk: whether the table lets through, and what the door did."""

    route: str
    role: Role
    standing: str
    method: str
    lets_through: bool
    response: HttpResponse

    @property
    def was_refused(self) -> bool:
        """The doors refused: not "the form was wrong", and not "there is no such thing" said by the view."""
        return bool(self.response.wsgi_request.looking.refused)  # type: ignore[attr-defined]

    @property
    def is_right(self) -> bool:
        """The door did what the table says. A method that the door does not know is right as 405."""
        return self.response.status_code == 405 or self.was_refused is not self.lets_through


def signed_in(client: Client, user: User, *, at: datetime) -> Client:
    """A client in whose session this account is signed in."""
    client.force_login(user)
    session = client.session
    session[SIGNED_IN_AT] = session[SEEN_AT] = int(at.timestamp())
    session.save()
    return client


def walk(
    ways: Iterable[Way],
    users: Mapping[Role, User],
    persons: Mapping[str, UUID],
    *,
    at: datetime,
    values: Mapping[str, object] | None = None,
) -> Iterator[Knock]:
    """Knock at every door that has a lock, as every role, in every standing, by every method.

    `persons` gives for each of `STANDINGS` a person to whom every user stands so; `values` fills other parts of
    addresses. Doors for machines answer 401 to all of them and are left out.
    """
    clients = {role: signed_in(Client(raise_request_exception=True), user, at=at) for role, user in users.items()}
    for way, (role, client), standing, method in itertools.product(ways, clients.items(), STANDINGS, METHODS):
        door = way.door
        if door is None or door.machine or isinstance(door.permission, Everyone):
            continue
        if door.person is None and standing != Relation.NONE:
            continue
        path = way.path({**(values or {}), **({door.person: persons[standing]} if door.person else {})})
        response = client.generic(method, path)
        lets = expected(door, roles=[role], standing=standing, method=method)
        yield Knock(way.route, role, standing, method, lets, response)


def roles_that_may(permission: Permission, relation: Relation = Relation.NONE) -> list[Role]:
    """The roles that may do this in this relation, to name them in a test."""
    return [role for role in Role if matrix().may([role], permission, [relation])]


def viewer_like(user: User, role: Role) -> Viewer:
    """A viewer value of an account, without asking the database."""
    return Viewer(id=user.id, agency=user.agency_id, roles=frozenset([role]), name=user.name)
