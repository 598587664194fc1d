"""The pieces that pages are made of: a duty, a question, an entry, a form field, a list. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from throughcare.web.shell import NOTHING, Choice, Link

DutyState = Literal["open", "due_today", "overdue", "met", "met_late", "not_required"]
DUTY_WORDS: dict[DutyState, str] = {
    "open": "open",
    "due_today": "due today",
    "overdue": "overdue",
    "met": "met",
    "met_late": "met late",
    "not_required": "no longer required",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a date, a duty, a question or a link is there. Empty parts are left out.

    `figures` are steps or figures used: ("Length", "10 working days").
    """

    facts: tuple[str | Link, ...] = ()
    missing: tuple[str, ...] = ()
    rule: str = ""  # "S13, version 2: see the child every 10 working days"
    authority: str = ""  # "The plan of 22 December 2023; Working Together 2023, chapter 3"
    mark: str = ""  # how binding: "Law", "Statutory guidance", "Practice threshold"
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One thing that must be done. State is told by shape and words: `state_words` defaults to DUTY_WORDS."""

    uid: str  # letters, figures, "-"; once in a page
    what: str  # verb first: "Hold the core group"
    due: str  # "Thu 11 April"
    due_iso: str = ""
    state: DutyState = "open"
    said: str = ""  # "3 working days late"
    owner: str = ""  # "Lead social worker, Ines Calder"
    source: str = ""  # "Six weeks from 29 February. Partnership standard."
    person: Link | None = None  # whose case, on pages about several
    about: str = ""  # "4 years old"
    do: Link | None = None  # the one thing to do: "Record a visit"
    why: Why | None = None
    ruler: Markup = NOTHING

    @property
    def state_words(self) -> str:
        """What the state is, in words."""
        return self.said or DUTY_WORDS[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """A question put to a person: what was found, what is asked, of whom, and the answer if there is one."""

    uid: str
    raised: str  # "9 August 2024"
    what: str
    ask: str
    owner: str = ""  # "Fellbeck General, named doctor"
    state: Literal["asked", "answered", "cannot_tell", "withdrawn"] = "asked"
    answer: str = ""  # "Answered 3 September 2024 by L. Harrow: ..."
    do: Link | None = None  # "Answer"
    why: Why | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One thing recorded: who said it, when it was true, when it was learned, who else knows."""

    uid: str
    when: str  # as said: "9 August 2024 at 2:30pm", "spring 2019"
    iso: str = ""
    agency: str = ""
    role: str = ""
    kind: str = ""
    what: str = ""
    basis: str = ""  # "seen", "told", "the child’s own words"
    noted: str = ""  # "9 Aug 2024, 5:10pm"
    lag: str = ""  # "12 days after"
    knows: str = ""  # "Police since 9 August 2024. Nobody else."
    standing: Literal["stands", "corrected", "withdrawn", "restricted"] = "stands"
    replaced_by: Link | None = None
    position: str = ""  # place in the ledger: "Entry 4117"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `kind` chooses the GOV.UK component; `choices` serve select, radios and checkboxes."""

    name: str
    label: str
    kind: Literal["text", "textarea", "radios", "checkboxes", "select", "number", "password", "email", "file"] = "text"
    value: str = ""
    hint: str = ""
    error: str = ""
    choices: tuple[Choice, ...] = ()
    suffix: str = ""
    width: int = 0  # in letters: 2, 3, 4, 5, 10, 20; 0: full
    rows: int = 3
    autocomplete: str = ""
    inputmode: str = ""
    inline: bool = False  # radios side by side


@dataclass(frozen=True, slots=True)
class Mistake:
    """An error in the summary: what to do, and where."""

    words: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form. A POST unless told otherwise; the CSRF field is added by the template."""

    action: str
    button: str  # "Save and go on"
    fields: tuple[Field, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    method: Literal["post", "get"] = "post"
    warning: bool = False  # the button of an act that cannot be taken back
    second: Link | None = None  # the other way out: "Cancel"
    hidden: tuple[tuple[str, str], ...] = ()
    with_files: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where you are in a long list."""

    said: str  # "Showing 51 to 100 of 1,204 entries"
    previous_href: str = ""
    next_href: str = ""
    numbers: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """A list with nothing in it: what that means, and what to do."""

    title: str
    words: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a summary list. `change`: where it can be changed."""

    name: str
    value: str
    change: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A plain table. `rows` hold text or links, one for each head. Numbers: columns that stand at the right."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | Link, ...], ...]
    numbers: tuple[int, ...] = ()
    hide_caption: bool = True


@dataclass(frozen=True, slots=True)
class AtAGlance:
    """A line of the side column. `big`: the next duty."""

    name: str
    value: str
    small: str = ""
    link: Link | None = None
    big: bool = False
