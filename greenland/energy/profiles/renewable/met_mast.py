"""Wind speeds of a met mast or a reanalysis, at one height or more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.columns import DATE, TIME
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject, fill, gap_runs
from greenland.energy.profiles.invalid_rows import without_marked
from greenland.energy.profiles.one_table import read_table
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.readings import Label, Readings
from greenland.energy.profiles.renewable.candidates import (
    choose,
    first_cup,
    headings_of,
    with_stated_unit,
)
from greenland.energy.profiles.renewable.clock_shift import on_whole_steps
from greenland.energy.profiles.renewable.headings import Heading, WeatherQuantity, heading_as
from greenland.energy.profiles.renewable.weather import gaps_of, problems_of
from greenland.energy.profiles.renewable.weather_table import (
    TableFormat,
    converted_units,
    on_grid,
    steps_of,
    unread_times,
)
from greenland.energy.profiles.timeline import TIMEZONE, step_of, year_index
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook


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
        What is not named is recognised by the headers (``风速_70m``, ``ws80``), with the unit
        stated there; of several cups at one height the first counts, and it is said.
    height : float, optional
        Of speed columns that name none [m].
    year : int, optional
        Take this calendar year; the whole file when None.

    Returns
    -------
    speeds : dict of height [m] to Series [m/s]
        On one regular index, gaps filled; each with provenance, and what had to be understood
        or taken out in ``attrs["problems"]``.
    temperature : Series, optional
        Of the air [°C], if the file has it; of several thermometers the one nearest the top.

    Raises
    ------
    InputError
        If no speed column, no height or no unit can be made out.
    """
    table, _row = read_table(
        path,
        lambda row: any(text == time or TIME.match(text) or DATE.match(text) for text in row),
        sheet=sheet,
    )
    headers = [str(name) for name in table.columns]
    stamp = time or next(name for name in headers if TIME.match(name) or DATE.match(name))
    others = [name for name in headers if name != stamp]
    cups, warm, said = _columns_of(others, columns, height, path.name)
    for level, item in cups.items():
        cups[level], told = with_stated_unit(item, table.attrs["said"], path.name)
        said += told
    if warm is not None:
        warm, told = with_stated_unit(warm, table.attrs["said"], path.name)
        said += told
    used = [item.header for item in (*cups.values(), warm) if item is not None]
    table, invalid = without_marked(table, used, path.name)
    said += invalid
    form = TableFormat({}, time=stamp, timezone=timezone, label=label, sheet=sheet)
    parsed = timestamps.parse(table[stamp])
    grid = steps_of(parsed, form, path.name)
    said += [*grid.problems, *unread_times(parsed.values, path.name)]
    values = defaults(rulebook)
    notes = [*parsed.notes, *grid.notes, *_what_was_read(cups, warm, others)]
    index = _index(grid, year)
    speeds: dict[float, pd.Series] = {}
    for level, heading in sorted(cups.items()):
        series, problems = on_grid(table[heading.header], heading, parsed.values, grid, form)
        said += problems
        if series is None:
            raise input_error(
                "wind_column",
                _("风速列“{name}”没有读数。", name=heading.header),
                file=path.name,
            )
        speeds[level] = _filled(series, index, path, level, values)
    air, of_air = _temperature(table, warm, parsed.values, grid, form, index, values)
    said += of_air
    for level, speed in speeds.items():
        made = provenance.record(
            Kind.MEASURED, unit="m/s", sources=[path.name], notes=notes, height=level
        )
        provenance.attach(speed, made)
        speed.attrs["problems"] = tuple(dict.fromkeys(said))
    return speeds, air


def _columns_of(
    headers: Sequence[str],
    columns: Mapping[float, str] | None,
    height: float | None,
    file: str,
) -> tuple[dict[float, Heading], Heading | None, list[Problem]]:
    """The speed column of each height and that of the air, and what is to be said of them."""
    named = dict(columns or {})
    missing = [name for name in named.values() if name not in headers]
    if missing:
        raise input_error(
            "wind_column",
            _("没有名为“{name}”的列。", name="、".join(missing)),
            file=file,
            allowed="、".join(headers),
        )
    headings = [item for item in headings_of(headers) if item.header not in named.values()]
    chosen = {
        level: heading_as(name, WeatherQuantity.WIND_SPEED) for level, name in sorted(named.items())
    }
    said: list[Problem] = []
    speeds = [item for item in headings if item.quantity is WeatherQuantity.WIND_SPEED]
    speeds = [item for item in speeds if item.named] or speeds
    for level, cups in _by_height(speeds, height, headers, file, bool(named)).items():
        if level not in chosen:
            chosen[level] = cups[0]
            said += first_cup(cups, level, file)
    # the air at the hub is wanted, so of several thermometers the highest counts
    warm, problems = choose(headings, WeatherQuantity.TEMP_AIR, file=file, near=max(chosen))
    return chosen, warm, said + problems


