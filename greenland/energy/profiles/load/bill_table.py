"""Read a table of bills: one row a month, or one row a month and tariff period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from greenland.energy.profiles.load import bill_columns
from greenland.energy.profiles.load.bill_columns import BillColumns
from greenland.energy.profiles.load.bill_dates import bill_days, is_total_row
from greenland.energy.profiles.load.utility_bill import Bill
from greenland.energy.profiles.numerals import DecimalSign, parse_numbers
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.series_values import decimal_of
from greenland.energy.profiles.tables import ReadingTable, read_tables
from greenland.energy.profiles.unit_again import check_titles
from greenland.energy.profiles.words_beside import notes_below
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import Text, _

Numbers = npt.NDArray[np.float64]


class Bills(list[Bill]):
    """Bills in the order of their file, and how it was understood.

    Parameters
    ----------
    bills : sequence of Bill
    notes : sequence of str
        What the file says and how it was followed.
    assumptions : sequence of Problem
        What was taken to be so though the file leaves it open.
    """

    def __init__(
        self,
        bills: Sequence[Bill] = (),
        notes: Sequence[Text | str] = (),
        assumptions: Sequence[Problem] = (),
    ) -> None:
        super().__init__(bills)
        self.notes = tuple(notes)
        self.assumptions = tuple(assumptions)


def read_bills(
    path: Path,
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    decimal: DecimalSign | None = None,
) -> Bills:
    """Read bills from CSV or Excel.

    Parameters
    ----------
    path : Path
        Columns 月份 (or 起日 and 止日), 总电量, 尖/峰/平/谷电量, 最大需量. Units stand in the
        header or in the title; kWh and kW are assumed, and said so, when there are none. Columns of
        money, of reactive energy, of other years and of contracts are left alone.
    sheet : str, optional
        Of an Excel file; all sheets with bills when None.
    columns : mapping of str to str, optional
        Headers of what several columns could be: ``month``, ``start``, ``end``, ``energy``,
        ``demand``, ``peak``, ``flat``, ``valley``, ``super_peak``, ``deep_valley``.
    decimal : DecimalSign, optional
        What stands between whole and fraction in texts.

    Raises
    ------
    InputError
        With every cell that cannot be read, or the columns that could be meant.
    """
    log = ReadingLog(path.name)
    named = dict(columns or {})
    bills: list[Bill] = []
    problems: list[Problem] = []
    for table in read_tables(path, lambda row: bill_columns.is_header(row, named), sheet=sheet):
        # units and multipliers stand in notes as well
        table = replace(table, titles=(*table.titles, *notes_below(table.frame)))
        found = bill_columns.columns_of(table, named, log)
        bills += _bills(table, found, decimal, log, problems)
    if problems:
        raise InputError(problems)
    return Bills(bills, log.notes, log.assumptions)


def _words(cells: Iterable[object]) -> str:
    """What a row says in its texts."""
    return " ".join(cell for cell in cells if isinstance(cell, str))


def _bills(
    table: ReadingTable,
    found: BillColumns,
    decimal: DecimalSign | None,
    log: ReadingLog,
    problems: list[Problem],
) -> list[Bill]:
    days = bill_days(table, found.dates, log)
    totals = np.array([is_total_row(row) for row in table.frame.itertuples(index=False)])
    units = {
        kind: bill_columns.unit_of(name, kind, table, log) for kind, name in found.figures.items()
    }
    for unit in units.values():
        check_titles(table, unit, log)
    last = max((place for place, span in enumerate(days) if span is not None), default=0)
    words = {
        int(row): _words(cells)
        for row, cells, span in zip(
            table.rows[:last],
            table.frame.iloc[:last].itertuples(index=False),
            days[:last],
            strict=True,
        )
        if span is None
    }
    bill_columns.refuse_other_units(words, units, table.sheet, log)
    figures = {
        kind: _figures(table, kind, found, decimal, totals, log, problems) * unit.factor
        for kind, unit in units.items()
    }
    bills: dict[object, Bill] = {}
    for place, span in enumerate(days):
        row = int(table.rows[place])
        values = {
            kind: float(numbers[place])
            for kind, numbers in figures.items()
            if np.isfinite(numbers[place])
        }
        if totals[place] or (span is None and not values):
            continue
        if span is None:
            problems.append(
                Problem(
                    Severity.ERROR,
                    "bill_month",
                    _("账单的月份或起止日期无法识别。"),
                    _("请写成 2025-01 的形式。"),
                    file=log.file,
                    sheet=table.sheet,
                    row=row,
                    got=" ".join(
                        str(table.frame[name].iloc[place]) for name in found.dates.values()
                    ),
                )
            )
            continue
        if not values:
            continue  # a month without figures: its absence is told as a gap
        if found.kinds is None:
            demand, energy = values.pop("demand", None), values.pop("energy", None)
            bills[place] = Bill(*span, energy, values, demand, row)
        else:
            kind = found.kinds[place]
            if kind is not None:
                _add(bills, span, kind, values, row, log)
    return list(bills.values())


def _add(
    bills: dict[object, Bill],
    span: tuple[object, object],
    kind: str,
    values: Mapping[str, float],
    row: int,
    log: ReadingLog,
) -> None:
    """Put a row of one period into the bill of its month."""
    before = bills.get(span)
    energy = values.get("energy")
    if energy is None:
        return
    periods = {} if before is None else dict(before.periods)
    total = None if before is None else before.energy_mwh
    if kind in periods or (kind == "energy" and total is not None):
        raise log.refuse(
            "bill_twice",
            _("同一月份的同一时段有两行电量。"),
            _("请核对：是否有几块电表，或混有其他量。"),
            row=row,
        )
    if kind == "energy":
        total = energy
    else:
        periods[kind] = energy
    bills[span] = Bill(*span, total, periods, None, row)  # type: ignore[arg-type]


def _figures(
    table: ReadingTable,
    kind: str,
    found: BillColumns,
    decimal: DecimalSign | None,
    totals: npt.NDArray[np.bool_],
    log: ReadingLog,
    problems: list[Problem],
) -> Numbers:
    """Values of a column as they stand; what is no number becomes a problem."""
    name = found.figures[kind]
    cells = table.frame[name]
    sign = decimal_of(table, [name], decimal, log)
    values = parse_numbers(cells, sign)
    wrong = np.isnan(values) & cells.notna().to_numpy() & ~totals
    for place in np.flatnonzero(wrong).tolist():
        problems.append(
            Problem(
                Severity.ERROR,
                "bill_number",
                _("不是数字。"),
                file=log.file,
                sheet=table.sheet,
                row=int(table.rows[place]),
                column=name,
                got=str(cells.iloc[place]),
            )
        )
    return values
