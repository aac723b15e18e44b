"""One sheet read: header, units, rows and cells, with everything there is to say about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells import (
    EPOCH_1904,
    EXCEL_EPOCH,
    CellError,
    Cells,
    Context,
    Fault,
    read_cells,
)
from greenland.park.dictionary import (
    SHEETS,
    Column,
    ColumnType,
    columns,
    empty_table,
    typed,
)
from greenland.park.divided import with_divided
from greenland.park.form_rows import drop_form_rows
from greenland.park.header import Match, measures
from greenland.park.header_rows import Header, find_header
from greenland.park.hidden import say_hidden
from greenland.park.merges import MergedCells, merged_cells, refused_cell
from greenland.park.normal import is_blank, listing, one_line, shortened, squeezed
from greenland.park.periods import say_period
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet, column_letters
from greenland.park.rows import RowKinds, sort_rows
from greenland.park.sheet_columns import used_columns
from greenland.park.stated_units import StatedUnits, stated_units
from greenland.park.subtotals import check_subtotals
from greenland.park.totals import check_totals


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
    header = find_header(sheet, raw.rows, raw.merged, raw.names)
    if header is None:
        _no_header(location, collector)
        return ReadSheet(location, empty_table(sheet))
    kinds = sort_rows(sheet, raw.rows, header)
    header = with_divided(raw, header, kinds, location, collector)
    _left_out(raw, kinds, location, collector)
    drop_form_rows(raw, header, kinds, location, collector)
    _refuse_long_rows(raw, header, kinds, location, collector)
    stated = stated_units(raw, header, kinds.data, kinds.notes)
    used = used_columns(raw, header, kinds, stated, location, collector)
    location.rows = [raw.numbers[position] for position in kinds.data]
    location.extent = _extent(raw, header, used, kinds)
    merged = merged_cells(raw, used, kinds.data, location, collector)
    table = _read_columns(raw, used, kinds, stated, merged, location, collector)
    check_totals(raw, used, kinds, table, location, collector)
    check_subtotals(table, location, collector)
    say_hidden(raw, used, kinds.data, location, collector)
    say_period(raw, header, table, location, collector)
    if table.empty and not location.sheet.optional:
        collector.sheet(location, Severity.NOTICE, "no_rows", _("表中没有数据行。"))
    return ReadSheet(location, table)


def _extent(raw: RawSheet, header: Header, used: Mapping[int, Match], kinds: RowKinds) -> str:
    """The cells that were read, header and data, as Excel writes a range."""
    if not used:
        return ""
    last = max([header.row, *kinds.data])
    left, right = column_letters(min(used)), column_letters(max(used))
    return f"{left}{raw.numbers[header.top]}:{right}{raw.numbers[last]}"


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
    location.left_out = [
        raw.numbers[row] for row in sorted((*kinds.totals, *kinds.notes, *kinds.repeated))
    ]
    rename: str = _("如果这一行是数据，请改掉其中的“合计”“注”等字样。")
    for positions, code, what, remedy in (
        (kinds.totals, "totals_row", _("合计行不作为数据，已略去。"), rename),
        (kinds.notes, "note_row", _("说明行不作为数据，已略去。"), rename),
        (kinds.repeated, "header_again", _("与表头相同的行不作为数据，已略去。"), ""),
    ):
        for position in positions:
            filled = [shortened(cell) for cell in raw.rows[position] if not is_blank(cell)]
            collector.sheet(
                location,
                Severity.NOTICE,
                code,
                what,
                remedy,
                row=raw.numbers[position],
                got=" ".join(filled[:3]),
            )
    if kinds.stacked is not None:
        row = raw.rows[kinds.stacked]
        filled = [shortened(cell) for cell in row if not is_blank(cell)]
        collector.sheet(
            location,
            Severity.ERROR,
            "second_header",
            _("这里开始另一张表：表头与上面的不同，从这一行起没有读取。"),
            _("一张工作表只放一张表：请把它移到另一张工作表，或与上面的表合并成同样的列。"),
            row=raw.numbers[kinds.stacked],
            got=" ".join(filled[:3]),
        )


def _refuse_long_rows(
    raw: RawSheet,
    header: Header,
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Leave out, with an error, CSV rows with more cells than the header: they may be shifted."""
    if not raw.text_only:
        return
    width = max(len(raw.rows[row]) for row in range(header.top, header.row + 1))
    long = [
        row
        for row in kinds.data
        if any(not is_blank(cell) for cell in raw.rows[row][width:])
        or any(_holds_records(cell, width) for cell in raw.rows[row])
    ]
    if not long:
        return
    collector.sheet(
        location,
        Severity.ERROR,
        "row_too_long",
        _(
            "第 {rows} 行的单元格比表头多，或引号没有成对，各列可能错位，没有读取。",
            rows=row_ranges(raw.numbers[row] for row in long),
        ),
        _("多半是数值带千分位逗号而没有加引号：请去掉千分位，或另存为“CSV UTF-8(逗号分隔)”。"),
        row=raw.numbers[long[0]],
        got=shortened(" ".join(raw.rows[long[0]])),
    )
    refused = set(long)
    kinds.data = [row for row in kinds.data if row not in refused]


