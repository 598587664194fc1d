"""T13 and T14: what must not come in, and the API against its own description.

T13 is `intake.trust`. T14 makes requests from the description at /api/openapi.json: right and wrong by turns, with and
without a token, and holds each answer to what the description says of that call.
"""

from __future__ import annotations

import json
import random
import string
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any
from unittest import mock
from urllib.parse import quote, urlencode

from django.test import Client
from django.test.utils import override_settings

from throughcare.access import systems
from throughcare.access.doors import EVERYONE
from throughcare.intake import trust
from throughcare.project.trials import forking, holding, writing
from throughcare.project.trials.outcome import Outcome, Wrongs
from throughcare.project.trials.scratch import Scratch

LANES = 2
_WORDS = ("LA", "P1", "t1", "2026-01-05", "2026-01-05T09:30", "minute", "safeguarding.observation", "subject")


def malformed(scratch: Scratch, seed: int, *, requests: int) -> Outcome:
    """T13: malformed requests and files by the thousand: refused, quickly, and nothing of them kept."""
    share = -(-requests // LANES)
    wrongs = Wrongs()
    results = forking.together([partial(_malformed, scratch, seed + lane, lane, share) for lane in range(LANES)])
    sent, again, slowest, statuses = 0, 0, 0.0, Counter[int]()
    for one in results:
        if isinstance(one, Exception):
            wrongs.check(False, f"{type(one).__name__}: {str(one)[:300]} {getattr(one, '__notes__', [''])[0][-900:]}")
            continue
        sent, again, statuses = sent + one.sent, again + one.again, statuses + one.statuses
        slowest = max(slowest, one.slowest)
        for what in one.errors:
            wrongs.check(False, f"an error of ours: {what}")
        for what in one.taken:
            wrongs.check(False, f"taken as if it were right: {what}")
        for what in one.slow:
            wrongs.check(False, f"took longer than {trust.LONGEST} seconds, twice: {what}")
        wrongs.check(not one.changed, "the ledger or the people differ afterwards")
    codes = ", ".join(f"{many} x {code}" for code, many in sorted(statuses.items()))
    errors = sum(many for code, many in statuses.items() if code >= 500)
    return wrongs.outcome(
        f"{sent:,} malformed requests and files: {codes} (201: right in form, extreme in content, and taken back; 302: "
        f"a file, answered by a report of what is wrong in it); {errors} errors of ours (5xx), the slowest "
        f"{slowest:.2f} s ({again} were slow once and quick when asked again); ledger and people unchanged"
    )


def _malformed(scratch: Scratch, seed: int, lane: int, count: int) -> trust.Figures:
    scratch.fresh(f"trial_malformed_{lane}")
    writing.warm()
    return trust.malformed(count, seed, at=writing.now())


# --- the description -------------------------------------------------------------------------------------------------


def described(scratch: Scratch, seed: int, *, each: int) -> Outcome:
    """T14: each call of the description so many times, with and without a token: only what is described comes back."""
    scratch.fresh("trial_described")
    writing.warm()
    wrongs, counted, calls = forking.alone(partial(_described, seed, each))
    codes = ", ".join(f"{many} x {code}" for code, many in sorted(counted.items()))
    return wrongs.outcome(
        f"{calls} calls, {each} requests each with a token and {each} without: {codes}; 0 errors of ours, 0 answers "
        "that are not described, 0 calls that need a token answered without"
    )


def _described(seed: int, each: int) -> tuple[Wrongs, Counter[int], int]:
    chance, wrongs, counted, calls = random.Random(seed), Wrongs(), Counter[int](), 0  # noqa: S311
    writing.set_scene(["P1"])
    made = systems.make_system("LA", name="trial", scopes=["api.write", "api.events"], at=writing.now())
    token = systems.issue_token(made.client_id, made.secret, network="n", at=writing.now()).token
    client = Client(raise_request_exception=False)
    description = json.loads(client.get("/api/openapi.json").content)
    with mock.patch("throughcare.access.throttle.spend"), override_settings(API_REQUESTS_A_MINUTE=10**9):
        for path, methods in description["paths"].items():
            for method, call in methods.items():
                calls += 1
                for number in range(each * 2):
                    held = token if number % 2 else ""
                    answer = _ask(client, chance, description, path, method, call, held)
                    counted[answer.status_code] += 1
                    _judge(wrongs, f"{method.upper()} {path}", call, answer, token=bool(held))
    holding.sealed_and_whole(wrongs)
    return wrongs, counted, calls


def _judge(wrongs: Wrongs, what: str, call: Mapping[str, Any], answer: Any, *, token: bool) -> None:
    code = str(answer.status_code)
    wrongs.check(answer.status_code < 500, f"{what}: {code}")
    wrongs.check(code in call["responses"], f"{what}: answered {code}, which is not described")
    door = answer.wsgi_request.door
    if call.get("security") and not token and not (door and door.permission is EVERYONE):  # else: no such address
        wrongs.check(answer.status_code == 401, f"{what}: {code} without a token")
    said = call["responses"].get(code, {}).get("content", {})
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    wrongs.check(not said or kind in said, f"{what}: {code} came as {kind!r}, described are {sorted(said)}")


def _ask(
    client: Client, chance: random.Random, description: Any, path: str, method: str, call: Mapping[str, Any], token: str
) -> Any:
    given = {one["name"]: _value(chance, description, one.get("schema", {}), 0) for one in call.get("parameters", ())}
    places = {one["name"]: one["in"] for one in call.get("parameters", ())}
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe="") or "-")
    query = {name: str(value) for name, value in given.items() if places[name] == "query" and chance.random() < 0.9}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data, kind = b"", "application/json"
    if content := call.get("requestBody", {}).get("content"):
        kind = chance.choice(sorted(content))
        data = _body(chance, description, content[kind].get("schema", {}), kind)
        if chance.random() < 0.05:
            kind = chance.choice(("text/plain", "application/xml", "application/json; charset=utf-16"))
    address = f"{path}?{urlencode(query, errors='replace')}" if query else path
    return client.generic(method.upper(), address, data, content_type=kind, headers=headers)


