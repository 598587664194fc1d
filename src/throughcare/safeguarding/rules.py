"""What safeguarding asks for (`RULES`), and the facts that it gives of a child.

What must happen is declared in `timescales.py`, what must be asked in `thresholds/`, by theme.
"""

from __future__ import annotations

from typing import Any

from throughcare.duties.calendar import Convention, due_day
from throughcare.duties.rules import Rules, length_of
from throughcare.duties.view import View
from throughcare.safeguarding import state
from throughcare.safeguarding.thresholds import (
    adults,
    appointments,
    attendances,
    bridge,
    contacts,
    explanations,
    household,
    injuries,
    meetings,
    missing,
    plans,
    sharing,
    statements,
    visits,
    waiting,
)
from throughcare.safeguarding.timescales import LAW, TIMESCALES

_THEMES = (
    *(injuries, explanations, sharing, attendances, appointments, visits, household, statements),
    *(meetings, contacts, plans, adults, bridge, missing, waiting),
)

THRESHOLDS = tuple(sorted((one for theme in _THEMES for one in theme.THRESHOLDS), key=lambda one: one.id))

RULES = Rules(TIMESCALES, THRESHOLDS)


# --- facts ----------------------------------------------------------------------------------------------------------


def standing(view: View, person: str) -> state.Standing | None:
    """Where a child stands, by what a view holds. None where nothing is recorded here."""
    entries = sorted(view.all_about(person), key=view.order)
    return state.fold(entries, find=lambda ref, agency: view.find(ref, agency=agency))


def facts(view: View, person: str, on: Any = None) -> dict[str, object] | None:
    """The facts of this room for one person, as plain values; None where nothing is recorded here."""
    stands = standing(view, person)
    if stands is None:
        return None
    return {
        "status": stands.status,
        "category": stands.category,
        "injuries": stands.injuries,
        "injury_occasions": stands.injury_occasions,
        "responsible": stands.responsible,
        "shown_nationally_until": _shown_until(view, stands),
    }


def _shown_until(view: View, stands: state.Standing) -> str | None:
    """Until when the national service still shows a status that has ended (S40)."""
    if stands.status_ended_on is None:
        return None
    length = length_of(LAW.of("S40")[0], None, view.case.parameters.get("S40", {}))
    if length is None:
        return None
    return due_day(stands.status_ended_on, length, Convention.AFTER, days=view.case.days).isoformat()
