"""The doors: every view says whom it is open to, and one middleware lets in, refuses, and notes.

    @open_to(Permission.PERSON_READ, person="person")
    def timeline(request, person): ...          # request.viewer, request.reach, request.request_id

- A view without `open_to` is never shown: no lock means closed.
- A refusal looks the same as "there is no such page", byte for byte.
- Seen is logged: the audit line is written before the page is sent, and for a change before it is done. If the line
  cannot be written, the answer is 503 and nothing is shown.
- Who somebody is, what their roles are and how they stand to a person is read anew for each request.

The attribute `open_to` of a view is a `Door`; the walk over all addresses reads it (access/tests/walk.py).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, URLResolver
from django.utils import timezone

from throughcare.access import actions, errors, queries, signing_in, systems, throttle
from throughcare.access.plain import (
    IDLE,
    NOT_FOUND,
    NOT_NOTED,
    NOT_THIS_WAY,
    SIGN_IN_FIRST,
    TOO_LONG,
    TOO_OFTEN,
    plain,
    problem,
)
from throughcare.access.reach import Permission, Reach, Viewer

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])

IDLE_AFTER = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
PROVED_FOR = timedelta(minutes=5)
SIGNED_IN_AT = "signed_in_at"  # session keys; seconds since 1970
SEEN_AT = "seen_at"
PROVED_AT = "proved_at"
_SEEN_STEP = 30  # seconds: how exactly the last look is kept, so that not every page writes the session


class Everyone(Enum):
    """Whom a door without a lock is open to."""

    EVERYONE = "everyone"


EVERYONE = Everyone.EVERYONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Whom a view is open to, for what, and how a look through it is noted."""

    permission: Permission | Everyone
    post: Permission | None = None  # what POST, PUT, PATCH and DELETE need, if something else
    person: str | None = None  # the name of the part of the address that is the person's id
    act: str | None = None  # of the audit line; None: read or write, by the method
    methods: tuple[str, ...] = ("GET",)  # HEAD goes with GET
    machine: bool = False  # for agencies' systems with a bearer token, and for nobody else

    def needs(self, method: str) -> Permission | Everyone:
        """What this method needs."""
        return self.post if self.post is not None and method not in _SAFE else self.permission

    def knows(self, method: str) -> bool:
        """Is this method open at all?"""
        return method in self.methods or (method == "HEAD" and "GET" in self.methods)


_SAFE = ("GET", "HEAD")


def open_to(
    permission: Permission | Everyone,
    *,
    post: Permission | None = None,
    person: str | None = None,
    act: str | None = None,
    methods: Sequence[str] = ("GET",),
    machine: bool = False,
) -> Callable[[View], View]:
    """Put a lock on a view. The view stays as it is; `AccessMiddleware` reads the lock and keeps it."""
    door = Door(permission=permission, post=post, person=person, act=act, methods=tuple(methods), machine=machine)

    def locked(view: View) -> View:
        view.open_to = door  # type: ignore[attr-defined]
        return view

    return locked


def door_of(view: Callable[..., Any]) -> Door | None:
    """The lock of a view, or None. The bare word "everyone" is a door that everybody may look through."""
    lock = getattr(view, "open_to", None)
    if lock == EVERYONE.value:
        return Door(permission=EVERYONE)
    return lock if isinstance(lock, Door) else None


