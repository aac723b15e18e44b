"""A design that is held: its cheapest dispatch."""

from __future__ import annotations

from collections.abc import Mapping

from greenland.energy.given_sizes import GRID_NAME, with_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solve import ENGINES
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.resolve import size_one_of_many

HELD_SLACK = 1e-7
"""Relative room above held sizes: those of an optimum are only just enough."""


def held_sizes(site: Site, sizes: Mapping[str, float]) -> dict[str, float]:
    """Sizes without the connection where it is no decision."""
    decides = site.grid is not None and site.grid.decides_capacity
    return {label: size for label, size in sizes.items() if label != GRID_NAME or decides}


def held_plan(site: Site, sizes: Mapping[str, float], engine: str = "auto") -> Plan:
    """The cheapest dispatch of sizes that are held.

    Parameters
    ----------
    site : Site
    sizes : mapping of label to float
        [MW], [MWh]
    engine : str
        As in `greenland.energy.size`; engines that do not work on arrays are not asked.
    """
    held = with_sizes(site, held_sizes(site, sizes), slack=HELD_SLACK)
    quick = engine if engine in ENGINES else "auto"
    return size_one_of_many(held, Objective.ANNUAL_COST, quick)
