"""Numbers of the problem made ready once: every coefficient that a constraint family needs.

Powers [MW], energies [MWh], costs [thousand yuan/yr]: a price in yuan/kW times MW,
or in yuan/kWh times MWh, is a number of thousand yuan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.problem.building import BuildChoice
from greenland.energy.problem.maintenance import Window, WindowCut
from greenland.energy.site import (
    Array,
    Site,
    Storage,
)

TIE_ENERGY = 1e-7

TIE_EXPORT, TIE_CURTAILMENT, TIE_CHARGE, TIE_DISCHARGE = 1.0, 2.0, 3.0, 3.0

TIE_INTERRUPTED, TIE_UNSERVED = 4.0, 5.0

TIE_GRID_ENERGY = 1.0  # at the turn, or to cover a loss, where green energy would do as well


@dataclass(frozen=True)
class DecidedCapacity:
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

    `steps` are the step numbers that count; `cost` is in thousand yuan/MW·yr. Of a declared demand,
    `lower` is the highest purchase nothing more is paid for [MW], `per_connected` the same for each
    MW of a connection that is decided, and `fixed` what is paid in any case [thousand yuan/yr].
    """

    charge: int
    month: int
    year: int
    steps: NDArray[np.int64]
    cost: float
    lower: float = 0.0
    per_connected: float = 0.0
    fixed: float = 0.0


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
    sources: tuple[DecidedCapacity, ...]
    storage_power: tuple[DecidedCapacity, ...]
    storage_energy: tuple[DecidedCapacity, ...]
    charge_power: tuple[DecidedCapacity, ...]  # of the storages in `charge_stores` only
    electrolysers: tuple[DecidedCapacity, ...]
    quota_least: Array  # (electrolysers with a daily quota, steps): of product so far in the day
    quota_most: Array
    quota_first: NDArray[np.bool_]  # first step of each day
    generators: tuple[DecidedCapacity, ...]
    running: Array  # (generators, steps): share of the capacity that can run
    generating: Array  # (generators, steps): fuel and variable cost [thousand yuan/MWh]
    connection: DecidedCapacity | None  # only when the connected capacity is a decision
    capacity_charge: float  # thousand yuan/MW·yr on the connected capacity
    peaks: tuple[Peak, ...]
    shift_profile: Array  # (shiftable, steps)
    shift_ends: NDArray[np.bool_]  # (shiftable, steps): last step of a window
    interruptible: Array  # (interruptible, steps)
    purchase_price: Array  # (sellers, steps): thousand yuan/MWh
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
    choices: tuple[BuildChoice, ...] = ()
    running_steps: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)  # see `stopping`
    windows: tuple[Window, ...] = ()  # of maintenance, with the starts that are left
    window_cuts: tuple[WindowCut, ...] = ()
    deciding_runs: bool = False  # binary variables say when what may stop runs
    built: frozenset[int] = frozenset()  # choices whose cost of building counts

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
        rows = []
        for surplus in self.surplus:
            most, place = surplus.most[self.cut_steps], surplus.without
            chosen = np.isfinite(most)
            if place is not None:
                chosen &= self.pu[place][self.cut_steps] > 0
            steps, most = self.cut_steps[chosen], most[chosen]
            outward = 1.0 + np.maximum(-most, 0.0) / self.export_cap[steps]
            right = np.maximum(most, 0.0)
            rows.append((place, steps, outward, right / self.import_most[steps], right))
        return rows

    @property
    def weight(self) -> float:
        """Step hours per year of the horizon: turns a sum over steps into MWh/yr."""
        return self.step_hours / self.years

    @property
    def capacities(self) -> dict[str, tuple[DecidedCapacity, ...]]:
        """Families of decided capacities, with their assets."""
        families = {
            "capacity": self.sources,
            "storage_power": self.storage_power,
            "storage_energy": self.storage_energy,
            **({"charge_power": self.charge_power} if self.charge_power else {}),
            "electrolyser_capacity": self.electrolysers,
            **({"generator_capacity": self.generators} if self.generators else {}),
        }
        return (
            families
            if self.connection is None
            else {**families, "grid_capacity": (self.connection,)}
        )

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

    def generator_rows(self, *, green: bool) -> tuple[int, ...]:
        """Numbers of the generators that are green, or of those that are not."""
        return tuple(j for j, item in enumerate(self.site.generators) if item.is_green is green)

    @property
    def quotas(self) -> tuple[int, ...]:
        """Numbers of the electrolysers whose product of a day is bounded."""
        return tuple(j for j, item in enumerate(self.site.electrolysers) if item.has_quota)

    @property
    def charge_stores(self) -> tuple[int, ...]:
        """Numbers of the storages whose charging power is a capacity of its own."""
        storages = self.site.storages
        return tuple(b for b, item in enumerate(storages) if item.decides_charge_power)

    def most_charge(self, b: int) -> float:
        """Upper bound of what a storage charges with [MW]."""
        if b in self.charge_stores:
            return self.charge_power[self.charge_stores.index(b)].upper
        ratio = self.site.storages[b].charge_ratio
        return ratio * self.storage_power[b].upper if ratio else 0.0

    @property
    def grid_stores(self) -> tuple[int, ...]:
        """Numbers of the storages that may charge from the grid."""
        site = self.site
        return tuple(i for i, item in enumerate(site.storages) if site.charges_from_grid(item))

    @property
    def sellers(self) -> tuple[int, ...]:
        """Numbers of the sources whose output is bought by what is taken of it."""
        sources = self.site.sources
        return tuple(g for g, item in enumerate(sources) if item.purchase is not None)

    @property
    def least_takes(self) -> tuple[tuple[int, float, float], ...]:
        """Place among the sellers, least energy [MWh/yr] and price of the shortfall, where due."""
        contracts = [item.purchase for item in self.site.sellers if item.purchase is not None]
        return tuple(
            (place, item.min_take_mwh, item.price_of_shortfall(self.steps))
            for place, item in enumerate(contracts)
            if item.min_take_mwh
        )

    @property
    def floor_stores(self) -> tuple[int, ...]:
        """Numbers of those whose energy below the floor runs down, in the order of the above."""
        storages = self.site.storages
        return tuple(b for b in self.grid_stores if self.floor_loss(storages[b]))

    def floor_loss(self, item: Storage) -> float:
        """What a step takes from the energy below the floor, as a share of the energy capacity."""
        return (1 - item.kept(self.step_hours)) * item.soc_floor
