"""Small rulers beside duties: from when a duty began to when it is due; hatched where it is late."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from throughcare.web.pictures import marks, svg

WIDTH = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that all rulers of a page share; both ends are shown. `rest`: days on which no work is done."""

    first: date
    last: date
    today: date
    rest: Collection[date] = ()

    @property
    def step(self) -> float:
        """How many pixels a day takes."""
        return WIDTH / ((self.last - self.first).days + 1)

    def place(self, day: date) -> float:
        """Return where a day begins."""
        return (day - self.first).days * self.step

    def rested(self) -> list[date]:
        """Return weekends and holidays of the window."""
        days = [self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1)]
        return [d for d in days if d.weekday() >= 5 or d in self.rest]


def header(window: Window) -> Markup:
    """Return the row of dates above the rulers."""
    body = [svg.rect(window.place(d), 0, window.step, 20, "rest") for d in window.rested()]
    monday = window.first + timedelta(days=-window.first.weekday() % 7)
    while monday <= window.last - timedelta(days=2):
        body.append(svg.text(window.place(monday), 13, f"{monday.day} {monday:%b}", "t-axis"))
        monday += timedelta(weeks=1)
    now = window.place(window.today) + window.step / 2
    body.append(svg.line(now, 16, now, 20, "now"))
    return _ruler(20, "".join(body), "")


def ruler(window: Window, *, start: date | None, due: date | None, uid: str) -> Markup:
    """Return the ruler of one duty. `uid` must be used once in a page. Only for the eye: the row says the same."""
    half = window.step / 2
    now = window.place(window.today) + half
    body = [svg.rect(window.place(d), -75, window.step, 180, "rest") for d in window.rested()]
    if due:
        end = min(max(window.place(due) + half, 0), WIDTH)
        begin = min(max(window.place(start) + half if start else 0.0, 0.0), end)
        body.append(svg.line(begin, 15, end, 15, "run"))
        if due < window.today:
            body.append(svg.rect(end, 9, now - end, 12, "bar bar-silence", fill=f"{uid}-silence"))
        if window.first <= due <= window.last:
            body.append(marks.shape("decision", end, 15, size=0.82))
        elif due > window.last:
            body.append(svg.path(f"M{WIDTH - 9:.1f},10l6,5 -6,5", "run"))
    body.append(svg.line(now, -75, now, 105, "now"))
    return _ruler(30, "".join(body), uid)


def _ruler(height: int, body: str, uid: str) -> Markup:
    defs = f"<defs>{svg.patterns(uid)}</defs>" if uid else ""
    return svg.safe(
        f'<svg class="ruler" viewBox="0 0 {WIDTH:.0f} {height}" width="{WIDTH:.0f}" height="{height}" '
        f'aria-hidden="true" focusable="false">{defs}{body}</svg>'
    )
