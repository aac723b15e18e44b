"""One sheet read: header, units, rows and cells, with everything there is to say about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.errors import InputError, Severity
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
from greenland.park.findings import Findings, Place, row_ranges
from greenland.park.header import (
    Header,
    Match,
    column_factor,
    find_header,
    is_unit,
    nearest_header,
)
from greenland.park.normal import header_text, is_blank, plain_text, shortened
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds, is_subtotal, sort_rows

# Columns people add for themselves; nothing is lost by leaving them.
_SERIAL_HEADERS = frozenset({"序号", "编号", "no", "no.", "行号", "#"})
_TOTAL_TOLERANCE = 5e-4  # a total may be rounded


@dataclass
class ReadSheet:
    """A typed table and where it stands in the files."""

    place: Place
    table: pd.DataFrame


def read_sheet(sheet: str, raw: RawSheet, findings: Findings) -> ReadSheet:
    """Read one sheet into a typed table; what is found goes into *findings*."""
    place = Place(SHEETS[sheet], raw.file, raw.title)
    if not any(not is_blank(cell) for row in raw.rows for cell in row):
        findings.sheet(place, Severity.NOTICE, "empty_sheet", _("表是空的。"))
        return ReadSheet(place, empty_table(sheet))
    header = find_header(sheet, raw.rows)
    if header is None:
        _no_header(place, findings)
        return ReadSheet(place, empty_table(sheet))
    kinds = sort_rows(raw.rows, header)
    used = _used_columns(raw, header, kinds, place, findings)
    place.rows = [raw.numbers[position] for position in kinds.data]
    _left_out(raw, kinds, place, findings)
    table = _read_columns(raw, used, kinds, place, findings)
    _check_totals(raw, used, kinds, table, place, findings)
    if table.empty:
        findings.sheet(place, Severity.NOTICE, "no_rows", _("表中没有数据行。"))
    return ReadSheet(place, table)


def _no_header(place: Place, findings: Findings) -> None:
    findings.sheet(
        place,
        Severity.ERROR,
        "no_header",
        _("找不到表头。"),
        _("请保留一行列名，列名与空白工作簿一致。"),
        allowed="、".join(
            item.labelled_header for item in columns(place.sheet.id) if item.required
        ),
    )


# -- columns ------------------------------------------------------------------------------------


def _used_columns(
    raw: RawSheet, header: Header, kinds: RowKinds, place: Place, findings: Findings
) -> dict[int, Match]:
    """Columns of the file to read: position → match; says what is wrong with the others."""
    used: dict[int, Match] = {}
    seen: dict[str, str] = {}
    for position, (text, match) in enumerate(zip(header.texts, header.matches, strict=True)):
        if match is None:
            _unknown(raw, position, text, kinds, place, findings)
            continue
        item = match.column
        if item.id in seen:
            _twice(place, item, text, seen[item.id], findings)
            continue
        seen[item.id] = text
        place.headers[item.id] = _on_one_line(text)
        settled = _settled(match, _unit_below(kinds, position), place, findings)
        if settled is not None:
            used[position] = settled
    _missing(place, set(seen), findings)
    return used


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _unit_below(kinds: RowKinds, position: int) -> str:
    """Unit named in a row of units below the header."""
    if kinds.units is None or position >= len(kinds.units):
        return ""
    word = plain_text(kinds.units[position]).strip("()")
    return word if is_unit(word) else ""


def _settled(match: Match, below: str, place: Place, findings: Findings) -> Match | None:
    """The match with its unit checked; None when the unit cannot be converted."""
    item = match.column
    if match.inexact:
        findings.sheet(
            place,
            Severity.WARNING,
            "qualifier",
            _("列名缺少口径说明，按“{header}”读取。", header=item.labelled_header),
            _("请确认口径一致，并把列名补全。"),
            column=place.headers[item.id],
            touches=item.touches,
        )
    if not item.numeric:
        return match
    if below and not match.stated:
        match = Match(item, below, stated=True, inexact=match.inexact)
    try:
        if not match.decimal:
            column_factor(match.unit, item)
    except InputError as error:
        fault = error.problems[0]
        findings.sheet(
            place,
            Severity.ERROR,
            "unit",
            fault.message,
            fault.remedy,
            column=place.headers[item.id],
            got=match.unit,
            allowed=item.shown_unit,
            touches=item.touches,
        )
        return None
    return match


def _unknown(
    raw: RawSheet, position: int, text: str, kinds: RowKinds, place: Place, findings: Findings
) -> None:
    filled = sum(1 for row in kinds.data if not is_blank(raw.cell(row, position)))
    if header_text(text) in _SERIAL_HEADERS or (not text and not filled):
        return
    if not text:
        findings.sheet(
            place,
            Severity.WARNING,
            "no_column_name",
            _("第 {n} 列没有列名，但有 {count} 个数据，未读取。", n=position + 1, count=filled),
            _("请补上列名，或删除该列。"),
        )
        return
    guess = nearest_header(place.sheet.id, text)
    findings.sheet(
        place,
        Severity.WARNING if guess else Severity.NOTICE,
        "unknown_column",
        _("不认识的列，未读取（{count} 个数据）。", count=filled),
        _("是否应为“{guess}”？如不需要可保留，不影响评价。", guess=guess)
        if guess
        else _("如不需要可保留，不影响评价；需要时请改用空白工作簿中的列名。"),
        column=_on_one_line(text),
    )


def _twice(place: Place, item: Column, text: str, first: str, findings: Findings) -> None:
    findings.sheet(
        place,
        Severity.ERROR,
        "column_twice",
        _("“{header}”出现了两列，只读取了第一列。", header=item.header),
        _("请只保留一列。"),
        column=_on_one_line(text),
        got=_on_one_line(first),
        touches=item.touches,
    )


def _missing(place: Place, seen: set[str], findings: Findings) -> None:
    absent = [item for item in columns(place.sheet.id) if item.id not in seen]
    for item in absent:
        if item.required:
            findings.sheet(
                place,
                Severity.ERROR,
                "missing_column",
                _("缺少必填列“{header}”。", header=item.labelled_header),
                _("请补上这一列；列名可从空白工作簿复制。"),
                touches=item.touches,
            )
    optional = [item.header for item in absent if not item.required]
    if optional:
        findings.sheet(
            place,
            Severity.NOTICE,
            "optional_columns",
            _("没有选填列：{headers}。", headers="、".join(optional)),
            _("用到这些列的指标按缺数据处理。"),
        )


# -- rows ---------------------------------------------------------------------------------------


def _left_out(raw: RawSheet, kinds: RowKinds, place: Place, findings: Findings) -> None:
    """Say which rows are not data."""
    for positions, code, what in (
        (kinds.totals, "totals_row", _("合计行不作为数据，已略去。")),
        (kinds.notes, "note_row", _("说明行不作为数据，已略去。")),
    ):
        for position in positions:
            filled = [shortened(cell) for cell in raw.rows[position] if not is_blank(cell)]
            findings.sheet(
                place,
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
    place: Place,
    findings: Findings,
) -> pd.DataFrame:
    errors = raw.errors()
    labels = pd.Index(list(place.rows), name="row", dtype="int64")
    data: dict[str, pd.Series[Any]] = {}
    by_id = {match.column.id: position for position, match in used.items()}
    cells_by_column = raw.columns(kinds.data)
    for item in columns(place.sheet.id):
        position = by_id.get(item.id)
        if position is None:
            data[item.id] = typed([None] * len(labels), item).set_axis(labels)
            continue
        values = cells_by_column[position] if position < len(cells_by_column) else []
        values = _with_errors(values or [""] * len(labels), kinds.data, position, errors)
        place.raw[item.id] = values
        context = _context(raw, used[position], kinds.data, position, values)
        cells = read_cells(values, context)
        _report(cells.faults, item, place, findings)
        _required(raw, cells.values, cells.faults, item, kinds.data, position, place, findings)
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
    formats = raw.percents()
    percent = frozenset(place for place, row in enumerate(rows) if (row, position) in formats)
    return Context(match, percent=percent)


def _report(faults: Sequence[Fault], item: Column, place: Place, findings: Findings) -> None:
    """Faults of one kind together, so that long lists are grouped."""
    grouped: dict[tuple[Severity, str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        # what can be read is said once for a column, what cannot for each cell
        kind = fault.code if fault.severity is Severity.NOTICE else fault.message
        grouped[fault.severity, fault.code, kind].append(fault)
    for (severity, code, _kind), group in grouped.items():
        rows = {place.rows[fault.position]: fault for fault in group}
        if severity is Severity.ERROR:
            place.unread.update((row, item.id) for row in rows)
        if severity is Severity.NOTICE:
            _notice(group, item, place, findings)
            continue
        findings.rows(
            place,
            list(rows),
            item.id,
            severity,
            code,
            lambda row, rows=rows: rows[row].message,  # type: ignore[misc]
            lambda row, rows=rows: rows[row].remedy,  # type: ignore[misc]
            allowed=lambda row, rows=rows: rows[row].allowed,  # type: ignore[misc]
        )


def _notice(group: Sequence[Fault], item: Column, place: Place, findings: Findings) -> None:
    first = group[0]
    message: str = first.message
    if len(group) > 1:
        others = row_ranges(place.rows[fault.position] for fault in group[1:])
        message = _("{message}（同列还有第 {rows} 行）", message=first.message, rows=others)
    findings.sheet(
        place,
        Severity.NOTICE,
        first.code,
        message,
        first.remedy,
        row=int(place.rows[first.position]),
        column=place.header(item.id),
        got=shortened(place.raw[item.id][first.position]),
    )


def _required(
    raw: RawSheet,
    values: Sequence[Any],
    faults: Sequence[Fault],
    item: Column,
    rows: Sequence[int],
    position: int,
    place: Place,
    findings: Findings,
) -> None:
    if not item.required:
        return
    told = {fault.position for fault in faults if fault.severity is Severity.ERROR}
    empty = [n for n, value in enumerate(values) if value is None and n not in told]
    merged = _merged_below(raw, position) if empty else set()
    findings.rows(
        place,
        [place.rows[n] for n in empty if rows[n] not in merged],
        item.id,
        Severity.ERROR,
        "required",
        _("必填项没有填写。"),
        _("请填写；如果整行不是数据，请删除该行。"),
    )
    findings.rows(
        place,
        [place.rows[n] for n in empty if rows[n] in merged],
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
    place: Place,
    findings: Findings,
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
        findings.sheet(
            place,
            Severity.WARNING,
            "total_differs",
            _(
                "合计与各行之和不一致，各行之和为 {sum}{unit}。",
                sum=f"{summed:.10g}",
                unit=item.shown_unit,
            ),
            _("请核对是否有漏行、重复行，或合计没有更新。"),
            row=raw.numbers[whole[0]],
            column=place.header(item.id),
            got=shortened(raw.cell(whole[0], position)),
            touches=item.touches,
        )


def _is_ratio(item: Column) -> bool:
    """Whether summing the column means nothing."""
    return "/" in item.unit or not item.unit or item.unit == "分"
