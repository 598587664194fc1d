"""What must happen in a recall, and by which law: D40 to D42 and D44 to D46. Declarations only.

Figures stand in `law/timescales.toml`. D43, the later risk report, is uncertain: it has no due day here and never will
have one by guess. A release day on a weekend or a bank holiday is given as it is; `release_roll` is a hint beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from throughcare.duties.calendar import (
    BeyondCalendar,
    Convention,
    Length,
    Period,
    Unit,
    WorkingDays,
    due_day,
    england_and_wales,
)
from throughcare.duties.rules import MOST, Law, Rules, Timescale, length_of, named, on
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.recall import state

LAW = Law.read("recall", "timescales.toml")


def _scale(rule: str, what: str, owner: str, owing: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, owing=owing, rows=tuple(LAW.of(rule)), **parts)


# --- what a rule needs to know of the case ---------------------------------------------------------------------------


def _in_an_emergency(view: View, start: Entry, person: str) -> Period | None:
    """The shorter time to assess a request that was marked as an emergency; None for any other.

    A partnership may set `emergency`, in hours; what is no whole number of them is passed over for the law's.
    """
    if start.body.get("emergency") != "yes":
        return None
    given = view.case.parameters.get("D41", {}).get("emergency")
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST:
        given = int(LAW.of("D41")[0].figures["emergency"])
    return (Length(given, Unit.HOUR),)


def _fixed_type(view: View, start: Entry, person: str) -> str | None:
    """The type of the revocation that a return names, where it is for a fixed term."""
    revoked = named(view, start, "revocation")
    kind = revoked.body.get("type") if revoked is not None else None
    return str(kind) if str(kind).startswith("fixed_") else None


TIMESCALES = (
    _scale(
        "D40",
        "endorse and send the recall request",
        "head of the probation unit",
        "probation",
        starts=(on(state.AGREED),),
        met_by=(on(state.REQUESTED, agreed="@start"),),
        not_required=(on(state.AGAINST, of="@start"),),
    ),
    _scale(
        "D41",
        "assess the recall request",
        "casework section",
        "casework",
        starts=(on(state.REQUESTED),),
        met_by=(on(state.REVOKED, request="@start"),),
        not_required=(on(state.AGAINST, of="@start"),),
        own_length=_in_an_emergency,
    ),
    _scale(
        "D42",
        "send the recall dossier to the prison",
        "casework section",
        "casework",
        starts=(on(state.NOTIFIED),),
        met_by=(on(state.PAPERS, paper="first_dossier"),),
    ),
    _scale(
        "D44",
        "refer to the Board",
        "casework section",
        "casework",
        starts=(on(state.RETURNED, revocation__type="standard"),),
        met_by=(on(state.PAPERS, paper="second_dossier"), on("parole.dossier_disclosed")),
        not_required=(on(state.RELEASED), on(state.RESCINDED)),
    ),
    _scale(
        "D45",
        "release from a fixed-term recall",
        "casework section",
        "casework",
        starts=(on(state.RETURNED, revocation__type="fixed_*"),),
        met_by=(on(state.RELEASED, release="re_release"),),
        not_required=(on(state.RESCINDED), on(state.DECIDED, release="no")),
        convention=Convention.BEGIN_WITH,
        case=_fixed_type,
    ),
    _scale(
        "D46",
        "check a person at large",
        "casework section, with the police",
        "casework",
        starts=(on(state.CHECKED, next_check_on="*"),),
        met_by=(on(state.CHECKED), on(state.RETURNED)),
        # A return on the day of the check itself cannot be said to follow it, yet nobody is left to be checked; nor
        # is anybody after the revocation was rescinded.
        not_required=(on(state.RETURNED), on(state.RESCINDED)),
        due_from="next_check_on",
    ),
)

RULES = Rules(TIMESCALES)


# --- facts ----------------------------------------------------------------------------------------------------------


def standing(view: View, person: str) -> state.Standing | None:
    """Where a person stands, by what a view holds. None where there is nothing to recall from."""
    return state.fold(view.about(person, state.KINDS), find=lambda ref, agency: view.find(ref, agency=agency))


def release_due(recall: state.Recall, parameters: Any = None) -> date | None:
    """The last day of a fixed-term recall (D45), where one is owed and its start is known to the day.

    It is given as it is, on whatever day of the week it falls.
    """
    returned = recall.returned
    if recall.status != "returned" or returned is None or returned.happened.day is None or recall.kept:
        return None
    scale = next(one for one in TIMESCALES if one.id == "D45")
    figures = parameters or {}
    row = scale.row(returned.happened.day, figures)
    period = length_of(row, recall.type, figures) if row and (recall.type or "").startswith("fixed_") else None
    if period is None:
        return None
    return due_day(returned.happened.day, period, Convention.BEGIN_WITH, days=england_and_wales())


def release_roll(due: date | None, days: WorkingDays) -> date | None:
    """The working day before a release day that is none itself: a hint [K], never the due day. None: no need of it."""
    if due is None:
        return None
    try:
        if days.is_working(due):
            return None
        return days.before(due, 1)
    except BeyondCalendar:
        return None


def facts(view: View, person: str, on: date) -> dict[str, object] | None:
    """The facts of this room for one person; None where nothing is recorded here."""
    stands = standing(view, person)
    if stands is None:
        return None
    recall = stands.current
    due = release_due(recall, view.case.parameters.get("D45", {})) if recall else None
    roll = release_roll(due, view.case.days)
    return {
        "status": stands.status,
        "type": recall.type if recall else None,
        "release_due": due.isoformat() if due else None,
        "release_roll": roll.isoformat() if roll else None,
    }
