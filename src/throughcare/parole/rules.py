"""What must happen in a parole review, and by which law: D01 to D23 and A03. Declarations only.

Figures stand in `law/timescales.toml`. D05, D06, D13 and D15 are uncertain and D21 has no fixed time: they have no day
here, and never will have one by guess. Each listing has its own last days (D07, D11, D12, D14): which of two binds when
a hearing moves is uncertain, and both are shown.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from throughcare.duties.calendar import Convention
from throughcare.duties.rules import Law, Rules, Timescale, on
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry
from throughcare.parole import state
from throughcare.sentence import state as sentence

LAW = Law.read("parole", "timescales.toml")

_INDETERMINATE = frozenset(one for one, group in sentence.GROUPS.items() if group == "indeterminate")
_BEFORE_FIRST_RELEASE = frozenset({"extended", "sopc"})
_AFTER_RECALL = _BEFORE_FIRST_RELEASE | {"standard"}
_REFUSED = (on(state.DECIDED, outcome="release_refused"),)
_REFERRED = (on(state.DISCLOSED),)
_OUT = (on(state.RELEASED), on(sentence.ENDED))
_LISTED = on(state.LISTED, status="listed")


def _scale(rule: str, what: str, owner: str, owing: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, owing=owing, rows=tuple(LAW.of(rule)), **parts)


# --- what a rule needs to know of the case ---------------------------------------------------------------------------


def _sentenced_to(view: View, person: str, at: Entry) -> set[str]:
    """The types of all sentences that had been passed on a person when something happened."""
    passed = [one for one in view.of(person, sentence.IMPOSED) if at.happened.not_before(one.happened)]
    return {str(one.body["type"]) for one in passed}


def _recalled(view: View, person: str, at: Entry) -> bool:
    """Had the person been recalled, and the recall not been undone, when something happened?"""
    undone = {one.body["revocation"] for one in view.of(person, sentence.RESCINDED)}
    return any(
        at.happened.not_before(one.happened) and one.ref not in undone for one in view.of(person, sentence.REVOKED)
    )


def _indeterminate(view: View, start: Entry, person: str) -> bool:
    return bool(_sentenced_to(view, person, start) & _INDETERMINATE)


def _recalled_determinate(view: View, start: Entry, person: str) -> bool:
    types = _sentenced_to(view, person, start)
    return not types & _INDETERMINATE and bool(types & _AFTER_RECALL) and _recalled(view, person, start)


def _before_first_release(view: View, start: Entry, person: str) -> bool:
    types = _sentenced_to(view, person, start)
    return not types & _INDETERMINATE and bool(types & _BEFORE_FIRST_RELEASE) and not _recalled(view, person, start)


def _newest_date(view: View, start: Entry, person: str) -> bool:
    """Is this key date the newest of its kind? An older one starts no clock."""
    newest = view.folded(person, (sentence.KEY_DATE,), sentence.newest)
    return newest[str(start.body["date_kind"])].key == start.key


def _next_reference(rule: str, what: str, only_if: Any, **parts: Any) -> Timescale:
    """A clock from a refusal to the next time that the case is referred."""
    return _scale(
        rule,
        what,
        "casework section, for the Secretary of State",
        "casework",
        starts=_REFUSED,
        met_by=_REFERRED,
        not_required=_OUT,
        only_if=only_if,
        **parts,
    )


def _before_a_hearing(rule: str, what: str, owner: str, owing: str, **parts: Any) -> Timescale:
    """A clock that counts back from the day for which a hearing was listed."""
    return _scale(
        rule, what, owner, owing, starts=(_LISTED,), convention=Convention.BEFORE, clock_from="held_on", **parts
    )


TIMESCALES = (
    _next_reference("D01", "refer again, indeterminate sentence", _indeterminate, convention=Convention.BEGIN_WITH),
    _next_reference("D02", "refer again, recalled determinate sentence", _recalled_determinate),
    _next_reference("D03", "refer again before first release, extended or special custodial", _before_first_release),
    _scale(
        "D04",
        "open the review",
        "casework section",
        "casework",
        starts=(on(sentence.KEY_DATE, date_kind="target_hearing"),),
        met_by=(on(state.OPENED),),
        convention=Convention.BEFORE,
        clock_from="value",
        only_if=_newest_date,
    ),
    _before_a_hearing(
        "D07",
        "ask to withhold material",
        "Secretary of State",
        "casework",
        nature="window",
        met_by=(on(state.APPLIED, application="withholding"),),
    ),
    _scale(
        "D08",
        "ask a member to decide a direction of staff again",
        "a party",
        "casework",
        nature="window",
        starts=(on(state.DIRECTED, by="staff"),),
        met_by=(on(state.APPLIED, application="direction_review", about="@start"),),
    ),
    _scale(
        "D09",
        "give the paper decision to the parties",
        "Parole Board",
        "parole_board",
        starts=(on(state.DECIDED, stage="paper"),),
        met_by=(on(state.PROVIDED, decision="@start"),),
    ),
    _scale(
        "D10",
        "ask for an oral hearing",
        "the prisoner",
        "casework",
        nature="window",
        starts=(on(state.PROVIDED, decision__stage="paper", decision__outcome="release_refused"),),
        met_by=(on(state.APPLIED, application="oral_hearing"),),
    ),
    _before_a_hearing(
        "D11",
        "ask for a witness",
        "a party",
        "casework",
        nature="window",
        met_by=(on(state.APPLIED, application="witness"),),
    ),
    _before_a_hearing(
        "D12",
        "ask for a public hearing",
        "anyone",
        "parole_board",
        nature="window",
        met_by=(on("parole.public_hearing_applied", hearing="@start"),),
    ),
    _before_a_hearing(
        "D14",
        "give notice of the hearing",
        "Parole Board",
        "parole_board",
        met_by=(_LISTED,),
        links=False,
        self_meets=True,
    ),
    _scale(
        "D16",
        "write the decision after the hearing",
        "Parole Board",
        "parole_board",
        starts=(on(state.CLOSED),),
        met_by=(on(state.DECIDED, stage="oral"),),
    ),
    _scale(
        "D17",
        "ask for reconsideration",
        "a party",
        "casework",
        nature="window",
        starts=(on(state.PROVIDED, decision__status="provisional"),),
        met_by=(on(state.CHALLENGED, challenge="reconsideration", decision="@start.decision"),),
    ),
    _scale(
        "D18",
        "reply to the application for reconsideration",
        "the other party",
        "casework",
        nature="window",
        starts=(on(state.CHALLENGED, challenge="reconsideration"),),
        met_by=(on("parole.challenge_answered", challenge="@start"),),
    ),
    _scale(
        "D19",
        "ask to set aside a final decision",
        "a party, or the chair of the Board",
        "casework",
        nature="window",
        starts=(on(state.FINAL),),
        met_by=(on(state.CHALLENGED, challenge="set_aside", decision="@start.decision"),),
    ),
    _scale(
        "D20",
        "ask for a summary of the decision",
        "a victim, or anyone",
        "parole_board",
        nature="window",
        starts=(on(state.DECIDED, stage=("oral", "paper")),),
        met_by=(on(state.APPLIED, application="summary"),),
    ),
    _scale(
        "D22",
        "serve the claim in the High Court",
        "Secretary of State",
        "casework",
        starts=(on(state.COURT, step="claim_filed"),),
        met_by=(on(state.COURT, step="papers_served", claim="@start"),),
        links=False,
    ),
    _scale(
        "D23",
        "file the certificate of service",
        "Secretary of State",
        "casework",
        starts=(on(state.COURT, step="papers_served"),),
        met_by=(on(state.COURT, step="certificate"),),
        links=False,
    ),
    _scale(
        "A03",
        "meet a direction of the Board by its day",
        "whom the direction names",
        "parole_board",
        starts=(on(state.DIRECTED, due="*"),),
        met_by=(on("parole.direction_met", direction="@start"),),
        due_from="due",
    ),
)

RULES = Rules(TIMESCALES)


def facts(view: View, person: str, on: date) -> dict[str, object] | None:
    """The facts of this room for one person; None where nothing is recorded here and no sentence was passed."""
    entries = view.about(person, state.KINDS)
    stands = state.fold(entries, find=lambda ref, agency: view.find(ref, agency=agency))
    if stands is None and view.of(person, sentence.IMPOSED):
        stands = state.Standing()
    if stands is None:
        return None

    def said(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        "status": stands.status,
        "direction_on": said(stands.direction_on),
        "final_on": said(stands.final_on),
        "left_on": said(stands.left_on),
        "public_visible": [{"fact": fact, "from": said(day)} for fact, day in stands.public],
    }
