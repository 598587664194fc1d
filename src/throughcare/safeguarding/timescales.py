"""How long law and practice allow to act for a child. Declarations only; figures stand in `law/timescales.toml`.

Timescales are rows 1 to 40 of the safeguarding brief (S01 to S40) and A01. Left out until they can be said exactly:
S21 (not commenced) and S38 (about an authority, not a person); S31 to S34 and A02 belong to learning.
"""

from __future__ import annotations

from typing import Any

from throughcare.duties.calendar import Convention, Length, Period, Unit, add_months, due_day
from throughcare.duties.rules import Law, Timescale, length_of, on
from throughcare.duties.view import View
from throughcare.ledger.entry import Entry, When
from throughcare.safeguarding import state

LAW = Law.read("safeguarding", "timescales.toml")

_DIED = on("people.died")
_CLOSED = on("safeguarding.case_closed")
_REVIEW_ENDS = on("safeguarding.review_conference", decision=("end", "end_to_child_in_need"))
_PLAN_MADE = (
    on("safeguarding.initial_conference", plan="yes"),
    on("safeguarding.transfer_conference", plan="yes"),
)
_PLAN_VISIT = on("safeguarding.visit", purpose="protection_plan", seen="yes")
_IN_NEED_VISIT = on("safeguarding.visit", purpose="child_in_need_plan", seen="yes")
_IN_NEED_OVER = on("safeguarding.child_in_need_plan", step="ended")
PLACEMENT = "safeguarding.placement_started"
PROTECTION = "safeguarding.protection_started"
STEP = "safeguarding.looked_after_step"
_LAC_VISIT = on("safeguarding.visit", purpose="looked_after", seen="yes")
_MOVES_VISITS = frozenset({state.LOOKED_AFTER, STEP, PLACEMENT, PROTECTION, "safeguarding.protection_ended"})
_LOOKED_AFTER = on("safeguarding.looked_after", change="started")
_LOOKED_AFTER_OVER = on("safeguarding.looked_after", change="ended")
_LAC_REVIEW = on(STEP, step="review")


def _scale(rule: str, what: str, owner: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, rows=tuple(LAW.of(rule)), **parts)


# --- what a rule needs to know of the case ---------------------------------------------------------------------------


def plans_of(view: View, person: str) -> list[state.Plan]:
    """The protection plans of a child, in order."""
    return view.folded(person, state.PLAN_KINDS, state.plans)


def _on_plan(view: View, start: Entry, person: str) -> bool:
    """A visit starts a clock only while a plan is open; a conference that makes a plan always does."""
    return start.kind != state.VISIT or state.plan_at(plans_of(view, person), start.happened) is not None


def _plan_interval(view: View, start: Entry, person: str) -> Period | None:
    """The visiting interval that the child's own plan sets, at the time of the starting event."""
    plan = state.plan_at(plans_of(view, person), start.happened)
    setting = plan.interval_at(start.happened) if plan else None
    return (Length(int(setting.value), Unit.WORKING_DAY),) if setting else None


def _conference(view: View, start: Entry, person: str) -> str | None:
    kind = start.body.get("conference")
    return str(kind) if kind in ("initial", "review") else None


def _planned_before_birth(view: View, start: Entry, person: str) -> bool:
    """Was there a plan on the unborn child, or a pre-birth assessment that ended with one?"""
    if state.plan_at(plans_of(view, person), start.happened) is not None:
        return True
    assessed = view.of(person, "safeguarding.pre_birth_assessment")
    return any(
        one.body.get("step") == "ended" and one.body.get("plan") == "yes" and start.happened.not_before(one.happened)
        for one in assessed
    )


def _mother(view: View, start: Entry, person: str) -> str:
    return "mother_not_fit" if start.body.get("mother_not_fit") == "yes" else "usual"


def _which_review(view: View, start: Entry, person: str) -> str | None:
    """Which looked-after review is next: the first after care began, the second, or a later one."""
    if start.kind == state.LOOKED_AFTER:
        return "first"
    spells = state.looked_after_spells(view.of(person, state.LOOKED_AFTER))
    spell = next((one for one in reversed(spells) if one.open_at(start.happened)), None)
    if spell is None:
        return None
    held = [
        one
        for one in view.of(person, "safeguarding.looked_after_step")
        if one.body.get("step") == "review"
        and one.happened.not_before(spell.began.happened)
        and start.happened.not_before(one.happened)
    ]
    return "second" if len(held) == 1 else "later"


