"""The long trial of what comes in (T13 of the trust plan): malformed requests and files, by the thousand.

Each trial makes what a broken or hostile sender would send out of what is right: cut, garbled, of another type, too
deep, too large, twice named, in another encoding. Nothing of it may be kept, and nothing may be answered by an error
of ours. One in ten is right in form and extreme in content: it goes the whole way, and is then taken back.

Needs a database that may be written to, where it makes an agency of its own; the seed is an argument.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from throughcare.access import accounts, systems

AGENCY: Final = "TRIAL"
LONGEST: Final = 2.0  # seconds for one answer

_HOSTILE: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        1.5,
        10**30,
        -(10**30),
        2**63,
        "",
        " ",
        "\x00",
        "\ud800",
        "a\x00b",
        "\u202e",
        "=1+1",
    ),
    *([], {}, [[]], [None], {"": ""}, "0000-01-01", "9999-12-31", "2026-02-30", "2026-13-01T25:61", "x" * 20_000),
    *("' OR 1=1 --", "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd", "%s%n", "🜁" * 300, ["x"] * 600),
)
_NUMBERS: Final = (b"NaN", b"Infinity", b"-Infinity", b"1e400", b"1" * 5_000, b"01", b"0x1", b"1e999999999")


@dataclass(slots=True)
class Figures:
    """What came of it. Good: no errors of ours, nothing slow, nothing kept, nothing that is wrong taken."""

    sent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)  # what was sent, by its sort, where the answer was 5xx
    slow: list[str] = field(default_factory=list)  # what took longer than LONGEST to answer, by its sort
    again: int = 0  # asked a second time, because the first took longer than LONGEST
    slowest: float = 0.0
    taken: list[str] = field(default_factory=list)  # what was malformed and answered as if it were right
    changed: bool = False  # whether anything in the ledger or about people differs afterwards

    @property
    def good(self) -> bool:
        """Did everything hold?"""
        return not (self.errors or self.slow or self.taken or self.changed)


def malformed(count: int, seed: int, *, at: datetime) -> Figures:
    """Send so many malformed requests and files, and count what came of them. `at` is now."""
    made = Figures()
    with override_settings(API_REQUESTS_A_MINUTE=10**9, IMPORTS_AN_HOUR=10**9):
        house = _House(at)
        before = _everything()
        for name, send in _trials(random.Random(seed), house, count):  # noqa: S311 - repeatable on purpose
            _try(made, name, send)
        made.changed = _everything() != before
    return made


def _try(made: Figures, name: str, send: Callable[[], HttpResponse]) -> None:
    answer, taken = _timed(send)
    if taken > LONGEST:  # what is slow by itself is slow again; what waited for another process is not
        taken = min(taken, _timed(send)[1])
        made.again += 1
    made.sent += 1
    made.statuses[answer.status_code] += 1
    made.slowest = max(made.slowest, taken)
    if taken > LONGEST:
        made.slow.append(f"{name}: {taken:.1f} s")
    if answer.status_code >= 500:
        made.errors.append(name)
    elif answer.status_code < 400 and not name.startswith(("file", "extreme")):
        made.taken.append(name)


def _timed(send: Callable[[], HttpResponse]) -> tuple[HttpResponse, float]:
    begun = time.perf_counter()
    return send(), time.perf_counter() - begun


def _everything() -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        tables = ("ledger_entry", "ledger_payload", "ledger_link", "people_record", "people_record_version")
        cursor.execute(f"SELECT {', '.join(f'(SELECT count(*) FROM {table})' for table in tables)}")  # noqa: S608
        return tuple(cursor.fetchone())


class _House:
    """An agency with a system and a records officer, made for the trial."""

    def __init__(self, at: datetime) -> None:
        accounts.keep_agency(AGENCY, name="Trial", sector="other", at=at)
        keys = systems.make_system(AGENCY, name="trial", scopes=["api.write"], at=at)
        self.token = systems.issue_token(keys.client_id, keys.secret, network="192.0.2.13", at=at).token
        self.client_id = keys.client_id
        user: UUID = accounts.make_user(f"trial-{keys.client_id}@example.test", name="T. Rial", agency=AGENCY, at=at)
        accounts.give_role(user, "records", at=at)
        self.machine = Client(raise_request_exception=False)
        self.officer = Client(raise_request_exception=False)
        self.officer.force_login(get_user_model().objects.get(id=user))

    def post(self, data: bytes, kind: str = "application/json", path: str = "/api/v1/entries") -> Any:
        """Send to the API."""
        return self.machine.post(path, data, content_type=kind, headers={"Authorization": f"Bearer {self.token}"})

    def ask(self, data: bytes, kind: str) -> Any:
        """Ask for a token."""
        return self.machine.post("/api/v1/token", data, content_type=kind)

    def get(self, path: str) -> Any:
        """Ask the API."""
        return self.machine.get(path, headers={"Authorization": f"Bearer {self.token}"})

    def upload(self, entries: bytes, people: bytes | None) -> Any:
        """Send files from the page."""
        files = {"entries": SimpleUploadedFile("a.csv", entries)}
        if people is not None:
            files["people"] = SimpleUploadedFile("b.csv", people)
        return self.officer.post("/import", files)


def _entry(record: str = "NEVER-SENT") -> dict[str, Any]:
    """An entry that is right in itself; it concerns a record that nobody has sent, so it is never kept."""
    body = {"occasion": "o1", "type": "bruise", "site": "shin", "count": 1, "pattern": "none", "mobility": "walking"}
    return {
        "ref": "t1",
        "kind": "safeguarding.injury_found",
        "agency": AGENCY,
        "author_role": "doctor",
        "happened": "2026-01-05T09:30",
        "precision": "minute",
        "noted": "2026-01-05T10:10",
        "shared": [{"agency": AGENCY, "at": "2026-01-05T10:10"}],
        "concerns": [{"part": "subject", "record": record}],
        "basis": "seen",
        "summary": "bruise, shin",
        "body": body,
        "corrects": "",
    }


def _request() -> dict[str, Any]:
    person = {
        "record_ref": "T-1",
        "agency": "ELSEWHERE",  # another's: never kept
        "names": ["Trial Person"],
        "date_of_birth": "2020-01-01",
        "identifiers": [{"system": "nhs", "value": "999 000 0018"}],
        "identified": True,
    }
    return {"people": [person], "entries": [_entry(), _entry() | {"ref": "t2"}], "expected_versions": {}}


# --- the trials ----------------------------------------------------------------------------------------------------


def _trials(chance: random.Random, house: _House, count: int) -> Iterator[tuple[str, Callable[[], HttpResponse]]]:
    """So many trials, by weight: most of them against the entrance for entries."""
    whole = json.dumps(_request()).encode()
    cuts = chance.sample(range(len(whole)), min(len(whole), count // 4))  # at each byte, where there is room for it
    for number in range(count):
        share = chance.random()
        if number < len(cuts):
            at = cuts[number]
            yield f"cut at {at}", lambda cut=at: house.post(whole[:cut])  # type: ignore[misc]
        elif share < 0.40:
            yield _parts(chance, house)
        elif share < 0.60:
            yield _bytes(chance, house, whole)
        elif share < 0.70:
            yield _extreme(chance, house)
        elif share < 0.80:
            yield _shapes(chance, house)
        elif share < 0.88:
            yield _questions(chance, house)
        elif share < 0.92:
            yield _tokens(chance, house)
        else:
            yield _files(chance, house)


def _parts(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """One part of a right request taken away, named otherwise, or put in place of another."""
    given: Any = _request() if chance.random() < 0.5 else _entry()
    node, key = chance.choice(list(_places(given)))
    how = chance.choice(("gone", "other", "hostile", "deeper"))
    if how == "gone":
        del node[key]
    elif how == "other" and isinstance(node, dict):
        node[f"{key}x"] = node.pop(key)
    elif how == "deeper":
        node[key] = [node[key]]
    else:
        node[key] = chance.choice(_HOSTILE)
    data = json.dumps(given).encode()
    return f"part {how} {key}", lambda: house.post(data)


def _places(given: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a value: what holds it, and under which key."""
    for key in list(given.keys()) if isinstance(given, dict) else range(len(given)):
        yield given, key
        if isinstance(given[key], dict | list):
            yield from _places(given[key])


