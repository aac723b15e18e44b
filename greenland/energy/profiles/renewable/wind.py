"""Wind: speeds in, output per unit of rated power out, through a turbine's power curve.

Curves come from windpowerlib's library or from the user. Thin air moves the curve to higher
speeds (the method windpowerlib uses, after IEC 61400-12-1): at 2000 m about a fifth of the
energy of the same wind is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.method import USUAL_SHEAR
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.renewable.turbine import (
    Machine,
    Turbine,
    library_turbines,
    resolve,
)
from greenland.energy.profiles.timeline import TIMEZONE, full_load_hours
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

__all__ = [
    "Machine",
    "Turbine",
    "air_density",
    "density_series",
    "library_turbines",
    "output",
    "per_unit",
    "resolve",
    "to_hub",
]

Numbers = npt.NDArray[np.float64]

# ISO 2533 standard atmosphere and dry air.
_SEA_LEVEL_PA = 101325.0
_SEA_LEVEL_K = 288.15
_LAPSE = 0.0065  # K/m
_GAS = 287.05287  # J/(kg K)
_GRAVITY = 9.80665


def air_density(altitude: float, temperature: float | None = None) -> float:
    """Density of dry air at a height above sea level [kg/m³].

    Parameters
    ----------
    altitude : float
        [m]
    temperature : float, optional
        Of the air [°C]; the standard atmosphere's when None.

    References
    ----------
    ISO 2533:1975 Standard atmosphere.

    Examples
    --------
    >>> round(air_density(0), 3)
    1.225
    >>> round(air_density(2000) / air_density(0), 3)
    0.822
    """
    standard = _SEA_LEVEL_K - _LAPSE * altitude
    pressure = _SEA_LEVEL_PA * (standard / _SEA_LEVEL_K) ** (_GRAVITY / (_GAS * _LAPSE))
    kelvin = standard if temperature is None else temperature + 273.15
    return float(pressure / (_GAS * kelvin))


def density_series(altitude: float, temperature: pd.Series) -> pd.Series:
    """Density of dry air at a height for each air temperature [kg/m³]; see `air_density`."""
    at_zero = air_density(altitude, 0.0)
    kelvin = temperature.to_numpy(dtype=float) + 273.15
    return pd.Series(at_zero * 273.15 / kelvin, index=temperature.index, name="air_density")


def per_unit(speed: Numbers, density: float | Numbers, machine: Machine) -> Numbers:
    """Output per unit, after losses, at hub-height speeds.

    Parameters
    ----------
    speed : array
        At hub height [m/s].
    density : float or array
        Of the air at hub height [kg/m³].
    machine : Machine

    Notes
    -----
    The curve's speeds are multiplied by (ρ₀/ρ)^x, ρ₀ being the density the curve is stated
    for (1.225 kg/m³ as a rule), with x rising from 1/3 below 7.5 m/s to 2/3
    above 12.5 m/s, as in windpowerlib's ``power_curve_density_correction``. No output below the
    first and above the last speed of the curve.
    """
    power = np.interp(machine.speeds, [7.5, 12.5], [1 / 3, 2 / 3])
    if np.ndim(density) == 0:
        speeds = machine.speeds * (machine.curve_density / float(np.asarray(density))) ** power
        made = np.interp(speed, speeds, machine.output, left=0.0, right=0.0)
    else:
        made = _interp_moving(speed, np.asarray(density, dtype=float), machine, power)
    return np.asarray(made * machine.kept, dtype=float)


def _interp_moving(speed: Numbers, density: Numbers, machine: Machine, power: Numbers) -> Numbers:
    """Interpolate each speed on a curve shifted for its own density."""
    result = np.zeros(len(speed))
    block = 50_000  # keeps the table of shifted curves small
    for start in range(0, len(speed), block):
        part = slice(start, start + block)
        ratio = (machine.curve_density / density[part])[:, None]
        grid = machine.speeds[None, :] * ratio ** power[None, :]
        wanted = speed[part]
        upper = np.clip((grid <= wanted[:, None]).sum(axis=1), 1, grid.shape[1] - 1)
        rows = np.arange(len(wanted))
        low, high = grid[rows, upper - 1], grid[rows, upper]
        weight = np.clip((wanted - low) / (high - low), 0.0, 1.0)
        value = machine.output[upper - 1] * (1 - weight) + machine.output[upper] * weight
        outside = (wanted < grid[:, 0]) | (wanted > grid[:, -1])
        result[part] = np.where(outside, 0.0, value)
    return result


def to_hub(
    speed: pd.Series | Mapping[float, pd.Series],
    hub_height: float,
    *,
    height: float | None = None,
    shear_exponent: float = 0.0,
) -> pd.Series:
    """Wind speed at hub height.

    Parameters
    ----------
    speed : Series, or mapping of height [m] to Series
        With one height the power law with *shear_exponent* is used, with two or more the law
        through the two heights nearest to the hub, step by step.
    hub_height : float
        [m]
    height : float, optional
        Height of a single series [m].
    shear_exponent : float
        Of the power law, for a single series.
    """
    if isinstance(speed, pd.Series):
        if height is None or height <= 0:
            raise input_error(
                "wind_height", _("风速序列需要测风高度。"), got=str(height), allowed="> 0"
            )
        raised: pd.Series = speed * (hub_height / height) ** shear_exponent
        return raised.rename("wind_speed")
    heights = sorted(speed)
    if len(heights) == 1:
        return to_hub(
            speed[heights[0]], hub_height, height=heights[0], shear_exponent=shear_exponent
        )
    low, high = _heights_about(speed, hub_height)
    below, above = speed[low].to_numpy(dtype=float), speed[high].to_numpy(dtype=float)
    calm = (below <= 0) | (above <= 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.where(calm, 0.0, np.log(above / below) / np.log(high / low))
    high_is_nearer = abs(np.log(high / hub_height)) < abs(np.log(low / hub_height))
    nearer, base = (high, above) if high_is_nearer else (low, below)
    hub = base * (hub_height / nearer) ** exponent
    return pd.Series(hub, index=speed[low].index, name="wind_speed")


def _how_raised(
    speed: pd.Series | Mapping[float, pd.Series],
    height: float | None,
    hub_height: float,
    shear: float,
) -> tuple[str, list[Problem]]:
    """How the speed came to hub height, in words, and what is strange about it."""
    hub = f"{hub_height:g}"
    if isinstance(speed, pd.Series) or len(speed) == 1:
        low = height if isinstance(speed, pd.Series) else next(iter(speed))
        return _(
            "风速由 {low} m 按幂律推到轮毂高度 {hub} m，切变指数 {shear}。",
            low=f"{low:g}",
            hub=hub,
            shear=f"{shear:g}",
        ), []
    low, high = _heights_about(speed, hub_height)
    exponent = float(np.log(speed[high].mean() / speed[low].mean()) / np.log(high / low))
    text = _(
        "风速由 {low} m 与 {high} m 逐时推到轮毂高度 {hub} m，平均切变指数 {shear}。",
        low=f"{low:g}",
        high=f"{high:g}",
        hub=hub,
        shear=f"{exponent:.3f}",
    )
    if USUAL_SHEAR[0] <= exponent <= USUAL_SHEAR[1]:
        return text, []
    return text, [
        Problem(
            Severity.WARNING,
            "wind_shear",
            _(
                "{low} m 与 {high} m 之间的平均切变指数为 {shear}，不合常理。",
                low=f"{low:g}",
                high=f"{high:g}",
                shear=f"{exponent:.2f}",
            ),
            _("请核对两列的高度和仪器。"),
        )
    ]


def _heights_about(speed: Mapping[float, pd.Series], hub_height: float) -> tuple[float, float]:
    """The two heights nearest to the hub, the lower first [m]."""
    near = sorted(speed, key=lambda item: abs(np.log(item / hub_height)))[:2]
    return min(near), max(near)


def output(
    speed: pd.Series | Mapping[float, pd.Series],
    turbine: Turbine | None = None,
    *,
    altitude: float,
    height: float | None = None,
    shear_exponent: float | None = None,
    temperature: pd.Series | None = None,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Output of a wind farm per unit of its rated power.

    Parameters
    ----------
    speed : Series, or mapping of height [m] to Series
        Wind speed [m/s] on a regular index.
    turbine : Turbine, optional
    altitude : float
        Of the ground above sea level [m].
    height : float, optional
        Height of a single series above ground [m].
    shear_exponent : float, optional
        For a single series; the rule's when None.
    temperature : Series, optional
        Of the air [°C]; without it the standard atmosphere's density at the hub is used.
    allow_filled : collection of str
        ``{"wind"}`` to allow a speed series of which much was filled.

    Returns
    -------
    Series
        Named ``wind`` [MW per MW], with its provenance in ``attrs``.

    Raises
    ------
    InputError
        If a speed is missing or negative, or the turbine cannot be used.
    """
    values = defaults(rulebook)
    machine = resolve(turbine or Turbine(), values)
    single = isinstance(speed, pd.Series) or len(speed) == 1
    shear = values.number("wind.shear_exponent", shear_exponent) if single else 0.0
    hub = to_hub(speed, machine.hub_height, height=height, shear_exponent=shear)
    if hub.isna().any() or (hub < 0).any():
        raise input_error(
            "wind_speed",
            _("风速序列有 {count} 个空值或负值。", count=int((hub.isna() | (hub < 0)).sum())),
            remedy=_("请先补数或更正。"),
        )
    top = altitude + machine.hub_height
    density: float | Numbers = air_density(top)
    if temperature is not None:
        density = density_series(top, temperature).to_numpy(dtype=float)
    made = per_unit(hub.to_numpy(dtype=float), density, machine)
    series = pd.Series(made, index=pd.DatetimeIndex(hub.index).tz_convert(TIMEZONE), name="wind")
    first = speed if isinstance(speed, pd.Series) else next(iter(speed.values()))
    raised, shear_problems = _how_raised(speed, height, machine.hub_height, shear)
    sheet = quality.assess(
        series,
        Subject.WIND,
        values,
        gaps=quality.carried_gaps(first),
        per_unit=True,
        leap_day=provenance.leap_day(first),
        allow_filled=allow_filled,
        problems=[*first.attrs.get("problems", ()), *machine.problems, *shear_problems],
    )
    quality.attach(series, sheet)
    source = provenance.of(first)
    made_of = provenance.record(
        Kind.WEATHER,
        unit="pu",
        sources=source.get("sources", ()),
        notes=[*source.get("notes", ()), raised],
        rules=values.used,
        synthetic=bool(source.get("synthetic")),
        model="power curve, density-corrected",
        turbine=machine.as_record(),
        altitude=altitude,
        heights=[height] if isinstance(speed, pd.Series) else sorted(speed),
        shear_exponent=shear if single else None,
        air_density=float(np.mean(density)),
        mean_speed=float(hub.mean()),
        full_load_hours=full_load_hours(series),
    )
    return provenance.attach(series, made_of)
