"""Rows that are the sums of the rows above them, though no word says that they are totals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.dictionary import columns
from greenland.park.method import SUM_COLUMNS, SURE_SUM_COLUMNS, TOTAL_TOLERANCE
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.totals import is_additive

# A row is taken for a sum when two columns agree but for rounding in the last digit of a float,
# or three as closely as rounded totals do.
_EXACT = 1e-9

_Numbers = npt.NDArray[np.float64]


def check_subtotals(
    table: pd.DataFrame, location: SheetLocation, collector: ProblemCollector
) -> None:
    """Warn of rows whose figures are the sums of two or more rows right above."""
    ids = [item.id for item in columns(location.sheet.id) if is_additive(item)]
    figures = table[ids].to_numpy(dtype=float, na_value=np.nan)
    found = [int(location.rows[row]) for row in _sums(figures)]
    if found:
        collector.sheet(
            location,
            Severity.WARNING,
            "like_a_subtotal",
            _(
                "第 {rows} 行的各项数值等于上面几行之和，像是小计；现作为数据读取，会重复计算。",
                rows=row_ranges(found),
            ),
            _("如果是小计，请删除，或在首列写明“小计”。"),
            row=found[0],
            touches=location.touches(),
        )


def _sums(figures: _Numbers) -> list[int]:
    """Rows that are sums of at least two rows directly above, by every figure they hold."""
    held = np.isfinite(figures) & (figures != 0.0)
    if not held.any():
        return []
    # by column, each in one piece: the sum of all rows above a row, and of all rows at the end
    above = np.zeros((figures.shape[1], len(figures) + 1))
    np.cumsum(np.where(held, figures, 0.0).T, axis=1, out=above[:, 1:])
    last = np.vstack([np.full(figures.shape[1], np.inf), np.where(held, figures, 0.0)[:-1]])
    no_less = (~held | (figures >= last)).all(axis=1)  # than the last row that it would sum up
    found = []
    for row in _may_be_sums(figures, held, above, no_less & (held.sum(axis=1) >= SUM_COLUMNS)):
        ids = np.flatnonzero(held[row])
        starts = _starts(figures[row, ids], above, ids, row)
        if any(held[start:row, ids].any(axis=1).sum() >= SUM_COLUMNS for start in starts):
            found.append(row)
    return found


def _may_be_sums(
    figures: _Numbers, held: npt.NDArray[np.bool_], above: _Numbers, asked: npt.NDArray[np.bool_]
) -> list[int]:
    """Those of the rows asked for whose first figure is a sum of rows above, all looked up at once.

    A column with negative figures is not in order, so that its rows are all left to be tried.
    """
    leads = held.argmax(axis=1)
    for column in np.unique(leads[asked]):
        sums = above[column]
        if (np.diff(sums) < 0).any():
            continue
        rows = np.flatnonzero(asked & (leads == column))
        values, before = figures[rows, column], sums[rows]
        several = held[rows].sum(axis=1) >= SURE_SUM_COLUMNS
        room = _room(values, before, np.where(several, TOTAL_TOLERANCE, _EXACT))
        first = np.searchsorted(sums, before - values - room, side="left")
        last = np.searchsorted(sums, before - values + room, side="right")
        asked[rows] = np.minimum(first, rows - 1) < np.minimum(last, rows - 1)
    return [int(row) for row in np.flatnonzero(asked)]


def _room(values: _Numbers, above: _Numbers, tolerance: float | _Numbers) -> _Numbers:
    """How far a sum may be from the figure: rounding of the figure and of the running sums."""
    return np.asarray(tolerance * np.abs(values) + 1e-12 * np.abs(above))


def _starts(values: _Numbers, above: _Numbers, ids: npt.NDArray[np.int64], row: int) -> list[int]:
    """Rows from which on the rows above *row* sum up to *values*, in the columns *ids*."""
    tolerance = TOTAL_TOLERANCE if len(ids) >= SURE_SUM_COLUMNS else _EXACT
    wanted = above[ids, row] - values
    room = _room(values, above[ids, row], tolerance)
    # sums only grow while no figure is negative, so the rows to try stand side by side
    sums = above[ids[0], : row - 1]
    first = int(np.searchsorted(sums, wanted[0] - room[0], side="left"))
    last = int(np.searchsorted(sums, wanted[0] + room[0], side="right"))
    if first >= last:
        return []
    apart = np.abs(above[ids, first:last] - wanted[:, np.newaxis])
    return [first + int(place) for place in np.flatnonzero((apart <= room[:, np.newaxis]).all(0))]
