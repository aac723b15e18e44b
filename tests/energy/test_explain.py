"""Why a plan fails, and by how much each requirement must give; what binds where it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index, site

from greenland.energy.plan.explain import elastic
from greenland.energy.plan.explain.elastic import ElasticProgram
from greenland.energy.plan.explain.explanation import explain
from greenland.energy.plan.explain.infeasible import (
    conflicting,
    infeasibility,
    relaxable_limits,
)
from greenland.energy.plan.explain.text import shown
from greenland.energy.problem import solve as solve_module
from greenland.energy.problem.solution import Status
from greenland.energy.site import Electrolyser, Grid, Limits, Site, Source, Storage
from greenland.energy.site.floor_kinds import FLOOR_KINDS
from greenland.energy.site.limit_kinds import LIMIT_KINDS, LimitKind
from greenland.energy.sizing.solve import size
from greenland.lp import LpStatus
from greenland.lp.recent import remembering
from greenland.report.labels import value_label


def sunny(**fields: Any) -> Site:
    """Flat load of 10 MW, sun for half of every day."""
    pv = np.tile(np.r_[np.zeros(12), np.ones(12)], 2)
    defaults: dict[str, Any] = {
        "sources": [Source("pv", pv, capex=2700, opex=40, max_mw=8, land_mu_per_mw=20)],
        "grid": Grid(capacity_mw=50, import_price=0.5, export_price=0.1),
        "limits": Limits(min_self_use_of_consumption=0.45, min_self_use_of_generation=0.6),
    }
    return Site(pd.Series(10.0, index(48)), **(defaults | fields))


def test_conflict_of_a_share_and_a_capacity_by_hand() -> None:
    """8 MW for half the day is 40 % of the load; 45 % needs 9 MW."""
    found = infeasibility(sunny())
    assert {str(limit) for limit in found.conflict} == {"self_use_of_consumption", "max_mw:pv"}
    reached = {str(item.limit): item.reachable for item in found.relaxations}
    assert reached["self_use_of_consumption"] == pytest.approx(0.40, abs=1e-6)
    assert reached["max_mw:pv"] == pytest.approx(9.0, abs=1e-5)
    assert "自发自用占总用电量比例要求不低于 45.0%，其余限制下最高只能达到 40.0%" in found.text
    assert "pv的装机上限由 8.0 MW 增至 9.0 MW 即可满足" in found.text


def test_more_storage_would_do_too() -> None:
    """Above half the load only stored energy helps: 10 MW by day, 2 MWh a day for the night."""
    battery = Storage("battery", max_mwh=10, energy_capex=700)
    base = sunny(
        sources=[replace(sunny().sources[0], max_mw=20)],
        storages=[battery],
        limits=Limits(min_self_use_of_consumption=0.55),
    )
    found = infeasibility(base)
    reached = {str(item.limit): item.reachable for item in found.relaxations}
    # 10 MWh stored of 240 a day on top of one half
    assert reached["self_use_of_consumption"] == pytest.approx(0.5 + 10 / 240, abs=1e-6)
    assert reached["max_mwh:battery"] == pytest.approx(12.0, abs=1e-4)


def test_share_of_generation_is_found_as_a_ratio() -> None:
    """At least 20 MW must be built, of which only 10 can be used: one half."""
    base = sunny(
        sources=[replace(sunny().sources[0], min_mw=20, max_mw=30)],
        limits=Limits(min_self_use_of_generation=0.8),
    )
    found = infeasibility(base)
    reached = {str(item.limit): item.reachable for item in found.relaxations}
    assert reached["self_use_of_generation_net"] == pytest.approx(0.5, abs=1e-6)


def test_land_and_connected_capacity() -> None:
    base = sunny(
        sources=[replace(sunny().sources[0], max_mw=50)],
        limits=Limits(min_self_use_of_consumption=0.45, max_land_mu=160),
    )
    reached = {str(item.limit): item.reachable for item in infeasibility(base).relaxations}
    assert reached["land"] == pytest.approx(180.0, abs=1e-3)  # 9 MW at 20 mu
    narrow = sunny(grid=Grid(capacity_mw=7, import_price=0.5), limits=Limits())
    reached = {str(item.limit): item.reachable for item in infeasibility(narrow).relaxations}
    assert reached["grid_capacity"] == pytest.approx(10.0, abs=1e-5)


def test_without_any_one_of_the_conflict_it_is_feasible() -> None:
    base = sunny()
    assert size(base, engine="highs").status is Status.INFEASIBLE
    loose = replace(base, limits=replace(base.limits, min_self_use_of_consumption=0.4))
    assert size(loose, engine="highs").status is Status.OPTIMAL
    larger = replace(base, sources=[replace(base.sources[0], max_mw=9)])
    assert size(larger, engine="highs").status is Status.OPTIMAL


def reached_of(made: Site) -> dict[str, float | None]:
    found = infeasibility(made)
    assert size(made, engine="highs").status is Status.INFEASIBLE
    return {str(item.limit): item.reachable for item in found.relaxations}


def test_a_least_size_is_named_with_the_share_it_spoils() -> None:
    """Of 20 MW, 2 of them there, 10 can be used: four fifths are of 12.5 MW."""
    pv = replace(sunny().sources[0], min_mw=18, existing_mw=2, max_mw=28)
    made = sunny(sources=[pv], limits=Limits(min_self_use_of_generation=0.8))
    assert reached_of(made) == {
        "self_use_of_generation_net": pytest.approx(0.5, abs=1e-6),
        "min_mw:pv": pytest.approx(12.5, abs=1e-4),
    }
    assert "pv的装机下限由 20.0 MW 减至 12.5 MW 即可满足" in infeasibility(made).text
    smaller = replace(made, sources=[replace(pv, min_mw=10.5)])
    assert size(smaller, engine="highs").status is Status.OPTIMAL


def test_least_sizes_of_a_storage_are_named() -> None:
    """A battery of 5 MW for four hours at most holds 20 MWh."""
    battery = Storage("bat", min_mwh=30, max_mw=5, max_hours=4, energy_capex=700)
    found = reached_of(sunny(storages=[battery], limits=Limits()))
    assert found["min_mwh:bat"] == pytest.approx(20.0, abs=1e-4)
    assert found["max_mw:bat"] == pytest.approx(7.5, abs=1e-4)
    assert found["hours_max:bat"] == pytest.approx(6.0, abs=1e-4)


def days(**fields: Any) -> Site:
    """36 hours from noon, 1 MW of load, 10 MW of cells there at 50 MWh/t."""
    clock = pd.date_range("2025-06-01 12:00", periods=36, freq="h")
    cell = Electrolyser("cell", 50.0, existing_mw=10.0, max_mw=0.0, **fields)
    return Site(
        pd.Series(1.0, clock), grid=Grid(capacity_mw=5, import_price=0.5), electrolysers=[cell]
    )


def test_a_daily_quota_is_named_with_what_can_be_made() -> None:
    """4 of 5 MW make 1.92 t in a whole day; 2.4 t take 5 MW."""
    made = days(min_daily_product_t=2.4)
    assert reached_of(made) == {
        "grid_capacity": pytest.approx(6.0, abs=1e-4),
        "daily_product_min:cell": pytest.approx(1.92, abs=1e-4),
    }
    assert (
        "cell的日产量下限要求不低于 2.4 t，其余限制下最高只能达到 1.9 t" in infeasibility(made).text
    )


def test_a_largest_quota_is_named_with_the_year_it_prevents() -> None:
    """584 t a year are 2.4 t in 36 hours; 1 t a day makes 1.5 of them."""
    assert reached_of(days(min_product_t=584.0, max_daily_product_t=1.0)) == {
        "electrolyser_product:cell": pytest.approx(365.0, rel=1e-5),
        "daily_product_max:cell": pytest.approx(1.6, rel=1e-5),
    }


@pytest.mark.parametrize("kind", FLOOR_KINDS.values(), ids=lambda kind: kind.key)
def test_the_report_calls_floors_and_quotas_the_same(kind: LimitKind) -> None:
    assert value_label("limit", kind.key) == kind.label
    assert kind.key not in LIMIT_KINDS


def test_where_one_alone_is_not_enough() -> None:
    battery = Storage("battery", max_mwh=1, energy_capex=700)
    base = sunny(storages=[battery], limits=Limits(min_self_use_of_consumption=0.9))
    found = infeasibility(base)
    alone = [item for item in found.relaxations if item.reachable is None]
    assert alone
    assert all("单独放宽" in item.text for item in alone)


def test_feasible_plan_in_words() -> None:
    base = sunny(sources=[replace(sunny().sources[0], max_mw=12)])
    plan = size(base, engine="highs")
    found = explain(plan)
    assert found.infeasibility is None
    text = "\n".join(found.sentences)
    assert "pv" in text
    assert text.count("\n") == len(found.sentences) - 1


def test_what_sets_each_capacity() -> None:
    cheap = replace(sunny().sources[0], capex=500, max_mw=8)
    base = sunny(sources=[cheap], limits=Limits(), storages=[Storage("b", energy_capex=9000)])
    plan = size(base, engine="highs")
    found = {item.capacity: item for item in explain(plan).binding}
    assert str(found["pv"].limit) == "max_mw:pv"
    assert "达到上限 8 MW，" in found["pv"].text
    assert found["b_energy"].limit is None
    assert "不建" in found["b_energy"].text
    assert plan.shadow_prices["max_mw:pv"] > 0
    assert any("pv的装机上限每增加 1 MW" in text for text in explain(plan).sentences)


def test_unbounded_in_words() -> None:
    base = sunny(
        sources=[Source("pv", np.ones(48), capex=500)],
        grid=Grid(import_price=0.5, export_price=0.4),
        limits=Limits(),
    )
    plan = size(base, engine="highs")
    assert plan.status is Status.UNBOUNDED
    assert "费用可以无限降低" in explain(plan).sentences[0]


def test_limits_of_a_site_that_may_conflict() -> None:
    assert [str(limit) for limit in relaxable_limits(site())] == [
        "self_use_of_generation_net",
        "self_use_of_consumption",
        "export_share",
        "max_mw:wind",
        "grid_capacity",
    ]


@pytest.mark.parametrize(
    ("kind", "value", "up", "text"),
    [
        ("export_share", 0.27449, False, "27.4%"),
        ("export_share", 0.27441, True, "27.5%"),
        ("max_mw", 88.61, True, "88.7 MW"),
        ("land", 12345.6, False, "12,345 亩"),
    ],
)
def test_values_are_rounded_to_the_safe_side(kind: str, value: float, up: bool, text: str) -> None:
    assert shown(LIMIT_KINDS[kind], value, up=up) == text


def whole_year(**fields: Any) -> Site:
    """An hourly year: sun by day, wind by storms of some days, a load with nights and weekends."""
    hours = np.arange(8760)
    day, season = 2 * np.pi * hours / 24, 2 * np.pi * hours / 8760
    pv = np.clip(-np.cos(day) * (0.8 - 0.2 * np.cos(season)), 0.0, 1.0)
    wind = np.clip(0.3 + 0.4 * np.sin(hours / 37.0) + 0.3 * np.sin(hours / 101.0), 0.0, 1.0)
    load = 40 + 8 * np.sin(day - 1.0) + 4 * (hours // 24 % 7 < 5)
    sources = [
        Source("pv", pv, capex=2700, opex=30, max_mw=20),
        Source("wind", wind, capex=3900, opex=55, max_mw=10),
    ]
    defaults: dict[str, Any] = {
        "sources": sources,
        "storages": [Storage("battery", power_capex=300, energy_capex=700, max_mwh=50)],
        "grid": Grid(capacity_mw=60, import_price=0.5, export_price=0.2),
        "limits": Limits(min_self_use_of_consumption=0.5, max_export_share=0.2),
    }
    return Site(pd.Series(load, index(8760)), **(defaults | fields))


@pytest.fixture
def no_general_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS takes minutes for these programs where the interior engine takes seconds."""

    def refused(*_args: Any, **_options: Any) -> Any:
        raise AssertionError("the general solver was asked")

    monkeypatch.setattr(solve_module, "solve_generally", refused)


