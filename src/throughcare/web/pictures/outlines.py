# ruff: noqa: E501 - an outline reads better unbroken
"""The outlines of a body and the regions to press: front, back, face, sides of the head, mouth, hands, feet.

Drawn from a few points. Facing us, the child's left is on our right. No sex is drawn. A baby and an older child differ
in proportion only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from throughcare.web.pictures import svg
from throughcare.web.pictures.places import Place

Point = tuple[float, float]
At = Callable[[Point, str], Point]  # a point of one side, placed in the drawing


@dataclass(frozen=True, slots=True)
class Region:
    """A part to press: its place, its shape (class "hot"), and where a pin for it stands."""

    place: Place
    shape: str
    at: Point


@dataclass(frozen=True, slots=True)
class View:
    """One drawing: the outline, its regions and its size."""

    name: str
    title: str
    width: float
    height: float
    outline: str
    regions: tuple[Region, ...]
    left_word: str = ""  # which side of the child is at our left: "R", "L" or ""
    right_word: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Proportions, in pixels from the middle line (x) and from the top (y), for the child's one side."""

    head: tuple[float, float, float]  # y, half width, half height
    shoulder: Point
    elbow: Point
    wrist: Point
    hand: Point
    hip: Point
    knee: Point
    ankle: Point
    foot: Point
    arm: float  # thickness
    leg: float
    trunk: tuple[float, float, float]  # top, bottom, half width
    height: float


BABY = Figure(
    (62, 47, 51),
    (40, 130),
    (64, 164),
    (76, 200),
    (79, 212),
    (22, 222),
    (42, 254),
    (30, 294),
    (29, 306),
    28,
    40,
    (112, 236, 38),
    326,
)
CHILD = Figure(
    (44, 29, 34),
    (38, 98),
    (54, 150),
    (62, 194),
    (64, 208),
    (19, 204),
    (24, 264),
    (22, 322),
    (24, 334),
    19,
    29,
    (82, 214, 36),
    352,
)


def _limb(points: list[Point], width: float, cls: str) -> str:
    return svg.path("M" + "L".join(f"{x:g},{y:g}" for x, y in points), cls, thick=width)


def _disc(x: float, y: float, rx: float, ry: float, cls: str) -> str:
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{rx:g}" ry="{ry:g}" class="{cls}"/>'


def _between(a: Point, b: Point, share: float = 0.5) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def body(f: Figure, *, front: bool) -> View:
    """Return the whole body, from the front or the back."""
    own_left = 1 if front else -1

    def at(point: Point, side: str) -> Point:
        return 110 + point[0] * (own_left if side == "left" else -own_left), point[1]

    sides = ("left", "right")
    outline = [_silhouette(f, at, 1.6, "b-line"), _silhouette(f, at, 0, "b-skin"), *_body_lines(f, front)]
    top, bottom, half = f.trunk
    tall = bottom - top
    y, rx, ry = f.head
    regions = [
        Region(Place("scalp"), _disc(110, y - 2, rx + 2, ry, "hot fill"), (110, y - ry * 0.6))
        if not front
        else Region(Place("forehead"), _disc(110, y - 2, rx + 2, ry, "hot fill"), (110, y - ry * 0.5)),
        Region(Place("neck"), svg.rect(92, y + ry - 7, 36, 16, "hot fill"), (110, y + ry)),
    ]
    if front:
        regions += [
            Region(
                Place("chest"),
                svg.rect(110 - half + 4, top + tall * 0.1, 2 * half - 8, tall * 0.34, "hot fill"),
                (110, top + tall * 0.27),
            ),
            Region(
                Place("abdomen"),
                svg.rect(110 - half, top + tall * 0.45, 2 * half, tall * 0.31, "hot fill"),
                (110, top + tall * 0.6),
            ),
            Region(
                Place("genital_anal"),
                svg.rect(110 - half * 0.5, top + tall * 0.77, half, tall * 0.23, "hot fill"),
                (110, top + tall * 0.88),
            ),
        ]
    else:
        regions.append(
            Region(
                Place("back"),
                svg.rect(110 - half, top + tall * 0.1, 2 * half, tall * 0.64, "hot fill"),
                (110, top + tall * 0.4),
            )
        )
        for side in sides:
            x, _ = at((half * 0.45, 0), side)
            box = svg.rect(x - half * 0.4, top + tall * 0.75, half * 0.8, tall * 0.25, "hot fill")
            regions.append(Region(Place("buttock", side), box, (x, top + tall * 0.87)))
        box = svg.rect(110 - half * 0.1, top + tall * 0.86, half * 0.2, tall * 0.16, "hot fill")
        regions.append(Region(Place("genital_anal"), box, (110, top + tall * 0.96)))
    for side in sides:
        regions += _limb_regions(f, side, at, front=front)
    title = "Front" if front else "Back"
    words = ("R", "L") if front else ("L", "R")
    return View("front" if front else "back", title, 220, f.height, "".join(outline), tuple(regions), *words)


