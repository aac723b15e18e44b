"""Sensitivity: every figure is an optimum of its own, so order and bounds are promised."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import ValidationError
from sites import site

from greenland.cli.energy import energy
from greenland.energy import size
from greenland.energy.case.schema import StudyConfig
from greenland.energy.evaluate import evaluate_file
from greenland.energy.plan.plan import Plan
from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    Generator,
    InterruptibleLoad,
    PurchaseContract,
)
from greenland.energy.sizing import together
from greenland.energy.sizing.sensitivity import Sensitivity, begin_study, levers, study_plan
from greenland.energy.sizing.together import MODULE
from greenland.errors import InputError
from greenland.lp.recent import remembering
from greenland.workers import VARIABLE, side_by_side

SHARES = (0.3, 0.4, 0.5, 0.99)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return size(site(4))


@pytest.fixture(scope="module")
def study(plan: Plan) -> Sensitivity:
    found = study_plan(plan, 0.2, SHARES)
    assert found is not None
    return found


def test_every_price_is_moved_once(study: Sensitivity) -> None:
    moved = [(row["parameter"], row["item"]) for row in study.tornado]
    assert len(set(moved)) == len(moved)
    assert {("capex", "pv"), ("capex", "wind"), ("capex", "battery")} <= set(moved)
    assert {("import_price", None), ("export_price", None), ("discount_rate", None)} <= set(moved)


def test_dearer_parts_never_make_the_whole_cheaper(study: Sensitivity) -> None:
    for row in study.tornado:
        low, high = row["low_result"], row["high_result"]
        if row["parameter"] == "export_price":
            low, high = high, low  # an income
        assert low <= study.base * (1 + 1e-7) <= high * (1 + 2e-7)


def test_sized_anew_is_no_dearer_than_costed_anew(plan: Plan, study: Sensitivity) -> None:
    # the least cost is concave in each price: what is gained below is at least what is lost above
    for row in study.tornado:
        if row["parameter"] != "discount_rate":
            middle = (row["low_result"] + row["high_result"]) / 2
            assert middle <= study.base * (1 + 1e-7)


def test_a_row_is_what_sizing_the_changed_site_gives(plan: Plan, study: Sensitivity) -> None:
    dearer = [replace(one, capex=1.2 * one.capex) for one in plan.site.sources[:1]]
    changed = replace(plan.site, sources=(*dearer, *plan.site.sources[1:]))
    row = next(row for row in study.tornado if row["item"] == plan.site.sources[0].name)
    assert row["high_result"] == pytest.approx(size(changed).annual_cost, rel=1e-7)


def test_more_own_electricity_costs_no_less(study: Sensitivity) -> None:
    solved = [row for row in study.pareto if row["annual_cost"] is not None]
    costs = [row["annual_cost"] for row in solved]
    assert len(solved) >= 2
    assert all(a <= b * (1 + 1e-7) for a, b in pairwise(costs))
    for row in solved:
        assert row["self_use_of_consumption"] >= row["required"] - 1e-6
        assert row["capacities"]["pv"] >= 0


def test_a_share_that_cannot_be_reached_is_said_to_be_so() -> None:
    small = site(4)
    small = replace(small, sources=[replace(one, max_mw=5.0) for one in small.sources])
    loose = replace(small.limits, min_self_use_of_consumption=None)
    found = study_plan(size(replace(small, limits=loose)), None, (0.01, 0.9))
    assert found is not None
    assert found.tornado == ()
    last = found.pareto[-1]
    assert (last["status"], last["annual_cost"], last["capacities"]) == ("infeasible", None, {})


def test_without_an_optimum_there_is_nothing_to_study() -> None:
    small = site(2)
    small = replace(small, sources=[replace(one, max_mw=0.1) for one in small.sources])
    assert study_plan(size(small), 0.2) is None


def test_prices_of_zero_are_not_moved() -> None:
    one = site(2)
    assert one.grid is not None
    free = replace(one, grid=replace(one.grid, export_price=0.0), discount_rate=0.0)
    moved = [parameter for parameter, *_rest in levers(free, 0.1)]
    assert "export_price" not in moved
    assert "discount_rate" not in moved


def test_every_price_a_site_names_is_moved() -> None:
    """Prices by month keep their months; what is free stays out."""
    one = site(2)
    assert one.grid is not None
    charges = [DemandCharge({1: 30.0}), DemandCharge(12.0, name="peak")]
    grid = replace(one.grid, demand_charges=charges, self_use_price=0.03)
    cut = InterruptibleLoad("furnace", 5.0, price=1.5)
    stops: dict[str, Any] = {"can_stop": True, "min_load_share": 0.2, "start_cost_per_mw": 40.0}
    made = Electrolyser("h2", 55.0, capex=2000, product_price=25000, **stops)
    unit = Generator("bio", "biomass", 20, green=True, start_cost=500.0, **stops)
    priced = replace(one, grid=grid, interruptible=[cut], electrolysers=[made], unserved_price=20.0)
    priced = replace(priced, generators=[unit])
    moved = {
        (parameter, None if item is None else item.owner): high
        for parameter, item, _low, high in levers(priced, 0.1)
    }
    demand = moved["demand_price", None].grid
    assert demand is not None
    assert [charge.price for charge in demand.demand_charges] == [
        {1: pytest.approx(33.0)},
        pytest.approx(13.2),
    ]
    fee = moved["self_use_price", None].grid
    assert fee is not None
    assert fee.self_use_price == pytest.approx(0.033)
    assert moved["unserved_price", None].unserved_price == pytest.approx(22.0)
    assert moved["price", "furnace"].interruptible[0].price == pytest.approx(1.65)
    assert moved["capex", "h2"].electrolysers[0].capex == pytest.approx(2200)
    assert moved["product_price", "h2"].electrolysers[0].product_price == pytest.approx(27500)
    assert moved["start_cost", "h2"].electrolysers[0].start_cost_per_mw == pytest.approx(44.0)
    dearer = moved["start_cost", "bio"].generators[0]
    assert (dearer.start_cost, dearer.start_cost_per_mw) == pytest.approx((550.0, 44.0))


def test_prices_in_plain_lists_are_moved_step_by_step() -> None:
    """A list times a number is no price: Python repeats it, or refuses."""
    one = site(2)
    assert one.grid is not None
    prices = [0.1 + 0.01 * t for t in range(len(one.load))]
    grid = replace(one.grid, **dict.fromkeys(("import_price", "export_price"), prices))
    moved = {name: high.grid for name, _item, _low, high in levers(replace(one, grid=grid), 0.1)}
    for name in ("import_price", "export_price"):
        found = getattr(moved[name], name)
        assert np.asarray(found) == pytest.approx([1.1 * price for price in prices])


def test_a_study_of_bought_energy_names_its_price() -> None:
    one = site(2)
    contract = PurchaseContract([0.2] * len(one.load))
    sources = [
        replace(one.sources[0], capex=0.0, opex=0.0, max_mw=80.0, purchase=contract),
        *one.sources[1:],
    ]
    study = study_plan(size(replace(one, sources=sources)), 0.2)
    assert study is not None
    (row,) = (line for line in study.tornado if line["parameter"] == "purchase_price")
    assert row["item"] == one.sources[0].name
    assert row["low_result"] < study.base < row["high_result"]


def test_any_engine_will_do(plan: Plan) -> None:
    ours = study_plan(plan, None, (0.4,))
    other = study_plan(plan, None, (0.4,), engine="cbc")
    assert ours is not None
    assert other is not None
    assert ours.pareto[0]["annual_cost"] == pytest.approx(other.pareto[0]["annual_cost"], rel=1e-6)


@pytest.mark.parametrize(
    "asked", [{}, {"change": 0.0}, {"change": 1.0}, {"self_use_of_consumption": [1.2]}]
)
def test_what_cannot_be_asked(asked: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StudyConfig.model_validate(asked)


CASE = """
name: 虚构示例
load: load.csv
sources:
  - {name: pv, technology: pv, profile: re.csv, capex: 3000, opex: 60}
