"""Times put on a regular grid: their step, what lies beside it, midnights of the day before."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenland.energy.profiles.method import (
    LEAST_VALUES,
    MAJORITY,
    MOST_DIFFERENT,
    MOST_OFF_GRID,
    NEARLY_ALL,
)
from greenland.errors import input_error
from greenland.i18n import _


def check_mixed(different: int, count: int, times: pd.DatetimeIndex, file: str) -> None:
    """Refuse readings of which many times have several that differ: they are not of one thing."""
    if different < LEAST_VALUES or different <= MOST_DIFFERENT * count:
        return
    repeated = times[times.duplicated()]
    raise input_error(
        "series_mixed",
        _("{count} 个时刻有几个不同的读数：多半混有几块电表或几种量。", count=different),
        got=str(repeated[0]),
        file=file,
        remedy=_(
            "请指明电表列（--meter-column）、数据项（--item）或读数列（--value），或删去其他量的行。"
        ),
    )


def late_midnights(times: pd.DatetimeIndex) -> tuple[pd.DatetimeIndex, list[str]]:
    """Move 00:00 rows that bear the date of the day they close to the next day.

    Such a file runs 00:15 … 23:45, 00:00 within one date, so time jumps back once a day.
    """
    if len(times) < LEAST_VALUES:
        return times, []
    ticks = times.asi8
    if np.mean(np.diff(ticks) < 0) > MAJORITY:  # newest first: every midnight comes after its day
        return times, []
    behind = np.zeros(len(times), dtype=bool)
    behind[1:] = np.diff(ticks) < 0
    day = pd.Timedelta(days=1)
    midnight = np.asarray(times == times.normalize())
    same_date = np.zeros(len(times), dtype=bool)
    same_date[1:] = np.asarray(times.normalize()[1:] == times.normalize()[:-1])
    late = behind & midnight & same_date
    # a sorted export has none; a single one may be a mistake of another kind
    if late.sum() < 2 or late.sum() < NEARLY_ALL * midnight.sum():
        return times, []
    moved = times + pd.to_timedelta(late.astype(int), unit="D")
    note = _("{count} 个 0 时读数标的是前一日日期，已按次日 0 时计。", count=int(late.sum()))
    assert (moved[late] - times[late] == day).all()
    return moved, [note]


def common_step(index: pd.DatetimeIndex, file: str) -> pd.Timedelta:
    """The commonest distance of two neighbouring times."""
    distances = np.diff(index.sort_values().asi8)
    distances = distances[distances > 0]
    if len(distances) == 0:
        raise input_error("series_short", _("读数的时刻全部相同。"), file=file)
    sizes, counts = np.unique(distances, return_counts=True)
    return pd.Timedelta(pd.to_timedelta(int(sizes[counts.argmax()]), unit=index.unit))


def on_grid(series: pd.Series, step: pd.Timedelta, file: str) -> tuple[pd.Series, int]:
    """Round the times to the grid of the commonest phase.

    Raises
    ------
    InputError
        If more than one reading in twenty would have to be moved, or two fall together.
    """
    index = pd.DatetimeIndex(series.index)
    size = round(step / pd.Timedelta(1, unit=index.unit))
    phase = index.asi8 % size
    phases, counts = np.unique(phase, return_counts=True)
    offset = int(phases[counts.argmax()])
    distance = (index.asi8 - offset + size // 2) // size * size + offset
    moved = int((distance != index.asi8).sum())
    if moved == 0:
        return series, 0
    target = pd.DatetimeIndex(pd.to_datetime(distance, unit=index.unit, utc=True)).tz_convert(
        index.tz
    )
    if moved > MOST_OFF_GRID * len(series) or not target.is_unique:
        raise input_error(
            "series_irregular",
            _("读数的时刻不在等间隔的网格上（步长 {step}）。", step=str(step)),
            got=_("{count} 个读数不在网格上", count=moved),
            file=file,
            remedy=_("请检查是否混有不同步长的数据。"),
        )
    return pd.Series(series.to_numpy(), index=target), moved
