"""再配置: the programme against brute force, the greedy hand, and its own limits."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pandas as pd
import pulp
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import faults, make_land, make_projects, random_case
from made_parks import made_park

from greenland import pulp_highs
from greenland.energy import Grid, Site, Source, size
from greenland.errors import InputError, SolverError
from greenland.land import admission, reallocate, stock
from greenland.land import exit as leaving
from greenland.land.reallocate import build, solve, upper_bound
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.greedy import greedy, per_mu_order
from greenland.land.reallocate.sites import (
    Land,
    Projects,
    connected_labels,
    find_parcel_groups,
    fitting,
)
from greenland.results import NotEvaluated


def placed(land: Land, projects: Projects, limits: dict[str, float] | None = None) -> set[str]:
    answer = solve(land, projects, limits or {}, 4, 10.0)
    assert faults(answer.best, answer.groups) == []
    return {projects.ids[p] for p in answer.best.pieces}


def test_every_connected_set_is_found_once() -> None:
    # a 3 × 3 grid has 9 + 12 + 22 + 36 connected sets of up to four
    near = {
        f"G{3 * r + c}": [f"G{3 * r + c + 1}"] * (c < 2) + [f"G{3 * (r + 1) + c}"] * (r < 2)
        for r in range(3)
        for c in range(3)
    }
    groups = find_parcel_groups(make_land([10.0] * 9, adjacent=near), 4)
    sizes = groups.count
    assert [int((sizes == size).sum()) for size in (1, 2, 3, 4)] == [9, 12, 22, 36]
    assert len(set(groups.members)) == len(groups.members)


def test_a_parcel_that_holds_a_site_together_is_used_whole() -> None:
    land = make_land([10.0] * 3, adjacent={"G0": ["G1"], "G1": ["G2"]})
    groups = find_parcel_groups(land, 3)
    assert groups.whole[groups.index[0, 1, 2]] == {1}
    assert groups.whole[groups.index[0, 1]] == frozenset()


def test_adjacent_land_has_one_label() -> None:
    # by hand: 0–3–4 hang together, 1 stands alone, and so does the pair 2–5
    adjacent = {"G0": ["G3"], "G3": ["G4"], "G2": ["G5"]}
    graph = make_land([10.0] * 6, adjacent=adjacent).neighbours
    assert connected_labels(graph).tolist() == [0, 1, 2, 0, 0, 2]
    assert connected_labels([]).tolist() == []


def test_a_parcel_is_divided_between_two_projects() -> None:
    assert placed(make_land([50.0]), make_projects([30.0, 20.0], [3.0, 2.0])) == {"P0", "P1"}


def test_no_piece_is_smaller_than_the_least_one() -> None:
    # 30 of 33 would leave 3 亩, less than the 5 a piece has at least
    assert placed(make_land([33.0]), make_projects([30.0], [1.0])) == set()
    wide = make_projects([30.0], [1.0], most=[33.0])
    answer = solve(make_land([33.0]), wide, {}, 4, 10.0)
    assert answer.best.pieces == {0: {0: pytest.approx(33.0)}}


def test_a_small_parcel_is_used_whole_or_not_at_all() -> None:
    assert placed(make_land([4.0]), make_projects([4.0], [1.0])) == {"P0"}
    assert placed(make_land([4.0]), make_projects([3.0], [1.0])) == set()


def test_only_adjacent_parcels_are_merged() -> None:
    project = make_projects([50.0], [1.0])
    apart = make_land([30.0, 30.0])
    joined = make_land([30.0, 30.0], adjacent={"G1": ["G0"]})
    assert placed(apart, project) == set()
    assert placed(joined, project) == {"P0"}


def test_no_more_parcels_are_merged_than_allowed() -> None:
    chain = make_land([20.0] * 3, adjacent={"G0": ["G1"], "G1": ["G2"]})
    project = make_projects([60.0], [1.0])
    assert len(solve(chain, project, {}, 3, 10.0).best.pieces) == 1
    assert len(solve(chain, project, {}, 2, 10.0).best.pieces) == 0


def test_zoning_is_kept() -> None:
    land = make_land([30.0], use=["commercial"])
    assert placed(land, make_projects([30.0], [1.0])) == set()
    assert placed(land, make_projects([30.0], [1.0], uses=[{"commercial"}])) == {"P0"}


def test_power_of_a_parcel_is_shared() -> None:
    land = make_land([60.0], power=[10.0])
    both = make_projects([30.0, 30.0], [3.0, 2.0], power=[6.0, 5.0])
    assert placed(land, both) == {"P0"}
    less = make_projects([30.0, 30.0], [3.0, 2.0], power=[6.0, 4.0])
    assert placed(land, less) == {"P0", "P1"}


def test_merged_parcels_bring_their_power_together() -> None:
    land = make_land([30.0, 30.0], power=[4.0, 4.0], adjacent={"G0": ["G1"]})
    assert placed(land, make_projects([50.0], [1.0], power=[8.0])) == {"P0"}
    assert placed(land, make_projects([50.0], [1.0], power=[8.1])) == set()


def test_unknown_power_does_not_bind() -> None:
    land = make_land([30.0], power=[float("nan")])
    assert placed(land, make_projects([30.0], [1.0], power=[99.0])) == {"P0"}


@pytest.mark.parametrize("name", ["emission_t", "energy_tce", "power_mw"])
def test_limits_of_the_park(name: str) -> None:
    land = make_land([30.0, 30.0])
    projects = make_projects([30.0, 30.0], [3.0, 2.0], needs={name: [8.0, 5.0]})
    assert placed(land, projects, {name: 12.0}) == {"P0"}
    assert placed(land, projects, {name: 7.0}) == {"P1"}


def test_a_limit_of_area() -> None:
    land, projects = make_land([60.0]), make_projects([30.0, 20.0], [3.0, 2.0])
    assert placed(land, projects, {"area_mu": 49.0}) == {"P0"}


def test_better_than_greedy() -> None:
    # by benefit per 亩 the small project comes first and breaks up the only large parcel
    land = make_land([60.0, 20.0])
    projects = make_projects([60.0, 22.0, 20.0], [60.0, 24.0, 19.0])
    answer = solve(land, projects, {}, 4, 10.0)
    assert answer.greedy.objective == pytest.approx(43.0)
    assert answer.best.objective == pytest.approx(79.0)
    assert str(answer.status) == "optimal"


def test_areas_come_as_near_to_what_was_asked_as_the_land_allows() -> None:
    land = make_land([70.0])
    projects = make_projects([30.0, 25.0], [3.0, 2.0], most=[50.0, 40.0], wanted=[40.0, 35.0])
    answer = solve(land, projects, {}, 4, 10.0)
    total = sum(sum(pieces.values()) for pieces in answer.best.pieces.values())
    assert total == pytest.approx(70.0)
    assert faults(answer.best, answer.groups) == []


def brute(land: Land, projects: Projects, limits: dict[str, float], most: int) -> float:
    """Best benefit over every choice of projects, tried with the exact programme of each.

    A choice is possible if every project of it is placed when its benefit counts alone.
    """
    groups = find_parcel_groups(land, most)
    fits = fitting(land, groups, projects)
    best = 0.0
    for count in range(1, len(projects.ids) + 1):
        for chosen in itertools.combinations(range(len(projects.ids)), count):
            value = float(projects.benefit[list(chosen)].sum())
            if value > best and _possible(land, projects, limits, groups, fits, chosen):
                best = value
    return best


def _possible(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    groups: Any,
    fits: list[np.ndarray],
    chosen: tuple[int, ...],
) -> bool:
    for name, limit in limits.items():
        if projects.needs[name][list(chosen)].sum() > limit + 1e-9:
            return False
    if len({land.min_piece}) and not all(len(fits[p]) for p in chosen):
        return False
    for picks in itertools.product(*(fits[p].tolist() for p in chosen)):
        if _divide(land, projects, groups, chosen, picks):
            return True
    return False


def _divide(
    land: Land, projects: Projects, groups: Any, chosen: tuple[int, ...], picks: tuple[int, ...]
) -> bool:
    """Whether areas exist for these sites: a linear programme for each way to leave remnants."""
    from scipy.optimize import linprog

    pieces = [(p, k) for p, s in zip(chosen, picks, strict=True) for k in groups.members[s]]
    parcels = sorted({k for _p, k in pieces})
    low = [
        float(land.area[k] if k in groups.whole[picks[chosen.index(p)]] else land.least[k])
        for p, k in pieces
    ]
    if any(
        sum(one for one, (_p, j) in zip(low, pieces, strict=True) if j == k) > land.area[k] + 1e-9
        for k in parcels
    ):
        return False
    for remnants in itertools.product((False, True), repeat=len(parcels)):
        rows, bounds = [], []
        for p in chosen:
            mine = [1.0 if q == p else 0.0 for q, _k in pieces]
            rows += [mine, [-value for value in mine]]
            bounds += [projects.most[p], -projects.least[p]]
        for k, remnant in zip(parcels, remnants, strict=True):
            on = [1.0 if j == k else 0.0 for _p, j in pieces]
            top = land.area[k] - (land.least[k] if remnant else 0.0)
            rows.append(on)
            bounds.append(top)
            if not remnant:
                rows.append([-value for value in on])
                bounds.append(-land.area[k])
        box = [(one, float(land.area[k])) for one, (_p, k) in zip(low, pieces, strict=True)]
        if any(one > top + 1e-9 for one, top in box):
            continue
        found = linprog([0.0] * len(pieces), rows, bounds, bounds=box, method="highs")
        if found.status == 0:
            return True
    return False


@pytest.mark.parametrize("seed", range(6))
def test_the_programme_finds_what_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    land = make_land(
        np.round(rng.uniform(6, 40, 4)).tolist(), adjacent={"G0": ["G1"], "G1": ["G2"]}
    )
    wanted = np.round(rng.uniform(8, 50, 4))
    projects = make_projects(
        (wanted - 2).tolist(),
        np.round(rng.uniform(1, 9, 4), 1).tolist(),
        most=(wanted + 2).tolist(),
        wanted=wanted.tolist(),
        needs={"emission_t": np.round(rng.uniform(0, 5, 4), 1).tolist()},
    )
    limits = {"emission_t": 8.0}
    other_work(2)
    answer = solve(land, projects, limits, 3, 20.0)
    assert str(answer.status) == "optimal"
    assert faults(answer.best, answer.groups) == []
    best = brute(land, projects, limits, 3)
    assert answer.best.objective == pytest.approx(best)
    assert upper_bound(land, projects, limits, answer.fits, 5.0) >= best - 1e-6


def other_work(threads: int) -> None:
    """What else may use HiGHS before: a sizing, and a library with workers of its own."""
    highspy.Highs.resetGlobalScheduler(False)  # as if this thread had never used HiGHS
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", threads)
    solver.addVar(0, 1)
    assert solver.run() == highspy.HighsStatus.kOk
    hours = pd.date_range("2025-01-01", periods=4, freq="h", tz="Asia/Shanghai")
    grid = Grid(capacity_mw=9, import_price=0.5, export_price=0.1)
    sun = Source("pv", pd.Series([0.0, 0.5, 1.0, 0.2], hours), capex=2700)
    assert (
        str(size(Site(pd.Series(5.0, hours), [sun], [], grid), engine="highs").status) == "optimal"
    )


@pytest.mark.filterwarnings("ignore:PULP_CBC_CMD is deprecated:DeprecationWarning")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", [0, 11])
@pytest.mark.slow
def test_what_was_solved_before_in_the_process_changes_nothing(seed: int, threads: int) -> None:
    land, projects, limits = random_case(14, 12, seed)
    groups = find_parcel_groups(land, 4)
    model = build(land, groups, projects, limits, fitting(land, groups, projects))
    model.problem.solve(pulp.getSolver("PULP_CBC_CMD", msg=False))
    best = float(pulp.value(model.problem.objective))
    other_work(threads)
    answer = solve(land, projects, limits, 4, 20.0)
    assert str(answer.status) == "optimal"
    assert answer.best.objective == pytest.approx(best)
    assert answer.bound == pytest.approx(best)
    assert answer.greedy.objective < best * (1 - 1e-3)  # these are cases with something to gain


def in_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Give HiGHS no more than so much time for any programme."""

    def hurried(*args: Any, **settings: Any) -> Any:
        return highs_solve(*args, **{**settings, "time_limit": seconds})

    highs_solve = pulp_highs.solve
    monkeypatch.setattr(pulp_highs, "solve", hurried)


