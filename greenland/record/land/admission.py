"""项目准入: a verdict on each project, and the checks it rests on."""

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

VerdictName = Literal["admitted", "conditional", "rejected", "pending"]
PowerWord = Literal["enough", "short", "not_judged"]


class AdmissionProject(RecordModel):
    """A project and whether it may come."""

    row: int = always("项目储备表中的行号")
    project_id: str | None = cell("项目编号")
    project_name: str | None = cell("项目")
    industry_code: str | None = cell("行业代码")
    basis: str | None = cell("与何种同类企业比较")
    peers: int | None = cell("同类企业数", "家")
    verdict: VerdictName = always(
        "结论：admitted 准入、conditional 有条件准入、rejected 不予准入、pending 待定"
    )
    power_supply: PowerWord | None = cell("供电能力：enough 够、short 不够、not_judged 未核对")
    requested_area_mu: float | None = cell("申请面积", "亩")
    passing_area_mu: float | None = cell("可通过的面积", "亩")
    reason: Said | None = cell("说明")


class AdmissionCheck(RecordModel):
    """One requirement of one project."""

    project_id: str | None = cell("项目编号")
    indicator: str = always("指标")
    value: bool | float | str | None = cell("实际值")
    required: float | None = cell("要求值")
    direction: Direction = always("要求方向")
    margin: float | None = cell("余量，正值为好")
    margin_share: float | None = cell("余量占要求值的比例", "share")
    area_limit_mu: float | None = cell("按该指标可通过的最大面积", "亩")
    peers: int | None = cell("同类企业数", "家")
    state: State = always("结论")
    basis: str | None = cell("判定依据")
    rule_id: RuleId | None = cell("条款")
    reason: Said | None = cell("说明")


class AdmissionRecord(Evaluated):
    """项目准入."""

    projects: tuple[AdmissionProject, ...] = rows("逐项目结论")
    checks: tuple[AdmissionCheck, ...] = rows("逐项目逐指标核查")