def _at_home(view: View, person: str, when: When) -> bool:
    """Was the child under an interim care order then, and living with a parent?"""
    for order in view.of(person, PROTECTION):
        if order.body.get("power") == "interim_care_order" and order.body.get("living_with_parent") == "yes":
            ended = view.naming("safeguarding.protection_ended", "started", order)
            if when.not_before(order.happened) and not any(when.not_before(one.happened) for one in ended):
                return True
    return False


def _placed(view: View, person: str, when: When) -> list[Entry]:
    """The placements that had begun by then, the oldest first."""
    return [one for one in view.of(person, PLACEMENT) if when.not_before(one.happened)]


def _in_placement(view: View, start: Entry, person: str) -> bool:
    """Is the child in a placement that S23 is about: looked after, and not at home under an interim care order?"""
    spells = state.looked_after_spells(view.of(person, state.LOOKED_AFTER))
    if spells and not any(spell.open_at(start.happened) for spell in spells):
        return False
    with_parent = start.kind == PLACEMENT and start.body.get("placement") == "with_parent"
    if start.kind == state.VISIT:
        placed = _placed(view, person, start.happened)
        with_parent = not placed or placed[-1].body.get("placement") == "with_parent"
    return not (with_parent and _at_home(view, person, start.happened))


def _which_visit(view: View, start: Entry, person: str) -> str | None:
    """The first visit in a placement, or the next; in a placement meant to last, after its first year, a later one."""
    if start.kind == PLACEMENT:
        return "first"
    placed = _placed(view, person, start.happened)
    if placed and placed[-1].body.get("long_term") == "yes":
        began, day = placed[-1].happened.day, start.happened.day
        if began is not None and day is not None and day >= add_months(began, 12):
            return "long_term_after_year_1"
    return "next"


def _living_at_home(view: View, start: Entry, person: str) -> bool:
    return start.kind != state.VISIT or _at_home(view, person, start.happened)


def _before_review(view: View, start: Entry, person: str) -> str:
    """Has the first review of this spell of care been held by then?"""
    spells = state.looked_after_spells(view.of(person, state.LOOKED_AFTER))
    since = next((one.began.happened for one in reversed(spells) if one.open_at(start.happened)), None)
    held = [
        one
        for one in view.of(person, STEP)
        if one.body.get("step") == "review"
        and start.happened.not_before(one.happened)
        and (since is None or one.happened.not_before(since))
    ]
    return "after" if held else "before_first_review"


def _extended(view: View, start: Entry, person: str) -> str:
    """A request for one's own data has longer where it was extended within the usual time."""
    usual = length_of(LAW.of("S36")[0], "usual", view.case.parameters.get("S36", {}))
    if usual is None or start.happened.day is None:
        return "usual"
    last = due_day(start.happened.day, usual, Convention.AFTER, days=view.case.days)
    for one in view.naming("access.subject_request", "request", start):
        if one.body.get("step") == "extended" and one.happened.day is not None and one.happened.day <= last:
            return "extended"
    return "usual"


# --- the declarations -----------------------------------------------------------------------------------------------

SEE_THE_CHILD = _scale(
    "S13",
    "see the child on the plan",
    "lead social worker",
    starts=(*_PLAN_MADE, _PLAN_VISIT),
    met_by=(_PLAN_VISIT,),
    not_required=(_REVIEW_ENDS, _CLOSED, _DIED),
    only_if=_on_plan,
    own_length=_plan_interval,
)

