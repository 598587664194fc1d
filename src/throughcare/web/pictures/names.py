"""The name of a mark: when, which agency, what, recorded when, known when. The same words wherever it is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from throughcare.web import words
from throughcare.web.pictures.values import KIND_WORDS, Line, Mark

STANDING = {
    "stands": "",
    "corrected": "Corrected since",
    "withdrawn": "Withdrawn since",
    "planned": "Planned, not yet happened",
    "restricted": "Restricted",
}


def when(mark: Mark) -> str:
    """Return when it was true, as said or as exactly as is known."""
    if mark.when:
        return mark.when
    return words.moment(mark.at) if mark.timed else words.day(mark.at)


def noted(mark: Mark) -> str:
    """Return when it was recorded: "the same day" or "on 3 March 2026"; nothing when that is not said."""
    if mark.noted is None:
        return ""
    if words.local_day(mark.noted) == words.local_day(mark.at):
        return "the same day"
    return f"on {words.day(mark.noted)}"


def knew(mark: Mark, line: Line) -> str:
    """Return what the agency in question knew, as a sentence without full stop; nothing when nobody asks."""
    if not line.whose or mark.standing in ("restricted", "planned"):
        return ""
    whose = line.whose[0].upper() + line.whose[1:]
    if mark.own:
        return f"{whose} recorded it"
    if mark.knew is None:
        return f"{whose} did not know of it on {words.day(line.now)}"
    late = (words.local_day(mark.knew) - words.local_day(mark.at)).days
    if late < 1:
        return f"{whose} knew the same day"
    return f"{whose} knew after {words.many(late, 'day')}, on {words.day(mark.knew)}"


def knew_short(mark: Mark, line: Line) -> str:
    """Return the same for a cell of a table."""
    if not line.whose or mark.standing in ("restricted", "planned"):
        return ""
    if mark.own:
        return "own record"
    if mark.knew is None:
        return "did not know"
    late = (words.local_day(mark.knew) - words.local_day(mark.at)).days
    return "same day" if late < 1 else f"after {words.many(late, 'day')}"


def name(mark: Mark, line: Line) -> str:
    """Return the full name of a mark."""
    if mark.named:
        return mark.named
    if mark.crowd:
        return f"{when(mark)}{_by(mark)}: {mark.what}. Open to see each."
    if mark.standing == "restricted":
        return f"Restricted entry{_by(mark)}. Ask the case owner."
    parts = [f"{when(mark)}{_by(mark)}: {mark.what}."]
    if told := noted(mark):
        parts.append(f"Recorded {told}.")
    if told := knew(mark, line):
        parts.append(f"{told}.")
    if told := STANDING[mark.standing]:
        parts.append(f"{told}.")
    return " ".join(parts)


def _by(mark: Mark) -> str:
    return f", {mark.agency}" if mark.agency else ""


def kinds(marks: Sequence[Mark]) -> str:
    """Return how many there are of each kind, injuries first: "2 injuries, 3 contacts, not seen"."""
    restricted = sum(mark.standing == "restricted" for mark in marks)
    counts = Counter(mark.kind for mark in marks if mark.standing != "restricted")
    parts = [words.many(counts[kind], *KIND_WORDS[kind]) for kind in KIND_WORDS if counts[kind]]
    if restricted:
        parts.append(f"{restricted} restricted")
    return words.listed(parts)
