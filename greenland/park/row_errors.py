"""Errors in rows cost the verdict on those rows, not the whole evaluation.

An evaluation that judges row by row is given tables in which every figure that may be wrong is
blank. A blank figure is `no_data` with its reason wherever it is needed, and sums that need it
are not made up, so that nothing rests on a figure known to be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.park.dictionary import NUMERIC, SHEETS, ColumnType, column, columns
from greenland.park.normal import squeezed
from greenland.park.problems import row_ranges

ROW_SHEETS = ("parcels", "firms", "pipeline", "supply_history")
_MEASURED = NUMERIC | {ColumnType.DATE}
# Blank, these stand for another figure, or say that something does not apply: a wrong one must
# not become that.
DEFAULTED = frozenset(
    (
        ("parcels", "supply_date"),
        ("firms", "founded"),
        ("firms", "land_acquired"),
        ("pipeline", "decision_date"),
        ("pipeline", "production_date"),
        ("firms", "land_mu"),
        ("parcels", "to_build_area_mu"),
        ("pipeline", "min_area_mu"),
        ("pipeline", "max_area_mu"),
        ("pipeline", "electricity_mwh"),
        ("pipeline", "ramp_months"),
    )
)
# Blank, these say that something has not happened; so do the other dates of their row.
EVENTS = frozenset(
    (
        ("parcels", "land_term_end"),
        ("parcels", "actual_start_date"),
        ("parcels", "actual_completion_date"),
        ("parcels", "production_review_date"),
        ("parcels", "stopped_since"),
    )
)
_BLANK_ALREADY = frozenset(("required", "merged_cell"))


@dataclass(frozen=True)
class RowErrors:
    """Errors that touch an evaluation which judges row by row.

    Parameters
    ----------
    blocking : tuple of Problem
        Those that leave nothing to judge.
    by_row : tuple of Problem
        Those of single rows.
    """

    blocking: tuple[Problem, ...]
    by_row: tuple[Problem, ...]


def sorted_out(problems: Iterable[Problem], key: str) -> RowErrors:
    """Tell errors of single rows from those that stop the evaluation *key*.

    A required column that is absent, or stands twice, is a gap in every row, unless it tells rows
    apart, says which rows take part or means something when blank.
    """
    blocking, by_row = [], []
    for problem in problems:
        if problem.severity is not Severity.ERROR or key not in problem.touches:
            continue
        if problem.table in ROW_SHEETS and problem.rows:
            by_row.append(problem)
        elif not _gap(problem):
            blocking.append(problem)
    return RowErrors(tuple(blocking), tuple(by_row))


def _gap(problem: Problem) -> bool:
    if problem.code not in ("missing_column", "column_twice") or problem.table not in ROW_SHEETS:
        return False
    key = SHEETS[problem.table].key
    measured = problem.code == "missing_column" or all(
        column(problem.table, name).type in _MEASURED for name in problem.columns
    )
    return measured and all(
        name not in key
        and (problem.table, name) not in DEFAULTED | EVENTS
        and column(problem.table, name).type is not ColumnType.CHOICE
        for name in problem.columns
    )


def without_wrong_cells(
    tables: Mapping[str, pd.DataFrame], problems: Sequence[Problem]
) -> dict[str, pd.DataFrame]:
    """Tables in which the figures *problems* are about are blank.

    Where a figure is wrong, those that contradict it are blank as well; where what a row is about
    is wrong (its code, its year), or a figure that stands for another when blank, all its figures
    and dates are, and where the date of an event is, all its dates. Of rows about the same thing
    one is left, without figures.
    """
    changed = {name: table.copy() for name, table in tables.items() if name in ROW_SHEETS}
    for problem in problems:
        table = changed[problem.table]
        rows = [row for row in problem.rows if row in table.index]
        if problem.code == "duplicate":
            changed[problem.table] = _one_of_each(table, rows, SHEETS[problem.table].key)
        elif problem.code not in _BLANK_ALREADY:
            _blank(table, rows, _wrong(problem))
    _holders(changed, problems)
    return {**tables, **changed}


def _wrong(problem: Problem) -> list[str]:
    """Columns of figures and dates that cannot be used in the rows of a problem."""
    kinds = {item.id: item.type for item in columns(problem.table)}
    table = problem.table
    usable = (
        kinds[name] in _MEASURED and (table, name) not in DEFAULTED for name in problem.columns
    )
    if all(usable):
        if all((table, name) not in EVENTS for name in problem.columns):
            return list(problem.columns)
        dates = [name for name, kind in kinds.items() if kind is ColumnType.DATE]
        return list(dict.fromkeys([*problem.columns, *dates]))
    return [name for name, kind in kinds.items() if kind in _MEASURED]


def _blank(table: pd.DataFrame, rows: Sequence[int], names: Sequence[str]) -> None:
    for name in names:
        empty = pd.NaT if table[name].dtype.kind == "M" else float("nan")
        table.loc[list(rows), name] = empty


def _one_of_each(table: pd.DataFrame, rows: Sequence[int], key: Sequence[str]) -> pd.DataFrame:
    """Leave the first of rows about one thing, without figures: which is right is not known."""
    alike = _alike(table, rows, key)
    measured = [item.id for item in columns(_sheet_of(table)) if item.type in _MEASURED]
    _blank(table, table.index[alike].tolist(), measured)
    return table.drop(index=list(rows))


def _alike(table: pd.DataFrame, rows: Sequence[int], key: Sequence[str]) -> pd.Series[bool]:
    """Which rows are about what *rows* are about."""
    labels = table[list(key)].astype("object").apply(tuple, axis=1)
    return labels.isin(set(labels.loc[[row for row in rows if row in table.index]]))


def _sheet_of(table: pd.DataFrame) -> str:
    names = list(table.columns)
    return next(name for name in ROW_SHEETS if [item.id for item in columns(name)] == names)


def _holders(tables: dict[str, pd.DataFrame], problems: Sequence[Problem]) -> None:
    """Give parcels with a wrong holder's code to the firm of that name: its land is not known."""
    firms, parcels = tables["firms"], tables["parcels"]
    named = firms.dropna(subset=["firm_name", "firm_id"])
    codes = dict(zip(named["firm_name"].map(squeezed), named["firm_id"], strict=True))
    for problem in problems:
        if problem.table != "parcels" or "holder_id" not in problem.columns:
            continue
        for row in problem.rows:
            if row not in parcels.index:
                continue
            code = codes.get(squeezed(str(parcels.loc[row, "holder_name"])))
            if code is not None:
                parcels.loc[row, "holder_id"] = code


