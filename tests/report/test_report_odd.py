"""What odd parks are told: nothing complies, no bill, curves of weeks, targets of old years."""

from __future__ import annotations

from typing import Any

import pytest
from filled_parts import part
from odd_parks import PARKS

from greenland.i18n import use_language
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.judged import CarbonRecord
from greenland.record.land.per_mu import PerMuRecord
from greenland.record.land.policy import PolicyRecord
from greenland.record.land.reallocation import ReallocationRecord
from greenland.record.land.stock import StockRecord
from greenland.record.record import LandRecord, Record
from greenland.report.blocks import Facts, Figures, Judgement
from greenland.report.charts import money as money_charts
from greenland.report.context import build
from greenland.report.labels import unit_text
from greenland.report.naming import Naming
from greenland.report.sections import exit as leaving
from greenland.report.sections import per_mu, policy, stock
from greenland.report.sections.energy import carbon, limits, money
from greenland.report.verdict import MOST_LINES, shortfalls, verdicts


def judged(target: str, count: int) -> list[Judgement]:
    return [
        Judgement(f"{target} {n}", "failed", str(n), "≥ 9", target=target) for n in range(count)
    ]


@pytest.mark.parametrize(
    ("land", "energy", "shown"),
    [(12, 12, (5, 4)), (20, 2, (7, 2)), (2, 20, (2, 7)), (20, 0, (9, 0)), (5, 5, (5, 5))],
)
def test_neither_side_hides_what_the_other_fails(
    land: int, energy: int, shown: tuple[int, int]
) -> None:
    lines, more = shortfalls([*judged("policy", land), *judged("energy-plan", energy)], (), 2026)
    sides = [line.target for line in lines]
    assert (sides.count("policy"), sides.count("energy-plan")) == shown
    assert len(lines) + more == land + energy
    assert len(lines) <= MOST_LINES


def test_of_requirements_none_is_met() -> None:
    off = {"evaluated": False, "reason": "not_asked"}
    record = part(Record, land=dict.fromkeys(LandRecord.model_fields, off), energy=off)
    assert verdicts(record, (), judged("policy", 3)) == (("土地", "3 项要求均未达到。"),)


def test_of_limits_none_is_met() -> None:
    rows = [{"limit": "export_share", "value": 0.3, "state": "failed"}] * 2
    energy = part(EnergyRecord, compliance=rows)
    assert limits.compliance_words(energy) == "2 项合规要求均不达标"


def test_of_one_limit_it_is_not_said_that_all_fail() -> None:
    rows = [{"limit": "export_share", "value": 0.3, "state": "failed"}]
    energy = part(EnergyRecord, compliance=rows)
    assert limits.compliance_words(energy) == "1 项合规要求中 1 项不达标"


def test_what_follows_for_the_quota_is_no_requirement() -> None:
    told = policy.section(part(PolicyRecord, quota={"state": "failed", "base_ha": 23.0}))
    assert told.verdicts == []
    (facts,) = [block for block in told.blocks if isinstance(block, Facts)]
    assert facts.items == (("新增建设用地指标奖惩", "基数 23.00 公顷，奖惩比例待园区给出"),)


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        ("tax", "预期年税收 17,780.0 万元"),
        ("revenue", "预期年营业收入 17,780.0 万元"),
        ("score", "加权得分 17,780.0 分"),
    ],
)
def test_what_is_gained_by_placing_has_its_unit(aim: str, said: str) -> None:
    placing = part(ReallocationRecord, status="optimal", objective=17780.0, objective_name=aim)
    assert said in leaving.section(None, placing, None).lead


def test_the_benefit_of_projects_is_called_what_it_is() -> None:
    rows = [{"project_id": "X", "parcel_ids": ["Y"], "area_mu": 5.0, "benefit": 9.0}]
    placing = part(ReallocationRecord, objective_name="tax", assignments=rows)
    (table,) = leaving.section(None, placing, None).tables
    assert "预期年税收（万元）" in [column.heading for column in table.columns]


def test_units_of_an_industry_are_not_called_firms() -> None:
    rows = [{"industry_code": "32", "level": "division", "firms": 3, "land_mu": 5.0}]
    told = per_mu.section(part(PerMuRecord, industries=rows))
    (table,) = [one for one in told.tables if one.id == "table-per-mu-industries"]
    assert [one.heading for one in table.columns][3] == "评价单元数"


