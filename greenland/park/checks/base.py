"""What every check is given: the tables, where they stand, the limits, and how to report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.dictionary import Column, ColumnType, column
from greenland.park.problems import Message, ProblemCollector, row_ranges
from greenland.park.reading import ReadSheet
from greenland.rules import Rulebook, load_rulebook


@dataclass(frozen=True)
class CheckContext:
    """The tables of a park under inspection."""

    sheets: Mapping[str, ReadSheet]
    rulebook: Rulebook
    year: int
    as_of: dt.date
    collector: ProblemCollector

    def table(self, sheet: str) -> pd.DataFrame:
        """Typed table of a sheet."""
        return self.sheets[sheet].table

    def blank(self, sheet: str, column_id: str) -> pd.Series[bool]:
        """Rows whose cell is blank, without those already refused."""
        missing = self.table(sheet)[column_id].isna()
        refused = [row for row, name in self.sheets[sheet].location.unread if name == column_id]
        return missing & ~missing.index.isin(refused)

    def limit(self, rule_id: str) -> float:
        """A limit of the data checks: the park's packs' or override, else the national pack's."""
        rule = self.rulebook.rules.get(rule_id)
        if rule is None or not isinstance(rule.value, int | float):
            rule = load_rulebook(("national",), self.year).rules[rule_id]
        if not isinstance(rule.value, int | float):
            raise KeyError(rule_id)
        return float(rule.value)

    def flag(
        self,
        sheet: str,
        mask: pd.Series[bool],
        column_id: str,
        severity: Severity,
        code: str,
        message: Message,
        remedy: Message = "",
        *,
        allowed: Message = "",
        got: Message | None = None,
        touches: Sequence[str] | None = None,
        columns: Sequence[str] = (),
    ) -> None:
        """Report every row where *mask* is true; one of *columns* must be wrong there."""
        rows = rows_where(mask)
        if rows:
            location = self.sheets[sheet].location
            self.collector.rows(
                location,
                rows,
                column_id,
                severity,
                code,
                message,
                remedy,
                allowed=allowed,
                got=got,
                touches=touches,
                columns=columns,
            )

    def note(
        self,
        sheet: str,
        mask: pd.Series[bool],
        column_id: str,
        code: str,
        message: str,
        remedy: str,
    ) -> None:
        """Say something once about all rows where *mask* is true."""
        rows = rows_where(mask)
        if rows:
            self.sheet(
                sheet,
                Severity.NOTICE,
                code,
                _("{message}（第 {rows} 行）", message=message, rows=row_ranges(rows)),
                remedy,
                row=rows[0],
                column=self.header(sheet, column_id),
            )

    def sheet(
        self, sheet: str, severity: Severity, code: str, message: str, remedy: str, **parts: Any
    ) -> None:
        """Report something about a whole sheet."""
        self.collector.sheet(self.sheets[sheet].location, severity, code, message, remedy, **parts)

    def header(self, sheet: str, column_id: str) -> str:
        """Header of a column as it stands in the file."""
        return self.sheets[sheet].location.header(column_id)


def rows_where(mask: pd.Series[bool]) -> list[int]:
    """Excel rows where *mask* is true; missing counts as false."""
    hits = mask.to_numpy(dtype=bool, na_value=False)
    return [int(row) for row in mask.index[hits]] if hits.any() else []


def shown(item: Column, value: Any) -> str:
    """A stored value as people read it, with its unit."""
    if value is None or value != value or value is pd.NaT or value is pd.NA:
        return "—"
    if item.type is ColumnType.SHARE:
        return f"{float(value) * 100:.10g}%"
    if item.type is ColumnType.DATE:
        return pd.Timestamp(value).date().isoformat()
    if item.type is ColumnType.NUMBER:
        return f"{float(value):.10g}{item.shown_unit}"
    return str(value)


def cell_shown(context: CheckContext, sheet: str, column_id: str) -> Callable[[int], str]:
    """A function of the row that shows the stored value of a column."""
    item = column(sheet, column_id)
    values = context.table(sheet)[column_id]
    return lambda row: shown(item, values.loc[row])


def both_touch(sheet: str, *column_ids: str) -> tuple[str, ...]:
    """Evaluations that use any of the columns."""
    keys = [key for name in column_ids for key in column(sheet, name).touches]
    return tuple(dict.fromkeys(keys))
