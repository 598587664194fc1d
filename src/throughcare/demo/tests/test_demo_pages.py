"""The demonstration's people can be signed in as, and its mail be read, in the browser, and only there."""

from __future__ import annotations

import html
import mailbox
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import Http404
from django.test import RequestFactory

from throughcare.access import accounts
from throughcare.demo import pages, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings, tmp_path):
    settings.DEMO = True
    settings.MAIL_FOLDER = tmp_path / "mail"
    return mailbox.Maildir(settings.MAIL_FOLDER, create=True)


def _send(box, to="ines@example.test", text="Open it here: http://127.0.0.1/people/1"):
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = "You have a new message", to, "no-reply@example.test"
    message.set_content(text)
    return box.add(mailbox.MaildirMessage(message))


def _get(view, path, **more):
    request = RequestFactory().get(path)
    request.viewer, request.at = None, None
    return view(request, **more)


def test_what_would_have_been_sent_is_listed_and_can_be_narrowed(box):
    _send(box)
    _send(box, to="joy@example.test")
    assert b"joy@example.test" in _get(pages.mail, "/demo/mail").content
    assert b"joy@example.test" not in _get(pages.mail, "/demo/mail?to=ines").content


def test_a_message_shows_its_words_and_the_addresses_to_press(box):
    key = _send(box)
    assert b'href="http://127.0.0.1/people/1"' in _get(pages.message, f"/demo/mail/{key}", key=key).content


def test_what_somebody_wrote_into_a_message_is_shown_as_words(box):
    key = _send(box, text="<script>alert(1)</script>")
    assert b"<script>alert" not in _get(pages.message, f"/demo/mail/{key}", key=key).content


def test_a_key_that_names_no_message_finds_none(box):
    for key in ("../secret-key", "nothing"):
        with pytest.raises(Http404):
            _get(pages.message, "/demo/mail/x", key=key)


def test_outside_the_demonstration_there_is_no_mail_to_read(box, settings):
    settings.DEMO = False
    with pytest.raises(Http404):
        _get(pages.mail, "/demo/mail")


def test_an_empty_box_says_how_to_fill_it(box):
    assert b"No messages" in _get(pages.mail, "/demo/mail").content


@pytest.fixture
def employed(settings):
    """The staff of the demonstration have their accounts."""
    settings.DEMO = True
    told, now = staff.read(), datetime.now(UTC)
    for desk in told.desks:
        accounts.keep_agency(desk.code, name=desk.name, sector=desk.sector, at=now)
    for one in told.workers:
        user = accounts.make_user(one.email, name=one.name, agency=one.agency, at=now, demonstration=True)
        accounts.give_role(user, one.role, title=one.title, at=now)
    return told.workers


def test_each_of_the_staff_is_offered_with_what_makes_it_worth_signing_in_as_them(employed):
    shown = html.unescape(_get(pages.people, "/demo/sign-in").content.decode())
    names = re.findall(r"<h2[^>]*>([^<]+)</h2><p", shown)
    assert sorted(names) == sorted(one.name for one in employed)
    assert set(names[:6]) == {one.name for one in employed if one.first}
    assert all(one.about[1:] in shown for one in employed)


def test_six_links_are_printed_and_where_the_others_are(employed):
    said = StringIO()
    call_command("demo", "links", stdout=said)
    assert said.getvalue().count("/demo/sign-in/") == 6
    assert f"{len(employed) - 6} more people are at http://" in said.getvalue()


def test_outside_the_demonstration_nobody_is_offered(settings):
    settings.DEMO = False
    with pytest.raises(Http404):
        _get(pages.people, "/demo/sign-in")
