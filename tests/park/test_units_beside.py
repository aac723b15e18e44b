"""Units outside the cells, as page headers, text boxes and comments have them: used, or told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from each import for_each
from sound_park import CONFIG

from greenland.park import read_park
from greenland.park.workbook import Workbook

BARE, OWN = ["宗地编号", "宗地面积", "土地用途"], ["宗地编号", "宗地面积(亩)", "土地用途"]
HA = "单位：公顷"
CODES = {"caption_unit", "caption_unit_unclear", "unit_beside", "comment_unit"}

Edit = Callable[[Any], Any]
# sheet, rows above the data, what stands beside; the area of 3 in 亩 and what is said
SHEETS: dict[str, tuple[str, list[list[str]], Edit, float | None, set[str]]] = {
    "nothing": ("宗地台账", [BARE], lambda page: None, 3, set()),
    "name of the sheet": ("宗地台账(公顷)", [BARE], lambda page: None, 45, {"caption_unit"}),
    "page header": (
        "宗地台账",
        [BARE],
        lambda page: page.set_header(f"&L第 &P 页&R&12{HA}"),
        45,
        {"caption_unit"},
    ),
    "text box": (
        "宗地台账",
        [BARE],
        lambda page: page.insert_textbox("F2", HA),
        45,
        {"caption_unit"},
    ),
    "footer against caption": (
        "宗地台账",
        [["单位：亩"], BARE],
        lambda page: page.set_footer(HA),
        None,
        {"caption_unit_unclear"},
    ),
    "footer against header": (
        "宗地台账",
        [OWN],
        lambda page: page.set_footer(HA),
        3,
        {"unit_beside"},
    ),
    "comment on header": (
        "宗地台账",
        [BARE],
        lambda page: page.write_comment("B1", HA),
        None,
        {"comment_unit"},
    ),
    "comment on cell": (
        "宗地台账",
        [OWN],
        lambda page: page.write_comment("B2", "此处按公顷计"),
        3,
        {"comment_unit"},
    ),
    "our own comment": (
        "宗地台账",
        [BARE],
        lambda page: page.write_comment("B1", HA, {"author": "greenland"}),
        3,
        set(),
    ),
    "same unit": ("宗地台账", [OWN], lambda page: page.write_comment("B1", "单位：亩"), 3, set()),
}


def test_units_beside_the_cells(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")

    def check(name: str) -> None:
        title, head, edit, area, said = SHEETS[name]
        with xlsxwriter.Workbook(tmp_path / "park.xlsx", {"in_memory": True}) as book:
            page = book.add_worksheet(title)
            for number, row in enumerate([*head, ["ZD-1", 3, "工业"]]):
                page.write_row(number, 0, row)
            edit(page)
        park = read_park(tmp_path)
        assert list(park.tables["parcels"]["area_mu"].dropna()) == ([area] if area else [])
        assert {problem.code for problem in park.problems} & CODES == said

    for_each(SHEETS, check, str)


def test_page_headers_of_a_sheet_read_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "park.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_number(1_000_000, 0, 1)  # the fast reader would ask for room for all rows
        page.write_number(0, 900, 1)
        page.set_footer(f"&C{HA}")
    assert [one.text for one in Workbook(path).sheet("Sheet1").beside] == [HA]
