"""A small case with a part of every kind, whose parts may be called anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.evaluate import evaluate
from greenland.energy.result import EnergyResult
from greenland.record.record import FORMAT, LandRecord
from greenland.rules import load_rulebook

PARTS = ("sun", "breeze", "cells", "mill", "kiln", "gas", "line")
HOSTILE = (
    *("wind[1]", "a:b.c", "it's", 'say "so"', "<img src=x onerror=alert(1)>", "a\\b", "datum.x"),
    *("two\nlines", "line\u2028break", "</script><script>alert(2)</script>", "__proto__"),
    *("光伏.一期", "]", "{{7*7}}", "${x}"),
    *("toString", "constructor", "hasOwnProperty", "month", "charge", "import"),
    *("load", "grid", "source1", "source:load", "bat", "bat_power", "bat_energy", "wind_energy"),
    *("peak_pv", "shift", "energy_purchase", "下网", "储能", "初投资", "=1+1"),
)
STEPS = 14 * 24
_TIMES = pd.date_range("2025-01-25", periods=STEPS, freq="h")  # two months


def write_curves(folder: Path) -> None:
    """The load, the sun and the wind of the case."""
    rng = np.random.default_rng(7)
    hour = np.arange(STEPS) % 24
    curves = {
        "load": 20 + 5 * np.sin(hour / 24 * 2 * np.pi) + rng.uniform(0, 2, STEPS),
        "pv": np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * rng.uniform(0.3, 0.9, STEPS),
        "wind": rng.uniform(0.0, 0.8, STEPS),
        "price": np.where((hour > 7) & (hour < 22), 0.9, 0.2),
        "mill": np.full(STEPS, 2.0),
    }
    for name, values in curves.items():
        pd.Series(values.round(4), _TIMES, name=name).to_csv(folder / f"{name}.csv")


def energy(names: Sequence[str] = PARTS) -> dict[str, Any]:
    """The ``energy:`` part of a park; *names* in the order of `PARTS`."""
    sun, breeze, cells, mill, kiln, gas, line = names
    return {
        "load": "load.csv",
        "sources": [
            {"name": sun, "profile": "pv.csv", "capex": 2700, "technology": "pv", "max_mw": 60},
            {"name": breeze, "profile": "wind.csv", "capex": 3900, "lifetime": 20, "max_mw": 30},
        ],
        "storages": [
            {"name": cells, "power_capex": 100, "energy_capex": 200, "grid_charging": True}
            | {"charge_efficiency": 0.94, "discharge_efficiency": 0.94, "max_hours": 4}
        ],
        "grid": {"capacity_mw": 40, "import_price": "price.csv", "export_price": 0.1},
        "shiftable": [{"name": mill, "profile": "mill.csv", "max_mw": 5}],
        "interruptible": [{"name": kiln, "max_mw": 1, "price": 0.5}],
        "electrolysers": [
            {"name": gas, "mwh_per_t": 52, "min_product_t": 100, "capex": 800, "max_mw": 5}
        ],
        "fixed_assets": [{"name": line, "capex": 1e6}],
        "round_units": False,
        "finance": {"degradation": "typical"},
        "carbon": {"factor": "national"},
        "study": {"change": 0.2},
        "assumptions": {sun: "quoted"},
    }


def evaluated(folder: Path, names: Sequence[str] = PARTS, **changes: Any) -> EnergyResult:
    """The case sized and laid out."""
    return evaluate(energy(names) | changes, folder, load_rulebook(["national"], 2026))


def record_of(result: EnergyResult) -> dict[str, Any]:
    """A results record with nothing but the energy part."""
    none = {"evaluated": False, "reason": "本次未要求评价。", "problems": []}
    return {
        "format": FORMAT,
        "greenland": "0",
        "language": "zh",
        "park": {
            "name": "园",
            "level": "provincial",
            "type": "economic_development",
            "year": 2026,
            "as_of": "2026-12-31",
        },
        "year": 2026,
        "land": {
            name: none for name, info in LandRecord.model_fields.items() if info.is_required()
        },
        "energy": result.to_record(),
        "problems": [],
        "rules": [],
    }