@pytest.mark.slow
@pytest.mark.usefixtures("no_general_solver")
def test_a_year_is_explained_without_the_general_solver() -> None:
    site = whole_year()
    plan = size(site)
    assert plan.status is Status.INFEASIBLE
    assert "互相冲突" in plan.notes[0]
    found = infeasibility(site)
    names = {"self_use_of_consumption", "max_mw:pv", "max_mw:wind"}
    assert {str(limit) for limit in found.conflict} == names
    reached = {str(item.limit): item.reachable for item in found.relaxations}
    # all of 20 MW sun and 10 MW wind is used by a load that is never below 32 MW
    own = 20 * np.asarray(site.sources[0].profile) + 10 * np.asarray(site.sources[1].profile)
    assert own.max() < site.load.min()
    assert reached["self_use_of_consumption"] == pytest.approx(own.sum() / site.load.sum())


@pytest.mark.slow
@pytest.mark.usefixtures("no_general_solver")
def test_a_connection_far_too_small_is_explained_at_once() -> None:
    """The other ways out are eight times their limit: dear to keep, but exact all the same."""
    base = whole_year()
    pv, wind = (
        replace(item, max_mw=most) for item, most in zip(base.sources, (150, 60), strict=True)
    )
    battery = Storage("battery", power_capex=300, energy_capex=700, max_mw=50, max_hours=4)
    site = replace(
        base,
        sources=[pv, wind],
        storages=[battery],
        grid=Grid(capacity_mw=3, import_price=0.5, export_price=0.2),
        limits=Limits(),
    )
    found = infeasibility(site)
    reached = {str(item.limit): item.reachable for item in found.relaxations}
    assert set(reached) == {"max_mw:battery", "hours_max:battery", "grid_capacity"}
    hours, least = reached["hours_max:battery"], reached["grid_capacity"]
    assert hours is not None
    assert least is not None
    assert hours > 8 * 4
    for value, clash in ((0.999 * least, True), (1.001 * least, False)):
        wider = replace(site, grid=Grid(capacity_mw=value, import_price=0.5, export_price=0.2))
        assert conflicting(wider) is clash


