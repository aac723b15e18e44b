"""Weather files: EPW, TMY3, PVGIS, NSRDB and plain tables, brought to one form.

One form: columns ``ghi``, ``dni``, ``dhi`` [W/m²], ``temp_air`` [°C], ``wind_speed`` [m/s] (and
what else there is), each row labelled at the start of the time it stands for.
`Weather.for_year` moves it to Beijing time and to the year wanted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Method, Subject, fill, runs
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.readings import Label, gridded
from greenland.energy.profiles.tables import decode, numbers, open_bytes, read_table
from greenland.energy.profiles.timeline import (
    TIMEZONE,
    LeapDay,
    onto_year,
    step_of,
    whole_years,
    year_index,
)
from greenland.errors import GreenlandError, InputError, Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook

_ROWS = 8760
_PLAIN_YEAR = 2023  # a year of 365 days, for files that put months of several years together


class Form(StrEnum):
    """Kind of weather file."""

    EPW = "epw"
    TMY3 = "tmy3"
    PVGIS = "pvgis"
    NSRDB = "nsrdb"
    TABLE = "table"


FORM_LABELS = {
    Form.EPW: N_("EPW 气象文件"),
    Form.TMY3: N_("TMY3 典型气象年"),
    Form.PVGIS: N_("PVGIS 数据"),
    Form.NSRDB: N_("NSRDB 数据"),
    Form.TABLE: N_("一般数据表"),
}

COLUMNS = ("ghi", "dni", "dhi", "temp_air", "wind_speed", "snowfall", "pressure")

# Headers that plain tables use, after bringing them to lower case.
_SYNONYMS = {
    "ghi": r"^ghi|总辐射|总辐照|水平面辐[照射]|surface_solar_radiation"
    r"|global.?horizontal|^g\(h\)|shortwave",
    "dni": r"^dni|法向直射|直接辐射|直射|direct.?normal",
    "dhi": r"^dhi|散射|diffuse",
    "temp_air": r"^temp|气温|温度|^t2m|temperature",
    "wind_speed": r"^wind_?speed|风速|^ws10|^ws$",
    "snowfall": r"^snowfall|降雪",
    "pressure": r"^pressure|气压|^hpa$",
}


@dataclass(frozen=True)
class Weather:
    """Weather as a file has it.

    Parameters
    ----------
    table : DataFrame
        On a time-zone-aware index, each row labelled at the start of the time it stands for.
    place : Place, optional
        Where the file says it is from.
    form : Form
    source : str
        Name of the file.
    typical : bool
        Whether its months come from several years.
    wind_height : float
        Height of ``wind_speed`` above ground [m].
    """

    table: pd.DataFrame
    place: Place | None
    form: Form
    source: str
    typical: bool = False
    wind_height: float = 10.0
    notes: tuple[str, ...] = field(default=())

    def years(self) -> list[int]:
        """Years of the file in its own time zone, most hours first."""
        counts = pd.Series(pd.DatetimeIndex(self.table.index).year).value_counts()
        return [int(year) for year in counts.index]

    def for_year(
        self,
        year: int,
        *,
        source_year: int | None = None,
        leap_day: LeapDay = LeapDay.FEBRUARY_29,
        rulebook: Rulebook | None = None,
    ) -> pd.DataFrame:
        """One year of this weather in Beijing time, moved to a calendar year, gaps filled.

        Parameters
        ----------
        year : int
        source_year : int, optional
            Which year of the file; needed when it has several.
        leap_day : LeapDay
            Day dropped when 366 days have to become 365.

        Returns
        -------
        DataFrame
            On the index of `timeline.year_index`, with ``attrs["provenance"]``. Where the file's
            clock is not Beijing's, the hours at one end of the year come from its other end.

        Raises
        ------
        InputError
            If the file has several years and none is named, or lacks the one named.
        """
        chosen = self._source_year(source_year)
        own = self.table[pd.DatetimeIndex(self.table.index).year == chosen]
        values = defaults(rulebook)
        step = step_of(pd.DatetimeIndex(own.index))
        whole = year_index(chosen, pd.tseries.frequencies.to_offset(step).freqstr)
        turned = _turned(own, chosen)
        marks = np.zeros(len(whole), dtype=int)
        columns = {}
        for name in own.columns:
            raw = turned[name].reindex(whole)
            filled, gaps = fill(raw, Subject.WEATHER, values)
            for gap in gaps:
                first = int(whole.searchsorted(gap.start))
                kind = list(Method).index(gap.method) + 1
                marks[first : first + gap.steps] = np.maximum(
                    marks[first : first + gap.steps], kind
                )
            columns[str(name)] = onto_year(filled, year, leap_day=leap_day)
        mark = onto_year(pd.Series(marks, index=whole), year, leap_day=leap_day)
        table = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
        table.index = mark.index
        moved = provenance.of(mark)
        table.attrs["filled_runs"] = tuple(
            (first, last, str(method))
            for number, method in enumerate(Method, start=1)
            for first, last in runs(mark.to_numpy() == number)
        )
        table.attrs["provenance"] = provenance.record(
            Kind.WEATHER,
            unit="W/m2",
            sources=[self.source],
            notes=self._notes(chosen, year, moved.get("leap_day")),
            rules=values.used,
            form=str(self.form),
            source_year=None if self.typical else chosen,
            year=year,
            leap_day=moved.get("leap_day"),
            wind_height=self.wind_height,
        )
        return table

    def _source_year(self, wanted: int | None) -> int:
        years = self.years()
        if wanted is not None:
            if wanted in years:
                return wanted
            raise input_error(
                "weather_year",
                _("气象文件没有 {year} 年的数据。", year=wanted),
                file=self.source,
                allowed="、".join(map(str, sorted(years))),
            )
        stamps = pd.DatetimeIndex(self.table.index).year.to_numpy()
        found, counts = np.unique(stamps, return_counts=True)
        full = [int(year) for year in found[counts > 0.5 * counts.max()]]
        if len(full) > 1:
            raise input_error(
                "weather_years",
                _("气象文件有多个年份，请指明用哪一年。"),
                file=self.source,
                allowed="、".join(map(str, sorted(full))),
                remedy=_("请用 source_year 指明。"),
            )
        return full[0]

    def _notes(self, chosen: int, year: int, leap_day: str | None) -> list[str]:
        notes = list(self.notes)
        zone = pd.DatetimeIndex(self.table.index)[0]
        if zone.utcoffset() != pd.Timestamp(zone).tz_convert(TIMEZONE).utcoffset():
            notes.append(
                _("气象文件的时区不是北京时间，已换算；年首年末的几小时由同年另一端补齐。")
            )
        if self.typical:
            notes.append(_("典型气象年：各月取自不同年份。"))
        elif chosen != year:
            notes.append(_("气象取自 {source} 年，移到 {year} 年。", source=chosen, year=year))
        if leap_day is not None:
            dropped = {
                "dropped feb29": _("闰年的 2 月 29 日未采用。"),
                "dropped dec31": _("闰年的 12 月 31 日未采用。"),
                "repeated feb28": _("闰年的 2 月 29 日重复 2 月 28 日。"),
            }
            notes.append(dropped[leap_day])
        return notes


def _turned(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Put a year of another clock into Beijing's year: the hours that stick out go to its end."""
    local = pd.DatetimeIndex(table.index).tz_convert(TIMEZONE)
    start, end = (pd.Timestamp(year=item, month=1, day=1, tz=TIMEZONE) for item in (year, year + 1))
    length = end - start
    shifted = local.where(np.asarray(local >= start), local + length)
    shifted = shifted.where(np.asarray(shifted < end), shifted - length)
    turned = table.set_axis(pd.DatetimeIndex(shifted)).sort_index()
    return turned[~turned.index.duplicated()]


def recognise(path: Path) -> Form:
    """Kind of a weather file, by its first lines."""
    head = decode(open_bytes(path)[:4000], path) if path.suffix != ".xlsx" else ""
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
                if header not in known.values() and re.search(pattern, header.lower())
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


def complete_years(weather: Weather) -> list[int]:
    """Calendar years the file covers wholly, in its own time zone."""
    index = pd.DatetimeIndex(weather.table.index)
    years = sorted(set(index.year))
    return [year for year in years if whole_years(index[index.year == year]) == 1]
