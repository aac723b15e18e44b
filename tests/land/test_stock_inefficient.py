"""低效用地: declared criteria and plot potentials."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_parks import made_park, parcel

from greenland.errors import InputError
from greenland.land import per_mu, standard_land, stock
from greenland.land.stock.inefficient import plot_potential
from greenland.results import NotEvaluated


def firm(**changes: Any) -> dict[str, Any]:
    return {
        "firm_id": "H1",
        "firm_name": "甲公司（虚构）",
        "year": 2025,
        "land_mu": 30.0,
        "tax_wan": 600.0,
        "firm_state": "operating",
        "capacity_category": "permitted",
        **changes,
    }


def ledger(
    row: dict[str, Any], owner: dict[str, Any], classed: Any = None, **more: Any
) -> pd.DataFrame:
    park = made_park(parcels=[row], firms=[owner], **more)
    result = stock.evaluate(park, per_mu=classed, standard_land=standard_land.evaluate(park))
    assert not isinstance(result, NotEvaluated)
    return result.inefficient


def test_good_land_is_not_inefficient() -> None:
    assert ledger(parcel(), firm()).empty


def test_floor_area_ratio_below_the_stricter_standard() -> None:
    # promised 0.9, control value of industry 302 0.7: 10 000 m² on 30 亩 (20 000 m²) is 0.5
    found = ledger(parcel(floor_area_m2=10_000.0), firm()).iloc[0]
    assert found["criteria"] == ["floor_area_ratio"]
    assert found["floor_area_ratio"] == pytest.approx(0.5)
    assert found["floor_area_ratio_standard"] == pytest.approx(0.9)
    assert found["floor_area_ratio_potential_mu"] == pytest.approx((0.9 - 0.5) / 0.9 * 30)


def test_tax_counts_on_all_land_of_the_holder() -> None:
    # promised 15 万元/亩; 600 万元 on 60 亩 is 10
    found = ledger(parcel(), firm(land_mu=60.0)).iloc[0]
    assert found["criteria"] == ["tax_per_mu"]
    assert found["tax_per_mu"] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("changes", "criterion"),
    [
        ({"firm_state": "zombie"}, "stopped"),
        ({"firm_state": "stopped"}, "stopped"),
        ({"capacity_category": "restricted"}, "capacity"),
        ({"capacity_category": "eliminated"}, "capacity"),
    ],
)
def test_state_and_capacity_of_the_holder(changes: dict[str, Any], criterion: str) -> None:
    assert ledger(parcel(), firm(**changes)).iloc[0]["criteria"] == [criterion]


def test_class_d_of_the_holder() -> None:
    per_mu = SimpleNamespace(
        firms=pd.DataFrame({"firm_id": ["H1"], "class": ["D"], "tax_per_mu": [20.0]})
    )
    assert ledger(parcel(), firm(), per_mu).iloc[0]["criteria"] == ["class_d"]


def test_buildings_not_completed_are_not_measured() -> None:
    row = parcel(floor_area_m2=1_000.0, actual_completion_date=None, production_review_date=None)
    assert ledger(row, firm()).empty


def test_the_park_may_set_a_standard_of_its_own() -> None:
    found = ledger(
        parcel(), firm(), overrides={"land.stock.inefficient.investment_intensity": 400.0}
    )
    assert found.iloc[0]["investment_intensity_standard"] == 400.0
    assert found.iloc[0]["criteria"] == ["investment_intensity"]


def test_the_park_may_leave_criteria_out() -> None:
    criteria = {"land.stock.inefficient.criteria": ["capacity"]}
    assert ledger(parcel(floor_area_m2=1.0), firm(firm_state="zombie"), overrides=criteria).empty


def test_an_unknown_criterion_is_refused() -> None:
    wrong = {"land.stock.inefficient.criteria": ["ugly"]}
    with pytest.raises(
        InputError, match=r"低效用地认定条件无效；实际为“ugly”；允许：class_d、floor_area_ratio"
    ):
        ledger(parcel(), firm(), overrides=wrong)


@pytest.mark.parametrize(
    ("standard", "column", "at", "below"),
    [
        # 20 000 ㎡ on 30 亩 is a floor area ratio of 1.0; 9000 / 30 = 300 and 600 / 30 = 20 万元/亩
        ("floor_area_ratio", "floor_area_ratio", 1.0, 1.0001),
        ("investment_intensity", "investment_intensity", 300.0, 300.1),
        ("tax_per_mu", "tax_per_mu", 20.0, 20.01),
    ],
)
def test_each_standard_at_its_limit(standard: str, column: str, at: float, below: float) -> None:
    rule = f"land.stock.inefficient.{standard}"
    assert ledger(parcel(), firm(), overrides={rule: at}).empty
    found = ledger(parcel(), firm(), overrides={rule: below}).iloc[0]
    assert found["criteria"] == [standard]
    assert found[column] == pytest.approx(at)
    assert found[f"{column}_standard"] == below
    assert found[f"{column}_potential_mu"] == pytest.approx((below - at) / below * 30)


def test_rounding_makes_no_land_inefficient() -> None:
    own = {"land.stock.inefficient.tax_per_mu": 0.3}
    assert 600.0 / 2000.0000000000005 < 0.3
    assert ledger(parcel(), firm(land_mu=2000.0000000000005), overrides=own).empty


def test_a_row_by_hand() -> None:
    row = ledger(parcel(floor_area_m2=10_000.0), firm(firm_state="zombie")).iloc[0]
    assert row["parcel_id"] == "G1"
    assert (row["holder_id"], row["holder_name"], row["area_mu"]) == ("H1", "甲公司（虚构）", 30.0)
    assert row["criteria"] == ["floor_area_ratio", "stopped"]
    assert row["reason"] == "容积率低于标准、停产或僵尸企业"
    assert row["rule_id"] == "land.stock.inefficient.criteria"
    # promised: 280 万元/亩 and 15 万元/亩 of tax, both kept
    assert row["investment_intensity"] == pytest.approx(300.0)
    assert row["investment_intensity_standard"] == 280.0
    assert row["investment_intensity_potential_mu"] == 0.0
    assert (row["tax_per_mu"], row["tax_per_mu_standard"]) == (20.0, 15.0)


@pytest.mark.parametrize(("completed", "measured"), [("2025-12-31", True), ("2026-01-01", False)])
def test_buildings_are_measured_from_the_day_they_are_completed(
    completed: str, measured: bool
) -> None:
    row = parcel(actual_completion_date=completed, production_review_date=None)
    own = {"land.stock.inefficient.floor_area_ratio": 9.0}
    assert ledger(row, firm(), overrides=own).empty != measured


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        ({}, True),
        ({"land_use": "storage"}, True),
        ({"land_use": "public"}, False),
        ({"supply_state": "available"}, False),
        ({"holder_id": None}, False),
        ({"holder_id": "H2"}, False),
    ],
)
def test_whose_land_is_looked_at(changes: dict[str, Any], counted: bool) -> None:
    found = ledger(parcel(**changes), firm(firm_state="stopped"))
    assert (len(found) == 1) == counted


def test_the_holder_is_looked_at_in_the_assessed_year() -> None:
    park = made_park(parcels=[parcel()], firms=[firm(), firm(year=2024, firm_state="zombie")])
    found = stock.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    assert found.inefficient.empty


def test_a_row_without_a_year_says_nothing() -> None:
    assert ledger(parcel(), firm(year=None, firm_state="zombie")).empty


@pytest.mark.parametrize(("land", "tax"), [(0.0, None), (0.5, 1_200.0)])
def test_tax_over_no_land_is_no_figure(land: float, tax: float | None) -> None:
    row = ledger(parcel(), firm(firm_state="stopped", land_mu=land)).iloc[0]
    assert pd.isna(row["tax_per_mu"]) if tax is None else row["tax_per_mu"] == tax


def test_land_the_holder_leaves_blank_is_that_of_the_ledger() -> None:
    # 600 万元 over 30 and 70 亩 is 6 万元/亩; stated 30 亩 would be 20
    own = {"land.stock.inefficient.tax_per_mu": 10.0}
    rows = [parcel(), parcel(parcel_id="G2", area_mu=70.0)]
    for stated, count in ((None, 2), (30.0, 0)):
        park = made_park(parcels=rows, firms=[firm(land_mu=stated)], overrides=own)
        found = stock.evaluate(park)
        assert not isinstance(found, NotEvaluated)
        assert len(found.inefficient) == count


def test_class_d_is_of_the_holder_alone() -> None:
    firms = {"firm_id": ["H1", "H2", None], "class": ["C", "D", "D"], "tax_per_mu": [20.0] * 3}
    per_mu = SimpleNamespace(firms=pd.DataFrame(firms))
    assert ledger(parcel(), firm(), per_mu).empty
    assert ledger(parcel(holder_id=None), firm(), per_mu).empty
    empty = SimpleNamespace(firms=pd.DataFrame())
    assert ledger(parcel(), firm(), empty).empty


def test_no_criteria_at_all_are_refused() -> None:
    for value, words in (([], "低效用地认定条件无效"), ("class_d", "的值不能用；实际为“class_d”")):
        wrong = {"land.stock.inefficient.criteria": value}
        with pytest.raises(InputError, match=words):
            ledger(parcel(), firm(), overrides=wrong)


amounts = st.floats(0.01, 1e4)


@given(value=amounts, standard=amounts, area=amounts, scale=amounts)
def test_potentials_are_bounded_and_keep_under_a_change_of_unit(
    value: float, standard: float, area: float, scale: float
) -> None:
    def potential(factor: float) -> float:
        series = [pd.Series([number]) for number in (value * factor, standard * factor, area)]
        return float(plot_potential(*series).iloc[0])

    assert 0 <= potential(1.0) <= area
    assert potential(scale) == pytest.approx(potential(1.0), rel=1e-9, abs=1e-9 * area)


def test_a_missing_or_zero_standard_has_no_potential() -> None:
    found = plot_potential(pd.Series([1.0, 1.0]), pd.Series([np.nan, 0.0]), pd.Series([30.0, 30.0]))
    assert found.isna().all()


def test_a_landlords_land_is_that_of_the_per_mu_table() -> None:
    """H1 holds 30 亩, lets 20 and is classed with its tenant: 605 / 30 in both, not 600 / 30."""
    tenant = firm(firm_id="H2", landlord_id="H1", land_mu=20.0, tax_wan=5.0)
    rows = [firm(land_mu=None), tenant]
    park = made_park(
        parcels=[parcel()], firms=rows, overrides={"land.stock.inefficient.tax_per_mu": 50.0}
    )
    firms = per_mu.evaluate(park)
    found = stock.evaluate(park, per_mu=firms).inefficient  # type: ignore[union-attr]
    assert found["tax_per_mu"].tolist() == pytest.approx([605 / 30])
    alone = stock.evaluate(park)  # 600 / 10, as the land it lets is not its own
    assert alone.inefficient.empty  # type: ignore[union-attr]
