"""The one reader of curves: meter exports, curves of a case or a park, finished curves.

Read as they come out of an acquisition system or an office: titles above the header, several
sheets, meters and quantities, transformer ratios, day tables of 24 to 288 columns and long tables.
What the file leaves open is asked for, or told as an assumption.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import columns, dates_apart, layout, missing_codes, registers
from greenland.energy.profiles import roles as column_roles
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.invalid_rows import without_invalid
from greenland.energy.profiles.multipliers import multipliers
from greenland.energy.profiles.power_units import Unit
from greenland.energy.profiles.quantities import described
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.readings import Label, Readings, gridded
from greenland.energy.profiles.roles import Roles
from greenland.energy.profiles.series_format import SeriesFormat
from greenland.energy.profiles.series_values import dropped_rows, read_values, refuse_day_totals
from greenland.energy.profiles.tables import ReadingTable, read_tables
from greenland.energy.profiles.timeline import step_of
from greenland.energy.profiles.unit_again import check_interval, check_said_again
from greenland.errors import InputError, Problem
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]

__all__ = ["SeriesFormat", "read_series"]


@dataclass(frozen=True)
class _MeterPart:
    """Readings of one meter in one sheet, in the order of the file."""

    meter: str
    sheet: str
    stamps: pd.DatetimeIndex
    values: Numbers
    unit: Unit | None
    step: pd.Timedelta | None
    label: Label | None
    label_given: Label | None
    column: str = ""


def read_series(
    path: Path,
    form: SeriesFormat | None = None,
    *,
    subject: Subject | None = Subject.LOAD,
    default_unit: str | None = None,
    keep_ends: bool = False,
) -> list[Readings]:
    """Read every meter of a file of readings.

    Parameters
    ----------
    path : Path
        CSV, Excel or Parquet.
    form : SeriesFormat, optional
        What the user knows; the rest is worked out from the file.
    subject : Subject, optional
        What is measured. With load, PV and wind the values become MW unless they are per unit;
        None takes the values as they stand (prices, masks).
    default_unit : str, optional
        Of values whose unit the file does not say, ``"pu"`` for values per unit; None asks for it.
    keep_ends : bool
        Whether times without a value at the beginning and end belong to the curve.

    Returns
    -------
    list of Readings
        One for each meter number; one in all if the file names none.

    Raises
    ------
    InputError
        If the header, the columns, the times, the rows or the unit cannot be made out; the
        message names the candidates and the option that decides.
    """
    form = form or SeriesFormat()
    log = ReadingLog(path.name)
    tables = _readable(
        read_tables(path, lambda row: column_roles.is_header(row, form), sheet=form.sheet), log
    )
    parts: list[_MeterPart] = []
    for table in tables:
        try:
            parts += _parts(table, form, subject, default_unit, log)
        except InputError as error:
            raise _located(error, path, table) from error
    return [_readings(group, form, keep_ends, log) for group in _by_meter(parts, log)]


def _located(error: InputError, path: Path, table: ReadingTable) -> InputError:
    """The same problems with the file, and the sheet where it has any."""
    return InputError(
        replace(
            problem,
            file=problem.file or path.name,
            sheet=problem.sheet or table.sheet,
        )
        for problem in error.problems
    )


def _readable(tables: Sequence[ReadingTable], log: ReadingLog) -> list[ReadingTable]:
    """The sheets that hold readings; sheets of other quantities by their title are left out."""
    if len(tables) == 1:
        return list(tables)
    kept = [table for table in tables if layout.may_be_active(table.sheet)]
    if not kept:
        kept = list(tables)
    names = [table.sheet for table in kept]
    left = [table.sheet for table in tables if table.sheet not in names]
    if left:
        log.note(_("未读工作表：{names}（其他量）。", names="、".join(left)))
    if len(kept) > 1:
        log.note(_("读了 {count} 张工作表：{names}。", count=len(kept), names="、".join(names)))
    return kept


def _parts(
    table: ReadingTable,
    form: SeriesFormat,
    subject: Subject | None,
    default_unit: str | None,
    log: ReadingLog,
) -> list[_MeterPart]:
    if len(table.frame) == 0:
        raise log.refuse("no_rows", _("表头之下没有数据。"))
    headers = [str(name) for name in table.frame.columns]
    column_roles.check_named(headers, form, log)
    slots = columns.day_slots(headers) if form.value is None else None
    if slots is None and form.value is None and (broken := columns.broken_day(headers)):
        raise log.refuse(
            "day_table",
            _("表头像是日表，但时刻列不成完整的一日。"),
            _("请补齐缺少的时刻列。"),
            got=_(
                "{count} 列：{first} … {last}", count=len(broken), first=broken[0], last=broken[-1]
            ),
        )
    if subject is None:
        table = layout.flags_as_numbers(table)
    table = layout.filled_down(table, log)
    if form.time is form.clock is form.value is None:
        table = dates_apart.with_dates(table, log)
    roles = column_roles.roles_of(table, form, slots, log)
    table, kept = layout.active_rows(table, roles, form, subject, log)
    if slots is not None:
        parts = _wide(table, slots, roles, kept, form, default_unit, log)
    else:
        parts = _long(table, roles, kept, form, subject, default_unit, log)
    if subject is Subject.LOAD and any(part.unit is None for part in parts):
        raise log.refuse(
            "load_per_unit",
            _("负荷是标幺值，不知道以多少功率为 1。"),
            _("请换成 kW 或 MW；能源案例中可用 scale 写明基准功率（MW）。"),
        )
    return parts


def _wide(
    table: ReadingTable,
    slots: columns.Slots,
    roles: Roles,
    kept: str,
    form: SeriesFormat,
    default_unit: str | None,
    log: ReadingLog,
) -> list[_MeterPart]:
    for note in slots.notes:
        log.note(note)
    if slots.numbered:
        log.assume("slots_numbered", _("日表各列只有序号，第一列按 0 时起的时段计。"))
    names = list(slots.columns)
    parsed = column_roles.read_times(table, roles, log)
    table, parsed = dropped_rows(table, parsed, roles.time, names, log)
    meters = layout.meters_of(table, roles)
    scale = multipliers(table, meters, [kept], form.multiplier, log)
    unit = layout.unit_of(form, [kept], table, roles, default_unit, log)
    if form.unit is None:  # what the user gives stands above all that is said
        check_said_again(table, unit, log)
    values = without_invalid(table, read_values(table, names, form, log), log)
    values = missing_codes.without_codes(values, log) * scale[:, None]
    minutes = slots.minutes
    if form.label is not None and form.label is not slots.label:  # the user knows better
        shift = 1 if slots.label is Label.RIGHT else -1
        minutes = minutes + shift * int(slots.step / pd.Timedelta(minutes=1))
    log.add_times(parsed)
    days = parsed.values.tz_localize(None).normalize()
    result = []
    for meter, rows in layout.groups(meters, len(table.frame)):
        offsets = pd.to_timedelta(np.tile(minutes, len(rows)), unit="min")
        result.append(
            _MeterPart(
                meter,
                table.sheet,
                days[rows].repeat(len(minutes)) + offsets,
                values[rows].ravel(),
                unit,
                slots.step,
                Label.LEFT,  # the slots are counted from the start of the day
                form.label or slots.label,
            )
        )
    return result


def _long(
    table: ReadingTable,
    roles: Roles,
    kept: str,
    form: SeriesFormat,
    subject: Subject | None,
    default_unit: str | None,
    log: ReadingLog,
) -> list[_MeterPart]:
    value = layout.value_column(table, roles, form, subject, log)
    parsed = column_roles.read_times(table, roles, log)
    table, parsed = dropped_rows(table, parsed, roles.time, [value], log)
    if roles.clock is None:
        refuse_day_totals(table, parsed, roles.time, log)
    log.add_times(parsed)
    meters = layout.meters_of(table, roles)
    scale: Numbers = (
        np.ones(len(table.frame))
        if subject is None
        else multipliers(table, meters, [value, kept], form.multiplier, log)
    )
    unit = None
    if subject is not None:
        unit = layout.unit_of(form, [value, kept], table, roles, default_unit, log)
        if form.unit is None:
            check_said_again(table, unit, log)
    values = read_values(table, [value], form, log)[:, 0]
    if subject is not None:
        values = missing_codes.without_codes(without_invalid(table, values, log), log)
    label = form.label or roles.label or (Label(parsed.label) if parsed.label else None)
    return [
        _MeterPart(
            meter,
            table.sheet,
            parsed.values[rows],
            values[rows] * scale[rows],
            unit,
            None,
            label,
            None,
            value,
        )
        for meter, rows in layout.groups(meters, len(table.frame))
    ]


def _by_meter(parts: Sequence[_MeterPart], log: ReadingLog) -> list[list[_MeterPart]]:
    """Parts of each meter; of several sheets one after the other in time."""
    found: dict[str, list[_MeterPart]] = {}
    for part in parts:
        found.setdefault(part.meter, []).append(part)
    for several in found.values():
        _check_sheets(several, log)
    return [found[name] for name in sorted(found)]


def _check_sheets(parts: Sequence[_MeterPart], log: ReadingLog) -> None:
    """Refuse sheets that hold readings of the same times: they are not one curve."""
    for place, part in enumerate(parts):
        for other in parts[:place]:
            both = part.stamps.dropna().intersection(other.stamps.dropna())
            if len(both) > 1:
                raise log.refuse(
                    "which_sheet",
                    _("几张工作表有同一时刻的读数，不知道用哪一张。"),
                    _("请用 sheet（--sheet）指明工作表。"),
                    got="、".join(dict.fromkeys([other.sheet, part.sheet])),
                )


def _readings(
    parts: Sequence[_MeterPart], form: SeriesFormat, keep_ends: bool, log: ReadingLog
) -> Readings:
    """Readings of one meter on a grid, in MW where they have a unit."""
    first = parts[0]
    units = {part.unit for part in parts}
    if len({(unit.dimension, unit.factor) for unit in units if unit is not None}) > 1:
        raise log.refuse(
            "meter_unit",
            _("几张工作表的单位不同。"),
            _("请用 sheet（--sheet）指明工作表。"),
            got="、".join(sorted(unit.text for unit in units if unit)),
        )
    stamps = parts[0].stamps
    for part in parts[1:]:
        stamps = pd.DatetimeIndex(stamps.append(part.stamps))
    one = gridded(
        stamps,
        np.concatenate([part.values for part in parts]),
        name=first.meter or "load",
        label=first.label,
        timezone=form.timezone,
        step=first.step,
        duplicates=form.duplicates,
        keep_ends=keep_ends,
        sources=[log.file],
        notes=log.notes,
    )
    if first.label_given is not None:
        one = replace(one, label_given=first.label_given)
    return _in_mw(one, first.unit, form, log, first.column)


def _like_register(series: pd.Series, column: str) -> bool:
    """Whether values are, by name or by course, the readings of a register."""
    values = series.to_numpy(dtype=float)
    named = described(column).register and registers.may_be_register(values)
    return named or registers.only_rises(values)


def _in_mw(
    one: Readings, unit: Unit | None, form: SeriesFormat, log: ReadingLog, column: str
) -> Readings:
    """Readings turned into power; register readings into differences first."""
    series, own = one.series, ReadingLog(log.file)
    known: tuple[registers.KnownEnergy, ...] = ()
    if form.register:
        # a right label put each reading one step before it was taken
        shift = step_of(pd.DatetimeIndex(series.index)) if one.label_given is Label.RIGHT else None
        taken = series if shift is None else series.set_axis(pd.DatetimeIndex(series.index) + shift)
        series, known = registers.energies(taken, own)
    elif unit is not None and unit.is_energy and _like_register(series, column):
        raise log.refuse(
            "meter_register",
            _("“{name}”像是电表示数（表码）而不是各时段电量。", name=column),
            _("确为示数时请用 register（--register）指明，将取相邻示数之差。"),
        )
    if unit is not None:
        index = pd.DatetimeIndex(series.index)
        factor = unit.factor
        if unit.is_energy:
            if not form.register:
                check_interval(column, unit, step_of(index), log)
            factor /= step_of(index) / pd.Timedelta(hours=1)
        series = series * factor
        known = tuple(replace(item, energy=item.energy * unit.factor) for item in known)
    assumptions: list[Problem] = [*log.assumptions, *own.assumptions]
    if not form.register:
        assumptions += one.assumptions  # registers are read at an instant, whatever the label
    return replace(
        one,
        series=series,
        notes=(*one.notes, *own.notes),
        problems=(*log.problems, *own.problems, *one.problems),
        assumptions=tuple(assumptions),
        known=known,
        column=column,
    )
