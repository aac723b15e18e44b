"""Readers of weather files: EPW, TMY3, PVGIS, NSRDB and plain tables."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.method import TYPICAL_YEARS
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.readings import Label
from greenland.energy.profiles.renewable.directions import NAME, directions_of
from greenland.energy.profiles.renewable.epw import PLAIN_YEAR, read_epw
from greenland.energy.profiles.renewable.headings import WeatherQuantity
from greenland.energy.profiles.renewable.measurements import screened
from greenland.energy.profiles.renewable.weather import COLUMNS, FORM_LABELS, Form, Weather
from greenland.energy.profiles.renewable.weather_table import TableFormat, read_table_of_weather
from greenland.energy.profiles.tables import decode, open_bytes
from greenland.energy.profiles.timeline import TIMEZONE, step_of
from greenland.errors import GreenlandError, input_error
from greenland.i18n import _

_ROWS = 8760


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
        For plain tables: ``{"ghi": "总辐射"}``; what is not named is recognised by its header,
        with the unit stated there.
    time, clock, timezone, label, sheet
        For plain tables, as for meters.
    wind_height : float
        Height of a wind speed whose header names none, for plain tables [m].

    Raises
    ------
    InputError
        If the file is not what it seems, has no irradiance and no wind, or its columns or units
        cannot be told.
    """
    form = form or recognise(path)
    try:
        if form is Form.TABLE:
            layout = TableFormat(columns or {}, time, clock, timezone, label, wind_height, sheet)
            return read_table_of_weather(path, place, layout)
        weather = _READERS[form](path)
        if form is not Form.EPW:
            weather = _screened(weather)
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


def _screened(weather: Weather) -> Weather:
    """Take codes for *missing* and impossible values out of every column."""
    table = weather.table.copy()
    by_column = dict(weather.problems)
    for name in table.columns:
        raw = table[name].to_numpy(dtype=float)
        reading = screened(raw, raw, WeatherQuantity(name), str(name), weather.source)
        table[name] = reading.values
        by_column[str(name)] = reading.problems
    return replace(weather, table=table, problems=by_column)


def _text(path: Path) -> io.StringIO:
    return io.StringIO(decode(open_bytes(path), path).replace("\r\n", "\n"))


def _kept(table: pd.DataFrame) -> pd.DataFrame:
    """Only the columns we use, as floats."""
    names = [name for name in COLUMNS if name in table.columns]
    return table[names].astype(float)


def _with_direction(weather: Weather, table: pd.DataFrame) -> Weather:
    """The weather with the directions of a table that pvlib has read, where it has some."""
    if NAME not in table.columns:
        return weather
    found = directions_of(table[NAME], NAME, weather.source)
    direction = None
    if found.values is not None:
        direction = pd.Series(found.values, index=weather.table.index)
    problems = {**weather.problems, NAME: found.problems}
    return replace(weather, direction=direction, problems=problems)


def _tmy3(path: Path) -> Weather:
    from pvlib.iotools import read_tmy3

    with library_quiet():
        table, meta = read_tmy3(_text(path), coerce_year=PLAIN_YEAR, map_variables=True)
    table = table.set_axis(pd.DatetimeIndex(table.index) - pd.Timedelta(hours=1))
    place = Place(meta["latitude"], meta["longitude"], meta["altitude"])
    return _with_direction(Weather(_kept(table), place, Form.TMY3, path.name, typical=True), table)


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
            stamps = [stamp.replace(year=PLAIN_YEAR) for stamp in months]
            table = table.set_axis(pd.DatetimeIndex(stamps))
        else:
            table, meta = read_pvgis_hourly(_text(path), pvgis_format="csv", map_variables=True)
            table = _horizontal(table, meta, path)
    table = table.set_axis(pd.DatetimeIndex(table.index).floor("1h")).sort_index()
    inputs = meta["inputs"]
    place = Place(inputs["latitude"], inputs["longitude"], inputs["elevation"])
    weather = Weather(_kept(table), place, Form.PVGIS, path.name, typical, notes=notes)
    return _with_direction(weather, table)


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
    typical = len(years) > TYPICAL_YEARS
    index = pd.DatetimeIndex(table.index)
    if typical:
        index = pd.DatetimeIndex([stamp.replace(year=PLAIN_YEAR) for stamp in index])
    # stamped in the middle of its step: 00:30 stands for 00:00–01:00
    table = table.set_axis(index.floor(step_of(index[:2])))
    place = Place(meta["latitude"], meta["longitude"], meta["altitude"])
    weather = Weather(_kept(table), place, Form.NSRDB, path.name, typical, wind_height=10.0)
    return _with_direction(weather, table)


_READERS: dict[Form, Callable[[Path], Weather]] = {
    Form.EPW: read_epw,
    Form.TMY3: _tmy3,
    Form.PVGIS: _pvgis,
    Form.NSRDB: _nsrdb,
}
