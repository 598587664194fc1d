"""The bridge between the records of a supervised adult and of a child: a pointer on either side, until it is shared.

Each entry of one side carries a word that no page of the other side may show before somebody shared it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.alerts.models import Delivery
from throughcare.duties import queries as duties
from throughcare.ledger import queries as ledger
from throughcare.ledger.entry import Key, Record
from throughcare.web import writing
from throughcare.web.tests import scene

pytestmark = pytest.mark.django_db
OURS, THEIRS = "Heronsgate", "Quillfeather"  # a word of each entry of the child's side, and of the adult's side
AGENCIES = (
    ("LA", "Fellbeck Council children’s services", "la"),
    ("SCH", "Fellbeck Green School", "education"),
    ("POL", "Fellbeck Police", "police"),
    ("PROB", "Fellbeck probation", "probation"),
    ("CASE", "Casework", "casework"),
)
STAFF = (
    ("ines", "LA", "practitioner", "social worker"),
    ("tess", "SCH", "practitioner", "teacher"),
    ("hugh", "PROB", "practitioner", "probation officer"),
    ("moira", "CASE", "caseworker", "caseworker"),
)
ADULT = {"PROB": "P1", "POL": "P2", "CASE": "P3"}
CHILD = {"LA": "L1", "SCH": "S1"}
HOME = {"lives_here": "sometimes", "only_these": "no", "stated_by": "mother"}
RISK = {"children": "high", "public": "low", "known_adult": "low", "staff": "low"}


@dataclass(frozen=True)
class Both:
    """The two people, who works with whom, and now."""

    users: dict[str, UUID]
    adult: UUID
    child: UUID
    now: datetime

    def client(self, name: str) -> Client:
        return signed_in(Client(), User.objects.get(id=self.users[name]), at=datetime.now(UTC))

    def page(self, name: str, path: str) -> str:
        response = self.client(name).get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.content.decode()

    def findings(self, person: UUID, rule: str) -> list[duties.KeptFinding]:
        return [one for one in duties.findings_of([person]) if one.rule == rule]


@pytest.fixture
def both() -> Both:
    now = datetime.now(UTC)
    early = now - timedelta(days=400)
    for code, name, sector in AGENCIES:
        accounts.keep_agency(code, name=name, sector=sector, telephone="01632 960100", contact="front door", at=early)
    users = {}
    for key, agency, role, title in STAFF:
        users[key] = accounts.make_user(f"{key}@example.test", name=key.title(), agency=agency, at=early)
        accounts.give_role(users[key], role, at=early, title=title)
    adult = scene.make_child("Gareth Sill", ADULT, at=early, born=date(1987, 6, 16))
    child = scene.make_child("Nia Farrow", CHILD, at=early, born=date(2020, 1, 30))
    scene.make_child("Leanne Farrow", {"LA": "L2"}, at=early, born=date(1993, 5, 5))
    access.relate(child, "allocated", user=users["ines"], at=early)
    access.relate(child, "core_group", user=users["tess"], at=early)
    access.relate(adult, "allocated", user=users["hugh"], at=early)
    access.relate(adult, "casework", user=users["moira"], at=early)
    return Both(users=users, adult=adult, child=child, now=now)


def of_adult(both, ref, kind, body, *, days=5, agency="PROB"):
    about, at = Record(agency, ADULT[agency]), both.now - timedelta(days=days)
    return scene.an_entry(ref, kind, body, agency=agency, about=about, at=at, summary=f"{THEIRS} {ref}")


def released(both, ref="r1", *, days=5):
    return of_adult(both, ref, "licence.released", {"release": "first", "licence": "a1"}, days=days)


def nothing_to_tell(both, topic="relationship", *, days=5):
    body = {"topic": topic, "nothing_to_tell": "yes", "asked": "yes"}
    return of_adult(both, f"d-{topic}", "licence.disclosure_made", body, days=days)


def of_child(both, ref, kind, body, *concerns, days=9):
    raw = [{"part": part, "record": record, "agency": agency} for part, agency, record in concerns]
    return scene.an_entry(ref, kind, body, agency="LA", about=Record("LA", "L1"), at=both.now - timedelta(days=days),
                          summary=f"{OURS} {ref}", concerns=raw)  # fmt: skip


def partner(both, *, days=9, agency="PROB"):
    """The council writes down that the child's mother has this partner."""
    body = {"relationship": "partner_of", "exists": "yes", "stated_by": "mother"}
    return of_child(both, "partner", "people.relationship_stated", body, ("subject", "LA", "L2"),
                    ("other", agency, ADULT[agency]), days=days)  # fmt: skip


