"""How far something can go: least and most of a capacity, of an emission, of an investment.

One linear program: the quantity is the objective, a ceiling on the annual cost a row. What it
comes to bounds every plan within the ceiling, those with exclusive flows too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.costs import Costs, dot, objective_costs
from greenland.energy.problem.data import Ceiling, ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import RawSolution, Status, complete
from greenland.energy.problem.solve import ENGINES, solve
from greenland.energy.site import Array, Objective, Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels

TIE = 1e-6
"""Weight of the annual cost beside the quantity: unit of the quantity per 1000 yuan [MW] or [MWh].

Without it the rest of the plan is left undetermined. Within a slack of a million yuan it moves
the quantity by a thousandth of its unit at most.
"""
SCALES = (1e-2, 1e-3)
"""Scales of the ceiling's row that are tried before the general solver, which takes a minute."""
FAMILIES = {
    CapacityKind.SOURCE: "capacity",
    CapacityKind.STORAGE_POWER: "storage_power",
    CapacityKind.STORAGE_ENERGY: "storage_energy",
    CapacityKind.ELECTROLYSER: "electrolyser_capacity",
    CapacityKind.GRID: "grid_capacity",
}


@dataclass(frozen=True)
class Extreme:
    """What a quantity can be made to be.

    Parameters
    ----------
    status : Status
        Optimal, or why there is no such value: ``unbounded`` where nothing holds it.
    value : float, optional
        Of the quantity, in its unit.
    capacities : mapping of label to float
        With which it is so [MW], [MWh].
    """

    status: Status
    value: float | None = None
    capacities: Mapping[str, float] | None = None


def capacity_extreme(
    site: Site, label: str, *, most: bool, max_cost: float, engine: str = "auto"
) -> Extreme:
    """Least or most of a capacity among the plans that cost no more than a ceiling.

    Parameters
    ----------
    site : Site
    label : str
        As in `Plan.capacities`.
    most : bool
        Whether the most is asked for.
    max_cost : float
        [yuan/yr]
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.

    Raises
    ------
    KeyError
        If no such capacity is decided.
    """
    data = prepare(site)
    chosen = {text: key for key, text in capacity_labels(site).items()}[label]
    sign = -1.0 if most else 1.0
    quantity = Costs({_family(chosen): sign * _unit_vector(site, data, chosen)})
    return _solved(data, quantity, sign, max_cost, engine, TIE)


def decided_labels(site: Site) -> list[str]:
    """Labels of the capacities that are decided, and not held by equal bounds."""
    data = prepare(site)
    found = []
    for key, label in capacity_labels(site).items():
        if _family(key) not in data.capacities:
            continue
        place = int(np.flatnonzero(_unit_vector(site, data, key))[0])
        item = data.capacities[_family(key)][place]
        if item.lower < item.upper:
            found.append(label)
    return found


def grid_energy_least(site: Site, *, max_cost: float, engine: str = "auto") -> Extreme:
    """Least energy from the grid that serves the load [MWh/yr], as the negative of green energy."""
    data = prepare(site)
    cost = objective_costs(data, Objective.GREEN_PRICE)
    credited = objective_costs(data, Objective.GREEN_PRICE, 1.0)
    green = {
        family: credited.by_family[family] - cost.by_family.get(family, 0.0)
        for family in credited.by_family
    }
    quantity = Costs(green, credited.constant - cost.constant)
    return _solved(data, quantity, 1.0, max_cost, engine, TIE * 1e3)


def emission_least(site: Site, *, max_cost: float, engine: str = "auto") -> Extreme:
    """Least emission of the energy bought [tCO2/yr]."""
    data = prepare(site)
    quantity = Costs({"import": data.emission * data.weight})
    return _solved(data, quantity, 1.0, max_cost, engine, TIE * 1e3)


def investment_least(site: Site, *, max_cost: float, engine: str = "auto") -> Extreme:
    """Least initial investment in what is new [thousand yuan]."""
    data = prepare(site)
    quantity = objective_costs(data, Objective.CAPEX)
    return _solved(data, quantity, 1.0, max_cost, engine, TIE * 1e3)


def _solved(
    data: ModelData, quantity: Costs, sign: float, max_cost: float, engine: str, tie: float
) -> Extreme:
    costs = objective_costs(data)
    whole = Costs(dict(quantity.by_family), quantity.constant)
    for family, prices in costs.by_family.items():
        whole.add(family, tie * np.asarray(prices))
    raw = _answered(data, costs, whole, max_cost / 1000 - costs.constant, engine)
    if raw.status is not Status.OPTIMAL:
        return Extreme(raw.status)
    values = complete(data.site, raw.values)
    sizes = {str(name): float(size) for name, size in capacities_of(data, values).items()}
    value = sign * (dot(values, quantity.by_family) + quantity.constant)
    return Extreme(raw.status, value, sizes)


def _answered(data: ModelData, costs: Costs, whole: Costs, most: float, engine: str) -> RawSolution:
    """The optimum under a ceiling; how its row is scaled decides whether the engine finds it."""
    used = engine if engine in ENGINES else "auto"
    for scale in SCALES if used != "highs" else ():
        by_family = {family: scale * prices for family, prices in costs.by_family.items()}
        held = replace(data, ceiling=Ceiling(by_family, scale * most))
        raw = solve(held, engine="interior", costs=whole)
        if raw.status is Status.OPTIMAL:
            return raw
    return solve(replace(data, ceiling=Ceiling(costs.by_family, most)), engine=used, costs=whole)


def _family(key: Identity) -> str:
    return FAMILIES[CapacityKind(key.kind)]


def _unit_vector(site: Site, data: ModelData, key: Identity) -> Array:
    """One for the capacity in its family, zero for the others."""
    names = {
        CapacityKind.SOURCE: [one.name for one in site.sources],
        CapacityKind.ELECTROLYSER: [one.name for one in site.electrolysers],
        CapacityKind.GRID: [""],
    }.get(CapacityKind(key.kind), [one.name for one in site.storages])
    vector = np.zeros(len(data.capacities[_family(key)]))
    vector[names.index(key.owner)] = 1.0
    return vector
