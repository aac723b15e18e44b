"""Energy moved between the two ledgers of a storage, by hand: half hours that keep 0.9 of it.

What goes to the green ledger is made good by later discharge; what is left at the end of the
horizon is carried to its start. 1 MW given for half an hour takes 0.5 / 0.8 = 0.625 MWh.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.energy.sizing.exclusive import _green_to_load, _rebook, _rebook_once, net_out

STEPS = 4
HALF_HOURS = pd.date_range("2025-06-01", periods=STEPS, freq="30min")


def data(min_soc: float = 0.0) -> ModelData:
    """10 MW of load, a storage with the green ledger only, and one with both."""
    fields: dict[str, Any] = {
        "charge_efficiency": 0.9,
        "discharge_efficiency": 0.8,
        "self_discharge": 0.19,
        "energy_capex": 500,
    }
    green = Storage("green", **fields)
    traced = Storage("traced", grid_charging=True, min_soc=min_soc, **fields)
    grid = Grid(import_price=0.5, export_price=0.2)
    pv = Source("pv", [1.0] * STEPS, capex=3000)
    return prepare(Site(pd.Series(10.0, HALF_HOURS), [pv], [green, traced], grid))


def values(**given: Any) -> dict[str, np.ndarray]:
    """Flows and levels of both storages; the second begins with 2 MWh green and 3 of the grid."""
    of_all = {name: np.zeros((2, STEPS)) for name in ("charge", "discharge")}
    of_grid = {f"grid_{name}": np.zeros((1, STEPS)) for name in ("charge", "discharge")}
    levels = {
        "energy": np.array([[1.0] * STEPS, [4.0] * STEPS]),
        "grid_energy": np.full((1, STEPS), 5.0),
        "energy_start": np.array([1.0, 2.0]),
        "grid_start": np.array([3.0]),
    }
    exchange = {name: np.zeros(STEPS) for name in ("import", "export", "curtailment")}
    return of_all | of_grid | levels | exchange | {k: np.array(v) for k, v in given.items()}


def rebooked(numbers: ModelData, given: dict[str, np.ndarray], first: float) -> list[list[float]]:
    """Levels of the second storage after *first* MW went to its green ledger in the first step."""
    _rebook(numbers, given, 1, np.array([first, 0.0, 0.0, 0.0]))
    assert given["energy"][0].tolist() == [1.0] * STEPS  # the other one is as it was
    assert given["energy_start"][0] == 1.0
    return [(given["energy"][1] - 4).tolist(), (given["grid_energy"][0] - 5).tolist()]


def test_what_nobody_gives_back_is_carried_to_the_start() -> None:
    given = values()
    green, grid = rebooked(data(), given, 2.0)
    # 1 MWh falls to 0.9, 0.81, 0.729; from the start on, these run down once more
    assert green == pytest.approx([1 + 0.6561, 0.9 + 0.59049, 0.81 + 0.531441, 0.729 + 0.4782969])
    assert grid == pytest.approx([-level for level in green])
    assert given["energy_start"][1] == pytest.approx(2.729)
    assert given["grid_start"].tolist() == pytest.approx([2.271])


def test_grid_discharge_becomes_green_as_far_as_there_is_any() -> None:
    given = values(grid_discharge=[[0.8, 0.0, 5.0, 0.0]])
    green, grid = rebooked(data(), given, 2.0)
    # 1 MWh less 0.5 given; 0.45 left; 0.405 is given as 0.648 MW
    assert green == pytest.approx([0.5, 0.45, 0, 0], abs=1e-12)
    assert grid == pytest.approx([-0.5, -0.45, 0, 0], abs=1e-12)
    assert given["discharge"][1].tolist() == pytest.approx([0.8, 0, 0.648, 0])
    assert given["grid_discharge"][0].tolist() == pytest.approx([0, 0, 4.352, 0])
    assert given["energy_start"][1] == pytest.approx(2.0, abs=1e-12)


def test_green_discharge_becomes_grid_discharge_as_far_as_it_serves_the_load() -> None:
    """All the load is bought in the first step, and more to be stored; 9.6 MW in the second."""
    imported = {"import": [12.0, 9.6, 0.0, 0.0]}
    given = values(discharge=[[0.0] * STEPS, [3.0, 3.0, 0.16, 3.0]], **imported)
    green, grid = rebooked(data(), given, -2.0)
    # 1 MWh; 0.9 less 0.4 MW x 0.625; 0.585 less 0.16 x 0.625; 0.4365 is given as 0.6984 MW
    assert green == pytest.approx([-1.0, -0.65, -0.485, 0.0], abs=1e-12)
    assert grid == pytest.approx([1.0, 0.65, 0.485, 0.0], abs=1e-12)
    assert given["grid_discharge"][0].tolist() == pytest.approx([0, 0.4, 0.16, 0.6984])
    assert given["discharge"][1].tolist() == pytest.approx([3, 2.6, 0, 2.3016])


@pytest.mark.parametrize(
    ("first", "before", "after", "green"),
    [
        # losses of 0.05 MWh that grid energy covered are green now: 1 - 0.05, 0.9 x 0.95 - 0.05, …
        (2.0, [0.05, 0.05, 0.0, 0.0], [0.0] * 4, [0.95, 0.805, 0.7245, 0.65205]),
        # grid energy covers all of 0.1 x 0.2 x 10 MWh in a step: 0.15 MWh more in the first two
        (-2.0, [0.05, 0.05, 0.2, 0.2], [0.2] * 4, [-0.85, -0.615, -0.5535, -0.49815]),
    ],
)
def test_losses_below_the_floor_are_booked_first(
    first: float, before: list[float], after: list[float], green: list[float]
) -> None:
    given = values(grid_floor_loss=[before], storage_energy=[7.0, 10.0])
    moved = np.array([first, 0.0, 0.0, 0.0])
    left = _rebook_once(data(min_soc=0.2), given, 1, moved, 0.0)
    assert given["grid_floor_loss"][0].tolist() == pytest.approx(after)
    assert (given["energy"][1] - 4).tolist() == pytest.approx(green)
    assert left == pytest.approx(green[-1])


def test_consumption_that_no_grid_energy_serves() -> None:
    """10 MW less 2 bought, of which 0.5 are charged and 0.25 given from before; 1 + 0.125 MW more
    of flexible loads, 3 and 0.0625 MW not served."""
    flexible = {
        "shift_load": [[1.0] * STEPS],
        "electrolyser_load": [[0.125] * STEPS],
        "interrupted": [[1.0] * STEPS, [2.0] * STEPS],
        "unserved": [0.0625] * STEPS,
    }
    traced = {"grid_charge": [[0.5] * STEPS], "grid_discharge": [[0.25] * STEPS]}
    given = values(**traced, **flexible, **{"import": [2.0] * STEPS})
    left = 10 - 2 + 0.5 - 0.25 + 1 + 0.125 - 3 - 0.0625
    assert _green_to_load(data(), given).tolist() == [left] * STEPS
    bare = {"import": np.full(STEPS, 2.0)}
    assert _green_to_load(data(), bare).tolist() == [8.0] * STEPS


def test_a_flow_below_nothing_is_no_reason_to_change_the_other() -> None:
    """A solver's values lie a hair below zero."""
    charged, drawn = [[-1e-9] * STEPS] * 2, [[1.0] * STEPS] * 2
    given = values(charge=charged, discharge=drawn)
    new = net_out(data(), given)
    assert new["charge"].tolist() == charged
    assert new["discharge"].tolist() == drawn
