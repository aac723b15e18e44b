"""宗地图形: outlines checked against the ledger."""

from __future__ import annotations

from greenland.record.base import Evaluated, RecordModel, RuleId, Said, always, cell, rows
from greenland.results import State

Point = tuple[float, float]


class Outline(RecordModel):
    """Outline of a parcel, simplified for a map."""

    parcel_id: str | None = cell("宗地编号")
    rings: tuple[tuple[Point, ...], ...] = rows("各环的（经度，纬度）")


class AreaDifference(RecordModel):
    """Area of a parcel by outline and ledger."""

    row: int = always("宗地台账中的行号")
    parcel_id: str | None = cell("宗地编号")
    area_mu: float | None = cell("台账面积", "亩")
    drawn_mu: float | None = cell("图形面积", "亩")
    difference: float | None = cell("相对差", "share")
    required: float | None = cell("允许的相对差", "share")
    state: State = always("结论")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class Overlap(RecordModel):
    """Two parcels that cover the same ground."""

    parcel_id: str | None = cell("宗地编号")
    other_id: str | None = cell("另一宗地编号")
    overlap_m2: float | None = cell("重叠面积", "㎡")
    rule_id: RuleId | None = cell("条款")


class GroundGap(RecordModel):
    """Ground between parcels that belongs to none."""

    area_m2: float | None = cell("面积", "㎡")
    enclosed: bool = always("是否被宗地围住")
    longitude: float | None = cell("经度", "°")
    latitude: float | None = cell("纬度", "°")
    rule_id: RuleId | None = cell("条款")


class AdjacentPair(RecordModel):
    """Two parcels side by side."""

    parcel_id: str | None = cell("宗地编号")
    other_id: str | None = cell("另一宗地编号")
    shared_m: float | None = cell("共同边界长度", "m")
    rule_id: RuleId | None = cell("条款")


class OutlineTotals(RecordModel):
    """How many parcels are drawn, and their areas."""

    parcels: int = always("宗地数", "宗")
    drawn: int = always("有图形的宗地数", "宗")
    flagged: int = always("面积不符的宗地数", "宗")
    drawn_mu: float | None = cell("图形面积合计", "亩")
    ledger_mu: float | None = cell("有图形宗地的台账面积合计", "亩")


class GeometryRecord(Evaluated):
    """宗地图形核对."""

    features: tuple[Outline, ...] = rows("宗地图形")
    differences: tuple[AreaDifference, ...] = rows("逐宗面积核对")
    overlaps: tuple[Overlap, ...] = rows("重叠")
    gaps: tuple[GroundGap, ...] = rows("间隙")
    adjacent: tuple[AdjacentPair, ...] = rows("相邻关系")
    unknown: tuple[str, ...] = rows("台账中没有的图形编号")
    totals: OutlineTotals = always("汇总")
