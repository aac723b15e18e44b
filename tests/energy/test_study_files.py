"""What a study file is refused for, said with its line and what to do; and how it is run."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from drawn import examples
from study_files import write_case, write_study

from greenland.cli import cli
from greenland.energy.case.schema import Curve
from greenland.energy.studies import journal as journals
from greenland.energy.studies.bench import Bench
from greenland.energy.studies.config_draws import Correlation, Drawn
from greenland.energy.studies.journal import JOURNAL, Journal
from greenland.energy.studies.kinds.monte_carlo import probability
from greenland.energy.studies.reading import multiplied, read_study
from greenland.energy.studies.sampling import uniforms, values_of_draws
from greenland.energy.studies.study import run_study
from greenland.errors import InputError

GRID = """grid:
  x: {path: grid.import_price, values: [0.4, 0.5]}
  y: {path: grid.capacity_mw, values: [90, 95]}"""
BREAK_EVEN = "break_even: {path: grid.import_price, from: 0.4, to: 0.6, above: 1, measure: %s}"
UNIFORM = "monte_carlo: {variables: [{path: load, distribution: uniform, low: 1, high: 2, %s}]}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("study")
    write_case(made, days=2)
    return made


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("grid: {}\npareto: {}", 2, "缺少必填项“grid.x”"),
        ("pareto: {}\nnear_optimal: {}", None, "要写且只写一种研究"),
        ("pareto: {point: 5}", 2, "是否应为“points”？"),
        (GRID.replace("grid.import_price", "sources.pvv.capex"), 3, "是否应为“pv”？"),
        (GRID.replace("grid.import_price", "grid.import_prise"), 3, "是否应为“import_price”？"),
        (GRID.replace("90, 95", "much"), 4, "“grid.capacity_mw”应为数字"),
        ("near_optimal: {capacities: [batery_power]}", 2, "是否应为“battery_power”？"),
        (BREAK_EVEN % "capacities.pw", 2, "是否应为“capacities.pv”？"),
        (
            "sensitivity: {variables: [{path: grid.export_allowed, change: 0.1}]}",
            2,
            "没有可以乘倍数的数值",
        ),
        (
            "monte_carlo: {variables: [{path: load, distribution: normal, mean: 1}]}",
            2,
            "normal 分布还要给 sd",
        ),
        (UNIFORM % "sd: 1", 2, "uniform 分布没有 sd"),
        (
            "monte_carlo:\n  variables:\n"
            "    - {name: a, path: load, distribution: discrete, choices: [{value: load.csv}]}\n"
            "    - {name: b, path: load, distribution: discrete, choices: [{value: kw.csv}]}\n",
            2,
            "几个变量都直接给出同一项：load",
        ),
        ("scenarios: {坏: {limits.max_export_shore: 0.1}}", 2, "是否应为“max_export_share”？"),
    ],
)
def test_faults_are_said_with_their_line(
    folder: Path, text: str, row: int | None, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        run_study(write_study(folder, text), workers=1)
    problem = caught.value.problems[0]
    assert words in str(problem)
    assert problem.file == "study.yaml"
    if row is not None:
        assert problem.row == row


def test_a_front_of_costs_needs_a_case_that_is_sized_for_cost(tmp_path: Path) -> None:
    write_case(tmp_path, days=2, extra="objective: npv\n")
    with pytest.raises(InputError, match="objective 却是 npv") as caught:
        run_study(write_study(tmp_path, "pareto: {}"), workers=1)
    assert caught.value.problems[0].row == 2


def test_a_case_that_fails_is_a_row_with_its_reason(folder: Path) -> None:
    """The file can be read, the site refuses it; the others go on."""
    text = "scenarios:\n  坏: {sources.pv.capex: -1}\n  好: {sources.pv.capex: 2600}\n"
    found = run_study(write_study(folder, text), workers=1)
    bad, good = found.cases[1:]
    assert bad.row["status"] == "failed"
    assert "capex" in bad.row["reason"]
    assert good.solved
    assert found.failed == [bad]


@pytest.mark.parametrize(
    ("value", "times"),
    [
        (3, 6.0),
        ("load.csv", {"file": "load.csv", "factor": 2.0}),
        (
            {"file": "a.csv", "column": "pv", "factor": 1.5},
            {"file": "a.csv", "column": "pv", "factor": 3.0},
        ),
        ([1, 2], [2.0, 4.0]),
        ({7: 30, 8: 40}, {7: 60.0, 8: 80.0}),
        (True, None),
        (None, None),
        ("annual_cost", None),
    ],
)
def test_what_can_be_multiplied(value: object, times: object) -> None:
    assert multiplied(value, 2.0) == times


def test_a_curve_takes_a_factor_whatever_its_unit(folder: Path) -> None:
    """Growth is no conversion: a header with a unit, which refuses a scale, takes a factor."""
    load = pd.read_csv(folder / "load.csv").rename(columns={"负荷": "负荷(kW)"})
    load.to_csv(folder / "kw.csv", index=False)
    bench = Bench(read_study(write_study(folder, GRID)).tree, folder, "case.yaml")
    for curve in ("kw.csv", {"file": "kw.csv", "factor": 1.1}, {"file": "kw.csv", "factor": 1.2}):
        loaded = bench.loaded({"load": curve})
        factor = 1.0 if isinstance(curve, str) else curve["factor"]
        assert loaded.load.to_numpy() == pytest.approx(load["负荷(kW)"].to_numpy() * factor / 1000)
    assert len(bench._curves) == 3  # load, pv, wind: whatever factor, a file is read once
    assert Curve(file="a.csv").factor == 1.0


# -- draws -------------------------------------------------------------------------------------


def drawn(**fields: object) -> Drawn:
    return Drawn.model_validate({"path": "x", **fields})


@pytest.mark.parametrize(
    ("fields", "mean", "sd"),
    [
        # moments of the distributions, from their textbooks' formulas
        ({"distribution": "uniform", "low": 2, "high": 6}, 4.0, 4 / np.sqrt(12)),
        (
            {"distribution": "triangular", "low": 0, "mode": 1, "high": 5},
            2.0,
            np.sqrt((0 + 1 + 25 - 0 - 0 - 5) / 18),
        ),
        ({"distribution": "normal", "mean": 10, "sd": 2}, 10.0, 2.0),
        ({"distribution": "lognormal", "mean": 10, "sd": 3}, 10.0, 3.0),
        # a normal cut at its mean: mean + sd·√(2/π), sd·√(1-2/π)
        (
            {"distribution": "normal", "mean": 10, "sd": 2, "low": 10},
            10 + 2 * np.sqrt(2 / np.pi),
            2 * np.sqrt(1 - 2 / np.pi),
        ),
    ],
)
def test_distributions_have_their_moments(
    fields: dict[str, object], mean: float, sd: float
) -> None:
    shares = (np.arange(20_000) + 0.5) / 20_000
    values = np.array(values_of_draws(drawn(**fields), shares))
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.std() == pytest.approx(sd, rel=1e-2)
    assert (np.diff(values) >= 0).all()


def test_truncated_draws_stay_within() -> None:
    one = drawn(distribution="lognormal", mean=1, sd=0.5, low=0.8, high=1.1)
    values = values_of_draws(one, uniforms(["x"], [], 500, 3)["x"])
    assert 0.8 <= min(values) < max(values) <= 1.1


def test_choices_come_by_their_weights() -> None:
    one = drawn(distribution="discrete", choices=[{"value": 1, "weight": 3}, {"value": 2}])
    values = values_of_draws(one, (np.arange(1000) + 0.5) / 1000)
    assert values.count(1) == 750


def test_correlation_is_that_of_the_scores() -> None:
    """Gaussian copula: rank correlation 6/π·asin(ρ/2) (Pearson 1907)."""
    pair = Correlation(between=["a", "b"], value=0.7)
    found = uniforms(["a", "b", "c"], [pair], 20_000, 5)
    ranks = np.corrcoef(found["a"], found["b"])[0, 1]
    assert ranks == pytest.approx(6 / np.pi * np.arcsin(0.35), abs=0.015)
    assert abs(np.corrcoef(found["a"], found["c"])[0, 1]) < 0.03


def test_draws_are_common() -> None:
    """A variable sees the same draws whatever others there are."""
    alone = uniforms(["a"], [], 50, 9)["a"]
    assert (uniforms(["b", "a"], [], 50, 9)["a"] == alone).all()
    assert (uniforms(["a"], [], 50, 10)["a"] != alone).any()


def test_impossible_correlations_are_refused(folder: Path) -> None:
    text = """monte_carlo:
  draws: 3
  variables:
    - {name: a, path: grid.import_price, distribution: uniform, low: 0.4, high: 0.5}
    - {name: b, path: grid.export_price, distribution: uniform, low: 0.1, high: 0.2}
    - {name: c, path: load, factor: true, distribution: uniform, low: 0.9, high: 1.1}
  correlations:
    - {between: [a, b], value: 0.9}
    - {between: [b, c], value: 0.9}
    - {between: [a, c], value: -0.9}
