"""Meter exports: day tables with 24 to 288 columns, or long tables, in kW or kWh.

Read as they come out of the acquisition system: titles above the header, several meters, a
multiplier, active and reactive rows, midnight under the date of the day it closes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland import units
from greenland.energy.profiles import columns
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load.combine import added
from greenland.energy.profiles.readings import (
    Duplicates,
    Label,
    Readings,
    finished,
    gridded,
)
from greenland.energy.profiles.tables import decode, numbers, open_bytes, read_table
from greenland.energy.profiles.timeline import TIMEZONE, step_of
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _
from greenland.rules.book import Rulebook

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MeterFormat:
    """How to read an export; None is worked out from the file.

    Parameters
    ----------
    unit : str, optional
        Of the values: a power (``"kW"``, ``"MW"``) or an energy per step (``"kWh"`` …).
    time, clock, value, meter : str, optional
        Column headers: time (or date), clock time beside a date, value, meter number.
    label : Label, optional
    timezone : str
        IANA name of the zone of the times.
    multiplier : float
        On every value (ratio of the current and voltage transformers).
    duplicates : Duplicates
        Which of different values at one time counts.
    sheet : str, optional
        Of an Excel file.
    register : bool
        Whether the values are register readings, of which differences are to be taken.
    """

    unit: str | None = None
    time: str | None = None
    clock: str | None = None
    value: str | None = None
    meter: str | None = None
    label: Label | None = None
    timezone: str = TIMEZONE
    multiplier: float = 1.0
    duplicates: Duplicates = Duplicates.LAST
    sheet: str | None = None
    register: bool = False


def read_meters(path: Path, form: MeterFormat | None = None) -> list[Readings]:
    """Read every meter of an export.

    Parameters
    ----------
    path : Path
    form : MeterFormat, optional

    Returns
    -------
    list of Readings
        In MW, one for each meter number (one in all if the file names none).

    Raises
    ------
    InputError
        If the header, the columns, the times or the unit cannot be made out.
    """
    form = form or MeterFormat()
    table, first_row = read_table(path, lambda row: _is_header(row, form), sheet=form.sheet)
    headers = [str(name) for name in table.columns]
    slots = columns.day_slots(headers)
    if slots is not None:
        return _wide(table, slots, path, form, first_row)
    return _long(table, path, form, first_row)


def _is_header(row: Sequence[str], form: MeterFormat) -> bool:
    if form.time is not None:
        return form.time in row
    if columns.day_slots(row) is not None:
        return True
    return any(columns.TIME.match(text) or columns.DATE.match(text) for text in row)


def _column(headers: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in headers if pattern.search(name)), None)


def _meter_column(headers: Sequence[str]) -> str | None:
    """The column of meter numbers, or of customer numbers where there is none."""
    return _column(headers, columns.METER) or _column(headers, columns.CUSTOMER)


def _unit(form: MeterFormat, texts: Sequence[str], path: Path) -> str:
    """The unit given, or the one a text names.

    Raises
    ------
    InputError
        If none is given and none found.
    """
    if form.unit is not None:
        return form.unit
    for text in texts:
        found = columns.UNIT.search(text)
        if found:
            return found[1]
    raise input_error(
        "meter_unit",
        _("看不出读数的单位是 kW 还是 kWh。"),
        file=path.name,
        remedy=_("请在表头写明单位，如“有功功率(kW)”，或用 unit 指明。"),
    )


def to_mw(values: Numbers, unit: str, step: pd.Timedelta) -> Numbers:
    """Power [MW] of values in a unit of power, or of energy per step."""
    if columns.ENERGY.search(unit.strip()):
        return values * units.factor(unit, "MWh") / (step / pd.Timedelta(hours=1))
    return values * units.factor(unit, "MW")


def _wide(
    table: pd.DataFrame, slots: columns.Slots, path: Path, form: MeterFormat, first_row: int
) -> list[Readings]:
    headers = [str(name) for name in table.columns if name not in slots.columns]
    date = form.time or _column(headers, columns.DATE) or _column(headers, columns.TIME)
    if date is None:
        raise input_error(
            "meter_date", _("日表没有日期列。"), file=path.name, got="、".join(headers[:6])
        )
    notes = list(slots.notes)
    kind = _column(headers, columns.TYPE)
    if kind is not None:
        reactive = table[kind].astype("string").str.contains(columns.REACTIVE, na=False).to_numpy()
        if reactive.any() and not reactive.all():
            notes.append(_("{count} 行无功或反向读数未采用。", count=int(reactive.sum())))
            table = table[~reactive]
    scale = _multipliers(table, headers, form, notes)
    said = [str(item) for item in table[kind].dropna().unique()] if kind else []
    unit = _unit(form, [*said, *headers, _title_text(path, first_row)], path)
    days = timestamps.parse(table[date])
    notes += days.notes
    values = np.column_stack([numbers(table[name]) for name in slots.columns]) * scale[:, None]
    problems = _no_numbers(table, slots.columns, values, path)
    minutes = slots.minutes
    if form.label is not None and form.label is not slots.label:  # the user knows better
        shift = 1 if slots.label is Label.RIGHT else -1
        minutes = minutes + shift * int(slots.step / pd.Timedelta(minutes=1))
    stamps = days.values.normalize()
    result = []
    for name, rows in _groups(table, form.meter or _meter_column(headers)):
        offsets = pd.to_timedelta(np.tile(minutes, len(rows)), unit="min")
        one = gridded(
            stamps[rows].repeat(len(minutes)) + offsets,
            values[rows].ravel(),
            name=name or "load",
            label=Label.LEFT,  # the slots are counted from the start of the day
            timezone=form.timezone,
            step=slots.step,
            duplicates=form.duplicates,
            sources=[path.name],
            notes=notes,
        )
        one = replace(one, label_given=form.label or slots.label)
        result.append(_in_mw(one, unit, form, problems))
    return result


def _title_text(path: Path, first_row: int) -> str:
    """The lines above the header, where a unit may stand, and the file's own name."""
    name = path.name.lower().removesuffix(".gz")
    if not name.endswith((".csv", ".txt")):
        return path.stem
    lines = decode(open_bytes(path), path).splitlines()[: max(first_row - 2, 0)]
    return "\n".join([*lines, path.stem])


