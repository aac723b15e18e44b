"""The chapter on the plan: sizes, yearly cost, how well the optimum was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figures, Prose, Section
from greenland.report.charts import plan as charts
from greenland.report.hours import Hours
from greenland.report.labels import name, value_label
from greenland.report.naming import Naming
from greenland.report.sections.common import PAGE_AND_MORE, Part, figure, some
from greenland.report.tables import make_table


def section(energy: Part, hours: Hours | None) -> Section:
    """Sizes, yearly cost, how well the optimum was checked."""
    found, naming = energy.get("plan") or {}, Naming(energy)
    solved = found.get("capacities") and str(found.get("status")) in ("optimal", "feasible")
    lead = _plan_lead(energy, found) if solved else _unsolved_lead(found)
    blocks: list[Block | None] = []
    if energy.get("preview"):
        blocks.append(
            Prose((_("以下为预估结果：部分输入为默认值，正式结论须补齐后重算。"),), "warning")
        )
    if not solved:
        blocks += _infeasibility(found, naming)
    else:
        blocks += _plan_blocks(energy, found, hours, naming)
    return Section("energy-plan", _("绿电直连：规模方案"), lead, some(blocks))


def _plan_lead(energy: Part, found: Part) -> str:
    cost = chosen(found).get("annual_cost")
    lead = _("年供电总成本 {cost}", cost=fmt.yuan(cost, per_year=True))
    saving = yearly_saving(energy)
    if saving is None:
        return lead + _("。")
    if saving >= 0:
        return lead + _("，较全部网购每年节约 {saving}。", saving=fmt.yuan(saving))
    return lead + _("，较全部网购每年多支出 {extra}。", extra=fmt.yuan(-saving))


def chosen(found: Part) -> Part:
    """The plan in whole units where there are unit sizes, else the optimum itself."""
    rounding = found.get("rounding") or {}
    return {**found, **rounding} if rounding.get("annual_cost") is not None else found


def yearly_saving(energy: Part) -> float | None:
    """What the chosen plan, its investment included, saves against the grid-only bill [yuan/yr]."""
    grid = (energy.get("bill") or {}).get("grid_only") or {}
    before = fmt.as_number(grid.get("yuan_per_year"))
    if before is None and fmt.as_number(grid.get("total_yuan")) is not None:
        before = float(grid["total_yuan"]) / (fmt.as_number(grid.get("years")) or 1.0)
    after = fmt.as_number(chosen(energy.get("plan") or {}).get("annual_cost"))
    return None if before is None or after is None else before - after


def _unsolved_lead(found: Part) -> str:
    return _(
        "求解状态：{status}，没有可用的规模方案。",
        status=value_label("status", str(found.get("status") or "not_solved")),
    )


def _infeasibility(found: Part, naming: Naming) -> list[Block | None]:
    trouble = found.get("infeasibility") or {}
    clashes = [
        str(item.get("text", item) if isinstance(item, Mapping) else item)
        for item in trouble.get("clashes") or []
    ]
    return [
        Prose((_("互相冲突的约束：{list}。", list=fmt.listed(clashes)),), "warning")
        if clashes
        else None,
        Prose((str(trouble["text"]),)) if trouble.get("text") else None,
        make_table(
            "table-energy-relaxations",
            _("需要放宽的约束"),
            [{**row, "limit": naming.limit(row)} for row in trouble.get("relaxations") or []],
            "limit required reachable unit text",
            forms=PAGE_AND_MORE,
        ),
    ]


def _plan_blocks(
    energy: Part, found: Part, hours: Hours | None, naming: Naming
) -> list[Block | None]:
    prices = energy.get("finance") or {}
    keys = ("blended_price", "green_price", "grid_price")
    plan_made = chosen(found)
    items = [figure("annual_cost", plan_made.get("annual_cost"))]
    items += [figure(key, prices[key]) for key in keys if prices.get(key) is not None]
    values = plan_made.get("capacities") or {}
    capacities = [
        {"named_item": one.title, "value": fmt.number(values[key], 2), "unit": one.unit}
        for key, one in naming.capacities(values).items()
    ]
    totals = [
        {"item": name(key), "mwh": value}
        for key, value in (plan_made.get("energy") or {}).items()
        if fmt.as_number(value) is not None
    ]
    return [
        _unproven(plan_made),
        Figures(tuple(items)),
        charts.capacities(plan_made, naming),
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
        _rounding(found, naming),
        make_table(
            "table-energy-binding",
            _("起作用的约束"),
            _binding(found, naming),
            "named_item limit text",
        ),
        _quality(found),
    ]


def open_gap(status: Any, gap: Any) -> str | None:
    """How far a plan that is not proven optimal may be from the best, in words; None of others."""
    if str(status) != "feasible":
        return None
    return fmt.share(gap, 2) if fmt.as_number(gap) is not None else _("未知")


def _unproven(plan_made: Part) -> Block | None:
    """Status and gap of a plan that keeps every limit but is not proven optimal."""
    status = plan_made.get("status")
    gap = open_gap(status, (plan_made.get("quality") or {}).get("gap"))
    if gap is None:
        return None
    return make_table(
        "table-energy-status",
        _("方案可用，但最优性未证明到底"),
        [{"status": status, "gap": gap}],
        "status gap",
        forms=PAGE_AND_MORE,
    )


def _binding(found: Part, naming: Naming) -> list[dict[str, Any]]:
    return [
        {
            "named_item": naming.capacity(str(row.get("capacity") or "")).title,
            "limit": naming.limit(row) if row.get("limit") else None,
            "text": row.get("text"),
        }
        for row in found.get("binding") or []
    ]


def _rounding(found: Part, naming: Naming) -> Prose | None:
    """The whole units, and what they cost against the continuous optimum."""
    rounding = found.get("rounding") or {}
    units, sizes = rounding.get("units") or {}, rounding.get("unit_sizes") or {}
    if fmt.as_number(rounding.get("cost")) is None:
        return None
    said = _("、").join(
        f"{one.title} {units[key]}×{fmt.number(sizes.get(key), 2)} {one.unit}"
        for key, one in naming.capacities(units).items()
    )
    text = _(
        "规模按单台容量取整：{units}；比连续最优每年多 {cost}（{share}）。"
        "逐时调度图为取整前的最优方案。",
        units=said or fmt.DASH,
        cost=fmt.yuan(rounding["cost"]),
        share=fmt.share(rounding.get("relative_cost"), 2),
    )
    return Prose((text,), "note")


_QUALITY = ("gap", "primal_residual", "dual_residual", "replay_residual")


def _quality(found: Part) -> Facts | None:
    """How closely the optimum closes; times are left out, they differ from run to run."""
    quality = found.get("quality") or {}
    titles = {
        "gap": _("对偶间隙"),
        "primal_residual": _("原始残差"),
        "dual_residual": _("对偶残差"),
        "replay_residual": _("独立复算残差"),
    }
    engine = str(found.get("engine") or "")
    items = [(_("求解器"), value_label("engine", engine))] if engine else []
    items += [
        (titles[key], fmt.tiny(quality[key]))
        for key in _QUALITY
        if fmt.as_number(quality.get(key)) is not None
    ]
    return Facts(tuple(items)) if items else None