def lock_all(patterns: Iterable[URLPattern | URLResolver], door: Door) -> None:
    """Put the same lock on every view of these addresses: for a library that makes its own views, such as the API's."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            lock_all(pattern.url_patterns, door)
        else:
            pattern.callback.open_to = door  # type: ignore[attr-defined]


@dataclass(slots=True)
class Looking:
    """What is seen in one request, gathered for its audit line."""

    persons: dict[UUID, str] = field(default_factory=dict)  # person -> by which relation
    purpose: str = ""
    query: str | None = None
    results: int | None = None
    act: str | None = None
    object_kind: str = ""
    object_id: str = ""
    refused: bool = False
    noted: frozenset[UUID] | None = None  # the persons of the line that was written before a change


class Request(HttpRequest):
    """A request as views get it, for type checking: what the middleware puts on it."""

    viewer: Viewer | None
    reach: Reach
    looking: Looking
    request_id: UUID
    at: datetime
    door: Door | None


# --- for views -------------------------------------------------------------------------------------------------------


def looked_at(request: HttpRequest, persons: dict[UUID, str]) -> None:
    """Note that these persons are shown: each with the relation by which."""
    request.looking.persons.update(persons)  # type: ignore[attr-defined]


def searched(request: HttpRequest, query: str, *, found: int) -> None:
    """Note a search: what was asked for is kept as a keyed hash, how much was found as a number, none too."""
    looking: Looking = request.looking  # type: ignore[attr-defined]
    looking.act, looking.query, looking.results = "search", query, found


def exported(request: HttpRequest, kind: str, number: str, *, count: int) -> None:
    """Note that a copy leaves the system: what, which, how many entries."""
    looking: Looking = request.looking  # type: ignore[attr-defined]
    looking.act, looking.object_kind, looking.object_id, looking.results = "export", kind, number, count


def purpose(request: HttpRequest, words: str) -> None:
    """Note for what the page was opened. Without this the relation is the purpose."""
    request.looking.purpose = words[:200]  # type: ignore[attr-defined]


def spend(request: HttpRequest, what: str, *, most: int, per: timedelta) -> None:
    """Use one of `most` within a time, by this viewer and by this network ten times that. Else the answer is 429."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    at: datetime = request.at  # type: ignore[attr-defined]
    throttle.spend(what, str(viewer.id) if viewer else network(request), most=most, per=per, at=at)
    throttle.spend(f"{what}.network"[:30], network(request), most=most * 10, per=per, at=at)


def is_proved(request: HttpRequest) -> bool:
    """Has the viewer shown the second factor within the last 5 minutes? The demonstration's people need not."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    if viewer is not None and viewer.demonstration and demonstration():
        return True
    at: datetime = request.at  # type: ignore[attr-defined]
    return bool(0 <= at.timestamp() - request.session.get(PROVED_AT, 0) <= PROVED_FOR.total_seconds())


def prove_again(request: HttpRequest, code: str) -> None:
    """Check a one-time code of somebody who is signed in, before an export or breaking the glass.

    Raises `errors.SignInRefused`.
    """
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    if viewer is None:
        raise errors.SignInRefused
    at: datetime = request.at  # type: ignore[attr-defined]
    signing_in.check_code(viewer.id, code, network=network(request), at=at)
    request.session[PROVED_AT] = int(at.timestamp())


def network(request: HttpRequest) -> str:
    """Where a request comes from: the address, or for IPv6 the first 64 bits, which one subscriber has."""
    given = request.META.get("REMOTE_ADDR") or "unknown"
    try:
        address = ip_address(given)
    except ValueError:
        return "unknown"
    return str(IPv6Address(int(address) >> 64 << 64)) if isinstance(address, IPv6Address) else str(address)


def demonstration() -> bool:
    """Is this the demonstration, where everything is invented and one may sign in by a link?"""
    return bool(getattr(settings, "DEMO", False) or getattr(settings, "DEMONSTRATION", False))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The page for what is not there and for what one may not see. Also the project's `handler404`."""
    if _is_machine(request):
        return problem(404, "not_found", NOT_FOUND.paragraphs[0])
    return plain(NOT_FOUND, status=404, request=request)


def _is_machine(request: HttpRequest) -> bool:
    door = getattr(request, "door", None)
    return bool(door is not None and door.machine)


# --- the middleware --------------------------------------------------------------------------------------------------


