"""Where a person stands in their sentence: a pure fold. No database, no clock.

Give only entries that stand (of each line of corrections the newest, none withdrawn), about one person. Each sentence
has a standing of its own, and the person's follows from them: who is recalled on one sentence is recalled, whatever
else runs. Nothing is inferred from a date that was worked out: only from what was recorded to have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from throughcare.ledger.entry import Entry, Key, Record, When, london_day

IMPOSED = "sentence.imposed"
KEY_DATE = "sentence.key_date_set"
MOVED = "sentence.responsibility_moved"
ENDED = "sentence.ended"
INCIDENT = "custody.incident"
PROGRAMME = "custody.programme"
LEVEL_SET = "risk.mappa_set"
REFERRED = "victim.referred"
CONTACTED = "victim.contacted"
RELEASED = "licence.released"
LICENCE_ENDED = "licence.ended"
REVOKED = "recall.revoked"
RETURNED = "recall.returned"
RESCINDED = "recall.rescinded"
DIED = "people.died"
REVIEW_OPENED = "parole.review_opened"
LISTED = "parole.hearing_listed"
DECIDED = "parole.decision_issued"
NEXT_REVIEW = "parole.next_review_set"

STEPS = (IMPOSED, RELEASED, REVOKED, RETURNED, RESCINDED, LICENCE_ENDED, ENDED, DIED)
NEWS = (REVIEW_OPENED, LISTED, DECIDED, RELEASED, REVOKED, RETURNED)
"""What a victim in the contact scheme is told of (D52)."""
KINDS = tuple(dict.fromkeys((*STEPS, KEY_DATE, MOVED, INCIDENT, PROGRAMME, LEVEL_SET, *NEWS, NEXT_REVIEW, CONTACTED)))

Status = Literal["serving", "on_licence", "recalled", "ended"]
Group = Literal["indeterminate", "extended", "sopc", "dcr", "sds", "youth_sds", "terrorist", "term"]
Find = Callable[[object, str], Entry | None]  # (ref, agency) -> the standing entry that it means

GROUPS: Mapping[str, Group] = {
    "life": "indeterminate",
    "ipp": "indeterminate",
    "dpp": "indeterminate",
    "hmp_detention": "indeterminate",
    "extended": "extended",
    "sopc": "sopc",
    "determinate_old": "dcr",
    "standard": "sds",
    "youth_standard": "youth_sds",
    "terrorist": "terrorist",
}
RECEIVED = frozenset({"threat_received", "abuse_received"})
"""Families of incident in which the person was abused or threatened."""


def group(imposed: Entry) -> Group:
    """The group of rules of a sentence, from the entry that imposed it."""
    return "term" if imposed.body.get("form") else GROUPS[str(imposed.body["type"])]


# --- sentences ------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Sentence:
    """One sentence, and how far it has come. `imposed` None: nobody recorded it, but it must have been."""

    imposed: Entry | None
    status: Status = "serving"
    released: Entry | None = None  # for the first time, on this sentence; not for a few days' leave
    recalled_by: Entry | None = None  # the revocation that holds, while recalled
    ended: Entry | None = None

    @property
    def group(self) -> Group | None:
        """Its group of rules; None where nobody recorded the sentence."""
        return group(self.imposed) if self.imposed else None


def sentences(entries: Iterable[Entry], *, find: Find) -> list[Sentence]:
    """Every sentence with its standing. `entries` in the order in which they happened; others than STEPS are passed.

    A release, a recall or an end that no sentence was recorded for tells that there was one: it stands with `imposed`
    None. An end is for ever: a recall that is recorded after it changes nothing (see `doubts`).
    """
    known: list[Sentence] = []
    for entry in entries:
        if entry.kind == IMPOSED:
            known.append(Sentence(entry))
        elif entry.kind == DIED:
            _end(known, entry)
        elif entry.kind in _MOVES and not _leave(entry):
            known = known or [Sentence(None)]
            _MOVES[entry.kind](known, entry, find)
    return known


def status(made: Sequence[Sentence]) -> Status | None:
    """Where the person stands: recalled on any sentence, else serving any, else on licence, else ended. None: none."""
    standing = {one.status for one in made}
    order: tuple[Status, ...] = ("recalled", "serving", "on_licence", "ended")
    return next((one for one in order if one in standing), None)


def _leave(entry: Entry) -> bool:
    """Is this a release for a few days, of which the sentence takes no notice?"""
    return entry.kind == RELEASED and entry.body.get("release") == "temporary"


def _release(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    for one in known:
        if one.status in ("serving", "recalled"):
            one.status, one.recalled_by = "on_licence", None
            one.released = one.released or entry


def _revoke(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    """Of the sentences on licence, or where no release is known of, of those that run."""
    supervised = [one for one in known if one.status == "on_licence"]
    for one in supervised or [one for one in known if one.status == "serving"]:
        one.status, one.recalled_by = "recalled", entry


def _return(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    """The revocation has moved it already, where that is known."""
    if find(entry.body.get("revocation"), entry.agency) is None:
        for one in known:
            if one.status == "on_licence":
                one.status = "recalled"


def _rescind(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    """The revocation is as if it had not been, where it is the one that holds."""
    named = find(entry.body.get("revocation"), entry.agency)
    for one in known:
        same = named is None or one.recalled_by is None or named.key == one.recalled_by.key
        if one.status == "recalled" and same:
            one.status, one.recalled_by = "on_licence", None


def _end_licence(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    """With the licence ends the sentence that it belongs to."""
    released = [one for one in known if one.status in ("on_licence", "recalled")]
    _end(released or known, entry)


def _end_sentence(known: Sequence[Sentence], entry: Entry, find: Find) -> None:
    """The one that it names, else all that run."""
    named = find(entry.body.get("sentence"), entry.agency) if entry.body.get("sentence") else None
    meant = [one for one in known if named is not None and one.imposed is not None and one.imposed.key == named.key]
    _end(meant or known, entry)


def _end(known: Iterable[Sentence], entry: Entry) -> None:
    for one in known:
        if one.status != "ended":
            one.status, one.ended = "ended", entry


_MOVES: Mapping[str, Callable[[Sequence[Sentence], Entry, Find], None]] = {
    RELEASED: _release,
    REVOKED: _revoke,
    RETURNED: _return,
    RESCINDED: _rescind,
    LICENCE_ENDED: _end_licence,
    ENDED: _end_sentence,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """A time in custody under sentence, from the sentence to the first release (exclusive); recalls are not in it."""

    since: date
    until: date | None  # None: it goes on
    sentences: tuple[Entry, ...]


def custody(made: Sequence[Sentence]) -> list[Custody]:
    """The times in custody from a sentence to the first release on it, joined where they meet. Undated ones are not."""
    spans = []
    for one in made:
        since = one.imposed.happened.earliest if one.imposed else None
        if one.imposed is not None and since is not None:
            left = one.released or one.recalled_by or one.ended  # a recall tells that there was a release
            until = None if left is None else max(since, left.happened.earliest or london_day(left.noted))
            spans.append((since, until, one.imposed))
    joined: list[Custody] = []
    for since, until, imposed in sorted(spans, key=lambda span: (span[0], span[2].ref)):
        last = joined[-1] if joined else None
        if last is not None and (last.until is None or since <= last.until):
            ends = None if until is None or last.until is None else max(until, last.until)
            joined[-1] = Custody(since=last.since, until=ends, sentences=(*last.sentences, imposed))
        else:
            joined.append(Custody(since=since, until=until, sentences=(imposed,)))
    return joined


# --- key dates ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDate:
    """A date as it was worked out once."""

    kind: str
    value: date
    basis: str
    worked_out: When
    counts: bool  # False: a newer one of the same kind took its place
    entry: Entry


def worked_out(entry: Entry) -> tuple[date, datetime, str, str]:
    """What key dates are ordered by: the day on which they were worked out, then when that was noted.

    Of a month the last day counts, so far as it was noted by then; where the day is not known, the day of the note.
    """
    noted = london_day(entry.noted)
    return (min(entry.happened.latest or noted, noted), entry.noted, entry.agency, entry.ref)


def newest(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The key date of each kind that counts: the one that was worked out last. Order does not matter."""
    found: dict[str, Entry] = {}
    for entry in sorted((one for one in entries if one.kind == KEY_DATE), key=worked_out):
        found[str(entry.body["date_kind"])] = entry
    return found


