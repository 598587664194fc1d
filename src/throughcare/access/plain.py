"""Plain pages for when the usual ones must not or cannot be drawn: refused, not there, signed out, not noted.

The page for "there is no such person" and the one for "you may not see this person" are one and the same function
without an argument, so that a refusal cannot tell which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPage:
    """What a plain page says, and the way on."""

    title: str
    paragraphs: tuple[str, ...]
    link: str = "/"
    link_text: str = "Go to your work"


NOT_FOUND = PlainPage(
    title="Page not found",
    paragraphs=(
        "There is no such page, or you may not see it.",
        "If you typed the address, check it. If you need this for your work, ask your manager.",
    ),
)
NOT_NOTED = PlainPage(
    title="Sorry, this cannot be shown now",
    paragraphs=(
        "Every look at a record is written down before it is shown. Just now that cannot be done, so nothing is shown.",
        "Try again in a few minutes. What you saved before is kept.",
    ),
)
IDLE = PlainPage(
    title="You were signed out",
    paragraphs=("You were signed out because nothing was done for 15 minutes.", "What you saved is kept."),
    link="/sign-in",
    link_text="Sign in again",
)
TOO_LONG = PlainPage(
    title="You were signed out",
    paragraphs=("You were signed out because you had been signed in for 12 hours.", "What you saved is kept."),
    link="/sign-in",
    link_text="Sign in again",
)
SIGN_IN_FIRST = PlainPage(
    title="Sign in first",
    paragraphs=("You are not signed in, so nothing was done.",),
    link="/sign-in",
    link_text="Sign in",
)
NOT_THIS_WAY = PlainPage(
    title="This cannot be done in this way",
    paragraphs=("The page was asked for in a way that it does not know. Nothing was done.",),
)
TOO_OFTEN = PlainPage(
    title="Too many in a short time",
    paragraphs=("You have done this very often in a short time. Wait a little, then try again.",),
)


def presented(request: HttpRequest, page: object, *, status: int) -> HttpResponse | None:
    """The page as the shell of this installation draws it, or None where no shell is named.

    `settings.ACCESS_PRESENTER` is the dotted name of `present(request, page, *, status) -> HttpResponse`, in a room
    above this one, for the `PlainPage` of this file and the `FormPage` and `DemoPage` of `pages`. It must make the
    same answer of the same page, or a refusal would tell what it refuses.
    """
    name = getattr(settings, "ACCESS_PRESENTER", "")
    if not name:
        return None
    answer: HttpResponse = import_string(name)(request, page, status=status)
    return answer


def plain(page: PlainPage, *, status: int, request: HttpRequest | None = None) -> HttpResponse:
    """Draw a plain page: in the shell if there is one and a request to draw it for, else bare."""
    answer = presented(request, page, status=status) if request is not None else None
    return answer if answer is not None else HttpResponse(_bare(page), status=status)


def _bare(page: PlainPage) -> str:
    paragraphs = "".join(f'<p class="govuk-body">{escape(one)}</p>' for one in page.paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(page.title)} - Throughcare</title>'
        f'</head><body><main><h1 class="govuk-heading-l">{escape(page.title)}</h1>{paragraphs}'
        f'<p class="govuk-body"><a class="govuk-link" href="{escape(page.link)}">{escape(page.link_text)}</a></p>'
        "</main></body></html>"
    )


def problem(status: int, code: str, title: str) -> JsonResponse:
    """An answer for a machine (RFC 9457)."""
    return JsonResponse(
        {"type": f"urn:throughcare:{code}", "title": title, "status": status, "code": code},
        status=status,
        content_type="application/problem+json",
    )
