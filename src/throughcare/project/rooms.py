"""The list of rooms. A new practice is a new folder and one line here."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]

KERNEL = ("access", "ledger", "people", "duties", "alerts")
"""What every practice stands on, lowest first."""

PRACTICE = ("safeguarding", "sentence", "licence", "recall", "parole", "learning")
"""What agencies do with a person's case. Each has the same furniture."""

EDGES = ("web", "intake", "public", "population", "demo")
"""How records and people come in and go out."""

ROOMS = KERNEL + PRACTICE
"""Rooms whose `entries.py` (kinds) and `rules.py` (duties) are loaded when they exist, in this order."""

ALL = KERNEL + PRACTICE + EDGES
"""Every room but `project` itself."""


def has(room: str, part: str) -> bool:
    """Tell whether a room has a file or folder of this name, such as `urls.py`. Imports nothing."""
    return (_PACKAGE / room / part).exists()
