"""Every kind of the shared vocabulary is declared here, exactly; a body may have more fields, none of them needed."""

from __future__ import annotations

import json
import types
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest

from throughcare.ledger import kinds
from throughcare.ledger.kinds import Kind

VOCABULARY = Path(__file__).parents[4].parent / "shared" / "lives" / "vocabulary.json"
KINDS = kinds.load(path.parent.name for path in Path(kinds.__file__).parents[1].glob("*/entries.py"))
HOMES = {"record": "ledger", "information": "ledger", "access": "ledger"}
NAMED = {
    "Words": "text",
    "Text": "text",
    "Day": "date",
    "Moment": "moment",
    "Whole": "number",
    "Positive": "number",
    "Ref": "ref",
    "Refs": "refs",
    "Lines": "lines",
}


def the_vocabulary() -> dict[str, Any]:
    if not VOCABULARY.exists():
        pytest.skip("../shared/lives/vocabulary.json is not there")
    return json.loads(VOCABULARY.read_text("utf-8"))


def declared(kind: Kind) -> dict[str, dict[str, Any]]:
    """The fields of a body as the vocabulary writes them, with the codes in place of the code set's name."""
    fields = {}
    for name, written in kind.body.__annotations__.items():
        info = kind.body.model_fields[name]
        kept = getattr(
            __import__(kind.body.__module__, fromlist=["_"]), written.removesuffix(" | None").split("[")[0], None
        )
        field: dict[str, Any] = {
            "type": NAMED.get(written.removesuffix(" | None"), "code"),
            "required": info.is_required(),
        }
        if field["type"] == "code":
            field |= {"codes": codes_in(info.annotation), "many": written.startswith("Many[")}
        assert kept is not None
        fields[info.alias or name] = field
    return fields


def codes_in(annotation: Any) -> list[str]:
    """The codes of a set, of a list of it, or of either left out."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return list(args)
    assert origin in (Annotated, list, Union, types.UnionType)
    return codes_in(args[0])


def wanted(kind: dict[str, Any], codes: dict[str, list[str]]) -> dict[str, dict[str, Any]]:
    fields = {}
    for one in kind["body"]:
        field = {"type": one["type"], "required": one["required"]}
        if one["type"] == "code":
            field |= {"codes": codes[one["codes"]], "many": one.get("many", False)}
        fields[one["name"]] = field
    return fields


def test_the_kinds_are_those_of_the_vocabulary() -> None:
    assert set(KINDS) == {kind["kind"] for kind in the_vocabulary()["kinds"]}


def test_each_kind_is_as_the_vocabulary_has_it() -> None:
    vocabulary = the_vocabulary()
    for kind in vocabulary["kinds"]:
        ours = KINDS[kind["kind"]]
        have, want = declared(ours), wanted(kind, vocabulary["codes"])
        assert {name: have.get(name) for name in want} == want, kind["kind"]
        assert not [name for name in set(have) - set(want) if have[name]["required"]], kind["kind"]
        assert list(map(str, ours.parts)) == kind["concerns"], kind["kind"]
        assert (ours.label, ours.recorded_by) == (kind["sensitivity"], kind["recorded_by"]), kind["kind"]
        assert ours.meaning == kind["meaning"], kind["kind"]
        assert ours.room == HOMES.get(kind["room"], kind["room"]), kind["kind"]


def test_there_are_126_kinds() -> None:
    assert len(KINDS) == 126


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_each_kind_says_what_it_means_and_what_its_fields_take(kind: Kind) -> None:
    assert kind.meaning
    assert kind.recorded_by
    assert all(kind.wanted.values())
    assert kind.body.model_json_schema()["additionalProperties"] is False


def test_a_body_is_read_with_its_days_as_days() -> None:
    body = {"relationship": "parent_of", "exists": "yes", "from": "2024-02-29", "stated_by": "mother"}
    read = KINDS["people.relationship_stated"].body.model_validate(body)
    assert read.model_dump(exclude_none=True)["from_"] == date(2024, 2, 29)
