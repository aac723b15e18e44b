"""The rules the results rest on."""

from __future__ import annotations

from typing import Any

from greenland.record.base import Day, RecordModel, always, cell


class RuleRecord(RecordModel):
    """A rule in force in the assessed year, or the one a park's own value stands in for."""

    id: str = always("规则编号")
    value: Any = cell("数值，单位见 unit；文件没有给出的为 null")
    unit: str = always("单位；share 为小数")
    title: str = always("名称")
    title_en: str = always("英文名称")
    document: str = always("文件；没有文件依据的为空，见 origin")
    origin: str | None = cell(
        "依据：document 文件、reference 公开资料、method 方法常数、default 项目缺省、park 园区"
    )
    clause: str = always("条款")
    valid_from: Day | None = cell("施行日期")
    valid_to: Day | None = cell("失效日期")
    plan_end: Day | None = cell("所在规划的期末；期满未见新规定的，沿用")
    confidence: str = always("来源可信度")
    pack: str = always("规则包；park 为园区自定")
    note: str = always("备注")
    note_en: str | None = cell("英文备注")
    overridden: bool = always("是否园区自定")
    replaces: RuleRecord | None = cell("园区自定所替换的规则")
