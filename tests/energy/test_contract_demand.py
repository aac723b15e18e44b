"""Declared demand: 105 % and 40 %, in the sizing, the replay, the bill and the checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tariff_configs import config

from greenland.energy import Grid, Plan, Site, Source, Storage, size
from greenland.energy.money.bill import bill
from greenland.energy.money.operation import Operation
from greenland.energy.plan.replay.costs import demand_charge
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.site import ContractDemand, DemandCharge
from greenland.energy.tariff import Tariff, sizing_prices
from greenland.energy.tariff.resolve import grid_only, resolve
from greenland.errors import InputError
from greenland.rules import load_rulebook

BOOK = load_rulebook(("national", "yunnan"), 2027)
STEPS = pd.date_range("2027-03-30", periods=96, freq="h", tz="Asia/Shanghai")  # two months
PRICE = 30.0
MONTHLY = ContractDemand(1.05, 2.0)


def site(contract: ContractDemand | None, **changes: Any) -> Site:
    hours = STEPS.hour.to_numpy()
    load = 10 + 4 * np.sin(hours / 24 * 2 * np.pi) + np.where(STEPS.month == 4, 2.0, 0.0)
    sun = np.clip(np.sin((hours - 6) / 12 * np.pi), 0, 1)
    charge = DemandCharge(PRICE, contract=contract)
    grid = {"capacity_mw": 40.0, "import_price": 0.5, "demand_charges": [charge]}
    return Site(
        pd.Series(load, STEPS),
        sources=[Source("pv", sun, capex=2500.0, max_mw=30.0)],
        storages=[Storage("battery", power_capex=150.0, energy_capex=200.0, max_mw=10)],
        grid=Grid(**grid | changes),
    )


def bought(plan: Plan) -> list[float]:
    peaks = plan.schedule["import"].groupby(STEPS.month).max()
    return [float(peak) for peak in peaks]


@pytest.fixture(scope="module")
def plain() -> Plan:
    return size(site(None))


def test_declared_month_by_month_is_the_peak_over_the_allowance(plain: Plan) -> None:
    """Without a floor 1.05 kW drawn cost as much as one kW declared: a cheaper demand price."""
    cheaper = size(site(None, demand_charges=[DemandCharge(PRICE / 1.05)]))
    found = size(site(MONTHLY))
    assert found.annual_cost == pytest.approx(cheaper.annual_cost, rel=1e-7)
    assert found.costs["demand_charge"] == pytest.approx(
        6 * 1000 * PRICE * sum(bought(found)) / 1.05, rel=1e-9
    )
    assert found.annual_cost < plain.annual_cost


def test_floor_is_paid_and_shaving_below_it_is_not(plain: Plan) -> None:
    floor = 0.4 * 40.0  # above what the unfettered plan draws
    assert max(bought(plain)) < floor
    found = size(site(ContractDemand(1.05, 2.0, least_share=0.4)))
    assert found.costs["demand_charge"] == pytest.approx(12 * 1000 * PRICE * floor, rel=1e-9)
    free = size(site(None, demand_charges=()))
    assert found.annual_cost - 12e3 * PRICE * floor == pytest.approx(free.annual_cost, rel=1e-6)


def test_given_demand_costs_at_least_what_the_monthly_choice_does() -> None:
    best = size(site(MONTHLY))
    month = dict.fromkeys(range(1, 13), 1.0)
    for factor in (0.8, 1.0, 1.2):
        given = {3: factor * bought(best)[0] / 1.05, 4: factor * bought(best)[1] / 1.05}
        found = size(site(ContractDemand(1.05, 2.0, declared_mw=month | given)))
        if factor == 1.0:
            assert found.annual_cost == pytest.approx(best.annual_cost, rel=1e-7)
        else:
            assert found.annual_cost > best.annual_cost * (1 + 1e-6)


def test_demand_beyond_the_allowance_by_hand() -> None:
    """March draws 12 MW of 10 declared: 10 + 2 x (12 - 10.5) = 13; April 10.5 of 10: 10."""
    index = pd.date_range("2027-03-31 22:00", periods=4, freq="h")
    contract = ContractDemand(1.05, 2.0, declared_mw=10.0)
    grid = Grid(capacity_mw=20.0, demand_charges=[DemandCharge(30.0, contract=contract)])
    where = Site(pd.Series(10.0, index), grid=grid)
    drawn = np.array([5.0, 12.0, 10.5, 1.0])
    assert demand_charge(where, drawn) == pytest.approx(6 * 30e3 * (13 + 10))
    floored = replace(contract, declared_mw=None, least_share=0.55)  # 11 MW of 20
    raised = replace(grid, demand_charges=[DemandCharge(30.0, contract=floored)])
    assert demand_charge(replace(where, grid=raised), drawn, 20.0) == pytest.approx(
        6 * 30e3 * (12 / 1.05 + 11)
    )


def test_floor_grows_with_a_connection_that_is_decided() -> None:
    """Each MW of connection declares 0.4 MW: the sizing weighs it, and the replay agrees."""
    contract = ContractDemand(1.05, 2.0, least_share=0.9)
    free = {"capacity_mw": None, "max_capacity_mw": 40.0, "capex": 1.0}
    found = size(site(contract, **free, min_capacity_mw=20.0))
    assert found.capacities["grid"] == pytest.approx(20.0, rel=1e-6)
    assert found.costs["demand_charge"] == pytest.approx(12e3 * PRICE * 18.0, rel=1e-6)
    loose = size(site(contract, **free))
    assert loose.costs["demand_charge"] == pytest.approx(
        6e3 * PRICE * sum(max(p / 1.05, 0.9 * loose.capacities["grid"]) for p in bought(loose)),
        rel=1e-9,
    )


@pytest.mark.parametrize(
    ("contract", "changes", "match"),
    [
        (ContractDemand(0.9, 2.0), {}, "allowance 超出允许范围"),
        (ContractDemand(1.05, 0.5), {}, "excess_rate 超出允许范围"),
        (ContractDemand(1.05, 2.0, declared_mw=-1.0), {}, "declared_mw 超出允许范围"),
        (ContractDemand(1.05, 2.0, declared_mw={1: 5.0}), {}, "缺 2、3、.*12 月"),
        (ContractDemand(1.05, 2.0, 15.9, least_share=0.4), {}, "15900 kW.*不小于 16000 kW"),
        (ContractDemand(1.05, 2.0, 5.0, least_mw=6.0), {}, "5000 kW.*不小于 6000 kW"),
        (
            ContractDemand(1.05, 2.0, 15.9, least_share=0.4),
            {"capacity_mw": None, "max_capacity_mw": 40.0},
            "接入容量由测算确定时，合同最大需量不能写死",
        ),
        (ContractDemand(1.05, 2.0, least_share=0.4), {"capacity_mw": None}, "须给出接入容量"),
    ],
)
def test_faults(contract: ContractDemand, changes: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        site(contract, **changes)


def test_declared_demand_counts_all_steps() -> None:
    half = DemandCharge(PRICE, when=STEPS.hour < 12, contract=MONTHLY)
    with pytest.raises(InputError, match="合同最大需量按全部时段计"):
        site(None, demand_charges=[half])


# -- the tariff ----------------------------------------------------------------------------------


def tariff(declared: Any, **changes: Any) -> Tariff:
    given = config(billing="demand", contract_demand_kw=declared, **changes)
    return resolve(given, STEPS, BOOK)[0]


def drawn(rng: np.random.Generator) -> pd.DataFrame:
    load = rng.uniform(8, 16, len(STEPS))
    own = rng.uniform(0, 6, len(STEPS))
    parts = {"load": load, "import": load - own, "export": 0.0}
    return pd.DataFrame(parts, STEPS)


@pytest.mark.parametrize("declared", ["monthly", 9000, [9500.0] * 12])
@pytest.mark.parametrize("kva", [None, 22000])
def test_bill_is_what_the_sizing_pays(declared: Any, kva: float | None) -> None:
    found = tariff(declared, connected_kva=kva)
    schedule = drawn(np.random.default_rng(4))
    made = bill(found, schedule, 18.0)
    prices = sizing_prices(found)
    grid = Grid(capacity_mw=18.0, **prices.grid_fields())
    where = Site(schedule["load"], grid=grid)
    imported = schedule["import"].to_numpy()
    paid = made.yuan_per_year("demand_charge", "demand_excess")
    assert paid == pytest.approx(demand_charge(where, imported, 18.0), rel=1e-12)
    quick = Operation(schedule, found, 18.0).new()
    assert quick.grid_fixed == pytest.approx(paid, rel=1e-12)


def test_bill_shows_what_is_declared_and_what_is_beyond() -> None:
    found, schedule = tariff(9000), drawn(np.random.default_rng(4))
    lines = bill(found, schedule, 18.0).lines.set_index(["item", "month"])
    peak = schedule["import"].groupby(STEPS.strftime("%Y-%m")).max() * 1000
    for month in ("2027-03", "2027-04"):
        assert lines.loc[("demand_charge", month), "quantity"] == pytest.approx(9000)
        beyond = lines.loc[("demand_excess", month)]
        assert beyond["quantity"] == pytest.approx(peak[month] - 9450)
        assert beyond["price"] == pytest.approx(2 * 36.0 * 6 * 96 / 8760)
    monthly = bill(tariff("monthly"), schedule, 18.0).lines
    assert "demand_excess" not in set(monthly["item"])


def test_the_least_is_of_the_kva_or_of_the_connection_over_the_power_factor() -> None:
    given = tariff("monthly", connected_kva=22000).fixed[0].contract
    assert given is not None
    assert (given.least_mw, given.least_share) == (pytest.approx(8.8), 0.0)
    other = tariff("monthly", power_factor=0.8).fixed[0].contract
    assert other is not None
    assert (other.least_mw, other.least_share) == (0.0, pytest.approx(0.5))
    noted = {item.item: item for item in tariff(9000).assumptions}
    assert noted["contract_demand"].value == 9000
    assert noted["contract_allowance"].value == 1.05
    assert noted["contract_least_share"].rule_id == "energy.tariff.contract_demand.least_share"


def test_all_from_the_grid_declares_anew() -> None:
    whole = grid_only(config(billing="demand", contract_demand_kw=9000), STEPS, BOOK)
    contract = whole.fixed[0].contract
    assert contract is not None
    assert contract.declared_mw is None
    own = {"contract_demand_kw": 15000}
    asked = grid_only(config(billing="demand", contract_demand_kw=9000, grid_only=own), STEPS, BOOK)
    assert asked.fixed[0].contract is not None
    assert asked.fixed[0].contract.declared_mw == 15.0
    plain = grid_only(config(billing="demand"), STEPS, BOOK)
    assert plain.fixed[0].contract is None


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"billing": "capacity", "contract_demand_kw": 9000}, "只用于按需量计费"),
        ({"billing": "demand", "contract_demand_kw": 0}, "大于 0 的千瓦数"),
        ({"billing": "demand", "contract_demand_kw": [1.0] * 11}, "十二个千瓦数"),
        ({"billing": "demand", "contract_demand_kw": "每月"}, "应为 monthly"),
    ],
)
def test_what_may_be_declared(changes: dict[str, Any], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        config(**changes)


def test_capacities_and_prices_move_a_known_answer() -> None:
    """The problem solved anew for other prices and sizes is that of a site made anew."""
    contract = ContractDemand(1.05, 2.0, least_share=0.2)
    base = site(contract)
    dearer = DemandCharge(1.5 * PRICE, contract=replace(contract, least_share=0.3))
    assert base.grid is not None
    other = replace(base, grid=replace(base.grid, demand_charges=[dearer]))
    first = size(base)
    assert size(other).annual_cost == pytest.approx(size(other, engine="highs").annual_cost)
    assert first.annual_cost == pytest.approx(size(base, engine="highs").annual_cost)


@pytest.mark.parametrize(
    ("contract", "changes"),
    [
        (MONTHLY, {}),
        (ContractDemand(1.05, 2.0, declared_mw=8.0), {}),
        (ContractDemand(1.05, 2.0, least_share=0.9), {"capacity_mw": None, "max_capacity_mw": 40}),
        (ContractDemand(1.05, 2.0, least_mw=15.0, least_share=0.1), {}),
    ],
)
def test_the_program_pays_what_the_replay_does(
    contract: ContractDemand, changes: dict[str, Any]
) -> None:
    """The optimum of the program itself, against the cost of its schedule by plain arithmetic."""
    where = site(contract, **changes)
    raw, found = solve_arrays(where), size(where)
    assert 1000 * raw.objective == pytest.approx(found.annual_cost, rel=1e-6)


def test_what_is_paid_in_any_case_is_worth_its_years() -> None:
    """8 MW declared: 30 x 12 x 8 (1 - 2.1) thousand yuan a year, of 25 years for npv."""
    where = site(ContractDemand(1.05, 2.0, declared_mw=8.0))
    present, yearly = prepare(where, "npv"), prepare(where)
    assert yearly.fixed == pytest.approx(PRICE * 12 * 8 * (1 - 2.1))
    assert present.fixed == pytest.approx(yearly.fixed * (1 - 1.07**-25) / 0.07)
