"""Each kind of study on a case of a few days, against sizings of their own."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from study_files import write_case, write_study

from greenland.energy.case import read_case, rulebook_of
from greenland.energy.case.scenarios import read_scenarios
from greenland.energy.sizing.robust import conditional_value_at_risk
from greenland.energy.sizing.solve import size
from greenland.energy.studies.bench import Bench
from greenland.energy.studies.kinds.pareto import knee, spacing
from greenland.energy.studies.kinds.sensitivity import _name_of, _prices
from greenland.energy.studies.near import NearTask
from greenland.energy.studies.study import StudyResult, run_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("studies")
    write_case(made)
    return made


def run(folder: Path, text: str) -> StudyResult:
    return run_study(write_study(folder, text), workers=1)


def own_cost(folder: Path, changes: str) -> float:
    """What a sizing of a file with these values comes to."""
    case = folder / "own.yaml"
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    case.write_text(f"{text}\nscenarios: {{own: {changes}}}\n", encoding="utf-8")
    loaded = read_scenarios(case)["own"]
    return size(loaded.site(rulebook_of(loaded))).annual_cost


def test_a_grid_is_sizings_of_their_own(folder: Path) -> None:
    text = """grid:
  x: {path: grid.import_price, values: [0.4, 0.6]}
  y: {paths: [storages.battery.power_capex, storages.battery.energy_capex], factor: true,
      from: 0.5, to: 1.0, count: 2, name: 储能造价}
"""
    found = run(folder, text)
    assert [one.at for one in found.cases[1:]] == [
        {"grid.import_price": x, "储能造价": y} for y in (0.5, 1.0) for x in (0.4, 0.6)
    ]
    last = found.cases[2]
    own = own_cost(
        folder,
        "{grid.import_price: 0.6, storages.battery.power_capex: 150, "
        "storages.battery.energy_capex: 350}",
    )
    assert last.measure("annual_cost") == pytest.approx(own, rel=1e-6)
    assert dict(last.task.changes)["storages.battery.energy_capex"] == 350.0
    # the case itself lies between the prices
    costs = [one.measure("annual_cost") for one in (found.cases[3], found.cases[0], found.cases[4])]
    assert costs == sorted(costs)


def test_parts_built_or_not_are_studied_too(tmp_path: Path) -> None:
    """A case that takes several programs is sized in a study as it is alone."""
    path = write_case(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("max_mw: 200}", "max_mw: 200, min_built_mw: 40}"), "utf-8")
    found = run(
        tmp_path,
        """grid:
  x: {path: grid.import_price, values: [0.4]}
  y: {path: storages.battery.energy_capex, values: [500]}
""",
    )
    assert not found.failed
    own = own_cost(tmp_path, "{grid.import_price: 0.4, storages.battery.energy_capex: 500}")
    assert found.cases[1].measure("annual_cost") == pytest.approx(own, rel=1e-6)


def test_sensitivity_is_sorted_by_what_it_moves(folder: Path) -> None:
    text = """sensitivity:
  prices: 0.2
  variables:
    - {path: load, change: 0.1, name: 负荷}
    - {path: grid.capacity_mw, low: 80, high: 100}
