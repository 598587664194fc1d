"""What prison staff come to the page of a sentence for, in a real browser: on a phone, at a desk, without script."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.system.users import DESK, PHONE, Person

from throughcare.sentence.tests import scene
from throughcare.sentence.tests.test_pages import EXTENDED, LIFE, crd, form_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("SENTENCE_PICTURES")  # a folder: photograph each page that is looked at


@pytest.fixture
def here(transactional_db: None) -> scene.Scene:
    return scene.set_up()


@pytest.fixture
def somebody(browser, live_server, here) -> Iterator[Callable[..., Person]]:
    """Give somebody of the scene a browser."""
    opened: list[Person] = []

    def comes(name: str, *, script: bool = True, width: int = DESK) -> Person:
        opened.append(Person(browser, live_server.url, here.users[name], script=script, width=width))
        return opened[-1]

    yield comes
    for one in opened:
        one.leaves()


def seen(who: Person, name: str) -> Person:
    """The page is accessible and fits; photographed where asked."""
    who.page_is_accessible()
    if PICTURES:
        who.page.screenshot(path=str(Path(PICTURES) / f"{name}-{who.width}.png"), full_page=True)
    return who


def a_long_sentence(here: scene.Scene) -> None:
    done = '"programme": "Thinking skills"'
    steps = [
        f'{{{done}, "status": "referred"}}',
        f'{{{done}, "status": "suitable", "reason": "Medium need, motivated"}}',
        f'{{{done}, "status": "completed", "sessions": 12, "learning_claimed": "He stops and thinks before he acts", '
        '"claimed_by": "Facilitator’s report"}',
        f'{{{done}, "status": "completed", "panel_finding": "Learned, and not yet shown outside a group"}}',
    ]
    threat = (
        'custody.incident {"family": "threat_received", "part": "victim", "source": "other prisoners", '
        '"linked_to_publicity": "yes", "kept_safe_by": "Moved to another wing the same night", "separated": "yes", '
        '"effect_on_progress": "left the programme for two months", "told_panel": "no"}'
    )
    made = [f"custody.programme {one}" for one in steps]
    scene.keep(
        scene.entry("s1", LIFE, "2012-06-14", now=here.now, summary="life, minimum twelve years"),
        scene.entry("s2", EXTENDED, "2012-06-14", now=here.now),
        scene.entry("k1", 'sentence.key_date_set {"date_kind": "tariff_expiry", "value": "2024-01-02", "basis": '
                    '"minimum term less 163 days on remand"}', "2012-06-20", now=here.now),
        scene.entry("k2", 'sentence.key_date_set {"date_kind": "target_hearing", "value": "2027-03-01"}', "2026-09-02",
                    now=here.now),
        scene.entry("k3", crd("2031-06-13"), "2012-06-20", now=here.now),
        scene.entry("k4", crd("2031-06-12"), "2022-02-01", now=here.now),
        *(scene.entry(f"p{n}", one, f"202{n}-03-01", now=here.now) for n, one in enumerate(made)),
        scene.entry("i1", threat, "2026-03-08", now=here.now, summary="threats shouted through the door at night"),
        scene.entry("i2", 'custody.incident {"family": "assault_by", "told_panel": "yes"}', "2014-03-08", now=here.now,
                    summary="struck another prisoner"),
        at=here.now,
    )  # fmt: skip


class TestAnOffenderManager:
    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_reads_a_long_sentence(self, somebody, here, width):
        a_long_sentence(here)
        petra = somebody("pom", width=width)
        petra.opens(here.path()).sees("life sentence, minimum 12 years").sees("replaced").sees("Tariff expiry")
        seen(petra, "sentence")
        petra.opens(f"/people/{here.person}").sees("Abused or threatened in custody")
        seen(petra, "person")

    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_records_a_sentence_and_is_told_what_is_missing(self, somebody, here, width):
        petra = somebody("pom", width=width)
        seen(petra.opens(here.path()), "empty")
        petra.presses("Record a sentence")
        petra.chooses("Extended sentence", of="What sort of sentence?").writes("For which offence?", "assault")
        petra.presses("Record").sees("There is a problem").sees("Enter how long it is")
        seen(petra, "sentence-wrong")
        petra.writes("On which day was it passed?", "14 June 2021").writes("How long is it?", "3 years")
        petra.writes("How long is the extension", "1 year")
        petra.page.locator("#id_listed_grave_1").check()
        petra.page.locator("#id_victim_scheme").check()
        petra.presses("Record").sees("Recorded").sees("Extended sentence of 3 years, and 1 year more on licence")
        seen(petra, "recorded")

    @pytest.mark.parametrize("what", ["key-date", "programme", "incident", "hand-over", "end"])
    def test_finds_every_form_accessible(self, somebody, here, what):
        a_long_sentence(here)
        seen(somebody("pom", width=PHONE).opens(here.path(f"/record/{what}")), what)

    def test_without_script_records_a_threat_and_what_kept_him_safe(self, somebody, here):
        petra = somebody("pom", script=False, width=PHONE)
        petra.opens(here.path("/record/incident")).chooses("Was threatened").chooses("It was done to them")
        petra.writes("What was seen or said?", "Threats shouted after the news").presses("Record")
        petra.sees("Write what was done, or that nothing was")
        petra.writes("Where did it come from?", "other prisoners").chooses("Ordinary")
        petra.writes("What was done to keep them safe?", "Moved to another wing")
        petra.page.locator("#id_told_panel_1").check()
        petra.presses("Record").sees("Recorded")
        petra.opens(here.path()).sees("Moved to another wing")

    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_takes_sentences_in_from_a_booking_form(self, somebody, here, width, tmp_path):
        petra = somebody("pom", width=width).opens(here.path("/booking"))
        seen(petra, "booking")
        wrong = tmp_path / "wrong.json"
        wrong.write_bytes(form_of(adjustments={"REMAND": [{"numberOfDays": "many"}]}))
        petra.page.set_input_files("#id_file", wrong)
        petra.presses("Read the form").sees("adjustments.REMAND.0.numberOfDays")
        seen(petra, "booking-wrong")
        right = tmp_path / "right.json"
        right.write_bytes(form_of())
        petra.page.set_input_files("#id_file", right)
        petra.presses("Read the form").sees("Sentence 2")
        seen(petra, "booking-check")
        petra.presses("Record 2 sentences").sees("2 sentences are recorded").sees("offence TH68010")
