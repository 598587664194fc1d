"""The permission table, every cell of it, against a slow and obvious second reading of the same file."""

from __future__ import annotations

import itertools
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from throughcare.access import reference
from throughcare.access.reach import (
    GIVEN,
    MATRIX_FILE,
    Held,
    Level,
    Permission,
    Relation,
    Role,
    Viewer,
    matrix,
    may,
    reach_of,
    read_matrix,
)

FILE = tomllib.loads(MATRIX_FILE.read_text(encoding="utf-8"))
LABELS = tuple(FILE["labels"])
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LEVELS = ["none", "pointer", "own", "shared", "full"]


def viewer(*roles: str, agency: str = "OURS") -> Viewer:
    return Viewer(id=uuid4(), agency=agency, roles=frozenset(Role(one) for one in roles))


def standing(*relations: str) -> list[Held]:
    return [Held(relation=Relation(one), since=AT) for one in relations]


# --- the slow, obvious twin: only dictionaries of the file, one cell at a time ---------------------------------------


def twin_level(role: str, relation: str) -> str:
    return FILE["roles"][role]["reads"].get(relation, "none")


def twin_reads(role: str, relation: str, label: str, *, ours: bool, known: bool) -> bool:
    caps = FILE["roles"][role]["labels"].get(label)
    if caps is None:
        return False
    cap = caps[relation] if relation in caps else caps.get("*", "none")
    level = twin_level(role, relation)
    narrower = level if LEVELS.index(level) < LEVELS.index(cap) else cap
    if narrower == "own":
        return ours
    if narrower == "shared":
        return ours or known
    return narrower == "full"


def twin_may(role: str, relation: str, permission: str) -> bool:
    level = LEVELS.index(twin_level(role, relation))
    if permission == "person.pointer":
        return level >= 1
    if permission in ("person.read", "entry.read"):
        return level >= 2
    rules = FILE["roles"][role]
    return permission in rules["desk"] or relation in rules["does"].get(permission, [])


# --- every cell ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_every_permission_in_every_relation_is_what_the_table_says(role):
    for relation, permission in itertools.product(Relation, Permission):
        expected = twin_may(role, relation, permission) or twin_may(role, "none", permission)
        assert may(viewer(role), permission, relation) is expected, (role, relation, permission)
        assert reach_of(viewer(role), standing(relation), at=AT).may(permission) is expected


@pytest.mark.parametrize("role", list(Role))
def test_every_label_in_every_relation_is_read_as_far_as_the_table_says(role):
    for relation, label, ours, known in itertools.product(Relation, LABELS, [True, False], [True, False]):
        if ours and not known:
            continue  # an agency knows what it wrote
        reach = reach_of(viewer(role), standing(relation), at=AT)
        expected = any(twin_reads(role, one, label, ours=ours, known=known) for one in (relation, "none"))
        agency = "OURS" if ours else "THEIRS"
        assert reach.reads(agency=agency, label=label, known=known) is expected, (role, relation, label, ours, known)


@given(
    roles=st.sets(st.sampled_from(list(Role)), max_size=4),
    relations=st.sets(st.sampled_from(list(Relation)), max_size=4),
    label=st.sampled_from(LABELS),
    ours=st.booleans(),
    known=st.booleans(),
)
def test_several_roles_and_relations_are_added_together(roles, relations, label, ours, known):
    known = known or ours
    reach = reach_of(viewer(*roles), standing(*relations), at=AT)
    pairs = list(itertools.product(roles, relations | {Relation.NONE}))
    expected = any(twin_reads(role, relation, label, ours=ours, known=known) for role, relation in pairs)
    assert reach.reads(agency="OURS" if ours else "THEIRS", label=label, known=known) is expected
    assert reach.level >= max((LEVELS.index(twin_level(*pair)) > 0 for pair in pairs), default=0)
    assert reach.full <= reach.shared <= reach.own
    for permission in Permission:
        assert reach.may(permission) is any(twin_may(role, relation, permission) for role, relation in pairs)


@given(roles=st.sets(st.sampled_from(list(Role))), relations=st.sets(st.sampled_from(list(Relation))))
def test_a_block_leaves_nothing(roles, relations):
    reach = reach_of(viewer(*roles), standing(*relations), at=AT, blocked=True)
    assert reach.level is Level.NONE
    assert not reach.permissions
    assert not reach.countable


# --- the table itself ------------------------------------------------------------------------------------------------


def test_the_words_of_the_table_are_the_words_of_the_code():
    assert list(FILE["permissions"]) == list(Permission)
    assert list(FILE["relations"]) == list(Relation)
    assert list(FILE["roles"]) == list(Role)


def test_every_permission_is_open_to_somebody():
    for permission in Permission:
        assert any(may(viewer(role), permission, relation) for role in Role for relation in Relation), permission


def test_what_a_role_does_it_does_where_it_sees_the_person():
    for name, role in matrix().roles.items():
        for permission, relations in role.does.items():
            for relation in relations:
                assert role.level(relation) > Level.NONE, (name, permission, relation)


def test_nobody_reads_content_without_a_relation_but_their_own_agency_s_records_officer_and_system():
    for role in Role:
        reach = reach_of(viewer(role), [], at=AT)
        assert not reach.full
        assert bool(reach.own) == (role in (Role.RECORDS, Role.SYSTEM)), role
        assert bool(reach.shared) == (role is Role.SYSTEM), role


