"""Tariffs: the price of every kWh from the grid and of every kW connected to it.

A `Tariff` holds prices per step by component, what self-used energy pays, and what is paid for
each connected kVA and for the highest demand. `greenland.energy.tariff.resolve` makes it from what
a case file says. The same `Tariff` gives the sizing its prices (`sizing_prices`) and makes every
bill (`greenland.energy.bill`).

Modes
-----
capacity
    发改价格〔2025〕1192号: the monthly capacity charge rises by the T&D energy price × average
    load rate × 730 h for each connected kVA; grid energy then pays no T&D energy price.
backup
    The same document's alternative: the two-part tariff with the T&D energy price on all
    consumption, self-used energy included.
two_part, single_part
    The ordinary tariffs; T&D energy price on energy from the grid only.

In every mode self-used energy pays the government funds, exported energy does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import DemandCharge, Grid, mask_of, values_of
from greenland.energy.tariff.config import (
    BILLING_LABELS,
    COMPONENT_LABELS,
    MODE_LABELS,
    MODE_NOTES,
    VOLTAGE_LABELS,
    Billing,
    Mode,
    Voltage,
)
from greenland.i18n import N_, _

KW_PER_MW = 1000.0

# What a fixed charge is counted in.
PER_KVA = "kva_month"
PER_KW = "kw_month"

FIXED_LABELS = {
    "capacity_charge": N_("容量电费"),
    "demand_charge": N_("需量电费"),
    "near_charge": N_("容量电费中的输配电量部分（1192号）"),
    "fixed": N_("固定费用"),
}

ASSUMPTION_LABELS = {
    "market_price": N_("市场化交易电量电价"),
    "system_operation_fee": N_("系统运行费"),
    "line_loss": N_("线损率"),
    "funds": N_("政府性基金及附加"),
    "transmission_price": N_("输配电量电价"),
    "capacity_price": N_("容量电价"),
    "demand_price": N_("需量电价"),
    "average_load_rate": N_("平均负荷率"),
    "power_factor": N_("功率因数"),
    "export_price": N_("上网电价"),
    "tou": N_("分时时段和比价"),
    "seasons": N_("丰平枯月份"),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number a tariff rests on, and where it comes from.

    Parameters
    ----------
    item : str
        Stable name, such as ``"funds"``.
    value : number or text
        In *unit*; text where it is a series or a schedule.
    confidence : str
        As in the rules, or ``"user"`` for what the file says.
    """

    item: str
    value: Any
    unit: str
    source: str
    confidence: str
    rule_id: str | None = None

    def as_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        label = ASSUMPTION_LABELS.get(self.item)
        return {
            "item": self.item,
            "title": str(_(label)) if label else self.item,
            "value": self.value,
            "unit": self.unit,
            "source": self.source,
            "confidence": self.confidence,
            "rule_id": self.rule_id,
        }


@dataclass(frozen=True, slots=True, eq=False)
class FixedCharge:
    """A monthly charge on connected capacity or on the highest demand.

    Parameters
    ----------
    key : str
        Item of the bill; one of `FIXED_LABELS`, or the name given in the file.
    price : tuple of 12 float
        January first [yuan/(kVA·month)] or [yuan/(kW·month)].
    per : str
        ``"kva_month"`` on connected capacity, ``"kw_month"`` on the highest import.
    when : array of bool, optional
        Steps that count towards the demand; None: all.
    """

    key: str
    price: tuple[float, ...]
    per: str
    when: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """Every price of one way of being supplied.

    Parameters
    ----------
    components : DataFrame
        Price of energy from the grid per step, one column per component [yuan/kWh].
    self_use : DataFrame
        Price of self-used energy per step, one column per component [yuan/kWh].
    export_price : Series
        Price paid for exported energy per step [yuan/kWh]; NaN where none was given.
    fixed : tuple of FixedCharge
    period : Series
        Time-of-use period of each step.
    power_factor : float
    connected_kva : float or None
        Given connected capacity [kVA]; None: from the plan's MW and the power factor.
    assumptions : tuple of Assumption
    fixed_yuan_per_year : float
        Charges that depend on nothing [yuan/yr].
    """

    mode: Mode | None
    billing: Billing | None
    voltage: Voltage | None
    components: pd.DataFrame
    self_use: pd.DataFrame
    export_price: pd.Series
    fixed: tuple[FixedCharge, ...]
    period: pd.Series
    power_factor: float
    connected_kva: float | None
    assumptions: tuple[Assumption, ...]
    fixed_yuan_per_year: float = 0.0

    @property
    def index(self) -> pd.DatetimeIndex:
        """Steps the prices hold for."""
        return pd.DatetimeIndex(self.components.index)

    @property
    def import_price(self) -> pd.Series:
        """All-in price of a kWh from the grid per step [yuan/kWh]."""
        return self.components.sum(axis=1).rename("import_price")

    @property
    def self_use_charge(self) -> pd.Series:
        """What a self-used kWh pays per step [yuan/kWh]."""
        return self.self_use.sum(axis=1).rename("self_use_charge")

    @property
    def title(self) -> str:
        """The mode, its billing and the voltage in one phrase."""
        if self.mode is None or self.voltage is None:
            return _("直接给出的价格")
        parts = [_(MODE_LABELS[self.mode])]
        if self.billing is not None:
            parts.append(_(BILLING_LABELS[self.billing]))
        parts.append(_(VOLTAGE_LABELS[self.voltage]))
        return "，".join(parts)

    def kva(self, connected_mw: float) -> float:
        """Connected capacity that is billed [kVA], for a connection of so many MW."""
        if self.connected_kva is not None:
            return self.connected_kva
        return connected_mw * KW_PER_MW / self.power_factor

    def record(self) -> dict[str, Any]:
        """JSON-ready summary of the tariff, without its series."""
        return {
            "mode": None if self.mode is None else str(self.mode),
            "billing": None if self.billing is None else str(self.billing),
            "voltage": None if self.voltage is None else str(self.voltage),
            "title": str(self.title),
            "import_price_mean": float(self.import_price.mean()),
            "import_price_min": float(self.import_price.min()),
            "import_price_max": float(self.import_price.max()),
            "fixed": [
                {"item": charge.key, "price": list(charge.price), "per": charge.per}
                for charge in self.fixed
            ],
            "power_factor": self.power_factor,
            "connected_kva": self.connected_kva,
        }


