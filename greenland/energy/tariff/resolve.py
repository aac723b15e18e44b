"""Make tariffs from what a case file says and the rules in force.

Every number taken is noted with its source; every number that is missing becomes a problem that
says what to supply. Nothing is filled in silently.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from greenland.energy.tariff.builder import TariffBuilder
from greenland.energy.tariff.config import (
    Billing,
    Mode,
    TariffConfig,
    Voltage,
)
from greenland.energy.tariff.tariff import (
    Tariff,
)
from greenland.errors import InputError, Problem
from greenland.rules import Rulebook


def resolve(
    config: TariffConfig,
    index: pd.DatetimeIndex,
    rulebook: Rulebook,
    *,
    folder: Path | None = None,
    export_allowed: bool = True,
) -> tuple[Tariff, ...]:
    """Every tariff the file asks for: one, or the candidates of ``cheapest``.

    Parameters
    ----------
    config : TariffConfig
    index : DatetimeIndex
        Steps of the load.
    rulebook : Rulebook
        Prices the file leaves out are taken from it.
    folder : Path, optional
        Where files named in the config lie.
    export_allowed : bool
        Whether an export price is needed.

    Raises
    ------
    InputError
        With every price that neither the file nor the rules give.
    """
    problems: list[Problem] = []
    tariffs = []
    for mode, billing in config.modes():
        builder = TariffBuilder(config, index, rulebook, folder, mode, billing, export_allowed)
        tariff = builder.make()
        problems += [item for item in builder.problems if item not in problems]
        if tariff is not None:
            tariffs.append(tariff)
    if problems:
        raise InputError(problems)
    return tuple(tariffs)


def grid_only(
    config: TariffConfig,
    index: pd.DatetimeIndex,
    rulebook: Rulebook,
    *,
    folder: Path | None = None,
    billing: Billing | None = None,
) -> Tariff:
    """Tariff of the load if all of it came from the grid: the same prices, the ordinary form.

    Parameters
    ----------
    billing : Billing, optional
        What the plan is billed on; taken where the file does not say otherwise.

    Notes
    -----
    The 1192 forms are only for projects that consume nearby, so ``capacity`` and ``backup`` are
    held against the ordinary two-part tariff at the same voltage unless the file says otherwise.
    A declared demand is made for the project; without it, the cheapest of each month is declared.
    """
    mode = config.grid_only.mode
    if mode is None:
        single = config.mode == "single_part" or config.voltage is Voltage.LT1KV
        mode = Mode.SINGLE_PART if single else Mode.TWO_PART
    ordinary = config.model_copy(
        update={
            "mode": mode,
            "billing": config.grid_only.billing or config.billing or billing,
            "connected_kva": config.grid_only.connected_kva or config.connected_kva,
            "contract_demand_kw": config.grid_only.contract_demand_kw
            or (config.contract_demand_kw and "monthly"),
        }
    )
    return resolve(ordinary, index, rulebook, folder=folder, export_allowed=False)[0]
