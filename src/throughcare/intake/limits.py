"""How much is taken at once, and how often. Every figure is inclusive."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MOST_BYTES: Final = 5 * 1024 * 1024  # of a request's body, or of one uploaded file
MOST_ENTRIES: Final = 1_000  # of one request; people likewise
MOST_FAULTS: Final = 1_000  # listed of one request
MOST_PERSONS: Final = 200  # different records that one entry may be about: more do not fit into its sealed head
MOST_AHEAD: Final = timedelta(days=1)  # by how much an agency's clock may be fast
