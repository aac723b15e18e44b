"""Greedy allocation: projects placed one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import EPS, ParcelGroups, Projects


def greedy(
    allocation: Allocation,
    groups: ParcelGroups,
    fits: Sequence[np.ndarray],
    order: Sequence[int],
    *,
    least_area: bool = False,
    tries: int = 60,
) -> Allocation:
    """Place projects one after the other, each on the group of parcels that leaves least land over.

    Parameters
    ----------
    allocation : Allocation
        Added to in place.
    order : sequence of int
        Projects, first served first.
    least_area : bool
        Give the least area of the range instead of the area asked for.
    tries : int
        Groups tried for each project, best fit first.
    """
    land, projects = allocation.land, allocation.projects
    count = groups.count
    unknown = groups.total(np.isnan(land.power).astype(float))
    for project in order:
        if project in allocation.pieces or not len(fits[project]):
            continue
        wanted = float(projects.least[project] if least_area else projects.wanted[project])
        wanted = min(max(wanted, float(projects.least[project])), float(projects.most[project]))
        candidates = fits[project]
        area_left = groups.total(allocation.left)[candidates]
        power = groups.total(np.nan_to_num(allocation.power_left))[candidates]
        able = (area_left >= projects.least[project] - EPS) & (
            (power >= projects.power[project] - EPS) | (unknown[candidates] > 0)
        )
        candidates, area_left = candidates[able], area_left[able]
        # closest fit first; fewer parcels before more
        ranking = np.lexsort((candidates, np.abs(area_left - wanted), count[candidates]))
        for index in ranking[:tries]:
            site = int(candidates[index])
            pieces = allocation.fit(project, groups.members[site], groups.whole[site], wanted)
            if pieces and allocation.within_limits(project, sum(pieces.values())):
                allocation.place(project, site, pieces)
                break
    return allocation


def per_mu_order(projects: Projects) -> list[int]:
    """Projects by benefit per area asked for, best first; ties by id."""
    rate = projects.benefit / np.maximum(projects.wanted, EPS)
    keys = pd.DataFrame({"rate": -rate, "id": projects.ids})
    return keys.sort_values(["rate", "id"], kind="stable").index.tolist()