def _multipliers(
    table: pd.DataFrame, headers: Sequence[str], form: MeterFormat, notes: list[str]
) -> Numbers:
    name = _column(headers, columns.MULTIPLIER)
    scale = np.full(len(table), form.multiplier)
    if name is not None and form.multiplier == 1.0:
        scale = numbers(table[name])
        notes.append(_("读数已乘以“{name}”列的倍率。", name=name))
    return scale


def _groups(table: pd.DataFrame, meter: str | None) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """Rows of each meter."""
    if meter is None:
        return [("", np.arange(len(table)))]
    names = table[meter].map(_id_text)
    places = names.groupby(names).indices.items()
    return [(str(name), np.asarray(rows)) for name, rows in sorted(places)]


def _id_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _long(table: pd.DataFrame, path: Path, form: MeterFormat, first_row: int) -> list[Readings]:
    headers = [str(name) for name in table.columns]
    _check_named(headers, form, path)
    time, clock = _time_columns(headers, form)
    if time is None:
        raise input_error(
            "meter_time", _("找不到时间列。"), file=path.name, got="、".join(headers[:8])
        )
    meter = form.meter or _meter_column([name for name in headers if name != time])
    value = form.value or _value_column(table, {time, clock, meter}, path)
    notes: list[str] = []
    scale = _multipliers(table, headers, form, notes)
    parsed = timestamps.parse(table[time], None if clock is None else table[clock])
    unread = int((parsed.values.isna() & table[time].notna().to_numpy()).sum())
    problems = _unread_problem(unread, parsed.values, first_row, path, time)
    readings = numbers(table[value]) * scale
    problems += _no_numbers(table, [value], readings[:, None], path)
    unit = _unit(form, [value, _title_text(path, first_row)], path)
    result = []
    for name, rows in _groups(table, meter):
        one = gridded(
            parsed.values[rows],
            readings[rows],
            name=name or "load",
            label=form.label,
            timezone=form.timezone,
            duplicates=form.duplicates,
            sources=[path.name],
            notes=[*notes, *parsed.notes],
        )
        result.append(_in_mw(one, unit, form, problems))
    return result


def _in_mw(one: Readings, unit: str, form: MeterFormat, problems: Sequence[Problem]) -> Readings:
    """Readings turned into power; register readings into differences first."""
    series, notes = one.series, one.notes
    energy = columns.ENERGY.search(unit.strip()) is not None
    if form.register:
        series, text = _differences(series, one.label_given)
        notes = (*notes, *text)
    elif energy and _rises(series):
        raise input_error(
            "meter_register",
            _("读数只升不降，像是电表示数（表码）而不是各时段电量。"),
            file=one.sources[0] if one.sources else "",
            remedy=_("确为示数时请用 register（--register）指明，将取相邻示数之差。"),
        )
    step = step_of(pd.DatetimeIndex(series.index))
    power = to_mw(series.to_numpy(dtype=float), unit, step)
    return replace(
        one,
        series=pd.Series(power, index=series.index, name=series.name),
        notes=notes,
        problems=(*problems, *one.problems),
    )


def _rises(series: pd.Series) -> bool:
    """Whether readings never fall over two days and more, and rise most of the time."""
    known = series.dropna().to_numpy(dtype=float)
    days = len(known) * (step_of(pd.DatetimeIndex(series.index)) / pd.Timedelta(days=1))
    steps = np.diff(known)
    return bool(days >= 2 and (steps >= 0).all() and (steps > 0).mean() > 0.5)


def _differences(series: pd.Series, label: Label) -> tuple[pd.Series, list[str]]:
    """Energy of each step from register readings at its ends; falls count as missing."""
    # a right label put each reading at the start of the step it ends
    energy = series.diff() if label is Label.RIGHT else series.shift(-1) - series
    back = energy < 0
    energy = energy.mask(back)
    energy = energy.iloc[1:] if label is Label.RIGHT else energy.iloc[:-1]
    notes: list[str] = [_("读数为电表示数，取相邻示数之差。")]
    if back.any():
        notes.append(_("{count} 处示数回退（换表或翻转），按缺测计。", count=int(back.sum())))
    return energy, notes


