"""A small house to try the doors on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from throughcare.access import doors
from throughcare.access.doors import EVERYONE, Door, lock_all, open_to
from throughcare.access.reach import Permission
from throughcare.access.urls import urlpatterns as signing_in

DONE: list[str] = []
"""What views did, so that a test sees that a refused one did nothing."""


@open_to(EVERYONE)
def front(request: HttpRequest) -> HttpResponse:
    """Open to everybody."""
    return HttpResponse("front")


@open_to(Permission.MY_WORK)
def work(request: HttpRequest) -> HttpResponse:
    """At the desk."""
    return HttpResponse("work of " + request.viewer.name)  # type: ignore[attr-defined]


@open_to(Permission.PERSON_READ, person="person")
def record(request: HttpRequest, person: UUID) -> HttpResponse:
    """A person's page."""
    DONE.append("record")
    if person.int == 0:
        raise Http404
    return HttpResponse(f"record, {request.reach.level.word}")  # type: ignore[attr-defined]


@open_to(Permission.PERSON_POINTER, person="person")
def pointer(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who is involved."""
    return HttpResponse("pointer")


@open_to(Permission.PERSON_READ, post=Permission.CORRECT, person="person", methods=("GET", "POST"))
def correct(request: HttpRequest, person: UUID) -> HttpResponse:
    """A form about a person."""
    if request.method == "POST":
        DONE.append("correct")
        if request.POST.get("wrong"):
            return HttpResponse("try again", status=400)
    return HttpResponse("form")


@open_to(Permission.PERSON_FIND)
def search(request: HttpRequest) -> HttpResponse:
    """Search is access."""
    doors.spend(request, "search", most=3, per=timedelta(minutes=1))
    doors.searched(request, request.GET.get("q", ""), found=0)
    return HttpResponse("nothing found")


@open_to(Permission.MY_WORK)
def denied(request: HttpRequest) -> HttpResponse:
    """A view that refuses in Django's own way."""
    raise PermissionDenied


@open_to(Permission.MY_WORK)
def broken(request: HttpRequest) -> HttpResponse:
    """A view that breaks."""
    return HttpResponse("broken", status=500)


def unlocked(request: HttpRequest) -> HttpResponse:
    """Somebody forgot the lock."""
    DONE.append("unlocked")
    return HttpResponse("secret")


@open_to(Permission.API_WRITE, methods=("POST",), machine=True)
def send(request: HttpRequest) -> HttpResponse:
    """For agencies' systems."""
    DONE.append("send")
    return JsonResponse({"agency": request.viewer.agency})  # type: ignore[attr-defined]


def plain_word(request: HttpRequest) -> HttpResponse:
    """A view of a room that cannot import access."""
    return HttpResponse("up")


plain_word.open_to = "everyone"  # type: ignore[attr-defined]


def made(request: HttpRequest) -> HttpResponse:
    """A view that a library made."""
    return JsonResponse({})


_library = [path("made", made)]
lock_all(_library, Door(permission=Permission.API_EVENTS, machine=True))
send.csrf_exempt = True  # type: ignore[attr-defined]

handler404 = "throughcare.access.doors.not_found"
urlpatterns = [
    path("", front),
    path("work", work),
    path("person/<uuid:person>", record),
    path("person/<uuid:person>/pointer", pointer),
    path("person/<uuid:person>/correct", correct),
    path("search", search),
    path("denied", denied),
    path("broken", broken),
    path("unlocked", unlocked),
    path("api/send", send),
    path("up", plain_word),
    path("lib/", include(_library)),
    *signing_in,
]