@dataclass(frozen=True, slots=True, eq=False)
class SizingPrices:
    """The prices a sizing pays; together they reproduce the bill of `greenland.energy.bill`.

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
    The sizing takes one capacity price for the year: the mean of the twelve months.
    """
    per_kva = sum(float(np.mean(c.price)) for c in tariff.fixed if c.per == PER_KVA)
    given = tariff.connected_kva
    demands = tuple(
        DemandCharge(
            price=dict(enumerate(charge.price, start=1)),
            when=charge.when,
            name=charge.key,
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
        fixed=(*tariff.fixed, *_demand_of(grid, len(tariff.components))),
        fixed_yuan_per_year=tariff.fixed_yuan_per_year + grid.fixed_cost,
    )


def _demand_of(grid: Grid, steps: int) -> list[FixedCharge]:
    return [
        FixedCharge(
            charge.name,
            tuple(charge.price_in(month) for month in range(1, 13)),
            PER_KW,
            None if charge.when is None else mask_of(charge.when, steps),
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
    fixed = _demand_of(grid, steps)
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


def near_capacity_addition(energy_price: float, load_rate: float, hours: float) -> float:
    """T&D energy price turned into a capacity charge.

    Parameters
    ----------
    energy_price : float
        T&D energy price of the voltage level [yuan/kWh].
    load_rate : float
        Average load rate of the voltage level, as decimal.
    hours : float
        Hours a month [h]; the document says 730.

    Returns
    -------
    float
        Added monthly charge for each connected kVA [yuan/(kVA·month)].

    References
    ----------
    发改价格〔2025〕1192号, formula of the monthly capacity (demand) charge.

    Examples
    --------
    At 110 kV in Yunnan with a load rate of one half:

    >>> round(near_capacity_addition(0.0683, 0.50, 730), 2)
    24.93
    """
    return energy_price * load_rate * hours


def item_label(key: str) -> str:
    """Name of a component or fixed charge in words; names from the file stay as they are."""
    label = COMPONENT_LABELS.get(key) or FIXED_LABELS.get(key)
    return _(label) if label else key


def cheapest(
    tariffs: Sequence[Tariff], cost: Callable[[Tariff], float | None]
) -> tuple[Tariff, list[dict[str, Any]]]:
    """The tariff with the least cost, and what each costs.

    Parameters
    ----------
    tariffs : sequence of Tariff
        See `resolve`; of equal costs the earlier one is taken.
    cost : callable
        Yearly cost under a tariff [yuan/yr], such as that of the plan sized for it; None where
        there is none.

    Returns
    -------
    Tariff
    list of dict
        One row per tariff: mode, billing, title, ``annual_cost``, chosen, note.

    Raises
    ------
    ValueError
        If no tariff has a cost.
    """
    costs = [cost(tariff) for tariff in tariffs]
    known = [place for place, value in enumerate(costs) if value is not None]
    if not known:
        raise ValueError("no tariff has a cost")
    best = min(known, key=lambda place: (costs[place], place))
    rows = [
        {
            "mode": None if tariff.mode is None else str(tariff.mode),
            "billing": None if tariff.billing is None else str(tariff.billing),
            "title": str(tariff.title),
            "annual_cost": value,
            "chosen": place == best,
            "note": str(_(MODE_NOTES[tariff.mode])) if tariff.mode in MODE_NOTES else None,
        }
        for place, (tariff, value) in enumerate(zip(tariffs, costs, strict=True))
    ]
    return tariffs[best], rows