"""
    with pytest.raises(InputError, match="正定"):
        run_study(write_study(folder, text), workers=1)


def test_a_probability_has_its_interval() -> None:
    """Wilson 1927; values of R's ``prop.test(8, 10, correct = FALSE)``."""
    found = probability(8, 10)
    assert found["low"] == pytest.approx(0.4902, abs=1e-4)
    assert found["high"] == pytest.approx(0.9433, abs=1e-4)
    assert probability(0, 0)["probability"] is None


MONTE_CARLO = """monte_carlo:
  draws: 8
  seed: 11
  variables:
    - name: 限制
      path: limits.min_self_use_of_consumption
      distribution: discrete
      choices: [{value: 0.75}]
    - {name: 负荷, path: load, factor: true, distribution: uniform, low: 0.7, high: 1.6}
    - {name: 电价, path: grid.import_price, distribution: uniform, low: 0.4, high: 0.7}
    - name: 气象年
      distribution: discrete
      choices:
        - {name: 常年, changes: {sources.wind.profile: {file: re.csv, column: wind}}}
        - {name: 枯年, changes: {sources.wind.profile: {file: re_poor.csv, column: wind}}}
"""


@pytest.mark.slow
def test_held_sizes_and_sizes_made_anew(folder: Path) -> None:
    """Sizing anew is never dearer than a design that keeps every limit, draw by draw."""
    found = run_study(write_study(folder, MONTE_CARLO), workers=1)
    told = found.summary["designs"]
    assert told["resized"]["solved"] == told["fixed"]["solved"] == 8
    pairs = zip(found.cases[1::2], found.cases[2::2], strict=True)
    broken = 0
    for resized, fixed in pairs:
        assert resized.at["负荷"] == fixed.at["负荷"]
        assert all(one["kept"] for one in resized.row["limits"].values())
        if all(one["kept"] for one in fixed.row["limits"].values()):
            assert resized.row["annual_cost"] <= fixed.row["annual_cost"] * (1 + 1e-5)
        else:
            broken += 1
    kept = told["fixed"]["all_limits"]["probability"]
    assert kept == pytest.approx(1 - broken / 8)
    assert 0 < broken < 8  # more load, or less, than the sizes are for
    again = run_study(write_study(folder, MONTE_CARLO), workers=1)
    assert [one.row for one in again.cases] == [one.row for one in found.cases]


