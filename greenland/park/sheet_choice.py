"""Which sheet of a workbook is which table, by its title; and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.dictionary import SHEETS
from greenland.park.header_rows import find_header
from greenland.park.normal import is_blank, listing, squeezed
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.workbook import Workbook
from greenland.yamlfile import nearest

# Sheets of the blank workbook that hold no data.
HELP_TITLES = ("填写说明", "Guide", "地类代码", "Land codes")
# The list of problems in a marked copy of the park's workbook.
PROBLEM_TITLES = ("问题清单", "Problem list")
INFO_TITLES = ("园区信息", "Park information")  # who the park is; see greenland.park.info
_LISTED = 50  # sheets looked into and told of one by one; those beyond are counted
_PREFIX = re.compile(r"^((附?表|sheet)?[\d一二三四五六七八九十]+[-._:、\s]*)")
_NO_DATA = re.compile(r"作废|废止|样表|样例|示例|模板|模版|空表|草稿|备份|template|sample|backup")
_GOES_ON = re.compile(r"续|接上表|continued")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def sheet_id(title: str) -> str | None:
    """Sheet a title names: exactly, by its English title or id, or with a table number before."""
    word = squeezed(title)
    for name in (word, squeezed(_PREFIX.sub("", word))):
        for sheet in SHEETS.values():
            if name in (squeezed(sheet.title_zh), squeezed(sheet.title_en), sheet.id):
                return sheet.id
    return None


def choose_sheets(
    book: Workbook,
    file: str,
    year: int | None,
    collector: ProblemCollector,
    decided: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Titles of the sheets to read, each with the table it holds.

    Hidden sheets are not read. A title that names a table wins over one that only contains its
    name; of several that contain it, the one of the assessed year is read, and where that does
    not decide, none. *decided* are titles the park has translated: to a table, or to "" for a
    sheet that is not to be read.
    """
    visible = [title for title in book.titles if not book.hidden(title)]
    known = {title: decided.get(title, sheet_id(title)) for title in visible}
    named = {title: sheet for title, sheet in known.items() if sheet}
    loosely = _by_part_of_title([title for title, sheet in known.items() if sheet is None])
    said = {
        *HELP_TITLES,
        *INFO_TITLES,
        *PROBLEM_TITLES,
        *(title for title, sheet in decided.items() if not sheet),
    }
    for sheet, titles in loosely.items():
        if sheet in named.values():
            continue
        said.update(titles)
        chosen = _of_year(titles, year)
        if chosen is None:
            _say_undecided(titles, sheet, file, collector)
            continue
        named[chosen] = sheet
        _say_title(chosen, titles, sheet, year, file, collector)
    unread = [title for title in book.titles if title not in named and title not in said]
    read = set(named.values())
    for title in unread[:_LISTED]:
        like = _like(book, title) if not book.hidden(title) else None
        if not book.hidden(title) and (first := _continued(title, like, read)):
            _say_continued(title, first, file, collector)
            continue
        _say_unread(title, book.hidden(title), read, like, file, collector)
    if len(unread) > _LISTED:
        collector.add(
            Severity.WARNING,
            "unknown_sheet",
            _("另有 {count} 张不认识的工作表，未读取。", count=len(unread) - _LISTED),
            _("如不需要可保留；需要时请改为空白工作簿中的表名。"),
            file=file,
        )
    return {title: named[title] for title in book.titles if title in named}


def _by_part_of_title(titles: Sequence[str]) -> Mapping[str, list[str]]:
    """Sheets whose title stands inside others: ``2025年宗地台账``."""
    found: dict[str, list[str]] = {}
    for title in titles:
        if _NO_DATA.search(squeezed(title)):
            continue
        inside = [s.id for s in SHEETS.values() if squeezed(s.title_zh) in squeezed(title)]
        if len(inside) == 1:
            found.setdefault(inside[0], []).append(title)
    return found


def _of_year(titles: Sequence[str], year: int | None) -> str | None:
    """The only title, or the only one that names the year."""
    if len(titles) == 1:
        return titles[0]
    of_year = [title for title in titles if str(year) in _YEAR.findall(title)]
    return of_year[0] if len(of_year) == 1 else None


def _say_title(
    chosen: str,
    titles: Sequence[str],
    sheet: str,
    year: int | None,
    file: str,
    collector: ProblemCollector,
) -> None:
    others = [title for title in titles if title != chosen]
    message: str = _("按“{title}”读取。", title=SHEETS[sheet].title)
    if others:
        message = _(
            "按“{title}”读取评价年度的这一张；没有读取：{others}。",
            title=SHEETS[sheet].title,
            others=listing(others),
        )
    named = _YEAR.findall(chosen)
    other_year = bool(named) and year is not None and str(year) not in named
    collector.add(
        Severity.WARNING if other_year else Severity.NOTICE,
        "sheet_title",
        message,
        _("如果不是这张表，请改名。"),
        file=file,
        sheet=chosen,
    )


