"""A small picture is the same picture: few colours are kept exactly, and every filter of PNG is undone."""

from __future__ import annotations

import struct
import zlib

import pytest

from throughcare.project import palette

HEIGHT, WIDTH = 5, 7
PIXELS = [[(x * 30 % 256, y * 50 % 256, (x + y) * 7 % 256) for x in range(WIDTH)] for y in range(HEIGHT)]


def written(kind: int, channels: int) -> bytes:
    """A PNG of `PIXELS` whose rows are laid under one filter, by the words of the specification."""
    rows = [[value for pixel in row for value in (*pixel, 255)[:channels]] for row in PIXELS]
    body = b""
    for y, row in enumerate(rows):
        filtered = []
        for at, value in enumerate(row):
            a = row[at - channels] if at >= channels else 0
            b = rows[y - 1][at] if y else 0
            c = rows[y - 1][at - channels] if y and at >= channels else 0
            p = a + b - c
            paeth = min((a, b, c), key=lambda one: abs(p - one))
            filtered.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
        body += bytes([kind, *filtered])
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2 if channels == 3 else 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(body)), (b"IEND", b""))
    return palette.SIGNATURE + b"".join(palette._chunk(*one) for one in chunks)


def pixels(png: bytes) -> list[list[tuple[int, ...]]]:
    """Read a picture with a palette and without filters."""
    chunks = dict(palette._chunks(png))
    colours = [tuple(chunks[b"PLTE"][at : at + 3]) for at in range(0, len(chunks[b"PLTE"]), 3)]
    body = zlib.decompress(chunks[b"IDAT"])
    return [[colours[one] for one in body[y * (WIDTH + 1) + 1 :][:WIDTH]] for y in range(HEIGHT)]


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("kind", range(5))
def test_few_colours_are_kept_exactly(kind, channels):
    made = palette.small(written(kind, channels))
    assert palette.size(made) == (WIDTH, HEIGHT)
    assert pixels(made) == PIXELS


def test_what_is_no_picture_is_said_to_be_none():
    with pytest.raises(palette.NotAPicture, match="no PNG"):
        palette.small(b"GIF89a")
