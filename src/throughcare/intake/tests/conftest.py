"""Two agencies with a system each, signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client

from throughcare.access import accounts, systems
from throughcare.intake.tests.sender import System


@pytest.fixture
def make(db: None) -> Callable[[str], System]:
    """Make an agency with a system that is signed in."""

    def made(agency: str, scopes: tuple[str, ...] = ("api.write",)) -> System:
        at = datetime.now(UTC)
        accounts.keep_agency(agency, name=f"Agency {agency}", sector="la", at=at)
        keys = systems.make_system(agency, name="records", scopes=scopes, at=at)
        issued = systems.issue_token(keys.client_id, keys.secret, network="192.0.2.1", at=at)
        return System(agency, keys.client_id, keys.secret, issued.token, Client())

    return made


@pytest.fixture
def council(make: Callable[[str], System]) -> System:
    """A council's system."""
    return make("LA")


@pytest.fixture
def police(make: Callable[[str], System]) -> System:
    """The police's system."""
    return make("POL")
