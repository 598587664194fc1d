"""Pages that are about nobody: status, the statements, and access's own pages (sign-in, refusals) in our shell.

`present` is what `settings.ACCESS_PRESENTER` names. A refusal is the same for everybody who sees it: it says nothing
of what was refused, and carries nothing that differs from one request to the next.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access.doors import EVERYONE, open_to
from throughcare.access.pages import DemoPage, FormPage
from throughcare.access.plain import PlainPage
from throughcare.alerts import queries as alerts
from throughcare.ledger import queries as ledger
from throughcare.web import page, sheet, words
from throughcare.web.frame import frame
from throughcare.web.parts import Field, Form, Mistake, Table
from throughcare.web.shell import Link, Shell

# --- the pages of access ---------------------------------------------------------------------------------------------


def present(request: HttpRequest, given: object, *, status: int) -> HttpResponse:
    """Draw a page of access in our shell."""
    if isinstance(given, FormPage):
        return render(request, "sign_in.html", {"page": _sign_in(request, given)}, status=status)
    if isinstance(given, DemoPage):
        return render(request, "demo_sign_in.html", {"page": _demo(request, given)}, status=status)
    if isinstance(given, PlainPage):
        value = sheet.Plain(
            shell=_bare(given.title),
            title=given.title,
            paragraphs=given.paragraphs,
            links=(Link(given.link_text, given.link),),
        )
        return render(request, "plain.html", {"page": value}, status=status)
    raise TypeError(f"access gave a {type(given).__name__} to draw; FormPage, DemoPage and PlainPage are known")


def _bare(title: str) -> Shell:
    """The frame without anything about who looks: the same bytes for every refusal."""
    return Shell(title=title, invented=settings.DEMO, phase="")


def _sign_in(request: HttpRequest, given: FormPage) -> page.SignIn:
    first = given.fields[0].name if given.fields else ""
    return page.SignIn(
        shell=frame(request, title=f"Error: {given.title}" if given.errors else given.title),
        title=given.title,
        lead=" ".join(given.paragraphs),
        form=Form(
            action=given.action,
            button=given.button,
            fields=tuple(
                Field(
                    name=one.name,
                    label=one.label,
                    kind=_kind(one.kind),
                    hint=one.hint,
                    value=one.value,
                    autocomplete=one.autocomplete,
                    inputmode=one.inputmode,
                    error=one.error,
                )
                for one in given.fields
            ),
            mistakes=tuple(Mistake(said, f"#id_{first}") for said in given.errors),
            hidden=(("next", given.next),) if given.next else (),
        ),
        links=(Link("Sign in to the demonstration as an invented person", given.demo_link),) if given.demo_link else (),
    )


def _kind(html: str) -> Literal["text", "email", "password"]:
    return "email" if html == "email" else "password" if html == "password" else "text"


def _demo(request: HttpRequest, given: DemoPage) -> page.DemoSignIn:
    return page.DemoSignIn(
        shell=frame(request, title=given.title),
        action=given.action,
        roles=tuple(
            page.DemoRole(
                value=one.value, name=f"{one.name}", person=f"{one.title}, {one.agency}", sees=words.sentence(one.about)
            )
            for one in given.people
        ),
        other=Link("Sign in with an e-mail address and a password", given.other) if given.other else None,
    )


# --- when something is wrong -----------------------------------------------------------------------------------------


def server_error(request: HttpRequest) -> HttpResponse:
    """The project's `handler500`: drawn without the database, which may be what is wrong."""
    reference = str(getattr(request, "request_id", ""))[:8].upper()
    value = page.Trouble(
        shell=_bare("Something went wrong on our side"),
        reference=reference,
        links=(Link("Go to your work", "/"), Link("Status", "/status")),
    )
    return render(None, "500.html", {"page": value}, status=500)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The project's `handler403`."""
    value = page.Trouble(shell=_bare("You may not see this page"), links=(Link("Go to your work", "/"),))
    return render(None, "403.html", {"page": value}, status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret field did not fit (`settings.CSRF_FAILURE_VIEW`): nothing was done."""
    value = sheet.Plain(
        shell=_bare("Send this form again"),
        title="Send this form again",
        paragraphs=(
            "Nothing was recorded. The form was opened before you signed in, or your browser sent no cookie.",
            "Go back, load the page again, and send it once more.",
        ),
        links=(Link("Go to your work", "/"),),
    )
    return render(None, "plain.html", {"page": value}, status=403)


# --- status ----------------------------------------------------------------------------------------------------------

SLOW = timedelta(minutes=5)
"""A message or an entry that waits longer than this shows as slow."""


@open_to(EVERYONE)
def status(request: HttpRequest) -> HttpResponse:
    """Whether the system works: numbers only, nothing of a case. For everybody."""
    at: datetime = request.at  # type: ignore[attr-defined]
    parts = (_database(), _messages(at), _seal(at))
    worst = next((word for word in ("down", "slow") if any(one.state == word for one in parts)), "well")
    title = {"well": "Everything works", "slow": "It works, slowly", "down": "Something does not work"}[worst]
    value = page.Status(shell=frame(request, title="Status"), title=title, parts=parts)
    return render(request, "status.html", {"page": value})


def _database() -> page.StatusPart:
    return page.StatusPart(name="Records", state="well", words="Entries can be read and recorded.")


def _messages(now: datetime) -> page.StatusPart:
    try:
        queue = alerts.queue_state()
    except DatabaseError:
        return page.StatusPart(name="Messages", state="down", words="The queue of messages cannot be read.")
    if queue.failed:
        return page.StatusPart(
            name="Messages",
            state="down",
            words=f"{words.many(queue.failed, 'message was', 'messages were')} not delivered. Somebody must look.",
        )
    if queue.oldest is not None and now - queue.oldest > SLOW:
        return page.StatusPart(
            name="Messages",
            state="slow",
            words=f"{words.many(queue.waiting, 'message waits', 'messages wait')}.",
            since=f"The oldest since {words.moment(queue.oldest)}",
        )
    waiting = words.many(queue.waiting, "message waits", "messages wait")
    return page.StatusPart(
        name="Messages", state="well", words=f"{waiting}; none is late." if queue.waiting else "None waits."
    )


def _seal(now: datetime) -> page.StatusPart:
    state = ledger.seal_state()
    sealed = f"Sealed up to entry {state.size:,}" if state.size else "Nothing is sealed yet"
    at = f"Last checkpoint {words.moment(state.at)}" if state.at else ""
    late = state.waiting and (state.at is None or now - state.at > SLOW)
    waits = f"; {words.many(state.waiting, 'entry waits', 'entries wait')}" if state.waiting else ""
    return page.StatusPart(name="Seal", state="slow" if late else "well", words=f"{sealed}{waits}.", since=at)


# --- statements ------------------------------------------------------------------------------------------------------

BODY = "the body that runs this installation"
CONTACT = "ring your agency’s Throughcare desk"
UPDATED = "24 November 2026"


@open_to(EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement, in the model form. True for this installation as it stands."""
    value = page.Words(
        shell=frame(request, title="Accessibility statement"),
        body=BODY,
        contact=CONTACT,
        updated=UPDATED,
        sections=(
            page.Section(
                title="Compliance status",
                paragraphs=(
                    "This service has not been audited by anybody independent. We call it partially compliant with the "
                    "Web Content Accessibility Guidelines version 2.2, level AA, until it has been.",
                ),
            ),
            page.Section(
                title="What is not accessible, as far as we know",
                points=(
                    "No person who uses a screen reader, a magnifier or speech recognition has tested it yet.",
                    "The line of a case is a picture with many marks. A table beside it holds the same facts, and is "
                    "the easier way with a screen reader.",
                    "Files that agencies send in are shown as they came, and may not be accessible.",
                ),
            ),
        ),
    )
    return render(request, "accessibility_statement.html", {"page": value})


@open_to(EVERYONE)
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies that are set, by the names of this installation."""
    table = Table(
        caption="The cookies",
        heads=("Name", "What for", "Until"),
        rows=(
            (
                settings.SESSION_COOKIE_NAME,
                "keeps you signed in",
                f"{settings.SESSION_IDLE_MINUTES} minutes without use",
            ),
            (settings.CSRF_COOKIE_NAME, "makes sure that a form was sent by you", "one year, or until you clear it"),
        ),
    )
    value = page.Words(shell=frame(request, title="Cookies"), body=BODY, contact=CONTACT, updated=UPDATED, table=table)
    return render(request, "cookies.html", {"page": value})


@open_to(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people who use the service, and about people in it."""
    value = page.Words(
        shell=frame(request, title="Privacy"),
        body=BODY,
        contact=CONTACT,
        updated=UPDATED,
        sections=(
            page.Section(
                title="What is kept about you who work here",
                points=(
                    "your name, your address for messages, your agency and your roles",
                    "each page about a person that you opened, each search, each change: when, and why you may",
                    "where a request came from and what was searched for: as keyed hashes, which tell nothing alone",
                ),
            ),
            page.Section(
                title="What is kept about people in cases",
                paragraphs=(
                    "What agencies recorded to protect a child or the public. The duty to do so is the legal basis, "
                    "not consent: articles 6(1)(c) and (e) and 9(2)(g) of the UK GDPR, and Schedule 1 to the"
                    " Data Protection Act 2018.",
                    "An entry is never changed. It can be corrected, disputed and withdrawn, and both are kept. "
                    "A court or the law can have its content erased; that this was done stays.",
                ),
            ),
            page.Section(
                title="Where it goes",
                paragraphs=(
                    "To the agencies named on each entry, and nowhere else. E-mail holds a link and no detail.",
                ),
            ),
        ),
    )
    return render(request, "privacy.html", {"page": value})