def _by_height(
    speeds: Sequence[Heading],
    height: float | None,
    headers: Sequence[str],
    file: str,
    some_are_named: bool,
) -> dict[float, list[Heading]]:
    """Speed columns by the height in their headings; *height* is that of those without."""
    levels: dict[float, list[Heading]] = {}
    without = [item for item in speeds if item.height is None]
    if height is not None and len(speeds) == 1:
        return {height: list(speeds)}
    if (without and height is None and not some_are_named) or not (speeds or some_are_named):
        raise input_error(
            "wind_height",
            _("看不出风速列的高度。") if speeds else _("找不到风速列。"),
            file=file,
            got="、".join(item.header for item in without) or "、".join(headers),
            remedy=_(
                "请把高度写进表头，如“风速_70m”，或用 --column 70=表头（Python 中为 columns）指明。"
            ),
        )
    for item in speeds:
        level = item.height if item.height is not None else height
        if level is not None:
            levels.setdefault(level, []).append(item)
    return levels


def _what_was_read(
    cups: Mapping[float, Heading], warm: Heading | None, headers: Sequence[str]
) -> list[str]:
    """Which column was read at which height, which unit was converted, and what was left."""
    used = [*cups.values(), *([warm] if warm is not None else [])]
    pairs = [f"{level:g} m：{item.header}" for level, item in sorted(cups.items())]
    pairs += [_("气温：{header}", header=warm.header)] if warm is not None else []
    left = [header for header in headers if header not in {item.header for item in used}]
    return [
        _("采用的列——{pairs}。", pairs="；".join(pairs)),
        *converted_units(used),
        *([_("未采用的列：{names}。", names="、".join(left))] if left else []),
    ]


def _index(grid: Readings, year: int | None) -> pd.DatetimeIndex:
    """The steps all heights are brought to: whole steps of Beijing's day."""
    index = pd.DatetimeIndex(on_whole_steps(grid.series).index)
    if year is None:
        return index
    step = pd.tseries.frequencies.to_offset(step_of(index)).freqstr
    whole = year_index(year, step)
    if not len(whole.intersection(index)):
        raise input_error(
            "series_year",
            _("数据不含 {year} 年。", year=year),
            file=grid.sources[0],
            got=_("{start} 至 {end}", start=str(index[0]), end=str(index[-1])),
        )
    return whole


def _filled(
    series: pd.Series, index: pd.DatetimeIndex, path: Path, level: float, values: Defaults
) -> pd.Series:
    placed = on_whole_steps(series).reindex(index).rename(f"wind_speed_{level:g}m")
    if placed.isna().all():
        raise input_error(
            "series_empty", _("风速列“{name}”没有读数。", name=str(series.name)), file=path.name
        )
    speed, gaps = fill(placed, Subject.WEATHER, values)
    speed.attrs["filled_runs"] = gap_runs(gaps, index)
    return speed


def _temperature(
    table: pd.DataFrame,
    warm: Heading | None,
    times: pd.DatetimeIndex,
    grid: Readings,
    form: TableFormat,
    index: pd.DatetimeIndex,
    values: Defaults,
) -> tuple[pd.Series | None, list[Problem]]:
    """The air's temperature; left aside where too much of it is missing, for only the density
    hangs on it.
    """
    if warm is None:
        return None, []
    series, problems = on_grid(table[warm.header], warm, times, grid, form)
    said = list(problems)
    if series is None:
        return None, said
    placed = on_whole_steps(series).reindex(index).rename("temp_air")
    missing = float(placed.isna().mean())
    if missing > values.number("filled_share.refused"):
        text = _(
            "气温“{header}”缺测 {share}，未采用；空气密度按标准大气计。",
            header=warm.header,
            share=f"{missing:.1%}",
        )
        said.append(Problem(Severity.WARNING, "wind_temperature", text, file=grid.sources[0]))
        return None, said
    if missing:
        text = _("气温“{header}”缺测 {share}，已补入。", header=warm.header, share=f"{missing:.1%}")
        said.append(Problem(Severity.NOTICE, "wind_temperature", text, file=grid.sources[0]))
    return fill(placed, Subject.WEATHER, values)[0], said


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
    used = [name for name in ("wind_speed", "temp_air") if name in table.columns]
    speed = table["wind_speed"].copy()
    speed.attrs = {
        "provenance": table.attrs.get("provenance", {}),
        "filled_runs": gap_runs(gaps_of(table, used), pd.DatetimeIndex(table.index)),
        "problems": tuple(problems_of(table, used)),
    }
    height = float(provenance.of(speed).get("wind_height", 10.0))
    return {height: speed}, table.get("temp_air")
