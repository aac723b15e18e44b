"""What a solver's tolerance leaves of nothing is nothing: in capacities, and in what they move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenland.energy.plan.plan import reported
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import RawSolution, complete
from greenland.energy.problem.solve import solve
from greenland.energy.site import Grid, Limits, Site, Source, Storage

DAY = pd.date_range("2026-06-01", periods=24, freq="h", tz="Asia/Shanghai")
DUST = 3e-6  # MW, of a load of 60


def site(export_price: float = 0.1) -> Site:
    sun = np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0, None)
    return Site(
        load=pd.Series(60.0, DAY),
        sources=[Source("pv", pd.Series(sun, DAY), 2700, 0, 25, max_mw=40)],
        storages=[Storage("battery", power_capex=3000, energy_capex=7000, charge_efficiency=1.0)],
        grid=Grid(capacity_mw=80.0, import_price=0.5, export_price=export_price),
        limits=Limits(),
        discount_rate=0.07,
    )


def with_dust(data: ModelData, raw: RawSolution) -> dict[str, np.ndarray]:
    """The plan with a storage of dust that is filled in the first hour and emptied in the next."""
    values = {key: np.array(value) for key, value in complete(data.site, raw.values).items()}
    efficiency = data.site.storages[0].discharge_efficiency
    values["storage_power"][0], values["storage_energy"][0] = DUST, 2 * DUST
    values["energy_start"][0] = 0.0
    for family in ("charge", "discharge", "energy"):
        values[family][0] = 0.0
    values["charge"][0, 11], values["energy"][0, 11] = DUST, DUST
    values["discharge"][0, 12] = DUST * efficiency
    return values


def test_a_storage_of_dust_moves_nothing() -> None:
    data = prepare(site())
    shown = reported(data, with_dust(data, solve(data)))
    assert shown.capacities["battery_power"] == 0
    assert shown.capacities["battery_energy"] == 0
    assert shown.schedule.filter(like="battery").to_numpy().max() == 0
    assert shown.replayed.residual <= 1e-6


def test_a_storage_that_is_more_than_dust_keeps_what_it_moves() -> None:
    data = prepare(site())
    values = with_dust(data, solve(data))
    for family in ("storage_power", "storage_energy", "charge", "discharge", "energy"):
        values[family] = values[family] * 1000
    shown = reported(data, values)
    assert shown.capacities["battery_power"] == pytest.approx(1000 * DUST)
    assert shown.schedule["battery_charge"].max() == pytest.approx(1000 * DUST)
