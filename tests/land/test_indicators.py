"""Formulas of parcels and firms against worked figures."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_parks import firm, parcel

from greenland.land import indicators as ind
from greenland.land.reasons import lacking
from greenland.park import table


def one(value: float | None) -> pd.Series:
    return pd.Series([value], dtype="float64", index=[7])


# Two projects of 昆明重点产业协作园区 (2025) at 磨憨, figures of the published agreement.
@pytest.mark.parametrize(
    ("investment_wan", "area_mu", "expected"),
    [
        pytest.param(29200, 47.03, 620.9, id="wuhua"),
        pytest.param(31300, 52.57, 595.4, id="luquan"),
    ],
)
def test_investment_intensity_of_real_projects(
    investment_wan: float, area_mu: float, expected: float
) -> None:
    found = ind.investment_intensity(one(investment_wan), one(area_mu))
    assert round(found.loc[7], 1) == expected
    assert found.name == "investment_intensity"


def test_floor_area_ratio_of_a_real_project() -> None:
    # 禄劝 at 磨憨: 51 800 ㎡ of standard factory on 52.57 亩
    assert round(ind.floor_area_ratio(one(51800), one(52.57)).loc[7], 3) == 1.478


def test_storeys_over_8_m_count_twice() -> None:
    single = ind.floor_area_ratio(one(10000), one(30))
    double = ind.floor_area_ratio(one(10000), one(30), one(4000))
    assert double.loc[7] == pytest.approx(single.loc[7] * 1.4)


def test_blank_high_storeys_are_none() -> None:
    assert ind.floor_area_ratio(one(10000), one(30), one(None)).loc[7] == pytest.approx(0.5)


def test_building_coefficient_adds_structures_and_yards() -> None:
    found = ind.building_coefficient(one(5000), one(1000), one(None), one(15))
    assert found.loc[7] == pytest.approx(0.6)


def test_admin_share_by_land() -> None:
    assert ind.admin_land_share(one(700), one(15), one(9e9), one(1)).loc[7] == pytest.approx(0.07)


def test_admin_share_by_floor_area_when_land_is_not_separable() -> None:
    assert ind.admin_land_share(one(None), one(15), one(600), one(12000)).loc[7] == 0.05
    assert ind.admin_floor_area_share(one(1800), one(12000)).loc[7] == 0.15


@pytest.mark.parametrize("area", [0.0, None, -3.0])
def test_no_land_gives_no_value_and_no_warning(area: float | None) -> None:
    frame = table("parcels", [parcel(area_mu=area)])
    found = ind.physical_indicators(frame)
    # the share by floor area needs no land, but here the office land is stated
    assert found.isna().all(axis=None)
    reason = lacking({"area_mu": frame["area_mu"]}, positive=["area_mu"]).iloc[0]
    assert str(reason) in ("缺少宗地面积", "宗地面积为零或负数")


def test_firm_indicators_by_hand() -> None:
    found = ind.firm_indicators(table("firms", [firm()])).iloc[0]
    assert found.to_dict() == pytest.approx(
        {
            "tax_per_mu": 20.0,
            "revenue_per_mu": 500.0,
            "output_per_mu": 16000 / 30,
            "value_added_per_mu": 3500 / 30,
            "value_added_per_tce": 3500 / 1500,
            "value_added_per_emission": 1750.0,
            "labour_productivity": 3500 / 150,
            "rd_intensity": 0.02,
            "tax_per_mwh": 0.15,
            "tax_per_tce": 0.4,
            "tax_per_emission": 300.0,
        }
    )


def test_every_indicator_has_a_label_and_a_unit() -> None:
    names = {*ind.PHYSICAL, *ind.QUOTIENTS}
    assert names == set(ind.INDICATOR_LABELS) == set(ind.INDICATOR_UNITS)


def test_reasons_join_what_is_up_and_leave_the_rest_empty() -> None:
    frame = pd.DataFrame({"tax_wan": [1.0, None, None], "land_mu": [1.0, 0.0, 5.0]})
    said = lacking(dict(frame), positive=["land_mu"])
    assert said.tolist() == [None, "缺少税收、用地面积为零或负数", "缺少税收"]


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6, allow_nan=False), st.floats(-1e6, 1e6) | st.just(math.nan)),
        min_size=1,
        max_size=20,
    )
)
def test_ratio_is_a_number_exactly_where_the_denominator_is_positive(
    pairs: list[tuple[float, float]],
) -> None:
    above, below = (pd.Series(column) for column in zip(*pairs, strict=True))
    found = ind.ratio(above, below, "x")
    assert (found.notna() == (below > 0)).all()
    assert found.index.equals(above.index)
