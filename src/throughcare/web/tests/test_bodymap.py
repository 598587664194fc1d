"""The body map: every place of the vocabulary can be chosen; pins stand where their rows say."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from throughcare.web.pictures.bodymap import Pin, body_map
from throughcare.web.pictures.outlines import views
from throughcare.web.pictures.places import SITE_WORDS, Place, place, places

EVERY = [p for _, group in places() for p in group]


def test_the_list_has_every_site_of_the_vocabulary() -> None:
    shared = Path(__file__).parents[4].parent / "shared" / "lives" / "vocabulary.json"
    if not shared.exists():
        pytest.skip("The shared vocabulary is not there: it lies beside the checkout.")
    codes = json.loads(shared.read_text(encoding="utf-8"))["codes"]["body_site"]
    assert {p.site for p in EVERY} == set(codes)


@pytest.mark.parametrize("baby", [True, False])
def test_every_site_but_the_inexact_ones_can_be_pressed(baby: bool) -> None:
    pressed = {region.place for view in views(baby=baby) for region in view.regions}
    assert {p.site for p in pressed} == set(SITE_WORDS) - {"torso", "other", "unknown"}
    assert pressed <= set(EVERY)


@pytest.mark.parametrize("baby", [True, False])
def test_the_childs_left_is_on_our_right_from_the_front_and_on_our_left_from_behind(baby: bool) -> None:
    for view in views(baby=baby):
        if view.name.startswith("head"):
            continue
        for region in view.regions:
            if region.place.side:
                right_half = region.at[0] > view.width / 2
                assert right_half == ((region.place.side == "left") != (view.name == "back")), region.place


def test_pins_stand_in_one_drawing_and_lead_to_their_rows() -> None:
    pins = [Pin(number=i, place=p, href=f"#mark-{i}") for i, p in enumerate(EVERY, 1)]
    drawn = body_map(pins, baby=True, choose=lambda p: f"?place={p.code}", uid="b")
    text = "".join(view.drawing for view in drawn.views)
    for pin in pins:
        assert text.count(f'href="#mark-{pin.number}"') == (0 if pin in drawn.unplaced else 1)
    assert {pin.place.site for pin in drawn.unplaced} == {"torso", "other", "unknown"}


def test_the_map_is_well_formed_without_style_and_with_ids_of_its_own() -> None:
    drawn = body_map((), baby=False, choose=lambda p: f"?a=<{p.code}>", uid="b")
    found = []
    for view in drawn.views:
        ET.fromstring(view.drawing)  # noqa: S314 - our own drawing
        assert "style=" not in view.drawing
        found += re.findall(r'\sid="([^"]+)"', view.drawing)
    assert len(found) == len(set(found))


def test_a_place_outside_the_vocabulary_is_refused() -> None:
    assert place("cheek:left") == Place("cheek", "left")
    with pytest.raises(ValueError, match="is not a place"):
        place("ellbow")
    with pytest.raises(ValueError, match="is not a side"):
        place("cheek:up")
