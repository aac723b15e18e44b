"""Wind: speeds in, output per unit of rated power out, through a turbine's power curve.

Curves come from windpowerlib's library or from the user. Thin air moves the curve to higher
speeds (the method windpowerlib uses, after IEC 61400-12-1): at 2000 m about a fifth of the
energy of the same wind is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.timeline import TIMEZONE, full_load_hours
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook
from greenland.yamlfile import nearest

Numbers = npt.NDArray[np.float64]

# ISO 2533 standard atmosphere and dry air.
_SEA_LEVEL_PA = 101325.0
_SEA_LEVEL_K = 288.15
_LAPSE = 0.0065  # K/m
_GAS = 287.05287  # J/(kg K)
_GRAVITY = 9.80665
REFERENCE_DENSITY = 1.225  # kg/m³, the density power curves are given for
_LEAST_PEAK, _MOST_PEAK = 0.8, 1.2  # greatest output over rated power that can be true
_USUAL_SHEAR = (-0.05, 0.45)  # mean exponents outside come from a wrong height or a worn cup


@dataclass(frozen=True)
class Turbine:
    """A turbine with what is lost behind it; None takes the rule's default.

    Parameters
    ----------
    type : str, optional
        Name in windpowerlib's library, such as ``"V126/3450"``; not used with a `curve`.
    curve : Series, optional
        The user's power curve: output [kW, or per unit with a greatest value of 1] by wind
        speed [m/s]; for air of ``attrs["air_density"]`` [kg/m³], 1.225 when not stated. See
        `power_curve.read_curve`.
    hub_height : float, optional
        [m]
    wake_loss, other_losses : float, optional
        As decimals.
    availability : float, optional
        As decimal.
    rated_kw : float, optional
        Rated power of the user's curve [kW]; its greatest value when None. Needed to know the
        size of a turbine whose curve is per unit.
    """

    type: str | None = None
    curve: pd.Series | None = None
    hub_height: float | None = None
    wake_loss: float | None = None
    availability: float | None = None
    other_losses: float | None = None
    rated_kw: float | None = None


@dataclass(frozen=True)
class Machine:
    """A `Turbine` with every default resolved; `output` is per unit of rated power."""

    name: str
    speeds: Numbers
    output: Numbers
    rated_kw: float
    hub_height: float
    wake_loss: float
    availability: float
    other_losses: float
    curve_density: float = REFERENCE_DENSITY
    problems: tuple[Problem, ...] = ()

    @property
    def kept(self) -> float:
        """Share of the output that is left after wake, downtime and other losses."""
        return (1 - self.wake_loss) * self.availability * (1 - self.other_losses)

    def as_record(self) -> dict[str, object]:
        """What the turbine was calculated with, as plain values."""
        return {
            "name": self.name,
            "rated_kw": self.rated_kw,
            "curve_density": self.curve_density,
            "hub_height": self.hub_height,
            "wake_loss": self.wake_loss,
            "availability": self.availability,
            "other_losses": self.other_losses,
        }


@cache
def library_turbines() -> tuple[str, ...]:
    """Names of the turbines with a power curve in windpowerlib's library."""
    with library_quiet():
        from windpowerlib import get_turbine_types

        table = get_turbine_types(print_out=False)
    return tuple(table.loc[table["has_power_curve"], "turbine_type"])


@cache
def _library_curve(name: str) -> tuple[Numbers, Numbers, float]:
    """Speeds [m/s], output per unit and rated power [kW] of a turbine of the library."""
    if name not in library_turbines():
        guess = nearest(name, library_turbines())
        raise input_error(
            "turbine_unknown",
            _("功率曲线库中没有机型“{name}”。", name=name),
            got=name,
            remedy=_("是否应为“{guess}”？", guess=guess)
            if guess
            else _("请查看 greenland energy profile turbines，或自行给出功率曲线表。"),
        )
    with library_quiet():
        from windpowerlib import WindTurbine

        turbine = WindTurbine(hub_height=100, turbine_type=name)
    curve = turbine.power_curve
    speeds = curve["wind_speed"].to_numpy(dtype=float)
    return (
        speeds,
        curve["value"].to_numpy(dtype=float) / turbine.nominal_power,
        (float(turbine.nominal_power) / 1000.0),
    )


def _user_curve(turbine: Turbine) -> tuple[Numbers, Numbers, float]:
    """Check the user's curve and bring it to per unit."""
    assert turbine.curve is not None
    curve = turbine.curve.sort_index()
    speeds, power = curve.index.to_numpy(dtype=float), curve.to_numpy(dtype=float)
    faults: list[str] = []
    rated = turbine.rated_kw or float(power.max(initial=0.0))
    per_unit_curve = turbine.rated_kw is not None and 0 < power.max(initial=0.0) <= 1.0
    share = power if per_unit_curve else power / (rated or 1.0)
    if len(speeds) < 3 or not np.isfinite(speeds).all() or not np.isfinite(power).all():
        faults.append(_("功率曲线至少要有三个点，且不得有空值。"))
    elif (np.diff(speeds) <= 0).any() or speeds[0] < 0:
        faults.append(_("功率曲线的风速必须不小于零且不重复。"))
    elif power.min() < 0 or power.max() <= 0:
        faults.append(_("功率曲线的出力必须不小于零。"))
    elif not _LEAST_PEAK <= share.max() <= _MOST_PEAK:
        faults.append(
            _(
                "功率曲线的最大值 {most} 与额定功率 {rated} kW 不符，请核对单位。",
                most=f"{power.max():g}",
                rated=f"{rated:g}",
            )
        )
    if faults:
        raise InputError(Problem(Severity.ERROR, "power_curve", text) for text in faults)
    return speeds, share, rated


def resolve(turbine: Turbine, values: Defaults) -> Machine:
    """Fill the defaults of a turbine from the rules and get its power curve.

    Raises
    ------
    InputError
        If the library has no such turbine, the user's curve is unusable, or a loss is not a
        share.
    """
    curve_density, problems = REFERENCE_DENSITY, ()
    if turbine.curve is not None:
        curve_density = float(turbine.curve.attrs.get("air_density", REFERENCE_DENSITY))
        problems = tuple(turbine.curve.attrs.get("problems", ()))
        name = turbine.type or str(_("用户功率曲线"))
        speeds, output, rated = _user_curve(turbine)
    else:
        name = turbine.type or str(values.get("wind.turbine"))
        speeds, output, rated = _library_curve(name)
    machine = Machine(
        name,
        speeds,
        output,
        rated,
        hub_height=values.number("wind.hub_height", turbine.hub_height),
        wake_loss=values.number("wind.wake_loss", turbine.wake_loss),
        availability=values.number("wind.availability", turbine.availability),
        other_losses=values.number("wind.other_losses", turbine.other_losses),
        curve_density=curve_density,
        problems=problems,
    )
    _check_shares(machine)
    return machine


def _check_shares(machine: Machine) -> None:
    problems = [
        Problem(
            Severity.ERROR,
            "turbine_share",
            _("风电的{name}应在 0 与 1 之间。", name=_(label)),
            got=str(value),
            allowed="0–1",
        )
        for label, value in (
            (N_("尾流损失"), machine.wake_loss),
            (N_("可利用率"), machine.availability),
            (N_("其他损失"), machine.other_losses),
        )
        if not 0 <= value <= 1
    ]
    if problems:
        raise InputError(problems)


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
    if _USUAL_SHEAR[0] <= exponent <= _USUAL_SHEAR[1]:
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
