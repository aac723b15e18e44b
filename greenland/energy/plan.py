"""The answer: capacities, schedule, ratios and costs, reachable only when there is a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.energy.model.costs import dot, green_parts, objective_costs
from greenland.energy.model.data import ModelData, prepare
from greenland.energy.replay import Replay, replay
from greenland.energy.replay.costs import grid_only_costs, initial_investment
from greenland.energy.site import Array, Objective, Site
from greenland.energy.solution import RawSolution, Status
from greenland.errors import NotOptimalError
from greenland.results import plain_value

if TYPE_CHECKING:
    from greenland.energy.explain import Explanation

DUST = 1e-9  # smaller powers [MW] are what a solver's tolerance leaves of zero
CAPACITY_DUST = 1e-7
"""Capacities below this share of the largest load are what a solver leaves of zero."""
GREEN_DUST = 1e-6
"""Share of the load below which green energy counts as none."""


@dataclass(frozen=True)
class Quality:
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


@dataclass(frozen=True)
class Plan:
    """A sized site.

    Parameters
    ----------
    site : Site
    status : Status
    engine : str
        Which engine answered.
    objective : Objective
    quality : Quality
    notes : tuple of str
        What was done to reach the answer, such as hours made exclusive.
    result : Result, optional
        None unless optimal or feasible.
    """

    site: Site
    status: Status
    engine: str
    objective: Objective
    quality: Quality
    notes: tuple[str, ...] = ()
    result: Result | None = field(default=None, repr=False)

    def _optimum(self) -> Result:
        if not self.status.has_plan or self.result is None:
            raise NotOptimalError(str(self.status))
        return self.result

    @property
    def capacities(self) -> pd.Series:
        """Totals: sources [MW], ``<storage>_power`` [MW], ``<storage>_energy`` [MWh],
        electrolysers [MW], ``grid`` [MW].
        """
        return self._optimum().capacities

    @property
    def schedule(self) -> pd.DataFrame:
        """Every step: load, available output of each source, import, export, curtailment,
        ``<storage>_charge``, ``_discharge`` [MW], ``_energy`` [MWh] and flexible loads.
        """
        return self._optimum().schedule

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

    def explain(self, engine: str = "auto") -> Explanation:
        """Say why: what clashes, or what each limit is worth and what sets each capacity."""
        from greenland.energy.explain import explain

        return explain(self, engine)

    @property
    def monthly(self) -> pd.DataFrame:
        """Energies by calendar month of the year, horizon sums over years [MWh]."""
        return monthly_energies(self.site, self.schedule)


def _mapping(series: pd.Series) -> dict[str, float]:
    return {str(name): float(value) for name, value in series.items()}


def monthly_energies(site: Site, schedule: pd.DataFrame) -> pd.DataFrame:
    """Energies by calendar month 1-12 [MWh/yr]; stored energy is left out."""
    flows = schedule.drop(columns=[c for c in schedule if str(c).endswith("_energy")])
    months = pd.DatetimeIndex(schedule.index).month
    total = flows.groupby(np.asarray(months)).sum() * site.step_hours
    years = max(1.0, site.years)
    return (total / years).rename_axis("month")


def net_present_value(site: Site, raw: RawSolution) -> float:
    """Present worth of "all from the grid" less that of the plan [yuan]."""
    data = prepare(site, Objective.NPV)
    costs = objective_costs(data, Objective.NPV)
    worth = 1000 * (dot(raw.values, costs.by_family) + costs.constant)
    return grid_only_worth(site, data) - worth


def grid_only_worth(site: Site, data: ModelData) -> float:
    """Present worth of buying everything over the project's life [yuan]."""
    return data.running_factor * float(grid_only_costs(site).sum())


def green_dust(data: ModelData) -> float:
    """Green energy that counts as none: it has no price [MWh/yr]."""
    return GREEN_DUST * float(data.load.sum()) * data.weight


def green_price(site: Site, raw: RawSolution) -> float:
    """Green cost over green energy [yuan/kWh]; NaN without green energy."""
    data = prepare(site)
    cost, energy = green_parts(data, raw.values)
    return cost / energy if energy > green_dust(data) else float("nan")


def capacities_of(data: ModelData, values: Mapping[str, Array]) -> pd.Series:
    """Total capacities by their reported names [MW], [MWh]."""
    site, found, values = data.site, {}, without_dust(data, values)
    for g, item in enumerate(site.sources):
        found[item.name] = float(values["capacity"][g])
    for b, store in enumerate(site.storages):
        found[f"{store.name}_power"] = float(values["storage_power"][b])
        found[f"{store.name}_energy"] = float(values["storage_energy"][b])
    for e, made in enumerate(site.electrolysers):
        found[made.name] = float(values["electrolyser_capacity"][e])
    if site.grid is not None:
        found["grid"] = _connected(data, values)
    return pd.Series(found, dtype=float, name="capacity")