def mother(both, *, days=9):
    body = {"relationship": "parent_of", "exists": "yes", "stated_by": "mother"}
    return of_child(both, "mother", "people.relationship_stated", body, ("subject", "LA", "L2"),
                    ("other", "LA", "L1"), days=days)  # fmt: skip


def home(both, *, days=9):
    """The council writes down that he lives with the child."""
    return of_child(both, "home", "people.household_stated", HOME, ("subject", "LA", "L1"),
                    ("household", "PROB", "P1"), days=days)  # fmt: skip


def keep(both, *entries):
    scene.keep(*entries, at=both.now)


# --- from the adult to the child: T19 --------------------------------------------------------------------------------

CHANGES = {
    "released": ("licence.released", {"release": "first", "licence": "a1"}),
    "varied": ("licence.varied", {"policy_version": "4.0", "added": ["curfew"], "removed": []}),
    "revoked": ("recall.revoked", {"request": "q1", "type": "standard", "charge_not_convicted": "no"}),
    "returned": ("recall.returned", {"revocation": "v1"}),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("first", ["the link", "the change"])
def test_a_change_for_a_linked_adult_is_put_to_the_childs_worker_whichever_was_noted_first(both, change, first):
    changed, link = of_adult(both, "c1", *CHANGES[change]), [partner(both), mother(both)]
    for entries in ([*link], [changed]) if first == "the link" else ([changed], [*link]):
        keep(both, *entries)
    (raised,) = both.findings(both.child, "T19")
    assert "PROB:c1" in raised.evidence
    assert Delivery.objects.filter(user=both.users["ines"], notice__path__contains="/findings/T19/").count() == 1
    assert not both.findings(both.adult, "T19")


@pytest.mark.parametrize("first", ["the link", "the setting"])
def test_a_second_setting_of_the_level_is_a_change_and_the_first_is_none(both, first):
    one = of_adult(both, "m1", "risk.mappa_set", {"category": 2, "level": 1}, days=20, agency="POL")
    two = of_adult(both, "m2", "risk.mappa_set", {"category": 2, "level": 2}, days=6, agency="POL")
    order = [[home(both)], [one, two]] if first == "the link" else [[one, two], [home(both)]]
    for entries in order:
        keep(both, *entries)
    assert [one.evidence[0] for one in both.findings(both.child, "T19")] == ["POL:m2"]


def test_the_adults_officer_is_told_that_a_question_waits_and_where_to_say_what_may_be_told(both):
    keep(both, home(both), released(both))
    share = f"/people/{both.adult}/share"
    for name in ("hugh", "moira"):
        assert Delivery.objects.filter(user=both.users[name], notice__path=share).count() == 1
    assert not Delivery.objects.filter(user=both.users["ines"], notice__path=share)
    work = both.page("hugh", "/")
    assert "what may be told?" in work
    assert "Nia Farrow" not in work


def test_the_childs_worker_is_asked_what_may_be_said_and_sees_who_holds_it_and_no_more(both):
    keep(both, home(both), released(both))
    (raised,) = both.findings(both.child, "T19")
    page = both.page("ines", f"/people/{both.child}/findings/T19/{quote(raised.key, safe='')}")
    assert "Who tells the lead practitioner, and what may be said?" in page
    assert "Fellbeck probation" in page
    assert "1 entry that you may not read" in page
    assert "01632 960100" in page
    assert THEIRS not in page


# --- from the child to the adult: T11 and the thresholds of our own --------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "recorded", "rule"),
    [
        ("relationship", partner, "T11"),
        ("relationship_with_child_household", home, "B01"),
        ("address", home, "B02"),
    ],
)
@pytest.mark.parametrize("first", ["what was told", "what was recorded"])
def test_what_a_childs_agency_recorded_against_what_was_told_is_put_to_the_officer(both, topic, recorded, rule, first):
    pair = [[nothing_to_tell(both, topic)], [recorded(both)]]
    for entries in pair if first == "what was told" else reversed(pair):
        keep(both, *entries)
    (raised,) = both.findings(both.adult, rule)
    assert Delivery.objects.filter(user=both.users["hugh"], notice__path__contains=f"/findings/{rule}/").count() == 1
    page = both.page("hugh", f"/people/{both.adult}/findings/{rule}/{quote(raised.key, safe='')}")
    assert "1 entry that you may not read" in page
    assert "Fellbeck Council children’s services" in page
    assert OURS not in page


def test_what_was_told_of_in_time_is_put_to_nobody(both):
    body = {"topic": "relationship", "nothing_to_tell": "no", "asked": "no"}
    keep(both, of_adult(both, "d", "licence.disclosure_made", body), partner(both))
    assert not both.findings(both.adult, "T11")


# --- a pointer and no more, until shared -----------------------------------------------------------------------------


