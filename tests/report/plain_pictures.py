"""Word files without the drawing of their charts, which takes most of the time."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

WIDTH, HEIGHT = 160, 90


def _chunk(kind: bytes, data: bytes) -> bytes:
    sum_of_it = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_of_it)


def white() -> bytes:
    """A white rectangle as PNG, eight bits of grey a point."""
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    lines = (b"\0" + b"\xff" * WIDTH) * HEIGHT
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(lines))
        + _chunk(b"IEND", b"")
    )


@contextmanager
def plain_pictures() -> Iterator[None]:
    """Each chart is a white rectangle."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("greenland.report.word.blocks.chart_png", lambda _chart, _hours: white())
        yield
