"""Which agency knew of which injuries and of which statements about the home: the tables of a person's page."""

from __future__ import annotations

from collections.abc import Sequence

from throughcare.ledger.entry import Entry
from throughcare.safeguarding import injuries, state
from throughcare.web import words
from throughcare.web.case import Case
from throughcare.web.drawing import lane_order, mark_ref, when_said
from throughcare.web.pictures import knew


def matrices(
    case: Case, occasions: Sequence[list[Entry]], standing: state.Standing, holder: str
) -> tuple[knew.Matrix, ...]:
    """One table of the occasions of injury and one of the statements, where there are any."""
    columns = _columns(case, occasions, standing.household, holder)
    if not columns:
        return ()
    made = []
    if occasions:
        facts = tuple(_fact(case, columns, group, injuries.in_words(group)) for group in occasions)
        made.append(knew.Matrix(uid="occasions", title=words.many(len(occasions), "injury occasion"), first="Found",
                                columns=columns, facts=facts))  # fmt: skip
    said = [one for one in standing.household if one.happened.day]
    if said:
        facts = tuple(_fact(case, columns, [one], one.summary or "A statement") for one in said)
        title = words.many(len(said), "statement") + " about who lives here"
        made.append(knew.Matrix(uid="household", title=title[0].upper() + title[1:], first="Said", columns=columns,
                                facts=facts))  # fmt: skip
    return tuple(made)


def _columns(
    case: Case, occasions: Sequence[list[Entry]], household: Sequence[Entry], holder: str
) -> tuple[knew.Column, ...]:
    involved = {entry.agency for entry in case.about if entry.kind.startswith("safeguarding.")}
    return tuple(
        knew.Column(code=code, name=case.agency_name(code), short=short_name(case, code))
        for code in lane_order(case, holder, involved)
    )


_SHORT = {"la": "Council", "police": "Police", "education": "School", "housing": "Housing", "probation": "Probation"}


def short_name(case: Case, code: str) -> str:
    """At most nine letters for the head of a column: the sector's word, or the agency's code."""
    desk = case.desks.get(code)
    same = [one for one in case.desks.values() if desk and one.sector == desk.sector and one.code in _involved(case)]
    if desk and len(same) == 1 and desk.sector in _SHORT:
        return _SHORT[desk.sector]
    for word, short in (("hospital", "Hospital"), ("surgery", "GP"), ("visit", "Visitor"), ("school", "School"),
                        ("nursery", "Nursery"), ("ambulance", "Ambulance"), ("midwi", "Midwife")):  # fmt: skip
        if desk and word in desk.name.lower():
            return short
    return code[:9]


def _involved(case: Case) -> set[str]:
    return {entry.agency for entry in case.entries}


def _fact(case: Case, columns: Sequence[knew.Column], group: Sequence[Entry], what: str) -> knew.Fact:
    on = group[0].happened.day
    answers: list[knew.Knew] = []
    for column in columns:
        if any(entry.agency == column.code for entry in group):
            answers.append("own")
        else:
            answers.append("told" if any(case.knew(column.code, entry) for entry in group) else "no")
    return knew.Fact(
        when=words.short_day(on) if on else when_said(group[0]), iso=on.isoformat() if on else "", what=what,
        href=f"#{mark_ref(group[0])}", knew=tuple(answers),
    )  # fmt: skip
