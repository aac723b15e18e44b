"""One curve of a file, with its times or, where the file has none, row by row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.profiles import layout, roles
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.method import MAJORITY
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.readings import Readings
from greenland.energy.profiles.series import read_series
from greenland.energy.profiles.series_format import SeriesFormat
from greenland.energy.profiles.series_values import read_values
from greenland.energy.profiles.tables import read_tables
from greenland.energy.profiles.timeline import step_of
from greenland.energy.profiles.years_apart import without_time_between
from greenland.errors import InputError, input_error
from greenland.i18n import _


@dataclass(frozen=True)
class CurveFile:
    """A curve as a file gives it.

    Parameters
    ----------
    values : Series
        On Beijing time without zone, NaN where there is no reading; on row numbers if the file
        has no times.
    column : str
        Header of the values; empty for a day table.
    readings : Readings, optional
        What was understood; None for a file without times.
    """

    values: pd.Series
    column: str
    readings: Readings | None = None


def read_curve(
    path: Path,
    form: SeriesFormat | None = None,
    *,
    subject: Subject | None = Subject.LOAD,
    default_unit: str | None = None,
) -> CurveFile:
    """Read one curve.

    Parameters
    ----------
    path, form, subject, default_unit
        As for `greenland.energy.profiles.series.read_series`.

    Raises
    ------
    InputError
        If the curve cannot be made out, or the file holds several meters.
    """
    form = form or SeriesFormat()
    try:
        found = read_series(path, form, subject=subject, default_unit=default_unit, keep_ends=True)
    except InputError as error:
        if form.time is not None or error.problems[0].code != "no_header":
            raise
        return _untitled(path, form, subject, default_unit)
    if len(found) > 1:
        raise input_error(
            "several_meters",
            _("文件中有几块电表，不是一条曲线。"),
            file=path.name,
            got="、".join(str(item.series.name) for item in found[:10]),
            remedy=_("请先用 greenland energy profile load 相加。"),
        )
    readings = found[0]
    step = step_of(pd.DatetimeIndex(readings.series.index))
    values, said = without_time_between(readings.series, step)
    if said:
        readings = replace(readings, notes=(*readings.notes, said))
    plain = values.set_axis(pd.DatetimeIndex(values.index).tz_localize(None))
    return CurveFile(plain, readings.column, readings)


def _untitled(
    path: Path, form: SeriesFormat, subject: Subject | None, default_unit: str | None
) -> CurveFile:
    """A curve of a file whose header names no times: its first column may hold them anyway."""
    table = read_tables(path, any, sheet=form.sheet)[0]
    headers = [str(name) for name in table.frame.columns]
    if len(headers) > 1 and _are_times(table.frame[headers[0]]):
        named = replace(form, time=headers[0])
        return read_curve(path, named, subject=subject, default_unit=default_unit)
    log = ReadingLog(path.name)
    roles.check_named(headers, form, log)
    if form.value is None and len(headers) > 1:
        raise log.refuse(
            "meter_value",
            _("有多列可能是读数。"),
            _("请用 value（--value）指明列名。"),
            got="、".join(headers[:12]),
        )
    value = form.value or headers[0]
    cells = layout.flags_as_numbers(table)
    numbers = read_values(cells, [value], form, log)[:, 0]
    return CurveFile(pd.Series(numbers), value)


def _are_times(column: pd.Series) -> bool:
    cells = column.dropna()
    if len(cells) == 0 or pd.to_numeric(cells, errors="coerce").notna().all():
        return False
    try:
        values = timestamps.parse(cells.reset_index(drop=True)).values
    except InputError:
        return False
    return bool(np.mean(values.notna()) > MAJORITY)
