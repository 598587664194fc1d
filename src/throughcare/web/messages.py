"""Messages that have not reached their reader: a list that somebody owns, and the way to try again."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import open_to
from throughcare.access.reach import Permission
from throughcare.alerts import actions as alerts
from throughcare.alerts import queries
from throughcare.web import page, words
from throughcare.web.frame import frame
from throughcare.web.parts import Empty

ABOUT = {
    "finding": "A question was raised",
    "withdrawn": "A question was withdrawn",
    "duty": "A duty is late",
    "assigned": "Something was given to them",
    "linked": "A question about somebody linked waits",
    "shared": "Something was shared with them",
    "asked": "Their agency was asked for what it holds",
    "replied": "A request was answered",
    "break_glass": "The glass was broken",
}


@open_to(Permission.UNDELIVERED_READ)
def undelivered(request: HttpRequest) -> HttpResponse:
    """Messages that were given up, or that have failed and will be tried again. Nothing of a case."""
    found = queries.undelivered()
    desks = access.desks()
    given_up = sum(one.next_try is None for one in found)
    done = "It will be tried again in a moment" if request.GET.get("done") else ""
    value = page.Undelivered(
        shell=frame(request, title="Messages not delivered", success=done),
        said=f"{given_up:,} were given up and need somebody; {len(found) - given_up:,} will be tried again.",
        rows=tuple(
            page.UndeliveredRow(
                uid=one.id.hex[:12],
                to=f"{one.name}, {desks[one.agency].name if one.agency in desks else one.agency}",
                about=ABOUT.get(one.about, "A message"),
                since=words.moment(one.since),
                tries=words.many(one.attempts, "try", "tries"),
                wrong=one.fault or "Not known",
                try_again=f"/undelivered/{one.id}/again" if one.next_try is None else "",
                owner="" if one.next_try is None else f"next try {words.moment(one.next_try)}",
            )
            for one in found
        ),
        empty=None
        if found
        else Empty(title="Every message arrived", words="Nothing was given up, and nothing has failed."),
    )
    return render(request, "undelivered.html", {"page": value})


@open_to(Permission.UNDELIVERED_READ, methods=("POST",))
def again(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Try once more to deliver what was given up."""
    alerts.try_again(delivery, at=request.at)  # type: ignore[attr-defined]
    return HttpResponseRedirect("/undelivered?done=yes")