def _everything_recorded(both):
    observed = {"weight": "concern", "seen_or_told": "told", "child_words": OURS}
    keep(
        both,
        partner(both), mother(both), home(both), released(both),
        nothing_to_tell(both), nothing_to_tell(both, "relationship_with_child_household"),
        of_child(both, "o1", "safeguarding.observation", observed, ("subject", "LA", "L1"), ("alleged", "PROB", "P1")),
        of_child(both, "o2", "safeguarding.observation", observed, ("subject", "LA", "L1"), ("household", "POL", "P2")),
        of_adult(both, "k1", "risk.assessed", RISK),
    )  # fmt: skip


def _pages(both, person, name):
    """Every page that leads from the person's pages, and one's own work."""
    base = f"/people/{person}"
    todo, seen = ["/", base], {}
    while todo:
        path = todo.pop()
        if path in seen or len(seen) > 120:
            continue
        response = both.client(name).get(path)
        if response.status_code != 200:
            continue
        seen[path] = response.content.decode()
        found = re.findall(r'href="(/[^"#]*)"', seen[path])
        todo += [
            one
            for one in found
            if one.startswith(base) and "known_" not in one and "zoom" not in one and "from=" not in one
        ]
    return seen


@pytest.mark.parametrize("name", ["hugh", "moira"])
def test_no_page_of_the_adults_staff_shows_what_the_childs_agencies_wrote(both, name):
    _everything_recorded(both)
    pages = _pages(both, both.adult, name)
    assert len(pages) > 8
    assert any("/findings/" in path for path in pages)
    assert [path for path, text in pages.items() if OURS in text] == []
    assert any(THEIRS in text for text in pages.values())
    assert not [path for path, text in pages.items() if "Nia Farrow" in text]


@pytest.mark.parametrize("name", ["ines", "tess"])
def test_no_page_of_the_childs_staff_shows_what_the_adults_agencies_wrote(both, name):
    _everything_recorded(both)
    pages = _pages(both, both.child, name)
    assert any("/findings/T19/" in path for path in pages)
    assert [path for path, text in pages.items() if THEIRS in text] == []
    assert any(OURS in text for text in pages.values())


def test_the_officer_learns_that_a_question_waits_and_tells_the_childs_agency_a_sentence_without_learning_whose(both):
    _everything_recorded(both)
    form = both.page("hugh", f"/people/{both.adult}/share")
    assert "Somebody who is not named to you" in form
    assert "A question waits for those who work with them" in form
    assert "Known to Fellbeck Council children’s services" in form
    made = _shares(both, "hugh", both.adult, about=both.child, said="He may not be alone with children")
    page = both.page("ines", f"/people/{both.child}/entries/{made}")
    assert "He may not be alone with children" in page
    assert THEIRS not in page
    assert Delivery.objects.filter(user=both.users["ines"], notice__about="shared").count() == 1
    own = both.page("hugh", f"/people/{both.adult}/entries/{made}")
    assert "Somebody not named here" in own
    assert "Nia Farrow" not in own


def test_an_entry_that_the_officer_shares_is_read_by_that_agency_and_by_no_other(both):
    _everything_recorded(both)
    _shares(both, "hugh", both.adult, about=both.child, entries=[_id("PROB", "r1")])
    ines = both.page("ines", f"/people/{both.child}/entries/{_id('PROB', 'r1')}")
    assert f"{THEIRS} r1" in ines
    (raised,) = [one for one in both.findings(both.child, "T19") if "PROB:r1" in one.evidence]
    question = both.page("ines", f"/people/{both.child}/findings/T19/{quote(raised.key, safe='')}")
    assert f"{THEIRS} r1" in question
    assert "Ask Fellbeck probation" not in question
    everything = _pages(both, both.child, "ines").values()
    assert not [text for text in everything if f"{THEIRS} k1" in text]
    assert not [path for path, text in _pages(both, both.child, "tess").items() if THEIRS in text]


def test_what_was_shared_in_error_is_carried_no_more_once_it_is_withdrawn(both):
    _everything_recorded(both)
    made = _shares(both, "hugh", both.adult, about=both.child, entries=[_id("PROB", "r1")])
    sent = {"ref": "W00000000000000cc", "version": ledger.versions([both.adult])[both.adult], "reason": "wrong child"}
    assert both.client("hugh").post(f"/people/{both.adult}/entries/{made}/withdraw", sent).status_code == 302
    assert both.client("ines").get(f"/people/{both.child}/entries/{_id('PROB', 'r1')}").status_code == 404