@pytest.mark.parametrize("role", ["guardian", "operator", "analyst"])
def test_those_who_watch_or_run_the_system_never_read_an_entry(role):
    assert not reach_of(viewer(role), standing(*Relation), at=AT).own


@pytest.mark.parametrize("label", ["legal", "adoption", "staff_related", "lado", "source_protected", "victim"])
def test_breaking_the_glass_does_not_open_what_is_most_protected(label):
    for role in Role:
        reach = reach_of(viewer(role), standing("break_glass"), at=AT)
        assert not reach.reads(agency="THEIRS", label=label, known=True), (role, label)


def test_a_chair_cannot_own_a_case():
    assert reach_of(viewer("chair"), standing("allocated"), at=AT).level is Level.POINTER


def test_only_who_reads_across_agencies_is_told_how_many_are_restricted_and_never_of_hidden_labels():
    assert not reach_of(viewer("practitioner"), standing("involved"), at=AT).countable
    told = reach_of(viewer("practitioner"), standing("allocated"), at=AT).countable
    assert "police" in told
    assert not told & {"adoption", "protected_address", "staff_related", "lado", "source_protected", "victim"}


@pytest.mark.parametrize(
    ("place", "word"),
    [("permissions", "fly"), ("relations", "cousin"), ("roles", "king")],
)
def test_a_table_with_an_unknown_word_is_refused(place, word):
    wrong = tomllib.loads(MATRIX_FILE.read_text(encoding="utf-8"))
    wrong[place][word] = wrong["roles"]["analyst"] if place == "roles" else "x"
    with pytest.raises(ValueError, match=word):
        read_matrix(wrong)


def test_a_table_with_an_unknown_label_or_level_is_refused():
    wrong = tomllib.loads(MATRIX_FILE.read_text(encoding="utf-8"))
    wrong["roles"]["chair"]["labels"]["gossip"] = {"*": "full"}
    with pytest.raises(ValueError, match=r"roles\.chair\.labels.*gossip"):
        read_matrix(wrong)
    wrong = tomllib.loads(MATRIX_FILE.read_text(encoding="utf-8"))
    wrong["roles"]["chair"]["reads"]["chair"] = "everything"
    with pytest.raises(ValueError, match="everything"):
        read_matrix(wrong)


def test_the_page_about_the_table_is_made_from_it():
    kept = Path(__file__).parents[4] / "docs" / "reference" / "access.md"
    assert kept.read_text(encoding="utf-8") == reference.page(matrix())


# --- time ------------------------------------------------------------------------------------------------------------

moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(since=moments, until=st.none() | moments, ended=st.none() | moments, at=moments)
def test_a_relation_stands_from_its_beginning_until_the_first_of_its_ends(since, until, ended, at):
    ends = min([end for end in (until, ended) if end is not None], default=None)
    held = Held(relation=Relation.ALLOCATED, since=since, until=until, ended=ended)
    expected = at >= since and (ends is None or at < ends)
    assert held.stands(at) is expected
    assert reach_of(viewer("practitioner"), [held], at=at).may(Permission.PERSON_READ) is expected


def test_an_end_takes_effect_at_its_very_moment():
    held = Held(relation=Relation.TRIAGE, since=AT, until=AT + timedelta(days=1), ended=AT + timedelta(hours=1))
    just_before = AT + timedelta(hours=1) - timedelta(microseconds=1)
    assert reach_of(viewer("triage"), [held], at=just_before).level is Level.FULL
    assert reach_of(viewer("triage"), [held], at=AT + timedelta(hours=1)).level is Level.POINTER


def test_a_reach_says_why_and_until_when():
    held = [
        Held(relation=Relation.INVOLVED, since=AT),
        Held(relation=Relation.LIVE_ENQUIRY, since=AT, until=AT + timedelta(5)),
    ]
    reach = reach_of(viewer("practitioner"), held, at=AT)
    assert reach.why == "live_enquiry"
    assert reach.relations == (Relation.LIVE_ENQUIRY, Relation.INVOLVED, Relation.NONE)
    assert reach.until == AT + timedelta(5)


def test_nobody_can_be_given_the_relations_that_are_worked_out():
    assert set(Relation) - set(GIVEN) == {Relation.NONE, Relation.BREAK_GLASS}


def test_a_system_does_at_most_what_its_scopes_say():
    narrow = Viewer(
        id=uuid4(),
        agency="OURS",
        roles=frozenset([Role.SYSTEM]),
        kind="system",
        scopes=frozenset([Permission.API_EVENTS]),
    )
    assert narrow.may(Permission.API_EVENTS)
    assert not narrow.may(Permission.API_WRITE)
    assert not may(narrow, Permission.RECORD)


# --- across the bridge -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_only_who_looks_back_reads_in_full_what_the_other_side_wrote_beside_the_person(role):
    for relation, label in itertools.product(Relation, LABELS):
        reach = reach_of(viewer(role), standing(relation), at=AT)
        reads = reach.reads(agency="THEIRS", label=label, known=False, beside=True)
        assert reads is (relation is Relation.REVIEWER and label in reach.full), (role, relation, label)
        shared = reach.reads(agency="THEIRS", label=label, known=True, beside=True)
        assert shared is (label in reach.shared or reads), (role, relation, label)
