"""A tariff that says everything the rules leave to a project."""

from __future__ import annotations

from typing import Any

from greenland.energy.tariff.config import TariffConfig


def config(**changes: Any) -> TariffConfig:
    values = {
        "mode": "two_part",
        "billing": "capacity",
        "voltage": "110千伏",
        "market_price": 0.24,
        "system_operation_fee": 0.03,
        "average_load_rate": 0.50,
        "export_price": 0.20,
    }
    return TariffConfig.model_validate(values | changes)
