"""A given design against the limits of its case; small enough to be reckoned by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.energy.given_design import GivenDesign, evaluate_design_file
from greenland.energy.given_sizes import read_sizes, sizes_of, with_sizes
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.errors import InputError

CASE = """
year: 2026
load: load.csv
sources: [{name: pv, profile: {file: pv.csv}, capex: 2700, lifetime: 25, max_mw: 30}]
storages:
  - {name: bess, power_capex: 300, energy_capex: 700, lifetime: 12, max_mwh: 40,
     charge_efficiency: 1.0, discharge_efficiency: 1.0, depth_of_discharge: 1.0}
grid: {capacity_mw: 50, import_price: 0.5, export_allowed: false}
limits: {min_self_use_of_consumption: 0.45}
discount_rate: 0.06
"""


def write(folder: Path, text: str = CASE) -> Path:
    """A flat load of 10 MW; sun for half of every day."""
    hours = pd.date_range("2025-01-01", periods=48, freq="h").rename("时间")
    pd.Series(10.0, index=hours, name="负荷(MW)").to_csv(folder / "load.csv")
    sun = np.tile(np.r_[np.zeros(12), np.ones(12)], 2)
    pd.Series(sun, index=hours, name="pv").to_csv(folder / "pv.csv")
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def design(folder: Path, sizes: str, text: str = CASE) -> GivenDesign:
    return evaluate_design_file(write(folder, text), sizes)


def test_a_design_that_passes_is_dispatched_as_it_is(tmp_path: Path) -> None:
    found = design(tmp_path, "pv=10,bess=0/0")
    assert found.passes
    assert found.nearest is None
    assert found.result.plan.capacities["pv"] == pytest.approx(10.0)
    assert found.result.plan.ratios["self_use_of_consumption"] == pytest.approx(0.5)


def test_what_fails_has_value_requirement_and_gap(tmp_path: Path) -> None:
    """8 MW for half the day are 40 % of 10 MW; 45 % need 9 MW."""
    found = design(tmp_path, "pv=8,bess=0/0")
    (failure,) = found.failures
    assert str(failure.limit) == "self_use_of_consumption"
    assert failure.value == pytest.approx(0.40, abs=1e-6)
    assert failure.required == 0.45
    assert failure.gap == pytest.approx(0.05, abs=1e-6)
    assert "差 5.00%" in failure.text
    assert not found.passes


def test_the_nearest_sizes_change_least(tmp_path: Path) -> None:
    found = design(tmp_path, "pv=8,bess=0/0")
    assert found.nearest is not None
    assert found.nearest.changes["pv"] == pytest.approx(1.0, abs=1e-3)
    assert found.nearest.changes["bess_energy"] == pytest.approx(0.0, abs=1e-3)
    assert found.cheapest_above is not None
    assert found.cheapest_above.capacities["pv"] >= 9.0 - 1e-6


def test_a_size_may_have_to_shrink(tmp_path: Path) -> None:
    """Of 20 MW half is curtailed; at most 20 % may be: 12.5 MW at 10 MW of load."""
    text = CASE.replace("0.45}", "0.45, max_curtailment_share: 0.2}").replace(
        "max_mwh: 40", "max_mwh: 0"
    )
    found = design(tmp_path, "pv=20,bess=0/0", text)
    assert [str(one.limit) for one in found.failures] == ["curtailment_share"]
    assert found.failures[0].value == pytest.approx(0.5, abs=1e-6)
    assert found.nearest is not None
    assert found.nearest.capacities["pv"] == pytest.approx(12.5, abs=1e-3)
    # nothing that is nowhere smaller keeps the limit
    assert found.cheapest_above is None


def test_load_that_cannot_be_served_fails(tmp_path: Path) -> None:
    """7 MW of connection and 0 of sun leave 3 of 10 MW unserved."""
    text = CASE.replace("capacity_mw: 50", "capacity_mw: 7").replace("0.45", "0.0")
    found = design(tmp_path, "pv=0,bess=0/0", text)
    values = {str(one.limit): one.value for one in found.failures}
    assert values == {"unserved_share": pytest.approx(0.3, abs=1e-6)}


def test_sizes_beyond_the_bounds_of_the_case_fail(tmp_path: Path) -> None:
    found = design(tmp_path, "pv=31,bess=0/0")
    (failure,) = [one for one in found.failures if str(one.limit) == "max_mw:pv"]
    assert (failure.value, failure.required) == (31.0, 30.0)


SITE = Site(
    pd.Series(1.0, pd.date_range("2025-01-01", periods=2, freq="h")),
    [Source("pv", [0.5, 0.5], existing_mw=1.0)],
    [Storage("bess")],
    grid=Grid(import_price=0.5),
)


@pytest.mark.parametrize(
    "given",
    [
        {"pv": "3", "bess": "1/2"},
        {"pv": "3MW", "bess": "1MW/2MWh"},
        {"pv": 3, "bess": [1, 2]},
        {"pv": 3.0, "bess": {"mw": 1, "mwh": 2}},
        {"pv": 3.0, "bess_power": 1.0, "bess_energy": 2.0},
    ],
)
def test_ways_of_writing_sizes(given: dict[str, Any]) -> None:
    assert sizes_of(given, SITE) == {"pv": 3.0, "bess_power": 1.0, "bess_energy": 2.0}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"pv": "3"}, "没有给出 bess_power、bess_energy"),
        ({"pv": "3", "bess": "10"}, "要给出功率和容量"),
        ({"pw": "3", "bess": "1/2"}, "没有“pw”"),
        ({"pv": "-3", "bess": "1/2"}, "不小于 0"),
        ({"pv": "nan", "bess": "1/2"}, "不小于 0"),
    ],
)
def test_sizes_that_are_none(given: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        sizes_of(given, SITE)
    assert said in "\n".join(one.message for one in caught.value.problems)


def test_existing_capacity_is_part_of_a_size() -> None:
    held = with_sizes(SITE, {"pv": 3.0, "bess_power": 1.0, "bess_energy": 2.0})
    assert (held.sources[0].min_mw, held.sources[0].max_mw) == (2.0, 2.0)


def test_sizes_from_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("capacities: {pv: 3, bess: 1/2}\n", encoding="utf-8")
    assert read_sizes(str(tmp_path / "a.yaml")) == {"pv": 3, "bess": "1/2"}
    record = {"energy": {"plan": {"capacities": {"pv": 3.0, "grid": 5.0}}}}
    (tmp_path / "b.json").write_text(json.dumps(record), encoding="utf-8")
    assert read_sizes(str(tmp_path / "b.json")) == {"pv": 3.0, "grid": 5.0}
    with pytest.raises(InputError, match="看不懂"):
        read_sizes("pv=3,bess")


def test_the_command_prints_what_fails_and_what_passes(tmp_path: Path) -> None:
    path = write(tmp_path)
    args = ["energy", "evaluate", str(path), "--capacities", "pv=8,bess=0/0"]
    done = CliRunner().invoke(cli, [*args, "--json", str(tmp_path / "out.json")])
    assert done.exit_code == 1, done.output
    assert "不满足 1 项限制" in done.output
    assert "≥ 45.00%" in done.output
    assert "9.00 (+1.00)" in done.output
    record = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert record["failures"][0]["gap"] == pytest.approx(0.05, abs=1e-6)
    assert record["energy"]["plan"]["capacities"]["pv"] == pytest.approx(8.0)
