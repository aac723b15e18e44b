"""A number that the energy record says twice is the same in both places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_evaluate import CASE, folder

from greenland.energy.evaluate import evaluate_file

__all__ = ["folder"]

MORE = """
study: {change: 0.1, self_use_of_consumption: [0.5]}
users: {甲: {file: load.csv, column: 负荷}}
"""
EXACT = {"rel": 1e-6, "abs": 1e-6}
ROUNDED = {"rel": 1e-6, "abs": 0.05}  # the hours are written with four decimals


@pytest.fixture(scope="module")
def record(folder: Path) -> dict[str, Any]:
    path = folder / "twice.yaml"
    text = CASE.replace("lifetime: 20}", "lifetime: 20, unit_mw: 6.25}")
    text = text.replace("power_capex: 300", "power_capex: 300\n    unit_mw: 2.5\n    unit_mwh: 5")
    path.write_text(text + MORE, encoding="utf-8")
    return evaluate_file(path).to_record()


@pytest.fixture(scope="module")
def plan(record: dict[str, Any]) -> dict[str, Any]:
    return dict(record["plan"])


def test_the_plan_is_the_one_in_whole_units(plan: dict[str, Any]) -> None:
    whole = plan["rounding"]
    assert whole["units"]
    for label, count in whole["units"].items():
        assert plan["capacities"][label] == pytest.approx(count * whole["unit_sizes"][label])
    assert plan["optimum"]["capacities"] != pytest.approx(plan["capacities"])


def test_the_optimum_differs_by_what_whole_units_cost(plan: dict[str, Any]) -> None:
    whole, before = plan["rounding"], plan["optimum"]
    assert before["annual_cost"] + whole["cost"] == pytest.approx(plan["annual_cost"], **EXACT)
    assert whole["cost"] > 0


def test_only_the_units_of_a_plan_stand_beside_it(plan: dict[str, Any]) -> None:
    kept = {"units", "unit_sizes", "cost", "relative_cost", "trials", "proven", "text"}
    assert set(plan["rounding"]) == kept


def test_items_add_up_to_the_annual_cost(record: dict[str, Any], plan: dict[str, Any]) -> None:
    total = sum(row["yuan_per_year"] for row in plan["costs"])
    assert total == pytest.approx(plan["annual_cost"], **EXACT)
    assert record["finance"]["sized_annual_cost"] == pytest.approx(plan["annual_cost"], **EXACT)


def test_investment_is_one(record: dict[str, Any], plan: dict[str, Any]) -> None:
    assert record["finance"]["capex"] == pytest.approx(plan["capex"], **EXACT)
    first = record["finance"]["cash_flow"][0]
    assert -first["investment"] == pytest.approx(plan["capex"], **EXACT)


def test_shares_follow_from_the_energies(plan: dict[str, Any]) -> None:
    energy, ratios = plan["energy"], plan["ratios"]
    made, used = energy["available_generation"], energy["consumption"]
    own = made - energy["export"] - energy["curtailment"]
    assert ratios["self_use_of_generation"] == pytest.approx(own / made, **EXACT)
    assert ratios["self_use_of_consumption"] == pytest.approx(energy["self_use"] / used, **EXACT)
    assert ratios["export_share"] == pytest.approx(energy["export"] / made, **EXACT)
    assert ratios["curtailment_share"] == pytest.approx(energy["curtailment"] / made, **EXACT)


def test_shares_are_those_that_are_judged(record: dict[str, Any], plan: dict[str, Any]) -> None:
    readings = {"b": "self_use_of_generation_net"}
    said = [(readings.get(row["reading"], row["limit"]), row) for row in record["compliance"]]
    shares = [(name, row) for name, row in said if name in plan["ratios"]]
    assert len(shares) > 4
    for name, row in shares:
        assert row["value"] == pytest.approx(plan["ratios"][name], **EXACT), name


def test_limits_are_those_of_the_case(plan: dict[str, Any]) -> None:
    own = {row["limit"]: row for row in plan["limits"]}
    for name, value in plan["ratios"].items():
        if name in own:
            assert own[name]["value"] == pytest.approx(value, **EXACT)
    assert not [name for name in own if name.startswith(("max_mw", "min_mw"))]


def test_hours_and_months_add_up_to_the_year(record: dict[str, Any], plan: dict[str, Any]) -> None:
    columns, hours = plan["schedule"]["columns"], plan["schedule"]["step_hours"]
    years = record["case"]["years"]
    for name in ("load", "import", "export", "curtailment"):
        yearly = sum(columns[name]) * hours / years
        assert yearly == pytest.approx(plan["energy"][name], rel=1e-4, abs=0.05 / years), name
    charged = sum(columns["battery_charge"]) * hours / years
    assert charged == pytest.approx(plan["energy"]["charge"], rel=1e-3, abs=0.05 / years)
    for row in plan["capacity_kinds"]:
        if row["kind"] == "storage_power":
            most = plan["capacities"][row["capacity"]]
            assert max(columns["battery_charge"]) <= most + 1e-3
    span = max(1.0, years)
    for name in ("load", "import", "export"):
        summed = sum(columns[name]) * hours / span
        monthly = sum(row[name] for row in plan["monthly"])
        assert monthly == pytest.approx(summed, **ROUNDED), name


def test_bill_is_what_the_hours_cost(record: dict[str, Any], plan: dict[str, Any]) -> None:
    paid = {"energy_purchase", "self_use_fees", "demand_charge", "capacity_charge", "export_income"}
    costs = sum(row["yuan_per_year"] for row in plan["costs"] if row["kind"] in paid)
    bill = record["bill"]
    assert bill["plan"]["yuan_per_year"] == pytest.approx(costs, rel=1e-6)
    less = bill["grid_only"]["yuan_per_year"] - bill["plan"]["yuan_per_year"]
    assert bill["saving_yuan"] == pytest.approx(less, rel=1e-6)
    before = record["finance"]["grid_only_annual_cost"]
    assert before == pytest.approx(bill["grid_only"]["yuan_per_year"], rel=1e-6)


def test_users_share_out_the_own_electricity(record: dict[str, Any], plan: dict[str, Any]) -> None:
    shared = sum(row["self_use_mwh"] for row in record["users"])
    assert shared == pytest.approx(plan["energy"]["self_use"], rel=1e-4)


def test_study_starts_from_the_optimum(record: dict[str, Any], plan: dict[str, Any]) -> None:
    assert record["study"]["base"] == pytest.approx(plan["optimum"]["annual_cost"], **EXACT)


def test_record_is_json(record: dict[str, Any]) -> None:
    json.dumps(record, ensure_ascii=False, allow_nan=False)
