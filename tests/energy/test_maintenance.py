"""Maintenance windows: when a generator stands is decided, once a year, with a proven gap."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sites import biomass
from sites import site as ordinary

from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.maintenance import stands
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.site import Generator, Grid, Limits, MaintenanceWindow, Site
from greenland.energy.site.checks import site_problems
from greenland.energy.sizing import several
from greenland.energy.sizing.optimum import Solved
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.sensitivity import study_plan
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

DAYS = 6
DEAR = [0.9, 0.7, 0.3, 0.6, 0.35, 0.8]
"""Price of every day [yuan/kWh]; the fuel costs 0.2."""


def engine(**fields: Any) -> Generator:
    """10 MW of biogas there already; two days of maintenance."""
    given: dict[str, Any] = {
        "green": True,
        "existing_mw": 10.0,
        "max_mw": 0.0,
        "fuel_price": 0.2,
        "maintenance": MaintenanceWindow(days=2),
    }
    return Generator("bio", "biogas", 15.0, **(given | fields))


def bought(*generators: Generator, load: float = 10.0, **fields: Any) -> Site:
    when = pd.date_range("2025-03-30", periods=24 * DAYS, freq="h")
    grid = Grid(import_price=np.repeat(DEAR, 24))
    defaults: dict[str, Any] = {"grid": grid, "generators": generators, "discount_rate": 0.0}
    return Site(pd.Series(load, when), **(defaults | fields))


def stood(plan: Plan) -> list[tuple[str, str]]:
    sizes = {str(k): float(v) for k, v in plan.capacities.items()}
    found = stands(plan.site, sizes, plan.schedule)
    return [(str(one.start), str(one.end)) for one in found]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return size(bought(engine()))


def test_it_stands_where_power_is_cheapest(plan: Plan) -> None:
    """Two days running together: the third and fourth cost least more, 0.1 and 0.4 a kWh."""
    pairs = np.convolve(np.array(DEAR) - 0.2, [1, 1], "valid")
    best = int(np.argmin(pairs))
    assert best == 2
    assert stood(plan) == [("2025-04-01 00:00:00", "2025-04-03 00:00:00")]
    extra = 10_000 * 24 * float(pairs[best]) * 365 / DAYS
    without = size(bought(engine(maintenance=None)))
    assert plan.annual_cost - without.annual_cost == pytest.approx(extra, rel=1e-6)
    assert plan.status == "optimal"
    assert "检修时间由分支定界决定：1 个检修窗口" in plan.notes[-1]
    assert plan.replay.checks["bio_maintenance"] <= 1e-6


@pytest.mark.parametrize(
    ("between", "start"),
    [
        (("03-30", "03-31"), "2025-03-30 00:00:00"),
        (("04-02", "04-04"), "2025-04-02 00:00:00"),
        (("04-03", "03-31"), "2025-04-03 00:00:00"),  # over the turn of the year
    ],
)
def test_it_stands_on_the_days_it_may(between: tuple[str, str], start: str) -> None:
    made = size(bought(engine(maintenance=MaintenanceWindow(days=2, between=between))))
    assert stood(made)[0][0] == start


@pytest.mark.slow
def test_every_window_is_tried_by_hand(plan: Plan) -> None:
    """Against each place of the window as a curve of availability, two plants at once."""
    other = replace(engine(), name="two", existing_mw=6.0, fuel_price=0.25)
    made = bought(engine(), other, load=12.0)
    found = size(made)
    costs = []
    for first in range(DAYS - 1):
        for second in range(DAYS - 1):
            fixed = []
            for item, day in zip(made.generators, (first, second), strict=True):
                runs = np.ones(24 * DAYS)
                runs[24 * day : 24 * day + 48] = 0.0
                fixed.append(replace(item, maintenance=None, availability=runs))
            costs.append(size(replace(made, generators=fixed)).annual_cost)
    assert found.annual_cost == pytest.approx(min(costs), rel=1e-6)
    assert found.status == "optimal"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_sizes_are_decided_with_the_window(seed: int) -> None:
    """Against the best of all places of a window of 20 hours, with sun, wind and a battery."""
    window = MaintenanceWindow(hours=20)
    item = biomass(fuel_price=200, max_mw=30.0, min_load_share=0.3, maintenance=window)
    made = ordinary(4, seed=seed, generators=[item])
    found = size(made)
    costs = []
    for (starts,) in [window.starts(made.index, 1.0)]:
        for start in starts:
            runs = np.full(len(made.load), 0.9)
            runs[start : start + 20] = 0.0
            fixed = replace(item, maintenance=None, availability=runs)
            costs.append(size(replace(made, generators=[fixed])).annual_cost)
    assert found.quality.gap is not None
    assert found.annual_cost >= min(costs) * (1 - 1e-7)
    assert found.annual_cost * (1 - found.quality.gap) <= min(costs) * (1 + 1e-7)
    assert found.annual_cost == pytest.approx(min(costs), rel=1e-4)
    assert found.capacities["biomass"] > 1.0


def test_every_year_has_its_own_window() -> None:
    window = MaintenanceWindow(days=30)
    when = pd.date_range("2024-01-01", "2025-12-31 21:00", freq="3h")
    first, second = window.starts(when, 3.0)
    assert when[first[0]] == pd.Timestamp("2024-01-01")
    assert when[second[0]] == pd.Timestamp("2025-01-01")
    assert when[first[-1]] == pd.Timestamp("2024-12-02")
    assert len(second) == 365 - 29
    apart = pd.date_range("2019-01-01", periods=2920, freq="3h")
    years = when[:2928].append(apart + pd.DateOffset(years=8))
    assert [int(starts[0]) for starts in window.starts(years, 3.0)] == [0, 2928]


def test_it_may_stop_and_stand(plan: Plan) -> None:
    made = size(bought(engine(min_load_share=0.6, can_stop=True, fuel_price=0.4)))
    flow = made.schedule["bio"].to_numpy()
    assert len(stood(made)) == 1
    assert (flow.reshape(-1, 24).max(axis=1) == 0).sum() >= 2
    assert ((flow < 1e-6) | (flow >= 6 - 1e-6)).all()


def test_a_place_without_a_plan_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may stop is decided in the best place alone: that it fails there is no proof."""
    none = Solved(prepare(bought(engine())), RawSolution(Status.INFEASIBLE, "highs"))
    monkeypatch.setattr(several, "best_running", lambda *_given: none)
    assert size(bought(engine(min_load_share=0.6, can_stop=True))).status == "not_solved"


