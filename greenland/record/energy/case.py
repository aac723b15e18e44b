"""What was to be sized, and what was assumed for it."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from greenland.record.base import RecordModel, RuleId, Said, always, cell, rows


class CasePart(RecordModel):
    """A source, storage, flexible load or other asset, with its inputs as in the case file."""

    model_config = ConfigDict(extra="allow")

    name: str = always("名称")
    technology: str | None = cell("电源的技术：pv、wind 或其他；储能等没有")


class CaseRecord(RecordModel):
    """The case: parts by their names, further inputs as in the case file, and the load."""

    model_config = ConfigDict(extra="allow")

    name: str | None = cell("名称")
    sources: tuple[CasePart, ...] = rows("电源")
    storages: tuple[CasePart, ...] = rows("储能")
    shiftable: tuple[CasePart, ...] = rows("可平移负荷")
    interruptible: tuple[CasePart, ...] = rows("可中断负荷")
    electrolysers: tuple[CasePart, ...] = rows("电解槽")
    generators: tuple[CasePart, ...] = rows("可启停的电源（机组）")
    fixed_assets: tuple[CasePart, ...] = rows("其他资产")
    voltage_kv: float | None = cell("接入电压等级，案例给出时才有", "kV")
    line_km: float | None = cell("直连线路长度，案例给出时才有", "km")
    start: str | None = cell("第一个时段的开始时刻")
    steps: int | None = cell("时段数")
    step_hours: float | None = cell("时段长", "h")
    years: float | None = cell("曲线所含年数", "年")
    load_mwh_per_year: float | None = cell("年用电量", "MWh")
    load_peak_mw: float | None = cell("最大负荷", "MW")


class PackRecord(RecordModel):
    """A rule pack that was loaded, and why."""

    pack: str = always("规则包")
    title: str | None = cell("规则包和它所属的地方")
    why: Said | None = cell("为什么加载")


class AssumptionRecord(RecordModel):
    """A number taken over, with its source."""

    item: str = always("项目")
    title: Said | None = cell("名称")
    value: Any = cell("数值，单位见 unit")
    unit: str | None = cell("单位")
    source: Said | None = cell("来源")
    confidence: str | None = cell("来源可信度；user 为案例给定")
    rule_id: RuleId | None = cell("条款")
    valid_from: str | None = cell("年内适用的第一天；全年适用的没有")
    valid_to: str | None = cell("年内适用的最后一天；全年适用的没有")
    kind: str | None = cell("所属部件的种类")
    owner: str | None = cell("所属部件的名称")
    field: str | None = cell("字段")


class SeriesRecord(RecordModel):
    """A curve, where it comes from and how good it is."""

    name: str = always("在案例中的位置")
    kind: str | None = cell("曲线所属：load 负荷、source 电源、user 用户等")
    owner: str | None = cell("所属部件或用户的名称")
    field: str | None = cell("字段")
    provenance: dict[str, Any] | None = cell("来历，见曲线旁的 .json 文件")
    quality: dict[str, Any] | None = cell("质量检查")
    source_texts: tuple[Said, ...] = rows("来源")
    quality_texts: tuple[Said, ...] = rows("质量说明")
