"""The chapter on the plan: sizes, yearly cost, how well the optimum was checked."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import PlanRecord, RoundingRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figures, Prose, Section
from greenland.report.charts import plan as charts
from greenland.report.chosen import chosen, yearly_saving
from greenland.report.hours import Hours
from greenland.report.labels import name, value_label
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, figure, some
from greenland.report.tables import make_table


def section(energy: EnergyRecord, hours: Hours | None) -> Section:
    """Sizes, yearly cost, how well the optimum was checked."""
    plan, naming = energy.plan, Naming(energy)
    solved = bool(plan.capacities) and plan.status in ("optimal", "feasible")
    lead = _plan_lead(energy) if solved else _unsolved_lead(plan)
    blocks: list[Block | None] = []
    if energy.preview:
        blocks.append(
            Prose((_("以下为预估结果：部分输入为默认值，正式结论须补齐后重算。"),), "warning")
        )
    if not solved:
        blocks += _infeasibility(plan, naming)
    else:
        blocks += _plan_blocks(energy, hours, naming)
    return Section("energy-plan", _("绿电直连：规模方案"), lead, some(blocks))


def _plan_lead(energy: EnergyRecord) -> str:
    cost = chosen(energy.plan).annual_cost
    lead = _("年供电总成本 {cost}", cost=fmt.yuan(cost, per_year=True))
    saving = yearly_saving(energy)
    if saving is None:
        return lead + _("。")
    if saving >= 0:
        return lead + _("，较全部网购每年节约 {saving}。", saving=fmt.yuan(saving))
    return lead + _("，较全部网购每年多支出 {extra}。", extra=fmt.yuan(-saving))


def _unsolved_lead(plan: PlanRecord) -> str:
    return _("求解状态：{status}，没有可用的规模方案。", status=value_label("status", plan.status))


def _infeasibility(plan: PlanRecord, naming: Naming) -> list[Block | None]:
    trouble = plan.infeasibility
    if trouble is None:
        return []
    clashes = [str(item.text or naming.limit(item)) for item in trouble.clashes]
    return [
        Prose((_("互相冲突的约束：{list}。", list=fmt.listed(clashes)),), "warning")
        if clashes
        else None,
        Prose((str(trouble.text),)) if trouble.text else None,
        make_table(
            "table-energy-relaxations",
            _("需要放宽的约束"),
            [{**row.cells(), "limit": naming.limit(row)} for row in trouble.relaxations],
            "limit required reachable unit text",
            forms=PAGE_AND_MORE,
        ),
    ]


def _plan_blocks(energy: EnergyRecord, hours: Hours | None, naming: Naming) -> list[Block | None]:
    plan, prices = chosen(energy.plan), energy.finance
    keys = ("blended_price", "green_price", "grid_price")
    items = [figure("annual_cost", plan.annual_cost)]
    items += [
        figure(key, value) for key in keys if (value := getattr(prices, key, None)) is not None
    ]
    values = plan.capacities or {}
    capacities = [
        {"named_item": one.title, "value": fmt.number(values[key], 2), "unit": one.unit}
        for key, one in naming.capacities(values).items()
    ]
    totals = [
        {"item": name(key), "mwh": value}
        for key, value in ({} if plan.energy is None else plan.energy.cells()).items()
        if value is not None
    ]
    return [
        _unproven(plan),
        Figures(tuple(items)),
        charts.capacities(plan, naming),
        make_table(
            "table-energy-capacities",
            _("推荐规模"),
            capacities,
            "named_item value unit",
            forms=PAGE_AND_MORE,
        ),
        charts.energy_balance(hours) if hours else None,
        make_table(
            "table-energy-totals", _("年度电量"), totals, "item mwh", fold=0, forms=PAGE_AND_MORE
        ),
        _rounding(energy.plan.rounding, naming),
        make_table(
            "table-energy-binding",
            _("起作用的约束"),
            _binding(energy.plan, naming),
            "named_item limit text",
        ),
        _quality(energy.plan),
    ]


def open_gap(status: str, gap: float | None) -> str | None:
    """How far a plan that is not proven optimal may be from the best, in words; None of others."""
    if status != "feasible":
        return None
    return fmt.share(gap, 2) if gap is not None else _("未知")


def _unproven(plan: PlanRecord | RoundingRecord) -> Block | None:
    """Status and gap of a plan that keeps every limit but is not proven optimal."""
    gap = open_gap(plan.status, plan.quality.gap)
    if gap is None:
        return None
    return make_table(
        "table-energy-status",
        _("方案可用，但最优性未证明到底"),
        [{"status": plan.status, "gap": gap}],
        "status gap",
        forms=PAGE_AND_MORE,
    )


def _binding(plan: PlanRecord, naming: Naming) -> list[dict[str, Any]]:
    return [
        {
            "named_item": naming.capacity(row.capacity).title,
            "limit": naming.limit(row) if row.limit else None,
            "text": None if row.text is None else str(row.text),
        }
        for row in plan.binding
    ]


def _rounding(rounding: RoundingRecord | None, naming: Naming) -> Prose | None:
    """The whole units, and what they cost against the continuous optimum."""
    if rounding is None or rounding.cost is None:
        return None
    units, sizes = rounding.units, rounding.unit_sizes
    said = _("、").join(
        f"{one.title} {units[key]}×{fmt.number(sizes[key], 2)} {one.unit}"
        for key, one in naming.capacities(units).items()
    )
    text = _(
        "规模按单台容量取整：{units}；比连续最优每年多 {cost}（{share}）。"
        "逐时调度图为取整前的最优方案。",
        units=said or fmt.DASH,
        cost=fmt.yuan(rounding.cost),
        share=fmt.share(rounding.relative_cost, 2),
    )
    return Prose((text,), "note")


def _quality(plan: PlanRecord) -> Facts:
    """How closely the optimum closes; times are left out, they differ from run to run."""
    quality = plan.quality
    figures = (
        (_("对偶间隙"), quality.gap),
        (_("原始残差"), quality.primal_residual),
        (_("对偶残差"), quality.dual_residual),
        (_("独立复算残差"), quality.replay_residual),
    )
    engine = [(_("求解器"), value_label("engine", plan.engine))] if plan.engine else []
    return Facts(
        (*engine, *((title, fmt.tiny(value)) for title, value in figures if value is not None))
    )
