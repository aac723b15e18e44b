"""The items of a month of a bill, from a tariff and metered values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenland.energy.money.bill_lines import KWH_PER_MWH
from greenland.energy.site import step_hours
from greenland.energy.tariff import KW_PER_MW, PER_KVA, PER_MONTH, FixedCharge, Tariff
from greenland.energy.tariff.power_factor import covered_months
from greenland.energy.tou import wall_clock

ADJUSTMENT = "power_factor_adjustment"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """One item of a month, or of a period in it, as tariff and metered values have it."""

    quantity: float
    price: float | None
    amount: float
    unit: str


class Recomputation:
    """Every item of a month by a tariff and what was metered.

    Parameters
    ----------
    tariff : Tariff
    imported : Series
        Power drawn from the grid [MW], on the tariff's index.
    connected_mw : float
    """

    def __init__(self, tariff: Tariff, imported: pd.Series, connected_mw: float) -> None:
        self.tariff, self.imported, self.connected_mw = tariff, imported, connected_mw
        index = pd.DatetimeIndex(imported.index)
        self.month = pd.Series(wall_clock(index).strftime("%Y-%m"), index=index)
        self.kwh = imported * step_hours(index) * KWH_PER_MWH
        covered = covered_months(index)
        self.covered = dict(zip(sorted(self.month.unique()), covered.tolist(), strict=True))

    @property
    def items(self) -> list[str]:
        """Keys of all items of the tariff."""
        keys = [*map(str, self.tariff.components), *(charge.key for charge in self.tariff.fixed)]
        return [*keys, ADJUSTMENT] if self.tariff.adjustment is not None else keys

    def of(self, key: str, month: str, period: str | None) -> Recomputed | None:
        """One item; None where the tariff has none."""
        steps = (self.month == month).to_numpy()
        if not steps.any():
            return None
        if key in self.tariff.components:
            if period is not None:
                steps = steps & (self.tariff.period == period).to_numpy()
            kwh = float(self.kwh[steps].sum())
            amount = float((self.tariff.components[key] * self.kwh)[steps].sum())
            mean = float(self.tariff.components[key][steps].mean()) if steps.any() else None
            return Recomputed(kwh, amount / kwh if kwh else mean, amount, "kWh")
        if key == ADJUSTMENT:
            return self._adjustment(month)
        if key == "demand_excess":
            charges = [one for one in self.tariff.fixed if one.contract is not None]
            return self._fixed(charges[0], month, beyond=True) if charges else None
        for charge in self.tariff.fixed:
            if charge.key == key:
                return self._fixed(charge, month)
        return None

    def _fixed(self, charge: FixedCharge, month: str, *, beyond: bool = False) -> Recomputed:
        number = int(month[5:])
        price = charge.price[number - 1]
        if charge.per == PER_MONTH:
            return Recomputed(1.0, price, price, "month")
        if charge.per == PER_KVA:
            kva = self.tariff.kva(self.connected_mw)
            return Recomputed(kva, price, kva * price, "kVA")
        power = self.imported.where(charge.when, 0.0) if charge.when is not None else self.imported
        peak = float(power[(self.month == month).to_numpy()].max())
        if charge.contract is not None:
            contract = charge.contract
            price = price * contract.excess_rate if beyond else price
            part = contract.excess_in if beyond else contract.declared_in
            peak = part(number, peak, self.connected_mw)
        kw = peak * KW_PER_MW
        return Recomputed(kw, price, kw * price, "kW")

    def _adjustment(self, month: str) -> Recomputed | None:
        rule = self.tariff.adjustment
        if rule is None:
            return None
        keys = [name for name in map(str, self.tariff.components) if rule.counts(name)]
        keys += [charge.key for charge in self.tariff.fixed if self.tariff.adjusts(charge)]
        if "demand_charge" in keys:
            keys.append("demand_excess")
        parts = [found for key in keys if (found := self.of(key, month, None)) is not None]
        base = sum(part.amount for part in parts)
        kwh = float(self.kwh[(self.month == month).to_numpy()].sum())
        _factors, shares = rule.shares(
            [int(month[5:])], np.array([kwh]), np.array([self.covered[month]])
        )
        return Recomputed(base, float(shares[0]), base * float(shares[0]), "yuan")
