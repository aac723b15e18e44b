"""The example cases: sound as they stand, and sized on the first two weeks of their curves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from greenland.energy import EnergyResult, evaluate_file
from greenland.energy.case import read_case
from greenland.energy.case_checks import case_problems
from greenland.record.energy.energy import EnergyRecord

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CASES = sorted(path.stem for path in EXAMPLES.glob("case*.yaml"))
CURVES = ("load.csv", "users.csv", "pv.csv", "wind.csv")
HOURS = 14 * 24


def test_there_are_four() -> None:
    assert CASES == ["case", "case_generators", "case_multi_user", "case_off_grid"]


@pytest.mark.parametrize("name", CASES)
def test_it_is_sound_and_says_that_it_is_invented(name: str) -> None:
    path = EXAMPLES / f"{name}.yaml"
    assert case_problems(path) == []
    assert "虚构" in path.read_text(encoding="utf-8").splitlines()[0]
    assert "虚构" in str(read_case(path).case.name)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    (folder / "yunnan_park").mkdir()
    for name in CURVES:
        curve = pd.read_csv(EXAMPLES / "yunnan_park" / name, dtype=str)
        curve.head(HOURS).to_csv(folder / "yunnan_park" / name, index=False)
    for name in CASES:
        text = (EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def sized(folder: Path, name: str) -> EnergyResult:
    result = evaluate_file(folder / f"{name}.yaml")
    assert str(result.plan.status) == "optimal"
    return result


def test_the_users_share_what_the_project_uses(folder: Path) -> None:
    """Self-use and purchase of the five users are the project's, to the kWh."""
    result = sized(folder, "case_multi_user")
    users = result.money.users
    assert users is not None
    assert len(users) == 5
    energy = result.plan.energy
    assert float(users["load_mwh"].sum()) == pytest.approx(energy["load"], abs=1e-3)
    assert float(users["import_mwh"].sum()) == pytest.approx(energy["import"], abs=1e-3)
    assert result.plan.costs["专线"] > 0


def test_off_grid_the_load_is_served_and_hydrogen_made(folder: Path) -> None:
    result = sized(folder, "case_off_grid")
    assert result.tariff is None
    assert "grid" not in result.plan.capacities
    assert result.plan.capacities["hydrogen"] > 0
    assert result.plan.ratios["unserved_share"] <= 0.02 + 1e-6


def test_biomass_is_green_and_gas_is_not(folder: Path) -> None:
    """Costs, energies and emissions of the two, each from the schedule alone."""
    result = sized(folder, "case_generators")
    plan, year = result.plan, result.money.finance.operation.iloc[0]
    made = plan.schedule.sum() * plan.site.step_hours / plan.site.years
    bio, gas = float(made["生物质机组"]), float(made["燃气机组"])
    assert min(bio, gas) > 1
    assert plan.costs["fuel:生物质机组"] == pytest.approx(bio / 0.3 / 3.5 * 260)
    assert plan.costs["fuel:燃气机组"] == pytest.approx(gas / 0.42 / 9.9 * 1000 * 2.9)
    assert plan.energy["other_generation"] == pytest.approx(gas)
    assert year["not_green"] == pytest.approx(gas)
    carbon = result.money.carbon
    assert carbon is not None
    bought = plan.energy["import"] * carbon.factor_value
    assert carbon.after_tco2 == pytest.approx(bought + gas / 0.42 / 9.9 * 2.16)
    record = EnergyRecord.model_validate(replace(result, rulebook=None).to_record())
    assert record.plan is not None
    assert record.plan.energy is not None
    assert record.plan.energy.other_generation == pytest.approx(gas)
