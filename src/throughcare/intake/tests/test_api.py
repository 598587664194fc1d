"""The API as an agency's system uses it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from throughcare.access.models import AuditLine
from throughcare.intake import sending
from throughcare.intake.tests.sender import CHILD, System, visit
from throughcare.ledger import sealing, tree
from throughcare.ledger.checkpoint import PublicKey, open_signed

pytestmark = pytest.mark.django_db


def faults(answer: Any) -> list[tuple[Any, str]]:
    """Which entries and fields a refusal names."""
    assert answer.headers["Content-Type"] == "application/problem+json"
    return [(one["entry"], one["field"]) for one in answer.json()["faults"]]


def ledger_size() -> int:
    """How many entries are held."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ledger_entry) + (SELECT count(*) FROM people_record)")
        return int(cursor.fetchone()[0])


# --- a token -------------------------------------------------------------------------------------------------------


def token(given: Any, **more: Any) -> Any:
    """Ask for a token by a form."""
    return Client().post("/api/v1/token", given, content_type="application/x-www-form-urlencoded", **more)


def test_a_token_is_given_for_the_right_secret(council: System):
    form = f"grant_type=client_credentials&client_id={council.client_id}&client_secret={council.secret}"
    answer = token(form)
    assert answer.status_code == 200, answer.content
    given = answer.json()
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == 900
    assert given["scope"] == "api.write"


