"""Tables people bring for wind: speeds at one or more heights, and power curves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.columns import DATE, TIME
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject, fill, gap_runs
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.readings import Label, gridded
from greenland.energy.profiles.tables import numbers, read_table
from greenland.energy.profiles.timeline import TIMEZONE, year_index
from greenland.errors import input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

MOST_SPEED = 75.0  # m/s; above it only tornadoes and broken cups
_SPEED = re.compile(r"风速|wind_?speed|^ws|^v_?\d", re.IGNORECASE)
_HEIGHT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:m|米)?(?![a-zA-Z/²])", re.IGNORECASE)
_TEMPERATURE = re.compile(r"气温|温度|temp", re.IGNORECASE)
_NOT_MEAN = re.compile(r"最大|最小|极大|标准差|偏差|max|min|std|dev", re.IGNORECASE)


def height_of(header: str) -> float | None:
    """Height [m] a wind-speed header names, such as ``风速_70m`` or ``ws80(m/s)``."""
    text = re.sub(r"[(（]?\s*m/s\s*[)）]?", "", header, flags=re.IGNORECASE)
    found = _HEIGHT.search(text)
    return float(found[1]) if found else None


def read_speeds(
    path: Path,
    columns: Mapping[float, str] | None = None,
    *,
    height: float | None = None,
    year: int | None = None,
    time: str | None = None,
    timezone: str = TIMEZONE,
    label: Label | None = None,
    sheet: str | None = None,
    rulebook: Rulebook | None = None,
) -> tuple[dict[float, pd.Series], pd.Series | None]:
    """Read wind speeds of a mast or a reanalysis.

    Parameters
    ----------
    path : Path
    columns : mapping of height [m] to header, optional
        Recognised by the headers (``风速_70m``, ``ws80``) when None.
    height : float, optional
        Of a single speed column that names none [m].
    year : int, optional
        Take this calendar year; the whole file when None.

    Returns
    -------
    speeds : dict of height [m] to Series [m/s]
        On one regular index, gaps filled; each with provenance.
    temperature : Series, optional
        Of the air [°C], if the file has it.

    Raises
    ------
    InputError
        If no speed column or no height can be made out.
    """
    table, _row = read_table(
        path,
        lambda row: any(text == time or TIME.match(text) or DATE.match(text) for text in row),
        sheet=sheet,
    )
    headers = [str(name) for name in table.columns]
    stamp = time or next(name for name in headers if TIME.match(name) or DATE.match(name))
    known = dict(columns) if columns is not None else _heights(headers, height, path)
    parsed = timestamps.parse(table[stamp])
    values = defaults(rulebook)
    raw: dict[float, pd.Series] = {}
    notes: list[str] = list(parsed.notes)
    for level, header in sorted(known.items()):
        if header not in headers:
            raise input_error(
                "wind_column",
                _("没有名为“{name}”的列。", name=header),
                file=path.name,
                allowed="、".join(headers),
            )
        speed = numbers(table[header])
        wrong = (speed < 0) | (speed > MOST_SPEED)
        if wrong.any():
            notes.append(
                _(
                    "{count} 个负的或大于 {most} m/s 的风速按缺测计。",
                    count=int(wrong.sum()),
                    most=MOST_SPEED,
                )
            )
        raw[level] = gridded(
            parsed.values,
            np.where(wrong, np.nan, speed),
            name=f"wind_speed_{level:g}m",
            label=label,
            timezone=timezone,
            sources=[path.name],
        ).series
    index = _common(list(raw.values()), year)
    speeds = {
        level: _filled(series, index, path, notes, level, values) for level, series in raw.items()
    }
    warm = next((name for name in headers if _TEMPERATURE.search(name)), None)
    if warm is None:
        return speeds, None
    air = gridded(
        parsed.values, numbers(table[warm]), name="temp_air", label=label, timezone=timezone
    ).series
    return speeds, fill(air.reindex(index), Subject.WEATHER, values)[0]


def speeds_of(table: pd.DataFrame) -> tuple[dict[float, pd.Series], pd.Series | None]:
    """Wind speed and temperature of a year of weather, as `read_speeds` gives them.

    Parameters
    ----------
    table : DataFrame
        As `weather.Weather.for_year` gives it.

    Raises
    ------
    InputError
        If the weather has no wind.
    """
    if "wind_speed" not in table.columns:
        raise input_error("weather_columns", _("气象数据没有风速。"))
    speed = table["wind_speed"].copy()
    speed.attrs = dict(table.attrs)
    height = float(provenance.of(speed).get("wind_height", 10.0))
    return {height: speed}, table.get("temp_air")


def _heights(headers: list[str], height: float | None, path: Path) -> dict[float, str]:
    """Speed columns by the height in their headers."""
    speeds = [name for name in headers if _SPEED.search(name) and not _NOT_MEAN.search(name)]
    if height is not None and len(speeds) == 1:
        return {height: speeds[0]}
    named = {level: name for name in speeds if (level := height_of(name)) is not None}
    if not named or len(named) < len(speeds):
        raise input_error(
            "wind_height",
            _("看不出风速列的高度。") if speeds else _("找不到风速列。"),
            file=path.name,
            got="、".join(speeds or headers),
            remedy=_("请把高度写进表头，如“风速_70m”，或用 height 指明。"),
        )
    return named


def _common(series: list[pd.Series], year: int | None) -> pd.DatetimeIndex:
    """The index all heights are brought to."""
    first = pd.DatetimeIndex(series[0].index)
    step = pd.tseries.frequencies.to_offset(first[1] - first[0]).freqstr
    if year is not None:
        return year_index(year, step)
    start = min(item.index[0] for item in series)
    end = max(item.index[-1] for item in series)
    return pd.date_range(start, end, freq=step)


def _filled(
    series: pd.Series,
    index: pd.DatetimeIndex,
    path: Path,
    notes: list[str],
    level: float,
    values: Defaults,
) -> pd.Series:
    speed, gaps = fill(series.reindex(index).rename(str(series.name)), Subject.WEATHER, values)
    speed.attrs["filled_runs"] = gap_runs(gaps, index)
    made = provenance.record(
        Kind.MEASURED, unit="m/s", sources=[path.name], notes=notes, height=level
    )
    return provenance.attach(speed, made)


def read_curve(path: Path, *, sheet: str | None = None) -> pd.Series:
    """Read a power curve: a column of wind speeds [m/s] and one of power [kW or per unit].

    Raises
    ------
    InputError
        If there are not two columns of numbers.
    """
    table, _row = read_table(
        path,
        lambda row: any(re.search(r"风速|wind|speed|m/s", text, re.I) for text in row),
        sheet=sheet,
    )
    headers = [str(name) for name in table.columns]
    speed = next(name for name in headers if re.search(r"风速|wind|speed|m/s", name, re.I))
    power = next(
        (name for name in headers if re.search(r"功率|出力|power|kw|^value$", name, re.I)), None
    )
    if power is None or power == speed:
        raise input_error(
            "power_curve",
            _("功率曲线表要有风速和功率两列。"),
            file=path.name,
            got="、".join(headers),
        )
    unit = 1000.0 if re.search(r"MW", power) else 1.0
    curve = pd.Series(numbers(table[power]) * unit, index=numbers(table[speed]), name="power")
    known = np.isfinite(curve.to_numpy()) & np.isfinite(curve.index.to_numpy())
    kept: pd.Series = curve.loc[known]
    return kept
