"""Lines of a bill by month and item, from a schedule and a tariff by plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import ContractDemand, horizon_years
from greenland.energy.tariff import KW_PER_MW, PER_KVA, PER_MONTH, FixedCharge, Tariff
from greenland.energy.tariff.power_factor import PowerFactorAdjustment
from greenland.energy.tou import wall_clock

KWH_PER_MWH = 1000.0
MONTHS = 12
EXCESS = "demand_excess"
NO_EXCESS_KW = 1e-6
"""A demand declared for a highest import exceeds it by no more than rounding."""
Array = NDArray[np.float64]


class BilledMonths:
    """The calendar months of a horizon, in their order.

    Parameters
    ----------
    index : DatetimeIndex
        Steps of the horizon.

    Attributes
    ----------
    numbers : array of int
        Month 1-12 of each.
    names : tuple of str
        Such as ``2026-03``.
    """

    def __init__(self, index: pd.DatetimeIndex) -> None:
        clock = wall_clock(index)
        counted = clock.year.to_numpy() * MONTHS + clock.month.to_numpy() - 1
        months, self._month = np.unique(counted, return_inverse=True)
        self.numbers = months % MONTHS + 1
        self.names = tuple(
            f"{count // MONTHS:04d}-{count % MONTHS + 1:02d}" for count in months.tolist()
        )

    def sums(self, values: pd.DataFrame) -> Array:
        """Sums of columns by month, (months, columns)."""
        return values.groupby(self._month).sum().to_numpy()

    def peaks(self, values: pd.Series) -> Array:
        """Highest value of each month."""
        return values.groupby(self._month).max().to_numpy()


@dataclass(frozen=True, slots=True, eq=False)
class BilledItem:
    """One item of a bill over its months.

    Parameters
    ----------
    key, unit : str
    quantity : array
        Of each month [unit].
    yuan : array
        Amount of each month, exact [yuan].
    """

    key: str
    unit: str
    quantity: Array
    yuan: Array


def energy_items(
    prices: pd.DataFrame, power: pd.Series, hours: float, months: BilledMonths, prefix: str
) -> list[BilledItem]:
    """Energy by month at the price of each component."""
    kwh = power * hours * KWH_PER_MWH
    if prefix and not kwh.abs().gt(0).any():
        return []
    summed = months.sums(prices.mul(kwh, axis=0).assign(**{_KWH: kwh}))
    quantity = summed[:, -1]
    return [
        BilledItem(prefix + str(name), "kWh", quantity, summed[:, place])
        for place, name in enumerate(prices.columns)
    ]


_KWH = "kWh"  # no component's name: they are lower case


def export_items(
    tariff: Tariff, schedule: pd.DataFrame, hours: float, months: BilledMonths
) -> list[BilledItem]:
    """Income from what is exported, negative."""
    kwh = schedule["export"] * hours * KWH_PER_MWH
    sold = kwh > 0
    if not sold.any():
        return []
    if tariff.export_price[sold].isna().any():
        raise ValueError("energy is exported but the tariff has no export price")
    income = -(tariff.export_price.fillna(0.0) * kwh)
    quantity, yuan = months.sums(pd.DataFrame({"kwh": kwh, "yuan": income})).T
    return [BilledItem("export", "kWh", quantity, yuan)]


def fixed_items(
    tariff: Tariff, schedule: pd.DataFrame, connected_mw: float, months: BilledMonths
) -> list[BilledItem]:
    """Charges on capacity and demand, and what depends on nothing."""
    one = np.ones(len(months.names))
    weight = MONTHS * horizon_years(tariff.index) / len(one)
    items = []
    for charge in tariff.fixed:
        price = np.array(charge.price)[months.numbers - 1]
        if charge.per == PER_KVA:
            quantity = one * tariff.kva(connected_mw)
            items.append(BilledItem(charge.key, "kVA", quantity, quantity * price * weight))
            continue
        if charge.per == PER_MONTH:
            items.append(BilledItem(charge.key, "month", one, one * price * weight))
            continue
        quantity = months.peaks(_counted(charge, schedule["import"])) * KW_PER_MW
        if charge.contract is not None:
            quantity, beyond = _declared(charge.contract, months, quantity, connected_mw)
            if beyond.any():
                rate = charge.contract.excess_rate
                key = EXCESS if charge.key == "demand_charge" else f"{charge.key}_excess"
                items.append(BilledItem(key, "kW", beyond, beyond * price * rate * weight))
        items.append(BilledItem(charge.key, "kW", quantity, quantity * price * weight))
    if tariff.fixed_yuan_per_year:
        yuan = one * tariff.fixed_yuan_per_year / MONTHS * weight
        items.append(BilledItem("fixed", "month", one, yuan))
    return items


def adjustment_item(
    adjustment: PowerFactorAdjustment,
    items: Sequence[BilledItem],
    drawn: Array,
    covered: Array,
    months: BilledMonths,
) -> BilledItem:
    """What the power factor adds to each month: its share of the items that are adjusted."""
    amounts = np.zeros(len(months.names))
    for item in items:
        apart = item.key.startswith("self_use_") or item.key == "export" or item.unit == "month"
        if not apart and adjustment.counts(item.key):
            amounts = amounts + item.yuan
    _factors, shares = adjustment.shares(months.numbers.tolist(), drawn, covered)
    return BilledItem("power_factor_adjustment", "yuan", amounts, amounts * shares)


def table_of(items: Sequence[BilledItem], months: BilledMonths) -> pd.DataFrame:
    """One row per item and month, see `greenland.energy.money.bill.ElectricityBill`."""
    count = len(months.names)
    quantity = np.concatenate([item.quantity for item in items])
    yuan = np.concatenate([item.yuan for item in items])
    price = np.divide(yuan, quantity, out=np.full(len(yuan), np.nan), where=quantity != 0)
    return pd.DataFrame(
        {
            "month": [*months.names] * len(items),
            "item": [item.key for item in items for _month in range(count)],
            "quantity": quantity,
            "unit": [item.unit for item in items for _month in range(count)],
            "price": price,
            "yuan": yuan,
        }
    )


def _declared(
    contract: ContractDemand, months: BilledMonths, peaks: Array, connected_mw: float
) -> tuple[Array, Array]:
    """Declared demand of each month and what goes beyond it and its allowance [kW]."""
    rows = list(zip(months.numbers.tolist(), (peaks / KW_PER_MW).tolist(), strict=True))
    declared, beyond = (
        np.array([part(month, peak, connected_mw) * KW_PER_MW for month, peak in rows])
        for part in (contract.declared_in, contract.excess_in)
    )
    return declared, np.where(beyond > NO_EXCESS_KW, beyond, 0.0)


def _counted(charge: FixedCharge, power: pd.Series) -> pd.Series:
    """Import in the steps that count [MW]."""
    return power if charge.when is None else power.where(charge.when, 0.0)
