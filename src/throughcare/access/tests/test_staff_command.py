"""`throughcare staff`: how an installation begins, how somebody is let in again, and how somebody is kept away."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pyotp
import pytest
from django.core.management import CommandError, call_command, load_command_class
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from throughcare.access import actions, errors, queries, signing_in, systems
from throughcare.access.models import AuditLine, User
from throughcare.access.reach import Permission

pytestmark = pytest.mark.django_db

HOW_TO = Path(__file__).parents[4] / "docs" / "how-to"


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


def test_every_act_is_told_of_in_a_how_to():
    parser = load_command_class("throughcare.access", "staff").create_parser("throughcare", "staff")
    acts = next(one for one in parser._actions if one.dest == "act").choices
    told = "".join(page.read_text(encoding="utf-8") for page in HOW_TO.glob("*.md"))
    assert [act for act in acts if f"staff {act}" not in told and f"`{act}`" not in told] == []


# --- roles and teams -------------------------------------------------------------------------------------------------


@pytest.fixture
def ines(agency, monkeypatch) -> User:
    make_account(monkeypatch)
    return User.objects.get(email="ines@example.test")


def roles(user: User) -> frozenset[str]:
    viewer = queries.viewer(user.id, at=timezone.now())
    assert viewer is not None
    return frozenset(map(str, viewer.roles))


def test_a_role_is_given_and_ended_and_what_still_stands_is_said(ines):
    staff("role", "ines@example.test", "manager", "--title", "team manager")
    assert roles(ines) == {"practitioner", "manager"}
    assert "still is manager" in staff("end-role", "ines@example.test", "practitioner")
    assert roles(ines) == {"manager"}
    assert "see nothing" in staff("end-role", "ines@example.test", "manager")
    assert roles(ines) == frozenset()
    with pytest.raises(CommandError, match=r"role: this account does not hold manager\. It holds: none\."):
        staff("end-role", "ines@example.test", "manager")


def test_a_role_given_twice_is_held_once(ines):
    for _ in range(2):
        staff("role", "ines@example.test", "manager")
    assert ines.memberships.filter(role="manager").count() == 1


def test_the_case_of_a_team_is_its_members_case_while_they_are_in_it(ines):
    person = uuid4()
    staff("team", "LA", "east", "--name", "East team")
    staff("relate", "LA/east", str(person), "allocated", "--reason", "duty allocation")
    viewer = queries.viewer(ines.id, at=timezone.now())
    assert "allocated" not in queries.reach(viewer, person, at=timezone.now()).relations
    staff("role", "ines@example.test", "practitioner", "--team", "east")
    assert "allocated" in queries.reach(viewer, person, at=timezone.now()).relations
    staff("end-role", "ines@example.test", "practitioner", "--team", "east")
    assert "allocated" not in queries.reach(viewer, person, at=timezone.now()).relations
    assert roles(ines) == {"practitioner"}  # held in no team, from the beginning


def test_a_team_that_cannot_be_is_refused_in_a_sentence_that_names_the_field(ines):
    staff("team", "LA", "desk", "--name", "Duty desk", "--everyone")
    for words, says in [
        (("LA", "other", "--name", "Other", "--everyone"), "everyone: desk is the desk of LA"),
        (("XX", "east", "--name", "East"), "agency: XX is not known"),
        (("LA", "a/b", "--name", "East"), "code: is empty, too long, or holds"),
        (("LA", "east", "--name", " "), "name: is empty"),
    ]:
        with pytest.raises(CommandError, match=says):
            staff("team", *words)
    with pytest.raises(CommandError, match="team: 'west' is not a team of LA"):
        staff("role", "ines@example.test", "manager", "--team", "west")
    with pytest.raises(CommandError, match="who: LA is neither"):
        staff("relate", "LA", str(uuid4()), "allocated", "--reason", "duty allocation")


def test_a_closed_account_is_opened_again(ines):
    staff("close", "ines@example.test")
    assert queries.viewer(ines.id, at=timezone.now()) is None
    staff("reopen", "ines@example.test")
    assert roles(ines) == {"practitioner"}


# --- letting somebody in again ---------------------------------------------------------------------------------------

KNOWN = "came to the desk with their pass"


def enrol(user: User) -> None:
    secret = signing_in.begin_enrolment(user.id).secret
    signing_in.finish_enrolment(user.id, secret, pyotp.TOTP(secret).now(), at=timezone.now())


def let_in(monkeypatch: pytest.MonkeyPatch, typed: str = "another long one 8", reason: str = KNOWN) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    return staff("let-in", "ines@example.test", "--reason", reason)


def test_who_lost_their_codes_gets_a_new_password_and_sets_codes_up_anew(ines, monkeypatch, client):
    enrol(ines)
    assert "Hand the password over in person" in let_in(monkeypatch)
    assert not signing_in.is_enrolled(ines.id)
    sent = {"email": "ines@example.test", "password": "another long one 8"}
    assert client.post("/sign-in", sent).headers["Location"] == reverse("sign_in_enrol")
    assert client.get(reverse("sign_in_enrol")).status_code == 200
    line = AuditLine.objects.get(purpose="one-time codes reset")
    assert (line.object_id, line.reason, line.who_kind) == (str(ines.id), KNOWN, "nobody")


def test_the_old_password_sets_no_codes_up_even_by_one_who_gave_it_just_before(ines, monkeypatch, client):
    enrol(ines)
    client.post("/sign-in", {"email": "ines@example.test", "password": "a long and rare one 7"})
    assert client.get(reverse("sign_in_code")).status_code == 200
    let_in(monkeypatch)
    assert client.get(reverse("sign_in_enrol")).headers["Location"] == reverse("sign_in")


def test_an_open_session_ends_when_the_codes_are_reset(ines, monkeypatch, client):
    enrol(ines)
    client.force_login(ines)
    assert client.get("/").status_code == 200
    let_in(monkeypatch)
    assert client.get("/").headers["Location"].startswith("/sign-in")


def test_nobody_is_let_in_again_without_a_reason_a_good_password_and_codes_to_lose(ines, monkeypatch):
    with pytest.raises(CommandError, match="email: this account has no one-time codes"):
        let_in(monkeypatch)
    enrol(ines)
    with pytest.raises(CommandError, match="reason: is missing or shorter than 10 characters"):
        let_in(monkeypatch, reason="lost")
    with pytest.raises(CommandError, match="password"):
        let_in(monkeypatch, typed="short")
    assert signing_in.is_enrolled(ines.id)
    assert User.objects.get(id=ines.id).check_password("a long and rare one 7")


# --- keeping somebody away -------------------------------------------------------------------------------------------


def test_a_block_keeps_an_account_from_a_person_until_it_is_ended_and_both_are_noted(ines):
    person = uuid4()
    staff("relate", "ines@example.test", str(person), "allocated", "--reason", "duty allocation")
    viewer = queries.viewer(ines.id, at=timezone.now())
    said = staff("block", "ines@example.test", str(person), "relative", "--reason", "is the child's aunt")
    assert not queries.reach(viewer, person, at=timezone.now()).may(Permission.PERSON_POINTER)
    number = re.search(r"number is (\d+)", said)[1]
    assert staff("blocks", "ines@example.test").split() == [
        number, f"{timezone.now():%Y-%m-%d}", "relative", str(person), "ines@example.test",
    ]  # fmt: skip
    staff("end-block", number, "--reason", "not the same family")
    assert queries.reach(viewer, person, at=timezone.now()).may(Permission.PERSON_READ)
    assert staff("blocks") == ""
    noted = AuditLine.objects.filter(object_kind="block").order_by("id")
    assert [(one.persons, one.purpose, one.reason) for one in noted] == [
        ([person], "", "is the child's aunt"),
        ([person], "ended", "not the same family"),
    ]
    with pytest.raises(CommandError, match=f"number: no block {number} stands"):
        staff("end-block", number, "--reason", "not the same family")


def test_a_block_made_twice_stands_once_and_a_reason_is_asked_for(ines):
    words = ("block", "ines@example.test", str(uuid4()), "alleged", "--reason")
    assert staff(*words, "an allegation was made") == staff(*words, "an allegation was made again")
    assert len(queries.blocks()) == 1
    with pytest.raises(CommandError, match="reason: is missing or shorter"):
        staff(*words, "why not")


def test_a_block_on_an_id_that_nobody_has_seen_is_kept_with_a_warning(ines):
    said, warned = io.StringIO(), io.StringIO()
    person = str(uuid4())
    words = ("block", "ines@example.test", person, "other", "--reason", "a neighbour of the family")
    for _ in range(2):
        call_command("staff", *words, stdout=said, stderr=warned)
    assert said.getvalue().count("The block stands") == 2
    assert warned.getvalue().count("person: nobody has worked with or looked at") == 2
    assert len(queries.blocks()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_block_at_the_same_moment_make_one_block(ines):
    person = uuid4()

    def block(_: int) -> int:
        try:
            return actions.block(ines.id, person, "other", reason="a neighbour of the family", at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        numbers = set(pool.map(block, range(2)))
    assert len(numbers) == len(queries.blocks()) == 1
