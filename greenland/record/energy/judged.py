"""Limits held against values, conditions, users, emissions, the study."""

from __future__ import annotations

from greenland.record.base import (
    Direction,
    RecordModel,
    RuleId,
    Said,
    always,
    cell,
    rows,
)
from greenland.record.energy.plan import StatusName
from greenland.results import State


class ComplianceCheck(RecordModel):
    """One limit held against one value."""

    limit: str = always("约束")
    reading: str | None = cell(
        "口径：a 口径一、b 口径二；时期：in_force、before_2030、new_from_2030"
    )
    value: float | None = cell("实际值，单位见 unit")
    required: float | None = cell("要求值")
    direction: Direction = always("要求方向")
    unit: str | None = cell("单位；share 为小数")
    margin: float | None = cell("余量，正值为好")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    basis: str | None = cell("判定依据：rule 条款、project 项目自定")
    source: Said | None = cell("来源")
    reason: Said | None = cell("说明")


class ChecklistItem(RecordModel):
    """A condition without a number, and its answer."""

    item: str = always("项目")
    title: Said | None = cell("条件")
    answer: str = always("是否具备：yes、no、unknown")
    applies: bool = always("是否适用")
    rule_id: RuleId | None = cell("条款")
    source: Said | None = cell("来源")


class UserShare(RecordModel):
    """What a user gets of the green power."""

    user: str = always("用户")
    load_mwh: float | None = cell("用电量", "MWh")
    self_use_mwh: float | None = cell("自发自用电量", "MWh")
    import_mwh: float | None = cell("下网电量", "MWh")
    self_use_of_consumption: float | None = cell("自发自用占总用电量比例", "share")


class FactorEmission(RecordModel):
    """Emissions by one factor."""

    factor: str = always("排放因子")
    title: Said | None = cell("名称")
    factor_value: float | None = cell("因子数值", "kgCO₂/kWh")
    before_tco2: float | None = cell("实施前年排放", "tCO₂")
    after_tco2: float | None = cell("实施后年排放", "tCO₂")
    rule_id: RuleId | None = cell("条款")


class CoalEquivalent(RecordModel):
    """Energy use by one coal equivalent of electricity."""

    coal: str = always("电力折标煤口径：equivalent 当量值、equal_value 等价值")
    title: Said | None = cell("名称")
    coal_factor: float | None = cell("折标煤系数", "kgce/kWh")
    electricity_tce: float | None = cell("用电折标准煤", "tce")
    energy_use_tce: float | None = cell("综合能耗", "tce")
    before_per_tce: float | None = cell("实施前单位能耗碳排放", "tCO₂/tce")
    after_per_tce: float | None = cell("实施后单位能耗碳排放", "tCO₂/tce")
    rule_id: RuleId | None = cell("条款")


class CarbonRecord(RecordModel):
    """Emissions before and after, and certificates."""

    factor: str = always("所选排放因子")
    factor_value: float | None = cell("因子数值", "kgCO₂/kWh")
    factor_source: Said | None = cell("因子的来源")
    rule_id: RuleId | None = cell("条款")
    before_tco2: float | None = cell("实施前年排放", "tCO₂")
    after_tco2: float | None = cell("实施后年排放", "tCO₂")
    avoided_tco2: float | None = cell("减排量", "tCO₂")
    electricity_tce: float | None = cell("用电折标准煤", "tce")
    energy_use_tce: float | None = cell("综合能耗", "tce")
    before_per_tce: float | None = cell("实施前单位能耗碳排放", "tCO₂/tce")
    after_per_tce: float | None = cell("实施后单位能耗碳排放", "tCO₂/tce")
    coal: str | None = cell("电力折标煤口径：equivalent 当量值、equal_value 等价值")
    coal_source: Said | None = cell("折标煤口径的依据")
    by_factor: tuple[FactorEmission, ...] = rows("按各排放因子")
    by_coal: tuple[CoalEquivalent, ...] = rows("按当量值和等价值")
    zero_carbon_energy_tce: float | None = cell("综合能耗（910号附件3口径）", "tce")
    zero_carbon_per_tce: float | None = cell("单位能耗碳排放（910号附件3、附件4口径）", "tCO₂/tce")
    certificates_bought: int | None = cell("已购绿证", "个")
    certificates_missing: int | None = cell("其余下网电量需购绿证", "个")
    certificates_cost: float | None = cell("购买绿证的费用", "元")
    certificates_issued: int | None = cell("场内绿电对应绿证", "个")
    reason: Said | None = cell("说明")


class TornadoRow(RecordModel):
    """What one price moves."""

    parameter: str = always("变动的价格")
    item: str | None = cell("所属部件的名称")
    kind: str | None = cell("所属部件的种类")
    low_result: float | None = cell("价格低时年成本", "元/年")
    low_status: StatusName = always("价格低时的求解状态")
    low_gap: float | None = cell("价格低时的间隙", "share")
    high_result: float | None = cell("价格高时年成本", "元/年")
    high_status: StatusName = always("价格高时的求解状态")
    high_gap: float | None = cell("价格高时的间隙", "share")


class ParetoPoint(RecordModel):
    """What more own electricity costs."""

    required: float = always("要求的自发自用占总用电量比例", "share")
    self_use_of_consumption: float | None = cell("自发自用占总用电量比例", "share")
    annual_cost: float | None = cell("年供电总成本", "元/年")
    status: StatusName = always("求解状态")
    gap: float | None = cell("间隙", "share")
    capacities: dict[str, float] = always("容量，MW 或 MWh，键为容量的标签")


class StudyRecord(RecordModel):
    """The plan sized again with other prices and other shares."""

    base: float | None = cell("原方案的年供电总成本", "元/年")
    change: float | None = cell("价格升降的幅度", "share")
    tornado: tuple[TornadoRow, ...] = rows("各项价格的影响")
    pareto: tuple[ParetoPoint, ...] = rows("自用比例逐级提高")
