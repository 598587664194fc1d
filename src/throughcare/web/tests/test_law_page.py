"""/law says what is in force, how sure it is, and what changed; who confirms is named, and a changed row ends that."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from throughcare.access import accounts
from throughcare.access import queries as access
from throughcare.access.models import AuditLine
from throughcare.duties import actions, queries
from throughcare.web import law_page
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db


def _text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def approver(here):
    user = accounts.make_user("ada@example.test", name="Ada Quill", agency="LA", at=here.now, demonstration=True)
    accounts.give_role(user, "policy_owner", at=here.now, title="policy owner")
    here.users["ada"] = user
    return here


def _rule_to_confirm() -> str:
    """Any rule of any room that waits for an approver today."""
    there = law_page._provisions(datetime.now(UTC).date(), {})
    return next(one.rule for one in there if one.needs_confirming and "length" in one.row.figures)


def test_every_rule_that_a_room_declares_is_listed_with_its_source(here):
    page = _text(here.client("ines").get("/law"))
    today = datetime.now(UTC).date()
    for scale in queries.rules().timescales:
        row = next((one for one in scale.rows if one.holds(today)), None)
        if row is not None and row.mark != "U":
            assert f">{scale.id}</a>" in page
            assert row.source.split("'")[0][:40].replace("&", "&amp;") in page


def test_uncertain_law_is_a_question_and_no_figure_of_it_is_shown(here):
    page = _text(here.client("ines").get("/law"))
    rules, _, questions = page.partition('id="questions"')
    assert "When is" not in rules
    for one in law_page._provisions(datetime.now(UTC).date(), {}):
        if one.nature == "open question":
            assert one.what.split("'")[0][:40] in questions


@pytest.mark.parametrize(
    ("on", "figure"), [("2025-01-31", "Ipp: 10 years"), ("2025-02-01", "IPP: 3 years"), ("2025-02-02", "IPP: 3 years")]
)
def test_the_figure_is_that_of_the_day_asked_about(here, on, figure):
    page = _text(here.client("ines").get(f"/law?on={on}"))
    row = page.partition(">D60</a>")[2].partition("</tr>")[0]
    assert figure.lower() in row.lower()


def test_what_changed_between_two_days_shows_before_and_after(here):
    page = _text(here.client("ines").get("/law?on=2025-02-01&since=2025-01-31"))
    changes = page.partition('id="changes"')[2].partition("</section>")[0]
    assert changes.count('<th scope="row"') == 1
    assert "10 years" in changes
    assert "3 years" in changes


def test_the_same_day_twice_has_no_changes(here):
    page = _text(here.client("ines").get("/law?on=2025-02-01&since=2025-02-01"))
    assert "No figure of any rule differs" in page


def test_a_day_that_cannot_be_read_is_said(here):
    answer = here.client("ines").get("/law?on=soon")
    assert answer.status_code == 400
    assert "Enter a day, such as 1 November 2024" in _text(answer)


def test_the_page_asks_the_database_as_often_with_many_rules_as_with_few(here):
    client = here.client("ines")
    client.get("/law")
    with CaptureQueriesContext(connection) as asked:
        client.get("/law?since=2020-01-01")
    assert len(asked) <= 8


# --- confirming -----------------------------------------------------------------------------------------------------


def _confirm(client, rule, *, note="Read in the source on the day"):
    page = client.get(f"/law/{rule}").content.decode()
    text = page.partition('name="text" value="')[2].partition('"')[0]
    return client.post(f"/law/{rule}", {"text": text, "confirmed": "yes", "note": note})


def test_an_approver_confirms_a_figure_with_name_day_and_note(approver):
    rule = _rule_to_confirm()
    client = approver.client("ada")
    assert _confirm(client, rule).status_code == 302
    assert "Confirmed by Ada Quill" in _text(client.get("/law"))
    assert "Read in the source on the day" in _text(client.get(f"/law/{rule}"))
    line = AuditLine.objects.filter(object_kind="law", object_id=rule).get()
    assert (line.who, line.purpose) == (approver.users["ada"], "confirmed")


def test_nobody_else_may_confirm_or_is_offered_it(approver):
    rule = _rule_to_confirm()
    client = approver.client("ines")
    assert "Confirm this figure" not in _text(client.get(f"/law/{rule}"))
    assert client.post(f"/law/{rule}", {"text": "x", "note": "I read it"}).status_code == 404
    assert queries.confirmations() == []


def test_a_confirmation_without_a_note_is_refused(approver):
    answer = _confirm(approver.client("ada"), _rule_to_confirm(), note="  ")
    assert answer.status_code == 400
    assert queries.confirmations() == []


def test_a_confirmation_ends_when_the_partnership_sets_another_figure(approver):
    rule = _rule_to_confirm()
    client = approver.client("ada")
    _confirm(client, rule)
    actions.set_parameter(rule, {"length": 3}, at=approver.now, by="system:test")
    assert "Confirmed by Ada Quill" not in _text(client.get("/law"))
    page = _text(client.get(f"/law/{rule}"))
    assert "No: the row or the partnership’s figure changed since" in page
    assert "This partnership" in page


def test_a_confirmation_ends_when_the_row_of_law_changes():
    from dataclasses import replace

    one = next(one for one in law_page._provisions(date(2026, 11, 25), {}) if one.needs_confirming)
    for changed in (
        replace(one.row, source=one.row.source + ", as amended"),
        replace(one.row, figures={**one.row.figures, "length": 99}),
        replace(one.row, until=date(2030, 1, 1)),
        replace(one.row, mark="G" if one.row.mark != "G" else "X"),
    ):
        assert replace(one, row=changed).text != one.text


def test_a_confirmation_can_be_taken_back(approver):
    rule = _rule_to_confirm()
    client = approver.client("ada")
    _confirm(client, rule)
    page = client.get(f"/law/{rule}").content.decode()
    text = page.partition('name="text" value="')[2].partition('"')[0]
    client.post(f"/law/{rule}", {"text": text, "confirmed": "no", "note": "The source was amended"})
    assert "Confirmed by Ada Quill" not in _text(client.get("/law"))
    assert [one.confirmed for one in queries.confirmations(rule)] == [True, False]


def test_law_that_was_read_cannot_be_confirmed(approver):
    viewer = access.viewer(approver.users["ada"], at=datetime.now(UTC))
    there = law_page._provisions(datetime.now(UTC).date(), {})
    one = next(one for one in there if one.marks == {"V"})
    with pytest.raises(ValueError, match="Only K, G and X are confirmed"):
        actions.confirm(one, confirmed=True, note="Read again", by=viewer, at=approver.now)


def test_an_unknown_rule_is_not_there(here):
    assert here.client("ines").get("/law/Z99").status_code == 404


def test_somebody_who_sees_nobodys_record_may_read_the_law(here):
    assert here.client("otto").get("/law").status_code == 200


def test_the_scene_has_a_rule_of_each_sort(here):
    natures = {one.nature for one in law_page._provisions(scene.BORN, {})}
    assert {"duty", "question to a person", "open question"} <= natures
