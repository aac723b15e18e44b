"""PV: weather in, AC output per unit of installed capacity out, by pvlib.

The chain is PVWatts': transposition, reflection at the glass, cell temperature, module power,
losses, inverter with clipping. The sun stands where it is at the middle of each step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.timeline import TIMEZONE, full_load_hours
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook


class Tracking(StrEnum):
    """How the modules follow the sun."""

    FIXED = "fixed"
    SINGLE_AXIS = "single_axis"


class Mounting(StrEnum):
    """How freely air passes behind the modules."""

    OPEN_RACK = "open_rack"
    ROOF = "roof"


class Rated(StrEnum):
    """What one unit of capacity means."""

    DC = "dc"
    AC = "ac"


TRACKING_LABELS = {Tracking.FIXED: N_("固定支架"), Tracking.SINGLE_AXIS: N_("单轴跟踪")}
MOUNTING_LABELS = {Mounting.OPEN_RACK: N_("地面支架"), Mounting.ROOF: N_("屋顶平铺")}
RATED_LABELS = {Rated.DC: N_("直流侧容量（组件）"), Rated.AC: N_("交流侧容量（逆变器）")}

# pvlib's names of the Sandia cell-temperature parameters.
_THERMAL = {
    Mounting.OPEN_RACK: "open_rack_glass_glass",
    Mounting.ROOF: "close_mount_glass_glass",
}


@dataclass(frozen=True, slots=True)
class Array:
    """One field of modules that face the same way; None takes the rule's default.

    Parameters
    ----------
    tilt : float, optional
        From the horizontal [degrees]; the place's latitude when None. Not used by trackers.
    azimuth : float
        Direction the modules face, or a tracker's axis points [degrees from north, clockwise].
    tracking : Tracking
    max_angle : float
        Largest turn of a tracker [degrees].
    bifaciality : float
        Rear over front efficiency, as decimal; 0 for modules of one face.
    row_height : float
        Height of a row's centre above the ground, for bifacial modules [m].
    row_pitch : float
        Distance between rows, for bifacial modules [m].
    ground_coverage : float, optional
        Module area over ground area, as decimal.
    dc_ac_ratio : float, optional
        DC over AC capacity.
    losses : float, optional
        Losses between modules and inverter, as decimal.
    soiling : float
        Further loss by dirt, as decimal; off (0) by default, for `losses` has an ordinary share.
    snow : bool
        Whether snow lying on the modules is counted; needs a column ``snowfall`` [cm per step].
    share : float
        Weight of this array when several make up a plant (share of DC capacity).
    """

    tilt: float | None = None
    azimuth: float = 180.0
    tracking: Tracking = Tracking.FIXED
    mounting: Mounting = Mounting.OPEN_RACK
    max_angle: float = 60.0
    bifaciality: float = 0.0
    row_height: float = 1.5
    row_pitch: float = 6.0
    ground_coverage: float | None = None
    albedo: float | None = None
    dc_ac_ratio: float | None = None
    losses: float | None = None
    inverter_efficiency: float | None = None
    temperature_coefficient: float | None = None
    soiling: float = 0.0
    snow: bool = False
    share: float = 1.0

    def problems(self) -> list[Problem]:
        """Every value that stands outside what it can be."""
        limits: tuple[tuple[str, float | None, float, float], ...] = (
            (N_("倾角"), self.tilt, 0, 90),
            (N_("方位角"), self.azimuth, 0, 360),
            (N_("双面系数"), self.bifaciality, 0, 1),
            (N_("容配比"), self.dc_ac_ratio, 0.5, 3),
            (N_("系统损失"), self.losses, 0, 0.99),
            (N_("污秽损失"), self.soiling, 0, 0.99),
            (N_("地面覆盖率"), self.ground_coverage, 0.01, 1),
            (N_("反照率"), self.albedo, 0, 1),
            (N_("逆变器效率"), self.inverter_efficiency, 0.5, 1),
            (N_("容量占比"), self.share, 1e-9, float("inf")),
        )
        return [
            Problem(
                Severity.ERROR,
                "pv_array",
                _("光伏阵列的{name}超出范围。", name=_(label)),
                got=str(value),
                allowed=_("{low} 至 {high}", low=low, high=high),
            )
            for label, value, low, high in limits
            if value is not None and not low <= value <= high
        ]


@dataclass(frozen=True, slots=True)
class _Spec:
    """An `Array` with every default resolved."""

    array: Array
    tilt: float
    ground_coverage: float
    albedo: float
    dc_ac_ratio: float
    losses: float
    inverter_efficiency: float
    temperature_coefficient: float
    thermal: dict[str, float] = field(default_factory=dict)


def resolve(array: Array, place: Place, values: Defaults) -> _Spec:
    """Fill the defaults of an array from the rules.

    Raises
    ------
    InputError
        With every value out of its range.
    """
    problems = array.problems()
    if problems:
        raise InputError(problems)
    with library_quiet():
        from pvlib.temperature import TEMPERATURE_MODEL_PARAMETERS
    return _Spec(
        array,
        tilt=abs(place.latitude) if array.tilt is None else array.tilt,
        ground_coverage=values.number("pv.ground_coverage", array.ground_coverage),
        albedo=values.number("pv.albedo", array.albedo),
        dc_ac_ratio=values.number("pv.dc_ac_ratio", array.dc_ac_ratio),
        losses=values.number("pv.losses", array.losses),
        inverter_efficiency=values.number("pv.inverter_efficiency", array.inverter_efficiency),
        temperature_coefficient=values.number(
            "pv.temperature_coefficient", array.temperature_coefficient
        ),
        thermal=dict(TEMPERATURE_MODEL_PARAMETERS["sapm"][_THERMAL[array.mounting]]),
    )


def resolve_all(
    arrays: Array | Sequence[Array] | None, place: Place, values: Defaults
) -> list[_Spec]:
    """Resolve one array, several, or (None) the default one; see `resolve`."""
    if arrays is None or isinstance(arrays, Array):
        return [resolve(arrays or Array(), place, values)]
    return [resolve(item, place, values) for item in arrays]


def split_irradiance(weather: pd.DataFrame, position: pd.DataFrame) -> pd.DataFrame:
    """Add direct and diffuse irradiance where only the global is known, after Erbs.

    Parameters
    ----------
    weather : DataFrame
        With ``ghi`` [W/m²]; ``dni`` and ``dhi`` [W/m²] are kept if both are there.
    position : DataFrame
        As `sun` gives it.

    References
    ----------
    Erbs, Klein, Duffie: Estimation of the diffuse radiation fraction for hourly, daily and
    monthly-average global radiation. Solar Energy 28 (1982).
    """
    if {"dni", "dhi"} <= set(weather.columns):
        return weather
    from pvlib.irradiance import dni, erbs

    if "dhi" in weather.columns:
        with library_quiet():
            beam = dni(weather["ghi"], weather["dhi"], position["zenith"])
        return weather.assign(dni=beam.fillna(0.0).clip(lower=0.0))
    with library_quiet():
        parts = erbs(weather["ghi"], position["zenith"], pd.DatetimeIndex(weather.index))
    return weather.assign(dni=parts["dni"], dhi=parts["dhi"])


def ac_output(weather: pd.DataFrame, position: pd.DataFrame, spec: _Spec) -> pd.Series:
    """AC output per unit of DC capacity of one array.

    Parameters
    ----------
    weather : DataFrame
        ``ghi``, ``dni``, ``dhi`` [W/m²], ``temp_air`` [°C], ``wind_speed`` [m/s].
    position : DataFrame
        As `sun` gives it, on the same index.
    spec : resolved array
    """
    from pvlib.inverter import pvwatts
    from pvlib.pvsystem import pvwatts_dc
    from pvlib.temperature import sapm_cell

    with library_quiet():
        tilt, azimuth, aoi = _orientation(position, spec)
        if spec.array.bifaciality > 0:
            front, absorbed = _bifacial(weather, position, spec, tilt, azimuth, aoi)
        else:
            front, absorbed = _monofacial(weather, position, spec, tilt, azimuth, aoi)
        cell = sapm_cell(front, weather["temp_air"], weather["wind_speed"], **spec.thermal)
        dc = pvwatts_dc(absorbed, cell, 1.0, spec.temperature_coefficient)
        dc = dc * (1 - spec.losses) * (1 - spec.array.soiling)
        if spec.array.snow:
            dc = dc * (1 - _snow_cover(weather, front, tilt))
        rated_dc = 1.0 / spec.dc_ac_ratio / spec.inverter_efficiency
        ac = pvwatts(dc, rated_dc, spec.inverter_efficiency)
    # the models have no value while the sun is down; the weather itself has no gaps here
    return pd.Series(np.clip(np.nan_to_num(np.asarray(ac)), 0.0, None), index=weather.index)


def _orientation(
    position: pd.DataFrame, spec: _Spec
) -> tuple[pd.Series | float, pd.Series | float, pd.Series]:
    from pvlib.irradiance import aoi
    from pvlib.tracking import singleaxis

    zenith, azimuth = position["apparent_zenith"], position["azimuth"]
    if spec.array.tracking is Tracking.FIXED:
        incidence = aoi(spec.tilt, spec.array.azimuth, zenith, azimuth)
        return spec.tilt, spec.array.azimuth, incidence
    turned = singleaxis(
        zenith,
        azimuth,
        axis_azimuth=spec.array.azimuth,
        max_angle=spec.array.max_angle,
        gcr=spec.ground_coverage,
    )
    # at night the tracker has no position; lying flat is harmless, for there is no light
    return (
        turned["surface_tilt"].fillna(0.0),
        turned["surface_azimuth"].fillna(spec.array.azimuth),
        turned["aoi"].fillna(90.0),
    )


def _monofacial(
    weather: pd.DataFrame,
    position: pd.DataFrame,
    spec: _Spec,
    tilt: pd.Series | float,
    azimuth: pd.Series | float,
    aoi: pd.Series,
) -> tuple[pd.Series, pd.Series]:
    """Irradiance on the modules, and what of it passes the glass [W/m²]."""
    from pvlib.iam import physical
    from pvlib.irradiance import get_extra_radiation, get_total_irradiance

    plane = get_total_irradiance(
        tilt,
        azimuth,
        position["apparent_zenith"],
        position["azimuth"],
        weather["dni"],
        weather["ghi"],
        weather["dhi"],
        dni_extra=get_extra_radiation(pd.DatetimeIndex(weather.index)),
        albedo=spec.albedo,
        model="haydavies",
    ).fillna(0.0)
    return plane["poa_global"], plane["poa_direct"] * physical(aoi) + plane["poa_diffuse"]


def _bifacial(
    weather: pd.DataFrame,
    position: pd.DataFrame,
    spec: _Spec,
    tilt: pd.Series | float,
    azimuth: pd.Series | float,
    aoi: pd.Series,
) -> tuple[pd.Series, pd.Series]:
    """Irradiance on both faces by pvlib's infinite sheds [W/m²]."""
    from pvlib.bifacial.infinite_sheds import get_irradiance
    from pvlib.iam import physical
    from pvlib.irradiance import get_extra_radiation

    faces = get_irradiance(
        tilt,
        azimuth,
        position["apparent_zenith"],
        position["azimuth"],
        gcr=spec.ground_coverage,
        height=spec.array.row_height,
        pitch=spec.array.row_pitch,
        ghi=weather["ghi"],
        dhi=weather["dhi"],
        dni=weather["dni"],
        albedo=spec.albedo,
        model="haydavies",
        dni_extra=get_extra_radiation(pd.DatetimeIndex(weather.index)),
        iam_front=physical(aoi),
        bifaciality=spec.array.bifaciality,
    )
    faces = pd.DataFrame(faces, index=weather.index).fillna(0.0)
    return faces["poa_front"], faces["poa_global"]


