"""Which columns and rows of a table hold the readings, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import columns
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.clocks import read_clock
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.multipliers import multiplier_columns
from greenland.energy.profiles.numerals import DecimalSign
from greenland.energy.profiles.power_units import (
    DIMENSION_LABELS,
    Dimension,
    Unit,
    given_unit,
    stated,
    whole_unit,
)
from greenland.energy.profiles.quantities import QUANTITY_LABELS, Described, Quantity, described
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.readings import Duplicates, Label
from greenland.energy.profiles.tables import Table
from greenland.energy.profiles.timeline import TIMEZONE
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.yamlfile import nearest

PER_UNIT = "pu"
_PER_UNIT = re.compile(
    r"标幺|\(pu\)|\bp\.?u\.?\b|^cf$|capacity.?factor|出力系数|小时利用", re.IGNORECASE
)


@dataclass(frozen=True)
class SeriesFormat:
    """How to read a file of readings; None is worked out from the file.

    Parameters
    ----------
    unit : str, optional
        Of the values: a power (``"kW"``, ``"MW"``) or an energy per step (``"kWh"`` …).
    time, clock, value, meter : str, optional
        Column headers: time (or date), clock time beside a date, value, meter number.
    item : str, optional
        Kind of the rows to take, as it stands in the column of kinds.
    label : Label, optional
    timezone : str
        IANA name of the zone of the times.
    multiplier : float, optional
        On every value (ratio of the current and voltage transformers); columns and titles of
        multipliers are then left alone.
    duplicates : Duplicates
        Which of different values at one time counts.
    sheet : str, optional
        Of an Excel file; all sheets with readings when None.
    register : bool
        Whether the values are register readings, of which differences are to be taken.
    decimal : DecimalSign, optional
        What stands between whole and fraction in texts.
    """

    unit: str | None = None
    time: str | None = None
    clock: str | None = None
    value: str | None = None
    meter: str | None = None
    item: str | None = None
    label: Label | None = None
    timezone: str = TIMEZONE
    multiplier: float | None = None
    duplicates: Duplicates = Duplicates.LAST
    sheet: str | None = None
    register: bool = False
    decimal: DecimalSign | None = None


@dataclass(frozen=True)
class Roles:
    """What the columns are that hold no readings."""

    time: str
    clock: str | None
    meter: str | None
    unit: str | None
    kinds: tuple[str, ...]
    others: frozenset[str]
    label: Label | None

    @property
    def taken(self) -> frozenset[str]:
        """Columns that cannot be those of the readings."""
        named = {self.time, self.clock, self.meter, self.unit, *self.kinds, *self.others}
        return frozenset(name for name in named if name is not None)


def is_header(row: Sequence[str], form: SeriesFormat) -> bool:
    """Whether the texts of a row are the header of a table of readings."""
    if form.time is not None:
        # a column without header is named by its place
        return form.time in row or (form.time == "_blank0" and bool(row) and row[0] == "")
    if columns.day_slots(row) is not None:
        return True
    if any(re.match(r"\d{4}\s*[-/.年]\s*\d{1,2}", text) for text in row):
        return False  # a line above the table, such as the span of the query
    return any(columns.time_rank(text) is not None for text in row)


def may_be_active(title: str) -> bool:
    """Whether a sheet of that title may hold active power or energy."""
    return described(title).quantity in (Quantity.ACTIVE, Quantity.UNKNOWN, Quantity.GENERATION)


def check_named(headers: Sequence[str], form: SeriesFormat, log: ReadingLog) -> None:
    """Refuse names of columns that are not there."""
    problems = []
    for name in (form.time, form.clock, form.value, form.meter):
        if name is None or name in headers:
            continue
        guess = nearest(name, list(headers))
        problems.append(
            Problem(
                Severity.ERROR,
                "meter_column",
                _("没有名为“{name}”的列。", name=name),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                file=log.file,
                allowed="、".join(headers[:20]),
            )
        )
    if problems:
        raise InputError(problems)


_FLAGS = {"true": 1.0, "false": 0.0, "是": 1.0, "否": 0.0}


def flags_as_numbers(table: Table) -> Table:
    """Cells such as TRUE or 是 as 1, and their opposites as 0."""

    def number(cell: object) -> object:
        if isinstance(cell, bool | np.bool_):
            return float(cell)
        return _FLAGS.get(cell.lower(), cell) if isinstance(cell, str) else cell

    return replace(table, frame=table.frame.map(number))


def filled_down(table: Table, log: ReadingLog) -> Table:
    """Cells merged over several rows, written into each of them."""
    if not table.merged:
        return table
    frame = table.frame.copy()
    for name, first, last in table.merged:
        cell = frame[name].iloc[first]
        if isinstance(cell, int | float) and described(name).unit is not None:
            raise log.refuse(
                "merged_reading",
                _("读数单元格是合并的，不知道属于哪一行。"),
                _("请取消合并并逐行填写。"),
                row=int(table.rows[first]),
                column=name,
                got=str(cell),
                sheet=table.sheet,
            )
        frame.loc[first:last, name] = cell
    log.note(_("合并单元格的内容按每一行都有计（如户号、日期、倍率）。"))
    return replace(table, frame=frame, merged=())


def roles_of(
    table: Table, form: SeriesFormat, slots: columns.Slots | None, log: ReadingLog
) -> Roles:
    """Find the columns of times, clocks, meters, units, kinds of rows and multipliers.

    Raises
    ------
    InputError
        If there is no time, or dates repeat and no clock can be found.
    """
    slot_names = set(slots.columns) if slots is not None else set()
    headers = [str(name) for name in table.frame.columns if name not in slot_names]
    ranked = [(rank, name) for name in headers if (rank := columns.time_rank(name)) is not None]
    time = form.time or (min(ranked, key=lambda item: item[0])[1] if ranked else None)
    if time is None:
        raise log.refuse("meter_time", _("找不到时间列。"), got="、".join(headers[:8]))
    label = columns.named_label(time)
    clock = form.clock
    if clock is None and slots is None:
        time, clock = _date_and_clock(table, time, [name for _rank, name in ranked], log)
        label = columns.named_label(clock or time)
    rest = [name for name in headers if name not in (time, clock)]
    meter = form.meter or _first(rest, columns.METER) or _first(rest, columns.CUSTOMER)
    unit = next((name for name in rest if columns.UNIT.match(name)), None)
    kinds = tuple(
        name
        for name in rest
        if name not in (meter, unit, form.value) and columns.is_row_kind(name, table.frame[name])
    )
    others = {name for _rank, name in ranked} | set(multiplier_columns(rest).values())
    others |= {name for name in rest if columns.METER.search(name) or columns.CUSTOMER.search(name)}
    return Roles(time, clock, meter, unit, kinds, frozenset(others - {form.value or ""}), label)


def _first(headers: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in headers if pattern.search(name)), None)


def _date_and_clock(
    table: Table, time: str, ranked: Sequence[str], log: ReadingLog
) -> tuple[str, str | None]:
    """The column of dates and that of times of day beside it, if the times are dates only."""
    frame = table.frame
    dates = next((name for name in ranked if _only_days(frame[name])), None)
    if dates is None:
        return time, None
    whole = [name for name in ranked if name != dates and _whole_times(frame[name])]
    if whole:
        return whole[0], None
    if not bool(frame[dates].duplicated().any()):
        return dates, None
    candidates = [
        name for name in frame.columns if name != dates and columns.is_clock_name(str(name))
    ]
    readable = [str(name) for name in candidates if _is_clock(frame, dates, str(name))]
    starts = [name for name in readable if columns.named_label(name) is not Label.RIGHT]
    if starts or readable:
        return dates, (starts or readable)[0]
    if any(frame[dates].value_counts() >= 12):
        raise log.refuse(
            "clock_column",
            _("日期列“{name}”的日期重复出现，看不出各行的时刻在哪一列。", name=dates),
            _("请用 clock（--clock）指明时刻列。"),
            got="、".join(str(name) for name in frame.columns)[:80],
        )
    return dates, None


def _only_days(column: pd.Series) -> bool:
    """Whether a column holds dates without times of day."""
    cells = column.dropna().iloc[:2000]
    if len(cells) == 0:
        return False
    try:
        values = timestamps.parse(cells.reset_index(drop=True), consecutive=False).values
    except InputError as error:
        # day and month not told apart: still dates
        return "日/月/年" in str(error) or any(p.code == "time_order" for p in error.problems)
    known = values[values.notna()]
    return len(known) > 0.5 * len(cells) and bool((known == known.normalize()).all())


def _whole_times(column: pd.Series) -> bool:
    cells = column.dropna().iloc[:2000].reset_index(drop=True)
    try:
        values = timestamps.parse(cells, consecutive=False).values
    except InputError:
        return False
    known = values[values.notna()]
    return (
        len(known) > 0.9 * len(cells)
        and len(known) > 0
        and not bool((known == known.normalize()).all())
    )


def _is_clock(frame: pd.DataFrame, dates: str, name: str) -> bool:
    """Whether a column can be read as times of day, most of them different within a date."""
    seconds = read_clock(frame[name]).seconds
    known = np.isfinite(seconds)
    return (
        bool(known.sum() > 0.5 * max(1, frame[name].notna().sum()))
        and len(np.unique(seconds[known])) > 1
    )


def read_times(table: Table, roles: Roles, log: ReadingLog) -> timestamps.Times:
    """Times of every row.

    Raises
    ------
    InputError
        Naming the column, if they cannot be read.
    """
    clock = None if roles.clock is None else table.frame[roles.clock]
    try:
        return timestamps.parse(table.frame[roles.time], clock)
    except InputError as error:
        raise InputError(
            replace(problem, file=log.file, column=problem.column or roles.time, sheet=table.sheet)
            for problem in error.problems
        ) from error


def meters_of(table: Table, roles: Roles) -> pd.Series | None:
    """Meter of every row, as text."""
    if roles.meter is None or not bool(table.frame[roles.meter].notna().any()):
        return None
    return table.frame[roles.meter].map(_id_text, na_action="ignore").fillna("")


def _id_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def groups(meters: pd.Series | None, count: int) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """Rows of each meter."""
    if meters is None:
        return [("", np.arange(count))]
    places = meters.groupby(meters).indices.items()
    return [(str(name), np.asarray(rows)) for name, rows in sorted(places)]


def check_meters(names: Sequence[str], log: ReadingLog) -> None:
    """Say that meters are added; refuse a total beside its parts, and rows of no meter."""
    totals = [name for name in names if re.search(r"总|合计|total|main", name, re.IGNORECASE)]
    if totals and len(totals) < len(names):
        raise log.refuse(
            "meter_total",
            _("电表中有总表也有分表，相加会重复计算。"),
            _("请用 meters（--meter）指明要相加的电表。"),
            got="、".join(names[:10]),
        )


def active_rows(
    table: Table, roles: Roles, form: SeriesFormat, subject: Subject | None, log: ReadingLog
) -> tuple[Table, str]:
    """The rows of (total) active power or energy, and what their column of kinds says.

    Raises
    ------
    InputError
        If the rows to take cannot be told; the message lists the kinds.
    """
    if not roles.kinds or subject is None:
        return table, ""
    texts = table.frame[list(roles.kinds)].fillna("").astype(str).agg(" ".join, axis=1).str.strip()
    different = [text for text in texts.unique() if text]
    if form.item is not None:
        chosen = [text for text in different if form.item in (text, *text.split(" "))]
        if not chosen:
            raise log.refuse(
                "item_unknown",
                _("没有数据项“{item}”。", item=form.item),
                allowed="、".join(different[:20]),
            )
    else:
        chosen = (
            [_chosen([described(text) for text in different], subject, log)] if different else []
        )
    kept = texts.isin(chosen)
    if not bool(kept.all()):
        left = [text for text in different if text not in chosen]
        log.note(
            _(
                "只取“{kept}”的行；{count} 行其他量未采用（{left}）。",
                kept="、".join(chosen),
                count=int((~kept).sum()),
                left="、".join(left[:8]),
            )
        )
    mask = kept.to_numpy(dtype=bool)
    frame = table.frame[mask].reset_index(drop=True)
    return replace(table, frame=frame, rows=table.rows[mask]), chosen[0] if len(chosen) == 1 else ""


def _wanted(subject: Subject | None) -> set[Quantity]:
    active = {Quantity.ACTIVE}
    return active if subject is Subject.LOAD else active | {Quantity.GENERATION}


def _chosen(kinds: Sequence[Described], subject: Subject | None, log: ReadingLog) -> str:
    """The kind of rows to take among several."""
    if len(kinds) == 1 and kinds[0].quantity is Quantity.UNKNOWN:
        return kinds[0].text
    active = [kind for kind in kinds if kind.quantity in _wanted(subject)]
    unknown = [kind for kind in kinds if kind.quantity is Quantity.UNKNOWN]
    totals = [kind for kind in active if kind.total]
    if len(totals) == 1 and len(active) > 1:
        active = totals
    if len(active) == 1 and not unknown:
        return active[0].text
    raise log.refuse(
        "which_rows",
        _("表中有几种数据项，看不出哪些行是要用的有功读数。"),
        _("请用 item（--item）指明数据项。"),
        got="、".join(_kind_text(kind) for kind in kinds[:12]),
    )


def _kind_text(kind: Described) -> str:
    return f"{kind.text}（{_(QUANTITY_LABELS[kind.quantity])}）"


def value_column(
    table: Table, roles: Roles, form: SeriesFormat, subject: Subject | None, log: ReadingLog
) -> str:
    """The column of the readings.

    Raises
    ------
    InputError
        If none or several could be it; the message lists them.
    """
    if form.value is not None:
        return form.value
    numeric = [
        described(str(name))
        for name in table.frame.columns
        if name not in roles.taken and _holds_numbers(table.frame[name])
    ]
    if subject is None:
        candidates = numeric
    else:
        candidates = [item for item in numeric if item.quantity in _wanted(subject)]
        if not candidates:
            candidates = [item for item in numeric if item.quantity is Quantity.UNKNOWN]
    totals = [item for item in candidates if item.total]
    chosen = candidates[0] if len(candidates) == 1 else totals[0] if len(totals) == 1 else None
    if chosen is None:
        listed = candidates or numeric
        raise log.refuse(
            "meter_value",
            _("有多列可能是读数。") if candidates else _("找不到读数列。"),
            _("请用 value（--value）指明列名。"),
            got="、".join(_kind_text(item) for item in listed[:12])
            or "、".join(str(name) for name in table.frame.columns)[:80],
        )
    left = [item.text for item in numeric if item is not chosen]
    if left:
        log.note(_("取“{name}”列；未取：{left}。", name=chosen.text, left="、".join(left[:8])))
    if subject is not None and chosen.quantity is Quantity.UNKNOWN and len(numeric) > 1:
        log.assume(
            "value_column",
            _("列名“{name}”看不出是什么，按读数计。", name=chosen.text),
            _("不对时请用 value（--value）指明。"),
        )
    return chosen.text


def _holds_numbers(column: pd.Series) -> bool:
    cells = column.dropna()
    if len(cells) == 0:
        return False
    sample = cells.iloc[:500].astype("string").str.replace(r"[,\s']", "", regex=True)
    return bool(pd.to_numeric(sample, errors="coerce").notna().mean() > 0.5)


def unit_of(
    form: SeriesFormat,
    texts: Sequence[str],
    table: Table,
    roles: Roles,
    default: str | None,
    log: ReadingLog,
) -> Unit | None:
    """Unit of the readings: as given, of their own column or rows, or stated above the table.

    None for values per unit.

    Raises
    ------
    InputError
        If none is found, several are, or name and unit contradict each other.
    """
    if form.unit is not None:
        return given_unit(form.unit)
    for text in texts:
        kind = described(text)
        if kind.contradicts:
            raise log.refuse(
                "unit_contradicts",
                _("“{name}”的名称与单位不符：一个是功率，一个是电量。", name=text),
                _("请用 unit（--unit）指明读数的单位。"),
                got=_(DIMENSION_LABELS[kind.unit.dimension]) if kind.unit else "",
            )
        if kind.unit is not None and kind.unit.dimension is not Dimension.OTHER:
            return kind.unit
    if any(_PER_UNIT.search(text) for text in texts):
        return None
    listed = _unit_column(table, roles) or stated(table.titles)
    if len(listed) == 1:
        if roles.unit is None:
            log.note(_("读数的单位取自标题：{unit}。", unit=listed[0].text))
        return listed[0]
    if not listed and default is not None:
        return None if default == PER_UNIT else given_unit(default)
    raise log.refuse(
        "meter_unit",
        _("看不出读数的单位是 kW 还是 kWh。"),
        _("请在表头写明单位，如“有功功率(kW)”，或用 unit（--unit）指明。"),
        got="、".join(unit.text for unit in listed),
    )


def _unit_column(table: Table, roles: Roles) -> list[Unit]:
    if roles.unit is None:
        return []
    found = [whole_unit(str(cell)) for cell in table.frame[roles.unit].dropna().unique()]
    return [unit for unit in found if unit is not None and unit.dimension is not Dimension.OTHER]
