"""Signing in and out: e-mail and password, then a one-time code; and, in the demonstration only, a link.

The pages are values (`FormPage`, `DemoPage`). The shell of the installation draws them (`settings.ACCESS_PRESENTER`),
or the plain template of this room. The session changes its key at sign-in. Nothing tells whether an account exists.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth import login, logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from throughcare.access import errors, queries, signing_in
from throughcare.access.doors import (
    EVERYONE,
    PROVED_AT,
    SEEN_AT,
    SIGNED_IN_AT,
    demonstration,
    network,
    not_found,
    open_to,
)
from throughcare.access.keyed import seal, unseal
from throughcare.access.models import User
from throughcare.access.plain import presented
from throughcare.access.reach import Viewer

WAITING = "sign_in_waiting"  # session key: who has given the password, and not yet the code
WAITING_SECONDS = 600
DEMO_SALT = "throughcare.access.demonstration"
DEMO_LINK_SECONDS = 24 * 3600
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `error` is empty, or says what to do."""

    name: str
    label: str
    kind: str = "text"  # of the HTML input
    hint: str = ""
    value: str = ""
    autocomplete: str = "off"
    inputmode: str = "text"
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page with one form, for the template."""

    title: str
    fields: tuple[Field, ...]
    button: str
    action: str
    next: str = ""
    paragraphs: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    demo_link: str = ""  # where the demonstration's people are; empty in service


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody invented as whom one may sign in, by one click."""

    name: str
    title: str
    agency: str
    value: str  # to post as "role", once
    href: str  # or to open, once
    email: str = ""
    about: str = ""  # why it is worth signing in as them, where a room above this one knows


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPage:
    """Everybody as whom one may sign in in the demonstration."""

    title: str
    action: str
    people: tuple[DemoPerson, ...]
    other: str = ""  # where to sign in with a password


# --- password, then code ---------------------------------------------------------------------------------------------


