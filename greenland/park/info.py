"""Who the park is, as the sheet 园区信息 of the workbook says it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from greenland.errors import InputError
from greenland.i18n import N_
from greenland.park.normal import header_text, is_blank, one_line
from greenland.park.sheet_choice import INFO_TITLES
from greenland.park.workbook import FAULTS, Workbook

# Keys of park.yaml that may stand in the workbook, and how the sheet names them.
INFO_LABELS = {
    "name": N_("园区名称"),
    "level": N_("园区级别"),
    "type": N_("园区类型"),
    "year": N_("评价年度"),
}
_SPELLINGS = {
    "园区名称": "name", "名称": "name", "parkname": "name",
    "园区级别": "level", "级别": "level", "parklevel": "level",
    "园区类型": "type", "类型": "type", "parktype": "type",
    "评价年度": "year", "年度": "year", "assessedyear": "year",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InfoCell:
    """A value of the sheet and where it stands."""

    text: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class ParkInfo:
    """Filled cells of the sheet by the key of ``park.yaml``."""

    file: str
    sheet: str
    cells: Mapping[str, InfoCell]


def read_info(path: Path) -> ParkInfo | None:
    """Read the sheet; None when there is none.

    A workbook that cannot be read is left to the reading of the tables, which says why.
    """
    if not _may_have(path):
        return None
    try:
        book = Workbook(path)
        title = next((t for t in book.titles if t.strip() in INFO_TITLES), None)
        raw = book.sheet(title) if title is not None else None
    except InputError:
        return None
    if raw is None:
        return None
    found: dict[str, InfoCell] = {}
    for row, number in zip(raw.rows, raw.numbers, strict=True):
        filled = [cell for cell in row[:2] if not is_blank(cell)]
        key = _SPELLINGS.get(header_text(row[0])) if len(filled) == 2 else None
        if key is not None:
            found.setdefault(key, InfoCell(one_line(row[1]), path.name, raw.title, number))
    return ParkInfo(path.name, raw.title, found)


def _may_have(path: Path) -> bool:
    """Whether the list of sheets names one of the titles, so that no workbook is opened in vain."""
    if not path.is_file():  # pipes and devices never end
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            listed = packed.read("xl/workbook.xml").decode("utf-8", "replace")
    except FAULTS:
        return False
    return any(title in listed for title in INFO_TITLES)
