"""The demonstration's people to sign in as, and its mail, readable in the browser: only where `settings.DEMO` is on."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import pages as access
from throughcare.access.doors import EVERYONE, open_to
from throughcare.demo import staff
from throughcare.web import page, words
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Fact, Field, Form
from throughcare.web.person import pages
from throughcare.web.shell import Link

A_PAGE = 50
_ADDRESS = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """One message that the catcher kept. `key` is the name of its file, without what mail programs add."""

    key: str
    at: datetime
    message: Message

    def header(self, name: str) -> str:
        """A header in words; empty where it is not there."""
        given = self.message.get(name)
        return str(make_header(decode_header(str(given)))) if given else ""


def caught() -> list[Caught]:
    """Every message of the catcher, the newest first."""
    if not settings.MAIL_FOLDER.is_dir():
        return []
    box = mailbox.Maildir(settings.MAIL_FOLDER, create=False)
    found = [
        Caught(key=key, at=datetime.fromtimestamp(message.get_date(), UTC), message=message)
        for key, message in box.items()
    ]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)


def _only_in_demonstration() -> None:
    if not settings.DEMO:
        raise Http404


@open_to(EVERYONE, methods=("GET", "POST"))
def people(request: HttpRequest) -> HttpResponse:
    """Everybody as whom one may sign in, and why it is worth it: those to begin with first. A press signs in."""
    _only_in_demonstration()
    if request.method == "POST":
        return access.demo_people(request)
    told = {one.email: one for one in staff.read().workers}
    plain = access.demo_page()
    known = [replace(one, about=told[one.email].about) if one.email in told else one for one in plain.people]
    known.sort(key=lambda one: one.email not in told or not told[one.email].first)
    return access.show(request, replace(plain, people=tuple(known)))


@open_to(EVERYONE)
def mail(request: HttpRequest) -> HttpResponse:
    """What would have been sent, the newest first; of one reader, where an address is asked for."""
    _only_in_demonstration()
    to = request.GET.get("to", "")[:254].strip().lower()
    every = caught()
    found = [one for one in every if not to or to in one.header("To").lower()]
    at = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    value = page.DemoMail(
        shell=frame(request, title="Mail of the demonstration"),
        messages=tuple(
            page.MailRow(
                subject=Link(one.header("Subject") or "No subject", f"/demo/mail/{one.key}", more=one.header("To")),
                to=one.header("To"),
                at=words.moment(one.at),
                iso=one.at.isoformat(timespec="seconds"),
            )
            for one in at.object_list
        ),
        filter=Form(
            action="/demo/mail",
            method="get",
            button="Show",
            fields=(Field(name="to", label="To this address", value=to, hint="Any part of it, such as nadia"),),
        ),
        pages=pages(at, "/demo/mail", f"?to={to}" if to else "", "message", "messages"),
        empty=None
        if found
        else Empty(title="No messages", words="Record something that raises a question: those who must know are told."),
    )
    return render(request, "demo_mail.html", {"page": value})


@open_to(EVERYONE)
def message(request: HttpRequest, key: str) -> HttpResponse:
    """One message as its reader gets it."""
    _only_in_demonstration()
    one = next((found for found in caught() if found.key == key), None)
    if one is None:
        raise Http404
    text = _text(one.message)
    value = page.DemoMailMessage(
        shell=frame(request, title=one.header("Subject")),
        subject=one.header("Subject") or "No subject",
        to=one.header("To"),
        sender=one.header("From"),
        at=words.moment(one.at),
        paragraphs=tuple(part.strip() for part in text.split("\n\n") if part.strip()),
        links=tuple(Link(href, href) for href in dict.fromkeys(_ADDRESS.findall(text))),
        headers=tuple(Fact(name, str(said)) for name, said in one.message.items()),
        back=Link("All messages", "/demo/mail"),
    )
    return render(request, "demo_mail_message.html", {"page": value})


def _text(message: Message) -> str:
    return "\n\n".join(_parts(message))


def _parts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield content.decode(part.get_content_charset() or "utf-8", "replace").replace("\r\n", "\n")