def test_a_site_with_a_plan_is_not_said_to_conflict() -> None:
    assert not conflicting(sunny(sources=[replace(sunny().sources[0], max_mw=12)]))
    assert conflicting(sunny())


def test_a_conflict_is_proven_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Multipliers of the first iterations prove it; those of a plan that is there do not."""
    solutions = []

    def answered(*args: Any, **options: Any) -> Any:
        solutions.append(solve_module.answer(*args, **options))
        return solutions[-1]

    monkeypatch.setattr(elastic, "answer", answered)
    assert conflicting(sunny())
    assert not conflicting(sunny(sources=[replace(sunny().sources[0], max_mw=9.001)]))
    proof, plan = solutions
    assert proof.status is plan.status is LpStatus.NOT_SOLVED
    with remembering():  # what explains it begins with the optimum
        assert conflicting(sunny())
    assert solutions[-1].status is LpStatus.OPTIMAL
    assert solutions[-1].iterations > proof.iterations


def test_limits_kept_have_no_slack() -> None:
    """9 MW of 8 allowed are needed; a limit without a price is none that can give."""
    base = sunny()
    limits = {str(limit): limit for limit in relaxable_limits(base)}
    share, most = limits["self_use_of_consumption"], limits["max_mw:pv"]
    program = ElasticProgram(base, limits.values())
    found = program.solve({most: 1.0})
    assert found is not None
    assert found.slack[share] == pytest.approx(0.0, abs=1e-9)
    assert found.slack[most] == pytest.approx(1.0, abs=1e-6)
    # in whatever unit, slack that stands alone is told in the limit's own
    alone = program.solve({most: 0.05})
    assert alone is not None
    assert alone.slack[most] == pytest.approx(1.0, abs=1e-6)
    # left out, the share lets the rest hold
    assert program.conflict({most: 1.0}, 1e-5) is False
    assert program.conflict({most: 1.0, share: 1 / 480}, 1e-5) is True
