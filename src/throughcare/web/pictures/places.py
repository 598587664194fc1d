"""The places of a body that can be recorded, in words. The list is the real record; pictures follow it.

A place is a `body_site` code of the vocabulary with a side: "left", "right" (the child's own) or "" (middle, or not
said). Written in forms as "cheek:left".
"""

from __future__ import annotations

from dataclasses import dataclass

SITE_WORDS = {
    "forehead": "forehead",
    "scalp": "scalp, back or top of head",
    "eyelid": "eyelid",
    "eye_white": "white of the eye",
    "ear": "ear, and behind it",
    "nose": "nose",
    "cheek": "cheek",
    "mouth": "mouth and lips",
    "frenulum": "frenulum, inside the lip or under the tongue",
    "chin": "chin",
    "angle_of_jaw": "angle of the jaw",
    "neck": "neck",
    "chest": "chest",
    "abdomen": "abdomen",
    "back": "back",
    "torso": "torso, place not exact",
    "buttock": "buttock",
    "genital_anal": "genital or anal area",
    "upper_arm": "shoulder and upper arm",
    "forearm": "forearm",
    "wrist": "wrist",
    "hand": "hand",
    "finger": "finger",
    "thigh": "thigh",
    "knee": "knee",
    "shin": "shin",
    "calf": "calf",
    "ankle": "ankle",
    "foot": "foot",
    "toe": "toe",
    "other": "somewhere else",
    "unknown": "not known where",
}
_IN_SHORT = {
    "scalp": "scalp",
    "ear": "ear",
    "mouth": "mouth",
    "frenulum": "inside the lip",
    "abdomen": "belly",
    "torso": "body",
    "upper_arm": "upper arm",
    "other": "another place",
    "unknown": "place not known",
}  # as a sentence says it, where a list of places says more
_HEAD = ("forehead", "scalp", "eyelid", "eye_white", "ear", "nose", "cheek", "mouth", "frenulum", "chin")
GROUPS = (
    ("Head and face", (*_HEAD, "angle_of_jaw", "neck")),
    ("Body", ("chest", "abdomen", "back", "torso", "buttock", "genital_anal")),
    ("Arms and hands", ("upper_arm", "forearm", "wrist", "hand", "finger")),
    ("Legs and feet", ("thigh", "knee", "shin", "calf", "ankle", "foot", "toe")),
    ("Elsewhere", ("other", "unknown")),
)
PAIRED = frozenset(
    ("eyelid", "eye_white", "ear", "cheek", "angle_of_jaw", "buttock", *GROUPS[2][1], *GROUPS[3][1])
)  # sites that have a left and a right


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A site and its side. Raises `ValueError` for a site that is not in the vocabulary."""

    site: str
    side: str = ""

    def __post_init__(self) -> None:
        if self.site not in SITE_WORDS:
            raise ValueError(f"site: {self.site!r} is not a place. Give one of {', '.join(SITE_WORDS)}.")
        if self.side not in ("", "left", "right"):
            raise ValueError(f"side: {self.side!r} is not a side. Give left, right or nothing.")

    @property
    def code(self) -> str:
        """As it stands in forms and addresses: "cheek:left", "chest"."""
        return f"{self.site}:{self.side}" if self.side else self.site

    @property
    def words(self) -> str:
        """As people say it: "Left cheek"."""
        said = f"{self.side} {SITE_WORDS[self.site]}".strip()
        return said[0].upper() + said[1:]


def in_short(site: str) -> str:
    """A site as a sentence says it: "scalp", "belly". A code that is not of the vocabulary as it stands."""
    return _IN_SHORT.get(site) or SITE_WORDS.get(site, site)


def place(code: str) -> Place:
    """Return the place of a code such as "cheek:left". Raises `ValueError` for any other words."""
    site, _, side = code.partition(":")
    return Place(site, side)


def places() -> tuple[tuple[str, tuple[Place, ...]], ...]:
    """Return every place that can be chosen, in groups, head to foot; left before right."""
    return tuple(
        (group, tuple(Place(s, side) for s in sites for side in (("left", "right") if s in PAIRED else ("",))))
        for group, sites in GROUPS
    )
