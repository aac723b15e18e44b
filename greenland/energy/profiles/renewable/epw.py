"""EnergyPlus weather files (EPW): hourly or finer, in any time zone.

References
----------
EnergyPlus *Auxiliary Programs*, "EnergyPlus Weather File (EPW) Data Dictionary": the order of
the fields, and the values that stand for *missing*.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.profiles.place import Place
from greenland.energy.profiles.renewable.directions import NAME, directions_of
from greenland.energy.profiles.renewable.headings import Heading, WeatherQuantity
from greenland.energy.profiles.renewable.measurements import measured
from greenland.energy.profiles.renewable.weather import Form, Weather
from greenland.energy.profiles.renewable.weather_units import UNITS
from greenland.energy.profiles.tables import decode, open_bytes
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _

PLAIN_YEAR = 2023  # a year of 365 days, for files that put months of several years together
_FIELDS = {  # place of each field in a row
    WeatherQuantity.TEMP_AIR: (6, "Dry Bulb Temperature"),
    WeatherQuantity.GHI: (13, "Global Horizontal Radiation"),
    WeatherQuantity.DNI: (14, "Direct Normal Radiation"),
    WeatherQuantity.DHI: (15, "Diffuse Horizontal Radiation"),
    WeatherQuantity.WIND_SPEED: (21, "Wind Speed"),
}


_DIRECTION = (20, "Wind Direction")


def read_epw(path: Path) -> Weather:
    """Read an EPW file.

    Raises
    ------
    InputError, ValueError, IndexError
        If it is not one.
    """
    text = decode(open_bytes(path), path).replace("\r\n", "\n")
    lines = text.split("\n")
    marks = [n for n, line in enumerate(lines) if line.upper().startswith("DATA PERIODS")]
    if not marks:
        raise input_error("epw_header", _("EPW 文件没有 DATA PERIODS 行。"), file=path.name)
    first = marks[0] + 1
    location = lines[0].split(",")
    latitude, longitude, zone, altitude = (float(field) for field in location[6:10])
    stated = int(lines[first - 1].split(",")[2])
    rows = pd.read_csv(
        io.StringIO("\n".join(lines[first:])),
        header=None,
        usecols=range(22),
        dtype=str,
        skip_blank_lines=True,
        index_col=False,
        keep_default_na=False,
    )
    times, per_hour, problems = _times(rows, stated, path)
    typical = _is_typical(times, per_hour)
    if typical:
        leap = np.asarray((times.month == 2) & (times.day == 29))
        rows, times = rows.loc[~leap], times[~leap]
        times = pd.DatetimeIndex([stamp.replace(year=PLAIN_YEAR) for stamp in times])
    repeated = np.asarray(times.duplicated(keep="last"))
    if repeated.any():
        problems.append(_repeated(int(repeated.sum()), path))
        rows, times = rows.loc[~repeated], times[~repeated]
    zoned = times.tz_localize(dt.timezone(dt.timedelta(hours=zone)))
    whole = pd.date_range(zoned.min(), zoned.max(), freq=pd.Timedelta(hours=1) / per_hour)
    columns: dict[str, pd.Series] = {}
    by_column: dict[str, tuple[Problem, ...]] = {"": tuple(problems)}
    for quantity, (place, name) in _FIELDS.items():
        heading = Heading(name, quantity, True, None, UNITS[quantity.value][0])
        reading = measured(rows[place], heading, hours=1 / per_hour, file=path.name)
        columns[quantity.value] = pd.Series(reading.values, index=zoned).reindex(whole)
        by_column[quantity.value] = reading.problems
    place, name = _DIRECTION
    blowing = directions_of(rows[place], name, path.name)
    by_column[NAME] = blowing.problems
    direction = None
    if blowing.values is not None:
        direction = pd.Series(blowing.values, index=zoned).reindex(whole)
    return Weather(
        pd.DataFrame(columns, index=whole),
        Place(latitude, longitude, altitude),
        Form.EPW,
        path.name,
        typical,
        direction=direction,
        problems=by_column,
    )


def _times(
    rows: pd.DataFrame, stated: int, path: Path
) -> tuple[pd.DatetimeIndex, int, list[Problem]]:
    """Start of each row's step, rows per hour, and what is to be said.

    Hours run from 1 to 24 and name the end of the hour; the rows of one hour follow each other.
    """
    problems = []
    year, month, day, hour = (pd.to_numeric(rows[place]).astype(int) for place in range(4))
    if hour.min() == 0 and hour.max() <= 23:
        problems.append(
            Problem(
                Severity.WARNING,
                "epw_hours",
                _("EPW 的时号为 0–23（应为 1–24），按时段始读。"),
                _("请核对该文件的时刻标注。"),
                file=path.name,
            )
        )
        hour = hour + 1
    if hour.min() < 1 or hour.max() > 24:
        raise input_error(
            "epw_hours",
            _("EPW 的时号应为 1–24。"),
            file=path.name,
            got=f"{hour.min()}–{hour.max()}",
        )
    days = pd.to_datetime({"year": year, "month": month, "day": day})
    groups = pd.DataFrame({"day": days, "hour": hour}).groupby(["day", "hour"], sort=False)
    per_hour = int(groups.size().mode().iloc[0])
    if 60 % per_hour:
        raise input_error(
            "epw_step",
            _("EPW 每小时有 {count} 行，不能等分一小时。", count=per_hour),
            file=path.name,
        )
    if per_hour != stated:
        problems.append(
            Problem(
                Severity.WARNING,
                "epw_step",
                _(
                    "EPW 文件头写每小时 {stated} 行，实有 {count} 行，按实有计。",
                    stated=stated,
                    count=per_hour,
                ),
                file=path.name,
            )
        )
    within = groups.cumcount().to_numpy() % per_hour
    start = days + pd.to_timedelta(
        (hour.to_numpy() - 1) * 60 + within * (60 // per_hour), unit="min"
    )
    return pd.DatetimeIndex(start), per_hour, problems


def _is_typical(times: pd.DatetimeIndex, per_hour: int) -> bool:
    """Whether months of several years make up one year; two whole years do not."""
    return len(set(times.year)) > 1 and len(times) <= 366 * 24 * per_hour


def _repeated(count: int, path: Path) -> Problem:
    return Problem(
        Severity.WARNING,
        "epw_repeated",
        _("EPW 有 {count} 个时刻重复，取最后一个。", count=count),
        _("请核对原始数据。"),
        file=path.name,
    )
