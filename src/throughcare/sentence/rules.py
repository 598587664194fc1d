"""What must happen around a sentence, by which law: D30 to D32, D50 and D51. Figures stand in `law/timescales.toml`.

A key date that was worked out anew takes the place of the older one of its kind: only the newest starts a clock. News
to a victim (D52) has no fixed time and so no clock; `NEWS_ROW` says where that stands.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from throughcare.duties.calendar import Convention
from throughcare.duties.rules import Law, Rules, Timescale, on
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.sentence import state

LAW = Law.read("sentence", "timescales.toml")
NEWS_ROW = LAW.of("D52")[0]

_TAKEN_OVER = on(state.MOVED)


def _scale(rule: str, what: str, owner: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, rows=tuple(LAW.of(rule)), **parts)


def _counts(view: View, start: Entry, person: str) -> bool:
    """Is this key date the newest of its kind for the person? An older one starts no clock."""
    newest = view.folded(person, (state.KEY_DATE,), state.newest)
    return newest[str(start.body["date_kind"])].key == start.key


def _before_a_date(rule: str, what: str, owner: str, kinds: tuple[str, ...], met_by: Any) -> Timescale:
    """A clock that counts back from a key date, of one of these kinds."""
    return _scale(
        rule,
        what,
        owner,
        owing="probation",
        starts=tuple(on(state.KEY_DATE, date_kind=kind) for kind in kinds),
        met_by=(met_by,),
        convention=Convention.BEFORE,
        clock_from="value",
        only_if=_counts,
        links=False,
    )


TIMESCALES = (
    _before_a_date(
        "D30",
        "community manager takes over, indeterminate",
        "prison and probation",
        ("tariff_expiry", "target_hearing"),
        _TAKEN_OVER,
    ),
    _before_a_date("D31", "community manager takes over, determinate", "prison and probation", ("CRD",), _TAKEN_OVER),
    _before_a_date(
        "D32",
        "public-protection level set before release",
        "community offender manager",
        ("CRD",),
        on(state.LEVEL_SET),
    ),
    _scale(
        "D50",
        "refer the victim to the contact scheme",
        "police witness care",
        owing="police",
        starts=(on(state.IMPOSED, victim_scheme="yes"),),
        met_by=(on(state.REFERRED, sentence="@start"),),
        part="victim",
    ),
    _scale(
        "D51",
        "first contact with the victim",
        "victim liaison officer",
        owing="probation",
        starts=(on(state.REFERRED),),
        met_by=(on(state.CONTACTED, purpose="first_contact"),),
        part="victim",
    ),
)

RULES = Rules(TIMESCALES)
HAND_OVER = ("D30", "D31")
"""The clocks that a hand-over meets."""


# --- facts ----------------------------------------------------------------------------------------------------------


def standing(view: View, person: str) -> state.Standing | None:
    """Where a person stands in their sentence, by what a view holds. None where nothing is recorded here."""
    return state.fold(view.about(person, state.KINDS), find=lambda ref, agency: view.find(ref, agency=agency))


def facts(view: View, person: str, on: date) -> dict[str, object] | None:
    """The facts of this room for one person; None where nothing is recorded here."""
    stands = standing(view, person)
    if stands is None:
        return None
    return {
        "status": stands.status,
        "responsible": stands.responsible,
        "key_dates": {one.kind: one.value.isoformat() for one in stands.key_dates if one.counts},
    }
