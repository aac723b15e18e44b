"""Length of a step and of the horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd

HOURS_OF_A_STEP = (2, 3, 4, 6)
"""Lengths over one hour that a step may have: they share out a day evenly [h]."""


def step_hours(index: pd.DatetimeIndex) -> float:
    """Length of a step: the shortest distance in *index*; one hour when it has one entry [h]."""
    if len(index) < 2:
        return 1.0
    shortest = np.diff(index.asi8).min()  # in the unit of the index; asked for often
    return float(shortest / (np.timedelta64(1, "h") / np.timedelta64(1, index.unit)))


def horizon_years(index: pd.DatetimeIndex) -> float:
    """Hours of the horizon over 8760, a leap year's 8784 counting as one year [yr].

    The hours of 29 February are left out where the horizon is at least a year long and is no
    whole multiple of 8760 hours.
    """
    hours = len(index) * step_hours(index)
    if hours < 8784 or hours % 8760 == 0:
        return hours / 8760
    if hours == 8784:
        return 1.0
    leap = int(((index.month == 2) & (index.day == 29)).sum()) * step_hours(index)
    return (hours - leap) / 8760
