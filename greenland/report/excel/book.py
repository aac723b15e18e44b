"""An open workbook: formats, sheets, the index with its links, and how sheets are printed."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenland.i18n import _
from greenland.report import palette

HEADER_ROW = 2
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_FIXED_DAY = dt.datetime(2000, 1, 1)  # no clock: the same record gives the same bytes
_A4, _A3 = 9, 8
_ACROSS_A4 = 180  # characters of all columns from which a sheet is printed on A3
_NARROWEST, _SIDES = 9.0, 2.0  # characters: of a column of numbers, beside the number
ACROSS_A3 = 260  # characters of all columns that are legible on A3
_LINE_PT = 15.5  # height of a line of text
_DOUBLE = re.compile("[\u2e81-\U0010ffff]")  # characters twice as wide as Latin letters
_FUNCTION = re.compile(r"([\w.]+)\(")
_INDEX = (6, 42, 9, 80)  # widths of the columns of the index
_LONGEST_MARGIN = 80  # characters: Excel takes 255 in a header, "&" counts double


@cache
def _is_rewritten(function: str) -> bool:
    """Whether a formula must name a function otherwise than people do."""
    named = f"{function}("
    return bool(Worksheet()._prepare_formula(named) != named)


@dataclass(frozen=True)
class NumberRows:
    """Rows of numbers, a format for each column."""

    first_row: int
    rows: Sequence[Sequence[float]]
    formats: Sequence[Format]


class BookSheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet that is written faster where there is much of one kind.

    It looks at the functions a formula names, not for thirty functions in each, and writes long
    rows of numbers at once.
    """

    dim_rowmax: int  # the last row, as the library has it
    _numbers: NumberRows | None = None

    def write_numbers(
        self, first_row: int, rows: Sequence[Sequence[float]], formats: Sequence[Format]
    ) -> None:
        """Write rows of finite numbers below all others, from the first column on.

        They are not kept as cells: below headings, the file is the same as of ``write_number`` for
        each, in a fifth of the time.

        Parameters
        ----------
        first_row : int
        rows : sequence of sequence of float
            As many numbers in each as there are formats.
        formats : sequence of Format

        Raises
        ------
        ValueError
            If a number is not finite, for which Excel has no way of writing.
        """
        if not all(math.isfinite(number) for row in rows for number in row):
            raise ValueError("nan, inf")
        self._numbers = NumberRows(first_row, rows, formats)
        self._check_dimensions(first_row + len(rows) - 1, len(formats) - 1)

    def _write_rows(self) -> None:
        numbers = self._numbers
        if numbers is None or not numbers.rows:
            super()._write_rows()
            return
        last, self.dim_rowmax = self.dim_rowmax, numbers.first_row - 1
        super()._write_rows()
        self.dim_rowmax = last
        styles = [form._get_xf_index() for form in numbers.formats]
        cells = "".join(
            f'<c r="{xl_col_to_name(place)}{{0}}" s="{style}"><v>{{{place + 1}:.16G}}</v></c>'
            for place, style in enumerate(styles)
        )
        row = f'<row r="{{0}}" spans="1:{len(styles)}">{cells}</row>'
        write = self.fh.write
        for number, values in enumerate(numbers.rows, start=numbers.first_row + 1):
            write(row.format(number, *values))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        plain = not expand_future_functions and "{" not in formula and "}" not in formula
        if plain and not any(map(_is_rewritten, _FUNCTION.findall(formula))):
            return formula.removeprefix("=")
        return str(super()._prepare_formula(formula, expand_future_functions))


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
        """Text that runs over several lines; set off from a number to its left."""
        return self.style("text", text_wrap=True, indent=1)

    @property
    def plain(self) -> Format:
        """Text of one line."""
        return self.style("plain", indent=1)

    @property
    def head(self) -> Format:
        """The row of headings."""
        return self._head("left")

    @property
    def number_head(self) -> Format:
        """The heading of a column of numbers, which stand to the right."""
        return self._head("right")

    def _head(self, align: str) -> Format:
        return self.style(
            f"head {align}",
            align=align,
            indent=0 if align == "right" else 1,
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
        return self.book.add_worksheet(name, BookSheet)

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
            fit_row(sheet, row, (entry.title, entry.note), (_INDEX[1], _INDEX[3]))
        for place, width in enumerate(_INDEX):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        self._paper(sheet, str(_("目录")))

    def lay_out(
        self,
        sheet: Worksheet,
        headings: Sequence[str],
        widths: Sequence[float],
        *,
        repeated: int = 0,
    ) -> None:
        """Set the widths of the columns, the height of the headings, and the size of the paper.

        A sheet with *repeated* first columns is divided across where it is too wide for one.
        """
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        fit_row(sheet, HEADER_ROW, headings, widths)
        if sum(widths) > _ACROSS_A4:
            sheet.set_paper(_A3)
        across = math.ceil(sum(widths) / ACROSS_A3)
        if repeated and across > 1:
            sheet.fit_to_pages(across, 0)
            sheet.repeat_columns(0, repeated - 1)

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


def letters(text: str) -> int:
    """Width of a text in Latin letters."""
    return len(text) + len(_DOUBLE.findall(text))


def number_width(amounts: Iterable[float], decimals: int) -> float:
    """Room for the longest of some numbers with separators, that no cell shows ###."""
    longest = max((len(f"{amount:,.{decimals}f}") for amount in amounts), default=0)
    return max(_NARROWEST, longest + _SIDES)


def fit_row(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """Make a row high enough for its texts; not every program does so by itself."""
    pairs = zip(texts, widths, strict=True)
    lines = max((math.ceil(letters(text) / (width - 2)) for text, width in pairs), default=1)
    if lines > 1:
        sheet.set_row(row, lines * _LINE_PT)


def _margin(text: str) -> str:
    """Text in a header or footer, where ``&`` begins a code."""
    return text[:_LONGEST_MARGIN].replace("&", "&&")
