"""The plan a report speaks of where there are two: the optimum, and the one in whole units."""

from __future__ import annotations

from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import PlanRecord, RoundingRecord


def chosen(plan: PlanRecord) -> PlanRecord | RoundingRecord:
    """The plan in whole units where there are unit sizes, else the optimum itself."""
    rounding = plan.rounding
    return plan if rounding is None or rounding.annual_cost is None else rounding


def yearly_saving(energy: EnergyRecord) -> float | None:
    """What the chosen plan, its investment included, saves against the grid-only bill [yuan/yr]."""
    before = None if energy.bill is None else energy.bill.grid_only.yuan_per_year
    after = chosen(energy.plan).annual_cost
    return None if before is None or after is None else before - after
