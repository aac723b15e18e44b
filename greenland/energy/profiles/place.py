"""Where a plant stands, and where the sun stands over it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.timeline import step_of
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plant stands.

    Parameters
    ----------
    latitude, longitude : float
        North and east positive [degrees].
    altitude : float
        Above sea level [m].
    """

    latitude: float
    longitude: float
    altitude: float = 0.0

    def __post_init__(self) -> None:
        problems = [
            Problem(
                Severity.ERROR,
                "place",
                _("{name}超出范围。", name=_(label)),
                got=str(value),
                allowed=_("{low} 至 {high}", low=low, high=high),
            )
            for label, value, low, high in (
                (N_("纬度"), self.latitude, -66, 66),
                (N_("经度"), self.longitude, -180, 180),
                (N_("海拔"), self.altitude, -200, 6000),
            )
            if not low <= value <= high
        ]
        if problems:
            raise InputError(problems)


def sun(index: pd.DatetimeIndex, place: Place) -> pd.DataFrame:
    """Solar position at the middle of each step.

    Returns
    -------
    DataFrame
        pvlib's columns (``apparent_zenith``, ``zenith``, ``azimuth`` … [degrees]) on *index*.
    """
    step = step_of(index)
    return _sun(index[0], len(index), step, place).set_axis(index)


@lru_cache(maxsize=4)
def _sun(start: pd.Timestamp, periods: int, step: pd.Timedelta, place: Place) -> pd.DataFrame:
    """Keep the last few positions: a curve and its quality sheet ask for the same ones."""
    from pvlib.solarposition import get_solarposition

    index = pd.date_range(start, periods=periods, freq=step)
    with library_quiet():
        position: pd.DataFrame = get_solarposition(
            index + step / 2, place.latitude, place.longitude, place.altitude
        )
    position.index = index
    return position
