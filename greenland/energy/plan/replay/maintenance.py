"""Where a schedule leaves room for each window of maintenance, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from greenland.energy.site import Array, Electrolyser, Generator, Site, values_of
from greenland.energy.site.identity import Capacities, CapacityKind, ColumnKind, Columns


def short_of_least(item: Generator | Electrolyser, flow: Array, least: Array) -> Array:
    """How far a flow falls short of its least, where it may stop of that or of zero [MW]."""
    short = least - flow
    return np.minimum(short, flow) if item.can_stop else short


@dataclass(frozen=True)
class PlacedWindow:
    """A window as a schedule has it.

    Parameters
    ----------
    start, steps : int
        First step, and how many it takes.
    running : float
        Most output inside it [MW]; zero where it is kept.
    short : float
        How far output falls short of its least outside it, in its year [MW].
    """

    start: int
    steps: int
    running: float
    short: float


def placed_windows(
    site: Site, item: Generator, output: Array, short: Array
) -> Iterator[PlacedWindow]:
    """The window of every year that a schedule keeps best.

    Parameters
    ----------
    output : array
        What the generator gives [MW].
    short : array
        How far that falls short of its least where it does not stand [MW].
    """
    if item.maintenance is None:
        return
    length = item.maintenance.steps(site.step_hours)
    highest = sliding_window_view(output, length).max(axis=1)
    years = item.maintenance.starts(site.index, site.step_hours)
    begins = [0, *(int(starts[0]) for starts in years[1:])]
    for starts, begin, end in zip(years, begins, [*begins[1:], len(output)], strict=True):
        before = np.maximum.accumulate(np.r_[0.0, short[begin:end]])
        after = np.maximum.accumulate(np.r_[0.0, short[begin:end][::-1]])[::-1]
        outside = np.maximum(before[starts - begin], after[starts - begin + length])
        worst = np.maximum(highest[starts], outside)
        best = int(np.argmin(worst))
        start = int(starts[best])
        yield PlacedWindow(start, length, float(highest[start]), float(outside[best]))


@dataclass(frozen=True)
class Stands:
    """When a generator stands.

    Parameters
    ----------
    owner : str
    start, end : Timestamp
    """

    owner: str
    start: pd.Timestamp
    end: pd.Timestamp


def stands(site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame) -> Iterator[Stands]:
    """When each generator that is there stands for its maintenance, year by year."""
    sizes, columns = Capacities(site, capacities), Columns(site, schedule)
    for item in site.generators:
        size = sizes.of(CapacityKind.SOURCE, item.name)
        if item.maintenance is None or size <= 0:
            continue
        output = columns.of(ColumnKind.SOURCE, item.name)
        least = item.min_load_share * size * values_of(item.availability, len(output))
        for window in placed_windows(site, item, output, short_of_least(item, output, least)):
            start = site.index[window.start]
            end = start + window.steps * pd.Timedelta(hours=site.step_hours)
            yield Stands(item.name, start, end)