def _snow_cover(weather: pd.DataFrame, front: pd.Series, tilt: pd.Series | float) -> pd.Series:
    """Share of the modules under snow, as decimal, by pvlib's NREL model."""
    from pvlib.snow import coverage_nrel

    if "snowfall" not in weather.columns:
        raise input_error(
            "weather_no_snowfall",
            _("计算积雪损失需要气象数据中的降雪列 snowfall [cm]。"),
            remedy=_("请补充降雪数据，或关闭积雪损失。"),
        )
    cover: pd.Series = coverage_nrel(weather["snowfall"], front, weather["temp_air"], tilt)
    return cover.fillna(0.0)


def output(
    weather: pd.DataFrame,
    place: Place,
    arrays: Array | Sequence[Array] | None = None,
    *,
    rated: Rated = Rated.DC,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """AC output of a plant per unit of its capacity.

    Parameters
    ----------
    weather : DataFrame
        On a regular index, labels at the start of each step: ``ghi`` [W/m²], ``dni`` and ``dhi``
        [W/m²] (split off ``ghi`` when missing), ``temp_air`` [°C], ``wind_speed`` [m/s].
    place : Place
    arrays : Array or sequence of Array, optional
        Several are added by their `share`.
    rated : Rated
        Whether a unit of capacity is one of modules (DC) or of inverters (AC).
    allow_filled : collection of str
        ``{"pv"}`` to allow weather of which much was filled.
    rulebook : Rulebook, optional
        Where the defaults come from.

    Returns
    -------
    Series
        Named ``pv`` [MW per MW], with its provenance in ``attrs``.

    Raises
    ------
    InputError
        If a weather column or an array's value cannot be used.
    """
    _check_weather(weather)
    values = defaults(rulebook)
    specs = resolve_all(arrays, place, values)
    weather = weather.tz_convert(TIMEZONE)
    position = sun(pd.DatetimeIndex(weather.index), place)
    full = split_irradiance(weather, position)
    total = sum(item.array.share for item in specs)
    dc = sum(ac_output(full, position, item) * item.array.share for item in specs) / total
    unit = total / sum(item.array.share / item.dc_ac_ratio for item in specs)
    series = pd.Series(dc * (unit if rated is Rated.AC else 1.0), name="pv")
    sheet = quality.assess(
        series,
        Subject.PV,
        values,
        gaps=quality.carried_gaps(weather),
        place=place,
        per_unit=True,
        allow_filled=allow_filled,
    )
    quality.attach(series, sheet)
    return provenance.attach(series, _provenance(weather, place, specs, rated, values, series))


def _check_weather(weather: pd.DataFrame) -> None:
    missing = [name for name in ("ghi", "temp_air", "wind_speed") if name not in weather.columns]
    holes = [name for name in weather.columns if weather[name].isna().any()]
    problems = [
        Problem(Severity.ERROR, "weather_column", _("气象数据缺少 {name} 列。", name=name))
        for name in missing
    ] + [
        Problem(
            Severity.ERROR,
            "weather_gaps",
            _(
                "气象数据的 {name} 列有 {count} 个空值。",
                name=name,
                count=int(weather[name].isna().sum()),
            ),
            _("请先补数，或换用完整的气象文件。"),
        )
        for name in holes
    ]
    if problems:
        raise InputError(problems)


def _provenance(
    weather: pd.DataFrame,
    place: Place,
    specs: Sequence[_Spec],
    rated: Rated,
    values: Defaults,
    series: pd.Series,
) -> dict[str, object]:
    source = dict(weather.attrs.get("provenance", {}))
    notes = list(source.get("notes", []))
    if "dhi" not in weather.columns:
        notes.append(_("直射和散射辐照由水平面总辐照按 Erbs 模型分解。"))
    return provenance.record(
        Kind.WEATHER,
        unit="pu",
        sources=source.get("sources", ()),
        notes=notes,
        rules=values.used,
        synthetic=bool(source.get("synthetic")),
        model="pvlib PVWatts",
        rated=str(rated),
        latitude=place.latitude,
        longitude=place.longitude,
        altitude=place.altitude,
        arrays=[array_record(item) for item in specs],
        full_load_hours=full_load_hours(series),
    )


def array_record(spec: _Spec) -> dict[str, object]:
    """What an array was calculated with, as plain values."""
    return {
        "tilt": None if spec.array.tracking is Tracking.SINGLE_AXIS else spec.tilt,
        "azimuth": spec.array.azimuth,
        "tracking": str(spec.array.tracking),
        "mounting": str(spec.array.mounting),
        "bifaciality": spec.array.bifaciality,
        "dc_ac_ratio": spec.dc_ac_ratio,
        "losses": spec.losses,
        "soiling": spec.array.soiling,
        "snow": spec.array.snow,
        "share": spec.array.share,
    }