def rows_by_sheet(problems: Iterable[Problem]) -> dict[str, frozenset[int]]:
    """Rows the problems are about, by the id of their sheet."""
    found: dict[str, set[int]] = {}
    for problem in problems:
        found.setdefault(problem.table, set()).update(problem.rows)
    return {sheet: frozenset(rows) for sheet, rows in found.items()}


def note_of(
    problems: Sequence[Problem], key: str, title: str, tables: Mapping[str, pd.DataFrame]
) -> list[Problem]:
    """Say of each sheet which rows an evaluation has no verdict on, or none that is complete."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
        place = (problem.table, problem.file, problem.sheet)
        found = rows.setdefault(place, [])
        found.extend(problem.rows)
        if problem.code == "duplicate":
            table = tables[problem.table]
            same = _alike(table, problem.rows, SHEETS[problem.table].key)
            found.extend(table.index[same].tolist())
    return [
        Problem(
            Severity.WARNING,
            "rows_set_aside",
            _(
                "{title}：{n} 行有错误，有误的数据不用，相应的结论缺（第 {rows} 行）。",
                title=title,
                n=len(set(numbers)),
                rows=row_ranges(numbers),
            ),
            _("请按所列错误改正后重算；合计和平均不含这些数据。"),
            file=file,
            sheet=sheet,
            touches=(key,),
            table=table,
        )
        for (table, file, sheet), numbers in rows.items()
    ]