# -- journal and resuming ------------------------------------------------------------------------


def test_a_folder_is_not_written_over(folder: Path, tmp_path: Path) -> None:
    study = write_study(folder, GRID)
    first = run_study(study, out=tmp_path, workers=1)
    with pytest.raises(InputError, match="--resume"):
        run_study(study, out=tmp_path, workers=1)
    again = run_study(study, out=tmp_path, resume=True, workers=1)
    assert again.reused == len(first.cases)
    assert [one.row for one in again.cases] == [one.row for one in first.cases]
    assert run_study(study, out=tmp_path, force=True, workers=1).reused == 0
    parts = sorted((tmp_path / "parts").glob("*.parquet"))
    assert sum(len(pd.read_parquet(one)) for one in parts) == len(first.cases)


def test_what_changed_is_done_again(folder: Path, tmp_path: Path) -> None:
    study = write_study(folder, GRID)
    run_study(study, out=tmp_path, workers=1)
    write_study(folder, GRID.replace("90, 95", "90, 97"))
    found = run_study(study, out=tmp_path, resume=True, workers=1)
    assert found.reused == 3  # the case itself and two corners
    load = (folder / "load.csv").read_text("utf-8")
    try:
        (folder / "load.csv").write_text(load.replace("6", "7"), encoding="utf-8")
        assert run_study(study, out=tmp_path, resume=True, workers=1).reused == 0
    finally:
        (folder / "load.csv").write_text(load, encoding="utf-8")


def test_a_line_cut_short_is_dropped(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add("a", {}, {"status": "optimal", "annual_cost": 1.0})
        journal.add("b", {}, {"status": "failed", "reason": "x"})
    whole = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(whole + b'{"key":"c","ro')
    with Journal(tmp_path, resume=True) as journal:
        assert list(journal.rows) == ["a", "b"]
    assert (tmp_path / JOURNAL).read_bytes() == whole
    with Journal(tmp_path, resume=True, retry=True) as journal:
        assert list(journal.rows) == ["a"]
    (tmp_path / JOURNAL).write_bytes(b"nonsense\n" + whole)
    with pytest.raises(InputError, match="读不出") as caught:
        Journal(tmp_path, resume=True)
    assert caught.value.problems[0].row == 1


def test_parts_hold_what_the_journal_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "BATCH", 2)
    with Journal(tmp_path) as journal:
        for number in range(5):
            journal.add(str(number), {}, {"status": "optimal", "annual_cost": float(number)})
            parts = sorted((tmp_path / "parts").glob("*.parquet"))
            assert len(parts) == (number + 1) // 2
    (tmp_path / "parts" / "part-00001.parquet").unlink()
    with Journal(tmp_path, resume=True) as journal:
        journal.add("5", {}, {"status": "optimal", "annual_cost": 5.0})
    parts = sorted((tmp_path / "parts").glob("*.parquet"))
    assert [list(pd.read_parquet(one)["key"]) for one in parts] == [
        ["0", "1"],
        ["2", "3"],
        ["4", "5"],
    ]