@open_to(EVERYONE, methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail address and password."""
    if request.method != "POST":
        return show(request, _password_page(request))
    email, password = request.POST.get("email", "")[:254], request.POST.get("password", "")[:1000]
    try:
        user = signing_in.check_password(email, password, network=network(request), at=_at(request))
    except errors.SignInRefused as refused:
        return show(request, replace(_password_page(request, email), errors=(str(refused),)), status=400)
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": str(user),
        "at": int(_at(request).timestamp()),
        "next": _next(request),
        "mark": signing_in.password_mark(user),
    }
    return HttpResponseRedirect(reverse("sign_in_code" if signing_in.is_enrolled(user) else "sign_in_enrol"))


def _password_page(request: HttpRequest, email: str = "") -> FormPage:
    went_on = "Sign in to go on. You are signed out after 15 minutes without use."
    return FormPage(
        title="Sign in",
        paragraphs=(went_on,) if _next(request) != "/" else (),
        fields=(
            Field(name="email", label="E-mail address", kind="email", value=email, autocomplete="username"),
            Field(name="password", label="Password", kind="password", autocomplete="current-password"),
        ),
        button="Continue",
        action=reverse("sign_in"),
        next=_next(request),
        demo_link=reverse("demo_people") if demonstration() else "",
    )


@open_to(EVERYONE, methods=("GET", "POST"))
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code, and sign in."""
    waiting = _waiting(request)
    if waiting is None or not signing_in.is_enrolled(waiting):
        return HttpResponseRedirect(reverse("sign_in"))
    page = FormPage(
        title="Enter your code",
        paragraphs=("Open your app of one-time codes and enter the code for Throughcare.",),
        fields=(_code_field(),),
        button="Sign in",
        action=reverse("sign_in_code"),
    )
    if request.method != "POST":
        return show(request, page)
    try:
        code = request.POST.get("code", "")[:20]
        signing_in.check_code(waiting, code, network=network(request), at=_at(request))
    except errors.SignInRefused as refused:
        return show(request, replace(page, errors=(str(refused),)), status=400)
    return _enter(request, waiting)


@open_to(EVERYONE, methods=("GET", "POST"))
def sign_in_enrol(request: HttpRequest) -> HttpResponse:
    """Show the secret for an app of one-time codes, and keep it once a code was right; then sign in."""
    waiting = _waiting(request)
    if waiting is None or signing_in.is_enrolled(waiting):
        return HttpResponseRedirect(reverse("sign_in"))
    secret = unseal(request.session[WAITING].get("secret", ""))
    if secret is None:
        secret = signing_in.begin_enrolment(waiting).secret
        request.session[WAITING] = {**request.session[WAITING], "secret": seal(secret)}
    if request.method != "POST":
        return show(request, _enrol_page(secret))
    try:
        signing_in.finish_enrolment(waiting, secret, request.POST.get("code", "")[:20], at=_at(request))
    except errors.SignInRefused as refused:
        return show(request, replace(_enrol_page(secret), errors=(str(refused),)), status=400)
    return _enter(request, waiting)


def _enrol_page(secret: str) -> FormPage:
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return FormPage(
        title="Set up your one-time codes",
        paragraphs=(
            "You need an app that makes one-time codes, on a device that only you use.",
            f"Add an account named Throughcare to the app, and enter this key: {spaced}",
            "Then enter the code that the app shows.",
        ),
        fields=(_code_field(),),
        button="Finish",
        action=reverse("sign_in_enrol"),
    )


def _code_field() -> Field:
    return Field(name="code", label="Code", hint="6 digits", autocomplete="one-time-code", inputmode="numeric")


def _waiting(request: HttpRequest) -> UUID | None:
    """Who has given their password within the last 10 minutes, and waits to give the code.

    Nobody whose password was changed since: they could set up codes of their own with one that was taken away.
    """
    given = request.session.get(WAITING)
    if given is None:
        return None
    age = _at(request).timestamp() - given["at"]
    user = UUID(given["user"])
    stands = 0 <= age + 1 <= WAITING_SECONDS and given.get("mark") == signing_in.password_mark(user)
    return user if stands else None


def _enter(request: HttpRequest, user: UUID) -> HttpResponse:
    """Both factors were right."""
    onward = request.session.pop(WAITING, {}).get("next", "/")
    if _begin(request, user, how="code") is None:
        return not_found(request)
    request.session[PROVED_AT] = int(_at(request).timestamp())
    return HttpResponseRedirect(onward)


def _begin(request: HttpRequest, user: UUID, *, how: str) -> Viewer | None:
    """Begin a session with a new key. None: the account has been closed meanwhile."""
    at = _at(request)
    viewer = queries.viewer(user, at=at)
    if viewer is None:
        return None
    request.session.flush()  # nothing of whoever was here before, nor their key
    login(request, User.objects.get(id=user), backend=BACKEND)
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(at.timestamp())
    signing_in.note_sign_in(
        viewer, network=network(request), at=at, request=request.request_id, purpose=how  # type: ignore[attr-defined]
    )  # fmt: skip
    return viewer


@open_to(EVERYONE, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; the session is gone at once."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    if viewer is not None:
        signing_in.note_sign_out(viewer, at=_at(request), request=request.request_id)  # type: ignore[attr-defined]
    logout(request)
    return HttpResponseRedirect(reverse("sign_in"))


@open_to(EVERYONE, methods=("POST",))
def stay(request: HttpRequest) -> HttpResponse:
    """ "Stay signed in": this request alone counts as use. 204, or 401 if the session is over."""
    return HttpResponse(status=204 if request.viewer is not None else 401)  # type: ignore[attr-defined]


# --- the demonstration -----------------------------------------------------------------------------------------------


def demo_link(user: UUID) -> str:
    """An address that signs in as this invented person, once, within a day. Works only in the demonstration."""
    return reverse("demo_sign_in", args=[_signed(user)])


def _signed(user: UUID) -> str:
    return signing.dumps({"user": str(user), "nonce": secrets.token_urlsafe(16)}, salt=DEMO_SALT)


@open_to(EVERYONE, methods=("GET", "POST"))
def demo_people(request: HttpRequest) -> HttpResponse:
    """Everybody as whom one may sign in; a press signs in. Not there outside the demonstration."""
    if not demonstration():
        return not_found(request)
    if request.method == "POST":
        return _demo_enter(request, request.POST.get("role", ""))
    return show(request, demo_page())


def demo_page() -> DemoPage:
    """Everybody invented, in order of agency, then name; each with a value and a link that work once."""
    desks = queries.desks()
    people = tuple(
        DemoPerson(
            name=one.name,
            title=", ".join(one.titles),
            agency=desks[one.agency].name if one.agency in desks else one.agency,
            value=(signed := _signed(one.id)),
            href=reverse("demo_sign_in", args=[signed]),
            email=one.email,
        )
        for one in queries.colleagues(demonstration=True)
    )
    return DemoPage(
        title="Sign in to the demonstration", action=reverse("demo_people"), people=people, other=reverse("sign_in")
    )


@open_to(EVERYONE)
def demo_sign_in(request: HttpRequest, signed: str) -> HttpResponse:
    """Sign in by a demonstration link: signed by us, used once, and only as somebody invented."""
    if not demonstration() or request.method != "GET":
        return not_found(request)
    return _demo_enter(request, signed)


def _demo_enter(request: HttpRequest, signed: str) -> HttpResponse:
    try:
        given = signing.loads(signed, salt=DEMO_SALT, max_age=DEMO_LINK_SECONDS)
    except signing.BadSignature:
        return not_found(request)
    user = UUID(given["user"])
    invented = User.objects.filter(id=user, demonstration=True, is_active=True).exists()
    if not invented or not signing_in.use_link(given["nonce"], at=_at(request)):
        return HttpResponseRedirect(reverse("demo_people"))
    if _begin(request, user, how="demonstration link") is None:
        return not_found(request)
    return HttpResponseRedirect("/")


# --- furniture -------------------------------------------------------------------------------------------------------


def _at(request: HttpRequest) -> datetime:
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def _next(request: HttpRequest) -> str:
    """Where to go after sign-in: a path of this site, or the home page."""
    given = (request.POST if request.method == "POST" else request.GET).get("next", "")
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts=None, require_https=request.is_secure())
    return given if safe and given.startswith("/") else "/"


def show(request: HttpRequest, page: FormPage | DemoPage, *, status: int = 200) -> HttpResponse:
    """In the shell if there is one, else plainly."""
    answer = presented(request, page, status=status)
    return answer if answer is not None else render(request, "access/form.html", {"page": page}, status=status)