def without_dust(data: ModelData, values: Mapping[str, Array]) -> Mapping[str, Array]:
    """Values with capacities that are nothing but a solver's tolerance set to zero."""
    dust = CAPACITY_DUST * max(1e-2, float(data.load.max()))
    cleared = {
        family: np.where(np.abs(values[family]) < dust, 0.0, values[family])
        for family in data.capacities
        if family in values
    }
    return {**values, **cleared}


def _connected(data: ModelData, values: Mapping[str, Array]) -> float:
    grid = data.site.grid
    assert grid is not None
    if data.connection is not None:
        return float(values["grid_capacity"][0])
    if grid.capacity_mw is not None:
        return grid.capacity_mw
    return float(max(values["import"].max(), values["export"].max()))  # unlimited: what is used


def schedule_of(data: ModelData, values: Mapping[str, Array]) -> pd.DataFrame:
    """The schedule by its reported columns; dust below a solver's tolerance is cleared."""
    site, values = data.site, without_dust(data, values)
    columns: dict[str, Array] = {"load": data.load}
    for g, item in enumerate(site.sources):
        columns[item.name] = float(values["capacity"][g]) * data.pu[g]
    nothing = np.zeros(data.steps)
    for family in ("import", "export", "curtailment"):
        columns[family] = _clean(values.get(family, nothing))
    if "unserved" in values:
        columns["unserved"] = _clean(values["unserved"])
    for b in range(len(site.storages)):
        columns |= _storage_columns(data, values, b)
    names = {
        "shift_load": [item.name for item in site.shiftable],
        "interrupted": [item.name for item in site.interruptible],
        "electrolyser_load": [item.name for item in site.electrolysers],
    }
    for family, parts in names.items():
        for row, name in enumerate(parts):
            columns[name] = _clean(values[family][row])
    return pd.DataFrame(columns, index=data.index)


def _clean(flow: Array) -> Array:
    return np.where(flow < DUST, 0.0, flow)


def _storage_columns(data: ModelData, values: Mapping[str, Array], b: int) -> dict[str, Array]:
    item = data.site.storages[b]
    floor = item.soc_floor * float(values["storage_energy"][b])
    parts = {name: values[name][b] for name in ("charge", "discharge", "energy")}
    columns = {}
    if b in data.grid_stores:
        row = data.grid_stores.index(b)
        for name in parts:
            grid = values[f"grid_{name}"][row]
            parts[name] = parts[name] + grid
            columns[f"{item.name}_grid_{name}"] = _clean(grid)
    totals = {f"{item.name}_{name}": _clean(flow) for name, flow in parts.items()}
    totals[f"{item.name}_energy"] = totals[f"{item.name}_energy"] + floor
    return totals | columns


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
    costs = objective_costs(data, objective)
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


def shadow_prices(data: ModelData, raw: RawSolution) -> pd.Series:
    """Worth of one unit more of every binding limit [yuan/yr], see `Plan.shadow_prices`."""
    found: dict[str, float] = {}
    for limit, (scale, rows) in _row_scales(data, raw).items():
        found[limit] = float(np.sum(np.abs(rows) * scale)) * 1000
    for family, assets in data.capacities.items():
        limit = {"storage_energy": "max_mwh", "grid_capacity": family}.get(family, "max_mw")
        costs = raw.reduced_costs.get(family, np.zeros(len(assets)))
        for item, cost in zip(assets, costs, strict=True):
            if item.upper > item.lower:
                name = limit if limit == "grid_capacity" else f"{limit}:{item.name}"
                found[name] = max(0.0, -1000 * float(cost))
    for direction in ("import_cap", "export_cap"):
        costs = raw.reduced_costs.get(direction, np.zeros(0))
        if len(costs):
            found["grid_capacity"] = found.get("grid_capacity", 0.0) - 1000 * float(costs[0])
    series = pd.Series(found, dtype=float, name="shadow_price") / data.running_factor
    worth_showing = 1e-6 * max(1.0, abs(raw.objective))
    return series[series > worth_showing]


def _row_scales(data: ModelData, raw: RawSolution) -> dict[str, tuple[Any, Array]]:
    """For every annual family: what one unit of its limit moves the right-hand side by."""
    made = np.bincount(
        data.block,
        data.step_hours * (raw.values["capacity"] @ data.pu) if len(data.pu) else data.load * 0,
        minlength=data.blocks,
    )
    used = np.bincount(data.block, data.step_hours * _consumption(data, raw), data.blocks)
    firm = np.bincount(data.block, data.step_hours * data.load, data.blocks)
    scales = {
        "self_use_of_generation": made / 100,
        "self_use_of_generation_net": made / 100,
        "self_use_of_consumption": used / 100,
        "export_share": made / 100,
        "curtailment_share": made / 100,
        "unserved_share": firm / 100,
        "co2": data.block_years,
        "land": 1.0,
        "roof": 1.0,
        "budget": 10.0,
    }
    duals = raw.row_duals
    return {name: (scale, duals[name]) for name, scale in scales.items() if name in duals}


def _consumption(data: ModelData, raw: RawSolution) -> Array:
    total = data.load.copy()
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        if family in raw.values:
            total += sign * raw.values[family].sum(axis=0)
    return total - raw.values.get("unserved", np.zeros(data.steps))
