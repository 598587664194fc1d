"""The scene, fresh for each test."""

from __future__ import annotations

import pytest

from throughcare.sentence.tests import scene


@pytest.fixture
def here(db: None) -> scene.Scene:
    return scene.set_up()