def test_what_the_childs_agency_shares_with_the_officer_is_read_there(both):
    _everything_recorded(both)
    _shares(both, "ines", both.child, about=both.adult, to="PROB", entries=[_id("LA", "home")])
    (raised,) = both.findings(both.adult, "B01")
    page = both.page("hugh", f"/people/{both.adult}/findings/B01/{quote(raised.key, safe='')}")
    assert f"{OURS} home" in page
    assert "that you may not read" not in page
    assert not [path for path, text in _pages(both, both.adult, "hugh").items() if f"{OURS} o1" in text]


def test_the_childs_worker_asks_what_may_be_told_and_the_officer_answers(both):
    _everything_recorded(both)
    (raised,) = both.findings(both.child, "T19")
    question = both.page("ines", f"/people/{both.child}/findings/T19/{quote(raised.key, safe='')}")
    (ask,) = re.findall(r'href="(/people/[^"]*/ask\?[^"]*)"', question)
    form = both.page("ines", ask.replace("&amp;", "&"))
    assert f'value="{both.adult}" checked' in form
    sent = {
        "ref": "W00000000000000da", "version": ledger.versions([both.child])[both.child], "to": "PROB",
        "about": str(both.adult), "purpose": "What may we be told of the adult who stays there?",
        "lawful_basis": "public_task", "reply_by": "1 January 2100",
    }  # fmt: skip
    assert both.client("ines").post(f"/people/{both.child}/ask", sent).status_code == 302
    path = f"/people/{both.adult}/entries/{_id('LA', 'W00000000000000da')}"
    assert Delivery.objects.filter(user=both.users["hugh"], notice__path=path).count() == 1
    asked = both.page("hugh", path)
    assert "What may we be told of the adult who stays there?" in asked
    assert "Answer this request" in asked
    _shares(both, "hugh", both.adult, about=both.child, to="", holds="yes", said="On licence since Monday",
            answer=_id("LA", "W00000000000000da"))  # fmt: skip
    assert "On licence since Monday" in both.page("ines", f"/people/{both.child}/entries")
    assert "information is held" in both.page("ines", f"/people/{both.child}/entries")


def test_a_question_that_rests_on_what_nobody_may_know_of_points_to_nobody(both):
    hidden = home(both)
    raw = {"sensitivity": "protected_address"}
    concerns = [{"part": one.part, "record": one.record.ref, "agency": one.record.agency} for one in hidden.concerns]
    secret = scene.an_entry("secret", "people.household_stated", HOME, agency="LA", about=Record("LA", "L1"),
                            at=both.now - timedelta(days=9), summary=OURS, concerns=concerns, **raw)  # fmt: skip
    keep(both, secret, released(both))
    assert both.findings(both.child, "T19")
    assert not Delivery.objects.filter(notice__about="linked")
    assert "not named to you" not in both.page("hugh", f"/people/{both.adult}/share")


def _id(agency: str, ref: str) -> str:
    return str(writing.id_of(Key(agency, ref)))


def _shares(both, name, person, *, about=None, to="LA", **given) -> str:
    """Share, and return the id of the sharing entry."""
    sent = {
        "ref": "W00000000000000ca", "version": ledger.versions([person])[person], "step": "record", "to": to,
        "other": "", "about": str(about or ""), "purpose": "to plan together", "lawful_basis": "public_task",
        "family_told": "no", **given,
    }  # fmt: skip
    response = both.client(name).post(f"/people/{person}/share", sent)
    assert response.status_code == 302, response.content.decode()[:6000]
    return response.url.partition("/entries/")[2].partition("?")[0]


def test_of_a_question_that_rests_on_nothing_but_what_nobody_may_know_of_there_is_no_sign(both):
    seen = {"weight": "concern", "seen_or_told": "seen", "contradicts": ["x1"]}
    keep(both, scene.an_entry("h1", "safeguarding.observation", seen, agency="POL", about=Record("LA", "L1"),
                              at=both.now - timedelta(days=2), summary=THEIRS, sensitivity="lado"))  # fmt: skip
    (raised,) = both.findings(both.child, "T11")
    assert both.client("ines").get(f"/people/{both.child}/findings/T11/{quote(raised.key, safe='')}").status_code == 404
    for path in ("/", f"/people/{both.child}", f"/people/{both.child}/findings"):
        assert "Something that you may not read" not in both.page("ines", path)
        assert "cannot both be true" not in both.page("ines", path)


def test_what_was_told_of_the_adult_makes_no_licence_of_the_childs_record(both):
    _everything_recorded(both)
    _shares(both, "hugh", both.adult, about=both.child, entries=[_id("PROB", "r1")])
    page = both.page("ines", f"/people/{both.child}")
    assert f'href="/people/{both.child}/licence"' not in page
    assert f"{THEIRS} r1" in page
