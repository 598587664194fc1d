"""What must happen after a serious incident, and by which law: S31 to S34, and A02 for recommendations.

Declarations only; figures stand in `law/timescales.toml`. A recommendation that is "done" without evidence is not
done: only evidence, or an effect that was shown, meets it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from throughcare.duties.calendar import Convention
from throughcare.duties.rules import Law, Rules, Timescale, on
from throughcare.duties.view import View
from throughcare.learning import state

LAW = Law.read("learning", "timescales.toml")


def _scale(rule: str, what: str, owner: str, **parts: Any) -> Timescale:
    return Timescale(id=rule, what=what, owner=owner, rows=tuple(LAW.of(rule)), **parts)


TIMESCALES = (
    _scale(
        "S31",
        "notify the national panel",
        "local authority",
        starts=(on("learning.incident_known"),),
        met_by=(on("learning.incident_notified", incident="@start"),),
    ),
    _scale(
        "S32",
        "submit the rapid review",
        "safeguarding partners",
        starts=(on("learning.incident_notified"),),
        met_by=(on("learning.rapid_review_submitted", notification="@start"),),
    ),
    _scale(
        "S33",
        "publish the practice review",
        "safeguarding partners",
        starts=(on("learning.practice_review", step="decided"),),
        met_by=(on("learning.practice_review", step="published"),),
        links=False,
    ),
    _scale(
        "S34",
        "send the review before publication",
        "safeguarding partners",
        starts=(on("learning.practice_review", step="publication_planned"),),
        met_by=(on("learning.practice_review", step="sent"),),
        convention=Convention.BEFORE,
        clock_from="publish_on",
        links=False,
    ),
    _scale(
        "A02",
        "a recommendation is done by its day",
        "whom the review named",
        owing=None,
        starts=(on("learning.recommendation_made"),),
        met_by=(
            on(
                "learning.recommendation_updated",
                recommendation="@start",
                status=("done_with_evidence", "effect_shown"),
            ),
        ),
        not_required=(on("learning.recommendation_updated", recommendation="@start", status="rejected"),),
        due_from="due",
    ),
)

RULES = Rules(TIMESCALES)


def facts(view: View, person: str, on: date) -> dict[str, object] | None:
    """The facts of this room for one person; None where nothing is recorded here."""
    entries = sorted(view.all_about(person), key=view.order)
    stands = state.fold(entries, find=lambda ref, agency: view.find(ref, agency=agency))
    if stands is None:
        return None
    return {"status": stands.status, "recommendations": stands.recommendations}
