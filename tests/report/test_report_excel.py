"""The workbook: sheets, formats, and that user text is never a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenland.report import write_excel

pytestmark = pytest.mark.slow  # whole workbooks are written


@pytest.fixture
def workbook(record: dict[str, Any], tmp_path: Path) -> Any:
    return openpyxl.load_workbook(write_excel(tmp_path / "results.xlsx", record))


def test_a_sheet_for_every_table_and_the_rules(workbook: Any) -> None:
    names = workbook.sheetnames
    assert names[0] == "结论"
    assert names[-1] == "规则"
    for name in (
        "“标准地”逐项核查",
        "企业亩均效益排名",
        "评价指标",
        "闲置土地台账",
        "逐时调度",
        "数据问题及其影响",
    ):
        assert name in names


def test_sheets_have_title_units_frozen_head_and_filter(
    workbook: Any, record: dict[str, Any]
) -> None:
    sheet = workbook["企业亩均效益排名"]
    headings = [cell.value for cell in sheet[3]]
    assert "亩均税收（万元/亩·年）" in headings
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.max_row == 3 + len(record["land"]["per_mu"]["firms"])


def test_numbers_are_numbers_and_shares_are_percentages(workbook: Any) -> None:
    sheet = workbook["评价指标"]
    headings = [cell.value for cell in sheet[3]]
    cell = sheet.cell(4, headings.index("实际值") + 1)
    assert isinstance(cell.value, float)
    assert cell.number_format == "0.0%"


def test_states_are_coloured_by_condition(workbook: Any) -> None:
    rules = workbook["不达标与逾期的指标"].conditional_formatting
    assert any('"不达标"' in rule.formula[0] for area in rules for rule in area.rules)


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)"])
def test_user_text_is_text(record: dict[str, Any], tmp_path: Path, text: str) -> None:
    record["land"]["per_mu"]["firms"][0]["firm_name"] = text
    record["park"]["name"] = text
    record["rules"][0]["title"] = text
    book = openpyxl.load_workbook(write_excel(tmp_path / "results.xlsx", record))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert [cell for cell in cells if cell.value == text and cell.data_type == "s"]


def test_same_record_same_bytes(record: dict[str, Any], tmp_path: Path) -> None:
    first = write_excel(tmp_path / "a.xlsx", record).read_bytes()
    assert write_excel(tmp_path / "b.xlsx", record).read_bytes() == first


def test_money_is_written_in_the_unit_of_its_heading(workbook: Any, record: dict[str, Any]) -> None:
    sheet = workbook["电费对比"]
    headings = [cell.value for cell in sheet[3]]
    bill = record["energy"]["bill"]["grid_only"]
    yearly = bill["items"][0]["yuan"] / bill["years"]
    assert headings[1] == "全部网购（万元/年）"
    assert sheet.cell(4, 2).value == pytest.approx(yearly / 1e4)


def test_missing_is_a_dash(workbook: Any, record: dict[str, Any]) -> None:
    sheet = workbook["“标准地”出让比例与目标路径"]
    shares = [row["standard_land_share"] for row in record["land"]["standard_land"]["path"]]
    assert shares[0] is not None
    assert sheet.cell(4, 2).value == pytest.approx(shares[0])
    assert sheet.cell(4 + shares.index(None), 2).value == "—"
