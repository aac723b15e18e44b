"""The sizing model in PuLP: variables, constraint families and objective, all of them named.

The specification is docs/energy-model.md; the families' names are the same here and there. The
builder returns an unsolved problem; `greenland.energy.solve` solves it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pulp
from pulp import LpAffineExpression, LpConstraint

from greenland.energy.model.costs import Costs, objective_costs, tie_costs
from greenland.energy.model.data import Asset, ModelData, prepare
from greenland.energy.site import Array, Objective, Site

EQ, LE, GE = pulp.LpConstraintEQ, pulp.LpConstraintLE, pulp.LpConstraintGE
Term = tuple[Any, float]


@dataclass
class Model:
    """A problem under construction, and its parts by family.

    Parameters
    ----------
    data : ModelData
    problem : LpProblem
    variables : dict of family to list
        Lists of variables, or lists of lists where a family has two indexes.
    rows : dict of family to list of constraints
        In the order of their index.
    """

    data: ModelData
    problem: pulp.LpProblem
    variables: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def variable(self, name: str, low: float | None = 0.0, high: float | None = None) -> Any:
        """A new variable; infinite bounds are left out."""
        low = None if low is None or np.isneginf(low) else float(low)
        high = None if high is None or np.isposinf(high) else float(high)
        return self.problem.add_variable(name, low, high)

    def binary(self, name: str) -> Any:
        """A new variable that is 0 or 1."""
        return self.problem.add_variable(name, cat=pulp.LpBinary)

    def each_step(
        self,
        family: str,
        low: Array | float | None = 0.0,
        high: Array | float = np.inf,
        of: str = "",
    ) -> list[Any]:
        """One variable for every step."""
        steps = self.data.steps
        highs = np.broadcast_to(np.asarray(high, dtype=float), steps).tolist()
        lows = [None] * steps if low is None else np.broadcast_to(low, steps).tolist()
        stem = f"{family}_{of}_" if of else f"{family}_"
        return [self.variable(f"{stem}{t}", lows[t], highs[t]) for t in range(steps)]

    def row(self, family: str, index: str, terms: Iterable[Term], sense: int, right: float) -> None:
        """Add one constraint; its name is the family's with the index."""
        name = f"{family}_{index}" if index else family
        made = LpConstraint(LpAffineExpression(terms), sense, name, right)
        self.problem.addConstraint(made)
        self.rows.setdefault(family, []).append(made)


def label(name: str) -> str:
    """A name fit for an LP file: others than ASCII letters, digits and _ become their code."""
    return "".join(c if c.isascii() and (c.isalnum() or c == "_") else f"x{ord(c):x}" for c in name)


def _capacities(model: Model, family: str, assets: Sequence[Asset]) -> None:
    """Total capacities within their bounds."""
    model.variables[family] = [
        model.variable(f"{family}_{label(item.name)}", item.lower, item.upper) for item in assets
    ]


def source_variables(model: Model) -> None:
    """Capacity of every source, and the curtailment of them all."""
    _capacities(model, "capacity", model.data.sources)
    model.variables["curtailment"] = model.each_step("curtailment")


def grid_variables(model: Model) -> None:
    """Import and export with the bounds that are no rows, connected capacity and peaks."""
    data = model.data
    if data.site.grid is None:
        return
    model.variables["import"] = model.each_step("import", 0.0, data.import_most)
    model.variables["export"] = model.each_step("export", 0.0, data.export_cap)
    if data.connection is not None:
        _capacities(model, "grid_capacity", (data.connection,))
    if data.peaks:
        model.variables["peak"] = [model.variable(f"peak_{k}", 0.0) for k in range(len(data.peaks))]
    if data.site.limits.max_peak_valley_ratio is not None:
        for family in ("exchange_high", "exchange_low"):
            model.variables[family] = [model.variable(family, None)]


