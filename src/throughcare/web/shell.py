"""What surrounds every page: who you are, the menu, whose case it is, which moment you look at. Values for templates.

Every address (`href`, `action`) is made by the view. Every word is shown as given and escaped by the template.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

NOTHING = Markup("")  # no picture


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere. `more`: words for those who hear the page only, e.g. whose case it is."""

    words: str
    href: str
    more: str = ""
    current: bool = False


FOOTER = (
    Link("Accessibility statement", "/accessibility"),
    Link("Cookies", "/cookies"),
    Link("Privacy", "/privacy"),
    Link("Status", "/status"),
)
MENU = (
    Link("My work", "/"),
    Link("People", "/people"),
    Link("Duties", "/duties"),
    Link("Records in", "/import"),
    Link("Messages", "/undelivered"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of a page. `title` is the page's own; with quiet titles on, give one without a name.

    `purpose` and `printed` are empty on pages that are about nobody.
    """

    title: str
    user: str = ""  # "Ines Calder"; empty when nobody is signed in
    agency: str = ""  # "Fellbeck Council children’s services"
    sign_out_href: str = ""  # a POST address; no button when empty
    menu: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = FOOTER
    invented: bool = False  # the banner "Invented data"
    phase: str = ""  # "Alpha"
    success: str = ""  # a green banner at the top: what has just been done
    success_more: str = ""  # and what happens next, by when, by whom
    purpose: str = ""  # "your own case"
    looked_href: str = ""  # who else has looked
    printed: str = ""  # "Printed by R. Ellery, 3 March 2026. As known on ... Checkpoint 4117."


@dataclass(frozen=True, slots=True)
class Alert:
    """One of the alerts under the name: danger to staff, restricted, legal order, plan in force."""

    sign: Literal["warning", "lock", "plan"]
    strong: str
    words: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several: an option of a select, a radio, a check box."""

    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStrip:
    """Which moment the page shows, and for whom. A plain GET form to `action`: known_on, at, known_to.

    `past`: not now, or not everyone; the strip is then striped and forms are closed. `hidden` are fields kept as
    they are (name, value). Empty addresses draw no button.
    """

    action: str
    past: bool = False
    said: str = ""  # "9 August 2024 at 5pm"
    by: str = ""  # "Fellbeck Police"; empty for all agencies
    day: str = ""  # as typed: "9 August 2024"
    time: str = ""  # "5pm"
    agencies: tuple[Choice, ...] = ()  # first of them: all agencies, value ""
    earlier_href: str = ""
    later_href: str = ""
    now_href: str = ""
    moments: Markup = NOTHING
    not_shown: str = ""  # "15 later entries are not shown."
    proof: str = ""  # "Checkpoint 4117."
    error: str = ""  # "Enter a day, such as 9 August 2024"
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBar:
    """Whose case it is: the bar that stays in view, alerts, the strip of time and the menu of the person."""

    name: str
    born: str = ""  # "Born 9 March 2023"
    age: str = ""  # "17 months old"; add "on this day" when looking at the past
    number: str = ""  # "FC-204-118"
    other_names: str = ""
    alerts: tuple[Alert, ...] = ()  # the first three are shown, the rest behind "and 2 more"
    time: TimeStrip | None = None
    menu: tuple[Link, ...] = ()  # Overview, Timeline, ...; one is `current`
