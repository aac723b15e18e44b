"""Units that a title, a note or the name of a sheet states beside those of the headers."""

from __future__ import annotations

from greenland.energy.profiles.power_units import Unit, of_sums, stated
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _


def check_titles(table: ReadingTable, unit: Unit | None, log: ReadingLog) -> None:
    """Say that a title, a note or the name of the sheet has another unit than the header's."""
    if unit is None:
        return
    for text in (*table.titles, table.sheet):
        listed = [item for item in stated([text]) if item.dimension is unit.dimension]
        if listed and not of_sums(text) and all(item.factor != unit.factor for item in listed):
            log.assume(
                "unit_twice",
                _("按表头的单位 {unit} 读；标题、表注或工作表名称写着另一个。", unit=unit.text),
                _("请改正其中之一，或用 unit（--unit）指明读数的单位。"),
                sheet=table.sheet,
                got=text[:60],
            )