def _limb_regions(f: Figure, side: str, at: At, *, front: bool) -> Iterable[Region]:
    sh, el, wr, ha = (at(p, side) for p in (f.shoulder, f.elbow, f.wrist, f.hand))
    hip, kn, an, fo = (at(p, side) for p in (f.hip, f.knee, f.ankle, f.foot))
    lower, wrist_from = _between(el, wr, 0.68), _between(el, wr, 0.72)
    yield Region(Place("upper_arm", side), _limb([sh, el], f.arm, "hot"), _between(sh, el, 0.4))
    yield Region(Place("forearm", side), _limb([el, lower], f.arm, "hot"), _between(el, wr, 0.4))
    yield Region(Place("wrist", side), _limb([wrist_from, wr], f.arm - 4, "hot butt"), _between(el, wr, 0.86))
    yield Region(Place("hand", side), _disc(*ha, f.arm * 0.5, f.arm * 0.5, "hot fill"), ha)
    yield Region(Place("thigh", side), _limb([hip, _between(hip, kn, 0.72)], f.leg, "hot"), _between(hip, kn, 0.45))
    if front:
        yield Region(Place("knee", side), _disc(*kn, f.leg * 0.4, f.leg * 0.36, "hot fill"), kn)
    shin = "shin" if front else "calf"
    leg = _limb([_between(kn, an, 0.3), _between(kn, an, 0.74)], f.leg * 0.72, "hot butt")
    yield Region(Place(shin, side), leg, _between(kn, an, 0.5))
    yield Region(
        Place("ankle", side), _limb([_between(kn, an, 0.76), an], f.leg * 0.66, "hot butt"), _between(kn, an, 0.9)
    )
    yield Region(Place("foot", side), _disc(*fo, f.leg * 0.42, f.leg * 0.3, "hot fill"), fo)


