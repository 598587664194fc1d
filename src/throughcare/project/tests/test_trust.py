"""The trials of `bin/trust` in their smallest size: they run, they hold, and they leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from throughcare.project import trust
from throughcare.project.trials import holding, writing
from throughcare.project.trials.holding import Stored
from throughcare.project.trials.outcome import Outcome, Wrongs

SOURCE = Path(trust.__file__).parents[2]


@pytest.mark.timeout(290)
def test_kills_crashes_and_races_leave_the_ledger_whole():
    """On an installation of its own: a durable server, a worker, a mail catcher."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-m", "throughcare.project.trust", "T1", "T3", "T25", "--smallest", "--seed", "5"],
        capture_output=True, text=True, timeout=280, check=False, env=environment,
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


def test_a_trial_run_again_takes_its_old_place_and_says_that_it_failed_before():
    given = trust._arguments(["T1", "--quick"])
    failed, held = Outcome(held=False, figures="1 lost", wrong=["one is gone"]), Outcome(held=True, figures="0 lost.")
    first, other, second = (
        trust.Done(name=name, what="kills", outcome=outcome, seconds=1)
        for name, outcome in (("T1", failed), ("T2", held), ("T1", held))
    )
    old = trust._page([first, other], [], given)
    page = trust._again(old, [second], given)
    assert "one is gone" in old
    assert "one is gone" not in page
    assert "What did not hold" not in page
    assert page.count("| T1 |") == page.count("| T2 |") == 1
    assert "0 lost. Run again with --quick" in page
    assert "; an earlier try did not hold. | 1 | held |" in page
    assert "one is gone" in trust._again(page, [first], given)


def test_the_page_names_every_trial_of_the_plan_as_run_or_not_run():
    named = set(trust.SIZES) | {one for names in trust.NOT_RUN for one in names.split(", ")}
    assert named == {f"T{number}" for number in range(1, 31)}


RAW = {"agency": "LA", "ref": "1"}


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (Stored({("LA", "1"): "aa"}, 1), "0 lost, 0 double"),
        (Stored({}, 0), "1 lost, 0 double"),
        (Stored({("LA", "1"): "bb"}, 1), "1 lost, 0 double"),
        (Stored({("LA", "1"): "aa"}, 2), "0 lost, 1 double"),
        (Stored({("LA", "1"): "aa", ("LA", "2"): "cc"}, 2), "0 lost, 0 double"),
    ],
)
def test_what_was_lost_doubled_or_never_sent_is_noticed(there, said):
    remembered = writing.Remembered()
    remembered.sent["b"] = writing.Batch(name="b", raws=[RAW])
    remembered.kept["b"] = [("LA", "1", "aa")]
    wrongs = Wrongs()
    assert holding.acknowledged(remembered, there, wrongs).endswith(said)
    assert bool(wrongs.count) is (there != Stored({("LA", "1"): "aa"}, 1))


def test_a_journal_remembers_what_was_sent_and_kept_and_forgets_a_line_that_was_cut(tmp_path):
    journal = writing.Journal(tmp_path / "w.journal")
    for name in ("one", "two"):
        journal.sent(writing.Batch(name=name, raws=[RAW]))
    journal.kept(writing.Batch(name="one", raws=[RAW]), [])
    with (tmp_path / "w.journal").open("ab") as file:
        file.write(b'{"kept": "two", "recei')
    remembered = writing.read_journals(tmp_path)
    assert set(remembered.sent) == {"one", "two"}
    assert [one.name for one in remembered.open] == ["two"]
