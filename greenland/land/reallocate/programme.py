"""The mixed-integer programme, named row by row as the head of the package has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pulp

from greenland.land.reallocate.sites import Land, ParcelGroups, Projects


@dataclass
class ReallocationModel:
    """The programme with its variables, by project, group of parcels and parcel."""

    problem: pulp.LpProblem
    placed: dict[int, pulp.LpVariable]
    site: dict[tuple[int, int], pulp.LpVariable]
    area: dict[tuple[int, int], pulp.LpVariable]
    power: dict[tuple[int, int], pulp.LpVariable]
    rest: dict[int, pulp.LpVariable]
    groups: ParcelGroups


def build(
    land: Land,
    groups: ParcelGroups,
    projects: Projects,
    limits: dict[str, float],
    offered: Sequence[np.ndarray],
) -> ReallocationModel:
    """The whole programme, named row by row; see the head of the package."""
    problem = pulp.LpProblem("reallocation", pulp.LpMaximize)
    model = ReallocationModel(problem, {}, {}, {}, {}, {}, groups)
    for p, eligible in enumerate(offered):
        for s in eligible.tolist():
            model.site[p, s] = problem.add_variable(f"site_{p}_{s}", cat=pulp.LpBinary)
    users: dict[int, list[int]] = {}
    for p, eligible in enumerate(offered):
        if len(eligible):
            _project_rows(model, land, projects, p, eligible.tolist(), users)
    problem.setObjective(
        pulp.lpSum(float(projects.benefit[p]) * item for p, item in model.placed.items())
    )
    _parcel_rows(model, land, users)
    _limit_rows(model, projects, limits)
    return model


def _project_rows(
    model: ReallocationModel,
    land: Land,
    projects: Projects,
    p: int,
    eligible: list[int],
    users: dict[int, list[int]],
) -> None:
    problem, groups = model.problem, model.groups
    placed = problem.add_variable(f"placed_{p}", cat=pulp.LpBinary)
    model.placed[p] = placed
    taken = pulp.lpSum(model.site[p, s] for s in eligible)
    problem.addConstraint(taken - placed == 0, f"one_site_{p}")
    by_parcel: dict[int, list[int]] = {}
    for s in eligible:
        for k in groups.members[s]:
            by_parcel.setdefault(k, []).append(s)
    least, most = float(projects.least[p]), float(projects.most[p])
    for k, holding in by_parcel.items():
        users.setdefault(k, []).append(p)
        area = problem.add_variable(f"area_{p}_{k}", 0, float(land.area[k]))
        model.area[p, k] = area
        top = min(float(land.area[k]), most)
        problem.addConstraint(
            area - pulp.lpSum(top * model.site[p, s] for s in holding) <= 0, f"piece_max_{p}_{k}"
        )
        low = [
            (float(land.area[k] if k in groups.whole[s] else land.least[k])) * model.site[p, s]
            for s in holding
        ]
        problem.addConstraint(area - pulp.lpSum(low) >= 0, f"piece_min_{p}_{k}")
    total = pulp.lpSum(model.area[p, k] for k in by_parcel)
    problem.addConstraint(total - least * placed >= 0, f"area_min_{p}")
    problem.addConstraint(total - most * placed <= 0, f"area_max_{p}")
    if projects.power[p] > 0:
        _power_rows(model, land, float(projects.power[p]), p, eligible)


def _power_rows(
    model: ReallocationModel, land: Land, need: float, p: int, eligible: list[int]
) -> None:
    """The load is fed from the parcels of the site, where all their capacities are known."""
    groups, problem = model.groups, model.problem
    known = [s for s in eligible if not np.isnan(land.power[list(groups.members[s])]).any()]
    by_parcel: dict[int, list[int]] = {}
    for s in known:
        for k in groups.members[s]:
            by_parcel.setdefault(k, []).append(s)
    for k, holding in by_parcel.items():
        top = min(need, float(land.power[k]))
        item = problem.add_variable(f"power_{p}_{k}", 0, max(top, 0.0))
        model.power[p, k] = item
        problem.addConstraint(
            item - pulp.lpSum(top * model.site[p, s] for s in holding) <= 0, f"power_site_{p}_{k}"
        )
    if known:
        fed = pulp.lpSum(model.power[p, k] for k in by_parcel)
        asked = pulp.lpSum(need * model.site[p, s] for s in known)
        problem.addConstraint(fed - asked >= 0, f"power_need_{p}")


def _parcel_rows(model: ReallocationModel, land: Land, users: dict[int, list[int]]) -> None:
    problem = model.problem
    feeds: dict[int, list[int]] = {}
    for p, k in model.power:
        feeds.setdefault(k, []).append(p)
    for k in sorted(users):
        size, least = float(land.area[k]), float(land.least[k])
        rest = problem.add_variable(f"rest_{k}", cat=pulp.LpBinary)
        model.rest[k] = rest
        used = pulp.lpSum(model.area[p, k] for p in users[k])
        problem.addConstraint(used + least * rest <= size, f"land_max_{k}")
        problem.addConstraint(used + size * rest >= size, f"land_min_{k}")
        if k in feeds:
            drawn = pulp.lpSum(model.power[p, k] for p in feeds[k])
            problem.addConstraint(drawn <= float(land.power[k]), f"power_max_{k}")


def _limit_rows(model: ReallocationModel, projects: Projects, limits: dict[str, float]) -> None:
    for name, limit in limits.items():
        if name == "area_mu":
            used = pulp.lpSum(model.area.values())
        else:
            needs = projects.needs[name]
            used = pulp.lpSum(float(needs[p]) * item for p, item in model.placed.items())
        model.problem.addConstraint(used <= limit, f"limit_{name}")
