"""Of every life of the checkout that has a sentence, the page says on each day what the replay says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from throughcare.access import accounts
from throughcare.access import actions as access
from throughcare.access.models import User
from throughcare.access.tests.walk import signed_in
from throughcare.alerts import actions as alerts
from throughcare.ledger import kinds, life
from throughcare.people import queries as people
from throughcare.project.replay import replay
from throughcare.project.rooms import ROOMS
from throughcare.sentence import words

pytestmark = pytest.mark.django_db

LIVES = Path(__file__).resolve().parents[4] / "tests" / "lives"
KINDS = kinds.load(ROOMS)


def with_sentences() -> list[Path]:
    return [one.parent for one in sorted(LIVES.glob("*/entries.csv")) if "sentence.imposed" in one.read_text("utf-8")]


def taken_in(told: life.Life, *, at: datetime) -> None:
    """The life as agencies' systems would have sent it, with its records joined as they truly are."""
    for code, agency in told.agencies.items():
        accounts.keep_agency(code, name=agency.name, sector=agency.sector, telephone="", contact="", at=at)
    alerts.record(list(told.entries), people=list(told.records), by="system:test", at=at, quiet=True)
    by_ref = {one.ref: one.record for one in told.records}
    for one in told.records:
        first = by_ref.get(one.same_as or "")
        found = people.persons_of([one.record, first]) if first else {}
        if first and found[one.record] != found[first]:
            alerts.decide_link(
                first, one.record, same=True, how="document", note="the same person, by the life's own word",
                role="records officer", agency=one.agency, by="system:test", at=at,
            )  # fmt: skip


@pytest.mark.parametrize("path", with_sentences(), ids=lambda path: path.name)
def test_the_page_says_what_the_replay_says(path: Path, db: None) -> None:
    now = datetime.now(UTC)
    told = life.read(path, KINDS)
    taken_in(told, at=now)
    agency = next(code for code, one in told.agencies.items() if one.sector == "casework")
    user = accounts.make_user("c@example.test", name="Cass Work", agency=agency, at=now, demonstration=True)
    accounts.give_role(user, "reviewer", at=now - timedelta(days=1), title="inquiry team member")
    client = signed_in(Client(), User.objects.get(id=user), at=datetime.now(UTC))
    sentenced = {one.who()[0] for one in told.entries if one.kind == "sentence.imposed"}
    days = sorted({date.fromisoformat(str(one.noted)[:10]) for one in told.entries})
    for record in sentenced:
        person = people.persons_of([record])[record]
        access.relate(person, "reviewer", user=user, at=now)
        key = next(one.same_as or one.ref for one in told.records if one.record == record)
        for on in days[:: max(1, len(days) // 8)]:
            facts = replay(told, on)["state"].get(key, {}).get("sentence")
            response = client.get(f"/people/{person}/sentence?known_on={on}")
            assert response.status_code == 200
            page = response.content.decode()
            if facts is None or facts["status"] is None:
                assert "No sentence is recorded" in page
            else:
                assert f'<p class="tc-lead">{words.STATUS[facts["status"]]}' in page, (on, facts)
            assert client.get(f"/people/{person}?known_on={on}").status_code == 200
