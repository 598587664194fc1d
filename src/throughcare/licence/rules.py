"""What must happen on licence, and by which law: D33 to D38, D60 and D61; D62 as a fact. Declarations only.

Figures stand in `law/timescales.toml`. D60 and the dates of ending are read with the law of the day asked about. D61 is
no deadline: it opens a right, from the day that a partnership's approver sets, and nothing is late by not asking.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from throughcare.duties.calendar import Convention
from throughcare.duties.rules import Rules, Timescale, on
from throughcare.duties.view import View
from throughcare.ledger.entry import LONDON, Entry, Precision, When
from throughcare.licence import ending, state
from throughcare.sentence import state as sentence

LAW = ending.LAW
_DIED = on("people.died")
_ENDED = on(state.ENDED)


def _scale(rule: str, what: str, owner: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, rows=tuple(LAW.of(rule)), **{"owing": "probation", **parts})


# --- what a rule needs to know of the case ---------------------------------------------------------------------------


def _urgency(view: View, start: Entry, person: str) -> str | None:
    """How soon an application must be assessed; None where nobody has said."""
    urgency = start.body.get("urgency")
    return str(urgency) if urgency else None


def _received(view: View, start: Entry, person: str) -> When:
    """From when an application counts: what came in after the last hour of a day, from the next working day."""
    figures = LAW.of("D33")[0].figures
    at = start.happened.at
    if at is None or at.astimezone(LONDON).time() <= time.fromisoformat(figures["latest"]):
        return start.happened
    day = view.case.days.after(at.astimezone(LONDON).date(), 1)
    opens = datetime.combine(day, time.fromisoformat(figures["counts_from"]), LONDON)
    return When(Precision.MINUTE, at=opens.astimezone(UTC))


def _newest(view: View, start: Entry, person: str) -> bool:
    """Is this the newest date of its kind? Only that one starts a clock."""
    newest = view.folded(person, (sentence.KEY_DATE,), sentence.newest)
    return newest[str(start.body["date_kind"])].key == start.key


def course(view: View, person: str) -> ending.Course | None:
    """The course of the person's sentence for public protection, by what a view holds."""
    return view.folded(person, ending.KINDS, ending.course)


def _kind(view: View, start: Entry, person: str) -> str | None:
    """Which sentence for public protection this is the first release under; None: under none."""
    found = course(view, person)
    return found.kind if found and found.first is not None and found.first.key == start.key else None


def _may_ask(view: View, start: Entry, person: str) -> bool:
    """Does this release begin a run that can lead to a request: unbroken, or used before it was broken?"""
    found = course(view, person)
    run = found.run_of(start) if found else None
    if run is None:
        return False
    asked = view.of(person, state.END_REQUESTED)
    return run.broken is None or any(
        one.happened.not_before(start.happened) and run.broken.happened.not_before(one.happened) for one in asked
    )


def _run_since(view: View, start: Entry, person: str) -> date | None:
    """The first day that counts of the run which a release began; None where that is uncertain."""
    found = course(view, person)
    return ending.run_that_counts(found, start) if found else None


# --- the declarations -----------------------------------------------------------------------------------------------

TIMESCALES = (
    _scale(
        "D33",
        "assess an approved premises application",
        "approved premises assessor",
        starts=(on(state.PREMISES, step="requested", urgency="*", after_parole="no"),),
        met_by=(on(state.PREMISES, step="assessed", request="@start"),),
        not_required=(_DIED,),
        case=_urgency,
        counts_from=_received,
        links=False,
    ),
    _scale(
        "D34",
        "assess a premises request after a parole decision",
        "approved premises assessor",
        starts=(on(state.PREMISES, step="requested", after_parole="yes"),),
        met_by=(on(state.PREMISES, step="assessed", request="@start"),),
        not_required=(_DIED,),
        links=False,
    ),
    _scale(
        "D35",
        "normal editing of a licence closes",
        "community offender manager and prison",
        starts=(on(sentence.KEY_DATE, date_kind="CRD"),),
        met_by=(on(state.APPROVED),),
        not_required=(_DIED,),
        convention=Convention.BEFORE,
        clock_from="value",
        only_if=_newest,
        moved_by=frozenset({sentence.KEY_DATE}),
    ),
    _scale(
        "D36",
        "first appointment",
        "community offender manager",
        starts=(on(state.RELEASED),),
        met_by=(on(state.APPOINTMENT, purpose="first", kept="yes"),),
        not_required=(_DIED,),
        at_hour=str(LAW.of("D36")[0].figures["at_hour"]),
    ),
    _scale(
        "D37",
        "review of an emergency licence",
        "community offender manager",
        starts=(on(state.APPROVED, form="emergency"),),
        met_by=(on(state.APPROVED, form="standard"),),
        not_required=(_DIED,),
        links=False,
    ),
    _scale(
        "D38",
        "report after travel",
        "the person on licence",
        starts=(on(state.TRAVEL),),
        met_by=(on(state.APPOINTMENT, purpose="after_travel", kept="yes"),),
        not_required=(_DIED,),
    ),
    _scale(
        "D60",
        "reference at the end of the qualifying period",
        "Secretary of State, through casework",
        owing="casework",
        starts=(on(state.RELEASED, release="first"),),
        met_by=(on("parole.review_opened", review="licence_end"),),
        not_required=(_ENDED, _DIED),
        convention=Convention.BEGIN_WITH,
        case=_kind,
        law_of="asked",
        moved_by=frozenset({ending.SENTENCE}),
    ),
    _scale(
        "D61",
        "ask for a reference after one continuous year",
        "the person on licence",
        starts=(on(state.RELEASED),),
        met_by=(on(state.END_REQUESTED),),
        not_required=(_ENDED, _DIED),
        nature="opening",
        counts_from=_run_since,
        only_if=_may_ask,
        law_of="asked",
    ),
)

RULES = Rules(TIMESCALES)


# --- facts ----------------------------------------------------------------------------------------------------------


def standing(view: View, person: str) -> state.Standing | None:
    """Where a person stands on licence, by what a view holds. None where nothing is recorded here."""
    entries = sorted(view.all_about(person), key=view.order)
    return state.fold(entries, find=lambda ref, agency: view.find(ref, agency=agency))


def facts(view: View, person: str, on: date) -> dict[str, object] | None:
    """The facts of this room for one person, under the law of a day.

    None where nothing is recorded here and no sentence was passed from which a licence could come.
    """
    stands = standing(view, person)
    if stands is None and view.of(person, sentence.IMPOSED):
        stands = state.NOWHERE
    if stands is None:
        return None
    found = course(view, person)
    ends = ending.ending(found, on, view.case.parameters) if found else None
    return {
        "status": stands.status,
        "policy_version": stands.policy_version,
        "conditions": stands.conditions,
        "bespoke": stands.bespoke,
        "qualifying_end": _text(ends.qualifying_end if ends else None),
        "automatic_end": _text(ends.automatic_end if ends else None),
        "earliest_request": _text(ends.earliest_request if ends else None),
        "questions": list(ends.questions) if ends else [],
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None
