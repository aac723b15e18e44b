"""The chapter on the plan: sizes, yearly cost, how well the optimum was checked."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import (
    BindingRecord,
    MaintenanceRecord,
    PlanRecord,
    RoundingRecord,
)
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figure, Figures, Prose, Section
from greenland.report.charts import plan as charts
from greenland.report.chosen import chosen, rounding_cost, status_of, yearly_saving
from greenland.report.hours import Hours
from greenland.report.labels import name, value_label
from greenland.report.naming import Naming, said_of
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
    clashes = [
        naming.limit(item) if item.limit_kind else str(item.text) for item in trouble.clashes
    ]
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
    plan = chosen(energy.plan)
    values = plan.capacities or {}
    capacities = [
        {"named_item": one.title, "value": fmt.number(values[key], 2), "unit": one.unit}
        for key, one in naming.capacities(values).items()
    ]
    year = {} if plan.energy is None else plan.energy.cells()
    totals = [
        {"item": name(key), "mwh": value, "total": key}
        for key, value in year.items()
        if value is not None and not (key == "load" and value == year.get("consumption"))
    ]
    return [
        _unproven(plan),
        Figures(_figures(energy)),
        charts.capacities(plan, naming),
        make_table(
            "table-energy-capacities",
            _("推荐规模"),
            capacities,
            "named_item value unit",
            forms=PAGE_AND_MORE,
            key=True,
        ),
        charts.energy_balance(hours) if hours else None,
        make_table(
            "table-energy-totals", _("年度电量"), totals, "item mwh", fold=0, forms=PAGE_AND_MORE
        ),
        make_table(
            "table-energy-maintenance",
            _("机组检修时间"),
            [{"named_item": row.owner, **_times(row)} for row in energy.plan.maintenance],
            "named_item stands_from stands_until",
            note=_("由测算确定，机组在其间没有出力。"),
            forms=PAGE_AND_MORE,
        ),
        _rounding(energy.plan, naming),
        make_table(
            "table-energy-binding",
            _("起作用的约束"),
            _binding(energy.plan, naming),
            "named_item limit text",
            note=_("按取整前的最优方案判定。") if energy.plan.optimum else "",
        ),
        _quality(energy),
    ]


def _figures(energy: EnergyRecord) -> tuple[Figure, ...]:
    """Cost, price and shares of the plan as sized: without ageing and growth of prices."""
    plan = chosen(energy.plan)
    found = [figure("annual_cost", plan.annual_cost)]
    price = supply_price(energy)
    if price is not None:
        found.append(figure("supply_price", price, note=_("投资和运维已摊入，不计衰减")))
    ratios = plan.ratios
    for key in ("self_use_of_generation", "self_use_of_consumption", "export_share"):
        value = None if ratios is None else getattr(ratios, key)
        if value is not None:
            found.append(figure(key, value))
    return tuple(found)


def supply_price(energy: EnergyRecord) -> float | None:
    """Annual cost of the plan over the load [yuan/kWh]."""
    plan = chosen(energy.plan)
    load = None if plan.energy is None else plan.energy.load
    return plan.annual_cost / load / 1000 if load and plan.annual_cost is not None else None


def open_gap(status: str, gap: float | None) -> str | None:
    """How far a plan that is not proven optimal may be from the best, in words; None of others."""
    if status != "feasible":
        return None
    return fmt.share(gap, 2) if gap is not None else _("未知")


def _unproven(plan: PlanRecord | RoundingRecord) -> Block | None:
    """Status and gap of a plan that keeps every limit but is not proven optimal."""
    gap = open_gap(status_of(plan), None if plan.quality is None else plan.quality.gap)
    if gap is None:
        return None
    return make_table(
        "table-energy-status",
        _("方案可用，但最优性未证明到底"),
        [{"status": status_of(plan), "gap": gap}],
        "status gap",
        forms=PAGE_AND_MORE,
    )


def _times(row: MaintenanceRecord) -> dict[str, str]:
    """Beginning and end of a maintenance window, to the minute."""
    return {
        field: getattr(row, field)[:16].replace("T", " ")
        for field in ("stands_from", "stands_until")
    }


def _binding(plan: PlanRecord, naming: Naming) -> list[dict[str, Any]]:
    return [
        {
            "named_item": naming.capacity(row.capacity).title,
            "limit": naming.limit(row) if row.limit else None,
            "text": _said_of(row, chosen(plan), naming),
        }
        for row in plan.binding
    ]


def _said_of(row: BindingRecord, plan: PlanRecord | RoundingRecord, naming: Naming) -> str | None:
    """What decides a capacity, said of the recommended size and by its title."""
    named = naming.capacity(row.capacity)
    size = (plan.capacities or {}).get(row.capacity)
    if size is None:
        return said_of(row.text, name=named.title)
    return said_of(row.text, name=named.title, size=f"{fmt.number(size)} {named.unit}".strip())


def _rounding(plan: PlanRecord, naming: Naming) -> Prose | None:
    """The whole units, and what they cost against the continuous optimum."""
    rounding = plan.rounding
    if rounding is None or rounding.cost is None:
        return None
    units, sizes = rounding.units, rounding.unit_sizes
    said = _("、").join(
        f"{one.title} {units[key]}×{fmt.number(sizes[key], 2)} {one.unit}"
        for key, one in naming.capacities(units).items()
    )
    text = _("规模按单台容量取整：{units}。", units=said or fmt.DASH) + rounding_cost(plan)
    if rounding.capacities is not None:  # older files
        text += _("逐时调度图为取整前的最优方案。")
    return Prose((text,), "note")


def _quality(energy: EnergyRecord) -> Facts:
    """How closely the optimum closes; times are left out, they differ from run to run."""
    plan, check = energy.plan, energy.cross_check
    quality = plan.quality
    figures = (
        (_("对偶间隙"), quality.gap),
        (_("原始残差"), quality.primal_residual),
        (_("对偶残差"), quality.dual_residual),
        (_("独立复算残差"), quality.replay_residual),
    )
    engine = [(_("求解器"), value_label("engine", plan.engine))] if plan.engine else []
    if check is not None:
        engine.append((_("交叉校核"), str(check.text)))
    return Facts(
        (*engine, *((title, fmt.tiny(value)) for title, value in figures if value is not None))
    )
