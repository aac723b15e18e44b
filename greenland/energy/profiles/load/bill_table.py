"""Read a table of monthly bills."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from greenland import units
from greenland.energy.profiles.load.utility_bill import Bill, month_bill
from greenland.energy.profiles.tables import numbers, read_table
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

_MONTH = re.compile(r"^(账单|用电|电费|结算)?(月份|年月|账期|月)$|^month$", re.IGNORECASE)
_START = re.compile(r"起日|开始日期|起始日期|上次抄表|^start$", re.IGNORECASE)
_END = re.compile(r"止日|结束日期|终止日期|本次抄表|^end$", re.IGNORECASE)
_DEMAND = re.compile(r"需量|demand", re.IGNORECASE)
_MONEY = re.compile(r"元|电费|电价|单价|yuan|price|cost", re.IGNORECASE)
_TOTAL = re.compile(r"总电量|合计电量|用电量|^(总)?电量|有功总|^(total|energy)", re.IGNORECASE)
# Checked in this order: 尖峰 before 峰, 深谷 before 谷.
_PERIODS = (
    ("super_peak", re.compile(r"尖|super_?peak|sharp", re.IGNORECASE)),
    ("deep_valley", re.compile(r"深谷|deep_?valley", re.IGNORECASE)),
    ("peak", re.compile(r"峰|peak", re.IGNORECASE)),
    ("valley", re.compile(r"谷|valley|off_?peak", re.IGNORECASE)),
    ("flat", re.compile(r"平|flat|shoulder", re.IGNORECASE)),
)
_UNIT = re.compile(
    r"\(?\s*(万千瓦时|千瓦时|兆瓦时|千瓦|兆瓦|万kWh|MWh|kWh|MW|kW)\s*\)?\s*$", re.IGNORECASE
)
_TOTALS = re.compile(r"^\s*(合计|总计|小计|全年)\s*$")
_DEFAULT = {"energy": "kWh", "power": "kW"}  # what bills are printed in


def _kind(header: str) -> str | None:
    """What a column is: month, start, end, demand, energy or a period."""
    for kind, pattern in (("month", _MONTH), ("start", _START), ("end", _END)):
        if pattern.search(header):
            return kind
    if _DEMAND.search(header) and not _MONEY.search(header):
        return "demand"
    if _MONEY.search(header):
        return None
    for period, pattern in _PERIODS:
        if pattern.search(header):
            return period
    return "energy" if _TOTAL.search(header) else None


def _is_header(row: Sequence[str]) -> bool:
    kinds = {_kind(text) for text in row if text}
    return bool({"month", "start"} & kinds) and len(kinds - {None}) >= 2


def read_bills(path: Path, *, sheet: str | None = None) -> list[Bill]:
    """Read bills from CSV or Excel: one row each.

    Parameters
    ----------
    path : Path
        Columns 月份 (or 起日 and 止日), 总电量, 尖/峰/平/谷电量, 最大需量; units in brackets after
        the header, kWh and kW when there are none. Columns of money are left alone.
    sheet : str, optional

    Raises
    ------
    InputError
        With every cell that cannot be read.
    """
    table, first_row = read_table(path, _is_header, sheet=sheet)
    kinds: dict[str, str] = {}
    for name in table.columns:
        kind = _kind(str(name))
        if kind is not None and kind not in kinds:
            kinds[kind] = str(name)
    problems: list[Problem] = []
    columns = {
        kind: _figures(table, kind, name, first_row, path, problems)
        for kind, name in kinds.items()
        if kind not in ("month", "start", "end")
    }
    bills = []
    for place in range(len(table)):
        row = first_row + int(table.index[place])
        days = _days(table.iloc[place], kinds)
        if days is None:
            if not any(np.isfinite(values[place]) for values in columns.values()):
                continue
            if _is_total(table.iloc[place]):
                continue
            problems.append(
                Problem(
                    Severity.ERROR,
                    "bill_month",
                    _("账单的月份或起止日期无法识别。"),
                    _("请写成 2025-01 的形式。"),
                    file=path.name,
                    row=row,
                )
            )
            continue
        figures = {
            kind: float(values[place])
            for kind, values in columns.items()
            if np.isfinite(values[place])
        }
        demand, energy = figures.pop("demand", None), figures.pop("energy", None)
        bills.append(Bill(*days, energy, figures, demand, row))
    if problems:
        raise InputError(problems)
    return bills


def _figures(
    table: pd.DataFrame,
    kind: str,
    name: str,
    first_row: int,
    path: Path,
    problems: list[Problem],
) -> np.ndarray:
    """Values of a column in MWh or MW; what is no number becomes a problem."""
    target = "MW" if kind == "demand" else "MWh"
    found = _UNIT.search(name)
    unit = found[1] if found else _DEFAULT["power" if kind == "demand" else "energy"]
    values = numbers(table[name])
    wrong = np.isnan(values) & table[name].notna().to_numpy()
    for place in np.flatnonzero(wrong).tolist():
        problems.append(
            Problem(
                Severity.ERROR,
                "bill_number",
                _("不是数字。"),
                file=path.name,
                row=first_row + int(table.index[place]),
                column=name,
                got=str(table[name].iloc[place]),
            )
        )
    return values * units.factor(unit, target)


def _is_total(row: pd.Series) -> bool:
    return any(_TOTALS.match(str(cell)) for cell in row)


def _days(row: pd.Series, kinds: dict[str, str]) -> tuple[dt.date, dt.date] | None:
    """First and last day of a bill."""
    if "month" in kinds:
        found = re.match(r"^(\d{4})\s*[-年/.]?\s*(\d{1,2})\s*月?", _month_text(row[kinds["month"]]))
        if found is None or not 1 <= int(found[2]) <= 12:
            return None
        bill = month_bill(int(found[1]), int(found[2]), 0.0)
        return bill.start, bill.end
    if "start" not in kinds or "end" not in kinds:
        return None
    start, end = (
        pd.to_datetime(str(row[kinds[kind]]), errors="coerce") for kind in ("start", "end")
    )
    if pd.isna(start) or pd.isna(end):
        return None
    return start.date(), end.date()


def _month_text(value: object) -> str:
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
