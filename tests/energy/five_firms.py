"""The park of five firms of docs/energy-outlook.md and docs/carbon-account.md; invented."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenland.energy.account import Carrier, EnergyUse
from greenland.energy.outlook import Load, MonthlySupply, Settings, Station
from greenland.energy.outlook.inputs import months

DECEMBER = np.array([0.75] * 11 + [1.0])

# key: station, rank, class, peak in December, guarantee, shiftable, avoidable [MW], value added
# per MWh [万元]
_FIRMS: dict[str, tuple[Any, ...]] = {
    "甲": ("S1", 0, "主导产业 A", 9.6, 4.0, 0.0, 1.0, 0.5),
    "乙": ("S1", 2, "D", 7.2, 1.0, 1.0, 1.0, 0.2),
    "丙": ("S1", 2, "D", 7.2, 0.0, 1.0, 2.0, 0.1),
    "丁": ("S2", 1, "C", 7.2, 1.0, 0.5, 0.5, 0.3),
    "戊": ("S2", 2, "D", 4.8, 1.0, 0.5, 0.5, 0.1),
}
LOADS = [
    Load(
        key=key,
        name=key,
        station=station,
        energy_mwh=months(peak * 400.0) * DECEMBER,
        peak_mw=peak * DECEMBER,
        guarantee_mw=guarantee,
        shiftable_mw=shift,
        avoidable_mw=avoid,
        rank=rank,
        rank_name=name,
        value_wan_per_mwh=value,
    )
    for key, (station, rank, name, peak, guarantee, shift, avoid, value) in _FIRMS.items()
]
STATIONS = (
    Station("S1", "一号变", 20.0, months(2)),
    Station("S2", "二号变", 10.0, months(2)),
)
SUPPLY = MonthlySupply(STATIONS, limit_mw=months(30.0), contracted_mwh=months(10_000.0))
SETTINGS = Settings(coincidence=months(0.9), reserve=0.1, power_factor=0.95)

USES = [
    EnergyUse("甲", "甲", "硅材料", 40_000, direct_mwh=10_000, traded_mwh=5_000,
              fuels={Carrier.COKE: 1_000}, value_added_wan=20_000, land_mu=200),
    EnergyUse("乙", "乙", "化工", 10_000, certificates_mwh=12_000,
              fuels={Carrier.STEAM: 5_000}, process_tco2=300, value_added_wan=2_000, land_mu=80),
    EnergyUse("丙", "丙", "化工", 8_000, fuels={Carrier.COAL: 2_000}, value_added_wan=800,
              land_mu=100),
    EnergyUse("丁", "丁", "食品", 6_000, own_mwh=1_000, fuels={Carrier.GAS: 50},
              value_added_wan=1_800, land_mu=40),
    EnergyUse("戊", "戊", "食品", 2_000, fuels={Carrier.HEAT: 10_000}, value_added_wan=-100,
              land_mu=30),
]  # fmt: skip
