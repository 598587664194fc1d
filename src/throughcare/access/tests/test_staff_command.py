"""`throughcare staff`: how an installation begins."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from throughcare.access import errors, queries, systems
from throughcare.access.models import User

pytestmark = pytest.mark.django_db


def staff(*words: str) -> str:
    said = io.StringIO()
    call_command("staff", *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def agency() -> None:
    staff("agency", "LA", "--name", "Council", "--sector", "la")


def make_account(monkeypatch: pytest.MonkeyPatch, words: str = "a long and rare one 7") -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{words}\n"))
    staff("account", "ines@example.test", "--name", "Ines", "--agency", "LA", "--role", "practitioner")


def test_an_agency_and_an_account_can_be_made_and_are_listed(agency, monkeypatch):
    make_account(monkeypatch)
    user = User.objects.get(email="ines@example.test")
    assert user.check_password("a long and rare one 7")
    viewer = queries.viewer(user.id, at=timezone.now())
    assert viewer is not None
    assert viewer.roles == {"practitioner"}
    assert "ines@example.test" in staff("list")


def test_a_weak_password_and_an_unknown_agency_are_refused_in_a_sentence(agency, monkeypatch):
    with pytest.raises(CommandError, match="password"):
        make_account(monkeypatch, "short")
    with pytest.raises(CommandError, match="XX is not known"):
        staff("system", "XX", "feed")
    with pytest.raises(CommandError, match="no account"):
        staff("close", "nobody@example.test")


def test_a_system_gets_a_secret_that_is_good_until_it_is_revoked(agency):
    lines = staff("system", "LA", "feed").splitlines()
    client, secret = (line.split(":", 1)[1].strip() for line in lines[:2])
    assert systems.issue_token(client, secret, network="here", at=timezone.now()).token
    staff("revoke-system", client)
    with pytest.raises(errors.TokenRefused):
        systems.issue_token(client, secret, network="here", at=timezone.now())