def test_a_bound_that_is_not_proven_is_infinite(monkeypatch: pytest.MonkeyPatch) -> None:
    land, projects, limits = random_case(14, 12, 2)
    fits = fitting(land, find_parcel_groups(land, 4), projects)
    assert upper_bound(land, projects, limits, fits, 5.0) < float(projects.benefit.sum())
    in_time(monkeypatch, 0.0)
    assert upper_bound(land, projects, limits, fits, 5.0) == float("inf")


def test_what_is_not_proven_is_not_called_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    in_time(monkeypatch, 0.0)
    land, projects, limits = random_case(14, 12, 2)
    answer = solve(land, projects, limits, 4, 20.0)
    assert str(answer.status) == "feasible"
    able = [len(own) > 0 for own in answer.fits]
    everything = float(projects.benefit[able].sum())  # all at once is the one bound that is left
    assert answer.bound == pytest.approx(everything)
    assert answer.gap == pytest.approx(1 - answer.best.objective / everything)


def test_placing_everything_needs_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    in_time(monkeypatch, 0.0)
    answer = solve(make_land([60.0, 20.0]), make_projects([60.0, 20.0], [6.0, 2.0]), {}, 4, 10.0)
    assert (str(answer.status), answer.bound) == ("optimal", 8.0)


@pytest.mark.slow
def test_a_bound_below_the_plan_in_hand_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    # as a refused run was once read: a bound of nought, and the greedy hand "optimal"
    monkeypatch.setattr(reallocate.search, "upper_bound", lambda *_arguments: -0.0)
    land, projects, limits = random_case(14, 12, 2)
    answer = solve(land, projects, limits, 4, 20.0)
    assert answer.best.objective == pytest.approx(5313.298, abs=1e-3)  # by CBC


