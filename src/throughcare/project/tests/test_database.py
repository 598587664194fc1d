"""Which database is used, from which settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from throughcare.project import database


def test_without_an_address_the_embedded_database_is_used(tmp_path):
    settings = database.settings_for(Path("/home/a/.throughcare"), None)
    assert settings["HOST"] == "/home/a/.throughcare/run"
    assert settings["NAME"] == "throughcare"


def test_a_long_home_gets_a_short_socket_folder():
    folder = database.socket_dir(Path("/" + "long/" * 40))
    assert len(str(folder / ".s.PGSQL.5432.lock")) <= 103
    assert folder != database.socket_dir(Path("/" + "long/" * 41))


def test_an_address_is_taken_apart_and_keeps_its_options():
    settings = database.settings_for(Path("/x"), "postgresql://u%40x:p%2Fw@db.example:5433/cases?sslmode=verify-full")
    assert (settings["USER"], settings["PASSWORD"], settings["HOST"]) == ("u@x", "p/w", "db.example")
    assert (settings["PORT"], settings["NAME"]) == ("5433", "cases")
    assert settings["OPTIONS"] == {"sslmode": "verify-full"}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://h/n", "not a PostgreSQL address"),
        ("sqlite:///x", "not a PostgreSQL address"),
        ("postgresql://h:5432/", "names no database"),
        ("postgresql://h/n?nonsense=1", "cannot be read"),
    ],
)
def test_a_wrong_address_is_explained(url, says):
    with pytest.raises(database.DatabaseAddressWrong, match=says):
        database.settings_for(Path("/x"), url)


@pytest.mark.django_db
def test_the_server_is_new_enough():
    assert connection.ensure_connection() is None
    assert connection.pg_version >= database.OLDEST_VERSION
