"""Plain tables of weather: any headings, any unit they state, any column order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.invalid_rows import without_marked
from greenland.energy.profiles.method import LEAST_PRESENT, TEMPERATURE_HEIGHT
from greenland.energy.profiles.one_table import read_table
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.readings import Label, Readings, gridded
from greenland.energy.profiles.renewable.candidates import (
    choose,
    first_cup,
    headings_of,
    named_headings,
    with_stated_unit,
)
from greenland.energy.profiles.renewable.directions import NAME, direction_header, directions_of
from greenland.energy.profiles.renewable.headings import Heading, WeatherQuantity
from greenland.energy.profiles.renewable.measurements import QUANTITY_LABELS, Numbers, measured
from greenland.energy.profiles.renewable.weather import COLUMNS, Form, Weather
from greenland.energy.profiles.timeline import TIMEZONE, step_of
from greenland.energy.profiles.times import Times
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _

_TIME_HEADER = re.compile(
    r"时间|日期|时刻|^(date_?time|time|timestamp|date|utc_time)\b", re.IGNORECASE
)
_SINGLE = (
    WeatherQuantity.GHI,
    WeatherQuantity.DNI,
    WeatherQuantity.BHI,
    WeatherQuantity.DHI,
    WeatherQuantity.SNOWFALL,
)


@dataclass(frozen=True)
class TableFormat:
    """How a plain table is to be read; what is None is worked out.

    Parameters
    ----------
    columns : mapping of our names to the file's headers
    time, clock : str, optional
        Headers of the times, and of clock times beside dates.
    timezone : str
        IANA name of the zone of the times.
    label : Label, optional
        Which end of a step the times name.
    wind_height : float
        Of a wind speed whose heading names no height [m].
    sheet : str, optional
    """

    columns: Mapping[str, str]
    time: str | None = None
    clock: str | None = None
    timezone: str = TIMEZONE
    label: Label | None = None
    wind_height: float = 10.0
    sheet: str | None = None


def read_table_of_weather(path: Path, place: Place | None, form: TableFormat) -> Weather:
    """Read a plain table with any of our columns.

    Raises
    ------
    InputError
        If the columns cannot be told apart, or there is neither irradiance nor wind.
    """
    table, _row = read_table(path, lambda row: _is_header(row, form.time), sheet=form.sheet)
    headers = [str(name) for name in table.columns]
    stamp = form.time or next(name for name in headers if _TIME_HEADER.search(name))
    others = [name for name in headers if name not in (stamp, form.clock)]
    form, aimed = _direction_named(form, others, path.name)
    chosen, by_column = _chosen(others, form, path.name)
    for key, item in chosen.items():
        chosen[key], told = with_stated_unit(item, table.attrs["said"], path.name)
        by_column[key] = (*by_column.get(key, ()), *told)
    table, invalid = without_marked(table, [item.header for item in chosen.values()], path.name)
    clock = None if form.clock is None else table[form.clock]
    parsed = timestamps.parse(table[stamp], clock)
    grid = steps_of(parsed, form, path.name)
    index = pd.DatetimeIndex(grid.series.index)
    general = [*by_column.pop("", ()), *grid.problems, *unread_times(parsed.values, path.name)]
    general += invalid
    columns = {}
    for name, heading in chosen.items():
        series, problems = on_grid(table[heading.header], heading, parsed.values, grid, form)
        by_column[name] = (*by_column.get(name, ()), *problems)
        if series is not None:
            columns[name] = series.reindex(index)
    if not columns:
        raise input_error("weather_columns", _("气象表没有有效读数。"), file=path.name)
    speed = chosen.get("wind_speed")
    height = (speed.height if speed else None) or form.wind_height
    vane = aimed or (None if speed is None else direction_header(others, height))
    direction, by_column[NAME] = _directions(table, vane, parsed.values, grid, form)
    frame = _horizontal_beam(pd.DataFrame(columns, index=index))
    by_column[""] = tuple(general)
    return Weather(
        frame.tz_convert(form.timezone),
        place,
        Form.TABLE,
        path.name,
        wind_height=height,
        direction=None if direction is None else direction.tz_convert(form.timezone),
        notes=(*parsed.notes, *grid.notes, *_what_was_read(chosen, others, vane)),
        problems=by_column,
    )


def _direction_named(
    form: TableFormat, headers: Sequence[str], file: str
) -> tuple[TableFormat, str | None]:
    """The format without the column of directions the user named, and that column."""
    aimed = form.columns.get(NAME)
    if aimed is None:
        return form, None
    if aimed not in headers:
        raise input_error(
            "weather_column",
            _("没有名为“{name}”的列。", name=aimed),
            file=file,
            allowed="、".join(headers),
        )
    rest = {name: header for name, header in form.columns.items() if name != NAME}
    return replace(form, columns=rest), aimed


def _directions(
    table: pd.DataFrame,
    vane: str | None,
    times: pd.DatetimeIndex,
    grid: Readings,
    form: TableFormat,
) -> tuple[pd.Series | None, tuple[Problem, ...]]:
    """Directions on the steps of the table, as they stand in the file; None without any."""
    if vane is None:
        return None, ()
    found = directions_of(table[vane], vane, grid.sources[0])
    if found.values is None:
        return None, found.problems
    series, _problems = _placed(found.values, vane, times, grid, form)
    return series.reindex(pd.DatetimeIndex(grid.series.index)), found.problems


def _is_header(row: Sequence[str], time: str | None) -> bool:
    if time is not None:
        return time in row
    return any(_TIME_HEADER.search(text) for text in row)


def _chosen(
    headers: Sequence[str], form: TableFormat, file: str
) -> tuple[dict[str, Heading], dict[str, tuple[Problem, ...]]]:
    """The column of each quantity, and what is to be said of it; all questions at once."""
    chosen = named_headings(headers, form.columns, COLUMNS, file)
    taken = {heading.header for heading in chosen.values()}
    headings = [item for item in headings_of(headers) if item.header not in taken]
    said: dict[str, tuple[Problem, ...]] = {}
    questions: list[Problem] = []
    for quantity, near in (
        *((item, None) for item in _SINGLE),
        (WeatherQuantity.TEMP_AIR, TEMPERATURE_HEIGHT),
    ):
        if quantity.value in chosen:
            continue
        try:
            heading, problems = choose(headings, quantity, file=file, near=near)
        except InputError as error:
            questions += error.problems
            continue
        if heading is not None:
            chosen[quantity.value] = heading
            said[quantity.value] = tuple(problems)
    if "wind_speed" not in chosen:
        _choose_speed(headings, chosen, said, form.wind_height, file)
    if questions:
        raise InputError(questions)
    if not {"ghi", "wind_speed"} & set(chosen) and not {"bhi", "dhi"} <= set(chosen):
        raise input_error(
            "weather_columns",
            _("气象表中没有总辐照，也没有风速。"),
            file=file,
            got="、".join(headers),
            remedy=_("请用 --column（Python 中为 columns）指明各列，如 ghi=总辐射。"),
        )
    said[""] = tuple(_beam_left_aside(headings, chosen, file))
    return chosen, said


def _choose_speed(
    headings: Sequence[Heading],
    chosen: dict[str, Heading],
    said: dict[str, tuple[Problem, ...]],
    wind_height: float,
    file: str,
) -> None:
    """Take the wind speed nearest to the usual height; of several cups there, the first."""
    speeds = [item for item in headings if item.quantity is WeatherQuantity.WIND_SPEED]
    speeds = [item for item in speeds if item.named] or speeds
    if not speeds:
        return
    distance = [abs((item.height or wind_height) - wind_height) for item in speeds]
    nearest = [item for item, far in zip(speeds, distance, strict=True) if far == min(distance)]
    chosen["wind_speed"] = nearest[0]
    said["wind_speed"] = tuple(first_cup(nearest, nearest[0].height, file))
    if not nearest[0].named:
        said["wind_speed"] += tuple(choose(nearest[:1], WeatherQuantity.WIND_SPEED, file=file)[1])


def _beam_left_aside(
    headings: Sequence[Heading], chosen: Mapping[str, Heading], file: str
) -> list[Problem]:
    """Say that a beam of which the plane is not said was not used, where it would have counted."""
    beams = [item for item in headings if item.quantity is WeatherQuantity.BEAM]
    if not beams or {"dni", "bhi", "dhi"} & set(chosen) or "ghi" not in chosen:
        return []
    return [
        Problem(
            Severity.WARNING,
            "weather_beam",
            _("“{header}”看不出是法向还是水平面上的，未采用。", header=beams[0].header),
            _("请用 --column dni={header} 或 bhi={header} 指明。", header=beams[0].header),
            file=file,
            column=beams[0].header,
        )
    ]


def _horizontal_beam(frame: pd.DataFrame) -> pd.DataFrame:
    """Global and diffuse from the beam on the horizontal, where one of them is missing."""
    if "bhi" not in frame.columns:
        return frame
    if "ghi" not in frame.columns and "dhi" in frame.columns:
        frame = frame.assign(ghi=frame["bhi"] + frame["dhi"])
    elif "ghi" in frame.columns and not {"dni", "dhi"} <= set(frame.columns):
        frame = frame.assign(dhi=(frame["ghi"] - frame["bhi"]).clip(lower=0.0))
    return frame.drop(columns="bhi")


def _what_was_read(
    chosen: Mapping[str, Heading], headers: Sequence[str], vane: str | None
) -> list[str]:
    """Which column was read as what, and which were not needed."""
    pairs = [
        _("{name}：{header}", name=_(QUANTITY_LABELS[item.quantity]), header=item.header)
        for item in chosen.values()
    ]
    pairs += [_("风向：{header}", header=vane)] if vane is not None else []
    used = {vane, *(item.header for item in chosen.values())}
    unused = [header for header in headers if header not in used]
    notes: list[str] = [_("采用的列——{pairs}。", pairs="；".join(pairs))]
    notes += converted_units(list(chosen.values()))
    if unused:
        notes.append(_("未采用的列：{names}。", names="、".join(unused)))
    return notes


def converted_units(headings: Sequence[Heading]) -> list[str]:
    """Which columns were converted from which unit."""
    return [
        _("“{header}”由 {unit} 换算。", header=item.header, unit=item.unit.name)
        for item in headings
        if item.unit is not None and (item.unit.factor, item.unit.offset) != (1.0, 0.0)
    ]


def steps_of(parsed: Times, form: TableFormat, file: str) -> Readings:
    """The regular steps of a table, whatever its columns lack.

    Times in the middle of the steps (00:30 for 00:00–01:00), as satellites give them, are
    moved to the start and said so, unless the label is given. What was assumed of the times
    stands among the problems, as a warning.
    """
    times = parsed.values
    label = form.label or (Label(parsed.label) if parsed.label else None)
    grid = gridded(
        times,
        np.zeros(len(times)),
        name=file,
        label=label,
        timezone=form.timezone,
        sources=[file],
    )
    repeated = ("duplicates_equal", "duplicates_different")  # said column by column
    problems = [item for item in grid.problems if item.code not in repeated]
    problems += [
        replace(item, severity=Severity.WARNING)
        for item in (*grid.assumptions, *parsed.assumptions)
    ]
    index = pd.DatetimeIndex(grid.series.index)
    step = step_of(index)
    local = index.tz_convert(form.timezone)
    if label is None and (local[0] - local[0].normalize()) % step * 2 == step:
        problems = [item for item in problems if item.code != "label_assumed"]
        problems.append(
            Problem(
                Severity.WARNING,
                "label_middle",
                _("时刻在各时段正中（如 {time}），按时段中点读。", time=f"{local[0]:%H:%M}"),
                _("如为时段始或时段末，请用 --label 指明。"),
                file=file,
            )
        )
        moved = grid.series.set_axis(index - step / 2)
        return replace(grid, series=moved, problems=tuple(problems))
    return replace(grid, problems=tuple(problems))


def on_grid(
    column: pd.Series,
    heading: Heading,
    times: pd.DatetimeIndex,
    grid: Readings,
    form: TableFormat,
) -> tuple[pd.Series | None, tuple[Problem, ...]]:
    """A column in our unit on the steps of the table; None if it has no readings."""
    file = grid.sources[0]
    index = pd.DatetimeIndex(grid.series.index)
    step = step_of(index)
    days = (index[-1] - index[0]) / pd.Timedelta(days=1)
    reading = measured(
        column, heading, hours=step / pd.Timedelta(hours=1), file=file, span_days=days
    )
    present = float(np.isfinite(reading.values).mean())
    if reading.empty or present < LEAST_PRESENT:
        few = Problem(
            Severity.WARNING,
            "weather_column_empty",
            _(
                "“{header}”列只有 {share} 的行有读数，未采用。",
                header=heading.header,
                share=f"{present:.1%}",
            ),
            file=file,
            column=heading.header,
        )
        return None, (*reading.problems, few)
    series, placed = _placed(reading.values, heading.header, times, grid, form)
    return series, (*reading.problems, *placed)


def _placed(
    values: Numbers, name: str, times: pd.DatetimeIndex, grid: Readings, form: TableFormat
) -> tuple[pd.Series, tuple[Problem, ...]]:
    """Values on the steps of a table, and what is to be said of their times."""
    index = pd.DatetimeIndex(grid.series.index)
    step = step_of(index)
    placed = gridded(
        times,
        values,
        name=name,
        label=grid.label_given,
        timezone=form.timezone,
        step=step,
        sources=[grid.sources[0]],
    )
    series = placed.series
    start = pd.DatetimeIndex(series.index)
    late = (start[0] - index[0]) % step
    if late:  # the table's times stand in the middle of its steps
        series = series.set_axis(start - late)
    return series, tuple(placed.problems)


def unread_times(times: pd.DatetimeIndex, file: str) -> list[Problem]:
    """Say how many rows have no time that could be read."""
    lost = int(np.sum(np.asarray(times.isna())))
    if not lost:
        return []
    row = int(np.argmax(np.asarray(times.isna())))
    return [
        Problem(
            Severity.WARNING,
            "weather_times",
            _("{count} 行的时间读不出，未采用（数据第 {row} 行起）。", count=lost, row=row + 1),
            _("请核对表尾的合计、备注等行。"),
            file=file,
        )
    ]
