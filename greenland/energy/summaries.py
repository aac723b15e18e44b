"""What the console and notebooks show of a site, a plan and a result."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from greenland.energy.identity import capacity_labels
from greenland.energy.solution import STATUS_LABELS
from greenland.i18n import _
from greenland.results import STATE_LABELS
from greenland.summary import Summary, counts, listed, money, quantity

if TYPE_CHECKING:
    from greenland.energy.evaluate import EnergyResult
    from greenland.energy.plan import Plan
    from greenland.energy.site import Site


def site(item: Site) -> Summary:
    """Horizon, load, what may supply it, and the limits that are set."""
    steps = _(
        "{count} 步，每步 {hours}，自 {first} 起",
        count=len(item.index),
        hours=quantity(item.step_hours, "h"),
        first=f"{item.index[0]:%Y-%m-%d}",
    )
    energy = float(item.load.sum()) * item.step_hours
    load = _(
        "最大 {most}，共 {energy}",
        most=quantity(float(item.load.max()), "MW"),
        energy=quantity(energy, "MWh"),
    )
    flexible = [
        *(one.name for one in item.shiftable),
        *(one.name for one in item.interruptible),
        *(one.name for one in item.electrolysers),
    ]
    set_limits = [
        f"{one.name} {quantity(value)}"
        for one in fields(item.limits)
        if isinstance(value := getattr(item.limits, one.name), int | float)
    ]
    lines = [
        (_("负荷"), load),
        (_("电源"), listed(source.name for source in item.sources)),
        (_("储能"), listed(storage.name for storage in item.storages)),
        (_("电网"), _("不接入") if item.grid is None else _("接入")),
    ]
    if flexible:
        lines.append((_("可调负荷"), listed(flexible)))
    return Summary(steps, (*lines, (_("约束"), listed(set_limits))))


def plan(item: Plan) -> Summary:
    """Status, cost and capacities; what was noted where there is no optimum."""
    return Summary(_(STATUS_LABELS[item.status]), (*_costs(item), *_capacities(item)))


def _costs(item: Plan) -> list[tuple[str, str]]:
    from greenland.energy.site import OBJECTIVE_LABELS, Objective

    lines: list[tuple[str, str]] = [(_("目标"), _(OBJECTIVE_LABELS[Objective(item.objective)]))]
    if item.result is not None:
        lines.append((_("年供电总成本"), money(item.annual_cost, per_year=True)))
        lines.append((_("初投资"), money(item.capex)))
    elif item.notes:
        lines.append((_("说明"), listed(item.notes)))
    return lines


def _capacities(item: Plan) -> list[tuple[str, str]]:
    if item.result is None:
        return []
    units = {label: key.unit for key, label in capacity_labels(item.site).items()}
    return [
        (str(label), quantity(float(size), units.get(str(label), "")))
        for label, size in item.capacities.items()
    ]


def result(item: EnergyResult) -> Summary:
    """The plan that is judged and paid, its limits by state, and what it saves."""
    lines = _costs(item.chosen)
    if item.compliance is not None:
        states = [check.state for check in item.compliance.checks]
        named = ((_(text), states.count(state)) for state, text in STATE_LABELS.items())
        lines.append((_("合规核对"), counts(named)))
    if item.money.finance is not None:
        lines.append((_("净现值"), money(item.money.finance.npv)))
    return Summary(_(STATUS_LABELS[item.chosen.status]), (*lines, *_capacities(item.chosen)))
