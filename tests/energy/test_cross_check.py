"""Both engines on one site, and what a capacity at its bound is worth, checked by sizing anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.evaluate import evaluate_file
from greenland.energy.plan.explain.explanation import binding
from greenland.energy.problem.solution import Status
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.energy.sizing.cross_check import CrossCheck, cross_check
from greenland.energy.sizing.solve import size


def bounded(most: float = 12.0) -> Site:
    """Cheap sun by day for a flat load, of which less may be built than pays."""
    hours = pd.date_range("2025-01-01", periods=48, freq="h")
    sun = np.tile(np.clip(np.sin(np.arange(24) * np.pi / 12 - np.pi / 2), 0, 1), 2)
    pv = Source("pv", sun, capex=2000, opex=20, max_mw=most)
    battery = Storage("bess", power_capex=200, energy_capex=300, max_mwh=5.0)
    return Site(pd.Series(10.0, hours), [pv], [battery], grid=Grid(import_price=0.6))


@pytest.mark.parametrize("capacity", ["pv", "bess_energy"])
def test_the_worth_of_a_bound_is_what_sizing_anew_saves(capacity: str) -> None:
    site = bounded()
    plan = size(site)
    worth = next(one.worth for one in binding(plan) if one.capacity == capacity)
    step = 1e-3
    if capacity == "pv":
        larger = replace(site, sources=[replace(site.sources[0], max_mw=12.0 + step)])
    else:
        larger = replace(site, storages=[replace(site.storages[0], max_mwh=5.0 + step)])
    saved = plan.annual_cost - size(larger).annual_cost
    assert worth is not None
    if capacity == "pv":
        assert worth > 1000
    assert saved / step == pytest.approx(worth, rel=1e-3, abs=1.0)


def test_a_bound_that_is_reached_says_what_one_more_is_worth() -> None:
    found = {one.capacity: one for one in binding(size(bounded()))}
    assert "再增加 1 MW，年费用减少" in str(found["pv"].text)
    assert found["pv"].to_record()["worth"] == found["pv"].worth
    free = {one.capacity: one for one in binding(size(bounded(500.0)))}
    assert free["pv"].worth is None


def test_engines_agree() -> None:
    found = cross_check(size(bounded()))
    assert {found.engine, found.other_engine} == {"interior", "highs"}
    assert found.agrees
    assert found.difference is not None
    assert found.difference < 1e-7
    assert "一致" in found.text


@pytest.mark.parametrize(
    ("other", "status", "agrees"),
    [
        (100.00001, Status.OPTIMAL, True),
        (101.0, Status.OPTIMAL, False),
        (None, Status.INFEASIBLE, False),
    ],
)
def test_engines_that_do_not_agree(other: float | None, status: Status, agrees: bool) -> None:
    sizes = None if other is None else 0.0
    found = CrossCheck("interior", "highs", Status.OPTIMAL, status, 100.0, other, sizes)
    assert found.agrees is agrees
    assert ("不一致" in found.text) is (other == 101.0)


def test_a_case_asks_for_it(tmp_path: Path) -> None:
    hours = pd.date_range("2025-01-01", periods=24, freq="h").rename("时间")
    pd.Series(1.0, index=hours, name="负荷(MW)").to_csv(tmp_path / "load.csv")
    text = "load: load.csv\ngrid: {import_price: 0.5}\nyear: 2025\n"
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert evaluate_file(tmp_path / "case.yaml").to_record()["cross_check"] is None
    (tmp_path / "case.yaml").write_text(text + "cross_check: true\n", encoding="utf-8")
    record = evaluate_file(tmp_path / "case.yaml").to_record()
    assert record["cross_check"]["agrees"] is True
