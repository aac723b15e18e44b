"""Greedy allocation: projects placed one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import EPS, Projects, Sites


def greedy(
    allocation: Allocation,
    sites: Sites,
    fits: Sequence[np.ndarray],
    order: Sequence[int],
    *,
    least_area: bool = False,
    tries: int = 60,
) -> Allocation:
    """Place projects one after the other, each on the site that leaves least over.

    Parameters
    ----------
    allocation : Allocation
        Added to in place.
    order : sequence of int
        Projects, first served first.
    least_area : bool
        Give the least area of the range instead of the area asked for.
    tries : int
        Sites tried for each project, best fit first.
    """
    land, projects = allocation.land, allocation.projects
    count = sites.count
    unknown = sites.total(np.isnan(land.power).astype(float))
    for project in order:
        if project in allocation.pieces or not len(fits[project]):
            continue
        wanted = float(projects.least[project] if least_area else projects.wanted[project])
        wanted = min(max(wanted, float(projects.least[project])), float(projects.most[project]))
        mine = fits[project]
        room = sites.total(allocation.left)[mine]
        power = sites.total(np.nan_to_num(allocation.power_left))[mine]
        able = (room >= projects.least[project] - EPS) & (
            (power >= projects.power[project] - EPS) | (unknown[mine] > 0)
        )
        mine, room = mine[able], room[able]
        # closest fit first; fewer parcels before more
        ranking = np.lexsort((mine, np.abs(room - wanted), count[mine]))
        for index in ranking[:tries]:
            site = int(mine[index])
            pieces = allocation.fit(project, sites.members[site], sites.whole[site], wanted)
            if pieces and allocation.within_limits(project, sum(pieces.values())):
                allocation.place(project, site, pieces)
                break
    return allocation


def per_mu_order(projects: Projects) -> list[int]:
    """Projects by benefit per area asked for, best first; ties by id."""
    rate = projects.benefit / np.maximum(projects.wanted, EPS)
    keys = pd.DataFrame({"rate": -rate, "id": projects.ids})
    return keys.sort_values(["rate", "id"], kind="stable").index.tolist()
