"""Who works with a person is said, given and ended by those who may, with a reason."""

from __future__ import annotations

from django.utils import timezone

from throughcare.access import queries as access

SENT = {"kind": "allocated", "reason": "new allocation"}


def standing(here, name: str) -> set[str]:
    return {str(one.relation) for one in access.holders(here.child, at=here.now) if one.user == here.users[name]}


def test_a_manager_lets_a_colleague_work_with_a_child_and_ends_it(here):
    client = here.client("mara")
    before = standing(here, "otto")
    assert client.post(here.path("/staff"), {**SENT, "user": str(here.users["otto"])}).status_code == 302
    page = client.get(here.path("/staff")).content.decode()
    assert "Otto Vane" in page
    (given,) = (one for one in access.holders(here.child, at=timezone.now()) if one.user == here.users["otto"])
    assert str(given.relation) == "allocated"
    assert before == set()
    assert client.post(here.path("/staff"), {"end": str(given.id)}).status_code == 302
    assert all(one.id != given.id for one in access.holders(here.child, at=timezone.now()))


def test_a_relation_needs_somebody_a_kind_and_a_reason(here):
    answer = here.client("mara").post(here.path("/staff"), {"until": "yesterday"})
    assert answer.status_code == 400
    for said in ("Choose a colleague", "Choose as what", "Say why", "Enter a day from today on"):
        assert said in answer.content.decode()


def test_nobody_of_another_agency_can_be_given_a_relation_here(here):
    answer = here.client("mara").post(here.path("/staff"), {**SENT, "user": str(here.users["joy"])})
    assert answer.status_code == 400


def test_who_may_not_relate_finds_no_such_page(here):
    for name in ("gil", "sam"):
        assert here.client(name).get(here.path("/staff")).status_code == 404
