"""The power-factor adjustment of a bill: what a month's factor adds to it or takes from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import step_hours
from greenland.energy.tou import wall_clock

Array = NDArray[np.float64]
PERCENT = 100.0
HOURS_A_DAY = 24.0
KWH_PER_MWH = 1000.0
POINT = 0.01
"""The table goes by hundredths of the power factor."""


@dataclass(frozen=True)
class AdjustmentTable:
    """What each power factor adds to a bill, for one standard.

    Parameters
    ----------
    factors : tuple of float
        Rising; the adjustment is even between them.
    percents : tuple of float
        Adjustment at each of them [% of the bill]; negative: the bill is lower.
    below : float
        Further adjustment of each hundredth below the lowest of them [%].

    Examples
    --------
    >>> table = AdjustmentTable((0.65, 0.70, 0.90, 0.95), (15.0, 10.0, 0.0, -0.75), 2.0)
    >>> [round(table.share(factor), 4) for factor in (0.89, 0.93, 0.60)]
    [0.005, -0.0045, 0.25]
    """

    factors: tuple[float, ...]
    percents: tuple[float, ...]
    below: float

    def share(self, factor: float) -> float:
        """Adjustment as a decimal share of the bill, for a factor of two decimals."""
        lowest = self.factors[0]
        if factor < lowest:
            beyond = self.percents[0] + self.below * (lowest - factor) / POINT
            return round(beyond, 4) / PERCENT
        return round(float(np.interp(factor, self.factors, self.percents)), 4) / PERCENT


def tables_of(value: Mapping[str, Any]) -> dict[float, AdjustmentTable]:
    """Tables by their standard, from the value of a rule."""
    below = float(value["below_lowest"])
    found = {}
    for standard, points in value["standards"].items():
        rising = sorted((float(factor), float(percent)) for factor, percent in points)
        factors, percents = zip(*rising, strict=True)
        found[float(standard)] = AdjustmentTable(factors, percents, below)
    return found


def two_decimals(factor: float) -> float:
    """A power factor as it is billed: two decimals, halves up.

    Examples
    --------
    >>> two_decimals(0.895), two_decimals(0.8949)
    (0.9, 0.89)
    """
    return float(np.floor(factor * PERCENT + 0.5 + 1e-9)) / PERCENT


def power_factor(active_kwh: float, reactive_kvarh: float) -> float:
    """Mean power factor of a month, of two decimals; 1 where nothing is drawn.

    Examples
    --------
    >>> power_factor(300.0, 400.0), power_factor(0.0, 0.0)
    (0.6, 1.0)
    """
    apparent = float(np.hypot(active_kwh, reactive_kvarh))
    return two_decimals(active_kwh / apparent) if apparent else 1.0


@dataclass(frozen=True)
class PowerFactorAdjustment:
    """How a bill is adjusted by the power factor at the meter of the grid.

    Parameters
    ----------
    table : AdjustmentTable
    standard : float
        Power factor at which nothing is adjusted.
    factors : tuple of 12 float, optional
        Power factor of each month, January first.
    reactive_kvarh : tuple of 12 float, optional
        Reactive energy of each month [kvarh], instead: the factor then follows from what is drawn.
    excluded : frozenset of str
        Items of the bill that are not adjusted.
    """

    table: AdjustmentTable
    standard: float
    factors: tuple[float, ...] | None = None
    reactive_kvarh: tuple[float, ...] | None = None
    excluded: frozenset[str] = frozenset()

    @property
    def known(self) -> tuple[float, ...] | None:
        """Share of each month, January first; None where it hangs on what is drawn."""
        if self.factors is None:
            return None
        return tuple(self.table.share(two_decimals(factor)) for factor in self.factors)

    def counts(self, item: str) -> bool:
        """Whether an item of the bill is adjusted; demand beyond its contract is as demand is."""
        name = "demand_charge" if item == "demand_excess" else item.removesuffix("_excess")
        return name not in self.excluded

    def metered(self, imported: pd.Series) -> PowerFactorAdjustment:
        """The same with the power factors that a purchase gives to its months.

        Parameters
        ----------
        imported : Series
            Power drawn from the grid [MW].
        """
        if self.reactive_kvarh is None:
            return self
        index = pd.DatetimeIndex(imported.index)
        kwh = pd.Series(
            imported.to_numpy(dtype=float) * step_hours(index) * KWH_PER_MWH,
            wall_clock(index).to_period("M"),
        )
        drawn = kwh.groupby(level=0).sum()
        months = [int(period.month) for period in drawn.index]
        covered = covered_months(index)
        reactive = np.array([self.reactive_kvarh[month - 1] for month in months]) * covered
        factors = [self.standard] * len(self.reactive_kvarh)
        for month in set(months):  # of several years together
            same = np.array(months) == month
            active = float(drawn.to_numpy()[same].sum())
            factors[month - 1] = power_factor(active, float(reactive[same].sum()))
        return replace(self, factors=tuple(factors), reactive_kvarh=None)

    def shares(
        self, months: Sequence[int], active_kwh: Array, covered: Array
    ) -> tuple[Array, Array]:
        """Power factor and adjustment of some months.

        Parameters
        ----------
        months : sequence of int
            1-12.
        active_kwh : array
            Drawn from the grid in each [kWh].
        covered : array
            Share of the month the horizon covers; its reactive energy is counted in part.
        """
        if self.factors is not None:
            found = [two_decimals(self.factors[month - 1]) for month in months]
        else:
            assert self.reactive_kvarh is not None
            reactive = [self.reactive_kvarh[month - 1] for month in months] * np.asarray(covered)
            pairs = zip(active_kwh, reactive, strict=True)
            found = [power_factor(float(kwh), float(kvarh)) for kwh, kvarh in pairs]
        return np.array(found), np.array([self.table.share(factor) for factor in found])


def covered_months(index: pd.DatetimeIndex) -> Array:
    """Share of each calendar month of a horizon that it covers."""
    clock = wall_clock(index)
    steps = pd.Series(step_hours(index), index=clock.to_period("M")).groupby(level=0).sum()
    whole = pd.PeriodIndex(steps.index).days_in_month * HOURS_A_DAY
    share = steps.to_numpy(dtype=np.float64) / np.asarray(whole, dtype=np.float64)
    return np.asarray(np.minimum(share, 1.0), dtype=np.float64)
