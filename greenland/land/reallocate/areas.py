"""Areas of placed projects brought near to a goal, placements unchanged."""

from __future__ import annotations

import numpy as np
import pulp

from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import ParcelGroups
from greenland.land.reallocate.solver import highs


def resize(allocation: Allocation, groups: ParcelGroups, goal: np.ndarray) -> Allocation:
    """Bring areas of placed projects as near to a goal as their range and parcels allow.

    Placements stay; only the division of parcels between the projects on them and what is left
    over changes.

    Parameters
    ----------
    goal : array
        Over all projects [亩].
    """
    land, projects = allocation.land, allocation.projects
    if not allocation.pieces:
        return allocation
    problem = pulp.LpProblem("resize", pulp.LpMinimize)
    area: dict[tuple[int, int], pulp.LpVariable] = {}
    users: dict[int, list[int]] = {}
    deviations = []
    for p, pieces in sorted(allocation.pieces.items()):
        whole = groups.whole[allocation.site[p]]
        for k in pieces:
            low = float(land.area[k] if k in whole else land.least[k])
            area[p, k] = problem.add_variable(f"area_{p}_{k}", low, float(land.area[k]))
            users.setdefault(k, []).append(p)
        total = pulp.lpSum(area[p, k] for k in pieces)
        problem.addConstraint(total >= float(projects.least[p]), f"area_min_{p}")
        problem.addConstraint(total <= float(projects.most[p]), f"area_max_{p}")
        deviation = problem.add_variable(f"miss_{p}", 0)
        deviations.append(deviation)
        problem.addConstraint(total + deviation >= float(goal[p]), f"short_{p}")
        problem.addConstraint(total - deviation <= float(goal[p]), f"over_{p}")
    for k, sharing in sorted(users.items()):
        rest = problem.add_variable(f"rest_{k}", cat=pulp.LpBinary)
        used = pulp.lpSum(area[p, k] for p in sharing)
        size, least = float(land.area[k]), float(land.least[k])
        problem.addConstraint(used + least * rest <= size, f"land_max_{k}")
        problem.addConstraint(used + size * rest >= size, f"land_min_{k}")
    if "area_mu" in allocation.limits:
        used = pulp.lpSum(area.values())
        problem.addConstraint(used <= allocation.limits["area_mu"], "limit_area_mu")
    problem.setObjective(pulp.lpSum(deviations))
    if not highs(problem, 5.0).feasible:
        return allocation
    resized = Allocation.empty(land, projects, allocation.limits)
    for p, pieces in sorted(allocation.pieces.items()):
        resized_pieces = {k: float(area[p, k].varValue or 0.0) for k in pieces}
        resized.place(p, allocation.site[p], resized_pieces, allocation.shares.get(p, {}))
    return resized
