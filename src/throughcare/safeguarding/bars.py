"""What lasts, on a person's page: protection plans, enquiries, and duties that ran late, as bars."""

from __future__ import annotations

from datetime import date

from throughcare.duties import queries as duties
from throughcare.ledger.entry import Entry, london_day
from throughcare.safeguarding import state
from throughcare.safeguarding.words import CATEGORY
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import mark_ref
from throughcare.web.pictures.values import Bar


def bars(case: Case, standing: state.Standing) -> tuple[Bar, ...]:
    """Plans, then enquiries, then late duties, up to the day that is looked at."""
    today = london_day(case.look.until)
    made = []
    for plan in state.plans([one for one in case.about if one.kind in state.PLAN_KINDS]):
        start, end = plan.made.happened.day, plan.ended.happened.day if plan.ended else None
        if start is not None:
            category = CATEGORY.get(plan.categories[-1].value, "") if plan.categories else ""
            label = f"Child protection plan{', ' + category if category else ''}"
            until = f" to {words.day(end)}" if end else ", still open"
            made.append(
                Bar(ref=f"plan-{mark_ref(plan.made)}", fill="plan", start=start, end=end, label=label,
                    name=f"{label}, from {words.day(start)}{until}")
            )  # fmt: skip
    made += [bar for entry in case.about if entry.kind == state.ENQUIRY and (bar := _enquiry(case, entry))]
    return (*made, *_late(case, today))


def _enquiry(case: Case, entry: Entry) -> Bar | None:
    start = entry.happened.day
    if start is None:
        return None
    done = next(
        (one for one in case.about if one.kind == state.ENQUIRY_DONE and _names(case, one, "enquiry", entry)), None
    )
    conference = next(
        (one for one in case.about if one.kind == state.INITIAL and one.happened.not_before(entry.happened)), None
    )
    end = next((one.happened.day for one in (done, conference) if one is not None), None)
    said = f"to {words.day(end)}" if end else "not completed"
    return Bar(ref=f"enquiry-{mark_ref(entry)}", fill="enquiry", start=start, end=end, label="Section 47 enquiry",
               name=f"Section 47 enquiry from {words.day(start)}, {said}")  # fmt: skip


def _names(case: Case, entry: Entry, field: str, other: Entry) -> bool:
    found = case.find(entry.body.get(field), entry.agency)
    return found is not None and found.key == other.key


def _late(case: Case, today: date) -> list[Bar]:
    """Duties that ran late: hatched from the day that was due to the day when it was done, or to this moment."""
    made = []
    by_name = {f"{one.agency}:{one.ref}": one for one in case.entries}
    for number, duty in enumerate(case.duties):
        if duty.state not in ("overdue", "met_late") or not duty.due or not duty.rule.startswith("S"):
            continue
        due = date.fromisoformat(duty.due[:10])
        met = by_name.get(duty.met_by or "")
        end = met.happened.day if met is not None else None
        if due < today and (end is None or end > due):
            label = f"{_what(duty.rule)} due {words.day_and_month(due)}"
            done = f"done {words.day(end)}" if end else "not done yet"
            lanes = (duty.agency,) if duty.rule == "S13" else ()
            made.append(
                Bar(ref=f"late-{duty.rule}-{number}", fill="silence", start=due, end=end, label=label,
                    name=f"{_what(duty.rule)}: due {words.day(due)}, {done}", lanes=lanes)
            )  # fmt: skip
    return made


def _what(rule: str) -> str:
    found = next((one for one in duties.rules().timescales if one.id == rule), None)
    return words.sentence(found.what).rstrip(".") if found else rule
