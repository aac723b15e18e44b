"""Energy and peak of each month, from a curve or from the typical shape of an industry."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from greenland.energy.outlook.inputs import MONTHS, Months
from greenland.energy.profiles.load.shapes import DayShape, expand, shape, shape_for_industry
from greenland.energy.profiles.timeline import step_of, year_index
from greenland.energy.site import horizon_years
from greenland.rules import Rulebook


def of_curve(curve: pd.Series) -> tuple[Months, Months]:
    """Energy and highest power of each month of a curve of power [MWh, MW].

    Of a curve of several years the energy is the mean of the years.
    """
    index = pd.DatetimeIndex(curve.index)
    hours = step_of(index) / pd.Timedelta(hours=1)
    power, month = curve.to_numpy(dtype=float), index.month.to_numpy() - 1
    years = max(1, round(horizon_years(index)))
    energy = np.bincount(month, weights=power * hours, minlength=MONTHS) / years
    peak = np.zeros(MONTHS)
    np.maximum.at(peak, month, power)
    return np.asarray(energy, dtype=float), peak


def coincidence(curves: pd.DataFrame) -> Months | None:
    """Peak of the sum over the sum of the peaks, in each month; None with fewer than two."""
    if curves.shape[1] < 2:
        return None
    peaks = sum((of_curve(curves[name])[1] for name in curves.columns), np.zeros(MONTHS))
    together = of_curve(curves.sum(axis=1))[1]
    if not (peaks > 0).all():
        return None
    return np.asarray(together / peaks)


def typical(industry: str | None, rulebook: Rulebook) -> DayShape:
    """The built-in shape of an industry, else that of the rule."""
    found = shape_for_industry(industry) if industry else None
    if found is not None:
        return found
    return shape(str(rulebook.rule("energy.outlook.fallback_shape").value))


@lru_cache(maxsize=64)
def _relative(name: str, year: int) -> tuple[Months, Months]:
    """Energy of each month and its peak, per MWh of the year."""
    index = year_index(year, "1h")
    values = pd.Series(expand(shape(name), index), index=index)
    energy, peak = of_curve(values)
    return energy / energy.sum(), peak / energy.sum()


def of_shape(chosen: DayShape, year: int, annual_mwh: float) -> tuple[Months, Months]:
    """Energy and highest power of each month by a built-in shape [MWh, MW]."""
    energy, peak = _relative(chosen.id, year)
    return energy * annual_mwh, peak * annual_mwh


def full_load_hours(chosen: DayShape, year: int) -> float:
    """Energy of the year over the highest power [h]."""
    return 1.0 / float(_relative(chosen.id, year)[1].max())


def peaks_of_energy(energy: Months, peak_mw: float, year: int) -> Months:
    """Peaks of months whose energy is known, from the year's: as their mean powers [MW]."""
    hours = np.array([pd.Period(f"{year}-{m:02d}").days_in_month * 24.0 for m in range(1, 13)])
    mean = energy / hours
    return np.asarray(peak_mw * mean / mean.max() if mean.max() > 0 else mean * 0.0)