def _body(chance: random.Random, description: Any, schema: Any, kind: str) -> bytes:
    value = _value(chance, description, schema, 0)
    if kind.endswith("json"):
        return json.dumps(value).encode()
    return urlencode(value if isinstance(value, dict) else {"x": value}, errors="replace").encode()


def _value(chance: random.Random, description: Any, schema: Any, depth: int) -> Any:
    """A value of the schema; now and then, anywhere in it, one that is not."""
    if chance.random() < 0.08 or depth > 8:
        return chance.choice((None, True, -1, 0, 1.5, 10**20, "", "x", "\x00", "0000-00-00", [], {}, [None], {"a": {}}))
    while "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for choices in ("anyOf", "oneOf", "allOf"):
        if choices in schema:
            return _value(chance, description, chance.choice(schema[choices]), depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return chance.choice(schema["enum"])
    return _typed(chance, description, schema, depth)


def _typed(chance: random.Random, description: Any, schema: Any, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            needed = set(schema.get("required", ()))
            return {
                name: _value(chance, description, one, depth + 1)
                for name, one in schema.get("properties", {}).items()
                if name in needed or chance.random() < 0.6
            }
        case "array":
            return [_value(chance, description, schema.get("items", {}), depth + 1) for _ in range(chance.randrange(3))]
        case "integer":
            return chance.choice((0, 1, 2, 7, 255, schema.get("maximum", 10**6)))
        case "number":
            return chance.random() * 100
        case "boolean":
            return chance.random() < 0.5
        case _:
            return _text(chance, schema)


def _text(chance: random.Random, schema: Any) -> str:
    formats = {
        "uuid": "".join(chance.choice("0123456789abcdef") for _ in range(32)),
        "date": "2026-01-05",
        "date-time": "2026-01-05T09:30:00Z",
    }
    if found := formats.get(schema.get("format", "")):
        return found
    return chance.choice((*_WORDS, "".join(chance.choices(string.printable, k=chance.randrange(1, 30)))))
