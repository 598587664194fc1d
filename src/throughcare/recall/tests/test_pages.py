"""A recall is taken step by step, each by those whose step it is; its papers are made once and stay what they are."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from throughcare.access import accounts
from throughcare.access.models import AuditLine, User
from throughcare.access.tests.walk import signed_in
from throughcare.duties import queries as duties
from throughcare.ledger import actions as ledger
from throughcare.recall import queries
from throughcare.recall.tests import scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(db: None) -> scene.Scene:
    return scene.set_up(level=1)


def text(here: scene.Scene, name: str, path: str) -> str:
    return here.client(name).get(path).content.decode()


def test_a_recall_goes_from_the_breach_to_the_return_through_the_hands_of_those_whose_step_it_is(here):
    page = text(here, "lena", here.path())
    assert "missed three appointments" in page
    assert "Agree to ask for recall" in page
    scene.recalled(here)
    page = text(here, "cora", here.path())
    assert "Licence revoked" in page
    assert "Tried or weighed: a warning and more reporting" in page
    person = text(here, "cora", f"/people/{here.person}")
    assert "Unlawfully at large since" in person
    tomorrow = here.now + timedelta(days=1)
    assert (
        here.send("sam", "check", found="Not at his sister's", next_check_on=f"{tomorrow:%Y-%m-%d}").status_code == 302
    )
    assert here.send("owen", "return", how="arrested", share=["PROB", "PPCS"]).status_code == 302
    assert here.send("owen", "notify", share=["PPCS"]).status_code == 302
    assert here.send("owen", "inform", will_make_representations="yes").status_code == 302
    page = text(here, "cora", here.path())
    assert "Back in custody on recall since" in page
    assert "fixed term of 56 days" in page
    kept = {one.rule: (one.state, one.due) for one in duties.answers_of(here.person)[0]}
    assert kept["D40"][0] == kept["D41"][0] == "met"
    assert kept["D42"][0] == "open"
    day = here.held("recall.returned")[0].happened.day
    assert kept["D45"] == ("open", str(day + timedelta(days=55)))
    assert "D43" in page


def test_who_agreed_cannot_endorse_and_the_refusal_is_written_down(here):
    assert here.send("lena", "agree", **scene.AGREE).status_code == 302
    page = here.client("lena").get(here.path("/endorse"))
    assert page.status_code == 403
    assert "You agreed to this recall, so somebody else must endorse it" in page.content.decode()
    assert here.send("lena", "endorse", **scene.ENDORSE).status_code == 403
    assert here.held("recall.requested") == []
    refused = AuditLine.objects.filter(who=here.users["lena"], act="refusal")
    assert {one.purpose for one in refused} == {"recall: endorse refused"}
    assert here.send("abel", "endorse", **scene.ENDORSE).status_code == 302


def test_who_corrected_the_agreement_cannot_endorse_it_either(here):
    here.send("lena", "agree", **scene.AGREE)
    agreed = here.held("recall.agreed")[0]
    client = here.client("abel")
    path = f"/people/{here.person}/entries/{agreed.id}/correct"
    page = client.get(path).content.decode()
    sent = {"summary": "recall agreed, corrected", "ref": page.split('name="ref" value="')[1].split('"')[0]}
    sent |= {
        f"body-{name}": "\n".join(value) if isinstance(value, list) else value for name, value in agreed.body.items()
    }
    assert client.post(path, sent).status_code == 302
    assert here.send("abel", "endorse", **scene.ENDORSE).status_code == 403


@pytest.mark.parametrize(
    ("name", "step", "given"),
    [
        ("pia", "agree", scene.AGREE),
        ("owen", "check", {"found": "x"}),
        ("cora", "return", {"how": "arrested"}),
        ("sam", "notify", {}),
        ("cora", "agree", scene.AGREE),
        ("lena", "revoke", scene.REVOKE),
    ],
)
def test_a_step_is_refused_to_those_whose_it_is_not(here, name, step, given):
    response = here.send(name, step, **given)
    assert response.status_code in (403, 404)
    assert here.held("recall.agreed") == here.held("recall.returned") == here.held("recall.revoked") == []


def test_who_stands_in_no_relation_to_the_man_does_not_learn_that_he_is_recalled(here):
    scene.recalled(here)
    stranger = accounts.make_user("zed@example.test", name="Zed Low", agency="POL", at=here.now, demonstration=True)
    accounts.give_role(stranger, "practitioner", at=here.now, title="police officer")
    client = signed_in(Client(), User.objects.get(id=stranger), at=here.now)
    assert client.get(here.path("/check")).status_code == 404
    assert client.get(here.path()).status_code == 404


def test_a_step_out_of_its_turn_is_refused_with_what_would_be_right(here):
    page = here.client("abel").get(here.path("/endorse"))
    assert page.status_code == 409
    assert "Recall must be agreed first" in page.content.decode()
    scene.recalled(here)
    assert here.send("lena", "agree", **scene.AGREE).status_code == 409


def test_another_type_than_the_law_leaves_open_needs_a_reason(here):
    here.send("lena", "agree", **scene.AGREE)
    page = text(here, "abel", here.path("/endorse"))
    assert "Fixed term of 56 days. A standard determinate sentence of an adult" in page
    assert "And where it is for a new charge" in page
    response = here.send("abel", "endorse", **scene.ENDORSE | {"type": "standard"})
    assert response.status_code == 400
    assert "Give the reason, in 10 letters or more" in response.content.decode()
    reason = "Intelligence of a firearm, level to be set"
    assert (
        here.send("abel", "endorse", **scene.ENDORSE | {"type": "standard", "type_reason": reason}).status_code == 302
    )
    assert here.held("recall.requested")[0].body["type_reason"] == reason


def test_level_2_leaves_a_standard_recall_only(db):
    here = scene.set_up(level=2)
    here.send("lena", "agree", **scene.AGREE)
    page = text(here, "abel", here.path("/endorse"))
    assert "Excluded from the fixed term: the person is managed at multi-agency level 2 or 3" in page
    assert here.send("abel", "endorse", **scene.ENDORSE | {"type": "standard"}).status_code == 302


def test_a_life_sentence_is_not_released_without_the_board(db):
    here = scene.set_up(sentence="life")
    here.send("lena", "agree", **scene.AGREE | {"ground": "out_of_touch"})
    here.send("abel", "endorse", **scene.ENDORSE | {"type": "standard"})
    here.send("pia", "revoke", **scene.REVOKE | {"type": "standard"})
    here.send("owen", "return", how="arrested", share=["PPCS"])
    response = here.send("pia", "review", release="yes", reason="Risk can be managed")
    assert response.status_code == 400
    assert "no release of this sentence without the Board" in response.content.decode()
    assert here.send("pia", "review", release="no", reason="Risk cannot be managed").status_code == 302


def test_a_determinate_recall_is_rescinded_only_where_all_was_complied_with(here):
    scene.recalled(here)
    assert here.send("pia", "rescind", complied="no", reason="In error").status_code == 400
    assert here.send("pia", "rescind", complied="yes", reason="The wrong man").status_code == 302
    assert "Recall rescinded" in text(here, "pia", here.path())


def test_a_form_sent_twice_is_recorded_once(here):
    client = here.client("lena")
    page = client.get(here.path("/agree")).content.decode()
    ref = page.split('name="ref" value="')[1].split('"')[0]
    sent = {**scene.AGREE, "ref": ref, "day": f"{here.now:%Y-%m-%d}", "time": ""}
    assert client.post(here.path("/agree"), sent).status_code == 302
    assert client.post(here.path("/agree"), sent).status_code == 302
    assert len(here.held("recall.agreed")) == 1


def test_nobody_decides_past_what_they_have_not_read(here):
    first = here.client("lena").get(here.path("/agree")).content.decode()
    hidden = {name: first.split(f'name="{name}" value="')[1].split('"')[0] for name in ("ref", "version")}
    here.send("abel", "agree", **scene.AGREE)
    late = here.client("lena").post(
        here.path("/agree"), {**scene.AGREE, **hidden, "day": f"{here.now:%Y-%m-%d}", "time": ""}
    )
    assert late.status_code == 409
    assert len(here.held("recall.agreed")) == 1


# --- papers ---------------------------------------------------------------------------------------------------------


def papers(here: scene.Scene) -> dict[tuple[str, int], queries.Made]:
    kinds = ("recall.requested", "recall.revoked", "recall.papers_sent", "recall.decided_against")
    events = [one.key for kind in kinds for one in here.held(kind) if one.corrects is None]
    return {(one.paper, one.version): one for one in queries.made(events)}


def download(here: scene.Scene, name: str, one: queries.Made) -> Any:
    return here.client(name).get(here.path(f"/paper/{one.id}"))


def correct(here: scene.Scene, name: str, kind: str, **changed: str) -> None:
    one = here.held(kind)[0]
    client, path = here.client(name), f"/people/{here.person}/entries/{one.id}/correct"
    page = client.get(path).content.decode()
    sent = {"summary": one.summary, "ref": page.split('name="ref" value="')[1].split('"')[0]}
    sent |= {
        f"body-{field}": "\n".join(value) if isinstance(value, list) else value for field, value in one.body.items()
    }
    assert client.post(path, sent | {f"body-{field}": value for field, value in changed.items()}).status_code == 302


def test_part_a_and_the_letter_are_made_as_the_steps_are_taken_and_are_tagged_pdf(here):
    scene.recalled(here)
    made = papers(here)
    assert set(made) == {("part_a", 1), ("revoked", 1)}
    answer = download(here, "lena", made["part_a", 1])
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="part-a-version-1.pdf"'
    assert answer.content.startswith(b"%PDF-")
    assert b"StructTreeRoot" in answer.content
    assert b"Quillfeather" not in answer.content.split(b"stream")[0]
    assert hashlib.sha256(answer.content).hexdigest() == made["part_a", 1].digest
    line = AuditLine.objects.filter(who=here.users["lena"], act="export").get()
    assert (line.object_kind, line.object_id) == ("recall_paper", str(made["part_a", 1].id))


def test_asked_again_a_paper_is_the_very_same_bytes_and_a_correction_makes_a_version_that_says_so(here):
    scene.recalled(here)
    first = papers(here)["part_a", 1]
    before = download(here, "lena", first).content
    assert "Make version" not in text(here, "lena", here.path())
    correct(here, "abel", "recall.requested", vulnerabilities="Asthma, and a heart condition")
    page = text(here, "lena", here.path())
    assert "Make version 2, as corrected" in page
    event = here.held("recall.requested")[-1]
    client = here.client("lena")
    assert client.post(here.path("/make-paper"), {"event": str(event.id), "paper": "part_a"}).status_code == 302
    second = papers(here)["part_a", 2]
    assert "It replaces version 1" in second.replaces
    assert "corrected or withdrawn" in second.replaces
    assert client.post(here.path("/make-paper"), {"event": str(event.id), "paper": "part_a"}).status_code == 302
    assert set(papers(here)) == {("part_a", 1), ("part_a", 2), ("revoked", 1)}
    assert download(here, "lena", first).content == before
    assert download(here, "lena", second).content != before
    assert "1, replaced" in text(here, "lena", here.path())


def test_a_decision_not_to_recall_is_a_letter(here):
    breach = here.held("licence.breach_alleged")[0]
    given = {"reason": "warning_letter", "words": "You told us in time", "alternatives": ["more_reporting"],
             "expectations": "Come each Tuesday", "next_day": "", "next_time": ""}  # fmt: skip
    assert here.send("lena", f"breach/{breach.id}/decide-against", **given).status_code == 302
    assert set(papers(here)) == {("not_recalled", 1)}
    page = text(here, "lena", here.path())
    assert "Considered, and not recalled" in page
    assert "A warning letter instead" in page
    assert "alleged breaches not decided" not in page


def test_a_paper_is_for_those_who_may_read_what_it_rests_on(here):
    scene.recalled(here)
    one = papers(here)["part_a", 1]
    assert download(here, "sam", one).status_code == 404
    assert download(here, "owen", one).status_code == 200  # allocated: reads in full, and may take a copy
    assert here.client("lena").get(here.path(f"/paper/{here.person}")).status_code == 404


def test_papers_cannot_be_changed_and_go_only_with_an_entry_that_is_lawfully_erased(here):
    scene.recalled(here)
    made = papers(here)
    for statement in (
        "UPDATE recall_paper SET digest = ''",
        "DELETE FROM recall_paper",
        "UPDATE recall_paper_content SET content = ''",
        "DELETE FROM recall_paper_content",
        "TRUNCATE recall_paper_content",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    requested = here.held("recall.requested")[0]
    ledger.erase(requested.id, authority="Order of a court", by="system:test", reason="ordered", at=here.now)
    with pytest.raises(queries.NoSuchPaper):
        queries.content(made["part_a", 1])
    assert queries.content(made["revoked", 1]).startswith(b"%PDF-")
    assert download(here, "lena", made["part_a", 1]).status_code == 404


def test_a_paper_that_somebody_altered_in_the_database_is_not_handed_out(here, as_owner):
    scene.recalled(here)
    one = papers(here)["part_a", 1]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE recall_paper_content DISABLE TRIGGER USER")
        cursor.execute("UPDATE recall_paper_content SET content = content || 'x'::bytea WHERE paper_id = %s", [one.id])
        cursor.execute("ALTER TABLE recall_paper_content ENABLE TRIGGER USER")
    answer = download(here, "lena", one)
    assert answer.status_code == 500
    assert "This is not the paper that was made" in answer.content.decode()


def test_part_b_is_made_of_what_the_officer_wrote(here):
    scene.recalled(here)
    here.send("owen", "return", how="arrested", share=["PROB", "PPCS"])
    given = {"paper": "part_b", "since_recall": "Calm", "risk": "As before", "plan": "Hostel", "view": "no_view"}
    assert here.send("cora", "papers", **given).status_code == 302
    assert ("part_b", 1) in papers(here)
    assert here.send("pia", "papers", paper="first_dossier").status_code == 302
    assert len(papers(here)) == 3


@pytest.mark.parametrize("step", ["agree", "endorse", "revoke", "review", "rescind", "decide-against"])
def test_nothing_is_decided_from_the_past(here, step):
    page = text(here, "lena", here.path(f"?known_on={here.now - timedelta(days=2):%Y-%m-%d}"))
    assert "What you can do now" not in page


def test_nobody_is_recalled_before_they_are_sentenced(here):
    refused = here.send("lena", "agree", **{**scene.AGREE, "day": "1 January 2001"})
    assert refused.status_code == 400
    assert "This is before the sentence of " in refused.content.decode()
    assert 'value="1 January 2001"' in refused.content.decode()
    assert here.held("recall.agreed") == []
