"""Lives for pictures: one of fifteen years with two recalls, one of forty years with very much in it. Invented."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from throughcare.web.pictures.life import Bracket, Flag, Life, Spell, Step, Strand
from throughcare.web.pictures.life_pieces import LifeLine

TODAY = date(2025, 9, 15)
LAW = (
    (date(2019, 7, 22), "Decisions may be reconsidered", "Parole Board Rules 2019", "L"),
    (date(2022, 6, 28), "Licence reviews go to the Board by themselves", "PCSC Act 2022", "X/G"),
    (date(2022, 7, 21), "Hearings may be public", "SI 2022/717", "L"),
    (date(2022, 7, 21), "Report writers give no view on release", "Practice of the service", "K"),
    (date(2023, 4, 3), "Report writers give a view again", "Practice of the service", "K"),
    (date(2024, 11, 1), "The licence can end by itself", "Victims and Prisoners Act 2024, s.66", "L"),
    (date(2025, 1, 29), "Who is a victim", "Victims and Prisoners Act 2024, s.1", "L"),
    (date(2025, 2, 1), "Qualifying period of 3 years", "Victims and Prisoners Act 2024, s.66", "L"),
    (date(2025, 2, 3), "New test for release", "Victims and Prisoners Act 2024, s.58", "G"),
    (date(2025, 4, 1), "Victims anywhere may ask to observe", "Parole Board", "U"),
)
FLAGS = tuple(Flag(on=on, what=what, source=source, mark=mark) for on, what, source, mark in LAW)
CONDITIONS = (
    ("Whom to tell", "Tell of any relationship"),
    ("Whom to tell", "Tell of homes with children"),
    ("Where to live", "Live at the approved address"),
    ("Where to live", "Report to approved premises"),
    ("Devices", "No device on the internet"),
    ("Standard", "Keep in touch"),
    ("Standard", "Good behaviour"),
)


def fifteen_years() -> Life:
    """Sentenced 2010, released 2014 and 2022, recalled 2016 and 2024, a hearing to come."""
    first, second = (date(2014, 10, 6), date(2016, 5, 11)), (date(2022, 8, 4), date(2024, 9, 4))
    reviews = (
        (date(2016, 7, 1), date(2016, 12, 5), "Not released"),
        (date(2018, 4, 2), date(2018, 10, 22), "Not released"),
        (date(2020, 3, 2), date(2020, 9, 14), "Not released"),
        (date(2021, 11, 15), date(2022, 5, 20), "Release directed"),
        (date(2025, 1, 13), None, ""),
    )
    return Life(
        spells=(
            Spell(kind="custody", since=date(2010, 3, 12), until=first[0], what="Custody, public protection"),
            Spell(kind="licence", since=first[0], until=first[1], what="On licence"),
            Spell(kind="custody", since=first[1], until=second[0], what="Custody after recall"),
            Spell(kind="licence", since=second[0], until=second[1], what="On licence"),
            Spell(kind="at_large", since=second[1], until=date(2024, 9, 13), what="Unlawfully at large"),
            Spell(kind="custody", since=date(2024, 9, 13), until=None, what="Custody after recall"),
        ),
        brackets=tuple(
            Bracket(
                since=since, until=until, what="Review after recall", result=result,
                steps=(Step(since + timedelta(days=40), "Papers sent"),),
            )
            for since, until, result in reviews
        ),
        strands=tuple(
            Strand(since=since, until=until, what=what, kind=kind)
            for since, until in (first, second)
            for kind, what in CONDITIONS
        ),
        flags=FLAGS,
    )  # fmt: skip


def forty_years(seed: int = 4) -> Life:
    """Forty years: thirty releases and recalls, forty reviews, forty conditions on changing licences."""
    random = Random(seed)
    spells, brackets, strands = [], [], []
    day = date(1985, 9, 20)
    while day < TODAY - timedelta(days=200):
        held = timedelta(days=random.choice((30, 60, 200, 400, 900, 1500)))
        spells.append(Spell(kind="custody", since=day, until=day + held, what="Custody"))
        for number in range(max(1, held.days // 400)):
            begun = day + timedelta(days=20 + number * 380)
            brackets.append(
                Bracket(since=begun, until=begun + timedelta(days=150), what="Review", result="Not released")
            )
        free = timedelta(days=random.choice((20, 45, 90, 300, 700, 1100)))
        spells.append(Spell(kind="licence", since=day + held, until=day + held + free, what="On licence"))
        for number in range(random.randrange(4, 12)):
            kind, what = CONDITIONS[random.randrange(len(CONDITIONS))]
            strands.append(Strand(since=day + held, until=day + held + free, what=f"{what} ({number % 6})", kind=kind))
        lost = timedelta(days=random.choice((0, 0, 3, 9, 90)))
        if lost:
            gone = day + held + free
            spells.append(Spell(kind="at_large", since=gone, until=gone + lost, what="Unlawfully at large"))
        day += held + free + lost
    spells.append(Spell(kind="custody", since=day, until=None, what="Custody after recall"))
    early = (
        Flag(on=date(2005, 4, 4), what="Criminal Justice Act 2003 begins", source="CJA 2003, Part 12", mark="X"),
        Flag(on=date(2012, 12, 3), what="No new sentences for public protection", source="LASPO", mark="X"),
        Flag(on=date(2015, 4, 13), what="Staying at large is an offence", source="CJA 2003, s.255ZA", mark="G"),
        Flag(on=date(2018, 5, 22), what="Summaries may be given out", source="PBR", mark="L"),
    )
    return Life(
        spells=tuple(spells), brackets=tuple(brackets), strands=tuple(strands), flags=(*early, *FLAGS)
    )  # fmt: skip


def line_of(life: Life, first: date, *, now: date = TODAY, last: date | None = None) -> LifeLine:
    """A line of a whole life."""
    return LifeLine(uid="life", title="Life line", life=life, first=first, last=last or now, now=now)
