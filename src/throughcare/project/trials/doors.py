"""T16 and T20: every page and call, as every role, in every relation, by every method; and a line for every look.

The walk is that of `access/tests/walk.py` and the table is the permission matrix itself: what differs is a fault of
the doors. How often somebody may ask is lifted for the walk; all else is as in service.
"""

from __future__ import annotations

import itertools
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.urls import get_resolver

from throughcare.access import accounts, systems
from throughcare.access.doors import Everyone
from throughcare.access.models import User
from throughcare.access.reach import Permission, Relation, Role
from throughcare.access.tests import walk
from throughcare.access.tests.walk import Way
from throughcare.people import queries as people
from throughcare.project.trials import forking, writing
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

LANES = 2
PAIRS = 150
TELLING = 0.3
"""By so much of itself a refusal may differ in time, before it tells who exists."""
ROLES = [role for role in Role if role is not Role.SYSTEM]
_LOOKS = ("read", "write", "search", "export", "machine", "refusal")


@dataclass(frozen=True, slots=True)
class House:
    """Who knocks, and at whose door: an account for each role, a person for each standing."""

    users: Mapping[Role, UUID]
    persons: Mapping[str, UUID]


@dataclass(slots=True)
class Lane:
    """What one lane of the walk counted."""

    cells: int = 0
    codes: Counter[int] | None = None
    refused: int = 0
    requests: list[tuple[str, str, str]] | None = None  # request id, method, what
    wrongs: Wrongs | None = None


def ways() -> list[Way]:
    """Every address of the product."""
    return list(walk.every_view(get_resolver().url_patterns))


def table(scratch: Scratch, seed: int, *, percent: int) -> tuple[Outcome, Outcome]:
    """T16 and T20 over this share of the cells: the doors against the table, the audit log against the requests."""
    name = scratch.fresh("trial_doors")
    house = forking.alone(_build)
    wrongs, audit = Wrongs(), Wrongs()
    unlocked = [way.route for way in ways() if way.door is None]
    wrongs.check(not unlocked, f"no lock on: {', '.join(unlocked)}")
    roles = [ROLES[lane::LANES] for lane in range(LANES)]
    lanes: list[Any] = forking.together([partial(_lane, house, some, seed, percent) for some in roles])
    machines = forking.alone(_machines)
    codes, cells, refused, requests = Counter[int](), machines.cells, 0, list[tuple[str, str, str]]()
    for lane in (*lanes, machines):
        if isinstance(lane, Exception):
            wrongs.check(False, "".join([repr(lane), *getattr(lane, "__notes__", [])])[-1500:])
            continue
        wrongs.count += lane.wrongs.count
        wrongs.said += lane.wrongs.said
        codes += lane.codes
        cells += lane.cells if lane is not machines else 0
        refused += lane.refused
        requests += lane.requests
    lines = forking.alone(partial(_compare, requests))
    audit.count, audit.said = audit.count + lines[1].count, audit.said + lines[1].said
    there, nowhere = forking.alone(partial(_times, house))
    apart = abs(there - nowhere) / max(there, nowhere)
    wrongs.check(
        apart <= TELLING, f"refused in {there * 1000:.1f} ms who exists, in {nowhere * 1000:.1f} ms who does not"
    )
    with _FullLog(scratch, name):
        closed = forking.alone(partial(_not_noted, house))
    audit.count, audit.said = audit.count + closed[1].count, audit.said + closed[1].said
    share = "" if percent == 100 else f"; a share of {percent} in 100, by the seed"
    answers = ", ".join(f"{many} x {code}" for code, many in sorted(codes.items()))
    return (
        wrongs.outcome(
            f"{cells} cells: {len(ways())} addresses, {len(ROLES)} roles and systems, {len(walk.STANDINGS)} standings, "
            f"{len(walk.METHODS)} methods{share}; {wrongs.count} differ from the table; {refused} refusals, each the "
            f"same bytes as for what does not exist, and in {there * 1000:.1f} ms for somebody who exists against "
            f"{nowhere * 1000:.1f} ms for somebody who does not (medians of {PAIRS} in turn); answers {answers}"
        ),
        audit.outcome(
            f"{len(requests)} requests that must be noted, {lines[0]} lines of the audit log: one each, and a second "
            f"where a change failed; with the log full {closed[0]} pages asked for, all refused"
        ),
    )


