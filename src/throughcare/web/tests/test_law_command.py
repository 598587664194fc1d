"""`throughcare law` prints what the page says."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def test_a_rule_is_printed_with_its_figure_mark_and_source(capsys):
    call_command("law", "--on", "2025-02-01")
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("D60  ")]
    assert "IPP: 3 years" in line
    assert "[L] CSA 1997 s.31A(3)" in line


def test_what_differs_is_printed_before_and_after(capsys):
    call_command("law", "--on", "2025-02-01", "--since", "2025-01-31")
    before, after = capsys.readouterr().out.splitlines()
    assert before.startswith("- D60")
    assert "10 years" in before
    assert after.startswith("+ D60")
    assert "3 years" in after


def test_what_waits_for_an_approver_is_said(capsys):
    call_command("law", "--on", "2026-11-25")
    assert "  not confirmed" in capsys.readouterr().out


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="Give it as YYYY-MM-DD"):
        call_command("law", "--on", "soon")