def test_two_runs_do_not_write_one_folder(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(InputError, match="另一个进程"):
        Journal(tmp_path, resume=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
@pytest.mark.usefixtures("ctrl_c")
def test_a_run_that_is_killed_loses_what_was_in_flight_alone(folder: Path, tmp_path: Path) -> None:
    """Killed at random moments, gone on with, killed again: no case twice, none missing."""
    prices = [round(0.3 + 0.01 * n, 2) for n in range(15)]
    text = GRID.replace("[0.4, 0.5]", str(prices))
    study = write_study(folder, text, "killed")
    words = [
        sys.executable,
        "-m",
        "greenland",
        "energy",
        "study",
        str(study),
        "--out",
        str(tmp_path),
    ]
    rng, before, kills = random.Random(4), 0, 0
    for number in range(examples(2, 4)):
        process = subprocess.Popen(
            [*words, "--resume", "--workers", "2"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + 60
        while _lines(tmp_path) <= before and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.2))
        if process.poll() is None:  # Ctrl-C at first, which ends it in order
            os.kill(process.pid, signal.SIGKILL if number else signal.SIGINT)
            kills += 1
        assert process.wait() in ((130,), (-signal.SIGKILL, 0))[number > 0]
        before = _lines(tmp_path)
    assert kills >= 1
    done = subprocess.run([*words, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    keys = [
        json.loads(line)["key"] for line in (tmp_path / JOURNAL).read_text("utf-8").splitlines()
    ]
    assert max(Counter(keys).values()) == 1
    assert len(keys) == 31
    record = json.loads((tmp_path / "study.json").read_text("utf-8"))
    assert all(one["status"] == "optimal" for one in record["cases"])
    fresh = run_study(study, workers=1)
    assert [one["annual_cost"] for one in record["cases"]] == [
        one.row["annual_cost"] for one in fresh.cases
    ]


def _lines(folder: Path) -> int:
    path = folder / JOURNAL
    return path.read_bytes().count(b"\n") if path.exists() else 0


# -- the command -------------------------------------------------------------------------------


@pytest.mark.slow
def test_command(folder: Path, tmp_path: Path) -> None:
    study = write_study(folder, "pareto: {points: 4, max_cost_ratio: 1.2}")
    words = ["energy", "study", str(study), "--out", str(tmp_path)]
    ran = CliRunner().invoke(cli, [*words, "--json"])
    assert ran.exit_code == 0, ran.output
    record = json.loads(ran.stdout)
    assert record["kind"] == "pareto"
    names = {one.name for one in tmp_path.iterdir()}
    assert names >= {"study.html", "study.xlsx", "study.json", "cases.csv", "cases.parquet"}
    table = pd.read_csv(tmp_path / "cases.csv")
    assert list(table["case"]) == [one["name"] for one in record["cases"]]
    page = (tmp_path / "study.html").read_text("utf-8")
    assert "帕累托前沿" in page
    assert "<script src" not in page
    again = CliRunner().invoke(cli, [*words, "--resume", "--csv"])
    assert again.exit_code == 0
    assert "上次已经算过" in again.stderr
    assert again.stdout.splitlines()[0].lstrip("\ufeff").startswith("case,label")
    refused = CliRunner().invoke(cli, words)
    assert refused.exit_code == 1
    assert "--resume" in refused.stderr
    opened = CliRunner().invoke(cli, [*words, "--open", "3"])
    assert opened.exit_code == 0, opened.output
    result = json.loads((tmp_path / "case-3" / "results.json").read_text("utf-8"))
    cost = next(one["annual_cost"] for one in record["cases"] if one["name"] == "3")
    assert result["energy"]["plan"]["annual_cost"] == pytest.approx(cost, rel=1e-6)
    wrong = CliRunner().invoke(cli, [*words, "--open", "33"])
    assert wrong.exit_code == 1
    assert "没有算例" in wrong.stderr
