"""Output bought by the kWh taken: prices, least energy, several sellers, and what is not taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy import Grid, Limits, Plan, Site, Source, Storage, explain, size
from greenland.energy.case import read_case, rulebook_of
from greenland.energy.money.finance import sized_annual_cost
from greenland.energy.money.project import other_costs, project_of, purchase_costs
from greenland.energy.plan.replay.costs import shortfall_cost
from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.site import PurchaseContract
from greenland.energy.sizing.exclusive import tightened
from greenland.energy.sizing.sensitivity import levers
from greenland.errors import InputError

HOURS = pd.date_range("2027-06-01", periods=96, freq="h")
DAY = HOURS.hour.to_numpy()
SUN = np.clip(np.sin((DAY - 6) / 12 * np.pi), 0, 1)
WIND = 0.4 + 0.3 * np.cos(np.arange(96) / 11)
BUY = np.where((DAY >= 17) & (DAY < 23), 0.8, 0.35)
YEARS = 96 / 8760


def seller(name: str, profile: np.ndarray, mw: float, price: Any, **more: Any) -> Source:
    return Source(name, profile, existing_mw=mw, max_mw=0, purchase=PurchaseContract(price, **more))


def site(*sources: Source, **changes: Any) -> Site:
    load = pd.Series(10 + 3 * np.sin(DAY / 24 * 2 * np.pi), HOURS)
    grid = {"capacity_mw": 30.0, "import_price": BUY, "export_price": 0.1}
    return Site(load, sources=sources, grid=Grid(**grid | changes.pop("grid", {})), **changes)


def test_each_hour_takes_the_cheapest_by_hand() -> None:
    """Merit order: wind at 0.3 first, then sun at 0.5 where the grid asks 0.8, else the grid."""
    where = site(seller("wind", WIND, 12.0, 0.30), seller("sun", SUN, 8.0, 0.50))
    found = size(where)
    load = where.load.to_numpy()
    wind = np.minimum(12.0 * WIND, load)
    sun = np.where(BUY > 0.5, np.minimum(8.0 * SUN, load - wind), 0.0)
    table = found.schedule
    assert table["wind_taken"].to_numpy() == pytest.approx(wind, abs=1e-5)
    assert table["sun_taken"].to_numpy() == pytest.approx(sun, abs=1e-5)
    assert table["import"].to_numpy() == pytest.approx(load - wind - sun, abs=1e-5)
    assert table["curtailment"].to_numpy() == pytest.approx(
        12.0 * WIND + 8.0 * SUN - wind - sun, abs=1e-5
    )
    per_year = 1000 / YEARS
    assert found.costs["purchase:wind"] == pytest.approx(0.30 * wind.sum() * per_year, rel=1e-6)
    assert found.costs["purchase:sun"] == pytest.approx(0.50 * sun.sum() * per_year, rel=1e-6)
    bought = float(BUY @ (load - wind - sun)) * per_year
    assert found.annual_cost == pytest.approx(
        bought + found.costs["purchase:wind"] + found.costs["purchase:sun"], rel=1e-6
    )


def test_export_of_what_is_bought_pays_its_price() -> None:
    """Sold on only where the export price is above the seller's."""
    where = site(seller("wind", WIND, 40.0, 0.15), grid={"export_price": 0.10})
    assert size(where).schedule["export"].max() < 1e-6
    dearer = site(seller("wind", WIND, 40.0, 0.15), grid={"export_price": 0.20})
    found = size(dearer)
    assert found.schedule["export"].to_numpy() == pytest.approx(
        np.minimum(40 * WIND - dearer.load.to_numpy(), 30.0).clip(0), abs=1e-4
    )


def test_a_price_of_every_step() -> None:
    price = np.where(DAY < 12, 0.2, 0.6)
    found = size(site(seller("wind", WIND, 12.0, price)))
    taken = found.schedule["wind_taken"].to_numpy()
    assert taken[(DAY >= 12) & (BUY < 0.6)] == pytest.approx(0.0, abs=1e-6)
    assert (taken[DAY < 12] > 1).all()


@pytest.fixture(scope="module")
def due() -> Plan:
    """Takes nothing by itself: 0.9 yuan against 0.8 at most; 20 GWh a year are due."""
    return size(site(seller("sun", SUN, 8.0, 0.9, min_take_mwh=20_000.0)))


def test_least_energy_is_taken_where_it_saves_most(due: Plan) -> None:
    """What is due is paid in any case: taking it saves all of the purchase it replaces."""
    output = 8.0 * SUN.sum()
    need = 20_000.0 * YEARS
    assert output > need
    taken = due.schedule["sun_taken"]
    assert float(taken.sum()) == pytest.approx(need, rel=1e-5)
    assert due.costs["shortfall:sun"] == pytest.approx(0.0, abs=1.0)
    dear = taken[BUY > 0.5].sum()
    assert dear == pytest.approx(float((8.0 * SUN)[BUY > 0.5].sum()), rel=1e-5)


