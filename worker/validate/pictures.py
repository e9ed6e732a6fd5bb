"""Draws test pictures as PNG with the standard library alone: the worker's image needs no imaging package."""

import struct
import zlib

SIDE = 128


def picture(variant: int) -> bytes:
    """A PNG of SIDE x SIDE pixels, RGB: a gradient with a shape that differs from variant to variant."""
    rows = (b"\0" + bytes(_row(y, variant)) for y in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _row(y: int, variant: int) -> list[int]:
    return [value for x in range(SIDE) for value in _pixel(x, y, variant)]


def _pixel(x: int, y: int, variant: int) -> tuple[int, int, int]:
    across, down = x - SIDE // 2, y - SIDE // 2
    inside = (
        900 < across**2 + down**2 < 2200,  # a ring
        abs(across) < 12 and abs(down) < 48,  # a bar
        abs(across - down) < 12,  # a stroke
    )[variant % 3]
    return (255, 250, 240) if inside else (x * 90 // SIDE, y * 70 // SIDE, 40 + 30 * (variant % 3))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
