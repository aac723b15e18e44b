"""Units said once more: between the readings, in a title, a note or the name of a sheet."""

from __future__ import annotations

import re

import pandas as pd

from greenland.energy.profiles.power_units import Unit, folded, of_sums, stated
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _

_INTERVAL = re.compile(r"(?<![\d.])(\d+)\s*(?:分钟?|min(?:ute)?s?)(?![a-z])")


def check_said_again(table: ReadingTable, unit: Unit | None, log: ReadingLog) -> None:
    """Refuse another unit between the readings; say that a title has another (`check_titles`).

    *unit* is None for values per unit.

    Raises
    ------
    InputError
        If a row between the readings states another unit.
    """
    for row, text in table.between:
        found = [] if of_sums(text) else stated([text])
        if found and all(
            unit is None or (one.dimension, one.factor) != (unit.dimension, unit.factor)
            for one in found
        ):
            raise log.refuse(
                "unit_halfway",
                _("数据中间又写了单位“{other}”，与上面的不同。", other=found[0].text),
                _("请换算成一个单位，或分成几个文件；确是同一单位时用 unit（--unit）指明。"),
                row=row,
                got=text[:40],
                allowed="" if unit is None else unit.text,
                sheet=table.sheet,
            )
    if unit is not None:
        check_titles(table, unit, log)


def check_titles(table: ReadingTable, unit: Unit, log: ReadingLog) -> None:
    """Say that a title, a note, a comment or the sheet's name has another unit than the header."""
    for text in (*table.titles, table.sheet, *table.comments):
        listed = [item for item in stated([text]) if item.dimension is unit.dimension]
        if listed and not of_sums(text) and all(item.factor != unit.factor for item in listed):
            log.assume(
                "unit_twice",
                _(
                    "按表头的单位 {unit} 读；标题、表注、批注、页眉页脚或工作表名称写着另一个。",
                    unit=unit.text,
                ),
                _("请改正其中之一，或用 unit（--unit）指明读数的单位。"),
                sheet=table.sheet,
                got=text[:60],
            )


def check_interval(column: str, unit: Unit, step: pd.Timedelta, log: ReadingLog) -> None:
    """Refuse energy of another interval than the step of the times: 15分钟电量, hour by hour.

    Raises
    ------
    InputError
        If header and times contradict each other.
    """
    found = _INTERVAL.search(folded(column)) if unit.is_energy else None
    minutes = step / pd.Timedelta(minutes=1)
    if found is not None and float(found[1]) != minutes:
        raise log.refuse(
            "unit_interval",
            _(
                "“{name}”是 {minutes} 分钟的电量，各行却相隔 {step} 分钟，不知道电量是哪一段的。",
                name=column,
                minutes=found[1],
                step=f"{minutes:g}",
            ),
            _("请改正表头，或改为各行这一段时间的电量。"),
            column=column,
        )
