"""How often the wind comes from where: sixteen sectors and calm."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.energy.profiles.method import CALM, LEAST_PRESENT
from greenland.energy.profiles.renewable.directions import POINTS, SECTOR, is_calm

if TYPE_CHECKING:
    from greenland.energy.profiles.renewable.weather import Weather


_NOTHING: dict[str, Any] = {
    "wind_rose": [],
    "wind_calm_m_s": None,
    "wind_calm": None,
    "wind_direction_share": None,
}


def rose_facts(weather: Weather, years: Collection[int]) -> dict[str, Any]:
    """The wind rose of a weather file; empty where it has no directions.

    Parameters
    ----------
    weather : Weather
        Steps whose speed or direction is missing are left out, not filled.
    years : collection of int
        Years of the file that count; empty: all of it.

    Returns
    -------
    dict
        ``wind_rose``: sector by sector its share of the steps, its mean speed [m/s], and its share
        of the energy of the wind (of the cubes of the speed); ``wind_calm``: share of calm,
        of speeds up to ``wind_calm_m_s``;
        ``wind_direction_share``: share of the steps that are known.
    """
    speeds = weather.table.get("wind_speed")
    if weather.direction is None or speeds is None:
        return dict(_NOTHING)
    index = pd.DatetimeIndex(weather.table.index)
    chosen = np.isin(index.year, list(years)) if years else np.ones(len(index), dtype=bool)
    speed = speeds.to_numpy(dtype=float)[chosen]
    direction = weather.direction.to_numpy(dtype=float)[chosen]
    calm = is_calm(speed)
    blowing = np.isfinite(speed) & np.isfinite(direction) & ~calm
    known = int(calm.sum() + blowing.sum())
    if not blowing.any() or known < LEAST_PRESENT * len(speed):
        return dict(_NOTHING)
    speed, direction = speed[blowing], direction[blowing]
    sector = np.floor((direction + SECTOR / 2) / SECTOR).astype(int) % len(POINTS)
    steps = np.bincount(sector, minlength=len(POINTS))
    sums = np.bincount(sector, weights=speed, minlength=len(POINTS))
    cubes = np.bincount(sector, weights=speed**3, minlength=len(POINTS))
    rows = [
        {
            "sector": point,
            "share": float(steps[place] / known),
            "mean_m_s": float(sums[place] / steps[place]) if steps[place] else None,
            "energy_share": float(cubes[place] / cubes.sum()),
        }
        for place, point in enumerate(POINTS)
    ]
    return {
        "wind_rose": rows,
        "wind_calm_m_s": CALM,
        "wind_calm": float(calm.sum() / known),
        "wind_direction_share": known / int(chosen.sum()),
    }
