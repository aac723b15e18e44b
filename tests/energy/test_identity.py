"""Names of the parts of a site mean nothing: each pair that once ran into one another."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_sites import site

from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import ReplayError, replay
from greenland.energy.plan_record import plan_record
from greenland.energy.problem.pulp_model import build
from greenland.energy.site import (
    Electrolyser,
    FixedAsset,
    Grid,
    InterruptibleLoad,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)
from greenland.energy.site.identity import (
    Capacities,
    CapacityKind,
    ColumnKind,
    Columns,
    CostKind,
    Identity,
    capacity_labels,
    column_labels,
    cost_labels,
)
from greenland.energy.sizing.solve import size

STEPS = 48


def named(*names: str) -> Site:
    """The small site with its two sources and its storage renamed."""
    base = site(STEPS)
    first, second = (replace(s, name=n) for s, n in zip(base.sources, names, strict=False))
    return replace(
        base, sources=(first, second), storages=(replace(base.storages[0], name=names[2]),)
    )


@pytest.fixture(scope="module")
def plain() -> Plan:
    return size(named("sun", "breeze", "cells"))


def test_short_labels_where_nothing_else_is_called_so() -> None:
    made = named("pv", "wind", "battery")
    assert list(capacity_labels(made).values()) == [
        *("pv", "wind", "battery_power", "battery_energy", "grid"),
    ]
    assert list(column_labels(made).values())[:4] == ["load", "pv", "wind", "import"]


@pytest.mark.parametrize(
    ("names", "label"),
    [
        (("bat_power", "wind", "bat"), "source:bat_power"),
        (("pv", "bat_energy", "bat"), "source:bat_energy"),
        (("grid", "wind", "bat"), "source:grid"),
        (("storage_power:bat", "bat_power", "bat"), "source:storage_power:bat"),
    ],
)
def test_clashing_capacities_are_told_apart(
    plain: Plan, names: tuple[str, str, str], label: str
) -> None:
    plan = size(named(*names))
    assert label in plan.capacities
    assert plan.capacities.tolist() == plain.capacities.tolist()
    owners = plan.capacity_kinds["owner"].tolist()
    assert owners == [names[0], names[1], names[2], names[2], ""]
    assert plan.capacity_kinds.loc[label, "kind"] == "source"


@pytest.mark.parametrize(
    "names",
    [
        ("charge", "wind", "b"),  # summed over all storages in the table of months
        ("month", "wind", "b"),
        ("b_charge", "b_discharge", "b"),
        ("wind_energy", "peak_pv", "b"),  # once taken for a stored energy, and for no capacity
        ("b_grid_charge", "x_grid_charge", "b"),  # once taken for energy charged from the grid
        ("load", "import", "export"),
    ],
)
def test_months_are_those_of_plain_names(plain: Plan, names: tuple[str, str, str]) -> None:
    plan = size(named(*names))
    expected, found = plan_record(plain)["monthly"], plan_record(plan)["monthly"]
    assert [list(row.values()) for row in found] == [list(row.values()) for row in expected]
    labels = column_labels(plan.site)
    made = plan.monthly[labels[Identity(ColumnKind.SOURCE, names[0])]].sum()
    assert made == pytest.approx(plain.monthly["sun"].sum())
    assert plan.annual_cost == plain.annual_cost


def test_costs_of_the_same_name_are_all_paid() -> None:
    """A line called like a charge of the grid: neither takes the other's place."""
    hours = pd.date_range("2025-06-01", periods=24, freq="h")
    grid = Grid(capacity_mw=20, import_price=0.5, fixed_cost=7000)
    lines = [FixedAsset("grid_fixed", opex=100), FixedAsset("energy_purchase", opex=20)]
    plan = size(Site(pd.Series(10.0, hours), grid=grid, fixed_assets=lines))
    assert plan.costs["fixed_asset:grid_fixed"] == 100
    assert plan.costs["grid_fixed"] == 7000
    # 10 MW all year at 0.5 yuan/kWh, the fixed charge and the two lines
    assert plan.annual_cost == pytest.approx(10e3 * 8760 * 0.5 + 7000 + 120)


