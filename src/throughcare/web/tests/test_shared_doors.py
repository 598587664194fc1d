"""The pages that are about nobody in particular do what the permission table says, for every role and method."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import get_resolver

from throughcare.access import accounts
from throughcare.access.models import User
from throughcare.access.reach import Role
from throughcare.access.tests import walk
from throughcare.web.tests import scene

ROUTES = frozenset({"caseload", "calendar", "calendar/feed", "calendar/<str:token>.ics", "law", "law/<str:rule>"})


@pytest.mark.django_db
def test_every_shared_page_lets_in_whom_the_table_lets_in_and_nobody_else():
    at = datetime.now(UTC)
    scene.set_up()
    users = {}
    for role in Role:
        if role is not Role.SYSTEM:
            user = accounts.make_user(f"{role}@example.test", name=str(role), agency="LA", at=at)
            accounts.give_role(user, role, at=at, title=str(role))
            users[role] = User.objects.get(id=user)
    ways = [way for way in walk.every_view(get_resolver().url_patterns) if way.route in ROUTES]
    assert {way.route for way in ways} == ROUTES
    knocks = list(walk.walk(ways, users, {standing: uuid4() for standing in walk.STANDINGS}, at=at))
    assert [knock for knock in knocks if not knock.is_right] == []
    locked = len(ROUTES) - 1  # the feed is open to everybody who has its address, and tried in test_calendar
    assert len(knocks) == locked * len(users) * len(walk.METHODS)
