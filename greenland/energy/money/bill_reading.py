"""Read the lines of a real bill: item, quantity, price, amount; month and period where given."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.money.bill_units import factors_of, header_units
from greenland.energy.profiles.columns import UNIT
from greenland.energy.profiles.numerals import parse_numbers
from greenland.energy.profiles.power_units import folded
from greenland.energy.profiles.tables import ReadingTable, read_tables
from greenland.energy.profiles.words_beside import notes_below, stated_words
from greenland.energy.tariff.spellings import spellings
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _

TOTAL = "total"
_MONTH = re.compile(r"^(\d{4})\s*\D?\s*(\d{1,2})\D?$")
_DASHES = ("-", "/", "\N{EM DASH}", 2 * "\N{EM DASH}")
_NUMBERS = ("quantity", "price", "amount")


@dataclass(frozen=True, slots=True)
class RealLine:
    """One line of a real bill.

    Parameters
    ----------
    row : int
        Row of the file.
    item : str
        As it is written.
    month : str
        Such as ``2026-03``.
    period : str or None
        Time-of-use period, such as ``"peak"``.
    quantity, price, amount : float or None
        In the units of the bill [kWh, kW, kVA], [yuan for each], [yuan].
    steps : mapping of name to float
        Half a unit of the last digit written of each number: what rounding may hide.
    """

    row: int
    item: str
    month: str
    period: str | None
    quantity: float | None
    price: float | None
    amount: float | None
    steps: Mapping[str, float]

    @property
    def rounding(self) -> float:
        """What the digits written leave open of quantity times price, and of the amount [yuan]."""
        quantity, price = abs(self.quantity or 0.0), abs(self.price or 0.0)
        open_ = quantity * self.steps.get("price", 0.0) + price * self.steps.get("quantity", 0.0)
        return open_ + self.steps.get("amount", 0.0)


@cache
def _words(kind: str) -> dict[str, str]:
    """Meaning of each way of writing an ``item``, a ``column`` or ``all`` periods."""
    with Path(__file__).with_name("bill_words.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["written"]: row["meaning"] for row in rows if row["kind"] == kind}


def item_key(text: str, own: Iterable[str] = ()) -> str | None:
    """What an item of a bill is; names of charges of the tariff itself are as they are.

    Examples
    --------
    >>> item_key("(2) 上网环节线损费用"), item_key("力调电费"), item_key("滞纳金")
    ('line_loss', 'power_factor_adjustment', None)
    """
    plain = re.sub(r"\s+", "", text)
    names = {name: name for name in own} | _words("item")
    if plain in names:
        return names[plain]
    inside = [name for name in names if name in plain]
    return names[max(inside, key=len)] if inside else None


def _column_of(header: str) -> str | None:
    plain = re.split(r"[(\[\N{FULLWIDTH LEFT PARENTHESIS}]", header)[0].strip().lower()
    return _words("column").get(plain)


def _is_header(row: Sequence[str]) -> bool:
    kinds = {_column_of(cell) for cell in row if cell}
    return {"item", "amount"} <= kinds


def read_bill_lines(
    path: Path, *, month: str | None = None, sheet: str | None = None
) -> list[RealLine]:
    """Lines of a bill from CSV or Excel.

    Parameters
    ----------
    path : Path
        Columns 项目 and 金额; 数量, 单价, 月份 and 时段 where the bill has them.
    month : str, optional
        Of a bill without a column of months, such as ``2026-03``.
    sheet : str, optional
        Of an Excel file; all sheets with a bill when None.

    Raises
    ------
    InputError
        With every cell that cannot be read.
    """
    problems: list[Problem] = []
    lines: list[RealLine] = []
    given = None if month is None else _month_of(month)
    if month is not None and given is None:
        raise input_error("bill_month", _("月份应写成 2026-03。"), got=month)
    for table in read_tables(path, _is_header, sheet=sheet):
        lines += _Table(table, path.name, given, problems).lines()
    if not lines and not problems:
        text = _("文件里没有账单的行。")
        problems.append(Problem(Severity.ERROR, "bill_lines", text, file=path.name))
    if problems:
        raise InputError(problems)
    return lines


def _month_of(cell: Any) -> str | None:
    if hasattr(cell, "strftime"):
        return f"{cell:%Y-%m}"
    text = str(cell).strip()
    found = _MONTH.match(text.removesuffix(".0"))
    if found is None or not 1 <= int(found[2]) <= 12:  # months of the year
        return None
    return f"{found[1]}-{int(found[2]):02d}"


class _Table:
    """One table of a bill."""

    def __init__(
        self, table: ReadingTable, file: str, month: str | None, problems: list[Problem]
    ) -> None:
        self.table, self.file, self.month, self.problems = table, file, month, problems
        self.names: dict[str, str] = {}
        for name in table.frame.columns:
            kind = _column_of(str(name))
            if kind is not None:
                self.names.setdefault(kind, str(name))

    def _fault(self, code: str, text: str, place: int | None = None, **more: Any) -> None:
        row = None if place is None else int(self.table.rows[place])
        at: dict[str, Any] = {"file": self.file, "sheet": self.table.sheet, "row": row}
        self.problems.append(Problem(Severity.ERROR, code, text, **at, **more))

    def lines(self) -> list[RealLine]:
        """Its lines; those without an item and an amount are left out."""
        if "month" not in self.names and self.month is None:
            self._fault("bill_month", _("账单没有“月份”列，请用 --month 说明是哪个月。"))
            return []
        numbers = {kind: self._numbers(kind) for kind in _NUMBERS if kind in self.names}
        found = []
        for place in range(len(self.table.frame)):
            text = self._text("item", place)
            values = {kind: column[0][place] for kind, column in numbers.items()}
            if not text and not any(np.isfinite(value) for value in values.values()):
                continue
            if not text:
                self._fault("bill_item", _("这一行有数没有项目名称。"), place)
                continue
            month, period = self._month(place), self._period(place)
            known = {k: float(v) if np.isfinite(v) else None for k, v in values.items()}
            if month is None or all(value is None for value in known.values()):
                continue  # a heading, or told already
            steps = {kind: column[1][place] for kind, column in numbers.items()}
            row = int(self.table.rows[place])
            quantity, price, amount = (known.get(kind) for kind in _NUMBERS)
            found.append(RealLine(row, text, month, period, quantity, price, amount, steps))
        return found

    def _text(self, kind: str, place: int) -> str:
        cell = self.table.frame[self.names[kind]].iloc[place] if kind in self.names else None
        return "" if cell is None or pd.isna(cell) else str(cell).strip()

    def _month(self, place: int) -> str | None:
        if "month" not in self.names:
            return self.month
        cell = self.table.frame[self.names["month"]].iloc[place]
        found = None if cell is None or pd.isna(cell) else _month_of(cell)
        if found is None:
            text = _("月份认不出。")
            column = self.names["month"]
            self._fault("bill_month", text, place, column=column, got=str(cell), allowed="2026-03")
        return found

    def _period(self, place: int) -> str | None:
        text = self._text("period", place)
        if not text or text in (*_words("all"), *_DASHES):
            return None
        periods = spellings("period")
        found = periods.get(text, text if text in periods.values() else None)
        if found is None:
            column, allowed = self.names["period"], "、".join(periods)
            text = _("时段认不出。")
            got = self._text("period", place)
            self._fault("bill_period", text, place, column=column, got=got, allowed=allowed)
        return found

    def _numbers(self, kind: str) -> tuple[np.ndarray[Any, Any], list[float]]:
        """Values of a column, and half a unit of the last digit of each."""
        name = self.names[kind]
        cells = self.table.frame[name]
        dashes = cells.astype(str).str.strip().isin(_DASHES)
        values = parse_numbers(cells.where(~dashes, None))
        factors = self._factors(kind, name)
        steps = []
        for place, (cell, value, factor) in enumerate(
            zip(cells, values.tolist(), factors.tolist(), strict=True)
        ):
            blank = cell is None or pd.isna(cell) or not str(cell).strip() or dashes.iloc[place]
            if np.isnan(value) and not blank:
                self._fault("bill_number", _("不是数字。"), place, column=name, got=str(cell))
            steps.append(0.0 if np.isnan(value) else factor * half_digit(cell))
        return values * factors, steps

    def _factors(self, kind: str, name: str) -> np.ndarray[Any, Any]:
        """What turns a column into our units, row by row: of its header, its row, or a title."""
        count = len(self.table.frame)
        words = header_units(name)
        factors = factors_of(kind, words)
        if words and (len(factors) > 1 or (not factors and any(map(_like_unit, words)))):
            text = _("单位无法识别，或不是这一项的单位。")
            self._fault("bill_unit", text, column=name, got="、".join(words))
        if factors:
            return np.full(count, min(factors))
        if kind == "quantity" and (column := self._units()) is not None:
            cells = self.table.frame[column]
            rows = [min(factors_of(kind, [str(cell)]), default=1.0) for cell in cells]
            return np.array(rows)
        # 单位：万元 above the table is of amounts, not of prices
        beside = (*self.table.titles, *notes_below(self.table.frame))
        said = [w for w in stated_words(beside) if kind != "price" or "/" in w]
        stated = factors_of(kind, said)
        if len(stated) > 1:
            text = _("标题或单位列写了几种单位。")
            self._fault("bill_unit", text, column=name)
        return np.full(count, min(stated, default=1.0))

    def _units(self) -> str | None:
        """The column of units of the quantities."""
        names = map(str, self.table.frame.columns)
        return next((name for name in names if UNIT.match(folded(name))), None)


def _like_unit(word: str) -> bool:
    """Whether a word in brackets must be a unit: money, letters, or one through another."""
    return re.search(r"元|/|kw|mw|kva|wh|千瓦|兆瓦", word) is not None


def half_digit(cell: Any) -> float:
    """Half a unit of the last digit a number is written with.

    Examples
    --------
    >>> half_digit("0.3120"), half_digit(1250), half_digit(0.45)
    (5e-05, 0.5, 0.005)
    """
    text = str(cell).strip() if isinstance(cell, str) else np.format_float_positional(float(cell))
    _whole, _point, decimals = text.rstrip("%").partition(".")
    return float(0.5 * 10.0 ** -len(decimals))
