"""The carbon account from a workbook."""

from __future__ import annotations

from typing import Any

import pytest
from made_parks import parcel
from workbook_park import economy_rows, firm_rows, five_firms

from greenland.errors import InputError
from greenland.outlook.account import AccountResult, evaluate
from greenland.results import NotEvaluated, State


def accounted(**changes: Any) -> AccountResult:
    found = evaluate(five_firms(**changes))
    assert isinstance(found, AccountResult)
    return found


def test_a_row_becomes_a_line_of_the_account() -> None:
    rows = firm_rows()
    rows[0] |= {"direct_mwh": 1000.0, "traded_mwh": 500.0, "coal_t": 100.0, "process_tco2": 7.0}
    found = accounted(firm_energy=rows)
    line = found.account.firms.set_index("key").loc["F1"]
    power = sum(rows[0][f"month_{m}_mwh"] for m in range(1, 13))
    assert line["grid_mwh"] == pytest.approx(power - 1000)
    assert line["net_tco2"] == pytest.approx((power - 1500) * 0.1333 + 190.03 + 7)  # Yunnan, 2025
    assert line["net_tco2_per_mu"] == pytest.approx(line["net_tco2"] / 50)
    assert line["group"] == "有色金属冶炼和压延加工业"


def test_last_year_is_counted_by_its_own_factors() -> None:
    found = accounted(
        firm_energy=[*firm_rows(2025), *firm_rows(2024)],
        firms=[*economy_rows(2025), *economy_rows(2024)],
    )
    assert found.previous is not None
    same = found.previous.total["electricity_mwh"]
    assert found.account.total["electricity_mwh"] == pytest.approx(same)
    assert found.previous.total["net_tco2"] == pytest.approx(same * 0.1073)
    assert found.account.total["net_tco2"] == pytest.approx(same * 0.1333)
    assert accounted().previous is None


def test_910_needs_the_equal_value_and_says_so() -> None:
    core = {check.limit: check for check in accounted().checks}["emission_per_tce"]
    assert core.state is State.NO_DATA
    given = accounted(overrides={"energy.carbon.tce.equal_value": 0.3})
    small = {check.limit: check for check in given.checks}["emission_per_tce"]
    assert small.state is State.NOT_APPLICABLE  # far below 200 000 tce
    assert any("等价值" in note for note in accounted().notes)


def test_910_core_indicator_by_its_own_factor_and_size() -> None:
    """1 000 000 MWh at 0.3 tce are 300 000 tce: limit 0.2; 0.8325 / 0.3 tCO2/tce from the grid."""
    rows = [row | {f"month_{m}_mwh": 1e6 / 60 for m in range(1, 13)} for row in firm_rows()]
    found = accounted(firm_energy=rows, overrides={"energy.carbon.tce.equal_value": 0.3})
    core = {check.limit: check for check in found.checks}["emission_per_tce"]
    assert core.required == 0.2
    assert core.value == pytest.approx(0.8325 / 0.3)
    assert core.state is State.FAILED


def test_a_firm_known_by_its_electricity_alone_is_said_to_be_estimated() -> None:
    found = accounted(firm_energy=firm_rows()[:4])
    line = found.account.firms.set_index("key").loc["F5"]
    assert line["estimated"] == "没有企业用能数据：只计企业效益的用电量，燃料未计"
    assert any(note.startswith("1 家企业") for note in found.notes)


def test_more_direct_supply_than_electricity_is_refused_for_every_row() -> None:
    rows = firm_rows()
    for row in rows[:2]:
        row["own_mwh"] = 1e6
    with pytest.raises(InputError) as caught:
        evaluate(five_firms(firm_energy=rows))
    assert [(p.row, p.column) for p in caught.value.problems] == [
        (2, "绿电直连电量"),
        (3, "绿电直连电量"),
    ]
    assert "大于全年用电量" in str(caught.value.problems[0].message)


def test_without_rows_of_the_year_there_is_none() -> None:
    found = evaluate(five_firms(firm_energy=firm_rows(2024)))
    assert isinstance(found, NotEvaluated)
    assert "2025" in found.reason


def test_blank_land_is_that_of_the_ledger() -> None:
    """As docs/input.md says of 用地面积."""
    firms = economy_rows()
    firms[0] |= {"land_mu": None}
    held = parcel(holder_id="F1", area_mu=80.0)
    line = accounted(firms=firms, parcels=[held]).account.firms.set_index("key").loc["F1"]
    assert line["net_tco2_per_mu"] == pytest.approx(line["net_tco2"] / 80)


def test_missing_months_are_said() -> None:
    rows = firm_rows()
    rows[0] |= {"month_3_mwh": None, "month_5_mwh": None}
    line = accounted(firm_energy=rows).account.firms.set_index("key").loc["F1"]
    assert line["estimated"] == "缺 3、5 月的用电量，按企业效益的全年用电量计"
    assert line["electricity_mwh"] == economy_rows()[0]["electricity_mwh"]


def test_missing_months_without_the_year_are_refused() -> None:
    rows = firm_rows()
    rows[0] |= {"month_3_mwh": None}
    with pytest.raises(InputError, match=r"缺 3 月的用电量，企业效益也没有全年用电量"):
        evaluate(five_firms(firm_energy=rows, firms=economy_rows()[1:]))


def test_a_firm_without_any_electricity_says_so() -> None:
    firms = economy_rows()
    firms[4] |= {"electricity_mwh": None}
    found = accounted(firm_energy=firm_rows()[:4], firms=firms)
    line = found.account.firms.set_index("key").loc["F5"]
    assert line["estimated"] == "没有企业用能数据，也没有用电量：按零计"
