"""The marks: shape says what kind, filled says "in hand", outlined "not in hand", dashed "planned"."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from throughcare.web.pictures import svg
from throughcare.web.pictures.values import Mark

Shape = Callable[[float, float, str, float], str]
REACH = 12.0  # half of the area to press


def shape(kind: str, x: float, y: float, *, state: str = "held", size: float = 1.0) -> str:
    """Return the mark of one kind around a place. `state`: held, unheld or planned."""
    return _SHAPES[kind](x, y, f"mk mk-{kind} {state}", size)


def _disc(radius: float) -> Shape:
    def draw(x: float, y: float, cls: str, size: float) -> str:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * size:.1f}" class="{cls}"/>'

    return draw


def _missed(x: float, y: float, cls: str, size: float) -> str:
    a = 2.6 * size
    cross = f"M{x - a:.1f},{y - a:.1f}L{x + a:.1f},{y + a:.1f}M{x - a:.1f},{y + a:.1f}L{x + a:.1f},{y - a:.1f}"
    return f"{_disc(6)(x, y, cls, size)}{svg.path(cross, 'mk-cross ' + cls.rsplit(' ', 1)[1])}"


def _injury(x: float, y: float, cls: str, size: float) -> str:
    a = 7 * size
    return svg.path(f"M{x:.1f},{y - a:.1f}L{x + a:.1f},{y:.1f}L{x:.1f},{y + a:.1f}L{x - a:.1f},{y:.1f}Z", cls)


def _told(x: float, y: float, cls: str, size: float) -> str:
    a = 6.2 * size
    return svg.path(f"M{x - a * 0.8:.1f},{y - a:.1f}L{x + a:.1f},{y:.1f}L{x - a * 0.8:.1f},{y + a:.1f}Z", cls)


def _decision(x: float, y: float, cls: str, size: float) -> str:
    a = 5.2 * size
    return svg.rect(x - a, y - a, 2 * a, 2 * a, cls)


def _home(x: float, y: float, cls: str, size: float) -> str:
    a = 6.2 * size
    walls = f"V{y + a:.1f}H{x - a:.1f}V{y - 1:.1f}Z"
    return svg.path(f"M{x - a:.1f},{y - 1:.1f}L{x:.1f},{y - a - 1:.1f}L{x + a:.1f},{y - 1:.1f}{walls}", cls)


def _opinion(x: float, y: float, cls: str, size: float) -> str:
    a = 6.2 * size
    foot = f"H{x - a * 0.1:.1f}L{x - a * 0.6:.1f},{y + a * 1.1:.1f}V{y + a * 0.5:.1f}H{x - a:.1f}Z"
    return svg.path(f"M{x - a:.1f},{y - a * 0.7:.1f}H{x + a:.1f}V{y + a * 0.5:.1f}{foot}", cls)


_SHAPES: dict[str, Shape] = {
    "contact": _disc(3.6),
    "seen": _disc(5.8),
    "missed": _missed,
    "injury": _injury,
    "told": _told,
    "decision": _decision,
    "home": _home,
    "opinion": _opinion,
}


def lock(x: float, y: float) -> str:
    """Return the grey square with a lock: an entry that may not be read, but may be said to exist."""
    return (
        svg.rect(x - 6.5, y - 6.5, 13, 13, "mk-restricted")
        + svg.rect(x - 3.2, y - 0.6, 6.4, 4.6, "mk-lock")
        + svg.path(f"M{x - 2:.1f},{y - 0.6:.1f}v-1.6a2,2 0 0 1 4,0v1.6", "mk-lock-bow")
    )


def crowd(x: float, y: float, number: int, *, injuries: bool, held: bool) -> tuple[str, str]:
    """Return what a crowded place folds into: a box, with pointed ends where injuries are inside, and its number."""
    digits = f"{number:,}"
    w = max(11.0, 4 + 3.6 * len(digits))
    state = "injuries" if injuries else "plain"
    ends = f"L{x + w + 5:.1f},{y:.1f}" if injuries else ""
    start = f"L{x - w - 5:.1f},{y:.1f}" if injuries else ""
    box = f"M{x - w:.1f},{y - 9:.1f}H{x + w:.1f}{ends}L{x + w:.1f},{y + 9:.1f}H{x - w:.1f}{start}Z"
    held_class = "held" if held else "unheld"
    words = svg.text(x, y + 4, digits, f"t-crowd {held_class}", "middle", hidden=True)
    return svg.path(box, f"crowd crowd-{state} {held_class}"), words


def press(x: float, y: float) -> str:
    """Return the unseen area to press, 24 by 24."""
    return f'<rect class="hit" x="{x - REACH:.1f}" y="{y - REACH:.1f}" width="{2 * REACH:g}" height="{2 * REACH:g}"/>'


def placed(mark: Mark, x: float, y: float, *, name: str, href: str, asked: bool, size: float = 1.0) -> str:
    """Return a mark at its place: a link with its full name; without a link when it is restricted.

    `asked`: whether an agency is in question; if not, all marks are filled.
    """
    held = mark.held or not asked
    if mark.standing == "restricted":
        return f'<g class="restricted" role="img" aria-label="{svg.attribute(name)}">{svg.titled(lock(x, y), name)}</g>'
    if mark.crowd:
        box, number = crowd(x, y, mark.count, injuries=mark.kind == "injury", held=held)
        return svg.link(svg.rect(x - 16, y - 12, 32, 24, "hit") + box, name=name, href=href) + number
    state = "planned" if mark.standing == "planned" else "held" if held else "unheld"
    many = mark.kind == "injury" and mark.count > 1
    drawn = shape(mark.kind, x, y, state=state, size=size * (1.34 if many else 1.0))
    if mark.standing in ("corrected", "withdrawn"):
        drawn += svg.line(x - 9, y + 9, x + 9, y - 9, "struck")
    number = ""
    if many:
        inside = "held" if state == "held" else ""
        number = svg.text(x, y + 3.9, str(mark.count), f"t-count {inside}", "middle", hidden=True)
    return svg.link(press(x, y) + drawn, name=name, href=href, cls=f"m {mark.standing}") + number


def key(kind: str, *, held: bool = True) -> Markup:
    """Return a mark for a legend: a kind, or "restricted", "planned" or "crowd"."""
    if kind == "restricted":
        drawn = lock(9, 9)
    elif kind == "planned":
        drawn = shape("decision", 9, 9, state="planned")
    else:
        drawn = shape(kind, 9, 9, state="held" if held else "unheld")
    return svg.safe(
        '<svg class="key-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" focusable="false">'
        f"{drawn}</svg>"
    )


def swatch(pattern: str, *, uid: str) -> Markup:
    """Return a pattern for a legend. `uid` must be used once in a page."""
    name = svg.attribute(pattern)
    fill = f"url(#{svg.attribute(uid)}-{name})"
    box = f'<rect x=".5" y=".5" width="29" height="15" fill="{fill}" class="swatch swatch-{name}"/>'
    return svg.safe(
        '<svg class="key-mark" width="30" height="16" viewBox="0 0 30 16" aria-hidden="true" focusable="false">'
        f"<defs>{svg.patterns(uid)}</defs>{box}</svg>"
    )