def _silhouette(f: Figure, at: At, grow: float, cls: str) -> str:
    y, rx, ry = f.head
    top, bottom, half = f.trunk
    h = bottom - top
    trunk = (
        f"M{110 - half},{top + h * 0.11:.0f}C{110 - half * 0.84:.0f},{top + 4} {110 - half * 0.47:.0f},{top} 110,{top}"
        f"C{110 + half * 0.47:.0f},{top} {110 + half * 0.84:.0f},{top + 4} {110 + half},{top + h * 0.11:.0f}"
        f"C{110 + half * 1.16:.0f},{top + h * 0.32:.0f} {110 + half * 1.16:.0f},{top + h * 0.56:.0f} {110 + half},{top + h * 0.81:.0f}"
        f"C{110 + half * 0.79:.0f},{bottom - 4} {110 + half * 0.37:.0f},{bottom} 110,{bottom}"
        f"C{110 - half * 0.37:.0f},{bottom} {110 - half * 0.79:.0f},{bottom - 4} {110 - half},{top + h * 0.81:.0f}"
        f"C{110 - half * 1.16:.0f},{top + h * 0.56:.0f} {110 - half * 1.16:.0f},{top + h * 0.32:.0f} {110 - half},{top + h * 0.11:.0f}Z"
    )
    parts = [_disc(110, y, rx + grow, ry + grow, f"{cls} fill")]
    parts += [_disc(x, y + 6, 7 + grow, 11 + grow, f"{cls} fill") for x in (110 - rx - 1, 110 + rx + 1)]
    parts += [
        _limb([(110, y + ry - 8), (110, top + 12)], 0.72 * rx + 2 * grow, cls),
        svg.path(trunk, f"{cls} fill", thick=2 * grow),
    ]
    for side in ("left", "right"):
        sh, el, wr, ha = (at(p, side) for p in (f.shoulder, f.elbow, f.wrist, f.hand))
        hip, kn, an, fo = (at(p, side) for p in (f.hip, f.knee, f.ankle, f.foot))
        parts += [
            _limb([sh, el], f.arm + 2 * grow, cls),
            _limb([el, wr], f.arm * 0.86 + 2 * grow, cls),
            _disc(*ha, f.arm * 0.43 + grow, f.arm * 0.46 + grow, f"{cls} fill"),
            _limb([hip, kn], f.leg + 2 * grow, cls),
            _limb([kn, an], f.leg * 0.72 + 2 * grow, cls),
            _disc(*fo, f.leg * 0.38 + grow, f.leg * 0.28 + grow, f"{cls} fill"),
        ]
    return "".join(parts)


def _body_lines(f: Figure, front: bool) -> Iterable[str]:
    """Yield the folds where one region ends and the next begins, and a hint of a face or a spine."""
    y, rx, _ = f.head
    top, bottom, half = f.trunk
    h = bottom - top
    for share in (0.44, 0.75):
        at = top + h * share
        yield svg.path(f"M{110 - half - 1},{at:.0f}Q110,{at + 10:.0f} {110 + half + 1},{at:.0f}", "b-fold")
    for sign in (1, -1):
        for a, b, thick in ((f.elbow, f.wrist, f.arm), (f.knee, f.ankle, f.leg * 0.8)):
            for share in (0.0, 0.74):
                x, yy = _between(a, b, share)
                yield svg.path(
                    f"M{110 + sign * (x - thick / 2):.0f},{yy:.0f}q{sign * thick / 2:.0f},4 {sign * thick:.0f},0",
                    "b-fold",
                )
    s = rx / 47
    if front:
        yield svg.path(
            f"M{110 - 20 * s:.0f},{y + 4:.0f}q{6 * s:.0f},4 {12 * s:.0f},0M{110 + 8 * s:.0f},{y + 4:.0f}q{6 * s:.0f},4 {12 * s:.0f},0"
            f"M110,{y + 10 * s:.0f}v{8 * s:.0f}q-3,3 -5,2M{110 - 9 * s:.0f},{y + 30 * s:.0f}q{9 * s:.0f},6 {18 * s:.0f},0",
            "b-face",
        )
        yield f'<circle cx="110" cy="{top + h * 0.64:.0f}" r="2" class="b-dot"/>'
    else:
        yield svg.path(
            f"M110,{top + h * 0.13:.0f}V{top + h * 0.7:.0f}M110,{top + h * 0.82:.0f}V{bottom - 2:.0f}", "b-face soft"
        )


