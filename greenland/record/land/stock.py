"""存量土地: three ledgers, disposal, and what becomes idle next."""

from __future__ import annotations

from typing import Literal

from greenland.record.base import Day, Evaluated, RecordModel, RuleId, Said, always, cell, rows
from greenland.results import State

LedgerName = Literal["unsupplied", "idle", "inefficient"]


class UnsuppliedParcel(RecordModel):
    """Land approved but not supplied (批而未供)."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    area_mu: float | None = cell("面积", "亩")
    approval_date: Day | None = cell("批准日期")
    months: float | None = cell("自批准起已历时", "个月")
    lapse_date: Day | None = cell("批文失效日期")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class IdleParcel(RecordModel):
    """Idle land (闲置土地)."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_id: str | None = cell("使用权人代码")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    definition: str | None = cell("认定情形")
    definitions: tuple[str, ...] = rows("符合的全部认定情形")
    counted_from: Day | None = cell("起算日（约定动工或停工之日）")
    idle_since: Day | None = cell("构成闲置日期")
    months: float | None = cell("自起算日起已历时", "个月")
    cause: str | None = cell("原因：firm 企业、government 政府")
    fee_wan: float | None = cell("闲置费", "万元")
    take_back_date: Day | None = cell("可收回日期")
    consequence: str | None = cell("处置后果")
    rule_id: RuleId | None = cell("认定的条款")
    consequence_rule_id: RuleId | None = cell("处置后果的条款")
    reason: Said | None = cell("说明")


class UndecidedParcel(RecordModel):
    """A parcel that may be idle but lacks the data to tell."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    reason: Said | None = cell("说明")


class InefficientParcel(RecordModel):
    """Land used inefficiently (低效用地)."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_id: str | None = cell("使用权人代码")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    criteria: tuple[str, ...] = rows("符合的认定条件")
    reason: Said | None = cell("说明")
    rule_id: RuleId | None = cell("条款")
    floor_area_ratio: float | None = cell("容积率")
    floor_area_ratio_standard: float | None = cell("容积率标准")
    floor_area_ratio_potential_mu: float | None = cell("容积率潜力", "亩")
    investment_intensity: float | None = cell("固定资产投资强度", "万元/亩")
    investment_intensity_standard: float | None = cell("固定资产投资强度标准", "万元/亩")
    investment_intensity_potential_mu: float | None = cell("投资强度潜力", "亩")
    tax_per_mu: float | None = cell("亩均税收", "万元/亩·年")
    tax_per_mu_standard: float | None = cell("亩均税收标准", "万元/亩·年")
    tax_per_mu_potential_mu: float | None = cell("亩均税收潜力", "亩")


class LedgerTotal(RecordModel):
    """Parcels and area of one ledger."""

    ledger: LedgerName = always("台账")
    parcels: int = always("宗地数", "宗")
    area_mu: float | None = cell("面积", "亩")
    area_ha: float | None = cell("面积", "公顷")
    missing: int = always("其中缺面积的宗地数", "宗")
    undecided: int = always("数据不足、不能认定的宗地数", "宗")


class DisposalRow(RecordModel):
    """What was disposed of in one year, against the rate required."""

    ledger: LedgerName = always("台账")
    year: int = always("年度")
    stock_ha: float | None = cell("年初存量", "公顷")
    added_ha: float | None = cell("当年新增", "公顷")
    disposed_ha: float | None = cell("当年处置", "公顷")
    left_ha: float | None = cell("年末存量", "公顷")
    rate: float | None = cell("处置率", "share")
    target: float | None = cell("要求的处置率", "share")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    source: str | None = cell("要求的出处")
    reason: Said | None = cell("说明")


class IdleForecast(RecordModel):
    """A parcel that becomes idle unless work begins."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    definition: str | None = cell("认定情形")
    becomes_idle_on: Day | None = cell("将构成闲置日期")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class StockRecord(Evaluated):
    """存量土地."""

    as_of: Day = always("评价基准日")
    unsupplied: tuple[UnsuppliedParcel, ...] = rows("批而未供土地台账")
    idle: tuple[IdleParcel, ...] = rows("闲置土地台账")
    undecided: tuple[UndecidedParcel, ...] = rows("数据不足、不能认定是否闲置的宗地")
    inefficient: tuple[InefficientParcel, ...] = rows("低效用地台账")
    totals: tuple[LedgerTotal, ...] = rows("三本台账汇总")
    disposal: tuple[DisposalRow, ...] = rows("历年处置")
    forecast: tuple[IdleForecast, ...] = rows("即将构成闲置的宗地")
