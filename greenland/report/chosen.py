"""The plan a report speaks of; in older files it is the one in whole units, kept by itself."""

from __future__ import annotations

from greenland.record.energy.energy import EnergyRecord
from greenland.record.energy.plan import PlanRecord, RoundingRecord


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