def test_built_or_not_with_a_window() -> None:
    fields = {"existing_mw": 0.0, "max_mw": 10.0, "capex": 10.0}
    assert size(bought(engine(**fields, build_cost=1e9))).capacities["bio"] == 0.0
    made = size(bought(engine(**fields, build_cost=1e4)))
    assert made.capacities["bio"] == pytest.approx(10.0, rel=1e-6)
    assert stood(made) == [("2025-04-01 00:00:00", "2025-04-03 00:00:00")]


def test_green_energy_that_must_run_is_not_curtailed_in_its_window() -> None:
    """It must run at 9 of 10 MW and curtails 4 of them: in the window there is nothing to."""
    grid = Grid(import_price=np.repeat(DEAR, 24), export_allowed=False)
    made = size(bought(engine(min_load_share=0.9, fuel_price=0.0), load=5.0, grid=grid))
    begin = int((pd.Timestamp(stood(made)[0][0]) - made.site.index[0]) / pd.Timedelta(hours=1))
    lost = made.schedule["curtailment"].to_numpy()
    assert lost[begin : begin + 48].max() < 1e-6
    assert np.delete(lost, slice(begin, begin + 48)) == pytest.approx(4.0)


@pytest.mark.parametrize(("spoiled", "check"), [(60, "bio_maintenance"), (10, "bio_min_load")])
def test_the_replay_sees_a_broken_window(spoiled: int, check: str) -> None:
    """1 MW in the middle of the window, or none where it has to run."""
    made = bought(engine(min_load_share=0.4))
    flow = np.full(24 * DAYS, 8.0)
    flow[48:96] = 0.0
    table = pd.DataFrame({"load": 10.0, "bio": flow, "import": 10.0 - flow}, index=made.index)
    table["curtailment"] = 0.0
    good = replay(made, {"bio": 10.0, "grid": 10.0}, table)
    assert good.residual <= 1e-9
    more = 1.0 if spoiled == 60 else -8.0
    table.iloc[spoiled] += [0.0, more, -more, 0.0]
    found = replay(made, {"bio": 10.0, "grid": 10.0}, table)
    assert {name for name, off in found.checks.items() if off > 1e-6} == {check}
    assert found.checks[check] == pytest.approx((1.0 if more > 0 else 4.0) / 10)


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (MaintenanceWindow(), "检修窗口应在 days（天）与 hours（小时）中写一个。"),
        (MaintenanceWindow(days=2, hours=3), "检修窗口应在 days（天）与 hours（小时）中写一个。"),
        (MaintenanceWindow(days=0), "检修窗口长度为零。"),
        (MaintenanceWindow(days=2, between=("04-31", "05-02")), "between 不是“月-日”。"),
        (MaintenanceWindow(days=7), "检修窗口 168 小时，时段的第 1 年里放不下。"),
        (MaintenanceWindow(days=2, between=("06-01", "06-30")), "时段的第 1 年里放不下。"),
    ],
)
def test_faults_of_a_window(window: MaintenanceWindow, text: str) -> None:
    with pytest.raises(InputError) as caught:
        bought(engine(maintenance=window))
    (problem,) = caught.value.problems
    assert f"“bio”的{text}" in str(problem.message) or text in str(problem.message)


def test_what_does_not_know_of_windows_says_so() -> None:
    with pytest.raises(ValueError, match="maintenance"):
        Resizer(bought(engine()))
    with pytest.raises(InputError, match=r"maintenance 只适用于目标 annual_cost 和 npv"):
        size(bought(engine()), objective="capex")


def test_limits_that_no_window_keeps() -> None:
    """Off-grid nothing replaces it; as much unserved as the window takes is enough."""
    alone = bought(engine(), grid=None, limits=Limits(max_unserved_share=0.1))
    assert size(alone).status == "infeasible"
    enough = replace(alone, limits=Limits(max_unserved_share=0.34))
    assert size(enough).status == "optimal"


@pytest.mark.slow
def test_a_study_places_the_window_anew(plan: Plan) -> None:
    found = study_plan(plan, 0.2)
    assert found is not None
    row = next(line for line in found.tornado if line["parameter"] == "fuel_price")
    dearer = size(bought(engine(fuel_price=0.24))).annual_cost
    assert row["high_result"] == pytest.approx(dearer, rel=1e-7)


def test_nothing_asked_leaves_sites_as_they_were() -> None:
    assert not [
        one
        for one in site_problems(bought(engine(maintenance=None)))
        if one.code.startswith("maintenance")
    ]
