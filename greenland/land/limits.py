"""Values held against limits: equal within rounding counts as kept."""

from __future__ import annotations

import pandas as pd

from greenland.land.indicators import Numbers

TOLERANCE = 1e-9  # relative; rounding of unit conversions must not decide a verdict


def within(value: Numbers, required: Numbers, greatest: bool = False) -> pd.Series[bool]:
    """Whether values keep a limit, equal within rounding counting as kept.

    Parameters
    ----------
    value, required : Series
        On one index and in one unit.
    greatest : bool
        The limit is an upper one.
    """
    slack = TOLERANCE * required.abs()
    return value <= required + slack if greatest else value >= required - slack


def falls_short(value: Numbers, required: Numbers | float) -> pd.Series[bool]:
    """Whether known values stay under a lower limit by more than rounding.

    Examples
    --------
    >>> falls_short(pd.Series([0.1 + 0.2, 0.299, float("nan")]), 0.3).tolist()
    [False, True, False]
    """
    return (value < required * (1 - TOLERANCE)).fillna(False).astype(bool)


def at_least(value: float, required: float) -> bool:
    """Whether a value reaches a lower limit, equal within rounding counting as reached."""
    return value >= required - TOLERANCE * abs(required)
