"""Every objective held against HiGHS on random sites, two-way flow and ratios included."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_sites import random_site

from greenland.energy.problem.solution import Status
from greenland.energy.site import Objective, Site
from greenland.energy.sizing.solve import size

SEEDS = (0, 1, 2, 3)


def first_day(seed: int, *, sold_dear: bool = False) -> Site:
    """A random site cut to its first day, in hours; selling may beat buying."""
    base = random_site(seed)
    steps = 24 if base.step_hours == 1 else 48
    cut = slice(0, steps)
    # without curves of other lengths: those of the site's parts are cut with the load
    sources = [
        replace(item, profile=np.asarray(item.profile)[cut], max_mw=min(item.max_mw, 200.0))
        for item in base.sources
    ]
    stores = [replace(item, max_mw=80.0) for item in base.storages]
    grid = base.grid
    if grid is not None:
        price = np.broadcast_to(np.asarray(grid.import_price, dtype=float), len(base.load))[cut]
        grid = replace(
            grid,
            import_price=price,
            export_allowed=True,
            demand_charges=(),
            export_price=0.4 if sold_dear else 0.15,
        )
    return Site(
        load=base.load.iloc[cut],
        sources=sources,
        storages=stores,
        grid=grid,
        limits=base.limits,
        discount_rate=base.discount_rate,
        unserved_price=base.unserved_price,
    )


@pytest.mark.parametrize("objective", list(Objective))
@pytest.mark.parametrize("seed", SEEDS)
def test_every_objective_agrees_with_highs(objective: Objective, seed: int) -> None:
    base = first_day(seed)
    mine, general = (size(base, objective=objective, engine=engine) for engine in ("auto", "highs"))
    _agree(mine, general)


@pytest.mark.parametrize("objective", [Objective.ANNUAL_COST, Objective.NPV, Objective.GREEN_PRICE])
@pytest.mark.parametrize("seed", SEEDS[:2])
def test_every_objective_agrees_where_selling_beats_buying(objective: Objective, seed: int) -> None:
    base = first_day(seed, sold_dear=True)
    mine, general = (size(base, objective=objective, engine=engine) for engine in ("auto", "highs"))
    _agree(mine, general)


def _agree(mine, general) -> None:
    """The same status, and values within what either leaves open."""
    assert mine.status is general.status, (mine.notes, general.notes)
    if not mine.status.has_plan:
        return
    assert mine.replay.residual <= 1e-6
    assert mine.status is Status.OPTIMAL
    gap = max(1e-6, mine.quality.gap, general.quality.gap)
    floor = 0.01 if mine.objective is Objective.GREEN_PRICE else 1000.0
    size_ = max(abs(general.objective_value), floor)
    assert abs(mine.objective_value - general.objective_value) <= 2 * gap * size_