"""
    found = run(folder, text)
    rows = found.summary["tornado"]
    assert {row["variable"] for row in rows} >= {
        *("负荷", "grid.capacity_mw", "pv 单位投资", "battery 单位投资", "购网电价", "上网电价"),
    }
    base = found.summary["base_cost"]
    spans = [max(abs(row["low_cost"] - base), abs(row["high_cost"] - base)) for row in rows]
    assert spans == sorted(spans, reverse=True)
    # all of it scales with the load but the connection, which binds nothing here and costs nothing
    load = next(row for row in rows if row["variable"] == "负荷")
    assert load["low_cost"] < base < load["high_cost"]
    assert own_cost(folder, "{load: {file: load.csv, factor: 1.1}}") == pytest.approx(
        load["high_cost"], rel=1e-6
    )


def test_prices_of_generators_are_moved() -> None:
    """Both costs of a start together; what costs nothing stays."""
    unit = {"name": "bio", "capex": 6000, "start_cost": 500, "start_cost_per_mw": 40}
    fuel = {"name": "gas", "fuel_price": 2.5, "start_cost": 0}
    paths = list(_prices({"generators": [unit, fuel]}))
    assert paths == [
        ["generators.bio.capex"],
        ["generators.bio.start_cost", "generators.bio.start_cost_per_mw"],
        ["generators.gas.fuel_price"],
    ]
    assert [_name_of(one) for one in paths] == ["bio 单位投资", "bio 启动费用", "gas 燃料价格"]


@pytest.fixture(scope="module")
def front(folder: Path) -> StudyResult:
    return run(folder, "pareto: {points: 12, max_cost_ratio: 1.6}")


@pytest.mark.slow
def test_a_front_rises_and_bends_upwards(front: StudyResult) -> None:
    """Least cost is a convex function of the share that is required."""
    points = [
        (one.measure("shares.self_use_of_consumption"), one.measure("annual_cost"))
        for one in front.cases[1:]
    ]
    assert len(points) == 12
    shares, costs = zip(*points, strict=True)
    assert all(b > a for a, b in itertools.pairwise(shares))
    slopes = np.diff(costs) / np.diff(shares)
    assert (slopes[1:] >= slopes[:-1] * (1 - 1e-3) - 1.0).all()
    assert costs[0] == pytest.approx(front.cases[0].measure("annual_cost"))
    assert costs[-1] <= 1.6 * costs[0] * (1 + 1e-6)


def test_points_stand_evenly(front: StudyResult) -> None:
    assert front.summary["spacing"] < 1.8
    assert front.summary["knee"] in [one.name for one in front.cases[1:]]


def test_every_point_is_a_case(front: StudyResult, folder: Path) -> None:
    point = front.cases[6]
    limit = point.task.changes["limits.min_self_use_of_consumption"]
    own = own_cost(folder, f"{{limits.min_self_use_of_consumption: {limit}}}")
    assert point.measure("annual_cost") == pytest.approx(own, rel=1e-6)


@pytest.mark.slow
def test_a_point_begins_near_another_whoever_does_it(front: StudyResult, folder: Path) -> None:
    bench, other = (Bench(front.base.tree, folder, "case.yaml") for _process in range(2))
    first, second = (front.cases[place].task for place in (6, 7))
    near = NearTask(second, bench.do_near(NearTask(first)).solutions)
    found = other.do_near(pickle.loads(pickle.dumps(near)))
    assert found.row == bench.do_near(near).row
    usual = other.do_near(NearTask(second))
    assert found.row["annual_cost"] == pytest.approx(usual.row["annual_cost"], rel=1e-8)
    assert found.solutions[0].iterations < usual.solutions[0].iterations
    assert usual.row == other.do(second)


def test_where_a_front_bends_and_how_even_it_is() -> None:
    points = [(0.0, 0.0), (0.5, 0.1), (1.0, 1.0)]
    assert knee(points) == 1
    gaps = [np.hypot(0.5, 0.1), np.hypot(0.5, 0.9)]
    assert spacing(points) == pytest.approx(max(gaps) / np.mean(gaps))


@pytest.mark.parametrize(("against", "measure"), [("co2", "co2_t"), ("capex", "capex")])
def test_fronts_of_emission_and_investment_fall(folder: Path, against: str, measure: str) -> None:
    found = run(folder, f"pareto: {{against: {against}, points: 5, max_cost_ratio: 1.3}}")
    values = [one.measure(measure) for one in found.cases[1:]]
    costs = [one.measure("annual_cost") for one in found.cases[1:]]
    assert values == sorted(values, reverse=True)
    assert costs == sorted(costs)
    assert len(values) == 5


def test_scenarios_are_evaluated_in_full(folder: Path) -> None:
    text = "scenarios:\n  无储能: {storages.battery.max_mw: 0}\n  涨价: {grid.import_price: 0.8}\n"
    found = run(folder, text)
    assert [one.label for one in found.cases] == ["原案例", "无储能", "涨价"]
    assert found.cases[1].measure("capacities.battery_power") == 0
    assert all("compliance" in one.row for one in found.cases)
    own = own_cost(folder, "{grid.import_price: 0.8}")
    assert found.cases[2].measure("annual_cost") == pytest.approx(own, rel=1e-6)


def test_near_optimal_ranges_hold(folder: Path) -> None:
    """The least that is told can be built within the cost, and less cannot."""
    found = run(folder, "near_optimal: {slack: 0.02, capacities: [pv]}")
    (one,) = found.summary["ranges"]
    assert one["least"] < one["optimum"] < one["most"]
    for case in found.cases[1:]:
        assert case.measure("annual_cost") <= found.summary["max_cost"] * (1 + 1e-4)
    most = found.summary["max_cost"]
    at_most = own_cost(folder, f"{{sources.pv.min_mw: {one['most']}, sources.pv.max_mw: 201}}")
    beyond = own_cost(folder, f"{{sources.pv.min_mw: {one['most'] + 1}, sources.pv.max_mw: 301}}")
    assert at_most == pytest.approx(most, rel=1e-4)
    assert beyond > most


@pytest.mark.slow
def test_where_storage_begins_to_pay(folder: Path) -> None:
    """The price found has storage on its low side and none on its high side."""
    text = """break_even:
  paths: [storages.battery.power_capex, storages.battery.energy_capex]
  factor: true
  from: 0.05
  to: 4
  measure: capacities.battery_energy
  above: 0.5
