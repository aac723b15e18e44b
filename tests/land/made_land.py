"""Random land and projects for the re-allocation, and a check of allocations; all invented."""

from __future__ import annotations

import numpy as np

from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import EPS, Land, ParcelGroups, Projects, neighbours


def make_land(
    areas: list[float],
    *,
    power: list[float] | None = None,
    use: list[str] | None = None,
    adjacent: dict[str, list[str]] | None = None,
    min_piece: float = 5.0,
) -> Land:
    """Parcels G0, G1, … of these areas [亩]."""
    ids = [f"G{number}" for number in range(len(areas))]
    count = len(areas)
    return Land(
        ids=tuple(ids),
        area=np.array(areas, dtype=float),
        power=np.array(power if power is not None else [np.nan] * count, dtype=float),
        use=tuple(use or ["industrial"] * count),
        source=("available",) * count,
        neighbours=tuple(neighbours(ids, adjacent or {})),
        min_piece=min_piece,
    )


def make_projects(
    least: list[float],
    benefit: list[float],
    *,
    most: list[float] | None = None,
    wanted: list[float] | None = None,
    power: list[float] | None = None,
    uses: list[set[str]] | None = None,
    needs: dict[str, list[float]] | None = None,
) -> Projects:
    """Projects P0, P1, … of these areas [亩] and benefits."""
    count = len(least)
    return Projects(
        ids=tuple(f"P{number}" for number in range(count)),
        benefit=np.array(benefit, dtype=float),
        least=np.array(least, dtype=float),
        most=np.array(most or least, dtype=float),
        wanted=np.array(wanted or least, dtype=float),
        power=np.array(power or [0.0] * count, dtype=float),
        uses=tuple(frozenset(item) for item in (uses or [{"industrial"}] * count)),
        needs={name: np.array(values, dtype=float) for name, values in (needs or {}).items()},
    )


def random_case(
    parcels: int, projects: int, seed: int, demand: float = 1.1
) -> tuple[Land, Projects, dict[str, float]]:
    """Blocks of parcels in a grid, and projects that together want *demand* times their area."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(parcels)))
    adjacent: dict[str, list[str]] = {}
    for place in range(parcels):
        row, column = divmod(place, side)
        near = [place + 1] if column % 5 != 4 and column + 1 < side else []
        near += [place + side] if row % 3 != 2 else []
        adjacent[f"G{place}"] = [f"G{other}" for other in near if other < parcels]
    areas = np.round(rng.uniform(8, 80, parcels), 2)
    wanted = rng.lognormal(3.6, 0.6, projects)
    wanted = np.round(wanted * demand * areas.sum() / wanted.sum(), 2)
    power = wanted * rng.uniform(0.02, 0.2, projects)
    land = make_land(
        areas.tolist(),
        power=np.where(rng.random(parcels) < 0.9, rng.uniform(2, 30, parcels), np.nan).tolist(),
        use=rng.choice(["industrial", "storage"], parcels, p=[0.85, 0.15]).tolist(),
        adjacent=adjacent,
    )
    given = make_projects(
        np.where(rng.random(projects) < 0.6, wanted * 0.75, wanted).tolist(),
        (wanted * rng.lognormal(2.5, 0.5, projects)).tolist(),
        most=np.where(rng.random(projects) < 0.6, wanted * 1.2, wanted).tolist(),
        wanted=wanted.tolist(),
        power=power.tolist(),
        uses=[
            {"industrial"} if draw < 0.8 else {"industrial", "storage"}
            for draw in rng.random(projects)
        ],
        needs={"emission_t": (wanted * rng.random(projects)).tolist()},
    )
    return land, given, {"emission_t": 0.7 * float(given.needs["emission_t"].sum())}


def faults(allocation: Allocation, groups: ParcelGroups) -> list[str]:
    """What is wrong with an allocation, found without the code that made it."""
    land, projects = allocation.land, allocation.projects
    wrong = []
    used = np.zeros(len(land.ids))
    drawn = np.zeros(len(land.ids))
    for p, pieces in allocation.pieces.items():
        site = groups.members[allocation.site[p]]
        total = sum(pieces.values())
        if not projects.least[p] - 1e-4 <= total <= projects.most[p] + 1e-4:
            wrong.append(f"{p}: area {total}")
        if set(pieces) != set(site) or not _connected(set(site), land):
            wrong.append(f"{p}: parcels {sorted(pieces)}")
        if any(land.use[k] not in projects.uses[p] for k in pieces):
            wrong.append(f"{p}: use")
        for k, area in pieces.items():
            used[k] += area
            if area < land.least[k] - 1e-4:
                wrong.append(f"{p}: piece of {area} on {k}")
        if not np.isnan(land.power[list(site)]).any():
            shares = allocation.shares.get(p, {})
            if sum(shares.values()) < projects.power[p] - 1e-4:
                wrong.append(f"{p}: power")
            for k, share in shares.items():
                drawn[k] += share
    left = land.area - used
    wrong += [f"parcel {k}: {rest} left" for k, rest in enumerate(left) if rest < -1e-4]
    wrong += [
        f"parcel {k}: remnant {rest}"
        for k, rest in enumerate(left)
        if 1e-4 < rest < land.least[k] - 1e-4
    ]
    over = drawn > np.nan_to_num(land.power, nan=np.inf) + 1e-4
    wrong += [f"parcel {k}: power" for k in np.flatnonzero(over)]
    for name, limit in allocation.limits.items():
        need = sum(
            sum(allocation.pieces[p].values()) if name == "area_mu" else projects.needs[name][p]
            for p in allocation.pieces
        )
        if need > limit + 1e-4:
            wrong.append(f"limit {name}")
    return wrong


def _connected(site: set[int], land: Land) -> bool:
    seen = {min(site)}
    while True:
        more = {other for k in seen for other in land.neighbours[k] if other in site} - seen
        if not more:
            return seen == site
        seen |= more


__all__ = ["EPS", "faults", "make_land", "make_projects", "random_case"]