def _build() -> House:
    """A person with a record and an entry in each standing, and an account for each role that stands so to all."""
    writing.set_scene([])
    at = writing.now()
    persons: dict[str, UUID] = {}
    chance = random.Random(16)  # noqa: S311
    for standing in walk.STANDINGS:
        ref = f"door-{standing}"
        raws = [writing.raw(f"{ref}-{n}", chance, [ref]) for n in range(3)]
        writing.Batch(name=ref, raws=raws, people=[ref]).send()
        persons[standing] = people.persons_of([writing.record(ref).record])[writing.record(ref).record]
    users: dict[Role, UUID] = {}
    for role in ROLES:
        user = accounts.make_user(f"{role}@example.test", name=f"Robin {role}", agency="LA", at=at)
        accounts.give_role(user, role, title=str(role), at=at)
        users[role] = user
    for user in users.values():
        for standing, person in persons.items():
            walk.stand(user, person, standing, at=at)
    return House(users, persons)


def _cells(roles: Sequence[Role], seed: int, percent: int) -> Iterator[tuple[Way, Role, str, str]]:
    chance = random.Random(seed)  # noqa: S311
    for way, role, standing, method in itertools.product(ways(), roles, walk.STANDINGS, walk.METHODS):
        door = way.door
        if door is None or door.machine or isinstance(door.permission, Everyone):
            continue
        if door.person is None and standing != Relation.NONE:
            continue
        if chance.randrange(100) < percent:
            yield way, role, standing, method


def _lane(house: House, roles: Sequence[Role], seed: int, percent: int) -> Lane:
    """Knock at every door as these roles."""
    lane = Lane(codes=Counter(), requests=[], wrongs=Wrongs())
    clients = _clients(house, roles)
    nowhere = {
        (role, method): seen(clients[role].generic(method, "/no/such/page"))
        for role in roles
        for method in walk.METHODS
    }
    with mock.patch("throughcare.access.throttle.spend"):
        for way, role, standing, method in _cells(roles, seed, percent):
            _knock(lane, clients[role], house, way, role, standing, method, nowhere[role, method])
    return lane


def _clients(house: House, roles: Iterable[Role]) -> dict[Role, Client]:
    at = writing.now()
    users = {role: User.objects.get(id=house.users[role]) for role in roles}
    return {role: walk.signed_in(Client(raise_request_exception=False), user, at=at) for role, user in users.items()}


def _knock(lane: Lane, client: Client, house: House, way: Way, role: Role, standing: str, method: str, no: Any) -> None:
    assert way.door is not None and lane.codes is not None and lane.wrongs is not None and lane.requests is not None  # noqa: S101, PT018
    person = {way.door.person: house.persons[standing]} if way.door.person else {}
    answer: Any = client.generic(method, way.path(person))
    lane.cells += 1
    lane.codes[answer.status_code] += 1
    what = f"{method} /{way.route} as {role}, {standing}"
    lets = walk.expected(way.door, roles=[role], standing=standing, method=method)
    knock = walk.Knock(way.route, role, standing, method, lets, answer)
    lane.wrongs.check(answer.status_code < 500, f"{what}: {answer.status_code}")
    if way.door.person is not None or not knock.was_refused or not lets:
        lane.wrongs.check(knock.is_right, f"{what}: the table says {lets}, the door answered {answer.status_code}")
    if knock.was_refused:
        lane.refused += 1
        lane.wrongs.check(seen(answer) == no, f"{what}: the refusal can be told from what does not exist")
    lane.requests.append((answer.headers.get("X-Request-Id", ""), method, what))


_OURS = re.compile(rb'nonce="[^"]*"|nonce-[\w-]+|csrf\w*"? value="[^"]*"')


def seen(answer: Any) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    """What a reader can tell from an answer: all but the number of the request and what is fresh each time."""
    without = ("X-Request-Id", "Content-Security-Policy")
    headers = tuple(sorted(one for one in answer.headers.items() if one[0] not in without))
    return answer.status_code, _OURS.sub(b"", answer.content), headers


def _times(house: House) -> tuple[float, float]:
    """The median time of a refusal, in seconds: for a person who exists, and for one who does not; in turn."""
    way = next(one for one in ways() if one.door and one.door.person and one.door.permission is Permission.PERSON_READ)
    assert way.door is not None and way.door.person is not None  # noqa: S101, PT018
    client = _clients(house, [Role.PRACTITIONER])[Role.PRACTITIONER]
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(PAIRS):
        for person, times in zip((house.persons[Relation.NONE], uuid4()), taken, strict=True):
            began = time.perf_counter()
            client.get(way.path({way.door.person: person}))
            times.append(time.perf_counter() - began)
    return statistics.median(taken[0]), statistics.median(taken[1])


# --- machines ------------------------------------------------------------------------------------------------------


