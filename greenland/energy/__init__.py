"""Green-power direct supply: sizing, money, rules, explanations.

The public names are loaded when they are first used, so that importing one part does not load
the solvers.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from greenland.energy.evaluate import EnergyResult
    from greenland.energy.explain import Explanation
    from greenland.energy.plan import Plan
    from greenland.energy.rounding import round_units
    from greenland.energy.site import (
        DemandCharge,
        Electrolyser,
        FixedAsset,
        Grid,
        InterruptibleLoad,
        Limits,
        Objective,
        SelfUse,
        ShiftableLoad,
        Site,
        Source,
        Storage,
        Technology,
        WeatherYears,
    )
    from greenland.energy.solution import Status
    from greenland.energy.solve import size

_WHERE = {
    "EnergyResult": "evaluate",
    "Explanation": "explain",
    "Plan": "plan",
    "round_units": "rounding",
    "Status": "solution",
    "size": "solve",
    "DemandCharge": "site",
    "Electrolyser": "site",
    "FixedAsset": "site",
    "Grid": "site",
    "InterruptibleLoad": "site",
    "Limits": "site",
    "Objective": "site",
    "SelfUse": "site",
    "ShiftableLoad": "site",
    "Site": "site",
    "Source": "site",
    "Storage": "site",
    "Technology": "site",
    "WeatherYears": "site",
}

__all__ = [
    "DemandCharge",
    "Electrolyser",
    "EnergyResult",
    "Explanation",
    "FixedAsset",
    "Grid",
    "InterruptibleLoad",
    "Limits",
    "Objective",
    "Plan",
    "SelfUse",
    "ShiftableLoad",
    "Site",
    "Source",
    "Status",
    "Storage",
    "Technology",
    "WeatherYears",
    "round_units",
    "size",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_WHERE[name]}")
    return getattr(module, name)
