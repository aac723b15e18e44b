"""Sums among the data rows that no word gives away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenland.park.dictionary import SHEETS, empty_table
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.subtotals import check_subtotals

FIGURES = ("area_mu", "floor_area_m2", "building_base_m2")


def told(rows: list[list[float]]) -> list[str]:
    """Messages on a ledger with these figures, whose first row stands in row 2."""
    table = empty_table("parcels").reindex(range(2, len(rows) + 2))
    for name, values in zip(FIGURES, zip(*rows, strict=True), strict=False):
        table[name] = pd.array(values, dtype="float64")
    location = SheetLocation(SHEETS["parcels"], "park.xlsx", "宗地台账", rows=list(table.index))
    collector = ProblemCollector()
    check_subtotals(table, location, collector)
    return [problem.message for problem in collector.problems]


def test_sums_of_groups_are_told() -> None:
    first, second = [[10.0, 5.1], [20.0, 7.3]], [[4.0, 1.0], [5.0, 2.5], [6.0, 0.7]]
    sums = [list(np.sum(group, axis=0)) for group in (first, second)]
    (message,) = told([*first, sums[0], *second, sums[1]])
    assert "第 4、8 行" in message


def test_rounded_sums_are_told_by_three_figures() -> None:
    rows = [[10.26, 5143.2, 800.4], [20.38, 7311.1, 900.3], [30.63, 12454.0, 1701.0]]
    assert told(rows)
    assert not told([row[:2] for row in rows])  # two may agree by chance


@pytest.mark.parametrize(
    "rows",
    [
        [[10.0, 5.0], [20.0, 7.0], [30.0, 12.5]],  # one figure is another
        [[10.0, 5.0], [10.0, 5.0]],  # twice the same
        [[0.0, 0.0], [10.0, 5.0], [10.0, 5.0]],  # the same below nothing
        [[10.0, np.nan], [20.0, np.nan], [30.0, np.nan]],  # one figure alone says little
        [],
    ],
)
def test_rows_that_are_no_sums(rows: list[list[float]]) -> None:
    assert not told(rows)


@given(
    st.lists(st.lists(st.floats(0.1, 1e6), min_size=3, max_size=3), min_size=2, max_size=12),
    st.integers(0, 10),
)
def test_any_sum_is_told(rows: list[list[float]], start: int) -> None:
    summed = rows[min(start, len(rows) - 2) :]
    assert told([*rows, [sum(column) for column in zip(*summed, strict=True)]])
