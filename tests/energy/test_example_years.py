"""The examples set to other years: an answer, or a refusal that says what is missing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenland.energy.case import read_case, read_energy
from greenland.energy.case.loading import LoadedCase
from greenland.energy.case_checks import case_problems, energy_problems
from greenland.energy.tariff.resolve import grid_only, resolve
from greenland.errors import Problem, Severity
from greenland.park import read_config
from greenland.rules import Rulebook, load_rulebook

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
# First day of the rules the examples rest on, of which the years before have no price.
T_AND_D, DAY_1192, DAY_688 = "2026-08-01", "2025-10-01", "2026-05-14"


@pytest.fixture(scope="module")
def loaded() -> LoadedCase:
    return read_case(EXAMPLES / "case.yaml")


@pytest.fixture(scope="module")
def park() -> tuple[LoadedCase, dict[str, object]]:
    energy = read_config(EXAMPLES / "yunnan_park").energy
    assert energy is not None
    return read_energy(energy, EXAMPLES / "yunnan_park"), energy


def book(year: int) -> Rulebook:
    return load_rulebook(("national", "yunnan", "chuxiong"), year)


def of_year(year: int, folder: Path) -> list[Problem]:
    """Problems of the case file, set to a year, beside its curves."""
    text = (EXAMPLES / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("year: 2026", f"year: {year}")
    text = text.replace("yunnan_park/", f"{EXAMPLES.as_posix()}/yunnan_park/")
    path = folder / f"case{year}.yaml"
    path.write_text(text, encoding="utf-8")
    return case_problems(path)


def errors(problems: list[Problem]) -> dict[str, Problem]:
    return {item.column: item for item in problems if item.severity is Severity.ERROR}


@pytest.mark.parametrize(
    ("year", "days_1192"), [(2024, "2024年全年没有数值"), (2025, "2025年1—9月没有数值")]
)
def test_years_before_the_rules_are_refused_in_words(
    year: int, days_1192: str, tmp_path: Path
) -> None:
    found = errors(of_year(year, tmp_path))
    assert {"tariff.transmission_price", "tariff.capacity_price", "tariff.line_loss"} <= set(found)
    assert "tariff.tou" not in found  # 924号 is of 2024
    near = found["tariff.capacity_hours"]
    assert days_1192 in near.message
    assert DAY_1192 in near.message
    assert "two_part" in near.remedy
    assert T_AND_D in found["tariff.transmission_price"].message
    for problem in found.values():
        assert problem.remedy


@pytest.mark.parametrize("year", [2026, 2027])
def test_years_of_the_rules_have_their_prices(year: int, tmp_path: Path) -> None:
    assert errors(of_year(year, tmp_path)) == {}


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_pieces_of_a_year(loaded: LoadedCase, year: int) -> None:
    tariff_config = loaded.case.tariff
    assert tariff_config is not None
    index = pd.DatetimeIndex(loaded.load.index)
    (tariff,) = resolve(tariff_config, index, book(year), folder=loaded.folder)
    days = [
        (str(item.first), item.confidence)
        for item in tariff.assumptions
        if item.item == "transmission_price"
    ]
    pieces = {2026: [("2026-01-01", "user"), (T_AND_D, "reprint")], 2027: [("None", "reprint")]}
    assert days == pieces[year]
    ordinary = grid_only(tariff_config, index, book(year), folder=loaded.folder)
    assert ordinary.components["transmission"].eq(0.0683).all()


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_park_before_the_rules(park: tuple[LoadedCase, dict[str, object]], year: int) -> None:
    _loaded, energy = park
    problems = energy_problems(energy, EXAMPLES / "yunnan_park", book(year))
    found = errors(problems)
    missing = ("transmission_price", "demand_price", "near_alternative", "capacity_hours")
    assert {f"tariff.{name}" for name in missing} <= set(found)
    unknown = [item for item in problems if item.code == "condition_not_in_force"]
    assert bool(unknown) is (year == 2024)  # 650 is of 2025-05-21
    assert all("2025-05-21" in item.remedy for item in unknown)
    assert not [item for item in problems if item.code == "unknown_condition"]


def test_the_park_of_2027(park: tuple[LoadedCase, dict[str, object]]) -> None:
    _loaded, energy = park
    assert errors(energy_problems(energy, EXAMPLES / "yunnan_park", book(2027))) == {}
