"""Where a person stands in a recall: a pure fold. No database, no clock.

A recall is read by what its steps name: the request names what was agreed, the revocation the request, the return the
revocation. So a return that was noted late, or that came before the revocation because the person was in custody
already, belongs to its own recall, whatever the order. A step that names nothing that is known goes to the recall in
progress at that time.

Telling the casework section of a return, and checks, move nothing: only what stands in `life-format.md`, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from throughcare.ledger.entry import Entry, Key

AGREED, REQUESTED, AGAINST = "recall.agreed", "recall.requested", "recall.decided_against"
REVOKED, CHECKED, RETURNED = "recall.revoked", "recall.checked_at_large", "recall.returned"
NOTIFIED, INFORMED, PAPERS = "recall.return_notified", "recall.informed", "recall.papers_sent"
DECIDED, RESCINDED = "recall.re_release_decided", "recall.rescinded"
RELEASED, LICENCE_ENDED, SENTENCE_ENDED, DIED = (
    "licence.released",
    "licence.ended",
    "sentence.ended",
    "people.died",
)
REFERRED, BOARD_DECIDED = "parole.dossier_disclosed", "parole.decision_issued"
BREACH = "licence.breach_alleged"
BREACH_DECIDED = "licence.breach_decided"

STEPS = (AGREED, REQUESTED, AGAINST, REVOKED, CHECKED, RETURNED, NOTIFIED, INFORMED, PAPERS, DECIDED, RESCINDED)
KINDS = (*STEPS, RELEASED, LICENCE_ENDED, SENTENCE_ENDED, DIED, REFERRED, BOARD_DECIDED)
"""Every kind that the fold reads."""

_NAMES = {
    REQUESTED: "agreed",
    AGAINST: "of",
    REVOKED: "request",
    RETURNED: "revocation",
    NOTIFIED: "returned",
    INFORMED: "revocation",
    PAPERS: "revocation",
    DECIDED: "revocation",
    RESCINDED: "revocation",
}
"""The field by which a step names the one before it."""

_ENDS_ANYWAY = ("expired", "quashed", "deceased")
"""Reasons of a licence's end that end a recall too; a revoked licence that is called terminated does not."""

