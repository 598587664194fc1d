"""The command line: what it answers, and that pure commands leave the database alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def throughcare(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "throughcare.project.cli", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_help_lists_the_commands():
    done = throughcare("--help")
    assert done.returncode == 0
    assert "serve" in done.stdout
    assert "worker" in done.stdout


def test_an_unknown_command_is_a_usage_error_without_a_traceback():
    done = throughcare("nonsense")
    assert done.returncode == 2
    assert done.stderr == "throughcare nonsense: there is no such command. `throughcare help` lists them.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("THROUGHCARE_DEMO", "perhaps"),
        ("THROUGHCARE_URL", "cases.example"),
        ("THROUGHCARE_SMTP", "mail.example"),
        ("THROUGHCARE_DB_ROLE", "god"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/none"),
    ],
)
def test_a_wrong_setting_is_one_sentence_and_exit_code_1(name, value):
    done = throughcare("showmigrations", **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert "Traceback" not in done.stderr


def test_a_pure_command_does_not_read_the_database_or_the_settings(tmp_path):
    program = """
import contextlib, sys
from throughcare.project import cli
with contextlib.suppress(SystemExit):
    cli.main(["replay", "--help"])
assert "django" not in sys.modules
"""
    environment = os.environ | {"DATABASE_URL": "nonsense", "THROUGHCARE_HOME": str(tmp_path / "none")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()
