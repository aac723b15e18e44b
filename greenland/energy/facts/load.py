"""Facts of a load: its largest and mean power, how even it is, how long it is how high."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site.series import Array

BANDS = 10
"""Load-rate bands of equal width between nothing and the largest load."""


def load_facts(
    load: pd.Series, step_hours: float, years: float, users: pd.DataFrame | None = None
) -> dict[str, Any]:
    """The ``load`` part of the energy results.

    Parameters
    ----------
    load : Series
        Firm load [MW], on the times of its steps.
    step_hours : float
        Length of a step [h].
    years : float
        Length of the horizon [yr].
    users : DataFrame, optional
        Consumption of each user [MW].
    """
    index = pd.DatetimeIndex(load.index)
    values = load.to_numpy(dtype=float)
    peak, mean = float(values.max()), float(values.mean())
    days = load.groupby(index.normalize())
    spans = days.max() - days.min()
    widest = int(spans.to_numpy().argmax())
    return {
        "peak_mw": peak,
        "peak_time": str(index[int(values.argmax())]),
        "min_mw": float(values.min()),
        "mean_mw": mean,
        "energy_mwh": float(values.sum()) * step_hours / years,
        "load_factor": _over(mean, peak),
        "full_load_hours": _over(float(values.sum()) * step_hours / years, peak),
        "peak_valley_mw": float(spans.max()),
        "peak_valley_day": f"{spans.index[widest]:%Y-%m-%d}",
        "peak_valley_mean_mw": float(spans.mean()),
        "peak_valley_share": _over(float(spans.max()), float(days.max().to_numpy()[widest])),
        "bands": bands(values, step_hours / years),
        "monthly": [_month(month, part, step_hours, years) for month, part in _months(load)],
        "users": [] if users is None else [_user(users[name], values, step_hours, years, peak)
                                           for name in users.columns],
    }  # fmt: skip


def bands(values: Array, weight: float) -> list[dict[str, Any]]:
    """Hours of a year in each load-rate band, the lowest first; they add up to the year.

    Parameters
    ----------
    values : array
        [MW]
    weight : float
        Hours of a year that a step stands for.
    """
    peak = float(values.max(initial=0.0))
    if peak <= 0:
        return []
    edges = np.linspace(0.0, 1.0, BANDS + 1)
    place = np.searchsorted(edges[1:-1], values / peak, side="right")
    counts = np.bincount(place, minlength=BANDS)
    return [
        {
            "from_share": round(float(low), 9),
            "to_share": round(float(high), 9),
            "hours": float(count) * weight,
        }
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]


def _months(load: pd.Series) -> list[tuple[int, pd.Series]]:
    return [(int(month), part) for month, part in load.groupby(pd.DatetimeIndex(load.index).month)]


def _month(month: int, part: pd.Series, step_hours: float, years: float) -> dict[str, Any]:
    peak, mean = float(part.max()), float(part.mean())
    return {
        "month": month,
        "energy_mwh": float(part.sum()) * step_hours / max(1.0, years),
        "peak_mw": peak,
        "min_mw": float(part.min()),
        "mean_mw": mean,
        "load_factor": _over(mean, peak),
    }


def _user(
    part: pd.Series, total: Array, step_hours: float, years: float, peak: float
) -> dict[str, Any]:
    values = part.to_numpy(dtype=float)
    most, mean = float(values.max()), float(values.mean())
    return {
        "user": str(part.name),
        "energy_mwh": float(values.sum()) * step_hours / years,
        "share": _over(float(values.sum()), float(total.sum())),
        "peak_mw": most,
        "mean_mw": mean,
        "load_factor": _over(mean, most),
        "at_peak_mw": float(values[int(total.argmax())]) if peak > 0 else None,
    }


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