def key_dates(entries: Iterable[Entry]) -> list[KeyDate]:
    """Every date that was ever worked out, by kind in the order of first appearance, the newest of each first."""
    dated = sorted((one for one in entries if one.kind == KEY_DATE), key=worked_out)
    counting = {one.key for one in newest(dated).values()}
    kinds = list(dict.fromkeys(str(one.body["date_kind"]) for one in dated))
    return [
        KeyDate(
            kind=kind,
            value=day_of(entry.body["value"]),
            basis=str(entry.body.get("basis") or ""),
            worked_out=entry.happened,
            counts=entry.key in counting,
            entry=entry,
        )
        for kind in kinds
        for entry in reversed(dated)
        if entry.body["date_kind"] == kind
    ]


def day_of(value: Any) -> date:
    """A day of a body, which may be kept as a day or as text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


# --- programmes and incidents ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme and what became of it. What is claimed and what a panel found are never the same list."""

    name: str
    status: str  # by the newest step
    steps: tuple[Entry, ...]
    claims: tuple[Entry, ...]  # steps that say what was learned
    findings: tuple[Entry, ...]  # steps that say what a panel found of it


def programmes(entries: Iterable[Entry]) -> list[Programme]:
    """Programmes in the order in which they first appear; names that differ in case or blanks alone are one."""
    steps: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == PROGRAMME:
            steps.setdefault(" ".join(str(entry.body["programme"]).casefold().split()), []).append(entry)
    return [
        Programme(
            name=str(ones[0].body["programme"]),
            status=str(ones[-1].body["status"]),
            steps=tuple(ones),
            claims=tuple(one for one in ones if one.body.get("learning_claimed")),
            findings=tuple(one for one in ones if one.body.get("panel_finding")),
        )
        for ones in steps.values()
    ]