def test_what_cannot_be_taken_is_paid(due: Plan) -> None:
    """40 GWh due of a source that gives less: all taken, the rest at the price of a shortfall."""
    contract = PurchaseContract(0.9, min_take_mwh=40_000.0, shortfall_price=0.4)
    where = site(replace(due.site.sources[0], purchase=contract))
    found = size(where)
    load = where.load.to_numpy()
    most = float(np.minimum(8.0 * SUN, load).sum())
    missing = (40_000.0 * YEARS - most) / YEARS
    # a kWh taken costs 0.9, saves 0.4 of the shortfall and the purchase: worth it above 0.5
    taken = np.where(BUY > 0.5, np.minimum(8.0 * SUN, load), 0.0).sum()
    assert float(found.schedule["sun_taken"].sum()) == pytest.approx(taken, rel=1e-5)
    short = 1000 * 0.4 * (40_000.0 - taken / YEARS)
    assert found.costs["shortfall:sun"] == pytest.approx(short, rel=1e-5)
    assert missing > 0
    drawn = found.schedule["sun_taken"].to_numpy()
    assert shortfall_cost(where, where.sources[0], drawn) == pytest.approx(short, rel=1e-5)


def test_least_energy_holds_in_each_weather_year() -> None:
    index = pd.date_range("2025-12-31", periods=48, freq="h")
    profile = np.concatenate([np.full(24, 0.5), np.zeros(24)])
    source = Source(
        "wind", profile, existing_mw=4, max_mw=0, purchase=PurchaseContract(1.0, 8760.0)
    )
    load = pd.Series(10.0, index)
    whole = Site(load, [source], grid=Grid(capacity_mw=20, import_price=0.5))
    each = replace(whole, weather_years="each")
    taken = 4 * profile  # 48 MWh in 2025, of 24 due in each year, 48 in both
    assert shortfall_cost(whole, source, taken) == pytest.approx(0.0, abs=1e-6)
    assert shortfall_cost(each, source, taken) == pytest.approx(1000 * 24 * 8760 / 48)
    assert size(each).costs["shortfall:wind"] == pytest.approx(1000 * 24 * 8760 / 48, rel=1e-6)


def test_contracted_capacity_may_be_decided() -> None:
    """Without a cost of its own it is as large as it is worth, with a fee it is weighed."""
    free = Source("wind", WIND, max_mw=50.0, purchase=PurchaseContract(0.2))
    paid = replace(free, opex=800.0)
    large, small = size(site(free)), size(site(paid))
    assert large.capacities["wind"] > small.capacities["wind"] > 0
    for found in (large, small):
        untaken = found.schedule["wind"] - found.schedule["wind_taken"]
        assert (untaken > -1e-6).all()


def test_what_is_not_taken_counts_as_curtailed() -> None:
    """The output of the whole source is the project's generation, as in 650."""
    dear = seller("sun", SUN, 8.0, 0.9)
    loose = size(site(dear))
    assert loose.ratios["curtailment_share"] > 0.5
    kept = size(site(dear, limits=Limits(min_self_use_of_generation=0.6)))
    assert kept.ratios["self_use_of_generation"] == pytest.approx(0.6, abs=1e-6)
    assert kept.annual_cost > loose.annual_cost
    assert explain(kept).sentences


