"""The workbook of a province: a sheet for each table, every key result of every park, the rules."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.files import write_bytes
from greenland.i18n import _, use_language
from greenland.key_results import KEYS
from greenland.report.blocks import Verdicts
from greenland.report.excel.book import Book
from greenland.report.excel.cells import exact_digits
from greenland.report.excel.workbook import write_rules, write_table
from greenland.report.labels import unit_text
from greenland.report.province.page import ProvincePage, province_page
from greenland.report.province.rows import kind, name_column, park_name, title
from greenland.report.tables import Table, TableColumn

RESULTS = "table-results"  # its numbers are not rounded: people reckon on with them


def write_province_excel(
    path: Path | str, record: Mapping[str, Any], *, language: str = "zh"
) -> Path:
    """Write a province as a workbook.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : mapping
        As in ``province.json``.
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    Path
        The file written.
    """
    with use_language(language):
        page = province_page(record)
        stream = io.BytesIO()
        book = Book(stream, page.title, page.subtitle)
        for table in (*_goals(page), *page.tables, *_places(record), _results(record)):
            sheet = book.sheet(table.title, table.remark, len(table.rows))
            columns = [exact_digits(column, table.rows) for column in table.columns]
            exact = table.columns if table.id == RESULTS else ()
            used = {(table.id, column.key) for column in exact}
            write_table(book, sheet, table, columns, page.rules, used=used)
        write_rules(book, page.rules)
        book.write_index(f"{page.title} {page.subtitle}")
        book.close()
    return write_bytes(Path(path), stream.getvalue())


def _goals(page: ProvincePage) -> list[Table]:
    rows = [
        {
            "subject": row.subject,
            "value": row.value,
            "required": row.required,
            "state": row.state,
            "rule_id": row.rule_id,
            "reason": row.reason,
        }
        for chapter in page.chapters
        for block in chapter.blocks
        if isinstance(block, Verdicts)
        for row in block.rows
    ]
    columns = (
        TableColumn("subject", _("目标")),
        TableColumn("value", _("实际"), kind="number"),
        TableColumn("required", _("要求"), kind="number"),
        TableColumn("state", _("结论"), kind="state"),
        TableColumn("rule_id", _("依据"), kind="rule"),
        TableColumn("reason", _("说明")),
    )
    return [Table("table-goals", _("全省目标"), columns, tuple(rows))] if rows else []


def _results(record: Mapping[str, Any]) -> Table:
    """Every key result as a number, a row for each park."""
    rows = [
        {**park_name(park), "park": park["park"], "kind": kind(park), "year": park["year"]}
        | {key: park["results"][key]["value"] for key in KEYS}
        for park in record["parks"]
    ]
    used = [key for key in KEYS if any(row[key] is not None for row in rows)]
    columns = (
        name_column(),
        TableColumn("park", _("代码")),
        TableColumn("kind", _("级别和类型")),
        TableColumn("year", _("年度"), kind="year"),
        *(
            TableColumn(
                key, title(key), unit_text(item.unit), "share" if item.is_share else "number"
            )
            for key, item in KEYS.items()
            if key in used
        ),
    )
    return Table(RESULTS, _("全部主要结果"), columns, tuple(rows))


def _places(record: Mapping[str, Any]) -> list[Table]:
    """Place of each park by each ranked indicator as numbers, in long form."""
    rows = [
        {
            **park_name(park),
            "kind": kind(park),
            "indicator": title(key),
            "place": result["place"],
            "of": result["of"],
            "before": result["place_before"],
            "reason": result.get("reason", ""),
        }
        for park in record["parks"]
        for key, result in park["results"].items()
        if "place" in result
    ]
    columns = (
        name_column(),
        TableColumn("kind", _("级别和类型")),
        TableColumn("indicator", _("指标")),
        TableColumn("place", _("名次"), kind="int"),
        TableColumn("of", _("有名次的园区数"), kind="int"),
        TableColumn("before", _("上年名次"), kind="int"),
        TableColumn("reason", _("没有名次的原因")),
    )
    return [Table("table-places", _("分指标名次"), columns, tuple(rows))] if rows else []
