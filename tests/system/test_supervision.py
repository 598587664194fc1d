"""Licence, disclosure, breach, recall and return, from page to page in a real browser: desk, phone, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.system import supervised
from tests.system.supervised import Comes, Supervised
from tests.system.users import DESK, PHONE

from throughcare.licence import catalogue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WAYS = [pytest.param(True, DESK, id="desk"), pytest.param(True, PHONE, id="phone"),
        pytest.param(False, PHONE, id="no script")]  # fmt: skip
BOARD = "As the Parole Board directed"


@pytest.fixture
def here(transactional_db: None) -> Supervised:
    return supervised.set_up()


@pytest.fixture
def somebody(browser, live_server, here) -> Iterator[Comes]:
    yield from supervised.browsers(browser, live_server.url, here.users)


def _title(version: str, key: str) -> str:
    return catalogue.look_up(version, key).title


def _starts_with(person, question: str, words: str):
    """Choose the answer that begins with these words."""
    asked = person.page.get_by_role("group", name=question).first
    asked.locator("label", has_text=words).first.click()
    return person


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_licence_is_made_approved_active_and_varied_under_a_new_policy_version(somebody, here, script, width):
    here.serves("standard")
    tomas = somebody("tomas", script=script, width=width).opens(here.path("/licence")).page_is_accessible()
    tomas.presses("Approve a licence").page_is_accessible()
    _starts_with(tomas, "By which policy version", "Version 3.0")
    tomas.presses("Go on: conditions").sees("Which conditions?").page_is_accessible()
    tomas.chooses(_title("3.0", "disclose_relationships")).presses("Go on: what they say").page_is_accessible()
    if "approve/details" in tomas.page.url:
        tomas.presses("Go on: read it once more")
    tomas.sees("Read it once more").sees("Version 3.0").page_is_accessible()
    tomas.answers("Was victim liaison asked?", "Yes, they were asked").chooses("Fellbeck probation")
    tomas.presses("Record the licence as approved").sees(_title("3.0", "disclose_relationships")).page_is_accessible()
    tomas.presses("Record a release").page_is_accessible()
    tomas.answers("Which release is it?", "First release").chooses("Fellbeck probation")
    tomas.presses("Record the release").sees("The release is recorded").sees("On licence").page_is_accessible()
    hugh = somebody("hugh", script=script, width=width).opens(here.path("/licence")).presses("Vary the licence")
    _starts_with(hugh.page_is_accessible(), "By which policy version", "Version 4.0")
    hugh.presses("Go on: conditions").sees("What changes?").page_is_accessible()
    hugh.chooses(_title("4.0", "disclose_relationships_with_child_household")).presses("Go on: what they say")
    if "vary/details" in hugh.page.url:
        hugh.page_is_accessible().presses("Go on: read it once more")
    hugh.sees("Added, version 4.0").writes("Why is it varied?", "He asks to see his sister, who has children")
    hugh.answers("Was victim liaison asked?", "Yes, they were asked").page_is_accessible()
    hugh.presses("Record the variation").sees("Version 4.0").sees("Version 3.0").page_is_accessible()
    hugh.sees(_title("4.0", "disclose_relationships_with_child_household"))


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_relationship_told_in_time_stands_with_its_day_and_asks_nobody_anything(somebody, here, script, width):
    here.serves()
    here.is_on_licence()
    hugh = somebody("hugh", script=script, width=width).opens(here.path("/licence/disclosure")).page_is_accessible()
    hugh.answers("What is it about?", "A relationship").answers(
        "What did the person say?", "The person told me something"
    )
    hugh.answers("Did you ask?", "No").writes(
        "In the person’s own words", "Her name is Helen. I said I would tell you."
    )
    hugh.writes("Since when is it so?", f"{here.day(3):%-d %B %Y}").answers("What is it?", "It began")
    hugh.answers("Are there children in that home", "No").presses("Record").sees("The disclosure is recorded")
    hugh.sees("Her name is Helen").sees("3 days").page_is_accessible()
    hugh.opens(here.path("/findings")).sees("No question waits")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_a_relationship_that_police_recorded_and_nobody_was_told_of_leads_to_recall(somebody, here, script, width):
    here.serves()
    here.is_on_licence()
    here.lives_with_the_child()
    _the_person_says_that_there_is_nothing(here)
    _the_police_write_down_the_relationship(here)
    hugh = somebody("hugh", script=script, width=width)
    _the_officer_is_asked_and_sees_a_pointer(hugh)
    ruth = somebody("ruth", script=script, width=width)
    _the_police_answer(here, ruth)
    _the_officer_records_what_was_not_told(here, hugh)
    winifred = somebody("winifred", script=script, width=width)
    _the_manager_decides_and_agrees(here, winifred)
    _nobody_endorses_what_they_agreed(here, winifred)
    _a_second_person_endorses(here, somebody("percy", script=script, width=width))
    _the_licence_is_revoked(here, somebody("moira", script=script, width=width))
    ines = somebody("ines", script=script, width=width).opens(f"/people/{here.child}/findings").page_is_accessible()
    ines.sees("Status change of an adult linked to a child")


def _the_person_says_that_there_is_nothing(here: Supervised) -> None:
    body = {"topic": "relationship", "nothing_to_tell": "yes", "asked": "yes"}
    here.happened("d1", "licence.disclosure_made", body, agency="PROB", days=9, summary="asked: nothing to tell")


def _the_police_write_down_the_relationship(here: Supervised) -> None:
    since = here.day(90).isoformat()
    body = {"relationship": "partner_of", "exists": "yes", "from": since, "stated_by": "self"}
    here.happened("p1", "people.relationship_stated", body, agency="POL", days=1,
                  concerns=(("subject", "POL", "Q2"), ("other", "POL", "Q1")),
                  summary="called to a row: together for three months")  # fmt: skip


def _the_officer_is_asked_and_sees_a_pointer(hugh) -> None:
    hugh.opens("/").sees("Corin Stallard").sees("Statements that cannot both be true").page_is_accessible()
    hugh.presses("Answer").sees("Was it put to the person?").sees("1 entry that you may not read").sees(
        "Fellbeck Police"
    )
    hugh.does_not_see("called to a row").page_is_accessible()
    hugh.presses("Ask Fellbeck Police what you may be told").page_is_accessible()
    hugh.writes("What do you want to know", "What do you hold on a partner of his?")
    _starts_with(hugh, "On what does it rest?", "A public task")
    hugh.presses("Ask").sees("They are asked").page_is_accessible()


def _the_police_answer(here: Supervised, ruth) -> None:
    ruth.opens("/").sees("your agency was asked for what it holds").page_is_accessible()
    ruth.opens(here.path("/entries")).presses("What do you hold on a partner of his?")
    ruth.sees("What do you hold on a partner of his?").page_is_accessible()
    ruth.presses("Answer this request").page_is_accessible().answers("Does your agency hold information?", "Yes")
    _starts_with(ruth, "Which entries?", "called to a row").page.wait_for_timeout(10)
    ruth.writes("For what?", "so that he can be asked about it")
    _starts_with(ruth, "On what does it rest?", "Law enforcement")
    ruth.answers("Were those whom it is about told", "Not yet").presses("Go on: read it once more")
    ruth.sees("called to a row").sees("Fellbeck probation: ").page_is_accessible()
    ruth.presses("Send the answer").sees("They have your answer").page_is_accessible()


def _the_officer_records_what_was_not_told(here: Supervised, hugh) -> None:
    hugh.opens(here.path("/findings")).presses("Open").sees("called to a row").does_not_see("that you may not read")
    hugh.opens(here.path("/licence/fact")).page_is_accessible()
    hugh.answers("What is it about?", "A relationship").writes(
        "What was found?", "A partner for three months, not told of"
    )
    hugh.writes("Where does it come from?", "police record").writes(
        "Since when was it so?", f"{here.day(90):%-d %B %Y}"
    )
    hugh.presses("Record").sees("A partner for three months, not told of").sees("Not told").page_is_accessible()
    hugh.presses("Allege a breach of this").page_is_accessible()
    _starts_with(hugh, "Which condition, on which licence?", _title("board_directed", "disclose_relationships"))
    hugh.writes("What is said to have happened?", "Asked on the day, he said that there was nobody")
    hugh.presses("Record the allegation").sees("Breaches").sees("not yet").page_is_accessible()
    hugh.presses("Record an explanation").writes("What does the person say?", "It is nobody’s business")
    hugh.page_is_accessible().presses("Record").sees("It is nobody’s business").page_is_accessible()


def _the_manager_decides_and_agrees(here: Supervised, winifred) -> None:
    winifred.opens(here.path("/licence")).presses("Record what was decided").page_is_accessible()
    winifred.answers("What is decided?", "Ask for recall").writes("Why?", "Like the pattern of the offence")
    winifred.presses("Record the decision").sees("Ask for recall").page_is_accessible()
    winifred.opens(here.path("/recall")).page_is_accessible().presses("Agree to ask for recall").page_is_accessible()
    breaches = winifred.page.get_by_role("group", name="Which alleged breaches")
    if breaches.count():
        breaches.get_by_role("checkbox").first.check()
    winifred.answers("On which ground?", "Behaviour like that around the index offence")
    winifred.writes("What happened?", "A partner for three months, denied when asked")
    winifred.writes("Why is recall needed?", "He hid a relationship; the offence was against a partner")
    winifred.writes("Whom does it put at risk", "The partner and her daughter; more reporting would not reach it")
    winifred.answers("What was tried or weighed before?", "More reporting").presses("Agree").page_is_accessible()


def _nobody_endorses_what_they_agreed(here: Supervised, winifred) -> None:
    winifred.opens(here.path("/recall/endorse")).sees("You agreed to this recall, so somebody else must endorse it")
    winifred.page_is_accessible()


def _a_second_person_endorses(here: Supervised, percy) -> None:
    percy.opens(here.path("/recall")).presses("Endorse and send the request").page_is_accessible()
    percy.answers("Is it for a new charge", "No").answers("Is it an emergency?", "Yes")
    _starts_with(percy, "Which type of recall is asked for?", "Standard recall")
    percy.answers("Is the person in custody already?", "No").writes(
        "Why do you endorse it?", "I agree with the reasons"
    )
    percy.presses("Endorse and send").sees("Recall asked for").page_is_accessible()


def _the_licence_is_revoked(here: Supervised, moira) -> None:
    moira.opens(here.path("/recall")).presses("Revoke the licence").page_is_accessible()
    moira.answers("Is it for a new charge", "No")
    _starts_with(moira, "Which type of recall?", "Standard recall")
    moira.writes("Reasons, as the person is told them", "You did not tell of a relationship when you were asked")
    moira.presses("Revoke the licence").sees("unlawfully at large").page_is_accessible()
    moira.opens(here.path("/licence")).sees("Revoked").page_is_accessible()


# --- nine days at large ----------------------------------------------------------------------------------------------


def _is_recalled(here: Supervised) -> None:
    """A recall nine days old: agreed, asked for and revoked on one day; he was not found."""
    told = ("PROB", "PRIS", "POL", "VLO")
    here.serves()
    here.is_on_licence()
    here.happened("a1", "recall.agreed", {"breaches": [], "reason": "a relationship hidden"}, agency="PROB", days=9.3,
                  summary="recall agreed")  # fmt: skip
    asked = {"agreed": "a1", "emergency": "yes", "in_custody": "no"}
    here.happened("q1", "recall.requested", asked, agency="PROB", days=9.2, to=("CASE",), summary="request sent")
    revoked = {"request": "q1", "type": "standard", "charge_not_convicted": "no"}
    here.happened("v1", "recall.revoked", revoked, agency="CASE", days=9, to=told, summary="licence revoked")


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_recall_to_return_of_somebody_at_large_for_nine_days(somebody, here, script, width):
    _is_recalled(here)
    ruth = somebody("ruth", script=script, width=width).opens(here.path("/recall")).sees("9 days").page_is_accessible()
    ruth.presses("Record a check").writes("What was done, and what did it show?", "Not at his flat; van by the harbour")
    ruth.writes("When is the next check?", f"{here.day(-3):%-d %B %Y}").page_is_accessible().presses("Record the check")
    ruth.sees("Not at his flat").page_is_accessible()
    tomas = somebody("tomas", script=script, width=width).opens(here.path("/recall"))
    tomas.presses("Record the return to custody").answers("How did the person come back?", "Arrested")
    tomas.page_is_accessible().presses("Record the return").sees("9 days from the revocation to the return")
    tomas.sees("Back in custody on recall").page_is_accessible()
    tomas.presses("Tell the casework section of the return").page_is_accessible().presses("Record that they were told")
    tomas.presses("Tell the person the reasons and their rights").page_is_accessible()
    tomas.answers("Do they want to make representations?", "Yes").presses("Record that the person was told")
    tomas.page_is_accessible()
    moira = somebody("moira", script=script, width=width).opens(here.path("/recall")).page_is_accessible()
    moira.presses("Record papers that were sent").answers("Which paper?", "Recall dossier to the prison")
    moira.presses("Record what was sent").sees("Recall dossier to the prison").page_is_accessible()
    moira.opens(here.path("/duties")).sees("Met").page_is_accessible()


# --- what each sees of one day ---------------------------------------------------------------------------------------

HIDDEN = ("Quillfeather", "Ravensbourne")  # what the officer wrote of his risk, and what the victim asked for


def _a_day_of_which_each_sees_a_part(here: Supervised) -> None:
    _is_recalled(here)
    here.lives_with_the_child()
    risk = {"children": "high", "public": "medium", "known_adult": "high", "staff": "low"}
    here.happened("k1", "risk.assessed", risk, agency="PROB", days=2, summary=HIDDEN[0])
    here.happened("w1", "victim.condition_requested", {"condition": "no_contact_named_victim"}, agency="VLO", days=2,
                  concerns=(("subject", "PROB", "P1"), ("victim", "POL", "Q3")), summary=HIDDEN[1])  # fmt: skip
    partner = {"relationship": "partner_of", "exists": "yes", "stated_by": "self"}
    here.happened("p1", "people.relationship_stated", partner, agency="POL", days=10, to=("LA", "PROB"),
                  concerns=(("subject", "POL", "Q2"), ("other", "POL", "Q1")), summary="together")  # fmt: skip


@pytest.mark.parametrize(("script", "width"), WAYS)
def test_what_victim_liaison_police_and_childrens_services_each_see_that_day(somebody, here, script, width):
    scene_of_victim(here)
    _a_day_of_which_each_sees_a_part(here)
    esther = somebody("esther", script=script, width=width).opens(here.path("/entries")).page_is_accessible()
    esther.sees("licence revoked").sees(HIDDEN[1]).does_not_see(HIDDEN[0]).does_not_see("together")
    esther.opens(here.path("/recall")).page_is_accessible().does_not_see(HIDDEN[0])
    ruth = somebody("ruth", script=script, width=width).opens(here.path("/entries")).page_is_accessible()
    ruth.sees("licence revoked").sees("together").does_not_see(HIDDEN[0]).does_not_see(HIDDEN[1])
    ines = somebody("ines", script=script, width=width).opens(here.path()).page_is_accessible()
    ines.sees("You may know that, and whom to ring").does_not_see("licence revoked").does_not_see(HIDDEN[1])
    ines.opens(f"/people/{here.child}").page_is_accessible().sees("Status change of an adult linked to a child")
    ines.does_not_see("licence revoked").does_not_see(HIDDEN[0])
    hugh = somebody("hugh", script=script, width=width).opens(here.path("/share")).page_is_accessible()
    _starts_with(hugh, "Is it for somebody else’s record too?", "Somebody who is not named to you")
    hugh.writes("Or a plain sentence", "Recalled and not yet found: ring the police if he comes")
    hugh.answers("With whom?", "Fellbeck Council children’s services").writes("For what?", "to keep the child safe")
    _starts_with(hugh, "On what does it rest?", "A public task")
    hugh.answers("Were those whom it is about told", "No, because that would put somebody at risk")
    hugh.presses("Go on: read it once more").page_is_accessible().presses("Share it").sees("It is shared")
    ines.opens(f"/people/{here.child}/entries").sees("Recalled and not yet found").does_not_see(HIDDEN[0])
    ines.page_is_accessible()


def scene_of_victim(here: Supervised) -> None:
    """The police hold a record of the victim."""
    supervised.scene.make_child("Yvonne Tarry", {"POL": "Q3"}, at=here.now, born=here.day(15000))