def _check_named(headers: Sequence[str], form: MeterFormat, path: Path) -> None:
    named = [form.time, form.clock, form.value, form.meter]
    problems = [
        Problem(
            Severity.ERROR,
            "meter_column",
            _("没有名为“{name}”的列。", name=name),
            file=path.name,
            allowed="、".join(headers[:20]),
        )
        for name in named
        if name is not None and name not in headers
    ]
    if problems:
        raise InputError(problems)


def _time_columns(headers: Sequence[str], form: MeterFormat) -> tuple[str | None, str | None]:
    if form.time is not None:
        return form.time, form.clock
    date = next((name for name in headers if columns.DATE.match(name)), None)
    time = next((name for name in headers if columns.TIME.match(name)), None)
    if date is not None and time is not None:
        return date, time
    return date or time, form.clock


def _value_column(table: pd.DataFrame, taken: set[str | None], path: Path) -> str:
    """The column of active power or energy.

    Raises
    ------
    InputError
        If none or several could be it.
    """
    likely = [
        str(name)
        for name in table.columns
        if name not in taken
        and columns.VALUE.search(str(name))
        and not columns.REACTIVE.search(str(name))
        and np.isfinite(numbers(table[name])).any()
    ]
    if len(likely) == 1:
        return likely[0]
    total = [name for name in likely if re.search(r"有功|总", name)]
    if len(total) == 1:
        return total[0]
    raise input_error(
        "meter_value",
        _("有多列可能是读数。") if likely else _("找不到读数列。"),
        file=path.name,
        got="、".join(likely or [str(name) for name in table.columns][:10]),
        remedy=_("请用 value 指明列名。"),
    )


def _no_numbers(
    table: pd.DataFrame, names: Sequence[str], values: Numbers, path: Path
) -> list[Problem]:
    """A warning about cells that hold something, but no number."""
    wrong = np.isnan(values) & table[list(names)].notna().to_numpy()
    if not wrong.any():
        return []
    row, column = np.argwhere(wrong)[0]
    return [
        Problem(
            Severity.WARNING,
            "reading_no_number",
            _("{count} 个读数不是数字，按缺测计。", count=int(wrong.sum())),
            _("请核对原始数据。"),
            file=path.name,
            column=names[int(column)],
            got=str(table[names[int(column)]].iloc[int(row)]),
        )
    ]


def _unread_problem(
    count: int, values: pd.DatetimeIndex, first_row: int, path: Path, column: str
) -> list[Problem]:
    if not count:
        return []
    row = first_row + int(np.argmax(np.asarray(values.isna())))
    return [
        Problem(
            Severity.WARNING,
            "time_unread",
            _("{count} 行的时间无法识别，未采用。", count=count),
            file=path.name,
            row=row,
            column=column,
        )
    ]


def load(
    path: Path,
    form: MeterFormat | None = None,
    *,
    name: str = "load",
    year: int | None = None,
    meters: Collection[str] | None = None,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
) -> pd.Series:
    """Load of a meter export, gaps filled, with provenance and quality sheet.

    Parameters
    ----------
    path : Path
    form : MeterFormat, optional
    name : str
        Of the series; `allow_filled` refers to it.
    year : int, optional
        Take this calendar year; the whole file when None.
    meters : collection of str, optional
        Meter numbers to add; all when None.
    allow_filled : collection of str
        Names of series that may be used however much of them was filled.

    Returns
    -------
    Series
        Load [MW] at the step of the file.

    Raises
    ------
    InputError
        If the file cannot be read, or more was filled than allowed.
    """
    found = read_meters(path, form)
    if meters is not None:
        known = [str(item.series.name) for item in found]
        missing = [item for item in meters if item not in known]
        if missing:
            raise input_error(
                "meter_unknown",
                _("文件中没有电表“{meters}”。", meters="、".join(missing)),
                file=path.name,
                allowed="、".join(known),
            )
        found = [item for item in found if str(item.series.name) in meters]
    if len(found) == 1:
        only = found[0]
        alone = replace(only, series=only.series.rename(name))
        return finished(
            alone, Subject.LOAD, unit="MW", year=year, allow_filled=allow_filled, rulebook=rulebook
        )
    start = min(item.series.index[0] for item in found)
    end = max(item.series.index[-1] for item in found)
    parts = []
    for item in found:
        step = step_of(pd.DatetimeIndex(item.series.index))
        whole = item.series.reindex(pd.date_range(start, end, freq=step))
        wide = replace(item, series=whole.rename(str(item.series.name)))
        # how much may be filled is judged on the sum, below
        part_names = {*allow_filled, str(whole.name)} if name in allow_filled else allow_filled
        parts.append(
            finished(
                wide, Subject.LOAD, unit="MW", year=year, allow_filled=part_names, rulebook=rulebook
            )
        )
    return added(parts, name, allow_filled=allow_filled, rulebook=rulebook)
