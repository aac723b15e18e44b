"""Sums that do not pass off what is missing as zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd


def known_sum(values: pd.Series[float]) -> float:
    """Sum of what is known; NaN where there are values and none is known, 0 where there are none.

    Examples
    --------
    >>> nothing = pd.Series([], dtype=float)
    >>> known_sum(pd.Series([2.0, None])), known_sum(pd.Series([None], dtype=float))
    (2.0, nan)
    >>> known_sum(nothing)
    0.0
    """
    known = values.dropna()
    return float(known.sum()) if len(known) or not len(values) else math.nan


def whole_sums(figures: pd.DataFrame, by: Sequence[pd.Series[Any]]) -> pd.DataFrame:
    """Sums of figures by group, on one index; NaN where a figure of the group is missing."""
    return figures.groupby(list(by)).sum(skipna=False)


def without_area(parcels: pd.DataFrame) -> pd.Series[bool]:
    """Parcels whose ``area_mu`` is missing, zero or negative."""
    return ~(parcels["area_mu"] > 0)
