"""What people record on licence is kept as they said it, refused where it cannot be, and never decided for them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import london_day
from throughcare.licence.tests import scene
from throughcare.people import queries as people

pytestmark = pytest.mark.django_db
TODAY = f"{london_day(datetime.now(UTC)):%Y-%m-%d}"
DAY = {"day": TODAY, "time": ""}


@pytest.fixture
def here(db: None) -> scene.Scene:
    return scene.set_up("to-licence-end", until="2025-06-01")  # on licence, version 2.1


@pytest.fixture
def lise(here):
    return here.client("lise")


def text(response) -> str:
    assert response.status_code == 200, (response.status_code, response.get("Location"))
    return " ".join(response.content.decode().split())


def kept(here, kind: str):
    """What stands of a kind about the person, the newest last."""
    held = ledger.everything([one.record for one in people.records_of([here.person])[here.person]])
    return [one for one in sorted(held, key=lambda one: (one.noted, one.ref)) if one.kind == kind]


def posted(client, path: str, **given):
    return client.post(path, {**DAY, **given})


def test_a_disclosure_is_kept_with_its_days_its_channel_and_the_condition_that_it_answers(here, lise):
    said = {
        "topic": "relationship", "nothing": "no", "asked": "no", "words": "I met someone", "fact_from": "2025-05-20",
        "channel": "telephone", "children": "unknown", "follow_up": "ask children's services",
    }  # fmt: skip
    answer = posted(lise, here.path("/disclosure"), **said)
    assert answer["Location"].endswith("/disclosures?done=told")
    made = kept(here, "licence.disclosure_made")[-1]
    assert (made.body["fact_from"], made.body["channel"]) == ("2025-05-20", "telephone")
    assert made.body["condition"] == "disclose_relationships"
    page = text(lise.get(answer["Location"]))
    assert "The disclosure is recorded" in page
    assert "by telephone" in page


def test_nothing_to_tell_is_kept_as_an_answer_and_with_no_fact(here, lise):
    said = {"topic": "relationship", "nothing": "yes", "asked": "yes", "words": "nobody"}
    wrong = posted(lise, here.path("/disclosure"), **said, fact_from="2025-05-20")
    assert wrong.status_code == 400
    assert "Leave this empty: there was nothing to tell" in wrong.content.decode()
    posted(lise, here.path("/disclosure"), **said)
    made = kept(here, "licence.disclosure_made")[-1]
    assert (made.body["nothing_to_tell"], "fact_from" in made.body) == ("yes", False)


def test_sent_twice_a_disclosure_is_recorded_once(here, lise):
    said = {"topic": "work", "nothing": "no", "asked": "no", "words": "two days a week", "ref": "W00000000000000aa"}
    before = len(kept(here, "licence.disclosure_made"))
    for _ in range(2):
        assert posted(lise, here.path("/disclosure"), **said).status_code == 302
    assert len(kept(here, "licence.disclosure_made")) == before + 1


def test_what_is_missing_is_asked_for_and_what_was_written_is_kept(here, lise):
    page = posted(lise, here.path("/fact"), what="A phone was found")
    assert page.status_code == 400
    said = page.content.decode()
    assert 'href="#id_topic"' in said
    assert 'href="#id_source"' in said
    assert "A phone was found" in said


def test_a_fact_found_alleges_nothing_and_a_breach_is_decided_by_a_person(here, lise):
    posted(
        lise, here.path("/fact"), topic="vehicle", what="Seen driving", source="police record", fact_from="2025-04-01"
    )
    (found,) = kept(here, "licence.fact_found")
    assert kept(here, "licence.breach_alleged") == []
    form = text(lise.get(here.path(f"/breach?about={found.id}")))
    condition = form.split('name="condition" type="radio" value="')[1].split('"')[0]
    posted(lise, here.path("/breach"), condition=condition, facts="Drove a car for a month", about=found.ref)
    (alleged,) = kept(here, "licence.breach_alleged")
    assert alleged.body["about"] == [found.ref]
    assert alleged.body["policy_version"] == "2.1"
    page = text(lise.get(here.path()))
    assert "not yet" in page
    base = here.path(f"/breach/{alleged.id}")
    assert posted(lise, f"{base}/explained", words="It was a friend's", channel="in_person").status_code == 302
    assert posted(lise, f"{base}/decided", decision="warning").status_code == 400  # a decision has a reason
    assert posted(lise, f"{base}/decided", decision="warning", reason="first time").status_code == 302
    (decided,) = kept(here, "licence.breach_decided")
    assert (decided.body["breach"], decided.body["decision"]) == (alleged.ref, "warning")
    assert "Warning" in text(lise.get(here.path()))


def test_an_appointment_keeps_its_time_and_what_came_of_it(here, lise):
    posted(lise, here.path("/appointment"), purpose="supervision", kept="no", outcome="rang at once", excused="yes")
    made = kept(here, "licence.appointment")[-1]
    assert (made.body["kept"], made.body["excused"], made.body["outcome"]) == ("no", "yes", "rang at once")
    assert "No, excused" in text(lise.get(here.path()))


def test_a_premises_request_says_how_soon_and_its_answer_names_it(here, lise):
    asked = posted(lise, here.path("/premises"), step="requested", after_parole="no")
    assert asked.status_code == 400
    assert "Choose how soon it is needed" in asked.content.decode()
    posted(lise, here.path("/premises"), step="requested", after_parole="no", urgency="short_notice")
    (request,) = kept(here, "licence.premises")
    assert posted(lise, here.path("/premises"), step="assessed").status_code == 400
    posted(lise, here.path("/premises"), step="assessed", request=request.ref)
    assert kept(here, "licence.premises")[-1].body["request"] == request.ref


def test_somebody_on_licence_is_not_released_again(here, lise):
    form = text(lise.get(here.path("/release")))
    licence = form.split('id="id_licence"')[1].split('value="')[2].split('"')[0]
    page = posted(lise, here.path("/release"), release="re_release", licence=licence)
    assert page.status_code == 400
    assert "on licence already" in page.content.decode()


def test_an_end_is_recorded_with_its_reason(here, lise):
    assert posted(lise, here.path("/end"), reason="expired", order="no").status_code == 302
    assert "The licence ended" in text(lise.get(here.path()))


# --- a licence, and a variation, in steps ----------------------------------------------------------------------------


def _approve(here, client, *, form: str = "standard", version: str = "3.0"):
    client.post(here.path("/approve"), {"form": form, "version": version, "starts_on": "1 March 2027"})
    return text(client.get(here.path("/approve/conditions")))


def _ticked(page: str) -> set[str]:
    return set(re.findall(r'value="([a-z_]+)" checked', page))


def test_a_licence_starts_from_the_standard_conditions_of_its_version(here, lise):
    standard = {"good_behaviour", "no_offence", "keep_in_touch", "receive_visits", "approved_address", "work_approval",
                "travel_abroad", "name_use", "contact_details"}  # fmt: skip
    assert _ticked(_approve(here, lise)) == standard
    assert _ticked(_approve(here, lise, version="4.0")) == standard | {"passport"}


def test_an_emergency_licence_starts_with_no_contact_with_victims(here, lise):
    assert "no_contact_any_victim" in _ticked(_approve(here, lise, form="emergency"))


def test_a_licence_is_recorded_at_its_last_step_with_what_its_conditions_say(here, lise):
    _approve(here, lise)
    before = len(kept(here, "licence.approved"))
    chosen = {"c0": ["good_behaviour", "keep_in_touch"], "bespoke": "Stay off the quay"}
    page = text(lise.get(here.path("/approve/conditions")))
    curfew = page.split('value="curfew_hours"')[0].rsplit('name="', 1)[1].split('"')[0]
    lise.post(here.path("/approve/conditions"), {**chosen, curfew: ["curfew_hours"]})
    wrong = lise.post(here.path("/approve/details"), {"curfew_hours-number_of_curfews": "one_curfew"})
    assert wrong.status_code == 400
    assert "#id_curfew_hours-curfew_start" in wrong.content.decode()
    right = {"curfew_hours-number_of_curfews": "one_curfew", "curfew_hours-curfew_start": "19:00",
             "curfew_hours-curfew_end": "07:00", "curfew_hours-review_period": "weekly"}  # fmt: skip
    assert lise.post(here.path("/approve/details"), right).status_code == 302
    assert len(kept(here, "licence.approved")) == before  # nothing before the last step
    check = text(lise.get(here.path("/approve/check")))
    assert "curfew start: 19:00" in check
    assert "Stay off the quay" in check
    done = posted(lise, here.path("/approve/check"), liaison="yes", plan_supervision="weekly")
    assert done["Location"].endswith("?done=approved")
    made = kept(here, "licence.approved")[-1]
    assert made.body["policy_version"] == "3.0"
    assert "curfew_hours.curfew_start=19:00" in made.body["details"]
    assert made.body["bespoke"] == ["Stay off the quay"]
    assert "weekly" in text(lise.get(here.path()))


def test_an_emergency_licence_needs_a_reason(here, lise):
    _approve(here, lise, form="emergency")
    lise.post(here.path("/approve/conditions"), {"c0": ["good_behaviour"], "bespoke": ""})
    lise.get(here.path("/approve/details"))
    page = posted(lise, here.path("/approve/check"), liaison="no")
    assert page.status_code == 400
    assert "Write why it is made in an emergency" in page.content.decode()


def test_an_emergency_licence_says_so_with_its_reason_and_the_day_of_its_review(here, lise):
    _approve(here, lise, form="emergency")
    lise.post(here.path("/approve/conditions"), {"c0": ["good_behaviour"], "bespoke": ""})
    lise.get(here.path("/approve/details"))
    assert posted(lise, here.path("/approve/check"), liaison="no", reason="The date moved overnight").status_code == 302
    page = text(lise.get(here.path()))
    assert "This is an emergency licence" in page
    assert "The date moved overnight" in page
    assert "It is to be reviewed by" in page
    assert "Review of an emergency licence" in page


def test_a_variation_under_a_newer_version_asks_victim_liaison_and_leaves_the_rest_as_it_was(here, lise):
    lise.post(here.path("/vary"), {"version": "3.0"})
    page = text(lise.get(here.path("/vary/conditions")))
    assert "What policy version 3.0 would mean for this licence" in page
    group = page.split('value="no_gambling"')[0].rsplit('name="', 1)[1].split('"')[0]
    lise.post(here.path("/vary/conditions"), {"removed": "keep_in_touch", group: ["no_gambling"]})
    lise.get(here.path("/vary/details"))
    page = posted(lise, here.path("/vary/check"), reason="Betting slips were found")
    assert page.status_code == 400
    assert "Choose whether victim liaison was asked" in page.content.decode()
    assert posted(lise, here.path("/vary/check"), reason="Betting slips", liaison="yes").status_code == 302
    made = kept(here, "licence.varied")[-1]
    assert (made.body["added"], made.body["removed"]) == (["no_gambling"], ["keep_in_touch"])
    page = text(lise.get(here.path()))
    assert "Four stay version 2.1" in page
    assert "No gambling unless cleared" in page


def test_a_variation_that_only_takes_away_is_kept(here, lise):
    lise.post(here.path("/vary"), {"version": "2.1"})
    lise.post(here.path("/vary/conditions"), {"removed": "keep_in_touch"})
    lise.get(here.path("/vary/details"))
    assert posted(lise, here.path("/vary/check"), reason="no need", liaison="unknown").status_code == 302
    assert kept(here, "licence.varied")[-1].body["added"] == []


# --- who may, and what stands ----------------------------------------------------------------------------------------

FORMS = (
    "disclosure",
    "fact",
    "appointment",
    "premises",
    "travel",
    "release",
    "breach",
    "end-request",
    "end",
    "approve",
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_opens_and_asks_for_what_is_missing(here, lise, form):
    assert "<h1" in text(lise.get(here.path(f"/{form}")))
    answer = lise.post(here.path(f"/{form}"), {})
    assert answer.status_code == 400
    assert "There is a problem" in answer.content.decode()


@pytest.mark.parametrize("form", ["approve", "vary", "end"])
def test_a_liaison_officer_decides_nothing_about_the_licence(here, form):
    assert here.client("eve").get(here.path(f"/{form}")).status_code in (403, 404)


def test_a_disclosure_is_corrected_and_the_first_version_stays_in_the_record(here, lise):
    posted(lise, here.path("/disclosure"), topic="work", nothing="no", asked="no", words="shop", fact_from="2025-05-02")
    made = kept(here, "licence.disclosure_made")[-1]
    path = f"/people/{here.person}/entries/{made.id}/correct"
    said = {f"body-{name}": value for name, value in made.body.items()} | {"body-fact_from": "2025-05-12"}
    assert lise.post(path, {"summary": made.summary, **said}).status_code == 302
    page = text(lise.get(here.path("/disclosures")))
    assert "12 May 2025" in page
    assert "2 May 2025" not in page.replace("12 May 2025", "")
    assert len([one for one in kept(here, "licence.disclosure_made") if one.body["topic"] == "work"]) == 2


@pytest.mark.parametrize("form", ["approve", "end-request", "travel", "release"])
def test_a_day_before_the_birth_is_refused_and_stays_in_the_form(here, lise, form):
    given = {"form": "standard", "version": "3.0", "starts_on": "1 January 1901", "day": "1 January 1901"}
    refused = lise.post(here.path(f"/{form}"), given)
    assert refused.status_code == 400
    assert "This is before the " in refused.content.decode()
    assert 'value="1 January 1901"' in refused.content.decode()
