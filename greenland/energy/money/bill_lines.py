"""Lines of a bill by month and item, from a schedule and a tariff by plain arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import ContractDemand, horizon_years
from greenland.energy.tariff import KW_PER_MW, PER_KVA, PER_MONTH, FixedCharge, Tariff
from greenland.energy.tariff.power_factor import PowerFactorAdjustment

KWH_PER_MWH = 1000.0
MONTHS = 12
EXCESS = "demand_excess"
NO_EXCESS_KW = 1e-6
"""A demand declared for a highest import exceeds it by no more than rounding."""
Array = NDArray[np.float64]


def energy_lines(
    prices: pd.DataFrame, power: pd.Series, hours: float, month: pd.Series, prefix: str
) -> list[pd.DataFrame]:
    """Energy by month at the price of each component."""
    kwh = power * hours * KWH_PER_MWH
    if prefix and not kwh.abs().gt(0).any():
        return []
    quantity = kwh.groupby(month).sum()
    return [
        _lines(prefix + str(name), quantity, (prices[name] * kwh).groupby(month).sum(), "kWh")
        for name in prices.columns
    ]


def export_lines(
    tariff: Tariff, schedule: pd.DataFrame, hours: float, month: pd.Series
) -> list[pd.DataFrame]:
    """Income from what is exported, negative."""
    kwh = schedule["export"] * hours * KWH_PER_MWH
    sold = kwh > 0
    if not sold.any():
        return []
    if tariff.export_price[sold].isna().any():
        raise ValueError("energy is exported but the tariff has no export price")
    income = -(tariff.export_price.fillna(0.0) * kwh)
    return [_lines("export", kwh.groupby(month).sum(), income.groupby(month).sum(), "kWh")]


def fixed_lines(
    tariff: Tariff, schedule: pd.DataFrame, connected_mw: float, month: pd.Series
) -> list[pd.DataFrame]:
    """Charges on capacity and demand, and what depends on nothing."""
    months = month.unique()
    weight = MONTHS * horizon_years(tariff.index) / len(months)
    lines = []
    for charge in tariff.fixed:
        price = np.array([charge.price[_month_of(name) - 1] for name in months])
        if charge.per == PER_KVA:
            quantity = pd.Series(tariff.kva(connected_mw), index=months)
            lines.append(_lines(charge.key, quantity, quantity * price * weight, "kVA"))
            continue
        if charge.per == PER_MONTH:
            one = pd.Series(1.0, index=months)
            lines.append(_lines(charge.key, one, one * price * weight, "month"))
            continue
        quantity = _peaks(charge, schedule["import"], month).reindex(months) * KW_PER_MW
        if charge.contract is not None:
            quantity, beyond = _declared(charge.contract, quantity, connected_mw)
            if beyond.any():
                rate = charge.contract.excess_rate
                name = EXCESS if charge.key == "demand_charge" else f"{charge.key}_excess"
                lines.append(_lines(name, beyond, beyond * price * rate * weight, "kW"))
        lines.append(_lines(charge.key, quantity, quantity * price * weight, "kW"))
    if tariff.fixed_yuan_per_year:
        one = pd.Series(1.0, index=months)
        yearly = tariff.fixed_yuan_per_year
        lines.append(_lines("fixed", one, one * yearly / MONTHS * weight, "month"))
    return lines


def adjustment_lines(
    adjustment: PowerFactorAdjustment, lines: list[pd.DataFrame], drawn: pd.Series, covered: Array
) -> pd.DataFrame:
    """What the power factor adds to each month: its share of the items that are adjusted."""
    table = pd.concat(lines, ignore_index=True)
    apart = table["item"].str.startswith("self_use_") | (table["item"] == "export")
    apart |= table["unit"] == "month"
    counted = table[~apart & table["item"].map(adjustment.counts)]
    amounts = counted.groupby("month")["yuan"].sum().reindex(drawn.index, fill_value=0.0)
    months = [_month_of(name) for name in drawn.index]
    _factors, shares = adjustment.shares(months, drawn.to_numpy(dtype=float), covered)
    return _lines("power_factor_adjustment", amounts, amounts * shares, "yuan")


def _month_of(name: object) -> int:
    """Month 1-12 of a name such as ``2026-03``."""
    return int(str(name)[5:])


def _declared(
    contract: ContractDemand, peaks: pd.Series, connected_mw: float
) -> tuple[pd.Series, pd.Series]:
    """Declared demand of each month and what goes beyond it and its allowance [kW]."""
    rows = [(_month_of(name), float(kw) / KW_PER_MW) for name, kw in peaks.items()]
    parts = [
        [part(month, peak, connected_mw) * KW_PER_MW for month, peak in rows]
        for part in (contract.declared_in, contract.excess_in)
    ]
    declared, beyond = (pd.Series(part, index=peaks.index) for part in parts)
    return declared, beyond.where(beyond > NO_EXCESS_KW, 0.0)


def _peaks(charge: FixedCharge, power: pd.Series, month: pd.Series) -> pd.Series:
    """Highest import of each month among the steps that count [MW]."""
    if charge.when is not None:
        power = power.where(charge.when, 0.0)
    return power.groupby(month).max()


def _lines(item: str, quantity: pd.Series, yuan: pd.Series, unit: str) -> pd.DataFrame:
    frame = pd.DataFrame({"quantity": quantity, "yuan": yuan})
    frame["price"] = frame["yuan"] / frame["quantity"].where(frame["quantity"] != 0)
    frame["item"], frame["unit"] = item, unit
    return frame.rename_axis("month").reset_index()[
        ["month", "item", "quantity", "unit", "price", "yuan"]
    ]
