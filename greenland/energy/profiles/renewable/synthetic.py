"""A year of PV or wind where there is no data at all: invented, reproducible, calibrated.

The result is *synthetic* and says so in its provenance. It has the right full-load hours,
seasons, days and nights, and weather that comes in spells; it is no forecast of any year.

PV: pvlib's clear sky times a clear-sky index. Days follow a Gaussian chain mapped to a Beta
distribution with each month's mean; hours fluctuate within them, most on half-clouded days.
The index is raised to one power for the whole year until the full-load hours are met.

Wind: a Gaussian chain mapped to a Weibull distribution whose scale follows season and hour,
through the turbine's power curve; one factor on the scale meets the full-load hours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, signal, special

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.method import CLEARNESS, CLOUD_MEAN
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.renewable import pv, wind
from greenland.energy.profiles.renewable.arrays import Array, Rated, array_record, resolve_all
from greenland.energy.profiles.renewable.wind import Turbine
from greenland.energy.profiles.timeline import year_index
from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

Numbers = npt.NDArray[np.float64]

FINE = "15min"  # the process runs at this step; coarser results are its means
_FINE_HOURS = 0.25
PV_HOURS, WIND_HOURS = "energy.resource.pv_hours", "energy.resource.wind_hours"
N_PV, N_WIND = "pv", "wind"


def chain(count: int, correlation: float, generator: np.random.Generator) -> Numbers:
    """Standard normal numbers, each correlated with the one before (AR(1)).

    Parameters
    ----------
    count : int
    correlation : float
        Between neighbours, 0 … 1.
    generator : numpy Generator
    """
    noise = generator.standard_normal(count)
    noise[1:] *= np.sqrt(1 - correlation**2)
    return np.asarray(signal.lfilter([1.0], [1.0, -correlation], noise), dtype=float)


def pv_year(
    year: int,
    latitude: float,
    longitude: float,
    altitude: float,
    *,
    full_load_hours: float | None = None,
    seed: int = 1,
    arrays: Array | Sequence[Array] | None = None,
    rated: Rated = Rated.DC,
    step: str = "1h",
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Synthetic year of PV output per unit.

    Parameters
    ----------
    year : int
    latitude, longitude : float
        [degrees]
    altitude : float
        [m]
    full_load_hours : float, optional
        To be met exactly [h/yr]; the region's rule when None.
    seed : int
        The same seed gives the same year.
    arrays, rated
        As in `pv.output`.
    step : str
        ``"1h"``, ``"30min"`` or ``"15min"``.

    Returns
    -------
    Series
        Named ``pv`` [MW per MW].

    Raises
    ------
    InputError
        If the full-load hours cannot be reached at this place with these arrays.
    """
    values = defaults(rulebook)
    target = values.number(PV_HOURS, full_load_hours)
    place = Place(latitude, longitude, altitude)
    specs = resolve_all(arrays, place, values)
    index = year_index(year, FINE)
    position = sun(index, place)
    clear = clear_sky(index, position, place)
    cloud = cloud_index(index, clear, _monthly_index(index, clear, values), values, seed)
    temperature = _temperature(index, altitude, values)
    total = sum(item.array.share for item in specs)
    unit = total / sum(item.array.share / item.dc_ac_ratio for item in specs)
    scale = (unit if rated is Rated.AC else 1.0) / total
    day = (position["zenith"] < 90.0).to_numpy()

    def produce(power: float) -> pd.Series:
        weather = pd.DataFrame({"ghi": clear * cloud**power, **temperature}, index=index)[day]
        full = pv.split_irradiance(weather, position[day])
        made = sum(pv.ac_output(full, position[day], item) * item.array.share for item in specs)
        return pd.Series(made * scale).reindex(index, fill_value=0.0)

    power = _solve(lambda x: _hours(produce(x)) - target, 0.05, 12.0, target, N_PV, falling=True)
    series = produce(power).resample(step).mean().rename("pv")
    made = provenance.record(
        Kind.SYNTHETIC,
        unit="pu",
        notes=[_("合成光伏年：晴空模型与随机云过程，按年利用小时校准，非实测。")],
        rules=values.used,
        model="clear sky + cloud process",
        year=year,
        seed=seed,
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        rated=str(rated),
        arrays=[array_record(item) for item in specs],
        calibration_power=power,
        full_load_hours=target,
        horizontal_kwh_per_m2=float((clear * cloud**power).sum() * _FINE_HOURS / 1000.0),
    )
    sheet = quality.assess(series, Subject.PV, values, place=place, per_unit=True)
    quality.attach(series, sheet)
    return provenance.attach(series, made)