grid: {capacity_mw: 90, import_price: 0.5, export_price: 0.1}
objective: OBJECTIVE
study:
  change: 0.2
  self_use_of_consumption: [0.05, 0.10]
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    one = site(2)
    one.load.rename("负荷").rename_axis("时间").to_csv(tmp_path / "load.csv")
    pv = one.load * 0 + one.sources[0].profile
    pv.rename("光伏").rename_axis("时间").to_csv(tmp_path / "re.csv")
    path = tmp_path / "case.yaml"
    path.write_text(CASE.replace("OBJECTIVE", "annual_cost"), encoding="utf-8")
    return path


def test_a_case_with_a_study(case: Path) -> None:
    record = evaluate_file(case).to_record()
    study = record["study"]
    assert study["base"] == pytest.approx(record["plan"]["annual_cost"], rel=1e-9)
    assert [row["required"] for row in study["pareto"]] == [0.05, 0.10]
    assert "study" not in record["case"]
    shown = CliRunner().invoke(energy, ["size", str(case)])
    assert shown.exit_code == 0, shown.output
    for said in ("变动的价格", "光伏：单位投资", "购网电价", "自用占用电不低于", "10%"):
        assert said in shown.output


def test_a_study_of_another_objective_is_refused(case: Path) -> None:
    case.write_text(CASE.replace("OBJECTIVE", "capex"), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        evaluate_file(case)
    assert "study 只适用于 objective 为 annual_cost、npv 的案例，这里是 capex" in str(raised.value)


@pytest.mark.slow
def test_other_processes_give_the_same_to_the_last_digit(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "SMALL", 0)
    found = []
    for count in ("1", "2"):
        monkeypatch.setenv(VARIABLE, count)
        with side_by_side(MODULE) as workers, remembering():
            if count == "2":
                workers.prepare()
                while not workers.ready:
                    time.sleep(0.01)
            size(plan.site)  # what the others begin from
            study = begin_study(plan, 0.2, SHARES)
            assert study is not None
            while count == "2" and not study.batch.done:  # all of it elsewhere
                time.sleep(0.01)
            found.append(study.result())
    assert found[0] == found[1]
