"""退出: one decision per parcel."""

from __future__ import annotations

from typing import Literal

from greenland.record.base import Day, Evaluated, RecordModel, RuleId, Said, always, cell, rows

DecisionName = Literal["keep", "improve", "supervise", "exit"]
RouteName = Literal["reserve", "self", "transfer", "technical", "reclaim", ""]


class ParcelGap(RecordModel):
    """What a parcel lacks by one indicator."""

    indicator: str = always("指标")
    value: float | None = cell("实际值")
    required: float | None = cell("要求值")
    gap: float | None = cell("差距")
    text: Said | None = cell("差距的说明")


class ExitParcel(RecordModel):
    """A parcel and what becomes of it."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    holder_id: str | None = cell("使用权人代码")
    holder_name: str | None = cell("使用权人")
    area_mu: float | None = cell("面积", "亩")
    decision: DecisionName = always(
        "处置意见：keep 保持、improve 限期提升、supervise 重点监管、exit 退出"
    )
    route: RouteName | None = cell("处置路径")
    by_date: Day | None = cell("完成期限")
    gap: Said | None = cell("全部差距的说明")
    gaps: tuple[ParcelGap, ...] = rows("逐项差距")
    evidence: Said | None = cell("依据的事实")
    findings: tuple[str, ...] = rows("符合的情形")
    rule_id: RuleId | None = cell("条款")


class ExitSummaryRow(RecordModel):
    """Parcels with one decision."""

    decision: DecisionName = always("处置意见")
    parcels: int = always("宗地数", "宗")
    area_mu: float | None = cell("面积", "亩")
    area_ha: float | None = cell("面积", "公顷")
    missing: int = always("其中缺面积的宗地数", "宗")


class ExitRecord(Evaluated):
    """动态评估与退出."""

    parcels: tuple[ExitParcel, ...] = rows("逐宗处置意见")
    summary: tuple[ExitSummaryRow, ...] = rows("按处置意见汇总")
    left_out: tuple[Said, ...] = rows("未能参考的评价")