def clear_sky(index: pd.DatetimeIndex, position: pd.DataFrame, place: Place) -> Numbers:
    """Global horizontal irradiance without clouds [W/m²], pvlib's Ineichen model."""
    from pvlib.location import Location

    with library_quiet():
        location = Location(place.latitude, place.longitude, index.tz, place.altitude)
        sky = location.get_clearsky(index, model="ineichen", solar_position=position)
    return np.asarray(sky["ghi"], dtype=float)


def _monthly_index(index: pd.DatetimeIndex, clear: Numbers, values: Defaults) -> Numbers:
    """Mean clear-sky index of each month, from the reference station's irradiation."""
    given: Mapping[str, Any] = values.get("synthetic.ghi_monthly")
    station = Place(given["latitude"], given["longitude"], given["altitude"])
    there = clear_sky(index, sun(index, station), station)
    months = index.month.to_numpy() - 1
    possible = np.bincount(months, weights=there, minlength=12) * _FINE_HOURS / 1000.0
    measured: Numbers = np.asarray(given["ghi"], dtype=float)
    return np.asarray(np.clip(measured / possible, *CLEARNESS), dtype=float)


def cloud_index(
    index: pd.DatetimeIndex, clear: Numbers, monthly: Numbers, values: Defaults, seed: int
) -> Numbers:
    """Clear-sky index of every step, with the given mean in every month (weighted by *clear*)."""
    form: Mapping[str, float] = values.get("synthetic.cloud")
    low, high = form["lowest"], form["highest"]
    generator = np.random.default_rng([seed, 1])
    per_day = round(24 / _FINE_HOURS)
    days = len(index) // per_day
    mean = np.clip((monthly - low) / (high - low), *CLOUD_MEAN)[
        index.month.to_numpy()[::per_day] - 1
    ]
    rank = special.ndtr(chain(days, form["day_correlation"], generator))
    spell = form["concentration"]
    daily = np.clip(special.betaincinv(mean * spell, (1 - mean) * spell, rank), 0.0, 1.0)
    within = chain(len(index), form["hour_correlation"] ** _FINE_HOURS, generator)
    level = np.repeat(daily, per_day)
    spread = form["spread"] * 4 * level * (1 - level)
    raw = np.clip(low + (high - low) * level * np.exp(spread * within - spread**2 / 2), low, high)
    months = index.month.to_numpy()
    result: Numbers = high * _to_monthly_means(raw / high, clear, monthly / high, months)
    return result


def _to_monthly_means(raw: Numbers, clear: Numbers, wanted: Numbers, months: Numbers) -> Numbers:
    """Raise each month's values to the power that gives its wanted mean."""
    result = raw.copy()
    for month in range(1, 13):
        own = months == month
        part, weight, goal = raw[own], clear[own], wanted[month - 1]

        def miss(
            power: float, part: Numbers = part, weight: Numbers = weight, goal: float = goal
        ) -> float:
            return float(np.average(part**power, weights=weight) - goal)

        power = optimize.brentq(miss, 1e-3, 50.0) if weight.sum() > 0 else 1.0
        result[own] = part**power
    return result


def _temperature(index: pd.DatetimeIndex, altitude: float, values: Defaults) -> dict[str, Any]:
    """Air temperature [°C] by season, hour and altitude, and a light constant wind [m/s]."""
    form: Mapping[str, float] = values.get("synthetic.temperature")
    lapse = 0.0065  # K/m, ISO 2533 standard atmosphere
    base = form["mean"] - lapse * (altitude - form["altitude"])
    day = 2 * np.pi * (index.day_of_year.to_numpy() - form["warmest_day"]) / 365.0
    clock = 2 * np.pi * (index.hour.to_numpy() - 15) / 24.0
    air = base + form["year_amplitude"] * np.cos(day) + form["day_amplitude"] * np.cos(clock)
    return {"temp_air": air, "wind_speed": np.full(len(index), 1.0)}


