"""What the console and notebooks show of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenland.energy.problem.solution import STATUS_LABELS
from greenland.energy.site import OBJECTIVE_LABELS, Objective
from greenland.energy.site.identity import capacity_labels
from greenland.i18n import _
from greenland.summary import Summary, listed, money, quantity

if TYPE_CHECKING:
    from greenland.energy.plan.plan import Plan


def plan_summary(item: Plan) -> Summary:
    """Status, cost and capacities; what was noted where there is no optimum."""
    return Summary(_(STATUS_LABELS[item.status]), (*cost_lines(item), *capacity_lines(item)))


def cost_lines(item: Plan) -> list[tuple[str, str]]:
    """Objective, annual cost and investment; the notes where there is no plan."""
    lines: list[tuple[str, str]] = [(_("目标"), _(OBJECTIVE_LABELS[Objective(item.objective)]))]
    if item.result is not None:
        lines.append((_("年供电总成本"), money(item.annual_cost, per_year=True)))
        lines.append((_("初投资"), money(item.capex)))
    elif item.notes:
        lines.append((_("说明"), listed(item.notes)))
    return lines


def capacity_lines(item: Plan) -> list[tuple[str, str]]:
    """Every capacity with its unit."""
    if item.result is None:
        return []
    units = {label: key.unit for key, label in capacity_labels(item.site).items()}
    return [
        (str(label), quantity(float(size), units.get(str(label), "")))
        for label, size in item.capacities.items()
    ]