"""
    found = run(folder, text)
    low, high = found.summary["interval"]
    assert high - low <= 0.001 * 3.95
    assert found.summary["rises"] is False

    def energy(factor: float) -> float:
        loaded = read_case(folder / "case.yaml")
        site = loaded.site(rulebook_of(loaded))
        from dataclasses import replace

        battery = replace(site.storages[0], power_capex=300 * factor, energy_capex=700 * factor)
        return float(size(replace(site, storages=[battery])).capacities["battery_energy"])

    assert energy(low * 0.99) > 0.5 >= energy(high * 1.01)


def test_no_break_even_is_a_finding(folder: Path) -> None:
    text = """break_even:
  {path: grid.import_price, from: 0.5, to: 0.6, measure: capacities.pv, above: 500}
"""
    found = run(folder, text)
    assert found.summary["value"] is None
    assert all(value < 500 for value in found.summary["at_ends"])


ROBUST = """robust:
  years:
    常年: {sources.wind.profile: {file: re.csv, column: wind}}
    枯年:
      sources.wind.profile: {file: re_poor.csv, column: wind}
      sources.pv.profile: {file: re_poor.csv, column: pv}
    涨价: {grid.import_price: 0.7}
"""


@pytest.fixture(scope="module")
def robust(folder: Path) -> StudyResult:
    return run(folder, ROBUST + "  cvar: {level: 0.6, weight: 1.0}\n")


@pytest.mark.slow
def test_robust_sizes_hold_in_every_year(robust: StudyResult) -> None:
    for case in robust.cases[:2]:
        years = case.row["years"]
        assert list(years) == ["常年", "枯年", "涨价"]
        assert all(limit["kept"] for row in years.values() for limit in row["limits"].values())


def test_robust_sizing_is_the_optimum(robust: StudyResult) -> None:
    """What the one program comes to is what the years cost with its sizes, and no less."""
    mean, risk = robust.cases[0].row, robust.cases[1].row
    assert mean["value"] == pytest.approx(mean["bound"], rel=1e-4)
    assert risk["cvar"] == pytest.approx(risk["bound"], rel=2e-3)  # a thousandth of the mean beside
    assert risk["cvar"] <= mean["cvar"] * (1 + 1e-6)
    assert mean["mean_cost"] <= risk["mean_cost"] * (1 + 1e-6)
    # each year by itself can only be cheaper
    alone = [one.measure("annual_cost") for one in robust.cases[2:]]
    assert np.mean(alone) <= mean["mean_cost"] * (1 + 1e-6)


@pytest.mark.slow
def test_years_that_are_the_same_come_to_the_case(folder: Path) -> None:
    text = "robust: {years: {甲: {year: 2026}, 乙: {year: 2026}}}"
    found = run(folder, text)
    own = own_cost(folder, "{year: 2026}")
    assert found.cases[0].row["mean_cost"] == pytest.approx(own, rel=1e-5)
    assert found.cases[0].row["bound"] == pytest.approx(own, rel=1e-5)


def test_mean_of_the_dearest() -> None:
    """By hand: of weights 1, 1, 2 the dearest half is the last; of 3/4 a third is the next."""
    assert conditional_value_at_risk([1.0, 2.0, 3.0], [1, 1, 2], 0.5) == pytest.approx(3.0)
    value = conditional_value_at_risk([1.0, 2.0, 3.0], [1, 1, 2], 0.25)
    assert value == pytest.approx((0.5 * 3 + 0.25 * 2) / 0.75)


def names(found: StudyResult) -> Iterator[str]:
    return (one.name for one in found.cases)


def test_names_are_unique(front: StudyResult, robust: StudyResult) -> None:
    for found in (front, robust):
        assert len({*names(found)}) == len(found.cases)


def test_a_bound_and_a_limit_are_moved_together(folder: Path) -> None:
    """Each point is the sizing of the case with both, not with the bound of the case itself."""
    text = (
        "grid:\n  x: {path: sources.wind.max_mw, values: [20, 60]}\n"
        "  y: {path: limits.max_export_share, values: [0.05, 0.3]}"
    )
    found = run(folder, text)
    points = [case for case in found.cases if case.at]
    assert len(points) == 4
    for case in points:
        changes = dict(case.task.changes)
        assert case.row["capacities"]["wind"] <= changes["sources.wind.max_mw"] + 1e-6
        loaded = read_case(folder / "case.yaml")
        site = loaded.site(rulebook_of(loaded))
        wind = replace(site.sources[1], max_mw=changes["sources.wind.max_mw"])
        limits = replace(site.limits, max_export_share=changes["limits.max_export_share"])
        plan = size(replace(site, sources=(site.sources[0], wind), limits=limits))
        assert case.row["status"] == str(plan.status)
        assert case.row["annual_cost"] == pytest.approx(plan.annual_cost, rel=1e-8)
