"""Maintenance windows in the program: one by one placed, or only bounded in what they take.

While several starts of a window are left the program knows what all of them have in common, and
rows that no window breaks. See docs/energy-model.md, section 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from greenland.energy.site import Array, Site

if TYPE_CHECKING:
    from greenland.energy.problem.data import ModelData

LEAST_WEIGHT = 1e-6
"""Weights below this share of the largest are what a solver's accuracy leaves of none."""

Steps = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """A window of one generator in one year.

    Parameters
    ----------
    row : int
        Number of the generator.
    length : int
        Steps it takes.
    starts : integer array
        Steps it may begin at; it is placed where one is left.
    """

    row: int
    length: int
    starts: Steps

    def covers(self, steps: int) -> Array:
        """Number of the starts by which each step is in the window."""
        ends = np.zeros(steps + 1)
        np.add.at(ends, self.starts, 1.0)
        np.add.at(ends, self.starts + self.length, -1.0)
        return np.cumsum(ends)[:steps]

    def taken(self, weights: Array) -> Array:
        """Sum of weights of the steps in the window, for every start."""
        sums = np.concatenate([[0.0], np.cumsum(weights)])
        return np.asarray(sums[self.starts + self.length] - sums[self.starts])


@dataclass(frozen=True)
class WindowCut:
    """A row that says how much of a generator's weighted output a window takes at least.

    Parameters
    ----------
    window : int
        Number of the window.
    weights : array
        Of every step, none negative; zero outside the year of the window.
    """

    window: int
    weights: Array


def windows_of(site: Site) -> tuple[Window, ...]:
    """Every window of a site, with all its starts."""
    found = []
    for row, item in enumerate(site.generators):
        if item.maintenance is not None:
            length = item.maintenance.steps(site.step_hours)
            for starts in item.maintenance.starts(site.index, site.step_hours):
                found.append(Window(row, length, starts))
    return tuple(found)


def standing(data: ModelData, row: int, *, certain: bool) -> Mask:
    """Steps in which a generator stands: by every start that is left, or by any of them."""
    mask = np.zeros(data.steps, dtype=bool)
    for window in data.windows:
        if window.row == row:
            covers = window.covers(data.steps)
            mask |= covers >= len(window.starts) if certain else covers > 0
    return mask


def with_starts(data: ModelData, starts: Sequence[Steps]) -> ModelData:
    """The problem with the starts that are left of each window, and no rows of other ones."""
    pairs = zip(data.windows, starts, strict=True)
    return replace(data, windows=tuple(replace(w, starts=left) for w, left in pairs))


def cut_of(data: ModelData, number: int, worth: Array) -> WindowCut | None:
    """The row that says what a window takes, in the worth of a MW at every step.

    None where the window takes nothing of worth, or has one start and is known.
    """
    window = data.windows[number]
    weights = np.where(window.covers(data.steps) > 0, np.maximum(worth, 0.0), 0.0)
    scale = float(weights.max(initial=0.0))
    if len(window.starts) < 2 or scale <= 0:
        return None
    weights = np.where(weights > LEAST_WEIGHT * scale, weights / scale, 0.0)
    taken = float(window.taken(weights * data.running[window.row]).min())
    return WindowCut(number, weights) if taken > 0 else None