def test_a_target_of_an_old_year_is_that_of_its_document() -> None:
    rows = [
        {"ledger": "idle", "year": year, "rate": 0.2, "target": 0.3, "state": "failed"}
        | {"rule_id": "land.stock.disposal.idle", "source": source}
        for year, source in ((2023, "旧文件 第22项"), (2026, "园区计划"))
    ]
    told = stock.section(part(StockRecord, disposal=rows))
    (table,) = told.tables
    assert "rule_id" not in [column.key for column in table.columns]
    assert [row["source"] for row in table.rows] == ["旧文件 第22项", "园区计划"]


def without_bill() -> EnergyRecord:
    cost = {"item": "energy_purchase", "kind": "energy_purchase", "yuan_per_year": 5e6}
    return part(EnergyRecord, plan={"status": "optimal", "costs": [cost]})


def test_one_bill_is_not_compared() -> None:
    told = money.section(without_bill())
    assert told is not None
    assert [table.title for table in told.tables] == ["年供电成本构成"]


def test_the_cost_of_a_plan_without_a_bill_comes_from_the_sizing() -> None:
    energy = without_bill()
    chart = money_charts.cost_build_up(energy, Naming(energy))
    assert chart is not None
    assert chart.source == "来源：规模测算"


def test_the_axis_of_costs_has_the_unit_of_their_sum() -> None:
    costs = [
        {"item": item, "kind": kind, "yuan_per_year": 6e7}
        for item, kind in (("energy_purchase", "energy_purchase"), ("pv", "source"))
    ]
    energy = part(EnergyRecord, plan={"status": "optimal", "costs": costs})
    chart = money_charts.cost_build_up(energy, Naming(energy))
    assert chart is not None
    assert chart.unit.startswith("亿元/年")


def test_the_emission_said_in_the_lead_is_not_said_again() -> None:
    both = part(CarbonRecord, before_tco2=50.0, after_tco2=20.0)
    told = carbon.section(part(EnergyRecord, carbon=both.model_dump()))
    assert told is not None
    assert "年排放由 50 吨降为 20 吨" in told.lead
    assert [block for block in told.blocks if isinstance(block, Figures)] == []


def test_an_emission_alone_is_a_figure() -> None:
    alone = part(CarbonRecord, before_tco2=None, after_tco2=20.0)
    told = carbon.section(part(EnergyRecord, carbon=alone.model_dump()))
    assert told is not None
    (figures,) = [block for block in told.blocks if isinstance(block, Figures)]
    assert [item.title for item in figures.items] == ["实施后年排放"]


@pytest.fixture(scope="module")
def weeks() -> Any:
    """The report of a park whose curves cover four weeks."""
    return build(PARKS["complete"]())


@pytest.mark.slow
def test_energy_of_a_year_from_curves_of_weeks_is_that_of_the_table(weeks: Any) -> None:
    chart = next(chart for chart in weeks.charts if chart.id == "chart-energy-balance")
    load = weeks.record.energy.plan.energy.load
    assert chart.title.startswith(f"全年用电 {load / 1000:.1f} GWh")


@pytest.mark.slow
def test_charts_of_weeks_are_not_called_those_of_a_year(weeks: Any) -> None:
    sources = {c.id: c.source for c in weeks.charts if c.id in ("chart-dispatch", "chart-storage")}
    assert set(sources.values()) == {"来源：28 天逐时调度"}


@pytest.mark.slow
def test_sentences_of_an_english_lead_are_apart() -> None:
    with use_language("en"):
        english = build(PARKS["complete"]())
    told = next(section for section in english.sections if section.id == "energy-dispatch")
    assert ". The curves cover less than a year:" in told.lead


@pytest.mark.parametrize("unit", ["吨标煤/t", "吨标煤/GJ"])
def test_units_of_coal_are_in_the_language_in_use(unit: str) -> None:
    with use_language("en"):
        assert unit_text(unit) == unit.replace("吨标煤", "tce")


@pytest.mark.slow
def test_it_is_said_that_the_curves_cover_weeks(weeks: Any) -> None:
    told = next(section for section in weeks.sections if section.id == "energy-dispatch")
    assert "曲线不足一年，图中只画所给的时段" in told.lead