class AccessMiddleware:
    """Knows who looks, lets in or refuses, and notes it. The last of the middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        _prepare(request)
        if (ended := _end_session(request)) is not None:
            return ended
        request.viewer = _signed_in(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        response = _note_look(request, response)
        response.headers["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Keep the lock of a view: None lets in, an answer refuses."""
        door = door_of(view)
        request.door = door  # type: ignore[attr-defined]
        if door is None:
            log.error(
                "No lock on %s.%s: add @open_to. It stays closed.", view.__module__, getattr(view, "__name__", "")
            )
            return _refuse(request)
        if not door.knows(request.method or ""):
            return _not_this_way(request, door)
        if door.machine:
            request.viewer = _bearer(request)  # type: ignore[attr-defined]
        refused = _check(request, door, kwargs)
        return refused if refused is not None else _note_before_change(request, door)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a view's refusal; everything else is Django's to answer."""
        if isinstance(exception, Http404):
            return not_found(request)
        if isinstance(exception, (PermissionDenied, errors.NotAllowed)):
            return _refuse(request)
        if isinstance(exception, throttle.TooManyTries):
            return _too_often(request, exception)
        return None


def _prepare(request: HttpRequest) -> None:
    request.at = timezone.now()  # type: ignore[attr-defined] # noqa: TID251 - here a request begins
    request.request_id = uuid4()  # type: ignore[attr-defined]
    request.looking = Looking()  # type: ignore[attr-defined]
    request.viewer, request.door = None, None  # type: ignore[attr-defined]


def _signed_in(request: HttpRequest) -> Viewer | None:
    """Who is signed in, with the roles of this moment. Nobody: None."""
    if not request.user.is_authenticated:
        return None
    at: datetime = request.at  # type: ignore[attr-defined]
    now = int(at.timestamp())
    if now - request.session.get(SEEN_AT, 0) >= _SEEN_STEP:
        request.session[SEEN_AT] = now
    return queries.viewer(request.user.id, at=at)


def _bearer(request: HttpRequest) -> Viewer | None:
    """Whose bearer token this is. None: no token, or not a good one."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        return None
    return systems.check_token(token.strip(), at=request.at)  # type: ignore[attr-defined]


def _end_session(request: HttpRequest) -> HttpResponse | None:
    """End a session that was idle, or that is too old, with a page that says so."""
    if not request.user.is_authenticated:
        return None
    now = request.at.timestamp()  # type: ignore[attr-defined]
    since = request.session.setdefault(SIGNED_IN_AT, int(now))
    seen = request.session.setdefault(SEEN_AT, int(now))
    too_long = now - since > LONGEST.total_seconds()
    if not too_long and now - seen <= IDLE_AFTER.total_seconds():
        return None
    viewer = queries.viewer(request.user.id, at=request.at)  # type: ignore[attr-defined]
    logout(request)
    if viewer is not None:
        signing_in.note_sign_out(viewer, at=request.at, request=request.request_id, purpose="time")  # type: ignore[attr-defined]
    return plain(TOO_LONG if too_long else IDLE, status=401, request=request)


def _check(request: HttpRequest, door: Door, kwargs: dict[str, Any]) -> HttpResponse | None:
    """None if the viewer may go through, else the answer."""
    needed = door.needs(request.method or "")
    if isinstance(needed, Everyone):
        return None
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    if viewer is None:
        return _who_are_you(request, door)
    if door.person is None:
        return None if viewer.may(needed) else _refuse(request)
    person = _person(kwargs.get(door.person))
    if person is None:
        return _refuse(request)
    reach = queries.reach(viewer, person, at=request.at)  # type: ignore[attr-defined]
    request.reach = reach  # type: ignore[attr-defined]
    looked_at(request, {person: reach.why})
    return None if reach.may(needed) else _refuse(request)


def _person(given: object) -> UUID | None:
    try:
        return given if isinstance(given, UUID) else UUID(str(given))
    except ValueError:
        return None


def _who_are_you(request: HttpRequest, door: Door) -> HttpResponse:
    if door.machine:
        answer: HttpResponse = problem(401, "token_needed", "Send a bearer token that is still good.")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="throughcare"'
        return answer
    if request.method in _SAFE:
        return HttpResponseRedirect(f"/sign-in?{urlencode({'next': request.get_full_path()})}")
    return plain(SIGN_IN_FIRST, status=401, request=request)


def _refuse(request: HttpRequest) -> HttpResponse:
    request.looking.refused = True  # type: ignore[attr-defined]
    return not_found(request)


