"""Tasks that ask how far a quantity can go, and the plan with which it goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.energy.problem.solve import ENGINES
from greenland.energy.site import Site
from greenland.energy.sizing.extremes import (
    Extreme,
    capacity_extreme,
    emission_least,
    grid_energy_least,
    investment_least,
)
from greenland.energy.studies.config import Against
from greenland.energy.studies.held import held_plan
from greenland.energy.studies.measures import Row, row_of_plan


def extreme_row(site: Site, options: Mapping[str, Any], engine: str) -> Row:
    """The plan in which a quantity is least or most within a cost.

    Parameters
    ----------
    site : Site
    options : mapping
        ``max_cost`` [yuan/yr], and either ``capacity`` and ``most``, or ``against``.
    engine : str

    Returns
    -------
    dict
        As `row_of_plan`, of the cheapest dispatch of the sizes found; with ``bound``, the value
        beyond which no plan within the cost goes.
    """
    found = _extreme(site, options, engine if engine in ENGINES else "auto")
    if found.capacities is None:
        return {"status": str(found.status), "gap": None, "engine": engine, "bound": None}
    return {**row_of_plan(held_plan(site, found.capacities)), "bound": found.value}


def _extreme(site: Site, options: Mapping[str, Any], engine: str) -> Extreme:
    most = float(options["max_cost"])
    if "capacity" in options:
        return capacity_extreme(
            site, options["capacity"], most=bool(options["most"]), max_cost=most, engine=engine
        )
    ask = {
        Against.GREEN_SHARE: grid_energy_least,
        Against.CO2: emission_least,
        Against.CAPEX: investment_least,
    }[Against(options["against"])]
    return ask(site, max_cost=most, engine=engine)
