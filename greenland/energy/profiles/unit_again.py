"""Units said a second time: between the readings, in a title, a note or the name of a sheet."""

from __future__ import annotations

import re

from greenland.energy.profiles.power_units import Unit, stated
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _

# 日电量合计(MWh) between the days is of the sum, not of the readings
_SUM = re.compile(r"合计|总计|小计|共计|累计|平均|最大|最小|total|sum|average|mean", re.IGNORECASE)


def check_said_again(
    table: ReadingTable,
    unit: Unit | None,
    log: ReadingLog,
    *,
    given: bool = False,
    alone: bool = True,
) -> None:
    """Refuse readings whose unit changes halfway down, or is another in a title or a note.

    A unit the user has *given* stands above titles and notes, not above a row between readings.
    Where the readings are not the only figures of the table (not *alone*), units of another
    dimension between them are of the others.

    Raises
    ------
    InputError
        Naming the row between the readings, or what the title says.
    """
    for row, text in table.between:
        listed = [] if _SUM.search(text) else stated([text])
        listed = [item for item in listed if alone or unit is None or _alike(item, unit)]
        if listed and not any(unit is not None and _same(unit, other) for other in listed):
            raise log.refuse(
                "unit_halfway",
                _("读数之间的这一行写着另一个单位，不知道从哪一行起换了单位。"),
                _("请统一单位写在表头，或把两段分成两个文件。"),
                row=row,
                sheet=table.sheet,
                got=text[:40],
                allowed="" if unit is None else unit.text,
            )
    if unit is None or given:
        return
    for text in (*table.titles, table.sheet):
        listed = [item for item in stated([text]) if _alike(item, unit)]
        if listed and not _SUM.search(text) and not any(_same(unit, other) for other in listed):
            raise log.refuse(
                "unit_twice",
                _("读数的单位是 {unit}，标题、表注或工作表名称却写着另一个。", unit=unit.text),
                _("请改正其中之一，或用 unit（--unit）指明读数的单位。"),
                sheet=table.sheet,
                got=text[:60],
            )


def _alike(one: Unit, other: Unit) -> bool:
    return one.dimension is other.dimension


def _same(one: Unit, other: Unit) -> bool:
    return _alike(one, other) and one.factor == other.factor
