"""The SQL of this room, by name: `sql/NAME.sql`."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def statement(name: str) -> str:
    """Return the text of a statement."""
    return resources.files("throughcare.ledger").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
