"""Who looked is there to be read by those who own the case and by guardians, and by nobody else."""

from __future__ import annotations

import pytest

REASON = "A child of this name is in front of me"


@pytest.fixture(autouse=True)
def in_the_demonstration(settings):
    """The demonstration’s people show no second factor."""
    settings.DEMO = True


def test_the_owner_reads_who_looked_and_why(here):
    here.client("sam").post(here.path("/break-glass"), {"reason": REASON})
    page = here.client("ines").get(here.path("/access")).content.decode()
    assert "Sam Reed" in page
    assert REASON in page
    assert "the glass was broken" in page


def test_whoever_does_not_own_the_case_does_not_read_the_log(here):
    assert here.client("joy").get(here.path("/access")).status_code == 404
    assert here.client("joy").get("/access-log").status_code == 404


def test_the_guardian_reads_the_log_of_all_and_no_name_of_a_child(here):
    here.client("ines").get(here.path())
    page = here.client("gil").get("/access-log").content.decode()
    assert "Ines Calder" in page
    assert "Wilf" not in page
    assert "Ines Calder" not in here.client("gil").get("/access-log?act=export").content.decode()
