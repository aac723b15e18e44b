"""What the power supply of a park can still connect, month by month, as evaluations take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd

PARK = ""
"""Column of the park as a whole."""


@dataclass(frozen=True, slots=True)
class PowerRoom:
    """Power that can still be connected, the pipeline left out.

    Parameters
    ----------
    left : DataFrame
        One row per month (PeriodIndex), one column per substation by its number and one of the
        park's own limit (`PARK`): peaks of single loads that can be added [MW]. Negative where
        the firms alone are too much, infinite where nothing limits.
    stations : mapping of number to str
        Names of the substations.
    unit_mw : mapping of number to float
        What one more transformer of its size would add to a substation [MW].
    """

    left: pd.DataFrame
    stations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit_mw: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
