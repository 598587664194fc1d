"""The duties calendar: an agenda first, the month second, for my people. Windows stand apart: they are owed by nobody.

Days are London days. Weekends and bank holidays of England and Wales are shown as days on which no work is done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from throughcare.access.doors import looked_at, open_to
from throughcare.access.reach import Permission, Viewer
from throughcare.duties.calendar import england_and_wales
from throughcare.ledger.entry import london_day
from throughcare.web import page, rows, words
from throughcare.web.frame import frame
from throughcare.web.looking import read_day
from throughcare.web.mine import Item, is_mine, my_items, my_people
from throughcare.web.parts import Empty
from throughcare.web.shell import Link

AHEAD = timedelta(days=28)
"""How far the agenda looks."""
MOST = 80
"""Rows under one heading."""
CELL = 3
"""Items that a day of the month says in words."""


@open_to(Permission.MY_WORK)
def calendar(request: HttpRequest) -> HttpResponse:
    """What is due about my people: by day, then by month. Some twelve queries, however many people."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    now: datetime = request.at  # type: ignore[attr-defined]
    today = london_day(now)
    everyones = request.GET.get("whose") == "all"
    day, month = read_day(request.GET.get("day", "")), _month(request.GET.get("month", ""), today)
    last = max(today + AHEAD, _month_end(month), day or today)
    people = my_people(viewer, now=now)
    found = my_items(viewer, people, until=last, now=now)
    shown = [one for one in found if everyones or is_mine(one)]
    listed = [one for one in shown if one.on == day] if day else [one for one in shown if one.on <= today + AHEAD]
    duties, windows = [one for one in listed if one.owed], [one for one in listed if not one.owed]
    value = page.Calendar(
        shell=frame(request, title="Duties calendar"),
        title=f"Due on {words.weekday(day)}" if day else "Duties calendar",
        sentence=_sentence(duties, windows, today, day),
        whose=_whose(everyones, day, month, today),
        groups=_agenda(duties, today, day),
        windows=_agenda(windows, today, day, late="Ended, and not used"),
        month=_grid(month, shown, today, everyones),
        whole=Link("The whole calendar", _address(whose=everyones)) if day else None,
        feed=Link("Take this calendar into your own", "/calendar/feed"),
        empty=None if listed else _empty(people, day, everyones),
    )
    looked_at(request, {one.case.person: one.case.reach.why for one in shown})
    return render(request, "calendar.html", {"page": value})


def _address(*, day: date | None = None, month: date | None = None, whose: bool = False) -> str:
    given = {
        "day": day.isoformat() if day else "",
        "month": f"{month:%Y-%m}" if month else "",
        "whose": "all" if whose else "",
    }
    kept = "&".join(f"{name}={said}" for name, said in given.items() if said)
    return f"/calendar?{kept}" if kept else "/calendar"


def _sentence(duties: Sequence[Item], windows: Sequence[Item], today: date, day: date | None) -> str:
    late = sum(one.late for one in duties)
    now = sum(one.on == today for one in duties)
    owed = f"{words.many(len(duties), 'duty', 'duties')}"
    said = f"{owed}." if day else f"{owed} in four weeks: {late} late, {now} due today."
    open_windows = sum(one.on >= today for one in windows)
    return f"{said} {words.many(open_windows, 'window is', 'windows are')} open." if windows else said


def _whose(everyones: bool, day: date | None, month: date, today: date) -> tuple[Link, ...]:
    there = None if (month.year, month.month) == (today.year, today.month) else month
    return (
        Link("Mine and my agency’s", _address(day=day, month=there), current=not everyones),
        Link("Every agency’s", _address(day=day, month=there, whose=True), current=everyones),
    )


# --- the agenda -----------------------------------------------------------------------------------------------------