def _not_this_way(request: HttpRequest, door: Door) -> HttpResponse:
    machine = door.machine
    answer = (
        problem(405, "not_this_way", NOT_THIS_WAY.title)
        if machine
        else plain(NOT_THIS_WAY, status=405, request=request)
    )
    answer.headers["Allow"] = ", ".join(door.methods)
    return answer


def _too_often(request: HttpRequest, wrong: throttle.TooManyTries) -> HttpResponse:
    machine = _is_machine(request)
    answer = problem(429, "too_often", TOO_OFTEN.title) if machine else plain(TOO_OFTEN, status=429, request=request)
    answer.headers["Retry-After"] = str(wrong.retry_after)
    return answer


# --- noting ----------------------------------------------------------------------------------------------------------


def _note_before_change(request: HttpRequest, door: Door) -> HttpResponse | None:
    """A change is noted before it is done. None: noted, or a mere look; else the 503 answer."""
    if request.method in _SAFE or isinstance(door.needs(request.method or ""), Everyone):
        return None
    looking: Looking = request.looking  # type: ignore[attr-defined]
    try:
        _write_line(request, door, act=door.act or ("machine" if door.machine else "write"), outcome="done")
    except DatabaseError:
        return _not_noted(request)
    looking.noted = frozenset(looking.persons)
    return None


def _note_look(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Write the audit line of a request before its answer is sent. If that fails, the answer is another."""
    door: Door | None = request.door  # type: ignore[attr-defined]
    looking: Looking = request.looking  # type: ignore[attr-defined]
    outcome = "refused" if looking.refused else "failed" if response.status_code >= 400 else "done"
    if not _is_noted(request, door, outcome):
        return response
    try:
        _write_line(request, door, act="refusal" if looking.refused else _act(request, door, looking), outcome=outcome)
    except DatabaseError:
        _close(response)
        return _not_noted(request)
    return response


def _is_noted(request: HttpRequest, door: Door | None, outcome: str) -> bool:
    """Is there a line to write? For whoever is known; not again for a change that went as noted before."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    looking: Looking = request.looking  # type: ignore[attr-defined]
    if viewer is None or (door is not None and isinstance(door.permission, Everyone) and not looking.persons):
        return False
    if door is None and not looking.refused:
        return False  # no view was found: nothing was seen
    if looking.query is not None:
        return True  # what was searched for is known only now, and a search that found nothing is noted too
    return looking.noted is None or outcome != "done" or looking.noted != frozenset(looking.persons)


def _act(request: HttpRequest, door: Door | None, looking: Looking) -> str:
    given = looking.act or (door.act if door is not None else None)
    if given is not None:
        return given
    if door is not None and door.machine:
        return "machine"
    return "read" if request.method in _SAFE else "write"


def _write_line(request: HttpRequest, door: Door | None, *, act: str, outcome: str) -> None:
    looking: Looking = request.looking  # type: ignore[attr-defined]
    needed = door.needs(request.method or "") if door is not None else ""
    match = request.resolver_match
    actions.note(
        act,
        viewer=request.viewer,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
        permission="" if isinstance(needed, Everyone) else str(needed),
        object_kind=looking.object_kind or "page",
        object_id=(looking.object_id or (match.view_name if match else "") or "")[:100],
        persons=looking.persons,
        relation=next(iter(looking.persons.values()), ""),
        purpose=looking.purpose,
        request=request.request_id,  # type: ignore[attr-defined]
        outcome=outcome,
        network=network(request),
        query=looking.query,
        results=looking.results,
    )


def _not_noted(request: HttpRequest) -> HttpResponse:
    log.critical("An audit line could not be written; request %s was refused.", request.request_id)  # type: ignore[attr-defined]
    if _is_machine(request):
        answer: HttpResponse = problem(503, "not_noted", NOT_NOTED.title)
    else:
        answer = plain(NOT_NOTED, status=503)
    answer.headers["Retry-After"] = "60"
    return answer


def _close(response: HttpResponseBase) -> None:
    close = getattr(response, "close", None)
    if close is not None:
        close()
