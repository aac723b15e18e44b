"""What no allocation can exceed, from two relaxations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pulp

from greenland.land.reallocate.sites import EPS, Land, Projects, connected_labels
from greenland.land.reallocate.solver import highs

RELAXED_PAIRS = 20_000


def upper_bound(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    fits: Sequence[np.ndarray],
    seconds: float,
) -> float:
    """Benefit that no allocation can exceed.

    The first relaxation drops adjacency and least pieces: for every set of land uses, the
    projects confined to it need no more than its land and power; park limits hold. The second
    keeps projects within connected parcels but lets them be divided. The smaller value counts.
    Infinite where the solver proved neither.
    """
    able = [p for p in range(len(projects.ids)) if len(fits[p])]
    if not able:
        return 0.0
    problem = pulp.LpProblem("bound", pulp.LpMaximize)
    take = {p: problem.add_variable(f"take_{p}", cat=pulp.LpBinary) for p in able}
    problem.setObjective(pulp.lpSum(float(projects.benefit[p]) * take[p] for p in able))
    for number, uses in enumerate(sorted({projects.uses[p] for p in able}, key=sorted)):
        inside = [p for p in able if projects.uses[p] <= uses]
        parcels = [k for k, use in enumerate(land.use) if use in uses]
        area = float(land.area[parcels].sum())
        need = pulp.lpSum(float(projects.least[p]) * take[p] for p in inside)
        problem.addConstraint(need <= area + EPS, f"land_{number}")
        power = float(land.power[parcels].sum())
        if not math.isnan(power):
            load = pulp.lpSum(float(projects.power[p]) * take[p] for p in inside)
            problem.addConstraint(load <= power + EPS, f"power_{number}")
    _bound_limits(problem, projects, limits, take)
    first = highs(problem, max(seconds, 1.0)).bound
    return min(first, _component_bound(land, projects, limits, able))


def _bound_limits(
    problem: pulp.LpProblem,
    projects: Projects,
    limits: dict[str, float],
    take: dict[int, Any],
) -> None:
    for name, limit in limits.items():
        needs = projects.least if name == "area_mu" else projects.needs[name]
        used = pulp.lpSum(float(needs[p]) * item for p, item in take.items())
        problem.addConstraint(used <= limit + EPS, f"limit_{name}")


def _component_bound(
    land: Land, projects: Projects, limits: dict[str, float], able: list[int]
) -> float:
    """Linear relaxation with projects kept inside connected land of their uses."""
    components = []  # (allowed uses, parcels of one connected component)
    for uses in sorted({projects.uses[p] for p in able}, key=sorted):
        inside = [use in uses for use in land.use]
        graph = [
            frozenset(j for j in near if inside[j]) if inside[k] else frozenset()
            for k, near in enumerate(land.neighbours)
        ]
        labels = connected_labels(graph)
        for label in np.unique(labels[inside]).tolist():
            components.append((uses, np.flatnonzero(labels == label).tolist()))
    if len(components) * len(able) > RELAXED_PAIRS:
        return math.inf
    problem = pulp.LpProblem("components", pulp.LpMaximize)
    part: dict[tuple[int, int], pulp.LpVariable] = {}
    on_parcel: dict[int, list[Any]] = {}
    for g, (uses, parcels) in enumerate(components):
        area = float(land.area[parcels].sum())
        inside_g = [p for p in able if projects.uses[p] == uses and projects.least[p] <= area + EPS]
        for p in inside_g:
            part[p, g] = problem.add_variable(f"part_{p}_{g}", 0, 1)
        need = pulp.lpSum(float(projects.least[p]) * part[p, g] for p in inside_g)
        held = {k: problem.add_variable(f"held_{g}_{k}", 0, float(land.area[k])) for k in parcels}
        problem.addConstraint(need - pulp.lpSum(held.values()) <= 0, f"group_{g}")
        for k, item in held.items():
            on_parcel.setdefault(k, []).append(item)
    for k, items in on_parcel.items():
        problem.addConstraint(pulp.lpSum(items) <= float(land.area[k]) + EPS, f"land_{k}")
    take: dict[int, Any] = {}
    for p in able:
        assigned = [item for (q, _g), item in part.items() if q == p]
        take[p] = problem.add_variable(f"take_{p}", 0, 1)
        problem.addConstraint(take[p] - pulp.lpSum(assigned) <= 0, f"once_{p}")
    problem.setObjective(pulp.lpSum(float(projects.benefit[p]) * take[p] for p in able))
    _bound_limits(problem, projects, limits, take)
    return highs(problem, 20.0).bound
