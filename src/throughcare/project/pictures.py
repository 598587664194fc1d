"""Photograph the pages of the demonstration: `bin/pictures [NAME ...]` writes docs/pictures/NAME-1280.png and -360.png.

It starts a demonstration of its own, with throw-away data on a free port, signs in on its own page, and
does on each page what its reader would do. Nothing stays but the pictures. Needs the tests' Chromium.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from throughcare.demo import stories
from throughcare.project import palette

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FloatRect, Locator, Page, StorageState

CHECKOUT = Path(__file__).resolve().parents[3]
FOLDER = CHECKOUT / "docs" / "pictures"
WIDTHS = (1280, 360)

TALLEST = 2_000
"""Pixels of a long page that are kept."""


class NoPicture(Exception):
    """The pictures could not be made. One sentence says why."""


@dataclass(frozen=True)
class Scene:
    """A browser window of somebody who is signed in, and where they stand."""

    page: Page
    now: datetime
    addresses: dict[str, str]  # of persons by name, once somebody has found them

    def opens(self, path: str) -> Scene:
        """Go to an address. Raises `NoPicture` where the page is not there."""
        answer = self.page.goto(path)
        if answer is None or answer.status >= 400:
            raise NoPicture(f"{path} answered {answer.status if answer else 'nothing'}.")
        return self

    def presses(self, words: str, role: Any = "link") -> Scene:
        """Press the first link or button of these words."""
        self.page.get_by_role(role, name=words).first.click()
        self.page.wait_for_load_state()
        return self

    def finds(self, name: str) -> Scene:
        """Look for somebody by name."""
        self.opens("/people").page.locator("main [name=words]").fill(name)
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state()
        return self

    def person(self, name: str) -> Scene:
        """Open the page of somebody, whom the first who looks finds by name."""
        if name not in self.addresses:
            self.addresses[name] = self.finds(name).presses(name).base
        return self.opens(self.addresses[name])

    @property
    def base(self) -> str:
        """The address of the person whose page is open."""
        found = re.search(r"/people/[0-9a-f-]{36}", self.page.url)
        if found is None:
            raise NoPicture(f"{self.page.url} is not about a person.")
        return found[0]


Way = Callable[[Scene], "Page | Locator"]


@dataclass(frozen=True, slots=True)
class Picture:
    """One page or a part of one: who looks, and how they come there."""

    name: str
    who: str
    way: Way = field(repr=False)


def _wren(scene: Scene) -> Scene:
    return scene.person("Wren Halloway")


def _figure(scene: Scene) -> Locator:
    return _wren(scene).opens(f"{scene.base}?zoom=life").page.locator("figure").first


def _life_line(scene: Scene) -> Locator:
    """The life line of somebody on licence, whom a probation practitioner supervises."""
    return scene.person("Corin Stallard").page.locator("figure[aria-labelledby=life-h]")


def _who_knew(scene: Scene) -> Locator:
    return _wren(scene).page.locator("section[aria-labelledby=blind-h]")


def _past(scene: Scene) -> Page:
    """The evening of the tenth day of Wren's story, when the second agency had noted its concern."""
    day = date(2025, 10, 23) + stories.shift(scene.now.date())
    return _wren(scene).opens(f"{scene.base}?known_on={day.isoformat()}").page


def _injury(scene: Scene) -> Page:
    """One mark is described; it is kept until the writer signs out, so a second look finds it there."""
    path = f"{_wren(scene).base}/record/injury"
    main = scene.opens(f"{path}?place=upper_arm:left").page.locator("main")
    if not main.get_by_role("link", name="Change").count():
        main.locator("[name=type][value=bruise]").check()
        main.locator("[name=size_mm]").fill("12")
        main.locator("[name=mobility][value=walking]").check()
        scene.presses("Save this mark", "button")
    return scene.opens(path).page


def _finding(scene: Scene) -> Page:
    _wren(scene).page.locator("#questions a[href*='/findings/']").first.click()
    scene.page.wait_for_load_state()
    return scene.page


