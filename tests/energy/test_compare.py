"""Cases and scenarios side by side."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sites import site

from greenland.cli import cli
from greenland.energy.case.scenarios import read_scenarios
from greenland.energy.case_checks import case_problems
from greenland.energy.compare import Comparison, compare_files
from greenland.energy.evaluate import evaluate_file
from greenland.energy.hourly import FORMATS
from greenland.errors import InputError

CASE = """
name: 虚构示例
load: load.csv
sources:
  - {name: pv, technology: pv, profile: re.csv, capex: 3000, opex: 60, max_mw: 40}
grid: {capacity_mw: 90, import_price: 0.5, export_price: 0.1}
"""
SCENARIOS = """
scenarios:
  光伏便宜: {sources.pv.capex: 300}
  限上网: {limits.max_export_share: 0.2, grid.import_price: 0.9}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("compare")
    one = site(2)
    one.load.rename("负荷").rename_axis("时间").to_csv(made / "load.csv")
    pv = one.load * 0 + one.sources[0].profile
    pv.rename("光伏").rename_axis("时间").to_csv(made / "re.csv")
    (made / "case.yaml").write_text(CASE + SCENARIOS, encoding="utf-8")
    (made / "cheap.yaml").write_text(CASE.replace("capex: 3000", "capex: 300"), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> Comparison:
    return compare_files([folder / "case.yaml", folder / "cheap.yaml"])


def test_every_scenario_is_a_case_of_its_own(found: Comparison, folder: Path) -> None:
    """A scenario comes to what a file with that value comes to."""
    assert found.cases == ("case", "case · 光伏便宜", "case · 限上网", "cheap")
    rows = {(row.group, row.item): row.values for row in found.rows}
    assert rows["sizes", "pv"][1] == pytest.approx(rows["sizes", "pv"][3])
    assert rows["money", "annual_cost"][1] == pytest.approx(rows["money", "annual_cost"][3])
    alone = evaluate_file(folder / "cheap.yaml")
    assert rows["money", "annual_cost"][3] == pytest.approx(alone.plan.annual_cost)
    assert rows["money", "annual_cost"][0] > rows["money", "annual_cost"][1]


def test_costs_add_up(found: Comparison) -> None:
    parts = [row.values for row in found.rows if row.group == "costs"]
    totals = next(row.values for row in found.rows if row.item == "annual_cost")
    for place, total in enumerate(totals):
        assert sum(values[place] or 0.0 for values in parts) == pytest.approx(total)


def test_only_inputs_that_differ_are_shown(found: Comparison) -> None:
    inputs = {row.item: row.values for row in found.rows if row.group == "inputs"}
    assert inputs == {
        "sources.pv.capex": (3000, 300, 3000, 300),
        "grid.import_price": (0.5, 0.5, 0.9, 0.5),
        "limits.max_export_share": (None, None, 0.2, None),
    }


def test_commands(folder: Path) -> None:
    runner, case = CliRunner(), str(folder / "case.yaml")
    shown = runner.invoke(cli, ["energy", "compare", case])
    assert shown.exit_code == 0, shown.output
    for said in ("case · 光伏便宜", "年费用构成", "不同的输入", "sources.pv.capex"):
        assert said in shown.output
    record = json.loads(runner.invoke(cli, ["energy", "compare", case, "--json"]).stdout)
    assert record["cases"] == ["case", "case · 光伏便宜", "case · 限上网"]
    table = runner.invoke(cli, ["energy", "compare", case, "--csv"]).stdout
    assert table.lstrip("\ufeff").startswith("group,item,unit,case,")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("sources.pvv.capex", "是否应为“pv”"),  # no such part
        ("sources.pv.capx", "是否应为“capex”"),  # no such field
        ("grd.capacity_mw", "是否应为“grid”"),
    ],
)
def test_unknown_keys_are_refused_with_the_nearest(folder: Path, path: str, said: str) -> None:
    wrong = folder / f"wrong-{path}.yaml"
    wrong.write_text(CASE + f"\nscenarios:\n  a: {{{path}: 1.0}}\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_scenarios(wrong)
    assert said in str(raised.value)
    assert [problem.code for problem in case_problems(wrong)]


def test_faults_of_all_scenarios_are_told_together(folder: Path) -> None:
    wrong = folder / "two.yaml"
    text = "\nscenarios:\n  a: {sources.x.capex: 1}\n  b: {grid.capacity_mw: 很大}\n"
    wrong.write_text(CASE + text, encoding="utf-8")
    assert len(case_problems(wrong)) >= 2


def test_the_hourly_table_as_files(folder: Path, tmp_path: Path) -> None:
    """All three forms hold the same table, which balances in every step."""
    paths = {form: tmp_path / f"hours.{form}" for form in FORMATS}
    options = [word for form, path in paths.items() for word in (f"--{form}", str(path))]
    ran = CliRunner().invoke(cli, ["energy", "size", str(folder / "cheap.yaml"), *options])
    assert ran.exit_code == 0, ran.output
    csv = pd.read_csv(paths["csv"], encoding="utf-8-sig", parse_dates=["time"])
    excel = pd.read_excel(paths["xlsx"], engine="calamine")
    parquet = pd.read_parquet(paths["parquet"])
    local = [csv["time"].dt.tz_localize(None), excel["time"], parquet["time"].dt.tz_localize(None)]
    assert all((times == local[0]).all() for times in local)
    for other in (excel, parquet):
        assert list(other.columns) == list(csv.columns)
        assert np.allclose(other.drop(columns="time"), csv.drop(columns="time"))
    assert len(csv) == 48
    used = csv["pv (MW)"] + csv["import (MW)"] - csv["export (MW)"] - csv["curtailment (MW)"]
    assert np.allclose(used, csv["load (MW)"], atol=1e-6)


def test_files_of_a_comparison(folder: Path, tmp_path: Path) -> None:
    args = ["energy", "compare", str(folder / "case.yaml"), "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli, args)
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"comparison.html", "comparison.xlsx", "comparison.json"}
    assert "光伏便宜" in (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
