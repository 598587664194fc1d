"""Codes that more than one room uses. Codes of a single room stand in that room's `entries.py`."""

from __future__ import annotations

from typing import Literal

YesNo = Literal["yes", "no", "unknown"]

Basis = Literal["seen", "words_of_child", "told", "opinion", "document", "third_party", "anonymous"]
"""How the writer knows it. Left empty where it was not said."""

Label = Literal[
    "standard",
    "health",
    "police",
    "victim",
    "court",
    "legal",  # legal professional privilege
    "lado",  # an allegation against somebody who works with children
    "adoption",
    "protected_address",
    "third_party",
    "staff_related",  # the case of a colleague or of a colleague's family
    "source_protected",  # the source is protected
]
"""How sensitive an entry is, and so who may read it. There is no order among the labels but "standard" first."""

Sector = Literal[
    "la",
    "police",
    "health",
    "education",
    "probation",
    "prison",
    "parole_board",
    "casework",  # the public protection casework of the ministry
    "court",
    "legal",
    "housing",
    "voluntary",
    "national_panel",
    "other",
]
"""What sort of agency it is."""

StatedBy = Literal[
    "self",
    "mother",
    "father",
    "other_family",
    "neighbour",
    "practitioner_saw",
    "document",
    "anonymous",
    "other",
    "unknown",
]
"""Who said so."""

EndReason = Literal["expired", "terminated", "quashed", "deceased", "other"]
"""Why a sentence or a licence ended."""
