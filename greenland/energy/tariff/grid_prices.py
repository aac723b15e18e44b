"""Between a tariff and the grid of a site: prices the sizing pays, and tariffs of a grid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site import DemandCharge, Grid, mask_of, values_of
from greenland.energy.tariff.tariff import PER_KVA, PER_KW, PER_MONTH, FixedCharge, Tariff
from greenland.energy.tou import wall_clock


@dataclass(frozen=True, slots=True, eq=False)
class SizingPrices:
    """The prices a sizing pays; together they reproduce the bill of `greenland.energy.money.bill`.

    Parameters
    ----------
    import_price, export_price, self_use_charge : Series [yuan/kWh]
    capacity_price : float
        On the connected capacity in MW, turned into kW [yuan/(kW·month)].
    fixed_yuan_per_year : float
        Charges on a connected capacity given in kVA, which no decision changes [yuan/yr].
    demand_charges : tuple of DemandCharge
    """

    import_price: pd.Series
    export_price: pd.Series
    self_use_charge: pd.Series
    capacity_price: float
    fixed_yuan_per_year: float
    demand_charges: tuple[DemandCharge, ...]

    def grid_fields(self) -> dict[str, Any]:
        """The same as keyword arguments of `greenland.energy.site.Grid`."""
        return {
            "import_price": self.import_price,
            "export_price": self.export_price.fillna(0.0),
            "self_use_price": self.self_use_charge,
            "capacity_price": self.capacity_price,
            "fixed_cost": self.fixed_yuan_per_year,
            "demand_charges": self.demand_charges,
        }


def sizing_prices(tariff: Tariff) -> SizingPrices:
    """Prices of *tariff* as the sizing needs them.

    Notes
    -----
    A price per kVA becomes one per kW of connected capacity by dividing by the power factor.
    The sizing takes one capacity price for the year: the mean of the months of the horizon, each
    of which the bill counts alike.
    """
    months = sorted(set(wall_clock(tariff.index).month - 1))
    charges = (charge for charge in tariff.fixed if charge.per == PER_KVA)
    per_kva = sum(
        float(np.mean([tariff.prices_of(charge)[month] for month in months])) for charge in charges
    )
    flat = sum(
        12 * float(np.mean([tariff.prices_of(charge)[month] for month in months]))
        for charge in tariff.fixed
        if charge.per == PER_MONTH
    )
    given = tariff.connected_kva
    demands = tuple(
        DemandCharge(
            price=dict(enumerate(tariff.prices_of(charge), start=1)),
            when=charge.when,
            name=charge.key,
            contract=charge.contract,
        )
        for charge in tariff.fixed
        if charge.per == PER_KW
    )
    return SizingPrices(
        import_price=tariff.import_price,
        export_price=tariff.export_price,
        self_use_charge=tariff.self_use_charge,
        capacity_price=0.0 if given is not None else per_kva / tariff.power_factor,
        fixed_yuan_per_year=tariff.fixed_yuan_per_year
        + flat
        + (0.0 if given is None else 12 * per_kva * given),
        demand_charges=demands,
    )


def with_grid_charges(tariff: Tariff, grid: Grid) -> Tariff:
    """A tariff with the demand charges and fixed costs that stand in the grid itself.

    Parameters
    ----------
    tariff : Tariff
    grid : Grid
        As the file gives it, without the tariff's own prices.
    """
    return replace(
        tariff,
        fixed=(*tariff.fixed, *demand_charges_of(grid, len(tariff.components))),
        fixed_yuan_per_year=tariff.fixed_yuan_per_year + grid.fixed_cost,
    )


def demand_charges_of(grid: Grid, steps: int) -> list[FixedCharge]:
    """Demand charges of a grid as charges of a tariff."""
    return [
        FixedCharge(
            charge.name,
            tuple(charge.price_in(month) for month in range(1, 13)),
            PER_KW,
            None if charge.when is None else mask_of(charge.when, steps),
            charge.contract,
        )
        for charge in grid.demand_charges
    ]


def tariff_of_grid(grid: Grid, index: pd.DatetimeIndex) -> Tariff:
    """Tariff of a grid whose prices are given all-in, without components.

    Parameters
    ----------
    grid : Grid
    index : DatetimeIndex

    Notes
    -----
    Its capacity price is per kW, so the power factor is one.
    """
    steps = len(index)
    export = values_of(grid.export_price, steps)
    fixed = demand_charges_of(grid, steps)
    if grid.capacity_price:
        fixed.insert(0, FixedCharge("capacity_charge", (grid.capacity_price,) * 12, PER_KVA))
    return Tariff(
        mode=None,
        billing=None,
        voltage=None,
        components=pd.DataFrame({"energy": values_of(grid.import_price, steps)}, index=index),
        self_use=pd.DataFrame({"funds": values_of(grid.self_use_price, steps)}, index=index),
        export_price=pd.Series(export, index=index, name="export_price"),
        fixed=tuple(fixed),
        period=pd.Series("flat", index=index, name="period"),
        power_factor=1.0,
        connected_kva=None,
        assumptions=(),
        fixed_yuan_per_year=grid.fixed_cost,
    )
