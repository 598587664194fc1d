"""The addresses of the staff pages that are about no single practice. No name of a person stands in any address."""

from __future__ import annotations

from django.urls import path

from throughcare.web import (
    answers,
    entry,
    find,
    glass,
    law_page,
    links,
    looks,
    messages,
    person,
    plain_pages,
    sharing,
    work,
    working,
)

urlpatterns = [
    path("", work.my_work, name="my_work"),
    path("people", find.find, name="find"),
    path("people/<uuid:person>", person.overview, name="person"),
    path("people/<uuid:person>/entries", person.entries, name="person_entries"),
    path("people/<uuid:person>/blind-spot", person.blind_spot, name="blind_spot"),
    path("people/<uuid:person>/findings", answers.findings, name="findings"),
    path("people/<uuid:person>/findings/<str:rule>/<path:key>", answers.finding, name="finding"),
    path("people/<uuid:person>/duties", answers.duties_of, name="duties"),
    path("people/<uuid:person>/duties/<str:rule>/<path:started_by>", answers.duty, name="duty"),
    path("people/<uuid:person>/assign", answers.assign, name="assign"),
    path("people/<uuid:person>/entries/<uuid:entry>", entry.entry, name="entry"),
    path("people/<uuid:person>/entries/<uuid:entry>/correct", entry.correct, name="correct"),
    path("people/<uuid:person>/entries/<uuid:entry>/withdraw", entry.withdraw, name="withdraw"),
    path("people/<uuid:person>/entries/<uuid:entry>/share", entry.share, name="share"),
    path("people/<uuid:person>/share", sharing.share, name="share_with"),
    path("people/<uuid:person>/ask", sharing.ask, name="ask_agency"),
    path("people/<uuid:person>/break-glass", glass.break_glass, name="break_glass"),
    path("people/<uuid:person>/access", looks.looked, name="looked"),
    path("people/<uuid:person>/staff", working.working, name="working"),
    path("break-glass", glass.to_review, name="break_glass_reviews"),
    path("break-glass/<uuid:glass>", glass.review, name="break_glass_review"),
    path("access-log", looks.access_log, name="access_log"),
    path("links", links.links, name="links"),
    path("links/<int:pair>", links.link, name="link"),
    path("undelivered", messages.undelivered, name="undelivered"),
    path("undelivered/<uuid:delivery>/again", messages.again, name="try_again"),
    path("law", law_page.the_law, name="law"),
    path("law/<str:rule>", law_page.one_rule, name="law_rule"),
    path("status", plain_pages.status, name="status"),
    path("accessibility", plain_pages.accessibility, name="accessibility"),
    path("cookies", plain_pages.cookies, name="cookies"),
    path("privacy", plain_pages.privacy, name="privacy"),
]