@pytest.mark.parametrize("broken", ["sources", "storages"])
def test_equally_labelled_checks_all_count(broken: str) -> None:
    """Bounds of source ``a_power`` and power bounds of storage ``a`` are called the same."""
    plan = size(named("a_power", "wind", "a"))
    first, *others = getattr(plan.site, broken)
    parts: dict[str, Any] = {broken: (replace(first, min_mw=500.0, max_mw=900.0), *others)}
    found = replay(replace(plan.site, **parts), dict(plan.capacities), plan.schedule)
    same = found.checks[found.checks.index == "a_power_bounds"]
    assert [bool(excess > 1e-6) for excess in same] == [broken == "sources", broken == "storages"]
    with pytest.raises(ReplayError, match="a_power_bounds"):
        found.require_closed()


def test_limits_keep_an_owner_with_colons() -> None:
    base = named("max_mw:x", "a:b", "hours_max:c")
    capped = (base.sources[0], replace(base.sources[1], max_mw=30.0))
    plan = size(replace(base, sources=capped))
    rows = {row["capacity"]: row for row in plan_record(plan)["binding"]}
    assert (rows["a:b"]["limit_kind"], rows["a:b"]["limit_owner"]) == ("max_mw", "a:b")
    prices = {row["limit"]: row for row in plan_record(plan)["shadow_prices"]}
    assert prices["max_mw:a:b"]["limit_owner"] == "a:b"


def test_variables_of_the_model_keep_names_of_their_own() -> None:
    """``a:b`` and ``ax3ab`` are written alike in an LP file; ``start_b`` meets ``b_5`` there."""
    base = named("a:b", "ax3ab", "start_b")
    second = replace(base.storages[0], name="b_5", initial_energy=0.5)
    model = build(replace(base, storages=(base.storages[0], second)))
    names = [item.name for item in model.problem.variables()]
    assert len(set(names)) == len(names)
    rows = [row.name for family in model.rows.values() for row in family]
    assert len(set(rows)) == len(rows)


words = st.sampled_from(
    [
        *("a", "a_power", "a_energy", "a_charge", "a_grid_energy", "b", "b_power", "load", "grid"),
        *("import", "month", "charge", "source:a", "source:source:a", "storage_power:a"),
        *("storage_energy:a", "charge:a", "product:a", "interruption:a", "energy_purchase"),
        *("electrolyser:a", "fixed_asset:a", "unserved", "shiftable:a", "{}", "{}_power"),
    ]
)


@given(st.lists(words, min_size=8, max_size=8, unique=True))
def test_no_two_labels_of_a_site_are_the_same(names: list[str]) -> None:
    one = np.ones(STEPS) * 0.5
    made = replace(
        site(STEPS),
        sources=[Source(name, one) for name in names[:2]],
        storages=[Storage(name, grid_charging=True) for name in names[2:4]],
        shiftable=[ShiftableLoad(names[4], one, 1.0)],
        interruptible=[InterruptibleLoad(names[5], 1.0, 0.5)],
        electrolysers=[Electrolyser(names[6], 52.0)],
        fixed_assets=[FixedAsset(names[7])],
    )
    for labels in (capacity_labels(made), column_labels(made), cost_labels(made)):
        assert len(set(labels.values())) == len(labels)
    columns = column_labels(made)
    fixed = ("load", "import", "export", "curtailment", "unserved")
    assert [columns[Identity(ColumnKind(word))] for word in fixed] == list(fixed)
    assert not {"month", "charge", "discharge"} & set(columns.values())
    sizes: dict[str, Any] = {
        label: float(place) for place, label in enumerate(capacity_labels(made).values())
    }
    found = Capacities(made, sizes)
    assert [found.of(CapacityKind.SOURCE, name) for name in names[:2]] == [0.0, 1.0]
    assert found.of(CapacityKind.STORAGE_ENERGY, names[3]) == 5.0
    table = pd.DataFrame({label: [place] for place, label in enumerate(columns.values())})
    read = Columns(made, table)
    assert read.of(ColumnKind.GRID_ENERGY, names[2]).item() == list(columns).index(
        Identity(ColumnKind.GRID_ENERGY, names[2])
    )


def test_every_kind_has_a_label() -> None:
    made = cost_labels(site(STEPS))
    owned = {CostKind.SOURCE, CostKind.STORAGE, CostKind.ELECTROLYSER, CostKind.FIXED_ASSET}
    owned |= {CostKind.INTERRUPTION, CostKind.PRODUCT, CostKind.PURCHASE, CostKind.SHORTFALL}
    owned |= {CostKind.FUEL, CostKind.START}
    assert {key.kind for key in made} >= set(CostKind) - owned
    assert set(chain(made.values())) >= {"pv", "wind", "battery", "unserved"}
