"""An open workbook: formats, sheets, the index with its links, and how sheets are printed."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenland.i18n import _
from greenland.report import palette

HEADER_ROW = 2
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FIXED_DAY = dt.datetime(2000, 1, 1)  # no clock: the same record gives the same bytes
_A4 = 9
_LONGEST_MARGIN = 80  # characters: Excel takes 255 in a header, "&" counts double


@dataclass
class _IndexLine:
    """A sheet as the index names it."""

    sheet: Worksheet
    title: str
    note: str
    rows: int


class Book:
    """An open workbook with its formats, each made once.

    Parameters
    ----------
    stream : io.BytesIO
        Where it is written.
    park, year : str
        What the margins of every printed sheet say.
    """

    def __init__(self, stream: io.BytesIO, park: str = "", year: str = "") -> None:
        self.book = Workbook(
            stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.book.set_properties({"created": _FIXED_DAY})
        self.formats: dict[str, Format] = {}
        self.sheets: set[str] = set()
        self.base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
        self.park, self.year = park, year
        self.entries: list[_IndexLine] = []
        self.index = self.named(_("目录"))

    def style(self, key: str, **options: Any) -> Format:
        """A format by its key."""
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**self.base, **options})
        return self.formats[key]

    def number(self, form: str) -> Format:
        """A format of numbers."""
        return self.style(f"number {form}", num_format=form, align="right")

    @property
    def text(self) -> Format:
        """Text that runs over several lines."""
        return self.style("text", text_wrap=True)

    @property
    def head(self) -> Format:
        """The row of headings."""
        return self.style(
            "head",
            bold=True,
            text_wrap=True,
            bottom=1,
            top=1,
            bg_color="#E9F2F5",
            font_color=palette.ACCENT,
            valign="vcenter",
        )

    @property
    def link(self) -> Format:
        """A link to another sheet."""
        return self.style("link", font_color=palette.ACCENT, underline=1)

    def named(self, title: str) -> Worksheet:
        """A new sheet; its name cut to what Excel takes and kept unique."""
        plain = _FORBIDDEN.sub(" ", title).strip() or "Sheet"
        name, number = plain[:31], 2
        while name.lower() in self.sheets:
            tail = f" {number}"
            name, number = plain[: 31 - len(tail)] + tail, number + 1
        self.sheets.add(name.lower())
        return self.book.add_worksheet(name)

    def sheet(self, title: str, note: str, rows: int) -> Worksheet:
        """A new sheet with its title, a link back to the index, and its printing set up.

        Parameters
        ----------
        title, note : str
        rows : int
            Rows of data, as the index tells.
        """
        sheet = self.named(title)
        self.entries.append(_IndexLine(sheet, title, note, rows))
        self._top(sheet, title)
        back = f"internal:'{self.index.get_name()}'!A1"
        sheet.write_url(1, 0, back, self.link, _("← 目录"))
        sheet.write_string(1, 1, note, self.style("note", font_color="#55606D"))
        self._paper(sheet, title)
        return sheet

    def write_index(self, title: str) -> None:
        """Fill the index: every sheet with a link, how many rows it has, and its note."""
        sheet = self.index
        self._top(sheet, title)
        note = _("点击表名打开；各表左上角“← 目录”返回。")
        sheet.write_string(1, 0, note, self.style("note", font_color="#55606D"))
        for place, heading in enumerate((_("序号"), _("工作表"), _("行数"), _("说明"))):
            sheet.write_string(HEADER_ROW, place, heading, self.head)
        for number, entry in enumerate(self.entries, start=1):
            row = HEADER_ROW + number
            target = f"internal:'{entry.sheet.get_name()}'!A1"
            sheet.write_number(row, 0, number, self.number("0"))
            sheet.write_url(row, 1, target, self.link, entry.title)
            sheet.write_number(row, 2, entry.rows, self.number("#,##0"))
            sheet.write_string(row, 3, entry.note, self.text)
        for place, width in enumerate((6, 40, 8, 80)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        self._paper(sheet, str(_("目录")))

    def close(self) -> None:
        """Write the workbook."""
        self.book.close()

    def _top(self, sheet: Worksheet, title: str) -> None:
        sheet.write_string(0, 0, title, self.style("title", bold=True, font_size=14))
        sheet.hide_gridlines(2)

    def _paper(self, sheet: Worksheet, title: str) -> None:
        """A4 across, all columns on a page, heads on every page, park and year in the margins."""
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        sheet.set_header(f"&L{_margin(self.park)}&R{_margin(self.year)}")
        sheet.set_footer(f"&L{_margin(title)}&R&P / &N")


def _margin(text: str) -> str:
    """Text in a header or footer, where ``&`` begins a code."""
    return text[:_LONGEST_MARGIN].replace("&", "&&")
