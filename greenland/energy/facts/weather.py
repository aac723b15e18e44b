"""Facts of the weather of a case: months, years, and how often which wind blows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.energy.facts.percentiles import percentiles
from greenland.energy.facts.rose import rose_facts
from greenland.energy.profiles.timeline import step_hours

if TYPE_CHECKING:
    from greenland.energy.profiles.renewable.weather import Weather

_KWH = 1e-3  # kWh in a Wh


def weather_facts(weather: Weather, year: int) -> dict[str, Any]:
    """The ``weather`` part of the resource.

    Parameters
    ----------
    weather : Weather
    year : int
        As in `weather_years`.
    """
    from greenland.energy.profiles.renewable.weather_years import weather_years

    tables = weather_years(weather, year)
    yearly = [_year(one, table) for one, table in tables.items()]
    sums = [row["ghi_kwh_m2"] for row in yearly if row["ghi_kwh_m2"] is not None]
    whole = pd.concat(tables.values())
    return {
        "file": weather.source,
        "form": str(weather.form),
        "typical": weather.typical,
        "years": [] if weather.typical else list(tables),
        "ghi_kwh_m2": float(np.mean(sums)) if sums else None,
        **{f"ghi_{name}": value for name, value in percentiles(sums).items()},
        "temperature": _mean(whole, "temp_air"),
        "temperature_min": _most(whole, "temp_air", np.nanmin),
        "temperature_max": _most(whole, "temp_air", np.nanmax),
        "wind_speed": _mean(whole, "wind_speed"),
        "wind_height": weather.wind_height if "wind_speed" in whole else None,
        "by_year": yearly if len(yearly) > 1 else [],
        "monthly": _months(whole, len(tables)),
        "wind_bins": _wind_bins(whole, len(tables)),
        **rose_facts(weather, () if weather.typical else tables),
    }


def _year(year: int, table: pd.DataFrame) -> dict[str, Any]:
    return {
        "year": year,
        "ghi_kwh_m2": _energy(table, "ghi", _hours(table)),
        "wind_speed": _mean(table, "wind_speed"),
        "temperature": _mean(table, "temp_air"),
    }


def _months(table: pd.DataFrame, years: int) -> list[dict[str, Any]]:
    """Means, and radiation of a month on the horizontal: all, direct and diffuse [kWh/m2]."""
    hours = _hours(table) / years
    rows = []
    for month, part in table.groupby(pd.DatetimeIndex(table.index).month):
        ghi, diffuse = _energy(part, "ghi", hours), _energy(part, "dhi", hours)
        direct = ghi - diffuse if ghi is not None and diffuse is not None else None
        rows.append(
            {
                "month": int(month),
                "temperature": _mean(part, "temp_air"),
                "ghi_kwh_m2": ghi,
                "direct_kwh_m2": direct,
                "diffuse_kwh_m2": diffuse,
                "wind_speed": _mean(part, "wind_speed"),
            }
        )
    return rows


def _wind_bins(table: pd.DataFrame, years: int) -> list[dict[str, Any]]:
    """Hours of a year by wind speed, in steps of 1 m/s; they add up to the year."""
    if "wind_speed" not in table:
        return []
    weight = _hours(table) / years
    counts = np.bincount(table["wind_speed"].to_numpy(dtype=float).astype(int))
    return [
        {"from_m_s": float(low), "to_m_s": float(low + 1), "hours": float(count) * weight}
        for low, count in enumerate(counts)
    ]


def _hours(table: pd.DataFrame) -> float:
    """Length of a step [h]; years may lie apart."""
    return step_hours(pd.DatetimeIndex(table.index[:2]))


def _energy(table: pd.DataFrame, column: str, hours: float) -> float | None:
    """Radiation [kWh/m2] of a power [W/m2]."""
    return float(table[column].sum()) * hours * _KWH if column in table else None


def _mean(table: pd.DataFrame, column: str) -> float | None:
    return float(table[column].mean()) if column in table else None


def _most(table: pd.DataFrame, column: str, most: Any) -> float | None:
    return float(most(table[column])) if column in table else None
