"""Problems collected while a park is read, each pinned to the place it stands in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.park.dictionary import Sheet, column
from greenland.park.normal import listing, shortened

# Faults of one kind in one column beyond this many are listed in one finding, by their rows.
LISTED = 20

# Problems of one kind in one sheet beyond this many are only counted.
MOST_OF_A_KIND = 200

Message = str | Callable[[int], str]


@dataclass
class SheetLocation:
    """Where a table stands in the files, and what stood in its cells.

    Parameters
    ----------
    file, title : str
        File name and sheet title, as they are.
    headers : mapping of column id to str
        Headers as they stand in the file; columns that are not there are absent.
    rows : sequence of int
        Excel row of each data row, in order.
    raw : mapping of column id to sequence
        Cell values as read, aligned with *rows*.
    unread : set of (row, column id)
        Cells that were refused, so that they are not called blank as well.
    extent : str
        Cells that were read, header and data, as Excel writes a range; empty: nothing.
    left_out : sequence of int
        Excel rows inside or below the data that were not read as data.
    """

    sheet: Sheet
    file: str
    title: str
    headers: dict[str, str] = field(default_factory=dict)
    rows: Sequence[int] = ()
    raw: dict[str, Sequence[Any]] = field(default_factory=dict)
    unread: set[tuple[int, str]] = field(default_factory=set)
    extent: str = ""
    left_out: Sequence[int] = ()

    def header(self, column_id: str) -> str:
        """The header in the file, or the dictionary's when the column is not there."""
        return self.headers.get(column_id) or column(self.sheet.id, column_id).header

    def touches(self) -> tuple[str, ...]:
        """Every evaluation that uses some column of the sheet."""
        from greenland.park.dictionary import columns

        found = dict.fromkeys(key for item in columns(self.sheet.id) for key in item.touches)
        return tuple(found)


def row_ranges(rows: Iterable[int]) -> str:
    """Row numbers as people write them.

    Examples
    --------
    >>> row_ranges([3, 4, 5, 9])
    '3–5、9'
    """
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return listing(str(a) if a == b else f"{a}–{b}" for a, b in runs)


def limited(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems of each kind in each sheet; one more says how many others there are."""
    shown: list[Problem] = []
    kinds: dict[tuple[Severity, str, str, str], list[Problem]] = {}
    for item in problems:
        group = kinds.setdefault((item.severity, item.code, item.file, item.sheet), [])
        group.append(item)
        if len(group) <= MOST_OF_A_KIND:
            shown.append(item)
    for (severity, code, file, sheet), group in kinds.items():
        rest = group[MOST_OF_A_KIND:]
        if rest:
            shown.append(
                Problem(
                    severity,
                    code,
                    _("另有 {count} 项同类问题，未逐一列出。", count=len(rest)),
                    _("请先处理已列出的问题，再重新检查。"),
                    file=file,
                    sheet=sheet,
                    touches=tuple(dict.fromkeys(key for item in rest for key in item.touches)),
                )
            )
    return shown


class ProblemCollector:
    """Collects problems; the messages come already translated."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(
        self, severity: Severity, code: str, message: str, remedy: str = "", **parts: Any
    ) -> None:
        """Add one problem."""
        self.problems.append(Problem(severity, code, message, remedy, **parts))

    def sheet(
        self,
        location: SheetLocation,
        severity: Severity,
        code: str,
        message: str,
        remedy: str = "",
        **parts: Any,
    ) -> None:
        """Add one problem about a sheet; ``touches`` is the whole sheet's unless given."""
        if severity is Severity.ERROR:
            parts.setdefault("touches", location.touches())
        self.add(severity, code, message, remedy, file=location.file, sheet=location.title, **parts)

    def rows(
        self,
        location: SheetLocation,
        rows: Sequence[int],
        column_id: str,
        severity: Severity,
        code: str,
        message: Message,
        remedy: Message = "",
        *,
        allowed: Message = "",
        got: Message | None = None,
        touches: Sequence[str] | None = None,
        columns: Sequence[str] = (),
    ) -> None:
        """Add one problem for each row; those beyond `LISTED` go into one with their rows.

        Parameters
        ----------
        rows : sequence of int
            Excel rows.
        message, remedy, allowed, got : str or function of the Excel row
            *got* is what stands in the cell when left out.
        touches : sequence of str, optional
            The column's when left out.
        columns : sequence of str
            Ids of the columns of which one must be wrong; *column_id* alone when left out.
        """
        item = column(location.sheet.id, column_id)
        wrong = tuple(columns) or (item.id,)
        keys = tuple(item.touches if touches is None else touches)
        rest = list(rows[LISTED:])
        for row in rows[:LISTED]:
            self._rows(
                location, [row], wrong, item.id, severity, code, message, remedy, allowed, got, keys
            )
        if rest:
            more: str = _(
                "{message}（另有 {count} 行有同样问题：第 {rows} 行）",
                message=_worded(message, rest[0]),
                count=len(rest) - 1,
                rows=row_ranges(rest[1:]),
            )
            first = more if len(rest) > 1 else _worded(message, rest[0])
            self._rows(
                location, rest, wrong, item.id, severity, code, first, remedy, allowed, got, keys
            )

    def _rows(
        self,
        location: SheetLocation,
        rows: Sequence[int],
        wrong: tuple[str, ...],
        column_id: str,
        severity: Severity,
        code: str,
        message: Message,
        remedy: Message,
        allowed: Message,
        got: Message | None,
        touches: tuple[str, ...],
    ) -> None:
        row = rows[0]
        shown = _cell(location, row, column_id) if got is None else _worded(got, row)
        self.problems.append(
            Problem(
                severity,
                code,
                _worded(message, row),
                _worded(remedy, row),
                file=location.file,
                sheet=location.title,
                row=int(row),
                column=location.header(column_id),
                got=shown,
                allowed=_worded(allowed, row),
                touches=touches,
                table=location.sheet.id,
                rows=tuple(int(one) for one in rows),
                columns=wrong,
            )
        )


def _worded(message: Message, row: int) -> str:
    return message(row) if callable(message) else message


def _cell(location: SheetLocation, row: int, column_id: str) -> str:
    """What stands in the cell; empty when the column is not in the file."""
    values = location.raw.get(column_id)
    if values is None:
        return ""
    from bisect import bisect_left

    position = bisect_left(location.rows, row)
    return shortened(values[position]) if position < len(values) else ""
