"""The answer: capacities, schedule, ratios and costs, reachable only when there is a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.plan.replay.costs import grid_only_costs, initial_investment
from greenland.energy.plan.replay.recompute import Replay, replay
from greenland.energy.plan.schedule import capacities_of, schedule_of
from greenland.energy.plan.shadow import shadow_prices
from greenland.energy.problem.building import as_built
from greenland.energy.problem.costs import dot, green_parts, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import STATUS_LABELS, RawSolution, Status
from greenland.energy.problem.starts import as_run
from greenland.energy.site import OBJECTIVE_LABELS, Array, Objective, Site
from greenland.energy.site.identity import (
    STORED,
    capacity_labels,
    column_labels,
    described,
)
from greenland.errors import NotOptimalError
from greenland.i18n import _
from greenland.results import plain_value, with_units
from greenland.summary import Summarised, Summary, listed, money, quantity

GREEN_ZERO = 1e-6
"""Share of the load below which green energy is zero."""


@dataclass(frozen=True)
class SolveQuality:
    """How well the problem was solved.

    Parameters
    ----------
    gap : float, optional
        How far the plan may be from the best, relative to its objective: the duality gap of a
        linear program, or the distance to what no exclusive plan is proven to fall below. None
        where nothing is proven.
    primal_residual, dual_residual : float, optional
        Relative, on the unscaled problem.
    replay_residual : float, optional
        Largest residual of the independent replay, relative.
    seconds : float
        Building and solving [s].
    iterations : int
    """

    gap: float | None
    primal_residual: float | None
    dual_residual: float | None
    replay_residual: float | None
    seconds: float
    iterations: int

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {name: plain_value(getattr(self, name)) for name in self.__annotations__}


@dataclass(frozen=True)
class Result:
    """What a plan is made of."""

    capacities: pd.Series
    schedule: pd.DataFrame
    replayed: Replay
    raw: RawSolution
    shadow_prices: pd.Series
    objective_value: float


@dataclass(frozen=True, repr=False)
class Plan(Summarised):
    """A sized site.

    Parameters
    ----------
    site : Site
        What was sized.
    status : Status
        Whether there is a plan, and whether it is proven to be the best.
    engine : str
        Which engine answered.
    objective : Objective
        What it is best in.
    quality : SolveQuality
        Gap, residuals and time.
    notes : tuple of str
        What was done to reach the answer, such as hours made exclusive.
    result : Result, optional
        None unless optimal or feasible.
    """

    site: Site
    status: Status
    engine: str
    objective: Objective
    quality: SolveQuality
    notes: tuple[str, ...] = ()
    result: Result | None = field(default=None, repr=False)

    def _summary(self) -> Summary:
        return Summary(_(STATUS_LABELS[self.status]), (*cost_lines(self), *capacity_lines(self)))

    def _optimum(self) -> Result:
        if not self.status.has_plan or self.result is None:
            raise NotOptimalError(str(self.status))
        return self.result

    @property
    def capacities(self) -> pd.Series:
        """Totals: sources [MW], ``<storage>_power`` [MW], ``<storage>_energy`` [MWh],
        electrolysers [MW], ``grid`` [MW].

        Where two of these labels would read the same, both are written ``kind:owner``, such as
        ``source:bat_power`` beside ``storage_power:bat``; see `capacity_kinds`.
        """
        return self._optimum().capacities

    @property
    def capacity_kinds(self) -> pd.DataFrame:
        """What each label of `capacities` is: kind, owner and unit."""
        return described(capacity_labels(self.site), self.capacities.index)

    @property
    def schedule(self) -> pd.DataFrame:
        """Every step: load, available output of each source, output of each generator, import,
        export, curtailment, ``<storage>_charge``, ``_discharge`` [MW], ``_energy`` [MWh] and
        flexible loads.

        Where two of these labels would read the same, or like a word of the table's own, they
        are written ``kind:owner``, such as ``source:charge``; see `column_kinds`. Units are in
        ``attrs["units"]``.
        """
        table = self._optimum().schedule
        if "units" not in table.attrs:
            with_units(table, {label: key.unit for key, label in column_labels(self.site).items()})
        return table

    @property
    def column_kinds(self) -> pd.DataFrame:
        """What each column of `schedule` is: kind, owner and unit."""
        return described(column_labels(self.site), self.schedule.columns)

    @property
    def annual_cost(self) -> float:
        """Annual cost of supplying the load [yuan/yr]."""
        return self._optimum().replayed.annual_cost

    @property
    def objective_value(self) -> float:
        """The objective: yuan/yr, yuan for ``npv`` and ``capex``, yuan/kWh for green price."""
        return self._optimum().objective_value

    @property
    def ratios(self) -> pd.Series:
        """Shares of the nomenclature, as decimals."""
        return self._optimum().replayed.ratios

    @property
    def energy(self) -> pd.Series:
        """Yearly energies [MWh/yr]."""
        return self._optimum().replayed.energy

    @property
    def costs(self) -> pd.Series:
        """Items of the annual cost [yuan/yr]."""
        return self._optimum().replayed.costs

    @property
    def limits(self) -> pd.DataFrame:
        """Every limit with its value, what is required, and the relative excess."""
        return self._optimum().replayed.limits

    @property
    def capex(self) -> float:
        """Initial investment in what is new [yuan]."""
        return initial_investment(self.site, _mapping(self.capacities))

    @property
    def shadow_prices(self) -> pd.Series:
        """What one unit more of each binding limit is worth [yuan/yr].

        Units: shares per percentage point, capacities per MW or MWh, land per 亩, roof per m2,
        budget per 10 000 yuan, CO2 per tonne. Positive: relaxing the limit saves so much.
        For ``npv`` the even yearly amount of their present worth. Empty for ``green_price`` and
        where the engine gives no prices (mixed-integer repairs).
        """
        return self._optimum().shadow_prices

    @property
    def npv(self) -> float:
        """Net present value against "all from the grid" over the project's life [yuan]."""
        return net_present_value(self.site, self._optimum().raw)

    @property
    def green_price(self) -> float:
        """Annual cost without what is paid for the grid, over green energy [yuan/kWh]."""
        return green_price(self.site, self._optimum().raw)

    @property
    def replay(self) -> Replay:
        """The independent recomputation."""
        return self._optimum().replayed

    @property
    def monthly(self) -> pd.DataFrame:
        """Energies by calendar month of the year, horizon sums over years [MWh]."""
        table = monthly_energies(self.site, self.schedule)
        return with_units(table, dict.fromkeys(table.columns, "MWh"))


