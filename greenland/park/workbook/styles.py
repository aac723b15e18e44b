"""Number formats of a workbook's cell styles, and which of them strike the text through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO

from greenland.park.workbook.number_format import BUILTIN, GENERAL
from greenland.park.workbook.runs import is_struck
from greenland.park.workbook.xml import local_name, parse


@dataclass(frozen=True, slots=True)
class CellStyles:
    """What is known of each cell style, by its number.

    Parameters
    ----------
    codes : list of str
        Number formats.
    struck : list of bool
        Whether the text is struck through.
    """

    codes: list[str] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)


def cell_styles(stream: IO[bytes]) -> CellStyles:
    """Format and stroke of each cell style.

    Nothing else is looked at, so that no other fault of fonts, fills or borders matters.
    """
    codes: dict[str, str] = {}
    fonts: list[bool] = []
    numbers: list[tuple[str, str]] = []
    inside = {"cellXfs": False, "fonts": False}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        match tag := local_name(name):
            case "numFmt":
                codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            case "cellXfs" | "fonts":
                inside[tag] = True
            case "font" if inside["fonts"]:
                fonts.append(False)
            case "strike" if inside["fonts"] and fonts:
                fonts[-1] = is_struck(attributes)
            case "xf" if inside["cellXfs"]:
                numbers.append((attributes.get("numFmtId", "0"), attributes.get("fontId", "0")))

    def end(name: str) -> None:
        if (tag := local_name(name)) in inside:
            inside[tag] = False

    parse(stream, start, end)
    struck = {str(place) for place, stroke in enumerate(fonts) if stroke}
    return CellStyles(
        [_code(number, codes) for number, _font in numbers],
        [font in struck for _number, font in numbers],
    )


def _code(number: str, codes: Mapping[str, str]) -> str:
    if number in codes:
        return codes[number] or GENERAL
    return BUILTIN.get(int(number), GENERAL) if number.isdecimal() and len(number) < 6 else GENERAL
