"""政策兑现: tier, targets, next year's quota, measures."""

from __future__ import annotations

from typing import Literal

from greenland.record.base import (
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

MeasureKindName = Literal["reward", "penalty", "quota", "class_measure", "notice"]


class ParkTier(RecordModel):
    """Tier of the park by its output."""

    tier: str | None = cell("园区层级")
    output_yi: float | None = cell("规上工业总产值", "亿元")
    rule_id: RuleId | None = cell("条款")
    new_firms: float | None = cell("该层级应新增的规上企业数", "家")
    reason: Said | None = cell("说明")


class LandQuota(RecordModel):
    """Next year's quota of new construction land."""

    base_ha: float | None = cell("基数", "公顷")
    factor: float | None = cell("调整比例，正为增加、负为核减", "share")
    next_ha: float | None = cell("下一年度", "公顷")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    facts: Said | None = cell("事实依据")
    reason: Said | None = cell("说明")


class PolicyTarget(RecordModel):
    """A value of the park against what is asked of it."""

    indicator: str = always("指标")
    value: float | None = cell("实际值")
    previous: float | None = cell("上年值")
    required: float | None = cell("要求值")
    direction: Direction = always("要求方向")
    unit: str | None = cell("单位；share 为小数")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class PolicyMeasure(RecordModel):
    """What follows for the park, a firm or a parcel."""

    subject: str | None = cell("对象：park、统一社会信用代码或宗地编号")
    subject_name: Said | None = cell("对象的名称")
    measure: Said | None = cell("措施")
    kind: MeasureKindName = always(
        "类型：reward 奖励、penalty 惩戒、quota 指标、class_measure 分类措施、notice 提醒"
    )
    rule_id: RuleId | None = cell("条款")
    facts: Said | None = cell("事实依据")
    reason: Said | None = cell("说明")


class YearFigures(RecordModel):
    """Figures of the whole park in one year, as in the sheet 年度指标."""

    year: int = always("年度")
    above_scale_output_wan: float | None = cell("规上工业总产值", "万元")
    new_above_scale_firms: float | None = cell("当年新增规上企业数", "家")
    revenue_wan: float | None = cell("园区营业收入", "万元")
    value_added_wan: float | None = cell("园区工业增加值", "万元")
    energy_tce: float | None = cell("园区综合能源消费量", "吨标煤")
    water_m3: float | None = cell("园区工业用水量", "立方米")
    leading_industry_share: float | None = cell("主导产业占比", "share")
    waste_water_treated_share: float | None = cell("污水集中治理率", "share")
    solid_waste_disposed_share: float | None = cell("固体废物综合处置率", "share")
    hazardous_waste_disposed_share: float | None = cell("危险固体废物安全处置率", "share")
    rank: float | None = cell("考核排名")
    ranked_parks: float | None = cell("参评园区数", "个")


class PolicyRecord(Evaluated):
    """差别化政策与指标."""

    year: int = always("年度")
    tier: ParkTier = always("园区层级")
    quota: LandQuota = always("新增建设用地指标")
    targets: tuple[PolicyTarget, ...] = rows("目标对照")
    measures: tuple[PolicyMeasure, ...] = rows("触发的政策措施")
    undecided: tuple[Said, ...] = rows("不能判断的事项")
    above_scale_rd_wan: float | None = cell("本年度规上工业企业研发经费支出合计", "万元")
    above_scale_revenue_wan: float | None = cell("本年度规上工业企业营业收入合计", "万元")
    figures: tuple[YearFigures, ...] = rows("园区历年指标，各片区合计")
