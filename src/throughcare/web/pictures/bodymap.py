"""The body map: where marks are. Regions are links that choose a place; marks are numbered pins tied to rows.

The list of places (`places`) is the real record; the map follows it and works without script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from throughcare.web.pictures import svg
from throughcare.web.pictures.outlines import Region, View, views
from throughcare.web.pictures.places import PAIRED, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A numbered mark. `href` leads to its row; `earlier`: recorded before this record, drawn outlined."""

    number: int
    place: Place
    href: str
    label: str = ""  # "Bruise, 12 mm"
    earlier: bool = False

    @property
    def name(self) -> str:
        """The pin in words."""
        said = f": {self.label}" if self.label else ""
        return f"{'Earlier mark' if self.earlier else 'Mark'} {self.number}, {self.place.words}{said}"


@dataclass(frozen=True, slots=True)
class MapView:
    """One drawing of the map, drawn."""

    name: str
    title: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class BodyMap:
    """The whole map. `unplaced`: pins whose place no drawing has; they stand in the list only."""

    views: tuple[MapView, ...]
    unplaced: tuple[Pin, ...] = ()


# Drawings that show a place best, for sites that more than one drawing has.
_BEST = {
    "scalp": "back",
    "forehead": "face",
    "neck": "front",
    "genital_anal": "front",
    "cheek": "face",
    "hand": "hands",
    "wrist": "hands",
    "foot": "feet",
    "ankle": "feet",
    "angle_of_jaw": "face",
}


def body_map(
    pins: Sequence[Pin], *, baby: bool, choose: Callable[[Place], str], uid: str, chosen: Place | None = None
) -> BodyMap:
    """Draw the map. `choose` gives the address that a region leads to; `uid` must be used once in a page."""
    drawings = views(baby=baby)
    homes: dict[str, list[tuple[Pin, Region]]] = {view.name: [] for view in drawings}
    unplaced = []
    for pin in pins:
        home = _home(pin.place, drawings)
        if home is None:
            unplaced.append(pin)
        else:
            homes[home[0].name].append((pin, home[1]))
    drawn = tuple(
        MapView(view.name, view.title, _drawing(view, homes[view.name], choose, f"{uid}-{view.name}", chosen))
        for view in drawings
    )
    return BodyMap(drawn, tuple(unplaced))


def _home(place: Place, drawings: Sequence[View]) -> tuple[View, Region] | None:
    """Return the drawing and region where a pin stands: the best for its site, else the first that has it.

    A mark whose side was not said, on a site that has two, stands nowhere: a pin would say what nobody said.
    """
    if place.site in PAIRED and not place.side:
        return None
    found = [
        (view, region)
        for view in drawings
        for region in view.regions
        if region.place == place or (not place.side and region.place.site == place.site)
    ]
    best = [pair for pair in found if pair[0].name == _BEST.get(place.site)]
    return next(iter(best or found), None)


def _drawing(
    view: View, pins: Sequence[tuple[Pin, Region]], choose: Callable[[Place], str], uid: str, chosen: Place | None
) -> Markup:
    regions = "".join(
        svg.link(
            region.shape,
            name=f"Add a mark: {region.place.words}",
            href=choose(region.place),
            cls="region chosen" if region.place == chosen else "region",
            data=f' data-place="{svg.attribute(region.place.code)}"',
        )
        for region in view.regions
    )
    used: Counter[Place] = Counter()
    drawn = []
    for pin, region in pins:
        turn = used[region.place]
        used[region.place] += 1
        dx, dy = ((0, 0), (18, 0), (-18, 0), (0, 18), (0, -18))[turn % 5]
        x = min(max(region.at[0] + dx, 11), view.width - 11)
        y = min(max(region.at[1] + dy, 11), view.height - 11)
        drawn.append(_pin(pin, x, y))
    sides = svg.text(4, 22, view.left_word, "t-side") if view.left_word else ""
    sides += svg.text(view.width - 4, 22, view.right_word, "t-side", "end") if view.right_word else ""
    return svg.frame(
        view.width,
        view.height,
        f"{view.outline}{regions}{''.join(drawn)}{sides}",
        title=view.title,
        sentence="Press a place to add a mark, or choose it in the list.",
        uid=uid,
        cls=f"bodymap body-{view.name}",
    )


def _pin(pin: Pin, x: float, y: float) -> str:
    state = "pin-earlier" if pin.earlier else "pin-new"
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" class="pin-c {state}"/>'
    body = f'<rect class="hit" x="{x - 12:.1f}" y="{y - 12:.1f}" width="24" height="24"/>{ring}'
    words = svg.text(x, y + 4.5, str(pin.number), f"pin-t {state}", "middle", hidden=True)
    return svg.link(body, name=pin.name, href=pin.href, cls="m pin") + words
