"""Headers: every form of the dictionary's own, and those of other people's ledgers."""

from __future__ import annotations

import pytest
from each import for_each

from greenland.errors import InputError
from greenland.i18n import use_language
from greenland.park.dictionary import SHEETS, Column, columns
from greenland.park.header import column_factor, match_header, nearest_header
from greenland.park.header_rows import find_header

ALL = [item for sheet in SHEETS for item in columns(sheet)]


def identity(item: Column) -> str:
    return f"{item.sheet}.{item.id}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_own_headers_are_understood_without_conversion(language: str) -> None:
    with use_language(language):
        for_each(ALL, understood_without_conversion, identity)


def understood_without_conversion(item: Column) -> None:
    match = match_header(item.sheet, item.labelled_header)
    assert match is not None
    assert match.column is item
    assert not match.inexact
    if item.numeric:
        assert column_factor(match.unit, item) == (0.01 if item.unit == "%" else 1.0)


@pytest.mark.parametrize(
    ("sheet", "header", "column_id", "factor"),
    [
        ("parcels", "宗地　面积（公顷）*", "area_mu", 15.0),
        ("parcels", "宗地面积【㎡】", "area_mu", 0.0015),
        ("parcels", "宗地面积\n（单位：万平方米）", "area_mu", 15.0),
        ("parcels", "土地面积/公顷", "area_mu", 15.0),
        ("parcels", "总建筑面积(万㎡)", "floor_area_m2", 10000.0),
        ("firms", "综合能源消费量(吨标煤,等价值)", "energy_tce", 1.0),
        ("firms", "用电量(万千瓦时)", "electricity_mwh", 10.0),
        ("firms", "用水量(万m³)", "water_m3", 10000.0),
        ("firms", "营业收入(亿元)", "revenue_wan", 10000.0),
        ("parcels", "承诺亩均税收(万元/亩)", "promised_tax_per_mu", 1.0),
        ("parcels", "承诺亩均税收(万元/公顷)", "promised_tax_per_mu", 1 / 15),
        ("land_use", "AREA (ha)", "area_ha", 1.0),
    ],
)
def test_units_in_headers(sheet: str, header: str, column_id: str, factor: float) -> None:
    match = match_header(sheet, header)
    assert match is not None
    assert match.column.id == column_id
    assert column_factor(match.unit, match.column) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("header", "column_id"),
    [("已投资额(万元)", "invested_wan"), ("固定资产投资", "fixed_investment_wan")],
)
def test_header_that_leaves_the_definition_open_is_inexact(header: str, column_id: str) -> None:
    match = match_header("parcels", header)
    assert match is not None
    assert (match.column.id, match.inexact) == (column_id, True)


def test_unit_of_another_kind() -> None:
    match = match_header("parcels", "宗地面积(万元)")
    assert match is not None
    with pytest.raises(InputError, match="单位“万元”不能换算为“亩”"):
        column_factor(match.unit, match.column)


def test_electricity_is_not_energy_at_equivalent_value() -> None:
    match = match_header("firms", "综合能源消费量(等价值)(万kWh)")
    assert match is not None
    with pytest.raises(InputError, match="不能直接换算为等价值"):
        column_factor(match.unit, match.column)


def test_no_two_columns_share_a_header() -> None:
    for sheet in SHEETS:
        seen: dict[str, str] = {}
        for item in columns(sheet):
            for text in (item.header_zh, item.header_en, item.id, *item.synonyms):
                assert seen.setdefault(text.removeprefix("~").lower(), item.id) == item.id


def test_a_year_in_brackets_is_no_unit() -> None:
    assert match_header("parcels", "宗地面积(2023年)") is None
    assert nearest_header("parcels", "宗地面积(2023年)") == "宗地面积(亩)"


def test_unknown_header_and_its_nearest() -> None:
    assert match_header("parcels", "宗地面机(亩)") is None
    assert nearest_header("parcels", "宗地面机(亩)") == "宗地面积(亩)"
    assert nearest_header("parcels", "内部流水") is None


def test_header_below_titles_and_group_headings() -> None:
    rows = [
        ["某园区宗地台账", "", "", ""],
        ["宗地编号", "土地", "", "供应状态"],
        ["", "宗地面积(亩)", "土地用途", ""],
        ["ZD-1", 3, "工业", "已供应"],
    ]
    header = find_header("parcels", rows)
    assert header is not None
    assert header.row == 2
    assert [match.column.id for match in header.matches if match] == [
        "parcel_id",
        "area_mu",
        "land_use",
        "supply_state",
    ]


def test_no_header() -> None:
    assert find_header("parcels", [["某园区"], ["没有", "表头"]]) is None
