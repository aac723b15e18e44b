"""A quick preview of sizes on typical days, always held against the whole horizon.

The sizes are those of a much smaller program; what they cost and whether they keep the limits is
found by dispatching them over every step of the horizon. How far they are from the best sizes is
not known unless those are found too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.energy.given_sizes import with_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.costs import objective_costs, tie_costs
from greenland.energy.problem.highs_engine import solve_generally
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.solve import size
from greenland.energy.sizing.typical_days import TypicalDays, typical_days, with_typical_days
from greenland.energy.sizing.typical_program import typical_program
from greenland.errors import input_error
from greenland.i18n import _
from greenland.lp import LpStatus
from greenland.results import plain_value
from greenland.summary import Summarised, Summary, money, quantity

PREVIEWED = (Objective.ANNUAL_COST, Objective.NPV)
"""Objectives whose cost is linear and counts every step."""


@dataclass(frozen=True, slots=True, repr=False)
class Preview(Summarised):
    """Sizes from typical days, and what they are worth over the whole horizon.

    Parameters
    ----------
    typical : TypicalDays
    sizes : Series
        Capacities found on the typical days [MW], [MWh].
    typical_objective : float
        What was minimised on the typical days: annual cost, or the present worth of all costs
        [yuan/yr], [yuan].
    plan : Plan
        The sizes dispatched over every step of the horizon; where they do not keep the limits
        there, the cheapest sizes that do and are no smaller.
    enlarged : bool
        Whether the sizes had to be enlarged.
    seconds : mapping of stage to float
        ``typical`` (choose days and solve), ``verify`` and, where asked, ``full`` [s].
    full : Plan, optional
        The sizing of the whole horizon.
    """

    typical: TypicalDays
    sizes: pd.Series
    typical_objective: float
    plan: Plan
    enlarged: bool
    seconds: Mapping[str, float]
    full: Plan | None = None

    @property
    def excess(self) -> float | None:
        """What the verified sizes cost beyond the best ones, as a share; None where not known."""
        if self.full is None or not (self.full.status.has_plan and self.plan.status.has_plan):
            return None
        return float(self.plan.annual_cost / self.full.annual_cost - 1)

    def _summary(self) -> Summary:
        count = len(self.typical.medoids)
        head = _("预览：{count} 个典型日，已按全时段核实", count=count)
        lines = [(str(name), quantity(float(value))) for name, value in self.sizes.items()]
        cost = money(float(self.plan.annual_cost), per_year=True)
        return Summary(head, (*lines, (_("全时段年费用"), cost)))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        known = self.plan.status.has_plan
        sizes = {str(k): float(v) for k, v in self.plan.capacities.items()} if known else None
        record = {
            "preview": True,
            "typical_days": [
                {"date": f"{day:%Y-%m-%d}", "days": int(count)}
                for day, count in zip(self.typical.dates, self.typical.weights, strict=True)
            ],
            "capacities": {str(k): float(v) for k, v in self.sizes.items()},
            "typical_objective": self.typical_objective,
            "verified": {
                "feasible": known,
                "enlarged": self.enlarged,
                "capacities": sizes,
                "annual_cost": self.plan.annual_cost if known else None,
                "ratios": dict(self.plan.ratios) if known else None,
            },
            "excess": self.excess,
            "full_cost": None if self.full is None else self.full.annual_cost,
            "seconds": dict(self.seconds),
        }
        return dict(plain_value(record))


def preview(
    site: Site,
    days: int = 12,
    *,
    objective: Objective | str = Objective.ANNUAL_COST,
    full: bool = False,
) -> Preview:
    """Size a site on typical days, and dispatch the sizes over the whole horizon.

    Parameters
    ----------
    site : Site
        Of whole days.
    days : int
        Typical days.
    objective : Objective
        ``annual_cost`` or ``npv``.
    full : bool
        Whether to size the whole horizon as well, and say how far the preview is from it.

    Returns
    -------
    Preview

    Raises
    ------
    InputError
        If the horizon is not of whole days, the objective is another, or no sizes keep the limits
        on the typical days.

    Examples
    --------
    >>> import numpy as np
    >>> hours = pd.date_range("2025-06-01", periods=240, freq="h")
    >>> sun = np.clip(np.sin((hours.hour.to_numpy() - 6) / 12 * np.pi), 0, 1)
    >>> from greenland.energy import Grid, Source
    >>> site = Site(
    ...     pd.Series(10.0, hours),
    ...     [Source("pv", sun, capex=2000.0)],
    ...     grid=Grid(capacity_mw=20.0, import_price=0.5),
    ... )
    >>> found = preview(site, 2, full=True)
    >>> bool(abs(found.excess) < 1e-6)
    True
    """
    goal = Objective(objective)
    if goal not in PREVIEWED:
        raise input_error(
            "preview_objective",
            _("典型日预览只适用于 annual_cost 和 npv。"),
            got=str(goal),
            allowed="、".join(PREVIEWED),
        )
    began = time.perf_counter()
    data = prepare(site, goal)
    typical = typical_days(data, days)
    repeated = with_typical_days(data, typical)
    costs = objective_costs(repeated, goal)
    made = typical_program(repeated, typical, [costs, tie_costs(repeated)])
    answer = solve_generally(made.program)
    if answer.status is not LpStatus.OPTIMAL:
        raise input_error(
            "preview_infeasible",
            _("典型日上没有满足各项限制的方案，预览给不出容量。"),
            remedy=_("请用 greenland energy explain 看哪些限制冲突，或增加典型日。"),
            got=str(answer.status),
        )
    values = made.spread @ answer.x
    by_family = {name: values[numbers] for name, numbers in made.assembly.columns.items()}
    sizes = capacities_of(repeated, by_family)
    seconds = {"typical": time.perf_counter() - began}
    began = time.perf_counter()
    plan, enlarged = _verified(site, sizes, goal)
    seconds["verify"] = time.perf_counter() - began
    best = None
    if full:
        began = time.perf_counter()
        best = size(site, objective=goal)
        seconds["full"] = time.perf_counter() - began
    objective_value = 1000 * float(answer.objective)
    return Preview(typical, sizes, objective_value, plan, enlarged, seconds, best)


def _verified(site: Site, sizes: pd.Series, objective: Objective) -> tuple[Plan, bool]:
    """The sizes over the whole horizon, or the cheapest above them; whether these are larger."""
    given = {str(label): float(value) for label, value in sizes.items()}
    if site.grid is not None and not site.grid.decides_capacity:
        given.pop("grid", None)
    held = size(with_sizes(site, given), objective=objective)
    if held.status.has_plan:
        return held, False
    return size(with_sizes(site, given, at_least=True), objective=objective), True
