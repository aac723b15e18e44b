"""Every table of a park: sheets of its workbook, or one CSV file per sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.csvfile import read_csv
from greenland.park.dictionary import SHEETS, empty_table
from greenland.park.inside import file_inside
from greenland.park.normal import listing, squeezed
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.reading import ReadSheet, read_sheet
from greenland.park.workbook import OTHER_SUFFIXES, Workbook
from greenland.yamlfile import nearest

# Sheets of the blank workbook that hold no data.
HELP_TITLES = ("填写说明", "Guide")
_LISTED = 50  # unknown sheets beyond these are only counted
_PREFIX = re.compile(r"^((附?表|sheet)?[\d一二三四五六七八九十]+[-._:、\s]*)")


def _sheet_id(title: str) -> str | None:
    """Sheet a title names: exactly, by its English title or id, or with a table number before."""
    word = squeezed(title)
    for name in (word, squeezed(_PREFIX.sub("", word))):
        for sheet in SHEETS.values():
            if name in (squeezed(sheet.title_zh), squeezed(sheet.title_en), sheet.id):
                return sheet.id
    return None


def read_tables(folder: Path, workbook: str, collector: ProblemCollector) -> dict[str, ReadSheet]:
    """Read every sheet; sheets that are not there are empty.

    Raises
    ------
    InputError
        If the workbook or a CSV file cannot be read at all.
    """
    found: dict[str, ReadSheet] = {}
    for sheet, raw in _sources(folder, workbook, collector):
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
        found[sheet] = read_sheet(sheet, raw, collector)
    for sheet in SHEETS:
        if found and sheet not in found:
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
    folder: Path, workbook: str, collector: ProblemCollector
) -> Iterator[tuple[str, RawSheet]]:
    path = file_inside(folder, workbook)
    if path.is_file():
        yield from _from_workbook(path, collector)
    csv_files = _csv_files(folder)
    if not path.is_file() and not csv_files:
        _no_tables(folder, workbook, collector)
    for sheet, file in csv_files:
        yield sheet, read_csv(file)


def _from_workbook(path: Path, collector: ProblemCollector) -> Iterator[tuple[str, RawSheet]]:
    book = Workbook(path)
    unknown: list[str] = []
    named = {title: _sheet_id(title) for title in book.titles}
    loosely = _by_part_of_title([title for title, sheet in named.items() if sheet is None])
    for title, sheet in named.items():
        if sheet is not None:
            yield sheet, book.sheet(title)
        elif title in loosely and loosely[title] not in named.values():
            meant = SHEETS[loosely[title]].title
            collector.add(
                Severity.NOTICE,
                "sheet_title",
                _("按“{title}”读取。", title=meant),
                _("如果不是这张表，请改名。"),
                file=path.name,
                sheet=title,
            )
            yield loosely[title], book.sheet(title)
        elif title not in HELP_TITLES and not book.hidden(title):
            unknown.append(title)
    _unknown_sheets(path.name, unknown, collector)


def _unknown_sheets(file: str, titles: Sequence[str], collector: ProblemCollector) -> None:
    known = {squeezed(sheet.title): sheet.title for sheet in SHEETS.values()}
    for title in titles[:_LISTED]:
        guess = nearest(squeezed(title), list(known))
        collector.add(
            Severity.WARNING if guess else Severity.NOTICE,
            "unknown_sheet",
            _("不认识的工作表，未读取。"),
            _("是否应为“{guess}”？", guess=known[guess])
            if guess
            else _("如不需要可保留；需要时请改为空白工作簿中的表名。"),
            file=file,
            sheet=title,
            allowed=listing(known.values()),
        )
    if len(titles) > _LISTED:
        collector.add(
            Severity.WARNING,
            "unknown_sheet",
            _("另有 {count} 张不认识的工作表，未读取。", count=len(titles) - _LISTED),
            _("如不需要可保留；需要时请改为空白工作簿中的表名。"),
            file=file,
            allowed=listing(known.values()),
        )


def _by_part_of_title(titles: list[str]) -> dict[str, str]:
    """Sheets whose title stands inside another one: ``2025年宗地台账``; each at most once."""
    found: dict[str, list[str]] = {}
    for title in titles:
        for sheet in SHEETS.values():
            if squeezed(sheet.title_zh) in squeezed(title):
                found.setdefault(sheet.id, []).append(title)
    return {names[0]: sheet for sheet, names in found.items() if len(names) == 1}


def _csv_files(folder: Path) -> list[tuple[str, Path]]:
    """CSV files in the folder that are named like a sheet."""
    named = [(_sheet_id(path.stem), path) for path in sorted(folder.glob("*.csv"))]
    return [(sheet, path) for sheet, path in named if sheet is not None]


def _no_tables(folder: Path, workbook: str, collector: ProblemCollector) -> None:
    others = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in (*OTHER_SUFFIXES, ".xlsx", ".xlsm")
    )
    remedy = _("请用 greenland init 生成空白工作簿，或在 park.yaml 的 workbook 中写明文件名。")
    if others:
        remedy = _(
            "文件夹中有 {files}：请另存为 {workbook}，或在 park.yaml 的 workbook 中写明文件名。",
            files=listing(others),
            workbook=workbook,
        )
    touches: Mapping[str, None] = dict.fromkeys(
        key for sheet in SHEETS.values() for key in SheetLocation(sheet, "", "").touches()
    )
    collector.add(
        Severity.ERROR if others else Severity.WARNING,
        "no_workbook",
        _("没有工作簿 {workbook}，也没有各表的 CSV 文件，土地评价无法进行。", workbook=workbook),
        remedy,
        file=workbook,
        touches=tuple(touches),
    )
