"""What a recall adds to a person's page: in one line, its alerts, what is due, and its part of the life line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from throughcare.duties.calendar import england_and_wales
from throughcare.ledger.entry import Entry, london_day
from throughcare.recall import recording, rules, state
from throughcare.recall.forms import STEPS
from throughcare.recall.kinds_of_recall import WORDS as TYPE
from throughcare.recall.words import STATUS
from throughcare.web import law_words, words
from throughcare.web.case import Case
from throughcare.web.drawing import Drawing, mark_ref, when_said
from throughcare.web.parts import AtAGlance
from throughcare.web.pictures.life import Life, Spell
from throughcare.web.shell import Alert, Link


def drawing(case: Case) -> Drawing | None:
    """What a recall adds to a person's page; None where there is nothing to say and nothing to do."""
    standing = state.fold(case.about, find=case.find)
    if standing is None:
        return None
    actions = _actions(case)
    if not (standing.recalls or standing.not_recalled):
        return Drawing(actions=actions) if actions else None
    recall = standing.current
    return Drawing(
        sentence=sentence(recall) if recall is not None else "",
        alerts=_alerts(case, recall),
        glance=_glance(case, recall),
        actions=actions,
        life=Life(spells=tuple(spells(standing))),
    )


def menu(case: Case) -> tuple[tuple[str, str], ...]:
    """The page of the recall, in the person's menu, where anything of it is recorded."""
    there = any(one.kind in state.STEPS for one in case.about)
    return (("Recall", recording.path(case.person)),) if there else ()


def _actions(case: Case) -> tuple[Link, ...]:
    """The way to the recall, for those who may take a step of one."""
    may = any(recording.may_take(case, one) for one in STEPS.values())
    return (Link("Recall", recording.path(case.person)),) if may else ()


def sentence(recall: state.Recall) -> str:
    """Where the person stands in a recall, in one line."""
    match recall.status:
        case "agreed" if recall.agreed is not None:
            return f"Recall agreed {when_said(recall.agreed)}, not yet endorsed."
        case "requested" if recall.requested is not None:
            return f"Recall asked for {when_said(recall.requested)}, not yet decided."
        case "at_large" if recall.revoked is not None:
            where = "return not recorded" if recall.in_custody_when_asked else "not back in custody"
            return f"Licence revoked {when_said(recall.revoked)}, {where}."
        case "returned" if recall.returned is not None:
            kind = TYPE.get(recall.type or "", "").partition(":")[0]
            type_words = f": {words.small(kind)}" if kind else ""
            return f"Back in custody on recall since {when_said(recall.returned)}{type_words}."
        case "returned":
            return "Back in custody on recall."
    return f"{ended_words(recall)}."


def ended_words(recall: state.Recall) -> str:
    """How and when a recall ended."""
    by = recall.ended_by
    if by is None:
        return "Recall in progress"
    said = {
        state.AGAINST: "Recall decided against",
        state.RESCINDED: "Recall rescinded",
        state.RELEASED: "Released again after recall",
        state.DIED: "Recall ended by death",
    }.get(by.kind, "Recall over, with the sentence or licence")
    return f"{said} {when_said(by)}"


def _alerts(case: Case, recall: state.Recall | None) -> tuple[Alert, ...]:
    if recall is None or recall.status == "ended":
        return ()
    link = Link("The recall", recording.path(case.person) + case.look.query())
    if recall.status == "at_large" and recall.revoked is not None:
        if recall.in_custody_when_asked:
            return (
                Alert("warning", "Licence revoked", "In custody when it was asked for; return not recorded.", link),
            )
        day = recall.revoked.happened.day
        days = (london_day(case.look.until) - day).days if day else 0
        said = words.many(days, "day") if days else ""
        return (Alert("warning", f"Unlawfully at large since {when_said(recall.revoked)}", said, link),)
    strong = {"agreed": "Recall agreed", "requested": "Recall asked for"}.get(recall.status, "Recalled to custody")
    since = recall.returned if recall.status == "returned" else recall.requested or recall.agreed
    return (Alert("plan", strong, f"since {when_said(since)}" if since is not None else "", link),)


def _glance(case: Case, recall: state.Recall | None) -> tuple[AtAGlance, ...]:
    if recall is None:
        return ()
    link = Link("The recall", recording.path(case.person) + case.look.query())
    made = [AtAGlance("Recall", STATUS[recall.status], link=link)]
    due = rules.release_due(recall)
    if due is not None:
        made.append(AtAGlance("Release from recall due", words.day(due), roll_words(due)))
    return tuple(made)


def roll_words(due: date) -> str:
    """The hint beside a release day that is no working day; nothing where it is one."""
    roll = rules.release_roll(due, england_and_wales())
    if roll is None:
        return ""
    mark = law_words.mark_words(rules.LAW.of("release_roll")[0])
    return f"Not a working day. The working day before is {words.day(roll)}: a hint. {mark}"


def spells(standing: state.Standing) -> Iterator[Spell]:
    """At large from the revocation to the return, in custody from there to what ended the recall.

    Where only a month is known, its first day stands; what would then end before it begins is left out.
    """
    for recall in standing.recalls:
        ended, revoked = first_day(recall.ended_by), first_day(recall.revoked)
        returned = first_day(recall.returned)
        until = returned or ended
        at_large = revoked is not None and (until is None or until > revoked)
        if recall.revoked is not None and revoked is not None and at_large and not recall.in_custody_when_asked:
            ref = mark_ref(recall.revoked)
            yield Spell(kind="at_large", since=revoked, until=until, what="Unlawfully at large", ref=ref)
        if recall.returned is not None and returned is not None:
            since = max(returned, revoked or returned)
            kind = TYPE.get(recall.type or "", "").partition(":")[0]
            yield Spell(
                kind="custody",
                since=since,
                until=max(since, ended) if ended is not None else None,
                what=f"Custody on recall{f', {words.small(kind)}' if kind else ''}",
                ref=mark_ref(recall.returned),
            )


def first_day(entry: Entry | None) -> date | None:
    """The day of an entry, or the first of its month."""
    return None if entry is None else entry.happened.earliest
