"""The description of the API (OpenAPI) is the truth: schemathesis asks by it, and looks at every answer."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from throughcare.intake.api import api
from throughcare.intake.tests.sender import CHILD, System, visit

EXAMPLES = int(os.environ.get("THROUGHCARE_EXAMPLES", "15"))  # of each operation
BEYOND = ("positive_data_acceptance",)
"""What an operation refuses goes beyond what a schema can say: records that are not here, times out of order."""


@pytest.fixture
def description(make: Callable[..., System], settings: Any) -> Iterator[Any]:
    """The description as a client reads it, from an API that has something to show."""
    settings.API_REQUESTS_A_MINUTE = 10**9
    council = make("LA")
    council.post({"people": [CHILD], "entries": [visit()]})
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's own transaction goes on over all requests
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    schema.token = council.token
    yield schema
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


OPERATIONS = [
    (method.upper(), path) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part)
def test_every_answer_is_described(description: Any, method: str, path: str, mode: GenerationMode):
    cases = description[path][method].as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    def ask(case: Any) -> None:
        sent = {"Authorization": f"Bearer {description.token}"}
        case.call_and_validate(headers=sent, excluded_checks=CHECKS.get_by_names(list(BEYOND)))

    with contextlib.suppress(Unsatisfiable):  # nothing to get wrong in a question without parameters
        ask()