def _mapping(series: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in series.items()}


def monthly_energies(site: Site, schedule: pd.DataFrame) -> pd.DataFrame:
    """Energies by calendar month 1-12 [MWh/yr]; stored energy is left out."""
    stored = [label for key, label in column_labels(site).items() if key.kind in STORED]
    flows = schedule.drop(columns=stored, errors="ignore")
    months = pd.DatetimeIndex(schedule.index).month
    total = flows.groupby(np.asarray(months)).sum() * site.step_hours
    years = max(1.0, site.years)
    return (total / years).rename_axis("month")


def decided(data: ModelData, values: Mapping[str, Array]) -> ModelData:
    """The problem with the costs of what an answer builds, and of its starts."""
    return as_run(as_built(data, values), values)


def net_present_value(site: Site, raw: RawSolution) -> float:
    """Present worth of "all from the grid" less that of the plan [yuan]."""
    data = decided(prepare(site, Objective.NPV), raw.values)
    costs = objective_costs(data, Objective.NPV)
    worth = 1000 * (dot(raw.values, costs.by_family) + costs.constant)
    return grid_only_worth(site, data) - worth


def grid_only_worth(site: Site, data: ModelData) -> float:
    """Present worth of buying everything over the project's life [yuan]."""
    return data.running_factor * float(grid_only_costs(site).sum())


def negligible_green_energy(data: ModelData) -> float:
    """Green energy below which there is none to have a price [MWh/yr]."""
    return GREEN_ZERO * float(data.load.sum()) * data.weight


def green_price(site: Site, raw: RawSolution) -> float:
    """Green cost over green energy [yuan/kWh]; NaN without green energy."""
    data = decided(prepare(site), raw.values)
    cost, energy = green_parts(data, raw.values)
    return cost / energy if energy > negligible_green_energy(data) else float("nan")


def objective_value(
    data: ModelData, raw: RawSolution, objective: Objective, capacities: pd.Series
) -> float:
    """The objective of an answer in its own unit, from the model's costs."""
    if objective is Objective.NPV:
        return net_present_value(data.site, raw)
    if objective is Objective.CAPEX:
        return initial_investment(data.site, _mapping(capacities))
    if objective is Objective.GREEN_PRICE:
        return green_price(data.site, raw)
    costs = objective_costs(decided(data, raw.values), objective)
    return 1000 * (dot(raw.values, costs.by_family) + costs.constant)


@dataclass(frozen=True)
class Reported:
    """Capacities and schedule of an answer under their reported names, and their replay."""

    capacities: pd.Series
    schedule: pd.DataFrame
    replayed: Replay


def reported(data: ModelData, values: Mapping[str, Array]) -> Reported:
    """Name the values of an answer, and replay them."""
    capacities, schedule = capacities_of(data, values), schedule_of(data, values)
    return Reported(capacities, schedule, replay(data.site, _mapping(capacities), schedule))


def result_of(
    data: ModelData, raw: RawSolution, objective: Objective, shown: Reported | None = None
) -> Result:
    """Make the reported result of an optimum, replayed unless *shown* holds that already.

    Raises
    ------
    ReplayError
        If the schedule does not close.
    """
    shown = shown or reported(data, raw.values)
    shown.replayed.require_closed()
    if objective is Objective.ANNUAL_COST:
        value = shown.replayed.annual_cost
    else:
        value = objective_value(data, raw, objective, shown.capacities)
    prices = shadow_prices(data, raw)
    if objective is Objective.GREEN_PRICE:  # its duals are of a ratio, not of a yearly cost
        prices = prices.iloc[:0]
    return Result(shown.capacities, shown.schedule, shown.replayed, raw, prices, value)


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
