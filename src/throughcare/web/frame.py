"""The frame of every page: who is signed in, what they may open, for what a case is opened. From the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest

from throughcare.access import queries as access
from throughcare.access.reach import Permission, Viewer
from throughcare.ledger.entry import london_day
from throughcare.web import words
from throughcare.web.shell import FOOTER, Link, Shell

if TYPE_CHECKING:
    from throughcare.web.case import Case

MENU = (
    ("My work", "/", Permission.MY_WORK),
    ("Caseload", "/caseload", Permission.MY_WORK),
    ("Calendar", "/calendar", Permission.MY_WORK),
    ("Find a person", "/people", Permission.PERSON_FIND),
    ("Records in", "/import", Permission.IMPORT),
    ("Messages not delivered", "/undelivered", Permission.UNDELIVERED_READ),
    ("Links to decide", "/links", Permission.LINK_REVIEW),
    ("Broken glass", "/break-glass", Permission.BREAK_GLASS_REVIEW),
    ("Who looked", "/access-log", Permission.AUDIT_READ),
    ("Law", "/law", Permission.MY_WORK),
)
"""The menu: what it says, where it leads, and what one must be allowed for it to be shown."""

RELATIONS: dict[str, str] = {
    "none": "no relation to this case",
    "involved": "you are involved in this case",
    "allocated": "this is your case",
    "core_group": "you are in the core group",
    "live_enquiry": "you are named in the enquiry",
    "triage": "a triage window",
    "chair": "you chair the conference",
    "manager": "you manage this case",
    "designated": "you are the designated lead",
    "legal": "legal advice on this case",
    "casework": "you do the casework",
    "panel": "you sit on the panel",
    "victim_contact": "you are in contact with the victim",
    "reviewer": "a learning review",
    "break_glass": "you broke the glass",
}


def frame(request: HttpRequest, *, title: str, case: Case | None = None, success: str = "", more: str = "") -> Shell:
    """The frame of a page for whoever is signed in, or for nobody."""
    viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
    desks = case.desks if case else access.desks([viewer.agency]) if viewer else {}
    return Shell(
        title=title,
        user=viewer.name if viewer else "",
        agency=desks[viewer.agency].name if viewer and viewer.agency in desks else "",
        sign_out_href="/sign-out" if viewer else "",
        menu=tuple(
            Link(said, href, current=_here(request.path, href))
            for said, href, needed in MENU
            if viewer and viewer.may(needed)
        ),
        footer=FOOTER + ((Link("Mail of the demonstration", "/demo/mail"),) if settings.DEMO else ()),
        invented=settings.DEMO,
        phase="Alpha",
        success=success,
        success_more=more,
        purpose=RELATIONS.get(case.reach.why, case.reach.why) if case else "",
        looked_href=f"/people/{case.person}/access" if case and case.reach.may(Permission.ACCESS_LOG_READ) else "",
        printed=_printed(case) if case else "",
    )


def _here(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(f"{href}/")


def _printed(case: Case) -> str:
    known = f" As known on {words.day(case.look.until)}." if case.look.past else ""
    by = f" By {case.agency_name(case.look.known_to)}." if case.look.known_to else ""
    return f"Printed by {case.viewer.name}, {words.day(london_day(case.now))}.{known}{by}"
