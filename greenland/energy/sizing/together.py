"""When sizings are worth other processes, and what these need.

Any number of sizings is done side by side like this, as `greenland.energy.sizing.sensitivity` does
it; the results are those of the sizings one after another:

>>> from greenland.workers import side_by_side
>>> with side_by_side(MODULE) as workers:                                  # doctest: +SKIP
...     batch = workers.start(work, sites, names=names, alone=too_small(sites[0], len(sites)))
...     plans = batch.results()
"""

from __future__ import annotations

from greenland.energy.ahead import MODULE
from greenland.energy.site import Site
from greenland.workers import current

__all__ = ["MODULE", "too_short", "too_small"]

SMALL = 30_000
"""Steps of all sizings together below which they take less time than a process takes to start."""


def too_small(site: Site, count: int) -> bool:
    """Whether so many sizings of a site are better left to one process.

    A process that was begun for more than these takes a share of few as well.
    """
    return count < 2 or (not current().begun and too_short(len(site.load), count))


def too_short(steps: int, count: int) -> bool:
    """Whether so many sizings of so many steps are not worth a process of their own."""
    return steps * count < SMALL