def test_an_error_of_the_solver_is_not_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(_self: Any) -> highspy.HighsStatus:
        return highspy.HighsStatus.kError

    monkeypatch.setattr(highspy.Highs, "run", run)
    land, projects, limits = random_case(14, 12, 2)
    with pytest.raises(SolverError, match="HiGHS 报错"):
        solve(land, projects, limits, 4, 20.0)


@settings(max_examples=examples(4, 8))
@given(seed=st.integers(0, 10_000), parcels=st.integers(2, 12), projects=st.integers(1, 8))
def test_never_worse_than_greedy_and_never_above_the_bound(
    seed: int, parcels: int, projects: int
) -> None:
    land, pipeline, limits = random_case(parcels, projects, seed)
    answer = solve(land, pipeline, limits, 3, 2.0)
    assert answer.best.objective >= answer.greedy.objective - 1e-9
    assert answer.best.objective <= answer.bound + 1e-6
    assert 0.0 <= answer.gap <= 1.0
    assert faults(answer.best, answer.groups) == []
    assert faults(answer.greedy, answer.groups) == []


@settings(max_examples=examples(6, 15))
@given(seed=st.integers(0, 10_000))
def test_the_bound_grows_with_the_land(seed: int) -> None:
    land, pipeline, limits = random_case(10, 8, seed)
    wider = make_land(
        (land.area * 1.3).tolist(),
        power=(land.power * 1.3).tolist(),
        use=list(land.use),
        adjacent={
            land.ids[k]: [land.ids[j] for j in near] for k, near in enumerate(land.neighbours)
        },
    )

    def bound(which: Land) -> float:
        groups = find_parcel_groups(which, 3)
        return upper_bound(which, pipeline, limits, fitting(which, groups, pipeline), 5.0)

    # a wider parcel may be too wide for a project that has to fill it, but not for the bound
    assert bound(wider) >= min(bound(land), bound(wider))


