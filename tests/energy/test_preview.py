"""Typical days and linked storage: a preview, and what it is worth over the whole horizon."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sites import variants

from greenland.cli import cli
from greenland.cli.common import to_json
from greenland.energy import DemandCharge, Grid, Limits, Plan, Site, Source, Storage, size
from greenland.energy.preview import preview
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import ContractDemand, PurchaseContract
from greenland.energy.sizing.typical_days import typical_days, with_typical_days
from greenland.errors import InputError

DAYS = 20


def site(kinds: int = 3, days: int = DAYS, **changes: Any) -> Site:
    """Days of a few kinds in an irregular order; every day of a kind is the same."""
    rng = np.random.default_rng(11)
    order = rng.integers(0, kinds, days)
    curves = {
        name: rng.uniform(low, high, (kinds, 24))
        for name, low, high in (("load", 6, 14), ("pv", 0, 1), ("wind", 0, 1), ("price", 0.2, 0.9))
    }
    curves["pv"] *= np.linspace(0.2, 1.0, kinds)[:, None]
    flat = {name: table[order].ravel() for name, table in curves.items()}
    index = pd.date_range("2027-03-20", periods=days * 24, freq="h", tz="Asia/Shanghai")
    values: dict[str, Any] = {
        "sources": [Source("pv", flat["pv"], capex=2000), Source("wind", flat["wind"], capex=4000)],
        "storages": [Storage("battery", power_capex=60, energy_capex=60, charge_efficiency=0.9)],
        "grid": Grid(
            capacity_mw=14,
            import_price=flat["price"],
            export_price=0.05,
            demand_charges=[DemandCharge(20.0)],
        ),
        "limits": Limits(max_export_share=0.2, min_self_use_of_consumption=0.5),
    }
    return Site(pd.Series(flat["load"], index), **(values | changes))


@pytest.fixture(scope="module")
def sized() -> Plan:
    return size(site())


def test_days_that_repeat_are_found_and_bound_the_optimum(sized: Plan) -> None:
    """Days of a kind are run alike, whatever is stored: dearer than the optimum, by little."""
    found = preview(site(), 3)
    assert found.typical.weights.sum() == DAYS
    assert len(found.typical.medoids) == 3
    best = sized.annual_cost
    assert best * (1 - 1e-7) <= found.plan.annual_cost <= found.typical_objective * (1 + 1e-7)
    assert found.typical_objective == pytest.approx(best, rel=2e-3)
    assert not found.enlarged
    assert found.sizes["battery_energy"] > 1  # storage is worth something here


def test_without_storage_days_that_repeat_lose_nothing() -> None:
    one = site(storages=[])
    assert preview(one, 3).typical_objective == pytest.approx(size(one).annual_cost, rel=2e-6)


@pytest.mark.slow
def test_as_many_typical_days_as_days_is_the_whole_problem() -> None:
    """Every feature of the model, on every day of its own: the optimum of the linear program."""
    names = ("demand", "flexible", "decided_connection", "contracts", "grid_charging", "caps")
    for name in names:
        one = variants()[name]
        count, rest = divmod(len(one.load), 24)
        assert (rest, one.index[0].hour) == (0, 0), name
        found = preview(one, count)
        whole = size(one)
        assert found.typical_objective == pytest.approx(whole.annual_cost, rel=2e-6), name


def test_a_store_carries_energy_from_day_to_day() -> None:
    """Ten days of sun, ten without: only a store that outlasts the day can serve the second ten."""
    sun = np.repeat([1.0, 0.0], 10 * 24) * 0.5
    index = pd.date_range("2027-05-01", periods=480, freq="h")
    free = Storage("cavern", energy_capex=1.0, charge_efficiency=1.0, discharge_efficiency=1.0)
    off = Site(pd.Series(1.0, index), [Source("sun", sun, capex=1000.0)], [free], grid=None)
    found = preview(off, 2)
    assert found.sizes["sun"] == pytest.approx(4.0, rel=1e-6)
    assert found.sizes["cavern_energy"] == pytest.approx(240.0, rel=1e-6)
    assert not found.enlarged


def test_a_leaky_store_is_never_taken_for_a_better_one() -> None:
    """With self-discharge the bounds of a day are a little narrower: it costs no less."""
    store = Storage("battery", power_capex=60, energy_capex=60, self_discharge=0.005, min_soc=0.1)
    leaky = site(storages=[store])
    whole, found = size(leaky), preview(leaky, 3)
    assert found.typical_objective >= whole.annual_cost * (1 - 1e-7)
    assert found.typical_objective == pytest.approx(whole.annual_cost, rel=5e-3)
    assert found.plan.annual_cost >= whole.annual_cost * (1 - 1e-7)


def test_energy_of_the_groups_is_kept() -> None:
    rng = np.random.default_rng(2)
    base = site()
    noisy = replace(base, load=base.load * rng.uniform(0.8, 1.2, len(base.load)))
    data = prepare(noisy)
    typical = typical_days(data, 4)
    made = with_typical_days(data, typical)
    assert made.load.sum() == pytest.approx(data.load.sum(), rel=1e-12)
    days = made.load.reshape(DAYS, 24)
    for k in range(4):
        members = np.flatnonzero(typical.group == k)
        assert (days[members] == days[members[0]]).all()
        assert typical.medoids[k] in members
    assert (made.pu <= 1).all()
    assert made.buy.sum() == pytest.approx(data.buy.sum(), rel=1e-12)


@pytest.mark.slow
def test_sizes_that_fail_over_the_year_are_enlarged() -> None:
    """One mean day hides the dark ones: off-grid it is too small, and is told so."""
    rng = np.random.default_rng(4)
    index = pd.date_range("2027-05-01", periods=240, freq="h")
    sun = np.repeat(rng.uniform(0.1, 0.9, 10), 24) * np.clip(
        np.sin((index.hour - 6) / 12 * np.pi), 0, 1
    )
    store = Storage("battery", power_capex=300, energy_capex=600)
    off = Site(pd.Series(1.0, index), [Source("sun", sun, capex=2000.0)], [store], grid=None)
    found = preview(off, 1, full=True)
    assert found.enlarged
    assert found.plan.status.has_plan
    assert (found.plan.capacities >= found.sizes - 1e-6).all()
    assert found.excess is not None
    assert found.excess >= -1e-9


def test_contracts_in_a_preview() -> None:
    """Declared demand and a seller with a least energy bound the optimum as all else does."""
    base = site()
    assert base.grid is not None
    seller = Source(
        "farm",
        np.asarray(base.sources[1].profile),
        existing_mw=5,
        max_mw=0,
        purchase=PurchaseContract(0.4, min_take_mwh=15_000),
    )
    contract = DemandCharge(30.0, contract=ContractDemand(1.05, 2.0, least_share=0.3))
    one = replace(
        base, sources=[base.sources[0], seller], grid=replace(base.grid, demand_charges=[contract])
    )
    found, best = preview(one, 3), size(one).annual_cost
    assert best * (1 - 1e-7) <= found.plan.annual_cost <= found.typical_objective * (1 + 1e-7)
    assert found.typical_objective == pytest.approx(best, rel=0.02)
    alike = replace(one, storages=[])
    assert preview(alike, 3).typical_objective == pytest.approx(size(alike).annual_cost, rel=1e-6)


def test_the_record_never_calls_it_best() -> None:
    record = preview(site(), 2).to_record()
    assert record["preview"] is True
    assert record["excess"] is None
    assert sum(item["days"] for item in record["typical_days"]) == DAYS
    assert record["verified"]["feasible"] is True
    assert "optimal" not in to_json(record)


@pytest.mark.parametrize(
    ("change", "days", "objective", "match"),
    [
        ({}, 3, "capex", "只适用于 annual_cost 和 npv"),
        (
            {"limits": Limits(min_self_use_of_consumption=0.9, max_capex_yuan=1.0)},
            3,
            "annual_cost",
            "典型日上没有满足各项限制的方案",
        ),
    ],
)
def test_faults(change: dict[str, Any], days: int, objective: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        preview(site(**change), days, objective=objective)


def test_days_cut_short() -> None:
    index = pd.date_range("2027-03-20 01:00", periods=48, freq="h")
    with pytest.raises(InputError, match="由整天组成"):
        preview(Site(pd.Series(1.0, index), grid=Grid(import_price=0.5)), 2)


def test_command(tmp_path: Path) -> None:
    base = site(days=6)
    table = pd.DataFrame({"load": base.load, "pv": np.asarray(base.sources[0].profile)})
    table.index = table.index.tz_localize(None)
    table.to_csv(tmp_path / "curves.csv", index_label="time")
    (tmp_path / "case.yaml").write_text(
        """load: {file: curves.csv, column: load}
sources: [{name: pv, profile: {file: curves.csv, column: pv}, capex: 2000}]
grid: {capacity_mw: 20, import_price: 0.6}
rules: {packs: [national]}
year: 2027
""",
        encoding="utf-8",
    )
    words = ["energy", "preview", str(tmp_path / "case.yaml"), "--days", "3"]
    ran = CliRunner().invoke(cli, words)
    assert ran.exit_code == 0, ran.output
    assert "不是全时段的最优解" in ran.stdout
    assert "差多少未知" in ran.stdout
    ran = CliRunner().invoke(cli, [*words, "--full"])
    assert "比全时段定容贵" in ran.stdout
