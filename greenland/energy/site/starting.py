"""When something runs, and how often it starts, from its flow alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from greenland.energy.site.series import Array

RUNS = 0.5
"""Share of the least flow above which a part runs: its flow is above the least, or zero."""


def steps_running(flow: Array, least: Array) -> NDArray[np.bool_]:
    """Steps in which a part runs.

    Parameters
    ----------
    flow, least : array
        What it gives or draws, and its least where it runs [MW].
    """
    return np.asarray((flow > RUNS * least) & (least > 0))


def starts_in(runs: NDArray[np.bool_]) -> int:
    """How often it starts; the horizon repeats, so its first step comes after its last."""
    return int(np.count_nonzero(runs & ~np.roll(runs, 1)))
