"""What headings and titles count: medians, shares, days, and nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from filled_parts import part

from greenland.record.land.exit import ExitRecord
from greenland.record.land.geometry import GeometryRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.review import ReviewRecord
from greenland.record.land.stock import StockRecord
from greenland.record.record import LandRecord, Record
from greenland.report import front
from greenland.report.charts import firms, parcels, review
from greenland.report.charts.land_map import parcel_map
from greenland.report.sections import exit as leaving
from greenland.report.sections import per_mu, stock


def scored(*scores: float) -> PerMuRecord:
    firms = [{"firm_id": f"F{n}", "score": s, "class": "A"} for n, s in enumerate(scores)]
    return part(PerMuRecord, firms=firms)


@pytest.mark.parametrize(
    ("scores", "middle"),
    [((10, 20, 40, 90, 95), "40.0"), ((10, 20, 40, 50, 90, 95), "45.0")],
    ids=["the middle one", "the mean of the two in the middle"],
)
def test_the_median_score(scores: tuple[float, ...], middle: str) -> None:
    chart = firms.score_distribution(scored(*scores))
    assert chart is not None
    assert f"得分中位数 {middle} 分" in chart.title


@pytest.mark.parametrize(
    ("highest", "step"),
    [(95.0, 10), (400.0, 10), (401.0, 20), (1_000.0, 50), (4_000.0, 100), (1e11, 5e9)],
)
def test_scores_out_of_all_proportion_are_counted_in_wider_steps(
    highest: float, step: float
) -> None:
    """A tax in 元 for one in 万元 must not make a chart of millions of bars, which stops Vega."""
    chart = firms.score_distribution(scored(0, 20, 40, 90, highest))
    assert chart is not None
    assert chart.spec["encoding"]["x"]["bin"]["step"] == step
    assert chart.unit == f"每 {step:,.0f} 分一档的企业数"
    assert highest / step <= 40


def by_class(**d: Any) -> PerMuRecord:
    rows = [{"class": "A", "firms": 3, "land_mu": 30.0, "tax_wan": 90.0}, {"class": "D", **d}]
    return part(PerMuRecord, summary=rows)


def test_shares_of_a_class_without_data_are_not_zero() -> None:
    chart = firms.class_shares(by_class(firms=1, land_mu=None, tax_wan=10.0))
    assert chart is not None
    assert chart.title == "D类企业贡献 10.0% 的税收"
    assert "D类：企业数占 25.0%，用地占 —" in chart.alt
    none = firms.class_shares(by_class(firms=0, land_mu=0.0, tax_wan=0.0))
    assert none is not None
    assert none.title == "没有 D类企业"


def with_tenant(tenants: str) -> PerMuRecord:
    """Landlord on 60 亩, 20 of them let; two others of 20 亩."""
    return part(
        PerMuRecord,
        scheme={"tenants": tenants},
        park={"tax_per_mu": 10.0},
        firms=[
            {"firm_name": "出租方", "land_mu": 60.0, "tax_per_mu": 20.0, "class": "A"},
            {
                "firm_name": "承租方",
                "land_mu": 20.0,
                "tax_per_mu": 2.0,
                "class": "A",
                "tenant": True,
            },
            {"firm_name": "乙", "land_mu": 20.0, "tax_per_mu": 5.0, "class": "C"},
            {"firm_name": "丙", "land_mu": 20.0, "tax_per_mu": 15.0, "class": "B"},
        ],
    )


def test_land_of_tenants_is_in_that_of_the_landlord_already() -> None:
    chart = firms.tax_scatter(with_tenant("combined"))
    assert chart is not None
    assert chart.title == "20% 的企业用地低于园区平均亩均税收"  # 20 of 100 亩
    alone = firms.tax_scatter(with_tenant("own"))
    assert alone is not None
    assert alone.title == "33% 的企业用地低于园区平均亩均税收"  # 40 of 120 亩


def test_a_revenue_that_is_not_known_is_not_zero_in_the_tip() -> None:
    chart = firms.tax_scatter(with_tenant("own"))
    assert chart is not None
    assert "—" in str(chart.spec)


def test_the_lowest_industry_is_the_lowest_of_all() -> None:
    rows = [
        {"industry_code": f"{13 + n}", "level": "division", "tax_per_mu": 100.0 - n}
        for n in range(25)
    ]
    chart = firms.industry_bars(part(PerMuRecord, industries=rows))
    assert chart is not None
    assert "最高的行业是农副食品加工业，" in chart.title
    assert chart.title.endswith("最低的是铁路、船舶、航空航天和其他运输设备制造业")
    assert chart.unit.endswith("；中间 5 个行业未画出")
    fewer = firms.industry_bars(part(PerMuRecord, industries=rows[:20]))
    assert fewer is not None
    assert "未画出" not in fewer.unit


LEDGERS: dict[str, Any] = {
    "as_of": "2026-12-31",
    "unsupplied": [
        {"parcel_id": "G1", "area_mu": 10.0, "months": 30.0, "state": "overdue"},
        {"parcel_id": "G2", "area_mu": 20.0, "months": 3.0, "state": "not_due"},
        {"parcel_id": "G3", "area_mu": 30.0, "months": None, "state": "no_data"},
        {"parcel_id": "G4", "area_mu": 99.0, "months": None, "state": "not_applicable"},
    ],
    "idle": [{"parcel_id": "G5", "area_mu": 40.0, "months": 24.0, "consequence": "fee"}],
}


def test_land_by_age_is_all_land_of_the_ledgers() -> None:
    chart = parcels.stock_by_age(part(StockRecord, **LEDGERS))
    assert chart is not None
    # 10 + 20 + 30 + 40; of these 10 + 40 for two years and more
    assert chart.title == "批而未供和闲置土地共 100 亩，其中历时两年以上的占 50.0%"
    assert "批而未供日期不明 30" in chart.alt


def with_stock(given: dict[str, Any]) -> Record:
    """A record in which nothing was evaluated but the ledgers of stock land."""
    land = {
        name: {"evaluated": False, "reason": "未要求"}
        for name, info in LandRecord.model_fields.items()
        if info.is_required()
    }
    stock = part(StockRecord, **{"as_of": "2026-12-31", **given}).to_dict()
    return part(
        Record,
        park={"as_of": "2026-12-31"},
        land={**land, "stock": stock},
        energy={"evaluated": False, "reason": "未要求"},
    )


def tasks(**ledgers: Any) -> dict[str, str]:
    record = with_stock(ledgers)
    return {task.text: task.by for task in front.tasks(record)}


def test_only_approvals_still_in_force_are_to_be_supplied_before_they_lapse() -> None:
    rows = [
        {"state": "overdue", "lapse_date": "2026-12-31"},
        {"state": "overdue", "lapse_date": "2023-01-20"},
        {"state": "not_due", "lapse_date": "2027-01-01"},
        {"state": "no_data", "lapse_date": None},
        {"state": "not_applicable", "lapse_date": "2029-01-01"},
    ]
    assert tasks(unsupplied=rows) == {
        "核实 2 宗批文已满有效期的批而未供土地，失效的重新报批": "立即",
        "供应 1 宗批而未供土地，避免批文失效": "2027-01-01",
    }


def test_land_that_may_be_taken_back_is_not_past_a_date() -> None:
    rows = [
        {"consequence": "take_back", "take_back_date": "2025-06-01"},
        {"consequence": "fee", "take_back_date": "2027-06-01"},
        {"consequence": "government", "take_back_date": None},
    ]
    assert tasks(idle=rows) == {
        "对 1 宗已满收回期限的闲置土地启动收回程序": "立即",
        "处置 2 宗闲置土地，期限为最早可收回日期": "2027-06-01",
    }


def figure(**given: Any) -> Any:
    return front.key_figures(with_stock(given))[0]


TOTALS = [
    {"ledger": "unsupplied", "area_mu": 100.0, "missing": 0},
    {"ledger": "idle", "area_mu": 50.0, "missing": 0},
    {"ledger": "inefficient", "area_mu": 999.0, "missing": 9},
]


def start(year: int, unsupplied: float | None, idle: float | None) -> list[dict[str, Any]]:
    return [
        {"ledger": "unsupplied", "year": year, "stock_ha": unsupplied},
        {"ledger": "idle", "year": year, "stock_ha": idle},
    ]


def test_land_that_waits_against_the_start_of_the_year() -> None:
    found = figure(totals=TOTALS, disposal=start(2025, 9.0, 9.0) + start(2026, 8.0, 4.0))
    assert (found.value, found.previous, found.note) == ("150", "年初 180 亩", "")


@pytest.mark.parametrize(
    "disposal",
    [start(2025, 9.0, 9.0), start(2026, 8.0, None), []],
    ids=["another year", "one ledger only", "nothing"],
)
def test_no_start_of_the_year_where_it_is_not_known(disposal: list[dict[str, Any]]) -> None:
    assert figure(totals=TOTALS, disposal=disposal).previous == ""


def test_land_that_may_be_idle_is_said_beside_the_figure() -> None:
    open_ones = [{"parcel_id": f"G{n}", "reason": "没有日期"} for n in range(2)]
    assert figure(totals=TOTALS, undecided=open_ones).note == "另有 2 宗数据不足，不能认定是否闲置"
    assert figure(totals=[{**TOTALS[0], "missing": 1}], undecided=open_ones).note == (
        "1 宗缺面积，未计入；另有 2 宗数据不足，不能认定是否闲置"
    )


def test_the_chapter_says_how_many_parcels_may_be_idle() -> None:
    known = {"as_of": "2026-12-31", "totals": TOTALS}
    words = "另有 1 宗数据不足，不能认定是否闲置。"
    assert words not in stock.section(part(StockRecord, **known)).lead
    undecided = [{"parcel_id": "G1", "reason": "没有日期"}]
    assert stock.section(part(StockRecord, **known, undecided=undecided)).lead.endswith(words)


def test_land_without_an_area_is_said_beside_the_figure() -> None:
    totals = [{**TOTALS[0], "missing": 2}, {**TOTALS[1], "area_mu": None, "missing": 1}]
    found = figure(totals=totals)
    assert (found.value, found.note) == ("100", "3 宗缺面积，未计入")
    unknown = figure(totals=[{**row, "area_mu": None, "missing": 1} for row in totals])
    assert unknown.value == "—"


def test_land_to_leave_without_areas() -> None:
    leave = part(ExitRecord, summary=[{"decision": "exit", "parcels": 2, "area_mu": None}])
    assert leaving.section(leave, None, None).lead == "建议退出 2 宗。"


def test_outlines_that_are_not_there_are_said() -> None:
    ring = [[[101.0, 25.0], [101.1, 25.0], [101.1, 25.1], [101.0, 25.0]]]
    drawn = part(GeometryRecord, features=[{"parcel_id": "G1", "rings": ring}])
    chart = parcel_map(drawn, {"G1": "exit", "G2": "exit"}, {}, {})
    assert chart is not None
    assert chart.title == "建议退出的 2 宗地的分布（1 宗没有图形，未画出）"


def test_the_lead_of_the_firms_says_who_is_counted() -> None:
    park = {
        "firms": 10, "evaluated_firms": 8, "exempt_firms": 2, "unscored_firms": 1,
        "evaluated_land_mu": 800.0, "land_mu": 1000.0, "tax_per_mu": 12.5, "revenue_per_mu": 300.0,
    }  # fmt: skip
    assert per_mu.section(part(PerMuRecord, park=park)).lead == (
        "参评企业 8 家、用地 800 亩（其中 1 家缺数据，未能评分），另有不参评企业 2 家；"
        "园区全部企业用地 1,000 亩，亩均税收 12.50 万元，亩均营业收入 300.0 万元。"
    )
    assert "不参评" not in per_mu.section(part(PerMuRecord, park={**park, "exempt_firms": 0})).lead


def test_the_ledger_of_idle_land_shows_the_day_months_are_counted_from() -> None:
    row = {
        "parcel_id": "G1", "area_mu": 30.0, "definition": "a", "counted_from": "2023-06-01",
        "idle_since": "2024-06-01", "months": 23.0,
    }  # fmt: skip
    blocks = stock.section(part(StockRecord, idle=[row])).blocks
    table = next(block for block in blocks if getattr(block, "id", "") == "table-stock-idle")
    shown = {column.key: column.title for column in table.columns}  # type: ignore[union-attr]
    assert (shown["counted_from"], shown["idle_since"]) == ("起算日", "构成闲置日期")
    assert "自起算日" in table.note  # type: ignore[union-attr]


def test_more_idle_land_than_ideal_does_not_reach_the_ideal() -> None:
    rows = [
        {"indicator": "land_supply_rate", "value": 0.8, "ideal": 1.0, "direction": ">="},
        {"indicator": "land_completion_rate", "value": 1.0, "ideal": 1.0, "direction": ">="},
        {"indicator": "idle_land_rate", "value": 0.05, "ideal": 0.01, "direction": "<="},
    ]
    chart = review.indicators_against_ideal(part(ReviewRecord, indicators=rows))
    assert chart is not None
    assert chart.title.startswith("2 项指标中 1 项达到理想值，差距最大的是土地供应率")
