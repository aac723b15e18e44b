"""A year of operation: its energies and payments, new and as the equipment ages.

An aged year follows the planned schedule as far as the equipment still allows: what is lost is
taken from curtailment first, then from export, then bought.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.money.bill import self_use
from greenland.energy.money.bill_lines import KWH_PER_MWH, MONTHS
from greenland.energy.site import horizon_years, step_hours
from greenland.energy.tariff import KW_PER_MW, PER_KVA, PER_MONTH, Tariff
from greenland.energy.tariff.power_factor import covered_months
from greenland.energy.tou import wall_clock

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OperatingYear:
    """Energies [MWh/yr] and payments [yuan/yr] of one year.

    Off-grid there is nothing to buy: energy "from the grid" is then what ageing leaves unserved.

    Parameters
    ----------
    load, generation, delivered, green, grid, export : float
        Consumption; available generation; the same less curtailment; green energy from the site
        that serves the load; energy bought; energy sold [MWh/yr].
    not_green : float
        Energy from generators of the site that are not green; it serves the load [MWh/yr].
    fuel_tco2 : float
        Emission of the fuel burnt on site [tCO2/yr].
    grid_energy, grid_fixed : float
        Paid for energy from the grid, and for capacity and demand [yuan/yr].
    self_use_charges : float
        Funds and fees on self-used energy [yuan/yr].
    export_income : float
        [yuan/yr]
    import_peak : float
        Highest import [MW].
    """

    load: float = 0.0
    generation: float = 0.0
    delivered: float = 0.0
    green: float = 0.0
    grid: float = 0.0
    export: float = 0.0
    grid_energy: float = 0.0
    grid_fixed: float = 0.0
    self_use_charges: float = 0.0
    export_income: float = 0.0
    import_peak: float = 0.0
    not_green: float = 0.0
    fuel_tco2: float = 0.0

    @property
    def grid_purchase(self) -> float:
        """All that is paid to the grid for energy bought and capacity held [yuan/yr]."""
        return self.grid_energy + self.grid_fixed


FIELDS = tuple(item.name for item in fields(OperatingYear))
_ENERGIES = ("load", "generation", "delivered", "green", "grid", "export", "not_green")
OPERATION_UNITS = {
    **dict.fromkeys(FIELDS, "元"),
    **dict.fromkeys(_ENERGIES, "MWh"),
    "import_peak": "MW",
    "fuel_tco2": "tCO2",
}


@dataclass(frozen=True, slots=True)
class Ageing:
    """How output falls with age.

    Parameters
    ----------
    first_year : float
        Loss in the first year, as decimal.
    yearly : float
        Further loss in each later year, as decimal of the new output.
    """

    first_year: float = 0.0
    yearly: float = 0.0

    def health(self, age: Array) -> Array:
        """Share of the new output left in a year that begins at the given age [-]."""
        return np.maximum(0.0, 1.0 - self.first_year - self.yearly * np.floor(age + 1e-9))


class Operation:
    """The schedule of a plan, paid by a tariff.

    Parameters
    ----------
    schedule : DataFrame
        As made by `greenland.energy.money.project.metered` [MW].
    tariff : Tariff or None
        None: off-grid; nothing is bought or sold.
    connected_mw : float
    sources : mapping of name to Series or array, optional
        Available output of each source [MW].
    fuel_tco2 : float
        Emission of the fuel burnt on site [tCO2/yr].
    """

    def __init__(
        self,
        schedule: pd.DataFrame,
        tariff: Tariff | None,
        connected_mw: float,
        sources: Mapping[str, pd.Series | Array] | None = None,
        *,
        fuel_tco2: float = 0.0,
    ) -> None:
        self.fuel_tco2 = fuel_tco2
        self.index = pd.DatetimeIndex(schedule.index)
        self.schedule, self.tariff, self.connected_mw = schedule, tariff, connected_mw
        self.years, self.hours = horizon_years(self.index), step_hours(self.index)
        self.sources = {
            name: np.asarray(series, dtype=float) for name, series in (sources or {}).items()
        }
        self.flows = {
            name: np.asarray(schedule[name], dtype=float) if name in schedule else self._zero()
            for name in ("load", "import", "export", "curtailment")
        }
        self.green_gap = np.asarray(
            self_use(schedule.assign(**{"import": self.flows["import"]})), dtype=float
        ) - (self.flows["load"] - self.flows["import"])
        self._not_green = float(schedule["other"].sum()) if "other" in schedule else 0.0
        self._prices = None if tariff is None else _Prices(tariff)
        self._known: dict[tuple[float, ...], OperatingYear] = {}

    def _zero(self) -> Array:
        return np.zeros(len(self.index))

    def new(self) -> OperatingYear:
        """The year as planned."""
        return self.year({}, 1.0)

    def year(self, health: Mapping[str, float], storage_health: float = 1.0) -> OperatingYear:
        """A year in which each source gives a share of its output, and storages of their swing.

        Parameters
        ----------
        health : mapping of source to share
            As decimal; sources left out are as new.
        storage_health : float
            Least share left among the storages.
        """
        shares = tuple(health.get(name, 1.0) for name in self.sources)
        key = (*shares, storage_health)
        if key not in self._known:
            self._known[key] = self._pay(*self._aged(shares, storage_health))
        return self._known[key]

    def _aged(
        self, shares: tuple[float, ...], storage_health: float
    ) -> tuple[dict[str, Array], Array, float]:
        """Flows of an aged year, its available generation [MW], and the storages' scale [-].

        The storage's schedule is scaled by the least share of all, which keeps its state within
        the aged capacity and its charging within the aged generation.
        """
        generation, lost = self._zero(), self._zero()
        for share, output in zip(shares, self.sources.values(), strict=True):
            generation += share * output
            lost += (1 - share) * output
        scale = min((storage_health, *shares))
        need = lost + (1 - scale) * self._discharged()
        flows = dict(self.flows)
        for name in ("curtailment", "export"):
            given = np.minimum(flows[name], np.maximum(need, 0.0))
            flows[name] = flows[name] - given
            need = need - given
        bought = np.maximum(need, -flows["import"])  # less is needed: buy less, then curtail
        flows["import"] = flows["import"] + bought
        flows["curtailment"] = flows["curtailment"] + (bought - need)
        return flows, generation, scale

    def _discharged(self) -> Array:
        """Net power from the storages on site [MW]; charging is negative."""
        if "charge" not in self.schedule:
            return self._zero()
        return np.asarray(self.schedule["discharge"] - self.schedule["charge"], dtype=float)

    def _pay(self, flows: dict[str, Array], generation: Array, swing: float) -> OperatingYear:
        own = flows["load"] - flows["import"] + swing * self.green_gap
        scale = self.hours / self.years
        energies = OperatingYear(
            load=flows["load"].sum() * scale,
            generation=generation.sum() * scale,
            delivered=(generation - flows["curtailment"]).sum() * scale,
            green=(own.sum() - self._not_green) * scale,
            grid=flows["import"].sum() * scale,
            export=flows["export"].sum() * scale,
            import_peak=float(flows["import"].max()),
            not_green=self._not_green * scale,
            fuel_tco2=self.fuel_tco2,
        )
        if self._prices is None:
            return energies
        kwh = KWH_PER_MWH * scale
        return replace(
            energies,
            grid_energy=float(self._prices.buy @ flows["import"]) * kwh,
            grid_fixed=self._prices.fixed(flows["import"], self.connected_mw),
            self_use_charges=float(self._prices.self_use @ own) * kwh,
            export_income=float(self._prices.sell @ flows["export"]) * kwh,
        )


class _Prices:
    """Prices of a tariff as arrays, with its fixed charges ready to be paid."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self.buy = tariff.import_price.to_numpy()
        self.self_use = tariff.self_use_charge.to_numpy()
        self.sell = tariff.export_price.fillna(0.0).to_numpy()
        clock = wall_clock(tariff.index)
        codes, months = pd.factorize(clock.year * 100 + clock.month)
        self.codes, self.months = codes, np.asarray(months) % 100
        self.years, self.hours = horizon_years(tariff.index), step_hours(tariff.index)
        self.covered = None if tariff.adjustment is None else covered_months(tariff.index)
        self.adjusted = tariff.adjusted_components.to_numpy()

    def fixed(self, power: Array, connected_mw: float) -> float:
        """Capacity and demand charges, and what hangs on the power factor, of a year [yuan/yr]."""
        share = MONTHS / len(self.months)
        total, adjustment = self.tariff.fixed_yuan_per_year, self.tariff.adjustment
        counted_yuan, per_mw = np.zeros(len(self.months)), self.hours * KWH_PER_MWH
        for charge in self.tariff.fixed:
            monthly = self.tariff.prices_of(charge)
            prices = np.array([monthly[month - 1] for month in self.months])
            counts = self.tariff.adjusts(charge)
            if charge.per in (PER_KVA, PER_MONTH):
                units = self.tariff.kva(connected_mw) if charge.per == PER_KVA else 1.0
                paid = share * prices * units
                total += float(paid.sum())
                counted_yuan += paid * counts
                continue
            counted = power
            if charge.when is not None:
                counted = np.where(charge.when, power, 0.0)
            peaks = np.zeros(len(self.months))
            np.maximum.at(peaks, self.codes, counted)
            if charge.contract is not None:
                billed = charge.contract.billed
                pairs = zip(self.months, peaks, strict=True)
                peaks = np.array([billed(int(m), float(p), connected_mw) for m, p in pairs])
            paid = share * prices * peaks * KW_PER_MW
            total += float(paid.sum())
            counted_yuan += paid * counts
        if adjustment is None or self.covered is None or adjustment.known is not None:
            return total
        kwh: Array = np.bincount(self.codes, power, len(self.months)).astype(np.float64) * per_mw
        energy = np.bincount(self.codes, self.adjusted * power, len(self.months)) * per_mw
        _factors, shares = adjustment.shares(self.months.tolist(), kwh, self.covered)
        return total + float((energy / self.years + counted_yuan) @ shares)


def grid_only_operation(load: pd.Series, tariff: Tariff, connected_mw: float) -> OperatingYear:
    """The year of a load that buys everything."""
    schedule = pd.DataFrame({"load": load, "import": load, "export": 0.0})
    return Operation(schedule, tariff, connected_mw).new()
