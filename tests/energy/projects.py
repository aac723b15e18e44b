"""A small project whose money can be counted by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.money.assets import Asset, AssetKind
from greenland.energy.money.cash_flow import Project
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.finance import FinanceResult, statement
from greenland.energy.money.operation import Operation
from greenland.energy.site import Grid, Technology
from greenland.energy.tariff import Tariff, tariff_of_grid
from greenland.rules import Rulebook

YEAR = pd.date_range("2026-01-01", periods=8760, freq="h", tz="Asia/Shanghai")


def prices() -> Tariff:
    grid = Grid(
        capacity_mw=10, import_price=0.5, export_price=0.2, capacity_price=20, self_use_price=0.05
    )
    return tariff_of_grid(grid, YEAR)


def project(**changes: Any) -> Project:
    """10 MW of load, 12 MW from the sun for 6 hours: 3 hours' worth kept simple to count.

    Per day: 6 h x 12 MW available, 10 used, 1 exported, 1 curtailed; 18 h x 10 MW bought.
    """
    sunny = np.isin(YEAR.hour, range(9, 15))
    schedule = pd.DataFrame(
        {
            "load": 10.0,
            "pv": np.where(sunny, 12.0, 0.0),
            "import": np.where(sunny, 0.0, 10.0),
            "export": np.where(sunny, 1.0, 0.0),
            "curtailment": np.where(sunny, 1.0, 0.0),
        },
        index=YEAR,
    )
    operation = Operation(schedule, prices(), 10.0, {"pv": schedule["pv"]})
    baseline = Operation(schedule.assign(**{"import": 10.0, "export": 0.0}), prices(), 10.0).new()
    values = {
        "assets": (Asset("pv", AssetKind.SOURCE, 30e6, 0.5e6, 20.0),),
        "operation": operation,
        "baseline": baseline,
        "other_yuan": 0.0,
        "discount_rate": 0.07,
        "years": 20,
        "source_ages": {"pv": np.arange(20.0)},
        "technologies": {"pv": Technology.PV},
    }
    return Project(**(values | changes))


def state(book: Rulebook, config: dict[str, Any] | None = None, **changes: Any) -> FinanceResult:
    return statement(project(**changes), FinanceConfig.model_validate(config or {}), book)