def received_abuse(incident: Entry) -> bool:
    """Was the person abused or threatened in this incident (`abuse_or_threat_received`)?"""
    return incident.body.get("family") in RECEIVED


def panel_not_told(entries: Iterable[Entry]) -> list[Entry]:
    """Incidents of abuse or threat received that no panel is recorded to have been told of, in order."""
    return [
        one for one in entries if one.kind == INCIDENT and received_abuse(one) and one.body.get("told_panel") != "yes"
    ]


# --- who answers for the person --------------------------------------------------------------------------------------

Responsible = Literal["prison", "community"]


def responsible(entries: Iterable[Entry], made: Sequence[Sentence]) -> tuple[Responsible | None, Entry | None]:
    """Prison or community, and the hand-over that says so. None where no sentence runs.

    The prison answers from the sentence on, the community from its taking over. Who was released without a recorded
    hand-over is the community's all the same, with no entry to show for it, and stays so when recalled. A sentence
    that is passed after all earlier ones had ended begins again with the prison.
    """
    running = [one for one in made if one.status != "ended"]
    if not running:
        return None, None
    began = [one.imposed.happened for one in running if one.imposed is not None]
    moves = [
        one
        for one in entries
        if one.kind == MOVED and (not began or any(one.happened.not_before(since) for since in began))
    ]
    if moves:
        return "community", moves[-1]
    return ("community" if any(one.released for one in running) else "prison"), None


# --- news to victims (D52) -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a victim in the scheme is told of, and who was told. No day is due: none is fixed in law."""

    of: Entry
    contacts: tuple[Entry, ...]  # that name it

    @property
    def told(self) -> bool:
        """Has it reached a victim?"""
        return any(one.body.get("reached") == "yes" for one in self.contacts)


def news(entries: Sequence[Entry], *, find: Find) -> list[News]:
    """Every event that is news to a victim, oldest first, with the contacts that were about it."""
    about: dict[Key, list[Entry]] = {}
    for entry in entries:
        if entry.kind == CONTACTED and entry.body.get("about"):
            named = find(entry.body["about"], entry.agency)
            if named is not None:
                about.setdefault(named.key, []).append(entry)
    return [News(of=one, contacts=tuple(about.get(one.key, ()))) for one in entries if one.kind in NEWS]