def _duty(scene: Scene) -> Page:
    _wren(scene).page.locator("#duties a[href*='/duties/']").first.click()
    scene.page.wait_for_load_state()
    return scene.page


def _report(scene: Scene) -> Page:
    """A file of which two rows are good and two are not."""
    scene.opens("/import").page.set_input_files(
        "#id_entries", {"name": "entries.csv", "mimeType": "text/csv", "buffer": _rows(scene.now).encode()}
    )
    scene.presses("Send the file", "button")
    return scene.page


def _rows(now: datetime) -> str:
    day = now - timedelta(days=1)
    head = (
        "ref,kind,agency,author_role,happened,happened_to,precision,noted,shared,concerns,basis,summary,body,corrects"
    )
    body = '"{""weight"": ""neutral"", ""seen_or_told"": ""seen""}"'
    kind = "safeguarding.observation,HOSP,ward nurse"
    about = f"minute,{day:%Y-%m-%d}T10:00,,subject=HOSP-88214,seen"
    return "\n".join(
        [
            head,
            f"file-1,{kind},{day:%Y-%m-%d}T09:10,,{about},ate breakfast and played on the mat,{body},",
            f"file-2,{kind},{day:%Y-%m-%d}T09:40,,{about},slept for an hour,{body},",
            f"file-3,{kind},{day:%Y-%m-%d}T11:30,,{about},visited by her grandfather,{body},",
            f'file-4,{kind},{day:%Y-%m-%d}T09:50,,{about},smiled at the nurse,"{{""weight"": ""high""}}",',
            "",
        ]
    )


PICTURES = (
    Picture("my-work", "Nadia Firth", lambda scene: scene.opens("/").page),
    Picture("find", "Lucy Orme", lambda scene: scene.finds("Amelia Croft").page),
    Picture("person", "Nadia Firth", lambda scene: _wren(scene).page),
    Picture("line", "Nadia Firth", _figure),
    Picture("who-knew", "Nadia Firth", _who_knew),
    Picture("life-line", "Hugh Dallow", _life_line),
    Picture("caseload", "Hugh Dallow", lambda scene: scene.opens("/caseload").page),
    Picture("calendar", "Nadia Firth", lambda scene: scene.opens("/calendar").page),
    Picture("law", "Hugh Dallow", lambda scene: scene.opens("/law?since=2025-01-01").page),
    Picture("blind-spot", "Owen Tack", lambda scene: _wren(scene).opens(f"{scene.base}/blind-spot?agency=POL").page),
    Picture("known-on", "Owen Tack", _past),
    Picture("record-injury", "Grace Holt", _injury),
    Picture("finding", "Nadia Firth", _finding),
    Picture("duty", "Nadia Firth", _duty),
    Picture("pointer", "Jess Ridley", lambda scene: _wren(scene).page),
    Picture("break-glass", "Jess Ridley", lambda scene: scene.finds("Wren Halloway").presses("Break the glass").page),
    Picture("import-report", "Bea Trill", _report),
    Picture("demo-mail", "Nadia Firth", lambda scene: scene.opens("/demo/mail").page),
)


# --- the demonstration -----------------------------------------------------------------------------------------------

_WHERE = re.compile(r"Throughcare is at (http://\S+?)/ ")


