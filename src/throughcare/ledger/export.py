"""The export for outsiders: JSON Lines, streamed both ways over plain values. No database.

One header, each leaf in order, each checkpoint after the leaf that completes its size, leaves that wait for the
sealer, one end line with the counts. The whole format: docs/reference/export-format.md.

Reading is strict (exact keys, lower-case hex, the end line), so that a cut or a changed byte never passes unseen.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from throughcare.ledger import checkpoint as checkpoints_
from throughcare.ledger.chain import Link

FORMAT, VERSION = "throughcare-export", 1
MAX_LINE = 8 * 1024 * 1024  # bytes

_HEADER = {"format", "version", "origin"}
_LEAF = {"position", "leaf", "head", "payload", "salt", "links"}
_LINK = {"person", "version", "link"}
_END = {"end", "leaves", "waiting", "checkpoints"}


class ExportUnreadable(ValueError):
    """The file is not an export, or was damaged or cut. Says the line (from 1) and what is wrong."""

    code = "export_unreadable"

    def __init__(self, line: int, wrong: str) -> None:
        self.line, self.wrong = line, wrong
        super().__init__(f"Line {line} of the export: {wrong}.")


@dataclass(frozen=True, slots=True)
class Row:
    """One leaf as it is stored. Bytes are those that were hashed, never made again."""

    position: int | None  # from 0; None: written, and waiting for the sealer
    leaf: bytes  # the leaf hash as it was kept when written
    head: bytes
    payload: bytes | None = None  # None: has none (an erasure), or was erased
    salt: bytes | None = None
    links: Sequence[Link] = ()
    digest: bytes | None = None  # SHA-256 of the payload, where it is kept; not exported


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: which log this is."""

    origin: str


@dataclass(frozen=True, slots=True)
class End:
    """The last line: what the writer wrote."""

    leaves: int
    waiting: int
    checkpoints: int


def write(origin: str, rows: Iterable[Row], checkpoints: Iterable[str]) -> Iterator[bytes]:
    """Give the lines of an export, each with its newline.

    `rows` come in order of position, the waiting ones last; `checkpoints` are signed texts in order of size.
    """
    yield _line({"format": FORMAT, "version": VERSION, "origin": origin})
    sealed = waiting = signed = 0
    texts = iter(checkpoints)
    text = next(texts, None)
    for row in rows:
        while text is not None and (row.position is None or checkpoints_.parse(text).size <= sealed):
            yield _line({"checkpoint": text})
            signed, text = signed + 1, next(texts, None)
        yield _line(_leaf(row))
        sealed, waiting = sealed + (row.position is not None), waiting + (row.position is None)
    while text is not None:
        yield _line({"checkpoint": text})
        signed, text = signed + 1, next(texts, None)
    yield _line({"end": True, "leaves": sealed, "waiting": waiting, "checkpoints": signed})


def read(lines: Iterable[bytes]) -> Iterator[Header | Row | str | End]:
    """Give what an export holds, in its order; a checkpoint as its text. Raises `ExportUnreadable`.

    `lines` keep their newlines, as a file opened for reading bytes gives them.
    """
    number, counts, end = 0, [0, 0, 0], False
    for number, line in enumerate(lines, 1):
        if end:
            raise ExportUnreadable(number, "comes after the end")
        value = _object(number, line)
        if number == 1:
            yield _read_header(value)
        elif "checkpoint" in value:
            counts[2] += 1
            yield _text(number, _keys(number, value, {"checkpoint"})["checkpoint"])
        elif "end" in value:
            end = True
            yield _read_end(number, value, counts)
        else:
            row = _read_leaf(number, value)
            counts[row.position is None] += 1
            yield row
    if not end:
        raise ExportUnreadable(number + 1, "is missing: the file was cut before its end")


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _leaf(row: Row) -> dict[str, Any]:
    return {
        "position": row.position,
        "leaf": row.leaf.hex(),
        "head": row.head.decode(),
        "payload": row.payload.decode() if row.payload is not None else None,
        "salt": row.salt.hex() if row.salt is not None else None,
        "links": [{"person": str(one.person), "version": one.version, "link": one.link.hex()} for one in row.links],
    }


def _object(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > MAX_LINE or not line.endswith(b"\n"):
        raise ExportUnreadable(number, "is too long, or was cut")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ExportUnreadable(number, "is not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise ExportUnreadable(number, "is not a JSON object")
    return value


def _keys(number: int, value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise ExportUnreadable(number, f"has not exactly the keys {', '.join(sorted(keys))}")
    return value


def _read_header(value: dict[str, Any]) -> Header:
    header = _keys(1, value, _HEADER)
    if header["format"] != FORMAT or header["version"] != VERSION or type(header["version"]) is not int:
        raise ExportUnreadable(1, f"is not the header of {FORMAT} version {VERSION}")
    return Header(_text(1, header["origin"]))


def _read_leaf(number: int, value: dict[str, Any]) -> Row:
    leaf = _keys(number, value, _LEAF)
    payload, salt = leaf["payload"], leaf["salt"]
    return Row(
        position=_count(number, leaf["position"]) if leaf["position"] is not None else None,
        leaf=_hex(number, leaf["leaf"]),
        head=_bytes(number, leaf["head"]),
        payload=_bytes(number, payload) if payload is not None else None,
        salt=_hex(number, salt) if salt is not None else None,
        links=tuple(_read_link(number, one) for one in _list(number, leaf["links"])),
    )


def _read_link(number: int, value: Any) -> Link:
    link = _keys(number, value, _LINK)
    text = _text(number, link["person"])
    try:
        person = uuid.UUID(text)
    except ValueError:
        raise ExportUnreadable(number, "names a person by something that is not a UUID") from None
    if str(person) != text:
        raise ExportUnreadable(number, "has a UUID that is not written in lower case with hyphens")
    return Link(person, _count(number, link["version"]), _hex(number, link["link"]))


def _read_end(number: int, value: dict[str, Any], counts: list[int]) -> End:
    end = _keys(number, value, _END)
    said = [_count(number, end[key]) for key in ("leaves", "waiting", "checkpoints")]
    if end["end"] is not True or said != counts:
        raise ExportUnreadable(number, f"says {said} leaves, waiting and checkpoints, and {counts} were read")
    return End(*said)


def _text(number: int, value: Any) -> str:
    if not isinstance(value, str):
        raise ExportUnreadable(number, "has something else where text should be")
    return value


def _bytes(number: int, value: Any) -> bytes:
    try:
        return _text(number, value).encode()
    except UnicodeEncodeError:
        raise ExportUnreadable(number, "holds half a character (a lone surrogate)") from None


def _list(number: int, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ExportUnreadable(number, "has something else where a list should be")
    return value


def _count(number: int, value: Any) -> int:
    if type(value) is not int or not 0 <= value < 10**18:
        raise ExportUnreadable(number, "has something else where a count should be")
    return value


def _hex(number: int, value: Any) -> bytes:
    text = _text(number, value)
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != 32 or data.hex() != text:
        raise ExportUnreadable(number, "has something else where 64 lower-case hex digits should be")
    return data