Status = Literal["none", "agreed", "requested", "at_large", "returned", "ended"]
Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """One recall: the entry that stands for each step, or None where it was not taken or is not known."""

    agreed: Entry | None = None
    requested: Entry | None = None
    against: Entry | None = None
    revoked: Entry | None = None
    checks: tuple[Entry, ...] = ()
    returned: Entry | None = None
    notified: Entry | None = None
    informed: Entry | None = None
    papers: tuple[Entry, ...] = ()
    decided: tuple[Entry, ...] = ()
    rescinded: Entry | None = None
    released: Entry | None = None
    over: Entry | None = None  # the end of the sentence or licence, or a death
    board: tuple[Entry, ...] = ()  # referrals to the Board and its decisions, from the return to the end

    @property
    def steps(self) -> tuple[Entry, ...]:
        """Every entry of this recall, its steps in the order of the practice."""
        single = (self.agreed, self.requested, self.against, self.revoked, self.returned, self.notified, self.informed)
        last = (self.rescinded, self.released, self.over)
        some = (*(one for one in single if one), *self.checks, *self.papers, *self.decided)
        return (*some, *(one for one in last if one))

    @property
    def ended_by(self) -> Entry | None:
        """The entry that ended it: stopped, rescinded, released again, or over. None while it goes on."""
        stopped = self.against if self.revoked is None else None
        return stopped or self.rescinded or self.released or self.over

    @property
    def status(self) -> Status:
        """How far it has come."""
        if self.ended_by is not None:
            return "ended"
        if self.returned is not None or self.informed is not None:
            return "returned"
        if self.revoked is not None:
            return "at_large"
        return "requested" if self.requested is not None else "agreed"

    @property
    def type(self) -> str | None:
        """The type of recall that the revocation names; None before."""
        return str(self.revoked.body["type"]) if self.revoked is not None else None

    @property
    def kept(self) -> bool:
        """Did the Secretary of State last decide against release without the Board?"""
        return bool(self.decided) and self.decided[-1].body.get("release") == "no"

    @property
    def in_custody_when_asked(self) -> bool:
        """Was the person in custody already when recall was asked for?"""
        return self.requested is not None and self.requested.body.get("in_custody") == "yes"

    @property
    def returned_before_revoked(self) -> bool:
        """Was the person back in custody, by the days recorded, before the licence was revoked?"""
        if self.returned is None or self.revoked is None:
            return False
        return self.revoked.happened.follows(self.returned.happened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Every recall of a person, the oldest first, and every breach that was decided without one."""

    recalls: tuple[Recall, ...] = ()
    not_recalled: tuple[Entry, ...] = ()  # decisions against recall where none had been agreed

    @property
    def current(self) -> Recall | None:
        """The recall in progress, else the last one. None where there was none.

        A revocation ends what came before it: nobody can be recalled who is not on licence.
        """
        if not self.recalls:
            return None
        since = max((n for n, one in enumerate(self.recalls) if one.revoked is not None), default=0)
        going_on = [one for one in self.recalls[since:] if one.status != "ended"]
        return going_on[-1] if going_on else self.recalls[-1]

    @property
    def status(self) -> Status:
        """Where the person stands, by the latest recall."""
        return self.current.status if self.current is not None else "none"


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Fold what stands about one person, oldest first.

    None where nothing of recall is recorded and the person was never released on a licence that could be revoked.
    """
    about = [entry for entry in entries if entry.kind in KINDS]
    steps = [entry for entry in about if entry.kind in STEPS]
    if not steps and not any(entry.kind == RELEASED for entry in about):
        return None
    groups, not_recalled = _grouped(steps, find)
    recalls = [_recall(group) for group in groups]
    return Standing(recalls=tuple(_ended(recalls, about)), not_recalled=tuple(not_recalled))


# --- which step belongs to which recall -----------------------------------------------------------------------------


def _grouped(steps: Sequence[Entry], find: Find) -> tuple[list[list[Entry]], list[Entry]]:
    """The steps of each recall, the recalls in the order in which they began; and decisions against none of them."""
    known = {entry.key: entry for entry in steps}
    place = {entry.key: n for n, entry in enumerate(steps)}
    chains: dict[Key, list[Entry]] = {}
    for entry in steps:
        chains.setdefault(_first(entry, known, find).key, []).append(entry)
    recalls: list[list[Entry]] = []
    not_recalled = []
    for key, chain in sorted(chains.items(), key=lambda one: place[one[0]]):
        first = known[key]
        last = next((one for one in reversed(recalls) if place[one[0].key] < place[key]), None)
        if first.kind == AGREED:
            recalls.append(chain)
        elif first.kind == AGAINST and _about_a_breach(first, find):
            not_recalled.append(first)
        elif last is not None and _has_room(last, first):  # it names nothing that is known
            last.extend(chain)
        elif first.kind in _BEGIN:
            recalls.append(chain)
        elif first.kind == AGAINST:
            not_recalled.append(first)
    return [sorted(group, key=lambda one: place[one.key]) for group in recalls], not_recalled


_BEGIN = (AGREED, REQUESTED, REVOKED, RETURNED, INFORMED)
"""Steps with which a recall can begin, where the ones before are not known. What moves nothing begins nothing."""


def _has_room(group: Sequence[Entry], entry: Entry) -> bool:
    """Can this step go on with a recall: it is not stopped, and no such step, or one further on, was taken yet?"""
    if any(one.kind in (AGAINST, RESCINDED) for one in group):
        return False
    if entry.kind not in _BEGIN:
        return True
    return max(_BEGIN.index(one.kind) for one in group if one.kind in _BEGIN) < _BEGIN.index(entry.kind)


def _begins(group: Sequence[Entry]) -> Entry:
    """The step with which a recall begins: the first of the practice that is known."""
    return min(group, key=lambda one: STEPS.index(one.kind))


def _first(entry: Entry, known: dict[Key, Entry], find: Find) -> Entry:
    """The step that this one goes back to, by what each names."""
    seen = {entry.key}
    while (field := _NAMES.get(entry.kind)) is not None:
        named = find(entry.body.get(field), entry.agency)
        if named is None or named.key not in known or named.key in seen:
            return entry
        seen.add(named.key)
        entry = known[named.key]
    return entry


def _about_a_breach(entry: Entry, find: Find) -> bool:
    named = find(entry.body.get("of"), entry.agency)
    return named is not None and named.kind in (BREACH, BREACH_DECIDED)


_FIELD = {
    AGREED: "agreed",
    REQUESTED: "requested",
    AGAINST: "against",
    REVOKED: "revoked",
    RETURNED: "returned",
    NOTIFIED: "notified",
    INFORMED: "informed",
    RESCINDED: "rescinded",
}
_FIELDS = {CHECKED: "checks", PAPERS: "papers", DECIDED: "decided"}


def _recall(group: Sequence[Entry]) -> Recall:
    """One recall of its steps; where a step was taken twice, the later one counts."""
    single = {_FIELD[entry.kind]: entry for entry in group if entry.kind in _FIELD}
    many = {field: tuple(entry for entry in group if entry.kind == kind) for kind, field in _FIELDS.items()}
    return Recall(**single, **many)  # type: ignore[arg-type]  # names come from the two tables above


# --- how it ended ---------------------------------------------------------------------------------------------------


def _ended(recalls: Sequence[Recall], about: Sequence[Entry]) -> Iterator[Recall]:
    """Each recall with the release or the end that ended it. A release ends one recall: the first that waits for it."""
    releases = [one for one in about if one.kind == RELEASED and one.body.get("release") != "temporary"]
    ends = [one for one in about if one.kind in (LICENCE_ENDED, SENTENCE_ENDED, DIED)]
    used: set[Key] = set()
    for recall in recalls:
        if recall.ended_by is None and recall.revoked is not None:
            since = recall.returned or recall.revoked
            found = next((one for one in releases if one.key not in used and _releases(one, since)), None)
            if found is not None:
                used.add(found.key)
                recall = replace(recall, released=found)
        if recall.ended_by is None and recall.steps:
            begun = recall.revoked or _begins(recall.steps)
            over = next((one for one in ends if _puts_an_end(one, recall) and _possibly_after(one, begun)), None)
            recall = replace(recall, over=over)
        yield replace(recall, board=tuple(one for one in about if _before_the_board(one, recall)))


def _before_the_board(entry: Entry, recall: Recall) -> bool:
    """Was this done before the Board while the person was back in custody on this recall?"""
    if entry.kind not in (REFERRED, BOARD_DECIDED) or recall.returned is None:
        return False
    ended = recall.ended_by
    return entry.happened.not_before(recall.returned.happened) and (
        ended is None or not entry.happened.follows(ended.happened)
    )


def _releases(release: Entry, since: Entry) -> bool:
    """Does a release come after a return? A re-release may be on the same day; any other must be on a later one."""
    if release.body.get("release") == "re_release":
        return _possibly_after(release, since)
    return release.happened.follows(since.happened)


def _puts_an_end(entry: Entry, recall: Recall) -> bool:
    if entry.kind != LICENCE_ENDED:
        return True
    return recall.revoked is None or entry.body.get("reason") in _ENDS_ANYWAY


def _possibly_after(entry: Entry, since: Entry) -> bool:
    """Can it have happened on the same day or later? Where only a month is known, the whole month is possible."""
    if entry.happened.day is not None and since.happened.day is not None:
        return entry.happened.not_before(since.happened)
    last, first = entry.happened.latest, since.happened.earliest
    return last is not None and (first is None or first <= last)


# --- what may be done now -------------------------------------------------------------------------------------------

Step = Literal[
    "agree", "endorse", "decide_against", "revoke", "check", "return", "notify", "inform", "papers", "review", "rescind"
]


class StepNotAllowed(ValueError):
    """A step of a recall cannot be taken from where the person stands. Says why, and what would be right."""

    code = "step_not_allowed"

    def __init__(self, step: str, wrong: str, right: str) -> None:
        self.step, self.wrong, self.right = step, wrong, right
        super().__init__(f"{wrong}. {right}.")


def check(step: Step, standing: Standing | None, *, breach: Entry | None = None) -> None:
    """May this step be taken now? Raises `StepNotAllowed`. `breach` is the alleged breach that is decided upon."""
    recall = standing.current if standing is not None else None
    status = standing.status if standing is not None else "none"
    wrong = _CHECKS[step](recall, status, breach)
    if wrong is not None:
        raise StepNotAllowed(step, *wrong)


_Wrong = tuple[str, str] | None
_NO_RECALL = ("There is no recall in progress", "Recall must be agreed first")
_NOT_REVOKED = ("The licence was not revoked, or the recall is over", "Record the revocation first")


def _agree(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if status in ("none", "ended"):
        return None
    return "A recall is in progress already", "Open it, and record its next step"


def _endorse(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if status == "agreed" and recall is not None and recall.agreed is not None:
        return None
    if status in ("none", "ended"):
        return _NO_RECALL
    return "The request was sent already", "Record what the casework section decides"


def _decide_against(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if breach is not None:
        return None if status in ("none", "ended") else ("A recall is in progress", "Decide on the recall itself")
    if status in ("agreed", "requested"):
        return None
    return (
        "There is nothing to decide against",
        "Only what was agreed or asked for, and not yet revoked, can be stopped",
    )


def _revoke(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if status == "requested" and recall is not None and recall.requested is not None:
        return None
    return "Nothing was asked for that is still to be decided", "A request must come first, endorsed by a second person"


def _check_at_large(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    return None if status == "at_large" else ("The person is not at large", "Checks end with the return")


def _return(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if recall is not None and recall.revoked is not None and recall.returned is None and status != "ended":
        return None
    return "No return is awaited", "A return follows a revocation, once"


def _notify(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if recall is not None and recall.returned is not None and recall.notified is None and status != "ended":
        return None
    return "There is no return to be told of", "Record the return first; it is told once"


def _inform(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if recall is not None and recall.revoked is not None and recall.informed is None and status != "ended":
        return None
    return "There is nothing to inform of", "The person is told once, after the revocation"


def _after_revocation(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    return None if recall is not None and recall.revoked is not None and status != "ended" else _NOT_REVOKED


def _review(recall: Recall | None, status: Status, breach: Entry | None) -> _Wrong:
    if status == "returned" and recall is not None and recall.revoked is not None:
        return None
    return "The person is not back in custody on a recall", "The review follows the return"


_CHECKS: Mapping[Step, Callable[[Recall | None, Status, Entry | None], _Wrong]] = {
    "agree": _agree,
    "endorse": _endorse,
    "decide_against": _decide_against,
    "revoke": _revoke,
    "check": _check_at_large,
    "return": _return,
    "notify": _notify,
    "inform": _inform,
    "papers": _after_revocation,
    "review": _review,
    "rescind": _after_revocation,
}


def undecided(entries: Sequence[Entry], standing: Standing | None, *, find: Find) -> list[Entry]:
    """The alleged breaches that nobody has settled: what recall is considered upon. Give what stands, in order.

    A breach of which it was decided that it leads to recall waits until a recall is agreed.
    """
    settled: set[Key] = set()
    named = [
        (one.body.get("breach"), one.agency)
        for one in entries
        if one.kind == BREACH_DECIDED and one.body.get("decision") != "recall"
    ]
    named += [(ref, one.agency) for one in entries if one.kind == AGREED for ref in one.body.get("breaches", ())]
    named += [(one.body.get("of"), one.agency) for one in (standing.not_recalled if standing else ())]
    named += [(one.body.get("breach"), one.agency) for one in entries if _led_to_recall(one, entries)]
    for ref, agency in named:
        if (found := find(ref, agency)) is not None:
            settled.add(found.key)
    return [one for one in entries if one.kind == BREACH and one.key not in settled]


def _led_to_recall(entry: Entry, entries: Sequence[Entry]) -> bool:
    """Was it decided that a breach leads to recall, and a recall agreed since, whatever it names?"""
    if entry.kind != BREACH_DECIDED or entry.body.get("decision") != "recall":
        return False
    return any(later.kind == AGREED and later.happened.not_before(entry.happened) for later in entries)
