"""The mixed-integer programme, named row by row as the head of the package has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pulp

from greenland.land.reallocate.sites import Land, Projects, Sites


@dataclass
class Model:
    """The programme, unsolved, with its variables at hand."""

    problem: pulp.LpProblem
    placed: dict[int, pulp.LpVariable]
    site: dict[tuple[int, int], pulp.LpVariable]
    area: dict[tuple[int, int], pulp.LpVariable]
    power: dict[tuple[int, int], pulp.LpVariable]
    rest: dict[int, pulp.LpVariable]
    sites: Sites


def build(
    land: Land,
    sites: Sites,
    projects: Projects,
    limits: dict[str, float],
    offered: Sequence[np.ndarray],
) -> Model:
    """The whole programme, named row by row; see the head of the package."""
    problem = pulp.LpProblem("reallocation", pulp.LpMaximize)
    model = Model(problem, {}, {}, {}, {}, {}, sites)
    for p, mine in enumerate(offered):
        for s in mine.tolist():
            model.site[p, s] = problem.add_variable(f"site_{p}_{s}", cat=pulp.LpBinary)
    users: dict[int, list[int]] = {}
    for p, mine in enumerate(offered):
        if len(mine):
            _project_rows(model, land, projects, p, mine.tolist(), users)
    problem.setObjective(
        pulp.lpSum(float(projects.benefit[p]) * item for p, item in model.placed.items())
    )
    _parcel_rows(model, land, users)
    _limit_rows(model, projects, limits)
    return model


def _project_rows(
    model: Model,
    land: Land,
    projects: Projects,
    p: int,
    mine: list[int],
    users: dict[int, list[int]],
) -> None:
    problem, sites = model.problem, model.sites
    placed = problem.add_variable(f"placed_{p}", cat=pulp.LpBinary)
    model.placed[p] = placed
    taken = pulp.lpSum(model.site[p, s] for s in mine)
    problem.addConstraint(taken - placed == 0, f"one_site_{p}")
    by_parcel: dict[int, list[int]] = {}
    for s in mine:
        for k in sites.members[s]:
            by_parcel.setdefault(k, []).append(s)
    least, most = float(projects.least[p]), float(projects.most[p])
    for k, own in by_parcel.items():
        users.setdefault(k, []).append(p)
        area = problem.add_variable(f"area_{p}_{k}", 0, float(land.area[k]))
        model.area[p, k] = area
        top = min(float(land.area[k]), most)
        problem.addConstraint(
            area - pulp.lpSum(top * model.site[p, s] for s in own) <= 0, f"piece_max_{p}_{k}"
        )
        low = [
            (float(land.area[k] if k in sites.whole[s] else land.least[k])) * model.site[p, s]
            for s in own
        ]
        problem.addConstraint(area - pulp.lpSum(low) >= 0, f"piece_min_{p}_{k}")
    total = pulp.lpSum(model.area[p, k] for k in by_parcel)
    problem.addConstraint(total - least * placed >= 0, f"area_min_{p}")
    problem.addConstraint(total - most * placed <= 0, f"area_max_{p}")
    if projects.power[p] > 0:
        _power_rows(model, land, float(projects.power[p]), p, mine)


def _power_rows(model: Model, land: Land, need: float, p: int, mine: list[int]) -> None:
    """The load is fed from the parcels of the site, where all their capacities are known."""
    sites, problem = model.sites, model.problem
    known = [s for s in mine if not np.isnan(land.power[list(sites.members[s])]).any()]
    by_parcel: dict[int, list[int]] = {}
    for s in known:
        for k in sites.members[s]:
            by_parcel.setdefault(k, []).append(s)
    for k, own in by_parcel.items():
        top = min(need, float(land.power[k]))
        item = problem.add_variable(f"power_{p}_{k}", 0, max(top, 0.0))
        model.power[p, k] = item
        problem.addConstraint(
            item - pulp.lpSum(top * model.site[p, s] for s in own) <= 0, f"power_site_{p}_{k}"
        )
    if known:
        fed = pulp.lpSum(model.power[p, k] for k in by_parcel)
        asked = pulp.lpSum(need * model.site[p, s] for s in known)
        problem.addConstraint(fed - asked >= 0, f"power_need_{p}")


def _parcel_rows(model: Model, land: Land, users: dict[int, list[int]]) -> None:
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


def _limit_rows(model: Model, projects: Projects, limits: dict[str, float]) -> None:
    for name, limit in limits.items():
        if name == "area_mu":
            used = pulp.lpSum(model.area.values())
        else:
            needs = projects.needs[name]
            used = pulp.lpSum(float(needs[p]) * item for p, item in model.placed.items())
        model.problem.addConstraint(used <= limit, f"limit_{name}")
