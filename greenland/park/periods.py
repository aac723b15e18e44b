"""What a sheet says of its period above the table, against the years its rows state.

A title may say that the figures are of nine months, or of another year, while the column of years
has the assessed one in every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.header_rows import Header
from greenland.park.method import LONGEST_HEADING
from greenland.park.normal import is_blank, listing, one_line, shortened, squeezed
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet

# of the figures, not of a document or a classification: 2017年版, 2023年印发, GB/T 4754-2017
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年(?!版|修|印|发|公布))")
_BARE_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?!\d)")
_DAY_LABEL = re.compile(r"\(?\w{0,6}(?:日期|时间)[::]")  # when the form was filled in
_PART = re.compile(
    r"(?<!\d)0?1月?[-–—~至到](?:0?[2-9]|1[01])月|(?<!\d)(?:0?[2-9]|1[0-2])月?[-–—~至到]1?\d月"
    r"|[上下]半年|前[一二三123]个?季度|前\d{1,2}个月|第?[一二三四1-4]季度|(?<!\w)q[1-4]\b"
    r"|截[至止]到?(?:\d{4}年)?(?:0?\d|1[01])月"
)


def say_period(
    raw: RawSheet,
    header: Header,
    table: pd.DataFrame,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Warn of figures of a part of a year, or of another year, by the texts above the table."""
    if "year" not in table.columns or table["year"].dropna().empty:
        return
    years = {int(year) for year in table["year"].dropna()}
    named: dict[int, str] = {}
    for text, row in _texts(raw, header):
        word = squeezed(text)
        part = _PART.search(word)
        if part is not None:
            collector.sheet(
                location,
                Severity.WARNING,
                "part_of_year",
                _("表上写的时期“{part}”不是全年，各行却按全年的数据读取。", part=part[0]),
                _("请改填全年数据；确为全年的请改掉这句话。"),
                row=row,
                got=shortened(text),
                touches=location.touches(),
            )
        pattern = _BARE_YEAR if row is None else _YEAR
        for year in pattern.findall(word):
            named.setdefault(int(year), text)
    above = _years_side_by_side(raw, header)
    if (named and not years & set(named)) or above - years:
        collector.sheet(
            location,
            Severity.WARNING,
            "other_year",
            _(
                "表上写的年份是 {named}，各行的年度却是 {years}。",
                named=listing(map(str, sorted(named))),
                years=listing(map(str, sorted(years))),
            ),
            _("请核对数据是哪一年的。"),
            got=shortened(next(iter(named.values()))),
            touches=location.touches(),
        )


def is_year(cell: object) -> bool:
    """Whether a cell holds a year and nothing else."""
    return _BARE_YEAR.fullmatch(one_line(cell)) is not None


def _years_side_by_side(raw: RawSheet, header: Header) -> set[int]:
    """Years above groups of columns, where there are several; a span of years is one text."""
    cells = raw.rows[header.row - 1] if header.row else []
    found = [set(map(int, _BARE_YEAR.findall(squeezed(c)))) for c in cells if isinstance(c, str)]
    single = set().union(*(years for years in found if len(years) == 1)) if found else set()
    return single if len(single) > 1 else set()


def _texts(raw: RawSheet, header: Header) -> Iterator[tuple[str, int | None]]:
    """Texts that say what the whole table is: its title, and what stands above the column names."""
    yield raw.title, None
    for place in range(header.row):
        for cell in raw.rows[place]:
            if is_blank(cell) or not isinstance(cell, str) or len(cell) > LONGEST_HEADING:
                continue
            if not _DAY_LABEL.match(squeezed(cell)):
                yield cell, raw.numbers[place]