def _say_undecided(
    titles: Sequence[str], sheet: str, file: str, collector: ProblemCollector
) -> None:
    title = SHEETS[sheet].title
    collector.add(
        Severity.ERROR,
        "sheets_alike",
        _("有几张表都像“{title}”，不能确定用哪一张，都没有读取。", title=title),
        _("请把要用的一张改名为“{title}”，或在表名中写明年度。", title=title),
        file=file,
        sheet=titles[0],
        got=listing(titles),
        touches=SheetLocation(SHEETS[sheet], "", "").touches(),
    )


def _continued(title: str, like: str | None, read: set[str]) -> str | None:
    """The table among those read that a sheet goes on with, by its title or its columns."""
    word = squeezed(title)
    if _NO_DATA.search(word):
        return None
    inside = [sheet for sheet in read if squeezed(SHEETS[sheet].title_zh) in word]
    if _GOES_ON.search(word):
        return like if like in read else inside[0] if len(inside) == 1 else None
    if _YEAR.search(word) or nearest(word, [squeezed(item.title) for item in SHEETS.values()]):
        return None  # of another year, or a name misspelt
    return like if like in read else None


def _say_continued(title: str, sheet: str, file: str, collector: ProblemCollector) -> None:
    goes_on = _GOES_ON.search(squeezed(title)) is not None
    collector.add(
        Severity.ERROR if goes_on else Severity.WARNING,
        "sheet_continued",
        _("这张表接着“{title}”，或与它的列名相同，没有读取。", title=SHEETS[sheet].title),
        _("如果是同一张表的一部分，请把各行移到那张表的下面；不是时请改名或删除。"),
        file=file,
        sheet=title,
        touches=SheetLocation(SHEETS[sheet], "", "").touches() if goes_on else (),
    )


def _say_unread(
    title: str,
    hidden: bool,
    read: set[str],
    like: str | None,
    file: str,
    collector: ProblemCollector,
) -> None:
    sheet = sheet_id(title)
    if hidden:
        if sheet is None:
            return  # such as stand behind drop-downs
        collector.add(
            Severity.NOTICE if sheet in read else Severity.WARNING,
            "hidden_sheet",
            _("工作表是隐藏的，未读取。"),
            _("如果要用这张表，请取消隐藏。"),
            file=file,
            sheet=title,
        )
        return
    known = {squeezed(item.title): item.title for item in SHEETS.values()}
    near = nearest(squeezed(title), list(known))
    guess = known[near] if near else ""
    remedy: str = _("如不需要可保留；需要时请改为空白工作簿中的表名。")
    if guess:
        remedy = _("是否应为“{guess}”？", guess=guess)
    elif like is not None and like not in read:
        guess = SHEETS[like].title
        remedy = _(
            "按列名看像“{guess}”；如果是，请照此改工作表名，或运行 greenland map。", guess=guess
        )
    collector.add(
        Severity.WARNING if guess else Severity.NOTICE,
        "unknown_sheet",
        _("不认识的工作表，未读取。"),
        remedy,
        file=file,
        sheet=title,
        allowed=listing(known.values()),
    )


def nothing_recognised(book: Workbook, file: str, collector: ProblemCollector) -> None:
    """Say that a workbook holds none of the tables, and which table each sheet looks like."""
    alike = []
    for title in book.titles[:_LISTED]:
        if book.hidden(title) or title in (*HELP_TITLES, *INFO_TITLES):
            continue
        if like := _like(book, title):
            alike.append(f"“{title}”→“{SHEETS[like].title}”")
    remedy = _("请把工作表改为空白工作簿中的表名；列名也不同时，运行 greenland map 并核对其结果。")
    if alike:
        remedy = _(
            "按列名看：{alike}；请照此改工作表名，或运行 greenland map。", alike=listing(alike)
        )
    collector.add(
        Severity.ERROR,
        "no_table",
        _("工作簿里没有认得出的表，什么也没有读取。"),
        remedy,
        file=file,
        got=listing(book.titles[:_LISTED]),
        allowed=listing(item.title for item in SHEETS.values()),
        touches=every_land_evaluation(),
    )


def _like(book: Workbook, title: str) -> str | None:
    """The table whose columns a sheet names most of."""
    raw = book.sheet(title)
    if all(is_blank(cell) for row in raw.rows for cell in row):
        return None
    counts = {}
    for sheet in SHEETS:
        header = find_header(sheet, raw.rows, raw.merged)
        if header is not None:
            counts[sheet] = len({match.column.id for match in header.matches if match})
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] > 2 else None


def every_land_evaluation() -> tuple[str, ...]:
    """Every evaluation that uses some table."""
    return tuple(
        dict.fromkeys(
            key for sheet in SHEETS.values() for key in SheetLocation(sheet, "", "").touches()
        )
    )