TIMESCALES = (
    _scale(
        "S01",
        "decide the type of response",
        "local authority manager",
        starts=(on("safeguarding.referral"),),
        met_by=(on("safeguarding.referral_decided", referral="@start"),),
    ),
    _scale(
        "S02",
        "complete the assessment",
        "lead practitioner",
        starts=(on("safeguarding.referral"),),
        met_by=(on("safeguarding.assessment_completed"),),
        not_required=(
            on("safeguarding.referral_decided", referral="@start", decision=("no_further_action", "early_help")),
            _CLOSED,
            _DIED,
        ),
    ),
    _scale(
        "S03",
        "internal review point of the assessment",
        "manager",
        starts=(on("safeguarding.assessment_started", internal_review_on="*"),),
        met_by=(on("safeguarding.action_done", action="@start"), on("safeguarding.assessment_completed")),
        due_from="internal_review_on",
    ),
    _scale(
        "S04",
        "hold the strategy discussion",
        "local authority with police and health",
        starts=(on("safeguarding.harm_suspected"),),
        met_by=(on("safeguarding.strategy_discussion"),),
    ),
    _scale(
        "S05",
        "see the child in the enquiry",
        "social worker, police",
        starts=(on("safeguarding.section47_started"),),
        met_by=(on("safeguarding.visit", purpose="section47", seen="yes"),),
        due_from="see_child_by",
    ),
    _scale(
        "S06",
        "hold the initial conference",
        "local authority manager",
        starts=(on("safeguarding.section47_started"),),
        met_by=(on("safeguarding.initial_conference"),),
        not_required=(on("safeguarding.section47_completed", enquiry="@start", conference_required="no"), _DIED),
        clock_from="discussion",
        moved_by=frozenset({"safeguarding.strategy_discussion"}),
    ),
    _scale(
        "S07",
        "hold the transfer-in conference",
        "receiving local authority",
        starts=(on("safeguarding.transfer", step="notified", on_plan="yes"),),
        met_by=(on("safeguarding.transfer_conference"),),
        not_required=(on("safeguarding.transfer", step="declined", notified="@start"),),
    ),
    _scale(
        "S08",
        "hold the first core group",
        "lead social worker",
        starts=(on("safeguarding.initial_conference", plan="yes"),),
        met_by=(on("safeguarding.core_group"),),
        not_required=(_REVIEW_ENDS, _CLOSED, _DIED),
    ),
    _scale(
        "S09",
        "hold the next core group",
        "lead social worker",
        starts=(on("safeguarding.core_group"),),
        met_by=(on("safeguarding.core_group"),),
        not_required=(_REVIEW_ENDS, _CLOSED, _DIED),
    ),
    _scale(
        "S10",
        "hold the first review conference",
        "conference chair",
        starts=(on("safeguarding.initial_conference", plan="yes"),),
        met_by=(on("safeguarding.review_conference"),),
        not_required=(_CLOSED, _DIED),
    ),
    _scale(
        "S11",
        "hold the next review conference",
        "conference chair",
        starts=(on("safeguarding.review_conference", decision="continue"),),
        met_by=(on("safeguarding.review_conference"),),
        not_required=(_CLOSED, _DIED),
    ),
    _scale(
        "S12",
        "report ready before the conference",
        "lead social worker",
        starts=(on("safeguarding.conference_booked", conference=("initial", "review")),),
        met_by=(on("safeguarding.report_ready", conference="@same"),),
        convention=Convention.BEFORE,
        clock_from="held_on",
        case=_conference,
    ),
    SEE_THE_CHILD,
    _scale(
        "S14",
        "review or core group after birth",
        "conference chair",
        starts=(on("people.born"),),
        met_by=(on("safeguarding.review_conference"), on("safeguarding.core_group")),
        only_if=_planned_before_birth,
        case=_mother,
    ),
    _scale(
        "S15",
        "visit on a child in need plan",
        "lead practitioner",
        starts=(on("safeguarding.child_in_need_plan", step="started"), _IN_NEED_VISIT),
        met_by=(_IN_NEED_VISIT,),
        not_required=(_IN_NEED_OVER, _CLOSED),
    ),
    _scale(
        "S15R",
        "review a child in need plan",
        "lead practitioner",
        starts=(on("safeguarding.child_in_need_plan", step=("started", "reviewed")),),
        met_by=(on("safeguarding.child_in_need_plan", step="reviewed"),),
        not_required=(_IN_NEED_OVER, _CLOSED),
    ),
    _scale(
        "S16",
        "police protection ends",
        "police",
        owing="police",
        starts=(on("safeguarding.protection_started", power="police_protection"),),
        met_by=(on("safeguarding.protection_ended", started="@start"),),
    ),
    _scale(
        "S17",
        "emergency protection order ends",
        "court, local authority",
        starts=(on("safeguarding.protection_started", power="emergency_protection_order"),),
        met_by=(on("safeguarding.protection_ended", started="@start"),),
        due_from="ends_at",
    ),
    _scale(
        "S18",
        "child assessment order ends",
        "court, local authority",
        starts=(on("safeguarding.protection_started", power="child_assessment_order"),),
        met_by=(on("safeguarding.protection_ended", started="@start"),),
        due_from="ends_at",
    ),
    _scale(
        "S19",
        "final order in care proceedings",
        "court",
        starts=(on("safeguarding.care_application_issued"),),
        met_by=(on("safeguarding.protection_started", final="yes"),),
    ),
    _scale(
        "S20",
        "step down or issue after the letter",
        "local authority legal",
        starts=(on("safeguarding.pre_proceedings", step="letter"),),
        met_by=(
            on("safeguarding.pre_proceedings", step=("stepped_down", "application")),
            on("safeguarding.care_application_issued"),
        ),
    ),
    _scale(
        "S22",
        "care plan",
        "local authority",
        starts=(on("safeguarding.placement_started", first="yes"),),
        met_by=(on("safeguarding.looked_after_step", step="care_plan"),),
    ),
    _scale(
        "S23",
        "visit in placement",
        "local authority",
        starts=(on(PLACEMENT), _LAC_VISIT),
        met_by=(_LAC_VISIT,),
        not_required=(_LOOKED_AFTER_OVER,),
        only_if=_in_placement,
        case=_which_visit,
        moved_by=_MOVES_VISITS,
    ),
    _scale(
        "S24",
        "visit under an interim care order at home",
        "local authority",
        starts=(on(PROTECTION, power="interim_care_order", living_with_parent="yes"), _LAC_VISIT),
        met_by=(_LAC_VISIT,),
        not_required=(on("safeguarding.protection_ended", started__power="interim_care_order"), _LOOKED_AFTER_OVER),
        only_if=_living_at_home,
        case=_before_review,
        moved_by=_MOVES_VISITS,
    ),
    _scale(
        "S25",
        "looked-after review",
        "independent reviewing officer",
        starts=(_LOOKED_AFTER, _LAC_REVIEW),
        met_by=(_LAC_REVIEW,),
        not_required=(_LOOKED_AFTER_OVER,),
        case=_which_review,
        moved_by=frozenset({"safeguarding.looked_after", "safeguarding.looked_after_step"}),
    ),
    _scale(
        "S26",
        "health assessment for the first review",
        "local authority, health",
        starts=(_LOOKED_AFTER,),
        met_by=(on("safeguarding.looked_after_step", step="health_assessment"),),
        not_required=(_LOOKED_AFTER_OVER,),
    ),
    _scale(
        "S27",
        "return interview offered",
        "local authority",
        starts=(on("safeguarding.missing", step="returned"),),
        met_by=(on("safeguarding.missing", step="interview_offered", episode="@same"),),
        links=False,
    ),
    _scale(
        "S28",
        "tell the designated officer",
        "employer",
        owing=None,
        starts=(on("safeguarding.reportable_concern", concern="position_of_trust"),),
        met_by=(on("safeguarding.reported", concern="@start", to="designated_officer"),),
    ),
    _scale(
        "S29",
        "report FGM to the police",
        "the professional who knows",
        owing=None,
        starts=(on("safeguarding.reportable_concern", concern="fgm"),),
        met_by=(on("safeguarding.reported", concern="@start", to="police"),),
    ),
    _scale(
        "S30",
        "report child sexual abuse",
        "the person in regulated activity",
        owing=None,
        starts=(on("safeguarding.reportable_concern", concern="child_sexual_abuse"),),
        met_by=(on("safeguarding.reported", concern="@start"),),
    ),
    _scale(
        "S35",
        "visit a private fostering arrangement",
        "local authority",
        starts=(on("safeguarding.private_fostering_notified"),),
        met_by=(on("safeguarding.visit", purpose="private_fostering", seen="yes"),),
    ),
    _scale(
        "S36",
        "answer a subject access request",
        "controller",
        owing=None,
        starts=(on("access.subject_request", step="received"),),
        met_by=(on("access.subject_request", step="answered", request="@start"),),
        case=_extended,
        moved_by=frozenset({"access.subject_request"}),
        links=False,
    ),
    _scale(
        "S37",
        "report a data breach",
        "controller",
        owing=None,
        starts=(on("access.data_breach", step="found"),),
        met_by=(on("access.data_breach", step="reported", breach="@start"),),
        about_nobody=True,
        links=False,
    ),
    _scale(
        "S39",
        "upload status to the national service",
        "local authority",
        starts=(*_PLAN_MADE, _REVIEW_ENDS, on("safeguarding.looked_after")),
        met_by=(on("safeguarding.register_uploaded", status_of="@start"),),
    ),
    _scale(
        "A01",
        "a step that was agreed is done by its day",
        "whom the meeting named",
        owing=None,
        starts=(on("safeguarding.action_agreed"),),
        met_by=(on("safeguarding.action_done", action="@start"),),
        not_required=(_DIED,),
        due_from="due",
    ),
)
