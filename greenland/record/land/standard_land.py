"""“标准地”履约: the share sold as such, and what each parcel keeps of its promises."""

from __future__ import annotations

from greenland.record.base import (
    Day,
    Direction,
    Evaluated,
    RecordModel,
    RuleId,
    Said,
    always,
    cell,
    rows,
)
from greenland.results import State


class ShareOfSupply(RecordModel):
    """Share of standard land in the industrial land supplied in the assessed year."""

    standard_land_share: float | None = cell("“标准地”出让比例", "share")
    standard_land_ha: float | None = cell("按“标准地”出让面积", "公顷")
    industrial_supplied_ha: float | None = cell("工业用地出让面积", "公顷")
    source: str | None = cell("来源：supply_history 供地历史表、parcels 宗地台账")
    target: float | None = cell("目标值", "share")
    target_year: int | None = cell("目标年度")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")
    state: State = always("结论")


class SharePathRow(RecordModel):
    """The way to the target, year by year."""

    year: int = always("年度")
    standard_land_share: float | None = cell("“标准地”出让比例", "share")
    target: float | None = cell("目标值", "share")
    needed: float | None = cell("当年至少应达到", "share")
    rule_id: RuleId | None = cell("条款")


class ShareHistoryRow(RecordModel):
    """Land supplied in one year."""

    year: int = always("年度")
    standard_land_ha: float | None = cell("按“标准地”出让面积", "公顷")
    industrial_supplied_ha: float | None = cell("工业用地出让面积", "公顷")
    source: str | None = cell("来源")
    standard_land_share: float | None = cell("“标准地”出让比例", "share")
    reason: Said | None = cell("说明")


class StandardLandSummaryRow(RecordModel):
    """Parcels in one state."""

    state: State = always("结论")
    parcels: int = always("宗地数", "宗")
    area_mu: float | None = cell("面积", "亩")
    missing: int = always("其中缺面积的宗地数", "宗")


class IndicatorCounts(RecordModel):
    """How many parcels are in which state by one indicator."""

    indicator: str = always("指标")
    met: int = always("达标", "宗")
    failed: int = always("不达标", "宗")
    not_due: int = always("未到考核期", "宗")
    overdue: int = always("逾期", "宗")
    no_data: int = always("缺数据", "宗")
    not_applicable: int = always("不适用", "宗")


class StandardLandParcel(RecordModel):
    """A supplied industrial parcel with its stage and state."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_id: str | None = cell("使用权人代码")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    standard_land: bool | None = cell("是否标准地")
    stage: str | None = cell("阶段")
    state: State = always("结论")
    reason: Said | None = cell("说明")


class StandardLandCheck(RecordModel):
    """One indicator of one parcel against what is required of it."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    indicator: str = always("指标")
    value: float | None = cell("实际值")
    required: float | None = cell("要求值")
    direction: Direction = always("要求方向")
    margin: float | None = cell("余量，正值为好")
    state: State = always("结论")
    stage: str | None = cell("考核阶段")
    due_date: Day | None = cell("考核日期")
    basis: str | None = cell("判定依据：contract 合同约定、control 控制指标")
    rule_id: RuleId | None = cell("条款")
    contract_required: float | None = cell("合同约定值")
    control_required: float | None = cell("控制指标值")
    reason: Said | None = cell("说明")


class Breach(RecordModel):
    """What follows where a parcel fails or is overdue."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    measure: str = always("处理措施")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("所涉指标")


class StandardLandRecord(Evaluated):
    """“标准地”履约."""

    year: int = always("年度")
    share: ShareOfSupply = always("评价年度的“标准地”出让比例")
    path: tuple[SharePathRow, ...] = rows("“标准地”出让比例与目标路径")
    history: tuple[ShareHistoryRow, ...] = rows("历年供地")
    summary: tuple[StandardLandSummaryRow, ...] = rows("按结论汇总")
    by_indicator: tuple[IndicatorCounts, ...] = rows("按指标汇总")
    parcels: tuple[StandardLandParcel, ...] = rows("逐宗结论")
    checks: tuple[StandardLandCheck, ...] = rows("逐宗逐指标核查")
    breaches: tuple[Breach, ...] = rows("违约处理建议")
    breaches_reason: Said | None = cell("没有违约处理建议的原因")
    notes: tuple[Said, ...] = rows("备注")
