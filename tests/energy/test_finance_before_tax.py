"""Measures before income tax, as in 项目投资现金流量表 of 《建设项目经济评价方法与参数》第三版."""

from __future__ import annotations

from typing import Any

import pytest
from projects import state

from greenland.energy.money.measures import npv
from greenland.rules import Rulebook, load_rulebook

COUNTY = {"tax": {"location": "county"}}  # VAT 13 %, on services 6 %, surtaxes 10 % of the VAT
# What a year brings to a load that invests, tax-inclusive: 21 900 MWh at 0.5 yuan not bought,
# 2 190 MWh at 0.2 sold, less 0.05 of funds on what is used and 0.5 M yuan of opex.
YEARLY = 10_950_000 + 438_000 - 1_095_000 - 500_000
# VAT of a year: on what is not bought and what is sold, less that in the opex; funds bear none.
VAT = (10_950_000 + 438_000) * 13 / 113 - 500_000 * 6 / 106


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national",), 2026)


def test_before_income_tax_is_after_vat_and_surtax(book: Rulebook) -> None:
    found = state(book, COUNTY)
    flow = found.cash_flow["before_tax"]
    # the VAT in 30 M of equipment is a credit the firm uses at once, with its surtax
    assert flow[0] == pytest.approx(-30e6 + 1.10 * 30e6 * 13 / 113)  # -26 203 539.82
    assert flow[1:].tolist() == pytest.approx([YEARLY - 1.10 * VAT] * 20)  # 8 382 995.79


def test_measures_before_income_tax_by_hand(book: Rulebook) -> None:
    found = state(book, COUNTY)
    # 20 years at 7 %: 10.5940142
    assert found.npv_before_tax == pytest.approx(-26_203_539.82 + 8_382_995.79 * 10.5940142)
    assert found.payback_before_tax_years == pytest.approx(26_203_539.82 / 8_382_995.79)
    # by bisection of 3.1257966 = (1 - (1 + i)^-20) / i
    assert found.irr_before_tax == pytest.approx(0.318652, abs=1e-6)


def test_income_tax_moves_no_measure_before_it(book: Rulebook) -> None:
    def with_rate(income: float) -> Any:
        return state(book, {"tax": {"location": "county", "income": income}})

    low, high = with_rate(0.0), with_rate(0.25)
    assert high.irr < low.irr == pytest.approx(low.irr_before_tax)
    for name in ("npv_before_tax", "irr_before_tax", "payback_before_tax_years"):
        assert getattr(high, name) == getattr(low, name)


def test_interest_moves_only_the_income_tax_of_the_equity(book: Rulebook) -> None:
    loan = {"loan": {"share": 0.7, "rate": 0.04, "years": 10}}
    plain, financed = state(book, COUNTY), state(book, COUNTY | loan)
    # 调整所得税 rests on earnings before interest
    assert financed.cash_flow["income_tax"].equals(plain.cash_flow["income_tax"])
    saved = financed.cash_flow["income_tax_financed"] - plain.cash_flow["income_tax"]
    assert saved.to_numpy() == pytest.approx(-0.25 * financed.cash_flow["interest"].to_numpy())


def test_generator_pays_vat_before_income_tax(book: Rulebook) -> None:
    found = state(book, COUNTY | {"role": "generator", "contract_price": 0.30}).cash_flow
    yearly = 21_900_000 * 0.30 + 438_000 - 500_000
    vat = 7_008_000 * 13 / 113 - 500_000 * 6 / 106  # 777 927.35
    # the credit of 3 451 327.43 in the equipment lasts four years and a part of the fifth
    assert found.loc[0, "before_tax"] == pytest.approx(-30e6)
    assert found.loc[1:4, "before_tax"].tolist() == pytest.approx([yearly] * 4)
    assert found.loc[6, "before_tax"] == pytest.approx(yearly - 1.10 * vat)


def test_without_tax_both_are_the_same(book: Rulebook) -> None:
    found = state(book)
    assert (found.npv_before_tax, found.irr_before_tax) == (found.npv, found.irr)
    assert found.payback_before_tax_years == found.payback_years
    assert found.npv == pytest.approx(npv(0.07, [-30e6] + [YEARLY] * 20))