def test_a_token_is_given_for_basic_authentication_and_json(council: System):
    coded = base64.b64encode(f"{council.client_id}:{council.secret}".encode()).decode()
    answer = Client().post(
        "/api/v1/token",
        '{"grant_type": "client_credentials"}',
        content_type="application/json",
        headers={"Authorization": f"Basic {coded}"},
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ("grant_type=client_credentials&client_id={id}&client_secret=wrong", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=nobody&client_secret={secret}", 401, "invalid_client"),
        ("grant_type=client_credentials&client_id=%00&client_secret=%00", 401, "invalid_client"),
        ("grant_type=password&client_id={id}&client_secret={secret}", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&client_id={id}", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id={id}&client_id={id}&client_secret={secret}", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=publish", 400, "invalid_scope"),
        ("%ff=%ff", 400, "invalid_request"),
    ],
)
def test_a_token_is_refused_in_the_words_of_the_standard(council: System, form: str, status: int, error: str):
    answer = token(form.format(id=council.client_id, secret=council.secret))
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_guessing_secrets_locks_the_client_even_for_the_right_one(council: System):
    form = f"grant_type=client_credentials&client_id={council.client_id}&client_secret="
    assert [token(form + "wrong").status_code for _ in range(6)] == [401] * 6
    assert token(form + council.secret).status_code == 401


# --- entries in ----------------------------------------------------------------------------------------------------


def test_an_entry_is_kept_and_gets_a_receipt(council: System):
    answer = council.post({"people": [CHILD], "entries": [visit()]})
    assert answer.status_code == 201, answer.content
    (receipt,) = answer.json()["receipts"]
    assert (receipt["agency"], receipt["ref"], receipt["repeated"]) == ("LA", "v1", False)
    assert len(receipt["digest"]) == 64
    assert list(receipt["versions"].values()) == [1]
    assert council.get("/api/v1/entries/LA/v1/receipt").json() == receipt | {"repeated": True}


def test_the_same_again_is_held_already_and_changes_nothing(council: System):
    first = council.post({"people": [CHILD], "entries": [visit()]}).json()["receipts"]
    size = ledger_size()
    again = council.post({"people": [CHILD], "entries": [visit()]})
    assert again.status_code == 200
    assert again.json()["receipts"] == [first[0] | {"repeated": True}]
    assert ledger_size() == size


def test_one_entry_and_a_list_are_taken_too_and_one_s_own_agency_may_be_left_out(council: System):
    council.post({"people": [CHILD]})
    alone = visit("v1")
    del alone["agency"]
    assert council.post(alone).status_code == 201
    assert council.post([visit("v2"), visit("v3")]).status_code == 201
    assert council.post([visit("v1"), visit("v4")]).status_code == 201


def test_other_content_under_a_used_reference_is_refused_with_both_digests(council: System):
    kept = council.post({"people": [CHILD], "entries": [visit()]}).json()["receipts"][0]
    answer = council.post([visit("v2"), visit("v1", summary="Not seen.")])
    assert answer.status_code == 409
    said = answer.json()
    assert (said["code"], said["kept"]) == ("reference_used", kept["digest"])
    assert said["given"] != said["kept"]
    assert faults(answer) == [(1, "ref")]
    assert council.get("/api/v1/entries/LA/v2/receipt").status_code == 404


def test_a_request_is_kept_whole_or_not_at_all_and_every_fault_is_named(council: System):
    size = ledger_size()
    answer = council.post(
        {
            "people": [CHILD, {"record_ref": "", "names": "Kim"}],
            "entries": [visit("v1"), visit("v2", kind="unknown"), visit("v3", noted="yesterday", precision="hour")],
        }
    )
    assert answer.status_code == 422
    named = faults(answer)
    assert {entry for entry, _ in named} == {None, 1, 2}
    assert {"people.1.record_ref", "people.1.names", "kind", "noted", "precision"} <= {field for _, field in named}
    assert ledger_size() == size


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agency": "POL"}, "agency"),
        ({"kind": "people.linked"}, "kind"),
        ({"noted": "2199-01-01T00:00"}, "noted"),
        ({"shared": [{"agency": "NOBODY", "at": "2026-03-02T11:00"}]}, "shared.0.agency"),
        ({"concerns": [{"part": "subject", "record": "UNKNOWN"}]}, "concerns.0.record"),
        ({"corrects": "nothing"}, "corrects"),
        ({"corrects": "v9"}, "corrects"),
        ({"summary": "\x00"}, "summary"),
        ({"summary": "x" * 2_001}, "summary"),
        ({"body": {"weight": "concern", "seen_or_told": "seen", "extra": 1}}, "body.extra"),
        ({"happened": "0000-01-01"}, "happened"),
        ({"happened": "9999-12-31"}, "happened"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_field(council: System, police: System, change: dict[str, Any], field: str):
    council.post({"people": [CHILD]})
    answer = council.post(visit("v9") | change)
    assert answer.status_code == 422, answer.content
    assert (0, field) in faults(answer)
    assert council.get("/api/v1/entries/LA/v9/receipt").status_code == 404


def test_corrections_in_a_circle_are_refused(council: System):
    council.post({"people": [CHILD]})
    answer = council.post([visit("a", corrects="b"), visit("b", corrects="c"), visit("c", corrects="a"), visit("d")])
    assert faults(answer) == [(0, "corrects"), (1, "corrects"), (2, "corrects")]


def test_a_writer_who_has_not_seen_the_newest_version_is_refused(council: System):
    receipt = council.post({"people": [CHILD], "entries": [visit()]}).json()["receipts"][0]
    (person,) = receipt["versions"]
    sent = {"entries": [visit("v2")], "expected_versions": {person: 1}}
    assert council.post(sent).status_code == 201
    answer = council.post({"entries": [visit("v3")], "expected_versions": {person: 1}})
    assert answer.status_code == 409
    assert answer.json() | {"code": "version_moved", "expected": 1, "found": 2, "person": person} == answer.json()


def test_a_version_may_not_be_asked_of_somebody_else(council: System):
    council.post({"people": [CHILD]})
    stranger = "00000000-0000-4000-8000-000000000000"
    answer = council.post({"entries": [visit()], "expected_versions": {stranger: 0}})
    assert faults(answer) == [(None, "expected_versions")]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b" ", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"\xff", 400, "not_json"),
        (b'{"a": NaN}', 400, "not_json"),
        (b'{"a": Infinity}', 400, "not_json"),
        (b'{"a": 1e400}', 400, "not_json"),
        (b'{"a": ' + b"1" * 5_000 + b"}", 400, "not_json"),
        (b'{"ref": "a", "ref": "b"}', 400, "not_json"),
        (b'{"summary": "\\ud800"}', 400, "not_json"),
        (b"[" * 10_000 + b"]" * 10_000, 400, "not_json"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "not_json"),
        ('{"ref": "a"}'.encode("utf-16"), 400, "not_json"),
        (b'"text"', 422, "entries_refused"),
        (b"null", 422, "entries_refused"),
        (b"[]", 422, "entries_refused"),
        (b"{}", 422, "entries_refused"),
        (b"[" + b"{}," * 1_000 + b"{}]", 422, "entries_refused"),
        (b'{"entries": [], "people": [], "more": 1}', 422, "entries_refused"),
        (b" " * (5 * 1024 * 1024 + 1), 413, "too_large"),
    ],
    ids=range(19),
)
def test_what_cannot_be_read_is_refused(council: System, body: bytes, status: int, code: str):
    answer = council.post(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("kind", ["text/plain", "application/json; charset=latin-1", "multipart/form-data", ""])
def test_another_content_type_is_refused(council: System, kind: str):
    assert council.post(b"{}", kind=kind).status_code == 415


def test_too_many_requests_are_told_when_to_come_again(council: System, settings: Any):
    settings.API_REQUESTS_A_MINUTE = 2
    answers = [council.post(b"{}") for _ in range(3)]
    assert [one.status_code for one in answers] == [422, 422, 429]
    assert int(answers[2].headers["Retry-After"]) in range(1, 61)


# --- who may -------------------------------------------------------------------------------------------------------


def test_nothing_is_taken_without_a_token(council: System):
    answer = Client().post("/api/v1/entries", "{}", content_type="application/json")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_system_without_the_scope_is_told_nothing(make: Any):
    narrow = make("GP", ("api.events",))
    assert narrow.post({"people": [CHILD]}).status_code == 404


def test_another_agency_s_receipts_and_proofs_are_not_there(council: System, police: System):
    receipt = council.post({"people": [CHILD], "entries": [visit()]}).json()["receipts"][0]
    assert police.get("/api/v1/entries/LA/v1/receipt").status_code == 404
    assert police.get(f"/api/v1/entries/{receipt['id']}/proof").status_code == 404


def test_every_write_and_every_refusal_leaves_an_audit_line(council: System):
    before = AuditLine.objects.count()
    council.post({"people": [CHILD], "entries": [visit()]})
    council.post(b"{")
    council.get("/api/v1/entries/POL/v1/receipt")
    lines = list(AuditLine.objects.order_by("id").values_list("act", "outcome", "agency"))[before:]
    assert {agency for _, _, agency in lines} == {"LA"}
    assert [outcome for _, outcome, _ in lines].count("failed") == 2
    assert ("machine", "done", "LA") in lines


def test_without_an_audit_line_there_is_no_answer(council: System, monkeypatch: pytest.MonkeyPatch):
    from django.db import DatabaseError

    from throughcare.access import actions

    def broken(*args: Any, **given: Any) -> int:
        raise DatabaseError

    recorded: list[Any] = []
    monkeypatch.setattr(actions, "note", broken)
    monkeypatch.setattr(sending.alerts, "record", lambda *args, **given: recorded.append(args))
    assert council.post({"people": [CHILD]}).status_code == 503
    assert not recorded


@pytest.mark.parametrize("path", ["/api/", "/api", "/api/nothing", "/api/v1/entries/LA/%00/receipt", "/api/v1/%ff"])
def test_unknown_addresses_are_no_errors(council: System, path: str):
    assert council.get(path).status_code in (200, 404)


# --- proofs and the vocabulary -------------------------------------------------------------------------------------


def test_a_sealed_entry_is_proved_to_an_outsider(council: System):
    sent = council.post({"people": [CHILD], "entries": [visit(f"v{n}") for n in range(5)]})
    ids = [one["id"] for one in sent.json()["receipts"]]
    assert council.get(f"/api/v1/entries/{ids[3]}/proof").status_code == 409
    assert council.get("/api/v1/checkpoints/latest").status_code == 404
    sealing.seal("entries", key=sealing.signing_key(), at=datetime.now(UTC))
    key = PublicKey.parse(council.get("/api/v1/key").json()["key"])
    head = open_signed(council.get("/api/v1/checkpoints/latest").json()["note"], [key])
    given = council.get(f"/api/v1/entries/{ids[3]}/proof").json()
    proof = [bytes.fromhex(one) for one in given["proof"]]
    leaf = bytes.fromhex(given["leaf"])
    assert tree.includes(leaf=leaf, position=given["position"], size=given["size"], proof=proof, root=head.root)
    grown = council.get(f"/api/v1/consistency?old=2&new={head.size}")
    assert grown.status_code == 200


@pytest.mark.parametrize(
    "asked", ["old=0&new=1", "old=2&new=1", "old=x&new=1", "new=1", "old=1&new=99999999999999999999"]
)
def test_proofs_of_what_cannot_be_are_refused(asked: str):
    assert Client().get(f"/api/v1/consistency?{asked}").status_code in (404, 422)


def test_every_kind_can_be_learned_without_a_manual():
    listed = Client().get("/api/v1/kinds").json()["kinds"]
    assert len(listed) > 100
    visits = next(one for one in listed if one["name"] == "safeguarding.visit")
    seen = {"name": "seen", "required": True, "takes": "one of: yes, no, unknown", "codes": ["yes", "no", "unknown"]}
    assert seen in visits["fields"]
    assert all(one["meaning"] and one["recorded_by"] for one in listed)


def test_the_agencies_that_take_part_are_listed(council: System, police: System):
    assert [one["code"] for one in council.get("/api/v1/agencies").json()["agencies"]] == ["LA", "POL"]


def test_the_description_names_no_other_host():
    described = Client().get("/api/openapi.json").content.decode()
    assert "http" not in described.replace("https://spec.openapis.org", "")
    assert "cdn" not in Client().get("/api").content.decode().lower()
