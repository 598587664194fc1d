"""What the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from throughcare import access
from throughcare.access import actions
from throughcare.access.models import (
    Agency,
    AgencySystem,
    AuditLine,
    AuditPlace,
    Block,
    BreakGlass,
    Membership,
    Relationship,
    Team,
    User,
)
from throughcare.access.tests import cast
from throughcare.access.tests.cast import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def refused(make, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def test_an_agency_needs_a_known_sector_and_a_code():
    refused(lambda: Agency.objects.create(code="X", name="X", sector="circus"), "access_agency_sector_known")
    refused(lambda: Agency.objects.create(code="", name="X", sector="la"), "access_agency_code_given")


def test_an_agency_has_one_desk_and_each_team_once():
    cast.agency()
    Team.objects.create(agency_id="LA-NORTH", code="desk", name="Desk", everyone=True)
    refused(lambda: Team.objects.create(agency_id="LA-NORTH", code="desk", name="Again"), "access_team_code_once")
    refused(
        lambda: Team.objects.create(agency_id="LA-NORTH", code="two", name="Two", everyone=True),
        "access_team_one_desk_per_agency",
    )


def test_an_address_has_one_account_whatever_its_case():
    cast.agency()
    User.objects.create(email="one@example.test", name="A", agency_id="LA-NORTH")
    refused(
        lambda: User.objects.create(email="ONE@example.test", name="B", agency_id="LA-NORTH"), "access_user_email_once"
    )


def test_a_membership_needs_a_role_for_people_and_ends_after_it_begins():
    user = cast.user()
    for role in ("king", "system"):
        refused(
            lambda role=role: Membership.objects.create(user=user, role=role, since=AT), "access_membership_role_known"
        )
    refused(
        lambda: Membership.objects.create(user=user, role="chair", since=AT, ended=AT - DAY),
        "access_membership_ends_after_it_begins",
    )


def test_a_relationship_is_of_a_user_or_a_team_and_of_a_kind_that_can_be_given():
    user, person = cast.user(), cast.person()
    team = Team.objects.create(agency_id="LA-NORTH", code="t", name="T")

    def make(**fields):
        return lambda: Relationship.objects.create(**({"person": person, "kind": "allocated", "since": AT} | fields))

    refused(make(), "access_relationship_user_or_team")
    refused(make(user=user, team=team), "access_relationship_user_or_team")
    for kind in ("none", "break_glass", "cousin"):
        refused(make(user=user, kind=kind), "access_relationship_kind_known")
    refused(make(user=user, kind="triage"), "access_relationship_triage_ends")
    refused(make(user=user, until=AT - HOUR), "access_relationship_ends_after_it_begins")
    refused(make(user=user, ended=AT - HOUR), "access_relationship_ends_after_it_begins")
    make(user=user)()
    refused(make(user=user), "access_relationship_user_once")
    make(team=team)()
    refused(make(team=team), "access_relationship_team_once")


def test_a_block_has_a_known_kind_ends_after_it_begins_and_stands_once():
    user, person = cast.user(), cast.person()
    fields = {"user": user, "person": person, "reason": "sister", "since": AT}
    refused(lambda: Block.objects.create(kind="dislike", **fields), "access_block_kind_known")
    refused(
        lambda: Block.objects.create(kind="relative", ended=AT - DAY, **fields), "access_block_ends_after_it_begins"
    )
    Block.objects.create(kind="relative", **fields)
    refused(lambda: Block.objects.create(kind="relative", **fields), "access_block_once")


def test_broken_glass_has_a_reason_an_end_and_a_whole_review_by_somebody_else():
    user, other = cast.user(), cast.user("manager")
    fields = {
        "user": user,
        "person": cast.person(),
        "reason": "r",
        "at": AT,
        "until": AT + HOUR,
        "review_due": date(2026, 3, 4),
    }

    def make(**more):
        return lambda: BreakGlass.objects.create(**(fields | more))

    refused(make(reason=""), "access_glass_reason_given")
    refused(make(until=AT), "access_glass_ends_after_it_begins")
    refused(make(reviewed_at=AT), "access_glass_review_is_whole")
    refused(make(reviewed_at=AT, reviewed_by=other, outcome="fine"), "access_glass_review_is_whole")
    refused(make(reviewed_at=AT, reviewed_by=user, outcome="justified"), "access_glass_reviewed_by_another")
    make(reviewed_at=AT, reviewed_by=other, outcome="justified")()


def test_an_audit_line_has_a_known_act_and_outcome_and_somebody():
    refused(lambda: AuditLine.objects.create(at=AT, who_kind="nobody", act="peek"), "access_audit_act_known")
    refused(
        lambda: AuditLine.objects.create(at=AT, who_kind="nobody", act="read", outcome="so"),
        "access_audit_outcome_known",
    )
    refused(lambda: AuditLine.objects.create(at=AT, who_kind="user", act="read"), "access_audit_somebody")
    refused(
        lambda: AuditLine.objects.create(at=AT, who_kind="nobody", who=uuid4(), act="read"), "access_audit_somebody"
    )


def test_a_secret_of_a_system_is_kept_hashed():
    cast.agency()
    refused(
        lambda: AgencySystem.objects.create(
            client_id="c", secret_hash="plain", agency_id="LA-NORTH", name="S", scopes=[], made=AT
        ),
        "access_system_secret_hashed",
    )


CHANGES = [
    "UPDATE access_auditline SET reason = 'other'",
    "DELETE FROM access_auditline",
    "TRUNCATE access_auditline CASCADE",
    "UPDATE access_auditplace SET position = position + 1",
    "DELETE FROM access_auditplace",
    "TRUNCATE access_auditplace",
]


def change(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as after a commit
        cursor.execute(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_the_application_has_no_right_to_change_audit_lines(sql):
    actions.note("read", viewer=None, at=AT)
    actions.place_audit_lines()
    with pytest.raises(DatabaseError, match=r"permission denied|append-only"):
        change(sql)


@pytest.mark.parametrize("sql", CHANGES)
def test_the_owner_of_the_tables_cannot_change_audit_lines_either(sql, as_owner):
    actions.note("read", viewer=None, at=AT)
    actions.place_audit_lines()
    with as_owner(), pytest.raises(DatabaseError, match="append-only"):
        change(sql)
    assert AuditLine.objects.get().reason == ""
    assert AuditPlace.objects.get().position == 1


def test_the_application_works_under_a_role_that_owns_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("throughcare_app",)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = 'throughcare_app'")
        assert cursor.fetchone() == (0,)


def test_a_database_user_who_may_not_work_as_the_application_is_told_what_to_run(as_owner):
    sql = (Path(access.__file__).parent / "migrations" / "app_role.sql").read_text(encoding="utf-8")
    as_somebody_plain = f"CREATE ROLE access_plain_user; SET LOCAL ROLE access_plain_user; {sql}"
    with as_owner(), pytest.raises(DatabaseError) as wrong:
        change(as_somebody_plain)
    assert "The database user access_plain_user may not become throughcare_app." in str(wrong.value)
    assert "GRANT throughcare_app TO access_plain_user;" in str(wrong.value)


def test_the_role_can_be_made_again_without_harm(as_owner):
    sql = (Path(access.__file__).parent / "migrations" / "app_role.sql").read_text(encoding="utf-8")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)
