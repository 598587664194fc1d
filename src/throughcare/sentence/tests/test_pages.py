"""The page of a sentence says what was recorded, to whom it may be said; every form records once, or says why not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from throughcare.ledger import queries as ledger
from throughcare.sentence.rules import LAW
from throughcare.sentence.tests.scene import Scene, entry, keep
from throughcare.sentence.tests.test_booking import a_form, a_sentence
from throughcare.web.law_words import mark_words

pytestmark = pytest.mark.django_db

EXTENDED = (
    'sentence.imposed {"type": "extended", "offence": "assault", "years": 3, "months": 0, "days": 0, '
    '"extension_years": 1, "victim_scheme": "yes", "listed_grave": "no", "remarks": "A planned attack"}'
)
LIFE = (
    'sentence.imposed {"type": "life", "offence": "murder", "years": 0, "months": 0, "days": 0, "minimum_years": 12, '
    '"victim_scheme": "no", "listed_grave": "yes"}'
)
SENTENCE = {
    "type": "extended", "offence": "assault", "day": "14 June 2021", "court": "Varley Crown Court", "length": "3 years",
    "extension": "1 year", "listed_grave": "no", "victim_scheme": "yes", "ref": "W00000000000000a1",
}  # fmt: skip
KEY_DATE = {"date_kind": "CRD", "value": "12 June 2031", "basis": "a remand day", "day": "1 February 2022"}
THREAT = {
    "family": "threat_received", "part": "victim", "summary": "Threats shouted after the news",
    "day": "8 September 2025", "time": "6pm", "source": "other prisoners", "content_level": "restricted",
    "kept_safe_by": "Moved to another wing", "separated": "yes", "linked_to_publicity": "yes", "told_panel": "no",
}  # fmt: skip


def crd(value: str) -> str:
    return f'sentence.key_date_set {{"date_kind": "CRD", "value": "{value}", "basis": "of {value}"}}'


def page(here: Scene, who: str = "pom", rest: str = "", **more: Any) -> str:
    response = here.client(who).get(here.path(rest), **more)
    assert response.status_code == 200
    return response.content.decode()


def sent(here: Scene, what: str, given: dict[str, str], who: str = "pom", **more: str) -> Any:
    version = str(ledger.versions([here.person])[here.person])
    return here.client(who).post(here.path(f"/record/{what}"), {"version": version, **given, **more})


# --- the page -----------------------------------------------------------------------------------------------------


def test_nothing_recorded_says_so_and_leads_to_the_form(here: Scene) -> None:
    shown = page(here)
    assert "No sentence is recorded" in shown
    assert here.path("/record/sentence") in shown
    assert here.path("/booking") in shown


def test_the_page_says_what_was_passed_and_the_persons_page_says_it_in_one_line(here: Scene) -> None:
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    line = "Serving: extended sentence of 3 years, and 1 year more on licence."
    assert line in page(here)
    assert "A planned attack" in page(here)
    overview = here.client("pom").get(f"/people/{here.person}").content.decode()
    assert line in overview
    assert here.path() in overview


def test_an_older_key_date_stays_in_the_history_and_counts_no_more(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("k1", crd("2031-06-13"), "2021-06-18", now=here.now),
        entry("k2", crd("2031-06-12"), "2022-02-01", now=here.now),
        at=here.now,
    )
    shown = page(here)
    first, second = shown.index("12 June 2031</td>"), shown.index("13 June 2031</td>")
    assert first < second
    assert ">Yes<" in shown[first:second]
    assert "No, replaced by a later one" in shown[second:]
    assert "1 older date, replaced since" in shown
    before = page(here, rest="?known_on=2021-12-31")
    assert "13 June 2031" in before
    assert "12 June 2031" not in before


def test_a_day_that_is_known_by_its_month_is_not_shown_as_its_first(here: Scene) -> None:
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now, happened="2021-06", precision="month"), at=here.now)
    assert "June 2021" in page(here)
    assert "1 June 2021" not in page(here)


def test_looking_back_and_through_an_agencys_eyes_says_what_was_known_and_records_nothing(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("k2", crd("2031-06-12"), "2022-02-01", shared=["PROB"], now=here.now),
        at=here.now,
    )
    assert "No sentence is recorded by this moment" in page(here, rest="?known_on=2021-06-13")
    theirs = page(here, rest="?known_to=PROB")
    assert "The sentence itself is not recorded here" in theirs
    assert "12 June 2031" in theirs
    assert "Record a key date" not in theirs


def test_the_day_that_is_due_shows_with_its_mark(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("k2", crd("2031-06-12"), "2022-02-01", now=here.now),
        at=here.now,
    )
    shown = page(here)
    assert "28 September 2030" in shown
    assert mark_words(LAW.of("D31")[0]) in shown


def test_what_does_not_fit_together_is_said_and_not_resolved(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("x", 'sentence.ended {"reason": "expired"}', "2022-02-01", now=here.now),
        entry("v", 'recall.revoked {"request": "q", "type": "standard", "charge_not_convicted": "no"}', "2022-03-01",
              now=here.now),
        at=here.now,
    )  # fmt: skip
    assert "A revocation (v) is recorded after the sentence ended." in page(here)


def test_minimum_term_and_tariff_stand_side_by_side_without_a_fixed_end_and_nowhere_else(here: Scene) -> None:
    keep(
        entry("s1", LIFE, "2012-06-14", now=here.now),
        entry("k", 'sentence.key_date_set {"date_kind": "tariff_expiry", "value": "2024-01-02"}', "2012-06-20",
              now=here.now),
        at=here.now,
    )  # fmt: skip
    shown = page(here)
    assert "Tariff and limits of review" in shown
    assert "12 years" in shown
    assert "2 January 2024" in shown


def test_what_a_panel_found_stands_apart_from_what_is_claimed(here: Scene) -> None:
    done = '"programme": "Thinking skills", "status": "completed"'
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("p1", f'custody.programme {{{done}, "learning_claimed": "He stops first"}}', "2022-06-14", now=here.now),
        entry("p2", f'custody.programme {{{done}, "panel_finding": "Not yet shown"}}', "2023-06-14", now=here.now),
        at=here.now,
    )
    shown = page(here)
    claimed = shown.index("What is said to have been learned")
    found = shown.index("What a panel found")
    assert claimed < shown.index("He stops first") < found < shown.index("Not yet shown")


def test_abuse_received_that_no_panel_was_told_of_stands_out(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("i1", 'custody.incident {"family": "abuse_received", "told_panel": "no"}', "2022-06-14", now=here.now),
        at=here.now,
    )
    assert "without a record that a panel was told" in page(here)
    assert "Abused or threatened in custody" in here.client("pom").get(f"/people/{here.person}").content.decode()


# --- who may --------------------------------------------------------------------------------------------------------


def test_who_has_nothing_to_do_with_it_is_shown_no_page(here: Scene) -> None:
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    for who in ("sam", "gil"):
        assert here.client(who).get(here.path()).status_code == 404


def test_news_to_a_victim_is_for_who_keeps_contact_alone_and_has_no_day(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", shared=["VLO"], now=here.now,
              concerns=[{"part": "subject", "record": "PR-1", "agency": "PRIS"},
                        {"part": "victim", "record": "VC-1", "agency": "PRIS"}]),
        entry("r", 'licence.released {"release": "first", "licence": "l"}', "2024-06-14", shared=["VLO"], now=here.now),
        at=here.now,
    )  # fmt: skip
    theirs = page(here, "vlo")
    assert "News to the victims" in theirs
    assert "no day is fixed" in theirs
    assert "Vida Marsh" in theirs
    ours = page(here)
    assert "News to the victims" not in ours
    assert "Vida Marsh" not in ours


def test_what_is_not_shared_with_an_agency_is_not_on_its_page(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("k2", crd("2031-06-12"), "2022-02-01", shared=["PROB"], now=here.now),
        at=here.now,
    )
    theirs = page(here, "com")
    assert "A planned attack" not in theirs
    assert "12 June 2031" in theirs


# --- the forms ------------------------------------------------------------------------------------------------------


def test_a_sentence_by_hand_is_recorded_once_and_starts_the_clock_of_its_victim(here: Scene) -> None:
    first = sent(here, "sentence", SENTENCE, victims="VC-1", remand_days="12", offences="theft\naffray")
    assert first.status_code == 302
    again = sent(here, "sentence", SENTENCE, victims="VC-1")
    assert again["Location"] == first["Location"]
    (held,) = here.entries("sentence.imposed")
    assert (held.body["years"], held.body["extension_years"], held.body["remand_days"]) == (3, 1, 12)
    assert held.body["offences"] == ["theft", "affray"]
    assert [one.ref for one in held.who("victim")] == ["VC-1"]
    assert here.client("pom").get(first["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"type": ""}, "type"),
        ({"offence": " "}, "offence"),
        ({"day": "soon"}, "day"),
        ({"day": "1 January 2099"}, "day"),
        ({"length": ""}, "length"),
        ({"length": "three years"}, "length"),
        ({"length": "1 year 2 years"}, "length"),
        ({"minimum": "1 year"}, "minimum"),
        ({"extension": ""}, "extension"),
        ({"type": "standard"}, "extension"),
        ({"type": "life", "extension": ""}, "length"),
        ({"type": "life", "extension": "", "length": ""}, "minimum"),
        ({"whole_life": "yes"}, "whole_life"),
        ({"victim_scheme": ""}, "victim_scheme"),
        ({"offence_on": "1 July 2021"}, "offence_on"),
        ({"victims": "NOBODY-1"}, "victims"),
        ({"victims": "PR-1"}, "victims"),
    ],
)
def test_what_is_wrong_in_a_sentence_is_asked_for_and_nothing_is_kept(
    here: Scene, changed: dict[str, str], field: str
) -> None:
    response = sent(here, "sentence", SENTENCE, **changed)
    assert response.status_code == 400
    assert f'href="#id_{field}"' in response.content.decode()
    assert f'id="id_{field}-error"' in response.content.decode()
    assert not here.entries("sentence.imposed")


def test_a_key_date_to_come_is_recorded_and_one_worked_out_tomorrow_is_not(here: Scene) -> None:
    assert sent(here, "key-date", KEY_DATE).status_code == 302
    assert sent(here, "key-date", KEY_DATE, day="1 January 2099").status_code == 400
    assert [one.body["value"] for one in here.entries("sentence.key_date_set")] == ["2031-06-12"]


def test_a_programme_is_recorded_with_why_and_never_claim_and_finding_in_one(here: Scene) -> None:
    step = {"programme": "Thinking skills", "status": "not_suitable", "day": "1 June 2022"}
    assert sent(here, "programme", step).status_code == 400
    assert sent(here, "programme", step, reason="Needs another first").status_code == 302
    both = {**step, "status": "completed", "learning_claimed": "Stops", "claimed_by": "himself", "panel_finding": "No"}
    assert 'href="#id_panel_finding"' in sent(here, "programme", both).content.decode()
    assert len(here.entries("custody.programme")) == 1


def test_a_threat_received_is_recorded_with_what_kept_him_safe_and_is_read_by_fewer(here: Scene) -> None:
    assert sent(here, "incident", THREAT).status_code == 302
    (held,) = here.entries("custody.incident")
    assert held.sensitivity == "third_party"
    assert [one.part for one in held.concerns] == ["subject", "victim"]
    assert "Moved to another wing" in page(here)
    assert "Threats shouted" not in page(here, "com")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kept_safe_by": ""}, "kept_safe_by"),
        ({"told_panel": ""}, "told_panel"),
        ({"source": ""}, "source"),
        ({"content_level": ""}, "content_level"),
        ({"part": "assailant"}, "part"),
        ({"told_in_private": "yes"}, "told_panel"),
        ({"told_panel": "yes", "told_panel_on": "1 September 2025"}, "told_panel_on"),
    ],
)
def test_abuse_or_a_threat_received_is_not_kept_without_what_was_done(
    here: Scene, changed: dict[str, str], field: str
) -> None:
    response = sent(here, "incident", THREAT, **changed)
    assert response.status_code == 400
    assert f'href="#id_{field}"' in response.content.decode()
    assert not here.entries("custody.incident")


def test_a_hand_over_moves_who_is_responsible_and_an_end_ends(here: Scene) -> None:
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    assert "The prison" in page(here)
    moved = {"day": "1 June 2022", "manager": "Cole Marsh", "share": "PRIS"}
    assert sent(here, "hand-over", moved, who="com").status_code == 302
    assert "Probation in the community" in page(here)
    assert sent(here, "end", {"reason": "quashed", "day": "1 July 2022"}).status_code == 302
    assert "Ended: extended sentence" in page(here)


def test_a_key_date_after_the_hand_over_starts_the_clock_again_and_the_page_says_so(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("m", "sentence.responsibility_moved {}", "2022-01-10", now=here.now),
        entry("k", crd("2031-06-12"), "2022-02-01", now=here.now),
        at=here.now,
    )
    assert "The community has been responsible since 10 January 2022" in page(here)


def test_there_is_no_other_form(here: Scene) -> None:
    assert here.client("pom").get(here.path("/record/anything")).status_code == 404


def test_who_wrote_in_between_is_read_first(here: Scene) -> None:
    old = str(ledger.versions([here.person])[here.person])
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    response = sent(here, "key-date", KEY_DATE, version=old)
    assert response.status_code == 400
    assert "Somebody wrote about Lewis" in response.content.decode()
    assert not here.entries("sentence.key_date_set")


def test_an_agency_without_a_record_of_its_own_makes_one_first(here: Scene) -> None:
    response = here.client("sam").get(here.path("/record/key-date"))
    assert response["Location"].endswith("/record/own?to=sentence/record/key-date")
    own = {"name": "Lewis Harker", "born": "12 April 1988", "note": "The same name, birth date and prison number"}
    made = here.client("sam").post(response["Location"], {**own, "ref": "W00000000000000cc"})
    assert made["Location"] == here.path("/record/key-date")


# --- correcting -----------------------------------------------------------------------------------------------------


def test_a_correction_begins_from_what_was_recorded_and_takes_its_place(here: Scene) -> None:
    keep(
        entry("s1", EXTENDED, "2021-06-14", now=here.now),
        entry("k1", crd("2031-06-13"), "2021-06-18", shared=["PROB"], now=here.now),
        at=here.now,
    )
    (old,) = here.entries("sentence.key_date_set")
    client, path = here.client("pom"), here.path(f"/correct/{old.id}")
    shown = client.get(path).content.decode()
    assert 'value="13 June 2031"' in shown
    assert 'value="18 June 2021"' in shown
    given = {"date_kind": "CRD", "value": "11 June 2031", "basis": "a day lost", "day": "18 June 2021"}
    version = str(ledger.versions([here.person])[here.person])
    assert client.post(path, {**given, "version": version, "ref": "W00000000000000dd"}).status_code == 302
    new = here.entries("sentence.key_date_set")[-1]
    assert (new.corrects, new.body["value"]) == ("k1", "2031-06-11")
    assert [one.agency for one in new.shared] == ["PROB"]
    assert "13 June 2031" not in page(here)
    assert client.get(path).status_code == 404


def test_a_correction_keeps_what_the_form_does_not_ask_and_how_exactly_the_day_is_known(here: Scene) -> None:
    known = EXTENDED.replace('"remarks"', '"form": "default_term", "remarks"')
    keep(
        entry("s1", known, "2021-06-14", now=here.now, happened="2021-06", precision="month"),
        at=here.now,
    )
    (old,) = here.entries("sentence.imposed")
    given = {**SENTENCE, "day": "June 2021", "length": "4 years, 2 months and 1 week", "ref": "W00000000000000ee"}
    version = str(ledger.versions([here.person])[here.person])
    response = here.client("pom").post(here.path(f"/correct/{old.id}"), {**given, "version": version})
    assert response.status_code == 302
    new = here.entries("sentence.imposed")[-1]
    assert (new.happened.precision.value, new.body["form"], new.body["weeks"]) == ("month", "default_term", 1)


def test_another_agencys_record_is_not_corrected_here(here: Scene) -> None:
    keep(entry("k1", crd("2031-06-13"), "2021-06-18", shared=["PROB"], now=here.now), at=here.now)
    (old,) = here.entries("sentence.key_date_set")
    assert here.client("com").get(here.path(f"/correct/{old.id}")).status_code == 404


# --- the booking form -------------------------------------------------------------------------------------------------


def form_of(**changed: Any) -> bytes:
    two = [a_sentence(), a_sentence(identifier="two", consecutiveSentenceUUIDs=["one"], sentencedAt="2021-03-01")]
    return json.dumps({"booking": a_form(sentences=two, **changed)}).encode()


def upload(here: Scene, form: bytes) -> Any:
    client = here.client("pom")
    response = client.post(here.path("/booking"), {"file": SimpleUploadedFile("booking.json", form)})
    return client, response


def test_a_booking_form_is_shown_before_it_is_kept_and_then_kept_whole_and_once(here: Scene) -> None:
    client, response = upload(here, form_of())
    assert response["Location"] == here.path("/booking/check")
    shown = client.get(response["Location"]).content.decode()
    assert "Record 2 sentences" in shown
    assert "offence TH68010" in shown
    assert not here.entries("sentence.imposed")
    version = str(ledger.versions([here.person])[here.person])
    done = client.post(response["Location"], {"version": version})
    assert "2 sentences are recorded" in client.get(done["Location"]).content.decode()
    first, second = sorted(here.entries("sentence.imposed"), key=lambda one: str(one.happened.on))
    assert second.body["consecutive_to"] == first.ref
    client, response = upload(here, form_of())
    again = client.get(response["Location"]).content.decode()
    assert "of which two recorded before" in again
    client.post(response["Location"], {"version": str(ledger.versions([here.person])[here.person])})
    assert len(here.entries("sentence.imposed")) == 2


def test_a_form_may_be_pasted(here: Scene) -> None:
    response = here.client("pom").post(here.path("/booking"), {"pasted": form_of().decode()})
    assert response["Location"] == here.path("/booking/check")


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (b"", "Choose a file, or paste the form"),
        (b"{", "Give the booking form as JSON"),
        (form_of(adjustments={"REMAND": [{}]}), "adjustments.REMAND.0.appliesToSentencesFrom is empty"),
        (form_of(offender={"reference": "A1", "dateOfBirth": "1999-01-01"}), "Lewis was born on 12 April 1988"),
    ],
)
def test_a_form_with_a_fault_is_refused_with_its_field_and_nothing_is_kept(
    here: Scene, form: bytes, wrong: str
) -> None:
    client, response = upload(here, form)
    assert response.status_code == 422
    assert wrong in response.content.decode()
    assert client.get(here.path("/booking/check"))["Location"] == here.path("/booking")
    assert not here.entries("sentence.imposed")


def test_nobody_without_a_part_in_it_reads_a_form_back(here: Scene) -> None:
    upload(here, form_of())
    assert here.client("com").get(here.path("/booking/check"))["Location"] == here.path("/booking")


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("hand-over", {"manager": "Cole Marsh"}),
        ("end", {"reason": "quashed"}),
        ("key-date", {"date_kind": "CRD", "value": "12 June 2031"}),
    ],
)
def test_a_day_before_the_sentence_is_refused_and_what_was_written_stays(
    here: Scene, what: str, given: dict[str, str]
) -> None:
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    refused = sent(here, what, {**given, "day": "13 June 2021"})
    shown = refused.content.decode()
    assert refused.status_code == 400
    assert "This is before the sentence of 14 June 2021. Check the day" in shown
    assert 'href="#id_day"' in shown
    assert 'value="13 June 2021"' in shown
    assert "<title>Error: " in shown
    assert sent(here, what, {**given, "day": "14 June 2021"}).status_code == 302


def test_nobody_is_sentenced_before_their_birth(here: Scene) -> None:
    refused = sent(here, "sentence", SENTENCE, day="11 April 1988")
    assert refused.status_code == 400
    assert "This is before the birth, on 12 April 1988. Check the day" in refused.content.decode()


def test_who_comes_second_reads_what_was_added_and_loses_nothing(here: Scene) -> None:
    old = str(ledger.versions([here.person])[here.person])
    keep(entry("s1", EXTENDED, "2021-06-14", now=here.now), at=here.now)
    shown = sent(here, "key-date", KEY_DATE, version=old).content.decode()
    assert "New: 14 June 2021, HMP Ouseby: " in shown
    assert 'value="12 June 2031"' in shown
    assert "a remand day" in shown
