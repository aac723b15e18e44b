"""Emission before and after, by the factor that was chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenland.energy.money.carbon import CarbonConfig, CarbonResult, emission, evaluate
from greenland.energy.money.operation import OperatingYear
from greenland.errors import InputError
from greenland.rules import Override, load_rulebook

BEFORE = OperatingYear(load=100_000.0, grid=100_000.0)
AFTER = OperatingYear(
    load=100_000.0,
    generation=70_000.0,
    delivered=66_000.0,
    green=55_000.4,
    grid=44_999.6,
    export=11_000.0,
)


def judge(
    year: int = 2026, packs: tuple[str, ...] = ("national", "yunnan"), **config: Any
) -> CarbonResult:
    made = CarbonConfig.model_validate({"factor": "national", **config})
    return evaluate(BEFORE, AFTER, made, load_rulebook(packs, year))


@pytest.mark.parametrize(
    ("factor", "value", "before", "after"),
    [  # 100 000 MWh and 44 999.6 MWh times kgCO2/kWh
        ("national", 0.5306, 53_060.0, 23_876.78776),
        ("province", 0.1333, 13_330.0, 5_998.44668),
        ("zero_carbon", 0.8325, 83_250.0, 37_462.167),
    ],
)
def test_factors(factor: str, value: float, before: float, after: float) -> None:
    found = judge(factor=factor)
    assert found.factor_value == value
    assert found.before_tco2 == pytest.approx(before)
    assert found.after_tco2 == pytest.approx(after)
    assert found.rule_id == f"energy.carbon.factor.{factor}"


def test_choice_changes_the_result_sixfold() -> None:
    rows = {row["factor"]: row["before_tco2"] for row in judge().by_factor}
    assert rows["zero_carbon"] / rows["province"] == pytest.approx(6.25, abs=0.01)


def test_factor_of_the_year() -> None:
    # published 2024-12-20 and 2025-12-31
    assert judge(2024).factor_value == 0.5366
    assert judge(2025).factor_value == 0.5306
    assert judge(2025, factor="province").factor_value == 0.1333


def test_factor_of_an_unknown_province_is_asked_for() -> None:
    with pytest.raises(InputError, match=r"没有“省级电力平均排放因子”的数值.*carbon.own_factor"):
        judge(factor="province", packs=("national",))


def test_own_factor_names_its_source() -> None:
    found = judge(own_factor=0.4, source="园区核查报告（虚构）")
    assert (found.factor, found.factor_value, found.rule_id) == ("own", 0.4, None)
    assert found.factor_source == "园区核查报告（虚构）"


def test_certificates_cover_power_from_the_grid_only() -> None:
    some = judge(certificates_mwh=10_000.0, certificate_price=7.0)
    assert some.after_tco2 == pytest.approx((44_999.6 - 10_000) * 0.5306)
    assert (some.certificates_bought, some.certificates_missing) == (10_000, 35_000)
    assert some.certificates_cost == pytest.approx(70_000.0)
    assert some.before_tco2 == pytest.approx(53_060.0)
    all_of_it = judge(certificates_mwh=1e6)
    assert all_of_it.after_tco2 == 0
    assert all_of_it.certificates_bought == 45_000  # no more than is drawn


def test_certificates_issued_are_whole() -> None:
    assert judge().certificates_issued == 66_000  # floor(55 000.4 + 11 000)


OTHER = {"other_energy_tce": 20_000.0, "other_emission_tco2": 30_000.0}
OWN = {"energy.carbon.tce.equal_value": Override(value=0.30, source="当年公报（虚构）")}


def with_equal_value(year: int = 2026, **config: Any) -> CarbonResult:
    made = CarbonConfig.model_validate({"factor": "national", **OTHER, **config})
    return evaluate(BEFORE, AFTER, made, load_rulebook(("national",), year, overrides=OWN))


def test_per_tce_counts_electricity_as_the_document_does() -> None:
    """910, annex 3: by the equal value (等价值)."""
    found = with_equal_value()
    # 100 000 MWh x 0.30 kgce/kWh = 30 000 tce; (53 060 + 30 000) / 50 000 and the same after
    assert (found.coal, found.electricity_tce) == ("equal_value", pytest.approx(30_000.0))
    assert "910号 附件3" in found.coal_source
    assert found.energy_use_tce == pytest.approx(50_000.0)
    assert found.before_per_tce == pytest.approx(1.6612)
    assert found.after_per_tce == pytest.approx((23_876.78776 + 30_000) / 50_000)


def test_per_tce_by_either_coal_equivalent_is_shown() -> None:
    found = with_equal_value()
    rows = {row.coal: row for row in found.by_coal}
    assert set(rows) == {"equivalent", "equal_value"}
    # 100 000 MWh x 0.1229 kgce/kWh = 12 290 tce; (53 060 + 30 000) / 32 290
    assert rows["equivalent"].electricity_tce == pytest.approx(12_290.0)
    assert rows["equivalent"].before_per_tce == pytest.approx(2.5723134, abs=1e-6)
    assert rows["equal_value"].before_per_tce == found.before_per_tce
    assert rows["equivalent"].title == "当量值"


@pytest.mark.parametrize("config", [{}, {"factor": "province"}, {"tce": "equivalent"}])
def test_zero_carbon_figure_is_the_documents_whatever_is_chosen(config: dict[str, str]) -> None:
    made = CarbonConfig.model_validate({"factor": "national", **OTHER, **config})
    found = evaluate(
        BEFORE, AFTER, made, load_rulebook(("national", "yunnan"), 2026, overrides=OWN)
    )
    # 44 999.6 MWh x 0.8325 (annex 4) + 30 000 tCO2, over 100 000 MWh x 0.30 + 20 000 tce (annex 3)
    assert found.zero_carbon_energy_tce == pytest.approx(50_000.0)
    assert found.zero_carbon_per_tce == pytest.approx((37_462.167 + 30_000) / 50_000)


def test_there_is_no_zero_carbon_figure_before_the_document_or_without_the_equal_value() -> None:
    for found in (with_equal_value(2024), judge(**OTHER)):
        assert (found.zero_carbon_energy_tce, found.zero_carbon_per_tce) == (None, None)


def test_case_may_choose_the_heat_content() -> None:
    found = with_equal_value(tce="equivalent")
    assert (found.coal, found.coal_source) == ("equivalent", "案例给定")
    assert found.energy_use_tce == pytest.approx(32_290.0)


def test_before_the_document_electricity_counts_by_heat_content() -> None:
    found = with_equal_value(2024)
    assert (found.coal, found.energy_use_tce) == ("equivalent", pytest.approx(32_290.0))
    assert "GB/T 2589" in found.coal_source


def test_per_tce_without_other_energy_is_not_made_up() -> None:
    found = judge()
    assert (found.before_per_tce, found.after_per_tce) == (None, None)
    assert "单位能耗碳排放未计算" in found.reason


def test_equal_value_is_the_parks_to_give() -> None:
    found = judge(**OTHER)
    assert (found.after_per_tce, found.energy_use_tce) == (None, None)
    assert re.search(r"没有.*等价值.*energy.carbon.tce.equal_value", found.reason)
    heat = next(row for row in found.by_coal if row.coal == "equivalent")
    assert heat.after_per_tce == pytest.approx((23_876.78776 + 30_000) / 32_290)


def test_an_override_that_names_no_way_is_refused() -> None:
    own = {"energy.zero_carbon.electricity_tce": Override(value="heat", source="虚构")}
    rules = load_rulebook(("national",), 2026, overrides=own)
    with pytest.raises(InputError, match="equivalent、equal_value"):
        evaluate(BEFORE, AFTER, CarbonConfig.model_validate({"factor": "national"}), rules)


@given(st.floats(0, 1e6), st.floats(0, 2), st.floats(0, 1e6))
def test_emission_is_bounded(energy: float, factor: float, certified: float) -> None:
    found = emission(energy, factor, certified)
    assert 0 <= found <= energy * factor + 1e-9
