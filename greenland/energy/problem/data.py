"""Numbers of the problem made ready once: every coefficient that a constraint family needs.

Powers [MW], energies [MWh], costs [thousand yuan/yr]: a price in yuan/kW times MW,
or in yuan/kWh times MWh, is a number of thousand yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.problem.annuity import annual_asset_cost, annuity_factor, present_asset_cost
from greenland.energy.site import (
    Array,
    Electrolyser,
    FixedAsset,
    Grid,
    Objective,
    Site,
    Source,
    Storage,
    WeatherYears,
    mask_of,
    values_of,
)

# Costs that only break ties: thousand yuan per MW(h) and year, and per MWh.
TIE_CAPACITY = 1e-6
TIE_ENERGY = 1e-7
TIE_EXPORT, TIE_CURTAILMENT, TIE_CHARGE, TIE_DISCHARGE = 1.0, 2.0, 3.0, 3.0
TIE_INTERRUPTED, TIE_UNSERVED = 4.0, 5.0
TIE_GRID_ENERGY = 1.0  # at the turn, or to cover a loss, where green energy would do as well


@dataclass(frozen=True)
class Asset:
    """Cost and bounds of one decided capacity.

    `cost` is in thousand yuan per MW(h): per year, or present worth for the objective ``npv``.
    `capex` is in yuan/kW(h). `lower` and `upper` bound the total with what exists [MW(h)].
    """

    name: str
    cost: float
    capex: float
    existing: float
    lower: float
    upper: float
    tie: float = 0.0


@dataclass(frozen=True)
class Peak:
    """One peak that is paid for: a demand charge in one calendar month.

    `steps` are the step numbers that count; `cost` is in thousand yuan/MW·yr.
    """

    charge: int
    month: int
    year: int
    steps: NDArray[np.int64]
    cost: float


@dataclass(frozen=True)
class Ceiling:
    """Coefficients of a cost by family, and the most they may sum to."""

    by_family: Mapping[str, Array]
    most: float


@dataclass(frozen=True)
class Surplus:
    """Most generation beyond the least consumption [MW], of all sources or of all but one."""

    most: Array  # (steps,)
    without: int | None = None


@dataclass(frozen=True)
class ModelData:
    """All numbers of one model. Arrays run over steps unless said otherwise."""

    site: Site
    index: pd.DatetimeIndex
    steps: int
    step_hours: float
    years: float
    load: Array
    pu: Array  # (sources, steps)
    buy: Array  # thousand yuan/MWh = yuan/kWh
    sell: Array
    fee: Array
    emission: Array
    import_cap: Array  # from caps and a fixed capacity; inf when none
    export_cap: Array
    block: NDArray[np.int64]  # number of the limit year of every step
    block_years: Array  # (blocks,)
    sources: tuple[Asset, ...]
    storage_power: tuple[Asset, ...]
    storage_energy: tuple[Asset, ...]
    electrolysers: tuple[Asset, ...]
    connection: Asset | None  # only when the connected capacity is a decision
    capacity_charge: float  # thousand yuan/MW·yr on the connected capacity
    peaks: tuple[Peak, ...]
    shift_profile: Array  # (shiftable, steps)
    shift_ends: NDArray[np.bool_]  # (shiftable, steps): last step of a window
    interruptible: Array  # (interruptible, steps)
    running_factor: float  # multiplies yearly running costs: 1, or an annuity factor
    fixed: float  # thousand yuan, the objective's constant
    charge_cap: Array  # (storages, steps), of both ledgers; inf unless a direction was fixed
    discharge_cap: Array
    exchange_cut: NDArray[np.bool_]  # steps in which import and export share one direction
    storage_cut: NDArray[np.bool_]  # (storages, steps), the same for charge and discharge
    surplus: tuple[Surplus, ...]  # what export can come from, see `surplus_cut`
    importing: NDArray[np.int64]  # steps with a binary variable for the direction of exchange
    charging: tuple[NDArray[np.int64], ...]  # of every storage, the same for its direction
    ceiling: Ceiling | None = None

    @property
    def import_most(self) -> Array:
        """Upper bound of the import: without flexible loads it is not sold on or stored [MW]."""
        return self.import_cap if self.flexible else np.minimum(self.import_cap, self.load)

    @property
    def cut_steps(self) -> NDArray[np.int64]:
        """Steps with a row of `exchange_cut`: where both directions are open and bounded."""
        most_in, most_out = self.import_most, self.export_cap
        bounded = np.isfinite(most_in) & np.isfinite(most_out) & (most_in > 0) & (most_out > 0)
        return np.flatnonzero(self.exchange_cut & bounded)

    def held_steps(self, b: int) -> NDArray[np.int64]:
        """Steps of a storage with rows that look at what was stored before; never the first."""
        steps = np.flatnonzero(self.storage_cut[b])
        return steps[steps > 0]

    @property
    def surplus_cuts(self) -> list[tuple[int | None, NDArray[np.int64], Array, Array, Array]]:
        """Rows of `surplus_cut`: source, steps, factors of export and of import, right-hand side.

        A source that is left out of the surplus stands in the row with what it generates.
        """
        found = []
        for one in self.surplus:
            most, place = one.most[self.cut_steps], one.without
            chosen = np.isfinite(most)
            if place is not None:
                chosen &= self.pu[place][self.cut_steps] > 0
            steps, most = self.cut_steps[chosen], most[chosen]
            outward = 1.0 + np.maximum(-most, 0.0) / self.export_cap[steps]
            right = np.maximum(most, 0.0)
            found.append((place, steps, outward, right / self.import_most[steps], right))
        return found

    @property
    def weight(self) -> float:
        """Step hours per year of the horizon: turns a sum over steps into MWh/yr."""
        return self.step_hours / self.years

    @property
    def capacities(self) -> dict[str, tuple[Asset, ...]]:
        """Families of decided capacities, with their assets."""
        found = {
            "capacity": self.sources,
            "storage_power": self.storage_power,
            "storage_energy": self.storage_energy,
            "electrolyser_capacity": self.electrolysers,
        }
        return found if self.connection is None else {**found, "grid_capacity": (self.connection,)}

    @property
    def blocks(self) -> int:
        """Number of limit years."""
        return len(self.block_years)

    @property
    def flexible(self) -> bool:
        """Whether anything but the firm load changes consumption, or grid energy is stored."""
        site = self.site
        return bool(
            site.shiftable
            or site.interruptible
            or site.electrolysers
            or site.limits.max_unserved_share is not None
            or self.grid_stores
        )

    @property
    def grid_stores(self) -> tuple[int, ...]:
        """Numbers of the storages that may charge from the grid."""
        site = self.site
        return tuple(i for i, item in enumerate(site.storages) if site.charges_from_grid(item))

    @property
    def floor_stores(self) -> tuple[int, ...]:
        """Numbers of those whose energy below the floor runs down, in the order of the above."""
        storages = self.site.storages
        return tuple(b for b in self.grid_stores if self.floor_loss(storages[b]))

    def floor_loss(self, item: Storage) -> float:
        """What a step takes from the energy below the floor, as a share of the energy capacity."""
        return (1 - item.kept(self.step_hours)) * item.soc_floor


def prepare(site: Site, objective: Objective | str = Objective.ANNUAL_COST) -> ModelData:
    """Make the numbers of the model ready.

    For ``npv`` asset costs are present worths and running costs are multiplied by an annuity
    factor; for the others both are per year.
    """
    index, steps = site.index, len(site.load)
    present = Objective(objective) is Objective.NPV
    grid = site.grid
    block, block_years = _limit_years(site)
    costs = _Costs(site, present)
    sources = tuple(costs.source(item) for item in site.sources)
    power = tuple(costs.power(item) for item in site.storages)
    energy = tuple(costs.energy(item) for item in site.storages)
    running = annuity_factor(site.discount_rate, site.project_years) if present else 1.0
    electrolysers = tuple(costs.electrolyser(item) for item in site.electrolysers)
    connection = costs.connection(grid) if grid and grid.decides_capacity else None
    return ModelData(
        site=site,
        index=index,
        steps=steps,
        step_hours=site.step_hours,
        years=site.years,
        load=values_of(site.load, steps),
        pu=_rows([values_of(item.profile, steps) for item in site.sources], steps),
        buy=values_of(grid.import_price if grid else 0.0, steps),
        sell=values_of(grid.export_price if grid else 0.0, steps),
        fee=values_of(grid.self_use_price if grid else 0.0, steps),
        emission=_emission(site),
        import_cap=_cap(site, "import"),
        export_cap=_cap(site, "export"),
        block=block,
        block_years=block_years,
        sources=sources,
        storage_power=power,
        storage_energy=energy,
        electrolysers=electrolysers,
        connection=connection,
        capacity_charge=12.0 * grid.capacity_price if grid else 0.0,
        peaks=_peaks(site),
        shift_profile=_rows([values_of(item.profile, steps) for item in site.shiftable], steps),
        shift_ends=_window_ends(site),
        interruptible=_rows([values_of(item.max_mw, steps) for item in site.interruptible], steps),
        running_factor=running,
        fixed=_fixed(site, costs, running),
        charge_cap=np.broadcast_to(np.inf, (len(power), steps)),
        discharge_cap=np.broadcast_to(np.inf, (len(power), steps)),
        exchange_cut=np.zeros(steps, dtype=bool),
        storage_cut=np.zeros((len(power), steps), dtype=bool),
        surplus=(),
        importing=np.zeros(0, dtype=np.int64),
        charging=tuple(np.zeros(0, dtype=np.int64) for _item in power),
    )


class _Costs:
    """Cost and bounds of each capacity, in the order in which ties are broken."""

    def __init__(self, site: Site, present: bool) -> None:
        self.site, self.present, self.count = site, present, 0

    def of(
        self,
        capex: float,
        opex: float,
        lifetime: float,
        replacement: float = 0.0,
        replacement_years: tuple[int, ...] = (),
    ) -> float:
        """Cost of one unit: per year, or present worth."""
        rate = self.site.discount_rate
        if self.present:
            years = self.site.project_years
            return present_asset_cost(
                capex, opex, lifetime, rate, years, replacement, replacement_years
            )
        return annual_asset_cost(capex, opex, lifetime, rate, replacement, replacement_years)

    def asset(
        self, name: str, cost: float, capex: float, have: float, low: float, high: float
    ) -> Asset:
        self.count += 1
        tie = TIE_CAPACITY * self.count
        return Asset(name, cost, capex, have, have + low, have + high, tie)

    def source(self, item: Source) -> Asset:
        cost = self.of(
            item.capex, item.opex, item.lifetime, item.replacement_cost, item.replacement_years
        )
        return self.asset(item.name, cost, item.capex, item.existing_mw, item.min_mw, item.max_mw)

    def power(self, item: Storage) -> Asset:
        cost = self.of(item.power_capex, item.power_opex, item.lifetime)
        return self.asset(
            item.name, cost, item.power_capex, item.existing_mw, item.min_mw, item.max_mw
        )

    def energy(self, item: Storage) -> Asset:
        cost = self.of(
            item.energy_capex,
            item.energy_opex,
            item.lifetime,
            item.replacement_cost,
            item.replacement_years,
        )
        return self.asset(
            item.name, cost, item.energy_capex, item.existing_mwh, item.min_mwh, item.max_mwh
        )

    def electrolyser(self, item: Electrolyser) -> Asset:
        cost = self.of(item.capex, item.opex, item.lifetime)
        return self.asset(item.name, cost, item.capex, item.existing_mw, item.min_mw, item.max_mw)

    def connection(self, grid: Grid) -> Asset:
        cost = self.of(grid.capex, grid.opex, grid.lifetime)
        low, high = grid.min_capacity_mw, grid.max_capacity_mw or 0.0
        return replace(
            self.asset("grid", cost, grid.capex, grid.existing_mw, 0, 0), lower=low, upper=high
        )

    def fixed(self, item: FixedAsset) -> float:
        return self.of(item.capex, item.opex, item.lifetime) / 1000


def _rows(rows: list[Array], steps: int) -> Array:
    return np.array(rows, dtype=np.float64).reshape(-1, steps)


def _emission(site: Site) -> Array:
    factor = site.grid.emission_factor if site.grid else None
    return values_of(0.0 if factor is None else factor, len(site.load))


def _cap(site: Site, direction: str) -> Array:
    """Highest import or export at every step [MW]; zero off-grid or where export is not allowed."""
    steps, grid = len(site.load), site.grid
    if grid is None:
        return np.zeros(steps)
    own = grid.max_import_mw if direction == "import" else grid.max_export_mw
    bounds = [np.inf if own is None else own]
    if grid.capacity_mw is not None:
        bounds.append(grid.capacity_mw)
    if grid.max_capacity_mw is not None:
        bounds.append(grid.max_capacity_mw)
    cap = np.full(steps, float(min(bounds)))
    if direction == "export":
        cap[~mask_of(grid.export_allowed, steps)] = 0.0
    return cap


def _limit_years(site: Site) -> tuple[NDArray[np.int64], Array]:
    """Number of the limit year of every step, and the length of each limit year [yr]."""
    index, steps = site.index, len(site.load)
    if WeatherYears(site.weather_years) is WeatherYears.AVERAGE:
        return np.zeros(steps, dtype=np.int64), np.array([site.years])
    _values, block = np.unique(index.year.to_numpy(), return_inverse=True)
    block = block.astype(np.int64)
    hours = site.step_hours
    full = {True: 8784.0, False: 8760.0}
    leap = [bool(index[block == y].is_leap_year[0]) for y in range(int(block.max()) + 1)]
    counts = np.bincount(block) * hours
    return block, np.array([count / full[a] for count, a in zip(counts, leap, strict=True)])


def _peaks(site: Site) -> tuple[Peak, ...]:
    """Every peak that is paid for: each demand charge in each calendar month of the horizon."""
    if site.grid is None or not site.grid.demand_charges:
        return ()
    index, steps = site.index, len(site.load)
    month_number = index.year.to_numpy() * 12 + index.month.to_numpy() - 1
    months = np.unique(month_number)
    peaks = []
    for number, charge in enumerate(site.grid.demand_charges):
        counts = mask_of(charge.when, steps)
        for month in months:
            chosen = np.flatnonzero((month_number == month) & counts)
            price = charge.price_in(int(month % 12) + 1)
            if len(chosen) and price:
                cost = price * 12 / len(months)
                peaks.append(
                    Peak(number, int(month % 12) + 1, int(month // 12), chosen, float(cost))
                )
    return tuple(peaks)


def _window_ends(site: Site) -> NDArray[np.bool_]:
    """Last step of every window of every shiftable load, and of the horizon."""
    steps = len(site.load)
    ends = np.zeros((len(site.shiftable), steps), dtype=bool)
    for row, item in enumerate(site.shiftable):
        length = max(1, round(item.window_hours / site.step_hours))
        ends[row, length - 1 :: length] = True
        ends[row, -1] = True
    return ends


def _fixed(site: Site, costs: _Costs, running: float) -> float:
    """The objective's constant: fixed assets and charges, and the capacity charge when fixed."""
    total = sum(costs.fixed(item) for item in site.fixed_assets)
    if site.grid is not None:
        total += running * site.grid.fixed_cost / 1000
        if not site.grid.decides_capacity and site.grid.capacity_mw is not None:
            total += running * 12.0 * site.grid.capacity_price * site.grid.capacity_mw
    return total
