"""Financial statements as tables of the page: items down, years across, a few at a time."""

from __future__ import annotations

from typing import Any

from greenland.i18n import _
from greenland.record.energy.money import StatementRecord
from greenland.report.labels.statements import RATES, RATIOS, ROWS, STATEMENTS
from greenland.report.tables import Table, TableColumn
from greenland.summary import YUAN_PER_WAN

_YEARS = 10  # across a page
_PAGE = frozenset({"page"})


def statement_title(record: StatementRecord) -> str:
    """Name of a statement."""
    return _(STATEMENTS[record.statement])


def row_title(record: StatementRecord, row: str) -> str:
    """Name of a row."""
    return _(ROWS[f"{record.statement}.{row}"])


def year_title(year: int) -> str:
    """Name of a year: of operation, or of construction, which ends with year 0."""
    return _("第 {year} 年", year=year) if year > 0 else _("建设期 {year}", year=year)


def statement_tables(statements: tuple[StatementRecord, ...]) -> list[Table]:
    """Tables of all statements, each cut into spans of years [万元]."""
    return [table for record in statements for table in _tables(record)]


def _tables(record: StatementRecord) -> list[Table]:
    spans = [
        range(start, min(start + _YEARS, len(record.years)))
        for start in range(0, len(record.years), _YEARS)
    ]
    return [_table(record, span, part) for part, span in enumerate(spans, start=1)]


def _table(record: StatementRecord, span: range, part: int) -> Table:
    total = (_number("total", _("合计")),) if part == 1 else ()
    columns = (
        TableColumn("number", _("序号")),
        TableColumn("item_name", _("科目")),
        *total,
        *(_number(f"year_{place}", year_title(record.years[place])) for place in span),
    )
    rows = tuple(
        _row(record, row, span)
        for row in record.rows
        if f"{record.statement}.{row.row}" not in RATES
    )
    first, last = record.years[span[0]], record.years[span[-1]]
    title = _(
        "{title}（{first}至{last}）",
        title=statement_title(record),
        first=year_title(first),
        last=year_title(last),
    )
    name = f"table-energy-statement-{record.statement}-{part}"
    note = _("单位：万元；备付率无单位。")
    return Table(name, title, columns, rows, note, fold=0, forms=_PAGE, annex=True)


def _number(key: str, title: str) -> TableColumn:
    return TableColumn(key, title, "", "number", 2)


def _row(record: StatementRecord, row: Any, span: range) -> dict[str, Any]:
    unit = 1.0 if f"{record.statement}.{row.row}" in RATIOS else YUAN_PER_WAN

    def shown(value: float | None) -> float | None:
        return None if value is None else value / unit

    return {
        "number": row.number,
        "item_name": row_title(record, row.row),
        "total": shown(row.total),
        **{f"year_{place}": shown(row.values[place]) for place in span},
    }