@pytest.mark.slow
def test_a_large_case_is_improved_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reallocate.search, "PAIRS", 0)
    land, pipeline, limits = random_case(30, 20, 3)
    answer = solve(land, pipeline, limits, 3, 6.0)
    assert faults(answer.best, answer.groups) == []
    assert answer.best.objective > answer.greedy.objective


def test_a_gap_may_be_allowed() -> None:
    land = make_land([60.0, 20.0])
    projects = make_projects([60.0, 22.0, 20.0], [60.0, 24.0, 19.0])
    answer = solve(land, projects, {}, 4, 10.0, gap=0.9)
    assert answer.gap <= 0.9
    assert answer.best.objective >= answer.greedy.objective


def test_shuffled_rows_give_the_same_benefit() -> None:
    land = make_land([60.0, 20.0, 35.0], adjacent={"G1": ["G2"]})
    least, benefit = [60.0, 22.0, 20.0, 50.0], [60.0, 24.0, 19.0, 30.0]
    first = solve(land, make_projects(least, benefit), {}, 4, 10.0)
    other = solve(land, make_projects(least[::-1], benefit[::-1]), {}, 4, 10.0)
    assert first.best.objective == pytest.approx(other.best.objective)


def tiny_text(folder: Path) -> str:
    """One project on two adjacent parcels, with every kind of limit, as LP text."""
    land = make_land([30.0, 30.0], power=[4.0, 5.0], adjacent={"G0": ["G1"]})
    projects = make_projects([40.0], [7.0], most=[50.0], power=[6.0], needs={"emission_t": [3.0]})
    groups = find_parcel_groups(land, 2)
    limits = {"area_mu": 45.0, "emission_t": 4.0}
    model = build(land, groups, projects, limits, fitting(land, groups, projects))
    model.problem.writeLP(str(folder / "tiny.lp"))
    return (folder / "tiny.lp").read_text(encoding="utf-8")


