"""Generators: what is turned on at the price of its fuel, green or not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index
from sites import biomass, gas, variants
from sites import site as ordinary

from greenland.energy.given_sizes import sizes_of, with_sizes
from greenland.energy.money.assets import assets_of
from greenland.energy.money.project import fuel_emission, metered, other_costs, project_of
from greenland.energy.plan.explain.explanation import explain
from greenland.energy.plan.explain.nearest import nearest_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import ReplayError, replay
from greenland.energy.problem.solution import Status
from greenland.energy.site import Generator, Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.rounding import WORTHWHILE, round_units, with_new_capacities
from greenland.energy.sizing.sensitivity import levers, study_plan
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

HOURS = 4
PER_YEAR = 8760 / HOURS  # four hours stand for a year


def plant(**fields: Any) -> Generator:
    """10 MW of biomass there already: 0.5 of 4000 kWh/t, 400 yuan/t, so 0.2 + 0.01 yuan/kWh."""
    given: dict[str, Any] = {
        "green": True,
        "existing_mw": 10.0,
        "max_mw": 0.0,
        "efficiency": 0.5,
        "fuel_kwh": 4000.0,
        "fuel_price": 400.0,
        "variable_cost": 0.01,
        "emission_factor": 20.0,
    }
    return Generator("bio", "biomass", 20.0, **(given | fields))


def engine(**fields: Any) -> Generator:
    """A gas engine there already: 0.4 of 10 kWh/m3, 2 yuan/m3, so 0.5 yuan/kWh."""
    given: dict[str, Any] = {
        "existing_mw": 10.0,
        "max_mw": 0.0,
        "efficiency": 0.4,
        "fuel_kwh": 10.0,
        "fuel_price": 2.0,
        "emission_factor": 2.0,
    }
    return Generator("gas", "gas", 15.0, **(given | fields))


def bought(*generators: Generator, load: float = 12.0, **fields: Any) -> Site:
    """Four hours of 12 MW; power costs 0.1, 0.3, 0.6 and 0.9 yuan/kWh, and sells for 0.05."""
    grid = Grid(
        import_price=[0.1, 0.3, 0.6, 0.9],
        export_price=0.05,
        self_use_price=0.02,
        emission_factor=0.5,
    )
    defaults: dict[str, Any] = {"grid": grid, "discount_rate": 0.0, "generators": generators}
    return Site(pd.Series(load, index(HOURS)), **(defaults | fields))


@pytest.fixture(scope="module")
def both() -> Plan:
    return size(bought(plant(), engine()))


def test_each_runs_where_its_fuel_is_cheaper_than_what_is_bought(both: Plan) -> None:
    """0.21 + 0.02 beats 0.3, 0.6 and 0.9; 0.5 + 0.02 beats 0.6 and 0.9 for the 2 MW left over."""
    assert both.schedule["bio"].to_numpy() == pytest.approx([0, 10, 10, 10], abs=1e-6)
    assert both.schedule["gas"].to_numpy() == pytest.approx([0, 0, 2, 2], abs=1e-6)
    assert both.schedule["import"].to_numpy() == pytest.approx([12, 2, 0, 0], abs=1e-6)


def test_fuel_is_paid_by_what_is_burnt(both: Plan) -> None:
    """30 MWh of 0.5 t each at 400 yuan; 4 MWh of 250 m3 each at 2 yuan."""
    costs = both.costs / PER_YEAR
    assert costs["fuel:bio"] == pytest.approx(30 * 0.5 * 400, rel=1e-6)
    assert costs["bio"] == pytest.approx(30_000 * 0.01, rel=1e-6)
    assert costs["fuel:gas"] == pytest.approx(4 * 250 * 2, rel=1e-6)
    assert costs["self_use_fees"] == pytest.approx(34_000 * 0.02, rel=1e-6)
    assert both.annual_cost == pytest.approx(both.costs.sum())


def test_only_what_is_green_counts_as_green(both: Plan) -> None:
    """Of 48 MWh used 30 are green, 4 are not, 14 are bought; nothing is curtailed or sold."""
    assert both.ratios["self_use_of_consumption"] == pytest.approx(30 / 48)
    assert both.ratios["self_use_of_generation_net"] == pytest.approx(1.0)
    assert both.energy["available_generation"] == pytest.approx(30 * PER_YEAR)
    assert both.energy["other_generation"] == pytest.approx(4 * PER_YEAR)


def test_green_share_is_of_green_energy_alone() -> None:
    """A share that the biomass reaches in one more hour than it pays in; gas cannot help."""
    limits = Limits(min_self_use_of_consumption=0.75)
    plan = size(bought(plant(), engine(), limits=limits))
    assert plan.schedule["bio"].sum() == pytest.approx(36, rel=1e-6)
    beyond = replace(limits, min_self_use_of_consumption=0.9)
    assert size(bought(plant(), engine(), limits=beyond)).status is Status.INFEASIBLE


def test_what_is_not_green_is_neither_sold_nor_stored() -> None:
    """Selling for 5 yuan/kWh pays for gas; a battery between cheap gas and dear hours does too."""
    dear = Grid(import_price=[0.1, 0.1, 5.0, 5.0], export_price=4.0, max_import_mw=6.0)
    store = Storage("cells", existing_mw=10, existing_mwh=10, max_mw=0, max_mwh=0)
    loads = pd.Series([4.0, 4.0, 14.0, 14.0], index(HOURS))
    made = Site(
        loads,
        storages=[replace(store, grid_charging=True)],
        grid=dear,
        generators=[engine(fuel_price=0.1)],
        limits=Limits(max_unserved_share=0.5),
        unserved_price=50.0,
    )
    plan = size(made)
    assert plan.schedule["export"].max() < 1e-6
    assert (plan.schedule["gas"] <= loads + 1e-6).all()
    charged = plan.schedule["cells_charge"]
    assert (charged <= plan.schedule["import"] + 1e-6).all()


def test_green_energy_is_sold_and_stored() -> None:
    """The same with biomass: it charges and sells."""
    dear = Grid(import_price=5.0, export_price=4.0, max_import_mw=6.0)
    made = bought(plant(), grid=dear, load=4.0)
    assert size(made).schedule["export"].to_numpy() == pytest.approx(6.0)


def test_off_grid_a_generator_is_a_backup() -> None:
    """Sun in two hours of four; diesel gives the rest and makes no green share."""
    sun = Source("pv", [1.0, 1.0, 0.0, 0.0], capex=100.0)
    diesel = Generator(
        "diesel", "diesel", 15, capex=500.0, efficiency=0.4, fuel_price=0.8, emission_factor=0.27
    )
    plan = size(bought(diesel, grid=None, sources=[sun]))
    assert plan.schedule["diesel"].to_numpy() == pytest.approx([0, 0, 12, 12], abs=1e-6)
    assert plan.ratios["self_use_of_consumption"] == pytest.approx(0.5)
    assert plan.capacities["diesel"] == pytest.approx(12.0)
    assert plan.annual_cost == pytest.approx(
        12_000 * 100 / 25 + 12_000 * 500 / 15 + 24_000 * PER_YEAR * 0.8 / 0.4, rel=1e-6
    )
    assert fuel_emission(plan.site, plan.schedule) == pytest.approx(24 * 0.27 / 0.4 * PER_YEAR)


def test_nothing_is_generated_to_be_curtailed() -> None:
    """Waste heat costs nothing: curtailing it would make room for more sun to be sold."""
    sun = Source("pv", [0.0, 1.0, 0.0, 0.0], existing_mw=30.0, max_mw=0.0)
    heat = Generator("heat", "waste_heat", 20, green=True, existing_mw=10.0, max_mw=0.0)
    made = bought(heat, sources=[sun], limits=Limits(max_export_share=0.1), load=5.0)
    plan = size(made)
    generated = plan.energy["available_generation"] / PER_YEAR
    assert plan.schedule["export"].sum() <= 0.1 * generated + 1e-6
    lost = plan.schedule["curtailment"] - plan.schedule["pv"]
    assert lost.max() < 1e-6
    # 10 MW that are never turned off are curtailed where nothing takes them
    running = replace(made, generators=[replace(heat, min_load_share=1.0)], limits=Limits())
    no_export = replace(running, grid=replace(running.grid, export_allowed=False))
    assert size(no_export).schedule["curtailment"].to_numpy() == pytest.approx([5, 35, 5, 5])


# What must hold ------------------------------------------------------------------------------


def test_fuel_of_a_year_is_a_limit_with_a_price() -> None:
    """12 t in four hours are 24 MWh; a tonne more is 2 MWh in the hour at 0.3 yuan."""
    most = 12 * PER_YEAR
    plan = size(bought(plant(max_fuel=most)))
    assert plan.schedule["bio"].to_numpy() == pytest.approx([0, 4, 10, 10], abs=1e-5)
    looser = size(bought(plant(max_fuel=most + 1.0)))
    saved = plan.annual_cost - looser.annual_cost
    assert saved == pytest.approx(2000 * 0.3 - 2000 * 0.21 - 2000 * 0.02, rel=1e-4)
    assert plan.shadow_prices["generator_fuel:bio"] == pytest.approx(saved, rel=1e-4)
    said = [text for text in explain(plan).sentences if "年燃料量" in str(text)]
    assert len(said) == 1
    assert "bio的年燃料量每增加 1 单位燃料，年费用减少 140 元。" in str(said[0])


def test_co2_counts_what_is_burnt() -> None:
    """Bought power and gas emit 0.5 t/MWh, biomass 10 kg/MWh: the limit turns to biomass."""
    free = size(bought(plant(fuel_price=2000.0), engine(fuel_price=0.1)))
    most = 0.8 * 48 * 0.5 * PER_YEAR
    plan = size(
        bought(plant(fuel_price=2000.0), engine(fuel_price=0.1), limits=Limits(max_co2_t=most))
    )
    row = plan.limits.set_index("limit").loc["co2"]
    assert row["value"] == pytest.approx(most, rel=1e-6)
    emitted = 0.5 * plan.energy["import"] + fuel_emission(plan.site, plan.schedule)
    assert row["value"] == pytest.approx(emitted, rel=1e-9)
    assert plan.schedule["bio"].sum() > free.schedule["bio"].sum() + 1
    tight = bought(engine(), limits=Limits(max_co2_t=1.0))
    text = str(explain(size(tight)))
    assert "年碳排放" in text


SOUND = {"bio": [0.0, 10.0, 10.0, 10.0], "gas": [0.0, 0.0, 2.0, 2.0], "import": [12.0, 2.0, 0, 0]}


def by_hand(**columns: list[float]) -> pd.DataFrame:
    table = pd.DataFrame({"load": 12.0, **(SOUND | columns)}, index=index(HOURS))
    return table.assign(export=table.get("export", 0.0), curtailment=table.get("curtailment", 0.0))


@pytest.mark.parametrize(
    ("fields", "columns", "check", "excess"),
    [
        ({"availability": [1.0, 0.9, 1.0, 1.0]}, {}, "bio_power", 1 / 12),
        (
            {"existing_mw": 9.0, "min_mw": 1.0, "max_mw": 1.0, "availability": 0.8},
            {},
            "bio_power",
            2 / 12,
        ),
        ({"min_load_share": 0.05, "availability": [0.8, 1, 1, 1]}, {}, "bio_min_load", 0.4 / 12),
        ({"existing_mw": 5.0, "max_mw": 4.0}, {}, "bio_bounds", 1 / 10),
        ({"min_mw": 1.0, "max_mw": 2.0}, {}, "bio_bounds", 1 / 10),
        (
            {},
            {"bio": [3.0, 10.0, 10.0, 10.0], "curtailment": [3.0, 0, 0, 0]},
            "curtailment",
            3 / 12,
        ),
        (
            {},
            {"gas": [0.0, 0.0, 5.0, 2.0], "export": [0.0, 0.0, 3.0, 0.0]},
            "",
            0.0,
        ),
        (
            {},
            {"gas": [0, 0, 13.0, 2], "export": [0, 0, 11.0, 0]},
            "import_use",
            1 / 12,
        ),
    ],
)
def test_the_replay_holds_generators_to_what_can_run(
    fields: dict[str, Any], columns: dict[str, Any], check: str, excess: float
) -> None:
    made = bought(plant(**fields), engine(existing_mw=13.0))
    found = replay(made, {"bio": 10.0, "gas": 13.0, "grid": 12.0}, by_hand(**columns))
    broken = found.checks[found.checks > 1e-9]
    assert list(broken.index) == ([check] if check else [])
    if check:
        assert broken[check] == pytest.approx(excess)
        with pytest.raises(ReplayError, match=f"“{check}”相差"):
            found.require_closed()


@pytest.mark.parametrize(
    ("made", "limit", "value"),
    [
        (bought(plant(max_fuel=14 * PER_YEAR), engine()), "generator_fuel:bio", 15 * PER_YEAR),
        (
            bought(plant(), engine(), limits=Limits(max_co2_t=9 * PER_YEAR)),
            "co2",
            (14 * 0.5 + 30 * 0.01 + 4 * 0.5) * PER_YEAR,
        ),
    ],
    ids=["fuel", "co2"],
)
def test_the_replay_reckons_limits_of_fuel(made: Site, limit: str, value: float) -> None:
    found = replay(made, {"bio": 10.0, "gas": 10.0, "grid": 12.0}, by_hand())
    row = found.limits.set_index("limit").loc[limit]
    assert row["value"] == pytest.approx(value)
    assert row["excess"] == pytest.approx(value / row["required"] - 1)
    assert found.residual == pytest.approx(row["excess"])


# Around the sizing ---------------------------------------------------------------------------


def test_the_money_is_that_of_the_plan() -> None:
    """Assets and running costs add up to the annual cost; what is burnt emits in the account."""
    made = bought(
        plant(existing_mw=0.0, max_mw=10.0, capex=3000.0, opex=100.0), engine(variable_cost=0.03)
    )
    plan = size(made)
    assets = {one.name: one for one in assets_of(made, plan.capacities)}
    mw = plan.capacities["bio"]
    assert assets["bio"].capex == pytest.approx(3e6 * mw)
    assert assets["bio"].opex == pytest.approx(1e5 * mw)
    assert str(assets["bio"].kind) == "generator"
    fuels = plan.costs["fuel:bio"] + plan.costs["fuel:gas"]
    spent = other_costs(made, plan.schedule)
    burnt = plan.schedule["bio"].sum() * 10 + plan.schedule["gas"].sum() * 30
    assert spent == pytest.approx(fuels + burnt * PER_YEAR, rel=1e-9)
    project = project_of(plan, made, None, None)
    year = project.operation.new()
    assert project.other_yuan == pytest.approx(spent)
    assert year.fuel_tco2 == pytest.approx(fuel_emission(made, plan.schedule))
    assert year.not_green == pytest.approx(plan.schedule["gas"].sum() * PER_YEAR)
    assert year.generation == pytest.approx(plan.energy["available_generation"])
    assert year.green == pytest.approx(plan.energy["self_use"])
    assert year.self_use_charges == pytest.approx(plan.costs["self_use_fees"])
    assert metered(made, plan.schedule)["other"].equals(plan.schedule["gas"].rename("other"))


def test_a_green_price_is_of_green_energy() -> None:
    """Gas is left out on both sides, as bought power is: 0.21 + 0.02 yuan/kWh."""
    plan = size(bought(plant(), engine()))
    assert plan.green_price == pytest.approx((30 * 0.21 + 34 * 0.02) / 30, rel=1e-6)
    best = size(bought(plant(), engine()), objective="green_price")
    assert best.status is Status.OPTIMAL
    assert best.green_price <= plan.green_price + 1e-9


def test_given_sizes_and_the_nearest_name_generators() -> None:
    made = ordinary(generators=[biomass(), gas()])
    sizes = sizes_of({"pv": 60, "wind": 60, "biomass": 5, "gas": 2, "battery": "5/10"}, made)
    held = with_sizes(made, sizes).generators
    assert [(one.min_mw, one.max_mw) for one in held] == [(5.0, 5.0), (2.0, 2.0)]
    near = nearest_sizes(made, sizes)
    assert near is not None
    assert set(near) == set(sizes)


def test_a_resizer_sees_what_the_rows_hold() -> None:
    made = variants()["generators"]
    resizer = Resizer(made)
    first = resizer.size().annual_cost
    assert first == pytest.approx(size(made).annual_cost, rel=1e-7)
    for changes, rebuilt in (
        ({"fuel_price": 200.0}, "costs"),
        ({"max_fuel": 9_000.0}, "limits"),
        ({"min_load_share": 0.5}, "all"),
    ):
        changed = replace(made, generators=[biomass(**changes), gas()])
        resizer.replace(changed)
        assert resizer.rebuilt == rebuilt
        assert resizer.size().annual_cost == pytest.approx(size(changed).annual_cost, rel=1e-7)
        resizer.replace(made)


def test_whole_sets_of_generators_and_other_units_together() -> None:
    """Against every number of sets and of batteries around the optimum."""
    item = biomass(fuel_price=150, capex=1200, max_mw=24.0, unit_mw=6.0)
    base = ordinary(generators=[item])
    made = replace(base, storages=[replace(base.storages[0], unit_mw=4.0)])
    plan = size(made)
    found = round_units(plan)
    assert found is not None
    assert found.unit_sizes == {"biomass": 6.0, "battery_power": 4.0}
    assert found.plan.capacities["biomass"] == pytest.approx(6.0 * found.units["biomass"])
    sets = float(plan.capacities["biomass"]) / 6.0
    assert 0.05 < sets % 1 < 0.95
    stores = int(float(plan.capacities["battery_power"]) // 4.0)
    costs = [
        size(with_new_capacities(made, {"biomass": (s, s), "battery_power": (b, b)})).annual_cost
        for s in (6.0 * int(sets), 6.0 * int(sets) + 6.0)
        for b in (4.0 * stores, 4.0 * stores + 4.0)
    ]
    assert found.plan.annual_cost == pytest.approx(min(costs), rel=1.1 * WORTHWHILE)
    assert found.plan.annual_cost >= plan.annual_cost * (1 - 1e-9)


def test_a_study_moves_the_price_of_fuel() -> None:
    grid = Grid(import_price=0.5)
    made = bought(
        plant(fuel_price=[1.0, 2.0, 3.0, 4.0]), engine(fuel_price=0.0, capex=10.0), grid=grid
    )
    found = {(name, key.qualified if key else "") for name, key, _low, _high in levers(made, 0.2)}
    assert {("fuel_price", "fuel:bio"), ("capex", "source:gas")} <= found
    assert ("fuel_price", "fuel:gas") not in found
    study = study_plan(size(bought(plant(), grid=grid)), 0.2)
    assert study is not None
    (row,) = (one for one in study.tornado if one["parameter"] == "fuel_price")
    assert (row["item"], row["kind"]) == ("bio", "fuel")
    dearer = size(bought(plant(fuel_price=480.0), grid=grid)).annual_cost
    assert row["high_result"] == pytest.approx(dearer, rel=1e-7)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (plant(green=None), "“bio”没有写明是否计为绿电（green）"),
        (engine(green=True), "“gas”以化石燃料发电，不能计为绿电"),
        (engine(emission_factor=None), "须给出排放因子 emission_factor"),
        (replace(plant(), fuel="coal"), "“bio”的 fuel 的取值不在允许范围内"),
        (plant(efficiency=38.0), "“bio”的 efficiency 应大于 0、不大于 1"),
        (plant(fuel_kwh=0.0), "“bio”的 fuel_kwh 超出允许范围"),
        (plant(availability=[1.0, 1.0, 1.2, 1.0]), "“bio”的可用率应为 0–1 的小数"),
        (plant(availability=[1.0, -0.1, 1.0, 1.0]), "“bio”的可用率有 1 个负值"),
        (plant(fuel_price=[1.0, 2.0]), "“bio”的燃料价格的长度与负荷不一致"),
        (plant(min_load_share=1.5), "“bio”的 min_load_share 超出允许范围"),
        (plant(max_fuel=-1.0), "“bio”的 max_fuel 超出允许范围"),
        (replace(plant(), lifetime=0.0), "“bio”的寿命应大于 0 年"),
        (plant(min_mw=5.0), "min_mw＝5 大于 max_mw＝0"),
        (plant(capex=8e6), "应以“元/kW”填写"),
    ],
)
def test_faults_are_told(item: Generator, text: str) -> None:
    with pytest.raises(InputError) as caught:
        bought(item)
    assert text in str(caught.value)


def test_names_are_those_of_no_other_part() -> None:
    with pytest.raises(InputError, match=r"名称“bio”用了两次：sources\[1\]、generators\[1\]"):
        bought(plant(), sources=[Source("bio", np.ones(HOURS))])


def test_a_green_share_needs_something_green() -> None:
    limits = Limits(min_self_use_of_consumption=0.3)
    with pytest.raises(InputError, match="但没有任何电源可建"):
        bought(engine(), limits=limits)
    assert bought(plant(), limits=limits).generators
