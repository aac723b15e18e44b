"""The plan a report speaks of; in older files it is the one in whole units, kept by itself."""

from __future__ import annotations

from greenland.i18n import N_, _
from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import PlanRecord, RoundingRecord
from greenland.report import formatters as fmt
from greenland.report.tables import with_unit


def chosen(plan: PlanRecord) -> PlanRecord | RoundingRecord:
    """The recommended plan; older files hold it under `rounding`."""
    rounding = plan.rounding
    return plan if rounding is None or rounding.annual_cost is None else rounding


def status_of(plan: PlanRecord | RoundingRecord) -> str:
    """Status of a plan that is there."""
    return plan.status or "not_solved"


def yearly_saving(energy: EnergyRecord) -> float | None:
    """What the chosen plan, its investment included, saves against the grid-only bill [yuan/yr]."""
    before = None if energy.bill is None else energy.bill.grid_only.yuan_per_year
    after = chosen(energy.plan).annual_cost
    return None if before is None or after is None else before - after


_DEARER = {
    "annual_cost": N_("取整使年费用增加 {cost}（{share}）。"),
    "npv": N_("取整使净现值减少 {cost}（{share}）。"),
    "capex": N_("取整使初投资增加 {cost}（{share}）。"),
    "green_price": N_("取整使绿电电价提高 {cost}（{share}）。"),
}


def rounding_cost(plan: PlanRecord) -> str:
    """What whole units cost against the continuous optimum, in a line; ``""`` without any."""
    rounding = plan.rounding
    if rounding is None or rounding.cost is None:
        return ""
    priced = plan.objective == "green_price"
    dearer = _DEARER[plan.objective or "annual_cost"]
    return _(
        dearer,
        cost=with_unit(rounding.cost, "green_price") if priced else fmt.yuan(rounding.cost),
        share=fmt.share(rounding.relative_cost, 2),
    )
