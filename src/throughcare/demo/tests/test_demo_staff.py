"""The demonstration's staff exist nowhere, and are what the permission table knows."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from importlib.resources import files

from django.conf import settings

from throughcare.demo import staff, stories
from throughcare.ledger import kinds

STAFF = staff.read()
MATRIX = tomllib.loads(files("throughcare.access").joinpath("matrix.toml").read_text(encoding="utf-8"))


def test_roles_and_relations_are_those_of_the_permission_table() -> None:
    assert {one.role for one in STAFF.workers} <= MATRIX["roles"].keys()
    assert {one.kind for one in STAFF.ties} <= MATRIX["relations"].keys()


def test_every_role_of_a_page_can_be_tried() -> None:
    assert {"practitioner", "triage", "manager", "chair", "records", "reviewer", "guardian", "operator"} <= {
        one.role for one in STAFF.workers
    }


def test_every_tie_is_of_a_worker_to_a_record_of_a_life() -> None:
    known = kinds.load(settings.ROOMS)
    told = [stories.tell(name, timedelta(), known) for name in stories.names()]
    records = {record.record for one in told for record in one.life.records}
    emails = {one.email for one in STAFF.workers}
    for tie in STAFF.ties:
        assert tie.user in emails
        assert records.issuperset(tie.records), tie


def test_every_agency_of_a_life_has_a_desk_of_the_same_name() -> None:
    known = kinds.load(settings.ROOMS)
    desks = {one.code: (one.sector, one.name) for one in STAFF.desks}
    for name in stories.names():
        for agency in stories.tell(name, timedelta(), known).life.agencies.values():
            assert desks[agency.code] == (agency.sector, agency.name)


def test_nobody_can_be_rung_or_written_to() -> None:
    assert all(re.fullmatch(r"01632 960\d{3}", one.telephone) for one in STAFF.desks)
    assert all(one.email.endswith("@example.test") for one in STAFF.workers)


def test_a_gathering_of_information_ends_by_itself() -> None:
    assert all(tie.days for tie in STAFF.ties if tie.kind == "triage")
