"""Who the park is."""

from __future__ import annotations

from greenland.record.base import Day, RecordModel, Said, always, cell, rows


class ParkPart(RecordModel):
    """A part of the park, as in the sheet 园区概况."""

    part: str | None = cell("片区")
    approved_area_ha: float | None = cell("批准面积", "公顷")
    planned_area_ha: float | None = cell("规划面积", "公顷")
    planned_industrial_ha: float | None = cell("规划工业用地面积", "公顷")
    approval_document: str | None = cell("批准文号")
    established: Day | None = cell("设立日期")
    leading_industries: str | None = cell("主导产业")


class ParkRecord(RecordModel):
    """The park and the year it is assessed in."""

    name: str = always("园区名称")
    code: str | None = cell("园区代码")
    level: str = always("级别代码")
    level_title: Said | None = cell("级别")
    type: str = always("类型代码")
    type_title: Said | None = cell("类型")
    year: int = always("评价年度")
    as_of: Day | None = cell("评价基准日")
    rule_packs: tuple[str, ...] = rows("启用的规则包，由通用到地方")
    overview: tuple[ParkPart, ...] = rows("园区概况表")
