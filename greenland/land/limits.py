"""Values held against limits: equal within rounding counts as kept.

Every threshold of the land programme is asked for here, so that a share computed as 0.075 / 0.3
meets 25 % wherever it is judged.
"""

from __future__ import annotations

from typing import Any, overload

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.land.indicators import Numbers

TOLERANCE = 1e-9  # relative; rounding of unit conversions must not decide a verdict


@overload
def within(value: float, required: float, greatest: bool = False) -> bool: ...
@overload
def within(
    value: Numbers, required: Numbers | float, greatest: bool = False
) -> pd.Series[bool]: ...
@overload
def within(
    value: npt.NDArray[np.float64], required: npt.NDArray[np.float64], greatest: bool = False
) -> npt.NDArray[np.bool_]: ...
def within(value: Any, required: Any, greatest: bool = False) -> Any:
    """Whether values keep a limit, equal within rounding counting as kept.

    Parameters
    ----------
    value, required : Series, array or float
        On one index and in one unit; a missing value keeps no limit.
    greatest : bool
        The limit is an upper one.

    Examples
    --------
    >>> within(0.075 / (0.1 + 0.2), 0.25), within(0.2499, 0.25), within(0.3, 0.1 + 0.2, True)
    (True, False, True)
    """
    slack = TOLERANCE * abs(required)
    return value <= required + slack if greatest else value >= required - slack


def falls_short(value: Numbers, required: Numbers | float) -> pd.Series[bool]:
    """Whether known values stay under a lower limit by more than rounding.

    Examples
    --------
    >>> falls_short(pd.Series([0.1 + 0.2, 0.299, float("nan")]), 0.3).tolist()
    [False, True, False]
    """
    known = value.notna() & pd.Series(required, index=value.index).notna()
    return known & ~within(value, required)


def exceeds(value: float, limit: float) -> bool:
    """Whether a known value is over a limit by more than rounding.

    Examples
    --------
    >>> exceeds(0.1 + 0.2, 0.3), exceeds(0.31, 0.3), exceeds(float("nan"), 0.3)
    (False, True, False)
    """
    return value == value and not within(value, limit, greatest=True)
