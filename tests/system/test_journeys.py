"""What people come here for, from end to end, in a real browser: on a phone, at a desk, without script."""

from __future__ import annotations

import mailbox
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.system.users import DESK, PHONE, Person

from throughcare.alerts import delivery
from throughcare.alerts.models import Delivery
from throughcare.demo import pages
from throughcare.ledger.entry import Key
from throughcare.project.mail import MailServer
from throughcare.web.tests import scene
from throughcare.web.writing import id_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(transactional_db: None, settings) -> scene.Scene:
    settings.DEMO = True
    return scene.set_up()


@pytest.fixture
def somebody(browser, live_server, here) -> Iterator[Callable[..., Person]]:
    """Give somebody of the scene a browser: `somebody("joy", width=PHONE)`."""
    opened: list[Person] = []

    def comes(name: str, *, script: bool = True, width: int = DESK) -> Person:
        opened.append(Person(browser, live_server.url, here.users.get(name), script=script, width=width))
        return opened[-1]

    yield comes
    for one in opened:
        one.leaves()


def _records_an_injury(joy: Person, here: scene.Scene) -> None:
    joy.opens(here.path("/record/injury")).sees("Where are the marks?").page_is_accessible()
    joy.chooses("Head and face: Left cheek", of="Or choose a place from the list").presses("Add a mark here")
    joy.page_is_accessible()
    joy.chooses("Bruise").writes("How long is the longest", "12").chooses("Not yet roll over").presses("Save this mark")
    joy.sees("Act on this now").sees("01632 960100").page_is_accessible()
    joy.presses("Go on: what was said").page_is_accessible()
    joy.chooses("The mother", of="Who said how it happened?").chooses("Rough play", of="What do they say happened?")
    joy.writes("In their words", "He caught it on his dummy").chooses("No")
    joy.chooses("Fellbeck Council children’s services").presses("Go on: read it once more")
    joy.sees("1 bruise, 12 mm").page_is_accessible()
    joy.presses("Record").sees("Recorded").sees("Has a suitably qualified clinician examined").page_is_accessible()


class TestAHealthVisitorRecordsAnInjury:
    def test_on_a_phone_and_the_social_worker_is_told(self, somebody, here, settings, tmp_path, monkeypatch):
        _records_an_injury(somebody("joy", width=PHONE), here)
        ines = somebody("ines")
        ines.opens("/").sees("Wilf Harrop").sees("does not move independently").page_is_accessible()
        ines.presses("Answer").page_is_accessible()
        self._the_worker_delivers(settings, tmp_path)
        assert Delivery.objects.filter(user=here.users["ines"], state="sent").exists()
        caught = pages.caught()
        assert any("ines@example.test" in one.header("To") for one in caught)
        assert all("Wilf" not in str(one.message) for one in caught)

    def _the_worker_delivers(self, settings, folder) -> None:
        settings.MAIL_FOLDER = folder / "mail"
        mailbox.Maildir(settings.MAIL_FOLDER, create=True)
        server = MailServer(settings.MAIL_FOLDER)
        address = server.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(address.rsplit(":", 1)[1])
        try:
            for waiting in Delivery.objects.filter(state="waiting"):
                delivery.deliver([str(waiting.id)])
        finally:
            server.stop()

    def test_without_script(self, somebody, here):
        _records_an_injury(somebody("joy", script=False, width=PHONE), here)

    def test_by_pressing_the_body(self, somebody, here):
        joy = somebody("joy").opens(here.path("/record/injury"))
        joy.page.get_by_role("link", name="Add a mark: Left cheek").first.click()
        joy.page.wait_for_url("**place=cheek*")
        joy.sees("What does it look like?")


class TestKnownOn:
    def test_walked_back_what_was_noted_later_is_gone_and_forms_are_closed(self, somebody, here):
        early, late = here.now - timedelta(days=20), here.now - timedelta(days=2)
        scene.keep(
            scene.injury("l1", agency="LA", record="L1", at=early),
            scene.injury("h2", agency="HV", record="H1", at=late),
            at=here.now,
        )  # fmt: skip
        ines = somebody("ines")
        ines.opens(here.path("/entries")).sees("a bruise, l1").sees("a bruise, h2")
        ines.opens(here.path(f"/entries?known_on={(late - timedelta(days=1)).date()}")).sees("a bruise, l1")
        ines.does_not_see("a bruise, h2").page_is_accessible()
        ines.opens(here.path(f"?known_on={(late - timedelta(days=1)).date()}")).does_not_see("Record an injury")
        ines.opens(here.path("?known_to=HV")).page_is_accessible()


