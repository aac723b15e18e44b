"""The table of limits: complete, consistent with the parts it names, and read by everyone."""

from __future__ import annotations

from dataclasses import fields

import pytest
from model_sites import site

from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES
from greenland.energy.site import (
    Electrolyser,
    Generator,
    Grid,
    InterruptibleLoad,
    Limits,
    SelfUse,
    Site,
    Source,
    Storage,
)
from greenland.energy.site.limit_kinds import LIMIT_KINDS, PART_LIMITS, SITE_LIMITS, LimitKind
from greenland.energy.site.limits import limit_ref, limits_by_label, limits_of_site
from greenland.report.labels import value_label

PARTS = {
    "sources": Source,
    "storages": Storage,
    "electrolysers": Electrolyser,
    "interruptible": InterruptibleLoad,
    "generators": Generator,
}


def test_every_field_of_the_limits_is_in_the_table() -> None:
    named = {kind.field for kind in SITE_LIMITS}
    assert named == {field.name for field in fields(Limits)} - {"self_use_reading"}


@pytest.mark.parametrize("kind", PART_LIMITS, ids=lambda kind: kind.key)
def test_fields_of_parts_exist(kind: LimitKind) -> None:
    for part in kind.parts:
        names = {field.name for field in fields(PARTS[part])}
        assert kind.field in names
        assert not kind.existing or kind.existing in names


def test_every_limit_has_rows_or_bounds_a_capacity() -> None:
    bounds = {"max_mw", "max_charge_mw", "max_mwh", "grid_capacity"}
    contracts = {"minimum_take", "contract_floor"}  # kept by what is paid, so nothing can give way
    cuts = {"cost_ceiling", "maintenance_cut"}  # of searches, which take no plan away
    assert set(LIMIT_KINDS) == (set(LIMIT_FAMILIES) - cuts - contracts) | bounds


@pytest.mark.parametrize("kind", LIMIT_KINDS.values(), ids=lambda kind: kind.key)
def test_the_report_calls_a_limit_the_same(kind: LimitKind) -> None:
    assert value_label("limit", kind.key) == kind.label


@pytest.mark.parametrize(
    ("reading", "rows"),
    [
        ("both", {"self_use_of_generation", "self_use_of_generation_net"}),
        ("a", {"self_use_of_generation"}),
        ("b", {"self_use_of_generation_net"}),
    ],
)
def test_a_reading_decides_which_limit_is_meant(reading: str, rows: set[str]) -> None:
    limits = Limits(min_self_use_of_generation=0.6, self_use_reading=SelfUse(reading))
    assert {kind.key for kind in SITE_LIMITS if kind.value_in(limits) is not None} == rows


def test_values_are_in_the_unit_people_read() -> None:
    """Budget in 10 000 yuan; a capacity with what is there; what is not set is left out."""
    wind = Source("wind:1", [0.5] * 48, max_mw=10.0, existing_mw=2.0)
    limited = Site(
        site().load,
        sources=[wind, Source("pv", [0.5] * 48)],
        storages=[Storage("b", max_hours=float("inf"))],
        interruptible=[InterruptibleLoad("cut", 1.0, 0.3)],
        grid=Grid(capacity_mw=5.0),
        limits=Limits(max_capex_yuan=3e7),
    )
    values = {str(limit): value for limit, value in limits_of_site(limited).items()}
    assert values == {"budget": 3000.0, "max_mw:wind:1": 12.0, "grid_capacity": 5.0}
    limit = limits_by_label(limited)["max_mw:wind:1"]
    assert limit == limit_ref("max_mw", "wind:1")
    assert limit.to_record() == {
        "limit": "max_mw:wind:1",
        "limit_kind": "max_mw",
        "limit_owner": "wind:1",
    }
    assert limit.words == "wind:1的装机上限"
