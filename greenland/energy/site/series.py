"""Profiles, prices and masks: what a site may be given for every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

Profile = pd.Series | Sequence[float] | NDArray[np.float64]

Price = float | Profile

Mask = bool | pd.Series | Sequence[bool] | NDArray[np.bool_]

INFINITY = float("inf")


def infinite_as_none(part: object, *names: str) -> None:
    """Set limits that are infinite to None."""
    for name in names:
        if getattr(part, name) == INFINITY:
            object.__setattr__(part, name, None)


def values_of(profile: Profile | Price, steps: int) -> Array:
    """A profile or a number as one float per step."""
    if isinstance(profile, int | float | np.number):
        return np.full(steps, float(profile))
    return np.asarray(profile, dtype=np.float64)


def mask_of(mask: Mask | None, steps: int) -> NDArray[np.bool_]:
    """A mask or a bool as one bool per step; None is True."""
    if mask is None or isinstance(mask, bool | np.bool_):
        return np.full(steps, True if mask is None else bool(mask))
    return np.asarray(mask, dtype=bool)
