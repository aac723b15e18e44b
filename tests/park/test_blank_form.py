"""The blank workbook as a form: who the park is, sample rows, land codes, levels, print."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from greenland.errors import InputError, Severity
from greenland.i18n import use_language
from greenland.park import SHEETS, columns, read_config, read_park, write_blank
from greenland.park.codes import land_codes
from greenland.park.form_rows import SAMPLES

WHO = {"A1": "园区名称", "B1": "试验园区（虚构）", "B2": "省级", "B3": "产业园区", "B4": 2025}


def blank(folder: Path, who: dict[str, object] = WHO) -> openpyxl.Workbook:
    """A blank park of which the workbook says who it is."""
    path = write_blank(folder)[1]
    book = openpyxl.load_workbook(path)
    for cell, value in who.items():
        book["园区信息"][cell] = value
    book.save(path)
    return book


def test_no_yaml_is_needed(tmp_path: Path) -> None:
    blank(tmp_path)
    (tmp_path / "park.yaml").unlink()
    (tmp_path / "park.xlsx").rename(tmp_path / "园区.xlsx")
    park = read_park(tmp_path)
    config = park.config
    assert (config.name, config.level, config.type, config.year, config.workbook) == (
        "试验园区（虚构）", "provincial", "industrial_park", 2025, "园区.xlsx",
    )  # fmt: skip
    assert not any(p.severity is Severity.ERROR for p in park.problems)
    assert not any(p.code == "unknown_sheet" for p in park.problems)


def test_yaml_keeps_its_rules_and_takes_the_rest(tmp_path: Path) -> None:
    blank(tmp_path)
    config = read_config(tmp_path)
    assert (config.year, config.rules.packs) == (2025, ["national", "yunnan"])


def test_what_both_say_differently_names_both(tmp_path: Path) -> None:
    blank(tmp_path)
    (tmp_path / "park.yaml").write_text("name: 别的园区\nlevel: 省\nyear: 2024\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_config(tmp_path)
    assert [(p.code, p.row) for p in caught.value.problems] == [
        ("info_differs", 1), ("info_differs", 4),
    ]  # fmt: skip
    assert "第 1 行是“别的园区”" in caught.value.problems[0].message
    assert "“园区信息”表是“2025”" in caught.value.problems[1].message


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [("B2", "乡级", "info"), ("B4", "去年", "info"), ("B4", None, "info_missing")],
)
def test_cells_not_understood_or_missing(
    tmp_path: Path, cell: str, value: object, code: str
) -> None:
    blank(tmp_path, WHO | {cell: value})
    with pytest.raises(InputError) as caught:
        read_config(tmp_path)
    assert [(p.code, p.sheet) for p in caught.value.problems] == [(code, "园区信息")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_samples_and_unfilled_codes_are_no_data(tmp_path: Path, language: str) -> None:
    with use_language(language):
        write_blank(tmp_path)
        (tmp_path / "park.yaml").write_text(
            "name: 甲\nlevel: 省级\ntype: 产业园区\nyear: 2025\n", encoding="utf-8"
        )
        park = read_park(tmp_path)
    assert all(table.empty for table in park.tables.values())
    assert [p.severity for p in park.problems if p.severity is Severity.ERROR] == []
    told = [p.sheet for p in park.problems if p.code == "sample_row"]
    assert len(told) == len(SHEETS)
    assert sum(p.code == "unfilled_codes" for p in park.problems) == 1


def test_real_rows_below_the_sample_are_read(tmp_path: Path) -> None:
    book = blank(tmp_path)
    heads = {item.id: place for place, item in enumerate(columns("land_use"), 1)}
    page = book["土地利用状况"]
    for row in range(3, 3 + len(land_codes())):
        if page.cell(row, heads["code"]).value in ("A1", "A2"):
            page.cell(row, heads["year"], 2025)
            page.cell(row, heads["area_ha"], 12)
    book.save(tmp_path / "park.xlsx")
    table = read_park(tmp_path).tables["land_use"]
    assert table["code"].tolist() == ["A1", "A2"]
    assert table["area_ha"].tolist() == [12, 12]


def test_a_sample_that_lost_its_mark_is_told(tmp_path: Path) -> None:
    book = blank(tmp_path)
    book["宗地台账"]["A2"] = "ZD-001"
    book.save(tmp_path / "park.xlsx")
    park = read_park(tmp_path)
    assert park.tables["parcels"]["parcel_id"].tolist() == ["ZD-001"]
    (kept,) = [p for p in park.problems if p.code == "sample_kept"]
    assert (kept.sheet, kept.row, kept.severity) == ("宗地台账", 2, Severity.WARNING)


def test_levels_chapters_and_print(tmp_path: Path) -> None:
    write_blank(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "park.xlsx")
    page = book["宗地台账"]
    colours = {cell.value: cell.fill.fgColor.rgb[-6:] for cell in page[1]}
    assert colours["宗地面积(亩)"] == "FCE4D6"
    assert colours["供应日期"] == "FFF2CC"
    assert colours["备注"] == "DDEBF7"
    note = next(cell for cell in page[1] if cell.value == "供应日期").comment.text
    assert "关键" in note
    assert "用于：标准地、存量土地" in note
    assert page.page_setup.orientation == "landscape"
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToWidth in (None, 1)  # 1 is what it is when not written
    assert page.page_setup.fitToHeight == 0
    assert page.print_title_rows == "$1:$1"


def test_land_codes_have_a_drop_down(tmp_path: Path) -> None:
    write_blank(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "park.xlsx")
    rules = book["土地利用状况"].data_validations.dataValidation
    (source,) = [rule.formula1 for rule in rules if "地类代码" in (rule.formula1 or "")]
    title, cells = source.lstrip("=").split("!")
    shown = [row[0].value for row in book[title.strip("'")][cells.replace("$", "")]]
    assert shown == list(land_codes())


def test_key_columns_feed_a_chapter() -> None:
    for sheet in SHEETS:
        for item in columns(sheet):
            assert not (item.key and item.required)
            assert item.touches or not item.key


def test_every_sheet_has_a_sample_of_its_columns() -> None:
    assert set(SAMPLES) == set(SHEETS)
    for sheet, sample in SAMPLES.items():
        assert set(sample) <= {item.id for item in columns(sheet)}