def face() -> View:
    """Return the face, looking at us."""
    skin = "b-skin fill b-edge"
    outline = (
        _disc(19, 80, 8, 14, skin)
        + _disc(121, 80, 8, 14, skin)
        + svg.path("M70,14C36,14 20,40 20,74C20,108 44,132 70,132C96,132 120,108 120,74C120,40 104,14 70,14Z", skin)
        + svg.path(
            "M38,76q10,-7 20,0q-10,7 -20,0M82,76q10,-7 20,0q-10,7 -20,0M70,84v12q-4,4 -7,2M55,114q15,9 30,0M57,113q13,-5 26,0",
            "b-face",
        )
        + svg.path("M38,66q10,-6 20,-1M82,65q10,-5 20,1", "b-face soft")
        + svg.path("M28,56Q70,46 112,56M46,104Q70,94 94,104M46,124Q70,112 94,124", "b-fold")
    )
    regions = [Region(Place("forehead"), svg.rect(28, 18, 84, 40, "hot fill"), (70, 38))]
    for side, eye, cheek, jaw in (("right", 34, 24, 24), ("left", 76, 86, 92)):
        regions += [
            Region(Place("eyelid", side), svg.rect(eye, 59, 30, 13, "hot fill"), (eye + 15, 65)),
            Region(Place("eye_white", side), svg.rect(eye, 72, 30, 12, "hot fill"), (eye + 15, 77)),
            Region(Place("cheek", side), svg.rect(cheek, 85, 30, 22, "hot fill"), (cheek + 15, 95)),
            Region(Place("angle_of_jaw", side), svg.rect(jaw, 108, 24, 20, "hot fill"), (jaw + 12, 116)),
        ]
    regions += [
        Region(Place("nose"), svg.rect(58, 80, 24, 23, "hot fill"), (70, 92)),
        Region(Place("mouth"), svg.rect(52, 105, 36, 15, "hot fill"), (70, 113)),
        Region(Place("chin"), svg.rect(50, 121, 40, 13, "hot fill"), (70, 127)),
    ]
    return View("face", "Face", 140, 140, outline, tuple(regions), "R", "L")


def head_side(side: str) -> View:
    """Return the head from the child's left or right."""
    d = (
        "M92,128C92,120 98,114 106,104C122,92 126,72 122,54C116,26 92,12 66,14C40,16 24,34 23,58C22,66 24,70 21,76"
        "C18,83 14,87 14,90C15,94 21,93 22,95C23,98 20,100 21,103C22,105 24,105 23,108C22,112 24,118 32,121C40,123 50,120 56,120"
        "C60,124 60,128 60,132Z"
    )
    turn = "" if side == "left" else ' transform="translate(140,0) scale(-1,1)"'
    outline = (
        f"<g{turn}>"
        + svg.path(d, "b-skin fill b-edge")
        + svg.path("M76,70c8,-4 16,0 16,10c0,8 -6,14 -10,16c-6,2 -8,-6 -6,-12", "b-skin fill b-edge")
        + svg.path("M80,78q8,-4 7,6q-2,4 -5,6", "b-face soft")
        + svg.path("M28,72q6,5 12,1M22,97q6,2 10,-1", "b-face")
        + svg.path("M24,52Q50,42 70,60M56,120Q66,112 76,98", "b-fold")
        + "</g>"
    )
    boxes = (
        (Place("forehead"), 24, 26, 40, 34),
        (Place("ear", side), 72, 64, 26, 36),
        (Place("cheek", side), 38, 80, 32, 26),
        (Place("angle_of_jaw", side), 40, 106, 36, 15),
        (Place("scalp"), 66, 18, 54, 44),
        (Place("neck"), 60, 121, 34, 14),
    )
    regions = []
    for where, x, y, w, h in boxes:
        left = x if side == "left" else 140 - x - w
        regions.append(Region(where, svg.rect(left, y, w, h, "hot fill"), (left + w / 2, y + h / 2)))
    return View(f"head-{side}", f"{side.capitalize()} side of the head", 140, 140, outline, tuple(regions))


