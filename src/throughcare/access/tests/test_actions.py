"""What can be done about access, and that it leaves a line."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Q

from throughcare.access import accounts, actions, errors, keyed, queries
from throughcare.access.models import AuditLine, BreakGlass, Relationship
from throughcare.access.reach import GIVEN, Held, Level, Permission, Relation, reach_of
from throughcare.access.tests import cast
from throughcare.access.tests.cast import AT, DAY, HOUR, MINUTE

pytestmark = pytest.mark.django_db
DUE = date(2026, 3, 4)
REASON = "The child is in the ambulance now"


def level(viewer, person, at=AT):
    return queries.reach(viewer, person, at=at).level


# --- relations ---------------------------------------------------------------------------------------------------


def test_an_allocation_opens_the_record_and_its_end_closes_it_at_once():
    viewer, person = cast.viewer(), cast.person()
    number = actions.relate(person, "allocated", user=viewer.id, at=AT)
    assert level(viewer, person) is Level.FULL
    actions.end_relationship(number, at=AT + HOUR)
    assert level(viewer, person, AT + HOUR - MINUTE) is Level.FULL
    assert level(viewer, person, AT + HOUR) is Level.POINTER


def test_the_same_relation_twice_is_one_and_after_its_end_it_can_be_given_again():
    viewer, person = cast.viewer(), cast.person()
    first = actions.relate(person, "allocated", user=viewer.id, at=AT)
    assert actions.relate(person, "allocated", user=viewer.id, at=AT + HOUR) == first
    actions.end_relationship(first, at=AT + HOUR)
    actions.end_relationship(first, at=AT + DAY)
    assert Relationship.objects.get(id=first).ended == AT + HOUR
    assert actions.relate(person, "allocated", user=viewer.id, at=AT + DAY) != first


def test_a_relation_of_a_team_is_its_members_relation_while_they_are_members():
    cast.agency()
    accounts.keep_team("LA-NORTH", "east", name="East team", at=AT)
    member, other, person = cast.viewer(team="east"), cast.viewer(), cast.person()
    actions.relate(person, "allocated", team=("LA-NORTH", "east"), at=AT)
    assert level(member, person) is Level.FULL
    assert level(other, person) is Level.POINTER
    accounts.end_role(member.id, "practitioner", at=AT + HOUR)
    assert level(member, person, AT + HOUR) is Level.POINTER


def test_a_relation_of_an_agency_s_desk_is_that_of_everybody_there_and_nobody_elsewhere():
    cast.agency()
    accounts.keep_team("LA-NORTH", "desk", name="Desk", everyone=True, at=AT)
    ours, theirs, person = cast.viewer(), cast.viewer(of="NHS-EAST"), cast.person()
    actions.relate(person, "involved", team=("LA-NORTH", "desk"), at=AT)
    assert level(ours, person) is Level.SHARED
    assert level(theirs, person) is Level.POINTER
    holder = queries.holders(person, at=AT)[0]
    assert holder.members == (ours.id,)
    assert (holder.agency, holder.team) == ("LA-NORTH", "desk")


def test_a_triage_window_must_end_and_ends_by_itself():
    viewer, person = cast.viewer("triage"), cast.person()
    for until in (None, AT + timedelta(days=15)):
        with pytest.raises(errors.AccessRefused, match="triage window must end"):
            actions.relate(person, "triage", user=viewer.id, at=AT, until=until)
    actions.relate(person, "triage", user=viewer.id, at=AT, until=AT + DAY)
    assert level(viewer, person, AT + DAY - MINUTE) is Level.FULL
    assert level(viewer, person, AT + DAY) is Level.POINTER


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "break_glass"}, "kind"),
        ({"kind": "none"}, "kind"),
        ({"user": None}, "user"),
        ({"team": ("LA-NORTH", "x")}, "user"),
        ({"until": AT}, "until"),
        ({"user": None, "team": ("LA-NORTH", "nowhere")}, "team"),
    ],
)
def test_a_wrong_relation_is_refused_with_its_field(given, field):
    good = {"kind": "allocated", "user": cast.viewer().id, "at": AT} | given
    kind = good.pop("kind")
    with pytest.raises(errors.AccessRefused) as refused:
        actions.relate(cast.person(), kind, **good)
    assert refused.value.field == field


def test_only_who_may_relate_allocates_and_it_is_noted():
    practitioner, manager, person = cast.viewer(), cast.viewer("manager"), cast.person()
    with pytest.raises(errors.NotAllowed):
        actions.relate(person, "allocated", user=practitioner.id, at=AT, by=practitioner)
    with pytest.raises(errors.NotAllowed):
        actions.relate(person, "allocated", user=practitioner.id, at=AT, by=manager)
    actions.relate(person, "manager", user=manager.id, at=AT)
    number = actions.relate(person, "allocated", user=practitioner.id, at=AT, by=manager, reason="new case")
    line = AuditLine.objects.filter(act="permission", object_kind="relationship").latest("id")
    assert (line.who, line.object_id, line.persons, line.reason) == (manager.id, str(number), [person], "new case")
    with pytest.raises(errors.NotAllowed):
        actions.end_relationship(number, at=AT, by=practitioner)


def test_a_block_beats_every_relation_and_the_glass_and_ends_with_its_end():
    viewer, person = cast.viewer(), cast.person()
    actions.relate(person, "allocated", user=viewer.id, at=AT)
    number = actions.block(viewer.id, person, "relative", reason="is their aunt", at=AT)
    assert level(viewer, person) is Level.NONE
    assert queries.persons_of(viewer, at=AT) == {}
    with pytest.raises(errors.NotAllowed):
        actions.break_glass(viewer, person, reason=REASON, at=AT, review_due=DUE)
    actions.end_block(number, reason="not the same family", at=AT + HOUR)
    assert level(viewer, person, AT + HOUR) is Level.FULL


# --- reading reach -----------------------------------------------------------------------------------------------


def test_reach_into_many_persons_takes_one_query(django_assert_num_queries):
    viewer, persons = cast.viewer(), [cast.person() for _ in range(20)]
    for person, kind in zip(persons, GIVEN, strict=False):
        actions.relate(person, kind, user=viewer.id, at=AT, until=AT + HOUR if kind == "triage" else None)
    with django_assert_num_queries(1):
        found = queries.reaches(viewer, persons, at=AT)
    assert list(found) == persons
    assert {person: queries.reach(viewer, person, at=AT) for person in persons} == found


def test_my_persons_are_those_in_whose_record_a_relation_reads(django_assert_num_queries):
    viewer, mine, useless, ended = cast.viewer(), cast.person(), cast.person(), cast.person()
    actions.relate(mine, "allocated", user=viewer.id, at=AT)
    actions.relate(mine, "core_group", user=viewer.id, at=AT)
    actions.relate(useless, "panel", user=viewer.id, at=AT)
    actions.end_relationship(actions.relate(ended, "allocated", user=viewer.id, at=AT), at=AT)
    with django_assert_num_queries(1):
        assert queries.persons_of(viewer, at=AT) == {mine: (Relation.ALLOCATED, Relation.CORE_GROUP)}


def test_a_lost_role_or_a_closed_account_takes_effect_at_once():
    user = cast.user()
    viewer = queries.viewer(user.id, at=AT)
    accounts.end_role(user.id, "practitioner", at=AT + HOUR)
    assert queries.viewer(user.id, at=AT + HOUR).roles == frozenset()
    assert not queries.viewer(user.id, at=AT + HOUR).may(Permission.MY_WORK)
    assert viewer.may(Permission.MY_WORK)
    accounts.set_active(user.id, False, at=AT + HOUR)
    assert queries.viewer(user.id, at=AT + HOUR) is None


ENTRIES = [
    (agency, label, known)
    for agency in ("LA-NORTH", "THEIRS")
    for label in ("standard", "health", "police", "legal", "lado", "adoption")
    for known in ((True,) if agency == "LA-NORTH" else (True, False))
]


@pytest.mark.parametrize("role", ["practitioner", "manager", "legal", "records", "reviewer", "designated"])
def test_the_condition_in_sql_reads_the_same_entries_as_the_plain_form(role):
    viewer = cast.viewer(role)
    AuditLine.objects.bulk_create(
        AuditLine(at=AT, who_kind="nobody", act="read", agency=agency, purpose=label, reason=str(known))
        for agency, label, known in ENTRIES
    )
    for kind in Relation:
        reach = reach_of(viewer, [Held(relation=kind, since=AT)], at=AT)
        expected = [one for one in ENTRIES if reach.reads(agency=one[0], label=one[1], known=one[2])]
        assert read_by_condition(reach) == expected
        assert read_by_q(reach) == expected


def read_by_condition(reach):
    condition, given = reach.sql(agency="e.agency", label="e.label", known="e.known")
    rows = ", ".join(f"('{agency}', '{label}', {known})" for agency, label, known in ENTRIES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM (VALUES {rows}) e(agency, label, known) WHERE {condition}", given)  # noqa: S608
        return cursor.fetchall()


def read_by_q(reach):
    condition = queries.readable(reach, known=Q(reason="True"), label="purpose")
    found = AuditLine.objects.filter(act="read").filter(condition).order_by("id")
    return [(row.agency, row.purpose, row.reason == "True") for row in found]


# --- breaking the glass ------------------------------------------------------------------------------------------


def test_broken_glass_opens_for_an_hour_and_no_longer():
    viewer, person = cast.viewer(), cast.person()
    opened = actions.break_glass(viewer, person, reason=REASON, at=AT, review_due=DUE)
    assert opened.until == AT + HOUR
    reach = queries.reach(viewer, person, at=AT + HOUR - MINUTE)
    assert (reach.level, reach.why, reach.until) == (Level.FULL, "break_glass", AT + HOUR)
    assert level(viewer, person, AT + HOUR) is Level.POINTER
    line = AuditLine.objects.get(act="break_glass")
    assert (line.who, line.persons, line.reason) == (viewer.id, [person], REASON)


def test_breaking_it_again_while_it_is_open_does_not_lengthen_it():
    viewer, person = cast.viewer(), cast.person()
    first = actions.break_glass(viewer, person, reason=REASON, at=AT, review_due=DUE)
    assert actions.break_glass(viewer, person, reason=REASON, at=AT + 59 * MINUTE, review_due=DUE) == first
    assert actions.break_glass(viewer, person, reason=REASON, at=AT + HOUR, review_due=DUE) != first


@pytest.mark.parametrize("reason", ["", "   ", "urgent"])
def test_the_glass_does_not_break_without_a_reason_in_words(reason):
    with pytest.raises(errors.AccessRefused, match="Say in words"):
        actions.break_glass(cast.viewer(), cast.person(), reason=reason, at=AT, review_due=DUE)


@pytest.mark.parametrize("role", ["chair", "guardian", "operator", "analyst", "panel", "reviewer", "records"])
def test_roles_that_have_no_emergencies_cannot_break_the_glass(role):
    with pytest.raises(errors.NotAllowed):
        actions.break_glass(cast.viewer(role), cast.person(), reason=REASON, at=AT, review_due=DUE)


def test_broken_glass_is_reviewed_once_by_somebody_near_who_did_not_break_it():
    breaker, person = cast.viewer("manager"), cast.person()
    glass = actions.break_glass(breaker, person, reason=REASON, at=AT, review_due=DUE).glass
    actions.glass_told(glass, at=AT + MINUTE)
    near, far, guardian = cast.viewer("manager"), cast.viewer("manager", of="FAR"), cast.viewer("guardian", of="FAR")
    waiting = {"breaker": queries.glass_to_review(breaker), "far": queries.glass_to_review(far)}
    assert waiting == {"breaker": [], "far": []}
    assert [one.id for one in queries.glass_to_review(near)] == [glass]
    assert [(one.id, one.told, one.review_due) for one in queries.glass_to_review(guardian)] == [
        (glass, AT + MINUTE, DUE)
    ]
    review = {"outcome": "justified", "note_of_review": "life at risk", "at": AT + DAY}
    for not_allowed in (breaker, far, cast.viewer()):
        with pytest.raises(errors.NotAllowed):
            actions.review_break_glass(glass, by=not_allowed, **review)
    with pytest.raises(errors.AccessRefused):
        actions.review_break_glass(glass, by=near, outcome="fine", note_of_review="", at=AT)
    actions.review_break_glass(glass, by=near, **review)
    with pytest.raises(errors.AlreadyDone):
        actions.review_break_glass(glass, by=guardian, **review)
    assert BreakGlass.objects.get().reviewed_by_id == near.id
    assert queries.glass_to_review(guardian) == []
    assert [one.outcome for one in queries.glass_of(person, guardian)] == ["justified"]
    assert queries.glass_of(person, far) == queries.glass_of(person, breaker) == []


# --- the audit log -----------------------------------------------------------------------------------------------


def test_a_search_is_noted_without_its_words_and_with_its_number():
    viewer = cast.viewer()
    actions.note("search", viewer=viewer, at=AT, query="Ada  Byron", results=0, network="203.0.113.7")
    line = AuditLine.objects.get(act="search")
    assert line.results == 0
    assert line.query == keyed.keyed_hash("query", "ada byron")
    kept = " ".join(str(value) for value in AuditLine.objects.filter(id=line.id).values()[0].values())
    assert "Byron" not in kept
    assert "203.0.113.7" not in kept


def test_an_unknown_act_is_refused():
    with pytest.raises(errors.AccessRefused, match="act"):
        actions.note("peek", viewer=None, at=AT)


def test_who_looked_at_a_person_is_told_newest_first(django_assert_num_queries):
    viewer, person = cast.viewer(), cast.person()
    for minute in range(3):
        actions.note(
            "read", viewer=viewer, at=AT + minute * MINUTE, persons=[cast.person(), person], relation="allocated"
        )
    actions.note("read", viewer=viewer, at=AT, persons=[cast.person()])
    with django_assert_num_queries(2):
        found = queries.lines(person=person)
    assert [line.at for line in found] == [AT + 2 * MINUTE, AT + MINUTE, AT]
    assert {(line.name, line.agency, line.relation) for line in found} == {("Robin Field", "LA-NORTH", "allocated")}
    assert [line.id for line in queries.lines(person=person, before=found[0].id)] == [line.id for line in found[1:]]


def test_lines_get_places_without_a_gap_whatever_their_numbers():
    before = actions.place_audit_lines()
    early, late = (actions.note("read", viewer=None, at=AT) for _ in range(2))
    from throughcare.access.models import AuditPlace, AuditWaiting

    AuditWaiting.objects.filter(line_id=early).delete()  # as if its transaction were still open
    assert actions.place_audit_lines() == 1
    AuditWaiting.objects.create(line_id=early)  # and now it is committed
    assert queries.audit_backlog() == 1
    assert actions.place_audit_lines() == 1
    assert list(AuditPlace.objects.order_by("position").values_list("position", "line_id"))[before:] == [
        (before + 1, late),
        (before + 2, early),
    ]
    assert actions.place_audit_lines() == 0


def test_lines_for_the_sealer_are_canonical_and_in_order():
    viewer, person = cast.viewer(), cast.person()
    actions.place_audit_lines()
    start = max((line["position"] for line in queries.audit_lines_after(0, 10_000)), default=0)
    actions.note("read", viewer=viewer, at=AT, persons=[person], request=uuid4())
    actions.note("search", viewer=None, at=AT, query="x", results=2)
    assert queries.audit_lines_after(start) == []
    actions.place_audit_lines()
    first, second = queries.audit_lines_after(start)
    assert (first["position"], second["position"]) == (start + 1, start + 2)
    assert first["at"] == "2026-03-02T09:00:00.000000Z"
    assert first["persons"] == [str(person)]
    assert second["who"] is None
    assert queries.audit_lines_after(start, 1) == [first]
    for line in (first, second):
        for value in line.values():
            assert value is None or isinstance(value, str | int | list)


def test_what_cannot_be_noted_is_not_done(monkeypatch):
    from django.db import DatabaseError, transaction

    def fails(**fields):
        raise DatabaseError("full")

    viewer, person = cast.viewer(), cast.person()
    monkeypatch.setattr(AuditLine.objects, "create", fails)
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.break_glass(viewer, person, reason=REASON, at=AT, review_due=DUE)
    with pytest.raises(DatabaseError), transaction.atomic():
        actions.relate(person, "allocated", user=viewer.id, at=AT)
    monkeypatch.undo()
    assert level(viewer, person) is Level.POINTER