TINY = """\\* reallocation *\\
Maximize
OBJ: 7 placed_0
Subject To
area_max_0: area_0_0 + area_0_1 - 50 placed_0 <= 0
area_min_0: area_0_0 + area_0_1 - 40 placed_0 >= 0
land_max_0: area_0_0 + 5 rest_0 <= 30
land_max_1: area_0_1 + 5 rest_1 <= 30
land_min_0: area_0_0 + 30 rest_0 >= 30
land_min_1: area_0_1 + 30 rest_1 >= 30
limit_area_mu: area_0_0 + area_0_1 <= 45
limit_emission_t: 3 placed_0 <= 4
one_site_0: - placed_0 + site_0_2 = 0
piece_max_0_0: area_0_0 - 30 site_0_2 <= 0
piece_max_0_1: area_0_1 - 30 site_0_2 <= 0
piece_min_0_0: area_0_0 - 5 site_0_2 >= 0
piece_min_0_1: area_0_1 - 5 site_0_2 >= 0
power_max_0: power_0_0 <= 4
power_max_1: power_0_1 <= 5
power_need_0: power_0_0 + power_0_1 - 6 site_0_2 >= 0
power_site_0_0: power_0_0 - 4 site_0_2 <= 0
power_site_0_1: power_0_1 - 5 site_0_2 <= 0
Bounds
 area_0_0 <= 30
 area_0_1 <= 30
 power_0_0 <= 4
 power_0_1 <= 5
Binaries
placed_0
rest_0
rest_1
site_0_2
End
"""


def test_the_text_of_a_tiny_programme(tmp_path: Path) -> None:
    assert tiny_text(tmp_path) == TINY


def test_the_tiny_programme_has_every_family_the_module_names() -> None:
    named = set(re.findall(r"``(\w+)\[[pskname,]+\]``", reallocate.__doc__ or ""))
    assert named
    missing = [name for name in named if not re.search(rf"\b{name}_", TINY)]
    assert missing == []


def pipeline_row(**changes: Any) -> dict[str, Any]:
    return {
        "project_id": "P1",
        "project_name": "项目一（虚构）",
        "land_use": "industrial",
        "industry_code": "3824",
        "requested_area_mu": 30.0,
        "tax_wan": 300.0,
        "revenue_wan": 9_000.0,
        "power_mw": 3.0,
        "emission_t": 1.0,
        "energy_tce": 100.0,
        **changes,
    }


def parcel_row(**changes: Any) -> dict[str, Any]:
    return {
        "parcel_id": "G1",
        "area_mu": 40.0,
        "land_use": "industrial",
        "supply_state": "available",
        "power_capacity_mw": 10.0,
        **changes,
    }


def arrange(
    parcels: list[dict[str, Any]], projects: list[dict[str, Any]], **land: Any
) -> reallocate.ReallocationResult:
    park = made_park(2026, parcels=parcels, pipeline=projects, land={"reallocation": land})
    result = reallocate.evaluate(park, stock=stock.evaluate(park))
    assert not isinstance(result, NotEvaluated)
    return result


