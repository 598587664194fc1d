"""Make a screenshot small: the same picture with a palette of at most 256 colours, compressed hard. Pure.

A page is flat colours and the soft edges of letters, so the colours that are used most are nearly all of it; each
other one becomes the nearest of them. Reads what a browser writes: 8 bits a channel, RGB or RGBA, not interlaced.
Source: the PNG specification (ISO/IEC 15948), chapters 5, 9 and 11.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import accumulate

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_COLOURS = 256

Colour = tuple[int, int, int]


class NotAPicture(ValueError):
    """These bytes are not a PNG of the sort that a browser writes."""


def small(png: bytes) -> bytes:
    """The same picture with a palette. Raises `NotAPicture`."""
    width, height, channels, data = _read(png)
    rows = [list(zip(*planes, strict=True)) for planes in _planes(data, width, height, channels)]
    counted: Counter[Colour] = Counter()
    for row in rows:
        counted.update(row)
    palette, place = _palette(counted)
    body = b"".join(b"\x00" + bytes(map(place.__getitem__, row)) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", b"".join(map(bytes, palette))),
        (b"IDAT", zlib.compress(body, 9)),
        (b"IEND", b""),
    )
    return SIGNATURE + b"".join(_chunk(name, content) for name, content in parts)


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _read(png: bytes) -> tuple[int, int, int, bytes]:
    if not png.startswith(SIGNATURE):
        raise NotAPicture("This is no PNG. Give a screenshot as the browser writes it.")
    chunks = list(_chunks(png))
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", dict(chunks)[b"IHDR"])
    if bits != 8 or colour not in (2, 6) or interlaced:
        raise NotAPicture("This PNG has a palette, another depth or is interlaced. Give one of 8 bits, RGB or RGBA.")
    data = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    return width, height, 3 if colour == 2 else 4, data


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


# --- the filters that PNG lays over each row --------------------------------------------------------------------------


def _planes(data: bytes, width: int, height: int, channels: int) -> Iterator[list[bytes]]:
    """Red, green and blue of each row, one after the other; transparency is left out: a page has none."""
    step = width * channels + 1
    above = [bytes(width)] * 3
    for start in range(0, height * step, step):
        row = data[start + 1 : start + step]
        undo = FILTERS[data[start]]
        above = [undo(row[plane::channels], above[plane]) for plane in range(3)]
        yield above


def _plain(row: bytes, above: bytes) -> bytes:
    return row


def _sub(row: bytes, above: bytes) -> bytes:
    return bytes(one & 255 for one in accumulate(row))


def _up(row: bytes, above: bytes) -> bytes:
    return bytes([(one + up) & 255 for one, up in zip(row, above, strict=True)])


def _average(row: bytes, above: bytes) -> bytes:
    return _one_by_one(row, above, lambda left, up, corner: (left + up) // 2)


def _paeth(row: bytes, above: bytes) -> bytes:
    return _one_by_one(row, above, _nearest)


def _nearest(left: int, up: int, corner: int) -> int:
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


def _one_by_one(row: bytes, above: bytes, guess: Callable[[int, int, int], int]) -> bytes:
    made, left, corner = bytearray(), 0, 0
    for one, up in zip(row, above, strict=True):
        left, corner = (one + guess(left, up, corner)) & 255, up
        made.append(left)
    return bytes(made)


FILTERS = (_plain, _sub, _up, _average, _paeth)
"""By the number that stands before each row."""


# --- the palette ------------------------------------------------------------------------------------------------------


def _palette(counted: Counter[Colour]) -> tuple[list[Colour], dict[Colour, int]]:
    """The colours that are used most, and for every colour of the picture the place of the nearest of them."""
    chosen = [colour for colour, _ in counted.most_common(MOST_COLOURS)]
    place = {colour: number for number, colour in enumerate(chosen)}
    for colour in _not_in(counted, place):
        place[colour] = min(range(len(chosen)), key=partial(_far_from, chosen, colour))
    return chosen, place


def _not_in(counted: Iterable[Colour], place: dict[Colour, int]) -> list[Colour]:
    return [colour for colour in counted if colour not in place]


def _far_from(chosen: list[Colour], one: Colour, number: int) -> int:
    other = chosen[number]
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2
