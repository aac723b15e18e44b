"""Tables: columns, units, worst rows first, the way a value of an indicator is written."""

from __future__ import annotations

from dataclasses import replace

import made_records
import pytest

from greenland.report import tables
from greenland.report.context import build
from greenland.report.labels import label, value_label
from greenland.report.tables import cell_text, make_table, value_text, with_unit, worst_state

ROWS = [
    {"parcel_id": "B", "state": "met", "margin": 1.0, "required": 2.0},
    {"parcel_id": "A", "state": "failed", "margin": -0.1, "required": 1.0},
    {"parcel_id": "C", "state": "failed", "margin": -5.0, "required": 10.0},
    {"parcel_id": "D", "state": "overdue", "margin": None, "required": 10.0},
]


def test_failures_come_first_by_the_size_of_the_gap() -> None:
    ordered = sorted(ROWS, key=worst_state)
    assert [row["parcel_id"] for row in ordered] == ["C", "A", "D", "B"]


def test_a_table_without_rows_is_none() -> None:
    assert make_table("t", "t", [], "row") is None
    assert make_table("t", "t", None, "row") is None


def test_empty_columns_are_left_out_unless_asked_for() -> None:
    table = make_table("t", "t", [{"row": 1, "reason": None}], "row reason")
    assert table is not None
    assert [column.key for column in table.columns] == ["row"]
    kept = make_table("t", "t", [{"row": 1, "reason": None}], "row reason!")
    assert kept is not None
    assert [column.key for column in kept.columns] == ["row", "reason"]


def test_heading_states_the_unit() -> None:
    table = make_table("t", "t", [{"area_mu": 1.0}], "area_mu")
    assert table is not None
    assert table.columns[0].heading == "面积（亩）"


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [(9_000.0, "元", "9,000"), (5.2e6, "万元", "520.0"), (3.61e8, "万元", "36,100")],
)
def test_money_of_a_column_has_one_scale(amount: float, unit: str, text: str) -> None:
    table = make_table("t", "t", [{"net": amount}, {"net": amount / 10}], "net")
    assert table is not None
    column = table.columns[0]
    assert column.unit == unit
    assert cell_text(table.rows[0], column) == text


def test_all_money_of_a_table_has_one_unit() -> None:
    table = make_table("t", "t", [{"net": 3.6e8, "opex": 5_000.0}], "net opex")
    assert table is not None
    assert {column.unit for column in table.columns} == {"万元"}
    assert cell_text(table.rows[0], table.columns[1]) == "< 1"


def test_value_is_written_as_its_indicator_is() -> None:
    assert value_text(0.4, "building_coefficient") == "40.0%"
    assert value_text(1.234, "floor_area_ratio") == "1.23"
    assert value_text(0.05, "building_coefficient", signed=True) == "+5.0 个百分点"
    assert with_unit(26.01, "tax_per_mu") == "26.01 万元/亩·年"
    assert with_unit(9.0, "new_above_scale_firms") == "9 家"


def test_codes_are_shown_in_words() -> None:
    row = {"decision": "exit", "criteria": ["class_d", "stopped"], "placed": False}
    table = make_table("t", "t", [row], "decision criteria placed")
    assert table is not None
    shown = [cell_text(row, column) for column in table.columns]
    assert shown == ["退出", "亩均效益评价为 D 类、停产或僵尸企业", "否"]


def test_unknown_ids_stand_as_they_are() -> None:
    assert label("something_new").text == "something_new"
    assert value_label("decision", "wait") == "wait"


def test_input_columns_take_their_names_from_the_dictionary() -> None:
    assert label("power_capacity_mw").text == "可用供电容量"
    assert label("power_capacity_mw").unit == "MW"


def test_missing_is_a_dash() -> None:
    column = tables.make_column("area_mu", [{"area_mu": None}])
    assert cell_text({"area_mu": None}, column) == "—"


def test_tables_begin_with_who_and_the_verdict() -> None:
    """Subject, verdict and reason come before figures; the row of the ledger comes last."""
    verdicts = {"state", "class", "decision", "verdict", "placed"}
    subjects = {"parcel_id", "project_id", "firm_name"}
    told = [table for table in build(made_records.land_only()).tables if "page" in table.forms]
    checked = 0
    for table in told:
        keys = [column.key for column in table.columns]
        found = verdicts & set(keys)
        if found and subjects & set(keys):
            checked += 1
            assert "row" not in keys[:-1], table.id
            assert keys[0] in subjects, table.id
            assert min(map(keys.index, found)) < 4, table.id
    assert checked >= 7


def test_long_texts_are_given_room() -> None:
    rows = [{"holder_name": "甲公司", "area_mu": 1.0, "gap": "亩均产值不达标" * 12}]
    table = make_table("t", "t", rows, "holder_name gap area_mu")
    assert table is not None
    assert [css for _column, css in table.heads] == ["t-name", "t-words t-long", "n"]


def test_the_sheet_of_row_numbers_is_named_where_they_are_shown() -> None:
    table = make_table("t", "宗地", [{"parcel_id": "A", "row": 4}], "parcel_id row", sheet="台账")
    assert table is not None
    assert table.remark == "行号指台账。"
    assert replace(table, columns=table.columns[:1], note="全部。").remark == "全部。"
