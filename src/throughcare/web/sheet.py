"""A page of sections, one under the other: words, facts, rows, a form. For pages that need no drawing of their own."""

from __future__ import annotations

from dataclasses import dataclass

from throughcare.web.page import Urgent
from throughcare.web.parts import DutyRow, Empty, EntryRow, Fact, FindingRow, Form, Mistake, Pages, Table
from throughcare.web.shell import Link, PersonBar, Shell


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """plain.html: a few words and the way on."""

    shell: Shell
    title: str
    paragraphs: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of a sheet; what is empty is left out. `beside`: two lists of facts to compare, with their heads."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    inset: str = ""
    urgent: Urgent | None = None
    facts: tuple[Fact, ...] = ()
    beside: tuple[tuple[str, tuple[Fact, ...]], ...] = ()
    table: Table | None = None
    points: tuple[str | Link, ...] = ()
    duties: tuple[DutyRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    entries: tuple[EntryRow, ...] = ()
    forms: tuple[Form, ...] = ()
    links: tuple[Link, ...] = ()
    empty: Empty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """sheet.html. `panel`: a green panel at the top says what has just been done. `card`: the page interrupts."""

    shell: Shell
    title: str
    person: PersonBar | None = None
    lead: str = ""
    small: str = ""
    panel: bool = False
    sections: tuple[Section, ...] = ()
    pages: Pages | None = None
    back: Link | None = None

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What is wrong in any form of the page."""
        return tuple(one for section in self.sections for form in section.forms for one in form.mistakes)