def _bytes(chance: random.Random, house: _House, whole: bytes) -> tuple[str, Callable[[], HttpResponse]]:
    """Bytes changed, doubled or put in."""
    at = chance.randrange(len(whole))
    put = chance.choice(
        (b"\x00", b"\xff", b"\xed\xa0\x80", b'"', b"\\ud800", b"\\u0000", b"{", b"]", b"\xf0\x9f", b"\r\n")
    )
    data = chance.choice(
        (
            whole[:at] + put + whole[at:],
            whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :],
            whole[:at] + whole[max(0, at - 50) :],
        )
    )
    return f"bytes at {at}", lambda: house.post(data)


def _shapes(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """Whole requests of another shape, size, encoding or type."""
    text = json.dumps(_request())
    deep = chance.choice((100, 900, 1_100, 10_000))
    twice = text.replace('"ref"', '"ref": "twice", "ref"', 1)
    number = chance.choice(_NUMBERS)
    name, data, kind = chance.choice(
        (
            ("deep list", b"[" * deep + b"]" * deep, "application/json"),
            ("deep object", b'{"a":' * deep + b"1" + b"}" * deep, "application/json"),
            (
                "deep body",
                json.dumps(_entry()).encode().replace(b'"o1"', b"[" * deep + b"]" * deep),
                "application/json",
            ),
            ("named twice", twice.encode(), "application/json"),
            ("number", json.dumps(_entry()).encode().replace(b": 1,", b": " + number + b","), "application/json"),
            ("encoding", text.encode(chance.choice(("utf-16", "utf-32", "utf-8-sig", "utf-7"))), "application/json"),
            (
                "type",
                text.encode(),
                chance.choice(("text/csv", "application/xml", "multipart/form-data; boundary=x", "")),
            ),
            ("charset", text.encode(), "application/json; charset=" + chance.choice(("latin-1", "utf-16", "\ufffd"))),
            ("many", json.dumps([_entry()] * 1_001).encode(), "application/json"),
            ("large", b'"' + b"x" * chance.choice((5 * 2**20, 10 * 2**20)) + b'"', "application/json")
            if chance.random() < 0.05
            else ("nothing", chance.choice((b"", b" ", b"null", b"0", b'""', b"[]", b"{}")), "application/json"),
        )
    )
    return f"shape {name}", lambda: house.post(data, kind)


def _questions(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """Addresses that ask for what cannot be."""
    odd = chance.choice(
        ("%00", "%ff", "..%2f..", quote("🜁"), "a" * 3_000, "%0a", "1'--", "-1", "1e9", "9" * 40, "null")
    )
    path = chance.choice(
        (
            f"/api/v1/entries/{odd}/{odd}/receipt",
            f"/api/v1/entries/{AGENCY}/{odd}/receipt",
            f"/api/v1/entries/{odd}/proof",
            f"/api/v1/entries/{UUID(int=chance.getrandbits(128))}/proof",
            f"/api/v1/consistency?old={odd}&new={odd}",
            f"/api/v1/consistency?old=1&new={chance.getrandbits(70)}",
            f"/api/v1/{odd}",
        )
    )
    return f"question {path[:60]}", lambda: house.get(path)


def _tokens(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """Requests for a token that must not be given."""
    right = f"grant_type=client_credentials&client_id={house.client_id}&client_secret=wrong"
    at = chance.randrange(len(right))
    data, kind = chance.choice(
        (
            (right[:at].encode(), "application/x-www-form-urlencoded"),
            (
                right.encode() + chance.choice((b"&client_id=x", b"%00", b"%ff", b"&a" * 30)),
                "application/x-www-form-urlencoded",
            ),
            (json.dumps(chance.choice(_HOSTILE)).encode(), "application/json"),
            (b'{"grant_type": {"a": []}}', "application/json"),
        )
    )
    return "token", lambda: house.ask(data, kind)


def _files(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """Files from the page: cut, garbled, of other columns. The page answers with a report, or asks again."""
    entries = _garbled(chance, _csv())
    people = _garbled(chance, _PEOPLE) if chance.random() < 0.3 else None
    return "file", lambda: house.upload(entries, people)


_PEOPLE = (
    b"record_ref,agency,names,date_of_birth,expected_date_of_birth,sex,address,identifiers,identified,same_as\n"
    b"T-1,ELSEWHERE,Trial Person,2020-01-01,,F,1 Street,nhs=999 000 0018,yes,\n"
)


def _garbled(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    put = chance.choice(
        (b"\x00", b"\xff\xfe", b'"', b",,,,", b"\n\n", b"\r", b"=1+1", b";;@@==", b'"' * 99, b"x" * 140_000)
    )
    return chance.choice((data, data[:at], data[:at] + put + data[at:], data.replace(b",", put), put * 3))


def _csv() -> bytes:
    entry = _entry()
    columns = (
        "ref kind agency author_role happened happened_to precision noted shared concerns basis summary body corrects"
    )
    cells = entry | {"happened_to": "", "shared": f"{AGENCY}@{entry['noted']}", "concerns": "subject=NEVER-SENT"}
    cells["body"] = '"' + json.dumps(entry["body"]).replace('"', '""') + '"'
    cells["summary"] = '"bruise, shin"'
    row = ",".join(str(cells[name]) for name in columns.split())
    return f"{columns.replace(' ', ',')}\n{row}\n{row.replace('t1,', 't2,', 1)}\n".encode()


def _extreme(chance: random.Random, house: _House) -> tuple[str, Callable[[], HttpResponse]]:
    """Right in form and extreme in content: goes the whole way, and is taken back."""
    given = _request()
    longest = "🜁" * 200
    person = given["people"][0]
    person["agency"] = AGENCY
    person["names"] = [chance.choice(("'", "\\", "=", "🜁 🜁", longest, "A;B", "%", "\u202e x"))] * chance.choice((1, 20))
    person["date_of_birth"] = chance.choice(("1900-01-01", "2200-12-31", "2024-02-29", None))
    person["address"] = chance.choice((longest, "' OR 1=1 --", "\n" * 400, "AB1 2CD" * 60))
    person["identifiers"] = [{"system": chance.choice(("nhs", "🜁")), "value": chance.choice((longest[:100], "0", "%"))}]
    for entry in given["entries"]:
        entry["concerns"][0]["record"] = "T-1"
        entry["summary"] = chance.choice(("🜁" * 2_000, "\n", "<b>", "=1+1"))
        entry["happened"] = chance.choice(("1900-01-01T00:00", "2026-10-25T01:30", "2024-02-29T23:59"))
        entry["body"] |= {"occasion": longest * 10, "count": chance.choice((0, 100_000))}
    data = json.dumps(given).encode()

    def send() -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = house.post(data)
            transaction.set_rollback(True)
        return answer

    return "extreme", send