def mouth() -> View:
    """Return the open mouth: lips, and the folds inside the lips and under the tongue."""
    outline = (
        svg.path(
            "M10,46C26,20 46,14 58,20Q70,26 82,20C94,14 114,20 130,46C114,78 94,86 70,86C46,86 26,78 10,46Z",
            "b-skin fill b-edge",
        )
        + svg.path("M24,46C40,32 54,30 70,34C86,30 100,32 116,46C100,64 88,70 70,70C52,70 40,64 24,46Z", "b-inside")
        + svg.path("M46,66Q70,44 94,66M70,34v8M70,58v10", "b-face")
    )
    regions = (
        Region(
            Place("mouth"),
            svg.path(
                "M10,46C26,20 46,14 58,20Q70,26 82,20C94,14 114,20 130,46C114,78 94,86 70,86C46,86 26,78 10,46Z",
                "hot fill",
            ),
            (30, 66),
        ),
        Region(Place("frenulum"), svg.rect(56, 28, 28, 44, "hot fill"), (70, 50)),
    )
    return View("mouth", "Mouth, open", 140, 100, outline, regions)


def hands() -> View:
    """Return both hands, palms down, the child's right at our left as in the front view."""
    out, regions = [], []
    for side, sign, x in (("right", 1, 54.0), ("left", -1, 166.0)):
        fingers = [
            (x + sign * dx, 48.0, x + sign * (dx * 1.25), tip) for dx, tip in ((-18, 20), (-6, 12), (6, 14), (18, 24))
        ]
        fingers.append((x + sign * 20, 66.0, x + sign * 38, 52))
        strokes = [_limb([(a, b), (c, d)], 12.4, "b-line") for a, b, c, d in fingers]
        skins = [_limb([(a, b), (c, d)], 9.6, "b-skin") for a, b, c, d in fingers]
        palm = f"M{x - 23},44H{x + 23}V78Q{x + 14},90 {x + 13},104H{x - 13}Q{x - 14},90 {x - 23},78Z"
        out += [*strokes, svg.path(palm, "b-skin fill b-edge"), *skins]
        out.append(svg.path(f"M{x - 14},92h28", "b-fold"))
        reach = "".join(_limb([(a, b - 6), (c, d)], 13, "hot butt") for a, b, c, d in fingers)
        regions += [
            Region(Place("hand", side), svg.rect(x - 23, 44, 46, 42, "hot fill"), (x, 66)),
            Region(Place("finger", side), reach, (x, 22)),
            Region(Place("wrist", side), svg.rect(x - 16, 88, 32, 18, "hot fill"), (x, 97)),
        ]
    return View("hands", "Hands", 220, 110, "".join(out), tuple(regions), "R", "L")


def feet() -> View:
    """Return both feet from above, the child's right at our left as in the front view."""
    out, regions = [], []
    for side, sign, x in (("right", 1, 58.0), ("left", -1, 162.0)):
        toes = [
            (x + sign * dx, y, r)
            for dx, y, r in ((18, 20, 8), (6, 15, 6.4), (-4, 17, 5.8), (-13, 21, 5.2), (-21, 27, 4.8))
        ]
        sole = f"M{x - sign * 25},34Q{x},14 {x + sign * 27},30Q{x + sign * 22},58 {x + sign * 17},82Q{x},104 {x - sign * 17},82Q{x - sign * 20},60 {x - sign * 25},34Z"
        out.append(svg.path(sole, "b-skin fill b-edge"))
        out += [_disc(a, b, r, r + 1, "b-skin fill b-edge") for a, b, r in toes]
        out.append(svg.path(f"M{x - 17},80h34", "b-fold"))
        regions += [
            Region(Place("foot", side), svg.rect(x - 25, 33, 50, 46, "hot fill"), (x, 55)),
            Region(Place("toe", side), svg.rect(x - 28, 6, 56, 26, "hot fill"), (x, 18)),
            Region(Place("ankle", side), svg.rect(x - 20, 80, 40, 20, "hot fill"), (x, 90)),
        ]
    return View("feet", "Feet", 220, 104, "".join(out), tuple(regions), "R", "L")


def views(*, baby: bool) -> tuple[View, ...]:
    """Return every drawing, in the order in which pins look for a place to stand."""
    f = BABY if baby else CHILD
    return (
        head_side("right"),
        face(),
        head_side("left"),
        mouth(),
        body(f, front=True),
        body(f, front=False),
        hands(),
        feet(),
    )
