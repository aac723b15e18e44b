"""Hold a real bill against the tariff and the load of a case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from greenland.energy.case import read_case, rulebook_of
from greenland.energy.money.bill_check import BillCheck, check_bill
from greenland.energy.money.bill_reading import RealLine, read_bill_lines
from greenland.energy.tariff.resolve import grid_only
from greenland.energy.tou import wall_clock
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _


def check_bill_file(
    bill: str | Path, case: str | Path, *, month: str | None = None, sheet: str | None = None
) -> BillCheck:
    """Recompute every line of a real bill from the tariff and the load of a case.

    Parameters
    ----------
    bill : path
        See `greenland.energy.money.bill_reading.read_bill_lines`.
    case : path
        With a ``tariff``; its load is what was drawn from the grid.
    month : str, optional
        Of a bill without a column of months.
    sheet : str, optional

    Raises
    ------
    InputError
        With everything of the bill or of the case that cannot be read.

    Notes
    -----
    Prices are those of "all from the grid": what the load pays before the project is there.
    """
    lines = read_bill_lines(Path(bill), month=month, sheet=sheet)
    loaded = read_case(Path(case))
    config = loaded.case.tariff
    if config is None:
        raise input_error(
            "bill_tariff", _("案例没有 tariff，无法复算账单。"), file=str(case), column="tariff"
        )
    load, rulebook = loaded.load, rulebook_of(loaded)
    index = pd.DatetimeIndex(load.index)
    _same_time(lines, index, rulebook.year, Path(bill).name)
    tariff = grid_only(config, index, rulebook, folder=loaded.folder)
    given = getattr(loaded.case.grid, "capacity_mw", None)
    connected = max(float(load.max()), given or 0.0)
    return check_bill(lines, tariff, load, connected)


def _same_time(lines: list[RealLine], index: pd.DatetimeIndex, year: int, file: str) -> None:
    """Refuse months that the load, or the year of the prices, does not cover."""
    clock = wall_clock(index).strftime("%Y-%m")
    there = sorted(set(clock))
    problems = []
    for month in sorted({line.month for line in lines}):
        row = next(line.row for line in lines if line.month == month)
        text, allowed = "", ""
        if month not in there:
            text = _("负荷曲线没有账单的月份。")
            allowed = f"{there[0]} – {there[-1]}"
        elif int(month[:4]) != year:
            text, allowed = _("账单与案例的 year 不是同一年，价格对不上。"), str(year)
        if text:
            fault = Problem(Severity.ERROR, "bill_month", text, file=file, row=row)
            problems.append(replace(fault, got=month, allowed=allowed))
    if problems:
        raise InputError(problems)
