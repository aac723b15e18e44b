"""Cash flow, taxes, loan, ageing and measures, against arithmetic by hand and published cases."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import YEAR, prices, project, state
from pydantic import ValidationError
from scipy.optimize import brentq

from greenland.energy.money.assets import Asset, AssetKind, Residual, payments
from greenland.energy.money.cash_flow import Project
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.finance import FinanceResult, sized_annual_cost, statement
from greenland.energy.money.measures import (
    all_irr,
    irr,
    npv,
    payback,
    price_for,
    sign_changes,
    zero_between,
)
from greenland.energy.money.operation import OperatingYear, Operation
from greenland.energy.problem.annuity import capital_recovery_factor
from greenland.energy.site import Technology
from greenland.errors import InputError
from greenland.rules import Rulebook, load_rulebook

DATA = Path(
    os.environ.get(
        "GREENLAND_EXTERNAL_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"
    )
)
NO_TAX = {"vat": 0.0, "vat_service": 0.0, "surtax": 0.0, "income": 0.0, "salvage_share": 0.0}


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national", "yunnan"), 2026)


# The year of operation -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (lambda x: x**3 - 2, 1.0, 2.0),
        (lambda x: 2 - x**3, 1.0, 2.0),
        (lambda x: np.arctan(1e6 * (x - 0.2)), 0.0, 1.0),
        (lambda x: 1.0 if x > 0.3 else -1.0, 0.0, 1.0),
        (lambda x: npv(x, [-4e8, *[3e7] * 25]), -0.5, 1.0),
    ],
    ids=["rising", "falling", "steep", "step", "cash flow"],
)
def test_a_zero_is_the_one_scipy_finds(
    function: Callable[[float], float], low: float, high: float
) -> None:
    assert zero_between(function, low, high) == pytest.approx(
        brentq(function, low, high, xtol=1e-12), abs=2e-12
    )


@pytest.mark.parametrize("end", [1.0, 4.0])
def test_a_zero_may_stand_at_an_end(end: float) -> None:
    assert zero_between(lambda x: x - end, 1.0, 4.0) == end


def test_year_by_hand() -> None:
    year = project().operation.new()
    # 365 days: used 60, exported 6, curtailed 6 of 72 MWh; 180 MWh bought
    assert year.generation == pytest.approx(26280.0)
    assert year.delivered == pytest.approx(24090.0)
    assert year.green == pytest.approx(21900.0)
    assert year.grid == pytest.approx(65700.0)
    assert year.grid_energy == pytest.approx(65_700_000 * 0.5)
    assert year.grid_fixed == pytest.approx(12 * 20 * 10_000)
    assert year.self_use_charges == pytest.approx(21_900_000 * 0.05)
    assert year.export_income == pytest.approx(2_190_000 * 0.2)


def test_aged_year_takes_curtailment_then_export_then_buys() -> None:
    operation = project().operation
    # 5 % of 12 MW is 0.6 MW: all from curtailment
    a_little = operation.year({"pv": 0.95})
    assert a_little.export == pytest.approx(2190.0)
    assert a_little.grid == pytest.approx(65_700.0)
    # 25 % is 3 MW: 1 from curtailment, 1 from export, 1 bought in 2190 hours
    much = operation.year({"pv": 0.75})
    assert much.export == 0
    assert much.grid == pytest.approx(65_700.0 + 2190.0)
    assert much.delivered == pytest.approx(much.green)


def test_aged_storage_swings_less() -> None:
    two = YEAR[:2]
    schedule = pd.DataFrame(
        {
            "load": [4.0, 4.0],
            "pv": [8.0, 0.0],
            "import": [0.0, 0.4],
            "export": [0.0, 0.0],
            "curtailment": [0.0, 0.0],
            "charge": [4.0, 0.0],
            "discharge": [0.0, 3.6],
        },
        index=two,
    )
    operation = Operation(schedule, None, 0.0, {"pv": schedule["pv"]})
    aged = operation.year({}, 0.5)
    # charges 2 instead of 4 (2 more curtailed), gives 1.8 instead of 3.6 (1.8 more bought)
    assert aged.grid == pytest.approx((0.4 + 1.8) * 4380)
    assert aged.delivered == pytest.approx((8 - 2) * 4380)


@settings(max_examples=30)
@given(st.floats(0, 1), st.floats(0, 1))
def test_aged_year_balances(share: float, cells: float) -> None:
    rng = np.random.default_rng(5)
    hours = YEAR[:48]
    pv, load = rng.uniform(0, 10, 48), rng.uniform(2, 6, 48)
    charge = np.clip(pv - load, 0.0, 2.0)
    discharge = np.where(YEAR[:48].hour == 20, 1.0, 0.0)
    net = load + charge - discharge - pv
    over = np.clip(-net, 0, None)
    schedule = pd.DataFrame(
        {
            "load": load,
            "pv": pv,
            "import": np.clip(net, 0, None),
            "export": over * 0.4,
            "curtailment": over * 0.6,
            "charge": charge,
            "discharge": discharge,
        },
        index=hours,
    )
    operation = Operation(schedule, None, 0.0, {"pv": schedule["pv"]})
    new, aged = operation.new(), operation.year({"pv": share}, cells)
    assert aged.grid >= new.grid - 1e-6
    assert aged.export <= new.export + 1e-6
    # delivered + bought - exported - storage loss = load; loss shrinks with the swing
    loss = (charge - discharge).sum() * min(share, cells) * 8760 / 48
    assert aged.delivered + aged.grid - aged.export - loss == pytest.approx(aged.load)


# The cash flow is the one the sizing optimises ------------------------------------------------


ASSETS = (
    Asset("pv", AssetKind.SOURCE, 30e6, 0.5e6, 25.0),
    Asset("wind", AssetKind.SOURCE, 20e6, 0.4e6, 20.0),
    Asset("battery_energy", AssetKind.STORAGE_ENERGY, 9e6, 1e5, 12.0, ((8.0, 4e6),)),
    Asset("line", AssetKind.OTHER, 5e6, 2e5, 17.5),
)


@pytest.mark.parametrize("years", [1, 7, 12, 20, 25, 33])
@pytest.mark.parametrize("rate", [0.0, 0.05, 0.083])
def test_annualised_cash_flow_is_the_annual_cost(book: Rulebook, years: int, rate: float) -> None:
    made = project(assets=ASSETS, years=years, discount_rate=rate, other_yuan=123_456.0)
    found = statement(made, FinanceConfig(), book)
    operated = made.operation.new()
    annuities = sum(
        asset.opex
        + capital_recovery_factor(rate, asset.lifetime)
        * (asset.capex + sum(yuan * (1 + rate) ** -year for year, yuan in asset.replacements))
        for asset in ASSETS
    )
    running = operated.grid_purchase + operated.self_use_charges - operated.export_income
    expected = annuities + running + 123_456.0
    assert found.annual_cost == pytest.approx(expected, rel=1e-9)
    assert sized_annual_cost(made) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=60)
@given(
    st.floats(1, 40),
    st.integers(1, 40),
    st.just(0.0) | st.floats(1e-4, 0.2),
    st.integers(1, 15),
    st.floats(0, 1e6),
)
def test_economic_residual_keeps_the_annuity(
    life: float, years: int, rate: float, renewed: int, yuan: float
) -> None:
    when = ((float(renewed), yuan),) if renewed < life - 1e-6 else ()
    asset = Asset("x", AssetKind.OTHER, 1e6, 0.0, life, when)
    paid = payments(asset, years, rate, Residual.ECONOMIC)
    flows = paid.investment + paid.replacement
    flows[-1] -= paid.residual
    worth = npv(rate, flows) * capital_recovery_factor(rate, years)
    assert worth == pytest.approx(asset.annual_cost(rate), rel=1e-9)


def test_residuals_by_hand() -> None:
    asset = Asset("x", AssetKind.OTHER, 1000.0, 0.0, 10.0)
    left = {kind: payments(asset, 4, 0.10, kind).residual for kind in Residual}
    # annuity 1000 x 0.1627454 = 162.745; six years left: 162.745 x 4.3552607 = 708.80
    assert left[Residual.ECONOMIC] == pytest.approx(708.7985, abs=1e-3)
    assert left[Residual.LINEAR] == pytest.approx(600.0)
    assert left[Residual.NONE] == 0


def test_lifetimes_follow_each_other() -> None:
    paid = payments(Asset("x", AssetKind.OTHER, 100.0, 1.0, 10.0), 25, 0.0, Residual.LINEAR)
    assert np.flatnonzero(paid.investment).tolist() == [0]
    assert np.flatnonzero(paid.replacement).tolist() == [10, 20]
    assert paid.residual == pytest.approx(50.0)
    assert paid.opex[0] == 0
    assert paid.opex.sum() == 25


def test_ages_begin_again_with_each_renewal() -> None:
    cells = Asset("b", AssetKind.STORAGE_ENERGY, 1.0, 0.0, 12.0, ((8.0, 1.0),))
    assert cells.ages(14).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 0, 1]


# The statement --------------------------------------------------------------------------------


def test_load_that_invests_by_hand(book: Rulebook) -> None:
    found = state(book)
    first = found.cash_flow.loc[1]
    assert first["avoided_bill"] == pytest.approx(43_800_000 + 2_400_000)
    # saved 21 900 MWh x 0.5 = 10.95 M, funds 1.095 M, export 0.438 M, opex 0.5 M
    assert first["net"] == pytest.approx(10_950_000 - 1_095_000 + 438_000 - 500_000)
    flows = [-30e6] + [9_793_000.0] * 20
    assert found.npv == pytest.approx(npv(0.07, flows), rel=1e-12)
    assert found.npv == pytest.approx(-30e6 + 9_793_000 * 10.5940142, rel=1e-7)
    assert found.payback_years == pytest.approx(30 / 9.793)
    assert found.annual_saving == pytest.approx(found.npv * capital_recovery_factor(0.07, 20))
    assert found.grid_price == pytest.approx((32_850_000 + 2_400_000) / 65_700_000)


def test_prices_by_hand(book: Rulebook) -> None:
    found = state(book, discount_rate=0.0)
    plant = 30e6 / 20 + 0.5e6  # yearly at no interest
    assert found.lcoe == pytest.approx(plant / 24_090_000)
    assert found.green_price == pytest.approx((plant + 1_095_000 - 438_000) / 21_900_000)
    total = plant + 35_250_000 + 1_095_000 - 438_000
    assert found.blended_price == pytest.approx(total / 87_600_000)


def test_columns_add_up(book: Rulebook) -> None:
    found = state(
        book,
        {
            "degradation": {"pv": {"first_year": 0.02, "yearly": 0.0055}},
            "tax": {"location": "county"},
            "loan": {"share": 0.7, "rate": 0.04, "years": 10},
            "growth": {"grid_price": 0.02, "opex": 0.01},
        },
    ).cash_flow
    parts = ["investment", "replacement", "residual", "opex", "other", "grid_energy", "grid_fixed"]
    parts += ["self_use_charges", "export_income", "avoided_bill"]
    before = found[[*parts, "vat", "surtax"]].sum(axis=1)
    assert found["before_tax"].to_numpy() == pytest.approx(before.to_numpy())
    taxed = found["before_tax"] + found["income_tax"]
    assert found["net"].to_numpy() == pytest.approx(taxed.to_numpy())
    equity = found["net"] - found["income_tax"] + found["income_tax_financed"]
    equity = equity + found[["loan", "principal", "interest"]].sum(axis=1)
    assert found["equity_net"].to_numpy() == pytest.approx(equity.to_numpy())
    assert found["principal"].sum() == pytest.approx(-found["loan"].sum())


def test_growth_compounds_from_the_second_year(book: Rulebook) -> None:
    found = state(book, {"growth": {"grid_price": 0.03}}).cash_flow["avoided_bill"]
    assert found[1] == pytest.approx(46_200_000)
    assert found[3] == pytest.approx(46_200_000 * 1.03**2)


def test_ageing_lowers_the_value(book: Rulebook) -> None:
    aged = {"degradation": {"pv": {"first_year": 0.02, "yearly": 0.0055}}}
    new, old = state(book), state(book, aged)
    assert old.npv < new.npv
    # year 20: 1 - 0.02 - 19 x 0.0055
    assert old.operation.loc[20, "generation"] == pytest.approx(26280 * 0.8755)


def test_typical_ageing_comes_from_the_rules(book: Rulebook) -> None:
    found = state(book, {"degradation": "typical"})
    assert "energy.cost.pv.degradation" in found.rule_ids
    assert found.operation.loc[1, "generation"] == pytest.approx(26280 * 0.98)


def test_what_is_left_out_is_said(book: Rulebook) -> None:
    notes = "".join(state(book).notes)
    assert "未计税" in notes
    assert "未计设备衰减" in notes


# A generator that invests ---------------------------------------------------------------------


def test_generator_by_hand(book: Rulebook) -> None:
    found = state(book, {"role": "generator", "contract_price": 0.30})
    # sales 21 900 MWh x 0.30 = 6.57 M, exports 0.438 M, opex 0.5 M
    assert found.cash_flow.loc[1, "net"] == pytest.approx(6_570_000 + 438_000 - 500_000)
    # the load pays its bill, the funds and the contract
    paid = 32_850_000 + 2_400_000 + 1_095_000 + 6_570_000
    assert found.load_saving == pytest.approx(46_200_000 - paid)
    assert found.blended_price == pytest.approx(paid / 87_600_000)
    assert found.green_price == pytest.approx(0.35)


@pytest.mark.parametrize("tax", [None, {"location": "city"}])
@pytest.mark.parametrize("target", [0.0, 0.06, 0.12])
def test_price_for_a_wanted_return(
    book: Rulebook, target: float, tax: dict[str, Any] | None
) -> None:
    config: dict[str, Any] = {"role": "generator", "target_irr": target, "tax": tax}
    found = state(book, config)
    assert found.irr == pytest.approx(target, abs=1e-9)
    again = state(book, config | {"target_irr": None, "contract_price": found.contract_price})
    assert again.irr == pytest.approx(target, abs=1e-9)


def test_price_that_no_sale_can_reach_is_refused() -> None:
    with pytest.raises(InputError, match="没有合同价能达到期望收益率"):
        price_for(lambda _price: -1.0)


def test_generator_needs_a_price_or_a_return() -> None:
    with pytest.raises(ValidationError, match="contract_price（合同价）或 target_irr"):
        FinanceConfig.model_validate({"role": "generator"})


# Tax ------------------------------------------------------------------------------------------


def test_statement_with_tax_by_hand(book: Rulebook) -> None:
    config = {"role": "generator", "contract_price": 0.30, "tax": {"location": "county"}}
    found = state(book, config).cash_flow
    # output VAT (6 570 000 + 438 000) x 13/113, input: 500 000 x 6/106; credit of the investment
    # 30 M x 13/113 = 3 451 327.43 lasts 4 years at 777 927.35 a year
    yearly = 7_008_000 * 13 / 113 - 500_000 * 6 / 106
    credit = 30e6 * 13 / 113
    assert found.loc[1:4, "vat"].tolist() == [0, 0, 0, 0]
    assert found.loc[5, "vat"] == pytest.approx(-(5 * yearly - credit))
    assert found.loc[6, "vat"] == pytest.approx(-yearly)
    assert found.loc[6, "surtax"] == pytest.approx(-0.10 * yearly)
    assert found.loc[1:3, "income_tax"].tolist() == [0, 0, 0]
    depreciated = 30e6 / 1.13 * 0.95 / 20
    profit = 7_008_000 / 1.13 - 500_000 / 1.06 - depreciated
    assert found.loc[4, "income_tax"] == pytest.approx(-0.125 * profit)
    assert found.loc[7, "income_tax"] == pytest.approx(-0.25 * (profit - 0.10 * yearly))


def test_no_rates_is_no_tax(book: Rulebook) -> None:
    taxed = state(book, {"tax": {"location": "county", **NO_TAX}})
    assert taxed.npv == pytest.approx(state(book).npv, rel=1e-12)


def test_tax_lowers_the_value(book: Rulebook) -> None:
    found = state(book, {"tax": {"location": "county"}})
    assert found.npv < found.npv_before_tax < state(book).npv


# Loan -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["annuity", "equal_principal"])
@pytest.mark.parametrize("grace", [0, 2])
def test_loan_at_its_own_rate_is_worth_nothing(book: Rulebook, method: str, grace: int) -> None:
    loan = {"share": 0.8, "rate": 0.05, "years": 12, "method": method, "grace_years": grace}
    flow = state(book, {"loan": loan}).cash_flow
    parts = flow["loan"] + flow["principal"] + flow["interest"]
    assert npv(0.05, parts) == pytest.approx(0, abs=1e-6)
    assert flow["loan"].sum() == pytest.approx(24e6)


def test_annuity_payments_are_even(book: Rulebook) -> None:
    flow = state(book, {"loan": {"share": 1, "rate": 0.04, "years": 10}}).cash_flow
    paid = -(flow["principal"] + flow["interest"])[1:11]
    # 30 M x 0.123290944
    assert paid.tolist() == pytest.approx([3_698_728.33] * 10, abs=0.01)


def test_cheap_loan_lifts_the_return_on_equity(book: Rulebook) -> None:
    found = state(book, {"loan": {"share": 0.7, "rate": 0.03, "years": 10}})
    assert found.equity_irr is not None
    assert found.irr is not None
    assert found.equity_irr > found.irr
    assert state(book).equity_irr is None


def test_loan_longer_than_the_project_is_refused() -> None:
    with pytest.raises(ValidationError, match="贷款年限超过了项目年限"):
        FinanceConfig.model_validate(
            {"years": 10, "loan": {"share": 0.5, "rate": 0.04, "years": 12}}
        )


# Measures -------------------------------------------------------------------------------------


def test_two_rates_of_return_are_both_found() -> None:
    flows = [-1000.0, 2300.0, -1320.0]
    assert sign_changes(flows) == 2
    assert all_irr(flows) == pytest.approx((0.10, 0.20))


def test_two_rates_of_return_are_said(book: Rulebook) -> None:
    one = OperatingYear()
    plan = pd.DataFrame({"load": [1.0], "import": [1.0], "export": [0.0]}, index=YEAR[:1])
    renewed = Asset("x", AssetKind.OTHER, 1000.0, 0.0, 2.0, ((1.0, 0.0),))
    made = Project((renewed,), Operation(plan, None, 0.0), one, -2300.0, 0.0, 1)
    assert len(statement(made, FinanceConfig(residual=Residual.NONE), book).irr_all) == 1
    decommissioned = project(assets=(Asset("x", AssetKind.OTHER, 30e6, 9e6, 20.0),), other_yuan=0)
    assert any("内部收益率可能不唯一" in note for note in _switching(decommissioned, book).notes)


def _switching(made: Project, book: Rulebook) -> FinanceResult:
    """Grid prices that fall until the saving turns into a loss: two sign changes."""
    growth = {"growth": {"grid_price": -0.2}}
    return statement(made, FinanceConfig.model_validate(growth | {"residual": "none"}), book)


def test_no_change_of_sign_has_no_return(book: Rulebook) -> None:
    assert irr([1.0, 2.0]) is None
    assert all_irr([1.0, 2.0]) == ()


def test_payback_within_the_year() -> None:
    assert payback([-100.0, 30.0, 30.0, 80.0]) == pytest.approx(2.5)
    assert payback([-100.0, 110.0], 0.10) == pytest.approx(1.0)
    assert payback([-100.0, 10.0]) is None
    assert payback([0.0, 1.0]) == 0


@settings(max_examples=50)
@given(st.floats(1e3, 1e8), st.floats(0.02, 0.5), st.integers(5, 30))
def test_irr_is_the_root_of_npv(capex: float, share: float, years: int) -> None:
    flows = [-capex] + [capex * share] * years
    found = irr(flows)
    assert found is not None
    assert npv(found, flows) == pytest.approx(0, abs=capex * 1e-7)
    assert all_irr(flows) == (pytest.approx(found, abs=1e-9),)


@settings(max_examples=15)
@given(st.floats(0.0, 0.6), st.floats(0.001, 0.2))
def test_npv_rises_with_the_contract_price(price: float, more: float) -> None:
    book = load_rulebook(("national", "yunnan"), 2026)
    config = {"role": "generator", "tax": {"location": "county"}}
    low = state(book, config | {"contract_price": price})
    high = state(book, config | {"contract_price": price + more})
    assert high.npv > low.npv


@pytest.mark.external
def test_published_cash_flow() -> None:
    path = DATA / "reopt" / "reopt_site3-With-PV.json"
    if not path.exists():
        pytest.skip("no external data")
    case = json.loads(path.read_text(encoding="utf-8"))
    flows = np.array(case["cashflow"]) - np.array(case["cashflow_bau"])
    # NREL REopt-Analysis-Scripts, site 3 with PV, at 8.3 %
    assert npv(0.083, flows) == pytest.approx(85_660, abs=1)
    assert irr(flows) == pytest.approx(0.1432, abs=5e-5)
    assert payback(flows) == pytest.approx(6.5103, abs=5e-5)


def test_ageing_of_something_unknown_is_refused(book: Rulebook) -> None:
    with pytest.raises(InputError, match="“PV”不是本案例可用的名称"):
        state(book, {"degradation": {"PV": {"yearly": 0.01}}})


def test_price_and_return_together_are_refused() -> None:
    with pytest.raises(ValidationError, match="只能给一个"):
        FinanceConfig.model_validate(
            {"role": "generator", "contract_price": 0.3, "target_irr": 0.08}
        )


def test_years_and_rate_of_the_file(book: Rulebook) -> None:
    found = state(book, {"years": 10, "discount_rate": 0.05})
    assert (found.years, found.discount_rate, len(found.cash_flow)) == (10, 0.05, 11)
    assert found.annual_cost == pytest.approx(
        sized_annual_cost(project(discount_rate=0.05)), rel=1e-9
    )


def test_more_to_buy_than_the_connection_gives_is_said(book: Rulebook) -> None:
    schedule = pd.DataFrame(
        {"load": 10.0, "pv": 8.0, "import": 2.0, "export": 0.0},
        index=YEAR,
    ).assign(curtailment=0.0)
    operation = Operation(schedule, prices(), 2.0, {"pv": schedule["pv"]})
    aged = {"degradation": {"pv": {"yearly": 0.05}}}
    notes = state(book, aged, operation=operation).notes
    # year 2: 0.4 MW more than the 2 MW connected; year 20: 8 x 19 x 0.05 = 7.6 MW more
    assert "设备衰减后第 2 年起最大下网功率达 9.60 MW，超过接入容量 2.00 MW。" in notes


def test_energy_short_off_grid_is_said(book: Rulebook) -> None:
    schedule = pd.DataFrame({"load": 8.0, "pv": 8.0, "import": 0.0}, index=YEAR)
    operation = Operation(schedule, None, 0.0, {"pv": schedule["pv"]})
    aged = {"degradation": {"pv": {"yearly": 0.01}}, "years": 3}
    notes = state(book, aged, operation=operation, baseline=OperatingYear()).notes
    assert "离网运行，设备衰减后最多一年缺电 1401.6 MWh，没有计费用。" in notes  # 2 % of 70 080


def test_aged_storage_passes_less_grid_energy_on() -> None:
    schedule = pd.DataFrame(
        {
            "load": [5.0, 5.0],
            "import": [9.0, 1.4],
            "export": [0.0, 0.0],
            "charge": [4.0, 0.0],
            "discharge": [0.0, 3.6],
            "grid_charge": [4.0, 0.0],
            "grid_discharge": [0.0, 3.6],
        },
        index=YEAR[:2],
    )
    operation = Operation(schedule, None, 0.0, {})
    assert operation.new().green == pytest.approx(0)
    aged = operation.year({}, 0.5)
    # 7 and 3.2 MW bought, still all of it grid energy
    assert aged.grid == pytest.approx((7.0 + 3.2) * 4380)
    assert aged.green == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("technology", "share"), [(Technology.PV, 0.98), (Technology.WIND, 1.0), (None, 1.0)]
)
def test_typical_ageing_is_that_of_the_technology(
    book: Rulebook, technology: Technology | None, share: float
) -> None:
    """A source called 光伏 ages as what it is typed as, and is named where it is not typed."""
    plain = project()
    drawn = plain.operation.schedule
    operation = Operation(drawn, prices(), 10.0, {"光伏": drawn["pv"]})
    found = state(
        book,
        {"degradation": "typical"},
        operation=operation,
        source_ages={"光伏": np.arange(20.0)},
        technologies={"光伏": technology},
    )
    assert found.operation.loc[1, "generation"] == pytest.approx(26280 * share)
    named = [note for note in found.notes if "没有注明 technology 的电源未计衰减：光伏" in note]
    assert len(named) == (technology is None)
