"""Find a person: a search by name, date of birth or number, as a POST, so that no address holds what was looked for.

Results tell two of a name apart by the least that does it. Each search is noted, one that finds nothing too, and
nobody can drain the register: searches are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access import queries as access
from throughcare.access.doors import looked_at, open_to, searched, spend
from throughcare.access.reach import Level, Permission, Reach, Viewer
from throughcare.ledger.entry import london_day
from throughcare.people import queries as people
from throughcare.people.matching import exact
from throughcare.web import page, words
from throughcare.web.asking import Answers
from throughcare.web.frame import frame
from throughcare.web.parts import Empty, Field, Form, Mistake
from throughcare.web.shell import Link

MOST_FOUND = 200  # records; whoever finds more is asked for more words
A_PAGE = 20
MOST_SEARCHES, A_TIME = 60, timedelta(minutes=10)


@open_to(Permission.PERSON_FIND, methods=("GET", "POST"), act="search")
def find(request: HttpRequest) -> HttpResponse:
    """The form; and, after a POST, who was found."""
    if request.method != "POST":
        return _show(request, Answers({}))
    answers = Answers(request.POST)
    said = answers.text("words", most=200)
    now: datetime = request.at  # type: ignore[attr-defined]
    ask = "Enter a date of birth, such as 9 March 2023, or leave it empty"
    born = answers.day("born", ask=ask, now=now, needed=False)
    if not answers.wrong and len(said) < 2 and born is None:
        answers.wrong["words"] = "Enter at least two letters of a name, a number, or a date of birth"
    if answers.wrong:
        return _show(request, answers, status=400)
    spend(request, "search", most=MOST_SEARCHES, per=A_TIME)
    found = people.search(said, born=born, most=MOST_FOUND)
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    persons = list(dict.fromkeys(one.person for one in found))
    reaches = access.reaches(viewer, persons, at=request.at)  # type: ignore[attr-defined]
    shown = [one for one in persons if reaches[one].level >= Level.POINTER]
    searched(request, f"{said}|{born or ''}", found=len(shown))
    first = _first(request, len(shown))
    here = shown[first : first + A_PAGE]
    looked_at(request, {one: reaches[one].why for one in here})
    records = people.records_of(here)
    desks = access.desks()
    results = tuple(_found(request, one, records[one], reaches[one], desks) for one in here)
    return _show(request, answers, found=results, number=len(shown), first=first, full=len(found) >= MOST_FOUND)


def _first(request: HttpRequest, number: int) -> int:
    """Where the page of results begins."""
    given = request.POST.get("from", "")
    first = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
    return first if first < number and "more" in request.POST else 0


def _found(
    request: HttpRequest, person: UUID, records: Sequence[people.Held], reach: Reach, desks: dict[str, access.Desk]
) -> page.PersonFound:
    """One person, in one line or three: name, birth, district, agencies; and the way on that this viewer has."""
    name = next((one.name for one in records if one.names), records[0].name)
    born = next((one.date_of_birth for one in records if one.date_of_birth), None)
    expected = next((one.expected_date_of_birth for one in records if one.expected_date_of_birth), None)
    today = london_day(request.at)  # type: ignore[attr-defined]
    opens = reach.may(Permission.PERSON_READ)
    own = next((one.record.ref for one in records if one.record.agency == reach.agency), "")
    holding = sorted({desks[one.record.agency].name for one in records if one.record.agency in desks})
    base = f"/people/{person}"
    other = []
    if not opens and reach.may(Permission.BREAK_GLASS):
        other.append(Link("Break the glass", f"{base}/break-glass", more=name))
    if reach.may(Permission.RECORD):
        other += [
            Link("Record what was seen", f"{base}/record/observation", more=name),
            Link("Record an injury", f"{base}/record/injury", more=name),
        ]
    return page.PersonFound(
        person=Link(name, base),
        born=f"born {words.day(born)}, {words.age(born, today)}"
        if born
        else f"expected {words.day(expected)}"
        if expected
        else "date of birth not known",
        number=own,
        agencies=f"Known to {words.listed(holding)}",
        why=_district(records, reach),
        restricted=not opens,
        links=tuple(other),
    )


def _district(records: Sequence[people.Held], reach: Reach) -> str:
    """The district of the address that the viewer's own agency holds, or any agency's to one who reads everything.

    Never of others' records to somebody who reads less: an address that is protected would be given away.
    """
    open_to_all = "protected_address" in reach.full
    for one in records:
        code = exact.postcode(one.address) if one.record.agency == reach.agency or open_to_all else None
        if code:
            return f"Lives in {code.split()[0]}"
    return ""


def _show(
    request: HttpRequest,
    answers: Answers,
    *,
    found: tuple[page.PersonFound, ...] = (),
    number: int | None = None,
    first: int = 0,
    full: bool = False,
    status: int = 200,
) -> HttpResponse:
    fields = (
        Field(
            name="words", label="Name or number", hint="Any part of a name; or a number of yours, such as an NHS number"
        ),
        Field(name="born", label="Date of birth, if you know it", hint="For example, 9 March 2023", width=20),
    )
    mistakes: tuple[Mistake, ...] = answers.mistakes
    more = None
    if number is not None and first + A_PAGE < number:
        again = tuple((name, request.POST.get(name, "")) for name in ("words", "born"))
        more = Form(
            action="/people",
            button=f"Show the next {min(A_PAGE, number - first - A_PAGE)}",
            hidden=(*again, ("from", str(first + A_PAGE)), ("more", "yes")),
        )
    value = page.FindPerson(
        shell=frame(request, title="Find a person"),
        form=Form(action="/people", button="Search", fields=answers.shown(fields), mistakes=mistakes),
        searched=number is not None,
        said=_said(number or 0, first, len(found), full),
        found=found,
        more=more,
        empty=Empty(
            title="Nobody was found",
            words="Check the spelling; try fewer words, or the date of birth alone. That you searched is recorded.",
        )
        if number == 0
        else None,
    )
    return render(request, "find_person.html", {"page": value}, status=status)


def _said(number: int, first: int, here: int, full: bool) -> str:
    if not number:
        return "Nobody"
    said = words.many(number, "person", "people")
    if number > A_PAGE:
        said = f"{first + 1} to {first + here} of {said}"
    return f"{said}, and more: add a word or the date of birth" if full else said
