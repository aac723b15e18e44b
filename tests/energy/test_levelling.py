"""What a feasibility study adds is what the sizing optimises: both ways give one annual cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.energy.case_checks import case_problems
from greenland.energy.evaluate import evaluate_file
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.levelling import levelled
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.energy.site import Site, Source
from greenland.rules import load_rulebook

STUDY = """
  construction: {years: [0.3, 0.7]}
  working_capital: {yuan: 200000, yuan_per_kw: 30}
  costs:
    maintenance:
      pv: [{years: 5, yuan_per_kw: 10}, {years: 10, yuan_per_kw: 18}, {yuan_per_kw: 30}]
    materials: 2
    other: 5
    insurance: 0.0025
    staff: {persons: 4, pay: 120000, welfare: 0.4}
"""


def case(folder: Path, finance: str, objective: str = "annual_cost") -> Path:
    times = pd.date_range("2026-01-01", periods=96, freq="h", name="时间")
    sun = np.clip(np.sin((times.hour - 6) / 12 * np.pi), 0, None)
    wind = 0.3 + 0.2 * np.cos(np.arange(96) / 7)
    table = pd.DataFrame({"load": 20.0 + times.hour % 5, "pv": sun, "wind": wind}, index=times)
    table.to_csv(folder / "curves.csv")
    path = folder / "case.yaml"
    path.write_text(
        f"""
year: 2026
load: {{file: curves.csv, column: load}}
objective: {objective}
discount_rate: 0.06
project_years: 22
grid: {{capacity_mw: 40, import_price: 0.6, export_price: 0.1, self_use_price: 0.03}}
sources:
  - {{name: pv, profile: {{file: curves.csv, column: pv}}, capex: 2800, opex: 40, lifetime: 25}}
  - {{name: wind, profile: {{file: curves.csv, column: wind}}, capex: 4800, opex: 60, lifetime: 20}}
storages:
  - {{name: battery, power_capex: 200, energy_capex: 300, lifetime: 12, energy_opex: 8,
     charge_efficiency: 0.95, discharge_efficiency: 0.95, max_hours: 4}}
fixed_assets: [{{name: line, capex: 5000000, opex: 50000, lifetime: 25}}]
limits: {{min_self_use_of_consumption: 0.5}}
finance:{finance or " {}"}
""",
        encoding="utf-8",
    )
    return path


TAXED = """
  residual: book
  tax: {location: county}
  investment: {shares: {civil: 0.4, equipment: 0.6}}
"""


@pytest.mark.parametrize("more", ["", TAXED], ids=["usual", "book"])
def test_the_sizing_optimises_the_cash_flow_that_is_printed(tmp_path: Path, more: str) -> None:
    result = evaluate_file(case(tmp_path, STUDY + more))
    money = result.money.finance
    assert money is not None
    assert result.plan.capacities["pv"] > 1
    assert money.sized_annual_cost == pytest.approx(result.plan.annual_cost, rel=1e-9)
    assert money.annual_cost == pytest.approx(result.plan.annual_cost, rel=1e-9)


@pytest.mark.parametrize("more", ["", TAXED], ids=["usual", "book"])
def test_the_net_present_value_is_that_of_the_statement(tmp_path: Path, more: str) -> None:
    result = evaluate_file(case(tmp_path, STUDY + more, "npv"))
    money = result.money.finance
    assert money is not None
    worth = money.annual_saving / capital_recovery_factor(0.06, 22)  # before any tax
    assert worth == pytest.approx(result.plan.npv, rel=1e-9)


def test_a_source_that_costs_more_to_run_is_built_less(tmp_path: Path) -> None:
    plain = evaluate_file(case(tmp_path, "\n  residual: economic\n")).plan
    dear = "\n  costs: {maintenance: {pv: [{years: 2, yuan_per_kw: 0}, {yuan_per_kw: 600}]}}\n"
    found = evaluate_file(case(tmp_path, dear)).plan
    assert found.capacities["pv"] < plain.capacities["pv"]


def test_what_is_printed_is_what_the_case_says(tmp_path: Path) -> None:
    result = evaluate_file(case(tmp_path, STUDY))
    money, plan = result.money.finance, result.plan
    assert money is not None
    pv, wind = (1000 * plan.capacities[name] for name in ("pv", "wind"))
    storage = 8000 * plan.capacities["battery_energy"]
    fixed = storage + 50_000 + 60 * wind + 4 * 120_000 * 1.4
    each = 7 * (pv + wind) + 0.0025 * money.capex
    assert -money.cash_flow["opex"][1] == pytest.approx(10 * pv + fixed + each)
    assert -money.cash_flow["opex"][6] == pytest.approx(18 * pv + fixed + each)
    assert -money.cash_flow["opex"][22] == pytest.approx(30 * pv + fixed + each)
    shown = {row["item"]: row["value"] for row in result.assumptions}
    assert (shown["pv.opex"], shown["wind.opex"]) == (40, 60)


def test_a_case_without_such_items_is_sized_as_before(tmp_path: Path) -> None:
    book = load_rulebook(("national",), 2026)
    index = pd.date_range("2026-01-01", periods=24, freq="h", tz="Asia/Shanghai")
    site = Site(pd.Series(1.0, index=index), [Source("pv", np.ones(24), 1000, 10)])
    assert levelled(site, None, book) is site
    assert levelled(site, FinanceConfig(), book) is site
    assert levelled(site, FinanceConfig.model_validate({"tax": {"location": "city"}}), book) is site
    capital: dict[str, Any] = {"working_capital": {"yuan_per_kw": 50, "year": 0}}
    tied = levelled(
        replace(site, discount_rate=0.05, project_years=20), FinanceConfig(**capital), book
    )
    # 50 yuan are got back after twenty years: their interest, 5 % a year, is what they cost
    assert tied.sources[0].opex == pytest.approx(10 + 50 * 0.05)


def test_names_that_are_no_part_are_found(tmp_path: Path) -> None:
    wrong = """
  costs: {maintenance: {solar: [{yuan_per_kw: 1}]}}
  investment: {shares: {equipment: 1}, assets: {lime: {civil: 1}}}
"""
    found = [problem.message for problem in case_problems(case(tmp_path, wrong))]
    assert any("finance.costs.maintenance" in text and "solar" in text for text in found)
    assert any("finance.investment.assets" in text and "lime" in text for text in found)


@pytest.mark.slow
def test_command_prints_the_figures_and_writes_the_statements(tmp_path: Path) -> None:
    loan = "  loan: {share: 0.7, rate: 0.035, years: 15}\n"
    path, book = case(tmp_path, STUDY + TAXED + loan), tmp_path / "statements.xlsx"
    done = CliRunner().invoke(cli, ["energy", "size", str(path), "--statements", str(book)])
    assert done.exit_code == 0, done.output
    for words in ("总投资收益率", "偿债备付率（最低年）", "静态回收期（从建设开始）"):
        assert words in done.output
    assert len(openpyxl.load_workbook(book).sheetnames) == 8


def test_statements_need_finance(tmp_path: Path) -> None:
    path = case(tmp_path, "")
    plain = path.read_text(encoding="utf-8").replace("finance: {}", "")
    path.write_text(plain, encoding="utf-8")
    book = tmp_path / "statements.xlsx"
    done = CliRunner().invoke(cli, ["energy", "size", str(path), "--statements", str(book)])
    assert done.exit_code == 1
    assert "没有 finance" in done.output
    assert not book.exists()