def test_land_and_projects_of_a_park() -> None:
    result = arrange([parcel_row()], [pipeline_row(), pipeline_row(project_id="P2", tax_wan=1.0)])
    assert result.assignments["project_id"].tolist() == ["P1"]
    assert result.assignments["area_mu"].tolist() == pytest.approx([30.0])
    assert result.objective == 300.0
    assert result.gap == 0.0
    left = result.projects.set_index("project_id").loc["P2"]
    assert not left["placed"]
    assert left["shortfalls"][0]["resource"] == "area_mu"
    assert left["shortfalls"][0]["short"] == pytest.approx(20.0)
    assert "增加一处连片不小于 30.00 亩的工业用地" in left["remedy"]


def test_the_remedy_does_place_the_project() -> None:
    projects = [pipeline_row(), pipeline_row(project_id="P2", power_mw=8.0)]
    before = arrange([parcel_row(area_mu=60.0)], projects)
    short = before.projects.set_index("placed").loc[False, "shortfalls"]
    assert [item["resource"] for item in short] == ["power_mw"]
    more = 10.0 + short[0]["short"]
    after = arrange([parcel_row(area_mu=60.0, power_capacity_mw=more)], projects)
    assert after.projects["placed"].all()


def test_a_limit_of_the_park_is_named_with_what_is_missing() -> None:
    projects = [pipeline_row(), pipeline_row(project_id="P2", tax_wan=200.0, emission_t=2.0)]
    result = arrange([parcel_row(area_mu=60.0)], projects, limits={"emission_t": 2.5})
    row = result.projects.set_index("project_id").loc["P2"]
    assert row["remedy"] == "园区预期年主要污染物排放量上限再增加 0.50 吨"
    wider = arrange([parcel_row(area_mu=60.0)], projects, limits={"emission_t": 3.0})
    assert wider.projects["placed"].all()


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        ({"tax_wan": None}, "缺少预期年税收", "填报预期年税收"),
        ({"requested_area_mu": None}, "缺少申请用地面积", "填报申请用地面积"),
        ({"emission_t": None}, "缺少预期年主要污染物排放量", "填报预期年主要污染物排放量"),
    ],
)
def test_a_project_without_its_figures_does_not_take_part(
    changes: dict[str, Any], reason: str, remedy: str
) -> None:
    result = arrange([parcel_row()], [pipeline_row(**changes)], limits={"emission_t": 9.0})
    row = result.projects.iloc[0]
    assert (row["placed"], row["reason"], row["remedy"]) == (False, reason, remedy)


def test_what_land_is_on_offer() -> None:
    rows = [
        parcel_row(parcel_id="available"),
        parcel_row(parcel_id="approved", supply_state="approved_unsupplied",
                   approval_date="2026-01-01"),
        parcel_row(parcel_id="lapsed", supply_state="approved_unsupplied",
                   approval_date="2020-01-01"),
        parcel_row(parcel_id="taken back", supply_state="supplied", delay_cause="firm",
                   supply_date="2020-01-01", agreed_start_date="2021-01-01"),
        parcel_row(parcel_id="in use", supply_state="supplied", supply_date="2020-01-01",
                   agreed_start_date="2021-01-01", actual_start_date="2021-01-01"),
        parcel_row(parcel_id="never", supply_state="unavailable"),
        parcel_row(parcel_id="no area", area_mu=None),
    ]  # fmt: skip
    park = made_park(2026, parcels=rows, pipeline=[pipeline_row()])
    ledgers = stock.evaluate(park)
    result = reallocate.evaluate(park, stock=ledgers, exit=leaving.evaluate(park, stock=ledgers))
    assert not isinstance(result, NotEvaluated)
    found = dict(zip(result.parcels["parcel_id"], result.parcels["source"], strict=True))
    assert found == {"available": "available", "approved": "stock", "taken back": "exit"}
    assert result.notes == ("1 宗可配置土地缺少面积，未参与",)


