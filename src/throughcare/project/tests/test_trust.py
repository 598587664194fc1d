"""The trials of `bin/trust` in their smallest size: they run, they hold, and they leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from throughcare.project import trust
from throughcare.project.trials.outcome import Outcome, Wrongs

SOURCE = Path(trust.__file__).parents[2]


@pytest.mark.timeout(240)
def test_kills_crashes_and_races_leave_the_ledger_whole():
    """On an installation of its own: a durable server, a worker, a mail catcher."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-m", "throughcare.project.trust", "T1", "T3", "T25", "--smallest", "--seed", "5"],
        capture_output=True, text=True, timeout=220, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" held ") == 3, done.stdout


def test_what_does_not_hold_is_said_and_counted():
    wrongs = Wrongs(most=2)
    assert wrongs.check(True, "fine")
    for number in range(5):
        assert not wrongs.check(False, f"wrong {number}")
    outcome = wrongs.outcome("5 tried")
    assert not outcome.held
    assert list(outcome.wrong) == ["wrong 0", "wrong 1", "and 3 more"]
    assert Wrongs().outcome("5 tried") == Outcome(held=True, figures="5 tried", wrong=[])


def test_the_page_names_every_trial_of_the_plan_as_run_or_not_run():
    named = set(trust.SIZES) | {one for names in trust.NOT_RUN for one in names.split(", ")}
    assert named == {f"T{number}" for number in range(1, 31)}
