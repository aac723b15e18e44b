"""The task of a robust sizing: one set of sizes, then each year by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from greenland.energy.site import Site
from greenland.energy.sizing.robust import conditional_value_at_risk, size_for_years
from greenland.energy.studies.held import held_plan
from greenland.energy.studies.measures import Row, row_of_plan


def robust_row(sites: Sequence[Site], options: Mapping[str, Any], engine: str) -> Row:
    """Size for several years, and dispatch each with the sizes found.

    Parameters
    ----------
    sites : sequence of Site
        One for each year.
    options : mapping
        ``names``, ``weights``, ``level`` and ``risk_weight``.
    engine : str

    Returns
    -------
    dict
        ``status``, ``capacities``, ``bound`` [yuan/yr]; ``years`` with the row of each year;
        ``mean_cost``, ``cvar``, ``worst_cost`` and ``value`` [yuan/yr] of what was minimised.
    """
    weights = [float(one) for one in options["weights"]]
    level, risk = float(options["level"]), float(options["risk_weight"])
    found = size_for_years(sites, weights, level=level, risk_weight=risk, engine=engine)
    row: Row = {"status": str(found.status), "gap": None, "engine": found.engine}
    if not found.status.has_plan:
        return row
    years = {
        name: row_of_plan(held_plan(site, found.capacities, engine))
        for name, site in zip(options["names"], sites, strict=True)
    }
    row |= {"capacities": dict(found.capacities), "bound": found.bound, "years": years}
    row["units"] = next((one["units"] for one in years.values() if "units" in one), {})
    costs = [one.get("annual_cost") for one in years.values()]
    if any(cost is None for cost in costs):
        return row
    known = [float(cost) for cost in costs if cost is not None]
    mean = sum(w * c for w, c in zip(weights, known, strict=True)) / sum(weights)
    row["annual_cost"] = row["mean_cost"] = mean
    row["cvar"] = conditional_value_at_risk(known, weights, level)
    row["worst_cost"] = max(known)
    row["value"] = (1.0 - risk) * mean + risk * row["cvar"]
    return row