def _agenda(
    items: Iterable[Item], today: date, day: date | None, *, late: str = "Late"
) -> tuple[page.CalendarGroup, ...]:
    week = today + timedelta(days=6 - today.weekday())
    names = {late: [], "Today": [], "This week": [], "Next week": [], "Later": []}  # type: dict[str, list[Item]]
    for one in items:
        if one.on < today or one.late:
            names[late].append(one)
        elif one.on == today:
            names["Today"].append(one)
        else:
            names["This week" if one.on <= week else "Next week" if one.on <= week + timedelta(7) else "Later"].append(
                one
            )
    return tuple(
        page.CalendarGroup(
            name=words.weekday(day) if day else name,
            items=tuple(_row(one, today) for one in found[:MOST]),
            more=max(0, len(found) - MOST),
        )
        for name, found in names.items()
        if found
    )


def _row(one: Item, today: date) -> page.CalendarItem:
    row = rows.duty_row(one.case, one.duty, 0)
    return page.CalendarItem(
        day=f"{words.DAYS[one.on.weekday()][:3]} {words.day_and_month(one.on)}"
        + (f" {one.on.year}" if one.on.year != today.year else ""),
        iso=one.on.isoformat(),
        time=words.clock(one.at) if one.at else "",
        person=Link(one.case.name, f"/people/{one.case.person}"),
        what=Link(row.what, rows.duty_path(one.case, one.duty), more=f"for {one.case.name}"),
        owner=row.owner,
        source=row.source,
        said=row.said if one.late else "",
        state=row.state if one.owed else "open",
    )


# --- the month ------------------------------------------------------------------------------------------------------


def _month(text: str, today: date) -> date:
    """The first day of the month asked for, such as 2026-12; else of this month."""
    found = read_day(f"{text}-01") if len(text) <= 7 else None
    return found or today.replace(day=1)


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _grid(first: date, items: Sequence[Item], today: date, everyones: bool) -> page.CalendarMonth:
    by_day: Mapping[date, list[Item]] = defaultdict(list)
    for one in items:
        by_day[one.on].append(one)
    begin = first - timedelta(days=first.weekday())
    end = _month_end(first)
    weeks = []
    while begin <= end:
        weeks.append(tuple(_cell(begin + timedelta(days=i), first, by_day, today, everyones) for i in range(7)))
        begin += timedelta(weeks=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return page.CalendarMonth(
        title=f"{words.MONTHS[first.month - 1]} {first.year}",
        heads=tuple((name[:3], name) for name in words.DAYS),
        weeks=tuple(weeks),
        earlier=Link(_month_name(before), f"{_address(month=before, whose=everyones)}#month"),
        later=Link(
            _month_name(end + timedelta(days=1)), f"{_address(month=end + timedelta(days=1), whose=everyones)}#month"
        ),
    )


def _month_name(day: date) -> str:
    return f"{words.MONTHS[day.month - 1]} {day.year}"


def _cell(day: date, month: date, by_day: Mapping[date, list[Item]], today: date, everyones: bool) -> page.CalendarDay:
    items = by_day.get(day, []) if day.month == month.month else []
    owed = sum(one.owed for one in items)
    said = [words.many(owed, "duty", "duties")] if owed else []
    said += [words.many(len(items) - owed, "window")] if len(items) > owed else []
    return page.CalendarDay(
        day=str(day.day) if day.month == month.month else "",
        iso=day.isoformat(),
        today=day == today,
        rest=not england_and_wales().is_working(day),
        holiday=day.weekday() < 5 and not england_and_wales().is_working(day),
        link=Link(words.listed(said), _address(day=day, whose=everyones), more=f"on {words.day(day)}")
        if items
        else None,
        late=any(one.late for one in items),
        items=tuple(f"{one.case.name}: {rows.duty_row(one.case, one.duty, 0).what}" for one in items[:CELL]),
        more=max(0, len(items) - CELL),
    )


def _empty(people: Collection[UUID], day: date | None, everyones: bool) -> Empty:
    if not people:
        return Empty(
            title="Nobody is allocated to you or your team", words="What is due about your people shows here.",
            link=Link("Find a person", "/people"),
        )  # fmt: skip
    when = f"on {words.day(day)}" if day else "in the next four weeks, and nothing is late"
    about = f"About {words.many(len(people), 'person', 'people')}"
    if everyones:
        return Empty(title="Nothing is due", words=f"{about}, nothing is due {when}.")
    return Empty(
        title="Nothing is due from you or your agency",
        words=f"{about}, you owe nothing {when}. Other agencies may: see every agency’s.",
    )