def storage_variables(model: Model) -> None:
    """Power, energy, starting energy, and the two ledgers of every storage."""
    data, storages = model.data, model.data.site.storages
    _capacities(model, "storage_power", data.storage_power)
    _capacities(model, "storage_energy", data.storage_energy)
    names = [label(item.name) for item in storages]
    model.variables["energy_start"] = [model.variable(f"energy_start_{name}") for name in names]
    free = np.broadcast_to(np.inf, data.charge_cap.shape)
    highs = {"charge": data.charge_cap, "discharge": data.discharge_cap, "energy": free}
    for family, high in highs.items():
        model.variables[family] = [
            model.each_step(family, 0.0, high[b], name) for b, name in enumerate(names)
        ]
    for family, high in highs.items():
        if data.grid_stores:
            model.variables[f"grid_{family}"] = [
                model.each_step(f"grid_{family}", 0.0, high[b], names[b]) for b in data.grid_stores
            ]


def direction_variables(model: Model) -> None:
    """Binary variables: 1 where the direction is import, or charging."""
    data = model.data
    if len(data.importing):
        model.variables["importing"] = [model.binary(f"importing_{t}") for t in data.importing]
    if any(len(steps) for steps in data.charging):
        model.variables["charging"] = [
            model.binary(f"charging_{label(item.name)}_{t}")
            for item, steps in zip(data.site.storages, data.charging, strict=True)
            for t in steps
        ]


def flexible_variables(model: Model) -> None:
    """Unserved, shifted, interrupted and electrolyser loads."""
    data, site = model.data, model.data.site
    if site.limits.max_unserved_share is not None:
        firm = np.maximum(data.load - data.interruptible.sum(axis=0), 0.0)
        model.variables["unserved"] = model.each_step("unserved", 0.0, firm)
    if site.shiftable:
        model.variables["shift_load"] = [
            model.each_step("shift_load", item.min_mw, item.max_mw, label(item.name))
            for item in site.shiftable
        ]
        model.variables["shift_state"] = [
            _shift_state(model, row, label(item.name)) for row, item in enumerate(site.shiftable)
        ]
    if site.interruptible:
        model.variables["interrupted"] = [
            model.each_step("interrupted", 0.0, data.interruptible[row], label(item.name))
            for row, item in enumerate(site.interruptible)
        ]
    if site.electrolysers:
        _capacities(model, "electrolyser_capacity", data.electrolysers)
        model.variables["electrolyser_load"] = [
            model.each_step("electrolyser_load", of=label(item.name)) for item in site.electrolysers
        ]


def _shift_state(model: Model, row: int, name: str) -> list[Any]:
    ends = model.data.shift_ends[row]
    return [
        model.variable(f"shift_state_{name}_{t}", *((0.0, 0.0) if end else (None, None)))
        for t, end in enumerate(ends)
    ]


def set_objective(model: Model, costs: Costs, ties: bool = True) -> None:
    """Put an objective into the problem [thousand yuan/yr]."""
    terms: dict[Any, float] = {}
    parts = [costs, tie_costs(model.data)] if ties else [costs]
    for part in parts:
        for family, values in part.by_family.items():
            if family in model.variables:
                _objective_terms(terms, model.variables[family], values)
    model.problem.objective = LpAffineExpression(terms, constant=float(costs.constant))


def _objective_terms(terms: dict[Any, float], variables: Any, values: Array) -> None:
    flat = variables
    if values.ndim == 2:
        flat = [one for line in variables for one in line]
    for one, value in zip(flat, values.ravel().tolist(), strict=True):
        if value:
            terms[one] = terms.get(one, 0.0) + value


Family = Callable[[Model], None]
VARIABLES: tuple[Family, ...] = (
    source_variables,
    grid_variables,
    storage_variables,
    flexible_variables,
    direction_variables,
)


def build(
    site: Site | ModelData,
    objective: Objective | str = Objective.ANNUAL_COST,
) -> Model:
    """Build the whole problem, unsolved.

    Parameters
    ----------
    site : Site or ModelData
        What is to be sized; data must have been prepared for the same objective.
    objective : Objective
    """
    from greenland.energy.model.limits import LIMIT_FAMILIES
    from greenland.energy.model.rows import STEP_FAMILIES

    data = site if isinstance(site, ModelData) else prepare(site, objective)
    problem = pulp.LpProblem("greenland", pulp.LpMinimize)
    model = Model(data, problem)
    for make in VARIABLES:
        make(model)
    for family in (*STEP_FAMILIES.values(), *LIMIT_FAMILIES.values()):
        family(model)
    set_objective(model, objective_costs(data, objective))
    return model