def _machines() -> Lane:
    """Every call of the API: without a token, with a bad one, with every single scope, and with a session."""
    lane = Lane(codes=Counter(), requests=[], wrongs=Wrongs())
    assert lane.codes is not None and lane.wrongs is not None and lane.requests is not None  # noqa: S101, PT018
    at = writing.now()
    scopes = ("api.write", "api.events")
    tokens = {"none": "", "bad": "Bearer nonsense"}
    for scope in scopes:
        made = systems.make_system("LA", name=scope, scopes=[scope], at=at)
        tokens[scope] = f"Bearer {systems.issue_token(made.client_id, made.secret, network='n', at=at).token}"
    client = Client(raise_request_exception=False)
    with mock.patch("throughcare.access.throttle.spend"):
        for way, (holder, token), method in itertools.product(ways(), tokens.items(), walk.METHODS):
            door = way.door
            if door is None or not door.machine or isinstance(door.permission, Everyone) or not door.knows(method):
                continue
            answer: Any = client.generic(method, way.path({}), headers={"Authorization": token} if token else {})
            lane.cells += 1
            lane.codes[answer.status_code] += 1
            what = f"{method} /{way.route} with token {holder}"
            lane.wrongs.check(answer.status_code < 500, f"{what}: {answer.status_code}")
            refused = bool(answer.wsgi_request.looking.refused)
            if holder in ("none", "bad"):
                lane.wrongs.check(answer.status_code == 401, f"{what}: {answer.status_code}, not 401")
            else:
                lane.wrongs.check(refused is (holder != door.needs(method)), f"{what}: {answer.status_code}")
                lane.requests.append((answer.headers.get("X-Request-Id", ""), method, what))
    return lane


# --- the audit log -------------------------------------------------------------------------------------------------


def _compare(requests: Sequence[tuple[str, str, str]]) -> tuple[int, Wrongs]:
    """Each request of somebody known has its line, and no line is without its request."""
    wrongs, lines = Wrongs(), defaultdict[str, list[str]](list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT request::text, outcome FROM access_auditline "
            "WHERE act = ANY(%s) AND request IS NOT NULL ORDER BY id",
            [list(_LOOKS)],
        )
        for request, outcome in cursor.fetchall():
            lines[request].append(outcome)
    for request, method, what in requests:
        outcomes = lines.get(request, [])
        twice = method == "POST" and len(outcomes) == 2 and outcomes[0] == "done"
        wrongs.check(len(outcomes) == 1 or twice, f"{what}: {len(outcomes)} lines {outcomes}")
    known = {request for request, _, _ in requests}
    stray = [request for request in lines if request not in known]
    wrongs.check(not stray, f"{len(stray)} lines name a request that was not made")
    return sum(map(len, lines.values())), wrongs


class _FullLog:
    """While this lasts no line can be added to the audit log."""

    def __init__(self, scratch: Scratch, name: str) -> None:
        self._owner = scratch.owner(name)

    def __enter__(self) -> None:
        self._owner.execute(
            "CREATE FUNCTION trial_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$"
        )
        self._owner.execute(
            "CREATE TRIGGER trial_full BEFORE INSERT ON access_auditline "
            "FOR EACH STATEMENT EXECUTE FUNCTION trial_full()"
        )

    def __exit__(self, *_: object) -> None:
        self._owner.execute("DROP TRIGGER trial_full ON access_auditline")
        self._owner.execute("DROP FUNCTION trial_full()")
        self._owner.close()


def _not_noted(house: House) -> tuple[int, Wrongs]:
    """With a log that takes no line, every page of somebody known is refused."""
    wrongs, asked = Wrongs(), 0
    clients = _clients(house, ROLES)
    with mock.patch("throughcare.access.throttle.spend"):
        for way in ways():
            door = way.door
            if door is None or door.machine or isinstance(door.permission, Everyone):
                continue
            for method in door.methods:
                role, standing = _who_may(way, method)
                if role is None:
                    continue
                person = {door.person: house.persons[standing]} if door.person else {}
                answer = clients[role].generic(method, way.path(person))
                asked += 1
                says = f"{method} /{way.route} as {role}: {answer.status_code} though it could not be noted"
                wrongs.check(answer.status_code == 503 and b"Person door" not in answer.content, says)
    return asked, wrongs


def _who_may(way: Way, method: str) -> tuple[Role | None, str]:
    assert way.door is not None  # noqa: S101
    for role, standing in itertools.product(ROLES, walk.STANDINGS):
        if standing in ("ended", "blocked"):
            continue
        if walk.expected(way.door, roles=[role], standing=standing, method=method):
            return role, standing
    return None, ""
