"""Every table of a park: sheets of its workbook, or one CSV file per sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.csvfile import read_csv
from greenland.park.dictionary import SHEETS, empty_table
from greenland.park.inside import file_inside
from greenland.park.mapping.decisions import Decisions, say_mapping
from greenland.park.normal import listing
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.reading import ReadSheet, read_sheet
from greenland.park.sheet_choice import (
    choose_sheets,
    every_land_evaluation,
    nothing_recognised,
    sheet_id,
)
from greenland.park.workbook import EXCEL_SUFFIXES, OTHER_SUFFIXES, Workbook


def read_tables(
    folder: Path,
    workbook: str,
    collector: ProblemCollector,
    year: int | None = None,
    decisions: Decisions | None = None,
) -> dict[str, ReadSheet]:
    """Read every sheet; sheets that are not there are empty.

    Of sheets of one name for several years, that of *year* is read. *decisions* say what other
    titles, headings and values stand for.

    Raises
    ------
    InputError
        If the workbook or a CSV file cannot be read at all.
    """
    found: dict[str, ReadSheet] = {}
    decisions = decisions or Decisions()
    for sheet, raw in _sources(folder, workbook, year, collector, decisions):
        if sheet in found:
            other = found[sheet].location
            collector.sheet(
                SheetLocation(SHEETS[sheet], raw.file, raw.title),
                Severity.ERROR,
                "sheet_twice",
                _("“{title}”有两份，只读取了前一份。", title=SHEETS[sheet].title),
                _("请只保留一份。"),
                got=f"{other.file} {other.title}",
            )
            continue
        found[sheet] = read_sheet(sheet, decisions.applied(raw), collector)
    say_mapping(decisions, found, collector)
    for sheet in SHEETS:
        if found and sheet not in found and not SHEETS[sheet].optional:
            collector.add(
                Severity.NOTICE,
                "no_sheet",
                _("没有“{title}”表，用到它的评价按缺数据处理。", title=SHEETS[sheet].title),
                _("需要时请从空白工作簿复制这张表。"),
                file=workbook,
                sheet=SHEETS[sheet].title,
            )
    return {sheet: found.get(sheet) or _absent(sheet, workbook) for sheet in SHEETS}


def _absent(sheet: str, workbook: str) -> ReadSheet:
    item = SHEETS[sheet]
    return ReadSheet(SheetLocation(item, workbook, item.title), empty_table(sheet))


def _sources(
    folder: Path,
    workbook: str,
    year: int | None,
    collector: ProblemCollector,
    decisions: Decisions,
) -> Iterator[tuple[str, RawSheet]]:
    path = file_inside(folder, workbook)
    csv_files = _csv_files(folder, decisions)
    if path.is_file():
        book = Workbook(path)
        chosen = choose_sheets(book, path.name, year, collector, decisions.tables)
        if not chosen and not csv_files:
            nothing_recognised(book, path.name, collector)
        for title, sheet in chosen.items():
            yield sheet, book.sheet(title)
    elif not csv_files:
        _no_tables(folder, workbook, collector)
    for sheet, file in csv_files:
        yield sheet, read_csv(file, sheet)


def _csv_files(folder: Path, decisions: Decisions) -> list[tuple[str, Path]]:
    """CSV files in the folder that are named like a sheet, or translated to one."""
    tables = decisions.tables
    files = sorted(folder.glob("*.csv"))
    named = [(tables.get(path.stem, sheet_id(path.stem)), path) for path in files]
    return [(sheet, path) for sheet, path in named if sheet]


def _no_tables(folder: Path, workbook: str, collector: ProblemCollector) -> None:
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in (*OTHER_SUFFIXES, *EXCEL_SUFFIXES)
    )
    remedy = _("请用 greenland init 生成空白工作簿，或在 park.yaml 的 workbook 中写明文件名。")
    if others:
        remedy = _(
            "文件夹中有 {files}：请另存为 {workbook}，或在 park.yaml 的 workbook 中写明文件名。",
            files=listing(others),
            workbook=workbook,
        )
    collector.add(
        Severity.ERROR if others else Severity.WARNING,
        "no_workbook",
        _("没有工作簿 {workbook}，也没有各表的 CSV 文件，土地评价无法进行。", workbook=workbook),
        remedy,
        file=workbook,
        touches=every_land_evaluation(),
    )
