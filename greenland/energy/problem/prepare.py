"""Make the numbers of the problem ready: from a site to `ModelData`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.annuity import annual_asset_cost, annuity_factor, present_asset_cost
from greenland.energy.problem.building import (
    BuildChoice,
    Place,
    is_other_generator,
    parts_by_choice,
)
from greenland.energy.problem.data import DecidedCapacity, ModelData, Peak
from greenland.energy.problem.maintenance import windows_of
from greenland.energy.problem.quotas import daily_quotas
from greenland.energy.site import (
    Array,
    ContractDemand,
    Electrolyser,
    FixedAsset,
    Generator,
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


def prepare(site: Site, objective: Objective | str = Objective.ANNUAL_COST) -> ModelData:
    """Make the numbers of the model ready.

    For ``npv`` asset costs are present worths and running costs are multiplied by an annuity
    factor; for the others both are per year.
    """
    index, steps = site.index, len(site.load)
    present = Objective(objective) is Objective.NPV
    grid = site.grid
    block, block_years = _limit_years(site)
    least, most, first = daily_quotas(site)
    costs = _Costs(site, present)
    sources = tuple(costs.source(item) for item in site.sources)
    power = tuple(costs.power(item) for item in site.storages)
    energy = tuple(costs.energy(item) for item in site.storages)
    charge = tuple(costs.charge(item) for item in site.storages if item.decides_charge_power)
    running = annuity_factor(site.discount_rate, site.project_years) if present else 1.0
    electrolysers = tuple(costs.electrolyser(item) for item in site.electrolysers)
    generators = tuple(costs.generator(item) for item in site.generators)
    connection = costs.connection(grid) if grid and grid.decides_capacity else None
    peaks = _peaks(site)
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
        charge_power=charge,
        electrolysers=electrolysers,
        quota_least=least,
        quota_most=most,
        quota_first=first,
        generators=generators,
        running=_rows([values_of(item.availability, steps) for item in site.generators], steps),
        generating=_rows([_generating(item, steps) for item in site.generators], steps),
        connection=connection,
        capacity_charge=12.0 * grid.capacity_price if grid else 0.0,
        peaks=peaks,
        shift_profile=_rows([values_of(item.profile, steps) for item in site.shiftable], steps),
        shift_ends=_window_ends(site),
        interruptible=_rows([values_of(item.max_mw, steps) for item in site.interruptible], steps),
        purchase_price=_rows(
            [item.purchase.prices(steps) for item in site.sources if item.purchase is not None],
            steps,
        ),
        windows=windows_of(site),
        choices=tuple(costs.choice(item, places) for item, places in parts_by_choice(site)),
        running_factor=running,
        fixed=_fixed(site, costs, running) + running * sum(peak.fixed for peak in peaks),
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
    ) -> DecidedCapacity:
        self.count += 1
        tie = TIE_CAPACITY * self.count
        return DecidedCapacity(name, cost, capex, have, have + low, have + high, tie)

    def source(self, item: Source) -> DecidedCapacity:
        cost = self.of(
            item.capex, item.opex, item.lifetime, item.replacement_cost, item.replacement_years
        )
        return self.asset(item.name, cost, item.capex, item.existing_mw, item.min_mw, item.max_mw)

    def power(self, item: Storage) -> DecidedCapacity:
        cost = self.of(item.power_capex, item.power_opex, item.lifetime)
        return self.asset(
            item.name, cost, item.power_capex, item.existing_mw, item.min_mw, item.max_mw
        )

    def energy(self, item: Storage) -> DecidedCapacity:
        cost = self.of(
            item.energy_capex,
            item.energy_opex,
            item.years_of_energy,
            item.replacement_cost,
            item.replacement_years,
        )
        return self.asset(
            item.name, cost, item.energy_capex, item.existing_mwh, item.min_mwh, item.max_mwh
        )

    def charge(self, item: Storage) -> DecidedCapacity:
        capex = item.charge_power_capex or 0.0
        cost = self.of(capex, item.charge_power_opex, item.years_of_charging)
        have, low, high = item.existing_charge_mw, item.min_charge_mw, item.max_charge_mw
        return self.asset(item.name, cost, capex, have, low, high)

    def electrolyser(self, item: Electrolyser) -> DecidedCapacity:
        cost = self.of(item.capex, item.opex, item.lifetime)
        return self.asset(item.name, cost, item.capex, item.existing_mw, item.min_mw, item.max_mw)

    def generator(self, item: Generator) -> DecidedCapacity:
        cost = self.of(item.capex, item.opex, item.lifetime)
        return self.asset(item.name, cost, item.capex, item.existing_mw, item.min_mw, item.max_mw)

    def connection(self, grid: Grid) -> DecidedCapacity:
        cost = self.of(grid.capex, grid.opex, grid.lifetime)
        low, high = grid.min_capacity_mw, grid.max_capacity_mw or 0.0
        return replace(
            self.asset("grid", cost, grid.capex, grid.existing_mw, 0, 0), lower=low, upper=high
        )

    def choice(self, item: Any, places: tuple[Place, ...]) -> BuildChoice:
        cost = self.of(item.build_cost, 0.0, item.lifetime) / 1000
        green = not is_other_generator(self.site, item)
        capex = item.build_cost / 1000
        return BuildChoice(item.name, places, item.min_built_mw, cost, capex, green)

    def fixed(self, item: FixedAsset) -> float:
        return self.of(item.capex, item.opex, item.lifetime) / 1000


def _rows(rows: list[Array], steps: int) -> Array:
    return np.array(rows, dtype=np.float64).reshape(-1, steps)


def _generating(item: Generator, steps: int) -> Array:
    """Cost of what a generator gives [thousand yuan/MWh]."""
    fuel = values_of(item.fuel_price, steps) * item.fuel_per_mwh / 1000
    return np.asarray(fuel + item.variable_cost)


def _emission(site: Site) -> Array:
    factor = site.grid.emission_factor if site.grid else None
    return values_of(0.0 if factor is None else factor, len(site.load))


def _cap(site: Site, direction: str) -> Array:
    """Highest import or export at every step [MW]; zero off-grid or where export is not allowed."""
    steps, grid = len(site.load), site.grid
    if grid is None:
        return np.zeros(steps)
    limit_mw = grid.max_import_mw if direction == "import" else grid.max_export_mw
    bounds = [np.inf if limit_mw is None else limit_mw]
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
                cost = float(price * 12 / len(months))
                of_year, of_month = int(month // 12), int(month % 12) + 1
                peak = Peak(number, of_month, of_year, chosen, cost)
                peaks.append(_declared(peak, charge.contract, site.grid))
    return tuple(peaks)


def _declared(peak: Peak, contract: ContractDemand | None, grid: Grid) -> Peak:
    """A peak with what its declared demand costs; see `ContractDemand` for the formulas."""
    if contract is None:
        return peak
    given, allowance = contract.given_in(peak.month), contract.allowance
    if given is not None:
        beyond = peak.cost * contract.excess_rate
        fixed = peak.cost * given * (1.0 - contract.excess_rate * allowance)
        return replace(peak, cost=beyond, lower=allowance * given, fixed=fixed)
    decided = grid.decides_capacity
    least = contract.least_mw if decided else contract.least(grid.capacity_mw or 0.0)
    share = contract.least_share if decided else 0.0
    return replace(
        peak,
        cost=peak.cost / allowance,
        lower=allowance * least,
        per_connected=allowance * share,
    )


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
