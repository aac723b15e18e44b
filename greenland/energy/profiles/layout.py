"""Which columns and rows of a table hold the readings, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.method import MAJORITY
from greenland.energy.profiles.power_units import (
    DIMENSION_LABELS,
    Dimension,
    Unit,
    given_unit,
    stated,
    units_in,
    whole_unit,
)
from greenland.energy.profiles.quantities import QUANTITY_LABELS, Described, ReadingKind, described
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.roles import Roles
from greenland.energy.profiles.series_format import PER_UNIT, SeriesFormat
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _

_PER_UNIT = re.compile(
    r"标幺|\(pu\)|\bp\.?u\.?\b|^cf$|capacity.?factor|出力系数|小时利用", re.IGNORECASE
)


def may_be_active(title: str) -> bool:
    """Whether a sheet of that title may hold active power or energy."""
    return described(title).quantity in (
        ReadingKind.ACTIVE,
        ReadingKind.UNKNOWN,
        ReadingKind.GENERATION,
    )


_FLAGS = {"true": 1.0, "false": 0.0, "是": 1.0, "否": 0.0}


def flags_as_numbers(table: ReadingTable) -> ReadingTable:
    """Cells such as TRUE or 是 as 1, and their opposites as 0."""

    def number(cell: object) -> object:
        if isinstance(cell, bool | np.bool_):
            return float(cell)
        return _FLAGS.get(cell.lower(), cell) if isinstance(cell, str) else cell

    return replace(table, frame=table.frame.map(number))


def filled_down(table: ReadingTable, log: ReadingLog) -> ReadingTable:
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


def meters_of(table: ReadingTable, roles: Roles) -> pd.Series | None:
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
    """Refuse to add a total meter and its parts."""
    totals = [name for name in names if re.search(r"总|合计|total|main", name, re.IGNORECASE)]
    if totals and len(totals) < len(names):
        raise log.refuse(
            "meter_total",
            _("电表中有总表也有分表，相加会重复计算。"),
            _("请用 meters（--meter）指明要相加的电表。"),
            got="、".join(names[:10]),
        )


def active_rows(
    table: ReadingTable, roles: Roles, form: SeriesFormat, subject: Subject | None, log: ReadingLog
) -> tuple[ReadingTable, str]:
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


def _wanted(subject: Subject | None) -> set[ReadingKind]:
    active = {ReadingKind.ACTIVE}
    return active if subject is Subject.LOAD else active | {ReadingKind.GENERATION}


def _chosen(kinds: Sequence[Described], subject: Subject | None, log: ReadingLog) -> str:
    """The kind of rows to take among several."""
    if len(kinds) == 1 and kinds[0].quantity is ReadingKind.UNKNOWN:
        return kinds[0].text
    active = [kind for kind in kinds if kind.quantity in _wanted(subject)]
    unknown = [kind for kind in kinds if kind.quantity is ReadingKind.UNKNOWN]
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
    table: ReadingTable, roles: Roles, form: SeriesFormat, subject: Subject | None, log: ReadingLog
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
            candidates = [item for item in numeric if item.quantity is ReadingKind.UNKNOWN]
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
    if subject is not None and chosen.quantity is ReadingKind.UNKNOWN and len(numeric) > 1:
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
    sample = cells.iloc[:500].astype("string").str.normalize("NFKC")
    sample = sample.str.replace(r"[,\s']", "", regex=True)
    return bool(pd.to_numeric(sample, errors="coerce").notna().mean() > MAJORITY)


def unit_of(
    form: SeriesFormat,
    texts: Sequence[str],
    table: ReadingTable,
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
            _refuse_several(text, log)
            return kind.unit
    if any(_PER_UNIT.search(text) for text in texts):
        return None
    between = {text for _row, text in table.between}
    titles = [text for text in table.titles if text not in between]
    listed = _unit_column(table, roles) or stated(titles) or stated([table.sheet])
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


def _refuse_several(text: str, log: ReadingLog) -> None:
    """Refuse a name with two units: kW/MW says nothing of which one the readings have."""
    found = [unit for unit in units_in(text) if unit.dimension is not Dimension.OTHER]
    if len({(unit.dimension, unit.factor) for unit in found}) > 1:
        raise log.refuse(
            "unit_several",
            _("“{name}”写着几种单位，不知道读数是哪一种。", name=text),
            _("请只留一种单位，或用 unit（--unit）指明读数的单位。"),
            got="、".join(unit.text for unit in found),
        )


def _unit_column(table: ReadingTable, roles: Roles) -> list[Unit]:
    if roles.unit is None:
        return []
    found = [whole_unit(str(cell)) for cell in table.frame[roles.unit].dropna().unique()]
    return [unit for unit in found if unit is not None and unit.dimension is not Dimension.OTHER]
