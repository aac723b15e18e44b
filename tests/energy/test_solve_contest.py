"""Published contest days, to the printed digits.

2026 电工杯 A题 (attachments 1, 2, 7 and 8: per-unit curves, prices) and 2024 电工杯 A题
(attachments 1 and 2). The curves are the contests' own, as handed out with the problems; the
expected figures are those printed by published solutions of question 1.
"""

from __future__ import annotations

import pandas as pd
import pytest

from greenland.energy.plan.plan import Plan
from greenland.energy.site import Grid, Site, Source
from greenland.energy.sizing.solve import size

# 2026, attachment 1: base load per unit of 6 MW, and 2: wind and PV per unit.
BASE = [
    0.2283, 0.1833, 0.1333, 0.165, 0.1967, 0.2717, 0.4167, 0.5617, 0.6683, 0.7, 0.6867, 0.65,
    0.5433, 0.4483, 0.605, 0.6367, 0.625, 0.5233, 0.435, 0.3533, 0.31, 0.2717, 0.26, 0.2467,
]  # fmt: skip
WIND = [
    0.2726, 0.3788, 0.3328, 0.3768, 0.4681, 0.2407, 0.5701, 0.4463, 0.3582, 0.2976, 0.1934, 0.2139,
    0.363, 0.1677, 0.2794, 0.2527, 0.1596, 0.1607, 0.1434, 0.0938, 0.0923, 0.122, 0.0625, 0.0798,
]  # fmt: skip
PV = [
    0, 0, 0, 0, 0, 0.02, 0.12, 0.28, 0.45, 0.58, 0.67, 0.7,
    0.72, 0.67, 0.58, 0.45, 0.28, 0.08, 0, 0, 0, 0, 0, 0,
]  # fmt: skip
CHAIN_MW = 10 + 10 + 0.75  # two electrolysers and the ammonia plant at full load
# attachments 7 and 8 [yuan/kWh]
BUY = [0.3424] * 7 + [0.6074] * 3 + [0.8024] * 5 + [0.6074] * 3 + [0.8024] * 3 + [0.6074] * 2
BUY = [*BUY, 0.3424]
SELL = 0.3779

# 2024, attachments 1 and 2: loads [kW] and outputs per unit of parks A and C.
LOAD_A = [
    275, 275, 277, 310, 310, 293, 293, 380, 375, 281, 447, 447,
    447, 405, 404, 403, 268, 313, 287, 288, 284, 287, 277, 275,
]  # fmt: skip
LOAD_C = [
    302, 292, 307, 293, 271, 252, 283, 223, 292, 283, 287, 362,
    446, 504, 455, 506, 283, 311, 418, 223, 229, 361, 302, 291,
]  # fmt: skip
PV_A = [
    0, 0, 0, 0, 0, 0, 0, 0.0058, 0.3026, 0.6020, 0.7711, 0.8555,
    0.8531, 0.7842, 0.6437, 0.4242, 0.0619, 0, 0, 0, 0, 0, 0, 0,
]  # fmt: skip
PV_C = [
    0, 0, 0, 0, 0, 0, 0, 0.0105, 0.3280, 0.6314, 0.7936, 0.8925,
    0.8999, 0.8221, 0.6667, 0.4275, 0.0216, 0, 0, 0, 0, 0, 0, 0,
]  # fmt: skip
WIND_C = [
    0.1464, 0.2175, 0.3959, 0.1831, 0.4716, 0.6215, 0.2946, 0.1214, 0.0250, 0.3023, 0.0196, 0.1224,
    0.3335, 0.2653, 0.1220, 0.1633, 0.2645, 0.3408, 0.3183, 0.3299, 0.1703, 0.1655, 0.1897, 0.2323,
]  # fmt: skip


def fixed(name: str, profile: list[float], mw: float) -> Source:
    return Source(name, profile, existing_mw=mw, max_mw=0)


def day_2026(engine: str = "highs") -> Plan:
    hours = pd.date_range("2026-05-22", periods=24, freq="h")
    load = pd.Series([6 * share + CHAIN_MW for share in BASE], hours)
    grid = Grid(import_price=pd.Series(BUY, hours), export_price=SELL)
    return size(Site(load, (fixed("wind", WIND, 40), fixed("pv", PV, 64)), (), grid), engine=engine)


@pytest.mark.parametrize("engine", ["highs", "cbc", "auto"])
def test_2026_typical_day(engine: str) -> None:
    plan = day_2026(engine)
    day = plan.energy / 365
    assert day["load"] == pytest.approx(558.72, abs=5e-4)
    assert day["available_generation"] == pytest.approx(603.448, abs=5e-4)
    assert plan.schedule["wind"].sum() == pytest.approx(245.048, abs=5e-4)
    assert plan.schedule["pv"].sum() == pytest.approx(358.4, abs=5e-4)
    assert day["import"] == pytest.approx(172.0438, abs=5e-5)
    assert day["export"] == pytest.approx(216.7718, abs=5e-5)
    assert plan.ratios["self_use_of_generation"] == pytest.approx(0.640778, abs=5e-7)
    assert plan.ratios["self_use_of_consumption"] == pytest.approx(0.692075, abs=5e-7)
    assert plan.ratios["export_share"] == pytest.approx(0.359222, abs=5e-7)
    assert plan.schedule["import"].max() == pytest.approx(19.81, abs=5e-3)
    assert plan.schedule["export"].max() == pytest.approx(36.59, abs=5e-3)


def test_2026_day_has_no_false_arbitrage() -> None:
    """Buying at night costs 0.3424 and selling pays 0.3779: a bare linear program does both."""
    schedule = day_2026().schedule
    assert (schedule[["import", "export"]].min(axis=1) == 0).all()


def test_2026_day_costs_what_was_published() -> None:
    # purchase 97 721.02512 and sales 81 918.06322 yuan a day
    costs = day_2026().costs / 365
    assert costs["energy_purchase"] == pytest.approx(97721.02512, abs=1e-4)
    assert costs["export_income"] == pytest.approx(-81918.06322, abs=1e-4)


def no_export(load: list[float], *sources: Source) -> Plan:
    hours = pd.date_range("2024-05-24", periods=24, freq="h")
    grid = Grid(import_price=1.0, export_allowed=False)
    return size(Site(pd.Series(load, hours) / 1000, sources, (), grid), engine="highs")


def test_2024_park_a() -> None:
    plan = no_export(LOAD_A, fixed("pv", PV_A, 0.75))
    kwh = plan.energy / 365 * 1000
    assert kwh["load"] == pytest.approx(7901, abs=5e-4)
    assert kwh["available_generation"] == pytest.approx(3978.075, abs=5e-4)
    assert kwh["import"] == pytest.approx(4874.125, abs=5e-4)
    assert kwh["curtailment"] == pytest.approx(951.200, abs=5e-4)


def test_2024_park_c() -> None:
    plan = no_export(LOAD_C, fixed("pv", PV_C, 0.6), fixed("wind", WIND_C, 0.5))
    kwh = plan.energy / 365 * 1000
    assert kwh["import"] == pytest.approx(2699.390, abs=5e-4)
    assert kwh["curtailment"] == pytest.approx(1128.020, abs=5e-4)
