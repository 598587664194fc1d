"""What is malformed is refused, by the hundred here and by the ten thousand in bin/trust."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from throughcare.intake import trust

COUNT = int(os.environ.get("THROUGHCARE_TRIALS", "300"))


@pytest.mark.django_db
@pytest.mark.timeout(3600)
def test_malformed_requests_are_refused_and_leave_the_ledger_as_it_was():
    made = trust.malformed(COUNT, 20260105, at=datetime.now(UTC))
    assert (made.errors, made.taken, made.changed) == ([], [], False)
    assert made.slowest < 30, made  # on a machine that does other things too; bin/trust asks for 2 seconds
    assert set(made.statuses) <= {200, 201, 302, 400, 401, 404, 413, 415, 422}
