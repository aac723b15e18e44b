"""One sheet read: header, units, rows and cells, with everything there is to say about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells import CellError, Context, Fault, read_cells
from greenland.park.dictionary import (
    SHEETS,
    Column,
    ColumnType,
    columns,
    empty_table,
    typed,
)
from greenland.park.header import (
    Match,
    find_header,
)
from greenland.park.normal import is_blank, listing, shortened
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds, is_subtotal, sort_rows
from greenland.park.sheet_columns import used_columns
from greenland.park.workbook import is_percent

_TOTAL_TOLERANCE = 5e-4  # a total may be rounded


@dataclass
class ReadSheet:
    """A typed table and where it stands in the files."""

    location: SheetLocation
    table: pd.DataFrame


def read_sheet(sheet: str, raw: RawSheet, collector: ProblemCollector) -> ReadSheet:
    """Read one sheet into a typed table; what is found goes into *collector*."""
    location = SheetLocation(SHEETS[sheet], raw.file, raw.title)
    collector.problems.extend(raw.remarks)
    if not any(not is_blank(cell) for row in raw.rows for cell in row):
        collector.sheet(location, Severity.NOTICE, "empty_sheet", _("表是空的。"))
        return ReadSheet(location, empty_table(sheet))
    header = find_header(sheet, raw.rows)
    if header is None:
        _no_header(location, collector)
        return ReadSheet(location, empty_table(sheet))
    kinds = sort_rows(raw.rows, header)
    used = used_columns(raw, header, kinds, location, collector)
    location.rows = [raw.numbers[position] for position in kinds.data]
    _left_out(raw, kinds, location, collector)
    table = _read_columns(raw, used, kinds, location, collector)
    _check_totals(raw, used, kinds, table, location, collector)
    if table.empty:
        collector.sheet(location, Severity.NOTICE, "no_rows", _("表中没有数据行。"))
    return ReadSheet(location, table)


def _no_header(location: SheetLocation, collector: ProblemCollector) -> None:
    collector.sheet(
        location,
        Severity.ERROR,
        "no_header",
        _("找不到表头。"),
        _("请保留一行列名，列名与空白工作簿一致。"),
        allowed=listing(
            item.labelled_header for item in columns(location.sheet.id) if item.required
        ),
    )


# -- rows ---------------------------------------------------------------------------------------


def _left_out(
    raw: RawSheet, kinds: RowKinds, location: SheetLocation, collector: ProblemCollector
) -> None:
    """Say which rows are not data."""
    for positions, code, what in (
        (kinds.totals, "totals_row", _("合计行不作为数据，已略去。")),
        (kinds.notes, "note_row", _("说明行不作为数据，已略去。")),
    ):
        for position in positions:
            filled = [shortened(cell) for cell in raw.rows[position] if not is_blank(cell)]
            collector.sheet(
                location,
                Severity.NOTICE,
                code,
                what,
                _("如果这一行是数据，请改掉其中的“合计”“注”等字样。"),
                row=raw.numbers[position],
                got=" ".join(filled[:3]),
            )


# -- cells --------------------------------------------------------------------------------------


def _read_columns(
    raw: RawSheet,
    used: Mapping[int, Match],
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> pd.DataFrame:
    errors = raw.errors
    labels = pd.Index(list(location.rows), name="row", dtype="int64")
    data: dict[str, pd.Series[Any]] = {}
    by_id = {match.column.id: position for position, match in used.items()}
    cells_by_column = raw.columns(kinds.data)
    for item in columns(location.sheet.id):
        position = by_id.get(item.id)
        if position is None:
            data[item.id] = typed([None] * len(labels), item).set_axis(labels)
            continue
        values = cells_by_column[position] if position < len(cells_by_column) else []
        values = _with_errors(values or [""] * len(labels), kinds.data, position, errors)
        location.raw[item.id] = values
        context = _context(raw, used[position], kinds.data, position, values)
        cells = read_cells(values, context)
        _report(cells.faults, item, location, collector)
        _required(raw, cells.values, cells.faults, item, kinds.data, position, location, collector)
        data[item.id] = typed(cells.values, item).set_axis(labels)
    return pd.DataFrame(data, index=labels)


def _with_errors(
    values: list[Any],
    rows: Sequence[int],
    position: int,
    errors: Mapping[tuple[int, int], str],
) -> list[Any]:
    """Put what the reader of the file shows as blank back as the error it is."""
    if errors:
        for place, row in enumerate(rows):
            if (row, position) in errors:
                values[place] = CellError(errors[row, position])
    return values


def _context(
    raw: RawSheet, match: Match, rows: Sequence[int], position: int, values: Sequence[Any]
) -> Context:
    """What to read with; per-cent formats are looked up only where they matter."""
    if match.column.type is not ColumnType.SHARE or raw.text_only:
        return Context(match, raw.text_only)
    if not any(type(value) in (float, int) for value in values):
        return Context(match)
    shown = {row for row, code in raw.formats(position).items() if is_percent(code)}
    percent = frozenset(place for place, row in enumerate(rows) if row in shown)
    return Context(match, percent=percent)


def _report(
    faults: Sequence[Fault], item: Column, location: SheetLocation, collector: ProblemCollector
) -> None:
    """Faults of one kind together, so that long lists are grouped."""
    grouped: dict[tuple[Severity, str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        # what can be read is said once for a column, what cannot for each cell
        kind = fault.code if fault.severity is Severity.NOTICE else fault.message
        grouped[fault.severity, fault.code, kind].append(fault)
    for (severity, code, _kind), group in grouped.items():
        rows = {location.rows[fault.position]: fault for fault in group}
        if severity is Severity.ERROR:
            location.unread.update((row, item.id) for row in rows)
        if severity is Severity.NOTICE:
            _notice(group, item, location, collector)
            continue
        collector.rows(
            location,
            list(rows),
            item.id,
            severity,
            code,
            lambda row, rows=rows: rows[row].message,  # type: ignore[misc]
            lambda row, rows=rows: rows[row].remedy,  # type: ignore[misc]
            allowed=lambda row, rows=rows: rows[row].allowed,  # type: ignore[misc]
        )


def _notice(
    group: Sequence[Fault], item: Column, location: SheetLocation, collector: ProblemCollector
) -> None:
    first = group[0]
    message: str = first.message
    if len(group) > 1:
        others = row_ranges(location.rows[fault.position] for fault in group[1:])
        message = _("{message}（同列还有第 {rows} 行）", message=first.message, rows=others)
    collector.sheet(
        location,
        Severity.NOTICE,
        first.code,
        message,
        first.remedy,
        row=int(location.rows[first.position]),
        column=location.header(item.id),
        got=shortened(location.raw[item.id][first.position]),
    )


def _required(
    raw: RawSheet,
    values: Sequence[Any],
    faults: Sequence[Fault],
    item: Column,
    rows: Sequence[int],
    position: int,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    if not item.required:
        return
    told = {fault.position for fault in faults if fault.severity is Severity.ERROR}
    empty = [n for n, value in enumerate(values) if value is None and n not in told]
    merged = _merged_below(raw, position) if empty else set()
    collector.rows(
        location,
        [location.rows[n] for n in empty if rows[n] not in merged],
        item.id,
        Severity.ERROR,
        "required",
        _("必填项没有填写。"),
        _("请填写；如果整行不是数据，请删除该行。"),
    )
    collector.rows(
        location,
        [location.rows[n] for n in empty if rows[n] in merged],
        item.id,
        Severity.ERROR,
        "merged_cell",
        _("合并单元格只有第一行有值，这一行读不到内容。"),
        _("请取消合并，并在每一行填写。"),
    )


def _merged_below(raw: RawSheet, position: int) -> set[int]:
    """Rows that stand inside a merged range of the column, but not in its first row."""
    found: set[int] = set()
    for (top, left), (bottom, right) in raw.merged:
        if left <= position <= right:
            found.update(range(top + 1, bottom + 1))
    return found


# -- totals -------------------------------------------------------------------------------------


def _check_totals(
    raw: RawSheet,
    used: Mapping[int, Match],
    kinds: RowKinds,
    table: pd.DataFrame,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Hold the file's own grand total against the sum of the rows read."""
    whole = [row for row in kinds.totals if not is_subtotal(raw.rows[row])]
    if len(whole) != 1 or not kinds.data:
        return
    for position, match in used.items():
        item = match.column
        if item.type is not ColumnType.NUMBER or _is_ratio(item):
            continue
        stated = read_cells([raw.cell(whole[0], position)], Context(match)).values[0]
        summed = float(table[item.id].sum())
        if stated is None or abs(stated - summed) <= _TOTAL_TOLERANCE * max(abs(stated), 1.0):
            continue
        collector.sheet(
            location,
            Severity.WARNING,
            "total_differs",
            _(
                "合计与各行之和不一致，各行之和为 {sum}{unit}。",
                sum=f"{summed:.10g}",
                unit=item.shown_unit,
            ),
            _("请核对是否有漏行、重复行，或合计没有更新。"),
            row=raw.numbers[whole[0]],
            column=location.header(item.id),
            got=shortened(raw.cell(whole[0], position)),
            touches=item.touches,
        )


def _is_ratio(item: Column) -> bool:
    """Whether summing the column means nothing."""
    return "/" in item.unit or not item.unit or item.unit == "分"
