"""Settings from the environment: what is accepted, and what a wrong one says."""

from __future__ import annotations

import stat

import pytest

from throughcare.project import environment
from throughcare.project.environment import SettingWrong


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "８０００", "80.5", "1e3"])
def test_a_port_that_is_none_is_refused_with_what_would_be_right(monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    with pytest.raises(SettingWrong, match=r"^PORT: is .* Give a whole number from 1 to 65535\.$"):
        environment.number("PORT", 8000, least=1, most=65535)


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_setting_means_the_default(monkeypatch, value):
    monkeypatch.setenv("PORT", value)
    assert environment.number("PORT", 8000, least=1, most=65535) == 8000


def test_a_flag_takes_yes_and_no_only(monkeypatch):
    monkeypatch.setenv("THROUGHCARE_DEMO", "Yes")
    assert environment.flag("THROUGHCARE_DEMO")
    monkeypatch.setenv("THROUGHCARE_DEMO", "maybe")
    with pytest.raises(SettingWrong, match="Give 1 or 0"):
        environment.flag("THROUGHCARE_DEMO")


def test_a_home_that_is_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("THROUGHCARE_HOME", str(tmp_path / "file"))
    with pytest.raises(SettingWrong, match="is a file"):
        environment.home(tmp_path)


def test_a_relative_home_becomes_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("THROUGHCARE_HOME", "data")
    assert environment.home(tmp_path) == tmp_path / "data"


def test_a_secret_is_made_once_and_readable_by_this_user_only(monkeypatch, tmp_path):
    monkeypatch.delenv("THROUGHCARE_SECRET_KEY", raising=False)
    kept = tmp_path / "home" / "secret-key"
    first = environment.secret("THROUGHCARE_SECRET_KEY", kept)
    assert len(first) >= 50
    assert environment.secret("THROUGHCARE_SECRET_KEY", kept) == first
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(kept.parent.iterdir()) == [kept]


def test_a_short_or_broken_secret_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("THROUGHCARE_SECRET_KEY", "short")
    with pytest.raises(SettingWrong, match="has 5 characters"):
        environment.secret("THROUGHCARE_SECRET_KEY", tmp_path / "secret-key")
    monkeypatch.delenv("THROUGHCARE_SECRET_KEY")
    (tmp_path / "secret-key").write_text("cut")
    with pytest.raises(SettingWrong, match="is broken"):
        environment.secret("THROUGHCARE_SECRET_KEY", tmp_path / "secret-key")