def test_beside_owned_plant_and_storage_both_engines_agree() -> None:
    """The seller's energy may be stored; HiGHS and the interior-point engine find one cost."""
    owned = Source("pv", SUN, capex=2500.0, max_mw=30.0)
    store = Storage("battery", power_capex=150.0, energy_capex=250.0, max_mw=8.0)
    where = site(
        seller("wind", WIND, 15.0, 0.25, min_take_mwh=40_000.0),
        owned,
        storages=[store],
        limits=Limits(max_export_share=0.2),
    )
    one, two = size(where, engine="interior"), size(where, engine="highs")
    assert one.annual_cost == pytest.approx(two.annual_cost, rel=1e-6)
    assert one.schedule["wind_taken"].sum() > 0
    paid = one.costs["purchase:wind"] + one.costs["shortfall:wind"]
    assert purchase_costs(where, one.schedule) == pytest.approx(paid, rel=1e-9)
    assert other_costs(where, one.schedule) == 0.0
    project = project_of(one, where, None, None)
    assert project.purchase_yuan == pytest.approx(paid, rel=1e-9)
    assert sized_annual_cost(project) == pytest.approx(one.annual_cost, rel=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("price", [0.1, 0.7])
def test_selling_above_the_purchase_price_stays_exclusive(price: float) -> None:
    """Export pays 0.9 and import costs 0.35: the bound on import holds only if taking is cheap."""
    where = site(
        seller("wind", WIND, 15.0, price),
        Source("pv", SUN, capex=2500.0, existing_mw=5.0, max_mw=15.0),
        grid={"export_price": 0.9, "capacity_mw": 12.0},
    )
    found = size(where)
    both = np.minimum(found.schedule["import"], found.schedule["export"])
    assert float(both.max()) < 1e-5
    exact = size(where, engine="highs")
    assert found.annual_cost == pytest.approx(exact.annual_cost, rel=2e-4)


def test_import_is_bounded_by_what_is_generated_only_where_taking_is_cheap() -> None:
    """At 0.7 yuan it is cheaper to import at 0.35 beside curtailed wind, at 0.8 it is not."""
    data = prepare(site(seller("wind", WIND, 5.0, 0.7)))
    capped = tightened(data, objective_costs(data)).import_cap
    load = data.load
    assert capped[BUY < 0.7] == pytest.approx(load[BUY < 0.7])
    assert capped[BUY > 0.7] == pytest.approx((load - 5.0 * WIND)[BUY > 0.7])


def test_price_of_a_seller_is_a_lever() -> None:
    where = site(seller("wind", WIND, 12.0, 0.30, shortfall_price=0.2), seller("sun", SUN, 8, BUY))
    found = {(name, key.owner): (low, high) for name, key, low, high in levers(where, 0.1) if key}
    low, high = found["purchase_price", "wind"]
    assert low.sources[0].purchase is not None
    assert high.sources[0].purchase is not None
    assert low.sources[0].purchase.price == pytest.approx(0.27)
    assert high.sources[0].purchase.shortfall_price == pytest.approx(0.22)
    low, _high = found["purchase_price", "sun"]
    assert low.sources[1].purchase is not None
    assert np.asarray(low.sources[1].purchase.price) == pytest.approx(0.9 * BUY)


@pytest.mark.parametrize(
    ("source", "match"),
    [
        (seller("wind", WIND, 12.0, -0.1), "“wind”的购电价格有 1 个负值"),
        (seller("wind", WIND, 12.0, 300.0), "像是以“元/MWh”填写"),
        (seller("wind", WIND, 12.0, 0.3, min_take_mwh=-1.0), "min_take_mwh 超出允许范围"),
        (seller("wind", WIND, 12.0, 0.3, shortfall_price=-1.0), "shortfall_price 超出允许范围"),
        (seller("wind", WIND, 12.0, [0.3] * 12), "“wind”的购电价格.*12"),
        (Source("wind", WIND, purchase=PurchaseContract(0.3)), "须给出可签约的容量"),
    ],
)
def test_faults(source: Source, match: str) -> None:
    with pytest.raises(InputError, match=match):
        site(source)


def test_a_case_with_a_seller(tmp_path: Path) -> None:
    """Twelve prices are those of the months; the rest is read as it stands."""
    index = pd.date_range("2026-01-31", periods=48, freq="h")
    table = pd.DataFrame({"time": index, "load": 10.0, "wind": 0.5})
    table.to_csv(tmp_path / "curves.csv", index=False)
    text = """
load: {{file: curves.csv, column: load}}
sources:
  - name: wind
    profile: {{file: curves.csv, column: wind}}
    existing_mw: 30
    max_mw: 0
    purchase: {purchase}
grid: {{capacity_mw: 20, import_price: 0.5}}
rules: {{packs: [national]}}
year: 2026
"""

    def priced(purchase: str) -> Site:
        (tmp_path / "case.yaml").write_text(text.format(purchase=purchase), encoding="utf-8")
        loaded = read_case(tmp_path / "case.yaml")
        return loaded.site(rulebook_of(loaded))

    months = [0.1 * month for month in range(1, 13)]
    contract = priced(f"{{price: {months}, min_take_mwh: 5}}").sources[0].purchase
    assert contract is not None
    assert contract.prices(48) == pytest.approx([0.1] * 24 + [0.2] * 24)
    assert contract.min_take_mwh == 5
    assert contract.price_of_shortfall(48) == pytest.approx(0.15)
    read = priced("{price: {file: curves.csv, column: wind}}").sources[0].purchase
    assert read is not None
    assert read.prices(48) == pytest.approx(0.5)
    with pytest.raises(InputError, match=r"找不到曲线文件 none\.csv"):
        priced("{price: none.csv}")
    with pytest.raises(InputError, match="purchase"):
        priced("{min_take_mwh: 5}")


@pytest.mark.parametrize("least", [0.0, 20_000.0, 40_000.0])
def test_the_program_pays_what_the_replay_does(least: float) -> None:
    """The optimum of the program itself, against the cost of its schedule by plain arithmetic."""
    where = site(
        seller("wind", WIND, 12.0, 0.30),
        seller("sun", SUN, 8.0, 0.9, min_take_mwh=least, shortfall_price=0.4),
    )
    raw, found = solve_arrays(where), size(where)
    assert 1000 * raw.objective == pytest.approx(found.annual_cost, rel=1e-6)