class TestTheGlass:
    def test_it_is_broken_with_a_reason_told_and_reviewed(self, somebody, here):
        scene.keep(scene.injury("l1", agency="LA", record="L1", at=here.now - timedelta(hours=3)), at=here.now)
        sam = somebody("sam", width=PHONE)
        sam.opens("/people").writes("Name or number", "harrop").presses("Search").sees("Not your case")
        sam.page_is_accessible().presses("Break the glass").sees("This case is not yours").page_is_accessible()
        sam.presses("Open the record").sees("There is a problem")
        sam.writes("Why must you see it now?", "A child of this name is in front of me").presses("Open the record")
        sam.sees("Wilf Harrop").opens(here.path("/entries")).sees("a bruise, l1")
        gil = somebody("gil").opens("/break-glass").sees("Sam Reed").page_is_accessible()
        gil.presses("Review").chooses("It was justified").writes("Your reason", "The child was before him")
        gil.page_is_accessible().presses("Keep this review").sees("Nothing to review")
        ines = somebody("ines").opens(here.path("/access")).sees("Sam Reed").sees("the glass was broken")
        ines.page_is_accessible()


class TestAQuestionIsAnswered:
    @pytest.mark.parametrize("script", [True, False])
    def test_with_a_reason_and_given_on(self, somebody, here, script):
        at = here.now - timedelta(hours=2)
        told = [{"agency": "LA", "at": at.isoformat()}]
        scene.keep(scene.injury("h1", agency="HV", record="H1", at=at, shared=told), at=here.now)
        ines = somebody("ines", script=script).opens(here.path("/findings")).page_is_accessible().presses("Open")
        ines.presses("Answer").sees("There is a problem")
        ines.chooses("We act on it").writes("Your reason", "Examined today at the infirmary").presses("Answer")
        ines.sees("Your answer is recorded").sees("Examined today at the infirmary").page_is_accessible()
        ines.chooses("Mara Oakes, team manager", of="Who does this?").presses("Give it to them")
        ines.sees("Ines Calder gave it to Mara Oakes")


class TestEveryPage:
    """axe finds nothing on any page, at a desk and on a phone."""

    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_of_the_case(self, somebody, here, width):
        at = here.now - timedelta(hours=2)
        told = [{"agency": "HV", "at": at.isoformat()}]
        due = (here.now + timedelta(days=2)).date()
        scene.keep(scene.injury("l1", agency="LA", record="L1", at=at, shared=told),
                   scene.action_agreed("a1", record="L1", due=due, at=at), at=here.now)  # fmt: skip
        ines = somebody("ines", width=width)
        entry = here.path(f"/entries/{id_of(Key('LA', 'l1'))}")
        for path in (
            "/", "/people", here.path(), here.path("/entries"), here.path("/findings"), here.path("/duties"),
            here.path("/duties/A01/LA:a1"), here.path("/access"), here.path("/blind-spot"), entry, f"{entry}/share",
            f"{entry}/correct", f"{entry}/withdraw", here.path("/record/observation"), "/nothing",
        ):  # fmt: skip
            ines.opens(path).page_is_accessible()

    @pytest.mark.parametrize("width", [PHONE, DESK])
    def test_of_the_house(self, somebody, here, width):
        nobody = somebody("nobody", width=width)
        for path in ("/sign-in", "/demo/sign-in", "/status", "/accessibility", "/cookies", "/privacy"):
            nobody.opens(path).page_is_accessible()
        for name, path in (("gil", "/access-log"), ("otto", "/undelivered"), ("rosa", "/links")):
            somebody(name, width=width).opens(path).page_is_accessible()


def _row(ref: str, kind: str, said: str, body: str) -> str:
    return f"{ref},{kind},LA,social worker,2026-11-02,,day,2026-11-02T10:05,,subject=L1,seen,{said},{body},,\n"


ROWS = (
    "ref,kind,agency,author_role,happened,happened_to,precision,noted,shared,concerns,basis,summary,body,corrects,"
    "sensitivity\n"
    + _row("i1", "safeguarding.observation", "wet cot", '"{""weight"": ""concern"", ""seen_or_told"": ""seen""}"')
    + _row("i2", "safeguarding.observation", "no weight", '"{""seen_or_told"": ""seen""}"')
    + _row("i3", "safeguarding.nothing", "no such kind", "{}")
)


class TestAFileOfRecords:
    def test_good_rows_are_taken_and_each_bad_one_is_explained(self, somebody, here, tmp_path):
        file = tmp_path / "entries.csv"
        file.write_text(ROWS, encoding="utf-8")
        mara = somebody("mara").opens("/import").page_is_accessible()
        mara.page.get_by_label("File of entries").set_input_files(file)
        mara.presses("Send the file")
        mara.sees("body.weight").sees("kind").page_is_accessible()
        mara.opens(here.path("/entries")).sees("wet cot").does_not_see("no weight")