@contextlib.contextmanager
def demonstration() -> Iterator[str]:
    """Run one with data of its own; give its address. Ended when left."""
    with tempfile.TemporaryDirectory(prefix="throughcare-pictures-", ignore_cleanup_errors=True) as home:
        unset = {"DATABASE_URL", "THROUGHCARE_DB_ROLE", "THROUGHCARE_DB_POOL", "THROUGHCARE_SMTP", "THROUGHCARE_URL"}
        environment = {name: said for name, said in os.environ.items() if name not in unset}
        running = subprocess.Popen(
            [sys.executable, "-m", "throughcare.project.run"],
            env=environment | {"THROUGHCARE_HOME": home, "PORT": str(_free_port()), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield _address(running)
        finally:
            running.send_signal(signal.SIGTERM)
            running.communicate(timeout=60)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _address(running: subprocess.Popen[str]) -> str:
    """Read what it says until it has said where it answers."""
    said = ""
    if running.stdout is None:
        raise NoPicture("The demonstration says nothing.")
    for line in running.stdout:
        said += line
        if found := _WHERE.search(line):
            return found[1]
    raise NoPicture(f"The demonstration did not start: {said.strip().splitlines()[-1] if said else 'no word'}")


# --- the camera ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Camera:
    """A browser in which the staff sign in, each once."""

    chromium: Browser
    address: str
    signed_in: dict[str, StorageState] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)

    def photograph(self, picture: Picture, width: int) -> bytes:
        """Go there in a fresh window, and take the picture: a PNG."""
        with self._window(picture.who, width) as page:
            subject = picture.way(Scene(page, datetime.now(ZoneInfo("Europe/London")), self.addresses))
            page.mouse.move(0, 0)
            clip = _whole(page) if subject is page else _part(subject)  # type: ignore[arg-type]
            return page.screenshot(full_page=True, animations="disabled", clip=clip)

    @contextlib.contextmanager
    def _window(self, who: str, width: int) -> Iterator[Page]:
        context = self.chromium.new_context(
            base_url=self.address,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            is_mobile=width < 600,
            storage_state=self.signed_in.get(who),
        )
        context.set_default_timeout(60_000)
        try:
            page = context.new_page()
            if who not in self.signed_in:
                page.goto("/demo/sign-in")
                page.get_by_role("button", name=f"Sign in as {who}", exact=True).click()
                page.wait_for_url("/")
                self.signed_in[who] = context.storage_state()
            yield page
        finally:
            context.close()


def _whole(page: Page) -> FloatRect:
    """The page from its top, as wide as the window and at most `TALLEST` high."""
    width, height = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
    return {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}


def _part(subject: Locator) -> FloatRect:
    """Where a part of the page lies, while nothing is scrolled: bars that stay in view would lie over it."""
    subject.page.evaluate("window.scrollTo(0, 0)")
    box = subject.bounding_box()
    if box is None:
        raise NoPicture(f"{subject.page.url} does not show what is to be photographed.")
    return {**box, "height": min(box["height"], TALLEST)}


def main(argv: list[str]) -> int:
    """Make all pictures, or those named. Returns 0, or 1 with a sentence for each that could not be made."""
    from playwright.sync_api import Error, sync_playwright

    names = {one.name for one in PICTURES}
    if {"--help", "-h"} & set(argv) or not set(argv) <= names:
        print(f"usage: bin/pictures [NAME ...]\n\n{__doc__}\nNames: {', '.join(sorted(names))}", file=sys.stderr)
        return 0 if {"--help", "-h"} & set(argv) else 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with demonstration() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=_flags())
        camera = Camera(chromium, address)
        for picture in (one for one in PICTURES if not argv or one.name in argv):
            for width in WIDTHS:
                try:
                    _keep(FOLDER / f"{picture.name}-{width}.png", palette.small(camera.photograph(picture, width)))
                except (Error, NoPicture) as fault:
                    wrong += 1
                    print(f"{picture.name} at {width}: {str(fault).splitlines()[0]}", file=sys.stderr)
        chromium.close()
    return 1 if wrong else 0


def _keep(file: Path, png: bytes) -> None:
    file.write_bytes(png)
    print(f"{file.relative_to(CHECKOUT)}  {len(png) // 1024:,} KB", flush=True)


def _chromium() -> str | None:
    """The Chromium of the tests."""
    sys.path.insert(0, str(CHECKOUT))
    find: Callable[[], str | None] = import_module("conftest").find_chromium
    return find()


def _flags() -> list[str]:
    root = sys.platform == "linux" and os.geteuid() == 0
    return ["--disable-gpu", "--disable-dev-shm-usage", *(["--no-sandbox"] if root else [])]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
