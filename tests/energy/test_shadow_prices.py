"""Each limit's price in its own unit: what one unit more saves, and how it is said.

Every case is a small site in which just that limit binds; the price is held against the cost of
the same site with the limit a little looser. A limit that can have a price, but has no case,
fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index

from greenland.energy.plan.explain.explanation import PRICE_UNITS, explain
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solution import Status
from greenland.energy.site import Generator, Grid, Limits, Site, Source, Storage
from greenland.energy.site.limit_kinds import LIMIT_KINDS, SITE_LIMITS
from greenland.energy.sizing.solve import size

PV = Source("pv", np.tile(np.r_[np.zeros(12), np.ones(12)], 2), capex=2700, opex=40)
# Night wind and storage are dearer than buying: they are built where a limit asks for them.
WIND = Source("wind", np.tile(np.r_[np.ones(12), np.zeros(12)], 2), capex=30_000, opex=90)
GRID = Grid(capacity_mw=50, import_price=0.5, export_price=0.05, emission_factor=0.5)
BATTERY = Storage(
    "battery",
    power_capex=300,
    energy_capex=3000,
    lifetime=12,
    charge_efficiency=0.9,
    discharge_efficiency=0.9,
)


OWN_CHARGE = replace(BATTERY, energy_capex=600, charge_power_capex=10)
BIOMASS = Generator(
    "bio", "biomass", 20, green=True, max_mw=5, efficiency=0.3, fuel_kwh=3500, fuel_price=100
)


def site(**fields: Any) -> Site:
    """10 MW by day and by night, sun by day, wind by night, a battery."""
    defaults: dict[str, Any] = {
        "sources": (PV, WIND),
        "storages": (BATTERY,),
        "grid": GRID,
        "discount_rate": 0.07,
    }
    return Site(pd.Series(10.0, index(48)), **(defaults | fields))


def limited(name: str, **others: Any) -> Callable[[float], Site]:
    return lambda value: site(limits=Limits(**{name: value, **others}))


@dataclass(frozen=True)
class Priced:
    """A limit: its site at a value, a value that binds, and one unit of it in that value."""

    at: Callable[[float], Site]
    value: float
    unit: float  # of the limit's price, in what the site is given
    unit_text: str
    said: str
    looser: float = 1.0  # -1 for a least value


PRICED = {
    # no storage: to burn energy in one would be self-use in this reading
    "self_use_of_generation": Priced(
        lambda v: site(
            storages=(),
            grid=replace(GRID, export_price=0.2),
            limits=Limits(min_self_use_of_generation=v, self_use_reading="a"),
        ),
        *(0.65, 0.01, "元/年·每百分点"),
        "自发自用占可用发电量比例（口径一）每降低 1 个百分点，年费用减少 {} 元。",
        -1.0,
    ),
    # 20 MW of sun must be built for 10 MW of load: what is beyond must be stored
    "self_use_of_generation_net": Priced(
        lambda v: site(
            sources=(replace(PV, min_mw=20),),
            limits=Limits(min_self_use_of_generation=v, self_use_reading="b"),
        ),
        *(0.60, 0.01, "元/年·每百分点"),
        "自发自用占可用发电量比例（口径二，扣储能损耗）每降低 1 个百分点，年费用减少 {} 元。",
        -1.0,
    ),
    "self_use_of_consumption": Priced(
        limited("min_self_use_of_consumption"),
        *(0.8, 0.01, "元/年·每百分点"),
        "自发自用占总用电量比例每降低 1 个百分点，年费用减少 {} 元。",
        -1.0,
    ),
    "export_share": Priced(
        lambda v: site(
            sources=(replace(PV, max_mw=40),),
            grid=replace(GRID, export_price=0.2),
            limits=Limits(max_export_share=v),
        ),
        *(0.1, 0.01, "元/年·每百分点"),
        "上网比例每增加 1 个百分点，年费用减少 {} 元。",
    ),
    "export_share_of_delivered": Priced(
        lambda v: site(
            sources=(replace(PV, max_mw=40),),
            grid=replace(GRID, export_price=0.2),
            limits=Limits(max_export_share_of_delivered=v),
        ),
        *(0.1, 0.01, "元/年·每百分点"),
        "上网占上网与自发自用之和的比例每增加 1 个百分点，年费用减少 {} 元。",
    ),
    # 20 MW for 10 MW of load in the dull hours, of which a third is too much in the bright ones
    "curtailment_share": Priced(
        lambda v: site(
            sources=(replace(PV, profile=np.tile([0.0, 0.0, 0.5, 1.0], 12)),),
            storages=(),
            grid=replace(GRID, export_allowed=False),
            limits=Limits(max_curtailment_share=v),
        ),
        *(0.2, 0.01, "元/年·每百分点"),
        "弃电率每增加 1 个百分点，年费用减少 {} 元。",
    ),
    "unserved_share": Priced(
        lambda v: site(grid=None, limits=Limits(max_unserved_share=v)),
        *(0.1, 0.01, "元/年·每百分点"),
        "缺供比例每增加 1 个百分点，年费用减少 {} 元。",
    ),
    "co2": Priced(
        limited("max_co2_t"),
        *(10_000.0, 1.0, "元/年·tCO2"),
        "年碳排放每增加 1 tCO2，年费用减少 {} 元。",
    ),
    "land": Priced(
        lambda v: site(sources=(replace(PV, land_mu_per_mw=20),), limits=Limits(max_land_mu=v)),
        *(120.0, 1.0, "元/年·亩"),
        "用地每增加 1 亩，年费用减少 {} 元。",
    ),
    "roof": Priced(
        lambda v: site(sources=(replace(PV, roof_m2_per_mw=5000),), limits=Limits(max_roof_m2=v)),
        *(30_000.0, 1.0, "元/年·m2"),
        "屋顶每增加 1 m2，年费用减少 {} 元。",
    ),
    "budget": Priced(
        limited("max_capex_yuan"),
        *(9e6, 1e4, "元/年·万元"),
        "初投资每增加 1 万元，年费用减少 {} 元。",
    ),
    "grid_capacity": Priced(
        lambda v: site(grid=replace(GRID, capacity_mw=v)),
        *(6.0, 1.0, "元/年·MW"),
        "接入容量每增加 1 MW，年费用减少 {} 元。",
    ),
    "max_mw:pv": Priced(
        lambda v: site(sources=(replace(PV, max_mw=v, existing_mw=1.0),)),
        *(6.0, 1.0, "元/年·MW"),
        "pv的装机上限每增加 1 MW，年费用减少 {} 元。",
    ),
    "max_mw:battery": Priced(
        lambda v: site(storages=(replace(BATTERY, max_mw=v, energy_capex=600),)),
        *(1.0, 1.0, "元/年·MW"),
        "battery的装机上限每增加 1 MW，年费用减少 {} 元。",
    ),
    "max_mwh:battery": Priced(
        lambda v: site(storages=(replace(BATTERY, max_mwh=v, energy_capex=600),)),
        *(10.0, 1.0, "元/年·MWh"),
        "battery的储能容量上限每增加 1 MWh，年费用减少 {} 元。",
    ),
    "max_charge_mw:battery": Priced(
        lambda v: site(storages=(replace(OWN_CHARGE, max_charge_mw=v),)),
        *(0.5, 1.0, "元/年·MW"),
        "battery的充电功率上限每增加 1 MW，年费用减少 {} 元。",
    ),
    "generator_fuel:bio": Priced(
        lambda v: site(generators=(replace(BIOMASS, max_fuel=v),)),
        *(5_000.0, 1.0, "元/年·单位燃料"),
        "bio的年燃料量每增加 1 单位燃料，年费用减少 {} 元。",
    ),
}


def best(made: Site) -> Plan:
    plan = size(made, engine="highs")
    assert plan.status is Status.OPTIMAL
    return plan


@pytest.mark.parametrize("limit", PRICED)
def test_price_is_what_one_unit_more_saves(limit: str) -> None:
    case = PRICED[limit]
    plan = best(case.at(case.value))
    price = float(plan.shadow_prices[limit])
    little = 1e-4 * case.value / case.unit  # in units of the price
    looser = best(case.at(case.value + case.looser * little * case.unit))
    saved = (plan.annual_cost - looser.annual_cost) / little
    assert price > 0
    assert price == pytest.approx(saved, rel=1e-3)
    (row,) = (row for row in explain(plan).shadow_prices if row["limit"] == limit)
    assert row["unit"] == case.unit_text
    assert row["text"] == case.said.format(f"{price:,.0f}")


def test_no_price_is_without_its_case() -> None:
    """Every limit that `Plan.shadow_prices` can hold, by the site's own limits and bounds."""
    kinds = {name.partition(":")[0] for name in PRICED}
    # the swing of the exchange is priced in no plan yet
    site_wide = {kind.key for kind in SITE_LIMITS} - {"peak_valley"}
    of_parts = {"max_mw", "max_mwh", "max_charge_mw", "generator_fuel"}
    assert kinds == site_wide | of_parts | {"grid_capacity"}
    assert {LIMIT_KINDS[kind].unit for kind in kinds} == set(PRICE_UNITS)
