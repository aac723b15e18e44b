"""What reading a column of cells gives, and how a cell that is not understood is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.dictionary import Column
from greenland.park.header import Match
from greenland.park.kinds import kinds_of

EXCEL_EPOCH = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)  # workbooks begun in Excel for Mac


class CellError(str):
    """What stands in a cell that shows an error, such as ``#DIV/0!``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to say about one cell; *position* counts data rows from 0."""

    position: int
    severity: Severity
    code: str
    message: str
    remedy: str = ""
    allowed: str = ""


@dataclass
class Cells:
    """Values of one column in canonical form, and what there is to say about them."""

    values: list[Any]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What cells are read with.

    Parameters
    ----------
    match : Match
        Column and the unit of its header.
    text_only : bool
        Whether the file holds nothing but text (CSV), so that ``2023.1`` may stand for October.
    formats : mapping of int to str
        Number formats, by position, of cells that show another number than they hold.
    units : sequence of str
        Unit of each row, from a column of units; empty when there is none.
    epoch : date
        Day 0 of serial numbers.
    comma_unclear : bool
        Whether ``1,234`` may be 1.234 (CSV separated by semicolons).
    """

    match: Match
    text_only: bool = False
    formats: Mapping[int, str] = field(default_factory=dict)
    units: Sequence[str] = ()
    epoch: dt.date = EXCEL_EPOCH
    comma_unclear: bool = False

    @property
    def column(self) -> Column:
        """The column."""
        return self.match.column


# What people write where there is nothing to write.
EMPTY_WORDS = frozenset(
    {"-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "n/a", "na", "none", "null"}
)


# What stands for the cell above or beside it.
_DITTO_WORDS = frozenset({"同上", "同左", "同前", "〃", "″", "”", "''", '"', "ditto"})
LONGEST_SIGN = max(map(len, EMPTY_WORDS | _DITTO_WORDS))
"""Letters of the longest word of either kind."""


class Unclear(Exception):  # noqa: N818 (never leaves this module)
    """A cell that is not understood, or (with *keep*) understood but worth a word."""

    def __init__(
        self,
        code: str,
        message: str,
        remedy: str = "",
        allowed: str = "",
        *,
        severity: Severity = Severity.ERROR,
        keep: Any = None,
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.remedy, self.allowed = code, message, remedy, allowed
        self.severity, self.keep = severity, keep

    def fault(self, position: int) -> Fault:
        """The fault of the cell at *position*."""
        return Fault(position, self.severity, self.code, self.message, self.remedy, self.allowed)


def each(values: Sequence[Any], read: Callable[[Any], Any]) -> Cells:
    """Read cell by cell; *read* raises `Unclear` for what it cannot understand.

    Texts repeat down a column: each is read once, so *read* must depend on the cell alone.
    """
    if kinds_of(values) <= {str, NoneType}:
        return _each_text(values, read)
    cells = Cells([None] * len(values))
    found, faults = cells.values, cells.faults
    known: dict[str, Any] = {}
    unclear: dict[str, Unclear] = {}
    for position, value in enumerate(values):
        kind = type(value)
        if kind is str:
            if value in known:
                found[position] = known[value]
                if value in unclear:
                    faults.append(unclear[value].fault(position))
                continue
            if not value.strip():
                known[value] = None
                continue
        elif value is None:
            continue
        elif kind is CellError:
            faults.append(_cell_error(position, value))
            continue
        try:
            read_value = read(value)
        except Unclear as error:
            read_value = error.keep
            faults.append(error.fault(position))
            if kind is str:
                unclear[value] = error
        found[position] = read_value
        if kind is str:
            known[value] = read_value
    return cells


def _each_text(values: Sequence[str | None], read: Callable[[Any], Any]) -> Cells:
    """`each` where there are texts alone."""
    known: dict[str | None, Any] = dict.fromkeys(values)
    unclear: dict[str | None, Unclear] = {}
    for text in known:
        if text is None or not text.strip():
            continue
        try:
            known[text] = read(text)
        except Unclear as error:
            known[text] = error.keep
            unclear[text] = error
    cells = Cells(list(map(known.__getitem__, values)))
    if unclear:
        cells.faults.extend(
            unclear[text].fault(position) for position, text in enumerate(values) if text in unclear
        )
    return cells


def _cell_error(position: int, value: CellError) -> Fault:
    if value.startswith("="):
        return Fault(
            position,
            Severity.ERROR,
            "formula",
            _("单元格是没有计算结果的公式。"),
            _("请用 Excel 打开文件、重新计算并保存，或改填数值。"),
        )
    if not value.startswith("#"):
        return Fault(
            position,
            Severity.ERROR,
            "cell_damaged",
            _("单元格的内容不合 Excel 文件的规范，读不出来。"),
            _("请用 Excel 打开核对并重新填写；没有数据请留空。"),
        )
    return Fault(
        position,
        Severity.ERROR,
        "cell_error",
        _("单元格是 Excel 错误值。"),
        _("请改正公式或改填数值；没有数据请留空。"),
    )


def check_sign(*spellings: str) -> None:
    """Let no sign for nothing, or for another cell, pass as text, however it is spelt.

    Raises
    ------
    Unclear
        Rows are sorted and filtered: what points to another cell then points wrong.
    """
    if any(word in EMPTY_WORDS for word in spellings):
        raise placeholder()
    if any(word in _DITTO_WORDS for word in spellings):
        raise _ditto()


def _ditto() -> Unclear:
    return Unclear(
        "ditto",
        _("单元格写的是“同上”一类的省略，不知道指哪一格。"),
        _("请写出完整的内容。"),
    )


def placeholder() -> Unclear:
    """A notice that what people write for nothing was read as blank."""
    return Unclear(
        "placeholder",
        _("按空白读取。"),
        _("没有数据请留空；数值确为零请填 0。"),
        severity=Severity.NOTICE,
    )
