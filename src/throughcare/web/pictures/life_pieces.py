"""The pieces of a life line: what the pictures draw and the table lists, each under one name. Pure.

What would stand too close to be pressed is folded here, once, so that the wide picture, the tall one and the table
show the same pieces. A fold keeps its pieces in `inside`; the pictures still draw the true shape of each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from throughcare.web import words
from throughcare.web.pictures.life import Bracket, Flag, Life, Spell, Strand

Sort = Literal["custody", "hospital", "at_large", "licence", "supervision", "review", "condition", "law"]

SORT_WORDS: dict[Sort, tuple[str, str]] = {
    "custody": ("in custody", "times in custody"),
    "hospital": ("in hospital", "times in hospital"),
    "at_large": ("unlawfully at large", "times unlawfully at large"),
    "licence": ("on licence", "times on licence"),
    "supervision": ("supervised", "times supervised"),
    "review": ("review", "reviews"),
    "condition": ("licence condition", "licence conditions"),
    "law": ("change of law", "changes of law"),
}
LANES: dict[Sort, str] = {
    "licence": "high", "supervision": "high", "at_large": "middle", "custody": "low", "hospital": "low",
    "review": "review", "condition": "condition", "law": "law",
}  # fmt: skip

MOST_THREADS = 12
"""Conditions drawn each for itself; of more, those of one kind are folded."""
PRESS = 24.0
"""Pixels that a finger or a shaking hand needs."""
PIXELS = 900.0
"""How wide (and, for a long life, how tall) a life is drawn at least: pieces are folded on this scale."""
LONGEST = 110.0
"""Pixels of a life that one fold may cover."""
FEW = 4
"""A fold of fewer pieces says what each of them is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeLine:
    """A life, and the days and the moment for which it is drawn. `first` and `last` are both shown."""

    uid: str
    title: str
    life: Life
    first: date
    last: date
    now: date  # the day of the page; what comes after it is planned
    hrefs: dict[str, str] = field(default_factory=dict)  # by the `ref` of a part: where its entry is

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"last: {self.last} is before first, {self.first}. Give the same day or a later one.")

    def shows(self, since: date, until: date | None) -> bool:
        """Is any day of this shown? What has no end lasts to the end of what is shown."""
        return since <= self.last and (until is None or until >= self.first)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing in the picture, and its row in the table. `spans`: its days; several for a condition that came back."""

    ref: str
    sort: Sort
    spans: tuple[tuple[date, date | None], ...]
    what: str
    more: str = ""  # a result, a source, a note: after what it is
    href: str = ""
    ticks: tuple[date, ...] = ()
    decided: date | None = None  # the day of a review's result
    broken: tuple[date, ...] = ()  # the days on which a condition was broken
    uncertain: bool = False
    planned: bool = False
    inside: tuple[Piece, ...] = ()
    group: str = ""  # conditions of one kind

    @property
    def since(self) -> date:
        """Its first day."""
        return self.spans[0][0]

    @property
    def lane(self) -> str:
        """The row of the picture in which it stands."""
        return LANES[self.sort]

    def end(self, line: LifeLine) -> date:
        """The last day that is drawn of it: what has no end lasts until the day of the page."""
        last = self.spans[-1][1]
        return max(line.now, self.since) if last is None else last

    @property
    def when(self) -> str:
        """Its days in words."""
        if self.sort == "law":
            last = self.spans[-1][0]
            return words.day(self.since) if last == self.since else f"{words.day(self.since)} to {words.day(last)}"
        if len(self.spans) > MOST_SPANS:
            end = self.spans[-1][1]
            until = f"to {words.day(end)}" if end else "and still"
            return f"{len(self.spans)} times, from {words.day(self.since)} {until}"
        return words.listed([_span(*one) for one in self.spans])

    @property
    def name(self) -> str:
        """The full name: the same words in both pictures and as the name of its row."""
        kind = SORT_WORDS[self.sort][0]
        ahead = "planned, " if self.planned else ""
        said = f"{self.when}, {ahead}{kind}: {self.what}." if not self.inside else f"{self.when}: {self.what}."
        return f"{said} {words.sentence(self.more)}".strip()


MOST_SPANS = 3


def _span(since: date, until: date | None) -> str:
    if until is None:
        return f"since {words.day(since)}"
    return words.day(since) if since == until else f"{words.day(since)} to {words.day(until)}"


def pieces(line: LifeLine) -> list[Piece]:
    """Every piece of the days shown, folded; by lane, then in order of time."""
    life = line.life
    spells = [_spell(one, line, i) for i, one in enumerate(life.spells) if line.shows(one.since, one.until)]
    brackets = [_bracket(one, line, i) for i, one in enumerate(life.brackets) if line.shows(one.since, one.until)]
    flags = [_flag(one, i) for i, one in enumerate(life.flags) if line.first <= one.on <= line.last]
    made: list[Piece] = []
    for lane in ("high", "middle", "low"):
        made += _folded([one for one in spells if one.lane == lane], line, f"{lane}", short=True)
    made += _folded(brackets, line, "reviews", short=True)
    made += _threads(line)
    made += _folded(flags, line, "law", short=False)
    return made


def _spell(one: Spell, line: LifeLine, number: int) -> Piece:
    return Piece(
        ref=f"s{number}", sort=one.kind, spans=((one.since, one.until),), what=one.what,
        more=_lasted(one.since, one.until, line), href=line.hrefs.get(one.ref, ""), planned=one.since > line.now,
    )  # fmt: skip


def _lasted(since: date, until: date | None, line: LifeLine) -> str:
    if until is None:
        return f"{words.length(line.now - since)} so far" if since < line.now else ""
    return words.length(until - since) if until > since else ""


def _bracket(one: Bracket, line: LifeLine, number: int) -> Piece:
    steps = [f"{step.what} {words.day(step.on)}" for step in one.steps]
    result = one.result or ("No result yet" if one.until is None else "")
    return Piece(
        ref=f"b{number}", sort="review", spans=((one.since, one.until),), what=one.what,
        more=". ".join(part for part in (result, ", ".join(steps)) if part),
        href=line.hrefs.get(one.ref, ""), ticks=tuple(step.on for step in one.steps),
        decided=one.until if one.result else None, planned=one.since > line.now,
    )  # fmt: skip


def _flag(one: Flag, number: int) -> Piece:
    uncertain = "U" in one.mark.split("/")
    return Piece(
        ref=f"f{number}", sort="law", spans=((one.on, one.on),), what=one.what.rstrip("."),
        more=f"{words.sentence(one.source)}{' Uncertain: to be confirmed.' if uncertain else ''}", uncertain=uncertain,
    )  # fmt: skip


# --- conditions -----------------------------------------------------------------------------------------------------


def _threads(line: LifeLine) -> list[Piece]:
    """One piece for each condition, however often it bound; of too many, one for each kind of condition."""
    by_what: dict[tuple[str, str], list[Strand]] = {}
    for one in line.life.strands:
        if line.shows(one.since, one.until):
            by_what.setdefault((one.kind, one.what), []).append(one)
    made = [_thread(ones, line, i) for i, ones in enumerate(by_what.values())]
    if len(made) <= MOST_THREADS:
        return made
    groups: dict[str, list[Piece]] = {}
    for piece in made:
        groups.setdefault(piece.group or "Other", []).append(piece)
    kept = sorted(groups, key=lambda name: (-len(groups[name]), name))[: MOST_THREADS - 1]
    rest = [piece for name, ones in groups.items() if name not in kept for piece in ones]
    bundles = [(name, groups[name]) for name in groups if name in kept] + ([("Other", rest)] if rest else [])
    return [
        ones[0] if len(ones) == 1 else _bundle(ones, f"c{i}", f"{name}: {words.many(len(ones), 'condition')}")
        for i, (name, ones) in enumerate(bundles)
    ]


def _thread(ones: Sequence[Strand], line: LifeLine, number: int) -> Piece:
    spans = _joined((one.since, one.until) for one in ones)
    broken = tuple(sorted({one.broken_on for one in ones if one.broken_on and one.broken_on <= line.now}))
    return Piece(
        ref=f"t{number}", sort="condition", spans=spans, what=ones[0].what, group=ones[0].kind,
        more=f"Broken {words.listed([words.day(day) for day in broken])}" if broken else "", broken=broken,
        href=line.hrefs.get(ones[-1].ref, ""), planned=spans[0][0] > line.now,
    )  # fmt: skip


def _bundle(ones: Sequence[Piece], ref: str, what: str) -> Piece:
    spans = _joined(span for one in ones for span in one.spans)
    broken = tuple(sorted({day for one in ones for day in one.broken}))
    return Piece(
        ref=ref, sort="condition", spans=spans, what=what, more="Each of them is in the table", broken=broken,
        inside=tuple(ones), group=what.partition(":")[0],
    )  # fmt: skip


def _joined(spans: Iterable[tuple[date, date | None]]) -> tuple[tuple[date, date | None], ...]:
    """Spans in order, those that touch or overlap made one."""
    made: list[tuple[date, date | None]] = []
    for since, until in sorted(spans, key=lambda one: (one[0], one[1] or date.max)):
        last = made[-1] if made else None
        if last is None or (last[1] is not None and since > last[1]):
            made.append((since, until))
        elif last[1] is not None and (until is None or until > last[1]):
            made[-1] = (last[0], until)
    return tuple(made)


# --- folding --------------------------------------------------------------------------------------------------------


def _folded(ones: Sequence[Piece], line: LifeLine, name: str, *, short: bool) -> list[Piece]:
    """Pieces of one lane, those that stand too close together made one. `short`: only those too short to be pressed."""
    a_day = PIXELS / ((line.last - line.first).days + 1)
    groups: list[list[Piece]] = []
    for one in sorted(ones, key=lambda piece: (piece.since, piece.ref)):
        if groups and _too_close(groups[-1], one, line, a_day, short=short):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [group[0] if len(group) == 1 else _fold(group, f"{name}-{i}") for i, group in enumerate(groups)]


def _too_close(group: Sequence[Piece], one: Piece, line: LifeLine, a_day: float, *, short: bool) -> bool:
    first, last = group[0], group[-1]
    apart = (one.since - last.since).days * a_day
    if not short:
        return (one.since - first.since).days * a_day < PRESS
    wide = max((piece.end(line) - piece.since).days * a_day for piece in (last, one))
    return apart < PRESS and wide < PRESS and (one.end(line) - first.since).days * a_day < LONGEST


def _fold(group: Sequence[Piece], ref: str) -> Piece:
    """One piece for several; of few, their words are kept."""
    counts = Counter(one.sort for one in group)
    what = words.listed([words.many(number, *SORT_WORDS[sort]) for sort, number in counts.items()])
    if len(group) < FEW:
        what += f": {'; '.join(one.what for one in group)}"
    return Piece(
        ref=ref,
        sort=group[0].sort,
        spans=_around(group),
        what=what,
        more="Each of them is in the table",
        decided=max((one.decided for one in group if one.decided), default=None),
        uncertain=all(one.uncertain for one in group),
        planned=all(one.planned for one in group),
        inside=tuple(group),
    )


def _around(group: Sequence[Piece]) -> tuple[tuple[date, date | None], ...]:
    if group[0].sort == "law":
        return tuple(one.spans[0] for one in group)
    ends = [span[1] for one in group for span in one.spans]
    known = [end for end in ends if end is not None]
    return ((group[0].since, None if len(known) < len(ends) else max(known)),)


# --- the table ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LifeRow:
    """The twin of one piece in the table."""

    ref: str
    iso: str
    when: str
    kind: str
    what: str
    more: str
    name: str
    href: str
    inside: tuple[tuple[str, str, str], ...]  # ref, name and address of each piece of a fold


def rows(line: LifeLine, made: Sequence[Piece]) -> tuple[LifeRow, ...]:
    """The rows of the table: by time, what began first at the top."""
    return tuple(_row(line, one) for one in sorted(made, key=lambda one: (one.since, one.ref)))


def _row(line: LifeLine, one: Piece) -> LifeRow:
    several = SORT_WORDS[one.sort][1] if one.inside else SORT_WORDS[one.sort][0]
    return LifeRow(
        ref=f"{line.uid}-{one.ref}",
        iso=one.since.isoformat(),
        when=one.when,
        kind=f"planned, {several}" if one.planned else several,
        what=words.sentence(one.what).rstrip("."),
        more=one.more,
        name=one.name,
        href=one.href,
        inside=tuple((f"{line.uid}-{part.ref}", part.name, part.href) for part in one.inside),
    )


def span_of(life: Life, now: date) -> tuple[date, date]:
    """The days of a whole life: from its first day to the day of the page, and on to what is planned soon after it."""
    days = [(one.since, one.until) for one in life.spells]
    days += [(one.since, one.until) for one in life.brackets]
    days += [(one.since, one.until) for one in life.strands]
    first = min([since for since, _ in days], default=now)
    soon = now + max(timedelta(days=365), (now - min(first, now)) / 8)
    ahead = [min(day, soon) for span in days for day in span if day is not None and day > now]
    return min(first, now), max([now, *ahead])
