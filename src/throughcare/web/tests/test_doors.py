"""Every address of the site has a lock, and everything about a person names the person."""

from __future__ import annotations

import pytest
from django.urls import get_resolver

from throughcare.access.reach import Permission
from throughcare.access.tests.walk import Way, every_view

WAYS = list(every_view(get_resolver().url_patterns))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.route)
def test_every_door_has_a_lock(way: Way):
    assert way.door is not None, "Add @open_to(Permission…) or @open_to(EVERYONE)"


@pytest.mark.parametrize("way", [one for one in WAYS if "person" in one.parts], ids=lambda way: way.route)
def test_what_is_about_a_person_is_locked_by_the_relation_to_them(way: Way):
    assert way.door is not None
    assert way.door.person == "person"
    assert isinstance(way.door.permission, Permission)