def wind_year(
    year: int,
    latitude: float = 25.0,
    longitude: float = 102.7,
    altitude: float = 2000.0,
    *,
    full_load_hours: float | None = None,
    seed: int = 1,
    turbine: Turbine | None = None,
    step: str = "1h",
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Synthetic year of wind output per unit.

    Parameters
    ----------
    year : int
    latitude, longitude : float
        Kept in the provenance [degrees]; the process does not use them.
    altitude : float
        Thins the air [m].
    full_load_hours : float, optional
        To be met exactly, after losses [h/yr]; the region's rule when None.
    seed : int
        The same seed gives the same year.
    turbine : Turbine, optional
        Power curve and losses; the rules' default when None.
    step : str
        ``"1h"``, ``"30min"`` or ``"15min"``.

    Returns
    -------
    Series
        Named ``wind`` [MW per MW].

    Raises
    ------
    InputError
        If the full-load hours cannot be reached with this turbine.
    """
    values = defaults(rulebook)
    target = values.number(WIND_HOURS, full_load_hours)
    machine = wind.resolve(turbine or Turbine(), values)
    index = year_index(year, FINE)
    shape_of_speed = _speed_shape(index, values, seed)
    density = wind.air_density(altitude + machine.hub_height)

    def produce(scale: float) -> Numbers:
        return wind.per_unit(shape_of_speed * scale, density, machine)

    scale = _solve(
        lambda x: float(produce(x).sum()) * _FINE_HOURS - target, 0.5, 15.0, target, N_WIND
    )
    fine = pd.Series(produce(scale), index=index, name="wind")
    series = fine.resample(step).mean()
    made = provenance.record(
        Kind.SYNTHETIC,
        unit="pu",
        notes=[_("合成风电年：韦布尔分布与自相关过程，按年利用小时校准，非实测。")],
        rules=values.used,
        model="Weibull + autocorrelation + season",
        year=year,
        seed=seed,
        latitude=latitude,
        longitude=longitude,
        altitude=altitude,
        turbine=machine.as_record(),
        air_density=density,
        mean_speed=float(np.mean(shape_of_speed) * scale),
        full_load_hours=target,
    )
    quality.attach(series, quality.assess(series, Subject.WIND, values, per_unit=True))
    return provenance.attach(series, made)


def _speed_shape(index: pd.DatetimeIndex, values: Defaults, seed: int) -> Numbers:
    """Wind speeds with a Weibull scale of one on average, by season and hour."""
    form: Mapping[str, float] = values.get("synthetic.wind")
    monthly = np.asarray(values.get("synthetic.wind_monthly"), dtype=float)
    season = (monthly / monthly.mean())[index.month.to_numpy() - 1]
    clock = 2 * np.pi * (index.hour.to_numpy() + 0.5 - form["day_peak_hour"]) / 24.0
    daily = 1 + form["day_amplitude"] * np.cos(clock)
    generator = np.random.default_rng([seed, 2])
    normal = chain(len(index), form["hour_correlation"] ** _FINE_HOURS, generator)
    exceed = special.ndtr(-normal)  # 1 - rank, without loss of digits in the tail
    return np.asarray(
        season * daily * (-np.log(exceed)) ** (1 / form["weibull_shape"]), dtype=float
    )


def _hours(per_unit: pd.Series) -> float:
    return float(per_unit.sum()) * _FINE_HOURS


def _solve(
    miss: Callable[[float], float],
    low: float,
    high: float,
    target: float,
    kind: str,
    *,
    falling: bool = False,
) -> float:
    """Root of *miss* between *low* and *high*; an `InputError` when the target is out of reach."""
    ends = miss(low), miss(high)
    least, most = (ends[1], ends[0]) if falling else ends
    if least > 0 or most < 0:
        raise input_error(
            "full_load_hours_unreachable",
            _(
                "在该地点和设备条件下，{kind}的年利用小时不能达到 {target} 小时。",
                kind=_("光伏") if kind == N_PV else _("风电"),
                target=f"{target:.0f}",
            ),
            got=f"{target:.0f}",
            allowed=_("{low} 至 {high}", low=f"{least + target:.0f}", high=f"{most + target:.0f}"),
            remedy=_("请核对年利用小时、倾角、损失率和机组功率曲线。"),
        )
    return float(optimize.brentq(miss, low, high, xtol=1e-12, rtol=1e-12))
