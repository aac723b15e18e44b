"""From a case file to the record the report is made of, and the commands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from model_sites import index, site

from greenland.cli.energy import energy
from greenland.energy.evaluate import evaluate, evaluate_file
from greenland.energy.result import EnergyResult
from greenland.rules import load_rulebook
from greenland.summary import money
from greenland.yamlfile import plain, read_tree

DOCS = Path(__file__).resolve().parents[2] / "docs" / "energy-case.md"

CASE = """
name: 虚构示例
load: load.csv
sources:
  - {name: pv, profile: {file: re.csv, column: pv}, capex: 3000, opex: 60, unit_mw: 3.15}
  - {name: wind, profile: {file: re.csv, column: wind}, capex: 5200, opex: 70, lifetime: 20}
storages:
  - name: battery
    power_capex: 300
    energy_capex: 700
    charge_efficiency: 0.93
    discharge_efficiency: 0.93
grid: {capacity_mw: 80}
tariff:
  mode: two_part
  billing: demand
  voltage: 110千伏
  market_price: 0.30
  system_operation_fee: 0.02
  export_price: 0.15
limits_from_rules: true
carbon: {factor: national}
finance: {role: load}
compliance: {voltage_kv: 110}
year: 2027
rules: {packs: [national, yunnan]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("case")
    base = site(72)
    times = index(72)
    base.load.rename("负荷").rename_axis("时间").to_csv(path / "load.csv")
    curves = {item.name: np.asarray(item.profile) for item in base.sources}
    pd.DataFrame(curves, times).rename_axis("时间").to_csv(path / "re.csv")
    (path / "case.yaml").write_text(CASE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def result(folder: Path) -> EnergyResult:
    return evaluate_file(folder / "case.yaml")


def test_parts_are_shown_in_a_few_lines(result: EnergyResult) -> None:
    paid = result.money
    for part in (paid.plan_bill, paid.finance, paid.carbon, result.compliance, result.rounding):
        assert repr(part).startswith(f"{type(part).__name__}: ")
        assert len(repr(part)) <= 600
        assert part._repr_html_().count("<tr>") == len(repr(part).splitlines()) - 1
    assert f"净现值: {money(paid.finance.npv)}" in repr(paid.finance)


def test_tables_of_money_carry_their_units(result: EnergyResult) -> None:
    flows, year = result.money.finance.cash_flow, result.money.finance.operation
    assert set(flows.attrs["units"]) == set(flows.columns)
    assert set(year.attrs["units"]) == set(year.columns)
    assert (year.attrs["units"]["load"], year.attrs["units"]["import_peak"]) == ("MWh", "MW")
    assert result.money.plan_bill.lines.attrs["units"] == {"yuan": "元"}


def test_record_has_every_part(result: EnergyResult) -> None:
    record = result.to_record()
    json.dumps(record, ensure_ascii=False, allow_nan=False)
    parts = "evaluated case assumptions plan compliance checklist users bill finance carbon series"
    assert set(parts.split()) <= set(record)
    plan = record["plan"]
    assert plan["status"] == "optimal"
    names = "capacities ratios energy costs monthly schedule shadow_prices binding quality rounding"
    assert all(plan[name] is not None for name in names.split())
    assert plan["quality"]["replay_residual"] < 1e-6


def test_cash_flow_is_the_one_the_sizing_optimised(result: EnergyResult) -> None:
    assert result.money.finance is not None
    assert result.money.finance.annual_cost == pytest.approx(result.plan.annual_cost, rel=1e-9)


def test_bill_is_what_the_plan_pays(result: EnergyResult) -> None:
    assert result.money.plan_bill is not None
    costs = result.plan.costs
    grid = ["energy_purchase", "self_use_fees", "demand_charge", "export_income"]
    assert result.money.plan_bill.yuan_per_year() == pytest.approx(costs[grid].sum(), rel=1e-9)


def test_limits_come_from_the_rules_in_force(result: EnergyResult) -> None:
    assert result.site.limits.min_self_use_of_generation == 0.60
    assert result.site.limits.min_self_use_of_consumption == 0.30
    rows = {row["item"]: row for row in result.to_record()["assumptions"]}
    assert rows["max_export_share"]["rule_id"] == "energy.direct.export_share"
    assert rows["pv.capex"]["confidence"] == "user"


def test_new_share_from_2030(folder: Path) -> None:
    text = CASE.replace("year: 2027", "year: 2031").replace("carbon: {factor: national}\n", "")
    (folder / "later.yaml").write_text(text, encoding="utf-8")
    later = evaluate_file(folder / "later.yaml")
    assert later.site.limits.min_self_use_of_consumption == 0.35


def test_plan_keeps_the_rules_it_is_judged_by(result: EnergyResult) -> None:
    assert result.compliance is not None
    states = {(c.limit, c.reading): str(c.state) for c in result.compliance.checks}
    assert states[("self_use_of_generation", "a")] == "met"
    assert states[("self_use_of_generation", "b")] == "met"


def test_capacities_are_rounded(result: EnergyResult) -> None:
    assert result.rounding is not None
    assert result.plan.capacities["pv"] / 3.15 == pytest.approx(result.rounding.units["pv"])


def test_energy_part_of_a_park(folder: Path) -> None:
    own = "\n".join(CASE.split("\n")[:-3])  # a park has its own year and rules
    (folder / "park.yaml").write_text(
        "energy:\n" + "\n".join(f"  {line}" for line in own.strip().split("\n")), encoding="utf-8"
    )
    tree = read_tree(folder / "park.yaml")
    rules = load_rulebook(["national", "yunnan"], 2026).consulted()
    found = evaluate(plain(tree)["energy"], folder, rules, tree=tree, year=2027)
    assert found.plan.annual_cost > 0
    assert "energy.direct.export_share" in rules.asked


def test_cheapest_tariff_is_chosen(folder: Path) -> None:
    text = CASE.replace("mode: two_part\n  billing: demand", "mode: cheapest")
    text = text.replace("voltage: 110千伏", "voltage: 110千伏\n  average_load_rate: 0.5")
    (folder / "cheapest.yaml").write_text(text, encoding="utf-8")
    found = evaluate_file(folder / "cheapest.yaml")
    costs = [row["annual_cost"] for row in found.tariffs]
    assert len(costs) == 4
    assert found.optimum.annual_cost == pytest.approx(min(costs))


def test_infeasible_case_says_why(folder: Path) -> None:
    text = CASE.replace("limits_from_rules: true", "limits: {min_self_use_of_consumption: 0.9}")
    text = text.replace("opex: 60,", "opex: 60, max_mw: 10,").replace(
        "opex: 70,", "opex: 70, max_mw: 10,"
    )
    (folder / "infeasible.yaml").write_text(text, encoding="utf-8")
    found = evaluate_file(folder / "infeasible.yaml")
    record = found.to_record()
    assert record["plan"]["status"] == "infeasible"
    assert record["plan"]["annual_cost"] is None
    assert record["plan"]["infeasibility"]["clashes"]
    assert record["bill"]["plan"] is None
    assert record["bill"]["grid_only"]["yuan_per_year"] > 0
    run = CliRunner().invoke(energy, ["size", str(folder / "infeasible.yaml")])
    assert run.exit_code == 1
    assert "不能同时满足" in run.output


# Commands -----------------------------------------------------------------------------------


def test_size_command_writes_json(folder: Path) -> None:
    out = folder / "out.json"
    run = CliRunner().invoke(energy, ["size", str(folder / "case.yaml"), "--json", str(out)])
    assert run.exit_code == 0, run.output
    assert "储能容量" in run.output
    record = json.loads(out.read_text(encoding="utf-8"))
    assert record["plan"]["capacities"]["grid"] == 80
    assert len(record["plan"]["schedule"]["columns"]["load"]) == 72


def test_size_command_with_another_engine_to_the_screen(folder: Path) -> None:
    arguments = ["size", str(folder / "case.yaml"), "--json", "-", "--no-schedule"]
    run = CliRunner().invoke(energy, [*arguments, "--engine", "highs"])
    record = json.loads(run.stdout)
    assert record["plan"]["engine"] == "highs"
    assert record["plan"]["schedule"] is None


def test_check_command(folder: Path) -> None:
    good = CliRunner().invoke(energy, ["check", str(folder / "case.yaml")])
    assert good.exit_code == 0
    (folder / "bad.yaml").write_text(CASE.replace("finance:", "finanse:"), encoding="utf-8")
    bad = CliRunner().invoke(energy, ["check", str(folder / "bad.yaml"), "--json"])
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)[0]["remedy"] == "是否应为“finance”？"


def test_explain_command(folder: Path) -> None:
    run = CliRunner().invoke(energy, ["explain", str(folder / "case.yaml")])
    assert run.exit_code == 0
    assert "wind" in run.output


@pytest.mark.parametrize("command", ["size", "check", "explain"])
def test_every_command_has_help(command: str) -> None:
    run = CliRunner().invoke(energy, [command, "--help"])
    assert run.exit_code == 0
    assert "CASE" in run.output
    assert command in DOCS.read_text(encoding="utf-8")


def test_case_in_the_documentation_runs(folder: Path) -> None:
    text = DOCS.read_text(encoding="utf-8")
    block = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0]
    for name in re.findall(r"([a-z]+)\.csv", block):
        assert name in ("load", "re")
    (folder / "docs.yaml").write_text(block, encoding="utf-8")
    assert evaluate_file(folder / "docs.yaml").plan.annual_cost > 0


def test_python_in_the_documentation_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for block in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(DOCS), "exec"), {})


def test_a_month_short_by_a_day_is_said_by_check_and_size_alike(tmp_path: Path) -> None:
    hours = pd.date_range("2025-01-01", periods=30 * 24, freq="h")
    pd.DataFrame({"time": hours, "load": 1.0}).to_csv(tmp_path / "load.csv", index=False)
    case = tmp_path / "case.yaml"
    case.write_text("load: load.csv\ngrid: {import_price: 0.5}\n", encoding="utf-8")
    for command in ("check", "size"):
        run = CliRunner().invoke(energy, [command, str(case)])
        assert run.exit_code == 0, run.output
        assert "少 24 个时步" in run.stderr