# --- the whole -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one person stands in their sentence."""

    status: Status | None  # None: only time in custody is recorded, and no sentence
    sentences: tuple[Sentence, ...]
    key_dates: tuple[KeyDate, ...]
    programmes: tuple[Programme, ...]
    incidents: tuple[Entry, ...]
    responsible: Responsible | None
    handed_over: Entry | None
    victims: tuple[Record, ...]  # named in a sentence, each once
    refused: Entry | None  # the last decision of the Board not to release
    next_review: Entry | None  # as the Secretary of State set it, after that decision
    doubts: tuple[str, ...] = field(default=())  # where the record contradicts itself, in plain words

    def key_date(self, kind: str) -> KeyDate | None:
        """The date of a kind that counts."""
        return next((one for one in self.key_dates if one.kind == kind and one.counts), None)

    @property
    def indeterminate(self) -> bool:
        """Does a sentence without a fixed end run?"""
        return any(one.group == "indeterminate" and one.status != "ended" for one in self.sentences)


def fold(entries: Sequence[Entry], *, find: Find) -> Standing | None:
    """Fold what stands, in the order in which it happened. None where nothing of this room is recorded."""
    made = sentences(entries, find=find)
    own = any(one.kind in (KEY_DATE, MOVED, INCIDENT, PROGRAMME) for one in entries)
    if not made and not own:
        return None
    if not made and any(one.kind in (KEY_DATE, MOVED) for one in entries):
        made = [Sentence(None)]
    answers, handed_over = responsible(entries, made)
    refused = [one for one in entries if one.kind == DECIDED and one.body.get("outcome") == "release_refused"]
    reviews = [one for one in entries if one.kind == NEXT_REVIEW]
    return Standing(
        status=status(made),
        sentences=tuple(made),
        key_dates=tuple(key_dates(entries)),
        programmes=tuple(programmes(entries)),
        incidents=tuple(one for one in entries if one.kind == INCIDENT),
        responsible=answers,
        handed_over=handed_over,
        victims=tuple(dict.fromkeys(who for one in entries if one.kind == IMPOSED for who in one.who("victim"))),
        refused=refused[-1] if refused else None,
        next_review=reviews[-1] if reviews and _since(reviews[-1], refused) else None,
        doubts=tuple(doubts(entries, made)),
    )


def _since(entry: Entry, others: Sequence[Entry]) -> bool:
    return not others or entry.happened.not_before(others[-1].happened)


_AFTER_END = {REVOKED: "a revocation", RETURNED: "a return to custody", RELEASED: "a release"}


def doubts(entries: Sequence[Entry], made: Sequence[Sentence]) -> Iterable[str]:
    """Where the record contradicts itself. Nothing is decided: a person looks."""
    ends = [one.ended for one in made if one.ended is not None and one.ended.kind in (ENDED, LICENCE_ENDED)]
    if made and len(ends) == len(made):
        late = [
            one for one in entries if one.kind in _AFTER_END and any(one.happened.follows(e.happened) for e in ends)
        ]
        for entry in late:
            yield f"{_AFTER_END[entry.kind]} ({entry.ref}) is recorded after the sentence ended"
    if any(one.imposed is None for one in made):
        yield "no sentence is recorded, but there must have been one"
    yield from _twice([one.imposed for one in made if one.imposed is not None])


def _twice(imposed: Sequence[Entry]) -> Iterable[str]:
    """Sentences that two agencies recorded alike: perhaps one sentence, which starts two clocks."""
    alike: dict[tuple[object, ...], list[Entry]] = {}
    for one in imposed:
        said = [one.body.get(name) for name in ("type", "years", "months", "days", "minimum_years")]
        alike.setdefault((one.happened.earliest, *said), []).append(one)
    for ones in alike.values():
        if len({one.agency for one in ones}) > 1:
            refs = " and ".join(f"{one.agency} {one.ref}" for one in ones)
            yield f"sentences of one day and length are recorded by more than one agency ({refs}): they may be one"


def first_passed(standing: Standing | None) -> date | None:
    """The day of the first sentence. None where one that there must have been is not recorded: then nobody knows."""
    made = [one.imposed for one in standing.sentences] if standing else []
    days = [one.happened.day for one in made if one is not None]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(made) else None
