"""Number formats of a workbook's cell styles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from greenland.park.workbook.number_format import BUILTIN, GENERAL
from greenland.park.workbook.xml import local_name, parse


def number_formats(stream: IO[bytes]) -> list[str]:
    """Format of each cell style, by its number.

    Nothing but formats is looked at, so that no fault of fonts, fills or borders matters.
    """
    codes: dict[str, str] = {}
    numbers: list[str] = []
    inside = [False]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        match local_name(name):
            case "numFmt":
                codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            case "cellXfs":
                inside[0] = True
            case "xf" if inside[0]:
                numbers.append(attributes.get("numFmtId", "0"))

    def end(name: str) -> None:
        if local_name(name) == "cellXfs":
            inside[0] = False

    parse(stream, start, end)
    return [_code(number, codes) for number in numbers]


def _code(number: str, codes: Mapping[str, str]) -> str:
    if number in codes:
        return codes[number] or GENERAL
    return BUILTIN.get(int(number), GENERAL) if number.isdecimal() and len(number) < 6 else GENERAL
