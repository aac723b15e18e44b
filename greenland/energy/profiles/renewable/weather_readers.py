"""Readers of weather files: EPW, TMY3, PVGIS, NSRDB and plain tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.readings import Label, gridded
from greenland.energy.profiles.renewable.weather import COLUMNS, FORM_LABELS, Form, Weather
from greenland.energy.profiles.tables import decode, numbers, open_bytes, read_table
from greenland.energy.profiles.timeline import (
    TIMEZONE,
    step_of,
)
from greenland.errors import GreenlandError, InputError, Problem, Severity, input_error
from greenland.i18n import _

_ROWS = 8760


_PLAIN_YEAR = 2023  # a year of 365 days, for files that put months of several years together


# Headers that plain tables use, after bringing them to lower case.
_SYNONYMS = {
    "ghi": re.compile(
        r"^ghi|总辐射|总辐照|水平面辐[照射]|surface_solar_radiation"
        r"|global.?horizontal|^g\(h\)|shortwave"
    ),
    "dni": re.compile(r"^dni|法向直射|直接辐射|直射|direct.?normal"),
    "dhi": re.compile(r"^dhi|散射|diffuse"),
    "temp_air": re.compile(r"^temp|气温|温度|^t2m|temperature"),
    "wind_speed": re.compile(r"^wind_?speed|风速|^ws10|^ws$"),
    "snowfall": re.compile(r"^snowfall|降雪"),
    "pressure": re.compile(r"^pressure|气压|^hpa$"),
}


def recognise(path: Path) -> Form:
    """Kind of a weather file, by its first lines."""
    # the marks are ASCII, and latin-1 reads any bytes, workbooks and halved characters too
    head = open_bytes(path)[:4000].decode("latin-1").removeprefix("\xef\xbb\xbf")
    first = head.split("\n", 1)[0]
    if first.startswith("LOCATION,"):
        return Form.EPW
    if first.lower().startswith("latitude (decimal degrees)"):
        return Form.PVGIS
    if first.startswith("Source,Location ID"):
        return Form.NSRDB
    if "Date (MM/DD/YYYY)" in head:
        return Form.TMY3
    return Form.TABLE


def read_weather(
    path: Path,
    *,
    form: Form | None = None,
    place: Place | None = None,
    columns: Mapping[str, str] | None = None,
    time: str | None = None,
    clock: str | None = None,
    timezone: str = TIMEZONE,
    label: Label | None = None,
    wind_height: float = 10.0,
    sheet: str | None = None,
) -> Weather:
    """Read a weather file.

    Parameters
    ----------
    path : Path
    form : Form, optional
        Worked out from the first lines when None.
    place : Place, optional
        Overrides what the file says.
    columns : mapping of our names to the file's headers, optional
        For plain tables: ``{"ghi": "总辐射"}``; what is not named is recognised by its header.
    time, clock, timezone, label, sheet
        For plain tables, as for meters.
    wind_height : float
        Height of the wind speed above ground, for plain tables [m].

    Raises
    ------
    InputError
        If the file is not what it seems, or has no irradiance and no wind.
    """
    form = form or recognise(path)
    try:
        if form is Form.TABLE:
            return _table(
                path, place, columns or {}, time, clock, timezone, label, wind_height, sheet
            )
        weather = _READERS[form](path)
    except GreenlandError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, UnicodeDecodeError) as error:
        raise input_error(
            "weather_file",
            _("不能作为{form}读取。", form=_(FORM_LABELS[form])),
            file=path.name,
            got=str(error)[:80],
            remedy=_("请检查文件是否完整、未被改动。"),
        ) from error
    _check_complete(weather)
    return weather if place is None else replace(weather, place=place)


def _check_complete(weather: Weather) -> None:
    """Refuse a typical year that was cut off, and rows without a time."""
    index = pd.DatetimeIndex(weather.table.index)
    rows = int(np.sum(index.notna()))
    if rows < len(index) or (weather.typical and rows < _ROWS):
        raise input_error(
            "weather_cut",
            _("{form}不完整。", form=_(FORM_LABELS[weather.form])),
            file=weather.source,
            got=_("{rows} 行", rows=rows),
            allowed=_("{rows} 行", rows=_ROWS),
            remedy=_("请重新下载。"),
        )


def _text(path: Path) -> io.StringIO:
    return io.StringIO(decode(open_bytes(path), path).replace("\r\n", "\n"))


def _kept(table: pd.DataFrame) -> pd.DataFrame:
    """Only the columns we use, as floats."""
    names = [name for name in COLUMNS if name in table.columns]
    return table[names].astype(float)


def _epw(path: Path) -> Weather:
    from pvlib.iotools import read_epw

    with library_quiet():
        table, meta = read_epw(_text(path))
        years = set(pd.DatetimeIndex(table.index).year)
        typical = len(years) > 1
        if typical:
            table, meta = read_epw(_text(path), coerce_year=_PLAIN_YEAR)
    table = table.rename(columns={"atmospheric_pressure": "pressure"})
    place = Place(meta["latitude"], meta["longitude"], meta["altitude"])
    return Weather(_kept(table), place, Form.EPW, path.name, typical)


def _tmy3(path: Path) -> Weather:
    from pvlib.iotools import read_tmy3

    with library_quiet():
        table, meta = read_tmy3(_text(path), coerce_year=_PLAIN_YEAR, map_variables=True)
    table = table.set_axis(pd.DatetimeIndex(table.index) - pd.Timedelta(hours=1))
    place = Place(meta["latitude"], meta["longitude"], meta["altitude"])
    return Weather(_kept(table), place, Form.TMY3, path.name, typical=True)


def _pvgis(path: Path) -> Weather:
    from pvlib.iotools import read_pvgis_hourly, read_pvgis_tmy

    head = _text(path).read(3000)
    typical = re.search(r"^month,\s*year", head, re.MULTILINE) is not None
    notes = (_("PVGIS 的读数是整点附近的瞬时值，按所在小时计。"),)
    with library_quiet():
        if typical:
            table, meta = read_pvgis_tmy(
                io.BytesIO(open_bytes(path)), pvgis_format="csv", map_variables=True
            )
            months = pd.DatetimeIndex(table.index)
            stamps = [stamp.replace(year=_PLAIN_YEAR) for stamp in months]
            table = table.set_axis(pd.DatetimeIndex(stamps))
        else:
            table, meta = read_pvgis_hourly(_text(path), pvgis_format="csv", map_variables=True)
            table = _horizontal(table, meta, path)
    table = table.set_axis(pd.DatetimeIndex(table.index).floor("1h")).sort_index()
    inputs = meta["inputs"]
    place = Place(inputs["latitude"], inputs["longitude"], inputs["elevation"])
    return Weather(_kept(table), place, Form.PVGIS, path.name, typical, notes=notes)


def _horizontal(table: pd.DataFrame, meta: Mapping[str, Any], path: Path) -> pd.DataFrame:
    """Horizontal irradiance of a PVGIS hourly file made for a plane without tilt."""
    if "poa_direct" not in table.columns:
        if "poa_global" not in table.columns:
            raise input_error("weather_columns", _("PVGIS 文件没有辐照列。"), file=path.name)
        table = table.rename(columns={"poa_global": "ghi"})
    else:
        table["dhi"] = table["poa_sky_diffuse"]
        table["ghi"] = table["poa_direct"] + table["poa_sky_diffuse"]
    slope = str(meta["inputs"].get("Slope", "0"))
    if not re.match(r"^\s*0(\.0*)?\s*(deg.*)?$", slope):
        raise input_error(
            "pvgis_slope",
            _("PVGIS 文件是倾斜面上的辐照，无法还原水平面辐照。"),
            file=path.name,
            got=slope,
            remedy=_("请在 PVGIS 选倾角 0° 并下载辐照分量。"),
        )
    return table


def _nsrdb(path: Path) -> Weather:
    from pvlib.iotools import read_nsrdb_psm4

    with library_quiet():
        table, meta = read_nsrdb_psm4(_text(path), map_variables=True)
    years = set(pd.DatetimeIndex(table.index).year)
    typical = len(years) > 3
    index = pd.DatetimeIndex(table.index)
    if typical:
        index = pd.DatetimeIndex([stamp.replace(year=_PLAIN_YEAR) for stamp in index])
    # stamped in the middle of its step: 00:30 stands for 00:00–01:00
    table = table.set_axis(index.floor(step_of(index[:2])))
    place = Place(meta["latitude"], meta["longitude"], meta["altitude"])
    return Weather(_kept(table), place, Form.NSRDB, path.name, typical, wind_height=10.0)


_READERS: dict[Form, Callable[[Path], Weather]] = {
    Form.EPW: _epw,
    Form.TMY3: _tmy3,
    Form.PVGIS: _pvgis,
    Form.NSRDB: _nsrdb,
}


def _table(
    path: Path,
    place: Place | None,
    columns: Mapping[str, str],
    time: str | None,
    clock: str | None,
    timezone: str,
    label: Label | None,
    wind_height: float,
    sheet: str | None,
) -> Weather:
    """Read a plain table with any of our columns."""
    table, _row = read_table(path, lambda row: _is_header(row, time), sheet=sheet)
    headers = [str(name) for name in table.columns]
    known = _mapped(headers, columns, path)
    stamp = time or next(name for name in headers if _TIME_HEADER.search(name))
    parsed = timestamps.parse(table[stamp], None if clock is None else table[clock])
    notes = list(parsed.notes)
    found = {}
    for name, header in known.items():
        reading = gridded(
            parsed.values,
            numbers(table[header]),
            name=name,
            label=label,
            timezone=timezone,
            sources=[path.name],
        )
        found[name] = reading.series
        notes += [note for note in reading.notes if note not in notes]
        notes += [str(item) for item in reading.problems if str(item) not in notes]
    joined = pd.DataFrame(found).tz_convert(timezone)
    whole = pd.date_range(
        joined.index[0], joined.index[-1], freq=step_of(pd.DatetimeIndex(joined.index))
    )
    return Weather(
        joined.reindex(whole),
        place,
        Form.TABLE,
        path.name,
        wind_height=wind_height,
        notes=tuple(notes),
    )


_TIME_HEADER = re.compile(
    r"时间|日期|时刻|^(date_?time|time|timestamp|date|utc_time)\b", re.IGNORECASE
)


def _is_header(row: Sequence[str], time: str | None) -> bool:
    if time is not None:
        return time in row
    return any(_TIME_HEADER.search(text) for text in row)


def _mapped(headers: Sequence[str], columns: Mapping[str, str], path: Path) -> dict[str, str]:
    """Our column names with the file's headers.

    Raises
    ------
    InputError
        If a header named is not there, or there is neither irradiance nor wind.
    """
    problems = [
        Problem(
            Severity.ERROR,
            "weather_column",
            _("没有名为“{name}”的列。", name=header),
            file=path.name,
            allowed="、".join(headers),
        )
        for header in columns.values()
        if header not in headers
    ] + [
        Problem(
            Severity.ERROR,
            "weather_column",
            _("不认识的气象量“{name}”。", name=name),
            file=path.name,
            allowed="、".join(COLUMNS),
        )
        for name in columns
        if name not in COLUMNS
    ]
    if problems:
        raise InputError(problems)
    known = dict(columns)
    for name, pattern in _SYNONYMS.items():
        match = next(
            (
                header
                for header in headers
                if header not in known.values() and pattern.search(header.lower())
            ),
            None,
        )
        if name not in known and match is not None:
            known[name] = match
    if not {"ghi", "wind_speed"} & set(known):
        raise input_error(
            "weather_columns",
            _("气象表中没有总辐照，也没有风速。"),
            file=path.name,
            got="、".join(headers),
            remedy=_("请用 columns 指明各列，如 ghi: 总辐射。"),
        )
    return known