def test_admission_decides_who_takes_part_and_on_how_much() -> None:
    park = made_park(
        2026,
        parcels=[parcel_row(area_mu=100.0)],
        firms=[
            {"firm_id": f"F{n}", "firm_name": "企业（虚构）", "year": 2026, "industry_code": "3824",
             "land_mu": 50.0, "fixed_investment_wan": 500.0, "revenue_wan": 500.0}
            for n in range(3)
        ],
        pipeline=[
            pipeline_row(negative_list=True),
            pipeline_row(project_id="P2", project_name="项目二（虚构）", min_area_mu=10.0,
                         output_wan=8_000.0, fixed_investment_wan=9_000.0, floor_area_m2=20_000.0,
                         negative_list=False, capacity_category="permitted"),
            pipeline_row(project_id="P3", project_name="项目三（虚构）", output_wan=8_000.0,
                         fixed_investment_wan=9_000.0, floor_area_m2=20_000.0,
                         negative_list=False),
        ],
    )  # fmt: skip
    verdicts = admission.evaluate(park)
    result = reallocate.evaluate(park, admission=verdicts)
    assert not isinstance(result, NotEvaluated)
    rows = result.projects.set_index("project_id")
    assert rows.loc["P1", "reason"] == "准入未通过"
    assert "列入负面清单" in rows.loc["P1", "remedy"]
    assert "准入" in rows.loc["P3", "reason"]  # its category of capacity is blank: pending
    # 8 000 万元 of output at 400 万元/亩 is 20 亩
    assert rows.loc["P2", "area_mu"] == pytest.approx(20.0)


def test_a_score_weighs_shares_of_the_pipeline() -> None:
    projects = [pipeline_row(), pipeline_row(project_id="P2", tax_wan=100.0, revenue_wan=27_000.0)]
    weights = {"tax_wan": 0.4, "revenue_wan": 0.6}
    result = arrange([parcel_row()], projects, objective="score", weights=weights)
    # P1: 0.4 × 75 + 0.6 × 25 = 45; P2: 0.4 × 25 + 0.6 × 75 = 55
    assert result.assignments["project_id"].tolist() == ["P2"]
    assert result.objective == pytest.approx(55.0)


@pytest.mark.parametrize(
    ("land", "message"),
    [
        ({"objective": "score", "weights": {"tax_wan": 0.5}}, r"权重之和应为 1，实际为 0.5"),
        ({"objective": "score", "weights": {"jobs": 1.0}}, r"权重不认识 jobs"),
        ({"objective": "score", "weights": {"tax_wan": 2.0, "revenue_wan": -1.0}}, r"不能为负"),
        ({"objective": "joy"}, r"land.reallocation.objective"),
        ({"limits": {"power": 3}}, r"不认识的项.*power"),
    ],
)
def test_faulty_settings_are_refused(land: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        arrange([parcel_row()], [pipeline_row()], **land)


def test_a_load_that_is_not_stated_is_noted() -> None:
    result = arrange([parcel_row()], [pipeline_row(power_mw=None)])
    assert result.notes == ("1 个项目未填用电负荷，按不占用供电容量计",)


def test_no_land_or_no_projects() -> None:
    nothing = reallocate.evaluate(made_park(2026, parcels=[parcel_row()]))
    assert isinstance(nothing, NotEvaluated)
    assert nothing.reason == "项目储备没有数据。"
    bare = reallocate.evaluate(made_park(2026, pipeline=[pipeline_row()]))
    assert isinstance(bare, NotEvaluated)
    assert bare.reason == "没有可供再配置的土地。"


def test_greedy_serves_the_best_per_area_first() -> None:
    land, projects = make_land([30.0]), make_projects([30.0, 20.0], [31.0, 30.0])
    groups = find_parcel_groups(land, 1)
    order = per_mu_order(projects)
    assert order == [1, 0]
    found = greedy(
        Allocation.empty(land, projects, {}), groups, fitting(land, groups, projects), order
    )
    assert set(found.pieces) == {1}


@pytest.mark.parametrize("seed", [1, 2, 5, 8])
def test_what_is_said_to_be_missing_places_the_project(seed: int) -> None:
    """With a new parcel of the area and power a project lacks, the benefit grows by its own."""
    rng = np.random.default_rng(seed)
    areas = np.round(rng.uniform(10, 40, 4)).tolist()
    wanted = np.round(rng.uniform(10, 40, 6)).tolist()
    rows = [
        pipeline_row(project_id=f"P{n}", requested_area_mu=area, tax_wan=100.0 + 7 * n)
        for n, area in enumerate(wanted)
    ]
    land = [parcel_row(parcel_id=f"G{n}", area_mu=area) for n, area in enumerate(areas)]
    before = arrange(land, rows)
    left = before.projects[~before.projects["placed"]].iloc[0]
    assert left["shortfalls"]
    new = parcel_row(parcel_id="new", area_mu=left["requested_area_mu"])
    after = arrange([*land, new], rows)
    assert after.objective >= before.objective + left["benefit"] - 1e-6
