"""Calendar feeds: a secret address for each user, which can be renewed and ended, and what stands behind it.

The address is the whole secret: it stands in the path and is kept as a hash. It tells on which days something is due.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import actions as access_actions
from throughcare.access import queries as access
from throughcare.access import throttle
from throughcare.access.doors import EVERYONE, network, open_to
from throughcare.access.keyed import keyed_hash
from throughcare.access.reach import Permission, Viewer
from throughcare.duties import actions, queries
from throughcare.ledger.entry import london_day
from throughcare.web import ical, sheet, words
from throughcare.web.frame import frame
from throughcare.web.mine import Item, is_mine, my_items, my_people
from throughcare.web.parts import Fact, Form
from throughcare.web.shell import Link

AHEAD = timedelta(days=180)
"""How far a feed looks."""
PER_HOUR = 60
"""How often an hour one address is answered, and how many unknown ones a network may try."""


@open_to(Permission.MY_WORK, methods=("GET", "POST"))
def my_feed(request: HttpRequest) -> HttpResponse:
    """The address of my own calendar: whether there is one; a new one, shown once; or its end."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    token, success = "", ""
    if request.method == "POST":
        if request.POST.get("do") == "end":
            actions.end_feed(viewer, at=now)
            success = "Your address has ended"
        else:
            token = actions.renew_feed(viewer, at=now)
            success = "Your address is made"
    kept = queries.feed_of(viewer.id)
    value = sheet.Sheet(
        shell=frame(request, title="Your calendar’s address", success=success),
        title="Take the duties into your own calendar",
        lead="Your calendar program asks an address of your own. It is told on which days something is due.",
        sections=(*_new(token), _state(kept, token), _what()),
        back=Link("Duties calendar", "/calendar"),
    )
    return render(request, "sheet.html", {"page": value})


def _new(token: str) -> tuple[sheet.Section, ...]:
    if not token:
        return ()
    return (
        sheet.Section(
            title="Your new address",
            paragraphs=(
                "Copy it now: it is shown this once. In your calendar program, choose “add calendar from the web”.",
            ),
            inset=f"{settings.SITE_URL}/calendar/{token}.ics",
        ),
    )


def _state(kept: queries.KeptFeed | None, token: str) -> sheet.Section:
    if kept is None:
        return sheet.Section(
            paragraphs=("You have no address.",), forms=(Form(action="/calendar/feed", button="Make an address"),)
        )
    return sheet.Section(
        title="" if token else "Your address",
        facts=() if token else (Fact("Made", words.moment(kept.made)), Fact("State", "In use")),
        forms=(
            Form(action="/calendar/feed", button="Make a new one, and end this one", hidden=(("do", "renew"),)),
            Form(action="/calendar/feed", button="End it", hidden=(("do", "end"),), warning=True),
        ),
    )


def _what() -> sheet.Section:
    return sheet.Section(
        title="What it tells",
        points=(
            f"Each event says “{ical.DUTY}” or “{ical.WINDOW}”, its day, and where to sign in and read which.",
            "No name, no rule and nothing of any case.",
            "Whoever has the address sees those days. If somebody else may have it, make a new one.",
            "A new address ends the old one at once.",
            "It ends by itself when your account does.",
        ),
    )


@open_to(EVERYONE)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What stands behind an address: 404 where it was never given, 410 where it, or the account, has ended."""
    now: datetime = request.at  # type: ignore[attr-defined]
    kept = queries.feed(token)
    if kept is None:
        throttle.spend("feed.unknown", network(request), most=PER_HOUR, per=timedelta(hours=1), at=now)
        return _gone(404, "There is no such calendar.")
    viewer = access.viewer(kept.user, at=now) if kept.ended is None else None
    if viewer is None or not viewer.may(Permission.MY_WORK):
        return _gone(410, "This calendar has ended. Sign in to make a new address.")
    throttle.spend("feed", str(kept.user), most=PER_HOUR, per=timedelta(hours=1), at=now)
    items = my_items(viewer, my_people(viewer, now=now), until=london_day(now) + AHEAD, now=now)
    dues = [_due(viewer, one) for one in items if is_mine(one)]
    access_actions.note(
        "export", viewer=viewer, at=now, permission=str(Permission.MY_WORK), object_kind="calendar_feed",
        object_id=str(viewer.id), purpose="calendar", results=len(dues), network=network(request),
        request=request.request_id,  # type: ignore[attr-defined]
    )  # fmt: skip
    answer = HttpResponse(
        ical.calendar(dues, site=settings.SITE_URL, now=now), content_type="text/calendar; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'inline; filename="duties.ics"'
    return answer


def _due(viewer: Viewer, one: Item) -> ical.Due:
    """The event of a duty. Its name is the same each time, and means nothing to who has no key of ours."""
    name = f"{viewer.id} {one.case.person} {one.duty.rule} {one.duty.started_by}"
    return ical.Due(uid=keyed_hash("calendar", name)[:32], on=one.on, at=one.at, owed=one.owed)


def _gone(status: int, said: str) -> HttpResponse:
    return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
