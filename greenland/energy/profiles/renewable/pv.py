"""PV: weather in, AC output per unit of installed capacity out, by pvlib.

The chain is PVWatts': transposition, reflection at the glass, cell temperature, module power,
losses, inverter with clipping. The sun stands where it is at the middle of each step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.renewable.arrays import (
    Array,
    Mounting,
    Rated,
    Spec,
    Tracking,
    array_record,
    resolve_all,
)
from greenland.energy.profiles.renewable.weather import gaps_of, problems_of
from greenland.energy.profiles.timeline import TIMEZONE, full_load_hours
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

__all__ = ["Array", "Mounting", "Rated", "Tracking", "ac_output", "output", "split_irradiance"]


def split_irradiance(weather: pd.DataFrame, position: pd.DataFrame) -> pd.DataFrame:
    """Add what is missing of direct and diffuse irradiance; after Erbs where both are.

    Parameters
    ----------
    weather : DataFrame
        With ``ghi`` [W/m²]; ``dni`` and ``dhi`` [W/m²] are kept, one follows from the other.
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
    if "dni" in weather.columns:
        beam = weather["dni"] * np.cos(np.radians(position["zenith"])).clip(lower=0.0)
        return weather.assign(dhi=(weather["ghi"] - beam).clip(lower=0.0))
    with library_quiet():
        parts = erbs(weather["ghi"], position["zenith"], pd.DatetimeIndex(weather.index))
    return weather.assign(dni=parts["dni"], dhi=parts["dhi"])


def ac_output(weather: pd.DataFrame, position: pd.DataFrame, spec: Spec) -> pd.Series:
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
    position: pd.DataFrame, spec: Spec
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
    spec: Spec,
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
    spec: Spec,
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
    values = defaults(rulebook)
    specs = resolve_all(arrays, place, values)
    used = _used_columns(weather, specs)
    _check_weather(weather, used)
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
        gaps=gaps_of(weather, used),
        place=place,
        per_unit=True,
        leap_day=provenance.leap_day(weather),
        allow_filled=allow_filled,
        problems=problems_of(weather, used),
    )
    quality.attach(series, sheet)
    return provenance.attach(series, _provenance(weather, place, specs, rated, values, series))


def _used_columns(weather: pd.DataFrame, specs: Sequence[Spec]) -> list[str]:
    """Columns of the weather the calculation reads; the others may lack what they like."""
    wanted = ["ghi", "dni", "dhi", "temp_air", "wind_speed"]
    wanted += ["snowfall"] if any(item.array.snow for item in specs) else []
    return [name for name in wanted if name in weather.columns]


def _check_weather(weather: pd.DataFrame, used: Collection[str]) -> None:
    missing = [name for name in ("ghi", "temp_air", "wind_speed") if name not in used]
    holes = [name for name in used if weather[name].isna().any()]
    problems = [
        Problem(
            Severity.ERROR,
            "weather_column",
            _("气象数据缺少 {name} 列，或该列全部缺测。", name=name),
            _("请补充该列，或用 --column {name}=… 指明。", name=name),
        )
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
    specs: Sequence[Spec],
    rated: Rated,
    values: Defaults,
    series: pd.Series,
) -> dict[str, object]:
    source = dict(weather.attrs.get("provenance", {}))
    notes = list(source.get("notes", []))
    if not {"dni", "dhi"} & set(weather.columns):
        notes.append(_("直射和散射辐照由水平面总辐照按 Erbs 模型分解。"))
    elif not {"dni", "dhi"} <= set(weather.columns):
        notes.append(_("直射与散射辐照缺一，由总辐照和太阳高度得出另一项。"))
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