def _holds_records(cell: str, width: int) -> bool:
    """Whether a cell holds lines of the file, as it does after a quote that is not closed."""
    return "\n" in cell and max(cell.count(sign) for sign in ",;\t") >= max(width - 1, 2)


# -- cells --------------------------------------------------------------------------------------


def _read_columns(
    raw: RawSheet,
    used: Mapping[int, Match],
    kinds: RowKinds,
    stated: StatedUnits,
    merged: MergedCells,
    location: SheetLocation,
    collector: ProblemCollector,
) -> pd.DataFrame:
    labels = pd.Index(list(location.rows), name="row", dtype="int64")
    data: dict[str, Any] = {}
    by_id = {match.column.id: position for position, match in used.items()}
    cells_by_column = raw.columns(kinds.data)
    errors = _errors_by_column(kinds.data, raw.errors)
    for item in columns(location.sheet.id):
        position = by_id.get(item.id)
        if position is None:
            data[item.id] = typed([None] * len(labels), item).array
            continue
        values: Sequence[Any] = ()
        if position < len(cells_by_column):
            values = cells_by_column[position]
        values = values or [""] * len(labels)
        if position in errors:
            values = list(values)
            for place, error in errors[position]:
                values[place] = error
        values = _with_merged(values, kinds.data, position, merged)
        location.raw[item.id] = values
        values = _translated(values, raw.translations.get(item.id))
        cells = read_cells(values, _context(raw, used[position], kinds, position, stated))
        _refuse_merged(cells, kinds.data, merged.refused.get(position, frozenset()))
        _report(cells.faults, item, location, collector)
        _required(cells, item, location, collector)
        data[item.id] = typed(cells.values, item).array
    return pd.DataFrame(data, index=labels)


def _errors_by_column(
    rows: Sequence[int], errors: Mapping[tuple[int, int], str]
) -> Mapping[int, list[tuple[int, CellError]]]:
    """What the reader of the file shows as blank, as the error it is: column → place, error."""
    found: dict[int, list[tuple[int, CellError]]] = defaultdict(list)
    places = {row: place for place, row in enumerate(rows)} if errors else {}
    for (row, column), text in errors.items():
        if row in places:
            found[column].append((places[row], CellError(text)))
    return found


def _translated(values: Sequence[Any], words: Mapping[str, str] | None) -> Sequence[Any]:
    """Values in the dictionary's words, where ``mapping.yaml`` translates them."""
    if not words:
        return values
    return [words.get(squeezed(one_line(value)), value) for value in values]


def _with_merged(
    values: Sequence[Any], rows: Sequence[int], position: int, merged: MergedCells
) -> Sequence[Any]:
    """Put what a merged cell holds for several rows into each of them."""
    filled = merged.filled.get(position)
    if not filled:
        return values
    return [filled.get(row, value) for row, value in zip(rows, values, strict=True)]


def _refuse_merged(cells: Cells, rows: Sequence[int], refused: Collection[int]) -> None:
    if not refused:
        return
    told = {fault.position for fault in cells.faults if fault.severity is Severity.ERROR}
    for position, row in enumerate(rows):
        if row in refused and position not in told:
            cells.values[position] = None
            cells.faults.append(refused_cell(position))


def _context(
    raw: RawSheet,
    match: Match,
    kinds: RowKinds,
    position: int,
    stated: StatedUnits,
) -> Context:
    """What to read a column with."""
    return Context(
        match,
        raw.text_only,
        _by_place(raw.formats(position), kinds.data),
        units=_row_units(match, stated),
        epoch=EPOCH_1904 if raw.date1904 else EXCEL_EPOCH,
        comma_unclear=raw.comma_unclear,
    )


def _by_place(formats: Mapping[int, str], rows: Sequence[int]) -> dict[int, str]:
    """Formats by position among the data."""
    if not formats:
        return {}
    return {place: formats[row] for place, row in enumerate(rows) if row in formats}


def _row_units(match: Match, stated: StatedUnits) -> Sequence[str]:
    """Units of the rows for a column: from a column of units that measures the same."""
    item = match.column
    if item.type is not ColumnType.NUMBER or match.stated or not item.unit:
        return ()
    for words in stated.by_row.values():
        named = {word for word in words if word}
        if all(measures(word, item) for word in named):
            return words
    return ()


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
    cells: Cells, item: Column, location: SheetLocation, collector: ProblemCollector
) -> None:
    if not item.required:
        return
    told = {fault.position for fault in cells.faults if fault.severity is Severity.ERROR}
    empty = [n for n, value in enumerate(cells.values) if value is None and n not in told]
    collector.rows(
        location,
        [location.rows[n] for n in empty],
        item.id,
        Severity.ERROR,
        "required",
        _("必填项没有填写。"),
        _("请填写；如果整行不是数据，请删除该行。"),
    )
